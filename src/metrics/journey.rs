//! Where on the journey, and in what of the service, customers are pleased or hurt: comments and net sentiment by stage, by pillar,
//! and by people, product and process, as the catalogue of themes says. Net sentiment over mentions, clustered by record.

use super::{
    Measured, Settings, has_text,
    measured::{self, Evidence, Proportion},
    windows::Windows,
};
use crate::{
    analysis::AnalyzedFeedback,
    language::concepts::{Factor, Pillar, Stage},
    sentiment::Polarity,
    statistics::{ClusteredNet, Difference, Split},
};

/// What themes are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// A stage of the journey.
    Stage(Stage),
    /// A pillar of the service.
    Pillar(Pillar),
    /// People, product or process.
    Factor(Factor),
}

/// Every facet, in the order they are shown.
const ALL: [Facet; 10] = [
    Facet::Stage(Stage::Before),
    Facet::Stage(Stage::During),
    Facet::Stage(Stage::After),
    Facet::Pillar(Pillar::Availability),
    Facet::Pillar(Pillar::Efficiency),
    Facet::Pillar(Pillar::Empathy),
    Facet::Pillar(Pillar::Personalisation),
    Facet::Factor(Factor::People),
    Facet::Factor(Factor::Product),
    Facet::Factor(Factor::Process),
];

/// A facet in the period.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetNumbers {
    /// Which.
    pub facet: Facet,
    /// Share of comments that name a theme of it, 0–1.
    pub share: Measured,
    /// Net sentiment of their mentions, −100 to 100.
    pub net: Measured,
}

/// All facets, and what is promised against what is lived.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// In the order they are shown; those nobody names are left out.
    pub facets: Vec<FacetNumbers>,
    /// Net sentiment during and after the purchase less that before it, in points; `None` where either is withheld.
    pub experience: Option<Difference>,
    /// Share of mentions of themes that the catalogue does not place, 0–1.
    pub unplaced: f64,
}

/// The facets of the period; `None` where nobody names a theme that the catalogue places.
pub(super) fn measure(windows: &Windows, is_told: &[bool], settings: &Settings) -> Option<Journey> {
    let facets_of: Vec<[bool; ALL.len()]> = (windows.analysis.themes.iter().zip(is_told))
        .map(|(theme, is_told)| {
            ALL.map(|facet| {
                theme
                    .traits
                    .filter(|_| *is_told)
                    .is_some_and(|traits| match facet {
                        Facet::Stage(stage) => traits.stage == stage,
                        Facet::Pillar(pillar) => traits.pillar == Some(pillar),
                        Facet::Factor(factor) => traits.factor == Some(factor),
                    })
            })
        })
        .collect();
    let splits = |record: &AnalyzedFeedback| {
        let mut splits = [Split::default(); ALL.len()];
        for mention in &record.mentions {
            let Some(is_in) = facets_of.get(mention.theme as usize) else {
                continue;
            };
            for (split, _) in splits.iter_mut().zip(is_in).filter(|(_, is_in)| **is_in) {
                count(split, mention.score);
            }
        }
        splits
    };
    let shares: [Measured; ALL.len()] = measured::all_over_windows(
        windows,
        settings,
        |shares: &mut [Proportion; ALL.len()], record| {
            if has_text(record) {
                let named = splits(record).map(|split| split.total() > 0);
                (shares.iter_mut().zip(named)).for_each(|(share, is_named)| share.add(is_named));
            }
        },
    );
    let nets: [Measured; ALL.len()] = measured::all_over_windows(
        windows,
        settings,
        |nets: &mut [ClusteredNet; ALL.len()], record| {
            (nets.iter_mut().zip(splits(record))).for_each(|(net, split)| net.add(split));
        },
    );
    let facets: Vec<FacetNumbers> = (ALL.into_iter().zip(shares).zip(nets))
        .map(|((facet, share), net)| FacetNumbers { facet, share, net })
        .filter(|numbers| numbers.net.current.n > 0)
        .collect();
    if facets.is_empty() {
        return None;
    }
    let (mut promise, mut lived) = (ClusteredNet::default(), ClusteredNet::default());
    let (mut unplaced, mut all) = (0_u64, 0_u64);
    for record in &windows.current {
        let [before, during, after, ..] = splits(record);
        promise.add(before);
        // A theme has one stage: nothing is counted twice.
        lived.add(Split {
            good: during.good + after.good,
            middle: during.middle + after.middle,
            bad: during.bad + after.bad,
        });
        for mention in &record.mentions {
            let theme = mention.theme as usize;
            if is_told.get(theme) == Some(&true) {
                all += 1;
                let is_placed = facets_of
                    .get(theme)
                    .is_some_and(|facets| facets.contains(&true));
                unplaced += u64::from(!is_placed);
            }
        }
    }
    Some(Journey {
        facets,
        experience: lived.compare(&promise, settings).difference,
        unplaced: if all > 0 {
            unplaced as f64 / all as f64
        } else {
            0.0
        },
    })
}

fn count(split: &mut Split, score: f32) {
    match Polarity::of(score) {
        Polarity::Positive => split.good += 1,
        Polarity::Neutral => split.middle += 1,
        Polarity::Negative => split.bad += 1,
    }
}
