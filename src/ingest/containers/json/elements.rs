//! JSON objects in an array, or one after the other.

use super::{
    Elements, Shape,
    grammar::{Found, object_end},
    too_long,
};
use crate::ingest::containers::{Fault, LONGEST_ROW, Row, Splitter, lines_in};

/// Objects in an array or in a sequence.
pub(in crate::ingest) struct ElementSplitter {
    elements: Elements,
    line: u32,
    state: State,
    /// How records begin: white space before the brace when it is first on its line, and the name of the first member.
    opening: Option<Opening>,
    is_bracket_seen: bool,
    is_closed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between records.
    Between,
    /// After a broken record, looking for the next.
    Lost,
    /// After the array.
    Done,
}

struct Opening {
    indent: Option<Vec<u8>>,
    name: Vec<u8>,
}

impl ElementSplitter {
    pub fn new(elements: Elements) -> Self {
        let line = match &elements.shape {
            Shape::Member { line, .. } => *line,
            Shape::Array | Shape::Sequence => 1,
        };
        Self {
            elements,
            line,
            state: State::Between,
            opening: None,
            is_bracket_seen: false,
            is_closed: false,
        }
    }

    /// Bytes of the decoded file before the array.
    pub fn offset(elements: &Elements) -> u64 {
        match &elements.shape {
            Shape::Member { offset, .. } => *offset,
            Shape::Array | Shape::Sequence => 0,
        }
    }

    fn is_sequence(&self) -> bool {
        self.elements.shape == Shape::Sequence
    }
}

impl Splitter for ElementSplitter {
    fn split(&mut self, bytes: &[u8], is_last: bool, rows: &mut Vec<Row>) -> usize {
        let mut at = 0;
        let mut counted = 0;
        loop {
            match self.state {
                State::Done => at = bytes.len(),
                State::Lost => match self.next_opening(bytes, at) {
                    Some(found) => {
                        at = found;
                        self.state = State::Between;
                    }
                    None => {
                        // What comes before an opening is looked at too, so its last bytes stay.
                        let kept = if is_last {
                            0
                        } else {
                            4096.min(bytes.len() - at)
                        };
                        at = bytes.len() - kept;
                        self.line = self.line.saturating_add(lines_in(&bytes[counted..at]));
                        return at;
                    }
                },
                State::Between => {}
            }
            let blanks = at;
            let blank = |b: &u8| b.is_ascii_whitespace() || *b == b',';
            at += bytes[at..].iter().take_while(|b| blank(b)).count();
            // A record comes again with the line break before it, by which records are found after a broken one.
            let kept =
                memchr::memrchr(b'\n', &bytes[blanks..at]).map_or(at, |newline| blanks + newline);
            self.line = self.line.saturating_add(lines_in(&bytes[counted..kept]));
            counted = kept;
            if at == bytes.len() {
                return if is_last { at } else { kept };
            }
            let line = self.line.saturating_add(lines_in(&bytes[kept..at]));
            let fault = match bytes[at] {
                b'[' if !self.is_sequence() && !self.is_bracket_seen => {
                    self.is_bracket_seen = true;
                    at += 1;
                    continue;
                }
                b']' if !self.is_sequence() => {
                    self.state = State::Done;
                    self.is_closed = true;
                    continue;
                }
                b'{' => match object_end(&bytes[at..]) {
                    Found::Whole(length) => {
                        if self.opening.is_none() {
                            self.opening = Some(opening_of(bytes, at));
                        }
                        let fault = (length > LONGEST_ROW).then(too_long);
                        rows.push(Row {
                            start: at,
                            end: at + length,
                            line,
                            fault,
                        });
                        at += length;
                        continue;
                    }
                    Found::Cut if !is_last && bytes.len() - at <= LONGEST_ROW => return kept,
                    Found::Cut if is_last => Fault::Broken(
                        "file ends inside a record; export it again, whole".to_owned(),
                    ),
                    Found::Cut => too_long(),
                    Found::Broken(what) => Fault::Broken(format!(
                        "not valid JSON: {what}; export it again, or correct the record"
                    )),
                },
                _ => Fault::Broken("not an object in braces; keep objects only".to_owned()),
            };
            rows.push(Row {
                start: at,
                end: at,
                line,
                fault: Some(fault),
            });
            at += 1;
            self.state = State::Lost;
        }
    }

    fn warning(&self) -> Option<String> {
        let is_cut = !self.is_sequence() && !self.is_closed;
        is_cut.then(|| "the file ends before its array does: records may be missing".to_owned())
    }
}

impl ElementSplitter {
    /// Where the next record seems to begin, at `from` or after.
    fn next_opening(&self, bytes: &[u8], from: usize) -> Option<usize> {
        memchr::memchr_iter(b'{', &bytes[from..])
            .map(|at| from + at)
            .find(|&at| {
                let before = bytes[..at].trim_ascii_end();
                match &self.opening {
                    None => {
                        before.ends_with(b"},")
                            || before.len() < at && bytes[before.len()..at].contains(&b'\n')
                    }
                    Some(opening) => {
                        let is_placed = match &opening.indent {
                            Some(indent) => {
                                indent_of(bytes, at).is_some_and(|found| found == indent)
                            }
                            None => {
                                [b"},".as_slice(), b"}", b"["]
                                    .iter()
                                    .any(|end| before.ends_with(end))
                                    || before.is_empty()
                            }
                        };
                        is_placed
                            && first_name(&bytes[at..]).is_some_and(|name| name == opening.name)
                    }
                }
            })
    }
}

fn opening_of(bytes: &[u8], at: usize) -> Opening {
    Opening {
        indent: indent_of(bytes, at).map(<[u8]>::to_vec),
        name: first_name(&bytes[at..]).unwrap_or_default().to_vec(),
    }
}

/// The white space before a brace that is first on its line.
fn indent_of(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let line = memchr::memrchr(b'\n', &bytes[..at])? + 1;
    let indent = &bytes[line..at];
    indent
        .iter()
        .all(|b| matches!(b, b' ' | b'\t'))
        .then_some(indent)
}

/// The name of the first member of an object, its quotes included.
fn first_name(object: &[u8]) -> Option<&[u8]> {
    let inside = object.strip_prefix(b"{")?.trim_ascii_start();
    let end = 1 + memchr::memchr(b'"', inside.strip_prefix(b"\"")?)?;
    Some(&inside[..=end])
}
