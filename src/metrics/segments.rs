//! Segments: who says what. For each value of a grouping column, the themes complained about and praised more there than in the rest,
//! by weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008); false alarms after Benjamini & Hochberg.

use super::{Estimate, LeadScore, Settings, has_text, measured::Evidence, windows::Windows};
use crate::{
    analysis::AnalyzedFeedback,
    sentiment::Polarity,
    statistics::{Moments, Split, Z95, benjamini_hochberg, log_odds, two_sided_p},
};
use rustc_hash::FxHashMap;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// Records looked at to tell which input columns group customers.
const LOOKED_AT: usize = 2000;

/// Distinct values a grouping column has.
const FEWEST_VALUES: usize = 2;
const MOST_VALUES: usize = 30;

/// Longest value, in characters: longer ones are sentences.
const LONGEST_VALUE: usize = 60;

/// Records with a value, of those looked at: a column with fewer tells of few.
const FILLED: f64 = 0.5;

/// Columns told of, and values of each.
const MOST_COLUMNS: usize = 4;

/// Themes told of a value, of each tone.
const MOST_THEMES: usize = 3;

/// Which column groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// What the feedback is about.
    Product,
    /// How it came.
    Channel,
    /// The language it is written in.
    Language,
    /// The group of customers, as given.
    Segment,
    /// An input column, by its name.
    Column(String),
}

/// A theme over-represented in a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyTheme {
    /// Position in [`crate::analysis::Analysis::themes`].
    pub theme: usize,
    /// Comments of the group that complain about it, or praise it.
    pub records: u64,
    /// The log-odds by their standard error; 1.96 or more.
    pub z: f64,
    /// False discovery rate at which it passes among all of the column.
    pub q: f64,
}

/// One value of a grouping column.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The value, as given.
    pub value: String,
    /// Its records in the period.
    pub records: u64,
    /// Net sentiment of its comments, −100 to 100.
    pub net: Estimate,
    /// Mean of the lead score, where customers gave one; in its unit.
    pub score: Option<Estimate>,
    /// Themes complained about more than in the rest, surest first.
    pub complaints: Vec<KeyTheme>,
    /// Themes praised more than in the rest.
    pub praise: Vec<KeyTheme>,
}

/// A grouping column with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentColumn {
    /// Which column.
    pub grouping: Grouping,
    /// Values with enough records, most records first.
    pub groups: Vec<Group>,
    /// Values withheld for having too few.
    pub withheld: u64,
}

/// What is counted of a value.
#[derive(Clone, Default)]
struct Tally {
    records: u64,
    comments: u64,
    split: Split,
    score: Moments,
    /// By theme: comments that complain, and that praise.
    themes: Vec<(u32, u32)>,
}

/// The grouping columns of the period, those of roles first; empty where nothing groups.
pub(super) fn measure(
    windows: &Windows,
    lead: LeadScore,
    is_told: &[bool],
    settings: &Settings,
) -> Vec<SegmentColumn> {
    let mut found = Vec::new();
    let files = windows.analysis.files.iter();
    let roles: BTreeSet<&str> = files
        .flat_map(|file| file.roles.iter().map(|(_, column)| column.as_str()))
        .collect();
    for grouping in groupings(&windows.current, &roles) {
        if found.len() == MOST_COLUMNS {
            break;
        }
        found.extend(column(windows, grouping, lead, is_told, settings));
    }
    found
}

/// Columns worth a look: the roles, then input columns with few values.
/// What a column has a role for is told elsewhere.
fn groupings(records: &[&AnalyzedFeedback], roles: &BTreeSet<&str>) -> Vec<Grouping> {
    let mut found = vec![
        Grouping::Product,
        Grouping::Segment,
        Grouping::Channel,
        Grouping::Language,
    ];
    let looked_at = &records[..records.len().min(LOOKED_AT)];
    let mut values: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for record in looked_at {
        let columns: BTreeMap<Cow<'_, str>, serde_json::Value> =
            serde_json::from_str(&record.feedback.columns).unwrap_or_default();
        for (name, value) in columns {
            let serde_json::Value::String(value) = value else {
                continue;
            };
            let of_column = values.entry(name.into_owned()).or_default();
            if !value.trim().is_empty() && of_column.len() <= MOST_VALUES {
                *of_column.entry(value.trim().to_owned()).or_default() += 1;
            }
        }
    }
    let is_word = |value: &String| {
        value.chars().count() <= LONGEST_VALUE
            && value.chars().any(char::is_alphabetic)
            && value.parse::<jiff::civil::Date>().is_err()
    };
    let groups = |column: &BTreeMap<String, usize>| {
        let filled: usize = column.values().sum();
        (FEWEST_VALUES..=MOST_VALUES).contains(&column.len())
            && filled as f64 >= FILLED * looked_at.len() as f64
            // As many values as records name records, not groups.
            && column.len() * 3 <= filled
            && column.keys().all(is_word)
    };
    for (name, column) in values {
        if groups(&column) && !roles.contains(name.as_str()) {
            found.push(Grouping::Column(name));
        }
    }
    found
}

/// The value of a record in a column; `None` where it has none.
fn value_of<'r>(record: &'r AnalyzedFeedback, grouping: &Grouping) -> Option<Cow<'r, str>> {
    let feedback = &record.feedback;
    match grouping {
        Grouping::Product => feedback.product.as_deref().map(Cow::Borrowed),
        Grouping::Channel => feedback.channel.as_deref().map(Cow::Borrowed),
        Grouping::Language => Some(Cow::Borrowed(record.language.code())),
        Grouping::Segment => (feedback.service.as_ref())
            .and_then(|service| service.segment.as_deref())
            .map(Cow::Borrowed),
        Grouping::Column(name) => {
            let columns: FxHashMap<Cow<'_, str>, serde_json::Value> =
                serde_json::from_str(&feedback.columns).ok()?;
            match columns.get(name.as_str())? {
                serde_json::Value::String(value) => Some(Cow::Owned(value.trim().to_owned())),
                _ => None,
            }
        }
    }
}

fn column(
    windows: &Windows,
    grouping: Grouping,
    lead: LeadScore,
    is_told: &[bool],
    settings: &Settings,
) -> Option<SegmentColumn> {
    let known = is_told.len();
    let fresh = || Tally {
        themes: vec![(0, 0); known],
        ..Tally::default()
    };
    let mut place: FxHashMap<String, usize> = FxHashMap::default();
    let mut tallies: Vec<(String, Tally)> = Vec::new();
    for record in &windows.current {
        let Some(value) = value_of(record, &grouping).filter(|value| !value.is_empty()) else {
            continue;
        };
        let position = match place.get(&*value) {
            Some(position) => *position,
            None => {
                let position = tallies.len();
                // Names of one record each group nobody, and would fill the memory.
                if position > 50 * MOST_VALUES {
                    return None;
                }
                place.insert(value.clone().into_owned(), position);
                tallies.push((value.into_owned(), fresh()));
                position
            }
        };
        add(&mut tallies[position].1, record, lead);
    }
    tallies.sort_by(|a, b| b.1.records.cmp(&a.1.records).then(a.0.cmp(&b.0)));
    let told = (tallies.iter())
        .take_while(|(_, tally)| tally.records >= settings.minimum_base)
        .count();
    if told < FEWEST_VALUES {
        return None;
    }
    let mut all = fresh();
    for (_, tally) in &tallies {
        all.comments += tally.comments;
        for (sum, one) in all.themes.iter_mut().zip(&tally.themes) {
            sum.0 += one.0;
            sum.1 += one.1;
        }
    }
    let withheld = (tallies.len() - told) as u64;
    tallies.truncate(told.min(MOST_VALUES));
    let keys = key_themes(&tallies, &all, is_told, settings);
    let groups = tallies
        .into_iter()
        .zip(keys)
        .map(|((value, tally), [complaints, praise])| {
            let score = lead.is_given().then(|| tally.score.estimate(settings));
            Group {
                value,
                records: tally.records,
                net: tally.split.estimate(settings),
                score,
                complaints,
                praise,
            }
        });
    Some(SegmentColumn {
        grouping,
        groups: groups.collect(),
        withheld,
    })
}

fn add(tally: &mut Tally, record: &AnalyzedFeedback, lead: LeadScore) {
    tally.records += 1;
    if let Some(value) = lead.value(record) {
        tally.score.add(value);
    }
    if !has_text(record) {
        return;
    }
    tally.comments += 1;
    match record.polarity() {
        Polarity::Positive => tally.split.good += 1,
        Polarity::Neutral => tally.split.middle += 1,
        Polarity::Negative => tally.split.bad += 1,
    }
    for theme in record.themes() {
        let Some(count) = tally.themes.get_mut(theme as usize) else {
            continue;
        };
        let says = |polarity| {
            let of_theme = record
                .mentions
                .iter()
                .filter(|mention| mention.theme == theme);
            u32::from(
                of_theme
                    .map(|mention| Polarity::of(mention.score))
                    .any(|one| one == polarity),
            )
        };
        count.0 += says(Polarity::Negative);
        count.1 += says(Polarity::Positive);
    }
}

/// Of each value, the themes complained about and praised more than in the rest; all of a column are tested together.
fn key_themes(
    tallies: &[(String, Tally)],
    all: &Tally,
    is_told: &[bool],
    settings: &Settings,
) -> Vec<[Vec<KeyTheme>; 2]> {
    let mut tested: Vec<(usize, usize, KeyTheme)> = Vec::new();
    for (position, (_, tally)) in tallies.iter().enumerate() {
        let (here, elsewhere) = (
            tally.comments as f64,
            (all.comments - tally.comments) as f64,
        );
        for theme in (0..is_told.len()).filter(|theme| is_told[*theme]) {
            let counts = |tally: &Tally| [tally.themes[theme].0, tally.themes[theme].1];
            for (tone, (count, of_all)) in counts(tally).into_iter().zip(counts(all)).enumerate() {
                if u64::from(count) < settings.minimum_rising_records {
                    continue;
                }
                let rest = f64::from(of_all - count);
                let prior = settings.keyness_prior * f64::from(of_all) / all.comments as f64;
                let odds = log_odds(
                    (f64::from(count), here),
                    (rest, elsewhere),
                    prior,
                    settings.keyness_prior,
                );
                tested.extend(odds.map(|odds| {
                    let key = KeyTheme {
                        theme,
                        records: count.into(),
                        z: odds.z,
                        q: two_sided_p(odds.z),
                    };
                    (position, tone, key)
                }));
            }
        }
    }
    let q = benjamini_hochberg(&tested.iter().map(|one| one.2.q).collect::<Vec<_>>());
    let mut found = vec![[Vec::new(), Vec::new()]; tallies.len()];
    for ((position, tone, key), q) in tested.into_iter().zip(q) {
        if key.z >= Z95 && q <= settings.false_discovery_rate {
            found[position][tone].push(KeyTheme { q, ..key });
        }
    }
    for keys in found.iter_mut().flatten() {
        keys.sort_by(|a, b| b.z.total_cmp(&a.z).then(a.theme.cmp(&b.theme)));
        keys.truncate(MOST_THEMES);
    }
    found
}
