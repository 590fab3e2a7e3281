//! Slow change: exponentially weighted means (Roberts 1959) and cumulative sums (Page 1954), as in Montgomery, Statistical
//! Quality Control, chapter 9.

/// The weighted mean after the last value, each new value weighing `share` and all before it the rest; `start` without values.
pub fn ewma(start: f64, values: impl IntoIterator<Item = f64>, share: f64) -> f64 {
    let step = |mean: f64, value: f64| share * value + (1.0 - share) * mean;
    values.into_iter().fold(start, step)
}

/// How far from its start such a mean strays by chance, `widths` standard errors wide, after so many values of this deviation.
pub fn ewma_margin(deviation: f64, steps: i32, share: f64, widths: f64) -> f64 {
    let settled = 1.0 - (1.0 - share).powi(2 * steps);
    widths * deviation * (share / (2.0 - share) * settled).sqrt()
}

/// The largest cumulative sums upwards and downwards of standardised values, each value less `slack` of its deviation; alarms
/// are due from about 5 on. Zeros without values.
pub fn cusum(values: impl IntoIterator<Item = f64>, slack: f64) -> (f64, f64) {
    let (mut up, mut down) = (0.0_f64, 0.0_f64);
    let mut largest = (0.0_f64, 0.0_f64);
    for value in values {
        up = (up + value - slack).max(0.0);
        down = (down - value - slack).max(0.0);
        largest = (largest.0.max(up), largest.1.max(down));
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weighted_mean_matches_the_golden_vector() {
        let values = [4.0, 6.0, 5.0, 7.0, 3.0, 6.0, 5.0, 4.0, 14.0];
        assert!((ewma(5.0, values, 0.3) - 7.5571).abs() < 1e-4);
        let limit = 5.0 + ewma_margin(5.0_f64.sqrt(), 9, 0.3, 3.0);
        assert!((limit - 7.8157).abs() < 1e-4, "{limit}");
    }

    #[test]
    fn small_steps_one_way_add_up() {
        assert_eq!(cusum([0.0; 9], 0.5), (0.0, 0.0));
        let (up, down) = cusum([1.5; 6], 0.5);
        assert!((up - 6.0).abs() < 1e-12 && down == 0.0);
        assert_eq!(cusum([], 0.5), (0.0, 0.0));
    }
}
