//! The fields of the index.

use crate::{
    index::analyzer::{Analysis, TermAnalyzer},
    language::{Language, Lexicons},
};
use tantivy::{
    Index,
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing,
        TextOptions,
    },
    tokenizer::TextAnalyzer,
};

/// Raised whenever an index written before can no longer be read as written: part of every checkpoint.
pub const FORMAT: u32 = 4;

/// The text fields: name, tokenizer's versioned name, and how words become terms.
/// One a language, since terms and frequencies of two languages do not mix, and one for everything else.
pub const TEXT_FIELDS: [(&str, &str, Analysis); 3] = [
    ("text_fr", "vocable_fr_1", Analysis::Stems(0)),
    ("text_en", "vocable_en_1", Analysis::Stems(1)),
    ("text_other", "vocable_other_1", Analysis::Plain),
];

/// Handles to the fields.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// [`crate::feedback::Feedback::key`]: what upserts go by and ties break on.
    pub key: Field,
    /// In the order of [`TEXT_FIELDS`].
    pub text: [Field; 3],
    /// Language code.
    pub language: Field,
    /// As given.
    pub channel: Field,
    /// As given.
    pub product: Field,
    /// Theme ids, one value a theme.
    pub theme: Field,
    /// Names of [`crate::cues::CueKind`], each once.
    pub cue: Field,
    /// Name of the [`crate::sentiment::Label`].
    pub sentiment: Field,
    /// Day as a number, 20261123; absent without a date.
    pub day: Field,
    /// ISO week as a number, 202647; absent without a date.
    pub week: Field,
    /// The mark as given; absent without one.
    pub rating: Field,
    /// Sentiment score.
    pub score: Field,
    /// The record and all that was learned, see `record`.
    pub record: Field,
}

/// The schema, with its fields.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = TEXT_FIELDS.map(|(name, tokenizer, _)| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
    });
    let mut keyword = |name: &str| builder.add_text_field(name, STRING | FAST);
    let (key, language, channel, product, theme, cue, sentiment) = (
        keyword("key"),
        keyword("language"),
        keyword("channel"),
        keyword("product"),
        keyword("theme"),
        keyword("cue"),
        keyword("sentiment"),
    );
    let fields = Fields {
        key,
        text,
        language,
        channel,
        product,
        theme,
        cue,
        sentiment,
        day: builder.add_u64_field("day", FAST | INDEXED),
        week: builder.add_u64_field("week", FAST | INDEXED),
        rating: builder.add_f64_field("rating", FAST),
        score: builder.add_f64_field("score", FAST),
        record: builder.add_bytes_field("record", STORED),
    };
    (builder.build(), fields)
}

/// Makes the analyzers known to an index. Tantivy does not keep them: every opening needs this.
pub fn register_analyzers(index: &Index, lexicons: &Lexicons) {
    for (_, name, analysis) in TEXT_FIELDS {
        index.tokenizers().register(
            name,
            TextAnalyzer::from(TermAnalyzer::new(lexicons, analysis)),
        );
    }
}

/// The text fields a record of this language is indexed in. An undetermined text goes to both languages' fields,
/// so that either's inflections find it.
pub fn text_fields_of(language: Language) -> &'static [usize] {
    match language {
        Language::French => &[0],
        Language::English => &[1],
        Language::Other(_) => &[2],
        Language::Undetermined => &[0, 1],
    }
}
