//! Whether a count is surprising after earlier ones. Sources: Gamma–Poisson predictive law with Jeffreys' shape (Gelman et al.,
//! Bayesian Data Analysis, §2.6); over-dispersion φ and the down-weighting of past outbreaks after Farrington et al. 1996 and
//! Noufaily et al. 2013 (2/3-power residuals, threshold 2.58).

use super::ordered_sum;
use statrs::function::{beta::beta_reg, gamma::gamma_lr};

/// A count and what it was counted among: comments on a theme, comments in all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// How many.
    pub count: f64,
    /// Among how many; above 0.
    pub exposure: f64,
}

/// How a count compares with what earlier ones let expect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surprise {
    /// What was to be expected; above 0.
    pub expected: f64,
    /// How many times more than chance alone the earlier counts scatter; 1 or more.
    pub dispersion: f64,
    /// Chance of at least as many.
    pub p_above: f64,
    /// Chance of at most as many.
    pub p_below: f64,
}

/// Residuals beyond this are outbreaks, and weigh less in what is expected.
const OUTBREAK: f64 = 2.58;

/// Added to the counts seen: Jeffreys' prior, so that "never yet" is not "never".
const PRIOR: f64 = 0.5;

/// How many periods' worth of evidence the scatter that all series share is, against a series' own: a dozen periods tell little
/// of their scatter. Chosen by simulation, with the next: false alarms stay below one run in seven even where rates scatter by
/// a third from week to week.
const SHARED_EVIDENCE: f64 = 44.0;

/// Widens the scatter for what is not known of it.
const DOUBT: f64 = 1.1;

/// How counts of one series scatter about their rate.
struct Scatter {
    /// 1, and less for outbreaks; one a count.
    weights: Vec<f64>,
    /// Mean count by exposure.
    rate: f64,
    /// Pearson's χ² by its degrees of freedom: 1 where only chance scatters them.
    dispersion: f64,
    /// Periods less one.
    freedom: f64,
}

/// How much more than chance rates scatter, by all series together: α of a variance μ + α·μ², 0 or more. 0 without series.
pub fn shared_scatter<'s>(series: impl Iterator<Item = &'s [Seen]>) -> f64 {
    let (mut above, mut all) = (0.0, 0.0);
    for before in series {
        let Some(scatter) = scatter(before) else {
            continue;
        };
        let exposure = ordered_sum(before.iter().map(|seen| seen.exposure)) / before.len() as f64;
        let mean = scatter.rate * exposure;
        // Frequent series tell more of it, and none drowns the others.
        let weight = scatter.freedom * mean / (1.0 + mean);
        above += weight * (scatter.dispersion - 1.0);
        all += weight * mean;
    }
    if all > 0.0 {
        (above / all).max(0.0)
    } else {
        0.0
    }
}

/// Compares a count with earlier ones, in any order; `None` with fewer than two of them or without exposure.
///
/// `shared` is [`shared_scatter`] of all series looked at. The law of the count is the Gamma–Poisson predictive one, its variance
/// widened by φ: the doubt about the rate and the scatter of the weeks multiply.
pub fn surprise(now: Seen, before: &[Seen], shared: f64) -> Option<Surprise> {
    let scatter = scatter(before).filter(|_| now.exposure > 0.0)?;
    let of_all = 1.0 + shared * scatter.rate * now.exposure;
    let together = scatter.freedom * scatter.dispersion + SHARED_EVIDENCE * of_all;
    let dispersion = (together / (scatter.freedom + SHARED_EVIDENCE)).max(1.0) * DOUBT;
    Some(predicted(now, before, &scatter.weights, dispersion))
}

/// The predictive law of a count after weighted earlier ones.
fn predicted(now: Seen, before: &[Seen], weights: &[f64], dispersion: f64) -> Surprise {
    let (count, exposure) = weighed(before, weights);
    let expected = now.exposure * (count + PRIOR) / exposure;
    let spread = dispersion * (1.0 + now.exposure / exposure);
    Surprise {
        expected,
        dispersion,
        p_above: at_least(now.count, expected, spread),
        p_below: 1.0 - at_least(now.count + 1.0, expected, spread),
    }
}

/// Counts and exposures, weighted and summed.
fn weighed(seen: &[Seen], weights: &[f64]) -> (f64, f64) {
    let sum = |part: fn(&Seen) -> f64| {
        ordered_sum(
            seen.iter()
                .zip(weights)
                .map(|(seen, weight)| weight * part(seen)),
        )
    };
    (sum(|seen| seen.count), sum(|seen| seen.exposure))
}

/// Rate and scatter, outbreaks down-weighted by their residuals from the median rate; `None` below two usable periods.
fn scatter(before: &[Seen]) -> Option<Scatter> {
    if before.len() < 2 || before.iter().any(|seen| seen.exposure <= 0.0) {
        return None;
    }
    let exposure = ordered_sum(before.iter().map(|seen| seen.exposure));
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let rates = before.iter().map(|seen| seen.count / seen.exposure);
    let usual = median(rates.collect()).max(PRIOR / exposure);
    let residuals: Vec<f64> = before.iter().map(|seen| residual(*seen, usual)).collect();
    // The median of residuals, scaled to a deviation: an outbreak does not widen it.
    let width = (1.4826 * median(residuals.iter().map(|one| one.abs()).collect())).max(1.0);
    let weight = |residual: &f64| match residual / width {
        outbreak if outbreak > OUTBREAK => outbreak.powi(-2),
        _ => 1.0,
    };
    let weights: Vec<f64> = residuals.iter().map(weight).collect();
    let (count, exposure) = weighed(before, &weights);
    let rate = count / exposure;
    let freedom = before.len() as f64 - 1.0;
    if rate <= 0.0 {
        return Some(Scatter {
            weights,
            rate: 0.0,
            dispersion: 1.0,
            freedom,
        });
    }
    let chi_squared = ordered_sum(before.iter().zip(&weights).map(|(seen, weight)| {
        let mean = rate * seen.exposure;
        weight * (seen.count - mean).powi(2) / mean
    }));
    let weighted_freedom = (ordered_sum(weights.iter().copied()) - 1.0).max(1.0);
    Some(Scatter {
        weights,
        rate,
        dispersion: chi_squared / weighted_freedom,
        freedom,
    })
}

/// How far a count lies from its mean, on the scale where counts scatter evenly.
fn residual(seen: Seen, rate: f64) -> f64 {
    let mean = rate * seen.exposure;
    let power = 2.0 / 3.0;
    1.5 * (seen.count.powf(power) - mean.powf(power)) / mean.powf(1.0 / 6.0)
}

/// Chance of at least `count` under a law of this mean whose variance is `spread` times it: Poisson's at 1, the negative
/// binomial above.
fn at_least(count: f64, mean: f64, spread: f64) -> f64 {
    if count <= 0.0 {
        return 1.0;
    }
    let p = if spread <= 1.0 + 1e-9 {
        gamma_lr(count, mean)
    } else {
        let shape = mean / (spread - 1.0);
        beta_reg(count, shape, mean / (mean + shape))
    };
    p.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    fn weeks(counts: &[f64]) -> Vec<Seen> {
        let seen = |count: &f64| Seen {
            count: *count,
            exposure: 1.0,
        };
        counts.iter().map(seen).collect()
    }

    #[test]
    fn tails_match_the_golden_vectors() {
        close(at_least(14.0, 5.0, 1.0), 0.000698);
        // Negative binomial, r = 5.
        close(at_least(14.0, 5.0, 2.0), 0.015442);
        let now = weeks(&[14.0])[0];
        let before = weeks(&[4.0, 6.0, 5.0, 7.0, 3.0, 6.0, 5.0, 4.0]);
        let found = predicted(now, &before, &[1.0; 8], 1.0);
        close(found.p_above, 0.001707);
        close(found.expected, 40.5 / 8.0);
        let careful = surprise(now, &before, 0.0).unwrap();
        assert!(
            careful.p_above > found.p_above && careful.p_above < 0.004,
            "{careful:?}"
        );
    }

    #[test]
    fn scattered_weeks_surprise_less() {
        let now = weeks(&[14.0])[0];
        let calm = weeks(&[5.0; 8]);
        let restless = weeks(&[1.0, 9.0, 2.0, 10.0, 1.0, 8.0, 2.0, 7.0]);
        let (of_calm, of_restless) = (
            shared_scatter([&calm[..]].into_iter()),
            shared_scatter([&restless[..]].into_iter()),
        );
        assert!(of_calm == 0.0 && of_restless > 0.2, "{of_restless}");
        let p = |before: &[Seen], shared| surprise(now, before, shared).unwrap().p_above;
        assert!(p(&restless, of_restless) > 3.0 * p(&calm, of_calm));
    }

    #[test]
    fn an_outbreak_of_before_does_not_hide_the_next() {
        let now = weeks(&[20.0])[0];
        let mut before = weeks(&[5.0; 11]);
        before.push(weeks(&[60.0])[0]);
        let found = surprise(now, &before, 0.0).unwrap();
        assert!(found.expected < 7.0 && found.p_above < 0.01, "{found:?}");
    }

    #[test]
    fn exposure_explains_counts() {
        let seen = |count, exposure| Seen { count, exposure };
        let before = [seen(10.0, 100.0); 8];
        assert!(surprise(seen(40.0, 400.0), &before, 0.0).unwrap().p_above > 0.3);
        assert!(surprise(seen(10.0, 400.0), &before, 0.0).unwrap().p_below < 0.001);
    }

    #[test]
    fn too_little_history_tells_nothing() {
        let now = weeks(&[5.0])[0];
        assert_eq!(surprise(now, &weeks(&[5.0]), 0.0), None);
        assert_eq!(surprise(now, &[], 0.0), None);
        let never = surprise(now, &weeks(&[0.0; 8]), 0.0).unwrap();
        assert!(never.expected > 0.0 && never.p_above < 1e-4, "{never:?}");
    }
}
