//! `vocable lexicon …`: verify tables, show what an edit changes, learn weights from rated feedback, letters and
//! places of words from any.

mod check;
mod fit;
mod masked;
mod ngrams;
mod preview;
mod rated;
mod tables;
mod vectors;

pub use masked::read_masked;
pub use rated::read_rated;
pub use tables::{open, open_stems, tables_of, write_table};

use crate::cli::{Outcome, args::Lexicon};

/// Runs the command.
pub fn lexicon(lexicon: &Lexicon) -> Outcome {
    match lexicon {
        Lexicon::Check(check) => check::check(check),
        Lexicon::Preview(preview) => preview::preview(preview),
        Lexicon::Fit(fit) => fit::fit(fit),
        Lexicon::Ngrams(ngrams) => ngrams::ngrams(ngrams),
        Lexicon::Vectors(learnt) => vectors::vectors(learnt),
    }
}
