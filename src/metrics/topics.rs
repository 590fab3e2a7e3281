//! Watched topics: how many records a saved search finds, and how many of them are negative (Wilson's interval).

use super::{
    History, Measured, Scope, Settings,
    measured::{self, Proportion},
    windows::Windows,
};
use crate::{analysis::Analysis, sentiment::Polarity};

/// A topic somebody watches: a search with a name, and what it finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// What people call it.
    pub name: String,
    /// The search, as it was saved.
    pub query: String,
    /// Keys of all records that match, sorted.
    pub keys: Vec<String>,
}

/// A watched topic in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchedTopic {
    /// What people call it.
    pub name: String,
    /// The search.
    pub query: String,
    /// Records of the period that match.
    pub records: u64,
    /// Their share of all records of the period, 0–1.
    pub share: Measured,
    /// The share of negative ones among the records that match, 0–1.
    pub negative: Measured,
}

/// The topics in numbers, in their order; none without topics. Records are those of the scope, as in
/// [`measure_part`](super::measure_part).
pub fn watch(
    topics: &[Topic],
    analysis: &Analysis,
    history: &History,
    scope: &Scope,
    settings: &Settings,
) -> Vec<WatchedTopic> {
    if topics.is_empty() {
        return Vec::new();
    }
    let windows = Windows::cut(analysis, history, scope, settings);
    let watched = topics.iter().map(|topic| {
        let matches = |key: &str| {
            let found = (topic.keys).binary_search_by(|known| known.as_str().cmp(key));
            found.is_ok()
        };
        let share = measured::over_windows(&windows, settings, |share: &mut Proportion, record| {
            share.add(matches(&record.feedback.key));
        });
        let negative = measured::over_windows(&windows, settings, |of: &mut Proportion, record| {
            if matches(&record.feedback.key) {
                of.add(record.polarity() == Polarity::Negative);
            }
        });
        WatchedTopic {
            name: topic.name.clone(),
            query: topic.query.clone(),
            records: negative.current.n,
            share,
            negative,
        }
    });
    watched.collect()
}
