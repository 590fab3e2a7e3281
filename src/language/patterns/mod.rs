//! Patterns of words: how the tables of cues and of themes say what to look for.
//!
//! A pattern is a row of pieces with spaces between them. A piece is a word; several, parted by `|`; the beginning of a
//! word, `rembours*`; a class of `language.toml`, `{vous}`; a number, `#`. `…` stands for up to three words of any kind,
//! `^` before all pieces for the beginning of a clause, `?` after all for a question. Case and accents do not matter.
//! A row whose kind is preceded by `not ` is a guard: what shorter patterns of its kind find within it is none.

mod find;

pub use find::{Finder, Found, Text};

use crate::{
    error::{Error, Result},
    language::lexicon::{NONE, Row, rows},
    text::{self, Scanner, fold, lower, scan},
};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// One word that fits: asked with [`PatternTable::fits`].
    Word(u16),
    /// Up to [`LONGEST_GAP`] words of any kind.
    Gap,
}

/// Words that a gap spans at most.
pub const LONGEST_GAP: usize = 3;

/// Pieces of the longest pattern.
const MOST_PIECES: usize = 12;

/// What a pattern shows, and when it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Told apart by this; what it stands for is the table's affair.
    pub number: u16,
    /// A negation takes it back.
    pub can_be_denied: bool,
    /// A question shows it too.
    pub can_be_asked: bool,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What it shows.
    pub kind: Kind,
    /// True where it shows the contrary: what shorter patterns of its kind find within it is none.
    pub is_guard: bool,
    /// In order; empty for a pattern that asks for a question and nothing else.
    pub pieces: Box<[Piece]>,
    /// Matches only where a clause begins.
    pub opens_clause: bool,
    /// Matches only in a question.
    pub in_question: bool,
}

/// Where a pattern is looked for: its row, and which of its pieces the word at hand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Position in [`PatternTable::patterns`].
    pub row: u16,
    /// Position in [`Pattern::pieces`].
    pub piece: u8,
    /// Another piece that the clause must hold; the piece itself where the pattern has one alone.
    pub other: u16,
}

/// What a table is read with.
pub struct Reading<'a> {
    /// The file, as messages name it.
    pub place: &'a str,
    /// The classes of `language.toml`.
    pub classes: &'a BTreeMap<String, Vec<String>>,
    /// Cuts words.
    pub scanner: &'a Scanner,
    /// Tells words that stand everywhere.
    pub is_common: &'a dyn Fn(&str) -> bool,
    /// What words in lower case are compared by: themselves or their stems, without accents.
    pub compared: &'a dyn Fn(&str) -> String,
}

/// A word that no pattern knows.
pub const PLAIN: u32 = 0;

/// Any number, as patterns see it.
pub const NUMBER: u32 = 1;

/// One language's patterns, ready to be asked.
///
/// Words that all patterns treat alike are one: each written form is told its place once, and is then compared by number.
#[derive(Default)]
pub struct PatternTable {
    /// In the order of the table; row 0 stands on line 2.
    pub patterns: Vec<Pattern>,
    exact: FxHashMap<Box<str>, u32>,
    /// Words that count in one spelling alone.
    spelt: FxHashMap<Box<str>, u32>,
    /// Sorted, so that the longest beginning that fits comes last.
    beginnings: Vec<(Box<str>, u32)>,
    /// Word → pieces it fits, sorted.
    fits: Vec<Box<[u16]>>,
    /// Word → patterns that are looked for where it stands.
    anchors: Vec<Box<[Anchor]>>,
    /// Word → pieces it fits that some pattern asks for beside its anchor.
    asked: Vec<Box<[u16]>>,
    /// How many different pieces there are.
    pieces: usize,
    /// Patterns that ask for a question and nothing else.
    questions: Vec<u16>,
}

/// What precedes the kind of a row that shows the contrary.
const GUARD: &str = "not ";

/// What fits one place of a pattern, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spelling {
    Word(String),
    /// In this spelling alone; and what else it is compared by.
    Spelt(String, String),
    Beginning(String),
    Number,
}

type Choice = BTreeSet<Spelling>;

impl PatternTable {
    /// Reads and verifies a table whose first two columns are the kind and the pattern. `kind` knows kinds by name and
    /// says what is wrong with one it does not know. The error names file and line.
    pub fn read(
        table: &str,
        columns: &[&str],
        reading: &Reading<'_>,
        kind: impl Fn(&str) -> std::result::Result<Kind, String>,
    ) -> Result<Self> {
        let place = reading.place;
        let mut choices: BTreeMap<Choice, u16> = BTreeMap::new();
        let mut lines: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut patterns = Vec::new();
        for row in rows(table, columns, place)? {
            if let Some(line) = lines.insert((row.cells[0], row.cells[1]), row.line) {
                return Err(row.wrong(
                    place,
                    format!(
                        "\"{}\" stands on line {line} already; keep one",
                        row.cells[1]
                    ),
                ));
            }
            patterns.push(pattern(&row, reading, &kind, &mut choices)?);
        }
        let most = usize::from(u16::MAX);
        if patterns.len() > most || choices.len() > most {
            return Err(Error::Settings {
                place: place.to_owned(),
                reason: format!(
                    "{} patterns with {} different pieces, where {most} are the most",
                    patterns.len(),
                    choices.len(),
                ),
            });
        }
        let mut table = Self {
            patterns,
            ..Self::default()
        };
        table.number_words(&choices);
        table.place_anchors(&choices, reading.is_common);
        Ok(table)
    }

    /// Gives every word and every beginning its number, and notes which pieces each fits.
    fn number_words(&mut self, choices: &BTreeMap<Choice, u16>) {
        let spellings: BTreeSet<&Spelling> = choices.keys().flatten().collect();
        let mut next = NUMBER;
        for spelling in &spellings {
            match spelling {
                Spelling::Word(word) => {
                    next += 1;
                    self.exact.insert(word.as_str().into(), next);
                }
                Spelling::Spelt(word, _) => {
                    next += 1;
                    self.spelt.insert(word.as_str().into(), next);
                }
                Spelling::Beginning(beginning) => {
                    next += 1;
                    self.beginnings.push((beginning.as_str().into(), next));
                }
                Spelling::Number => {}
            }
        }
        let mut spellings_of: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for spelling in &spellings {
            if let Spelling::Spelt(spelt, compared) = spelling {
                let same = spellings_of.entry(compared).or_default();
                same.push(self.spelt[spelt.as_str()]);
            }
        }
        let words: Vec<&String> = spellings
            .iter()
            .filter_map(|spelling| match spelling {
                Spelling::Word(word) => Some(word),
                _ => None,
            })
            .collect();
        let mut fits = vec![Vec::new(); next as usize + 1];
        for (choice, piece) in choices {
            for spelling in choice {
                match spelling {
                    Spelling::Number => fits[NUMBER as usize].push(*piece),
                    Spelling::Spelt(word, _) => {
                        fits[self.spelt[word.as_str()] as usize].push(*piece);
                    }
                    Spelling::Word(word) => {
                        fits[self.exact[word.as_str()] as usize].push(*piece);
                        for spelt in spellings_of.get(word.as_str()).into_iter().flatten() {
                            fits[*spelt as usize].push(*piece);
                        }
                    }
                    Spelling::Beginning(beginning) => {
                        // All that begins so, beginnings longer than this one among it.
                        for (longer, word) in &self.beginnings {
                            if longer.starts_with(beginning.as_str()) {
                                fits[*word as usize].push(*piece);
                            }
                        }
                        // Sorted, words that begin alike stand together.
                        let first = words.partition_point(|word| *word < beginning);
                        for word in words[first..]
                            .iter()
                            .take_while(|word| word.starts_with(beginning.as_str()))
                        {
                            fits[self.exact[word.as_str()] as usize].push(*piece);
                        }
                    }
                }
            }
        }
        self.fits = fits
            .into_iter()
            .map(|mut pieces| {
                pieces.sort_unstable();
                pieces.dedup();
                pieces.into_boxed_slice()
            })
            .collect();
    }

    /// Looks for each pattern where its rarest piece stands.
    fn place_anchors(&mut self, choices: &BTreeMap<Choice, u16>, is_common: &dyn Fn(&str) -> bool) {
        let mut costs = vec![0; choices.len()];
        for (choice, piece) in choices {
            costs[usize::from(*piece)] = choice
                .iter()
                .map(|spelling| match spelling {
                    Spelling::Word(word) if is_common(word) => {
                        COMMON / word.chars().count().max(1) as u32
                    }
                    Spelling::Word(_) | Spelling::Spelt(..) => 1,
                    Spelling::Beginning(_) => 3,
                    Spelling::Number => NUMBERS,
                })
                .sum();
        }
        let mut words_of: Vec<Vec<u32>> = vec![Vec::new(); choices.len()];
        for (word, pieces) in (0..).zip(&self.fits) {
            for piece in pieces {
                words_of[usize::from(*piece)].push(word);
            }
        }
        let mut anchors = vec![Vec::new(); self.fits.len()];
        let mut is_other = vec![false; choices.len()];
        for (row, pattern) in (0..).zip(&self.patterns) {
            let mut words: Vec<(u8, u16)> = (0..)
                .zip(&pattern.pieces)
                .filter_map(|(at, piece)| match piece {
                    Piece::Word(word) => Some((at, *word)),
                    Piece::Gap => None,
                })
                .collect();
            words.sort_by_key(|(_, word)| costs[usize::from(*word)]);
            let Some(&(piece, word)) = words.first() else {
                self.questions.push(row);
                continue;
            };
            let other = words.get(1).map_or(word, |(_, other)| *other);
            is_other[usize::from(other)] = true;
            for fitting in &words_of[usize::from(word)] {
                anchors[*fitting as usize].push(Anchor { row, piece, other });
            }
        }
        self.anchors = anchors.into_iter().map(Vec::into_boxed_slice).collect();
        let asked = self.fits.iter().map(|fits| {
            let pieces = fits.iter().copied();
            pieces
                .filter(|piece| is_other[usize::from(*piece)])
                .collect()
        });
        self.asked = asked.collect();
        self.pieces = choices.len();
    }

    /// The number of a word, for [`Self::fits`] and [`Self::anchors`]: in lower case without accents, and as
    /// [`Reading::compared`] gives it.
    pub fn word(&self, spelt: &str, plain: &str) -> u32 {
        let known = self.spelt.get(spelt).or_else(|| self.exact.get(plain));
        if let Some(word) = known {
            return *word;
        }
        // The longest beginning that fits is the last one not after the word, or a beginning of that one.
        let mut end = self
            .beginnings
            .partition_point(|(beginning, _)| **beginning <= *plain);
        while end > 0 {
            let (beginning, word) = &self.beginnings[end - 1];
            if plain.starts_with(&**beginning) {
                return *word;
            }
            if beginning.as_bytes().first() != plain.as_bytes().first() {
                break;
            }
            end -= 1;
        }
        PLAIN
    }

    /// True where a word stands for this piece of a pattern.
    pub fn fits(&self, word: u32, piece: u16) -> bool {
        self.fits[word as usize].binary_search(&piece).is_ok()
    }

    /// The patterns that are looked for where this word stands.
    pub fn anchors(&self, word: u32) -> &[Anchor] {
        self.anchors
            .get(word as usize)
            .map_or(&[], |anchors| anchors)
    }

    /// The pieces this word fits that some pattern asks for beside its anchor.
    fn asked(&self, word: u32) -> &[u16] {
        self.asked.get(word as usize).map_or(&[], |asked| asked)
    }

    /// The rows of patterns that match every question.
    pub fn questions(&self) -> &[u16] {
        &self.questions
    }

    /// True where there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }
}

/// What looking at a word that stands everywhere costs, over its letters.
const COMMON: u32 = 600;

/// What looking at every number costs.
const NUMBERS: u32 = 50;

fn pattern(
    row: &Row<'_>,
    reading: &Reading<'_>,
    kind: impl Fn(&str) -> std::result::Result<Kind, String>,
    choices: &mut BTreeMap<Choice, u16>,
) -> Result<Pattern> {
    let wrong = |reason: String| row.wrong(reading.place, reason);
    let (name, is_guard) = match row.cells[0].strip_prefix(GUARD) {
        Some(name) => (name, true),
        None => (row.cells[0], false),
    };
    let kind = kind(name).map_err(wrong)?;
    let mut written = row.cells[1];
    let opens_clause = match written.strip_prefix("^ ") {
        Some(rest) => {
            written = rest;
            true
        }
        None => false,
    };
    let mut in_question = false;
    if written == "?" {
        (in_question, written) = (true, "");
    } else if let Some(rest) = written.strip_suffix(" ?") {
        (in_question, written) = (true, rest);
    }
    let mut pieces = Vec::new();
    for piece in written.split_whitespace() {
        if piece == "…" || piece == "..." {
            pieces.push(Piece::Gap);
            continue;
        }
        for choice in choices_of(piece, reading).map_err(wrong)? {
            let fresh = choices.len() as u16;
            pieces.push(Piece::Word(*choices.entry(choice).or_insert(fresh)));
        }
    }
    let is_gap = |piece: Option<&Piece>| piece == Some(&Piece::Gap);
    if is_gap(pieces.first()) || is_gap(pieces.last()) {
        return Err(wrong("… stands between words, not at an end".to_owned()));
    }
    if pieces.is_empty() && !in_question {
        return Err(wrong("the pattern is missing".to_owned()));
    }
    if pieces.len() > MOST_PIECES {
        return Err(wrong(format!(
            "{} pieces, where {MOST_PIECES} are the most",
            pieces.len()
        )));
    }
    Ok(Pattern {
        kind,
        is_guard,
        pieces: pieces.into_boxed_slice(),
        opens_clause,
        in_question,
    })
}

/// What a piece asks for: one choice, or one a word where it is a single word that the scanner cuts ("j'ai").
fn choices_of(piece: &str, reading: &Reading<'_>) -> std::result::Result<Vec<Choice>, String> {
    let Reading {
        classes, scanner, ..
    } = reading;
    let spelling = |written: &str| spelling(written, reading.compared);
    let mut choice = Choice::new();
    for one in piece.split('|') {
        let class = one
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(class) = class {
            let words = classes.get(class).ok_or_else(|| {
                let known: Vec<&str> = classes.keys().map(String::as_str).collect();
                format!(
                    "no class is called \"{class}\" in language.toml; there are: {}",
                    known.join(", ")
                )
            })?;
            for word in words {
                if word != "#" && words_of(word, scanner).len() != 1 {
                    return Err(format!(
                        "\"{word}\" of class \"{class}\" in language.toml is not one word"
                    ));
                }
                choice.insert(spelling(word));
            }
            continue;
        }
        let words = words_of(one.strip_prefix('=').unwrap_or(one), scanner);
        match words.as_slice() {
            _ if one == "#" || one.ends_with('*') => {
                choice.insert(spelling(one));
            }
            [_] => {
                choice.insert(spelling(one));
            }
            words if piece == one && !words.is_empty() => {
                return Ok(words
                    .iter()
                    .map(|word| Choice::from([spelling(word)]))
                    .collect());
            }
            _ => return Err(format!("\"{one}\" is not one word")),
        }
    }
    Ok(vec![choice])
}

fn spelling(written: &str, compared: &dyn Fn(&str) -> String) -> Spelling {
    match written.strip_suffix('*') {
        Some(beginning) => Spelling::Beginning(fold(&lower(beginning)).into_owned()),
        None if written == "#" => Spelling::Number,
        None if written.starts_with('=') => {
            let word = lower(&written[1..]);
            Spelling::Spelt(fold(&word).into_owned(), compared(&word))
        }
        None => Spelling::Word(compared(&lower(written))),
    }
}

fn words_of<'t>(text: &'t str, scanner: &Scanner) -> Vec<&'t str> {
    let mut tokens = Vec::new();
    scan(text, scanner, &mut tokens);
    tokens
        .iter()
        .filter(|token| !matches!(token.kind, text::Kind::Pause | text::Kind::Stop))
        .map(|token| token.of(text))
        .collect()
}

/// The number of a word where its text is not at hand: [`NONE`] parts, everything else is plain.
pub const PARTS: u32 = NONE;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::cues::read_cues;

    fn read(rows: &str) -> Result<PatternTable> {
        let classes =
            BTreeMap::from([("vous".to_owned(), vec!["vous".to_owned(), "v".to_owned()])]);
        read_cues(
            &format!("kind\tpattern\tnote\n{rows}"),
            &Reading {
                place: "cues.tsv",
                classes: &classes,
                scanner: &Scanner::new(["j", "d"], []),
                is_common: &|word| word.len() < 3,
                compared: &|word| fold(word).into_owned(),
            },
        )
    }

    #[test]
    fn words_are_told_by_themselves_then_by_their_longest_beginning() {
        let table = read("churn\tresili*\t\nchurn\tresiliation|rembours* faite\t\n").unwrap();
        let number = |word| table.word(word, word);
        assert_ne!(number("resiliation"), number("resilie"));
        assert_eq!(number("resilie"), number("resilier"));
        assert_eq!(number("resume"), PLAIN);
        assert_eq!(
            table.anchors(number("resiliation")).len(),
            1,
            "the second is looked for at \"faite\""
        );
    }

    #[test]
    fn a_shorter_beginning_is_found_past_a_longer_one() {
        let table = read("churn\tan*\t\nchurn\tannul*\t\n").unwrap();
        assert_ne!(table.word("anx", "anx"), PLAIN);
        assert_ne!(table.word("annuler", "annuler"), table.word("anx", "anx"));
        assert_eq!(table.anchors(table.word("annuler", "annuler")).len(), 2);
    }

    #[test]
    fn wrong_rows_are_named_by_line() {
        for (row, says) in [
            ("anger\tnul\t", "no kind"),
            ("churn\t\t", "missing"),
            ("churn\t… parti\t", "between words"),
            ("churn\t{nous} part\t", "no class"),
            ("churn\tj'ai|pars\t", "not one word"),
            ("churn\tje pars\t\nchurn\tje pars\t", "line 2"),
        ] {
            let error = read(row)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(
                error.contains("cues.tsv:") && error.contains(says),
                "{row}: {error}"
            );
        }
    }
}
