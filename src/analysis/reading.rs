//! One text read whole: words, language, clauses, sentiment, cues, known themes. What a run, `annotate` and `explain` all go through.

use crate::{
    analysis::Settings,
    cues::{Finder, FoundCue},
    language::{
        self, Clause, Language, Lexicon, Lexicons, NONE, Rule, Rules, Segment, Surfaces, Word,
        detect::{self, Ballot, detect, settle},
        patterns::Text,
    },
    sentiment::{self, Passage, score},
    text::{Kind, Scanner, Token, scan},
    themes::{self, KnownMention},
};

/// A text cut into words, kept in buffers that the next text reuses.
#[derive(Default)]
pub struct Reader {
    tokens: Vec<Token>,
    words: Vec<Word>,
    clauses: Vec<Clause>,
    segments: Vec<Segment>,
    verdict: sentiment::Verdict,
    other: sentiment::Verdict,
    part_clauses: Vec<Clause>,
    finder: Finder,
    cues: Vec<FoundCue>,
    theme_finder: themes::Finder,
    known: Vec<KnownMention>,
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

    /// The cues in the text judged last, by place.
    pub fn cues(&self) -> &[FoundCue] {
        &self.cues
    }

    /// What the text judged last names of the catalogue of themes, by clause.
    pub fn known(&self) -> &[KnownMention] {
        &self.known
    }

    /// The segments of the text whose language was told last; none where it is in one language.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Tells the language from the text alone, and the segments of a text in two languages.
    pub fn language(
        &mut self,
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
        self.segments.clear();
        if ballot.may_be_mixed() {
            language::segments(
                &self.words,
                surfaces,
                lexicons,
                &settings.language,
                &mut self.segments,
            );
        }
        let verdict = if self.segments.is_empty() {
            detect(text, &ballot, lexicons, &settings.language)
        } else {
            Some(detect::longest(&self.segments))
        };
        LanguageReading { verdict, ballot }
    }

    /// Cuts clauses, scores them and finds their cues and known themes, in the given language. An undetermined text is
    /// read in each embedded language, and the reading that finds more is kept.
    pub fn judge(
        &mut self,
        text: &str,
        body_start: u32,
        language: Language,
        surfaces: &Surfaces,
        lexicons: &Lexicons,
    ) {
        self.cues.clear();
        self.known.clear();
        if !self.segments.is_empty() {
            self.judge_segments(text, body_start, language, surfaces, lexicons);
            return;
        }
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
                let mut read_in = (0, &lexicons.languages[0]);
                if self.other.weight > self.verdict.weight {
                    read_in = (1, &lexicons.languages[1]);
                    self.judge_in(text, body_start, Some(read_in), surfaces);
                }
                self.find_phrases(text, surfaces, lexicons, Some(read_in));
            }
            _ => {
                let lexicon = lexicon_of(language, lexicons);
                self.judge_in(text, body_start, lexicon, surfaces);
                self.find_phrases(text, surfaces, lexicons, lexicon);
            }
        }
    }

    /// Adds the cues and known themes of the clauses as they stand, read in one language; none in a language without a
    /// lexicon.
    fn find_phrases(
        &mut self,
        text: &str,
        surfaces: &Surfaces,
        lexicons: &Lexicons,
        lexicon: Option<(usize, &Lexicon)>,
    ) {
        if let Some((language, lexicon)) = lexicon {
            let of = Text {
                text,
                words: &self.words,
                clauses: &self.clauses,
                surfaces,
                language,
                lexicon,
            };
            self.finder.find(&of, &mut self.cues);
            self.theme_finder
                .find(&of, &lexicons.catalogue, 0, &mut self.known);
        }
    }

    /// Reads each segment in its own language. `language` is that of most of the text, whose rule squeezes the sum.
    fn judge_segments(
        &mut self,
        text: &str,
        body_start: u32,
        language: Language,
        surfaces: &Surfaces,
        lexicons: &Lexicons,
    ) {
        sentiment::clear(&mut self.verdict);
        self.clauses.clear();
        for segment in &self.segments {
            let lexicon = lexicon_of(segment.language, lexicons);
            let inside = &self.words[segment.first as usize..segment.end as usize];
            language::clauses(inside, surfaces, lexicon, &mut self.part_clauses);
            for clause in &mut self.part_clauses {
                clause.first += segment.first;
                clause.end += segment.first;
            }
            score(
                &Passage {
                    text,
                    body_start,
                    words: &self.words,
                    clauses: &self.part_clauses,
                },
                surfaces,
                lexicon,
                rules_of(lexicon),
                &mut self.other,
            );
            if let Some((language, lexicon)) = lexicon {
                let of = Text {
                    text,
                    words: &self.words,
                    clauses: &self.part_clauses,
                    surfaces,
                    language,
                    lexicon,
                };
                self.finder.find(&of, &mut self.cues);
                let first = self.clauses.len() as u32;
                self.theme_finder
                    .find(&of, &lexicons.catalogue, first, &mut self.known);
            }
            self.clauses.extend_from_slice(&self.part_clauses);
            sentiment::join(&mut self.verdict, &self.other);
        }
        let rules = rules_of(lexicon_of(language, lexicons));
        sentiment::finish(&mut self.verdict, rules.of(Rule::Saturation));
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
            rules_of(lexicon),
            &mut self.verdict,
        );
    }
}

fn lexicon_of(language: Language, lexicons: &Lexicons) -> Option<(usize, &Lexicon)> {
    language
        .embedded()
        .map(|position| (position, &lexicons.languages[position]))
}

fn rules_of(lexicon: Option<(usize, &Lexicon)>) -> &Rules {
    lexicon.map_or(&Rules::WITHOUT_TABLE, |(_, lexicon)| &lexicon.rules)
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
