//! Themes on the move: those whose share of comments changed beyond chance.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Section, Table, Tone},
    },
    ranking::name_cell,
    telling::{self, Place, Sense, Unit},
};

/// Themes on the move.
pub(super) fn section(story: &Story) -> Section {
    let (words, numbers) = (story.words, story.numbers);
    let blocks = match telling::no_comparison(story) {
        Some(reason) => vec![Block::Paragraph(reason)],
        None => {
            let mut blocks = direction(
                story,
                &numbers.rising,
                "movements.rising",
                "movements.none_rising",
            );
            blocks.extend(direction(
                story,
                &numbers.falling,
                "movements.falling",
                "movements.none_falling",
            ));
            let rate = words.percent_round(numbers.settings.false_discovery_rate);
            blocks.push(Block::Note(words.count(
                "movements.tested",
                numbers.themes_tested,
                &[("rate", &rate)],
            )));
            blocks
        }
    };
    Section {
        id: "movements",
        title: words.text("movements.title"),
        blocks,
    }
}

fn direction(story: &Story, order: &[usize], caption: &str, none: &str) -> Vec<Block> {
    let words = story.words;
    if order.is_empty() {
        return vec![Block::Paragraph(words.text(none))];
    }
    let mut columns = vec![
        block::words(words.text("ranking.column_theme")),
        block::words(words.text("movements.column_share")),
        block::words(words.text("ranking.column_trend")),
    ];
    let comparisons = telling::near_comparisons(story);
    columns.extend(
        comparisons
            .iter()
            .map(|against| block::numbers(telling::against(story, *against, Place::Difference))),
    );
    columns.push(block::numbers(words.text("movements.column_seen")));
    let shown = &order[..order.len().min(story.settings.themes_shown)];
    let themes = || shown.iter().map(|&index| &story.numbers.themes[index]);
    let full = themes()
        .filter_map(|theme| Some(theme.share.current.interval?.high))
        .fold(0.0, f64::max);
    let rows = themes()
        .map(|theme| {
            let name = name_cell(story, theme);
            let label = match &name {
                Cell::Name { name, .. } => name.clone(),
                _ => String::new(),
            };
            let mut cells = vec![
                name,
                telling::share_cell(story, &theme.share.current, full, Tone::Plain),
                Cell::Trend(telling::trend(story, Unit::Share, &label, &theme.share)),
            ];
            cells.extend(comparisons.iter().map(|against| {
                Cell::Change(telling::change(
                    words,
                    Unit::Share,
                    Sense::Neither,
                    against.of(&theme.share),
                    String::new(),
                ))
            }));
            let seen = theme
                .first_seen
                .map_or_else(|| words.text("number.absent"), |day| words.day(day));
            cells.push(Cell::Number(seen));
            Row {
                cells,
                ..Row::default()
            }
        })
        .collect();
    let mut blocks = vec![Block::Table(Table {
        caption: words.text(caption),
        columns,
        rows,
        anchor: "",
    })];
    if order.len() > shown.len() {
        blocks.push(Block::Note(words.count(
            "ranking.more",
            (order.len() - shown.len()) as u64,
            &[],
        )));
    }
    blocks
}
