//! An [`Analysis`] told to a reader: sections speak blocks, formats speak bytes, wording speaks the reader's language.
//!
//! Invariants: every number comes from one [`Numbers`], so that page, text and data agree; customers' words are tamed and
//! escaped at each door; the same inputs give the same bytes. Nothing here opens or writes a file.

mod block;
mod formats;
mod quotes;
mod sections;
mod settings;
mod tame;
mod wording;

pub use formats::{ALERTS, disarm};
pub use quotes::{Verbatim, representative};
pub use settings::Settings;
pub use wording::ReportLanguage;

use crate::{
    analysis::{Analysis, AnalyzedFeedback},
    metrics::{AlertOutcome, Followed, Numbers, WatchedTopic},
    themes::Theme,
};

/// One file of a report, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name in the report's folder.
    pub name: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What a report tells beside the numbers; the default has nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extras<'a> {
    /// What became of each alert that was set.
    pub alerts: &'a [AlertOutcome],
    /// Actions, and what their themes did since.
    pub actions: &'a [Followed],
    /// Topics somebody watches.
    pub topics: &'a [WatchedTopic],
}

/// What sections and formats read.
struct Story<'a> {
    analysis: &'a Analysis,
    numbers: &'a Numbers,
    extras: Extras<'a>,
    words: &'a wording::Words,
    settings: &'a Settings,
    quotes: &'a quotes::Quotes<'a>,
    copies: quotes::Copies,
}

impl Story<'_> {
    /// What a theme is called in the language of the report, with a capital as titles have.
    fn name_of(&self, theme: &Theme) -> String {
        let name = self.plain_name_of(theme);
        let mut letters = name.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => String::new(),
        }
    }

    /// The same as people wrote it, for programs.
    fn plain_name_of<'t>(&self, theme: &'t Theme) -> &'t str {
        theme.name(match self.words.language {
            ReportLanguage::French => 0,
            ReportLanguage::English => 1,
        })
    }

    /// How many records of the period say what this one says; 1 when it stands alone.
    fn copies_of(&self, record: &AnalyzedFeedback) -> u32 {
        self.copies.get(&record.copy_group).copied().unwrap_or(1)
    }
}

/// Counts the copies among the records of the period.
fn copies(analysis: &Analysis, numbers: &Numbers) -> quotes::Copies {
    let mut copies = quotes::Copies::default();
    let records = analysis
        .records
        .iter()
        .filter(|record| record.copy_group != 0);
    for record in records.filter(|record| quotes::is_in_period(record, numbers)) {
        *copies.entry(record.copy_group).or_default() += 1;
    }
    copies
}

/// Tells an analysis: `report.html`, `report.md`, `report.json`, `report.xlsx`, `verbatims.csv` and `rejects.csv`; and `alerts.json`
/// where alerts were set.
///
/// `numbers` must have been measured on `analysis`. An empty analysis gives a short report that says so.
pub fn render(
    analysis: &Analysis,
    numbers: &Numbers,
    extras: Extras,
    language: ReportLanguage,
    settings: &Settings,
) -> Vec<ReportFile> {
    let words = wording::Words::of(language);
    let copies = copies(analysis, numbers);
    let quotes = quotes::choose(analysis, numbers, &copies, settings);
    let story = Story {
        analysis,
        numbers,
        extras,
        words: &words,
        settings,
        quotes: &quotes,
        copies,
    };
    let document = sections::document(&story);
    formats::ALL
        .iter()
        .filter(|format| format.name != formats::ALERTS || !extras.alerts.is_empty())
        .map(|format| ReportFile {
            name: format.name,
            bytes: (format.write)(&story, &document),
        })
        .collect()
}

#[cfg(test)]
mod tests;
