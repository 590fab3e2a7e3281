//! What can be turned in the telling.

use serde::{Deserialize, Serialize};

/// How much a report shows. Every field has a default; unknown fields are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Quotes under each theme. 0 to 10; default 2.
    pub quotes_per_theme: usize,
    /// Themes in each table. 1 to 100; default 10.
    pub themes_shown: usize,
    /// Lines at a glance. 1 to 20; default 5.
    pub glance_lines: usize,
    /// Refused rows printed in the page; the rest is in `rejects.csv`. 0 to 1000; default 20.
    pub rejects_shown: usize,
    /// Cases to treat one by one printed in the page; the rest is in `report.json`. 0 to 1000; default 20.
    pub cases_shown: usize,
    /// A quote shorter than this many characters is taken only when nothing longer exists. Default 30.
    pub quote_shortest: usize,
    /// A quote is cut at a word so that it stays within this many characters. 60 to 2000; default 240.
    pub quote_longest: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            quotes_per_theme: 2,
            themes_shown: 10,
            glance_lines: 5,
            rejects_shown: 20,
            cases_shown: 20,
            quote_shortest: 30,
            quote_longest: 240,
        }
    }
}

impl Settings {
    /// Says which field is out of range and what the range is; nothing when all are in range.
    pub fn check(&self) -> Result<(), String> {
        let fields = [
            ("quotes_per_theme", self.quotes_per_theme, 0, 10),
            ("themes_shown", self.themes_shown, 1, 100),
            ("glance_lines", self.glance_lines, 1, 20),
            ("rejects_shown", self.rejects_shown, 0, 1000),
            ("cases_shown", self.cases_shown, 0, 1000),
            ("quote_longest", self.quote_longest, 60, 2000),
            ("quote_shortest", self.quote_shortest, 0, self.quote_longest),
        ];
        match fields
            .iter()
            .find(|(_, value, low, high)| value < low || value > high)
        {
            Some((field, _, low, high)) => {
                Err(format!("{field} is out of range; write {low} to {high}"))
            }
            None => Ok(()),
        }
    }
}
