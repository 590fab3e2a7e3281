//! One JSON object a line.

use crate::ingest::containers::{Fault, LONGEST_ROW, Row, Splitter};

/// One object a line.
pub(in crate::ingest) struct LineSplitter {
    line: u32,
    /// The line being read was refused for its length.
    is_skipping: bool,
}

impl Default for LineSplitter {
    fn default() -> Self {
        Self {
            line: 1,
            is_skipping: false,
        }
    }
}

impl Splitter for LineSplitter {
    fn split(&mut self, bytes: &[u8], is_last: bool, rows: &mut Vec<Row>) -> usize {
        let mut start = 0;
        loop {
            let newline = memchr::memchr(b'\n', &bytes[start..]).map(|at| start + at);
            if newline.is_none() && !is_last {
                if bytes.len() - start > LONGEST_ROW {
                    if !self.is_skipping {
                        rows.push(Row {
                            start,
                            end: start,
                            line: self.line,
                            fault: Some(too_long()),
                        });
                    }
                    self.is_skipping = true;
                    return bytes.len();
                }
                return start;
            }
            let end = newline.unwrap_or(bytes.len());
            let is_blank = bytes[start..end].trim_ascii().is_empty();
            if self.is_skipping {
                self.is_skipping = false;
            } else if end - start > LONGEST_ROW {
                rows.push(Row {
                    start,
                    end: start,
                    line: self.line,
                    fault: Some(too_long()),
                });
            } else if !is_blank {
                rows.push(Row {
                    start,
                    end,
                    line: self.line,
                    fault: None,
                });
            }
            let Some(newline) = newline else {
                return bytes.len();
            };
            self.line = self.line.saturating_add(1);
            start = newline + 1;
        }
    }
}

pub(in crate::ingest::containers) fn too_long() -> Fault {
    Fault::Broken(format!(
        "a record is longer than {} MB; split it",
        LONGEST_ROW / 1_000_000
    ))
}
