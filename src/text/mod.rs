//! Text → words, always with byte spans into the customer's own text.
//!
//! The invariant: every byte of a text is in exactly one token, or is white space or a joining hyphen between two, and a token's span
//! slices the text on character borders. Work that depends on a written form alone (folding, stems, weights) is
//! done once per distinct form, never per token: [`fold`] is for that.

mod fold;
mod scan;
mod subwords;

pub use fold::{fold, has_elongation, is_capitalised, lower, shorten_elongation};
pub use scan::{Kind, Scanner, Token, scan};
pub use subwords::Subwords;
