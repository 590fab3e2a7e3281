//! Net balances, 100·(good − bad)/all: NPS and net sentiment. Variance p + d − (p − d)² of a trinomial; adjusted interval of Rocks (2016).

use super::{Difference, Interval, Z95, two_sided_p};

/// What the adjusted interval adds to a sample: three answers, a quarter good, a quarter bad, half neither.
///
/// Without them ten promoters out of ten would be "100, give or take 0".
const ADDED_SIDE: f64 = 0.75;
const ADDED_MIDDLE: f64 = 1.5;

/// Answers in three groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Promoters, positive records.
    pub good: u64,
    /// Passives, neutral records.
    pub middle: u64,
    /// Detractors, negative records.
    pub bad: u64,
}

impl Split {
    /// All answers.
    pub fn total(self) -> u64 {
        self.good + self.middle + self.bad
    }

    /// 100·(good − bad)/all, −100 to 100; `None` without answers.
    pub fn net(self) -> Option<f64> {
        (self.total() > 0)
            .then(|| 100.0 * (self.good as f64 - self.bad as f64) / self.total() as f64)
    }

    /// Standard error of [`Self::net`], same unit; `None` without answers. 0 when all answers agree.
    pub fn standard_error(self) -> Option<f64> {
        (self.total() > 0)
            .then(|| net_and_error(self.good as f64, self.middle as f64, self.bad as f64).1)
    }

    /// The textbook interval, net ± 1.96 standard errors, within ±100; `None` without answers.
    pub fn wald(self) -> Option<Interval> {
        Some(Interval::around(self.net()?, Z95 * self.standard_error()?).clipped(-100.0, 100.0))
    }

    /// The adjusted interval, within ±100: honest on small samples; `None` without answers.
    pub fn adjusted(self) -> Option<Interval> {
        let (net, error) = self.adjusted_net_and_error()?;
        Some(Interval::around(net, Z95 * error).clipped(-100.0, 100.0))
    }

    fn adjusted_net_and_error(self) -> Option<(f64, f64)> {
        (self.total() > 0).then(|| {
            net_and_error(
                self.good as f64 + ADDED_SIDE,
                self.middle as f64 + ADDED_MIDDLE,
                self.bad as f64 + ADDED_SIDE,
            )
        })
    }

    /// The larger of the plain and the adjusted standard error: the plain one is 0 when all answers agree.
    fn careful_error(self) -> Option<f64> {
        Some(self.standard_error()?.max(self.adjusted_net_and_error()?.1))
    }
}

fn net_and_error(good: f64, middle: f64, bad: f64) -> (f64, f64) {
    let n = good + middle + bad;
    let (p, d) = (good / n, bad / n);
    let variance = (p + d - (p - d) * (p - d)).max(0.0);
    (100.0 * (p - d), 100.0 * (variance / n).sqrt())
}

/// Difference of two nets, now minus before, with its 95 % interval and p; `None` when a side has no answers.
pub fn net_difference(now: Split, before: Split) -> Option<Difference> {
    let value = now.net()? - before.net()?;
    let error = now.careful_error()?.hypot(before.careful_error()?);
    Some(Difference {
        value,
        interval: Interval::around(value, Z95 * error).clipped(-200.0, 200.0),
        p: two_sided_p(value / error),
    })
}

/// A net over mentions that come in records: several mentions of one record are not several opinions.
///
/// The net is 100·(good − bad)/mentions; its variance is that of a ratio of record sums (Cochran 1977, §2.11), on the sample
/// completed as in the adjusted interval. With one mention a record it is exactly that interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClusteredNet {
    /// Mentions.
    pub split: Split,
    /// Records they come from.
    pub records: u64,
    /// Sum over records of balance².
    balance_squared: u64,
    /// Sum over records of balance · mentions.
    balance_by_mentions: i64,
    /// Sum over records of mentions².
    mentions_squared: u64,
}

impl ClusteredNet {
    /// Adds the mentions of one record; an empty split adds nothing.
    pub fn add(&mut self, record: Split) {
        let mentions = record.total();
        if mentions == 0 {
            return;
        }
        let balance = record.good as i64 - record.bad as i64;
        self.split.good += record.good;
        self.split.middle += record.middle;
        self.split.bad += record.bad;
        self.records += 1;
        self.balance_squared += (balance * balance) as u64;
        self.balance_by_mentions += balance * mentions as i64;
        self.mentions_squared += mentions * mentions;
    }

    /// 95 % interval of the net, within ±100; `None` without mentions.
    pub fn interval(&self) -> Option<Interval> {
        let (net, error) = self.adjusted_net_and_error()?;
        Some(Interval::around(net, Z95 * error).clipped(-100.0, 100.0))
    }

    /// Difference of two nets, now minus before; `None` when a side has no mentions.
    pub fn difference(&self, before: &Self) -> Option<Difference> {
        let value = self.split.net()? - before.split.net()?;
        let error = self
            .adjusted_net_and_error()?
            .1
            .hypot(before.adjusted_net_and_error()?.1);
        Some(Difference {
            value,
            interval: Interval::around(value, Z95 * error).clipped(-200.0, 200.0),
            p: two_sided_p(value / error),
        })
    }

    fn adjusted_net_and_error(&self) -> Option<(f64, f64)> {
        if self.records == 0 {
            return None;
        }
        let added = 2.0 * ADDED_SIDE + ADDED_MIDDLE;
        let mentions = self.split.total() as f64 + added;
        let ratio = (self.split.good as f64 - self.split.bad as f64) / mentions;
        let residuals = (self.balance_squared as f64 + 2.0 * ADDED_SIDE)
            - 2.0 * ratio * self.balance_by_mentions as f64
            + ratio * ratio * (self.mentions_squared as f64 + added);
        Some((100.0 * ratio, 100.0 * residuals.max(0.0).sqrt() / mentions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(good: u64, middle: u64, bad: u64) -> Split {
        Split { good, middle, bad }
    }

    fn margin(interval: Interval) -> f64 {
        (interval.high - interval.low) / 2.0
    }

    #[track_caller]
    fn check(answers: Split, net: f64, wald_margin: f64) {
        assert!((answers.net().unwrap() - net).abs() < 1e-9);
        let found = Z95 * answers.standard_error().unwrap();
        assert!((found - wald_margin).abs() < 1e-3, "{found}");
        // The golden vectors use 1.96; at that, they hold to the fourth decimal.
        assert!((1.96 * answers.standard_error().unwrap() - wald_margin).abs() < 1e-4);
    }

    #[test]
    fn nps_matches_the_golden_vectors() {
        check(split(250, 675, 75), 17.5, 3.3628);
        check(split(40, 40, 20), 20.0, 14.6673);
        check(split(7, 2, 1), 60.0, 41.1133);
        check(split(10, 0, 0), 100.0, 0.0);
        assert!((split(250, 675, 75).standard_error().unwrap() - 1.7157).abs() < 1e-4);
    }

    #[test]
    fn the_adjusted_interval_matches_the_golden_vectors() {
        for (answers, centre, half) in [
            (split(7, 2, 1), 46.154, 39.115),
            (split(10, 0, 0), 76.923, 29.420),
        ] {
            let (net, error) = answers.adjusted_net_and_error().unwrap();
            assert!(
                (net - centre).abs() < 1e-3 && (1.96 * error - half).abs() < 1e-3,
                "{net} {error}"
            );
        }
        assert_eq!(split(10, 0, 0).adjusted().unwrap().high, 100.0);
        assert_eq!(split(0, 0, 0).adjusted(), None);
        assert_eq!(split(0, 0, 0).net(), None);
    }

    #[test]
    fn nps_change_matches_the_golden_vector() {
        let difference = net_difference(split(120, 50, 30), split(100, 60, 40)).unwrap();
        assert!((difference.value - 15.0).abs() < 1e-9);
        assert!((difference.p - 0.04864).abs() < 1e-4, "{}", difference.p);
        let z = difference.value / (margin(difference.interval) / Z95);
        assert!((z - 1.97172).abs() < 1e-4, "{z}");
    }

    #[test]
    fn unanimous_samples_do_not_prove_a_change() {
        let difference = net_difference(split(3, 0, 0), split(2, 1, 0)).unwrap();
        assert!(!difference.interval.excludes_zero());
        assert!(difference.p > 0.05);
    }

    #[test]
    fn one_mention_a_record_gives_the_adjusted_interval() {
        let mut clustered = ClusteredNet::default();
        for (count, one) in [
            (7, split(1, 0, 0)),
            (2, split(0, 1, 0)),
            (1, split(0, 0, 1)),
        ] {
            (0..count).for_each(|_| clustered.add(one));
        }
        let (found, expected) = (
            clustered.interval().unwrap(),
            split(7, 2, 1).adjusted().unwrap(),
        );
        assert!(
            (found.low - expected.low).abs() < 1e-9 && (found.high - expected.high).abs() < 1e-9
        );
    }

    #[test]
    fn repeating_oneself_does_not_narrow_the_interval() {
        let (mut once, mut thrice) = (ClusteredNet::default(), ClusteredNet::default());
        for index in 0..40 {
            let one = if index % 2 == 0 {
                split(1, 0, 0)
            } else {
                split(0, 0, 1)
            };
            once.add(one);
            thrice.add(split(3 * one.good, 0, 3 * one.bad));
        }
        assert!(margin(thrice.interval().unwrap()) > 0.9 * margin(once.interval().unwrap()));
        assert_eq!(ClusteredNet::default().interval(), None);
    }
}
