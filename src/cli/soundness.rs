//! `vocable check` and `vocable rebuild`: is the workspace sound, and making it so.

use crate::cli::{
    Outcome,
    args::{Rebuild, WorkspaceArgument},
    config::Settings,
    exit_code::ExitCode,
    lexicon::open_stems,
    progress::Progress,
    terminal::{counted, folded, harmless_line},
    themes::open_with,
};
use std::io::Write;
use vocable::workspace::{Anew, Workspace, books};

/// Runs `check`.
pub fn check(workspace: &WorkspaceArgument) -> Outcome {
    let folder = &workspace.workspace;
    let stems = open_stems(folder)?;
    let workspace = Workspace::open(folder, stems.clone())?;
    let findings = workspace.check(&stems)?;
    let mut out = std::io::stdout().lock();
    if findings.is_empty() {
        let records = counted(workspace.history().records, "record");
        let themes = counted(workspace.themes().len() as u64, "theme");
        writeln!(
            out,
            "{}",
            folded(
                &format!(
                    "sound: checksums, {records}, {themes}, state, theme book and index agree"
                ),
                ""
            )
        )?;
        return Ok(ExitCode::Done);
    }
    for finding in &findings {
        writeln!(out, "{}", folded(&harmless_line(finding), ""))?;
    }
    Ok(ExitCode::Failed)
}

/// Runs `rebuild`.
pub fn rebuild(rebuild: &Rebuild) -> Outcome {
    let folder = &rebuild.workspace.workspace;
    let stems = open_stems(folder)?;
    Workspace::must_exist(folder)?;
    let _lock = Workspace::lock(folder)?;
    let settings = Settings::read(folder, None)?;
    let book = books::latest(folder)?;
    let lexicons = open_with(rebuild.lexicons.as_deref(), folder, &book.book, &settings)?;
    let stamp = settings.stamp(&lexicons, &book);
    let progress = Progress::new(rebuild.quiet);
    let anew = Anew {
        lexicons: &lexicons,
        stems: &stems,
        settings: &settings.analysis(),
        stamp: &stamp,
        watcher: &progress,
    };
    let records = Workspace::rebuild(folder, anew)?;
    if !rebuild.quiet {
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "{} analysed and indexed anew",
            counted(records, "record")
        )?;
    }
    Ok(ExitCode::Done)
}
