//! What do customers do, want or suffer, beyond good and bad? Effort, intents, threats, danger, haste: phrases found in
//! clauses, each with its place. Not for opinions.

mod find;

pub use crate::language::CueKind;
pub use find::{Cue, Finder, FoundCue};
