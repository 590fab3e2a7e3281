//! The theme books that were committed, one file each, numbered; the last one is in force. The draft is `themes.toml`.

use crate::{
    error::{Error, Result},
    themes::Book,
    workspace::{make_private_folder, write_whole},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use xxhash_rust::xxh3::xxh3_64;

/// The draft, in the workspace.
pub const DRAFT: &str = "themes.toml";

/// Where committed books are.
const FOLDER: &str = "books";

/// A committed book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// From 1; 0 before the first commit.
    pub number: u32,
    /// The book.
    pub book: Book,
    /// As it was written.
    pub text: String,
}

impl Committed {
    /// What an analysis by this book is stamped with; `None` where it decides nothing.
    pub fn hash(&self) -> Option<String> {
        let decides = !self.book.entries.is_empty();
        decides.then(|| format!("{:016x}", xxh3_64(self.text.as_bytes())))
    }
}

/// The numbers of the committed books, rising.
pub fn numbers(workspace: &Path) -> Vec<u32> {
    let files = fs::read_dir(workspace.join(FOLDER)).into_iter().flatten();
    let mut numbers: Vec<u32> = files
        .flatten()
        .filter_map(|file| {
            let name = file.file_name();
            name.to_str()?.strip_suffix(".toml")?.parse().ok()
        })
        .collect();
    numbers.sort_unstable();
    numbers
}

/// A committed book by its number.
pub fn read(workspace: &Path, number: u32) -> Result<Committed> {
    let path = place(workspace, number);
    let text = fs::read_to_string(&path).map_err(|source| Error::Io {
        path: path.clone(),
        source,
        remedy: "`vocable themes log` shows the numbers of the books that were committed",
    })?;
    Ok(Committed {
        number,
        book: Book::parse(&text, &path.display().to_string())?,
        text,
    })
}

/// The book in force; nothing is decided before the first commit.
pub fn latest(workspace: &Path) -> Result<Committed> {
    match numbers(workspace).last() {
        Some(number) => read(workspace, *number),
        None => Ok(Committed::default()),
    }
}

/// The draft, and its text; the book in force where there is none.
pub fn draft(workspace: &Path) -> Result<(Book, String)> {
    let path = workspace.join(DRAFT);
    match fs::read_to_string(&path) {
        Ok(text) => Ok((Book::parse(&text, DRAFT)?, text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let Committed { book, text, .. } = latest(workspace)?;
            Ok((book, text))
        }
        Err(source) => Err(Error::Io {
            path,
            source,
            remedy: "check that the file can be read and is UTF-8",
        }),
    }
}

/// Writes the draft.
pub fn write_draft(workspace: &Path, text: &str) -> Result<()> {
    write_whole(workspace, DRAFT, text.as_bytes())
}

/// Puts a book in force and returns its number. Nothing that was committed is changed.
pub fn commit(workspace: &Path, text: &str) -> Result<u32> {
    let folder = workspace.join(FOLDER);
    make_private_folder(&folder)?;
    let number = numbers(workspace).last().map_or(1, |last| last + 1);
    write_whole(&folder, &name(number), text.as_bytes())?;
    Ok(number)
}

fn name(number: u32) -> String {
    format!("{number:04}.toml")
}

fn place(workspace: &Path, number: u32) -> PathBuf {
    workspace.join(FOLDER).join(name(number))
}
