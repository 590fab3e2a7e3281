//! Numbers of French establishments. Source: INSEE, SIRET: nine digits of the company (SIREN) that pass the Luhn check
//! of ISO/IEC 7812-1, and five of the establishment so that all fourteen pass it; La Poste's only sum to a multiple of five.

use super::digits::{Gap, is_timestamp, luhn};
use super::vocabulary::{Cue, VOCABULARY};
use super::{Clues, Detector, Kind, Span, is_glued_after, is_glued_before};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Siret,
    replacement: "[SIRET]",
    before: "",
    fewest_digits: 14,
    example: "303 265 045 00003",
    look_alike: "303 265 045 00004",
    find,
};

/// How the numbers are grouped. Only the first is theirs alone.
const SHAPES: [&[usize]; 3] = [GROUPED, &[14], &[9, 5]];

const GROUPED: &[usize] = &[3, 3, 3, 5];

/// The company whose establishments are numbered otherwise.
const LA_POSTE: [u8; 9] = [3, 5, 6, 0, 0, 0, 0, 0, 0];

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    for first in 0..clues.groups.len() {
        let found = SHAPES
            .iter()
            .find(|shape| is_siret(clues, first, shape))
            .map(|shape| clues.span(first, first + shape.len() - 1));
        spans.extend(found);
    }
}

fn is_siret(clues: &Clues, first: usize, shape: &[usize]) -> bool {
    let Some(digits) = clues.digits_of_shape(first, shape) else {
        return false;
    };
    let span = clues.span(first, first + shape.len() - 1);
    has_right_check(&digits)
        && are_spaced(clues, first, shape)
        && !is_glued_before(clues.text, span.start)
        && !is_glued_after(clues.text, span.end)
        && (shape == GROUPED
            || VOCABULARY.is_announced(clues.text, span.start, Cue::CompanyNumber)
            || is_typical(&digits))
}

/// Whether the company's digits and all digits pass their checks. By chance one number in a hundred does.
fn has_right_check(digits: &[u8]) -> bool {
    let sum: u32 = digits.iter().map(|digit| u32::from(*digit)).sum();
    let is_right = luhn(digits) || digits[..9] == LA_POSTE && sum.is_multiple_of(5);
    is_right && luhn(&digits[..9]) && digits[0] != 0
}

/// Whether a number nothing announces is still one: establishments are counted from 1, so that nearly all numbers have
/// two zeros after the company's. Order numbers that pass this too are one in ten thousand, hours after a date apart.
fn is_typical(digits: &[u8]) -> bool {
    digits[9..11] == [0, 0] && !is_timestamp(digits)
}

/// Whether spaces alone, or dots alone, stand between the groups.
pub(super) fn are_spaced(clues: &Clues, first: usize, shape: &[usize]) -> bool {
    let gaps = &clues.groups[first + 1..first + shape.len()];
    [Gap::Space, Gap::Dot]
        .iter()
        .any(|gap| gaps.iter().all(|group| group.gap == *gap))
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn establishments_are_masked() {
        check("303 265 045 00003", "[SIRET]");
        check("303.265.045.00003", "[SIRET]");
        check("303\u{a0}265\u{a0}045\u{a0}00003", "[SIRET]");
        check("303265045 00003", "[SIRET]");
        check("mon SIRET : 30326504500003.", "mon SIRET : [SIRET].");
        check("30326504500003", "[SIRET]");
        check("356 000 000 00048", "[SIRET]");
        check("siret 356 000 000 00001", "siret [SIRET]");
    }

    #[test]
    fn other_numbers_of_fourteen_digits_stay() {
        for kept in [
            "303 265 045 00004",
            "30326504500004",
            "356 000 000 00007",
            "commande 55210055412349",
            "CMD30326504500003",
            "20240102030405",
            "000 000 000 00000",
            "812 345 678 00012",
            "30326504500003A",
        ] {
            check(kept, kept);
        }
    }
}
