//! What a report is about: which days, whose feedback, and what it is compared with.

use super::{History, Period, Settings, windows};
use crate::analysis::AnalyzedFeedback;
use jiff::civil::Date;
use std::{fmt, str::FromStr};

/// What a report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The days.
    pub period: Period,
    /// Only feedback of this group; everybody's without one.
    pub segment: Option<Segment>,
    /// What it is compared with; without one the period before, the mean of the four before, and the year before.
    pub against: Option<Reference>,
}

impl From<Period> for Scope {
    fn from(period: Period) -> Self {
        Self {
            period,
            segment: None,
            against: None,
        }
    }
}

/// What somebody chose to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Other days, of the same group.
    Period(Period),
    /// Another group, on the same days.
    Segment(Segment),
}

/// The feedback that has a value in a column: channel, product, language, segment, or any column of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Name of the column.
    pub column: String,
    /// The value, compared without regard to case.
    pub value: String,
}

/// Why a text names no group.
#[derive(Debug, thiserror::Error)]
#[error("\"{0}\" names no group of feedback; write column=value, as in channel=chat")]
pub struct NotASegment(String);

impl FromStr for Segment {
    type Err = NotASegment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (column, value) = text
            .split_once('=')
            .ok_or_else(|| NotASegment(text.to_owned()))?;
        let (column, value) = (column.trim(), value.trim());
        if column.is_empty() || value.is_empty() {
            return Err(NotASegment(text.to_owned()));
        }
        Ok(Self {
            column: column.to_owned(),
            value: value.to_owned(),
        })
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.column, self.value)
    }
}

impl Segment {
    /// True for feedback of this group.
    pub fn holds(&self, record: &AnalyzedFeedback) -> bool {
        let feedback = &record.feedback;
        let is_value = |value: &str| value.trim().to_lowercase() == self.value.to_lowercase();
        let of_role = match self.column.as_str() {
            "channel" => feedback.channel.as_deref(),
            "product" => feedback.product.as_deref(),
            "segment" => feedback
                .service
                .as_ref()
                .and_then(|one| one.segment.as_deref()),
            "language" | "lang" => return is_value(record.language.code()),
            _ => None,
        };
        if let Some(value) = of_role {
            return is_value(value);
        }
        let columns: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&feedback.columns).unwrap_or_default();
        match columns.get(&self.column) {
            Some(serde_json::Value::String(value)) => is_value(value),
            Some(value) => is_value(&value.to_string()),
            None => false,
        }
    }
}

impl fmt::Display for Scope {
    /// Names the report's folder: the period, then the group and what it is compared with.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.period)?;
        if let Some(segment) = &self.segment {
            write!(f, "_{}", plain(&segment.to_string()))?;
        }
        match &self.against {
            Some(Reference::Period(period)) => write!(f, "_vs_{period}"),
            Some(Reference::Segment(segment)) => write!(f, "_vs_{}", plain(&segment.to_string())),
            None => Ok(()),
        }
    }
}

/// A text any file system takes as part of a name: letters, digits and hyphens, at most 40 of them.
fn plain(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            letter if letter.is_alphanumeric() => letter,
            _ => '-',
        })
        .take(40)
        .collect()
}

impl Scope {
    /// The days whose records a report needs, each range first to last day; `None` where it needs everything.
    pub fn days(&self, history: &History, settings: &Settings) -> Option<Vec<(Date, Date)>> {
        windows::days_needed(self, history, settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_after_what_the_report_is_about() {
        let scope = Scope {
            period: "2026-W47".parse().unwrap(),
            segment: Some("channel=Chat / web".parse().unwrap()),
            against: Some(Reference::Segment("channel=e-mail".parse().unwrap())),
        };
        assert_eq!(
            scope.to_string(),
            "2026-W47_channel-Chat---web_vs_channel-e-mail"
        );
        assert!("channel".parse::<Segment>().is_err() && "=x".parse::<Segment>().is_err());
    }
}
