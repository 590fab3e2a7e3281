//! Bank account numbers. Source: ISO 13616, lengths by country from the SWIFT IBAN registry; check digits by
//! ISO 7064 MOD 97-10: the first four characters moved to the end and letters counted from A = 10, the remainder is 1.

use super::digits::is_separator;
use super::{Clues, Detector, Kind, Span, is_glued_after, is_glued_before};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Iban,
    replacement: "[IBAN]",
    before: "",
    fewest_digits: 8,
    example: "FR76 3000 6000 0112 3456 7890 189",
    look_alike: "FR76 3000 6000 0112 3456 7890 188",
    find,
};

/// Characters of an IBAN by country, without spaces; in the order of the alphabet.
const LENGTHS: [(&[u8; 2], usize); 88] = [
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
];

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    let mut end = 0;
    for group in &clues.groups {
        // The check digits: two, right after the two letters of the country or a space away.
        if let Some(start) = country_before(clues.text, group.start)
            && start >= end
            && let Some(length) = iban_length(&clues.text[start..])
        {
            end = start + length;
            spans.push(Span { start, end });
        }
    }
}

/// Where the two letters before byte `at` start, when they stand alone.
fn country_before(text: &str, at: usize) -> Option<usize> {
    let bytes = text[..at]
        .strip_suffix(' ')
        .unwrap_or(&text[..at])
        .as_bytes();
    let start = bytes.len().checked_sub(2)?;
    let is_country = bytes[start..].iter().all(u8::is_ascii_alphabetic);
    (is_country && !is_glued_before(text, start)).then_some(start)
}

/// Bytes taken by the account number a text starts with.
fn iban_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let country = [bytes[0].to_ascii_uppercase(), bytes[1].to_ascii_uppercase()];
    let place = LENGTHS
        .binary_search_by_key(&country, |(code, _)| **code)
        .ok()?;
    let wanted = LENGTHS[place].1;
    let mut characters = [0; 34];
    let mut count = 0;
    let mut was_separator = false;
    for (at, character) in text.char_indices() {
        if is_separator(character) && !was_separator {
            was_separator = true;
            continue;
        }
        if !character.is_ascii_alphanumeric() {
            return None;
        }
        was_separator = false;
        characters[count] = character.to_ascii_uppercase() as u8;
        count += 1;
        if count == wanted {
            let end = at + 1;
            return (is_iban(&characters[..count]) && !is_glued_after(text, end)).then_some(end);
        }
    }
    None
}

fn is_iban(characters: &[u8]) -> bool {
    let digits = characters
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .count();
    // "de 20 personnes qui…" has letters and a number too: one in 97 would pass the check. Accounts are mostly digits.
    digits * 2 >= characters.len() && remainder(characters) == 1
}

fn remainder(characters: &[u8]) -> u32 {
    let (start, rest) = characters.split_at(4);
    rest.iter()
        .chain(start)
        .fold(0, |remainder, byte| match byte {
            b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
            _ => (remainder * 100 + u32::from(byte - b'A' + 10)) % 97,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::{Settings, mask};
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn accounts_with_the_right_check_digits_are_masked() {
        check("FR7630006000011234567890189", "[IBAN]");
        check(
            "iban FR76 3000 6000 0112 3456 7890 189, merci",
            "iban [IBAN], merci",
        );
        check("FR 76 3000 6000 0112 3456 7890 189", "[IBAN]");
        check("fr7630006000011234567890189", "[IBAN]");
        check("FR76-3000-6000-0112-3456-7890-189", "[IBAN]");
        check("FR14 2004 1010 0505 0001 3M02 606", "[IBAN]");
        check("GB29 NWBK 6016 1331 9268 19 please", "[IBAN] please");
        check("GB82WEST12345698765432", "[IBAN]");
        check(
            "DE89\u{a0}3704\u{a0}0044\u{a0}0532\u{a0}0130\u{a0}00",
            "[IBAN]",
        );
        check("BE68 5390 0754 7034", "[IBAN]");
        check("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "[IBAN]");
        check("IBAN:FR7630006000011234567890189.", "IBAN:[IBAN].");
    }

    #[test]
    fn what_only_looks_like_an_account_stays() {
        for kept in [
            "FR7630006000011234567890188",
            "ZZ7630006000011234567890189",
            "XFR7630006000011234567890189",
            "FR76300060000112345678901899",
            "FR76",
            "de 20 personnes et 1234",
            "FR 41 303 265 045",
        ] {
            check(kept, kept);
        }
    }

    #[test]
    fn countries_are_in_order() {
        assert!(LENGTHS.is_sorted());
        assert!(LENGTHS.iter().all(|(_, length)| (15..=34).contains(length)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_account_with_right_check_digits_is_masked(country in 0..LENGTHS.len(), account in "[0-9]{30}", border in prop::sample::select(vec!["", " ", "-", "\u{a0}"])) {
            let (code, length) = LENGTHS[country];
            let mut characters: Vec<u8> = [code.as_slice(), b"00", &account.as_bytes()[..length - 4]].concat();
            let check = 98 - remainder(&characters);
            characters[2..4].copy_from_slice(format!("{check:02}").as_bytes());
            let groups: Vec<&str> = characters.chunks(4).map(|group| str::from_utf8(group).unwrap()).collect();
            let masked = mask(&format!("Compte : {} merci", groups.join(border)), &Settings::default()).text.into_owned();
            prop_assert_eq!(masked, "Compte : [IBAN] merci");
        }

        #[test]
        fn an_account_with_two_digits_exchanged_is_no_account(account in "[0-9]{23}", at in 4..26_usize) {
            let mut characters: Vec<u8> = [b"FR00", account.as_bytes()].concat();
            let check = 98 - remainder(&characters);
            characters[2..4].copy_from_slice(format!("{check:02}").as_bytes());
            prop_assert!(is_iban(&characters));
            prop_assume!(characters[at] != characters[at - 1]);
            characters.swap(at, at - 1);
            // Digits of the check itself may end up as another spelling of the same remainder.
            prop_assume!(at > 4);
            prop_assert!(!is_iban(&characters));
        }
    }
}
