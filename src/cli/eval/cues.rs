//! Cues against the kinds that people saw in each text.

use super::{Measures, annotations, read};
use crate::cli::args::Labelled;
use serde_json::json;
use vocable::{
    cues::CueKind,
    error::{Error, Result},
    language::Lexicons,
};

/// What stands for no kind.
const NONE: &str = "-";

/// Precision and recall of each kind: a text shows a kind or does not, however often.
pub fn cues(labelled: &Labelled, lexicons: &Lexicons) -> Result<Measures> {
    let rows = read(&labelled.file, labelled, "kinds")?;
    let annotations = annotations(&rows, lexicons);
    let mut counts = [Counts::default(); CueKind::ALL.len()];
    for (row, annotation) in rows.iter().zip(&annotations) {
        let truth = kinds_of(&row.label).map_err(|name| Error::Settings {
            place: row.feedback.place().to_string(),
            reason: format!(
                "\"{name}\" is no kind of cue; kinds are {}, or {NONE} for none",
                CueKind::ALL.map(|(_, name)| name).join(", ")
            ),
        })?;
        for (kind, _) in CueKind::ALL {
            let is_there = truth.contains(&kind);
            let is_found = annotation.cues.iter().any(|found| found.cue.kind == kind);
            let counts = &mut counts[kind as usize];
            counts.there += u32::from(is_there);
            counts.found += u32::from(is_found);
            counts.right += u32::from(is_there && is_found);
        }
    }
    let share = |part: u32, all: u32| f64::from(part) / f64::from(all.max(1));
    let mut measures = vec![("records".to_owned(), json!(rows.len()))];
    let mut all = Counts::default();
    for (kind, name) in CueKind::ALL {
        let counts = counts[kind as usize];
        all.there += counts.there;
        all.found += counts.found;
        all.right += counts.right;
        measures.extend([
            (format!("{name} texts"), json!(counts.there)),
            (
                format!("{name} precision"),
                json!(share(counts.right, counts.found)),
            ),
            (
                format!("{name} recall"),
                json!(share(counts.right, counts.there)),
            ),
        ]);
    }
    measures.extend([
        ("precision".to_owned(), json!(share(all.right, all.found))),
        ("recall".to_owned(), json!(share(all.right, all.there))),
    ]);
    Ok(measures)
}

/// Texts that show a kind, that are said to, and both.
#[derive(Clone, Copy, Default)]
struct Counts {
    there: u32,
    found: u32,
    right: u32,
}

/// The kinds a label names; the name that is none otherwise.
fn kinds_of(label: &str) -> std::result::Result<Vec<CueKind>, &str> {
    label
        .split(',')
        .map(str::trim)
        .filter(|name| *name != NONE && !name.is_empty())
        .map(|name| CueKind::named(name).ok_or(name))
        .collect()
}
