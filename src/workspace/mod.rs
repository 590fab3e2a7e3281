//! The folder on disk that keeps everything from run to run: index, state, reports, and the lock of whoever writes.
//!
//! The one commit point is the index's commit. It names the state file it goes with, which is written and synced
//! before; so whatever moment a run is ended at, the folder holds the last finished run or the new one, whole.

#![expect(
    clippy::disallowed_methods,
    reason = "the workspace is one of the rooms that open files"
)]

pub mod books;
mod check;
mod erase;
mod erased;
mod key;
mod leftovers;
mod lock;
mod merge;
mod state;
mod swap;
mod update;

pub use erase::{MOST_LOOKED_FOR, Receipt};
pub use lock::Lock;
pub use merge::Changes;
pub use state::LoggedEvent;

use crate::{
    analysis::{self, Analysis, AnalyzedFeedback, Context, Stamp, analyze},
    error::{Error, Result},
    feedback::{Feedback, FileBalance, RejectedRow},
    index::{Checkpoint, Names, Search, Standing, Store},
    language::{Lexicons, Stems},
    metrics::History,
    observe::Watcher,
    privacy::Key,
    report::ReportFile,
    themes::{Book, Theme, ThemeChange, ThemeEvent},
};
use jiff::civil::Date;
use state::State;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// The file that makes a folder of files an index.
const INDEX_FILE: &str = "meta.json";

/// An open workspace.
pub struct Workspace {
    folder: PathBuf,
    store: Store,
    state: State,
    book: books::Committed,
}

/// What analysing the whole anew goes by.
#[derive(Clone, Copy)]
pub struct Anew<'a> {
    /// What words mean, the phrases of the theme book among them.
    pub lexicons: &'a Lexicons,
    /// How terms are made of words.
    pub stems: &'a Stems,
    /// The settings.
    pub settings: &'a analysis::Settings,
    /// What the analysis is stamped with.
    pub stamp: &'a Stamp,
    /// Who watches.
    pub watcher: &'a dyn Watcher,
}

impl Anew<'_> {
    fn context<'w>(&'w self, workspace: &'w Workspace) -> Context<'w> {
        Context {
            memory: &workspace.state.memory,
            book: &workspace.book.book,
            ..Context::new(self.lexicons, self.settings)
        }
    }
}

/// What a run brings in: feedback without repeats, sorted by key, and what became of the files.
pub struct Incoming {
    /// Sorted by key, no key twice.
    pub feedback: Vec<Feedback>,
    /// The balance of each file read.
    pub files: Vec<FileBalance>,
    /// The rows refused.
    pub rejected: Vec<RejectedRow>,
}

impl Workspace {
    /// Opens the workspace in a folder, making it where there is none.
    pub fn open_or_create(folder: &Path, stems: impl Into<Stems>) -> Result<Self> {
        swap::recover(folder);
        for part in [
            folder.to_owned(),
            folder.join("index"),
            folder.join("state"),
            folder.join("reports"),
        ] {
            make_private_folder(&part)?;
        }
        refuse_foreign_index(&folder.join("index"))?;
        Self::open_parts(folder, &stems.into(), Store::open)
    }

    /// Opens a workspace that exists; says how to make one where it does not.
    pub fn open(folder: &Path, stems: impl Into<Stems>) -> Result<Self> {
        Self::must_exist(folder)?;
        Self::open_parts(folder, &stems.into(), Store::open)
    }

    /// Says how to make a workspace where a folder holds none.
    pub fn must_exist(folder: &Path) -> Result<()> {
        swap::recover(folder);
        // Looking must not make an index: a run may be about to.
        if folder.join("index").join(INDEX_FILE).is_file() {
            return Ok(());
        }
        Err(Error::Workspace {
            path: folder.to_owned(),
            reason: "there is none yet; make one with `vocable run FILES`, or name another with --workspace".to_owned(),
        })
    }

    fn open_parts(
        folder: &Path,
        stems: &Stems,
        open: fn(&Path, &Stems) -> Result<Store>,
    ) -> Result<Self> {
        let store = open(&folder.join("index"), stems)?;
        let mut checkpoint = store.checkpoint()?;
        let state = loop {
            // Records and state must be of one commit, whoever commits meanwhile.
            store.refresh()?;
            let latest = store.checkpoint()?;
            if latest != checkpoint {
                checkpoint = latest;
                continue;
            }
            let Some(current) = &checkpoint else {
                break State::default();
            };
            let path = folder.join("state").join(&current.state);
            match fs::read(&path) {
                Ok(bytes) => break State::parse(&bytes, &path)?,
                Err(source) => {
                    let latest = store.checkpoint()?;
                    if latest == checkpoint {
                        return Err(Error::Io {
                            path,
                            source,
                            remedy: "the workspace has lost this file; put it back from a copy, or run again on all your files with another --workspace",
                        });
                    }
                    // A run has committed since: its state file is the one to read.
                    checkpoint = latest;
                }
            }
        };
        Ok(Self {
            folder: folder.to_owned(),
            store,
            state,
            book: books::latest(folder)?,
        })
    }

    /// Takes the right to write; the error names who holds it.
    pub fn lock(folder: &Path) -> Result<Lock> {
        make_private_folder(folder)?;
        let lock = Lock::take(folder)?;
        leftovers::remove(folder);
        // Where a command was killed after the exchange, what lies beside the index is the old one: what it holds was erased.
        swap::recover(folder);
        swap::clear(folder)?;
        Ok(lock)
    }

    /// The theme book in force.
    pub fn book(&self) -> &books::Committed {
        &self.book
    }

    /// What the analysis would be with another book: nothing is stored.
    pub fn preview(
        &self,
        book: &Book,
        lexicons: &Lexicons,
        settings: &analysis::Settings,
        watcher: &dyn Watcher,
    ) -> Result<Analysis> {
        let now = self.analysis()?;
        let context = Context {
            memory: &self.state.memory,
            book,
            ..Context::new(lexicons, settings)
        };
        Ok(analyze(
            now.records,
            now.files,
            now.rejected,
            &context,
            now.stamp,
            watcher,
        ))
    }

    /// True where all records were analysed at once, so that analysing them again would say the same of each; a large workspace
    /// keeps what it learned before (see [`analysis::add`]).
    pub fn is_read_whole(&self) -> bool {
        self.state.read_whole == self.state.history.records
    }

    /// The themes of the last finished run.
    pub fn themes(&self) -> &[Theme] {
        &self.state.themes
    }

    /// The secret that customers' pseudonyms are made with; made where nothing was stored yet.
    pub fn key(&self) -> Result<Key> {
        match self.store.checkpoint()? {
            Some(_) => key::read(&self.folder),
            None => key::read_or_make(&self.folder),
        }
    }

    /// The records, ready to be searched.
    pub fn search(&self, stems: &Stems) -> Result<Search<'_>> {
        let names = Names {
            themes: &self.state.themes,
            files: &self.state.files,
            key: self.key().ok(),
        };
        Search::new(&self.store, names, stems)
    }

    /// What all feedback says about time, as the last finished run left it.
    pub fn history(&self) -> &History {
        &self.state.history
    }

    /// Everything known, as the last finished run left it.
    pub fn analysis(&self) -> Result<Analysis> {
        let (records, _) = self.store.load(&self.state.themes)?;
        Ok(self.with_records(records))
    }

    /// What is known of some days only, each range first to last day.
    pub fn analysis_of_days(&self, days: &[(Date, Date)]) -> Result<Analysis> {
        Ok(self.with_records(self.store.load_days(days, &self.state.themes)?))
    }

    fn with_records(&self, records: Vec<AnalyzedFeedback>) -> Analysis {
        Analysis {
            records,
            themes: self.state.themes.clone(),
            memory: self.state.memory.clone(),
            events: Vec::new(),
            files: self.state.files.clone(),
            rejected: self.state.rejected.clone(),
            stamp: self.state.stamp.clone(),
        }
    }

    /// Writes the state that goes with an analysis, and returns it with its name. No commit names it yet. The history is that of
    /// all records, of which the analysis may hold some.
    fn write_state(
        &self,
        analysis: &Analysis,
        history: History,
        read_whole: u64,
    ) -> Result<(State, String)> {
        let state = State {
            themes: analysis.themes.clone(),
            memory: analysis.memory.clone(),
            log: self.logged(&analysis.events, &history),
            files: analysis.files.clone(),
            rejected: analysis.rejected.clone(),
            stamp: analysis.stamp.clone(),
            history,
            read_whole,
            erased: self.state.erased.clone(),
        };
        let (name, bytes) = state.to_file();
        write_whole(&self.folder.join("state"), &name, &bytes)?;
        Ok((state, name))
    }

    /// Writes an analysis to a new index that takes the old one's place in one step, and removes the old one with all
    /// states before. Returns the name of the new state.
    fn write_anew(
        &mut self,
        analysis: &Analysis,
        stems: &Stems,
        watcher: &dyn Watcher,
    ) -> Result<String> {
        let (state, name) = self.write_state(
            analysis,
            History::of(analysis),
            analysis.records.len() as u64,
        )?;
        let beside = self.folder.join(swap::NEW);
        swap::clear(&self.folder)?;
        make_private_folder(&beside)?;
        let checkpoint = Checkpoint::new(name.clone());
        let standings = vec![Standing::New; analysis.records.len()];
        Store::open(&beside, stems)?.replace(analysis, &standings, &checkpoint, watcher)?;
        swap::put_in_place(&self.folder)?;
        self.store = Store::open(&self.folder.join("index"), stems)?;
        self.state = state;
        remove_others(&self.folder.join("state"), &[Some(name.clone())]);
        Ok(name)
    }

    /// Analyses all stored records anew and writes the index anew, also one that an older version of this program wrote.
    ///
    /// Returns the number of records. Whoever calls holds the lock.
    pub fn rebuild(folder: &Path, anew: Anew<'_>) -> Result<u64> {
        let mut workspace = Self::open_parts(folder, anew.stems, Store::open_any)?;
        let now = workspace.analysis()?;
        let context = anew.context(&workspace);
        let analysis = analyze(
            now.records,
            now.files,
            now.rejected,
            &context,
            anew.stamp.clone(),
            anew.watcher,
        );
        workspace.write_anew(&analysis, anew.stems, anew.watcher)?;
        Ok(analysis.records.len() as u64)
    }

    /// The log with what happened to themes. A theme is retired once, when it was told of the time before.
    fn logged(&self, events: &[ThemeEvent], history: &History) -> Vec<LoggedEvent> {
        let on = history.span.map(|(_, last)| last.to_string());
        let was_told = |event: &ThemeEvent| {
            event.change != ThemeChange::Retired
                || self.state.themes.iter().any(|theme| theme.id == event.id)
        };
        let mut log = self.state.log.clone();
        let events = events.iter().filter(|event| was_told(event));
        log.extend(events.map(|event| LoggedEvent {
            on: on.clone(),
            event: event.clone(),
        }));
        log
    }

    /// What happened to themes, oldest first.
    pub fn theme_log(&self) -> &[LoggedEvent] {
        &self.state.log
    }

    /// Writes a report's files to `reports/<name>/` and returns that folder. Files of the same names are replaced whole.
    pub fn write_report(&self, name: &str, files: &[ReportFile]) -> Result<PathBuf> {
        // A report may be written anywhere; a workspace that others may only read stays as it is.
        let elsewhere = |error| match error {
            Error::Io { path, source, .. } => Error::Io {
                path,
                source,
                remedy: "make room on the disk, or write the report to another folder: `vocable report --output FOLDER`",
            },
            other => other,
        };
        let folder = self.folder.join("reports").join(name);
        make_private_folder(&folder).map_err(elsewhere)?;
        let _writing = leftovers::writing(&folder);
        for file in files {
            write_whole(&folder, file.name, &file.bytes).map_err(elsewhere)?;
        }
        Ok(folder)
    }
}

/// Writes a file beside its place and moves it there, so that nobody ever reads half of it.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let failed = |source| Error::Io {
        path: folder.join(name),
        source,
        remedy: "make room on the disk, or check who may write there; what was stored before is still there",
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(folder.join(name))
        .map_err(|error| failed(error.error))?;
    // The name must last as long as the bytes: a commit may be about to rely on it.
    #[cfg(unix)]
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    Ok(())
}

/// Refuses a folder with files in it that make no index: they are somebody else's. A run that was killed before its index
/// was one leaves hidden files only.
fn refuse_foreign_index(folder: &Path) -> Result<()> {
    if folder.join(INDEX_FILE).is_file() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with('.') {
            return Err(Error::Workspace {
                path: folder.to_owned(),
                reason: format!(
                    "{} was not written by this program; choose another folder with --workspace",
                    entry.file_name().to_string_lossy()
                ),
            });
        }
    }
    Ok(())
}

/// Removes the state files that no commit names any more. What cannot be removed does no harm.
fn remove_others(folder: &Path, keep: &[Option<String>]) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_kept = keep
            .iter()
            .flatten()
            .any(|name| entry.file_name() == name.as_str());
        if !is_kept {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes a folder that only its owner can look into: it will hold customers' words.
fn make_private_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| Error::Io {
        path: folder.to_owned(),
        source,
        remedy: "choose a folder that can be written to with --workspace",
    })
}
