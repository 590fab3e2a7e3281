//! CSAT, top-2-box: share of marks 4–5 on 5 among answers; Wilson's interval. Other scales have no agreed threshold and are left out.

use super::{
    Measured, Settings,
    measured::{self, Proportion},
    windows::Windows,
};
use crate::{analysis::AnalyzedFeedback, feedback::Rating};

/// The only scale with an agreed threshold.
const SCALE: f32 = 5.0;
const SATISFIED_FROM: f32 = 4.0;

/// CSAT of the period. Its base is the answers on 5.
#[derive(Clone, Debug, PartialEq)]
pub struct Csat {
    /// Share of satisfied answers, 0–1.
    pub share: Measured,
    /// Answers of 4 or 5.
    pub satisfied: u64,
    /// Answers of the period on another scale, which are not counted.
    pub on_other_scales: u64,
}

/// CSAT of the period; `None` when no record of the analysis has an answer.
pub(super) fn measure(windows: &Windows, settings: &Settings) -> Option<Csat> {
    if !windows.all.iter().any(|record| answer(record).is_some()) {
        return None;
    }
    let mut satisfied = Proportion::default();
    windows
        .current
        .iter()
        .for_each(|record| add(&mut satisfied, record));
    let answers = windows
        .current
        .iter()
        .filter(|record| answer(record).is_some())
        .count() as u64;
    Some(Csat {
        share: measured::over_windows(windows, settings, add),
        satisfied: satisfied.count,
        on_other_scales: answers - satisfied.base,
    })
}

fn answer(record: &AnalyzedFeedback) -> Option<Rating> {
    record
        .feedback
        .csat
        .filter(|rating| (0.0..=rating.scale).contains(&rating.value))
}

/// Whether the answer is a satisfied one; none on another scale.
pub(super) fn is_satisfied(record: &AnalyzedFeedback) -> Option<bool> {
    let rating = answer(record).filter(|rating| rating.scale == SCALE)?;
    Some(rating.value >= SATISFIED_FROM)
}

fn add(satisfied: &mut Proportion, record: &AnalyzedFeedback) {
    if let Some(is_satisfied) = is_satisfied(record) {
        satisfied.add(is_satisfied);
    }
}
