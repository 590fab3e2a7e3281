//! What is asked → a query of the index.
//!
//! Ranked by: the BM25 of words and phrases, found by their stems; a word asked for as written, by its beginning or with
//! differences adds 1; fields narrow and add nothing.

use crate::{
    analysis::customer_name,
    cues::CueKind,
    error::{Error, Result},
    feedback::FileBalance,
    index::{
        analyzer::{TermAnalyzer, plain_value},
        exact::PhraseQuery,
        fields::{COLUMN_SEPARATOR, FieldName, Known, column_names},
        forms::{FormsQuery, Pattern, form},
        near::InOrderQuery,
        query::{Asked, Bound, Condition, Query, QueryError, Wanted},
        record::stored_customer,
        schema::{Fields, TEXT_FIELDS},
        store::{day_number, index_error},
        stored::bytes_at,
    },
    language::Stems,
    privacy::Key,
    sentiment::{Label, Polarity},
    text::{fold, lower},
    themes::Theme,
};
use jiff::civil::Date;
use std::{ops, sync::Arc};
use tantivy::{
    DocAddress, DocSet, Searcher, Term,
    query::{
        AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Occur,
        Query as IndexQuery, RangeQuery, TermQuery, TermSetQuery,
    },
    schema::{Field, IndexRecordOption},
};

type Boxed = Box<dyn IndexQuery>;

/// What people call things in queries, and the index by another name.
#[derive(Clone)]
pub struct Names<'a> {
    /// The themes of the workspace.
    pub themes: &'a [Theme],
    /// The files the records came from.
    pub files: &'a [FileBalance],
    /// What customers' pseudonyms are made with; without it they are found by the names that exports give.
    pub key: Option<Key>,
}

/// One analyzer a text field, and one for words as written.
pub struct Analyzers {
    pub stems: [TermAnalyzer; 3],
    pub forms: TermAnalyzer,
}

impl Analyzers {
    /// Analyzers of queries and texts.
    pub fn new(stems: &Stems) -> Self {
        use crate::index::analyzer::Analysis;
        Self {
            stems: TEXT_FIELDS.map(|(_, _, analysis)| TermAnalyzer::new(stems, analysis)),
            forms: TermAnalyzer::new(stems, Analysis::Forms),
        }
    }

    /// The words of a text in lower case.
    pub fn words(&mut self, text: &str) -> Vec<Box<str>> {
        let mut words = Vec::new();
        self.forms
            .terms(text, |token, _| words.push(lower(token.of(text))));
        words
    }
}

/// Turns queries into those of the index.
pub struct Translator<'a> {
    pub fields: Fields,
    pub searcher: &'a Searcher,
    pub analyzers: &'a mut Analyzers,
    pub names: &'a Names<'a>,
    /// The query that is translated, to point at its mistakes.
    pub query: &'a Query,
}

impl Translator<'_> {
    /// The query of the index for what is asked.
    pub fn translate(&mut self) -> Result<Boxed> {
        self.asked(self.query.asked())
    }

    fn asked(&mut self, asked: &Asked) -> Result<Boxed> {
        Ok(match asked {
            Asked::All => Box::new(AllQuery),
            Asked::Word(text) => self.in_order(text, 0),
            Asked::Phrase(text, slop) => self.in_order(text, *slop),
            Asked::Exact(text) => self.exact(text),
            Asked::Prefix(text) => self.last_word(text, Pattern::beginning),
            Asked::Near(text, distance) => {
                self.last_word(text, |plain| Pattern::near(plain, *distance))
            }
            Asked::Field(condition) => Box::new(ConstScoreQuery::new(
                self.condition(condition).map_err(|failure| match failure {
                    Failure::Query(reason) => {
                        Error::Query(self.blame(condition, reason).to_string())
                    }
                    Failure::Index(error) => error,
                })?,
                0.0,
            )),
            Asked::And(parts) => {
                let mut clauses = Vec::new();
                for part in parts {
                    clauses.push(match part {
                        Asked::Not(refused) => (Occur::MustNot, self.asked(refused)?),
                        other => (Occur::Must, self.asked(other)?),
                    });
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, nothing_ranked()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Asked::Or(parts) => {
                let parts = parts.iter().map(|part| self.asked(part));
                Box::new(BooleanQuery::union(parts.collect::<Result<_>>()?))
            }
            Asked::Not(refused) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, nothing_ranked()),
                (Occur::MustNot, self.asked(refused)?),
            ])),
        })
    }

    fn blame(&self, condition: &Condition, reason: String) -> QueryError {
        match condition.at {
            Some(at) => self.query.wrong(at, &reason),
            None => QueryError::without_place(reason),
        }
    }

    /// Read in each language: the words' French stems in French texts, their English stems in English ones.
    fn in_order(&mut self, text: &str, slop: u32) -> Boxed {
        let fields = self.fields.text;
        let parts = (fields.iter().zip(&mut self.analyzers.stems)).map(|(field, analyzer)| {
            let mut terms = Vec::new();
            analyzer.terms(text, |_, term| {
                terms.push(Term::from_field_text(*field, term))
            });
            match terms.len() {
                0 => Box::new(EmptyQuery) as Boxed,
                1 => Box::new(TermQuery::new(
                    terms.remove(0),
                    IndexRecordOption::WithFreqs,
                )),
                _ => Box::new(InOrderQuery { terms, slop }),
            }
        });
        Box::new(BooleanQuery::union(parts.collect()))
    }

    fn exact(&mut self, text: &str) -> Boxed {
        let words = self.analyzers.words(text);
        let mut terms: Vec<Term> = (words.iter())
            .map(|word| Term::from_field_text(self.fields.forms, &form(word)))
            .collect();
        terms.sort();
        terms.dedup();
        let all = |terms: Vec<Term>| -> Vec<(Occur, Boxed)> {
            let queries = terms.into_iter().map(|term| {
                let query = TermQuery::new(term, IndexRecordOption::Basic);
                (Occur::Must, Box::new(query) as Boxed)
            });
            queries.collect()
        };
        let found: Boxed = match words.len() {
            0 => return Box::new(EmptyQuery),
            1 => Box::new(BooleanQuery::new(all(terms))),
            _ => {
                // Where the words stand is kept of stems alone: those that have them side by side are read.
                let mut clauses = all(terms);
                clauses.push((Occur::Must, self.in_order(text, 0)));
                Box::new(PhraseQuery {
                    candidates: Arc::new(BooleanQuery::new(clauses)),
                    words: words.into(),
                    scanner: self.analyzers.forms.scanner().clone().into(),
                    record: self.fields.record,
                })
            }
        };
        Box::new(ConstScoreQuery::new(found, 1.0))
    }

    /// The pattern of the last word, after the words before it: `l'ach*`, `après-ven*`.
    fn last_word(&mut self, text: &str, pattern: impl Fn(&str) -> Pattern) -> Boxed {
        let mut words = Vec::new();
        (self.analyzers.forms).terms(text, |token, _| words.push(token));
        let Some(last) = words.pop() else {
            return Box::new(EmptyQuery);
        };
        let forms = FormsQuery {
            field: self.fields.forms,
            pattern: pattern(&fold(&lower(last.of(text)))),
        };
        if words.is_empty() {
            return Box::new(forms);
        }
        let before = &text[..last.start as usize];
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, self.in_order(before, 0)),
            (Occur::Must, Box::new(forms)),
        ]))
    }

    fn condition(&mut self, condition: &Condition) -> std::result::Result<Boxed, Failure> {
        let columns = column_names(self.searcher, self.fields.column).map_err(index_error)?;
        let known = Known {
            columns: &columns,
            files: self.names.files,
        };
        let field = FieldName::named(&condition.field, &known)?;
        let wanted = &condition.value;
        if *wanted == Wanted::Any {
            return self.any(&field);
        }
        match field {
            FieldName::Language => self.value(self.fields.language, "lang", wanted),
            FieldName::Channel => self.value(self.fields.channel, "channel", wanted),
            FieldName::Product => self.value(self.fields.product, "product", wanted),
            FieldName::Column(name) => self.column(&name, wanted),
            FieldName::Theme => {
                let ids = theme_ids(wanted, self.names.themes)?;
                Ok(one_of(self.fields.theme, &ids))
            }
            FieldName::Sentiment | FieldName::Polarity => {
                let labels = labels_named(word_of(wanted, "sentiment:neg")?)?;
                Ok(one_of(self.fields.sentiment, &labels))
            }
            FieldName::Intent => {
                let name = word_of(wanted, "intent:churn")?;
                let kind = CueKind::named(&plain_value(name)).ok_or_else(|| {
                    let known = CueKind::ALL.map(|(_, name)| name).join(", ");
                    format!("\"{name}\" is no kind of cue; kinds are {known}")
                })?;
                Ok(one_of(self.fields.cue, &[kind.name().to_owned()]))
            }
            FieldName::Rating => number_range(self.fields.rating, wanted),
            FieldName::Score => number_range(self.fields.score, wanted),
            FieldName::Nps => {
                let number = |text: &str| {
                    let nps = text.parse::<u64>().ok().filter(|nps| *nps <= 10);
                    nps.map(|nps| (nps, nps)).ok_or_else(|| {
                        format!("\"{text}\" is no answer from 0 to 10; write nps:9 or nps:0..6")
                    })
                };
                whole_range(self.fields.nps, wanted, number)
            }
            FieldName::Date => whole_range(self.fields.day, wanted, days_of),
            FieldName::Week => whole_range(self.fields.week, wanted, |text| {
                let week: crate::calendar::Week = text
                    .parse()
                    .map_err(|error: crate::calendar::NotAWeek| error.to_string())?;
                let number = week.year.unsigned_abs() as u64 * 100 + week.number as u64;
                Ok((number, number))
            }),
            FieldName::Customer => {
                let name = word_of(wanted, "customer:1234")?;
                self.customer(name)
            }
            FieldName::Id => {
                let id = word_of(wanted, "id:1234")?;
                Ok(one_of(self.fields.key, &self.keys_of(id)?))
            }
        }
    }

    /// Records that have a value at all.
    fn any(&self, field: &FieldName) -> std::result::Result<Boxed, Failure> {
        if let FieldName::Column(name) = field {
            return Ok(Box::new(FormsQuery {
                field: self.fields.column,
                pattern: Pattern::beginning(&format!("{name}{COLUMN_SEPARATOR}")),
            }));
        }
        match field.values_column() {
            Some(column) => Ok(Box::new(ExistsQuery::new(column.to_owned(), false))),
            None if *field == FieldName::Customer => Ok(Box::new(FormsQuery {
                field: self.fields.customer,
                pattern: Pattern::beginning(""),
            })),
            None => Ok(Box::new(AllQuery)),
        }
    }

    fn value(
        &self,
        field: Field,
        name: &str,
        wanted: &Wanted,
    ) -> std::result::Result<Boxed, Failure> {
        match wanted {
            Wanted::Is(value) => Ok(one_of(field, &[plain_value(value)])),
            Wanted::Begins(value) => Ok(Box::new(FormsQuery {
                field,
                pattern: Pattern::beginning(&plain_value(value)),
            })),
            _ => Err(format!("{name} has no order to take a range of; write {name}:VALUE").into()),
        }
    }

    fn column(&self, name: &str, wanted: &Wanted) -> std::result::Result<Boxed, Failure> {
        let cell = |value: &str| format!("{name}{COLUMN_SEPARATOR}{}", plain_value(value));
        match wanted {
            Wanted::Any => self.any(&FieldName::Column(name.to_owned())),
            Wanted::Is(value) => Ok(one_of(self.fields.column, &[cell(value)])),
            Wanted::Begins(value) => Ok(Box::new(FormsQuery {
                field: self.fields.column,
                pattern: Pattern::beginning(&cell(value)),
            })),
            Wanted::Within(low, high) => {
                let start = cell("");
                let is_within = range_of_cells(low.as_ref(), high.as_ref());
                let mut terms = Vec::new();
                for segment in self.searcher.segment_readers() {
                    let index = segment
                        .inverted_index(self.fields.column)
                        .map_err(index_error)?;
                    let pattern = Pattern::beginning(&start);
                    let mut found = index
                        .terms()
                        .search(&pattern)
                        .into_stream()
                        .map_err(|error| Error::Index(error.to_string()))?;
                    while found.advance() {
                        let term = String::from_utf8_lossy(found.key()).into_owned();
                        if is_within(&term[start.len()..]) {
                            terms.push(Term::from_field_text(self.fields.column, &term));
                        }
                    }
                }
                Ok(Box::new(TermSetQuery::new(terms)))
            }
        }
    }

    /// Records of a customer: by the name the files give, or by the name an export gave instead.
    fn customer(&self, name: &str) -> std::result::Result<Boxed, Failure> {
        let mut pseudonyms = vec![name.to_owned()];
        pseudonyms.extend((self.names.key.as_ref()).map(|key| key.customer(name)));
        if name.starts_with("c-") {
            pseudonyms.extend(self.exported_customer(name)?);
        }
        Ok(one_of(self.fields.customer, &pseudonyms))
    }

    /// The keys of the records with this id: those that end with it.
    fn keys_of(&self, id: &str) -> Result<Vec<String>> {
        let failed = |error: std::io::Error| Error::Index(error.to_string());
        let mut found = Vec::new();
        for segment in self.searcher.segment_readers() {
            let index = segment
                .inverted_index(self.fields.key)
                .map_err(index_error)?;
            let mut keys = index.terms().stream().map_err(failed)?;
            while keys.advance() {
                if let Some(prefix) = keys.key().strip_suffix(id.as_bytes())
                    && (prefix.is_empty() || prefix.ends_with(b"/"))
                {
                    found.push(String::from_utf8_lossy(keys.key()).into_owned());
                }
            }
        }
        Ok(found)
    }

    /// The pseudonym of the customer whom exports call so, after the key of one of their records.
    fn exported_customer(&self, name: &str) -> Result<Option<String>> {
        let failed = |error: std::io::Error| Error::Index(error.to_string());
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let index = segment
                .inverted_index(self.fields.key)
                .map_err(index_error)?;
            let mut keys = index.terms().stream().map_err(failed)?;
            while keys.advance() {
                let is_named = |key: &str| customer_name(key) == name;
                let Some(key) = str::from_utf8(keys.key()).ok().filter(|key| is_named(key)) else {
                    continue;
                };
                let term = Term::from_field_text(self.fields.key, key);
                let found = index
                    .read_postings(&term, IndexRecordOption::Basic)
                    .map_err(failed)?;
                let document = found.map(|postings| postings.doc());
                let alive = document.filter(|document| {
                    segment
                        .alive_bitset()
                        .is_none_or(|alive| alive.is_alive(*document))
                });
                if let Some(document) = alive {
                    let address = DocAddress::new(ordinal, document);
                    let bytes = bytes_at(self.searcher, address, self.fields.record)
                        .map_err(index_error)?;
                    return stored_customer(&bytes).map_err(Error::Index);
                }
            }
        }
        Ok(None)
    }
}

/// Why a condition cannot be translated.
enum Failure {
    /// The query is to blame.
    Query(String),
    /// The index is.
    Index(Error),
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Failure::Query(reason)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Index(error)
    }
}

/// Everything, adding nothing to the rank.
fn nothing_ranked() -> Boxed {
    Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0))
}

fn one_of(field: Field, values: &[String]) -> Boxed {
    let terms = values
        .iter()
        .map(|value| {
            let term = Term::from_field_text(field, value);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Boxed
        })
        .collect();
    Box::new(BooleanQuery::union(terms))
}

/// The value of a field that has no order and no beginnings.
fn word_of<'w>(wanted: &'w Wanted, example: &str) -> std::result::Result<&'w str, Failure> {
    match wanted {
        Wanted::Is(value) => Ok(value),
        _ => Err(format!("a name is wanted here, no range and no beginning: {example}").into()),
    }
}

fn number(text: &str) -> Option<f64> {
    let number: f64 = text.replace(',', ".").parse().ok()?;
    number.is_finite().then_some(number)
}

fn number_range(field: Field, wanted: &Wanted) -> std::result::Result<Boxed, Failure> {
    let term = |text: &str| {
        number(text)
            .map(|number| Term::from_field_f64(field, number))
            .ok_or_else(|| format!("\"{text}\" is not a number; write 5, 1..2 or >=4"))
    };
    let end = |bound: &Option<Bound>| -> std::result::Result<_, String> {
        Ok(match bound {
            None => ops::Bound::Unbounded,
            Some(bound) if bound.is_included => ops::Bound::Included(term(&bound.value)?),
            Some(bound) => ops::Bound::Excluded(term(&bound.value)?),
        })
    };
    let (low, high) = match wanted {
        Wanted::Is(value) => (
            ops::Bound::Included(term(value)?),
            ops::Bound::Included(term(value)?),
        ),
        Wanted::Within(low, high) => (end(low)?, end(high)?),
        _ => {
            return Err("a number has no beginning; write 5, 1..2 or >=4"
                .to_owned()
                .into());
        }
    };
    range(low, high)
}

/// A range that may hold something.
fn range(low: ops::Bound<Term>, high: ops::Bound<Term>) -> std::result::Result<Boxed, Failure> {
    let end = |bound: &ops::Bound<Term>| match bound {
        ops::Bound::Included(term) | ops::Bound::Excluded(term) => Some(term.clone()),
        ops::Bound::Unbounded => None,
    };
    match (end(&low), end(&high)) {
        (Some(first), Some(last)) if first > last => {
            Err("this range holds nothing: write its lower end first"
                .to_owned()
                .into())
        }
        _ => Ok(Box::new(RangeQuery::new(low, high))),
    }
}

/// A range of whole numbers, where a value may stand for several: a month for its days.
fn whole_range(
    field: Field,
    wanted: &Wanted,
    read: impl Fn(&str) -> std::result::Result<(u64, u64), String>,
) -> std::result::Result<Boxed, Failure> {
    let term = |number| Term::from_field_u64(field, number);
    let (low, high) = match wanted {
        Wanted::Is(value) => {
            let (first, last) = read(value)?;
            (
                ops::Bound::Included(term(first)),
                ops::Bound::Included(term(last)),
            )
        }
        Wanted::Within(low, high) => {
            let low = match low {
                None => ops::Bound::Unbounded,
                Some(bound) => match (read(&bound.value)?, bound.is_included) {
                    ((first, _), true) => ops::Bound::Included(term(first)),
                    ((_, last), false) => ops::Bound::Excluded(term(last)),
                },
            };
            let high = match high {
                None => ops::Bound::Unbounded,
                Some(bound) => match (read(&bound.value)?, bound.is_included) {
                    ((_, last), true) => ops::Bound::Included(term(last)),
                    ((first, _), false) => ops::Bound::Excluded(term(first)),
                },
            };
            (low, high)
        }
        _ => {
            return Err("a range is written A..B here, and a beginning is none"
                .to_owned()
                .into());
        }
    };
    range(low, high)
}

/// First and last day, as numbers, of a day, a month or a year.
fn days_of(text: &str) -> std::result::Result<(u64, u64), String> {
    let whole = |first: &str, last: &str| {
        let day = |rest: &str| format!("{text}{rest}").parse::<Date>().ok();
        let first = day(first)?;
        // The last day that exists: a month has 28 to 31.
        let last = match last {
            "" => first.last_of_month(),
            rest => day(rest)?,
        };
        Some((day_number(first), day_number(last)))
    };
    let days = match text.len() {
        4 => whole("-01-01", "-12-31"),
        7 => whole("-01", ""),
        _ => text
            .parse::<Date>()
            .ok()
            .map(|day| (day_number(day), day_number(day))),
    };
    days.ok_or_else(|| {
        format!(
            "\"{text}\" is no date; write 2026-11-23, 2026-11 or 2026, or a range of them with .."
        )
    })
}

/// Whether a cell lies in a range: as a number where the bounds are numbers, else as text.
fn range_of_cells(low: Option<&Bound>, high: Option<&Bound>) -> impl Fn(&str) -> bool {
    #[derive(Clone)]
    enum End {
        Number(f64, bool),
        Text(String, bool),
    }
    let are_numbers = [low, high]
        .iter()
        .flatten()
        .all(|bound| number(&bound.value).is_some());
    let end = |bound: Option<&Bound>| {
        bound.map(|bound| match number(&bound.value) {
            Some(value) if are_numbers => End::Number(value, bound.is_included),
            _ => End::Text(plain_value(&bound.value), bound.is_included),
        })
    };
    let (low, high) = (end(low), end(high));
    let compared = |cell: &str, end: &End| match end {
        End::Number(bound, is_included) => number(cell)
            .and_then(|cell| cell.partial_cmp(bound))
            .map(|order| (order, *is_included)),
        End::Text(bound, is_included) => Some((cell.cmp(bound.as_str()), *is_included)),
    };
    move |cell| {
        let holds = |end: &Option<End>, fits: fn(std::cmp::Ordering) -> bool| match end {
            None => true,
            Some(end) => compared(cell, end)
                .is_some_and(|(order, is_included)| fits(order) || (is_included && order.is_eq())),
        };
        holds(&low, std::cmp::Ordering::is_gt) && holds(&high, std::cmp::Ordering::is_lt)
    }
}

/// The ids of the themes with this id or label, or whose label begins so.
fn theme_ids(wanted: &Wanted, themes: &[Theme]) -> std::result::Result<Vec<String>, String> {
    let label = |theme: &Theme| plain_value(&theme.label);
    let (name, found): (&str, Vec<&Theme>) = match wanted {
        Wanted::Is(name) => {
            let by_id: Vec<&Theme> = themes.iter().filter(|theme| theme.id == *name).collect();
            let plain = plain_value(name);
            let by_label = || themes.iter().filter(|theme| label(theme) == plain);
            (
                name,
                if by_id.is_empty() {
                    by_label().collect()
                } else {
                    by_id
                },
            )
        }
        Wanted::Begins(name) => {
            let plain = plain_value(name);
            (
                name,
                themes
                    .iter()
                    .filter(|theme| label(theme).starts_with(&plain))
                    .collect(),
            )
        }
        _ => return Err("themes have no order to take a range of; write theme:NAME".to_owned()),
    };
    if found.is_empty() {
        let known: Vec<&str> = themes
            .iter()
            .take(8)
            .map(|theme| theme.id.as_str())
            .collect();
        return Err(format!(
            "no theme is called \"{name}\"; there are {}, the largest being: {}",
            themes.len(),
            known.join(", ")
        ));
    }
    Ok(found.into_iter().map(|theme| theme.id.clone()).collect())
}

/// The names of the classes that are asked for: one of five, or all those of one of three.
fn labels_named(name: &str) -> std::result::Result<Vec<String>, String> {
    let plain = plain_value(name);
    let labels: Vec<String> = Label::ALL
        .iter()
        .filter(|label| label.name() == plain || label.polarity().name() == plain)
        .map(|label| label.name().to_owned())
        .collect();
    if labels.is_empty() {
        let polarities =
            [Polarity::Negative, Polarity::Neutral, Polarity::Positive].map(Polarity::name);
        return Err(format!(
            "\"{name}\" is not a sentiment; use {}, or {}",
            polarities.join(", "),
            Label::ALL.map(Label::name).join(", ")
        ));
    }
    Ok(labels)
}
