//! Wire structs of watched topics.

use super::{super::super::Story, Measure, measure};
use serde::Serialize;

/// A saved search in numbers.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Topic<'a> {
    name: &'a str,
    query: &'a str,
    records: u64,
    share: Measure,
    negative: Measure,
}

pub(super) fn topics<'a>(story: &Story<'a>) -> Vec<Topic<'a>> {
    let topics = story.extras.topics.iter();
    topics
        .map(|topic| Topic {
            name: &topic.name,
            query: &topic.query,
            records: topic.records,
            share: measure(&topic.share),
            negative: measure(&topic.negative),
        })
        .collect()
}
