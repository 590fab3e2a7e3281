//! Weak signals: themes named more, or less, than the periods before let expect. Gamma–Poisson surprise widened by
//! over-dispersion, guards after Farrington et al. 1996, false alarms after Benjamini & Hochberg 1995; slow drift by EWMA and CUSUM.

use super::{Settings, themes::Count, windows::Windows};
use crate::statistics::{
    Seen, benjamini_hochberg, cusum, ewma, ewma_margin, shared_scatter, surprise,
};

/// Fewer complete periods than this before the period tell nothing.
const FEWEST_PERIODS: usize = 4;

/// Fewer records before than this, over all periods, make a theme new.
const KNOWN_FROM: f64 = 2.0;

/// A theme at or below this share of comments is rare.
const RARE: f64 = 0.03;

/// A theme that fewer records were to be expected of cannot be missed.
const MISSED_FROM: f64 = 5.0;

/// The last two periods speak together only where this one alone leans the same way, at least so far: chance of its count.
const LEANS: f64 = 0.1;

/// The periods before that a drift is measured from need so many records a period.
const DRIFT_FROM: f64 = 5.0;

/// Weight of the latest period in the running mean, and how many deviations it may stray; slack and limit of the running sum.
/// Wider than the 3 and 5 of the books: many themes are charted at once.
const EWMA_SHARE: f64 = 0.3;
const EWMA_WIDTHS: f64 = 3.5;
const CUSUM_SLACK: f64 = 0.5;
const CUSUM_LIMIT: f64 = 6.0;

/// The latest periods, this one included, in which a drift shows.
const DRIFT_PERIODS: usize = 5;

/// What is unusual about a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalKind {
    /// Hardly anybody named it before.
    New,
    /// Still rare, and named more than was to be expected.
    RareRising,
    /// Named more than was to be expected.
    Rising,
    /// More frequent period after period, though no single period is surprising.
    DriftingUp,
    /// Rarer period after period.
    DriftingDown,
    /// Named less than was to be expected.
    Vanishing,
}

impl SignalKind {
    /// True for more than before.
    pub fn is_up(self) -> bool {
        !matches!(self, SignalKind::DriftingDown | SignalKind::Vanishing)
    }
}

/// A theme that is named more or less than was to be expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signal {
    /// Position in [`crate::analysis::Analysis::themes`].
    pub theme: usize,
    /// What is unusual.
    pub kind: SignalKind,
    /// Records of the period that name it.
    pub observed: u64,
    /// How many were to be expected after the periods before; above 0.
    pub expected: f64,
    /// Chance of counts as far from that, when nothing changed, 0–1.
    pub p: f64,
    /// False discovery rate at which it passes among all themes tested, 0–1.
    pub q: f64,
}

impl Signal {
    /// Observed by expected.
    pub fn ratio(&self) -> f64 {
        self.observed as f64 / self.expected
    }
}

/// All signals of a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals {
    /// Complete periods before that tell what to expect.
    pub periods: u32,
    /// True when there are enough of them.
    pub has_history: bool,
    /// Themes tested.
    pub tested: u64,
    /// Those named more, most surprising first, then those named less.
    pub found: Vec<Signal>,
}

/// Themes of the period against the complete periods before it.
pub(super) fn measure(windows: &Windows, is_told: &[bool], settings: &Settings) -> Signals {
    let known = is_told.len();
    let now = Count::of(&windows.current, known);
    let before: Vec<Count> = windows
        .baseline
        .iter()
        .map(|records| Count::of(records, known))
        // A period in which nobody wrote tells nothing of any theme, and must not silence the others.
        .filter(|count| count.with_text > 0)
        .collect();
    let series = |theme: usize| {
        let seen = |count: &Count| Seen {
            count: count.records(theme) as f64,
            exposure: count.with_text as f64,
        };
        (seen(&now), before.iter().map(seen).collect::<Vec<_>>())
    };
    let themes = (0..known).filter(|theme| is_told[*theme]);
    find(
        themes.map(|theme| (theme, series(theme))),
        before.len(),
        settings,
    )
}

/// A theme, what is seen of it now, and before, nearest period first.
type Series = (usize, (Seen, Vec<Seen>));

fn find(themes: impl Iterator<Item = Series>, periods: usize, settings: &Settings) -> Signals {
    let mut signals = Signals {
        periods: periods as u32,
        has_history: periods >= FEWEST_PERIODS,
        ..Signals::default()
    };
    if !signals.has_history {
        return signals;
    }
    let named = themes.filter(|(_, (now, before))| now.count + sum(before) > 0.0);
    let named: Vec<Series> = named.collect();
    let shared = shared_scatter(named.iter().map(|(_, (_, before))| &before[..]));
    let tested: Vec<(&Series, Tested)> = (named.iter())
        .filter_map(|series| Some((series, test(&series.1, shared)?)))
        .collect();
    signals.tested = tested.len() as u64;
    let q = benjamini_hochberg(&tested.iter().map(|(_, found)| found.p).collect::<Vec<_>>());
    for (((theme, (now, before)), found), q) in tested.iter().zip(q) {
        let passes = q <= settings.false_discovery_rate;
        let is_enough = now.count >= settings.minimum_rising_records as f64;
        let kind = if passes && found.is_up && is_enough {
            let is_rare = now.count <= RARE * now.exposure;
            Some(match sum(before) {
                few if few < KNOWN_FROM => SignalKind::New,
                _ if is_rare => SignalKind::RareRising,
                _ => SignalKind::Rising,
            })
        } else if passes && !found.is_up && found.expected >= MISSED_FROM {
            Some(SignalKind::Vanishing)
        } else {
            match drift(*now, before, shared) {
                Some(true) if is_enough => Some(SignalKind::DriftingUp),
                Some(false) => Some(SignalKind::DriftingDown),
                _ => None,
            }
        };
        signals.found.extend(kind.map(|kind| Signal {
            theme: *theme,
            kind,
            observed: now.count as u64,
            expected: found.expected,
            p: found.p,
            q,
        }));
    }
    signals.found.sort_by(|a, b| {
        (!a.kind.is_up())
            .cmp(&!b.kind.is_up())
            .then(a.p.total_cmp(&b.p))
            .then(a.theme.cmp(&b.theme))
    });
    signals
}

fn sum(seen: &[Seen]) -> f64 {
    seen.iter().map(|seen| seen.count).sum()
}

/// What the test of a theme said.
struct Tested {
    /// What was to be expected of the period.
    expected: f64,
    /// Chance of something as unusual, either way, in this period or in it and the one before together.
    p: f64,
    /// True for more than expected.
    is_up: bool,
}

/// Tests the period, and the last two together: what tripled a week ago and stays is clearer in two weeks than in one. What is
/// over again is no signal of this period, so the two together count only where this period leans their way.
fn test((now, before): &(Seen, Vec<Seen>), shared: f64) -> Option<Tested> {
    let one = surprise(*now, before, shared)?;
    let (last, earlier) = before.split_first()?;
    let both = Seen {
        count: now.count + last.count,
        exposure: now.exposure + last.exposure,
    };
    let two = surprise(both, earlier, shared)?;
    let together = |alone: f64, both: f64| if alone <= LEANS { both } else { 1.0 };
    let tails = [
        one.p_above,
        together(one.p_above, two.p_above),
        one.p_below,
        together(one.p_below, two.p_below),
    ];
    let least = tails.iter().copied().fold(1.0, f64::min);
    Some(Tested {
        expected: one.expected,
        // Four looks, the smallest taken.
        p: (4.0 * least).min(1.0),
        is_up: tails[..2].contains(&least),
    })
}

/// Whether the latest periods stray upwards (true) or downwards from those before them, by both charts; `None` for neither.
fn drift(now: Seen, before: &[Seen], shared: f64) -> Option<bool> {
    let recent = DRIFT_PERIODS - 1;
    let reference = before.get(recent..)?;
    if reference.len() < FEWEST_PERIODS {
        return None;
    }
    let exposure: f64 = reference.iter().map(|seen| seen.exposure).sum();
    let periods = reference.len() as f64;
    if exposure <= 0.0 || sum(reference) < DRIFT_FROM * periods {
        return None;
    }
    let rate = sum(reference) / exposure;
    // Laney 2002: periods that scatter more than chance widen the limits; the doubt about the rate widens them too.
    let scatter = surprise(now, reference, shared)?.dispersion;
    let width = (scatter * (1.0 + DRIFT_PERIODS as f64 / periods)).sqrt();
    let latest: Vec<f64> = (before[..recent].iter().rev())
        .chain([&now])
        .filter(|seen| seen.exposure > 0.0)
        .map(|seen| {
            let mean = rate * seen.exposure;
            (seen.count - mean) / mean.sqrt() / width
        })
        .collect();
    let mean = ewma(0.0, latest.iter().copied(), EWMA_SHARE);
    let margin = ewma_margin(1.0, latest.len() as i32, EWMA_SHARE, EWMA_WIDTHS);
    let (up, down) = cusum(latest, CUSUM_SLACK);
    if mean > margin && up > CUSUM_LIMIT {
        Some(true)
    } else if mean < -margin && down > CUSUM_LIMIT {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SplitMix64, so that a simulation is the same every time.
    struct Dice(u64);

    impl Dice {
        fn fraction(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        }

        fn poisson(&mut self, mean: f64) -> f64 {
            let limit = (-mean).exp();
            let (mut count, mut product) = (0.0, self.fraction());
            while product > limit {
                count += 1.0;
                product *= self.fraction();
            }
            count
        }

        /// Poisson whose mean itself scatters: variance about (1 + share²·mean) times the mean.
        fn restless(&mut self, mean: f64, share: f64) -> f64 {
            // Sum of twelve fractions less six: nearly normal.
            let normal: f64 = (0..12).map(|_| self.fraction()).sum::<f64>() - 6.0;
            self.poisson(mean * (1.0 + share * normal).max(0.05))
        }
    }

    const EXPOSURE: f64 = 400.0;

    fn seen(count: f64) -> Seen {
        Seen {
            count,
            exposure: EXPOSURE,
        }
    }

    /// Share of 200 runs of 40 themes over 12 weeks in which anything is said though nothing changed.
    fn false_alarms(share: f64) -> f64 {
        let mut dice = Dice(20_261_127);
        let settings = Settings::default();
        let runs = 200;
        let mut alarms = 0;
        for _ in 0..runs {
            let themes: Vec<Series> = (0..40)
                .map(|theme| {
                    let mean = 1.0 + f64::from(theme % 10) * 4.0;
                    let before = (0..12).map(|_| seen(dice.restless(mean, share))).collect();
                    (theme as usize, (seen(dice.restless(mean, share)), before))
                })
                .collect();
            alarms += u32::from(!find(themes.into_iter(), 12, &settings).found.is_empty());
        }
        f64::from(alarms) / f64::from(runs)
    }

    #[test]
    fn nothing_is_said_where_nothing_changed() {
        // When nothing changed, the false discovery rate is the share of runs with any alarm: 0.10.
        for (share, most) in [(0.0, 0.10), (0.15, 0.10), (0.3, 0.18)] {
            let alarms = false_alarms(share);
            assert!(alarms <= most, "{share}: {alarms}");
        }
    }

    /// Eight comments a week, then twenty-four, among forty themes. Of five a week, four runs in five find it.
    #[test]
    fn a_threefold_theme_is_found_by_its_second_week() {
        let mut dice = Dice(7);
        let settings = Settings::default();
        let runs = 100;
        let mut found = 0;
        for _ in 0..runs {
            let mut planted: Vec<Seen> = (0..12).map(|_| seen(dice.poisson(8.0))).collect();
            let mut is_found = false;
            for _ in 0..2 {
                let now = seen(dice.poisson(24.0));
                let mut themes: Vec<Series> = (1..40)
                    .map(|theme| {
                        let mean = 1.0 + f64::from(theme % 10) * 4.0;
                        let before = (0..12).map(|_| seen(dice.poisson(mean))).collect();
                        (theme as usize, (seen(dice.poisson(mean)), before))
                    })
                    .collect();
                themes.push((0, (now, planted[..12].to_vec())));
                let signals = find(themes.into_iter(), 12, &settings);
                is_found |= signals.found.iter().any(|signal| signal.theme == 0);
                planted.insert(0, now);
            }
            found += u32::from(is_found);
        }
        assert!(
            f64::from(found) >= 0.9 * f64::from(runs),
            "{found} of {runs}"
        );
    }

    /// Among twenty themes that stay as they are.
    #[track_caller]
    fn check(before: &[f64], now: f64, expected: Option<SignalKind>) {
        let steady = |theme| (theme, (seen(20.0), vec![seen(20.0); before.len()]));
        let series = (
            0,
            (seen(now), before.iter().map(|count| seen(*count)).collect()),
        );
        let themes = (1..=20).map(steady).chain([series]);
        let signals = find(themes, before.len(), &Settings::default());
        let found: Vec<(usize, SignalKind)> = (signals.found.iter())
            .map(|signal| (signal.theme, signal.kind))
            .collect();
        assert_eq!(
            found,
            expected
                .map(|kind| (0, kind))
                .into_iter()
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn kinds_are_told_apart() {
        check(&[0.0; 8], 6.0, Some(SignalKind::New));
        check(&[0.0; 8], 4.0, None);
        check(
            &[2.0, 1.0, 3.0, 2.0, 2.0, 1.0, 3.0, 2.0],
            11.0,
            Some(SignalKind::RareRising),
        );
        check(&[20.0; 8], 45.0, Some(SignalKind::Rising));
        check(&[20.0; 8], 2.0, Some(SignalKind::Vanishing));
        check(&[20.0; 8], 22.0, None);
        check(&[20.0; 3], 60.0, None);
        let rising = [
            33.0, 33.0, 33.0, 33.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0,
        ];
        check(&rising, 33.0, Some(SignalKind::DriftingUp));
    }

    #[test]
    fn what_is_over_again_is_no_signal() {
        let after = |last: f64| [last, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0];
        check(&after(60.0), 20.0, None);
        check(&after(60.0), 15.0, None);
        check(&after(0.0), 24.0, None);
        // What stays is.
        check(&after(60.0), 50.0, Some(SignalKind::Rising));
    }
}
