//! `vocable lexicon preview`: the verdicts that an edited lexicon changes.

use crate::cli::{
    Outcome,
    args::LexiconPreview,
    config::set_threads,
    exit_code::ExitCode,
    lexicon::{read_masked, tables_of},
    terminal::{folded, harmless_line},
};
use std::io::Write;
use vocable::{
    analysis::{Annotation, Annotator, Settings},
    language::{Lexicons, NONE},
    sentiment::Polarity,
};

/// Letters of a text that are shown.
const SHOWN: usize = 200;

/// Runs the command.
pub fn preview(preview: &LexiconPreview) -> Outcome {
    set_threads(preview.threads);
    let after = Lexicons::read(&tables_of(&preview.folder)?)?;
    let before = match &preview.against {
        Some(folder) => Lexicons::read(&tables_of(folder)?)?,
        None => Lexicons::embedded()?,
    };
    let feedback = read_masked(&preview.files)?;
    let texts: Vec<&str> = feedback.iter().map(|feedback| &*feedback.text).collect();
    let [was, is] = [&before, &after]
        .map(|lexicons| Annotator::default().annotate(&texts, lexicons, &Settings::default()));
    let mut changed: Vec<usize> = (0..texts.len())
        .filter(|at| polarity(&was[*at]) != polarity(&is[*at]))
        .collect();
    let moves = |at: usize| (is[at].score - was[at].score).abs();
    changed.sort_by(|a, b| {
        moves(*b)
            .total_cmp(&moves(*a))
            .then_with(|| feedback[*a].key.cmp(&feedback[*b].key))
    });
    let mut out = std::io::stdout().lock();
    for &at in changed.iter().take(preview.limit) {
        writeln!(
            out,
            "{} → {}  {:+.2} → {:+.2}  {}",
            polarity(&was[at]).name(),
            polarity(&is[at]).name(),
            was[at].score,
            is[at].score,
            feedback[at].place()
        )?;
        let text: String = harmless_line(texts[at]).chars().take(SHOWN).collect();
        writeln!(out, "{}", folded(&text, "  "))?;
        let why = differences(texts[at], &was[at], &is[at]);
        if !why.is_empty() {
            writeln!(
                out,
                "{}",
                folded(&format!("because of {}", why.join(", ")), "  ")
            )?;
        }
        writeln!(out)?;
    }
    let to = |polarity_now: Polarity| {
        changed
            .iter()
            .filter(|at| polarity(&is[**at]) == polarity_now)
            .count()
    };
    writeln!(
        out,
        "{} of {} verdicts change: {} to pos, {} to neu, {} to neg{}",
        changed.len(),
        texts.len(),
        to(Polarity::Positive),
        to(Polarity::Neutral),
        to(Polarity::Negative),
        if changed.len() > preview.limit {
            format!("; the {} largest moves are shown", preview.limit)
        } else {
            String::new()
        }
    )?;
    Ok(ExitCode::Done)
}

fn polarity(annotation: &Annotation) -> Polarity {
    Polarity::of(annotation.score)
}

/// The words whose entries weigh otherwise now, with both weights.
fn differences(text: &str, was: &Annotation, is: &Annotation) -> Vec<String> {
    let entries = |annotation: &Annotation| -> Vec<(u32, u32, f32)> {
        annotation
            .evidence
            .iter()
            .filter(|evidence| evidence.role.speaks() && evidence.entry.row != NONE)
            .map(|evidence| (evidence.start, evidence.end, evidence.entry.value))
            .collect()
    };
    let (was, is) = (entries(was), entries(is));
    let weight = |entries: &[(u32, u32, f32)], start, end| {
        entries
            .iter()
            .find(|entry| (entry.0, entry.1) == (start, end))
            .map_or(0.0, |entry| entry.2)
    };
    let mut spans: Vec<(u32, u32)> = was
        .iter()
        .chain(&is)
        .map(|entry| (entry.0, entry.1))
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans
        .into_iter()
        .filter_map(|(start, end)| {
            let (before, after) = (weight(&was, start, end), weight(&is, start, end));
            (before != after).then(|| {
                format!(
                    "\"{}\" {before:+.2} → {after:+.2}",
                    harmless_line(&text[start as usize..end as usize])
                )
            })
        })
        .collect()
}
