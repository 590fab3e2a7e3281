//! What BM25 needs to know of all records (Robertson & Zaragoza 2009), counted over living records only.
//!
//! Tantivy's own counts include records that were replaced, until a merge drops them: the same records would score
//! otherwise after an update than after a fresh run.

use std::sync::OnceLock;
use tantivy::{
    DocSet, Searcher, TERMINATED, Term,
    query::Bm25StatisticsProvider,
    schema::{Field, IndexRecordOption},
};

/// Counts over the living records of a searcher. Words of a field are counted once, when a query first asks.
pub struct LivingRecords {
    searcher: Searcher,
    fields: [(Field, OnceLock<u64>); 3],
}

impl LivingRecords {
    /// Counts over these records and these text fields.
    pub fn new(searcher: Searcher, fields: [Field; 3]) -> Self {
        Self {
            searcher,
            fields: fields.map(|field| (field, OnceLock::new())),
        }
    }

    fn count_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let mut tokens = 0;
        for segment in self.searcher.segment_readers() {
            let lengths = segment.get_fieldnorms_reader(field)?;
            tokens += segment
                .doc_ids_alive()
                .map(|document| u64::from(lengths.fieldnorm(document)))
                .sum::<u64>();
        }
        Ok(tokens)
    }
}

impl Bm25StatisticsProvider for LivingRecords {
    /// From the lengths kept with each record, which are rounded, so that every history of the index gives one number.
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let Some((_, known)) = self.fields.iter().find(|(known, _)| *known == field) else {
            return self.count_tokens(field);
        };
        if let Some(tokens) = known.get() {
            return Ok(*tokens);
        }
        let tokens = self.count_tokens(field)?;
        Ok(*known.get_or_init(|| tokens))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut count = 0;
        for segment in self.searcher.segment_readers() {
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
