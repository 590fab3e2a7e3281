//! The days a report is about (ISO 8601 weeks, or any days), chosen from the records alone.

use crate::{analysis::Analysis, calendar::Week};
use jiff::civil::Date;
use std::fmt;

/// The days a report is about. Its text names the report's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One ISO week.
    Week(Week),
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
    /// `2026-W47`, `2026-10-01_2026-10-31` or `all`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Week(week) => write!(f, "{week}"),
            Period::Days { from, to } => write!(f, "{from}_{to}"),
            Period::All => f.write_str("all"),
        }
    }
}

impl Period {
    /// First and last day, in that order; `None` for everything.
    pub fn days(self) -> Option<(Date, Date)> {
        match self {
            Period::Week(week) => Some((week.monday(), week.sunday())),
            Period::Days { from, to } => Some((from.min(to), from.max(to))),
            Period::All => None,
        }
    }
}

/// First and last day with feedback; `None` without dates.
pub(super) fn span(analysis: &Analysis) -> Option<(Date, Date)> {
    let days = || {
        analysis
            .records
            .iter()
            .filter_map(|record| Some(record.moment()?.local.date()))
    };
    Some((days().min()?, days().max()?))
}

/// The last ISO week with feedback whose Sunday is not after the last day with feedback.
///
/// `None` without dates, and when no such week is complete. A complete week without feedback is passed over: its report
/// would be empty.
pub fn latest_complete_week(analysis: &Analysis) -> Option<Week> {
    let (_, last) = span(analysis)?;
    analysis
        .records
        .iter()
        .filter_map(|record| Some(record.moment()?.week()))
        .filter(|week| week.sunday() <= last)
        .max()
}
