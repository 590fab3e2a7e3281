//! What a fit gains on texts it did not see.

use crate::{
    analysis::{
        Annotator,
        fitting::{Rated, Settings, fit},
    },
    error::Result,
    language::{Language, Lexicons, Tables},
    sentiment::Polarity,
    statistics::classification,
};
use rayon::prelude::*;

/// Texts that are scored with tables fitted on all others.
#[derive(Clone, Debug)]
pub struct Fold {
    /// For people: the file left out, or a number.
    pub name: String,
    /// Positions of the texts left out.
    pub left_out: Vec<usize>,
}

/// How a fold came out: macro-F1, 0 to 1.
#[derive(Clone, Debug)]
pub struct FoldScore {
    /// The fold.
    pub name: String,
    /// Texts left out that are good or bad.
    pub texts: usize,
    /// Good against bad under the tables as given; a text without verdict is wrong.
    pub before: f64,
    /// Good against bad under the tables fitted without these texts.
    pub after: f64,
    /// Good, neutral and bad under the fitted tables; `None` without neutral texts.
    pub three: Option<f64>,
}

/// One fold a file; or, for a single file, five folds that each hold every fifth text.
pub fn folds(rated: &[Rated], files: &[String]) -> Vec<Fold> {
    if files.len() > 1 {
        return (0..files.len())
            .map(|file| Fold {
                name: files[file].clone(),
                left_out: (0..rated.len())
                    .filter(|text| usize::from(rated[*text].file) == file)
                    .collect(),
            })
            .collect();
    }
    fifths(rated)
}

/// Five folds that each hold every fifth text.
pub fn fifths(rated: &[Rated]) -> Vec<Fold> {
    (0..5)
        .map(|fifth| Fold {
            name: format!("fold {} of 5", fifth + 1),
            left_out: (fifth..rated.len()).step_by(5).collect(),
        })
        .collect()
}

/// Scores each fold with the tables of both languages fitted on the texts outside it; answers in the order of the folds.
pub fn cross_validate(
    rated: &[Rated],
    folds: &[Fold],
    languages: &[Language],
    tables: &[Tables; 2],
    settings: &Settings,
    told: &(dyn Fn(&str) + Sync),
) -> Result<Vec<(FoldScore, Vec<Polarity>)>> {
    let before = Lexicons::read(tables)?;
    folds
        .par_iter()
        .map(|fold| {
            let mut is_left_out = vec![false; rated.len()];
            fold.left_out
                .iter()
                .for_each(|text| is_left_out[*text] = true);
            let rest: Vec<&Rated> = rated
                .iter()
                .zip(&is_left_out)
                .filter(|(_, is_left_out)| !**is_left_out)
                .map(|(rated, _)| rated)
                .collect();
            let mut fitted = tables.clone();
            for language in languages {
                let position = language
                    .embedded()
                    .expect("only languages with tables are fitted");
                let outcome = fit(*language, tables, &rest, settings)?;
                fitted[position] = outcome.tables(&tables[position]);
            }
            let texts: Vec<&Rated> = fold.left_out.iter().map(|text| &rated[*text]).collect();
            let judge = |lexicons: &Lexicons| -> Vec<Polarity> {
                let texts: Vec<&str> = texts.iter().map(|rated| &*rated.text).collect();
                Annotator::default()
                    .annotate(&texts, lexicons, &crate::analysis::Settings::default())
                    .iter()
                    .map(|annotation| Polarity::of(annotation.score))
                    .collect()
            };
            let verdicts = judge(&Lexicons::read(&fitted)?);
            let score = FoldScore {
                name: fold.name.clone(),
                texts: texts
                    .iter()
                    .filter(|text| text.is_positive.is_some())
                    .count(),
                before: quality(&judge(&before), &texts, false),
                after: quality(&verdicts, &texts, false),
                three: texts
                    .iter()
                    .any(|text| text.is_positive.is_none())
                    .then(|| quality(&verdicts, &texts, true)),
            };
            told(&fold.name);
            Ok((score, verdicts))
        })
        .collect()
}

/// Macro-F1 of verdicts, on all three classes or on good against bad alone.
pub fn quality(verdicts: &[Polarity], texts: &[&Rated], is_three: bool) -> f64 {
    let pairs: Vec<(&str, &str)> = verdicts
        .iter()
        .zip(texts)
        .filter(|(_, text)| is_three || text.is_positive.is_some())
        .map(|(verdict, text)| {
            let truth = match text.is_positive {
                Some(true) => "pos",
                Some(false) => "neg",
                None => "neu",
            };
            (verdict.name(), truth)
        })
        .collect();
    let given: Vec<&str> = pairs.iter().map(|pair| pair.0).collect();
    let truth: Vec<&str> = pairs.iter().map(|pair| pair.1).collect();
    classification(&given, &truth).macro_f1
}
