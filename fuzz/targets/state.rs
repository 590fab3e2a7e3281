//! The state of a workspace, damaged or written by somebody else: it is refused, or all that is told of it can be told.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};
use vocable::{
    analysis::{Settings, Stamp},
    cleaning::fold_duplicates,
    ingest,
    language::Stems,
    metrics::{self, Period},
    observe::Nobody,
    report::{self, ReportLanguage},
    themes::Book,
    workspace::{Incoming, Workspace},
};
use vocable_fuzz::{check_sentence, file, folder, lexicons, prepare};

const ROWS: &str = "id,date,comment\n1,2026-11-16,The parcel arrived late\n2,2026-11-17,Le SAV ne répond pas\n3,2026-11-18,Great staff in the shop\n";

/// A workspace, and its state file.
fn place() -> &'static (PathBuf, PathBuf, Stems) {
    static PLACE: OnceLock<(PathBuf, PathBuf, Stems)> = OnceLock::new();
    PLACE.get_or_init(|| {
        let path = file("avis.csv", ROWS.as_bytes());
        let mut imported = ingest::read(&[path], &ingest::Settings::default(), &Nobody)
            .expect("three rows can be read");
        let incoming = Incoming {
            feedback: fold_duplicates(imported.feedback, &mut imported.files),
            files: imported.files,
            rejected: imported.rejected,
        };
        let workspace = folder().join("workspace");
        Workspace::open_or_create(&workspace, lexicons())
            .expect("a workspace can be made")
            .update(
                incoming,
                false,
                lexicons(),
                &Settings::default(),
                Stamp::default(),
                &Nobody,
            )
            .expect("three records can be stored");
        let state = fs::read_dir(workspace.join("state")).expect("it has a state");
        let state = state.flatten().next().expect("it has a state").path();
        (workspace, state, lexicons().into())
    })
}

fn check(workspace: &Path, stems: &Stems) {
    let opened = match Workspace::open(workspace, stems.clone()) {
        Ok(opened) => opened,
        Err(error) => return check_sentence(&error.to_string()),
    };
    match opened.check(stems) {
        Ok(findings) => findings.iter().for_each(|finding| check_sentence(finding)),
        Err(error) => check_sentence(&error.to_string()),
    }
    let settings = Settings::default();
    let told = match opened.analysis() {
        Ok(told) => told,
        Err(error) => return check_sentence(&error.to_string()),
    };
    let numbers = metrics::measure(&told, Period::All, &metrics::Settings::default());
    let files = report::render(
        &told,
        &numbers,
        report::Extras::default(),
        ReportLanguage::French,
        &report::Settings::default(),
    );
    assert!(!files.is_empty());
    let _ = opened.preview(&Book::default(), lexicons(), &settings, &Nobody);
}

fuzz_target!(init: { prepare(); place(); }, |bytes: &[u8]| {
    let (workspace, state, stems) = place();
    fs::write(state, bytes).expect("there is room for a small file");
    check(workspace, stems);
});
