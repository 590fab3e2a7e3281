//! What a whole run costs, against indexing the same records with bare tantivy.
//!
//! R is the processor time of a bare tantivy build: the same records, fields and stored JSON, with tantivy's own default
//! stemmed chain (simple words, lower case, Snowball stems, folding). Both sides run in turns in this process, and the
//! least of all turns is compared, since processor time on a shared machine only errs upwards.
//!
//! `cargo bench --bench against_tantivy -- [records] [bytes] [turns]`

mod corpus;

use corpus::{processor_seconds, processor_time};
use std::path::Path;
use tantivy::{
    Index, IndexWriter, TantivyDocument,
    schema::{
        FAST, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
    },
    tokenizer::{
        AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token,
        TokenFilter, TokenStream, Tokenizer,
    },
};
use vocable::{
    analysis::{self, Stamp, protect},
    cleaning::fold_duplicates,
    ingest,
    language::{Language, Lexicons},
    metrics,
    observe::{Event, Nobody, Stage, Watcher},
    privacy, report,
    workspace::{Incoming, Workspace},
};

fn main() {
    let [count, bytes, turns] = corpus::numbers([20_000, 250, 5]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("records.ndjson");
    let records: Vec<corpus::Record> = corpus::records(count, bytes).collect();
    corpus::write(&file, &records);
    let lexicons = Lexicons::embedded().expect("embedded lexicons are verified by tests");
    let (mut bare, mut whole) = (f64::MAX, f64::MAX);
    let mut stages = [f64::MAX; 6];
    for turn in 0..turns {
        bare = bare.min(processor_seconds(|| {
            bare_tantivy(&folder.path().join(format!("bare-{turn}")), &records)
        }));
        let clock = StageClock::default();
        let workspace = folder.path().join(format!("whole-{turn}"));
        whole = whole.min(processor_seconds(|| {
            whole_run(&file, &workspace, &lexicons, &clock)
        }));
        for (best, spent) in stages.iter_mut().zip(clock.spent()) {
            *best = best.min(spent);
        }
        for name in [format!("bare-{turn}"), format!("whole-{turn}")] {
            let _ = std::fs::remove_dir_all(folder.path().join(name));
        }
    }
    println!(
        "{count} records of {bytes} bytes, least of {turns} turns, {} threads",
        rayon::current_num_threads()
    );
    println!("bare tantivy (R)   {bare:8.2} CPU s");
    println!(
        "whole run          {whole:8.2} CPU s = {:.2} R",
        whole / bare
    );
    for (name, spent) in [
        "reading",
        "masking",
        "words",
        "themes",
        "indexing",
        "reporting",
    ]
    .iter()
    .zip(stages)
    {
        println!("  {name:16} {spent:8.2} CPU s = {:.2} R", spent / bare);
    }
    let rest = whole - stages.iter().sum::<f64>();
    println!("  {:16} {rest:8.2} CPU s = {:.2} R", "between", rest / bare);
}

/// Splits the processor time of a run by stage.
#[derive(Default)]
struct StageClock {
    started: std::sync::Mutex<[f64; 6]>,
    spent: std::sync::Mutex<[f64; 6]>,
}

impl StageClock {
    fn spent(&self) -> [f64; 6] {
        *self.spent.lock().expect("no stage panics")
    }

    fn start(&self, slot: usize) {
        self.started.lock().expect("no stage panics")[slot] = processor_time();
    }

    fn stop(&self, slot: usize) {
        let started = self.started.lock().expect("no stage panics")[slot];
        self.spent.lock().expect("no stage panics")[slot] += processor_time() - started;
    }
}

impl Watcher for StageClock {
    fn see(&self, event: Event<'_>) {
        let slot = |stage| match stage {
            Stage::Reading => 0,
            Stage::Analysing => 2,
            Stage::FindingThemes => 3,
            Stage::Indexing => 4,
            Stage::Reporting => 5,
        };
        match event {
            Event::Started { stage, .. } => self.start(slot(stage)),
            Event::Finished { stage } => self.stop(slot(stage)),
            _ => {}
        }
    }
}

fn whole_run(file: &Path, folder: &Path, lexicons: &Lexicons, clock: &StageClock) {
    clock.start(0);
    let mut imported =
        ingest::read(&[file.to_owned()], &ingest::Settings::default(), &Nobody).expect("readable");
    clock.stop(0);
    clock.start(1);
    let key = privacy::Key::new([7; 32]);
    protect(&mut imported.feedback, &privacy::Settings::default(), &key);
    let feedback = fold_duplicates(imported.feedback, &mut imported.files);
    clock.stop(1);
    let mut workspace = Workspace::open_or_create(folder, lexicons).expect("a new workspace");
    let incoming = Incoming {
        feedback,
        files: imported.files,
        rejected: imported.rejected,
    };
    let (analysis, ..) = workspace
        .update(
            incoming,
            false,
            lexicons,
            &analysis::Settings::default(),
            Stamp::default(),
            clock,
        )
        .expect("a run");
    let analysis = analysis.expect("a first run reads everything");
    clock.start(5);
    let period = metrics::latest_complete_week(&metrics::History::of(&analysis))
        .map_or(metrics::Period::All, metrics::Period::Week);
    let numbers = metrics::measure(&analysis, period, &metrics::Settings::default());
    let files = report::render(
        &analysis,
        &numbers,
        report::Extras::default(),
        report::ReportLanguage::English,
        &report::Settings::default(),
    );
    workspace.write_report("bench", &files).expect("a report");
    clock.stop(5);
    // As the program does, whose process ends here.
    std::mem::forget(analysis);
}

/// The same records straight into tantivy. They come ready-made: nothing is read, parsed or written as JSON here.
fn bare_tantivy(folder: &Path, records: &[corpus::Record]) {
    std::fs::create_dir_all(folder).expect("a temporary folder");
    let mut builder = Schema::builder();
    let text = |name: &str| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(name)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(indexing)
    };
    let french = builder.add_text_field("text_fr", text("fr"));
    let english = builder.add_text_field("text_en", text("en"));
    let keywords = [
        "key",
        "language",
        "channel",
        "product",
        "theme",
        "sentiment",
    ]
    .map(|name| builder.add_text_field(name, STRING | FAST));
    let day = builder.add_u64_field("day", FAST | INDEXED);
    let week = builder.add_u64_field("week", FAST | INDEXED);
    let rating = builder.add_f64_field("rating", FAST);
    let score = builder.add_f64_field("score", FAST);
    let stored = builder.add_bytes_field("record", STORED);
    let index = Index::create_in_dir(folder, builder.build()).expect("a new index");
    for (name, algorithm) in [
        ("fr", frostem::Algorithm::French),
        ("en", frostem::Algorithm::English),
    ] {
        let chain = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(40))
            .filter(LowerCaser)
            .filter(Stemmed(algorithm))
            .filter(AsciiFoldingFilter)
            .build();
        index.tokenizers().register(name, chain);
    }
    let threads = rayon::current_num_threads().clamp(1, 8);
    let mut writer: IndexWriter = index
        .writer_with_num_threads(threads, threads * (64 << 20))
        .expect("a writer");
    for record in records {
        let mut document = TantivyDocument::new();
        let field = if record.language == Language::French {
            french
        } else {
            english
        };
        document.add_text(field, &record.text);
        let values = [
            record.id.as_str(),
            record.language.code(),
            record.channel,
            record.product.as_str(),
            "some-theme",
            "negative",
        ];
        for (field, value) in keywords.iter().zip(values) {
            document.add_text(*field, value);
        }
        document.add_u64(day, record.date.replace('-', "").parse().expect("a day"));
        document.add_u64(week, 202_640);
        document.add_f64(rating, f64::from(record.rating));
        document.add_f64(score, 0.5);
        document.add_bytes(stored, record.json.as_bytes());
        writer.add_document(document).expect("indexed");
    }
    writer.commit().expect("committed");
    writer.wait_merging_threads().expect("merged");
}

/// Tantivy's own stemming filter, word for word what its feature `stemmer` adds; spelt out here because turning the
/// feature on for benchmarks would have every test build compile tantivy a second time.
#[derive(Clone)]
struct Stemmed(frostem::Algorithm);

impl TokenFilter for Stemmed {
    type Tokenizer<T: Tokenizer> = StemmedTokenizer<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> StemmedTokenizer<T> {
        StemmedTokenizer {
            algorithm: self.0,
            inner,
        }
    }
}

#[derive(Clone)]
struct StemmedTokenizer<T> {
    algorithm: frostem::Algorithm,
    inner: T,
}

impl<T: Tokenizer> Tokenizer for StemmedTokenizer<T> {
    type TokenStream<'a> = StemmedStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        StemmedStream {
            stemmer: frostem::Stemmer::new(self.algorithm),
            inner: self.inner.token_stream(text),
        }
    }
}

struct StemmedStream<T> {
    stemmer: frostem::Stemmer,
    inner: T,
}

impl<T: TokenStream> TokenStream for StemmedStream<T> {
    fn advance(&mut self) -> bool {
        if !self.inner.advance() {
            return false;
        }
        let token = self.inner.token_mut();
        let stem = self.stemmer.stem(&token.text).into_owned();
        token.text = stem;
        true
    }

    fn token(&self) -> &Token {
        self.inner.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.inner.token_mut()
    }
}
