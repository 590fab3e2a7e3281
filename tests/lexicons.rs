//! The tables under `lexicons/`: in order, in range, consistent, and their own examples pass.
//!
//! `VOCABLE_REPAIR=1 cargo test --test lexicons` sorts what is out of order and drops repeated rows.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use vocable::{
    analysis::{Annotation, Annotator, Settings},
    cues::CueKind,
    language::Lexicons,
    sentiment::Polarity,
    text::{Kind, lower, scan},
};

const LANGUAGES: [&str; 2] = ["fr", "en"];

fn path(language: &str, table: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("lexicons")
        .join(language)
        .join(table)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares a file with its canonical form, or mends it when asked.
fn check_canonical(path: &Path, canonical: String) {
    if read(path) == canonical {
        return;
    }
    if std::env::var_os("VOCABLE_REPAIR").is_some() {
        fs::write(path, canonical).unwrap();
        return;
    }
    panic!(
        "{} is not in canonical order; run VOCABLE_REPAIR=1 cargo test --test lexicons",
        path.display()
    );
}

#[test]
fn tables_are_sorted_without_repeats() {
    for language in LANGUAGES {
        for table in ["polarity.tsv", "modifiers.tsv"] {
            let path = path(language, table);
            let text = read(&path);
            let (header, rows) = text.split_once('\n').unwrap();
            let mut by_phrase: BTreeMap<&str, &str> = BTreeMap::new();
            for row in rows.lines() {
                by_phrase
                    .entry(row.split('\t').next().unwrap())
                    .or_insert(row);
            }
            let rows: String = by_phrase.values().map(|row| format!("{row}\n")).collect();
            check_canonical(&path, format!("{header}\n{rows}"));
        }
        for table in ["stop_words.txt", "stop_labels.txt"] {
            let path = path(language, table);
            let text = read(&path);
            let mut words: Vec<&str> = text.lines().collect();
            words.sort_unstable();
            words.dedup();
            check_canonical(
                &path,
                words.iter().map(|word| format!("{word}\n")).collect(),
            );
        }
    }
    for (language, table) in LANGUAGES
        .iter()
        .flat_map(|language| [(language, "cues.tsv"), (language, "concepts.tsv")])
    {
        let path = path(language, table);
        let text = read(&path);
        let (header, rows) = text.split_once('\n').unwrap();
        let rows: BTreeMap<(&str, &str), &str> = rows
            .lines()
            .map(|row| {
                let mut cells = row.split('\t');
                ((cells.next().unwrap(), cells.next().unwrap()), row)
            })
            .collect();
        let rows: String = rows.values().map(|row| format!("{row}\n")).collect();
        check_canonical(&path, format!("{header}\n{rows}"));
    }
    let symbols = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/symbols.tsv");
    let text = read(&symbols);
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_unstable();
    rows.dedup_by_key(|row| row.split('\t').next().unwrap().to_owned());
    check_canonical(&symbols, format!("{header}\n{}\n", rows.join("\n")));
}

fn shared(table: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("lexicons")
        .join(table)
}

#[test]
fn lists_of_words_that_tell_languages_are_sorted_without_repeats() {
    let path = shared("function_words.tsv");
    let text = read(&path);
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: String = rows
        .lines()
        .map(|row| {
            let (code, words) = row.split_once('\t').unwrap();
            let mut words: Vec<&str> = words.split(' ').collect();
            words.sort_unstable();
            words.dedup();
            format!("{code}\t{}\n", words.join(" "))
        })
        .collect();
    check_canonical(&path, format!("{header}\n{rows}"));
}

/// Bytes of `ngrams.tsv`: it is read at every start, and people are to be able to open it.
const MOST_NGRAM_BYTES: usize = 300_000;

#[test]
fn runs_of_letters_are_one_row_a_weight_and_few_enough() {
    let text = read(&shared("ngrams.tsv"));
    assert!(text.len() <= MOST_NGRAM_BYTES, "{} bytes", text.len());
    let keys: Vec<(&str, f32)> = text
        .lines()
        .skip(1)
        .map(|row| {
            let mut cells = row.split('\t');
            (
                cells.next().unwrap(),
                cells.next().unwrap().parse().unwrap(),
            )
        })
        .collect();
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn phrases_are_written_as_they_are_looked_up() {
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        for table in ["polarity.tsv", "modifiers.tsv"] {
            for (index, row) in read(&path(language, table)).lines().enumerate().skip(1) {
                let phrase = row.split('\t').next().unwrap();
                let is_plain = phrase == phrase.to_lowercase()
                    && phrase == phrase.trim()
                    && !phrase.is_empty()
                    && !phrase.contains("  ")
                    && !phrase.contains(['-', '’', '"']);
                if !is_plain {
                    wrong.push(format!(
                        "lexicons/{language}/{table}:{}: \"{phrase}\"",
                        index + 1
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "not lower case, or with hyphens, curly apostrophes or spare spaces:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn embedded_tables_are_verified_when_read() {
    let lexicons = Lexicons::embedded().unwrap();
    assert_eq!(lexicons.hashes.len(), LANGUAGES.len());
}

#[test]
fn every_example_reads_as_expected() {
    let lexicons = Lexicons::embedded().unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for language in LANGUAGES {
        let table = read(&path(language, "examples.tsv"));
        let rows: Vec<Vec<&str>> = table
            .lines()
            .skip(1)
            .map(|row| row.split('\t').collect())
            .collect();
        let texts: Vec<&str> = rows.iter().map(|row| row[0]).collect();
        let annotations = Annotator::default().annotate(&texts, &lexicons, &Settings::default());
        for (index, (row, annotation)) in rows.iter().zip(annotations).enumerate() {
            count += 1;
            let found = Polarity::of(annotation.score).name();
            if found != row[1] {
                wrong.push(format!(
                    "lexicons/{language}/examples.tsv:{}: {} ({:+.2}, {}) where {} is expected: {}",
                    index + 2,
                    found,
                    annotation.score,
                    annotation.language,
                    row[1],
                    row[0]
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} examples:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Share of the texts said to show a kind that people say show it, of each kind and language.
const LEAST_PRECISION: f64 = 0.85;

/// Share of the texts people say show a kind that are found, over all kinds of a language.
const LEAST_RECALL: f64 = 0.70;

#[test]
fn cues_found_are_cues_people_see() {
    let lexicons = Lexicons::embedded().unwrap();
    let mut poor = Vec::new();
    for language in LANGUAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpora/gold")
            .join(language)
            .join("cues.tsv");
        let table = read(&path);
        let rows: Vec<(&str, &str)> = table
            .lines()
            .skip(1)
            .map(|row| row.split_once('\t').unwrap())
            .collect();
        assert!(rows.len() >= 300, "{}: {} rows", path.display(), rows.len());
        let texts: Vec<&str> = rows.iter().map(|(_, text)| *text).collect();
        let annotations = Annotator::default().annotate(&texts, &lexicons, &Settings::default());
        let (mut all_right, mut all_there) = (0, 0);
        for (kind, name) in CueKind::ALL {
            let (mut right, mut found, mut there) = (0, 0, 0);
            for ((kinds, _), annotation) in rows.iter().zip(&annotations) {
                let is_there = kinds.split(',').any(|seen| seen == name);
                let is_found = annotation.cues.iter().any(|found| found.cue.kind == kind);
                there += u32::from(is_there);
                found += u32::from(is_found);
                right += u32::from(is_there && is_found);
            }
            let precision = f64::from(right) / f64::from(found.max(1));
            if precision < LEAST_PRECISION {
                poor.push(format!(
                    "{language} {name}: {right} of {found} found are right"
                ));
            }
            all_right += right;
            all_there += there;
        }
        if f64::from(all_right) < LEAST_RECALL * f64::from(all_there) {
            poor.push(format!("{language}: {all_right} of {all_there} are found"));
        }
    }
    assert!(poor.is_empty(), "{}", poor.join("\n"));
}

/// Phrases a theme of the catalogue has in each language, at least.
const LEAST_PHRASES: usize = 15;

#[test]
fn every_theme_of_the_catalogue_has_phrases_in_both_languages() {
    let lexicons = Lexicons::embedded().unwrap();
    let concepts = lexicons.catalogue.concepts();
    assert!(concepts.len() >= 80);
    for (language, lexicon) in LANGUAGES.iter().zip(&lexicons.languages) {
        let mut phrases = vec![0; concepts.len()];
        for pattern in &lexicon.concepts.patterns {
            if !pattern.is_guard {
                phrases[usize::from(pattern.kind.number)] += 1;
            }
        }
        let poor: Vec<&str> = concepts
            .iter()
            .zip(phrases)
            .filter(|(_, phrases)| *phrases < LEAST_PHRASES)
            .map(|(concept, _)| concept.id.as_str())
            .collect();
        assert!(poor.is_empty(), "{language}: {poor:?}");
    }
}

/// Lists of pairs, how many each has at least, and the share that must name one theme in both languages. The second was
/// written without sight of the phrases; what it reached at first sight stands in `corpora/README.md`.
const PAIRS: [(&str, usize, f64); 2] = [
    ("theme_pairs.tsv", 60, 0.90),
    ("theme_pairs_unseen.tsv", 100, 0.70),
];

#[test]
fn what_is_said_in_french_and_in_english_lands_in_one_theme() {
    let lexicons = Lexicons::embedded().unwrap();
    for (file, least, share) in PAIRS {
        check_pairs(file, least, share, &lexicons);
    }
}

/// Theme, French and English of each pair.
fn pairs(file: &str) -> Vec<[String; 3]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpora/gold")
        .join(file);
    let cells = |row: &str| {
        let cells: Vec<String> = row.split('\t').map(str::to_owned).collect();
        cells.try_into().unwrap()
    };
    read(&path).lines().skip(1).map(cells).collect()
}

fn check_pairs(file: &str, least: usize, share: f64, lexicons: &Lexicons) {
    let rows = pairs(file);
    assert!(rows.len() >= least);
    let texts: Vec<&str> = rows.iter().flat_map(|[_, fr, en]| [&**fr, &**en]).collect();
    let annotations = Annotator::default().annotate(&texts, lexicons, &Settings::default());
    let theme = |annotation: &Annotation| {
        let mut named: Vec<_> = annotation.themes.iter().collect();
        named.sort_by(|a, b| {
            b.strength
                .total_cmp(&a.strength)
                .then(a.concept.cmp(&b.concept))
        });
        named.first().map(|mention| mention.concept)
    };
    let apart: Vec<String> = rows
        .iter()
        .zip(annotations.chunks_exact(2))
        .filter(|(_, pair)| theme(&pair[0]).is_none() || theme(&pair[0]) != theme(&pair[1]))
        .map(|([_, fr, en], _)| format!("{fr} / {en}"))
        .collect();
    assert!(
        apart.len() as f64 <= (1.0 - share) * rows.len() as f64,
        "{file}: {} of {} apart:\n{}",
        apart.len(),
        rows.len(),
        apart.join("\n")
    );
}

/// Where the words of a text lie together; nothing where none has a place.
fn place(text: &str, language: usize, lexicons: &Lexicons) -> Vec<f32> {
    let lexicon = &lexicons.languages[language];
    let mut tokens = Vec::new();
    scan(text, &lexicons.scanner, &mut tokens);
    let mut sum = vec![0.0; lexicons.dimensions()];
    for token in tokens.iter().filter(|token| token.kind == Kind::Word) {
        let word = lower(token.of(text));
        let place = lexicon.vectors.of(&lexicon.stem(&word));
        if let Some(place) = place.filter(|_| !lexicon.facts(&word).is_stop) {
            sum.iter_mut()
                .zip(place)
                .for_each(|(sum, value)| *sum += value);
        }
    }
    let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
    sum.iter()
        .map(|value| value / length.max(f32::MIN_POSITIVE))
        .collect()
}

#[test]
fn vectors_place_what_means_the_same_side_by_side_in_both_languages() {
    let lexicons = Lexicons::embedded().unwrap();
    // By chance one or two of a hundred would.
    for (file, share) in [("theme_pairs.tsv", 0.65), ("theme_pairs_unseen.tsv", 0.4)] {
        let rows = pairs(file);
        let english: Vec<Vec<f32>> = rows
            .iter()
            .map(|[.., en]| place(en, 1, &lexicons))
            .collect();
        let together = rows.iter().filter(|[theme, fr, _]| {
            let french = place(fr, 0, &lexicons);
            let cosine =
                |at: &usize| -> f32 { english[*at].iter().zip(&french).map(|(a, b)| a * b).sum() };
            let nearest = (0..rows.len()).max_by(|a, b| cosine(a).total_cmp(&cosine(b)));
            nearest.is_some_and(|nearest| rows[nearest][0] == *theme)
        });
        let reached = together.count() as f64 / rows.len() as f64;
        assert!(reached >= share, "{file}: {reached:.2}");
    }
}
