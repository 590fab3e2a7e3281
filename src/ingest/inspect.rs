//! A dry run over one file: how it would be read, and why.

use super::{
    DateOrder, Encoding, Role, Settings,
    containers::Container,
    paths,
    reading::{self, Unopened},
    time_zone,
    vocabulary::Vocabulary,
};
use crate::{
    error::{Error, Result},
    feedback::{Feedback, FileBalance, RejectedRow},
    observe::Nobody,
};
use std::path::{Path, PathBuf};

/// Records shown as they will be read.
const FIRST: usize = 5;

/// How a file is read.
#[derive(Debug)]
pub struct Inspection {
    /// What its bytes are.
    pub encoding: Encoding,
    /// What it is, for people: `CSV, semicolons`, `JSON array`.
    pub container: String,
    /// What parts the cells of a table; `None` for JSON.
    pub delimiter: Option<char>,
    /// Every column, in the order of the file.
    pub columns: Vec<ColumnReading>,
    /// Order of day and month, where dates are written in numbers.
    pub date_order: Option<DateOrder>,
    /// Best rating there is, where there are ratings.
    pub rating_scale: Option<f32>,
    /// Best satisfaction mark there is, where there are any.
    pub csat_scale: Option<f32>,
    /// The first records as they are read; five at most.
    pub first: Vec<Feedback>,
    /// What became of all rows.
    pub balance: FileBalance,
    /// The refused rows.
    pub rejected: Vec<RejectedRow>,
}

/// What a column is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnReading {
    /// As the file names it.
    pub name: String,
    /// What it is to a record.
    pub role: Role,
    /// Why, in a few words.
    pub why: String,
}

/// Reads a whole file and keeps what a person wants to know before importing it.
///
/// Errors are those of [`super::read`] for a named file; a folder is one too. An empty file has no columns.
pub fn inspect(path: &Path, settings: &Settings) -> Result<Inspection> {
    let zone = time_zone(settings)?;
    let vocabulary = Vocabulary::embedded();
    let (inputs, _) = paths::list(&[path.to_owned()])?;
    let input = match inputs.as_slice() {
        [input] if input.is_named => input,
        _ => {
            let reason = "a folder; name the files in it".to_owned();
            return Err(Error::Unreadable {
                path: path.to_owned(),
                reason,
            });
        }
    };
    let file = reading::open(input, &vocabulary).map_err(|error| match error {
        Unopened::Io(source) => Error::Io {
            path: path.to_owned(),
            source,
            remedy: "check who may read it",
        },
        Unopened::NotFeedback(reason) => Error::Unreadable {
            path: path.to_owned(),
            reason,
        },
    })?;
    let mut read = reading::read(&file, settings, &vocabulary, &zone, &Nobody)?;
    let rating_scale = read
        .feedback
        .iter()
        .find_map(|feedback| feedback.rating)
        .map(|rating| rating.scale);
    let csat_scale = read
        .feedback
        .iter()
        .find_map(|feedback| feedback.csat)
        .map(|csat| csat.scale);
    read.feedback.truncate(FIRST);
    Ok(Inspection {
        encoding: file.survey.encoding,
        container: file.container.name(),
        delimiter: match &file.container {
            Container::Table(dialect) if dialect.header.len() > 1 => {
                Some(dialect.delimiter as char)
            }
            _ => None,
        },
        columns: read
            .columns
            .into_iter()
            .map(|(name, guess)| ColumnReading {
                name,
                role: guess.role,
                why: guess.why,
            })
            .collect(),
        date_order: read.date_order,
        rating_scale,
        csat_scale,
        first: read.feedback,
        balance: read.balance,
        rejected: read.rejected,
    })
}

/// The files a run over `paths` would look at, sorted by the name reports give them.
///
/// Errors: a path that is missing or cannot be read. Files that are not feedback are among them.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let (inputs, _) = paths::list(paths)?;
    Ok(inputs.into_iter().map(|input| input.path).collect())
}
