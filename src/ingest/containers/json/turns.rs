//! A conversation inside a JSON record: who said what.

use super::members::{Object, parse, scalar};
use crate::ingest::{
    names,
    sources::Turn,
    vocabulary::{Speaker, Vocabulary},
};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Reads an array of turns; `None` when it is not one.
pub(super) fn turns_of(value: &str, vocabulary: &Vocabulary) -> Option<Vec<Turn>> {
    if !value.starts_with('[') {
        return None;
    }
    let elements: Vec<&RawValue> = serde_json::from_str(value).ok()?;
    let mut turns = Vec::new();
    let mut has_words = false;
    for element in elements {
        let Ok(object) = serde_json::from_str::<Object<'_>>(element.get()) else {
            continue;
        };
        let member =
            |names: &[String], is_nested: bool| member_of(&object, names, vocabulary, is_nested);
        if let Some(words) = member(&vocabulary.turns.text, false) {
            has_words = true;
            if vocabulary.filled(&words).is_empty() {
                continue;
            }
            turns.push(Turn {
                speaker: speaker_of(&object, vocabulary),
                author: member(&vocabulary.turns.author, true)
                    .unwrap_or_default()
                    .into_owned(),
                at: member(&vocabulary.turns.at, false)
                    .unwrap_or_default()
                    .into_owned(),
                text: words.into_owned(),
            });
        }
    }
    has_words.then_some(turns)
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
