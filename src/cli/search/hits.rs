//! Hits of a search as text, JSON and CSV.

use crate::cli::{
    args::{Search, SearchFormat, SortArgument},
    terminal::{self, counted, folded, grouped, harmless_line, rounded},
};
use serde::Serialize;
use std::io::Write;
use vocable::{
    analysis::AnalyzedFeedback,
    index::{Found, Hit},
    report::disarm,
    themes::Theme,
};

/// Writes a page of hits, and how many there are in all.
pub fn write(
    out: &mut impl Write,
    search: &Search,
    found: &Found,
    themes: &[Theme],
) -> std::io::Result<()> {
    match search.format {
        SearchFormat::Text => write_text(out, found, themes),
        SearchFormat::Json => {
            let is_ranked = search.sort == SortArgument::Relevance;
            write_json(out, found, themes, is_ranked)
        }
        SearchFormat::Csv => write_csv(out, found, themes),
    }
}

/// Bytes of text shown around the first match.
const SNIPPET: usize = 280;

fn write_text(out: &mut impl Write, found: &Found, themes: &[Theme]) -> std::io::Result<()> {
    let bold = terminal::is_watched();
    for hit in &found.hits {
        let record = &hit.record;
        let feedback = &record.feedback;
        let mut facts: Vec<String> = Vec::new();
        facts.extend(
            feedback
                .moment
                .map(|moment| moment.local.date().to_string()),
        );
        facts.extend(feedback.channel.as_deref().map(harmless_line));
        facts.extend(feedback.product.as_deref().map(harmless_line));
        facts.push(format!("{} {:+.2}", record.label().name(), record.score));
        facts.extend(theme_names(record, themes).into_iter().take(3));
        let cues = record.cue_kinds();
        facts.extend(cues.iter().map(|kind| kind.name().to_owned()));
        writeln!(out, "{}", folded(&facts.join(" · "), ""))?;
        if !record.feedback.text.is_empty() {
            writeln!(out, "{}", folded(&snippet(hit, bold), "  "))?;
        }
        writeln!(
            out,
            "  {} ({})\n",
            harmless_line(&feedback.place().to_string()),
            harmless_line(feedback.id())
        )?;
    }
    let shown = found.hits.len() as u64;
    if shown == found.total {
        return writeln!(out, "{}", counted(found.total, "record"));
    }
    writeln!(
        out,
        "{} of {} records; --limit shows more",
        grouped(shown),
        grouped(found.total)
    )?;
    match &found.next {
        Some(key) => writeln!(
            out,
            "the next page: --after {}",
            quoted(&harmless_line(key))
        ),
        None => Ok(()),
    }
}

/// A word of a command line.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/');
    match word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// The text around the first match, matches in bold.
fn snippet(hit: &Hit, bold: bool) -> String {
    let text = &*hit.record.feedback.text;
    let first = hit
        .highlights
        .first()
        .map_or(0, |(start, _)| *start as usize);
    let mut start = first.saturating_sub(SNIPPET / 2);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    if start > 0 {
        start += text[start..first].find(' ').map_or(0, |space| space + 1);
    }
    let mut end = (start + SNIPPET).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    if end < text.len() {
        end = text[..end]
            .rfind(' ')
            .filter(|space| *space > start)
            .unwrap_or(end);
    }
    let mut shown = String::new();
    if start > 0 {
        shown.push('…');
    }
    let mut at = start;
    for (from, to) in &hit.highlights {
        let (from, to) = (*from as usize, *to as usize);
        if from < at || to > end {
            continue;
        }
        shown.push_str(&harmless_line(&text[at..from]));
        if bold {
            shown.push_str("\u{1b}[1m");
        }
        shown.push_str(&harmless_line(&text[from..to]));
        if bold {
            shown.push_str("\u{1b}[0m");
        }
        at = to;
    }
    shown.push_str(&harmless_line(&text[at..end]));
    if end < text.len() {
        shown.push('…');
    }
    shown
}

fn theme_names(record: &AnalyzedFeedback, themes: &[Theme]) -> Vec<String> {
    let primary = record.primary_theme();
    let others = record
        .themes()
        .into_iter()
        .filter(|theme| Some(*theme) != primary);
    primary
        .into_iter()
        .chain(others)
        .map(|theme| harmless_line(&themes[theme as usize].label))
        .collect()
}

#[derive(Serialize)]
struct FoundJson<'a> {
    total: u64,
    hits: Vec<HitJson<'a>>,
    /// What `--after` takes to go on.
    next: Option<&'a str>,
}

#[derive(Serialize)]
struct HitJson<'a> {
    id: &'a str,
    source: String,
    date: Option<String>,
    channel: Option<&'a str>,
    product: Option<&'a str>,
    language: &'a str,
    rating: Option<f32>,
    sentiment: SentimentJson,
    themes: Vec<&'a str>,
    cues: Vec<CueJson>,
    text: &'a str,
    highlights: &'a [(u32, u32)],
    /// How well it matches; null where the order is another.
    score: Option<f64>,
}

#[derive(Serialize)]
struct CueJson {
    kind: &'static str,
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct SentimentJson {
    score: f64,
    label: &'static str,
    polarity: &'static str,
}

fn write_json(
    out: &mut impl Write,
    found: &Found,
    themes: &[Theme],
    is_ranked: bool,
) -> std::io::Result<()> {
    let hits = found
        .hits
        .iter()
        .map(|hit| {
            let record = &hit.record;
            let feedback = &record.feedback;
            HitJson {
                id: feedback.id(),
                source: feedback.place().to_string(),
                date: feedback.moment.map(|moment| moment.to_string()),
                channel: feedback.channel.as_deref(),
                product: feedback.product.as_deref(),
                language: record.language.code(),
                rating: feedback.rating.map(|rating| rating.value),
                sentiment: SentimentJson {
                    score: rounded(record.score),
                    label: record.label().name(),
                    polarity: record.polarity().name(),
                },
                themes: record
                    .themes()
                    .into_iter()
                    .map(|theme| themes[theme as usize].id.as_str())
                    .collect(),
                cues: record
                    .cues
                    .iter()
                    .map(|cue| CueJson {
                        kind: cue.kind.name(),
                        start: cue.start,
                        end: cue.end,
                    })
                    .collect(),
                text: &feedback.text,
                highlights: &hit.highlights,
                score: is_ranked.then(|| rounded(hit.rank)),
            }
        })
        .collect();
    let found = FoundJson {
        total: found.total,
        hits,
        next: found.next.as_deref(),
    };
    serde_json::to_writer_pretty(&mut *out, &found)?;
    writeln!(out)
}

fn write_csv(out: &mut impl Write, found: &Found, themes: &[Theme]) -> std::io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "id",
        "source",
        "date",
        "channel",
        "product",
        "language",
        "rating",
        "sentiment",
        "score",
        "theme",
        "text",
    ])?;
    for hit in &found.hits {
        let record = &hit.record;
        let feedback = &record.feedback;
        let theme = record
            .primary_theme()
            .map_or("", |theme| themes[theme as usize].label.as_str());
        table.write_record([
            &*disarm(feedback.id()),
            &*disarm(&feedback.place().to_string()),
            &feedback
                .moment
                .map_or(String::new(), |moment| moment.to_string()),
            &*disarm(feedback.channel.as_deref().unwrap_or("")),
            &*disarm(feedback.product.as_deref().unwrap_or("")),
            record.language.code(),
            &feedback
                .rating
                .map_or(String::new(), |rating| rating.value.to_string()),
            record.label().name(),
            &rounded(record.score).to_string(),
            &*disarm(theme),
            &*disarm(&feedback.text),
        ])?;
    }
    table.flush()
}
