//! Dates as exports write them, in French and English. Gregorian calendar, years 1970 to 2100.

use super::{names, vocabulary::Vocabulary};
use crate::calendar::Moment;
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

/// Which of day and month comes first in `03/04/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// 3 April.
    DayFirst,
    /// 4 March.
    MonthFirst,
}

/// The zones of a file.
#[derive(Clone, Debug)]
pub(super) struct Zones {
    /// The zone the report speaks.
    pub report: TimeZone,
    /// The zone of moments without an offset.
    pub given: TimeZone,
}

impl Zones {
    /// Everything in one zone.
    pub fn of(zone: &TimeZone) -> Self {
        Self {
            report: zone.clone(),
            given: zone.clone(),
        }
    }
}

/// A moment, and the point in time it is, where the cell tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Instant {
    pub moment: Moment,
    /// Of a cell that names its offset, or counts from 1970.
    stamp: Option<Timestamp>,
}

impl From<Moment> for Instant {
    fn from(moment: Moment) -> Self {
        Self {
            moment,
            stamp: None,
        }
    }
}

impl Instant {
    /// Seconds since 1970. An hour that a clock shows twice is taken as its first; a day alone is its midnight.
    pub fn seconds(self, zones: &Zones) -> i64 {
        match self.stamp {
            Some(stamp) => stamp.as_second(),
            None => zones
                .report
                .to_timestamp(self.moment.local)
                .map_or(0, Timestamp::as_second),
        }
    }
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reading {
    /// A moment, whatever the order of the column.
    Moment(Instant),
    /// Day and month in numbers; the column's order decides.
    Numeric(Numeric),
    /// A date far from any feedback.
    FarYear(i64),
    /// Shaped like a date, but no such day or hour exists.
    Impossible,
    /// No date.
    Unreadable,
}

/// A date whose day and month may be the one or the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Numeric {
    first: i8,
    second: i8,
    year: i16,
    clock: Option<Clock>,
}

/// The rest of a date: an hour, and an offset from UTC where the source gives one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Clock {
    time: Time,
    offset: Option<Offset>,
}

impl Numeric {
    /// The order the numbers prove; `None` when both would do.
    pub fn order(self) -> Option<DateOrder> {
        match (self.first > 12, self.second > 12) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// True when there is such a day under an order.
    fn exists(self, order: DateOrder) -> bool {
        let (day, month) = self.day_and_month(order);
        Date::new(self.year, month, day).is_ok()
    }

    fn day_and_month(self, order: DateOrder) -> (i8, i8) {
        match order {
            DateOrder::DayFirst => (self.first, self.second),
            DateOrder::MonthFirst => (self.second, self.first),
        }
    }

    /// True when the cell gives an hour too.
    pub fn has_hours(self) -> bool {
        self.clock.is_some()
    }

    /// The moment under an order; `None` when there is no such day.
    pub fn moment(self, order: DateOrder, zones: &Zones) -> Option<Instant> {
        let (day, month) = self.day_and_month(order);
        let date = Date::new(self.year, month, day).ok()?;
        Some(on_the_wall(date, self.clock, zones))
    }
}

impl std::fmt::Display for Numeric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}/{:02}/{}", self.first, self.second, self.year)
    }
}

/// Reads a date. Moments are moved to the zone of the report. The cell is not empty.
pub(super) fn read(cell: &str, vocabulary: &Vocabulary, zones: &Zones) -> Reading {
    // The longest date seen in an export, "Reviewed in … on Wednesday, 17 September 2025 at 14:05", is shorter.
    if cell.len() > 90 {
        return Reading::Unreadable;
    }
    let bytes = cell.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_parted = bytes
        .get(digits)
        .is_some_and(|b| matches!(b, b'-' | b'/' | b'.'));
    match digits {
        4 if is_parted => year_first(cell, zones),
        1 | 2 if is_parted => match numeric(cell) {
            Reading::Unreadable => with_month_name(cell, vocabulary, zones),
            reading => reading,
        },
        8.. if digits == bytes.len() || bytes[digits] == b'.' => bare_number(cell, digits, zones),
        _ => with_month_name(cell, vocabulary, zones),
    }
}

/// True for cells that are a date only if the column's name says so: `1503435956`, `20260417`.
pub(super) fn is_bare_number(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// An hour alone: `15:53`, `3:53:50 PM`, `14h30`.
pub(super) fn read_time(cell: &str) -> Option<Time> {
    clock(cell)?
        .filter(|clock| clock.offset.is_none())
        .map(|clock| clock.time)
}

/// `2026-04-17`, `2026/4/17 09:30`, `2026-04-17T09:30:00.5+02:00`.
fn year_first(cell: &str, zones: &Zones) -> Reading {
    let mut rest = cell;
    let mut next = |borders: &[char]| {
        let number = take_number(&mut rest)?;
        match borders {
            [] => {}
            _ => rest = rest.strip_prefix(borders)?,
        }
        Some(number)
    };
    let parts = (next(&['-', '/', '.']), next(&['-', '/', '.']), next(&[]));
    let (Some(year), Some(month), Some(day)) = parts else {
        return Reading::Unreadable;
    };
    match clock(rest) {
        None => Reading::Unreadable,
        Some(clock) => on_day(year, month, day, clock, zones),
    }
}

/// `17/04/2026`, `04-17-26 9:30 AM`.
fn numeric(cell: &str) -> Reading {
    let mut rest = cell;
    let Some(first) = take_number(&mut rest) else {
        return Reading::Unreadable;
    };
    let Some(border) = rest.chars().next().filter(|c| matches!(c, '/' | '-' | '.')) else {
        return Reading::Unreadable;
    };
    rest = &rest[1..];
    let Some(second) = take_number(&mut rest) else {
        return Reading::Unreadable;
    };
    let Some(after) = rest.strip_prefix(border) else {
        return Reading::Unreadable;
    };
    rest = after;
    let year_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let Some(year) = take_number(&mut rest).and_then(|year| full_year(year, year_digits)) else {
        return Reading::Unreadable;
    };
    let Some(clock) = clock(rest) else {
        return Reading::Unreadable;
    };
    if !is_near(year) {
        return Reading::FarYear(year);
    }
    match (
        i8::try_from(first),
        i8::try_from(second),
        i16::try_from(year),
    ) {
        (Ok(first), Ok(second), Ok(year)) => {
            let numeric = Numeric {
                first,
                second,
                year,
                clock,
            };
            let is_day = |order| numeric.exists(order);
            if is_day(DateOrder::DayFirst) || is_day(DateOrder::MonthFirst) {
                Reading::Numeric(numeric)
            } else {
                Reading::Impossible
            }
        }
        _ => Reading::Impossible,
    }
}

/// `17 juillet 2023`, `Rédigé le 5 juin 2023`, `31-Jul-18`, `July 17, 2023`, `Tue Oct 31 22:10:47 +0000 2017`.
fn with_month_name(cell: &str, vocabulary: &Vocabulary, zones: &Zones) -> Reading {
    let (mut month, mut day, mut year) = (None, None, None);
    let (mut hours, mut offset, mut others) = (String::new(), None, 0);
    for piece in cell.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')) {
        let plain: String = names::plain_letters(piece).collect();
        let starts_with_digit = plain.as_bytes().first().is_some_and(u8::is_ascii_digit);
        if plain.contains(':') || starts_with_digit && plain.contains('h') && !plain.ends_with("th")
        {
            if !hours.is_empty() {
                return Reading::Unreadable;
            }
            hours = plain;
        } else if !hours.is_empty() && matches!(plain.as_str(), "am" | "pm" | "a.m." | "p.m.") {
            hours.push_str(&plain.replace('.', ""));
        } else if let Some(found) = utc_offset(piece).filter(|_| !hours.is_empty()) {
            offset = Some(found);
        } else {
            for word in plain.split(['-', '/', '.']).filter(|word| !word.is_empty()) {
                let digits = word.bytes().take_while(u8::is_ascii_digit).count();
                let number = word[..digits].parse::<i64>().ok();
                match number {
                    Some(number) if day.is_none() && digits <= 2 => day = Some(number),
                    Some(number) if year.is_none() && matches!(digits, 2 | 4) => {
                        year = full_year(number, digits);
                    }
                    Some(_) => return Reading::Unreadable,
                    None => match vocabulary.month(word) {
                        Some(found) if month.is_none() => month = Some(i64::from(found)),
                        _ => others += 1,
                    },
                }
            }
        }
    }
    let (Some(year), Some(month), Some(day), true) = (year, month, day, others <= 10) else {
        return Reading::Unreadable;
    };
    let clock = match hours.as_str() {
        "" => None,
        hours => match clock(hours) {
            Some(Some(clock)) => Some(Clock {
                offset: offset.or(clock.offset),
                ..clock
            }),
            _ => return Reading::Unreadable,
        },
    };
    on_day(year, month, day, clock, zones)
}

/// Seconds (10 digits), milliseconds (13) or microseconds (16) since 1970, or a day in eight digits.
fn bare_number(cell: &str, digits: usize, zones: &Zones) -> Reading {
    let Ok(number) = cell[..digits].parse::<i64>() else {
        return Reading::Unreadable;
    };
    let stamp = match digits {
        8 if cell.len() == 8 => {
            return match on_day(
                number / 10_000,
                number / 100 % 100,
                number % 100,
                None,
                zones,
            ) {
                Reading::Impossible => Reading::Unreadable,
                reading => reading,
            };
        }
        10 => Timestamp::from_second(number),
        13 => Timestamp::from_millisecond(number),
        16 => Timestamp::from_microsecond(number),
        _ => return Reading::Unreadable,
    };
    match stamp {
        Ok(stamp) => near(at(stamp, zones)),
        Err(_) => Reading::Unreadable,
    }
}

fn on_day(year: i64, month: i64, day: i64, clock: Option<Clock>, zones: &Zones) -> Reading {
    if !is_near(year) {
        return Reading::FarYear(year);
    }
    let date = match (i16::try_from(year), i8::try_from(month), i8::try_from(day)) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day),
        _ => return Reading::Impossible,
    };
    match date {
        Ok(date) => near(on_the_wall(date, clock, zones)),
        Err(_) => Reading::Impossible,
    }
}

fn on_the_wall(date: Date, clock: Option<Clock>, zones: &Zones) -> Instant {
    match clock {
        // A day is a day, whatever the zone.
        None => Moment::day(date).into(),
        Some(Clock { time, offset: None }) => {
            let there: DateTime = date.to_datetime(time);
            match zones.given == zones.report {
                true => Moment::at(there).into(),
                false => match zones.given.to_timestamp(there) {
                    Ok(stamp) => at(stamp, zones),
                    Err(_) => Moment::at(there).into(),
                },
            }
        }
        Some(Clock {
            time,
            offset: Some(offset),
        }) => {
            let there: DateTime = date.to_datetime(time);
            // Years are checked to be near, so the conversion has no way out of the calendar.
            at(
                offset.to_timestamp(there).unwrap_or(Timestamp::UNIX_EPOCH),
                zones,
            )
        }
    }
}

fn at(stamp: Timestamp, zones: &Zones) -> Instant {
    Instant {
        moment: Moment::at(zones.report.to_datetime(stamp)),
        stamp: Some(stamp),
    }
}

fn near(instant: Instant) -> Reading {
    let year = i64::from(instant.moment.local.year());
    if is_near(year) {
        Reading::Moment(instant)
    } else {
        Reading::FarYear(year)
    }
}

fn is_near(year: i64) -> bool {
    (1970..=2100).contains(&year)
}

/// `18` is 2018 and `98` is 1998, as spreadsheets have it.
fn full_year(year: i64, digits: usize) -> Option<i64> {
    match digits {
        4 => Some(year),
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

fn take_number(rest: &mut &str) -> Option<i64> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest[..digits].parse().ok().filter(|_| digits <= 4)?;
    *rest = &rest[digits..];
    Some(number)
}

/// What follows a day: nothing, or an hour and perhaps an offset. `None` when it is neither.
fn clock(text: &str) -> Option<Option<Clock>> {
    let mut rest =
        text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, 'T' | 't' | ',' | 'à'));
    if rest.is_empty() {
        return Some(None);
    }
    let mut hour = take_number(&mut rest)?;
    rest = rest.strip_prefix([':', 'h', 'H'])?;
    let minute = take_number(&mut rest).or(text.contains(['h', 'H']).then_some(0))?;
    let mut second = 0;
    let mut nanosecond = 0;
    if let Some(after) = rest.strip_prefix(':') {
        rest = after;
        second = take_number(&mut rest)?;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            for place in 0..9 {
                let digit = after.as_bytes().get(place).filter(|_| place < digits);
                nanosecond = nanosecond * 10 + digit.map_or(0, |d| i32::from(d - b'0'));
            }
            rest = &after[digits..];
        }
    }
    rest = rest.trim_start();
    let half = rest.get(..2).map(str::to_ascii_lowercase);
    if let Some(half @ ("am" | "pm")) = half.as_deref() {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if half == "pm" { 12 } else { 0 };
        rest = rest[2..].trim_start();
    }
    // A minute of 61 seconds happens; no report counts by it.
    let second = if second == 60 { 59 } else { second };
    let (hour, minute, second) = (
        hour.try_into().ok()?,
        minute.try_into().ok()?,
        second.try_into().ok()?,
    );
    let time = Time::new(hour, minute, second, nanosecond).ok()?;
    if rest.is_empty() {
        return Some(Some(Clock { time, offset: None }));
    }
    // RFC 9557 names the zone after the offset: +02:00[Europe/Paris].
    let offset = utc_offset(rest.split('[').next().unwrap_or(rest).trim_end())?;
    Some(Some(Clock {
        time,
        offset: Some(offset),
    }))
}

/// `Z`, `UTC`, `+01:00`, `-0800`, `+02`.
fn utc_offset(text: &str) -> Option<Offset> {
    if ["z", "utc", "gmt", "(utc)"]
        .iter()
        .any(|name| text.eq_ignore_ascii_case(name))
    {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let digits = rest.replacen(':', "", 1);
    let number: i32 = digits
        .parse()
        .ok()
        .filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let (hours, minutes) = match digits.len() {
        2 => (number, 0),
        4 => (number / 100, number % 100),
        _ => return None,
    };
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60))
        .ok()
        .filter(|_| minutes < 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paris() -> Zones {
        Zones::of(&TimeZone::get("Europe/Paris").expect("the time zone database is embedded"))
    }

    fn read_here(cell: &str) -> Reading {
        read(cell, Vocabulary::embedded(), &paris())
    }

    #[track_caller]
    fn check(cell: &str, expected: &str) {
        match read_here(cell) {
            Reading::Moment(instant) => assert_eq!(instant.moment.to_string(), expected, "{cell}"),
            Reading::Numeric(numeric) => {
                let order = numeric.order().unwrap_or(DateOrder::DayFirst);
                let moment = numeric.moment(order, &paris()).expect("an order was found");
                assert_eq!(moment.moment.to_string(), expected, "{cell}");
            }
            other => panic!("{cell}: {other:?}"),
        }
    }

    #[test]
    fn years_may_come_first() {
        check("2026-04-17", "2026-04-17");
        check("2026/4/7", "2026-04-07");
        check("2026-04-17 09:30", "2026-04-17T09:30:00");
        check("2026-04-17T09:30:05", "2026-04-17T09:30:05");
        check("2026-04-17T09:30:05.5", "2026-04-17T09:30:05.5");
        check("2026-04-17 3:05 PM", "2026-04-17T15:05:00");
        check("20260417", "2026-04-17");
    }

    #[test]
    fn moments_with_an_offset_are_moved_to_the_zone() {
        check("2026-11-17T09:14:05Z", "2026-11-17T10:14:05");
        check("2026-07-17T09:14:05Z", "2026-07-17T11:14:05");
        check("2026-11-17T23:30:00+00:00", "2026-11-18T00:30:00");
        check("2015-02-24 11:35:52 -0800", "2015-02-24T20:35:52");
        check(
            "2026-07-17T09:14:05+02:00[Europe/Paris]",
            "2026-07-17T09:14:05",
        );
        check("Tue Oct 31 22:10:47 +0000 2017", "2017-10-31T23:10:47");
        check("Tue, 31 Oct 2017 22:10:47 GMT", "2017-10-31T23:10:47");
        check("1503435956", "2017-08-22T23:05:56");
        check("1503435956000", "2017-08-22T23:05:56");
        check("1503435956.000247", "2017-08-22T23:05:56");
        check("1503435956000247", "2017-08-22T23:05:56.000247");
    }

    #[test]
    fn days_and_months_in_numbers_wait_for_the_column() {
        check("17/04/2026", "2026-04-17");
        check("04/17/2026", "2026-04-17");
        check("17/04/2026 14:05", "2026-04-17T14:05:00");
        check("17/04/2026 à 14h05", "2026-04-17T14:05:00");
        check("9/22/26, 10:20:00 AM", "2026-09-22T10:20:00");
        check("22-04-15", "2015-04-22");
        check("22.04.2015", "2015-04-22");
        check("12/31/98 12:00 AM", "1998-12-31T00:00:00");
        let Reading::Numeric(both) = read_here("03/04/2026") else {
            panic!()
        };
        assert_eq!(both.order(), None);
        let moment = |order| {
            both.moment(order, &paris())
                .map(|instant| instant.moment.to_string())
        };
        assert_eq!(moment(DateOrder::DayFirst).as_deref(), Some("2026-04-03"));
        assert_eq!(moment(DateOrder::MonthFirst).as_deref(), Some("2026-03-04"));
    }

    #[test]
    fn months_may_have_names() {
        check("17 juillet 2023", "2023-07-17");
        check("1er août 2023", "2023-08-01");
        check("Rédigé le 5 juin 2023", "2023-06-05");
        check("Avis publié le 5 déc. 2023", "2023-12-05");
        check("31-Jul-18", "2018-07-31");
        check("July 17, 2023", "2023-07-17");
        check("17th of July, 2023 at 3:05 pm", "2023-07-17T15:05:00");
        check("Reviewed in France on 5 March 2024", "2024-03-05");
        check("lundi 17 février 2025 à 14h30", "2025-02-17T14:30:00");
    }

    #[test]
    fn moments_without_an_offset_are_in_the_zone_of_the_file() {
        let zones = Zones {
            given: TimeZone::get("America/Denver").expect("the time zone database is embedded"),
            ..paris()
        };
        let vocabulary = Vocabulary::embedded();
        for (cell, expected) in [
            ("2026-11-17 09:14:05", "2026-11-17T17:14:05"),
            ("2026-11-17", "2026-11-17"),
            ("2026-11-17T09:14:05Z", "2026-11-17T10:14:05"),
        ] {
            let Reading::Moment(instant) = read(cell, vocabulary, &zones) else {
                panic!("{cell}")
            };
            assert_eq!(instant.moment.to_string(), expected);
        }
    }

    #[test]
    fn seconds_count_through_a_change_of_clocks() {
        let seconds = |cell: &str| match read_here(cell) {
            Reading::Moment(instant) => instant.seconds(&paris()),
            other => panic!("{cell}: {other:?}"),
        };
        assert_eq!(seconds("2017-10-29T00:30:00Z"), 1_509_237_000);
        assert_eq!(
            seconds("2017-10-29 12:00:00") - seconds("2017-10-28 12:00:00"),
            25 * 3600
        );
        assert_eq!(seconds("2017-10-28"), 1_509_141_600);
    }

    #[test]
    fn what_is_no_date_says_why() {
        assert_eq!(read_here("2999-01-01"), Reading::FarYear(2999));
        assert_eq!(read_here("01/01/0001"), Reading::FarYear(1));
        assert_eq!(read_here("31/02/2026"), Reading::Impossible);
        assert_eq!(read_here("2026-13-01"), Reading::Impossible);
        assert_eq!(read_here("31 février 2026"), Reading::Impossible);
        for cell in [
            "hier",
            "12",
            "4.5",
            "juillet 2023",
            "2026",
            "12345678901",
            "06 39 98 12 34",
            "2026-04-17 quand",
        ] {
            assert_eq!(read_here(cell), Reading::Unreadable, "{cell}");
        }
    }

    #[test]
    fn hours_alone_are_read() {
        assert_eq!(
            read_time("3:53:50 PM").map(|t| t.to_string()).as_deref(),
            Some("15:53:50")
        );
        assert_eq!(
            read_time("14h30").map(|t| t.to_string()).as_deref(),
            Some("14:30:00")
        );
        assert_eq!(read_time("25:00"), None);
        assert_eq!(read_time("bientôt"), None);
    }

    const MONTHS: [[&str; 2]; 12] = [
        ["janvier", "January"],
        ["février", "February"],
        ["mars", "March"],
        ["avril", "April"],
        ["mai", "May"],
        ["juin", "June"],
        ["juillet", "July"],
        ["août", "August"],
        ["septembre", "September"],
        ["octobre", "October"],
        ["novembre", "November"],
        ["décembre", "December"],
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_day_and_an_hour_are_read_back_however_written(day in 0..47_847_i32, hour in 0..24_i8, minute in 0..60_i8, second in 0..60_i8) {
            let date = crate::calendar::days_after(jiff::civil::date(1970, 1, 1), day);
            let time = jiff::civil::time(hour, minute, second, 0);
            let utc = Zones::of(&TimeZone::UTC);
            let vocabulary = Vocabulary::embedded();
            let (y, m, d) = (date.year(), date.month(), date.day());
            let [french, english] = MONTHS[m as usize - 1];
            let half = if hour < 12 { "AM" } else { "PM" };
            let on_half = (hour + 11) % 12 + 1;
            let at = Moment::at(date.to_datetime(time));
            let to_the_minute = Moment::at(date.to_datetime(jiff::civil::time(hour, minute, 0, 0)));
            for (cell, expected) in [
                (format!("{date}"), Moment::day(date)),
                (format!("{y}/{m}/{d}"), Moment::day(date)),
                (format!("{y:04}{m:02}{d:02}"), Moment::day(date)),
                (format!("{d} {french} {y}"), Moment::day(date)),
                (format!("{english} {d}, {y}"), Moment::day(date)),
                (format!("{date}T{time}Z"), at),
                (format!("{date} {time}+00:00"), at),
                (format!("{date}T{time}.25-00:00"), Moment::at(date.to_datetime(jiff::civil::time(hour, minute, second, 250_000_000)))),
                (format!("{d} {french} {y} à {hour}h{minute:02}"), to_the_minute),
                (format!("{english} {d}, {y} {on_half}:{minute:02} {half}"), to_the_minute),
            ] {
                match read(&cell, vocabulary, &utc) {
                    Reading::Moment(instant) => prop_assert_eq!(instant.moment, expected, "{}", cell),
                    other => prop_assert!(false, "{}: {:?}", cell, other),
                }
            }
            for (cell, order) in [
                (format!("{d:02}/{m:02}/{y} {hour:02}:{minute:02}"), DateOrder::DayFirst),
                (format!("{m}-{d}-{y} {on_half}:{minute:02} {half}"), DateOrder::MonthFirst),
            ] {
                match read(&cell, vocabulary, &utc) {
                    Reading::Numeric(numeric) => {
                        prop_assert!(numeric.order().is_none_or(|proved| proved == order), "{}", cell);
                        prop_assert_eq!(numeric.moment(order, &utc).map(|instant| instant.moment), Some(to_the_minute), "{}", cell);
                    }
                    other => prop_assert!(false, "{}: {:?}", cell, other),
                }
            }
        }

        #[test]
        fn whatever_is_read_is_near(cell in "[0-9]{0,4}[-/. ]?[0-9a-zé]{0,8}[-/. ,]?[0-9]{0,5}[ T]?[0-9:hAPM]{0,9}[-+Z]?[0-9:]{0,5}") {
            let utc = Zones::of(&TimeZone::UTC);
            if let Reading::Moment(instant) = read(&cell, Vocabulary::embedded(), &utc) {
                prop_assert!(is_near(instant.moment.local.year().into()), "{}", cell);
                prop_assert!(instant.seconds(&utc) >= 0);
            }
        }
    }
}
