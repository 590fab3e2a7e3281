//! The query language: words, "phrases", AND, OR, NOT, parentheses, prefix*. Text in, tree out; nothing is searched here.
//!
//! ```text
//! query   = or
//! or      = and ( OR and )*
//! and     = not ( AND? not )*
//! not     = ( NOT | - ) not | primary
//! primary = ( or ) | "phrase" | word | word*
//! ```

use std::ops::Range;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Everything.
    All,
    /// A word, in any inflection.
    Word(String),
    /// Words that stand side by side, in any inflection.
    Phrase(String),
    /// Words that begin so.
    Prefix(String),
    /// All of these.
    And(Vec<Query>),
    /// At least one of these.
    Or(Vec<Query>),
    /// What does not match.
    Not(Box<Query>),
}

/// Why a query cannot be understood, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}\n  {query}\n  {}^", " ".repeat(*before))]
pub struct QueryError {
    /// The query on one line, without controls.
    query: String,
    /// Characters before the place.
    before: usize,
    reason: String,
}

/// Longer queries are refused: nobody types them, and each word costs.
const MOST_BYTES: usize = 4096;

/// Longer beginnings of words are refused: no word has them.
const LONGEST_PREFIX: usize = 64;

/// Letters, digits, emoji and other symbols; not punctuation.
fn is_searched(c: char) -> bool {
    c.is_alphanumeric() || c >= '\u{2190}'
}

/// Deeper nesting is refused: it would only serve to exhaust the stack.
const MOST_DEPTH: usize = 50;

impl Query {
    /// Reads a query. An empty one asks for everything.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let fail = |at: usize, reason: &str| QueryError {
            query: text
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
            before: text[..at].chars().count(),
            reason: reason.to_owned(),
        };
        if text.len() > MOST_BYTES {
            return Err(QueryError {
                query: String::new(),
                before: 0,
                reason: format!(
                    "the query has {} bytes, more than {MOST_BYTES}; shorten it",
                    text.len()
                ),
            });
        }
        let tokens = cut(text).map_err(|(at, reason)| fail(at, reason))?;
        if tokens.is_empty() {
            return Ok(Query::All);
        }
        let mut parser = Parser {
            tokens: &tokens,
            next: 0,
            depth: 0,
            end: text.len(),
        };
        let query = parser.or().map_err(|(at, reason)| fail(at, reason))?;
        match parser.tokens.get(parser.next) {
            None => Ok(query),
            Some((_, place)) => Err(fail(
                place.start,
                "nothing opens this parenthesis; remove it",
            )),
        }
    }

    /// The words that a match holds: for highlighting. Words under NOT are left out.
    pub fn words(&self) -> Vec<(&str, bool)> {
        match self {
            Query::All | Query::Not(_) => Vec::new(),
            Query::Word(word) | Query::Phrase(word) => vec![(word, false)],
            Query::Prefix(word) => vec![(word, true)],
            Query::And(parts) | Query::Or(parts) => parts.iter().flat_map(Query::words).collect(),
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
    Word(String),
    Phrase(String),
    Prefix(String),
}

type Failure = (usize, &'static str);

fn cut(text: &str) -> Result<Vec<(Piece, Range<usize>)>, Failure> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        let piece = match c {
            c if c.is_whitespace() => continue,
            '(' => Piece::Open,
            ')' => Piece::Close,
            '"' | '«' | '“' => {
                let close = match c {
                    '«' => '»',
                    '“' => '”',
                    _ => '"',
                };
                let length = text[at..].find(close).ok_or((
                    start,
                    "this quotation mark is never closed; add the other one",
                ))?;
                let phrase = text[at..at + length].trim().to_owned();
                at += length + close.len_utf8();
                if !phrase.chars().any(char::is_alphanumeric) {
                    return Err((start, "there is no word between these quotation marks"));
                }
                Piece::Phrase(phrase)
            }
            '-' if !pieces_touch(&pieces, start)
                && text[at..].starts_with(|c: char| !c.is_whitespace()) =>
            {
                Piece::Not
            }
            _ => {
                at += text[at..]
                    .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '«' | '“'))
                    .unwrap_or(text.len() - at);
                match &text[start..at] {
                    "AND" | "ET" => Piece::And,
                    "OR" | "OU" => Piece::Or,
                    "NOT" | "SAUF" => Piece::Not,
                    word => match word.strip_suffix('*') {
                        Some(prefix) if prefix.len() > LONGEST_PREFIX => {
                            return Err((
                                start,
                                "this beginning of a word is too long; shorten it",
                            ));
                        }
                        Some(prefix) if prefix.chars().any(char::is_alphanumeric) => {
                            Piece::Prefix(prefix.to_owned())
                        }
                        Some(_) => return Err((start, "a star needs letters before it: livr*")),
                        // French puts a space before "?" and "!": punctuation alone asks nothing.
                        None if !word.chars().any(is_searched) => continue,
                        None => Piece::Word(word.to_owned()),
                    },
                }
            }
        };
        pieces.push((piece, start..at));
    }
    Ok(pieces)
}

/// True when the piece before ends right here: `a-b` is a word with a hyphen, ` -b` a refusal.
fn pieces_touch(pieces: &[(Piece, Range<usize>)], at: usize) -> bool {
    pieces
        .last()
        .is_some_and(|(piece, place)| place.end == at && !matches!(piece, Piece::Open))
}

struct Parser<'t> {
    tokens: &'t [(Piece, Range<usize>)],
    next: usize,
    depth: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Piece> {
        self.tokens.get(self.next).map(|(piece, _)| piece)
    }

    fn place(&self) -> usize {
        self.tokens
            .get(self.next)
            .map_or(self.end, |(_, place)| place.start)
    }

    fn or(&mut self) -> Result<Query, Failure> {
        let mut parts = vec![self.and()?];
        while self.peek() == Some(&Piece::Or) {
            self.next += 1;
            parts.push(self.and()?);
        }
        Ok(single_or(parts, Query::Or))
    }

    fn and(&mut self) -> Result<Query, Failure> {
        let mut parts = vec![self.not()?];
        loop {
            match self.peek() {
                Some(Piece::And) => {
                    self.next += 1;
                    parts.push(self.not()?);
                }
                None | Some(Piece::Or | Piece::Close) => return Ok(single_or(parts, Query::And)),
                Some(_) => parts.push(self.not()?),
            }
        }
    }

    fn not(&mut self) -> Result<Query, Failure> {
        if self.peek() == Some(&Piece::Not) {
            self.deeper()?;
            self.next += 1;
            let refused = self.not()?;
            self.depth -= 1;
            return Ok(Query::Not(Box::new(refused)));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Query, Failure> {
        let place = self.place();
        let piece = self.peek().cloned();
        self.next += 1;
        match piece {
            Some(Piece::Word(word)) => Ok(Query::Word(word)),
            Some(Piece::Phrase(phrase)) => Ok(Query::Phrase(phrase)),
            Some(Piece::Prefix(prefix)) => Ok(Query::Prefix(prefix)),
            Some(Piece::Open) => {
                self.deeper()?;
                let inside = self.or()?;
                self.depth -= 1;
                if self.peek() != Some(&Piece::Close) {
                    return Err((place, "this parenthesis is never closed; add the other one"));
                }
                self.next += 1;
                Ok(inside)
            }
            Some(Piece::Close) => Err((place, "a word is missing before this parenthesis")),
            Some(Piece::And | Piece::Or | Piece::Not) => Err((
                place,
                "AND, OR and NOT stand between or before words; put quotation marks around it to search for it",
            )),
            None => Err((place, "a word is missing at the end")),
        }
    }

    fn deeper(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err((
                self.place(),
                "parentheses are nested too deep; simplify the query",
            ));
        }
        Ok(())
    }
}

fn single_or(mut parts: Vec<Query>, join: fn(Vec<Query>) -> Query) -> Query {
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

    fn shown(query: &Query) -> String {
        let list = |parts: &[Query]| parts.iter().map(shown).collect::<Vec<_>>().join(" ");
        match query {
            Query::All => "all".to_owned(),
            Query::Word(word) => word.clone(),
            Query::Phrase(phrase) => format!("'{phrase}'"),
            Query::Prefix(prefix) => format!("{prefix}*"),
            Query::And(parts) => format!("(and {})", list(parts)),
            Query::Or(parts) => format!("(or {})", list(parts)),
            Query::Not(part) => format!("(not {})", shown(part)),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        match Query::parse(text) {
            Ok(query) => assert_eq!(shown(&query), expected),
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
    }

    #[test]
    fn phrases_take_french_quotation_marks_too() {
        check(
            "\"très déçu\" « mot de passe »",
            "(and 'très déçu' 'mot de passe')",
        );
    }

    #[test]
    fn prefixes_end_with_a_star() {
        check("rembours*", "rembours*");
        check("*", "a star needs letters before it: livr* at 0");
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
    }

    proptest! {
        #[test]
        fn no_query_panics(text in "[a-é\"()* A-Z«»-]{0,60}") {
            if let Err(error) = Query::parse(&text) {
                let _ = error.to_string();
            }
        }
    }
}
