//! Facts about whole reports, on records made of the fewest fields that show them.

use super::*;
use crate::{
    analysis::{AnalyzedFeedback, Stamp, ThemeMention},
    business_hours::BusinessHours,
    calendar::{Moment, Week, days_after},
    cues::{Cue, CueKind},
    feedback::{Effort, Feedback, FileBalance, Place, Rating, RejectedRow, Service},
    language::Language,
    metrics::{self, Period},
    themes::Theme,
};

/// Everything a text may smuggle: markup, a link, a table's end, a formula, a reversed name, a bell.
const HOSTILE: &str =
    "=cmd|' /C calc'!A0 <script>alert(1)</script> [x](https://a.b) | **c** \u{202e}gpj.exe\u{7} 😀";

fn record(key: usize, day: Option<&str>, text: &str, score: f32) -> AnalyzedFeedback {
    AnalyzedFeedback {
        feedback: Feedback {
            id_start: 2,
            moment: day.map(|day| Moment::day(day.parse().unwrap())),
            line: key as u32 + 2,
            ..Feedback::of_words(&format!("i:{key:06}"), text)
        },
        language: Language::English,
        confidence: 0.9,
        score,
        cues: Box::default(),
        copy_group: 0,
        mentions: Box::new([ThemeMention {
            theme: 0,
            start: 0,
            end: text.len() as u32,
            evidence: (0, text.len() as u32),
            score,
            strength: 0.5,
        }]),
    }
}

fn theme(label: &str) -> Theme {
    Theme {
        id: "delivery".into(),
        label: label.into(),
        keyphrases: vec!["late parcel".into()],
        ..Theme::default()
    }
}

fn analysis(records: Vec<AnalyzedFeedback>) -> Analysis {
    Analysis {
        records,
        themes: vec![theme("late delivery")],
        ..Analysis::default()
    }
}

/// Eight weeks of 40 records, all fields filled, complaints doubling in the last week.
fn full() -> Analysis {
    let first: Week = "2026-W40".parse().unwrap();
    let mut records = Vec::new();
    for week in 0..8 {
        for index in 0..40 {
            let day = days_after(first.plus(week).monday(), index % 7).to_string();
            let is_bad = index < if week == 7 { 30 } else { 10 };
            let text = format!(
                "The parcel number {} came far too late for us to use it.",
                records.len()
            );
            let mut one = record(
                records.len(),
                Some(&day),
                &text,
                if is_bad { -0.7 } else { 0.7 },
            );
            one.feedback.nps = Some(if is_bad { 3 } else { 10 });
            one.feedback.csat = Some(Rating {
                value: if is_bad { 2.0 } else { 5.0 },
                scale: 5.0,
            });
            one.feedback.rating = Some(Rating {
                value: 3.0 + (index % 3) as f32,
                scale: 5.0,
            });
            records.push(one);
        }
    }
    Analysis {
        files: vec![FileBalance {
            file: "a.csv".into(),
            format: "CSV".into(),
            roles: vec![("text".into(), "text".into())],
            read: 321,
            accepted: 320,
            refused: 1,
            ..FileBalance::default()
        }],
        rejected: vec![RejectedRow {
            at: Place {
                file: "a.csv".into(),
                line: 9,
            },
            reason: "rating \"six\" is not a number".into(),
        }],
        stamp: Stamp {
            version: "0.1.0".into(),
            settings: "abc".into(),
            lexicons: vec![("fr".into(), "def".into())],
        },
        ..analysis(records)
    }
}

fn told(analysis: &Analysis, period: Period, language: ReportLanguage) -> Vec<ReportFile> {
    let numbers = metrics::measure(analysis, period, &metrics::Settings::default());
    render(
        analysis,
        &numbers,
        Extras::default(),
        language,
        &Settings::default(),
    )
}

fn text(files: &[ReportFile], name: &str) -> String {
    let file = files.iter().find(|file| file.name == name).unwrap();
    String::from_utf8(file.bytes.clone()).unwrap()
}

fn week(text: &str) -> Period {
    Period::Week(text.parse().unwrap())
}

/// The first placeholder a sentence was left with.
fn unfilled(page: &str) -> Option<&str> {
    page.split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .find(|name| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        })
}

#[test]
fn small_inputs_give_small_honest_reports() {
    let rated = |mut one: AnalyzedFeedback| {
        one.feedback.rating = Some(Rating {
            value: 4.0,
            scale: 5.0,
        });
        one
    };
    let wordless = |mut one: AnalyzedFeedback| {
        one.mentions = Box::new([]);
        one
    };
    let inputs = [
        Analysis::default(),
        analysis(vec![record(0, None, "Late.", -0.5)]),
        analysis(vec![record(0, Some("2026-11-18"), "Late.", -0.5)]),
        analysis(vec![rated(wordless(record(
            0,
            Some("2026-11-18"),
            "",
            0.0,
        )))]),
        analysis(
            (0..12)
                .map(|key| record(key, Some("2026-11-22"), "Late.", -0.5))
                .collect(),
        ),
        full(),
    ];
    for input in &inputs {
        for period in [
            Period::All,
            week("2026-W47"),
            week("2027-W20"),
            week("2020-W01"),
        ] {
            for language in [ReportLanguage::French, ReportLanguage::English] {
                let files = told(input, period, language);
                let names: Vec<&str> = files.iter().map(|file| file.name).collect();
                assert_eq!(
                    names,
                    [
                        "report.html",
                        "report.md",
                        "report.json",
                        "report.xlsx",
                        "verbatims.csv",
                        "rejects.csv"
                    ]
                );
                for name in ["report.html", "report.md", "report.json"] {
                    let page = text(&files, name);
                    for wrong in ["NaN", "inf "] {
                        assert!(!page.contains(wrong), "{name} of {period} holds {wrong}");
                    }
                    assert_eq!(unfilled(&page), None, "{name} of {period}");
                }
                serde_json::from_str::<serde_json::Value>(&text(&files, "report.json")).unwrap();
            }
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let input = full();
    assert_eq!(
        told(&input, week("2026-W47"), ReportLanguage::French),
        told(&input, week("2026-W47"), ReportLanguage::French)
    );
}

#[test]
fn the_page_asks_for_nothing_and_runs_one_script_of_its_own() {
    let page = text(
        &told(&full(), week("2026-W47"), ReportLanguage::English),
        "report.html",
    );
    assert_eq!(page.matches("<script").count(), 1);
    for wrong in [
        "<link",
        "<img",
        "src=",
        "url(",
        "@import",
        "http:",
        "https:",
        "javascript:",
    ] {
        assert!(!page.contains(wrong), "{wrong}");
    }
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
}

#[test]
fn hostile_words_are_harmless_everywhere() {
    let mut one = record(0, Some("2026-11-18"), HOSTILE, -0.9);
    one.feedback.channel = Some("@chat<b>".into());
    one.feedback.product = Some("+product".into());
    let input = Analysis {
        themes: vec![theme("<img src=x> | =1+1 \u{202e}abc")],
        files: vec![FileBalance {
            file: "<svg>.csv".into(),
            warnings: vec!["# odd | row".into()],
            ..FileBalance::default()
        }],
        rejected: vec![RejectedRow {
            at: Place {
                file: "=1.csv".into(),
                line: 1,
            },
            reason: "=SUM(A1) <b>".into(),
        }],
        ..analysis(vec![one])
    };
    let files = told(&input, Period::All, ReportLanguage::English);
    let page = text(&files, "report.html");
    for wrong in [
        "<script>alert",
        "<img",
        "<svg>.csv",
        "<b>",
        "\u{202e}",
        "\u{7}",
    ] {
        assert!(!page.contains(wrong), "{wrong:?}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("😀"));
    let markdown = text(&files, "report.md");
    for wrong in [
        "<script", "<img", "<b>", "[x](", "https://", "\u{202e}", "\u{7}",
    ] {
        assert!(!markdown.contains(wrong), "{wrong:?}");
    }
    let row = markdown
        .lines()
        .find(|line| line.starts_with("| 1 |"))
        .unwrap();
    let cells = row.replace("\\|", "").matches('|').count();
    assert_eq!(cells, 7, "a label does not add a column: {row}");
    for name in ["verbatims.csv", "rejects.csv"] {
        let bytes = &files.iter().find(|file| file.name == name).unwrap().bytes;
        let body = bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .expect("the file starts with a byte-order mark");
        for row in csv::Reader::from_reader(body).records() {
            for cell in &row.unwrap() {
                assert!(
                    !cell.starts_with(['=', '+', '@', '\t']) && !cell.contains('\u{202e}'),
                    "{cell}"
                );
                assert!(
                    !cell.starts_with('-') || cell.parse::<f64>().is_ok(),
                    "{cell}"
                );
            }
        }
    }
}

#[test]
fn quotes_lead_back_to_the_line_and_the_clause() {
    let input = full();
    let files = told(&input, week("2026-W47"), ReportLanguage::English);
    let json: serde_json::Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    let quotes = json["frictions"][0]["quotes"].as_array().unwrap();
    assert!(!quotes.is_empty());
    for quote in quotes {
        let source = quote["source"].as_str().unwrap();
        let record = input
            .records
            .iter()
            .find(|one| one.feedback.place().to_string() == source)
            .unwrap();
        let span =
            quote["start"].as_u64().unwrap() as usize..quote["end"].as_u64().unwrap() as usize;
        assert_eq!(quote["evidence"], record.feedback.text[span]);
        assert!(text(&files, "report.html").contains(source));
    }
}

#[test]
fn quotes_come_from_different_people_and_say_different_things() {
    let texts = [
        (
            "The parcel came three weeks too late for her birthday.",
            "anna",
        ),
        (
            "The parcel came three weeks too late for his birthday.",
            "bob",
        ),
        (
            "Delivery slipped twice and nobody told us anything at all.",
            "anna",
        ),
        (
            "Nobody could say where our order had gone for ten days.",
            "carl",
        ),
    ];
    let records = texts
        .iter()
        .enumerate()
        .map(|(key, (text, customer))| {
            let mut one = record(key, Some("2026-11-18"), text, -0.9 + 0.1 * key as f32);
            one.feedback.customer = Some((*customer).into());
            one
        })
        .collect();
    let input = analysis(records);
    let numbers = metrics::measure(&input, Period::All, &metrics::Settings::default());
    let chosen = quotes::choose(
        &input,
        &numbers,
        &quotes::Copies::default(),
        &Settings::default(),
    );
    let lines: Vec<u32> = chosen.frictions[0]
        .iter()
        .map(|quote| quote.record.feedback.line)
        .collect();
    assert_eq!(
        lines,
        [2, 5],
        "the near copy and the same customer are passed over"
    );
}

#[test]
fn a_long_text_is_cut_at_words_around_its_clause() {
    let long = format!(
        "{}the parcel came late{}",
        "we waited and waited, ".repeat(40),
        ", and nobody answered".repeat(40)
    );
    let start = long.find("the parcel").unwrap();
    let mut one = record(0, Some("2026-11-18"), &long, -0.9);
    one.mentions[0].start = start as u32;
    one.mentions[0].end = (start + "the parcel came late".len()) as u32;
    let input = analysis(vec![one]);
    let numbers = metrics::measure(&input, Period::All, &metrics::Settings::default());
    let chosen = quotes::choose(
        &input,
        &numbers,
        &quotes::Copies::default(),
        &Settings::default(),
    );
    let quote = &chosen.frictions[0][0];
    let shown = format!("{}{}{}", quote.before, quote.evidence, quote.after);
    assert_eq!(quote.evidence, "the parcel came late");
    assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    assert!(
        (120..=242).contains(&shown.chars().count()),
        "{}",
        shown.chars().count()
    );
}

#[test]
fn a_mention_outside_its_text_is_never_quoted() {
    let mut one = record(0, Some("2026-11-18"), "Été raté", -0.9);
    one.mentions[0].start = 1;
    let input = analysis(vec![one]);
    let numbers = metrics::measure(&input, Period::All, &metrics::Settings::default());
    assert!(
        quotes::choose(
            &input,
            &numbers,
            &quotes::Copies::default(),
            &Settings::default()
        )
        .frictions[0]
            .is_empty()
    );
}

#[test]
fn numbers_in_the_page_are_those_of_the_data() {
    let input = full();
    let files = told(&input, week("2026-W47"), ReportLanguage::English);
    let (page, markdown) = (text(&files, "report.html"), text(&files, "report.md"));
    let json: serde_json::Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    assert_eq!(json["format"], 2);
    assert_eq!(json["nps"]["value"], -50.0);
    assert_eq!(json["csat"]["value"], 0.25);
    assert_eq!(json["records"]["n"], 40);
    assert_eq!(json["themes"][0]["negative_share"]["value"], 0.75);
    assert_eq!(
        json["themes"][0]["negative_share"]["previous"]["verdict"],
        "up"
    );
    assert_eq!(json["weeks"].as_array().unwrap().len(), 8);
    for shown in ["−50.0", "25.0%", "75.0%", "+50.0 pts"] {
        assert!(page.contains(shown), "{shown}");
        assert!(markdown.contains(shown), "{shown}");
    }
    for line in json["at_a_glance"].as_array().unwrap() {
        assert!(page.contains(line.as_str().unwrap()));
    }
    assert_eq!(json["at_a_glance"].as_array().unwrap().len(), 4);
}

#[test]
fn withheld_numbers_are_nowhere() {
    let mut records: Vec<_> = (0..9)
        .map(|key| record(key, Some("2026-11-18"), "Late.", -0.5))
        .collect();
    for one in &mut records {
        one.feedback.nps = Some(10);
    }
    let files = told(&analysis(records), Period::All, ReportLanguage::English);
    let json: serde_json::Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    assert!(
        json["nps"]["value"].is_null()
            && json["nps"]["promoters"].is_null()
            && json["nps"]["wald_low"].is_null()
    );
    assert!(json["net_sentiment"]["value"].is_null());
    let page = text(&files, "report.html");
    assert!(!page.contains("promoters") && page.contains("withheld: fewer than 10"));
}

#[test]
fn missing_columns_are_said_in_words() {
    let input = analysis(vec![record(0, Some("2026-11-18"), "Late.", -0.5)]);
    let english = text(
        &told(&input, Period::All, ReportLanguage::English),
        "report.md",
    );
    let french = text(
        &told(&input, Period::All, ReportLanguage::French),
        "report.md",
    );
    assert!(english.contains("Not in these files: NPS, CSAT, customer effort"));
    assert!(french.contains("Pas dans ces fichiers\u{a0}: NPS, CSAT, effort client"));
    let indicators = english.split("## Friction").next().unwrap();
    assert!(
        !indicators.contains("**NPS**"),
        "what is missing has no card"
    );
}

#[test]
fn what_the_service_did_is_told_in_words_and_in_data() {
    let mut input = full();
    for (index, one) in input.records.iter_mut().enumerate() {
        let day = one.moment().unwrap().local.date();
        one.feedback.moment = Some(Moment::at(day.at(16, 0, 0, 0)));
        one.feedback.customer = Some(format!("c{}", index % 40).as_str().into());
        one.feedback.service = Some(Box::new(Service {
            first_reply_seconds: Some(600 + 60 * (index as u32 % 5)),
            resolution_seconds: (index % 4 > 0).then_some(190_800),
            status: Some(["<b>odd</b>", "Solved", "résolu", "closed"][index % 4].into()),
            ces: Some(Effort {
                mark: Rating {
                    value: 1.0 + (index % 7) as f32,
                    scale: 7.0,
                },
                high_is_easy: true,
            }),
            revenue: Some(50.0 + (index % 40) as f64),
            ..Service::default()
        }));
    }
    let files = told(&input, week("2026-W47"), ReportLanguage::English);
    let json: serde_json::Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    let service = &json["service"];
    assert_eq!(service["contacts"], 40);
    assert_eq!(service["first_response_seconds"]["median"]["value"], 720.0);
    assert_eq!(service["resolution_rate"]["value"], 0.75);
    assert_eq!(service["repeat_contacts"]["source"], "customers");
    assert_eq!(service["repeat_contacts"]["value"], 0.75);
    assert_eq!(service["retention"]["value"], 1.0);
    assert_eq!(service["churn"]["value"], 0.0);
    assert_eq!(service["value"]["total"], 2780.0);
    assert_eq!(service["value"]["exposed"][0]["customers"], 30);
    let (page, markdown) = (text(&files, "report.html"), text(&files, "report.md"));
    for shown in [
        "12\u{a0}min",
        "2\u{a0}d\u{a0}5\u{a0}h",
        "75.0%",
        "every hour counts",
        "Revenue of customers who complain",
        "set metrics.margin",
    ] {
        assert!(page.contains(shown), "{shown}");
        assert!(markdown.contains(shown), "{shown}");
    }
    assert!(page.contains("&lt;b&gt;odd") && !page.contains("<b>odd"));
    assert!(!page.contains("Not in these files"));
    assert!(page.matches("class=\"card\"").count() <= 8);
    let settings = metrics::Settings {
        business_hours: Some(BusinessHours::default()),
        margin: Some(0.2),
        discount_rate: 0.1,
        ..metrics::Settings::default()
    };
    let numbers = metrics::measure(&input, week("2026-W47"), &settings);
    let files = render(
        &input,
        &numbers,
        Extras::default(),
        ReportLanguage::French,
        &Settings::default(),
    );
    let page = text(&files, "report.html");
    assert!(page.contains("que les heures ouvrées, de 09:00 à 18:00"));
    assert!(page.contains("Valeur vie client") && !page.contains("réglez metrics.margin"));
    assert_eq!(unfilled(&page), None);
}

#[test]
fn verbatims_are_the_period_by_date_then_key() {
    let records = vec![
        record(0, Some("2026-11-20"), "b", 0.0),
        record(1, Some("2026-11-18"), "a", 0.0),
        record(2, None, "c", 0.0),
        record(3, Some("2026-11-18"), "d", -0.82),
        record(4, Some("2026-11-30"), "e", 0.0),
    ];
    let input = analysis(records);
    let ids = |period| -> Vec<String> {
        let files = told(&input, period, ReportLanguage::English);
        let text = text(&files, "verbatims.csv");
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        reader
            .records()
            .map(|row| row.unwrap()[0].to_owned())
            .collect()
    };
    assert_eq!(
        ids(Period::All),
        ["000001", "000003", "000000", "000004", "000002"]
    );
    assert_eq!(ids(week("2026-W47")), ["000001", "000003", "000000"]);
    let all = text(
        &told(&input, week("2026-W47"), ReportLanguage::English),
        "verbatims.csv",
    );
    assert!(
        all.contains(
            "000003,2026-11-18,,,en,very_negative,-0.820,late delivery,late delivery,d,a.csv:5"
        ),
        "{all}"
    );
}

#[test]
fn settings_out_of_range_are_refused() {
    assert_eq!(Settings::default().check(), Ok(()));
    let settings = Settings {
        themes_shown: 0,
        ..Settings::default()
    };
    assert_eq!(
        settings.check().unwrap_err(),
        "themes_shown is out of range; write 1 to 100"
    );
}

/// Records with a cue over their last word.
fn with_cues(cues: &[(CueKind, f32)]) -> Analysis {
    let text = "They wrote that they go elsewhere";
    let records = cues.iter().enumerate().map(|(key, (kind, score))| {
        let mut one = record(key, Some("2026-11-18"), text, *score);
        one.feedback.customer = Some("Jeanne Invented".into());
        one.cues = Box::new([Cue {
            kind: *kind,
            start: 24,
            end: text.len() as u32,
        }]);
        one
    });
    analysis(records.collect())
}

#[test]
fn cases_stand_most_urgent_then_most_negative_first() {
    let analysis = with_cues(&[
        (CueKind::Churn, -0.9),
        (CueKind::Churn, 0.7),
        (CueKind::Legal, -0.2),
        (CueKind::Safety, -0.1),
        (CueKind::Legal, -0.8),
        (CueKind::Legal, -0.8),
        (CueKind::Effort, -0.8),
    ]);
    let files = told(&analysis, week("2026-W47"), ReportLanguage::English);
    let report: serde_json::Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    let cases = report["cases"].as_array().unwrap();
    let found: Vec<&str> = cases
        .iter()
        .map(|case| case["source"].as_str().unwrap())
        .collect();
    // Who is pleased does not leave, and other cues are no case.
    assert_eq!(
        found,
        ["a.csv:5", "a.csv:6", "a.csv:7", "a.csv:4", "a.csv:2"]
    );
    assert_eq!(
        (&cases[0]["start"], &cases[0]["end"]),
        (&24.into(), &33.into())
    );
    let page = text(&files, "report.html");
    let section = page.split("<section id=\"cases\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    assert_eq!(section.matches("<mark>elsewhere</mark>").count(), 5);
    assert!(!section.contains("Jeanne"));
}

#[test]
fn cases_beyond_those_shown_are_counted_and_leave_no_empty_list() {
    let analysis = with_cues(&[
        (CueKind::Safety, -0.9),
        (CueKind::Safety, -0.8),
        (CueKind::Legal, -0.7),
    ]);
    let numbers = metrics::measure(&analysis, week("2026-W47"), &metrics::Settings::default());
    let settings = Settings {
        cases_shown: 1,
        ..Settings::default()
    };
    let files = render(
        &analysis,
        &numbers,
        Extras::default(),
        ReportLanguage::English,
        &settings,
    );
    let page = text(&files, "report.html");
    let section = page.split("<section id=\"cases\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    assert_eq!(section.matches("<mark>").count(), 1);
    assert_eq!(section.matches("1 more is in report.json.").count(), 2);
    assert_eq!(section.matches("class=\"standing\"").count(), 1);
    let report: serde_json::Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    assert_eq!(report["cases"].as_array().unwrap().len(), 3);
}

#[test]
fn without_cases_one_sentence_says_so() {
    let files = told(
        &with_cues(&[(CueKind::Churn, 0.7)]),
        week("2026-W47"),
        ReportLanguage::French,
    );
    let page = text(&files, "report.html");
    let section = page.split("<section id=\"cases\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    assert_eq!(section.matches("<p").count(), 1, "{section}");
}
