//! Intervals, tests and ordered sums: numbers in, numbers out.
//!
//! Invariant: no result is NaN or infinite. Where a number cannot be computed (no observation, no variance to speak of)
//! the answer is `None`, never a made-up zero.

mod agreement;
mod bootstrap;
mod coherence;
mod discovery;
mod drift;
mod fisher;
mod keyness;
mod logistic;
mod mean;
mod net;
mod normal;
mod proportion;
mod quantile;
mod regression;
mod sum;
mod surprise;

pub use agreement::{Agreement, Classification, agreement, classification, spearman};
pub use bootstrap::{Resampled, bootstrap};
pub use coherence::{Coherence, coherence};
pub use discovery::benjamini_hochberg;
pub use drift::{cusum, ewma, ewma_margin};
pub use fisher::fisher_p;
pub use keyness::{LogOdds, log_odds};
pub use logistic::{Outcome, SparseRows, logistic_moves};
pub use mean::{Moments, mean_difference};
pub use net::{ClusteredNet, Split, net_difference};
pub use normal::{Z95, two_sided_p};
pub use proportion::{newcombe, proportion_p, wilson};
pub use quantile::{quantile, quantile_difference, quantile_interval};
pub use regression::{Fitted, least_squares, relative_weights};
pub use sum::ordered_sum;
pub use surprise::{Seen, Surprise, shared_scatter, surprise};

/// A 95 % confidence interval: from `low` to `high`, both included, in the unit of the number it goes with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end; not below `low`.
    pub high: f64,
}

impl Interval {
    /// From `centre − margin` to `centre + margin`.
    pub fn around(centre: f64, margin: f64) -> Self {
        Self {
            low: centre - margin,
            high: centre + margin,
        }
    }

    /// The part between `low` and `high`.
    pub fn clipped(self, low: f64, high: f64) -> Self {
        Self {
            low: self.low.clamp(low, high),
            high: self.high.clamp(low, high),
        }
    }

    /// True when 0 is not inside: for an interval of a difference, the test passes at 5 %.
    pub fn excludes_zero(self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// What came out of comparing two samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Now minus before, in the unit of the compared numbers.
    pub value: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// Chance, 0 to 1, of a difference at least this large when nothing changed.
    pub p: f64,
}
