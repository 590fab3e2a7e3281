//! `vocable lexicon vectors`: where words lie, learnt from feedback in both languages.

use crate::cli::{
    Outcome,
    args::LexiconLearn,
    config::set_threads,
    exit_code::ExitCode,
    lexicon::{read_masked, write_table},
};
use std::io::Write;
use vocable::{
    analysis::{AnalyzedFeedback, learn_vectors},
    error::Error,
    language::Lexicons,
    observe::Nobody,
};

/// What the table of a language is called.
const NAME: &str = "vectors.tsv";

/// Clauses that each language needs: fewer say little about a word.
const LEAST_CLAUSES: usize = 1000;

/// Runs the command.
pub fn vectors(learnt: &LexiconLearn) -> Outcome {
    set_threads(learnt.threads);
    let lexicons = Lexicons::embedded()?;
    let feedback = read_masked(&learnt.files)?;
    let records: Vec<AnalyzedFeedback> = (feedback.into_iter())
        .map(AnalyzedFeedback::unread)
        .collect();
    let (tables, clauses) = learn_vectors(&records, &lexicons, &Nobody);
    let mut out = std::io::stdout().lock();
    for (clauses, lexicon) in clauses.iter().zip(&lexicons.languages) {
        writeln!(out, "{:<9}{clauses} clauses", lexicon.language.name)?;
    }
    if clauses.iter().any(|clauses| *clauses < LEAST_CLAUSES) {
        return Err(Error::Settings {
            place: learnt.files[0].display().to_string(),
            reason: format!(
                "each embedded language needs {LEAST_CLAUSES} clauses; add files of the other language"
            ),
        }
        .into());
    }
    for (table, code) in tables.iter().zip(["fr", "en"]) {
        let folder = learnt.into.join(code);
        write_table(&folder, NAME, table)?;
        let words = table.lines().count() - 1;
        let path = folder.join(NAME);
        writeln!(
            out,
            "written  {} ({words} words, {} bytes)",
            path.display(),
            table.len()
        )?;
    }
    Ok(ExitCode::Done)
}
