//! The columns of JSON records, found record by record.

use super::{
    MOST_MEMBERS, is_turns_name,
    members::{DEEPEST_PATH, Object, parse, scalar},
    turns::turns_of,
};
use crate::ingest::{roles::SampledColumn, vocabulary::Vocabulary};
use std::collections::BTreeMap;

/// Columns of a sample, found record by record.
#[derive(Default)]
pub(in crate::ingest) struct Sampler {
    places: BTreeMap<String, usize>,
    columns: Vec<SampledColumn>,
    /// Records in which each column was a member.
    present: Vec<usize>,
    rows: usize,
}

impl Sampler {
    /// Adds a record; a broken one changes nothing.
    pub fn add(&mut self, row: &str, vocabulary: &Vocabulary) {
        let Ok(object) = parse(row) else { return };
        self.add_members(&object, "", 0, vocabulary);
        self.rows += 1;
    }

    fn add_members(
        &mut self,
        object: &Object<'_>,
        path: &str,
        depth: u32,
        vocabulary: &Vocabulary,
    ) {
        for (name, value) in &object.0 {
            let value = value.get();
            let is_object = value.starts_with('{');
            if is_object
                && depth < DEEPEST_PATH
                && let Ok(inner) = serde_json::from_str::<Object<'_>>(value)
            {
                self.add_members(&inner, &format!("{path}{name}."), depth + 1, vocabulary);
                continue;
            }
            let Ok(cell) = scalar(value) else { continue };
            let at = self.place(format!("{path}{name}"));
            let Some(at) = at else { continue };
            self.present[at] += 1;
            let column = &mut self.columns[at];
            let is_conversation =
                is_turns_name(name, vocabulary) && turns_of(value, vocabulary).is_some();
            column.turns += usize::from(is_conversation);
            column.cells.resize(self.rows, Box::default());
            column.cells.push(cell.unwrap_or_default().into());
        }
    }

    /// The place of a column; `None` when there are too many to be columns.
    fn place(&mut self, name: String) -> Option<usize> {
        if let Some(&at) = self.places.get(&name) {
            return Some(at);
        }
        if self.columns.len() == MOST_MEMBERS {
            return None;
        }
        self.columns.push(SampledColumn {
            name: name.clone(),
            ..SampledColumn::default()
        });
        self.present.push(0);
        self.places.insert(name, self.columns.len() - 1);
        Some(self.columns.len() - 1)
    }

    /// The columns, and the names of those that at least half of the records have.
    pub fn finish(self) -> (Vec<SampledColumn>, usize, Vec<String>) {
        let usual = self
            .columns
            .iter()
            .zip(&self.present)
            .filter(|(_, present)| **present * 2 >= self.rows);
        let usual = usual.map(|(column, _)| column.name.clone()).collect();
        (self.columns, self.rows, usual)
    }
}
