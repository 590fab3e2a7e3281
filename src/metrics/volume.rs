//! Volumes: plain counts, compared as over-dispersed Poisson counts (McCullagh & Nelder 1989, §6.2: variance φ·mean, φ = Pearson χ²/(k−1)).

use super::{
    Settings, has_text,
    measured::{Basis, Comparison, Estimate, Measured, verdict},
    windows::Windows,
};
use crate::{
    analysis::AnalyzedFeedback,
    calendar::Week,
    sentiment::Polarity,
    statistics::{Difference, Interval, Z95, ordered_sum, two_sided_p},
};
use std::collections::BTreeMap;

/// Fewer complete periods than this do not tell how much volumes move by themselves: no test.
const FEWEST_BASELINE_SPANS: usize = 4;

/// What one ISO week holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekVolume {
    /// The week.
    pub week: Week,
    /// Records.
    pub records: u64,
    /// Of them, those with words; the sum of the next three.
    pub with_text: u64,
    /// Negative and very negative ones.
    pub negative: u64,
    /// Neutral ones.
    pub neutral: u64,
    /// Positive and very positive ones.
    pub positive: u64,
}

impl WeekVolume {
    fn empty(week: Week) -> Self {
        Self {
            week,
            records: 0,
            with_text: 0,
            negative: 0,
            neutral: 0,
            positive: 0,
        }
    }

    /// Adds what another part of the week holds.
    pub(super) fn join(&mut self, more: &WeekVolume) {
        self.records += more.records;
        self.with_text += more.with_text;
        self.negative += more.negative;
        self.neutral += more.neutral;
        self.positive += more.positive;
    }

    fn add(&mut self, record: &AnalyzedFeedback) {
        self.records += 1;
        if has_text(record) {
            self.with_text += 1;
            match record.polarity() {
                Polarity::Negative => self.negative += 1,
                Polarity::Neutral => self.neutral += 1,
                Polarity::Positive => self.positive += 1,
            }
        }
    }
}

/// Counts per ISO week with feedback, first to last; records without a date are in none.
pub(super) fn by_week(records: &[AnalyzedFeedback]) -> Vec<WeekVolume> {
    let mut weeks: BTreeMap<Week, WeekVolume> = BTreeMap::new();
    for record in records {
        let Some(moment) = record.moment() else {
            continue;
        };
        let week = moment.week();
        let volume = weeks.entry(week).or_insert_with(|| WeekVolume::empty(week));
        volume.add(record);
    }
    weeks.into_values().collect()
}

/// The charted weeks, weeks without feedback included.
pub(super) fn for_charts(windows: &Windows) -> Vec<WeekVolume> {
    windows
        .weeks
        .iter()
        .map(|(week, records)| {
            let mut volume = WeekVolume::empty(*week);
            records.iter().for_each(|record| volume.add(record));
            volume
        })
        .collect()
}

/// Records of the period.
pub(super) fn records(windows: &Windows, settings: &Settings) -> Measured {
    count(windows, settings, |_| true)
}

/// Records of the period that have words.
pub(super) fn with_text(windows: &Windows, settings: &Settings) -> Measured {
    count(windows, settings, has_text)
}

fn count(
    windows: &Windows,
    settings: &Settings,
    is_counted: impl Fn(&AnalyzedFeedback) -> bool,
) -> Measured {
    let tally = |records: &[&AnalyzedFeedback]| {
        records.iter().filter(|record| is_counted(record)).count() as u64
    };
    let current = tally(&windows.current);
    let baseline: Vec<f64> = windows
        .baseline
        .iter()
        .map(|records| tally(records) as f64)
        .collect();
    let dispersion = dispersion(&baseline);
    let compare = |mean: f64, spans: usize| {
        let before = Estimate {
            n: mean.round() as u64,
            value: Some(mean),
            interval: None,
            basis: Basis::Normal,
        };
        // Counts of part of a period are never compared as if they were whole.
        let difference = dispersion
            .filter(|_| windows.is_complete && (windows.previous_is_complete || spans > 1))
            .and_then(|dispersion| difference(current as f64, mean, spans, dispersion, settings));
        Comparison {
            before,
            difference,
            verdict: difference.map(verdict),
            q: None,
        }
    };
    Measured {
        current: Estimate {
            n: current,
            value: Some(current as f64),
            interval: None,
            basis: Basis::Normal,
        },
        previous: windows
            .previous
            .as_deref()
            .map(|records| compare(tally(records) as f64, 1)),
        mean: (windows.mean_spans() > 0).then(|| {
            let spans = windows.mean_spans() as usize;
            compare(
                ordered_sum(baseline[..spans].iter().copied()) / spans as f64,
                spans,
            )
        }),
        last_year: windows
            .last_year
            .as_deref()
            .map(|records| compare(tally(records) as f64, 1)),
        weeks: windows
            .weeks
            .iter()
            .map(|(_, records)| Some(tally(records) as f64))
            .collect(),
    }
}

/// How many times more than chance alone the earlier counts move, 1 or more; `None` with too little history.
fn dispersion(baseline: &[f64]) -> Option<f64> {
    if baseline.len() < FEWEST_BASELINE_SPANS {
        return None;
    }
    let mean = ordered_sum(baseline.iter().copied()) / baseline.len() as f64;
    if mean <= 0.0 {
        return None;
    }
    let chi_squared = ordered_sum(baseline.iter().map(|count| (count - mean).powi(2) / mean));
    Some((chi_squared / (baseline.len() - 1) as f64).max(1.0))
}

/// A count against the mean of `spans` earlier ones, under one common rate.
fn difference(
    now: f64,
    mean: f64,
    spans: usize,
    dispersion: f64,
    settings: &Settings,
) -> Option<Difference> {
    let spans = spans as f64;
    let observed = now + mean * spans;
    if observed < settings.minimum_base as f64 {
        return None;
    }
    let rate = observed / (1.0 + spans);
    let error = (dispersion * rate * (1.0 + 1.0 / spans)).sqrt();
    let value = now - mean;
    Some(Difference {
        value,
        interval: Interval::around(value, Z95 * error),
        p: two_sided_p(value / error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_counts_have_no_extra_dispersion() {
        assert_eq!(dispersion(&[100.0, 100.0, 100.0, 100.0]), Some(1.0));
        assert_eq!(dispersion(&[100.0, 100.0, 100.0]), None);
        assert_eq!(dispersion(&[0.0; 5]), None);
        // χ² = (20² + 20² + 0 + 0)/100 = 8 over 3 degrees of freedom.
        assert!((dispersion(&[80.0, 120.0, 100.0, 100.0]).unwrap() - 8.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_count_is_tested_against_what_weeks_do_by_themselves() {
        let settings = Settings::default();
        let check = |now, mean, spans, dispersion, passes: bool| {
            let found: Difference = difference(now, mean, spans, dispersion, &settings).unwrap();
            assert_eq!(
                found.interval.excludes_zero(),
                passes,
                "{now} {mean}: {found:?}"
            );
        };
        check(140.0, 100.0, 1, 1.0, true);
        check(140.0, 100.0, 1, 4.0, false);
        check(125.0, 100.0, 1, 1.0, false);
        check(125.0, 100.0, 4, 1.0, true);
        assert_eq!(difference(3.0, 2.0, 1, 1.0, &settings), None);
    }
}
