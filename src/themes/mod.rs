//! What people talk about: terms → vectors → clusters → labels.
//!
//! [`find`] is the one way in. It cannot fail, knows no language and keeps nothing: the same units, vocabulary and
//! settings give the same themes on any number of threads.

mod assign;
mod chance;
mod clusters;
mod count;
mod fit;
mod known;
mod labels;
mod matrix;
mod phrases;
mod projection;
mod refine;
mod sample;
mod settings;
mod slug;
mod terms;
mod theme;

pub use known::{Finder, KnownMention};
pub use settings::{Count, Settings};
pub use theme::{GAP, Known, NONE, Theme, ThemeKind, Traits, Units, Vocabulary};

use fit::Model;

/// The themes of a body of feedback, and what each unit is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Largest first, by units; ties by label.
    pub themes: Vec<Theme>,
    /// For each unit the position of its theme, or [`NONE`], and how well it fits, 0 to 1. Units that known themes explain
    /// have none.
    pub assigned: Vec<(u32, f32)>,
    /// For each known theme the phrases most typical of it, most typical first.
    pub known_keyphrases: Vec<Vec<String>>,
}

/// Finds what the units are about that known themes do not explain, names it, and says which unit is about what.
///
/// No unit, or none with a word that names something, gives no theme. Units too few or too different to have
/// anything in common get no theme either, unless a number of themes is asked for.
pub fn find(units: &Units, vocabulary: &Vocabulary, known: &Known, settings: &Settings) -> Found {
    let kinds = terms::kinds(vocabulary);
    let sample = sample::draw(units, &kinds, settings.sample, settings.seed);
    let (assigned, count) = match Model::learn(units, vocabulary, &kinds, &sample, settings) {
        Some(model) => model.assign(units, vocabulary, settings),
        None => (vec![(NONE, 0.0); units.record.len()], 0),
    };
    // Known themes come first, so that a found one takes another name than theirs.
    let first = known.names.len() as u32;
    let mut spoken: Vec<(u32, u32)> = sample
        .iter()
        .map(|&unit| (unit, assigned[unit as usize].0))
        .filter(|&(_, theme)| theme != NONE)
        .map(|(unit, theme)| (unit, first + theme))
        .collect();
    let shown = known.mentions.len().min(settings.sample);
    spoken.extend((0..shown).map(|place| known.mentions[place * known.mentions.len() / shown]));
    spoken.sort_unstable();
    let mut named = labels::name(units, vocabulary, &kinds, &spoken, &known.names, count);
    let found = named.split_off(known.names.len());
    let mut found = sorted(found, assigned, known);
    found.known_keyphrases = named.into_iter().map(|theme| theme.keyphrases).collect();
    found
}

/// Puts the largest theme first and gives each its id.
fn sorted(mut themes: Vec<Theme>, mut assigned: Vec<(u32, f32)>, known: &Known) -> Found {
    let mut size = vec![0_usize; themes.len()];
    for &(theme, _) in assigned.iter().filter(|&&(theme, _)| theme != NONE) {
        size[theme as usize] += 1;
    }
    let mut order: Vec<usize> = (0..themes.len()).collect();
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
    let mut themes: Vec<Theme> = order
        .iter()
        .map(|&old| std::mem::take(&mut themes[old]))
        .collect();
    let labels = themes.iter().map(|theme| theme.label.as_str());
    let ids = slug::ids(labels, known.ids.iter().copied());
    for (theme, id) in themes.iter_mut().zip(ids) {
        theme.id = id;
    }
    Found {
        themes,
        assigned,
        known_keyphrases: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
