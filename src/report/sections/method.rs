//! How the numbers were made: definitions, thresholds, tests, versions.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Section, Table},
        tame::tame,
    },
    indicators::language_name,
    service,
};
use crate::sentiment::{NEUTRAL_BAND, VERY};

/// Method.
pub(super) fn section(story: &Story) -> Section {
    let words = story.words;
    let settings = &story.numbers.settings;
    let rate = words.percent_round(settings.false_discovery_rate);
    let prior = words.decimal(settings.keyness_prior, 0);
    let base = words.say(
        "method.base",
        &[
            ("minimum", &words.integer(settings.minimum_base)),
            ("indicative", &words.integer(settings.indicative_base)),
        ],
    );
    let sentiment = words.say(
        "method.sentiment",
        &[
            ("band", &words.decimal(f64::from(NEUTRAL_BAND), 2)),
            ("very", &words.decimal(f64::from(VERY), 1)),
        ],
    );
    let mut definitions = vec![
        (
            words.text("method.period_term"),
            words.text("method.period"),
        ),
        (words.text("method.base_term"), base),
        (
            words.text("method.interval_term"),
            words.text("method.interval"),
        ),
        (words.text("method.test_term"), words.text("method.test")),
        (
            words.text("method.several_term"),
            words.say("method.several", &[("rate", &rate)]),
        ),
        (
            words.text("method.signal_term"),
            words.say("method.signal", &[("rate", &rate)]),
        ),
        (
            words.text("method.impact_term"),
            words.text("method.impact"),
        ),
        (
            words.text("method.driver_term"),
            words.text("method.driver"),
        ),
        (
            words.text("method.group_term"),
            words.say("method.group", &[("prior", &prior), ("rate", &rate)]),
        ),
        (words.text("method.sentiment_term"), sentiment),
        (words.text("method.nps_term"), words.text("method.nps")),
        (words.text("method.csat_term"), words.text("method.csat")),
        (
            words.text("method.rating_term"),
            words.text("method.rating"),
        ),
    ];
    definitions.extend(service::definitions(story));
    definitions.extend([
        (words.text("method.theme_term"), words.text("method.theme")),
        (words.text("method.quote_term"), words.text("method.quote")),
        (words.text("method.cause_term"), words.text("method.cause")),
    ]);
    Section {
        id: "method",
        title: words.text("method.title"),
        blocks: vec![
            Block::Note(words.text("method.lead")),
            Block::Definitions(definitions),
            Block::Table(stamp(story)),
        ],
    }
}

fn stamp(story: &Story) -> Table {
    let words = story.words;
    let stamp = &story.analysis.stamp;
    let row = |item: String, value: &str| Row {
        cells: vec![Cell::Text(item), Cell::Text(tame(value))],
        ..Row::default()
    };
    let mut rows = vec![
        row(words.text("method.version"), &stamp.version),
        row(words.text("method.settings"), &stamp.settings),
    ];
    for (code, hash) in &stamp.lexicons {
        let name = code
            .parse()
            .map_or_else(|_| tame(code), |language| language_name(story, language));
        rows.push(row(
            words.say("method.lexicon", &[("language", &name)]),
            hash,
        ));
    }
    Table {
        caption: words.text("method.stamp"),
        columns: vec![
            block::words(words.text("method.column_item")),
            block::words(words.text("method.column_stamp")),
        ],
        rows,
        anchor: "",
    }
}
