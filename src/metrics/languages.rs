//! Language mix: share of records with text written in each language; Wilson's interval.

use super::{
    Measured, Settings, has_text,
    measured::{self, Proportion},
    windows::Windows,
};
use crate::language::Language;
use std::collections::BTreeMap;

/// One language.
#[derive(Clone, Debug, PartialEq)]
pub struct LanguageShare {
    /// The language, "undetermined" included.
    pub language: Language,
    /// Records of the period written in it.
    pub records: u64,
    /// Their share of records with text, 0–1.
    pub share: Measured,
}

/// Languages of the period, most frequent first; ties by language.
pub(super) fn measure(windows: &Windows, settings: &Settings) -> Vec<LanguageShare> {
    let mut counts: BTreeMap<Language, u64> = BTreeMap::new();
    for record in windows.current.iter().filter(|record| has_text(record)) {
        *counts.entry(record.language).or_default() += 1;
    }
    let mut languages: Vec<LanguageShare> = counts
        .into_iter()
        .map(|(language, records)| LanguageShare {
            language,
            records,
            share: measured::over_windows(windows, settings, |share: &mut Proportion, record| {
                if has_text(record) {
                    share.add(record.language == language);
                }
            }),
        })
        .collect();
    languages.sort_by_key(|language| std::cmp::Reverse(language.records));
    languages
}
