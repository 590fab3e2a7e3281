//! Tokens → clauses: the stretches of text that say one thing, cut at sentence ends, contrast words and long pauses.

use crate::{
    language::{
        lexicon::{Entry, Lexicon, NONE, Role},
        surfaces::Surfaces,
    },
    text::{Kind, Token},
};

/// A token and the form it is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands and what it is.
    pub token: Token,
    /// Id in [`Surfaces`]; [`NONE`] for kinds that have no words: numbers, links, handles, punctuation.
    pub surface: u32,
}

/// A clause: a run of tokens, and how much it counts against the clause before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clause {
    /// First token.
    pub first: u32,
    /// One past the last token.
    pub end: u32,
    /// 1 for a plain clause; the factor of the contrast word that opens it otherwise (1.5 after "mais").
    pub weight: f32,
}

/// A pause parts clauses only when so many words stand on both sides: lists stay together.
const WORDS_BESIDE_PAUSE: usize = 4;

/// Cuts a text's tokens into clauses, replacing what `clauses` held.
/// Clauses cover every token, in order; a text without tokens has none.
pub fn clauses(
    words: &[Word],
    surfaces: &Surfaces,
    lexicon: Option<(usize, &Lexicon)>,
    clauses: &mut Vec<Clause>,
) {
    clauses.clear();
    let mut first = 0;
    let mut weight = 1.0;
    let mut close = |first: usize, end: usize, weight: f32| {
        if end > first {
            clauses.push(Clause {
                first: first as u32,
                end: end as u32,
                weight,
            });
        }
    };
    let mut words_before = 0;
    let mut at = 0;
    while at < words.len() {
        match words[at].token.kind {
            Kind::Stop => {
                close(first, at + 1, weight);
                (first, weight, words_before) = (at + 1, 1.0, 0);
            }
            Kind::Pause
                if words_before >= WORDS_BESIDE_PAUSE
                    && words_ahead(&words[at + 1..]) >= WORDS_BESIDE_PAUSE =>
            {
                close(first, at + 1, weight);
                (first, weight, words_before) = (at + 1, 1.0, 0);
            }
            Kind::Word | Kind::Elided => {
                if let Some((length, factor)) = contrast(&words[at..], surfaces, lexicon) {
                    if words_before > 0 {
                        close(first, at, weight);
                        first = at;
                        words_before = 0;
                    }
                    weight = factor;
                    words_before += length;
                    at += length;
                    continue;
                }
                words_before += 1;
            }
            _ => {}
        }
        at += 1;
    }
    close(first, words.len(), weight);
}

/// Words up to the next stop or pause.
fn words_ahead(words: &[Word]) -> usize {
    words
        .iter()
        .take_while(|word| !matches!(word.token.kind, Kind::Stop | Kind::Pause))
        .filter(|word| matches!(word.token.kind, Kind::Word | Kind::Elided))
        .count()
}

/// The contrast word or phrase that starts here: how many tokens it takes, and its factor.
fn contrast(
    words: &[Word],
    surfaces: &Surfaces,
    lexicon: Option<(usize, &Lexicon)>,
) -> Option<(usize, f32)> {
    let (language, lexicon) = lexicon?;
    let facts =
        |word: &Word| (word.surface != NONE).then(|| &surfaces.facts(word.surface).words[language]);
    let first = facts(words.first()?)?;
    if !first.may_contrast {
        return None;
    }
    let rest = words[1..]
        .iter()
        .map(|word| facts(word).map_or(NONE, |facts| facts.phrase_word));
    match lexicon.longest_phrase(first.phrase_node, rest) {
        Some((
            length,
            Entry::Modifier(Role::Contrast, factor) | Entry::Either(Role::Contrast, factor, _),
        )) => {
            return Some((length, factor));
        }
        // Another phrase starts here: "mais" inside it is not ours to judge.
        Some(_) => return None,
        None => {}
    }
    match first.entry {
        Some(
            Entry::Modifier(Role::Contrast, factor) | Entry::Either(Role::Contrast, factor, _),
        ) => Some((1, factor)),
        _ => None,
    }
}
