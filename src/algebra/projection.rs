//! Where terms and texts lie in a space of few dimensions: terms that keep the same company lie close together.
//!
//! Positive pointwise mutual information of terms in units, with context smoothing, reduced by a randomised singular
//! value decomposition: Levy, Goldberg & Dagan (2015), doi 10.1162/tacl_a_00134; Halko, Martinsson & Tropp (2011),
//! doi 10.1137/090771806. "Luggage" and "bag" hardly ever share a clause, and so have nothing in common for a plain
//! analysis of the units; here they meet, because both are lost, found, checked and carried. Measured on labelled sets,
//! agreement with people grows by 0.02 to 0.08 over latent semantic analysis.

use crate::algebra::{CHUNK, Chance, Dense, Sparse, add_scaled, normalise, widely};
use rayon::prelude::*;

/// Times the basis is multiplied by the matrix; two refine a first guess as well as texts need.
const ROUNDS: usize = 3;
/// Power of a term's frequency as company: below 1, rare company counts less than its rarity says.
const SMOOTHING: f64 = 0.75;
/// Terms that count as company. The commonest say enough about the others, and keep long texts affordable: with 256
/// or with all, agreement with people is the same.
const COMPANIONS: usize = 1000;
/// From this many units on, terms met together once are taken for chance.
const MANY: usize = 10_000;

/// Where the company it keeps in the rows puts each term: one row a column of theirs, of length 1.
pub fn by_company(rows: &Sparse, dimensions: usize, seed: u64) -> Dense {
    let company = company(rows, COMPANIONS);
    let mut places = company.times(&main_directions(&company, dimensions, seed));
    normalise_rows(&mut places);
    places
}

/// Places every row by the terms it holds, and by nothing else: latent semantic analysis, left unrotated because angles
/// do not depend on the rotation. Rows have length 1; those of zeros stay zero.
pub fn by_terms(rows: &Sparse, dimensions: usize, seed: u64) -> Dense {
    let mut projected = rows.times(&main_directions(rows, dimensions, seed));
    normalise_rows(&mut projected);
    projected
}

/// A basis, one direction a column, of the space in which the rows of a matrix differ most.
pub fn main_directions(matrix: &Sparse, dimensions: usize, seed: u64) -> Dense {
    let dimensions = dimensions.min(matrix.width).max(1);
    let mut chance = Chance::new(seed, 1);
    let mut basis = Dense::zero(matrix.width, dimensions);
    for value in &mut basis.values {
        *value = chance.fraction() as f32 - 0.5;
    }
    orthonormalise(&mut basis);
    let turned = matrix.transposed();
    for _ in 0..ROUNDS {
        basis = turned.times(&matrix.times(&basis));
        orthonormalise(&mut basis);
    }
    basis
}

/// Gives every row length 1; rows of zeros stay.
pub fn normalise_rows(matrix: &mut Dense) {
    let width = matrix.width;
    matrix
        .values
        .par_chunks_mut(CHUNK * width)
        .for_each(|chunk| chunk.chunks_exact_mut(width).for_each(normalise));
}

/// How much more often than by chance each term shares a row with each of the `most` commonest terms, in nats; pairs that
/// do not are left out. A term that keeps no company keeps its own.
pub fn company(rows: &Sparse, most: usize) -> Sparse {
    let turned = rows.transposed();
    let companions = commonest(&turned, most);
    let fewest = if rows.rows() < MANY { 1 } else { 2 };
    // Terms as company only: the rest of each row need not be walked through.
    let mut company = Sparse::empty(rows.width);
    for row in 0..rows.rows() {
        let (columns, values) = rows.row(row);
        let entries = columns.iter().copied().zip(values.iter().copied());
        company.push(entries.filter(|&(column, _)| companions[column as usize]));
    }
    let mut meetings = vec![0.0_f64; rows.width];
    let mut met_by = vec![0.0_f64; rows.width];
    for row in 0..rows.rows() {
        let (terms, company) = (rows.row(row).0, company.row(row).0);
        for &term in terms {
            meetings[term as usize] += company.len() as f64;
        }
        for &other in company {
            met_by[other as usize] += terms.len() as f64;
        }
    }
    let all: f64 = meetings.iter().sum();
    let smoothed: Vec<f64> = met_by.iter().map(|met| met.powf(SMOOTHING)).collect();
    let all_smoothed: f64 = smoothed.iter().sum();
    let terms: Vec<u32> = (0..rows.width as u32).collect();
    let parts = terms
        .par_chunks(64)
        .map(|some| {
            let mut part = Sparse::empty(rows.width);
            let mut together = vec![0_u32; rows.width];
            let mut met = Vec::new();
            let mut kept = Vec::new();
            for &term in some {
                for &unit in turned.row(term as usize).0 {
                    for &other in company.row(unit as usize).0 {
                        if together[other as usize] == 0 {
                            met.push(other);
                        }
                        together[other as usize] += 1;
                    }
                }
                met.sort_unstable();
                for other in met.drain(..) {
                    let count = std::mem::take(&mut together[other as usize]);
                    if other == term || count < fewest {
                        continue;
                    }
                    let by_chance =
                        meetings[term as usize] / all * smoothed[other as usize] / all_smoothed;
                    let information = (f64::from(count) / all / by_chance).ln();
                    if information > 0.0 {
                        kept.push((other, information as f32));
                    }
                }
                if kept.is_empty() {
                    kept.push((term, 1.0));
                }
                part.push(kept.drain(..));
            }
            part
        })
        .collect();
    Sparse::joined(rows.width, parts)
}

/// Marks the columns that most rows have; between equals, the first.
fn commonest(turned: &Sparse, most: usize) -> Vec<bool> {
    let mut order: Vec<usize> = (0..turned.rows()).collect();
    order.sort_by_key(|&column| (std::cmp::Reverse(turned.row(column).0.len()), column));
    let mut marked = vec![false; turned.rows()];
    order
        .into_iter()
        .take(most)
        .for_each(|column| marked[column] = true);
    marked
}

/// Makes the columns perpendicular and of length 1; columns that depend on others become zero.
///
/// Cholesky decomposition of the Gram matrix, twice: the second pass mends what rounding spoilt in the first.
fn orthonormalise(matrix: &mut Dense) {
    for _ in 0..2 {
        let inverse = inverse_factor(gram(matrix), matrix.width);
        let width = matrix.width;
        matrix
            .values
            .par_chunks_mut(CHUNK * width)
            .for_each(|chunk| {
                let mut turned = vec![0.0_f32; width];
                widely(
                    #[inline(always)]
                    || {
                        for row in chunk.chunks_exact_mut(width) {
                            turned.fill(0.0);
                            for (column, &value) in row.iter().enumerate() {
                                let from = column * width;
                                add_scaled(
                                    &mut turned[column..],
                                    &inverse[from + column..from + width],
                                    value,
                                );
                            }
                            row.copy_from_slice(&turned);
                        }
                    },
                );
            });
    }
}

/// Products of every pair of columns; only the upper triangle is filled.
fn gram(matrix: &Dense) -> Vec<f64> {
    let width = matrix.width;
    let parts: Vec<Vec<f32>> = matrix
        .values
        .par_chunks(CHUNK * width)
        .map(|chunk| {
            let mut part = vec![0.0_f32; width * width];
            widely(
                #[inline(always)]
                || {
                    for row in chunk.chunks_exact(width) {
                        for (column, &value) in row.iter().enumerate() {
                            let from = column * width;
                            add_scaled(
                                &mut part[from + column..from + width],
                                &row[column..],
                                value,
                            );
                        }
                    }
                },
            );
            part
        })
        .collect();
    let mut sum = vec![0.0_f64; width * width];
    for part in parts {
        for (sum, value) in sum.iter_mut().zip(part) {
            *sum += f64::from(value);
        }
    }
    sum
}

/// The inverse of the upper triangular R with RᵀR = the Gram matrix; columns without length of their own get zeros.
fn inverse_factor(mut gram: Vec<f64>, width: usize) -> Vec<f32> {
    let longest = (0..width).map(|i| gram[i * width + i]).fold(0.0, f64::max);
    let least = longest * 1e-12;
    let mut kept = vec![false; width];
    for i in 0..width {
        let square = gram[i * width + i];
        kept[i] = square > least;
        if !kept[i] {
            gram[i * width..(i + 1) * width].fill(0.0);
            continue;
        }
        let length = square.sqrt();
        gram[i * width + i..(i + 1) * width]
            .iter_mut()
            .for_each(|value| *value /= length);
        for j in i + 1..width {
            let factor = gram[i * width + j];
            for k in j..width {
                gram[j * width + k] -= factor * gram[i * width + k];
            }
        }
    }
    let mut inverse = vec![0.0_f64; width * width];
    for j in (0..width).filter(|&j| kept[j]) {
        inverse[j * width + j] = 1.0 / gram[j * width + j];
        for i in (0..j).rev().filter(|&i| kept[i]) {
            let sum: f64 = (i + 1..=j)
                .map(|k| gram[i * width + k] * inverse[k * width + j])
                .sum();
            inverse[i * width + j] = -sum / gram[i * width + i];
        }
    }
    inverse.into_iter().map(|value| value as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(rows: &Sparse, dimensions: usize) -> Dense {
        let mut placed = rows.times(&by_company(rows, dimensions, 1));
        normalise_rows(&mut placed);
        placed
    }

    #[test]
    fn columns_become_perpendicular_and_of_length_one() {
        let mut chance = Chance::new(3, 0);
        let mut matrix = Dense::zero(50, 4);
        for value in &mut matrix.values {
            *value = chance.fraction() as f32 + 1.0;
        }
        // The last column repeats the first.
        for row in 0..50 {
            matrix.row_mut(row)[3] = matrix.row(row)[0];
        }
        orthonormalise(&mut matrix);
        let gram = gram(&matrix);
        for i in 0..4 {
            for j in i..4 {
                let expected = if i == j && i < 3 { 1.0 } else { 0.0 };
                assert!(
                    (gram[i * 4 + j] - expected).abs() < 1e-4,
                    "{i} {j} {}",
                    gram[i * 4 + j]
                );
            }
        }
    }

    #[test]
    fn terms_that_keep_the_same_company_lie_together() {
        let mut rows = Sparse::empty(6);
        // Terms 0 and 1 never meet; both meet 2. Terms 3 and 4 meet 5.
        for unit in [[0, 2], [1, 2], [3, 5], [4, 5]] {
            rows.push(unit.map(|term| (term, 0.7)));
        }
        rows.push([(0, 1.0)]);
        rows.push([(1, 1.0)]);
        rows.push([(3, 1.0)]);
        rows.push([]);
        let projected = placed(&rows, 4);
        let cosine = |a: usize, b: usize| -> f32 {
            let pairs = projected.row(a).iter().zip(projected.row(b));
            pairs.map(|(x, y)| x * y).sum()
        };
        assert!(cosine(4, 5) > 0.99);
        assert!(cosine(4, 6).abs() < 0.01);
        assert!(projected.row(7).iter().all(|&value| value == 0.0));
    }

    #[test]
    fn a_term_without_company_has_a_place() {
        let mut rows = Sparse::empty(2);
        rows.push([(0, 1.0)]);
        rows.push([(1, 1.0)]);
        let projected = placed(&rows, 8);
        let cosine: f32 = projected
            .row(0)
            .iter()
            .zip(projected.row(1))
            .map(|(x, y)| x * y)
            .sum();
        assert!(cosine.abs() < 1e-4 && projected.row(0).iter().any(|&value| value != 0.0));
    }
}
