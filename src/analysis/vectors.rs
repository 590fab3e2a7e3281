//! From feedback to what `vectors.tsv` says of its words.

use crate::{
    analysis::{
        AnalyzedFeedback, Settings,
        stems::{surface_languages, term_ids},
        waves::{Read, read_all},
    },
    language::{
        Lexicons,
        vectors::{Lesson, learn},
    },
    observe::Watcher,
    themes::{GAP, NONE},
};
use rustc_hash::FxHashMap;

/// The tables of French and of English, learnt from the words of records, and how many clauses of each taught.
///
/// Records must be masked: words that come often enough, and in two files where there are two, are kept.
pub fn learn_vectors(
    records: &[AnalyzedFeedback],
    lexicons: &Lexicons,
    watcher: &dyn Watcher,
) -> ([String; 2], [usize; 2]) {
    let Read {
        surfaces,
        judged,
        known,
        clauses,
        ..
    } = read_all(records, lexicons, &Settings::default(), watcher);
    let choice = surface_languages(&clauses, &judged, surfaces.len());
    let term = term_ids(&surfaces, &choice);
    let mut sources: FxHashMap<&str, u32> = FxHashMap::default();
    let mut lessons = Vec::new();
    let mut counts = [0; 2];
    let mut first = 0;
    let mut known = known.as_slice();
    for (position, record) in records.iter().enumerate() {
        let named = known
            .iter()
            .take_while(|(of, _)| *of as usize == position)
            .count();
        let (of_record, others) = known.split_at(named);
        known = others;
        let next = sources.len() as u32;
        let source = *sources.entry(&record.feedback.origin.file).or_insert(next);
        let is_own = |of: &&u32| **of as usize == position;
        let count = clauses.record[first..].iter().take_while(is_own).count();
        let language = judged[position].verdict.language.embedded();
        for clause in (0..count).filter(|_| language.is_some()) {
            let language = language.unwrap_or_default();
            let stems = clauses.unit(first + clause).iter();
            let stems = stems
                .filter(|token| **token != GAP)
                .map(|token| term[*token as usize]);
            let named = of_record
                .iter()
                .filter(|(_, mention)| mention.clause as usize == clause);
            lessons.push(Lesson {
                language: language as u8,
                source,
                stems: stems.filter(|stem| *stem != NONE).collect(),
                concepts: named.map(|(_, mention)| mention.concept).collect(),
            });
            counts[language] += 1;
        }
        first += count;
    }
    let (_, stems) = surfaces.into_written();
    (learn(&stems, &lessons), counts)
}
