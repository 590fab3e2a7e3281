//! Text → index terms: the same scanner and the same stems as the analysis, in one pass, for index, queries and snippets.

use crate::{
    index::forms::form,
    language::{Stems, WordStemmer},
    text::{Kind, Scanner, Token, fold, lower, scan},
};
use std::sync::Arc;
use tantivy::tokenizer::{TokenStream, Tokenizer};
use xxhash_rust::xxh3::xxh3_64;

/// How words of one text field become terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analysis {
    /// Stems of the embedded language with this position.
    Stems(usize),
    /// The word in lower case without accents.
    Plain,
    /// The word as written, see [`form`].
    Forms,
}

/// What all clones of an analyzer share: everything that does not change.
struct Shared {
    scanner: Scanner,
    terms: Terms,
}

/// How a word becomes a term.
enum Terms {
    Stems(WordStemmer),
    Plain,
    Forms,
}

impl Terms {
    fn of(&self, word: &str) -> String {
        let lower = lower(word);
        match self {
            Terms::Stems(stemmer) => stemmer.stem(&lower),
            Terms::Plain => fold(&lower).into_owned(),
            Terms::Forms => form(&lower),
        }
    }
}

/// The analyzer of one text field.
pub struct TermAnalyzer {
    shared: Arc<Shared>,
    cache: Cache,
    tokens: Vec<Token>,
    out: tantivy::tokenizer::Token,
}

impl TermAnalyzer {
    /// An analyzer for texts of one field.
    pub fn new(stems: &Stems, analysis: Analysis) -> Self {
        let terms = match analysis {
            Analysis::Stems(language) => Terms::Stems(stems.stemmers[language].clone()),
            Analysis::Plain => Terms::Plain,
            Analysis::Forms => Terms::Forms,
        };
        Self {
            shared: Arc::new(Shared {
                scanner: stems.scanner.clone(),
                terms,
            }),
            cache: Cache::default(),
            tokens: Vec::new(),
            out: tantivy::tokenizer::Token::default(),
        }
    }

    /// What cuts texts into words.
    pub fn scanner(&self) -> &Scanner {
        &self.shared.scanner
    }

    /// Calls `take` with the span and the term of every word that is searched by.
    pub fn terms(&mut self, text: &str, mut take: impl FnMut(Token, &str)) {
        let mut tokens = std::mem::take(&mut self.tokens);
        scan(text, &self.shared.scanner, &mut tokens);
        for token in &tokens {
            if is_searched(token.kind) {
                take(*token, self.cache.term(token.of(text), &self.shared));
            }
        }
        self.tokens = tokens;
    }
}

/// Elided articles and punctuation have no term and take no position, in texts and in queries alike.
pub fn is_searched(kind: Kind) -> bool {
    match kind {
        Kind::Word | Kind::Number | Kind::Link | Kind::Handle | Kind::Symbol => true,
        Kind::Elided | Kind::Stop | Kind::Pause => false,
    }
}

/// Terms of the words met last, one slot a hash: bounded, whatever is indexed.
struct Cache {
    slots: Vec<Slot>,
    /// Number of the text that is read.
    text: u32,
}

/// A word met.
#[derive(Clone, Default)]
struct Slot {
    /// Of the word; 0 for an empty slot.
    hash: u64,
    term: Box<str>,
    /// Number of the text that it was last met in.
    text: u32,
}

/// Slots of the cache; a power of two. A word in thirty is not found in it.
const SLOTS: usize = 1 << 15;

impl Default for Cache {
    fn default() -> Self {
        Self {
            slots: vec![Slot::default(); SLOTS],
            text: 0,
        }
    }
}

impl Cache {
    fn begin_text(&mut self) {
        match self.text.checked_add(1) {
            Some(next) => self.text = next,
            // After four billion texts their numbers begin anew.
            None => {
                *self = Cache {
                    text: 1,
                    ..Cache::default()
                }
            }
        }
    }

    fn term(&mut self, word: &str, shared: &Shared) -> &str {
        &self.slot(word, shared).term
    }

    /// The same, or `None` for a word that this text is known to have had.
    fn new_term(&mut self, word: &str, shared: &Shared) -> Option<&str> {
        let text = self.text;
        let slot = self.slot(word, shared);
        let was_met = std::mem::replace(&mut slot.text, text) == text;
        (!was_met).then_some(&*slot.term)
    }

    fn slot(&mut self, word: &str, shared: &Shared) -> &mut Slot {
        let hash = xxh3_64(word.as_bytes()).max(1);
        let slot = &mut self.slots[hash as usize & (SLOTS - 1)];
        if slot.hash != hash {
            *slot = Slot {
                hash,
                term: shared.terms.of(word).into_boxed_str(),
                text: 0,
            };
        }
        slot
    }
}

impl Clone for TermAnalyzer {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            cache: Cache::default(),
            tokens: Vec::new(),
            out: tantivy::tokenizer::Token::default(),
        }
    }
}

impl Tokenizer for TermAnalyzer {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        scan(text, &self.shared.scanner, &mut self.tokens);
        self.cache.begin_text();
        TermStream {
            text,
            next: 0,
            position: 0,
            tokens: &self.tokens,
            cache: &mut self.cache,
            shared: &self.shared,
            out: &mut self.out,
        }
    }
}

/// The terms of one text, one at a time.
pub struct TermStream<'a> {
    text: &'a str,
    next: usize,
    position: usize,
    tokens: &'a [Token],
    cache: &'a mut Cache,
    shared: &'a Shared,
    out: &'a mut tantivy::tokenizer::Token,
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(token) = self.tokens.get(self.next) {
            self.next += 1;
            if !is_searched(token.kind) {
                continue;
            }
            let word = token.of(self.text);
            let term = match self.shared.terms {
                // Which records have a form is all that is kept of it: once a record is enough.
                Terms::Forms => self.cache.new_term(word, self.shared),
                _ => Some(self.cache.term(word, self.shared)),
            };
            let Some(term) = term else {
                continue;
            };
            self.out.offset_from = token.start as usize;
            self.out.offset_to = token.end as usize;
            self.out.position = self.position;
            self.out.position_length = 1;
            self.out.text.clear();
            self.out.text.push_str(term);
            self.position += 1;
            return true;
        }
        false
    }

    fn token(&self) -> &tantivy::tokenizer::Token {
        self.out
    }

    fn token_mut(&mut self) -> &mut tantivy::tokenizer::Token {
        self.out
    }
}

/// Makes one term of a whole value, in lower case without accents: `Galaxy Été` is found as `galaxy ete`.
#[derive(Clone, Default)]
pub struct ValueAnalyzer(tantivy::tokenizer::Token);

/// A value as it is compared with others.
pub fn plain_value(value: &str) -> String {
    fold(&lower(value)).into_owned()
}

impl Tokenizer for ValueAnalyzer {
    type TokenStream<'a> = ValueStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ValueStream<'a> {
        self.0.reset();
        self.0.text.push_str(&plain_value(text));
        ValueStream {
            token: &mut self.0,
            is_new: true,
        }
    }
}

/// The one term of a value.
pub struct ValueStream<'a> {
    token: &'a mut tantivy::tokenizer::Token,
    is_new: bool,
}

impl TokenStream for ValueStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.position = 0;
        std::mem::take(&mut self.is_new)
    }

    fn token(&self) -> &tantivy::tokenizer::Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut tantivy::tokenizer::Token {
        self.token
    }
}
