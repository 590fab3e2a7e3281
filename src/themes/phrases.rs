//! The phrases people wrote about each theme, and how typical each is of it.

use super::{
    GAP, NONE, Units, Vocabulary,
    terms::{Kind, is_elided, tokens},
};
use crate::algebra::CHUNK;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Stems a phrase may hold.
const STEMS: usize = 3;
/// Written words a phrase may hold, elided articles not counted.
const WORDS: usize = 4;
/// From this many records on a theme is large, and phrases must be in three of its records instead of two.
const LARGE: u32 = 60;
const FEWEST_IN_LARGE: u32 = 3;
/// Phrases kept a theme.
const KEPT: usize = 40;
/// Weight of the corpus against the theme in the log-odds, as a share of all records: the larger, the more a phrase
/// must be frequent, and the less it is enough that it is rare elsewhere.
const PRIOR: f64 = 0.05;

/// The stems of a phrase in order, filled up with [`NONE`].
pub(super) type Key = [u32; STEMS];

/// A phrase, as one theme uses it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Phrase {
    pub key: Key,
    /// As most people write it in this theme; empty until [`write_out`].
    pub written: String,
    /// Records of the theme that hold it.
    pub records: u32,
    /// How much more typical it is of the theme than of the rest: z of the log-odds, and the share of records that
    /// hold it.
    ///
    /// Monroe, Colaresi & Quinn (2008), doi 10.1093/pan/mpn018, with the whole corpus as prior.
    pub typical: f64,
}

impl Phrase {
    /// The stems, without order.
    pub fn stems(&self) -> Vec<u32> {
        let mut stems: Vec<u32> = self.key.into_iter().filter(|&stem| stem != NONE).collect();
        stems.sort_unstable();
        stems
    }
}

/// What was found of one theme.
#[derive(Clone, Debug, Default)]
pub(super) struct OfTheme {
    /// Records that speak of it.
    pub records: u32,
    /// Most typical first.
    pub phrases: Vec<Phrase>,
}

impl OfTheme {
    fn sort(&mut self) {
        self.phrases
            .sort_by(|a, b| b.typical.total_cmp(&a.typical).then(a.key.cmp(&b.key)));
    }
}

/// Reads the phrases of units that have a theme, given as unit and theme, units rising. A phrase of a theme must be in
/// `fewest` of its records.
pub(super) fn read(
    units: &Units,
    vocabulary: &Vocabulary,
    kinds: &[Kind],
    assigned: &[(u32, u32)],
    themes: usize,
    fewest: u32,
) -> Vec<OfTheme> {
    // One entry a record, theme and phrase, so that a long rant counts once.
    let parts: Vec<Vec<(Key, u32, u32)>> = assigned
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut seen = Vec::new();
            for &(unit, theme) in chunk {
                let record = units.record[unit as usize];
                walk(tokens(units, unit as usize), vocabulary, kinds, |key, _| {
                    seen.push((key, theme, record));
                });
            }
            seen.sort_unstable();
            seen.dedup();
            seen
        })
        .collect();
    let mut seen = parts.concat();
    seen.par_sort_unstable();
    seen.dedup();

    let mut found = vec![OfTheme::default(); themes];
    let mut spoken: Vec<(u32, u32)> = assigned
        .iter()
        .map(|&(unit, theme)| (theme, units.record[unit as usize]))
        .collect();
    spoken.sort_unstable();
    spoken.dedup();
    for &(theme, _) in &spoken {
        found[theme as usize].records += 1;
    }
    let all = spoken.len() as f64;
    for of_phrase in seen.chunk_by(|a, b| a.0 == b.0) {
        if (of_phrase.len() as u32) < fewest {
            continue;
        }
        for of_theme in of_phrase.chunk_by(|a, b| a.1 == b.1) {
            let (key, theme, _) = of_theme[0];
            let of = &mut found[theme as usize];
            let records = of_theme.len() as u32;
            if records < fewest || (of.records >= LARGE && records < FEWEST_IN_LARGE) {
                continue;
            }
            // Where there is no rest to compare with, the share decides.
            let share = f64::from(records) / f64::from(of.records);
            let typical = share
                + log_odds(
                    f64::from(records),
                    f64::from(of.records),
                    of_phrase.len() as f64,
                    all,
                );
            if typical > 0.0 || fewest == 1 {
                of.phrases.push(Phrase {
                    key,
                    written: String::new(),
                    records,
                    typical,
                });
            }
        }
    }
    for of in &mut found {
        of.sort();
        of.phrases.truncate(KEPT);
    }
    found
}

/// Fills in how each phrase is written by most, from the same units.
///
/// Where people put many different small words inside, the words only happen to stand side by side ("service et prix",
/// "service les prix"): the phrase is as much less typical as the commonest of these is rarer.
pub(super) fn write_out(
    units: &Units,
    vocabulary: &Vocabulary,
    kinds: &[Kind],
    assigned: &[(u32, u32)],
    found: &mut [OfTheme],
) {
    let mut place: FxHashMap<(u32, Key), u32> = FxHashMap::default();
    let mut phrases: Vec<&mut Phrase> = Vec::new();
    for (theme, of) in found.iter_mut().enumerate() {
        for phrase in &mut of.phrases {
            place.insert((theme as u32, phrase.key), phrases.len() as u32);
            phrases.push(phrase);
        }
    }
    let parts: Vec<Vec<Spellings>> = assigned
        .par_chunks(16 * CHUNK)
        .map(|chunk| {
            let mut spellings: Vec<Spellings> = vec![Spellings::new(); phrases.len()];
            for &(unit, theme) in chunk {
                walk(
                    tokens(units, unit as usize),
                    vocabulary,
                    kinds,
                    |key, words| {
                        if let Some(&phrase) = place.get(&(theme, key)) {
                            let bridge = spelled(
                                words
                                    .iter()
                                    .filter(|&&word| is_bridge(kinds[word as usize])),
                                vocabulary,
                            );
                            let spelling = (bridge, spelled(words, vocabulary));
                            *spellings[phrase as usize].entry(spelling).or_insert(0) += 1;
                        }
                    },
                );
            }
            spellings
        })
        .collect();
    for (position, phrase) in phrases.into_iter().enumerate() {
        let mut bridges: BTreeMap<&str, u32> = BTreeMap::new();
        let mut spellings: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        let mut all = 0;
        for part in &parts {
            for ((bridge, spelling), &count) in &part[position] {
                *bridges.entry(bridge).or_insert(0) += count;
                *spellings.entry((bridge, spelling)).or_insert(0) += count;
                all += count;
            }
        }
        let Some((bridge, bridged)) = commonest(bridges) else {
            continue;
        };
        let ((_, spelling), _) = commonest(
            spellings
                .into_iter()
                .filter(|((with, _), _)| *with == bridge)
                .collect(),
        )
        .expect("a bridge comes with a spelling");
        phrase.written = spelling.to_owned();
        phrase.typical *= f64::from(bridged) / f64::from(all);
    }
    for of in found {
        of.sort();
    }
}

/// How often each phrase was written with which small words inside.
type Spellings = BTreeMap<(String, String), u32>;

/// The key counted most; the first of equals.
fn commonest<K: Ord>(counts: BTreeMap<K, u32>) -> Option<(K, u32)> {
    counts
        .into_iter()
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
}

fn is_bridge(kind: Kind) -> bool {
    matches!(kind, Kind::Stop | Kind::Elided)
}

/// Words as a reader expects them: no space after an elided one.
fn spelled<'a>(words: impl IntoIterator<Item = &'a u32>, vocabulary: &Vocabulary) -> String {
    let mut text = String::new();
    for &word in words {
        if !text.is_empty() && !is_elided(&text) {
            text.push(' ');
        }
        text.push_str(&vocabulary.written[word as usize]);
    }
    text
}

/// Calls `found` with every phrase of a unit: no punctuation inside, a word that names something at both edges.
fn walk(
    tokens: &[u32],
    vocabulary: &Vocabulary,
    kinds: &[Kind],
    mut found: impl FnMut(Key, &[u32]),
) {
    for start in 0..tokens.len() {
        if tokens[start] == GAP || kinds[tokens[start] as usize] != Kind::Content {
            continue;
        }
        let mut key = [NONE; STEMS];
        let (mut stems, mut words) = (0, 0);
        for end in start..tokens.len() {
            if tokens[end] == GAP || words == WORDS || stems == STEMS {
                break;
            }
            let kind = kinds[tokens[end] as usize];
            words += usize::from(kind != Kind::Elided);
            if matches!(kind, Kind::Content | Kind::Weak) {
                let stem = vocabulary.term[tokens[end] as usize];
                if key.contains(&stem) {
                    break;
                }
                key[stems] = stem;
                stems += 1;
            }
            if kind == Kind::Content {
                found(key, &tokens[start..=end]);
            }
        }
    }
}

/// z of the log-odds that a record of the theme holds the phrase, against a record of the rest.
fn log_odds(inside: f64, theme: f64, everywhere: f64, all: f64) -> f64 {
    let prior = PRIOR * all;
    let expected = prior * everywhere / all;
    let (outside, rest) = (everywhere - inside, all - theme);
    // Half a record more without the phrase: there may be none.
    let odds = |with: f64, of: f64| ((with + expected) / (of + prior - with - expected + 0.5)).ln();
    let variance = 1.0 / (inside + expected) + 1.0 / (outside + expected);
    (odds(inside, theme) - odds(outside, rest)) / variance.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_grow_with_what_sets_a_theme_apart() {
        // Thirty of 1000 against twenty of 4000, prior 250 of 5000 records.
        let check = |inside: f64, expected: f64| {
            let z = log_odds(inside, 1000.0, 50.0, 5000.0);
            assert!((z - expected).abs() < 1e-3, "{inside}: {z}");
        };
        check(30.0, 5.8787);
        check(10.0, -0.001);
        assert!(log_odds(7.0, 7.0, 7.0, 7.0).is_finite());
    }
}
