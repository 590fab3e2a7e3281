//! Every distinct written form met so far, with what the lexicons know of it: worked out once, then looked up.

use crate::{
    language::{
        catalog::Lexicons,
        lexicon::{Entry, NONE, Weight, WordFacts},
        voters::Evidence,
    },
    text::{Kind, has_elongation, is_capitalised, lower, shorten_elongation},
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// What is known of one written form.
#[derive(Clone, Debug)]
pub struct SurfaceFacts {
    /// What it says for each of [`Lexicons::voters`].
    pub evidence: Evidence,
    /// Which of the embedded languages or any other it speaks for most, and how far it leads the next.
    pub side: (u8, i16),
    /// Position of the script that alone tells its language; 255 for Latin and none.
    pub script: u8,
    /// Begins with a capital and goes on in small letters: a name, in the middle of a sentence.
    pub may_be_name: bool,
    /// Written in capitals, three letters or more.
    pub is_shouted: bool,
    /// A letter is drawn out: `troooop`.
    pub is_elongated: bool,
    /// Emoji or emoticon.
    pub is_symbol: bool,
    /// Number of letters, for knowing how much evidence a text holds.
    pub letters: u8,
    /// Stem id in each embedded language; the ids of all languages are one series, so equal spelling is equal id.
    pub stems: [u32; 2],
    /// What each embedded language's lexicon says.
    pub words: [WordFacts; 2],
}

/// The table of forms. Ids are dense and given in order of arrival.
///
/// Forms are told apart by a hash of 64 bits: of a million forms, two share one in thirty million tables, and then the
/// second is read as the first. Comparing letters instead would cost a tenth of the analysis.
#[derive(Default)]
pub struct Surfaces {
    ids: FxHashMap<u64, u32>,
    written: Vec<Box<str>>,
    facts: Vec<SurfaceFacts>,
    stems: FxHashMap<Box<str>, u32>,
}

impl Surfaces {
    /// The id of a form as written, when it was met before.
    pub fn id(&self, written: &str) -> Option<u32> {
        self.ids.get(&xxh3_64(written.as_bytes())).copied()
    }

    /// What is known of a form.
    pub fn facts(&self, id: u32) -> &SurfaceFacts {
        &self.facts[id as usize]
    }

    /// The forms in lower case, by id.
    pub fn written(&self) -> &[Box<str>] {
        &self.written
    }

    /// The forms in lower case and the stems, each by id; everything else known of them is forgotten.
    pub fn into_written(self) -> (Vec<Box<str>>, Vec<Box<str>>) {
        let mut stems = vec![Box::default(); self.stems.len()];
        // Each goes to its own place, so their order means nothing.
        let all = self.stems.into_iter();
        all.for_each(|(stem, id)| stems[id as usize] = stem);
        (self.written, stems)
    }

    /// How many forms.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// True before the first form.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// How many different stems.
    pub fn stems(&self) -> u32 {
        self.stems.len() as u32
    }

    /// Adds forms as written with their kind, skipping those known; ids follow the order given.
    pub fn extend<'t>(
        &mut self,
        forms: impl IntoIterator<Item = (&'t str, Kind)>,
        lexicons: &Lexicons,
    ) {
        let mut fresh: Vec<(&str, Kind)> = Vec::new();
        for (form, kind) in forms {
            let next = self.ids.len() as u32;
            if let std::collections::hash_map::Entry::Vacant(place) =
                self.ids.entry(xxh3_64(form.as_bytes()))
            {
                place.insert(next);
                fresh.push((form, kind));
            }
        }
        let known: Vec<Known> = fresh
            .par_iter()
            .map(|(form, kind)| look_up(form, *kind, lexicons))
            .collect();
        for known in known {
            let mut facts = known.facts;
            for (stem, slot) in known.stems.into_iter().zip(&mut facts.stems) {
                let next = self.stems.len() as u32;
                *slot = *self.stems.entry(stem.into_boxed_str()).or_insert(next);
            }
            self.facts.push(facts);
            self.written.push(known.written);
        }
    }
}

struct Known {
    written: Box<str>,
    stems: [String; 2],
    facts: SurfaceFacts,
}

fn look_up(form: &str, kind: Kind, lexicons: &Lexicons) -> Known {
    let written = lower(form);
    let is_elongated = has_elongation(&written);
    // Drawn-out words are looked up by the spelling that a lexicon knows, else with single letters.
    let spelling: Box<str> = if is_elongated {
        let double = shorten_elongation(&written, 2);
        let single = shorten_elongation(&written, 1);
        let known = |word: &str| lexicons.languages.iter().any(|lexicon| lexicon.knows(word));
        if known(&double) && !known(&single) {
            double.into()
        } else {
            single.into()
        }
    } else {
        written.clone()
    };
    let mut words = [
        lexicons.languages[0].facts(&spelling),
        lexicons.languages[1].facts(&spelling),
    ];
    let is_symbol = kind == Kind::Symbol;
    if is_symbol {
        let weight = lexicons.symbol(&spelling);
        for word in &mut words {
            word.entry = (weight != 0.0).then_some(Entry::Polarity(Weight {
                value: weight,
                row: NONE,
            }));
        }
    }
    let knows = lexicons
        .languages
        .each_ref()
        .map(|lexicon| lexicon.knows(&spelling));
    let is_word = !is_symbol && spelling.chars().any(char::is_alphabetic);
    let evidence = if is_word {
        lexicons.voters.evidence(&spelling, knows)
    } else {
        Evidence::default()
    };
    Known {
        stems: [
            lexicons.languages[0].stem(&spelling),
            lexicons.languages[1].stem(&spelling),
        ],
        facts: SurfaceFacts {
            evidence,
            side: lexicons.voters.side(&evidence),
            script: lexicons.voters.script_of(&spelling).unwrap_or(u8::MAX),
            may_be_name: is_capitalised(form),
            is_shouted: is_shouted(form),
            is_elongated,
            is_symbol,
            letters: if is_symbol {
                0
            } else {
                u8::try_from(written.chars().filter(|c| c.is_alphabetic()).count())
                    .unwrap_or(u8::MAX)
            },
            stems: [0, 0],
            words,
        },
        written,
    }
}

fn is_shouted(form: &str) -> bool {
    form.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !form.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_worked_out_once_and_keeps_its_id() {
        let lexicons = Lexicons::embedded().unwrap();
        let mut surfaces = Surfaces::default();
        surfaces.extend([("livré", Kind::Word), ("NUL", Kind::Word)], &lexicons);
        surfaces.extend([("NUL", Kind::Word), ("livrée", Kind::Word)], &lexicons);
        assert_eq!(surfaces.id("NUL"), Some(1));
        assert_eq!(surfaces.id("livrée"), Some(2));
        assert_eq!(surfaces.facts(0).stems[0], surfaces.facts(2).stems[0]);
        assert!(surfaces.facts(1).is_shouted && !surfaces.facts(0).is_shouted);
    }
}
