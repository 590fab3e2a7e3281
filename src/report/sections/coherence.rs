//! Coherence across channels: whether customers tell the same story of a theme wherever they speak.

use super::{
    super::{
        Story,
        block::{Block, Direction, HeatCell, HeatMap, HeatRow, Line, Section, Tone},
        tame::tame,
    },
    telling::{self, Unit},
};
use crate::metrics::{ChannelCell, Coherence};

/// Shades of the map.
const STEPS: f64 = 5.0;

/// Coherence across channels; `None` with one channel or none.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let coherence = story.numbers.coherence.as_ref()?;
    let lines: Vec<Line> = (coherence.gaps.iter())
        .take(story.settings.glance_lines)
        .filter_map(|place| line(story, coherence, *place))
        .collect();
    let mut blocks = vec![
        Block::Note(words.text("coherence.lead")),
        Block::HeatMap(map(story, coherence)),
    ];
    blocks.push(if lines.is_empty() {
        Block::Paragraph(words.text("coherence.none"))
    } else {
        Block::Lines(lines)
    });
    Some(Section {
        id: "coherence",
        title: words.text("coherence.title"),
        blocks,
    })
}

fn channel(story: &Story, coherence: &Coherence, column: usize) -> String {
    match &coherence.channels[column].0 {
        Some(name) => tame(name),
        None => story.words.text("coherence.others"),
    }
}

fn map(story: &Story, coherence: &Coherence) -> HeatMap {
    let words = story.words;
    let cell = |row: usize, column: usize, cell: &ChannelCell| {
        let is_told = coherence.gaps.contains(&(row, column));
        let mark = cell
            .gap
            .filter(|_| is_told)
            .map(|gap| match gap.value > 0.0 {
                true => (Direction::Up, words.text("coherence.more")),
                false => (Direction::Down, words.text("coherence.less")),
            });
        HeatCell {
            text: telling::value_or_reason(story, Unit::Share, &cell.complaints),
            step: (cell.complaints.value)
                .map(|share| (share * STEPS).round().clamp(0.0, STEPS) as u8),
            mark,
        }
    };
    HeatMap {
        caption: words.text("coherence.caption"),
        corner: words.text("ranking.column_theme"),
        columns: (coherence.channels.iter().enumerate())
            .map(|(column, (_, records))| {
                let name = channel(story, coherence, column);
                words.count("coherence.column", *records, &[("channel", &name)])
            })
            .collect(),
        rows: (coherence.themes.iter().enumerate())
            .map(|(row, (theme, cells))| HeatRow {
                name: tame(&story.name_of(&story.analysis.themes[*theme])),
                cells: (cells.iter().enumerate())
                    .map(|(column, one)| cell(row, column, one))
                    .collect(),
            })
            .collect(),
    }
}

/// "Chat: 64 % of the comments on refunds complain, 21 points more than in other channels."
fn line(story: &Story, coherence: &Coherence, (row, column): (usize, usize)) -> Option<Line> {
    let words = story.words;
    let (theme, cells) = coherence.themes.get(row)?;
    let cell = cells.get(column)?;
    let gap = cell.gap?;
    let is_more = gap.value > 0.0;
    let (low, high) = telling::difference_ends(words, Unit::Share, gap.interval);
    let key = if is_more {
        "coherence.gap_more"
    } else {
        "coherence.gap_less"
    };
    Some(Line {
        text: words.say(
            key,
            &[
                ("channel", &channel(story, coherence, column)),
                (
                    "theme",
                    &tame(&story.name_of(&story.analysis.themes[*theme])),
                ),
                (
                    "value",
                    &telling::value(words, Unit::Share, cell.complaints.value?),
                ),
                ("difference", &telling::size(words, Unit::Share, gap.value)),
                ("low", &low),
                ("high", &high),
                ("n", &words.integer(cell.records)),
            ],
        ),
        tone: if is_more { Tone::Bad } else { Tone::Good },
        target: None,
    })
}
