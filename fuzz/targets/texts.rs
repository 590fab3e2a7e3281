//! What customers write: markup and quoted mail taken out, then words, language, sentiment, cues and themes found.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use vocable::analysis::{Annotation, Annotator, Settings};
use vocable_fuzz::{file, lexicons, prepare, read};

/// What is found in a text lies inside it, on whole characters, and says something within its range.
fn check(text: &str, found: &Annotation) {
    let place = |start: u32, end: u32| {
        assert!(start <= end, "{start} to {end}");
        assert!(
            text.get(start as usize..end as usize).is_some(),
            "{start} to {end} of {text:?}"
        );
    };
    let is_score = |score: f32| (-1.0..=1.0).contains(&score);
    assert!(is_score(found.score), "{}", found.score);
    assert!(
        (0.0..=1.0).contains(&found.confidence),
        "{}",
        found.confidence
    );
    for segment in &found.segments {
        place(segment.start, segment.end);
    }
    assert!(
        found
            .segments
            .windows(2)
            .all(|pair| pair[0].end <= pair[1].start)
    );
    for mention in &found.mentions {
        place(mention.start, mention.end);
        assert!(is_score(mention.score), "{}", mention.score);
        assert!(
            mention.weight.is_finite() && mention.weight >= 0.0,
            "{}",
            mention.weight
        );
        let evidence = mention.first_evidence as usize..mention.end_evidence as usize;
        assert!(found.evidence.get(evidence).is_some());
    }
    assert!(
        found
            .mentions
            .windows(2)
            .all(|pair| pair[0].end <= pair[1].start)
    );
    for evidence in &found.evidence {
        place(evidence.start, evidence.end);
        assert!(evidence.weight.is_finite());
    }
    for cue in &found.cues {
        place(cue.cue.start, cue.cue.end);
    }
    for theme in &found.themes {
        place(theme.start, theme.end);
        assert!((theme.clause as usize) < found.mentions.len());
        assert!(usize::from(theme.concept) < lexicons().catalogue.concepts().len());
        assert!((0.0..=1.0).contains(&theme.strength));
    }
    let _ = (0..=text.len() as u32)
        .map(|byte| found.language_at(byte))
        .count();
}

fuzz_target!(init: { prepare(); lexicons(); }, |bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let settings = Settings::default();
    let alone = Annotator::default().annotate(&[&*text], lexicons(), &settings);
    check(&text, &alone[0]);
    let beside = ["La livraison est en retard.", &*text, "Great staff, but the app crashes."];
    let among = Annotator::default().annotate(&beside, lexicons(), &settings);
    assert!(alone[0] == among[1], "what is said of a text depends on others: {text:?}");
    let record = json!({ "id": 1, "date": "2026-11-16", "title": &*text, "comment": &*text });
    let imported = read(&file("avis.jsonl", record.to_string().as_bytes()));
    for record in imported.into_iter().flat_map(|imported| imported.feedback) {
        let found = Annotator::default().annotate(&[&*record.text], lexicons(), &settings);
        check(&record.text, &found[0]);
    }
});
