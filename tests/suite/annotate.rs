//! `annotate`: a contract that pipes rely on. It is declared here a second time, with unknown fields refused.

use crate::support::Bench;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: serde_json::Value,
    language: Language,
    sentiment: Sentiment,
    cues: Vec<Cue>,
    themes: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cue {
    kind: String,
    start: usize,
    end: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    code: String,
    confidence: f64,
    /// Only where a text is in two languages.
    #[serde(default)]
    segments: Vec<Segment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Segment {
    start: usize,
    end: usize,
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentiment {
    score: f64,
    label: String,
    polarity: String,
    mentions: Vec<Mention>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mention {
    start: usize,
    end: usize,
    score: f64,
    evidence: Vec<Evidence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    start: usize,
    end: usize,
    weight: f64,
    role: String,
}

fn annotate(texts: &[&str], arguments: &[&str]) -> Vec<Line> {
    let input: String = texts
        .iter()
        .enumerate()
        .map(|(id, text)| format!("{}\n", serde_json::json!({ "id": id, "text": text })))
        .collect();
    let mut all = vec!["annotate"];
    all.extend(arguments);
    let ran = Bench::new().vocable_with(&all, &input, &[]).ends(0);
    ran.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn spans_slice_the_text_and_name_the_words_that_spoke() {
    let text = "Livraison rapide 👍🏽 mais le SAV n’est pas terrible.";
    let lines = annotate(&[text], &[]);
    assert_eq!(lines[0].language.code, "fr");
    assert!(lines[0].language.confidence > 0.5);
    let mentions = &lines[0].sentiment.mentions;
    assert_eq!(mentions.len(), 2);
    assert!(mentions[0].score > 0.0 && mentions[1].score < 0.0);
    assert_eq!(
        &text[mentions[1].start..mentions[1].end],
        "mais le SAV n’est pas terrible."
    );
    let words: Vec<&str> = mentions
        .iter()
        .flat_map(|mention| &mention.evidence)
        .map(|evidence| &text[evidence.start..evidence.end])
        .collect();
    assert!(
        words.contains(&"Livraison rapide") && words.contains(&"👍🏽") && words.contains(&"mais"),
        "{words:?}"
    );
    let polar = |evidence: &Evidence| evidence.role == "polarity" && evidence.weight != 0.0;
    assert!(
        mentions
            .iter()
            .all(|mention| mention.evidence.iter().any(polar))
    );
}

#[test]
fn verdicts_of_the_contract_come_out_as_promised() {
    let texts = [
        ("pas mal", "pos"),
        ("n'est pas terrible", "neg"),
        ("rien à redire", "pos"),
        ("sans problème", "pos"),
        ("plus jamais", "neg"),
        ("this is a bad idea", "neg"),
    ];
    let lines = annotate(&texts.map(|(text, _)| text), &[]);
    for ((text, polarity), line) in texts.iter().zip(&lines) {
        assert_eq!(
            line.sentiment.polarity, *polarity,
            "{text}: {}",
            line.sentiment.score
        );
        assert!(!line.sentiment.label.is_empty());
    }
    let idea = annotate(&["this isn't a bad idea", "this is a bad idea"], &[]);
    assert!(idea[0].sentiment.score > idea[1].sentiment.score);
}

#[test]
fn a_theme_of_the_catalogue_is_told_with_its_words() {
    for (text, words) in [
        (
            "Merci. Mon colis est arrivé en retard !",
            "colis est arrivé en retard",
        ),
        ("Thanks. Three late parcels !", "late parcels"),
    ] {
        let lines = annotate(&[text], &[]);
        let theme = &lines[0].themes[0];
        assert_eq!(theme["id"], "late-delivery");
        let byte = |of: &serde_json::Value, key: &str| of[key].as_u64().unwrap() as usize;
        let evidence = &theme["evidence"];
        assert_eq!(&text[byte(evidence, "start")..byte(evidence, "end")], words);
        assert!(byte(theme, "start") > 0 && theme["strength"].as_f64().unwrap() > 0.5);
    }
}

/// The cues of a text as "kind: words".
fn cues_of(text: &str) -> Vec<String> {
    let lines = annotate(&[text], &[]);
    let cue = |cue: &Cue| format!("{}: {}", cue.kind, &text[cue.start..cue.end]);
    lines[0].cues.iter().map(cue).collect()
}

#[test]
fn cues_come_with_the_words_that_show_them() {
    let cues = cues_of("Je vous ai relancé trois fois, à présent je saisis le médiateur !");
    let starts = |start: &str| cues.iter().any(|cue| cue.starts_with(start));
    assert!(starts("effort: ") && starts("repeat: "), "{cues:?}");
    assert!(cues.iter().any(|cue| cue == "legal: médiateur"), "{cues:?}");
    let cues =
        cues_of("I had to call again, this is my third email and I am cancelling my contract.");
    for kind in ["effort: ", "repeat: ", "churn: "] {
        assert!(cues.iter().any(|cue| cue.starts_with(kind)), "{cues:?}");
    }
}

#[test]
fn what_is_denied_is_no_cue() {
    for text in [
        "Je ne résilie pas.",
        "je résilie pas",
        "sans aucun problème",
        "I never had a problem with them",
        "There is no danger at all",
    ] {
        let kinds: Vec<String> = cues_of(text)
            .into_iter()
            .filter(|cue| !cue.starts_with("praise"))
            .collect();
        assert!(kinds.is_empty(), "{text}: {kinds:?}");
    }
}

#[test]
fn order_is_kept_over_many_lines_and_threads() {
    let texts: Vec<String> = (0..9000)
        .map(|n| format!("colis numéro {n} arrivé en retard"))
        .collect();
    let slices: Vec<&str> = texts.iter().map(String::as_str).collect();
    let lines = annotate(&slices, &["--threads", "8"]);
    assert_eq!(lines.len(), 9000);
    assert!(lines.iter().enumerate().all(|(n, line)| line.id == n));
}

#[test]
fn segments_slice_a_text_in_two_languages() {
    let text = "Très bon produit, je l'adore. I love it and I will buy it again.";
    let language = &annotate(&[text], &[])[0].language;
    let slices: Vec<(&str, &str)> = language
        .segments
        .iter()
        .map(|segment| (segment.code.as_str(), &text[segment.start..segment.end]))
        .collect();
    assert_eq!(
        slices,
        [
            ("fr", "Très bon produit, je l'adore."),
            ("en", "I love it and I will buy it again."),
        ]
    );
}

#[test]
fn odd_texts_are_answered_too() {
    let long = "mot ".repeat(250_000);
    let longer = "the ".repeat(2_000_000);
    let texts = [
        "",
        " ",
        "👍",
        "1234567890",
        "\u{0}\u{1b}[31m",
        &long,
        &longer,
    ];
    let lines = annotate(&texts, &[]);
    assert_eq!(lines.len(), texts.len());
    assert_eq!(lines[0].sentiment.score, 0.0);
    assert_eq!(lines[0].language.code, "und");
    assert_eq!(lines[2].sentiment.polarity, "pos");
    assert_eq!(lines[6].language.code, "en");
}

#[test]
fn a_line_that_is_no_record_is_answered_in_its_place() {
    let input = "{\"text\":\"super\"}\n\nnot json\n{\"text\":\"nul\"}\n";
    let ran = Bench::new()
        .vocable_with(&["annotate"], input, &[])
        .ends(3)
        .complains(&["1 of 4 lines"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[1].contains("\"error\":\"line 3: "), "{}", lines[1]);
    assert!(lines[2].contains("\"polarity\":\"neg\""), "{}", lines[2]);
}

#[test]
fn what_windows_writes_before_a_file_is_no_part_of_it() {
    let input = "\u{feff}{\"text\":\"super\"}\n{\"text\":12}\n{\0}\n";
    let ran = Bench::new().vocable_with(&["annotate"], input, &[]).ends(3);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].contains("\"polarity\":\"pos\""), "{}", lines[0]);
    assert!(
        lines[1].contains("line 2: ") && !lines[1].contains("line 1"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].contains("line 3: written in UTF-16"),
        "{}",
        lines[2]
    );
}
