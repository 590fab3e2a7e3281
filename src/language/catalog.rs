//! The languages we know, and the one list of those whose lexicon is embedded.

use crate::{
    error::{Error, Result},
    language::{
        concepts::{Catalogue, OwnPhrases, with_own},
        embedding::Embedding,
        lexicon::{LanguageFile, Lexicon, Tables, number, rows},
        stem::WordStemmer,
        voters::{VoterTables, Voters},
    },
    text::{Scanner, lower},
};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::{fmt, str::FromStr};

/// The tables of one folder under `lexicons/`.
macro_rules! embedded {
    ($code:literal) => {
        Tables {
            code: $code,
            folder: concat!("lexicons/", $code).to_owned(),
            language: include_str!(concat!("../../lexicons/", $code, "/language.toml")).into(),
            polarity: include_str!(concat!("../../lexicons/", $code, "/polarity.tsv")).into(),
            modifiers: include_str!(concat!("../../lexicons/", $code, "/modifiers.tsv")).into(),
            rules: include_str!(concat!("../../lexicons/", $code, "/rules.tsv")).into(),
            cues: include_str!(concat!("../../lexicons/", $code, "/cues.tsv")).into(),
            concepts: include_str!(concat!("../../lexicons/", $code, "/concepts.tsv")).into(),
            vectors: include_str!(concat!("../../lexicons/", $code, "/vectors.tsv")).into(),
            stop_words: include_str!(concat!("../../lexicons/", $code, "/stop_words.txt")).into(),
            stop_labels: include_str!(concat!("../../lexicons/", $code, "/stop_labels.txt")).into(),
        }
    };
}

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Language {
    /// French, with a lexicon of its own.
    French,
    /// English, with a lexicon of its own.
    English,
    /// Another language we can name but do not read: its two-letter ISO 639-1 code.
    Other([u8; 2]),
    /// Too little evidence to say. Never a default for English.
    Undetermined,
}

impl Language {
    /// ISO 639-1 code; `und` when undetermined.
    pub fn code(&self) -> &str {
        match self {
            Language::French => "fr",
            Language::English => "en",
            Language::Other(code) => str::from_utf8(code).expect("codes are made of ASCII letters"),
            Language::Undetermined => "und",
        }
    }

    /// Position among the embedded languages; `None` for languages without a lexicon.
    pub fn embedded(self) -> Option<usize> {
        match self {
            Language::French => Some(0),
            Language::English => Some(1),
            Language::Other(_) | Language::Undetermined => None,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is no language code.
#[derive(Debug, thiserror::Error)]
#[error("\"{0}\" is not a language code; write fr, en, another two-letter code, or und")]
pub struct NotALanguage(String);

impl TryFrom<String> for Language {
    type Error = NotALanguage;

    fn try_from(code: String) -> std::result::Result<Self, NotALanguage> {
        code.parse()
    }
}

impl FromStr for Language {
    type Err = NotALanguage;

    fn from_str(code: &str) -> std::result::Result<Self, Self::Err> {
        match code.as_bytes() {
            b"fr" => Ok(Language::French),
            b"en" => Ok(Language::English),
            b"und" => Ok(Language::Undetermined),
            [a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => {
                Ok(Language::Other([*a, *b]))
            }
            _ => Err(NotALanguage(code.to_owned())),
        }
    }
}

/// The tables of the embedded languages, in the order of [`Language::embedded`].
pub fn embedded_tables() -> [Tables; 2] {
    [embedded!("fr"), embedded!("en")]
}

/// What tells languages apart, ours among them.
const VOTERS: VoterTables = VoterTables {
    function_words: include_str!("../../lexicons/function_words.tsv"),
    alphabets: include_str!("../../lexicons/alphabets.tsv"),
    scripts: include_str!("../../lexicons/scripts.tsv"),
    ngrams: include_str!("../../lexicons/ngrams.tsv"),
};

/// Emoji and emoticons, which mean the same in every language.
const SYMBOLS: &str = include_str!("../../lexicons/symbols.tsv");

/// The catalogue of themes.
const CONCEPTS: &str = include_str!("../../lexicons/concepts.toml");

/// All word knowledge the program carries, read and verified.
pub struct Lexicons {
    /// Cuts text the way these languages need.
    pub scanner: Scanner,
    /// One lexicon a language, in the order of [`Language::embedded`].
    pub languages: [Lexicon; 2],
    /// The themes that each language's patterns name.
    pub catalogue: Catalogue,
    /// What each form says for each language.
    pub voters: Voters,
    /// A model of the user's own that says where words lie, in place of the tables' vectors.
    pub embedding: Option<Embedding>,
    /// Emoji or emoticon → weight.
    symbols: FxHashMap<Box<str>, f32>,
    /// Language code and hash of its tables, in hexadecimal, for the audit stamp.
    pub hashes: Vec<(String, String)>,
}

/// What turns words into terms of the index: a small part of [`Lexicons`], read in a fraction of the time.
#[derive(Clone)]
pub struct Stems {
    /// Cuts text the way these languages need.
    pub scanner: Scanner,
    /// One a language, in the order of [`Language::embedded`].
    pub stemmers: [WordStemmer; 2],
}

impl Stems {
    /// Reads of the tables what words are cut and stemmed by. The error names the file.
    pub fn read(tables: &[Tables; 2]) -> Result<Self> {
        let files = [
            LanguageFile::read(&tables[0])?,
            LanguageFile::read(&tables[1])?,
        ];
        Ok(Self {
            scanner: scanner(&files),
            stemmers: [files[0].stemmer(&tables[0]), files[1].stemmer(&tables[1])],
        })
    }
}

impl From<&Lexicons> for Stems {
    fn from(lexicons: &Lexicons) -> Self {
        Self {
            scanner: lexicons.scanner.clone(),
            stemmers: lexicons.languages.each_ref().map(Lexicon::stemmer),
        }
    }
}

fn scanner(files: &[LanguageFile; 2]) -> Scanner {
    let emoticons = SYMBOLS
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .filter(|symbol| symbol.is_ascii());
    let elisions = files.iter().flat_map(|file| &file.elisions);
    Scanner::new(elisions.map(String::as_str), emoticons)
}

impl Lexicons {
    /// Reads the embedded tables. Fails only when a table under `lexicons/` is wrong, naming file and line.
    pub fn embedded() -> Result<Self> {
        Self::read(&embedded_tables())
    }

    /// The embedded tables without what was learnt of runs of letters: for learning that anew.
    pub fn without_ngrams() -> Result<Self> {
        let bare = VoterTables {
            ngrams: "code\tweight\tgrams\n",
            ..VOTERS
        };
        Self::read_with(&embedded_tables(), &bare, &[])
    }

    /// Reads the tables given for each embedded language, in the order of [`Language::embedded`]. The error names file
    /// and line.
    pub fn read(tables: &[Tables; 2]) -> Result<Self> {
        Self::read_with(tables, &VOTERS, &[])
    }

    /// As [`Lexicons::read`], with the phrases of a theme book in every language.
    pub fn read_with_own(tables: &[Tables; 2], own: &[OwnPhrases]) -> Result<Self> {
        let tables = tables.each_ref().map(|tables| Tables {
            concepts: with_own(&tables.concepts, own).into(),
            ..tables.clone()
        });
        Self::read_with(&tables, &VOTERS, own)
    }

    fn read_with(tables: &[Tables; 2], voters: &VoterTables, own: &[OwnPhrases]) -> Result<Self> {
        let place = "lexicons/symbols.tsv";
        let mut symbols = FxHashMap::default();
        for row in rows(SYMBOLS, &["symbol", "weight", "note"], place)? {
            symbols.insert(lower(row.cells[0]), number(&row, 1, -1.0..=1.0, place)?);
        }
        let voters = Voters::read(voters, tables.each_ref().map(|tables| tables.code))?;
        // Read here for the elisions alone: the scanner must exist before a lexicon can be scanned.
        let scanner = scanner(&[
            LanguageFile::read(&tables[0])?,
            LanguageFile::read(&tables[1])?,
        ]);
        let [french, english] = tables;
        let mut catalogue = Catalogue::read(CONCEPTS, "lexicons/concepts.toml")?;
        catalogue.add(own);
        let read = |tables| Lexicon::read(tables, &scanner, &catalogue);
        let (french, english) = rayon::join(|| read(french), || read(english));
        let languages = [french?, english?];
        same_dimensions(&languages, &tables[1].folder)?;
        Ok(Self {
            languages,
            scanner,
            catalogue,
            voters,
            symbols,
            embedding: None,
            hashes: tables
                .iter()
                .map(|tables| (tables.code.to_owned(), tables.hash()))
                .collect(),
        })
    }

    /// Words lie where a model says from here on; the stamp names it.
    pub fn embed(&mut self, embedding: Embedding) {
        self.hashes
            .push(("embedding".to_owned(), embedding.hash.clone()));
        self.embedding = Some(embedding);
    }

    /// Values the place of a word has; 0 where no word has one.
    pub fn dimensions(&self) -> usize {
        if let Some(embedding) = &self.embedding {
            return embedding.dimensions();
        }
        let of = |lexicon: &Lexicon| lexicon.vectors.dimensions();
        self.languages.iter().map(of).max().unwrap_or(0)
    }

    /// The weight of an emoji or emoticon; 0 when it says nothing.
    pub fn symbol(&self, lower: &str) -> f32 {
        self.symbols.get(lower).copied().unwrap_or(0.0)
    }
}

/// Words of two languages can only be compared in one space.
fn same_dimensions([first, second]: &[Lexicon; 2], folder: &str) -> Result<()> {
    let [of_first, of_second] = [first, second].map(|lexicon| lexicon.vectors.dimensions());
    if of_first == 0 || of_second == 0 || of_first == of_second {
        return Ok(());
    }
    Err(Error::Settings {
        place: format!("{folder}/vectors.tsv"),
        reason: format!(
            "places have {of_second} dimensions, those of the other language {of_first}; learn both tables together"
        ),
    })
}

impl Tables {
    /// Hash of every table, in hexadecimal.
    fn hash(&self) -> String {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        for table in [
            &*self.language,
            &*self.polarity,
            &*self.modifiers,
            &*self.rules,
            &*self.cues,
            &*self.concepts,
            &*self.vectors,
            CONCEPTS,
            &*self.stop_words,
            &*self.stop_labels,
            VOTERS.function_words,
            VOTERS.alphabets,
            VOTERS.scripts,
            VOTERS.ngrams,
            SYMBOLS,
        ] {
            hasher.update(table.as_bytes());
            hasher.update(&[0]);
        }
        format!("{:016x}", hasher.digest())
    }
}
