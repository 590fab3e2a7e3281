//! The short cells of the input, by which records are filtered and counted.

use crate::{
    feedback::{Feedback, FileBalance},
    index::fields::{COLUMN_SEPARATOR, FieldName, LONGEST_CELL},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap};

/// The columns of a file whose values have a field of their own, or are no group: to be left out of [`cells`].
pub fn own_columns(file: &FileBalance) -> Vec<&str> {
    let has_field = |role: &str| {
        FieldName::of_role(role).is_some() || matches!(role, "text" | "title" | "turns" | "time")
    };
    (file.roles.iter())
        .filter(|(role, _)| has_field(role))
        .map(|(_, column)| column.as_str())
        .collect()
}

/// Each short cell of a record with its column's name before it, by name; without the columns that have a field of
/// their own, and without what is no text, number or yes and no.
pub fn cells(feedback: &Feedback, own: &[&str]) -> Vec<String> {
    let columns: BTreeMap<String, &RawValue> =
        serde_json::from_str(&feedback.columns).expect("ingest writes columns as one JSON object");
    columns
        .into_iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .filter(|(name, _)| !name.is_empty() && name.len() <= LONGEST_CELL)
        .filter_map(|(name, value)| {
            let raw = value.get();
            let value = match raw.as_bytes().first()? {
                // Quotation marks, and escapes that make six bytes of one.
                b'"' if raw.len() <= 6 * LONGEST_CELL => serde_json::from_str(raw).ok()?,
                b'"' | b'[' | b'{' | b'n' => return None,
                _ => Cow::Borrowed(raw),
            };
            let value = value.trim();
            let is_short = !value.is_empty() && value.len() <= LONGEST_CELL;
            let is_whole = !name.contains(COLUMN_SEPARATOR);
            (is_short && is_whole).then(|| format!("{name}{COLUMN_SEPARATOR}{value}"))
        })
        .collect()
}
