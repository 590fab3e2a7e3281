//! Days and hours that open a line of a chat: `15/03/2024 10:00:00`, `3/15/24, 10:00 AM`, `2024-03-15T10:00`, `10:00`.

use super::super::dates::DateOrder;
use jiff::civil::{Date, DateTime, Time};

/// A day as written, in the order it is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// `2024-03-15`.
    YearFirst { year: i16, month: i8, day: i8 },
    /// `15/03/2024` or `3/15/24`: day and month may be the one or the other.
    YearLast { first: i8, second: i8, year: i16 },
}

/// The hour beside it, or alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hour {
    hour: i8,
    minute: i8,
    second: Option<i8>,
    /// `Some(true)` after noon, `Some(false)` before; `None` on a clock of 24 hours.
    is_afternoon: Option<bool>,
}

impl Day {
    /// The order the numbers prove; `None` when both would do.
    pub fn order(self) -> Option<DateOrder> {
        match self {
            Day::YearLast { first, .. } if first > 12 => Some(DateOrder::DayFirst),
            Day::YearLast { second, .. } if second > 12 => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// The date under an order; `None` when there is no such day.
    pub fn date(self, order: DateOrder) -> Option<Date> {
        match (self, order) {
            (Day::YearFirst { year, month, day }, _) => Date::new(year, month, day).ok(),
            (
                Day::YearLast {
                    first,
                    second,
                    year,
                },
                DateOrder::DayFirst,
            ) => Date::new(year, second, first).ok(),
            (
                Day::YearLast {
                    first,
                    second,
                    year,
                },
                DateOrder::MonthFirst,
            ) => Date::new(year, first, second).ok(),
        }
    }

    /// The next day where the order is certain.
    pub fn tomorrow(self) -> Option<Day> {
        let date = self.date(DateOrder::DayFirst)?.tomorrow().ok()?;
        match self {
            Day::YearFirst { .. } => Some(Day::YearFirst {
                year: date.year(),
                month: date.month(),
                day: date.day(),
            }),
            Day::YearLast { .. } => None,
        }
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Day::YearFirst { year, month, day } => write!(f, "{year:04}-{month:02}-{day:02}"),
            Day::YearLast {
                first,
                second,
                year,
            } => write!(f, "{first:02}/{second:02}/{year:04}"),
        }
    }
}

impl Hour {
    /// Minutes since midnight.
    pub fn minutes(self) -> i16 {
        let hour = match self.is_afternoon {
            None => self.hour,
            Some(is_afternoon) => self.hour % 12 + if is_afternoon { 12 } else { 0 },
        };
        i16::from(hour) * 60 + i16::from(self.minute)
    }

    /// The moment on a date.
    pub fn on(self, date: Date) -> DateTime {
        let minutes = self.minutes();
        let (hour, minute) = (minutes / 60, minutes % 60);
        let time = Time::new(
            i8::try_from(hour).unwrap_or_default(),
            i8::try_from(minute).unwrap_or_default(),
            self.second.unwrap_or_default(),
            0,
        );
        date.to_datetime(time.unwrap_or(Time::midnight()))
    }

    /// The hour with seconds, as a full date has it.
    pub fn with_seconds(self) -> Hour {
        Hour {
            second: Some(self.second.unwrap_or_default()),
            ..self
        }
    }
}

impl std::fmt::Display for Hour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)?;
        if let Some(second) = self.second {
            write!(f, ":{second:02}")?;
        }
        match self.is_afternoon {
            None => Ok(()),
            Some(false) => f.write_str(" AM"),
            Some(true) => f.write_str(" PM"),
        }
    }
}

/// True for marks of direction and byte order, which are not seen and not said.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Takes a day from the front of `rest`; leaves it alone when there is none.
pub(super) fn take_day(rest: &mut &str) -> Option<Day> {
    let mut after = *rest;
    let (first, first_digits) = take_number(&mut after)?;
    let border = after
        .chars()
        .next()
        .filter(|c| matches!(c, '/' | '-' | '.'))?;
    after = &after[1..];
    let (second, second_digits) = take_number(&mut after)?;
    after = after.strip_prefix(border)?;
    let (third, third_digits) = take_number(&mut after)?;
    let part = |number: i16| {
        i8::try_from(number)
            .ok()
            .filter(|part| (1..=31).contains(part))
    };
    let day = match (first_digits, second_digits, third_digits) {
        (4, 1 | 2, 1 | 2) => Day::YearFirst {
            year: first,
            month: part(second)?,
            day: part(third)?,
        },
        (1 | 2, 1 | 2, 2 | 4) => Day::YearLast {
            first: part(first)?,
            second: part(second)?,
            year: if third_digits == 2 {
                2000 + third
            } else {
                third
            },
        },
        _ => return None,
    };
    let is_day = |order| {
        day.date(order)
            .is_some_and(|date| (1990..=2100).contains(&date.year()))
    };
    (is_day(DateOrder::DayFirst) || is_day(DateOrder::MonthFirst)).then(|| *rest = after)?;
    Some(day)
}

/// Takes an hour from the front of `rest`, with fractions and an offset, which are dropped.
pub(super) fn take_hour(rest: &mut &str) -> Option<Hour> {
    let mut after = *rest;
    let (hour, digits) = take_number(&mut after)?;
    let border = after
        .chars()
        .next()
        .filter(|c| matches!(c, ':' | '.' | 'h'))?;
    after = &after[1..];
    let (minute, minute_digits) = take_number(&mut after)?;
    if digits > 2 || minute_digits != 2 || hour > 23 || minute > 59 {
        return None;
    }
    let mut second = None;
    if let Some(mut behind) = after.strip_prefix(border)
        && let Some((number, 2)) = take_number(&mut behind)
        && number <= 60
    {
        second = Some(i8::try_from(number.min(59)).ok()?);
        after = behind;
        if let Some(fraction) = after.strip_prefix(['.', ',']) {
            let fraction_digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if fraction_digits > 0 {
                after = &fraction[fraction_digits..];
            }
        }
    }
    if after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_afternoon = take_half(&mut after).filter(|_| (1..=12).contains(&hour));
    *rest = after;
    Some(Hour {
        hour: i8::try_from(hour).ok()?,
        minute: i8::try_from(minute).ok()?,
        second,
        is_afternoon,
    })
}

/// Takes what stands between a day and its hour: a comma, white space, a `T`, a short word such as `à` or `at`.
pub(super) fn take_gap(rest: &mut &str) -> Option<()> {
    if let Some(after) = rest.strip_prefix(['T', 't'])
        && after.starts_with(|c: char| c.is_ascii_digit())
    {
        *rest = after;
        return Some(());
    }
    let after = rest.strip_prefix(',').unwrap_or(rest);
    let mut behind = after.trim_start();
    if behind.len() == after.len() {
        return None;
    }
    let word = behind.chars().take_while(|c| c.is_alphabetic()).count();
    if (1..=3).contains(&word) {
        behind = behind.trim_start_matches(char::is_alphabetic).trim_start();
    }
    *rest = behind;
    Some(())
}

/// `AM`, `pm`, `p. m.`, with white space before.
fn take_half(rest: &mut &str) -> Option<bool> {
    let after = rest.trim_start();
    let is_afternoon = match after.as_bytes().first()? {
        b'a' | b'A' => false,
        b'p' | b'P' => true,
        _ => return None,
    };
    let after = &after[1..];
    let after = after.strip_prefix('.').map_or(after, str::trim_start);
    let after = after.strip_prefix(['m', 'M'])?;
    let after = after.strip_prefix('.').unwrap_or(after);
    if after.starts_with(char::is_alphanumeric) {
        return None;
    }
    *rest = after;
    Some(is_afternoon)
}

/// A number of up to four digits, with their count.
fn take_number(rest: &mut &str) -> Option<(i16, usize)> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest[..digits].parse().ok().filter(|_| digits <= 4)?;
    *rest = &rest[digits..];
    Some((number, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_day(text: &str, written: Option<&str>, after: &str) {
        let mut rest = text;
        let day = take_day(&mut rest).map(|day| day.to_string());
        assert_eq!((day.as_deref(), rest), (written, after), "{text}");
    }

    #[track_caller]
    fn check_hour(text: &str, written: Option<&str>, after: &str) {
        let mut rest = text;
        let hour = take_hour(&mut rest).map(|hour| hour.to_string());
        assert_eq!((hour.as_deref(), rest), (written, after), "{text}");
    }

    #[test]
    fn days_keep_the_order_of_their_parts() {
        check_day("15/03/2024, 10:00", Some("15/03/2024"), ", 10:00");
        check_day("3/15/24", Some("03/15/2024"), "");
        check_day("01.02.2024 x", Some("01/02/2024"), " x");
        check_day("2024-03-15T10", Some("2024-03-15"), "T10");
        check_day("15/13/2024", None, "15/13/2024");
        check_day("1/2", None, "1/2");
        check_day("31/02/2024", None, "31/02/2024");
        check_day("1/2-2024", None, "1/2-2024");
        check_day("0/1/2024", None, "0/1/2024");
        check_day("", None, "");
    }

    #[test]
    fn hours_keep_their_half_of_the_day() {
        check_hour("10:00", Some("10:00"), "");
        check_hour("9:05:07 x", Some("09:05:07"), " x");
        check_hour("10:20\u{202f}PM] x", Some("10:20 PM"), "] x");
        check_hour("1:20 p. m. - x", Some("01:20 PM"), " - x");
        check_hour("14:59 amande", Some("14:59"), " amande");
        check_hour("14h05 - x", Some("14:05"), " - x");
        check_hour("10:00:00.123Z", Some("10:00:00"), "Z");
        check_hour("25:00", None, "25:00");
        check_hour("10:5", None, "10:5");
        check_hour("10:005", None, "10:005");
        check_hour("10", None, "10");
    }

    #[test]
    fn halves_of_the_day_are_counted_from_midnight() {
        let minutes = |text: &str| take_hour(&mut { text }).unwrap().minutes();
        assert_eq!(minutes("12:05 AM"), 5);
        assert_eq!(minutes("12:05 PM"), 725);
        assert_eq!(minutes("11:05 PM"), 1385);
        assert_eq!(minutes("23:05"), 1385);
    }
}
