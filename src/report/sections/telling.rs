//! How numbers become words: values, intervals, differences and what they are against, the same way in every section.

use super::super::{
    Story,
    block::{Cell, Change, Direction, DrawnShare, Tone, Trend},
    tame::tame,
    wording::Words,
};
use crate::{
    metrics::{
        Against, Basis, Comparison, Estimate, Measured, Period, Reference, Segment, Verdict,
    },
    statistics::Interval,
};

/// What a number counts in, which decides how it is written.
#[derive(Clone, Copy, PartialEq)]
pub(in super::super) enum Unit {
    /// Things: `182`.
    Count,
    /// A part of a whole, 0–1: `12.4%`, and its differences `+3.1 pts`.
    Share,
    /// A net balance, −100 to 100: `+17.5`, and its differences `+3.1 pts`.
    Net,
    /// A mark on a scale: `4.21`.
    Mark,
    /// Seconds: `45 s`, `12 min`, `3 h 12`, `2 d 4 h`.
    Duration,
    /// Seconds of working time, of which no day has 24 hours: `52 h 10`.
    WorkingTime,
    /// Money in the currency of the file: `1,234` or `12.50`.
    Amount,
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
        Unit::Duration => duration(words, value, true),
        Unit::WorkingTime => duration(words, value, false),
        Unit::Amount => words.decimal(value, cents(value)),
    }
}

/// Decimals of an amount: two for small ones.
fn cents(amount: f64) -> usize {
    if amount.abs() < 100.0 { 2 } else { 0 }
}

/// A length of time in its two largest parts: seconds, minutes, hours and minutes, days and hours.
fn duration(words: &Words, seconds: f64, in_days: bool) -> String {
    let sign = if seconds < -0.5 { "−" } else { "" };
    let seconds = seconds.abs().round() as u64;
    let minutes = (seconds + 30) / 60;
    let hours = (minutes + 30) / 60;
    let say = |key: &str, large: u64, small: String| {
        words.say(key, &[("n", &words.integer(large)), ("rest", &small)])
    };
    let text = if seconds < 60 {
        say("duration.seconds", seconds, String::new())
    } else if minutes < 60 {
        say("duration.minutes", minutes, String::new())
    } else if minutes < 24 * 60 || !in_days {
        match minutes % 60 {
            0 => say("duration.hours", minutes / 60, String::new()),
            rest => say("duration.hours_minutes", minutes / 60, format!("{rest:02}")),
        }
    } else {
        match hours % 24 {
            0 => say("duration.days", hours / 24, String::new()),
            rest => say("duration.days_hours", hours / 24, rest.to_string()),
        }
    };
    format!("{sign}{text}")
}

/// The same, with `+` before what is longer.
fn signed_duration(words: &Words, seconds: f64, in_days: bool) -> String {
    let text = duration(words, seconds, in_days);
    if seconds >= 0.5 {
        format!("+{text}")
    } else {
        text
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
        Unit::Duration => signed_duration(words, value, true),
        Unit::WorkingTime => signed_duration(words, value, false),
        Unit::Amount => words.signed(value, cents(value)),
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
        Unit::Duration | Unit::WorkingTime | Unit::Amount => value(words, unit, size),
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
        Unit::Duration | Unit::WorkingTime | Unit::Amount => difference(words, unit, value),
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
            before: before(words, unit, comparison),
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
        before: before(words, unit, comparison),
    })
}

/// What the number was, to stand beside its change.
fn before(words: &Words, unit: Unit, comparison: &Comparison) -> String {
    comparison.before.value.map_or_else(String::new, |was| {
        words.say("compare.was", &[("value", &value(words, unit, was))])
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
    /// Over a column of differences.
    Difference,
    /// On a card.
    Card,
}

/// What a comparison is against, said for its place.
pub(super) fn against(story: &Story, against: Against, place: Place) -> String {
    // Week, month, quarter, any other period; each in a sentence, over a column, on a card.
    const PREVIOUS: [[&str; 3]; 4] = [
        [
            "compare.previous_week",
            "compare.change_previous_week",
            "compare.short_previous_week",
        ],
        [
            "compare.previous_month",
            "compare.change_previous_month",
            "compare.short_previous_month",
        ],
        [
            "compare.previous_quarter",
            "compare.change_previous_quarter",
            "compare.short_previous_quarter",
        ],
        [
            "compare.previous_period",
            "compare.change_previous_period",
            "compare.short_previous_period",
        ],
    ];
    const MEAN: [[&str; 3]; 4] = [
        [
            "compare.mean_weeks",
            "compare.change_mean_weeks",
            "compare.short_mean_weeks",
        ],
        [
            "compare.mean_months",
            "compare.change_mean_months",
            "compare.short_mean_months",
        ],
        [
            "compare.mean_quarters",
            "compare.change_mean_quarters",
            "compare.short_mean_quarters",
        ],
        [
            "compare.mean_periods",
            "compare.change_mean_periods",
            "compare.short_mean_periods",
        ],
    ];
    const YEAR: [[&str; 3]; 4] = [
        [
            "compare.year_week",
            "compare.change_year",
            "compare.short_year",
        ],
        [
            "compare.year_month",
            "compare.change_year",
            "compare.short_year",
        ],
        [
            "compare.year_quarter",
            "compare.change_year",
            "compare.short_year",
        ],
        [
            "compare.year_period",
            "compare.change_year",
            "compare.short_year",
        ],
    ];
    let kind = match story.numbers.period {
        Period::Week(_) => 0,
        Period::Month { .. } => 1,
        Period::Quarter { .. } => 2,
        Period::Days { .. } | Period::All => 3,
    };
    let words = story.words;
    if let (Against::Previous, Some(reference)) = (against, &story.numbers.against) {
        let name = reference_name(words, reference);
        return match place {
            Place::Sentence => name,
            Place::Difference => words.say("compare.change_chosen", &[("name", &name)]),
            Place::Card => words.say("compare.short_chosen", &[("name", &name)]),
        };
    }
    let keys = match against {
        Against::Previous => PREVIOUS[kind],
        Against::Mean => MEAN[kind],
        Against::LastYear => YEAR[kind],
    };
    let key = match place {
        Place::Sentence => keys[0],
        Place::Difference => keys[1],
        Place::Card => keys[2],
    };
    words.say(key, &[("n", &story.numbers.mean_spans.to_string())])
}

/// What was chosen to compare with, in running text.
pub(super) fn reference_name(words: &Words, reference: &Reference) -> String {
    match reference {
        Reference::Period(period) => period_name(words, *period),
        Reference::Segment(segment) => segment_name(words, segment),
    }
}

/// A group of feedback: "channel: chat".
pub(super) fn segment_name(words: &Words, segment: &Segment) -> String {
    words.say(
        "compare.segment",
        &[
            ("column", &tame(&segment.column)),
            ("value", &tame(&segment.value)),
        ],
    )
}

/// A period in running text.
pub(super) fn period_name(words: &Words, period: Period) -> String {
    match (period, period.days()) {
        (Period::Week(week), _) => words.week(week),
        (Period::Month { year, month }, _) => words.month_of_year(year, month),
        (Period::Quarter { year, quarter }, _) => words.say(
            "page.quarter_name",
            &[
                ("number", &quarter.to_string()),
                ("year", &year.to_string()),
            ],
        ),
        (_, Some((from, to))) => words.days(from, to),
        (_, None) => words.text("page.all_title"),
    }
}

/// The comparisons this report has, in column order.
pub(super) fn comparisons(story: &Story) -> Vec<Against> {
    let numbers = story.numbers;
    if numbers.no_comparison.is_some() {
        return Vec::new();
    }
    let mut found = vec![Against::Previous];
    if numbers.mean_spans > 0 {
        found.push(Against::Mean);
    }
    if numbers.has_last_year {
        found.push(Against::LastYear);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{super::super::wording::ReportLanguage, *};

    #[track_caller]
    fn check(unit: Unit, seconds: f64, french: &str, english: &str) {
        for (language, expected) in [
            (ReportLanguage::French, french),
            (ReportLanguage::English, english),
        ] {
            let written = value(&Words::of(language), unit, seconds);
            assert_eq!(written.replace('\u{a0}', " "), expected);
        }
    }

    #[test]
    fn times_are_written_in_their_two_largest_parts() {
        check(Unit::Duration, 0.0, "0 s", "0 s");
        check(Unit::Duration, 45.2, "45 s", "45 s");
        check(Unit::Duration, 59.7, "1 min", "1 min");
        check(Unit::Duration, 12.0 * 60.0 + 20.0, "12 min", "12 min");
        check(Unit::Duration, 3599.0, "1 h", "1 h");
        check(
            Unit::Duration,
            3.0 * 3600.0 + 12.0 * 60.0,
            "3 h 12",
            "3 h 12",
        );
        check(
            Unit::Duration,
            3.0 * 3600.0 + 5.0 * 60.0,
            "3 h 05",
            "3 h 05",
        );
        check(Unit::Duration, 86_399.0, "1 j", "1 d");
        check(Unit::Duration, 52.0 * 3600.0 + 600.0, "2 j 4 h", "2 d 4 h");
        check(Unit::Duration, 86_400.0 * 3.0, "3 j", "3 d");
        check(
            Unit::WorkingTime,
            52.0 * 3600.0 + 600.0,
            "52 h 10",
            "52 h 10",
        );
    }

    #[test]
    fn differences_of_times_have_a_sign() {
        let words = Words::of(ReportLanguage::English);
        let check = |seconds: f64, expected: &str| {
            let written = difference(&words, Unit::Duration, seconds);
            assert_eq!(written.replace('\u{a0}', " "), expected);
        };
        check(720.0, "+12 min");
        check(-3720.0, "−1 h 02");
        check(0.2, "0 s");
        check(-0.2, "0 s");
    }
}
