//! Vectors of words and texts: sparse and dense rows, seeded chance, and the directions in which rows differ most.
//!
//! Nothing here knows what a word is, and nothing depends on the number of threads.

mod chance;
mod matrix;
mod projection;
mod wide;

pub use chance::Chance;
pub use matrix::{CHUNK, Dense, Sparse, add_scaled, dot, four_dots, normalise};
pub use projection::{by_company, by_terms, company, main_directions, normalise_rows};
pub use wide::widely;
