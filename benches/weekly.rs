//! What a week costs that comes in to a large workspace, against the first run that made it.
//!
//! Records are spread over two years, and the week after brings one more in twenty. Both runs end with their weekly report.
//! The first run is done once, the week several times, each on a copy of the workspace, and the least of all turns counts.
//!
//! `cargo bench --bench weekly -- [records] [bytes] [turns]`

mod corpus;

use corpus::processor_seconds;
use jiff::{ToSpan, civil::date};
use std::path::Path;
use vocable::{
    language::Lexicons,
    metrics::{self, Period, Scope},
    report,
};

/// Days of two years of weeks.
const DAYS: usize = 728;

fn main() {
    let [count, bytes, turns] = corpus::numbers([100_000, 250, 5]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [first, week] = ["first.ndjson", "week.ndjson"].map(|name| folder.path().join(name));
    let monday = date(2024, 11, 18);
    let dated = corpus::records(count + count / 20, bytes)
        .enumerate()
        .map(|(at, record)| {
            let day = match at < count {
                true => at * 389 % DAYS,
                false => DAYS + at % 7,
            };
            record.on((monday + (day as i64).days()).to_string())
        });
    let mut records: Vec<corpus::Record> = dated.collect();
    let new = records.split_off(count);
    corpus::write(&first, &records);
    corpus::write(&week, &new);
    drop(records);
    let lexicons = Lexicons::embedded().expect("embedded lexicons are verified by tests");
    let workspace = folder.path().join("workspace");
    let whole = processor_seconds(|| run(&first, &workspace, &lexicons));
    let mut weekly = f64::MAX;
    for turn in 0..turns {
        let copy = folder.path().join(format!("copy-{turn}"));
        copy_folder(&workspace, &copy);
        weekly = weekly.min(processor_seconds(|| run(&week, &copy, &lexicons)));
        let _ = std::fs::remove_dir_all(&copy);
    }
    println!(
        "{count} records of {bytes} bytes, then {}; least of {turns} turns, {} threads",
        new.len(),
        rayon::current_num_threads()
    );
    println!("first run  {whole:8.2} CPU s");
    println!("the week   {weekly:8.2} CPU s = {:.3}", weekly / whole);
}

/// As the program does.
fn run(file: &Path, folder: &Path, lexicons: &Lexicons) {
    let (workspace, whole) = corpus::updated(file, folder, lexicons);
    let period =
        metrics::latest_complete_week(workspace.history()).map_or(Period::All, Period::Week);
    let (scope, settings) = (Scope::from(period), metrics::Settings::default());
    let analysis = whole.unwrap_or_else(|| match scope.days(workspace.history(), &settings) {
        Some(days) => workspace.analysis_of_days(&days).expect("readable"),
        None => workspace.analysis().expect("readable"),
    });
    let numbers = metrics::measure_part(&analysis, workspace.history(), &scope, &settings);
    let files = report::render(
        &analysis,
        &numbers,
        report::Extras::default(),
        report::ReportLanguage::English,
        &report::Settings::default(),
    );
    workspace.write_report("bench", &files).expect("a report");
    // As the program does, whose process ends here.
    std::mem::forget(analysis);
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a temporary folder");
    for entry in std::fs::read_dir(from).expect("readable").flatten() {
        let copy = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &copy),
            false => drop(std::fs::copy(entry.path(), copy).expect("the disk has room")),
        }
    }
}
