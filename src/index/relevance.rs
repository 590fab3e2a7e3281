//! What BM25 needs to know of all records (Robertson & Zaragoza 2009), counted over living records only.
//!
//! Tantivy's own counts include records that were replaced, until a merge drops them: the same records would score
//! otherwise after an update than after a fresh run.

use tantivy::{DocSet, TERMINATED};
use tantivy::{
    Searcher, Term,
    query::Bm25StatisticsProvider,
    schema::{Field, IndexRecordOption},
};

/// Counts over the living records of a searcher.
pub struct LivingRecords<'a>(pub &'a Searcher);

impl Bm25StatisticsProvider for LivingRecords<'_> {
    /// From the lengths kept with each record, which are rounded, so that every history of the index gives one number.
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let mut tokens = 0;
        for segment in self.0.segment_readers() {
            let lengths = segment.get_fieldnorms_reader(field)?;
            tokens += segment
                .doc_ids_alive()
                .map(|document| u64::from(lengths.fieldnorm(document)))
                .sum::<u64>();
        }
        Ok(tokens)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.0.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut count = 0;
        for segment in self.0.segment_readers() {
            let index = segment.inverted_index(term.field())?;
            let Some(alive) = segment.alive_bitset() else {
                count += u64::from(index.doc_freq(term)?);
                continue;
            };
            let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            let mut document = postings.doc();
            while document != TERMINATED {
                count += u64::from(alive.is_alive(document));
                document = postings.advance();
            }
        }
        Ok(count)
    }
}
