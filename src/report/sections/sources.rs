//! What became of every row: the balance of each file, its warnings, the refused rows.

use super::super::{
    Story,
    block::{self, Block, Cell, Row, Section, Table},
    tame::tame,
};
use crate::feedback::FileBalance;

/// Sources and refused rows.
pub(super) fn section(story: &Story) -> Section {
    let (words, files) = (story.words, &story.analysis.files);
    let mut blocks = Vec::new();
    if files.is_empty() {
        blocks.push(Block::Paragraph(words.text("sources.no_files")));
    } else {
        blocks.push(Block::Note(words.text("sources.lead")));
        blocks.push(Block::Table(balance(story, files)));
        blocks.extend(
            files
                .iter()
                .flat_map(|file| told(story, file))
                .map(Block::Note),
        );
    }
    blocks.extend(refused(story));
    Section {
        id: "sources",
        title: words.text("sources.title"),
        blocks,
    }
}

fn balance(story: &Story, files: &[FileBalance]) -> Table {
    let words = story.words;
    let row = |name: String, format: String, counts: [u64; 5], is_total: bool| Row {
        cells: [Cell::Text(name), Cell::Text(format)]
            .into_iter()
            .chain(counts.map(|count| Cell::Number(words.integer(count))))
            .collect(),
        is_total,
        ..Row::default()
    };
    let counts = |file: &FileBalance| {
        [
            file.read,
            file.accepted,
            file.refused,
            file.duplicates,
            file.empty,
        ]
    };
    let mut rows: Vec<Row> = files
        .iter()
        .map(|file| row(tame(&file.file), tame(&file.format), counts(file), false))
        .collect();
    if files.len() > 1 {
        let mut total = [0; 5];
        for file in files {
            for (sum, count) in total.iter_mut().zip(counts(file)) {
                *sum += count;
            }
        }
        rows.push(row(words.text("sources.total"), String::new(), total, true));
    }
    Table {
        caption: words.text("sources.caption"),
        columns: vec![
            block::words(words.text("sources.column_file")),
            block::words(words.text("sources.column_format")),
            block::numbers(words.text("sources.column_read")),
            block::numbers(words.text("sources.column_accepted")),
            block::numbers(words.text("sources.column_refused")),
            block::numbers(words.text("sources.column_duplicates")),
            block::numbers(words.text("sources.column_empty")),
        ],
        rows,
        anchor: "",
    }
}

/// The columns a file was read by, then its warnings.
fn told(story: &Story, file: &FileBalance) -> Vec<String> {
    let words = story.words;
    let name = tame(&file.file);
    let mut lines = Vec::new();
    if !file.roles.is_empty() {
        let roles: Vec<String> = file
            .roles
            .iter()
            .map(|(role, column)| {
                words.say(
                    "sources.role",
                    &[("column", &tame(column)), ("role", &tame(role))],
                )
            })
            .collect();
        lines.push(words.say(
            "sources.roles",
            &[("file", &name), ("roles", &roles.join(", "))],
        ));
    }
    if file.left_out.of_others() > 0 {
        lines.push(words.say(
            "sources.left_out",
            &[
                ("file", &name),
                ("agents", &words.integer(file.left_out.agents)),
                ("machines", &words.integer(file.left_out.machines)),
                ("spam", &words.integer(file.left_out.spam)),
            ],
        ));
    }
    if file.left_out.erased > 0 {
        lines.push(words.count("sources.erased", file.left_out.erased, &[("file", &name)]));
    }
    for warning in &file.warnings {
        lines.push(words.say(
            "sources.warning",
            &[("file", &name), ("warning", &tame(warning))],
        ));
    }
    lines
}

fn refused(story: &Story) -> Vec<Block> {
    let (words, rejected) = (story.words, &story.analysis.rejected);
    if rejected.is_empty() {
        return vec![Block::Paragraph(words.text("sources.none_refused"))];
    }
    let shown = &rejected[..rejected.len().min(story.settings.rejects_shown)];
    let mut blocks = Vec::new();
    if !shown.is_empty() {
        blocks.push(Block::Table(Table {
            caption: words.text("sources.refused_caption"),
            columns: vec![
                block::words(words.text("sources.column_place")),
                block::words(words.text("sources.column_reason")),
            ],
            rows: shown
                .iter()
                .map(|row| Row {
                    cells: vec![
                        Cell::Text(tame(&row.at.to_string())),
                        Cell::Text(tame(&row.reason)),
                    ],
                    ..Row::default()
                })
                .collect(),
            anchor: "",
        }));
    }
    let left = rejected.len() - shown.len();
    if left > 0 {
        blocks.push(Block::Note(words.count(
            "sources.more_refused",
            left as u64,
            &[],
        )));
    }
    blocks
}
