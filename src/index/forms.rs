//! Words as they were written: their terms, and the automata that find those that begin or look alike.
//!
//! A form's term is the word in lower case without accents; where that loses something, the word with its accents
//! follows after [`ACCENTS`]: `marche`, `marche␁marché`. So one walk finds beginnings and near misses accents aside,
//! and one look-up finds the word as written.

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use std::{fmt, sync::Arc};
use tantivy::{
    Result,
    query::{AutomatonWeight, EnableScoring, Query, Weight},
    schema::Field,
};
use tantivy_fst::Automaton;

use crate::text::fold;

/// Parts the folded word from the word with its accents; no word holds it.
const ACCENTS: u8 = 1;

/// The term of a word in lower case.
pub fn form(lower: &str) -> String {
    let folded = fold(lower);
    if folded == lower {
        return folded.into_owned();
    }
    format!("{folded}{}{lower}", char::from(ACCENTS))
}

/// Forms that begin or look a certain way.
#[derive(Clone)]
pub enum Pattern {
    /// Begins with this, which is folded.
    Begins(Box<[u8]>),
    /// Differs from a folded word by so many letters at most.
    Near(Arc<DFA>, u8),
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Begins(beginning) => write!(f, "{}*", String::from_utf8_lossy(beginning)),
            Pattern::Near(_, distance) => write!(f, "~{distance}"),
        }
    }
}

impl Pattern {
    /// Forms that begin so; `plain` is folded.
    pub fn beginning(plain: &str) -> Self {
        Pattern::Begins(plain.as_bytes().into())
    }

    /// Forms that differ by at most `distance` letters put in, left out, replaced or swapped with their neighbour
    /// (Damerau's and Levenshtein's distance, each letter moved once); `plain` is folded.
    pub fn near(plain: &str, distance: u8) -> Self {
        let automaton = LevenshteinAutomatonBuilder::new(distance, true).build_dfa(plain);
        Pattern::Near(Arc::new(automaton), distance)
    }

    /// True for a folded word that it finds.
    pub fn finds(&self, plain: &str) -> bool {
        let end = (plain.bytes()).fold(self.start(), |state, byte| self.accept(&state, byte));
        self.is_match(&end)
    }
}

/// Where an automaton stands in a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In the folded word: bytes of the beginning met, or the inner automaton's state.
    Inside(u32),
    /// Past what was asked for: all that follows is found.
    Found,
    /// Nothing that follows is found.
    Lost,
}

impl Automaton for Pattern {
    type State = State;

    fn start(&self) -> State {
        match self {
            Pattern::Begins(beginning) if beginning.is_empty() => State::Found,
            Pattern::Begins(_) => State::Inside(0),
            Pattern::Near(automaton, _) => State::Inside(automaton.initial_state()),
        }
    }

    fn is_match(&self, state: &State) -> bool {
        match (self, state) {
            (_, State::Found) => true,
            (_, State::Lost) | (Pattern::Begins(_), _) => false,
            (Pattern::Near(automaton, most), State::Inside(state)) => {
                matches!(automaton.distance(*state), Distance::Exact(found) if found <= *most)
            }
        }
    }

    fn can_match(&self, state: &State) -> bool {
        *state != State::Lost
    }

    fn will_always_match(&self, state: &State) -> bool {
        *state == State::Found
    }

    fn accept(&self, state: &State, byte: u8) -> State {
        match (self, state) {
            (_, State::Found | State::Lost) => *state,
            (Pattern::Begins(beginning), State::Inside(met)) => {
                let met = *met as usize;
                if beginning[met] != byte {
                    State::Lost
                } else if met + 1 == beginning.len() {
                    State::Found
                } else {
                    State::Inside(met as u32 + 1)
                }
            }
            (Pattern::Near(..), State::Inside(_)) if byte == ACCENTS => {
                if self.is_match(state) {
                    State::Found
                } else {
                    State::Lost
                }
            }
            (Pattern::Near(automaton, _), State::Inside(state)) => {
                match automaton.transition(*state, byte) {
                    levenshtein_automata::SINK_STATE => State::Lost,
                    next => State::Inside(next),
                }
            }
        }
    }
}

/// Records that hold a form of a pattern. All score 1.
#[derive(Clone, Debug)]
pub struct FormsQuery {
    /// The field of forms, or another whose terms are folded.
    pub field: Field,
    /// What the forms look like.
    pub pattern: Pattern,
}

impl Query for FormsQuery {
    fn weight(&self, _: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        Ok(Box::new(AutomatonWeight::new(
            self.field,
            self.pattern.clone(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &Pattern, word: &str, expected: bool) {
        let found = |word: &str| {
            let end =
                (word.bytes()).fold(pattern.start(), |state, byte| pattern.accept(&state, byte));
            pattern.is_match(&end)
        };
        assert_eq!(found(&form(word)), expected, "{word}");
        assert_eq!(pattern.finds(&fold(word)), expected, "{word}");
    }

    #[test]
    fn beginnings_are_found_accents_aside() {
        let pattern = Pattern::beginning("rembourse");
        check(&pattern, "rembourse", true);
        check(&pattern, "remboursé", true);
        check(&pattern, "remboursées", true);
        check(&pattern, "rembours", false);
        check(&pattern, "deremboursé", false);
    }

    #[test]
    fn near_misses_are_found_accents_aside() {
        let pattern = Pattern::near("livraison", 1);
        check(&pattern, "livraison", true);
        check(&pattern, "livrason", true);
        check(&pattern, "livriason", true);
        check(&pattern, "livráison", true);
        check(&pattern, "livraisons", true);
        check(&pattern, "livrasn", false);
        check(&Pattern::near("livraison", 2), "livrasn", true);
        check(&Pattern::near("ete", 1), "été", true);
        check(&Pattern::near("ete", 1), "étés", true);
        check(&Pattern::near("ete", 1), "étés-là", false);
    }
}
