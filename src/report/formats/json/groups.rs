//! Wire structs of groups: channels, journey, segments; and of cases to treat one by one.

use super::{
    super::super::{Story, sections},
    Measure, measure, round, round_chance,
};
use crate::{
    language::concepts::{Factor, Pillar, Stage},
    metrics::{Facet, Grouping, KeyTheme},
    statistics::Difference,
};
use serde::Serialize;

/// A difference with its interval.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Gap {
    value: f64,
    low: f64,
    high: f64,
    p: f64,
}

fn gap(difference: Difference) -> Gap {
    Gap {
        value: round(difference.value),
        low: round(difference.interval.low),
        high: round(difference.interval.high),
        p: round_chance(difference.p),
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Coherence<'a> {
    /// Channel, or null for all the rest; and its comments.
    channels: Vec<(Option<&'a str>, u64)>,
    themes: Vec<CoherenceTheme<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CoherenceTheme<'a> {
    id: &'a str,
    cells: Vec<ChannelCell>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ChannelCell {
    records: u64,
    complaints: Option<f64>,
    /// Complaints here less those in all other channels.
    gap: Option<Gap>,
    q: Option<f64>,
    is_told: bool,
}

pub(super) fn coherence<'a>(story: &Story<'a>) -> Option<Coherence<'a>> {
    let coherence = story.numbers.coherence.as_ref()?;
    let themes = coherence
        .themes
        .iter()
        .enumerate()
        .map(|(row, (theme, cells))| {
            let cell = |(column, cell): (usize, &crate::metrics::ChannelCell)| ChannelCell {
                records: cell.records,
                complaints: cell.complaints.value.map(round),
                gap: cell.gap.map(gap),
                q: cell.q.map(round_chance),
                is_told: coherence.gaps.contains(&(row, column)),
            };
            CoherenceTheme {
                id: &story.analysis.themes[*theme].id,
                cells: cells.iter().enumerate().map(cell).collect(),
            }
        });
    Some(Coherence {
        channels: (coherence.channels.iter())
            .map(|(name, records)| (name.as_deref(), *records))
            .collect(),
        themes: themes.collect(),
    })
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Journey {
    facets: Vec<FacetOfJourney>,
    /// Net sentiment during and after the purchase less that before it.
    experience: Option<Gap>,
    unplaced: f64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FacetOfJourney {
    facet: &'static str,
    share: Measure,
    net_sentiment: Measure,
}

pub(super) fn journey(story: &Story) -> Option<Journey> {
    let journey = story.numbers.journey.as_ref()?;
    Some(Journey {
        facets: (journey.facets.iter())
            .map(|one| FacetOfJourney {
                facet: match one.facet {
                    Facet::Stage(Stage::Before) => "before",
                    Facet::Stage(Stage::During) => "during",
                    Facet::Stage(Stage::After) => "after",
                    Facet::Pillar(Pillar::Availability) => "availability",
                    Facet::Pillar(Pillar::Efficiency) => "efficiency",
                    Facet::Pillar(Pillar::Empathy) => "empathy",
                    Facet::Pillar(Pillar::Personalisation) => "personalisation",
                    Facet::Factor(Factor::People) => "people",
                    Facet::Factor(Factor::Product) => "product",
                    Facet::Factor(Factor::Process) => "process",
                },
                share: measure(&one.share),
                net_sentiment: measure(&one.net),
            })
            .collect(),
        experience: journey.experience.map(gap),
        unplaced: round(journey.unplaced),
    })
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Segment<'a> {
    /// `product`, `channel`, `language`, `segment`, or `column:` and the name of an input column.
    column: String,
    withheld: u64,
    groups: Vec<SegmentGroup<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SegmentGroup<'a> {
    value: &'a str,
    records: u64,
    net_sentiment: Option<f64>,
    score: Option<f64>,
    complaints: Vec<Key<'a>>,
    praise: Vec<Key<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Key<'a> {
    id: &'a str,
    records: u64,
    z: f64,
    q: f64,
}

pub(super) fn segments<'a>(story: &Story<'a>) -> Vec<Segment<'a>> {
    let keys = |keys: &[KeyTheme]| -> Vec<Key<'a>> {
        keys.iter()
            .map(|key| Key {
                id: &story.analysis.themes[key.theme].id,
                records: key.records,
                z: round(key.z),
                q: round_chance(key.q),
            })
            .collect()
    };
    (story.numbers.segments.iter())
        .map(|column| Segment {
            column: match &column.grouping {
                Grouping::Product => "product".to_owned(),
                Grouping::Channel => "channel".to_owned(),
                Grouping::Language => "language".to_owned(),
                Grouping::Segment => "segment".to_owned(),
                Grouping::Column(name) => format!("column:{name}"),
            },
            withheld: column.withheld,
            groups: (column.groups.iter())
                .map(|group| SegmentGroup {
                    value: &group.value,
                    records: group.records,
                    net_sentiment: group.net.value.map(round),
                    score: group.score.and_then(|score| score.value).map(round),
                    complaints: keys(&group.complaints),
                    praise: keys(&group.praise),
                })
                .collect(),
        })
        .collect()
}

/// A record that somebody should answer.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Case<'a> {
    kind: &'static str,
    id: &'a str,
    source: String,
    date: Option<String>,
    channel: Option<&'a str>,
    /// The words that say so, in the record's stored text, in bytes.
    start: u32,
    end: u32,
}

pub(super) fn cases<'a>(story: &Story<'a>) -> Vec<Case<'a>> {
    sections::cases(story)
        .into_iter()
        .map(|case| {
            let feedback = &case.record.feedback;
            Case {
                kind: case.kind.name(),
                id: feedback.id(),
                source: feedback.place().to_string(),
                date: feedback
                    .moment
                    .map(|moment| moment.local.date().to_string()),
                channel: feedback.channel.as_deref(),
                start: case.cue.start,
                end: case.cue.end,
            }
        })
        .collect()
}
