//! The action plan, `actions.toml`: what people do about themes, kept by them. Parsed and checked here, followed by the metrics.

use crate::error::{Error, Result, line_of_table};
use jiff::civil::Date;
use serde::Deserialize;

/// Everything that is planned, running or done, in the order of the file. The default has nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionPlan {
    /// One entry an action.
    #[serde(default, rename = "action")]
    pub actions: Vec<Action>,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Id of the theme it is about.
    pub theme: String,
    /// What is done.
    pub action: String,
    /// Who does it.
    #[serde(default)]
    pub owner: Option<String>,
    /// When it should be done.
    #[serde(default, deserialize_with = "day")]
    pub due: Option<Date>,
    /// The day it took effect; what the theme did since is measured from there.
    #[serde(default, deserialize_with = "day")]
    pub since: Option<Date>,
    /// How far it is.
    #[serde(default)]
    pub status: Status,
}

/// How far an action is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Not begun.
    #[default]
    Planned,
    /// Begun.
    Running,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

/// A day, as a date of TOML or as a text.
fn day<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Date>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let text = match &value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let wrong =
        || serde::de::Error::custom(format!("\"{text}\" is not a day; write it as 2026-11-23"));
    text.parse().map(Some).map_err(|_| wrong())
}

impl ActionPlan {
    /// Reads a plan. The error names the line.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let plan: ActionPlan =
            toml::from_str(text).map_err(|error| Error::of_toml(&error, text, place))?;
        for (at, action) in plan.actions.iter().enumerate() {
            if action.theme.trim().is_empty() || action.action.trim().is_empty() {
                return Err(Error::Settings {
                    place: format!("{place}:{}", line_of_table(text, "action", at)),
                    reason: "an action needs the id of a theme and a text; `vocable themes list` shows the ids"
                        .to_owned(),
                });
            }
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_reads_dates_both_ways() {
        let text = "[[action]]\ntheme = \"refund\"\naction = \"Refund within 3 days\"\nowner = \"Léa\"\ndue = 2026-12-01\nsince = \"2026-11-02\"\nstatus = \"running\"\n";
        let plan = ActionPlan::parse(text, "actions.toml").unwrap();
        let action = &plan.actions[0];
        assert_eq!(action.due.unwrap().to_string(), "2026-12-01");
        assert_eq!(action.since.unwrap().to_string(), "2026-11-02");
        assert_eq!(action.status, Status::Running);
        assert_eq!(ActionPlan::parse("", "a").unwrap(), ActionPlan::default());
    }

    #[track_caller]
    fn refused(text: &str, start: &str) {
        let message = ActionPlan::parse(text, "actions.toml")
            .unwrap_err()
            .to_string();
        assert!(message.starts_with(start), "{message}");
    }

    #[test]
    fn what_is_wrong_is_named_by_line() {
        refused(
            "[[action]]\ntheme = \"refund\"\naction = \"x\"\ndue = \"soon\"\n",
            "actions.toml:4: \"soon\" is not a day",
        );
        refused(
            "\n[[action]]\ntheme = \"\"\naction = \"x\"\n",
            "actions.toml:2: an action needs",
        );
        refused(
            "[[action]]\ntheme = \"a\"\naction = \"x\"\nwho = \"Léa\"\n",
            "actions.toml:4: unknown field",
        );
    }
}
