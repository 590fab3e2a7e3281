//! How numbers become words: values, intervals, differences and what they are against, the same way in every section.

use super::super::{
    Story,
    block::{Cell, Change, Direction, DrawnShare, Tone, Trend},
    wording::Words,
};
use crate::{
    metrics::{Against, Basis, Comparison, Estimate, Measured, Period, Verdict},
    statistics::Interval,
};

/// What a number counts in, which decides how it is written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Unit {
    /// Things: `182`.
    Count,
    /// A part of a whole, 0–1: `12.4%`, and its differences `+3.1 pts`.
    Share,
    /// A net balance, −100 to 100: `+17.5`, and its differences `+3.1 pts`.
    Net,
    /// A mark on a scale: `4.21`.
    Mark,
}

/// Whether more of a thing is good news.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    MoreIsGood,
    MoreIsBad,
    Neither,
}

/// The number, written out.
pub(super) fn value(words: &Words, unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count if value.fract() != 0.0 => words.decimal(value, 1),
        Unit::Count => words.decimal(value, 0),
        Unit::Share => words.percent(value),
        Unit::Net => words.signed(value, 1),
        Unit::Mark => words.decimal(value, 2),
    }
}

/// A difference of two such numbers, always signed.
pub(super) fn difference(words: &Words, unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count if value.fract() != 0.0 => words.signed(value, 1),
        Unit::Count => words.signed(value, 0),
        Unit::Share => points(words, 100.0 * value),
        Unit::Net => points(words, value),
        Unit::Mark => words.signed(value, 2),
    }
}

/// The size of a difference, for sentences whose words already say which way.
pub(super) fn size(words: &Words, unit: Unit, difference: f64) -> String {
    let size = difference.abs();
    let points = |points: f64| words.say("number.points_long", &[("n", &words.decimal(points, 1))]);
    match unit {
        Unit::Count => value(words, unit, size),
        Unit::Share => points(100.0 * size),
        Unit::Net => points(size),
        Unit::Mark => words.decimal(size, 2),
    }
}

fn points(words: &Words, value: f64) -> String {
    words.say("number.points", &[("n", &words.signed(value, 1))])
}

/// Both ends of an interval.
pub(super) fn ends(words: &Words, unit: Unit, interval: Interval) -> (String, String) {
    (
        value(words, unit, interval.low),
        value(words, unit, interval.high),
    )
}

/// Both ends of the interval of a difference.
pub(super) fn difference_ends(words: &Words, unit: Unit, interval: Interval) -> (String, String) {
    let end = |value: f64| match unit {
        Unit::Count => words.signed(value, 0),
        Unit::Share => words.signed(100.0 * value, 1),
        Unit::Net => words.signed(value, 1),
        Unit::Mark => words.signed(value, 2),
    };
    (end(interval.low), end(interval.high))
}

/// `12.4% to 18.0%`; empty without an interval.
pub(super) fn range(words: &Words, unit: Unit, interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |interval| {
        let (low, high) = ends(words, unit, interval);
        words.say("number.range", &[("low", &low), ("high", &high)])
    })
}

/// The number, or in a word why there is none: for cells of a table.
pub(super) fn value_or_reason(story: &Story, unit: Unit, estimate: &Estimate) -> String {
    match estimate.value {
        Some(number) => value(story.words, unit, number),
        None => reason(story, estimate, "number.too_few_short"),
    }
}

/// Why a number is not there: nothing to measure, or too little.
pub(super) fn too_few(story: &Story, estimate: &Estimate) -> String {
    reason(story, estimate, "number.too_few")
}

fn reason(story: &Story, estimate: &Estimate, key: &str) -> String {
    if estimate.n == 0 {
        return story.words.text("number.absent");
    }
    story.words.say(
        key,
        &[(
            "minimum",
            &story.words.integer(story.numbers.settings.minimum_base),
        )],
    )
}

/// "indicative" when the base is small; nothing otherwise.
pub(super) fn indicative(words: &Words, estimate: &Estimate) -> Option<String> {
    (estimate.basis == Basis::Indicative && estimate.value.is_some())
        .then(|| words.text("number.indicative"))
}

/// A comparison as an arrow and words; `None` when there is none.
pub(super) fn change(
    words: &Words,
    unit: Unit,
    sense: Sense,
    comparison: Option<&Comparison>,
    against: String,
) -> Option<Change> {
    let comparison = comparison?;
    let Some((found, verdict)) = comparison.difference.zip(comparison.verdict) else {
        return Some(Change {
            direction: Direction::Unknown,
            tone: Tone::Plain,
            text: words.text("number.absent"),
            verdict: words.text("verdict.untested"),
            against,
            interval: String::new(),
        });
    };
    let (direction, key) = match verdict {
        Verdict::Up => (Direction::Up, "verdict.up"),
        Verdict::Down => (Direction::Down, "verdict.down"),
        Verdict::Stable => (Direction::Stable, "verdict.stable"),
    };
    let (low, high) = difference_ends(words, unit, found.interval);
    Some(Change {
        direction,
        tone: tone(direction, sense),
        text: difference(words, unit, found.value),
        verdict: words.text(key),
        against,
        interval: words.say("number.range", &[("low", &low), ("high", &high)]),
    })
}

/// Good or bad news, when the direction says so.
pub(super) fn tone(direction: Direction, sense: Sense) -> Tone {
    match (direction, sense) {
        (Direction::Up, Sense::MoreIsGood) | (Direction::Down, Sense::MoreIsBad) => Tone::Good,
        (Direction::Up, Sense::MoreIsBad) | (Direction::Down, Sense::MoreIsGood) => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// A share with its interval, drawn against the share that fills the cell.
pub(super) fn share_cell(story: &Story, estimate: &Estimate, full: f64, tone: Tone) -> Cell {
    Cell::Share {
        text: value_or_reason(story, Unit::Share, estimate),
        interval: range(story.words, Unit::Share, estimate.interval),
        drawn: estimate
            .value
            .zip(estimate.interval)
            .map(|(value, interval)| DrawnShare {
                value,
                low: interval.low,
                high: interval.high,
                full,
                tone,
            }),
    }
}

/// The charted weeks of a number; nothing when fewer than three can be shown.
pub(super) fn trend(story: &Story, unit: Unit, name: &str, measured: &Measured) -> Option<Trend> {
    let words = story.words;
    if measured.weeks.iter().flatten().count() < 3 {
        return None;
    }
    let values: Vec<String> = story
        .numbers
        .chart_weeks
        .iter()
        .zip(&measured.weeks)
        .map(|(week, number)| {
            let number = number.map_or_else(
                || words.text("number.absent"),
                |number| value(words, unit, number),
            );
            format!("{} {number}", week_short(words, week.week))
        })
        .collect();
    Some(Trend {
        values: measured.weeks.clone(),
        description: words.say(
            "indicators.trend",
            &[("name", name), ("values", &values.join(", "))],
        ),
    })
}

/// `W47`.
pub(super) fn week_short(words: &Words, week: crate::calendar::Week) -> String {
    words.say(
        "calendar.week_short",
        &[("number", &week.number.to_string())],
    )
}

/// The sentence that says why there is nothing to compare with; `None` when there is.
pub(super) fn no_comparison(story: &Story) -> Option<String> {
    use crate::metrics::NoComparison;
    story.numbers.no_comparison.map(|reason| {
        story.words.text(match reason {
            NoComparison::WholeSpan => "compare.whole_span",
            NoComparison::NoDates => "compare.no_dates",
            NoComparison::NoHistory => "compare.no_history",
        })
    })
}

/// Where a comparison is named.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In a sentence: "the week before".
    Sentence,
    /// Over a column of earlier values.
    Column,
    /// Over a column of differences.
    Difference,
    /// On a card.
    Card,
}

/// What a comparison is against, said for its place.
pub(super) fn against(story: &Story, against: Against, place: Place) -> String {
    let is_weekly = matches!(story.numbers.period, Period::Week(_));
    let key = match (against, is_weekly, place) {
        (Against::Previous, true, Place::Sentence) => "compare.previous_week",
        (Against::Previous, true, Place::Column) => "compare.column_previous_week",
        (Against::Previous, true, Place::Difference) => "compare.change_previous_week",
        (Against::Previous, true, Place::Card) => "compare.short_previous_week",
        (Against::Previous, false, Place::Sentence) => "compare.previous_period",
        (Against::Previous, false, Place::Column) => "compare.column_previous_period",
        (Against::Previous, false, Place::Difference) => "compare.change_previous_period",
        (Against::Previous, false, Place::Card) => "compare.short_previous_period",
        (Against::Mean, true, Place::Sentence) => "compare.mean_weeks",
        (Against::Mean, true, Place::Column) => "compare.column_mean_weeks",
        (Against::Mean, true, Place::Difference) => "compare.change_mean_weeks",
        (Against::Mean, true, Place::Card) => "compare.short_mean_weeks",
        (Against::Mean, false, Place::Sentence) => "compare.mean_periods",
        (Against::Mean, false, Place::Column) => "compare.column_mean_periods",
        (Against::Mean, false, Place::Difference) => "compare.change_mean_periods",
        (Against::Mean, false, Place::Card) => "compare.short_mean_periods",
    };
    story
        .words
        .say(key, &[("n", &story.numbers.mean_spans.to_string())])
}

/// The comparisons this report has, in column order.
pub(super) fn comparisons(story: &Story) -> Vec<Against> {
    let mut found = Vec::new();
    if story.numbers.no_comparison.is_none() {
        found.push(Against::Previous);
        if story.numbers.mean_spans > 0 {
            found.push(Against::Mean);
        }
    }
    found
}
