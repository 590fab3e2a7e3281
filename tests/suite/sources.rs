//! The exports of each vendor, as small hand-made files with the records a person counted in them.
//!
//! `tests/fixtures/sources/<vendor>/` holds input files and, beside each, `<file>.expected.json`: the source it is
//! recognised as, its balance, the reasons of refused rows and every record in the order of the file. Fields that a
//! record does not have are left out.

use serde_json::{Map, Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use vocable::{
    feedback::{Feedback, Rating},
    ingest,
    observe::Nobody,
};

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sources");
    let mut inputs = Vec::new();
    for folder in fs::read_dir(&root).expect("the fixtures are part of the project") {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if !path.to_string_lossy().ends_with(".expected.json") {
                inputs.push(path);
            }
        }
    }
    inputs.sort();
    inputs
}

fn mark(rating: Rating) -> String {
    format!("{}/{}", rating.value, rating.scale)
}

/// A record as a person would write it down: only what it has.
fn told(feedback: &Feedback) -> Value {
    let mut told = Map::new();
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            told.insert(name.to_owned(), value);
        }
    };
    let text = |text: &str| (!text.is_empty()).then(|| json!(text));
    tell("line", Some(json!(feedback.line)));
    // Records without an id go by a hash, which no person can count.
    let has_id = feedback.id_start > 0;
    tell("id", has_id.then(|| json!(feedback.id())));
    tell(
        "date",
        feedback.moment.map(|moment| json!(moment.to_string())),
    );
    tell("title", text(feedback.title()));
    tell("text", text(feedback.body()));
    tell("rating", feedback.rating.map(|rating| json!(mark(rating))));
    tell("nps", feedback.nps.map(|nps| json!(nps)));
    tell("csat", feedback.csat.map(|csat| json!(mark(csat))));
    tell(
        "channel",
        feedback.channel.as_deref().map(|name| json!(name)),
    );
    tell(
        "product",
        feedback.product.as_deref().map(|name| json!(name)),
    );
    tell(
        "customer",
        feedback.customer.as_deref().map(|name| json!(name)),
    );
    if let Some(service) = feedback.service.as_deref() {
        tell(
            "conversation",
            service.conversation.as_deref().map(|name| json!(name)),
        );
        tell(
            "first_reply_seconds",
            service.first_reply_seconds.map(|seconds| json!(seconds)),
        );
        tell(
            "resolution_seconds",
            service.resolution_seconds.map(|seconds| json!(seconds)),
        );
        tell(
            "closing_seconds",
            service.closing_seconds.map(|seconds| json!(seconds)),
        );
        tell("ces", service.ces.map(|ces| json!(mark(ces.mark))));
        tell("revenue", service.revenue.map(|revenue| json!(revenue)));
        tell("status", service.status.as_deref().map(|name| json!(name)));
        tell(
            "segment",
            service.segment.as_deref().map(|name| json!(name)),
        );
    }
    Value::Object(told)
}

/// What is read in a file, in the shape of an `.expected.json`.
fn read(path: &Path) -> Value {
    let settings = ingest::Settings::default();
    let inspections = ingest::inspect(path, &settings).unwrap_or_else(|error| panic!("{error}"));
    let imported = ingest::read(&[path.to_owned()], &settings, &Nobody).unwrap();
    let balance = &imported.files[0];
    json!({
        "source": inspections[0].source,
        "read": balance.read,
        "accepted": balance.accepted,
        "refused": balance.refused,
        "empty": balance.empty,
        "left_out": balance.left_out,
        "reasons": imported
            .rejected
            .iter()
            .map(|row| format!("{}: {}", row.at.line, row.reason))
            .collect::<Vec<_>>(),
        "records": imported.feedback.iter().map(told).collect::<Vec<_>>(),
    })
}

#[test]
fn every_export_is_read_as_a_person_counts_it() {
    let mut wrong = Vec::new();
    for path in fixtures() {
        let read = read(&path);
        let name = format!(
            "{}.expected.json",
            path.file_name().unwrap().to_string_lossy()
        );
        let expected = fs::read_to_string(path.with_file_name(name)).unwrap_or_default();
        let expected: Value = serde_json::from_str(&expected).unwrap_or_default();
        if read != expected {
            wrong.push(format!(
                "{}:\n--- read ---\n{}\n--- expected ---\n{}",
                path.display(),
                serde_json::to_string_pretty(&read).unwrap(),
                serde_json::to_string_pretty(&expected).unwrap()
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_export_holds_broken_letters() {
    for path in fixtures() {
        let read = read(&path).to_string();
        for broken in ["Ã©", "Ã¨", "â€™", "\u{fffd}"] {
            assert!(!read.contains(broken), "{}: {broken}", path.display());
        }
    }
}

#[test]
fn a_broken_export_costs_no_more_than_its_rows() {
    for path in fixtures() {
        let whole = fs::read(&path).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let cut = folder.path().join("cut");
        for part in 1..8 {
            fs::write(&cut, &whole[..whole.len() * part / 8]).unwrap();
            // Cut anywhere, a file is read in part or refused with a reason, and its balance closes.
            if let Ok(imported) = ingest::read(
                std::slice::from_ref(&cut),
                &ingest::Settings::default(),
                &Nobody,
            ) {
                for balance in &imported.files {
                    let sum =
                        balance.accepted + balance.refused + balance.duplicates + balance.empty;
                    assert_eq!(balance.read, sum, "{}", path.display());
                }
            }
        }
    }
}
