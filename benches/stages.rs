//! Each stage by itself, in bytes of text a second. `cargo bench --bench stages`

mod corpus;

use divan::{Bencher, counter::BytesCount};
use vocable::{
    analysis::{self, AnalyzedFeedback, Annotator, Context, Stamp, analyze},
    cleaning::fold_duplicates,
    ingest,
    language::{
        Lexicons, Surfaces,
        detect::{self, Ballot, detect},
    },
    observe::Nobody,
    privacy,
    text::{Kind, Token, scan},
};

fn main() {
    divan::main();
}

const RECORDS: usize = 5_000;
const BYTES: usize = 250;

fn texts() -> Vec<String> {
    corpus::records(RECORDS, BYTES)
        .map(|record| record.text)
        .collect()
}

fn size(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

fn lexicons() -> Lexicons {
    Lexicons::embedded().expect("embedded lexicons are verified by tests")
}

#[divan::bench(min_time = 1)]
fn words(bencher: Bencher) {
    let (texts, lexicons) = (texts(), lexicons());
    let mut tokens: Vec<Token> = Vec::new();
    bencher.counter(size(&texts)).bench_local(|| {
        texts
            .iter()
            .map(|text| {
                scan(text, &lexicons.scanner, &mut tokens);
                tokens.len()
            })
            .sum::<usize>()
    });
}

#[divan::bench(min_time = 1)]
fn masking(bencher: Bencher) {
    let texts = texts();
    let settings = privacy::Settings::default();
    bencher.counter(size(&texts)).bench_local(|| {
        texts
            .iter()
            .map(|text| privacy::mask(text, &settings).found.len())
            .sum::<usize>()
    });
}

/// Words and language alone, one thread; written forms met before, as in a long stream. Short texts are asked too.
#[divan::bench(min_time = 1, args = [20, 250])]
fn language(bencher: Bencher, bytes: usize) {
    let texts: Vec<String> = corpus::records(RECORDS, bytes)
        .map(|record| record.text)
        .collect();
    let lexicons = lexicons();
    let settings = detect::Settings::default();
    let mut surfaces = Surfaces::default();
    let mut tokens: Vec<Token> = Vec::new();
    for text in &texts {
        scan(text, &lexicons.scanner, &mut tokens);
        surfaces.extend(
            tokens.iter().map(|token| (token.of(text), token.kind)),
            &lexicons,
        );
    }
    bencher.counter(size(&texts)).bench_local(|| {
        texts
            .iter()
            .filter(|text| {
                scan(text, &lexicons.scanner, &mut tokens);
                let mut ballot = Ballot::default();
                let mut opens = true;
                for token in &tokens {
                    if matches!(token.kind, Kind::Word | Kind::Elided)
                        && let Some(id) = surfaces.id(token.of(text))
                    {
                        ballot.add(surfaces.facts(id), opens);
                    }
                    opens = token.kind == Kind::Stop;
                }
                detect(text, &ballot, &lexicons, &settings).is_some()
            })
            .count()
    });
}

/// What a written form costs when it is met for the first time: stems, weights, and what its letters say.
#[divan::bench(min_time = 1)]
fn new_forms(bencher: Bencher) {
    let texts = texts();
    let lexicons = lexicons();
    bencher
        .counter(size(&texts))
        .with_inputs(Annotator::default)
        .bench_local_values(|mut annotator| {
            let slices: Vec<&str> = texts.iter().map(String::as_str).collect();
            annotator
                .annotate(&slices, &lexicons, &analysis::Settings::default())
                .len()
        });
}

/// Language, clauses, sentiment and cues, each with its evidence copied out; written forms met before, as in a long stream.
#[divan::bench(min_time = 1)]
fn verdicts(bencher: Bencher) {
    let (texts, lexicons) = (texts(), lexicons());
    let settings = analysis::Settings::default();
    let slices: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut annotator = Annotator::default();
    annotator.annotate(&slices, &lexicons, &settings);
    bencher
        .counter(size(&texts))
        .bench_local(|| annotator.annotate(&slices, &lexicons, &settings).len());
}

/// Records of a file that is read: the look at the first rows, which every file costs, must not be what is measured.
const READ_RECORDS: usize = 60_000;

/// Files as bytes on disk, one thread with RAYON_NUM_THREADS=1: container, roles, dates, marks, cleaned words, keys.
#[divan::bench(min_time = 1, args = ["ndjson", "csv", "ndjson.zst"])]
fn reading(bencher: Bencher, form: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("records");
    let records: Vec<corpus::Record> = corpus::records(READ_RECORDS, BYTES).collect();
    match form {
        "csv" => corpus::write_csv(&file, &records),
        _ => corpus::write(&file, &records),
    }
    let bytes = std::fs::metadata(&file).expect("just written").len();
    if form == "ndjson.zst" {
        let plain = std::fs::read(&file).expect("just written");
        std::fs::write(&file, zstd::encode_all(&*plain, 3).expect("compressed")).expect("written");
    }
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        ingest::read(
            std::slice::from_ref(&file),
            &ingest::Settings::default(),
            &Nobody,
        )
        .expect("readable")
        .feedback
        .len()
    });
}

/// Everything learned about records once they are read, themes included.
#[divan::bench(min_time = 1)]
fn whole_analysis(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("records.ndjson");
    corpus::write(&file, &corpus::records(RECORDS, BYTES).collect::<Vec<_>>());
    let mut imported =
        ingest::read(&[file], &ingest::Settings::default(), &Nobody).expect("readable");
    let feedback = fold_duplicates(imported.feedback, &mut imported.files);
    let lexicons = lexicons();
    let settings = analysis::Settings::default();
    let bytes: usize = feedback.iter().map(|record| record.text.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .with_inputs(|| feedback.clone())
        .bench_local_values(|feedback| {
            let feedback = feedback.into_iter().map(AnalyzedFeedback::unread).collect();
            analyze(
                feedback,
                Vec::new(),
                Vec::new(),
                &Context::new(&lexicons, &settings),
                Stamp::default(),
                &Nobody,
            )
            .themes
            .len()
        });
}
