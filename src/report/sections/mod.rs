//! The parts of a report, in reading order: each reads the story and answers in blocks.

mod actions;
mod cases;
mod coherence;
mod delights;
mod drivers;
mod frictions;
mod indicators;
mod journey;
mod method;
mod overview;
mod priorities;
mod ranking;
mod score;
mod segments;
mod service;
mod signals;
mod sources;
mod telling;
mod topics;
mod verbatims;

pub(super) use cases::cases;
pub(super) use indicators::{Indicator, indicators};
pub(super) use score::lead;
pub(super) use telling::Unit;

use super::{
    Story,
    block::{Document, Section},
};

/// Every section, in reading order; one that has nothing to say in this feedback stays away.
const ALL: [fn(&Story) -> Option<Section>; 17] = [
    |story| Some(overview::section(story)),
    |story| Some(indicators::section(story)),
    score::section,
    |story| Some(frictions::section(story)),
    |story| Some(delights::section(story)),
    topics::section,
    priorities::section,
    drivers::section,
    signals::section,
    coherence::section,
    journey::section,
    segments::section,
    cases::section,
    actions::section,
    verbatims::section,
    |story| Some(sources::section(story)),
    |story| Some(method::section(story)),
];

/// The lines at a glance, for readers that are programs.
pub(super) fn glance(story: &Story) -> Vec<String> {
    overview::lines(story)
        .into_iter()
        .map(|line| line.text)
        .collect()
}

/// The whole report.
pub(super) fn document(story: &Story) -> Document {
    let stamp = &story.analysis.stamp;
    Document {
        language: story.words.language,
        band: overview::band(story),
        sections: ALL.iter().filter_map(|section| section(story)).collect(),
        foot: story.words.say(
            "page.foot",
            &[("version", &stamp.version), ("settings", &stamp.settings)],
        ),
    }
}
