//! Crisp: messages as JSON, one a row, that name their conversation.
//!
//! Not verified against a file: names of members are those of the vendor's public client, and common names for the same
//! are read as well. Notes and automatic messages are left out, and are no answer; what happened (`event`) is neither.

use super::{Reason, Source, Talk, said, text_at};
use crate::ingest::{roles::Role, vocabulary::Vocabulary};
use serde_json::Value;

pub(super) static SOURCE: Source = Source {
    name: "Crisp",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have_all(&["session_id", "from"])
            && columns.have_any(&["content", "content.text", "content.value"])
            && columns.have_any(&["timestamp", "created_at"])
            && columns.have_any(&["fingerprint", "website_id", "stamped", "origin", "type"])
    },
    columns: &[
        ("session_id", Role::Conversation),
        ("fingerprint", Role::Id),
        ("timestamp", Role::Date),
        ("created_at", Role::Date),
        ("from", Role::Speaker),
        ("content", Role::Text),
        ("content.text", Role::Text),
        ("content.text", Role::Ignore),
        ("content.value", Role::Ignore),
        ("preview", Role::Ignore),
        ("user.user_id", Role::Customer),
        ("user.email", Role::Customer),
        ("user.nickname", Role::Customer),
        ("email", Role::Customer),
        ("nickname", Role::Customer),
    ],
    channel: Some("chat"),
    talk: Some(message),
    ..Source::BLANK
};

fn message(message: &Value, _: &Vocabulary) -> Talk {
    let is_automatic = message.get("automated") == Some(&Value::Bool(true));
    let left_out = match text_at(message, &["type"]).as_str() {
        "note" => Some(Reason::Agent),
        "event" => Some(Reason::Machine),
        _ => is_automatic.then_some(Reason::Machine),
    };
    let words = said::first_at(
        message,
        &[&["content"], &["content", "value"], &["content", "text"]],
    );
    // A fingerprint is a number within its conversation.
    let fingerprint = text_at(message, &["fingerprint"]);
    let id = match fingerprint.is_empty() {
        true => String::new(),
        false => format!("{}-{fingerprint}", text_at(message, &["session_id"])),
    };
    Talk {
        held: vec![(Role::Text, words), (Role::Id, id)],
        left_out,
        ..Talk::default()
    }
}
