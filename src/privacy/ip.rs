//! IP addresses. Sources: RFC 791, version 4, four numbers of one byte; no checksum, so versions are told by what precedes.
//! RFC 4291, version 6, eight groups of two bytes, a run of zeros left out; three groups at least, as `a::b` is code.

use super::digits::Gap;
use super::{Clues, Detector, Kind, Span, char_after, is_glued_after, is_glued_before};
use std::net::Ipv6Addr;

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Ip,
    replacement: "[IP]",
    before: "",
    fewest_digits: 2,
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

/// The fewest groups of version 6 that are written out.
const FEWEST_GROUPS: usize = 3;

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    for first in 0..clues.groups.len().saturating_sub(3) {
        if is_address(clues, first) && !is_version(clues.text, clues.groups[first].start) {
            spans.push(clues.span(first, first + 3));
        }
    }
    let mut end = 0;
    for group in &clues.groups {
        if group.start >= end {
            let run = six_run(clues.text, group.start, group.end);
            end = run.end;
            spans.extend(six(clues.text, run));
        }
    }
}

/// The longest run of what version 6 is written with around the digits `start..end`.
fn six_run(text: &str, start: usize, end: usize) -> Span {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let before = bytes[..start].iter().rev().take_while(|byte| is_part(byte));
    let after = bytes[end..].iter().take_while(|byte| is_part(byte));
    Span {
        start: start - before.count(),
        end: end + after.count(),
    }
}

/// The address of version 6 that a run is, the end of a sentence apart.
fn six(text: &str, run: Span) -> Option<Span> {
    let written = &text[run.start..run.end];
    if written.bytes().filter(|byte| *byte == b':').count() < 2 {
        return None;
    }
    let written = written.trim_end_matches('.');
    let end = run.start + written.len();
    let written = match written.strip_suffix(':') {
        Some(shorter) if !shorter.ends_with(':') => shorter,
        _ => written,
    };
    let is_address = written.parse::<Ipv6Addr>().is_ok()
        && written
            .split([':', '.'])
            .filter(|group| !group.is_empty())
            .count()
            >= FEWEST_GROUPS
        && !is_glued_before(text, run.start)
        && !is_glued_after(text, end);
    is_address.then_some(Span {
        start: run.start,
        end: run.start + written.len(),
    })
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
    fn addresses_of_version_6_are_masked() {
        check("2001:db8::1", "[IP]");
        check("2001:0db8:0000:0000:0000:ff00:0042:8329", "[IP]");
        check("depuis 2001:DB8:0:0:8:800:200C:417A.", "depuis [IP].");
        check(
            "IP : 2001:db8:85a3::8a2e:370:7334: bloquée",
            "IP : [IP]: bloquée",
        );
        check("http://[2001:db8::1]:8080/", "http://[[IP]]:8080/");
        check("::ffff:192.0.2.1", "[IP]");
        check("fe80::1:2/64", "[IP]/64");
    }

    #[test]
    fn times_and_code_stay() {
        for kept in [
            "10:30:45",
            "2024-01-02T10:30:45",
            "1:2:3:4:5",
            "a::b",
            "a::1",
            "std::net::a1",
            "00:1a:2b:3c:4d:5e",
            "de 9h:: 10",
            "x2001:db8::1",
            "2001:db8::1::2",
        ] {
            check(kept, kept);
        }
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
