//! Words and phrases that no table has and that lean to one side in rated texts.

use crate::{
    analysis::fitting::{
        FittedRow, Settings,
        corpus::{Corpus, Traced},
    },
    language::{Entry, Lexicons, Role, SurfaceFacts, Surfaces, Word},
    text::{Kind, Token, is_capitalised, lower},
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Words of the longest phrase learnt.
const LONGEST: usize = 3;

/// What a candidate starts from: small, and no guard.
const START: f32 = 0.1;

/// Share of a word's uses with a capital inside a sentence from which on it is a name.
const NAME_SHARE: f64 = 0.4;

/// How much files must agree on the side a candidate leans to: 0 not at all, 1 all.
const AGREEMENT: f64 = 0.3;

/// The same for words that mean little by themselves: "only", "pourquoi".
const AGREEMENT_OF_STOP_WORDS: f64 = 0.4;

/// Letters such a word needs: "to" and "et" are no evidence, whatever the counts say.
const LETTERS_OF_STOP_WORDS: u8 = 4;

/// Files a candidate must be in, where there are many.
const MOST_FILES: usize = 4;

/// A word's or phrase's lean in each file.
#[derive(Clone, Debug, Default)]
struct Lean {
    /// By file: how often in good and in bad texts.
    counts: BTreeMap<u16, [u32; 2]>,
    /// By file: what was seen beyond what the score expected, and its variance.
    surprise: BTreeMap<u16, [f64; 2]>,
    /// Spelling → uses.
    spellings: BTreeMap<String, u32>,
    /// Uses with a capital inside a sentence.
    capitals: u32,
    /// A function word.
    is_stop: bool,
    /// Uses.
    uses: u32,
    /// Sum of what its words say now.
    said: f64,
}

impl Lean {
    fn commonest_spelling(&self) -> &str {
        self.spellings
            .iter()
            .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
            .map_or("", |(spelling, _)| spelling)
    }

    fn is_name(&self) -> bool {
        f64::from(self.capitals) > NAME_SHARE * f64::from(self.uses)
    }

    fn texts(&self) -> u32 {
        self.counts.values().map(|[good, bad]| good + bad).sum()
    }
}

/// Files a candidate must be in: a quarter of them, four at most.
fn least_files(corpus: &Corpus<'_>) -> usize {
    corpus.files.div_ceil(4).clamp(1, MOST_FILES)
}

/// How much standard scores pull to one side: each counts up to 1.
fn agreement(scores: impl Iterator<Item = f64>) -> f64 {
    let (mut net, mut all) = (0.0, 0.0);
    for score in scores {
        let pull = score.clamp(-1.0, 1.0);
        net += pull;
        all += pull.abs();
    }
    if all > 0.0 { net / all } else { 0.0 }
}

/// Adds the words that no entry explains, seldom and evenly used ones and names left out.
pub fn add_words(
    rows: &mut Vec<FittedRow>,
    corpus: &Corpus<'_>,
    lexicons: &Lexicons,
    settings: &Settings,
) {
    let surfaces = corpus.surfaces(lexicons);
    let mut leans: FxHashMap<u32, Lean> = FxHashMap::default();
    let mut totals: BTreeMap<u16, [f64; 2]> = BTreeMap::new();
    for text in (0..corpus.len()).filter(|text| !corpus.is_neutral(*text)) {
        let (file, class) = (corpus.file(text), usize::from(!corpus.is_positive(text)));
        totals.entry(file).or_default()[class] += 1.0;
        let mut met: Vec<u32> = Vec::new();
        let mut is_inside = false;
        for word in corpus.words(text) {
            if word.token.kind == Kind::Stop {
                is_inside = false;
                continue;
            }
            let was_inside = std::mem::replace(&mut is_inside, true);
            let Some(facts) = plain_word(word, &surfaces, corpus.position) else {
                continue;
            };
            let stem = facts.stems[corpus.position];
            let lean = leans.entry(stem).or_default();
            let form = word.token.of(corpus.text(text));
            *lean.spellings.entry(lower(form).into()).or_default() += 1;
            lean.uses += 1;
            lean.is_stop = facts.words[corpus.position].is_stop;
            lean.capitals += u32::from(was_inside && is_capitalised(form));
            met.push(stem);
        }
        met.sort_unstable();
        met.dedup();
        for stem in met {
            let lean = leans.get_mut(&stem).expect("counted above");
            lean.counts.entry(file).or_default()[class] += 1;
        }
    }
    let least_files = least_files(corpus);
    let mut leans: Vec<(u32, Lean)> = leans.into_iter().collect();
    leans.sort_by_key(|(stem, _)| *stem);
    for (_, lean) in &leans {
        let in_files = lean
            .counts
            .iter()
            .filter(|(_, [good, bad])| good + bad >= 3)
            .count();
        if lean.texts() < settings.least_seen || in_files < least_files || lean.is_name() {
            continue;
        }
        let scores: Vec<f64> = lean
            .counts
            .iter()
            .filter(|(_, [good, bad])| good + bad >= 3)
            .map(|(file, counts)| {
                let [good, bad] = counts.map(|count| f64::from(count) + 0.5);
                let [all_good, all_bad] = totals[file];
                let lean = (good / (all_good + 1.0)).ln() - (bad / (all_bad + 1.0)).ln();
                lean / (1.0 / good + 1.0 / bad).sqrt()
            })
            .collect();
        let side: f64 = scores.iter().sum();
        let least = if lean.is_stop {
            AGREEMENT_OF_STOP_WORDS
        } else {
            AGREEMENT
        };
        if agreement(scores.into_iter()).abs() >= least {
            rows.push(candidate(lean, START.copysign(side as f32), 0.0));
        }
    }
}

/// The facts of a word that no entry explains and that means something by itself.
fn plain_word<'s>(
    word: &Word,
    surfaces: &'s Surfaces,
    language: usize,
) -> Option<&'s SurfaceFacts> {
    if word.token.kind != Kind::Word {
        return None;
    }
    let facts = surfaces.facts(word.surface);
    let own = &facts.words[language];
    let least = if own.is_stop {
        LETTERS_OF_STOP_WORDS
    } else {
        2
    };
    (own.entry.is_none() && facts.letters >= least && !facts.is_elongated).then_some(facts)
}

fn candidate(lean: &Lean, weight: f32, before: f32) -> FittedRow {
    FittedRow {
        phrase: lean.commonest_spelling().to_owned(),
        weight,
        hand: None,
        before,
        seen: lean.texts(),
        note: "learnt".to_owned(),
    }
}

/// Adds the phrases of two and three words whose texts are rated otherwise than their words say.
pub fn add_phrases(
    rows: &mut Vec<FittedRow>,
    corpus: &Corpus<'_>,
    lexicons: &Lexicons,
    traced: &[Traced],
    sharpness: f64,
    settings: &Settings,
) {
    let surfaces = corpus.surfaces(lexicons);
    let known: std::collections::BTreeSet<String> =
        rows.iter().map(|row| row.phrase.clone()).collect();
    // Most phrases are seldom: they are counted first, and only the frequent ones are looked at.
    let mut times: FxHashMap<u64, u32> = FxHashMap::default();
    for text in (0..corpus.len()).filter(|text| !corpus.is_neutral(*text)) {
        each_phrase(corpus.words(text), &surfaces, corpus.position, |key, _| {
            *times.entry(key).or_default() += 1;
        });
    }
    let least = settings.least_seen * 2;
    times.retain(|_, times| *times >= least);
    let lexicon = &lexicons.languages[corpus.position];
    let spans = corpus.judge(
        lexicons,
        &lexicon.rules,
        &surfaces,
        None,
        |text, verdict| {
            let mut found: Vec<(u64, usize, usize, f64, f64)> = Vec::new();
            let words = corpus.words(text);
            each_phrase(words, &surfaces, corpus.position, |key, [first, end]| {
                if !times.contains_key(&key) {
                    return;
                }
                let (start, stop) = (words[first].token.start, words[end - 1].token.end);
                let Some(mention) = verdict
                    .mentions
                    .iter()
                    .find(|mention| mention.start <= start && stop <= mention.end)
                else {
                    return;
                };
                let mut said = 0.0;
                for evidence in &verdict.evidence
                    [mention.first_evidence as usize..mention.end_evidence as usize]
                {
                    let is_inside = start <= evidence.start && evidence.end <= stop;
                    let touches = evidence.start < stop && start < evidence.end;
                    // What a phrase of the tables says is not said again.
                    if touches && !is_inside
                        || (is_inside
                            && evidence.role.speaks()
                            && evidence.end - evidence.start == stop - start)
                    {
                        return;
                    }
                    if is_inside && evidence.role.speaks() {
                        said += f64::from(evidence.weight);
                    }
                }
                found.push((key, first, end, said, f64::from(mention.weight)));
            });
            found
        },
    );
    let mut leans: FxHashMap<u64, Lean> = FxHashMap::default();
    for (text, found) in spans.iter().enumerate() {
        if corpus.is_neutral(text) {
            continue;
        }
        let file = corpus.file(text);
        let is_positive = corpus.is_positive(text);
        let expected = 1.0 / (1.0 + (-sharpness * f64::from(traced[text].sum)).exp());
        let beyond = f64::from(u8::from(is_positive)) - expected;
        let weight = corpus.weight(text);
        let mut met: Vec<u64> = Vec::new();
        for (key, first, end, said, clause) in found {
            let lean = leans.entry(*key).or_default();
            lean.uses += 1;
            lean.said += said;
            let words = &corpus.words(text)[*first..*end];
            let letters = corpus.text(text);
            let has_name = words
                .iter()
                .enumerate()
                .any(|(at, word)| (at > 0 || *first > 0) && is_capitalised(word.token.of(letters)));
            lean.capitals += u32::from(has_name);
            *lean.spellings.entry(spelling(words, letters)).or_default() += 1;
            let surprise = lean.surprise.entry(file).or_default();
            let pull = weight * clause;
            surprise[0] += pull * beyond;
            surprise[1] += pull * pull * expected * (1.0 - expected);
            met.push(*key);
        }
        met.sort_unstable();
        met.dedup();
        for key in met {
            let lean = leans.get_mut(&key).expect("counted above");
            lean.counts.entry(file).or_default()[usize::from(!is_positive)] += 1;
        }
    }
    let least_files = least_files(corpus);
    let mut chosen: Vec<(f64, f64, &Lean)> = leans
        .values()
        .filter(|lean| {
            lean.texts() >= least
                && lean.counts.len() >= least_files
                && !lean.is_name()
                && !known.contains(lean.commonest_spelling())
        })
        .filter_map(|lean| {
            let (mut seen, mut variance) = (0.0, 0.0);
            for [beyond, of_file] in lean.surprise.values() {
                seen += beyond;
                variance += of_file;
            }
            let z = seen / variance.max(1e-9).sqrt();
            let agrees = agreement(
                lean.surprise
                    .values()
                    .map(|[beyond, variance]| beyond / variance.max(1e-9).sqrt()),
            );
            (z.abs() >= settings.phrase_surprise && agrees.abs() >= AGREEMENT).then_some((
                z.abs(),
                z,
                lean,
            ))
        })
        .collect();
    chosen.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| a.2.commonest_spelling().cmp(b.2.commonest_spelling()))
    });
    chosen.truncate(settings.most_phrases);
    for (_, z, lean) in chosen {
        let said = (lean.said / f64::from(lean.uses)) as f32;
        let start = if said.abs() < START {
            START.copysign(z as f32)
        } else {
            said.clamp(-1.0, 1.0)
        };
        rows.push(candidate(lean, start, said.clamp(-1.0, 1.0)));
    }
}

/// Every run of two and three words inside a clause that may be a phrase, with a key made of its stems.
fn each_phrase(
    words: &[Word],
    surfaces: &Surfaces,
    language: usize,
    mut told: impl FnMut(u64, [usize; 2]),
) {
    let is_word = |word: &Word| matches!(word.token.kind, Kind::Word | Kind::Elided);
    for first in 0..words.len() {
        if !is_word(&words[first]) || !may_open(&words[first], surfaces, language) {
            continue;
        }
        let mut key = 0u64;
        for end in first + 1..=(first + LONGEST).min(words.len()) {
            let word = &words[end - 1];
            if !is_word(word) {
                break;
            }
            let facts = surfaces.facts(word.surface);
            let own = &facts.words[language];
            // Where a clause may be cut, no phrase may be.
            if own.may_contrast && matches!(own.entry, Some(Entry::Modifier(Role::Contrast, _))) {
                break;
            }
            key = (key ^ (u64::from(facts.stems[language]) + 1))
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(23);
            if end - first >= 2 && may_close(word, surfaces, language) {
                told(key, [first, end]);
            }
        }
    }
}

/// A phrase opens with a word that means something, or with one that acts on others.
fn may_open(word: &Word, surfaces: &Surfaces, language: usize) -> bool {
    let own = &surfaces.facts(word.surface).words[language];
    !own.is_stop || matches!(own.entry, Some(Entry::Modifier(..) | Entry::Either(..)))
}

/// A phrase closes with a word that means something and leaves the words after it alone.
fn may_close(word: &Word, surfaces: &Surfaces, language: usize) -> bool {
    let own = &surfaces.facts(word.surface).words[language];
    word.token.kind == Kind::Word
        && !own.is_stop
        && !matches!(own.entry, Some(Entry::Modifier(..) | Entry::Either(..)))
}

/// A phrase as tables spell it: lower case, straight apostrophes, no space after one.
fn spelling(words: &[Word], text: &str) -> String {
    let mut spelt = String::new();
    for word in words {
        let token: &Token = &word.token;
        if !spelt.is_empty() && !spelt.ends_with('\'') {
            spelt.push(' ');
        }
        spelt.push_str(&lower(token.of(text)));
    }
    spelt
}
