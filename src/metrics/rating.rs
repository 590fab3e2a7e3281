//! Mean rating on each scale as given: arithmetic mean, Student's interval, Welch's difference. Marks are never rescaled.

use super::{Measured, Settings, measured, windows::Windows};
use crate::{analysis::AnalyzedFeedback, feedback::Rating, statistics::Moments};

/// Mean rating on one scale. Its base is the ratings.
#[derive(Clone, Debug, PartialEq)]
pub struct RatingMean {
    /// The best mark that can be given.
    pub scale: f32,
    /// The mean, within 0 and `scale`.
    pub mean: Measured,
}

/// One mean a scale found anywhere in the analysis, smallest scale first.
pub(super) fn measure(windows: &Windows, settings: &Settings) -> Vec<RatingMean> {
    let mut scales: Vec<f32> = Vec::new();
    for rating in windows.all.iter().copied().filter_map(rating) {
        if !scales.contains(&rating.scale) {
            scales.push(rating.scale);
        }
    }
    scales.sort_by(f32::total_cmp);
    scales
        .into_iter()
        .map(|scale| RatingMean {
            scale,
            mean: measured::over_windows(windows, settings, |moments: &mut Moments, record| {
                if let Some(rating) = rating(record).filter(|rating| rating.scale == scale) {
                    moments.add(f64::from(rating.value));
                }
            }),
        })
        .collect()
}

/// The rating; none when it is not within its own scale.
pub(super) fn rating(record: &AnalyzedFeedback) -> Option<Rating> {
    record.feedback.rating.filter(|rating| {
        rating.scale > 0.0
            && rating.scale.is_finite()
            && (0.0..=rating.scale).contains(&rating.value)
    })
}
