//! `vocable explain`: the verdict on one text, clause by clause and word by word.

use crate::cli::{
    Outcome,
    args::Explain,
    exit_code::ExitCode,
    terminal::{folded, harmless_line, is_watched},
};
use std::io::Write;
use vocable::{
    analysis::{Annotator, Settings},
    language::{Language, Lexicons},
    sentiment::{EvidenceRole, Label},
};

/// Runs the command.
pub fn explain(explain: &Explain) -> Outcome {
    let lexicons = Lexicons::embedded()?;
    let text = explain.text.as_str();
    let annotations = Annotator::default().annotate(&[text], &lexicons, &Settings::default());
    let annotation = &annotations[0];
    let mut out = std::io::stdout().lock();
    match annotation.language {
        Language::Undetermined => writeln!(
            out,
            "language   undetermined: too few words that tell one language"
        )?,
        language => writeln!(
            out,
            "language   {language} (confidence {:.2})",
            annotation.confidence
        )?,
    }
    writeln!(
        out,
        "sentiment  {} ({:+.2})",
        Label::of(annotation.score).name(),
        annotation.score
    )?;
    let slice = |start: u32, end: u32| harmless_line(&text[start as usize..end as usize]);
    for mention in &annotation.mentions {
        let clause = folded(&slice(mention.start, mention.end), "       ");
        writeln!(out, "\n{:+.2}  {}", mention.score, clause.trim_start())?;
        for evidence in
            &annotation.evidence[mention.first_evidence as usize..mention.end_evidence as usize]
        {
            let words = slice(evidence.start, evidence.end);
            let (effect, colour) = match evidence.role {
                EvidenceRole::Polarity if evidence.weight < 0.0 => {
                    (format!("{:+.2}", evidence.weight), "\u{1b}[33m")
                }
                EvidenceRole::Polarity => (format!("{:+.2}", evidence.weight), "\u{1b}[34m"),
                EvidenceRole::Modifier(_) => (format!("×{:.2}", evidence.weight), "\u{1b}[2m"),
            };
            let pad = " ".repeat(24usize.saturating_sub(words.chars().count()));
            if is_watched() {
                writeln!(
                    out,
                    "       {effect:>6}  {colour}{words}\u{1b}[0m{pad}  {}",
                    evidence.role.name()
                )?;
            } else {
                writeln!(
                    out,
                    "       {effect:>6}  {words}{pad}  {}",
                    evidence.role.name()
                )?;
            }
        }
    }
    Ok(ExitCode::Done)
}
