//! Files as people have them, from the door to the report: packed, piped, pasted, mapped.

use crate::support::Bench;
use std::{fs, io::Write};

const TABLE: &str = "id,date,comment\n\
    1,2026-11-16,The parcel arrived late and nobody answered the phone\n\
    2,2026-11-17,Great advice from the staff in the shop\n";

fn export(bench: &Bench) -> Vec<serde_json::Value> {
    let out = bench.vocable(&["export", "--workspace", "ws"]).ends(0).out;
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let bench = Bench::new();
    let ran = bench
        .vocable_with(&["run", "--workspace", "ws", "-"], TABLE, &[])
        .ends(0);
    assert!(
        ran.out.contains("standard input: 2 rows = 2 accepted"),
        "{}",
        ran.out
    );
    assert_eq!(export(&bench)[0]["source"], "standard input:2");
}

#[test]
fn an_archive_is_a_folder_of_files() {
    let bench = Bench::new();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in [
        ("mars/avis.csv", TABLE),
        ("LISEZMOI.md", "# Avis"),
        ("note.txt", "Bonjour, voici les avis."),
        (
            "avis.ndjson",
            "{\"id\":7,\"text\":\"Bon conseil\",\"date\":\"2026-11-18\"}\n{\"id\":8,\"text\":\"Trop cher\",\"date\":\"2026-11-18\"}\n",
        ),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    bench.file("envoi.zip", archive.finish().unwrap().into_inner());
    let ran = bench
        .vocable(&["run", "--workspace", "ws", "envoi.zip"])
        .ends(0);
    assert!(
        ran.out
            .contains("envoi.zip/mars/avis.csv: 2 rows = 2 accepted"),
        "{}",
        ran.out
    );
    let ran = ran.complains(&["envoi.zip/note.txt: skipped: no columns and no JSON in it"]);
    assert!(
        ran.out
            .contains("envoi.zip/avis.ndjson: 2 rows = 2 accepted"),
        "{}",
        ran.out
    );
}

#[test]
fn one_complaint_pasted_again_and_again_counts_once_in_themes() {
    let bench = Bench::new();
    let mut table = "id,date,comment\n".to_owned();
    for copy in 0..500 {
        table.push_str(&format!(
            "P-{copy},2026-11-16,\"The locker code never came by text message and the locker stayed closed, order {copy}\"\n"
        ));
    }
    let products = [
        "lamp", "sofa", "chair", "shelf", "mirror", "carpet", "table", "wardrobe",
    ];
    let complaints = [
        "delivery was two days late and the driver rude with us",
        "refund still has not reached my bank after three weeks",
        "instructions miss a page so assembly took all evening",
        "colour fades in the sun although the shop promised otherwise",
        "price went up between the basket and the payment page",
    ];
    for other in 0..40 {
        let (product, complaint) = (products[other % 8], complaints[other / 8]);
        table.push_str(&format!(
            "O-{other},2026-11-17,{product} {complaint} {product} {product} again\n"
        ));
    }
    for (other, voice) in [
        "The locker refused my code twice",
        "My code for the locker is wrong",
        "No locker code in my messages",
        "This locker stays closed with any code",
        "The code was refused by the locker",
        "A locker that wants a code I never got",
        "My locker asked for another code",
        "The code opened the wrong locker",
        "The locker took no code at all",
    ]
    .iter()
    .enumerate()
    {
        table.push_str(&format!("L-{other},2026-11-18,{voice}\n"));
    }
    bench.file("a.csv", table);
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "--all", "a.csv"])
        .ends(0);
    let copies = export(&bench)
        .iter()
        .filter(|record| record["copies"] == 500)
        .count();
    assert_eq!(copies, 500);
    let report = fs::read_to_string(bench.path("ws/reports/all/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    // All 549 came in; a theme has at most the 50 voices there are.
    let themes = report["themes"].as_array().unwrap();
    assert!(!themes.is_empty());
    for theme in themes {
        assert!(theme["records"].as_u64().unwrap() <= 50, "{theme}");
    }
    let quoted = report.to_string();
    assert!(
        quoted.contains("\"copies\":500"),
        "no quote says how often it was pasted"
    );
    let page = fs::read_to_string(bench.path("ws/reports/all/report.md")).unwrap();
    assert!(
        page.contains("said 500 times in nearly the same words"),
        "{page}"
    );
}

#[test]
fn short_opinions_are_everybodys_own() {
    let bench = Bench::new();
    let mut table = "id,date,comment\n".to_owned();
    for customer in 0..50 {
        table.push_str(&format!("{customer},2026-11-16,Très bien merci\n"));
    }
    bench.file("a.csv", table);
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "a.csv"])
        .ends(0);
    assert!(
        export(&bench)
            .iter()
            .all(|record| record["copies"].is_null())
    );
}

#[test]
fn a_starter_mapping_can_be_corrected_and_used() {
    let bench = Bench::new();
    bench.file("a.csv", "ref,le,remarque libre,effort\nA1,2026-11-16,Trop long à monter,6\nA2,2026-11-17,Montage facile,2\n");
    let ran = bench
        .vocable(&["inspect", "a.csv", "--write-mapping", "m.toml"])
        .ends(0);
    assert!(ran.out.contains("Mapping written: m.toml"), "{}", ran.out);
    // Which end of an effort score is good is never guessed.
    assert!(
        ran.out.contains("only you know which end is good"),
        "{}",
        ran.out
    );
    let mapping = fs::read_to_string(bench.path("m.toml")).unwrap();
    assert!(mapping.contains("\"effort\" = \"keep\""), "{mapping}");
    bench.file(
        "m.toml",
        mapping.replace(
            "\"effort\" = \"keep\"",
            "\"effort\" = { role = \"ces\", scale = 7, high_is = \"hard\" }",
        ),
    );
    let ran = bench
        .vocable(&["run", "--workspace", "ws", "--mapping", "m.toml", "a.csv"])
        .ends(0);
    assert!(ran.out.contains("ces = effort"), "{}", ran.out);
    bench
        .vocable(&["inspect", "a.csv", "--write-mapping", "m.toml"])
        .ends(1)
        .complains(&["m.toml", "name a file that does not exist yet"]);
}

#[test]
fn what_is_not_the_customers_is_counted_apart() {
    let bench = Bench::new();
    bench.file(
        "chat.csv",
        "conversation id,date,speaker,text\nc1,2026-11-16 10:00:00,customer,Where is my parcel\n\
         c1,2026-11-16 10:00:05,bot,Hello\nc1,2026-11-16 10:20:00,agent,Let me look\nc1,2026-11-16 10:21:00,customer,Thank you\n",
    );
    let ran = bench
        .vocable(&["run", "--workspace", "ws", "chat.csv"])
        .ends(0);
    assert!(
        ran.out
            .contains("4 rows = 2 accepted + 0 refused + 0 duplicates + 2 empty"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("empty: 1 of the company's own messages, 1 automatic, 0 spam"),
        "{}",
        ran.out
    );
    let first: Vec<_> = export(&bench)
        .iter()
        .map(|record| record["first_reply_seconds"].clone())
        .collect();
    // The bot's answer is no human's.
    assert!(first.contains(&serde_json::json!(1200)) && first.contains(&serde_json::Value::Null));
    let report = fs::read_to_string(bench.path("ws/reports/2026-W47/report.json"))
        .or_else(|_| fs::read_to_string(bench.path("ws/reports/all/report.json")))
        .unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["sources"][0]["left_out"]["agents"], 1);
}
