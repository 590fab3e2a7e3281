//! Words in their order with a few others between them.
//!
//! Tantivy's own slop counts moves in both directions and says of itself that it may miscount; people who put words in
//! quotation marks mean their order.

use tantivy::{
    DocId, DocSet, Result, Score, SegmentReader, TERMINATED, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings, SegmentPostings},
    query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
    schema::IndexRecordOption,
};

/// Records in which these terms of one field, two or more, stand in this order, with at most `slop` other words between
/// the first and the last. Ranked as a phrase: by the rarity of its words and how often it occurs.
#[derive(Clone, Debug)]
pub struct InOrderQuery {
    /// The terms, all of one field.
    pub terms: Vec<Term>,
    /// Other words allowed, all gaps together.
    pub slop: u32,
}

impl Query for InOrderQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        let similarity = match scoring {
            EnableScoring::Enabled {
                statistics_provider,
                ..
            } => Some(Bm25Weight::for_terms(statistics_provider, &self.terms)?),
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(InOrderWeight {
            terms: self.terms.clone(),
            slop: self.slop,
            similarity,
        }))
    }
}

struct InOrderWeight {
    terms: Vec<Term>,
    slop: u32,
    similarity: Option<Bm25Weight>,
}

impl Weight for InOrderWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        let field = self.terms[0].field();
        let index = reader.inverted_index(field)?;
        let mut postings = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            match index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)? {
                Some(found) => postings.push(found),
                None => return Ok(Box::new(EmptyScorer)),
            }
        }
        let similarity = match &self.similarity {
            Some(similarity) => Some((
                similarity.boost_by(boost),
                reader.get_fieldnorms_reader(field)?,
            )),
            None => None,
        };
        let mut scorer = InOrderScorer {
            positions: vec![Vec::new(); postings.len()],
            postings,
            slop: self.slop,
            occurrences: 0,
            similarity,
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = match scorer.doc() <= document && scorer.seek(document) == document {
            true => scorer.score(),
            false => 0.0,
        };
        Ok(Explanation::new("words in order", score))
    }
}

struct InOrderScorer {
    postings: Vec<SegmentPostings>,
    /// Positions of each term in the document looked at.
    positions: Vec<Vec<u32>>,
    slop: u32,
    occurrences: u32,
    similarity: Option<(Bm25Weight, FieldNormReader)>,
}

impl InOrderScorer {
    /// From where the first term stands, goes on to the next document that matches, which may be that one.
    fn settle(&mut self) -> DocId {
        let mut candidate = self.postings[0].doc();
        'documents: while candidate != TERMINATED {
            for other in 1..self.postings.len() {
                let postings = &mut self.postings[other];
                if postings.doc() < candidate {
                    postings.seek(candidate);
                }
                if postings.doc() > candidate {
                    let next = postings.doc();
                    candidate = self.postings[0].seek(next);
                    continue 'documents;
                }
            }
            self.occurrences = self.count();
            if self.occurrences > 0 {
                return candidate;
            }
            candidate = self.postings[0].advance();
        }
        TERMINATED
    }

    /// How many places of the first term begin a match. The nearest place of each next term leaves the fewest words
    /// between, so there is nothing to try out.
    fn count(&mut self) -> u32 {
        for (postings, positions) in self.postings.iter_mut().zip(&mut self.positions) {
            postings.positions(positions);
        }
        let most = self.slop + self.postings.len() as u32 - 1;
        let ends = |first: u32| {
            self.positions[1..].iter().try_fold(first, |at, places| {
                places
                    .get(places.partition_point(|place| *place <= at))
                    .copied()
            })
        };
        self.positions[0]
            .iter()
            .filter(|first| ends(**first).is_some_and(|last| last - **first <= most))
            .count() as u32
    }
}

impl DocSet for InOrderScorer {
    fn advance(&mut self) -> DocId {
        self.postings[0].advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.postings[0].seek(target);
            return self.settle();
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.postings[0].doc()
    }

    fn size_hint(&self) -> u32 {
        (self.postings.iter().map(DocSet::size_hint).min()).unwrap_or(0)
    }
}

impl Scorer for InOrderScorer {
    fn score(&mut self) -> Score {
        let document = self.doc();
        match &self.similarity {
            Some((similarity, lengths)) => {
                similarity.score(lengths.fieldnorm_id(document), self.occurrences)
            }
            None => 1.0,
        }
    }
}
