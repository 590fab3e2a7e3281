//! Help Scout: answers to its surveys and conversations, as JSON.
//!
//! Names of members are those of the vendor's documents: `rating` of an answer, `ratingId` of the report on them, and
//! `_embedded.threads` of a conversation. Not verified: a conversation whose `threads` is itself the array, and customers
//! named `customer` there.

use super::{Source, Talk, Turn, elements_at, said, text_at};
use crate::ingest::{
    roles::Role,
    vocabulary::{Speaker, Vocabulary},
};
use serde_json::Value;

/// Answers to satisfaction surveys, one each.
pub(super) static RATINGS: Source = Source {
    name: "Help Scout ratings",
    is_source: |columns| {
        columns.are_of_json() && columns.have_all(&["rating", "comments", "threadId", "createdAt"])
    },
    columns: &[
        ("id", Role::Id),
        ("createdAt", Role::Date),
        ("comments", Role::Text),
        ("rating", Role::Csat),
        ("customer.id", Role::Customer),
        ("customer", Role::Customer),
        ("customer.email", Role::Customer),
        ("ticketId", Role::Conversation),
        ("conversationId", Role::Conversation),
    ],
    adjust: Some(|cells, _| said::reread_csat(cells, mark)),
    ..Source::BLANK
};

/// The report on the same; its ids are those of conversations.
pub(super) static REPORT: Source = Source {
    name: "Help Scout ratings report",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have_all(&["ratingId", "ratingComments", "ratingCreatedAt"])
    },
    columns: &[
        ("id", Role::Conversation),
        ("ratingCreatedAt", Role::Date),
        ("ratingComments", Role::Text),
        ("ratingId", Role::Csat),
        ("ratingCustomerId", Role::Customer),
        ("ratingCustomerName", Role::Ignore),
        ("type", Role::Channel),
    ],
    adjust: Some(|cells, _| said::reread_csat(cells, mark)),
    ..Source::BLANK
};

/// Conversations with their threads.
pub(super) static CONVERSATIONS: Source = Source {
    name: "Help Scout",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have_any(&["_embedded.threads", "threads"])
            && columns.have_any(&["mailboxId", "mailbox.id"])
            && columns.have_any(&["primaryCustomer.id", "customer.id"])
    },
    columns: &[
        ("id", Role::Id),
        ("createdAt", Role::Date),
        ("subject", Role::Title),
        ("preview", Role::Text),
        ("_embedded.threads", Role::Ignore),
        ("threads", Role::Ignore),
        ("primaryCustomer.id", Role::Customer),
        ("customer.id", Role::Customer),
        ("primaryCustomer.first", Role::Ignore),
        ("primaryCustomer.last", Role::Ignore),
        ("primaryCustomer.email", Role::Ignore),
        ("primaryCustomer.phone", Role::Ignore),
        ("primaryCustomer.photoUrl", Role::Ignore),
        ("customer.first", Role::Ignore),
        ("customer.last", Role::Ignore),
        ("customer.firstName", Role::Ignore),
        ("customer.lastName", Role::Ignore),
        ("customer.email", Role::Ignore),
        ("customer.phone", Role::Ignore),
        ("customer.photoUrl", Role::Ignore),
        ("createdBy.first", Role::Ignore),
        ("createdBy.last", Role::Ignore),
        ("createdBy.email", Role::Ignore),
        ("createdBy.photoUrl", Role::Ignore),
        ("cc", Role::Ignore),
        ("bcc", Role::Ignore),
        ("type", Role::Channel),
        ("status", Role::Status),
        ("closedAt", Role::Closed),
    ],
    talk: Some(conversation),
    ..Source::BLANK
};

/// Three faces, or the numbers that stand for them.
fn mark(answer: &str) -> String {
    let mark = match answer.trim().to_ascii_lowercase().as_str() {
        "great" | "1" => "3/3",
        "okay" | "2" => "2/3",
        "bad" | "not good" | "3" => "1/3",
        _ => "",
    };
    mark.to_owned()
}

fn conversation(conversation: &Value, _: &Vocabulary) -> Talk {
    let embedded = elements_at(conversation, &["_embedded", "threads"]);
    let threads = match embedded.is_empty() {
        true => elements_at(conversation, &["threads"]),
        false => embedded,
    };
    let mut turns = Vec::new();
    for thread in threads {
        let is_draft = text_at(thread, &["state"]) == "draft";
        let by_customer = text_at(thread, &["createdBy", "type"]) == "customer";
        let speaker = match text_at(thread, &["type"]).as_str() {
            "customer" => Speaker::Customer,
            "message" => Speaker::Agent,
            // Of the other kinds, these are said by either side, and the rest is internal.
            "chat" | "beaconchat" | "phone" if by_customer => Speaker::Customer,
            "chat" | "beaconchat" => Speaker::Agent,
            _ => continue,
        };
        if is_draft {
            continue;
        }
        let turn = Turn {
            speaker,
            author: said::first_at(thread, &[&["createdBy", "email"], &["createdBy", "id"]]),
            at: text_at(thread, &["createdAt"]),
            text: text_at(thread, &["body"]),
        };
        said::add(&mut turns, turn);
    }
    said::talk(turns)
}
