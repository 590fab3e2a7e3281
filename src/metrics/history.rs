//! What all feedback says about time, kept beside the records so that the report of one week need not read them all.

use super::volume::{WeekVolume, by_week};
use crate::{analysis::Analysis, language::Language};
use jiff::civil::Date;

/// Facts about everything analysed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Records.
    pub records: u64,
    /// Records without a date.
    pub undated: u64,
    /// First and last day with feedback; `None` without dates.
    pub span: Option<(Date, Date)>,
    /// Every ISO week with feedback, first to last.
    pub weeks: Vec<WeekVolume>,
    /// Records in French.
    pub french: u64,
    /// Records in English.
    pub english: u64,
    /// First day each theme was ever named, by position in [`Analysis::themes`]; `None` where no record with a date does.
    pub first_seen: Vec<Option<Date>>,
}

impl History {
    /// The facts of an analysis that holds everything. Nothing analysed gives zeros.
    pub fn of(analysis: &Analysis) -> Self {
        let records = &analysis.records;
        let days = || {
            records
                .iter()
                .filter_map(|record| Some(record.moment()?.local.date()))
        };
        let in_language = |language: Language| {
            records
                .iter()
                .filter(|record| record.language == language)
                .count() as u64
        };
        let mut first_seen: Vec<Option<Date>> = vec![None; analysis.themes.len()];
        for record in records {
            let Some(moment) = record.moment() else {
                continue;
            };
            let day = moment.local.date();
            for mention in &record.mentions {
                if let Some(known) = first_seen.get_mut(mention.theme as usize) {
                    *known = Some(known.map_or(day, |known| known.min(day)));
                }
            }
        }
        Self {
            records: records.len() as u64,
            undated: records
                .iter()
                .filter(|record| record.moment().is_none())
                .count() as u64,
            span: days().min().zip(days().max()),
            weeks: by_week(records),
            french: in_language(Language::French),
            english: in_language(Language::English),
            first_seen,
        }
    }

    /// The facts of these records and of new ones together. `places` tells, for each theme of the new list, where it stood in
    /// that of these; themes that are not named any more are left out.
    pub fn with(&self, new: &History, places: &[Option<usize>]) -> Self {
        let mut weeks = self.weeks.clone();
        for more in &new.weeks {
            match weeks.binary_search_by_key(&more.week, |week| week.week) {
                Ok(at) => weeks[at].join(more),
                Err(at) => weeks.insert(at, *more),
            }
        }
        let of_both = |a: Option<Date>, b: Option<Date>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let first_seen = places.iter().enumerate().map(|(theme, place)| {
            let before = place.and_then(|place| self.first_seen.get(place).copied().flatten());
            of_both(before, new.first_seen.get(theme).copied().flatten())
        });
        Self {
            records: self.records + new.records,
            undated: self.undated + new.undated,
            span: match (self.span, new.span) {
                (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                (a, b) => a.or(b),
            },
            weeks,
            french: self.french + new.french,
            english: self.english + new.english,
            first_seen: first_seen.collect(),
        }
    }
}
