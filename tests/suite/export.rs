//! `export`: every record, with its id and every column as given.

use crate::support::Bench;

const TABLE: &str = "id,created,stars,comment,region,score\n\
    A-1,2026-11-16,2,\"The parcel, again, is late\",North,12\n\
    A-2,2026-11-17,5,Great help from the staff,South,7\n\
    A-3,2026-11-18,4,,South,9\n";

fn workspace() -> Bench {
    let bench = Bench::new();
    let file = bench.file("reviews.csv", TABLE).display().to_string();
    bench.vocable(&["run", "--quiet", &file]).ends(0);
    bench
}

#[test]
fn json_lines_hold_what_was_given_and_what_was_learned() {
    let bench = workspace();
    let out = bench.vocable(&["export"]).ends(0).out;
    let records: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(records.len(), 3);
    let first = records.iter().find(|record| record["id"] == "A-1").unwrap();
    assert_eq!(first["source"], "reviews.csv:2");
    assert_eq!(first["week"], "2026-W47");
    assert_eq!(first["comment"], "The parcel, again, is late");
    assert_eq!(first["region"], "North");
    assert_eq!(first["language"], "en");
    assert_eq!(first["polarity"], "neg");
    assert!(first["themes"].is_array() && first.get("theme").is_some());
    // A column that shares a name with ours is kept beside it.
    assert_eq!(first["input_score"], "12");
}

#[test]
fn a_table_has_a_row_a_record_and_a_column_each() {
    let bench = workspace();
    bench
        .vocable(&["export", "--format", "csv", "--output", "out.csv"])
        .ends(0);
    let mut table = csv::Reader::from_path(bench.path("out.csv")).unwrap();
    let header: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    for column in ["id", "theme", "region", "stars", "comment", "input_score"] {
        assert!(
            header.iter().any(|name| name == column),
            "{column} in {header:?}"
        );
    }
    assert_eq!(table.records().map(Result::unwrap).count(), 3);
}
