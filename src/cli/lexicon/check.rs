//! `vocable lexicon check`: are the tables what the program needs, and do they agree with themselves?

use crate::cli::{
    Outcome, args::LexiconCheck, exit_code::ExitCode, lexicon::tables_of, terminal::harmless_line,
};
use std::{fs, io::Write, path::Path};
use vocable::{
    analysis::{Annotator, Settings},
    error::{Error, Result},
    language::{Finding, Lexicons, Tables, embedded_tables, repaired, repaired_patterns, verify},
    sentiment::Polarity,
};

/// Runs the command.
pub fn check(check: &LexiconCheck) -> Outcome {
    if let (true, Some(folder)) = (check.repair, &check.folder) {
        repair(folder)?;
    }
    let tables = match &check.folder {
        Some(folder) => tables_of(folder)?,
        None => embedded_tables(),
    };
    let mut out = std::io::stdout().lock();
    let mut errors = 0;
    let mut notes = 0;
    let mut tell = |out: &mut dyn Write, finding: &Finding| {
        let kind = if finding.is_error { "error" } else { "note" };
        *(if finding.is_error {
            &mut errors
        } else {
            &mut notes
        }) += 1;
        writeln!(
            out,
            "{kind:<6} {}: {}",
            finding.place,
            harmless_line(&finding.reason)
        )
    };
    let mut is_readable = true;
    for tables in &tables {
        for finding in verify(tables) {
            is_readable &= !finding.is_error || Lexicons::read(&only(tables)).is_ok();
            tell(&mut out, &finding)?;
        }
    }
    let mut examples = 0;
    if is_readable {
        let lexicons = Lexicons::read(&tables)?;
        for tables in &tables {
            let (count, failed) = try_examples(tables, &lexicons, check.folder.as_deref())?;
            examples += count;
            for finding in failed {
                tell(&mut out, &finding)?;
            }
        }
    }
    for tables in &tables {
        writeln!(
            out,
            "{}     {} polarities, {} modifiers, {} patterns of cues, {} of themes",
            tables.code,
            tables.polarity.lines().count().saturating_sub(1),
            tables.modifiers.lines().count().saturating_sub(1),
            tables.cues.lines().count().saturating_sub(1),
            tables.concepts.lines().count().saturating_sub(1)
        )?;
    }
    writeln!(
        out,
        "{errors} errors, {notes} notes, {examples} examples tried"
    )?;
    Ok(if errors == 0 {
        ExitCode::Done
    } else {
        ExitCode::Failed
    })
}

/// These tables in the place of the program's own, to see whether they can be read.
fn only(tables: &Tables) -> [Tables; 2] {
    embedded_tables().map(|own| {
        if own.code == tables.code {
            tables.clone()
        } else {
            own
        }
    })
}

/// Reads the sentences of `examples.tsv` and compares verdicts. Folders without one are not tried.
fn try_examples(
    tables: &Tables,
    lexicons: &Lexicons,
    folder: Option<&Path>,
) -> Result<(usize, Vec<Finding>)> {
    let Some(folder) = folder else {
        return Ok((0, Vec::new()));
    };
    let path = folder.join(tables.code).join("examples.tsv");
    let Ok(table) = fs::read_to_string(&path) else {
        return Ok((0, Vec::new()));
    };
    let rows: Vec<(usize, Vec<&str>)> = table
        .lines()
        .enumerate()
        .skip(1)
        .map(|(index, row)| (index + 1, row.split('\t').collect()))
        .filter(|(_, cells): &(usize, Vec<&str>)| cells.len() >= 2)
        .collect();
    let texts: Vec<&str> = rows.iter().map(|(_, cells)| cells[0]).collect();
    let annotations = Annotator::default().annotate(&texts, lexicons, &Settings::default());
    let failed = rows
        .iter()
        .zip(annotations)
        .filter_map(|((line, cells), annotation)| {
            let found = Polarity::of(annotation.score).name();
            (found != cells[1]).then(|| Finding {
                place: format!("{}:{line}", path.display()),
                reason: format!(
                    "{found} ({:+.2}) where {} is expected: {}",
                    annotation.score, cells[1], cells[0]
                ),
                is_error: true,
            })
        })
        .collect();
    Ok((rows.len(), failed))
}

/// Sorts the tables of a folder and spells their phrases as they are looked up.
fn repair(folder: &Path) -> Result<()> {
    for tables in embedded_tables() {
        for (name, repaired) in [
            ("polarity.tsv", repaired as fn(&str) -> String),
            ("modifiers.tsv", repaired),
            ("cues.tsv", repaired_patterns),
            ("concepts.tsv", repaired_patterns),
        ] {
            let path = folder.join(tables.code).join(name);
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            fs::write(&path, repaired(&text)).map_err(|source| Error::Io {
                path,
                source,
                remedy: "check that the table can be written",
            })?;
        }
    }
    Ok(())
}
