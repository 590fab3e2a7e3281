//! Intercom: conversations as JSON, with their parts in an array or in an object that holds it.
//!
//! Names of members are those of the vendor's documents. Moments are seconds since 1970. A conversation that a user
//! writes in again after it was closed has that message in a part of type `open`, and one closed or handed over with a
//! word has it in `close` or `assignment`: these are read as `comment` is. Notes are internal, and everything else says
//! what happened. What the customer wrote beside the mark is their last turn.

use super::{Source, Talk, Turn, elements_at, said, text_at};
use crate::ingest::{
    roles::Role,
    vocabulary::{Speaker, Vocabulary},
};
use serde_json::Value;

pub(super) static SOURCE: Source = Source {
    name: "Intercom",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have("created_at")
            && columns.have_below("source.author")
            && columns.have_any(&[
                "conversation_parts",
                "conversation_parts.conversation_parts",
                "conversation_rating",
                "conversation_rating.rating",
                "statistics.time_to_admin_reply",
                "waiting_since",
            ])
    },
    columns: &[
        ("id", Role::Id),
        ("created_at", Role::Date),
        ("source.subject", Role::Title),
        ("title", Role::Ignore),
        ("source.body", Role::Text),
        ("conversation_parts", Role::Ignore),
        ("conversation_parts.conversation_parts", Role::Ignore),
        ("contacts", Role::Ignore),
        ("contacts.contacts", Role::Ignore),
        ("source.author.id", Role::Customer),
        ("source.author.name", Role::Ignore),
        ("source.author.email", Role::Ignore),
        ("source.type", Role::Channel),
        ("state", Role::Status),
        ("conversation_rating.rating", Role::Csat),
        ("conversation_rating.remark", Role::Ignore),
        ("statistics.first_admin_reply_at", Role::FirstReply),
        ("statistics.last_close_at", Role::Closed),
    ],
    talk: Some(conversation),
    ..Source::BLANK
};

/// Parts in which something may be said to the customer or by them.
const SAID: [&str; 4] = ["comment", "open", "close", "assignment"];

fn conversation(conversation: &Value, _: &Vocabulary) -> Talk {
    let opening = conversation.get("source").unwrap_or(&Value::Null);
    let at = text_at(conversation, &["created_at"]);
    let mut turns = Vec::new();
    said::add(&mut turns, turn(opening, at));
    let parts = match conversation.get("conversation_parts") {
        Some(Value::Array(parts)) => parts,
        _ => elements_at(conversation, &["conversation_parts", "conversation_parts"]),
    };
    for part in parts {
        let kind = text_at(part, &["part_type"]);
        if SAID.contains(&kind.as_str()) {
            said::add(&mut turns, turn(part, text_at(part, &["created_at"])));
        }
    }
    let mut talk = said::talk(turns);
    if speaker(opening).is_company() {
        // The first answer of an admin is then the message that began it.
        talk.held.push((Role::FirstReply, String::new()));
        talk.held.push((Role::Customer, contact(conversation)));
    }
    let channel = text_at(conversation, &["source", "type"]);
    if channel == "conversation" {
        talk.held.push((Role::Channel, "chat".to_owned()));
    }
    let mark = text_at(conversation, &["conversation_rating", "rating"]);
    if !mark.is_empty() {
        talk.held.push((Role::Csat, format!("{mark}/5")));
    }
    said::add_remark(
        &mut talk,
        text_at(conversation, &["conversation_rating", "created_at"]),
        text_at(conversation, &["conversation_rating", "remark"]),
    );
    talk
}

fn turn(said: &Value, at: String) -> Turn {
    Turn {
        speaker: speaker(said),
        author: said::first_at(
            said,
            &[&["author", "email"], &["author", "name"], &["author", "id"]],
        ),
        at,
        text: text_at(said, &["body"]),
    }
}

fn speaker(said: &Value) -> Speaker {
    match text_at(said, &["author", "type"]).as_str() {
        "user" | "lead" | "contact" => Speaker::Customer,
        "admin" | "team" => Speaker::Agent,
        "bot" => Speaker::Machine,
        _ => Speaker::Unknown,
    }
}

/// The customer of a conversation that somebody else began.
fn contact(conversation: &Value) -> String {
    let contacts = match conversation.get("contacts") {
        Some(Value::Array(contacts)) => contacts,
        _ => elements_at(conversation, &["contacts", "contacts"]),
    };
    contacts
        .first()
        .map_or(String::new(), |contact| text_at(contact, &["id"]))
}
