//! Language against a column of codes: on the whole, language by language, and by how long texts are.

use super::{Measures, read, share};
use crate::cli::args::EvalLanguage;
use serde_json::json;
use std::collections::BTreeSet;
use vocable::{
    analysis::{self, Annotation, Annotator},
    error::Result,
    language::{Language, Lexicons, detect::Basis},
    statistics::classification,
};

/// Bytes from which a text belongs to the next band.
const BANDS: [usize; 5] = [0, 10, 20, 40, 80];

/// French, English, undetermined, or any other language.
fn class(code: &str) -> &str {
    match code {
        "fr" | "en" | "und" => code,
        _ => "other",
    }
}

/// One text: its language, and what was answered.
struct Answer<'a> {
    truth: &'a str,
    given: &'a Annotation,
    bytes: usize,
}

impl Answer<'_> {
    fn is_right(&self) -> bool {
        class(self.truth) == class(self.given.language.code())
    }
}

/// Accuracy, where every language but French and English is one class; rows in languages not allowed are left out.
pub fn language(eval: &EvalLanguage, lexicons: &Lexicons) -> Result<Measures> {
    let mut rows = Vec::new();
    for file in std::iter::once(&eval.labelled.file).chain(&eval.files) {
        rows.extend(read(file, &eval.labelled, "lang")?);
    }
    rows.retain(|row| {
        eval.among.is_empty()
            || row
                .label
                .parse::<Language>()
                .is_ok_and(|language| eval.among.contains(&language))
    });
    let mut settings = analysis::Settings::default();
    settings.language.among.clone_from(&eval.among);
    let texts: Vec<&str> = rows.iter().map(|row| &*row.feedback.text).collect();
    let annotations = Annotator::default().annotate(&texts, lexicons, &settings);
    let answers: Vec<Answer<'_>> = rows
        .iter()
        .zip(&annotations)
        .map(|(row, given)| Answer {
            truth: &row.label,
            given,
            bytes: row.feedback.text.len(),
        })
        .collect();
    let truth: Vec<&str> = answers.iter().map(|answer| class(answer.truth)).collect();
    let given: Vec<&str> = answers
        .iter()
        .map(|answer| class(answer.given.language.code()))
        .collect();
    let mut measures = vec![
        ("records".to_owned(), json!(answers.len())),
        (
            "accuracy".to_owned(),
            json!(classification(&given, &truth).accuracy),
        ),
    ];
    for class in truth.iter().collect::<BTreeSet<_>>() {
        let of_class = || {
            answers
                .iter()
                .filter(|answer| self::class(answer.truth) == *class)
        };
        measures.push((
            format!("accuracy {class}"),
            json!(share(of_class(), |answer| answer.is_right())),
        ));
        measures.push((
            format!("undetermined {class}"),
            json!(share(of_class(), |answer| answer.given.language
                == Language::Undetermined)),
        ));
    }
    // A language that is not ours is right when it is told from ours, and better when it is named.
    for code in answers
        .iter()
        .map(|answer| answer.truth)
        .filter(|truth| class(truth) == "other")
        .collect::<BTreeSet<_>>()
    {
        let of_code = || answers.iter().filter(|answer| answer.truth == code);
        measures.push((
            format!("accuracy {code}"),
            json!(share(of_code(), |answer| answer.is_right())),
        ));
        measures.push((
            format!("named {code}"),
            json!(share(of_code(), |answer| answer.given.language.code()
                == answer.truth)),
        ));
    }
    for (band, from) in BANDS.into_iter().enumerate() {
        let to = BANDS.get(band + 1).copied();
        let of_band = || {
            answers
                .iter()
                .filter(|answer| answer.bytes >= from && to.is_none_or(|to| answer.bytes < to))
        };
        if of_band().next().is_none() {
            continue;
        }
        let name = match to {
            Some(to) => format!("accuracy {from}-{} bytes", to - 1),
            None => format!("accuracy {from}+ bytes"),
        };
        measures.push((name, json!(share(of_band(), |answer| answer.is_right()))));
    }
    measures.push((
        "asked whatlang".to_owned(),
        json!(share(answers.iter(), |answer| answer.given.basis
            == Basis::Trigrams)),
    ));
    Ok(measures)
}
