//! The workspace's secret: made once, kept in a file that only its owner can read.

use super::write_whole;
use crate::{
    error::{Error, Result},
    privacy::Key,
};
use std::{fs, io, path::Path};

/// The file that keeps it.
const FILE: &str = "key";

/// Reads the key of a workspace; makes one where there is none. Losing the file gives every customer a new pseudonym.
pub fn read_or_make(folder: &Path) -> Result<Key> {
    let path = folder.join(FILE);
    let unusable = |reason: &str| Error::Workspace {
        path: path.clone(),
        reason: reason.to_owned(),
    };
    match fs::read_to_string(&path) {
        Ok(text) => Key::parse(&text).ok_or_else(|| {
            unusable("not a key: 64 hexadecimal digits; put the right file back, or remove it to have a new one made")
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes)
                .map_err(|_| unusable("no random number to be had for a key; write 64 hexadecimal digits into it"))?;
            let key = Key::new(bytes);
            write_whole(folder, FILE, format!("{}\n", key.to_text()).as_bytes())?;
            Ok(key)
        }
        Err(source) => Err(Error::Io {
            path: path.clone(),
            source,
            remedy: "check who may read it",
        }),
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
