//! A query and filters → the records that match, best first, counted exactly.

use crate::{
    analysis::AnalyzedFeedback,
    cues::CueKind,
    error::{Error, Result},
    index::{
        analyzer::TermAnalyzer,
        query::Query,
        record::RecordReader,
        relevance::LivingRecords,
        schema::TEXT_FIELDS,
        store::{Store, day_number, index_error, stored_bytes},
    },
    language::Lexicons,
    sentiment::{Label, Polarity},
    text::{fold, lower},
    themes::Theme,
};
use jiff::civil::Date;
use std::{cmp::Ordering, collections::BTreeMap, ops::Bound};
use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentReader, TantivyDocument, Term,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
    query::{
        AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery,
        Query as IndexQuery, RangeQuery, RegexQuery, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

/// What a record must be, besides matching the words. Empty fields ask nothing; several values of one field are
/// alternatives.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Language codes.
    pub languages: Vec<String>,
    /// As given in the input.
    pub channels: Vec<String>,
    /// As given in the input.
    pub products: Vec<String>,
    /// Ids or labels of themes.
    pub themes: Vec<String>,
    /// Names of [`Label`] or [`Polarity`].
    pub sentiments: Vec<String>,
    /// Kinds of cues, one of which the record has.
    pub cues: Vec<CueKind>,
    /// Lowest and highest mark.
    pub rating: Option<(f64, f64)>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

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

/// What to count hits by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountBy {
    /// Channel.
    Channel,
    /// Product.
    Product,
    /// ISO week.
    Week,
    /// Theme; a record counts once in each of its themes.
    Theme,
    /// Kind of cue; a record counts once in each of its kinds.
    Cue,
    /// Sentiment class.
    Sentiment,
    /// Language.
    Language,
}

/// Value → hits, and how many hits have no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Most hits first, then by value; weeks and sentiment in their own order.
    pub values: Vec<(String, u64)>,
    /// Hits without a value.
    pub without: u64,
}

/// A record that matches.
#[derive(Clone, Debug)]
pub struct Hit {
    /// BM25 score, comparable within one language only; 1 where the query has no word.
    pub score: f32,
    /// The record.
    pub record: AnalyzedFeedback,
    /// Bytes of the record's text that match, in order, not overlapping.
    pub highlights: Vec<(u32, u32)>,
}

/// The answer to a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// How many records match, whatever the limit.
    pub total: u64,
    /// The first `limit` of them.
    pub hits: Vec<Hit>,
}

impl Store {
    /// Finds the records that match query and filters, at most `limit` of them.
    pub fn search(
        &self,
        query: &Query,
        filters: &Filters,
        sort: Sort,
        limit: usize,
        themes: &[Theme],
        lexicons: &Lexicons,
    ) -> Result<Found> {
        let mut analyzers =
            TEXT_FIELDS.map(|(_, _, analysis)| TermAnalyzer::new(lexicons, analysis));
        let searcher = self.reader()?.searcher();
        let matches = self.matches(&searcher, query, filters, sort, themes, &mut analyzers)?;
        let total = matches.len() as u64;
        let best = best_first(&searcher, matches, limit)?;
        let mut reader = RecordReader::new(themes);
        let hits = best
            .into_iter()
            .map(|(score, address)| {
                let document: TantivyDocument = searcher.doc(address).map_err(index_error)?;
                let record = reader
                    .read(stored_bytes(&document, self.fields())?)
                    .map_err(Error::Index)?;
                let highlights = highlights(&record.feedback.text, query, &mut analyzers);
                Ok(Hit {
                    score: score as f32,
                    record,
                    highlights,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Found { total, hits })
    }

    /// Counts the records that match by one of their fields: all of them, not a page.
    pub fn count_by(
        &self,
        query: &Query,
        filters: &Filters,
        by: CountBy,
        themes: &[Theme],
        lexicons: &Lexicons,
    ) -> Result<(u64, Counts)> {
        let mut analyzers =
            TEXT_FIELDS.map(|(_, _, analysis)| TermAnalyzer::new(lexicons, analysis));
        let searcher = self.reader()?.searcher();
        let matches = self.matches(
            &searcher,
            query,
            filters,
            Sort::Relevance,
            themes,
            &mut analyzers,
        )?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut without = 0;
        for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
            let documents = matches
                .iter()
                .filter(|hit| hit.address.segment_ord as usize == ordinal)
                .map(|hit| hit.address.doc_id);
            let fast = segment.fast_fields();
            let name = match by {
                CountBy::Channel => "channel",
                CountBy::Product => "product",
                CountBy::Week => "week",
                CountBy::Theme => "theme",
                CountBy::Cue => "cue",
                CountBy::Sentiment => "sentiment",
                CountBy::Language => "language",
            };
            if by == CountBy::Week {
                let weeks: Column<u64> = fast.u64(name).map_err(index_error)?;
                for document in documents {
                    match weeks.first(document) {
                        Some(week) => {
                            *counts
                                .entry(format!("{}-W{:02}", week / 100, week % 100))
                                .or_default() += 1
                        }
                        None => without += 1,
                    }
                }
                continue;
            }
            let Some(values) = fast.str(name).map_err(index_error)? else {
                without += documents.count() as u64;
                continue;
            };
            let mut by_ordinal: BTreeMap<u64, u64> = BTreeMap::new();
            for document in documents {
                let mut any = false;
                for value in values.term_ords(document) {
                    *by_ordinal.entry(value).or_default() += 1;
                    any = true;
                }
                without += u64::from(!any);
            }
            for (value, count) in by_ordinal {
                *counts.entry(text_of(&values, value)?).or_default() += count;
            }
        }
        let mut values: Vec<(String, u64)> = counts.into_iter().collect();
        match by {
            CountBy::Week => {}
            CountBy::Sentiment => values
                .sort_by_key(|(name, _)| Label::ALL.iter().position(|label| label.name() == name)),
            _ => values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0))),
        }
        Ok((matches.len() as u64, Counts { values, without }))
    }

    fn matches(
        &self,
        searcher: &Searcher,
        query: &Query,
        filters: &Filters,
        sort: Sort,
        themes: &[Theme],
        analyzers: &mut [TermAnalyzer; 3],
    ) -> Result<Vec<Match>> {
        let mut parts = vec![(Occur::Must, self.words_query(query, analyzers)?)];
        parts.extend(self.filter_queries(filters, themes)?);
        searcher
            .search_with_statistics_provider(
                &BooleanQuery::new(parts),
                &AllMatches { sort },
                &LivingRecords(searcher),
            )
            .map_err(index_error)
    }

    fn words_query(
        &self,
        query: &Query,
        analyzers: &mut [TermAnalyzer; 3],
    ) -> Result<Box<dyn IndexQuery>> {
        let any = |parts: Vec<Box<dyn IndexQuery>>| -> Box<dyn IndexQuery> {
            Box::new(BooleanQuery::union(parts))
        };
        let fields = self.fields().text;
        Ok(match query {
            Query::All => Box::new(AllQuery),
            Query::Word(text) | Query::Phrase(text) => {
                // Read in each language: the word's French stem in French texts, its English stem in English ones.
                let parts = fields
                    .iter()
                    .zip(analyzers)
                    .map(|(field, analyzer)| side_by_side(*field, text, analyzer))
                    .collect();
                any(parts)
            }
            Query::Prefix(text) => {
                let mut parts: Vec<Box<dyn IndexQuery>> = Vec::new();
                for (field, analyzer) in fields.iter().zip(analyzers) {
                    let start = beginning(text, analyzer);
                    if start.is_empty() {
                        continue;
                    }
                    parts.push(Box::new(
                        RegexQuery::from_pattern(&format!("{start}.*"), *field)
                            .map_err(index_error)?,
                    ));
                    // What was typed may be longer than the stem of what is meant: "remboursem*" for "rembours".
                    let shortest = SHORTEST_STEM.max(start.len().saturating_sub(LONGEST_ENDING));
                    for stem in (shortest..start.len()).filter_map(|length| start.get(..length)) {
                        let term = Term::from_field_text(*field, stem);
                        parts.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
                    }
                }
                any(parts)
            }
            Query::And(parts) | Query::Or(parts) => {
                let occur = if matches!(query, Query::And(_)) {
                    Occur::Must
                } else {
                    Occur::Should
                };
                let mut clauses = Vec::new();
                for part in parts {
                    clauses.push(match part {
                        Query::Not(refused) if occur == Occur::Must => {
                            (Occur::MustNot, self.words_query(refused, analyzers)?)
                        }
                        other => (occur, self.words_query(other, analyzers)?),
                    });
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, Box::new(AllQuery)));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Query::Not(refused) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, Box::new(AllQuery)),
                (Occur::MustNot, self.words_query(refused, analyzers)?),
            ])),
        })
    }

    fn filter_queries(
        &self,
        filters: &Filters,
        themes: &[Theme],
    ) -> Result<Vec<(Occur, Box<dyn IndexQuery>)>> {
        let fields = self.fields();
        let one_of = |field: Field, values: &[String]| -> Option<Box<dyn IndexQuery>> {
            let terms: Vec<Box<dyn IndexQuery>> = values
                .iter()
                .map(|value| {
                    let term = Term::from_field_text(field, value);
                    Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn IndexQuery>
                })
                .collect();
            (!terms.is_empty()).then(|| Box::new(BooleanQuery::union(terms)) as Box<dyn IndexQuery>)
        };
        let theme_ids = filters
            .themes
            .iter()
            .map(|name| theme_id(name, themes))
            .collect::<Result<Vec<String>>>()?;
        let labels = filters
            .sentiments
            .iter()
            .map(|name| labels_named(name))
            .collect::<Result<Vec<_>>>()?
            .concat();
        let cues: Vec<String> = filters
            .cues
            .iter()
            .map(|kind| kind.name().to_owned())
            .collect();
        let mut queries: Vec<Box<dyn IndexQuery>> = Vec::new();
        queries.extend(one_of(fields.language, &filters.languages));
        queries.extend(one_of(fields.channel, &filters.channels));
        queries.extend(one_of(fields.product, &filters.products));
        queries.extend(one_of(fields.theme, &theme_ids));
        queries.extend(one_of(fields.cue, &cues));
        queries.extend(one_of(fields.sentiment, &labels));
        if let Some((low, high)) = filters.rating {
            queries.push(Box::new(RangeQuery::new(
                Bound::Included(Term::from_field_f64(fields.rating, low)),
                Bound::Included(Term::from_field_f64(fields.rating, high)),
            )));
        }
        if filters.from.is_some() || filters.to.is_some() {
            let bound = |day: Option<Date>| match day {
                Some(day) => Bound::Included(Term::from_field_u64(fields.day, day_number(day))),
                None => Bound::Unbounded,
            };
            queries.push(Box::new(RangeQuery::new(
                bound(filters.from),
                bound(filters.to),
            )));
        }
        Ok(queries
            .into_iter()
            // A filter narrows; it must not rank.
            .map(|query| {
                (
                    Occur::Must,
                    Box::new(ConstScoreQuery::new(query, 0.0)) as Box<dyn IndexQuery>,
                )
            })
            .collect())
    }
}

/// Letters of the shortest stem that may stand for a longer beginning.
const SHORTEST_STEM: usize = 4;

/// Letters that an ending may add to a stem: "ement", "issement".
const LONGEST_ENDING: usize = 8;

/// The letters a prefix asks for: those of its last word, in lower case without accents. Empty where it has none.
fn beginning(text: &str, analyzer: &mut TermAnalyzer) -> String {
    let mut last = None;
    analyzer.terms(text, |token, _| last = Some(token));
    let word = last.map_or("", |token| token.of(text));
    fold(&lower(word))
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

/// A term, or a phrase where the text holds several words; what matches nothing where it holds none.
fn side_by_side(field: Field, text: &str, analyzer: &mut TermAnalyzer) -> Box<dyn IndexQuery> {
    let mut terms = Vec::new();
    analyzer.terms(text, |_, term| {
        terms.push(Term::from_field_text(field, term))
    });
    match terms.as_slice() {
        [] => Box::new(EmptyQuery),
        [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new(terms)),
    }
}

/// The id of the theme with this id or label.
fn theme_id(name: &str, themes: &[Theme]) -> Result<String> {
    themes
        .iter()
        .find(|theme| theme.id == name)
        .or_else(|| {
            themes
                .iter()
                .find(|theme| fold(&lower(&theme.label)) == fold(&lower(name)))
        })
        .map(|theme| theme.id.clone())
        .ok_or_else(|| {
            let known: Vec<&str> = themes
                .iter()
                .take(8)
                .map(|theme| theme.id.as_str())
                .collect();
            Error::Query(format!(
                "no theme is called \"{name}\"; there are {}, the largest being: {}",
                themes.len(),
                known.join(", ")
            ))
        })
}

/// The names of the classes a filter asks for: one of five, or all those of one of three.
fn labels_named(name: &str) -> Result<Vec<String>> {
    let labels: Vec<String> = Label::ALL
        .iter()
        .filter(|label| label.name() == name || label.polarity().name() == name)
        .map(|label| label.name().to_owned())
        .collect();
    if labels.is_empty() {
        let polarities =
            [Polarity::Negative, Polarity::Neutral, Polarity::Positive].map(Polarity::name);
        return Err(Error::Query(format!(
            "\"{name}\" is not a sentiment; use {}, or {}",
            polarities.join(", "),
            Label::ALL.map(Label::name).join(", ")
        )));
    }
    Ok(labels)
}

/// A record that matches, before it is read.
#[derive(Clone, Copy)]
struct Match {
    /// What hits are sorted by: greater comes first.
    rank: f64,
    address: DocAddress,
}

/// Collects every match, since ties are broken on keys, which tantivy does not know of.
struct AllMatches {
    sort: Sort,
}

enum Rank {
    Score,
    Day(Column<u64>),
    Sentiment(Column<f64>),
}

struct SegmentMatches {
    segment: u32,
    rank: Rank,
    matches: Vec<Match>,
}

impl Collector for AllMatches {
    type Fruit = Vec<Match>;
    type Child = SegmentMatches;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<SegmentMatches> {
        let fast = reader.fast_fields();
        Ok(SegmentMatches {
            segment,
            rank: match self.sort {
                Sort::Relevance => Rank::Score,
                Sort::Date => Rank::Day(fast.u64("day")?),
                Sort::Sentiment => Rank::Sentiment(fast.f64("score")?),
            },
            matches: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Match>>) -> tantivy::Result<Vec<Match>> {
        Ok(fruits.concat())
    }
}

impl SegmentCollector for SegmentMatches {
    type Fruit = Vec<Match>;

    fn collect(&mut self, document: DocId, score: Score) {
        let rank = match &self.rank {
            // Sums of parts may differ in their last bit from one division into segments to another.
            Rank::Score => (f64::from(score) * 1e3).round() / 1e3,
            Rank::Day(days) => days.first(document).map_or(-1.0, |day| day as f64),
            Rank::Sentiment(scores) => -scores.first(document).unwrap_or(0.0),
        };
        self.matches.push(Match {
            rank,
            address: DocAddress::new(self.segment, document),
        });
    }

    fn harvest(self) -> Vec<Match> {
        self.matches
    }
}

/// The first `limit` matches: by rank, equals by key.
fn best_first(
    searcher: &Searcher,
    mut matches: Vec<Match>,
    limit: usize,
) -> Result<Vec<(f64, DocAddress)>> {
    if limit == 0 || matches.is_empty() {
        return Ok(Vec::new());
    }
    let descending = |a: &Match, b: &Match| b.rank.total_cmp(&a.rank);
    if matches.len() > limit {
        let (_, last, _) = matches.select_nth_unstable_by(limit - 1, descending);
        let worst = last.rank;
        matches.retain(|hit| hit.rank.total_cmp(&worst) != Ordering::Less);
    }
    let keys = key_columns(searcher)?;
    let mut keyed = matches
        .into_iter()
        .map(|hit| {
            let column = &keys[hit.address.segment_ord as usize];
            let ordinal = column
                .term_ords(hit.address.doc_id)
                .next()
                .unwrap_or(u64::MAX);
            (hit, ordinal)
        })
        .collect::<Vec<_>>();
    // Within a segment ordinals sort like keys: of equals, no more than `limit` a segment can be wanted.
    keyed.sort_unstable_by(|(a, a_key), (b, b_key)| {
        descending(a, b)
            .then(a.address.segment_ord.cmp(&b.address.segment_ord))
            .then(a_key.cmp(b_key))
    });
    let mut wanted: Vec<(Match, String)> = Vec::new();
    for run in keyed.chunk_by(|(a, _), (b, _)| {
        a.rank == b.rank && a.address.segment_ord == b.address.segment_ord
    }) {
        for (hit, ordinal) in run.iter().take(limit) {
            wanted.push((
                *hit,
                text_of(&keys[hit.address.segment_ord as usize], *ordinal)?,
            ));
        }
    }
    wanted
        .sort_unstable_by(|(a, a_key), (b, b_key)| descending(a, b).then_with(|| a_key.cmp(b_key)));
    wanted.truncate(limit);
    Ok(wanted
        .into_iter()
        .map(|(hit, _)| (hit.rank, hit.address))
        .collect())
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

fn text_of(column: &StrColumn, ordinal: u64) -> Result<String> {
    let mut text = String::new();
    column
        .ord_to_str(ordinal, &mut text)
        .map_err(|error| Error::Index(error.to_string()))?;
    Ok(text)
}

/// Where the query's words stand in a text.
fn highlights(text: &str, query: &Query, analyzers: &mut [TermAnalyzer; 3]) -> Vec<(u32, u32)> {
    let words = query.words();
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for analyzer in analyzers {
        let mut terms: Vec<String> = Vec::new();
        let mut starts: Vec<String> = Vec::new();
        for (word, is_prefix) in &words {
            if *is_prefix {
                starts.push(beginning(word, analyzer));
            } else {
                analyzer.terms(word, |_, term| terms.push(term.to_owned()));
            }
        }
        starts.retain(|start| !start.is_empty());
        analyzer.terms(text, |token, term| {
            let begins = || {
                let word = fold(&lower(token.of(text))).into_owned();
                starts.iter().any(|start| word.starts_with(start.as_str()))
            };
            if terms.iter().any(|wanted| wanted == term) || (!starts.is_empty() && begins()) {
                spans.push((token.start, token.end));
            }
        });
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}
