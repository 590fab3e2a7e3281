//! The short cells of the input, by which records are filtered and counted.

use crate::{
    feedback::Feedback,
    index::fields::{COLUMN_SEPARATOR, LONGEST_CELL},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap};

/// Each short cell of a record with its column's name before it, by name; without the texts, which are searched by their
/// words, and without what is no text, number or yes and no.
pub fn cells(feedback: &Feedback) -> Vec<String> {
    let columns: BTreeMap<String, &RawValue> =
        serde_json::from_str(&feedback.columns).expect("ingest writes columns as one JSON object");
    let origin = &feedback.origin;
    let is_text = |name: &str| *origin.text_column == *name || *origin.title_column == *name;
    columns
        .into_iter()
        .filter(|(name, _)| !is_text(name) && !name.is_empty() && name.len() <= LONGEST_CELL)
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
