//! The words that tell most of a record, to find others like it (Salton's tf–idf, as Lucene's MoreLikeThis picks them).

use crate::{
    analysis::AnalyzedFeedback,
    error::Result,
    index::{
        relevance::LivingRecords, schema::text_fields_of, store::index_error, translate::Analyzers,
    },
};
use std::collections::BTreeMap;
use tantivy::{Term, query::Bm25StatisticsProvider, schema::Field};

/// Words of a record that others are compared by.
const MOST_WORDS: usize = 25;

/// The words of the record's text that weigh most: how often they occur in it, by how few records have them in any
/// inflection. Words that no other record has are left out; none for an empty text.
pub fn strongest_words(
    record: &AnalyzedFeedback,
    fields: &[Field; 3],
    analyzers: &mut Analyzers,
    statistics: &LivingRecords,
) -> Result<Vec<String>> {
    let text = &*record.feedback.text;
    let mut counts: BTreeMap<Term, (u32, &str)> = BTreeMap::new();
    for field in text_fields_of(record.language) {
        analyzers.stems[*field].terms(text, |token, term| {
            let term = Term::from_field_text(fields[*field], term);
            counts.entry(term).or_insert((0, token.of(text))).0 += 1;
        });
    }
    let records = statistics.total_num_docs().map_err(index_error)? as f64;
    let mut weighted: Vec<(f64, &str)> = Vec::new();
    for (term, (count, word)) in counts {
        let having = statistics.doc_freq(&term).map_err(index_error)?;
        if having > 1 {
            let rarity = (1.0 + (records - having as f64 + 0.5) / (having as f64 + 0.5)).ln();
            weighted.push((f64::from(count).sqrt() * rarity, word));
        }
    }
    weighted.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let mut words: Vec<String> = Vec::new();
    for (_, word) in weighted {
        if words.len() < MOST_WORDS && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    Ok(words)
}
