//! The workspace's secret: made once, kept in a file that only its owner can read.

use super::write_whole;
use crate::{
    error::{Error, Result},
    privacy::Key,
};
use std::{fs, io, path::Path};

/// The file that keeps it.
const FILE: &str = "key";

/// Reads the key of a workspace that holds feedback. Another key would give every customer a new name, so none is made.
pub fn read(folder: &Path) -> Result<Key> {
    existing(folder)?.ok_or_else(|| {
        unusable(
            folder,
            "it is gone, and customers in this workspace are named by it; put the file back from a copy, or run again on all your files with another --workspace",
        )
    })
}

/// Reads the key of a workspace; makes one where there is none.
pub fn read_or_make(folder: &Path) -> Result<Key> {
    if let Some(key) = existing(folder)? {
        return Ok(key);
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| {
        unusable(
            folder,
            "no random number to be had for a key; write 64 hexadecimal digits into it",
        )
    })?;
    let key = Key::new(bytes);
    write_whole(folder, FILE, format!("{}\n", key.to_text()).as_bytes())?;
    Ok(key)
}

/// The key in the file; `None` where there is no file.
fn existing(folder: &Path) -> Result<Option<Key>> {
    let path = folder.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Key::parse(&text).map(Some).ok_or_else(|| {
            unusable(
                folder,
                "not a key: 64 hexadecimal digits; put the right file back from a copy",
            )
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io {
            path,
            source,
            remedy: "check who may read it",
        }),
    }
}

fn unusable(folder: &Path, reason: &str) -> Error {
    Error::Workspace {
        path: folder.join(FILE),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let key = read_or_make(folder.path()).unwrap();
        assert!(read_or_make(folder.path()).unwrap() == key);
        let other = tempfile::tempdir().unwrap();
        assert!(read_or_make(other.path()).unwrap() != key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(FILE))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o077, 0);
        }
    }

    #[test]
    fn a_lost_key_is_not_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("put the file back from a copy"), "{error}");
        assert!(!folder.path().join(FILE).exists());
    }

    #[test]
    fn what_is_no_key_is_refused_with_a_remedy() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "secret").unwrap();
        let error = read_or_make(folder.path()).unwrap_err().to_string();
        assert!(
            error.contains("not a key") && error.contains("put the right file back"),
            "{error}"
        );
    }
}
