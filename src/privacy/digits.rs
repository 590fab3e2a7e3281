//! The groups of digits of a text and what stands between them: the ground every numbered kind is searched on.

use super::{Clues, Span};

/// What stands between a group of digits and the one before it.
///
/// One mark, with a space before or after it at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Anything else, a line break included: the groups do not belong together.
    Far,
    /// One or two spaces of any width.
    Space,
    Dot,
    /// A hyphen or dash of any width.
    Hyphen,
    Slash,
    /// An opening parenthesis, as in `+33 (0)6`.
    Open,
    /// A closing parenthesis.
    Close,
}

/// Digits that follow each other, as bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub start: usize,
    pub end: usize,
    /// What stands before it; far for the first.
    pub gap: Gap,
}

impl Group {
    /// How many digits.
    pub fn len(&self) -> usize {
        self.end - self.start
    }
}

/// The fewest digits that can be personal data: "3 rue Foch".
const FEWEST: usize = 1;

/// Room for the groups of most texts.
const USUAL_GROUPS: usize = 8;

/// Bytes looked at together; a compiler turns a chunk into one or two vector instructions.
const CHUNK: usize = 32;

/// The groups of ASCII digits of a text, in its order; none when the text has too few digits for any kind.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let bytes = text.as_bytes();
    let count = count(bytes);
    if count < FEWEST {
        return Vec::new();
    }
    let mut groups: Vec<Group> = Vec::with_capacity(count.min(USUAL_GROUPS));
    let mut at = 0;
    while let Some(start) = next_digit(bytes, at) {
        let end = bytes[start..]
            .iter()
            .position(|byte| !byte.is_ascii_digit())
            .map_or(bytes.len(), |length| start + length);
        let gap = groups
            .last()
            .map_or(Gap::Far, |last| gap(&text[last.end..start]));
        groups.push(Group { start, end, gap });
        at = end;
    }
    groups
}

/// How many ASCII digits.
pub(super) fn count(bytes: &[u8]) -> usize {
    // Counted in bytes first, so that the compiler can add a whole chunk at once; a chunk cannot overflow a byte.
    bytes
        .chunks(CHUNK)
        .map(|chunk| {
            usize::from(
                chunk
                    .iter()
                    .map(|byte| u8::from(byte.is_ascii_digit()))
                    .sum::<u8>(),
            )
        })
        .sum()
}

fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    let mut start = from;
    for chunk in bytes[from..].chunks(CHUNK) {
        if chunk
            .iter()
            .fold(false, |found, byte| found | byte.is_ascii_digit())
        {
            let inside = chunk.iter().position(u8::is_ascii_digit);
            return inside.map(|inside| start + inside);
        }
        start += chunk.len();
    }
    None
}

fn gap(between: &str) -> Gap {
    // Longer than three characters of three bytes each: no gap.
    if between.len() > 9 {
        return Gap::Far;
    }
    let mut spaces = 0;
    let mut mark = None;
    for character in between.chars() {
        let here = match character {
            space if is_space(space) => {
                spaces += 1;
                continue;
            }
            '.' => Gap::Dot,
            '/' => Gap::Slash,
            '(' => Gap::Open,
            ')' => Gap::Close,
            hyphen if is_hyphen(hyphen) => Gap::Hyphen,
            _ => return Gap::Far,
        };
        mark = match (mark, here) {
            (None, here) => Some(here),
            // `(0)-6` and `33-(0)`: the parenthesis is what counts.
            (Some(Gap::Close), Gap::Hyphen | Gap::Dot | Gap::Slash) => Some(Gap::Close),
            (Some(Gap::Hyphen | Gap::Dot | Gap::Slash), Gap::Open) => Some(Gap::Open),
            _ => return Gap::Far,
        };
    }
    if spaces > 2 {
        return Gap::Far;
    }
    mark.unwrap_or(Gap::Space)
}

/// Whether a character is a space that stands inside numbers: plain, no-break, figure, thin.
pub(super) fn is_space(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}'
    )
}

/// Whether a character is a hyphen that stands inside numbers.
pub(super) fn is_hyphen(character: char) -> bool {
    matches!(
        character,
        '-' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}'
    )
}

/// Whether a character may stand alone inside an account or security number.
pub(super) fn is_separator(character: char) -> bool {
    is_space(character) || is_hyphen(character) || character == '.'
}

/// The check of ISO/IEC 7812-1: doubling every second digit from the right, the sum of all digits is a multiple of ten.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit) * 2) {
            (0, double) => double / 2,
            (_, double) => double / 10 + double % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether fourteen digits are a day and a time: 20240102030405.
pub(super) fn is_timestamp(digits: &[u8]) -> bool {
    let pair = |at: usize| digits[at] * 10 + digits[at + 1];
    matches!(pair(0), 19 | 20)
        && matches!(pair(4), 1..=12)
        && matches!(pair(6), 1..=31)
        && pair(8) < 24
        && pair(10) < 60
        && pair(12) < 60
}

impl Clues<'_> {
    /// The digits of the groups `first..` that hold `lengths` digits each; none if the groups are of other lengths or
    /// do not belong together.
    pub(super) fn digits_of_shape(&self, first: usize, lengths: &[usize]) -> Option<Vec<u8>> {
        let groups = self.groups.get(first..first + lengths.len())?;
        let is_shape = groups
            .iter()
            .zip(lengths)
            .all(|(group, length)| group.len() == *length)
            && groups[1..].iter().all(|group| group.gap != Gap::Far);
        is_shape.then(|| groups.iter().flat_map(|group| self.values(group)).collect())
    }

    /// The digits of a group, each 0 to 9.
    pub(super) fn values(&self, group: &Group) -> impl Iterator<Item = u8> {
        self.text.as_bytes()[group.start..group.end]
            .iter()
            .map(|byte| byte - b'0')
    }

    /// From the first byte of one group to the last of another.
    pub(super) fn span(&self, first: usize, last: usize) -> Span {
        Span {
            start: self.groups[first].start,
            end: self.groups[last].end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Gap)]) {
        let found = groups(text);
        let found: Vec<(&str, Gap)> = found
            .iter()
            .map(|group| (&text[group.start..group.end], group.gap))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn groups_say_what_stands_between_them() {
        check("", &[]);
        check("trois jours", &[]);
        check("3 jours, 25", &[("3", Gap::Far), ("25", Gap::Far)]);
        check("06 39", &[("06", Gap::Far), ("39", Gap::Space)]);
        check("06\u{202f}39", &[("06", Gap::Far), ("39", Gap::Space)]);
        check("06 - 39", &[("06", Gap::Far), ("39", Gap::Hyphen)]);
        check("06\u{2011}39", &[("06", Gap::Far), ("39", Gap::Hyphen)]);
        check("06. 39", &[("06", Gap::Far), ("39", Gap::Dot)]);
        check("06.. 39", &[("06", Gap::Far), ("39", Gap::Far)]);
        check("06\n39", &[("06", Gap::Far), ("39", Gap::Far)]);
        check("06:39", &[("06", Gap::Far), ("39", Gap::Far)]);
        check(
            "33 (0)61",
            &[("33", Gap::Far), ("0", Gap::Open), ("61", Gap::Close)],
        );
        check(
            "33-(0)-61",
            &[("33", Gap::Far), ("0", Gap::Open), ("61", Gap::Close)],
        );
    }

    #[test]
    fn digits_far_into_a_text_are_found() {
        let text = format!("{}1234", "é".repeat(100));
        check(&text, &[("1234", Gap::Far)]);
    }
}
