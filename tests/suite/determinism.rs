//! Same records, same bytes: whatever the threads, the order of files, the environment, and how often it is run.

use crate::support::{Bench, demo, files_below};

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

#[test]
fn several_runs_give_what_one_run_gives() {
    let bench = Bench::new();
    let file = |name: &str| format!("{}/{name}", demo());
    for name in [
        "chat_logs.ndjson",
        "avis_boutique.csv",
        "support_tickets.json",
        "nps_survey.csv",
    ] {
        bench
            .vocable(&["run", "--workspace", "ws", "--quiet", &file(name)])
            .ends(0);
    }
    // Reports of the earlier runs may be of the same week: only the last is compared.
    let whole = outputs(
        &[
            &file("avis_boutique.csv"),
            &file("chat_logs.ndjson"),
            &file("nps_survey.csv"),
            &file("support_tickets.json"),
        ],
        &[],
    );
    same(&whole, &outputs_of(&bench));
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
