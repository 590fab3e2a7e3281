//! IP version 4 addresses. Source: RFC 791, four numbers of one byte; no checksum, so versions are told by what precedes.

use super::digits::Gap;
use super::{Clues, Detector, Kind, Span, char_after, is_glued_after, is_glued_before};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Ip,
    replacement: "[IP]",
    example: "192.0.2.44",
    look_alike: "192.0.2.444",
    find,
};

/// Words that announce the number of a version: packaging, not language.
const VERSIONS: [&str; 9] = [
    "v", "ver", "version", "release", "build", "firmware", "update", "maj", "ios",
];

/// How many words before the number may announce it: "version de l'appli 4.12.0.1".
const WORDS_BEFORE: usize = 4;

/// Bytes before the number that are looked at for those words.
const BYTES_BEFORE: usize = 48;

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    for first in 0..clues.groups.len().saturating_sub(3) {
        if is_address(clues, first) && !is_version(clues.text, clues.groups[first].start) {
            spans.push(clues.span(first, first + 3));
        }
    }
}

fn is_address(clues: &Clues, first: usize) -> bool {
    let bytes = clues.text.as_bytes();
    let parts = &clues.groups[first..first + 4];
    let (start, end) = (parts[0].start, parts[3].end);
    parts[1..].iter().all(|part| part.gap == Gap::Dot)
        // Only the dot: "3. 4" ends a sentence.
        && parts.windows(2).all(|pair| pair[1].start - pair[0].end == 1)
        && parts.iter().all(|part| is_byte(&bytes[part.start..part.end]))
        && !is_glued_before(clues.text, start)
        && !is_glued_after(clues.text, end)
        && !clues.text[..start].ends_with(['.', ',', '-'])
        && !is_continued(clues.text, end)
}

/// One number of an address: 0 to 255, without leading zeros.
fn is_byte(digits: &[u8]) -> bool {
    match digits {
        [_] => true,
        [b'0', ..] => false,
        [_, _] => true,
        [..] if digits.len() == 3 => digits <= b"255".as_slice(),
        _ => false,
    }
}

/// Whether what follows makes it a longer thing: `1.2.3.4.5`, `1.2.3.4-beta`.
fn is_continued(text: &str, end: usize) -> bool {
    matches!(char_after(text, end), Some('.' | '-' | ',')) && is_glued_after(text, end + 1)
}

fn is_version(text: &str, start: usize) -> bool {
    let mut from = start.saturating_sub(BYTES_BEFORE);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let words = text[from..start]
        .rsplit(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS_BEFORE);
    for word in words {
        if word.eq_ignore_ascii_case("ip") {
            return false;
        }
        if VERSIONS
            .iter()
            .any(|version| word.eq_ignore_ascii_case(version))
        {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn addresses_are_masked() {
        check("depuis 192.0.2.44, bloqué", "depuis [IP], bloqué");
        check("mon IP est 203.0.113.7.", "mon IP est [IP].");
        check("http://198.51.100.23:8080/", "http://[IP]:8080/");
        check("1.2.3.4", "[IP]");
        check("version web, IP 192.0.2.44", "version web, IP [IP]");
        check("192.0.2.44 192.0.2.45", "[IP] [IP]");
    }

    #[test]
    fn versions_and_amounts_stay() {
        for kept in [
            "v1.2.3.4",
            "v 1.2.3.4",
            "V. 1.2.3.4",
            "version 4.12.0.1",
            "Version: 4.12.0.1",
            "la version de l'appli 4.12.0.1",
            "1.2.3.4.5",
            "1.2.3.4-beta",
            "192.0.2.444",
            "1.000.000.000",
            "01.02.03.04",
            "1.2.3",
            "12.05.2024",
            "1. 2. 3. 4",
            "a1.2.3.4",
        ] {
            check(kept, kept);
        }
    }
}
