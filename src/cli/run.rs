//! `vocable run`: files in, analysed, indexed, reported.

use crate::cli::{
    Outcome,
    args::{ReportLanguageArgument, Run, Tolerance},
    config::{Settings, set_threads},
    exit_code::ExitCode,
    lexicon::open,
    progress::Progress,
    terminal::{counted, grouped, harmless_line},
    themes::open_with,
};
use jiff::civil::Date;
use std::{
    io::Write,
    path::{Path, PathBuf},
};
use vocable::{
    analysis::{Analysis, protect},
    cleaning::fold_duplicates,
    error::{Error, Result},
    feedback::FileBalance,
    ingest::{self, Imported},
    language::Language,
    metrics::{self, Period},
    observe::{Event, Stage, Watcher},
    privacy::Key,
    report::{self, ReportLanguage},
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
    refuse_reversed(run.from, run.to)?;
    let mut settings = Settings::read(folder, run.mapping.as_deref())?;
    settings.privacy.enabled &= !run.keep_personal_data;
    let progress = Progress::new(run.quiet);
    let lexicons = open(run.lexicons.as_deref(), Some(&run.workspace.workspace))?;
    // Everything is read, and every input that cannot be read has been complained about, before the workspace is touched.
    let imported = ingest::read(&run.paths, &settings.ingest, &progress)?;
    let _lock = Workspace::lock(folder)?;
    let mut workspace = Workspace::open_or_create(folder, &lexicons)?;
    let book = &workspace.book().book;
    let lexicons = open_with(run.lexicons.as_deref(), folder, book, &settings)?;
    let incoming = clean(imported, &settings, workspace.key());
    let read_now = incoming.files.clone();
    let stamp = settings.stamp(&lexicons, workspace.book());
    let (analysis, changes, _) = workspace.update(
        incoming,
        run.relearn_themes,
        &lexicons,
        &settings.analysis(),
        stamp,
        &progress,
    )?;
    let period = chosen_period(run, &analysis);
    let report = match period {
        Some(period) if !analysis.records.is_empty() => Some(write_report(
            run, period, &workspace, &analysis, &settings, &progress,
        )?),
        _ => None,
    };
    if !run.quiet {
        let names: Vec<&str> = read_now.iter().map(|file| &*file.file).collect();
        summarise(&names, changes, &analysis, report.as_ref())?;
    }
    Ok(if exceeds(run.max_reject, &read_now) {
        ExitCode::TooManyRejected
    } else {
        ExitCode::Done
    })
}

/// Refuses a period that ends before it starts.
pub fn refuse_reversed(from: Option<Date>, to: Option<Date>) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(Error::Settings {
            place: "--from".to_owned(),
            reason: format!("{from} is after {to}; write the earlier day first"),
        }),
        _ => Ok(()),
    }
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

/// The period asked for; by default the latest complete week, or everything where no record has a date.
fn chosen_period(run: &Run, analysis: &Analysis) -> Option<Period> {
    if run.all {
        return Some(Period::All);
    }
    if let Some(week) = run.week {
        return Some(Period::Week(week));
    }
    if let (Some(from), Some(to)) = (run.from, run.to) {
        return Some(Period::Days { from, to });
    }
    Some(metrics::latest_complete_week(analysis).map_or(Period::All, Period::Week))
}

/// A report that was written.
struct Written {
    period: Period,
    records: u64,
    page: PathBuf,
}

fn write_report(
    run: &Run,
    period: Period,
    workspace: &Workspace,
    analysis: &Analysis,
    settings: &Settings,
    watcher: &dyn Watcher,
) -> Result<Written> {
    let stage = Stage::Reporting;
    watcher.see(Event::Started { stage, total: 1 });
    let numbers = metrics::measure(analysis, period, &settings.metrics);
    let language = match run.lang {
        Some(ReportLanguageArgument::Fr) => ReportLanguage::French,
        Some(ReportLanguageArgument::En) => ReportLanguage::English,
        None => main_language(analysis),
    };
    let files = report::render(analysis, &numbers, language, &settings.report);
    let folder = workspace.write_report(&period.to_string(), &files)?;
    watcher.see(Event::Finished { stage });
    Ok(Written {
        period,
        records: numbers.records.current.n,
        page: folder.join("report.html"),
    })
}

/// French where more records are in French than in English.
fn main_language(analysis: &Analysis) -> ReportLanguage {
    let count = |language: Language| {
        analysis
            .records
            .iter()
            .filter(|record| record.language == language)
            .count()
    };
    if count(Language::French) > count(Language::English) {
        ReportLanguage::French
    } else {
        ReportLanguage::English
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
        if left_out.all() > 0 {
            writeln!(
                out,
                "  empty: {} of the company's own messages, {} automatic, {} spam",
                grouped(left_out.agents),
                grouped(left_out.machines),
                grouped(left_out.spam),
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
            counted(analysis.records.len() as u64, "record"),
            counted(analysis.themes.len() as u64, "theme"),
        )?;
    }
    match report {
        Some(report) => writeln!(
            out,
            "{}: {}. Report: {}",
            report.period,
            counted(report.records, "record"),
            shown(&report.page),
        ),
        None => writeln!(
            out,
            "No feedback yet, so no report. `vocable inspect FILE` shows how a file is read."
        ),
    }
}

fn shown(path: &Path) -> String {
    harmless_line(&path.display().to_string())
}
