//! The fields of the index.

use crate::{
    index::analyzer::{Analysis, TermAnalyzer, ValueAnalyzer},
    language::{Language, Stems},
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
pub const FORMAT: u32 = 7;

/// The oldest format whose records can still be read, to be written anew.
pub const OLDEST: u32 = 4;

/// The last format whose records were JSON.
pub const FORMAT_OF_OLD_RECORDS: u32 = 5;

/// The text fields: name, tokenizer's versioned name, and how words become terms.
/// One a language, since terms and frequencies of two languages do not mix, and one for everything else.
pub const TEXT_FIELDS: [(&str, &str, Analysis); 3] = [
    ("text_fr", "vocable_fr_1", Analysis::Stems(0)),
    ("text_en", "vocable_en_1", Analysis::Stems(1)),
    ("text_other", "vocable_other_1", Analysis::Plain),
];

/// The tokenizers of written forms and of whole values.
const FORMS: &str = "vocable_forms_1";
const VALUE: &str = "vocable_value_1";

/// Handles to the fields.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// [`crate::feedback::Feedback::key`]: what upserts go by and ties break on.
    pub key: Field,
    /// In the order of [`TEXT_FIELDS`].
    pub text: [Field; 3],
    /// Words as written, see [`form`](crate::index::forms::form); which records hold them, not where.
    pub forms: Field,
    /// Language code.
    pub language: Field,
    /// Searched in lower case without accents, counted as given.
    pub channel: Field,
    /// Searched in lower case without accents, counted as given.
    pub product: Field,
    /// The customer's pseudonym.
    pub customer: Field,
    /// Each short cell of the input, `name␁value`; searched in lower case without accents, counted as given.
    pub column: Field,
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
    /// 0 to 10; absent without one.
    pub nps: Field,
    /// Sentiment score.
    pub score: Field,
    /// [`copy_group`](crate::analysis::AnalyzedFeedback::copy_group); absent for a text that stands alone.
    pub copies: Field,
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
    // Neither places nor lengths of these matter: a record has the term or has it not.
    let terms_of = |tokenizer: &str| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let forms = builder.add_text_field("forms", terms_of(FORMS));
    let [channel, product, column] = ["channel", "product", "column"]
        .map(|name| builder.add_text_field(name, terms_of(VALUE) | FAST));
    let [key, language, theme, cue, sentiment] = ["key", "language", "theme", "cue", "sentiment"]
        .map(|name| builder.add_text_field(name, STRING | FAST));
    let fields = Fields {
        key,
        text,
        forms,
        language,
        channel,
        product,
        customer: builder.add_text_field("customer", STRING),
        column,
        theme,
        cue,
        sentiment,
        day: builder.add_u64_field("day", FAST | INDEXED),
        week: builder.add_u64_field("week", FAST | INDEXED),
        rating: builder.add_f64_field("rating", FAST),
        nps: builder.add_u64_field("nps", FAST | INDEXED),
        score: builder.add_f64_field("score", FAST),
        copies: builder.add_u64_field("copies", FAST),
        record: builder.add_bytes_field("record", STORED),
    };
    (builder.build(), fields)
}

/// Makes the analyzers known to an index. Tantivy does not keep them: every opening needs this.
pub fn register_analyzers(index: &Index, stems: &Stems) {
    let register = |name: &str, analyzer| index.tokenizers().register(name, analyzer);
    for (_, name, analysis) in TEXT_FIELDS {
        register(name, TextAnalyzer::from(TermAnalyzer::new(stems, analysis)));
    }
    register(
        FORMS,
        TextAnalyzer::from(TermAnalyzer::new(stems, Analysis::Forms)),
    );
    register(VALUE, TextAnalyzer::from(ValueAnalyzer::default()));
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
