//! Passages: neighbouring clauses that are read together; and which of them the themes are learnt from.
//!
//! "I have been waiting for a week. Is it lost? My new card, I mean." – none of the clauses says enough alone. A short
//! message is one passage; a long review is several.

use super::{
    GAP, Units,
    terms::{Kind, tokens},
};
use crate::algebra::Chance;
use std::ops::Range;

/// Units, by position; never empty, all of one record.
pub(super) type Passage = Range<u32>;

/// Words with a stem that a passage holds; a longer clause is a passage of its own.
///
/// 40: with 20, and with whole records, agreement with labelled messages is the same; whole reviews are about everything.
const LONGEST: usize = 40;

/// Cuts the units that are to be read into passages, in their order.
pub(super) fn passages(
    units: &Units,
    kinds: &[Kind],
    is_read: impl Fn(usize) -> bool,
) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut words = 0;
    for unit in (0..units.record.len()).filter(|unit| is_read(*unit)) {
        let has_stem = |token: &&u32| {
            **token != GAP && matches!(kinds[**token as usize], Kind::Content | Kind::Weak)
        };
        let own = tokens(units, unit).iter().filter(has_stem).count();
        let position = unit as u32;
        match passages.last_mut() {
            Some(last)
                if last.end == position
                    && units.record[last.start as usize] == units.record[unit]
                    && words + own <= LONGEST =>
            {
                last.end += 1;
                words += own;
            }
            _ => {
                passages.push(position..position + 1);
                words = own;
            }
        }
    }
    passages
}

/// Passages that name something and may teach: at most `most` of them, one drawn from each of as many equal stretches,
/// first things first.
pub(super) fn draw(units: &Units, kinds: &[Kind], most: usize, seed: u64) -> Vec<Passage> {
    let may_teach =
        |unit: usize| !(units.is_copied(unit) || units.is_explained(unit) || units.is_learnt(unit));
    let mut naming = passages(units, kinds, may_teach);
    naming.retain(|passage| {
        let [start, end] = [passage.start, passage.end].map(|unit| units.bounds[unit as usize]);
        let names = |token: &u32| *token != GAP && kinds[*token as usize] == Kind::Content;
        units.tokens[start as usize..end as usize].iter().any(names)
    });
    if naming.len() <= most {
        return naming;
    }
    let mut chance = Chance::new(seed, 2);
    (0..most)
        .map(|stretch| {
            let start = stretch * naming.len() / most;
            let end = (stretch + 1) * naming.len() / most;
            naming[start + (chance.next() % (end - start) as u64) as usize].clone()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 2] = [Kind::Stop, Kind::Content];

    #[test]
    fn a_sample_is_spread_and_holds_only_passages_that_name_something() {
        let tokens: Vec<u32> = (0..1000).map(|unit| unit % 2).collect();
        let bounds: Vec<u32> = (0..=1000).collect();
        let units = Units {
            tokens: &tokens,
            bounds: &bounds,
            record: &bounds[..1000],
            language: &[],
            is_copy: &[],
            is_explained: &[],
            is_learnt: &[],
        };
        let all = draw(&units, &KINDS, 500, 1);
        let odd = (0..1000).filter(|unit| unit % 2 == 1);
        assert_eq!(
            all,
            odd.map(|unit| unit..unit + 1).collect::<Vec<Passage>>()
        );
        let some = draw(&units, &KINDS, 50, 1);
        assert_eq!(some.len(), 50);
        for (stretch, passage) in some.iter().enumerate() {
            assert!(passage.start % 2 == 1 && passage.start as usize / 20 == stretch);
        }
    }

    #[test]
    fn clauses_of_a_record_are_read_together_up_to_a_length() {
        let lengths = [10, 20, 10, 1, 50, 3];
        let bounds: Vec<u32> = (0..=lengths.len())
            .map(|unit| lengths[..unit].iter().sum())
            .collect();
        let units = Units {
            tokens: &[1; 94],
            bounds: &bounds,
            record: &[0, 0, 0, 0, 0, 1],
            language: &[],
            is_copy: &[],
            is_explained: &[false, false, false, false, false, false],
            is_learnt: &[],
        };
        assert_eq!(passages(&units, &KINDS, |_| true), [0..3, 3..4, 4..5, 5..6]);
        // What a known theme explains parts what stands around it.
        assert_eq!(
            passages(&units, &KINDS, |unit| unit != 1),
            [0..1, 2..4, 4..5, 5..6]
        );
    }
}
