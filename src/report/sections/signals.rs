//! Weak signals: themes named more, or less, than the periods before let expect.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Section, Table},
        tame::tame,
    },
    ranking::quote_block,
    telling::{self, Unit},
};
use crate::metrics::{NoComparison, Signal, SignalKind};

/// Weak signals; `None` where nobody wrote anything that could be one.
pub(super) fn section(story: &Story) -> Option<Section> {
    let (words, signals) = (story.words, &story.numbers.signals);
    if story.numbers.with_text.current.n == 0 {
        return None;
    }
    let blocks = if story.numbers.no_comparison == Some(NoComparison::WholeSpan) {
        vec![Block::Paragraph(words.text("signals.whole_span"))]
    } else if !signals.has_history {
        vec![Block::Paragraph(words.count(
            "signals.too_short",
            signals.periods.into(),
            &[],
        ))]
    } else {
        let mut blocks = vec![Block::Note(words.count(
            "signals.lead",
            signals.tested,
            &[("periods", &words.integer(signals.periods.into()))],
        ))];
        blocks.extend(direction(story, true, "signals.up", "signals.none_up"));
        blocks.extend(direction(story, false, "signals.down", "signals.none_down"));
        blocks
    };
    Some(Section {
        id: "signals",
        title: words.text("signals.title"),
        blocks,
    })
}

fn direction(story: &Story, is_up: bool, caption: &str, none: &str) -> Vec<Block> {
    let words = story.words;
    let all: Vec<&Signal> = (story.numbers.signals.found.iter())
        .filter(|signal| signal.kind.is_up() == is_up)
        .collect();
    if all.is_empty() {
        return vec![Block::Paragraph(words.text(none))];
    }
    let shown = &all[..all.len().min(story.settings.themes_shown)];
    let mut blocks = vec![Block::Table(Table {
        caption: words.text(caption),
        columns: vec![
            block::words(words.text("ranking.column_theme")),
            block::numbers(words.text("signals.column_observed")),
            block::numbers(words.text("signals.column_expected")),
            block::numbers(words.text("signals.column_ratio")),
            block::words(words.text("ranking.column_trend")),
            block::words(words.text("signals.column_chance")),
            block::numbers(words.text("signals.column_seen")),
        ],
        rows: shown.iter().map(|signal| row(story, signal)).collect(),
        anchor: if is_up { "signal-" } else { "" },
    })];
    if all.len() > shown.len() {
        let more = (all.len() - shown.len()) as u64;
        blocks.push(Block::Note(words.count("ranking.more", more, &[])));
    }
    blocks
}

fn row(story: &Story, signal: &Signal) -> Row {
    let words = story.words;
    let theme = &story.analysis.themes[signal.theme];
    let numbers = (story.numbers.themes.iter()).find(|one| one.theme == signal.theme);
    let kind = match signal.kind {
        SignalKind::New => "signals.new",
        SignalKind::RareRising => "signals.rare_rising",
        SignalKind::Rising => "signals.rising",
        SignalKind::DriftingUp => "signals.drifting_up",
        SignalKind::DriftingDown => "signals.drifting_down",
        SignalKind::Vanishing => "signals.vanishing",
    };
    let name = tame(&story.name_of(theme));
    let seen = numbers.and_then(|one| one.first_seen);
    let trend = numbers.and_then(|one| telling::trend(story, Unit::Share, &name, &one.share));
    let is_drifting = matches!(
        signal.kind,
        SignalKind::DriftingUp | SignalKind::DriftingDown
    );
    Row {
        cells: vec![
            Cell::Name {
                name,
                detail: String::new(),
                tag: words.text(kind),
            },
            Cell::Verbatims {
                text: words.integer(signal.observed),
                theme: theme.id.clone(),
            },
            Cell::Number(words.decimal(signal.expected, 1)),
            Cell::Number(words.say("signals.ratio", &[("n", &words.decimal(signal.ratio(), 1))])),
            Cell::Trend(trend),
            Cell::Text(if is_drifting {
                words.text("signals.over_periods")
            } else {
                chance(story, signal.p)
            }),
            Cell::Number(seen.map_or_else(|| words.text("number.absent"), |day| words.day(day))),
        ],
        quotes: (story
            .quotes
            .signals
            .get(&signal.theme)
            .into_iter()
            .flatten())
        .map(|quote| quote_block(story, quote))
        .collect(),
        ..Row::default()
    }
}

/// "less than once in 500", rounded down to a number people say.
fn chance(story: &Story, p: f64) -> String {
    const SAID: [u64; 9] = [10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000];
    let once_in = SAID.into_iter().rev().find(|one| p * *one as f64 <= 1.0);
    match once_in {
        Some(n) => (story.words).say("signals.chance", &[("n", &story.words.integer(n))]),
        None => story.words.text("signals.chance_high"),
    }
}
