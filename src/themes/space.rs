//! Where terms and passages lie: by the company terms keep in the feedback itself, and by what larger bodies of feedback
//! taught about words.
//!
//! Both are sums over the terms of a passage. So a theme's pull on every term, met with it or not, can be worked into the
//! weights of its sparse centre, and reading a million clauses needs no vectors.

use crate::algebra::{Dense, Sparse, add_scaled, by_company, four_dots, normalise_rows, widely};
use rayon::prelude::*;

/// Dimensions of the terms' company. From 48 to 192 quality hardly moves.
const DIMENSIONS: usize = 64;
/// Share of what is taught beside the company in the feedback itself.
///
/// 0.5: agreement with labelled messages is the same from 0.3 to 0.7 and falls from there on.
const TAUGHT_SHARE: f32 = 0.5;
/// What a centre gains from words that lie near it, beside those met in it.
///
/// 1: from 0.6 on agreement with labelled messages hardly moves; without it, it falls by 0.01 to 0.03.
const NEARNESS: f32 = 1.0;
/// Weights below this are left out of a centre: they say nothing and fill memory.
const LEAST: f32 = 0.04;

/// Centres that are leant at once: the places of all terms are read once for them.
const TOGETHER: usize = 4;

/// The places of all terms.
pub(super) struct Space {
    parts: Vec<Part>,
}

/// Places of one origin.
struct Part {
    /// One row a term.
    places: Dense,
    /// Length of a passage's sum of places, on average.
    length: f32,
    share: f32,
}

impl Space {
    /// Learns the places of the terms of some rows; `taught` has a row a term, zeros where nothing is known, or no row.
    pub fn learn(rows: &Sparse, taught: Dense, seed: u64) -> Space {
        let company = by_company(rows, DIMENSIONS, seed);
        let origins = [(company, 1.0), (taught, TAUGHT_SHARE)];
        let parts = origins.into_iter().filter(|(places, _)| places.rows() > 0);
        let parts = parts.map(|(places, share)| Part {
            length: mean_length(&rows.times(&places)),
            places,
            share,
        });
        Space {
            parts: parts.collect(),
        }
    }

    fn width(&self) -> usize {
        self.parts.iter().map(|part| part.places.width).sum()
    }

    /// Where rows lie: of length 1, or zero where none of their terms has a place.
    pub fn place(&self, rows: &Sparse) -> Dense {
        let mut all = Dense::zero(rows.rows(), self.width());
        let mut from = 0;
        for part in &self.parts {
            let mut placed = rows.times(&part.places);
            normalise_rows(&mut placed);
            for row in 0..rows.rows() {
                let place = &mut all.row_mut(row)[from..from + placed.width];
                add_scaled(place, placed.row(row), part.share);
            }
            from += placed.width;
        }
        normalise_rows(&mut all);
        all
    }

    /// The centres of clusters, each with a weight for every term that lies near it. `placed` are the places of the rows,
    /// `of` their clusters; rows of a cluster without a centre do not count.
    pub fn lean(&self, placed: &Dense, of: &[u32], centres: &Sparse) -> Sparse {
        let mut middles = Dense::zero(centres.rows(), self.width());
        for (row, &cluster) in of.iter().enumerate() {
            if (cluster as usize) < centres.rows() {
                add_scaled(middles.row_mut(cluster as usize), placed.row(row), 1.0);
            }
        }
        normalise_rows(&mut middles);
        let all: Vec<usize> = (0..centres.rows()).collect();
        let parts = all
            .par_chunks(TOGETHER)
            .map(|clusters| {
                let of_cluster = |place: usize| {
                    let cluster = clusters[place.min(clusters.len() - 1)];
                    middles.row(cluster)
                };
                let pulls = self.pulls(std::array::from_fn(of_cluster));
                let mut rows = Sparse::empty(centres.width);
                for (&cluster, mut weights) in clusters.iter().zip(pulls) {
                    let (columns, values) = centres.row(cluster);
                    for (&column, &value) in columns.iter().zip(values) {
                        weights[column as usize] += value;
                    }
                    let heavy = (0..).zip(weights);
                    rows.push(heavy.filter(|(_, weight)| weight.abs() >= LEAST));
                }
                rows
            })
            .collect();
        Sparse::joined(centres.width, parts)
    }

    /// How some places pull at each term.
    fn pulls(&self, middles: [&[f32]; TOGETHER]) -> [Vec<f32>; TOGETHER] {
        let squares: f32 = self.parts.iter().map(|part| part.share * part.share).sum();
        let mut pulls = [const { Vec::new() }; TOGETHER];
        let mut from = 0;
        for part in &self.parts {
            let width = part.places.width;
            let middles = middles.map(|middle| &middle[from..from + width]);
            let factor = NEARNESS * part.share / squares.sqrt() / part.length;
            for pulls in &mut pulls {
                pulls.resize(part.places.rows(), 0.0);
            }
            widely(
                #[inline(always)]
                || {
                    for (term, place) in part.places.values.chunks_exact(width).enumerate() {
                        for (pulls, product) in pulls.iter_mut().zip(four_dots(place, middles)) {
                            pulls[term] += factor * product;
                        }
                    }
                },
            );
            from += width;
        }
        pulls
    }
}

/// Length of a row on average; above 0.
fn mean_length(rows: &Dense) -> f32 {
    let lengths = rows.values.chunks_exact(rows.width).map(|row| {
        let square: f64 = row.iter().map(|value| f64::from(*value).powi(2)).sum();
        square.sqrt()
    });
    let sum: f64 = lengths.sum();
    ((sum / rows.rows().max(1) as f64) as f32).max(f32::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Terms 0 and 1 never meet; both meet 2. Terms 3 and 4 meet 5.
    fn rows() -> Sparse {
        let mut rows = Sparse::empty(6);
        for row in [[0, 2], [1, 2], [3, 5], [4, 5]] {
            rows.push(row.map(|term| (term, 0.7)));
        }
        rows
    }

    #[test]
    fn a_centre_leans_to_words_that_keep_the_same_company() {
        let rows = rows();
        let space = Space::learn(&rows, Dense::zero(0, 1), 1);
        let mut centres = Sparse::empty(6);
        centres.push([(0, 0.7), (2, 0.7)]);
        let leaning = space.lean(&space.place(&rows), &[0, 1, 1, 1], &centres);
        let (columns, weights) = leaning.row(0);
        let weight = |term: u32| {
            let place = columns.iter().position(|column| *column == term);
            place.map_or(0.0, |place| weights[place])
        };
        assert!(weight(1) > 0.1 && weight(2) > weight(1));
        assert!(weight(4).abs() < 0.04 && weight(5).abs() < 0.04);
    }

    #[test]
    fn what_is_taught_brings_words_together_that_never_meet() {
        let rows = rows();
        let mut taught = Dense::zero(6, 2);
        for term in 0..6 {
            taught.row_mut(term)[usize::from(matches!(term, 1 | 2))] = 1.0;
        }
        let cosine = |space: Space| -> f32 {
            let placed = space.place(&rows);
            placed
                .row(0)
                .iter()
                .zip(placed.row(3))
                .map(|(a, b)| a * b)
                .sum()
        };
        let alone = cosine(Space::learn(&rows, Dense::zero(0, 1), 1));
        assert!(cosine(Space::learn(&rows, taught, 1)) > alone + 0.05);
    }
}
