//! `vocable report`: any period, language and form from the workspace, as `vocable run` writes it at its end.

use crate::cli::{
    Outcome,
    args::{PeriodArguments, Report, ReportForm, ReportLanguageArgument},
    config::{Settings, read_actions, set_threads},
    exit_code::ExitCode,
    lexicon::open_stems,
    progress::Progress,
    terminal::{counted, harmless_line},
};
use jiff::civil::Date;
use std::{
    io::Write,
    path::{Path, PathBuf},
};
use vocable::{
    actions::ActionPlan,
    analysis::Analysis,
    error::{Error, Result},
    index::SavedSearch,
    language::Stems,
    metrics::{self, AlertOutcome, AlertState, History, Period, Scope, Topic},
    observe::{Event, Stage, Watcher},
    report::{self, Extras, ReportLanguage},
    workspace::Workspace,
};

/// Runs the command.
pub fn report(report: &Report) -> Outcome {
    set_threads(report.threads);
    let folder = &report.workspace.workspace;
    refuse_reversed(report.period.from, report.period.to)?;
    let settings = Settings::read(folder, None)?;
    let stems = open_stems(folder)?;
    let workspace = Workspace::open(folder, stems.clone())?;
    let scope = Scope {
        period: chosen_period(&report.period, workspace.history()),
        segment: report.only.clone(),
        against: report.against.clone(),
    };
    let plan = read_actions(folder)?;
    let analysis = read_for(&scope, &workspace, &settings, &plan)?;
    if let Some(segment) = &scope.segment
        && !analysis.records.iter().any(|record| segment.holds(record))
    {
        return Err(Error::Settings {
            place: "--only".to_owned(),
            reason: format!(
                "no feedback around this period has {segment}; `vocable search --count-by` shows channels and products, `vocable inspect` the columns of a file"
            ),
        }
        .into());
    }
    let telling = Telling {
        scope,
        lang: report.lang,
        forms: &report.format,
        output: report.output.as_deref(),
        plan: &plan,
        stems: &stems,
    };
    let progress = Progress::new(report.quiet);
    let written = write(&telling, &workspace, &analysis, &settings, &progress)?;
    if !report.quiet {
        written.tell(&mut std::io::stdout().lock())?;
    }
    Ok(if written.has_alert() {
        ExitCode::AlertFired
    } else {
        ExitCode::Done
    })
}

/// Reads what a report tells of, and no more.
pub fn read_for(
    scope: &Scope,
    workspace: &Workspace,
    settings: &Settings,
    plan: &ActionPlan,
) -> Result<Analysis> {
    let Some(mut days) = scope.days(workspace.history(), &settings.metrics) else {
        return workspace.analysis();
    };
    let to = scope.period.days().map(|(_, to)| to);
    days.extend(
        to.into_iter()
            .flat_map(|to| metrics::days_of_actions(plan, to)),
    );
    workspace.analysis_of_days(&days)
}

/// What to tell, and where.
pub struct Telling<'a> {
    /// Which days, whose feedback, against what.
    pub scope: Scope,
    /// In which language; the one most feedback is in without one.
    pub lang: Option<ReportLanguageArgument>,
    /// In which forms; all without one.
    pub forms: &'a [ReportForm],
    /// Into which folder; the workspace's reports without one.
    pub output: Option<&'a Path>,
    /// What was decided about themes.
    pub plan: &'a ActionPlan,
    /// How the words of saved searches are read.
    pub stems: &'a Stems,
}

/// A report that was written.
pub struct Written {
    period: Period,
    records: u64,
    page: PathBuf,
    alerts: Vec<AlertOutcome>,
    /// Ids of themes in the action plan that are not told of.
    unknown: Vec<String>,
}

impl Written {
    /// True when an alert fired.
    pub fn has_alert(&self) -> bool {
        self.alerts.iter().any(|one| one.state == AlertState::Fired)
    }

    /// Says what was written and where, which alerts fired, and what could not be told.
    pub fn tell(&self, out: &mut impl Write) -> std::io::Result<()> {
        for outcome in &self.alerts {
            let name = harmless_line(&outcome.alert.called());
            match outcome.state {
                AlertState::Fired => writeln!(out, "alert: {name}")?,
                AlertState::Quiet => {}
                AlertState::UnknownTheme => writeln!(
                    out,
                    "alert {name} was not evaluated: no theme of this id is named; `vocable themes list` shows the ids"
                )?,
                AlertState::Missing => {
                    writeln!(out, "alert {name} was not evaluated: column missing")?;
                }
                AlertState::Withheld => {
                    writeln!(
                        out,
                        "alert {name} was not evaluated: too few observations, or nothing to compare with"
                    )?;
                }
            }
        }
        for id in &self.unknown {
            writeln!(
                out,
                "actions.toml: no theme is called {}; `vocable themes list` shows the ids",
                harmless_line(id)
            )?;
        }
        writeln!(
            out,
            "{}: {}. Report: {}",
            self.period,
            counted(self.records, "record"),
            harmless_line(&self.page.display().to_string()),
        )
    }
}

/// Measures and writes a report.
pub fn write(
    telling: &Telling,
    workspace: &Workspace,
    analysis: &Analysis,
    settings: &Settings,
    watcher: &dyn Watcher,
) -> Result<Written> {
    let stage = Stage::Reporting;
    watcher.see(Event::Started { stage, total: 1 });
    let history = workspace.history();
    let scope = &telling.scope;
    let numbers = metrics::measure_part(analysis, history, scope, &settings.metrics);
    let language = match telling.lang {
        Some(ReportLanguageArgument::Fr) => ReportLanguage::French,
        Some(ReportLanguageArgument::En) => ReportLanguage::English,
        None if history.french > history.english => ReportLanguage::French,
        None => ReportLanguage::English,
    };
    let alerts = metrics::evaluate(&settings.alerts, analysis, &numbers);
    let actions = metrics::follow(telling.plan, analysis, &numbers);
    let topics = topics(workspace, settings, telling.stems, watcher)?;
    let topics = metrics::watch(&topics, analysis, history, scope, &settings.metrics);
    let extras = Extras {
        alerts: &alerts,
        actions: &actions,
        topics: &topics,
    };
    let mut files = report::render(analysis, &numbers, extras, language, &settings.report);
    files.retain(|file| {
        // Whoever watches alerts finds them beside any form.
        file.name == report::ALERTS
            || telling.forms.is_empty()
            || telling.forms.iter().any(|form| form.is_of(file.name))
    });
    let folder = match telling.output {
        Some(folder) => {
            write_files(folder, &files)?;
            folder.to_owned()
        }
        None => workspace.write_report(&scope.to_string(), &files)?,
    };
    watcher.see(Event::Finished { stage });
    let page = files.first().map_or("", |file| file.name);
    Ok(Written {
        period: scope.period,
        records: numbers.records.current.n,
        page: folder.join(page),
        alerts,
        unknown: (actions.iter())
            .filter(|one| one.theme.is_none())
            .map(|one| one.action.theme.clone())
            .collect(),
    })
}

/// What the saved searches that are watched find. One that asks for what is not there is warned of and left out.
fn topics(
    workspace: &Workspace,
    settings: &Settings,
    stems: &Stems,
    watcher: &dyn Watcher,
) -> Result<Vec<Topic>> {
    let watched: Vec<&SavedSearch> = (settings.searches.iter())
        .filter(|search| search.watch)
        .collect();
    if watched.is_empty() {
        return Ok(Vec::new());
    }
    let mut records = workspace.search(stems)?;
    let mut topics = Vec::new();
    for search in watched {
        let query = search
            .query()
            .map_err(|error| Error::Query(error.to_string()))?;
        match records.keys(&query) {
            Ok(keys) => topics.push(Topic {
                name: search.name.clone(),
                query: search.query.clone(),
                keys,
            }),
            Err(Error::Query(reason)) => watcher.see(Event::Warned(format!(
                "the saved search \"{}\" is not in the report: {reason}",
                search.name
            ))),
            Err(other) => return Err(other),
        }
    }
    Ok(topics)
}

fn write_files(folder: &Path, files: &[report::ReportFile]) -> Result<()> {
    let failed = |path: &Path, source| Error::Io {
        path: path.to_owned(),
        source,
        remedy: "name a folder that can be written to with --output",
    };
    std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    for file in files {
        let path = folder.join(file.name);
        std::fs::write(&path, &file.bytes).map_err(|source| failed(&path, source))?;
    }
    Ok(())
}

impl ReportForm {
    fn is_of(self, name: &str) -> bool {
        let ending = match self {
            ReportForm::Html => ".html",
            ReportForm::Md => ".md",
            ReportForm::Json => ".json",
            ReportForm::Xlsx => ".xlsx",
            ReportForm::Csv => ".csv",
        };
        name.ends_with(ending)
    }
}

/// The period asked for; by default the latest complete week, or everything where no record has a date.
pub fn chosen_period(asked: &PeriodArguments, history: &History) -> Period {
    let days = asked.from.zip(asked.to);
    let days = days.map(|(from, to)| Period::Days { from, to });
    let all = asked.all.then_some(Period::All);
    all.or(asked.week.map(Period::Week))
        .or(asked.month)
        .or(asked.quarter)
        .or(days)
        .or_else(|| metrics::latest_complete_week(history).map(Period::Week))
        .unwrap_or(Period::All)
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
