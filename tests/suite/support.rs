//! A folder of its own and the real program: what every test here starts from.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// A temporary folder with the program beside it.
pub struct Bench {
    folder: tempfile::TempDir,
}

/// How a run of the program ended.
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
    command: String,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and returns its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("the folder can be made");
        }
        fs::write(&path, content).expect("the file can be written");
        path
    }

    /// Runs the program here, without any environment.
    #[must_use = "look at the status or at what was printed"]
    pub fn vocable(&self, arguments: &[&str]) -> Ran {
        self.vocable_with(arguments, "", &[])
    }

    /// The same with standard input and environment variables.
    #[must_use = "look at the status or at what was printed"]
    pub fn vocable_with(
        &self,
        arguments: &[&str],
        input: &str,
        environment: &[(&str, &str)],
    ) -> Ran {
        use std::io::Write;
        let mut child = Command::new(env!("CARGO_BIN_EXE_vocable"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("standard input is piped");
        let input = input.to_owned();
        let writer = std::thread::spawn(move || {
            // A program that does not read its input closes the pipe; that is no failure of the test.
            let _ = stdin.write_all(input.as_bytes());
        });
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().expect("the program ends");
        writer.join().expect("the writer ends");
        Ran {
            status: status.code().unwrap_or(-1),
            out: String::from_utf8(stdout).expect("output is UTF-8"),
            err: String::from_utf8(stderr).expect("messages are UTF-8"),
            command: arguments.join(" "),
        }
    }
}

impl Ran {
    /// Asserts the exit status, showing everything when it is another.
    #[track_caller]
    pub fn ends(self, status: i32) -> Self {
        assert_eq!(
            self.status, status,
            "vocable {}\n--- out ---\n{}\n--- err ---\n{}",
            self.command, self.out, self.err
        );
        self
    }

    /// Asserts that standard error holds all of these.
    #[track_caller]
    pub fn complains(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(
                self.err.contains(part),
                "vocable {}\nno \"{part}\" in:\n{}",
                self.command,
                self.err
            );
        }
        self
    }
}

/// The demo corpus.
pub fn demo() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpora/demo")
        .display()
        .to_string()
}

/// Every file below a folder with its bytes, by path below it, sorted.
pub fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .expect("below")
                    .display()
                    .to_string();
                files.push((name, fs::read(&path).expect("the file can be read")));
            }
        }
    }
    files.sort();
    files
}
