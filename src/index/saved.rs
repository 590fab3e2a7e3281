//! Searches with a name, kept in the settings: asked again by hand, and watched by reports.

use crate::index::query::{Query, QueryError};
use serde::Deserialize;

/// A search with a name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedSearch {
    /// What people call it; not empty, and no other search has it.
    pub name: String,
    /// What it asks for, as on the command line.
    pub query: String,
    /// Whether reports show it among the watched topics; default true.
    #[serde(default = "yes")]
    pub watch: bool,
}

fn yes() -> bool {
    true
}

impl SavedSearch {
    /// Says what is wrong with the name or the query.
    pub fn check(&self) -> Result<(), String> {
        if self.name.trim().is_empty() {
            return Err("a search needs a name: name = \"App login\"".to_owned());
        }
        match self.query() {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("search \"{}\": {error}", self.name)),
        }
    }

    /// The query that it asks.
    pub fn query(&self) -> Result<Query, QueryError> {
        Query::parse(&self.query)
    }
}
