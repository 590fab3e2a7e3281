//! Freshdesk: tickets as CSV and as JSON, answers to its surveys as JSON.
//!
//! Names of columns are those of a vendor's test and of its documents. The columns "(in hrs)" hold `HH:MM:SS`, are often
//! empty and may count business hours: the moments beside them go first. Not verified: the labels under "Survey results",
//! read as the seven the survey has by default; other labels are kept as no mark.

use super::{Reason, Source, Talk, Turn, elements_at, said, text_at};
use crate::ingest::{
    roles::Role,
    vocabulary::{Speaker, Vocabulary},
};
use serde_json::Value;

/// Lists of tickets; the account chooses which columns, and those of the contact follow.
pub(super) static TABLE: Source = Source {
    name: "Freshdesk table",
    is_source: |columns| {
        columns.are_of_a_table()
            && columns.have_all(&["Ticket ID", "Created time"])
            && columns.have_any(&[
                "Agent interactions",
                "Customer interactions",
                "Initial response time",
                "First response status",
                "Resolution status",
                "Due by Time",
            ])
    },
    columns: &[
        ("Ticket ID", Role::Id),
        ("Created time", Role::Date),
        ("Subject", Role::Title),
        ("Description", Role::Text),
        ("Contact ID", Role::Customer),
        ("Unique external ID", Role::Customer),
        ("Email", Role::Customer),
        ("Requester email", Role::Customer),
        ("Full name", Role::Customer),
        ("Requester name", Role::Customer),
        ("Source", Role::Channel),
        ("Product", Role::Product),
        ("Status", Role::Status),
        ("Language", Role::Language),
        ("Survey results", Role::Csat),
        ("Survey result", Role::Csat),
        ("Initial response time", Role::FirstReply),
        ("First response time (in hrs)", Role::FirstReply),
        ("Resolved time", Role::Resolved),
        ("Resolution time (in hrs)", Role::Resolved),
        ("Closed time", Role::Closed),
    ],
    adjust: Some(|cells, _| {
        said::reread_csat(cells, mark);
        // The words of a letter the company wrote first are its own.
        if cells
            .cell(Role::Channel)
            .eq_ignore_ascii_case("outbound email")
        {
            cells.left_out = Some(Reason::Agent);
        }
    }),
    ..Source::BLANK
};

/// Tickets with or without what was said in them.
pub(super) static TICKETS: Source = Source {
    name: "Freshdesk",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have_all(&["requester_id", "responder_id", "subject"])
            && !columns.have("submitter_id")
            && columns.have_any(&["description", "description_text", "conversations"])
    },
    columns: &[
        ("id", Role::Id),
        ("created_at", Role::Date),
        ("subject", Role::Title),
        ("description_text", Role::Text),
        ("description", Role::Text),
        ("description", Role::Ignore),
        ("structured_description", Role::Ignore),
        ("conversations", Role::Ignore),
        ("requester_id", Role::Customer),
        ("requester.name", Role::Ignore),
        ("requester.email", Role::Ignore),
        ("requester.mobile", Role::Ignore),
        ("requester.phone", Role::Ignore),
        ("source", Role::Channel),
        ("product.name", Role::Product),
        ("status", Role::Status),
        ("stats.first_responded_at", Role::FirstReply),
        ("stats.resolved_at", Role::Resolved),
        ("stats.closed_at", Role::Closed),
    ],
    talk: Some(ticket),
    ..Source::BLANK
};

/// Answers to satisfaction surveys, one each.
pub(super) static RATINGS: Source = Source {
    name: "Freshdesk ratings",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have_all(&["survey_id", "ticket_id", "feedback"])
            && columns.have_below("ratings")
    },
    columns: &[
        ("id", Role::Id),
        ("created_at", Role::Date),
        ("feedback", Role::Text),
        ("ratings.default_question", Role::Csat),
        ("user_id", Role::Customer),
        ("ticket_id", Role::Conversation),
    ],
    adjust: Some(|cells, _| said::reread_csat(cells, mark)),
    ..Source::BLANK
};

/// Numbers and labels of the answers, the best first, on seven.
const ANSWERS: [(&str, &str); 7] = [
    ("103", "extremely happy"),
    ("102", "very happy"),
    ("101", "happy"),
    ("100", "neutral"),
    ("-101", "unhappy"),
    ("-102", "very unhappy"),
    ("-103", "extremely unhappy"),
];

fn mark(answer: &str) -> String {
    let answer = answer.trim();
    let found = ANSWERS
        .iter()
        .position(|(number, label)| answer == *number || answer.eq_ignore_ascii_case(label));
    found.map_or(String::new(), |place| format!("{}/7", 7 - place))
}

/// Names of the numbers that stand for a channel.
const CHANNELS: [(&str, &str); 7] = [
    ("1", "email"),
    ("2", "portal"),
    ("3", "phone"),
    ("7", "chat"),
    ("9", "feedback widget"),
    (OUTBOUND, "outbound email"),
    ("13", "whatsapp"),
];

/// Tickets that began with a letter of the company.
const OUTBOUND: &str = "10";

/// Names of the numbers that stand for a state.
const STATES: [(&str, &str); 4] = [
    ("2", "open"),
    ("3", "pending"),
    ("4", "resolved"),
    ("5", "closed"),
];

fn named(number: String, names: &[(&str, &str)]) -> String {
    match names.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => (*name).to_owned(),
        None => number,
    }
}

fn ticket(ticket: &Value, _: &Vocabulary) -> Talk {
    let source = text_at(ticket, &["source"]);
    let mut turns = Vec::new();
    let first = Turn {
        speaker: match source.as_str() {
            OUTBOUND => Speaker::Agent,
            _ => Speaker::Customer,
        },
        author: said::first_at(ticket, &[&["requester", "email"], &["requester_id"]]),
        at: text_at(ticket, &["created_at"]),
        text: said::first_at(ticket, &[&["description_text"], &["description"]]),
    };
    said::add(&mut turns, first);
    for message in elements_at(ticket, &["conversations"]) {
        if message.get("private") == Some(&Value::Bool(true)) {
            continue;
        }
        let turn = Turn {
            speaker: match message.get("incoming") {
                Some(Value::Bool(true)) => Speaker::Customer,
                _ => Speaker::Agent,
            },
            author: said::first_at(message, &[&["from_email"], &["user_id"]]),
            at: text_at(message, &["created_at"]),
            text: said::first_at(message, &[&["body_text"], &["body"]]),
        };
        said::add(&mut turns, turn);
    }
    let mut talk = said::talk(turns);
    talk.held.push((Role::Channel, named(source, &CHANNELS)));
    let state = text_at(ticket, &["status"]);
    talk.held.push((Role::Status, named(state, &STATES)));
    if ticket.get("spam") == Some(&Value::Bool(true)) {
        talk.left_out = Some(Reason::Spam);
    }
    talk
}
