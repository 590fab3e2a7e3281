//! What comes in to a large body of feedback, read by what is known of it: a weekly run costs what the week brought.
//!
//! What is learned of a record depends on its own words, on what they mean, and on the themes that are remembered; little of
//! it on its neighbours. So records of before keep what was learned of them, and a sample of them is read along for what
//! only many can tell: the language that a form is mostly met in, and the one that a file is mostly written in.

use crate::{
    analysis::{
        Analysis, AnalyzedFeedback, Context,
        pasted::name_new_copies,
        pipeline::{Kept, english_lead, in_order_of_size, learn, sizes_of},
    },
    feedback::key_hash,
    observe::Watcher,
    themes::{Theme, ThemeChange, ThemeEvent, ThemeKind},
};

/// A body that has grown by more than one in so many records since it was last read whole is read whole again: large themes
/// may have come to have parts, and words may have come to be another language's.
const GROWTH_READ_WHOLE: u64 = 4;

/// What is known of records of before that are not at hand.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// How many they are.
    pub records: u64,
    /// How many more of them are in English than in French.
    pub english_lead: i64,
    /// How many of them name each theme, in the order of [`Analysis::themes`]; none beyond the end.
    pub naming: Vec<u64>,
}

impl Elsewhere {
    /// What is left of it without some records.
    pub fn without<'a>(mut self, records: impl Iterator<Item = &'a AnalyzedFeedback>) -> Self {
        for record in records {
            self.records = self.records.saturating_sub(1);
            self.english_lead -= english_lead(std::iter::once(record.language));
            for theme in record.themes() {
                if let Some(naming) = self.naming.get_mut(theme as usize) {
                    *naming = naming.saturating_sub(1);
                }
            }
        }
        self
    }
}

/// True for a record of before that is read along with new ones, by the [`key_hash`] of its key, where there are so many records
/// of before and [`read_along`](crate::analysis::Settings::read_along) are read.
pub fn is_read_along(key_hash: u64, old: u64, read_along: usize) -> bool {
    let share = u64::MAX / old.max(1);
    key_hash <= share.saturating_mul(read_along as u64)
}

/// True where a body of so many records of before, and so many new ones, may keep what was learned: where it is large, and has
/// not grown by a quarter since it was last read whole.
pub fn may_keep(old: u64, new: u64, read_whole: u64, context: &Context<'_>) -> bool {
    let most = read_whole.saturating_add(read_whole / GROWTH_READ_WHOLE);
    let suits = !context.relearn && context.memory.suits(&context.settings.themes);
    suits && old >= context.settings.keep_from as u64 && old + new <= most
}

/// Learns what is new, and leaves what is known of other records as it is, to the letter.
///
/// Of `known`, records that are new carry nothing yet, themes and memory are those of before. Of records of before, those have
/// to be at hand for which [`is_read_along`] is true, and of each group of copies the one whose key has the least hash; of all
/// others `elsewhere` tells enough. False, and `known` is as it was, where the whole must be read: where [`may_keep`] says so,
/// where the whole is now mostly in another language, and where a new theme was found, which records of
/// before may name.
pub fn add(
    known: &mut Analysis,
    is_new: &[bool],
    read_whole: u64,
    elsewhere: &Elsewhere,
    context: &Context<'_>,
    watcher: &dyn Watcher,
) -> bool {
    let records = &known.records;
    let new = is_new.iter().filter(|is_new| **is_new).count() as u64;
    let old = records.len() as u64 - new + elsewhere.records;
    if !may_keep(old, new, read_whole, context) {
        return false;
    }
    let old_languages = || {
        let old = records.iter().zip(is_new).filter(|(_, is_new)| !**is_new);
        old.map(|(record, _)| record.language)
    };
    let was_english = elsewhere.english_lead + english_lead(old_languages()) > 0;
    let read = to_read(records, is_new, old, context.settings.read_along);
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
    let lead = elsewhere.english_lead + english_lead(old_languages().chain(new_languages));
    if (lead > 0) != was_english {
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
    let mut sizes = sizes_of(themes.len(), &known.records);
    for (size, more) in sizes.iter_mut().zip(&elsewhere.naming) {
        *size += more;
    }
    let (themes, sizes) = in_order_of_size(themes, &sizes, &mut known.records);
    known.themes = themes;
    known.events = drop_unsaid(known, &sizes, context);
    known.memory = part.memory;
    true
}

/// Positions of the new records, and of those of before that are read along; rising.
fn to_read(
    records: &[AnalyzedFeedback],
    is_new: &[bool],
    old: u64,
    read_along: usize,
) -> Vec<usize> {
    let is_read = |place: &usize| {
        is_new[*place]
            || is_read_along(
                key_hash(records[*place].feedback.key.as_bytes()),
                old,
                read_along,
            )
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
fn drop_unsaid(known: &mut Analysis, sizes: &[u64], context: &Context<'_>) -> Vec<ThemeEvent> {
    let is_pinned = |theme: &Theme| {
        let mut entries = context.book.entries.iter();
        entries.any(|entry| entry.pinned && entry.id == theme.id)
    };
    let mut events = Vec::new();
    let mut place = vec![u32::MAX; sizes.len()];
    let mut kept: Vec<Theme> = Vec::with_capacity(sizes.len());
    for (old, theme) in std::mem::take(&mut known.themes).into_iter().enumerate() {
        if sizes[old] > 0 || is_pinned(&theme) {
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
    use crate::feedback::Feedback;

    #[test]
    fn new_records_are_read_and_a_fair_sample_of_old_ones() {
        let record = |place: usize| {
            AnalyzedFeedback::unread(Feedback::of_words(&format!("id:{place:06}"), ""))
        };
        let records: Vec<AnalyzedFeedback> = (0..100_000).map(record).collect();
        let is_new: Vec<bool> = (0..100_000).map(|place| place % 10 == 0).collect();
        let read = to_read(&records, &is_new, 90_000, 8192);
        assert!(read.is_sorted_by(|a, b| a < b));
        let in_part = |from: usize, to: usize| {
            let old = read.iter().filter(|place| **place % 10 != 0);
            old.filter(|place| (from..to).contains(*place)).count()
        };
        assert!((7_900..8_500).contains(&in_part(0, 100_000)));
        assert!((3_900..4_300).contains(&in_part(0, 50_000)));
        assert_eq!(
            read.iter().filter(|place| **place % 10 == 0).count(),
            10_000
        );
        assert_eq!(to_read(&records[..99], &is_new[..99], 89, 8192).len(), 99);
    }
}
