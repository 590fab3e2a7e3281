//! The fields a query can ask for and hits can be counted by: their names, and what is kept of each in the index.

use crate::{feedback::FileBalance, index::analyzer::plain_value};
use tantivy::Searcher;

/// A field of a record, as queries know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldName {
    /// Language code.
    Language,
    /// As given.
    Channel,
    /// As given.
    Product,
    /// Id or label.
    Theme,
    /// One of five classes.
    Sentiment,
    /// One of three.
    Polarity,
    /// Kind of cue: churn, question, effort …
    Intent,
    /// The mark as given.
    Rating,
    /// 0 to 10.
    Nps,
    /// Sentiment from −1 to 1.
    Score,
    /// Day, month or year.
    Date,
    /// ISO week.
    Week,
    /// The customer, as the files or an export name them.
    Customer,
    /// The record's own id.
    Id,
    /// A column of the input, by its name in lower case without accents.
    Column(String),
}

/// Each field with the names people may type, the first being the one told.
const NAMES: [(FieldName, &[&str]); 14] = [
    (FieldName::Language, &["lang", "language", "langue"]),
    (FieldName::Channel, &["channel", "canal"]),
    (FieldName::Product, &["product", "produit"]),
    (FieldName::Theme, &["theme"]),
    (FieldName::Sentiment, &["sentiment"]),
    (FieldName::Polarity, &["polarity", "polarite"]),
    (FieldName::Intent, &["intent", "cue", "intention"]),
    (FieldName::Rating, &["rating", "note"]),
    (FieldName::Nps, &["nps"]),
    (FieldName::Score, &["score"]),
    (FieldName::Date, &["date"]),
    (FieldName::Week, &["week", "semaine"]),
    (FieldName::Customer, &["customer", "client"]),
    (FieldName::Id, &["id"]),
];

/// Written before the name of an input column that has the name of a field of ours, as exports do.
const INPUT: &str = "input_";

/// What queries can ask for in the records of some files.
pub struct Known<'a> {
    /// Input columns, in lower case without accents, sorted.
    pub columns: &'a [String],
    /// The files, which say which columns became fields of ours.
    pub files: &'a [FileBalance],
}

impl FieldName {
    /// The field that holds the values of the columns of a role; `None` for roles without one.
    pub fn of_role(role: &str) -> Option<Self> {
        Some(match role {
            "id" => FieldName::Id,
            "customer" => FieldName::Customer,
            "channel" => FieldName::Channel,
            "product" => FieldName::Product,
            "rating" => FieldName::Rating,
            "nps" => FieldName::Nps,
            "date" => FieldName::Date,
            _ => return None,
        })
    }

    /// The field of this name: one of ours, else an input column, under our name where it became one of our fields.
    /// The error lists what there is.
    pub fn named(name: &str, known: &Known<'_>) -> Result<Self, String> {
        let columns = known.columns;
        let plain = plain_value(name);
        let ours = |plain: &str| {
            NAMES
                .iter()
                .find(|(_, names)| names.contains(&plain))
                .map(|(field, _)| field.clone())
        };
        let column = |plain: &str| {
            columns
                .iter()
                .any(|known| known == plain)
                .then(|| FieldName::Column(plain.to_owned()))
        };
        let by_role = |plain: &str| {
            let mut roles = known.files.iter().flat_map(|file| &file.roles);
            roles.find_map(|(role, column)| {
                (plain_value(column) == *plain).then(|| FieldName::of_role(role))?
            })
        };
        ours(&plain)
            .or_else(|| column(&plain))
            .or_else(|| by_role(&plain))
            .or_else(|| plain.strip_prefix(INPUT).and_then(column))
            .ok_or_else(|| Self::unknown(name, columns))
    }

    fn unknown(name: &str, columns: &[String]) -> String {
        let ours: Vec<&str> = NAMES.iter().map(|(_, names)| names[0]).collect();
        let mut told: Vec<String> = (columns.iter())
            .take(MOST_COLUMNS_TOLD)
            .map(|column| match column.contains([' ', ':', '(', ')']) {
                true => format!("\"{column}\""),
                false => column.clone(),
            })
            .collect();
        if columns.len() > MOST_COLUMNS_TOLD {
            told.push("…".to_owned());
        }
        let of_input = match told.is_empty() {
            true => String::new(),
            false => format!(", and of your files {}", told.join(", ")),
        };
        format!(
            "no field is called \"{name}\"; fields are {}{of_input}; put quotation marks around words with a colon",
            ours.join(", "),
        )
    }

    /// Name of the column in the index that holds the values one by one; `None` where there is none to count by.
    pub fn values_column(&self) -> Option<&'static str> {
        Some(match self {
            FieldName::Language => "language",
            FieldName::Channel => "channel",
            FieldName::Product => "product",
            FieldName::Theme => "theme",
            FieldName::Sentiment | FieldName::Polarity => "sentiment",
            FieldName::Intent => "cue",
            FieldName::Rating => "rating",
            FieldName::Nps => "nps",
            FieldName::Date => "day",
            FieldName::Week => "week",
            FieldName::Column(_) => "column",
            FieldName::Score | FieldName::Customer | FieldName::Id => return None,
        })
    }
}

/// Input columns named in a message.
const MOST_COLUMNS_TOLD: usize = 12;

/// Parts a column's name from its value; ingest lets no control into either.
pub const COLUMN_SEPARATOR: char = '\u{1}';

/// Bytes of a column's name or value above which it is not searched by: that is text, not a group.
pub const LONGEST_CELL: usize = 64;

/// The names of the input columns that can be asked for, in lower case without accents, sorted.
pub fn column_names(
    searcher: &Searcher,
    column: tantivy::schema::Field,
) -> tantivy::Result<Vec<String>> {
    let mut names = std::collections::BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(column)?;
        let mut from = Vec::new();
        // One look-up a name: after one of its terms, on to what sorts after all of them.
        while let Some(name) = first_name(&index, &from)? {
            from = format!("{name}{}", char::from(COLUMN_SEPARATOR as u8 + 1)).into_bytes();
            names.insert(name);
        }
    }
    Ok(names.into_iter().collect())
}

fn first_name(
    index: &tantivy::InvertedIndexReader,
    from: &[u8],
) -> tantivy::Result<Option<String>> {
    let mut terms = index.terms().range().ge(from).into_stream()?;
    if !terms.advance() {
        return Ok(None);
    }
    let term = String::from_utf8_lossy(terms.key()).into_owned();
    Ok(term
        .split_once(COLUMN_SEPARATOR)
        .map(|(name, _)| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_both_languages_and_accents_aside() {
        let columns = ["forfait".to_owned(), "theme".to_owned()];
        let roles = vec![("channel".to_owned(), "Source".to_owned())];
        let known = Known {
            columns: &columns,
            files: &[FileBalance {
                roles,
                ..FileBalance::default()
            }],
        };
        let named = |name| FieldName::named(name, &known).unwrap();
        assert_eq!(named("source"), FieldName::Channel);
        assert_eq!(named("Thème"), FieldName::Theme);
        assert_eq!(named("produit"), FieldName::Product);
        assert_eq!(named("Forfait"), FieldName::Column("forfait".to_owned()));
        assert_eq!(named("input_theme"), FieldName::Column("theme".to_owned()));
        let error = FieldName::named("chanel", &known).unwrap_err();
        assert!(
            error.contains("channel") && error.contains("forfait"),
            "{error}"
        );
    }
}
