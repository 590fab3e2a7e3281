//! Which files a run reads, in which order, under which names.

use crate::error::{Error, Result};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Input {
    /// `None` for standard input.
    pub path: Option<PathBuf>,
    /// The name reports give it, see [`crate::feedback::Origin::file`].
    pub name: String,
    /// True when the user named the file itself, not a folder above.
    pub is_named: bool,
}

/// Files found, and what to say about others.
pub(super) type Found = (Vec<Input>, Vec<String>);

/// The name of standard input, as a path and in reports.
pub(super) const STDIN: (&str, &str) = ("-", "standard input");

/// Lists the files of `paths`, folders and all below them, sorted by path; each file once. `-` is standard input.
///
/// Hidden files are skipped; links in folders are not followed, and named. A path that is not there is an error.
/// No path gives no file.
pub(super) fn list(paths: &[PathBuf]) -> Result<Found> {
    let mut files: Vec<Listed> = Vec::new();
    let mut warnings = Vec::new();
    let is_stdin = |path: &&PathBuf| path.as_os_str() == STDIN.0;
    for path in paths.iter().filter(|path| !is_stdin(path)) {
        let whole = fs::canonicalize(path).map_err(|source| io_error(path, source))?;
        let is_folder = fs::metadata(&whole)
            .map_err(|source| io_error(path, source))?
            .is_dir();
        if is_folder {
            let mut below = Vec::new();
            walk(&whole, 1, &mut below, &mut warnings)
                .map_err(|(at, source)| io_error(&at, source))?;
            if below.is_empty() {
                warnings.push(format!(
                    "{}: the folder holds no file to read",
                    path.display()
                ));
            }
            files.extend(below.into_iter().map(|(depth, whole)| Listed {
                whole,
                depth,
                is_named: false,
            }));
        } else {
            files.push(Listed {
                whole,
                depth: 0,
                is_named: true,
            });
        }
    }
    // A file named and found in a folder too goes by its name in the folder; a folder in a folder by the upper one.
    files.sort_by(|a, b| a.whole.cmp(&b.whole).then(b.depth.cmp(&a.depth)));
    for at in (1..files.len()).rev() {
        if files[at].whole == files[at - 1].whole {
            files[at - 1].is_named |= files[at].is_named;
            files.remove(at);
        }
    }
    let names = names(&files);
    let named = files.into_iter().zip(names);
    let mut inputs: Vec<Input> = named
        .map(|(file, name)| Input {
            path: Some(file.whole),
            name,
            is_named: file.is_named,
        })
        .collect();
    inputs.extend(paths.iter().find(is_stdin).map(|_| Input {
        path: None,
        name: STDIN.1.to_owned(),
        is_named: true,
    }));
    // By name, which does not depend on where the folders are on this machine.
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    warnings.sort_unstable();
    Ok((inputs, warnings))
}

struct Listed {
    whole: PathBuf,
    /// Folders between the file and what the user named; that folder counts.
    depth: usize,
    is_named: bool,
}

fn io_error(path: &Path, source: io::Error) -> Error {
    let remedy = match source.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::PermissionDenied => "check who may read it",
        _ => "check the file and the disk",
    };
    Error::Io {
        path: path.to_owned(),
        source,
        remedy,
    }
}

fn walk(
    folder: &Path,
    depth: usize,
    files: &mut Vec<(usize, PathBuf)>,
    warnings: &mut Vec<String>,
) -> std::result::Result<(), (PathBuf, io::Error)> {
    let fail = |source: io::Error| (folder.to_owned(), source);
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        let kind = entry.file_type().map_err(fail)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            walk(&path, depth + 1, files, warnings)?;
        } else if kind.is_file() {
            files.push((depth, path));
        } else {
            warnings.push(format!(
                "{}: a link or a device was skipped; name it to read it",
                path.display()
            ));
        }
    }
    Ok(())
}

/// Names that tell the files apart: as short as the user's arguments allow, with folders before where needed.
fn names(files: &[Listed]) -> Vec<String> {
    let mut depths: Vec<usize> = files.iter().map(|file| file.depth).collect();
    loop {
        let names: Vec<String> = files
            .iter()
            .zip(&depths)
            .map(|(file, &depth)| name(&file.whole, depth))
            .collect();
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &names {
            *uses.entry(name).or_default() += 1;
        }
        let is_shared: Vec<bool> = names.iter().map(|name| uses[name.as_str()] > 1).collect();
        let mut changed = false;
        for (at, file) in files.iter().enumerate() {
            if is_shared[at] && depths[at] < file.whole.components().count() {
                depths[at] += 1;
                changed = true;
            }
        }
        if !changed {
            return names;
        }
    }
}

/// The file's name after so many of its folders.
fn name(path: &Path, depth: usize) -> String {
    let mut parts: Vec<String> = path
        .components()
        .rev()
        .filter(|part| matches!(part, std::path::Component::Normal(_)))
        .take(depth + 1)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.reverse();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            #[allow(clippy::disallowed_methods, reason = "a test makes its files")]
            fs::write(path, "x").unwrap();
        }
        folder
    }

    #[track_caller]
    fn check(files: &[&str], named: &[&str], expected: &[&str]) {
        let folder = folder(files);
        let paths: Vec<PathBuf> = named.iter().map(|path| folder.path().join(path)).collect();
        let (inputs, _) = list(&paths).unwrap();
        let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn files_go_by_the_shortest_name_that_tells_them_apart() {
        check(
            &[
                "demo/b.csv",
                "demo/a.csv",
                "demo/x/c.csv",
                "demo/.h",
                "demo/.d/y",
            ],
            &["demo"],
            &["demo/a.csv", "demo/b.csv", "demo/x/c.csv"],
        );
        check(
            &["a/f.csv", "b/g.csv"],
            &["b/g.csv", "a/f.csv"],
            &["f.csv", "g.csv"],
        );
        check(
            &["a/f.csv", "b/f.csv"],
            &["b/f.csv", "a/f.csv"],
            &["a/f.csv", "b/f.csv"],
        );
        check(
            &["p/a/f.csv", "q/a/f.csv"],
            &["p/a", "q/a"],
            &["p/a/f.csv", "q/a/f.csv"],
        );
        check(
            &["demo/a.csv"],
            &["demo", "demo/a.csv", "demo"],
            &["demo/a.csv"],
        );
        check(&[], &[], &[]);
    }

    #[test]
    fn a_dash_is_standard_input_once() {
        let (inputs, _) = list(&["-".into(), "-".into()]).unwrap();
        let names: Vec<_> = inputs
            .iter()
            .map(|input| (&input.path, input.name.as_str()))
            .collect();
        assert_eq!(names, [(&None, "standard input")]);
    }

    #[test]
    fn a_missing_path_says_what_to_do() {
        let error = list(&[PathBuf::from("/no/such/file.csv")])
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("/no/such/file.csv: "), "{error}");
        assert!(error.ends_with("; check the path"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_in_folders_are_not_followed() {
        let folder = folder(&["in/a.csv", "out/b.csv"]);
        std::os::unix::fs::symlink(folder.path().join("out"), folder.path().join("in/link"))
            .unwrap();
        let (inputs, warnings) = list(&[folder.path().join("in")]).unwrap();
        assert_eq!((inputs.len(), warnings.len()), (1, 1));
    }
}
