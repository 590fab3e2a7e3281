//! The table friction points and delight drivers share: rank, theme, share with its interval, change, net sentiment, quotes.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, QuoteBlock, Row, Table, Tone},
        quotes::Quote,
        tame::tame,
    },
    score::lead,
    telling::{self, Place, Sense, Unit},
};
use crate::metrics::{Measured, ThemeNumbers};

/// What tells one ranking from the other.
pub(super) struct Ranking<'a> {
    pub caption: &'static str,
    pub column_records: &'static str,
    pub column_share: &'static str,
    pub none: &'static str,
    pub anchor: &'static str,
    pub sense: Sense,
    pub tone: Tone,
    /// Positions in the numbers' themes, first rank first.
    pub order: &'a [usize],
    /// By position in the numbers' themes.
    pub quotes: &'a [Vec<Quote<'a>>],
    pub records: fn(&ThemeNumbers) -> u64,
    pub share: fn(&ThemeNumbers) -> &Measured,
}

/// The table, and how many themes it leaves out.
pub(super) fn blocks(story: &Story, ranking: &Ranking) -> Vec<Block> {
    let words = story.words;
    if ranking.order.is_empty() {
        return vec![Block::Paragraph(words.text(ranking.none))];
    }
    let shown = &ranking.order[..ranking.order.len().min(story.settings.themes_shown)];
    let mut blocks = vec![Block::Table(table(story, ranking, shown))];
    let left = ranking.order.len() - shown.len();
    if left > 0 {
        blocks.push(Block::Note(words.count("ranking.more", left as u64, &[])));
    }
    blocks
}

fn table(story: &Story, ranking: &Ranking, shown: &[usize]) -> Table {
    let words = story.words;
    let mut columns = vec![
        block::numbers(words.text("ranking.column_rank")),
        block::words(words.text("ranking.column_theme")),
        block::numbers(words.text(ranking.column_records)),
        block::words(words.text(ranking.column_share)),
    ];
    let before = telling::comparisons(story).first().copied();
    columns.extend(
        before.map(|against| block::numbers(telling::against(story, against, Place::Difference))),
    );
    columns.push(block::numbers(words.text("ranking.column_net")));
    columns.push(block::numbers(words.text("ranking.column_impact")));
    let full = shown
        .iter()
        .filter_map(|&index| {
            Some(
                (ranking.share)(&story.numbers.themes[index])
                    .current
                    .interval?
                    .high,
            )
        })
        .fold(0.0, f64::max);
    Table {
        caption: words.text(ranking.caption),
        columns,
        rows: shown
            .iter()
            .enumerate()
            .map(|(rank, &index)| row(story, ranking, rank + 1, index, full))
            .collect(),
        anchor: ranking.anchor,
    }
}

fn row(story: &Story, ranking: &Ranking, rank: usize, index: usize, full: f64) -> Row {
    let words = story.words;
    let theme = &story.numbers.themes[index];
    let share = (ranking.share)(theme);
    let mut cells = vec![
        Cell::Number(rank.to_string()),
        name_cell(story, theme),
        Cell::Verbatims {
            text: words.integer((ranking.records)(theme)),
            theme: story.analysis.themes[theme.theme].id.clone(),
        },
        telling::share_cell(story, &share.current, full, ranking.tone),
    ];
    let before = telling::comparisons(story).first().copied();
    cells.extend(before.map(|against| {
        Cell::Change(telling::change(
            words,
            Unit::Share,
            ranking.sense,
            against.of(share),
            String::new(),
        ))
    }));
    cells.push(Cell::Estimate {
        text: telling::value_or_reason(story, Unit::Net, &theme.net.current),
        interval: telling::range(words, Unit::Net, theme.net.current.interval),
    });
    cells.push(impact_cell(story, theme));
    Row {
        cells,
        quotes: ranking.quotes[index]
            .iter()
            .map(|quote| quote_block(story, quote))
            .collect(),
        is_total: false,
    }
}

/// What the score owes to the theme, with its interval.
fn impact_cell(story: &Story, theme: &ThemeNumbers) -> Cell {
    let (words, unit) = (story.words, lead(story).1);
    let Some(impact) = &theme.impact else {
        return Cell::Number(words.text("number.absent"));
    };
    let interval = impact.interval.map(|interval| {
        let (low, high) = telling::difference_ends(words, unit, interval);
        words.say("number.range", &[("low", &low), ("high", &high)])
    });
    Cell::Estimate {
        text: telling::difference(words, unit, impact.value),
        interval: interval.unwrap_or_default(),
    }
}

/// A theme's name, its key phrases, and what a reader should know of it.
pub(super) fn name_cell(story: &Story, theme: &ThemeNumbers) -> Cell {
    let known = &story.analysis.themes[theme.theme];
    let phrases: Vec<String> = known
        .keyphrases
        .iter()
        .take(4)
        .map(|phrase| tame(phrase))
        .collect();
    let tag = if theme.is_new {
        story.words.text("ranking.is_new")
    } else {
        telling::indicative(story.words, &theme.net.current).unwrap_or_default()
    };
    // What people name within it says more than other words for it.
    let parts: Vec<String> = (theme.parts.iter().take(3))
        .map(|(part, records)| {
            let name = story.name_of(&story.analysis.themes[*part]);
            // A part is called "Whole › part".
            let own = name.rsplit(" › ").next().unwrap_or(&name);
            format!("{} ({})", tame(own), story.words.integer(*records))
        })
        .collect();
    let detail = match parts.is_empty() {
        true => phrases.join(", "),
        false => (story.words).say("ranking.parts", &[("parts", &parts.join(", "))]),
    };
    Cell::Name {
        name: tame(&story.name_of(known)),
        detail,
        tag,
    }
}

/// A quote with where it comes from and how many say the same.
pub(super) fn quote_block(story: &Story, quote: &Quote) -> QuoteBlock {
    let date = quote.record.moment().map(|moment| moment.local.date());
    let channel = quote
        .record
        .feedback
        .channel
        .as_deref()
        .map(tame)
        .filter(|channel| !channel.is_empty());
    let copies = Some(story.copies_of(quote.record))
        .filter(|copies| *copies > 1)
        .map(|copies| {
            story.words.say(
                "quote.copies",
                &[("n", &story.words.integer(copies.into()))],
            )
        });
    let context: Vec<String> = date
        .map(|date| story.words.day(date))
        .into_iter()
        .chain(channel)
        .chain(copies)
        .collect();
    QuoteBlock {
        before: quote.before.clone(),
        evidence: quote.evidence.clone(),
        after: quote.after.clone(),
        language: quote.record.language.code().to_owned(),
        place: tame(&quote.record.feedback.place().to_string()),
        context: context.join(" · "),
    }
}
