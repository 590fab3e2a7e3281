//! From records to everything learned about them.
//!
//! Records are read in waves of fixed size: every chunk of a wave is cut into words in parallel against the table of
//! forms as it stands; the forms nobody met before are added in chunk order; then the chunks are judged in parallel.
//! So the table, and all that follows, is the same for any number of threads.

use crate::{
    analysis::{
        Analysis, AnalyzedFeedback, Reader, Settings, Stamp, ThemeMention,
        book::apply,
        reading::{has_form, settle_language},
    },
    cleaning::copies,
    cues::Cue,
    feedback::{Feedback, FileBalance, RejectedRow},
    language::{Language, Lexicons, NONE, Surfaces, Word, detect::Verdict},
    observe::{Event, Stage, Watcher},
    text::{Kind, lower, scan},
    themes::{
        self, Book, GAP, Known, KnownMention, Memory, Theme, ThemeKind, Traits, Units, Vocabulary,
        WordPlaces,
    },
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, LazyLock};
use xxhash_rust::xxh3::xxh3_64;

/// Records a chunk.
const CHUNK: usize = 1024;

/// Chunks a wave.
const WAVE: usize = 32;

/// Clear texts a source needs before its short ones take its language.
const CLEAR_TEXTS_NEEDED: u32 = 20;

/// What an analysis is made with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// All word knowledge.
    pub lexicons: &'a Lexicons,
    /// Everything that can be turned.
    pub settings: &'a Settings,
    /// The found themes of earlier analyses.
    pub memory: &'a Memory,
    /// Learn all themes anew; those that continue remembered ones keep their ids and names.
    pub relearn: bool,
    /// What people decided about themes; its phrases are the lexicons' affair.
    pub book: &'a Book,
}

impl<'a> Context<'a> {
    /// A context in which no theme was found before.
    pub fn new(lexicons: &'a Lexicons, settings: &'a Settings) -> Self {
        static NOTHING: LazyLock<Memory> = LazyLock::new(Memory::default);
        static UNDECIDED: LazyLock<Book> = LazyLock::new(Book::default);
        Context {
            lexicons,
            settings,
            memory: &NOTHING,
            relearn: false,
            book: &UNDECIDED,
        }
    }
}

/// Learns everything about the records, which must be sorted by key without repeats; what was learned of them before is
/// replaced. No records give an empty analysis.
pub fn analyze(
    mut records: Vec<AnalyzedFeedback>,
    files: Vec<FileBalance>,
    rejected: Vec<RejectedRow>,
    context: &Context<'_>,
    stamp: Stamp,
    watcher: &dyn Watcher,
) -> Analysis {
    let Context {
        lexicons,
        settings,
        memory,
        relearn,
        book,
    } = *context;
    let learns_anew = relearn || !memory.suits(&settings.themes);
    let is_learnt: Vec<bool> = if learns_anew || memory.is_empty() {
        Vec::new()
    } else {
        let unread = records.iter().map(AnalyzedFeedback::is_unread);
        unread.map(|is_unread| !is_unread).collect()
    };
    let Read {
        surfaces,
        judged,
        mut cues,
        known,
        clauses,
    } = read_all(&records, lexicons, settings, watcher);
    let Pasted {
        original,
        is_flood: is_copy,
    } = pasted(&records);
    let stage = Stage::FindingThemes;
    watcher.see(Event::Started {
        stage,
        total: records.len() as u64,
    });
    let choice = surface_languages(&clauses, &judged, surfaces.len());
    let term = term_ids(&surfaces, &choice);
    let names = product_words(&records, lexicons);
    let weak: Vec<bool> = (0..surfaces.len())
        .map(|id| {
            let facts = surfaces.facts(id as u32);
            facts.words[usize::from(choice[id])].is_weak
                || facts.is_symbol
                || facts.letters < 2
                || names.contains(&surfaces.written()[id])
        })
        .collect();
    let terms = surfaces.stems();
    let (written, stems) = surfaces.into_written();
    let named = if settings.themes.catalogue {
        Named::of(&clauses, &known, lexicons)
    } else {
        Named::default()
    };
    let language: Vec<u8> = judged
        .iter()
        .map(|judged| judged.verdict.language.embedded())
        .map(|position| position.map_or(u8::MAX, |position| position as u8))
        .collect();
    let main_language = usize::from(is_mostly_english(&judged));
    let units = Units {
        tokens: &clauses.tokens,
        bounds: &clauses.bounds,
        record: &clauses.record,
        language: &language,
        is_copy: &is_copy,
        is_explained: &named.is_explained,
        is_learnt: &is_learnt,
    };
    let places = Places {
        forms: forms_of_stems(&clauses, &term, terms),
        choice: &choice,
        written: &written,
        stems: &stems,
        lexicons,
    };
    let vocabulary = Vocabulary {
        written: &written,
        term: &term,
        terms,
        stems: &stems,
        places: (places.dimensions() > 0).then_some(&places),
        weak: &weak,
    };
    let find = if learns_anew {
        themes::find_anew
    } else {
        themes::find
    };
    let mut found = find(
        &units,
        &vocabulary,
        &named.for_finding(lexicons),
        memory,
        &settings.themes,
    );
    watcher.see(Event::Advanced {
        stage,
        steps: records.len() as u64,
    });
    watcher.see(Event::Finished { stage });
    name_copies(&mut records, &original);
    let mut themes = named.themes(
        std::mem::take(&mut found.known_keyphrases),
        main_language,
        lexicons,
    );
    let first_found = themes.len() as u32;
    themes.append(&mut found.themes);
    let first_part = themes.len() as u32;
    themes.append(&mut found.parts);
    for part in &mut themes[first_part as usize..] {
        part.label.clone_from(&part.names[main_language]);
    }
    let whole_of: Vec<u32> = themes[first_part as usize..]
        .iter()
        .map(|part| {
            let is_whole = |theme: &Theme| Some(&theme.id) == part.parent.as_ref();
            themes
                .iter()
                .position(is_whole)
                .map_or(NONE, |at| at as u32)
        })
        .collect();
    let mut in_parts = found.in_parts.iter().peekable();
    let mut named_units = named.mentions.iter().peekable();
    let mut unit = 0;
    for (position, (record, judged)) in records.iter_mut().zip(judged).enumerate() {
        let mut mentions = Vec::new();
        while clauses
            .record
            .get(unit)
            .is_some_and(|of| *of as usize == position)
        {
            let (start, end, score) = clauses.spans[unit];
            while let Some((_, theme, mention)) =
                named_units.next_if(|(of, ..)| *of as usize == unit)
            {
                mentions.push(ThemeMention {
                    theme: *theme,
                    start,
                    end,
                    evidence: (mention.start, mention.end),
                    score,
                    strength: mention.strength,
                });
            }
            while let Some((_, part, strength)) = in_parts.next_if(|(of, ..)| *of as usize == unit)
            {
                // Never above the whole it is a part of.
                let of_whole = mentions
                    .iter()
                    .filter(|mention: &&ThemeMention| mention.theme == whole_of[*part as usize])
                    .map(|mention| mention.strength);
                let strength = strength * of_whole.fold(0.0, f32::max);
                mentions.push(ThemeMention {
                    theme: first_part + part,
                    start,
                    end,
                    evidence: (start, end),
                    score,
                    strength,
                });
            }
            let (theme, strength) = found.assigned[unit];
            if theme != themes::NONE {
                mentions.push(ThemeMention {
                    theme: first_found + theme,
                    start,
                    end,
                    evidence: (start, end),
                    score,
                    strength,
                });
            }
            unit += 1;
        }
        record.language = judged.verdict.language;
        record.confidence = judged.verdict.confidence;
        record.score = judged.score;
        record.cues = std::mem::take(&mut cues[position]);
        record.mentions = mentions.into_boxed_slice();
    }
    let themes = joined(themes, &mut records);
    let mentions_of = records.iter_mut().map(|record| &mut record.mentions);
    let themes = apply(book, themes, mentions_of);
    let themes = largest_first(themes, &mut records);
    Analysis {
        records,
        themes,
        memory: found.memory,
        events: found.events,
        files,
        rejected,
        stamp,
    }
}

/// The stem of each form in the language it is mostly met in; none for what names nothing.
pub(super) fn term_ids(surfaces: &Surfaces, choice: &[u8]) -> Vec<u32> {
    (0..surfaces.len())
        .map(|id| {
            let facts = surfaces.facts(id as u32);
            let language = usize::from(choice[id]);
            if facts.words[language].is_stop || facts.is_symbol || facts.letters == 0 {
                themes::NONE
            } else {
                facts.stems[language]
            }
        })
        .collect()
}

/// Where an embedding of the user's, or else the vectors of its language, place each stem.
struct Places<'a> {
    /// The commonest form of each stem; none for those that name nothing.
    forms: Vec<u32>,
    choice: &'a [u8],
    written: &'a [Box<str>],
    stems: &'a [Box<str>],
    lexicons: &'a Lexicons,
}

impl WordPlaces for Places<'_> {
    fn dimensions(&self) -> usize {
        self.lexicons.dimensions()
    }

    fn of(&self, stem: u32) -> Option<Vec<f32>> {
        let form = *self.forms.get(stem as usize)?;
        let written = self.written.get(form as usize)?;
        match &self.lexicons.embedding {
            Some(embedding) => embedding.of(written),
            None => {
                let language = usize::from(self.choice[form as usize]);
                let vectors = &self.lexicons.languages[language].vectors;
                vectors.of(&self.stems[stem as usize])
            }
        }
    }
}

/// The form in which each stem is mostly met; between equals, the first.
fn forms_of_stems(clauses: &FlatClauses, term: &[u32], stems: u32) -> Vec<u32> {
    let mut times = vec![0u32; term.len()];
    for token in clauses.tokens.iter().filter(|token| **token != GAP) {
        times[*token as usize] += 1;
    }
    let mut forms = vec![themes::NONE; stems as usize];
    for (form, stem) in (0..).zip(term) {
        if *stem == themes::NONE {
            continue;
        }
        let best = &mut forms[*stem as usize];
        if *best == themes::NONE || times[form as usize] > times[*best as usize] {
            *best = form;
        }
    }
    forms
}

/// Makes one of themes with one id: a found one that the book gave phrases.
fn joined(themes: Vec<Theme>, records: &mut [AnalyzedFeedback]) -> Vec<Theme> {
    let mut kept: Vec<Theme> = Vec::with_capacity(themes.len());
    let mut new = Vec::with_capacity(themes.len());
    for theme in themes {
        let twin = kept.iter().position(|other| other.id == theme.id);
        new.push(twin.unwrap_or(kept.len()) as u32);
        match twin {
            // The found one knows what people call it.
            Some(twin) => kept[twin] = theme,
            None => kept.push(theme),
        }
    }
    if kept.len() < new.len() {
        for mention in records.iter_mut().flat_map(|record| &mut record.mentions) {
            mention.theme = new[mention.theme as usize];
        }
    }
    kept
}

/// Puts the theme of most records first; ties by label.
fn largest_first(themes: Vec<Theme>, records: &mut [AnalyzedFeedback]) -> Vec<Theme> {
    let mut sizes = vec![0u32; themes.len()];
    for record in records.iter() {
        for theme in record.themes() {
            sizes[theme as usize] += 1;
        }
    }
    let mut order: Vec<(std::cmp::Reverse<u32>, Theme, usize)> = (themes.into_iter().enumerate())
        .map(|(position, theme)| (std::cmp::Reverse(sizes[position]), theme, position))
        .collect();
    order.sort_by(|a, b| (a.0, &a.1.label, &a.1.id).cmp(&(b.0, &b.1.label, &b.1.id)));
    let mut new = vec![0u32; order.len()];
    for (position, (.., old)) in (0..).zip(&order) {
        new[*old] = position;
    }
    for mention in records.iter_mut().flat_map(|record| &mut record.mentions) {
        mention.theme = new[mention.theme as usize];
    }
    order.into_iter().map(|(_, theme, _)| theme).collect()
}

/// What the catalogue's phrases name in a body of feedback.
#[derive(Default)]
struct Named {
    /// Position in the catalogue of each theme that is named, lowest first.
    concepts: Vec<u16>,
    /// Unit, position among `concepts`, and the phrase; units rising.
    mentions: Vec<(u32, u32, KnownMention)>,
    /// For each unit whether something of the catalogue is named in it.
    is_explained: Vec<bool>,
}

impl Named {
    fn of(clauses: &FlatClauses, known: &[Box<[KnownMention]>], lexicons: &Lexicons) -> Self {
        let mut named = Self {
            is_explained: vec![false; clauses.record.len()],
            ..Self::default()
        };
        let mut place = vec![NONE; lexicons.catalogue.concepts().len()];
        for mention in known.iter().flatten() {
            place[usize::from(mention.concept)] = 0;
        }
        for (concept, place) in (0..).zip(&mut place) {
            if *place != NONE {
                *place = named.concepts.len() as u32;
                named.concepts.push(concept);
            }
        }
        let mut first_unit = 0;
        for (record, mentions) in known.iter().enumerate() {
            for mention in mentions {
                let unit = first_unit + mention.clause as usize;
                named.is_explained[unit] = true;
                let theme = place[usize::from(mention.concept)];
                named.mentions.push((unit as u32, theme, *mention));
            }
            while clauses
                .record
                .get(first_unit)
                .is_some_and(|of| *of as usize == record)
            {
                first_unit += 1;
            }
        }
        named
    }

    fn for_finding<'a>(&self, lexicons: &'a Lexicons) -> Known<'a> {
        let concepts = || {
            let all = lexicons.catalogue.concepts();
            self.concepts
                .iter()
                .map(|concept| &all[usize::from(*concept)])
        };
        Known {
            ids: concepts().map(|concept| concept.id.as_str()).collect(),
            names: concepts()
                .map(|concept| [concept.fr.as_str(), concept.en.as_str()])
                .collect(),
            // Verdicts on the whole are about everything: what they fall into, all themes say.
            is_divisible: concepts()
                .map(|concept| !concept.is_own() && concept.factor.is_some())
                .collect(),
            mentions: self
                .mentions
                .iter()
                .map(|(unit, theme, _)| (*unit, *theme))
                .collect(),
        }
    }

    /// The themes that are named, in the order of `concepts`.
    fn themes(
        &self,
        keyphrases: Vec<Vec<String>>,
        language: usize,
        lexicons: &Lexicons,
    ) -> Vec<Theme> {
        let all = lexicons.catalogue.concepts();
        let named = self
            .concepts
            .iter()
            .map(|concept| &all[usize::from(*concept)]);
        named
            .zip(keyphrases)
            .map(|(concept, keyphrases)| {
                let names = [concept.fr.clone(), concept.en.clone()];
                Theme {
                    id: concept.id.clone(),
                    label: names[language].clone(),
                    keyphrases,
                    names,
                    kind: ThemeKind::Known,
                    traits: (!concept.is_own()).then_some(Traits {
                        leaning: concept.leaning,
                        stage: concept.stage,
                        pillar: concept.pillar,
                        factor: concept.factor,
                    }),
                    ..Theme::default()
                }
            })
            .collect()
    }
}

/// True where more records are in English than in French.
fn is_mostly_english(judged: &[Judged]) -> bool {
    let count = |language| {
        let is = |judged: &&Judged| judged.verdict.language == language;
        judged.iter().filter(is).count()
    };
    count(Language::English) > count(Language::French)
}

/// Records from which on a text counts as pasted: two people may well say the same.
const PASTED_FROM: u32 = 3;

/// Copies from which on a text would bend what themes are: fewer are learnt from like any other.
const FLOOD_FROM: u32 = 20;

/// Texts that several records share.
struct Pasted {
    /// For each record the position of the first one that says nearly the same; its own where too few do.
    original: Vec<u32>,
    /// For each record whether it repeats what a flood of others says.
    is_flood: Vec<bool>,
}

fn pasted(records: &[AnalyzedFeedback]) -> Pasted {
    let mut original = copies(records.iter().map(|record| &*record.feedback.text));
    let mut times = vec![0u32; original.len()];
    for first in &original {
        times[*first as usize] += 1;
    }
    let mut is_flood = Vec::with_capacity(original.len());
    for (at, first) in (0..).zip(original.iter_mut()) {
        let times = times[*first as usize];
        if times < PASTED_FROM {
            *first = at;
        }
        is_flood.push(*first != at && times >= FLOOD_FROM);
    }
    Pasted { original, is_flood }
}

/// Gives records that say the same the name of their group: made of the first one's key, so that it stays as others come.
fn name_copies(records: &mut [AnalyzedFeedback], original: &[u32]) {
    for record in records.iter_mut() {
        record.copy_group = 0;
    }
    for (at, first) in original.iter().enumerate() {
        let first = *first as usize;
        if first == at {
            continue;
        }
        let name = xxh3_64(records[first].feedback.key.as_bytes()).max(1);
        records[at].copy_group = name;
        records[first].copy_group = name;
    }
}

/// What is known of a record before themes.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    pub verdict: Verdict,
    score: f32,
}

/// Clauses as flat arrays, in record order.
#[derive(Default)]
pub(super) struct FlatClauses {
    tokens: Vec<u32>,
    /// One more than there are clauses.
    bounds: Vec<u32>,
    pub record: Vec<u32>,
    /// Start and end in the record's text, and score.
    spans: Vec<(u32, u32, f32)>,
}

impl FlatClauses {
    fn starting() -> Self {
        Self {
            bounds: vec![0],
            ..Self::default()
        }
    }

    fn push(&mut self, record: u32, text: &str, words: &[Word], span: (u32, u32, f32)) {
        for (at, word) in words.iter().enumerate() {
            match (word.surface, word.token.kind) {
                (NONE, Kind::Handle) => {}
                // "BRD-204512" is an order, not a word and a number.
                (_, Kind::Word)
                    if words
                        .get(at + 1)
                        .is_some_and(|next| is_reference(text, word, next)) => {}
                (NONE, _) => {
                    if self.tokens.len() > self.bounds[self.bounds.len() - 1] as usize
                        && self.tokens.last() != Some(&GAP)
                    {
                        self.tokens.push(GAP);
                    }
                }
                (surface, _) => self.tokens.push(surface),
            }
        }
        self.bounds.push(self.tokens.len() as u32);
        self.record.push(record);
        self.spans.push(span);
    }

    pub fn unit(&self, at: usize) -> &[u32] {
        &self.tokens[self.bounds[at] as usize..self.bounds[at + 1] as usize]
    }

    fn append(&mut self, other: &FlatClauses) {
        let shift = self.tokens.len() as u32;
        self.tokens.extend_from_slice(&other.tokens);
        self.bounds
            .extend(other.bounds[1..].iter().map(|bound| bound + shift));
        self.record.extend_from_slice(&other.record);
        self.spans.extend_from_slice(&other.spans);
    }

    /// Inserts clauses in record order, in place and from the end: two copies of all clauses would be the peak of memory.
    fn insert(&mut self, settled: &FlatClauses) {
        let (mut left, mut right) = (self.record.len(), settled.record.len());
        let mut token_end = self.tokens.len() + settled.tokens.len();
        self.tokens.resize(token_end, GAP);
        self.bounds.resize(left + right + 1, token_end as u32);
        self.record.resize(left + right, 0);
        self.spans.resize(left + right, (0, 0, 0.0));
        while right > 0 {
            let to = left + right - 1;
            self.bounds[to + 1] = token_end as u32;
            if left > 0 && self.record[left - 1] > settled.record[right - 1] {
                left -= 1;
                let (start, end) = (self.bounds[left] as usize, self.bounds[left + 1] as usize);
                token_end -= end - start;
                self.tokens.copy_within(start..end, token_end);
                self.record[to] = self.record[left];
                self.spans[to] = self.spans[left];
            } else {
                right -= 1;
                let unit = settled.unit(right);
                token_end -= unit.len();
                self.tokens[token_end..token_end + unit.len()].copy_from_slice(unit);
                self.record[to] = settled.record[right];
                self.spans[to] = settled.spans[right];
            }
        }
    }
}

/// True for a word and a long number with nothing but a hyphen between them.
fn is_reference(text: &str, word: &Word, number: &Word) -> bool {
    number.token.kind == Kind::Number
        && text.as_bytes()[word.token.end as usize] == b'-'
        && number.token.start == word.token.end + 1
        && number.token.end - number.token.start >= 3
}

/// What is known of all records before themes.
pub(super) struct Read {
    pub surfaces: Surfaces,
    pub judged: Vec<Judged>,
    cues: Vec<Box<[Cue]>>,
    pub known: Vec<Box<[KnownMention]>>,
    pub clauses: FlatClauses,
}

/// What one chunk gives.
struct ChunkOutcome {
    judged: Vec<Judged>,
    cues: Vec<Box<[Cue]>>,
    known: Vec<Box<[KnownMention]>>,
    clauses: FlatClauses,
    /// Records whose language only their source can tell.
    deferred: Vec<u32>,
}

impl ChunkOutcome {
    /// An outcome with room for so many records.
    fn of(records: usize) -> Self {
        Self {
            judged: Vec::with_capacity(records),
            cues: Vec::with_capacity(records),
            known: Vec::with_capacity(records),
            clauses: FlatClauses::starting(),
            deferred: Vec::new(),
        }
    }
}

pub(super) fn read_all(
    records: &[AnalyzedFeedback],
    lexicons: &Lexicons,
    settings: &Settings,
    watcher: &dyn Watcher,
) -> Read {
    let stage = Stage::Analysing;
    watcher.see(Event::Started {
        stage,
        total: records.len() as u64,
    });
    let mut surfaces = Surfaces::default();
    let mut judged: Vec<Judged> = Vec::with_capacity(records.len());
    let mut cues: Vec<Box<[Cue]>> = Vec::with_capacity(records.len());
    let mut known: Vec<Box<[KnownMention]>> = Vec::with_capacity(records.len());
    let mut deferred: Vec<u32> = Vec::new();
    let mut clauses = FlatClauses::starting();
    for (wave_number, wave) in records.chunks(CHUNK * WAVE).enumerate() {
        let mut cut: Vec<CutChunk<'_>> = wave
            .par_chunks(CHUNK)
            .map(|chunk| cut_chunk(chunk, lexicons, &surfaces))
            .collect();
        surfaces.extend(
            cut.iter_mut()
                .flat_map(|chunk| std::mem::take(&mut chunk.unknown)),
            lexicons,
        );
        let outcomes: Vec<ChunkOutcome> = wave
            .par_chunks(CHUNK)
            .zip(cut)
            .enumerate()
            .map(|(position, (chunk, cut))| {
                let first = (wave_number * WAVE + position) * CHUNK;
                judge_chunk(chunk, first, cut, &surfaces, lexicons, settings)
            })
            .collect();
        for outcome in outcomes {
            judged.extend_from_slice(&outcome.judged);
            cues.extend(outcome.cues);
            known.extend(outcome.known);
            deferred.extend_from_slice(&outcome.deferred);
            clauses.append(&outcome.clauses);
        }
        watcher.see(Event::Advanced {
            stage,
            steps: wave.len() as u64,
        });
    }
    let shares = source_shares(records, &judged, &deferred);
    let late: Vec<ChunkOutcome> = deferred
        .par_chunks(CHUNK)
        .map(|positions| settle_chunk(records, positions, &shares, &surfaces, lexicons, settings))
        .collect();
    let mut settled = FlatClauses::starting();
    let mut positions = deferred.iter();
    for outcome in late {
        let phrases = outcome.cues.into_iter().zip(outcome.known);
        for ((verdict, (found, named)), position) in
            outcome.judged.iter().zip(phrases).zip(&mut positions)
        {
            judged[*position as usize] = *verdict;
            cues[*position as usize] = found;
            known[*position as usize] = named;
        }
        settled.append(&outcome.clauses);
    }
    clauses.insert(&settled);
    watcher.see(Event::Finished { stage });
    Read {
        surfaces,
        judged,
        cues,
        known,
        clauses,
    }
}

/// A chunk cut into words, some of them not yet in the table.
struct CutChunk<'t> {
    words: Vec<Word>,
    /// One more than there are records.
    bounds: Vec<u32>,
    unknown: Vec<(&'t str, Kind)>,
}

fn cut_chunk<'t>(
    chunk: &'t [AnalyzedFeedback],
    lexicons: &Lexicons,
    surfaces: &Surfaces,
) -> CutChunk<'t> {
    let mut reader = Reader::default();
    let mut met: FxHashSet<&str> = FxHashSet::default();
    let mut cut = CutChunk {
        words: Vec::new(),
        bounds: vec![0],
        unknown: Vec::new(),
    };
    for record in chunk {
        let unknown = &mut cut.unknown;
        reader.cut(
            &record.feedback.text,
            &lexicons.scanner,
            surfaces,
            |form, kind| {
                if met.insert(form) {
                    unknown.push((form, kind));
                }
            },
        );
        cut.words.extend_from_slice(reader.words());
        cut.bounds.push(cut.words.len() as u32);
    }
    cut
}

fn judge_chunk(
    chunk: &[AnalyzedFeedback],
    first: usize,
    cut: CutChunk<'_>,
    surfaces: &Surfaces,
    lexicons: &Lexicons,
    settings: &Settings,
) -> ChunkOutcome {
    let mut reader = Reader::default();
    let mut outcome = ChunkOutcome::of(chunk.len());
    for (index, record) in chunk.iter().map(|record| &record.feedback).enumerate() {
        let words = reader.words_mut();
        words.clear();
        words.extend_from_slice(
            &cut.words[cut.bounds[index] as usize..cut.bounds[index + 1] as usize],
        );
        for word in words.iter_mut() {
            if word.surface == NONE && has_form(&word.token) {
                word.surface = surfaces.id(word.token.of(&record.text)).unwrap_or(NONE);
            }
        }
        let reading = reader.language(&record.text, surfaces, lexicons, settings);
        match reading.verdict {
            Some(verdict) => judge_record(
                (first + index) as u32,
                record,
                verdict,
                &mut reader,
                surfaces,
                lexicons,
                &mut outcome,
            ),
            None => {
                outcome.deferred.push((first + index) as u32);
                outcome.judged.push(Judged {
                    verdict: Verdict::UNDETERMINED,
                    score: 0.0,
                });
                outcome.cues.push(Box::default());
                outcome.known.push(Box::default());
            }
        }
    }
    outcome
}

fn judge_record(
    position: u32,
    record: &Feedback,
    verdict: Verdict,
    reader: &mut Reader,
    surfaces: &Surfaces,
    lexicons: &Lexicons,
    outcome: &mut ChunkOutcome,
) {
    reader.judge(
        &record.text,
        record.body_start,
        verdict.language,
        surfaces,
        lexicons,
    );
    let (words, clauses, sentiment) = reader.judged();
    for (clause, mention) in clauses.iter().zip(&sentiment.mentions) {
        outcome.clauses.push(
            position,
            &record.text,
            &words[clause.first as usize..clause.end as usize],
            (mention.start, mention.end, mention.score),
        );
    }
    outcome.judged.push(Judged {
        verdict,
        score: sentiment.score,
    });
    outcome
        .cues
        .push(reader.cues().iter().map(|found| found.cue).collect());
    outcome.known.push(reader.known().into());
}

fn settle_chunk(
    records: &[AnalyzedFeedback],
    positions: &[u32],
    shares: &FxHashMap<Arc<str>, [f32; 2]>,
    surfaces: &Surfaces,
    lexicons: &Lexicons,
    settings: &Settings,
) -> ChunkOutcome {
    let mut reader = Reader::default();
    let mut outcome = ChunkOutcome::of(positions.len());
    for position in positions {
        let record = &records[*position as usize].feedback;
        reader.cut(&record.text, &lexicons.scanner, surfaces, |_, _| {});
        let reading = reader.language(&record.text, surfaces, lexicons, settings);
        let verdict = settle_language(
            &reading.ballot,
            shares.get(&record.origin.file).copied(),
            lexicons,
            settings,
        );
        judge_record(
            *position,
            record,
            verdict,
            &mut reader,
            surfaces,
            lexicons,
            &mut outcome,
        );
    }
    outcome
}

/// The shares of French and English among each file's clear texts; files with too few are left out.
fn source_shares(
    records: &[AnalyzedFeedback],
    judged: &[Judged],
    deferred: &[u32],
) -> FxHashMap<Arc<str>, [f32; 2]> {
    if deferred.is_empty() {
        return FxHashMap::default();
    }
    let mut counts: FxHashMap<Arc<str>, [u32; 3]> = FxHashMap::default();
    for (record, judged) in records.iter().map(|record| &record.feedback).zip(judged) {
        let slot = match judged.verdict.language {
            Language::French => 0,
            Language::English => 1,
            Language::Other(_) => 2,
            Language::Undetermined => continue,
        };
        match counts.get_mut(&record.origin.file) {
            Some(count) => count[slot] += 1,
            None => {
                let mut count = [0; 3];
                count[slot] = 1;
                counts.insert(record.origin.file.clone(), count);
            }
        }
    }
    counts
        .into_iter()
        .filter_map(|(file, count)| {
            let all = count.iter().sum::<u32>();
            (all >= CLEAR_TEXTS_NEEDED).then(|| {
                let share = |slot: usize| count[slot] as f32 / all as f32;
                (file, [share(0), share(1)])
            })
        })
        .collect()
}

/// The words of product names in lower case. They name no theme: what is said of a product is found by its filter.
fn product_words(records: &[AnalyzedFeedback], lexicons: &Lexicons) -> FxHashSet<Box<str>> {
    let mut products: Vec<&str> = records
        .iter()
        .filter_map(|record| record.feedback.product.as_deref())
        .collect();
    products.sort_unstable();
    products.dedup();
    let mut tokens = Vec::new();
    let mut words = FxHashSet::default();
    for product in products {
        scan(product, &lexicons.scanner, &mut tokens);
        words.extend(tokens.iter().map(|token| lower(token.of(product))));
    }
    words
}

/// For each form, the embedded language of most records it stands in: one form, one stem, whatever a single record's
/// language was taken for. Otherwise one theme would be found twice, cut by two stemmers.
pub(super) fn surface_languages(
    clauses: &FlatClauses,
    judged: &[Judged],
    surfaces: usize,
) -> Vec<u8> {
    let mut lead = vec![0i32; surfaces];
    for (unit, record) in clauses.record.iter().enumerate() {
        let step = match judged[*record as usize].verdict.language {
            Language::French => -1,
            Language::English => 1,
            Language::Other(_) | Language::Undetermined => continue,
        };
        for token in clauses.unit(unit) {
            if *token != GAP {
                lead[*token as usize] += step;
            }
        }
    }
    lead.into_iter().map(|lead| u8::from(lead > 0)).collect()
}
