//! The parts of a report, in reading order: each reads the story and answers in blocks.

mod delights;
mod frictions;
mod indicators;
mod method;
mod movements;
mod overview;
mod ranking;
mod sources;
mod telling;

use super::{
    Story,
    block::{Document, Section},
};

/// Every section, in reading order.
const ALL: [fn(&Story) -> Section; 7] = [
    overview::section,
    indicators::section,
    frictions::section,
    delights::section,
    movements::section,
    sources::section,
    method::section,
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
        sections: ALL.iter().map(|section| section(story)).collect(),
        foot: story.words.say(
            "page.foot",
            &[("version", &stamp.version), ("settings", &stamp.settings)],
        ),
    }
}
