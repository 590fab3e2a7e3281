//! Links that open something: a parameter says that its value is a secret ("token=…"), or a piece looks random. Whoever has
//! such a link is taken for the customer, so it is masked whole. Source of the parts of a link: RFC 3986.
//!
//! Links to products, pages and articles stay: they are what the customer speaks of.

use super::vocabulary::{Cue, VOCABULARY};
use super::{Clues, Detector, Kind, Span};
use memchr::memchr_iter;

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Link,
    replacement: "[link]",
    before: "",
    fewest_digits: 0,
    example: "https://example.com/reset?token=abc123",
    look_alike: "https://example.com/shop?page=3",
    find,
};

/// The fewest letters and digits of a piece nobody made up.
const FEWEST_RANDOM: usize = 20;

/// How often a random piece changes between letters and digits, at least: "lave20220615linge60cm" does so rarely.
const FEWEST_CHANGES: usize = 4;

/// Letters and digits between the hyphens of an identifier made by RFC 9562.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    let text = clues.text;
    let mut end = 0;
    for slash in memchr_iter(b'/', text.as_bytes()) {
        if slash < end {
            continue;
        }
        let Some((start, host)) = link_start(text, slash) else {
            continue;
        };
        end = link_end(text, slash);
        if is_secret(&text[host..end]) {
            spans.push(Span { start, end });
        }
    }
}

/// Where the link around the slash at byte `slash` starts, and where its host does.
fn link_start(text: &str, slash: usize) -> Option<(usize, usize)> {
    let before = &text[..slash];
    if let Some(scheme) = before.strip_suffix(':') {
        let start = scheme
            .trim_end_matches(|byte: char| byte.is_ascii_alphabetic())
            .len();
        let is_link = start < scheme.len() && text[slash..].starts_with("//");
        return is_link.then_some((start, slash + 2));
    }
    // "example.com/…": a host with a dot, and no mailbox before it.
    let host = before.trim_end_matches(|character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | ':')
    });
    let start = host.len();
    let labels = before[start..].split(':').next()?;
    let ending = labels.rsplit('.').next()?;
    let is_host = labels.len() > ending.len() + 1
        && ending.len() > 1
        && ending.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !labels.starts_with('.')
        && !host.ends_with(|character: char| {
            character.is_alphanumeric() || matches!(character, '@' | '_' | '/')
        });
    is_host.then_some((start, start))
}

/// The first byte after the link; the marks that end a sentence are not its.
fn link_end(text: &str, slash: usize) -> usize {
    let rest = &text[slash..];
    let length = rest
        .find(|character: char| {
            character.is_whitespace()
                || character.is_control()
                || matches!(
                    character,
                    '<' | '>'
                        | '"'
                        | '«'
                        | '»'
                        | '“'
                        | '”'
                        | '['
                        | ']'
                        | '{'
                        | '}'
                        | '|'
                        | '\\'
                        | '^'
                        | '`'
                )
        })
        .unwrap_or(rest.len());
    let mut link = &rest[..length];
    loop {
        let shorter =
            link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '…', '*', '_']);
        let shorter = match shorter.strip_suffix(')') {
            Some(inside) if !inside.contains('(') => inside,
            _ => shorter,
        };
        if shorter.len() == link.len() {
            return slash + link.len();
        }
        link = shorter;
    }
}

/// Whether what follows the scheme of a link lets somebody in.
fn is_secret(link: &str) -> bool {
    let (host, rest) = link.split_at(link.find(['/', '?', '#']).unwrap_or(link.len()));
    // "user:password@example.com".
    host.contains('@')
        || rest
            .split(['?', '&', ';', '#'])
            .skip(1)
            .any(is_secret_parameter)
        || has_random_piece(rest)
}

fn is_secret_parameter(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    let plain: String = name
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect();
    !value.is_empty() && VOCABULARY.is(&plain, Cue::SecretParameter)
}

/// Whether a piece between two signs has letters and digits as nobody mixes them, or is a UUID.
fn has_random_piece(link: &str) -> bool {
    let mut lengths = [0; UUID.len()];
    link.split(|character: char| !character.is_ascii_alphanumeric())
        .any(|piece| {
            lengths.rotate_left(1);
            lengths[UUID.len() - 1] = piece.len();
            lengths == UUID || is_random(piece.as_bytes())
        })
}

fn is_random(piece: &[u8]) -> bool {
    let changes = || {
        piece
            .windows(2)
            .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
    };
    piece.len() >= FEWEST_RANDOM && changes().count() >= FEWEST_CHANGES
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn links_with_a_secret_are_masked_whole() {
        check("https://example.com/reset?token=abc", "[link]");
        check("https://example.com/?page=2&Access_Token=abc&x=1", "[link]");
        check("https://example.com/#access-token=abc", "[link]");
        check("https://example.com/?email=marie@example.com&x=1", "[link]");
        check("https://marie:secret@example.com/", "[link]");
        check("voir (https://example.com/?sid=1).", "voir ([link]).");
        check("<https://example.com/?sid=1>, merci", "<[link]>, merci");
        check("www.example.com/?password=abc !", "[link] !");
        check("example.com/compte?jeton=abc", "[link]");
        check("ftp://example.com/?key=0639980042", "[link]");
    }

    #[test]
    fn links_with_a_random_piece_are_masked_whole() {
        check("https://example.com/d/1a2b3c4d5e6f7a8b9c0d1e2f", "[link]");
        check("https://example.com/x?id=Cj0KCQjw9ZGzBhCm4RIsAEW", "[link]");
        check(
            "https://example.com/o/550e8400-e29b-41d4-a716-446655440000",
            "[link]",
        );
    }

    #[test]
    fn ordinary_links_stay() {
        for kept in [
            "https://example.com/shop?page=3",
            "https://example.com/?token=",
            "https://example.com/apple-iphone-13-128gb-noir-5g.html",
            "https://example.com/dp/B08N5WRWNW",
            "https://example.com/lave20220615lingegris",
            "https://example.com/anticonstitutionnellement",
            "https://example.com/12345678901234567890123",
            "https://example.com/?email=[e-mail]",
            "example.com/produit",
            "et/ou",
            "24h/24, 7j/7",
            "token=abc",
            "//",
            "://",
            "a/b?token=c",
        ] {
            check(kept, kept);
        }
    }
}
