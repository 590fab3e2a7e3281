//! A typed, verified view of one language's tables under `lexicons/`.

use crate::{
    error::{Error, Result},
    language::{
        concepts::{Catalogue, read_concepts},
        cues::read_cues,
        patterns::{PatternTable, Reading},
        rules::Rules,
        stem::{Stemming, WordStemmer},
        vectors::WordVectors,
    },
    text::{Kind, Scanner, Token, fold, lower, scan},
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// No word, no entry: marks an absence among ids.
pub const NONE: u32 = u32::MAX;

/// What a word that is not itself good or bad does to those that are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Flips what follows: `pas`, `not`.
    Negator,
    /// Flips what follows when a particle stands before it: `ne … plus`.
    NegatorAfterNe,
    /// Looks like a negator and is none: `sans doute`, `not only`.
    NotNegator,
    /// Strengthens: `très`, `really`.
    Booster,
    /// Weakens: `un peu`, `slightly`.
    Dampener,
    /// Starts a clause that weighs more or less than the one before: `mais`, `although`.
    Contrast,
    /// Makes praise unreal: `aurait été`, `would have been`.
    Wish,
    /// Puts praise in the past: `used to be`.
    Past,
}

impl Role {
    /// All roles with their names in `modifiers.tsv`.
    pub const ALL: [(Role, &'static str); 8] = [
        (Role::Negator, "negator"),
        (Role::NegatorAfterNe, "negator_after_ne"),
        (Role::NotNegator, "not_negator"),
        (Role::Booster, "booster"),
        (Role::Dampener, "dampener"),
        (Role::Contrast, "contrast"),
        (Role::Wish, "wish"),
        (Role::Past, "past"),
    ];

    /// The name in tables and explanations.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(role, _)| *role == self)
            .map_or("", |(_, name)| name)
    }
}

/// How good or bad a word is, and which row of the table says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// −1 to 1, never 0.
    pub value: f32,
    /// Row of `polarity.tsv` from 0; [`FAMILY`] and a position in [`Lexicon::family`] for a word known by its stem;
    /// [`NONE`] for what stands in another table.
    pub row: u32,
}

/// Bit that marks a family of rows in [`Weight::row`].
pub const FAMILY: u32 = 1 << 30;

/// What the lexicon says of a word or a phrase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry {
    /// Good or bad.
    Polarity(Weight),
    /// Learnt from ratings alone: it leans to one side, and nothing acts on it.
    Leaning(Weight),
    /// Acts on the words around it.
    Modifier(Role, f32),
    /// In both tables: acts when a polar word follows it, and speaks for itself when none does.
    /// "horriblement cher", and "c'est fait horriblement". Role, factor, weight.
    Either(Role, f32, Weight),
    /// Says nothing. The entry stands so that the word is not taken, by its stem, for a polar neighbour.
    Guard,
}

/// Entries of the polarity tables as light as this are [`Entry::Guard`].
const GUARD_WEIGHT: f32 = 0.02;

/// What the lexicon knows of one written form; computed once per form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordFacts {
    /// The entry of the form by itself.
    pub entry: Option<Entry>,
    /// Its id among the words of multiword entries, by stem; [`NONE`] when no entry of several words holds it.
    pub phrase_word: u32,
    /// Where the multiword entries that begin with it branch off; [`NONE`] when none does.
    pub phrase_node: u32,
    /// Its number in the patterns of cues: [`PatternTable::word`].
    pub cue_word: u32,
    /// The number of its stem in the patterns of themes.
    pub concept_word: u32,
    /// True when it is a contrast word or begins a phrase that is one.
    pub may_contrast: bool,
    /// Function word: useless for search and for vectors.
    pub is_stop: bool,
    /// Must not stand at the edge of a theme's label. Every stop word is weak.
    pub is_weak: bool,
    /// A particle that arms [`Role::NegatorAfterNe`].
    pub is_particle: bool,
}

/// The tables of one language, as text. Embedded by the catalog.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Language code, the name of the folder.
    pub code: &'static str,
    /// The folder as messages name it.
    pub folder: String,
    /// `language.toml`.
    pub language: Cow<'static, str>,
    /// `polarity.tsv`.
    pub polarity: Cow<'static, str>,
    /// `modifiers.tsv`.
    pub modifiers: Cow<'static, str>,
    /// `rules.tsv`.
    pub rules: Cow<'static, str>,
    /// `cues.tsv`.
    pub cues: Cow<'static, str>,
    /// `concepts.tsv`.
    pub concepts: Cow<'static, str>,
    /// `vectors.tsv`.
    pub vectors: Cow<'static, str>,
    /// `stop_words.txt`.
    pub stop_words: Cow<'static, str>,
    /// `stop_labels.txt`.
    pub stop_labels: Cow<'static, str>,
}

/// `language.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageFile {
    /// The language's own name for itself.
    pub name: String,
    /// Raised when a table changes what verdicts come out.
    pub version: String,
    /// Which stemmer cuts its words.
    pub stemmer: Stemming,
    /// Words that lose their vowel before an apostrophe.
    pub elisions: Vec<String>,
    /// What arms a negator that needs a particle before it.
    pub negation_particles: Vec<String>,
    /// Negators that take back what stands right before them: "je résilie pas".
    #[serde(default)]
    pub negators_behind: Vec<String>,
    /// How far a negator reaches, in words; 1 to 10.
    pub negation_reach: u32,
    /// Words that the patterns of `cues.tsv` name together, by the name of their class.
    #[serde(default)]
    pub classes: BTreeMap<String, Vec<String>>,
}

impl LanguageFile {
    /// Reads the file among a language's tables. The error names it.
    pub fn read(tables: &Tables) -> Result<Self> {
        toml::from_str(&tables.language).map_err(|error| Error::Settings {
            place: format!("{}/language.toml", tables.folder),
            reason: error.message().to_owned(),
        })
    }

    /// What cuts the language's words down, knowing how its tables spell them.
    pub fn stemmer(&self, tables: &Tables) -> WordStemmer {
        WordStemmer::with_accents(self.stemmer, Arc::new(accents(tables)))
    }
}

/// One language's words, ready to be asked.
pub struct Lexicon {
    /// What `language.toml` says.
    pub language: LanguageFile,
    /// How strongly words act on each other.
    pub rules: Rules,
    /// The patterns of cues.
    pub cues: PatternTable,
    /// The patterns by which themes of the catalogue are named, compared by stem.
    pub concepts: PatternTable,
    /// Where its words lie.
    pub vectors: WordVectors,
    stemmer: WordStemmer,
    /// Lower-case form → entry. First choice.
    exact: FxHashMap<Box<str>, Entry>,
    /// Form without accents → entry, where no other entry folds alike with another sign.
    folded: FxHashMap<Box<str>, Entry>,
    /// Stem → entry, where all entries of the stem agree in sign.
    stemmed: FxHashMap<Box<str>, Entry>,
    /// Rows that share a stem.
    families: Vec<Box<[u32]>>,
    /// Stem → id, for the words of multiword entries.
    phrase_words: FxHashMap<Box<str>, u32>,
    /// (node, word) → node. Node 0 is the root.
    branches: FxHashMap<(u32, u32), u32>,
    /// Node → what the phrase that ends there says.
    leaves: FxHashMap<u32, Entry>,
    /// Nodes right below the root under which a contrast phrase ends.
    contrast_nodes: FxHashSet<u32>,
    stop_words: Vec<Box<str>>,
    stop_labels: Vec<Box<str>>,
}

impl Lexicon {
    /// Reads and verifies the tables. The error names file and line.
    pub fn read(tables: &Tables, scanner: &Scanner, catalogue: &Catalogue) -> Result<Self> {
        let folder = &tables.folder;
        let language = LanguageFile::read(tables)?;
        let stop_words = words_of(&tables.stop_words);
        let stemmer = language.stemmer(tables);
        let reading = Reading {
            place: &format!("{folder}/cues.tsv"),
            classes: &language.classes,
            scanner,
            is_common: &|plain| contains(&stop_words, plain),
            compared: &|word| fold(word).into_owned(),
        };
        let cues = read_cues(&tables.cues, &reading)?;
        let reading = Reading {
            place: &format!("{folder}/concepts.tsv"),
            compared: &|word| fold(&stemmer.stem(word)).into_owned(),
            ..reading
        };
        let concepts = read_concepts(&tables.concepts, &reading, catalogue)?;
        let mut lexicon = Self {
            stemmer,
            language,
            rules: Rules::read(&tables.rules, &format!("{folder}/rules.tsv"))?,
            cues,
            concepts,
            vectors: WordVectors::read(&tables.vectors, &format!("{folder}/vectors.tsv"))?,
            exact: FxHashMap::default(),
            folded: FxHashMap::default(),
            stemmed: FxHashMap::default(),
            families: Vec::new(),
            phrase_words: FxHashMap::default(),
            branches: FxHashMap::default(),
            leaves: FxHashMap::default(),
            contrast_nodes: FxHashSet::default(),
            stop_words,
            stop_labels: words_of(&tables.stop_labels),
        };
        let place = format!("{folder}/modifiers.tsv");
        let mut modifiers = Vec::new();
        for row in rows(
            &tables.modifiers,
            &["phrase", "role", "factor", "note"],
            &place,
        )? {
            let role = Role::ALL
                .iter()
                .find(|(_, name)| *name == row.cells[1])
                .ok_or_else(|| {
                    row.wrong(&place, format!("role \"{}\" is not known", row.cells[1]))
                })?;
            let factor = number(&row, 2, -1.0..=2.0, &place)?;
            modifiers.push((row.cells[0], Entry::Modifier(role.0, factor)));
        }
        let polarities = polarity_rows(&tables.polarity, &format!("{folder}/polarity.tsv"))?;
        let polarities: Vec<(&str, Entry)> = (0..)
            .zip(&polarities)
            .map(|(row, polarity)| (polarity.phrase, polarity.entry(row)))
            .collect();
        lexicon.add_all(&modifiers, scanner);
        lexicon.add_all(&polarities, scanner);
        lexicon.add_stems(&polarities);
        Ok(lexicon)
    }

    fn add_all(&mut self, entries: &[(&str, Entry)], scanner: &Scanner) {
        let mut tokens = Vec::new();
        for &(phrase, entry) in entries {
            scan(phrase, scanner, &mut tokens);
            let words: Vec<&str> = tokens
                .iter()
                .filter(|token| !matches!(token.kind, Kind::Pause | Kind::Stop))
                .map(|token: &Token| token.of(phrase))
                .collect();
            match words.as_slice() {
                [] => {}
                [word] => {
                    let both = self
                        .exact
                        .get(*word)
                        .map_or(entry, |first| joined(*first, entry));
                    self.exact.insert((*word).into(), both);
                    let plain = fold(word).into_owned().into_boxed_str();
                    match self.folded.get(&plain) {
                        None => {
                            self.folded.insert(plain, entry);
                        }
                        Some(other) if same_direction(*other, entry) => {
                            let both = joined(*other, entry);
                            self.folded.insert(plain, both);
                        }
                        // Two words that differ in accents alone and pull apart: neither may be guessed.
                        Some(_) => {
                            self.folded.remove(&plain);
                        }
                    }
                }
                words => {
                    let mut first_node = 0;
                    let node = words.iter().fold(0, |node, word| {
                        let stem = self.stemmer.stem(&lower(word)).into_boxed_str();
                        let fresh_word = self.phrase_words.len() as u32;
                        let word = *self.phrase_words.entry(stem).or_insert(fresh_word);
                        let fresh_node = self.branches.len() as u32 + 1;
                        let next = *self.branches.entry((node, word)).or_insert(fresh_node);
                        if node == 0 {
                            first_node = next;
                        }
                        next
                    });
                    if matches!(entry, Entry::Modifier(Role::Contrast, _)) {
                        self.contrast_nodes.insert(first_node);
                    }
                    let both = self
                        .leaves
                        .get(&node)
                        .map_or(entry, |first| joined(*first, entry));
                    self.leaves.insert(node, both);
                }
            }
        }
    }

    fn add_stems(&mut self, polarities: &[(&str, Entry)]) {
        let mut stems: Vec<(String, bool, u32, f32)> = polarities
            .iter()
            .filter(|(phrase, _)| !phrase.contains([' ', '\'']) && phrase.chars().count() > 2)
            .filter_map(|(phrase, entry)| match entry {
                Entry::Polarity(weight) => Some((*phrase, false, *weight)),
                Entry::Leaning(weight) => Some((*phrase, true, *weight)),
                Entry::Modifier(..) | Entry::Either(..) | Entry::Guard => None,
            })
            // People leave accents out, and the stemmer cuts elsewhere then: both stems lead here.
            .flat_map(|(phrase, is_leaning, weight)| {
                [phrase.to_owned(), fold(phrase).into_owned()].map(|spelling| {
                    (
                        self.stemmer.stem(&spelling),
                        is_leaning,
                        weight.row,
                        weight.value,
                    )
                })
            })
            .collect();
        stems.sort_by(|a, b| (&a.0, a.1, a.2).cmp(&(&b.0, b.1, b.2)));
        stems.dedup_by(|a, b| (&a.0, a.2) == (&b.0, b.2));
        for family in stems.chunk_by(|a, b| a.0 == b.0) {
            // What people wrote goes before what was learnt.
            let is_leaning = family[0].1;
            let family: Vec<_> = family
                .iter()
                .filter(|member| member.1 == is_leaning)
                .collect();
            let agrees = family
                .iter()
                .all(|member| (member.3 > 0.0) == (family[0].3 > 0.0));
            if agrees {
                let mean = family.iter().map(|member| member.3).sum::<f32>() / family.len() as f32;
                let weight = Weight {
                    value: mean,
                    row: FAMILY | self.families.len() as u32,
                };
                self.families
                    .push(family.iter().map(|member| member.2).collect());
                let entry = if is_leaning {
                    Entry::Leaning(weight)
                } else {
                    Entry::Polarity(weight)
                };
                self.stemmed.insert(family[0].0.as_str().into(), entry);
            }
        }
    }

    /// The rows behind a [`Weight::row`]: one, or all that share a stem; none for what stands in another table.
    pub fn family<'l>(&'l self, row: &'l u32) -> &'l [u32] {
        match *row {
            NONE => &[],
            family if family & FAMILY != 0 => &self.families[(family & !FAMILY) as usize],
            _ => std::slice::from_ref(row),
        }
    }

    /// What the lexicon says of a form in lower case (accents kept, straight apostrophes).
    ///
    /// Order of trust: the form itself; without accents; its stem, when the form is no stop word.
    pub fn facts(&self, lower: &str) -> WordFacts {
        let plain = fold(lower);
        let stem = self.stemmer.stem(lower);
        let is_stop = contains(&self.stop_words, lower) || contains(&self.stop_words, &plain);
        // A word with accents that folds onto another entry is another word: `salé` is not `sale`.
        let has_accents = plain != lower;
        let entry = self
            .exact
            .get(lower)
            .or_else(|| {
                if has_accents {
                    None
                } else {
                    self.folded.get(&*plain)
                }
            })
            .copied()
            .or_else(|| {
                (!is_stop && stem.len() > 3)
                    .then(|| self.stemmed.get(stem.as_str()))
                    .flatten()
                    .copied()
            });
        let phrase_word = self
            .phrase_words
            .get(stem.as_str())
            .copied()
            .unwrap_or(NONE);
        let phrase_node = self
            .branches
            .get(&(0, phrase_word))
            .copied()
            .unwrap_or(NONE);
        let is_contrast = matches!(
            entry,
            Some(Entry::Modifier(Role::Contrast, _) | Entry::Either(Role::Contrast, ..))
        );
        WordFacts {
            entry,
            phrase_word,
            phrase_node,
            cue_word: self.cues.word(&plain, &plain),
            concept_word: self.concepts.word(&plain, &fold(&stem)),
            may_contrast: is_contrast || self.contrast_nodes.contains(&phrase_node),
            is_stop,
            is_weak: is_stop
                || contains(&self.stop_labels, lower)
                || contains(&self.stop_labels, &plain),
            is_particle: self
                .language
                .negation_particles
                .iter()
                .any(|particle| particle == lower),
        }
    }

    /// What cuts this language's words down, for whoever keeps one of its own.
    pub fn stemmer(&self) -> WordStemmer {
        self.stemmer.clone()
    }

    /// The stem of a form in lower case.
    pub fn stem(&self, lower: &str) -> String {
        self.stemmer.stem(lower)
    }

    /// The longest multiword entry that starts with a word whose [`WordFacts::phrase_node`] is `node` and goes on with
    /// these: how many words it takes, and what it says.
    pub fn longest_phrase(
        &self,
        mut node: u32,
        rest: impl Iterator<Item = u32>,
    ) -> Option<(usize, Entry)> {
        if node == NONE {
            return None;
        }
        let mut longest = None;
        for (index, word) in rest.enumerate() {
            if word == NONE {
                break;
            }
            match self.branches.get(&(node, word)) {
                Some(next) => node = *next,
                None => break,
            }
            if let Some(entry) = self.leaves.get(&node) {
                longest = Some((index + 2, *entry));
            }
        }
        longest
    }

    /// True when an entry, a stop word or a stop label is spelt so.
    pub fn knows(&self, lower: &str) -> bool {
        self.exact.contains_key(lower)
            || contains(&self.stop_words, lower)
            || contains(&self.stop_labels, lower)
    }
}

/// What a phrase says that stands in the modifiers and again in the polarities; otherwise the first row stands.
fn joined(first: Entry, second: Entry) -> Entry {
    match (first, second) {
        (Entry::Modifier(role, factor), Entry::Polarity(weight)) => {
            Entry::Either(role, factor, weight)
        }
        _ => first,
    }
}

/// False where two words that differ in accents alone pull apart.
fn same_direction(a: Entry, b: Entry) -> bool {
    match (a, b) {
        (Entry::Polarity(a) | Entry::Leaning(a), Entry::Polarity(b) | Entry::Leaning(b)) => {
            (a.value > 0.0) == (b.value > 0.0)
        }
        (
            Entry::Modifier(a, _) | Entry::Either(a, ..),
            Entry::Modifier(b, _) | Entry::Either(b, ..),
        ) => a == b,
        (Entry::Modifier(..), Entry::Polarity(_)) => true,
        (Entry::Guard, Entry::Guard) => true,
        _ => false,
    }
}

/// Words that the tables spell with accents, by their spelling without; only where no table word is spelt so itself and
/// one spelling fits.
fn accents(tables: &Tables) -> FxHashMap<Box<str>, Box<str>> {
    fn phrases(table: &str) -> impl Iterator<Item = &str> {
        table
            .lines()
            .skip(1)
            .filter_map(|line| line.split('\t').next())
    }
    let mut words: Vec<&str> = phrases(&tables.polarity)
        .chain(phrases(&tables.modifiers))
        .chain(tables.stop_words.lines())
        .chain(tables.stop_labels.lines())
        .flat_map(|phrase| phrase.split([' ', '\'']))
        .collect();
    words.sort_unstable();
    words.dedup();
    let mut spellings: BTreeMap<Cow<'_, str>, Vec<&str>> = BTreeMap::new();
    for word in words.iter().filter(|word| !word.is_ascii()) {
        spellings.entry(fold(word)).or_default().push(word);
    }
    spellings
        .into_iter()
        .filter(|(plain, spelt)| spelt.len() == 1 && words.binary_search(&&**plain).is_err())
        .map(|(plain, spelt)| (plain.into_owned().into_boxed_str(), Box::from(spelt[0])))
        .collect()
}

fn contains(sorted: &[Box<str>], word: &str) -> bool {
    sorted
        .binary_search_by(|candidate| (**candidate).cmp(word))
        .is_ok()
}

fn words_of(table: &str) -> Vec<Box<str>> {
    let mut words: Vec<Box<str>> = table
        .lines()
        .filter(|line| !line.is_empty())
        .map(Box::from)
        .collect();
    words.sort();
    words
}

/// One row of `polarity.tsv`.
#[derive(Clone, Debug, PartialEq)]
pub struct PolarityRow<'t> {
    /// The word or phrase, as tables spell it.
    pub phrase: &'t str,
    /// How good or bad it is, −1 to 1, never 0. As light as ±0.02 is a guard.
    pub weight: f32,
    /// What people gave it; `None` for a row learnt from ratings alone.
    pub hand: Option<f32>,
    /// Rated texts that its weight was fitted on; 0 for a row that is as people wrote it.
    pub seen: u32,
    /// Its domain, for people.
    pub note: &'t str,
}

/// The columns of `polarity.tsv`.
pub const POLARITY_COLUMNS: [&str; 6] = ["phrase", "weight", "by", "seen", "hand", "note"];

impl PolarityRow<'_> {
    fn entry(&self, row: u32) -> Entry {
        let weight = Weight {
            value: self.weight,
            row,
        };
        match self.hand {
            _ if self.weight.abs() <= GUARD_WEIGHT => Entry::Guard,
            Some(_) => Entry::Polarity(weight),
            None => Entry::Leaning(weight),
        }
    }

    /// The row as the table spells it.
    pub fn line(&self) -> String {
        let Self {
            phrase,
            weight,
            hand,
            seen,
            note,
        } = self;
        match (hand, seen) {
            (Some(_), 0) => format!("{phrase}\t{weight:.2}\thand\t\t\t{note}"),
            (Some(hand), _) => {
                format!("{phrase}\t{weight:.2}\tfitted\t{seen}\t{hand:.2}\t{note}")
            }
            (None, _) => format!("{phrase}\t{weight:.2}\tfitted\t{seen}\t\t{note}"),
        }
    }
}

/// Reads and verifies `polarity.tsv`. The error names file and line.
pub fn polarity_rows<'t>(table: &'t str, place: &str) -> Result<Vec<PolarityRow<'t>>> {
    let mut lines: FxHashMap<&str, usize> = FxHashMap::default();
    rows(table, &POLARITY_COLUMNS, place)?
        .iter()
        .map(|row| {
            if let Some(line) = lines.insert(row.cells[0], row.line) {
                return Err(row.wrong(
                    place,
                    format!(
                        "\"{}\" stands on line {line} already; keep one",
                        row.cells[0]
                    ),
                ));
            }
            let weight = number(row, 1, -1.0..=1.0, place)?;
            if weight == 0.0 {
                return Err(row.wrong(place, "weight 0 says nothing; delete the row".to_owned()));
            }
            let optional = |cell: usize| {
                (!row.cells[cell].is_empty())
                    .then(|| number(row, cell, -1.0..=1.0, place))
                    .transpose()
            };
            let (hand, seen) = match (row.cells[2], row.cells[3]) {
                ("hand", "") => (Some(weight), 0),
                ("fitted", seen) => (
                    optional(4)?,
                    seen.parse().ok().filter(|seen| *seen > 0).ok_or_else(|| {
                        row.wrong(
                            place,
                            format!(
                                "\"{seen}\" is not a number of texts; a fitted row counts them"
                            ),
                        )
                    })?,
                ),
                ("hand", _) => {
                    return Err(row.wrong(
                        place,
                        "a row by hand has no count; leave the column \"seen\" empty".to_owned(),
                    ));
                }
                (by, _) => {
                    return Err(row.wrong(
                        place,
                        format!("\"{by}\" says not who gave the weight; write hand or fitted"),
                    ));
                }
            };
            Ok(PolarityRow {
                phrase: row.cells[0],
                weight,
                hand,
                seen,
                note: row.cells[5],
            })
        })
        .collect()
}

/// One row of a table, with its line for messages.
pub(crate) struct Row<'t> {
    pub(crate) cells: Vec<&'t str>,
    pub(crate) line: usize,
}

impl Row<'_> {
    pub(crate) fn wrong(&self, place: &str, reason: String) -> Error {
        Error::Settings {
            place: format!("{place}:{}", self.line),
            reason,
        }
    }
}

/// The rows below a header that must be exactly `columns`.
pub(crate) fn rows<'t>(table: &'t str, columns: &[&str], place: &str) -> Result<Vec<Row<'t>>> {
    let mut lines = table.lines().enumerate();
    let wrong = |line: usize, reason: String| Error::Settings {
        place: format!("{place}:{line}"),
        reason,
    };
    let header: Vec<&str> = lines
        .next()
        .map_or(Vec::new(), |(_, line)| line.split('\t').collect());
    if header != columns {
        return Err(wrong(
            1,
            format!("the header must be: {}", columns.join(", ")),
        ));
    }
    lines
        .map(|(index, line)| {
            let cells: Vec<&str> = line.split('\t').collect();
            if cells.len() == columns.len() {
                Ok(Row {
                    cells,
                    line: index + 1,
                })
            } else {
                Err(wrong(
                    index + 1,
                    format!("{} cells where {} are needed", cells.len(), columns.len()),
                ))
            }
        })
        .collect()
}

/// A number within a range, from a cell.
pub(crate) fn number(
    row: &Row<'_>,
    cell: usize,
    range: std::ops::RangeInclusive<f32>,
    place: &str,
) -> Result<f32> {
    row.cells[cell]
        .parse()
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            row.wrong(
                place,
                format!(
                    "\"{}\" is not a number between {} and {}",
                    row.cells[cell],
                    range.start(),
                    range.end()
                ),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn polarities() -> impl Strategy<Value = Vec<(String, i32, Option<i32>, u32, String)>> {
        let weight = || {
            (1..101_i32, any::<bool>()).prop_map(|(size, is_bad)| if is_bad { -size } else { size })
        };
        let row = (
            "[a-cé' ]{1,6}",
            weight(),
            prop::option::of(weight()),
            1..1000_u32,
            "[a-c ,]{0,6}",
        );
        prop::collection::vec(row, 0..8)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn polarities_are_read_back_as_their_lines(rows in polarities()) {
            let mut text = POLARITY_COLUMNS.join("\t");
            let mut phrases = Vec::new();
            for (phrase, weight, hand, seen, note) in &rows {
                if phrases.contains(phrase) {
                    continue;
                }
                phrases.push(phrase.clone());
                let row = PolarityRow {
                    phrase,
                    weight: *weight as f32 / 100.0,
                    hand: hand.map(|hand| hand as f32 / 100.0),
                    seen: *seen,
                    note,
                };
                text.push_str(&format!("\n{}", row.line()));
            }
            let read = polarity_rows(&text, "polarity.tsv");
            let read = read.map_err(|error| TestCaseError::fail(error.to_string()))?;
            let lines: Vec<String> = read.iter().map(PolarityRow::line).collect();
            prop_assert_eq!(lines, text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>());
            let read: Vec<&str> = read.iter().map(|row| row.phrase).collect();
            prop_assert_eq!(read, phrases);
        }

        #[test]
        fn a_table_has_the_rows_and_cells_it_is_written_with(cells in prop::collection::vec(prop::array::uniform2("[a-cé ,;\"'-]{0,6}"), 0..8), more in 0..3_usize) {
            let body: String = cells.iter().map(|[a, b]| format!("\n{a}\t{b}")).collect();
            let table = format!("x\ty{body}");
            let read = rows(&table, &["x", "y"], "a.tsv").map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(read.len(), cells.len());
            for (at, (row, cells)) in read.iter().zip(&cells).enumerate() {
                prop_assert_eq!(row.line, at + 2);
                prop_assert_eq!(&row.cells, cells);
            }
            if more > 0 {
                let ragged = format!("{table}\na{}", "\tb".repeat(more + 1));
                let refused = rows(&ragged, &["x", "y"], "a.tsv").err().map(|error| error.to_string()).unwrap_or_default();
                prop_assert!(refused.starts_with(&format!("a.tsv:{}: {} cells", cells.len() + 2, more + 2)), "{}", refused);
            }
        }
    }
}
