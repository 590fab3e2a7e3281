//! Clauses → the themes of the catalogue that their phrases name.

use crate::language::{
    WordFacts,
    concepts::{Catalogue, Concept, Leaning},
    patterns::{Finder as Patterns, Text},
};

/// A clause that names a theme of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownMention {
    /// Position of the clause in the text.
    pub clause: u32,
    /// Position of the theme in the catalogue.
    pub concept: u16,
    /// First byte of the phrase in the text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// 0 to 1: more for phrases of more words, little for verdicts on the whole.
    pub strength: f32,
    /// Row of the language's table.
    pub row: u16,
}

/// Strength of a phrase of one word; each further word halves what is missing to 1.
const ONE_WORD: f32 = 0.5;

/// Share of their strength that verdicts on the whole keep: any other theme comes before them, found ones too, whose
/// strength is 0.1 or more by default.
const OVERALL_SHARE: f32 = 0.09;

/// Finds themes, keeping its buffers from text to text.
#[derive(Default)]
pub struct Finder {
    patterns: Patterns,
}

impl Finder {
    /// Adds what a text's clauses name to `mentions`, by clause, then by place. `first_clause` is the position of the first
    /// of these clauses in the whole text.
    ///
    /// A phrase within a longer one names nothing beside it where both are of one group ("refund" in "refund never
    /// arrived") or the longer one is a friction or a delight by itself ("never arrived" in the same). Of several phrases of
    /// one theme in a clause, the longest counts.
    pub fn find(
        &mut self,
        of: &Text<'_>,
        catalogue: &Catalogue,
        first_clause: u32,
        mentions: &mut Vec<KnownMention>,
    ) {
        let number: fn(&WordFacts) -> u32 = |facts| facts.concept_word;
        let concept = |kind: u16| &catalogue.concepts()[usize::from(kind)];
        for (at, clause) in of.clauses.iter().enumerate() {
            let found = self.patterns.find(&of.lexicon.concepts, number, of, at);
            if found.is_empty() {
                continue;
            }
            found.sort_unstable_by_key(|found| {
                (
                    found.kind,
                    std::cmp::Reverse(found.end - found.first),
                    found.first,
                )
            });
            found.dedup_by_key(|found| found.kind);
            let words = &of.words[clause.first as usize..clause.end as usize];
            let first = mentions.len();
            for one in found.iter() {
                let is_part = found.iter().any(|other| {
                    other.first <= one.first
                        && one.end <= other.end
                        && other.end - other.first > one.end - one.first
                        && says_all(concept(other.kind), concept(one.kind))
                });
                if is_part {
                    continue;
                }
                let spoken = (one.end - one.first) as i32;
                let strength = 1.0 - (1.0 - ONE_WORD).powi(spoken);
                let share = if concept(one.kind).is_overall() {
                    OVERALL_SHARE
                } else {
                    1.0
                };
                mentions.push(KnownMention {
                    clause: first_clause + at as u32,
                    concept: one.kind,
                    start: words[one.first].token.start,
                    end: words[one.end - 1].token.end,
                    strength: strength * share,
                    row: one.row,
                });
            }
            mentions[first..]
                .sort_unstable_by_key(|mention| (mention.start, mention.end, mention.concept));
        }
    }
}

fn says_all(whole: &Concept, part: &Concept) -> bool {
    whole.group == part.group || whole.leaning != Leaning::Topic
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::{Lexicons, NONE, Surfaces, Word, clauses},
        text::{Kind, scan},
    };

    /// The themes an English text names, as "id: words".
    fn named(text: &str) -> Vec<String> {
        let lexicons = Lexicons::embedded().unwrap();
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
        let lexicon = &lexicons.languages[1];
        let mut cut = Vec::new();
        clauses(&words, &surfaces, Some((1, lexicon)), &mut cut);
        let of = Text {
            text,
            words: &words,
            clauses: &cut,
            surfaces: &surfaces,
            language: 1,
            lexicon,
        };
        let mut mentions = Vec::new();
        Finder::default().find(&of, &lexicons.catalogue, 0, &mut mentions);
        mentions
            .iter()
            .map(|mention| {
                let id = &lexicons.catalogue.concepts()[usize::from(mention.concept)].id;
                format!(
                    "{id}: {}",
                    &text[mention.start as usize..mention.end as usize]
                )
            })
            .collect()
    }

    #[test]
    fn the_special_theme_counts_and_not_the_general_one_within_it() {
        assert_eq!(
            named("My refund never arrived"),
            ["refund-not-received: refund never arrived"]
        );
        assert_eq!(named("A refund, please"), ["refund: refund"]);
    }

    #[test]
    fn inflections_count_and_friction_denied_does_not() {
        assert_eq!(named("two late parcels"), ["late-delivery: late parcels"]);
        assert!(named("the staff were not rude at all").is_empty());
    }

    #[test]
    fn a_text_without_words_names_nothing() {
        assert!(named("").is_empty());
        assert!(named("… 42 !").is_empty());
    }
}
