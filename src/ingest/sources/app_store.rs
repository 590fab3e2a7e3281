//! The App Store: customer reviews of the App Store Connect API, and Apple's public RSS feed as JSON.
//!
//! A territory is a country and says nothing of the language. Neither form names the app nor when the company replied:
//! give the product in a mapping file. An older feed begins with the app itself, which is nobody's review.

use super::{Columns, Reason, Source, Talk};
use crate::ingest::{
    roles::Role::{Customer, Date, Id, Ignore, Keep, Rating, Text, Title},
    vocabulary::Vocabulary,
};
use serde_json::Value;

pub(super) static APP_STORE: Source = Source {
    name: "App Store",
    is_source,
    columns: &[
        ("id", Id),
        ("attributes.rating", Rating),
        ("attributes.title", Title),
        ("attributes.body", Text),
        ("attributes.reviewerNickname", Customer),
        ("attributes.createdDate", Date),
        ("attributes.territory", Keep),
        ("relationships.response.links.self", Ignore),
        ("relationships.response.links.related", Ignore),
        ("links.self", Ignore),
        // Of the feed.
        ("id.label", Id),
        ("im:rating.label", Rating),
        ("title.label", Title),
        ("content.label", Text),
        ("updated.label", Date),
        ("author.name.label", Customer),
        ("author.uri.label", Ignore),
    ],
    channel: Some("App Store"),
    rating_scale: Some(5.0),
    talk: Some(talk),
    ..Source::BLANK
};

fn is_source(columns: &Columns) -> bool {
    let is_api = columns.have_all(&["attributes.rating", "attributes.body"])
        && columns.have_any(&["attributes.reviewerNickname", "attributes.territory"]);
    let is_feed = columns.have_all(&["im:rating.label", "content.label", "title.label"]);
    columns.are_of_json() && (is_api || is_feed)
}

fn talk(record: &Value, _: &Vocabulary) -> Talk {
    let is_app = record.get("im:name").is_some() && record.get("im:rating").is_none();
    Talk {
        left_out: is_app.then_some(Reason::Machine),
        ..Talk::default()
    }
}
