//! What was erased on request, so that reading the same files again brings nothing back. Holds no name and no word of it.

use crate::{
    feedback::{Feedback, FileBalance},
    privacy::Key,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Records that may not come back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Erased {
    /// Pseudonyms of the keys of erased records, sorted.
    keys: Vec<String>,
    /// Records before this day are gone.
    #[serde(with = "day")]
    before: Option<Date>,
}

/// A day as text.
mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(serializer)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom))
            .transpose()
    }
}

impl Erased {
    /// Adds records by their keys.
    pub fn add(&mut self, keys: &[String], secret: &Key) {
        self.keys
            .extend(keys.iter().map(|key| secret.pseudonym(key)));
        self.keys.sort_unstable();
        self.keys.dedup();
    }

    /// Adds all records before a day.
    pub fn add_before(&mut self, day: Date) {
        self.before = self.before.max(Some(day));
    }

    /// True for a record that was erased.
    pub fn holds(&self, feedback: &Feedback, secret: &Key) -> bool {
        let is_before = |day: Date| {
            let moment = feedback.moment;
            moment.is_some_and(|moment| moment.local.date() < day)
        };
        self.before.is_some_and(is_before)
            || (!self.keys.is_empty()
                && self
                    .keys
                    .binary_search(&secret.pseudonym(&feedback.key))
                    .is_ok())
    }

    /// Leaves out of what came in what was erased, and counts it as such in the files' balances.
    pub fn leave_out(&self, feedback: &mut Vec<Feedback>, files: &mut [FileBalance], secret: &Key) {
        if *self == Self::default() {
            return;
        }
        feedback.retain(|record| {
            let is_erased = self.holds(record, secret);
            if is_erased {
                count(files, record);
            }
            !is_erased
        });
    }
}

/// Moves a row of a file's balance from the accepted to the erased ones.
pub fn count(files: &mut [FileBalance], record: &Feedback) {
    if let Some(file) = (files.iter_mut()).find(|file| file.file == record.origin.file)
        && file.accepted > 0
    {
        file.accepted -= 1;
        file.empty += 1;
        file.left_out.erased += 1;
    }
}
