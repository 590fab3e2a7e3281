//! The score a period is judged by: NPS, else CSAT, else the mean rating, else net sentiment; as a mean of one value a record.

use super::{Settings, csat, has_text, nps, rating, windows::Windows};
use crate::{analysis::AnalyzedFeedback, sentiment::Polarity};

/// Which score leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LeadScore {
    /// Net promoter score, in points: a promoter counts 100, a detractor −100.
    Nps,
    /// Customer satisfaction, a share: a satisfied answer counts 1.
    Csat,
    /// Mean rating on this scale.
    Rating(f32),
    /// Net sentiment, in points: a positive comment counts 100, a negative one −100.
    NetSentiment,
}

impl LeadScore {
    /// The first of the scores that enough comments of the period carry.
    pub(super) fn of(windows: &Windows, settings: &Settings) -> Self {
        let mut scales: Vec<(f32, u64)> = Vec::new();
        for mark in windows.current.iter().filter_map(|one| rating::rating(one)) {
            match scales.iter_mut().find(|(scale, _)| *scale == mark.scale) {
                Some((_, count)) => *count += 1,
                None => scales.push((mark.scale, 1)),
            }
        }
        scales.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.total_cmp(&b.0)));
        let ratings = scales
            .into_iter()
            .map(|(scale, _)| LeadScore::Rating(scale));
        let enough = |score: &LeadScore| {
            let carry = windows.current.iter().filter(|record| has_text(record));
            let count = carry.filter(|record| score.value(record).is_some()).count();
            count as u64 >= settings.minimum_base
        };
        [LeadScore::Nps, LeadScore::Csat]
            .into_iter()
            .chain(ratings)
            .find(enough)
            .unwrap_or(LeadScore::NetSentiment)
    }

    /// What a record adds to the mean; `None` where it carries no such answer.
    pub(super) fn value(self, record: &AnalyzedFeedback) -> Option<f64> {
        match self {
            LeadScore::Nps => nps::answer(record).map(|answer| match answer {
                9.. => 100.0,
                7..=8 => 0.0,
                _ => -100.0,
            }),
            LeadScore::Csat => csat::is_satisfied(record).map(f64::from),
            LeadScore::Rating(scale) => rating::rating(record)
                .filter(|mark| mark.scale == scale)
                .map(|mark| f64::from(mark.value)),
            LeadScore::NetSentiment => has_text(record).then(|| match record.polarity() {
                Polarity::Positive => 100.0,
                Polarity::Neutral => 0.0,
                Polarity::Negative => -100.0,
            }),
        }
    }

    /// True where customers gave the score themselves, so that what they write can explain it.
    pub fn is_given(self) -> bool {
        self != LeadScore::NetSentiment
    }
}
