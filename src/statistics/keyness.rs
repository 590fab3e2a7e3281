//! What is over-represented in a group: weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008,
//! doi 10.1093/pan/mpn018).

/// How much more of a thing a group has than the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogOdds {
    /// Difference of the logarithms of the odds; above 0 where the group has more.
    pub difference: f64,
    /// The difference by its standard error.
    pub z: f64,
}

/// Compares `group` and `rest`, each a count and its whole, both completed by the prior: `prior` of it of this thing, of
/// `all_priors` in all. `None` where a side is empty or the prior is not within its whole.
pub fn log_odds(
    group: (f64, f64),
    rest: (f64, f64),
    prior: f64,
    all_priors: f64,
) -> Option<LogOdds> {
    if group.1 <= 0.0 || rest.1 <= 0.0 || prior <= 0.0 || all_priors <= prior {
        return None;
    }
    let odds = |(count, whole): (f64, f64)| {
        let (with, all) = (count + prior, whole + all_priors);
        (with / (all - with)).ln()
    };
    let difference = odds(group) - odds(rest);
    let variance = 1.0 / (group.0 + prior) + 1.0 / (rest.0 + prior);
    Some(LogOdds {
        difference,
        z: difference / variance.sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The log-likelihood ratio of Dunning 1993 over the four cells of the table, above 0 where the group has more.
    fn g_squared(group: (f64, f64), rest: (f64, f64)) -> f64 {
        let rate = (group.0 + rest.0) / (group.1 + rest.1);
        let cell = |seen: f64, expected: f64| seen * (seen / expected).ln();
        let side = |(count, whole): (f64, f64)| {
            cell(count, rate * whole) + cell(whole - count, (1.0 - rate) * whole)
        };
        let sign = if group.0 / group.1 < rest.0 / rest.1 {
            -1.0
        } else {
            1.0
        };
        sign * 2.0 * (side(group) + side(rest))
    }

    #[test]
    fn log_odds_match_the_golden_vectors() {
        let (group, rest) = ((30.0, 1000.0), (20.0, 4000.0));
        for (prior, all, difference, z) in [
            (50.0, 5000.0, 0.54461, 3.32763),
            (5.0, 500.0, 1.45312, 5.54921),
        ] {
            let found = log_odds(group, rest, prior, all).unwrap();
            assert!((found.difference - difference).abs() < 1e-4, "{found:?}");
            assert!((found.z - z).abs() < 1e-4, "{found:?}");
        }
        // The same verdict by another road.
        assert!((g_squared(group, rest) - 38.6985).abs() < 1e-4);
        assert!((g_squared(rest, group) + 38.6985).abs() < 1e-4);
        assert_eq!(log_odds((0.0, 0.0), rest, 5.0, 500.0), None);
    }
}
