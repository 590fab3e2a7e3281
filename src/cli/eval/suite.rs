//! Everything that a folder of labelled files can tell, as one table: `corpora/scores.tsv`.

use super::{Measures, aspects::aspects, language::language, sentiment};
use crate::cli::{
    Outcome,
    args::{EvalFormat, EvalLanguage, EvalSuite, Labelled},
    config::set_threads,
    exit_code::ExitCode,
    lexicon::read_rated,
    terminal::is_watched,
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use vocable::{
    analysis::fitting::{Rated, Settings, cross_validate, fifths, folds, quality},
    error::{Error, Result},
    language::{Language, Lexicons, embedded_tables},
};

/// One line of the table.
struct Score {
    measure: &'static str,
    file: String,
    value: f64,
}

/// Runs the command.
pub fn suite(suite: &EvalSuite) -> Outcome {
    set_threads(suite.threads);
    let lexicons = Lexicons::embedded()?;
    let mut scores = Vec::new();
    let files = files_of(&suite.folder)?;
    for path in &files {
        if is_watched() {
            eprintln!("{}", name(path));
        }
        score_file(path, &lexicons, &mut scores);
    }
    for language in [Language::French, Language::English] {
        held_out(language, &files, &mut scores)?;
    }
    add_means(&mut scores);
    scores.sort_by(|a, b| (a.measure, &a.file).cmp(&(b.measure, &b.file)));
    let mut table = "measure\tfile\tvalue\n".to_owned();
    for score in &scores {
        table.push_str(&format!(
            "{}\t{}\t{:.4}\n",
            score.measure, score.file, score.value
        ));
    }
    std::io::stdout().lock().write_all(table.as_bytes())?;
    if let Some(path) = &suite.write {
        fs::write(path, &table).map_err(|source| Error::Io {
            path: path.clone(),
            source,
            remedy: "name a file that can be written",
        })?;
    }
    Ok(ExitCode::Done)
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |source| Error::Io {
        path: folder.to_owned(),
        source,
        remedy: "name a folder of labelled files",
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() && path.extension().is_some_and(|kind| kind == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn name(path: &Path) -> String {
    path.file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// What the file's own columns let measure under the program's own tables. A column it has not is not measured.
fn score_file(path: &Path, lexicons: &Lexicons, scores: &mut Vec<Score>) {
    let labelled = Labelled::of(path.to_owned(), EvalFormat::Text);
    let mut keep = |measures: Result<Measures>, wanted: &[(&str, &'static str)]| {
        for (key, value) in measures.unwrap_or_default() {
            let measure = wanted.iter().find(|(name, _)| *name == key);
            if let (Some((_, measure)), Some(value)) = (measure, value.as_f64()) {
                scores.push(Score {
                    measure,
                    file: name(path),
                    value,
                });
            }
        }
    };
    if name(path).starts_with("langid") {
        let mut eval = EvalLanguage {
            labelled,
            files: Vec::new(),
            among: Vec::new(),
        };
        keep(
            language(&eval, lexicons),
            &[
                ("accuracy", "language"),
                ("accuracy fr", "language fr"),
                ("accuracy en", "language en"),
                ("accuracy other", "language other"),
                ("asked whatlang", "language, whatlang asked"),
            ],
        );
        eval.among = vec![Language::French, Language::English];
        keep(
            language(&eval, lexicons),
            &[("accuracy", "language, French or English")],
        );
        return;
    }
    keep(
        sentiment(&labelled, lexicons),
        &[
            ("macro F1 pos/neg", "sentiment pos/neg"),
            ("macro F1 pos/neu/neg", "sentiment pos/neu/neg"),
            ("Spearman with rating", "sentiment Spearman"),
        ],
    );
    if name(path).contains("absa") {
        keep(
            aspects(&labelled, lexicons),
            &[("accuracy", "sentiment aspects")],
        );
    }
}

/// Sentiment under tables fitted without the texts that are scored: file by file, and fifth by fifth.
fn held_out(language: Language, files: &[PathBuf], scores: &mut Vec<Score>) -> Result<()> {
    let mut names = Vec::new();
    let mut rated: Vec<Rated> = Vec::new();
    for path in files {
        if !name(path).starts_with(language.code()) {
            continue;
        }
        let Ok(of_file) = read_rated(std::slice::from_ref(path), Some("label")) else {
            continue;
        };
        let has = |side| of_file.iter().any(|rated| rated.is_positive == Some(side));
        if !has(true) || !has(false) {
            continue;
        }
        let file = names.len() as u16;
        rated.extend(of_file.into_iter().map(|rated| Rated { file, ..rated }));
        names.push(name(path));
    }
    if rated.is_empty() {
        return Ok(());
    }
    let tables = embedded_tables();
    let settings = Settings::default();
    let left_out = folds(&rated, &names);
    if names.len() > 1 {
        let outcome = cross_validate(&rated, &left_out, &[language], &tables, &settings, &|_| {})?;
        for (score, _) in outcome {
            scores.push(Score {
                measure: "sentiment pos/neg, file held out",
                file: score.name.clone(),
                value: score.after,
            });
            if let Some(value) = score.three {
                scores.push(Score {
                    measure: "sentiment pos/neu/neg, file held out",
                    file: score.name,
                    value,
                });
            }
        }
    }
    let fifths = fifths(&rated);
    let outcome = cross_validate(&rated, &fifths, &[language], &tables, &settings, &|_| {})?;
    let mut verdicts = vec![None; rated.len()];
    for (fold, (_, of_fold)) in fifths.iter().zip(outcome) {
        for (text, verdict) in fold.left_out.iter().zip(of_fold) {
            verdicts[*text] = Some(verdict);
        }
    }
    for (file, name) in names.iter().enumerate() {
        let (mut given, mut texts) = (Vec::new(), Vec::new());
        for (rated, verdict) in rated.iter().zip(&verdicts) {
            if usize::from(rated.file) == file {
                given.push(verdict.expect("every text is in one fold"));
                texts.push(rated);
            }
        }
        scores.push(Score {
            measure: "sentiment pos/neg, fifth held out",
            file: name.clone(),
            value: quality(&given, &texts, false),
        });
        if texts.iter().any(|text| text.is_positive.is_none()) {
            scores.push(Score {
                measure: "sentiment pos/neu/neg, fifth held out",
                file: name.clone(),
                value: quality(&given, &texts, true),
            });
        }
    }
    Ok(())
}

/// The mean over files, language by language, for measures that several files of a language have.
fn add_means(scores: &mut Vec<Score>) {
    let mut means = Vec::new();
    for code in ["en", "fr"] {
        let mut measures: Vec<&'static str> = scores.iter().map(|score| score.measure).collect();
        measures.sort_unstable();
        measures.dedup();
        for measure in measures {
            let values: Vec<f64> = scores
                .iter()
                .filter(|score| {
                    score.measure == measure && score.file.starts_with(&format!("{code}_"))
                })
                .map(|score| score.value)
                .collect();
            if values.len() > 1 {
                means.push(Score {
                    measure,
                    file: format!("mean {code}"),
                    value: values.iter().sum::<f64>() / values.len() as f64,
                });
            }
        }
    }
    scores.extend(means);
}
