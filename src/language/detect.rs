//! Which language a text is written in: what its words say is added up, whatlang is asked where that leaves it open.

use crate::language::{
    Language, Segment, catalog::Lexicons, ngrams::VOTERS, surfaces::SurfaceFacts,
};
use serde::Deserialize;
use whatlang::{Detector, Lang};

/// How sure a language must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Languages that may be answered; default none, which is all.
    pub among: Vec<Language>,
    /// How far French or English must lead every other language, in natural logarithms; default 2.5.
    pub minimum_lead: f32,
    /// How far another language must lead French and English; default 2.5.
    pub minimum_foreign_lead: f32,
    /// Letters below which a text is too short for whatlang and takes its source's language; default 25.
    pub short_text_letters: u32,
    /// Share of a source's clear texts in one language from which short texts take it, 0.5 to 1; default 0.8.
    pub prior_share: f32,
}

impl Settings {
    /// True for a language that may be answered.
    fn allows(&self, language: Language) -> bool {
        self.among.is_empty() || self.among.contains(&language)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            among: Vec::new(),
            minimum_lead: 2.5,
            minimum_foreign_lead: 2.5,
            short_text_letters: 25,
            prior_share: 0.8,
        }
    }
}

/// What a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Its words.
    Words,
    /// Its script: no other language is written so.
    Script,
    /// whatlang, asked because the words left it open.
    Trigrams,
    /// What little its words say, and the language of its source.
    Source,
}

/// A language and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The language; `Undetermined` when the evidence does not carry one.
    pub language: Language,
    /// 0 to 1; 0 when undetermined.
    pub confidence: f32,
    /// What it rests on.
    pub basis: Basis,
}

impl Verdict {
    /// Nothing can be said.
    pub const UNDETERMINED: Verdict = Verdict {
        language: Language::Undetermined,
        confidence: 0.0,
        basis: Basis::Words,
    };
}

/// The evidence of a text's words, gathered one form at a time.
#[derive(Clone, Debug, Default)]
pub struct Ballot {
    /// For each of [`Lexicons::voters`], in thousandths of a natural logarithm; 64 bits hold a text of any length.
    sums: [i64; VOTERS],
    words: u32,
    letters: u32,
    /// How far words lead for the first embedded language, the second and any other, each word for one of them.
    sides: [i64; 3],
    /// Letters of each script that alone tells its language.
    scripts: Vec<(u8, u32)>,
}

/// What a word counts, in tenths.
const WHOLE: i64 = 10;

/// What a name in the middle of a sentence counts: names wander.
const NAME: i64 = 3;

impl Ballot {
    /// Takes the evidence of one word; `opens` where a sentence begins with it, and a capital says nothing.
    pub fn add(&mut self, facts: &SurfaceFacts, opens: bool) {
        if facts.letters == 0 {
            return;
        }
        self.words += 1;
        self.letters += u32::from(facts.letters);
        if facts.script != u8::MAX {
            let letters = u32::from(facts.letters);
            match self.scripts.iter_mut().find(|of| of.0 == facts.script) {
                Some(of) => of.1 += letters,
                None => self.scripts.push((facts.script, letters)),
            }
            return;
        }
        let factor = if facts.may_be_name && !opens {
            NAME
        } else {
            WHOLE
        };
        for (sum, says) in self.sums.iter_mut().zip(&facts.evidence) {
            *sum += factor * i64::from(*says);
        }
        let (side, lead) = facts.side;
        self.sides[usize::from(side)] += factor * i64::from(lead);
    }

    /// How many words.
    pub fn words(&self) -> u32 {
        self.words
    }

    /// True where so much speaks for a second language that the text may be in two: worth a closer look.
    pub fn may_be_mixed(&self) -> bool {
        let mut sides = self.sides;
        sides.sort_unstable();
        let strange: u32 = self.scripts.iter().map(|(_, letters)| letters).sum();
        self.words >= MIXED_WORDS
            && (sides[1] >= MIXED_LEAD.max(sides[2] / MIXED_PART) || strange > 0)
    }

    fn sum(&self, voter: usize) -> f32 {
        self.sums[voter] as f32 / 1000.0
    }

    /// How far French leads English; below 0 where English leads.
    fn lead_of_first(&self, lexicons: &Lexicons) -> f32 {
        let [first, second] = lexicons.voters.embedded;
        self.sum(first) - self.sum(second)
    }

    /// The language that most letters are the script of, where most letters are of such scripts.
    fn script(&self, lexicons: &Lexicons) -> Option<Language> {
        let strange: u32 = self.scripts.iter().map(|(_, letters)| letters).sum();
        if 2 * strange <= self.letters {
            return None;
        }
        let of = |position: u8| lexicons.voters.script(position);
        // Letters that one language alone writes go before the script that several share.
        let (position, _) = self
            .scripts
            .iter()
            .filter(|(position, letters)| !of(*position).is_letter || letters * 10 >= strange)
            .max_by_key(|(position, letters)| {
                (
                    of(*position).is_letter,
                    *letters,
                    std::cmp::Reverse(*position),
                )
            })?;
        Some(Language::Other(of(*position).code))
    }

    /// The best of the languages that are not embedded, with the sum for it or for any of them, whichever is higher.
    fn foreign(&self, lexicons: &Lexicons, settings: &Settings) -> Option<(usize, f32)> {
        let voters = &lexicons.voters;
        self.best(lexicons, settings, |voter| {
            !voters.embedded.contains(&voter)
        })
        .map(|(voter, sum)| (voter, sum.max(self.sum(voters.any_other()))))
    }

    /// The best of the languages that may win and be answered.
    fn best(
        &self,
        lexicons: &Lexicons,
        settings: &Settings,
        mut may_win: impl FnMut(usize) -> bool,
    ) -> Option<(usize, f32)> {
        lexicons
            .voters
            .codes
            .iter()
            .enumerate()
            .filter(|(voter, code)| may_win(*voter) && settings.allows(language_of(**code)))
            .map(|(voter, _)| (voter, self.sum(voter)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }
}

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
    if let Some(language) = ballot.script(lexicons) {
        return Some(if settings.allows(language) {
            Verdict {
                language,
                confidence: 0.95,
                basis: Basis::Script,
            }
        } else {
            Verdict::UNDETERMINED
        });
    }
    let Some((winner, lead)) = leader(ballot, lexicons, settings) else {
        return Some(Verdict::UNDETERMINED);
    };
    let language = language_of(lexicons.voters.codes[winner]);
    let is_clear = if lexicons.voters.embedded.contains(&winner) {
        lead >= settings.minimum_lead
    } else {
        let needed = settings.minimum_foreign_lead;
        match ballot.words {
            0..FEW_WORDS => false,
            FEW_WORDS => lead >= needed + FEW_WORDS_LEAD,
            _ => lead >= needed,
        }
    };
    if is_clear {
        return Some(Verdict {
            language,
            confidence: confidence(lead),
            basis: Basis::Words,
        });
    }
    if ballot.letters < settings.short_text_letters {
        return None;
    }
    let allowed: Vec<Lang> = ASKED
        .iter()
        .filter(|(_, code)| settings.allows(language_of(**code)))
        .map(|(lang, _)| *lang)
        .collect();
    let info = Detector::with_allowlist(allowed).detect(beginning(text))?;
    let (_, code) = ASKED.iter().find(|(lang, _)| *lang == info.lang())?;
    let agrees = lexicons
        .voters
        .codes
        .iter()
        .position(|voter| voter == *code)
        .is_some_and(|voter| ballot.sum(winner) - ballot.sum(voter) <= AGREEMENT);
    Some(if agrees {
        Verdict {
            language: language_of(**code),
            confidence: (0.5 + 0.5 * info.confidence() as f32).min(0.95),
            basis: Basis::Trigrams,
        }
    } else {
        // Trigrams alone, against what words there are, do not carry a verdict.
        Verdict {
            language,
            confidence: 0.4,
            basis: Basis::Trigrams,
        }
    })
}

/// The language that a text's words or its script speak for, and how far it leads, in natural logarithms.
pub(super) fn of_words(
    ballot: &Ballot,
    lexicons: &Lexicons,
    settings: &Settings,
) -> Option<(Language, f32)> {
    if let Some(language) = ballot.script(lexicons) {
        return settings.allows(language).then_some((language, ALONE));
    }
    leader(ballot, lexicons, settings)
        .map(|(winner, lead)| (language_of(lexicons.voters.codes[winner]), lead))
}

/// The language that leads, as a position among the voters, and how far.
fn leader(ballot: &Ballot, lexicons: &Lexicons, settings: &Settings) -> Option<(usize, f32)> {
    let embedded = lexicons.voters.embedded;
    let ours = ballot.best(lexicons, settings, |voter| embedded.contains(&voter));
    let theirs = ballot.foreign(lexicons, settings);
    match (ours, theirs) {
        // Which of two foreign languages it is matters less than that it is one.
        (Some((_, ours)), Some((voter, theirs))) if theirs > ours => Some((voter, theirs - ours)),
        (Some((voter, ours)), _) => {
            let rival = ballot.best(lexicons, settings, |other| {
                other != voter && embedded.contains(&other)
            });
            let rivals = [rival, theirs].into_iter().flatten().map(|(_, sum)| sum);
            Some((voter, rivals.map(|sum| ours - sum).fold(ALONE, f32::min)))
        }
        (None, Some((voter, sum))) => Some((voter, sum.clamp(0.0, ALONE))),
        (None, None) => None,
    }
}

/// The language of most words of a text in two: its share is how sure it is.
pub fn longest(segments: &[Segment]) -> Verdict {
    let mut words: Vec<(Language, u32)> = Vec::new();
    for segment in segments {
        let length = segment.end - segment.first;
        match words.iter_mut().find(|of| of.0 == segment.language) {
            Some(of) => of.1 += length,
            None => words.push((segment.language, length)),
        }
    }
    let all: u32 = words.iter().map(|(_, length)| length).sum();
    // Of two that are as long the first: the one a person began in.
    let most = words.iter().rev().max_by_key(|(_, length)| *length);
    most.map_or(Verdict::UNDETERMINED, |(language, length)| Verdict {
        language: *language,
        confidence: *length as f32 / all as f32,
        basis: Basis::Words,
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
    let embedded = lexicons.voters.embedded;
    let own = ballot.lead_of_first(lexicons);
    let prior = shares
        .filter(|shares| shares.iter().any(|share| *share >= settings.prior_share))
        .map_or(0.0, |[first, second]| {
            ((first + UNSEEN) / (second + UNSEEN)).ln()
        });
    // A foreign word or two in a French file is what French people write; by themselves they are nobody's.
    if prior == 0.0 {
        let ours = ballot.best(lexicons, settings, |voter| embedded.contains(&voter));
        let theirs = ballot.foreign(lexicons, settings);
        if let Some((_, theirs)) = theirs
            && ours.is_none_or(|(_, ours)| theirs - ours > FOREIGN_DOUBT)
        {
            return Verdict::UNDETERMINED;
        }
    }
    let lead = own + prior;
    let needed = if settings.among.is_empty() {
        SETTLED_LEAD
    } else {
        f32::MIN_POSITIVE
    };
    if lead.abs() < needed {
        return Verdict::UNDETERMINED;
    }
    let language = language_of(lexicons.voters.codes[embedded[usize::from(lead < 0.0)]]);
    if !settings.allows(language) {
        return Verdict::UNDETERMINED;
    }
    Verdict {
        language,
        confidence: confidence(lead.abs()).min(0.9),
        basis: Basis::Source,
    }
}

/// Words below which no language but French and English is named: one Spanish word is a name, a dish or a brand.
const FEW_WORDS: u32 = 2;

/// How much further another language must lead in a text of so few words.
const FEW_WORDS_LEAD: f32 = 1.0;

/// The lead of a language that has no rival.
const ALONE: f32 = 20.0;

/// Words below which a text is in one language.
const MIXED_WORDS: u32 = 8;

/// What must speak for a second language, in thousandths of a natural logarithm …
const MIXED_LEAD: i64 = 6_000;

/// … and at least one part in so many of what speaks for the first.
const MIXED_PART: i64 = 16;

/// How far behind the best another language may be for whatlang to choose it.
const AGREEMENT: f32 = 4.0;

/// From this lead on a short text takes the language it leans to.
const SETTLED_LEAD: f32 = 1.0;

/// A lead of another language in a short text that keeps it from being taken for French or English.
const FOREIGN_DOUBT: f32 = 1.0;

/// The share a language has that no clear text of the source is in.
const UNSEEN: f32 = 0.05;

/// Bytes whatlang reads at most: it is slow, and more would not change its mind.
const READ_AT_MOST: usize = 200;

/// What whatlang may answer, with our codes.
const ASKED: [(Lang, &[u8; 2]); 10] = [
    (Lang::Fra, b"fr"),
    (Lang::Eng, b"en"),
    (Lang::Deu, b"de"),
    (Lang::Spa, b"es"),
    (Lang::Ita, b"it"),
    (Lang::Por, b"pt"),
    (Lang::Nld, b"nl"),
    (Lang::Cat, b"ca"),
    (Lang::Ron, b"ro"),
    (Lang::Lat, b"la"),
];

/// Words are no independent witnesses: half of what they say together is believed.
fn confidence(lead: f32) -> f32 {
    1.0 / (1.0 + (-0.5 * lead).exp())
}

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
