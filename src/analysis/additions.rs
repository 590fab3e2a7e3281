//! What comes in to a large body of feedback, read by what is known of it: a weekly run costs what the week brought.
//!
//! What is learned of a record depends on its own words, on what they mean, and on the themes that are remembered; little of
//! it on its neighbours. So records of before keep what was learned of them, and a sample of them is read along for what
//! only many can tell: the language that a form is mostly met in, and the one that a file is mostly written in.

use crate::{
    analysis::{
        Analysis, Context,
        pasted::name_new_copies,
        pipeline::{Kept, is_mostly_english, largest_first, learn},
    },
    observe::Watcher,
    themes::{Theme, ThemeChange, ThemeEvent, ThemeKind},
};

/// Records of before that are read along with new ones.
const READ_ALONG: usize = 8192;

/// A body that has grown by more than one in so many records since it was last read whole is read whole again: large themes
/// may have come to have parts, and words may have come to be another language's.
const GROWTH_READ_WHOLE: u64 = 4;

/// Learns what is new, and leaves what is known of other records as it is, to the letter.
///
/// Of `known`, records that are new carry nothing yet, themes and memory are those of before. False, and `known` is as it
/// was, where the whole must be read: where it is small, has grown by a quarter since it had `read_whole` records, or is now
/// mostly in another language, and where a new theme was found, which records of before may name.
pub fn add(
    known: &mut Analysis,
    is_new: &[bool],
    read_whole: u64,
    context: &Context<'_>,
    watcher: &dyn Watcher,
) -> bool {
    let records = &known.records;
    let new = is_new.iter().filter(|is_new| **is_new).count();
    let old = records.len() - new;
    let most = read_whole.saturating_add(read_whole / GROWTH_READ_WHOLE);
    let suits = !context.relearn && context.memory.suits(&context.settings.themes);
    if !suits || old < context.settings.keep_from || records.len() as u64 > most {
        return false;
    }
    let old_languages = || {
        let old = records.iter().zip(is_new).filter(|(_, is_new)| !**is_new);
        old.map(|(record, _)| record.language)
    };
    let was_english = is_mostly_english(old_languages());
    let read = to_read(is_new, old);
    let part = learn(
        read.iter().map(|place| records[*place].clone()).collect(),
        context,
        Some(Kept {
            is_mostly_english: was_english,
        }),
        watcher,
    );
    let is_born = |event: &ThemeEvent| event.change == ThemeChange::Born;
    if part.events.iter().any(is_born) {
        return false;
    }
    let new_languages = (read.iter().zip(&part.records))
        .filter(|(place, _)| is_new[**place])
        .map(|(_, record)| record.language);
    if is_mostly_english(old_languages().chain(new_languages)) != was_english {
        return false;
    }
    let mut themes = std::mem::take(&mut known.themes);
    let new_place: Vec<u32> = (part.themes.into_iter())
        .map(|theme| place_of(theme, &mut themes))
        .collect();
    for (place, mut record) in read.into_iter().zip(part.records) {
        if is_new[place] {
            for mention in &mut record.mentions {
                mention.theme = new_place[mention.theme as usize];
            }
            known.records[place] = record;
        }
    }
    name_new_copies(&mut known.records, is_new);
    known.themes = largest_first(themes, &mut known.records);
    known.events = drop_unsaid(known, context);
    known.memory = part.memory;
    true
}

/// Positions of the new records, and of some others, evenly spaced; rising.
fn to_read(is_new: &[bool], old: usize) -> Vec<usize> {
    let mut met = 0;
    let is_read = |place: &usize| {
        if is_new[*place] {
            return true;
        }
        met += 1;
        met * READ_ALONG / old > (met - 1) * READ_ALONG / old
    };
    (0..is_new.len()).filter(is_read).collect()
}

/// Where a theme stands in a list; it joins the list where it was not there.
fn place_of(theme: Theme, themes: &mut Vec<Theme>) -> u32 {
    let place = themes.iter().position(|other| other.id == theme.id);
    let place = place.unwrap_or_else(|| {
        themes.push(theme);
        themes.len() - 1
    });
    place as u32
}

/// Leaves out themes that no record names any more, which stand last, unless they are pinned; says so of those that were found.
fn drop_unsaid(known: &mut Analysis, context: &Context<'_>) -> Vec<ThemeEvent> {
    let mut is_said = vec![false; known.themes.len()];
    for mention in known.records.iter().flat_map(|record| &record.mentions) {
        is_said[mention.theme as usize] = true;
    }
    let is_pinned = |theme: &Theme| {
        let mut entries = context.book.entries.iter();
        entries.any(|entry| entry.pinned && entry.id == theme.id)
    };
    let mut events = Vec::new();
    let mut place = vec![u32::MAX; is_said.len()];
    let mut kept: Vec<Theme> = Vec::with_capacity(is_said.len());
    for (old, theme) in std::mem::take(&mut known.themes).into_iter().enumerate() {
        if is_said[old] || is_pinned(&theme) {
            place[old] = kept.len() as u32;
            kept.push(theme);
        } else if theme.kind == ThemeKind::Found {
            events.push(ThemeEvent {
                id: theme.id,
                label: theme.label,
                change: ThemeChange::Retired,
                why: "no clause names it".to_owned(),
            });
        }
    }
    if kept.len() < place.len() {
        for mention in known
            .records
            .iter_mut()
            .flat_map(|record| &mut record.mentions)
        {
            mention.theme = place[mention.theme as usize];
        }
    }
    known.themes = kept;
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_records_are_read_and_some_old_ones_evenly_spaced() {
        let is_new: Vec<bool> = (0..100_000).map(|place| place % 10 == 0).collect();
        let read = to_read(&is_new, 90_000);
        assert_eq!(read.len(), 10_000 + READ_ALONG);
        assert!(read.is_sorted_by(|a, b| a < b));
        let first_half = read.iter().filter(|place| **place < 50_000).count();
        assert_eq!(first_half, 5_000 + READ_ALONG / 2);
    }
}
