//! `verbatims.csv`: the period's records, one a row, by date then key; records without a date come last.

use super::{
    super::{Story, block::Document, quotes::is_in_period},
    cells::{Cells, disarm},
};
use crate::analysis::AnalyzedFeedback;

pub(super) const COLUMNS: [&str; 11] = [
    "id",
    "date",
    "channel",
    "product",
    "language",
    "sentiment",
    "score",
    "theme",
    "themes",
    "text",
    "source",
];

/// The column that is a number of ours.
pub(super) const SCORE: usize = 6;

pub(super) fn write(story: &Story, _: &Document) -> Vec<u8> {
    let mut rows = Cells::with_header(&COLUMNS);
    for record in records(story) {
        let mut place = 0..;
        // Disarming a number would make it a text.
        rows.row(cells(story, record).map(|cell| match place.next() {
            Some(SCORE) => cell,
            _ => disarm(&cell),
        }));
    }
    rows.finish()
}

/// The period's records, by date then key; those without a date come last.
pub(super) fn records<'a>(story: &Story<'a>) -> Vec<&'a AnalyzedFeedback> {
    let mut records: Vec<&AnalyzedFeedback> = story
        .analysis
        .records
        .iter()
        .filter(|record| is_in_period(record, story.numbers))
        .collect();
    records.sort_by(|a, b| {
        let day = |record: &AnalyzedFeedback| record.moment().map(|moment| moment.local);
        (day(a).is_none(), day(a), &a.feedback.key).cmp(&(
            day(b).is_none(),
            day(b),
            &b.feedback.key,
        ))
    });
    records
}

/// What is told of a record, in the order of [`COLUMNS`], as written by the customer.
pub(super) fn cells(story: &Story, record: &AnalyzedFeedback) -> [String; 11] {
    let feedback = &record.feedback;
    let label = |theme: u32| {
        let theme = story.analysis.themes.get(theme as usize);
        theme.map(|theme| story.plain_name_of(theme).to_owned())
    };
    let themes: Vec<String> = record.themes().into_iter().filter_map(label).collect();
    [
        feedback.id().to_owned(),
        record
            .moment()
            .map_or_else(String::new, |moment| moment.to_string()),
        feedback.channel.as_deref().unwrap_or_default().to_owned(),
        feedback.product.as_deref().unwrap_or_default().to_owned(),
        record.language.code().to_owned(),
        record.label().name().to_owned(),
        format!("{:.3}", record.score).replace("-0.000", "0.000"),
        record.primary_theme().and_then(label).unwrap_or_default(),
        themes.join(" | "),
        feedback.text.to_string(),
        feedback.place().to_string(),
    ]
}
