//! What can be turned in the measuring.

use serde::{Deserialize, Serialize};

/// How numbers are measured. Every field has a default; unknown fields are refused.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A number on fewer observations is not shown: noise, and somebody may be recognised. From 1; default 10.
    pub minimum_base: u64,
    /// A number on fewer observations is marked "indicative". Not below `minimum_base`; default 30.
    pub indicative_base: u64,
    /// How many weeks charts show, the report's included. 2 to 53; default 12.
    pub chart_weeks: u32,
    /// A theme named by fewer records in the period is not said to rise. From 1; default 5.
    pub minimum_rising_records: u64,
    /// Expected share of false alarms among themes said to move, 0 to 1 (Benjamini–Hochberg). Default 0.10.
    pub false_discovery_rate: f64,
    /// How many comments' worth of "as everywhere else" each group starts with when it is compared with the rest: more asks
    /// for more evidence. From 1; default 500.
    pub keyness_prior: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            minimum_base: 10,
            indicative_base: 30,
            chart_weeks: 12,
            minimum_rising_records: 5,
            false_discovery_rate: 0.10,
            keyness_prior: 500.0,
        }
    }
}

impl Settings {
    /// Says which field is out of range and what the range is; nothing when all are in range.
    pub fn check(&self) -> Result<(), String> {
        let wrong =
            |field: &str, range: &str| Err(format!("{field} is out of range; write {range}"));
        if self.minimum_base < 1 {
            return wrong("minimum_base", "1 or more");
        }
        if self.indicative_base < self.minimum_base {
            return wrong("indicative_base", "a number not below minimum_base");
        }
        if !(2..=53).contains(&self.chart_weeks) {
            return wrong("chart_weeks", "2 to 53");
        }
        if self.minimum_rising_records < 1 {
            return wrong("minimum_rising_records", "1 or more");
        }
        if !(0.0..=1.0).contains(&self.false_discovery_rate) {
            return wrong("false_discovery_rate", "a number from 0 to 1");
        }
        if !(1.0..=1e9).contains(&self.keyness_prior) {
            return wrong("keyness_prior", "a number from 1 on");
        }
        Ok(())
    }
}
