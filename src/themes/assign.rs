//! Every unit gets the theme it is nearest to, or none.

use super::{
    NONE, Units, Vocabulary,
    passages::{Passage, passages},
    terms::Terms,
};
use crate::algebra::{CHUNK, Sparse, add_scaled};
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
    let mut assigned = vec![(NONE, 0.0_f32); units.record.len()];
    stretches(&passages, &mut assigned)
        .into_par_iter()
        .for_each(|(chunk, assigned)| {
            let first = chunk[0].start;
            let mut reader = Reader {
                units,
                vocabulary,
                terms,
                index: &index,
                vector: Vec::new(),
            };
            let mut nears: Vec<Near> = Vec::new();
            let mut around = vec![0.0_f32; themes];
            for passage in chunk {
                nears.resize_with(nears.len().max(passage.len()), || Near::new(themes));
                let nears = &mut nears[..passage.len()];
                for (unit, near) in passage.clone().zip(nears.iter_mut()) {
                    reader.read(unit..unit + 1, near);
                }
                sum_up(nears, &mut around);
                for (unit, own) in passage.clone().zip(nears.iter()) {
                    if own.length == 0.0 {
                        continue;
                    }
                    let mut best = (f32::NEG_INFINITY, NONE, 0.0);
                    for (theme, (product, around)) in (0..).zip(own.products.iter().zip(&around)) {
                        let cosine = product / own.length;
                        if cosine > 0.0 && cosine >= minimum && cosine + around > best.0 {
                            best = (cosine + around, theme, cosine.min(1.0));
                        }
                    }
                    assigned[(unit - first) as usize] = (best.1, best.2);
                }
            }
        });
    assigned
}

/// Some passages, and what is said of each unit from the first of them on.
type Stretch<'a> = (&'a [Passage], &'a mut [(u32, f32)]);

/// Cuts passages into stretches that may be read at once, each with its units.
fn stretches<'a>(passages: &'a [Passage], units: &'a mut [(u32, f32)]) -> Vec<Stretch<'a>> {
    let mut rest = units;
    let mut cut = 0;
    let stretch = |chunk: &'a [Passage]| {
        let (start, end) = (chunk[0].start, chunk[chunk.len() - 1].end);
        let (_, from_start) = std::mem::take(&mut rest).split_at_mut((start - cut) as usize);
        let (own, after) = from_start.split_at_mut((end - start) as usize);
        (rest, cut) = (after, end);
        (chunk, own)
    };
    passages.chunks(CHUNK).map(stretch).collect()
}

/// One unit and all themes.
struct Near {
    /// Products of the unit's vector with each centre.
    products: Vec<f32>,
    /// Length of the unit's vector; 0 where it says nothing.
    length: f32,
}

impl Near {
    fn new(themes: usize) -> Near {
        Near {
            products: vec![0.0; themes],
            length: 0.0,
        }
    }
}

/// How a passage pulls at its units: its cosine to each theme, times [`CONTEXT`]; nothing where one unit is all of it. Its
/// units are taken to share no term, which hardly ever matters and saves reading all of it again.
fn sum_up(units: &[Near], around: &mut [f32]) {
    around.fill(0.0);
    if units.len() < 2 {
        return;
    }
    let square: f32 = units.iter().map(|unit| unit.length * unit.length).sum();
    let factor = CONTEXT / square.sqrt().max(f32::MIN_POSITIVE);
    for unit in units.iter().filter(|unit| unit.length > 0.0) {
        add_scaled(around, &unit.products, factor);
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
    fn read(&mut self, unit: Passage, near: &mut Near) {
        let vector = &mut self.vector;
        near.length = self
            .terms
            .weights(self.units, self.vocabulary, unit, vector);
        near.products.fill(0.0);
        for &(column, value) in vector.iter() {
            let (themes, weights) = self.index.row(column as usize);
            for (&theme, &weight) in themes.iter().zip(weights) {
                near.products[theme as usize] += value * weight;
            }
        }
    }
}
