//! The themes as vectors: learnt from a sample, used on every unit.

use super::{
    Count, Settings, Units, Vocabulary,
    assign::assign,
    clusters::{self, finest, settle},
    count::{clearest, merged_to},
    labels::{self, Head},
    passages::Passage,
    phrases, refine,
    space::Space,
    terms::{Kind, Terms},
};
use crate::algebra::{Dense, Sparse};
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Times the fine clustering is begun anew; the best is kept.
const STARTS: u64 = 5;
/// Rows the fine clustering looks at, at least; more when there are many clusters.
const FINE_ROWS: usize = 8192;
const FINE_ROWS_A_CLUSTER: usize = 60;
/// Rows the number of themes is read from, at least.
const COUNTED_ROWS: usize = 4096;
/// Fine clusters for each theme wanted, before they are merged.
const FINE_CLUSTERS: usize = 2;
/// … but never more than this many above it: merging takes the cube of their number.
const MOST_FINE_ABOVE: usize = 200;
/// In `auto`, units that differ must be this many for each theme…
const UNITS_A_THEME: usize = 5;
/// … and there are at most this many times the fourth root of the records: 25 for 700, 34 for 2000, 60 for 20,000.
///
/// A team that reads so many records by hand ends with a list of about this length.
const MOST_OF_FOURTH_ROOT: f64 = 5.0;
/// Rounds of k-means on all rows, and on their sparse vectors.
const ROUNDS: usize = 10;
const SPARSE_ROUNDS: usize = 10;
/// Themes whose centres have this cosine or more are one theme.
///
/// 0.6: above it centres share their few heavy terms.
const IDENTICAL: f32 = 0.6;
/// A theme is a signature when this share of its units end their records.
///
/// 0.9: "I recommend" ends two reviews in three that say it.
const CLOSING: f64 = 0.9;
/// A theme of `auto` needs two units, and this share of the square root of all: 4 of 635, 40 of 60,000.
const FEWEST_OF_ROOT: f64 = 1.0 / 6.0;
/// … and twice as much beside known themes, which leave odds and ends.
const FEWEST_BESIDE_KNOWN: f64 = 2.0;
/// A theme that joins remembered ones needs this many units.
const FEWEST_LATER: f64 = 10.0;

/// Centres of the themes in the space of the terms.
pub(super) struct Model {
    terms: Terms,
    /// The sampled vectors that are not empty.
    rows: Sparse,
    centres: Sparse,
}

impl Model {
    /// Learns themes from the sampled units; `None` where there is nothing to learn.
    pub fn learn(
        units: &Units,
        vocabulary: &Vocabulary,
        kinds: &[Kind],
        sample: &[Passage],
        settings: &Settings,
    ) -> Option<Model> {
        let terms = Terms::learn(units, vocabulary, sample);
        let all = terms.vectors(units, vocabulary, sample);
        let says_something = |row: &usize| !all.row(*row).0.is_empty();
        let kept: Vec<usize> = (0..sample.len()).filter(says_something).collect();
        let rows = all.picked(kept.iter().copied());
        let passages: Vec<Passage> = kept.iter().map(|row| sample[*row].clone()).collect();
        drop(all);
        let different = distinct(&rows);
        if different == 0 {
            return None;
        }
        let wanted = match settings.count {
            Count::Exactly(wanted) => wanted.clamp(1, different),
            Count::Auto => {
                let records = units.record.chunk_by(|a, b| a == b).count();
                let most = most_themes(records, different).min(settings.at_most.max(1));
                let clusters = fine_clusters(most, different);
                clearest(
                    &strided(&rows, COUNTED_ROWS.max(FINE_ROWS_A_CLUSTER * clusters)),
                    most,
                    clusters,
                    settings.seed,
                )
            }
        };
        let space = Space::learn(&rows, terms.taught(vocabulary), settings.seed);
        let ground = Ground {
            placed: space.place(&rows),
            space,
            rows,
        };
        let of = ground.divide(wanted, fine_clusters(wanted, different), settings.seed);
        let (of, centres) = ground.settle(of, wanted);
        let centres = match settings.count {
            Count::Exactly(_) => ground.space.lean(&ground.placed, &of, &centres),
            Count::Auto => {
                let clauses: Vec<Passage> = (passages.iter().cloned().flatten())
                    .map(|unit| unit..unit + 1)
                    .collect();
                let clauses = Clauses {
                    units,
                    vocabulary,
                    kinds,
                    rows: terms.vectors(units, vocabulary, &clauses),
                    unit: passages.into_iter().flatten().collect(),
                };
                ground.tidy(&clauses, of, centres)
            }
        };
        let rows = ground.rows;
        (centres.rows() > 0).then_some(Model {
            terms,
            rows,
            centres,
        })
    }

    /// Theme of every unit; no theme is without a unit.
    pub fn assign(
        mut self,
        units: &Units,
        vocabulary: &Vocabulary,
        settings: &Settings,
    ) -> Assigned {
        let assign = |centres: &Sparse| {
            assign(
                units,
                vocabulary,
                &self.terms,
                centres,
                settings.minimum_strength,
            )
        };
        let mut of = assign(&self.centres);
        let mut empty = empty_themes(&of, self.centres.rows());
        if matches!(settings.count, Count::Exactly(_)) {
            // A theme that lost its last unit starts anew at a unit no theme fits.
            for _ in 0..SPARSE_ROUNDS {
                if empty.is_empty() {
                    break;
                }
                self.centres = reseeded(&self.centres, &empty, &self.rows);
                of = assign(&self.centres);
                empty = empty_themes(&of, self.centres.rows());
            }
        }
        let full = (0..self.centres.rows()).filter(|theme| !empty.contains(&(*theme as u32)));
        let centres = self.centres.picked(full.clone());
        let mut new = vec![super::NONE; self.centres.rows()];
        for (place, theme) in (0..).zip(full) {
            new[theme] = place;
        }
        for (theme, _) in of.iter_mut().filter(|(theme, _)| *theme != super::NONE) {
            *theme = new[*theme as usize];
        }
        Assigned {
            of,
            terms: self.terms,
            centres,
        }
    }
}

/// Themes as they were used.
pub(super) struct Assigned {
    /// Theme of each unit and how well it fits.
    pub of: Vec<(u32, f32)>,
    pub terms: Terms,
    /// One row a theme.
    pub centres: Sparse,
}

fn empty_themes(assigned: &[(u32, f32)], themes: usize) -> Vec<u32> {
    let mut has_units = vec![false; themes];
    for &(theme, _) in assigned.iter().filter(|(theme, _)| *theme != super::NONE) {
        has_units[theme as usize] = true;
    }
    (0..themes as u32)
        .filter(|&theme| !has_units[theme as usize])
        .collect()
}

fn root(count: usize) -> f64 {
    (count as f64).sqrt()
}

/// The most themes worth telling apart in so many records with so many units that differ; at least 1.
fn most_themes(records: usize, different: usize) -> usize {
    let most = (root(records).sqrt() * MOST_OF_FOURTH_ROOT) as usize;
    most.min(different / UNITS_A_THEME).max(1)
}

/// Number of rows that differ from each other.
fn distinct(rows: &Sparse) -> usize {
    let mut hashes: Vec<u64> = (0..rows.rows())
        .map(|row| {
            let (columns, values) = rows.row(row);
            let mut hasher = FxHasher::default();
            for (&column, value) in columns.iter().zip(values) {
                hasher.write_u32(column);
                hasher.write_u32(value.to_bits());
            }
            hasher.finish()
        })
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.len()
}

/// How many small clusters are made before they are merged to the number wanted.
fn fine_clusters(wanted: usize, different: usize) -> usize {
    (FINE_CLUSTERS * wanted)
        .min(wanted + MOST_FINE_ABOVE)
        .min(different)
}

/// How many rows are enough to find that many clusters.
fn fine_rows(clusters: usize) -> usize {
    FINE_ROWS.max(FINE_ROWS_A_CLUSTER * clusters)
}

/// At most `most` rows, evenly spaced.
fn strided(rows: &Sparse, most: usize) -> Sparse {
    let count = rows.rows().min(most);
    rows.picked((0..count).map(|place| place * rows.rows() / count))
}

/// The rows the themes are learnt from, and where they lie.
struct Ground {
    rows: Sparse,
    space: Space,
    placed: Dense,
}

/// The clauses of the passages the themes are learnt from.
struct Clauses<'a> {
    units: &'a Units<'a>,
    vocabulary: &'a Vocabulary<'a>,
    kinds: &'a [Kind],
    rows: Sparse,
    /// The unit each is.
    unit: Vec<u32>,
}

impl Ground {
    /// Cuts some of the rows into small clusters, merges them to the number wanted, and gives every row to one.
    fn divide(&self, wanted: usize, clusters: usize, seed: u64) -> Vec<u32> {
        let some = clusters::strided(&self.placed, fine_rows(clusters));
        let fine = finest(&some, clusters, STARTS, seed);
        let centres = merged_to(&some, &fine, wanted);
        settle(&self.placed, centres, ROUNDS).of
    }

    /// The last steps, in the space of the terms themselves: cluster of each row, and the centres by what was met in them.
    fn settle(&self, of: Vec<u32>, clusters: usize) -> (Vec<u32>, Sparse) {
        let lean = |of: &[u32], centres: &Sparse| self.space.lean(&self.placed, of, centres);
        refine::settle(&self.rows, of, clusters, SPARSE_ROUNDS, lean)
    }

    /// What a reader of the themes would do: puts together those that are one, drops those nobody could name. Gives the
    /// centres that are left, leaning to the words near them.
    fn tidy(&self, clauses: &Clauses, mut of: Vec<u32>, mut centres: Sparse) -> Sparse {
        let rows = &self.rows;
        let units = clauses.units;
        let beside_known = !units.is_explained.is_empty();
        let factor = if beside_known {
            FEWEST_BESIDE_KNOWN
        } else {
            1.0
        };
        let least = if units.is_learnt.is_empty() {
            2.0
        } else {
            FEWEST_LATER
        };
        let fewest = (root(rows.rows()) * FEWEST_OF_ROOT * factor).max(least) as usize;
        loop {
            let leaning = self.space.lean(&self.placed, &of, &centres);
            let (nearest, fit) = refine::nearest(&clauses.rows, &leaning);
            let spoken: Vec<(u32, u32)> = (clauses.unit.iter().zip(nearest).zip(fit))
                .filter(|(_, fit)| *fit > 0.0)
                .map(|((unit, theme), _)| (*unit, theme))
                .collect();
            let found = phrases::read(
                units,
                clauses.vocabulary,
                clauses.kinds,
                &spoken,
                centres.rows(),
                2,
            );
            let heads = labels::heads(&found);
            let mut size = vec![0_usize; centres.rows()];
            of.iter().for_each(|&theme| size[theme as usize] += 1);
            let is_closing = closings(units, &spoken, centres.rows());
            // Where each theme goes: to itself, to another, or nowhere.
            let mut target: Vec<Option<usize>> = (0..centres.rows()).map(Some).collect();
            for theme in 0..centres.rows() {
                if size[theme] < fewest
                    || is_closing[theme]
                    || !heads[theme].as_ref().is_some_and(Head::holds_together)
                {
                    target[theme] = None;
                }
            }
            let cosines = refine::cosines(rows, &centres);
            for later in 0..centres.rows() {
                if target[later].is_none() {
                    continue;
                }
                let twin = (0..later).find(|&earlier| {
                    target[earlier] == Some(earlier)
                        && (cosines[earlier * centres.rows() + later] >= IDENTICAL
                            || shares_head(&heads, earlier, later))
                });
                target[later] = Some(twin.unwrap_or(later));
            }
            if target
                .iter()
                .enumerate()
                .all(|(theme, target)| *target == Some(theme))
            {
                return leaning;
            }
            let kept: Vec<usize> = (0..centres.rows())
                .filter(|&theme| target[theme] == Some(theme))
                .collect();
            if kept.is_empty() {
                return Sparse::empty(rows.width);
            }
            let merged_of: Vec<u32> = of
                .iter()
                .map(|&theme| target[theme as usize].unwrap_or(centres.rows()) as u32)
                .collect();
            let merged = refine::centres(rows, &merged_of, centres.rows() + 1);
            let merged = self.space.lean(&self.placed, &merged_of, &merged);
            let left = merged.picked(kept.iter().copied());
            let (next, _) = refine::nearest(rows, &left);
            (of, centres) = self.settle(next, kept.len());
        }
    }
}

/// Marks the themes that stand at the very end of what people write, and hardly anywhere else: signatures. Records of one
/// unit say nothing about that.
fn closings(units: &Units, spoken: &[(u32, u32)], themes: usize) -> Vec<bool> {
    let mut last = vec![0_usize; themes];
    let mut all = vec![0_usize; themes];
    for &(unit, theme) in spoken {
        let unit = unit as usize;
        let is_of_record = |other: Option<usize>| {
            other.is_some_and(|other| units.record.get(other) == Some(&units.record[unit]))
        };
        let (follows, precedes) = (
            is_of_record(unit.checked_sub(1)),
            is_of_record(Some(unit + 1)),
        );
        all[theme as usize] += usize::from(follows || precedes);
        last[theme as usize] += usize::from(follows && !precedes);
    }
    let marked = last.iter().zip(&all);
    marked
        .map(|(&last, &all)| all > 0 && last as f64 >= CLOSING * all as f64)
        .collect()
}

fn shares_head(heads: &[Option<Head>], a: usize, b: usize) -> bool {
    matches!((&heads[a], &heads[b]), (Some(a), Some(b)) if a.is_shared(b))
}

/// The centres, those without a unit replaced by the rows that are farthest from every centre.
fn reseeded(centres: &Sparse, empty: &[u32], rows: &Sparse) -> Sparse {
    let (_, fit) = refine::nearest(rows, centres);
    let mut worst: Vec<usize> = (0..rows.rows()).collect();
    worst.sort_by(|&a, &b| fit[a].total_cmp(&fit[b]).then(a.cmp(&b)));
    let mut seeds: Vec<usize> = Vec::new();
    for row in worst {
        if seeds.len() == empty.len() {
            break;
        }
        if !seeds.iter().any(|&seed| rows.row(seed) == rows.row(row)) {
            seeds.push(row);
        }
    }
    let mut new = Sparse::empty(centres.width);
    for theme in 0..centres.rows() {
        let seed = empty
            .iter()
            .position(|&empty| empty as usize == theme)
            .and_then(|place| seeds.get(place));
        let (columns, weights) = match seed {
            Some(&row) => rows.row(row),
            None => centres.row(theme),
        };
        new.push(columns.iter().copied().zip(weights.iter().copied()));
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_every_record_is_a_signature() {
        let units = Units {
            tokens: &[],
            bounds: &[0; 6],
            record: &[0, 0, 1, 1, 2],
            language: &[],
            is_copy: &[],
            is_explained: &[],
            is_learnt: &[],
        };
        // Unit 4 is alone in its record.
        let spoken = [(0, 0), (1, 1), (2, 0), (3, 1), (4, 2)];
        assert_eq!(closings(&units, &spoken, 3), [false, true, false]);
    }

    #[test]
    fn more_feedback_may_have_more_themes_but_not_in_proportion() {
        let check = |records: usize, different: usize, most: usize| {
            assert_eq!(
                most_themes(records, different),
                most,
                "{records} {different}"
            );
        };
        check(0, 0, 1);
        check(10, 20, 4);
        check(635, 2000, 25);
        check(2130, 6000, 33);
        check(20_000, 20_000, 59);
    }
}
