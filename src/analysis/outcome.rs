//! Everything learned about a body of feedback, as plain data: what reports, the index and exports are made from.

use crate::{
    calendar::Moment,
    cues::{Cue, CueKind},
    feedback::{Feedback, FileBalance, RejectedRow},
    language::Language,
    sentiment::{Label, Polarity},
    themes::{Memory, Theme, ThemeEvent},
};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Everything learned. Records are in canonical order: by [`Feedback::key`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysis {
    /// One entry a record, sorted by key, no key twice.
    pub records: Vec<AnalyzedFeedback>,
    /// The themes; [`ThemeMention::theme`] is a position in this list. Largest first.
    pub themes: Vec<Theme>,
    /// What a later analysis needs to find the same themes again.
    pub memory: Memory,
    /// What became of themes since the analysis before.
    pub events: Vec<ThemeEvent>,
    /// What became of each input file, sorted by name.
    pub files: Vec<FileBalance>,
    /// The refused rows, sorted by place.
    pub rejected: Vec<RejectedRow>,
    /// What the analysis was made with.
    pub stamp: Stamp,
}

impl Analysis {
    /// The name each customer goes by outside the workspace, by [`Feedback::customer`].
    ///
    /// A customer is named after their first piece of feedback: the name says nothing of who they are, stays as later
    /// feedback comes in, and is the same in every workspace that holds the same records, whatever its key.
    pub fn customer_names(&self) -> FxHashMap<Arc<str>, String> {
        let mut first: FxHashMap<Arc<str>, &Feedback> = FxHashMap::default();
        let is_before = |a: &Feedback, b: &Feedback| {
            // Feedback without a date comes last.
            (a.moment.is_none(), a.moment, &a.key) < (b.moment.is_none(), b.moment, &b.key)
        };
        for feedback in self.records.iter().map(|record| &record.feedback) {
            let Some(customer) = &feedback.customer else {
                continue;
            };
            match first.get_mut(customer) {
                Some(known) if is_before(feedback, known) => *known = feedback,
                Some(_) => {}
                None => {
                    first.insert(customer.clone(), feedback);
                }
            }
        }
        first
            .into_iter()
            .map(|(customer, feedback)| (customer, customer_name(&feedback.key)))
            .collect()
    }

    /// How many records there are of each text that several have, by [`AnalyzedFeedback::copy_group`].
    pub fn copies(&self) -> FxHashMap<u64, u32> {
        let mut copies = FxHashMap::default();
        for record in self.records.iter().filter(|record| record.copy_group != 0) {
            *copies.entry(record.copy_group).or_default() += 1;
        }
        copies
    }
}

/// One record with all that was learned about it.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalyzedFeedback {
    /// The record as read.
    pub feedback: Feedback,
    /// The language it is written in, or `Undetermined`.
    pub language: Language,
    /// How sure the language is, 0 to 1; 0 when undetermined.
    pub confidence: f32,
    /// Sentiment of the whole text, −1 to 1; 0 where no word speaks.
    pub score: f32,
    /// What its phrases show, by place.
    pub cues: Box<[Cue]>,
    /// Names the records that say nearly the same in many words: one text that was pasted again and again. Each such
    /// group counts once in themes. 0 for a text that stands alone.
    pub copy_group: u64,
    /// Clauses that name a theme, in reading order; empty where none does ("without theme").
    pub mentions: Box<[ThemeMention]>,
}

impl AnalyzedFeedback {
    /// A record of which nothing is known yet.
    pub fn unread(feedback: Feedback) -> Self {
        Self {
            feedback,
            language: Language::Undetermined,
            confidence: 0.0,
            score: 0.0,
            cues: Box::default(),
            copy_group: 0,
            mentions: Box::default(),
        }
    }

    /// True where nothing was learned of it yet; of a text without a word we know, nothing ever is.
    pub fn is_unread(&self) -> bool {
        self.language == Language::Undetermined
            && self.score == 0.0
            && self.cues.is_empty()
            && self.mentions.is_empty()
    }

    /// One of five classes, from the score.
    pub fn label(&self) -> Label {
        Label::of(self.score)
    }

    /// One of three classes, from the score.
    pub fn polarity(&self) -> Polarity {
        self.label().polarity()
    }

    /// When it was given.
    pub fn moment(&self) -> Option<Moment> {
        self.feedback.moment
    }

    /// The theme the record is mostly about: greatest sum of what its clauses weigh, their strength times the root of
    /// their length; between equals, first in the list. Mentions too weak to count ([`SLIGHT`]) give way to all others.
    /// `None` without theme.
    pub fn primary_theme(&self) -> Option<u32> {
        let mut weights: Vec<(u32, bool, f32)> = Vec::new();
        for mention in &self.mentions {
            let weight = mention.strength * (mention.end.abs_diff(mention.start) as f32).sqrt();
            match weights.iter_mut().find(|(of, ..)| *of == mention.theme) {
                Some((_, counts, sum)) => {
                    *counts |= !mention.is_slight();
                    *sum += weight;
                }
                None => weights.push((mention.theme, !mention.is_slight(), weight)),
            }
        }
        weights
            .into_iter()
            .max_by(|a, b| a.1.cmp(&b.1).then(a.2.total_cmp(&b.2)).then(b.0.cmp(&a.0)))
            .map(|(theme, ..)| theme)
    }

    /// The kinds of the record's cues, each once, in the order of [`CueKind::ALL`].
    pub fn cue_kinds(&self) -> Vec<CueKind> {
        let mut kinds: Vec<CueKind> = self.cues.iter().map(|cue| cue.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// The record's themes, each once, lowest position first.
    pub fn themes(&self) -> Vec<u32> {
        let mut themes: Vec<u32> = self.mentions.iter().map(|mention| mention.theme).collect();
        themes.sort_unstable();
        themes.dedup();
        themes
    }
}

/// Strength below which a mention says little of what a record is about: verdicts on the whole.
pub const SLIGHT: f32 = 0.1;

/// A clause that names a theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThemeMention {
    /// Position in [`Analysis::themes`].
    pub theme: u32,
    /// Where the clause starts in the record's text, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// First byte and one past the last of the words that name the theme; the clause where all of it does.
    pub evidence: (u32, u32),
    /// Sentiment of the clause, −1 to 1.
    pub score: f32,
    /// How well the clause fits the theme, 0 to 1.
    pub strength: f32,
}

impl ThemeMention {
    /// True where it says little of what a record is about ([`SLIGHT`]).
    pub fn is_slight(&self) -> bool {
        self.strength < SLIGHT
    }
}

/// What an analysis was made with: the same records and the same stamp give the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Version of the program.
    pub version: String,
    /// Hash of every setting, in hexadecimal.
    pub settings: String,
    /// Language code and hash of its lexicon, in hexadecimal.
    pub lexicons: Vec<(String, String)>,
}

/// What exports call the customer whose earliest record has this key: `c-` and twelve hexadecimal digits.
pub fn customer_name(key: &str) -> String {
    format!("c-{:012x}", xxh3_64(key.as_bytes()) >> 16)
}
