//! Tables: cells between delimiters, some of them quoted.
//!
//! Quotes follow RFC 4180 as spreadsheets write it: a cell that begins with a quote ends at the next lone one, and
//! may hold delimiters and line breaks; `""` inside is a quote. Elsewhere a quote is a letter. A quote that never
//! closes costs its own line, not the rest of the file.

use super::{Fault, LONGEST_ROW, Row, Splitter, lines_in};
use crate::ingest::{
    dates, numbers,
    record::{self, Cells, Keys, Room},
    roles::{Role, SampledColumn},
    sources,
    vocabulary::Vocabulary,
};
use jiff::tz::TimeZone;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// Lines one record may have; a quote that is open for longer was never meant to be.
const MOST_LINES: u32 = 1000;

/// Columns a table may have; a first line with more is no header.
const MOST_COLUMNS: usize = 2000;

/// Bytes the name of a column may have: surveys have whole paragraphs for questions. Longer lines are prose.
const LONGEST_NAME: usize = 2000;

/// Stands for "no delimiter": a sign no text holds.
const NO_DELIMITER: u8 = 0x1f;

/// How a table is written.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ingest) struct Dialect {
    pub delimiter: u8,
    /// False when quotes are letters like any other.
    pub is_quoted: bool,
    /// Names of the columns, none empty, none twice.
    pub header: Vec<String>,
    /// Columns whose name was empty in the file.
    pub unnamed: Vec<bool>,
    /// Records before the first row: `sep=;` and the header.
    pub records_before: usize,
    /// False when the first record is a row already and the names are made up.
    pub has_header: bool,
    /// True for sheets, where the place of a row is its number and not its line.
    pub counts_records: bool,
    /// Zone of moments without an offset, where the header says it.
    pub time_zone: Option<String>,
}

/// One record, as found in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scan {
    Whole {
        /// End of the record, its line break left out.
        end: usize,
        /// Start of the next.
        next: usize,
        cells: usize,
        /// Something stood between a closing quote and the next delimiter.
        has_loose_quote: bool,
    },
    /// The bytes end before the record does.
    Cut { in_quotes: bool },
}

/// Looks for the end of the record at `start`, telling `on_cell` the bounds of each cell, its quotes included.
fn scan(
    bytes: &[u8],
    start: usize,
    is_last: bool,
    delimiter: u8,
    is_quoted: bool,
    mut on_cell: impl FnMut(usize, usize),
) -> Scan {
    let mut at = start;
    let mut cells = 0;
    let mut has_loose_quote = false;
    loop {
        let cell = at;
        let mut closed = None;
        if is_quoted {
            let quote = at + bytes[at..].iter().take_while(|&&b| b == b' ').count();
            if bytes.get(quote) == Some(&b'"') {
                at = quote + 1;
                loop {
                    let Some(found) = memchr::memchr(b'"', &bytes[at..]) else {
                        return Scan::Cut { in_quotes: true };
                    };
                    at += found + 1;
                    match bytes.get(at) {
                        Some(b'"') => at += 1,
                        // The next block may begin with the second quote of two.
                        None if !is_last => return Scan::Cut { in_quotes: true },
                        _ => break,
                    }
                }
                closed = Some(at);
            }
        }
        let found = memchr::memchr2(delimiter, b'\n', &bytes[at..]).map(|found| at + found);
        let end = match found {
            Some(end) => end,
            None if is_last => bytes.len(),
            None => return Scan::Cut { in_quotes: false },
        };
        has_loose_quote |= closed.is_some_and(|closed| !bytes[closed..end].trim_ascii().is_empty());
        cells += 1;
        if found.is_some() && bytes[end] == delimiter {
            on_cell(cell, end);
            at = end + 1;
            continue;
        }
        let trimmed = if end > cell && bytes[end - 1] == b'\r' {
            end - 1
        } else {
            end
        };
        on_cell(cell, trimmed);
        let next = if found.is_some() { end + 1 } else { end };
        return Scan::Whole {
            end: trimmed,
            next,
            cells,
            has_loose_quote,
        };
    }
}

/// The cell without its quotes.
fn unquoted(cell: &str, is_quoted: bool) -> Cow<'_, str> {
    let Some(inside) = is_quoted
        .then(|| cell.trim_start_matches(' '))
        .and_then(|cell| cell.strip_prefix('"'))
    else {
        return Cow::Borrowed(cell);
    };
    if let Some(plain) = inside
        .strip_suffix('"')
        .filter(|plain| !plain.contains('"'))
    {
        return Cow::Borrowed(plain);
    }
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(quote) = rest.find('"') {
        text.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                text.push('"');
                rest = after;
            }
            // Closed: what follows is kept as it stands.
            None => break,
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Cuts a table into rows.
pub(in crate::ingest) struct TableSplitter {
    dialect: Dialect,
    line: u32,
    records_before: usize,
    /// A record was refused for its length, and its line goes on.
    is_skipping: bool,
}

impl TableSplitter {
    pub fn new(dialect: Dialect) -> Self {
        Self {
            records_before: dialect.records_before,
            dialect,
            line: 1,
            is_skipping: false,
        }
    }

    fn scan(&self, bytes: &[u8], start: usize, is_last: bool) -> Scan {
        scan(
            bytes,
            start,
            is_last,
            self.dialect.delimiter,
            self.dialect.is_quoted,
            |_, _| {},
        )
    }

    /// True when so many cells make a row: a few may be missing or too many where nothing is lost by it.
    fn fits(&self, record: &[u8], cells: usize) -> bool {
        let expected = self.dialect.header.len();
        // A sheet has no row that is broken: cells beyond the header are somebody's notes.
        if cells == expected || self.dialect.counts_records {
            true
        } else if cells < expected {
            self.dialect.unnamed[cells..].iter().all(|unnamed| *unnamed)
        } else {
            let (mut at, mut are_empty) = (0, true);
            let on_cell = |start: usize, end: usize| {
                are_empty &= at < expected || is_blank(&record[start..end], b' ');
                at += 1;
            };
            scan(
                record,
                0,
                true,
                self.dialect.delimiter,
                self.dialect.is_quoted,
                on_cell,
            );
            are_empty
        }
    }

    /// Within a record of several lines that seems to have swallowed others: the first line that is a row by itself.
    fn row_inside(&self, record: &[u8]) -> Option<usize> {
        let expected = self.dialect.header.len();
        if expected < 2 {
            return None;
        }
        memchr::memchr_iter(b'\n', record).map(|newline| newline + 1).find(|&start| {
            let end = memchr::memchr(b'\n', &record[start..]).map_or(record.len(), |end| start + end);
            let line = &record[start..end];
            matches!(self.scan(line, 0, true), Scan::Whole { cells, has_loose_quote: false, .. } if cells == expected)
        })
    }

    fn ragged(&self, cells: usize) -> Fault {
        let delimiter = match self.dialect.delimiter {
            b'\t' => "a tab".to_owned(),
            delimiter => format!("\"{}\"", delimiter as char),
        };
        let expected = self.dialect.header.len();
        if cells == 1 {
            return Fault::Broken(format!(
                "one cell where the header has {expected}: a line around the table, or a row cut short; delete it, or add the missing cells"
            ));
        }
        let remedy = match cells > expected {
            true => format!("quote the cell that holds {delimiter}"),
            false => "add the missing cells, or quote the cell that holds a line break".to_owned(),
        };
        Fault::Broken(format!(
            "{cells} cells where the header has {expected}; {remedy}"
        ))
    }
}

fn is_blank(bytes: &[u8], delimiter: u8) -> bool {
    bytes
        .iter()
        .all(|&b| b == delimiter || b == b'"' || b.is_ascii_whitespace())
}

fn open_quote() -> Fault {
    Fault::Broken(
        "a quote opens and does not close; close it, or double the quotes inside the cell"
            .to_owned(),
    )
}

impl Splitter for TableSplitter {
    fn split(&mut self, bytes: &[u8], is_last: bool, rows: &mut Vec<Row>) -> usize {
        let mut start = 0;
        while start < bytes.len() {
            let line_end =
                |from: usize| memchr::memchr(b'\n', &bytes[from..]).map(|at| from + at + 1);
            if self.is_skipping {
                let Some(next) = line_end(start) else {
                    return bytes.len();
                };
                self.is_skipping = false;
                self.line = self.line.saturating_add(1);
                start = next;
                continue;
            }
            let (next, fault, end) = match self.scan(bytes, start, is_last) {
                Scan::Whole {
                    end,
                    next,
                    cells,
                    has_loose_quote,
                } => {
                    let record = &bytes[start..end];
                    let lines = lines_in(record);
                    let fits = self.fits(record, cells);
                    let inside = match lines {
                        0 => None,
                        lines if lines > MOST_LINES => line_end(start).map(|next| next - start),
                        _ if fits && !has_loose_quote => None,
                        _ => self.row_inside(record),
                    };
                    if record.is_empty() || record == b"\r" {
                        // An empty line is no row.
                        (next, None, start)
                    } else if is_blank(record, self.dialect.delimiter) {
                        (next, Some(Fault::Blank), end)
                    } else if let Some(inside) = inside {
                        (start + inside, Some(open_quote()), end)
                    } else if end - start > LONGEST_ROW {
                        (next, Some(super::json::too_long()), end)
                    } else if !fits && self.records_before == 0 {
                        (next, Some(self.ragged(cells)), end)
                    } else {
                        (next, None, end)
                    }
                }
                Scan::Cut { in_quotes } => {
                    let rest = &bytes[start..];
                    let is_open = in_quotes && (is_last || lines_in(rest) > MOST_LINES);
                    let is_long = rest.len() > LONGEST_ROW;
                    if !is_open && !is_long {
                        return start;
                    }
                    let fault = if in_quotes {
                        open_quote()
                    } else {
                        super::json::too_long()
                    };
                    match line_end(start) {
                        Some(next) => (next, Some(fault), start),
                        None => {
                            self.is_skipping = !is_last;
                            (bytes.len(), Some(fault), start)
                        }
                    }
                }
            };
            let is_row = fault.is_some() || end > start;
            if is_row && self.records_before > 0 {
                self.records_before -= 1;
            } else if is_row {
                rows.push(Row {
                    start,
                    end: end.max(start),
                    line: self.line,
                    fault,
                });
            }
            let lines = match self.dialect.counts_records {
                true => 1,
                false => lines_in(&bytes[start..next]),
            };
            self.line = self.line.saturating_add(lines);
            start = next;
        }
        bytes.len()
    }
}

/// Reads one row into cells.
pub(in crate::ingest) fn cells<'r>(
    row: &'r str,
    dialect: &Dialect,
    columns: &[TableColumn],
    keys: Keys,
    room: Room,
) -> Cells<'r> {
    let mut cells = Cells::new(room);
    cells.columns.push('{');
    let mut at = 0;
    let on_cell = |start: usize, end: usize| {
        let Some(column) = columns.get(at) else {
            return;
        };
        at += 1;
        let cell = unquoted(&row[start..end], dialect.is_quoted);
        if keys == Keys::FromContent {
            cells.content.extend_from_slice(cell.as_bytes());
            cells.content.push(0x1f);
        }
        if column.is_kept {
            if cells.columns.len() > 1 {
                cells.columns.push(',');
            }
            cells.columns.push_str(&column.json_name);
            record::push_json_string(&mut cells.columns, &cell);
        }
        cells.add(column.role, cell);
    };
    scan(
        row.as_bytes(),
        0,
        true,
        dialect.delimiter,
        dialect.is_quoted,
        on_cell,
    );
    cells.columns.push('}');
    cells
}

/// A column as rows are read into it.
pub(in crate::ingest) struct TableColumn {
    role: Role,
    /// The name and a colon, as JSON.
    json_name: String,
    is_kept: bool,
}

impl TableColumn {
    pub fn new(name: &str, role: Role) -> Self {
        let mut json_name = String::new();
        record::push_json_string(&mut json_name, name);
        json_name.push(':');
        Self {
            role,
            json_name,
            is_kept: !matches!(role, Role::Text | Role::Title | Role::Ignore),
        }
    }
}

/// The columns of a sample, from its rows.
pub(in crate::ingest) fn sampled_columns<'r>(
    rows: impl Iterator<Item = &'r str>,
    dialect: &Dialect,
) -> Vec<SampledColumn> {
    let mut columns: Vec<SampledColumn> = dialect
        .header
        .iter()
        .map(|name| SampledColumn {
            name: name.clone(),
            ..SampledColumn::default()
        })
        .collect();
    for row in rows {
        let mut at = 0;
        let on_cell = |start: usize, end: usize| {
            if let Some(column) = columns.get_mut(at) {
                column
                    .cells
                    .push(unquoted(&row[start..end], dialect.is_quoted).into());
            }
            at += 1;
        };
        scan(
            row.as_bytes(),
            0,
            true,
            dialect.delimiter,
            dialect.is_quoted,
            on_cell,
        );
        for column in columns.iter_mut().skip(at) {
            column.cells.push(Box::default());
        }
    }
    columns
}

/// Finds delimiter, quotes and header from the first bytes of a file; the reason when it is no table.
///
/// `sheet` is the delimiter of a table made of a sheet, which is known.
pub(in crate::ingest) fn dialect_of(
    head: &[u8],
    is_whole: bool,
    sheet: Option<u8>,
    vocabulary: &Vocabulary,
) -> Result<Dialect, String> {
    let mut head = head;
    if !is_whole {
        // The last line is cut.
        head = &head[..memchr::memrchr(b'\n', head).unwrap_or(head.len())];
    }
    let text = String::from_utf8_lossy(head);
    let mut rest = text.as_ref();
    let mut records_before = 0;
    let mut declared = sheet;
    if let Some(after) = rest
        .get(..4)
        .filter(|sep| sep.eq_ignore_ascii_case("sep="))
        .map(|_| &rest[4..])
    {
        declared = after.bytes().next().filter(|b| !matches!(b, b'\r' | b'\n'));
        rest = after.split_once('\n').map_or("", |(_, rest)| rest);
        records_before = 1;
    }
    let mut best: Option<(u32, usize, Dialect)> = None;
    for delimiter in [b';', b'\t', b',', b'|'] {
        if declared.is_some_and(|declared| declared != delimiter) {
            continue;
        }
        for is_quoted in [true, false] {
            let Some((consistency, header)) = consistency(rest.as_bytes(), delimiter, is_quoted)
            else {
                continue;
            };
            let candidate = Dialect {
                delimiter,
                is_quoted,
                unnamed: Vec::new(),
                header,
                records_before,
                has_header: true,
                counts_records: sheet.is_some(),
                time_zone: None,
            };
            let columns = candidate.header.len();
            // Two columns named as exports name them make a table, even one whose rows are all broken.
            let known = candidate
                .header
                .iter()
                .filter(|name| vocabulary.knows(&vocabulary.plain(name)))
                .count();
            let least = match known {
                _ if declared.is_some() => 0,
                0 => 80,
                1 => 30,
                _ => 0,
            };
            // Rows that agree count most; among equals, more columns; quotes honoured before quotes ignored.
            let is_better = |(best, columns_then, _): &(u32, usize, Dialect)| {
                (consistency, columns) > (*best, *columns_then)
            };
            if consistency >= least && best.as_ref().is_none_or(is_better) {
                best = Some((consistency, columns, candidate));
            }
        }
    }
    if let Some((_, _, mut dialect)) = best {
        if let Some(header) = sources::header_of(&first_records(rest.as_bytes(), &dialect)) {
            dialect.records_before += header.rows - 1;
            dialect.header = header.names;
            dialect.time_zone = header.time_zone;
        }
        finish_header(&mut dialect, vocabulary);
        return Ok(dialect);
    }
    let (first, after) = rest.split_once('\n').unwrap_or((rest, ""));
    let name = unquoted(first.trim_end_matches('\r'), true).into_owned();
    if vocabulary.knows(&vocabulary.plain(&name)) && !after.trim().is_empty() {
        let dialect = Dialect {
            delimiter: NO_DELIMITER,
            is_quoted: after
                .lines()
                .filter(|line| !line.is_empty())
                .all(|line| line.starts_with('"') && line.ends_with('"')),
            header: vec![name],
            unnamed: vec![false],
            records_before: records_before + 1,
            has_header: true,
            counts_records: false,
            time_zone: None,
        };
        return Ok(dialect);
    }
    Err("no columns and no JSON in it; give a table with a header line, or JSON".to_owned())
}

/// Share of records with as many cells as the first one, in per cent, and the first one's cells.
///
/// `None` when the first record has one cell only.
fn consistency(bytes: &[u8], delimiter: u8, is_quoted: bool) -> Option<(u32, Vec<String>)> {
    let (mut start, mut header, mut rows, mut agreeing) = (0, Vec::new(), 0u32, 0u32);
    let (mut quoted, mut half_quoted) = (0u32, 0u32);
    while start < bytes.len() {
        let mut names = Vec::new();
        let is_first = header.is_empty();
        let on_cell = |from: usize, to: usize| {
            if is_first {
                let name = str::from_utf8(&bytes[from..to]).unwrap_or_default();
                names.push(unquoted(name, is_quoted).trim().to_owned());
            }
            if let Some(inside) = bytes[from..to].strip_prefix(b"\"") {
                *if inside.ends_with(b"\"") {
                    &mut quoted
                } else {
                    &mut half_quoted
                } += 1;
            }
        };
        match scan(bytes, start, true, delimiter, is_quoted, on_cell) {
            Scan::Whole {
                end,
                next,
                cells,
                has_loose_quote,
            } => {
                if is_first && end > start {
                    if !(2..=MOST_COLUMNS).contains(&names.len())
                        || names.iter().all(String::is_empty)
                        || names.iter().any(|name| name.len() > LONGEST_NAME)
                    {
                        return None;
                    }
                    header = names;
                } else if end > start {
                    rows += 1;
                    agreeing += u32::from(cells == header.len() && !has_loose_quote);
                }
                start = next;
            }
            Scan::Cut { .. } if is_first => return None,
            Scan::Cut { .. } => {
                // An open quote swallowed the rest of the head: that is no agreement.
                rows += lines_in(&bytes[start..]).max(1);
                break;
            }
        }
    }
    // Where most cells that open with a quote close with one, quotes are quotes, however many rows they break.
    let are_quotes = !is_quoted && quoted > 0 && quoted * 4 >= half_quoted;
    match (header.is_empty() || are_quotes, rows) {
        (true, _) => None,
        (false, 0) => Some((50, header)),
        (false, rows) => Some((agreeing * 100 / rows, header)),
    }
}

/// Records looked at for names of columns that stand in several rows.
const HEADER_RECORDS: usize = 4;

/// The cells of the first records.
fn first_records(bytes: &[u8], dialect: &Dialect) -> Vec<Vec<String>> {
    let (mut start, mut records) = (0, Vec::new());
    while start < bytes.len() && records.len() < HEADER_RECORDS {
        let mut cells = Vec::new();
        let on_cell = |from: usize, to: usize| {
            let cell = String::from_utf8_lossy(&bytes[from..to]);
            cells.push(unquoted(&cell, dialect.is_quoted).trim().to_owned());
        };
        match scan(
            bytes,
            start,
            true,
            dialect.delimiter,
            dialect.is_quoted,
            on_cell,
        ) {
            Scan::Whole { end, next, .. } => {
                if end > start {
                    records.push(cells);
                }
                start = next;
            }
            Scan::Cut { .. } => break,
        }
    }
    records
}

/// Names columns without a name or with a name taken, and finds out whether the first record is a header at all.
fn finish_header(dialect: &mut Dialect, vocabulary: &Vocabulary) {
    let is_known = dialect
        .header
        .iter()
        .any(|name| vocabulary.knows(&vocabulary.plain(name)));
    let is_value = |name: &String| {
        numbers::decimal(name).is_some()
            || matches!(dates::read(name, vocabulary, &dates::Zones::of(&TimeZone::UTC)), reading if reading != dates::Reading::Unreadable)
    };
    dialect.has_header = is_known || !dialect.header.iter().any(is_value);
    dialect.unnamed = dialect
        .header
        .iter()
        .map(|name| dialect.has_header && name.is_empty())
        .collect();
    dialect.records_before += usize::from(dialect.has_header);
    let mut names: Vec<String> = Vec::with_capacity(dialect.header.len());
    // A line of a thousand equal names must not be compared with itself a thousand times over.
    let mut taken = BTreeSet::new();
    let mut copies: BTreeMap<String, u32> = BTreeMap::new();
    for (at, name) in dialect.header.iter().enumerate() {
        let name = match dialect.has_header && !name.is_empty() {
            true => name.clone(),
            false => format!("column {}", at + 1),
        };
        let mut unique = name.clone();
        let copy = copies.entry(name.clone()).or_insert(1);
        while !taken.insert(unique.clone()) {
            *copy += 1;
            unique = format!("{name} ({copy})");
        }
        names.push(unique);
    }
    dialect.header = names;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dialect(text: &str) -> Dialect {
        dialect_of(text.as_bytes(), true, None, Vocabulary::embedded()).unwrap()
    }

    /// Rows of a text given in blocks of `block` bytes: line, then its cells joined by `¦`, or its fault.
    fn rows(text: &str, block: usize) -> Vec<(u32, String)> {
        let dialect = dialect(text);
        let mut splitter = TableSplitter::new(dialect.clone());
        let (mut found, mut buffer, mut blocks) =
            (Vec::new(), Vec::new(), text.as_bytes().chunks(block));
        loop {
            let next = blocks.next();
            buffer.extend_from_slice(next.unwrap_or_default());
            let mut rows = Vec::new();
            let used = splitter.split(&buffer, next.is_none(), &mut rows);
            for row in rows {
                let what = match row.fault {
                    Some(Fault::Broken(reason)) => format!("!{reason}"),
                    Some(Fault::Blank) => "blank".to_owned(),
                    None => {
                        let text = str::from_utf8(&buffer[row.start..row.end]).unwrap();
                        let columns = sampled_columns([text].into_iter(), &dialect);
                        let cells: Vec<&str> = columns
                            .iter()
                            .map(|column| column.cells[0].as_ref())
                            .collect();
                        cells.join("¦")
                    }
                };
                found.push((row.line, what));
            }
            buffer.drain(..used);
            if next.is_none() {
                return found;
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u32, &str)]) {
        for block in [1, 5, 10_000] {
            let found = rows(text, block);
            assert_eq!(found.len(), expected.len(), "{found:?}");
            for ((line, row), (expected_line, expected_row)) in found.iter().zip(expected) {
                assert_eq!(line, expected_line, "{row}");
                assert!(
                    row == expected_row
                        || expected_row.starts_with('!') && row.starts_with(expected_row),
                    "{row} is not {expected_row}"
                );
            }
        }
    }

    #[test]
    fn cells_may_be_quoted_and_hold_anything() {
        check(
            "id;avis\n1;\"a;b\"\r\n2;\"dit \"\"oui\"\"\"\n3;\"deux\nlignes\"\n4;fin",
            &[
                (2, "1¦a;b"),
                (3, "2¦dit \"oui\""),
                (4, "3¦deux\nlignes"),
                (6, "4¦fin"),
            ],
        );
        check(
            "id,avis\n1, \"a, b\"\n2,5\" d'écran\n3,\"Top\" vraiment\n",
            &[(2, "1¦a, b"), (3, "2¦5\" d'écran"), (4, "3¦Top vraiment")],
        );
        check(
            "id\tavis\n1\t\"\n2\tb\n3\tc\n4\td\n",
            &[(2, "1¦\""), (3, "2¦b"), (4, "3¦c"), (5, "4¦d")],
        );
        check(
            "avis\nTrès bien, merci\n\"Oui\"; non\n",
            &[(2, "Très bien, merci"), (3, "\"Oui\"; non")],
        );
    }

    #[test]
    fn ragged_rows_are_refused_with_their_line() {
        check(
            "id;avis;note\n1;a;b;4\n2;c\n3;d;5\n4;e;1;;\n;;\n\n5;f;2",
            &[
                (
                    2,
                    "!4 cells where the header has 3; quote the cell that holds \";\"",
                ),
                (3, "!2 cells where the header has 3; add the missing cells"),
                (4, "3¦d¦5"),
                (5, "4¦e¦1"),
                (6, "blank"),
                (8, "5¦f¦2"),
            ],
        );
        check("id,avis,\n1,a\n2,b,\n", &[(2, "1¦a¦"), (3, "2¦b¦")]);
    }

    #[test]
    fn an_open_quote_costs_its_line_only() {
        let good: String = (0..20).map(|i| format!("{i};\"bien;très\";5\n")).collect();
        let mut expected: Vec<(u32, String)> = (0..20)
            .map(|i| (i + 2, format!("{i}¦bien;très¦5")))
            .collect();
        expected.push((22, "!a quote opens and does not close".to_owned()));
        expected.push((23, "a¦b¦4".to_owned()));
        let text = format!("id;avis;note\n{good}20;\"ouvert;3\na;b;4\n");
        let expected: Vec<(u32, &str)> = expected
            .iter()
            .map(|(line, row)| (*line, row.as_str()))
            .collect();
        check(&text, &expected);
        check(
            "id;avis;note\n1;\"ouvert;3\n2;b;4\n3;\"c\";4\n",
            &[(2, "!a quote opens"), (3, "2¦b¦4"), (4, "3¦c¦4")],
        );
        let lines = "x;y;1\n".repeat(1500);
        let found = rows(
            &format!("id;avis;note\n0;z;2\n1;\"ouvert;3\n{lines}2;b\";4\n"),
            1 << 20,
        );
        assert_eq!(found.len(), 1503);
        assert_eq!(found[2], (4, "x¦y¦1".to_owned()));
    }

    #[test]
    fn the_dialect_is_told_by_content() {
        #[track_caller]
        fn check(text: &str, delimiter: char, columns: &[&str]) {
            let dialect = dialect(text);
            assert_eq!(dialect.delimiter as char, delimiter, "{dialect:?}");
            assert_eq!(dialect.header, columns);
        }
        check("a;b\n1,5;x,y\n2,5;z,t\n", ';', &["a", "b"]);
        check("a,b\n\"1;2\",x\n\"3;4\",y\n", ',', &["a", "b"]);
        check("a\tb\tc\n1\t2\t3\n", '\t', &["a", "b", "c"]);
        check("a|b\n1|2\n", '|', &["a", "b"]);
        check("sep=,\na,b;c\n1,2\n", ',', &["a", "b;c"]);
        check("note;commentaire\n", ';', &["note", "commentaire"]);
        check(",a,a\n0,x,y\n", ',', &["column 1", "a", "a (2)"]);
        check(
            "5;2026-01-02;Très bien\n4;2026-01-03;Trop lent\n",
            ';',
            &["column 1", "column 2", "column 3"],
        );
        assert!(!dialect("5;2026-01-02;Très bien\n4;2026-01-03;Trop lent\n").has_header);
    }

    #[test]
    fn prose_is_no_table() {
        for prose in [
            "Bonjour, voici le fichier.\nMerci de le lire, puis, si possible, de répondre.\nÀ bientôt\n",
            "# Titre\n\nDu texte.\n",
            "rien",
        ] {
            assert!(
                dialect_of(prose.as_bytes(), true, None, Vocabulary::embedded()).is_err(),
                "{prose}"
            );
        }
    }

    #[test]
    fn a_separator_line_counts_as_a_line() {
        check("sep=;\nid;avis\n1;a\n", &[(3, "1¦a")]);
    }

    /// Cells with every sign that means something in a table.
    fn hard_cells() -> impl Strategy<Value = Vec<Vec<String>>> {
        prop::collection::vec(prop::collection::vec("[a-cé \"';,|\t\r\n]{0,8}", 3), 0..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_the_csv_crate_writes_is_read_cell_for_cell(
            written in hard_cells(), delimiter in prop::sample::select(b",;\t|".as_slice()), always in any::<bool>(), block in 1..40_usize,
        ) {
            let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(style).from_writer(Vec::new());
            writer.write_record(["id", "avis", "note"]).unwrap();
            // A row of signs alone is told as blank, a row of its own kind.
            let written: Vec<Vec<String>> =
                written.into_iter().filter(|row| row.concat().contains(char::is_alphabetic)).collect();
            for row in &written {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let dialect = Dialect {
                delimiter,
                is_quoted: true,
                header: ["id", "avis", "note"].map(str::to_owned).to_vec(),
                unnamed: vec![false; 3],
                records_before: 1,
                has_header: true,
                counts_records: false,
                time_zone: None,
            };
            let mut splitter = TableSplitter::new(dialect.clone());
            let (mut read, mut buffer, mut blocks) = (Vec::new(), Vec::new(), bytes.chunks(block));
            loop {
                let next = blocks.next();
                buffer.extend_from_slice(next.unwrap_or_default());
                let mut rows = Vec::new();
                let used = splitter.split(&buffer, next.is_none(), &mut rows);
                for row in rows {
                    prop_assert_eq!(&row.fault, &None);
                    let text = str::from_utf8(&buffer[row.start..row.end]).unwrap();
                    let columns = sampled_columns([text].into_iter(), &dialect);
                    read.push(columns.into_iter().map(|column| column.cells[0].to_string()).collect::<Vec<_>>());
                }
                buffer.drain(..used);
                if next.is_none() {
                    break;
                }
            }
            prop_assert_eq!(read, written);
        }

        #[test]
        fn a_table_of_words_tells_its_delimiter(
            cells in prop::collection::vec(prop::collection::vec("[a-z]{1,8}( [a-z]{1,5})?", 3), 1..12), delimiter in prop::sample::select(b",;\t|".as_slice()),
        ) {
            let delimiter = delimiter as char;
            let mut text = format!("id{delimiter}avis{delimiter}note\n");
            for row in &cells {
                text.push_str(&row.join(&delimiter.to_string()));
                text.push('\n');
            }
            let dialect = dialect(&text);
            prop_assert_eq!(dialect.delimiter as char, delimiter);
            prop_assert_eq!(dialect.header, ["id", "avis", "note"]);
            prop_assert!(dialect.has_header);
        }

        #[test]
        fn rows_do_not_depend_on_where_blocks_end(text in "id;avis\n[a-b;\"\n\r ]{0,80}", block in 1..20_usize) {
            if dialect_of(text.as_bytes(), true, None, Vocabulary::embedded()).is_ok() {
                prop_assert_eq!(rows(&text, block), rows(&text, 1 << 20));
            }
        }

        #[test]
        fn no_two_columns_have_one_name(names in prop::collection::vec("(a|b|a \\(2\\)|column 3|)", 2..12)) {
            let header = dialect(&format!("{};avis\n", names.join(";"))).header;
            let unique: std::collections::BTreeSet<&String> = header.iter().collect();
            prop_assert_eq!(unique.len(), names.len() + 1);
            prop_assert!(header.iter().all(|name| !name.is_empty()));
        }
    }
}
