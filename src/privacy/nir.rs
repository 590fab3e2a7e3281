//! French social security numbers. Source: INSEE, NIR: sex, year, month, department, commune, rank, and a key of two
//! digits that is 97 minus the first thirteen modulo 97, Corsica's 2A and 2B counted as 19 and 18.

use super::digits::is_separator;
use super::{Clues, Detector, Kind, Span, is_glued_after, is_glued_before};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Nir,
    replacement: "[NIR]",
    before: "",
    fewest_digits: 13,
    example: "2 55 08 14 168 025 38",
    look_alike: "2 55 08 14 168 025 39",
    find,
};

/// Characters with the key.
const LENGTH: usize = 15;

/// Where a separator may stand, in characters from the start.
const JOINTS: [usize; 6] = [1, 3, 5, 7, 10, 13];

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    let mut end = 0;
    for group in &clues.groups {
        if group.start >= end
            && !is_glued_before(clues.text, group.start)
            && let Some(length) = nir_length(&clues.text[group.start..])
        {
            end = group.start + length;
            spans.push(Span {
                start: group.start,
                end,
            });
        }
    }
}

/// Bytes taken by the number a text starts with.
fn nir_length(text: &str) -> Option<usize> {
    let mut number: u64 = 0;
    let mut characters = [0; LENGTH];
    let mut count = 0;
    let mut corsica = 0;
    let mut was_separator = false;
    for (at, character) in text.char_indices() {
        match character {
            '0'..='9' => {
                characters[count] = character as u8 - b'0';
                number = number * 10 + u64::from(characters[count]);
            }
            'A' | 'a' | 'B' | 'b' if count == 6 && characters[5] == 2 => {
                corsica = if character.eq_ignore_ascii_case(&'A') {
                    19
                } else {
                    18
                };
                number = number / 10 * 100 + corsica;
            }
            separator if is_separator(separator) && !was_separator && JOINTS.contains(&count) => {
                was_separator = true;
                continue;
            }
            _ => return None,
        }
        was_separator = false;
        count += 1;
        if count == LENGTH {
            let end = at + 1;
            let is_nir = is_plausible(&characters, corsica != 0)
                && number % 100 == 97 - number / 100 % 97
                && !is_glued_after(text, end);
            return is_nir.then_some(end);
        }
    }
    None
}

/// Whether sex, month and department are among those INSEE gives.
fn is_plausible(characters: &[u8; LENGTH], is_corsican: bool) -> bool {
    let pair = |at: usize| characters[at] * 10 + characters[at + 1];
    let sex = matches!(characters[0], 1..=4 | 7 | 8);
    // 20 to 42 and 50 to 99 stand for months that are not known.
    let month = matches!(pair(3), 1..=12 | 20..=42 | 50..=99);
    let department = is_corsican || pair(5) != 0;
    sex && month && department
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn numbers_with_the_right_key_are_masked() {
        check("mon numéro : 255081416802538", "mon numéro : [NIR]");
        check("2 55 08 14 168 025 38.", "[NIR].");
        check("2.55.08.14.168.025.38", "[NIR]");
        check("2-55-08-14-168-025-38", "[NIR]");
        check("2550814168025 38", "[NIR]");
        check(
            "2 55 08 14 168 025 38 et 06 39 98 00 00",
            "[NIR] et [phone]",
        );
    }

    #[test]
    fn corsican_numbers_are_masked() {
        check("1 85 05 2A 004 123 56", "[NIR]");
        check("185052a00412356", "[NIR]");
        check("1 85 05 2B 004 123 83", "[NIR]");
    }

    #[test]
    fn other_numbers_of_fifteen_digits_stay() {
        for kept in [
            "255081416802539",
            "2550814168025",
            "2 55 08 14 168 025",
            "REF255081416802538",
            "255081416802538A",
            "1 85 05 2C 004 123 56",
            "25 508 141 680 253 8",
        ] {
            check(kept, kept);
        }
    }
}
