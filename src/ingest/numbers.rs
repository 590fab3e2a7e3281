//! Marks, amounts and durations as people and exports write them: `4,0`, `5 étoiles`, `1 234,50 €`, `2h15`.

use super::{
    names,
    vocabulary::{Unit, Vocabulary},
};

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

/// An amount of money: `1 234,50 €`, `$1,234.50`, `-12`, `EUR 99`. `None` when the cell is none.
pub(super) fn amount(cell: &str) -> Option<f64> {
    if !cell.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let is_currency = |c: char| c.is_alphabetic() || matches!(c, '€' | '$' | '£' | '¥');
    let bare = cell.trim_matches(|c: char| is_currency(c) || c.is_whitespace());
    // "€" and the three letters of a currency, not a sentence with a number in it.
    if cell.chars().filter(|c| c.is_alphabetic()).count() > 3 {
        return None;
    }
    let mut digits: String = bare
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\'' && *c != '’')
        .collect();
    if let (Some(point), Some(comma)) = (digits.rfind('.'), digits.rfind(',')) {
        let thousands = if point < comma { '.' } else { ',' };
        digits.retain(|c| c != thousands);
    } else if let Some(comma) = digits.rfind(',') {
        // "1,234" is a thousand to the one and one and a bit to the other; a sum of money has two decimals or none.
        let is_thousands = digits.len() - comma == 4 || digits.matches(',').count() > 1;
        if is_thousands {
            digits.retain(|c| c != ',');
        }
    } else if digits.matches('.').count() > 1 {
        digits.retain(|c| c != '.');
    }
    decimal(&digits)
}

/// A duration in seconds: `01:30:00`, `2h15`, `1 d 3 h`, `45 min`; a bare number counts in `unit`. `None` when the cell
/// is none, or a bare number without a unit. Never negative.
pub(super) fn duration(cell: &str, unit: Option<Unit>, vocabulary: &Vocabulary) -> Option<f64> {
    if let Some(number) = decimal(cell) {
        return unit
            .map(|unit| number * unit.seconds())
            .filter(|seconds| *seconds >= 0.0);
    }
    if cell.len() > 40 {
        return None;
    }
    let parts: Vec<&str> = cell.split(':').collect();
    if let [hours, minutes] | [hours, minutes, _] = parts[..]
        && let (Ok(hours), Ok(minutes)) = (hours.trim().parse::<u32>(), minutes.parse::<u32>())
        && minutes < 60
    {
        let seconds = match parts.get(2) {
            Some(seconds) => decimal(seconds.trim()).filter(|seconds| *seconds >= 0.0)?,
            None => 0.0,
        };
        return Some(f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + seconds);
    }
    let plain: String = names::plain_letters(cell).collect();
    let (mut total, mut rest, mut last) = (0.0, plain.trim(), None);
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .unwrap_or(rest.len());
        let number = decimal(&rest[..digits])?;
        rest = rest[digits..].trim_start();
        let letters = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let unit = match (&rest[..letters], last) {
            // "2h15": minutes follow hours.
            ("", Some(Unit::Hour)) => Unit::Minute,
            (word, _) => vocabulary.unit(word)?,
        };
        total += number * unit.seconds();
        last = Some(unit);
        rest = rest[letters..].trim_start_matches([' ', ',', '.']);
    }
    last.map(|_| total)
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
    use proptest::prelude::*;

    #[track_caller]
    fn check(cell: &str, expected: Option<(f64, Option<f64>)>) {
        let vocabulary = Vocabulary::embedded();
        let read = mark(cell, vocabulary).map(|mark| (mark.value, mark.scale));
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

    #[test]
    fn amounts_are_read_however_written() {
        for (cell, expected) in [
            ("12", Some(12.0)),
            ("-12,5", Some(-12.5)),
            ("1\u{202f}234,50\u{a0}€", Some(1234.5)),
            ("$1,234.50", Some(1234.5)),
            ("1.234,50 EUR", Some(1234.5)),
            ("1.234.567", Some(1_234_567.0)),
            ("1,234,567", Some(1_234_567.0)),
            ("EUR 99", Some(99.0)),
            ("€", None),
            ("environ 12 euros", None),
            ("", None),
        ] {
            assert_eq!(amount(cell), expected, "{cell}");
        }
    }

    #[test]
    fn durations_are_read_however_written() {
        let vocabulary = Vocabulary::embedded();
        for (cell, unit, expected) in [
            ("01:30:00", None, Some(5400.0)),
            ("120:05:30", None, Some(432_330.0)),
            ("0:45", None, Some(2700.0)),
            ("2h15", None, Some(8100.0)),
            ("1 d 3 h", None, Some(97_200.0)),
            ("45 min", None, Some(2700.0)),
            ("3 jours", None, Some(259_200.0)),
            ("12,5", Some(Unit::Minute), Some(750.0)),
            ("90000", Some(Unit::Millisecond), Some(90.0)),
            ("12", None, None),
            ("-3", Some(Unit::Hour), None),
            ("0:00:-5", None, None),
            ("bientôt", None, None),
            ("2026-11-03", Some(Unit::Hour), None),
            ("", None, None),
        ] {
            assert_eq!(duration(cell, unit, vocabulary), expected, "{cell}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn amounts_are_read_back_in_the_manner_of_either_language(units in 0..10_000_000_u32, cents in 0..100_u32) {
            let grouped = |mark: &str| {
                let digits = units.to_string();
                let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
                groups.iter().map(|group| str::from_utf8(group).unwrap()).collect::<Vec<_>>().join(mark)
            };
            let expected = Some(f64::from(units * 100 + cents) / 100.0);
            for cell in [
                format!("{}.{cents:02}", units),
                format!("{},{cents:02} €", grouped("\u{202f}")),
                format!("{},{cents:02} EUR", grouped(".")),
                format!("${}.{cents:02}", grouped(",")),
                format!("{}.{cents:02} CHF", grouped("'")),
            ] {
                let read = amount(&cell).map(|read| (read * 100.0).round() / 100.0);
                prop_assert_eq!(read, expected, "{}", cell);
            }
        }

        #[test]
        fn marks_on_a_scale_are_read_back(scale in 1..101_u32, share in 0..101_u32) {
            let vocabulary = Vocabulary::embedded();
            let value = scale * share / 100;
            for cell in [format!("{value}/{scale}"), format!("{value} sur {scale}"), format!("{value}.0 out of {scale} stars")] {
                let read = mark(&cell, vocabulary);
                prop_assert_eq!(read, Some(Mark { value: value.into(), scale: Some(scale.into()) }), "{}", cell);
            }
        }

        #[test]
        fn durations_are_read_back(hours in 0..10_000_u32, minutes in 0..60_u32, seconds in 0..60_u32) {
            let vocabulary = Vocabulary::embedded();
            let to_the_minute = f64::from(hours * 3600 + minutes * 60);
            let exact = to_the_minute + f64::from(seconds);
            for (cell, expected) in [
                (format!("{hours:02}:{minutes:02}:{seconds:02}"), exact),
                (format!("{hours} h {minutes} min {seconds} s"), exact),
                (format!("{hours} hours, {minutes} minutes, {seconds} seconds"), exact),
                (format!("{hours}h{minutes:02}"), to_the_minute),
            ] {
                prop_assert_eq!(duration(&cell, None, vocabulary), Some(expected), "{}", cell);
            }
        }

        #[test]
        fn no_duration_is_negative_and_no_number_endless(cell in "([0-9]{1,2}:[0-5][0-9]:-?[0-9]{1,3}|[-+0-9:,. hmjdsain%/]{0,20})") {
            let vocabulary = Vocabulary::embedded();
            for unit in [None, Some(Unit::Hour)] {
                if let Some(seconds) = duration(&cell, unit, vocabulary) {
                    prop_assert!(seconds >= 0.0 && seconds.is_finite(), "{}: {}", cell, seconds);
                }
            }
            prop_assert!(amount(&cell).is_none_or(f64::is_finite));
            prop_assert!(mark(&cell, vocabulary).is_none_or(|mark| mark.value.is_finite()));
        }
    }
}
