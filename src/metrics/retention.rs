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
/// or when fewer than [`Settings::minimum_base`] customers were heard in that.
pub(super) fn measure(windows: &Windows, period: Period, settings: &Settings) -> Option<Retention> {
    let cohorts = Cohorts::of(windows)?;
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
    retained.current.value?;
    Some(Retention {
        retained,
        churned: over(false),
    })
}

/// The customers of each period, counted from the one the report is about: 0 is that, −1 the one before.
pub(super) struct Cohorts<'a> {
    from: jiff::civil::Date,
    length: i32,
    customers: BTreeMap<i32, FxHashSet<&'a str>>,
}

impl<'a> Cohorts<'a> {
    /// `None` where nothing comes before the period, where it is not whole, or where no customer has a name.
    pub fn of(windows: &Windows<'a>) -> Option<Self> {
        let (from, to) = windows.from.zip(windows.to)?;
        if windows.no_comparison.is_some() || !windows.is_complete {
            return None;
        }
        let mut cohorts = Cohorts {
            from,
            length: (to - from).get_days() + 1,
            customers: BTreeMap::new(),
        };
        for record in &windows.analysis.records {
            if let Some((number, customer)) = cohorts.place(record) {
                cohorts
                    .customers
                    .entry(number)
                    .or_default()
                    .insert(customer);
            }
        }
        (!cohorts.customers.is_empty()).then_some(cohorts)
    }

    /// The period a record falls in, and who gave it.
    fn place<'r>(&self, record: &'r AnalyzedFeedback) -> Option<(i32, &'r str)> {
        let day = record.moment()?.local.date();
        let days = (day - self.from).get_days();
        Some((
            days.div_euclid(self.length),
            record.feedback.customer.as_deref()?,
        ))
    }

    /// Adds a record to what is known of its period.
    pub fn add(&self, heard: &mut Heard<'a>, record: &'a AnalyzedFeedback) {
        let Some((number, customer)) = self.place(record) else {
            return;
        };
        let Some(before) = self.customers.get(&(number - 1)) else {
            return;
        };
        let proportion = heard.periods.entry(number).or_insert(Proportion {
            count: 0,
            base: before.len() as u64,
        });
        if before.contains(customer) && heard.again.insert((number, customer)) {
            proportion.count += 1;
        }
    }
}

/// Customers heard again, by period.
#[derive(Default)]
pub(super) struct Heard<'a> {
    is_lost: bool,
    periods: BTreeMap<i32, Proportion>,
    again: FxHashSet<(i32, &'a str)>,
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
