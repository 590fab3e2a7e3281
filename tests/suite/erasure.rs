//! `forget`, `purge`, `check`, `rebuild`: what is erased is nowhere, and a workspace says when its parts disagree.

use crate::support::Bench;
use std::{
    fs,
    path::{Path, PathBuf},
};

const RECORDS: &str = "id;date;client;canal;commentaire\n\
    R-1001;2026-10-05;Zoltan;chat;Le zigouillard de la machine est cassé depuis lundi\n\
    R-1002;2026-10-06;Berthe;email;Livraison rapide, rien à redire\n\
    R-1003;2026-11-03;Zoltan;chat;Toujours pas de réponse pour mon zigouillard, je suis déçu\n\
    R-1004;2026-11-04;Claire;email;The parcel came late and nobody answers\n\
    R-1005;;Denis;web;Très bon accueil au magasin\n";

fn workspace() -> Bench {
    let bench = Bench::new();
    bench.file("avis.csv", RECORDS);
    bench.vocable(&["run", "--quiet", "avis.csv"]).ends(0);
    bench.vocable(&["report", "--all"]).ends(0);
    bench
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(files_under(&path)),
            false => files.push(path),
        }
    }
    files
}

/// The files of the workspace that hold one of these words.
fn holding(bench: &Bench, words: &[&str]) -> Vec<PathBuf> {
    let mut files = files_under(&bench.path("vocable-data"));
    files.retain(|file| {
        let bytes = fs::read(file).unwrap().to_ascii_lowercase();
        let holds = |word: &&str| {
            bytes
                .windows(word.len())
                .any(|here| here == word.as_bytes())
        };
        words.iter().any(holds)
    });
    files
}

fn exported(bench: &Bench) -> String {
    bench.vocable(&["export"]).ends(0).out
}

#[test]
fn a_forgotten_customer_is_nowhere_and_does_not_come_back() {
    let bench = workspace();
    let words = ["zigouill", "r-1001", "r-1003"];
    assert!(!holding(&bench, &words).is_empty());
    let arguments = ["forget", "--customer", "Zoltan", "--dry-run"];
    let told = bench.vocable(&arguments).ends(0).out;
    assert_eq!(told, "2 records would be erased\n");
    let arguments = [
        "forget",
        "--customer",
        "zoltan",
        "--receipt",
        "receipt.json",
    ];
    let told = bench.vocable(&arguments).ends(0).out;
    assert!(
        told.contains("2 records erased") && told.contains("3 records left"),
        "{told}"
    );
    assert_eq!(holding(&bench, &words), [] as [PathBuf; 0]);
    let receipt = fs::read_to_string(bench.path("receipt.json")).unwrap();
    assert!(
        receipt.contains("\"records\": 2") && !receipt.contains("1001"),
        "{receipt}"
    );
    let left = exported(&bench);
    assert_eq!(left.lines().count(), 3);
    bench.vocable(&["check"]).ends(0);
    let told = bench.vocable(&["run", "avis.csv"]).ends(0).out;
    assert!(told.contains("2 erased on request"), "{told}");
    assert_eq!(exported(&bench), left);
    assert_eq!(holding(&bench, &words), [] as [PathBuf; 0]);
    bench.vocable(&["check"]).ends(0);
    bench
        .vocable(&["forget", "--customer", "Zoltan"])
        .ends(2)
        .complains(&["no record has the customer \"Zoltan\", so nothing was erased"]);
}

#[test]
fn a_single_record_is_forgotten_by_its_id() {
    let bench = workspace();
    bench
        .vocable(&["forget", "--id", "R-1004", "--quiet"])
        .ends(0);
    assert!(!exported(&bench).contains("R-1004"));
    assert_eq!(exported(&bench).lines().count(), 4);
}

#[test]
fn a_name_that_is_nobodys_is_told_beside_what_was_erased() {
    let bench = workspace();
    let arguments = ["forget", "--id", "R-1004", "--id", "R-10004"];
    bench
        .vocable(&[&arguments[..], &["--dry-run"]].concat())
        .ends(1)
        .complains(&["no record has the id \"R-10004\""]);
    let ran = bench
        .vocable(&arguments)
        .ends(1)
        .complains(&["no record has the id \"R-10004\""]);
    assert!(ran.out.contains("1 record erased"), "{}", ran.out);
    assert!(!exported(&bench).contains("R-1004"));
}

#[test]
fn what_is_before_a_day_is_purged_and_records_without_a_date_stay() {
    let bench = workspace();
    bench.vocable(&["purge", "--before", "2026-11-01"]).ends(0);
    let left = exported(&bench);
    assert_eq!(left.lines().count(), 3);
    assert!(left.contains("R-1005"), "{left}");
    assert_eq!(holding(&bench, &["r-1001", "r-1002"]), [] as [PathBuf; 0]);
    bench.vocable(&["run", "--quiet", "avis.csv"]).ends(0);
    assert_eq!(exported(&bench), left);
    bench.vocable(&["check"]).ends(0);
}

#[test]
fn what_a_killed_erasure_left_beside_the_index_goes_with_the_next_run() {
    let bench = workspace();
    bench.file("vocable-data/index.new/old.store", "zigouillard");
    bench.vocable(&["run", "--quiet", "avis.csv"]).ends(0);
    assert!(!bench.path("vocable-data/index.new").exists());
}

#[test]
fn erasing_in_no_workspace_makes_none() {
    let bench = Bench::new();
    bench
        .vocable(&["forget", "--customer", "Zoltan"])
        .ends(1)
        .complains(&["there is none yet"]);
    assert!(!bench.path("vocable-data").exists());
}

#[test]
fn a_sound_workspace_is_called_sound_and_damage_is_found() {
    let bench = workspace();
    let told = bench.vocable(&["check"]).ends(0).out;
    assert!(told.starts_with("sound:"), "{told}");
    let state = files_under(&bench.path("vocable-data/state"));
    for file in &state {
        let text = fs::read_to_string(file).unwrap();
        fs::write(file, text.replace("\"accepted\":5", "\"accepted\":4")).unwrap();
    }
    let told = bench.vocable(&["check"]).ends(1).out;
    assert!(told.contains("was changed since it was written"), "{told}");
    assert!(told.contains("5 and 4"), "{told}");
    let bench = workspace();
    let index = files_under(&bench.path("vocable-data/index"));
    let terms = index
        .iter()
        .find(|file| file.extension().is_some_and(|ending| ending == "fieldnorm"))
        .unwrap();
    let mut bytes = fs::read(terms).unwrap();
    bytes[3] ^= 1;
    fs::write(terms, bytes).unwrap();
    let told = bench.vocable(&["check"]).ends(1).out;
    assert!(told.contains("is damaged"), "{told}");
}

#[test]
fn every_file_of_the_workspace_that_is_cut_is_found_and_nothing_panics() {
    let bench = workspace();
    let names: Vec<String> = (files_under(&bench.path("vocable-data/index")).iter())
        .chain(&files_under(&bench.path("vocable-data/state")))
        .map(|file| file.display().to_string())
        .filter(|name| !name.ends_with(".lock"))
        .collect();
    assert!(names.len() > 6, "{names:?}");
    for name in names {
        let whole = fs::read(&name).unwrap();
        fs::write(&name, &whole[..whole.len() / 2]).unwrap();
        for command in [["check"].as_slice(), &["search", "colis"], &["export"]] {
            let ran = bench.vocable(command);
            assert!(!ran.err.contains("panicked"), "{name}: {}", ran.err);
            if command == ["check"] {
                ran.ends(1);
            }
        }
        fs::write(&name, whole).unwrap();
    }
    bench.vocable(&["check"]).ends(0);
}

#[test]
fn a_rebuilt_workspace_says_what_it_said() {
    let bench = workspace();
    let before = exported(&bench);
    let told = bench.vocable(&["rebuild"]).ends(0).out;
    assert_eq!(told, "5 records analysed and indexed anew\n");
    assert_eq!(exported(&bench), before);
    bench.vocable(&["check"]).ends(0);
}

/// Workspaces as each published format wrote them; the first number is that of the index.
#[test]
fn a_workspace_of_an_older_format_is_brought_up_to_date() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/workspaces");
    let fresh = Bench::new();
    let avis = fixtures.join("avis.csv");
    fresh.file("avis.csv", fs::read(&avis).unwrap());
    fresh.vocable(&["run", "--quiet", "avis.csv"]).ends(0);
    for name in ["index-4", "index-5", "index-6"] {
        let bench = Bench::new();
        for file in files_under(&fixtures.join(name)) {
            let place = file.strip_prefix(fixtures.join(name)).unwrap();
            bench.file(
                &format!("vocable-data/{}", place.display()),
                fs::read(&file).unwrap(),
            );
        }
        bench
            .vocable(&["search", "colis"])
            .ends(1)
            .complains(&["older version", "vocable rebuild"]);
        bench.vocable(&["rebuild", "--quiet"]).ends(0);
        bench.vocable(&["check"]).ends(0);
        assert_eq!(exported(&bench), exported(&fresh), "{name}");
    }
}
