//! How well two labellings of the same records agree. Sources: Vinh, Epps & Bailey 2010 (NMI), Hubert & Arabie 1985 (ARI),
//! Rosenberg & Hirschberg 2007 (V-measure), van Rijsbergen 1979 (F-measure).

use std::collections::BTreeMap;

/// Agreement of two groupings of the same records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Normalised mutual information, arithmetic mean; 0 to 1. Equals the V-measure at β = 1.
    pub nmi: f64,
    /// Adjusted Rand index, −0.5 to 1; 0 by chance.
    pub ari: f64,
    /// Share of records whose group's commonest label is their own; 0 to 1.
    pub purity: f64,
}

/// Compares found groups with true ones, given record by record. No records agree by 0.
pub fn agreement<A: Ord, B: Ord>(found: &[A], truth: &[B]) -> Agreement {
    let mut cells: BTreeMap<(&A, &B), f64> = BTreeMap::new();
    let mut rows: BTreeMap<&A, f64> = BTreeMap::new();
    let mut columns: BTreeMap<&B, f64> = BTreeMap::new();
    for (a, b) in found.iter().zip(truth) {
        *cells.entry((a, b)).or_default() += 1.0;
        *rows.entry(a).or_default() += 1.0;
        *columns.entry(b).or_default() += 1.0;
    }
    let n = found.len().min(truth.len()) as f64;
    if n == 0.0 {
        return Agreement {
            nmi: 0.0,
            ari: 0.0,
            purity: 0.0,
        };
    }
    let entropy = |counts: &mut dyn Iterator<Item = f64>| {
        counts
            .map(|count| -(count / n) * (count / n).ln())
            .sum::<f64>()
    };
    let row_entropy = entropy(&mut rows.values().copied());
    let column_entropy = entropy(&mut columns.values().copied());
    let shared: f64 = cells
        .iter()
        .map(|((a, b), count)| count / n * (count * n / (rows[a] * columns[b])).ln())
        .sum();
    let mean_entropy = (row_entropy + column_entropy) / 2.0;
    let pairs = |count: f64| count * (count - 1.0) / 2.0;
    let together: f64 = cells.values().map(|count| pairs(*count)).sum();
    let row_pairs: f64 = rows.values().map(|count| pairs(*count)).sum();
    let column_pairs: f64 = columns.values().map(|count| pairs(*count)).sum();
    let expected = if n > 1.0 {
        row_pairs * column_pairs / pairs(n)
    } else {
        0.0
    };
    let most = (row_pairs + column_pairs) / 2.0;
    let mut commonest: BTreeMap<&A, f64> = BTreeMap::new();
    for ((a, _), count) in &cells {
        let best = commonest.entry(a).or_default();
        *best = best.max(*count);
    }
    Agreement {
        // One group on both sides: they agree, though there is no information to share.
        nmi: if mean_entropy == 0.0 {
            1.0
        } else {
            shared / mean_entropy
        },
        ari: if most == expected {
            1.0
        } else {
            (together - expected) / (most - expected)
        },
        purity: commonest.values().sum::<f64>() / n,
    }
}

/// Quality of a classification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classification {
    /// Share of records given their true class; 0 to 1.
    pub accuracy: f64,
    /// Mean of the F1 of the true classes; 0 to 1.
    pub macro_f1: f64,
}

/// Compares given classes with true ones. An answer outside the true classes is an abstention: always wrong.
pub fn classification<T: Ord>(given: &[T], truth: &[T]) -> Classification {
    let n = given.len().min(truth.len());
    if n == 0 {
        return Classification {
            accuracy: 0.0,
            macro_f1: 0.0,
        };
    }
    // Right, given, true: counts a class.
    let mut counts: BTreeMap<&T, [f64; 3]> = truth.iter().map(|class| (class, [0.0; 3])).collect();
    let mut right = 0.0;
    for (given, truth) in given.iter().zip(truth) {
        if let Some(count) = counts.get_mut(given) {
            count[1] += 1.0;
        }
        if let Some(count) = counts.get_mut(truth) {
            count[2] += 1.0;
            if given == truth {
                count[0] += 1.0;
                right += 1.0;
            }
        }
    }
    let f1 = counts
        .values()
        .map(|[right, given, truth]| 2.0 * right / (given + truth));
    Classification {
        accuracy: right / n as f64,
        macro_f1: f1.sum::<f64>() / counts.len() as f64,
    }
}

/// Spearman's rank correlation, ties sharing their mean rank; −1 to 1. `None` when a side does not vary.
pub fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(a), ranks(b));
    let n = a.len().min(b.len()) as f64;
    let mean = (n + 1.0) / 2.0;
    let mut products = [0.0; 3];
    for (a, b) in a.iter().zip(&b) {
        let (a, b) = (a - mean, b - mean);
        products[0] += a * b;
        products[1] += a * a;
        products[2] += b * b;
    }
    let scale = (products[1] * products[2]).sqrt();
    (scale > 0.0).then(|| products[0] / scale)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let mut ranks = vec![0.0; values.len()];
    let mut at = 0;
    for tie in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = at as f64 + (tie.len() as f64 + 1.0) / 2.0;
        for position in tie {
            ranks[*position] = rank;
        }
        at += tie.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
    }

    #[test]
    fn groupings_agree_by_name_free_measures() {
        let same = agreement(&[0, 0, 1, 1], &["b", "b", "a", "a"]);
        close(same.nmi, 1.0);
        close(same.ari, 1.0);
        close(same.purity, 1.0);
        // scikit-learn: normalized_mutual_info_score, adjusted_rand_score on the same labels.
        let half = agreement(&[0, 0, 1, 2], &[0, 0, 1, 1]);
        close(half.nmi, 0.8);
        close(half.ari, 0.571_428_57);
        close(half.purity, 1.0);
    }

    #[test]
    fn abstaining_is_wrong() {
        let quality = classification(&["pos", "neu", "neg", "neg"], &["pos", "pos", "neg", "neg"]);
        close(quality.accuracy, 0.75);
        close(quality.macro_f1, (2.0 / 3.0 + 1.0) / 2.0);
    }

    #[test]
    fn ranks_share_ties() {
        close(
            spearman(&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0]).unwrap(),
            1.0,
        );
        close(
            spearman(&[1.0, 2.0, 2.0, 4.0], &[4.0, 3.0, 2.0, 1.0]).unwrap(),
            -0.948_683_298,
        );
        assert_eq!(spearman(&[1.0, 1.0], &[1.0, 2.0]), None);
    }
}
