//! Stored records picked by their keys, and what all of them say of themes, from the columns of the index: what is stored of
//! the other records is not read.

use crate::{
    analysis::AnalyzedFeedback,
    error::Result,
    feedback::key_hash,
    index::store::{Store, index_error},
    themes::Theme,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tantivy::{DocId, SegmentReader};

/// Which stored records are read.
pub struct Pick<'a> {
    /// Those for whose key and its [`key_hash`] this is true.
    pub wanted: &'a (dyn Fn(&[u8], u64) -> bool + Sync),
    /// And of each group of copies the one whose key has the least hash.
    pub one_of_each_group: bool,
}

/// What the columns of a segment say.
struct Picked {
    /// For each document whether it is read.
    is_picked: Vec<bool>,
    /// For each group of copies the document whose key has the least hash.
    of_group: FxHashMap<u64, (u64, DocId)>,
}

impl Store {
    /// The records picked, sorted by key, and the hash of each one's stored bytes.
    pub fn load_picked(
        &self,
        pick: &Pick<'_>,
        themes: &[Theme],
    ) -> Result<(Vec<AnalyzedFeedback>, Vec<u64>)> {
        let searcher = self.searcher();
        let mut segments: Vec<Picked> = (searcher.segment_readers().par_iter())
            .map(|segment| look_at(segment, pick))
            .collect::<Result<_>>()?;
        let mut of_group: FxHashMap<u64, (u64, usize, DocId)> = FxHashMap::default();
        for (at, segment) in segments.iter_mut().enumerate() {
            let groups = std::mem::take(&mut segment.of_group).into_iter();
            groups.for_each(|(group, (hash, document))| {
                let this = (hash, at, document);
                let least = of_group.entry(group).or_insert(this);
                *least = this.min(*least);
            });
        }
        (of_group.into_values())
            .for_each(|(_, at, document)| segments[at].is_picked[document as usize] = true);
        self.load_where(themes, |at, _| {
            let is_picked = &segments[at].is_picked;
            Ok(|document: DocId| is_picked[document as usize])
        })
    }

    /// How many records name each theme, in the order of the list.
    pub fn records_naming(&self, themes: &[Theme]) -> Result<Vec<u64>> {
        let place: FxHashMap<&[u8], usize> = (themes.iter().enumerate())
            .map(|(place, theme)| (theme.id.as_bytes(), place))
            .collect();
        let mut counts = vec![0; themes.len()];
        for segment in self.searcher().segment_readers() {
            let Some(column) = segment.fast_fields().str("theme").map_err(index_error)? else {
                continue;
            };
            let mut of_term = vec![0_u64; column.num_terms()];
            for document in segment.doc_ids_alive() {
                column
                    .term_ords(document)
                    .for_each(|term| of_term[term as usize] += 1);
            }
            let mut terms = column.dictionary().stream().map_err(io_error)?;
            while terms.advance() {
                if let Some(place) = place.get(terms.key()) {
                    counts[*place] += of_term[terms.term_ord() as usize];
                }
            }
        }
        Ok(counts)
    }
}

fn look_at(segment: &SegmentReader, pick: &Pick<'_>) -> Result<Picked> {
    let mut picked = Picked {
        is_picked: vec![false; segment.max_doc() as usize],
        of_group: FxHashMap::default(),
    };
    let fast = segment.fast_fields();
    let Some(keys) = fast.str("key").map_err(index_error)? else {
        return Ok(picked);
    };
    let mut of_term: Vec<(u64, bool)> = Vec::with_capacity(keys.num_terms());
    let mut terms = keys.dictionary().stream().map_err(io_error)?;
    while terms.advance() {
        let hash = key_hash(terms.key());
        of_term.push((hash, (pick.wanted)(terms.key(), hash)));
    }
    let groups = match pick.one_of_each_group {
        true => fast.column_opt::<u64>("copies").map_err(index_error)?,
        false => None,
    };
    for document in segment.doc_ids_alive() {
        let term = keys.ords().first(document);
        let Some((hash, is_wanted)) = term.map(|term| of_term[term as usize]) else {
            continue;
        };
        picked.is_picked[document as usize] = is_wanted;
        if let Some(group) = groups.as_ref().and_then(|groups| groups.first(document)) {
            let least = picked.of_group.entry(group).or_insert((hash, document));
            *least = (hash, document).min(*least);
        }
    }
    Ok(picked)
}

fn io_error(error: std::io::Error) -> crate::error::Error {
    index_error(error.into())
}
