//! One run writes at a time; the lock says which.

use crate::error::{Error, Result};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
};

/// The right to write to a workspace, held until dropped. The operating system frees it when the process ends, however it ends.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a workspace folder, which must exist; the error names who holds it.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join("lock");
        let failed = |source| Error::Io {
            path: path.clone(),
            source,
            remedy: "make room on the disk, or choose a workspace that can be written to with --workspace",
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                let _ = file.read_to_string(&mut owner);
                return Err(Error::Workspace {
                    path: folder.to_owned(),
                    reason: format!(
                        "another run is writing to it ({}); wait for it to end, or use another --workspace",
                        owner.trim()
                    ),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).map_err(failed)?;
        file.rewind().map_err(failed)?;
        writeln!(file, "process {}{}", std::process::id(), on_machine()).map_err(failed)?;
        Ok(Self { _file: file })
    }
}

/// The name of this machine, where the system tells it: workspaces lie on shared disks, too.
fn on_machine() -> String {
    #[cfg(unix)]
    if let Ok(name) = rustix::system::uname().nodename().to_str()
        && !name.is_empty()
    {
        return format!(" on {name}");
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        let error = Lock::take(folder.path()).err().unwrap().to_string();
        assert!(
            error.contains(&format!("process {}", std::process::id())),
            "{error}"
        );
        drop(first);
        assert!(Lock::take(folder.path()).is_ok());
    }
}
