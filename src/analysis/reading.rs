//! One text read whole: words, language, clauses, sentiment. What a run, `annotate` and `explain` all go through.

use crate::{
    analysis::Settings,
    language::{
        self, Clause, Language, Lexicon, Lexicons, NONE, Rules, Surfaces, Word,
        detect::{self, Ballot, detect, settle},
    },
    sentiment::{self, Passage, score},
    text::{Kind, Scanner, Token, scan},
};

/// A text cut into words, kept in buffers that the next text reuses.
#[derive(Default)]
pub struct Reader {
    tokens: Vec<Token>,
    words: Vec<Word>,
    clauses: Vec<Clause>,
    verdict: sentiment::Verdict,
    other: sentiment::Verdict,
}

/// True for tokens that are looked up by their form: words, symbols, and numbers short enough to be part of a phrase
/// ("10 out of 10").
pub(super) fn has_form(token: &Token) -> bool {
    match token.kind {
        Kind::Word | Kind::Elided | Kind::Symbol => true,
        Kind::Number => token.end - token.start <= 3,
        Kind::Link | Kind::Handle | Kind::Stop | Kind::Pause => false,
    }
}

/// The language of a text, and the ballot it rests on.
pub struct LanguageReading {
    /// `None` when only the text's source could tell.
    pub verdict: Option<detect::Verdict>,
    /// The evidence.
    pub ballot: Ballot,
}

impl Reader {
    /// Cuts a text into words. Forms that are not in `surfaces` are given to `unknown`; reading on needs them added first.
    pub fn cut<'t>(
        &mut self,
        text: &'t str,
        scanner: &Scanner,
        surfaces: &Surfaces,
        mut unknown: impl FnMut(&'t str, Kind),
    ) {
        scan(text, scanner, &mut self.tokens);
        self.words.clear();
        for token in &self.tokens {
            let surface = if has_form(token) {
                let form = token.of(text);
                surfaces.id(form).unwrap_or_else(|| {
                    unknown(form, token.kind);
                    NONE
                })
            } else {
                NONE
            };
            self.words.push(Word {
                token: *token,
                surface,
            });
        }
    }

    /// The words of the text cut last.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Mutable words, for filling in the ids of forms that were unknown.
    pub(crate) fn words_mut(&mut self) -> &mut Vec<Word> {
        &mut self.words
    }

    /// The words, clauses and verdict of the text judged last.
    pub fn judged(&self) -> (&[Word], &[Clause], &sentiment::Verdict) {
        (&self.words, &self.clauses, &self.verdict)
    }

    /// Tells the language from the text alone.
    pub fn language(
        &self,
        text: &str,
        surfaces: &Surfaces,
        lexicons: &Lexicons,
        settings: &Settings,
    ) -> LanguageReading {
        let mut ballot = Ballot::default();
        let mut opens = true;
        for word in &self.words {
            if word.surface != NONE {
                ballot.add(surfaces.facts(word.surface), opens);
                opens = false;
            } else if word.token.kind == Kind::Stop {
                opens = true;
            }
        }
        LanguageReading {
            verdict: detect(text, &ballot, lexicons, &settings.language),
            ballot,
        }
    }

    /// Cuts clauses and scores them, in the given language. An undetermined text is read in each embedded language,
    /// and the reading that finds more is kept.
    pub fn judge(
        &mut self,
        text: &str,
        body_start: u32,
        language: Language,
        surfaces: &Surfaces,
        lexicons: &Lexicons,
    ) {
        match language {
            Language::Undetermined => {
                self.judge_in(
                    text,
                    body_start,
                    Some((1, &lexicons.languages[1])),
                    surfaces,
                );
                std::mem::swap(&mut self.verdict, &mut self.other);
                self.judge_in(
                    text,
                    body_start,
                    Some((0, &lexicons.languages[0])),
                    surfaces,
                );
                if self.other.weight > self.verdict.weight {
                    self.judge_in(
                        text,
                        body_start,
                        Some((1, &lexicons.languages[1])),
                        surfaces,
                    );
                }
            }
            _ => {
                let lexicon = language
                    .embedded()
                    .map(|position| (position, &lexicons.languages[position]));
                self.judge_in(text, body_start, lexicon, surfaces);
            }
        }
    }

    fn judge_in(
        &mut self,
        text: &str,
        body_start: u32,
        lexicon: Option<(usize, &Lexicon)>,
        surfaces: &Surfaces,
    ) {
        language::clauses(&self.words, surfaces, lexicon, &mut self.clauses);
        score(
            &Passage {
                text,
                body_start,
                words: &self.words,
                clauses: &self.clauses,
            },
            surfaces,
            lexicon,
            lexicon.map_or(&Rules::WITHOUT_TABLE, |(_, lexicon)| &lexicon.rules),
            &mut self.verdict,
        );
    }
}

/// The final language of a text whose own evidence left it open.
pub fn settle_language(
    ballot: &Ballot,
    shares: Option<[f32; 2]>,
    lexicons: &Lexicons,
    settings: &Settings,
) -> detect::Verdict {
    settle(ballot, shares, lexicons, &settings.language)
}
