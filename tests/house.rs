//! House rules the compiler cannot see. A new top-level module under `src/` gets a line in `FLOORS`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Lowest floor first. A module imports from lower floors only; modules on one floor are strangers.
///
/// `cli` is absent on purpose: it belongs to the binary, so the library cannot name it.
const FLOORS: &[&[&str]] = &[
    &[
        "actions",
        "algebra",
        "business_hours",
        "calendar",
        "feedback",
        "error",
        "observe",
        "statistics",
    ],
    &["text"],
    &["language", "cleaning"],
    &["ingest", "privacy", "sentiment", "cues", "themes"],
    &["analysis"],
    &["metrics"],
    &["report", "index"],
    &["workspace"],
];

/// Heavy dependencies and the one place under `src/` that may name them.
const DOORS: &[(&str, &str)] = &[
    ("tantivy", "src/index"),
    ("tokenizers", "src/text"),
    ("safetensors", "src/language/embedding.rs"),
    ("base64", "src/language/vectors"),
    ("whatlang", "src/language/detect.rs"),
    ("rust_stemmers", "src/language/stem.rs"),
    ("encoding_rs", "src/ingest"),
    ("calamine", "src/ingest/containers/workbook.rs"),
    ("parquet", "src/ingest/containers/columnar.rs"),
    ("mail_parser", "src/ingest"),
    ("zip", "src/ingest"),
    ("flate2", "src/ingest/bytes.rs"),
    ("zstd", "src/ingest/bytes.rs"),
    ("hmac", "src/privacy"),
    ("sha2", "src/privacy"),
    ("getrandom", "src/workspace"),
    ("statrs", "src/statistics"),
    ("rust_xlsxwriter", "src/report/formats/xlsx.rs"),
    ("maud", "src/report"),
    ("clap", "src/cli"),
    ("indicatif", "src/cli"),
];

#[test]
fn modules_import_lower_floors_only() {
    let floor_of = |module: &str| FLOORS.iter().position(|floor| floor.contains(&module));
    let mut broken = Vec::new();
    for file in files_under("src", "rs") {
        let module = top_level_module(&file);
        if ["lib", "main", "cli"].contains(&module.as_str()) {
            continue;
        }
        let Some(floor) = floor_of(&module) else {
            broken.push(format!("`{module}` has no floor"));
            continue;
        };
        for import in crate_imports(&read(&file)) {
            // The ground floor is one plain vocabulary: its rooms may know each other.
            let is_allowed = import == module
                || floor_of(&import)
                    .is_some_and(|other| other < floor || (other == 0 && floor == 0));
            if !is_allowed {
                broken.push(format!("{}: `{module}` imports `{import}`", file.display()));
            }
        }
    }
    assert_none(broken);
}

#[test]
fn each_heavy_dependency_has_one_door() {
    let mut strays = Vec::new();
    for file in files_under("src", "rs") {
        let source = read(&file);
        for (dependency, door) in DOORS {
            if !file.starts_with(door) && source.contains(&format!("{dependency}::")) {
                strays.push(format!(
                    "{}: `{dependency}` is for {door} only",
                    file.display()
                ));
            }
        }
    }
    assert_none(strays);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = files_under("src", "rs")
        .into_iter()
        .filter(|file| !read(file).starts_with("//! "))
        .map(|file| format!("{}: no `//!` on the first line", file.display()));
    assert_none(silent);
}

#[test]
fn architecture_names_paths_that_exist() {
    let text = read(Path::new("ARCHITECTURE.md"));
    let is_path = |word: &&str| {
        ["src/", "tests/", "lexicons/", "corpora/", "benches/"]
            .iter()
            .any(|root| word.starts_with(root))
            && !word.contains(['<', '*'])
    };
    let stale = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(is_path)
        .filter(|path| !Path::new(path).exists())
        .map(|path| format!("ARCHITECTURE.md: `{path}` does not exist"));
    assert_none(stale);
}

#[test]
fn every_lexicon_folder_is_in_the_catalog() {
    let catalog = read(Path::new("src/language/catalog.rs"));
    let forgotten = fs::read_dir("lexicons")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|code| !catalog.contains(&format!("\"{code}\"")))
        .map(|code| format!("lexicons/{code} is not in src/language/catalog.rs"));
    assert_none(forgotten);
}

#[track_caller]
fn assert_none(complaints: impl IntoIterator<Item = String>) {
    let complaints: BTreeSet<String> = complaints.into_iter().collect();
    assert!(
        complaints.is_empty(),
        "\n{}\n",
        Vec::from_iter(complaints).join("\n")
    );
}

/// The first name after every `crate::`, also inside `crate::{a, b::{C, D}}`.
fn crate_imports(source: &str) -> BTreeSet<String> {
    let code: String = source
        .lines()
        .flat_map(|line| [line.split("//").next().unwrap(), "\n"])
        .collect();
    let mut imports = BTreeSet::new();
    for (at, prefix) in code.match_indices("crate::") {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(group) => imports.extend(outer_names(group)),
            None => imports.extend(first_name(rest)),
        }
    }
    imports
}

/// `a, b::{C, D}}; ...` → `a`, `b`.
fn outer_names(group: &str) -> Vec<String> {
    let (mut depth, mut outer) = (0, String::new());
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if depth == 0 => outer.push(c),
            _ => {}
        }
    }
    outer.split(',').filter_map(first_name).collect()
}

fn first_name(path: &str) -> Option<String> {
    let name: String = path
        .trim()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

fn top_level_module(file: &Path) -> String {
    let first = file
        .strip_prefix("src")
        .unwrap()
        .components()
        .next()
        .unwrap();
    first
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

fn files_under(root: &str, extension: &str) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![PathBuf::from(root)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
