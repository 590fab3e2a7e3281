//! `report` over every kind of period, group, language and form; report.rs has the rest.

use crate::support::{Bench, Ran, fourteen_weeks};
use serde_json::Value;
use std::fs;

/// A workspace with fourteen weeks in it, and the report of the last.
fn workspace() -> Bench {
    let bench = Bench::new();
    bench.file("reviews.csv", fourteen_weeks());
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "reviews.csv"])
        .ends(0);
    bench
}

/// Reports into the folder `out` with arguments separated by spaces.
fn report(bench: &Bench, arguments: &str) -> Ran {
    let mut all = vec!["report", "--workspace", "ws", "--output", "out"];
    all.extend(arguments.split(' '));
    bench.vocable(&all)
}

/// The JSON of the report in a folder, once its page has been looked over.
#[track_caller]
fn looked_over(bench: &Bench, folder: &str) -> Value {
    let read = |name: &str| {
        let path = bench.path(folder).join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let (page, json) = (read("report.html"), read("report.json"));
    for text in [&page, &read("report.md"), &json] {
        for word in text.split(|letter: char| !letter.is_alphanumeric()) {
            assert!(!["NaN", "inf", "Infinity"].contains(&word), "{word}");
        }
    }
    for (open, close, content) in [
        ("<table", "</table>", "<td"),
        ("<svg", "</svg>", "<"),
        ("<ul", "</ul>", "<li"),
    ] {
        for part in page.split(open).skip(1) {
            let inside = part.split(close).next().unwrap();
            let inside = inside.split_once('>').unwrap().1;
            assert!(inside.contains(content), "an empty {open}>: {inside}");
        }
    }
    serde_json::from_str(&json).unwrap()
}

/// Reports, looks the page over, and compares the period's key and its number of records.
#[track_caller]
fn check(bench: &Bench, arguments: &str, key: &str, records: u64) -> Value {
    report(bench, arguments).ends(0);
    let json = looked_over(bench, "out");
    assert_eq!(json["period"]["key"], key, "{arguments}");
    assert_eq!(json["records"]["value"], records as f64, "{arguments}");
    json
}

#[test]
fn any_period_can_be_reported() {
    let bench = workspace();
    check(&bench, "--week 2026-W40", "2026-W40", 20);
    // Twenty a week, Monday to Saturday three a day, Sunday two.
    check(&bench, "--month 2026-10", "2026-10", 89);
    let quarter = check(&bench, "--quarter 2026-Q3", "2026-Q3", 129);
    assert_eq!(quarter["period"]["is_complete"], false);
}

#[test]
fn any_days_and_everything_can_be_reported() {
    let bench = workspace();
    let days = "--from 2026-09-07 --to 2026-09-20";
    check(&bench, days, "2026-09-07_2026-09-20", 40);
    let all = check(&bench, "--all", "all", 280);
    assert_eq!(all["period"]["no_comparison"], "whole_span");
}

#[test]
fn a_report_is_in_the_language_asked_for() {
    let bench = workspace();
    for (language, title, other) in [
        ("fr", "Voix du client", "Voice of the Customer"),
        ("en", "Voice of the Customer", "Voix du client"),
    ] {
        let arguments = format!("--week 2026-W47 --lang {language}");
        let json = check(&bench, &arguments, "2026-W47", 20);
        assert_eq!(json["report_language"], language);
        let page = fs::read_to_string(bench.path("out/report.html")).unwrap();
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        assert!(page.contains(title) && !page.contains(other));
    }
}

#[test]
fn only_the_forms_asked_for_are_written() {
    let bench = workspace();
    report(&bench, "--format html,json").ends(0);
    let mut names: Vec<String> = fs::read_dir(bench.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["report.html", "report.json"]);
    report(&bench, "--format docx")
        .ends(2)
        .complains(&["docx", "html"]);
}

#[test]
fn a_group_is_reported_alone() {
    let bench = workspace();
    let json = check(&bench, "--week 2026-W47 --only channel=Chat", "2026-W47", 7);
    assert_eq!(json["period"]["segment"], "channel=Chat");
    report(&bench, "--week 2026-W47 --only channel=fax")
        .ends(2)
        .complains(&["--only", "channel=fax", "vocable search --count-by"]);
    report(&bench, "--only chat")
        .ends(2)
        .complains(&["column=value"]);
}

#[test]
fn a_report_can_be_held_against_another_period_or_group() {
    let bench = workspace();
    let json = check(&bench, "--week 2026-W47 --against 2026-W36", "2026-W47", 20);
    assert_eq!(json["period"]["against"], "2026-W36");
    // Complaints about refunds: 7 of 20 in the last week, 1 of 20 in the first ones.
    assert_eq!(json["net_sentiment"]["previous"]["n"], 20);
    let json = check(
        &bench,
        "--week 2026-W47 --only channel=chat --against channel=shop",
        "2026-W47",
        7,
    );
    assert_eq!(json["period"]["against"], "channel=shop");
    assert_eq!(json["net_sentiment"]["previous"]["n"], 7);
    report(&bench, "--against yesterday")
        .ends(2)
        .complains(&["yesterday"]);
}

#[test]
fn run_and_report_give_the_same_bytes() {
    let bench = workspace();
    report(&bench, "--week 2026-W47").ends(0);
    for name in [
        "report.json",
        "report.html",
        "report.md",
        "report.xlsx",
        "verbatims.csv",
        "rejects.csv",
    ] {
        let read = |folder: &str| fs::read(bench.path(folder).join(name)).unwrap();
        assert!(read("ws/reports/2026-W47") == read("out"), "{name} differs");
    }
}

#[test]
fn without_an_output_the_report_goes_to_the_workspace_under_its_scope() {
    let bench = workspace();
    let arguments = [
        "report",
        "--workspace",
        "ws",
        "--month",
        "2026-09",
        "--only",
        "product=Lamp",
    ];
    let ran = bench.vocable(&arguments).ends(0);
    let folder = "ws/reports/2026-09_product-Lamp";
    assert!(
        ran.out.contains(&format!("{folder}/report.html")),
        "{}",
        ran.out
    );
    looked_over(&bench, folder);
}

#[test]
fn what_is_no_period_is_refused() {
    let bench = workspace();
    report(&bench, "--week 2026-W54")
        .ends(2)
        .complains(&["2026-W54"]);
    report(&bench, "--month 2026-13")
        .ends(2)
        .complains(&["2026-13", "2026-10"]);
    report(&bench, "--quarter 2026-Q5")
        .ends(2)
        .complains(&["2026-Q5", "2026-Q4"]);
    report(&bench, "--from 2026-10-02 --to 2026-10-01")
        .ends(2)
        .complains(&["2026-10-02 is after 2026-10-01"]);
    report(&bench, "--from 2026-10-02")
        .ends(2)
        .complains(&["--to"]);
    report(&bench, "--week 2026-W40 --all").ends(2);
    assert!(!bench.path("out").exists());
}

#[test]
fn a_period_without_feedback_gives_a_short_report_that_says_so() {
    let bench = workspace();
    for (language, sentence) in [
        ("en", "No feedback falls in this period."),
        ("fr", "Aucun retour"),
    ] {
        let arguments = format!("--month 2020-01 --lang {language}");
        check(&bench, &arguments, "2020-01", 0);
        for name in ["report.html", "report.md"] {
            let text = fs::read_to_string(bench.path("out").join(name)).unwrap();
            assert!(text.contains(sentence), "{name}");
        }
    }
}
