//! What goes with an outcome: relative weights (Johnson 2000, Multivariate Behavioral Research 35) and least squares.

use super::ordered_sum;

/// Eigenvalues and pivots below this are none: columns that repeat others say nothing new.
const TINY: f64 = 1e-9;

/// Coefficients of a regression, the constant first.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// One a column; 0 for a column that does not vary or repeats others.
    pub coefficients: Vec<f64>,
    /// Their covariances; 0 where the coefficient is 0 by rule.
    pub covariances: Vec<Vec<f64>>,
}

/// Ordinary least squares of `outcome` on rows of `width` columns and a constant. `row` gives the cells of a row that are not
/// zero, columns rising: most are. `None` with no more rows than coefficients.
pub fn least_squares<R: Iterator<Item = (usize, f64)>>(
    width: usize,
    row: impl Fn(usize) -> R,
    outcome: &[f64],
) -> Option<Fitted> {
    let width = width + 1;
    if outcome.len() <= width {
        return None;
    }
    let cells = |at: usize| {
        std::iter::once((0, 1.0)).chain(row(at).map(|(column, value)| (column + 1, value)))
    };
    let mut products = vec![vec![0.0; width]; width];
    let mut with = vec![0.0; width];
    for (at, y) in outcome.iter().enumerate() {
        for (a, x) in cells(at) {
            with[a] += x * y;
            for (b, z) in cells(at) {
                products[a][b] += x * z;
            }
        }
    }
    let inverse = inverse(products);
    let coefficients: Vec<f64> = inverse
        .iter()
        .map(|row| ordered_sum(row.iter().zip(&with).map(|(a, b)| a * b)))
        .collect();
    let error = |(at, y): (usize, &f64)| {
        let fit = ordered_sum(cells(at).map(|(a, x)| coefficients[a] * x));
        (y - fit).powi(2)
    };
    let freedom = (outcome.len() - width) as f64;
    let variance = ordered_sum(outcome.iter().enumerate().map(error)) / freedom;
    Some(Fitted {
        coefficients,
        covariances: inverse
            .into_iter()
            .map(|row| row.into_iter().map(|value| value * variance).collect())
            .collect(),
    })
}

/// The inverse of a symmetric matrix by Gauss–Jordan elimination; rows and columns that repeat others are 0.
fn inverse(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let width = matrix.len();
    let scale: Vec<f64> = (0..width).map(|at| matrix[at][at].abs().max(1.0)).collect();
    let mut inverse = vec![vec![0.0; width]; width];
    let mut is_out = vec![false; width];
    for (at, row) in inverse.iter_mut().enumerate() {
        row[at] = 1.0;
    }
    for pivot in 0..width {
        let value = matrix[pivot][pivot];
        if value.abs() < TINY * scale[pivot] {
            is_out[pivot] = true;
            continue;
        }
        for column in 0..width {
            matrix[pivot][column] /= value;
            inverse[pivot][column] /= value;
        }
        for row in 0..width {
            let factor = matrix[row][pivot];
            if row == pivot || factor == 0.0 {
                continue;
            }
            for column in 0..width {
                matrix[row][column] -= factor * matrix[pivot][column];
                inverse[row][column] -= factor * inverse[pivot][column];
            }
        }
    }
    for (row, of_row) in inverse.iter_mut().enumerate() {
        for (column, value) in of_row.iter_mut().enumerate() {
            if is_out[row] || is_out[column] {
                *value = 0.0;
            }
        }
    }
    inverse
}

/// How much of the outcome's spread each column goes with, shared fairly among columns that go together: not below 0, their
/// sum is R². From the correlations among the columns and of each with the outcome. `None` without columns.
pub fn relative_weights(among: &[Vec<f64>], with: &[f64]) -> Option<Vec<f64>> {
    let width = with.len();
    if width == 0 {
        return None;
    }
    let (values, vectors) = eigen(among.to_vec());
    // Λ = V √L Vᵀ, and its inverse, without the directions nobody differs in.
    let made = |part: fn(f64) -> f64| -> Vec<Vec<f64>> {
        let cell = |a: usize, b: usize| {
            let of_value = |(at, value): (usize, &f64)| {
                let scaled = if *value > TINY { part(*value) } else { 0.0 };
                vectors[a][at] * scaled * vectors[b][at]
            };
            ordered_sum(values.iter().enumerate().map(of_value))
        };
        (0..width)
            .map(|a| (0..width).map(|b| cell(a, b)).collect())
            .collect()
    };
    let root = made(f64::sqrt);
    let back = made(|value| 1.0 / value.sqrt());
    let beta: Vec<f64> = back
        .iter()
        .map(|row| ordered_sum(row.iter().zip(with).map(|(a, b)| a * b)))
        .collect();
    let weight = |row: &Vec<f64>| {
        ordered_sum(
            row.iter()
                .zip(&beta)
                .map(|(path, beta)| (path * beta).powi(2)),
        )
    };
    Some(root.iter().map(weight).collect())
}

/// Eigenvalues of a symmetric matrix and its eigenvectors as columns, by Jacobi's rotations.
#[expect(
    clippy::needless_range_loop,
    reason = "matrices are read and written by two places at once"
)]
fn eigen(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    /// Sweeps at most; a dozen columns need six or seven.
    const SWEEPS: usize = 60;
    let width = matrix.len();
    let mut vectors = vec![vec![0.0; width]; width];
    for (at, row) in vectors.iter_mut().enumerate() {
        row[at] = 1.0;
    }
    for _ in 0..SWEEPS {
        let mut largest = 0.0_f64;
        for a in 0..width {
            for b in a + 1..width {
                let off = matrix[a][b];
                largest = largest.max(off.abs());
                if off.abs() < 1e-15 {
                    continue;
                }
                let theta = (matrix[b][b] - matrix[a][a]) / (2.0 * off);
                let sign = if theta < 0.0 { -1.0 } else { 1.0 };
                let tangent = sign / (theta.abs() + theta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let sine = tangent * cosine;
                for at in 0..width {
                    let (x, y) = (matrix[at][a], matrix[at][b]);
                    matrix[at][a] = cosine * x - sine * y;
                    matrix[at][b] = sine * x + cosine * y;
                }
                for at in 0..width {
                    let (x, y) = (matrix[a][at], matrix[b][at]);
                    matrix[a][at] = cosine * x - sine * y;
                    matrix[b][at] = sine * x + cosine * y;
                }
                for row in &mut vectors {
                    let (x, y) = (row[a], row[b]);
                    row[a] = cosine * x - sine * y;
                    row[b] = sine * x + cosine * y;
                }
            }
        }
        if largest < 1e-14 {
            break;
        }
    }
    ((0..width).map(|at| matrix[at][at]).collect(), vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    /// Lindeman, Merenda & Gold: the mean gain in R² over all orders in which columns may come.
    fn lmg(among: &[Vec<f64>], with: &[f64]) -> Vec<f64> {
        let width = with.len();
        let explained = |set: usize| {
            let chosen: Vec<usize> = (0..width).filter(|at| set >> at & 1 == 1).collect();
            let part = |a: &usize| chosen.iter().map(|b| among[*a][*b]).collect();
            let inverse = inverse(chosen.iter().map(part).collect());
            let mut sum = 0.0;
            for (a, row) in chosen.iter().zip(&inverse) {
                for (b, value) in chosen.iter().zip(row) {
                    sum += with[*a] * value * with[*b];
                }
            }
            sum
        };
        let factorial = |n: usize| (1..=n).product::<usize>() as f64;
        (0..width)
            .map(|one| {
                (0..1_usize << width)
                    .filter(|set| set >> one & 1 == 0)
                    .map(|set| {
                        let size = set.count_ones() as usize;
                        let orders =
                            factorial(size) * factorial(width - size - 1) / factorial(width);
                        orders * (explained(set | 1 << one) - explained(set))
                    })
                    .sum()
            })
            .collect()
    }

    #[test]
    fn relative_weights_and_lmg_match_the_golden_vector() {
        let among = vec![vec![1.0, 0.3], vec![0.3, 1.0]];
        let with = [0.5, 0.4];
        for weights in [relative_weights(&among, &with).unwrap(), lmg(&among, &with)] {
            close(weights[0], 0.204341);
            close(weights[1], 0.114341);
            close(weights.iter().sum(), 0.318681);
        }
    }

    #[test]
    fn relative_weights_stay_close_to_lmg_for_more_columns() {
        let among = vec![
            vec![1.0, 0.4, 0.2, 0.1],
            vec![0.4, 1.0, 0.3, 0.0],
            vec![0.2, 0.3, 1.0, 0.5],
            vec![0.1, 0.0, 0.5, 1.0],
        ];
        let with = [0.5, 0.3, 0.4, -0.2];
        let (johnson, shapley) = (relative_weights(&among, &with).unwrap(), lmg(&among, &with));
        for (a, b) in johnson.iter().zip(&shapley) {
            assert!((a - b).abs() < 0.03, "{johnson:?} {shapley:?}");
        }
        close(johnson.iter().sum(), shapley.iter().sum());
    }

    #[test]
    fn columns_that_repeat_others_share_and_do_not_break() {
        let among = vec![vec![1.0, 1.0], vec![1.0, 1.0]];
        let weights = relative_weights(&among, &[0.6, 0.6]).unwrap();
        close(weights[0], 0.18);
        close(weights[1], 0.18);
        assert_eq!(relative_weights(&[], &[]), None);
    }

    #[test]
    fn least_squares_finds_the_line_and_its_doubt() {
        let row = |x: usize| [(0, x as f64), (1, 1.0)].into_iter();
        // By hand: Sxy / Sxx = 17 / 17.5, and the line runs through the means 2.5 and 3.6667; the second column is constant.
        let outcome = [1.0, 2.5, 3.0, 4.5, 5.0, 6.0];
        let fitted = least_squares(2, row, &outcome).unwrap();
        close(fitted.coefficients[0], 1.238_095_238);
        close(fitted.coefficients[1], 0.971_428_571);
        close(fitted.coefficients[2], 0.0);
        close(fitted.covariances[2][2], 0.0);
        assert!(fitted.covariances[1][1] > 0.0);
        assert_eq!(least_squares(2, row, &outcome[..3]), None);
    }
}
