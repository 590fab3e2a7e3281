//! Revenue per customer (mean, Student's interval), customer lifetime value m·r/(1 + i − r) (Gupta & Lehmann 2003; interval by the delta method), and the revenue of those who complain.

use super::{
    Measured, Period, Settings, ThemeNumbers,
    contacts::name_customers,
    measured::{self, Evidence, Proportion},
    retention::{Cohorts, Heard},
    windows::Windows,
};
use crate::{
    analysis::AnalyzedFeedback,
    sentiment::Polarity,
    statistics::{Difference, Interval, Moments, Z95, mean_difference, ordered_sum, two_sided_p},
};
use rustc_hash::{FxHashMap, FxHashSet};

/// What customers are worth, in the currency of the files. Nobody counts twice: where a value repeats on the records of
/// one customer, the largest is theirs.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Mean revenue of those heard in the period. Its base is the customers with a value.
    pub per_customer: Measured,
    /// False when hardly a record with a value names its customer: each that does not is taken for one.
    pub has_customers: bool,
    /// Revenue of all heard in the period; `None` when withheld.
    pub total: Option<f64>,
    /// Customer lifetime value; `None` without [`Settings::margin`], and where retention cannot be told.
    pub lifetime: Option<Measured>,
    /// The themes complained about, by position in [`super::Numbers::themes`]: entries only for themes with a complaint
    /// of somebody with a value, in that order.
    pub exposed: Vec<Exposed>,
}

/// Revenue of the customers who complain about a theme. What is exposed is not what is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exposed {
    /// Position in [`super::Numbers::themes`].
    pub theme: usize,
    /// Customers with a value and at least one complaint about it in the period.
    pub customers: u64,
    /// Their revenue; `None` when withheld.
    pub revenue: Option<f64>,
    /// Its share of [`Value::total`], 0–1; `None` when withheld or when there is no revenue.
    pub share: Option<f64>,
}

impl Value {
    /// What is exposed to the theme at a position of [`super::Numbers::themes`]; `None` when nothing is.
    pub fn exposed_to(&self, theme: usize) -> Option<&Exposed> {
        self.exposed
            .binary_search_by_key(&theme, |exposed| exposed.theme)
            .ok()
            .map(|position| &self.exposed[position])
    }
}

/// Value of the period's customers; `None` when no record of any window has a revenue.
pub(super) fn measure(
    windows: &Windows,
    period: Period,
    themes: &[ThemeNumbers],
    settings: &Settings,
) -> Option<Value> {
    let valued = || {
        windows
            .all
            .iter()
            .filter(|record| revenue(record).is_some())
    };
    valued().next()?;
    let mut payers = Payers::default();
    windows.current.iter().for_each(|record| payers.add(record));
    let per_customer = measured::over_windows(windows, settings, Payers::add);
    let total = per_customer
        .current
        .value
        .map(|_| ordered_sum(payers.largest.iter().copied()));
    let has_customers = name_customers(valued().map(|record| record.feedback.customer.is_some()));
    Some(Value {
        has_customers,
        lifetime: has_customers
            .then(|| lifetime(windows, period, settings))
            .flatten(),
        exposed: exposed(windows, &payers, themes, total, settings),
        per_customer,
        total,
    })
}

/// The revenue a record tells; none when it is no amount anybody can be worth.
fn revenue(record: &AnalyzedFeedback) -> Option<f64> {
    record
        .feedback
        .service
        .as_deref()?
        .revenue
        .filter(|revenue| revenue.is_finite() && *revenue >= 0.0)
}

/// Who gave a record: the customer, or the record itself where it names none.
fn payer(record: &AnalyzedFeedback) -> (bool, &str) {
    match record.feedback.customer.as_deref() {
        Some(customer) => (true, customer),
        None => (false, &record.feedback.key),
    }
}

/// Each one's largest value, in the order they were first heard.
#[derive(Default)]
struct Payers<'a> {
    positions: FxHashMap<(bool, &'a str), usize>,
    largest: Vec<f64>,
}

impl<'a> Payers<'a> {
    fn add(&mut self, record: &'a AnalyzedFeedback) {
        let Some(revenue) = revenue(record) else {
            return;
        };
        let next = self.largest.len();
        let position = *self.positions.entry(payer(record)).or_insert(next);
        match self.largest.get_mut(position) {
            Some(known) => *known = known.max(revenue),
            None => self.largest.push(revenue),
        }
    }

    fn moments(&self) -> Moments {
        let mut moments = Moments::default();
        self.largest.iter().for_each(|value| moments.add(*value));
        moments
    }
}

impl Evidence for Payers<'_> {
    fn base(&self) -> u64 {
        self.largest.len() as u64
    }

    fn value(&self) -> Option<f64> {
        self.moments().mean()
    }

    fn interval(&self) -> Option<Interval> {
        // Nobody is worth less than nothing.
        let interval = self.moments().interval()?;
        Some(interval.clipped(0.0, f64::INFINITY))
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        mean_difference(&self.moments(), &before.moments())
    }
}

fn exposed(
    windows: &Windows,
    payers: &Payers,
    themes: &[ThemeNumbers],
    total: Option<f64>,
    settings: &Settings,
) -> Vec<Exposed> {
    let mut positions: FxHashMap<u32, usize> = FxHashMap::default();
    for (position, theme) in themes.iter().enumerate() {
        positions.insert(theme.theme as u32, position);
    }
    let mut complainers: Vec<Vec<f64>> = vec![Vec::new(); themes.len()];
    let mut heard: FxHashSet<(usize, usize)> = FxHashSet::default();
    for record in &windows.current {
        let Some(&payer) = payers.positions.get(&payer(record)) else {
            continue;
        };
        let complaints = record
            .mentions
            .iter()
            .filter(|mention| Polarity::of(mention.score) == Polarity::Negative);
        for mention in complaints {
            let Some(&theme) = positions.get(&mention.theme) else {
                continue;
            };
            if heard.insert((theme, payer)) {
                complainers[theme].push(payers.largest[payer]);
            }
        }
    }
    complainers
        .into_iter()
        .enumerate()
        .filter(|(_, values)| !values.is_empty())
        .map(|(theme, values)| {
            let customers = values.len() as u64;
            let revenue = total
                .filter(|_| customers >= settings.minimum_base)
                .map(|_| ordered_sum(values));
            Exposed {
                theme,
                customers,
                revenue,
                share: revenue
                    .zip(total.filter(|total| *total > 0.0))
                    .map(|(revenue, total)| (revenue / total).min(1.0)),
            }
        })
        .collect()
}

fn lifetime(windows: &Windows, period: Period, settings: &Settings) -> Option<Measured> {
    let margin = settings.margin?;
    let cohorts = Cohorts::of(windows, period)?;
    let mut measured =
        measured::over_windows(windows, settings, |lifetime: &mut Lifetime, record| {
            lifetime.margin = margin;
            lifetime.discount = settings.discount_rate;
            lifetime.payers.add(record);
            cohorts.add(&mut lifetime.heard, record);
        });
    if !matches!(period, Period::Week(_)) {
        measured.weeks.fill(None);
    }
    (measured.current.n > 0).then_some(measured)
}

/// What a customer brings as long as they come back.
#[derive(Default)]
struct Lifetime<'a> {
    margin: f64,
    discount: f64,
    payers: Payers<'a>,
    heard: Heard<'a>,
}

impl Lifetime<'_> {
    /// The value and its standard error; `None` where everybody comes back for ever or a part is not known.
    fn value_and_error(&self) -> Option<(f64, Option<f64>)> {
        let moments = self.payers.moments();
        let earned = self.margin * moments.mean()?;
        let Proportion { count, base } = self.heard.proportion();
        // Of customers whom the files name once each, nothing is known of their coming back.
        if count == 0 {
            return None;
        }
        let retained = count as f64 / base as f64;
        let lost = 1.0 + self.discount - retained;
        if lost <= 0.0 {
            return None;
        }
        let factor = retained / lost;
        let error = moments.standard_error().map(|of_mean| {
            let of_earned = factor * self.margin * of_mean;
            // The derivative of r/(1 + i − r) times the standard error of r.
            let of_factor = earned * (1.0 + self.discount) / (lost * lost)
                * (retained * (1.0 - retained) / base as f64).sqrt();
            of_earned.hypot(of_factor)
        });
        Some((earned * factor, error))
    }
}

impl Evidence for Lifetime<'_> {
    fn base(&self) -> u64 {
        self.payers.base().min(self.heard.proportion().base)
    }

    fn value(&self) -> Option<f64> {
        self.value_and_error().map(|(value, _)| value)
    }

    fn interval(&self) -> Option<Interval> {
        let (value, error) = self.value_and_error()?;
        Some(Interval::around(value, Z95 * error?).clipped(0.0, f64::INFINITY))
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        let (now, error_now) = self.value_and_error()?;
        let (then, error_then) = before.value_and_error()?;
        let error = error_now?.hypot(error_then?);
        let value = now - then;
        (error > 0.0).then(|| Difference {
            value,
            interval: Interval::around(value, Z95 * error),
            p: two_sided_p(value / error),
        })
    }
}
