//! Records read in waves of fixed size: every chunk of a wave is cut into words in parallel against the table of forms as
//! it stands; the forms nobody met before are added in chunk order; then the chunks are judged in parallel. So the table,
//! and all that follows, is the same for any number of threads.

use crate::{
    analysis::{
        AnalyzedFeedback, Reader, Settings,
        reading::{has_form, settle_language},
    },
    cues::Cue,
    feedback::Feedback,
    language::{Language, Lexicons, NONE, Surfaces, Word, detect::Verdict},
    observe::{Event, Stage, Watcher},
    text::Kind,
    themes::{GAP, KnownMention},
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Records a chunk.
const CHUNK: usize = 1024;

/// Chunks a wave.
const WAVE: usize = 16;

/// Clear texts a source needs before its short ones take its language.
const CLEAR_TEXTS_NEEDED: u32 = 20;

/// What is known of a record before themes.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    pub verdict: Verdict,
    pub score: f32,
}

/// Clauses as flat arrays, in record order.
#[derive(Default)]
pub(super) struct FlatClauses {
    pub tokens: Vec<u32>,
    /// One more than there are clauses.
    pub bounds: Vec<u32>,
    pub record: Vec<u32>,
    /// Start and end in the record's text, and score.
    pub spans: Vec<(u32, u32, f32)>,
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
    /// With the position of the record each is in; records rising. One list, as a box for each of a million records would
    /// leave holes in memory.
    pub cues: Vec<(u32, Cue)>,
    /// The same for what the catalogue names.
    pub known: Vec<(u32, KnownMention)>,
    pub clauses: FlatClauses,
}

/// What one chunk gives.
struct ChunkOutcome {
    judged: Vec<Judged>,
    cues: Vec<(u32, Cue)>,
    known: Vec<(u32, KnownMention)>,
    clauses: FlatClauses,
    /// Records whose language only their source can tell.
    deferred: Vec<u32>,
}

impl ChunkOutcome {
    /// An outcome with room for so many records.
    fn of(records: usize) -> Self {
        Self {
            judged: Vec::with_capacity(records),
            cues: Vec::new(),
            known: Vec::new(),
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
    let mut cues: Vec<(u32, Cue)> = Vec::new();
    let mut known: Vec<(u32, KnownMention)> = Vec::new();
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
            cues.extend_from_slice(&outcome.cues);
            known.extend_from_slice(&outcome.known);
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
        for (verdict, position) in outcome.judged.iter().zip(&mut positions) {
            judged[*position as usize] = *verdict;
        }
        cues.extend_from_slice(&outcome.cues);
        known.extend_from_slice(&outcome.known);
        settled.append(&outcome.clauses);
    }
    // Two runs in order; those of one record stay as they were found.
    cues.sort_by_key(|(record, _)| *record);
    known.sort_by_key(|(record, _)| *record);
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
    (outcome.cues).extend(reader.cues().iter().map(|found| (position, found.cue)));
    (outcome.known).extend(reader.known().iter().map(|mention| (position, *mention)));
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
