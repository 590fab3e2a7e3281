//! Wire structs of what the service did.

use super::{Measure, Story, measure, round};
use crate::metrics::{Ces, RepeatSource, ServiceNumbers, ServiceTime};
use serde::Serialize;

/// Numbers are `null` where the files have no column for them.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Service<'a> {
    /// Contacts opened in the period.
    contacts: u64,
    /// `elapsed` or `working_hours`.
    clock: &'static str,
    ces: Vec<Effort>,
    first_response_seconds: Option<Time>,
    resolution_seconds: Option<Time>,
    resolution_rate: Option<Resolution<'a>>,
    repeat_contacts: Option<Repeats>,
    first_contact_resolution: Option<FirstContact>,
    retention: Option<Measure>,
    churn: Option<Measure>,
    value: Option<Value<'a>>,
}

/// A share of easy answers, 0–1, where `easy_from` says from which mark; else the mean mark.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Effort {
    scale: f64,
    high_is_easy: bool,
    easy_from: Option<f64>,
    #[serde(flatten)]
    score: Measure,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Time {
    median: Measure,
    percentile_90: Measure,
    /// Contacts whose beginning has no time of the day.
    left_out: u64,
    is_until_closing: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Resolution<'a> {
    #[serde(flatten)]
    rate: Measure,
    resolved: Option<u64>,
    unknown_states: Vec<State<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct State<'a> {
    state: &'a str,
    contacts: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Repeats {
    /// `customers`, or `words` for an estimate.
    source: &'static str,
    days: u32,
    #[serde(flatten)]
    share: Measure,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FirstContact {
    days: u32,
    too_recent: u64,
    #[serde(flatten)]
    share: Measure,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Value<'a> {
    /// Per record where no record with a value names its customer.
    revenue_per_customer: Measure,
    has_customers: bool,
    total: Option<f64>,
    lifetime_value: Option<Measure>,
    exposed: Vec<Exposed<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Exposed<'a> {
    /// Id of the theme.
    theme: &'a str,
    customers: u64,
    revenue: Option<f64>,
    share: Option<f64>,
}

pub(super) fn service<'a>(story: &Story<'a>) -> Service<'a> {
    let numbers: &'a ServiceNumbers = &story.numbers.service;
    let settings = &story.numbers.settings;
    Service {
        contacts: numbers.contacts,
        clock: match settings.business_hours {
            Some(_) => "working_hours",
            None => "elapsed",
        },
        ces: numbers.ces.iter().map(effort).collect(),
        first_response_seconds: numbers.first_reply.as_ref().map(time),
        resolution_seconds: numbers.resolution_time.as_ref().map(time),
        resolution_rate: numbers.resolution.as_ref().map(|resolution| Resolution {
            rate: measure(&resolution.rate),
            // Withheld with the rate: it would give it away.
            resolved: resolution.rate.current.value.map(|_| resolution.resolved),
            unknown_states: resolution
                .unknown_states
                .iter()
                .map(|(state, contacts)| State {
                    state,
                    contacts: *contacts,
                })
                .collect(),
        }),
        repeat_contacts: numbers.repeats.as_ref().map(|repeats| Repeats {
            source: match repeats.source {
                RepeatSource::Customers => "customers",
                RepeatSource::Words => "words",
            },
            days: settings.repeat_days,
            share: measure(&repeats.share),
        }),
        first_contact_resolution: numbers.first_contact.as_ref().map(|first| FirstContact {
            days: settings.repeat_days,
            too_recent: first.too_recent,
            share: measure(&first.share),
        }),
        retention: numbers
            .retention
            .as_ref()
            .map(|retention| measure(&retention.retained)),
        churn: numbers
            .retention
            .as_ref()
            .map(|retention| measure(&retention.churned)),
        value: numbers.value.as_ref().map(|value| Value {
            revenue_per_customer: measure(&value.per_customer),
            has_customers: value.has_customers,
            total: value.total.map(round),
            lifetime_value: value.lifetime.as_ref().map(measure),
            exposed: value
                .exposed
                .iter()
                .map(|exposed| Exposed {
                    theme: &story.analysis.themes[story.numbers.themes[exposed.theme].theme].id,
                    customers: exposed.customers,
                    revenue: exposed.revenue.map(round),
                    share: exposed.share.map(round),
                })
                .collect(),
        }),
    }
}

fn effort(ces: &Ces) -> Effort {
    Effort {
        scale: f64::from(ces.scale),
        high_is_easy: ces.high_is_easy,
        easy_from: ces.easy_from.map(f64::from),
        score: measure(&ces.score),
    }
}

fn time(times: &ServiceTime) -> Time {
    Time {
        median: measure(&times.median),
        percentile_90: measure(&times.slowest_tenth),
        left_out: times.left_out,
        is_until_closing: times.is_until_closing,
    }
}
