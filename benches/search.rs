//! How fast the index answers, and whether what it finds first is what was meant.
//!
//! `cargo bench --bench search -- [records] [bytes] [queries]` asks a workspace of made-up records so many queries made of
//! their own words, warm, and prints the median, the 99th percentile and the longest of each kind.
//!
//! `cargo bench --bench search -- FILE…` takes labelled files (`{"text": …, "topic": …}` a line), asks for each topic by the
//! words of its name, any of them, and prints how many of the first ten records have it, beside plain BM25 over words in
//! lower case, without stems.

mod corpus;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use vocable::index::{Page, Query, Search, Sort};
use vocable::language::Lexicons;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let files: Vec<&String> = arguments
        .iter()
        .filter(|argument| Path::new(argument).is_file())
        .collect();
    let lexicons = Lexicons::embedded().expect("embedded lexicons are verified by tests");
    if files.is_empty() {
        let [records, bytes, queries] = corpus::numbers([50_000, 250, 1_000]);
        measure_latency(records, bytes, queries, &lexicons);
    }
    for file in files {
        measure_relevance(Path::new(file), &lexicons);
    }
}

fn first_ten() -> Page {
    Page {
        sort: Sort::Relevance,
        limit: 10,
        after: None,
    }
}

/// Makes a query of words of a record.
type Asker = fn(&[&str], &corpus::Record) -> String;

/// Kinds of queries.
const KINDS: [(&str, Asker); 9] = [
    ("word", |words, _| words[0].to_owned()),
    ("two words", |words, _| format!("{} {}", words[0], words[2])),
    ("one of three", |words, _| {
        format!("{} OR {} OR {}", words[0], words[1], words[2])
    }),
    ("phrase", |words, _| {
        format!("\"{} {}\"", words[0], words[1])
    }),
    ("words near", |words, _| {
        format!("\"{} {}\"~3", words[0], words[2])
    }),
    ("beginning", |words, _| {
        format!("{}*", words[0].chars().take(5).collect::<String>())
    }),
    ("near miss", |words, _| format!("{}~1", words[0])),
    ("as written", |words, _| format!("={}", words[0])),
    ("filtered", |words, record| {
        format!(
            "{} channel:{} rating:1..2 date:{}",
            words[0],
            record.channel,
            &record.date[..7]
        )
    }),
];

fn measure_latency(count: usize, bytes: usize, queries: usize, lexicons: &Lexicons) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("records.ndjson");
    let records: Vec<corpus::Record> = corpus::records(count, bytes).collect();
    corpus::write(&file, &records);
    let (workspace, _) = corpus::updated(&file, &folder.path().join("workspace"), lexicons);
    let mut search = workspace.search(&lexicons.into()).expect("an index");
    let mut spent: Vec<Vec<Duration>> = vec![Vec::new(); KINDS.len()];
    // The first round warms pages up, and does not count.
    for round in 0..2 {
        spent.iter_mut().for_each(Vec::clear);
        for number in 0..queries {
            let record = &records[(number * 7919 + round) % records.len()];
            let words: Vec<&str> = record
                .text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            let is_long = |words: &&[&str]| words[0].chars().count() > 3;
            let Some(words) = words.windows(3).find(is_long) else {
                continue;
            };
            let kind = number % KINDS.len();
            let query = Query::parse(&KINDS[kind].1(words, record)).expect("a query");
            let start = Instant::now();
            let found = search.find(&query, &first_ten()).expect("an answer");
            spent[kind].push(start.elapsed());
            std::hint::black_box(found);
        }
    }
    println!(
        "{count} records of {bytes} bytes, {queries} queries, first ten hits with their texts, ms"
    );
    println!("{:14} {:>8} {:>8} {:>8}", "", "median", "99 %", "longest");
    let all: Vec<Duration> = spent.concat();
    for (name, times) in KINDS
        .iter()
        .map(|(name, _)| *name)
        .zip(spent)
        .chain([("all", all)])
    {
        let mut times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!("{name:14} {:8.2} {:8.2} {:8.2}", at(0.5), at(0.99), at(1.0));
    }
}

fn measure_relevance(file: &Path, lexicons: &Lexicons) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (workspace, _) = corpus::updated(file, &folder.path().join("workspace"), lexicons);
    let mut search = workspace.search(&lexicons.into()).expect("an index");
    let all = Page {
        limit: usize::MAX - 1,
        ..first_ten()
    };
    let records = search
        .find(&Query::default(), &all)
        .expect("an answer")
        .hits;
    let topic_of = |columns: &str| -> Option<String> {
        let columns: BTreeMap<String, serde_json::Value> = serde_json::from_str(columns).ok()?;
        columns.get("topic")?.as_str().map(str::to_owned)
    };
    let topics: Vec<Option<String>> = records
        .iter()
        .map(|hit| topic_of(&hit.record.feedback.columns))
        .collect();
    let texts: Vec<String> = records
        .iter()
        .map(|hit| hit.record.feedback.text.to_lowercase())
        .collect();
    let plain = Plain::new(&texts);
    let mut names: Vec<&String> = topics.iter().flatten().collect();
    names.sort();
    names.dedup();
    let (mut ours, mut theirs) = (0.0, 0.0);
    for name in &names {
        let words: Vec<String> = name
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        ours += precision(&mut search, &words, |columns| {
            topic_of(columns).as_ref() == Some(name)
        });
        let first = plain.first_ten(&words);
        let right = first
            .iter()
            .filter(|place| topics[**place].as_ref() == Some(name))
            .count();
        theirs += right as f64 / 10.0;
    }
    let count = names.len() as f64;
    println!(
        "{}: {} records, {count} topics: of the first ten {:.3} have the topic, by plain BM25 {:.3}",
        PathBuf::from(file.file_name().unwrap_or_default()).display(),
        records.len(),
        ours / count,
        theirs / count,
    );
}

fn precision(search: &mut Search<'_>, words: &[String], is_right: impl Fn(&str) -> bool) -> f64 {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let query = Query::parse(&quoted.join(" OR ")).expect("words in quotation marks");
    let found = search.find(&query, &first_ten()).expect("an answer");
    let right = found
        .hits
        .iter()
        .filter(|hit| is_right(&hit.record.feedback.columns))
        .count();
    right as f64 / 10.0
}

/// BM25 (k₁ 1.2, b 0.75) over words as they are: runs of letters and digits in lower case.
struct Plain<'t> {
    words: Vec<Vec<&'t str>>,
    having: BTreeMap<&'t str, f64>,
    mean: f64,
}

impl<'t> Plain<'t> {
    fn new(texts: &'t [String]) -> Self {
        let words: Vec<Vec<&str>> = texts
            .iter()
            .map(|text| {
                text.split(|c: char| !c.is_alphanumeric())
                    .filter(|word| !word.is_empty())
                    .collect()
            })
            .collect();
        let mut having = BTreeMap::new();
        for words in &words {
            let mut distinct = words.clone();
            distinct.sort_unstable();
            distinct.dedup();
            for word in distinct {
                *having.entry(word).or_default() += 1.0;
            }
        }
        let mean = words.iter().map(Vec::len).sum::<usize>() as f64 / words.len().max(1) as f64;
        Self {
            words,
            having,
            mean,
        }
    }

    fn first_ten(&self, asked: &[String]) -> Vec<usize> {
        let records = self.words.len() as f64;
        let score = |words: &[&str]| -> f64 {
            let of_word = |word: &String| {
                let found = words.iter().filter(|other| *other == word).count() as f64;
                let having = self.having.get(word.as_str()).copied().unwrap_or(0.0);
                let rarity = (1.0 + (records - having + 0.5) / (having + 0.5)).ln();
                rarity * 2.2 * found
                    / (found + 1.2 * (0.25 + 0.75 * words.len() as f64 / self.mean))
            };
            asked.iter().map(of_word).sum()
        };
        let mut scored: Vec<(f64, usize)> = self
            .words
            .iter()
            .map(|words| score(words))
            .zip(0..)
            .collect();
        scored.retain(|(score, _)| *score > 0.0);
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored
            .into_iter()
            .take(10)
            .map(|(_, place)| place)
            .collect()
    }
}
