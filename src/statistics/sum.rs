//! Sums that do not depend on luck: Neumaier's compensated sum (Neumaier 1974), in the order given.

/// The sum of `values`, in their order; 0 when there is none.
pub fn ordered_sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = 0.0_f64;
    let mut lost = 0.0_f64;
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() {
            (sum - next) + value
        } else {
            (value - next) + sum
        };
        sum = next;
    }
    sum + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f64], expected: f64) {
        assert_eq!(ordered_sum(values.iter().copied()), expected);
    }

    #[test]
    fn small_values_survive_large_ones() {
        check(&[], 0.0);
        check(&[1.5], 1.5);
        check(&[1.0, 1e100, 1.0, -1e100], 2.0);
        check(&[0.1; 10], 1.0);
    }
}
