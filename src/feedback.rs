//! One piece of feedback: the customer's words, what came with them, and the line they came from.

use crate::calendar::Moment;
use std::{fmt, sync::Arc};
use xxhash_rust::xxh3::xxh3_64;

/// What all records of one input file share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file as reports name it: its name, preceded by its path below the folder that was given.
    pub file: Arc<str>,
    /// The input column the body of the text was read from; empty where there is none.
    pub text_column: Arc<str>,
    /// The input column the title was read from; empty where there is none.
    pub title_column: Arc<str>,
}

/// A mark on a scale, as given: 4 on 5, 7 on 10. Never rescaled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rating {
    /// The mark; within 0 and `scale`.
    pub value: f32,
    /// The best mark that can be given: 5, 10, 20, 100.
    pub scale: f32,
}

/// One piece of feedback, as read: nothing in it was judged yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// Names the record for good: two records with one key are the same piece of feedback, read twice or edited.
    /// A prefix that tells kinds of source apart, then the id as given. Records sort by it everywhere.
    pub key: Box<str>,
    /// Where the id as given starts in `key`, in bytes.
    pub id_start: u16,
    /// The customer's own words: the title, a line break and the body; only the body where there is no title. May be
    /// empty, but is never blanks alone.
    pub text: Box<str>,
    /// Bytes of `text` taken by the title and its line break; 0 without a title.
    pub body_start: u32,
    /// When it was given; unknown when the source does not say.
    pub moment: Option<Moment>,
    /// Stars or marks.
    pub rating: Option<Rating>,
    /// Answer to "would you recommend us", 0 to 10.
    pub nps: Option<u8>,
    /// Answer to "how satisfied are you".
    pub csat: Option<Rating>,
    /// How it reached the company: chat, e-mail, app store…
    pub channel: Option<Arc<str>>,
    /// What it is about: product, shop, company.
    pub product: Option<Arc<str>>,
    /// Who gave it, under the source's own name for them.
    pub customer: Option<Arc<str>>,
    /// What a ticket or a survey says beside the words; `None` where it says nothing of the kind.
    pub service: Option<Box<Service>>,
    /// Every other input column, as one JSON object in the order of the file: `{"note":"4","ville":"Lyon"}`.
    pub columns: Box<str>,
    /// The file it came from.
    pub origin: Arc<Origin>,
    /// Line of `origin.file` where the record starts, from 1. For a table that is a spreadsheet row counted in lines.
    pub line: u32,
}

/// How the company dealt with a piece of feedback, and what else came with it: most records have nothing of this.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// Names the conversation it is part of, within its source.
    pub conversation: Option<Arc<str>>,
    /// Seconds from the customer's first words to the first answer of a human.
    pub first_reply_seconds: Option<u32>,
    /// Seconds from then until it was resolved.
    pub resolution_seconds: Option<u32>,
    /// Seconds from then until it was closed.
    pub closing_seconds: Option<u32>,
    /// Answer to "how easy was it".
    pub ces: Option<Effort>,
    /// What the customer or the order is worth, in the currency of the file.
    pub revenue: Option<f64>,
    /// The state of the ticket, as given.
    pub status: Option<Arc<str>>,
    /// How much the record counts in a sample that was weighted.
    pub weight: Option<f32>,
    /// The group of customers it belongs to, as given.
    pub segment: Option<Arc<str>>,
}

/// An effort score. Which end is good is the survey's choice, so it is never guessed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// The mark on its scale.
    pub mark: Rating,
    /// True when the highest mark means the least effort.
    pub high_is_easy: bool,
}

/// A number that stands for a key: the same everywhere, and spread so evenly that keys with the least numbers are a fair
/// sample of all.
pub fn key_hash(key: &[u8]) -> u64 {
    xxh3_64(key)
}

/// The part of a key that files of another kind may have too, their ids being the same: without the prefix of the kind. `None`
/// for a key that was made from content.
pub fn key_within_kind(key: &[u8]) -> Option<&[u8]> {
    let border = key.iter().position(|byte| *byte == b'/')?;
    Some(&key[border + 1..])
}

impl Feedback {
    /// The id as given in the input; a hash of the content where the input has none.
    pub fn id(&self) -> &str {
        &self.key[usize::from(self.id_start)..]
    }

    /// The title; empty where there is none.
    pub fn title(&self) -> &str {
        self.text[..self.body_start as usize].trim_end_matches('\n')
    }

    /// The text without its title.
    pub fn body(&self) -> &str {
        &self.text[self.body_start as usize..]
    }

    /// Where it was read, as `file:line`.
    pub fn place(&self) -> Place {
        Place {
            file: self.origin.file.clone(),
            line: self.line,
        }
    }
}

#[cfg(test)]
impl Feedback {
    /// A record of `a.csv` with a key and words, and nothing else.
    pub(crate) fn of_words(key: &str, text: &str) -> Self {
        Self {
            key: key.into(),
            id_start: 0,
            text: text.into(),
            body_start: 0,
            moment: None,
            rating: None,
            nps: None,
            csat: None,
            channel: None,
            product: None,
            customer: None,
            service: None,
            columns: "{}".into(),
            origin: Arc::new(Origin {
                file: "a.csv".into(),
                text_column: "text".into(),
                title_column: "".into(),
            }),
            line: 2,
        }
    }
}

/// A line of an input file, written `avis.csv:17`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as [`Origin::file`].
    pub file: Arc<str>,
    /// From 1.
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A row that did not become feedback. Data, not an error: the run goes on, and the row is listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RejectedRow {
    /// The row's first line.
    pub at: Place,
    /// What is wrong and what would mend it, in one clause, without the customer's words.
    pub reason: Box<str>,
}

/// Rows without a customer's words, by what they are. Rows of none of these kinds hold neither words nor a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// What people of the company said.
    pub agents: u64,
    /// What programs said: bots, automatic answers, tests of a survey.
    pub machines: u64,
    /// What the source calls spam.
    pub spam: u64,
    /// What was erased from the workspace on request.
    #[serde(default, skip_serializing_if = "is_none")]
    pub erased: u64,
}

/// Files of which nothing was erased, nearly all, say nothing of it.
fn is_none(rows: &u64) -> bool {
    *rows == 0
}

impl LeftOut {
    /// What the company, its programs and spammers wrote.
    pub fn of_others(self) -> u64 {
        self.agents + self.machines + self.spam
    }
}

/// What became of one input file. `read = accepted + refused + duplicates + empty`, always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileBalance {
    /// As [`Origin::file`].
    pub file: Arc<str>,
    /// What the file was read as, for people: `Zendesk tickets: CSV, commas, UTF-8`.
    pub format: String,
    /// Role and column, in the order of the file: `("text", "commentaire")`.
    pub roles: Vec<(String, String)>,
    /// Rows found.
    pub read: u64,
    /// Rows that became feedback.
    pub accepted: u64,
    /// Rows refused, each listed as a [`RejectedRow`].
    pub refused: u64,
    /// Rows that repeat a record read elsewhere or before.
    pub duplicates: u64,
    /// Rows with neither a customer's words nor a mark.
    pub empty: u64,
    /// The part of `empty` that somebody or something else said.
    pub left_out: LeftOut,
    /// What a person should know about how the file was read, one sentence each.
    pub warnings: Vec<String>,
}
