//! Where JSON objects begin and end, sign by sign, over any number of blocks.

use super::DEEPEST;

/// What stands at a brace.
pub(super) enum Found {
    /// An object of so many bytes.
    Whole(usize),
    /// The beginning of an object.
    Cut,
    Broken(&'static str),
}

/// Looks for the end of the object `bytes` begin with.
pub(super) fn object_end(bytes: &[u8]) -> Found {
    if bytes.first() != Some(&b'{') {
        return Found::Broken("no brace");
    }
    let mut grammar = Grammar::default();
    let mut at = 0;
    loop {
        match grammar.step(bytes, &mut at) {
            Step::More => return Found::Cut,
            Step::Closed if grammar.depth == 0 => return Found::Whole(at),
            Step::Opened(_) | Step::Closed | Step::Name => {}
            Step::Broken(what) => return Found::Broken(what),
        }
    }
}

/// Reads JSON signs in order, over any number of blocks.
#[derive(Default)]
pub(super) struct Grammar {
    /// One bit a level: 1 for objects.
    kinds: u64,
    pub depth: u32,
    last: Last,
    pub is_in_string: bool,
    pub is_name: bool,
    is_escaped: bool,
    /// Where the last string began in the bytes at hand, after its quote.
    pub string_start: usize,
}

/// The sign before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Opening,
    Name,
    Colon,
    /// A number or a word, which may go on.
    Scalar,
    Value,
    Comma,
}

pub(super) enum Step {
    /// The bytes are used up.
    More,
    Opened(u8),
    Closed,
    /// The name of a member ended at the quote before.
    Name,
    Broken(&'static str),
}

impl Grammar {
    /// Goes on to the next opening, closing or name.
    pub fn step(&mut self, bytes: &[u8], at: &mut usize) -> Step {
        loop {
            if self.is_escaped && *at < bytes.len() {
                self.is_escaped = false;
                *at += 1;
            }
            if self.is_in_string {
                let Some(found) =
                    memchr::memchr3(b'"', b'\\', b'\n', &bytes[(*at).min(bytes.len())..])
                else {
                    *at = bytes.len();
                    return Step::More;
                };
                *at += found + 1;
                match bytes[*at - 1] {
                    b'\\' => self.is_escaped = true,
                    b'\n' => return Step::Broken("a quote does not close on its line"),
                    _ => {
                        self.is_in_string = false;
                        self.last = if self.is_name {
                            Last::Name
                        } else {
                            Last::Value
                        };
                        if self.is_name {
                            return Step::Name;
                        }
                    }
                }
                continue;
            }
            let Some(&byte) = bytes.get(*at) else {
                return Step::More;
            };
            *at += 1;
            let is_object = self.depth > 0 && self.kinds & 1 == 1;
            let takes_value = match self.last {
                Last::Colon => is_object,
                Last::Opening | Last::Comma => !is_object,
                Last::Name | Last::Scalar | Last::Value => self.depth == 0,
            };
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {}
                b'"' if self.depth > 0 => {
                    self.is_name = is_object && matches!(self.last, Last::Opening | Last::Comma);
                    if !self.is_name && !takes_value {
                        return Step::Broken("a string where none can be");
                    }
                    self.is_in_string = true;
                    self.string_start = *at;
                }
                b'{' | b'[' => {
                    if !takes_value {
                        return Step::Broken("a bracket where none can be");
                    }
                    if self.depth == DEEPEST {
                        return Step::Broken("nested deeper than 64");
                    }
                    self.kinds = self.kinds << 1 | u64::from(byte == b'{');
                    self.depth += 1;
                    self.last = Last::Opening;
                    return Step::Opened(byte);
                }
                b'}' | b']' => {
                    let fits = self.depth > 0
                        && is_object == (byte == b'}')
                        && !matches!(self.last, Last::Colon | Last::Name);
                    if !fits {
                        return Step::Broken("brackets that do not match");
                    }
                    self.kinds >>= 1;
                    self.depth -= 1;
                    self.last = Last::Value;
                    return Step::Closed;
                }
                b':' if is_object && self.last == Last::Name => self.last = Last::Colon,
                b',' if matches!(self.last, Last::Value | Last::Scalar) => self.last = Last::Comma,
                // The letters of true, false and null, and the signs of numbers.
                b'0'..=b'9'
                | b'+'
                | b'-'
                | b'.'
                | b'E'
                | b'a'
                | b'e'
                | b'f'
                | b'l'
                | b'n'
                | b'r'
                | b's'
                | b't'
                | b'u'
                    if self.depth > 0 && (takes_value || self.last == Last::Scalar) =>
                {
                    self.last = Last::Scalar;
                }
                _ => return Step::Broken("a sign where none can be"),
            }
        }
    }
}
