//! Which files a run reads, in which order, under which names.

use crate::error::{Error, Result};
use std::{
    collections::{BTreeMap, BTreeSet},
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
/// Hidden files are skipped. A link in a folder is followed where it stays within the folders that were named; one that
/// leads out of them is skipped and told of, or with `follow_links` followed too. A file that is found by its own path and
/// by a link goes by its own. A path that is not there is an error. No path gives no file.
pub(super) fn list(paths: &[PathBuf], follow_links: bool) -> Result<Found> {
    let is_stdin = |path: &&PathBuf| path.as_os_str() == STDIN.0;
    let mut named: Vec<(&PathBuf, PathBuf, bool)> = Vec::new();
    for path in paths.iter().filter(|path| !is_stdin(path)) {
        let whole = fs::canonicalize(path).map_err(|source| io_error(path, source))?;
        let is_folder = fs::metadata(&whole)
            .map_err(|source| io_error(path, source))?
            .is_dir();
        named.push((path, whole, is_folder));
    }
    let roots: Vec<PathBuf> = (named.iter())
        .filter(|(_, _, is_folder)| *is_folder)
        .map(|(_, whole, _)| whole.clone())
        .collect();
    let mut files: Vec<Listed> = Vec::new();
    let mut warnings = Vec::new();
    for (path, whole, is_folder) in named {
        if !is_folder {
            files.push(Listed {
                at: whole.clone(),
                whole,
                depth: 0,
                is_link: false,
                is_named: true,
            });
            continue;
        }
        let mut walk = Walk {
            roots: &roots,
            follow_links,
            entered: BTreeSet::new(),
            links: Vec::new(),
            files: Vec::new(),
            warnings: &mut warnings,
        };
        walk.all(&whole)
            .map_err(|(at, source)| io_error(&at, source))?;
        let below = walk.files;
        if below.is_empty() {
            warnings.push(format!(
                "{}: the folder holds no file to read",
                path.display()
            ));
        }
        files.extend(below);
    }
    // A file named and found in a folder too goes by its name in the folder; a folder in a folder by the upper one.
    files.sort_by(|a, b| {
        let by_place = a.whole.cmp(&b.whole).then(a.is_link.cmp(&b.is_link));
        by_place.then(b.depth.cmp(&a.depth)).then(a.at.cmp(&b.at))
    });
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
    /// Where it is, without links.
    whole: PathBuf,
    /// Where it was found: by a link, its path is another.
    at: PathBuf,
    is_link: bool,
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

/// What could not be looked at, and why.
type Failed = (PathBuf, io::Error);

/// A walk through a folder.
struct Walk<'w> {
    /// The folders that were named.
    roots: &'w [PathBuf],
    follow_links: bool,
    /// Folders that were looked into, so that links in a ring come to an end.
    entered: BTreeSet<PathBuf>,
    /// Links found and not followed yet, with their depth.
    links: Vec<(PathBuf, usize)>,
    files: Vec<Listed>,
    warnings: &'w mut Vec<String>,
}

impl Walk<'_> {
    /// Walks through a folder; links come last and in the order of their names, whatever order the disk keeps.
    fn all(&mut self, root: &Path) -> std::result::Result<(), Failed> {
        self.enter(root.to_owned(), root, 1, false)?;
        while !self.links.is_empty() {
            let mut links = std::mem::take(&mut self.links);
            links.sort_unstable();
            for (at, depth) in links {
                self.follow(&at, depth)?;
            }
        }
        Ok(())
    }

    /// Looks into the folder `whole`, found at `at`.
    fn enter(
        &mut self,
        whole: PathBuf,
        at: &Path,
        depth: usize,
        is_link: bool,
    ) -> std::result::Result<(), Failed> {
        let fail = |source: io::Error| (at.to_owned(), source);
        let entries = fs::read_dir(&whole).map_err(fail)?;
        if !self.entered.insert(whole) {
            return Ok(());
        }
        for entry in entries {
            let entry = entry.map_err(fail)?;
            let kind = entry.file_type().map_err(fail)?;
            let name = entry.file_name();
            if name.to_string_lossy().starts_with('.') {
                continue;
            }
            let (whole, at) = (entry.path(), at.join(name));
            if kind.is_dir() {
                self.enter(whole, &at, depth + 1, is_link)?;
            } else if kind.is_file() {
                self.files.push(Listed {
                    whole,
                    at,
                    is_link,
                    depth,
                    is_named: false,
                });
            } else if kind.is_symlink() {
                self.links.push((at, depth));
            } else {
                self.warn(&at, "a device was skipped; name it to read it");
            }
        }
        Ok(())
    }

    fn follow(&mut self, at: &Path, depth: usize) -> std::result::Result<(), Failed> {
        let Ok(whole) = fs::canonicalize(at) else {
            self.warn(at, "a link that leads nowhere was skipped");
            return Ok(());
        };
        let is_inside = self.roots.iter().any(|root| whole.starts_with(root));
        if !is_inside && !self.follow_links {
            self.warn(
                at,
                "a link out of the folder was skipped; name it, or use --follow-links",
            );
            return Ok(());
        }
        let kind = fs::metadata(&whole).map_err(|source| (at.to_owned(), source))?;
        if kind.is_dir() {
            return self.enter(whole, at, depth + 1, true);
        }
        if kind.is_file() {
            self.files.push(Listed {
                whole,
                at: at.to_owned(),
                is_link: true,
                depth,
                is_named: false,
            });
        } else {
            self.warn(at, "a device was skipped; name it to read it");
        }
        Ok(())
    }

    fn warn(&mut self, at: &Path, what: &str) {
        self.warnings.push(format!("{}: {what}", at.display()));
    }
}

/// Names that tell the files apart: as short as the user's arguments allow, with folders before where needed.
fn names(files: &[Listed]) -> Vec<String> {
    let mut depths: Vec<usize> = files.iter().map(|file| file.depth).collect();
    loop {
        let names: Vec<String> = files
            .iter()
            .zip(&depths)
            .map(|(file, &depth)| name(&file.at, depth))
            .collect();
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &names {
            *uses.entry(name).or_default() += 1;
        }
        let is_shared: Vec<bool> = names.iter().map(|name| uses[name.as_str()] > 1).collect();
        let mut changed = false;
        for (at, file) in files.iter().enumerate() {
            if is_shared[at] && depths[at] < file.at.components().count() {
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
        let (inputs, _) = list(&paths, false).unwrap();
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
        let (inputs, _) = list(&["-".into(), "-".into()], false).unwrap();
        let names: Vec<_> = inputs
            .iter()
            .map(|input| (&input.path, input.name.as_str()))
            .collect();
        assert_eq!(names, [(&None, "standard input")]);
    }

    #[test]
    fn a_missing_path_says_what_to_do() {
        let error = list(&[PathBuf::from("/no/such/file.csv")], false)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("/no/such/file.csv: "), "{error}");
        assert!(error.ends_with("; check the path"), "{error}");
    }

    /// Makes links, each a path and what it leads to, and says what is listed of the folder `in`, and how many warnings.
    #[cfg(unix)]
    #[track_caller]
    fn check_links(links: &[(&str, &str)], follow: bool, expected: &[&str], warned: usize) {
        let folder = folder(&["in/a.csv", "in/x/b.csv", "in/.h/c.csv", "out/d.csv"]);
        for (at, to) in links {
            std::os::unix::fs::symlink(folder.path().join(to), folder.path().join(at)).unwrap();
        }
        let (inputs, warnings) = list(&[folder.path().join("in")], follow).unwrap();
        let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, expected);
        assert_eq!(warnings.len(), warned, "{warnings:?}");
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_a_folder_are_followed_when_asked_only() {
        let links = [("in/link", "out"), ("in/one.csv", "out/d.csv")];
        check_links(&links, false, &["in/a.csv", "in/x/b.csv"], 2);
        check_links(
            &links[..1],
            true,
            &["in/a.csv", "in/link/d.csv", "in/x/b.csv"],
            0,
        );
        check_links(
            &links,
            true,
            &["in/a.csv", "in/link/d.csv", "in/x/b.csv"],
            0,
        );
        check_links(
            &[("in/gone", "nowhere")],
            true,
            &["in/a.csv", "in/x/b.csv"],
            1,
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_within_a_folder_give_each_file_once() {
        check_links(
            &[
                ("in/0", "in/x"),
                ("in/0.csv", "in/a.csv"),
                ("in/x/up", "in"),
            ],
            false,
            &["in/a.csv", "in/x/b.csv"],
            0,
        );
        // As a cluster lays out mounted settings: the file lies in a hidden folder, and a link names it.
        check_links(
            &[("in/c.csv", "in/.h/c.csv")],
            false,
            &["in/a.csv", "in/c.csv", "in/x/b.csv"],
            0,
        );
    }
}
