//! A new index in the place of the old one, in one step where the system can.

use crate::error::{Error, Result};
use std::{fs, io, path::Path};

/// The new index, until it is in its place; afterwards what was there before.
pub const NEW: &str = "index.new";

/// The old index, for the moment in which neither is in its place, where the system cannot exchange folders.
const OLD: &str = "index.old";

fn failed(path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io {
        path: path.clone(),
        source,
        remedy: "check that the workspace can be written to, and try again; the index in place is as it was",
    }
}

/// Removes what a command that was killed left beside the index.
pub fn clear(workspace: &Path) -> Result<()> {
    for name in [NEW, OLD] {
        let path = workspace.join(name);
        match fs::remove_dir_all(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&path)(error)),
        }
    }
    Ok(())
}

/// Puts the new index, whole and synced, in its place, and removes the old one.
pub fn put_in_place(workspace: &Path) -> Result<()> {
    let (index, new) = (workspace.join("index"), workspace.join(NEW));
    exchange(workspace, &index, &new).map_err(failed(&index))?;
    #[cfg(unix)]
    fs::File::open(workspace)
        .and_then(|folder| folder.sync_all())
        .map_err(failed(workspace))?;
    clear(workspace)
}

/// Brings back an index that a killed command left in no place: the new one where it is whole, which it is when the old
/// one was moved away.
pub fn recover(workspace: &Path) {
    let index = workspace.join("index");
    if !index.exists() && workspace.join(OLD).exists() {
        let _ = fs::rename(workspace.join(NEW), &index);
    }
}

#[cfg(target_os = "linux")]
fn exchange(_: &Path, index: &Path, new: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, index, CWD, new, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(workspace: &Path, index: &Path, new: &Path) -> io::Result<()> {
    fs::rename(index, workspace.join(OLD))?;
    fs::rename(new, index)
}
