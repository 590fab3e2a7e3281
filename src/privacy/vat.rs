//! French VAT numbers of the European Union. Source: article R. 123-221 of the code de commerce and the VIES rules: FR, a
//! key of two digits that is (12 + 3 × (SIREN mod 97)) mod 97, and the nine digits of the SIREN.

use super::digits::{is_space, luhn};
use super::{Clues, Detector, Kind, Span, is_glued_after, is_glued_before};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Vat,
    replacement: "[VAT]",
    before: "",
    fewest_digits: 11,
    example: "FR 40 303 265 045",
    look_alike: "FR 41 303 265 045",
    find,
};

const SHAPES: [&[usize]; 4] = [&[11], &[2, 9], &[2, 3, 3, 3], &[5, 3, 3]];

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    for first in 0..clues.groups.len() {
        if !matches!(clues.groups[first].len(), 2 | 5 | 11) {
            continue;
        }
        let Some(start) = country_before(clues.text, clues.groups[first].start) else {
            continue;
        };
        let end = SHAPES.iter().find_map(|shape| {
            let digits = clues.digits_of_shape(first, shape)?;
            let end = clues.groups[first + shape.len() - 1].end;
            (is_vat(&digits) && !is_glued_after(clues.text, end)).then_some(end)
        });
        spans.extend(end.map(|end| Span { start, end }));
    }
}

/// Where the FR right before byte `at`, or a space away, starts.
fn country_before(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].strip_suffix(is_space).unwrap_or(&text[..at]);
    let start = before.len().checked_sub(2)?;
    let is_country = before.as_bytes()[start..].eq_ignore_ascii_case(b"FR");
    (is_country && !is_glued_before(text, start)).then_some(start)
}

fn is_vat(digits: &[u8]) -> bool {
    let number = |digits: &[u8]| {
        digits
            .iter()
            .fold(0, |number: u64, digit| number * 10 + u64::from(*digit))
    };
    let (key, siren) = digits.split_at(2);
    luhn(siren) && number(key) == (12 + 3 * (number(siren) % 97)) % 97
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn numbers_with_the_right_key_are_masked() {
        check("FR40303265045", "[VAT]");
        check("TVA : FR 40 303 265 045.", "TVA : [VAT].");
        check("fr40 303265045", "[VAT]");
        check("FR40303 265 045", "[VAT]");
        check("FR\u{a0}40\u{a0}303\u{a0}265\u{a0}045", "[VAT]");
    }

    #[test]
    fn other_numbers_stay() {
        for kept in [
            "FR41303265045",
            "DE40303265045",
            "XFR40303265045",
            "FR403032650451",
            "FR40",
        ] {
            check(kept, kept);
        }
    }
}
