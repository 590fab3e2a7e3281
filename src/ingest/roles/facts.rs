//! What the cells of a column look like.

use super::{Sample, SampledColumn};
use crate::ingest::{
    dates::{self, Reading, Zones},
    numbers,
    vocabulary::{Speaker, Vocabulary},
};
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::xxh3_64;

/// What the cells of a column look like. Shares are of the filled cells, 0 to 1.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub plain: String,
    pub last_part: Option<String>,
    pub filled: usize,
    pub distinct: usize,
    /// Letters of a cell, averaged over all rows.
    pub letters: f64,
    /// Words of a filled cell, on average.
    pub words: f64,
    pub mean_bytes: f64,
    pub lettered: f64,
    pub links: f64,
    pub dates: f64,
    pub bare_numbers: f64,
    pub hours_in_dates: f64,
    pub times: f64,
    pub marks: f64,
    pub integers: f64,
    /// Sums of money, and plain numbers.
    pub amounts: f64,
    pub lowest: f64,
    pub highest: f64,
    pub known_speakers: f64,
    /// Cells that end in the same two words as most others do.
    pub common_end: f64,
}

impl Facts {
    /// True when such a share of the filled cells is enough for a role: four in five, or all but one of a few.
    pub fn are_mostly(&self, share: f64) -> bool {
        let others = (1.0 - share) * self.filled as f64;
        self.filled > 0 && (share >= 0.8 || self.filled >= 3 && others < 1.5)
    }
}

pub(super) fn facts(
    column: &SampledColumn,
    rows: usize,
    vocabulary: &Vocabulary,
    zones: &Zones,
) -> Facts {
    let plain = vocabulary.plain(&column.name);
    let last_part = column
        .name
        .rsplit_once('.')
        .map(|(_, last)| vocabulary.plain(last));
    let mut counts = Facts {
        lowest: f64::INFINITY,
        highest: f64::NEG_INFINITY,
        ..Facts::default()
    };
    let mut seen = BTreeSet::new();
    let mut letters = 0;
    let mut ends: BTreeMap<[&str; 2], usize> = BTreeMap::new();
    for cell in column
        .cells
        .iter()
        .map(|cell| vocabulary.filled(cell))
        .filter(|cell| !cell.is_empty())
    {
        counts.filled += 1;
        seen.insert(cell);
        // Long texts are judged by their beginning.
        let cell_letters = cell
            .chars()
            .take(4000)
            .filter(|c| c.is_alphabetic())
            .count();
        letters += cell_letters;
        counts.mean_bytes += cell.len() as f64;
        counts.words += cell
            .split_whitespace()
            .take(400)
            .filter(|word| word.contains(char::is_alphabetic))
            .count() as f64;
        counts.lettered += f64::from(u8::from(cell_letters > 0));
        counts.links += f64::from(u8::from(
            cell.starts_with("http://") || cell.starts_with("https://") || cell.starts_with("www."),
        ));
        let mut from_end = cell.rsplitn(3, ' ');
        if let (Some(last), Some(before), Some(_)) =
            (from_end.next(), from_end.next(), from_end.next())
        {
            *ends.entry([before, last]).or_default() += 1;
        }
        match dates::read(cell, vocabulary, zones) {
            Reading::Unreadable => {}
            reading => {
                counts.dates += 1.0;
                counts.bare_numbers += f64::from(u8::from(dates::is_bare_number(cell)));
                let has_hours = match reading {
                    Reading::Moment(instant) => instant.moment.has_time,
                    Reading::Numeric(numeric) => numeric.has_hours(),
                    _ => false,
                };
                counts.hours_in_dates += f64::from(u8::from(has_hours));
            }
        }
        counts.times += f64::from(u8::from(dates::read_time(cell).is_some()));
        counts.amounts += f64::from(u8::from(numbers::amount(cell).is_some()));
        if let Some(mark) = numbers::mark(cell, vocabulary) {
            counts.marks += 1.0;
            counts.integers += f64::from(u8::from(mark.value.fract() == 0.0));
            counts.lowest = counts.lowest.min(mark.value);
            counts.highest = counts.highest.max(mark.value);
        }
        let is_yes_or_no = ["true", "false", "yes", "no", "oui", "non", "0", "1"]
            .iter()
            .any(|word| cell.eq_ignore_ascii_case(word));
        let speaks = &vocabulary.speaker;
        let is_flag =
            speaks.true_is_customer.contains(&plain) || speaks.true_is_agent.contains(&plain);
        let is_known = if is_flag {
            is_yes_or_no
        } else {
            vocabulary.speaker(cell) != Speaker::Unknown
        };
        counts.known_speakers += f64::from(u8::from(is_known));
    }
    let filled = counts.filled.max(1) as f64;
    for share in [
        &mut counts.mean_bytes,
        &mut counts.words,
        &mut counts.lettered,
        &mut counts.links,
        &mut counts.dates,
        &mut counts.bare_numbers,
        &mut counts.hours_in_dates,
        &mut counts.times,
        &mut counts.marks,
        &mut counts.integers,
        &mut counts.amounts,
        &mut counts.known_speakers,
    ] {
        *share /= filled;
    }
    Facts {
        plain,
        last_part,
        distinct: seen.len(),
        letters: letters as f64 / rows.max(1) as f64,
        common_end: ends
            .values()
            .max()
            .map_or(0.0, |most| *most as f64 / filled),
        ..counts
    }
}

pub(super) fn cell(column: &SampledColumn, row: usize) -> &str {
    column.cells.get(row).map_or("", |cell| cell)
}

pub(super) fn row_hash(sample: &Sample, row: usize) -> u64 {
    let mut joined = String::new();
    for column in &sample.columns {
        joined.push_str(cell(column, row));
        joined.push('\u{1f}');
    }
    xxh3_64(joined.as_bytes())
}
