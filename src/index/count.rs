//! Counting the records that match: all of them, by one or two of their fields, from the columns of the index.

use crate::{
    calendar::Week,
    error::{Error, Result},
    index::{
        analyzer::plain_value,
        collect::text_of,
        fields::{COLUMN_SEPARATOR, FieldName, Known, column_names},
        query::Query,
        search::Search,
        store::{day_number, index_error},
    },
    sentiment::Label,
};
use jiff::{ToSpan, civil::Date};
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, ops::Range};
use tantivy::{
    DocId, SegmentReader,
    columnar::{Column, StrColumn},
};

/// What hits are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountBy {
    /// A field's values; a record counts once in each of its themes and cues.
    Field(FieldName),
    /// Stretches of time.
    Over(Span),
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// `2026-11-23`
    Day,
    /// `2026-W47`
    Week,
    /// `2026-11`
    Month,
    /// `2026-Q4`
    Quarter,
    /// `2026`
    Year,
}

impl Span {
    /// All spans with their names.
    pub const ALL: [(Span, &'static str); 5] = [
        (Span::Day, "day"),
        (Span::Week, "week"),
        (Span::Month, "month"),
        (Span::Quarter, "quarter"),
        (Span::Year, "year"),
    ];

    /// The name of the span that holds a day, or a week, given as a number.
    fn name_of(self, number: u64) -> String {
        let (year, month) = (number / 10_000, number / 100 % 100);
        match self {
            Span::Day => format!("{year:04}-{month:02}-{:02}", number % 100),
            Span::Week => format!("{:04}-W{:02}", number / 100, number % 100),
            Span::Month => format!("{year:04}-{month:02}"),
            Span::Quarter => format!("{year:04}-Q{}", (month.max(1) - 1) / 3 + 1),
            Span::Year => format!("{year:04}"),
        }
    }
}

impl Span {
    /// All stretches from the first to the last, as their names: between them, none is left out. The names are those of
    /// [`Search::count_by`]; what is none gives the first alone.
    pub fn between(self, first: &str, last: &str) -> Vec<String> {
        let mut names = vec![first.to_owned()];
        while let Some(next) = names.last().and_then(|name| self.next(name)) {
            if *next > *last || names.len() >= MOST_STRETCHES {
                break;
            }
            names.push(next);
        }
        names
    }

    fn next(self, name: &str) -> Option<String> {
        let start = match self {
            Span::Day => name.parse::<Date>().ok()?,
            Span::Week => name.parse::<Week>().ok()?.monday(),
            Span::Month => format!("{name}-01").parse().ok()?,
            Span::Quarter => {
                let (year, quarter) = name.split_once("-Q")?;
                Date::new(year.parse().ok()?, quarter.parse::<i8>().ok()? * 3 - 2, 1).ok()?
            }
            Span::Year => format!("{name}-01-01").parse().ok()?,
        };
        let length = match self {
            Span::Day => 1.days(),
            Span::Week => 1.week(),
            Span::Month => 1.month(),
            Span::Quarter => 3.months(),
            Span::Year => 1.year(),
        };
        let day = start.checked_add(length).ok()?;
        Some(match self {
            Span::Week => Week::of(day).to_string(),
            _ => self.name_of(day_number(day)),
        })
    }
}

/// Ten years of days: more stretches than that are not filled in.
const MOST_STRETCHES: usize = 3660;

impl CountBy {
    /// The field or stretch of time of this name. The error lists what there is.
    fn named(name: &str, known: &Known<'_>) -> std::result::Result<Self, String> {
        let plain = plain_value(name);
        if let Some((span, _)) = Span::ALL.iter().find(|(_, known)| *known == plain) {
            return Ok(CountBy::Over(*span));
        }
        let field = FieldName::named(name, known)?;
        match field {
            FieldName::Week => Ok(CountBy::Over(Span::Week)),
            FieldName::Date => Ok(CountBy::Over(Span::Day)),
            FieldName::Score | FieldName::Customer | FieldName::Id => Err(format!(
                "nothing is counted by {name}: nearly every record has its own; count by sentiment, theme, channel or week"
            )),
            field => Ok(CountBy::Field(field)),
        }
    }
}

/// Records by the values of one or two fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All records that match.
    pub total: u64,
    /// Records by the values of the first field.
    pub rows: Vec<Row>,
}

/// The records of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `None` for records without a value.
    pub value: Option<String>,
    /// How many records.
    pub count: u64,
    /// Those among them by the values of the second field; empty where there is none.
    pub cells: Vec<(Option<String>, u64)>,
}

impl Search<'_> {
    /// Counts the records that match by one field or two, named as in queries, or `day`, `week`, `month`, `quarter`,
    /// `year`.
    ///
    /// Rows and cells: most records first, then by value; stretches of time, marks and sentiment in their own order;
    /// records without a value last.
    pub fn count_by(&mut self, query: &Query, by: &[String]) -> Result<Counts> {
        let column = self.store().fields().column;
        let columns = column_names(&self.searcher, column).map_err(index_error)?;
        let known = Known {
            columns: &columns,
            files: self.files(),
        };
        let by = by
            .iter()
            .map(|name| CountBy::named(name, &known).map_err(Error::Query))
            .collect::<Result<Vec<CountBy>>>()?;
        let [first, rest @ ..] = by.as_slice() else {
            return Err(Error::Query("name a field to count by".to_owned()));
        };
        let second = match rest {
            [] => None,
            [second] => Some(second),
            _ => {
                return Err(Error::Query(
                    "records are counted by two fields at most".to_owned(),
                ));
            }
        };
        let documents = self.documents(query)?;
        let mut rows: BTreeMap<Option<String>, (u64, Tally)> = BTreeMap::new();
        let mut total = 0;
        for (segment, documents) in self.searcher.segment_readers().iter().zip(&documents) {
            total += documents.len() as u64;
            let outer = Values::of(segment, first, documents)?;
            let inner = match second {
                None => None,
                Some(second) => Some(Values::of(segment, second, documents)?),
            };
            let width = inner.as_ref().map_or(0, |inner| inner.names.len());
            let mut counts = vec![0u64; outer.names.len()];
            let mut cells: BTreeMap<(u32, u32), u64> = BTreeMap::new();
            // Small tables are counted in an array, which is what most are.
            let mut table = vec![0u64; small_table(outer.names.len(), width)];
            for place in 0..documents.len() {
                for row in outer.of_document(place) {
                    counts[*row as usize] += 1;
                    for cell in inner.iter().flat_map(|inner| inner.of_document(place)) {
                        match table.get_mut(*row as usize * width + *cell as usize) {
                            Some(count) => *count += 1,
                            None => *cells.entry((*row, *cell)).or_default() += 1,
                        }
                    }
                }
            }
            let in_table = table.iter().enumerate().filter(|(_, count)| **count > 0);
            cells.extend(
                in_table.map(|(place, count)| {
                    (((place / width) as u32, (place % width) as u32), *count)
                }),
            );
            for (row, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                rows.entry(outer.names[row].clone()).or_default().0 += count;
            }
            for ((row, cell), count) in cells {
                let cells = &mut rows.entry(outer.names[row as usize].clone()).or_default().1;
                let inner = inner.as_ref().expect("cells are counted of a second field");
                *cells.entry(inner.names[cell as usize].clone()).or_default() += count;
            }
        }
        let mut rows: Vec<Row> = rows
            .into_iter()
            .map(|(value, (count, cells))| {
                let mut cells: Vec<(Option<String>, u64)> = cells.into_iter().collect();
                if let Some(second) = second {
                    order(&mut cells, second, |(value, count)| {
                        (value.as_deref(), *count)
                    });
                }
                Row {
                    value,
                    count,
                    cells,
                }
            })
            .collect();
        order(&mut rows, first, |row| (row.value.as_deref(), row.count));
        Ok(Counts { total, rows })
    }
}

/// Records by value.
type Tally = BTreeMap<Option<String>, u64>;

/// Cells of a table small enough to be an array; 0 where it would not be.
fn small_table(rows: usize, width: usize) -> usize {
    const MOST: usize = 1 << 20;
    let cells = rows.saturating_mul(width);
    if cells > MOST { 0 } else { cells }
}

/// Puts rows in the order of their field. They come sorted by value, those without first.
fn order<R>(rows: &mut [R], by: &CountBy, told: impl Fn(&R) -> (Option<&str>, u64)) {
    match by {
        CountBy::Over(_) => rows.sort_by_key(|row| told(row).0.is_none()),
        CountBy::Field(FieldName::Sentiment | FieldName::Polarity) => rows.sort_by_key(|row| {
            let name = told(row).0;
            let place =
                |label: &Label| Some(label.name()) == name || Some(label.polarity().name()) == name;
            Label::ALL.iter().position(place).unwrap_or(usize::MAX)
        }),
        CountBy::Field(FieldName::Rating | FieldName::Nps) => rows.sort_by(|a, b| {
            let number =
                |row| (told(row).0.and_then(|value| value.parse().ok())).unwrap_or(f64::INFINITY);
            number(a).total_cmp(&number(b))
        }),
        CountBy::Field(_) => rows.sort_by(|a, b| {
            let ((a_value, a_count), (b_value, b_count)) = (told(a), told(b));
            (a_value.is_none().cmp(&b_value.is_none())).then(b_count.cmp(&a_count))
        }),
    }
}

/// The values of a field that the documents of a segment have, as numbers into a list of names.
struct Values {
    names: Vec<Option<String>>,
    values: Vec<u32>,
    /// Where the values of each document lie.
    places: Vec<Range<u32>>,
}

impl Values {
    fn of(segment: &SegmentReader, by: &CountBy, documents: &[DocId]) -> Result<Self> {
        let fast = segment.fast_fields();
        let failed = index_error;
        match by {
            CountBy::Over(Span::Week) => {
                let weeks = fast.u64("week").map_err(failed)?;
                Ok(Self::of_numbers(
                    &weeks,
                    documents,
                    |week| week,
                    |week| Span::Week.name_of(week),
                ))
            }
            CountBy::Over(span) => {
                let days = fast.u64("day").map_err(failed)?;
                let start = |day: u64| match span {
                    Span::Day | Span::Week => day,
                    Span::Month => day / 100 * 100,
                    Span::Quarter => {
                        day / 10_000 * 10_000 + ((day / 100 % 100).max(1) - 1) / 3 * 300 + 100
                    }
                    Span::Year => day / 10_000 * 10_000,
                };
                Ok(Self::of_numbers(&days, documents, start, |day| {
                    span.name_of(day)
                }))
            }
            CountBy::Field(FieldName::Nps) => {
                let answers = fast.u64("nps").map_err(failed)?;
                Ok(Self::of_numbers(
                    &answers,
                    documents,
                    |nps| nps,
                    |nps| nps.to_string(),
                ))
            }
            CountBy::Field(FieldName::Rating) => {
                let marks = fast.f64("rating").map_err(failed)?;
                Ok(Self::of_numbers(&marks, documents, f64::to_bits, |bits| {
                    f64::from_bits(bits).to_string()
                }))
            }
            CountBy::Field(field) => {
                let name = field.values_column().unwrap_or("key");
                let Some(column) = fast.str(name).map_err(failed)? else {
                    return Ok(Self::none(documents.len()));
                };
                Self::of_texts(&column, field, documents)
            }
        }
    }

    fn none(documents: usize) -> Self {
        Self {
            names: vec![None],
            values: vec![0],
            places: vec![0..1; documents],
        }
    }

    fn of_document(&self, place: usize) -> &[u32] {
        let place = &self.places[place];
        &self.values[place.start as usize..place.end as usize]
    }

    /// `group` tells which value a number counts as, `name` what that is called.
    fn of_numbers<T: Copy + PartialOrd + std::fmt::Debug + Send + Sync + 'static>(
        column: &Column<T>,
        documents: &[DocId],
        group: impl Fn(T) -> u64,
        name: impl Fn(u64) -> String,
    ) -> Self {
        let mut known: FxHashMap<u64, u32> = FxHashMap::default();
        let mut found = Self {
            names: vec![None],
            values: Vec::with_capacity(documents.len()),
            places: Vec::with_capacity(documents.len()),
        };
        for (place, document) in (0..).zip(documents) {
            let value = match column.first(*document) {
                None => 0,
                Some(number) => {
                    let number = group(number);
                    *known.entry(number).or_insert_with(|| {
                        found.names.push(Some(name(number)));
                        found.names.len() as u32 - 1
                    })
                }
            };
            found.values.push(value);
            found.places.push(place..place + 1);
        }
        found
    }

    fn of_texts(column: &StrColumn, field: &FieldName, documents: &[DocId]) -> Result<Self> {
        /// Not met yet; and not a value of this field.
        const NEW: u32 = u32::MAX;
        const OTHER: u32 = u32::MAX - 1;
        let mut known = vec![NEW; column.num_terms()];
        let mut found = Self {
            names: vec![None],
            values: Vec::with_capacity(documents.len()),
            places: Vec::with_capacity(documents.len()),
        };
        for document in documents {
            let start = found.values.len() as u32;
            for ordinal in column.term_ords(*document) {
                let slot = &mut known[ordinal as usize];
                if *slot == NEW {
                    *slot = match value_of(field, &text_of(column, ordinal)?) {
                        None => OTHER,
                        Some(value) => found.number_of(value),
                    };
                }
                if *slot != OTHER && !found.values[start as usize..].contains(slot) {
                    found.values.push(*slot);
                }
            }
            if found.values.len() as u32 == start {
                found.values.push(0);
            }
            found.places.push(start..found.values.len() as u32);
        }
        Ok(found)
    }

    /// The number of a name, which several terms may share: five classes of sentiment are three polarities.
    fn number_of(&mut self, value: String) -> u32 {
        let value = Some(value);
        // Only polarities share names, and they are three: a search through all would be long for others.
        let recent = self.names.len().saturating_sub(8);
        if let Some(place) = self.names[recent..].iter().position(|name| *name == value) {
            return (recent + place) as u32;
        }
        self.names.push(value);
        self.names.len() as u32 - 1
    }
}

/// What a term of the column says of the field; `None` where it speaks of another.
fn value_of(field: &FieldName, term: &str) -> Option<String> {
    match field {
        FieldName::Column(wanted) => {
            let (name, value) = term.split_once(COLUMN_SEPARATOR)?;
            (plain_value(name) == *wanted).then(|| value.to_owned())
        }
        FieldName::Polarity => {
            let label = Label::ALL.iter().find(|label| label.name() == term)?;
            Some(label.polarity().name().to_owned())
        }
        _ => Some(term.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(span: Span, first: &str, last: &str, expected: &[&str]) {
        assert_eq!(span.between(first, last), expected);
    }

    #[test]
    fn no_stretch_of_time_is_left_out() {
        check(
            Span::Day,
            "2026-02-27",
            "2026-03-01",
            &["2026-02-27", "2026-02-28", "2026-03-01"],
        );
        check(
            Span::Week,
            "2026-W52",
            "2027-W01",
            &["2026-W52", "2026-W53", "2027-W01"],
        );
        check(
            Span::Month,
            "2026-11",
            "2027-01",
            &["2026-11", "2026-12", "2027-01"],
        );
        check(Span::Quarter, "2026-Q4", "2027-Q1", &["2026-Q4", "2027-Q1"]);
        check(Span::Year, "2026", "2026", &["2026"]);
    }
}
