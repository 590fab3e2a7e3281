//! The word scanner: words, numbers, links, handles, emoji, and the punctuation that parts them.

/// A piece of text with a meaning of its own. Spans are bytes of the scanned text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub kind: Kind,
}

impl Token {
    /// The token as written.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A word, apostrophe included: `appli`, `don't`, `aujourd'hui`, `4g`.
    Word,
    /// A word that leans on the next: `l'`, `qu’`.
    Elided,
    /// Digits, with their points, commas, colons and slashes: `12,50`, `2026/11/23`.
    Number,
    /// A web or e-mail address, or what stands for one that was masked: `[e-mail]`, `[phone]`.
    Link,
    /// `@somebody`.
    Handle,
    /// An emoji or an emoticon.
    Symbol,
    /// A run of `.`, `!`, `?`, `…` or line breaks: a sentence ends.
    Stop,
    /// A run of any other punctuation: a pause.
    Pause,
}

/// What the scanner must be told about languages and symbols; built once, see `language::catalog`.
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    /// Lower-case words that lose their vowel before an apostrophe: `l`, `qu`, `jusqu`.
    elisions: Vec<Box<str>>,
    /// Emoticons, by first byte, longest first.
    emoticons: Vec<Vec<Box<str>>>,
}

impl Scanner {
    /// A scanner that splits after these elided words and keeps these emoticons whole.
    pub fn new<'a>(
        elisions: impl IntoIterator<Item = &'a str>,
        emoticons: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut by_first: Vec<Vec<Box<str>>> = vec![Vec::new(); 128];
        for emoticon in emoticons {
            if let Some(bucket) = emoticon
                .bytes()
                .next()
                .and_then(|b| by_first.get_mut(usize::from(b)))
            {
                bucket.push(emoticon.into());
            }
        }
        for bucket in &mut by_first {
            bucket.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        }
        let mut elisions: Vec<Box<str>> = elisions.into_iter().map(Box::from).collect();
        elisions.sort();
        Self {
            elisions,
            emoticons: by_first,
        }
    }

    fn is_elided(&self, word: &str) -> bool {
        word.len() <= 8
            && self
                .elisions
                .iter()
                .any(|elision| elision.eq_ignore_ascii_case(word))
    }

    /// Length of the emoticon `text` starts with, if it stands alone there.
    fn emoticon(&self, text: &str) -> Option<usize> {
        let first = usize::from(*text.as_bytes().first()?);
        self.emoticons
            .get(first)?
            .iter()
            .find(|emoticon| {
                text.strip_prefix(&***emoticon).is_some_and(|rest| {
                    let ends_in_word = emoticon.ends_with(|c: char| c.is_alphanumeric());
                    !(ends_in_word && rest.starts_with(|c: char| c.is_alphanumeric()))
                })
            })
            .map(|emoticon| emoticon.len())
    }
}

/// Cuts `text` into tokens, replacing what `tokens` held. Empty text gives no token. Texts of 4 GiB or more are cut off there.
pub fn scan(text: &str, scanner: &Scanner, tokens: &mut Vec<Token>) {
    tokens.clear();
    let text = &text[..floor_char_boundary(text, u32::MAX as usize)];
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (kind, end) = match CLASS[usize::from(bytes[at])] {
            Class::Space => {
                at += 1;
                continue;
            }
            Class::Letter => match letter_emoticon(text, at, scanner) {
                Some(end) => (Kind::Symbol, end),
                None => word(text, at, scanner),
            },
            Class::Digit => number(text, at, scanner),
            Class::Stop => stop(text, at),
            Class::Mark if bytes[at] == b'-' && joins_letters(text, at, 1) => {
                at += 1;
                continue;
            }
            Class::Mark => mark(text, at, scanner),
            Class::Wide => {
                let c = char_at(text, at);
                let is_hyphen =
                    matches!(c, '\u{2010}' | '\u{2011}') && joins_letters(text, at, c.len_utf8());
                if c.is_whitespace() || is_invisible(c) || is_hyphen {
                    at += c.len_utf8();
                    continue;
                } else if is_emoji(c) {
                    (Kind::Symbol, emoji_end(text, at))
                } else if c.is_alphanumeric() {
                    word(text, at, scanner)
                } else if c == '…' {
                    stop(text, at)
                } else {
                    (Kind::Pause, at + c.len_utf8())
                }
            }
        };
        tokens.push(Token {
            start: at as u32,
            end: end as u32,
            kind,
        });
        at = end;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    Stop,
    Mark,
    Wide,
}

const CLASS: [Class; 256] = {
    let mut class = [Class::Mark; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b'\n' | b'.' | b'!' | b'?' => Class::Stop,
            0..=b' ' | 0x7f => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            128.. => Class::Wide,
            _ => Class::Mark,
        };
        byte += 1;
    }
    class
};

fn char_at(text: &str, at: usize) -> char {
    text[at..]
        .chars()
        .next()
        .expect("callers stay inside the text")
}

fn floor_char_boundary(text: &str, most: usize) -> usize {
    if text.len() <= most {
        return text.len();
    }
    (0..=most)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

/// True when the hyphen at `at` stands between two letters: it parts words without a pause.
fn joins_letters(text: &str, at: usize, length: usize) -> bool {
    text[..at]
        .chars()
        .next_back()
        .is_some_and(char::is_alphanumeric)
        && text[at + length..]
            .chars()
            .next()
            .is_some_and(char::is_alphanumeric)
}

/// End of the run of letters, digits and combining marks that starts at `at`.
fn letters_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match CLASS[usize::from(bytes[at])] {
            Class::Letter | Class::Digit => at += 1,
            Class::Wide => {
                let c = char_at(text, at);
                let is_plain_letter = matches!(c, '\u{c0}'..='\u{24f}') && c != '×' && c != '÷';
                if is_plain_letter
                    || (c.is_alphanumeric() && !is_emoji(c))
                    || is_combining(c)
                    || is_invisible(c)
                {
                    at += c.len_utf8();
                } else {
                    break;
                }
            }
            _ => break,
        }
    }
    at
}

/// Length in bytes of the apostrophe at `at`, straight or curly; 0 where there is none.
fn apostrophe(text: &str, at: usize) -> usize {
    match text[at..].chars().next() {
        Some(c @ ('\'' | '’' | 'ʼ' | '`' | '´' | '‘')) => c.len_utf8(),
        _ => 0,
    }
}

fn word(text: &str, start: usize, scanner: &Scanner) -> (Kind, usize) {
    let bytes = text.as_bytes();
    let mut end = letters_end(text, start);
    if let Some(link_end) = link(text, start, end) {
        return (Kind::Link, link_end);
    }
    loop {
        let apostrophe_length = apostrophe(text, end);
        let next = end + apostrophe_length;
        if apostrophe_length == 0 || letters_end(text, next) == next {
            break;
        }
        if scanner.is_elided(&text[start..end]) {
            return (Kind::Elided, next);
        }
        end = letters_end(text, next);
    }
    debug_assert!(end > start && end <= bytes.len());
    (Kind::Word, end)
}

/// End of the address that starts with the letters `start..end`, when they do start one.
fn link(text: &str, start: usize, end: usize) -> Option<usize> {
    let rest = &text[end..];
    let head = &text[start..end];
    let is_url = (rest.starts_with("://")
        && ["http", "https", "ftp"]
            .iter()
            .any(|s| s.eq_ignore_ascii_case(head)))
        || (rest.starts_with('.') && head.eq_ignore_ascii_case("www"));
    if is_url {
        return Some(address_end(text, start));
    }
    // Any other address needs one of these right after its first letters: a cheap way out for nearly every word.
    let mut next = rest.chars();
    let joins = matches!(next.next(), Some('@' | '.' | '-' | '_' | '+'));
    if !joins || !next.next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let window = &text[..start + floor_char_boundary(&text[start..], LONGEST_ADDRESS)];
    let run = &window[start..address_end(window, start)];
    let (name, domain) = run.split_once('@')?;
    let domain_end = domain
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'))
        .unwrap_or(domain.len());
    let domain = domain[..domain_end].trim_end_matches(['.', '-']);
    let is_mail = name
        .chars()
        .all(|c| c.is_alphanumeric() || "._+-".contains(c))
        && domain.split('.').count() > 1
        && domain.split('.').all(|part| !part.is_empty());
    is_mail.then_some(start + name.len() + 1 + domain.len())
}

/// Bytes an e-mail address has at most (RFC 5321, 4.5.3.1), and room for what may follow it. Looking further would cost
/// the square of a text without spaces.
const LONGEST_ADDRESS: usize = 320;

/// End of the run without spaces, less the punctuation that closes a sentence.
fn address_end(text: &str, start: usize) -> usize {
    let run = text[start..]
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»'))
        .map_or(text.len(), |length| start + length);
    start
        + text[start..run]
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '…', '\''])
            .len()
}

fn number(text: &str, start: usize, scanner: &Scanner) -> (Kind, usize) {
    if let Some(end) = letter_emoticon(text, start, scanner) {
        return (Kind::Symbol, end);
    }
    let bytes = text.as_bytes();
    let mut end = start;
    loop {
        while end < bytes.len() && bytes[end].is_ascii_digit() {
            end += 1;
        }
        let joins = end + 1 < bytes.len()
            && matches!(bytes[end], b'.' | b',' | b':' | b'/')
            && bytes[end + 1].is_ascii_digit();
        if !joins {
            break;
        }
        end += 1;
    }
    let letters = letters_end(text, end);
    if letters > end {
        (Kind::Word, letters)
    } else {
        (Kind::Number, end)
    }
}

fn stop(text: &str, start: usize) -> (Kind, usize) {
    let mut at = start;
    // The white space between two stops is theirs, the white space behind the last is nobody's.
    let mut end = start;
    let mut after_break = false;
    for c in text[start..].chars() {
        match c {
            '.' | '!' | '?' | '…' => after_break = false,
            '\n' => after_break = true,
            c if after_break && c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            _ => break,
        }
        at += c.len_utf8();
        end = at;
    }
    (Kind::Stop, end)
}

fn mark(text: &str, start: usize, scanner: &Scanner) -> (Kind, usize) {
    if let Some(length) = scanner.emoticon(&text[start..]) {
        return (Kind::Symbol, start + length);
    }
    let bytes = text.as_bytes();
    if bytes[start] == b'@' {
        let end = handle_end(text, start + 1);
        if end > start + 1 {
            return (Kind::Handle, end);
        }
    }
    if let Some(end) = mask_end(bytes, start) {
        return (Kind::Link, end);
    }
    let mut end = start + 1;
    while end < bytes.len()
        && CLASS[usize::from(bytes[end])] == Class::Mark
        && bytes[end] != b'@'
        && mask_end(bytes, end).is_none()
        && scanner.emoticon(&text[end..]).is_none()
    {
        end += 1;
    }
    (Kind::Pause, end)
}

/// End of a word in square brackets, as masked data leaves it: `[e-mail]`. It is no word of the customer's.
fn mask_end(bytes: &[u8], start: usize) -> Option<usize> {
    let inside = bytes[start..].strip_prefix(b"[")?;
    let length = inside
        .iter()
        .take(12)
        .take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'-')
        .count();
    (length >= 2 && inside.get(length) == Some(&b']')).then_some(start + length + 2)
}

fn handle_end(text: &str, mut at: usize) -> usize {
    loop {
        let end = letters_end(text, at);
        if text[end..].starts_with('_') {
            at = end + 1;
        } else {
            return end;
        }
    }
}

/// End of an emoticon that starts with a letter or a digit: `xD`, `8)`.
fn letter_emoticon(text: &str, start: usize, scanner: &Scanner) -> Option<usize> {
    scanner
        .emoticon(&text[start..])
        .map(|length| start + length)
}

fn emoji_end(text: &str, start: usize) -> usize {
    let mut chars = text[start..].char_indices().peekable();
    let mut end = start;
    let mut flag_letters = 0;
    while let Some((offset, c)) = chars.next() {
        let first = offset == 0;
        if first || is_emoji_tail(c) {
            end = start + offset + c.len_utf8();
            flag_letters += u32::from(is_flag_letter(c));
        } else if flag_letters == 1 && is_flag_letter(c) {
            end = start + offset + c.len_utf8();
            flag_letters = 2;
        } else {
            break;
        }
        if c == ZERO_WIDTH_JOINER {
            // What a joiner binds belongs to the same emoji.
            if let Some((offset, bound)) = chars.next_if(|(_, next)| is_emoji(*next)) {
                end = start + offset + bound.len_utf8();
            }
        }
    }
    end
}

const ZERO_WIDTH_JOINER: char = '\u{200d}';

fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_emoji_tail(c: char) -> bool {
    matches!(
        c,
        '\u{fe0f}' | '\u{fe0e}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | ZERO_WIDTH_JOINER
    )
}

fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{25ff}' | '\u{3030}' | '\u{303d}')
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}')
}

/// Marks that show nothing: soft hyphen, zero-width characters, byte order mark, direction marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scanner() -> Scanner {
        Scanner::new(
            ["l", "d", "j", "n", "qu", "c", "s"],
            [":)", ":-(", ":D", "<3", "xD", ":/"],
        )
    }

    fn shown(text: &str) -> String {
        let mut tokens = Vec::new();
        scan(text, &scanner(), &mut tokens);
        let shown: Vec<String> = tokens
            .iter()
            .map(|token| {
                let mark = match token.kind {
                    Kind::Word => "",
                    Kind::Elided => "_",
                    Kind::Number => "0",
                    Kind::Link => "&",
                    Kind::Handle => "@",
                    Kind::Symbol => "*",
                    Kind::Stop => ".",
                    Kind::Pause => ",",
                };
                format!("{mark}{}", token.of(text).replace('\n', "⏎"))
            })
            .collect();
        shown.join(" ")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn french_elision_parts_with_both_apostrophes() {
        check("l'appli", "_l' appli");
        check("J’ai qu’à", "_J’ ai _qu’ à");
        check("aujourd'hui c'est", "aujourd'hui _c' est");
        check("n'est", "_n' est");
    }

    #[test]
    fn english_contractions_stay_whole() {
        check("don't it's I’m", "don't it's I’m");
        check("the customers' parcel", "the customers ,' parcel");
    }

    #[test]
    fn hyphens_part_words_without_a_pause() {
        check("rendez-vous après-vente", "rendez vous après vente");
        check("cher - lent -", "cher ,- lent ,-");
    }

    #[test]
    fn numbers_keep_their_points() {
        check(
            "12,50€ le 3/11/2026 à 9:30.",
            "012,50 ,€ le 03/11/2026 à 09:30 ..",
        );
        check("4g 2h30 1er", "4g 2h30 1er");
    }

    #[test]
    fn links_and_handles_are_one_token() {
        check(
            "voir https://ex.org/a?b=c.",
            "voir &https://ex.org/a?b=c ..",
        );
        check("www.exemple.fr, merci", "&www.exemple.fr ,, merci");
        check("jean.dupont@example.fr!", "&jean.dupont@example.fr .!");
        check("@Sav_Lyon bof", "@@Sav_Lyon bof");
        check("mal fait.Les prix", "mal fait .. Les prix");
    }

    #[test]
    fn what_stands_for_masked_data_is_one_token() {
        check(
            "Bonjour [name], ([e-mail]) !",
            "Bonjour &[name] ,, ,( &[e-mail] ,) .!",
        );
        check("[sic", ",[ sic");
        check("[a] [une phrase]", ",[ a ,] ,[ une phrase ,]");
    }

    #[test]
    fn a_long_text_without_spaces_takes_no_longer_than_another() {
        // Looking for an address at each of these took the square of their number: minutes.
        let mut tokens = Vec::new();
        scan(&"a.".repeat(200_000), &scanner(), &mut tokens);
        assert_eq!(tokens.len(), 400_000);
    }

    #[test]
    fn emoji_and_emoticons_are_symbols() {
        check("top 👍🏽 ❤️ 👨‍👩‍👧", "top *👍🏽 *❤️ *👨‍👩‍👧");
        check("ok :) :D <3 xD", "ok *:) *:D *<3 *xD");
        check("👍👍 🇫🇷", "*👍 *👍 *🇫🇷");
        check("Dx ray:Delta", "Dx ray ,: Delta");
    }

    #[test]
    fn stops_run_over_line_breaks() {
        check("Fini !!!\n\nMerci…", "Fini .!!!⏎⏎ Merci .…");
    }

    #[test]
    fn decomposed_accents_stay_in_the_word() {
        check("e\u{301}te\u{301}", "e\u{301}te\u{301}");
    }

    fn is_skipped(c: char) -> bool {
        c.is_whitespace()
            || is_invisible(c)
            || c.is_control()
            || matches!(c, '-' | '\u{2010}' | '\u{2011}')
    }

    proptest! {
        #[test]
        fn tokens_cover_all_but_white_space_and_joining_hyphens(text in "\\PC{0,80}") {
            let mut tokens = Vec::new();
            scan(&text, &scanner(), &mut tokens);
            let mut at = 0;
            for token in &tokens {
                prop_assert!(token.start as usize >= at && token.end > token.start);
                prop_assert!(text[at..token.start as usize].chars().all(is_skipped));
                let _ = token.of(&text);
                at = token.end as usize;
            }
            prop_assert!(text[at..].chars().all(is_skipped));
        }
    }
}
