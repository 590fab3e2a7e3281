//! How many themes there are: many small clusters are merged step by step, and the clearest division is kept.

use super::clusters::{Partition, finest, settle};
use crate::algebra::{Dense, Sparse, add_scaled, by_terms, normalise};

/// A division with fewer themes wins when its margin is at least this share of the best margin.
///
/// 0.99: the margin stays flat long before it falls, and fewer themes are easier to act on.
const NEARLY_BEST: f64 = 0.99;
/// Each division tried has about this share of the clusters of the one before.
const STEP: f64 = 0.9;
/// Rounds of k-means before a division is judged: mergers leave rows near a border on the wrong side.
const ROUNDS: usize = 2;
/// Directions kept. Half as many again change the number by one or two.
const DIMENSIONS: usize = 64;
/// Times the fine clustering is begun anew.
const STARTS: u64 = 2;

/// The number of clusters, from 1 to `most`, into which the rows fall most clearly; `most` is at least 1.
///
/// Clear: rows are much nearer to their own centre than to the next one. Too few clusters, and centres lie far from
/// their rows; too many, and every row has two homes. The margin between the two cosines sees both. It is measured in
/// the space of the terms themselves: where terms lie near their company, everything is a little like everything.
pub(super) fn clearest(rows: &Sparse, most: usize, clusters: usize, seed: u64) -> usize {
    let placed = by_terms(rows, DIMENSIONS, seed);
    let fine = finest(&placed, clusters, STARTS, seed);
    let least = least(rows.rows()).min(most).min(fine.centres.rows());
    let ladder = ladder(least, most.clamp(least, fine.centres.rows()));
    let margins: Vec<f64> = merged(&placed, &fine, &ladder)
        .into_iter()
        .map(|centres| settle(&placed, centres, ROUNDS).margin())
        .collect();
    let best = margins.iter().copied().fold(0.0, f64::max);
    let nearly = margins
        .iter()
        .rposition(|&margin| margin >= best * NEARLY_BEST);
    ladder[nearly.expect("the best margin is nearly the best")]
}

/// The centres that are left when clusters are merged until there are `count`.
pub(super) fn merged_to(rows: &Dense, fine: &Partition, count: usize) -> Dense {
    merged(rows, fine, &[count.min(fine.centres.rows())])
        .pop()
        .expect("one count was asked for")
}

/// Fewest clusters worth trying among so many rows. With two or three, the next centre is far from everything, and the
/// margin says nothing.
///
/// Half the square root of a sixteenth of the rows: 2 for 250, 12 for 10,000.
fn least(rows: usize) -> usize {
    (((rows / 16) as f64).sqrt() / 2.0).max(2.0) as usize
}

/// Numbers of clusters to try, most first.
fn ladder(least: usize, most: usize) -> Vec<usize> {
    let mut rungs = vec![most];
    while let Some(&rung) = rungs.last().filter(|&&rung| rung > least) {
        rungs.push(((rung as f64 * STEP) as usize).clamp(least, rung - 1));
    }
    rungs
}

/// Merges the two clusters whose union costs the objective least, again and again, and gives the centres at each wanted
/// number of clusters. `wanted` falls, and none is above the number of clusters.
///
/// Ward's method with cosines for squares; the cheapest pair with the lowest positions goes first.
fn merged(rows: &Dense, fine: &Partition, wanted: &[usize]) -> Vec<Dense> {
    let clusters = fine.centres.rows();
    let mut sums = Dense::zero(clusters, rows.width);
    for (row, &cluster) in fine.of.iter().enumerate() {
        add_scaled(sums.row_mut(cluster as usize), rows.row(row), 1.0);
    }
    let mut length: Vec<f64> = (0..clusters)
        .map(|c| product(sums.row(c), sums.row(c)).sqrt())
        .collect();
    let mut loss = vec![0.0; clusters * clusters];
    for a in 0..clusters {
        for b in a + 1..clusters {
            loss[a * clusters + b] = loss_of_union(&sums, &length, a, b);
        }
    }
    let mut alive: Vec<usize> = (0..clusters).collect();
    let mut divisions = Vec::with_capacity(wanted.len());
    for &count in wanted {
        while alive.len() > count {
            let mut cheapest = (f64::INFINITY, 0, 0);
            for (position, &a) in alive.iter().enumerate() {
                for &b in &alive[position + 1..] {
                    if loss[a * clusters + b] < cheapest.0 {
                        cheapest = (loss[a * clusters + b], a, b);
                    }
                }
            }
            let (_, kept, gone) = cheapest;
            let added = sums.row(gone).to_vec();
            add_scaled(sums.row_mut(kept), &added, 1.0);
            length[kept] = product(sums.row(kept), sums.row(kept)).sqrt();
            alive.retain(|&cluster| cluster != gone);
            for &other in alive.iter().filter(|&&other| other != kept) {
                let (a, b) = (kept.min(other), kept.max(other));
                loss[a * clusters + b] = loss_of_union(&sums, &length, a, b);
            }
        }
        let mut centres = Dense::zero(alive.len(), rows.width);
        for (position, &cluster) in alive.iter().enumerate() {
            centres.row_mut(position).copy_from_slice(sums.row(cluster));
            normalise(centres.row_mut(position));
        }
        divisions.push(centres);
    }
    divisions
}

/// What the sum of cosines loses when two clusters share one centre: the sum of a cluster's cosines is the length of
/// the sum of its rows.
fn loss_of_union(sums: &Dense, length: &[f64], a: usize, b: usize) -> f64 {
    let square = length[a].powi(2) + length[b].powi(2) + 2.0 * product(sums.row(a), sums.row(b));
    length[a] + length[b] - square.max(0.0).sqrt()
}

fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(&a, &b)| f64::from(a) * f64::from(b))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_clusters_is_tried_when_there_are_few() {
        assert_eq!(ladder(2, 6), [6, 5, 4, 3, 2]);
        assert_eq!(ladder(1, 1), [1]);
        assert_eq!(ladder(40, 60), [60, 54, 48, 43, 40]);
        assert_eq!((least(1), least(250), least(10_000)), (2, 2, 12));
    }

    #[test]
    fn two_topics_are_two_themes_however_finely_they_were_cut() {
        let mut rows = Sparse::empty(8);
        for row in 0..40 {
            // Three words in four of a topic, a different one missing each time.
            let topic = if row % 2 == 0 { 0 } else { 4 };
            let missing = row / 2 % 4;
            rows.push(
                (0..4)
                    .filter(|&word| word != missing)
                    .map(|word| (topic + word, 0.577)),
            );
        }
        assert_eq!(clearest(&rows, 6, 12, 1), 2);
        let placed = by_terms(&rows, 8, 1);
        let fine = finest(&placed, 6, 1, 1);
        assert_eq!(merged_to(&placed, &fine, 3).rows(), 3);
    }
}
