//! Rated texts of one language, cut into words once, scored as often as needed.

use crate::{
    analysis::{
        Reader, Settings,
        fitting::Rated,
        reading::{has_form, settle_language},
    },
    language::{self, Language, Lexicons, NONE, Rules, Surfaces, Word},
    sentiment::{self, Passage, score},
    text::Kind,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// The texts.
pub struct Corpus<'t> {
    /// Position of the language among the embedded ones.
    pub position: usize,
    texts: Vec<&'t Rated>,
    words: Vec<Word>,
    bounds: Vec<usize>,
    /// Every form, by the id it gets in any table of forms made from them.
    forms: Vec<(&'t str, Kind)>,
    weights: Vec<f64>,
    /// Files with texts in this language.
    pub files: usize,
}

/// What a text's score is made of.
#[derive(Clone, Debug, Default)]
pub struct Traced {
    /// The sum before it is squeezed between −1 and 1.
    pub sum: f32,
    /// Row of the polarities, and what its weight was multiplied by.
    pub cells: Vec<(u32, f32)>,
}

/// Texts a chunk.
const CHUNK: usize = 512;

/// A file counts as the root of its size, times this: a large one must not drown the others.
const FILE_WEIGHT: f64 = 30.0;

impl<'t> Corpus<'t> {
    /// The texts in one language.
    pub fn of(language: Language, rated: &[&'t Rated], lexicons: &Lexicons) -> Self {
        let mut surfaces = Surfaces::default();
        let mut reader = Reader::default();
        let settings = Settings::default();
        let mut corpus = Self {
            position: language.embedded().unwrap_or(0),
            texts: Vec::new(),
            words: Vec::new(),
            bounds: vec![0],
            forms: Vec::new(),
            weights: Vec::new(),
            files: 0,
        };
        let mut ids: FxHashMap<&str, u32> = FxHashMap::default();
        for rated in rated {
            let text: &'t str = &rated.text;
            let mut unknown = Vec::new();
            reader.cut(text, &lexicons.scanner, &surfaces, |form, kind| {
                unknown.push((form, kind));
            });
            surfaces.extend(unknown, lexicons);
            reader.cut(text, &lexicons.scanner, &surfaces, |_, _| {});
            let reading = reader.language(text, &surfaces, lexicons, &settings);
            let verdict = reading
                .verdict
                .unwrap_or_else(|| settle_language(&reading.ballot, None, lexicons, &settings));
            if verdict.language != language {
                continue;
            }
            for word in reader.words() {
                let mut word = *word;
                if has_form(&word.token) {
                    let form = word.token.of(text);
                    let next = corpus.forms.len() as u32;
                    word.surface = *ids.entry(form).or_insert(next);
                    if word.surface == next {
                        corpus.forms.push((form, word.token.kind));
                    }
                }
                corpus.words.push(word);
            }
            corpus.bounds.push(corpus.words.len());
            corpus.texts.push(rated);
        }
        corpus.weigh();
        corpus
    }

    /// Both classes of a file count alike, whatever their shares.
    fn weigh(&mut self) {
        let mut counts: FxHashMap<(u16, bool), u32> = FxHashMap::default();
        for text in (0..self.len()).filter(|text| !self.is_neutral(*text)) {
            *counts
                .entry((self.file(text), self.is_positive(text)))
                .or_default() += 1;
        }
        let of = |file, class| f64::from(counts.get(&(file, class)).copied().unwrap_or(0));
        self.weights = (0..self.len())
            .map(|text| {
                let file = self.file(text);
                let [good, bad] = [of(file, true), of(file, false)];
                let all = good + bad;
                if self.is_neutral(text) {
                    return 0.0;
                }
                let whole = all.min(FILE_WEIGHT * all.sqrt());
                if good == 0.0 || bad == 0.0 {
                    whole / all
                } else {
                    whole / 2.0 / of(file, self.is_positive(text))
                }
            })
            .collect();
        let mut files: Vec<u16> = (0..self.len()).map(|text| self.file(text)).collect();
        files.sort_unstable();
        files.dedup();
        self.files = files.len();
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// True when there are good and bad texts.
    pub fn has_both_classes(&self) -> bool {
        let good = (0..self.len())
            .filter(|text| self.is_positive(*text))
            .count();
        let neutral = (0..self.len())
            .filter(|text| self.is_neutral(*text))
            .count();
        good > 0 && good + neutral < self.len()
    }

    /// The mark of a text.
    pub fn is_positive(&self, text: usize) -> bool {
        self.texts[text].is_positive == Some(true)
    }

    /// True for a text that takes no side.
    pub fn is_neutral(&self, text: usize) -> bool {
        self.texts[text].is_positive.is_none()
    }

    /// The file of a text.
    pub fn file(&self, text: usize) -> u16 {
        self.texts[text].file
    }

    /// How much a text counts.
    pub fn weight(&self, text: usize) -> f64 {
        self.weights[text]
    }

    /// The letters of a text.
    pub fn text(&self, text: usize) -> &'t str {
        &self.texts[text].text
    }

    /// The words of a text; their surfaces are those of [`Corpus::surfaces`].
    pub fn words(&self, text: usize) -> &[Word] {
        &self.words[self.bounds[text]..self.bounds[text + 1]]
    }

    /// The table of forms under given lexicons.
    pub fn surfaces(&self, lexicons: &Lexicons) -> Surfaces {
        let mut surfaces = Surfaces::default();
        surfaces.extend(self.forms.iter().copied(), lexicons);
        surfaces
    }

    /// Judges texts one by one under given lexicons: all, or those at the positions given. Answers in order.
    pub fn judge<T: Send>(
        &self,
        lexicons: &Lexicons,
        rules: &Rules,
        surfaces: &Surfaces,
        only: Option<&[usize]>,
        told: impl Fn(usize, &sentiment::Verdict) -> T + Sync,
    ) -> Vec<T> {
        let lexicon = Some((self.position, &lexicons.languages[self.position]));
        let all: Vec<usize>;
        let positions = match only {
            Some(positions) => positions,
            None => {
                all = (0..self.len()).collect();
                &all
            }
        };
        positions
            .par_chunks(CHUNK)
            .flat_map_iter(|chunk| {
                let mut clauses = Vec::new();
                let mut verdict = sentiment::Verdict::default();
                let mut answers = Vec::with_capacity(chunk.len());
                for &text in chunk {
                    let words = self.words(text);
                    language::clauses(words, surfaces, lexicon, &mut clauses);
                    score(
                        &Passage {
                            text: self.text(text),
                            body_start: self.texts[text].body_start,
                            words,
                            clauses: &clauses,
                        },
                        surfaces,
                        lexicon,
                        rules,
                        &mut verdict,
                    );
                    answers.push(told(text, &verdict));
                }
                answers
            })
            .collect()
    }

    /// What the score of each text is made of.
    pub fn trace(&self, lexicons: &Lexicons) -> Vec<Traced> {
        let surfaces = self.surfaces(lexicons);
        let lexicon = &lexicons.languages[self.position];
        self.judge(lexicons, &lexicon.rules, &surfaces, None, |_, verdict| {
            let mut traced = Traced::default();
            for mention in &verdict.mentions {
                for evidence in &verdict.evidence
                    [mention.first_evidence as usize..mention.end_evidence as usize]
                {
                    if !evidence.role.speaks() {
                        continue;
                    }
                    traced.sum += evidence.weight * mention.weight;
                    if evidence.entry.row == NONE {
                        continue;
                    }
                    let factor = evidence.weight * mention.weight / evidence.entry.value;
                    let family = lexicon.family(&evidence.entry.row);
                    let share = factor / family.len() as f32;
                    traced.cells.extend(family.iter().map(|row| (*row, share)));
                }
            }
            traced
        })
    }
}
