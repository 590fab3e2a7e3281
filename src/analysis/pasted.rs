//! Texts that were pasted again and again: one voice in themes, and a name for those who share it.

use crate::{analysis::AnalyzedFeedback, cleaning::copies};
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
        let name = xxh3_64(records[first].feedback.key.as_bytes()).max(1);
        records[at].copy_group = name;
        records[first].copy_group = name;
    }
}
