//! Why a score moved: ΔS = Σ Δw·(s₀ − S₀) [volume] + Σ w₀·Δs [tone] + Σ Δw·Δs [mix], each comment's weight split evenly over the
//! themes it names, comments without theme and answers without comment being parts of their own. Source: shift–share analysis
//! (Dunn 1960) on weights that sum to 1, so that the parts sum to the change exactly.

use super::{LeadScore, Settings, has_text, windows::Windows};
use crate::{analysis::AnalyzedFeedback, statistics::ordered_sum};

/// What a part of the answers is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A theme, by its position in [`crate::analysis::Analysis::themes`].
    Theme(usize),
    /// Comments that name no theme.
    WithoutTheme,
    /// Answers without a comment.
    WithoutComment,
}

/// What one part did to the score; its three numbers are in the unit of the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// Which part.
    pub part: Part,
    /// From its being more or less talked about.
    pub volume: f64,
    /// From its being talked about in another tone.
    pub tone: f64,
    /// From both at once.
    pub mix: f64,
}

impl Contribution {
    /// All it did.
    pub fn total(&self) -> f64 {
        self.volume + self.tone + self.mix
    }
}

/// The change of the lead score against the period before, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreChange {
    /// The score before, in its unit.
    pub before: f64,
    /// The score now.
    pub now: f64,
    /// Answers before and now.
    pub answers: [u64; 2],
    /// Largest effect first; between equals, themes in their order. They sum to `now − before`.
    pub contributions: Vec<Contribution>,
}

impl ScoreChange {
    /// Volume, tone and mix over all parts: they sum to `now − before`.
    pub fn sums(&self) -> [f64; 3] {
        let sum = |part: fn(&Contribution) -> f64| ordered_sum(self.contributions.iter().map(part));
        [
            sum(|one| one.volume),
            sum(|one| one.tone),
            sum(|one| one.mix),
        ]
    }
}

/// Weight and score of each part in one window.
struct Shares {
    score: f64,
    answers: u64,
    /// By part: share of the answers, 0–1, and its mean score; `None` where nobody speaks of it.
    parts: Vec<Option<(f64, f64)>>,
}

/// The change since the period before; `None` without one, or where either has too few answers.
pub(super) fn measure(
    windows: &Windows,
    lead: LeadScore,
    is_told: &[bool],
    settings: &Settings,
) -> Option<ScoreChange> {
    let now = Shares::of(&windows.current, lead, is_told)?;
    let before = Shares::of(windows.previous.as_deref()?, lead, is_told)?;
    if now.answers.min(before.answers) < settings.minimum_base {
        return None;
    }
    Some(take_apart(&before, &now))
}

impl Shares {
    /// `is_told` says which themes count.
    fn of(records: &[&AnalyzedFeedback], lead: LeadScore, is_told: &[bool]) -> Option<Self> {
        let themes = is_told.len();
        let mut weights = vec![0.0; themes + 2];
        let mut sums = vec![0.0; themes + 2];
        let mut answers = 0_u64;
        for record in records {
            let Some(value) = lead.value(record) else {
                continue;
            };
            answers += 1;
            let mut named = record.themes();
            named.retain(|theme| is_told.get(*theme as usize) == Some(&true));
            let places: Vec<usize> = if !named.is_empty() {
                named.into_iter().map(|theme| theme as usize).collect()
            } else if has_text(record) {
                vec![themes]
            } else {
                vec![themes + 1]
            };
            let weight = 1.0 / places.len() as f64;
            for place in places {
                weights[place] += weight;
                sums[place] += weight * value;
            }
        }
        if answers == 0 {
            return None;
        }
        let all = ordered_sum(weights.iter().copied());
        let parts = weights.iter().zip(&sums);
        Some(Self {
            score: ordered_sum(sums.iter().copied()) / all,
            answers,
            parts: parts
                .map(|(weight, sum)| (*weight > 0.0).then(|| (weight / all, sum / weight)))
                .collect(),
        })
    }
}

fn take_apart(before: &Shares, now: &Shares) -> ScoreChange {
    let themes = before.parts.len() - 2;
    let mut contributions = Vec::new();
    for (place, parts) in before.parts.iter().zip(&now.parts).enumerate() {
        // What nobody spoke of then, or speaks of now, changed in volume alone.
        let ((was, score_then), (is, score_now)) = match parts {
            (None, None) => continue,
            (Some(then), Some(now)) => (*then, *now),
            (Some(then), None) => (*then, (0.0, then.1)),
            (None, Some(now)) => ((0.0, now.1), *now),
        };
        contributions.push(Contribution {
            part: match place {
                theme if theme < themes => Part::Theme(theme),
                other if other == themes => Part::WithoutTheme,
                _ => Part::WithoutComment,
            },
            volume: (is - was) * (score_then - before.score),
            tone: was * (score_now - score_then),
            mix: (is - was) * (score_now - score_then),
        });
    }
    contributions.sort_by(|a, b| {
        let size = |one: &Contribution| one.total().abs();
        size(b).total_cmp(&size(a)).then(a.part.cmp(&b.part))
    });
    ScoreChange {
        before: before.score,
        now: now.score,
        answers: [before.answers, now.answers],
        contributions,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(parts: &[(f64, f64)]) -> Shares {
        Shares {
            score: parts.iter().map(|(weight, score)| weight * score).sum(),
            answers: 100,
            parts: parts
                .iter()
                .map(|part| (part.0 > 0.0).then_some(*part))
                .collect(),
        }
    }

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn a_change_is_taken_apart_as_in_the_golden_vector() {
        let before = shares(&[(0.30, -0.40), (0.20, 0.20), (0.50, 0.30)]);
        let now = shares(&[(0.45, -0.55), (0.15, 0.25), (0.40, 0.30)]);
        let change = take_apart(&before, &now);
        close(change.before, 0.07);
        close(change.now, -0.09);
        let [volume, tone, mix] = change.sums();
        close(volume, -0.1);
        close(tone, -0.035);
        close(mix, -0.025);
        assert_eq!(change.contributions[0].part, Part::Theme(0));
    }

    #[test]
    fn parts_that_come_and_go_leave_the_sum_exact() {
        let before = shares(&[(0.6, -1.0), (0.0, 0.0), (0.4, 3.0)]);
        let now = shares(&[(0.0, 0.0), (0.7, 2.0), (0.3, 1.0)]);
        let change = take_apart(&before, &now);
        let total: f64 = change.contributions.iter().map(Contribution::total).sum();
        close(total, change.now - change.before);
        let gone = change
            .contributions
            .iter()
            .find(|one| one.part == Part::Theme(0));
        close(gone.unwrap().tone, 0.0);
    }
}
