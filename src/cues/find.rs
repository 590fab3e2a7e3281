//! Clauses → the cues in them.

use crate::{
    language::{
        Clause, Entry, Lexicon, NONE, Role, Surfaces, Word,
        cues::{Anchor, CueKind, CuePattern, CueTable, LONGEST_GAP, NUMBER, PARTS, PLAIN, Piece},
    },
    text::Kind,
};

/// A phrase that shows something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cue {
    /// What it shows.
    pub kind: CueKind,
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A cue and the pattern it was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundCue {
    /// What it is.
    pub cue: Cue,
    /// Position among [`CueTable::patterns`] of the language that its clause was read in.
    pub row: u16,
}

/// Finds cues, keeping its buffers from text to text.
#[derive(Default)]
pub struct Finder {
    numbers: Vec<u32>,
    matches: Vec<Match>,
    kept: Vec<Match>,
}

/// A pattern that fits: words of the clause from…
#[derive(Clone, Copy)]
struct Match {
    row: u16,
    kind: CueKind,
    is_guard: bool,
    first: usize,
    /// …to one past the last.
    end: usize,
    /// How much it goes before others: its words; 0 for what says no more than that it is a question.
    weight: usize,
}

impl Match {
    fn meets(&self, other: &Match) -> bool {
        self.first < other.end && other.first < self.end
    }
}

impl Finder {
    /// Adds the cues of a text's clauses, which are positions among `words`, to `cues`: by place, then by kind.
    ///
    /// Of patterns of one kind that overlap the longest counts; a guard at least as long leaves none. What stands behind a
    /// negation counts only where the phrase denies something itself ("no answer"), or its kind cannot be denied.
    pub fn find(
        &mut self,
        text: &str,
        words: &[Word],
        clauses: &[Clause],
        surfaces: &Surfaces,
        (language, lexicon): (usize, &Lexicon),
        cues: &mut Vec<FoundCue>,
    ) {
        let table = &lexicon.cues;
        if table.is_empty() {
            return;
        }
        for (at, clause) in clauses.iter().enumerate() {
            let inside = &words[clause.first as usize..clause.end as usize];
            self.numbers.clear();
            self.numbers
                .extend(inside.iter().map(|word| number(word, surfaces, language)));
            self.matches.clear();
            let ends_in_question = is_question(text, inside.last());
            let scope = Scope {
                table,
                numbers: &self.numbers,
                words: inside,
                surfaces,
                language,
                lexicon,
                // A question goes on past commas and contrasts.
                in_question: ends_in_question
                    || is_question(
                        text,
                        words[clause.end as usize..]
                            .iter()
                            .find(|word| word.token.kind == Kind::Stop)
                            .filter(|_| !is_stop(inside.last()) && at + 1 < clauses.len()),
                    ),
            };
            for (position, number) in self.numbers.iter().enumerate() {
                if *number == PLAIN || *number == PARTS {
                    continue;
                }
                for anchor in table.anchors(*number) {
                    self.matches.extend(scope.fit(*anchor, position));
                }
            }
            if ends_in_question {
                for row in table.questions() {
                    self.matches.push(Match {
                        row: *row,
                        kind: table.patterns[usize::from(*row)].kind,
                        is_guard: table.patterns[usize::from(*row)].is_guard,
                        first: 0,
                        end: inside.len(),
                        weight: 0,
                    });
                }
            }
            if self.matches.is_empty() {
                continue;
            }
            self.keep(inside, ends_in_question, surfaces, language, lexicon);
            cues.extend(self.kept.iter().map(|kept| FoundCue {
                cue: Cue {
                    kind: kept.kind,
                    start: inside[kept.first].token.start,
                    end: inside[kept.end - 1].token.end,
                },
                row: kept.row,
            }));
        }
    }

    /// Leaves, of what matches, what counts.
    fn keep(
        &mut self,
        words: &[Word],
        in_question: bool,
        surfaces: &Surfaces,
        language: usize,
        lexicon: &Lexicon,
    ) {
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
        self.kept.clear();
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
            let only_asked = in_question && !kept.kind.can_be_asked();
            let denied =
                || kept.kind.can_be_denied() && is_denied(kept, words, surfaces, language, lexicon);
            !kept.is_guard && !only_asked && !denied()
        });
        for at in 0..self.kept.len() {
            let kept = self.kept[at];
            if let Some(implied) = kept.kind.implied()
                && !self
                    .kept
                    .iter()
                    .any(|other| other.kind == implied && other.meets(&kept))
            {
                self.kept.push(Match {
                    kind: implied,
                    ..kept
                });
            }
        }
        self.kept
            .sort_unstable_by_key(|kept| (kept.first, kept.end, kept.kind, kept.row));
    }
}

/// A clause as patterns see it.
struct Scope<'a> {
    table: &'a CueTable,
    numbers: &'a [u32],
    in_question: bool,
    words: &'a [Word],
    surfaces: &'a Surfaces,
    language: usize,
    lexicon: &'a Lexicon,
}

impl Scope<'_> {
    /// The match of a pattern one piece of which stands at `position`.
    fn fit(&self, anchor: Anchor, position: usize) -> Option<Match> {
        let pattern: &CuePattern = &self.table.patterns[usize::from(anchor.row)];
        if pattern.in_question && !self.in_question {
            return None;
        }
        let (before, after) = pattern.pieces.split_at(usize::from(anchor.piece));
        let first = self.back(before, position, pattern.opens_clause)?;
        let end = self.on(&after[1..], position + 1)?;
        Some(Match {
            row: anchor.row,
            kind: pattern.kind,
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

    /// True for a word that a gap may span: any that denies nothing.
    fn may_skip(&self, at: usize) -> bool {
        self.is_word(at)
            && !denies(
                &self.words[at..],
                self.surfaces,
                self.language,
                self.lexicon,
            )
    }

    fn is_word(&self, at: usize) -> bool {
        self.numbers.get(at).is_some_and(|number| *number != PARTS)
    }
}

/// The number of a word in the patterns of a language.
fn number(word: &Word, surfaces: &Surfaces, language: usize) -> u32 {
    match word.token.kind {
        Kind::Stop | Kind::Pause => PARTS,
        Kind::Number => NUMBER,
        _ if word.surface == NONE => PLAIN,
        _ => surfaces.facts(word.surface).words[language].cue_word,
    }
}

fn is_stop(word: Option<&Word>) -> bool {
    word.is_some_and(|word| word.token.kind == Kind::Stop)
}

fn is_question(text: &str, word: Option<&Word>) -> bool {
    word.is_some_and(|word| word.token.kind == Kind::Stop && word.token.of(text).contains('?'))
}

/// True where a negation before the phrase takes it back, or, in a language with particles, one right behind it
/// ("je résilie pas").
fn is_denied(
    found: &Match,
    words: &[Word],
    surfaces: &Surfaces,
    language: usize,
    lexicon: &Lexicon,
) -> bool {
    let denies = |at: usize| denies(&words[at..], surfaces, language, lexicon);
    let denies_itself = |at: usize| {
        denies(at)
            || words[at].surface != NONE
                && matches!(
                    surfaces.facts(words[at].surface).words[language].entry,
                    Some(Entry::Modifier(Role::NegatorAfterNe, _))
                )
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
        || !lexicon.language.negation_particles.is_empty()
            && found.end < words.len()
            && denies(found.end)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::{Lexicons, Tables, clauses, embedded_tables},
        text::scan,
    };

    /// The cues of an English text by a table of these rows, as "kind: words".
    fn found(rows: &str, text: &str) -> Vec<String> {
        let [french, english] = embedded_tables();
        let english = Tables {
            cues: format!("kind\tpattern\tnote\n{rows}").into(),
            ..english
        };
        let lexicons = Lexicons::read(&[french, english]).unwrap();
        let mut tokens = Vec::new();
        scan(text, &lexicons.scanner, &mut tokens);
        let mut surfaces = Surfaces::default();
        surfaces.extend(
            tokens.iter().map(|token| (token.of(text), token.kind)),
            &lexicons,
        );
        let words: Vec<Word> = tokens
            .iter()
            .map(|token| Word {
                token: *token,
                surface: match token.kind {
                    Kind::Stop | Kind::Pause | Kind::Number => NONE,
                    _ => surfaces.id(token.of(text)).unwrap_or(NONE),
                },
            })
            .collect();
        let lexicon = (1, &lexicons.languages[1]);
        let mut cut = Vec::new();
        clauses(&words, &surfaces, Some(lexicon), &mut cut);
        let mut cues = Vec::new();
        Finder::default().find(text, &words, &cut, &surfaces, lexicon, &mut cues);
        cues.iter()
            .map(|found| {
                let Cue { kind, start, end } = found.cue;
                format!("{}: {}", kind.name(), &text[start as usize..end as usize])
            })
            .collect()
    }

    #[test]
    fn choices_beginnings_numbers_and_gaps_match() {
        let rows = "effort\tcall*|rang … # times\t\n";
        assert_eq!(
            found(rows, "I Called you guys 5 times."),
            ["effort: Called you guys 5 times"]
        );
        assert_eq!(found(rows, "I rang 12 times"), ["effort: rang 12 times"]);
        assert!(found(rows, "I rang one two three four 5 times").is_empty());
        assert!(
            found(rows, "I rang. 5 times").is_empty(),
            "a gap stays in its clause"
        );
    }

    #[test]
    fn the_longest_pattern_counts_and_a_guard_as_long_leaves_none() {
        let rows = "legal\tlawyer\t\nlegal\tmy lawyer\t\nnot legal\tlawyer friend\t\nnot legal\tmy lawyer friend\t\n";
        assert_eq!(found(rows, "my lawyer will write"), ["legal: my lawyer"]);
        assert!(found(rows, "my lawyer friend loves it").is_empty());
    }

    #[test]
    fn negation_takes_back_what_denies_nothing_itself() {
        let rows = "problem\tproblem\t\nproblem\tno answer\t\nsuggestion\tshould\t\n";
        assert!(found(rows, "never had a problem").is_empty());
        assert_eq!(
            found(rows, "not only a problem of price"),
            ["problem: problem"]
        );
        assert_eq!(found(rows, "still no answer"), ["problem: no answer"]);
        assert_eq!(
            found(rows, "you should not do that"),
            ["suggestion: should"]
        );
    }

    #[test]
    fn questions_and_beginnings_of_clauses_are_told() {
        let rows = "question\t?\t\nnot question\tkidding ?\t\nurgency\t^ hurry\t\n";
        assert_eq!(
            found(rows, "Fine. Where is it?"),
            ["question: Where is it?"]
        );
        assert!(found(rows, "Are you kidding me?").is_empty());
        assert_eq!(found(rows, "please, hurry"), ["urgency: hurry"]);
        assert!(found(rows, "no need to hurry").is_empty());
    }

    #[test]
    fn danger_is_a_problem_too() {
        let rows = "safety\tcaught fire\t\n";
        assert_eq!(
            found(rows, "it caught fire"),
            ["problem: caught fire", "safety: caught fire"]
        );
    }

    #[test]
    fn a_text_without_words_has_no_cues() {
        assert!(found("question\t?\t\n", "").is_empty());
        assert!(found("legal\tcourt\t\n", "… !").is_empty());
    }
}
