//! Words of a clause → a number between −1 and 1, and the evidence for it.

use crate::{
    language::{Clause, Entry, Lexicon, NONE, Role, Rule, Rules, Surfaces, Weight, Word},
    text::Kind,
};

/// What a piece of evidence did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceRole {
    /// A good or bad word, phrase, emoji or emoticon.
    Polarity,
    /// A word that leans to one side in rated feedback, without saying anything good or bad by itself.
    Leaning,
    /// A negation that denied no good or bad word: something did not happen.
    Denial,
    /// A word that acted on others.
    Modifier(Role),
}

impl EvidenceRole {
    /// The name in exports and explanations.
    pub fn name(self) -> &'static str {
        match self {
            EvidenceRole::Polarity => "polarity",
            EvidenceRole::Leaning => "leaning",
            EvidenceRole::Denial => "denial",
            EvidenceRole::Modifier(role) => role.name(),
        }
    }

    /// True for evidence that counts by itself, false for what acts on other words.
    pub fn speaks(self) -> bool {
        !matches!(self, EvidenceRole::Modifier(_))
    }
}

/// A word or phrase that moved a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// For a word that acts on others: its factor. For all else: what it added to its clause, after all that acted on it.
    pub weight: f32,
    /// What it did.
    pub role: EvidenceRole,
    /// The entry it came from: [`Weight::value`] and [`Weight::row`]; [`NONE`] where no row of the polarities says so.
    pub entry: Weight,
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
    /// How much it counts in the text: contrast, title and ending, over the root of the number of clauses.
    pub weight: f32,
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
    /// What all evidence adds up to, before it is squeezed between −1 and 1.
    pub sum: f32,
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
    rules: &Rules,
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
        rules.of(Rule::Capitals)
    };
    let (mut total, mut strength) = (0.0, 0.0);
    // A long text piles up evidence both ways; what counts is how far it leans, not how long it is.
    let length = (clauses.len().max(1) as f32).sqrt();
    let saturation = rules.of(Rule::Saturation);
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
            rules,
            &mut verdict.evidence,
        );
        let speaking = verdict.evidence[first_evidence as usize..]
            .iter()
            .filter(|evidence| evidence.role.speaks());
        strength += speaking.map(|evidence| evidence.weight.abs()).sum::<f32>();
        let mut weight = (1.0 + (clause.weight - 1.0) * rules.of(Rule::Contrast)).max(0.0);
        if first.token.start < body_start {
            weight *= rules.of(Rule::Title);
        }
        if clauses.len() > 1 && index + 1 == clauses.len() {
            weight *= rules.of(Rule::Ending);
        }
        weight /= length;
        verdict.mentions.push(Mention {
            start: first.token.start,
            end: last.token.end,
            score: saturate(sum, saturation),
            weight,
            first_evidence,
            end_evidence: verdict.evidence.len() as u32,
        });
        total += sum * weight;
    }
    verdict.weight = strength;
    if total.abs() < rules.of(Rule::Hint) && only_hints(&verdict.evidence) {
        total = 0.0;
    }
    verdict.sum = total;
    verdict.score = saturate(total, saturation);
}

/// From so many words that lean on they are no hint any more but a tone.
const TONE: usize = 3;

/// True where few words lean and nothing else speaks: "Où se trouve ma commande ?" where orders are mostly complained of.
fn only_hints(evidence: &[Evidence]) -> bool {
    let speaking = || evidence.iter().filter(|evidence| evidence.role.speaks());
    speaking().count() < TONE && speaking().all(|evidence| evidence.role == EvidenceRole::Leaning)
}

fn is_shouted(word: &Word, surfaces: &Surfaces) -> bool {
    word.surface != NONE && surfaces.facts(word.surface).is_shouted
}

/// Squeezes a sum between −1 and 1, keeping its sign.
pub(super) fn saturate(sum: f32, saturation: f32) -> f32 {
    sum / (sum * sum + saturation).sqrt()
}

/// What the polar words of a clause add up to, evidence pushed on the way.
fn clause_sum(
    text: &str,
    words: &[Word],
    surfaces: &Surfaces,
    lexicon: Option<(usize, &Lexicon)>,
    shout: f32,
    rules: &Rules,
    evidence: &mut Vec<Evidence>,
) -> f32 {
    let booster_reach = rules.of(Rule::BoosterReach) as u32;
    let denial = rules.of(Rule::Denial);
    let negation_reach = lexicon.map_or(0, |(_, lexicon)| lexicon.language.negation_reach);
    // Reaches count words, so positions do too.
    let mut position: u32 = 0;
    let mut negator: Option<Negation> = None;
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
                sum += deny(negator.take(), denial, evidence);
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
                    && polar_follows(&words[at + length..], surfaces, lexicon, booster_reach)
                {
                    Entry::Modifier(role, factor)
                } else {
                    Entry::Polarity(weight)
                },
            ),
            other => other,
        };
        let end = words[at + length - 1].token.end;
        let spoken = |weight: f32, role: EvidenceRole, entry: Weight| Evidence {
            start: word.token.start,
            end,
            weight,
            role,
            entry,
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
                let factor = match role {
                    Role::Negator | Role::NegatorAfterNe => factor * rules.of(Rule::Negation),
                    Role::Booster => 1.0 + (factor - 1.0) * rules.of(Rule::Boosting),
                    Role::Dampener => (1.0 + (factor - 1.0) * rules.of(Rule::Dampening)).max(0.0),
                    Role::Wish => 1.0 + (factor - 1.0) * rules.of(Rule::Wish),
                    Role::Past => 1.0 + (factor - 1.0) * rules.of(Rule::Past),
                    Role::NotNegator | Role::Contrast => factor,
                };
                let last = position + length as u32 - 1;
                match role {
                    Role::Negator | Role::NegatorAfterNe => {
                        acts = role == Role::Negator
                            || particle.is_some_and(|particle| position - particle <= 3);
                        if acts {
                            sum += deny(negator.take(), denial, evidence);
                            negator = Some(Negation {
                                position: last,
                                factor,
                                evidence: evidence.len(),
                                has_denied: false,
                            });
                        }
                    }
                    Role::NotNegator | Role::Contrast => acts = role == Role::Contrast,
                    Role::Booster | Role::Dampener => {
                        boosters = [Some((last, factor)), boosters[0]];
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
                    let role = EvidenceRole::Modifier(role);
                    evidence.push(spoken(factor, role, NO_ENTRY));
                }
            }
            Some(Entry::Leaning(entry)) => {
                evidence.push(spoken(entry.value, EvidenceRole::Leaning, entry));
                sum += entry.value;
            }
            Some(Entry::Polarity(entry)) => {
                let mut weight = entry.value;
                for (booster, factor) in boosters.into_iter().flatten() {
                    if position - booster <= booster_reach {
                        weight *= factor;
                    }
                }
                if facts.is_shouted {
                    weight *= shout;
                }
                if facts.is_elongated {
                    weight *= rules.of(Rule::Elongation);
                }
                if let Some(negation) = &mut negator
                    && position - negation.position <= negation_reach
                    && !facts.is_symbol
                {
                    weight *= negation.factor;
                    negation.has_denied = true;
                }
                if unreal != 1.0 && weight > 0.0 {
                    weight *= unreal;
                }
                weight *= emphasis(text, words, rules);
                evidence.push(spoken(weight, EvidenceRole::Polarity, entry));
                last_polar = Some((position, evidence.len() - 1));
                sum += weight;
                boosters = [None, None];
            }
        }
        position += length as u32;
        at += length;
    }
    sum + deny(negator, denial, evidence)
}

/// A negator that still acts.
struct Negation {
    /// Of its last word.
    position: u32,
    factor: f32,
    /// Where its evidence stands.
    evidence: usize,
    has_denied: bool,
}

/// What marks evidence that no row of the polarities gave.
const NO_ENTRY: Weight = Weight {
    value: 0.0,
    row: NONE,
};

/// What a negation whose reach ends adds: nothing when it denied a polar word, else it is evidence of its own.
fn deny(negation: Option<Negation>, denial: f32, evidence: &mut [Evidence]) -> f32 {
    match negation {
        Some(negation) if !negation.has_denied && denial != 0.0 => {
            let evidence = &mut evidence[negation.evidence];
            evidence.role = EvidenceRole::Denial;
            evidence.weight = denial;
            denial
        }
        _ => 0.0,
    }
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
fn emphasis(text: &str, words: &[Word], rules: &Rules) -> f32 {
    match words.last() {
        Some(last) if last.token.kind == Kind::Stop => {
            let stop = last.token.of(text);
            match (stop.contains('!'), stop.contains('?')) {
                (true, _) => rules.of(Rule::Exclamation),
                (false, true) => rules.of(Rule::Question),
                _ => 1.0,
            }
        }
        _ => 1.0,
    }
}
