//! What the service did, for the indicators: rows, notes, what the files lack, and the revenue of those who complain.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Table},
        tame::tame,
    },
    indicators::Indicator,
    ranking::name_cell,
    telling::{self, Sense, Unit},
};
use crate::{
    business_hours::Holidays,
    metrics::{Ces, Exposed, Measured, RepeatSource, ServiceTime},
};

/// States named in a note: more would be a list.
const MOST_STATES: usize = 5;

/// Letters of a state that are shown: a longer one is hardly a state.
const LONGEST_STATE: usize = 40;

/// The indicators these files have, most telling first.
pub(super) fn indicators<'a>(story: &Story<'a>) -> Vec<Indicator<'a>> {
    let (words, service) = (story.words, &story.numbers.service);
    let days = story.numbers.settings.repeat_days.to_string();
    let row = |name: &str, measured: &'a Measured, unit, sense, note: Option<String>| Indicator {
        name: words.text(name),
        card_name: None,
        measured,
        unit,
        sense,
        scale: None,
        note,
        has_card: false,
    };
    let mut all: Vec<Indicator> = service.ces.iter().map(|ces| effort(story, ces)).collect();
    let time = time_unit(story);
    let sense = Sense::MoreIsBad;
    if let Some(times) = &service.first_reply {
        let (half, most) = ("service.first_reply_half", "service.first_reply_most");
        all.push(Indicator {
            has_card: true,
            ..row(half, &times.median, time, sense, None)
        });
        all.push(row(most, &times.slowest_tenth, time, sense, None));
    }
    if let Some(times) = &service.resolution_time {
        let (half, most) = match times.is_until_closing {
            true => ("service.closing_half", "service.closing_most"),
            false => ("service.resolution_half", "service.resolution_most"),
        };
        all.push(row(half, &times.median, time, sense, None));
        all.push(row(most, &times.slowest_tenth, time, sense, None));
    }
    if let Some(resolution) = &service.resolution {
        let is_shown = resolution.rate.current.value.is_some();
        let note = is_shown.then(|| words.count("service.resolved", resolution.resolved, &[]));
        all.push(Indicator {
            has_card: true,
            ..row(
                "service.resolution_rate",
                &resolution.rate,
                Unit::Share,
                Sense::MoreIsGood,
                note,
            )
        });
    }
    if let Some(first) = &service.first_contact {
        let note = (first.too_recent > 0)
            .then(|| words.count("service.too_recent", first.too_recent, &[("days", &days)]));
        all.push(row(
            "service.first_contact",
            &first.share,
            Unit::Share,
            Sense::MoreIsGood,
            note,
        ));
    }
    if let Some(repeats) = &service.repeats {
        let is_counted = repeats.source == RepeatSource::Customers;
        let note = match is_counted {
            true => words.say("service.repeats_note", &[("days", &days)]),
            false => words.text("service.repeats_estimate_note"),
        };
        let name = match is_counted {
            true => "service.repeats",
            false => "service.repeats_estimate",
        };
        all.push(Indicator {
            has_card: is_counted,
            ..row(
                name,
                &repeats.share,
                Unit::Share,
                Sense::MoreIsBad,
                Some(note),
            )
        });
    }
    if let Some(retention) = &service.retention {
        all.push(row(
            "service.retention",
            &retention.retained,
            Unit::Share,
            Sense::MoreIsGood,
            Some(words.text("service.retention_note")),
        ));
        all.push(row(
            "service.churn",
            &retention.churned,
            Unit::Share,
            Sense::MoreIsBad,
            Some(words.text("service.churn_note")),
        ));
    }
    if let Some(value) = &service.value {
        let (name, note) = match value.has_customers {
            true => ("service.revenue", "service.revenue_note"),
            false => ("service.revenue_record", "service.revenue_record_note"),
        };
        let note = Some(words.text(note));
        let sense = Sense::Neither;
        all.push(row(name, &value.per_customer, Unit::Amount, sense, note));
        if let Some(lifetime) = &value.lifetime {
            let note = Some(words.text("service.lifetime_note"));
            all.push(row("service.lifetime", lifetime, Unit::Amount, sense, note));
        }
    }
    all
}

fn effort<'a>(story: &Story<'a>, ces: &'a Ces) -> Indicator<'a> {
    let words = story.words;
    let mark = |mark: f32| words.decimal(f64::from(mark), 0);
    let scale = mark(ces.scale);
    let sense = match ces.high_is_easy {
        true => Sense::MoreIsGood,
        false => Sense::MoreIsBad,
    };
    let (name, unit, note) = match (ces.easy_from, ces.high_is_easy) {
        (Some(from), _) => (
            "service.ces_easy",
            Unit::Share,
            words.say(
                "service.ces_easy_note",
                &[("from", &mark(from)), ("scale", &scale)],
            ),
        ),
        (None, true) => (
            "service.ces_mean",
            Unit::Mark,
            words.text("service.ces_high_note"),
        ),
        (None, false) => (
            "service.ces_mean",
            Unit::Mark,
            words.text("service.ces_low_note"),
        ),
    };
    Indicator {
        name: words.say(name, &[("scale", &scale)]),
        card_name: Some(words.text("service.ces")),
        measured: &ces.score,
        unit,
        sense,
        scale: (unit == Unit::Mark).then_some(ces.scale),
        note: Some(note),
        has_card: true,
    }
}

fn time_unit(story: &Story) -> Unit {
    match story.numbers.settings.business_hours {
        Some(_) => Unit::WorkingTime,
        None => Unit::Duration,
    }
}

/// Which hours times are counted in.
fn clock(story: &Story) -> String {
    let words = story.words;
    let Some(hours) = story.numbers.settings.business_hours else {
        return words.text("service.clock_elapsed");
    };
    let written = |hour: f64| {
        let minutes = (hour * 60.0).round() as u32;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let key = match hours.holidays {
        Holidays::None => "service.clock_working",
        Holidays::Fr => "service.clock_working_holidays",
    };
    words.say(
        key,
        &[
            ("opens", &written(hours.opens)),
            ("closes", &written(hours.closes)),
        ],
    )
}

/// What these files do not tell, in one sentence; `None` when they tell everything, or when there are none.
pub(super) fn missing(story: &Story) -> Option<String> {
    let (words, numbers) = (story.words, story.numbers);
    let service = &numbers.service;
    let all = [
        (numbers.nps.is_none(), "indicators.nps"),
        (numbers.csat.is_none(), "indicators.csat"),
        (service.ces.is_empty(), "service.missing_ces"),
        (numbers.ratings.is_empty(), "service.missing_rating"),
        (service.first_reply.is_none(), "service.missing_first_reply"),
        (
            service.resolution_time.is_none(),
            "service.missing_resolution_time",
        ),
        (service.resolution.is_none(), "service.missing_resolution"),
        (!service.has_customers, "service.missing_customers"),
        (service.value.is_none(), "service.missing_revenue"),
    ];
    let names: Vec<String> = all
        .into_iter()
        .filter(|(is_missing, _)| *is_missing)
        .map(|(_, key)| words.text(key))
        .collect();
    let has_files = numbers.records.current.n > 0 && !names.is_empty();
    has_files.then(|| words.say("service.missing", &[("names", &names.join(", "))]))
}

/// What a reader must know of these numbers, one sentence each.
pub(super) fn notes(story: &Story) -> Vec<String> {
    let (words, service) = (story.words, &story.numbers.service);
    let mut notes = Vec::new();
    if service.first_reply.is_some() || service.resolution_time.is_some() {
        notes.push(clock(story));
    }
    let left_out = |times: &Option<ServiceTime>| times.as_ref().map_or(0, |times| times.left_out);
    let left_out = left_out(&service.first_reply).max(left_out(&service.resolution_time));
    if left_out > 0 {
        notes.push(words.count("service.left_out", left_out, &[]));
    }
    if let Some(resolution) = &service.resolution {
        let states: Vec<String> = resolution
            .unknown_states
            .iter()
            .take(MOST_STATES)
            .map(|(state, count)| {
                let state: String = tame(state).chars().take(LONGEST_STATE).collect();
                words.say(
                    "service.state",
                    &[("state", &state), ("n", &words.integer(*count))],
                )
            })
            .collect();
        if !states.is_empty() {
            notes.push(words.say("service.unknown_states", &[("states", &states.join(", "))]));
        }
    }
    if service.value.is_some() && story.numbers.settings.margin.is_none() {
        notes.push(words.text("service.lifetime_missing"));
    }
    notes
}

/// The revenue of customers who complain, by theme; nothing where the files have no revenue or too few complain.
pub(super) fn exposed(story: &Story) -> Vec<Block> {
    let words = story.words;
    let Some(value) = &story.numbers.service.value else {
        return Vec::new();
    };
    let shown: Vec<&Exposed> = story
        .numbers
        .frictions
        .iter()
        .filter_map(|theme| value.exposed_to(*theme))
        .filter(|exposed| exposed.revenue.is_some())
        .take(story.settings.themes_shown)
        .collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let rows = shown
        .into_iter()
        .map(|exposed| {
            let or_absent = |unit, number: Option<f64>| match number {
                Some(number) => telling::value(words, unit, number),
                None => words.text("number.absent"),
            };
            Row {
                cells: vec![
                    name_cell(story, &story.numbers.themes[exposed.theme]),
                    Cell::Number(words.integer(exposed.customers)),
                    Cell::Number(or_absent(Unit::Amount, exposed.revenue)),
                    Cell::Number(or_absent(Unit::Share, exposed.share)),
                ],
                ..Row::default()
            }
        })
        .collect();
    let table = Table {
        caption: words.text("service.exposed"),
        columns: vec![
            block::words(words.text("ranking.column_theme")),
            block::numbers(words.text(match value.has_customers {
                true => "service.column_customers",
                false => "service.column_records",
            })),
            block::numbers(words.text("service.column_revenue")),
            block::numbers(words.text("service.column_revenue_share")),
        ],
        rows,
        anchor: "",
    };
    vec![
        Block::Table(table),
        Block::Note(words.text("service.exposed_note")),
    ]
}

/// How these numbers are made, for the method.
pub(super) fn definitions(story: &Story) -> Vec<(String, String)> {
    let (words, service) = (story.words, &story.numbers.service);
    let days = story.numbers.settings.repeat_days.to_string();
    let mut all = Vec::new();
    if !service.ces.is_empty() {
        all.push((words.text("service.ces"), words.text("service.ces_method")));
    }
    if service.first_reply.is_some() || service.resolution_time.is_some() {
        all.push((
            words.text("service.times_term"),
            words.text("service.times_method"),
        ));
    }
    if service.resolution.is_some() {
        all.push((
            words.text("service.resolution_rate"),
            words.text("service.resolution_method"),
        ));
    }
    let counts_repeats = service
        .repeats
        .as_ref()
        .is_some_and(|repeats| repeats.source == RepeatSource::Customers);
    if counts_repeats {
        all.push((
            words.text("service.repeats"),
            words.say("service.repeats_method", &[("days", &days)]),
        ));
    }
    if service.first_contact.is_some() {
        all.push((
            words.text("service.first_contact"),
            words.say("service.first_contact_method", &[("days", &days)]),
        ));
    }
    if service.retention.is_some() {
        all.push((
            words.text("service.retention_term"),
            words.text("service.retention_method"),
        ));
    }
    if service.value.is_some() {
        all.push((
            words.text("service.value_term"),
            words.text("service.value_method"),
        ));
    }
    all
}
