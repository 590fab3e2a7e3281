//! What a person says about the columns of a file, when names and content do not say it.

use super::{
    dates::DateOrder,
    roles::Role,
    vocabulary::{Unit, Vocabulary},
};
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
/// "Note globale" = { role = "rating", scale = 10 }
/// "Facilité" = { role = "ces", scale = 7, high_is = "easy" }
/// "Délai de réponse" = { role = "first_reply", unit = "hours" }
///
/// [reading]
/// date_order = "day_first"
/// time_zone = "UTC"
/// kind = "tickets"
///
/// [constants]
/// channel = "app store"
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// Sorted by name. Names compare without case, accents and signs.
    pub columns: Vec<MappedColumn>,
    /// Order of day and month in dates such as `03/04/2026`.
    pub date_order: Option<DateOrder>,
    /// IANA zone of moments that name none; that of the settings without it.
    pub time_zone: Option<String>,
    /// The best rating there is: 5, 10, 20, 100…
    pub rating_scale: Option<f32>,
    /// The best satisfaction mark there is.
    pub csat_scale: Option<f32>,
    /// Name of the kind of export: files of one kind name the same records by the same ids, whatever their columns.
    pub kind: Option<String>,
    /// Channel of every record that names none.
    pub channel: Option<String>,
    /// Product of every record that names none.
    pub product: Option<String>,
}

/// What a mapping says of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct MappedColumn {
    /// As the file names it.
    pub name: String,
    /// What it is to a record.
    pub role: Role,
    /// The best mark of an effort score.
    pub scale: Option<f32>,
    /// Which end of an effort score is good; every `ces` column has it.
    pub high_is_easy: Option<bool>,
    /// What a bare number of a duration counts.
    pub(super) unit: Option<Unit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    columns: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    #[serde(default)]
    reading: ReadingPart,
    #[serde(default)]
    constants: ConstantsPart,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadingPart {
    date_order: Option<Spanned<String>>,
    time_zone: Option<Spanned<String>>,
    rating_scale: Option<Spanned<f32>>,
    csat_scale: Option<Spanned<f32>>,
    kind: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConstantsPart {
    channel: Option<String>,
    product: Option<String>,
}

/// What is written behind the name of a column, where it is more than a role.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    role: String,
    scale: Option<f32>,
    high_is: Option<String>,
    unit: Option<String>,
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
        let mut columns: Vec<MappedColumn> = Vec::new();
        let (mut rating_scale, mut csat_scale) = (None, None);
        for (name, entry) in &file.columns {
            let fail_here = |reason: String| fail(Some(entry.span().start), reason);
            let column = column(name.get_ref(), entry.get_ref(), vocabulary).map_err(fail_here)?;
            let role = column.role.name();
            // Answers to several questions are one text.
            let is_single = column.role.is_single() && column.role != Role::Text;
            if is_single && columns.iter().any(|given| given.role == column.role) {
                return Err(fail_here(format!(
                    "two columns have the role {role}; keep one and map the other with keep"
                )));
            }
            let plain = vocabulary.plain(&column.name);
            if columns
                .iter()
                .any(|given| vocabulary.plain(&given.name) == plain)
            {
                return Err(fail_here(format!(
                    "the column \"{}\" is named twice; keep one line",
                    column.name
                )));
            }
            match column.role {
                Role::Rating => rating_scale = column.scale,
                Role::Csat => csat_scale = column.scale,
                _ => {}
            }
            columns.push(column);
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
        let time_zone = match &file.reading.time_zone {
            None => None,
            Some(name) if jiff::tz::TimeZone::get(name.get_ref()).is_ok() => {
                Some(name.get_ref().clone())
            }
            Some(name) => {
                let reason = format!(
                    "\"{}\" is not a time zone; write one such as Europe/Paris",
                    name.get_ref()
                );
                return Err(fail(Some(name.span().start), reason));
            }
        };
        let filled = |text: Option<String>| {
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        Ok(Self {
            columns,
            date_order,
            time_zone,
            rating_scale: rating_scale.or(scale(&file.reading.rating_scale)?),
            csat_scale: csat_scale.or(scale(&file.reading.csat_scale)?),
            kind: filled(file.reading.kind),
            channel: filled(file.constants.channel),
            product: filled(file.constants.product),
        })
    }
}

/// What is said of one column, or what is wrong with it.
fn column(
    name: &str,
    entry: &toml::Value,
    vocabulary: &Vocabulary,
) -> std::result::Result<MappedColumn, String> {
    let entry = match entry {
        toml::Value::String(role) => Entry {
            role: role.clone(),
            scale: None,
            high_is: None,
            unit: None,
        },
        other => other
            .clone()
            .try_into()
            .map_err(|error: toml::de::Error| error.message().replace('\n', ", "))?,
    };
    let Some(role) = Role::named(&entry.role) else {
        return Err(format!(
            "\"{}\" is not a role; write one of {}",
            entry.role,
            Role::all_names()
        ));
    };
    if entry
        .scale
        .is_some_and(|scale| !(scale > 0.0 && scale.is_finite()))
    {
        return Err("a scale is the best mark there is; write a number above 0".to_owned());
    }
    let high_is_easy = match (role, entry.high_is.as_deref()) {
        (Role::Ces, Some("easy")) => Some(true),
        (Role::Ces, Some("hard")) => Some(false),
        (Role::Ces, _) => {
            return Err(
                "an effort score needs its direction: { role = \"ces\", high_is = \"easy\" } or \"hard\""
                    .to_owned(),
            );
        }
        (_, Some(_)) => return Err("high_is goes with the role ces only".to_owned()),
        (_, None) => None,
    };
    if entry.scale.is_some() && !matches!(role, Role::Rating | Role::Csat | Role::Ces) {
        return Err("a scale goes with the roles rating, csat and ces only".to_owned());
    }
    let is_duration = matches!(role, Role::FirstReply | Role::Resolved | Role::Closed);
    let unit = match entry.unit.as_deref() {
        Some(_) if !is_duration => {
            return Err(
                "a unit goes with the roles first_reply, resolved and closed only".to_owned(),
            );
        }
        Some(unit) => Some(vocabulary.unit(unit).ok_or_else(|| {
            format!("\"{unit}\" is not a unit of time; write seconds, minutes, hours or days")
        })?),
        None => None,
    };
    Ok(MappedColumn {
        name: name.to_owned(),
        role,
        scale: entry.scale,
        high_is_easy,
        unit,
    })
}

/// Line of a byte of `text`, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..at.min(text.len())];
    1 + before.iter().filter(|&&b| b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mapping_is_read() {
        let text = "[columns]\n\"Votre avis\" = \"text\"\n\"Le\" = \"date\"\nInterne = \"ignore\"\nAussi = \"ignore\"\n\
            [reading]\ndate_order = \"month_first\"\nrating_scale = 10\n[constants]\nchannel = \" web \"\nproduct = \"\"\n";
        let mapping = Mapping::parse(text, "mapping.toml").unwrap();
        assert!(
            mapping
                .columns
                .iter()
                .any(|column| column.name == "Votre avis" && column.role == Role::Text)
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

    #[test]
    fn scales_directions_and_units_go_with_their_columns() {
        let text = "[columns]\nNote = { role = \"rating\", scale = 10 }\n\
            Effort = { role = \"ces\", scale = 7, high_is = \"hard\" }\n\
            D\u{e9}lai = { role = \"first_reply\", unit = \"heures\" }\n\
            [reading]\ntime_zone = \"UTC\"";
        let text = text.replace("Délai", "\"Délai\"");
        let mapping = Mapping::parse(&text, "mapping.toml").unwrap();
        assert_eq!(mapping.rating_scale, Some(10.0));
        assert_eq!(mapping.time_zone.as_deref(), Some("UTC"));
        let of = |role: Role| {
            mapping
                .columns
                .iter()
                .find(|column| column.role == role)
                .unwrap()
        };
        assert_eq!(
            (of(Role::Ces).scale, of(Role::Ces).high_is_easy),
            (Some(7.0), Some(false))
        );
        assert_eq!(of(Role::FirstReply).unit, Some(Unit::Hour));
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
            "[columns]\nA = \"title\"\nB = \"title\"",
            "mapping.toml:3: two columns have the role title",
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
        check(
            "[columns]\nE = \"ces\"",
            "mapping.toml:2: an effort score needs its direction",
        );
        check(
            "[columns]\nE = { role = \"date\", scale = 3 }",
            "mapping.toml:2: a scale goes with",
        );
        check(
            "[columns]\nE = { role = \"resolved\", unit = \"weeks\" }",
            "mapping.toml:2: \"weeks\" is not a unit",
        );
        check(
            "[columns]\nE = { role = \"text\", note = 1 }",
            "mapping.toml:2: unknown field `note`",
        );
        check(
            "[reading]\ntime_zone = \"Paris\"",
            "mapping.toml:2: \"Paris\" is not a time zone",
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn roles_are_read_back_for_columns_however_named(names in prop::collection::btree_set("\\PC{1,12}", 1..6), role in 0..Role::ALL.len()) {
            let vocabulary = Vocabulary::embedded();
            let plain: std::collections::BTreeSet<String> = names.iter().map(|name| vocabulary.plain(name)).collect();
            // Names that mean the same are refused, and one role in two columns too.
            prop_assume!(plain.len() == names.len());
            let role = Role::ALL[role];
            let mut text = "[columns]\n".to_owned();
            for (at, name) in names.iter().enumerate() {
                let role = if at == 0 { role } else { Role::Keep };
                let entry = match role {
                    Role::Ces => "{ role = \"ces\", high_is = \"easy\", scale = 7 }".to_owned(),
                    role => format!("\"{}\"", role.name()),
                };
                text.push_str(&format!("{} = {entry}\n", serde_json::Value::from(name.as_str())));
            }
            let mapping = Mapping::parse(&text, "mapping.toml");
            let mapping = mapping.map_err(|error| TestCaseError::fail(error.to_string()))?;
            let read: std::collections::BTreeSet<String> = mapping.columns.iter().map(|column| column.name.clone()).collect();
            prop_assert_eq!(&read, &names);
            prop_assert!(mapping.columns.iter().any(|column| column.role == role));
        }
    }
}
