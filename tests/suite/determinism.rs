//! Same records, same bytes: whatever the threads, the order of files, the environment, and how often it is run.

use crate::support::{Bench, demo, files_below};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// All outputs of a run of the demo: the reports, an export, a search.
fn outputs(arguments: &[&str], environment: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let bench = Bench::new();
    let mut all = vec!["run", "--workspace", "ws", "--quiet"];
    all.extend(arguments);
    bench.vocable_with(&all, "", environment).ends(0);
    outputs_of(&bench)
}

fn outputs_of(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    let mut files = files_below(&bench.path("ws/reports"));
    assert!(files.len() >= 5, "a report has five files");
    let export = bench.vocable(&["export", "--workspace", "ws"]).ends(0);
    files.push(("export".to_owned(), export.out.into_bytes()));
    let search = bench
        .vocable(&[
            "search",
            "--workspace",
            "ws",
            "--format",
            "json",
            "--limit",
            "50",
            "livraison OR delivery",
        ])
        .ends(0);
    files.push(("search".to_owned(), search.out.into_bytes()));
    files
}

#[track_caller]
fn same(a: &[(String, Vec<u8>)], b: &[(String, Vec<u8>)]) {
    let names = |files: &[(String, Vec<u8>)]| {
        files
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(a), names(b));
    for ((name, a), (_, b)) in a.iter().zip(b) {
        if a != b {
            let at = a
                .iter()
                .zip(b)
                .position(|(a, b)| a != b)
                .unwrap_or(a.len().min(b.len()));
            let around = |bytes: &[u8]| {
                let range = at.saturating_sub(80)..(at + 80).min(bytes.len());
                String::from_utf8_lossy(&bytes[range]).into_owned()
            };
            panic!(
                "{name} differs at byte {at}:\n{}\n---\n{}",
                around(a),
                around(b)
            );
        }
    }
}

#[test]
fn threads_and_environment_change_nothing() {
    let demo = demo();
    let one = outputs(&["--threads", "1", &demo], &[]);
    same(
        &one,
        &outputs(
            &["--threads", "2", &demo],
            &[("TZ", "America/New_York"), ("LANG", "de_DE.UTF-8")],
        ),
    );
    same(
        &one,
        &outputs(&["--threads", "8", &demo], &[("TZ", "Asia/Tokyo")]),
    );
}

#[test]
fn the_order_of_files_changes_nothing() {
    let file = |name: &str| format!("{}/{name}", demo());
    let (a, b, c, d) = (
        file("avis_boutique.csv"),
        file("chat_logs.ndjson"),
        file("nps_survey.csv"),
        file("support_tickets.json"),
    );
    same(
        &outputs(&[&a, &b, &c, &d], &[]),
        &outputs(&[&d, &b, &a, &c], &[]),
    );
}

#[test]
fn running_again_changes_nothing() {
    let bench = Bench::new();
    let demo = demo();
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", &demo])
        .ends(0);
    let before = files_below(&bench.path("ws"));
    let first = outputs_of(&bench);
    let again = bench.vocable(&["run", "--workspace", "ws", &demo]).ends(0);
    assert!(
        again.out.contains("Workspace: 0 new, 0 edited"),
        "{}",
        again.out
    );
    same(&first, &outputs_of(&bench));
    let index = |files: &[(String, Vec<u8>)]| {
        files
            .iter()
            .filter(|(name, _)| name.starts_with("index") && !name.contains("lock"))
            .cloned()
            .collect::<Vec<_>>()
    };
    same(&index(&before), &index(&files_below(&bench.path("ws"))));
}

/// The files of the demo, in the order they come in one after another.
const WEEK_AFTER_WEEK: [&str; 4] = [
    "chat_logs.ndjson",
    "avis_boutique.csv",
    "support_tickets.json",
    "nps_survey.csv",
];

/// A workspace that read these files one run after another.
fn run_by_run(files: &[&str]) -> Bench {
    let bench = Bench::new();
    for name in files {
        let file = format!("{}/{name}", demo());
        bench
            .vocable(&["run", "--workspace", "ws", "--quiet", &file])
            .ends(0);
    }
    bench
}

/// What a workspace exports, by place in the input.
fn exported(bench: &Bench) -> BTreeMap<String, serde_json::Value> {
    let out = bench.vocable(&["export", "--workspace", "ws"]).ends(0).out;
    out.lines()
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            (record["source"].as_str().unwrap().to_owned(), record)
        })
        .collect()
}

#[test]
fn several_runs_give_what_one_run_gives_but_for_found_themes() {
    let several = run_by_run(&WEEK_AFTER_WEEK);
    let whole = Bench::new();
    let files = WEEK_AFTER_WEEK.map(|name| format!("{}/{name}", demo()));
    let [a, b, c, d] = files.each_ref().map(String::as_str);
    whole
        .vocable(&["run", "--workspace", "ws", "--quiet", a, b, c, d])
        .ends(0);
    let without_themes = |bench: &Bench| {
        let mut records = exported(bench);
        for record in records.values_mut() {
            let record = record.as_object_mut().unwrap();
            record.remove("theme");
            record.remove("themes");
        }
        records
    };
    assert!(without_themes(&several) == without_themes(&whole));
}

#[test]
fn the_same_runs_one_after_another_give_the_same_bytes() {
    let [one, other] = [(); 2].map(|()| outputs_of(&run_by_run(&WEEK_AFTER_WEEK)));
    same(&one, &other);
}

#[test]
fn themes_stay_with_the_records_they_had() {
    let bench = run_by_run(&WEEK_AFTER_WEEK[..3]);
    let before = exported(&bench);
    let file = format!("{}/{}", demo(), WEEK_AFTER_WEEK[3]);
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", &file])
        .ends(0);
    let after = exported(&bench);
    let kept = before
        .iter()
        .filter(|(source, record)| record["theme"] == after[*source]["theme"])
        .count();
    assert!(
        kept as f64 >= 0.95 * before.len() as f64,
        "{kept} of {}",
        before.len()
    );
    // Learnt anew, most themes that are told of continue one of before.
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "--relearn-themes"])
        .ends(0);
    let names = |records: &BTreeMap<String, serde_json::Value>| -> BTreeSet<String> {
        let themes = records.values().map(|record| record["theme"].to_string());
        themes.collect()
    };
    let (old, new) = (names(&after), names(&exported(&bench)));
    let lasting = new.intersection(&old).count();
    assert!(2 * lasting >= new.len(), "{lasting} of {}", new.len());
}

/// How many records the workspace held when all were last read anew.
fn read_whole(bench: &Bench) -> u64 {
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(bench.path(name)).unwrap()).unwrap()
    };
    let commit = read("ws/index/meta.json")["payload"].clone();
    let commit: serde_json::Value = serde_json::from_str(commit.as_str().unwrap()).unwrap();
    let state = format!("ws/state/{}", commit["state"].as_str().unwrap());
    read(&state)["read_whole"].as_u64().unwrap()
}

#[test]
fn a_large_workspace_keeps_what_it_learned_and_learns_what_comes_in() {
    let bench = Bench::new();
    bench.file("ws/vocable.toml", "[analysis]\nkeep_from = 100\n");
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", &demo()])
        .ends(0);
    // Which of a record's themes is told first depends on how large they are now.
    let verdicts = || {
        let mut records = exported(&bench);
        for record in records.values_mut() {
            record.as_object_mut().unwrap().remove("theme");
            let themes = record["themes"].as_array_mut().unwrap();
            themes.sort_by_key(serde_json::Value::to_string);
        }
        records
    };
    let before = verdicts();
    assert_eq!(read_whole(&bench), before.len() as u64);
    let week = "id,date,comment\n\
        w1,2026-11-20,Le colis est arrivé avec deux semaines de retard et personne ne répond au téléphone.\n\
        w2,2026-11-20,The refund came within a day. Thank you!\n\
        w3,2026-11-21,Impossible de joindre le service client.\n";
    bench.file("week.csv", week);
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "week.csv"])
        .ends(0);
    assert_eq!(read_whole(&bench), before.len() as u64);
    let mut after = verdicts();
    let new: Vec<serde_json::Value> = (2..=4)
        .map(|line| after.remove(&format!("week.csv:{line}")).unwrap())
        .collect();
    assert!(after == before);
    let told = |field: &str| -> Vec<String> {
        let values = new.iter().map(|record| record[field].to_string());
        values.collect()
    };
    assert_eq!(told("language"), [r#""fr""#, r#""en""#, r#""fr""#]);
    assert_eq!(told("polarity"), [r#""neg""#, r#""pos""#, r#""neg""#]);
    assert!(!told("themes").contains(&"[]".to_owned()), "{new:?}");
    bench.vocable(&["check", "--workspace", "ws"]).ends(0);
    // Read whole, the same is learned.
    let kept = exported(&bench);
    bench
        .vocable(&["rebuild", "--workspace", "ws", "--quiet"])
        .ends(0);
    assert!(exported(&bench) == kept);
    assert_eq!(read_whole(&bench), kept.len() as u64);
}

#[test]
fn a_workspace_that_grew_by_a_quarter_is_read_whole() {
    let bench = Bench::new();
    bench.file("ws/vocable.toml", "[analysis]\nkeep_from = 2\n");
    let rows = |count: usize| -> String {
        let row = |id| format!("{id},2026-11-20,Le colis numéro {id} est arrivé cassé.\n");
        let rows: String = (0..count).map(row).collect();
        format!("id,date,comment\n{rows}")
    };
    let read = |count: usize| {
        bench.file("week.csv", rows(count));
        bench
            .vocable(&["run", "--workspace", "ws", "--quiet", "week.csv"])
            .ends(0);
        read_whole(&bench)
    };
    assert_eq!(read(8), 8);
    assert_eq!(read(10), 8);
    assert_eq!(read(11), 11);
}

#[test]
fn shuffled_rows_change_line_numbers_only() {
    let rows = [
        "id,date,comment",
        "1,2026-11-16,The parcel arrived late and nobody answered the phone",
        "2,2026-11-17,Great advice from the staff in the shop",
        "3,2026-11-18,The refund was refused without any reason",
        "4,2026-11-22,Delivery was quick and the driver friendly",
    ];
    let export = |order: [usize; 4]| {
        let bench = Bench::new();
        let mut text = format!("{}\n", rows[0]);
        for row in order {
            text.push_str(rows[row]);
            text.push('\n');
        }
        let file = bench.file("a.csv", text).display().to_string();
        bench
            .vocable(&["run", "--workspace", "ws", "--quiet", &file])
            .ends(0);
        let out = bench.vocable(&["export", "--workspace", "ws"]).ends(0).out;
        out.lines()
            .map(|line| {
                let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
                record.as_object_mut().unwrap().remove("source");
                record
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(export([1, 2, 3, 4]), export([3, 1, 4, 2]));
}
