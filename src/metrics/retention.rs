//! Retention of a cohort: customers heard in the period before and heard again ÷ customers heard in the period before; churn is the rest (cohort variant of (E − N)/S); Wilson's interval.

use super::{
    Measured, Period, Settings,
    measured::{self, Evidence, Proportion},
    windows::Windows,
};
use crate::{
    analysis::AnalyzedFeedback,
    statistics::{Difference, Interval},
};
use jiff::civil::Date;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Who is heard again. Customers heard, not customers of the company: who is content may have nothing to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Retention {
    /// Share heard again, 0–1. Its base is the customers heard in the period before.
    pub retained: Measured,
    /// Share not heard again, 0–1: 1 less the other.
    pub churned: Measured,
}

/// Retention of the period; `None` when no record names a customer, when there is no whole period with one before it,
/// or when fewer than [`Settings::minimum_base`] customers were heard again.
pub(super) fn measure(windows: &Windows, period: Period, settings: &Settings) -> Option<Retention> {
    let cohorts = Cohorts::of(windows, period)?;
    let over = |keeps: bool| {
        let mut measured =
            measured::over_windows(windows, settings, |heard: &mut Heard, record| {
                heard.is_lost = !keeps;
                cohorts.add(heard, record);
            });
        // Cohorts follow one another at the length of the period: only then are charted weeks such cohorts.
        if !matches!(period, Period::Week(_)) {
            measured.weeks.fill(None);
        }
        measured
    };
    let retained = over(true);
    // Where nobody comes back it is the files that name each customer once, not the customers that leave.
    let again = retained.current.value? * retained.current.n as f64;
    if again < settings.minimum_base as f64 {
        return None;
    }
    Some(Retention {
        retained,
        churned: over(false),
    })
}

/// The customers of each period, counted back from the one the report is about: 0 is that, 1 the one before.
pub(super) struct Cohorts<'a> {
    /// First day of each.
    starts: Vec<Date>,
    /// Last day of the period.
    to: Date,
    customers: BTreeMap<usize, FxHashSet<&'a str>>,
}

/// As many periods back as charts may show weeks, and one more.
const PERIODS: i32 = 53;

impl<'a> Cohorts<'a> {
    /// `None` where nothing comes before the period or something else was chosen to compare with, where the period is not
    /// whole, and where no customer has a name.
    pub fn of(windows: &Windows<'a>, period: Period) -> Option<Self> {
        let can_follow = windows.no_comparison.is_none() && !windows.is_compared_by_choice;
        if !can_follow || !windows.is_complete {
            return None;
        }
        let mut cohorts = Cohorts {
            starts: (0..=PERIODS)
                .map_while(|back| Some(period.days_before(back)?.0))
                .collect(),
            to: windows.to?,
            customers: BTreeMap::new(),
        };
        for record in &windows.all {
            if let Some((back, customer)) = cohorts.place(record) {
                cohorts.customers.entry(back).or_default().insert(customer);
            }
        }
        (!cohorts.customers.is_empty()).then_some(cohorts)
    }

    /// The period a record falls in, and who gave it.
    fn place<'r>(&self, record: &'r AnalyzedFeedback) -> Option<(usize, &'r str)> {
        let day = record.moment()?.local.date();
        let back = self.starts.partition_point(|start| *start > day);
        let is_inside = day <= self.to && back < self.starts.len();
        is_inside.then_some(())?;
        Some((back, record.feedback.customer.as_deref()?))
    }

    /// Adds a record to what is known of its period.
    pub fn add(&self, heard: &mut Heard<'a>, record: &'a AnalyzedFeedback) {
        let Some((back, customer)) = self.place(record) else {
            return;
        };
        let Some(before) = self.customers.get(&(back + 1)) else {
            return;
        };
        let proportion = heard.periods.entry(back).or_insert(Proportion {
            count: 0,
            base: before.len() as u64,
        });
        if before.contains(customer) && heard.again.insert((back, customer)) {
            proportion.count += 1;
        }
    }
}

/// Customers heard again, by period.
#[derive(Default)]
pub(super) struct Heard<'a> {
    is_lost: bool,
    periods: BTreeMap<usize, Proportion>,
    again: FxHashSet<(usize, &'a str)>,
}

impl Heard<'_> {
    /// Those heard again, or those not.
    pub fn proportion(&self) -> Proportion {
        let mut all = Proportion::default();
        for period in self.periods.values() {
            all.count += period.count;
            all.base += period.base;
        }
        if self.is_lost {
            all.count = all.base - all.count;
        }
        all
    }
}

impl Evidence for Heard<'_> {
    fn base(&self) -> u64 {
        self.proportion().base
    }

    fn value(&self) -> Option<f64> {
        self.proportion().value()
    }

    fn interval(&self) -> Option<Interval> {
        self.proportion().interval()
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        self.proportion().difference(&before.proportion())
    }
}
