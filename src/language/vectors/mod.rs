//! Where words lie: `vectors.tsv`, one row a stem. Words that many customers use alike lie close together, in either
//! language.

mod learn;

pub use learn::{Lesson, learn};

use crate::{error::Result, language::lexicon::rows};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use rustc_hash::FxHashMap;

/// The columns of `vectors.tsv`.
pub const VECTOR_COLUMNS: [&str; 2] = ["stem", "place"];

/// The table: stem → its place, a direction in as many dimensions for all. The default knows no word.
#[derive(Clone, Debug, Default)]
pub struct WordVectors {
    dimensions: usize,
    rows: FxHashMap<Box<str>, u32>,
    places: Vec<i8>,
}

impl WordVectors {
    /// Reads and verifies a table whose places are one byte a dimension, in base 64. The error names file and line.
    pub fn read(table: &str, place: &str) -> Result<Self> {
        let mut vectors = Self::default();
        let mut bytes = Vec::new();
        for row in rows(table, &VECTOR_COLUMNS, place)? {
            let wrong = |reason: String| row.wrong(place, reason);
            bytes.clear();
            STANDARD_NO_PAD
                .decode_vec(row.cells[1], &mut bytes)
                .map_err(|error| wrong(format!("the place is not base 64: {error}")))?;
            if vectors.rows.is_empty() {
                vectors.dimensions = bytes.len();
            }
            if bytes.is_empty() || bytes.len() != vectors.dimensions {
                return Err(wrong(format!(
                    "the place has {} dimensions, the first one has {}",
                    bytes.len(),
                    vectors.dimensions
                )));
            }
            let next = vectors.rows.len() as u32;
            if vectors.rows.insert(row.cells[0].into(), next).is_some() {
                return Err(wrong(format!("\"{}\" has a row already", row.cells[0])));
            }
            vectors.places.extend(bytes.iter().map(|byte| *byte as i8));
        }
        Ok(vectors)
    }

    /// Values a place; 0 where no word is known.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// How many words are known.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where no word is known.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The place of a stem, of length 1.
    pub fn of(&self, stem: &str) -> Option<Vec<f32>> {
        let row = *self.rows.get(stem)? as usize * self.dimensions;
        let steps = &self.places[row..row + self.dimensions];
        let square: f32 = steps.iter().map(|step| f32::from(*step).powi(2)).sum();
        let length = square.sqrt().max(1.0);
        Some(steps.iter().map(|step| f32::from(*step) / length).collect())
    }
}

/// A place as a table has it: steps of its largest value's 127th part.
fn written(place: &[f32]) -> String {
    let largest = place
        .iter()
        .fold(0.0_f32, |most, value| most.max(value.abs()));
    let steps = place
        .iter()
        .map(|value| (value / largest.max(f32::MIN_POSITIVE) * 127.0).round() as i8 as u8);
    STANDARD_NO_PAD.encode(steps.collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let place = [0.6, -0.8, 0.0, 0.004];
        let table = format!("stem\tplace\ncolis\t{}\n", written(&place));
        let vectors = WordVectors::read(&table, "vectors.tsv").unwrap();
        let read = vectors.of("colis").unwrap();
        assert!(
            read.iter().zip(place).all(|(a, b)| (a - b).abs() < 0.005),
            "{read:?}"
        );
        assert_eq!((vectors.dimensions(), vectors.len()), (4, 1));
        assert_eq!(vectors.of("paquet"), None);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let check = |rows: &str, message: &str| {
            let error =
                WordVectors::read(&format!("stem\tplace\n{rows}"), "fr/vectors.tsv").unwrap_err();
            assert!(error.to_string().contains(message), "{error}");
        };
        check(
            "colis\tAQ\nprix\tAQE\n",
            "fr/vectors.tsv:3: the place has 2 dimensions, the first one has 1",
        );
        check("colis\t\n", "fr/vectors.tsv:2: the place has 0 dimensions");
        check("colis\t!!\n", "fr/vectors.tsv:2: the place is not base 64");
        check(
            "colis\tAQ\ncolis\tAQ\n",
            "fr/vectors.tsv:3: \"colis\" has a row already",
        );
    }
}
