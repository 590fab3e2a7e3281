//! Customer effort: CES 2.0, share of 5–7 on 7 or 4–5 on 5 where high is easy (CEB 2013); otherwise the mean as given (Dixon, Freeman & Toman 2010). Wilson's and Student's intervals.

use super::{
    Measured, Settings,
    measured::{self, Proportion},
    windows::Windows,
};
use crate::{analysis::AnalyzedFeedback, feedback::Effort, statistics::Moments};

/// Effort on one scale, asked in one direction. Its base is the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Ces {
    /// The highest mark that can be given.
    pub scale: f32,
    /// True when the highest mark means the least effort.
    pub high_is_easy: bool,
    /// The lowest mark that counts as easy, where `score` is the share of easy answers, 0–1; `None` where it is the
    /// mean mark, within 0 and `scale`.
    pub easy_from: Option<f32>,
    /// The number, whose unit `easy_from` tells.
    pub score: Measured,
}

/// One entry a scale and direction found in any window: smallest scale first, high is easy first.
pub(super) fn measure(windows: &Windows, settings: &Settings) -> Vec<Ces> {
    let mut kinds: Vec<(f32, bool)> = Vec::new();
    for effort in windows.all.iter().filter_map(|record| answer(record)) {
        let kind = (effort.mark.scale, effort.high_is_easy);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    kinds
        .into_iter()
        .map(|(scale, high_is_easy)| {
            let value = |record: &AnalyzedFeedback| {
                answer(record)
                    .filter(|effort| {
                        (effort.mark.scale, effort.high_is_easy) == (scale, high_is_easy)
                    })
                    .map(|effort| effort.mark.value)
            };
            let easy_from = easy_from(scale).filter(|_| high_is_easy);
            let score = match easy_from {
                Some(easy_from) => {
                    measured::over_windows(windows, settings, |easy: &mut Proportion, record| {
                        if let Some(value) = value(record) {
                            easy.add(value >= easy_from);
                        }
                    })
                }
                None => measured::over_windows(windows, settings, |mean: &mut Moments, record| {
                    if let Some(value) = value(record) {
                        mean.add(f64::from(value));
                    }
                }),
            };
            Ces {
                scale,
                high_is_easy,
                easy_from,
                score,
            }
        })
        .collect()
}

/// The lowest mark on a scale that says "easy"; `None` for scales without an agreed one.
fn easy_from(scale: f32) -> Option<f32> {
    [(7.0, 5.0), (5.0, 4.0)]
        .into_iter()
        .find(|(known, _)| *known == scale)
        .map(|(_, from)| from)
}

/// The answer; none when it is not on its own scale. Scales of 5 and 7 begin at 1.
fn answer(record: &AnalyzedFeedback) -> Option<Effort> {
    let effort = record.feedback.service.as_deref()?.ces?;
    let lowest = match easy_from(effort.mark.scale) {
        Some(_) => 1.0,
        None => 0.0,
    };
    let is_on_scale = effort.mark.scale.is_finite()
        && effort.mark.scale > 0.0
        && (lowest..=effort.mark.scale).contains(&effort.mark.value);
    is_on_scale.then_some(effort)
}
