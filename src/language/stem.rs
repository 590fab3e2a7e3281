//! Word → stem, by the Snowball algorithms of rust-stemmers.

use crate::text::fold;
use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The stemmers a lexicon may ask for, by the name in its `language.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stemming {
    /// Snowball French.
    French,
    /// Snowball English (Porter 2).
    English,
}

/// Cuts words down to stems.
pub struct WordStemmer {
    stemming: Stemming,
    stemmer: Stemmer,
    /// Words written without their accents → as they are spelt: `apres` → `après`.
    restored: Arc<FxHashMap<Box<str>, Box<str>>>,
}

impl Clone for WordStemmer {
    fn clone(&self) -> Self {
        Self::with_accents(self.stemming, self.restored.clone())
    }
}

impl WordStemmer {
    /// A stemmer for one language.
    pub fn new(stemming: Stemming) -> Self {
        Self::with_accents(stemming, Arc::default())
    }

    /// A stemmer that knows how words without their accents are spelt. Snowball cuts `apres` and `après` differently;
    /// people who leave accents out mean the same word.
    pub fn with_accents(stemming: Stemming, restored: Arc<FxHashMap<Box<str>, Box<str>>>) -> Self {
        let algorithm = match stemming {
            Stemming::French => Algorithm::French,
            Stemming::English => Algorithm::English,
        };
        Self {
            stemming,
            stemmer: Stemmer::create(algorithm),
            restored,
        }
    }

    /// The stem of a word in lower case, without accents: `livrées` → `livr`.
    ///
    /// Accents go after stemming because French Snowball needs them. Index, queries, themes and lexicons all come here,
    /// so that one word has one stem everywhere.
    pub fn stem(&self, lower: &str) -> String {
        let spelt = match self.restored.get(lower) {
            Some(spelt) => spelt,
            None => lower,
        };
        fold(&self.stemmer.stem(spelt)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_share_a_stem_without_accents() {
        let french = WordStemmer::new(Stemming::French);
        assert_eq!(french.stem("remboursé"), french.stem("remboursement"));
        assert_eq!(french.stem("livrées"), "livr");
        let english = WordStemmer::new(Stemming::English);
        assert_eq!(english.stem("refunded"), english.stem("refunds"));
    }
}
