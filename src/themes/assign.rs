//! Every unit gets the theme it is nearest to, or none.

use super::{
    NONE, Units, Vocabulary,
    terms::{Terms, context_pull},
};
use crate::algebra::{CHUNK, Sparse};
use rayon::prelude::*;

/// Theme of each unit and the cosine of the unit to it. Units that share too little with every theme get `NONE` and 0.
///
/// The units around one may tip the balance between two themes, but the strength is the unit's own: a clause never
/// gets a theme that only its neighbours name.
pub(super) fn assign(
    units: &Units,
    vocabulary: &Vocabulary,
    terms: &Terms,
    centres: &Sparse,
    minimum: f32,
) -> Vec<(u32, f32)> {
    let index = centres.transposed();
    let themes = centres.rows();
    let mut assigned = vec![(NONE, 0.0_f32); units.record.len()];
    assigned
        .par_chunks_mut(CHUNK)
        .enumerate()
        .for_each(|(chunk, assigned)| {
            let start = chunk * CHUNK;
            let mut reader = Reader {
                units,
                vocabulary,
                terms,
                index: &index,
                vector: Vec::new(),
            };
            let [mut before, mut own, mut after] = std::array::from_fn(|_| Near::new(themes));
            if start > 0 {
                reader.read(start - 1, &mut own);
            }
            reader.read(start, &mut after);
            for (offset, assigned) in assigned.iter_mut().enumerate() {
                let unit = start + offset;
                std::mem::swap(&mut before, &mut own);
                std::mem::swap(&mut own, &mut after);
                reader.read(unit + 1, &mut after);
                if own.says_nothing || units.is_explained(unit) {
                    continue;
                }
                let of_record = |other: Option<usize>| {
                    other.is_some_and(|o| units.record.get(o) == Some(&units.record[unit]))
                };
                let with_before = of_record(unit.checked_sub(1)) && !before.says_nothing;
                let with_after = of_record(Some(unit + 1)) && !after.says_nothing;
                let pull = context_pull(u8::from(with_before) + u8::from(with_after));
                let pulls = (
                    if with_before { pull } else { 0.0 },
                    if with_after { pull } else { 0.0 },
                );
                let mut best = f32::NEG_INFINITY;
                for theme in 0..themes {
                    let cosine = own.cosines[theme];
                    let with_context =
                        cosine + pulls.0 * before.cosines[theme] + pulls.1 * after.cosines[theme];
                    if cosine > 0.0 && cosine >= minimum && with_context > best {
                        best = with_context;
                        *assigned = (theme as u32, cosine.min(1.0));
                    }
                }
            }
        });
    assigned
}

/// Cosines of one unit to all themes.
struct Near {
    cosines: Vec<f32>,
    says_nothing: bool,
}

impl Near {
    fn new(themes: usize) -> Near {
        Near {
            cosines: vec![0.0; themes],
            says_nothing: true,
        }
    }
}

struct Reader<'a> {
    units: &'a Units<'a>,
    vocabulary: &'a Vocabulary<'a>,
    terms: &'a Terms,
    /// A row a term: the themes that have it, and its weight in each.
    index: &'a Sparse,
    vector: Vec<(u32, f32)>,
}

impl Reader<'_> {
    /// A unit past the last one says nothing.
    fn read(&mut self, unit: usize, near: &mut Near) {
        self.vector.clear();
        if unit < self.units.record.len() {
            self.terms
                .vector(self.units, self.vocabulary, unit, &mut self.vector);
        }
        near.says_nothing = self.vector.is_empty();
        if near.says_nothing {
            return;
        }
        near.cosines.fill(0.0);
        for &(column, value) in &self.vector {
            let (themes, weights) = self.index.row(column as usize);
            for (&theme, &weight) in themes.iter().zip(weights) {
                near.cosines[theme as usize] += value * weight;
            }
        }
    }
}
