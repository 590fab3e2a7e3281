//! Net Promoter Score: 100·(share of 9–10 − share of 0–6); variance p + d − (p − d)², adjusted interval of Rocks (2016).

use super::{Measured, Settings, measured, windows::Windows};
use crate::{
    analysis::AnalyzedFeedback,
    statistics::{Interval, Split},
};

/// NPS of the period. Its base is the answers; records without one do not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Nps {
    /// The score, −100 to 100, with the adjusted interval.
    pub score: Measured,
    /// The textbook interval; `None` when the score is withheld.
    pub wald: Option<Interval>,
    /// Answers 9 and 10.
    pub promoters: u64,
    /// Answers 7 and 8.
    pub passives: u64,
    /// Answers 0 to 6.
    pub detractors: u64,
}

/// NPS of the period; `None` when no record of the analysis has an answer.
pub(super) fn measure(windows: &Windows, settings: &Settings) -> Option<Nps> {
    if !windows.all.iter().any(|record| answer(record).is_some()) {
        return None;
    }
    let mut split = Split::default();
    windows
        .current
        .iter()
        .for_each(|record| add(&mut split, record));
    let score = measured::over_windows(windows, settings, add);
    Some(Nps {
        wald: score.current.value.and_then(|_| split.wald()),
        score,
        promoters: split.good,
        passives: split.middle,
        detractors: split.bad,
    })
}

/// The answer; none when it is outside 0–10.
pub(super) fn answer(record: &AnalyzedFeedback) -> Option<u8> {
    record.feedback.nps.filter(|answer| *answer <= 10)
}

fn add(split: &mut Split, record: &AnalyzedFeedback) {
    match answer(record) {
        Some(9..) => split.good += 1,
        Some(7..=8) => split.middle += 1,
        Some(_) => split.bad += 1,
        None => {}
    }
}
