//! What can be turned in the measuring.

use crate::business_hours::BusinessHours;
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
    /// A contact this many days after an earlier one of the same customer is a repeat. 1 to 90; default 7.
    pub repeat_days: u32,
    /// Share of revenue that is left once the costs are paid, 0 to 1. No default: without it no customer lifetime value.
    pub margin: Option<f64>,
    /// What money loses over one period, as a share. 0 to 1; default 0.
    pub discount_rate: f64,
    /// When somebody is there to answer; then times of service count these hours only. Default: every hour counts.
    pub business_hours: Option<BusinessHours>,
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
            repeat_days: 7,
            margin: None,
            discount_rate: 0.0,
            business_hours: None,
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
        if !(1..=90).contains(&self.repeat_days) {
            return wrong("repeat_days", "1 to 90");
        }
        if self
            .margin
            .is_some_and(|margin| !(0.0..=1.0).contains(&margin))
        {
            return wrong("margin", "a share from 0 to 1");
        }
        if !(0.0..=1.0).contains(&self.discount_rate) {
            return wrong("discount_rate", "a share from 0 to 1");
        }
        if let Some(hours) = &self.business_hours {
            hours.check()?;
        }
        if !(1.0..=1e9).contains(&self.keyness_prior) {
            return wrong("keyness_prior", "a number from 1 on");
        }
        Ok(())
    }
}
