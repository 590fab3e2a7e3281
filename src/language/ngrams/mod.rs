//! Runs of letters and what they say about the language of the word they stand in: `ngrams.tsv`, one row a weight.

mod learn;

pub use learn::{WordCounts, learn};

use crate::{
    error::{Error, Result},
    language::lexicon::{number, rows},
};
use rustc_hash::FxHashMap;

/// The columns of `ngrams.tsv`.
pub const NGRAM_COLUMNS: [&str; 3] = ["code", "weight", "grams"];

/// Languages at most that are told apart.
pub const VOTERS: usize = 16;

/// Stands in the table for any language but the embedded ones.
pub const ANY_OTHER: [u8; 2] = *b"xx";

/// Steps a unit: weights are kept in twentieths.
const STEPS: f32 = 20.0;

/// Stands for the border of a word.
const BORDER: char = '_';

/// Letters of the longest run.
const LONGEST: usize = 5;

/// The table: run of letters → its weight for each language, in twentieths of a natural logarithm.
///
/// The first embedded language's weights speak for it and against the second one; those of every other language speak
/// for it and against both.
#[derive(Clone, Debug, Default)]
pub struct Ngrams {
    weights: FxHashMap<Box<str>, [i8; VOTERS]>,
}

impl Ngrams {
    /// Reads and verifies the table for the languages given; [`ANY_OTHER`] comes after the last of them. The error names
    /// file and line.
    pub fn read(table: &str, voters: &[[u8; 2]], place: &str) -> Result<Self> {
        let mut weights: FxHashMap<Box<str>, [i8; VOTERS]> = FxHashMap::default();
        for row in rows(table, &NGRAM_COLUMNS, place)? {
            let wrong = |reason: String| Error::Settings {
                place: format!("{place}:{}", row.line),
                reason,
            };
            let voter = voters
                .iter()
                .chain([&ANY_OTHER])
                .position(|voter| voter == row.cells[0].as_bytes())
                .ok_or_else(|| {
                    wrong(format!(
                        "\"{}\" has no row in function_words.tsv",
                        row.cells[0]
                    ))
                })?;
            let weight = (number(&row, 1, -6.0..=6.0, place)? * STEPS).round() as i8;
            for gram in row.cells[2].split(' ') {
                let length = gram.chars().count();
                if length == 0 || length > LONGEST {
                    return Err(wrong(format!(
                        "\"{gram}\" has {length} letters; 1 to {LONGEST} are read"
                    )));
                }
                weights.entry(gram.into()).or_default()[voter] = weight;
            }
        }
        Ok(Self { weights })
    }

    /// What the letters of a word in lower case say for each language, in natural logarithms.
    pub fn weigh(&self, lower: &str) -> [f32; VOTERS] {
        let mut sums = [0i32; VOTERS];
        if !self.weights.is_empty() {
            each_gram(lower, LONGEST, |gram| {
                if let Some(weights) = self.weights.get(gram) {
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += i32::from(*weight);
                    }
                }
            });
        }
        sums.map(|sum| sum as f32 / STEPS)
    }
}

/// Letters of a word that are looked at: nobody's language hangs on what follows.
const LONGEST_WORD: usize = 40;

/// Calls back for every run of 1 to `longest` letters of a word, its borders among them.
fn each_gram(lower: &str, longest: usize, mut see: impl FnMut(&str)) {
    let mut padded = String::with_capacity(lower.len() + 2);
    padded.push(BORDER);
    padded.extend(lower.chars().take(LONGEST_WORD));
    padded.push(BORDER);
    let starts: Vec<usize> = padded
        .char_indices()
        .map(|(at, _)| at)
        .chain([padded.len()])
        .collect();
    for first in 0..starts.len() - 1 {
        for end in starts.iter().skip(first + 1).take(longest) {
            see(&padded[starts[first]..*end]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_letters_are_added_up_with_their_borders() {
        let table = "code\tweight\tgrams\nfr\t1.5\tée_ é\nfr\t-2.0\t_w\nes\t0.7\té\n";
        let ngrams = Ngrams::read(table, &[*b"en", *b"es", *b"fr"], "ngrams.tsv").unwrap();
        let weights = ngrams.weigh("livrée");
        assert!((weights[2] - 3.0).abs() < 1e-6 && (weights[1] - 0.7).abs() < 1e-6);
        assert!((ngrams.weigh("why")[2] + 2.0).abs() < 1e-6);
        assert_eq!(ngrams.weigh(""), [0.0; VOTERS]);
    }

    #[test]
    fn a_language_nobody_knows_and_a_run_too_long_are_refused() {
        let refused = |row: &str| {
            let table = format!("code\tweight\tgrams\n{row}\n");
            Ngrams::read(&table, &[*b"fr"], "ngrams.tsv")
                .unwrap_err()
                .to_string()
        };
        assert!(refused("zz\t1.0\ta").contains("ngrams.tsv:2"));
        assert!(refused("fr\t1.0\tabcdef").contains("6 letters"));
    }
}
