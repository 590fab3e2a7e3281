//! Texts that say the same in the same words: one complaint pasted five hundred times.
//!
//! Resemblance is the Jaccard similarity of sets of shingles, found by min-wise hashing (Broder, 1997) of one permutation
//! (Li, Owen and Zhang, 2012) whose empty bins borrow from full ones (Shrivastava, 2017). Signatures only propose; every
//! near copy is verified on its shingles.
//!
//! A text is compared with the first of a group, never with its last: A like B and B like C make no chain from A to C.

use crate::cleaning::plain::{mixed, plain_words};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// For each text, the position of the text it is a copy of, which is the first of its group in the order given; its own
/// position when it is none. Empty input gives an empty list. Positions are of 32 bits.
///
/// Copies have the same words but for case, accents, punctuation, digits and masks, or, from [`LEAST_WORDS_TO_RESEMBLE`]
/// words on, share four fifths of their shingles. A text of fewer than [`LEAST_WORDS`] words is nobody's copy: "très
/// bien, merci" from five hundred people is five hundred opinions.
///
/// Found for certain where the words are the same, and nearly always where they are nearly so: a text is compared with
/// [`MOST_CANDIDATES`] others at most, so that no input costs more than a constant for each of its bytes.
pub fn copies<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<u32> {
    let texts: Vec<&str> = texts.into_iter().collect();
    let sketches = sketches(&texts);
    let mut originals = with_the_same_words(&sketches);
    join_near_copies(&texts, &sketches, &mut originals);
    originals
}

/// Words a text must have to be a copy at all.
const LEAST_WORDS: u32 = 8;

/// Words a text must have to be a copy of one with other words: in a shorter one, a word more or less is another opinion.
const LEAST_WORDS_TO_RESEMBLE: u32 = 12;

/// Shared shingles a near copy must have, of those in either text: 4 of 5.
const LEAST_SHARED: (usize, usize) = (4, 5);

/// Words in a shingle.
const SHINGLE: usize = 3;

/// Of two texts that share four fifths of their shingles, a band agrees with a chance of 0.8³ = 0.51, one of eight with
/// 0.997; of two that share a tenth, with 0.008.
const BANDS: usize = 8;

/// Bins in a band.
const ROWS: usize = 3;

const BINS: usize = BANDS * ROWS;

/// Bins that a text must share with another for the two to be compared word by word. Of two texts that share four fifths of their
/// shingles 19 bins agree on average, even of a dozen words hardly ever fewer than ten; of two that share a tenth, three.
const LEAST_BINS: usize = 10;

/// Groups a bucket remembers and a text is compared with; later ones are found through other buckets or not at all.
const MOST_CANDIDATES: usize = 16;

/// Texts hashed by one task.
const CHUNK: usize = 2048;

/// What is compared first.
#[derive(Clone, Copy)]
struct Sketch {
    /// Hash of the word sequence.
    sequence: u64,
    /// Number of words.
    words: u32,
    /// Hash of each band; texts too short to resemble have those of nothing.
    bands: [u32; BANDS],
    /// The lowest bits of each bin.
    bins: [u8; BINS],
}

impl Sketch {
    /// True where the two may be near copies: a look at every text with a band in common would cost more than all else here.
    fn may_resemble(&self, other: &Sketch) -> bool {
        let agree = self.bins.iter().zip(&other.bins).filter(|(a, b)| a == b);
        agree.count() >= LEAST_BINS
    }
}

fn sketches(texts: &[&str]) -> Vec<Sketch> {
    let chunks: Vec<Vec<Sketch>> = texts
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut words = Vec::new();
            chunk.iter().map(|text| sketch(text, &mut words)).collect()
        })
        .collect();
    chunks.concat()
}

/// `words` is room to work in.
fn sketch(text: &str, words: &mut Vec<u64>) -> Sketch {
    words.clear();
    let mut sequence = 0_u64;
    plain_words(text, |word| {
        words.push(word.hash);
        sequence = (sequence.rotate_left(23) ^ word.hash).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    });
    let count = words.len() as u32;
    let bins = match count < LEAST_WORDS_TO_RESEMBLE {
        true => [0; BINS],
        false => bins(words),
    };
    Sketch {
        sequence: mixed(sequence),
        words: count,
        bands: bands(&bins),
        bins: bins.map(|bin| bin as u8),
    }
}

/// The smallest hash of the shingles that fall into each bin.
fn bins(words: &[u64]) -> [u64; BINS] {
    const VACANT: u64 = u64::MAX;
    let mut bins = [VACANT; BINS];
    for shingle in words.windows(SHINGLE) {
        let hash = shingle_hash(shingle);
        let bin = ((hash >> 32) * BINS as u64) >> 32;
        let bin = &mut bins[bin as usize];
        *bin = (*bin).min(hash & 0xFFFF_FFFF);
    }
    let full = bins;
    for (at, bin) in bins.iter_mut().enumerate() {
        // Each bin asks the others in an order of its own; steps that share no factor with 24 come by all of them.
        let step = [5, 7, 11, 13, 17, 19, 23][at % 7];
        let mut asked = at;
        while *bin == VACANT {
            asked = (asked + step) % BINS;
            *bin = full[asked];
        }
    }
    bins
}

/// A hash of each few bins.
fn bands(bins: &[u64; BINS]) -> [u32; BANDS] {
    let mut bands = [0; BANDS];
    for (band, rows) in bands.iter_mut().zip(bins.chunks_exact(ROWS)) {
        let joined = rows
            .iter()
            .fold(0, |joined, &row| mixed(joined ^ row).wrapping_add(row));
        *band = (joined >> 32) as u32;
    }
    bands
}

fn shingle_hash(words: &[u64]) -> u64 {
    mixed(words.iter().fold(0, |joined: u64, word| {
        (joined.rotate_left(21) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }))
}

/// The first text with the same words, for each.
fn with_the_same_words(sketches: &[Sketch]) -> Vec<u32> {
    let mut first: FxHashMap<u64, u32> = FxHashMap::default();
    first.reserve(sketches.len());
    (0..)
        .zip(sketches)
        .map(|(position, sketch)| {
            if sketch.words < LEAST_WORDS {
                position
            } else {
                *first.entry(sketch.sequence).or_insert(position)
            }
        })
        .collect()
}

/// Gives the texts that resemble the first of an earlier group to that group, and whoever has the same words with them.
fn join_near_copies(texts: &[&str], sketches: &[Sketch], originals: &mut [u32]) {
    let can_resemble = |position: usize, originals: &[u32]| {
        originals[position] as usize == position
            && sketches[position].words >= LEAST_WORDS_TO_RESEMBLE
    };
    let mut seen = SeenTwice::with_room_for(texts.len() * BANDS);
    for (position, sketch) in sketches.iter().enumerate() {
        if can_resemble(position, originals) {
            bucket_keys(sketch).for_each(|key| seen.see(key));
        }
    }
    let mut buckets: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    let (mut keys, mut candidates) = (Vec::new(), Vec::new());
    let (mut own, mut other) = (Vec::new(), Vec::new());
    for (position, sketch) in sketches.iter().enumerate() {
        if !can_resemble(position, originals) {
            // The first with these words stands earlier and has found its group.
            originals[position] = originals[originals[position] as usize];
            continue;
        }
        keys.clear();
        keys.extend(bucket_keys(sketch).filter(|&key| seen.is_seen_twice(key)));
        candidates.clear();
        for key in &keys {
            candidates.extend(buckets.get(key).into_iter().flatten());
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|candidate| sketch.may_resemble(&sketches[*candidate as usize]));
        candidates.truncate(MOST_CANDIDATES);
        if !candidates.is_empty() {
            shingles(texts[position], &mut own);
        }
        let found = candidates.iter().find(|&&candidate| {
            shingles(texts[candidate as usize], &mut other);
            resemble(&own, &other)
        });
        if let Some(&original) = found {
            originals[position] = original;
            continue;
        }
        for &key in &keys {
            let bucket = buckets.entry(key).or_default();
            if bucket.len() < MOST_CANDIDATES {
                bucket.push(position as u32);
            }
        }
    }
}

/// A key for each band, another in each for equal hashes.
fn bucket_keys(sketch: &Sketch) -> impl Iterator<Item = u64> {
    let bands = sketch.bands;
    (0..BANDS).map(move |band| mixed((band as u64) << 32 | u64::from(bands[band])))
}

/// The different shingles of a text, sorted.
fn shingles(text: &str, shingles: &mut Vec<u64>) {
    shingles.clear();
    let mut last = [0; SHINGLE];
    let mut count = 0;
    plain_words(text, |word| {
        last.rotate_left(1);
        last[SHINGLE - 1] = word.hash;
        count += 1;
        if count >= SHINGLE {
            shingles.push(shingle_hash(&last));
        }
    });
    shingles.sort_unstable();
    shingles.dedup();
}

/// True when two sorted sets have enough in common.
fn resemble(a: &[u64], b: &[u64]) -> bool {
    let (enough, of) = LEAST_SHARED;
    if a.len().min(b.len()) * of < a.len().max(b.len()) * enough {
        return false;
    }
    let (mut left, mut right, mut shared) = (0, 0, 0);
    while left < a.len() && right < b.len() {
        shared += usize::from(a[left] == b[right]);
        let smaller = a[left].min(b[right]);
        left += usize::from(a[left] == smaller);
        right += usize::from(b[right] == smaller);
    }
    shared * of >= (a.len() + b.len() - shared) * enough
}

/// Which keys come more than once, give or take a key in sixteen: the many that do not need no bucket.
struct SeenTwice {
    /// Two bits a key: seen, seen again.
    seen: Vec<u64>,
}

impl SeenTwice {
    fn with_room_for(keys: usize) -> SeenTwice {
        let words = keys.saturating_mul(16).next_power_of_two() / 32;
        SeenTwice {
            seen: vec![0; words.clamp(1, 1 << 24)],
        }
    }

    fn see(&mut self, key: u64) {
        let (word, once) = self.place(key);
        let seen = &mut self.seen[word];
        *seen |= (*seen & once) << 1 | once;
    }

    fn is_seen_twice(&self, key: u64) -> bool {
        let (word, once) = self.place(key);
        self.seen[word] & once << 1 != 0
    }

    /// The key's word and the first of its two bits there.
    fn place(&self, key: u64) -> (usize, u64) {
        let word = key as usize & (self.seen.len() - 1);
        (word, 1 << (key >> 59 << 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::ThreadPoolBuilder;

    #[track_caller]
    fn check(texts: &[&str], expected: &[u32]) {
        assert_eq!(copies(texts.iter().copied()), expected);
    }

    /// Words `from..to` of an endless vocabulary.
    fn counted(from: usize, to: usize) -> String {
        let letter = |digit: usize| char::from(b'a' + digit as u8);
        (from..to)
            .map(|n| {
                [n / 676 % 26, n / 26 % 26, n % 26]
                    .map(letter)
                    .iter()
                    .collect()
            })
            .collect::<Vec<String>>()
            .join(" ")
    }

    #[test]
    fn no_texts_give_no_positions() {
        check(&[], &[]);
        check(&[""], &[0]);
        check(&["", ""], &[0, 1]);
    }

    #[test]
    fn the_same_words_are_copies_from_eight_on() {
        check(&["Très bien, merci", "Très bien, merci"], &[0, 1]);
        check(&["a b c d e f g", "a b c d e f g"], &[0, 1]);
        check(&["a b c d e f g h", "a b c d e f g h"], &[0, 0]);
        check(
            &["a b c d e f g h", "a b c d e f h g", "A. B, C! D e f g h"],
            &[0, 1, 0],
        );
    }

    #[test]
    fn case_accents_punctuation_digits_and_masks_do_not_count() {
        check(
            &[
                "Colis n° 4512 jamais livré malgré trois appels au [phone] !!!",
                "COLIS N° 99 JAMAIS LIVRE,\nMALGRE TROIS APPELS AU",
                "Colis n° 4512 jamais livré malgré trois appels au dépôt",
            ],
            &[0, 0, 2],
        );
        check(
            &[
                "c'est troooop long et le colis jamais arrivé",
                "c'est trop long et le colis jamais arrivé",
            ],
            &[0, 1],
        );
    }

    #[test]
    fn near_copies_share_four_fifths_of_their_shingles_from_twelve_words_on() {
        let long = counted(0, 42);
        // 40 shingles; with n words more at the end, 40 of 40 + n.
        check(&[&long, &counted(0, 52)], &[0, 0]);
        check(&[&long, &counted(0, 53)], &[0, 1]);
        // One word changed within: 37 of 43 shared. Two words far apart: 34 of 46.
        let one = long.replace("aaj", "zzz");
        check(&[&long, &one], &[0, 0]);
        check(&[&long, &one.replace("abc", "yyy")], &[0, 1]);
        // 10 shingles of 12; in 9 of 11 words, fewer than twelve.
        check(&[&counted(0, 12), &counted(0, 14)], &[0, 0]);
        check(&[&counted(0, 11), &counted(0, 13)], &[0, 1]);
        check(&[&counted(0, 11), &counted(0, 12)], &[0, 1]);
    }

    #[test]
    fn a_group_is_measured_by_its_first_and_makes_no_chain() {
        let texts = [
            counted(0, 42),
            counted(4, 46),
            counted(8, 50),
            counted(4, 46),
        ];
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        // Each is 36 of 44 like its neighbour; the third is only 32 of 48 like the first and starts a group.
        check(&texts, &[0, 0, 2, 0]);
    }

    #[test]
    fn nearly_all_near_copies_are_found() {
        let originals: Vec<String> = (0..400)
            .map(|n| counted(n * 40, n * 40 + 12 + n % 29))
            .collect();
        let near: Vec<String> = originals
            .iter()
            .map(|text| format!("{text} or so"))
            .collect();
        let texts = originals.iter().chain(&near).map(String::as_str);
        let found = copies(texts);
        assert!((0..400).all(|n| found[n] == n as u32));
        let missed = (0..400).filter(|&n| found[400 + n] != n as u32).count();
        assert!(missed <= 4, "{missed}");
    }

    #[test]
    fn any_number_of_threads_finds_the_same() {
        let texts: Vec<String> = (0..9000)
            .map(|n| counted(n % 700, n % 700 + 8 + n % 40))
            .collect();
        let with_threads = |threads| {
            let pool = ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| copies(texts.iter().map(String::as_str)))
        };
        let found = with_threads(1);
        assert_eq!(with_threads(4), found);
        for (position, &original) in found.iter().enumerate() {
            assert!(original as usize <= position);
            assert_eq!(found[original as usize], original);
        }
    }

    #[test]
    fn many_texts_in_one_bucket_cost_no_square() {
        // All alike enough to share buckets, none alike enough to be a copy: 21 of 39 shingles are everybody's.
        let start = counted(0, 23);
        let texts: Vec<String> = (0..20_000)
            .map(|n| format!("{start} {}", counted(1000 + n * 9, 1009 + n * 9)))
            .collect();
        let found = copies(texts.iter().map(String::as_str));
        assert_eq!(found.len(), 20_000);
        assert!((0..500).all(|n| found[n] == n as u32));
    }
}
