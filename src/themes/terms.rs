//! The terms that make a unit's vector: stems, and pairs of neighbouring stems.

use super::{GAP, NONE, Units, Vocabulary, passages::Passage};
use crate::algebra::{CHUNK, Dense, Sparse};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// A term must occur in this many units at least…
const RAREST: u32 = 2;
/// … unless there are fewer units than this: then every word may matter.
const HANDFUL: usize = 20;
/// … and in one unit of this many, for rarer ones are noise when there is much to read.
const RAREST_OF: usize = 12_000;
/// A pair of words must be seen more often than a word before it counts: most pairs are chance meetings.
const RAREST_PAIR: u32 = 3;
/// A stem that more than this share of the units hold tells nothing apart…
const COMMONEST: f64 = 0.4;
/// … unless there are fewer units than this, where one theme may well be everywhere.
const FEW: usize = 200;
/// Columns kept at most; the rarest terms go first.
const MOST_COLUMNS: usize = 40_000;
/// Share of its weight a weak word keeps. It helps to tell themes apart ("cancel", "change"); a unit of nothing but weak
/// words names nothing.
///
/// 0.7: with 0, agreement with labelled requests falls by 0.02 to 0.03; with 1, moods begin to make themes.
const WEAK_SHARE: f32 = 0.7;
/// Words without a stem that a pair may bridge, elided articles not counted: "délai de livraison", "état de l'appli".
const BRIDGED: u8 = 1;

/// How the words of a unit are read, by surface id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Names something.
    Content,
    /// Has a stem, names nothing.
    Weak,
    /// Has no stem.
    Stop,
    /// Has no stem and leans on the next word: `l'`.
    Elided,
}

/// What each surface is, as an array indexed by surface id.
pub(super) fn kinds(vocabulary: &Vocabulary) -> Vec<Kind> {
    (0..vocabulary.written.len())
        .map(
            |surface| match (vocabulary.term[surface], vocabulary.weak[surface]) {
                (NONE, _) if is_elided(&vocabulary.written[surface]) => Kind::Elided,
                (NONE, _) => Kind::Stop,
                (_, true) => Kind::Weak,
                (_, false) => Kind::Content,
            },
        )
        .collect()
}

/// True for articles and pronouns cut short before a vowel: `l'`, `qu'`.
pub(super) fn is_elided(written: &str) -> bool {
    written.ends_with(['\'', '’'])
}

/// The words and pairs a corpus is described by, and what each weighs.
pub(super) struct Terms {
    kinds: Vec<Kind>,
    /// Column of each stem; `NONE` where it was not kept.
    single: Vec<u32>,
    /// Column of each pair of stems. Looked up, never walked through: its order means nothing.
    pair: FxHashMap<u64, u32>,
    /// Inverse document frequency of each column.
    rarity: Vec<f32>,
}

impl Terms {
    /// Chooses the columns by looking at some passages. Nothing to keep gives no column.
    pub fn learn(units: &Units, vocabulary: &Vocabulary, sample: &[Passage]) -> Terms {
        let kinds = kinds(vocabulary);
        let parts: Vec<(Vec<u32>, Vec<u64>)> = sample
            .par_chunks(CHUNK)
            .map(|chunk| {
                let (mut singles, mut pairs) = (Vec::new(), Vec::new());
                let (mut single, mut pair) = (Vec::new(), Vec::new());
                for passage in chunk {
                    for unit in passage.clone() {
                        walk(tokens(units, unit as usize), vocabulary, &kinds, |word| {
                            single.push(word.stem);
                            pair.extend(word.pair());
                        });
                    }
                    drain_distinct(&mut single, &mut singles);
                    drain_distinct(&mut pair, &mut pairs);
                }
                (singles, pairs)
            })
            .collect();
        let mut single_units = vec![0_u32; vocabulary.terms as usize];
        let mut pairs = Vec::new();
        for (singles, some) in &parts {
            for &stem in singles {
                single_units[stem as usize] += 1;
            }
            pairs.extend_from_slice(some);
        }
        drop(parts);
        pairs.par_sort_unstable();

        let rarest = if sample.len() < HANDFUL {
            1
        } else {
            RAREST.max((sample.len() / RAREST_OF) as u32)
        };
        let commonest = if sample.len() < FEW {
            u32::MAX
        } else {
            (sample.len() as f64 * COMMONEST) as u32
        };
        // Units, then what names the column: a stem, or a pair above all stems.
        let mut kept: Vec<(u32, u64)> = Vec::new();
        for (stem, &count) in single_units.iter().enumerate() {
            if count >= rarest && count <= commonest {
                kept.push((count, stem as u64));
            }
        }
        let first_pair = u64::from(vocabulary.terms);
        for same in pairs.chunk_by(|a, b| a == b) {
            if same.len() as u32 >= RAREST_PAIR.max(rarest) {
                kept.push((same.len() as u32, first_pair + same[0]));
            }
        }
        if kept.len() > MOST_COLUMNS {
            kept.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            kept.truncate(MOST_COLUMNS);
            kept.sort_unstable_by_key(|&(_, name)| name);
        }

        let mut terms = Terms {
            kinds,
            single: vec![NONE; vocabulary.terms as usize],
            pair: FxHashMap::default(),
            rarity: Vec::with_capacity(kept.len()),
        };
        for (column, &(count, name)) in kept.iter().enumerate() {
            let rarity = ((1.0 + sample.len() as f64) / (1.0 + f64::from(count))).ln() + 1.0;
            terms.rarity.push(rarity as f32);
            if name < first_pair {
                terms.single[name as usize] = column as u32;
            } else {
                terms.pair.insert(name - first_pair, column as u32);
            }
        }
        terms
    }

    /// Terms as they were, with what each weighed. Terms of stems nobody uses ([`NONE`]) keep their column, which nothing
    /// meets.
    pub fn remembered(
        vocabulary: &Vocabulary,
        columns: impl Iterator<Item = (Name, f32)>,
    ) -> Terms {
        let mut terms = Terms {
            kinds: kinds(vocabulary),
            single: vec![NONE; vocabulary.terms as usize],
            pair: FxHashMap::default(),
            rarity: Vec::new(),
        };
        for (column, (name, rarity)) in (0..).zip(columns) {
            terms.rarity.push(rarity);
            match name {
                Name::Stem(NONE) | Name::Pair(NONE, _) | Name::Pair(_, NONE) => {}
                Name::Stem(stem) => terms.single[stem as usize] = column,
                Name::Pair(first, second) => {
                    terms.pair.insert(pair_name(first, second), column);
                }
            }
        }
        terms
    }

    /// What each column is, and how rare.
    pub fn columns_by_name(&self) -> Vec<(Name, f32)> {
        let mut names = vec![Name::Stem(NONE); self.rarity.len()];
        for (stem, &column) in (0..).zip(&self.single) {
            if column != NONE {
                names[column as usize] = Name::Stem(stem);
            }
        }
        // Each writes its own place, so their order means nothing.
        self.pair.iter().for_each(|(&pair, &column)| {
            names[column as usize] = Name::Pair((pair >> 32) as u32, pair as u32);
        });
        names.into_iter().zip(self.rarity.iter().copied()).collect()
    }

    /// What is taught about the terms, one row a column; no row where nothing is taught. Pairs are zeros.
    pub fn taught(&self, vocabulary: &Vocabulary) -> Dense {
        let Some(places) = vocabulary.places else {
            return Dense::zero(0, 1);
        };
        let mut taught = Dense::zero(self.columns(), places.dimensions());
        for (stem, &column) in (0..).zip(&self.single) {
            if column != NONE
                && let Some(place) = places.of(stem)
            {
                taught.row_mut(column as usize).copy_from_slice(&place);
            }
        }
        taught
    }

    /// How the words of units are read, by surface id.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.rarity.len()
    }

    /// The vector of a passage, of length 1, lowest column first; empty where it names nothing we know.
    pub fn vector(
        &self,
        units: &Units,
        vocabulary: &Vocabulary,
        passage: Passage,
        vector: &mut Vec<(u32, f32)>,
    ) {
        let length = self.weights(units, vocabulary, passage, vector);
        if length > 0.0 {
            let factor = 1.0 / length;
            vector.iter_mut().for_each(|(_, value)| *value *= factor);
        }
    }

    /// As [`Terms::vector`], but as long as what it says weighs; that length, 0 for nothing.
    pub fn weights(
        &self,
        units: &Units,
        vocabulary: &Vocabulary,
        passage: Passage,
        vector: &mut Vec<(u32, f32)>,
    ) -> f32 {
        vector.clear();
        let mut names_something = false;
        for unit in passage {
            walk(
                tokens(units, unit as usize),
                vocabulary,
                &self.kinds,
                |word| {
                    let column = self.single[word.stem as usize];
                    if column != NONE {
                        names_something |= !word.weak;
                        vector.push((column, if word.weak { WEAK_SHARE } else { 1.0 }));
                    }
                    if let Some(&column) = word.pair().and_then(|pair| self.pair.get(&pair)) {
                        names_something = true;
                        vector.push((column, 1.0));
                    }
                },
            );
        }
        if !names_something {
            vector.clear();
            return 0.0;
        }
        sum_columns(vector);
        let mut square = 0.0;
        for (column, value) in vector.iter_mut() {
            let damped = if *value > 1.0 {
                1.0 + value.ln()
            } else {
                *value
            };
            *value = damped * self.rarity[*column as usize];
            square += *value * *value;
        }
        square.sqrt()
    }

    /// The vectors of passages, in their order.
    pub fn vectors(&self, units: &Units, vocabulary: &Vocabulary, passages: &[Passage]) -> Sparse {
        let parts = passages
            .par_chunks(CHUNK)
            .map(|chunk| {
                let mut rows = Sparse::empty(self.columns());
                let mut vector = Vec::new();
                for passage in chunk {
                    self.vector(units, vocabulary, passage.clone(), &mut vector);
                    rows.push(vector.iter().copied());
                }
                rows
            })
            .collect();
        Sparse::joined(self.columns(), parts)
    }
}

fn sum_columns(vector: &mut Vec<(u32, f32)>) {
    vector.sort_by_key(|&(column, _)| column);
    vector.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
}

/// What a column stands for: stems, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Stem(u32),
    Pair(u32, u32),
}

fn pair_name(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// A word that has a stem, with the one it follows closely.
struct Found {
    stem: u32,
    weak: bool,
    /// Stem and weakness of the word before, where no punctuation and hardly a word stands between.
    previous: Option<(u32, bool)>,
}

impl Found {
    /// Names the pair with the word before; two weak words make none.
    fn pair(&self) -> Option<u64> {
        let (previous, weak) = self.previous?;
        (!(weak && self.weak) && previous != self.stem).then(|| pair_name(previous, self.stem))
    }
}

/// The words of one unit.
pub(super) fn tokens<'a>(units: &Units<'a>, unit: usize) -> &'a [u32] {
    &units.tokens[units.bounds[unit] as usize..units.bounds[unit + 1] as usize]
}

fn walk(tokens: &[u32], vocabulary: &Vocabulary, kinds: &[Kind], mut found: impl FnMut(Found)) {
    let mut previous = None;
    let mut between: u8 = 0;
    for &token in tokens {
        if token == GAP {
            previous = None;
            continue;
        }
        let weak = match kinds[token as usize] {
            Kind::Content => false,
            Kind::Weak => true,
            Kind::Elided => continue,
            Kind::Stop => {
                between = between.saturating_add(1);
                if between > BRIDGED {
                    previous = None;
                }
                continue;
            }
        };
        let stem = vocabulary.term[token as usize];
        found(Found {
            stem,
            weak,
            previous,
        });
        previous = Some((stem, weak));
        between = 0;
    }
}

fn drain_distinct<T: Ord + Copy>(some: &mut Vec<T>, all: &mut Vec<T>) {
    some.sort_unstable();
    some.dedup();
    all.append(some);
}
