//! Whatever customers, column names, file names, theme books, plans and settings say, no report and no terminal acts on it.

use crate::support::{Bench, Ran, files_below};
use base64::{Engine, prelude::BASE64_STANDARD};
use calamine::{Data, Reader};
use sha2::{Digest, Sha256};
use std::{fs, io::Read, sync::LazyLock};

const ATTACKS: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "-2+3",
    "\u{1b}[31mred\u{1b}]8;;http://evil.example\u{7}\u{9b}1m",
    "\u{202e}gnp.exe\u{2066}\u{200f}",
    "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "</style></title></script><h1>",
    "--> `code` | *bold* <!--",
];

/// Everything hostile written in both languages once, since nothing here changes it.
struct Hostile {
    /// Names and contents of all files of both reports and of the export.
    files: Vec<(String, Vec<u8>)>,
    /// All that was printed for people.
    printed: String,
}

static HOSTILE: LazyLock<Hostile> = LazyLock::new(hostile);

fn table() -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let header = [
        "id",
        "date",
        "<script>channel</script>",
        "\"><img onerror=x>",
        "=customer()",
        "nps",
        "comment",
        "\u{1b}[1m[extra](https://evil.example)",
    ];
    table.write_record(header).unwrap();
    for row in 0..96 {
        let attack = |place: usize| ATTACKS[(row + place) % ATTACKS.len()];
        let verdict = match row % 3 {
            0 => "the parcel arrived late, delivery was awful",
            1 => "nobody answers the phone, terrible service",
            _ => "fast delivery and very kind staff",
        };
        let date = match row {
            7 => "<script>alert(2)</script>".to_owned(),
            8 => "\u{1b}[31m=1+1".to_owned(),
            _ => format!("2026-11-{:02}", 9 + row % 14),
        };
        table
            .write_record([
                format!("{}{row}", attack(1)),
                date,
                ATTACKS[row % 2 * 9].to_owned(),
                ATTACKS[row % 2 + 1].to_owned(),
                format!("{}{row}", attack(2)),
                (row % 11).to_string(),
                format!("{} {verdict} {}", attack(0), attack(5)),
                attack(3).to_owned(),
            ])
            .unwrap();
    }
    table.into_inner().unwrap()
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn hostile() -> Hostile {
    let bench = Bench::new();
    let name = "a`<img src=x onerror=alert(1)> =1.csv";
    bench.file(name, table());
    bench.file(
        "mapping.toml",
        "[columns]\n'<script>channel</script>' = \"channel\"\n'\"><img onerror=x>' = \"product\"\n'=customer()' = \"customer\"\n",
    );
    let mut plan = String::new();
    let mut alerts = String::new();
    for attack in ATTACKS {
        let text = quoted(&format!("{attack} "));
        plan.push_str(&format!(
            "[[action]]\ntheme = {text}\naction = {text}\nowner = {text}\ndue = 2026-11-01\n"
        ));
        alerts.push_str(&format!(
            "[[alert]]\nname = {text}\nmeasure = \"records\"\nabove = 0\n"
        ));
    }
    let mut printed = String::new();
    let mut keep = |ran: Ran| printed.push_str(&(ran.out + &ran.err));
    let run = [
        "run",
        "--workspace",
        "ws",
        "--mapping",
        "mapping.toml",
        name,
    ];
    keep(bench.vocable(&run).ends(0));
    let report = fs::read(bench.path("ws/reports/2026-W47/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let themes = report["themes"].as_array().unwrap();
    for (theme, attack) in themes.iter().zip([0, 3, 9].map(|place| ATTACKS[place])) {
        let id = theme["id"].as_str().unwrap();
        keep(
            bench
                .vocable(&["themes", "rename", id, attack, "--workspace", "ws"])
                .ends(0),
        );
    }
    keep(
        bench
            .vocable(&["themes", "commit", "--workspace", "ws"])
            .ends(0),
    );
    bench.file("ws/vocable.toml", alerts);
    bench.file("ws/actions.toml", plan);
    for language in ["fr", "en"] {
        let report = ["report", "--workspace", "ws", "--lang", language];
        let output = format!("out/{language}");
        keep(
            bench
                .vocable(&[&report[..], &["--output", &output]].concat())
                .ends(4),
        );
    }
    let wanted = "channel=<script>alert(1)</script>";
    let only = [
        "report",
        "--workspace",
        "ws",
        "--only",
        wanted,
        "--output",
        "out/only",
    ];
    keep(bench.vocable(&only).ends(4));
    let export = [
        "export",
        "--workspace",
        "ws",
        "--format",
        "csv",
        "--output",
        "out/export.csv",
    ];
    keep(bench.vocable(&export).ends(0));
    keep(
        bench
            .vocable(&["search", "--workspace", "ws", "delivery"])
            .ends(0),
    );
    keep(
        bench
            .vocable(&["search", "--workspace", "ws", "--count-by", "channel"])
            .ends(0),
    );
    keep(
        bench
            .vocable(&["themes", "list", "--workspace", "ws"])
            .ends(0),
    );
    keep(bench.vocable(&["inspect", name]).ends(0));
    Hostile {
        files: files_below(&bench.path("out")),
        printed,
    }
}

/// The files that end so, at least three of them.
fn files(ending: &str) -> Vec<(&'static str, String)> {
    let found: Vec<_> = HOSTILE
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(ending))
        .map(|(name, bytes)| (name.as_str(), String::from_utf8(bytes.clone()).unwrap()))
        .collect();
    assert!(found.len() >= 3);
    found
}

/// Controls and direction overrides; line breaks are fine.
fn commands(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A page without what stands between this tag and its end.
fn without(page: &str, tag: &str) -> String {
    let (before, after) = page.split_once(&format!("<{tag}>")).unwrap();
    let (_, after) = after.split_once(&format!("</{tag}>")).unwrap();
    format!("{before}{after}")
}

#[test]
fn a_page_has_no_tag_and_no_attribute_but_ours() {
    const OURS: &str = "a article bdi blockquote body caption circle cite dd desc div dl dt figcaption figure footer form g \
        h1 h2 h3 head header html input label li main mark meta nav ol option output p path rect section select span strong \
        svg table tbody td text th thead title tr ul";
    for (name, page) in files(".html") {
        for once in [
            "<script", "</script", "<style", "</style", "<h1", "<form", "<head>",
        ] {
            assert_eq!(page.matches(once).count(), 1, "{name}: {once}");
        }
        let page = without(&without(&page, "style"), "script");
        let page = page.strip_prefix("<!DOCTYPE html>").unwrap();
        for tag in page.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("a tag ends");
            let own = tag.trim_start_matches('/');
            let own = own.split([' ', '/']).next().unwrap();
            assert!(OURS.split(' ').any(|one| one == own), "{name}: <{tag}>");
            // Every other piece stands outside quotes.
            for outside in tag.split('"').step_by(2) {
                let is_handler = |word: &str| word.starts_with("on") || word.contains("evil");
                assert!(!outside.split(' ').any(is_handler), "{name}: <{tag}>");
            }
            for address in tag.split("href=\"").skip(1) {
                assert!(address.starts_with('#'), "{name}: <{tag}>");
            }
            assert!(
                !tag.contains("src=") || tag.contains("&lt;img src="),
                "{name}: <{tag}>"
            );
        }
        assert!(!page.contains("-->"), "{name}");
        assert!(
            page.contains("&lt;script&gt;alert(1)"),
            "{name}: nothing hostile to see"
        );
    }
}

#[test]
fn the_policy_of_a_page_allows_its_own_script_and_no_other() {
    for (name, page) in files(".html") {
        let script = page.split("<script>").nth(1).unwrap();
        let script = script.split("</script>").next().unwrap();
        let hash = BASE64_STANDARD.encode(Sha256::digest(script));
        assert!(
            page.contains(&format!("script-src 'sha256-{hash}';")),
            "{name}: {hash}"
        );
    }
}

/// Markdown without code spans: runs of as many backticks at both ends.
fn without_code(text: &str) -> String {
    let mut rest = text.replace("\\`", "");
    let mut kept = String::new();
    while let Some(start) = rest.find('`') {
        kept.push_str(&rest[..start]);
        let fence: String = rest[start..]
            .chars()
            .take_while(|one| *one == '`')
            .collect();
        let inside = &rest[start + fence.len()..];
        let end = inside.find(&fence).expect("a code span ends");
        rest = inside[end + fence.len()..].to_owned();
    }
    kept + &rest
}

#[test]
fn a_text_has_no_live_link_and_no_markup_but_ours() {
    for (name, text) in files(".md") {
        for line in text.lines() {
            let line = without_code(line);
            assert!(!line.contains('<'), "{name}: {line}");
            for (place, _) in line.match_indices("://") {
                assert!(line[..place].ends_with('\\'), "{name}: {line}");
            }
            for (place, _) in line.match_indices("](") {
                let is_ours = line[place..].starts_with("](#");
                assert!(is_ours || line[..place].ends_with('\\'), "{name}: {line}");
            }
        }
        assert!(
            text.contains("&lt;script&gt;"),
            "{name}: nothing hostile to see"
        );
    }
}

#[test]
fn a_workbook_holds_texts_and_numbers_but_no_formula_and_no_link() {
    let books: Vec<_> = HOSTILE
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(".xlsx"))
        .collect();
    assert_eq!(books.len(), 3);
    for (name, bytes) in books {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).unwrap();
            let part_name = part.name().unwrap().into_owned();
            let mut xml = String::new();
            part.read_to_string(&mut xml).unwrap();
            if part_name.starts_with("xl/worksheets/") {
                for mark in ["<f>", "<f ", "<hyperlink", "TargetMode=\"External\""] {
                    assert!(!xml.contains(mark), "{name} {part_name}: {mark}");
                }
            }
        }
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let mut texts = 0;
        for (_, range) in book.worksheets() {
            for (_, _, cell) in range.used_cells() {
                if let Data::String(text) = cell {
                    texts += usize::from(text.starts_with('='));
                    assert!(
                        !text.contains(|one| commands(one) && one != '\t'),
                        "{text:?}"
                    );
                }
            }
        }
        assert!(texts > 0, "{name}: nothing hostile to see");
    }
}

#[test]
fn cells_of_data_files_are_disarmed() {
    for (name, text) in files(".csv") {
        let text = text.trim_start_matches('\u{feff}');
        for row in csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes())
            .records()
        {
            for cell in &row.unwrap() {
                let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                assert!(!is_formula || cell.parse::<f64>().is_ok(), "{name}: {cell}");
            }
        }
    }
}

#[test]
fn no_file_and_no_terminal_gets_controls_or_overrides() {
    for ending in [".html", ".md", ".json", ".csv"] {
        for (name, text) in files(ending) {
            let found = text.chars().find(|one| commands(*one) && *one != '\t');
            assert_eq!(found, None, "{name}");
        }
    }
    let found = HOSTILE.printed.lines().find(|line| line.contains(commands));
    assert_eq!(found, None);
}
