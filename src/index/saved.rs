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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_search_is_fine_when_it_has_a_name_and_asks_what_can_be_asked(name in "[ a\t]{0,3}", query in "[a-b\"()*~=:.<>1 ORNT-]{0,12}") {
            let search = SavedSearch { name: name.clone(), query: query.clone(), watch: true };
            let can_be_asked = Query::parse(&query).is_ok();
            prop_assert_eq!(search.check().is_ok(), !name.trim().is_empty() && can_be_asked);
            prop_assert_eq!(search.query().is_ok(), can_be_asked);
            if let (Err(reason), false) = (search.check(), name.trim().is_empty()) {
                prop_assert!(reason.contains(&name), "{}", reason);
            }
        }

        #[test]
        fn a_search_is_read_back_from_settings(name in "\\PC{0,9}", query in "\\PC{0,9}", watch in any::<bool>()) {
            let quoted = |text: &str| toml::Value::from(text).to_string();
            let text = format!("name = {}\nquery = {}\nwatch = {watch}\n", quoted(&name), quoted(&query));
            let read: SavedSearch = toml::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!((read.name, read.query, read.watch), (name, query, watch));
        }
    }
}
