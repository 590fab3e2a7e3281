//! What goes with the score customers give: Johnson's relative weights (2000) of what they say about themes, and the
//! penalty–reward contrast (Brandt 1987): regression on "spoken ill of" and "spoken well of".

use super::{LeadScore, Settings, windows::Windows};
use crate::{
    analysis::AnalyzedFeedback,
    sentiment::Polarity,
    statistics::{Interval, Z95, least_squares, ordered_sum, relative_weights},
};

/// Themes weighed against each other: beyond this each has too few comments of its own.
const MOST_THEMES: usize = 12;

/// Answers needed for each theme weighed.
const ANSWERS_PER_THEME: usize = 20;

/// Answers needed at all.
const FEWEST_ANSWERS: usize = 100;

/// What a theme does when it goes well, and when it goes badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It costs when it goes badly, and gains little when it goes well: taken for granted.
    Basic,
    /// It costs and gains alike.
    Performance,
    /// It gains when it goes well, and costs little when it does not: a pleasant surprise.
    Delight,
}

/// A theme among those that go with the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Driver {
    /// Position in [`crate::analysis::Analysis::themes`].
    pub theme: usize,
    /// Answers with a comment that names it.
    pub answers: u64,
    /// Its part of what the themes together explain, 0–1.
    pub weight: f64,
    /// How much lower the score is where it is spoken ill of, other themes alike, in the unit of the score; 95 % interval.
    pub penalty: (f64, Interval),
    /// How much higher where it is spoken well of.
    pub reward: (f64, Interval),
    /// What the two say; `None` where chance would explain them.
    pub role: Option<Role>,
}

/// Themes that go with the score. Associations: what moves together need not move each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Drivers {
    /// Answers with a comment.
    pub answers: u64,
    /// Share of the score's spread that the themes together go with, 0–1.
    pub explained: f64,
    /// Heaviest first; ties by position.
    pub themes: Vec<Driver>,
}

/// Weighs the themes named most in the period and the (up to twelve) periods before it; `None` where customers gave no score, or
/// too few did.
pub(super) fn measure(
    windows: &Windows,
    lead: LeadScore,
    is_told: &[bool],
    settings: &Settings,
) -> Option<Drivers> {
    if !lead.is_given() {
        return None;
    }
    let mut outcome = Vec::new();
    let mut said = Said::default();
    let mut count = vec![0_usize; is_told.len()];
    let earlier = windows.baseline.iter().flatten();
    for record in windows.current.iter().chain(earlier) {
        let Some(value) = lead.value(record).filter(|_| super::has_text(record)) else {
            continue;
        };
        outcome.push(value);
        said.add(record, is_told);
        (said.of(outcome.len() - 1).iter()).for_each(|(theme, _)| count[*theme as usize] += 1);
    }
    let mut themes: Vec<usize> = (0..count.len())
        .filter(|theme| count[*theme] as u64 >= settings.indicative_base)
        .collect();
    themes.sort_by_key(|theme| (std::cmp::Reverse(count[*theme]), *theme));
    themes.truncate(MOST_THEMES.min(outcome.len() / ANSWERS_PER_THEME));
    if outcome.len() < FEWEST_ANSWERS || themes.len() < 2 {
        return None;
    }
    let width = themes.len();
    said.keep(&themes);
    // One column a theme: badly −1, well 1.
    let row = |at: usize| {
        let balance = |(column, balance): &(u32, i8)| (*column as usize, f64::from(*balance));
        said.of(at).iter().map(balance)
    };
    // Two columns a theme, badly and well: 1 in one of them.
    let parted = |at: usize| {
        (said.of(at).iter())
            .map(|(column, balance)| (2 * *column as usize + usize::from(*balance > 0), 1.0))
    };
    let (among, with) = correlations(width, row, &outcome)?;
    let weights = relative_weights(&among, &with)?;
    let explained = ordered_sum(weights.iter().copied());
    let fitted = least_squares(2 * width, parted, &outcome)?;
    let mut drivers: Vec<Driver> = (0..width)
        .map(|column| {
            // Columns are counted after the constant.
            let (bad, good) = (2 * column + 1, 2 * column + 2);
            let told = |value: f64, variance: f64| {
                (
                    value,
                    Interval::around(value, Z95 * variance.max(0.0).sqrt()),
                )
            };
            let variance = |a: usize, b: usize| fitted.covariances[a][b];
            let penalty = told(-fitted.coefficients[bad], variance(bad, bad));
            let reward = told(fitted.coefficients[good], variance(good, good));
            let contrast = told(
                penalty.0 - reward.0,
                variance(bad, bad) + variance(good, good) + 2.0 * variance(bad, good),
            );
            Driver {
                theme: themes[column],
                answers: count[themes[column]] as u64,
                weight: if explained > 0.0 {
                    weights[column] / explained
                } else {
                    0.0
                },
                penalty,
                reward,
                role: role(penalty.1, reward.1, contrast.1),
            }
        })
        .collect();
    drivers.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.theme.cmp(&b.theme)));
    Some(Drivers {
        answers: outcome.len() as u64,
        explained: explained.clamp(0.0, 1.0),
        themes: drivers,
    })
}

/// What records say of themes, one record after the other: a list for each of a million would be half a gigabyte.
#[derive(Default)]
struct Said {
    /// Theme, and which way a record leans on balance: −1, 0 or 1.
    opinions: Vec<(u32, i8)>,
    /// Where those of each record end.
    ends: Vec<usize>,
}

impl Said {
    /// Adds what the next record says of the themes that are told.
    fn add(&mut self, record: &AnalyzedFeedback, is_told: &[bool]) {
        let mut found: Vec<(u32, i32)> = Vec::new();
        for mention in &record.mentions {
            if is_told.get(mention.theme as usize) != Some(&true) {
                continue;
            }
            let says = match Polarity::of(mention.score) {
                Polarity::Positive => 1,
                Polarity::Neutral => 0,
                Polarity::Negative => -1,
            };
            match found.iter_mut().find(|(known, _)| *known == mention.theme) {
                Some((_, balance)) => *balance += says,
                None => found.push((mention.theme, says)),
            }
        }
        let leaning = |(theme, balance): (u32, i32)| (theme, balance.signum() as i8);
        self.opinions.extend(found.into_iter().map(leaning));
        self.ends.push(self.opinions.len());
    }

    fn of(&self, record: usize) -> &[(u32, i8)] {
        let start = record.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.opinions[start..self.ends[record]]
    }

    /// Keeps what leans one way or the other on some themes, which are called by their place among them from now on, rising
    /// within each record.
    fn keep(&mut self, themes: &[usize]) {
        let mut kept = Self::default();
        for record in 0..self.ends.len() {
            let start = kept.opinions.len();
            let place = |theme: u32| themes.iter().position(|kept| *kept == theme as usize);
            let leaning = self.of(record).iter().filter(|(_, balance)| *balance != 0);
            (kept.opinions).extend(
                leaning.filter_map(|(theme, balance)| Some((place(*theme)? as u32, *balance))),
            );
            kept.opinions[start..].sort_unstable();
            kept.ends.push(kept.opinions.len());
        }
        *self = kept;
    }
}

/// Correlations among the columns, and of each with the outcome; `None` where the outcome does not vary. `row` gives the cells
/// of a row that are not zero, columns rising.
fn correlations<R: Iterator<Item = (usize, f64)>>(
    width: usize,
    row: impl Fn(usize) -> R,
    outcome: &[f64],
) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let n = outcome.len() as f64;
    // Cells are −1, 0 or 1: their sums are exact.
    let (mut sums, mut with) = (vec![0.0; width], vec![0.0; width]);
    let mut products = vec![vec![0.0; width]; width];
    let outcome_mean = ordered_sum(outcome.iter().copied()) / n;
    for (at, y) in outcome.iter().enumerate() {
        for (a, x) in row(at) {
            sums[a] += x;
            with[a] += x * (y - outcome_mean);
            for (b, z) in row(at) {
                products[a][b] += x * z;
            }
        }
    }
    let common = |a: usize, b: usize| products[a][b] - sums[a] * sums[b] / n;
    let spread: Vec<f64> = (0..width)
        .map(|at| common(at, at).max(0.0).sqrt())
        .collect();
    let outcome_spread =
        ordered_sum(outcome.iter().map(|value| (value - outcome_mean).powi(2))).sqrt();
    if outcome_spread <= 0.0 {
        return None;
    }
    let scaled = |sum: f64, scale: f64| if scale > 0.0 { sum / scale } else { 0.0 };
    let cell = |a: usize, b: usize| match a == b {
        true => 1.0,
        false => scaled(common(a, b), spread[a] * spread[b]),
    };
    let among = (0..width)
        .map(|a| (0..width).map(|b| cell(a, b)).collect())
        .collect();
    let with = (0..width)
        .map(|at| scaled(with[at], spread[at] * outcome_spread))
        .collect();
    Some((among, with))
}

/// Which of the two weighs more, where chance does not explain it.
fn role(penalty: Interval, reward: Interval, contrast: Interval) -> Option<Role> {
    let (costs, gains) = (penalty.low > 0.0, reward.low > 0.0);
    match (costs, gains) {
        (true, _) if contrast.low > 0.0 => Some(Role::Basic),
        (_, true) if contrast.high < 0.0 => Some(Role::Delight),
        (true, true) => Some(Role::Performance),
        _ => None,
    }
}
