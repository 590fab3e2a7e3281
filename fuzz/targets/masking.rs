//! Personal data masked: whatever stands around it, and once and for all.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use vocable::privacy::{ALL, Settings, identity, mask, mask_json};
use vocable_fuzz::prepare;

/// What must be masked wherever it stands.
const PLANTED: [&str; 4] = [
    "marie.durand@example.com",
    "FR76 3000 6000 0112 3456 7890 189",
    "06 39 98 00 42",
    "4111 1111 1111 1111",
];

fn check_text(text: &str, settings: &Settings) {
    let masked = mask(text, settings);
    let again = mask(&masked.text, settings);
    assert_eq!(
        again.text, masked.text,
        "masked twice, {text:?} is another text"
    );
    assert!(again.found.is_empty());
    for finding in &masked.found {
        let shown = masked.text.get(finding.start..finding.end);
        let detector = ALL.iter().find(|detector| detector.kind == finding.kind);
        assert_eq!(shown, detector.map(|detector| detector.replacement));
    }
    assert!(
        masked
            .found
            .windows(2)
            .all(|pair| pair[0].end <= pair[1].start)
    );
    if masked.found.is_empty() {
        assert_eq!(masked.text, text);
    }
}

/// Masked, a value has the same keys, and as many items.
fn check_shape(before: &Value, after: &Value) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            assert!(before.keys().eq(after.keys()));
            before
                .values()
                .zip(after.values())
                .for_each(|(one, other)| check_shape(one, other));
        }
        (Value::Array(before), Value::Array(after)) => {
            assert_eq!(before.len(), after.len());
            before
                .iter()
                .zip(after)
                .for_each(|(one, other)| check_shape(one, other));
        }
        (Value::String(_) | Value::Number(_), Value::String(_)) => {}
        (before, after) => assert_eq!(before, after),
    }
}

fn check_json(json: &str, settings: &Settings) {
    let masked = mask_json(json, settings);
    assert_eq!(
        mask_json(&masked, settings),
        masked,
        "masked twice, {json:?} is another text"
    );
    if let Ok(before) = serde_json::from_str::<Value>(json) {
        let after = serde_json::from_str(&masked).expect("JSON stays JSON");
        check_shape(&before, &after);
    }
}

fuzz_target!(init: prepare(), |bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    // The first line may be the user's own pattern of order numbers.
    let (pattern, text) = match text.strip_prefix("pattern ").and_then(|rest| rest.split_once('\n')) {
        Some((pattern, rest)) => (pattern.parse().ok(), rest),
        None => (None, &*text),
    };
    let settings = Settings {
        order_numbers: pattern.into_iter().collect(),
        ..Settings::default()
    };
    check_text(text, &settings);
    check_json(text, &settings);
    check_json(&json!({ "commentaire": text, "liste": [text, 4], text: "nom" }).to_string(), &settings);
    let _ = identity(text);
    let plain = Settings::default();
    for planted in PLANTED {
        let around = format!("{text}\nVoici : {planted} pour vous.\n{text}");
        let masked = mask(&around, &plain).text;
        let expected = around.matches(planted).count() - 1;
        assert!(
            masked.matches(planted).count() <= expected,
            "{planted} is not masked in {around:?}"
        );
        if !text.contains(planted) {
            assert!(!masked.contains(planted), "{planted} is not masked in {around:?}");
        }
    }
});
