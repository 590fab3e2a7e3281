//! Which languages we know, what their words mean to us, and which one a text is written in.
//!
//! A language is a folder of tables under `lexicons/`; nothing here knows a word of any.

pub mod catalog;
mod clauses;
pub mod concepts;
pub mod cues;
pub mod detect;
pub mod embedding;
mod lexicon;
pub mod ngrams;
pub mod patterns;
mod rules;
mod segments;
mod service_states;
mod stem;
mod surfaces;
pub mod vectors;
mod verify;
mod voters;

pub use catalog::{Language, Lexicons, Stems, embedded_tables};
pub use clauses::{Clause, Word, clauses};
pub use cues::CueKind;
pub use lexicon::{
    Entry, FAMILY, Lexicon, NONE, POLARITY_COLUMNS, PolarityRow, Role, Tables, Weight, WordFacts,
    polarity_rows,
};
pub use rules::{RULE_COLUMNS, Rule, Rules};
pub use segments::{Segment, segments};
pub use service_states::{ServiceState, ServiceStates};
pub use stem::{Stemming, WordStemmer};
pub use surfaces::{SurfaceFacts, Surfaces};
pub use verify::{Finding, repaired, repaired_patterns, verify};
