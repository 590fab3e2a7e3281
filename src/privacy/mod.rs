//! Personal data masked: names where a letter puts them, postal and e-mail addresses, phone numbers, IBANs, payment cards,
//! French NIRs, numbers of companies, plates of vehicles, IP addresses, links that open something, and the order numbers
//! a user describes.
//!
//! Nothing after this room sees what it masks. Masking twice changes nothing: `mask(mask(x)) = mask(x)`.
//! A number is masked for its shape *and* its checksum where the kind has one; look-alikes (prices, dates, order
//! numbers, versions) stay. Names are found beside a greeting, a title, an introduction or a closing; elsewhere inside a
//! sentence they are not looked for. A column that holds a name is masked whole, see [`mask_json`].

mod address;
mod card;
mod columns;
mod digits;
mod email;
mod iban;
mod identity;
mod ip;
mod json;
mod key;
mod link;
mod name;
mod nir;
mod order;
mod phone;
mod plate;
mod siren;
mod siret;
mod vat;
mod vocabulary;

pub use identity::{Identity, identity};
pub use json::{mask_json, without_value};
pub use key::Key;
pub use order::Pattern;

use digits::Group;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What turns masking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Whether personal data is masked; true unless someone says otherwise. False stores every word as it came.
    pub enabled: bool,
    /// What order numbers look like, as regular expressions; none by default. Everything they match is masked.
    pub order_numbers: Vec<Pattern>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            enabled: true,
            order_numbers: Vec::new(),
        }
    }
}

/// What kind of personal data was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An e-mail address, plain or spelled out.
    Email,
    /// An international bank account number.
    Iban,
    /// A French social security number.
    Nir,
    /// The number of a payment card.
    Card,
    /// A phone number.
    Phone,
    /// An IP address of version 4 or 6.
    Ip,
    /// A link that opens something for whoever has it.
    Link,
    /// An order number, as the user describes it.
    Order,
    /// A French intra-EU VAT number.
    Vat,
    /// The number of a French establishment.
    Siret,
    /// The number of a French company.
    Siren,
    /// The plate of a vehicle.
    Plate,
    /// A postal address, a box of the post or a British postcode.
    Address,
    /// The name of a person.
    Name,
}

/// One kind of personal data: how it is found and what is written in its place.
pub struct Detector {
    /// The kind found.
    pub kind: Kind,
    /// Written in place of what was found; holds nothing any detector finds.
    pub replacement: &'static str,
    /// What must stand before a value for it to be found; empty for most kinds.
    pub before: &'static str,
    /// An invented value that is masked whole.
    pub example: &'static str,
    /// An invented value close to `example` that is kept.
    pub look_alike: &'static str,
    /// Digits a text must have for one to be in it: most texts have too few for most kinds.
    fewest_digits: usize,
    find: fn(&Clues, &mut Vec<Span>),
}

/// Every kind that is masked. Where two claim the same bytes the first in the table has them: what the user describes
/// and links go whole, then kinds with a checksum come before kinds known by their shape alone, and those before kinds
/// known by words.
pub static ALL: [Detector; 14] = [
    order::DETECTOR,
    link::DETECTOR,
    email::DETECTOR,
    iban::DETECTOR,
    vat::DETECTOR,
    nir::DETECTOR,
    siret::DETECTOR,
    card::DETECTOR,
    siren::DETECTOR,
    phone::DETECTOR,
    ip::DETECTOR,
    plate::DETECTOR,
    address::DETECTOR,
    name::DETECTOR,
];

/// Something that was masked. Holds no personal data: only what it was and where its replacement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it was.
    pub kind: Kind,
    /// First byte of the replacement in the masked text.
    pub start: usize,
    /// First byte after the replacement in the masked text.
    pub end: usize,
}

/// A text without the personal data that could be recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked<'a> {
    /// The text; borrowed when nothing had to be masked.
    pub text: Cow<'a, str>,
    /// What was masked, in the order of the text.
    pub found: Vec<Finding>,
}

/// Masks the personal data of a text.
///
/// Empty text, and any text when masking is off, comes back as it is. Takes a time proportional to the length of the
/// text; a text without `@` and with few digits is only skimmed.
pub fn mask<'a>(text: &'a str, settings: &Settings) -> Masked<'a> {
    if settings.enabled {
        mask_kinds(text, settings, |_| true)
    } else {
        Masked {
            text: Cow::Borrowed(text),
            found: Vec::new(),
        }
    }
}

/// What detectors look at.
struct Clues<'a> {
    text: &'a str,
    /// The groups of digits of `text`.
    groups: Vec<Group>,
    order_numbers: &'a [Pattern],
}

/// Bytes of a text, from the first to the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    start: usize,
    end: usize,
}

/// Masks only the kinds that are wanted.
///
/// Repeated until nothing is found: a replacement can part two numbers that hid each other, and the result must not
/// change when it is masked again. No detector finds part of a replacement, so every round leaves fewer letters and signs
/// outside of replacements, and there is a last one.
fn mask_kinds<'a>(text: &'a str, settings: &Settings, wanted: impl Fn(Kind) -> bool) -> Masked<'a> {
    let mut masked = Masked {
        text: Cow::Borrowed(text),
        found: Vec::new(),
    };
    loop {
        let hits = hits(&masked.text, &settings.order_numbers, &wanted);
        if hits.is_empty() {
            return masked;
        }
        masked = replace(&masked, &hits);
    }
}

/// What the detectors find in a text: in its order, never overlapping.
fn hits(
    text: &str,
    order_numbers: &[Pattern],
    wanted: impl Fn(Kind) -> bool,
) -> Vec<(Span, &'static Detector)> {
    let clues = Clues {
        text,
        groups: digits::groups(text),
        order_numbers,
    };
    let digits: usize = clues.groups.iter().map(Group::len).sum();
    let mut hits: Vec<(Span, &'static Detector)> = Vec::new();
    let mut spans = Vec::new();
    for detector in &ALL {
        if detector.fewest_digits > digits || !wanted(detector.kind) {
            continue;
        }
        (detector.find)(&clues, &mut spans);
        if spans.is_empty() {
            continue;
        }
        spans.sort_unstable();
        let taken = hits.len();
        for span in spans.drain(..) {
            let next = hits[..taken].partition_point(|(hit, _)| hit.end <= span.start);
            let is_free = hits[..taken]
                .get(next)
                .is_none_or(|(hit, _)| span.end <= hit.start);
            // A detector may offer two readings of one place; the first in the text wins.
            let is_after =
                hits.len() == taken || hits.last().is_some_and(|(hit, _)| hit.end <= span.start);
            if is_free && is_after {
                hits.push((span, detector));
            }
        }
        hits.sort_unstable_by_key(|(span, _)| *span);
    }
    hits
}

/// Writes the replacements, and moves what was found before to where it now stands.
fn replace<'a>(masked: &Masked<'a>, hits: &[(Span, &'static Detector)]) -> Masked<'a> {
    let mut text = String::with_capacity(masked.text.len());
    let mut found = Vec::with_capacity(masked.found.len() + hits.len());
    let mut earlier = masked.found.iter().peekable();
    let mut copied = 0;
    for (span, detector) in hits {
        while let Some(finding) = earlier.next_if(|finding| finding.start < span.start) {
            found.push(moved(finding, copied, text.len()));
        }
        text.push_str(&masked.text[copied..span.start]);
        let start = text.len();
        text.push_str(detector.replacement);
        found.push(Finding {
            kind: detector.kind,
            start,
            end: text.len(),
        });
        copied = span.end;
    }
    found.extend(earlier.map(|finding| moved(finding, copied, text.len())));
    text.push_str(&masked.text[copied..]);
    Masked {
        text: Cow::Owned(text),
        found,
    }
}

/// A finding after byte `from` of the old text has become byte `to` of the new.
fn moved(finding: &Finding, from: usize, to: usize) -> Finding {
    Finding {
        start: finding.start - from + to,
        end: finding.end - from + to,
        ..*finding
    }
}

/// The character that ends at byte `at`.
fn char_before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character that starts at byte `at`.
fn char_after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Whether a letter, digit or underscore ends at byte `at`: a number starting there is part of a longer name.
fn is_glued_before(text: &str, at: usize) -> bool {
    char_before(text, at).is_some_and(is_word)
}

/// Whether a letter, digit or underscore starts at byte `at`.
fn is_glued_after(text: &str, at: usize) -> bool {
    char_after(text, at).is_some_and(is_word)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn off() -> Settings {
        Settings {
            enabled: false,
            ..Settings::default()
        }
    }

    fn masked(text: &str) -> Masked<'_> {
        mask(text, &Settings::default())
    }

    #[test]
    fn every_kind_masks_its_example_and_keeps_its_look_alike() {
        let settings = Settings {
            order_numbers: vec!["CMD-[0-9]{4}-[0-9]{6}".parse().unwrap()],
            ..Settings::default()
        };
        for detector in &ALL {
            let check = |text: &str, expected: &str, count: usize| {
                let (text, expected) = [text, expected]
                    .map(|text| format!("{}{text}", detector.before))
                    .into();
                let found = mask(&text, &settings);
                assert_eq!(found.text, expected);
                assert_eq!(found.found.len(), count, "{text}");
                assert!(
                    found
                        .found
                        .iter()
                        .all(|finding| finding.kind == detector.kind)
                );
            };
            check(detector.example, detector.replacement, 1);
            check(
                &format!("{} après", detector.example),
                &format!("{} après", detector.replacement),
                1,
            );
            check(detector.look_alike, detector.look_alike, 0);
            check(detector.replacement, detector.replacement, 0);
            let sentence = format!("avant {}{} après", detector.before, detector.example);
            assert_eq!(
                mask(&sentence, &settings).text,
                format!("avant {}{} après", detector.before, detector.replacement)
            );
        }
    }

    #[test]
    fn findings_point_at_their_replacements() {
        let found = masked("é 06 39 98 00 42, marie@example.com (192.0.2.44)");
        assert_eq!(found.text, "é [phone], [e-mail] ([IP])");
        let kinds: Vec<(Kind, &str)> = found
            .found
            .iter()
            .map(|finding| (finding.kind, &found.text[finding.start..finding.end]))
            .collect();
        assert_eq!(
            kinds,
            [
                (Kind::Phone, "[phone]"),
                (Kind::Email, "[e-mail]"),
                (Kind::Ip, "[IP]")
            ]
        );
    }

    #[test]
    fn text_without_personal_data_is_borrowed() {
        for kept in [
            "",
            "Livraison rapide.",
            "3 jours, 49,90 €, 12/05/2024 à 14:30",
            "Bonjour, TV 4K à 75000 euros, commande 4111111111111112",
            "Votre appli 4.12.0 plante depuis 2024. Saint-Martin, rue de Rivoli",
            "@",
            "[phone] [e-mail]",
        ] {
            let found = masked(kept);
            assert!(matches!(found.text, Cow::Borrowed(text) if text == kept));
            assert!(found.found.is_empty());
        }
    }

    #[test]
    fn nothing_is_masked_when_masking_is_off() {
        let text = "06 39 98 00 42";
        assert_eq!(mask(text, &off()).text, text);
    }

    #[test]
    fn settings_refuse_unknown_keys_and_default_to_masking() {
        let read = |json: &str| serde_json::from_str::<Settings>(json).ok();
        assert_eq!(read("{}"), Some(Settings::default()));
        assert!(Settings::default().enabled);
        assert_eq!(read(r#"{"enabled":false}"#), Some(off()));
        assert_eq!(read(r#"{"enable":false}"#), None);
    }

    /// Pieces that meet in unlucky ways.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("06 39 98 00 42"),
            Just("0639980042"),
            Just("06.39.98.00.42"),
            Just("06-39-98-00-42"),
            Just("+33 (0)6"),
            Just("07700 900123"),
            Just("4111 1111 1111 1111"),
            Just("FR76 3000 6000 0112 3456 7890 189"),
            Just("2 55 08 14 168 025 38"),
            Just("192.0.2.44"),
            Just("marie@example.com"),
            Just("marie.d at example dot com"),
            Just("303 265 045 00003"),
            Just("30326504500003"),
            Just("siren 303265045"),
            Just("FR 40 303 265 045"),
            Just("AB-123-CD"),
            Just("AB 123 CD"),
            Just("AB12 CDE"),
            Just("plaque 12 AB 75"),
            Just("12 bis rue de la République, 69002 Lyon"),
            Just("12 rue "),
            Just("221B Baker Street, London NW1 6XE"),
            Just("High St"),
            Just("BP 123"),
            Just("2001:db8::1"),
            Just("https://example.com/?token=abc"),
            Just("https://example.com/"),
            Just("Bonjour Sophie,"),
            Just("Mme Durand"),
            Just("Bonjour "),
            Just("M. "),
            Just("Marie D."),
            Just("Cordialement,\n"),
            Just("je m'appelle "),
            Just("[name]"),
            Just("[phone]"),
            Just("[e-mail]"),
            Just("[at]"),
            Just(" at "),
            Just(" at"),
            Just("arob"),
            Just("+(33"),
            Just("\0"),
            Just("de 20 "),
            Just("1 85 05 2A"),
            Just(" arobase "),
            Just(" point "),
            Just("gmail.com"),
            Just("version"),
            Just("@"),
            Just(" "),
            Just("."),
            Just("-"),
            Just("/"),
            Just("("),
            Just(")"),
            Just("+"),
            Just("0"),
            Just("06"),
            Just("2A"),
            Just("39"),
            Just("980"),
            Just("é"),
            Just("e\u{301}"),
            Just("\u{202f}"),
            Just("\u{2011}"),
            Just("\n"),
            Just("a"),
            Just("😀"),
        ];
        prop_oneof![
            prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat()),
            "\\PC*",
            "[at .]{0,80}",
            "[0-9 ./()+@a-zé-]{0,60}",
        ]
    }

    /// A plain reading of what an e-mail address is, apart from the detector's.
    fn has_email(text: &str) -> bool {
        text.match_indices('@').any(|(at, _)| {
            let is_name = text[..at].ends_with(|character: char| character.is_ascii_alphanumeric());
            let domain: &str = text[at + 1..]
                .split(|character: char| !character.is_ascii_alphanumeric() && character != '.')
                .next()
                .expect("a split has a first part");
            let mut labels = domain.split('.');
            let first = labels.next().is_some_and(|label| !label.is_empty());
            let second = labels.next().is_some_and(|label| {
                label.len() > 1 && label.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
            let is_cut =
                text[at + 1 + domain.len()..].starts_with(|character: char| !character.is_ascii());
            is_name && first && second && !is_cut
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn masking_twice_changes_nothing(text in texts()) {
            let once = masked(&text).text.into_owned();
            let twice = masked(&once);
            prop_assert_eq!(twice.text.as_ref(), once.as_str());
            prop_assert!(twice.found.is_empty());
        }

        #[test]
        fn findings_are_ordered_and_slice_replacements(text in texts()) {
            let found = masked(&text);
            let mut end = 0;
            for finding in &found.found {
                prop_assert!(finding.start >= end);
                end = finding.end;
                let detector = ALL.iter().find(|detector| detector.kind == finding.kind).expect("every kind has a row");
                prop_assert_eq!(&found.text[finding.start..finding.end], detector.replacement);
            }
        }

        #[test]
        fn no_address_is_left(text in texts()) {
            prop_assert!(!has_email(&masked(&text).text), "{}", masked(&text).text);
        }
    }
}
