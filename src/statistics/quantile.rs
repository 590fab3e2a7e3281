//! Quantiles: type 7 of Hyndman & Fan (1996), interval between two order statistics (Woodruff 1952; ranks after Conover 1999, §3.2), difference with standard errors from the widths of those (Price & Bonett 2002).

use super::{Difference, Interval, Z95, two_sided_p};

/// The value that a share of the values, 0–1, does not exceed, between two values where it falls between them; `None`
/// without values. `sorted` holds finite numbers, smallest first.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = last as f64 * share.clamp(0.0, 1.0);
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    let part = place - below as f64;
    Some(sorted[below] + (sorted[above] - sorted[below]) * part)
}

/// Its 95 % interval, from one of the values to another; `None` where the values are too few to bound it on both sides.
pub fn quantile_interval(sorted: &[f64], share: f64) -> Option<Interval> {
    let n = sorted.len() as f64;
    let margin = Z95 * (n * share * (1.0 - share)).sqrt();
    let low = (n * share - margin).ceil();
    let high = (n * share + margin).ceil();
    if low < 1.0 || high > n {
        return None;
    }
    Some(Interval {
        low: sorted[low as usize - 1],
        high: sorted[high as usize - 1],
    })
}

/// Difference of one quantile of two samples, now minus before; `None` where either has no interval or neither varies.
pub fn quantile_difference(now: &[f64], before: &[f64], share: f64) -> Option<Difference> {
    let value = quantile(now, share)? - quantile(before, share)?;
    let error = |sorted| {
        let interval: Interval = quantile_interval(sorted, share)?;
        Some((interval.high - interval.low) / (2.0 * Z95))
    };
    let error = f64::hypot(error(now)?, error(before)?);
    (error > 0.0).then(|| Difference {
        value,
        interval: Interval::around(value, Z95 * error),
        p: two_sided_p(value / error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up_to(n: u32) -> Vec<f64> {
        (1..=n).map(f64::from).collect()
    }

    #[test]
    fn a_quantile_lies_where_its_share_of_the_values_does() {
        let check = |values: &[f64], share, expected| {
            assert_eq!(quantile(values, share), expected);
        };
        check(&[], 0.5, None);
        check(&[7.0], 0.9, Some(7.0));
        check(&[1.0, 2.0, 3.0, 10.0], 0.5, Some(2.5));
        check(&[1.0, 2.0, 10.0], 0.5, Some(2.0));
        check(&up_to(11), 0.9, Some(10.0));
        check(&up_to(4), 1.0, Some(4.0));
    }

    #[test]
    fn its_interval_lies_between_two_of_the_values() {
        let check = |n, share, expected: Option<(f64, f64)>| {
            let found = quantile_interval(&up_to(n), share);
            assert_eq!(found.map(|found| (found.low, found.high)), expected);
        };
        // Binomial(10, ½) lies from 2 to 8 in 97.9 % of cases, Binomial(100, ½) from 41 to 59 in 94.3 %.
        check(10, 0.5, Some((2.0, 9.0)));
        check(100, 0.5, Some((41.0, 60.0)));
        check(100, 0.9, Some((85.0, 96.0)));
        check(0, 0.5, None);
        check(3, 0.5, None);
        check(30, 0.9, None);
    }

    #[test]
    fn a_clear_difference_passes_and_a_small_one_does_not() {
        let (now, close): (Vec<f64>, Vec<f64>) = (1..=100)
            .map(|value| (f64::from(value) + 40.0, f64::from(value) + 5.0))
            .unzip();
        let found = quantile_difference(&now, &up_to(100), 0.5).unwrap();
        assert_eq!(found.value, 40.0);
        assert!((found.interval.low - (40.0 - 19.0 / 2.0 * 2.0_f64.sqrt())).abs() < 1e-9);
        assert!(found.interval.excludes_zero() && found.p < 1e-6);
        let small = quantile_difference(&close, &up_to(100), 0.5).unwrap();
        assert!(!small.interval.excludes_zero() && small.p > 0.05);
    }

    #[test]
    fn what_does_not_vary_or_is_too_small_proves_nothing() {
        assert_eq!(quantile_difference(&[5.0; 40], &[4.0; 40], 0.5), None);
        assert_eq!(quantile_difference(&up_to(3), &up_to(100), 0.5), None);
    }
}
