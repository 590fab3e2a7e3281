//! `run`: files in, a report out, everything accounted for.

use crate::support::{Bench, demo};
use std::{collections::BTreeMap, fs};

fn report(bench: &Bench, name: &str) -> serde_json::Value {
    let path = bench.path("ws/reports").join(name).join("report.json");
    serde_json::from_slice(
        &fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    )
    .unwrap()
}

#[test]
fn the_demo_gives_the_report_of_its_last_week() {
    let bench = Bench::new();
    let ran = bench
        .vocable(&["run", "--workspace", "ws", &demo()])
        .ends(0);
    assert!(
        ran.out.contains("ws/reports/2026-W47/report.html"),
        "{}",
        ran.out
    );
    for name in [
        "report.html",
        "report.md",
        "report.json",
        "verbatims.csv",
        "rejects.csv",
    ] {
        assert!(
            bench.path("ws/reports/2026-W47").join(name).is_file(),
            "{name}"
        );
    }
    let html = fs::read_to_string(bench.path("ws/reports/2026-W47/report.html")).unwrap();
    for outside in [
        "src=\"http",
        "href=\"http",
        "url(http",
        "@import",
        "<script src",
        "<link",
    ] {
        assert!(!html.contains(outside), "the page asks for {outside}");
    }
}

#[test]
fn every_row_of_the_demo_is_accounted_for() {
    let bench = Bench::new();
    let ran = bench
        .vocable(&["run", "--workspace", "ws", &demo()])
        .ends(0);
    let mut balances = Vec::new();
    for line in ran.out.lines().filter(|line| line.contains(" rows = ")) {
        let numbers: Vec<u64> = line
            .split_once(": ")
            .unwrap()
            .1
            .split([' ', '='])
            .filter_map(|word| word.replace(',', "").parse().ok())
            .collect();
        let [read, accepted, refused, duplicates, empty] = numbers[..] else {
            panic!("{line}")
        };
        assert_eq!(read, accepted + refused + duplicates + empty, "{line}");
        balances.push((
            line.split_once(": ").unwrap().0.to_owned(),
            accepted,
            refused,
            duplicates,
        ));
    }
    // Planted: see corpora/README.md.
    let expected = [
        ("demo/avis_boutique.csv", 703, 2, 2),
        ("demo/chat_logs.ndjson", 355, 1, 0),
        ("demo/nps_survey.csv", 457, 2, 0),
        ("demo/support_tickets.json", 615, 0, 1),
    ];
    assert_eq!(
        balances,
        expected.map(|(file, accepted, refused, duplicates)| (
            file.to_owned(),
            accepted,
            refused,
            duplicates
        ))
    );
    let rejects = fs::read_to_string(bench.path("ws/reports/2026-W47/rejects.csv")).unwrap();
    for part in ["31/02/2026", "nps", "demo/chat_logs.ndjson:191", "9 "] {
        assert!(rejects.contains(part), "no {part} in:\n{rejects}");
    }
}

#[test]
fn counts_a_week_equal_a_plain_group_by() {
    let bench = Bench::new();
    let days = [
        "2026-11-01",
        "2026-11-02",
        "2026-11-08",
        "2026-11-09",
        "2026-11-15",
        "2026-11-15",
        "2027-01-03",
        "2026-12-28",
    ];
    let mut text = "day;comment\n".to_owned();
    for (number, day) in days.iter().enumerate() {
        text.push_str(&format!(
            "{day};Commentaire numéro {number} sur la livraison du colis\n"
        ));
    }
    let file = bench.file("avis.csv", text).display().to_string();
    bench
        .vocable(&["run", "--workspace", "ws", "--all", &file])
        .ends(0);
    let out = bench
        .vocable(&[
            "search",
            "--workspace",
            "ws",
            "--count-by",
            "week",
            "--format",
            "json",
        ])
        .ends(0)
        .out;
    let counts: serde_json::Value = serde_json::from_str(&out).unwrap();
    let counts: BTreeMap<&str, u64> = counts["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| {
            (
                count["value"].as_str().unwrap(),
                count["count"].as_u64().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("2026-W44", 1),
        ("2026-W45", 2),
        ("2026-W46", 3),
        ("2026-W53", 2),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn an_edited_review_replaces_the_old_one() {
    let bench = Bench::new();
    let october = "id,date,rating,comment\nr1,2026-10-05,2,Late parcel and no answer at all\nr2,2026-10-06,5,Lovely shop and staff\n";
    let november = "id,date,rating,comment\nr1,2026-11-05,4,They called me back and refunded everything\nr3,2026-11-06,1,Broken lamp in the box\n";
    let first = bench.file("oct.csv", october).display().to_string();
    let second = bench.file("nov.csv", november).display().to_string();
    bench.vocable(&["run", "--workspace", "ws", &first]).ends(0);
    let ran = bench
        .vocable(&["run", "--workspace", "ws", &second])
        .ends(0);
    assert!(ran.out.contains("1 new, 1 edited"), "{}", ran.out);
    let export = bench.vocable(&["export", "--workspace", "ws"]).ends(0).out;
    assert_eq!(export.lines().count(), 3);
    assert!(export.contains("refunded everything") && !export.contains("Late parcel"));
}

#[test]
fn a_ticket_that_was_solved_since_is_the_one_of_the_later_export() {
    let export =
        |status: &str| format!("id,created,status,comment\nT1,2026-11-02,{status},Late parcel\n");
    let [open, solved] = [("w9.csv", "open"), ("w10.csv", "solved")];
    let run = |orders: &[&[(&str, &str)]]| {
        let bench = Bench::new();
        let mut told = String::new();
        for files in orders {
            let mut arguments = vec!["run"];
            for (name, status) in *files {
                bench.file(name, export(status));
                arguments.push(name);
            }
            told = bench.vocable(&arguments).ends(0).out;
        }
        (told, bench.vocable(&["export"]).ends(0).out)
    };
    let (told, exported) = run(&[&[open], &[solved]]);
    assert!(told.contains("0 new, 1 edited, 0 known"), "{told}");
    assert!(exported.contains("solved"), "{exported}");
    // However they come.
    assert_eq!(run(&[&[solved], &[open]]).1, exported);
    assert_eq!(run(&[&[open, solved]]).1, exported);
}

#[test]
fn records_that_come_again_with_a_column_more_are_told_and_one_kind_knows_them() {
    let bench = Bench::new();
    bench.file(
        "a.csv",
        "id,date,comment\nT1,2026-11-02,Late parcel\nT2,2026-11-02,Broken lamp\n",
    );
    bench.file(
        "b.csv",
        "id,date,comment,team\nT1,2026-11-02,Late parcel,x\nT2,2026-11-02,Other words,x\n",
    );
    bench.file("kind.toml", "[reading]\nkind = \"tickets\"\n");
    bench.vocable(&["run", "a.csv"]).ends(0);
    let ran = bench.vocable(&["run", "b.csv"]).ends(0);
    assert!(ran.out.contains("2 new, 0 edited"), "{}", ran.out);
    let told = ran.err.replace("\n  ", " ");
    assert!(
        told.contains("1 of the 2 new records are there already"),
        "{told}"
    );
    let mut arguments = vec![
        "run",
        "--workspace",
        "ws",
        "--mapping",
        "kind.toml",
        "a.csv",
    ];
    bench.vocable(&arguments).ends(0);
    arguments[5] = "b.csv";
    let ran = bench.vocable(&arguments).ends(0);
    assert!(ran.out.contains("0 new, 2 edited"), "{}", ran.out);
    assert!(!ran.err.contains("there already"), "{}", ran.err);
}

/// A table whose rows all have ids, so that two files can hold the same records.
fn reviews(ids: std::ops::Range<u32>) -> String {
    let mut text = "id,date,comment\n".to_owned();
    for id in ids {
        text.push_str(&format!(
            "r{id},2026-11-16,Parcel number {id} never arrived\n"
        ));
    }
    text
}

#[test]
fn overlapping_files_count_each_record_once_however_they_come() {
    let bench = Bench::new();
    let old = bench.file("b.csv", reviews(0..5)).display().to_string();
    let new = bench.file("a.csv", reviews(0..7)).display().to_string();
    bench.vocable(&["run", "--workspace", "ws", &old]).ends(0);
    let ran = bench
        .vocable(&["run", "--workspace", "ws", &new, &old])
        .ends(0);
    assert!(
        ran.out
            .contains("a.csv: 7 rows = 7 accepted + 0 refused + 0 duplicates"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("b.csv: 5 rows = 0 accepted + 0 refused + 5 duplicates"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("7 records"), "{}", ran.out);
    let again = bench
        .vocable(&["run", "--workspace", "ws", &new, &old])
        .ends(0);
    assert!(
        again.out.contains("0 new, 0 edited, 7 known"),
        "{}",
        again.out
    );
}

#[test]
fn ids_too_long_for_an_index_are_known_again() {
    let bench = Bench::new();
    let id = "x".repeat(70_000);
    for text in [
        "Late parcel and nobody answers",
        "They refunded me in the end",
    ] {
        let table = format!("id,date,comment\n{id},2026-11-16,{text}\nr2,2026-11-17,Lovely shop\n");
        let file = bench.file("long.csv", table).display().to_string();
        bench.vocable(&["run", "--workspace", "ws", &file]).ends(0);
    }
    let export = bench.vocable(&["export", "--workspace", "ws"]).ends(0).out;
    assert_eq!(export.lines().count(), 2);
    assert!(export.contains("refunded me in the end"));
}

#[test]
fn a_period_that_ends_before_it_starts_is_refused() {
    let bench = Bench::new();
    let demo = demo();
    let days = ["--from", "2026-10-31", "--to", "2026-10-01"];
    bench
        .vocable(&[&["run", "--workspace", "ws", &demo][..], &days].concat())
        .ends(2)
        .complains(&["2026-10-31 is after 2026-10-01"]);
}

#[test]
fn personal_data_reaches_no_file_of_the_workspace() {
    let bench = Bench::new();
    let secrets = [
        "jean.dupont@example.fr",
        "06 39 98 12 34",
        "FR7630006000011234567890189",
        "Dupont-Lajoie",
    ];
    let file = bench.file(
        "tickets.csv",
        format!(
            "id,created_at,author,email,comment\n{1},2026-11-16,{0},{1},Rappelez-moi au {2} ou remboursez sur {3} merci\n",
            secrets[3], secrets[0], secrets[1], secrets[2]
        ),
    );
    let file = file.display().to_string();
    let ran = bench.vocable(&["run", "--workspace", "ws", &file]).ends(0);
    let export = bench.vocable(&["export", "--workspace", "ws"]).ends(0).out;
    let mut everything = crate::support::files_below(&bench.path("ws"));
    everything.push(("export".to_owned(), export.clone().into_bytes()));
    everything.push(("messages".to_owned(), (ran.out + &ran.err).into_bytes()));
    for (name, bytes) in everything {
        for secret in secrets {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} stands in {name}");
        }
    }
    assert!(
        export.contains("[phone]") && export.contains("[IBAN]"),
        "{export}"
    );
}

#[test]
fn quiet_says_nothing() {
    let bench = Bench::new();
    let ran = bench
        .vocable(&["run", "--workspace", "ws", "--quiet", &demo()])
        .ends(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn a_mapping_overrides_what_was_guessed() {
    let bench = Bench::new();
    let file = bench.file(
        "a.csv",
        "a,b\nThe parcel never came,2026-11-16\nVery kind staff,2026-11-17\n",
    );
    let mapping = bench.file("mapping.toml", "[columns]\na = \"text\"\nb = \"ignore\"\n");
    bench
        .vocable(&[
            "run",
            "--workspace",
            "ws",
            "--mapping",
            &mapping.display().to_string(),
            &file.display().to_string(),
        ])
        .ends(0);
    assert!(report(&bench, "all").is_object());
    let wrong = bench
        .file("wrong.toml", "[columns]\na = \"texte\"\n")
        .display()
        .to_string();
    bench
        .vocable(&[
            "run",
            "--workspace",
            "ws",
            "--mapping",
            &wrong,
            &file.display().to_string(),
        ])
        .ends(2)
        .complains(&["wrong.toml:2", "texte"]);
}

#[test]
fn the_number_of_themes_can_be_set() {
    let bench = Bench::new();
    bench.file(
        "ws/vocable.toml",
        "[themes]\ncount = 7\ncatalogue = false\n",
    );
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", &demo()])
        .ends(0);
    let out = bench
        .vocable(&[
            "search",
            "--workspace",
            "ws",
            "--count-by",
            "theme",
            "--format",
            "csv",
        ])
        .ends(0)
        .out;
    // A head, the themes, and the records without one.
    assert_eq!(out.lines().count(), 9, "{out}");
    bench.file("ws/vocable.toml", "[themes]\ncounts = 7\n");
    bench
        .vocable(&["run", "--workspace", "ws"])
        .ends(2)
        .complains(&["vocable.toml:2", "counts"]);
}
