//! A text in two languages → where each of them stands.

use crate::{
    language::{
        Language, Lexicons, NONE, Surfaces, Word,
        detect::{Ballot, Settings, of_words},
    },
    text::Kind,
};

/// A run of words in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// First word.
    pub first: u32,
    /// One past the last word.
    pub end: u32,
    /// What they are written in.
    pub language: Language,
}

/// Words that a sentence, or sentences in a row, must have to be in a language of their own: fewer are a title or a brand.
const LEAST_WORDS: u32 = 4;

/// Words that a part of a sentence must have: within a sentence people quote.
const LEAST_WORDS_WITHIN: u32 = 6;

/// How far the language of a segment leads all others, in natural logarithms.
const LEAD: f32 = 5.0;

/// The same for a language that a segment before it is in.
const RETURN_LEAD: f32 = 1.5;

/// Cuts a text into segments, replacing what `segments` held; left empty unless two languages are clear.
///
/// Segments cover every word, in order. What is too short to tell goes with what stands before it.
pub fn segments(
    words: &[Word],
    surfaces: &Surfaces,
    lexicons: &Lexicons,
    settings: &Settings,
    segments: &mut Vec<Segment>,
) {
    segments.clear();
    let mut first = 0;
    let mut begins_sentence = true;
    let mut opens = true;
    let mut ballot = Ballot::default();
    for (at, word) in words.iter().enumerate() {
        if word.surface != NONE {
            ballot.add(surfaces.facts(word.surface), opens);
            opens = false;
        }
        let is_last = at + 1 == words.len();
        if !is_last && !matches!(word.token.kind, Kind::Stop | Kind::Pause) {
            continue;
        }
        let ends_sentence = is_last || word.token.kind == Kind::Stop;
        let least = if begins_sentence && ends_sentence {
            LEAST_WORDS
        } else {
            LEAST_WORDS_WITHIN
        };
        let language = of_words(&ballot, lexicons, settings)
            .filter(|(language, lead)| {
                (ballot.words() >= least && *lead >= LEAD)
                    // A language that the text has spoken already needs less to come back.
                    || (ends_sentence
                        && *lead >= RETURN_LEAD
                        && segments.iter().any(|segment| segment.language == *language))
            })
            .map(|(language, _)| language);
        if language.is_none() && !ends_sentence {
            // Too short or unclear by itself: it is read with what follows.
            continue;
        }
        push(segments, first, at + 1, language);
        first = at + 1;
        begins_sentence = ends_sentence;
        opens = ends_sentence;
        ballot = Ballot::default();
    }
    if segments
        .windows(2)
        .all(|pair| pair[0].language == pair[1].language)
    {
        segments.clear();
    }
}

/// Adds a part to the segment before it, or begins one. What opens a text without telling waits for what does.
fn push(segments: &mut Vec<Segment>, first: usize, end: usize, language: Option<Language>) {
    match (segments.last_mut(), language) {
        (Some(last), None) => last.end = end as u32,
        (Some(last), Some(language))
            if last.language == language || last.language == Language::Undetermined =>
        {
            last.language = language;
            last.end = end as u32;
        }
        (_, language) => segments.push(Segment {
            first: first as u32,
            end: end as u32,
            language: language.unwrap_or(Language::Undetermined),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::scan;

    fn codes(text: &str) -> Vec<(String, String)> {
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
                    Kind::Stop | Kind::Pause => NONE,
                    _ => surfaces.id(token.of(text)).unwrap(),
                },
            })
            .collect();
        let mut found = Vec::new();
        segments(
            &words,
            &surfaces,
            &lexicons,
            &Settings::default(),
            &mut found,
        );
        found
            .iter()
            .map(|segment| {
                let [first, last] =
                    [segment.first, segment.end - 1].map(|at| words[at as usize].token);
                (
                    segment.language.code().to_owned(),
                    text[first.start as usize..last.end as usize].to_owned(),
                )
            })
            .collect()
    }

    #[test]
    fn sentences_in_two_languages_are_two_segments() {
        let found = codes(
            "Very good hotel and nice staff. Wow! L'hôtel est très bien placé, je reviendrai.",
        );
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(code, part)| (code.as_str(), part.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("en", "Very good hotel and nice staff. Wow!"),
                ("fr", "L'hôtel est très bien placé, je reviendrai."),
            ]
        );
    }

    #[test]
    fn a_greeting_a_title_and_one_language_alone_are_no_segments() {
        for text in [
            "Hello, bonjour je voudrais savoir où est ma commande.",
            "J'ai revu The Lord of the Rings, et j'ai encore adoré.",
            "La livraison est rapide. Le produit est conforme. Merci beaucoup !",
            "",
        ] {
            assert_eq!(codes(text), [], "{text}");
        }
    }
}
