//! Watched topics: saved searches in numbers.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Section, Table, Tone},
        tame::tame,
    },
    telling::{self, Place, Sense, Unit},
};
use crate::metrics::WatchedTopic;

/// Watched topics; `None` where nobody watches one.
pub(super) fn section(story: &Story) -> Option<Section> {
    let (words, topics) = (story.words, story.extras.topics);
    if topics.is_empty() {
        return None;
    }
    let mut columns = vec![
        block::words(words.text("topics.column_topic")),
        block::numbers(words.text("topics.column_records")),
        block::words(words.text("topics.column_share")),
    ];
    let before = telling::comparisons(story).first().copied();
    columns.extend(
        before.map(|against| block::numbers(telling::against(story, against, Place::Difference))),
    );
    columns.push(block::numbers(words.text("topics.column_negative")));
    columns.push(block::words(words.text("topics.column_weeks")));
    let full = topics
        .iter()
        .filter_map(|topic| Some(topic.share.current.interval?.high))
        .fold(0.0, f64::max);
    Some(Section {
        id: "topics",
        title: words.text("topics.title"),
        blocks: vec![
            Block::Note(words.text("topics.lead")),
            Block::Table(Table {
                caption: words.text("topics.caption"),
                columns,
                rows: topics.iter().map(|topic| row(story, topic, full)).collect(),
                anchor: "",
            }),
        ],
    })
}

fn row(story: &Story, topic: &WatchedTopic, full: f64) -> Row {
    let words = story.words;
    let mut cells = vec![
        Cell::Name {
            name: tame(&topic.name),
            detail: tame(&topic.query),
            tag: String::new(),
        },
        Cell::Number(words.integer(topic.records)),
        telling::share_cell(story, &topic.share.current, full, Tone::Plain),
    ];
    let before = telling::comparisons(story).first().copied();
    cells.extend(before.map(|against| {
        Cell::Change(telling::change(
            words,
            Unit::Share,
            Sense::Neither,
            against.of(&topic.share),
            String::new(),
        ))
    }));
    cells.push(Cell::Estimate {
        text: telling::value_or_reason(story, Unit::Share, &topic.negative.current),
        interval: telling::range(words, Unit::Share, topic.negative.current.interval),
    });
    cells.push(Cell::Trend(telling::trend(
        story,
        Unit::Share,
        &tame(&topic.name),
        &topic.share,
    )));
    Row {
        cells,
        ..Row::default()
    }
}
