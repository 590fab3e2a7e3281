//! `vocable.toml` → each room's settings. Every setting has a default; a key nobody knows is refused.

use serde::Deserialize;
use std::{fs, path::Path};
use vocable::{
    actions::ActionPlan,
    analysis::{self, Stamp},
    error::{Error, Result, line_of_table},
    index::SavedSearch,
    ingest::{self, Mapping},
    language::{
        Lexicons, detect,
        embedding::{self, Embedding},
    },
    metrics, privacy, report, themes,
    workspace::books::{Committed, DRAFT},
};

/// All settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Reading files.
    pub ingest: ingest::Settings,
    /// Masking personal data.
    pub privacy: privacy::Settings,
    /// Telling languages.
    pub language: detect::Settings,
    /// Finding themes.
    pub themes: themes::Settings,
    /// What is read again when more comes in.
    pub analysis: Rereading,
    /// Counting.
    pub metrics: metrics::Settings,
    /// Writing reports.
    pub report: report::Settings,
    /// What to raise the alarm about.
    #[serde(rename = "alert")]
    pub alerts: Vec<metrics::Alert>,
    /// Searches to ask again by name, and topics that reports watch.
    #[serde(rename = "search")]
    pub searches: Vec<SavedSearch>,
}

/// What is read again when more comes in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rereading {
    /// As [`analysis::Settings::keep_from`]; `None` for its default.
    pub keep_from: Option<usize>,
}

impl Settings {
    /// Reads `vocable.toml` in a workspace, where there is one; and a mapping file, where one is named.
    pub fn read(workspace: &Path, mapping: Option<&Path>) -> Result<Self> {
        let path = workspace.join("vocable.toml");
        let mut settings = match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path)?,
            Err(error) if is_absent(&error) => Self::default(),
            Err(source) => {
                return Err(Error::Io {
                    path,
                    source,
                    remedy: "mend or remove the settings file",
                });
            }
        };
        if let Some(path) = mapping {
            settings.ingest.mapping = read_mapping(path)?;
        }
        Ok(settings)
    }

    fn parse(text: &str, path: &Path) -> Result<Self> {
        let wrong = |line: usize, reason: String| Error::Settings {
            place: format!("{}:{line}", path.display()),
            reason,
        };
        let settings: Self = toml::from_str(text)
            .map_err(|error| Error::of_toml(&error, text, &path.display().to_string()))?;
        settings.themes.validate()?;
        settings
            .metrics
            .check()
            .map_err(|reason| wrong(1, reason))?;
        settings.report.check().map_err(|reason| wrong(1, reason))?;
        for (place, alert) in settings.alerts.iter().enumerate() {
            let line = line_of_table(text, "alert", place);
            alert.check().map_err(|reason| wrong(line, reason))?;
        }
        for (place, search) in settings.searches.iter().enumerate() {
            let line = line_of_table(text, "search", place);
            let is_new = |before: &SavedSearch| before.name != search.name;
            if !settings.searches[..place].iter().all(is_new) {
                let name = &search.name;
                return Err(wrong(
                    line,
                    format!("another search is called \"{name}\" too; rename one"),
                ));
            }
            search.check().map_err(|reason| wrong(line, reason))?;
        }
        Ok(settings)
    }

    /// The settings of the analysis.
    pub fn analysis(&self) -> analysis::Settings {
        let default = analysis::Settings::default();
        analysis::Settings {
            language: self.language.clone(),
            themes: self.themes.clone(),
            keep_from: self.analysis.keep_from.unwrap_or(default.keep_from),
            ..default
        }
    }

    /// What analyses with these settings are stamped with. Reading and reporting settings are left out: they do not
    /// change what is learned about a record once it is read.
    pub fn stamp(&self, lexicons: &Lexicons, book: &Committed) -> Stamp {
        let mut hashes = lexicons.hashes.clone();
        hashes.extend(book.hash().map(|hash| (DRAFT.to_owned(), hash)));
        let shown = format!("{:?} {:?} {:?}", self.privacy, self.language, self.themes);
        Stamp {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: format!("{:016x}", xxhash_rust::xxh3::xxh3_64(shown.as_bytes())),
            lexicons: hashes,
        }
    }
}

/// True when there is no such file; where the workspace is no folder, making it will say so.
fn is_absent(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

/// Reads the action plan of a workspace; nothing is planned where there is none.
pub fn read_actions(workspace: &Path) -> Result<ActionPlan> {
    let path = workspace.join("actions.toml");
    match fs::read_to_string(&path) {
        Ok(text) => ActionPlan::parse(&text, &path.display().to_string()),
        Err(error) if is_absent(&error) => Ok(ActionPlan::default()),
        Err(source) => Err(Error::Io {
            path,
            source,
            remedy: "mend or remove the action plan",
        }),
    }
}

/// Reads a mapping file.
pub fn read_mapping(path: &Path) -> Result<Mapping> {
    let text = fs::read_to_string(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
        remedy: "name the mapping file that `vocable inspect` helped you write",
    })?;
    Mapping::parse(&text, &path.display().to_string())
}

/// Reads the static embedding model in a folder.
pub fn read_embedding(folder: &Path) -> Result<Embedding> {
    let read = |name: &str| {
        let path = folder.join(name);
        let unreadable = |source| Error::Io {
            path: path.clone(),
            source,
            remedy: "name the folder of a static embedding model, with its tokenizer.json and model.safetensors",
        };
        let size = fs::metadata(&path).map_err(unreadable)?.len();
        if size > embedding::LARGEST {
            return Err(Error::Settings {
                place: path.display().to_string(),
                reason: format!(
                    "{size} bytes are more than a static model has; name a smaller one"
                ),
            });
        }
        fs::read(&path).map_err(unreadable)
    };
    let (tokenizer, matrix) = (read("tokenizer.json")?, read("model.safetensors")?);
    Embedding::read(&tokenizer, &matrix, &folder.display().to_string())
}

/// Gives rayon its threads: as many as asked for, else one a core.
pub fn set_threads(threads: Option<u16>) {
    let threads = threads.map_or(0, usize::from);
    // Fails only when a pool exists already, which no command makes before this.
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global();
}
