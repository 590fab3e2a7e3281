//! What the files of each vendor mean: one file a vendor, one visible table.
//!
//! A source is told by what is in a file – the names of its columns or members – never by the file's name. What a source
//! says goes before guesses, and a mapping before both. A file no source knows is read as a plain table, its columns
//! guessed from names and content.

mod app_store;
mod chat_log;
mod crisp;
mod delighted;
mod email;
mod freshdesk;
mod google_business;
mod google_play;
mod gorgias;
mod help_scout;
mod hubspot;
mod intercom;
mod livechat;
mod qualtrics;
mod ringcentral;
mod said;
mod salesforce;
mod slack;
mod surveymonkey;
mod trustpilot;
mod typeform;
mod whatsapp;
mod zendesk;

use super::{
    containers::{Container, messages::Kind},
    dates::DateOrder,
    record::Cells,
    roles::Role,
    vocabulary::{Speaker, Vocabulary},
};
use serde_json::Value;

/// Every source, in the order they are asked. Where two could claim a file, the one that asks for more comes first.
pub(super) static ALL: [&Source; 30] = [
    &whatsapp::SOURCE,
    &chat_log::SOURCE,
    &slack::SOURCE,
    &email::SOURCE,
    &zendesk::TICKETS,
    &zendesk::RATINGS,
    &zendesk::VIEW,
    &freshdesk::TICKETS,
    &freshdesk::RATINGS,
    &freshdesk::TABLE,
    &intercom::SOURCE,
    &help_scout::CONVERSATIONS,
    &help_scout::RATINGS,
    &help_scout::REPORT,
    &gorgias::TICKETS,
    &gorgias::SURVEYS,
    &livechat::SOURCE,
    &crisp::SOURCE,
    &ringcentral::CONTENTS,
    &ringcentral::THREADS,
    &google_play::GOOGLE_PLAY,
    &app_store::APP_STORE,
    &google_business::GOOGLE_BUSINESS,
    &trustpilot::TRUSTPILOT,
    &hubspot::HUBSPOT,
    &salesforce::SALESFORCE,
    &qualtrics::QUALTRICS,
    &surveymonkey::SURVEYMONKEY,
    &typeform::TYPEFORM,
    &delighted::DELIGHTED,
];

/// One kind of file of one vendor.
pub(super) struct Source {
    /// As people call it; shown with every file read as it.
    pub name: &'static str,
    /// True for files of this kind.
    pub is_source: fn(&Columns) -> bool,
    /// What its columns are. Where several have one role, the first that is filled takes it; the others are kept with the
    /// record. Names compare without case, accents and signs; members of members have dots: `via.channel`.
    pub columns: &'static [(&'static str, Role)],
    /// Whether columns the list does not name are guessed: a survey's questions are its maker's.
    pub guesses_others: bool,
    /// Whether all open answers are the text, and not the best of them alone; for tables whose other columns are guessed.
    pub joins_answers: bool,
    /// Channel of records whose file names none.
    pub channel: Option<&'static str>,
    /// Order of day and month in its dates, where that is known.
    pub date_order: Option<DateOrder>,
    /// Zone of moments without an offset, where that is known.
    pub time_zone: Option<&'static str>,
    /// Best rating and best satisfaction mark, where they are known.
    pub rating_scale: Option<f32>,
    pub csat_scale: Option<f32>,
    /// Best effort score and whether it means little effort, where the vendor fixes both.
    pub effort: Option<(Option<f32>, bool)>,
    /// Whether texts are letters, with greetings, signatures and automatic answers.
    pub is_mail: bool,
    /// Names of columns that stand in several rows, and the rows they take; asked with the first rows of a table.
    pub header: Option<FindHeader>,
    /// What no list of columns can say, row by row, once the columns have their roles.
    pub adjust: Option<fn(&mut Cells<'_>, &Vocabulary)>,
    /// What was said in a JSON record, and what else only its members together tell.
    pub talk: Option<fn(&Value, &Vocabulary) -> Talk>,
}

impl Source {
    /// A source that says nothing yet, to be written with `..Source::BLANK`.
    pub const BLANK: Source = Source {
        name: "",
        is_source: |_| false,
        columns: &[],
        guesses_others: false,
        joins_answers: false,
        channel: None,
        date_order: None,
        time_zone: None,
        rating_scale: None,
        csat_scale: None,
        effort: None,
        is_mail: false,
        header: None,
        adjust: None,
        talk: None,
    };
}

/// The source of a file, from its columns; `None` for a plain table or plain JSON.
pub(super) fn source_of(columns: &Columns) -> Option<&'static Source> {
    ALL.into_iter().find(|source| (source.is_source)(columns))
}

/// The names of columns that stand in several rows of a table, from its first rows; `None` where they stand in one.
pub(super) fn header_of(first_rows: &[Vec<String>]) -> Option<Header> {
    ALL.into_iter()
        .filter_map(|source| source.header)
        .find_map(|header| header(first_rows))
}

/// Finds names of columns that stand in several rows, among the first rows of a table.
pub(super) type FindHeader = fn(&[Vec<String>]) -> Option<Header>;

/// Names of columns that stand in several rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    /// One a column.
    pub names: Vec<String>,
    /// Rows they take.
    pub rows: usize,
    /// Zone of moments without an offset, where a row says it.
    pub time_zone: Option<String>,
}

/// What a file looks like from outside: what sources are told by.
pub(super) struct Columns<'f> {
    container: &'f Container,
    /// Plain names, nested ones with a space between.
    plain: Vec<String>,
    vocabulary: &'f Vocabulary,
}

impl<'f> Columns<'f> {
    /// The columns of a file, by their names in it.
    pub fn new(
        container: &'f Container,
        names: impl Iterator<Item = &'f str>,
        vocabulary: &'f Vocabulary,
    ) -> Self {
        Self {
            container,
            plain: names.map(|name| vocabulary.plain(name)).collect(),
            vocabulary,
        }
    }

    /// True for cells between delimiters, of a file or of a sheet.
    pub fn are_of_a_table(&self) -> bool {
        matches!(self.container, Container::Table(_))
    }

    /// True for members of JSON objects.
    pub fn are_of_json(&self) -> bool {
        matches!(self.container, Container::Lines | Container::Elements(_))
    }

    /// True for messages of this kind.
    pub fn are_of_messages(&self, kind: Kind) -> bool {
        *self.container == Container::Messages(kind)
    }

    /// True when there is a column of this name, case, accents and signs aside.
    pub fn have(&self, name: &str) -> bool {
        let plain = self.vocabulary.plain(name);
        self.plain.contains(&plain)
    }

    /// True when there are columns of all these names.
    pub fn have_all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.have(name))
    }

    /// True when there is a column of one of these names.
    pub fn have_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.have(name))
    }

    /// True when some member lies below one of this name: `below("source.author")` for `source.author.type`.
    pub fn have_below(&self, name: &str) -> bool {
        let plain = self.vocabulary.plain(name) + " ";
        self.plain.iter().any(|column| column.starts_with(&plain))
    }
}

/// What was said in one record.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// In the order they were said.
    pub turns: Vec<Turn>,
    /// Cells of roles, in place of those the columns give.
    pub held: Vec<(Role, String)>,
    /// Why the record is none of a customer, if it is not.
    pub left_out: Option<Reason>,
}

/// One turn of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Turn {
    pub speaker: Speaker,
    /// Who said it, as the file names them; may be empty.
    pub author: String,
    /// When, as the file writes it: a date, or an hour alone. Empty when unknown.
    pub at: String,
    /// What was said, as it stands; HTML and quoted mail are taken out later.
    pub text: String,
}

/// Why a row is not a customer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Somebody of the company said it.
    Agent,
    /// A program did, or it is a test.
    Machine,
    /// The source calls it spam.
    Spam,
}

/// The text of a member of a JSON object, reached by names; numbers and yes/no as written, empty when there is none.
pub(super) fn text_at(value: &Value, path: &[&str]) -> String {
    let found = path.iter().try_fold(value, |value, name| value.get(name));
    match found {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

/// The elements of an array inside a JSON object, reached by names; none when there is no such array.
pub(super) fn elements_at<'v>(value: &'v Value, path: &[&str]) -> &'v [Value] {
    path.iter()
        .try_fold(value, |value, name| value.get(name))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A name on one line, one space between its words.
pub(super) fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
