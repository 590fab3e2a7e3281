//! Spreadsheets: Excel (xlsx, xlsb, xls) and OpenDocument workbooks, sheet by sheet.
//!
//! Each sheet becomes a table in a temporary file, one record a sheet row, so that the rows of a workbook are read as
//! those of any table; the place of a row is its number in the sheet.

use super::{compound, weight::weigh};
use crate::ingest::bytes::{Bytes, UNPACKS_WITHOUT_END, most_unpacked, read_full};
use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, Xls, Xlsb, Xlsx};
use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
};
use zip::ZipArchive;

/// Parts the cells of a sheet; cells that hold one are quoted.
pub(in crate::ingest) const DELIMITER: u8 = b',';

/// Rows within which the header is looked for, below a title and notes.
const HEADER_WITHIN: usize = 20;

/// One sheet as a table.
pub(in crate::ingest) struct Sheet {
    pub name: String,
    pub table: Bytes,
}

/// Rows of the largest sheets there are.
const MOST_ROWS: usize = 1 << 20;

/// Bytes of the parts of a workbook that its parser keeps in memory – the table of texts, above all – and pieces of XML in
/// them, of which each may become a text.
const MOST_KEPT: u64 = 256 << 20;
const MOST_PIECES: u64 = 16 << 20;

/// Bytes that the cells of a workbook may take which its parser reads whole.
pub(super) const MOST_HELD: u64 = 512 << 20;

/// What is said of a workbook whose cells take more.
pub(super) const TOO_MANY_CELLS: &str = "its cells are too many to be kept in memory";

/// Bytes of one piece of XML: a cell holds 32,767 characters at most.
const LONGEST_PIECE: u64 = 16 << 20;

/// What kind of workbook a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Xlsx,
    Xlsb,
    OpenDocument,
    /// An old container: xls, or a workbook locked with a password.
    Old,
}

/// The sheets of a workbook that hold more than one column, in its order; the reason when it is no workbook.
///
/// Charts and empty sheets are left out. Dates come as ISO text, numbers as plain digits.
pub(in crate::ingest) fn sheets(file: File) -> Result<Vec<Sheet>, String> {
    let size = file.metadata().map_or(0, |file| file.len());
    let unreadable = |error: &dyn std::fmt::Display| {
        format!("a workbook that cannot be read: {error}; save it again, or export it as CSV")
    };
    let open = || {
        let mut file = file.try_clone()?;
        io::Seek::rewind(&mut file)?;
        Ok(BufReader::new(file))
    };
    let again = |result: io::Result<BufReader<File>>| result.map_err(|error| unreadable(&error));
    let kind = kind_of(again(open())?, size).map_err(|reason| unreadable(&reason))?;
    let data = again(open())?;
    match kind {
        Kind::Xlsx => {
            let mut workbook = Xlsx::new(data).map_err(|error| unreadable(&error))?;
            let mut sheets = Vec::new();
            for name in workbook.sheet_names() {
                // A chart is none.
                let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
                    continue;
                };
                let table = streamed(size, || match cells.next_cell() {
                    Ok(cell) => {
                        Ok(cell.map(|cell| (cell.get_position(), shown_ref(cell.get_value()))))
                    }
                    Err(error) => Err(error.to_string()),
                });
                let table = table.map_err(|error| unreadable(&error))?;
                sheets.extend(table.map(|table| Sheet { name, table }));
            }
            Ok(sheets)
        }
        Kind::Xlsb => {
            let mut workbook = Xlsb::new(data).map_err(|error| unreadable(&error))?;
            let mut sheets = Vec::new();
            for name in workbook.sheet_names() {
                let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
                    continue;
                };
                let table = streamed(size, || match cells.next_cell() {
                    Ok(cell) => {
                        Ok(cell.map(|cell| (cell.get_position(), shown_ref(cell.get_value()))))
                    }
                    Err(error) => Err(error.to_string()),
                });
                let table = table.map_err(|error| unreadable(&error))?;
                sheets.extend(table.map(|table| Sheet { name, table }));
            }
            Ok(sheets)
        }
        Kind::OpenDocument => {
            let workbook = Ods::new(data).map_err(|error| unreadable(&error))?;
            whole(workbook, size).map_err(|error| unreadable(&error))
        }
        Kind::Old => {
            compound::check(&mut again(open())?, size).map_err(|reason| unreadable(&reason))?;
            if let Err(calamine::XlsxError::Password) = Xlsx::new(data) {
                return Err("a workbook locked with a password; save it without one".to_owned());
            }
            let workbook = Xls::new(again(open())?).map_err(|error| unreadable(&error))?;
            whole(workbook, size).map_err(|error| unreadable(&error))
        }
    }
}

/// Tells the kind of a workbook of so many bytes; the reason when its parts would fill the memory of whoever reads it.
fn kind_of(mut data: BufReader<File>, size: u64) -> Result<Kind, String> {
    let mut first = [0; 2];
    let filled = read_full(&mut data, &mut first).map_err(|error| error.to_string())?;
    if &first[..filled] != b"PK" {
        return Ok(Kind::Old);
    }
    let mut archive = ZipArchive::new(data).map_err(|error| error.to_string())?;
    let kind = match archive.index_for_name("xl/workbook.bin") {
        Some(_) => Kind::Xlsb,
        None if archive.index_for_name("content.xml").is_some() => Kind::OpenDocument,
        None => Kind::Xlsx,
    };
    let (mut kept, mut pieces, mut held, mut all) = (0, 0, 0, 0);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| error.to_string())?;
        let name = part.name().map_err(|error| error.to_string())?.into_owned();
        let is_streamed = kind != Kind::OpenDocument && name.starts_with("xl/worksheets/");
        let is_picture = name.starts_with("xl/media/") || name.starts_with("Pictures/");
        let is_kept = !is_streamed && !is_picture;
        // Nothing deflates to less than a thousandth, and small cells that come one by one are not worth unpacking twice.
        if !is_kept && part.compressed_size() < LONGEST_PIECE >> 10 && part.size() < LONGEST_PIECE {
            continue;
        }
        let most = most_unpacked(size).saturating_sub(all);
        let weight = weigh(part, most).map_err(|error| format!("{name}: {error}"))?;
        all += weight.bytes;
        if is_kept {
            kept += weight.bytes;
            pieces += weight.pieces;
            held = weight.held.saturating_add(held);
            // Its parser looks for the end of a table until there is one.
            if kind == Kind::OpenDocument && name == "content.xml" && !weight.is_well_formed {
                return Err(format!("{name} is cut short, or no XML"));
            }
            if weight.declared > weight.bytes.max(MOST_PIECES) {
                return Err(format!("{name} says that it has more texts than fit in it"));
            }
        }
        if all > most_unpacked(size) {
            return Err(format!("it {UNPACKS_WITHOUT_END}"));
        }
        if weight.longest_piece > LONGEST_PIECE && !name.ends_with(".bin") {
            return Err(format!("{name} holds a text longer than any cell may be"));
        }
        if kept > MOST_KEPT || pieces > MOST_PIECES {
            return Err("its texts are too large to be kept in memory".to_owned());
        }
        if held > MOST_HELD {
            return Err(TOO_MANY_CELLS.to_owned());
        }
    }
    Ok(kind)
}

/// A sheet, cell by cell: such sheets may be large. `None` where it holds no table.
fn streamed(
    size: u64,
    mut next: impl FnMut() -> Result<Option<((u32, u32), String)>, String>,
) -> Result<Option<Bytes>, String> {
    let mut failure = None;
    let mut columns = 0;
    let table = Bytes::spool_unpacked(size, |file| {
        let mut writer = SheetWriter::new(file);
        loop {
            match next() {
                Ok(Some(((row, column), value))) => {
                    writer.cell(row as usize, column as usize, value)?;
                }
                Ok(None) => break,
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        columns = writer.finish()?;
        Ok(())
    });
    match (failure, table) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(error.to_string()),
        (None, Ok(table)) => Ok((columns > 1).then_some(table)),
    }
}

/// The sheets of a workbook that is read whole.
fn whole<R: Read + io::Seek, W: Reader<R>>(
    mut workbook: W,
    size: u64,
) -> Result<Vec<Sheet>, W::Error>
where
    W::Error: From<io::Error>,
{
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let Ok(range) = workbook.worksheet_range(&name) else {
            continue;
        };
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut columns = 0;
        let table = Bytes::spool_unpacked(size, |file| {
            let mut writer = SheetWriter::new(file);
            for (row, column, value) in range.used_cells() {
                let place = (first_row as usize + row, first_column as usize + column);
                writer.cell(place.0, place.1, shown(value))?;
            }
            columns = writer.finish()?;
            Ok(())
        })?;
        if columns > 1 {
            sheets.push(Sheet { name, table });
        }
    }
    Ok(sheets)
}

/// Writes cells that come row by row as a table. Rows above the header become empty lines.
struct SheetWriter<'w> {
    file: &'w mut dyn Write,
    /// Rows held back until the header among them is known.
    first: Vec<Vec<String>>,
    row: Vec<String>,
    at: usize,
    /// Cells of the header.
    columns: usize,
    is_header_known: bool,
}

impl<'w> SheetWriter<'w> {
    fn new(file: &'w mut dyn Write) -> Self {
        Self {
            file,
            first: Vec::new(),
            row: Vec::new(),
            at: 0,
            columns: 0,
            is_header_known: false,
        }
    }

    fn cell(&mut self, row: usize, column: usize, value: String) -> io::Result<()> {
        if row >= MOST_ROWS {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("a row {}, where sheets have {MOST_ROWS}", row + 1),
            ));
        }
        while self.at < row {
            self.end_row()?;
        }
        // What stands right of the table is one cell too many, however far off it stands.
        let column = match self.is_header_known {
            true => column.min(self.columns),
            false => column,
        };
        // Sheets have 16,384 columns at most; a file that says otherwise is broken.
        if !value.is_empty() && column < 16_384 {
            if self.row.len() <= column {
                self.row.resize(column + 1, String::new());
            }
            self.row[column] = value;
        }
        Ok(())
    }

    fn end_row(&mut self) -> io::Result<()> {
        let row = std::mem::take(&mut self.row);
        self.at += 1;
        if self.is_header_known {
            return self.write(&row);
        }
        self.first.push(row);
        if self.first.len() == HEADER_WITHIN {
            self.find_header()?;
        }
        Ok(())
    }

    /// The header is the first row that is about as full as the fullest: titles and notes have a cell or two.
    fn find_header(&mut self) -> io::Result<()> {
        self.is_header_known = true;
        let rows = std::mem::take(&mut self.first);
        let filled = |row: &[String]| row.iter().filter(|cell| !cell.is_empty()).count();
        let most = rows.iter().map(|row| filled(row)).max().unwrap_or(0);
        let header = rows
            .iter()
            .position(|row| filled(row) * 10 >= most * 6 && most > 0)
            .unwrap_or(0);
        for (at, row) in rows.into_iter().enumerate() {
            if at < header {
                self.file.write_all(b"\n")?;
                continue;
            }
            if at == header {
                self.columns = row.len();
            }
            self.write(&row)?;
        }
        Ok(())
    }

    fn write(&mut self, row: &[String]) -> io::Result<()> {
        if row.is_empty() {
            return self.file.write_all(b"\n");
        }
        for at in 0..row.len().max(self.columns) {
            if at > 0 {
                self.file.write_all(&[DELIMITER])?;
            }
            let cell = row.get(at).map_or("", String::as_str);
            let is_plain =
                !cell.contains(['"', '\n', '\r', DELIMITER as char]) && !cell.starts_with(' ');
            match is_plain {
                true => self.file.write_all(cell.as_bytes())?,
                false => write!(self.file, "\"{}\"", cell.replace('"', "\"\""))?,
            }
        }
        self.file.write_all(b"\n")
    }

    /// Ends the sheet and gives the number of its columns; 0 for an empty sheet.
    fn finish(mut self) -> io::Result<usize> {
        if !self.row.is_empty() {
            self.end_row()?;
        }
        if !self.is_header_known {
            self.find_header()?;
        }
        Ok(self.columns)
    }
}

fn shown(value: &Data) -> String {
    match value {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(moment) => shown_moment(moment),
    }
}

fn shown_ref(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        other => shown(&Data::from(other.clone())),
    }
}

/// `2026-11-17`, `2026-11-17 14:05:00`, or hours and minutes for a duration.
fn shown_moment(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        let seconds = (moment.as_f64() * 86_400.0).round() as u64;
        return format!(
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        );
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    // A day and a half second before it are the same to a spreadsheet's doubles.
    match (hour, minute, second, milli) {
        (0, 0, 0, _) => format!("{year:04}-{month:02}-{day:02}"),
        _ if moment.as_f64() < 1.0 => format!("{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(cells: &[(usize, usize, &str)], expected: &str) {
        let mut written = Vec::new();
        let mut writer = SheetWriter::new(&mut written);
        for (row, column, value) in cells {
            writer.cell(*row, *column, (*value).to_owned()).unwrap();
        }
        writer.finish().unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }

    #[test]
    fn rows_keep_their_place_in_the_sheet() {
        check(&[(0, 0, "a"), (0, 1, "b"), (2, 1, "c")], "a,b\n\n,c\n");
        check(
            &[(0, 0, "a"), (0, 1, "b"), (1, 0, "c, \"d\"\ne")],
            "a,b\n\"c, \"\"d\"\"\ne\",\n",
        );
        check(&[], "");
    }

    #[test]
    fn a_title_above_the_header_is_no_header() {
        check(
            &[
                (0, 0, "Export du 12/03"),
                (2, 0, "Date"),
                (2, 1, "Note"),
                (2, 2, "Avis"),
                (3, 0, "2026-03-11"),
                (3, 1, "4"),
                (3, 2, "Bien"),
            ],
            "\n\nDate,Note,Avis\n2026-03-11,4,Bien\n",
        );
    }

    #[test]
    fn a_cell_far_off_makes_a_row_no_wider_than_the_table_and_one() {
        let mut cells = vec![(0, 0, "a"), (0, 1, "b")];
        cells.extend((1..HEADER_WITHIN).map(|row| (row, 1, "c")));
        cells.push((HEADER_WITHIN, 16_000, "far"));
        let rows = ",c\n".repeat(HEADER_WITHIN - 1);
        check(&cells, &format!("a,b\n{rows},,far\n"));
    }

    #[test]
    fn a_row_that_no_sheet_has_is_refused() {
        let mut written = Vec::new();
        let mut writer = SheetWriter::new(&mut written);
        assert!(writer.cell(u32::MAX as usize, 0, "x".to_owned()).is_err());
    }

    #[test]
    fn what_is_no_workbook_says_so() {
        let bytes = Bytes::spooled(&mut &b"PK\x03\x04 not really"[..]).unwrap();
        let reason = sheets(bytes.seekable().unwrap()).err().unwrap();
        assert!(
            reason.starts_with("a workbook that cannot be read"),
            "{reason}"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_cells_of_a_sheet_are_read_back_from_its_table(rows in prop::collection::vec(prop::array::uniform3("[a-bé \",\r\n]{0,6}"), 0..30)) {
            let mut written = Vec::new();
            let mut writer = SheetWriter::new(&mut written);
            let header = ["id", "date", "comment"].map(str::to_owned);
            for (row, cells) in std::iter::once(&header).chain(&rows).enumerate() {
                for (column, cell) in cells.iter().enumerate() {
                    writer.cell(row, column, cell.clone()).unwrap();
                }
            }
            prop_assert_eq!(writer.finish().unwrap(), 3);
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&*written);
            let read: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            // A row without a cell is an empty line, which is no row.
            let expected: Vec<Vec<String>> =
                rows.iter().filter(|cells| !cells.concat().is_empty()).map(|cells| cells.to_vec()).collect();
            prop_assert_eq!(read, expected);
        }
    }
}
