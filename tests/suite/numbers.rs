//! Page, text and workbook say the numbers of `report.json`, in both languages.

use crate::support::{Bench, fourteen_weeks};
use calamine::{Data, Reader};
use serde_json::Value;
use std::fs;

/// A report in one language and every form.
struct Report {
    bench: Bench,
    json: Value,
    is_french: bool,
}

impl Report {
    fn of(period: &[&str], language: &str) -> Self {
        let bench = Bench::new();
        bench.file("reviews.csv", fourteen_weeks());
        let run = [
            "run",
            "--workspace",
            "ws",
            "--lang",
            language,
            "reviews.csv",
        ];
        bench.vocable(&[&run[..], period].concat()).ends(0);
        fs::rename(
            bench.path("ws/reports").join(period[1]),
            bench.path("report"),
        )
        .unwrap();
        let json = fs::read(bench.path("report/report.json")).unwrap();
        Self {
            json: serde_json::from_slice(&json).unwrap(),
            is_french: language == "fr",
            bench,
        }
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.bench.path("report").join(name)).unwrap()
    }

    /// The rows of a sheet, under its header.
    fn sheet(&self, position: usize) -> Vec<Vec<Data>> {
        let path = self.bench.path("report/report.xlsx");
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
        let name = book.sheet_names()[position].clone();
        let range = book.worksheet_range(&name).unwrap();
        range.rows().skip(1).map(<[Data]>::to_vec).collect()
    }

    /// The number as the language writes it.
    fn written(&self, value: f64, decimals: usize) -> String {
        let text = format!("{:.decimals$}", value.abs());
        let sign = if value < 0.0 { "−" } else { "" };
        let text = format!("{sign}{text}");
        match self.is_french {
            true => text.replace('.', ","),
            false => text,
        }
    }

    fn signed(&self, value: f64) -> String {
        let sign = if value > 0.0 { "+" } else { "" };
        format!("{sign}{}", self.written(value, 1))
    }

    fn percent(&self, share: f64) -> String {
        let space = if self.is_french { "\u{202f}" } else { "" };
        format!("{}{space}%", self.written(100.0 * share, 1))
    }

    /// The themes of a ranking with what `report.json` says of them.
    fn ranked(&self, ranking: &str) -> Vec<&Value> {
        let themes = self.json["themes"].as_array().unwrap();
        let theme = |id: &Value| themes.iter().find(|theme| theme["id"] == *id).unwrap();
        let ranked = self.json[ranking].as_array().unwrap();
        ranked.iter().map(|one| theme(&one["id"])).collect()
    }
}

/// A page's text without its tags; a number keeps its spaces.
fn without_tags(page: &str) -> String {
    let mut text = String::new();
    for part in page.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
        text.push(' ');
    }
    text.replace("&lt;", "<").replace("&amp;", "&")
}

#[track_caller]
fn holds(text: &str, parts: &[String]) {
    for part in parts {
        assert!(text.contains(part.as_str()), "no {part} in: {text}");
    }
}

/// Cards of the page and lines of the text against the JSON.
#[track_caller]
fn check_headlines(report: &Report) {
    let (page, markdown) = (report.text("report.html"), report.text("report.md"));
    let json = &report.json;
    let number = |value: &Value| value.as_f64().unwrap();
    let (net, rating, records) = match report.is_french {
        true => ("Sentiment net", "Note moyenne", "Retours"),
        false => ("Net sentiment", "Mean rating", "Records"),
    };
    for (name, value) in [
        ("NPS", report.signed(number(&json["nps"]["value"]))),
        (net, report.signed(number(&json["net_sentiment"]["value"]))),
        (
            rating,
            format!(
                "{} / 5",
                report.written(number(&json["ratings"][0]["value"]), 2)
            ),
        ),
        (
            records,
            report.written(number(&json["records"]["value"]), 0),
        ),
    ] {
        let card = format!("<h3>{name}</h3><p class=\"value\">");
        let card = page.split(&card).nth(1).expect("a card");
        let shown = without_tags(card.split("</p>").next().unwrap());
        assert_eq!(shown.split("  ").next().unwrap().trim(), value, "{name}");
        let line = format!("- **{name}**");
        let line = markdown.lines().find(|one| one.starts_with(&line));
        holds(line.expect("a line"), &[value]);
    }
    let band = page.split("</header>").next().unwrap();
    let coverage = report.percent(number(&json["coverage"]["value"]));
    holds(band, &[format!("<strong>{coverage}</strong>")]);
    holds(&markdown, &[format!("**{coverage}**")]);
}

/// Rankings of the page and of the text against the JSON.
#[track_caller]
fn check_rankings(report: &Report) {
    let (page, markdown) = (report.text("report.html"), report.text("report.md"));
    let number = |value: &Value| value.as_f64();
    let mut rows = 0;
    for (ranking, anchor, count, share) in [
        (
            "frictions",
            "friction",
            "negative_records",
            "negative_share",
        ),
        ("delights", "delight", "positive_records", "positive_share"),
    ] {
        for (rank, theme) in (1..).zip(report.ranked(ranking)) {
            let start = format!("id=\"{anchor}-{rank}\"");
            let Some(row) = page.split(&start).nth(1) else {
                continue;
            };
            rows += 1;
            let row = row.split("</tr>").next().unwrap();
            let id = theme["id"].as_str().unwrap();
            holds(row, &[format!("data-theme=\"{id}\">{}</a>", theme[count])]);
            let mut parts = vec![
                theme["label"].as_str().unwrap().to_owned(),
                report.percent(number(&theme[share]["value"]).unwrap()),
            ];
            parts.extend(number(&theme["net_sentiment"]["value"]).map(|net| report.signed(net)));
            parts.extend(number(&theme["impact"]["value"]).map(|value| report.signed(value)));
            holds(&without_tags(row), &parts);
            parts.push(format!("| {} |", theme[count]));
            let section = page_section(&markdown, report, anchor);
            let name = format!("| {rank} | **{}**", parts[0]);
            let line = section.lines().find(|line| line.starts_with(&name));
            holds(line.expect("a row"), &parts);
        }
    }
    assert!(rows > 6, "{rows} rows");
}

/// A section of the Markdown, by the anchor of its rows on the page.
fn page_section<'m>(markdown: &'m str, report: &Report, anchor: &str) -> &'m str {
    let title = match (anchor, report.is_french) {
        ("friction", true) => "\n## Irritants",
        ("friction", false) => "\n## Friction points",
        (_, true) => "\n## Points d’enchantement",
        (_, false) => "\n## Delight drivers",
    };
    let section = markdown.split_once(title).expect("the section").1;
    section.split("\n## ").next().unwrap()
}

/// Signals of the page against the JSON.
#[track_caller]
fn check_signals(report: &Report) {
    let page = report.text("report.html");
    let found = report.json["signals"]["found"].as_array().unwrap();
    assert!(!found.is_empty());
    let section = page.split("<section id=\"signals\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    for signal in found {
        let id = signal["id"].as_str().unwrap();
        let count = format!("data-theme=\"{id}\">{}</a>", signal["observed"]);
        let row = section.split("<tr ").find(|row| row.contains(&count));
        let expected = report.written(signal["expected"].as_f64().unwrap(), 1);
        let ratio = report.written(signal["ratio"].as_f64().unwrap(), 1);
        holds(
            &without_tags(row.expect("a row")),
            &[format!(" {expected} "), format!("×{ratio}")],
        );
    }
}

/// The sheets of indicators and themes against the JSON.
#[track_caller]
fn check_workbook(report: &Report) {
    let json = &report.json;
    let same = |cell: Option<&Data>, value: &Value, what: &str| match value.as_f64() {
        Some(value) => {
            let Some(Data::Float(cell)) = cell else {
                panic!("{what}: {cell:?} for {value}")
            };
            assert!((cell - value).abs() < 1e-6, "{what}: {cell} for {value}");
        }
        None => assert!(matches!(cell, None | Some(Data::Empty)), "{what}: {cell:?}"),
    };
    let indicators = report.sheet(0);
    let names = match report.is_french {
        true => [
            "NPS",
            "Sentiment net",
            "Note moyenne sur 5",
            "Retours",
            "Verbatims",
            "Verbatims avec thème",
            "Verbatims sans thème",
        ],
        false => [
            "NPS",
            "Net sentiment",
            "Mean rating out of 5",
            "Records",
            "Comments",
            "Comments with a theme",
            "Comments without theme",
        ],
    };
    let measures = [
        &json["nps"],
        &json["net_sentiment"],
        &json["ratings"][0],
        &json["records"],
        &json["records_with_text"],
        &json["coverage"],
        &json["without_theme"],
    ];
    for (name, measure) in names.into_iter().zip(measures) {
        let is_it = |row: &&Vec<Data>| row[0] == Data::String(name.to_owned());
        let row = indicators.iter().find(is_it).expect(name);
        for (column, field) in (1..).zip(["value", "low", "high", "n"]) {
            same(row.get(column), &measure[field], name);
        }
        for (block, when) in ["previous", "mean", "last_year"].iter().enumerate() {
            let fields = ["value", "difference", "difference_low", "difference_high"];
            for (column, field) in (5 + 5 * block..).zip(fields) {
                same(row.get(column), &measure[*when][field], name);
            }
        }
        for (column, week) in (20..).zip(measure["weeks"].as_array().unwrap()) {
            same(row.get(column), week, name);
        }
    }
    let themes = report.sheet(1);
    let known = json["themes"].as_array().unwrap();
    assert_eq!(themes.len(), known.len());
    for theme in known {
        let id = theme["id"].as_str().unwrap();
        let is_it = |row: &&Vec<Data>| row[1] == Data::String(id.to_owned());
        let row = themes.iter().find(is_it).expect(id);
        assert_eq!(
            row[0],
            Data::String(theme["label"].as_str().unwrap().to_owned())
        );
        let complaints = &theme["negative_share"];
        let impact = &theme["impact"];
        for (column, value) in (2..).zip([
            &theme["records"],
            &theme["negative_records"],
            &theme["positive_records"],
            &complaints["value"],
            &complaints["low"],
            &complaints["high"],
            &theme["net_sentiment"]["value"],
            &impact["value"],
            &impact["low"],
            &impact["high"],
        ]) {
            same(row.get(column), value, id);
        }
    }
}

#[track_caller]
fn check(period: &[&str], language: &str) -> Report {
    let report = Report::of(period, language);
    check_headlines(&report);
    check_rankings(&report);
    check_workbook(&report);
    report
}

#[test]
fn a_week_says_the_same_numbers_everywhere_in_english() {
    check_signals(&check(&["--week", "2026-W45"], "en"));
}

#[test]
fn a_week_says_the_same_numbers_everywhere_in_french() {
    check_signals(&check(&["--week", "2026-W45"], "fr"));
}

#[test]
fn a_quarter_says_the_same_numbers_everywhere_in_english() {
    let report = check(&["--quarter", "2026-Q4"], "en");
    assert!(report.ranked("frictions")[0]["impact"]["value"].is_f64());
}

#[test]
fn a_quarter_says_the_same_numbers_everywhere_in_french() {
    check(&["--quarter", "2026-Q4"], "fr");
}
