//! Polarity of a clause and of a text, with the words that prove it.
//!
//! No word list lives here: what words mean comes from the lexicons, this room only knows how words act on each other.

mod class;
mod join;
mod score;

pub use class::{Label, NEUTRAL_BAND, Polarity, VERY};
pub use join::{clear, finish, join};
pub use score::{Evidence, EvidenceRole, Mention, Passage, Verdict, score};
