//! Texts that were pasted again and again: one voice in themes, and a name for those who share it.

use crate::{analysis::AnalyzedFeedback, cleaning::copies, feedback::key_hash};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Records from which on a text counts as pasted: two people may well say the same.
const PASTED_FROM: u32 = 3;

/// Copies from which on a text would bend what themes are: fewer are learnt from like any other.
const FLOOD_FROM: u32 = 20;

/// Texts that several records share.
pub(super) struct Pasted {
    /// For each record the position of the first one that says nearly the same; its own where too few do.
    pub original: Vec<u32>,
    /// For each record whether it repeats what a flood of others says.
    pub is_flood: Vec<bool>,
}

pub(super) fn pasted(records: &[AnalyzedFeedback]) -> Pasted {
    let mut original = copies(records.iter().map(|record| &*record.feedback.text));
    let mut times = vec![0u32; original.len()];
    for first in &original {
        times[*first as usize] += 1;
    }
    let mut is_flood = Vec::with_capacity(original.len());
    for (at, first) in (0..).zip(original.iter_mut()) {
        let times = times[*first as usize];
        if times < PASTED_FROM {
            *first = at;
        }
        is_flood.push(*first != at && times >= FLOOD_FROM);
    }
    Pasted { original, is_flood }
}

/// Gives records that say the same the name of their group: made of the first one's key, so that it stays as others come.
pub(super) fn name_copies(records: &mut [AnalyzedFeedback], original: &[u32]) {
    for record in records.iter_mut() {
        record.copy_group = 0;
    }
    for (at, first) in original.iter().enumerate() {
        let first = *first as usize;
        if first == at {
            continue;
        }
        let name = group_name(&records[first]);
        records[at].copy_group = name;
        records[first].copy_group = name;
    }
}

/// Gives new records the group of what they repeat: one that records of before make, or one of three new ones or more.
/// Records of before keep the group they have, so that of each group one is looked at: the one whose key has the least hash.
pub(super) fn name_new_copies(records: &mut [AnalyzedFeedback], is_new: &[bool]) {
    let mut of_group: FxHashMap<u64, (u64, usize)> = FxHashMap::default();
    for (place, (record, is_new)) in records.iter().zip(is_new).enumerate() {
        if !is_new && record.copy_group != 0 {
            let this = (key_hash(record.feedback.key.as_bytes()), place);
            let least = of_group.entry(record.copy_group).or_insert(this);
            *least = this.min(*least);
        }
    }
    let mut places: Vec<usize> = of_group.into_values().map(|(_, place)| place).collect();
    places.sort_unstable();
    let first_new = places.len();
    places.extend((0..records.len()).filter(|place| is_new[*place]));
    let text = |place: &usize| &*records[*place].feedback.text;
    let original = copies(places.iter().map(text));
    let mut times = vec![0u32; original.len()];
    for first in &original {
        times[*first as usize] += 1;
    }
    for at in first_new..places.len() {
        let first = original[at] as usize;
        let group = if first < first_new {
            records[places[first]].copy_group
        } else if times[first] >= PASTED_FROM {
            group_name(&records[places[first]])
        } else {
            0
        };
        records[places[at]].copy_group = group;
    }
}

/// What the group is called whose first record this is.
fn group_name(first: &AnalyzedFeedback) -> u64 {
    xxh3_64(first.feedback.key.as_bytes()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Feedback;

    const PASTED: &str = "we want our money back and we want it back before the end of this week";
    const OTHER: &str =
        "the driver left my parcel with a neighbour whom I have never met in my life";

    fn record(key: &str, text: &str, copy_group: u64) -> AnalyzedFeedback {
        AnalyzedFeedback {
            copy_group,
            ..AnalyzedFeedback::unread(Feedback::of_words(key, text))
        }
    }

    fn groups(records: &[AnalyzedFeedback]) -> Vec<u64> {
        records.iter().map(|record| record.copy_group).collect()
    }

    #[test]
    fn new_copies_join_a_group_of_before_or_make_one_of_three() {
        let mut records = [
            record("a", PASTED, 0),
            record("b", OTHER, 0),
            record("c", OTHER, 0),
            record("d", PASTED, 7),
            record("e", PASTED, 7),
            record("f", OTHER, 0),
            record("g", "short", 0),
            record("h", OTHER, 0),
        ];
        let is_new = [true, true, true, false, false, true, true, false];
        name_new_copies(&mut records, &is_new);
        let own = group_name(&records[1]);
        assert_eq!(groups(&records), [7, own, own, 7, 7, own, 0, 0]);
    }

    #[test]
    fn two_who_say_the_same_are_two() {
        let mut records = [record("a", OTHER, 0), record("b", OTHER, 0)];
        name_new_copies(&mut records, &[true, true]);
        assert_eq!(groups(&records), [0, 0]);
    }
}
