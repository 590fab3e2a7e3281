//! Impact of a theme by leaving it out: I = S(all) − S(without it) = n·(S_theme − S)/(N − n); bootstrap over customers
//! (Efron 1979; whole clusters, Davison & Hinkley 1997, §3.8).

use super::{LeadScore, Settings, themes::ThemeNumbers, windows::Windows};
use crate::{
    analysis::AnalyzedFeedback,
    statistics::{self, Interval},
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// What the score owes to the records that name a theme: an association, not a promise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impact {
    /// Answers of records that name the theme.
    pub answers: u64,
    /// The score minus what it would read without them, in the unit of the score.
    pub value: f64,
    /// What the score would read without them.
    pub without: f64,
    /// 95 % interval of the value; `None` where all customers agree.
    pub interval: Option<Interval>,
}

/// Customers resampled together beyond this many: sums of many customers scatter as the customers do.
const MOST_CLUSTERS: usize = 1024;

/// Seed of the resampling: any number does, as long as it stays.
const SEED: u64 = 20_260_101;

/// Answers of a cluster, and their sum.
#[derive(Clone, Copy, Default)]
struct Sums {
    answers: f64,
    sum: f64,
}

impl Sums {
    fn add(&mut self, value: f64) {
        self.answers += 1.0;
        self.sum += value;
    }
}

/// Gives each theme its impact on the lead score, where enough answers name it and enough do not.
pub(super) fn give(
    windows: &Windows,
    lead: LeadScore,
    themes: &mut [ThemeNumbers],
    settings: &Settings,
) {
    let (cluster_of, clusters) = clusters(&windows.current);
    let mut all = vec![Sums::default(); clusters];
    let mut named: Vec<Vec<(u32, Sums)>> = vec![Vec::new(); windows.analysis.themes.len()];
    for (record, cluster) in windows.current.iter().zip(&cluster_of) {
        let Some(value) = lead.value(record) else {
            continue;
        };
        all[*cluster as usize].add(value);
        for theme in record.themes() {
            let Some(of_theme) = named.get_mut(theme as usize) else {
                continue;
            };
            of_theme.push((
                *cluster,
                Sums {
                    answers: 1.0,
                    sum: value,
                },
            ));
        }
    }
    themes.par_iter_mut().for_each(|theme| {
        theme.impact = impact(&all, &named[theme.theme], settings);
    });
}

/// The cluster of each record: its customer, or itself; and how many clusters there are.
fn clusters(records: &[&AnalyzedFeedback]) -> (Vec<u32>, usize) {
    let mut of_customer: FxHashMap<&str, u32> = FxHashMap::default();
    let mut next = 0_u32;
    let mut fresh = || {
        let cluster = next;
        next = (next + 1) % MOST_CLUSTERS as u32;
        cluster
    };
    let of_record: Vec<u32> = records
        .iter()
        .map(|record| match record.feedback.customer.as_deref() {
            Some(customer) => *of_customer.entry(customer).or_insert_with(&mut fresh),
            None => fresh(),
        })
        .collect();
    let count = of_record.iter().max().map_or(0, |last| *last as usize + 1);
    (of_record, count)
}

fn impact(all: &[Sums], named: &[(u32, Sums)], settings: &Settings) -> Option<Impact> {
    let mut sums: Vec<[f64; 4]> = all
        .iter()
        .map(|one| [one.answers, one.sum, 0.0, 0.0])
        .collect();
    for (cluster, one) in named {
        let sums = &mut sums[*cluster as usize];
        sums[2] += one.answers;
        sums[3] += one.sum;
    }
    let mut total = [0.0; 4];
    for one in &sums {
        for (total, part) in total.iter_mut().zip(one) {
            *total += part;
        }
    }
    let enough = settings.minimum_base as f64;
    if total[2] < enough || total[0] - total[2] < enough {
        return None;
    }
    let value = leave_out(total)?;
    let resampled = statistics::bootstrap(&sums, SEED, leave_out);
    Some(Impact {
        answers: total[2] as u64,
        value,
        without: total[1] / total[0] - value,
        interval: resampled.map(|found| found.interval),
    })
}

/// Of answers, their sum, answers that name the theme, their sum: the mean less that of the others; `None` without others.
fn leave_out([answers, sum, named, of_named]: [f64; 4]) -> Option<f64> {
    let others = answers - named;
    (answers > 0.0 && others > 0.0).then(|| sum / answers - (sum - of_named) / others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impact_matches_the_golden_vector() {
        // 600 promoters and 200 detractors of 1,000; of the 100 that name the theme, 20 and 70.
        let groups = [
            (20, 100.0, true),
            (70, -100.0, true),
            (10, 0.0, true),
            (580, 100.0, false),
            (130, -100.0, false),
            (190, 0.0, false),
        ];
        let (mut all, mut named) = (Vec::new(), Vec::new());
        for (count, value, is_named) in groups {
            for _ in 0..count {
                let one = Sums {
                    answers: 1.0,
                    sum: value,
                };
                if is_named {
                    named.push((all.len() as u32, one));
                }
                all.push(one);
            }
        }
        let found = impact(&all, &named, &Settings::default()).unwrap();
        assert!((found.value + 10.0).abs() < 1e-9 && (found.without - 50.0).abs() < 1e-9);
        let interval = found.interval.unwrap();
        assert!(
            (interval.low + 12.4).abs() < 0.35 && (interval.high + 7.5).abs() < 0.35,
            "{interval:?}"
        );
    }

    #[test]
    fn a_theme_that_all_or_few_name_has_no_impact_to_tell() {
        let settings = Settings::default();
        let one = Sums {
            answers: 1.0,
            sum: 5.0,
        };
        let all = vec![one; 30];
        let named = |count: u32| (0..count).map(|cluster| (cluster, one)).collect::<Vec<_>>();
        assert_eq!(impact(&all, &named(30), &settings), None);
        assert_eq!(impact(&all, &named(9), &settings), None);
        assert!(impact(&all, &named(15), &settings).is_some());
        assert_eq!(impact(&[], &[], &settings), None);
    }
}
