//! Clauses → the patterns that fit them.

use super::{Anchor, LONGEST_GAP, NUMBER, PARTS, PLAIN, Pattern, PatternTable, Piece};
use crate::{
    language::{Clause, Entry, Lexicon, NONE, Role, Surfaces, Word, WordFacts},
    text::Kind,
};

/// A pattern that fits: words of the clause from…
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Position in [`PatternTable::patterns`].
    pub row: u16,
    /// Its [`super::Kind::number`].
    pub kind: u16,
    is_guard: bool,
    /// First word, a position in the clause…
    pub first: usize,
    /// …to one past the last.
    pub end: usize,
    /// How much it goes before others: its words; 0 for what says no more than that it is a question.
    weight: usize,
}

impl Found {
    /// True where the two share a word.
    pub fn meets(&self, other: &Found) -> bool {
        self.first < other.end && other.first < self.end
    }
}

/// Finds patterns, keeping its buffers from clause to clause.
#[derive(Default)]
pub struct Finder {
    numbers: Vec<u32>,
    /// For each piece the last clause that held it.
    seen: Vec<u32>,
    clause: u32,
    matches: Vec<Found>,
    kept: Vec<Found>,
}

/// A text and what its words are read with.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// The text.
    pub text: &'a str,
    /// Its words.
    pub words: &'a [Word],
    /// Its clauses.
    pub clauses: &'a [Clause],
    /// What is known of each form.
    pub surfaces: &'a Surfaces,
    /// Position of the language among the embedded ones.
    pub language: usize,
    /// The language's words.
    pub lexicon: &'a Lexicon,
}

impl Finder {
    /// What fits the clause at this position, by kind. `number` tells a form's number in the table.
    ///
    /// Of patterns of one kind that overlap the longest counts; a guard at least as long leaves none. What stands behind a
    /// negation counts only where the phrase denies something itself ("no answer"), or its kind cannot be denied.
    pub fn find(
        &mut self,
        table: &PatternTable,
        number: fn(&WordFacts) -> u32,
        of: &Text<'_>,
        at: usize,
    ) -> &mut Vec<Found> {
        self.kept.clear();
        self.matches.clear();
        if table.is_empty() {
            return &mut self.kept;
        }
        let Text { text, words, .. } = *of;
        let clause = &of.clauses[at];
        let inside = &words[clause.first as usize..clause.end as usize];
        self.numbers.clear();
        let numbers = inside.iter().map(|word| match word.token.kind {
            Kind::Stop | Kind::Pause => PARTS,
            Kind::Number => NUMBER,
            _ if word.surface == NONE => PLAIN,
            _ => number(&of.surfaces.facts(word.surface).words[of.language]),
        });
        self.numbers.extend(numbers);
        self.note_pieces(table);
        let ends_in_question = is_question(text, inside.last());
        let scope = Scope {
            table,
            numbers: &self.numbers,
            words: inside,
            surfaces: of.surfaces,
            language: of.language,
            lexicon: of.lexicon,
            // A question goes on past commas and contrasts.
            in_question: ends_in_question
                || is_question(
                    text,
                    words[clause.end as usize..]
                        .iter()
                        .find(|word| word.token.kind == Kind::Stop)
                        .filter(|_| !is_stop(inside.last()) && at + 1 < of.clauses.len()),
                ),
        };
        for (position, number) in self.numbers.iter().enumerate() {
            if *number == PLAIN || *number == PARTS {
                continue;
            }
            for anchor in table.anchors(*number) {
                if self.seen[usize::from(anchor.other)] == self.clause {
                    self.matches.extend(scope.fit(*anchor, position));
                }
            }
        }
        if ends_in_question {
            for row in table.questions() {
                let pattern = &table.patterns[usize::from(*row)];
                self.matches.push(Found {
                    row: *row,
                    kind: pattern.kind.number,
                    is_guard: pattern.is_guard,
                    first: 0,
                    end: inside.len(),
                    weight: 0,
                });
            }
        }
        if !self.matches.is_empty() {
            self.keep(table, inside, ends_in_question, of);
        }
        &mut self.kept
    }

    /// Notes the pieces that the words at hand fit: hardly a pattern is tried then that cannot fit.
    fn note_pieces(&mut self, table: &PatternTable) {
        if self.seen.len() < table.pieces || self.clause == u32::MAX {
            self.seen = vec![0; table.pieces];
            self.clause = 0;
        }
        self.clause += 1;
        for number in &self.numbers {
            if *number != PARTS {
                for piece in table.asked(*number) {
                    self.seen[usize::from(*piece)] = self.clause;
                }
            }
        }
    }

    /// Leaves, of what matches, what counts.
    fn keep(&mut self, table: &PatternTable, words: &[Word], in_question: bool, of: &Text<'_>) {
        // Longest first; a guard before what it guards against.
        self.matches.sort_unstable_by_key(|found| {
            (
                found.kind,
                std::cmp::Reverse(found.weight),
                !found.is_guard,
                found.first,
                found.row,
            )
        });
        let mut first_of_kind = 0;
        for (at, found) in self.matches.iter().enumerate() {
            if at > 0 && self.matches[at - 1].kind != found.kind {
                first_of_kind = self.kept.len();
            }
            let is_taken = self.kept[first_of_kind..]
                .iter()
                .any(|kept| kept.meets(found));
            if !is_taken {
                self.kept.push(*found);
            }
        }
        self.kept.retain(|kept| {
            let kind = table.patterns[usize::from(kept.row)].kind;
            let only_asked = in_question && !kind.can_be_asked;
            let denied = || {
                kind.can_be_denied && is_denied(kept, words, of.surfaces, of.language, of.lexicon)
            };
            !kept.is_guard && !only_asked && !denied()
        });
    }
}

/// A clause as patterns see it.
struct Scope<'a> {
    table: &'a PatternTable,
    numbers: &'a [u32],
    in_question: bool,
    words: &'a [Word],
    surfaces: &'a Surfaces,
    language: usize,
    lexicon: &'a Lexicon,
}

impl Scope<'_> {
    /// The match of a pattern one piece of which stands at `position`.
    fn fit(&self, anchor: Anchor, position: usize) -> Option<Found> {
        let pattern: &Pattern = &self.table.patterns[usize::from(anchor.row)];
        if pattern.in_question && !self.in_question {
            return None;
        }
        let (before, after) = pattern.pieces.split_at(usize::from(anchor.piece));
        let first = self.back(before, position, pattern.opens_clause)?;
        let end = self.on(&after[1..], position + 1)?;
        Some(Found {
            row: anchor.row,
            kind: pattern.kind.number,
            is_guard: pattern.is_guard,
            first,
            end,
            weight: end - first,
        })
    }

    /// One past the last word, where the pieces fit from `at` on.
    fn on(&self, pieces: &[Piece], mut at: usize) -> Option<usize> {
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Word(word) => {
                    if !self.is(at, *word) {
                        return None;
                    }
                    at += 1;
                }
                Piece::Gap => {
                    return (0..=LONGEST_GAP)
                        .take_while(|skipped| *skipped == 0 || self.may_skip(at + skipped - 1))
                        .find_map(|skipped| self.on(&pieces[index + 1..], at + skipped));
                }
            }
        }
        Some(at)
    }

    /// The first word, where the pieces fit up to `at`.
    fn back(&self, pieces: &[Piece], mut at: usize, opens_clause: bool) -> Option<usize> {
        for (index, piece) in pieces.iter().enumerate().rev() {
            match piece {
                Piece::Word(word) => {
                    at = at.checked_sub(1)?;
                    if !self.is(at, *word) {
                        return None;
                    }
                }
                Piece::Gap => {
                    return (0..=LONGEST_GAP.min(at))
                        .take_while(|skipped| *skipped == 0 || self.may_skip(at - skipped))
                        .find_map(|skipped| {
                            self.back(&pieces[..index], at - skipped, opens_clause)
                        });
                }
            }
        }
        (!opens_clause || at == 0 || !self.is_word(at - 1)).then_some(at)
    }

    fn is(&self, at: usize, piece: u16) -> bool {
        self.is_word(at) && self.table.fits(self.numbers[at], piece)
    }

    /// True for a word that a gap may span: any that denies nothing by itself. A particle alone does not ("prélèvement que
    /// je n'ai jamais autorisé").
    fn may_skip(&self, at: usize) -> bool {
        let facts = |word: &Word| self.surfaces.facts(word.surface).words[self.language];
        let is_particle = |word: &Word| word.surface != NONE && facts(word).is_particle;
        self.is_word(at)
            && (is_particle(&self.words[at])
                || !denies(
                    &self.words[at..],
                    self.surfaces,
                    self.language,
                    self.lexicon,
                ))
    }

    fn is_word(&self, at: usize) -> bool {
        self.numbers.get(at).is_some_and(|number| *number != PARTS)
    }
}

fn is_stop(word: Option<&Word>) -> bool {
    word.is_some_and(|word| word.token.kind == Kind::Stop)
}

fn is_question(text: &str, word: Option<&Word>) -> bool {
    word.is_some_and(|word| word.token.kind == Kind::Stop && word.token.of(text).contains('?'))
}

/// True where a negation before the phrase takes it back, or one right behind it ("je résilie pas"; not "plante sans
/// arrêt").
fn is_denied(
    found: &Found,
    words: &[Word],
    surfaces: &Surfaces,
    language: usize,
    lexicon: &Lexicon,
) -> bool {
    let denies = |at: usize| denies(&words[at..], surfaces, language, lexicon);
    // A particle that a gap spans denies with what follows it: "je ne résilie" is no phrase that denies.
    let denies_itself = |at: usize| {
        if words[at].surface == NONE {
            return false;
        }
        let facts = &surfaces.facts(words[at].surface).words[language];
        if facts.is_particle && at > found.first {
            return false;
        }
        denies(at) || matches!(facts.entry, Some(Entry::Modifier(Role::NegatorAfterNe, _)))
    };
    if (found.first..found.end).any(denies_itself) {
        return false;
    }
    let parts = |word: &Word| matches!(word.token.kind, Kind::Stop | Kind::Pause);
    let reach = lexicon.language.negation_reach as usize;
    let before = (0..found.first)
        .rev()
        .take(reach)
        .take_while(|at| !parts(&words[*at]))
        .any(denies);
    before
        || words.get(found.end).is_some_and(|word| {
            word.surface != NONE
                && is_behind(&surfaces.written()[word.surface as usize], lexicon)
                && denies(found.end)
        })
}

fn is_behind(word: &str, lexicon: &Lexicon) -> bool {
    let mut behind = lexicon.language.negators_behind.iter();
    behind.any(|negator| negator == word)
}

/// True where the first of these words denies what is around it, and is no part of a phrase that only looks so.
fn denies(words: &[Word], surfaces: &Surfaces, language: usize, lexicon: &Lexicon) -> bool {
    let Some(word) = words.first().filter(|word| word.surface != NONE) else {
        return false;
    };
    let facts = &surfaces.facts(word.surface).words[language];
    let is_negator = matches!(
        facts.entry,
        Some(Entry::Modifier(Role::Negator, _) | Entry::Either(Role::Negator, ..))
    );
    if !is_negator && !facts.is_particle {
        return false;
    }
    let rest = words[1..].iter().map(|word| match word.surface {
        NONE => NONE,
        surface => surfaces.facts(surface).words[language].phrase_word,
    });
    !matches!(
        lexicon.longest_phrase(facts.phrase_node, rest),
        Some((_, Entry::Modifier(Role::NotNegator, _)))
    )
}
