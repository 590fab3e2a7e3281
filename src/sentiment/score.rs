//! Words of a clause → a number between −1 and 1, and the evidence for it.

use crate::{
    language::{Clause, Entry, Lexicon, NONE, Role, Surfaces, Word},
    text::Kind,
};
use serde::Deserialize;

/// How words act on each other.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Factor on a word in capitals within a text that is not, 1 to 2; default 1.25.
    pub shout: f32,
    /// Factor on a drawn-out word ("troooop"), 1 to 2; default 1.2.
    pub elongation: f32,
    /// Factor on a clause that ends in an exclamation mark, 1 to 2; default 1.1.
    pub exclamation: f32,
    /// Factor on a question, 0 to 1; default 0.7: asking whether it is good is not saying so.
    pub question: f32,
    /// Words a booster or a dampener reaches over, 1 to 6; default 3.
    pub booster_reach: u32,
    /// Weight of the title's clauses, 0.5 to 3; default 1.5.
    pub title: f32,
    /// Weight of the last clause of several, 0.5 to 3; default 1.3: people end on what stays with them.
    pub ending: f32,
    /// How much evidence makes a score strong, above 0; default 0.5. A sum equal to its root scores 0.71.
    pub saturation: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shout: 1.25,
            elongation: 1.2,
            exclamation: 1.1,
            question: 0.7,
            booster_reach: 3,
            title: 1.5,
            ending: 1.3,
            saturation: 0.5,
        }
    }
}

/// What a piece of evidence did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceRole {
    /// A good or bad word, phrase, emoji or emoticon.
    Polarity,
    /// A word that acted on others.
    Modifier(Role),
}

impl EvidenceRole {
    /// The name in exports and explanations.
    pub fn name(self) -> &'static str {
        match self {
            EvidenceRole::Polarity => "polarity",
            EvidenceRole::Modifier(role) => role.name(),
        }
    }
}

/// A word or phrase that moved a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// For polarity: what it added to its clause, after all that acted on it. For a modifier: its factor.
    pub weight: f32,
    /// What it did.
    pub role: EvidenceRole,
}

/// A clause with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mention {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// −1 to 1; 0 where no word speaks.
    pub score: f32,
    /// Its evidence: positions in [`Verdict::evidence`], from…
    pub first_evidence: u32,
    /// …to one past the last.
    pub end_evidence: u32,
}

/// What was found in one text. Reused from text to text.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// −1 to 1; 0 where no word speaks.
    pub score: f32,
    /// Sum of the strengths of all polar evidence; tells a silent text from a balanced one.
    pub weight: f32,
    /// One entry a clause, in order.
    pub mentions: Vec<Mention>,
    /// All evidence, in order.
    pub evidence: Vec<Evidence>,
}

/// A text cut into words and clauses.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    /// The text.
    pub text: &'a str,
    /// The byte where its title ends; 0 without a title.
    pub body_start: u32,
    /// Its words.
    pub words: &'a [Word],
    /// Its clauses, as positions among the words.
    pub clauses: &'a [Clause],
}

/// Scores the clauses of a text and the text, replacing what `verdict` held.
///
/// Without a lexicon only emoji speak. An empty text scores 0.
pub fn score(
    passage: &Passage<'_>,
    surfaces: &Surfaces,
    lexicon: Option<(usize, &Lexicon)>,
    settings: &Settings,
    verdict: &mut Verdict,
) {
    let Passage {
        text,
        body_start,
        words,
        clauses,
    } = *passage;
    verdict.mentions.clear();
    verdict.evidence.clear();
    let shouted = words
        .iter()
        .filter(|word| is_shouted(word, surfaces))
        .count();
    let written = words
        .iter()
        .filter(|word| word.token.kind == Kind::Word)
        .count();
    // Where most words are in capitals, capitals say nothing.
    let shout = if shouted * 2 > written {
        1.0
    } else {
        settings.shout
    };
    let (mut total, mut strength) = (0.0, 0.0);
    for (index, clause) in clauses.iter().enumerate() {
        let inside = &words[clause.first as usize..clause.end as usize];
        let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
            continue;
        };
        let first_evidence = verdict.evidence.len() as u32;
        let sum = clause_sum(
            text,
            inside,
            surfaces,
            lexicon,
            shout,
            settings,
            &mut verdict.evidence,
        );
        let polar = verdict.evidence[first_evidence as usize..]
            .iter()
            .filter(|evidence| evidence.role == EvidenceRole::Polarity);
        strength += polar.map(|evidence| evidence.weight.abs()).sum::<f32>();
        verdict.mentions.push(Mention {
            start: first.token.start,
            end: last.token.end,
            score: saturate(sum, settings.saturation),
            first_evidence,
            end_evidence: verdict.evidence.len() as u32,
        });
        let mut weight = clause.weight;
        if first.token.start < body_start {
            weight *= settings.title;
        }
        if clauses.len() > 1 && index + 1 == clauses.len() {
            weight *= settings.ending;
        }
        total += sum * weight;
    }
    verdict.weight = strength;
    // A long text piles up evidence both ways; what counts is how far it leans, not how long it is.
    let length = (clauses.len().max(1) as f32).sqrt();
    verdict.score = saturate(total / length, settings.saturation);
}

fn is_shouted(word: &Word, surfaces: &Surfaces) -> bool {
    word.surface != NONE && surfaces.facts(word.surface).is_shouted
}

/// Squeezes a sum between −1 and 1, keeping its sign.
fn saturate(sum: f32, saturation: f32) -> f32 {
    sum / (sum * sum + saturation).sqrt()
}

/// What the polar words of a clause add up to, evidence pushed on the way.
fn clause_sum(
    text: &str,
    words: &[Word],
    surfaces: &Surfaces,
    lexicon: Option<(usize, &Lexicon)>,
    shout: f32,
    settings: &Settings,
    evidence: &mut Vec<Evidence>,
) -> f32 {
    let negation_reach = lexicon.map_or(0, |(_, lexicon)| lexicon.language.negation_reach);
    // Reaches count words, so positions do too.
    let mut position: u32 = 0;
    let mut negator: Option<(u32, f32)> = None;
    let mut particle: Option<u32> = None;
    let mut boosters: [Option<(u32, f32)>; 2] = [None, None];
    let mut unreal = 1.0f32;
    let mut sum = 0.0;
    let mut last_polar: Option<(u32, usize)> = None;
    let mut at = 0;
    while at < words.len() {
        let word = &words[at];
        if word.surface == NONE {
            if word.token.kind == Kind::Pause {
                // What acts on words acts up to the comma.
                negator = None;
                boosters = [None, None];
            }
            at += 1;
            continue;
        }
        let facts = surfaces.facts(word.surface);
        let (length, entry) = read(&words[at..], surfaces, lexicon);
        let entry = match entry {
            Some(Entry::Either(role, factor, weight)) => Some(
                if role != Role::Contrast
                    && polar_follows(
                        &words[at + length..],
                        surfaces,
                        lexicon,
                        settings.booster_reach,
                    )
                {
                    Entry::Modifier(role, factor)
                } else {
                    Entry::Polarity(weight)
                },
            ),
            other => other,
        };
        let end = words[at + length - 1].token.end;
        let mut push = |weight: f32, role: EvidenceRole| {
            evidence.push(Evidence {
                start: word.token.start,
                end,
                weight,
                role,
            });
        };
        match entry {
            // Settled above; a guard says nothing.
            None | Some(Entry::Guard | Entry::Either(..)) => {
                if lexicon.is_some_and(|(language, _)| facts.words[language].is_particle) {
                    particle = Some(position);
                }
            }
            Some(Entry::Modifier(role, factor)) => {
                let mut acts = true;
                match role {
                    Role::Negator => negator = Some((position + length as u32 - 1, factor)),
                    Role::NegatorAfterNe => {
                        acts = particle.is_some_and(|particle| position - particle <= 3);
                        if acts {
                            negator = Some((position + length as u32 - 1, factor));
                        }
                    }
                    Role::NotNegator | Role::Contrast => acts = role == Role::Contrast,
                    Role::Booster | Role::Dampener => {
                        boosters = [Some((position + length as u32 - 1, factor)), boosters[0]];
                        // "bon mais sans plus", "cher quand même": a dampener may follow its word.
                        if role == Role::Dampener
                            && let Some((polar, index)) = last_polar
                            && position - polar == 1
                            && at + length == words.len()
                        {
                            let before = evidence[index].weight;
                            evidence[index].weight = before * factor;
                            sum += before * (factor - 1.0);
                        }
                    }
                    Role::Wish | Role::Past => unreal = factor,
                }
                if acts {
                    evidence.push(Evidence {
                        start: word.token.start,
                        end,
                        weight: factor,
                        role: EvidenceRole::Modifier(role),
                    });
                }
            }
            Some(Entry::Polarity(weight)) => {
                let mut weight = weight;
                for (booster, factor) in boosters.into_iter().flatten() {
                    if position - booster <= settings.booster_reach {
                        weight *= factor;
                    }
                }
                if facts.is_shouted {
                    weight *= shout;
                }
                if facts.is_elongated {
                    weight *= settings.elongation;
                }
                if let Some((negator, factor)) = negator
                    && position - negator <= negation_reach
                    && !facts.is_symbol
                {
                    weight *= factor;
                }
                if unreal != 1.0 && weight > 0.0 {
                    weight *= unreal;
                }
                weight *= emphasis(text, words, settings);
                push(weight, EvidenceRole::Polarity);
                last_polar = Some((position, evidence.len() - 1));
                sum += weight;
                boosters = [None, None];
            }
        }
        position += length as u32;
        at += length;
    }
    sum
}

/// The entry that starts at the first word, the longest phrase first: how many tokens it takes, and what it says.
fn read(
    words: &[Word],
    surfaces: &Surfaces,
    lexicon: Option<(usize, &Lexicon)>,
) -> (usize, Option<Entry>) {
    let facts = surfaces.facts(words[0].surface);
    let Some((language, lexicon)) = lexicon else {
        return (
            1,
            if facts.is_symbol {
                facts.words[0].entry
            } else {
                None
            },
        );
    };
    let own = &facts.words[language];
    if own.phrase_node != NONE {
        let rest = words[1..]
            .iter()
            .map(|word| phrase_word(word, surfaces, language));
        if let Some((length, entry)) = lexicon.longest_phrase(own.phrase_node, rest) {
            let acts = matches!(entry, Entry::Modifier(..) | Entry::Either(..));
            if !(acts && verdict_overlaps(words, length, surfaces, language, lexicon)) {
                return (length, Some(entry));
            }
        }
    }
    (1, own.entry)
}

/// True when a polar phrase starts inside the first `length` words and ends beyond them: in "franchement pas terrible",
/// the verdict "pas terrible" goes before the negator "franchement pas".
fn verdict_overlaps(
    words: &[Word],
    length: usize,
    surfaces: &Surfaces,
    language: usize,
    lexicon: &Lexicon,
) -> bool {
    (1..length).any(|skipped| {
        let [first, rest @ ..] = &words[skipped..] else {
            return false;
        };
        let node = match first.surface {
            NONE => NONE,
            surface => surfaces.facts(surface).words[language].phrase_node,
        };
        lexicon
            .longest_phrase(
                node,
                rest.iter()
                    .map(|word| phrase_word(word, surfaces, language)),
            )
            .is_some_and(|(inner, entry)| {
                skipped + inner > length && matches!(entry, Entry::Polarity(_))
            })
    })
}

fn phrase_word(word: &Word, surfaces: &Surfaces, language: usize) -> u32 {
    match word.surface {
        NONE => NONE,
        surface => surfaces.facts(surface).words[language].phrase_word,
    }
}

/// True when one of the next words speaks for itself, before the clause pauses.
fn polar_follows(
    words: &[Word],
    surfaces: &Surfaces,
    lexicon: Option<(usize, &Lexicon)>,
    reach: u32,
) -> bool {
    words
        .iter()
        .enumerate()
        .take(reach as usize)
        .take_while(|(_, word)| word.surface != NONE)
        .any(|(at, _)| {
            matches!(
                read(&words[at..], surfaces, lexicon).1,
                Some(Entry::Polarity(_))
            )
        })
}

/// Factor of the punctuation that closes the clause.
fn emphasis(text: &str, words: &[Word], settings: &Settings) -> f32 {
    match words.last() {
        Some(last) if last.token.kind == Kind::Stop => {
            let stop = last.token.of(text);
            match (stop.contains('!'), stop.contains('?')) {
                (true, _) => settings.exclamation,
                (false, true) => settings.question,
                _ => 1.0,
            }
        }
        _ => 1.0,
    }
}
