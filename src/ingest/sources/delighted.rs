//! Delighted: JSON of its API, and CSV.
//!
//! What a score measures, `survey_type` says: NPS from 0 to 10, CSAT, CES, stars and smileys from 1 to 5. Delighted fixes
//! the direction of its effort score: 5 is "strongly agree" that it was made easy. Thumbs and "product/market fit" are no
//! scale and stay as they are. The CSV's columns are not documented and the names here are not verified; where none says
//! the kind of survey, a score is a plain rating on the scale the file shows.

use super::{Columns, Source, Talk, elements_at, text_at};
use crate::ingest::{
    names,
    record::Cells,
    roles::Role::{Ces, Channel, Csat, Customer, Date, Id, Ignore, Keep, Nps, Rating, Text},
    vocabulary::Vocabulary,
};
use serde_json::Value;
use std::borrow::Cow;

pub(super) static DELIGHTED: Source = Source {
    name: "Delighted",
    is_source,
    columns: &[
        ("id", Id),
        ("score", Rating),
        ("comment", Text),
        ("created_at", Date),
        ("person", Customer),
        ("person.id", Customer),
        ("person.email", Ignore),
        ("person.name", Ignore),
        ("person.phone_number", Ignore),
        ("permalink", Keep),
        ("survey_type", Keep),
        ("person_properties.Delighted Source", Channel),
        ("updated_at", Keep),
        // Of the CSV.
        ("Response ID", Id),
        ("Survey Response ID", Id),
        ("Created", Date),
        ("Date", Date),
        ("Response Date", Date),
        ("Responded At", Date),
        ("Timestamp", Date),
        ("Person ID", Customer),
        ("Person Email", Customer),
        ("Email", Customer),
        ("Email Address", Customer),
        ("Person Name", Ignore),
        ("Name", Ignore),
        ("Person Phone Number", Ignore),
        ("Phone Number", Ignore),
        ("Phone", Ignore),
        ("Delighted Source", Channel),
        ("Source", Channel),
    ],
    guesses_others: true,
    effort: Some((Some(5.0), true)),
    adjust: Some(adjust),
    talk: Some(talk),
    ..Source::BLANK
};

/// What may name the kind of survey.
const KINDS: [&str; 5] = [
    "survey_type",
    "Survey Type",
    "Survey type",
    "Survey",
    "Type",
];

fn is_source(columns: &Columns) -> bool {
    let is_api = columns.are_of_json() && columns.have_all(&["survey_type", "score", "permalink"]);
    let is_csv = columns.are_of_a_table()
        && columns.have_all(&["score", "comment", "permalink"])
        && columns.have_any(&["survey_type", "Person ID", "Person Email", "Email"]);
    is_api || is_csv
}

fn adjust(cells: &mut Cells<'_>, vocabulary: &Vocabulary) {
    let kind = KINDS
        .into_iter()
        .map(|name| cells.kept(name))
        .find(|kind| !kind.is_empty())
        .unwrap_or_default();
    let score = cells.filled(Rating, vocabulary).to_owned();
    if kind.is_empty() || score.is_empty() {
        return;
    }
    cells.hold(Rating, Cow::Borrowed(""));
    match names::words(&kind).concat().as_str() {
        "nps" | "enps" => cells.hold(Nps, Cow::Owned(score)),
        "csat" | "smileys" => cells.hold(Csat, Cow::Owned(score + "/5")),
        "fivestar" | "5star" | "stars" => cells.hold(Rating, Cow::Owned(score + "/5")),
        "ces" => cells.hold(Ces, Cow::Owned(score)),
        _ => {}
    }
}

/// The comment, and what was answered freely to the questions after it.
fn talk(record: &Value, _: &Vocabulary) -> Talk {
    let mut words = text_at(record, &["comment"]);
    for answer in elements_at(record, &["additional_answers"]) {
        let more = text_at(answer, &["value", "free_response"]);
        if !more.is_empty() && !words.is_empty() {
            words.push('\n');
        }
        words.push_str(&more);
    }
    Talk {
        held: vec![(Text, words)],
        ..Talk::default()
    }
}
