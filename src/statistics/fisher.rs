//! Fisher's exact test of a 2×2 table (Fisher 1935), two-sided: tables no likelier than the one seen.

use statrs::function::factorial::ln_binomial;

/// Chance, 0 to 1, of a table at least as unlikely when both samples are alike; 1 where nothing can be told.
///
/// `now` and `before` are a part and its whole; a part must not exceed its whole.
pub fn fisher_p(now: (u64, u64), before: (u64, u64)) -> f64 {
    debug_assert!(
        now.0 <= now.1 && before.0 <= before.1,
        "a part is not larger than the whole"
    );
    let (part, whole) = (now.0 + before.0, now.1 + before.1);
    if now.1 == 0 || before.1 == 0 || part == 0 || part == whole {
        return 1.0;
    }
    let all = ln_binomial(whole, now.1);
    let chance = |count: u64| {
        (ln_binomial(part, count) + ln_binomial(whole - part, now.1 - count) - all).exp()
    };
    let seen = chance(now.0) * (1.0 + 1e-7);
    let (least, most) = (part.saturating_sub(before.1), part.min(now.1));
    let sum: f64 = (least..=most).map(chance).filter(|one| *one <= seen).sum();
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: (u64, u64), before: (u64, u64), expected: f64) {
        let p = fisher_p(now, before);
        assert!((p - expected).abs() < 1e-4, "{p} is not {expected}");
    }

    #[test]
    fn small_tables_are_tested_exactly() {
        // The lady tasting tea: 3 of 4 right.
        check((3, 4), (1, 4), 0.485_714);
        check((4, 4), (0, 4), 0.028_571);
        check((1, 10), (11, 14), 0.002_759);
        check((0, 0), (3, 4), 1.0);
        check((0, 5), (0, 5), 1.0);
    }
}
