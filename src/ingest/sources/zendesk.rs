//! Zendesk: tickets as JSON (incremental export, account export one a line, API), answers to its surveys, views as CSV.
//!
//! Names of members and columns are those of the vendor's documents. Not verified: the account export's `requester`
//! object (read as well as `requester_id`), a `Brand` column or member, and `Description` in a view. A view says moments
//! in the zone of the account, which the file does not name: they are read in the zone of the report.

use super::{Reason, Source, Talk, Turn, elements_at, said, text_at};
use crate::ingest::{
    roles::Role,
    vocabulary::{Speaker, Vocabulary},
};
use serde_json::Value;

/// Tickets with or without what was said in them.
pub(super) static TICKETS: Source = Source {
    name: "Zendesk",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have_all(&["subject", "status"])
            && columns.have_any(&["requester_id", "requester.id"])
            && columns.have_any(&["submitter_id", "submitter.id"])
    },
    columns: &[
        ("id", Role::Id),
        ("created_at", Role::Date),
        ("subject", Role::Title),
        ("raw_subject", Role::Ignore),
        ("description", Role::Text),
        ("comments", Role::Ignore),
        ("requester_id", Role::Customer),
        ("requester.id", Role::Customer),
        ("requester.name", Role::Ignore),
        ("requester.email", Role::Ignore),
        ("submitter.name", Role::Ignore),
        ("submitter.email", Role::Ignore),
        ("via.channel", Role::Channel),
        ("via.source.from.name", Role::Ignore),
        ("via.source.from.address", Role::Ignore),
        ("via.source.from.phone", Role::Ignore),
        ("via.source.from.formatted_phone", Role::Ignore),
        ("via.source.from.username", Role::Ignore),
        ("status", Role::Status),
        ("brand.name", Role::Product),
        ("satisfaction_rating.score", Role::Csat),
        ("satisfaction_rating.comment", Role::Ignore),
        (
            "metric_set.reply_time_in_minutes.calendar",
            Role::FirstReply,
        ),
        (
            "metric_set.full_resolution_time_in_minutes.calendar",
            Role::Resolved,
        ),
        ("metric_set.solved_at", Role::Resolved),
    ],
    talk: Some(ticket),
    ..Source::BLANK
};

/// Answers to satisfaction surveys, one each.
pub(super) static RATINGS: Source = Source {
    name: "Zendesk ratings",
    is_source: |columns| {
        columns.are_of_json()
            && columns.have_all(&[
                "score",
                "comment",
                "requester_id",
                "assignee_id",
                "ticket_id",
            ])
    },
    columns: &[
        ("id", Role::Id),
        ("created_at", Role::Date),
        ("comment", Role::Text),
        ("score", Role::Csat),
        ("requester_id", Role::Customer),
        ("ticket_id", Role::Conversation),
    ],
    adjust: Some(|cells, _| said::reread_csat(cells, said::thumb)),
    ..Source::BLANK
};

/// Lists of tickets, usually with nothing said in them but the subject. Columns beyond those of every account are the
/// account's own fields, and may hold words.
pub(super) static VIEW: Source = Source {
    name: "Zendesk view",
    is_source: |columns| {
        columns.are_of_a_table()
            && columns.have_all(&["Id", "Requester", "Status"])
            && columns.have_any(&["Group stations", "Assignee stations", "Summation column"])
            && columns.have_any(&["Submitter", "Assignee", "Via", "Ticket type"])
    },
    columns: &[
        ("Id", Role::Id),
        ("Created at", Role::Date),
        ("Subject", Role::Title),
        ("Description", Role::Text),
        ("Requester id", Role::Customer),
        ("Requester external id", Role::Customer),
        ("Requester email", Role::Customer),
        ("Requester", Role::Customer),
        ("Via", Role::Channel),
        ("Brand", Role::Product),
        ("Status", Role::Status),
        ("Satisfaction Score", Role::Csat),
        ("First reply time in minutes", Role::FirstReply),
        ("Full resolution time in minutes", Role::Resolved),
        ("Solved at", Role::Resolved),
        ("Summation column", Role::Ignore),
        ("Requester domain", Role::Keep),
        ("Submitter", Role::Keep),
        ("Assignee", Role::Keep),
        ("Group", Role::Keep),
        ("Tags", Role::Keep),
        ("Priority", Role::Keep),
        ("Ticket type", Role::Keep),
        ("Updated at", Role::Keep),
        ("Assigned at", Role::Keep),
        ("Organization", Role::Keep),
        ("Due date", Role::Keep),
        ("Initially assigned at", Role::Keep),
        ("Resolution time", Role::Keep),
        ("Group stations", Role::Keep),
        ("Assignee stations", Role::Keep),
        ("Reopens", Role::Keep),
        ("Replies", Role::Keep),
        (
            "First reply time in minutes within business hours",
            Role::Keep,
        ),
        ("First resolution time in minutes", Role::Keep),
        (
            "First resolution time in minutes within business hours",
            Role::Keep,
        ),
        (
            "Full resolution time in minutes within business hours",
            Role::Keep,
        ),
    ],
    guesses_others: true,
    adjust: Some(|cells, _| said::reread_csat(cells, said::thumb)),
    ..Source::BLANK
};

fn ticket(ticket: &Value, _: &Vocabulary) -> Talk {
    let requester = said::first_at(ticket, &[&["requester_id"], &["requester", "id"]]);
    let comments = elements_at(ticket, &["comments"]);
    let mut turns = Vec::new();
    if comments.is_empty() {
        let submitter = said::first_at(ticket, &[&["submitter_id"], &["submitter", "id"]]);
        // The submitter wrote the first comment, which is the description.
        let is_own = submitter.is_empty() || submitter == requester;
        let first = Turn {
            speaker: if is_own {
                Speaker::Customer
            } else {
                Speaker::Agent
            },
            author: submitter,
            at: text_at(ticket, &["created_at"]),
            text: text_at(ticket, &["description"]),
        };
        let is_private = ticket.get("is_public") == Some(&Value::Bool(false));
        if !is_private {
            said::add(&mut turns, first);
        }
    }
    for comment in comments {
        if comment.get("public") == Some(&Value::Bool(false)) {
            continue;
        }
        let author = said::first_at(comment, &[&["author_id"], &["author", "id"]]);
        let turn = Turn {
            speaker: speaker(ticket, comment, &author, &requester),
            author,
            at: text_at(comment, &["created_at"]),
            text: said::first_at(comment, &[&["body"], &["plain_body"], &["html_body"]]),
        };
        said::add(&mut turns, turn);
    }
    let is_internal = turns.is_empty()
        && (!comments.is_empty() || ticket.get("is_public") == Some(&Value::Bool(false)));
    let mut talk = said::talk(turns);
    if is_internal {
        talk.left_out = Some(Reason::Agent);
    }
    let score = text_at(ticket, &["satisfaction_rating", "score"]);
    talk.held.push((Role::Csat, said::thumb(&score)));
    let remark = text_at(ticket, &["satisfaction_rating", "comment"]);
    said::add_remark(&mut talk, String::new(), remark);
    talk
}

fn speaker(ticket: &Value, comment: &Value, author: &str, requester: &str) -> Speaker {
    // Notes of calls are written by the telephone's program, whoever is named as their author.
    let is_machine = author == "-1"
        || matches!(
            text_at(comment, &["via", "channel"]).as_str(),
            "rule" | "system"
        )
        || text_at(comment, &["type"]) == "VoiceComment";
    // Copies go to people beside the requester; agents are followers.
    let is_copied = elements_at(ticket, &["email_cc_ids"])
        .iter()
        .any(|id| text_at(id, &[]) == author);
    match () {
        () if is_machine => Speaker::Machine,
        () if !author.is_empty() && author == requester => Speaker::Customer,
        () if author.is_empty() || is_copied => Speaker::Unknown,
        () => Speaker::Agent,
    }
}
