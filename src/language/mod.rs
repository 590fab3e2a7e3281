//! Which languages we know, what their words mean to us, and which one a text is written in.
//!
//! A language is a folder of tables under `lexicons/`; nothing here knows a word of any.

pub mod catalog;
mod clauses;
pub mod detect;
mod lexicon;
mod stem;
mod surfaces;

pub use catalog::{Language, Lexicons};
pub use clauses::{Clause, Word, clauses};
pub use lexicon::{Entry, Lexicon, NONE, Role, WordFacts};
pub use stem::{Stemming, WordStemmer};
pub use surfaces::{SurfaceFacts, Surfaces};
