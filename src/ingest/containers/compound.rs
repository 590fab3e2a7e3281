//! Old workbooks (xls), looked at before their parser: it believes what a file says of itself, and a few bytes may say that
//! they need the memory of the whole machine. Sources: [MS-CFB] 2 for the container, [MS-XLS] 2.4 for the records.
//!
//! Says only what is too large. What is broken in other ways its parser finds.

use super::workbook::{MOST_HELD, TOO_MANY_CELLS};
use std::io::Read;

/// Larger files are not read: the parser keeps them whole, and a copy of the workbook in them.
const LARGEST: u64 = 256 << 20;

/// The first sector number that means none.
const RESERVED: u32 = 0xffff_fffa;
const END_OF_CHAIN: u32 = 0xffff_fffe;

/// Rows times columns that a sheet may say it has: 65,536 times 256.
const MOST_CELLS: u64 = 1 << 24;

/// Bytes the parser keeps for a cell: in the order it comes, twice in the table of all, and its formula.
const CELL: u64 = 40;
const IN_TABLE: u64 = 2 * 32;
const FORMULA_IN_TABLE: u64 = 24;

const ENDLESS: &str = "its parts follow one another in a circle";

/// Says why a file of so many bytes would take more memory than any workbook may.
pub(super) fn check(file: &mut dyn Read, size: u64) -> Result<(), String> {
    if size > LARGEST {
        return Err("it is too large to be kept in memory; save it as xlsx".to_owned());
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    let Some(compound) = Compound::read(&bytes)? else {
        return Ok(());
    };
    for name in ["Workbook", "Book"] {
        if let Some(stream) = compound.stream(name)? {
            weigh(&stream)?;
        }
    }
    Ok(())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    (0..bytes.len() / 4).filter_map(|place| u32_at(bytes, 4 * place))
}

/// A file of files, as far as it can be followed.
struct Compound<'f> {
    sectors: Sectors<'f>,
    /// The sector after each sector.
    after: Vec<u32>,
    entries: Vec<Entry>,
    small: Vec<u8>,
    after_small: Vec<u32>,
}

/// A file in it.
struct Entry {
    name: String,
    start: u32,
    length: u64,
}

#[derive(Clone, Copy)]
struct Sectors<'f> {
    bytes: &'f [u8],
    size: usize,
}

impl<'f> Sectors<'f> {
    fn get(self, number: u32) -> Option<&'f [u8]> {
        let start = (number as usize).checked_mul(self.size)?;
        let bytes = self.bytes.get(start..)?;
        Some(&bytes[..bytes.len().min(self.size)])
    }

    /// Sectors one after another, to at most so many bytes; what is missing ends them.
    fn chain(self, first: u32, after: &[u32], most: u64) -> Result<Vec<u8>, String> {
        let mut chain = Vec::new();
        let mut number = first;
        for _ in 0..=self.bytes.len() / self.size {
            if number == END_OF_CHAIN || chain.len() as u64 >= most {
                return Ok(chain);
            }
            let Some(sector) = self.get(number) else {
                return Ok(chain);
            };
            chain.extend_from_slice(sector);
            let Some(next) = after.get(number as usize) else {
                return Ok(chain);
            };
            number = *next;
        }
        Err(ENDLESS.to_owned())
    }
}

impl<'f> Compound<'f> {
    /// `None` for what is no such file.
    fn read(bytes: &'f [u8]) -> Result<Option<Self>, String> {
        let size = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Ok(None),
        };
        let (Some(head), Some(body)) = (bytes.get(..512), bytes.get(size..)) else {
            return Ok(None);
        };
        let at = |place: usize| u32_at(head, place).unwrap_or(END_OF_CHAIN);
        let sectors = Sectors { bytes: body, size };
        // Where the table of sectors is: 109 places in the head, more in sectors of their own, which end on the next.
        let mut places: Vec<u32> = numbers(&head[76..]).collect();
        let mut more = at(68);
        while more < RESERVED {
            let Some(sector) = sectors.get(more) else {
                break;
            };
            places.extend(numbers(sector));
            more = places.pop().unwrap_or(END_OF_CHAIN);
            if places.len() > bytes.len() / 4 + 109 {
                return Err(ENDLESS.to_owned());
            }
        }
        places.retain(|place| *place < RESERVED);
        if places.len() > bytes.len() / size + 1 {
            return Err(ENDLESS.to_owned());
        }
        let tables = places.iter().filter_map(|place| sectors.get(*place));
        let after: Vec<u32> = tables.flat_map(numbers).collect();
        let entries: Vec<Entry> = sectors
            .chain(at(48), &after, u64::MAX)?
            .chunks_exact(128)
            .map(|entry| Entry::read(entry, size))
            .collect();
        let (mut small, mut after_small) = (Vec::new(), Vec::new());
        if let Some(root) = entries.first().filter(|_| at(64) > 0) {
            small = sectors.chain(root.start, &after, root.length)?;
            let most = u64::from(at(64)) * size as u64;
            after_small = numbers(&sectors.chain(at(60), &after, most)?).collect();
        }
        Ok(Some(Self {
            sectors,
            after,
            entries,
            small,
            after_small,
        }))
    }

    /// The bytes of a file in it.
    fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let is_it = |entry: &&Entry| entry.name.eq_ignore_ascii_case(name);
        let Some(entry) = self.entries.iter().find(is_it) else {
            return Ok(None);
        };
        let small = Sectors {
            bytes: &self.small,
            size: 64,
        };
        let mut stream = match entry.length < 4096 {
            true => small.chain(entry.start, &self.after_small, entry.length)?,
            false => self.sectors.chain(entry.start, &self.after, entry.length)?,
        };
        stream.truncate(usize::try_from(entry.length).unwrap_or(usize::MAX));
        Ok(Some(stream))
    }
}

impl Entry {
    fn read(bytes: &[u8], sector: usize) -> Self {
        let letters = bytes[..64].chunks_exact(2);
        let letters = letters.map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let name: Vec<u16> = letters.take_while(|letter| *letter != 0).collect();
        let at = |place: usize| u64::from(u32_at(bytes, place).unwrap_or(0));
        Self {
            name: String::from_utf16_lossy(&name),
            start: u32_at(bytes, 116).unwrap_or(END_OF_CHAIN),
            length: match sector {
                512 => at(120),
                _ => at(120) | at(124) << 32,
            },
        }
    }
}

/// The records of a stream from a place on: kind, bytes, and those of the records that continue it.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8], usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let kind = u16_at(stream, at)?;
        let length = usize::from(u16_at(stream, at + 2)?);
        let bytes = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, bytes, at))
    })
}

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const CONTINUE: u16 = 0x003c;

/// Says why the records of a workbook would take more memory than any workbook may.
fn weigh(stream: &[u8]) -> Result<(), String> {
    let (mut sheets, mut texts) = (Vec::new(), Vec::new());
    for (kind, bytes, end) in records(stream) {
        match kind {
            0x0085 => sheets.extend(u32_at(bytes, 0)),
            0x00fc => texts = lengths(bytes, &stream[end..]),
            END => break,
            _ => {}
        }
    }
    let (mut held, mut read) = (0, 0);
    for sheet in sheets {
        let Some(records) = stream.get(sheet as usize..) else {
            continue;
        };
        read += weigh_sheet(records, &texts, &mut held)?;
        if held > MOST_HELD {
            return Err(TOO_MANY_CELLS.to_owned());
        }
        // Sheets lie one after another: together they are no longer than the workbook.
        if read > 2 * stream.len() {
            return Err("its sheets lie within one another".to_owned());
        }
    }
    Ok(())
}

/// Cells from the first row and column to the last.
#[derive(Default)]
struct Area {
    bounds: Option<[u16; 4]>,
}

impl Area {
    fn add(&mut self, row: u16, first: u16, last: u16) {
        let [top, bottom, left, right] = self.bounds.unwrap_or([row, row, first, last]);
        self.bounds = Some([
            top.min(row),
            bottom.max(row),
            left.min(first),
            right.max(last),
        ]);
    }

    fn cells(&self) -> u64 {
        self.bounds.map_or(0, |[top, bottom, left, right]| {
            (u64::from(bottom - top) + 1) * (u64::from(right.saturating_sub(left)) + 1)
        })
    }
}

/// Adds what a sheet takes to `held`, and gives the bytes read.
fn weigh_sheet(stream: &[u8], texts: &[u32], held: &mut u64) -> Result<usize, String> {
    let (mut cells, mut formulas) = (Area::default(), Area::default());
    let (mut depth, mut read, mut formula) = (0_u32, 0, (0, 0));
    let mut has_begun = false;
    for (kind, bytes, end) in records(stream) {
        read = end;
        // Charts within a sheet are skipped, as their cells are not its cells.
        match kind {
            BEGIN if has_begun => depth += 1,
            BEGIN => has_begun = true,
            END if depth == 0 => break,
            END => depth -= 1,
            _ => {}
        }
        let (Some(row), Some(column), 0) = (u16_at(bytes, 0), u16_at(bytes, 2), depth) else {
            continue;
        };
        let mut add = |row: u16, first: u16, last: u16, text: u64| {
            cells.add(row, first, last);
            *held += CELL * (u64::from(last.saturating_sub(first)) + 1) + text;
        };
        match kind {
            0x0200 if said(bytes) > MOST_CELLS => {
                return Err("it says that it has more cells than a sheet may have".to_owned());
            }
            // Numbers, and truths or errors.
            0x0203 | 0x0205 | 0x027e => add(row, column, column, 0),
            // Texts that stand in their cell, as long as they say they are.
            0x0204 | 0x00d6 => add(row, column, column, u16_at(bytes, 6).unwrap_or(0).into()),
            0x0207 => add(formula.0, formula.1, formula.1, row.into()),
            0x00fd => {
                let text = u32_at(bytes, 6).and_then(|text| texts.get(text as usize));
                add(row, column, column, text.copied().unwrap_or(0).into());
            }
            0x00bd => {
                let count = (bytes.len().saturating_sub(6) / 6).max(1) as u16;
                add(row, column, column.saturating_add(count - 1), 0);
            }
            0x0006 => {
                formula = (row, column);
                add(row, column, column, 0);
                formulas.add(row, column, column);
            }
            _ => {}
        }
        if *held > MOST_HELD {
            break;
        }
    }
    *held += cells.cells() * IN_TABLE + formulas.cells() * FORMULA_IN_TABLE;
    Ok(read)
}

/// Rows times columns that a sheet says it has.
fn said(bytes: &[u8]) -> u64 {
    let two = |at: usize| u32::from(u16_at(bytes, at).unwrap_or(0));
    let four = |at: usize| u32_at(bytes, at).unwrap_or(0);
    let (rows, columns) = match bytes.len() {
        10 => ((two(0), two(2)), (two(4), two(6))),
        14 | 16 => ((four(0), four(4)), (two(8), two(10))),
        _ => return 0,
    };
    if rows.1 == 0 || columns.1 == 0 {
        return 1;
    }
    // A range of columns that cannot be is read from the first column on; one of rows is a number below none.
    let first = match columns.0 > 0xff || columns.1 < columns.0 {
        true => 0,
        false => columns.0,
    };
    let rows = u64::from(rows.1.wrapping_sub(rows.0));
    rows * u64::from(columns.1.saturating_sub(first).max(1))
}

/// Characters of each text of the table of texts.
fn lengths(first: &[u8], rest: &[u8]) -> Vec<u32> {
    let more = records(rest).take_while(|(kind, ..)| *kind == CONTINUE);
    let mut pieces = Pieces {
        piece: first.get(8..).unwrap_or_default(),
        more: more.map(|(_, bytes, _)| bytes),
    };
    let mut lengths = Vec::new();
    while let Some(length) = pieces.text() {
        lengths.push(length);
    }
    lengths
}

/// A record and those that continue it.
struct Pieces<'s, I> {
    piece: &'s [u8],
    more: I,
}

impl<'s, I: Iterator<Item = &'s [u8]>> Pieces<'s, I> {
    /// Passes a text and gives its characters; `None` at the end, and where it is broken.
    fn text(&mut self) -> Option<u32> {
        if self.piece.is_empty() {
            self.piece = self.more.next()?;
        }
        let length = u16_at(self.piece, 0)?;
        let flags = *self.piece.get(2)?;
        self.pass(3)?;
        let mut after = 0;
        if flags & 8 != 0 {
            after += 4 * u64::from(u16_at(self.piece, 0)?);
            self.pass(2)?;
        }
        if flags & 4 != 0 {
            after += u64::from(u32_at(self.piece, 0)?);
            self.pass(4)?;
        }
        let (mut left, mut is_wide) = (usize::from(length), flags & 1 != 0);
        loop {
            let width = 1 + usize::from(is_wide);
            let here = left.min(self.piece.len() / width);
            self.pass(here * width)?;
            left -= here;
            if left == 0 {
                break;
            }
            // What continues a text says first how wide its characters are.
            self.piece = self.more.next()?;
            is_wide = self.piece.first()? & 1 != 0;
            self.pass(1)?;
        }
        while after > 0 {
            if self.piece.is_empty() {
                self.piece = self.more.next()?;
            }
            let here = after.min(self.piece.len() as u64);
            self.pass(usize::try_from(here).ok()?)?;
            after -= here;
        }
        Some(length.into())
    }

    fn pass(&mut self, bytes: usize) -> Option<()> {
        self.piece = self.piece.get(bytes..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(kind: u16, bytes: &[u8]) -> Vec<u8> {
        let length = bytes.len() as u16;
        [&kind.to_le_bytes(), &length.to_le_bytes(), bytes].concat()
    }

    /// A record of 16-bit numbers.
    fn words(kind: u16, words: &[u16]) -> Vec<u8> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        record(kind, &bytes)
    }

    /// A workbook of these sheets, and texts.
    fn workbook(sheets: &[Vec<u8>], texts: &[u8]) -> Vec<u8> {
        let globals = |starts: &[usize]| {
            let mut stream = words(BEGIN, &[0x600, 5]);
            for start in starts {
                let start = *start as u32;
                stream.extend(record(
                    0x0085,
                    &[&start.to_le_bytes()[..], b"\0\0\x01\0A"].concat(),
                ));
            }
            stream.extend_from_slice(texts);
            stream.extend(record(END, b""));
            stream
        };
        let mut start = globals(&vec![0; sheets.len()]).len();
        let mut starts = Vec::new();
        for sheet in sheets {
            starts.push(start);
            start += sheet.len();
        }
        [globals(&starts), sheets.concat()].concat()
    }

    fn sheet(records: &[Vec<u8>]) -> Vec<u8> {
        [
            words(BEGIN, &[0x600, 16]),
            records.concat(),
            record(END, b""),
        ]
        .concat()
    }

    fn number(row: u16, column: u16) -> Vec<u8> {
        words(0x0203, &[row, column, 0, 0, 0, 0, 0])
    }

    #[track_caller]
    fn check(stream: &[u8], says: &str) {
        match weigh(stream) {
            Ok(()) => assert_eq!(says, ""),
            Err(reason) => assert!(!says.is_empty() && reason.contains(says), "{reason}"),
        }
    }

    #[test]
    fn cells_far_apart_are_too_many() {
        check(
            &workbook(&[sheet(&[number(0, 0), number(65_535, 100)])], b""),
            "",
        );
        check(
            &workbook(&[sheet(&[number(0, 0), number(65_535, 255)])], b""),
            "too many",
        );
        let middling = sheet(&[number(0, 0), number(65_535, 100)]);
        check(&workbook(&[middling.clone(), middling], b""), "too many");
        // What a chart within a sheet says is no cell of it.
        let chart = sheet(&[number(65_535, 65_535)]);
        check(&workbook(&[sheet(&[number(0, 0), chart])], b""), "");
    }

    #[test]
    fn what_a_sheet_says_of_itself_is_not_believed() {
        let says = |rows: [u16; 2], columns: [u16; 2]| {
            let four = [rows[0], 0, rows[1], 0, columns[0], columns[1], 0];
            workbook(&[sheet(&[words(0x0200, &four), number(0, 0)])], b"")
        };
        check(&says([0, 65_535], [0, 256]), "");
        check(&says([0, 65_535], [0, 65_535]), "more cells than a sheet");
        check(&says([9, 3], [0, 2]), "more cells than a sheet");
        check(&says([0, 0], [0, 0]), "");
        check(
            &workbook(&[sheet(&[words(0x0200, &[0, 65_535, 0, 65_535, 0])])], b""),
            "more cells",
        );
    }

    #[test]
    fn one_text_in_many_cells_is_written_out_in_each() {
        let long = [&60_000_u16.to_le_bytes()[..], b"\0", &[b'a'; 8000]].concat();
        let rest = [b"\0".as_slice(), &[b'a'; 52_000]].concat();
        let texts = |wide: &[u8]| {
            let first = [&[0; 8], wide].concat();
            [
                record(0x00fc, &first),
                record(CONTINUE, &rest),
                words(BEGIN, &[]),
            ]
            .concat()
        };
        assert_eq!(
            lengths(&[&[0; 8], &long[..]].concat(), &record(CONTINUE, &rest)),
            [60_000]
        );
        let cell = |row: u16| words(0x00fd, &[row, 0, 0, 0, 0]);
        let few: Vec<Vec<u8>> = (0..100).map(cell).collect();
        check(&workbook(&[sheet(&few)], &texts(&long)), "");
        let many: Vec<Vec<u8>> = (0..10_000).map(cell).collect();
        check(&workbook(&[sheet(&many)], &texts(&long)), "too many");
        // A text that says it is long, and is not there.
        let labels: Vec<Vec<u8>> = (0..10_000)
            .map(|row| words(0x0204, &[row, 0, 0, u16::MAX, 0]))
            .collect();
        check(&workbook(&[sheet(&labels)], b""), "too many");
    }

    #[test]
    fn sheets_within_one_another_are_refused() {
        let mut sheets = vec![sheet(
            &(0..2000).map(|row| number(row, 0)).collect::<Vec<_>>(),
        )];
        sheets.resize(6, sheet(&[]));
        let mut stream = workbook(&sheets, b"");
        check(&stream, "");
        // Each sheet is told of in 13 bytes, its place after 12 of them and those before.
        let first = stream[12..16].to_vec();
        for place in 1..6 {
            stream[12 + 13 * place..16 + 13 * place].copy_from_slice(&first);
        }
        check(&stream, "within one another");
    }

    /// A container whose sector 0 is the table of sectors, 1 the directory, 2 and more a workbook.
    fn container(after: &[u32], first: u32, length: u32) -> Vec<u8> {
        let mut file = vec![0; 512 * (4 + 8)];
        file[30] = 9;
        for (at, number) in [
            (44, 1),
            (48, 1),
            (60, END_OF_CHAIN),
            (68, END_OF_CHAIN),
            (76, 0),
        ] {
            file[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
        }
        file[80..512].fill(0xff);
        file[512..1024].fill(0xff);
        for (place, number) in after.iter().enumerate() {
            file[512 + 4 * place..516 + 4 * place].copy_from_slice(&number.to_le_bytes());
        }
        for (letter, byte) in b"Workbook".iter().enumerate() {
            file[1024 + 2 * letter] = *byte;
        }
        file[1024 + 116..1024 + 120].copy_from_slice(&first.to_le_bytes());
        file[1024 + 120..1024 + 124].copy_from_slice(&length.to_le_bytes());
        file
    }

    fn checked(file: &[u8]) -> Result<(), String> {
        super::check(&mut &*file, file.len() as u64)
    }

    #[test]
    fn parts_that_follow_one_another_in_a_circle_are_refused() {
        let end = END_OF_CHAIN;
        assert_eq!(
            checked(&container(&[end, end, 3, 4, 5, 6, 7, 8, 9, end], 2, 4096)),
            Ok(())
        );
        let circle = Err(ENDLESS.to_owned());
        assert_eq!(checked(&container(&[end, 1], 2, 4096)), circle);
        assert_eq!(checked(&container(&[end, end, 3, 2], 2, u32::MAX)), circle);
        // The table itself, said to lie in one place many times.
        let mut file = container(&[end, end], end, 0);
        file[76..512].fill(0);
        assert_eq!(checked(&file), circle);
        assert_eq!(checked(b"PK"), Ok(()));
        assert!(super::check(&mut &b""[..], LARGEST + 1).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn broken_containers_are_looked_at_without_panic(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
            let mut file = container(&[END_OF_CHAIN, END_OF_CHAIN, 3, 4, END_OF_CHAIN], 2, 4096);
            let stream = workbook(&[sheet(&[number(1, 2), words(0x00bd, &[1, 1, 0, 0, 0, 0, 0, 0, 2])])], &record(0x00fc, &[7; 40]));
            file[1536..1536 + stream.len()].copy_from_slice(&stream);
            for (at, byte) in damage {
                let at = at.index(file.len());
                file[at] = byte;
            }
            let _ = checked(&file);
            let _ = weigh(&file[1536..]);
        }
    }
}
