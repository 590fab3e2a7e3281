//! `verbatims.csv`: the period's records, one a row, by date then key; records without a date come last.

use super::{
    super::{Story, block::Document, quotes::is_in_period},
    cells::{Cells, disarm},
};
use crate::analysis::AnalyzedFeedback;

const COLUMNS: [&str; 11] = [
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

pub(super) fn write(story: &Story, _: &Document) -> Vec<u8> {
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
    let mut cells = Cells::with_header(&COLUMNS);
    for record in records {
        cells.row(row(story, record));
    }
    cells.finish()
}

fn row(story: &Story, record: &AnalyzedFeedback) -> [String; 11] {
    let feedback = &record.feedback;
    let label = |theme: u32| {
        story
            .analysis
            .themes
            .get(theme as usize)
            .map(|theme| disarm(story.name_of(theme)))
    };
    let themes: Vec<String> = record.themes().into_iter().filter_map(label).collect();
    [
        disarm(feedback.id()),
        record
            .moment()
            .map_or_else(String::new, |moment| moment.to_string()),
        disarm(feedback.channel.as_deref().unwrap_or_default()),
        disarm(feedback.product.as_deref().unwrap_or_default()),
        record.language.code().to_owned(),
        record.label().name().to_owned(),
        // A number of ours: disarming it would make it a text.
        format!("{:.3}", record.score).replace("-0.000", "0.000"),
        record.primary_theme().and_then(label).unwrap_or_default(),
        themes.join(" | "),
        disarm(&feedback.text),
        disarm(&feedback.place().to_string()),
    ]
}
