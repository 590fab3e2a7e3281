//! What is read twice counts once.

mod duplicates;

pub use duplicates::{fold_duplicates, is_newer};
