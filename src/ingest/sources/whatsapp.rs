//! Chats of WhatsApp: a record for each customer of each sitting, made in `containers/messages.rs`.

use super::{Source, said};
use crate::ingest::{containers::messages::Kind, roles::Role};

pub(super) static SOURCE: Source = Source {
    name: "WhatsApp chat",
    is_source: |columns| columns.are_of_messages(Kind::WhatsApp),
    columns: &[
        ("id", Role::Id),
        ("date", Role::Date),
        ("customer", Role::Customer),
        ("turns", Role::Turns),
        ("fault", Role::Keep),
    ],
    channel: Some("WhatsApp"),
    adjust: Some(|cells, _| said::refuse_fault(cells)),
    ..Source::BLANK
};
