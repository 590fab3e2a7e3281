//! `vocable eval`: quality on somebody's own labelled file.

mod aspects;
mod cues;
mod language;
mod suite;

use crate::cli::{
    Outcome,
    args::{Eval, EvalFormat, EvalTask, Labelled},
    config::{read_embedding, set_threads},
    exit_code::ExitCode,
    lexicon::open,
};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::PathBuf,
};
use vocable::{
    analysis::{self, Analysis, AnalyzedFeedback, Annotation, Annotator, Context, Stamp, analyze},
    cleaning::fold_duplicates,
    error::{Error, Result},
    feedback::Feedback,
    ingest,
    language::Lexicons,
    observe::Nobody,
    sentiment::Polarity,
    statistics::{agreement, classification, coherence, spearman},
    text::{Kind, lower, scan},
    themes::Count,
};

/// Runs the command.
pub fn eval(eval: &Eval) -> Outcome {
    let lexicons = |labelled: &Labelled| open(labelled.lexicons.as_deref(), None);
    let (labelled, measures) = match &eval.task {
        EvalTask::Language(eval) => (
            &eval.labelled,
            language::language(eval, &lexicons(&eval.labelled)?)?,
        ),
        EvalTask::Sentiment(labelled) => (labelled, sentiment(labelled, &lexicons(labelled)?)?),
        EvalTask::Aspects(labelled) => {
            (labelled, aspects::aspects(labelled, &lexicons(labelled)?)?)
        }
        EvalTask::Cues(labelled) => (labelled, cues::cues(labelled, &lexicons(labelled)?)?),
        EvalTask::Themes {
            labelled,
            count,
            embedding,
        } => {
            let mut lexicons = lexicons(labelled)?;
            if let Some(folder) = embedding {
                lexicons.embed(read_embedding(folder)?);
            }
            (labelled, themes(labelled, count, &lexicons)?)
        }
        EvalTask::Suite(suite) => return suite::suite(suite),
    };
    let mut out = std::io::stdout().lock();
    match labelled.format {
        EvalFormat::Json => {
            let object: Map<String, Value> = measures.into_iter().collect();
            serde_json::to_writer_pretty(&mut out, &object).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        EvalFormat::Text => {
            for (name, value) in measures {
                match value.as_f64().filter(|_| value.is_f64()) {
                    Some(number) => writeln!(out, "{name:24} {number:.4}")?,
                    None => writeln!(out, "{name:24} {value}")?,
                }
            }
        }
    }
    Ok(ExitCode::Done)
}

type Measures = Vec<(String, Value)>;

/// A record with its label.
struct Row {
    feedback: Feedback,
    label: String,
}

/// The records that have a label and meet the conditions, sorted by key.
fn read(file: &PathBuf, labelled: &Labelled, column: &str) -> Result<Vec<Row>> {
    set_threads(labelled.threads);
    let column = labelled.column.as_deref().unwrap_or(column);
    let imported = ingest::read(
        std::slice::from_ref(file),
        &ingest::Settings::default(),
        &Nobody,
    )?;
    let mut files = imported.files;
    let feedback = fold_duplicates(imported.feedback, &mut files);
    let conditions: Vec<Condition> = labelled
        .conditions
        .iter()
        .map(|text| Condition::parse(text))
        .collect::<Result<_>>()?;
    let mut rows = Vec::new();
    let mut has_column = false;
    for feedback in feedback {
        let columns: Map<String, Value> =
            serde_json::from_str(&feedback.columns).unwrap_or_default();
        has_column |= columns.contains_key(column);
        let label = columns.get(column).map(text_of).unwrap_or_default();
        if label.is_empty()
            || labelled.drop.contains(&label)
            || !conditions.iter().all(|condition| condition.holds(&columns))
        {
            continue;
        }
        rows.push(Row { feedback, label });
    }
    if !has_column {
        return Err(Error::Settings {
            place: file.display().to_string(),
            reason: format!(
                "no column is called \"{column}\"; name the column of labels with --column"
            ),
        });
    }
    Ok(rows)
}

/// The share of those for which something holds; 0 of none.
fn share<T>(of: impl Iterator<Item = T>, holds: impl Fn(&T) -> bool) -> f64 {
    let (mut all, mut held) = (0u32, 0u32);
    for one in of {
        all += 1;
        held += u32::from(holds(&one));
    }
    f64::from(held) / f64::from(all.max(1))
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// `column=value` or `column>=number`.
struct Condition {
    column: String,
    wanted: Wanted,
}

enum Wanted {
    Value(String),
    AtLeast(f64),
}

impl Condition {
    fn parse(text: &str) -> Result<Self> {
        let wrong = || Error::Settings {
            place: "--where".to_owned(),
            reason: format!("\"{text}\" is not a condition; write column=value or column>=number"),
        };
        if let Some((column, number)) = text.split_once(">=") {
            return Ok(Self {
                column: column.to_owned(),
                wanted: Wanted::AtLeast(number.parse().map_err(|_| wrong())?),
            });
        }
        let (column, value) = text.split_once('=').ok_or_else(wrong)?;
        Ok(Self {
            column: column.to_owned(),
            wanted: Wanted::Value(value.to_owned()),
        })
    }

    fn holds(&self, columns: &Map<String, Value>) -> bool {
        let Some(value) = columns.get(&self.column).map(text_of) else {
            return false;
        };
        match &self.wanted {
            Wanted::Value(wanted) => value == *wanted,
            Wanted::AtLeast(least) => value.parse::<f64>().is_ok_and(|number| number >= *least),
        }
    }
}

fn annotations(rows: &[Row], lexicons: &Lexicons) -> Vec<Annotation> {
    let texts: Vec<&str> = rows.iter().map(|row| &*row.feedback.text).collect();
    Annotator::default().annotate(&texts, lexicons, &analysis::Settings::default())
}

fn sentiment(labelled: &Labelled, lexicons: &Lexicons) -> Result<Measures> {
    let mut rows = read(&labelled.file, labelled, "label")?;
    rows.retain(|row| matches!(row.label.as_str(), "pos" | "neg" | "neu"));
    let annotations = annotations(&rows, lexicons);
    let given: Vec<&str> = annotations
        .iter()
        .map(|annotation| Polarity::of(annotation.score).name())
        .collect();
    let truth: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
    let polar: Vec<usize> = (0..rows.len()).filter(|at| truth[*at] != "neu").collect();
    let pick = |values: &[&'static str]| polar.iter().map(|at| values[*at]).collect::<Vec<_>>();
    let polar_truth: Vec<&str> = polar.iter().map(|at| truth[*at]).collect();
    let polar_given = pick(&given);
    let two = classification(&polar_given, &polar_truth);
    let silent = polar_given.iter().filter(|given| **given == "neu").count();
    let mut measures = vec![
        ("records".to_owned(), json!(rows.len())),
        ("macro F1 pos/neg".to_owned(), json!(two.macro_f1)),
        ("accuracy pos/neg".to_owned(), json!(two.accuracy)),
        (
            "silent pos/neg".to_owned(),
            json!(silent as f64 / polar.len().max(1) as f64),
        ),
    ];
    if polar.len() < rows.len() {
        let three = classification(&given, &truth);
        measures.push(("macro F1 pos/neu/neg".to_owned(), json!(three.macro_f1)));
    }
    let mut scores: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for (row, annotation) in rows.iter().zip(&annotations) {
        if let Some(rating) = row.feedback.rating {
            scores[0].push(f64::from(annotation.score));
            scores[1].push(f64::from(rating.value));
        }
    }
    if let Some(correlation) = spearman(&scores[0], &scores[1]) {
        measures.push(("Spearman with rating".to_owned(), json!(correlation)));
    }
    Ok(measures)
}

fn themes(labelled: &Labelled, count: &str, lexicons: &Lexicons) -> Result<Measures> {
    let rows = read(&labelled.file, labelled, "topic")?;
    let topics: BTreeSet<&str> = rows.iter().map(|row| row.label.as_str()).collect();
    let mut settings = analysis::Settings::default();
    // The catalogue knows its own themes; what is measured is how well themes are found.
    settings.themes.catalogue = false;
    settings.themes.count = match count {
        "auto" => Count::Auto,
        "topics" => Count::Exactly(topics.len()),
        number => number
            .parse()
            .map(Count::Exactly)
            .map_err(|_| Error::Settings {
                place: "--count".to_owned(),
                reason: format!("\"{number}\" is neither topics, auto nor a number"),
            })?,
    };
    let topic_count = topics.len();
    let truth: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    let feedback = rows
        .into_iter()
        .map(|row| AnalyzedFeedback::unread(row.feedback))
        .collect();
    let analysis: Analysis = analyze(
        feedback,
        Vec::new(),
        Vec::new(),
        &Context::new(lexicons, &settings),
        Stamp::default(),
        &Nobody,
    );
    let found: Vec<Option<u32>> = analysis
        .records
        .iter()
        .map(|record| record.primary_theme())
        .collect();
    let quality = agreement(&found, &truth);
    let coherence = coherence(&words(&analysis, lexicons), &found);
    let without = found.iter().filter(|theme| theme.is_none()).count();
    Ok(vec![
        ("records".to_owned(), json!(found.len())),
        ("topics".to_owned(), json!(topic_count)),
        ("themes".to_owned(), json!(analysis.themes.len())),
        ("NMI".to_owned(), json!(quality.nmi)),
        ("ARI".to_owned(), json!(quality.ari)),
        ("purity".to_owned(), json!(quality.purity)),
        (
            "NPMI coherence".to_owned(),
            json!(coherence.map(|coherence| coherence.npmi)),
        ),
        (
            "diversity".to_owned(),
            json!(coherence.map(|coherence| coherence.diversity)),
        ),
        (
            "without theme".to_owned(),
            json!(without as f64 / found.len().max(1) as f64),
        ),
    ])
}

/// The words of each record that are no stop words, each once, by numbers of their own.
fn words(analysis: &Analysis, lexicons: &Lexicons) -> Vec<Vec<u32>> {
    let is_stop = |word: &str| {
        let mut languages = lexicons.languages.iter();
        languages.any(|lexicon| lexicon.facts(word).is_stop)
    };
    // No number for stop words.
    let mut numbers: BTreeMap<Box<str>, Option<u32>> = BTreeMap::new();
    let mut next = 0;
    let mut tokens = Vec::new();
    let mut all = Vec::with_capacity(analysis.records.len());
    for record in &analysis.records {
        let text = &record.feedback.text;
        scan(text, &lexicons.scanner, &mut tokens);
        let mut words: Vec<u32> = Vec::new();
        for token in tokens.iter().filter(|token| token.kind == Kind::Word) {
            let word = lower(token.of(text));
            let number = numbers.entry(word).or_insert_with_key(|word| {
                let number = (!is_stop(word)).then_some(next);
                next += u32::from(number.is_some());
                number
            });
            words.extend(*number);
        }
        words.sort_unstable();
        words.dedup();
        all.push(words);
    }
    all
}
