//! Segments: who says what, one table a grouping column.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Section, Table},
        tame::tame,
    },
    indicators::language_name,
    score::{lead, lead_column},
    telling::{self, Unit},
};
use crate::metrics::{Group, Grouping, KeyTheme, SegmentColumn};

/// Values shown of a column.
const SHOWN: usize = 10;

/// Segments; `None` where nothing groups the feedback.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let columns = &story.numbers.segments;
    if !columns.iter().any(is_telling) {
        return None;
    }
    let mut blocks = vec![Block::Note(words.text("segments.lead"))];
    for column in columns.iter().filter(|column| is_telling(column)) {
        blocks.push(Block::Table(table(story, column)));
        let more = column.groups.len().saturating_sub(SHOWN) as u64;
        if more > 0 {
            blocks.push(Block::Note(words.count("segments.more", more, &[])));
        }
        if column.withheld > 0 {
            let minimum = words.integer(story.numbers.settings.minimum_base);
            let withheld = words.count(
                "segments.withheld",
                column.withheld,
                &[("minimum", &minimum)],
            );
            blocks.push(Block::Note(withheld));
        }
    }
    Some(Section {
        id: "segments",
        title: words.text("segments.title"),
        blocks,
    })
}

/// Products and channels are told of anyway; other columns where some group says something of its own.
fn is_telling(column: &SegmentColumn) -> bool {
    let says = |group: &Group| !(group.complaints.is_empty() && group.praise.is_empty());
    matches!(column.grouping, Grouping::Product | Grouping::Channel)
        || column.groups.iter().any(says)
}

fn table(story: &Story, column: &SegmentColumn) -> Table {
    let words = story.words;
    let has_score = column.groups.iter().any(|group| group.score.is_some());
    let mut columns = vec![
        block::words(column_name(story, &column.grouping)),
        block::numbers(words.text("indicators.volume")),
    ];
    if has_score {
        columns.push(block::numbers(lead_column(story)));
    }
    columns.extend([
        block::numbers(words.text("ranking.column_net")),
        block::words(words.text("segments.column_complaints")),
        block::words(words.text("segments.column_praise")),
    ]);
    Table {
        caption: words.say(
            "segments.caption",
            &[("column", &column_name(story, &column.grouping))],
        ),
        columns,
        rows: (column.groups.iter().take(SHOWN))
            .map(|group| row(story, column, group, has_score))
            .collect(),
        anchor: "",
    }
}

/// What a grouping column is called.
fn column_name(story: &Story, grouping: &Grouping) -> String {
    let words = story.words;
    match grouping {
        Grouping::Product => words.text("segments.product"),
        Grouping::Channel => words.text("segments.channel"),
        Grouping::Language => words.text("indicators.column_language"),
        Grouping::Segment => words.text("segments.segment"),
        Grouping::Column(name) => tame(name),
    }
}

fn row(story: &Story, column: &SegmentColumn, group: &Group, has_score: bool) -> Row {
    let (words, unit) = (story.words, lead(story).1);
    let value = match (&column.grouping, group.value.parse()) {
        (Grouping::Language, Ok(language)) => language_name(story, language),
        _ => tame(&group.value),
    };
    let mut cells = vec![
        Cell::Name {
            name: value,
            detail: String::new(),
            tag: telling::indicative(words, &group.net).unwrap_or_default(),
        },
        Cell::Number(words.integer(group.records)),
    ];
    if has_score {
        cells.push(match &group.score {
            Some(score) => Cell::Estimate {
                text: telling::value_or_reason(story, unit, score),
                interval: telling::range(words, unit, score.interval),
            },
            None => Cell::Number(words.text("number.absent")),
        });
    }
    cells.extend([
        Cell::Estimate {
            text: telling::value_or_reason(story, Unit::Net, &group.net),
            interval: telling::range(words, Unit::Net, group.net.interval),
        },
        Cell::Text(themes(story, &group.complaints)),
        Cell::Text(themes(story, &group.praise)),
    ]);
    Row {
        cells,
        ..Row::default()
    }
}

fn themes(story: &Story, keys: &[KeyTheme]) -> String {
    if keys.is_empty() {
        return story.words.text("number.absent");
    }
    let names = keys.iter().map(|key| {
        let name = tame(&story.name_of(&story.analysis.themes[key.theme]));
        format!("{name} ({})", story.words.integer(key.records))
    });
    names.collect::<Vec<_>>().join(", ")
}
