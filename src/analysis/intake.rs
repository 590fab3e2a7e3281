//! The step between reading and judging: personal data masked, customers named by a pseudonym. Nothing after it has seen the rest.

use crate::{feedback::Feedback, privacy};
use rayon::prelude::*;
use std::{borrow::Cow, ops::Range};

/// Masks personal data in texts and columns, and replaces each customer's name by a pseudonym under the workspace's key:
/// the same customer stays the same. Records that name no customer take the one whose address or number their text gives.
/// Changes nothing when masking is switched off.
pub fn protect(feedback: &mut [Feedback], settings: &privacy::Settings, key: &privacy::Key) {
    if !settings.enabled {
        return;
    }
    feedback.par_chunks_mut(1024).for_each(|chunk| {
        for record in chunk {
            protect_record(record, settings, key);
        }
    });
}

fn protect_record(record: &mut Feedback, settings: &privacy::Settings, key: &privacy::Key) {
    let customer = match &record.customer {
        Some(name) => Some(key.customer(name)),
        None => privacy::identity(&record.text).map(|found| key.pseudonym(found.as_str())),
    };
    let (title, body) = record.text.split_at(record.body_start as usize);
    let title = privacy::mask(title, settings).text;
    let body = privacy::mask(body, settings).text;
    if matches!((&title, &body), (Cow::Owned(_), _) | (_, Cow::Owned(_))) {
        let (start, text) = (title.len(), format!("{title}{body}"));
        record.body_start = start as u32;
        record.text = text.into();
    }
    if let Cow::Owned(columns) = privacy::mask_json(&record.columns, settings) {
        record.columns = columns.into();
    }
    // Some exports use an e-mail address or a phone number as the id.
    if let Cow::Owned(_) = privacy::mask(record.id(), settings).text {
        let pseudonym = key.pseudonym(record.id());
        record.key = format!("{}{pseudonym}", &record.key[..usize::from(record.id_start)]).into();
    }
    for name in [&mut record.channel, &mut record.product]
        .into_iter()
        .flatten()
    {
        if let Cow::Owned(masked) = privacy::mask(name, settings).text {
            *name = masked.into();
        }
    }
    if let Some(name) = record.customer.take()
        && let Some(hidden) = without_name(&record.columns, &name)
    {
        // The column the name came from holds it too, as text or as a number.
        record.columns = hidden;
    }
    record.customer = customer.map(Into::into);
}

/// Written in place of a customer's name among the columns; the pseudonym is told apart from them, where it is told.
const CUSTOMER: &str = "[customer]";

/// The columns with [`CUSTOMER`] in place of every value that is this name, however it is escaped, or this number; `None`
/// where there is none. Names of columns, and words within a longer text, stay.
fn without_name(columns: &str, name: &str) -> Option<Box<str>> {
    let bytes = columns.as_bytes();
    let mut places = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b'"' => {
                while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
                let text = columns.get(start..at)?;
                let is_column = bytes[at..].trim_ascii_start().starts_with(b":");
                if !is_column && says(text, name) {
                    places.push(start..at);
                }
            }
            b'-' | b'0'..=b'9' => {
                let is_of_number =
                    |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                at += bytes[at..]
                    .iter()
                    .take_while(|byte| is_of_number(byte))
                    .count();
                if columns[start..at] == *name {
                    places.push(start..at);
                }
            }
            _ => {}
        }
    }
    if places.is_empty() {
        return None;
    }
    // Of the exact size: a million strings that grew and shrank would leave a million holes in memory.
    let taken: usize = places.iter().map(Range::len).sum();
    let size = columns.len() - taken + places.len() * (CUSTOMER.len() + 2);
    let mut hidden = String::with_capacity(size);
    let mut copied = 0;
    for place in places {
        hidden.extend([&columns[copied..place.start], "\"", CUSTOMER, "\""]);
        copied = place.end;
    }
    hidden.push_str(&columns[copied..]);
    Some(hidden.into_boxed_str())
}

/// Whether a JSON string, its quotes included, is this text.
fn says(string: &str, text: &str) -> bool {
    match string.contains('\\') {
        true => serde_json::from_str::<String>(string).is_ok_and(|string| string == text),
        false => string[1..string.len() - 1] == *text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[track_caller]
    fn check(columns: &str, name: &str, expected: &str) {
        let hidden = without_name(columns, name);
        assert_eq!(hidden.as_deref().unwrap_or(columns), expected);
    }

    #[test]
    fn a_customers_cell_is_hidden_as_text_and_as_a_number() {
        check(
            r#"{"client":"Marie, C}","n":4}"#,
            "Marie, C}",
            r#"{"client":"[customer]","n":4}"#,
        );
        check(
            r#"{"id":115,"n":1150}"#,
            "115",
            r#"{"id":"[customer]","n":1150}"#,
        );
        check(
            r#"{"n":1150,"id":115}"#,
            "115",
            r#"{"n":1150,"id":"[customer]"}"#,
        );
        check(r#"{"n":1150}"#, "115", r#"{"n":1150}"#);
        check(
            r#"{"a":{"by":"Zo\u00e9"},"b":["Zo\u00E9",1],"Zoé" :"Zoé B"}"#,
            "Zoé",
            r#"{"a":{"by":"[customer]"},"b":["[customer]",1],"Zoé" :"Zoé B"}"#,
        );
    }

    #[test]
    fn a_customers_number_within_a_text_leaves_the_columns_whole() {
        check(
            r#"{"note":"ref:115, urgent","x":"a:","y":",","z":"\"115"}"#,
            "115",
            r#"{"note":"ref:115, urgent","x":"a:","y":",","z":"\"115"}"#,
        );
        check(
            r#"{"x":"a:","y":","}"#,
            ",",
            r#"{"x":"a:","y":"[customer]"}"#,
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn columns_stay_an_object_without_the_name(
            columns in prop::collection::vec(("[a-c:,\"]{1,3}", "[15:,é\"\\\\}{ -]{0,4}", any::<bool>()), 0..5), name in "[15:,é\"\\\\}{-]{1,3}", is_escaped in any::<bool>(),
        ) {
            let mut object = serde_json::Map::new();
            for (column, cell, is_nested) in columns {
                let number = cell.parse::<u64>().ok().filter(|number| number.to_string() == cell);
                let cell = number.map_or_else(|| Value::from(cell), Value::from);
                object.insert(column, if is_nested { json!([{ "é:": cell }]) } else { cell });
            }
            let mut columns = Value::from(object.clone()).to_string();
            if is_escaped {
                columns = columns.replace('é', "\\u00e9");
            }
            let hidden = without_name(&columns, &name).map_or(columns, String::from);
            let read: serde_json::Map<String, Value> = serde_json::from_str(&hidden).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(read.keys().eq(object.keys()));
            let said = |value: &Value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let innermost = |value: &Value| value.pointer("/0/é:").unwrap_or(value).clone();
            for (before, after) in object.values().zip(read.values()) {
                let (before, after) = (innermost(before), innermost(after));
                match said(&before) == name {
                    true => prop_assert_eq!(after, CUSTOMER),
                    false => prop_assert_eq!(after, before),
                }
            }
        }
    }
}
