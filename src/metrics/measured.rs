//! One number as the report shows it: value, base, interval, and the test against what was before.

use super::{Settings, windows::Windows};
use crate::{
    analysis::AnalyzedFeedback,
    statistics::{
        ClusteredNet, Difference, Interval, Moments, Split, mean_difference, net_difference,
        newcombe, wilson,
    },
};

/// How much a number may be leaned on, from its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Too few observations: the number is withheld.
    Suppressed,
    /// Few observations: shown, marked as indicative.
    Indicative,
    /// Enough observations.
    Normal,
}

impl Basis {
    pub(super) fn of(n: u64, settings: &Settings) -> Self {
        if n < settings.minimum_base {
            Basis::Suppressed
        } else if n < settings.indicative_base {
            Basis::Indicative
        } else {
            Basis::Normal
        }
    }
}

/// A number and what it stands on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Observations the number is made of: records, answers or mentions, as the field says.
    pub n: u64,
    /// The number; `None` when withheld or when there is nothing to measure.
    pub value: Option<f64>,
    /// Its 95 % interval; `None` for counts, and where spread is unknown.
    pub interval: Option<Interval>,
    /// What `n` allows.
    pub basis: Basis,
}

/// What the test said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Higher beyond chance.
    Up,
    /// Lower beyond chance.
    Down,
    /// No difference that chance would not explain.
    Stable,
}

/// A number against an earlier one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The earlier number.
    pub before: Estimate,
    /// Now minus before; `None` when either is withheld or nothing can be tested.
    pub difference: Option<Difference>,
    /// What the test said; `None` exactly when there is no difference.
    pub verdict: Option<Verdict>,
    /// False discovery rate at which this test passes, among the themes tested together; `None` outside themes.
    pub q: Option<f64>,
}

/// A number now, before, and over the charted weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The period's.
    pub current: Estimate,
    /// Against the period before; `None` when there is nothing to compare with.
    pub previous: Option<Comparison>,
    /// Against the records of the four periods before, taken together; `None` when there are not two such periods.
    pub mean: Option<Comparison>,
    /// Against the same period a year earlier; `None` when the feedback does not cover it.
    pub last_year: Option<Comparison>,
    /// The charted weeks' values, oldest first; `None` where withheld.
    pub weeks: Vec<Option<f64>>,
}

/// Counts that add up record by record to a number with an interval.
pub(super) trait Evidence: Default {
    /// Observations behind the number.
    fn base(&self) -> u64;
    /// The number; `None` without observations.
    fn value(&self) -> Option<f64>;
    /// Its 95 % interval.
    fn interval(&self) -> Option<Interval>;
    /// Now minus before.
    fn difference(&self, before: &Self) -> Option<Difference>;

    /// The number with its base, withheld when the base is too small.
    fn estimate(&self, settings: &Settings) -> Estimate {
        let basis = Basis::of(self.base(), settings);
        let is_shown = basis != Basis::Suppressed;
        Estimate {
            n: self.base(),
            value: self.value().filter(|_| is_shown),
            interval: self.interval().filter(|_| is_shown),
            basis,
        }
    }

    /// The number against an earlier one; no test when either is withheld.
    fn compare(&self, before: &Self, settings: &Settings) -> Comparison {
        let is_shown = |base| Basis::of(base, settings) != Basis::Suppressed;
        let difference = (is_shown(self.base()) && is_shown(before.base()))
            .then(|| self.difference(before))
            .flatten();
        Comparison {
            before: before.estimate(settings),
            difference,
            verdict: difference.map(verdict),
            q: None,
        }
    }
}

pub(super) fn verdict(difference: Difference) -> Verdict {
    match difference.interval {
        interval if interval.low > 0.0 => Verdict::Up,
        interval if interval.high < 0.0 => Verdict::Down,
        _ => Verdict::Stable,
    }
}

/// A number made by adding the records of each window to its own evidence.
pub(super) fn over_windows<'a, E: Evidence>(
    windows: &Windows<'a>,
    settings: &Settings,
    add: impl Fn(&mut E, &'a AnalyzedFeedback),
) -> Measured {
    let [measured] = all_over_windows(windows, settings, |[evidence]: &mut [E; 1], record| {
        add(evidence, record);
    });
    measured
}

/// Several numbers of one kind, for which each record is looked at once.
pub(super) fn all_over_windows<'a, E: Evidence, const N: usize>(
    windows: &Windows<'a>,
    settings: &Settings,
    add: impl Fn(&mut [E; N], &'a AnalyzedFeedback),
) -> [Measured; N] {
    let gather = |records: &[&'a AnalyzedFeedback]| {
        let mut evidence = std::array::from_fn(|_| E::default());
        records.iter().for_each(|record| add(&mut evidence, record));
        evidence
    };
    let current = gather(&windows.current);
    let previous = windows.previous.as_deref().map(gather);
    let mean = windows.mean_records().map(|records| gather(&records));
    let last_year = windows.last_year.as_deref().map(gather);
    let weeks: Vec<[E; N]> = (windows.weeks.iter())
        .map(|(_, records)| gather(records))
        .collect();
    std::array::from_fn(|at| {
        let current = &current[at];
        let against = |before: &Option<[E; N]>| {
            let before = before.as_ref();
            before.map(|before| current.compare(&before[at], settings))
        };
        Measured {
            current: current.estimate(settings),
            previous: against(&previous),
            mean: against(&mean),
            last_year: against(&last_year),
            weeks: (weeks.iter())
                .map(|week| week[at].estimate(settings).value)
                .collect(),
        }
    })
}

/// A part of a whole, as a share 0–1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Proportion {
    /// Those that have it.
    pub count: u64,
    /// All.
    pub base: u64,
}

impl Proportion {
    pub(super) fn add(&mut self, has_it: bool) {
        self.base += 1;
        self.count += u64::from(has_it);
    }
}

impl Evidence for Proportion {
    fn base(&self) -> u64 {
        self.base
    }

    fn value(&self) -> Option<f64> {
        (self.base > 0).then(|| self.count as f64 / self.base as f64)
    }

    fn interval(&self) -> Option<Interval> {
        wilson(self.count, self.base)
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        newcombe((self.count, self.base), (before.count, before.base))
    }
}

impl Evidence for Split {
    fn base(&self) -> u64 {
        self.total()
    }

    fn value(&self) -> Option<f64> {
        self.net()
    }

    fn interval(&self) -> Option<Interval> {
        self.adjusted()
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        net_difference(*self, *before)
    }
}

/// The base is the records, not the mentions: that is how many people spoke.
impl Evidence for ClusteredNet {
    fn base(&self) -> u64 {
        self.records
    }

    fn value(&self) -> Option<f64> {
        self.split.net()
    }

    fn interval(&self) -> Option<Interval> {
        ClusteredNet::interval(self)
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        ClusteredNet::difference(self, before)
    }
}

impl Evidence for Moments {
    fn base(&self) -> u64 {
        self.n
    }

    fn value(&self) -> Option<f64> {
        self.mean()
    }

    fn interval(&self) -> Option<Interval> {
        Moments::interval(self)
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        mean_difference(self, before)
    }
}
