//! A query → the records that match, best first, counted exactly.

use crate::{
    analysis::AnalyzedFeedback,
    error::{Error, Result},
    feedback::FileBalance,
    index::{
        collect::{Documents, Match, Ranked, Sort, best_first},
        highlight::highlights,
        query::{Asked, Condition, Query},
        record::RecordReader,
        relevance::LivingRecords,
        similar::strongest_words,
        store::{Store, index_error},
        stored::bytes_at,
        translate::{Analyzers, Names, Translator},
    },
    language::Stems,
};
use tantivy::{
    DocAddress, DocId, Searcher, Term,
    query::{Query as IndexQuery, TermQuery},
    schema::IndexRecordOption,
};

/// A record that matches.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What hits are ordered by. By relevance: BM25, comparable within one language only; 0 where the query has no word.
    pub rank: f32,
    /// The record.
    pub record: AnalyzedFeedback,
    /// Bytes of the record's text that match, in order, not overlapping.
    pub highlights: Vec<(u32, u32)>,
}

/// The answer to a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// How many records match, whatever the page.
    pub total: u64,
    /// The page.
    pub hits: Vec<Hit>,
    /// The key of the page's last record where more follow: what [`Page::after`] takes.
    pub next: Option<String>,
}

/// Which matches to read, and in what order.
#[derive(Clone, Debug)]
pub struct Page {
    /// The order.
    pub sort: Sort,
    /// Most hits to read.
    pub limit: usize,
    /// The key of the record before the page; `None` for the first page.
    pub after: Option<String>,
}

/// The records as the last commit left them, ready to be searched: one look at the index serves many queries.
pub struct Search<'a> {
    store: &'a Store,
    names: Names<'a>,
    pub(super) searcher: Searcher,
    statistics: LivingRecords,
    pub(super) analyzers: Analyzers,
    reader: RecordReader,
}

impl<'a> Search<'a> {
    /// Searches what is committed now; later commits change nothing.
    pub fn new(store: &'a Store, names: Names<'a>, stems: &Stems) -> Result<Self> {
        let searcher = store.searcher();
        Ok(Self {
            store,
            statistics: LivingRecords::new(searcher.clone(), store.fields().text),
            searcher,
            analyzers: Analyzers::new(stems),
            reader: RecordReader::new(names.themes),
            names,
        })
    }

    pub(super) fn files(&self) -> &'a [FileBalance] {
        self.names.files
    }

    pub(super) fn store(&self) -> &Store {
        self.store
    }

    /// Finds the records that match: a page of them, and how many there are.
    pub fn find(&mut self, query: &Query, page: &Page) -> Result<Found> {
        let translated = self.translated(query)?;
        let matches = self
            .searcher
            .search_with_statistics_provider(&*translated, &Ranked(page.sort), &self.statistics)
            .map_err(index_error)?;
        self.page(query, matches, page)
    }

    /// Finds the records whose words are most like those of the record with this id, the query narrowing them.
    /// Words count by their BM25; the record itself is left out.
    pub fn similar(&mut self, id: &str, query: &Query, page: &Page) -> Result<Found> {
        let of_id = Query::default().and_one_of([Condition::of("id", id)]);
        let documents = self.documents(&of_id)?;
        let mut addresses = (0..).zip(&documents).flat_map(|(segment, documents)| {
            (documents.iter()).map(move |document| DocAddress::new(segment, *document))
        });
        let Some(address) = addresses.next() else {
            return Err(Error::Query(format!(
                "no record has the id \"{id}\"; ids stand in parentheses under each hit"
            )));
        };
        let record = self.read(address)?;
        let fields = self.store.fields().text;
        let words = strongest_words(&record, &fields, &mut self.analyzers, &self.statistics)?;
        let itself = Condition::of("id", record.feedback.id());
        let like = query
            .clone()
            .and(Asked::Or(words.into_iter().map(Asked::Word).collect()))
            .and(Asked::Not(Box::new(Asked::Field(itself))));
        self.find(&like, page)
    }

    /// The keys of all records that match, sorted.
    pub fn keys(&mut self, query: &Query) -> Result<Vec<String>> {
        let mut keys = Vec::new();
        for (segment, documents) in (0..).zip(self.documents(query)?) {
            let reader = self.searcher.segment_reader(segment);
            let column = (reader.fast_fields().str("key"))
                .map_err(index_error)?
                .ok_or_else(|| Error::Index("the key column is missing".to_owned()))?;
            let mut ordinals: Vec<u64> = documents
                .iter()
                .flat_map(|document| column.term_ords(*document))
                .collect();
            ordinals.sort_unstable();
            column
                .dictionary()
                .sorted_ords_to_term_cb(&ordinals, |key| {
                    keys.push(String::from_utf8_lossy(key).into_owned());
                })
                .map_err(|error| Error::Index(error.to_string()))?;
        }
        keys.sort_unstable();
        Ok(keys)
    }

    /// Which records match, segment by segment.
    pub(super) fn documents(&mut self, query: &Query) -> Result<Vec<Vec<DocId>>> {
        let translated = self.translated(query)?;
        self.searcher
            .search(&*translated, &Documents)
            .map_err(index_error)
    }

    fn translated(&mut self, query: &Query) -> Result<Box<dyn IndexQuery>> {
        Translator {
            fields: self.store.fields(),
            searcher: &self.searcher,
            analyzers: &mut self.analyzers,
            names: &self.names,
            query,
        }
        .translate()
    }

    fn page(&mut self, query: &Query, matches: Vec<Vec<Match>>, page: &Page) -> Result<Found> {
        let total = matches.iter().map(|matches| matches.len() as u64).sum();
        let after = match &page.after {
            None => None,
            Some(key) => Some((self.rank_of(key, &matches)?, key.as_str())),
        };
        // One more than wanted tells whether more follow.
        let mut best = best_first(&self.searcher, matches, page.limit.saturating_add(1), after)?;
        let has_more = best.len() > page.limit;
        best.truncate(page.limit);
        let hits = best
            .into_iter()
            .map(|(rank, address)| {
                let record = self.read(address)?;
                let highlights = highlights(&record, query.asked(), &mut self.analyzers);
                Ok(Hit {
                    rank,
                    record,
                    highlights,
                })
            })
            .collect::<Result<Vec<Hit>>>()?;
        let next =
            (hits.last().filter(|_| has_more)).map(|hit| hit.record.feedback.key.to_string());
        Ok(Found { total, hits, next })
    }

    /// The rank of the record that a page goes on after.
    fn rank_of(&self, key: &str, matches: &[Vec<Match>]) -> Result<f32> {
        let term = Term::from_field_text(self.store.fields().key, key);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = self
            .searcher
            .search(&query, &Documents)
            .map_err(index_error)?;
        let rank = matches.iter().zip(found).find_map(|(matches, found)| {
            let document = *found.first()?;
            let place = matches.binary_search_by_key(&document, |hit| hit.document);
            place.ok().map(|place| matches[place].rank)
        });
        rank.ok_or_else(|| {
            Error::Query(
                "the record to go on after is not among the matches any more; begin again without --after"
                    .to_owned(),
            )
        })
    }

    fn read(&mut self, address: DocAddress) -> Result<AnalyzedFeedback> {
        let bytes =
            bytes_at(&self.searcher, address, self.store.fields().record).map_err(index_error)?;
        self.reader.read(&bytes).map_err(Error::Index)
    }
}
