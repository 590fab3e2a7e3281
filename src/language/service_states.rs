//! What help desks call the states of a ticket, and which of them mean that it is resolved: `service_states.tsv`.

use super::lexicon::rows;
use crate::{
    error::{Error, Result},
    text::{fold, lower},
};
use std::collections::BTreeMap;

/// What a state says of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceState {
    /// Nothing is left to do.
    Resolved,
    /// Somebody still has to do something.
    Open,
}

/// The states we know, in French, in English and in the words of the vendors.
#[derive(Clone, Debug, Default)]
pub struct ServiceStates(BTreeMap<String, ServiceState>);

const TABLE: &str = include_str!("../../lexicons/service_states.tsv");

impl ServiceStates {
    /// Reads the embedded table.
    pub fn embedded() -> Self {
        Self::read(TABLE, "lexicons/service_states.tsv").expect("a test reads the embedded table")
    }

    /// Reads and verifies a table: states that stand once, meanings we know. The error names file and line.
    pub fn read(table: &str, place: &str) -> Result<Self> {
        let mut states = BTreeMap::new();
        for row in rows(table, &["state", "means", "note"], place)? {
            let wrong = |reason: String| Error::Settings {
                place: format!("{place}:{}", row.line),
                reason,
            };
            let means = match row.cells[1] {
                "resolved" => ServiceState::Resolved,
                "open" => ServiceState::Open,
                other => {
                    return Err(wrong(format!(
                        "\"{other}\" is no meaning of a state; write resolved or open"
                    )));
                }
            };
            if states.insert(plain(row.cells[0]), means).is_some() {
                return Err(wrong(format!("\"{}\" stands twice", row.cells[0])));
            }
        }
        Ok(Self(states))
    }

    /// What a state means, whatever its case, accents, hyphens and underscores; `None` for one that is not in the table.
    pub fn meaning(&self, state: &str) -> Option<ServiceState> {
        self.0.get(&plain(state)).copied()
    }
}

/// `On-Hold` and `on_hold` are `on hold`.
fn plain(state: &str) -> String {
    let lower = lower(state).replace(['-', '_'], " ");
    let folded = fold(&lower);
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_known_however_they_are_written() {
        let states = ServiceStates::embedded();
        let check = |state: &str, means| assert_eq!(states.meaning(state), means, "{state}");
        check("Solved", Some(ServiceState::Resolved));
        check("CLOSED", Some(ServiceState::Resolved));
        check("Résolu", Some(ServiceState::Resolved));
        check("resolue", Some(ServiceState::Resolved));
        check(" clôturé ", Some(ServiceState::Resolved));
        check("On-hold", Some(ServiceState::Open));
        check("IN_PROGRESS", Some(ServiceState::Open));
        check("En  cours", Some(ServiceState::Open));
        check("non résolu", Some(ServiceState::Open));
        check("Unresolved", Some(ServiceState::Open));
        check("phase 3", None);
        check("", None);
    }

    #[test]
    fn what_is_wrong_with_a_table_is_said() {
        let check = |row: &str, says: &str| {
            let table = format!("state\tmeans\tnote\n{row}\n");
            let error = ServiceStates::read(&table, "states.tsv").unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        };
        check("solved\tdone\t", "no meaning");
        check("solved\tresolved\t\nSOLVED\topen\t", "states.tsv:3");
    }

    #[test]
    fn the_table_is_in_order() {
        let states: Vec<&str> = TABLE
            .lines()
            .skip(1)
            .filter_map(|row| row.split('\t').next())
            .collect();
        assert!(states.is_sorted());
    }
}
