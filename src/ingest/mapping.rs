//! What a person says about the columns of a file, when names and content do not say it.

use super::{dates::DateOrder, roles::Role, vocabulary::Vocabulary};
use crate::error::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Roles given by hand; they go before any guess. Empty by default.
///
/// ```toml
/// [columns]
/// "Votre avis" = "text"
/// "Le" = "date"
///
/// [reading]
/// date_order = "day_first"
/// rating_scale = 10
///
/// [constants]
/// channel = "app store"
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// Column and role, sorted by column. Columns compare without case, accents and signs.
    pub columns: Vec<(String, Role)>,
    /// Order of day and month in dates such as `03/04/2026`.
    pub date_order: Option<DateOrder>,
    /// The best rating there is: 5, 10, 20, 100…
    pub rating_scale: Option<f32>,
    /// The best satisfaction mark there is.
    pub csat_scale: Option<f32>,
    /// Channel of every record that names none.
    pub channel: Option<String>,
    /// Product of every record that names none.
    pub product: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    columns: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    reading: ReadingPart,
    #[serde(default)]
    constants: ConstantsPart,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadingPart {
    date_order: Option<Spanned<String>>,
    rating_scale: Option<Spanned<f32>>,
    csat_scale: Option<Spanned<f32>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConstantsPart {
    channel: Option<String>,
    product: Option<String>,
}

impl Mapping {
    /// Reads the text of a mapping file; `place` names the file in errors.
    ///
    /// Errors name the line: unknown keys, unknown roles, a role given twice, a scale that is not above 0.
    /// An empty text is an empty mapping.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let fail = |at: Option<usize>, reason: String| Error::Settings {
            place: match at {
                Some(at) => format!("{place}:{}", line_of(text, at)),
                None => place.to_owned(),
            },
            reason,
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let reason = error.message().replace('\n', ", ");
            fail(error.span().map(|span| span.start), reason)
        })?;
        let vocabulary = Vocabulary::embedded();
        let mut columns: Vec<(String, Role)> = Vec::new();
        for (column, role) in &file.columns {
            let at = Some(role.span().start);
            let name = role.get_ref();
            let Some(role) = Role::named(name) else {
                return Err(fail(
                    at,
                    format!(
                        "\"{name}\" is not a role; write one of {}",
                        Role::all_names()
                    ),
                ));
            };
            if role.is_single() && columns.iter().any(|(_, given)| *given == role) {
                return Err(fail(
                    at,
                    format!(
                        "two columns have the role {name}; keep one and map the other with keep"
                    ),
                ));
            }
            let plain = vocabulary.plain(column.get_ref());
            if columns
                .iter()
                .any(|(given, _)| vocabulary.plain(given) == plain)
            {
                let reason = format!(
                    "the column \"{}\" is named twice; keep one line",
                    column.get_ref()
                );
                return Err(fail(at, reason));
            }
            columns.push((column.get_ref().clone(), role));
        }
        let date_order = match &file.reading.date_order {
            None => None,
            Some(order) => Some(match order.get_ref().as_str() {
                "day_first" => DateOrder::DayFirst,
                "month_first" => DateOrder::MonthFirst,
                other => {
                    let reason = format!(
                        "\"{other}\" is not an order of dates; write day_first or month_first"
                    );
                    return Err(fail(Some(order.span().start), reason));
                }
            }),
        };
        let scale = |scale: &Option<Spanned<f32>>| match scale {
            None => Ok(None),
            Some(scale) if *scale.get_ref() > 0.0 && scale.get_ref().is_finite() => {
                Ok(Some(*scale.get_ref()))
            }
            Some(scale) => {
                let reason = "a scale is the best mark there is; write a number above 0".to_owned();
                Err(fail(Some(scale.span().start), reason))
            }
        };
        let filled = |text: Option<String>| {
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        Ok(Self {
            columns,
            date_order,
            rating_scale: scale(&file.reading.rating_scale)?,
            csat_scale: scale(&file.reading.csat_scale)?,
            channel: filled(file.constants.channel),
            product: filled(file.constants.product),
        })
    }
}

/// Line of a byte of `text`, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..at.min(text.len())];
    1 + before.iter().filter(|&&b| b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_read() {
        let text = "[columns]\n\"Votre avis\" = \"text\"\n\"Le\" = \"date\"\nInterne = \"ignore\"\nAussi = \"ignore\"\n\
            [reading]\ndate_order = \"month_first\"\nrating_scale = 10\n[constants]\nchannel = \" web \"\nproduct = \"\"\n";
        let mapping = Mapping::parse(text, "mapping.toml").unwrap();
        assert!(
            mapping
                .columns
                .contains(&("Votre avis".to_owned(), Role::Text))
        );
        assert_eq!(mapping.columns.len(), 4);
        assert_eq!(mapping.date_order, Some(DateOrder::MonthFirst));
        assert_eq!(mapping.rating_scale, Some(10.0));
        assert_eq!(mapping.channel.as_deref(), Some("web"));
        assert_eq!(mapping.product, None);
        assert_eq!(
            Mapping::parse("", "mapping.toml").unwrap(),
            Mapping::default()
        );
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let message = Mapping::parse(text, "mapping.toml")
            .unwrap_err()
            .to_string();
        assert!(message.starts_with(expected), "{message}");
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_line() {
        check(
            "[columns]\n\n\"A\" = \"words\"",
            "mapping.toml:3: \"words\" is not a role; write one of text, title",
        );
        check(
            "[columns]\nA = \"text\"\nB = \"text\"",
            "mapping.toml:3: two columns have the role text",
        );
        check(
            "[columns]\n\"a b\" = \"text\"\na_b = \"keep\"",
            "mapping.toml:",
        );
        check(
            "[column]\nA = \"text\"",
            "mapping.toml:1: unknown field `column`",
        );
        check(
            "[reading]\ndate_order = \"ymd\"",
            "mapping.toml:2: \"ymd\" is not an order of dates",
        );
        check(
            "[reading]\nrating_scale = 0",
            "mapping.toml:2: a scale is the best mark",
        );
        check("[columns", "mapping.toml:1: ");
    }
}
