//! Resampling of whole clusters with a fixed seed: percentile intervals (Efron & Tibshirani 1993, §13.3).

use super::{Interval, ordered_sum};

/// Samples drawn: enough for the 2.5 % points to stand still in their second digit.
const SAMPLES: u64 = 1000;

/// Fewer samples with a value than this tell no interval.
const FEWEST: usize = 500;

/// What resampling found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampled {
    /// 95 % interval: between the 2.5 % points of the samples.
    pub interval: Interval,
    /// Standard deviation of the samples.
    pub standard_error: f64,
}

/// Draws as many clusters as there are, with replacement, a thousand times, and takes the statistic of their sums.
///
/// `None` with fewer than two clusters, where the statistic rarely exists, and where it never varies. The same clusters and
/// seed give the same answer, whatever else the program does.
pub fn bootstrap<const N: usize>(
    clusters: &[[f64; N]],
    seed: u64,
    statistic: impl Fn([f64; N]) -> Option<f64>,
) -> Option<Resampled> {
    let count = clusters.len() as u64;
    if count < 2 {
        return None;
    }
    let mut values = Vec::with_capacity(SAMPLES as usize);
    for sample in 0..SAMPLES {
        let mut sums = [0.0; N];
        for draw in 0..count {
            let drawn = ((random(seed, sample * count + draw) >> 32) * count) >> 32;
            for (sum, part) in sums.iter_mut().zip(&clusters[drawn as usize]) {
                *sum += part;
            }
        }
        values.extend(statistic(sums).filter(|value| value.is_finite()));
    }
    if values.len() < FEWEST {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let mean = ordered_sum(values.iter().copied()) / n;
    let variance = ordered_sum(values.iter().map(|value| (value - mean).powi(2))) / (n - 1.0);
    let point = |share: f64| values[((n - 1.0) * share).round() as usize];
    (variance > 0.0).then(|| Resampled {
        interval: Interval {
            low: point(0.025),
            high: point(0.975),
        },
        standard_error: variance.sqrt(),
    })
}

/// The number of a place in a stream of chance (SplitMix64, Vigna 2015): no draw depends on another.
fn random(seed: u64, place: u64) -> u64 {
    let mut mixed = seed.wrapping_add((place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean([n, sum]: [f64; 2]) -> Option<f64> {
        (n > 0.0).then(|| sum / n)
    }

    #[test]
    fn the_mean_scatters_as_theory_says() {
        // 0 … 99: standard deviation 29.01, standard error of the mean 2.90.
        let clusters: Vec<[f64; 2]> = (0..100).map(|value| [1.0, f64::from(value)]).collect();
        let found = bootstrap(&clusters, 7, mean).unwrap();
        assert!((found.standard_error - 2.9).abs() < 0.2, "{found:?}");
        assert!(
            (found.interval.low - 43.8).abs() < 0.8 && (found.interval.high - 55.2).abs() < 0.8
        );
        assert_eq!(bootstrap(&clusters, 7, mean), Some(found));
        assert_ne!(bootstrap(&clusters, 8, mean), Some(found));
    }

    #[test]
    fn what_does_not_vary_has_no_interval() {
        assert_eq!(bootstrap(&[[1.0, 5.0]; 30], 7, mean), None);
        assert_eq!(bootstrap(&[[1.0, 5.0]], 7, mean), None);
        assert_eq!(bootstrap(&[[0.0, 0.0]; 30], 7, mean), None);
    }
}
