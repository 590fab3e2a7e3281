//! The stored form of an analysed record: JSON with short keys, lossless both ways.

use crate::{
    analysis::{AnalyzedFeedback, ThemeMention},
    calendar::Moment,
    cues::{Cue, CueKind},
    feedback::{Effort, Feedback, Origin, Rating, Service},
    themes::Theme,
};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::{borrow::Cow, sync::Arc};

/// Theme; start and end of the clause, then of the words that name the theme; score, strength.
type StoredMention<'a> = (Cow<'a, str>, u32, u32, u32, u32, f32, f32);

#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    #[serde(rename = "k", borrow)]
    key: Cow<'a, str>,
    #[serde(rename = "i")]
    id_start: u16,
    #[serde(rename = "t", borrow)]
    text: Cow<'a, str>,
    #[serde(rename = "b", default, skip_serializing_if = "is_zero")]
    body_start: u32,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    moment: Option<Moment>,
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    rating: Option<(f32, f32)>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    nps: Option<u8>,
    #[serde(rename = "cs", default, skip_serializing_if = "Option::is_none")]
    csat: Option<(f32, f32)>,
    #[serde(
        rename = "ch",
        default,
        borrow,
        skip_serializing_if = "Option::is_none"
    )]
    channel: Option<Cow<'a, str>>,
    #[serde(rename = "p", default, borrow, skip_serializing_if = "Option::is_none")]
    product: Option<Cow<'a, str>>,
    #[serde(
        rename = "cu",
        default,
        borrow,
        skip_serializing_if = "Option::is_none"
    )]
    customer: Option<Cow<'a, str>>,
    #[serde(
        rename = "sv",
        default,
        borrow,
        skip_serializing_if = "Option::is_none"
    )]
    service: Option<StoredService<'a>>,
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
    #[serde(rename = "g", default, skip_serializing_if = "is_none_of_a_group")]
    copy_group: u64,
    #[serde(rename = "q", default, skip_serializing_if = "Vec::is_empty")]
    cues: Vec<(CueKind, u32, u32)>,
    #[serde(rename = "m", borrow)]
    mentions: Vec<StoredMention<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredService<'a> {
    #[serde(rename = "c", default, borrow, skip_serializing_if = "Option::is_none")]
    conversation: Option<Cow<'a, str>>,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    first_reply_seconds: Option<u32>,
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    resolution_seconds: Option<u32>,
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    closing_seconds: Option<u32>,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    ces: Option<(f32, f32, bool)>,
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    revenue: Option<f64>,
    #[serde(rename = "s", default, borrow, skip_serializing_if = "Option::is_none")]
    status: Option<Cow<'a, str>>,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    weight: Option<f32>,
    #[serde(rename = "g", default, borrow, skip_serializing_if = "Option::is_none")]
    segment: Option<Cow<'a, str>>,
}

impl<'a> StoredService<'a> {
    fn of(service: &'a Service) -> Self {
        Self {
            conversation: service.conversation.as_deref().map(Cow::Borrowed),
            first_reply_seconds: service.first_reply_seconds,
            resolution_seconds: service.resolution_seconds,
            closing_seconds: service.closing_seconds,
            ces: service
                .ces
                .map(|effort| (effort.mark.value, effort.mark.scale, effort.high_is_easy)),
            revenue: service.revenue,
            status: service.status.as_deref().map(Cow::Borrowed),
            weight: service.weight,
            segment: service.segment.as_deref().map(Cow::Borrowed),
        }
    }
}

fn is_none_of_a_group(group: &u64) -> bool {
    *group == 0
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A record as the bytes that are stored. The same record and themes give the same bytes.
pub fn to_bytes(record: &AnalyzedFeedback, themes: &[Theme]) -> Vec<u8> {
    let feedback = &record.feedback;
    let pair = |rating: &Rating| (rating.value, rating.scale);
    let columns: &RawValue =
        serde_json::from_str(&feedback.columns).expect("ingest writes columns as one JSON object");
    let stored = StoredRecord {
        key: Cow::Borrowed(&feedback.key),
        id_start: feedback.id_start,
        text: Cow::Borrowed(&feedback.text),
        body_start: feedback.body_start,
        moment: feedback.moment,
        rating: feedback.rating.as_ref().map(pair),
        nps: feedback.nps,
        csat: feedback.csat.as_ref().map(pair),
        channel: feedback.channel.as_deref().map(Cow::Borrowed),
        product: feedback.product.as_deref().map(Cow::Borrowed),
        customer: feedback.customer.as_deref().map(Cow::Borrowed),
        service: feedback.service.as_deref().map(StoredService::of),
        columns,
        file: Cow::Borrowed(&feedback.origin.file),
        text_column: Cow::Borrowed(&feedback.origin.text_column),
        title_column: Cow::Borrowed(&feedback.origin.title_column),
        line: feedback.line,
        language: Cow::Borrowed(record.language.code()),
        confidence: record.confidence,
        score: record.score,
        copy_group: record.copy_group,
        cues: record
            .cues
            .iter()
            .map(|cue| (cue.kind, cue.start, cue.end))
            .collect(),
        mentions: record
            .mentions
            .iter()
            .map(|mention| {
                (
                    Cow::Borrowed(themes[mention.theme as usize].id.as_str()),
                    mention.start,
                    mention.end,
                    mention.evidence.0,
                    mention.evidence.1,
                    mention.score,
                    mention.strength,
                )
            })
            .collect(),
    };
    serde_json::to_vec(&stored).expect("strings and numbers always serialise")
}

/// The text of a stored record; the error says what is wrong with the bytes.
pub fn stored_text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    #[derive(Deserialize)]
    struct TextOnly<'a> {
        #[serde(rename = "t", borrow)]
        text: Cow<'a, str>,
    }
    read_part(bytes).map(|TextOnly { text }| text)
}

/// The key of a stored record.
pub fn stored_key(bytes: &[u8]) -> Result<Box<str>, String> {
    #[derive(Deserialize)]
    struct KeyOnly<'a> {
        #[serde(rename = "k", borrow)]
        key: Cow<'a, str>,
    }
    read_part(bytes).map(|KeyOnly { key }| key.into())
}

/// The pseudonym of a stored record's customer; `None` where it names none.
pub fn stored_customer(bytes: &[u8]) -> Result<Option<String>, String> {
    #[derive(Deserialize)]
    struct CustomerOnly {
        #[serde(rename = "cu", default)]
        customer: Option<String>,
    }
    read_part(bytes).map(|CustomerOnly { customer }| customer)
}

fn read_part<'a, P: Deserialize<'a>>(bytes: &'a [u8]) -> Result<P, String> {
    serde_json::from_slice(bytes)
        .map_err(|error| format!("a stored record cannot be read: {error}"))
}

/// Turns stored bytes back into records; keeps one copy of what many records share.
pub struct RecordReader {
    themes: FxHashMap<Box<str>, u32>,
    shared: FxHashMap<Box<str>, Arc<str>>,
    origins: Vec<Arc<Origin>>,
}

impl RecordReader {
    /// A reader for records that name these themes.
    pub fn new(themes: &[Theme]) -> Self {
        Self {
            themes: themes
                .iter()
                .enumerate()
                .map(|(position, theme)| (theme.id.as_str().into(), position as u32))
                .collect(),
            shared: FxHashMap::default(),
            origins: Vec::new(),
        }
    }

    /// Reads one record; the error says what is wrong with the bytes. Mentions of themes that are not known are left out.
    pub fn read(&mut self, bytes: &[u8]) -> Result<AnalyzedFeedback, String> {
        let stored: StoredRecord<'_> =
            serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let rating = |(value, scale)| Rating { value, scale };
        let mentions = stored
            .mentions
            .iter()
            .filter_map(|(theme, start, end, from, to, score, strength)| {
                Some(ThemeMention {
                    theme: *self.themes.get(&**theme)?,
                    start: *start,
                    end: *end,
                    evidence: (*from, *to),
                    score: *score,
                    strength: *strength,
                })
            })
            .collect();
        if usize::from(stored.id_start) > stored.key.len()
            || stored.body_start as usize > stored.text.len()
        {
            return Err("an offset lies outside its text".to_owned());
        }
        let origin = self.origin(&stored);
        Ok(AnalyzedFeedback {
            language: stored
                .language
                .parse()
                .map_err(|_| "unknown language code".to_owned())?,
            confidence: stored.confidence,
            score: stored.score,
            copy_group: stored.copy_group,
            cues: stored
                .cues
                .iter()
                .map(|(kind, start, end)| Cue {
                    kind: *kind,
                    start: *start,
                    end: *end,
                })
                .collect(),
            mentions,
            feedback: Feedback {
                id_start: stored.id_start,
                body_start: stored.body_start,
                moment: stored.moment,
                rating: stored.rating.map(rating),
                nps: stored.nps,
                csat: stored.csat.map(rating),
                channel: stored.channel.as_deref().map(|name| self.share(name)),
                product: stored.product.as_deref().map(|name| self.share(name)),
                customer: stored.customer.as_deref().map(Arc::from),
                service: stored
                    .service
                    .as_ref()
                    .map(|service| Box::new(self.service(service))),
                columns: stored.columns.get().into(),
                origin,
                line: stored.line,
                key: stored.key.into_owned().into_boxed_str(),
                text: stored.text.into_owned().into_boxed_str(),
            },
        })
    }

    fn service(&mut self, stored: &StoredService<'_>) -> Service {
        let mut share = |name: &Option<Cow<'_, str>>| name.as_deref().map(|name| self.share(name));
        Service {
            conversation: share(&stored.conversation),
            first_reply_seconds: stored.first_reply_seconds,
            resolution_seconds: stored.resolution_seconds,
            closing_seconds: stored.closing_seconds,
            ces: stored.ces.map(|(value, scale, high_is_easy)| Effort {
                mark: Rating { value, scale },
                high_is_easy,
            }),
            revenue: stored.revenue,
            status: share(&stored.status),
            weight: stored.weight,
            segment: share(&stored.segment),
        }
    }

    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(shared) = self.shared.get(name) {
            return shared.clone();
        }
        let shared: Arc<str> = name.into();
        self.shared.insert(name.into(), shared.clone());
        shared
    }

    fn origin(&mut self, stored: &StoredRecord<'_>) -> Arc<Origin> {
        let same = |origin: &&Arc<Origin>| {
            *origin.file == *stored.file
                && *origin.text_column == *stored.text_column
                && *origin.title_column == *stored.title_column
        };
        if let Some(origin) = self.origins.iter().rev().find(same) {
            return origin.clone();
        }
        let origin = Arc::new(Origin {
            file: self.share(&stored.file),
            text_column: self.share(&stored.text_column),
            title_column: self.share(&stored.title_column),
        });
        self.origins.push(origin.clone());
        origin
    }
}
