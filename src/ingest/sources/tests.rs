//! Facts about all sources together, from the exports in `tests/fixtures/sources`.

use super::*;
use crate::ingest::{Settings, opening::Opener, paths, read, reading};
use crate::observe::Nobody;
use std::path::{Path, PathBuf};

fn exports() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sources");
    let (inputs, _) = paths::list(&[root], false).unwrap();
    let exports = inputs.into_iter().filter_map(|input| input.path);
    exports
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .collect()
}

/// Tells `on_part` the names of the columns of each part of an export, and its first rows.
fn each_part(path: &Path, mut on_part: impl FnMut(&Columns<'_>, &[String])) {
    let vocabulary = Vocabulary::embedded();
    let opener = Opener { vocabulary };
    let (inputs, _) = paths::list(&[path.to_owned()], false).unwrap();
    let Ok(found) = opener.open(&inputs[0]) else {
        panic!("{} is not opened", path.display());
    };
    for file in found.files {
        let (sample, _) = reading::sample(&file, vocabulary).unwrap();
        let names = sample.columns.iter().map(|column| column.name.as_str());
        let mut rows = Vec::new();
        reading::each_sampled_row(&file, 100, |row| rows.push(row.to_owned())).unwrap();
        on_part(&Columns::new(&file.container, names, vocabulary), &rows);
    }
}

#[test]
fn one_source_at_most_knows_an_export() {
    for path in exports() {
        each_part(&path, |columns, _| {
            let known: Vec<&str> = ALL
                .into_iter()
                .filter(|source| (source.is_source)(columns))
                .map(|source| source.name)
                .collect();
            assert!(known.len() <= 1, "{}: {known:?}", path.display());
        });
    }
}

#[test]
fn what_was_said_is_not_kept_beside_the_record() {
    let vocabulary = Vocabulary::embedded();
    for path in exports() {
        let mut said = Vec::new();
        each_part(&path, |columns, rows| {
            let talk = source_of(columns).and_then(|source| source.talk);
            for row in rows.iter().filter(|_| talk.is_some()) {
                // A source may come as a table too, which says nothing in turns.
                let Ok(row) = serde_json::from_str(row) else {
                    continue;
                };
                let turns = talk.map(|talk| talk(&row, vocabulary).turns);
                said.extend(turns.unwrap_or_default().into_iter().map(|turn| turn.text));
            }
        });
        let imported = read(std::slice::from_ref(&path), &Settings::default(), &Nobody).unwrap();
        for feedback in &imported.feedback {
            for text in said.iter().filter(|text| text.len() >= 8) {
                let text = Value::from(text.as_str()).to_string();
                let written = text.trim_matches('"');
                let is_kept = feedback.columns.contains(written);
                assert!(!is_kept, "{}: {written}", path.display());
            }
        }
    }
}

#[test]
fn names_of_sources_are_their_own() {
    let mut names = ALL.map(|source| source.name);
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn addresses_of_machines_are_not_kept() {
    let imported = read(&exports(), &Settings::default(), &Nobody).unwrap();
    for feedback in imported.feedback {
        // The block of addresses that stands for any in examples.
        assert!(!feedback.columns.contains("192.0.2."), "{}", feedback.key);
    }
}
