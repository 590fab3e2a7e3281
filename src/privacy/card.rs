//! Payment card numbers. Source: ISO/IEC 7812-1, first digits by network and the Luhn check digit of its annex B.

use super::digits::luhn;
use super::{Clues, Detector, Kind, Span, is_glued_after, is_glued_before};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Card,
    replacement: "[card]",
    before: "",
    fewest_digits: 13,
    example: "4970 1012 3456 7893",
    look_alike: "4970 1012 3456 7890",
    find,
};

/// How cards are printed, in digits per group. Longest first: a security code may follow a card.
const SHAPES: [&[usize]; 9] = [
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[19],
    &[16],
    &[15],
    &[14],
    &[13],
];

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    let mut first = 0;
    while first < clues.groups.len() {
        match card_at(clues, first) {
            Some(count) => {
                spans.push(clues.span(first, first + count - 1));
                first += count;
            }
            None => first += 1,
        }
    }
}

/// How many groups the card that starts with this group has.
fn card_at(clues: &Clues, first: usize) -> Option<usize> {
    if !matches!(clues.groups[first].len(), 4 | 13..=16 | 19)
        || is_glued_before(clues.text, clues.groups[first].start)
    {
        return None;
    }
    SHAPES.iter().find_map(|shape| {
        let digits = clues.digits_of_shape(first, shape)?;
        let end = clues.groups[first + shape.len() - 1].end;
        let is_card = is_issued(&digits) && luhn(&digits) && !is_glued_after(clues.text, end);
        is_card.then_some(shape.len())
    })
}

/// Whether a network issues cards that start so and are this long.
///
/// Networks that print 12 to 19 digits are read at their usual lengths only: identifiers of 17 and 18 digits abound,
/// and one in ten passes the Luhn check.
fn is_issued(digits: &[u8]) -> bool {
    let start = digits[..4]
        .iter()
        .fold(0, |start, digit| start * 10 + u32::from(*digit));
    match (start, digits.len()) {
        // Visa.
        (4000..=4999, 13 | 16 | 19) => true,
        // Mastercard.
        (5100..=5599 | 2221..=2720, 16) => true,
        // American Express.
        (3400..=3499 | 3700..=3799, 15) => true,
        // Diners Club.
        (3000..=3059 | 3095 | 3600..=3699 | 3800..=3999, 14 | 16) => true,
        // JCB.
        (3528..=3589, 16) => true,
        // Discover, Maestro, and UnionPay, which alone prints 19 digits.
        (6200..=6299, 16 | 19) => true,
        (5000..=5099 | 5600..=5899 | 6000..=6999, 16) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::privacy::digits::luhn;
    use crate::privacy::{Settings, mask};
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn cards_are_masked_however_they_are_grouped() {
        check("ma carte 4111111111111111.", "ma carte [card].");
        check("4111 1111 1111 1111", "[card]");
        check("4111-1111-1111-1111", "[card]");
        check("4111.1111.1111.1111", "[card]");
        check("4111\u{a0}1111\u{a0}1111\u{a0}1111", "[card]");
        check("5555 5555 5555 4444", "[card]");
        check("2223 0031 2200 3222", "[card]");
        check("6011 1111 1111 1117", "[card]");
        check("3782 822463 10005", "[card]");
        check("378282246310005", "[card]");
        check("3056 930902 5904", "[card]");
        check("3530111333300000", "[card]");
        check("4222222222222", "[card]");
        check("6759 6498 2643 8453", "[card]");
    }

    #[test]
    fn what_surrounds_a_card_stays() {
        check("4111 1111 1111 1111 12/27 123", "[card] 12/27 123");
        check("4111 1111 1111 1111 123", "[card] 123");
        check("(4111111111111111)", "([card])");
        check("n° 12 4111 1111 1111 1111", "n° 12 [card]");
        check("4111111111111111,5555555555554444", "[card],[card]");
    }

    #[test]
    fn other_long_numbers_stay() {
        for kept in [
            "4111 1111 1111 1112",
            "commande 4111111111111112",
            "9111111111111111",
            "1704067200000",
            "3017620422003",
            "41111111111111111",
            "CMD4111111111111111",
            "4111111111111111X",
            "4 111 111 111 111 111",
            "552100000000000003",
        ] {
            check(kept, kept);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_card_with_a_right_check_digit_is_masked(
            network in prop::sample::select(vec![("4", 16), ("51", 16), ("2221", 16), ("37", 15), ("6011", 16), ("3530", 16)]),
            account in "[0-9]{16}",
            border in prop::sample::select(vec!["", " ", "-", "\u{a0}"]),
        ) {
            let (start, length) = network;
            let mut digits: Vec<u8> = format!("{start}{account}").bytes().take(length - 1).map(|digit| digit - b'0').collect();
            digits.push(0);
            let check = (0..10).find(|check| {
                digits[length - 1] = *check;
                luhn(&digits)
            });
            prop_assert!(check.is_some());
            let number: String = digits.iter().map(u8::to_string).collect();
            let groups: Vec<&str> = match length {
                15 => vec![&number[..4], &number[4..10], &number[10..]],
                _ => vec![&number[..4], &number[4..8], &number[8..12], &number[12..]],
            };
            check_card(&groups.join(border))?;
        }
    }

    fn check_card(number: &str) -> Result<(), TestCaseError> {
        let text = format!("Ma carte : {number} merci");
        let masked = mask(&text, &Settings::default()).text;
        // Fifteen digits may by chance be a right NIR too.
        let is_masked =
            ["[card]", "[NIR]"].map(|mask| masked == format!("Ma carte : {mask} merci"));
        prop_assert!(is_masked.contains(&true), "{masked}");
        Ok(())
    }
}
