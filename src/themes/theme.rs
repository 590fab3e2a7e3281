//! A theme, and what the finder of themes reads and answers.

use crate::language::concepts::{Factor, Leaning, Pillar, Stage};
use serde::{Deserialize, Serialize};

/// Something customers talk about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Names the theme in exports, filters and settings: lower-case letters, digits and hyphens.
    pub id: String,
    /// A readable phrase people wrote: no stem, no stop word at an edge. No two themes share one.
    pub label: String,
    /// Up to five more phrases that tell it from the others, most typical first.
    pub keyphrases: Vec<String>,
    /// What it is called in French and in English, where that differs from the label; empty where it does not.
    pub names: [String; 2],
    /// Where it comes from.
    pub kind: ThemeKind,
    /// Id of the theme it is a part of.
    #[serde(default)]
    pub parent: Option<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// What the catalogue says of it; nothing of a found theme.
    pub traits: Option<Traits>,
}

impl Theme {
    /// True for a verdict on the whole ("disappointed", "I recommend"): what sentiment tells already, and no team can act on.
    pub fn is_verdict(&self) -> bool {
        self.traits.is_some_and(|traits| traits.factor.is_none())
    }

    /// What it is called in an embedded language, by position.
    pub fn name(&self, language: usize) -> &str {
        match self.names.get(language) {
            Some(name) if !name.is_empty() => name,
            _ => &self.label,
        }
    }
}

/// Where a theme comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeKind {
    /// The catalogue names it.
    Known,
    /// It was found in the feedback.
    #[default]
    Found,
    /// It was found within a known theme, its parent: what is about it is about both.
    Part,
}

/// What the catalogue says of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    /// Whether it is good or bad to be told of it.
    pub leaning: Leaning,
    /// Where it happens on the customer's journey.
    pub stage: Stage,
    /// The pillar of service it touches.
    pub pillar: Option<Pillar>,
    /// What it is about.
    pub factor: Option<Factor>,
}

/// What known themes explain.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// The ids of the themes that are named.
    pub ids: Vec<&'a str>,
    /// What each is called, in every language: no found theme takes such a name.
    pub names: Vec<[&'a str; 2]>,
    /// For each whether parts are looked for in it where it is large.
    pub is_divisible: Vec<bool>,
    /// Units, rising, and the position of a theme that each names; a unit may stand here more than once.
    pub mentions: Vec<(u32, u32)>,
}

/// No theme, no term: marks an absence in arrays of positions.
pub const NONE: u32 = u32::MAX;

/// Marks a place in [`Units::tokens`] where punctuation parts two words.
pub const GAP: u32 = u32::MAX;

/// Clauses as the finder reads them. Unit `i` owns `tokens[bounds[i]..bounds[i + 1]]`.
#[derive(Clone, Copy, Debug)]
pub struct Units<'a> {
    /// Surface ids (positions in the arrays of [`Vocabulary`]) of every word in reading order, stop words included;
    /// [`GAP`] where punctuation parts two words.
    pub tokens: &'a [u32],
    /// One more than there are units; starts with 0, never falls.
    pub bounds: &'a [u32],
    /// Position of the record each unit belongs to; never falls.
    pub record: &'a [u32],
    /// For each record the position of its language among the embedded ones; any other number for other languages. Empty
    /// where one name a theme is enough.
    pub language: &'a [u8],
    /// For each record whether another said the same before: its units get themes, and none is learnt from them. Empty
    /// where no record is a copy.
    pub is_copy: &'a [bool],
    /// For each unit whether known themes explain it: it gets no found theme, and none is learnt from it. Empty where none
    /// is explained.
    pub is_explained: &'a [bool],
    /// For each record whether themes were learnt from it before: none is learnt from it again. Empty where all are new.
    pub is_learnt: &'a [bool],
}

impl Units<'_> {
    /// True for units of records that say what another said before.
    pub fn is_copied(&self, unit: usize) -> bool {
        let record = self.record[unit] as usize;
        self.is_copy.get(record).copied().unwrap_or(false)
    }

    /// True for units of records that themes were learnt from before.
    pub fn is_learnt(&self, unit: usize) -> bool {
        let record = self.record[unit] as usize;
        self.is_learnt.get(record).copied().unwrap_or(false)
    }

    /// True for units that known themes explain.
    pub fn is_explained(&self, unit: usize) -> bool {
        self.is_explained.get(unit).copied().unwrap_or(false)
    }
}

/// What larger bodies of text taught about words.
pub trait WordPlaces: Sync {
    /// Values a place; 1 or more.
    fn dimensions(&self) -> usize;
    /// The place of a stem, by its id in [`Vocabulary::term`], of length 1; `None` for words never met there.
    fn of(&self, stem: u32) -> Option<Vec<f32>>;
}

/// What is known of every distinct written form, as parallel arrays indexed by surface id.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    /// The form in lower case, accents kept: `livrée`, `l'`, `refund`.
    pub written: &'a [Box<str>],
    /// Id of its stem, from 0 and dense; [`NONE`] for words that name nothing (stop words, numbers, symbols).
    /// French and English stems that are spelt alike share an id.
    pub term: &'a [u32],
    /// How many different stems there are.
    pub terms: u32,
    /// The stems as text, by id; may be empty where nothing is to be remembered.
    pub stems: &'a [Box<str>],
    /// Where larger bodies of text place the stems, where that is known.
    pub places: Option<&'a dyn WordPlaces>,
    /// True for words that must not stand at the edge of a label, nor be one: stop words and empty words
    /// ("chose", "really", "merci").
    pub weak: &'a [bool],
}
