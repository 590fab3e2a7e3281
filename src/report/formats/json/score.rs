//! Wire structs of what explains the score: impact, change, drivers.

use super::{super::super::Story, round};
use crate::{
    metrics::{Drivers, Impact, LeadScore, Part, Role, ScoreChange},
    statistics::Interval,
};
use serde::Serialize;

/// What the score owes to the records that name a theme.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ThemeImpact {
    answers: u64,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    score_without: f64,
}

pub(super) fn impact(impact: &Impact) -> ThemeImpact {
    ThemeImpact {
        answers: impact.answers,
        value: round(impact.value),
        low: impact.interval.map(|interval| round(interval.low)),
        high: impact.interval.map(|interval| round(interval.high)),
        score_without: round(impact.without),
    }
}

/// `nps`, `csat`, `rating` with its scale, or `net_sentiment`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Lead {
    score: &'static str,
    scale: Option<f64>,
}

pub(super) fn lead(lead: LeadScore) -> Lead {
    let (score, scale) = match lead {
        LeadScore::Nps => ("nps", None),
        LeadScore::Csat => ("csat", None),
        LeadScore::Rating(scale) => ("rating", Some(f64::from(scale))),
        LeadScore::NetSentiment => ("net_sentiment", None),
    };
    Lead { score, scale }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Change<'a> {
    before: f64,
    now: f64,
    answers_before: u64,
    answers_now: u64,
    volume: f64,
    tone: f64,
    mix: f64,
    parts: Vec<ChangePart<'a>>,
}

/// `id` of a theme, or `without_theme`, or `without_comment`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ChangePart<'a> {
    part: &'a str,
    total: f64,
    volume: f64,
    tone: f64,
    mix: f64,
}

pub(super) fn change<'a>(story: &Story<'a>, change: &ScoreChange) -> Change<'a> {
    let [volume, tone, mix] = change.sums().map(round);
    Change {
        before: round(change.before),
        now: round(change.now),
        answers_before: change.answers[0],
        answers_now: change.answers[1],
        volume,
        tone,
        mix,
        parts: (change.contributions.iter())
            .map(|one| ChangePart {
                part: match one.part {
                    Part::Theme(theme) => &story.analysis.themes[theme].id,
                    Part::WithoutTheme => "without_theme",
                    Part::WithoutComment => "without_comment",
                },
                total: round(one.total()),
                volume: round(one.volume),
                tone: round(one.tone),
                mix: round(one.mix),
            })
            .collect(),
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct DriversOfScore<'a> {
    answers: u64,
    explained: f64,
    themes: Vec<DriverOfScore<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DriverOfScore<'a> {
    id: &'a str,
    answers: u64,
    weight: f64,
    penalty: f64,
    penalty_low: f64,
    penalty_high: f64,
    reward: f64,
    reward_low: f64,
    reward_high: f64,
    role: Option<&'static str>,
}

pub(super) fn drivers<'a>(story: &Story<'a>, drivers: &Drivers) -> DriversOfScore<'a> {
    let ends = |interval: Interval| (round(interval.low), round(interval.high));
    DriversOfScore {
        answers: drivers.answers,
        explained: round(drivers.explained),
        themes: (drivers.themes.iter())
            .map(|driver| {
                let (penalty_low, penalty_high) = ends(driver.penalty.1);
                let (reward_low, reward_high) = ends(driver.reward.1);
                DriverOfScore {
                    id: &story.analysis.themes[driver.theme].id,
                    answers: driver.answers,
                    weight: round(driver.weight),
                    penalty: round(driver.penalty.0),
                    penalty_low,
                    penalty_high,
                    reward: round(driver.reward.0),
                    reward_low,
                    reward_high,
                    role: driver.role.map(|role| match role {
                        Role::Basic => "basic",
                        Role::Performance => "performance",
                        Role::Delight => "delight",
                    }),
                }
            })
            .collect(),
    }
}
