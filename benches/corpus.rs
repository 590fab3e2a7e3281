//! Records for benchmarks: sentences of the demo corpus recombined, so that lengths and vocabulary are realistic and
//! everything is ours.

#![allow(dead_code, reason = "each benchmark uses its part of this file")]

use rustix::time::{ClockId, clock_gettime};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};
use vocable::{
    analysis::{self, Analysis, Stamp, protect},
    cleaning::fold_duplicates,
    ingest,
    language::{Language, Lexicons},
    observe::Nobody,
    privacy,
    workspace::{Incoming, Workspace},
};

/// A made-up record.
pub struct Record {
    pub id: String,
    pub text: String,
    pub language: Language,
    pub date: String,
    pub rating: u32,
    pub channel: &'static str,
    pub product: String,
    /// The record as a line of NDJSON.
    pub json: String,
}

impl Record {
    /// The same on another day, `2026-11-16`.
    pub fn on(mut self, date: String) -> Self {
        let dated = |date: &str| format!("\"date\":\"{date}\"");
        self.json = self.json.replacen(&dated(&self.date), &dated(&date), 1);
        self.date = date;
        self
    }
}

/// What a file brings to a run: read, masked, repeats left out.
fn incoming(file: &Path) -> Incoming {
    let mut imported =
        ingest::read(&[file.to_owned()], &ingest::Settings::default(), &Nobody).expect("readable");
    let key = privacy::Key::new([7; 32]);
    protect(&mut imported.feedback, &privacy::Settings::default(), &key);
    Incoming {
        feedback: fold_duplicates(imported.feedback, &mut imported.files),
        files: imported.files,
        rejected: imported.rejected,
    }
}

/// The numbers given on the command line, in their order, and these for those that are not given.
pub fn numbers<const N: usize>(defaults: [usize; N]) -> [usize; N] {
    let mut given = std::env::args().filter_map(|argument| argument.parse().ok());
    defaults.map(|default| given.next().unwrap_or(default))
}

/// Brings a file into the workspace in a folder, which is made where there is none; with all that is known where all was read.
pub fn updated(file: &Path, folder: &Path, lexicons: &Lexicons) -> (Workspace, Option<Analysis>) {
    let mut workspace = Workspace::open_or_create(folder, lexicons).expect("a workspace");
    let settings = analysis::Settings::default();
    let (whole, _) = workspace
        .update(
            incoming(file),
            false,
            lexicons,
            &settings,
            Stamp::default(),
            &Nobody,
        )
        .expect("a run");
    (workspace, whole)
}

/// Seconds of this process's processor time so far.
pub fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Seconds of processor time that some work takes.
pub fn processor_seconds(work: impl FnOnce()) -> f64 {
    let start = processor_time();
    work();
    processor_time() - start
}

/// Makes `count` records of about `bytes` bytes, half of them French. The same arguments give the same records.
///
/// One word in forty is misspelt, since customers' vocabularies grow with typing errors, not with dictionaries.
pub fn records(count: usize, bytes: usize) -> impl Iterator<Item = Record> {
    let sentences = sentences();
    let mut chance = SplitMix(42);
    (0..count).map(move |number| {
        let (language, pool) = if chance.below(2) == 0 {
            (Language::French, &sentences[0])
        } else {
            (Language::English, &sentences[1])
        };
        let wanted = bytes / 2 + chance.below(bytes);
        let mut text = String::new();
        while text.len() < wanted {
            if !text.is_empty() {
                text.push(' ');
            }
            let sentence = &pool[chance.below(pool.len())];
            for word in sentence.split(' ') {
                if !text.is_empty() && !text.ends_with(' ') {
                    text.push(' ');
                }
                if chance.below(40) == 0 && word.is_ascii() && word.len() > 3 {
                    let at = 1 + chance.below(word.len() - 2);
                    text.push_str(&word[..at]);
                    text.push((b'a' + chance.below(26) as u8) as char);
                    text.push_str(&word[at..]);
                } else {
                    text.push_str(word);
                }
            }
        }
        let day = chance.below(98);
        let id = format!("B-{number:08}");
        let date = format!("2026-{:02}-{:02}", 8 + day / 28, 1 + day % 28);
        let rating = 1 + chance.below(5) as u32;
        let channel = ["web", "email", "chat", "phone"][chance.below(4)];
        let product = format!("product {}", chance.below(60));
        let json = serde_json::json!({
            "id": id, "text": text, "date": date, "rating": rating, "channel": channel, "product": product,
            "customer_id": format!("C-{}", chance.below(count / 3 + 1)),
        });
        Record {
            id,
            text,
            language,
            date,
            rating,
            channel,
            product,
            json: json.to_string(),
        }
    })
}

/// Writes records as NDJSON.
pub fn write<'r>(path: &Path, records: impl IntoIterator<Item = &'r Record>) {
    let mut out =
        BufWriter::new(File::create(path).expect("the temporary folder can be written to"));
    for record in records {
        writeln!(out, "{}", record.json).expect("the disk has room");
    }
    out.flush().expect("the disk has room");
}

/// Writes records as a table.
#[allow(dead_code, reason = "one of the two benchmarks reads tables")]
pub fn write_csv<'r>(path: &Path, records: impl IntoIterator<Item = &'r Record>) {
    let mut table = csv::Writer::from_path(path).expect("the temporary folder can be written to");
    let written = "the disk has room";
    table
        .write_record(["id", "date", "rating", "channel", "product", "text"])
        .expect(written);
    for record in records {
        let rating = record.rating.to_string();
        table
            .write_record([
                &record.id,
                &record.date,
                &rating,
                record.channel,
                &record.product,
                &record.text,
            ])
            .expect(written);
    }
    table.flush().expect(written);
}

/// Sentences of the demo corpus, French and English.
fn sentences() -> [Vec<String>; 2] {
    let lexicons = Lexicons::embedded().expect("embedded lexicons are verified by tests");
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/demo");
    let imported = ingest::read(&[demo], &ingest::Settings::default(), &Nobody)
        .expect("the demo corpus can be read");
    let texts: Vec<&str> = imported
        .feedback
        .iter()
        .map(|feedback| feedback.body())
        .collect();
    let annotations = vocable::analysis::Annotator::default().annotate(
        &texts,
        &lexicons,
        &vocable::analysis::Settings::default(),
    );
    let mut sentences = [Vec::new(), Vec::new()];
    for (text, annotation) in texts.iter().zip(annotations) {
        let Some(pool) = annotation.language.embedded() else {
            continue;
        };
        sentences[pool].extend(
            text.split_inclusive(['.', '!', '?', '\n'])
                .map(str::trim)
                .filter(|sentence| sentence.len() > 12)
                .map(str::to_owned),
        );
    }
    sentences
}

/// A small seeded generator (Steele, Lea & Flood 2014).
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}
