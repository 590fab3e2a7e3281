//! Gathering what matches: every record, since ties are broken on keys, which tantivy does not know of.

use crate::{
    error::{Error, Result},
    index::store::index_error,
};
use std::cmp::Ordering;
use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn, TermOrdHit},
};

/// The order of hits. Equals are always in the order of their keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best match first.
    #[default]
    Relevance,
    /// Newest day first; without date last.
    Date,
    /// Most negative first.
    Sentiment,
}

/// A record that matches, before it is read.
#[derive(Clone, Copy, Debug)]
pub struct Match {
    /// What hits are sorted by: greater comes first.
    pub rank: f32,
    /// The record within its segment.
    pub document: DocId,
}

/// Collects the matches of each segment, in the order in which they are stored.
pub struct Ranked(pub Sort);

enum Rank {
    Score,
    Day(Column<u64>),
    Sentiment(Column<f64>),
}

pub struct SegmentMatches {
    rank: Rank,
    matches: Vec<Match>,
}

impl Collector for Ranked {
    type Fruit = Vec<Vec<Match>>;
    type Child = SegmentMatches;

    fn for_segment(&self, _: u32, reader: &SegmentReader) -> tantivy::Result<SegmentMatches> {
        let fast = reader.fast_fields();
        Ok(SegmentMatches {
            rank: match self.0 {
                Sort::Relevance => Rank::Score,
                Sort::Date => Rank::Day(fast.u64("day")?),
                Sort::Sentiment => Rank::Sentiment(fast.f64("score")?),
            },
            matches: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.0 == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Match>>) -> tantivy::Result<Vec<Vec<Match>>> {
        Ok(fruits)
    }
}

/// Days are counted from this one, so that they fit a 32-bit float to the unit.
const DAY_ZERO: u64 = 19_000_000;

impl SegmentCollector for SegmentMatches {
    type Fruit = Vec<Match>;

    fn collect(&mut self, document: DocId, score: Score) {
        let rank = match &self.rank {
            // Sums of parts may differ in their last bits from one division into segments to another.
            Rank::Score => (score * 1e3).round() / 1e3,
            Rank::Day(days) => days
                .first(document)
                .map_or(f32::NEG_INFINITY, |day| day.saturating_sub(DAY_ZERO) as f32),
            Rank::Sentiment(scores) => -(scores.first(document).unwrap_or(0.0) as f32),
        };
        self.matches.push(Match { rank, document });
    }

    fn harvest(self) -> Vec<Match> {
        self.matches
    }
}

/// Collects which records match, segment by segment.
pub struct Documents;

impl Collector for Documents {
    type Fruit = Vec<Vec<DocId>>;
    type Child = SegmentDocuments;

    fn for_segment(&self, _: u32, _: &SegmentReader) -> tantivy::Result<SegmentDocuments> {
        Ok(SegmentDocuments(Vec::new()))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Vec<DocId>>) -> tantivy::Result<Vec<Vec<DocId>>> {
        Ok(fruits)
    }
}

pub struct SegmentDocuments(Vec<DocId>);

impl SegmentCollector for SegmentDocuments {
    type Fruit = Vec<DocId>;

    fn collect(&mut self, document: DocId, _: Score) {
        self.0.push(document);
    }

    fn collect_block(&mut self, documents: &[DocId]) {
        self.0.extend_from_slice(documents);
    }

    fn harvest(self) -> Vec<DocId> {
        self.0
    }
}

/// The first `limit` matches: by rank, equals by key; only those after a hit where one is given by rank and key.
pub fn best_first(
    searcher: &Searcher,
    matches: Vec<Vec<Match>>,
    limit: usize,
    after: Option<(f32, &str)>,
) -> Result<Vec<(f32, DocAddress)>> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let keys = key_columns(searcher)?;
    let mut wanted: Vec<(f32, String, DocAddress)> = Vec::new();
    for ((segment, keys), matches) in (0..).zip(&keys).zip(matches) {
        for hit in best_of_segment(keys, matches, limit, after)? {
            let key = text_of(keys, key_of(keys, hit.document))?;
            wanted.push((hit.rank, key, DocAddress::new(segment, hit.document)));
        }
    }
    wanted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    wanted.truncate(limit);
    Ok(wanted
        .into_iter()
        .map(|(rank, _, address)| (rank, address))
        .collect())
}

/// Up to `limit` matches of one segment, in no order. Within a segment ordinals sort like keys, so only the keys of
/// those that may be wanted are read.
fn best_of_segment(
    keys: &StrColumn,
    mut matches: Vec<Match>,
    limit: usize,
    after: Option<(f32, &str)>,
) -> Result<Vec<Match>> {
    if let Some((rank, key)) = after {
        let dictionary = keys.dictionary();
        let next = dictionary
            .term_ord_or_next(key)
            .map_err(|error| Error::Index(error.to_string()))?;
        let first_ordinal = match next {
            TermOrdHit::Exact(ordinal) => ordinal + 1,
            TermOrdHit::Next(ordinal) => ordinal,
        };
        matches.retain(|hit| match hit.rank.total_cmp(&rank) {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => key_of(keys, hit.document) >= first_ordinal,
        });
    }
    if matches.len() <= limit {
        return Ok(matches);
    }
    let descending = |a: &Match, b: &Match| b.rank.total_cmp(&a.rank);
    let (_, last, _) = matches.select_nth_unstable_by(limit - 1, descending);
    let worst = last.rank;
    let (mut best, ties): (Vec<Match>, Vec<Match>) = matches
        .into_iter()
        .filter(|hit| hit.rank.total_cmp(&worst).is_ge())
        .partition(|hit| hit.rank.total_cmp(&worst).is_gt());
    let mut ties: Vec<(u64, Match)> = ties
        .into_iter()
        .map(|hit| (key_of(keys, hit.document), hit))
        .collect();
    let room = limit - best.len();
    if ties.len() > room {
        ties.select_nth_unstable_by_key(room, |(key, _)| *key);
        ties.truncate(room);
    }
    best.extend(ties.into_iter().map(|(_, hit)| hit));
    Ok(best)
}

/// The ordinal of a record's key.
fn key_of(keys: &StrColumn, document: DocId) -> u64 {
    keys.term_ords(document).next().unwrap_or(u64::MAX)
}

fn key_columns(searcher: &Searcher) -> Result<Vec<StrColumn>> {
    searcher
        .segment_readers()
        .iter()
        .map(|segment| {
            segment
                .fast_fields()
                .str("key")
                .map_err(index_error)?
                .ok_or_else(|| Error::Index("the key column is missing".to_owned()))
        })
        .collect()
}

/// The text of an ordinal of a column.
pub fn text_of(column: &StrColumn, ordinal: u64) -> Result<String> {
    let mut text = String::new();
    column
        .ord_to_str(ordinal, &mut text)
        .map_err(|error| Error::Index(error.to_string()))?;
    Ok(text)
}
