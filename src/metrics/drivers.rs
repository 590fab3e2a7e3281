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
    let mut said: Vec<Vec<(usize, f64, f64)>> = Vec::new();
    let mut count = vec![0_usize; is_told.len()];
    let earlier = windows.baseline.iter().flatten();
    for record in windows.current.iter().chain(earlier) {
        let Some(value) = lead.value(record).filter(|_| super::has_text(record)) else {
            continue;
        };
        let of_record = opinions(record, is_told);
        of_record.iter().for_each(|(theme, ..)| count[*theme] += 1);
        outcome.push(value);
        said.push(of_record);
    }
    let mut themes: Vec<usize> = (0..count.len())
        .filter(|theme| count[*theme] as u64 >= settings.indicative_base)
        .collect();
    themes.sort_by_key(|theme| (std::cmp::Reverse(count[*theme]), *theme));
    themes.truncate(MOST_THEMES.min(outcome.len() / ANSWERS_PER_THEME));
    if outcome.len() < FEWEST_ANSWERS || themes.len() < 2 {
        return None;
    }
    let mut place = vec![usize::MAX; count.len()];
    for (position, theme) in themes.iter().enumerate() {
        place[*theme] = position;
    }
    let width = themes.len();
    // Rows of one column a theme (badly −1, well 1), and of two (badly, well).
    let mut rows = vec![vec![0.0; width]; said.len()];
    let mut parted = vec![vec![0.0; 2 * width]; said.len()];
    for (row, of_record) in said.iter().enumerate() {
        for (theme, bad, good) in of_record {
            if let Some(column) = Some(place[*theme]).filter(|column| *column < width) {
                rows[row][column] = good - bad;
                parted[row][2 * column] = *bad;
                parted[row][2 * column + 1] = *good;
            }
        }
    }
    let (among, with) = correlations(&rows, &outcome)?;
    let weights = relative_weights(&among, &with)?;
    let explained = ordered_sum(weights.iter().copied());
    let fitted = least_squares(&parted, &outcome)?;
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

/// Each theme a record names: 1 where it is spoken ill of on balance, 1 where well.
fn opinions(record: &AnalyzedFeedback, is_told: &[bool]) -> Vec<(usize, f64, f64)> {
    let mut found: Vec<(usize, i32)> = Vec::new();
    for mention in &record.mentions {
        let theme = mention.theme as usize;
        if is_told.get(theme) != Some(&true) {
            continue;
        }
        let says = match Polarity::of(mention.score) {
            Polarity::Positive => 1,
            Polarity::Neutral => 0,
            Polarity::Negative => -1,
        };
        match found.iter_mut().find(|(known, _)| *known == theme) {
            Some((_, balance)) => *balance += says,
            None => found.push((theme, says)),
        }
    }
    let part = |is: bool| f64::from(u8::from(is));
    found
        .into_iter()
        .map(|(theme, balance)| (theme, part(balance < 0), part(balance > 0)))
        .collect()
}

/// Correlations among the columns, and of each with the outcome; `None` where the outcome does not vary.
fn correlations(rows: &[Vec<f64>], outcome: &[f64]) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let width = rows.first()?.len();
    let n = rows.len() as f64;
    // Cells are −1, 0 or 1: their sums are exact, and only what is not 0 is looked at.
    let (mut sums, mut with) = (vec![0.0; width], vec![0.0; width]);
    let mut products = vec![vec![0.0; width]; width];
    let outcome_mean = ordered_sum(outcome.iter().copied()) / n;
    for (row, y) in rows.iter().zip(outcome) {
        let cells = || (0..width).filter(|at| row[*at] != 0.0);
        for a in cells() {
            sums[a] += row[a];
            with[a] += row[a] * (y - outcome_mean);
            for b in cells() {
                products[a][b] += row[a] * row[b];
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
