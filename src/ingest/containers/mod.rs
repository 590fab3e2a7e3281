//! How bytes make rows. A container is told by content, never by extension.
//!
//! A splitter cuts decoded bytes into rows; rows of one batch are then read in parallel. Whatever the bytes,
//! every row found is either given whole or given with what is wrong with it.

pub(super) mod chat_log;
pub(super) mod columnar;
mod compound;
pub(super) mod foreign;
pub(super) mod json;
mod lines;
pub(super) mod mail;
pub(super) mod messages;
pub(super) mod slack;
mod stamps;
pub(super) mod table;
mod weight;
pub(super) mod whatsapp;
pub(super) mod workbook;

use super::{encoding::Survey, vocabulary::Vocabulary};

/// Rows longer than this are broken: an open quote or brace swallowed others.
pub(super) const LONGEST_ROW: usize = 5_000_000;

/// What a file is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Container {
    /// Cells between delimiters.
    Table(table::Dialect),
    /// One JSON object a line.
    Lines,
    /// JSON objects in an array, or one after the other.
    Elements(json::Elements),
    /// Messages of people, made into one JSON object a line.
    Messages(messages::Kind),
    /// Nothing at all.
    Empty,
}

/// A row as bytes of a block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Where it is in the block.
    pub start: usize,
    pub end: usize,
    /// Its first line in the file, from 1.
    pub line: u32,
    /// Why it is no row, if it is not.
    pub fault: Option<Fault>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fault {
    /// Delimiters and white space only.
    Blank,
    /// Refused for this reason.
    Broken(String),
}

/// Cuts bytes into rows.
pub(super) trait Splitter {
    /// Adds the rows `bytes` hold to `rows` and gives the number of bytes that are done with. The rest comes again,
    /// with more behind it; `is_last` says that no more will come, and then all bytes are done with.
    fn split(&mut self, bytes: &[u8], is_last: bool, rows: &mut Vec<Row>) -> usize;

    /// What to say about the file once it was split.
    fn warning(&self) -> Option<String> {
        None
    }
}

impl Container {
    /// The name people know it by.
    pub fn name(&self) -> String {
        match self {
            Container::Table(dialect) if dialect.delimiter == b'\t' => "TSV, tabs".to_owned(),
            Container::Table(dialect) => match dialect.delimiter {
                b';' => "CSV, semicolons".to_owned(),
                b',' => "CSV, commas".to_owned(),
                b'|' => "CSV, bars".to_owned(),
                _ => "CSV, one column".to_owned(),
            },
            Container::Lines => "NDJSON".to_owned(),
            Container::Messages(kind) => kind.name().to_owned(),
            Container::Elements(elements) => match &elements.shape {
                json::Shape::Array => "JSON array".to_owned(),
                json::Shape::Sequence => "JSON objects".to_owned(),
                json::Shape::Member { name, .. } => format!("JSON object, array \"{name}\""),
            },
            Container::Empty => "empty".to_owned(),
        }
    }

    /// A splitter for the whole file.
    pub fn splitter(&self) -> Box<dyn Splitter> {
        match self {
            Container::Table(dialect) => Box::new(table::TableSplitter::new(dialect.clone())),
            Container::Lines | Container::Messages(_) => Box::new(json::LineSplitter::default()),
            Container::Elements(elements) => Box::new(json::ElementSplitter::new(elements.clone())),
            Container::Empty => Box::new(Nothing),
        }
    }

    /// Tells the container from the first bytes of a file; the reason when it is none.
    ///
    /// A JSON object that opens over several lines is given as a sequence of objects; only the whole file tells
    /// whether one of its arrays holds the records, see [`json::records_in`].
    pub fn of(survey: &Survey, vocabulary: &Vocabulary) -> Result<Container, String> {
        let head = &survey.head;
        let start = head.iter().position(|b| !b.is_ascii_whitespace());
        let Some(start) = start else {
            return Ok(Container::Empty);
        };
        match head[start] {
            b'{' => Ok(json::container_of_objects(head, start, survey.is_whole)),
            b'[' => {
                let next = head[start + 1..].iter().find(|b| !b.is_ascii_whitespace());
                match next {
                    Some(b'{' | b']') | None => Ok(Container::Elements(json::Elements {
                        shape: json::Shape::Array,
                    })),
                    Some(_) => Err("not feedback: an array without records".to_owned()),
                }
            }
            _ => table::dialect_of(head, survey.is_whole, None, vocabulary).map(Container::Table),
        }
    }
}

struct Nothing;

impl Splitter for Nothing {
    fn split(&mut self, bytes: &[u8], _is_last: bool, _rows: &mut Vec<Row>) -> usize {
        bytes.len()
    }
}

/// Lines begun within `bytes`.
pub(super) fn lines_in(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}
