//! Records with one key are the same piece of feedback: the newest is kept, the others are counted as duplicates.

use crate::feedback::{Feedback, FileBalance};
use std::cmp::Ordering;

/// Sorts records by key and keeps one of each key: the newest; of those of one moment the one whose file has the later name, for
/// exports carry their day or number, and within a file the last. Where several say the same, the first of their places counts.
/// The balances of the files whose rows are dropped move them from accepted to duplicates.
///
/// The result depends on the records alone, not on the order they come in.
pub fn fold_duplicates(mut feedback: Vec<Feedback>, files: &mut [FileBalance]) -> Vec<Feedback> {
    feedback.sort_unstable_by(|a, b| a.key.cmp(&b.key).then_with(|| preference(a, b)));
    feedback.dedup_by(|dropped, kept| {
        if dropped.key != kept.key {
            return false;
        }
        if has_same_content(dropped, kept) {
            std::mem::swap(dropped, kept);
        }
        if let Some(file) = files
            .iter_mut()
            .find(|file| file.file == dropped.origin.file)
        {
            file.accepted -= 1;
            file.duplicates += 1;
        }
        true
    });
    feedback
}

/// True when `incoming` should take the place of `stored`, both under one key: by the order that [`fold_duplicates`] keeps
/// records in, so that two runs keep what one run keeps.
pub fn is_newer(incoming: &Feedback, stored: &Feedback) -> bool {
    preference(incoming, stored).is_lt()
}

/// True where two records tell the same, wherever they were read.
pub fn has_same_content(a: &Feedback, b: &Feedback) -> bool {
    a.text == b.text
        && a.body_start == b.body_start
        && a.moment == b.moment
        && a.rating == b.rating
        && a.nps == b.nps
        && a.csat == b.csat
        && a.channel == b.channel
        && a.product == b.product
        && a.customer == b.customer
        && a.service == b.service
        && a.origin.text_column == b.origin.text_column
        && a.origin.title_column == b.origin.title_column
        && a.columns == b.columns
}

/// The record to keep comes first.
fn preference(a: &Feedback, b: &Feedback) -> Ordering {
    b.moment
        .cmp(&a.moment)
        .then_with(|| by_number(&b.origin.file, &a.origin.file))
        .then_with(|| b.line.cmp(&a.line))
        .then_with(|| a.text.cmp(&b.text))
}

/// Names as people number them: `avis.csv`, `avis (2).csv`, `avis (10).csv`. Equal for equal names only.
fn by_number(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    while let ([x, ..], [y, ..]) = (left, right) {
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let ((m, after), (n, rest)) = (number(left), number(right));
            (left, right) = (after, rest);
            m.len().cmp(&n.len()).then(m.cmp(n))
        } else {
            (left, right) = (&left[1..], &right[1..]);
            // Before an ending comes whatever has none yet: "avis.csv" is the first of its name.
            (*x != b'.', x).cmp(&(*y != b'.', y))
        };
        if order.is_ne() {
            return order;
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// The digits a text begins with, without zeros before them, and what follows.
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zeros = text.iter().take_while(|byte| **byte == b'0').count();
    (&text[zeros..digits], &text[digits..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calendar::Moment, feedback::Origin};
    use std::sync::Arc;

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
        // Both tell the same: the first place counts.
        assert_eq!(forward[0].line, 2);
    }

    #[test]
    fn of_one_moment_the_later_export_is_kept() {
        let told = |file: &str, line: u32, text: &str| {
            let of_words = Feedback::of_words("k", text);
            Feedback {
                origin: Arc::new(Origin {
                    file: file.into(),
                    ..(*of_words.origin).clone()
                }),
                line,
                ..of_words
            }
        };
        let kept = |records: &[Feedback]| {
            let forward = fold_duplicates(records.to_vec(), &mut []);
            let backward = fold_duplicates(records.iter().rev().cloned().collect(), &mut []);
            assert_eq!(forward, backward);
            (forward[0].text.to_string(), forward[0].place().to_string())
        };
        let expected = |text: &str, place: &str| (text.to_owned(), place.to_owned());
        let [open, solved] = ["open", "solved"];
        assert_eq!(
            kept(&[told("w9.csv", 2, open), told("w10.csv", 2, solved)]),
            expected(solved, "w10.csv:2")
        );
        assert_eq!(
            kept(&[told("w.csv", 7, open), told("w (2).csv", 2, solved)]),
            expected(solved, "w (2).csv:2")
        );
        assert_eq!(
            kept(&[told("w.csv", 7, open), told("w.csv", 2, solved)]),
            expected(open, "w.csv:7")
        );
        let again = [
            told("w1.csv", 2, open),
            told("w2.csv", 2, solved),
            told("w3.csv", 9, solved),
        ];
        assert_eq!(kept(&again), expected(solved, "w2.csv:2"));
    }

    #[test]
    fn names_are_in_the_order_of_their_numbers() {
        let names = [
            "avis.csv",
            "avis (2).csv",
            "avis (10).csv",
            "b-2026-09.csv",
            "b-2026-10.csv",
            "b9",
            "b010",
            "b10",
            "b11",
        ];
        for (at, a) in names.iter().enumerate() {
            for (place, b) in names.iter().enumerate() {
                assert_eq!(by_number(a, b), at.cmp(&place), "{a} {b}");
            }
        }
    }
}
