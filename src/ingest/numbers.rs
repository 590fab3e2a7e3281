//! Marks as people and exports write them: `4`, `4,0`, `4/5`, `5 étoiles`, `FIVE`.

use super::{names, vocabulary::Vocabulary};

/// A mark and, where the cell says it, the best mark there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub value: f64,
    pub scale: Option<f64>,
}

/// Reads a mark; `None` when the cell is not one. The cell is not empty.
pub(super) fn mark(cell: &str, vocabulary: &Vocabulary) -> Option<Mark> {
    if let Some(value) = decimal(cell) {
        return Some(Mark { value, scale: None });
    }
    if let Some(share) = cell.strip_suffix('%') {
        let value = decimal(share.trim())?;
        return Some(Mark {
            value,
            scale: Some(100.0),
        });
    }
    // Longer cells hold sentences, where a number is no mark.
    if cell.len() > 60 {
        return None;
    }
    stars(cell).or_else(|| worded(cell, vocabulary))
}

/// A decimal number with a point or a comma, no exponent: `-1`, `4`, `4.5`, `4,5`.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_decimal = digits.len() <= 15
        && digits.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && digits
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        && digits.bytes().filter(|b| !b.is_ascii_digit()).count() <= 1;
    if !is_decimal {
        return None;
    }
    match text.contains(',') {
        true => text.replace(',', ".").parse().ok(),
        false => text.parse().ok(),
    }
}

/// `★★★★☆`.
fn stars(cell: &str) -> Option<Mark> {
    let is_star = |c: char| matches!(c, '★' | '⭐' | '🌟');
    let (mut full, mut hollow) = (0u32, 0u32);
    for c in cell.chars() {
        match c {
            c if is_star(c) => full += 1,
            '☆' => hollow += 1,
            '\u{fe0f}' | ' ' => {}
            _ => return None,
        }
    }
    (full + hollow > 0).then(|| Mark {
        value: full.into(),
        scale: (hollow > 0).then(|| (full + hollow).into()),
    })
}

/// `4/5`, `4,5 sur 5`, `4.0 out of 5 stars`, `cinq étoiles`.
fn worded(cell: &str, vocabulary: &Vocabulary) -> Option<Mark> {
    let spaced = cell.replace('/', " / ");
    let numbers = &vocabulary.number;
    let (mut value, mut scale, mut is_scale_next) = (None, None, false);
    for word in spaced.split(|c: char| c.is_whitespace() || c == ':') {
        let plain: String = names::plain_letters(word).collect();
        let number = decimal(&plain).or_else(|| numbers.words.get(&plain).map(|&n| n.into()));
        if plain.is_empty() || numbers.units.contains(&plain) {
            continue;
        } else if let Some(number) = number {
            match (value, scale) {
                (None, _) => value = Some(number),
                (Some(_), None) if is_scale_next => scale = Some(number),
                _ => return None,
            }
        } else if value.is_some() && scale.is_none() && numbers.out_of.contains(&plain) {
            is_scale_next = true;
        } else {
            return None;
        }
    }
    if is_scale_next && scale.is_none() {
        return None;
    }
    value.map(|value| Mark { value, scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: Option<(f64, Option<f64>)>) {
        let vocabulary = Vocabulary::embedded();
        let read = mark(cell, &vocabulary).map(|mark| (mark.value, mark.scale));
        assert_eq!(read, expected, "{cell}");
    }

    #[test]
    fn marks_are_read_however_written() {
        check("4", Some((4.0, None)));
        check("4.0", Some((4.0, None)));
        check("4,5", Some((4.5, None)));
        check("-1", Some((-1.0, None)));
        check("4/5", Some((4.0, Some(5.0))));
        check("4 / 5", Some((4.0, Some(5.0))));
        check("8 sur 10", Some((8.0, Some(10.0))));
        check("4.0 out of 5 stars", Some((4.0, Some(5.0))));
        check("5 étoiles", Some((5.0, None)));
        check("Note : 3", Some((3.0, None)));
        check("ONE", Some((1.0, None)));
        check("FIVE", Some((5.0, None)));
        check("cinq étoiles", Some((5.0, None)));
        check("★★★★☆", Some((4.0, Some(5.0))));
        check("⭐⭐", Some((2.0, None)));
        check("80 %", Some((80.0, Some(100.0))));
    }

    #[test]
    fn what_is_no_mark_is_refused() {
        for cell in [
            "six",
            "1e3",
            "inf",
            "nan",
            "4/",
            "4 5",
            "1.2.3",
            "4 pommes",
            "06 39 98 12 34",
            "☂",
            ",",
        ] {
            check(cell, None);
        }
    }
}
