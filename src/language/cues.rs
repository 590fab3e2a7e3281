//! The table of cues: patterns of words that show what customers do, want or suffer, `cues.tsv`.
//!
//! A pattern is a row of pieces with spaces between them. A piece is a word; several, parted by `|`; the beginning of a
//! word, `rembours*`; a class of `language.toml`, `{vous}`; a number, `#`. `…` stands for up to three words of any kind,
//! `^` before all pieces for the beginning of a clause, `?` after all for a question. Case and accents do not matter.

use crate::{
    error::{Error, Result},
    language::lexicon::{NONE, Row, rows},
    text::{Kind, Scanner, fold, lower, scan},
};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a cue shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CueKind {
    /// Getting there took the customer work, time or many attempts.
    Effort,
    /// The customer is content and says so.
    Praise,
    /// Something went wrong or does not work.
    Problem,
    /// The customer proposes an improvement.
    Suggestion,
    /// The customer wants an answer.
    Question,
    /// The customer leaves, or says they will.
    Churn,
    /// A lawyer, a court, a regulator, a formal notice.
    Legal,
    /// It is not the first contact about this.
    Repeat,
    /// Somebody was hurt, or could be.
    Safety,
    /// It cannot wait.
    Urgency,
}

impl CueKind {
    /// All kinds, in the order that tables and outputs have them.
    pub const ALL: [(CueKind, &'static str); 10] = [
        (CueKind::Effort, "effort"),
        (CueKind::Praise, "praise"),
        (CueKind::Problem, "problem"),
        (CueKind::Suggestion, "suggestion"),
        (CueKind::Question, "question"),
        (CueKind::Churn, "churn"),
        (CueKind::Legal, "legal"),
        (CueKind::Repeat, "repeat"),
        (CueKind::Safety, "safety"),
        (CueKind::Urgency, "urgency"),
    ];

    /// The name in tables, outputs and filters.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(kind, _)| *kind)
    }

    /// False for kinds that a negation does not take back: "why don't you answer?" is a question.
    pub fn can_be_denied(self) -> bool {
        !matches!(self, CueKind::Question | CueKind::Suggestion)
    }

    /// False for kinds that a question does not show: who asks whether the hotel is quiet does not praise it.
    pub fn can_be_asked(self) -> bool {
        self != CueKind::Praise
    }

    /// The kind that this one always shows as well: where somebody was hurt, something went wrong.
    pub fn implied(self) -> Option<CueKind> {
        (self == CueKind::Safety).then_some(CueKind::Problem)
    }
}

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// One word that fits: asked with [`CueTable::fits`].
    Word(u16),
    /// Up to [`LONGEST_GAP`] words of any kind.
    Gap,
}

/// Words that a gap spans at most.
pub const LONGEST_GAP: usize = 3;

/// Pieces of the longest pattern.
const MOST_PIECES: usize = 12;

/// A row of the table.
#[derive(Clone, Debug)]
pub struct CuePattern {
    /// What it shows.
    pub kind: CueKind,
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
    /// Position in [`CueTable::patterns`].
    pub row: u16,
    /// Position in [`CuePattern::pieces`].
    pub piece: u8,
}

/// A word that no pattern knows.
pub const PLAIN: u32 = 0;

/// Any number, as patterns see it.
pub const NUMBER: u32 = 1;

/// One language's patterns, ready to be asked.
///
/// Words that all patterns treat alike are one: each written form is told its place once, and is then compared by number.
#[derive(Default)]
pub struct CueTable {
    /// In the order of the table; row 0 stands on line 2.
    pub patterns: Vec<CuePattern>,
    exact: FxHashMap<Box<str>, u32>,
    /// Sorted, so that the longest beginning that fits comes last.
    beginnings: Vec<(Box<str>, u32)>,
    /// Word → pieces it fits, sorted.
    fits: Vec<Box<[u16]>>,
    /// Word → patterns that are looked for where it stands.
    anchors: Vec<Box<[Anchor]>>,
    /// Patterns that ask for a question and nothing else.
    questions: Vec<u16>,
}

/// The columns of `cues.tsv`.
pub const CUE_COLUMNS: [&str; 3] = ["kind", "pattern", "note"];

/// What precedes the kind of a row that shows the contrary.
const GUARD: &str = "not ";

/// What fits one place of a pattern, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spelling {
    Word(String),
    Beginning(String),
    Number,
}

type Choice = BTreeSet<Spelling>;

impl CueTable {
    /// Reads and verifies the table. `classes` are those of `language.toml`, `is_common` tells words that stand everywhere.
    /// The error names file and line.
    pub fn read(
        table: &str,
        place: &str,
        classes: &BTreeMap<String, Vec<String>>,
        scanner: &Scanner,
        is_common: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let mut choices: BTreeMap<Choice, u16> = BTreeMap::new();
        let mut lines: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut patterns = Vec::new();
        for row in rows(table, &CUE_COLUMNS, place)? {
            if let Some(line) = lines.insert((row.cells[0], row.cells[1]), row.line) {
                return Err(row.wrong(
                    place,
                    format!(
                        "\"{}\" stands on line {line} already; keep one",
                        row.cells[1]
                    ),
                ));
            }
            patterns.push(pattern(&row, place, classes, scanner, &mut choices)?);
        }
        if patterns.len() > usize::from(u16::MAX) {
            return Err(Error::Settings {
                place: place.to_owned(),
                reason: format!(
                    "{} patterns, where {} are the most",
                    patterns.len(),
                    u16::MAX
                ),
            });
        }
        let mut table = Self {
            patterns,
            ..Self::default()
        };
        table.number_words(&choices);
        table.place_anchors(&choices, is_common);
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
                Spelling::Beginning(beginning) => {
                    next += 1;
                    self.beginnings.push((beginning.as_str().into(), next));
                }
                Spelling::Number => {}
            }
        }
        let mut fits = vec![Vec::new(); next as usize + 1];
        for (choice, piece) in choices {
            for spelling in choice {
                match spelling {
                    Spelling::Number => fits[NUMBER as usize].push(*piece),
                    Spelling::Word(word) => fits[self.exact[word.as_str()] as usize].push(*piece),
                    Spelling::Beginning(beginning) => {
                        // All that begins so, beginnings longer than this one among it.
                        for (longer, word) in &self.beginnings {
                            if longer.starts_with(beginning.as_str()) {
                                fits[*word as usize].push(*piece);
                            }
                        }
                        for spelling in &spellings {
                            if let Spelling::Word(word) = spelling
                                && word.starts_with(beginning.as_str())
                            {
                                fits[self.exact[word.as_str()] as usize].push(*piece);
                            }
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
    fn place_anchors(&mut self, choices: &BTreeMap<Choice, u16>, is_common: impl Fn(&str) -> bool) {
        let mut costs = vec![0; choices.len()];
        for (choice, piece) in choices {
            costs[usize::from(*piece)] = choice
                .iter()
                .map(|spelling| match spelling {
                    Spelling::Word(word) if is_common(word) => {
                        COMMON / word.chars().count().max(1) as u32
                    }
                    Spelling::Word(_) => 1,
                    Spelling::Beginning(_) => 3,
                    Spelling::Number => NUMBERS,
                })
                .sum();
        }
        let mut anchored: Vec<Option<(u8, u16)>> = Vec::with_capacity(self.patterns.len());
        for (row, pattern) in (0..).zip(&self.patterns) {
            let words = (0..)
                .zip(&pattern.pieces)
                .filter_map(|(at, piece)| match piece {
                    Piece::Word(word) => Some((at, *word)),
                    Piece::Gap => None,
                });
            let rarest = words.min_by_key(|(_, word)| costs[usize::from(*word)]);
            if rarest.is_none() {
                self.questions.push(row);
            }
            anchored.push(rarest);
        }
        let mut anchors = vec![Vec::new(); self.fits.len()];
        for (row, anchor) in (0..).zip(anchored) {
            let Some((piece, word)) = anchor else {
                continue;
            };
            for (anchors, fits) in anchors.iter_mut().zip(&self.fits) {
                if fits.binary_search(&word).is_ok() {
                    anchors.push(Anchor { row, piece });
                }
            }
        }
        self.anchors = anchors.into_iter().map(Vec::into_boxed_slice).collect();
    }

    /// The number of a word in lower case without accents, for [`Self::fits`] and [`Self::anchors`].
    pub fn word(&self, plain: &str) -> u32 {
        if let Some(word) = self.exact.get(plain) {
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
    place: &str,
    classes: &BTreeMap<String, Vec<String>>,
    scanner: &Scanner,
    choices: &mut BTreeMap<Choice, u16>,
) -> Result<CuePattern> {
    let wrong = |reason: String| row.wrong(place, reason);
    let (name, is_guard) = match row.cells[0].strip_prefix(GUARD) {
        Some(name) => (name, true),
        None => (row.cells[0], false),
    };
    let kind = CueKind::named(name).ok_or_else(|| {
        let known = CueKind::ALL.map(|(_, name)| name).join(", ");
        wrong(format!("\"{name}\" is no kind of cue; kinds are {known}"))
    })?;
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
        for choice in choices_of(piece, classes, scanner).map_err(wrong)? {
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
    Ok(CuePattern {
        kind,
        is_guard,
        pieces: pieces.into_boxed_slice(),
        opens_clause,
        in_question,
    })
}

/// What a piece asks for: one choice, or one a word where it is a single word that the scanner cuts ("j'ai").
fn choices_of(
    piece: &str,
    classes: &BTreeMap<String, Vec<String>>,
    scanner: &Scanner,
) -> std::result::Result<Vec<Choice>, String> {
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
        let words = words_of(one, scanner);
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

fn spelling(written: &str) -> Spelling {
    let plain = |text: &str| fold(&lower(text)).into_owned();
    match written.strip_suffix('*') {
        Some(beginning) => Spelling::Beginning(plain(beginning)),
        None if written == "#" => Spelling::Number,
        None => Spelling::Word(plain(written)),
    }
}

fn words_of<'t>(text: &'t str, scanner: &Scanner) -> Vec<&'t str> {
    let mut tokens = Vec::new();
    scan(text, scanner, &mut tokens);
    tokens
        .iter()
        .filter(|token| !matches!(token.kind, Kind::Pause | Kind::Stop))
        .map(|token| token.of(text))
        .collect()
}

/// The number of a word where its text is not at hand: [`NONE`] parts, everything else is plain.
pub const PARTS: u32 = NONE;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Result<CueTable> {
        let classes =
            BTreeMap::from([("vous".to_owned(), vec!["vous".to_owned(), "v".to_owned()])]);
        CueTable::read(
            &format!("kind\tpattern\tnote\n{rows}"),
            "cues.tsv",
            &classes,
            &Scanner::new(["j", "d"], []),
            |word| word.len() < 3,
        )
    }

    #[test]
    fn words_are_told_by_themselves_then_by_their_longest_beginning() {
        let table = read("churn\tresili*\t\nchurn\tresiliation|rembours* faite\t\n").unwrap();
        let number = |word| table.word(word);
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
        assert_ne!(table.word("anx"), PLAIN);
        assert_ne!(table.word("annuler"), table.word("anx"));
        assert_eq!(table.anchors(table.word("annuler")).len(), 2);
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
