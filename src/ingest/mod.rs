//! Files in; feedback and rejected rows out.
//!
//! A file is looked at once, to tell its encoding and its container by content; its first rows are looked at to tell
//! what each column is; then it is read in blocks whose rows are converted in parallel. Every row found is accepted,
//! refused with a reason, or counted as empty: the balance of a file always closes.

mod batch;
mod bytes;
mod containers;
mod conversation;
mod dates;
mod encoding;
mod inspect;
mod mapping;
mod markup;
mod names;
mod numbers;
mod opening;
mod paths;
mod reading;
mod record;
mod roles;
mod slack_marks;
mod sources;
mod vocabulary;

pub use containers::foreign::FOREIGN_PARSER;
pub use dates::DateOrder;
pub use encoding::Encoding;
pub use inspect::{ColumnReading, Inspection, files, inspect};
pub use mapping::{MappedColumn, Mapping};
pub use roles::Role;

use crate::{
    error::{Error, Result},
    feedback::{Feedback, FileBalance, RejectedRow},
    observe::{Event, Stage, Watcher},
};
use conversation::Agents;
use jiff::tz::TimeZone;
use opening::{Found, Opened, Opener, Unopened};
use reading::Rules;
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
    /// People of the company, by name or address as files name them, or `@domain` for everybody there: their messages
    /// tell when the company answered, and are not judged. Default none, so that only what files say counts.
    pub agents: Vec<String>,
    /// Whether links in folders are followed out of the folder that was named. Default false: a folder may come from somebody
    /// else, and what its links lead to may not be meant. Links that stay within the folder are always followed.
    pub follow_links: bool,
    /// Roles given by hand; they come from a file of their own.
    #[serde(skip)]
    pub mapping: Mapping,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_zone: "Europe/Paris".to_owned(),
            max_text_bytes: 1_000_000,
            agents: Vec::new(),
            follow_links: false,
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

/// Reads files, and folders with all files below them; `-` is standard input.
///
/// Every file is looked at before the first is read. An error is a path that is missing or cannot be read, a named
/// file that holds no feedback in any form known, or a time zone that does not exist. Files of a folder or an archive
/// that hold no feedback are skipped with a warning. No path, or empty files, give nothing.
pub fn read(paths: &[PathBuf], settings: &Settings, watcher: &dyn Watcher) -> Result<Imported> {
    let zone = time_zone(settings)?;
    let vocabulary = Vocabulary::embedded();
    let agents = Agents::new(&settings.agents);
    let opener = Opener { vocabulary };
    let (inputs, mut warnings) = paths::list(paths, settings.follow_links)?;
    let mut opened: Vec<Opened> = Vec::new();
    for input in inputs {
        if !input.is_named && is_document(&input.name) {
            warnings.push(format!("{}: skipped: a document, not data", input.name));
            continue;
        }
        match opener.open(&input) {
            Ok(Found { files, skipped, .. }) => {
                opened.extend(files);
                let skipped = skipped.into_iter();
                warnings
                    .extend(skipped.map(|part| format!("{}: skipped: {}", part.name, part.reason)));
            }
            Err(error) if input.is_named => return Err(named_error(&input, error)),
            Err(Unopened::Io(source)) => warnings.push(format!(
                "{}: skipped: {source}; check who may read it",
                input.name
            )),
            Err(Unopened::NotFeedback(reason)) => {
                warnings.push(format!("{}: skipped: {reason}", input.name))
            }
        }
    }
    for warning in warnings {
        watcher.see(Event::Warned(warning));
    }
    // Parts of one file come in its own order: balances are sorted by name.
    opened.sort_by(|a, b| a.name.cmp(&b.name));
    let total = opened.iter().map(Opened::length).sum();
    watcher.see(Event::Started {
        stage: Stage::Reading,
        total,
    });
    let rules = Rules {
        settings,
        vocabulary,
        agents: &agents,
        zone: &zone,
        most: usize::MAX,
    };
    let mut imported = Imported::default();
    for file in &opened {
        let read = reading::read(file, &rules, watcher)?;
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

/// Why a file that was named was not opened.
fn named_error(input: &paths::Input, error: Unopened) -> Error {
    let path = match &input.path {
        Some(path) => path.clone(),
        None => paths::STDIN.1.into(),
    };
    match error {
        Unopened::Io(source) => Error::Io {
            path,
            source,
            remedy: "check who may read it, and that it is whole",
        },
        Unopened::NotFeedback(reason) => Error::Unreadable { path, reason },
    }
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
