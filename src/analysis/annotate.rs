//! Texts judged one by one, without a workspace: what `annotate` streams and `explain` shows.

use crate::{
    analysis::{
        Reader, Settings,
        reading::{has_form, settle_language},
    },
    cues::FoundCue,
    language::{Language, Lexicons, NONE, Surfaces, detect::Basis},
    sentiment::{Evidence, Mention},
    text::Kind,
    themes::KnownMention,
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// A stretch of a text in one language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LanguageSpan {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is written in.
    pub language: Language,
}

/// What a text by itself tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// The language, or `Undetermined`.
    pub language: Language,
    /// 0 to 1.
    pub confidence: f32,
    /// What the language rests on.
    pub basis: Basis,
    /// Where each language stands in a text in two; none in a text in one.
    pub segments: Vec<LanguageSpan>,
    /// −1 to 1.
    pub score: f32,
    /// One entry a clause; their evidence are positions in [`Annotation::evidence`].
    pub mentions: Vec<Mention>,
    /// The words that moved a score.
    pub evidence: Vec<Evidence>,
    /// What its phrases show, by place.
    pub cues: Vec<FoundCue>,
    /// What its clauses name of the catalogue of themes; empty where the settings leave it out.
    pub themes: Vec<KnownMention>,
}

impl Annotation {
    /// The language a byte of the text is written in.
    pub fn language_at(&self, byte: u32) -> Language {
        self.segments
            .iter()
            .find(|segment| (segment.start..segment.end).contains(&byte))
            .map_or(self.language, |segment| segment.language)
    }
}

/// Judges texts batch by batch, remembering written forms between batches.
#[derive(Default)]
pub struct Annotator {
    surfaces: Surfaces,
}

/// Forms remembered at most: typos never end, memory does.
const MOST_SURFACES: usize = 400_000;

/// Texts a chunk.
const CHUNK: usize = 256;

impl Annotator {
    /// Judges texts; answers in their order. What is answered for a text does not depend on the others.
    pub fn annotate(
        &mut self,
        texts: &[&str],
        lexicons: &Lexicons,
        settings: &Settings,
    ) -> Vec<Annotation> {
        if self.surfaces.len() > MOST_SURFACES {
            self.surfaces = Surfaces::default();
        }
        let unknown: Vec<Vec<(&str, Kind)>> = texts
            .par_chunks(CHUNK)
            .map(|chunk| {
                let mut reader = Reader::default();
                let mut met: FxHashSet<&str> = FxHashSet::default();
                let mut unknown = Vec::new();
                for text in chunk {
                    reader.cut(text, &lexicons.scanner, &self.surfaces, |form, kind| {
                        if met.insert(form) {
                            unknown.push((form, kind));
                        }
                    });
                }
                unknown
            })
            .collect();
        self.surfaces
            .extend(unknown.into_iter().flatten(), lexicons);
        let surfaces = &self.surfaces;
        texts
            .par_chunks(CHUNK)
            .flat_map_iter(|chunk| {
                let mut reader = Reader::default();
                chunk
                    .iter()
                    .map(move |text| annotate_one(text, &mut reader, surfaces, lexicons, settings))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

fn annotate_one(
    text: &str,
    reader: &mut Reader,
    surfaces: &Surfaces,
    lexicons: &Lexicons,
    settings: &Settings,
) -> Annotation {
    reader.cut(text, &lexicons.scanner, surfaces, |_, _| {});
    debug_assert!(
        reader
            .words()
            .iter()
            .all(|word| word.surface != NONE || !has_form(&word.token))
    );
    let reading = reader.language(text, surfaces, lexicons, settings);
    let verdict = reading
        .verdict
        .unwrap_or_else(|| settle_language(&reading.ballot, None, lexicons, settings));
    reader.judge(text, 0, verdict.language, surfaces, lexicons);
    let (words, _, sentiment) = reader.judged();
    let segments = reader
        .segments()
        .iter()
        .map(|segment| LanguageSpan {
            start: words[segment.first as usize].token.start,
            end: words[segment.end as usize - 1].token.end,
            language: segment.language,
        })
        .collect();
    Annotation {
        language: verdict.language,
        confidence: verdict.confidence,
        basis: verdict.basis,
        segments,
        score: sentiment.score,
        mentions: sentiment.mentions.clone(),
        evidence: sentiment.evidence.clone(),
        cues: reader.cues().to_vec(),
        themes: if settings.themes.catalogue {
            reader.known().to_vec()
        } else {
            Vec::new()
        },
    }
}
