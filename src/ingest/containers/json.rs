//! JSON: one object a line, an array of objects, or an object one of whose arrays holds the records.
//!
//! A small grammar finds where objects begin and end, and notices at once where one is broken, so that a broken
//! record is refused alone. Whether a whole object is JSON to the letter is for the parser to say.

use super::{Container, Fault, LONGEST_ROW, Row, Splitter, lines_in};
use crate::ingest::{
    names,
    record::{self, Cells, Keys, Room},
    roles::{Role, SampledColumn},
    vocabulary::{Speaker, Vocabulary},
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// Objects and arrays within one another; deeper ones are broken or hostile.
const DEEPEST: u32 = 64;

/// Members of one object; more are broken or hostile.
const MOST_MEMBERS: usize = 2000;

/// Where the records of a JSON file are.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ingest) struct Elements {
    pub shape: Shape,
}

/// How they follow one another.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ingest) enum Shape {
    /// The file is an array.
    Array,
    /// One object after the other, over any number of lines.
    Sequence,
    /// An array within an object.
    Member {
        /// The member's name.
        name: String,
        /// Where its bracket is in the decoded file.
        offset: u64,
        /// The line of that bracket.
        line: u32,
    },
}

/// What is known of a file that starts with a brace, from its first bytes.
pub(in crate::ingest) fn container_of_objects(
    head: &[u8],
    start: usize,
    is_whole: bool,
) -> Container {
    let sequence = Container::Elements(Elements {
        shape: Shape::Sequence,
    });
    let mut lines = head[start..].split(|&b| b == b'\n').collect::<Vec<_>>();
    if !is_whole {
        // The last line is cut.
        lines.pop();
    }
    let is_object = |line: &&[u8]| {
        let line = line.trim_ascii();
        matches!(object_end(line), Found::Whole(end) if end == line.len())
    };
    let mut filled = lines.iter().filter(|line| !line.trim_ascii().is_empty());
    let Some(first) = filled.next() else {
        return sequence;
    };
    let next: Vec<&&[u8]> = filled.take(20).collect();
    let whole = next.iter().filter(|line| is_object(line)).count();
    let is_lines = match is_object(first) {
        true => !next.is_empty(),
        // The first line may be the broken one.
        false => whole > 0 && whole * 2 >= next.len(),
    };
    if is_lines { Container::Lines } else { sequence }
}

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

pub(super) fn too_long() -> Fault {
    Fault::Broken(format!(
        "a record is longer than {} MB; split it",
        LONGEST_ROW / 1_000_000
    ))
}

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

/// What stands at a brace.
enum Found {
    /// An object of so many bytes.
    Whole(usize),
    /// The beginning of an object.
    Cut,
    Broken(&'static str),
}

/// Looks for the end of the object `bytes` begin with.
fn object_end(bytes: &[u8]) -> Found {
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
struct Grammar {
    /// One bit a level: 1 for objects.
    kinds: u64,
    depth: u32,
    last: Last,
    is_in_string: bool,
    is_name: bool,
    is_escaped: bool,
    /// Where the last string began in the bytes at hand, after its quote.
    string_start: usize,
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

enum Step {
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
    fn step(&mut self, bytes: &[u8], at: &mut usize) -> Step {
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

/// The members of an object, in order, values unread.
pub(in crate::ingest) struct Object<'r>(Vec<(Cow<'r, str>, &'r RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::with_capacity(16);
                while let Some((Name(name), value)) = map.next_entry()? {
                    if members.len() == MOST_MEMBERS {
                        return Err(serde::de::Error::custom("too many members"));
                    }
                    members.push((name, value));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A string, borrowed where it holds no escapes.
#[derive(Deserialize)]
struct Name<'r>(#[serde(borrow)] Cow<'r, str>);

/// Which members have which role, by name; nested members within.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Members(Vec<(String, Member)>);

#[derive(Debug)]
enum Member {
    Held(Role),
    Within(Members),
}

impl Members {
    /// From the names of columns, nested ones with dots between, and their roles.
    pub fn new<'n>(columns: impl Iterator<Item = (&'n str, Role)>) -> Self {
        let mut members = Members::default();
        for (name, role) in columns.filter(|(_, role)| *role != Role::Keep) {
            members.add(name, role);
        }
        members
    }

    fn add(&mut self, name: &str, role: Role) {
        self.0.push((name.to_owned(), Member::Held(role)));
        // A name with dots may be one name or a path: both are looked for.
        for (dot, _) in name.match_indices('.') {
            let (first, rest) = (&name[..dot], &name[dot + 1..]);
            let place = self
                .0
                .iter()
                .position(|(known, member)| known == first && matches!(member, Member::Within(_)));
            let place = place.unwrap_or_else(|| {
                self.0
                    .push((first.to_owned(), Member::Within(Members::default())));
                self.0.len() - 1
            });
            if let Member::Within(within) = &mut self.0[place].1 {
                within.add(rest, role);
            }
        }
    }

    fn held(&self, name: &str) -> Option<Role> {
        self.0.iter().find_map(|(known, member)| match member {
            Member::Held(role) if known == name => Some(*role),
            _ => None,
        })
    }

    fn within(&self, name: &str) -> Option<&Members> {
        self.0.iter().find_map(|(known, member)| match member {
            Member::Within(members) if known == name => Some(members),
            _ => None,
        })
    }

    /// True when some member here is not kept among the columns.
    fn drops(&self) -> bool {
        self.0.iter().any(|(_, member)| match member {
            Member::Held(role) => is_dropped(*role),
            Member::Within(members) => members.drops(),
        })
    }
}

fn is_dropped(role: Role) -> bool {
    matches!(role, Role::Text | Role::Title | Role::Turns | Role::Ignore)
}

/// Reads one object into cells; the reason when it is broken.
pub(in crate::ingest) fn cells<'r>(
    row: &'r str,
    members: &Members,
    keys: Keys,
    vocabulary: &Vocabulary,
    room: Room,
) -> Result<Cells<'r>, String> {
    let object = parse(row)?;
    let mut cells = Cells::new(room);
    cells.columns.push('{');
    take_members(object, "", members, keys, vocabulary, &mut cells)?;
    cells.columns.push('}');
    Ok(cells)
}

fn parse(row: &str) -> Result<Object<'_>, String> {
    serde_json::from_str(row).map_err(|error| {
        let place = match error.line() {
            0 | 1 => format!("character {}", error.column()),
            line => format!("line {line} of the record, character {}", error.column()),
        };
        format!("not valid JSON at {place}; export it again, or correct the record")
    })
}

fn take_members<'r>(
    object: Object<'r>,
    path: &str,
    members: &Members,
    keys: Keys,
    vocabulary: &Vocabulary,
    cells: &mut Cells<'r>,
) -> Result<(), String> {
    let names: Vec<&str> = object.0.iter().map(|(name, _)| name.as_ref()).collect();
    let is_last_of_name = |at: usize| !names[at + 1..].contains(&names[at]);
    for (at, (name, value)) in object.0.iter().enumerate() {
        // A name given twice counts once, as every parser has it: the last.
        if !is_last_of_name(at) {
            continue;
        }
        let value = value.get();
        let role = members.held(name);
        if keys == Keys::FromContent {
            cells.content.extend_from_slice(name.as_bytes());
            cells.content.push(0x1f);
            push_compact(value, &mut cells.content)?;
            cells.content.push(0x1e);
        }
        match role {
            Some(Role::Turns) => match turns_of(value, vocabulary) {
                Some(turns) => {
                    cells.is_agents_only = turns.is_agents_only;
                    cells.hold(Role::Turns, Cow::Owned(turns.text));
                }
                // Not an array here: a plain text, or nothing.
                None => cells.hold(Role::Turns, scalar(value)?.unwrap_or_default()),
            },
            Some(role) => {
                if let Some(scalar) = scalar(value)? {
                    cells.hold(role, scalar);
                }
            }
            None => {}
        }
        let within = members.within(name).filter(|_| value.starts_with('{'));
        if let Some(within) = within {
            let path = format!("{path}{name}.");
            if within.drops() {
                take_members(parse(value)?, &path, within, keys, vocabulary, cells)?;
                continue;
            }
            // Roles are taken from within, and the object stays whole among the columns.
            let columns = std::mem::take(&mut cells.columns);
            take_members(parse(value)?, &path, within, keys, vocabulary, cells)?;
            cells.columns = columns;
        }
        if !role.is_some_and(is_dropped) {
            if cells.columns.len() > 1 {
                cells.columns.push(',');
            }
            match path.is_empty() {
                true => record::push_json_string(&mut cells.columns, name),
                false => record::push_json_string(&mut cells.columns, &format!("{path}{name}")),
            }
            cells.columns.push(':');
            push_value(value, &mut cells.columns)?;
        }
    }
    Ok(())
}

/// Adds a value to the columns, without white space, such that every parser will read it.
fn push_value(value: &str, columns: &mut String) -> Result<(), String> {
    match value.as_bytes()[0] {
        b'{' | b'[' => {
            check_escapes(value)?;
            let mut compact = Vec::with_capacity(value.len());
            push_compact(value, &mut compact)?;
            columns
                .push_str(str::from_utf8(&compact).expect("white space was taken out of a text"));
        }
        b'"' => {
            check_escapes(value)?;
            columns.push_str(value);
        }
        // A number beyond a double's reach is kept as its digits.
        _ if value.len() > 15 && !value.parse::<f64>().is_ok_and(f64::is_finite) => {
            record::push_json_string(columns, value)
        }
        _ => columns.push_str(value),
    }
    Ok(())
}

/// Escapes may stand for half a character, which no text can hold.
fn check_escapes(value: &str) -> Result<(), String> {
    let has_escapes = value.contains("\\u") || value.contains("\\U");
    let is_readable = !has_escapes || serde_json::from_str::<serde_json::Value>(value).is_ok();
    is_readable.then_some(()).ok_or_else(half_character)
}

fn half_character() -> String {
    "a text holds half of a character, such as \\ud83d alone; export it again".to_owned()
}

/// Adds a value without the white space between its signs.
fn push_compact(value: &str, compact: &mut Vec<u8>) -> Result<(), String> {
    let bytes = value.as_bytes();
    if !matches!(bytes[0], b'{' | b'[') {
        compact.extend_from_slice(bytes);
        return Ok(());
    }
    let (mut depth, mut at) = (0, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        let from = at;
        at += 1;
        match byte {
            b'"' => {
                while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
                    let is_quote = bytes[at + found] == b'"';
                    at += found + if is_quote { 1 } else { 2 };
                    if is_quote {
                        break;
                    }
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            _ => {}
        }
        if depth >= DEEPEST {
            return Err("not valid JSON: nested deeper than 64; flatten the record".to_owned());
        }
        compact.extend_from_slice(&bytes[from..at]);
    }
    Ok(())
}

/// A string, a number or a yes/no as a cell; `None` for arrays and objects.
fn scalar(value: &str) -> Result<Option<Cow<'_, str>>, String> {
    match value.as_bytes()[0] {
        b'"' => match serde_json::from_str::<Name<'_>>(value) {
            Ok(Name(text)) => Ok(Some(text)),
            Err(_) => Err(half_character()),
        },
        b'{' | b'[' => Ok(None),
        _ if value == "null" => Ok(Some(Cow::Borrowed(""))),
        _ => Ok(Some(Cow::Borrowed(value))),
    }
}

/// What a conversation says.
struct Turns {
    /// The customer's turns, a line break between.
    text: String,
    /// True when somebody spoke and nobody who may be the customer.
    is_agents_only: bool,
}

/// Reads an array of turns; `None` when it is not one.
fn turns_of(value: &str, vocabulary: &Vocabulary) -> Option<Turns> {
    if !value.starts_with('[') {
        return None;
    }
    let turns: Vec<&RawValue> = serde_json::from_str(value).ok()?;
    let mut said: Vec<(Speaker, String)> = Vec::new();
    let mut has_words = false;
    for turn in turns {
        let Ok(object) = serde_json::from_str::<Object<'_>>(turn.get()) else {
            continue;
        };
        if let Some(words) = member_of(&object, &vocabulary.turns.text, vocabulary, false) {
            has_words = true;
            let speaker = speaker_of(&object, vocabulary);
            let words = record::clean(vocabulary.filled(&words)).into_owned();
            if !words.is_empty() {
                said.push((speaker, words));
            }
        }
    }
    if !has_words {
        return None;
    }
    let has_customer = said
        .iter()
        .any(|(speaker, _)| *speaker == Speaker::Customer);
    let is_agents_only =
        !said.is_empty() && said.iter().all(|(speaker, _)| *speaker == Speaker::Agent);
    // Where no speaker is called a customer, names are: all but agents are kept.
    let kept = |speaker: Speaker| match has_customer {
        true => speaker == Speaker::Customer,
        false => speaker != Speaker::Agent,
    };
    let words: Vec<&str> = said
        .iter()
        .filter(|(speaker, _)| kept(*speaker))
        .map(|(_, words)| words.as_str())
        .collect();
    Some(Turns {
        text: words.join("\n"),
        is_agents_only,
    })
}

fn speaker_of(turn: &Object<'_>, vocabulary: &Vocabulary) -> Speaker {
    match member_of(turn, &vocabulary.turns.speaker, vocabulary, true) {
        Some(speaker) => vocabulary.speaker(&speaker),
        None => Speaker::Unknown,
    }
}

/// The first of the named members that a turn has; `{"author":{"type":"user"}}` is looked into.
fn member_of<'r>(
    turn: &Object<'r>,
    names: &[String],
    vocabulary: &Vocabulary,
    is_nested: bool,
) -> Option<Cow<'r, str>> {
    let value = names
        .iter()
        .find_map(|name| {
            turn.0
                .iter()
                .find(|(member, _)| vocabulary.plain(member) == *name)
        })?
        .1
        .get();
    if is_nested && value.starts_with('{') {
        let inner = serde_json::from_str::<Object<'r>>(value).ok()?;
        return member_of(&inner, names, vocabulary, false);
    }
    scalar(value).ok().flatten()
}

/// True when an object has words and somebody who says them.
pub(in crate::ingest) fn is_turn(row: &str, vocabulary: &Vocabulary) -> bool {
    let Ok(object) = parse(row) else { return false };
    let has_words = member_of(&object, &vocabulary.turns.text, vocabulary, false).is_some();
    has_words && speaker_of(&object, vocabulary) != Speaker::Unknown
}

/// True when a member of this name may hold turns.
pub(in crate::ingest) fn is_turns_name(name: &str, vocabulary: &Vocabulary) -> bool {
    vocabulary
        .turns
        .arrays
        .contains(&names::words(name).join(" "))
}

/// Columns of a sample, found record by record.
#[derive(Default)]
pub(in crate::ingest) struct Sampler {
    places: BTreeMap<String, usize>,
    columns: Vec<SampledColumn>,
    /// Records in which each column was a member.
    present: Vec<usize>,
    rows: usize,
}

impl Sampler {
    /// Adds a record; a broken one changes nothing.
    pub fn add(&mut self, row: &str, vocabulary: &Vocabulary) {
        let Ok(object) = parse(row) else { return };
        self.add_members(&object, "", 0, vocabulary);
        self.rows += 1;
    }

    fn add_members(
        &mut self,
        object: &Object<'_>,
        path: &str,
        depth: u32,
        vocabulary: &Vocabulary,
    ) {
        for (name, value) in &object.0 {
            let value = value.get();
            let is_object = value.starts_with('{');
            if is_object
                && depth < 4
                && let Ok(inner) = serde_json::from_str::<Object<'_>>(value)
            {
                self.add_members(&inner, &format!("{path}{name}."), depth + 1, vocabulary);
                continue;
            }
            let Ok(cell) = scalar(value) else { continue };
            let at = self.place(format!("{path}{name}"));
            let Some(at) = at else { continue };
            self.present[at] += 1;
            let column = &mut self.columns[at];
            let is_conversation =
                is_turns_name(name, vocabulary) && turns_of(value, vocabulary).is_some();
            column.turns += usize::from(is_conversation);
            column.cells.resize(self.rows, Box::default());
            column.cells.push(cell.unwrap_or_default().into());
        }
    }

    /// The place of a column; `None` when there are too many to be columns.
    fn place(&mut self, name: String) -> Option<usize> {
        if let Some(&at) = self.places.get(&name) {
            return Some(at);
        }
        if self.columns.len() == MOST_MEMBERS {
            return None;
        }
        self.columns.push(SampledColumn {
            name: name.clone(),
            ..SampledColumn::default()
        });
        self.present.push(0);
        self.places.insert(name, self.columns.len() - 1);
        Some(self.columns.len() - 1)
    }

    /// The columns, and the names of those that at least half of the records have.
    pub fn finish(self) -> (Vec<SampledColumn>, usize, Vec<String>) {
        let usual = self
            .columns
            .iter()
            .zip(&self.present)
            .filter(|(_, present)| **present * 2 >= self.rows);
        let usual = usual.map(|(column, _)| column.name.clone()).collect();
        (self.columns, self.rows, usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a text given in blocks of `block` bytes: line, then the row or its fault.
    fn split(splitter: &mut dyn Splitter, text: &str, block: usize) -> Vec<(u32, String)> {
        let mut found = Vec::new();
        let mut buffer = Vec::new();
        let mut blocks = text.as_bytes().chunks(block);
        loop {
            let next = blocks.next();
            buffer.extend_from_slice(next.unwrap_or_default());
            let mut rows = Vec::new();
            let used = splitter.split(&buffer, next.is_none(), &mut rows);
            for row in rows {
                let what = match row.fault {
                    Some(Fault::Broken(reason)) => format!("!{reason}"),
                    Some(Fault::Blank) => "blank".to_owned(),
                    None => String::from_utf8(buffer[row.start..row.end].to_vec()).unwrap(),
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
        let start = text.find(['{', '[']).unwrap();
        let elements = match text.as_bytes()[start] {
            b'[' => Elements {
                shape: Shape::Array,
            },
            _ => {
                let mut search = RecordsSearch::default();
                search.see(text.as_bytes());
                search.finish()
            }
        };
        let skipped = usize::try_from(ElementSplitter::offset(&elements)).unwrap();
        for block in [1, 7, 1000] {
            let mut splitter = ElementSplitter::new(elements.clone());
            let found = split(&mut splitter, &text[skipped..], block);
            assert_eq!(found.len(), expected.len(), "{found:?}");
            for ((line, row), (expected_line, expected_row)) in found.iter().zip(expected) {
                assert_eq!(line, expected_line, "{row}");
                assert!(row.starts_with(expected_row), "{row} is not {expected_row}");
            }
        }
    }

    #[test]
    fn arrays_are_cut_into_records_with_their_lines() {
        check("[]", &[]);
        check(
            r#"[{"a":1},{"a":2}]"#,
            &[(1, r#"{"a":1}"#), (1, r#"{"a":2}"#)],
        );
        check(
            "[\n {\"a\":\n1},\n\n {\"a\":2}\n]\n",
            &[(2, "{\"a\":\n1}"), (5, r#"{"a":2}"#)],
        );
        check(
            r#"[{"a":"}],{\"\\"},{"a":[{"b":{}}]}]"#,
            &[(1, r#"{"a":"}],{\"\\"}"#), (1, r#"{"a":[{"b":{}}]}"#)],
        );
        check(
            "{\"a\":1}\n{\n\"a\":2}{\"a\":3}",
            &[(1, r#"{"a":1}"#), (2, "{\n\"a\":2}"), (3, r#"{"a":3}"#)],
        );
    }

    #[test]
    fn a_broken_record_is_refused_alone() {
        check(
            "[\n {\"a\":\"x},\n {\"a\":2}\n]",
            &[(2, "!not valid JSON"), (3, r#"{"a":2}"#)],
        );
        check(
            "[\n {\"a\":1},\n {\"a\":x},\n {\"a\":3}\n]",
            &[(2, "{"), (3, "!not valid JSON"), (4, r#"{"a":3}"#)],
        );
        check(
            "[\n {\"a\":1},\n {\"a\":2,\n {\"a\":3},\n {\"a\":4}\n]",
            &[
                (2, "{"),
                (3, "!not valid"),
                (4, r#"{"a":3}"#),
                (5, r#"{"a":4}"#),
            ],
        );
        check(
            r#"[{"a":1},{"a":"2},{"a":"3"},{"a":4}]"#,
            &[
                (1, r#"{"a":1}"#),
                (1, "!not valid"),
                (1, r#"{"a":"3"}"#),
                (1, r#"{"a":4}"#),
            ],
        );
        check(
            r#"[{"a":1},{"b":{"a":x}},{"a":4}]"#,
            &[(1, r#"{"a":1}"#), (1, "!not valid"), (1, r#"{"a":4}"#)],
        );
        check(
            r#"[{"a":1},17,{"a":4}]"#,
            &[(1, r#"{"a":1}"#), (1, "!not an object")],
        );
        check(
            "[\n{\"a\":1},\n17,\n{\"a\":4}]",
            &[(2, r#"{"a":1}"#), (3, "!not an object"), (4, r#"{"a":4}"#)],
        );
    }

    #[test]
    fn a_cut_array_keeps_its_whole_records() {
        check(
            r#"[{"a":1},{"a":2},{"a":"thr"#,
            &[
                (1, r#"{"a":1}"#),
                (1, r#"{"a":2}"#),
                (1, "!file ends inside a record"),
            ],
        );
        let mut splitter = ElementSplitter::new(Elements {
            shape: Shape::Array,
        });
        assert_eq!(split(&mut splitter, r#"[{"a":1},"#, 100).len(), 1);
        assert!(splitter.warning().is_some());
    }

    #[test]
    fn records_are_found_in_the_largest_array() {
        let text = "{\"page\":{\"tags\":[1,2,3],\"next\":null},\n\"links\":[{\"u\":\"[{\"}],\"at\":\"a\\\"b\",\n\"reviews\":\n[{\"a\":1},{\"a\":[{},{},{},{}]}],\"n\":[]}";
        check(text, &[(4, r#"{"a":1}"#), (4, r#"{"a":[{},{},{},{}]}"#)]);
        for block in [1, 5, 1000] {
            let mut search = RecordsSearch::default();
            for block in text.as_bytes().chunks(block) {
                search.see(block);
            }
            let Shape::Member { name, offset, line } = search.finish().shape else {
                panic!()
            };
            assert_eq!((name.as_str(), line), ("reviews", 4));
            assert_eq!(text.as_bytes()[usize::try_from(offset).unwrap()], b'[');
        }
        check("{\"a\":{\"b\":1}}", &[(1, "{\"a\":{\"b\":1}}")]);
    }

    #[test]
    fn lines_keep_their_numbers() {
        for block in [1, 3, 100] {
            let found = split(
                &mut LineSplitter::default(),
                "{\"a\":1}\n\n\r\n{\"a\":2}\r\n{\"a\":3}",
                block,
            );
            let expected = [(1, "{\"a\":1}"), (4, "{\"a\":2}\r"), (5, "{\"a\":3}")];
            assert_eq!(found, expected.map(|(line, row)| (line, row.to_owned())));
        }
    }

    #[test]
    fn a_line_without_end_is_refused_once() {
        let text = "x".repeat(LONGEST_ROW * 2) + "\n{}";
        let found = split(&mut LineSplitter::default(), &text, 1 << 20);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1], (2, "{}".to_owned()));
        assert!(found[0].1.starts_with("!a record is longer than 5 MB"));
    }

    fn read(row: &str, roles: &[(&str, Role)]) -> Result<(String, String), String> {
        let vocabulary = Vocabulary::embedded();
        let cells = cells(
            row,
            &Members::new(roles.iter().copied()),
            Keys::FromContent,
            &vocabulary,
            Room::default(),
        )?;
        Ok((cells.text_for_tests(&vocabulary), cells.columns))
    }

    #[track_caller]
    fn check_cells(row: &str, roles: &[(&str, Role)], text: &str, columns: &str) {
        assert_eq!(read(row, roles), Ok((text.to_owned(), columns.to_owned())));
    }

    #[test]
    fn members_become_cells_and_columns() {
        check_cells(
            r#"{"id": 7, "text": "Très\u00a0bien \ud83d\ude42", "tags": [ "a b", {"c" : null} ], "ok": true}"#,
            &[("text", Role::Text), ("id", Role::Id)],
            "Très\u{a0}bien 🙂",
            r#"{"id":7,"tags":["a b",{"c":null}],"ok":true}"#,
        );
        check_cells(
            r#"{"source":{"body":"Bof","author":{"id":3}},"a":{"b":1}}"#,
            &[
                ("source.body", Role::Text),
                ("source.author.id", Role::Customer),
            ],
            "Bof",
            r#"{"source.author":{"id":3},"a":{"b":1}}"#,
        );
        check_cells(r#"{"a.b":"Bof"}"#, &[("a.b", Role::Text)], "Bof", "{}");
        check_cells(r#"{"a":1,"a":2}"#, &[], "", r#"{"a":2}"#);
        check_cells(
            r#"{"a":1e999999999999999999}"#,
            &[],
            "",
            r#"{"a":"1e999999999999999999"}"#,
        );
    }

    #[test]
    fn half_characters_and_deep_nests_are_refused() {
        assert!(
            read(r#"{"text":"\ud83d"}"#, &[("text", Role::Text)])
                .unwrap_err()
                .starts_with("a text holds half")
        );
        assert!(
            read(r#"{"other":["\ud83d"]}"#, &[])
                .unwrap_err()
                .starts_with("a text holds half")
        );
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(70), "]".repeat(70));
        assert!(read(&deep, &[]).unwrap_err().contains("nested deeper"));
        assert_eq!(
            read("{\"a\":}", &[]).unwrap_err(),
            "not valid JSON at character 6; export it again, or correct the record"
        );
    }

    #[track_caller]
    fn check_turns(turns: &str, expected: &str) {
        let row = format!("{{\"turns\":{turns},\"n\":1}}");
        check_cells(&row, &[("turns", Role::Turns)], expected, "{\"n\":1}");
    }

    #[test]
    fn a_conversation_is_what_the_customer_said() {
        check_turns(
            r#"[{"speaker":"customer","text":"Bonjour"},{"speaker":"agent","text":"Oui ?"},{"speaker":"customer","text":"Colis perdu"}]"#,
            "Bonjour\nColis perdu",
        );
        check_turns(
            r#"[{"author":{"type":"user"},"body":"Hi"},{"author":{"type":"bot"},"body":"Hello"}]"#,
            "Hi",
        );
        check_turns(
            r#"[{"from":"Camille","message":"Bonjour"},{"from":"Dominique","message":"Oui ?"}]"#,
            "Bonjour\nOui ?",
        );
        check_turns(
            r#"[{"from":"Camille","message":"Bonjour"},{"from":"system","message":"joined"}]"#,
            "Bonjour",
        );
        check_turns(r#"[{"role":"agent","text":"Oui ?"}]"#, "");
        check_turns("[]", "");
        check_turns("null", "");
    }
}
