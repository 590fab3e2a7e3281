//! Which array of a JSON object holds the records.

use super::{
    Elements, Shape,
    grammar::{Grammar, Step},
};
use crate::ingest::containers::lines_in;

/// Finds the array that holds the records of a file whose first sign is a brace, block by block.
#[derive(Default)]
pub(in crate::ingest) struct RecordsSearch {
    grammar: Grammar,
    offset: u64,
    line: u32,
    name: Vec<u8>,
    open: Option<Candidate>,
    best: Option<Candidate>,
    state: SearchState,
}

#[derive(Default, PartialEq, Eq)]
enum SearchState {
    #[default]
    Inside,
    /// The first object ended.
    After,
    /// Another object follows, or what was seen is enough.
    Over,
}

struct Candidate {
    name: String,
    offset: u64,
    line: u32,
    depth: u32,
    objects: u64,
}

impl RecordsSearch {
    /// Sees the next block; false when more would change nothing.
    pub fn see(&mut self, bytes: &[u8]) -> bool {
        let mut at = 0;
        let mut counted = 0;
        let mut is_continued = self.grammar.is_in_string;
        self.grammar.string_start = 0;
        while self.state == SearchState::Inside {
            let step = self.grammar.step(bytes, &mut at);
            let is_name =
                matches!(step, Step::Name) || self.grammar.is_in_string && self.grammar.is_name;
            if is_name {
                if !is_continued {
                    self.name.clear();
                }
                let end = if matches!(step, Step::Name) {
                    at - 1
                } else {
                    bytes.len()
                };
                self.name.extend_from_slice(
                    bytes
                        .get(self.grammar.string_start..end)
                        .unwrap_or_default(),
                );
                // Names longer than this name nothing.
                self.name.truncate(200);
            }
            is_continued = false;
            match step {
                Step::More => break,
                Step::Name => {}
                Step::Opened(b'[') if self.open.is_none() => {
                    self.line += lines_in(&bytes[counted..at]);
                    counted = at;
                    self.open = Some(Candidate {
                        name: String::from_utf8_lossy(&self.name).into_owned(),
                        offset: self.offset + at as u64 - 1,
                        line: self.line + 1,
                        depth: self.grammar.depth,
                        objects: 0,
                    });
                }
                Step::Opened(_) => {
                    let depth = self.grammar.depth;
                    if let Some(open) = self.open.as_mut().filter(|open| depth == open.depth + 1) {
                        open.objects += 1;
                    }
                }
                Step::Closed => {
                    if self
                        .open
                        .as_ref()
                        .is_some_and(|open| self.grammar.depth < open.depth)
                    {
                        self.settle();
                    }
                    if self.grammar.depth == 0 {
                        self.state = SearchState::After;
                    }
                }
                Step::Broken(_) => {
                    self.settle();
                    self.state = SearchState::Over;
                }
            }
        }
        if self.state == SearchState::After {
            let after = bytes[at..].trim_ascii_start();
            if after.starts_with(b"{") {
                self.best = None;
            }
            if !after.is_empty() {
                self.state = SearchState::Over;
            }
        }
        self.line += lines_in(&bytes[counted..]);
        self.offset += bytes.len() as u64;
        self.state != SearchState::Over
    }

    /// Where the records are: in the array with the most objects, else in the objects themselves.
    pub fn finish(mut self) -> Elements {
        self.settle();
        let shape = match self.best {
            Some(best) => Shape::Member {
                name: best.name,
                offset: best.offset,
                line: best.line,
            },
            None => Shape::Sequence,
        };
        Elements { shape }
    }

    fn settle(&mut self) {
        let open = self.open.take().filter(|open| open.objects > 0);
        let most = self.best.as_ref().map_or(0, |best| best.objects);
        if open.as_ref().is_some_and(|open| open.objects > most) {
            self.best = open;
        }
    }
}
