//! What the talks of all desks share: how turns are added and put in order, and which words are the company's own.

use super::{Talk, Turn, text_at};
use crate::ingest::{record::Cells, roles::Role, vocabulary::Speaker};
use serde_json::Value;

/// Adds a turn, unless nothing was said in it.
pub(super) fn add(turns: &mut Vec<Turn>, turn: Turn) {
    if !turn.text.trim().is_empty() {
        turns.push(turn);
    }
}

/// The talk of a ticket whose turns, the first message among them, are these in any order.
///
/// The words in the ticket's own columns repeat the first message and are not read again. The subject is that of whoever
/// spoke first.
pub(super) fn talk(mut turns: Vec<Turn>) -> Talk {
    put_in_order(&mut turns);
    let mut talk = Talk {
        turns,
        ..Talk::default()
    };
    talk.held.push((Role::Text, String::new()));
    if talk
        .turns
        .first()
        .is_some_and(|turn| turn.speaker.is_company())
    {
        talk.held.push((Role::Title, String::new()));
    }
    talk
}

/// Adds what a customer wrote beside a mark, at the end: it is about all that was said before.
pub(super) fn add_remark(talk: &mut Talk, at: String, text: String) {
    let remark = Turn {
        speaker: Speaker::Customer,
        at,
        text,
        ..Turn::default()
    };
    add(&mut talk.turns, remark);
}

/// The oldest first. Turns without times, or with times that are not written alike, stay as they are.
fn put_in_order(turns: &mut [Turn]) {
    // What follows the seconds: nothing, `Z` or an offset.
    let zone = |turn: &Turn| {
        let rest = turn.at.get(19..).unwrap_or_default();
        let zone = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        zone.to_owned()
    };
    let are_alike = turns.windows(2).all(|pair| {
        let [before, after] = pair else { return true };
        !before.at.is_empty() && !after.at.is_empty() && zone(before) == zone(after)
    });
    if are_alike {
        turns.sort_by(|a, b| a.at.cmp(&b.at));
    }
}

/// The first of some members that says something.
pub(super) fn first_at(value: &Value, paths: &[&[&str]]) -> String {
    paths
        .iter()
        .map(|path| text_at(value, path))
        .find(|text| !text.trim().is_empty())
        .unwrap_or_default()
}

/// A thumb up or down as a mark; empty for anything else, such as a survey nobody answered.
pub(super) fn thumb(score: &str) -> String {
    let score = score.trim().to_ascii_lowercase();
    match score.as_str() {
        up if up.starts_with("good") => "1/1".to_owned(),
        down if down.starts_with("bad") => "0/1".to_owned(),
        stars if matches!(stars.as_bytes(), [b'1'..=b'5']) => format!("{stars}/5"),
        _ => String::new(),
    }
}

/// Puts the mark that `read` makes of the satisfaction cell in its place.
pub(super) fn reread_csat(cells: &mut Cells<'_>, read: fn(&str) -> String) {
    let csat = read(cells.cell(Role::Csat));
    cells.hold(Role::Csat, csat.into());
}

/// Refuses a row that holds nothing but what was wrong with a message, see `containers/messages.rs`.
pub(super) fn refuse_fault(cells: &mut Cells<'_>) {
    if cells.columns.starts_with("{\"fault\":")
        && let Ok(row) = serde_json::from_str::<Value>(&cells.columns)
    {
        cells.fault = Some(text_at(&row, &["fault"]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(speaker: Speaker, at: &str, text: &str) -> Turn {
        Turn {
            speaker,
            at: at.to_owned(),
            text: text.to_owned(),
            ..Turn::default()
        }
    }

    #[track_caller]
    fn check_order(ats: &[&str], expected: &[&str]) {
        let mut turns: Vec<Turn> = ats
            .iter()
            .map(|at| turn(Speaker::Customer, at, "x"))
            .collect();
        put_in_order(&mut turns);
        let sorted: Vec<&str> = turns.iter().map(|turn| turn.at.as_str()).collect();
        assert_eq!(sorted, expected);
    }

    #[test]
    fn turns_are_put_in_order_where_their_times_are_alike() {
        check_order(
            &["2026-03-02T10:00:00Z", "2026-03-01T10:00:00Z"],
            &["2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"],
        );
        check_order(
            &["2026-03-02T10:00:00.5", "2026-03-01T10:00:00.25"],
            &["2026-03-01T10:00:00.25", "2026-03-02T10:00:00.5"],
        );
        check_order(&["1772442000", "1772441000"], &["1772441000", "1772442000"]);
        check_order(
            &["2026-03-02T10:00:00+01:00", "2026-03-01T10:00:00Z"],
            &["2026-03-02T10:00:00+01:00", "2026-03-01T10:00:00Z"],
        );
        check_order(&["b", "", "a"], &["b", "", "a"]);
    }

    #[test]
    fn a_subject_is_that_of_whoever_spoke_first() {
        let drops_title = |turns| talk(turns).held.contains(&(Role::Title, String::new()));
        assert!(!drops_title(vec![turn(Speaker::Customer, "", "Bonjour")]));
        assert!(drops_title(vec![turn(Speaker::Agent, "", "Bonjour")]));
        assert!(!drops_title(Vec::new()));
    }

    #[test]
    fn thumbs_are_marks_of_their_own_scale() {
        for (score, mark) in [
            ("Good", "1/1"),
            ("good_with_comment", "1/1"),
            ("bad", "0/1"),
            ("4", "4/5"),
            ("offered", ""),
            ("Not Offered", ""),
            ("", ""),
        ] {
            assert_eq!(thumb(score), mark, "{score}");
        }
    }

    #[test]
    fn a_row_of_a_fault_is_refused_with_it() {
        let mut cells = Cells::new(crate::ingest::record::Room::default());
        cells.columns = r#"{"fault":"no date"}"#.to_owned();
        refuse_fault(&mut cells);
        assert_eq!(cells.fault.as_deref(), Some("no date"));
    }
}
