//! Plates of vehicles. Sources: arrêté du 9 février 2009 (France: AA-123-AA since 2009, without I, O and U; 1234 AB 75
//! before), DVLA INF104 (United Kingdom: AB12 CDE since 2001). No checksum exists.
//!
//! In doubt a plate is masked: a reference of exactly this shape ("AB-123-CD") is rarer than a plate, and a longer one
//! ("AB-123-CDE") is no plate. Two everyday abbreviations around a number ("TV-123-HD", "PC 512 GB") are taken for a
//! product; between spaces one is enough ("LE 123 DE"). The old French plates look like a quantity, "12 KG 75": a word
//! must say that they are plates.

use super::digits::{Group, is_hyphen};
use super::vocabulary::{Cue, Cues, VOCABULARY};
use super::{
    Clues, Detector, Kind, Span, char_after, char_before, is_glued_after, is_glued_before,
};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Plate,
    replacement: "[plate]",
    before: "",
    fewest_digits: 2,
    example: "AB-123-CD",
    look_alike: "AB-123-CDE",
    find,
};

/// What stands where the letters of a plate would.
const WORDS: Cues = Cues::of(&[Cue::NotAPlate, Cue::Unit]);

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    for group in &clues.groups {
        let found = match group.len() {
            2 => british(clues.text, group),
            3 => french(clues.text, group),
            _ => None,
        };
        let found = found.or_else(|| (group.len() <= 4).then(|| old(clues.text, group))?);
        spans.extend(found);
    }
}

/// AB12 CDE, in capitals, the space included: without it too many references look the same.
fn british(text: &str, group: &Group) -> Option<Span> {
    let start = group.start.checked_sub(2)?;
    let end = group.end + 4;
    let plate = text.get(start..end)?.as_bytes();
    let is_letter = |byte: &u8| byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'Q');
    let is_plate = plate[4] == b' '
        && plate[..2].iter().all(is_letter)
        && plate[5..].iter().all(is_letter)
        // Half-years of issue: 02 to 50 in spring, 51 to 99 in autumn.
        && matches!(&plate[2..4], [b'0', b'2'..=b'9'] | [b'1'..=b'9', _])
        && is_free(text, start, end);
    let is_said = || VOCABULARY.is_announced(text, start, Cue::PlateContext);
    let is_word = || VOCABULARY.cues(&text[end - 3..end]).meet(WORDS);
    (is_plate && (!is_word() || is_said())).then_some(Span { start, end })
}

/// AA-123-AA and AA 123 AA.
fn french(text: &str, group: &Group) -> Option<Span> {
    let mark = char_before(text, group.start)?;
    let is_hyphenated = is_hyphen(mark);
    if !is_hyphenated && mark != ' ' || char_after(text, group.end) != Some(mark) {
        return None;
    }
    let start = group.start.checked_sub(mark.len_utf8() + 2)?;
    let end = group.end + mark.len_utf8() + 2;
    let (first, last) = (text.get(start..start + 2)?, text.get(end - 2..end)?);
    let letters = || first.bytes().chain(last.bytes());
    let is_letter = |byte: u8| {
        byte.is_ascii_alphabetic() && !matches!(byte.to_ascii_uppercase(), b'I' | b'O' | b'U')
    };
    let is_one_case = letters().all(|byte| byte.is_ascii_uppercase())
        || is_hyphenated && letters().all(|byte| byte.is_ascii_lowercase());
    if !is_one_case || !letters().all(is_letter) || !is_free(text, start, end) {
        return None;
    }
    let are_words = [first, last].map(|letters| VOCABULARY.cues(letters).meet(WORDS));
    let is_product = if is_hyphenated {
        are_words == [true; 2]
    } else {
        are_words != [false; 2]
    };
    let is_plate = !is_product || VOCABULARY.is_announced(text, start, Cue::PlateContext);
    is_plate.then_some(Span { start, end })
}

/// 1234 AB 75, with its department, after a word that announces it.
fn old(text: &str, group: &Group) -> Option<Span> {
    let mark = |at: usize| {
        char_after(text, at)
            .filter(|mark| *mark == ' ' || is_hyphen(*mark))
            .map_or(0, char::len_utf8)
    };
    let letters = group.end + mark(group.end);
    let bytes = text.as_bytes();
    let count = bytes[letters..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    if !(1..=3).contains(&count) {
        return None;
    }
    let department = letters + count + mark(letters + count);
    let length = bytes[department..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let end = department + length;
    let is_department = matches!(
        &bytes[department..end],
        [b'2', b'A' | b'a' | b'B' | b'b']
            | [b'9', b'7', b'1'..=b'8']
            | [b'0', b'1'..=b'9']
            | [b'1'..=b'8', b'0'..=b'9']
            | [b'9', b'0'..=b'5']
    );
    let is_plate = is_department
        && is_free(text, group.start, end)
        && VOCABULARY.is_announced(text, group.start, Cue::PlateContext);
    is_plate.then_some(Span {
        start: group.start,
        end,
    })
}

/// Whether neither letters nor hyphens make a longer code of it.
fn is_free(text: &str, start: usize, end: usize) -> bool {
    !is_glued_before(text, start)
        && !is_glued_after(text, end)
        && !char_before(text, start).is_some_and(|before| is_hyphen(before) || before == '#')
        && !char_after(text, end).is_some_and(is_hyphen)
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn french_plates_are_masked() {
        check("AB-123-CD", "[plate]");
        check("ab-123-cd", "[plate]");
        check("AB 123 XY", "[plate]");
        check("ma Clio (DE-123-EN).", "ma Clio ([plate]).");
        check("plaque PC 512 GB", "plaque [plate]");
    }

    #[test]
    fn older_french_plates_are_masked_when_they_are_announced() {
        check("immatriculée 1234 AB 75", "immatriculée [plate]");
        check("véhicule : 12 ABC 2A", "véhicule : [plate]");
        check("plaque 1234ab69", "plaque [plate]");
        check("plaque 123-XY-974", "plaque [plate]");
    }

    #[test]
    fn british_plates_are_masked() {
        check("my car AB12 CDE was", "my car [plate] was");
        check("BD51 SMR", "[plate]");
        check("registration TV55 LED", "registration [plate]");
    }

    #[test]
    fn references_and_quantities_stay() {
        for kept in [
            "AB-123-CDE",
            "ABC-123-DE",
            "AB-1234-CD",
            "REF-AB-123-CD",
            "AB-123-CD-45",
            "TV-123-HD",
            "PC 512 GB",
            "Ab-123-Cd",
            "ab 123 cd",
            "J'AI ATTENDU LE 123 DE LA RUE",
            "IO-123-UU",
            "1234 AB 75",
            "12 kg 75",
            "TV55 LED",
            "TV 4K",
            "AB12CDE",
            "ab12 cde",
            "AB01 CDE",
            "véhicule acheté 12 fois 30",
        ] {
            check(kept, kept);
        }
    }
}
