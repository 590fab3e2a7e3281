//! `vocable forget` and `vocable purge`: what customers may ask for, and what retention rules demand.

use crate::cli::{
    Outcome,
    args::{Erasure, Forget, Purge},
    config::Settings,
    exit_code::ExitCode,
    lexicon::open_stems,
    progress::Progress,
    terminal::{complain, counted, folded, harmless_line},
    themes::open_with,
};
use jiff::civil::Date;
use std::{fs, io::Write};
use vocable::{
    error::{Error, Result},
    index::{Bound, Condition, Query, Wanted},
    language::Stems,
    workspace::{Anew, MOST_LOOKED_FOR, Receipt, Workspace},
};

/// Runs `forget`.
pub fn forget(forget: &Forget) -> Outcome {
    let customers = forget.customer.iter().map(|name| ("customer", name));
    let ids = forget.id.iter().map(|id| ("id", id));
    let asked: Vec<Condition> = customers
        .chain(ids)
        .map(|(field, name)| Condition::of(field, name))
        .collect();
    erase(&asked, None, &forget.erasure)
}

/// Runs `purge`.
pub fn purge(purge: &Purge) -> Outcome {
    let end = Bound {
        value: purge.before.to_string(),
        is_included: false,
    };
    let older = Condition {
        field: "date".to_owned(),
        value: Wanted::Within(None, Some(end)),
        at: None,
    };
    erase(&[older], Some(purge.before), &purge.erasure)
}

/// What was asked for and is not there: a slip of the pen must not look like a request fulfilled.
fn unmatched(asked: &[Condition], workspace: &Workspace, stems: &Stems) -> Result<Vec<String>> {
    let mut search = workspace.search(stems)?;
    let mut none = Vec::new();
    for condition in asked {
        let query = Query::default().and_one_of([condition.clone()]);
        if let Wanted::Is(name) = &condition.value
            && search.keys(&query)?.is_empty()
        {
            none.push(format!("{} \"{}\"", condition.field, harmless_line(name)));
        }
    }
    Ok(none)
}

fn nobodys(names: &[String]) -> String {
    format!("no record has the {}", names.join(", nor the "))
}

fn erase(asked: &[Condition], before: Option<Date>, erasure: &Erasure) -> Outcome {
    let folder = &erasure.workspace.workspace;
    let stems = open_stems(folder)?;
    let mut out = std::io::stdout().lock();
    let query = Query::default().and_one_of(asked.iter().cloned());
    let keys = |workspace: &Workspace| workspace.search(&stems)?.keys(&query);
    let outcome_of = |unmatched: &[String]| match unmatched {
        [] => ExitCode::Done,
        names => {
            complain(&nobodys(names));
            ExitCode::Failed
        }
    };
    if erasure.dry_run {
        let workspace = Workspace::open(folder, stems.clone())?;
        let found = keys(&workspace)?;
        writeln!(
            out,
            "{} would be erased",
            counted(found.len() as u64, "record")
        )?;
        return Ok(outcome_of(&unmatched(asked, &workspace, &stems)?));
    }
    // Whoever names a workspace that is not there should be told so, not be given a new one.
    Workspace::must_exist(folder)?;
    let _lock = Workspace::lock(folder)?;
    let mut workspace = Workspace::open(folder, stems.clone())?;
    let settings = Settings::read(folder, None)?;
    let book = &workspace.book().book;
    let lexicons = open_with(erasure.lexicons.as_deref(), folder, book, &settings)?;
    let stamp = settings.stamp(&lexicons, workspace.book());
    let progress = Progress::new(erasure.quiet);
    let anew = Anew {
        lexicons: &lexicons,
        stems: &stems,
        settings: &settings.analysis(),
        stamp: &stamp,
        watcher: &progress,
    };
    // What is before a day is found again by its date: of a purge no single key is kept.
    let single = match before {
        Some(_) => Vec::new(),
        None => keys(&workspace)?,
    };
    let unmatched = unmatched(asked, &workspace, &stems)?;
    if unmatched.len() == asked.len() {
        return Err(Error::Settings {
            place: "forget".to_owned(),
            reason: format!("{}, so nothing was erased", nobodys(&unmatched)),
        }
        .into());
    }
    let receipt = workspace.erase(&single, before, anew)?;
    if let Some(path) = &erasure.receipt {
        write_receipt(path, &receipt)?;
    }
    if !erasure.quiet {
        tell(&mut out, &receipt)?;
    }
    Ok(outcome_of(&unmatched))
}

fn write_receipt(path: &std::path::Path, receipt: &Receipt) -> Result<()> {
    let text = serde_json::to_string_pretty(receipt).expect("numbers and strings always serialise");
    fs::write(path, text + "\n").map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
        remedy: "the records are erased; name a file that can be written with --receipt next time",
    })
}

fn tell(out: &mut impl Write, receipt: &Receipt) -> std::io::Result<()> {
    let line = format!(
        "{} erased from the index and from what was learnt; {} left.",
        counted(receipt.records, "record"),
        counted(receipt.left, "record"),
    );
    writeln!(out, "{}", folded(&line, ""))?;
    if !receipt.reports.is_empty() {
        let names: Vec<String> = receipt
            .reports
            .iter()
            .map(|name| harmless_line(name))
            .collect();
        let why = match receipt.records > MOST_LOOKED_FOR as u64 {
            true => "So many records are not looked for in reports one by one, so all are removed",
            false => "Reports that named them are removed",
        };
        let line = format!(
            "{why}: {}. `vocable report` writes them anew.",
            names.join(", ")
        );
        writeln!(out, "{}", folded(&line, ""))?;
    }
    let line = "Reading the same files again will not bring them back. Your input files, exports and copies of reports are yours to erase.";
    writeln!(out, "{}", folded(line, ""))
}
