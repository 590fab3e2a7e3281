//! What is remembered of found themes, so that they last from run to run.
//!
//! A layer is what one learning gave: the terms it weighed and the centres of its themes. A later run reads every clause
//! with the layers as they are, oldest first, so that what a clause was about it still is; and learns a new layer from what
//! none explains.

use super::{
    NONE, Settings, Theme, Vocabulary,
    terms::{Name, Terms},
};
use crate::algebra::Sparse;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The found themes of earlier runs. The default remembers nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// What the themes were looked for with.
    pub(super) made_with: Option<Settings>,
    pub(super) layers: Vec<Layer>,
}

/// The themes of one learning.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layer {
    /// Id of the known theme it divides; empty for themes of their own.
    #[serde(default)]
    pub of: String,
    /// A stem, or two with a space between, and how rare it was.
    columns: Vec<(String, f32)>,
    pub themes: Vec<Remembered>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Remembered {
    pub theme: Theme,
    /// Positions in the columns, and weights.
    pub centre: Vec<(u32, f32)>,
}

/// What became of a theme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeEvent {
    /// The id of the theme.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// What happened.
    pub change: ThemeChange,
    /// How many clauses name it; for `merged` and `split` the id of the other theme.
    pub why: String,
}

/// What can happen to a theme from run to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChange {
    /// It was not there.
    Born,
    /// Another theme took it in.
    Merged,
    /// It came out of another theme.
    Split,
    /// No clause names it any more.
    Retired,
}

/// Two centres as near as this are one theme seen twice.
const SAME: f32 = 0.5;

impl Memory {
    /// True where no found theme is remembered, but perhaps parts of known ones.
    pub fn is_empty(&self) -> bool {
        self.layers.iter().all(|layer| !layer.of.is_empty())
    }

    /// True where the themes were looked for in the way that is asked for now; other ways find other themes.
    pub fn suits(&self, settings: &Settings) -> bool {
        self.made_with
            .as_ref()
            .is_none_or(|made_with| made_with == settings)
    }

    /// The themes that are remembered, oldest first.
    pub fn themes(&self) -> impl Iterator<Item = &Theme> {
        let all = self.layers.iter().flat_map(|layer| &layer.themes);
        all.map(|remembered| &remembered.theme)
    }

    pub(super) fn themes_mut(&mut self) -> impl Iterator<Item = &mut Theme> {
        let all = self.layers.iter_mut().flat_map(|layer| &mut layer.themes);
        all.map(|remembered| &mut remembered.theme)
    }

    /// Gives themes learnt anew the ids and names of those of before that they continue, and says what became of all.
    pub(super) fn carry_over(&self, fresh: &mut Memory) -> Vec<ThemeEvent> {
        let before = self.centres();
        let pairs = {
            let now = fresh.centres();
            let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
            for (new, (theme, centre)) in now.iter().enumerate() {
                for (old, (other_theme, other)) in before.iter().enumerate() {
                    if theme.parent == other_theme.parent {
                        pairs.push((cosine(centre, other), new, old));
                    }
                }
            }
            pairs.retain(|(cosine, ..)| *cosine >= SAME);
            pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            pairs
        };
        let count = fresh.themes().count();
        let mut old_of = vec![None; count];
        let mut new_of = vec![None; before.len()];
        for &(_, new, old) in &pairs {
            if old_of[new].is_none() && new_of[old].is_none() {
                old_of[new] = Some(old);
                new_of[old] = Some(new);
            }
        }
        let mut taken: Vec<String> = Vec::new();
        for (new, theme) in fresh.themes_mut().enumerate() {
            if let Some(old) = old_of[new] {
                theme.clone_from(before[old].0);
                taken.push(theme.id.clone());
            }
        }
        for (new, theme) in fresh.themes_mut().enumerate() {
            if old_of[new].is_none() {
                let base = theme.id.clone();
                let mut number = 2;
                while taken.contains(&theme.id) || before.iter().any(|(old, _)| old.id == theme.id)
                {
                    theme.id = format!("{base}-{number}");
                    number += 1;
                }
                taken.push(theme.id.clone());
            }
        }
        let now: Vec<Theme> = fresh.themes().cloned().collect();
        let mut events = Vec::new();
        for (new, theme) in now
            .iter()
            .enumerate()
            .filter(|(new, _)| old_of[*new].is_none())
        {
            let from = pairs.iter().find(|(_, other, _)| *other == new);
            let (change, why) = match from {
                Some((_, _, old)) => (ThemeChange::Split, before[*old].0.id.clone()),
                None => (ThemeChange::Born, "themes were learnt anew".to_owned()),
            };
            events.push(event(theme, change, why));
        }
        for (old, (theme, _)) in before
            .iter()
            .enumerate()
            .filter(|(old, _)| new_of[*old].is_none())
        {
            let into = pairs.iter().find(|(.., other)| *other == old);
            let (change, why) = match into {
                Some((_, new, _)) => (ThemeChange::Merged, now[*new].id.clone()),
                None => (ThemeChange::Retired, "themes were learnt anew".to_owned()),
            };
            events.push(event(theme, change, why));
        }
        events
    }

    fn centres(&self) -> Vec<(&Theme, BTreeMap<&str, f32>)> {
        let mut centres = Vec::new();
        for layer in &self.layers {
            for remembered in &layer.themes {
                let centre = remembered
                    .centre
                    .iter()
                    .filter_map(|(column, weight)| {
                        Some((layer.columns.get(*column as usize)?.0.as_str(), *weight))
                    })
                    .collect();
                centres.push((&remembered.theme, centre));
            }
        }
        centres
    }
}

pub(super) fn event(theme: &Theme, change: ThemeChange, why: String) -> ThemeEvent {
    ThemeEvent {
        id: theme.id.clone(),
        label: theme.label.clone(),
        change,
        why,
    }
}

fn cosine(a: &BTreeMap<&str, f32>, b: &BTreeMap<&str, f32>) -> f32 {
    let length = |centre: &BTreeMap<&str, f32>| centre.values().map(|w| w * w).sum::<f32>().sqrt();
    let product: f32 = a
        .iter()
        .filter_map(|(name, weight)| Some(weight * b.get(name)?))
        .sum();
    let lengths = length(a) * length(b);
    if lengths > 0.0 {
        product / lengths
    } else {
        0.0
    }
}

impl Layer {
    /// The same, as parts of a known theme.
    pub fn within(self, id: &str) -> Layer {
        Layer {
            of: id.to_owned(),
            ..self
        }
    }

    /// What a learning gave; one theme a centre.
    pub fn of(terms: &Terms, centres: &Sparse, themes: &[Theme], vocabulary: &Vocabulary) -> Layer {
        let stem = |stem: u32| {
            vocabulary
                .stems
                .get(stem as usize)
                .map_or("", |stem| &**stem)
        };
        let columns = terms
            .columns_by_name()
            .into_iter()
            .map(|(name, rarity)| {
                let name = match name {
                    Name::Stem(one) => stem(one).to_owned(),
                    Name::Pair(first, second) => format!("{} {}", stem(first), stem(second)),
                };
                (name, rarity)
            })
            .collect();
        let themes = themes
            .iter()
            .enumerate()
            .map(|(row, theme)| {
                let (columns, weights) = centres.row(row);
                Remembered {
                    theme: theme.clone(),
                    centre: columns
                        .iter()
                        .copied()
                        .zip(weights.iter().copied())
                        .collect(),
                }
            })
            .collect();
        Layer {
            of: String::new(),
            columns,
            themes,
        }
    }

    /// The terms and centres, by the stems of today's vocabulary. Terms nobody says today match nothing.
    pub fn open(&self, vocabulary: &Vocabulary, stems: &FxHashMap<&str, u32>) -> (Terms, Sparse) {
        let stem = |name: &str| stems.get(name).copied().unwrap_or(NONE);
        let columns = self.columns.iter().map(|(name, rarity)| {
            let name = match name.split_once(' ') {
                Some((first, second)) => Name::Pair(stem(first), stem(second)),
                None => Name::Stem(stem(name)),
            };
            (name, *rarity)
        });
        let terms = Terms::remembered(vocabulary, columns);
        let mut centres = Sparse::empty(self.columns.len());
        for remembered in &self.themes {
            let known = |(column, _): &&(u32, f32)| (*column as usize) < self.columns.len();
            centres.push(remembered.centre.iter().filter(known).copied());
        }
        (terms, centres)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(themes: &[(&str, &[(u32, f32)])]) -> Memory {
        let columns = ["colis", "retard", "prix", "cher"].map(|stem| (stem.to_owned(), 1.0));
        let themes = themes.iter().map(|(id, centre)| Remembered {
            theme: Theme {
                id: (*id).to_owned(),
                label: (*id).to_owned(),
                ..Theme::default()
            },
            centre: centre.to_vec(),
        });
        Memory {
            made_with: None,
            layers: vec![Layer {
                of: String::new(),
                columns: columns.to_vec(),
                themes: themes.collect(),
            }],
        }
    }

    #[test]
    fn a_theme_learnt_anew_keeps_its_id_and_the_rest_is_told() {
        let before = memory(&[
            ("colis", &[(0, 1.0), (1, 0.5)]),
            ("retard", &[(0, 0.6), (1, 0.8)]),
            ("prix", &[(2, 1.0)]),
        ]);
        let mut now = memory(&[
            ("colis-en-retard", &[(0, 1.0), (1, 0.6)]),
            ("colis", &[(3, 1.0)]),
        ]);
        let events = before.carry_over(&mut now);
        let ids: Vec<&str> = now.themes().map(|theme| theme.id.as_str()).collect();
        assert_eq!(ids, ["colis", "colis-2"]);
        let told: Vec<(&str, ThemeChange, &str)> = events
            .iter()
            .map(|event| (event.id.as_str(), event.change, event.why.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("colis-2", ThemeChange::Born, "themes were learnt anew"),
                ("retard", ThemeChange::Merged, "colis"),
                ("prix", ThemeChange::Retired, "themes were learnt anew"),
            ]
        );
    }

    #[test]
    fn nothing_remembered_carries_nothing_over() {
        let mut now = memory(&[("prix", &[(2, 1.0)])]);
        let events = Memory::default().carry_over(&mut now);
        assert_eq!(events[0].change, ThemeChange::Born);
        assert!(
            Memory::default()
                .carry_over(&mut Memory::default())
                .is_empty()
        );
    }

    #[test]
    fn parts_of_known_themes_alone_are_no_memory_of_found_ones() {
        let mut parts = memory(&[("prix", &[(2, 1.0)])]);
        assert!(!parts.is_empty());
        parts.layers[0].of = "late-delivery".to_owned();
        assert!(parts.is_empty());
    }
}
