//! A dry run over one file: how it would be read, and why.

use super::{
    DateOrder, Encoding, Role, Settings,
    containers::Container,
    conversation::Agents,
    named_error,
    opening::{Found, Opener},
    paths,
    reading::{self, Rules},
    time_zone,
    vocabulary::Vocabulary,
};
use crate::{
    error::Result,
    feedback::{Feedback, FileBalance, RejectedRow},
    observe::Nobody,
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Records and refused rows shown as they will be read.
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
    /// The first refused rows; five at most.
    pub rejected: Vec<RejectedRow>,
    /// Name of the source it was recognised as; `None` for a plain file.
    pub source: Option<&'static str>,
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

impl Inspection {
    /// A mapping file that says what was understood, column by column, for a person to correct.
    pub fn starter_mapping(&self) -> String {
        // As JSON quotes: TOML's own ways to quote a value are not all ways to quote a key.
        let quoted = |text: &str| {
            let quoted = serde_json::Value::from(text).to_string();
            quoted.replace('\u{7f}', "\\u007f")
        };
        let comment = |text: &str| text.replace(|c: char| c.is_control(), " ");
        let mut mapping = format!(
            "# How {} is read. Correct what is wrong, then: vocable run FILE --mapping THIS-FILE\n\
             # Roles: {}.\n\n[columns]\n",
            comment(&self.balance.file),
            Role::all_names()
        );
        let mut named = BTreeSet::new();
        for column in &self.columns {
            // Columns go by their plain names: of two that are named alike one can be mapped.
            if !named.insert(Vocabulary::embedded().plain(&column.name)) {
                mapping.push_str("# named as one above: ");
            }
            // An effort score is of no use without its direction, which no file says.
            let role = match column.role {
                Role::Ces => Role::Keep,
                role => role,
            };
            mapping.push_str(&format!(
                "{} = {} # {}\n",
                quoted(&column.name),
                quoted(role.name()),
                comment(&column.why)
            ));
        }
        mapping.push_str(
            "\n# More than a role: { role = \"rating\", scale = 10 }, { role = \"ces\", scale = 7, high_is = \"easy\" },\n\
             # { role = \"first_reply\", unit = \"hours\" }.\n\n[reading]\n",
        );
        let order = match self.date_order {
            Some(DateOrder::MonthFirst) => "month_first",
            Some(DateOrder::DayFirst) | None => "day_first",
        };
        let has_order = if self.date_order.is_some() { "" } else { "# " };
        mapping.push_str(&format!("{has_order}date_order = \"{order}\"\n"));
        for (name, scale) in [
            ("rating_scale", self.rating_scale),
            ("csat_scale", self.csat_scale),
        ] {
            match scale {
                Some(scale) => mapping.push_str(&format!("{name} = {scale}\n")),
                None => mapping.push_str(&format!("# {name} = 5\n")),
            }
        }
        mapping.push_str(
            "# time_zone = \"UTC\" # of moments that name none\n\n[constants]\n\
             # channel = \"web\"\n# product = \"shop\"\n",
        );
        mapping
    }
}

/// Reads a whole file and keeps what a person wants to know before importing it: one entry a file, several for a
/// workbook or an archive. Memory does not grow with the file.
///
/// Errors are those of [`super::read`] for a named file; a folder is listed by [`files`]. An empty file has no columns.
pub fn inspect(path: &Path, settings: &Settings) -> Result<Vec<Inspection>> {
    let zone = time_zone(settings)?;
    let vocabulary = Vocabulary::embedded();
    let agents = Agents::new(&settings.agents);
    let opener = Opener { vocabulary };
    let rules = Rules {
        settings,
        vocabulary,
        agents: &agents,
        zone: &zone,
        most: FIRST,
    };
    let (inputs, _) = paths::list(&[path.to_owned()], settings.follow_links)?;
    let mut inspections = Vec::new();
    for input in inputs {
        let Found { files, .. } = opener
            .open(&input)
            .map_err(|error| named_error(&input, error))?;
        for file in files {
            let read = reading::read(&file, &rules, &Nobody)?;
            inspections.push(Inspection {
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
                rating_scale: read.rating_scale,
                csat_scale: read.csat_scale,
                first: read.feedback,
                balance: read.balance,
                rejected: read.rejected,
                source: read.source.map(|source| source.name),
            });
        }
    }
    Ok(inspections)
}

/// The files a run over `paths` would look at, sorted by the name reports give them; `follow_links` as in [`Settings`].
///
/// Errors: a path that is missing or cannot be read. Files that are not feedback are among them.
pub fn files(paths: &[PathBuf], follow_links: bool) -> Result<Vec<PathBuf>> {
    let (inputs, _) = paths::list(paths, follow_links)?;
    let path = |input: paths::Input| input.path.unwrap_or_else(|| paths::STDIN.0.into());
    Ok(inputs.into_iter().map(path).collect())
}
