//! What a large known theme falls into: "late delivery" by carrier, by pick-up point, before Christmas.
//!
//! The clauses that name the theme are searched for themes of their own, without the words that most of them share. Parts
//! last from run to run as found themes do.

use super::{
    Count, GAP, Known, Memory, NONE, Settings, Theme, ThemeChange, ThemeEvent, ThemeKind, Units,
    Vocabulary, assign,
    fit::Model,
    labels, memory,
    memory::{Layer, Remembered},
    passages, slug,
    terms::{Kind, tokens},
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Clauses from which on a known theme is large…
const LARGE: usize = 400;
/// … and the share of all clauses it must have: parts of what hardly matters matter less.
const LARGE_SHARE: f64 = 0.01;
/// Themes that are divided at most, largest first.
const MOST_DIVIDED: usize = 8;
/// Parts of a theme at most.
const MOST_PARTS: usize = 6;
/// A part has this share of the theme's clauses at least.
const LEAST_SHARE: f64 = 0.04;
/// A stem that this share of the theme's clauses outside a part hold is the theme's own: a part that is called by such words
/// alone tells nothing.
const OWN_STEM: f64 = 0.2;
/// Passages the parts of one theme are learnt from.
const SAMPLE: usize = 2000;
/// Clauses from which on themes are divided one after the other.
const MANY_UNITS: usize = 1 << 20;

/// The parts of all large known themes.
#[derive(Default)]
pub(super) struct Parts {
    pub themes: Vec<Theme>,
    /// Units, rising, positions in `themes`, and how well they fit.
    pub mentions: Vec<(u32, u32, f32)>,
    pub events: Vec<ThemeEvent>,
}

/// Divides large themes that were not divided before, and finds the parts of those that were.
pub(super) fn divide(
    units: &Units,
    vocabulary: &Vocabulary,
    kinds: &[Kind],
    known: &Known,
    memory: &mut Memory,
    settings: &Settings,
) -> Parts {
    let mut parts = Parts::default();
    let stems: FxHashMap<&str, u32> = (vocabulary.stems.iter().zip(0..))
        .map(|(stem, id)| (&**stem, id))
        .collect();
    let themes = divisible(known, memory, units.record.len());
    let layers = &memory.layers;
    // Each theme is many small steps one after the other, so themes are learnt and read side by side; but of a large body
    // each takes memory, and threads have enough to do with one.
    let together = match units.record.len() {
        ..MANY_UNITS => 1,
        _ => themes.len().max(1),
    };
    let divided: Vec<Divided> = (themes.par_iter())
        .with_min_len(together)
        .map(|theme| {
            let is_other = is_of_others(known, *theme, units.record.len());
            let of_theme = Units {
                is_explained: &is_other,
                is_learnt: &[],
                ..*units
            };
            let id = known.ids[*theme];
            let place = layers.iter().position(|layer| layer.of == id);
            let learn = || learn(&of_theme, vocabulary, kinds, known, *theme, settings);
            let new = place.is_none().then(learn);
            let layer = place.map(|place| &layers[place]).or(new.as_ref());
            let layer = layer.expect("what is not remembered is learnt");
            let (terms, centres) = layer.open(vocabulary, &stems);
            let minimum = settings.minimum_strength;
            let of = assign::assign(&of_theme, vocabulary, &terms, &centres, minimum);
            Divided {
                place,
                new,
                units: (0..)
                    .zip(of)
                    .filter(|(_, (part, _))| *part != NONE)
                    .collect(),
            }
        })
        .collect();
    for (theme, divided) in themes.into_iter().zip(divided) {
        if let Some(layer) = &divided.new {
            let why = format!("a part of {}", known.ids[theme]);
            let born =
                |part: &Remembered| memory::event(&part.theme, ThemeChange::Born, why.clone());
            parts.events.extend(layer.themes.iter().map(born));
        }
        memory.layers.extend(divided.new);
        let place = divided.place.unwrap_or(memory.layers.len() - 1);
        let layer = &memory.layers[place];
        let mut places = vec![NONE; layer.themes.len()];
        for (unit, (part, strength)) in divided.units {
            let place = &mut places[part as usize];
            if *place == NONE {
                *place = parts.themes.len() as u32;
                parts.themes.push(layer.themes[part as usize].theme.clone());
            }
            parts.mentions.push((unit, *place, strength));
        }
    }
    parts.mentions.sort_by_key(|(unit, part, _)| (*unit, *part));
    parts
}

/// What a theme falls into.
struct Divided {
    /// Where its parts are remembered; `None` when they were learnt just now.
    place: Option<usize>,
    new: Option<Layer>,
    /// Units that name a part, rising, with the part's position in the layer and how well they fit.
    units: Vec<(u32, (u32, f32))>,
}

/// For each unit whether it names other themes only.
fn is_of_others(known: &Known, theme: usize, units: usize) -> Vec<bool> {
    let mut is_other = vec![true; units];
    let of_theme = (known.mentions.iter()).filter(|(_, of)| *of as usize == theme);
    for &(unit, _) in of_theme {
        is_other[unit as usize] = false;
    }
    is_other
}

/// Positions of the known themes that are large, largest first, and of those that were divided before.
fn divisible(known: &Known, memory: &Memory, units: usize) -> Vec<usize> {
    let mut sizes = vec![0_usize; known.ids.len()];
    for &(_, theme) in &known.mentions {
        sizes[theme as usize] += 1;
    }
    let was_divided = |theme: &usize| {
        memory
            .layers
            .iter()
            .any(|layer| layer.of == known.ids[*theme])
    };
    let mut large: Vec<usize> = (0..known.ids.len())
        .filter(|theme| {
            let is_large =
                sizes[*theme] >= LARGE && sizes[*theme] as f64 >= LARGE_SHARE * units as f64;
            known.is_divisible.get(*theme) == Some(&true) && is_large && !was_divided(theme)
        })
        .collect();
    large.sort_by_key(|theme| (std::cmp::Reverse(sizes[*theme]), *theme));
    let before: Vec<usize> = (0..known.ids.len()).filter(was_divided).collect();
    large.truncate(MOST_DIVIDED.saturating_sub(before.len()));
    before.into_iter().chain(large).collect()
}

/// Learns the parts of one theme; a layer without themes where it has none, so that a later run does not look again.
fn learn(
    units: &Units,
    vocabulary: &Vocabulary,
    kinds: &[Kind],
    known: &Known,
    theme: usize,
    settings: &Settings,
) -> Layer {
    let id = known.ids[theme];
    let settings = Settings {
        count: Count::Auto,
        at_most: MOST_PARTS,
        ..settings.clone()
    };
    let sample = passages::draw(units, kinds, SAMPLE, settings.seed);
    let Some(model) = Model::learn(units, vocabulary, kinds, &sample, &settings) else {
        return Layer::default().within(id);
    };
    let assigned = model.assign(units, vocabulary, &settings);
    let mut sizes = vec![0_usize; assigned.centres.rows()];
    for (part, _) in assigned.of.iter().filter(|(part, _)| *part != NONE) {
        sizes[*part as usize] += 1;
    }
    let all = units
        .is_explained
        .iter()
        .filter(|is_other| !**is_other)
        .count();
    let mut kept: Vec<usize> = (0..sizes.len())
        .filter(|part| sizes[*part] as f64 >= LEAST_SHARE * all as f64)
        .collect();
    kept.sort_by_key(|part| (std::cmp::Reverse(sizes[*part]), *part));
    if kept.len() < 2 {
        return Layer::default().within(id);
    }
    let mut new = vec![NONE; sizes.len()];
    for (place, part) in (0..).zip(&kept) {
        new[*part] = place;
    }
    let first = known.names.len() as u32;
    let spoken: Vec<(u32, u32)> = (sample.iter().cloned().flatten())
        .map(|unit| (unit, assigned.of[unit as usize].0))
        .filter(|(_, part)| *part != NONE && new[*part as usize] != NONE)
        .map(|(unit, part)| (unit, first + new[part as usize]))
        .collect();
    let mut named = labels::name(units, vocabulary, kinds, &spoken, &known.names, kept.len());
    let themes = named.split_off(known.names.len());
    let part_of = |unit: usize| match assigned.of[unit].0 {
        NONE => themes.len(),
        part => (new[part as usize] as usize).min(themes.len()),
    };
    let told = telling(units, vocabulary, &themes, known.names[theme], part_of);
    let told: Vec<usize> = (0..told.len()).filter(|part| told[*part]).collect();
    let mut themes: Vec<Theme> = told.iter().map(|part| themes[*part].clone()).collect();
    if themes.is_empty() {
        return Layer::default().within(id);
    }
    let centres = assigned.centres.picked(told.iter().map(|part| kept[*part]));
    let ids = slug::ids(
        themes.iter().map(|part| part.label.as_str()),
        [].into_iter(),
    );
    let whole = known.names[theme];
    for (part, slug) in themes.iter_mut().zip(ids) {
        part.id = format!("{id}-{slug}");
        part.names =
            [0, 1].map(|language| format!("{} › {}", whole[language], part.name(language)));
        part.kind = ThemeKind::Part;
        part.parent = Some(id.to_owned());
    }
    Layer::of(&assigned.terms, &centres, &themes, vocabulary).within(id)
}

/// Marks the parts whose name says more than the words the whole theme is known by. `part_of` gives the part of a unit, one
/// past the last for none.
fn telling(
    units: &Units,
    vocabulary: &Vocabulary,
    parts: &[Theme],
    whole: [&str; 2],
    part_of: impl Fn(usize) -> usize,
) -> Vec<bool> {
    let mut clauses = vec![0_u32; parts.len() + 1];
    let mut clauses_with = vec![vec![0_u32; vocabulary.terms as usize]; parts.len() + 1];
    let mut stems = Vec::new();
    for unit in (0..units.record.len()).filter(|unit| !units.is_explained(*unit)) {
        let words = tokens(units, unit).iter().filter(|token| **token != GAP);
        stems.extend(words.map(|token| vocabulary.term[*token as usize]));
        stems.retain(|stem| *stem != NONE);
        stems.sort_unstable();
        stems.dedup();
        let part = part_of(unit);
        clauses[part] += 1;
        for stem in stems.drain(..) {
            clauses_with[part][stem as usize] += 1;
        }
    }
    let names: Vec<String> = whole.iter().map(|name| name.to_lowercase()).collect();
    let named: BTreeSet<&str> = names.iter().flat_map(|name| name.split(' ')).collect();
    let mut said = named.clone();
    said.extend(parts.iter().flat_map(|part| part.label.split(' ')));
    let forms = (vocabulary.written.iter().zip(vocabulary.term)).zip(vocabulary.weak);
    let words: BTreeMap<&str, u32> = forms
        .filter(|((written, stem), weak)| !**weak && **stem != NONE && said.contains(&***written))
        .map(|((written, stem), _)| (&**written, *stem))
        .collect();
    let of_name: BTreeSet<u32> = (named.iter())
        .filter_map(|word| words.get(word).copied())
        .collect();
    // A word is the theme's own where its name holds it, or often clauses of another part or of none.
    let is_own = |part: usize, stem: u32| {
        let others = (0..clauses.len()).filter(|other| *other != part);
        let (all, with) = others.fold((0, 0), |(all, with), other| {
            (
                all + clauses[other],
                with + clauses_with[other][stem as usize],
            )
        });
        of_name.contains(&stem) || f64::from(with) >= OWN_STEM * f64::from(all.max(1))
    };
    let tells = |(place, part): (usize, &Theme)| {
        let mut stems = part.label.split(' ').filter_map(|word| words.get(word));
        stems.any(|stem| !is_own(place, *stem))
    };
    parts.iter().enumerate().map(tells).collect()
}
