//! Sentiment of what is said about each aspect of a text.

use super::{Measures, annotations, read};
use crate::cli::args::Labelled;
use serde_json::{Value, json};
use vocable::{
    analysis::Annotation,
    error::Result,
    language::Lexicons,
    sentiment::{Label, Polarity},
};

/// Accuracy on the aspects: the clause that names the aspect speaks for it, or the whole text where no clause names it or
/// the one that does is neutral.
pub fn aspects(labelled: &Labelled, lexicons: &Lexicons) -> Result<Measures> {
    let rows = read(&labelled.file, labelled, "aspects")?;
    let annotations = annotations(&rows, lexicons);
    let (mut all, mut right, mut polar, mut polar_right) = (0u32, 0u32, 0u32, 0u32);
    for (row, annotation) in rows.iter().zip(&annotations) {
        let aspects: Vec<Value> = serde_json::from_str(&row.label).unwrap_or_default();
        for aspect in aspects {
            let Some(truth) = aspect.get("polarity").and_then(Value::as_str) else {
                continue;
            };
            let target = aspect.get("target").and_then(Value::as_str);
            let given = polarity_of(&row.feedback.text, target, annotation).name();
            all += 1;
            right += u32::from(given == truth);
            if truth != Polarity::Neutral.name() {
                polar += 1;
                polar_right += u32::from(given == truth);
            }
        }
    }
    let share = |right: u32, all: u32| f64::from(right) / f64::from(all.max(1));
    Ok(vec![
        ("aspects".to_owned(), json!(all)),
        ("accuracy".to_owned(), json!(share(right, all))),
        (
            "accuracy pos/neg".to_owned(),
            json!(share(polar_right, polar)),
        ),
    ])
}

fn polarity_of(text: &str, target: Option<&str>, annotation: &Annotation) -> Polarity {
    let named = target
        .filter(|target| !target.is_empty())
        .and_then(|target| text.find(target))
        .and_then(|at| {
            annotation
                .mentions
                .iter()
                .find(|mention| (mention.start as usize..mention.end as usize).contains(&at))
        })
        .map(|mention| mention.score)
        .filter(|score| Label::of(*score) != Label::Neutral);
    Polarity::of(named.unwrap_or(annotation.score))
}
