//! RingCentral Engage Digital (once Dimelo): its exports of threads and of contents, as CSV.
//!
//! Names of the threads' columns are those of the vendor's documents; dates have the day first. A thread's file holds no
//! words but its title. Not verified: the contents' columns, taken from the members its API gives and common names for
//! the same. A content that somebody of the company created names its creator.

use super::Source;
use crate::ingest::{dates::DateOrder, roles::Role};

/// Threads: titles and figures.
pub(super) static THREADS: Source = Source {
    name: "RingCentral Engage threads",
    is_source: |columns| {
        columns.are_of_a_table()
            && columns.have_all(&["id", "source_id", "source_type", "contents_count", "title"])
    },
    columns: &[
        ("id", Role::Id),
        ("created_at", Role::Date),
        ("title", Role::Title),
        ("first_content_author_id", Role::Customer),
        ("source_name", Role::Channel),
        ("source_type", Role::Channel),
    ],
    date_order: Some(DateOrder::DayFirst),
    ..Source::BLANK
};

/// Contents: one message a row.
pub(super) static CONTENTS: Source = Source {
    name: "RingCentral Engage",
    is_source: |columns| {
        columns.are_of_a_table()
            && columns.have_all(&["id", "source_id"])
            && columns.have_any(&["source_type", "source_name"])
            && columns.have_any(&["thread_id", "content_thread_id", "intervention_id"])
            && columns.have_any(&["body", "body_as_text", "content", "text"])
    },
    columns: &[
        ("id", Role::Id),
        ("created_at", Role::Date),
        ("body_as_text", Role::Text),
        ("body", Role::Text),
        ("body", Role::Ignore),
        ("content", Role::Text),
        ("text", Role::Text),
        ("title", Role::Title),
        ("subject", Role::Title),
        ("thread_id", Role::Conversation),
        ("content_thread_id", Role::Conversation),
        ("in_reply_to_id", Role::ReplyTo),
        ("author_id", Role::Customer),
        ("author_identity_id", Role::Customer),
        ("author_name", Role::Customer),
        ("creator_id", Role::Speaker),
        ("creator_name", Role::Speaker),
        ("source_name", Role::Channel),
        ("source_type", Role::Channel),
        ("language", Role::Language),
        ("status", Role::Status),
    ],
    date_order: Some(DateOrder::DayFirst),
    adjust: Some(|cells, vocabulary| {
        // Of who spoke, the file says only who of the company did.
        let is_own = !cells.filled(Role::Speaker, vocabulary).is_empty();
        if is_own {
            cells.hold(Role::Speaker, "agent".into());
        }
    }),
    ..Source::BLANK
};
