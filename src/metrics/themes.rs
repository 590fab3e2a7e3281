//! Themes: share = records with text naming the theme ÷ records with text (Wilson; Newcombe against before), copies of one text counted once; net = 100·(positive − negative)/mentions.

use super::{
    Impact, Settings, has_text,
    measured::{Comparison, Evidence, Measured, Proportion, Verdict},
    windows::Windows,
};
use crate::{
    analysis::AnalyzedFeedback,
    sentiment::Polarity,
    statistics::{ClusteredNet, Split, benjamini_hochberg},
    themes::{Theme, ThemeKind},
};
use jiff::civil::Date;
use rustc_hash::FxHashSet;

/// One theme in the period.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeNumbers {
    /// Position in [`crate::analysis::Analysis::themes`].
    pub theme: usize,
    /// Records of the period that name it.
    pub records: u64,
    /// Of them, those with at least one negative mention of it.
    pub negative_records: u64,
    /// Of them, those with at least one positive mention of it.
    pub positive_records: u64,
    /// Its mentions in the period.
    pub mentions: u64,
    /// Share of records with text that name it, 0–1.
    pub share: Measured,
    /// Share of records with text that complain about it, 0–1.
    pub negative_share: Measured,
    /// Share of records with text that praise it, 0–1.
    pub positive_share: Measured,
    /// 100·(positive − negative)/mentions, −100 to 100; its base is the records that name it.
    pub net: Measured,
    /// Positions of the parts found within it, and records of the period that name each, most first.
    pub parts: Vec<(usize, u64)>,
    /// What the lead score owes to it; `None` where too few answers name it or leave it out.
    pub impact: Option<Impact>,
    /// First day it was ever named; `None` without dates.
    pub first_seen: Option<Date>,
    /// True when it was first named in the period, and feedback existed before.
    pub is_new: bool,
}

/// What the theme tables are made of; positions are positions in `all`.
pub(super) struct Themes {
    pub all: Vec<ThemeNumbers>,
    pub frictions: Vec<usize>,
    pub delights: Vec<usize>,
}

/// One theme in one window.
#[derive(Clone, Copy, Default)]
struct Tally {
    records: u64,
    negative_records: u64,
    positive_records: u64,
    net: ClusteredNet,
}

/// All themes in one window, and the records with text they are shares of.
pub(super) struct Count {
    pub with_text: u64,
    themes: Vec<Tally>,
}

impl Count {
    pub(super) fn of(records: &[&AnalyzedFeedback], themes: usize) -> Self {
        let mut count = Count {
            with_text: 0,
            themes: vec![Tally::default(); themes],
        };
        let mut splits: Vec<(u32, Split)> = Vec::new();
        let mut pasted: FxHashSet<u64> = FxHashSet::default();
        for record in records.iter().filter(|record| has_text(record)) {
            // One text pasted again and again is one voice.
            if record.copy_group != 0 && !pasted.insert(record.copy_group) {
                continue;
            }
            count.with_text += 1;
            splits.clear();
            for mention in &record.mentions {
                let position = splits
                    .iter()
                    .position(|(theme, _)| *theme == mention.theme)
                    .unwrap_or_else(|| {
                        splits.push((mention.theme, Split::default()));
                        splits.len() - 1
                    });
                let split = &mut splits[position].1;
                match Polarity::of(mention.score) {
                    Polarity::Positive => split.good += 1,
                    Polarity::Neutral => split.middle += 1,
                    Polarity::Negative => split.bad += 1,
                }
            }
            for (theme, split) in &splits {
                let Some(tally) = count.themes.get_mut(*theme as usize) else {
                    continue;
                };
                tally.records += 1;
                tally.negative_records += u64::from(split.bad > 0);
                tally.positive_records += u64::from(split.good > 0);
                tally.net.add(*split);
            }
        }
        count
    }

    /// Records that name a theme.
    pub(super) fn records(&self, theme: usize) -> u64 {
        self.themes[theme].records
    }

    /// Share of records with text that complain about a theme.
    pub(super) fn complaints(&self, theme: usize) -> Proportion {
        self.share(theme, |tally| tally.negative_records)
    }

    fn share(&self, theme: usize, part: impl Fn(&Tally) -> u64) -> Proportion {
        Proportion {
            count: part(&self.themes[theme]),
            base: self.with_text,
        }
    }
}

/// Which themes reports tell of: not verdicts on the whole, nor parts of other themes.
pub(super) fn are_told(themes: &[Theme]) -> Vec<bool> {
    let is_told = |theme: &Theme| !theme.is_verdict() && theme.kind != ThemeKind::Part;
    themes.iter().map(is_told).collect()
}

/// Positions of the parts of a theme.
fn parts_of(themes: &[Theme], whole: usize) -> impl Iterator<Item = usize> {
    let id = &themes[whole].id;
    let is_part =
        move |theme: &Theme| theme.kind == ThemeKind::Part && theme.parent.as_ref() == Some(id);
    (0..themes.len()).filter(move |part| is_part(&themes[*part]))
}

/// All themes named in the period but verdicts on the whole, and the two rankings.
pub(super) fn measure(windows: &Windows, settings: &Settings) -> Themes {
    let known = windows.analysis.themes.len();
    let current = Count::of(&windows.current, known);
    let previous = windows
        .previous
        .as_deref()
        .map(|records| Count::of(records, known));
    let mean = windows
        .mean_records()
        .map(|records| Count::of(&records, known));
    let weeks: Vec<Count> = windows
        .weeks
        .iter()
        .map(|(_, records)| Count::of(records, known))
        .collect();
    let last_year = windows
        .last_year
        .as_deref()
        .map(|records| Count::of(records, known));
    let first_seen = |theme: usize| windows.history.first_seen.get(theme).copied().flatten();

    let share = |theme: usize, part: fn(&Tally) -> u64| {
        let now = current.share(theme, part);
        let against = |before: &Count| now.compare(&before.share(theme, part), settings);
        Measured {
            current: now.estimate(settings),
            previous: previous.as_ref().map(against),
            mean: mean.as_ref().map(against),
            last_year: last_year.as_ref().map(against),
            weeks: weeks
                .iter()
                .map(|week| week.share(theme, part).estimate(settings).value)
                .collect(),
        }
    };
    let net = |theme: usize| {
        let now = current.themes[theme].net;
        let against = |before: &Count| now.compare(&before.themes[theme].net, settings);
        Measured {
            current: now.estimate(settings),
            previous: previous.as_ref().map(against),
            mean: mean.as_ref().map(against),
            last_year: last_year.as_ref().map(against),
            weeks: weeks
                .iter()
                .map(|week| week.themes[theme].net.estimate(settings).value)
                .collect(),
        }
    };
    // A theme nobody names any more still counts as tested: its absence may be the news.
    let was_named = |theme: usize| {
        mean.iter()
            .chain(&previous)
            .any(|count| count.themes[theme].records > 0)
    };
    let is_told = are_told(&windows.analysis.themes);
    let mut all: Vec<ThemeNumbers> = (0..known)
        .filter(|&theme| is_told[theme])
        .filter(|&theme| current.themes[theme].records > 0 || was_named(theme))
        .map(|theme| ThemeNumbers {
            theme,
            records: current.themes[theme].records,
            negative_records: current.themes[theme].negative_records,
            positive_records: current.themes[theme].positive_records,
            mentions: current.themes[theme].net.split.total(),
            share: share(theme, |tally| tally.records),
            negative_share: share(theme, |tally| tally.negative_records),
            positive_share: share(theme, |tally| tally.positive_records),
            net: net(theme),
            parts: parts_of(&windows.analysis.themes, theme)
                .map(|part| (part, current.themes[part].records))
                .filter(|(_, records)| *records >= settings.minimum_rising_records)
                .collect(),
            impact: None,
            first_seen: first_seen(theme),
            is_new: windows.no_comparison.is_none()
                && first_seen(theme)
                    .zip(windows.from)
                    .is_some_and(|(first, from)| first >= from),
        })
        .collect();
    for theme in &mut all {
        (theme.parts).sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    }
    give_false_discovery_rates(&mut all);
    Themes {
        frictions: ranked(&all, |theme| theme.negative_records),
        delights: ranked(&all, |theme| theme.positive_records),
        all,
    }
}

/// Gives each theme's tests their q, a family being one share against one earlier window over all themes.
fn give_false_discovery_rates(themes: &mut [ThemeNumbers]) {
    type Part = fn(&mut ThemeNumbers) -> Option<&mut Comparison>;
    let families: [Part; 9] = [
        |theme| theme.share.previous.as_mut(),
        |theme| theme.share.mean.as_mut(),
        |theme| theme.share.last_year.as_mut(),
        |theme| theme.negative_share.previous.as_mut(),
        |theme| theme.negative_share.mean.as_mut(),
        |theme| theme.negative_share.last_year.as_mut(),
        |theme| theme.positive_share.previous.as_mut(),
        |theme| theme.positive_share.mean.as_mut(),
        |theme| theme.positive_share.last_year.as_mut(),
    ];
    for part in families {
        let p: Vec<f64> = themes
            .iter_mut()
            .filter_map(|theme| Some(part(theme)?.difference?.p))
            .collect();
        let mut q = benjamini_hochberg(&p).into_iter();
        for comparison in themes.iter_mut().filter_map(part) {
            if comparison.difference.is_some() {
                comparison.q = q.next();
            }
        }
    }
}

/// Positions of themes with at least one such record, most first; ties by position.
fn ranked(themes: &[ThemeNumbers], records: fn(&ThemeNumbers) -> u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..themes.len())
        .filter(|&index| records(&themes[index]) > 0)
        .collect();
    order.sort_by_key(|&index| std::cmp::Reverse(records(&themes[index])));
    order
}

/// True when the test passed that way, alone and among all themes tested with it.
pub(super) fn passes(comparison: &Comparison, verdict: Verdict, settings: &Settings) -> bool {
    comparison.verdict == Some(verdict)
        && comparison
            .q
            .is_none_or(|q| q <= settings.false_discovery_rate)
}
