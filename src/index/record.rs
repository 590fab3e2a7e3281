//! The stored form of an analysed record: its fields one after the other in the compact form of the postcard crate, lossless
//! both ways. A workspace is read whole again and again, and this form is read four times as fast as JSON.

use crate::{
    analysis::{AnalyzedFeedback, ThemeMention},
    calendar::Moment,
    cues::{Cue, CueKind},
    feedback::{Effort, Feedback, Origin, Rating, Service},
    index::old_records::OldRecord,
    themes::Theme,
};
use jiff::civil::{Date, Time};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Theme; start and end of the clause, then of the words that name the theme; score, strength.
type StoredMention<'a> = (&'a str, u32, u32, u32, u32, f32, f32);

/// Year, month, day; hour, minute, second, nanoseconds where there is a time.
type StoredMoment = (i16, i8, i8, Option<(i8, i8, i8, i32)>);

/// The fields in the order in which they are stored. A change of any is a new [`FORMAT`](crate::index::schema::FORMAT).
#[derive(Serialize, Deserialize)]
pub(super) struct StoredRecord<'a> {
    // What single readers look for comes first: they stop there.
    pub key: &'a str,
    pub text: &'a str,
    pub customer: Option<&'a str>,
    pub id_start: u16,
    pub body_start: u32,
    pub moment: Option<StoredMoment>,
    pub rating: Option<(f32, f32)>,
    pub nps: Option<u8>,
    pub csat: Option<(f32, f32)>,
    pub channel: Option<&'a str>,
    pub product: Option<&'a str>,
    #[serde(borrow)]
    pub service: Option<StoredService<'a>>,
    pub columns: &'a str,
    pub file: &'a str,
    pub text_column: &'a str,
    pub title_column: &'a str,
    pub line: u32,
    pub language: &'a str,
    pub confidence: f32,
    pub score: f32,
    pub copy_group: u64,
    /// By name, so that kinds may come and go.
    pub cues: Vec<(&'a str, u32, u32)>,
    pub mentions: Vec<StoredMention<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredService<'a> {
    pub conversation: Option<&'a str>,
    pub first_reply_seconds: Option<u32>,
    pub resolution_seconds: Option<u32>,
    pub closing_seconds: Option<u32>,
    pub ces: Option<(f32, f32, bool)>,
    pub revenue: Option<f64>,
    pub status: Option<&'a str>,
    pub weight: Option<f32>,
    pub segment: Option<&'a str>,
}

impl<'a> StoredService<'a> {
    fn of(service: &'a Service) -> Self {
        Self {
            conversation: service.conversation.as_deref(),
            first_reply_seconds: service.first_reply_seconds,
            resolution_seconds: service.resolution_seconds,
            closing_seconds: service.closing_seconds,
            ces: service
                .ces
                .map(|effort| (effort.mark.value, effort.mark.scale, effort.high_is_easy)),
            revenue: service.revenue,
            status: service.status.as_deref(),
            weight: service.weight,
            segment: service.segment.as_deref(),
        }
    }
}

/// A moment as it is stored.
pub(super) fn stored_moment(moment: Moment) -> StoredMoment {
    let (date, time) = (moment.local.date(), moment.local.time());
    let time = (moment.has_time).then(|| {
        let nanosecond = time.subsec_nanosecond();
        (time.hour(), time.minute(), time.second(), nanosecond)
    });
    (date.year(), date.month(), date.day(), time)
}

fn moment_of((year, month, day, time): StoredMoment) -> Result<Moment, jiff::Error> {
    let date = Date::new(year, month, day)?;
    Ok(match time {
        None => Moment::day(date),
        Some((hour, minute, second, nanosecond)) => {
            Moment::at(date.to_datetime(Time::new(hour, minute, second, nanosecond)?))
        }
    })
}

/// A record as the bytes that are stored. The same record and themes give the same bytes.
pub fn to_bytes(record: &AnalyzedFeedback, themes: &[Theme]) -> Vec<u8> {
    let feedback = &record.feedback;
    let pair = |rating: &Rating| (rating.value, rating.scale);
    let cue = |cue: &Cue| (cue.kind.name(), cue.start, cue.end);
    let mention = |mention: &ThemeMention| {
        (
            themes[mention.theme as usize].id.as_str(),
            mention.start,
            mention.end,
            mention.evidence.0,
            mention.evidence.1,
            mention.score,
            mention.strength,
        )
    };
    let stored = StoredRecord {
        key: &feedback.key,
        text: &feedback.text,
        customer: feedback.customer.as_deref(),
        id_start: feedback.id_start,
        body_start: feedback.body_start,
        moment: feedback.moment.map(stored_moment),
        rating: feedback.rating.as_ref().map(pair),
        nps: feedback.nps,
        csat: feedback.csat.as_ref().map(pair),
        channel: feedback.channel.as_deref(),
        product: feedback.product.as_deref(),
        service: feedback.service.as_deref().map(StoredService::of),
        columns: &feedback.columns,
        file: &feedback.origin.file,
        text_column: &feedback.origin.text_column,
        title_column: &feedback.origin.title_column,
        line: feedback.line,
        language: record.language.code(),
        confidence: record.confidence,
        score: record.score,
        copy_group: record.copy_group,
        cues: record.cues.iter().map(cue).collect(),
        mentions: record.mentions.iter().map(mention).collect(),
    };
    let bytes = Vec::with_capacity(feedback.text.len() + feedback.columns.len() + 256);
    postcard::to_extend(&stored, bytes).expect("strings and numbers always serialise")
}

/// The text of a stored record; the error says what is wrong with the bytes.
pub fn stored_text(bytes: &[u8]) -> Result<&str, String> {
    let (_, text): (&str, &str) = first_fields(bytes)?;
    Ok(text)
}

/// The pseudonym of a stored record's customer; `None` where it names none.
pub fn stored_customer(bytes: &[u8]) -> Result<Option<String>, String> {
    let (_, _, customer): (&str, &str, Option<&str>) = first_fields(bytes)?;
    Ok(customer.map(str::to_owned))
}

fn first_fields<'a, F: Deserialize<'a>>(bytes: &'a [u8]) -> Result<F, String> {
    let read = postcard::take_from_bytes(bytes);
    let (fields, _) = read.map_err(unreadable)?;
    Ok(fields)
}

fn unreadable(error: postcard::Error) -> String {
    format!("a stored record cannot be read: {error}")
}

/// Turns stored bytes back into records; keeps one copy of what many records share.
pub struct RecordReader {
    themes: FxHashMap<Box<str>, u32>,
    is_old: bool,
    shared: FxHashMap<Box<str>, Arc<str>>,
    origins: Vec<Arc<Origin>>,
}

impl RecordReader {
    /// A reader for records that name these themes.
    pub fn new(themes: &[Theme]) -> Self {
        Self {
            is_old: false,
            themes: themes
                .iter()
                .enumerate()
                .map(|(position, theme)| (theme.id.as_str().into(), position as u32))
                .collect(),
            shared: FxHashMap::default(),
            origins: Vec::new(),
        }
    }

    /// The same for records as [`OldRecord`] has them.
    pub fn of_old(themes: &[Theme]) -> Self {
        Self {
            is_old: true,
            ..Self::new(themes)
        }
    }

    /// Reads one record; the error says what is wrong with the bytes. Mentions of themes that are not known are left out.
    pub fn read(&mut self, bytes: &[u8]) -> Result<AnalyzedFeedback, String> {
        if self.is_old {
            let old = OldRecord::read(bytes)?;
            return self.record(&old.as_stored());
        }
        let stored: StoredRecord<'_> = match postcard::take_from_bytes(bytes) {
            Ok((stored, [])) => stored,
            Ok(_) => return Err("a stored record is longer than itself".to_owned()),
            Err(error) => return Err(unreadable(error)),
        };
        self.record(&stored)
    }

    fn record(&mut self, stored: &StoredRecord<'_>) -> Result<AnalyzedFeedback, String> {
        let rating = |(value, scale)| Rating { value, scale };
        let mentions = stored
            .mentions
            .iter()
            .filter_map(|(theme, start, end, from, to, score, strength)| {
                Some(ThemeMention {
                    theme: *self.themes.get(*theme)?,
                    start: *start,
                    end: *end,
                    evidence: (*from, *to),
                    score: *score,
                    strength: *strength,
                })
            })
            .collect();
        if !stored.key.is_char_boundary(usize::from(stored.id_start))
            || !stored.text.is_char_boundary(stored.body_start as usize)
        {
            return Err("an offset lies outside its text".to_owned());
        }
        let moment = stored.moment.map(moment_of).transpose();
        let cues = stored.cues.iter().map(|(name, start, end)| {
            let kind = CueKind::named(name).ok_or_else(|| format!("unknown cue \"{name}\""))?;
            Ok(Cue {
                kind,
                start: *start,
                end: *end,
            })
        });
        let origin = self.origin(stored);
        Ok(AnalyzedFeedback {
            language: stored
                .language
                .parse()
                .map_err(|_| "unknown language code".to_owned())?,
            confidence: stored.confidence,
            score: stored.score,
            copy_group: stored.copy_group,
            cues: cues.collect::<Result<_, String>>()?,
            mentions,
            feedback: Feedback {
                id_start: stored.id_start,
                body_start: stored.body_start,
                moment: moment.map_err(|_| "a day that does not exist".to_owned())?,
                rating: stored.rating.map(rating),
                nps: stored.nps,
                csat: stored.csat.map(rating),
                channel: stored.channel.map(|name| self.share(name)),
                product: stored.product.map(|name| self.share(name)),
                customer: stored.customer.map(Arc::from),
                service: (stored.service.as_ref()).map(|service| Box::new(self.service(service))),
                columns: stored.columns.into(),
                origin,
                line: stored.line,
                key: stored.key.into(),
                text: stored.text.into(),
            },
        })
    }

    fn service(&mut self, stored: &StoredService<'_>) -> Service {
        let mut share = |name: Option<&str>| name.map(|name| self.share(name));
        Service {
            conversation: share(stored.conversation),
            first_reply_seconds: stored.first_reply_seconds,
            resolution_seconds: stored.resolution_seconds,
            closing_seconds: stored.closing_seconds,
            ces: stored.ces.map(|(value, scale, high_is_easy)| Effort {
                mark: Rating { value, scale },
                high_is_easy,
            }),
            revenue: stored.revenue,
            status: share(stored.status),
            weight: stored.weight,
            segment: share(stored.segment),
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
            file: self.share(stored.file),
            text_column: self.share(stored.text_column),
            title_column: self.share(stored.title_column),
        });
        self.origins.push(origin.clone());
        origin
    }
}
