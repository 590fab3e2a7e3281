//! The last steps of the clustering, in the space of the terms themselves: centres become sparse and readable.

use super::clusters::{is_settled, members};
use crate::algebra::{CHUNK, Dense, Sparse, add_scaled, widely};
use rayon::prelude::*;

/// Unit centres of clusters, lowest column first; a cluster without rows gets an empty one.
pub(super) fn centres(rows: &Sparse, of: &[u32], clusters: usize) -> Sparse {
    let (starts, members) = members(of, clusters);
    let list: Vec<usize> = (0..clusters).collect();
    let parts = list
        .par_chunks(8)
        .map(|some| {
            let mut part = Sparse::empty(rows.width);
            let mut sum = vec![0.0_f32; rows.width];
            let mut touched: Vec<u32> = Vec::new();
            for &cluster in some {
                for &row in &members[starts[cluster]..starts[cluster + 1]] {
                    let (columns, values) = rows.row(row as usize);
                    for (&column, &value) in columns.iter().zip(values) {
                        let sum = &mut sum[column as usize];
                        if *sum == 0.0 {
                            touched.push(column);
                        }
                        *sum += value;
                    }
                }
                touched.sort_unstable();
                touched.dedup();
                let square: f64 = touched
                    .iter()
                    .map(|&column| f64::from(sum[column as usize]).powi(2))
                    .sum();
                let factor = if square > 0.0 {
                    (1.0 / square.sqrt()) as f32
                } else {
                    0.0
                };
                part.push(
                    touched
                        .iter()
                        .map(|&column| (column, sum[column as usize] * factor)),
                );
                for column in touched.drain(..) {
                    sum[column as usize] = 0.0;
                }
            }
            part
        })
        .collect();
    Sparse::joined(rows.width, parts)
}

/// Nearest centre of every row and the cosine to it; between equals, the first. A row without a shared term gets
/// the first centre and 0.
pub(super) fn nearest(rows: &Sparse, centres: &Sparse) -> (Vec<u32>, Vec<f32>) {
    let index = Index::of(centres);
    let mut of = vec![0_u32; rows.rows()];
    let mut fit = vec![0.0_f32; rows.rows()];
    of.par_chunks_mut(CHUNK)
        .zip(fit.par_chunks_mut(CHUNK))
        .enumerate()
        .for_each(|(chunk, (of, fit))| {
            let mut cosines = vec![0.0_f32; centres.rows()];
            for (offset, (of, fit)) in of.iter_mut().zip(fit).enumerate() {
                let (columns, values) = rows.row(chunk * CHUNK + offset);
                cosines.fill(0.0);
                widely(
                    #[inline(always)]
                    || {
                        for (&column, &value) in columns.iter().zip(values) {
                            index.add(column as usize, value, &mut cosines);
                        }
                    },
                );
                (*of, *fit) = greatest(&cosines);
            }
        });
    (of, fit)
}

/// The weights of all clusters, a row a term.
enum Index {
    /// Those that are not zero.
    Sparse(Sparse),
    /// All: most are not zero, and many zeros are added sooner than a few weights are found. The sums are the same.
    Dense(Dense),
}

/// Of so many weights one must not be zero, for all to be kept.
const ONE_OF: usize = 6;

impl Index {
    fn of(centres: &Sparse) -> Index {
        let (clusters, terms) = (centres.rows(), centres.width);
        if clusters == 0 || centres.columns.len() * ONE_OF < clusters * terms {
            return Index::Sparse(centres.transposed());
        }
        let mut weights = Dense::zero(terms, clusters);
        for cluster in 0..clusters {
            let (columns, values) = centres.row(cluster);
            for (&column, &value) in columns.iter().zip(values) {
                weights.row_mut(column as usize)[cluster] = value;
            }
        }
        Index::Dense(weights)
    }

    /// Adds what a term says for each cluster.
    #[inline(always)]
    fn add(&self, term: usize, value: f32, cosines: &mut [f32]) {
        match self {
            Index::Dense(weights) => add_scaled(cosines, weights.row(term), value),
            Index::Sparse(weights) => {
                let (clusters, weights) = weights.row(term);
                for (&cluster, &weight) in clusters.iter().zip(weights) {
                    cosines[cluster as usize] += value * weight;
                }
            }
        }
    }
}

/// The first of the greatest cosines above 0, and it; the first cluster and 0 where none is.
fn greatest(cosines: &[f32]) -> (u32, f32) {
    let mut best = (0, 0.0);
    for (cluster, &cosine) in cosines.iter().enumerate() {
        if cosine > best.1 {
            best = (cluster as u32, cosine);
        }
    }
    best
}

/// Cosines of every pair of centres as seen from the middle of all rows, as a square.
///
/// Long texts share so many words that all centres point nearly the same way; what tells them apart is how they differ
/// from the average.
pub(super) fn cosines(rows: &Sparse, centres: &Sparse) -> Vec<f32> {
    let clusters = centres.rows();
    let mut middle = vec![0.0_f32; rows.width];
    for (&column, &value) in rows.columns.iter().zip(&rows.values) {
        middle[column as usize] += value / rows.rows() as f32;
    }
    let to_middle: Vec<f32> = (0..clusters)
        .map(|cluster| {
            let (columns, values) = centres.row(cluster);
            columns
                .iter()
                .zip(values)
                .map(|(&column, value)| value * middle[column as usize])
                .sum()
        })
        .collect();
    let square_of_middle: f32 = middle.iter().map(|value| value * value).sum();
    let index = centres.transposed();
    let mut square = vec![0.0_f32; clusters * clusters];
    for (cluster, products) in square.chunks_exact_mut(clusters).enumerate() {
        let (columns, values) = centres.row(cluster);
        for (&column, &value) in columns.iter().zip(values) {
            let (others, weights) = index.row(column as usize);
            for (&other, &weight) in others.iter().zip(weights) {
                products[other as usize] += value * weight;
            }
        }
        for (product, to_middle_of_other) in products.iter_mut().zip(&to_middle) {
            *product += square_of_middle - to_middle[cluster] - to_middle_of_other;
        }
    }
    let length: Vec<f32> = (0..clusters)
        .map(|c| square[c * clusters + c].max(f32::MIN_POSITIVE).sqrt())
        .collect();
    for (a, products) in square.chunks_exact_mut(clusters).enumerate() {
        for (b, product) in products.iter_mut().enumerate() {
            *product /= length[a] * length[b];
        }
    }
    square
}

/// Alternates centres and nearest rows until hardly a row moves, or `rounds` times. Gives the cluster of each row, and the
/// centres these are nearest to.
pub(super) fn settle(
    rows: &Sparse,
    mut of: Vec<u32>,
    clusters: usize,
    rounds: usize,
    lean: impl Fn(&[u32], &Sparse) -> Sparse,
) -> (Vec<u32>, Sparse) {
    let mut middle = centres(rows, &of, clusters);
    for _ in 0..rounds {
        let (next, _) = nearest(rows, &lean(&of, &middle));
        let settled = is_settled(&of, &next);
        of = next;
        if settled {
            break;
        }
        middle = centres(rows, &of, clusters);
    }
    (of, middle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::Chance;

    #[test]
    fn many_zeros_change_nothing() {
        let mut chance = Chance::new(7, 0);
        let mut filled = |rows: usize, share: f64| {
            let mut matrix = Sparse::empty(30);
            for _ in 0..rows {
                let mut row = Vec::new();
                for column in 0..30 {
                    if chance.fraction() < share {
                        row.push((column, chance.fraction() as f32 - 0.4));
                    }
                }
                matrix.push(row);
            }
            matrix
        };
        let (rows, centres) = (filled(200, 0.3), filled(9, 0.5));
        assert!(matches!(Index::of(&centres), Index::Dense(_)));
        assert!(matches!(Index::of(&filled(9, 0.05)), Index::Sparse(_)));
        let sparse = Index::Sparse(centres.transposed());
        let (of, fit) = nearest(&rows, &centres);
        for row in 0..rows.rows() {
            let mut cosines = vec![0.0; 9];
            let (columns, values) = rows.row(row);
            for (&column, &value) in columns.iter().zip(values) {
                sparse.add(column as usize, value, &mut cosines);
            }
            assert_eq!(greatest(&cosines), (of[row], fit[row]));
        }
    }
}
