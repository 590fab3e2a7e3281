//! The values of a JSON object masked: each like a text, and whole below a column whose name says that it is personal.

use super::columns::{Column, below};
use super::{Kind, Settings, mask, mask_kinds};
use memchr::memchr2;
use std::{borrow::Cow, ops::Range};

/// Written in place of the whole value of a personal column.
pub(super) const MASKED: &str = "[masked]";

/// Masks the values of a JSON object given as text.
///
/// Keys stay. Strings are masked as [`mask`] does; below a column whose name says that it holds a person's name,
/// address, mail, phone, account, plate or company number, strings and numbers become `[masked]`, empty strings, booleans and null apart.
/// Valid JSON stays valid, and everything that is not masked stays as written, spaces and escapes included. What is no
/// JSON is masked as plain text. Empty text, and any text when masking is off, comes back as it is.
pub fn mask_json<'a>(json: &'a str, settings: &Settings) -> Cow<'a, str> {
    if !settings.enabled {
        return Cow::Borrowed(json);
    }
    mask_values(json, settings).unwrap_or_else(|| mask(json, settings).text)
}

/// An object or array that is open, and what its key says.
struct Level {
    is_object: bool,
    column: Column,
}

/// `None` when the text is no JSON.
fn mask_values<'a>(json: &'a str, settings: &Settings) -> Option<Cow<'a, str>> {
    let bytes = json.as_bytes();
    let mut masked = String::new();
    let mut copied = 0;
    let mut levels: Vec<Level> = Vec::new();
    let mut column = Column::default();
    let mut awaits_key = false;
    let mut words = String::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' | b'[' => {
                awaits_key = *byte == b'{';
                levels.push(Level {
                    is_object: awaits_key,
                    column,
                });
            }
            b'}' | b']' => {
                let level = levels.pop()?;
                if level.is_object != (*byte == b'}') {
                    return None;
                }
                awaits_key = false;
            }
            b',' => {
                let level = levels.last()?;
                awaits_key = level.is_object;
                column = level.column;
            }
            b'"' => {
                at = string_end(bytes, at)?;
                let inside = &json[start + 1..at - 1];
                if awaits_key {
                    let parent = levels.last()?.column;
                    column = below(parent, &unescaped(inside), &mut words);
                    awaits_key = false;
                } else if let Some(value) = masked_value(inside, column, settings) {
                    masked.push_str(&json[copied..=start]);
                    push_escaped(&mut masked, &value);
                    copied = at - 1;
                }
            }
            b'-' | b'0'..=b'9' => {
                at = number_end(bytes, at);
                if let Some(value) = masked_number(&json[start..at], column, settings)
                    && !awaits_key
                {
                    masked.push_str(&json[copied..start]);
                    masked.push('"');
                    push_escaped(&mut masked, &value);
                    masked.push('"');
                    copied = at;
                }
            }
            b't' | b'f' | b'n' => {
                let literal = ["true", "false", "null"]
                    .into_iter()
                    .find(|literal| json[start..].starts_with(literal))?;
                at = start + literal.len();
            }
            b':' | b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => return None,
        }
    }
    if !levels.is_empty() {
        return None;
    }
    if copied == 0 {
        return Some(Cow::Borrowed(json));
    }
    masked.push_str(&json[copied..]);
    Some(Cow::Owned(masked))
}

/// The byte after the quote that closes the string whose first byte is at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The byte after the number that a byte of it stands before.
fn number_end(bytes: &[u8], at: usize) -> usize {
    let is_of_number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
    at + bytes[at..].iter().take_while(is_of_number).count()
}

/// A JSON object with a text in place of every value that is this one, however it is escaped, or this number; `None` where
/// there is none. Names of members, and words within a longer text, stay. `replacement` must need no escapes.
pub fn without_value(json: &str, value: &str, replacement: &str) -> Option<Box<str>> {
    let bytes = json.as_bytes();
    let mut places = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        let is_value = match bytes[start] {
            b'"' => {
                at = string_end(bytes, at)?;
                let is_name = bytes[at..].trim_ascii_start().starts_with(b":");
                !is_name && unescaped(&json[start + 1..at - 1]) == value
            }
            b'-' | b'0'..=b'9' => {
                at = number_end(bytes, at);
                json[start..at] == *value
            }
            _ => false,
        };
        if is_value {
            places.push(start..at);
        }
    }
    if places.is_empty() {
        return None;
    }
    // Of the exact size: a million strings that grew and shrank would leave a million holes in memory.
    let taken: usize = places.iter().map(Range::len).sum();
    let size = json.len() - taken + places.len() * (replacement.len() + 2);
    let mut hidden = String::with_capacity(size);
    let mut copied = 0;
    for place in places {
        hidden.extend([&json[copied..place.start], "\"", replacement, "\""]);
        copied = place.end;
    }
    hidden.push_str(&json[copied..]);
    Some(hidden.into_boxed_str())
}

/// What a string becomes, still without escapes; `None` when it stays.
fn masked_value<'a>(inside: &'a str, column: Column, settings: &Settings) -> Option<Cow<'a, str>> {
    if inside.is_empty() || column.is_personal {
        return (!inside.is_empty() && inside != MASKED).then_some(Cow::Borrowed(MASKED));
    }
    let value = unescaped(inside);
    let is_reference = column.is_reference && value.bytes().all(|byte| byte.is_ascii_digit());
    let masked = mask_kinds(&value, settings, |kind| match kind {
        Kind::Order | Kind::Link | Kind::Email | Kind::Iban | Kind::Plate | Kind::Name => true,
        Kind::Nir | Kind::Card | Kind::Phone => !is_reference,
        Kind::Siret | Kind::Siren => !is_reference && !column.is_place,
        Kind::Vat | Kind::Address => !column.is_place,
        Kind::Ip => !column.is_version,
    });
    (!masked.found.is_empty()).then(|| Cow::Owned(masked.text.into_owned()))
}

/// What a number becomes; `None` when it stays. Numbers in a text are strings: here only a column's name, or the user,
/// says that one is personal.
fn masked_number<'a>(number: &'a str, column: Column, settings: &Settings) -> Option<Cow<'a, str>> {
    if column.is_personal {
        return Some(Cow::Borrowed(MASKED));
    }
    if settings.order_numbers.is_empty() {
        return None;
    }
    let masked = mask_kinds(number, settings, |kind| kind == Kind::Order);
    (!masked.found.is_empty()).then_some(masked.text)
}

/// A JSON string without its escapes; half of a surrogate pair becomes U+FFFD.
fn unescaped(inside: &str) -> Cow<'_, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (character, length) = escape(&rest[at..]);
        text.push(character);
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character an escape stands for, and the bytes it takes; a broken one is U+FFFD.
fn escape(text: &str) -> (char, usize) {
    let simple = match text.as_bytes().get(1) {
        Some(b'u') => return unicode_escape(text),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    (simple, 2)
}

/// As [`escape`], for `\u00e9` and the pairs that stand for characters beyond U+FFFF.
fn unicode_escape(text: &str) -> (char, usize) {
    let unit = |at: usize| {
        text.get(at..at + 6)
            .and_then(|text| text.strip_prefix("\\u"))
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
    };
    let Some(first) = unit(0) else {
        return (char::REPLACEMENT_CHARACTER, 2);
    };
    let (units, length) = match unit(6) {
        Some(second) if (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&second) => {
            ([first, second], 12)
        }
        _ => ([first, 0], 6),
    };
    let character = char::decode_utf16(units).next().and_then(Result::ok);
    (character.unwrap_or(char::REPLACEMENT_CHARACTER), length)
}

fn push_escaped(json: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            control if control < ' ' => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let code = control as usize;
                json.push_str("\\u00");
                json.push(char::from(HEX[code / 16]));
                json.push(char::from(HEX[code % 16]));
            }
            other => json.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn check(json: &str, expected: &str) {
        assert_eq!(mask_json(json, &Settings::default()), expected, "{json}");
    }

    #[test]
    fn values_are_masked_and_keys_kept() {
        check(
            r#"{"note":"4","ville":"Lyon"}"#,
            r#"{"note":"4","ville":"Lyon"}"#,
        );
        check(
            r#"{"nom":"Durand","note":"4"}"#,
            r#"{"nom":"[masked]","note":"4"}"#,
        );
        check(
            r#"{"commentaire":"marie@example.com"}"#,
            r#"{"commentaire":"[e-mail]"}"#,
        );
        check(
            r#"{"marie@example.com":"x"}"#,
            r#"{"marie@example.com":"x"}"#,
        );
        check(
            r#"{"a":"06 39 98 00 42","b":["x","0639980043"],"c":{"d":"FR7630006000011234567890189"}}"#,
            r#"{"a":"[phone]","b":["x","[phone]"],"c":{"d":"[IBAN]"}}"#,
        );
        check(
            r#"{ "nom" : "Durand" , "x" : 1.50 }"#,
            r#"{ "nom" : "[masked]" , "x" : 1.50 }"#,
        );
        check("", "");
        check("{}", "{}");
    }

    #[test]
    fn everything_below_a_personal_key_is_masked() {
        check(
            r#"{"author":{"name":{"label":"Marie"},"n":3},"x":"Marie"}"#,
            r#"{"author":{"name":{"label":"[masked]"},"n":"[masked]"},"x":"Marie"}"#,
        );
        check(
            r#"{"phone":["1","2"],"x":"2"}"#,
            r#"{"phone":["[masked]","[masked]"],"x":"2"}"#,
        );
        check(r#"{"telephone":639980042}"#, r#"{"telephone":"[masked]"}"#);
        check(r#"{"telephone":-1.5e+3}"#, r#"{"telephone":"[masked]"}"#);
        check(
            r#"{"email":"","phone":null,"name":true}"#,
            r#"{"email":"","phone":null,"name":true}"#,
        );
        check(
            r#"{"product":{"name":"Clé"}}"#,
            r#"{"product":{"name":"Clé"}}"#,
        );
        check(
            r#"{"user":{"name":"Marie"}}"#,
            r#"{"user":{"name":"[masked]"}}"#,
        );
        check(
            r#"{"custom_fields":[{"name":"Couleur"}],"name":"Marie"}"#,
            r#"{"custom_fields":[{"name":"Couleur"}],"name":"[masked]"}"#,
        );
        check(
            r#"[{"name":"Marie"},{"name":"Paul"}]"#,
            r#"[{"name":"[masked]"},{"name":"[masked]"}]"#,
        );
    }

    #[test]
    fn escapes_are_read_and_written() {
        check(
            r#"{"x":"a\tmarie@example.com\n\"b\" \\"}"#,
            r#"{"x":"a\t[e-mail]\n\"b\" \\"}"#,
        );
        check(r#"{"x":"marie\u0040example.com"}"#, r#"{"x":"[e-mail]"}"#);
        check(
            r#"{"pr\u00e9nom":"Marie"}"#,
            r#"{"pr\u00e9nom":"[masked]"}"#,
        );
        check(
            r#"{"x":"\ud83d\ude00 0639980042 \u0001"}"#,
            r#"{"x":"😀 [phone] \u0001"}"#,
        );
        check(r#"{"x":"caf\u00e9"}"#, r#"{"x":"caf\u00e9"}"#);
        check(
            r#"{"x":"\ud83d 0639980042"}"#,
            "{\"x\":\"\u{fffd} [phone]\"}",
        );
    }

    #[test]
    fn versions_and_references_stay_in_their_columns() {
        for kept in [
            r#"{"App Version Name":"4.12.0.1"}"#,
            r#"{"commande":"0612345678"}"#,
            r#"{"order_id":"4111111111111111"}"#,
            r#"{"Review Submit Millis Since Epoch":"1704067200000"}"#,
        ] {
            check(kept, kept);
        }
        check(
            r#"{"commande":"0612345678 marie@example.com"}"#,
            r#"{"commande":"[phone] [e-mail]"}"#,
        );
        check(
            r#"{"reference":"marie@example.com"}"#,
            r#"{"reference":"[e-mail]"}"#,
        );
        check(
            r#"{"customer_id":"0639980042"}"#,
            r#"{"customer_id":"[phone]"}"#,
        );
    }

    #[test]
    fn numbers_of_companies_plates_and_addresses_are_masked_by_their_columns_and_by_themselves() {
        for key in [
            "siret",
            "N° SIREN",
            "immatriculation",
            "Adresse",
            "license_plate",
        ] {
            check(
                &format!(r#"{{"{key}":"x","n":1}}"#),
                &format!(r#"{{"{key}":"[masked]","n":1}}"#),
            );
        }
        check(r#"{"siret":30326504500003}"#, r#"{"siret":"[masked]"}"#);
        check(
            r#"{"avis":"Bonjour Mme Durand,\n12 rue Foch","x":"AB-123-CD"}"#,
            r#"{"avis":"Bonjour Mme [name],\n[address]","x":"[plate]"}"#,
        );
        check(
            r#"{"commande":"30326504500003"}"#,
            r#"{"commande":"30326504500003"}"#,
        );
        check(
            r#"{"store address":"12 rue Foch"}"#,
            r#"{"store address":"12 rue Foch"}"#,
        );
    }

    #[test]
    fn order_numbers_are_masked_as_text_and_as_numbers() {
        let settings = Settings {
            order_numbers: vec!["[0-9]{6}".parse().unwrap()],
            ..Settings::default()
        };
        assert_eq!(
            mask_json(r#"{"commande":"123456","n":123456,"x":12}"#, &settings),
            r#"{"commande":"[order]","n":"[order]","x":12}"#
        );
    }

    #[test]
    fn what_is_no_json_is_masked_as_text() {
        check("marie@example.com", "[e-mail]");
        check(r#"{"x":"marie@example.com"#, r#"{"x":"[e-mail]"#);
        check(r#"{"x":"0639980042"]"#, r#"{"x":"[phone]"]"#);
        check(r#"{"x":"\"#, r#"{"x":"\"#);
        check("}", "}");
    }

    #[test]
    fn nothing_changes_when_masking_is_off() {
        let json = r#"{"nom":"Durand","x":"marie@example.com"}"#;
        let off = Settings {
            enabled: false,
            ..Settings::default()
        };
        assert_eq!(mask_json(json, &off), json);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC*|[\\x00-\\x1f\"\\\\]*".prop_map(Value::from),
            "0639980042|AB-123-CD|Bonjour Mme Durand,|12 rue Foch|marie@example\\.com|4111 1111 1111 1111|\"\\\\06 39 98 00 42\""
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("nom|product|author|note|\\PC{0,5}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn keys(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                found.push(key.clone());
                keys(value, found);
            }),
            Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
            _ => {}
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn valid_json_stays_valid_with_its_keys(value in values()) {
            let json = value.to_string();
            let masked = mask_json(&json, &Settings::default()).into_owned();
            let read: Value = serde_json::from_str(&masked).expect("masked JSON is JSON");
            let (mut before, mut after) = (Vec::new(), Vec::new());
            keys(&value, &mut before);
            keys(&read, &mut after);
            prop_assert_eq!(before, after);
            prop_assert_eq!(mask_json(&masked, &Settings::default()), masked.as_str());
        }

        #[test]
        fn any_text_is_masked_without_panic(text in "[{}\\[\\]\",:\\\\u0-9a-f@. é-]{0,60}") {
            let masked = mask_json(&text, &Settings::default()).into_owned();
            let again = mask_json(&masked, &Settings::default()).into_owned();
            prop_assert_eq!(again, masked);
        }
    }

    #[track_caller]
    fn check_without(columns: &str, name: &str, expected: &str) {
        let hidden = without_value(columns, name, "[customer]");
        assert_eq!(hidden.as_deref().unwrap_or(columns), expected);
    }

    #[test]
    fn a_customers_cell_is_hidden_as_text_and_as_a_number() {
        check_without(
            r#"{"client":"Marie, C}","n":4}"#,
            "Marie, C}",
            r#"{"client":"[customer]","n":4}"#,
        );
        check_without(
            r#"{"id":115,"n":1150}"#,
            "115",
            r#"{"id":"[customer]","n":1150}"#,
        );
        check_without(
            r#"{"n":1150,"id":115}"#,
            "115",
            r#"{"n":1150,"id":"[customer]"}"#,
        );
        check_without(r#"{"n":1150}"#, "115", r#"{"n":1150}"#);
        check_without(
            r#"{"a":{"by":"Zo\u00e9"},"b":["Zo\u00E9",1],"Zoé" :"Zoé B"}"#,
            "Zoé",
            r#"{"a":{"by":"[customer]"},"b":["[customer]",1],"Zoé" :"Zoé B"}"#,
        );
    }

    #[test]
    fn a_customers_number_within_a_text_leaves_the_columns_whole() {
        check_without(
            r#"{"note":"ref:115, urgent","x":"a:","y":",","z":"\"115"}"#,
            "115",
            r#"{"note":"ref:115, urgent","x":"a:","y":",","z":"\"115"}"#,
        );
        check_without(
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
            let hidden = without_value(&columns, &name, "[customer]").map_or(columns, String::from);
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
                    true => prop_assert_eq!(after, "[customer]"),
                    false => prop_assert_eq!(after, before),
                }
            }
        }
    }
}
