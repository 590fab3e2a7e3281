//! SurveyMonkey: CSV and sheets of all responses, whose columns have two rows of names.
//!
//! The first row asks, the second says which part of the question a column answers. A question stands over the first of
//! its columns only: those to the right of it inherit it. Files whose second row somebody deleted, and those with one row
//! of names like `respondent_id`, are read as they are. French names are not verified.

use super::{Columns, Header, Source, one_line};
use crate::ingest::{
    names,
    roles::Role::{Customer, Date, Id, Ignore, Keep},
};

pub(super) static SURVEYMONKEY: Source = Source {
    name: "SurveyMonkey",
    is_source,
    columns: &[
        ("Respondent ID", Id),
        ("End Date", Date),
        ("Start Date", Date),
        ("date_modified", Date),
        ("date_created", Date),
        ("Email Address", Customer),
        ("Collector ID", Keep),
        ("IP Address", Ignore),
        ("First Name", Ignore),
        ("Last Name", Ignore),
        ("Custom Data 1", Keep),
        ("custom_1", Keep),
        ("ID du répondant", Id),
        ("Identifiant du répondant", Id),
        ("Date de fin", Date),
        ("Date de début", Date),
        ("Adresse e-mail", Customer),
        ("Adresse électronique", Customer),
        ("ID du collecteur", Keep),
        ("Identifiant du collecteur", Keep),
        ("Adresse IP", Ignore),
        ("Prénom", Ignore),
        ("Nom", Ignore),
        ("Nom de famille", Ignore),
        ("Données personnalisées 1", Keep),
    ],
    guesses_others: true,
    joins_answers: true,
    header: Some(header),
    ..Source::BLANK
};

/// What the two columns of ids are called, words apart.
const IDS: [[&str; 3]; 2] = [
    ["respondent id", "id repondant", "identifiant repondant"],
    ["collector id", "id collecteur", "identifiant collecteur"],
];

/// Parts of a question that are the whole of it.
const WHOLE: [&str; 4] = [
    "response",
    "open ended response",
    "reponse",
    "reponse ouverte",
];

fn is_source(columns: &Columns) -> bool {
    columns.are_of_a_table() && IDS.iter().all(|names| columns.have_any(names))
}

fn header(rows: &[Vec<String>]) -> Option<Header> {
    let [questions, parts, ..] = rows else {
        return None;
    };
    let part = |at: usize| parts.get(at).map_or("", String::as_str);
    let are_ids = IDS.iter().all(|known| {
        let id = questions
            .iter()
            .position(|name| known.contains(&plain(name).as_str()));
        id.is_some_and(|at| part(at).is_empty())
    });
    if !are_ids || parts.iter().all(String::is_empty) {
        return None;
    }
    let mut names = Vec::with_capacity(questions.len());
    let mut question = String::new();
    for (at, asked) in questions.iter().enumerate() {
        if !asked.is_empty() {
            question = one_line(asked);
        }
        let part = one_line(part(at));
        names.push(
            match part.is_empty() || WHOLE.contains(&plain(&part).as_str()) {
                true => question.clone(),
                false if question.is_empty() => part,
                false => format!("{question} – {part}"),
            },
        );
    }
    Some(Header {
        names,
        rows: 2,
        time_zone: None,
    })
}

fn plain(name: &str) -> String {
    names::plain(name, &["du".to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_inherit_the_question_to_their_left() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let first: Vec<String> = row(&["Respondent ID", "Collector ID", "Pick", "", "Why?"]);
        let second = row(&["", "", "Red", "Blue", "Open-Ended Response"]);
        let third = row(&["1", "2", "Red", "", "Because"]);
        let header = header(&[first.clone(), second, third.clone()]).unwrap();
        assert_eq!(
            header.names,
            [
                "Respondent ID",
                "Collector ID",
                "Pick – Red",
                "Pick – Blue",
                "Why?"
            ]
        );
        assert_eq!(super::header(&[first, third]), None);
    }
}
