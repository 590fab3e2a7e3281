//! The days a report is about (ISO 8601 weeks, calendar months and quarters, or any days), chosen from the records alone.

use super::History;
use crate::calendar::{Week, days_after};
use jiff::civil::Date;
use std::{fmt, str::FromStr};

/// The days a report is about. Its text names the report's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One ISO week.
    Week(Week),
    /// One calendar month.
    Month {
        /// Calendar year.
        year: i16,
        /// 1 to 12.
        month: i8,
    },
    /// Three calendar months, the first of them January, April, July or October.
    Quarter {
        /// Calendar year.
        year: i16,
        /// 1 to 4.
        quarter: i8,
    },
    /// From one day to another, both included; given the wrong way round, they are read the right way.
    Days {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// Everything, records without a date included.
    All,
}

impl fmt::Display for Period {
    /// `2026-W47`, `2026-10`, `2026-Q4`, `2026-10-01_2026-10-31` or `all`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Week(week) => write!(f, "{week}"),
            Period::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Period::Quarter { year, quarter } => write!(f, "{year:04}-Q{quarter}"),
            Period::Days { from, to } => write!(f, "{from}_{to}"),
            Period::All => f.write_str("all"),
        }
    }
}

/// Why a text is not a period.
#[derive(Debug, thiserror::Error)]
#[error(
    "\"{0}\" is not a period; write a week as 2026-W47, a month as 2026-10, a quarter as 2026-Q4, days as 2026-10-01_2026-10-31, or all"
)]
pub struct NotAPeriod(String);

impl FromStr for Period {
    type Err = NotAPeriod;

    /// Reads back what `Display` wrote.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text.trim()).ok_or_else(|| NotAPeriod(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Period> {
    if text == "all" {
        return Some(Period::All);
    }
    if let Some((from, to)) = text.split_once('_') {
        let (from, to): (Date, Date) = (from.parse().ok()?, to.parse().ok()?);
        return (from <= to).then_some(Period::Days { from, to });
    }
    if let Ok(week) = text.parse() {
        return Some(Period::Week(week));
    }
    let (year, part) = text.split_once('-')?;
    let year = (year.len() == 4).then(|| year.parse().ok())??;
    match part.strip_prefix('Q') {
        Some(quarter) => {
            let quarter = quarter.parse().ok()?;
            (1..=4)
                .contains(&quarter)
                .then_some(Period::Quarter { year, quarter })
        }
        None => {
            let month = (part.len() == 2).then(|| part.parse().ok())??;
            (1..=12)
                .contains(&month)
                .then_some(Period::Month { year, month })
        }
    }
}

/// First and last day of `count` calendar months; `first` counts months from year 0.
fn months(first: i32, count: i32) -> Option<(Date, Date)> {
    let start = |months: i32| {
        let year = i16::try_from(months.div_euclid(12)).ok()?;
        Date::new(year, (months.rem_euclid(12) + 1) as i8, 1).ok()
    };
    Some((start(first)?, days_after(start(first + count)?, -1)))
}

impl Period {
    /// First and last day, in that order; `None` for everything.
    pub fn days(self) -> Option<(Date, Date)> {
        match self {
            Period::Week(week) => Some((week.monday(), week.sunday())),
            Period::Month { year, month } => months(i32::from(year) * 12 + i32::from(month) - 1, 1),
            Period::Quarter { year, quarter } => {
                months(i32::from(year) * 12 + 3 * (i32::from(quarter) - 1), 3)
            }
            Period::Days { from, to } => Some((from.min(to), from.max(to))),
            Period::All => None,
        }
    }

    /// The period of the same kind `periods` before this one, by its days; `None` for everything.
    pub(super) fn days_before(self, periods: i32) -> Option<(Date, Date)> {
        match self {
            Period::Month { year, month } => {
                months(i32::from(year) * 12 + i32::from(month) - 1 - periods, 1)
            }
            Period::Quarter { year, quarter } => months(
                i32::from(year) * 12 + 3 * (i32::from(quarter) - 1 - periods),
                3,
            ),
            _ => {
                let (from, to) = self.days()?;
                let length = (to - from).get_days() + 1;
                Some((
                    days_after(from, -length * periods),
                    days_after(to, -length * periods),
                ))
            }
        }
    }

    /// The same period a year earlier: the week of the same number, the same month or quarter, the same weekdays 52 weeks
    /// before; `None` where there is none (week 53, more than 52 weeks, everything).
    pub(super) fn days_last_year(self) -> Option<(Date, Date)> {
        match self {
            Period::Week(week) => {
                let name = format!("{:04}-W{:02}", week.year - 1, week.number);
                let week: Week = name.parse().ok()?;
                Some((week.monday(), week.sunday()))
            }
            Period::Month { .. } => self.days_before(12),
            Period::Quarter { .. } => self.days_before(4),
            Period::Days { .. } => {
                let (from, to) = self.days()?;
                let is_short = (to - from).get_days() < 364;
                is_short.then(|| (days_after(from, -364), days_after(to, -364)))
            }
            Period::All => None,
        }
    }
}

/// The last ISO week with feedback whose Sunday is not after the last day with feedback.
///
/// `None` without dates, and when no such week is complete. A complete week without feedback is passed over: its report
/// would be empty.
pub fn latest_complete_week(history: &History) -> Option<Week> {
    let (_, last) = history.span?;
    history
        .weeks
        .iter()
        .map(|volume| volume.week)
        .filter(|week| week.sunday() <= last)
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_reads_back_as_written() {
        for text in [
            "2026-W47",
            "2026-02",
            "2026-Q4",
            "2026-10-01_2026-10-31",
            "all",
        ] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-Q5",
            "2026-1",
            "2026-W54",
            "2026-10-02_2026-10-01",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[track_caller]
    fn check(period: &str, back: i32, from: &str, to: &str) {
        let period: Period = period.parse().unwrap();
        let days = match back {
            -1 => period.days_last_year(),
            back => period.days_before(back),
        };
        let (first, last) = days.unwrap();
        assert_eq!(
            (first.to_string(), last.to_string()),
            (from.to_owned(), to.to_owned())
        );
    }

    #[test]
    fn earlier_periods_follow_the_calendar() {
        check("2026-02", 0, "2026-02-01", "2026-02-28");
        check("2026-02", 2, "2025-12-01", "2025-12-31");
        check("2026-Q1", 1, "2025-10-01", "2025-12-31");
        check("2026-W01", 1, "2025-12-22", "2025-12-28");
        check("2026-10-01_2026-10-10", 1, "2026-09-21", "2026-09-30");
        check("2024-02", -1, "2023-02-01", "2023-02-28");
        check("2026-W47", -1, "2025-11-17", "2025-11-23");
        assert_eq!("2026-W53".parse::<Period>().unwrap().days_last_year(), None);
    }
}
