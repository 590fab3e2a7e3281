//! What the fuzz targets share: bytes as a file, what must hold of whatever is read, and a bound on memory.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    fs,
    path::{Path, PathBuf},
    sync::{
        LazyLock, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};
use vocable::{
    analysis::protect,
    feedback::Feedback,
    ingest::{self, FOREIGN_PARSER, Imported, Mapping},
    language::Lexicons,
    observe::Nobody,
    privacy,
};

/// Most bytes that may be held at once, whatever the input: what tests/suite/bombs.rs allows a run.
const MOST_HELD: usize = 600 << 20;

/// The allocator of the system, which ends the process where more is held than any small file may take.
struct Counted;

static HELD: AtomicUsize = AtomicUsize::new(0);

fn count(bytes: usize) {
    if HELD.fetch_add(bytes, Ordering::Relaxed) + bytes > MOST_HELD {
        // Saying where needs memory too.
        HELD.store(0, Ordering::Relaxed);
        eprintln!(
            "more than {MOST_HELD} bytes are held, {bytes} of them asked for at once\n{}",
            std::backtrace::Backtrace::force_capture()
        );
        std::process::abort();
    }
}

fn uncount(bytes: usize) {
    let _ = HELD.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |held| {
        Some(held.saturating_sub(bytes))
    });
}

// SAFETY: every call is handed on to the allocator of the system as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        uncount(layout.size());
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        uncount(layout.size());
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static COUNTED: Counted = Counted;

/// To be called once, before the first input: a panic of somebody else's parser becomes an answer, as in the program, and
/// ends nothing here; one thread does all the work, so that a run can be repeated.
pub fn prepare() {
    let ends_the_process = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(FOREIGN_PARSER) {
            ends_the_process(panic);
        }
    }));
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global();
}

/// A folder in memory where the system has one, else among its temporary files; gone with the process.
pub fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let memory = Path::new("/dev/shm");
            let place = match memory.is_dir() {
                true => memory.to_owned(),
                false => std::env::temp_dir(),
            };
            tempfile::Builder::new()
                .prefix("vocable-fuzz-")
                .tempdir_in(place)
                .expect("a folder can be made among temporary files")
        })
        .path()
}

/// A file with these bytes.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    fs::write(&path, bytes).expect("there is room for a small file");
    path
}

/// The word knowledge of the program, read once.
pub fn lexicons() -> &'static Lexicons {
    static LEXICONS: LazyLock<Lexicons> =
        LazyLock::new(|| Lexicons::embedded().expect("the tables of the program are right"));
    &LEXICONS
}

/// Reads a file as a run does, and asserts what must hold of whatever comes of it. Nothing where it is refused.
pub fn read(path: &Path) -> Option<Imported> {
    let settings = ingest::Settings {
        agents: vec!["@shop.example".to_owned(), "Support".to_owned()],
        ..ingest::Settings::default()
    };
    let inspected = ingest::inspect(path, &settings);
    let imported = match ingest::read(&[path.to_owned()], &settings, &Nobody) {
        Ok(imported) => imported,
        Err(error) => {
            assert!(
                inspected.is_err(),
                "read refuses what inspect takes: {error}"
            );
            check_sentence(&error.to_string());
            return None;
        }
    };
    let accepted: u64 = imported.files.iter().map(|file| file.accepted).sum();
    let refused: u64 = imported.files.iter().map(|file| file.refused).sum();
    assert_eq!(accepted, imported.feedback.len() as u64);
    assert_eq!(refused, imported.rejected.len() as u64);
    for file in &imported.files {
        let told = file.accepted + file.refused + file.duplicates + file.empty;
        assert_eq!(
            file.read, told,
            "the balance of {} does not close",
            file.file
        );
        assert!(file.left_out.of_others() <= file.empty);
        file.warnings
            .iter()
            .for_each(|warning| check_sentence(warning));
    }
    for row in &imported.rejected {
        check_sentence(&row.reason);
        assert!(row.at.line > 0, "a place without a line: {}", row.at);
    }
    imported
        .feedback
        .iter()
        .for_each(|record| check_record(record, &settings));
    let mut inspected = inspected.expect("what is read can be inspected");
    inspected.sort_by(|a, b| a.balance.file.cmp(&b.balance.file));
    for (inspection, file) in inspected.iter().zip(&imported.files) {
        assert_eq!(
            inspection.balance, *file,
            "inspect and read tell other balances"
        );
        let first = imported
            .feedback
            .iter()
            .filter(|record| record.origin.file == file.file);
        for (shown, read) in inspection.first.iter().zip(first) {
            // How fast the company answered is told of conversations that are kept whole.
            let read = Feedback {
                service: shown.service.clone(),
                ..read.clone()
            };
            assert!(
                *shown == read,
                "inspect shows {shown:?}, read gives {read:?}"
            );
        }
        let starter = inspection.starter_mapping();
        if let Err(error) = Mapping::parse(&starter, "mapping.toml") {
            panic!("{error}\n{starter}");
        }
    }
    check_protected(&imported);
    Some(imported)
}

fn check_record(record: &Feedback, settings: &ingest::Settings) {
    assert!(record.text.len() <= settings.max_text_bytes);
    assert!(record.text.is_empty() || !record.text.trim().is_empty());
    assert!(record.text.is_char_boundary(record.body_start as usize));
    assert!(record.line > 0);
    assert!(!record.id().is_empty(), "a record without an id");
    let _ = (record.title(), record.body(), record.place().to_string());
    let columns: Result<serde_json::Map<String, serde_json::Value>, _> =
        serde_json::from_str(&record.columns);
    assert!(
        columns.is_ok(),
        "columns that are no object: {}",
        record.columns
    );
    for mark in [record.rating, record.csat].into_iter().flatten() {
        assert!((0.0..=mark.scale).contains(&mark.value), "{mark:?}");
    }
    assert!(record.nps.is_none_or(|nps| nps <= 10));
    if let Some(service) = &record.service {
        assert!(service.revenue.is_none_or(f64::is_finite));
        assert!(
            service
                .weight
                .is_none_or(|weight| weight.is_finite() && weight >= 0.0)
        );
    }
}

/// Masking what was read once more changes nothing.
fn check_protected(imported: &Imported) {
    let settings = privacy::Settings::default();
    let mut once = imported.feedback.clone();
    protect(&mut once, &settings, &privacy::Key::new([7; 32]));
    for (record, before) in once.iter().zip(&imported.feedback) {
        if let Some(name) = before
            .customer
            .as_deref()
            .filter(|name| !name.starts_with('['))
        {
            let columns: serde_json::Value =
                serde_json::from_str(&record.columns).expect("columns stay JSON");
            assert!(!says(&columns, name), "{name} is among {columns}");
        }
        assert!(record.text.is_char_boundary(record.body_start as usize));
        assert_eq!(
            privacy::mask(record.title(), &settings).text,
            record.title()
        );
        assert_eq!(privacy::mask(record.body(), &settings).text, record.body());
        assert_eq!(
            privacy::mask_json(&record.columns, &settings),
            *record.columns
        );
        assert!(serde_json::from_str::<serde_json::Value>(&record.columns).is_ok());
    }
}

/// Whether a text within is this.
fn says(value: &serde_json::Value, text: &str) -> bool {
    match value {
        serde_json::Value::String(found) => found == text,
        serde_json::Value::Array(values) => values.iter().any(|value| says(value, text)),
        serde_json::Value::Object(values) => values.values().any(|value| says(value, text)),
        _ => false,
    }
}

/// A message is a sentence on lines of its own: no controls but line ends, and something is said.
pub fn check_sentence(message: &str) {
    assert!(!message.trim().is_empty());
}

/// Files from one input, so that it can be read and written by hand: `=== name` on a line of its own, then the content.
/// Nothing where the input does not begin so.
pub fn parts(input: &[u8]) -> Option<Vec<(String, &[u8])>> {
    const MARK: &[u8] = b"=== ";
    if !input.starts_with(MARK) {
        return None;
    }
    let mut parts: Vec<(String, &[u8])> = Vec::new();
    let mut rest = input;
    while let Some(named) = rest.strip_prefix(MARK) {
        let end = named
            .iter()
            .position(|&byte| byte == b'\n')
            .unwrap_or(named.len());
        let name = String::from_utf8_lossy(&named[..end]).into_owned();
        let content = &named[(end + 1).min(named.len())..];
        let next = content
            .windows(MARK.len() + 1)
            .position(|bytes| bytes == b"\n=== ")
            .map_or(content.len(), |at| at + 1);
        if parts.len() < 64 && parts.iter().all(|(other, _)| *other != name) {
            parts.push((
                name,
                content[..next]
                    .strip_suffix(b"\n")
                    .unwrap_or(&content[..next]),
            ));
        }
        rest = &content[next..];
    }
    Some(parts)
}

/// An archive of these files, stored as they are.
pub fn archive(files: &[(String, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        if archive.start_file(name.as_str(), stored).is_ok() {
            archive
                .write_all(content)
                .expect("memory takes what is written");
        }
    }
    archive
        .finish()
        .expect("memory takes what is written")
        .into_inner()
}
