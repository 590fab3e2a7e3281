//! Records as indexes up to format 5 stored them: JSON with short keys. Read to be written anew, and for nothing else.

use crate::{
    calendar::Moment,
    cues::CueKind,
    index::record::{StoredRecord, StoredService, stored_moment},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Theme; start and end of the clause, then of the words that name the theme; score, strength.
type OldMention<'a> = (Cow<'a, str>, u32, u32, u32, u32, f32, f32);

/// A record as it was stored; missing fields are empty.
#[derive(Deserialize)]
pub(super) struct OldRecord<'a> {
    #[serde(rename = "k", borrow)]
    key: Cow<'a, str>,
    #[serde(rename = "i")]
    id_start: u16,
    #[serde(rename = "t", borrow)]
    text: Cow<'a, str>,
    #[serde(rename = "b", default)]
    body_start: u32,
    #[serde(rename = "d", default)]
    moment: Option<Moment>,
    #[serde(rename = "r", default)]
    rating: Option<(f32, f32)>,
    #[serde(rename = "n", default)]
    nps: Option<u8>,
    #[serde(rename = "cs", default)]
    csat: Option<(f32, f32)>,
    #[serde(rename = "ch", default, borrow)]
    channel: Option<Cow<'a, str>>,
    #[serde(rename = "p", default, borrow)]
    product: Option<Cow<'a, str>>,
    #[serde(rename = "cu", default, borrow)]
    customer: Option<Cow<'a, str>>,
    #[serde(rename = "sv", default, borrow)]
    service: Option<OldService<'a>>,
    #[serde(rename = "c", borrow)]
    columns: &'a RawValue,
    #[serde(rename = "f", borrow)]
    file: Cow<'a, str>,
    #[serde(rename = "tc", borrow)]
    text_column: Cow<'a, str>,
    #[serde(rename = "yc", borrow)]
    title_column: Cow<'a, str>,
    #[serde(rename = "l")]
    line: u32,
    #[serde(rename = "la", borrow)]
    language: Cow<'a, str>,
    #[serde(rename = "lc")]
    confidence: f32,
    #[serde(rename = "s")]
    score: f32,
    #[serde(rename = "g", default)]
    copy_group: u64,
    #[serde(rename = "q", default)]
    cues: Vec<(CueKind, u32, u32)>,
    #[serde(rename = "m", borrow)]
    mentions: Vec<OldMention<'a>>,
}

#[derive(Deserialize)]
struct OldService<'a> {
    #[serde(rename = "c", default, borrow)]
    conversation: Option<Cow<'a, str>>,
    #[serde(rename = "f", default)]
    first_reply_seconds: Option<u32>,
    #[serde(rename = "r", default)]
    resolution_seconds: Option<u32>,
    #[serde(rename = "x", default)]
    closing_seconds: Option<u32>,
    #[serde(rename = "e", default)]
    ces: Option<(f32, f32, bool)>,
    #[serde(rename = "m", default)]
    revenue: Option<f64>,
    #[serde(rename = "s", default, borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(rename = "w", default)]
    weight: Option<f32>,
    #[serde(rename = "g", default, borrow)]
    segment: Option<Cow<'a, str>>,
}

impl<'a> OldRecord<'a> {
    /// Reads one record; the error says what is wrong with the bytes.
    pub fn read(bytes: &'a [u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    /// The same, as it is stored today.
    pub fn as_stored(&self) -> StoredRecord<'_> {
        StoredRecord {
            key: &self.key,
            text: &self.text,
            customer: self.customer.as_deref(),
            id_start: self.id_start,
            body_start: self.body_start,
            moment: self.moment.map(stored_moment),
            rating: self.rating,
            nps: self.nps,
            csat: self.csat,
            channel: self.channel.as_deref(),
            product: self.product.as_deref(),
            service: self.service.as_ref().map(OldService::as_stored),
            columns: self.columns.get(),
            file: &self.file,
            text_column: &self.text_column,
            title_column: &self.title_column,
            line: self.line,
            language: &self.language,
            confidence: self.confidence,
            score: self.score,
            copy_group: self.copy_group,
            cues: (self.cues.iter())
                .map(|(kind, start, end)| (kind.name(), *start, *end))
                .collect(),
            mentions: (self.mentions.iter())
                .map(|(theme, start, end, from, to, score, strength)| {
                    (&**theme, *start, *end, *from, *to, *score, *strength)
                })
                .collect(),
        }
    }
}

impl OldService<'_> {
    fn as_stored(&self) -> StoredService<'_> {
        StoredService {
            conversation: self.conversation.as_deref(),
            first_reply_seconds: self.first_reply_seconds,
            resolution_seconds: self.resolution_seconds,
            closing_seconds: self.closing_seconds,
            ces: self.ces,
            revenue: self.revenue,
            status: self.status.as_deref(),
            weight: self.weight,
            segment: self.segment.as_deref(),
        }
    }
}
