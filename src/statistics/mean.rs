//! Means: Student's interval and Welch's difference (Welch 1947).

use super::{Difference, Interval, Z95, two_sided_p};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// From so many degrees of freedom on, Student's law and the normal one agree to six digits.
const NEARLY_NORMAL: f64 = 1e6;

/// Count, sum and sum of squares of a sample, added in the order of the records.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// How many values.
    pub n: u64,
    sum: f64,
    squares: f64,
}

impl Moments {
    /// Adds one finite value.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        self.sum += value;
        self.squares += value * value;
    }

    /// The mean; `None` without values.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / self.n as f64)
    }

    /// Variance of the mean; `None` below two values, where spread is unknown.
    fn variance_of_mean(&self) -> Option<f64> {
        if self.n < 2 {
            return None;
        }
        let n = self.n as f64;
        let spread = (self.squares - self.sum * self.sum / n) / (n - 1.0);
        Some(spread.max(0.0) / n)
    }

    /// Standard error of the mean; `None` below two values.
    pub fn standard_error(&self) -> Option<f64> {
        self.variance_of_mean().map(f64::sqrt)
    }

    /// Student's 95 % interval of the mean; `None` below two values.
    pub fn interval(&self) -> Option<Interval> {
        let margin = student_95(self.n as f64 - 1.0) * self.variance_of_mean()?.sqrt();
        Some(Interval::around(self.mean()?, margin))
    }
}

/// Difference of two means, now minus before, with Welch's 95 % interval; `None` when a side has fewer than two values or
/// neither varies, which leaves nothing to test against.
pub fn mean_difference(now: &Moments, before: &Moments) -> Option<Difference> {
    let value = now.mean()? - before.mean()?;
    let (a, b) = (now.variance_of_mean()?, before.variance_of_mean()?);
    let variance = a + b;
    if variance <= 0.0 {
        return None;
    }
    let freedom =
        variance * variance / (a * a / (now.n as f64 - 1.0) + b * b / (before.n as f64 - 1.0));
    let error = variance.sqrt();
    let quantile = student_95(freedom);
    Some(Difference {
        value,
        interval: Interval::around(value, quantile * error),
        // Stretching the scale by the two quantiles makes p = 0.05 fall exactly where the interval touches 0.
        p: two_sided_p(value / error * Z95 / quantile),
    })
}

/// The point a Student variable exceeds on either side once in twenty; freedom below 1 counts as 1.
fn student_95(freedom: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, freedom.max(1.0)) {
        Ok(law) if freedom < NEARLY_NORMAL => law.inverse_cdf(0.975),
        _ => Z95,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        values.iter().for_each(|value| moments.add(*value));
        moments
    }

    #[test]
    fn student_matches_the_tables() {
        for (freedom, expected) in [
            (1.0, 12.706),
            (2.0, 4.303),
            (8.0, 2.306),
            (9.0, 2.262),
            (29.0, 2.045),
            (100.0, 1.984),
            (1e9, 1.960),
        ] {
            assert!(
                (student_95(freedom) - expected).abs() < 1e-3,
                "{freedom}: {}",
                student_95(freedom)
            );
        }
    }

    #[test]
    fn a_mean_has_students_interval() {
        let sample = moments(&[1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 4.0, 3.0, 5.0, 4.0]);
        assert!((sample.mean().unwrap() - 3.6).abs() < 1e-12);
        let interval = sample.interval().unwrap();
        assert!(
            (interval.low - 2.6344).abs() < 1e-3 && (interval.high - 4.5656).abs() < 1e-3,
            "{interval:?}"
        );
    }

    #[test]
    fn a_constant_or_empty_sample_proves_nothing() {
        assert_eq!(moments(&[]).mean(), None);
        assert_eq!(moments(&[4.0]).interval(), None);
        assert_eq!(
            mean_difference(&moments(&[5.0; 20]), &moments(&[4.0; 20])),
            None
        );
    }

    #[test]
    fn a_clear_difference_passes_and_a_small_one_does_not() {
        let low = moments(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
        let high = moments(&[4.0, 5.0, 4.0, 5.0, 4.0, 5.0, 4.0, 5.0, 4.0, 5.0]);
        let close = moments(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 2.0, 2.0]);
        assert!(
            mean_difference(&high, &low)
                .unwrap()
                .interval
                .excludes_zero()
        );
        assert!(
            !mean_difference(&close, &low)
                .unwrap()
                .interval
                .excludes_zero()
        );
    }
}
