//! Phone numbers. Sources: ITU-T E.164 (country codes, 15 digits at most), Arcep's French numbering plan, Ofcom's
//! National Telephone Numbering Plan, the North American plan. There is no checksum: the shape decides.
//!
//! Numbers of services (08, 0800, 03 in the United Kingdom, toll-free in America) are nobody's, and stay: a complaint
//! about them names them.

use super::digits::Gap;
use super::{Clues, Detector, Kind, Span, char_before, is_glued_after, is_glued_before, is_word};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Phone,
    replacement: "[phone]",
    before: "",
    fewest_digits: 8,
    example: "06 39 98 00 42",
    look_alike: "06 39 98 00",
    find,
};

/// How numbers are written inside one country.
struct Plan {
    is_given: fn(&[u8]) -> bool,
    /// Digits per group.
    shapes: &'static [&'static [usize]],
    marks: &'static [Gap],
}

const PLANS: [Plan; 4] = [FRENCH, FRENCH_WITHOUT_PLUS, BRITISH, AMERICAN];

/// Between the groups of most numbers.
const USUAL: &[Gap] = &[Gap::Space, Gap::Dot, Gap::Hyphen, Gap::Slash];

const FRENCH: Plan = Plan {
    is_given: |digits| digits[0] == 0 && matches!(digits[1], 1..=7 | 9),
    // Never 2-2-4-2: that is a date and an hour, "05/06/2024 14".
    shapes: &[
        &[10],
        &[2, 2, 2, 2, 2],
        &[4, 2, 2, 2],
        &[4, 3, 3],
        &[4, 6],
        &[2, 8],
        &[2, 4, 4],
        &[2, 3, 3, 2],
        &[1, 9],
        &[1, 3, 2, 2, 2],
        &[1, 1, 2, 2, 2, 2],
        &[3, 3, 4],
        &[3, 3, 2, 2],
        &[2, 2, 3, 3],
    ],
    marks: USUAL,
};

/// A mobile number as contact lists hold it: 33639980042.
const FRENCH_WITHOUT_PLUS: Plan = Plan {
    is_given: |digits| digits[..2] == [3, 3] && matches!(digits[2], 6 | 7),
    shapes: &[&[11], &[2, 1, 2, 2, 2, 2]],
    marks: USUAL,
};

const BRITISH: Plan = Plan {
    is_given: |digits| digits[0] == 0 && matches!(digits[1], 1 | 2 | 7),
    shapes: &[
        &[11],
        &[5, 6],
        &[5, 3, 3],
        &[5, 2, 2, 2],
        &[3, 4, 4],
        &[4, 3, 4],
        &[3, 8],
        &[4, 7],
    ],
    marks: USUAL,
};

const AMERICAN: Plan = Plan {
    is_given: |digits| is_american(digits),
    shapes: &[&[3, 3, 4]],
    // Not a slash. Amounts are grouped by three: a last group of four is none.
    marks: &[Gap::Space, Gap::Dot, Gap::Hyphen],
};

/// Area and exchange start at 2; 800 and the like are toll-free.
fn is_american(digits: &[u8]) -> bool {
    let toll_free = digits[0] == 8 && digits[1] == digits[2] && digits[1] != 1;
    digits[0] >= 2 && digits[3] >= 2 && !toll_free
}

/// Digits of a number after the country code, where they differ from what [`OTHERS`] allows; in order of code.
const COUNTRIES: [(&[u8], usize, usize); 51] = [
    (b"1", 10, 10),
    (b"20", 8, 10),
    (b"212", 9, 9),
    (b"213", 8, 9),
    (b"216", 8, 8),
    (b"221", 9, 9),
    (b"223", 8, 8),
    (b"225", 8, 10),
    (b"226", 8, 8),
    (b"227", 8, 8),
    (b"228", 8, 8),
    (b"229", 8, 10),
    (b"237", 8, 9),
    (b"241", 7, 8),
    (b"261", 9, 9),
    (b"262", 9, 9),
    (b"269", 7, 7),
    (b"30", 10, 10),
    (b"31", 9, 9),
    (b"32", 8, 9),
    (b"33", 9, 9),
    (b"34", 9, 9),
    (b"351", 9, 9),
    (b"352", 6, 9),
    (b"353", 7, 9),
    (b"354", 7, 7),
    (b"358", 6, 10),
    (b"36", 8, 9),
    (b"376", 6, 9),
    (b"377", 8, 9),
    (b"39", 8, 11),
    (b"40", 9, 9),
    (b"41", 9, 9),
    (b"420", 9, 9),
    (b"43", 7, 12),
    (b"44", 9, 10),
    (b"45", 8, 8),
    (b"46", 7, 10),
    (b"47", 8, 8),
    (b"48", 9, 9),
    (b"49", 7, 11),
    (b"590", 9, 9),
    (b"594", 9, 9),
    (b"596", 9, 9),
    (b"61", 9, 9),
    (b"65", 8, 8),
    (b"687", 6, 6),
    (b"689", 8, 8),
    (b"7", 10, 10),
    (b"852", 8, 8),
    (b"86", 10, 11),
];

/// Digits of a number of any other country, its code included.
const OTHERS: (usize, usize) = (9, 15);

/// Digits of a country code.
const LONGEST_CODE: usize = 3;

/// More digits than any number has, its code and the zero of a trunk included.
const MOST: usize = 17;

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    let mut first = 0;
    // Whether the group before belongs to a number already found, and so hides nothing.
    let mut follows_number = false;
    while first < clues.groups.len() {
        let found = international(clues, first).or_else(|| national(clues, first, follows_number));
        follows_number = found.is_some();
        match found {
            Some((span, last)) => {
                spans.push(span);
                first = last + 1;
            }
            None => first += 1,
        }
    }
}

/// A number written with the code of its country: where it stands, and its last group.
fn international(clues: &Clues, first: usize) -> Option<(Span, usize)> {
    let group = &clues.groups[first];
    let (start, skipped, may_be_any) = match plus_before(clues.text, group.start) {
        Some((start, is_tight)) => (start, 0, is_tight),
        None if clues.text[group.start..group.end].starts_with("00")
            && !is_glued_before(clues.text, group.start) =>
        {
            (group.start, 2, false)
        }
        None => return None,
    };
    let (digits, ends) = gather(clues, first);
    let digits = digits.get(skipped..)?;
    if digits.first().is_none_or(|digit| *digit == b'0') {
        return None;
    }
    // Padded counters start with two zeros, and the shortest codes are too easy to meet by chance.
    if skipped > 0 && matches!(digits[0], b'1' | b'7') {
        return None;
    }
    let country = country(digits);
    if country.is_none() && !may_be_any {
        return None;
    }
    let (last, _) = ends.iter().rev().find(|(last, count)| {
        count
            .checked_sub(skipped)
            .is_some_and(|count| is_full(&digits[..count], country))
            && is_clear_after(clues.text, clues.groups[*last].end)
    })?;
    let end = clues.groups[*last].end;
    Some((Span { start, end }, *last))
}

/// Where the plus sign before the digits at byte `at` starts, and whether it touches them.
///
/// With the parenthesis before it, if that is closed again: `(+33) 6`, `+(33) 6`.
fn plus_before(text: &str, at: usize) -> Option<(usize, bool)> {
    let before = &text[..at];
    let is_closed = text[at..]
        .trim_start_matches(|character: char| character.is_ascii_digit())
        .starts_with(')');
    let is_bracketed = is_closed && (before.ends_with("(+") || before.ends_with("+("));
    let start = if is_bracketed || before.ends_with("+ ") {
        at - 2
    } else if before.ends_with('+') {
        at - 1
    } else {
        return None;
    };
    (!is_glued_before(text, start)).then_some((start, !before.ends_with(' ')))
}

/// The digits from one group on, and after which group how many there are. A trunk zero in parentheses is left out.
fn gather(clues: &Clues, first: usize) -> (Vec<u8>, Vec<(usize, usize)>) {
    let bytes = clues.text.as_bytes();
    let mut digits = Vec::with_capacity(MOST);
    let mut ends = Vec::new();
    for (place, group) in clues.groups.iter().enumerate().skip(first) {
        if place > first && group.gap == Gap::Far || digits.len() + group.len() > MOST {
            break;
        }
        let is_trunk = group.gap == Gap::Open
            && &bytes[group.start..group.end] == b"0"
            && clues
                .groups
                .get(place + 1)
                .is_some_and(|next| next.gap == Gap::Close);
        if !is_trunk {
            digits.extend_from_slice(&bytes[group.start..group.end]);
            ends.push((place, digits.len()));
        }
    }
    (digits, ends)
}

/// The row of [`COUNTRIES`] whose code the digits start with.
fn country(digits: &[u8]) -> Option<(usize, usize, usize)> {
    (1..=LONGEST_CODE.min(digits.len())).find_map(|length| {
        let place = COUNTRIES
            .binary_search_by_key(&&digits[..length], |(code, _, _)| code)
            .ok()?;
        let (_, fewest, most) = COUNTRIES[place];
        Some((length, fewest, most))
    })
}

/// Whether these are all the digits of a number of that country, and somebody's.
fn is_full(digits: &[u8], country: Option<(usize, usize, usize)>) -> bool {
    let Some((code, fewest, most)) = country else {
        return (OTHERS.0..=OTHERS.1).contains(&digits.len());
    };
    let Some(national) = digits.get(code..) else {
        return false;
    };
    // "+33 06…": the zero dialled inside the country was left in.
    let national = match national {
        [b'0', rest @ ..] if (fewest..=most).contains(&rest.len()) => rest,
        _ => national,
    };
    let is_service = match &digits[..code] {
        b"33" => national.first() == Some(&b'8'),
        b"44" => matches!(national.first(), Some(b'3' | b'8' | b'9')),
        b"1" => {
            let values: Vec<u8> = national.iter().map(|digit| digit - b'0').collect();
            values.len() != 10 || !is_american(&values)
        }
        _ => false,
    };
    (fewest..=most).contains(&national.len()) && !is_service
}

/// A number written as inside its country: where it stands, and its last group.
fn national(clues: &Clues, first: usize, follows_number: bool) -> Option<(Span, usize)> {
    PLANS.iter().find_map(|plan| {
        plan.shapes
            .iter()
            .find_map(|shape| of_shape(clues, first, follows_number, plan, shape))
    })
}

/// Whether the letters a number is glued to hold a digit themselves: "8d0486209921" is a code, "tel0612345678" a number.
fn ends_a_code(before: &str) -> bool {
    let glued = before
        .rsplit(|character: char| !character.is_ascii_alphanumeric())
        .next();
    glued.is_some_and(|glued| glued.bytes().any(|byte| byte.is_ascii_digit()))
}

fn of_shape(
    clues: &Clues,
    first: usize,
    follows_number: bool,
    plan: &Plan,
    shape: &[usize],
) -> Option<(Span, usize)> {
    let digits = clues.digits_of_shape(first, shape)?;
    let last = first + shape.len() - 1;
    let mut span = clues.span(first, last);
    let gaps = clues.groups[first + 1..=last].iter().map(|group| group.gap);
    let is_bracketed = gaps.clone().next() == Some(Gap::Close);
    if is_bracketed {
        span.start = span.start.checked_sub(1)?;
        if !clues.text[..].is_char_boundary(span.start)
            || !clues.text[span.start..].starts_with('(')
        {
            return None;
        }
    }
    // One mark all along, but for the first: "06/39.98.00.42" is a number, "05-06-24 10-30" a date and an hour.
    let mut later = gaps.clone().skip(1);
    let mark = later.next();
    let are_marks = gaps
        .clone()
        .next()
        .is_none_or(|gap| is_bracketed || plan.marks.contains(&gap))
        && mark.is_none_or(|mark| plan.marks.contains(&mark) || is_bracketed && mark == Gap::Space)
        && later.all(|gap| Some(gap) == mark);
    let is_number = (plan.is_given)(&digits)
        && are_marks
        && !ends_a_code(&clues.text[..span.start])
        && !is_tail(clues, first, follows_number)
        && !is_head(clues, last, shape)
        && is_free(clues.text, span, shape);
    is_number.then_some((span, last))
}

/// Whether the groups end a longer code: `2024-06-39-98-00-42`. Reading goes on after a number that was found.
fn is_tail(clues: &Clues, first: usize, follows_number: bool) -> bool {
    !follows_number && matches!(clues.groups[first].gap, Gap::Dot | Gap::Hyphen)
}

/// Whether the groups start a longer code of equal marks: `06.39.98.00.42.17`.
fn is_head(clues: &Clues, last: usize, shape: &[usize]) -> bool {
    shape.len() > 1
        && clues.groups.get(last + 1).is_some_and(|next| {
            matches!(next.gap, Gap::Dot | Gap::Hyphen)
                && next.gap == clues.groups[last].gap
                && next.len() == shape[shape.len() - 1]
        })
}

/// Whether letters leave the number alone. Five pairs are a phone number even in "au06 39 98 00 42svp".
fn is_free(text: &str, span: Span, shape: &[usize]) -> bool {
    let before = char_before(text, span.start);
    let is_plain = shape.len() >= 4;
    let is_reference = matches!(before, Some('#' | '_'));
    // References are written in capitals, "CMD0612345678"; in "Merci0639980042" a space was forgotten.
    let is_clear_before =
        before.is_none_or(|character| !is_word(character) || character.is_lowercase());
    !is_reference && (is_plain || is_clear_before && is_clear_after(text, span.end))
}

/// Whether neither letters, nor a currency, nor a percent sign make an amount of the digits that end at byte `end`.
fn is_clear_after(text: &str, end: usize) -> bool {
    let next = text[end..]
        .trim_start_matches(super::digits::is_space)
        .chars()
        .next();
    !is_glued_after(text, end) && !matches!(next, Some('%' | '€' | '$' | '£'))
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
    fn french_numbers_are_masked_however_they_are_grouped() {
        check("0639980042", "[phone]");
        check("06 39 98 00 42", "[phone]");
        check("06.39.98.00.42", "[phone]");
        check("06-39-98-00-42", "[phone]");
        check("06/39/98/00/42", "[phone]");
        check("06/39.98.00.42", "[phone]");
        check("06 - 39 - 98 - 00 - 42", "[phone]");
        check("06. 39. 98. 00. 42", "[phone]");
        check("06\u{a0}39\u{a0}98\u{a0}00\u{a0}42", "[phone]");
        check("06\u{202f}39\u{202f}98\u{202f}00\u{202f}42", "[phone]");
        check("06\u{2011}39\u{2011}98\u{2011}00\u{2011}42", "[phone]");
        check("0639 98 00 42", "[phone]");
        check("0639 980 042", "[phone]");
        check("06 3998 0042", "[phone]");
        check("(06) 39 98 00 42", "[phone]");
        check("(06 39 98 00 42)", "([phone])");
        check("01 99 00 12 34", "[phone]");
        check("02 61 91 12 34", "[phone]");
        check("03 53 01 12 34", "[phone]");
        check("04 65 71 12 34", "[phone]");
        check("05 36 49 12 34", "[phone]");
        check("0700 00 00 00", "[phone]");
        check("09.70.00.12.34", "[phone]");
        check("09 70 001 234", "[phone]");
    }

    #[test]
    fn french_numbers_with_their_country_code_are_masked() {
        check("+33639980042", "[phone]");
        check("+33 6 39 98 00 42", "[phone]");
        check("+33 (0)6 39 98 00 42", "[phone]");
        check("+33(0)6.39.98.00.42", "[phone]");
        check("+33 06 39 98 00 42", "[phone]");
        check("(+33) 6 39 98 00 42", "[phone]");
        check("+(33) 6 39 98 00 42", "[phone]");
        check("+ 33 6 39 98 00 42", "[phone]");
        check("0033 6 39 98 00 42", "[phone]");
        check("0033639980042", "[phone]");
        check("00 33 6 39 98 00 42", "[phone]");
        check("33639980042", "[phone]");
        check("tel:+33639980042", "tel:[phone]");
    }

    #[test]
    fn british_numbers_are_masked() {
        check("07700900123", "[phone]");
        check("07700 900123", "[phone]");
        check("07700 900 123", "[phone]");
        check("07700-900-123", "[phone]");
        check("020 7946 0123", "[phone]");
        check("(020) 7946 0123", "[phone]");
        check("0161 496 0123", "[phone]");
        check("01632 960123", "[phone]");
        check("+44 7700 900123", "[phone]");
        check("+44 (0)7700 900123", "[phone]");
        check("+447700900123", "[phone]");
        check("0044 20 7946 0123", "[phone]");
    }

    #[test]
    fn numbers_of_other_countries_are_masked() {
        check("+1 202-555-0143", "[phone]");
        check("+1 (202) 555-0143", "[phone]");
        check("202-555-0143", "[phone]");
        check("(202) 555-0143", "[phone]");
        check("202.555.0143", "[phone]");
        check("202 555 0143", "[phone]");
        check("+32 470 12 34 56", "[phone]");
        check("+41 22 555 01 43", "[phone]");
        check("+49 30 23125 042", "[phone]");
        check("+212 612-345678", "[phone]");
        check("+352 621 123 456", "[phone]");
        check("+971 50 123 4567", "[phone]");
    }

    #[test]
    fn what_surrounds_a_number_stays() {
        check(
            "Rappelez-moi au 06 39 98 00 42 svp",
            "Rappelez-moi au [phone] svp",
        );
        check("au06 39 98 00 42svp", "au[phone]svp");
        check("Merci0639980042", "Merci[phone]");
        check("06 39 98 00 42 3 fois", "[phone] 3 fois");
        check("+33 6 39 98 00 42 3 fois", "[phone] 3 fois");
        check("0639980042/0639980043", "[phone]/[phone]");
        check("0639980042-0639980043", "[phone]-[phone]");
        check("0639980042, 0639980043", "[phone], [phone]");
        check("06 39 98 00 42 06 39 98 00 43", "[phone] [phone]");
        check("06 39 98 00 42 ou 07700 900123.", "[phone] ou [phone].");
        check(
            "le 12/05/2024 au 06 39 98 00 42",
            "le 12/05/2024 au [phone]",
        );
        check("« 0639980042 »", "« [phone] »");
    }

    #[test]
    fn numbers_of_services_stay() {
        for kept in [
            "0800 123 456",
            "08 92 70 12 34",
            "0892701234",
            "0 892 70 12 34",
            "+33 8 92 70 12 34",
            "0345 123 4567",
            "0800 1111",
            "+44 800 123 4567",
            "1-800-555-0143",
            "800-555-0143",
            "3639",
        ] {
            check(kept, kept);
        }
    }

    #[test]
    fn prices_dates_hours_and_references_stay() {
        for kept in [
            "1 299,00 €",
            "fiche mdg-8d0486209921",
            "ins-1e0535497598",
            "12 000 000 €",
            "+12 000 000 €",
            "+ 200 000 000",
            "+100 000 000",
            "+200 000 000 €",
            "+20 %",
            "+10000 points",
            "05/06/2024 14:30",
            "05/06/2024 14",
            "05/06/24 10-30",
            "01.02.2023 - 03.04.2023",
            "2024-01-02 03:04:05",
            "2024-01-02-03-04-05",
            "01-02-03-04-05-06",
            "06.39.98.00.42.17",
            "14h30-15h30",
            "commande 1234567890",
            "commande 8612345678",
            "#0612345678",
            "CMD0612345678",
            "FR0612345678",
            "0612345678A",
            "0001234567890",
            "00123456789012",
            "06123456789012",
            "812 345 678 00012",
            "ratio 16/9, 3/4",
            "06 39 98 00",
            "250 300 400",
            "150 300 4000",
            "250/300/4000",
            "123-1234567-1234567",
            "550e8400-e29b-41d4-a716-446655440000",
        ] {
            check(kept, kept);
        }
    }

    #[test]
    fn countries_are_in_order() {
        assert!(COUNTRIES.is_sorted_by_key(|(code, _, _)| code));
        assert!(
            COUNTRIES
                .iter()
                .all(|(code, fewest, most)| code.len() <= LONGEST_CODE && fewest <= most)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_french_number_is_masked_however_it_is_written(zone in prop::sample::select(vec![1, 2, 3, 4, 5, 6, 7, 9]), rest in 0..100_000_000_u32, border in prop::sample::select(vec![" ", ".", "-", "", "\u{a0}"])) {
            let digits = format!("{rest:08}");
            let pairs: Vec<&str> = (0..4).map(|pair| &digits[2 * pair..2 * pair + 2]).collect();
            let rest = pairs.join(border);
            for number in [format!("0{zone}{border}{rest}"), format!("+33{border}{zone}{border}{rest}"), format!("0033 {zone}{border}{rest}")] {
                let text = format!("Appelez le {number} merci");
                prop_assert_eq!(mask(&text, &Settings::default()).text, "Appelez le [phone] merci", "{}", number);
            }
        }
    }
}
