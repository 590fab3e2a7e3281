//! Vectors as flat arrays: sparse rows of terms, dense rows of coordinates.

use super::widely;
use rayon::prelude::*;

/// Rows a parallel task takes at once. Fixed, so that results cannot depend on the number of threads.
pub const CHUNK: usize = 1024;

/// Sums kept beside each other, so that the processor adds them at once.
const LANES: usize = 8;

/// Rows of which only the values that are not zero are kept, lowest column first.
#[derive(Clone, Debug, Default)]
pub struct Sparse {
    /// Row `i` owns `starts[i]..starts[i + 1]` of the two other arrays.
    pub starts: Vec<usize>,
    pub columns: Vec<u32>,
    pub values: Vec<f32>,
    /// How many columns there are.
    pub width: usize,
}

impl Sparse {
    /// No row yet.
    pub fn empty(width: usize) -> Sparse {
        Sparse {
            starts: vec![0],
            width,
            ..Sparse::default()
        }
    }

    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let range = self.starts[row]..self.starts[row + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    pub fn push(&mut self, entries: impl IntoIterator<Item = (u32, f32)>) {
        for (column, value) in entries {
            self.columns.push(column);
            self.values.push(value);
        }
        self.starts.push(self.columns.len());
    }

    /// Some of the rows, in the order asked for.
    pub fn picked(&self, rows: impl IntoIterator<Item = usize>) -> Sparse {
        let mut some = Sparse::empty(self.width);
        for row in rows {
            let (columns, values) = self.row(row);
            some.push(columns.iter().copied().zip(values.iter().copied()));
        }
        some
    }

    /// The rows of all parts, in their order.
    pub fn joined(width: usize, parts: Vec<Sparse>) -> Sparse {
        let mut all = Sparse::empty(width);
        for part in parts {
            let base = all.columns.len();
            all.columns.extend_from_slice(&part.columns);
            all.values.extend_from_slice(&part.values);
            all.starts
                .extend(part.starts[1..].iter().map(|start| base + start));
        }
        all
    }

    /// Columns become rows.
    pub fn transposed(&self) -> Sparse {
        let mut starts = vec![0_usize; self.width + 1];
        for &column in &self.columns {
            starts[column as usize + 1] += 1;
        }
        for column in 0..self.width {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let mut columns = vec![0; self.columns.len()];
        let mut values = vec![0.0; self.columns.len()];
        for row in 0..self.rows() {
            let (of, value) = self.row(row);
            for (&column, &value) in of.iter().zip(value) {
                let place = &mut next[column as usize];
                columns[*place] = row as u32;
                values[*place] = value;
                *place += 1;
            }
        }
        Sparse {
            starts,
            columns,
            values,
            width: self.rows(),
        }
    }

    /// The product with a dense matrix that has one row a column of this one.
    pub fn times(&self, right: &Dense) -> Dense {
        let mut product = Dense::zero(self.rows(), right.width);
        product
            .values
            .par_chunks_mut(CHUNK * right.width)
            .enumerate()
            .for_each(|(chunk, out)| {
                widely(
                    #[inline(always)]
                    || {
                        for (offset, out) in out.chunks_exact_mut(right.width).enumerate() {
                            let (columns, values) = self.row(chunk * CHUNK + offset);
                            for (&column, &value) in columns.iter().zip(values) {
                                add_scaled(out, right.row(column as usize), value);
                            }
                        }
                    },
                );
            });
        product
    }
}

/// Rows of equal width, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Dense {
    pub values: Vec<f32>,
    /// Values a row; at least 1.
    pub width: usize,
}

impl Dense {
    pub fn zero(rows: usize, width: usize) -> Dense {
        Dense {
            values: vec![0.0; rows * width],
            width,
        }
    }

    pub fn rows(&self) -> usize {
        self.values.len() / self.width
    }

    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.width..(row + 1) * self.width]
    }
}

/// Adds `factor` times one row to another.
#[inline(always)]
pub fn add_scaled(sum: &mut [f32], row: &[f32], factor: f32) {
    for (sum, value) in sum.iter_mut().zip(row) {
        *sum += factor * value;
    }
}

/// Sum of products, in eight sums that do not wait for each other.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (blocks_a, rest_a) = a.as_chunks::<LANES>();
    let (blocks_b, rest_b) = b.as_chunks::<LANES>();
    for (a, b) in blocks_a.iter().zip(blocks_b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// Products of a row with four others. Each is what [`dot`] gives, to the last bit: four times eight sums do not wait for each
/// other, and the row is loaded once.
#[inline(always)]
pub fn four_dots(row: &[f32], others: [&[f32]; 4]) -> [f32; 4] {
    let mut sums = [[0.0_f32; LANES]; 4];
    let (blocks, rest) = row.as_chunks::<LANES>();
    let [a, b, c, d] = others.map(|other| other.as_chunks::<LANES>());
    for ((((row, a), b), c), d) in blocks.iter().zip(a.0).zip(b.0).zip(c.0).zip(d.0) {
        for lane in 0..LANES {
            sums[0][lane] += row[lane] * a[lane];
            sums[1][lane] += row[lane] * b[lane];
            sums[2][lane] += row[lane] * c[lane];
            sums[3][lane] += row[lane] * d[lane];
        }
    }
    let mut rests = [a.1, b.1, c.1, d.1].into_iter();
    sums.map(|sums| {
        let other = rests.next().unwrap_or_default();
        let rest: f32 = rest.iter().zip(other).map(|(a, b)| a * b).sum();
        sums.iter().sum::<f32>() + rest
    })
}

/// Gives a row length 1; a row of zeros stays.
pub fn normalise(row: &mut [f32]) {
    let square: f64 = row
        .iter()
        .map(|&value| f64::from(value) * f64::from(value))
        .sum();
    if square > 0.0 {
        let factor = (1.0 / square.sqrt()) as f32;
        row.iter_mut().for_each(|value| *value *= factor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Sparse {
        let mut rows = Sparse::empty(3);
        rows.push([(0, 1.0), (2, 2.0)]);
        rows.push([]);
        rows.push([(1, 3.0)]);
        rows
    }

    #[test]
    fn columns_become_rows() {
        let turned = small().transposed();
        assert_eq!(turned.row(0), (&[0][..], &[1.0][..]));
        assert_eq!(turned.row(1), (&[2][..], &[3.0][..]));
        assert_eq!(turned.row(2), (&[0][..], &[2.0][..]));
        assert_eq!((turned.rows(), turned.width), (3, 3));
    }

    #[test]
    fn a_product_adds_the_rows_named() {
        let right = Dense {
            values: vec![1.0, 10.0, 2.0, 20.0, 3.0, 30.0],
            width: 2,
        };
        assert_eq!(
            small().times(&right).values,
            [7.0, 70.0, 0.0, 0.0, 6.0, 60.0]
        );
    }

    #[test]
    fn four_products_at_once_are_those_of_one_at_a_time() {
        let mut chance = crate::algebra::Chance::new(5, 0);
        for width in [1, 7, 8, 19, 64] {
            let mut row = || -> Vec<f32> {
                let values = (0..width).map(|_| chance.fraction() as f32 - 0.3);
                values.collect()
            };
            let (one, others) = (row(), [row(), row(), row(), row()]);
            let others = others.each_ref().map(Vec::as_slice);
            let bits = |products: [f32; 4]| products.map(f32::to_bits);
            let single = others.map(|other| dot(&one, other));
            assert_eq!(bits(four_dots(&one, others)), bits(single));
        }
    }

    #[test]
    fn a_row_of_zeros_has_no_direction() {
        let mut row = [0.0, 0.0];
        normalise(&mut row);
        assert_eq!(row, [0.0, 0.0]);
    }
}
