//! `vocable run`: files in, analysed, indexed, reported.

use crate::cli::{
    Outcome,
    args::{Run, Tolerance},
    config::{Settings, read_actions, set_threads},
    exit_code::ExitCode,
    lexicon::open,
    progress::Progress,
    report::{Telling, Written, chosen_period, read_for, refuse_reversed, write},
    terminal::{counted, grouped, harmless_line},
    themes::open_with,
};
use std::io::Write;
use vocable::{
    analysis::{Analysis, protect},
    cleaning::fold_duplicates,
    error::Error,
    feedback::FileBalance,
    ingest::{self, Imported},
    metrics::Scope,
    privacy::Key,
    workspace::{Changes, Incoming, Workspace},
};

/// Runs the command.
pub fn run(run: &Run) -> Outcome {
    set_threads(run.threads);
    let folder = &run.workspace.workspace;
    if run.paths.is_empty() && !folder.join("index").is_dir() {
        return Err(Error::Settings {
            place: "run".to_owned(),
            reason: "no files were named and there is no workspace yet; try `vocable run FILES`"
                .to_owned(),
        }
        .into());
    }
    refuse_reversed(run.period.from, run.period.to)?;
    let mut settings = Settings::read(folder, run.mapping.as_deref())?;
    settings.privacy.enabled &= !run.keep_personal_data;
    settings.ingest.follow_links |= run.follow_links;
    let plan = read_actions(folder)?;
    let progress = Progress::new(run.quiet);
    let lexicons = open(run.lexicons.as_deref(), Some(&run.workspace.workspace))?;
    // Whoever cannot write is told before anything is read, which may take long.
    let early = match folder.join("index").is_dir() {
        true => Some(Workspace::lock(folder)?),
        false => None,
    };
    // Everything is read, and every input that cannot be read has been complained about, before a workspace is made.
    let imported = ingest::read(&run.paths, &settings.ingest, &progress)?;
    let _lock = match early {
        Some(lock) => lock,
        None => Workspace::lock(folder)?,
    };
    let mut workspace = Workspace::open_or_create(folder, &lexicons)?;
    let book = &workspace.book().book;
    let lexicons = match book.entries.is_empty() && settings.themes.embedding.is_none() {
        true => lexicons,
        false => open_with(run.lexicons.as_deref(), folder, book, &settings)?,
    };
    let incoming = clean(imported, &settings, &workspace.key()?);
    let read_now = incoming.files.clone();
    let stamp = settings.stamp(&lexicons, workspace.book());
    let (whole, changes) = workspace.update(
        incoming,
        run.relearn_themes,
        &lexicons,
        &settings.analysis(),
        stamp,
        &progress,
    )?;
    let scope = Scope::from(chosen_period(&run.period, workspace.history()));
    let analysis = match whole {
        Some(analysis) => analysis,
        None => read_for(&scope, &workspace, &settings, &plan)?,
    };
    let report = if workspace.history().records == 0 {
        None
    } else {
        let telling = Telling {
            scope,
            lang: run.lang,
            forms: &[],
            output: None,
            plan: &plan,
            stems: &(&lexicons).into(),
        };
        Some(write(
            &telling, &workspace, &analysis, &settings, &progress,
        )?)
    };
    if !run.quiet {
        let names: Vec<&str> = read_now.iter().map(|file| &*file.file).collect();
        let records = workspace.history().records;
        summarise(&names, changes, &analysis, records, report.as_ref())?;
    }
    let code = if exceeds(run.max_reject, &read_now) {
        ExitCode::TooManyRejected
    } else if report.as_ref().is_some_and(Written::has_alert) {
        ExitCode::AlertFired
    } else {
        ExitCode::Done
    };
    // The process ends here: giving back a million records one by one would take it a second more.
    std::mem::forget(analysis);
    Ok(code)
}

/// Masks personal data, and keeps one record of those that are the same.
fn clean(mut imported: Imported, settings: &Settings, key: &Key) -> Incoming {
    protect(&mut imported.feedback, &settings.privacy, key);
    Incoming {
        feedback: fold_duplicates(imported.feedback, &mut imported.files),
        files: imported.files,
        rejected: imported.rejected,
    }
}

fn exceeds(tolerance: Option<Tolerance>, files: &[FileBalance]) -> bool {
    let refused: u64 = files.iter().map(|file| file.refused).sum();
    let read: u64 = files.iter().map(|file| file.read).sum();
    match tolerance {
        None => false,
        Some(Tolerance::Rows(most)) => refused > most,
        Some(Tolerance::Share(most)) => refused as f64 > most * read as f64,
    }
}

fn summarise(
    names: &[&str],
    changes: Changes,
    analysis: &Analysis,
    records: u64,
    report: Option<&Written>,
) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for file in analysis
        .files
        .iter()
        .filter(|file| names.contains(&&*file.file))
    {
        writeln!(
            out,
            "{}: {} = {} accepted + {} refused + {} duplicates + {} empty",
            harmless_line(&file.file),
            counted(file.read, "row"),
            grouped(file.accepted),
            grouped(file.refused),
            grouped(file.duplicates),
            grouped(file.empty),
        )?;
        let left_out = file.left_out;
        if left_out.of_others() > 0 {
            writeln!(
                out,
                "  empty: {} of the company's own messages, {} automatic, {} spam",
                grouped(left_out.agents),
                grouped(left_out.machines),
                grouped(left_out.spam),
            )?;
        }
        if left_out.erased > 0 {
            writeln!(
                out,
                "  empty: {} erased on request",
                grouped(left_out.erased)
            )?;
        }
        writeln!(out, "  read as {}", harmless_line(&file.format))?;
        let roles: Vec<String> = file
            .roles
            .iter()
            .map(|(role, column)| format!("{role} = {}", harmless_line(column)))
            .collect();
        if !roles.is_empty() {
            writeln!(
                out,
                "{}",
                crate::cli::terminal::folded(&roles.join(", "), "  ")
            )?;
        }
        for warning in &file.warnings {
            writeln!(
                out,
                "{}",
                crate::cli::terminal::folded(&format!("note: {}", harmless_line(warning)), "  ")
            )?;
        }
    }
    if !names.is_empty() {
        writeln!(
            out,
            "Workspace: {} new, {} edited, {} known; {}, {}.",
            grouped(changes.new),
            grouped(changes.edited),
            grouped(changes.known),
            counted(records, "record"),
            counted(analysis.themes.len() as u64, "theme"),
        )?;
    }
    match report {
        Some(report) => report.tell(&mut out),
        None => writeln!(
            out,
            "No feedback yet, so no report. `vocable inspect FILE` shows how a file is read."
        ),
    }
}
