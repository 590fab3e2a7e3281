//! Friction points: what customers complain about, by records with a complaint.

use super::{
    super::{
        Story,
        block::{Block, Section, Tone},
    },
    ranking::{self, Ranking},
    service,
    telling::Sense,
};

/// Friction points.
pub(super) fn section(story: &Story) -> Section {
    let mut blocks = vec![Block::Note(story.words.text("frictions.lead"))];
    blocks.extend(ranking::blocks(
        story,
        &Ranking {
            caption: "frictions.caption",
            column_records: "frictions.column_records",
            column_share: "frictions.column_share",
            none: "frictions.none",
            anchor: "friction-",
            sense: Sense::MoreIsBad,
            tone: Tone::Bad,
            order: &story.numbers.frictions,
            quotes: &story.quotes.frictions,
            records: |theme| theme.negative_records,
            share: |theme| &theme.negative_share,
        },
    ));
    blocks.extend(service::exposed(story));
    Section {
        id: "frictions",
        title: story.words.text("frictions.title"),
        blocks,
    }
}
