//! Files in; feedback and rejected rows out.
//!
//! A file is looked at once, to tell its encoding and its container by content; its first rows are looked at to tell
//! what each column is; then it is read in blocks whose rows are converted in parallel. Every row found is accepted,
//! refused with a reason, or counted as empty: the balance of a file always closes.

mod containers;
mod dates;
mod encoding;
mod inspect;
mod mapping;
mod names;
mod numbers;
mod paths;
mod reading;
mod record;
mod roles;
mod vocabulary;

pub use dates::DateOrder;
pub use encoding::Encoding;
pub use inspect::{ColumnReading, Inspection, files, inspect};
pub use mapping::Mapping;
pub use roles::Role;

use crate::{
    error::{Error, Result},
    feedback::{Feedback, FileBalance, RejectedRow},
    observe::{Event, Stage, Watcher},
};
use jiff::tz::TimeZone;
use reading::{Opened, Unopened};
use serde::Deserialize;
use std::path::PathBuf;
use vocabulary::Vocabulary;

/// How files are read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// IANA zone the report speaks; moments with an offset are moved to it. Default `Europe/Paris`.
    pub time_zone: String,
    /// Longest text of one record in bytes; longer ones are refused. Default 1,000,000.
    pub max_text_bytes: usize,
    /// Roles given by hand; they come from a file of their own.
    #[serde(skip)]
    pub mapping: Mapping,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_zone: "Europe/Paris".to_owned(),
            max_text_bytes: 1_000_000,
            mapping: Mapping::default(),
        }
    }
}

/// What was read.
#[derive(Debug, Default)]
pub struct Imported {
    /// Accepted rows, file by file in the order of `files`, rows in the order of the file. Keys may repeat.
    pub feedback: Vec<Feedback>,
    /// One entry a file, sorted by name. Duplicates are not looked for here, and 0.
    pub files: Vec<FileBalance>,
    /// Refused rows, in the same order.
    pub rejected: Vec<RejectedRow>,
}

/// Reads files, and folders with all files below them.
///
/// Every file is looked at before the first is read. An error is a path that is missing or cannot be read, a named
/// file that is neither a table nor JSON, or a time zone that does not exist. Files of a folder that hold no feedback
/// are skipped with a warning. No path, or empty files, give nothing.
pub fn read(paths: &[PathBuf], settings: &Settings, watcher: &dyn Watcher) -> Result<Imported> {
    let zone = time_zone(settings)?;
    let vocabulary = Vocabulary::embedded();
    let (inputs, warnings) = paths::list(paths)?;
    let mut opened: Vec<Opened> = Vec::new();
    let mut skipped = Vec::new();
    for input in inputs {
        if !input.is_named && is_document(&input.name) {
            skipped.push(format!("{}: skipped: a document, not data", input.name));
            continue;
        }
        match reading::open(&input, &vocabulary) {
            Ok(file) => opened.push(file),
            Err(Unopened::Io(source)) if input.is_named => {
                let remedy = "check who may read it";
                return Err(Error::Io {
                    path: input.path,
                    source,
                    remedy,
                });
            }
            Err(Unopened::NotFeedback(reason)) if input.is_named => {
                return Err(Error::Unreadable {
                    path: input.path,
                    reason,
                });
            }
            Err(Unopened::Io(source)) => skipped.push(format!(
                "{}: skipped: {source}; check who may read it",
                input.name
            )),
            Err(Unopened::NotFeedback(reason)) => {
                skipped.push(format!("{}: skipped: {reason}", input.name))
            }
        }
    }
    for warning in warnings.into_iter().chain(skipped) {
        watcher.see(Event::Warned(warning));
    }
    let total = opened.iter().map(Opened::length).sum();
    watcher.see(Event::Started {
        stage: Stage::Reading,
        total,
    });
    let mut imported = Imported::default();
    for file in &opened {
        let read = reading::read(file, settings, &vocabulary, &zone, watcher)?;
        match imported.feedback.is_empty() {
            // One large file is the usual case: its records are not copied.
            true => imported.feedback = read.feedback,
            false => imported.feedback.extend(read.feedback),
        }
        imported.files.push(read.balance);
        imported.rejected.extend(read.rejected);
    }
    watcher.see(Event::Finished {
        stage: Stage::Reading,
    });
    Ok(imported)
}

/// True for files that lie beside data and may look like it: notes and settings. Named ones are read all the same.
fn is_document(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        ".md", ".rst", ".html", ".htm", ".toml", ".yaml", ".yml", ".xml",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// The zone of the settings.
fn time_zone(settings: &Settings) -> Result<TimeZone> {
    TimeZone::get(&settings.time_zone).map_err(|_| Error::Settings {
        place: "ingest.time_zone".to_owned(),
        reason: format!(
            "\"{}\" is not a time zone; write one such as Europe/Paris",
            settings.time_zone
        ),
    })
}

#[cfg(test)]
mod tests;
