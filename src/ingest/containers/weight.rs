//! What a part of a workbook needs in memory, told before its parser is let at it: the parser believes what a file says of
//! itself, and a few bytes may say that a cell stands there sixteen thousand times. Source: OpenDocument 1.2, part 1, 9.1.

use crate::ingest::bytes::read_full;
use std::io::{self, Read};

/// How large a part of a workbook is, unpacked.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Weight {
    pub bytes: u64,
    /// Tags.
    pub pieces: u64,
    /// Bytes from one tag to the next.
    pub longest_piece: u64,
    /// Texts that a table of texts says it has, whether or not it has them.
    pub declared: u64,
    /// Bytes that the tables of a part take once all cells and rows that stand for several are written out.
    pub held: u64,
    /// True when every element ends, within the one that it began in: who waits for the end of one waits in vain otherwise.
    pub is_well_formed: bool,
}

/// Bytes a parser keeps for a cell: its value and its formula, without their texts.
const CELL: u64 = 56;

/// Columns and rows a sheet has at most; parsers write out no more.
const MOST_COLUMNS: u64 = 1 << 14;
const MOST_ROWS: u64 = 1 << 20;

/// Weighs a part, to a little more than `most` bytes.
pub(super) fn weigh(part: impl Read, most: u64) -> io::Result<Weight> {
    let mut weight = Weight::default();
    let mut scanner = Scanner::default();
    let mut piece_start = 0;
    let mut part = part.take(most.saturating_add(1));
    let mut block = vec![0; 1 << 16];
    loop {
        let filled = read_full(&mut part, &mut block)?;
        for tag in memchr::memchr_iter(b'<', &block[..filled]) {
            let tag = weight.bytes + tag as u64;
            weight.longest_piece = weight.longest_piece.max(tag - piece_start);
            weight.pieces += 1;
            piece_start = tag;
        }
        scanner.see(&block[..filled], weight.bytes);
        weight.bytes += filled as u64;
        if filled < block.len() {
            weight.longest_piece = weight.longest_piece.max(weight.bytes - piece_start);
            weight.declared = scanner.declared;
            weight.held = scanner.tables.held();
            weight.is_well_formed = scanner.has_ended();
            return Ok(weight);
        }
    }
}

/// Finds the tags of XML that comes in blocks.
#[derive(Default)]
struct Scanner {
    place: Place,
    /// The tag, comment or instruction that is open, without its first sign.
    open: Vec<u8>,
    /// Where it began, and the bytes it has so far.
    start: u64,
    length: usize,
    declared: u64,
    tables: Tables,
    elements: Elements,
}

/// The elements that are open.
#[derive(Default)]
struct Elements {
    names: Vec<u8>,
    /// Where each name begins.
    starts: Vec<usize>,
    are_broken: bool,
}

/// Elements within one another; no workbook has as many.
const DEEPEST: usize = 1000;

impl Elements {
    fn begin(&mut self, name: &[u8]) {
        let is_name = !name.is_empty() && !name.iter().any(|byte| b"\"'<&=!".contains(byte));
        if !is_name || self.starts.len() >= DEEPEST {
            self.are_broken = true;
        }
        if !self.are_broken {
            self.starts.push(self.names.len());
            self.names.extend_from_slice(name);
        }
    }

    fn end(&mut self, name: &[u8]) {
        match self.starts.pop() {
            Some(start) if self.names[start..] == *name => self.names.truncate(start),
            _ => self.are_broken = true,
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    #[default]
    Text,
    Tag,
    /// Within a value, which ends at this sign.
    Value(u8),
    /// Within what only these signs end, after so many at least.
    Until(&'static [u8], usize),
}

/// A tag that is longer is none: the part is no XML.
const LONGEST_TAG: usize = 16 << 20;

/// Bytes of a comment that are kept to find its end.
const TAIL: usize = 3;

impl Scanner {
    fn see(&mut self, block: &[u8], before: u64) {
        let mut at = 0;
        while at < block.len() {
            let rest = &block[at..];
            let found = match self.place {
                Place::Text => memchr::memchr(b'<', rest),
                Place::Tag => memchr::memchr3(b'>', b'"', b'\'', rest),
                Place::Value(quote) => memchr::memchr(quote, rest),
                Place::Until(..) => memchr::memchr(b'>', rest),
            };
            let taken = found.map_or(rest.len(), |found| found + 1);
            if self.place != Place::Text {
                self.open.extend_from_slice(&rest[..taken]);
                self.length += taken;
                self.tell_apart();
            }
            at += taken;
            if self.open.len() > LONGEST_TAG {
                self.open.clear();
            }
            let Some(found) = found else {
                self.forget_comment();
                continue;
            };
            match self.place {
                Place::Text => {
                    self.place = Place::Tag;
                    self.start = before + (at - 1) as u64;
                    self.open.clear();
                    self.length = 0;
                }
                Place::Tag if rest[found] == b'>' => {
                    self.open.pop();
                    self.place = Place::Text;
                    self.see_tag(before + at as u64);
                }
                Place::Tag => self.place = Place::Value(rest[found]),
                Place::Value(_) => self.place = Place::Tag,
                Place::Until(end, least) if self.open.ends_with(end) => {
                    // Signs that begin a comment do not end it.
                    self.elements.are_broken |= self.length < least;
                    self.place = Place::Text;
                }
                Place::Until(..) => self.forget_comment(),
            }
        }
    }

    /// What a comment says is nobody's business.
    fn forget_comment(&mut self) {
        if matches!(self.place, Place::Until(..)) {
            self.open.drain(..self.open.len().saturating_sub(TAIL));
        }
    }

    /// True at the end of what is XML, as far as its tags tell.
    fn has_ended(&self) -> bool {
        self.place == Place::Text && !self.elements.are_broken && self.elements.starts.is_empty()
    }

    /// Comments, literal text and instructions are no tags, though they begin like some.
    fn tell_apart(&mut self) {
        const KINDS: [(&[u8], &[u8]); 3] = [(b"!--", b"-->"), (b"![CDATA[", b"]]>"), (b"?", b"?>")];
        if matches!(self.place, Place::Tag | Place::Value(_)) && self.open.len() < 1 << 16 {
            let kind = KINDS.iter().find(|(start, _)| self.open.starts_with(start));
            if let Some((start, end)) = kind {
                // The sign that was found may end it already.
                self.place = Place::Until(end, start.len() + end.len());
            }
        }
    }

    fn see_tag(&mut self, end: u64) {
        let tag = std::mem::take(&mut self.open);
        let (tag, is_closed) = match tag.strip_suffix(b"/") {
            Some(tag) => (tag, true),
            None => (tag.as_slice(), false),
        };
        let border = tag.iter().position(u8::is_ascii_whitespace);
        let (name, attributes) = tag.split_at(border.unwrap_or(tag.len()));
        match name.strip_prefix(b"/") {
            Some(name) if attributes.trim_ascii().is_empty() && !is_closed => {
                self.elements.end(name);
            }
            Some(_) => self.elements.are_broken = true,
            None => {
                self.elements.begin(name);
                if is_closed {
                    self.elements.end(name);
                }
            }
        }
        let tables = &mut self.tables;
        match name {
            b"table:table" => tables.begin(),
            b"/table:table" => tables.end(),
            b"text:s" => tables.spaces(repeats(attributes, b"text:c")),
            b"table:table-row" => {
                tables.begin_row(repeats(attributes, b"table:number-rows-repeated"));
                if is_closed {
                    tables.end_row();
                }
            }
            b"/table:table-row" => tables.end_row(),
            b"table:table-cell" | b"table:covered-table-cell" => {
                let is_filled = ["office:", "calcext:", "table:formula"]
                    .iter()
                    .any(|start| has_attribute(attributes, start.as_bytes()));
                let count = repeats(attributes, b"table:number-columns-repeated");
                tables.cell(count, is_filled, end - self.start);
                tables.text_from = (!is_closed).then_some(end);
            }
            b"/table:table-cell" | b"/table:covered-table-cell" => tables.end_cell(self.start),
            _ if name.rsplit(|byte| *byte == b':').next() == Some(b"sst") => {
                let declared = attribute(attributes, b"uniqueCount").map_or(0, number);
                self.declared = self.declared.max(declared);
            }
            _ => {}
        }
    }
}

/// Names and values of a tag's attributes, as far as they are written right.
fn attributes(mut rest: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let equals = memchr::memchr(b'=', rest)?;
        let name = rest[..equals].trim_ascii_end();
        rest = rest[equals + 1..].trim_ascii_start();
        let quote = *rest.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
        let length = memchr::memchr(quote, &rest[1..])?;
        let value = &rest[1..=length];
        rest = &rest[length + 2..];
        Some((name, value))
    })
}

fn attribute<'t>(tag: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    attributes(tag).find_map(|(found, value)| (found == name).then_some(value))
}

fn has_attribute(tag: &[u8], start: &[u8]) -> bool {
    attributes(tag).any(|(name, _)| name.starts_with(start))
}

/// A number, or the most there is where it cannot be read here.
fn number(value: &[u8]) -> u64 {
    let text = str::from_utf8(value).unwrap_or_default();
    text.parse().unwrap_or(u64::MAX)
}

fn repeats(tag: &[u8], name: &[u8]) -> u64 {
    attribute(tag, name).map_or(1, number)
}

/// What tables take, as a parser writes them out: every cell as often as it stands for, within the columns that have
/// something in them, from the first row with something to the last.
#[derive(Default)]
struct Tables {
    held: u64,
    rows: u64,
    width: u64,
    /// Rows before the first that has something in it, and up to the last.
    filled: Option<(u64, u64)>,
    row: Row,
    /// The cell that is open: where its text begins, and how often it is written out.
    text_from: Option<u64>,
    copies: u64,
}

/// A row in the making.
#[derive(Default)]
struct Row {
    repeats: u64,
    columns: u64,
    /// Empty cells, which count only where another follows.
    waiting: u64,
    filled: u64,
    text: u64,
}

impl Tables {
    fn begin(&mut self) {
        self.end();
        (self.rows, self.width, self.filled) = (0, 0, None);
    }

    fn end(&mut self) {
        self.held = self.held();
        (self.width, self.filled) = (0, None);
    }

    /// What all tables take, the open one among them.
    fn held(&self) -> u64 {
        let (first, last) = self.filled.unwrap_or_default();
        let area = (last - first).saturating_mul(self.width);
        self.held.saturating_add(area.saturating_mul(CELL))
    }

    fn begin_row(&mut self, repeats: u64) {
        self.row = Row {
            repeats: repeats.min(MOST_ROWS.saturating_sub(self.rows)),
            ..Row::default()
        };
    }

    fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        let before = self.rows;
        self.rows += row.repeats;
        if row.filled > 0 {
            self.width = self.width.max(row.filled);
            let first = self.filled.map_or(before, |(first, _)| first);
            self.filled = Some((first, self.rows));
        }
        let texts = row.text.saturating_mul(row.repeats.saturating_add(1));
        self.held = self.held.saturating_add(texts);
    }

    fn cell(&mut self, repeats: u64, is_filled: bool, tag: u64) {
        let row = &mut self.row;
        let waiting = std::mem::take(&mut row.waiting);
        let room = |columns: u64| MOST_COLUMNS.saturating_sub(columns);
        let mut added = waiting.min(room(row.columns));
        let repeats = repeats.min(room(row.columns + added));
        self.copies = 0;
        if is_filled {
            added += repeats;
            row.filled = row.columns + added;
            self.copies = repeats;
            // A value may stand in the tag itself.
            row.text = row.text.saturating_add(tag.saturating_mul(repeats));
        } else {
            row.waiting = repeats;
        }
        row.columns += added;
        self.held = self.held.saturating_add(added * CELL);
    }

    /// Spaces that are counted and not written.
    fn spaces(&mut self, count: u64) {
        let text = count.saturating_mul(self.copies);
        self.row.text = self.row.text.saturating_add(text);
    }

    fn end_cell(&mut self, at: u64) {
        if let Some(from) = self.text_from.take() {
            let text = at.saturating_sub(from).saturating_mul(self.copies);
            self.row.text = self.row.text.saturating_add(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn weighed(part: &str) -> Weight {
        weigh(part.as_bytes(), u64::MAX).unwrap()
    }

    #[test]
    fn parts_are_weighed_across_blocks() {
        let part = format!("<a>{}</a>", "x".repeat(1 << 17));
        let weight = weighed(&part);
        assert_eq!(
            (weight.bytes, weight.pieces, weight.longest_piece),
            ((1 << 17) + 7, 2, (1 << 17) + 3)
        );
        assert_eq!(weigh(part.as_bytes(), 9).unwrap().bytes, 10);
    }

    #[test]
    fn texts_that_are_only_said_to_be_there_are_counted() {
        assert_eq!(weighed("<sst uniqueCount=\"7\"><si/></sst>").declared, 7);
        assert_eq!(
            weighed("<!-- ' --><x:sst a='>' uniqueCount = '8' />").declared,
            8
        );
        assert_eq!(weighed("<sst uniqueCount=\"many\">").declared, u64::MAX);
        assert_eq!(weighed("<!--<sst uniqueCount=\"7\">-->").declared, 0);
        assert_eq!(
            weighed("<a b=' uniqueCount=\"1\"'/><sst c=' uniqueCount=\"1\"' uniqueCount=\"9\"/>")
                .declared,
            9
        );
    }

    /// Cells that are written out: in rows as they stand, and in the table made of them.
    #[track_caller]
    fn check(rows: &str, cells: u64, texts: u64) {
        let part = format!("<table:table table:name=\"A\">{rows}</table:table>");
        let held = weighed(&part).held;
        assert_eq!(held, cells * CELL + texts, "{rows}: {} cells", held / CELL);
    }

    #[test]
    fn cells_count_as_often_as_they_stand_for() {
        let empty =
            |count: u64| format!("<table:table-cell table:number-columns-repeated=\"{count}\"/>");
        let row = |repeats: u64, cells: &str| {
            format!(
                "<table:table-row table:number-rows-repeated=\"{repeats}\">{cells}</table:table-row>"
            )
        };
        // 36 signs of tag and one of text, written once for its row and once for each row it stands for.
        let one = "<table:table-cell office:value=\"1\">x</table:table-cell>";
        let text = one.find('x').unwrap() as u64 + 1;
        check(&row(1, ""), 0, 0);
        check(&row(1, &empty(16_384)), 0, 0);
        check(&row(1, one), 2, 2 * text);
        check(&row(3, one), 1 + 3, 4 * text);
        // Below and right of everything: nothing.
        check(
            &(row(1, &(one.to_owned() + &empty(16_000))) + &row(1_000_000, &empty(9))),
            2,
            2 * text,
        );
        // In between: all of it.
        check(&row(1, &(empty(9) + one)), 10 + 10, 2 * text);
        check(
            &(row(1, one) + &row(1000, &empty(2)) + &row(1, one)),
            2 + 1002,
            4 * text,
        );
        check(&row(u64::MAX, &empty(u64::MAX)), 0, 0);
        let many = one.replace("office", "table:number-columns-repeated=\"99999\" office");
        let text = many.find('x').unwrap() as u64 + 1;
        check(&row(1, &many), 2 << 14, (2 << 14) * text);
    }

    #[test]
    fn spaces_that_are_counted_are_counted() {
        let cell = |count: &str| {
            let cell = format!(
                "<table:table-cell office:value-type=\"string\"><text:s text:c=\"{count}\"/></table:table-cell>"
            );
            weighed(&format!(
                "<table:table><table:table-row>{cell}</table:table-row></table:table>"
            ))
            .held
        };
        assert_eq!(cell("900") - cell("100"), 2 * 800);
        assert_eq!(cell("99999999999999999999"), u64::MAX);
    }

    #[test]
    fn what_does_not_end_is_not_well_formed() {
        for part in [
            "",
            "<a/>",
            "<a b='>'><c></c ></a>",
            "<?x '?><!-- <b> --><a><![CDATA[<b>]]></a>",
        ] {
            assert!(weighed(part).is_well_formed, "{part}");
        }
        for part in [
            "<a>",
            "<a",
            "<a b='>",
            "</a>",
            "<a><b></a></b>",
            "<a></a b>",
            "<a></a/>",
            "<a\"></a\">",
            "<!-->",
            "<!--->",
            "<!DOCTYPE a>",
            "<a><!-- </a>",
            "<>",
            "</>",
        ] {
            assert!(!weighed(part).is_well_formed, "{part}");
        }
        assert!(
            !weighed(&("<a>".repeat(DEEPEST + 1) + &"</a>".repeat(DEEPEST + 1))).is_well_formed
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn tags_are_found_wherever_blocks_end(
            part in "(<(table:table-row|table:table-cell|a)( (office:v|table:number-rows-repeated|b)=(\"[0-9>/]{0,3}\"|'[0-9<\"]{0,3}')){0,2}/?>|<!--[->a]{0,4}-->|<\\?b'\\?>|<!\\[CDATA\\[[\\]<]{0,3}\\]\\]>|</table:table-row>|<|>|'|x){0,12}",
            block in 1..20_usize,
        ) {
            let of = |block: usize| {
                let mut scanner = Scanner::default();
                let mut before = 0;
                for block in part.as_bytes().chunks(block) {
                    scanner.see(block, before);
                    before += block.len() as u64;
                }
                (scanner.tables.held(), scanner.declared, scanner.has_ended())
            };
            prop_assert_eq!(of(block), of(1 << 16), "{}", part);
        }
    }
}
