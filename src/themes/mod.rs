//! What people talk about: terms → vectors → clusters → labels.
//!
//! [`find`] is the one way in. It cannot fail, knows no language and keeps nothing: the same units, vocabulary and
//! settings give the same themes on any number of threads.

mod assign;
mod book;
mod clusters;
mod count;
mod fit;
mod known;
mod labels;
mod memory;
mod parts;
mod passages;
mod phrases;
mod refine;
mod settings;
mod slug;
mod space;
mod terms;
mod theme;

pub use book::{Book, Entry};
pub use known::{Finder, KnownMention};
pub use memory::{Memory, ThemeChange, ThemeEvent};
pub use settings::{Count, Settings};
pub use theme::{GAP, Known, NONE, Theme, ThemeKind, Traits, Units, Vocabulary, WordPlaces};

use fit::Model;
use memory::Layer;
use rustc_hash::FxHashMap;

/// The themes of a body of feedback, and what each unit is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Largest first, by units; ties by label.
    pub themes: Vec<Theme>,
    /// For each unit the position of its theme, or [`NONE`], and how well it fits, 0 to 1. Units that known themes explain
    /// have none.
    pub assigned: Vec<(u32, f32)>,
    /// The parts found within large known themes, their parents; by parent, then as clauses name them.
    pub parts: Vec<Theme>,
    /// Units and positions in `parts`, rising, and how well they fit. A unit has one part of each of its themes at most.
    pub in_parts: Vec<(u32, u32, f32)>,
    /// For each known theme the phrases most typical of it, most typical first.
    pub known_keyphrases: Vec<Vec<String>>,
    /// What a later run needs to find these themes again.
    pub memory: Memory,
    /// What became of themes since the memory that was given.
    pub events: Vec<ThemeEvent>,
}

/// Finds what the units are about that known themes do not explain, names it, and says which unit is about what.
///
/// No unit, or none with a word that names something, gives no theme. Units too few or too different to have
/// anything in common get no theme either, unless a number of themes is asked for.
///
/// Themes that are remembered keep their units, ids and names; new ones are learnt from what they do not explain, and not
/// from records of which [`Units::is_learnt`] says that they had their turn.
pub fn find(
    units: &Units,
    vocabulary: &Vocabulary,
    known: &Known,
    memory: &Memory,
    settings: &Settings,
) -> Found {
    let kinds = terms::kinds(vocabulary);
    let mut recalled = Recalled::of(units, vocabulary, memory, settings);
    let left = Units {
        is_explained: &recalled.is_explained,
        ..*units
    };
    let old = recalled.themes.len();
    let may_be_born = match settings.count {
        Count::Auto => true,
        Count::Exactly(count) => old < count.max(1),
    };
    let made_with = settings;
    let settings = &Settings {
        count: match settings.count {
            Count::Exactly(count) => Count::Exactly(count.saturating_sub(old)),
            Count::Auto => Count::Auto,
        },
        ..settings.clone()
    };
    let sample = match may_be_born {
        true => passages::draw(&left, &kinds, settings.sample, settings.seed),
        false => Vec::new(),
    };
    let model = Model::learn(&left, vocabulary, &kinds, &sample, settings);
    let fresh = model.map(|model| model.assign(&left, vocabulary, settings));
    let count = fresh.as_ref().map_or(0, |fresh| fresh.centres.rows());
    // Named themes come first, so that a new one takes another name than theirs.
    let mut names = known.names.clone();
    names.extend(
        recalled
            .themes
            .iter()
            .map(|theme| [theme.name(0), theme.name(1)]),
    );
    let first_new = names.len() as u32;
    let mut spoken: Vec<(u32, u32)> = match &fresh {
        Some(fresh) => sample
            .iter()
            .cloned()
            .flatten()
            .map(|unit| (unit, fresh.of[unit as usize].0))
            .filter(|&(_, theme)| theme != NONE)
            .map(|(unit, theme)| (unit, first_new + theme))
            .collect(),
        None => Vec::new(),
    };
    let shown = known.mentions.len().min(settings.sample);
    spoken.extend((0..shown).map(|place| known.mentions[place * known.mentions.len() / shown]));
    spoken.sort_unstable();
    let mut named = labels::name(units, vocabulary, &kinds, &spoken, &names, count);
    let mut new_themes = named.split_off(names.len());
    named.truncate(known.names.len());
    let known_keyphrases = named.into_iter().map(|theme| theme.keyphrases).collect();
    let taken = recalled.themes.iter().map(|theme| theme.id.as_str());
    let ids = slug::ids(
        new_themes.iter().map(|theme| theme.label.as_str()),
        known.ids.iter().copied().chain(taken),
    );
    for (theme, id) in new_themes.iter_mut().zip(ids) {
        theme.id = id;
    }
    let mut memory = Memory {
        made_with: Some(made_with.clone()),
        ..memory.clone()
    };
    if let Some(fresh) = fresh.filter(|fresh| fresh.centres.rows() > 0) {
        for (assigned, of) in recalled.assigned.iter_mut().zip(fresh.of) {
            if of.0 != NONE {
                *assigned = (old as u32 + of.0, of.1);
            }
        }
        let layer = Layer::of(&fresh.terms, &fresh.centres, &new_themes, vocabulary);
        memory.layers.push(layer);
    }
    let mut themes = recalled.themes;
    themes.extend(new_themes);
    let (themes, assigned, mut events) = sorted(themes, recalled.assigned, old);
    let divided = parts::divide(units, vocabulary, &kinds, known, &mut memory, settings);
    events.extend(divided.events);
    Found {
        themes,
        assigned,
        parts: divided.themes,
        in_parts: divided.mentions,
        known_keyphrases,
        memory,
        events,
    }
}

/// As [`find`] with nothing remembered; but themes that continue those of before keep their ids and names.
pub fn find_anew(
    units: &Units,
    vocabulary: &Vocabulary,
    known: &Known,
    before: &Memory,
    settings: &Settings,
) -> Found {
    let mut found = find(units, vocabulary, known, &Memory::default(), settings);
    let fresh: Vec<String> = found
        .memory
        .themes()
        .map(|theme| theme.id.clone())
        .collect();
    found.events = before.carry_over(&mut found.memory);
    for theme in found.themes.iter_mut().chain(&mut found.parts) {
        let place = fresh.iter().position(|id| *id == theme.id);
        if let Some(carried) = place.and_then(|place| found.memory.themes().nth(place)) {
            theme.clone_from(carried);
        }
    }
    found
}

/// What remembered themes explain.
struct Recalled {
    /// Oldest first.
    themes: Vec<Theme>,
    assigned: Vec<(u32, f32)>,
    /// For each unit whether a known or a remembered theme explains it; empty where there is neither.
    is_explained: Vec<bool>,
}

impl Recalled {
    fn of(units: &Units, vocabulary: &Vocabulary, memory: &Memory, settings: &Settings) -> Self {
        let mut recalled = Recalled {
            themes: Vec::new(),
            assigned: vec![(NONE, 0.0); units.record.len()],
            is_explained: units.is_explained.to_vec(),
        };
        if memory.is_empty() {
            return recalled;
        }
        recalled.is_explained.resize(units.record.len(), false);
        let stems: FxHashMap<&str, u32> = (vocabulary.stems.iter().zip(0..))
            .map(|(stem, id)| (&**stem, id))
            .collect();
        for layer in memory.layers.iter().filter(|layer| layer.of.is_empty()) {
            let (terms, centres) = layer.open(vocabulary, &stems);
            let left = Units {
                is_explained: &recalled.is_explained,
                ..*units
            };
            let of = assign::assign(
                &left,
                vocabulary,
                &terms,
                &centres,
                settings.minimum_strength,
            );
            let first = recalled.themes.len() as u32;
            for (unit, (theme, strength)) in of.into_iter().enumerate() {
                if theme != NONE {
                    recalled.assigned[unit] = (first + theme, strength);
                    recalled.is_explained[unit] = true;
                }
            }
            let themes = layer
                .themes
                .iter()
                .map(|remembered| remembered.theme.clone());
            recalled.themes.extend(themes);
        }
        recalled
    }
}

/// Puts the largest theme first, leaves out those without a unit, and says which of the first `old` are gone and which
/// others came.
fn sorted(
    themes: Vec<Theme>,
    mut assigned: Vec<(u32, f32)>,
    old: usize,
) -> (Vec<Theme>, Vec<(u32, f32)>, Vec<ThemeEvent>) {
    let mut size = vec![0_usize; themes.len()];
    for &(theme, _) in assigned.iter().filter(|&&(theme, _)| theme != NONE) {
        size[theme as usize] += 1;
    }
    let mut events = Vec::new();
    for (theme, (known, &size)) in themes.iter().zip(&size).enumerate() {
        if theme < old && size == 0 {
            let why = "no clause names it".to_owned();
            events.push(memory::event(known, ThemeChange::Retired, why));
        } else if theme >= old {
            let why = format!("{size} clauses");
            events.push(memory::event(known, ThemeChange::Born, why));
        }
    }
    let mut order: Vec<usize> = (0..themes.len()).filter(|&theme| size[theme] > 0).collect();
    order.sort_by(|&a, &b| {
        size[b]
            .cmp(&size[a])
            .then_with(|| themes[a].label.cmp(&themes[b].label))
    });
    let mut position = vec![NONE; themes.len()];
    for (new, &old) in order.iter().enumerate() {
        position[old] = new as u32;
    }
    for (theme, _) in assigned.iter_mut().filter(|(theme, _)| *theme != NONE) {
        *theme = position[*theme as usize];
    }
    let themes = order.iter().map(|&old| themes[old].clone()).collect();
    (themes, assigned, events)
}

#[cfg(test)]
mod tests;
