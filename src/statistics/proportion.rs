//! Proportions: Wilson's interval (Wilson 1927), Newcombe's interval of a difference (Newcombe 1998, method 10), the pooled z test.

use super::{Difference, Interval, Z95, two_sided_p};

/// Wilson's 95 % interval of `count` out of `base`, as shares 0–1; `None` when `base` is 0.
///
/// `count` must not exceed `base`.
pub fn wilson(count: u64, base: u64) -> Option<Interval> {
    debug_assert!(count <= base, "a part is not larger than the whole");
    if base == 0 {
        return None;
    }
    let n = base as f64;
    let share = count as f64 / n;
    let centre = (share + Z95 * Z95 / (2.0 * n)) / (1.0 + Z95 * Z95 / n);
    let margin = Z95 / (1.0 + Z95 * Z95 / n)
        * (share * (1.0 - share) / n + Z95 * Z95 / (4.0 * n * n)).sqrt();
    Some(Interval::around(centre, margin).clipped(0.0, 1.0))
}

/// Difference of two shares, now minus before, with Newcombe's 95 % interval and the pooled z test's p; `None` when a base is 0.
pub fn newcombe(now: (u64, u64), before: (u64, u64)) -> Option<Difference> {
    let inside_now = wilson(now.0, now.1)?;
    let inside_before = wilson(before.0, before.1)?;
    let share_now = now.0 as f64 / now.1 as f64;
    let share_before = before.0 as f64 / before.1 as f64;
    let value = share_now - share_before;
    let below = (share_now - inside_now.low).hypot(inside_before.high - share_before);
    let above = (inside_now.high - share_now).hypot(share_before - inside_before.low);
    Some(Difference {
        value,
        interval: Interval {
            low: value - below,
            high: value + above,
        },
        p: proportion_p(now, before),
    })
}

/// Two-sided p of the pooled z test that two shares are one; 1 when nothing can be told.
pub fn proportion_p(now: (u64, u64), before: (u64, u64)) -> f64 {
    if now.1 == 0 || before.1 == 0 {
        return 1.0;
    }
    let (n, m) = (now.1 as f64, before.1 as f64);
    let pooled = (now.0 + before.0) as f64 / (n + m);
    let variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m);
    if variance <= 0.0 {
        return 1.0;
    }
    two_sided_p((now.0 as f64 / n - before.0 as f64 / m) / variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wilson(count: u64, base: u64, low: f64, high: f64) {
        let interval = wilson(count, base).unwrap();
        assert!(
            (interval.low - low).abs() < 1e-4 && (interval.high - high).abs() < 1e-4,
            "{interval:?}"
        );
    }

    #[test]
    fn wilson_matches_the_golden_vectors() {
        check_wilson(80, 100, 0.71117, 0.86663);
        check_wilson(3, 5, 0.23072, 0.88238);
        check_wilson(0, 10, 0.0, 0.27753);
        check_wilson(10, 10, 0.72247, 1.0);
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn newcombe_matches_the_golden_vector() {
        let difference = newcombe((60, 400), (36, 400)).unwrap();
        assert!((difference.value - 0.06).abs() < 1e-12);
        assert!((difference.interval.low - 0.01493).abs() < 1e-4);
        assert!((difference.interval.high - 0.10536).abs() < 1e-4);
        assert!(difference.interval.excludes_zero());
        assert!((difference.p - 0.009002).abs() < 1e-4, "{}", difference.p);
    }

    #[test]
    fn equal_or_empty_samples_tell_nothing() {
        assert_eq!(newcombe((0, 0), (1, 2)), None);
        assert_eq!(proportion_p((0, 10), (0, 10)), 1.0);
        assert_eq!(proportion_p((10, 10), (10, 10)), 1.0);
        assert!(!newcombe((5, 50), (5, 50)).unwrap().interval.excludes_zero());
    }
}
