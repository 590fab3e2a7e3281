//! A folder of its own and the real program: what every test here starts from.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
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

    /// Starts the program here and does not wait for it; what it prints is kept by the pipes of the child.
    pub fn start(&self, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_vocable"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// Runs the program here after these words to the shell, such as `umask 0;`.
    #[must_use = "look at the status or at what was printed"]
    pub fn vocable_after(&self, words: &str, arguments: &[&str]) -> Ran {
        let output = Command::new("/bin/sh")
            .arg("-c")
            .arg(format!("{words} exec \"$0\" \"$@\""))
            .arg(env!("CARGO_BIN_EXE_vocable"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .output()
            .expect("there is a shell");
        Ran::of(output, arguments)
    }

    /// [`Self::vocable`] with standard input and environment variables.
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
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("the writer ends");
        Ran::of(output, arguments)
    }
}

impl Ran {
    /// What a process that ended gave.
    pub fn of(output: Output, arguments: &[&str]) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
            command: arguments.join(" "),
        }
    }

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

/// Copies a folder with all below it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let copy = to.join(path.file_name().expect("entries have names"));
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, &copy).expect("the file can be copied");
        }
    }
}

/// Reviews of fourteen weeks, 2026-W34 to 2026-W47, twenty a week: the same sentences in turn, and in the last three weeks
/// refunds complained about far more than before. Fewer than eight words each: longer ones that repeat are one pasted text.
pub fn fourteen_weeks() -> String {
    const PRAISE: [&str; 4] = [
        "Fast delivery and a kind driver",
        "Great quality, beautiful and well made",
        "The shop staff was very friendly",
        "Commande facile, ravie de la qualité",
    ];
    const COMPLAINTS: [&str; 5] = [
        "Parcel late, delivery was a disaster",
        "Nobody answers, customer service is awful",
        "Livraison encore en retard, très déçu",
        "Checkout crashed twice, terrible website",
        "Too expensive for such poor quality",
    ];
    const REFUND: &str = "Still waiting for my refund, unacceptable";
    let monday = jiff::civil::date(2026, 8, 17);
    let mut table = "id,date,channel,product,rating,nps,customer,comment\n".to_owned();
    for row in 0..14 * 20 {
        let (week, place) = (row / 20, row % 20);
        let day = monday
            .checked_add(jiff::Span::new().days(7 * week + place % 7))
            .expect("a day of 2026");
        let is_refund = if week >= 11 {
            place % 3 == 0
        } else {
            place == 0
        };
        let is_complaint = is_refund || place % 2 == 1;
        let text = match (is_refund, is_complaint) {
            (true, _) => REFUND,
            (_, true) => COMPLAINTS[(row / 2) as usize % COMPLAINTS.len()],
            _ => PRAISE[(row / 2) as usize % PRAISE.len()],
        };
        let (rating, nps) = match is_complaint {
            true => (1 + row % 2, row % 7),
            false => (4 + row % 2, 9 - row % 3 / 2),
        };
        let channel = ["chat", "e-mail", "shop"][(row % 3) as usize];
        let product = ["Jacket", "Lamp"][(row / 3 % 2) as usize];
        let customer = row * 7 % 90;
        table.push_str(&format!(
            "r{row},{day},{channel},{product},{rating},{nps},c{customer},\"{text} ({row})\"\n"
        ));
    }
    table
}
