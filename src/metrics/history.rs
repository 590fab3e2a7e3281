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
}
