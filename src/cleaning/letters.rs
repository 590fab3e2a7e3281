//! What the writer of a letter, a ticket or a chat turn said themselves: no quoted letters, signatures, legal notices, or
//! sentences that tools write.
//!
//! Whole lines are kept or dropped, and what is in doubt is kept: what is left is a subsequence of the lines that came.
//! Cleaning twice changes nothing: `customer_words(customer_words(x)) = customer_words(x)`.

use crate::cleaning::{
    phrases::{Introduction, Kind, PHRASES},
    plain::{PlainWord, beginning, plain_words},
};
use std::borrow::Cow;

/// The text without what its writer did not say; borrowed where that is one piece of it. Empty when all of it is quoted
/// or written by a tool.
///
/// A closing goes with the lines of its signature only where words stand above it: "Merci beaucoup" alone is an opinion. A
/// text of one line goes whole or stays whole.
pub fn customer_words(text: &str) -> Cow<'_, str> {
    if is_plainly_said(text) {
        return Cow::Borrowed(text);
    }
    let mut letter = Letter::read(text);
    let lines = letter.lines.len();
    for _ in 0..MOST_PASSES {
        let before = letter.lines.len();
        letter.drop_introduced_letters();
        letter.drop_lines_of_others();
        letter.drop_marked_letters();
        letter.drop_disclaimers();
        letter.drop_signatures();
        if letter.lines.len() == before {
            break;
        }
    }
    if letter.lines.len() == lines {
        return Cow::Borrowed(text);
    }
    letter.told(text)
}

/// Times a text is gone through. The second mends what the first brought together, such as an introduction that was broken
/// by a quoted line; no letter needs more than three, and no hostile one gets more than these.
const MOST_PASSES: usize = 16;

/// Bytes of a message that a tool writes on one line, such as a greeting of its chat.
const LONGEST_MACRO: usize = 200;

/// Bytes of a line that are looked at: what is looked for stands at its start.
const LONGEST_LOOK: usize = 480;

/// Bytes of an introduction with a long name, an address and a date.
const LONGEST_INTRODUCTION: usize = 300;

/// Lines of a signature below its closing.
const MOST_SIGNATURE_LINES: usize = 6;

/// True for most texts of one line, at the price of looking at their first word.
fn is_plainly_said(text: &str) -> bool {
    if memchr::memchr(b'\n', text.as_bytes()).is_some() {
        return false;
    }
    // One long line is a text: what tools write whole is shorter.
    if text.len() > LONGEST_MACRO {
        return true;
    }
    let (start, end) = (text.trim_start(), text.trim_end());
    if start.starts_with(['>', '#', '-', '_', '=', '*']) || end.ends_with([':', '*']) {
        return false;
    }
    let mut first = None;
    plain_words(beginning(start, 32), |word| {
        first.get_or_insert(word);
    });
    !first.is_some_and(|word| PHRASES.has_first(word))
}

/// The lines that are left of a text.
struct Letter<'t> {
    lines: Vec<Line<'t>>,
    /// The words of all lines that came, one line after the other.
    words: Vec<PlainWord>,
}

#[derive(Clone, Copy)]
struct Line<'t> {
    /// Without its line feed and the white space around it.
    said: &'t str,
    /// Where the line starts and ends in the text, its line feed left out.
    span: (usize, usize),
    /// Its words in [`Letter::words`].
    words: (usize, usize),
    /// Goes with the next [`Letter::sweep`].
    is_dropped: bool,
}

impl<'t> Letter<'t> {
    fn read(text: &'t str) -> Letter<'t> {
        let mut letter = Letter {
            lines: Vec::new(),
            words: Vec::new(),
        };
        let mut start = 0;
        for written in text.split('\n') {
            let said = written.trim();
            let first = letter.words.len();
            plain_words(beginning(said, LONGEST_LOOK), |word| {
                letter.words.push(word)
            });
            letter.lines.push(Line {
                said,
                span: (start, start + written.len()),
                words: (first, letter.words.len()),
                is_dropped: false,
            });
            start += written.len() + 1;
        }
        letter
    }

    /// The lines that are left, without empty ones at either end.
    fn told(&self, text: &'t str) -> Cow<'t, str> {
        let Some(first) = self.next_said(0) else {
            return Cow::Borrowed("");
        };
        let last = self.last_said(self.lines.len()).unwrap_or(first);
        let left = &self.lines[first..=last];
        let (start, end) = (left[0].span.0, left[left.len() - 1].span.1);
        let is_one_piece = left
            .windows(2)
            .all(|pair| pair[0].span.1 + 1 == pair[1].span.0);
        if is_one_piece {
            let piece = &text[start..end];
            return Cow::Borrowed(piece.strip_suffix('\r').unwrap_or(piece));
        }
        let mut told = String::with_capacity(end - start);
        for line in left {
            told.push_str(&text[line.span.0..line.span.1]);
            told.push('\n');
        }
        told.truncate(told.trim_end_matches(['\r', '\n']).len());
        Cow::Owned(told)
    }

    fn words(&self, at: usize) -> &[PlainWord] {
        let (first, end) = self.lines[at].words;
        &self.words[first..end]
    }

    /// The first line from `at` on with anything on it.
    fn next_said(&self, at: usize) -> Option<usize> {
        (at..self.lines.len()).find(|&line| !self.lines[line].said.is_empty())
    }

    /// The last line before `end` with anything on it.
    fn last_said(&self, end: usize) -> Option<usize> {
        (0..end).rfind(|&line| !self.lines[line].said.is_empty())
    }

    /// True when a line before `at` has a word.
    fn has_words_above(&self, at: usize) -> bool {
        (0..at).any(|line| !self.words(line).is_empty())
    }

    /// Drops everything from `at` on, and the rule that was drawn above it.
    fn cut(&mut self, at: usize) {
        self.lines.truncate(at);
        while let Some(last) = self.lines.last()
            && (last.said.is_empty() || is_rule(last.said))
        {
            self.lines.pop();
        }
    }

    /// Marks the lines `first..end`. They go all at once: one by one would cost the square of a long text.
    fn mark_dropped(&mut self, first: usize, end: usize) {
        for line in &mut self.lines[first..end] {
            line.is_dropped = true;
        }
    }

    /// Removes what was marked.
    fn sweep(&mut self) {
        self.lines.retain(|line| !line.is_dropped);
    }

    /// Drops the lines `first..end`, which introduce a quoted letter: with all that follows, or, where the quoted lines are
    /// marked, with those only, as the answer may stand below. Gives the line to go on at.
    fn drop_with_quoted(&mut self, first: usize, end: usize) -> usize {
        match self.next_said(end) {
            Some(next) if is_quoted(self.lines[next].said) => {
                let is_over = |line: &Line| !line.said.is_empty() && !is_quoted(line.said);
                let over = (next..self.lines.len())
                    .find(|&at| is_over(&self.lines[at]))
                    .unwrap_or(self.lines.len());
                self.mark_dropped(first, over);
                over
            }
            _ => {
                self.cut(first);
                self.lines.len()
            }
        }
    }

    /// "Le lun. 12 mai 2024 à 10:12, Service client <x@exemple.fr> a écrit :", on one line or broken over up to three.
    fn drop_introduced_letters(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let is_end = self.lines[at].said.ends_with([':', '*']);
            let introduction = is_end.then(|| self.introduction_before(at + 1)).flatten();
            match introduction {
                Some(first) => at = self.drop_with_quoted(first, at + 1),
                None => at += 1,
            }
        }
        self.sweep();
    }

    /// Where the introduction that ends before line `end` starts.
    fn introduction_before(&self, end: usize) -> Option<usize> {
        (end.saturating_sub(3)..end).find(|&first| {
            let lines = &self.lines[first..end];
            let bytes: usize = lines.iter().map(|line| line.said.len()).sum();
            if bytes > LONGEST_INTRODUCTION
                || lines
                    .iter()
                    .any(|line| line.said.is_empty() || line.is_dropped || is_quoted(line.said))
            {
                return false;
            }
            let words: Vec<PlainWord> = (first..end)
                .flat_map(|at| self.words(at))
                .copied()
                .collect();
            let has_address = lines.iter().any(|line| line.said.contains('@'));
            match PHRASES.introduction(&words) {
                Some(Introduction::ByDate) => {
                    has_address || lines.iter().any(|line| has_date(line.said))
                }
                Some(Introduction::ByName) => has_address && lines.len() == 1,
                None => false,
            }
        })
    }

    /// Quoted lines, and lines that a telephone or a chat tool wrote.
    fn drop_lines_of_others(&mut self) {
        let is_quoted_at = |at: Option<usize>| {
            at.and_then(|at| self.lines.get(at))
                .is_some_and(|line| is_quoted(line.said))
        };
        let is_of_others = |at: usize| {
            let said = self.lines[at].said;
            if is_quoted(said) {
                // "> 2 heures d'attente" by itself compares.
                let compares = said[1..]
                    .trim_start()
                    .starts_with(|c: char| c.is_ascii_digit());
                return !compares || is_quoted_at(at.checked_sub(1)) || is_quoted_at(Some(at + 1));
            }
            is_mobile_signature(said, self.words(at)) || is_macro(said, self.words(at))
        };
        let of_others: Vec<bool> = (0..self.lines.len()).map(is_of_others).collect();
        let mut of_others = of_others.into_iter();
        self.lines.retain(|_| of_others.next() != Some(true));
    }

    /// Letters below a mark: "-----Message d'origine-----", a block of headers, "répondre au-dessus de cette ligne".
    ///
    /// Where nothing stands above a forwarded letter or its headers, somebody sent the customer's letter on: the letter
    /// stays, mark and headers go.
    fn drop_marked_letters(&mut self) {
        let mut has_words_above = false;
        let mut at = 0;
        while at < self.lines.len() {
            let words = self.words(at);
            let is_mark = is_mark(self.lines[at].said);
            let is_above = PHRASES
                .opening_of(words, Kind::ReplyAbove)
                .is_some_and(|length| words.len() <= length + 8);
            if is_mark && PHRASES.is_whole(words, Kind::OriginalMessage) {
                at = self.drop_with_quoted(at, at + 1);
                continue;
            }
            let header = match is_mark && PHRASES.is_whole(words, Kind::Forwarded) {
                true => Some(at + 1),
                false => self.header_block(at),
            };
            has_words_above |= !words.is_empty() && header.is_none();
            match header {
                _ if is_above => self.cut(at),
                Some(_) if has_words_above => self.cut(at),
                Some(end) => {
                    self.mark_dropped(at, end);
                    at = end;
                }
                None => at += 1,
            }
        }
        self.sweep();
    }

    /// Where the block of mail headers that starts at line `at` ends; `None` where there is none. It has a sender, a subject
    /// and a date or a receiver.
    fn header_block(&self, at: usize) -> Option<usize> {
        if header(self.lines[at].said, self.words(at)) != Some(Kind::HeaderFrom) {
            return None;
        }
        let mut kinds = headers_within(self.lines[at].said, self.words(at));
        let (mut end, mut others) = (at + 1, 0);
        let is_whole = |kinds: &[Kind]| {
            kinds.contains(&Kind::HeaderSubject)
                && (kinds.contains(&Kind::HeaderSent) || kinds.contains(&Kind::HeaderTo))
        };
        for next in at + 1..self.lines.len().min(at + 16) {
            let said = self.lines[next].said;
            if said.is_empty() {
                // Some programs put an empty line after every header.
                if is_whole(&kinds) {
                    break;
                }
            } else if let Some(kind) = header(said, self.words(next)) {
                kinds.push(kind);
                end = next + 1;
            } else {
                // A long list of receivers goes on on the next line.
                others += 1;
                if others > 2 || is_whole(&kinds) {
                    break;
                }
            }
        }
        is_whole(&kinds).then_some(end)
    }

    /// From the line where a disclaimer's sentence starts to the end of its paragraph.
    fn drop_disclaimers(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            if !self.is_disclaimer(at) {
                at += 1;
                continue;
            }
            let end = (at..self.lines.len())
                .find(|&line| self.lines[line].said.is_empty())
                .unwrap_or(self.lines.len());
            self.mark_dropped(at, end);
            at = end;
        }
        self.sweep();
    }

    /// True when a disclaimer starts on this line, after a heading of a few words at most; it may go on on the next two.
    fn is_disclaimer(&self, at: usize) -> bool {
        let line = self.lines[at];
        let own = self.words(at);
        for (skipped, word) in own.iter().enumerate().take(5) {
            let before = line.said[..word.start as usize].trim_end();
            let starts_a_sentence = match skipped {
                0 => true,
                // The letter that is a tree in Webdings.
                1 if before.len() == 1 => true,
                _ => before.ends_with(|c: char| !c.is_alphanumeric() && c != ',' && c != '\''),
            };
            if !starts_a_sentence || !PHRASES.has_first(*word) {
                continue;
            }
            let below = (at + 1..self.lines.len())
                .take(2)
                .take_while(|&next| !self.lines[next].said.is_empty());
            let mut words = own[skipped..].to_vec();
            words.extend(below.flat_map(|next| self.words(next)));
            if PHRASES.opening_of(&words, Kind::Disclaimer).is_some() {
                return true;
            }
        }
        false
    }

    /// A closing and at most six short lines below it, or the line "-- " and all below it: at the end, or above a postscript.
    fn drop_signatures(&mut self) {
        if let Some(first) = (0..self.lines.len()).find(|&at| !self.words(at).is_empty()) {
            let delimiter = (first..self.lines.len()).find(|&at| self.is_delimiter(at));
            if let Some(at) = delimiter {
                self.cut(at);
            }
        }
        while let Some((first, end)) = self.signature() {
            if end == self.lines.len() {
                self.cut(first);
            } else {
                self.lines.drain(first..end);
            }
        }
    }

    /// "-- " with its space, which mail programs write and people do not.
    fn is_delimiter(&self, at: usize) -> bool {
        let line = self.lines[at];
        line.said == "--" && line.span.1 - line.span.0 > line.said.len()
    }

    /// The lines of the last signature.
    fn signature(&self) -> Option<(usize, usize)> {
        let mut ends = vec![self.lines.len()];
        let mut seen = 0;
        for at in (0..self.lines.len()).rev() {
            if self.lines[at].said.is_empty() {
                continue;
            }
            if PHRASES
                .opening_of(self.words(at), Kind::Postscript)
                .is_some()
            {
                ends.push(at);
            }
            seen += 1;
            if seen == 2 * MOST_SIGNATURE_LINES {
                break;
            }
        }
        ends.into_iter()
            .find_map(|end| Some((self.signature_before(end)?, end)))
    }

    /// Where the signature that ends before line `end` starts: at the highest closing with nothing but short lines below.
    fn signature_before(&self, end: usize) -> Option<usize> {
        let (mut start, mut below, mut names_below) = (None, 0, true);
        for at in (0..end).rev() {
            let (said, words) = (self.lines[at].said, self.words(at));
            if said.is_empty() {
                continue;
            }
            let is_closing = is_closing(said, words);
            let is_thanks = below > 0
                && names_below
                && said.ends_with(',')
                && PHRASES.is_whole(words, Kind::Thanks);
            if is_closing || is_thanks || said == "--" {
                start = Some(at);
            } else if !is_of_signature(said, words) {
                break;
            }
            names_below = names_below && (is_closing || is_name(said));
            below += 1;
            if below > MOST_SIGNATURE_LINES {
                break;
            }
        }
        start.filter(|&start| self.has_words_above(start))
    }
}

/// A line of a quoted letter. `>:(` and `>_<` are faces.
fn is_quoted(said: &str) -> bool {
    said.strip_prefix('>')
        .is_some_and(|rest| !rest.starts_with([':', ';', '=', '_', '.', '<', '-']))
}

/// A line drawn with underscores, hyphens or the like.
fn is_rule(said: &str) -> bool {
    said.len() >= 5
        && said
            .bytes()
            .all(|byte| matches!(byte, b'_' | b'-' | b'=' | b'*' | b'#'))
}

/// A title between rules or before a colon.
fn is_mark(said: &str) -> bool {
    said.starts_with(['-', '_', '=', '*', '#', '>']) || said.ends_with(':')
}

/// A year, a time, or a date with strokes, as mail programs write them.
fn has_date(said: &str) -> bool {
    let bytes = said.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).any(|at| {
        is_digit(at)
            && ((is_digit(at + 1) && is_digit(at + 2) && is_digit(at + 3) && !is_digit(at + 4))
                || (matches!(bytes.get(at + 1), Some(b':' | b'/' | b'h' | b'-'))
                    && is_digit(at + 2)))
    })
}

/// The header a line begins with: "Objet :".
fn header(said: &str, words: &[PlainWord]) -> Option<Kind> {
    let colon = memchr::memchr(b':', beginning(said, 32).as_bytes())?;
    header_named(&words[..words.partition_point(|word| (word.start as usize) < colon)])
}

/// All headers of a line that was broken by nobody: "De : X Envoyé : lundi À : Y Objet : Z".
fn headers_within(said: &str, words: &[PlainWord]) -> Vec<Kind> {
    memchr::memchr_iter(b':', beginning(said, LONGEST_LOOK).as_bytes())
        .filter_map(|colon| {
            let end = words.partition_point(|word| (word.start as usize) < colon);
            (1..=end.min(2)).find_map(|length| header_named(&words[end - length..end]))
        })
        .collect()
}

fn header_named(words: &[PlainWord]) -> Option<Kind> {
    PHRASES
        .opening(words)
        .filter(|phrase| phrase.len() == words.len())
        .map(|phrase| phrase.kind)
        .find(|kind| {
            matches!(
                kind,
                Kind::HeaderCopy
                    | Kind::HeaderFrom
                    | Kind::HeaderSent
                    | Kind::HeaderSubject
                    | Kind::HeaderTo
            )
        })
}

fn is_mobile_signature(said: &str, words: &[PlainWord]) -> bool {
    let Some(length) = PHRASES.opening_of(words, Kind::MobileSignature) else {
        return false;
    };
    // What stands in brackets is a link to the program.
    let said = said.split(['<', '(']).next().unwrap_or(said);
    let count = words.partition_point(|word| (word.start as usize) < said.len());
    (length..=length + 5).contains(&count) && !said.contains([',', '!', '?', ';'])
}

fn is_macro(said: &str, words: &[PlainWord]) -> bool {
    let parts = [
        Kind::Greeting,
        Kind::MacroPart,
        Kind::Salutation,
        Kind::Thanks,
    ];
    said.len() <= LONGEST_LOOK
        && PHRASES
            .ends_of(words, Kind::Macro, &parts)
            .hold(words.len())
}

/// "Cordialement,", "Veuillez agréer, Madame, mes salutations distinguées.", "Cordialement, Marie Dupont".
fn is_closing(said: &str, words: &[PlainWord]) -> bool {
    if words.is_empty() || said.len() > LONGEST_LOOK {
        return false;
    }
    let parts = [Kind::ClosingPart, Kind::Salutation, Kind::Thanks];
    let ends = PHRASES.ends_of(words, Kind::Closing, &parts);
    (1..=words.len())
        .filter(|end| ends.hold(*end))
        .any(|end| match words.get(end) {
            None => !said.ends_with('?'),
            Some(next) => {
                let (before, name) = said.split_at(next.start as usize);
                let is_single = !name.contains(' ') && before.trim_end().ends_with(',');
                is_name(name) || (is_single && !name.ends_with(['!', '?']))
            }
        })
}

/// Up to four words with capitals, and the short ones between them: "Marie-Anne de la Tour".
fn is_name(said: &str) -> bool {
    let is_part = |word: &str| {
        let letters = word.trim_start_matches(['(', '"', '«']);
        letters.starts_with(char::is_uppercase)
            || (word.len() <= 3 && word.chars().all(char::is_alphabetic))
    };
    said.split_whitespace().count() <= 4
        && said.starts_with(|c: char| c.is_uppercase())
        && said.split_whitespace().all(is_part)
        && !said.contains(['!', '?', ':', ';'])
        && !said.contains(|c: char| c.is_ascii_digit())
}

/// A short line that is no sentence: a name, a function, a company, a telephone number, an address.
fn is_of_signature(said: &str, words: &[PlainWord]) -> bool {
    let has_address = said.contains('@') || said.contains("www.") || said.contains("://");
    let is_short = said.len() <= 80 || (has_address && said.len() <= 160);
    if !is_short {
        return false;
    }
    let count = said.split_whitespace().count();
    let starts_low = said.starts_with(char::is_lowercase);
    words.len() <= 8
        && !said.ends_with(['!', '?'])
        && (count <= 3 || !said.ends_with('.'))
        && (!starts_low || count <= 2 || has_address)
        && PHRASES.opening_of(words, Kind::Postscript).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(customer_words(text), expected);
    }

    #[track_caller]
    fn stays(text: &str) {
        check(text, text);
        assert!(matches!(customer_words(text), Cow::Borrowed(_)), "{text}");
    }

    #[test]
    fn lines_of_any_length_are_looked_at() {
        for words in [59, 60, 61, 63, 64, 65, 100, 1000] {
            let text = format!("Bonjour,\n{}\nfin", "a ".repeat(words).trim_end());
            assert_eq!(customer_words(&text), text.as_str());
        }
    }

    #[test]
    fn what_a_customer_said_stays() {
        stays("");
        stays("\n\n");
        stays("Livraison rapide mais le SAV n'est pas terrible.");
        stays("Merci beaucoup");
        stays("Cordialement");
        stays("Cordialement,\nMarie Dupont");
        stays("Reçu cassé.\r\nMerci de me rembourser.\r\n");
        stays("On me répond cordialement, mais rien ne change.\nDommage.");
        stays("Il a signé « Cordialement » et raccroché.");
        stays("Accueil parfait\nMerci beaucoup");
        stays(
            "Points forts :\n- le prix\n- le choix\n\n--- \nPoints faibles :\n- l'attente trop longue au guichet ce matin.",
        );
        stays("> 2 heures d'attente au téléphone");
        stays(">:( jamais vu ça");
    }

    #[test]
    fn an_introduced_letter_goes_with_all_below() {
        let said = "Toujours rien reçu.";
        for introduction in [
            "Le lun. 12 mai 2024 à 10:12, Service client <x@y.fr> a écrit :",
            "Le 12/05/2024 à 10:12, Service client a écrit :",
            "Le 12 mai 2024, à 10 h 12,\nService client <x@y.fr>\na écrit\u{a0}:",
            "Le lundi 12 mai 2024 à 10:12:33 UTC+2, Service\nclient <x@y.fr> a ecrit :",
            "Service client <x@y.fr> a écrit :",
            "On Mon, 12 May 2024 at 10:12, X wrote:",
            "On Mon, 12 May 2024 at 10:12, Customer Care\n<care@x.com> wrote:",
            "On 12/05/2024 10:12, X wrote:",
        ] {
            check(
                &format!("{said}\n\n{introduction}\nBonjour,\n\nVotre colis est parti."),
                said,
            );
            check(
                &format!("{introduction}\nBonjour,\nVotre colis est parti."),
                "",
            );
            check(&format!("{introduction}\n> Bonjour,\n>\n\n{said}"), said);
        }
    }

    #[test]
    fn what_somebody_wrote_told_in_a_sentence_stays() {
        stays("Le 12 mai 2024 votre service m'a écrit :\nvotre colis est perdu.\nEt depuis, rien.");
        stays("Le 12/05/2024 on nous a écrit :\nc'est remboursé.\nFaux.");
        stays("On 12/05/2024 they wrote:\nyou will be refunded.\nI was not.");
        stays("Le vendeur a écrit :\nétat neuf.\nC'est faux.");
    }

    #[test]
    fn quoted_lines_go_and_words_around_them_stay() {
        check("> Votre colis est parti.\n> Cordialement", "");
        check(
            "> Votre colis est parti.\n\nNon, il n'est pas parti.",
            "Non, il n'est pas parti.",
        );
        check(
            "> Avez-vous le numéro ?\nOui.\n>> Et la date ?\n> > Merci.\nLundi.",
            "Oui.\nLundi.",
        );
    }

    #[test]
    fn letters_below_a_mark_or_headers_go() {
        let said = "Je veux parler à quelqu'un.";
        for mark in [
            "-----Message d'origine-----\nDe : X\nBonjour",
            "-----Original Message-----\nFrom: X\n\nHello",
            "De : Service client\nEnvoyé : lundi 12 mai 2024 10:12\nÀ : Marie\nObjet : RE: colis\n\nBonjour",
            "De : X <x@y.fr>\n\nEnvoyé : lundi\n\nÀ : Marie\n\nObjet : RE: colis\n\nBonjour",
            "De : X Envoyé : lundi 12 mai À : Y Objet : colis\nBonjour",
            "*From:* X\n*Sent:* Monday\n*To:* Mary; John;\nPeter\n*Subject:* parcel\n\nHello",
            "________________________________\nDe : X\nEnvoyé : lundi\nÀ : Y\nObjet : Z\n\nBonjour",
            "---------- Forwarded message ---------\nFrom: X\n\nHello",
            "Début du message réexpédié :\n\nDe: X\nObjet: Z\n\nBonjour",
            "## Merci de répondre au-dessus de cette ligne ##\nVotre demande a été mise à jour.",
            "##- Please type your reply above this line -##\nYour request was updated.",
        ] {
            check(&format!("{said}\n\n{mark}"), said);
        }
        check("-----Message d'origine-----\nDe : X\nBonjour", "");
    }

    #[test]
    fn a_letter_that_was_sent_on_stays_without_its_headers() {
        let said = "Ma machine est en panne.";
        check(
            &format!("De : Marie\nÀ : SAV\nObjet : panne\n\n{said}"),
            said,
        );
        check(
            &format!(
                "Envoyé de mon iPhone\n\nDébut du message réexpédié :\n\nDe: Marie\nDate: 12 mai\nObjet: panne\n\n{said}"
            ),
            said,
        );
        stays("De : Paris\nÀ : Lyon\nDate : 12 mai\nTrain annulé.");
    }

    #[test]
    fn signatures_go_with_their_closing() {
        let said = "Toujours en panne.";
        for signature in [
            "Cordialement,",
            "Cordialement, Marie Dupont",
            "Bien à vous\n\nMarie Dupont\nTél : 06 12 34 56 78\n12 rue de la Paix\n75002 Paris",
            "Kind regards,\nMary Jones\nHead of Sales\nAcme Ltd.\nmary@acme.com",
            "Merci,\nMarie Dupont",
            "Merci d'avance.\nCordialement\nM. DUPONT",
            "Veuillez agréer, Madame, Monsieur, l'expression de mes salutations distinguées.\nJean Martin",
            "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations\ndistinguées.",
            "-- \nMarie\nTout ce qui suit, même long, et même une phrase entière.\n1\n2\n3\n4\n5\n6\n7",
            "--\nMarie Dupont\n06 12 34 56 78",
            "Envoyé de mon iPhone",
            "Cordialement\nMarie\n\nEnvoyé de mon Samsung Galaxy S21 5G",
            "Sent from my Samsung Galaxy",
            "Envoyé depuis l'application Mail",
            "Get Outlook for iOS<https://aka.ms/o0ukef>",
            "Télécharger Outlook pour Android",
        ] {
            check(&format!("{said}\n\n{signature}"), said);
            check(
                &format!("{said}\r\n{}\r\n", signature.replace('\n', "\r\n")),
                said,
            );
        }
        check("Envoyé de mon iPhone", "");
    }

    #[test]
    fn what_follows_a_signature_stays() {
        check(
            "En panne.\nCordialement,\nMarie\nPS : le livreur a été odieux, je ne rappellerai pas.",
            "En panne.\nPS : le livreur a été odieux, je ne rappellerai pas.",
        );
        stays(
            "Bonne journée passée.\nCordialement\nJe ne reviendrai plus jamais chez vous, ni moi ni mes amis.",
        );
        stays("Vite.\nCordialement\nUn\nDeux\nTrois\nQuatre\nCinq\nSix\nSept");
        stays("Bien.\nMerci\nRapide\nEfficace");
        stays("Colis cassé.\nCordialement\nVous me remboursez quand ?");
    }

    #[test]
    fn disclaimers_go_to_the_end_of_their_paragraph() {
        let said = "Toujours en panne.";
        for disclaimer in [
            "Ce message et toutes les pièces jointes sont confidentiels\net destinés à leur seul lecteur.",
            "This e-mail and any\nattachments are confidential.",
            "CONFIDENTIAL: This email and any attachments are for you.",
            "P Pensez à l'environnement avant d'imprimer ce message.",
            "Virus-free.www.avast.com",
        ] {
            check(&format!("{said}\n\n{disclaimer}"), said);
            check(&format!("{disclaimer}\n\n{said}"), said);
        }
        stays("Lisez ce mail et ses pièces jointes\navant de répondre.");
    }

    #[test]
    fn macros_go_when_they_are_the_whole_line() {
        for tool in [
            "Merci de votre message, un conseiller va vous répondre",
            "Bonjour Marie ! Merci de nous avoir contactés. Un conseiller va vous répondre dans les plus brefs délais.",
            "Nous avons bien reçu votre demande, nous vous répondrons sous 48 heures.",
            "Thanks for contacting us, an agent will be with you shortly",
            "Hi there! Thank you for reaching out to us. We'll get back to you as soon as possible.",
            "How can I help you today?",
        ] {
            check(tool, "");
            check(&format!("{tool}\nOù est mon colis ?"), "Où est mon colis ?");
        }
        stays("Merci de votre message.");
        stays("Un conseiller va vous répondre, qu'ils disaient.");
        stays("Un conseiller va vous répondre mais jamais de réponse");
        stays("Bonjour");
    }

    #[test]
    fn what_is_left_is_borrowed_when_it_is_one_piece() {
        let text = "> cité\n\nReçu cassé.\nEt sale.\n\nCordialement";
        assert!(matches!(
            customer_words(text),
            Cow::Borrowed("Reçu cassé.\nEt sale.")
        ));
    }

    #[test]
    fn long_hostile_texts_cost_no_square() {
        for line in [
            "Forwarded message:\n",
            "Virus-free.www.avast.com\n\n",
            "a\nCordialement\n",
            "--\na\n",
            "x@y 1:1 wrote:\n> a\nb\n",
        ] {
            customer_words(&line.repeat(20_000));
        }
    }

    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            proptest::sample::select(vec![
                "",
                "",
                "Reçu cassé.",
                "Je ne reviendrai plus jamais ici.",
                "Cordialement,",
                "Marie Dupont",
                "Merci,",
                "-- ",
                "--",
                "> cité",
                "> 3 jours",
                "Envoyé de mon iPhone",
                "PS : encore",
                "Le 12/05/2024 à 10:12,",
                "Service client <x@y.fr>",
                "a écrit :",
                "x@y.fr wrote:",
                "De : X",
                "Envoyé : lundi",
                "À : Y",
                "Objet : Z",
                "-----Message d'origine-----",
                "Début du message réexpédié :",
                "________________________________",
                "This e-mail and any",
                "attachments are confidential",
                "How can I help you?",
                "## reply above this line ##",
                "Bonne journée\r",
                "\r",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,30}",
        ]
    }

    proptest! {
        // A case that fails becomes a line of a table above, not a file of its own.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn cleaning_keeps_whole_lines_and_twice_changes_nothing(lines in proptest::collection::vec(line(), 0..24)) {
            let text = lines.join("\n");
            let once = customer_words(&text);
            let mut came = text.lines();
            let same = |line: &str, left: &str| line.trim_end_matches('\r') == left.trim_end_matches('\r');
            prop_assert!(once.lines().all(|left| came.any(|line| same(line, left))), "{once:?}");
            prop_assert_eq!(&customer_words(&once), &once);
        }

        #[test]
        fn any_text_can_be_cleaned(text in "(?s).{0,200}") {
            let once = customer_words(&text).into_owned();
            prop_assert_eq!(customer_words(&once), once.as_str());
        }
    }
}
