//! The words that tell personal data from other words: tables under `lexicons/`, read once.
//!
//! A text is masked before its language is known, so the tables of all languages are one. Phrases are compared word by
//! word: case, French accents and what stands between the words do not count ("N° SIREN", "numero siren").

use super::columns::without_accent;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The tables of the languages we know.
const TABLES: [&str; 2] = [
    include_str!("../../lexicons/en/personal.tsv"),
    include_str!("../../lexicons/fr/personal.tsv"),
];

/// What a word or phrase says of what stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// Ends the name of a street, or starts a name itself: "St", "Dr".
    AbbreviatedStreetEnd,
    /// A title that a dot may follow: "Mr."
    AbbreviatedTitle,
    /// Follows the name of a town: "cedex".
    AfterTown,
    /// A title only when it starts with a capital: "M."
    CapitalTitle,
    /// Stands before a signature.
    Closing,
    /// Stands before a signature after a comma or on a line of its own.
    ClosingWithBreak,
    /// Ends the name of a street when it has a capital: "Close".
    CommonStreetEnd,
    /// A street, or an everyday noun: "place".
    CommonStreetType,
    /// Announces the number of a company.
    CompanyNumber,
    /// A part of a building.
    Door,
    /// Opens a letter.
    Greeting,
    /// Says whose name follows.
    Introduction,
    /// Stands inside a family name: "de", "van".
    NameParticle,
    /// A word that sentences start with, a rank or a brand.
    NotAName,
    /// Two or three letters that are a word.
    NotAPlate,
    /// Follows the number of a house: "bis".
    NumberSuffix,
    /// Announces the plate of a vehicle.
    PlateContext,
    /// Announces the number of a post box.
    PostBox,
    /// Opens a British postcode.
    PostcodeArea,
    /// The name of a parameter whose value opens something.
    SecretParameter,
    /// Stands before the size of a garment: "taille M".
    Size,
    /// Ends the name of a street: "Road".
    StreetEnd,
    /// Stands inside the name of a street or a town.
    StreetParticle,
    /// A street and nothing else.
    StreetType,
    /// Stands before a surname.
    Title,
    /// Follows a quantity: "GB".
    Unit,
}

/// Every cue and its name in the tables, in the order of the alphabet.
const CUES: [(&str, Cue); 26] = [
    ("abbreviated_street_end", Cue::AbbreviatedStreetEnd),
    ("abbreviated_title", Cue::AbbreviatedTitle),
    ("after_town", Cue::AfterTown),
    ("capital_title", Cue::CapitalTitle),
    ("closing", Cue::Closing),
    ("closing_with_break", Cue::ClosingWithBreak),
    ("common_street_end", Cue::CommonStreetEnd),
    ("common_street_type", Cue::CommonStreetType),
    ("company_number", Cue::CompanyNumber),
    ("door", Cue::Door),
    ("greeting", Cue::Greeting),
    ("introduction", Cue::Introduction),
    ("name_particle", Cue::NameParticle),
    ("not_a_name", Cue::NotAName),
    ("not_a_plate", Cue::NotAPlate),
    ("number_suffix", Cue::NumberSuffix),
    ("plate_context", Cue::PlateContext),
    ("post_box", Cue::PostBox),
    ("postcode_area", Cue::PostcodeArea),
    ("secret_parameter", Cue::SecretParameter),
    ("size", Cue::Size),
    ("street_end", Cue::StreetEnd),
    ("street_particle", Cue::StreetParticle),
    ("street_type", Cue::StreetType),
    ("title", Cue::Title),
    ("unit", Cue::Unit),
];

/// Several cues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cues(u32);

impl Cues {
    /// These cues together.
    pub(super) const fn of(cues: &[Cue]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < cues.len() {
            bits |= 1 << cues[at] as u32;
            at += 1;
        }
        Cues(bits)
    }

    /// Whether one of `others` is among these.
    pub(super) fn meet(self, others: Cues) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether a cue is among these.
    pub(super) fn has(self, cue: Cue) -> bool {
        self.meet(Cues::of(&[cue]))
    }

    /// All of both.
    pub(super) const fn and(self, others: Cues) -> Self {
        Cues(self.0 | others.0)
    }
}

/// After what a name stands.
pub(super) const BEFORE_A_NAME: Cues = Cues::of(&[
    Cue::Greeting,
    Cue::Title,
    Cue::CapitalTitle,
    Cue::Introduction,
    Cue::Closing,
    Cue::ClosingWithBreak,
]);

/// What a number of a house stands before, in French.
pub(super) const STREETS: Cues = Cues::of(&[Cue::StreetType, Cue::CommonStreetType]);

/// Bytes of the longest phrase that is looked up.
const LONGEST: usize = 64;

/// Bytes of a last word that are compared quickly.
const LONGEST_HASHED: usize = 10;

/// Words of the longest phrase.
const MOST_WORDS: usize = 6;

/// How many words before something may announce it: "RCS de Paris B".
const WORDS_BETWEEN: usize = 4;

/// All tables, ready to be asked.
pub(super) struct Vocabulary {
    phrases: FxHashMap<Box<[u8]>, Cues>,
    /// The last words of phrases after which a name stands, and particles.
    name_ends: Ends,
    /// The last words of what announces the number of a post box.
    box_ends: Ends,
    /// The first two letters of French streets.
    street_starts: Starts,
    /// The first two letters of what follows the number of a house.
    suffix_starts: Starts,
}

/// Words, one bit each: a few others share their bits. Most words are told by their last two letters alone.
struct Ends {
    words: [u64; 64],
    letters: Starts,
}

impl Ends {
    fn new() -> Self {
        Ends {
            words: [0; 64],
            letters: Starts::default(),
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        let bit = last_word(bytes);
        self.words[bit / 64] |= 1 << (bit % 64);
        self.letters.add(&last_two(bytes));
    }

    fn has(&self, bytes: &[u8]) -> bool {
        if !self.letters.has(&last_two(bytes)) {
            return false;
        }
        let bit = last_word(bytes);
        self.words[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// The last two bytes, the last first.
fn last_two(bytes: &[u8]) -> [u8; 2] {
    match bytes {
        [.., before, last] => [*last, *before],
        [last] => [*last, 0],
        [] => [0; 2],
    }
}

/// Pairs of letters, one bit each.
#[derive(Default)]
struct Starts([u64; 16]);

impl Starts {
    fn add(&mut self, bytes: &[u8]) {
        let bit = two_letters(bytes);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn has(&self, bytes: &[u8]) -> bool {
        let bit = two_letters(bytes);
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// The tables of the languages we know, read when first asked.
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::read(&TABLES));

impl Vocabulary {
    fn read(tables: &[&str]) -> Self {
        let mut vocabulary = Vocabulary {
            phrases: FxHashMap::default(),
            name_ends: Ends::new(),
            box_ends: Ends::new(),
            street_starts: Starts::default(),
            suffix_starts: Starts::default(),
        };
        for (phrase, kind) in tables.iter().flat_map(|table| rows(table)) {
            let place = CUES
                .binary_search_by_key(&kind, |(name, _)| name)
                .expect("a test reads the kind of every row");
            let cues = Cues::of(&[CUES[place].1]);
            let mut buffer = [0; LONGEST];
            let key = fold(phrase, &mut buffer).expect("a test measures every row");
            let known = vocabulary.phrases.entry(key.into()).or_default();
            *known = known.and(cues);
            for (ends, wanted) in [
                (
                    &mut vocabulary.name_ends,
                    BEFORE_A_NAME.and(Cues::of(&[Cue::NameParticle])),
                ),
                (&mut vocabulary.box_ends, Cues::of(&[Cue::PostBox])),
            ] {
                if cues.meet(wanted) {
                    ends.add(phrase.trim_end_matches(|last| !is_letter(last)).as_bytes());
                    ends.add(key);
                }
            }
            for (starts, wanted) in [
                (&mut vocabulary.street_starts, STREETS),
                (
                    &mut vocabulary.suffix_starts,
                    Cues::of(&[Cue::NumberSuffix]),
                ),
            ] {
                if cues.meet(wanted) {
                    starts.add(phrase.as_bytes());
                    starts.add(key);
                }
            }
        }
        vocabulary
    }

    /// What a word or phrase says; nothing when no table has it.
    pub(super) fn cues(&self, phrase: &str) -> Cues {
        let mut buffer = [0; LONGEST];
        fold(phrase, &mut buffer)
            .and_then(|key| self.phrases.get(key))
            .copied()
            .unwrap_or_default()
    }

    /// Whether a table says so of a word or phrase.
    pub(super) fn is(&self, phrase: &str, cue: Cue) -> bool {
        self.cues(phrase).has(cue)
    }

    /// Whether a name may stand after text that ends with these bytes: a quick no for nearly all.
    pub(super) fn may_precede_name(&self, before: &[u8]) -> bool {
        self.name_ends.has(before)
    }

    /// Whether the number of a post box may stand after these bytes: a quick no for nearly all.
    pub(super) fn may_precede_box(&self, before: &[u8]) -> bool {
        self.box_ends.has(before)
    }

    /// Whether these bytes may start with a street: a quick no for nearly all.
    pub(super) fn may_be_street(&self, after: &[u8]) -> bool {
        self.street_starts.has(after)
    }

    /// Whether these bytes may start with what follows the number of a house: a quick no for nearly all.
    pub(super) fn may_be_suffix(&self, after: &[u8]) -> bool {
        self.suffix_starts.has(after)
    }

    /// The longest phrase that ends at byte `end` and is one of `wanted`: where it starts and what it says.
    pub(super) fn phrase_before(
        &self,
        text: &str,
        end: usize,
        wanted: Cues,
    ) -> Option<(usize, Cues)> {
        let mut starts = [0; MOST_WORDS];
        let mut count = 0;
        let mut at = end;
        while count < MOST_WORDS {
            let Some(word) = word_before(text, at) else {
                break;
            };
            // What ends at `end` is a word, not a sign after it.
            if count == 0 && word.end != end || end - word.start > LONGEST {
                break;
            }
            starts[count] = word.start;
            count += 1;
            at = word.start;
        }
        // Folded once, the longest; the shorter are its ends.
        let longest = *starts[..count].last()?;
        let mut buffer = [0; LONGEST];
        let mut key = fold(&text[longest..end], &mut buffer)?;
        for start in starts[..count].iter().rev() {
            let cues = self.phrases.get(key).copied().unwrap_or_default();
            if cues.meet(wanted) {
                return Some((*start, cues));
            }
            let space = key.iter().position(|byte| *byte == b' ')?;
            key = &key[space + 1..];
        }
        None
    }

    /// Whether one of the few words before byte `at` is such a cue.
    pub(super) fn is_announced(&self, text: &str, at: usize, cue: Cue) -> bool {
        let mut at = at;
        for _ in 0..WORDS_BETWEEN {
            let Some(word) = word_before(text, at) else {
                return false;
            };
            if self
                .phrase_before(text, word.end, Cues::of(&[cue]))
                .is_some()
            {
                return true;
            }
            at = word.start;
        }
        false
    }

    /// Whether the words right after byte `at` are such a cue.
    pub(super) fn is_followed(&self, text: &str, at: usize, cue: Cue) -> bool {
        let rest = &text[at..];
        let Some(rest) = rest.strip_prefix([' ', '\u{a0}']) else {
            return false;
        };
        let ends = rest
            .char_indices()
            .map(|(at, character)| at + character.len_utf8())
            .take(LONGEST / 4);
        ends.filter(|end| {
            rest[*end..]
                .chars()
                .next()
                .is_none_or(|next| !next.is_alphanumeric())
        })
        .any(|end| self.is(&rest[..end], cue))
    }
}

/// The phrases of a table and what they say.
fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table.lines().skip(1).map(|row| {
        let mut cells = row.split('\t');
        let phrase = cells.next().expect("a row has a first cell");
        (phrase, cells.next().unwrap_or_default())
    })
}

/// Bytes of a word.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
}

/// The last word of a line before byte `at`: letters and digits.
fn word_before(text: &str, at: usize) -> Option<Word> {
    let mut end = None;
    let mut start = at;
    for (place, character) in text[..at].char_indices().rev() {
        match (is_letter(character), end) {
            (true, None) => (start, end) = (place, Some(place + character.len_utf8())),
            (true, Some(_)) => start = place,
            (false, Some(_)) => break,
            // Not across lines, nor a long way off.
            (false, None) if character == '\n' || at - place > LONGEST => return None,
            (false, None) => {}
        }
    }
    end.map(|end| Word { start, end })
}

/// Letters and digits; the accent of a decomposed letter too.
pub(super) fn is_letter(character: char) -> bool {
    character.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&character)
}

/// Writes the words of a phrase: lower case, without accents, one space between them. `None` when it is too long.
fn fold<'a>(phrase: &str, buffer: &'a mut [u8; LONGEST]) -> Option<&'a [u8]> {
    let mut length = 0;
    let mut awaits_word = false;
    let mut push = |bytes: &[u8], awaits_word: &mut bool| {
        if *awaits_word {
            *buffer.get_mut(length)? = b' ';
            length += 1;
            *awaits_word = false;
        }
        buffer
            .get_mut(length..length + bytes.len())?
            .copy_from_slice(bytes);
        length += bytes.len();
        Some(length)
    };
    let mut folded = 0;
    for character in phrase.chars() {
        if character.is_ascii_alphanumeric() {
            folded = push(&[character.to_ascii_lowercase() as u8], &mut awaits_word)?;
        } else if !character.is_ascii() && is_letter(character) {
            if ('\u{300}'..='\u{36f}').contains(&character) {
                continue;
            }
            for lower in character.to_lowercase().map(without_accent) {
                folded = push(lower.encode_utf8(&mut [0; 4]).as_bytes(), &mut awaits_word)?;
            }
        } else {
            awaits_word = folded > 0;
        }
    }
    Some(&buffer[..folded])
}

/// Twelve bits of the last word, the same for both cases; what ends with no letter has the bits of no word.
fn last_word(bytes: &[u8]) -> usize {
    let hash = bytes
        .iter()
        .rev()
        .map(|byte| letter(*byte))
        .take_while(|letter| *letter != 0)
        .take(LONGEST_HASHED)
        .fold(0, |hash: usize, letter| {
            (hash ^ letter).wrapping_mul(0x9e37_79b1)
        });
    hash >> 8 & 0xfff
}

/// The first two letters as ten bits.
fn two_letters(bytes: &[u8]) -> usize {
    let letter = |at: usize| bytes.get(at).map_or(0, |byte| letter(*byte));
    letter(0) << 5 | letter(1)
}

/// Five bits of a letter, the same for both cases; 0 for what is none: the last bytes of a curly apostrophe and of a
/// no-break space are none.
fn letter(byte: u8) -> usize {
    if byte.is_ascii_alphabetic() || !byte.is_ascii() && !matches!(byte, 0x99 | 0xa0) {
        usize::from(byte & 31)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_without_repeats_and_say_known_things() {
        for table in TABLES {
            assert_eq!(table.lines().next(), Some("phrase\tkind\tnote"));
            let rows: Vec<(&str, &str)> = rows(table).collect();
            for pair in rows.windows(2) {
                assert!(pair[0] < pair[1], "{pair:?}");
            }
            for (phrase, kind) in rows {
                assert!(
                    CUES.iter().any(|(name, _)| *name == kind),
                    "{phrase}: {kind}"
                );
                assert_eq!(
                    phrase,
                    phrase.to_lowercase().trim(),
                    "lower case, no spare spaces"
                );
                assert!(!phrase.contains(['’', '"', '-']), "{phrase}: plain signs");
                let mut buffer = [0; LONGEST];
                let key = fold(phrase, &mut buffer).expect("short enough");
                assert!(!key.is_empty());
                assert!(
                    key.split(|byte| *byte == b' ').count() <= MOST_WORDS,
                    "{phrase}"
                );
            }
            assert!(
                table.lines().all(|row| row.split('\t').count() == 3),
                "three columns"
            );
        }
    }

    #[test]
    fn every_cue_has_a_name_and_words() {
        assert!(CUES.is_sorted_by_key(|(name, _)| name));
        for (name, cue) in CUES {
            assert!(
                VOCABULARY.phrases.values().any(|cues| cues.has(cue)),
                "{name}"
            );
        }
    }

    #[test]
    fn words_are_known_however_they_are_written() {
        assert!(VOCABULARY.is("BOULEVARD", Cue::StreetType));
        assert!(VOCABULARY.is("allée", Cue::StreetType));
        assert!(VOCABULARY.is("alle\u{301}e", Cue::StreetType));
        assert!(VOCABULARY.is("Allee", Cue::StreetType));
        assert!(VOCABULARY.is("je m’appelle", Cue::Introduction));
        assert!(VOCABULARY.is("N° SIREN", Cue::CompanyNumber));
        assert!(VOCABULARY.is("R.C.S", Cue::CompanyNumber));
        assert!(!VOCABULARY.is("", Cue::StreetType));
        assert!(!VOCABULARY.is(&"é".repeat(100), Cue::StreetType));
    }

    #[test]
    fn phrases_are_found_before_a_place() {
        let check = |text: &str, expected: Option<usize>| {
            let found = VOCABULARY.phrase_before(text, text.len(), BEFORE_A_NAME);
            assert_eq!(found.map(|(start, _)| start), expected, "{text}");
        };
        check("Oui, je m'appelle", Some(5));
        check("mon nom complet est", Some(0));
        check("nom complet est", None);
        check("bonjour ", None);
        check("Bonjour", Some(0));
        check("toujours", None);
        check("", None);
    }
}
