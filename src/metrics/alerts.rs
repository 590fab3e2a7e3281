//! Alerts: thresholds and tests that people set in `vocable.toml`, held against the numbers of a report.

use super::{Against, Measured, Numbers, Verdict};
use crate::{analysis::Analysis, statistics::Interval};
use serde::Deserialize;

/// One alert, as set. It fires when all its conditions hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// What people call it; its measure without a name.
    #[serde(default)]
    pub name: Option<String>,
    /// Name of an indicator ([`MEASURES`]), or of a theme's measure ([`THEME_MEASURES`]) where a theme is given.
    pub measure: String,
    /// Id of a theme.
    #[serde(default)]
    pub theme: Option<String>,
    /// The number lies above this, in its unit: points, shares 0–1, marks, seconds.
    #[serde(default)]
    pub above: Option<f64>,
    /// The number lies below this.
    #[serde(default)]
    pub below: Option<f64>,
    /// The whole interval lies beyond the threshold, not the number alone. Default false.
    #[serde(default)]
    pub surely: bool,
    /// The number moved that way beyond chance.
    #[serde(default)]
    pub moved: Option<Moved>,
    /// What it moved against. Default: the period before.
    #[serde(default)]
    pub against: MovedAgainst,
}

/// Which way a number moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Moved {
    /// Higher beyond chance.
    Up,
    /// Lower beyond chance.
    Down,
}

/// What a number moved against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovedAgainst {
    /// The period before.
    #[default]
    Previous,
    /// The mean of the periods before.
    Mean,
    /// The same period a year earlier.
    LastYear,
}

/// An indicator by its name in settings.
type Measure = (&'static str, fn(&Numbers) -> Option<&Measured>);

/// Indicators alerts can be set on.
pub const MEASURES: [Measure; 14] = [
    ("nps", |numbers| numbers.nps.as_ref().map(|nps| &nps.score)),
    ("csat", |numbers| {
        numbers.csat.as_ref().map(|csat| &csat.share)
    }),
    ("rating", |numbers| {
        numbers.ratings.first().map(|rating| &rating.mean)
    }),
    ("ces", |numbers| {
        numbers.service.ces.first().map(|ces| &ces.score)
    }),
    ("net_sentiment", |numbers| Some(&numbers.net_sentiment)),
    ("records", |numbers| Some(&numbers.records)),
    ("comments", |numbers| Some(&numbers.with_text)),
    ("coverage", |numbers| Some(&numbers.coverage)),
    ("first_reply", |numbers| {
        numbers
            .service
            .first_reply
            .as_ref()
            .map(|time| &time.median)
    }),
    ("resolution_time", |numbers| {
        numbers
            .service
            .resolution_time
            .as_ref()
            .map(|time| &time.median)
    }),
    ("resolution_rate", |numbers| {
        numbers.service.resolution.as_ref().map(|one| &one.rate)
    }),
    ("repeat_contacts", |numbers| {
        numbers.service.repeats.as_ref().map(|one| &one.share)
    }),
    ("first_contact", |numbers| {
        numbers.service.first_contact.as_ref().map(|one| &one.share)
    }),
    ("churn", |numbers| {
        numbers.service.retention.as_ref().map(|one| &one.churned)
    }),
];

/// Those that count, and have no interval.
const COUNTS: [&str; 2] = ["records", "comments"];

/// Measures of a theme alerts can be set on: shares of comments 0–1, and points.
pub const THEME_MEASURES: [&str; 4] = ["complaints", "praise", "share", "net_sentiment"];

/// What became of an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertOutcome {
    /// As set.
    pub alert: Alert,
    /// The number it looked at; `None` where there is none.
    pub value: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<Interval>,
    /// Whether it fired, or why it could not be told.
    pub state: AlertState,
}

/// Whether an alert fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertState {
    /// All its conditions hold.
    Fired,
    /// They do not.
    Quiet,
    /// No theme of this id is named.
    UnknownTheme,
    /// The files have no such column.
    Missing,
    /// Too few observations, or nothing to compare with.
    Withheld,
}

impl Alert {
    /// Says what is wrong with it and what would be right; nothing where it can be evaluated.
    pub fn check(&self) -> Result<(), String> {
        let known: Vec<&str> = match self.theme {
            Some(_) => THEME_MEASURES.to_vec(),
            None => MEASURES.iter().map(|(name, _)| *name).collect(),
        };
        if !known.contains(&self.measure.as_str()) {
            let of = if self.theme.is_some() {
                "of a theme"
            } else {
                "without a theme"
            };
            return Err(format!(
                "there is no measure \"{}\" {of}; there are {}",
                self.measure,
                known.join(", ")
            ));
        }
        if [self.above, self.below]
            .into_iter()
            .flatten()
            .any(|one| !one.is_finite())
        {
            return Err("above and below are numbers".to_owned());
        }
        if self.surely && COUNTS.contains(&self.measure.as_str()) {
            return Err(format!(
                "{} is a count and has no interval; leave surely out",
                self.measure
            ));
        }
        if self.above.is_none() && self.below.is_none() && self.moved.is_none() {
            return Err("an alert needs above, below or moved".to_owned());
        }
        Ok(())
    }

    /// What people call it.
    pub fn called(&self) -> String {
        match (&self.name, &self.theme) {
            (Some(name), _) => name.clone(),
            (None, Some(theme)) => format!("{theme}: {}", self.measure),
            (None, None) => self.measure.clone(),
        }
    }

    fn evaluate(&self, analysis: &Analysis, numbers: &Numbers) -> AlertOutcome {
        let outcome = |state, measured: Option<&Measured>| AlertOutcome {
            alert: self.clone(),
            value: measured.and_then(|measured| measured.current.value),
            interval: measured.and_then(|measured| measured.current.interval),
            state,
        };
        let measured = match &self.theme {
            Some(id) => {
                let is_it =
                    |theme: usize| analysis.themes.get(theme).is_some_and(|one| one.id == *id);
                let Some(theme) = numbers.themes.iter().find(|one| is_it(one.theme)) else {
                    let exists = analysis.themes.iter().any(|theme| theme.id == *id);
                    return match exists {
                        true => self.of_nobody(numbers),
                        false => outcome(AlertState::UnknownTheme, None),
                    };
                };
                match self.measure.as_str() {
                    "complaints" => Some(&theme.negative_share),
                    "praise" => Some(&theme.positive_share),
                    "share" => Some(&theme.share),
                    _ => Some(&theme.net),
                }
            }
            None => (MEASURES.iter())
                .find(|(name, _)| *name == self.measure)
                .and_then(|(_, measure)| measure(numbers)),
        };
        let Some(measured) = measured else {
            return outcome(AlertState::Missing, None);
        };
        let Some(value) = measured.current.value else {
            return outcome(AlertState::Withheld, Some(measured));
        };
        let ends = match (self.surely, measured.current.interval) {
            (true, None) => return outcome(AlertState::Withheld, Some(measured)),
            (true, Some(interval)) => (interval.low, interval.high),
            (false, _) => (value, value),
        };
        let moved = match self.moved {
            None => true,
            Some(way) => {
                let against = match self.against {
                    MovedAgainst::Previous => Against::Previous,
                    MovedAgainst::Mean => Against::Mean,
                    MovedAgainst::LastYear => Against::LastYear,
                };
                match against
                    .of(measured)
                    .and_then(|comparison| comparison.verdict)
                {
                    None => return outcome(AlertState::Withheld, Some(measured)),
                    Some(Verdict::Up) => way == Moved::Up,
                    Some(Verdict::Down) => way == Moved::Down,
                    Some(Verdict::Stable) => false,
                }
            }
        };
        let is_beyond = self.above.is_none_or(|above| ends.0 > above)
            && self.below.is_none_or(|below| ends.1 < below);
        let state = if moved && is_beyond {
            AlertState::Fired
        } else {
            AlertState::Quiet
        };
        outcome(state, Some(measured))
    }
}

impl Alert {
    /// A theme nobody names in the period: its shares are 0, and nothing else is known.
    fn of_nobody(&self, numbers: &Numbers) -> AlertOutcome {
        let is_share = self.measure != "net_sentiment" && numbers.with_text.current.n > 0;
        let is_known = is_share && self.moved.is_none() && !self.surely;
        let is_below = self.below.is_some_and(|below| 0.0 < below);
        AlertOutcome {
            alert: self.clone(),
            value: is_share.then_some(0.0),
            interval: None,
            state: match (is_known, is_below && self.above.is_none()) {
                (false, _) => AlertState::Withheld,
                (true, true) => AlertState::Fired,
                (true, false) => AlertState::Quiet,
            },
        }
    }
}

/// Holds alerts against the numbers, in their order.
pub fn evaluate(alerts: &[Alert], analysis: &Analysis, numbers: &Numbers) -> Vec<AlertOutcome> {
    alerts
        .iter()
        .map(|alert| alert.evaluate(analysis, numbers))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(text: &str) -> Result<Alert, String> {
        let alert: Alert = toml::from_str(text).map_err(|error| error.to_string())?;
        alert.check().map(|()| alert)
    }

    #[test]
    fn what_cannot_be_held_against_numbers_is_refused() {
        assert!(alert("measure = \"nps\"\nbelow = 10").is_ok());
        assert!(alert("theme = \"refund\"\nmeasure = \"complaints\"\nmoved = \"up\"").is_ok());
        for (text, says) in [
            ("measure = \"nsp\"\nbelow = 10", "there are nps, csat"),
            (
                "theme = \"refund\"\nmeasure = \"nps\"\nbelow = 10",
                "there are complaints",
            ),
            ("measure = \"nps\"", "needs above, below or moved"),
            (
                "measure = \"records\"\nabove = 10\nsurely = true",
                "has no interval",
            ),
            ("measure = \"nps\"\nabove = nan", "are numbers"),
            ("measure = \"nps\"\nover = 10", "unknown field"),
        ] {
            let message = alert(text).unwrap_err();
            assert!(message.contains(says), "{message}");
        }
    }
}
