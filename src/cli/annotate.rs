//! `vocable annotate`: NDJSON in, NDJSON out, one line a record, in order.

use crate::cli::{
    Outcome,
    args::Annotate,
    config::set_threads,
    exit_code::ExitCode,
    lexicon::open,
    lines::{Line, Lines},
    terminal::complain,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    io::{BufWriter, Write},
};
use vocable::{
    analysis::{Annotation, Annotator, Settings},
    language::Lexicons,
    sentiment::{Label, Polarity},
};

/// Lines judged at once, and their bytes.
const BATCH: usize = 4096;
const BATCH_BYTES: usize = 1 << 22;

/// Answers written by one task.
const CHUNK: usize = 256;

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Input<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(default)]
    id: Option<serde_json::Value>,
}

/// The wire form of an annotation. `themes` is empty: themes are found among many records, in a workspace.
#[derive(Serialize)]
pub struct Output<'a> {
    id: Option<&'a serde_json::Value>,
    language: LanguageOutput<'a>,
    sentiment: SentimentOutput,
    cues: Vec<CueOutput>,
    themes: Vec<ThemeOutput<'a>>,
}

#[derive(Serialize)]
struct LanguageOutput<'a> {
    code: &'a str,
    confidence: f32,
    /// Only where a text is in two languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<SegmentOutput<'a>>,
}

#[derive(Serialize)]
struct SegmentOutput<'a> {
    start: u32,
    end: u32,
    code: &'a str,
}

#[derive(Serialize)]
struct SentimentOutput {
    score: f32,
    label: &'static str,
    polarity: &'static str,
    mentions: Vec<MentionOutput>,
}

#[derive(Serialize)]
struct MentionOutput {
    start: u32,
    end: u32,
    score: f32,
    evidence: Vec<EvidenceOutput>,
}

#[derive(Serialize)]
struct EvidenceOutput {
    start: u32,
    end: u32,
    weight: f32,
    role: &'static str,
}

#[derive(Serialize)]
struct CueOutput {
    kind: &'static str,
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct ThemeOutput<'a> {
    id: &'a str,
    start: u32,
    end: u32,
    strength: f32,
    evidence: SpanOutput,
}

#[derive(Serialize)]
struct SpanOutput {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Refusal {
    error: String,
}

impl<'a> Output<'a> {
    fn of(
        annotation: &'a Annotation,
        id: Option<&'a serde_json::Value>,
        lexicons: &'a Lexicons,
    ) -> Self {
        Self {
            id,
            language: LanguageOutput {
                code: annotation.language.code(),
                confidence: annotation.confidence,
                segments: annotation
                    .segments
                    .iter()
                    .map(|segment| SegmentOutput {
                        start: segment.start,
                        end: segment.end,
                        code: segment.language.code(),
                    })
                    .collect(),
            },
            sentiment: SentimentOutput {
                score: annotation.score,
                label: Label::of(annotation.score).name(),
                polarity: Polarity::of(annotation.score).name(),
                mentions: annotation
                    .mentions
                    .iter()
                    .map(|mention| MentionOutput {
                        start: mention.start,
                        end: mention.end,
                        score: mention.score,
                        evidence: annotation.evidence
                            [mention.first_evidence as usize..mention.end_evidence as usize]
                            .iter()
                            .map(|evidence| EvidenceOutput {
                                start: evidence.start,
                                end: evidence.end,
                                weight: evidence.weight,
                                role: evidence.role.name(),
                            })
                            .collect(),
                    })
                    .collect(),
            },
            cues: annotation
                .cues
                .iter()
                .map(|found| CueOutput {
                    kind: found.cue.kind.name(),
                    start: found.cue.start,
                    end: found.cue.end,
                })
                .collect(),
            themes: annotation
                .themes
                .iter()
                .map(|mention| {
                    let clause = &annotation.mentions[mention.clause as usize];
                    ThemeOutput {
                        id: &lexicons.catalogue.concepts()[usize::from(mention.concept)].id,
                        start: clause.start,
                        end: clause.end,
                        strength: mention.strength,
                        evidence: SpanOutput {
                            start: mention.start,
                            end: mention.end,
                        },
                    }
                })
                .collect(),
        }
    }
}

/// What is answered to a line.
struct Answer<'a> {
    /// From 1.
    line: u64,
    record: &'a Result<Input<'a>, String>,
    /// `None` where the line is no record.
    annotation: Option<Annotation>,
}

impl Answer<'_> {
    fn write(&self, bytes: &mut Vec<u8>, lexicons: &Lexicons) -> std::io::Result<()> {
        match (self.record, &self.annotation) {
            (Ok(record), Some(annotation)) => {
                let output = Output::of(annotation, record.id.as_ref(), lexicons);
                serde_json::to_writer(&mut *bytes, &output)?;
            }
            (record, _) => {
                let reason = record.as_ref().err().map_or("no answer", String::as_str);
                let line = self.line;
                let error = format!("line {line}: {reason}; each line must be {{\"text\": \"…\"}}");
                serde_json::to_writer(&mut *bytes, &Refusal { error })?;
            }
        }
        bytes.push(b'\n');
        Ok(())
    }
}

/// Runs the command.
pub fn annotate(annotate: &Annotate) -> Outcome {
    set_threads(annotate.threads);
    let lexicons = open(annotate.lexicons.as_deref(), None)?;
    let mut settings = Settings::default();
    settings.language.among.clone_from(&annotate.among);
    let mut annotator = Annotator::default();
    let mut input = Lines::of(std::io::stdin());
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut refused = 0u64;
    while let Some(batch) = input.arrived(BATCH, BATCH_BYTES)? {
        let lines: Vec<Line<'_>> = batch.lines().collect();
        let records: Vec<Result<Input<'_>, String>> =
            lines.par_iter().map(|line| read(line)).collect();
        let texts: Vec<&str> = records
            .iter()
            .flatten()
            .map(|record| &*record.text)
            .collect();
        let mut annotations = annotator.annotate(&texts, &lexicons, &settings).into_iter();
        let answers: Vec<Answer<'_>> = records
            .iter()
            .zip(&lines)
            .map(|(record, line)| Answer {
                line: line.number,
                record,
                annotation: record.as_ref().ok().and_then(|_| annotations.next()),
            })
            .collect();
        let written: Vec<std::io::Result<Vec<u8>>> = answers
            .into_par_iter()
            .chunks(CHUNK)
            .map(|answers| {
                let mut bytes = Vec::new();
                for answer in answers {
                    answer.write(&mut bytes, &lexicons)?;
                }
                Ok(bytes)
            })
            .collect();
        for bytes in written {
            out.write_all(&bytes?)?;
        }
        out.flush()?;
        refused += records.iter().filter(|record| record.is_err()).count() as u64;
    }
    if refused > 0 {
        complain(&format!(
            "{refused} of {} lines could not be read as records; each was answered with an \"error\" in its place",
            input.count()
        ));
        return Ok(ExitCode::TooManyRejected);
    }
    Ok(ExitCode::Done)
}

fn read<'a>(line: &Line<'a>) -> Result<Input<'a>, String> {
    let Some(bytes) = line.bytes else {
        return Err("longer than 16 MiB".to_owned());
    };
    // Windows writes a mark at the start of its files.
    let bytes = match line.number {
        1 => bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes),
        _ => bytes,
    };
    if bytes.contains(&0) {
        return Err("written in UTF-16 or no text at all, where UTF-8 is read".to_owned());
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let told = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        match told.strip_suffix(&place) {
            Some(reason) => format!("{reason} at column {}", error.column()),
            None => told,
        }
    })
}
