//! `vocable report`: any period, language, group and form from the workspace; alerts and actions; what is hostile stays text.

use crate::support::Bench;
use std::{fs, io::Read};

/// Invented answers of a shop, fourteen weeks from 2026-08-17 on: chat customers wait for refunds from week 12 on.
fn answers() -> String {
    let mut rows = String::from("id,date,channel,product,customer,nps,comment\n");
    let say = [
        "The delivery was fast and the staff very kind.",
        "My refund never came, I am very disappointed.",
        "Good quality, I recommend this shop.",
        "The parcel arrived late and damaged.",
        "Nobody answers the phone, terrible service.",
        "Easy to order, clear website, thank you.",
    ];
    for week in 0..14 {
        for one in 0..40 {
            let date = jiff::civil::date(2026, 8, 17)
                .saturating_add(jiff::Span::new().days(week * 7 + one % 7));
            let channel = if one % 2 == 0 { "chat" } else { "email" };
            let is_bad = week >= 12 && one % 4 == 0;
            let text = if is_bad {
                say[1]
            } else {
                say[(one as usize * 7 + week as usize) % 6]
            };
            let nps = if is_bad { 2 } else { 5 + (one * 3 + week) % 6 };
            let product = if one % 3 == 0 { "Sofa" } else { "Lamp" };
            rows.push_str(&format!(
                "a{week}-{one},{date},{channel},{product},c{},{nps},\"{text}\"\n",
                one % 25
            ));
        }
    }
    rows
}

fn workspace() -> Bench {
    let bench = Bench::new();
    bench.file("answers.csv", answers());
    let _ = bench
        .vocable(&["run", "answers.csv", "--workspace", "ws", "--quiet"])
        .ends(0);
    bench
}

fn read(bench: &Bench, name: &str) -> String {
    fs::read_to_string(bench.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn json(bench: &Bench, name: &str) -> serde_json::Value {
    serde_json::from_str(&read(bench, name)).expect("a report is JSON")
}

#[test]
fn a_report_from_the_workspace_is_that_of_the_run() {
    let bench = workspace();
    let of_run = read(&bench, "ws/reports/2026-W47/report.json");
    let html = read(&bench, "ws/reports/2026-W47/report.html");
    let _ = bench
        .vocable(&["report", "--workspace", "ws", "--output", "again"])
        .ends(0);
    assert_eq!(read(&bench, "again/report.json"), of_run);
    assert_eq!(read(&bench, "again/report.html"), html);
    for (arguments, folder) in [
        (&["--week", "2026-W40"][..], "2026-W40"),
        (&["--month", "2026-09"], "2026-09"),
        (&["--quarter", "2026-Q3"], "2026-Q3"),
        (
            &["--from", "2026-09-01", "--to", "2026-09-15"],
            "2026-09-01_2026-09-15",
        ),
        (&["--all"], "all"),
        (
            &["--month", "2026-10", "--against", "2026-09"],
            "2026-10_vs_2026-09",
        ),
        (
            &["--week", "2026-W47", "--only", "channel=chat"],
            "2026-W47_channel-chat",
        ),
        (
            &[
                "--all",
                "--only",
                "channel=chat",
                "--against",
                "channel=email",
            ],
            "all_channel-chat_vs_channel-email",
        ),
        (&["--week", "2025-W10"], "2025-W10"),
    ] {
        for language in ["fr", "en"] {
            let mut all = vec!["report", "--workspace", "ws", "--lang", language, "--quiet"];
            all.extend_from_slice(arguments);
            let _ = bench.vocable(&all).ends(0);
            let page = read(&bench, &format!("ws/reports/{folder}/report.html"));
            assert!(
                page.contains(&format!("<html lang=\"{language}\">")),
                "{folder}"
            );
            for wrong in ["NaN", "<tbody></tbody>", "inf%"] {
                assert!(!page.contains(wrong), "{folder} holds {wrong}");
            }
        }
    }
    let chat = json(&bench, "ws/reports/2026-W47_channel-chat/report.json");
    assert_eq!(chat["records"]["n"], 20);
    let sides = json(
        &bench,
        "ws/reports/all_channel-chat_vs_channel-email/report.json",
    );
    assert_eq!(sides["nps"]["previous"]["n"], 280);
}

#[test]
fn only_the_forms_asked_for_are_written() {
    let bench = workspace();
    let _ = bench
        .vocable(&[
            "report",
            "--workspace",
            "ws",
            "--format",
            "md,json",
            "--output",
            "out",
            "--quiet",
        ])
        .ends(0);
    let mut names: Vec<String> = fs::read_dir(bench.path("out"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["report.json", "report.md"]);
}

#[test]
fn what_cannot_be_reported_is_said() {
    let bench = workspace();
    let _ = bench
        .vocable(&["report", "--workspace", "ws", "--only", "channel=fax"])
        .ends(2)
        .complains(&["--only", "channel=fax"]);
    let _ = bench
        .vocable(&["report", "--workspace", "ws", "--month", "2026-13"])
        .ends(2)
        .complains(&["write it as 2026-10"]);
    let _ = bench
        .vocable(&[
            "report",
            "--workspace",
            "ws",
            "--from",
            "2026-10-02",
            "--to",
            "2026-10-01",
        ])
        .ends(2)
        .complains(&["write the earlier day first"]);
    let _ = bench
        .vocable(&["report", "--workspace", "nowhere"])
        .ends(1)
        .complains(&["vocable run FILES"]);
}

#[test]
fn alerts_end_the_program_with_their_status() {
    let bench = workspace();
    let set = |text: &str| bench.file("ws/vocable.toml", text);
    let report = || bench.vocable(&["report", "--workspace", "ws", "--output", "out"]);
    set("[[alert]]\nname = \"Few recommend\"\nmeasure = \"nps\"\nbelow = 90\n");
    let ran = report().ends(4);
    assert!(ran.out.contains("alert: Few recommend"), "{}", ran.out);
    assert_eq!(
        json(&bench, "out/alerts.json")["alerts"][0]["state"],
        "fired"
    );
    assert!(read(&bench, "out/report.html").contains("Few recommend"));
    set("[[alert]]\nmeasure = \"nps\"\nbelow = -99\n");
    let _ = report().ends(0);
    assert_eq!(json(&bench, "out/alerts.json")["fired"], 0);
    set("[[alert]]\ntheme = \"no-such-theme\"\nmeasure = \"complaints\"\nabove = 0.1\n");
    let ran = report().ends(0);
    assert!(ran.out.contains("was not evaluated"), "{}", ran.out);
    set("\n[[ alert ]]\nmeasure = \"happiness\"\nabove = 1\n");
    let _ = report()
        .ends(2)
        .complains(&["vocable.toml:2", "happiness", "there are nps"]);
    set("[[alert]]\nmeasure = \"records\"\nabove = 1\n");
    bench.file(
        "broken.csv",
        "id,date,comment\nx1,2026-11-16,Late parcel\nx2,2026-11-16,Late, parcel\n",
    );
    let _ = bench
        .vocable(&[
            "run",
            "broken.csv",
            "--workspace",
            "ws",
            "--quiet",
            "--max-reject",
            "0",
        ])
        .ends(3);
}

#[test]
fn actions_are_followed() {
    let bench = workspace();
    bench.file(
        "ws/actions.toml",
        "[[action]]\ntheme = \"refund-not-received\"\naction = \"Refund within three days\"\nowner = \"Finance\"\ndue = 2026-11-01\nsince = 2026-11-09\nstatus = \"running\"\n\n[[action]]\ntheme = \"no-such-theme\"\naction = \"Nothing\"\n",
    );
    let ran = bench
        .vocable(&[
            "report",
            "--workspace",
            "ws",
            "--output",
            "out",
            "--lang",
            "en",
        ])
        .ends(0);
    assert!(ran.out.contains("no-such-theme"), "{}", ran.out);
    let page = read(&bench, "out/report.html");
    for told in [
        "Refund within three days",
        "Finance",
        "overdue",
        "no theme has this id",
    ] {
        assert!(page.contains(told), "{told}");
    }
    let told = &json(&bench, "out/report.json")["actions"][0];
    assert_eq!(told["is_known_theme"], true);
    assert!(told["comments_since"].as_u64().unwrap() >= 10);
    assert!(told["against_before"]["verdict"].is_string());
    bench.file(
        "ws/actions.toml",
        "[[action]]\ntheme = \"x\"\naction = \"y\"\nwhen = 1\n",
    );
    let _ = bench
        .vocable(&["report", "--workspace", "ws"])
        .ends(2)
        .complains(&["actions.toml:4"]);
}

#[test]
fn the_workbook_says_what_the_data_say() {
    use calamine::{Data, Reader};
    let bench = workspace();
    let data = json(&bench, "ws/reports/2026-W47/report.json");
    let path = bench.path("ws/reports/2026-W47/report.xlsx");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let sheet = book.worksheet_range("Indicators").unwrap();
    let number = |row: &[Data], column: usize| match row.get(column) {
        Some(Data::Float(number)) => Some(*number),
        Some(Data::Int(number)) => Some(*number as f64),
        _ => None,
    };
    let of = |name: &str| sheet.rows().find(|row| row[0] == *name).unwrap();
    for (name, key) in [("NPS", "nps"), ("Net sentiment", "net_sentiment")] {
        let (row, measure) = (of(name), &data[key]);
        for (column, field) in [(1, "value"), (2, "low"), (3, "high"), (4, "n")] {
            let (shown, told) = (
                number(row, column).unwrap(),
                measure[field].as_f64().unwrap(),
            );
            assert!(
                (shown - told).abs() < 1e-6,
                "{name} {field}: {shown} {told}"
            );
        }
        let before = number(row, 5).unwrap();
        assert!((before - measure["previous"]["value"].as_f64().unwrap()).abs() < 1e-6);
    }
    let themes = book.worksheet_range("Themes").unwrap();
    let rows: Vec<&[Data]> = themes.rows().skip(1).collect();
    let told = data["themes"].as_array().unwrap();
    assert_eq!(rows.len(), told.len());
    for theme in told {
        let row = rows
            .iter()
            .find(|row| row[1] == *theme["id"].as_str().unwrap());
        let row = row.expect("every theme has a row");
        assert_eq!(number(row, 3), theme["negative_records"].as_f64());
        assert_eq!(number(row, 9), theme["impact"]["value"].as_f64());
    }
}

#[test]
fn hostile_words_stay_words_in_every_form() {
    let bench = Bench::new();
    let nasty = [
        "<script>alert(1)</script> the parcel was late",
        "\"\"><img src=x onerror=alert(1)> late parcel",
        "=HYPERLINK(\"\"http://x.y\"\",\"\"late parcel\"\") late parcel",
        "+cmd|' /C calc'!A0 late parcel",
        "@SUM(A1) late parcel </style> --> [x](https://x.y)",
        "\u{1b}[31mlate parcel\u{202e} and damaged",
    ];
    let mut rows = String::from("id,date,channel,product,<b>city</b>,comment\n");
    for one in 0..60 {
        let text = nasty[one % nasty.len()];
        rows.push_str(&format!(
            "\"=1+{one}\",2026-11-{:02},\"<i>chat{}</i>\",\"=P{}\",\"<u>x{}</u>\",\"{text}\"\n",
            16 + one % 7,
            one % 2,
            one % 2,
            one % 2
        ));
    }
    bench.file("nasty.csv", rows);
    bench.file(
        "ws/actions.toml",
        "[[action]]\ntheme = \"<script>\"\naction = \"<img src=x>\"\n",
    );
    let ran = bench
        .vocable(&["run", "nasty.csv", "--workspace", "ws"])
        .ends(0);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'));
    let folder = "ws/reports/2026-W47";
    let page = read(&bench, &format!("{folder}/report.html"));
    assert_eq!(page.matches("<script").count(), 1);
    for wrong in [
        "<img",
        "<i>",
        "<u>",
        "<b>",
        "onerror=\"",
        "\u{202e}",
        "\u{1b}",
    ] {
        assert!(!page.contains(wrong), "{wrong:?}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    let markdown = read(&bench, &format!("{folder}/report.md"));
    for wrong in ["<script", "<img", "](https", "\u{1b}"] {
        assert!(!markdown.contains(wrong), "{wrong:?}");
    }
    let file = fs::File::open(bench.path(&format!("{folder}/report.xlsx"))).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let name = part.name().expect("a name").into_owned();
        if name.starts_with("xl/worksheets/") && name.ends_with(".xml") {
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            assert!(!text.contains("<f>"), "{name} holds a formula");
        }
    }
}

#[test]
fn the_page_allows_its_own_script_and_no_other() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = fs::read(root.join("src/report/assets/report.js")).unwrap();
    let hash = STANDARD.encode(Sha256::digest(&script));
    let format = fs::read_to_string(root.join("src/report/formats/html.rs")).unwrap();
    assert!(
        format.contains(&format!("'sha256-{hash}'")),
        "write sha256-{hash} into POLICY"
    );
}
