//! What stops a run. A bad row does not: it is data, and listed.

use std::path::PathBuf;

/// Why a run, a search or an export could not be done. Every message says what, where and what next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be opened, read or written.
    #[error("{}: {source}; {remedy}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
        /// What to do about it, without a final period.
        remedy: &'static str,
    },
    /// A file is not something feedback can be read from.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What it is and what to do, without a final period.
        reason: String,
    },
    /// Settings, a mapping file or a lexicon say something that cannot be.
    #[error("{place}: {reason}")]
    Settings {
        /// File and line, or the option.
        place: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A query cannot be understood.
    #[error("query: {0}")]
    Query(String),
    /// The workspace is not in a state this program can work with.
    #[error("workspace {}: {reason}", path.display())]
    Workspace {
        /// The workspace folder.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The index failed.
    #[error("index: {0}")]
    Index(String),
}

impl Error {
    /// What is wrong with a TOML text, with its line.
    pub fn of_toml(error: &toml::de::Error, text: &str, place: &str) -> Self {
        let line = error.span().map_or(1, |span| {
            text[..span.start.min(text.len())].matches('\n').count() + 1
        });
        Error::Settings {
            place: format!("{place}:{line}"),
            reason: error.message().to_owned(),
        }
    }
}

/// Line, from 1, of the table of an array of tables that stands at this place: `[[name]]`; 1 where it is written another way.
pub fn line_of_table(text: &str, name: &str, place: usize) -> usize {
    let head = format!("[[{name}]]");
    let lines = (1..).zip(text.lines());
    let mut starts = lines.filter(|(_, line)| {
        let line: String = line
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        line.starts_with(&head)
    });
    starts.nth(place).map_or(1, |(line, _)| line)
}

/// Shorthand for results of this library.
pub type Result<T> = std::result::Result<T, Error>;
