//! Records with one key are the same piece of feedback: the newest is kept, the others are counted as duplicates.

use crate::feedback::{Feedback, FileBalance};
use std::cmp::Ordering;

/// Sorts records by key and keeps one of each key: the newest; among equals, one that depends on nothing but content and
/// place.
/// The balances of the files whose rows are dropped move them from accepted to duplicates.
///
/// The result depends on the records alone, not on the order they come in.
pub fn fold_duplicates(mut feedback: Vec<Feedback>, files: &mut [FileBalance]) -> Vec<Feedback> {
    feedback.sort_unstable_by(|a, b| a.key.cmp(&b.key).then_with(|| preference(a, b)));
    feedback.dedup_by(|dropped, kept| {
        let same = dropped.key == kept.key;
        if same
            && let Some(file) = files
                .iter_mut()
                .find(|file| file.file == dropped.origin.file)
        {
            file.accepted -= 1;
            file.duplicates += 1;
        }
        same
    });
    feedback
}

/// True when `incoming` should take the place of `stored`, both under one key: by the order that [`fold_duplicates`] keeps
/// records in, so that two runs keep what one run keeps.
pub fn is_newer(incoming: &Feedback, stored: &Feedback) -> bool {
    preference(incoming, stored).is_lt()
}

/// The record to keep comes first.
fn preference(a: &Feedback, b: &Feedback) -> Ordering {
    b.moment
        .cmp(&a.moment)
        .then_with(|| a.text.cmp(&b.text))
        .then_with(|| a.columns.cmp(&b.columns))
        .then_with(|| a.origin.file.cmp(&b.origin.file))
        .then_with(|| a.line.cmp(&b.line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Moment;

    fn record(key: &str, day: &str, line: u32) -> Feedback {
        Feedback {
            moment: Some(Moment::day(day.parse().unwrap())),
            line,
            ..Feedback::of_words(key, &format!("texte {day}"))
        }
    }

    #[test]
    fn the_newest_of_a_key_is_kept_and_the_balance_closes() {
        let mut files = [FileBalance {
            file: "a.csv".into(),
            read: 3,
            accepted: 3,
            ..FileBalance::default()
        }];
        let kept = fold_duplicates(
            vec![
                record("k1", "2026-11-02", 2),
                record("k0", "2026-11-01", 3),
                record("k1", "2026-11-09", 4),
            ],
            &mut files,
        );
        let lines: Vec<u32> = kept.iter().map(|record| record.line).collect();
        assert_eq!(lines, [3, 4]);
        assert_eq!((files[0].accepted, files[0].duplicates), (2, 1));
    }

    #[test]
    fn any_order_in_gives_the_same_records_out() {
        let records = [
            record("k1", "2026-11-02", 2),
            record("k1", "2026-11-02", 5),
            record("k1", "2026-11-01", 1),
        ];
        let forward = fold_duplicates(records.to_vec(), &mut []);
        let backward = fold_duplicates(records.iter().rev().cloned().collect(), &mut []);
        assert_eq!(forward, backward);
        assert_eq!(forward[0].line, 2);
    }
}
