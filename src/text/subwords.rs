//! The pieces that a language model's tokenizer cuts a word into.

use crate::error::{Error, Result};
use tokenizers::Tokenizer;

/// A tokenizer somebody else made, as a `tokenizer.json` says.
#[derive(Clone, Debug)]
pub struct Subwords {
    tokenizer: Tokenizer,
}

impl Subwords {
    /// Reads a `tokenizer.json`. The error names `place`.
    pub fn read(json: &[u8], place: &str) -> Result<Self> {
        let tokenizer = Tokenizer::from_bytes(json).map_err(|error| Error::Settings {
            place: place.to_owned(),
            reason: format!("no tokenizer can be made of it: {error}"),
        })?;
        Ok(Self { tokenizer })
    }

    /// The numbers of the pieces of a word, without marks of a text's beginning and end; none for what it cannot cut.
    pub fn of(&self, word: &str) -> Vec<u32> {
        let pieces = self.tokenizer.encode_fast(word, false);
        pieces.map_or(Vec::new(), |pieces| pieces.get_ids().to_vec())
    }
}
