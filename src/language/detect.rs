//! Which language a text is written in: function words vote, the lexicons second, whatlang is asked on ties.

use crate::language::{Language, catalog::Lexicons, surfaces::SurfaceFacts};
use serde::Deserialize;
use whatlang::{Detector, Lang};

/// How sure a language must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Share of a text's words that must vote for the winner, 0 to 1; default 1/3.
    pub minimum_share: f32,
    /// How many times the winner must beat the next language; default 3.
    pub minimum_ratio: f32,
    /// Letters below which a text is too short for whatlang and takes its source's language; default 25.
    pub short_text_letters: u32,
    /// Share of a source's clear texts in one language from which short texts take it, 0.5 to 1; default 0.8.
    pub prior_share: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            minimum_share: 1.0 / 3.0,
            minimum_ratio: 3.0,
            short_text_letters: 25,
            prior_share: 0.8,
        }
    }
}

/// A language and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The language; `Undetermined` when the evidence does not carry one.
    pub language: Language,
    /// 0 to 1; 0 when undetermined.
    pub confidence: f32,
}

impl Verdict {
    /// Nothing can be said.
    pub const UNDETERMINED: Verdict = Verdict {
        language: Language::Undetermined,
        confidence: 0.0,
    };
}

/// The evidence of a text's words, gathered one form at a time.
#[derive(Clone, Debug, Default)]
pub struct Ballot {
    /// Votes a language of [`Lexicons::voters`]; a word shared by `n` languages gives each 1/n².
    votes: [f32; 16],
    /// Votes of lexicon words that only one embedded language knows.
    lexical: [f32; 2],
    words: u32,
    letters: u32,
}

impl Ballot {
    /// Takes the evidence of one word.
    pub fn add(&mut self, facts: &SurfaceFacts) {
        if facts.letters == 0 {
            return;
        }
        self.words += 1;
        self.letters += u32::from(facts.letters);
        if facts.votes != 0 {
            let sharers = facts.votes.count_ones() as f32;
            let weight = 1.0 / (sharers * sharers);
            let mut bits = facts.votes;
            while bits != 0 {
                self.votes[bits.trailing_zeros() as usize] += weight;
                bits &= bits - 1;
            }
        } else if facts.lexical_votes != 0 {
            self.lexical[usize::from(facts.lexical_votes) - 1] += LEXICAL_WEIGHT;
        }
    }

    /// All votes for each embedded language.
    fn embedded_votes(&self, lexicons: &Lexicons) -> [f32; 2] {
        let [french, english] = lexicons.embedded_voters;
        [
            self.votes[french] + self.lexical[0],
            self.votes[english] + self.lexical[1],
        ]
    }
}

/// A content word that one lexicon alone knows counts less than a function word: names and loans wander.
const LEXICAL_WEIGHT: f32 = 0.5;

/// What can be said of a text by itself; `None` when only its source could tell.
pub fn detect(
    text: &str,
    ballot: &Ballot,
    lexicons: &Lexicons,
    settings: &Settings,
) -> Option<Verdict> {
    if ballot.words == 0 {
        return Some(Verdict::UNDETERMINED);
    }
    let mut votes = ballot.votes;
    for (bit, lexical) in lexicons.embedded_voters.into_iter().zip(ballot.lexical) {
        votes[bit] += lexical;
    }
    let (winner, first) = votes
        .iter()
        .copied()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .unwrap_or((0, 0.0));
    let second = votes
        .iter()
        .enumerate()
        .filter(|(position, _)| *position != winner)
        .map(|(_, votes)| *votes)
        .fold(0.0, f32::max);
    let share = first / ballot.words as f32;
    // Languages we do not read must be clearer: their function words are often words of ours.
    let enough = match language_of(lexicons.voters[winner]) {
        Language::Other(_) => MINIMUM_FOREIGN_VOTES,
        _ => MINIMUM_VOTES,
    };
    if first >= enough
        && share >= settings.minimum_share * SHARED_DISCOUNT
        && first >= settings.minimum_ratio * second
    {
        let confidence = (first - second) / (first + second + 0.25);
        return Some(Verdict {
            language: language_of(lexicons.voters[winner]),
            confidence: confidence.clamp(0.0, 1.0),
        });
    }
    if ballot.letters < settings.short_text_letters {
        return None;
    }
    let detector = Detector::with_allowlist(ALLOWED.iter().map(|(lang, _)| *lang).collect());
    let info = detector.detect(beginning(text))?;
    let (_, code) = ALLOWED.iter().find(|(lang, _)| *lang == info.lang())?;
    let bit = lexicons.voters.iter().position(|voter| voter == *code);
    // Trigrams alone, against what words there are, do not carry a verdict.
    let contradicted = bit.is_some_and(|bit| votes[bit] < first * 0.5);
    if contradicted {
        return Some(Verdict {
            language: language_of(lexicons.voters[winner]),
            confidence: 0.4,
        });
    }
    Some(Verdict {
        language: language_of(**code),
        confidence: (0.5 + 0.5 * info.confidence() as f32).min(0.95),
    })
}

/// What can be said of a short text from the language most of its source is written in.
///
/// `shares` are the shares of French and English among the source's clear texts; `None` when the source has too few.
pub fn settle(
    ballot: &Ballot,
    shares: Option<[f32; 2]>,
    lexicons: &Lexicons,
    settings: &Settings,
) -> Verdict {
    let [french, english] = ballot.embedded_votes(lexicons);
    let own = match shares {
        _ if french > english => Some(Language::French),
        _ if english > french => Some(Language::English),
        Some([share, _]) if share >= settings.prior_share => Some(Language::French),
        Some([_, share]) if share >= settings.prior_share => Some(Language::English),
        _ => None,
    };
    own.map_or(Verdict::UNDETERMINED, |language| Verdict {
        language,
        confidence: 0.6,
    })
}

/// Less than one vote of a word that no other language has is no evidence.
const MINIMUM_VOTES: f32 = 0.5;

/// Two words that no other language has, or many that few have.
const MINIMUM_FOREIGN_VOTES: f32 = 2.0;

/// Shared words give fractions of votes; the share asked for is that of whole votes.
const SHARED_DISCOUNT: f32 = 0.5;

/// Bytes whatlang reads at most: it is slow, and more would not change its mind.
const READ_AT_MOST: usize = 200;

/// What whatlang may answer, with our codes.
const ALLOWED: [(Lang, &[u8; 2]); 7] = [
    (Lang::Fra, b"fr"),
    (Lang::Eng, b"en"),
    (Lang::Deu, b"de"),
    (Lang::Spa, b"es"),
    (Lang::Ita, b"it"),
    (Lang::Por, b"pt"),
    (Lang::Nld, b"nl"),
];

fn language_of(code: [u8; 2]) -> Language {
    match &code {
        b"fr" => Language::French,
        b"en" => Language::English,
        _ => Language::Other(code),
    }
}

fn beginning(text: &str) -> &str {
    if text.len() <= READ_AT_MOST {
        return text;
    }
    let end = (0..=READ_AT_MOST)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0);
    &text[..end]
}
