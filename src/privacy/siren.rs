//! Numbers of French companies. Source: INSEE, SIREN: nine digits that pass the Luhn check of ISO/IEC 7812-1.
//!
//! One number of nine digits in ten passes it by chance, so a word must say what the number is: "SIREN", "RCS", "company
//! number" before it, or "RCS Paris" after it.

use super::digits::luhn;
use super::siret::are_spaced;
use super::vocabulary::{Cue, VOCABULARY};
use super::{Clues, Detector, Kind, Span, is_glued_after, is_glued_before};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Siren,
    replacement: "[SIREN]",
    before: "SIREN ",
    fewest_digits: 9,
    example: "303 265 045",
    look_alike: "303 265 046",
    find,
};

const SHAPES: [&[usize]; 2] = [&[3, 3, 3], &[9]];

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    for first in 0..clues.groups.len() {
        let found = SHAPES
            .iter()
            .find(|shape| is_siren(clues, first, shape))
            .map(|shape| clues.span(first, first + shape.len() - 1));
        spans.extend(found);
    }
}

fn is_siren(clues: &Clues, first: usize, shape: &[usize]) -> bool {
    let Some(digits) = clues.digits_of_shape(first, shape) else {
        return false;
    };
    let span = clues.span(first, first + shape.len() - 1);
    luhn(&digits)
        && digits[0] != 0
        && are_spaced(clues, first, shape)
        && !is_glued_before(clues.text, span.start)
        && !is_glued_after(clues.text, span.end)
        && (VOCABULARY.is_announced(clues.text, span.start, Cue::CompanyNumber)
            || VOCABULARY.is_followed(clues.text, span.end, Cue::CompanyNumber))
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn announced_companies_are_masked() {
        check("SIREN 303265045", "SIREN [SIREN]");
        check("n° siren : 303 265 045.", "n° siren : [SIREN].");
        check("RCS de Paris B 303 265 045", "RCS de Paris B [SIREN]");
        check("R.C.S. Lyon 303.265.045", "R.C.S. Lyon [SIREN]");
        check("303 265 045 RCS Paris", "[SIREN] RCS Paris");
        check("company number 303265045", "company number [SIREN]");
    }

    #[test]
    fn other_numbers_of_nine_digits_stay() {
        for kept in [
            "303265045",
            "commande 303 265 045",
            "SIREN 303265046",
            "siren A303265045",
            "303 265 045 €",
            "siren inconnu.\nCommande 303265045",
        ] {
            check(kept, kept);
        }
    }
}
