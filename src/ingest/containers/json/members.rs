//! A JSON object as the cells of a row.

use super::{DEEPEST, MOST_MEMBERS, turns::turns_of};
use crate::ingest::{
    record::{self, Cells, Keys, Room},
    roles::Role,
    sources::Source,
    vocabulary::Vocabulary,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// The members of an object, in order, values unread.
pub(in crate::ingest) struct Object<'r>(pub Vec<(Cow<'r, str>, &'r RawValue)>);

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

/// Objects within objects whose members are columns of their own.
pub(super) const DEEPEST_PATH: u32 = 4;

/// Dots in a name of which some may be those of a path.
const MOST_DOTS: usize = 16;

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
            members.add(name, role, 0);
        }
        members
    }

    fn add(&mut self, name: &str, role: Role, depth: u32) {
        self.0.push((name.to_owned(), Member::Held(role)));
        // Every dot doubles what a name may mean, and people draw lines with them.
        if depth == DEEPEST_PATH || name.matches('.').count() > MOST_DOTS {
            return;
        }
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
                within.add(rest, role, depth + 1);
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
    source: Option<&Source>,
    vocabulary: &Vocabulary,
    room: Room,
) -> Result<Cells<'r>, String> {
    let object = parse(row)?;
    let mut cells = Cells::new(room);
    cells.columns.push('{');
    take_members(object, "", members, keys, vocabulary, &mut cells)?;
    cells.columns.push('}');
    if let Some(talk) = source.and_then(|source| source.talk) {
        let value = serde_json::from_str(row).map_err(|error| unreadable(&error))?;
        let talk = talk(&value, vocabulary);
        cells.turns = talk.turns;
        cells.left_out = talk.left_out;
        for (role, cell) in talk.held {
            cells.hold(role, Cow::Owned(cell));
        }
    }
    Ok(cells)
}

pub(super) fn parse(row: &str) -> Result<Object<'_>, String> {
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
                Some(turns) => cells.turns = turns,
                // Not an array here: a plain text, or nothing.
                None => cells.hold(Role::Text, scalar(value)?.unwrap_or_default()),
            },
            Some(role) => {
                if let Some(scalar) = scalar(value)? {
                    cells.add(role, scalar);
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
            let mut compact = Vec::with_capacity(value.len());
            push_compact(value, &mut compact)?;
            let compact = str::from_utf8(&compact).expect("white space was taken out of a text");
            check_escapes(compact)?;
            columns.push_str(compact);
        }
        b'"' => {
            check_escapes(value)?;
            columns.push_str(value);
        }
        b'-' | b'0'..=b'9' if is_beyond_reach(value) => record::push_json_string(columns, value),
        _ => columns.push_str(value),
    }
    Ok(())
}

/// True for a number that no double holds; it is kept as its digits.
fn is_beyond_reach(number: &str) -> bool {
    // Nearly all numbers are short and plain.
    (number.len() > 15 || number.contains(['e', 'E']))
        && !number.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Escapes may stand for half a character, which no text can hold.
fn check_escapes(value: &str) -> Result<(), String> {
    // Nearly no value has a backslash at all.
    let has_escapes = memchr::memchr(b'\\', value.as_bytes()).is_some()
        && (value.contains("\\u") || value.contains("\\U"));
    match has_escapes {
        true => serde_json::from_str::<serde_json::Value>(value)
            .map(drop)
            .map_err(|error| unreadable(&error)),
        false => Ok(()),
    }
}

/// What is wrong with JSON that is written right and still cannot be read.
fn unreadable(error: &serde_json::Error) -> String {
    match error.to_string().starts_with("number out of range") {
        true => "a number is larger than any that programs read; correct the record".to_owned(),
        false => half_character(),
    }
}

fn half_character() -> String {
    "a text holds half of a character, such as \\ud83d alone; export it again".to_owned()
}

/// Adds a value without the white space between its signs; numbers in it that no double holds become texts.
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
            b'-' | b'0'..=b'9' => {
                let is_of_number =
                    |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                at += bytes[at..]
                    .iter()
                    .take_while(|byte| is_of_number(byte))
                    .count();
                if is_beyond_reach(&value[from..at]) {
                    compact.push(b'"');
                    compact.extend_from_slice(&bytes[from..at]);
                    compact.push(b'"');
                    continue;
                }
            }
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
pub(super) fn scalar(value: &str) -> Result<Option<Cow<'_, str>>, String> {
    match value.as_bytes()[0] {
        // The parser has found the value whole; without escapes it is what stands between its quotes.
        b'"' if memchr::memchr(b'\\', value.as_bytes()).is_none() => {
            Ok(Some(Cow::Borrowed(&value[1..value.len() - 1])))
        }
        b'"' => match serde_json::from_str::<Name<'_>>(value) {
            Ok(Name(text)) => Ok(Some(text)),
            Err(_) => Err(half_character()),
        },
        b'{' | b'[' => Ok(None),
        _ if value == "null" => Ok(Some(Cow::Borrowed(""))),
        _ => Ok(Some(Cow::Borrowed(value))),
    }
}
