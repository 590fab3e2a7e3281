//! Clauses → the cues in them.

use crate::language::{
    CueKind, WordFacts,
    patterns::{Finder as Patterns, Found, Text},
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
    /// Position among [`PatternTable::patterns`](crate::language::patterns::PatternTable::patterns) of the language that its clause was read in.
    pub row: u16,
}

/// Finds cues, keeping its buffers from text to text.
#[derive(Default)]
pub struct Finder {
    patterns: Patterns,
}

impl Finder {
    /// Adds the cues of a text's clauses to `cues`: by place, then by kind.
    pub fn find(&mut self, of: &Text<'_>, cues: &mut Vec<FoundCue>) {
        let number: fn(&WordFacts) -> u32 = |facts| facts.cue_word;
        for (at, clause) in of.clauses.iter().enumerate() {
            let found = self.patterns.find(&of.lexicon.cues, number, of, at);
            add_implied(found);
            found.sort_unstable_by_key(|found| (found.first, found.end, found.kind, found.row));
            let words = &of.words[clause.first as usize..clause.end as usize];
            cues.extend(found.iter().map(|found| FoundCue {
                cue: Cue {
                    kind: kind(found),
                    start: words[found.first].token.start,
                    end: words[found.end - 1].token.end,
                },
                row: found.row,
            }));
        }
    }
}

fn kind(found: &Found) -> CueKind {
    CueKind::ALL[usize::from(found.kind)].0
}

/// Adds what the kinds found always show as well.
fn add_implied(found: &mut Vec<Found>) {
    for at in 0..found.len() {
        let one = found[at];
        if let Some(implied) = kind(&one).implied()
            && !found
                .iter()
                .any(|other| kind(other) == implied && other.meets(&one))
        {
            let mut same = one;
            same.kind = implied as u16;
            found.push(same);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::{Lexicons, NONE, Surfaces, Tables, Word, clauses, embedded_tables},
        text::{Kind, scan},
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
        let of = Text {
            text,
            words: &words,
            clauses: &cut,
            surfaces: &surfaces,
            language: 1,
            lexicon: lexicon.1,
        };
        Finder::default().find(&of, &mut cues);
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
