//! Search against a scan of every record: which records, how many and in what order must be the same.
//!
//! Words and stems are the library's; everything that is asked of them – phrases, beginnings, near misses, fields,
//! BM25, ties – is worked out here from the rules of the query language alone. The demo is asked always, 5,000 records of
//! real feedback where a folder of it lies beside the project or `VOCABLE_FEEDBACK` names one.

use crate::support::Bench;
use std::{collections::BTreeMap, fs, path::PathBuf};
use vocable::{
    analysis::AnalyzedFeedback,
    index::{Page, Query, Search, Sort},
    language::{Language, Stems, embedded_tables},
    text::{Kind, Token, fold, lower, scan},
    workspace::Workspace,
};

/// What is asked, as this test understands it.
enum Asked {
    Word(String),
    Phrase(Vec<String>, u32),
    Exact(Vec<String>),
    Prefix(String),
    Near(String, usize),
    Field(Test),
    And(Vec<Asked>),
    Or(Vec<Asked>),
    Not(Box<Asked>),
}

type Test = Box<dyn Fn(&Scanned) -> bool>;

/// A record with its words cut.
struct Scanned {
    record: AnalyzedFeedback,
    /// Words in lower case.
    words: Vec<String>,
    /// Field → stems of all words; only of the fields the record is in.
    stems: BTreeMap<usize, Vec<String>>,
}

/// All records, with what relevance needs to know of them.
struct Corpus {
    records: Vec<Scanned>,
    stems: Stems,
    mean_length: [f64; 3],
}

impl Corpus {
    fn new(records: Vec<AnalyzedFeedback>, stems: Stems) -> Self {
        let mut corpus = Self {
            records: Vec::new(),
            stems,
            mean_length: [0.0; 3],
        };
        corpus.records = records
            .into_iter()
            .map(|record| {
                let words = corpus.cut(&record.feedback.text);
                let fields: &[usize] = match record.language {
                    Language::French => &[0],
                    Language::English => &[1],
                    Language::Other(_) => &[2],
                    Language::Undetermined => &[0, 1],
                };
                let stems = (fields.iter())
                    .map(|field| {
                        (
                            *field,
                            words.iter().map(|word| corpus.stem(*field, word)).collect(),
                        )
                    })
                    .collect();
                Scanned {
                    record,
                    words,
                    stems,
                }
            })
            .collect();
        for field in 0..3 {
            let lengths = (corpus.records.iter())
                .filter_map(|scanned| scanned.stems.get(&field))
                .map(|stems| f64::from(rounded_length(stems.len() as u32)));
            corpus.mean_length[field] = lengths.sum::<f64>() / corpus.records.len() as f64;
        }
        corpus
    }

    fn cut(&self, text: &str) -> Vec<String> {
        let mut tokens: Vec<Token> = Vec::new();
        scan(text, &self.stems.scanner, &mut tokens);
        tokens
            .iter()
            .filter(|token| !matches!(token.kind, Kind::Elided | Kind::Stop | Kind::Pause))
            .map(|token| lower(token.of(text)).into_string())
            .collect()
    }

    fn stem(&self, field: usize, word: &str) -> String {
        match self.stems.stemmers.get(field) {
            Some(stemmer) => stemmer.stem(word),
            None => fold(word).into_owned(),
        }
    }

    fn rarity(&self, field: usize, stem: &str) -> f64 {
        let having = (self.records.iter())
            .filter(|scanned| {
                (scanned.stems.get(&field)).is_some_and(|stems| stems.iter().any(|s| s == stem))
            })
            .count() as f64;
        (1.0 + (self.records.len() as f64 - having + 0.5) / (having + 0.5)).ln()
    }

    /// BM25 with k₁ = 1.2 and b = 0.75 of words that occur so often in a field.
    fn relevance(&self, field: usize, rarity: f64, occurrences: f64, length: usize) -> f64 {
        let length = f64::from(rounded_length(length as u32)) / self.mean_length[field];
        rarity * 2.2 * occurrences / (occurrences + 1.2 * (0.25 + 0.75 * length))
    }

    /// The rank of each record that matches; `None` for those that do not.
    fn ranks(&self, asked: &Asked) -> Vec<Option<f64>> {
        let each = |rank: &dyn Fn(&Scanned) -> Option<f64>| self.records.iter().map(rank).collect();
        match asked {
            Asked::Word(word) => self.ranks_in_order(std::slice::from_ref(word), 0),
            Asked::Phrase(words, slop) => self.ranks_in_order(words, *slop),
            Asked::Exact(words) => each(&|scanned| {
                let is_here = scanned.words.windows(words.len()).any(|here| here == words);
                is_here.then_some(1.0)
            }),
            Asked::Prefix(prefix) => each(&|scanned| {
                let begins = |word: &String| fold(word).starts_with(prefix.as_str());
                scanned.words.iter().any(begins).then_some(1.0)
            }),
            Asked::Near(word, most) => each(&|scanned| {
                let is_near = |other: &String| distance(&fold(other), word) <= *most;
                scanned.words.iter().any(is_near).then_some(1.0)
            }),
            Asked::Field(test) => each(&|scanned| test(scanned).then_some(0.0)),
            Asked::And(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.ranks(part)).collect();
                (0..self.records.len())
                    .map(|at| parts.iter().map(|part| part[at]).sum())
                    .collect()
            }
            Asked::Or(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.ranks(part)).collect();
                (0..self.records.len())
                    .map(|at| {
                        let ranks = parts.iter().filter_map(|part| part[at]);
                        ranks.reduce(|a, b| a + b)
                    })
                    .collect()
            }
            Asked::Not(part) => {
                let refused = self.ranks(part).into_iter();
                refused.map(|rank| rank.is_none().then_some(0.0)).collect()
            }
        }
    }

    fn ranks_in_order(&self, words: &[String], slop: u32) -> Vec<Option<f64>> {
        let asked: Vec<(Vec<String>, f64)> = (0..3)
            .map(|field| {
                let stems: Vec<String> = words.iter().map(|word| self.stem(field, word)).collect();
                let rarity = stems.iter().map(|stem| self.rarity(field, stem)).sum();
                (stems, rarity)
            })
            .collect();
        let rank = |scanned: &Scanned| {
            let ranks = scanned.stems.iter().filter_map(|(field, stems)| {
                let (wanted, rarity) = &asked[*field];
                let found = occurrences(stems, wanted, slop);
                let rank = self.relevance(*field, *rarity, found as f64, stems.len());
                (found > 0).then_some(rank)
            });
            ranks.reduce(|a, b| a + b)
        };
        self.records.iter().map(rank).collect()
    }
}

/// Places from which the wanted stems follow each other with at most `slop` others between the first and the last.
fn occurrences(stems: &[String], wanted: &[String], slop: u32) -> usize {
    let follows = |start: usize| {
        let mut at = start;
        for stem in &wanted[1..] {
            match stems[at + 1..].iter().position(|other| other == stem) {
                Some(gap) => at += gap + 1,
                None => return false,
            }
        }
        at - start <= wanted.len() - 1 + slop as usize
    };
    (0..stems.len())
        .filter(|start| stems[*start] == wanted[0] && follows(*start))
        .count()
}

/// A length as one byte keeps it (Lucene's SmallFloat): exact to 40, then four significant bits.
fn rounded_length(length: u32) -> u32 {
    if length < 24 {
        return length;
    }
    let above = length - 24;
    let bits = 32 - above.leading_zeros();
    let dropped = bits.saturating_sub(4);
    24 + (above >> dropped << dropped)
}

/// Letters put in, left out, replaced, or swapped with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut table = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for row in 0..=a.len() {
        for column in 0..=b.len() {
            table[row][column] = if row == 0 || column == 0 {
                row + column
            } else {
                let differs = usize::from(a[row - 1] != b[column - 1]);
                let mut least = (table[row - 1][column] + 1)
                    .min(table[row][column - 1] + 1)
                    .min(table[row - 1][column - 1] + differs);
                if row > 1
                    && column > 1
                    && a[row - 1] == b[column - 2]
                    && a[row - 2] == b[column - 1]
                {
                    least = least.min(table[row - 2][column - 2] + 1);
                }
                least
            };
        }
    }
    table[a.len()][b.len()]
}

/// Chance with a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

/// Makes queries out of the records' own words and values.
struct Asker<'c> {
    corpus: &'c Corpus,
    chance: Chance,
}

impl Asker<'_> {
    /// Words of a record that stand side by side and mean nothing to the query language.
    fn words(&mut self, count: usize) -> Vec<String> {
        loop {
            let records = &self.corpus.records;
            let scanned = &records[self.chance.below(records.len())];
            if scanned.words.len() < count {
                continue;
            }
            let start = self.chance.below(scanned.words.len() - count + 1);
            let words = &scanned.words[start..start + count];
            // What the scanner cuts out of a text it must cut out of a query too.
            let is_plain = |word: &String| {
                word.chars().all(char::is_alphanumeric) && self.corpus.cut(word) == [word.clone()]
            };
            if words.iter().all(is_plain) && self.corpus.cut(&words.join(" ")) == words {
                return words.to_vec();
            }
        }
    }

    /// A query as it is typed, and as it is understood here.
    fn ask(&mut self, depth: usize) -> (String, Asked) {
        let kinds = if depth == 0 { 13 } else { 17 };
        match self.chance.below(kinds) {
            0..=2 => {
                let word = self.words(1).remove(0);
                (word.clone(), Asked::Word(word))
            }
            3 | 4 => {
                let words = self.words(2 + self.chance.0 as usize % 2);
                (format!("\"{}\"", words.join(" ")), Asked::Phrase(words, 0))
            }
            5 => {
                let mut words = self.words(4);
                words.remove(1 + self.chance.below(2));
                let slop = self.chance.below(4) as u32;
                (
                    format!("\"{}\"~{slop}", words.join(" ")),
                    Asked::Phrase(words, slop),
                )
            }
            6 => {
                let word = self.words(1).remove(0);
                (format!("={word}"), Asked::Exact(vec![word]))
            }
            7 => {
                let words = self.words(2);
                (format!("=\"{}\"", words.join(" ")), Asked::Exact(words))
            }
            8 => {
                let word = self.words(1).remove(0);
                let prefix: String = word.chars().take(2 + self.chance.below(4)).collect();
                (
                    format!("{prefix}*"),
                    Asked::Prefix(fold(&prefix).into_owned()),
                )
            }
            9 => {
                let word = self.words(1).remove(0);
                let mut letters: Vec<char> = word.chars().collect();
                if letters.len() > 4 {
                    letters.remove(self.chance.below(letters.len() - 1));
                }
                let word: String = letters.into_iter().collect();
                let most = 1 + self.chance.below(2);
                (
                    format!("{word}~{most}"),
                    Asked::Near(fold(&word).into_owned(), most),
                )
            }
            10..=12 => self.ask_field(),
            13 | 14 => {
                let (a, b) = (self.ask(depth - 1), self.ask(depth - 1));
                (format!("{} ({})", a.0, b.0), Asked::And(vec![a.1, b.1]))
            }
            15 => {
                let (a, b) = (self.ask(depth - 1), self.ask(depth - 1));
                (
                    format!("(({}) OR ({}))", a.0, b.0),
                    Asked::Or(vec![a.1, b.1]),
                )
            }
            _ => {
                let (a, b) = (self.ask(depth - 1), self.ask(depth - 1));
                let not = Asked::Not(Box::new(b.1));
                (
                    format!("({}) NOT ({})", a.0, b.0),
                    Asked::And(vec![a.1, not]),
                )
            }
        }
    }

    fn ask_field(&mut self) -> (String, Asked) {
        let records = &self.corpus.records;
        let some = &records[self.chance.below(records.len())].record;
        let field = |text: String, test: Test| (text, Asked::Field(test));
        match self.chance.below(8) {
            0 => {
                let code = some.language.code().to_owned();
                field(
                    format!("lang:{code}"),
                    Box::new(move |it| it.record.language.code() == code),
                )
            }
            1 => {
                let week = some
                    .feedback
                    .moment
                    .map_or("2026-W01".parse().unwrap(), |moment| moment.week());
                let within = move |it: &Scanned| {
                    it.record
                        .feedback
                        .moment
                        .is_some_and(|moment| moment.week() <= week)
                };
                field(format!("week:..{week}"), Box::new(within))
            }
            2 => {
                let day = some
                    .feedback
                    .moment
                    .map_or("2026-01-01".parse().unwrap(), |moment| moment.local.date());
                let within = move |it: &Scanned| {
                    it.record
                        .feedback
                        .moment
                        .is_some_and(|moment| moment.local.date() > day)
                };
                field(format!("date:>{day}"), Box::new(within))
            }
            3 => {
                let low = self.chance.below(5) as f32;
                let within = move |it: &Scanned| {
                    it.record
                        .feedback
                        .rating
                        .is_some_and(|mark| (low..=low + 1.0).contains(&mark.value))
                };
                field(format!("rating:{low}..{}", low + 1.0), Box::new(within))
            }
            4 => {
                let label = some.label();
                field(
                    format!("sentiment:{}", label.name()),
                    Box::new(move |it| it.record.label() == label),
                )
            }
            5 => {
                let kind = vocable::cues::CueKind::ALL
                    [self.chance.below(vocable::cues::CueKind::ALL.len())];
                let has = move |it: &Scanned| it.record.cue_kinds().contains(&kind.0);
                field(format!("intent:{}", kind.1), Box::new(has))
            }
            6 => {
                let product = some.feedback.product.clone();
                match product.filter(|product| !product.contains('"')) {
                    Some(product) => {
                        let plain = fold(&lower(&product)).into_owned();
                        let is = move |it: &Scanned| {
                            let other = it.record.feedback.product.as_deref();
                            other.is_some_and(|other| *fold(&lower(other)) == *plain)
                        };
                        field(format!("product:\"{product}\""), Box::new(is))
                    }
                    None => field(
                        "product:*".to_owned(),
                        Box::new(|it| it.record.feedback.product.is_some()),
                    ),
                }
            }
            _ => field(
                "theme:*".to_owned(),
                Box::new(|it| !it.record.mentions.is_empty()),
            ),
        }
    }
}

/// Asks so many queries and compares every answer.
fn compare(search: &mut Search<'_>, corpus: &Corpus, queries: usize, seed: u64) {
    let mut asker = Asker {
        corpus,
        chance: Chance(seed),
    };
    let mut matches = 0;
    for _ in 0..queries {
        let (text, asked) = asker.ask(2);
        let query = Query::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let ranks = corpus.ranks(&asked);
        for sort in [Sort::Relevance, Sort::Date, Sort::Sentiment] {
            let page = Page {
                sort,
                limit: corpus.records.len(),
                after: None,
            };
            let found = search
                .find(&query, &page)
                .unwrap_or_else(|error| panic!("{text}: {error}"));
            let mut expected: Vec<(usize, f64)> = (ranks.iter().enumerate())
                .filter_map(|(at, rank)| Some((at, (*rank)?)))
                .collect();
            assert_eq!(found.total, expected.len() as u64, "{text} (seed {seed})");
            let key = |at: usize| &*corpus.records[at].record.feedback.key;
            let day = |at: usize| {
                (corpus.records[at].record.feedback.moment).map(|moment| moment.local.date())
            };
            match sort {
                Sort::Relevance => {
                    // Both sides round to a thousandth, on either side of a half: the order is that of the rounded
                    // numbers found, which must be those expected to within a thousandth and a half.
                    let rank_of: BTreeMap<&str, f64> = expected
                        .iter()
                        .map(|(at, rank)| (key(*at), *rank))
                        .collect();
                    for hit in &found.hits {
                        let expected = rank_of.get(&*hit.record.feedback.key);
                        let expected = expected.unwrap_or_else(|| {
                            panic!("{text}: {} is no match", hit.record.feedback.key)
                        });
                        assert!(
                            (expected - f64::from(hit.rank)).abs() < 1.5e-3,
                            "{text}: {expected} {}",
                            hit.rank
                        );
                    }
                    let found_rank: BTreeMap<&str, f32> = (found.hits.iter())
                        .map(|hit| (&*hit.record.feedback.key, hit.rank))
                        .collect();
                    expected.sort_by(|(a, _), (b, _)| {
                        let rank = |at: usize| found_rank.get(key(at)).copied().unwrap_or(0.0);
                        rank(*b)
                            .total_cmp(&rank(*a))
                            .then_with(|| key(*a).cmp(key(*b)))
                    });
                }
                Sort::Date => expected.sort_by(|(a, _), (b, _)| {
                    day(*b).cmp(&day(*a)).then_with(|| key(*a).cmp(key(*b)))
                }),
                Sort::Sentiment => expected.sort_by(|(a, _), (b, _)| {
                    let score = |at: usize| corpus.records[at].record.score;
                    score(*a)
                        .total_cmp(&score(*b))
                        .then_with(|| key(*a).cmp(key(*b)))
                }),
            }
            let order: Vec<&str> = found
                .hits
                .iter()
                .map(|hit| &*hit.record.feedback.key)
                .collect();
            let expected: Vec<&str> = expected.iter().map(|(at, _)| key(*at)).collect();
            assert_eq!(order, expected, "{text} (seed {seed})");
            matches += order.len();
        }
    }
    assert!(matches > queries, "queries that find nothing prove nothing");
}

fn check(bench: &Bench, queries: usize, seed: u64) {
    let stems = Stems::read(&embedded_tables()).unwrap();
    let workspace = Workspace::open(&bench.path("vocable-data"), stems.clone()).unwrap();
    let mut search = workspace.search(&stems).unwrap();
    let all = Page {
        sort: Sort::Relevance,
        limit: usize::MAX - 1,
        after: None,
    };
    let found = search.find(&Query::default(), &all).unwrap();
    let records = found.hits.into_iter().map(|hit| hit.record).collect();
    compare(&mut search, &Corpus::new(records, stems), queries, seed);
}

#[test]
fn the_demo_answers_as_a_scan_of_every_record_does() {
    let bench = Bench::new();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/demo");
    bench.vocable(&["run", "--quiet", demo]).ends(0);
    check(&bench, 200, 7);
}

#[test]
fn real_feedback_answers_as_a_scan_of_every_record_does() {
    let folder = std::env::var_os("VOCABLE_FEEDBACK").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        PathBuf::from,
    );
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    if files.is_empty() {
        eprintln!("skipped: no folder of real feedback; name one with VOCABLE_FEEDBACK");
        return;
    }
    let bench = Bench::new();
    let each = 5000usize.div_ceil(files.len());
    for (number, file) in files.iter().enumerate() {
        let text = fs::read_to_string(file).unwrap();
        let lines: String = text
            .lines()
            .take(each)
            .flat_map(|line| [line, "\n"])
            .collect();
        bench.file(&format!("in/{number}.jsonl"), lines);
    }
    bench.vocable(&["run", "--quiet", "in"]).ends(0);
    check(&bench, 200, 11);
}
