//! Coherence across channels: whether a theme is complained about alike wherever customers speak. Newcombe's difference of shares, one
//! channel against all others; pooled z test, Fisher's exact test for small cells; false alarms after Benjamini & Hochberg 1995.

use super::{
    Estimate, Settings, has_text,
    measured::{Evidence, Proportion},
    themes::ThemeNumbers,
    windows::Windows,
};
use crate::{
    sentiment::Polarity,
    statistics::{Difference, benjamini_hochberg, fisher_p, newcombe},
};
use rustc_hash::FxHashSet;
use std::{collections::BTreeMap, sync::Arc};

/// Themes looked at, most named first.
const MOST_THEMES: usize = 12;

/// Channels told apart, most records first; the rest is one.
const MOST_CHANNELS: usize = 8;

/// A theme with complaints in less than this share of its comments, or in all but this share, is left out.
const ONE_STORY: f64 = 0.05;

/// An expected cell below this asks for the exact test.
const SMALL_CELL: f64 = 5.0;

/// A theme in a channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChannelCell {
    /// Comments of the channel that name the theme.
    pub records: u64,
    /// Of them, the share that complains about it, 0–1; withheld where few name it.
    pub complaints: Estimate,
    /// That share less the one in all other channels; `None` where either is withheld.
    pub gap: Option<Difference>,
    /// False discovery rate at which the gap passes among all tested.
    pub q: Option<f64>,
}

/// Themes by channels.
#[derive(Clone, Debug, PartialEq)]
pub struct Coherence {
    /// Names of the channels, most comments first; `None` for all the rest together.
    pub channels: Vec<(Option<Arc<str>>, u64)>,
    /// Position in [`crate::analysis::Analysis::themes`], and a cell a channel.
    pub themes: Vec<(usize, Vec<ChannelCell>)>,
    /// Gaps that pass, most telling first: positions in `themes` and `channels`.
    pub gaps: Vec<(usize, usize)>,
}

/// Themes of the period by channel; `None` with fewer than two channels that enough comments came through.
pub(super) fn measure(
    windows: &Windows,
    themes: &[ThemeNumbers],
    settings: &Settings,
) -> Option<Coherence> {
    let mut counts: BTreeMap<&Arc<str>, u64> = BTreeMap::new();
    for record in windows.current.iter().filter(|record| has_text(record)) {
        if let Some(channel) = &record.feedback.channel {
            *counts.entry(channel).or_default() += 1;
        }
    }
    let mut channels: Vec<(&Arc<str>, u64)> = counts.into_iter().collect();
    channels.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let large = channels
        .iter()
        .filter(|one| one.1 >= settings.minimum_base)
        .count();
    if large < 2 {
        return None;
    }
    let told = large.min(MOST_CHANNELS);
    let place: BTreeMap<&str, usize> = (channels.iter().enumerate())
        .map(|(position, (name, _))| (&***name, position.min(told)))
        .collect();
    let width = told + usize::from(channels.len() > told);
    let mut order: Vec<&ThemeNumbers> = themes.iter().filter(|one| one.records > 0).collect();
    // What everybody complains about, or nobody, tells one story by its name.
    order.retain(|one| {
        let share = one.negative_records as f64 / one.records as f64;
        (ONE_STORY..=1.0 - ONE_STORY).contains(&share)
    });
    order.sort_by_key(|one| (std::cmp::Reverse(one.records), one.theme));
    order.truncate(MOST_THEMES);
    if order.is_empty() {
        return None;
    }
    let mut row_of = vec![usize::MAX; windows.analysis.themes.len()];
    for (row, theme) in order.iter().enumerate() {
        row_of[theme.theme] = row;
    }
    let mut cells = vec![vec![Proportion::default(); width]; order.len()];
    let mut pasted: FxHashSet<u64> = FxHashSet::default();
    for record in windows.current.iter().filter(|record| has_text(record)) {
        let column = record
            .feedback
            .channel
            .as_ref()
            .and_then(|name| place.get(&**name));
        let (Some(column), true) = (
            column,
            record.copy_group == 0 || pasted.insert(record.copy_group),
        ) else {
            continue;
        };
        for theme in record.themes() {
            let Some(cell) = row_of
                .get(theme as usize)
                .and_then(|row| cells.get_mut(*row))
            else {
                continue;
            };
            let complains = record.mentions.iter().any(|mention| {
                mention.theme == theme && Polarity::of(mention.score) == Polarity::Negative
            });
            cell[*column].add(complains);
        }
    }
    let names = (channels.iter().take(told)).map(|(name, count)| (Some((*name).clone()), *count));
    let rest: u64 = channels[told..].iter().map(|one| one.1).sum();
    let found = (order
        .iter()
        .map(|one| one.theme)
        .zip(cells.iter().map(|row| compared(row, settings))))
    .collect();
    Some(with_gaps(
        names
            .chain((width > told).then_some((None, rest)))
            .collect(),
        found,
        settings,
    ))
}

/// Each channel against all others.
fn compared(row: &[Proportion], settings: &Settings) -> Vec<ChannelCell> {
    let all = row
        .iter()
        .fold((0, 0), |sum, one| (sum.0 + one.count, sum.1 + one.base));
    let enough = settings.minimum_base;
    let cell = |one: &Proportion| {
        let others = (all.0 - one.count, all.1 - one.base);
        let gap = (one.base >= enough && others.1 >= enough)
            .then(|| newcombe((one.count, one.base), others))
            .flatten();
        let smallest = {
            let part = all.0.min(all.1 - all.0) as f64;
            part * one.base.min(others.1) as f64 / all.1.max(1) as f64
        };
        ChannelCell {
            records: one.base,
            complaints: one.estimate(settings),
            gap: gap.map(|gap| Difference {
                p: if smallest < SMALL_CELL {
                    fisher_p((one.count, one.base), others)
                } else {
                    gap.p
                },
                ..gap
            }),
            q: None,
        }
    };
    row.iter().map(cell).collect()
}

fn with_gaps(
    channels: Vec<(Option<Arc<str>>, u64)>,
    mut themes: Vec<(usize, Vec<ChannelCell>)>,
    settings: &Settings,
) -> Coherence {
    let mut places: Vec<(usize, usize, f64)> = Vec::new();
    for (row, (_, cells)) in themes.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            places.extend(cell.gap.map(|gap| (row, column, gap.p)));
        }
    }
    let q = benjamini_hochberg(&places.iter().map(|place| place.2).collect::<Vec<_>>());
    let mut gaps: Vec<(usize, usize, f64)> = Vec::new();
    for ((row, column, _), q) in places.iter().zip(q) {
        let cell = &mut themes[*row].1[*column];
        cell.q = Some(q);
        if let Some(gap) = cell.gap.filter(|gap| gap.interval.excludes_zero())
            && q <= settings.false_discovery_rate
        {
            gaps.push((*row, *column, gap.value.abs()));
        }
    }
    gaps.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    // Of two channels each is the other's mirror: one line is enough.
    let is_mirror = channels.len() == 2;
    let mut told: Vec<(usize, usize)> = Vec::new();
    for (row, column, _) in gaps {
        if !(is_mirror && told.iter().any(|(known, _)| *known == row)) {
            told.push((row, column));
        }
    }
    Coherence {
        channels,
        themes,
        gaps: told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(count: u64, base: u64) -> Proportion {
        Proportion { count, base }
    }

    fn found(rows: &[&[Proportion]]) -> Vec<(usize, usize)> {
        let settings = Settings::default();
        let channels = (0..rows[0].len()).map(|_| (None, 0)).collect();
        let themes = (rows.iter().enumerate())
            .map(|(row, cells)| (row, compared(cells, &settings)))
            .collect();
        with_gaps(channels, themes, &settings).gaps
    }

    #[test]
    fn a_theme_with_two_stories_is_found() {
        let rows = [
            [share(60, 100), share(20, 100), share(22, 110)],
            [share(30, 100), share(31, 100), share(30, 100)],
        ];
        assert_eq!(found(&[&rows[0], &rows[1]])[0], (0, 0));
        assert!(found(&[&rows[1]]).is_empty());
        assert!(found(&[&[share(9, 9), share(0, 50)]]).is_empty());
        assert_eq!(found(&[&[share(12, 12), share(2, 50)]]), [(0, 0)]);
    }

    #[test]
    fn channels_that_tell_the_same_raise_no_alarm() {
        // A fixed stream of chance: 200 runs of twelve themes in four channels, 30 % complaints everywhere.
        let mut state = 20_261_127_u64;
        let mut fraction = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        let mut alarms = 0;
        for _ in 0..200 {
            let mut row = || -> Vec<Proportion> {
                [12, 40, 80, 150]
                    .map(|base| share((0..base).filter(|_| fraction() < 0.3).count() as u64, base))
                    .to_vec()
            };
            let rows: Vec<Vec<Proportion>> = (0..12).map(|_| row()).collect();
            let rows: Vec<&[Proportion]> = rows.iter().map(|row| &row[..]).collect();
            alarms += u32::from(!found(&rows).is_empty());
        }
        assert!(alarms <= 24, "{alarms} of 200");
    }
}
