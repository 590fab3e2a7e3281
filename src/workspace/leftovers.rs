//! What a run that was killed leaves behind: files it was about to move to their place. They hold customers' words, nobody
//! reads them, and nobody knows of them.

use std::{
    fs::{self, File},
    path::Path,
};

/// How files begin that are written beside their place, by this program and by its index.
const BEGINS: &str = ".tmp";

/// Removes leftovers of a workspace. Whoever calls holds its lock, so that nobody is writing, but for reports.
///
/// What cannot be removed does no harm, and is tried again by the next run.
pub fn remove(workspace: &Path) {
    for folder in ["", "index", "state", "books"] {
        remove_in(&workspace.join(folder));
    }
    for folder in fs::read_dir(workspace.join("reports"))
        .into_iter()
        .flatten()
        .flatten()
    {
        // Reports may be written while a run goes on.
        if let Ok(handle) = File::open(folder.path())
            && handle.try_lock().is_ok()
        {
            remove_in(&folder.path());
        }
    }
}

/// Says that files are being written in a folder, until dropped. Where the system cannot lock folders, nothing is said,
/// and nothing removed.
pub fn writing(folder: &Path) -> Option<File> {
    let handle = File::open(folder).ok()?;
    handle.lock_shared().ok().map(|()| handle)
}

fn remove_in(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_string_lossy().starts_with(BEGINS) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_is_half_written_goes_but_for_reports_that_are_being_written() {
        let workspace = tempfile::tempdir().unwrap();
        let at = |name: &str| workspace.path().join(name);
        for folder in ["index", "state", "reports/a", "reports/b"] {
            fs::create_dir_all(at(folder)).unwrap();
            fs::write(at(folder).join(".tmpAbC123"), "half").unwrap();
            fs::write(at(folder).join("whole"), "whole").unwrap();
        }
        let handle = writing(&at("reports/b"));
        remove(workspace.path());
        for folder in ["index", "state", "reports/a"] {
            assert_eq!(names(&at(folder)), ["whole"]);
        }
        if handle.is_some() {
            assert_eq!(names(&at("reports/b")), [".tmpAbC123", "whole"]);
        }
    }
}
