//! The normal law: its 97.5 % point and its tails (series and continued fraction of Abramowitz & Stegun 7.1.6 and 7.1.14).

/// The point a standard normal variable exceeds, on either side, once in twenty.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Chance, 0 to 1, that a standard normal variable lies at least as far from 0 as `z`; 1 at 0.
pub fn two_sided_p(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let p = if x < 2.0 {
        1.0 - erf_by_series(x)
    } else {
        erfc_by_fraction(x)
    };
    p.clamp(0.0, 1.0)
}

fn erf_by_series(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    let mut n = 0.0;
    while term > sum * 1e-17 {
        n += 1.0;
        term *= 2.0 * x * x / (2.0 * n + 1.0);
        sum += term;
    }
    sum * 2.0 / std::f64::consts::PI.sqrt() * (-x * x).exp()
}

fn erfc_by_fraction(x: f64) -> f64 {
    // Evaluated from the far end; sixty levels give full precision from x = 2 on.
    let tail = (1..=60)
        .rev()
        .fold(0.0, |tail, level| f64::from(level) / 2.0 / (x + tail));
    (-x * x).exp() / (std::f64::consts::PI.sqrt() * (x + tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(z: f64, expected: f64) {
        let p = two_sided_p(z);
        assert!((p - expected).abs() < 1e-9, "{z}: {p} is not {expected}");
    }

    #[test]
    fn tails_match_the_tables() {
        check(0.0, 1.0);
        check(1.0, 0.317_310_507_863);
        check(-1.0, 0.317_310_507_863);
        check(Z95, 0.05);
        check(2.575_829_303_549, 0.01);
        check(2.828, 0.004_683_980_653_6);
        check(2.829, 0.004_669_369_895_8);
        check(4.0, 0.000_063_342_483_7);
        check(50.0, 0.0);
    }
}
