//! The query language. Text in, tree out; nothing is searched here.
//!
//! ```text
//! query   = or
//! or      = and ( OR and )*
//! and     = not ( AND? not )*
//! not     = ( NOT | - ) not | primary
//! primary = ( or ) | phrase ( ~N )? | word | word* | word~ ( 1 | 2 )? | =word | =phrase | field : value
//! phrase  = "…" | «…» | “…”
//! value   = word | word* | phrase | * | A..B | A.. | ..B | ( < | <= | > | >= ) A
//! ```

use std::ops::Range;

/// What is asked, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    text: String,
    asked: Asked,
}

/// The parts of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Everything.
    #[default]
    All,
    /// A word, in any inflection.
    Word(String),
    /// Words in this order, in any inflection, with at most so many other words between them.
    Phrase(String, u32),
    /// A word, or words side by side, as written: only case may differ.
    Exact(String),
    /// Words that begin so, accents aside.
    Prefix(String),
    /// Words that differ from this one by at most so many letters, accents aside.
    Near(String, u8),
    /// A field of the record.
    Field(Condition),
    /// All of these.
    And(Vec<Asked>),
    /// At least one of these.
    Or(Vec<Asked>),
    /// What does not match.
    Not(Box<Asked>),
}

/// What a field of the record must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field's name as typed.
    pub field: String,
    /// What it is compared with.
    pub value: Wanted,
    /// First byte of it in the query; `None` where it was not typed in one.
    pub at: Option<usize>,
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Any value, as long as there is one.
    Any,
    /// This value.
    Is(String),
    /// A value that begins so.
    Begins(String),
    /// A value in a range; a missing bound is none.
    Within(Option<Bound>, Option<Bound>),
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// As typed.
    pub value: String,
    /// True where the bound itself is in the range.
    pub is_included: bool,
}

/// Why a query cannot be understood, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}{}", pointed(query, *before))]
pub struct QueryError {
    /// The query on one line, without controls; empty where no place of it is to blame.
    query: String,
    /// Characters before the place.
    before: usize,
    reason: String,
}

/// The query with a mark under the place, as much of it as fits a terminal.
fn pointed(query: &str, before: usize) -> String {
    if query.is_empty() {
        return String::new();
    }
    let skipped = before.saturating_sub(SHOWN_BEFORE);
    let shown: String = query.chars().skip(skipped).take(SHOWN).collect();
    format!("\n  {shown}\n  {}^", " ".repeat(before - skipped))
}

/// Characters of a query shown in a message, and how many of them before the place at most.
const SHOWN: usize = 76;
const SHOWN_BEFORE: usize = 50;

/// Longer queries are refused: nobody types them, and each word costs.
const MOST_BYTES: usize = 4096;

/// Longer beginnings of words are refused: no word has them.
const LONGEST_PREFIX: usize = 64;

/// Words in between that a phrase may allow.
const MOST_SLOP: u32 = 50;

/// Longer words may not be asked for with differences: the automaton grows with them.
const LONGEST_NEAR: usize = 40;

/// Deeper nesting is refused: it would only serve to exhaust the stack.
const MOST_DEPTH: usize = 50;

/// More beginnings and words with differences are refused: each walks through the words of all records.
const MOST_PATTERNS: usize = 32;

/// Letters, digits, emoji and other symbols; not punctuation.
fn is_searched(c: char) -> bool {
    c.is_alphanumeric() || c >= '\u{2190}'
}

impl Query {
    /// Reads a query. An empty one asks for everything.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        if text.len() > MOST_BYTES {
            return Err(QueryError::without_place(format!(
                "the query has {} bytes, more than {MOST_BYTES}; shorten it",
                text.len()
            )));
        }
        let mut query = Self {
            text: text.to_owned(),
            asked: Asked::All,
        };
        let pieces = cut(text).map_err(|failure| query.failed(failure))?;
        if pieces.is_empty() {
            return Ok(query);
        }
        let patterns = pieces.iter().filter(|(piece, _)| {
            matches!(
                piece,
                Piece::Leaf(Asked::Prefix(_) | Asked::Near(..))
                    | Piece::Leaf(Asked::Field(Condition {
                        value: Wanted::Begins(_),
                        ..
                    }))
            )
        });
        if let Some((_, place)) = patterns.clone().nth(MOST_PATTERNS) {
            return Err(query.wrong(
                place.start,
                &format!("more than {MOST_PATTERNS} stars and tildes; ask for fewer"),
            ));
        }
        let mut parser = Parser {
            pieces: &pieces,
            next: 0,
            depth: 0,
            end: text.len(),
        };
        let asked = parser.or().map_err(|failure| query.failed(failure))?;
        if let Some((_, place)) = parser.pieces.get(parser.next) {
            return Err(query.wrong(place.start, "nothing opens this parenthesis; remove it"));
        }
        query.asked = asked;
        Ok(query)
    }

    /// What is asked.
    pub fn asked(&self) -> &Asked {
        &self.asked
    }

    /// This query, with one of these conditions besides. No condition asks nothing more.
    #[must_use]
    pub fn and_one_of(self, conditions: impl IntoIterator<Item = Condition>) -> Self {
        let mut parts: Vec<Asked> = conditions.into_iter().map(Asked::Field).collect();
        let one = match parts.len() {
            0 => return self,
            1 => parts.remove(0),
            _ => Asked::Or(parts),
        };
        self.and(one)
    }

    /// This query, with this asked besides.
    #[must_use]
    pub fn and(mut self, besides: Asked) -> Self {
        self.asked = match self.asked {
            Asked::All => besides,
            Asked::And(mut all) => {
                all.push(besides);
                Asked::And(all)
            }
            other => Asked::And(vec![other, besides]),
        };
        self
    }

    /// An error that points at a byte of this query.
    pub fn wrong(&self, at: usize, reason: &str) -> QueryError {
        QueryError {
            query: self
                .text
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
            before: self.text[..at].chars().count(),
            reason: reason.to_owned(),
        }
    }

    fn failed(&self, (at, reason): Failure) -> QueryError {
        self.wrong(at, &reason)
    }
}

impl QueryError {
    /// An error that no place of the query is to blame for.
    pub fn without_place(reason: String) -> Self {
        Self {
            query: String::new(),
            before: 0,
            reason,
        }
    }
}

impl Condition {
    /// A condition that was not typed in a query: the value of an option.
    pub fn of(field: &str, value: &str) -> Self {
        Self {
            field: field.to_owned(),
            value: Wanted::Is(value.to_owned()),
            at: None,
        }
    }

    /// A range that was not typed in a query; bounds are in it.
    pub fn within(field: &str, low: Option<String>, high: Option<String>) -> Self {
        let bound = |value: String| Bound {
            value,
            is_included: true,
        };
        Self {
            field: field.to_owned(),
            value: Wanted::Within(low.map(bound), high.map(bound)),
            at: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Open,
    Close,
    And,
    Or,
    Not,
    Leaf(Asked),
}

type Failure = (usize, String);

fn cut(text: &str) -> Result<Vec<(Piece, Range<usize>)>, Failure> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        let rest = &text[start..];
        let piece = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => {
                at += 1;
                Piece::Open
            }
            ')' => {
                at += 1;
                Piece::Close
            }
            '-' if !pieces_touch(&pieces, start)
                && rest[1..].starts_with(|c: char| !c.is_whitespace()) =>
            {
                at += 1;
                Piece::Not
            }
            '=' if rest[1..].starts_with(is_quote) => {
                let (phrase, length) = quoted(&rest[1..], start + 1)?;
                at += 1 + length;
                Piece::Leaf(Asked::Exact(phrase))
            }
            c if is_quote(c) => {
                let (phrase, length) = quoted(rest, start)?;
                at += length;
                if let Some(value) = text[at..]
                    .strip_prefix(':')
                    .filter(|value| value.starts_with(|c: char| !c.is_whitespace()))
                {
                    let (wanted, length) = wanted(value, at + 1)?;
                    at += 1 + length;
                    field(phrase, wanted, start)
                } else {
                    let (slop, length) = slop(&text[at..], at)?;
                    at += length;
                    Piece::Leaf(Asked::Phrase(phrase, slop))
                }
            }
            _ => {
                let length = rest.find(ends_word).unwrap_or(rest.len());
                match field_name(rest) {
                    Some(name) => {
                        let (wanted, length) =
                            wanted(&rest[name.len() + 1..], start + name.len() + 1)?;
                        at += name.len() + 1 + length;
                        field(name.to_owned(), wanted, start)
                    }
                    None => {
                        at += length;
                        match word(&text[start..at], start)? {
                            Some(piece) => piece,
                            None => continue,
                        }
                    }
                }
            }
        };
        pieces.push((piece, start..at));
    }
    Ok(pieces)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '«' | '“')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)
}

fn field(name: String, value: Wanted, start: usize) -> Piece {
    Piece::Leaf(Asked::Field(Condition {
        field: name,
        value,
        at: Some(start),
    }))
}

/// The name before a colon that a value follows right away; none in `10:30`, `https://…` and `retard : 3 jours`.
fn field_name(rest: &str) -> Option<&str> {
    let length = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))?;
    let (name, value) = (&rest[..length], rest[length..].strip_prefix(':')?);
    let begins_well = name.starts_with(char::is_alphabetic);
    let is_link = value.starts_with("//");
    let has_value = value.starts_with(|c: char| is_quote(c) || !ends_word(c));
    (begins_well && has_value && !is_link).then_some(name)
}

/// The words between quotation marks, and the bytes they take with the marks.
fn quoted(rest: &str, start: usize) -> Result<(String, usize), Failure> {
    let open = rest.chars().next().unwrap_or('"');
    let close = match open {
        '«' => '»',
        '“' => '”',
        _ => '"',
    };
    let inside = &rest[open.len_utf8()..];
    let fail = |reason: &str| (start, reason.to_owned());
    let length = inside
        .find(close)
        .ok_or_else(|| fail("this quotation mark is never closed; add the other one"))?;
    let phrase = inside[..length].trim().to_owned();
    if phrase.is_empty() {
        return Err(fail("there is no word between these quotation marks"));
    }
    Ok((phrase, open.len_utf8() + length + close.len_utf8()))
}

/// The words a phrase allows in between: `~3`, and the bytes that say so.
fn slop(rest: &str, at: usize) -> Result<(u32, usize), Failure> {
    let Some(digits) = rest.strip_prefix('~') else {
        return Ok((0, 0));
    };
    let length = digits.find(ends_word).unwrap_or(digits.len());
    match digits[..length].parse::<u32>() {
        Ok(slop) if slop <= MOST_SLOP => Ok((slop, 1 + length)),
        _ => Err((
            at,
            format!(
                "how many words may stand between goes here, up to {MOST_SLOP}: \"service client\"~3"
            ),
        )),
    }
}

/// What a field is compared with, and the bytes that say so. `rest` begins after the colon.
fn wanted(rest: &str, start: usize) -> Result<(Wanted, usize), Failure> {
    if rest.starts_with(is_quote) {
        let (phrase, length) = quoted(rest, start)?;
        return Ok((Wanted::Is(phrase), length));
    }
    let length = rest.find(ends_word).unwrap_or(rest.len());
    let typed = &rest[..length];
    let fail = |reason: &str| Err((start, reason.to_owned()));
    let bound = |value: &str, is_included| {
        (!value.is_empty()).then(|| Bound {
            value: value.to_owned(),
            is_included,
        })
    };
    let wanted = if typed == "*" {
        Wanted::Any
    } else if let Some((low, high)) = typed.split_once("..") {
        if low.is_empty() && high.is_empty() {
            return fail("a range needs a bound: 1..2, 3.. or ..2");
        }
        Wanted::Within(bound(low, true), bound(high, true))
    } else if let Some(low) = typed.strip_prefix(">=") {
        Wanted::Within(bound(low, true), None)
    } else if let Some(high) = typed.strip_prefix("<=") {
        Wanted::Within(None, bound(high, true))
    } else if let Some(low) = typed.strip_prefix('>') {
        Wanted::Within(bound(low, false), None)
    } else if let Some(high) = typed.strip_prefix('<') {
        Wanted::Within(None, bound(high, false))
    } else if let Some(prefix) = typed.strip_suffix('*') {
        Wanted::Begins(prefix.to_owned())
    } else {
        Wanted::Is(typed.to_owned())
    };
    if wanted == Wanted::Within(None, None) {
        return fail("a value is missing after this sign: rating:>=4");
    }
    Ok((wanted, length))
}

/// The piece that a word without quotation marks is; `None` for punctuation that stands alone.
fn word(word: &str, start: usize) -> Result<Option<Piece>, Failure> {
    match word {
        "AND" | "ET" => return Ok(Some(Piece::And)),
        "OR" | "OU" => return Ok(Some(Piece::Or)),
        "NOT" | "SAUF" => return Ok(Some(Piece::Not)),
        _ => {}
    }
    let fail = |reason: &str| Err((start, reason.to_owned()));
    let has_letters = |word: &str| word.chars().any(char::is_alphanumeric);
    let asked = if let Some(prefix) = word.strip_suffix('*') {
        if prefix.len() > LONGEST_PREFIX {
            return fail("this beginning of a word is too long; shorten it");
        }
        if !has_letters(prefix) {
            return fail("a star needs letters before it: livr*");
        }
        Asked::Prefix(prefix.to_owned())
    } else if let Some((near, distance)) = word
        .rsplit_once('~')
        .filter(|(near, digits)| has_letters(near) && digits.len() <= 1)
    {
        let distance = match distance {
            "" | "1" => 1,
            "2" => 2,
            _ => return fail("a word may differ by one letter or two: colis~1 or colis~2"),
        };
        if near.len() > LONGEST_NEAR {
            return fail("this word is too long to be asked for with differences; shorten it");
        }
        Asked::Near(near.to_owned(), distance)
    } else if let Some(exact) = word.strip_prefix('=').filter(|exact| has_letters(exact)) {
        Asked::Exact(exact.to_owned())
    } else if word.chars().any(is_searched) {
        Asked::Word(word.to_owned())
    } else {
        // French puts a space before "?" and "!": punctuation alone asks nothing.
        return Ok(None);
    };
    Ok(Some(Piece::Leaf(asked)))
}

/// True when the piece before ends right here: `a-b` is a word with a hyphen, ` -b` a refusal.
fn pieces_touch(pieces: &[(Piece, Range<usize>)], at: usize) -> bool {
    pieces
        .last()
        .is_some_and(|(piece, place)| place.end == at && !matches!(piece, Piece::Open | Piece::Not))
}

struct Parser<'t> {
    pieces: &'t [(Piece, Range<usize>)],
    next: usize,
    depth: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Piece> {
        self.pieces.get(self.next).map(|(piece, _)| piece)
    }

    fn place(&self) -> usize {
        self.pieces
            .get(self.next)
            .map_or(self.end, |(_, place)| place.start)
    }

    fn or(&mut self) -> Result<Asked, Failure> {
        let mut parts = vec![self.and()?];
        while self.peek() == Some(&Piece::Or) {
            self.next += 1;
            parts.push(self.and()?);
        }
        Ok(single_or(parts, Asked::Or))
    }

    fn and(&mut self) -> Result<Asked, Failure> {
        let mut parts = vec![self.not()?];
        loop {
            match self.peek() {
                Some(Piece::And) => {
                    self.next += 1;
                    parts.push(self.not()?);
                }
                None | Some(Piece::Or | Piece::Close) => return Ok(single_or(parts, Asked::And)),
                Some(_) => parts.push(self.not()?),
            }
        }
    }

    fn not(&mut self) -> Result<Asked, Failure> {
        if self.peek() == Some(&Piece::Not) {
            self.deeper()?;
            self.next += 1;
            let refused = self.not()?;
            self.depth -= 1;
            return Ok(Asked::Not(Box::new(refused)));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Asked, Failure> {
        let place = self.place();
        let piece = self.peek().cloned();
        self.next += 1;
        let fail = |reason: &str| Err((place, reason.to_owned()));
        match piece {
            Some(Piece::Leaf(asked)) => Ok(asked),
            Some(Piece::Open) => {
                self.deeper()?;
                let inside = self.or()?;
                self.depth -= 1;
                if self.peek() != Some(&Piece::Close) {
                    return fail("this parenthesis is never closed; add the other one");
                }
                self.next += 1;
                Ok(inside)
            }
            Some(Piece::Close) => fail("a word is missing before this parenthesis"),
            Some(Piece::And | Piece::Or | Piece::Not) => fail(
                "AND, OR and NOT stand between or before words; put quotation marks around it to search for it",
            ),
            None => fail("a word is missing at the end"),
        }
    }

    fn deeper(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err((
                self.place(),
                "parentheses are nested too deep; simplify the query".to_owned(),
            ));
        }
        Ok(())
    }
}

fn single_or(mut parts: Vec<Asked>, join: fn(Vec<Asked>) -> Asked) -> Asked {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        join(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(asked: &Asked) -> String {
        let list = |parts: &[Asked]| parts.iter().map(shown).collect::<Vec<_>>().join(" ");
        match asked {
            Asked::All => "all".to_owned(),
            Asked::Word(word) => word.clone(),
            Asked::Phrase(phrase, 0) => format!("'{phrase}'"),
            Asked::Phrase(phrase, slop) => format!("'{phrase}'~{slop}"),
            Asked::Exact(words) => format!("='{words}'"),
            Asked::Prefix(prefix) => format!("{prefix}*"),
            Asked::Near(word, distance) => format!("{word}~{distance}"),
            Asked::Field(Condition { field, value, .. }) => {
                let bound = |bound: &Option<Bound>| {
                    (bound.as_ref()).map_or(String::new(), |Bound { value, is_included }| {
                        format!("{value}{}", if *is_included { "" } else { "!" })
                    })
                };
                match value {
                    Wanted::Any => format!("{field}:*"),
                    Wanted::Is(value) => format!("{field}:{value}"),
                    Wanted::Begins(value) => format!("{field}:{value}*"),
                    Wanted::Within(low, high) => {
                        format!("{field}:[{} {}]", bound(low), bound(high))
                    }
                }
            }
            Asked::And(parts) => format!("(and {})", list(parts)),
            Asked::Or(parts) => format!("(or {})", list(parts)),
            Asked::Not(part) => format!("(not {})", shown(part)),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        match Query::parse(text) {
            Ok(query) => assert_eq!(shown(query.asked()), expected),
            Err(error) => assert_eq!(
                format!(
                    "{} at {}",
                    error.reason.split(';').next().unwrap(),
                    error.before
                ),
                expected
            ),
        }
    }

    #[test]
    fn words_side_by_side_must_all_match() {
        check("retard colis", "(and retard colis)");
        check("", "all");
    }

    #[test]
    fn or_binds_looser_than_and() {
        check("a b OR c", "(or (and a b) c)");
        check("a AND (b OU c)", "(and a (or b c))");
    }

    #[test]
    fn punctuation_between_spaces_asks_nothing() {
        check("colis ?", "colis");
        check("colis - retard", "(and colis retard)");
        check("! ?", "all");
        check("👍", "👍");
    }

    #[test]
    fn not_and_the_minus_sign_refuse() {
        check("colis NOT retard", "(and colis (not retard))");
        check("colis -retard", "(and colis (not retard))");
        check("après-vente", "après-vente");
        check("-channel:chat", "(not channel:chat)");
    }

    #[test]
    fn phrases_take_french_quotation_marks_too() {
        check(
            "\"très déçu\" « mot de passe »",
            "(and 'très déçu' 'mot de passe')",
        );
    }

    #[test]
    fn phrases_may_allow_words_in_between() {
        check("\"service client\"~3", "'service client'~3");
        check(
            "\"service client\"~",
            "how many words may stand between goes here, up to 50: \"service client\"~3 at 16",
        );
    }

    #[test]
    fn prefixes_end_with_a_star() {
        check("rembours*", "rembours*");
        check("*", "a star needs letters before it: livr* at 0");
    }

    #[test]
    fn a_tilde_allows_one_letter_or_two() {
        check("colis~ livrason~2", "(and colis~1 livrason~2)");
        check(
            "colis~3",
            "a word may differ by one letter or two: colis~1 or colis~2 at 0",
        );
        check("~ 10", "10");
    }

    #[test]
    fn an_equals_sign_asks_for_words_as_written() {
        check(
            "=remboursé =\"mot de passe\"",
            "(and ='remboursé' ='mot de passe')",
        );
        check("= 5", "5");
    }

    #[test]
    fn fields_stand_before_a_colon() {
        check("channel:chat retard", "(and channel:chat retard)");
        check("theme:\"mot de passe\"", "theme:mot de passe");
        check("\"Purchase Type\":web", "Purchase Type:web");
        check("(lang:fr OR lang:en)", "(or lang:fr lang:en)");
        check("product:gal* theme:*", "(and product:gal* theme:*)");
        check(
            "rating:1..2 nps:>=9 nps:<3 date:..2026-11",
            "(and rating:[1 2] nps:[9 ] nps:[ 3!] date:[ 2026-11])",
        );
        check(
            "rating:>",
            "a value is missing after this sign: rating:>=4 at 7",
        );
        check("rating:..", "a range needs a bound: 1..2, 3.. or ..2 at 7");
    }

    #[test]
    fn a_colon_alone_makes_no_field() {
        check("10:30", "10:30");
        check("https://a.fr/b", "https://a.fr/b");
        check("problème: retard", "(and problème: retard)");
        check("objet : retard", "(and objet retard)");
    }

    #[test]
    fn a_mistake_is_pointed_at_past_controls_of_any_length() {
        check(
            "\"\u{80}é\"\u{80}(a",
            "this parenthesis is never closed at 5",
        );
    }

    #[test]
    fn mistakes_are_pointed_at() {
        check("colis \"retard", "this quotation mark is never closed at 6");
        check("(a b", "this parenthesis is never closed at 0");
        check("a )", "nothing opens this parenthesis at 2");
        check("a OR", "a word is missing at the end at 4");
        let error = Query::parse("é \"x").unwrap_err().to_string();
        assert!(error.ends_with("\n  é \"x\n    ^"), "{error}");
        let error = Query::parse(&format!("{}(", "a ".repeat(200)))
            .unwrap_err()
            .to_string();
        assert!(
            error.lines().all(|line| line.chars().count() <= 80),
            "{error}"
        );
    }

    #[test]
    fn many_stars_are_refused() {
        check(&"a* ".repeat(33), "more than 32 stars and tildes at 96");
    }

    proptest! {
        #[test]
        fn no_query_panics(text in "[a-é\"()*~=:.<>1-3 A-Z«»-]{0,60}") {
            if let Err(error) = Query::parse(&text) {
                let _ = error.to_string();
            }
        }
    }
}
