//! Words as this room compares them: hashes of their letters, without case, accents, punctuation and digits.
//!
//! Two texts that differ in those only have the same words: `L’été 2024 !` and `l'ete`. A text is cut here for comparing it,
//! never for showing it, and more cheaply than by the word scanner: a million texts of 250 bytes take about a second.

/// A word as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlainWord {
    /// Hash of its letters; no two words of up to eight letters share one.
    pub hash: u64,
    /// Where its first letter stands in the text, in bytes.
    pub start: u32,
}

/// Calls `each` with every word of `text`, in order. Apostrophes and digits vanish inside a word (`d'accord` is
/// `daccord`, `24h` is `h`), every other mark parts words, and a bracketed mask such as `[phone]` is no word.
pub(super) fn plain_words(text: &str, mut each: impl FnMut(PlainWord)) {
    let bytes = text.as_bytes();
    let class = |at: usize| bytes.get(at).map_or(PART, |&byte| PLAIN[usize::from(byte)]);
    let (mut at, mut start, mut word) = (0, 0, Letters::default());
    while at < bytes.len() {
        let mut letter = class(at);
        if word.is_empty() {
            start = at;
        }
        while letter > WIDE {
            word.push(letter);
            at += 1;
            letter = class(at);
        }
        match letter {
            PART => {
                word.finish(start, &mut each);
                if bytes.get(at) == Some(&b'[') {
                    at += mask_length(&bytes[at + 1..]);
                }
                at += 1;
            }
            WIDE => {
                let wide = text[at..].chars().next().expect("`at` is inside the text");
                if !wide_letters(wide, |letter| word.push(letter)) {
                    word.finish(start, &mut each);
                }
                at += wide.len_utf8();
            }
            _ => at += 1,
        }
    }
    word.finish(start, &mut each);
}

/// As much of `text` as fits into this many bytes.
pub(super) fn beginning(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// SplitMix64's last step (Sebastiano Vigna): every bit of the outcome depends on every bit given.
pub(super) fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The letters of the word being read: eight bytes as they are, those before as a hash. Words of up to eight letters, which
/// most are, cannot be confused.
#[derive(Default)]
struct Letters {
    hash: u64,
    last: u64,
}

impl Letters {
    fn is_empty(&self) -> bool {
        self.last == 0
    }

    /// `letter` is not zero.
    fn push(&mut self, letter: u8) {
        if self.last >> 56 != 0 {
            self.hash = mixed(self.hash ^ self.last).wrapping_add(self.last);
            self.last = 0;
        }
        self.last = self.last << 8 | u64::from(letter);
    }

    fn finish(&mut self, start: usize, each: &mut impl FnMut(PlainWord)) {
        if !self.is_empty() {
            each(PlainWord {
                hash: mixed(self.hash ^ self.last),
                start: start as u32,
            });
            *self = Letters::default();
        }
    }
}

/// Bytes that end a word.
const PART: u8 = 0;
/// Bytes that are left out: apostrophes and digits.
const NOTHING: u8 = 1;
/// First bytes of characters beyond ASCII.
const WIDE: u8 = 2;

/// What each byte is: one of the three above, else the letter it counts as.
const PLAIN: [u8; 256] = {
    let mut plain = [PART; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = match byte as u8 {
            letter @ (b'a'..=b'z' | b'A'..=b'Z') => letter.to_ascii_lowercase(),
            b'0'..=b'9' | b'\'' | b'`' => NOTHING,
            128.. => WIDE,
            _ => PART,
        };
        byte += 1;
    }
    plain
};

/// The letters of U+00C0 to U+017F without their accents; a space for the two that are no letters.
const LATIN: &[u8; 192] = b"aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty\
      aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll\
      lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// Calls `each` with the letters a character beyond ASCII counts as, one byte at a time; false when it ends the word instead.
/// Accents written as characters of their own, curly apostrophes and characters that show nothing count as no letter.
fn wide_letters(wide: char, mut each: impl FnMut(u8)) -> bool {
    match wide {
        'æ' | 'Æ' => b"ae".iter().for_each(|&letter| each(letter)),
        'œ' | 'Œ' => b"oe".iter().for_each(|&letter| each(letter)),
        'ß' => b"ss".iter().for_each(|&letter| each(letter)),
        '×' | '÷' => return false,
        '\u{c0}'..='\u{17f}' => each(LATIN[wide as usize - 0xc0]),
        '’' | '‘' | 'ʼ' | '´' => {}
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        other if other.is_alphabetic() => {
            for lower in other.to_lowercase() {
                let mut bytes = [0; 4];
                lower.encode_utf8(&mut bytes).bytes().for_each(&mut each);
            }
        }
        other => return other.is_numeric(),
    }
    true
}

/// Bytes of the mask that was opened by a bracket just before: `phone]` is 6; 0 when it is none.
fn mask_length(after: &[u8]) -> usize {
    let letters = after
        .iter()
        .take(LONGEST_MASK)
        .take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
        .count();
    match after.get(letters) {
        Some(b']') if letters > 0 => letters + 1,
        _ => 0,
    }
}

/// Letters between the brackets of a mask.
const LONGEST_MASK: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<u64> {
        let mut words = Vec::new();
        plain_words(text, |word| words.push(word.hash));
        words
    }

    #[track_caller]
    fn same(a: &str, b: &str) {
        assert_eq!(words(a), words(b));
    }

    #[test]
    fn case_accents_marks_and_digits_do_not_count() {
        same("Déçu !!!", "decu");
        same("L’ÉTÉ, e\u{301}te\u{301}", "l'ete ete");
        same("Cœur – æther", "coeur aether");
        same("Straße", "strasse");
        same("commande 12345, reçue", "commande recue");
        same("sous 24h", "sous h");
        same("appelez le [phone] ou [e-mail].", "appelez le ou");
        same("\u{feff}bon\u{ad}jour", "bonjour");
        same("ПРИВЕТ", "привет");
    }

    #[test]
    fn other_letters_and_other_borders_do() {
        assert_ne!(words("troop"), words("trop"));
        assert_ne!(words("le sac"), words("les ac"));
        assert_ne!(words("ab"), words("ba"));
        assert_eq!(words("rendez-vous").len(), 2);
        assert_eq!(words("[deux mots]").len(), 2);
        assert_eq!(words("12 345 😀 ’").len(), 0);
    }

    #[test]
    fn a_word_knows_where_it_starts() {
        let mut starts = Vec::new();
        plain_words("À « l'été » 3e", |word| starts.push(word.start));
        assert_eq!(starts, [0, 6, 18]);
    }
}
