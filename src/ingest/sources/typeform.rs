//! Typeform: CSV of responses.
//!
//! Moments are in UTC, as their columns say. Questions may hold HTML, which is no part of their name. Answers that were
//! never submitted ("partial") count for what they say, on the day they were left. `Network ID` is shared by whoever sits
//! behind one address, and so names no customer.

use super::{Columns, Header, Source, one_line};
use crate::ingest::{
    record::Cells,
    roles::Role::{Date, Id, Ignore, Keep},
    vocabulary::Vocabulary,
};
use std::borrow::Cow;

pub(super) static TYPEFORM: Source = Source {
    name: "Typeform",
    is_source,
    columns: &[
        ("#", Id),
        ("Submit Date (UTC)", Date),
        ("Stage Date (UTC)", Date),
        ("Start Date (UTC)", Date),
        ("Response Type", Keep),
        ("Network ID", Ignore),
        ("Tags", Keep),
        ("Ending", Keep),
        ("Score", Keep),
    ],
    guesses_others: true,
    joins_answers: true,
    time_zone: Some("UTC"),
    header: Some(header),
    adjust: Some(adjust),
    ..Source::BLANK
};

const SUBMITTED: &str = "Submit Date (UTC)";

fn is_source(columns: &Columns) -> bool {
    columns.are_of_a_table()
        && columns.have(SUBMITTED)
        && columns.have_any(&["Network ID", "Response Type", "Start Date (UTC)"])
}

/// The names in their one row, HTML taken out of them.
fn header(rows: &[Vec<String>]) -> Option<Header> {
    let names = rows.first()?;
    let has = |name: &str| names.iter().any(|known| known == name);
    (has(SUBMITTED) && has("Start Date (UTC)")).then(|| Header {
        names: names.iter().map(|name| without_tags(name)).collect(),
        rows: 1,
        time_zone: None,
    })
}

fn without_tags(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(open) = rest.find('<') {
        words.push_str(&rest[..open]);
        rest = &rest[open..];
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let length = match rest.find('>').filter(|_| is_tag) {
            Some(close) => close + 1,
            None => 1,
        };
        if length == 1 {
            words.push('<');
        }
        rest = &rest[length..];
    }
    words.push_str(rest);
    one_line(&words.replace("&nbsp;", " "))
}

fn adjust(cells: &mut Cells<'_>, vocabulary: &Vocabulary) {
    for name in ["Stage Date (UTC)", "Start Date (UTC)"] {
        if cells.filled(Date, vocabulary).is_empty() {
            let date = cells.kept(name);
            cells.hold(Date, Cow::Owned(date));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_no_part_of_a_question() {
        for (name, expected) in [
            (
                "<strong>Pourquoi</strong> cette note ?",
                "Pourquoi cette note ?",
            ),
            ("Is 3 < 4?<br/>Why", "Is 3 < 4?Why"),
            ("a <b", "a <b"),
            ("", ""),
        ] {
            assert_eq!(without_tags(name), expected);
        }
    }
}
