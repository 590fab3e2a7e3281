//! Wire structs of weak signals.

use super::{super::super::Story, Quoted, quoted, round, round_chance};
use crate::metrics::SignalKind;
use serde::Serialize;

/// Themes named more, or less, than was to be expected.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Signals<'a> {
    periods: u32,
    has_history: bool,
    tested: u64,
    found: Vec<Signal<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Signal<'a> {
    id: &'a str,
    kind: &'static str,
    observed: u64,
    expected: f64,
    ratio: f64,
    p: f64,
    q: f64,
    quotes: Vec<Quoted<'a>>,
}

pub(super) fn signals<'a>(story: &'a Story) -> Signals<'a> {
    let signals = &story.numbers.signals;
    Signals {
        periods: signals.periods,
        has_history: signals.has_history,
        tested: signals.tested,
        found: (signals.found.iter())
            .map(|signal| Signal {
                id: &story.analysis.themes[signal.theme].id,
                kind: match signal.kind {
                    SignalKind::New => "new",
                    SignalKind::RareRising => "rare_rising",
                    SignalKind::Rising => "rising",
                    SignalKind::DriftingUp => "drifting_up",
                    SignalKind::DriftingDown => "drifting_down",
                    SignalKind::Vanishing => "vanishing",
                },
                observed: signal.observed,
                expected: round(signal.expected),
                ratio: round(signal.ratio()),
                p: round_chance(signal.p),
                q: round_chance(signal.q),
                quotes: (story
                    .quotes
                    .signals
                    .get(&signal.theme)
                    .into_iter()
                    .flatten())
                .map(|quote| quoted(story, quote))
                .collect(),
            })
            .collect(),
    }
}
