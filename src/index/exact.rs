//! Words side by side as they were written. Records whose stems stand so are read, since only which words a record
//! holds as written is kept, not where.

use crate::{
    index::{analyzer::is_searched, record::stored_text, stored::stored_bytes},
    text::{Scanner, lower, scan},
};
use std::sync::Arc;
use tantivy::{
    DocId, DocSet, Result, Score, SegmentReader, TERMINATED, TantivyError,
    query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight},
    schema::Field,
};

/// Records in which these words, in lower case, stand side by side. All score 1.
#[derive(Clone, Debug)]
pub struct PhraseQuery {
    /// Finds at least those records.
    pub candidates: Arc<dyn Query>,
    /// The words in their order, in lower case.
    pub words: Arc<[Box<str>]>,
    /// Cuts texts into words.
    pub scanner: Arc<Scanner>,
    /// Where the record is stored.
    pub record: Field,
}

impl Query for PhraseQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        let unscored = match scoring {
            EnableScoring::Enabled { searcher, .. } => {
                EnableScoring::disabled_from_searcher(searcher)
            }
            disabled => disabled,
        };
        Ok(Box::new(PhraseWeight {
            candidates: self.candidates.weight(unscored)?,
            query: self.clone(),
        }))
    }
}

struct PhraseWeight {
    candidates: Box<dyn Weight>,
    query: PhraseQuery,
}

/// Blocks of stored records kept uncompressed: candidates come in the order in which they are stored.
const CACHE_BLOCKS: usize = 1;

impl Weight for PhraseWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        let mut candidates = self.candidates.scorer(reader, 1.0)?;
        let stored = reader.get_store_reader(CACHE_BLOCKS)?;
        let mut found = tantivy::BitSet::with_max_value(reader.max_doc());
        let mut tokens = Vec::new();
        let mut document = candidates.doc();
        while document != TERMINATED {
            let bytes = stored_bytes(&stored, document, self.query.record)?;
            let text = stored_text(&bytes).map_err(TantivyError::InvalidArgument)?;
            scan(text, &self.query.scanner, &mut tokens);
            let words: Vec<Box<str>> = tokens
                .iter()
                .filter(|token| is_searched(token.kind))
                .map(|token| lower(token.of(text)))
                .collect();
            let wanted = &*self.query.words;
            if words.windows(wanted.len()).any(|words| words == wanted) {
                found.insert(document);
            }
            document = candidates.advance();
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), boost)))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let is_found = scorer.doc() <= document && scorer.seek(document) == document;
        Ok(Explanation::new(
            "words as written",
            if is_found { 1.0 } else { 0.0 },
        ))
    }
}
