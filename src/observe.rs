//! What a run tells whoever watches it. The library says; the terminal decides what to show.

use crate::feedback::RejectedRow;

/// A stage of a run, in the order they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Files are read; counted in bytes.
    Reading,
    /// Words, language and sentiment of each record; counted in records.
    Analysing,
    /// Themes are found and given; counted in records.
    FindingThemes,
    /// The index takes the records; counted in records.
    Indexing,
    /// The report is written; counted in files.
    Reporting,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// A stage began.
    Started {
        /// Which.
        stage: Stage,
        /// Steps it will take, about.
        total: u64,
    },
    /// A stage went further.
    Advanced {
        /// Which.
        stage: Stage,
        /// By so many steps.
        steps: u64,
    },
    /// A stage ended.
    Finished {
        /// Which.
        stage: Stage,
    },
    /// A row was refused.
    Rejected(&'a RejectedRow),
    /// Something a person should know that stops nothing, as one sentence.
    Warned(String),
}

/// Watches a run. Called from several threads, in no promised order within a stage.
pub trait Watcher: Sync {
    /// Takes one event.
    fn see(&self, event: Event<'_>);
}

/// Watches nothing.
pub struct Nobody;

impl Watcher for Nobody {
    fn see(&self, _event: Event<'_>) {}
}
