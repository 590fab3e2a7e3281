//! E-mail addresses. Source: RFC 5322 section 3.4.1, kept to the letters, digits and marks that mailboxes use;
//! a domain has a dot and ends with letters. No checksum exists.
//!
//! Addresses spelled out (`marie [at] example [dot] com`) are taken where nothing else can be meant: "at" alone needs
//! a dot spelled out or a mail provider after it, and a name before it that is no plain word.

use super::{Clues, Detector, Kind, Span};
use memchr::{memchr_iter, memchr2_iter};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Email,
    replacement: "[e-mail]",
    before: "",
    fewest_digits: 0,
    example: "marie.durand@example.com",
    look_alike: "@marie.durand",
    find,
};

/// Ends of the domains people spell out; none of them is also a word of a sentence about dots.
const ENDINGS: [&str; 18] = [
    "com", "net", "org", "fr", "eu", "uk", "info", "biz", "ca", "ch", "de", "es", "lu", "nl", "pt",
    "ie", "re", "edu",
];

/// Domains that only hold mailboxes: after "at" nothing but an address can be meant.
const PROVIDERS: [&str; 32] = [
    "aol.com",
    "bbox.fr",
    "btinternet.com",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.fr",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "live.co.uk",
    "live.com",
    "live.fr",
    "mac.com",
    "me.com",
    "msn.com",
    "neuf.fr",
    "numericable.fr",
    "orange.fr",
    "outlook.com",
    "outlook.fr",
    "proton.me",
    "protonmail.com",
    "sfr.fr",
    "wanadoo.fr",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.fr",
    "ymail.com",
];

/// Signs between name and domain that mean nothing else; searched without regard to ASCII case.
const SPELLED_AT: [&str; 10] = [
    "[at]",
    "(at)",
    "[ at ]",
    "( at )",
    "[@]",
    "(@)",
    "[arobase]",
    "(arobase)",
    "[a]",
    "(arobas)",
];

/// Words between name and domain that mean nothing else; the longer first.
const WORDS_FOR_AT: [&str; 2] = ["arobase", "arobas"];

/// Signs between the labels of a domain that mean nothing else.
const SPELLED_DOT: [&str; 8] = [
    "[dot]", "(dot)", "[point]", "(point)", "[.]", "(.)", "[ dot ]", "( dot )",
];

/// Words for a dot: taken only before one of [`ENDINGS`], or on the way to one.
const WORDS_FOR_DOT: [&str; 2] = [" dot ", " point "];

/// Labels of a domain that are read when it is spelled out.
const MOST_LABELS: usize = 5;

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    let text = clues.text;
    let bytes = text.as_bytes();
    for at in memchr_iter(b'@', bytes) {
        spans.extend(around_sign(text, at));
    }
    for at in memchr2_iter(b'[', b'(', bytes) {
        if let Some(sign) = starts_with_any(&text[at..], &SPELLED_AT) {
            spans.extend(around_word(text, at, at + sign, false));
        }
    }
    for at in four_iter(bytes, b"arob") {
        if let Some(length) = starts_with_any(&text[at..], &WORDS_FOR_AT) {
            spans.extend(around_word(text, at, at + length, false));
        }
    }
    for at in four_iter(bytes, b" at ") {
        spans.extend(around_word(text, at, at + 4, true));
    }
}

/// Whether an address without `@` may be in a text: a quick no for most.
pub(super) fn may_be_spelled(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr2_iter(b'[', b'(', bytes).any(|at| starts_with_any(&text[at..], &SPELLED_AT).is_some())
        || next_four(bytes, b"arob", 0).is_some()
        || next_four(bytes, b" at ", 0).is_some()
}

/// One form of an address that was found: lower case, its signs as signs, without spaces.
pub(super) fn normal(address: &str) -> String {
    let mut normal = address.to_lowercase();
    for (signs, plain) in [
        (SPELLED_AT.as_slice(), "@"),
        (&SPELLED_DOT, "."),
        (&WORDS_FOR_DOT, "."),
    ] {
        for sign in signs {
            normal = normal.replace(sign, plain);
        }
    }
    if !normal.contains('@') {
        for word in WORDS_FOR_AT.iter().chain([&" at "]) {
            if normal.contains(word) {
                normal = normal.replacen(word, "@", 1);
                break;
            }
        }
    }
    normal.retain(|character| character != ' ');
    normal
}

/// Where four ASCII letters or spaces stand, without regard to case.
fn four_iter(bytes: &[u8], four: &[u8; 4]) -> impl Iterator<Item = usize> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = next_four(bytes, four, from)?;
        from = at + 1;
        Some(at)
    })
}

/// The first of those places from byte `from` on.
///
/// A chunk of fixed size at a time, so that a compiler compares all its places at once: every text is searched so.
fn next_four(bytes: &[u8], four: &[u8; 4], from: usize) -> Option<usize> {
    const CHUNK: usize = 32;
    // The bit that lower case has and upper case has not; a space has it.
    const LOWER: u8 = 0x20;
    let mut start = from;
    while start + four.len() <= bytes.len() {
        let rest = &bytes[start..];
        // The last is filled up with a byte that no letter nor space becomes.
        let mut filled = [u8::MAX; CHUNK + 3];
        let window: &[u8; CHUNK + 3] = match rest.first_chunk() {
            Some(window) => window,
            None => {
                filled[..rest.len()].copy_from_slice(rest);
                &filled
            }
        };
        let mut here = [false; CHUNK];
        for (at, here) in here.iter_mut().enumerate() {
            *here = (window[at] | LOWER == four[0])
                & (window[at + 1] | LOWER == four[1])
                & (window[at + 2] | LOWER == four[2])
                & (window[at + 3] | LOWER == four[3]);
        }
        if here.iter().fold(false, |found, here| found | here) {
            return here.iter().position(|here| *here).map(|at| start + at);
        }
        start += CHUNK;
    }
    None
}

/// The address around the `@` at byte `at`.
fn around_sign(text: &str, at: usize) -> Option<Span> {
    let after = at + 1;
    let start = name_start(text, at);
    let end = domain_end(text, after);
    if start < at {
        // "marie@ example.com": a name that touches the sign is enough.
        let end = end.or_else(|| domain_end(text, after + space(text, after)?));
        return end.map(|end| Span { start, end });
    }
    // "marie @ example.com" and "marie.durand @example.com", but not "merci @example.com", which calls an account.
    let before = text[..at].strip_suffix(' ')?.len();
    let start = name_start(text, before);
    let end = match end {
        Some(end) if is_marked(&text[start..before]) => end,
        Some(_) => return None,
        None => domain_end(text, after + space(text, after)?)?,
    };
    // "49.99 @ example.com" is a price and a shop.
    let is_name = text[start..before].contains(char::is_alphabetic);
    is_name.then_some(Span { start, end })
}

/// The address around a word for `@` that takes the bytes `at..after`.
fn around_word(text: &str, at: usize, after: usize, is_ambiguous: bool) -> Option<Span> {
    let before = text[..at].strip_suffix(' ').unwrap_or(&text[..at]).len();
    let start = name_start(text, before);
    if start == before {
        return None;
    }
    let domain = spelled_domain(text, after + space(text, after).unwrap_or(0))?;
    let is_address = !is_ambiguous
        || is_marked(&text[start..before]) && (domain.is_spelled || is_provider(&domain.labels))
        || domain.is_spelled && is_provider(&domain.labels);
    is_address.then_some(Span {
        start,
        end: domain.end,
    })
}

/// One byte if a space stands at byte `at`.
fn space(text: &str, at: usize) -> Option<usize> {
    text[at..].starts_with(' ').then_some(1)
}

/// Where the name that ends at byte `end` starts; `end` when there is none.
fn name_start(text: &str, end: usize) -> usize {
    let name = text[..end].trim_end_matches(|character| is_label(character) || is_mark(character));
    // Quotes, dots and hyphens before a name are the sentence's.
    end - text[name.len()..end].trim_start_matches(is_mark).len()
}

/// Whether a name is no plain word: it has a digit, or a mark inside.
fn is_marked(name: &str) -> bool {
    name.trim_matches(is_mark)
        .chars()
        .any(|character| is_mark(character) && character != '\'' || character.is_ascii_digit())
}

/// Marks inside the name of a mailbox.
fn is_mark(character: char) -> bool {
    matches!(character, '.' | '_' | '%' | '+' | '-' | '\'')
}

/// Letters and digits; the accent of a decomposed letter too.
fn is_label(character: char) -> bool {
    character.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&character)
}

/// Where the domain that starts at byte `start` ends; `None` unless it has a dot and ends with letters.
fn domain_end(text: &str, start: usize) -> Option<usize> {
    let mut end = None;
    let mut at = start;
    let mut earlier: Option<&str> = None;
    loop {
        let label = label_at(text, at)?;
        if label.is_empty() {
            return end;
        }
        // "example.com.Merci": the next sentence, its space forgotten.
        if end.is_some() && is_capitalised(label) && !earlier.is_some_and(is_capitalised) {
            return end;
        }
        if earlier.is_some() {
            end = ending(label).map(|length| at + length).or(end);
        }
        at += label.len();
        if !text[at..].starts_with('.') {
            return end;
        }
        at += 1;
        earlier = Some(label);
    }
}

/// The longest run of letters, digits and hyphens at byte `at`; may be empty.
fn label_at(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let end = rest
        .find(|character: char| !is_label(character) && character != '-')
        .unwrap_or(rest.len());
    Some(&rest[..end])
}

/// Bytes of the ending a label starts with: two letters at least, or an international name in its ASCII form.
///
/// What follows on a letter's heels was typed without a space: "example.com-0", "example.com2".
fn ending(label: &str) -> Option<usize> {
    if label.starts_with("xn--") {
        return Some(label.trim_end_matches('-').len());
    }
    let length = label
        .find(|character: char| !is_label(character) || character.is_numeric())
        .unwrap_or(label.len());
    label[..length].chars().nth(1).map(|_| length)
}

fn is_capitalised(label: &str) -> bool {
    let mut characters = label.chars();
    characters.next().is_some_and(char::is_uppercase)
        && characters.next().is_some_and(char::is_lowercase)
}

/// A domain whose dots may be spelled out.
struct Domain<'a> {
    labels: Vec<&'a str>,
    end: usize,
    /// Whether one of the dots was spelled out.
    is_spelled: bool,
}

/// The longest domain at byte `start` that ends as domains do.
fn spelled_domain(text: &str, start: usize) -> Option<Domain<'_>> {
    let mut labels = Vec::new();
    let mut at = start;
    let mut is_spelled = false;
    let mut found: Option<(usize, usize, bool)> = None;
    let mut is_word = false;
    while labels.len() < MOST_LABELS {
        let label = label_at(text, at)?;
        if label.is_empty() {
            break;
        }
        labels.push(label);
        // A word for a dot says less than a dot: only a known ending may follow.
        let ending = if is_word {
            is_any(label, &ENDINGS).then_some(label.len())
        } else {
            ending(label)
        };
        if labels.len() > 1
            && let Some(length) = ending
        {
            found = Some((labels.len(), at + length, is_spelled));
        }
        at += label.len();
        let rest = &text[at..];
        is_word = false;
        if rest.starts_with('.') {
            at += 1;
        } else if let Some(length) = spelled_dot(rest) {
            at += length;
            is_spelled = true;
        } else if let Some(length) = starts_with_any(rest, &WORDS_FOR_DOT) {
            at += length;
            is_spelled = true;
            is_word = true;
        } else {
            break;
        }
    }
    let (count, end, is_spelled) = found?;
    labels.truncate(count);
    Some(Domain {
        labels,
        end,
        is_spelled,
    })
}

/// Bytes of the bracketed dot a text starts with, the spaces around it included.
fn spelled_dot(text: &str) -> Option<usize> {
    let before = space(text, 0).unwrap_or(0);
    let sign = before + starts_with_any(&text[before..], &SPELLED_DOT)?;
    Some(sign + space(text, sign).unwrap_or(0))
}

/// Bytes of the sign a text starts with, without regard to ASCII case.
fn starts_with_any(text: &str, signs: &[&str]) -> Option<usize> {
    signs
        .iter()
        .map(|sign| sign.len())
        .zip(signs)
        .find(|(length, sign)| {
            text.get(..*length)
                .is_some_and(|start| start.eq_ignore_ascii_case(sign))
        })
        .map(|(length, _)| length)
}

fn is_any(label: &str, table: &[&str]) -> bool {
    table.iter().any(|entry| entry.eq_ignore_ascii_case(label))
}

fn is_provider(labels: &[&str]) -> bool {
    is_any(&labels.join("."), &PROVIDERS)
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn addresses_are_masked() {
        check("marie@example.com", "[e-mail]");
        check(
            "Écrivez à marie.durand+sav@mail.example.co.uk, merci",
            "Écrivez à [e-mail], merci",
        );
        check("<marie_durand@example.fr>", "<[e-mail]>");
        check(
            "mailto:marie@example.com?subject=x",
            "mailto:[e-mail]?subject=x",
        );
        check("MARIE@EXAMPLE.COM", "[e-mail]");
        check("rémi@exémple.fr", "[e-mail]");
        check("re\u{301}mi@example.fr", "[e-mail]");
        check("'marie@example.com'", "'[e-mail]'");
        check("marie@example.com.", "[e-mail].");
        check("marie@example.com.Merci", "[e-mail].Merci");
        check("marie@example.com.2", "[e-mail].2");
        check("marie@example.com-", "[e-mail]-");
        check("marie@example.com-06", "[e-mail]-06");
        check("marie@example.com2", "[e-mail]2");
        check("marie@example.com-pagnie.fr", "[e-mail]");
        check("marie@example.com;paul@example.org", "[e-mail];[e-mail]");
        check("a@b@example.com", "a@[e-mail]");
        check("marie @ example.com", "[e-mail]");
        check("marie@ example.com", "[e-mail]");
        check("marie.durand @example.com", "[e-mail]");
        check("x@xn--exmple-cua.com", "[e-mail]");
        check(
            "https://example.com/?x=marie@example.com&y=1",
            "https://example.com/?x=[e-mail]&y=1",
        );
    }

    #[test]
    fn addresses_spelled_out_are_masked() {
        check("marie [at] example.com", "[e-mail]");
        check("marie(at)example.com", "[e-mail]");
        check("marie (AT) example (dot) com", "[e-mail]");
        check("marie[@]example[.]com", "[e-mail]");
        check("marie [at] example [dot] co [dot] uk !", "[e-mail] !");
        check("marie arobase example point fr", "[e-mail]");
        check("marie arobase example.fr", "[e-mail]");
        check("marie arobas example.fr", "[e-mail]");
        check(
            &format!("{} marie Arobase example.fr", "é".repeat(99)),
            &format!("{} [e-mail]", "é".repeat(99)),
        );
        check(
            &format!("{}marie.d At example dot com", " ".repeat(80)),
            &format!("{}[e-mail]", " ".repeat(80)),
        );
        check("marie.durand at example dot com", "[e-mail]");
        check("marie AROBASE example POINT fr.", "[e-mail].");
        check("marie at gmail dot com thanks", "[e-mail] thanks");
        check("user.name.0 at gmail.com", "[e-mail]");
    }

    #[test]
    fn what_only_looks_like_an_address_stays() {
        for kept in [
            "@marie.durand",
            "merci @example.com",
            ".@marie.fr",
            "3@2.50",
            "user@localhost",
            "a@b.c",
            "@",
            "@ @ @",
            "RDV @ 14h",
            "49.99 @ example.com",
            "I bought it at example.com",
            "I ordered at example.com. Dot.",
            "look at polka dot dresses",
            "bought at example dot com",
            "arrived at 10.30",
            "still at",
            "arob",
            "marie [at]",
            "marie arobase",
            "at home at last",
            "le point fr",
            "l'arobase (at) ne marche pas",
            "good (at) all.",
        ] {
            check(kept, kept);
        }
    }
}
