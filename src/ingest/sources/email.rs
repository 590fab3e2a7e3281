//! Letters: a record each, named after the thread it belongs to; made in `containers/messages.rs`.

use super::{Source, said};
use crate::ingest::{containers::messages::Kind, roles::Role};

pub(super) static SOURCE: Source = Source {
    name: "e-mail",
    is_source: |columns| columns.are_of_messages(Kind::Mail),
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
    channel: Some("e-mail"),
    is_mail: true,
    adjust: Some(|cells, _| said::refuse_fault(cells)),
    ..Source::BLANK
};
