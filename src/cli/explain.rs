//! `vocable explain`: the verdict on one text, clause by clause and word by word, and its cues with their patterns.

use crate::cli::{
    Outcome,
    args::{ColorArgument, Explain},
    exit_code::ExitCode,
    lexicon::open,
    terminal::{folded, harmless_line, is_watched},
};
use std::io::Write;
use vocable::{
    analysis::{Annotator, Settings},
    language::{Language, Lexicons},
    sentiment::{Evidence, EvidenceRole, Label},
};

/// Runs the command.
pub fn explain(explain: &Explain) -> Outcome {
    let lexicons = open(explain.lexicons.as_deref(), None)?;
    let text = explain.text.as_str();
    let annotations = Annotator::default().annotate(&[text], &lexicons, &Settings::default());
    let annotation = &annotations[0];
    let is_coloured = match explain.color {
        ColorArgument::Auto => is_watched(),
        ColorArgument::Always => true,
        ColorArgument::Never => false,
    };
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
    for segment in &annotation.segments {
        let part = harmless_line(&text[segment.start as usize..segment.end as usize]);
        writeln!(
            out,
            "           {}: {}",
            segment.language,
            folded(&part, "               ").trim_start()
        )?;
    }
    writeln!(
        out,
        "sentiment  {} ({:+.2})",
        Label::of(annotation.score).name(),
        annotation.score
    )?;
    for found in &annotation.cues {
        let cue = found.cue;
        let words = harmless_line(&text[cue.start as usize..cue.end as usize]);
        let name = cue.kind.name();
        // The header is line 1, and rows count from 0.
        let row = format!("cues.tsv:{}", found.row + 2);
        let words = folded(&words, "                                        ");
        writeln!(
            out,
            "cue        {name:<10}  {row:<13}  {}",
            words.trim_start()
        )?;
    }
    for mention in &annotation.themes {
        let words = harmless_line(&text[mention.start as usize..mention.end as usize]);
        let id = &lexicons.catalogue.concepts()[usize::from(mention.concept)].id;
        let row = format!("concepts.tsv:{}", mention.row + 2);
        let words = folded(
            &words,
            "                                                       ",
        );
        writeln!(out, "theme      {id:<24}  {row:<17} {}", words.trim_start())?;
    }
    let slice = |start: u32, end: u32| harmless_line(&text[start as usize..end as usize]);
    for mention in &annotation.mentions {
        let clause = folded(&slice(mention.start, mention.end), "       ");
        writeln!(out, "\n{:+.2}  {}", mention.score, clause.trim_start())?;
        for evidence in
            &annotation.evidence[mention.first_evidence as usize..mention.end_evidence as usize]
        {
            let words = slice(evidence.start, evidence.end);
            let (effect, colour) = match evidence.role {
                EvidenceRole::Modifier(_) => (format!("×{:.2}", evidence.weight), "\u{1b}[2m"),
                _ if evidence.weight < 0.0 => (format!("{:+.2}", evidence.weight), "\u{1b}[33m"),
                _ => (format!("{:+.2}", evidence.weight), "\u{1b}[34m"),
            };
            let pad = " ".repeat(24usize.saturating_sub(words.chars().count()));
            let (on, off) = if is_coloured {
                (colour, "\u{1b}[0m")
            } else {
                ("", "")
            };
            let role = evidence.role.name();
            let line = match row_of(evidence, annotation.language_at(evidence.start), &lexicons) {
                Some(row) => format!("{role:<10} {row}"),
                None => role.to_owned(),
            };
            writeln!(out, "       {effect:>6}  {on}{words}{off}{pad}  {line}")?;
        }
    }
    Ok(ExitCode::Done)
}

/// Where the entry stands, and what it weighs there: `polarity.tsv:812 (+0.60)`.
fn row_of(evidence: &Evidence, language: Language, lexicons: &Lexicons) -> Option<String> {
    let lexicon = &lexicons.languages[language.embedded()?];
    let row = lexicon.family(&evidence.entry.row).first()?;
    // The header is line 1, and rows count from 0.
    Some(format!(
        "polarity.tsv:{} ({:+.2})",
        row + 2,
        evidence.entry.value
    ))
}
