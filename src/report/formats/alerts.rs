//! `alerts.json`: what became of each alert that was set, for programs that watch.

use super::{
    super::{Story, block::Document},
    json::{round, to_bytes},
};
use crate::metrics::{AlertState, Moved, MovedAgainst};
use serde::Serialize;

#[derive(Serialize)]
struct Alerts<'a> {
    format: u32,
    period: String,
    fired: usize,
    alerts: Vec<Alert<'a>>,
}

#[derive(Serialize)]
struct Alert<'a> {
    name: String,
    measure: &'a str,
    theme: Option<&'a str>,
    /// `fired`, `quiet`, or why it was not evaluated: `unknown_theme`, `missing`, `withheld`.
    state: &'static str,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    above: Option<f64>,
    below: Option<f64>,
    surely: bool,
    /// `up` or `down`, and against which earlier number.
    moved: Option<&'static str>,
    against: Option<&'static str>,
}

pub(super) fn write(story: &Story, _: &Document) -> Vec<u8> {
    let outcomes = story.extras.alerts;
    let alerts = outcomes.iter().map(|outcome| Alert {
        name: outcome.alert.called(),
        measure: &outcome.alert.measure,
        theme: outcome.alert.theme.as_deref(),
        state: match outcome.state {
            AlertState::Fired => "fired",
            AlertState::Quiet => "quiet",
            AlertState::UnknownTheme => "unknown_theme",
            AlertState::Missing => "missing",
            AlertState::Withheld => "withheld",
        },
        value: outcome.value.map(round),
        low: outcome.interval.map(|interval| round(interval.low)),
        high: outcome.interval.map(|interval| round(interval.high)),
        above: outcome.alert.above,
        below: outcome.alert.below,
        surely: outcome.alert.surely,
        moved: outcome.alert.moved.map(|moved| match moved {
            Moved::Up => "up",
            Moved::Down => "down",
        }),
        against: outcome.alert.moved.map(|_| match outcome.alert.against {
            MovedAgainst::Previous => "previous",
            MovedAgainst::Mean => "mean",
            MovedAgainst::LastYear => "last_year",
        }),
    });
    let is_fired = |state| state == AlertState::Fired;
    let file = Alerts {
        format: 1,
        period: story.numbers.period.to_string(),
        fired: outcomes
            .iter()
            .filter(|outcome| is_fired(outcome.state))
            .count(),
        alerts: alerts.collect(),
    };
    to_bytes(&file)
}
