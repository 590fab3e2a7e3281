//! Logs of chats: a record a conversation, made in `containers/messages.rs`.

use super::{Source, said};
use crate::ingest::{containers::messages::Kind, roles::Role};

pub(super) static SOURCE: Source = Source {
    name: "chat log",
    is_source: |columns| columns.are_of_messages(Kind::ChatLog),
    columns: &[
        ("id", Role::Id),
        ("date", Role::Date),
        ("customer", Role::Customer),
        ("turns", Role::Turns),
        ("fault", Role::Keep),
    ],
    channel: Some("chat"),
    adjust: Some(|cells, _| said::refuse_fault(cells)),
    ..Source::BLANK
};
