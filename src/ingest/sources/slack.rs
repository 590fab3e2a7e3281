//! Slack exports: a record a message, named after its thread; made in `containers/messages.rs`.

use super::{Source, said};
use crate::ingest::{containers::messages::Kind, roles::Role};

pub(super) static SOURCE: Source = Source {
    name: "Slack export",
    is_source: |columns| columns.are_of_messages(Kind::Slack),
    columns: &[
        ("id", Role::Id),
        ("date", Role::Date),
        ("customer", Role::Customer),
        ("speaker", Role::Speaker),
        ("channel", Role::Channel),
        ("subject", Role::Title),
        ("text", Role::Text),
        ("conversation", Role::Conversation),
        ("fault", Role::Keep),
    ],
    channel: Some("Slack"),
    adjust: Some(|cells, _| said::refuse_fault(cells)),
    ..Source::BLANK
};
