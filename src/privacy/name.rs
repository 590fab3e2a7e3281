//! Names of persons where a letter puts them: after a greeting ("Bonjour Sophie,"), a title ("Mme Durand"), words that
//! introduce ("my name is Jane Doe"), and in the signature after a closing ("Cordialement,\nJean Dupont"). What a name looks
//! like nobody can list; what stands before it, the tables under `lexicons/` do.
//!
//! Only words with a capital are taken. A sentence starts with a capital too, so everyday words are none, after a
//! greeting a mark or the end of the line must follow, and a signature ends its line. Words all in capitals are names
//! only where the text around them is not.

use super::address::name_word_end;
use super::digits::is_space;
use super::vocabulary::{BEFORE_A_NAME, Cue, Cues, VOCABULARY};
use super::{Clues, Detector, Kind, Span, char_after, is_word};

pub(super) const DETECTOR: Detector = Detector {
    kind: Kind::Name,
    replacement: "[name]",
    before: "je m'appelle ",
    fewest_digits: 0,
    example: "Karim Benali",
    look_alike: "Votre Cliente",
    find,
};

/// Words of a name, particles apart.
const MOST_WORDS: usize = 3;

/// Particles between two words of a name: "de la".
const MOST_PARTICLES: usize = 2;

/// Letters of the longest particle: "della".
const LONGEST_PARTICLE: usize = 5;

/// Bytes around a name where a small letter shows that capitals are meant.
const BYTES_AROUND: usize = 24;

/// What is no name, though it has a capital.
const OTHERS: Cues = Cues::of(&[
    Cue::NotAName,
    Cue::Title,
    Cue::CapitalTitle,
    Cue::Greeting,
    Cue::Unit,
]);

fn find(clues: &Clues, spans: &mut Vec<Span>) {
    let text = clues.text;
    let mut end = 0;
    for start in (1..text.len()).step_by(CHUNK) {
        let mut capitals = capitals(text.as_bytes(), start);
        while capitals != 0 {
            let at = start + capitals.trailing_zeros() as usize;
            capitals &= capitals - 1;
            if at >= end
                && let Some(span) = name_at(text, at)
            {
                spans.push(span);
                end = span.end;
            }
        }
    }
}

/// Bytes looked at together.
const CHUNK: usize = 32;

/// The capitals from byte `start` on, one bit each, that follow a space, a line break, a comma or a dot.
///
/// A chunk of fixed size at a time, so that a compiler compares all its places at once: every text is searched so.
fn capitals(bytes: &[u8], start: usize) -> u32 {
    // One byte before the chunk and one after it; the last is filled up with a byte that no letter starts with.
    let rest = &bytes[start - 1..];
    let mut filled = [0; CHUNK + 2];
    let window: &[u8; CHUNK + 2] = match rest.first_chunk() {
        Some(window) => window,
        None => {
            filled[..rest.len()].copy_from_slice(rest);
            &filled
        }
    };
    let mut here = [false; CHUNK];
    for (at, here) in here.iter_mut().enumerate() {
        let (before, first, second) = (window[at], window[at + 1], window[at + 2]);
        let is_start = (before == b' ')
            | (before == b'\n')
            | (before == b'.')
            | (before == b',')
            | (before == NO_BREAK_SPACE_END);
        let is_accented = (first == ACCENTED) & (second <= LAST_ACCENTED_CAPITAL);
        *here = is_start & (first.is_ascii_uppercase() | is_accented);
    }
    if !here.iter().fold(false, |found, here| found | here) {
        return 0;
    }
    here.iter()
        .enumerate()
        .fold(0, |bits, (at, here)| bits | u32::from(*here) << at)
}

/// The last byte of a no-break space.
const NO_BREAK_SPACE_END: u8 = 0xa0;

/// The first byte of the letters À to ÿ …
const ACCENTED: u8 = 0xc3;

/// … and the second byte of Þ, the last capital among them.
const LAST_ACCENTED_CAPITAL: u8 = 0x9e;

/// The name whose first capitalised word starts at byte `at`, if what stands before it announces a name.
fn name_at(text: &str, at: usize) -> Option<Span> {
    if starts_sentence(text.as_bytes(), at) {
        return None;
    }
    let before = before_gap(text, at);
    let gap = &text[before.len()..at];
    if !VOCABULARY.may_precede_name(before.as_bytes()) || !may_join(gap) {
        return None;
    }
    // Most capitals that get so far start a sentence: the word itself says so sooner than what stands before it.
    name_word(text, after_particles(text, at), true)?;
    announced(text, at, before, gap).or_else(|| {
        // "Mme de Souza": a particle may stand between.
        let particle = before.rsplit(is_space).next().unwrap_or_default();
        let start = before.len() - particle.len();
        let is_particle = gap.chars().all(is_space) && VOCABULARY.is(particle, Cue::NameParticle);
        let before = before_gap(text, start);
        (is_particle && VOCABULARY.may_precede_name(before.as_bytes()))
            .then(|| announced(text, at, before, &text[before.len()..start]))?
    })
}

/// Letters of the longest title that a dot may follow: "Prof."
const LONGEST_ABBREVIATION: usize = 5;

/// Whether the end of a sentence stands right before byte `at`, and no dot of a title: a quick yes for most capitals.
fn starts_sentence(bytes: &[u8], at: usize) -> bool {
    match bytes[..at] {
        [.., b'!' | b'?', b' '] => true,
        [.., b'.', b' '] | [.., b'.'] => {
            let end = at - 1 - usize::from(bytes[at - 1] == b' ');
            let title = &bytes[end.saturating_sub(LONGEST_ABBREVIATION + 1)..end];
            title.len() > LONGEST_ABBREVIATION
                && !title.iter().any(|byte| matches!(byte, b' ' | b'\n'))
        }
        _ => false,
    }
}

/// Whether a gap may stand between a name and what announces it: the end of a sentence without a line break does not,
/// the dot of a title apart.
fn may_join(gap: &str) -> bool {
    !gap.is_empty() && (!gap.contains(['.', '!']) || gap.contains('\n') || is_dotted(gap))
}

/// The text before byte `at`, the spaces and marks that may stand between a closing and a name apart.
fn before_gap(text: &str, at: usize) -> &str {
    // Byte by byte where they are ASCII: every capital of a text comes here.
    let bytes = text.as_bytes();
    let mut end = at;
    while end > 0
        && matches!(
            bytes[end - 1],
            b' ' | b'\n' | b'\r' | b'\t' | b',' | b'.' | b':' | b'!' | b'-'
        )
    {
        end -= 1;
    }
    if end == 0 || bytes[end - 1].is_ascii() {
        return &text[..end];
    }
    text[..end].trim_end_matches(|character: char| {
        character.is_whitespace() || matches!(character, ',' | '.' | ':' | '!' | '-' | '–' | '—')
    })
}

/// The name at byte `at` whose announcement ends with `before`, a gap away.
fn announced(text: &str, at: usize, before: &str, gap: &str) -> Option<Span> {
    let (start, cues) = VOCABULARY.phrase_before(text, before.len(), BEFORE_A_NAME)?;
    let phrase = &text[start..before.len()];
    let is_spaced = !gap.is_empty() && gap.chars().all(is_space);
    let is_shouted = !phrase.contains(char::is_lowercase);
    let end = name_end(text, at, start, is_shouted)?;
    let is_title = (cues.has(Cue::Title)
        || cues.has(Cue::CapitalTitle) && is_capital_title(text, start, gap))
        && (is_spaced || cues.has(Cue::AbbreviatedTitle) && is_dotted(gap));
    let is_introduction = cues.has(Cue::Introduction) && (is_spaced || gap.trim() == ":");
    let is_greeting =
        cues.has(Cue::Greeting) && is_spaced && opens(text, start) && is_called(text, end);
    let is_break = gap.contains('\n') || gap.trim_start().starts_with(',');
    let is_signature = (cues.has(Cue::Closing) && (is_break || is_spaced)
        || cues.has(Cue::ClosingWithBreak) && is_break)
        && ends_line(text, end);
    (is_title || is_introduction || is_greeting || is_signature).then_some(Span { start: at, end })
}

/// Whether a short title is no size: "M. Martin", but not "taille M. Livraison" nor "taille M Noir".
fn is_capital_title(text: &str, start: usize, gap: &str) -> bool {
    let title = &text[start..];
    let is_single = title.starts_with(['M', 'm']) && !title[1..].starts_with(['s', 'x']);
    let before = text[..start].trim_end_matches(is_space);
    let is_greeted = || {
        VOCABULARY
            .phrase_before(text, before.len(), Cues::of(&[Cue::Greeting]))
            .is_some()
    };
    let is_size = || {
        before.ends_with(|last: char| last.is_ascii_digit())
            || VOCABULARY
                .phrase_before(text, before.len(), Cues::of(&[Cue::Size]))
                .is_some()
    };
    // "PR." in capitals is no professor.
    let is_abbreviated = is_single || title.chars().nth(1).is_some_and(char::is_lowercase);
    title.starts_with(char::is_uppercase)
        && is_abbreviated
        && !is_size()
        && (!is_single || is_dotted(gap) || is_greeted())
}

/// Whether a dot, and spaces after it, stand between a title and a name.
fn is_dotted(gap: &str) -> bool {
    gap.strip_prefix('.')
        .is_some_and(|gap| gap.chars().all(is_space))
}

/// Whether a greeting that starts at byte `start` opens the text, a line or a sentence.
fn opens(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches(is_space);
    // "d'Hello Fresh" speaks of a brand.
    let is_free = |last: char| !is_word(last) && !matches!(last, '\'' | '’');
    before.chars().next_back().is_none_or(is_free)
        || VOCABULARY
            .phrase_before(text, before.len(), Cues::of(&[Cue::Greeting]))
            .is_some()
}

/// Whether the name that ends at byte `end` calls somebody: a mark or the end of the line follows.
fn is_called(text: &str, end: usize) -> bool {
    let after = text[end..].trim_start_matches(is_space);
    after.chars().next().is_none_or(|next| {
        matches!(
            next,
            ',' | '.' | '!' | ':' | ';' | '?' | ')' | '…' | '-' | '–' | '—' | '\n' | '\r'
        )
    })
}

/// Whether nothing but spaces and a mark follows on the line.
fn ends_line(text: &str, end: usize) -> bool {
    let after = text[end..]
        .trim_start_matches(|character| is_space(character) || matches!(character, '.' | ','));
    after.is_empty() || after.starts_with(['\n', '\r'])
}

/// The end of the name that starts at byte `at`; `None` when it is no name.
fn name_end(text: &str, at: usize, phrase_start: usize, is_shouted: bool) -> Option<usize> {
    let mut end = None;
    let mut next = at;
    let mut words = 0;
    while words < MOST_WORDS {
        let start = after_particles(text, next);
        let Some(word_end) = name_word(text, start, words == 0) else {
            break;
        };
        let word = &text[start..word_end];
        let is_all_capitals = word
            .chars()
            .filter(|character| character.is_alphabetic())
            .count()
            > 1
            && !word.contains(char::is_lowercase);
        if is_all_capitals && is_shouted && !has_small_letters(text, phrase_start, word_end) {
            return None;
        }
        words += 1;
        end = Some(word_end);
        match text[word_end..].chars().next() {
            Some(space) if is_space(space) => next = word_end + space.len_utf8(),
            _ => break,
        }
    }
    end
}

/// Whether a small letter stands near the bytes `start..end`.
fn has_small_letters(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    bytes[start.saturating_sub(BYTES_AROUND)..start]
        .iter()
        .chain(&bytes[end..bytes.len().min(end + BYTES_AROUND)])
        .any(u8::is_ascii_lowercase)
}

/// The byte after particles that a capital follows; `at` when there are none.
fn after_particles(text: &str, at: usize) -> usize {
    // Particles are short: most words are none at a glance.
    let is_short = text.as_bytes()[at..]
        .iter()
        .take(LONGEST_PARTICLE + 1)
        .any(|byte| !byte.is_ascii_alphabetic());
    if !is_short {
        return at;
    }
    let mut after = at;
    for _ in 0..MOST_PARTICLES {
        let rest = &text[after..];
        let length = rest
            .find(|character: char| !character.is_alphabetic())
            .unwrap_or(rest.len());
        let next = match rest[length..].chars().next() {
            Some(joint) if is_space(joint) || joint == '\'' || joint == '’' => {
                after + length + joint.len_utf8()
            }
            _ => break,
        };
        if length == 0 || !VOCABULARY.is(&rest[..length], Cue::NameParticle) {
            break;
        }
        after = next;
    }
    let is_capital = text[after..].starts_with(char::is_uppercase);
    if is_capital { after } else { at }
}

/// The end of the word of a name at byte `start`: "O'Brien", "Jean-Pierre", and the "D." of "Marie D.".
fn name_word(text: &str, start: usize, is_first: bool) -> Option<usize> {
    let mut end = name_word_end(text, start);
    let mut word = &text[start..end];
    // "L'application", "I'm"; of "Sarah's" the name is left.
    if let Some(at) = word.find(['\'', '’'])
        && word[at..].chars().nth(1).is_some_and(char::is_lowercase)
    {
        if at <= 2 {
            return None;
        }
        word = &word[..at];
        end = start + at;
    }
    let mut characters = word.chars();
    let is_capital = characters.next().is_some_and(char::is_uppercase);
    let has_only_letters = word.chars().all(|character| !character.is_numeric());
    if !is_capital || !has_only_letters || matches!(char_after(text, end), Some('_' | '@')) {
        return None;
    }
    let Some(second) = characters.next() else {
        return initial(text, start, end, is_first);
    };
    let is_other = VOCABULARY.cues(word).meet(OTHERS)
        || word
            .split_once('-')
            .is_some_and(|(first, _)| VOCABULARY.cues(first).meet(OTHERS));
    let is_plain = second.is_lowercase() || matches!(second, '\'' | '’' | '-');
    (!is_other && (is_plain || !word.contains(char::is_lowercase))).then_some(end)
}

/// The end of an initial: it has its dot, or ends the name.
fn initial(text: &str, start: usize, end: usize, is_first: bool) -> Option<usize> {
    let cues = VOCABULARY.cues(&text[start..end]);
    let dotted = text[end..].strip_prefix('.');
    let is_initial = match dotted {
        // "M. Martin" is a title.
        Some(after) if is_first => {
            !cues.has(Cue::CapitalTitle)
                && after
                    .trim_start_matches(is_space)
                    .starts_with(char::is_uppercase)
        }
        Some(_) => true,
        None => !is_first && !cues.meet(OTHERS) && is_called(text, end),
    };
    is_initial.then(|| end + usize::from(dotted.is_some()))
}

#[cfg(test)]
mod tests {
    use crate::privacy::{Settings, mask};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Settings::default()).text, expected, "{text}");
    }

    #[test]
    fn names_after_titles_are_masked() {
        check("Bonjour Mme Durand,", "Bonjour Mme [name],");
        check("Dear Mr Smith", "Dear Mr [name]");
        check("Madame Lefèvre", "Madame [name]");
        check("M. Martin m'a aidé", "M. [name] m'a aidé");
        check("Mr. O'Brien", "Mr. [name]");
        check("merci à M. et Mme DURAND", "merci à M. et Mme [name]");
        check("avec madame de La Tour hier", "avec madame de [name] hier");
        check("Mme Le Goff", "Mme [name]");
        check(
            "Monsieur Jean-Pierre Élie de Beaumont est",
            "Monsieur [name] est",
        );
        check("Bonjour M Durand", "Bonjour M [name]");
        check("le Dr É. Petiot", "le Dr [name]");
        check("avec M. DUPONT hier", "avec M. [name] hier");
        check("Mr Smith's team", "Mr [name]'s team");
    }

    #[test]
    fn names_after_greetings_are_masked() {
        check("Bonjour Sophie, merci", "Bonjour [name], merci");
        check("Bonjour Sophie !", "Bonjour [name] !");
        check("Bonjour MARIE, merci", "Bonjour [name], merci");
        check("Hi Sarah,\nthanks", "Hi [name],\nthanks");
        check("Merci. Chère Julie", "Merci. Chère [name]");
        check("Bonjour cher Karim,", "Bonjour cher [name],");
    }

    #[test]
    fn introduced_names_are_masked() {
        check(
            "je m'appelle Karim Benali et je",
            "je m'appelle [name] et je",
        );
        check("Je m’appelle Karim", "Je m’appelle [name]");
        check("my name is Jane Doe.", "my name is [name].");
        check("mon nom est : Durand", "mon nom est : [name]");
    }

    #[test]
    fn names_of_companies_stay() {
        for kept in [
            "un appel de la part de la Maif et rien",
            "on behalf of Brindille",
            "l'aide d'Hello Fresh. Très déçue",
            "Very bad PR. Don't do that",
        ] {
            check(kept, kept);
        }
    }

    #[test]
    fn signatures_are_masked() {
        check("Cordialement, Jean Dupont", "Cordialement, [name]");
        check("Bien à vous\nMarie D.", "Bien à vous\n[name]");
        check("Regards,\nJohn Smith", "Regards,\n[name]");
        check(
            "Regards\r\n\r\nJohn Smith\r\nLondon",
            "Regards\r\n\r\n[name]\r\nLondon",
        );
        check("Sincerely, Jane van Dyke", "Sincerely, [name]");
        check("Cordialement Jean Dupont", "Cordialement [name]");
        check("Merci,\nSophie", "Merci,\n[name]");
        check("Cordialement.\nDUPONT Jean", "Cordialement.\n[name]");
        check("Cordialement,\nMme Durand", "Cordialement,\nMme [name]");
    }

    #[test]
    fn sentences_and_brands_stay() {
        for kept in [
            "Bonjour Je voudrais",
            "Hello The app",
            "Dear Customer",
            "Dear Customer,",
            "Bonjour Madame, Votre commande",
            "Bonjour Madame Votre commande",
            "Hi Everyone",
            "Hi everyone,",
            "Bonjour Livraison rapide",
            "Bonjour L'application plante.",
            "Bonjour La Poste,",
            "Bonjour. Sophie",
            "Bonjour, Sophie a appelé",
            "Produit pas cher Livraison.",
            "taille M. Livraison rapide",
            "taille M Noir",
            "Madame. Livraison",
            "Monsieur Bricolage",
            "my name is on the list",
            "Cordialement. Livraison rapide",
            "Cordialement, Le service client",
            "Merci Amazon",
            "Thanks, Great service",
            "Mr 4K",
            "BONJOUR MADAME TOUJOURS PAS DE COLIS",
            "MONSIEUR DURAND EST PARTI",
            "BONJOUR LIVRAISON TARDIVE.",
            "I LOVE IT, REGARDS JOHN SMITH",
            "Saint-Martin",
            "Bonjour [name],",
            "Bonjour",
            "Mme",
        ] {
            check(kept, kept);
        }
    }
}
