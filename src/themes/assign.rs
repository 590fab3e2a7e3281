//! Every unit gets the theme it is nearest to, or none.

use super::{
    NONE, Units, Vocabulary,
    passages::{Passage, passages},
    terms::Terms,
};
use crate::algebra::{CHUNK, Sparse};
use rayon::prelude::*;

/// Pull of the passage on how a clause in it is read. Alone, "still nothing after ten days" could be about anything;
/// beside "my parcel" it is not.
///
/// 1: what surrounds a clause says as much as the clause. With 2, agreement with labelled messages grows by less than
/// 0.01, and long reviews lose their side themes.
const CONTEXT: f32 = 1.0;

/// Theme of each unit and the cosine of the unit to it. Units that share too little with every theme get `NONE` and 0.
///
/// The passage may tip the balance between themes, but the strength is the unit's own: a clause never gets a theme that
/// only its neighbours name.
pub(super) fn assign(
    units: &Units,
    vocabulary: &Vocabulary,
    terms: &Terms,
    centres: &Sparse,
    minimum: f32,
) -> Vec<(u32, f32)> {
    let index = centres.transposed();
    let themes = centres.rows();
    let passages = passages(units, terms.kinds(), |unit| !units.is_explained(unit));
    let parts: Vec<Vec<(u32, (u32, f32))>> = passages
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut reader = Reader {
                units,
                vocabulary,
                terms,
                index: &index,
                vector: Vec::new(),
            };
            let [mut own, mut all] = std::array::from_fn(|_| Near::new(themes));
            let mut assigned = Vec::new();
            for passage in chunk {
                let has_context = passage.len() > 1;
                if has_context {
                    reader.read(passage.clone(), &mut all);
                }
                for unit in passage.clone() {
                    reader.read(unit..unit + 1, &mut own);
                    if own.says_nothing {
                        continue;
                    }
                    let pull = if has_context { CONTEXT } else { 0.0 };
                    let mut best = (f32::NEG_INFINITY, NONE, 0.0);
                    for (theme, (&cosine, around)) in
                        (0..).zip(own.cosines.iter().zip(&all.cosines))
                    {
                        let with_context = cosine + pull * around;
                        if cosine > 0.0 && cosine >= minimum && with_context > best.0 {
                            best = (with_context, theme, cosine.min(1.0));
                        }
                    }
                    assigned.push((unit, (best.1, best.2)));
                }
            }
            assigned
        })
        .collect();
    let mut assigned = vec![(NONE, 0.0_f32); units.record.len()];
    for (unit, of) in parts.into_iter().flatten() {
        assigned[unit as usize] = of;
    }
    assigned
}

/// Cosines of one passage to all themes.
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
    fn read(&mut self, passage: Passage, near: &mut Near) {
        self.terms
            .vector(self.units, self.vocabulary, passage, &mut self.vector);
        near.says_nothing = self.vector.is_empty();
        near.cosines.fill(0.0);
        for &(column, value) in &self.vector {
            let (themes, weights) = self.index.row(column as usize);
            for (&theme, &weight) in themes.iter().zip(weights) {
                near.cosines[theme as usize] += value * weight;
            }
        }
    }
}
