//! `vocable forget` and `vocable purge`: what customers may ask for, and what retention rules demand.

use crate::cli::{
    Outcome,
    args::{Erasure, Forget, Purge},
    config::Settings,
    exit_code::ExitCode,
    lexicon::open_stems,
    progress::Progress,
    terminal::{counted, folded, harmless_line},
    themes::open_with,
};
use jiff::civil::Date;
use std::{fs, io::Write};
use vocable::{
    error::{Error, Result},
    index::{Bound, Condition, Query, Wanted},
    workspace::{Anew, Receipt, Workspace},
};

/// Runs `forget`.
pub fn forget(forget: &Forget) -> Outcome {
    let customers = forget
        .customer
        .iter()
        .map(|name| Condition::of("customer", name));
    let ids = forget.id.iter().map(|id| Condition::of("id", id));
    let query = Query::default().and_one_of(customers.chain(ids));
    erase(&query, None, &forget.erasure)
}

/// Runs `purge`.
pub fn purge(purge: &Purge) -> Outcome {
    let end = Bound {
        value: purge.before.to_string(),
        is_included: false,
    };
    let query = Query::default().and_one_of([Condition {
        field: "date".to_owned(),
        value: Wanted::Within(None, Some(end)),
        at: None,
    }]);
    erase(&query, Some(purge.before), &purge.erasure)
}

fn erase(query: &Query, before: Option<Date>, erasure: &Erasure) -> Outcome {
    let folder = &erasure.workspace.workspace;
    let stems = open_stems(folder)?;
    let mut out = std::io::stdout().lock();
    let keys = |workspace: &Workspace| workspace.search(&stems)?.keys(query);
    if erasure.dry_run {
        let found = keys(&Workspace::open(folder, stems.clone())?)?;
        writeln!(
            out,
            "{} would be erased",
            counted(found.len() as u64, "record")
        )?;
        return Ok(ExitCode::Done);
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
    let receipt = workspace.erase(&single, before, anew)?;
    if let Some(path) = &erasure.receipt {
        write_receipt(path, &receipt)?;
    }
    if !erasure.quiet {
        tell(&mut out, &receipt)?;
    }
    Ok(ExitCode::Done)
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
    writeln!(
        out,
        "{} erased from the index and from what was learnt; {} left.",
        counted(receipt.records, "record"),
        counted(receipt.left, "record"),
    )?;
    if !receipt.reports.is_empty() {
        let names: Vec<String> = receipt
            .reports
            .iter()
            .map(|name| harmless_line(name))
            .collect();
        let line = format!(
            "Reports that named them are removed: {}. `vocable report` writes them anew.",
            names.join(", ")
        );
        writeln!(out, "{}", folded(&line, ""))?;
    }
    let line = "Reading the same files again will not bring them back. Your input files, exports and copies of reports are yours to erase.";
    writeln!(out, "{}", folded(line, ""))
}
