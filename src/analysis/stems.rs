//! One form, one stem: the language of each written form, the stem it goes by in themes, and where that stem lies.

use crate::{
    analysis::{
        AnalyzedFeedback,
        waves::{FlatClauses, Judged},
    },
    language::{Language, Lexicons, Surfaces},
    text::{lower, scan},
    themes::{self, GAP, WordPlaces},
};
use rustc_hash::FxHashSet;

/// The stem of each form in the language it is mostly met in; none for what names nothing.
pub(super) fn term_ids(surfaces: &Surfaces, choice: &[u8]) -> Vec<u32> {
    (0..surfaces.len())
        .map(|id| {
            let facts = surfaces.facts(id as u32);
            let language = usize::from(choice[id]);
            if facts.words[language].is_stop || facts.is_symbol || facts.letters == 0 {
                themes::NONE
            } else {
                facts.stems[language]
            }
        })
        .collect()
}

/// Where an embedding of the user's, or else the vectors of its language, place each stem.
pub(super) struct Places<'a> {
    /// The commonest form of each stem; none for those that name nothing.
    pub forms: Vec<u32>,
    pub choice: &'a [u8],
    pub written: &'a [Box<str>],
    pub stems: &'a [Box<str>],
    pub lexicons: &'a Lexicons,
}

impl WordPlaces for Places<'_> {
    fn dimensions(&self) -> usize {
        self.lexicons.dimensions()
    }

    fn of(&self, stem: u32) -> Option<Vec<f32>> {
        let form = *self.forms.get(stem as usize)?;
        let written = self.written.get(form as usize)?;
        match &self.lexicons.embedding {
            Some(embedding) => embedding.of(written),
            None => {
                let language = usize::from(self.choice[form as usize]);
                let vectors = &self.lexicons.languages[language].vectors;
                vectors.of(&self.stems[stem as usize])
            }
        }
    }
}

/// The form in which each stem is mostly met; between equals, the first.
pub(super) fn forms_of_stems(clauses: &FlatClauses, term: &[u32], stems: u32) -> Vec<u32> {
    let mut times = vec![0u32; term.len()];
    for token in clauses.tokens.iter().filter(|token| **token != GAP) {
        times[*token as usize] += 1;
    }
    let mut forms = vec![themes::NONE; stems as usize];
    for (form, stem) in (0..).zip(term) {
        if *stem == themes::NONE {
            continue;
        }
        let best = &mut forms[*stem as usize];
        if *best == themes::NONE || times[form as usize] > times[*best as usize] {
            *best = form;
        }
    }
    forms
}

/// The words of product names in lower case. They name no theme: what is said of a product is found by its filter.
pub(super) fn product_words(
    records: &[AnalyzedFeedback],
    lexicons: &Lexicons,
) -> FxHashSet<Box<str>> {
    let mut products: Vec<&str> = records
        .iter()
        .filter_map(|record| record.feedback.product.as_deref())
        .collect();
    products.sort_unstable();
    products.dedup();
    let mut tokens = Vec::new();
    let mut words = FxHashSet::default();
    for product in products {
        scan(product, &lexicons.scanner, &mut tokens);
        words.extend(tokens.iter().map(|token| lower(token.of(product))));
    }
    words
}

/// For each form, the embedded language of most records it stands in: one form, one stem, whatever a single record's
/// language was taken for. Otherwise one theme would be found twice, cut by two stemmers.
pub(super) fn surface_languages(
    clauses: &FlatClauses,
    judged: &[Judged],
    surfaces: usize,
) -> Vec<u8> {
    let mut lead = vec![0i32; surfaces];
    for (unit, record) in clauses.record.iter().enumerate() {
        let step = match judged[*record as usize].verdict.language {
            Language::French => -1,
            Language::English => 1,
            Language::Other(_) | Language::Undetermined => continue,
        };
        for token in clauses.unit(unit) {
            if *token != GAP {
                lead[*token as usize] += step;
            }
        }
    }
    lead.into_iter().map(|lead| u8::from(lead > 0)).collect()
}
