//! Postal addresses: "12 bis rue de la République, 69002 Lyon", "221B Baker Street, London NW1 6XE". Sources: AFNOR
//! NF Z10-011, Royal Mail's Postcode Address File, USPS Publication 28. No checksum exists.
//!
//! The number of a house is what makes an address: "rue de Rivoli" and "Lyon" stay, and so does "2 rue" with no name
//! after it. Where a house is found, the door, the town and the postcode after it go with it. Everyday nouns ("1 place")
//! need a capital or a postcode after them. Boxes ("BP 123") and British postcodes are masked by themselves: one postcode
//! is a dozen homes. A French one alone is a whole town, and stays.

use super::digits::{Group, is_hyphen, is_space};
use super::vocabulary::{Cue, Cues, STREETS, VOCABULARY, is_letter};
use super::{
    Clues, Detector, Kind, Span, char_after, char_before, is_glued_after, is_glued_before,
};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Address,
    replacement: "[address]",
    before: "",
    fewest_digits: 1,
    example: "12 bis rue de la République, 69002 Lyon",
    look_alike: "12 rues de Lyon, 69002 colis",
    find,
};

/// Digits of the number of a house.
const MOST_DIGITS: usize = 5;

/// Words of the name of a street or a town.
const MOST_WORDS: usize = 6;

/// Words before the end of an English street: "12 Upper St Martin's Lane".
const MOST_WORDS_BEFORE_END: usize = 4;

/// Letters of an end of a street that a dot may shorten: "Blvd."
const LONGEST_ABBREVIATION: usize = 4;

/// Digits of French and American postcodes.
const POSTCODE: usize = 5;

/// How an English street may end.
const STREET_ENDS: Cues = Cues::of(&[
    Cue::StreetEnd,
    Cue::CommonStreetEnd,
    Cue::AbbreviatedStreetEnd,
]);

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    let mut end = 0;
    for group in &clues.groups {
        if group.start < end || group.len() > MOST_DIGITS {
            continue;
        }
        if let Some(span) = address_at(clues.text, group) {
            end = span.end;
            spans.push(span);
        }
    }
}

fn address_at(text: &str, group: &Group) -> Option<Span> {
    if !is_house(text, group.start) {
        return postcode(text, group);
    }
    let end = house_end(text, group.end)
        .and_then(|house| french_street(text, house).or_else(|| english_street(text, house)));
    match end {
        Some(end) => Some(Span {
            start: group.start,
            end: with_town(text, end),
        }),
        None => post_box(text, group),
    }
}

/// Whether the digits at byte `start` are a number by themselves and no part of an amount.
fn is_house(text: &str, start: usize) -> bool {
    let is_part = text[..start]
        .strip_suffix(['.', ',', '/', ':', '-'])
        .is_some_and(|before| before.ends_with(|last: char| last.is_ascii_alphanumeric()));
    // "Lyon,12 rue Foch": a space was forgotten.
    let is_decimal = |before: &str| before.ends_with(|last: char| last.is_ascii_digit());
    let is_part = is_part && text[..start].strip_suffix(',').is_none_or(is_decimal);
    !is_part && !is_glued_before(text, start)
}

/// The end of the number of a house whose first digits end at byte `at`: "12", "12-14", "12 bis", "221B".
fn house_end(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    if let Some(rest) = text[end..].strip_prefix(['-', '/']) {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=4).contains(&digits) {
            end += 1 + digits;
        }
    }
    let tight = word_end(text, end);
    if tight > end {
        return VOCABULARY
            .is(&text[end..tight], Cue::NumberSuffix)
            .then_some(tight);
    }
    let suffix = end + 1;
    if text[end..].starts_with(' ') && VOCABULARY.may_be_suffix(&text.as_bytes()[suffix..]) {
        let suffix_end = word_end(text, suffix);
        if VOCABULARY.is(&text[suffix..suffix_end], Cue::NumberSuffix) {
            return Some(suffix_end);
        }
    }
    Some(end)
}

/// The end of a French street whose type follows byte `house`: "rue de la République".
fn french_street(text: &str, house: usize) -> Option<usize> {
    let start = after_comma(text, house)?;
    if !VOCABULARY.may_be_street(&text.as_bytes()[start..]) {
        return None;
    }
    let first = word_end(text, start);
    // "rond-point", "lieu-dit".
    let second = match char_after(text, first) {
        Some(mark) if mark == '-' || mark == ' ' => word_end(text, first + 1),
        _ => first,
    };
    let (cues, end) = [second, first]
        .map(|end| (VOCABULARY.cues(&text[start..end]), end))
        .into_iter()
        .find(|(cues, _)| cues.meet(STREETS))?;
    let is_everyday = !cues.has(Cue::StreetType) || end - start == 1;
    let end = end + usize::from(text[end..].starts_with('.'));
    let name = name(text, end, true)?;
    let is_street = !is_everyday
        || name.is_capitalised && !VOCABULARY.is(&text[name.start..name.first_end], Cue::NotAName)
        || postcode_and_town(text, name.end).is_some();
    is_street.then_some(name.end)
}

/// The name of a street or a town.
struct Name {
    /// The first word that is no particle.
    start: usize,
    first_end: usize,
    end: usize,
    /// Whether one of its words has a capital.
    is_capitalised: bool,
}

/// The name after byte `at`: capitalised words and what joins them; the first may be in lower case if `may_be_lower`.
fn name(text: &str, at: usize, may_be_lower: bool) -> Option<Name> {
    let mut found: Option<Name> = None;
    let mut at = at;
    let mut is_day = false;
    for _ in 0..MOST_WORDS * 2 {
        let Some(start) = after_joint(text, at, found.is_none()) else {
            break;
        };
        let end = word_end(text, start);
        let word = &text[start..end];
        let Some(first) = word.chars().next() else {
            break;
        };
        at = end;
        if first.is_ascii_digit() {
            // "place du 8 mai 1945", and no postcode.
            if word.len() > 4 || found.is_some() && !is_day {
                break;
            }
            if let Some(name) = &mut found {
                name.end = end;
                break;
            }
            is_day = true;
            continue;
        }
        let cues = VOCABULARY.cues(word);
        let is_capital = first.is_uppercase();
        if cues.has(Cue::StreetParticle) && !is_day && (!is_capital || end - start <= 3) {
            continue;
        }
        let is_part = match (&found, is_capital) {
            (None, true) => true,
            (None, false) => {
                may_be_lower && (is_day || end - start > 1 && !cues.has(Cue::NotAName))
            }
            (Some(_), true) => !cues.has(Cue::NotAName) && !cues.has(Cue::Greeting),
            (Some(_), false) => false,
        };
        if !is_part {
            break;
        }
        let name = found.get_or_insert(Name {
            start,
            first_end: end,
            end,
            is_capitalised: false,
        });
        name.end = end;
        name.is_capitalised |= is_capital;
    }
    found
}

/// The end of an English street whose name follows byte `house`: "Baker Street", "5th Ave".
fn english_street(text: &str, house: usize) -> Option<usize> {
    let mut at = after_comma(text, house)?;
    let mut lone = Cues::default();
    for count in 0..=MOST_WORDS_BEFORE_END {
        let end = name_word_end(text, at);
        let word = &text[at..end];
        let is_capital = word.starts_with(char::is_uppercase);
        let is_ordinal = word.starts_with(|first: char| first.is_ascii_digit())
            && word.ends_with(|last: char| last.is_ascii_alphabetic());
        if count == 0 && !is_capital && !is_ordinal {
            return None;
        }
        let cues = VOCABULARY.cues(word);
        if count > 0 && cues.meet(STREET_ENDS) && (is_capital || cues.has(Cue::StreetEnd)) {
            // "12 High St", but not "3 More Good Days Drive".
            if lone.has(Cue::NotAName) && count > 1 {
                return None;
            }
            let is_short = end - at <= LONGEST_ABBREVIATION;
            let dot = usize::from(is_short && text[end..].starts_with('.'));
            return is_whole(text, end, cues).then_some(end + dot);
        }
        if !is_capital && !is_ordinal || cues.has(Cue::Unit) {
            return None;
        }
        lone = lone.and(cues);
        at = end + usize::from(text[end..].starts_with('.'));
        if !text[at..].starts_with(' ') {
            return None;
        }
        at += 1;
    }
    None
}

/// Whether a street that ends at byte `end` is no "3 Rooms St Pancras": after a short end comes no capital, unless a
/// postcode does.
fn is_whole(text: &str, end: usize, cues: Cues) -> bool {
    let after = text[end..].strip_prefix('.').unwrap_or(&text[end..]);
    let is_continued = after
        .strip_prefix(' ')
        .is_some_and(|after| after.starts_with(char::is_uppercase));
    !cues.has(Cue::AbbreviatedStreetEnd) || !is_continued || with_town(text, end) > end
}

/// Where the address that has its street up to byte `end` ends: doors, then the town with its postcode.
fn with_town(text: &str, end: usize) -> usize {
    let mut end = end;
    while let Some(door) = door(text, end) {
        end = door;
    }
    let Some(mut at) = after_separator(text, end) else {
        return end;
    };
    if let Some(end) = postcode_and_town(text, end) {
        return end;
    }
    // "London NW1 6XE"; "Springfield, IL 62704".
    for _ in 0..3 {
        if let Some(postcode) = british_postcode_end(text, at) {
            return postcode;
        }
        if let Some(postcode) = postcode_end(text, at) {
            return postcode;
        }
        let town = capitals_end(text, at);
        match after_separator(text, town) {
            Some(next) if town > at => at = next,
            _ => return end,
        }
    }
    british_postcode_end(text, at)
        .or_else(|| postcode_end(text, at))
        .unwrap_or(end)
}

/// The end of the capitalised words at byte `at` that are no British postcode; `at` when there are none.
fn capitals_end(text: &str, at: usize) -> usize {
    let mut end = at;
    let mut next = at;
    for _ in 0..MOST_WORDS_BEFORE_END {
        let word = name_word_end(text, next);
        let is_part = word > next
            && text[next..].starts_with(char::is_uppercase)
            && british_postcode_end(text, next).is_none();
        if !is_part {
            break;
        }
        end = word;
        if !text[end..].starts_with(' ') {
            break;
        }
        next = end + 1;
    }
    end
}

/// The end of "69002 Lyon cedex 03" after byte `at` and a separator.
fn postcode_and_town(text: &str, at: usize) -> Option<usize> {
    let start = after_separator(text, at)?;
    let postcode = postcode_end(text, start)?;
    let Some(town) = name(text, postcode, true) else {
        return Some(postcode);
    };
    let mut end = town.end;
    if let Some(after) = text[end..].strip_prefix(' ') {
        let start = text.len() - after.len();
        let word = word_end(text, start);
        if VOCABULARY.is(&text[start..word], Cue::AfterTown) {
            end = word;
        }
    }
    let last = text[town.first_end..end]
        .rsplit(' ')
        .next()
        .unwrap_or_default();
    if VOCABULARY.is(last, Cue::AfterTown) && text[end..].starts_with(' ') {
        let digits = text[end + 1..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        if (1..=2).contains(&digits) {
            end += 1 + digits;
        }
    }
    Some(end)
}

/// The end of five digits at byte `at` that are no amount, four more after a hyphen included.
fn postcode_end(text: &str, at: usize) -> Option<usize> {
    let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let end = at + digits;
    if digits != POSTCODE || is_glued_after(text, end) {
        return None;
    }
    let after = text[end..].trim_start_matches(is_space);
    let next = word_end(after, 0);
    if after.starts_with(['€', '$', '£', '%']) || VOCABULARY.is(&after[..next], Cue::Unit) {
        return None;
    }
    let more = text[end..].strip_prefix('-').map_or(0, |rest| {
        rest.bytes().take_while(u8::is_ascii_digit).count()
    });
    Some(if more == 4 { end + 5 } else { end })
}

/// The end of a part of a building after byte `at`: ", Apt 4B", " bât. C".
fn door(text: &str, at: usize) -> Option<usize> {
    let start = after_separator(text, at)?;
    let word = word_end(text, start);
    if !VOCABULARY.is(&text[start..word], Cue::Door) {
        return None;
    }
    let rest = text[word..].trim_start_matches(['.', ' ', '°']);
    let number = text.len() - rest.len();
    let end = word_end(text, number);
    let is_number = (1..=5).contains(&(end - number))
        && (end - number == 1 || rest.starts_with(|first: char| first.is_ascii_digit()));
    is_number.then_some(end)
}

/// A box of the post and its town: "BP 123, 69003 Lyon cedex".
fn post_box(text: &str, group: &Group) -> Option<Span> {
    let before = text[..group.start]
        .trim_end_matches(|character| is_space(character) || matches!(character, '°' | '.' | ':'));
    if before.len() == group.start || !VOCABULARY.may_precede_box(before.as_bytes()) {
        return None;
    }
    let (start, _) = VOCABULARY.phrase_before(text, before.len(), Cues::of(&[Cue::PostBox]))?;
    let word = &text[start..before.len()];
    let is_short = word
        .chars()
        .filter(|character| is_letter(*character))
        .count()
        <= 3;
    let is_capital = !word.contains(char::is_lowercase);
    let letters = word.as_bytes()[0].to_ascii_lowercase();
    // "CS" and "TSA" have five digits; "BP 120/80" is a pressure.
    let is_number = (!is_short || letters == b'b' || group.len() == POSTCODE)
        && !is_glued_after(text, group.end)
        && !matches!(char_after(text, group.end), Some('/' | '%' | '€'));
    (is_number && (!is_short || is_capital)).then(|| Span {
        start,
        end: with_town(text, group.end),
    })
}

/// A British postcode by itself, from the digits of its first half.
fn postcode(text: &str, group: &Group) -> Option<Span> {
    let letters = text.as_bytes()[..group.start]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let start = group.start - letters;
    if !(1..=2).contains(&letters)
        || is_glued_before(text, start)
        || text[..start].ends_with(['-', '/'])
    {
        return None;
    }
    british_postcode_end(text, start).map(|end| Span { start, end })
}

/// The end of "NW1 6XE" at byte `at`: in capitals, the space included, and no "S22 5GB".
fn british_postcode_end(text: &str, at: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[at..];
    let area = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    if !(1..=2).contains(&area) || !bytes.get(area)?.is_ascii_digit() {
        return None;
    }
    let district = match bytes.get(area + 1)? {
        byte if byte.is_ascii_digit() || byte.is_ascii_uppercase() => area + 2,
        _ => area + 1,
    };
    let inward = bytes.get(district..district + 4)?;
    let is_letter = |byte: u8| byte.is_ascii_uppercase() && !b"CIKMOV".contains(&byte);
    let is_inward = inward[0] == b' '
        && inward[1].is_ascii_digit()
        && is_letter(inward[2])
        && is_letter(inward[3]);
    let end = at + district + 4;
    (is_inward
        && !is_glued_after(text, end)
        && !text[end..].starts_with('-')
        && VOCABULARY.is(&text[at..at + area], Cue::PostcodeArea)
        && !VOCABULARY.is(&text[end - 2..end], Cue::Unit))
    .then_some(end)
}

/// The end of the letters and digits at byte `at`.
fn word_end(text: &str, at: usize) -> usize {
    // Byte by byte while they are ASCII: every number of a text comes here.
    let ascii = text.as_bytes()[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let end = at + ascii;
    if text.as_bytes().get(end).is_none_or(u8::is_ascii) {
        return end;
    }
    let rest = &text[end..];
    end + rest
        .find(|character| !is_letter(character))
        .unwrap_or(rest.len())
}

/// As [`word_end`], the apostrophes and hyphens between letters included: "Martin's".
pub(super) fn name_word_end(text: &str, at: usize) -> usize {
    let mut end = word_end(text, at);
    while let Some(rest) = text[end..].strip_prefix(['\'', '’', '-']) {
        let next = text.len() - rest.len();
        let after = word_end(text, next);
        if after == next || end == at {
            break;
        }
        end = after;
    }
    end
}

/// The byte after a space, or a comma and a space, at byte `at`.
fn after_comma(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix(',').unwrap_or(&text[at..]);
    let rest = rest.strip_prefix(is_space)?;
    Some(text.len() - rest.len())
}

/// The byte after what joins two words of a name; nothing may stand at its start.
fn after_joint(text: &str, at: usize, is_start: bool) -> Option<usize> {
    let rest = &text[at..];
    let next = rest.strip_prefix(|character| {
        is_space(character) || is_hyphen(character) || matches!(character, '\'' | '’')
    });
    match next {
        Some(next) => Some(text.len() - next.len()),
        None => (is_start && char_before(text, at) == Some('.')).then_some(at),
    }
}

/// The byte after what separates the lines of an address: spaces, a comma or a dash, one line break.
fn after_separator(text: &str, at: usize) -> Option<usize> {
    let mut breaks = 0;
    let rest = text[at..].trim_start_matches(|character: char| {
        breaks += usize::from(character == '\n');
        breaks < 2
            && (is_space(character)
                || is_hyphen(character)
                || matches!(character, ',' | '\n' | '\r' | '('))
    });
    let next = text.len() - rest.len();
    (next > at && next - at <= 4).then_some(next)
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn french_addresses_are_masked() {
        check("12 bis rue de la République, 69002 Lyon", "[address]");
        check("3 av. Foch 75116 Paris", "[address]");
        check("J'habite au 12 rue des lilas.", "J'habite au [address].");
        check("12, rue Victor Hugo", "[address]");
        check("12bis rue Victor-Hugo", "[address]");
        check("12-14 rue de l'Église", "[address]");
        check("4 B boulevard Saint-Michel", "[address]");
        check("12 rue du 8 mai 1945, 69100 Villeurbanne", "[address]");
        check("1 place de la Concorde", "[address]");
        check("5 rond-point des Champs-Élysées", "[address]");
        check("12 RUE DES LILAS JE SUIS LÀ", "[address] JE SUIS LÀ");
        check(
            "12 rue Foch\n69003 Lyon cedex 03\nMerci",
            "[address]\nMerci",
        );
        check("12 rue Foch, bât. C, appt 12, 69003 Lyon", "[address]");
        check("1 place du marché 13100 Aix-en-Provence", "[address]");
        check("12 rue Foch à Lyon et le colis", "[address] et le colis");
        check("12 rue Foch Le colis", "[address] Le colis");
        check(
            "au 12 rue victor hugo 75001 paris",
            "au [address] hugo 75001 paris",
        );
    }

    #[test]
    fn boxes_are_masked() {
        check("BP 123", "[address]");
        check("B.P. 123, 69003 Lyon cedex 03", "[address]");
        check("CS 12345", "[address]");
        check("PO Box 123", "[address]");
    }

    #[test]
    fn english_addresses_are_masked() {
        check("221B Baker Street, London NW1 6XE", "[address]");
        check("I live at 12 High St.", "I live at [address]");
        check("12 High St, call me", "[address], call me");
        check("22 Elm Street. Thanks", "[address]. Thanks");
        check("12 St Mary's Road", "[address]");
        check("221B Baker street", "[address]");
        check("12 High St London NW1 6XE", "[address]");
        check("123 Main St, Springfield, IL 62704", "[address]");
        check("123 Main St, Apt 4B, New York, NY 10001-1234", "[address]");
        check("350 5th Ave", "[address]");
        check("12 HIGH STREET", "[address]");
    }

    #[test]
    fn british_postcodes_are_masked() {
        check("SW1A 1AA", "[address]");
        check("postcode M1 1AE, please", "postcode [address], please");
        check("EC1A 1BB", "[address]");
    }

    #[test]
    fn streets_without_a_house_and_quantities_stay() {
        for kept in [
            "rue de Rivoli",
            "2 rue",
            "2 rues plus loin",
            "la 2 rue est fermée",
            "1 place de parking",
            "2 places",
            "3 cours de yoga",
            "12 cours",
            "69002 Lyon",
            "75000 euros",
            "Saint-Martin",
            "le 12 mars Paris",
            "12,50 rue de Lyon",
            "5 Star Hotel",
            "2 Hour Drive",
            "I WAITED 3 HOURS ON THE ROAD",
            "2 way street",
            "5 minutes down the road",
            "3 Rooms St Pancras",
            "Galaxy S22 5GB",
            "MacBook M1 8GB",
            "AA1 1AAA",
            "nw1 6xe",
            "BP 120/80",
            "CS 2",
            "bp 123",
            "1 drive Leclerc",
            "24h/24 rue de Rivoli",
            "2024-05-12 Rue",
        ] {
            check(kept, kept);
        }
    }
}
