//! What cannot be read gets a message with file, line and remedy, an exit status, and leaves nothing behind.

use crate::support::{Bench, files_below};

const GOOD: &str =
    "id,date,comment\n1,2026-11-16,The parcel arrived late\n2,2026-11-17,Great staff in the shop\n";

#[test]
fn a_missing_path_fails_before_anything_is_written() {
    let bench = Bench::new();
    let good = bench.file("good.csv", GOOD).display().to_string();
    bench
        .vocable(&["run", "--workspace", "ws", &good, "nowhere.csv"])
        .ends(1)
        .complains(&["nowhere.csv"]);
    assert!(!bench.path("ws").exists());
}

#[test]
fn a_binary_file_is_named_and_nothing_is_written() {
    let bench = Bench::new();
    let bytes: Vec<u8> = (0..4000u32).map(|n| (n * 7 % 256) as u8).collect();
    let binary = bench.file(
        "photo.csv",
        [b"\x89PNG\r\n\x1a\n\0\0".as_slice(), &bytes].concat(),
    );
    bench
        .vocable(&["run", "--workspace", "ws", &binary.display().to_string()])
        .ends(1)
        .complains(&["photo.csv"]);
    assert!(!bench.path("ws").exists());
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let bench = Bench::new();
    let empty = bench.file("empty.csv", "").display().to_string();
    let ran = bench.vocable(&["run", "--workspace", "ws", &empty]).ends(0);
    assert!(
        ran.out.contains("empty.csv: 0 rows") && ran.out.contains("No feedback yet"),
        "{}",
        ran.out
    );
}

/// Runs one file and returns what `rejects.csv` says.
fn rejects(name: &str, content: impl AsRef<[u8]>) -> (String, String) {
    let bench = Bench::new();
    let file = bench.file(name, content).display().to_string();
    let ran = bench
        .vocable(&["run", "--workspace", "ws", "--all", &file])
        .ends(0);
    let rejects = files_below(&bench.path("ws/reports"))
        .into_iter()
        .find(|(name, _)| name.ends_with("rejects.csv"))
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
        .unwrap_or_default();
    (ran.out, rejects)
}

#[track_caller]
fn check(name: &str, content: impl AsRef<[u8]>, balance: &str, reasons: &[&str]) {
    let (out, rejects) = rejects(name, content);
    assert!(out.contains(balance), "no \"{balance}\" in:\n{out}");
    for reason in reasons {
        assert!(rejects.contains(reason), "no \"{reason}\" in:\n{rejects}");
    }
}

#[test]
fn ragged_rows_are_refused_with_their_line() {
    check(
        "ragged.csv",
        format!(
            "{GOOD}3,2026-11-18\n4,2026-11-18,Broken lamp,and,more\n5,2026-11-19,Kind driver\n"
        ),
        "5 rows = 3 accepted + 2 refused",
        &["ragged.csv:4", "ragged.csv:5"],
    );
}

#[test]
fn a_few_bad_bytes_refuse_their_row_only() {
    let mut bytes = GOOD.as_bytes().to_vec();
    for number in 3..60 {
        bytes.extend(
            format!("{number},2026-11-18,Très déçu de la livraison numéro {number}\n").bytes(),
        );
    }
    bytes.extend(b"60,2026-11-19,bad \xff\xfe byte\n");
    check(
        "bytes.csv",
        bytes,
        "60 rows = 59 accepted + 1 refused",
        &["bytes.csv:61", "UTF-8"],
    );
}

#[test]
fn an_array_cut_in_the_middle_keeps_its_whole_records() {
    check(
        "cut.json",
        r#"[
 {"id": 1, "date": "2026-11-16", "text": "Late parcel again"},
 {"id": 2, "date": "2026-11-17", "text": "Kind and helpful staff"},
 {"id": 3, "date": "2026-11-1"#,
        "3 rows = 2 accepted + 1 refused",
        &["cut.json:4"],
    );
}

#[test]
fn a_column_of_nulls_is_no_text() {
    check(
        "nulls.json",
        r#"[{"id":1,"text":null,"date":"2026-11-16"},{"id":2,"text":null,"date":"2026-11-16"}]"#,
        "2 rows = 0 accepted",
        &[],
    );
}

#[test]
fn a_cell_of_five_megabytes_is_refused_alone() {
    let huge = "mot ".repeat(1_250_000);
    check(
        "huge.csv",
        format!("{GOOD}3,2026-11-18,\"{huge}\"\n4,2026-11-19,Fine after that\n"),
        "4 rows = 3 accepted + 1 refused",
        &["huge.csv:4"],
    );
}

#[test]
fn dates_out_of_the_calendar_are_refused() {
    check(
        "dates.csv",
        format!(
            "{GOOD}3,1601-01-01,Zero date of some export\n4,2999-12-31,Never expires\n5,2026-02-31,No such day\n6,2026-11-20,Fine\n7,2026-11-20,Fine too\n8,2026-11-20,And this\n9,2026-11-20,And that\n10,2026-11-20,And those\n11,2026-11-20,And these\n12,2026-11-20,And so\n13,2026-11-20,And on\n14,2026-11-20,Last one\n15,2026-11-20,Really last\n"
        ),
        "15 rows = 12 accepted + 3 refused",
        &["dates.csv:4", "1601", "dates.csv:5", "2999", "dates.csv:6"],
    );
}

#[test]
fn more_refusals_than_allowed_end_with_status_three() {
    let bench = Bench::new();
    let file = bench
        .file("a.csv", format!("{GOOD}3,2026-11-18\n"))
        .display()
        .to_string();
    bench
        .vocable(&["run", "--workspace", "a", "--max-reject", "1", &file])
        .ends(0);
    bench
        .vocable(&["run", "--workspace", "b", "--max-reject", "0", &file])
        .ends(3);
    bench
        .vocable(&["run", "--workspace", "c", "--max-reject", "10%", &file])
        .ends(3);
    bench
        .vocable(&["run", "--max-reject", "many", &file])
        .ends(2);
}

#[test]
fn a_workspace_that_is_none_is_explained() {
    let bench = Bench::new();
    bench
        .vocable(&["search", "colis"])
        .ends(1)
        .complains(&["vocable run"]);
    bench
        .vocable(&["export"])
        .ends(1)
        .complains(&["vocable run"]);
    bench
        .vocable(&["run"])
        .ends(2)
        .complains(&["vocable run FILES"]);
    bench.file("ws/index/meta.json", "{}");
    bench
        .vocable(&["search", "--workspace", "ws", "colis"])
        .ends(1)
        .complains(&["cannot be used"]);
}

#[test]
fn hostile_words_reach_no_format_unescaped() {
    let bench = Bench::new();
    let mut text = "id,date,rating,comment\n".to_owned();
    for number in 0..12 {
        text.push_str(&format!(
            "=cmd|{number},2026-11-{:02},1,\"<script>alert({number})</script> parcel late \u{1b}[31m | awful \u{202e}delivery\"\n",
            16 + number % 7
        ));
    }
    let file = bench.file("evil.csv", text).display().to_string();
    let ran = bench.vocable(&["run", "--workspace", "ws", &file]).ends(0);
    assert!(!ran.out.contains('\u{1b}'));
    for (name, bytes) in files_below(&bench.path("ws/reports")) {
        // Workbooks are archives; suite/hostile.rs looks inside.
        if name.ends_with(".xlsx") {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap();
        if !name.ends_with(".json") && !name.ends_with(".csv") {
            assert!(!text.contains("<script>alert"), "{name}");
        }
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{name}"
        );
        assert!(!text.contains("\n=cmd"), "{name}");
    }
    let search = bench
        .vocable(&["search", "--workspace", "ws", "parcel"])
        .ends(0)
        .out;
    assert!(!search.contains('\u{1b}') && !search.contains('\u{202e}'));
    let csv = bench
        .vocable(&["export", "--workspace", "ws", "--format", "csv"])
        .ends(0)
        .out;
    assert!(
        csv.lines().skip(1).all(|line| !line.starts_with('=')),
        "{csv}"
    );
}

#[test]
fn hundreds_of_small_words_in_a_row_are_read() {
    let bench = Bench::new();
    let long = "and so on and on ".repeat(100);
    let rows: String = (0..40)
        .map(|row| format!("{row},Late parcel and no answer {long} from the service\n"))
        .collect();
    bench.file("t.csv", format!("id,comment\n{rows}"));
    bench.vocable(&["run", "--quiet", "t.csv"]).ends(0);
}
