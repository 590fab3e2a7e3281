//! Tables of words: the program's own, or a folder's in their place.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};
use vocable::{
    error::{Error, Result},
    language::{Lexicons, Stems, Tables, embedded_tables},
};

/// The lexicons under a folder: what is not there is the program's own. Without a folder, the `lexicons` folder of the
/// workspace where it has one; without both, the program's own.
pub fn open(folder: Option<&Path>, workspace: Option<&Path>) -> Result<Lexicons> {
    match folder
        .map(PathBuf::from)
        .or_else(|| workspace.and_then(own_of))
    {
        Some(folder) => Lexicons::read(&tables_of(&folder)?),
        None => Lexicons::embedded(),
    }
}

/// What words are cut and stemmed by in a workspace: all that a search needs, in a fraction of the time.
pub fn open_stems(workspace: &Path) -> Result<Stems> {
    match own_of(workspace) {
        Some(folder) => Stems::read(&tables_of(&folder)?),
        None => Stems::read(&embedded_tables()),
    }
}

/// The folder of tables that a workspace has of its own.
fn own_of(workspace: &Path) -> Option<PathBuf> {
    Some(workspace.join("lexicons")).filter(|folder| folder.is_dir())
}

/// The tables under a folder, the program's own where it has none.
pub fn tables_of(folder: &Path) -> Result<[Tables; 2]> {
    let mut tables = embedded_tables();
    let mut found = false;
    for tables in &mut tables {
        let own = folder.join(tables.code);
        if !own.is_dir() {
            continue;
        }
        tables.folder = own.display().to_string();
        let Tables {
            language,
            polarity,
            modifiers,
            rules,
            cues,
            concepts,
            vectors,
            stop_words,
            stop_labels,
            ..
        } = tables;
        for (name, table) in [
            ("language.toml", language),
            ("polarity.tsv", polarity),
            ("modifiers.tsv", modifiers),
            ("rules.tsv", rules),
            ("cues.tsv", cues),
            ("concepts.tsv", concepts),
            ("vectors.tsv", vectors),
            ("stop_words.txt", stop_words),
            ("stop_labels.txt", stop_labels),
        ] {
            if let Some(text) = read(&own.join(name))? {
                // A spreadsheet marks its files and ends its lines its own way.
                let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
                *table = Cow::Owned(text);
                found = true;
            }
        }
    }
    if found {
        return Ok(tables);
    }
    Err(Error::Settings {
        place: folder.display().to_string(),
        reason: "no table of words is here; a folder of lexicons holds fr/polarity.tsv, en/rules.tsv and the like"
            .to_owned(),
    })
}

fn read(path: &Path) -> Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error.as_bytes()[..valid]
                    .iter()
                    .filter(|byte| **byte == b'\n')
                    .count()
                    + 1;
                Err(Error::Settings {
                    place: format!("{}:{line}", path.display()),
                    reason: "this is not UTF-8; save the table as UTF-8".to_owned(),
                })
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io {
            path: path.to_owned(),
            source,
            remedy: "check that the table can be read",
        }),
    }
}

/// Writes a table into a folder, made where it is missing, as a whole: whoever reads it meets the old table or the new one.
pub fn write_table(folder: &Path, name: &str, text: &str) -> Result<()> {
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io {
            path,
            source,
            remedy: "name a folder that can be written with --into",
        }
    };
    fs::create_dir_all(folder).map_err(unwritable(folder))?;
    let path = folder.join(name);
    let beside = path.with_extension("tsv.new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, &path))
        .map_err(unwritable(&path))
}
