//! Spherical k-means: units are parted by the angle to the centre of their cluster.
//!
//! Dhillon & Modha (2001), doi 10.1023/A:1007612920971; first centres as in k-means++ (Arthur & Vassilvitskii 2007).

use crate::algebra::{CHUNK, Chance, Dense, add_scaled, dot, normalise, widely};
use rayon::prelude::*;

/// A division of rows into clusters.
#[derive(Clone, Debug, Default)]
pub(super) struct Partition {
    /// Cluster of each row.
    pub of: Vec<u32>,
    /// Cosine of each row to the centre of its cluster.
    pub fit: Vec<f32>,
    /// Cosine of each row to the next nearest centre; −1 where there is one cluster.
    pub next: Vec<f32>,
    /// Unit centres, one row a cluster.
    pub centres: Dense,
}

impl Partition {
    /// Sum of the cosines: what k-means makes as large as it can.
    pub fn objective(&self) -> f64 {
        self.fit.iter().map(|&fit| f64::from(fit)).sum()
    }

    /// How much nearer rows are to their own centre than to the next one, summed.
    pub fn margin(&self) -> f64 {
        let apart = self.fit.iter().zip(&self.next);
        apart.map(|(&fit, &next)| f64::from(fit - next)).sum()
    }
}

/// Rounds of k-means before starts are compared, on few rows…
const TRIAL_ROUNDS: usize = 4;
const TRIAL_ROWS: usize = 4096;
/// … and after, on all rows.
const FINE_ROUNDS: usize = 12;
/// Rows the starts are compared on for each cluster, at least: fewer, and chance decides which start is best.
const TRIAL_ROWS_A_CLUSTER: usize = 45;

/// A clustering into at most `clusters`, grown from the best of several starts. There must be a row.
pub(super) fn finest(rows: &Dense, clusters: usize, starts: u64, seed: u64) -> Partition {
    let some = strided(rows, TRIAL_ROWS.max(TRIAL_ROWS_A_CLUSTER * clusters));
    let trials: Vec<Partition> = (0..starts)
        .into_par_iter()
        .map(|start| {
            let mut chance = Chance::new(seed, 10 + start);
            let centres = spread(&some, clusters.min(some.rows()), &mut chance);
            settle(&some, centres, TRIAL_ROUNDS)
        })
        .collect();
    // Between equals, the first.
    let finest = (trials.into_iter())
        .reduce(|best, next| match next.objective() > best.objective() {
            true => next,
            false => best,
        })
        .expect("there is at least one start");
    settle(rows, finest.centres, FINE_ROUNDS)
}

/// At most `most` rows, evenly spaced.
pub(super) fn strided(rows: &Dense, most: usize) -> Dense {
    let count = rows.rows().min(most);
    let mut some = Dense::zero(count, rows.width);
    for place in 0..count {
        some.row_mut(place)
            .copy_from_slice(rows.row(place * rows.rows() / count));
    }
    some
}

/// Rows spread out by k-means++: each is drawn with a chance that grows with its distance to those before it.
///
/// `count` is at most the number of rows, which must not be 0.
fn spread(rows: &Dense, count: usize, chance: &mut Chance) -> Dense {
    let mut centres = Dense::zero(count, rows.width);
    let mut distance = vec![2.0_f32; rows.rows()];
    let mut taken = vec![false; rows.rows()];
    for centre in 0..count {
        let total: f64 = distance.iter().map(|&distance| f64::from(distance)).sum();
        let mut left = chance.fraction() * total;
        let mut chosen = taken
            .iter()
            .position(|&taken| !taken)
            .expect("fewer centres than rows");
        for (row, &distance) in distance.iter().enumerate() {
            if distance > 0.0 {
                chosen = row;
                left -= f64::from(distance);
                if left < 0.0 {
                    break;
                }
            }
        }
        taken[chosen] = true;
        centres.row_mut(centre).copy_from_slice(rows.row(chosen));
        let new = centres.row(centre);
        widely(
            #[inline(always)]
            || {
                let rows = rows.values.chunks_exact(new.len());
                for (distance, row) in distance.iter_mut().zip(rows) {
                    let apart = 1.0 - dot(row, new);
                    // Rounding must not let a twin of a centre be drawn.
                    let apart = if apart < 1e-5 { 0.0 } else { apart };
                    *distance = distance.min(apart);
                }
            },
        );
    }
    centres
}

/// Share of the rows below which it is not worth another round that so many changed cluster.
const SETTLED: f64 = 0.001;

/// True when hardly a row changed cluster.
pub(super) fn is_settled(before: &[u32], after: &[u32]) -> bool {
    let moved = before
        .iter()
        .zip(after)
        .filter(|(before, after)| before != after)
        .count();
    moved as f64 <= SETTLED * before.len() as f64
}

/// Moves the centres to the middle of their clusters until hardly a row moves, or `rounds` times.
pub(super) fn settle(rows: &Dense, centres: Dense, rounds: usize) -> Partition {
    let mut partition = nearest(rows, centres);
    for _ in 0..rounds {
        let centres = middles(rows, &partition);
        let next = nearest(rows, centres);
        let settled = is_settled(&partition.of, &next.of);
        partition = next;
        if settled {
            break;
        }
    }
    partition
}

/// The rows of each cluster, lowest first, as one array and where each cluster starts in it.
pub(super) fn members(of: &[u32], clusters: usize) -> (Vec<usize>, Vec<u32>) {
    let mut starts = vec![0_usize; clusters + 1];
    for &cluster in of {
        starts[cluster as usize + 1] += 1;
    }
    for cluster in 0..clusters {
        starts[cluster + 1] += starts[cluster];
    }
    let mut next = starts.clone();
    let mut rows = vec![0_u32; of.len()];
    for (row, &cluster) in of.iter().enumerate() {
        rows[next[cluster as usize]] = row as u32;
        next[cluster as usize] += 1;
    }
    (starts, rows)
}

/// Centres of the clusters as they are; an empty one starts anew at the row that fits worst.
fn middles(rows: &Dense, partition: &Partition) -> Dense {
    let clusters = partition.centres.rows();
    let (starts, members) = members(&partition.of, clusters);
    let mut centres = Dense::zero(clusters, rows.width);
    centres
        .values
        .par_chunks_mut(rows.width)
        .enumerate()
        .for_each(|(cluster, centre)| {
            widely(
                #[inline(always)]
                || {
                    for &row in &members[starts[cluster]..starts[cluster + 1]] {
                        add_scaled(centre, rows.row(row as usize), 1.0);
                    }
                },
            );
            normalise(centre);
        });
    let empty: Vec<usize> = (0..clusters)
        .filter(|&c| starts[c] == starts[c + 1])
        .collect();
    if !empty.is_empty() {
        let mut worst: Vec<usize> = (0..rows.rows()).collect();
        worst.sort_by(|&a, &b| {
            partition.fit[a]
                .total_cmp(&partition.fit[b])
                .then(a.cmp(&b))
        });
        for (&cluster, &row) in empty.iter().zip(&worst) {
            centres.row_mut(cluster).copy_from_slice(rows.row(row));
        }
    }
    centres
}

/// Clusters and rows are compared in blocks of this many: as many sums as the processor keeps at hand.
const ROWS: usize = 4;
const LANES: usize = 16;

/// Gives each row to the centre with the greatest cosine; between equals, the first.
pub(super) fn nearest(rows: &Dense, centres: Dense) -> Partition {
    let (width, clusters) = (rows.width, centres.rows());
    // Blocks of centres side by side, so that one load serves sixteen of them.
    let blocks = clusters.div_ceil(LANES);
    let mut packed = vec![0.0_f32; blocks * width * LANES];
    for cluster in 0..clusters {
        for (coordinate, &value) in centres.row(cluster).iter().enumerate() {
            packed[(cluster / LANES * width + coordinate) * LANES + cluster % LANES] = value;
        }
    }
    let mut of = vec![0_u32; rows.rows()];
    let mut fit = vec![-1.0_f32; rows.rows()];
    let mut next = vec![-1.0_f32; rows.rows()];
    of.par_chunks_mut(CHUNK)
        .zip(fit.par_chunks_mut(CHUNK).zip(next.par_chunks_mut(CHUNK)))
        .zip(rows.values.par_chunks(CHUNK * width))
        .for_each(|((of, (fit, next)), rows)| {
            widely(
                #[inline(always)]
                || {
                    for (group, rows) in rows.chunks(ROWS * width).enumerate() {
                        let first = group * ROWS;
                        for (block, packed) in packed.chunks_exact(width * LANES).enumerate() {
                            let cosines = cosines(rows, width, packed);
                            let lanes = LANES.min(clusters - block * LANES);
                            for (row, cosines) in (first..of.len()).zip(&cosines) {
                                for (lane, &cosine) in cosines[..lanes].iter().enumerate() {
                                    if cosine > next[row] {
                                        if cosine > fit[row] {
                                            next[row] = fit[row];
                                            fit[row] = cosine;
                                            of[row] = (block * LANES + lane) as u32;
                                        } else {
                                            next[row] = cosine;
                                        }
                                    }
                                }
                            }
                        }
                    }
                },
            );
        });
    Partition {
        of,
        fit,
        next,
        centres,
    }
}

/// Cosines of up to four rows to sixteen centres.
#[inline(always)]
fn cosines(rows: &[f32], width: usize, packed: &[f32]) -> [[f32; LANES]; ROWS] {
    let mut sums = [[0.0_f32; LANES]; ROWS];
    if rows.len() == ROWS * width {
        let (first, rest) = rows.split_at(width);
        let (second, rest) = rest.split_at(width);
        let (third, fourth) = rest.split_at(width);
        for ((((centres, a), b), c), d) in packed
            .chunks_exact(LANES)
            .zip(first)
            .zip(second)
            .zip(third)
            .zip(fourth)
        {
            for lane in 0..LANES {
                sums[0][lane] += a * centres[lane];
                sums[1][lane] += b * centres[lane];
                sums[2][lane] += c * centres[lane];
                sums[3][lane] += d * centres[lane];
            }
        }
    } else {
        for (sums, row) in sums.iter_mut().zip(rows.chunks_exact(width)) {
            for (centres, value) in packed.chunks_exact(LANES).zip(row) {
                for lane in 0..LANES {
                    sums[lane] += value * centres[lane];
                }
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(directions: &[[f32; 2]]) -> Dense {
        let mut rows = Dense {
            values: directions.concat(),
            width: 2,
        };
        (0..directions.len()).for_each(|row| normalise(rows.row_mut(row)));
        rows
    }

    #[test]
    fn rows_that_point_the_same_way_share_a_cluster() {
        let rows = rows(&[[1.0, 0.0], [0.0, 1.0], [9.0, 1.0], [1.0, 9.0], [8.0, 0.5]]);
        let partition = settle(&rows, spread(&rows, 2, &mut Chance::new(1, 1)), 10);
        let of = &partition.of;
        assert!(of[0] == of[2] && of[2] == of[4] && of[1] == of[3] && of[0] != of[1]);
        assert!(partition.objective() > 4.9 && partition.margin() > 4.0);
    }

    #[test]
    fn first_centres_are_never_twins_while_others_are_left() {
        let rows = rows(&[[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]);
        for seed in 0..20 {
            let centres = spread(&rows, 3, &mut Chance::new(seed, 0));
            let mut directions: Vec<_> = (0..3).map(|row| centres.row(row).to_vec()).collect();
            directions.sort_by(|a, b| a[0].total_cmp(&b[0]));
            assert_eq!(directions, [[-1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]);
        }
    }

    #[test]
    fn a_row_between_two_centres_goes_to_the_first() {
        let rows = rows(&[[1.0, 1.0]]);
        let centres = self::rows(&[[0.0, 1.0], [1.0, 0.0]]);
        let partition = nearest(&rows, centres);
        assert_eq!(
            (partition.of[0], partition.fit[0] - partition.next[0]),
            (0, 0.0)
        );
    }

    #[test]
    fn an_empty_cluster_starts_anew_at_the_row_that_fits_worst() {
        let rows = rows(&[[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]);
        let centres = self::rows(&[[1.0, 0.0], [-1.0, -1.0]]);
        let partition = settle(&rows, centres, 5);
        assert_eq!(partition.of, [0, 0, 1]);
    }
}
