//! LiveChat (text.com): chats and threads with their events, as JSON.
//!
//! Names of members are those of the vendor's documents; earlier versions call `visibility` `recipients`, and the values
//! of properties stand in objects there. Not verified: that agents without an address for an id are bots, which is how the
//! vendor names those. Of a form, answers to questions are read and names and addresses are not.

use super::{Source, Talk, Turn, elements_at, said, text_at};
use crate::ingest::{
    roles::Role,
    vocabulary::{Speaker, Vocabulary},
};
use serde_json::Value;

pub(super) static SOURCE: Source = Source {
    name: "LiveChat",
    is_source: |columns| {
        let has_events = columns.have("thread.events")
            || columns.have_all(&["events", "active"])
            || columns.have_all(&["threads", "access"]);
        columns.are_of_json() && columns.have("users") && has_events
    },
    columns: &[
        ("thread.id", Role::Id),
        ("id", Role::Id),
        ("thread.created_at", Role::Date),
        ("created_at", Role::Date),
        ("users", Role::Ignore),
        // The first of these that there is holds the words, and none is kept.
        ("thread.events", Role::Turns),
        ("events", Role::Turns),
        ("threads", Role::Turns),
        ("thread.events", Role::Ignore),
        ("events", Role::Ignore),
        ("threads", Role::Ignore),
        ("thread.summary", Role::Ignore),
        ("thread.properties.rating.score", Role::Csat),
        ("thread.properties.rating.score.value", Role::Csat),
        ("properties.rating.score", Role::Csat),
        ("properties.rating.score.value", Role::Csat),
        ("thread.properties.rating.comment", Role::Ignore),
        ("thread.properties.rating.comment.value", Role::Ignore),
        ("properties.rating.comment", Role::Ignore),
        ("properties.rating.comment.value", Role::Ignore),
    ],
    channel: Some("chat"),
    talk: Some(chat),
    ..Source::BLANK
};

fn chat(chat: &Value, _: &Vocabulary) -> Talk {
    let users = elements_at(chat, &["users"]);
    let threads: Vec<&Value> = match (chat.get("thread"), chat.get("threads")) {
        (Some(thread), _) => vec![thread],
        (None, Some(Value::Array(threads))) => threads.iter().collect(),
        _ => vec![chat],
    };
    let mut turns = Vec::new();
    for event in threads
        .iter()
        .flat_map(|thread| elements_at(thread, &["events"]))
    {
        let seen_by = said::first_at(event, &[&["visibility"], &["recipients"]]);
        if seen_by == "agents" {
            continue;
        }
        let author = text_at(event, &["author_id"]);
        let text = match text_at(event, &["type"]).as_str() {
            "message" | "system_message" => text_at(event, &["text"]),
            "filled_form" => answers(event),
            _ => continue,
        };
        let speaker = match text_at(event, &["type"]).as_str() {
            "system_message" => Speaker::Machine,
            _ => speaker(users, &author),
        };
        let turn = Turn {
            speaker,
            author,
            at: text_at(event, &["created_at"]),
            text,
        };
        said::add(&mut turns, turn);
    }
    let mut talk = said::talk(turns);
    let customer = users
        .iter()
        .find(|user| text_at(user, &["type"]) == "customer");
    let customer = customer.map_or(String::new(), |user| text_at(user, &["id"]));
    talk.held.push((Role::Customer, customer));
    if let Some(first) = threads.first() {
        let began = text_at(first, &["created_at"]);
        let began = match (began.is_empty(), talk.turns.first()) {
            (true, Some(turn)) => turn.at.clone(),
            _ => began,
        };
        talk.held.push((Role::Date, began));
    }
    let rated = threads.iter().rev().find_map(|thread| {
        let rating = thread.pointer("/properties/rating")?;
        let score = said::first_at(rating, &[&["score"], &["score", "value"]]);
        (!score.is_empty()).then_some((rating, score))
    });
    let mut mark = String::new();
    if let Some((rating, score)) = rated {
        mark = match score.as_str() {
            "1" => "1/1".to_owned(),
            "0" => "0/1".to_owned(),
            words => said::thumb(words),
        };
        let remark = said::first_at(rating, &[&["comment"], &["comment", "value"]]);
        said::add_remark(&mut talk, String::new(), remark);
    }
    talk.held.push((Role::Csat, mark));
    talk
}

fn speaker(users: &[Value], author: &str) -> Speaker {
    let user = users.iter().find(|user| text_at(user, &["id"]) == author);
    let kind = user.map_or(String::new(), |user| text_at(user, &["type"]));
    match kind.as_str() {
        "customer" => Speaker::Customer,
        "agent" if author.contains('@') => Speaker::Agent,
        "agent" => Speaker::Machine,
        // Agents who left are not among the users any more, and go by their address.
        _ if author.contains('@') => Speaker::Agent,
        _ => Speaker::Unknown,
    }
}

/// What the customer wrote in a form, an answer a line.
fn answers(event: &Value) -> String {
    let written: Vec<String> = elements_at(event, &["fields"])
        .iter()
        .filter(|field| {
            matches!(
                text_at(field, &["type"]).as_str(),
                "question" | "textarea" | "subject"
            )
        })
        .map(|field| text_at(field, &["answer"]))
        .filter(|answer| !answer.trim().is_empty())
        .collect();
    written.join("\n")
}
