//! The normal law: its 97.5 % point and its tails.

use statrs::function::erf::erfc;

/// The point a standard normal variable exceeds, on either side, once in twenty.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Chance, 0 to 1, that a standard normal variable lies at least as far from 0 as `z`; 1 at 0.
pub fn two_sided_p(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2).clamp(0.0, 1.0)
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
