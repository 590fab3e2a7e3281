//! A theme, and what the finder of themes reads and answers.

/// Something customers talk about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theme {
    /// Names the theme in exports, filters and settings: lower-case letters, digits and hyphens.
    pub id: String,
    /// A readable phrase people wrote: no stem, no stop word at an edge. No two themes share one.
    pub label: String,
    /// Up to five more phrases that tell it from the others, most typical first.
    pub keyphrases: Vec<String>,
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
    /// For each record whether another said the same before: its units get themes, and none is learnt from them. Empty
    /// where no record is a copy.
    pub is_copy: &'a [bool],
}

impl Units<'_> {
    /// True for units of records that say what another said before.
    pub fn is_copied(&self, unit: usize) -> bool {
        let record = self.record[unit] as usize;
        self.is_copy.get(record).copied().unwrap_or(false)
    }
}

/// What is known of every distinct written form, as parallel arrays indexed by surface id.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    /// The form in lower case, accents kept: `livrée`, `l'`, `refund`.
    pub written: &'a [Box<str>],
    /// Id of its stem, from 0 and dense; [`NONE`] for words that name nothing (stop words, numbers, symbols).
    /// French and English stems that are spelt alike share an id.
    pub term: &'a [u32],
    /// How many different stems there are.
    pub terms: u32,
    /// True for words that must not stand at the edge of a label, nor be one: stop words and empty words
    /// ("chose", "really", "merci").
    pub weak: &'a [bool],
}
