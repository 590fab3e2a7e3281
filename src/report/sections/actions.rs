//! The action plan: what was decided, and what its theme did since.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Section, Table},
        tame::tame,
    },
    telling::{self, Sense, Unit},
};
use crate::{actions::Status, metrics::Followed};

/// Rows left to be filled on paper.
const BLANK: usize = 3;

/// The action plan.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let columns = [
        "ranking.column_theme",
        "actions.column_action",
        "actions.column_owner",
        "actions.column_due",
        "actions.column_status",
        "actions.column_since",
    ];
    let mut rows: Vec<Row> = story
        .extras
        .actions
        .iter()
        .map(|one| row(story, one))
        .collect();
    rows.extend((0..BLANK).map(|_| Row {
        cells: columns.iter().map(|_| Cell::Text(" ".to_owned())).collect(),
        ..Row::default()
    }));
    let lead = if story.extras.actions.is_empty() {
        "actions.none"
    } else {
        "actions.lead"
    };
    Some(Section {
        id: "actions",
        title: words.text("actions.title"),
        blocks: vec![
            Block::Note(words.text(lead)),
            Block::Table(Table {
                caption: words.text("actions.caption"),
                columns: columns
                    .iter()
                    .map(|key| block::words(words.text(key)))
                    .collect(),
                rows,
                anchor: "",
            }),
        ],
    })
}

fn row(story: &Story, followed: &Followed) -> Row {
    let words = story.words;
    let action = &followed.action;
    let absent = || words.text("number.absent");
    let theme = match followed.theme {
        Some(theme) => Cell::Name {
            name: tame(&story.name_of(&story.analysis.themes[theme])),
            detail: String::new(),
            tag: String::new(),
        },
        None => Cell::Name {
            name: tame(&action.theme),
            detail: words.text("actions.unknown_theme"),
            tag: String::new(),
        },
    };
    let is_open = matches!(action.status, Status::Planned | Status::Running);
    // Late by the last day of the report: no clock is asked.
    let is_late = is_open
        && action
            .due
            .zip(story.numbers.to)
            .is_some_and(|(due, to)| due < to);
    let due = action.due.map(|due| match is_late {
        true => words.say("actions.late", &[("day", &words.day(due))]),
        false => words.day(due),
    });
    let status = words.text(match action.status {
        Status::Planned => "actions.planned",
        Status::Running => "actions.running",
        Status::Done => "actions.done",
        Status::Dropped => "actions.dropped",
    });
    Row {
        cells: vec![
            theme,
            Cell::Text(tame(&action.action)),
            Cell::Text(action.owner.as_deref().map_or_else(absent, tame)),
            Cell::Text(due.unwrap_or_else(absent)),
            Cell::Text(status),
            effect(story, followed),
        ],
        ..Row::default()
    }
}

/// Complaints since, and against the weeks before.
fn effect(story: &Story, followed: &Followed) -> Cell {
    let words = story.words;
    let Some(effect) = &followed.effect else {
        return Cell::Text(words.text("actions.not_measured"));
    };
    let since = followed
        .action
        .since
        .map(|day| words.day(day))
        .unwrap_or_default();
    let value = telling::value_or_reason(story, Unit::Share, &effect.since);
    let told = words.say("actions.complaints", &[("day", &since), ("value", &value)]);
    Cell::Change(telling::change(
        words,
        Unit::Share,
        Sense::MoreIsBad,
        Some(&effect.against),
        told,
    ))
}
