//! Logistic regression with a prior, for sparse observations.
//!
//! Source: penalised maximum likelihood with a Gaussian prior (MAP); Liu & Nocedal, "On the limited memory BFGS method
//! for large scale optimization", Mathematical Programming 45 (1989). Own code: the crates for it bring dense linear
//! algebra, and their line searches do not promise the same bits from one release to the next.

/// Observations of few columns each.
#[derive(Clone, Debug, Default)]
pub struct SparseRows {
    /// Where each row starts, and where the last one ends.
    bounds: Vec<usize>,
    cells: Vec<(u32, f32)>,
}

impl SparseRows {
    /// Adds a row; a column may come twice, and counts twice then.
    pub fn push(&mut self, cells: impl IntoIterator<Item = (u32, f32)>) {
        if self.bounds.is_empty() {
            self.bounds.push(0);
        }
        self.cells.extend(cells);
        self.bounds.push(self.cells.len());
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// True without a row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> &[(u32, f32)] {
        &self.cells[self.bounds[row]..self.bounds[row + 1]]
    }
}

/// What is known beside the cells of each row.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// What the row sums to where every coefficient is at its prior.
    pub offset: f64,
    /// What was seen.
    pub is_true: bool,
    /// How much the row counts; 0 leaves it out.
    pub weight: f64,
}

/// Vectors that the method remembers.
const MEMORY: usize = 8;

/// Steps at most.
const STEPS: usize = 120;

/// The steps end when the loss falls by less than this share of itself.
const TOLERANCE: f64 = 1e-7;

/// How far each coefficient moves from its prior: the maximum of the penalised likelihood of `outcomes`, where a row is
/// true with probability σ(offset + Σ value · move) and a move costs ½ · penalty · move².
///
/// One outcome a row, one penalty a column, all above 0. Without rows nothing moves.
pub fn logistic_moves(rows: &SparseRows, outcomes: &[Outcome], penalties: &[f64]) -> Vec<f64> {
    let columns = penalties.len();
    let loss = |moves: &[f64], gradient: &mut [f64]| {
        let mut loss = 0.0;
        for ((gradient, penalty), value) in gradient.iter_mut().zip(penalties).zip(moves) {
            *gradient = penalty * value;
            loss += 0.5 * penalty * value * value;
        }
        for (row, outcome) in outcomes.iter().enumerate() {
            if outcome.weight == 0.0 {
                continue;
            }
            let cells = rows.row(row);
            let sum: f64 = cells
                .iter()
                .map(|(column, value)| f64::from(*value) * moves[*column as usize])
                .sum();
            let sign = if outcome.is_true { 1.0 } else { -1.0 };
            let margin = sign * (outcome.offset + sum);
            // ln(1 + e^−m), without overflow on either side.
            loss += outcome.weight * ((-margin.abs()).exp().ln_1p() + (-margin).max(0.0));
            let slope = -sign * outcome.weight / (1.0 + margin.exp());
            for (column, value) in cells {
                gradient[*column as usize] += slope * f64::from(*value);
            }
        }
        loss
    };
    let mut at = vec![0.0; columns];
    let mut gradient = vec![0.0; columns];
    let mut value = loss(&at, &mut gradient);
    let mut history: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..STEPS {
        let direction = direction(&gradient, &history, penalties);
        let slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            break;
        }
        let mut step = 1.0;
        let mut next_gradient = vec![0.0; columns];
        let (next, next_value) = loop {
            let next: Vec<f64> = at
                .iter()
                .zip(&direction)
                .map(|(at, direction)| at + step * direction)
                .collect();
            let next_value = loss(&next, &mut next_gradient);
            if next_value <= value + 1e-4 * step * slope || step < 1e-8 {
                break (next, next_value);
            }
            step *= 0.5;
        };
        let moved: Vec<f64> = next.iter().zip(&at).map(|(a, b)| a - b).collect();
        let bent: Vec<f64> = next_gradient
            .iter()
            .zip(&gradient)
            .map(|(a, b)| a - b)
            .collect();
        let curvature = dot(&moved, &bent);
        if curvature > 1e-12 {
            if history.len() == MEMORY {
                history.remove(0);
            }
            history.push((moved, bent, 1.0 / curvature));
        }
        let fell = value - next_value;
        (at, gradient, value) = (next, next_gradient, next_value);
        if fell <= TOLERANCE * value.abs() {
            break;
        }
    }
    at
}

/// Where to go from here: the two loops of L-BFGS, started from the inverse of the penalties.
fn direction(
    gradient: &[f64],
    history: &[(Vec<f64>, Vec<f64>, f64)],
    penalties: &[f64],
) -> Vec<f64> {
    let mut q: Vec<f64> = gradient.to_vec();
    let mut shares = Vec::with_capacity(history.len());
    for (moved, bent, inverse) in history.iter().rev() {
        let share = inverse * dot(moved, &q);
        q.iter_mut().zip(bent).for_each(|(q, y)| *q -= share * y);
        shares.push(share);
    }
    match history.last() {
        Some((moved, bent, _)) => {
            let scale = dot(moved, bent) / dot(bent, bent);
            q.iter_mut().for_each(|q| *q *= scale);
        }
        None => q.iter_mut().zip(penalties).for_each(|(q, p)| *q /= p),
    }
    for ((moved, bent, inverse), share) in history.iter().zip(shares.into_iter().rev()) {
        let back = inverse * dot(bent, &q);
        q.iter_mut()
            .zip(moved)
            .for_each(|(q, s)| *q += (share - back) * s);
    }
    q.iter_mut().for_each(|q| *q = -*q);
    q
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(is_true: bool) -> Outcome {
        Outcome {
            offset: 0.0,
            is_true,
            weight: 1.0,
        }
    }

    #[test]
    fn one_column_moves_to_where_evidence_and_penalty_balance() {
        // 3 of 4 rows with the column at 1 are true. At the optimum 4σ(m) − 3 + 0.5m = 0, so m = 0.7116…
        let mut rows = SparseRows::default();
        for _ in 0..4 {
            rows.push([(0, 1.0)]);
        }
        let outcomes = [outcome(true), outcome(true), outcome(true), outcome(false)];
        let moves = logistic_moves(&rows, &outcomes, &[0.5]);
        let residual = 4.0 / (1.0 + (-moves[0]).exp()) - 3.0 + 0.5 * moves[0];
        assert!(residual.abs() < 1e-4, "{moves:?}");
    }

    #[test]
    fn what_the_offset_explains_moves_nothing_and_no_rows_move_nothing() {
        let mut rows = SparseRows::default();
        rows.push([(0, 1.0)]);
        let explained = Outcome {
            offset: 40.0,
            ..outcome(true)
        };
        assert!(logistic_moves(&rows, &[explained], &[1.0])[0].abs() < 1e-6);
        assert_eq!(
            logistic_moves(&SparseRows::default(), &[], &[1.0]),
            vec![0.0]
        );
    }
}
