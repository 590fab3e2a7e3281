//! Delight drivers: what customers praise, by records with praise.

use super::{
    super::{
        Story,
        block::{Block, Section, Tone},
    },
    ranking::{self, Ranking},
    telling::Sense,
};

/// Delight drivers.
pub(super) fn section(story: &Story) -> Section {
    let mut blocks = vec![Block::Note(story.words.text("delights.lead"))];
    blocks.extend(ranking::blocks(
        story,
        &Ranking {
            caption: "delights.caption",
            column_records: "delights.column_records",
            column_share: "delights.column_share",
            none: "delights.none",
            anchor: "delight-",
            sense: Sense::MoreIsGood,
            tone: Tone::Good,
            order: &story.numbers.delights,
            quotes: &story.quotes.delights,
            records: |theme| theme.positive_records,
            share: |theme| &theme.positive_share,
        },
    ));
    Section {
        id: "delights",
        title: story.words.text("delights.title"),
        blocks,
    }
}
