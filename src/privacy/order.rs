//! Order numbers: what they look like only the user knows, and says in patterns.

use super::{ALL, Clues, Detector, Kind, Span};
use regex::Regex;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::str::FromStr;

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Order,
    replacement: "[order]",
    before: "",
    fewest_digits: 0,
    example: "CMD-2024-000123",
    look_alike: "CMD-2024-123",
    find,
};

/// What a user's order numbers look like: a regular expression, searched anywhere in a text.
///
/// In settings it is a string. Two patterns are equal when they are written the same.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for Pattern {
    type Err = String;

    /// Refuses what is no regular expression, and what matches the empty text; the message says so and what to change.
    fn from_str(source: &str) -> Result<Self, String> {
        let regex = Regex::new(source).map_err(|error| {
            // The first lines draw the place with spaces; the last says what is wrong.
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default();
            let reason = reason.strip_prefix("error: ").unwrap_or(reason);
            format!("order number pattern {source:?} is not a regular expression: {reason}; mend it or leave it out")
        })?;
        if regex.is_match("") {
            return Err(format!(
                "order number pattern {source:?} matches the empty text; write what every order number has, such as \"CMD-[0-9]+\""
            ));
        }
        Ok(Pattern(regex))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    for pattern in clues.order_numbers {
        for part in between_replacements(clues.text) {
            // The text before the part is left in place, so that word boundaries are seen.
            let text = &clues.text[..part.end];
            let mut at = part.start;
            while let Some(found) = pattern.0.find_at(text, at) {
                if found.is_empty() {
                    at = match text[found.end()..].chars().next() {
                        Some(character) => found.end() + character.len_utf8(),
                        None => break,
                    };
                    continue;
                }
                at = found.end();
                spans.push(Span {
                    start: found.start(),
                    end: found.end(),
                });
            }
        }
    }
}

/// The parts of a text that no replacement stands in: a pattern such as `[a-z]+` must not be met by "[phone]".
fn between_replacements(text: &str) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices('[') {
        let replaced = ALL
            .iter()
            .map(|detector| detector.replacement)
            .chain([super::json::MASKED])
            .find(|replacement| text[at..].starts_with(replacement));
        if let Some(replacement) = replaced {
            parts.push(Span { start, end: at });
            start = at + replacement.len();
        }
    }
    parts.push(Span {
        start,
        end: text.len(),
    });
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::{Settings, mask};

    fn settings(patterns: &[&str]) -> Settings {
        Settings {
            order_numbers: patterns
                .iter()
                .map(|pattern| pattern.parse().unwrap())
                .collect(),
            ..Settings::default()
        }
    }

    #[track_caller]
    fn check(patterns: &[&str], text: &str, expected: &str) {
        let settings = settings(patterns);
        let once = mask(text, &settings).text.into_owned();
        assert_eq!(once, expected);
        assert_eq!(mask(&once, &settings).text, expected, "twice");
    }

    #[test]
    fn everything_a_pattern_matches_is_masked() {
        check(
            &["CMD-[0-9]+"],
            "ma CMD-17, CMD-18.",
            "ma [order], [order].",
        );
        check(
            &["CMD[0-9]+", r"\b[A-Z]{2}\d{4}\b"],
            "CMD1 AB1234",
            "[order] [order]",
        );
        check(&["(?i)cmd [0-9]+"], "Cmd 17", "[order]");
        check(
            &[r"\b\d{10}\b"],
            "0639980042 et 0639 980 042",
            "[order] et [phone]",
        );
        check(&[], "CMD-17", "CMD-17");
    }

    #[test]
    fn patterns_never_meet_a_replacement() {
        check(&["[a-z]+"], "06 39 98 00 42 abc", "[phone] [order]");
        check(&["."], "é [order]", "[order][order][order]");
        check(
            &["order"],
            "order [order] reorder",
            "[order] [order] re[order]",
        );
        check(&[r"\["], "[[phone]", "[order][phone]");
        check(&[r"\b|x"], "x axa", "x a[order]a");
    }

    #[test]
    fn patterns_are_written_as_strings() {
        let settings = settings(&["CMD-[0-9]+"]);
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(json, r#"{"enabled":true,"order_numbers":["CMD-[0-9]+"]}"#);
        assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
    }

    #[test]
    fn wrong_patterns_are_refused() {
        let refused = |pattern: &str| pattern.parse::<Pattern>().unwrap_err();
        assert_eq!(
            refused("CMD["),
            "order number pattern \"CMD[\" is not a regular expression: unclosed character class; mend it or leave it out"
        );
        assert_eq!(
            refused("x*"),
            "order number pattern \"x*\" matches the empty text; write what every order number has, such as \"CMD-[0-9]+\""
        );
        let read = serde_json::from_str::<Settings>(r#"{"order_numbers":["x*"]}"#);
        assert!(
            read.unwrap_err()
                .to_string()
                .starts_with("order number pattern")
        );
    }
}
