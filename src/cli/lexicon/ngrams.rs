//! `vocable lexicon ngrams`: the table of letter runs that tell languages apart, learnt from feedback.

use crate::cli::{
    Outcome,
    args::LexiconLearn,
    config::set_threads,
    exit_code::ExitCode,
    lexicon::{read_masked, write_table},
};
use std::{io::Write, path::PathBuf};
use vocable::{
    analysis::{Annotator, Settings},
    error::{Error, Result},
    language::{
        Lexicons,
        detect::Basis,
        ngrams::{WordCounts, learn},
    },
    text::{Kind, Token, lower, scan},
};

/// A text teaches only when its words leave no doubt.
const SURE: f32 = 0.9;

/// What the table is called.
const NAME: &str = "ngrams.tsv";

/// Texts a batch.
const BATCH: usize = 10_000;

/// Texts that each language needs: fewer teach letters of one file's customers.
const LEAST_TEXTS: u32 = 200;

/// Runs the command.
pub fn ngrams(ngrams: &LexiconLearn) -> Outcome {
    set_threads(ngrams.threads);
    // Without the table that is to be learnt: what it said before must not teach it.
    let lexicons = Lexicons::without_ngrams()?;
    let mut counts = WordCounts::new();
    let mut texts = [0u32; 2];
    for file in &ngrams.files {
        count(file, &lexicons, &mut counts, &mut texts)?;
    }
    let mut out = std::io::stdout().lock();
    for (texts, lexicon) in texts.iter().zip(&lexicons.languages) {
        writeln!(out, "{:<9}{texts} clear texts", lexicon.language.name)?;
    }
    if texts.iter().any(|texts| *texts < LEAST_TEXTS) {
        return Err(Error::Settings {
            place: ngrams.files[0].display().to_string(),
            reason: format!(
                "each embedded language needs {LEAST_TEXTS} clear texts; add files of the other language"
            ),
        }
        .into());
    }
    let table = learn(&counts, &lexicons.voters);
    write_table(&ngrams.into, NAME, &table)?;
    writeln!(out, "words    {}", counts.len())?;
    let path = ngrams.into.join(NAME);
    writeln!(out, "written  {} ({} bytes)", path.display(), table.len())?;
    Ok(ExitCode::Done)
}

/// Counts the words of a file's clear texts, personal data masked.
fn count(
    file: &PathBuf,
    lexicons: &Lexicons,
    counts: &mut WordCounts,
    texts: &mut [u32; 2],
) -> Result<()> {
    let masked = read_masked(std::slice::from_ref(file))?;
    let mut annotator = Annotator::default();
    let mut tokens: Vec<Token> = Vec::new();
    for batch in masked.chunks(BATCH) {
        let slices: Vec<&str> = batch.iter().map(|feedback| &*feedback.text).collect();
        let annotations = annotator.annotate(&slices, lexicons, &Settings::default());
        for (text, annotation) in slices.iter().zip(annotations) {
            let Some(language) = annotation.language.embedded() else {
                continue;
            };
            if annotation.basis != Basis::Words || annotation.confidence < SURE {
                continue;
            }
            texts[language] += 1;
            scan(text, &lexicons.scanner, &mut tokens);
            for token in &tokens {
                let written = token.of(text);
                if matches!(token.kind, Kind::Word | Kind::Elided)
                    && written
                        .chars()
                        .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’'))
                {
                    counts.entry(lower(written)).or_default()[language] += 1;
                }
            }
        }
    }
    Ok(())
}
