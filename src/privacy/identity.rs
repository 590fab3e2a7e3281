//! Who wrote a text, as far as it says so itself: one form of an e-mail address or a phone number, however it is spelled.

use super::{Kind, digits, email, hits};
use memchr::memchr;

/// An e-mail address or a phone number in one normal form. Personal data: hash it, never store it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// An e-mail address in lower case, with the signs it was spelled with: `marie@example.com`.
    Email(String),
    /// A phone number with a plus sign and the code of its country, digits only after it: `+33639980042`.
    Phone(String),
}

impl Identity {
    /// The address or number itself.
    pub fn as_str(&self) -> &str {
        match self {
            Identity::Email(address) | Identity::Phone(address) => address,
        }
    }
}

/// The fewest digits of a phone number: `+687 123456`.
const FEWEST_DIGITS: usize = 8;

/// The first e-mail address of a text, else its first phone number, so that two records of one person can be linked
/// before they are masked.
///
/// Different spellings give the same identity: case and spelled-out signs do not count, nor do spaces, dots and
/// parentheses. National numbers are read as French (06 …), British (07700 …, eleven digits) or American (ten
/// digits from 2 on), as they are masked. `None` for empty text and where neither is found; a text without `@` and with
/// few digits is only skimmed.
pub fn identity(text: &str) -> Option<Identity> {
    let may_have_phone = digits::count(text.as_bytes()) >= FEWEST_DIGITS;
    let may_have_email = memchr(b'@', text.as_bytes()).is_some() || email::may_be_spelled(text);
    if !may_have_phone && !may_have_email {
        return None;
    }
    let is_wanted = |kind| match kind {
        Kind::Email => may_have_email,
        // Kinds that have the digits of a phone number in them.
        Kind::Iban | Kind::Vat | Kind::Nir | Kind::Siret | Kind::Card | Kind::Siren => {
            may_have_phone
        }
        Kind::Phone => may_have_phone,
        _ => false,
    };
    let found = hits(text, &[], is_wanted);
    let first = |wanted: Kind| {
        found
            .iter()
            .find(|(_, detector)| detector.kind == wanted)
            .map(|(span, _)| &text[span.start..span.end])
    };
    first(Kind::Email)
        .map(|address| Identity::Email(email::normal(address)))
        .or_else(|| first(Kind::Phone).map(|number| Identity::Phone(international(number))))
}

/// A phone number as its country and all others dial it; source: ITU-T E.164.
fn international(number: &str) -> String {
    let has_plus = number.contains('+');
    // "+33 (0)6": the zero is dialled inside the country only.
    let number = number.replace("(0)", "");
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let (code, national) = match (has_plus, digits.as_bytes(), digits.len()) {
        (true, _, _) => ("", digits.as_str()),
        (false, [b'0', b'0', ..], _) => ("", &digits[2..]),
        (false, [b'0', ..], 11) => ("44", &digits[1..]),
        (false, [b'0', ..], _) => ("33", &digits[1..]),
        (false, [b'3', b'3', ..], 11) => ("", digits.as_str()),
        (false, _, _) => ("1", digits.as_str()),
    };
    // "+33 06…": the zero was left in. Only these two countries' numbers are known never to start with it.
    let national = match national.get(..3) {
        Some("330" | "440") if code.is_empty() => format!("{}{}", &national[..2], &national[3..]),
        _ => national.to_owned(),
    };
    format!("+{code}{national}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = identity(text);
        assert_eq!(found.as_ref().map(Identity::as_str), expected, "{text}");
    }

    #[test]
    fn spellings_of_one_address_are_one_identity() {
        for text in [
            "marie@example.com",
            "Écrivez à MARIE@Example.com.",
            "marie [at] example [dot] com",
            "marie(at)example(.)com",
            "marie arobase example point com",
            "marie @ example.com",
            "https://example.com/?email=marie@example.com",
        ] {
            check(text, Some("marie@example.com"));
        }
        check("marie.d at gmail dot com", Some("marie.d@gmail.com"));
    }

    #[test]
    fn spellings_of_one_number_are_one_identity() {
        for text in [
            "06 39 98 00 42",
            "0639980042",
            "06.39.98.00.42",
            "(06) 39 98 00 42",
            "+33 6 39 98 00 42",
            "+33 (0)6 39 98 00 42",
            "+33 06 39 98 00 42",
            "0033639980042",
            "33639980042",
        ] {
            check(text, Some("+33639980042"));
        }
        for text in [
            "07700 900123",
            "+44 7700 900123",
            "+44 (0)7700 900123",
            "0044 7700 900123",
        ] {
            check(text, Some("+447700900123"));
        }
        check("202-555-0143", Some("+12025550143"));
        check("+32 470 12 34 56", Some("+32470123456"));
    }

    #[test]
    fn the_first_address_comes_before_any_number() {
        check(
            "0639980042, marie@example.com, paul@example.com",
            Some("marie@example.com"),
        );
        check("0639980042 puis 0639980043", Some("+33639980042"));
        assert_eq!(
            identity("0639980042"),
            Some(Identity::Phone("+33639980042".to_owned()))
        );
    }

    #[test]
    fn nobody_is_found_in_other_texts() {
        for text in [
            "",
            "Livraison rapide.",
            "@marie",
            "le 12/05/2024 à 14:30",
            "commande 1234567890",
            "4111 1111 1111 1111",
        ] {
            check(text, None);
        }
    }
}
