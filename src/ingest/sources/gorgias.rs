//! Gorgias: tickets with their messages, and answers to its surveys, as JSON.
//!
//! Names of members are those of the vendor's documents. Moments have no zone and are UTC. A message sent by a rule is a
//! program's; the text without quoted letters, which the vendor makes, is taken where there is one.

use super::{Reason, Source, Talk, Turn, elements_at, said, text_at};
use crate::ingest::{
    roles::Role,
    vocabulary::{Speaker, Vocabulary},
};
use serde_json::Value;

/// Tickets with their messages.
pub(super) static TICKETS: Source = Source {
    name: "Gorgias",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have_all(&["messages", "channel", "via", "created_datetime"])
            && columns.have_any(&["from_agent", "spam"])
    },
    columns: &[
        ("id", Role::Id),
        ("created_datetime", Role::Date),
        ("subject", Role::Title),
        ("excerpt", Role::Ignore),
        ("messages", Role::Turns),
        ("customer.id", Role::Customer),
        ("customer.email", Role::Ignore),
        ("customer.name", Role::Ignore),
        ("customer.firstname", Role::Ignore),
        ("customer.lastname", Role::Ignore),
        ("customer.channels", Role::Ignore),
        ("requester", Role::Ignore),
        ("requester.email", Role::Ignore),
        ("requester.name", Role::Ignore),
        ("requester.firstname", Role::Ignore),
        ("requester.lastname", Role::Ignore),
        ("channel", Role::Channel),
        ("language", Role::Language),
        ("status", Role::Status),
        ("closed_datetime", Role::Closed),
        ("satisfaction_survey.score", Role::Csat),
        ("satisfaction_survey.body_text", Role::Ignore),
    ],
    time_zone: Some("UTC"),
    csat_scale: Some(5.0),
    talk: Some(ticket),
    ..Source::BLANK
};

/// Answers to satisfaction surveys, one each.
pub(super) static SURVEYS: Source = Source {
    name: "Gorgias surveys",
    is_source: |columns| {
        columns.are_of_json() && columns.have_all(&["score", "scored_datetime", "ticket_id"])
    },
    columns: &[
        ("id", Role::Id),
        ("scored_datetime", Role::Date),
        ("body_text", Role::Text),
        ("score", Role::Csat),
        ("customer_id", Role::Customer),
        ("ticket_id", Role::Conversation),
    ],
    time_zone: Some("UTC"),
    csat_scale: Some(5.0),
    ..Source::BLANK
};

fn ticket(ticket: &Value, _: &Vocabulary) -> Talk {
    let mut turns = Vec::new();
    for message in elements_at(ticket, &["messages"]) {
        let is_internal = message.get("public") == Some(&Value::Bool(false))
            || text_at(message, &["channel"]) == "internal-note";
        if is_internal {
            continue;
        }
        let is_ruled =
            !text_at(message, &["rule_id"]).is_empty() || text_at(message, &["via"]) == "rule";
        let turn = Turn {
            speaker: match message.get("from_agent") {
                Some(Value::Bool(true)) if is_ruled => Speaker::Machine,
                Some(Value::Bool(true)) => Speaker::Agent,
                Some(Value::Bool(false)) => Speaker::Customer,
                _ => Speaker::Unknown,
            },
            author: said::first_at(message, &[&["sender", "email"], &["sender", "id"]]),
            at: said::first_at(message, &[&["sent_datetime"], &["created_datetime"]]),
            text: said::first_at(
                message,
                &[&["stripped_text"], &["body_text"], &["body_html"]],
            ),
        };
        said::add(&mut turns, turn);
    }
    let mut talk = said::talk(turns);
    said::add_remark(
        &mut talk,
        text_at(ticket, &["satisfaction_survey", "scored_datetime"]),
        text_at(ticket, &["satisfaction_survey", "body_text"]),
    );
    if ticket.get("spam") == Some(&Value::Bool(true)) {
        talk.left_out = Some(Reason::Spam);
    }
    talk
}
