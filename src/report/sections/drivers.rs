//! What goes with the score customers give, theme by theme: its weight, what it costs, what it gains.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, DrawnShare, Row, Section, Table, Tone},
        tame::tame,
    },
    score::lead,
    telling,
};
use crate::{
    metrics::{Driver, Role},
    statistics::Interval,
};

/// What goes with the score; `None` where customers gave none, or too few did.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let drivers = story.numbers.drivers.as_ref()?;
    let (subject, _) = lead(story);
    let heaviest = drivers.themes.first().map_or(0.0, |driver| driver.weight);
    let lead_sentence = words.say(
        "drivers.lead",
        &[
            ("subject", &subject),
            ("n", &words.integer(drivers.answers)),
            ("explained", &words.percent(drivers.explained)),
        ],
    );
    Some(Section {
        id: "drivers",
        title: words.text("drivers.title"),
        blocks: vec![
            Block::Note(lead_sentence),
            Block::Table(Table {
                caption: words.text("drivers.caption"),
                columns: vec![
                    block::words(words.text("ranking.column_theme")),
                    block::words(words.text("drivers.column_weight")),
                    block::numbers(words.text("drivers.column_penalty")),
                    block::numbers(words.text("drivers.column_reward")),
                    block::words(words.text("drivers.column_role")),
                ],
                rows: (drivers.themes.iter())
                    .map(|driver| row(story, driver, heaviest))
                    .collect(),
                anchor: "",
            }),
            Block::Note(words.text("drivers.note")),
        ],
    })
}

fn row(story: &Story, driver: &Driver, heaviest: f64) -> Row {
    let (words, unit) = (story.words, lead(story).1);
    let effect = |value: f64, interval: Interval| Cell::Estimate {
        text: telling::difference(words, unit, value),
        interval: {
            let (low, high) = telling::difference_ends(words, unit, interval);
            words.say("number.range", &[("low", &low), ("high", &high)])
        },
    };
    let (penalty, interval) = driver.penalty;
    let turned = Interval {
        low: -interval.high,
        high: -interval.low,
    };
    Row {
        cells: vec![
            Cell::Name {
                name: tame(&story.name_of(&story.analysis.themes[driver.theme])),
                detail: words.count("overview.records", driver.answers, &[]),
                tag: String::new(),
            },
            Cell::Share {
                text: words.percent(driver.weight),
                interval: String::new(),
                drawn: Some(DrawnShare {
                    value: driver.weight,
                    low: driver.weight,
                    high: driver.weight,
                    full: heaviest,
                    tone: Tone::Plain,
                }),
            },
            effect(-penalty, turned),
            effect(driver.reward.0, driver.reward.1),
            Cell::Text(words.text(match driver.role {
                Some(Role::Basic) => "drivers.basic",
                Some(Role::Performance) => "drivers.performance",
                Some(Role::Delight) => "drivers.delight",
                None => "drivers.unclear",
            })),
        ],
        ..Row::default()
    }
}
