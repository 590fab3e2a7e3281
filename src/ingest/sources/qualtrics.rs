//! Qualtrics: CSV and TSV of responses, whose columns have three rows of names.
//!
//! The first row names the fields, the second asks the questions, the third tells what each column was imported from
//! and, for the dates, in which zone. Questions are read under their own words, so that marks and answers are found by
//! them; `Q…_NPS_GROUP` only repeats a score and keeps its field's name. A table of which somebody deleted the second and
//! third row is read by the names of its fields.
//!
//! Answers to the survey's preview, tests, made-up ("synthetic") ones and what Qualtrics calls spam are left out, whether
//! `Status` is words or the number that stands for them. `UserLanguage` is the survey's and is kept as it is.

use super::{Columns, Header, Reason, Source, one_line};
use crate::ingest::{
    record::Cells,
    roles::Role::{Channel, Customer, Date, Id, Ignore, Keep, Status},
    vocabulary::Vocabulary,
};
use serde_json::Value;
use std::borrow::Cow;

pub(super) static QUALTRICS: Source = Source {
    name: "Qualtrics",
    is_source,
    columns: &[
        ("ResponseId", Id),
        ("EndDate", Date),
        ("RecordedDate", Date),
        ("StartDate", Date),
        ("Status", Status),
        ("DistributionChannel", Channel),
        ("ExternalReference", Customer),
        ("IPAddress", Ignore),
        ("RecipientLastName", Ignore),
        ("RecipientFirstName", Ignore),
        ("RecipientEmail", Ignore),
        ("LocationLatitude", Ignore),
        ("LocationLongitude", Ignore),
        ("UserLanguage", Keep),
        ("Progress", Keep),
        ("Duration (in seconds)", Keep),
        ("Finished", Keep),
    ],
    guesses_others: true,
    joins_answers: true,
    header: Some(header),
    adjust: Some(adjust),
    ..Source::BLANK
};

fn is_source(columns: &Columns) -> bool {
    columns.are_of_a_table()
        && columns.have("ResponseId")
        && columns.have_any(&["RecordedDate", "StartDate", "EndDate"])
        && columns.have_any(&["Finished", "DistributionChannel"])
        && columns.have_any(&["Progress", "Status", "Duration (in seconds)"])
}

fn header(rows: &[Vec<String>]) -> Option<Header> {
    let [fields, questions, imports, ..] = rows else {
        return None;
    };
    let imports: Vec<Value> = imports
        .iter()
        .map(|cell| serde_json::from_str(cell).unwrap_or_default())
        .collect();
    let is_import = |import: &&Value| import.get("ImportId").is_some();
    if imports.len() < 2 || !imports.iter().take(2).all(|import| is_import(&import)) {
        return None;
    }
    let nothing = (String::new(), Value::Null);
    let names = fields.iter().enumerate().map(|(at, field)| {
        let question = questions.get(at).unwrap_or(&nothing.0);
        name(field, question, imports.get(at).unwrap_or(&nothing.1))
    });
    Some(Header {
        names: names.collect(),
        rows: 3,
        time_zone: imports
            .iter()
            .find_map(|import| Some(import.get("timeZone")?.as_str()?.to_owned())),
    })
}

/// What a column goes by: a question by its words, and by its field too where somebody gave the field a name of its own.
fn name(field: &str, question: &str, import: &Value) -> String {
    let import = super::text_at(import, &["ImportId"]);
    let is_question = import.contains("QID") && !import.ends_with("NPS_GROUP");
    let question = one_line(question);
    if !is_question || question.is_empty() || field.ends_with("NPS_GROUP") {
        return field.to_owned();
    }
    match is_numbered(field) || field == question {
        true => question,
        false => format!("{field}: {question}"),
    }
}

/// True for names Qualtrics gives: `Q1`, `Q2_3_TEXT`, and `1_Q5` of a question asked several times.
fn is_numbered(field: &str) -> bool {
    field
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '_')
        .strip_prefix('Q')
        .is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

fn adjust(cells: &mut Cells<'_>, vocabulary: &Vocabulary) {
    cells.left_out = left_out(cells.filled(Status, vocabulary));
    // It says how the answer came about, and not where the matter stands.
    cells.hold(Status, Cow::Borrowed(""));
}

/// Why an answer of this status is no customer's.
fn left_out(status: &str) -> Option<Reason> {
    /// Of the number: an answer to the preview, a test, spam, one that a program made up.
    const PREVIEW: u32 = 1;
    const TEST: u32 = 2;
    const SPAM: u32 = 8;
    const SYNTHETIC: u32 = 256;
    let (is_machine, is_spam) = match status.parse::<u32>() {
        Ok(number) => (
            number & (PREVIEW | TEST | SYNTHETIC) != 0,
            number & SPAM != 0,
        ),
        Err(_) => {
            let holds = |word: &str| status.split_whitespace().any(|part| part == word);
            (
                holds("Preview") || holds("Test") || holds("Synthetic"),
                holds("Spam"),
            )
        }
    };
    match (is_machine, is_spam) {
        (true, _) => Some(Reason::Machine),
        (false, true) => Some(Reason::Spam),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_goes_by_its_words() {
        for (field, question, import, expected) in [
            ("Q1", "Why?", "QID1_TEXT", "Why?"),
            ("1_Q5", "A\n  b", "1_QID5", "A b"),
            (
                "Q2_NPS_GROUP",
                "Why? - Group",
                "QID2_NPS_GROUP",
                "Q2_NPS_GROUP",
            ),
            ("NPS", "Would you?", "QID3", "NPS: Would you?"),
            ("Q7", "", "QID7", "Q7"),
            ("store", "store", "store", "store"),
            ("StartDate", "Start Date", "startDate", "StartDate"),
        ] {
            let import = serde_json::json!({ "ImportId": import });
            assert_eq!(name(field, question, &import), expected);
        }
    }

    #[test]
    fn a_status_tells_customers_from_others() {
        for (status, reason) in [
            ("IP Address", None),
            ("0", None),
            ("16", None),
            ("Imported", None),
            ("Survey Preview", Some(Reason::Machine)),
            ("Survey Test", Some(Reason::Machine)),
            ("1", Some(Reason::Machine)),
            ("9", Some(Reason::Machine)),
            ("256", Some(Reason::Machine)),
            ("Spam", Some(Reason::Spam)),
            ("12", Some(Reason::Spam)),
            ("", None),
        ] {
            assert_eq!(left_out(status), reason, "{status}");
        }
    }
}
