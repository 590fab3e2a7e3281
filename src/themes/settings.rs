//! What can be turned in the search for themes.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::{ops::RangeInclusive, path::PathBuf};

/// How the themes are looked for. The default values suit a week of reviews as well as a year of tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether themes of an embedded catalogue are looked for before new ones are found. Default true.
    ///
    /// With the catalogue, `count` is the number of themes that are found beside those it names.
    pub catalogue: bool,
    /// Folder of a static embedding model that says which words are alike, in place of the tables' own: a `tokenizer.json`
    /// and a `model.safetensors` as Model2Vec writes them. A relative path starts at the workspace. Default none.
    pub embedding: Option<PathBuf>,
    /// How many themes: `"auto"` lets the data choose; a number, 1 to 1000, asks for that many. Default `"auto"`.
    ///
    /// A number is reached whenever that many units differ from each other and name something.
    pub count: Count,
    /// Most themes that `"auto"` may choose; 1 to 200, default 60.
    pub at_most: usize,
    /// Starts the series of chance the search draws from; any number, default 1.
    pub seed: u64,
    /// Most units the themes are learnt from; 1000 to 10,000,000, default 20,000.
    ///
    /// All units get a theme whatever this is. Time and memory of the learning grow with it.
    pub sample: usize,
    /// Least cosine between a unit and its theme; 0 to 1, default 0.1. Units below get no theme.
    pub minimum_strength: f32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            catalogue: true,
            embedding: None,
            count: Count::Auto,
            at_most: 60,
            seed: 1,
            sample: 20_000,
            minimum_strength: 0.1,
        }
    }
}

impl Settings {
    /// Refuses values out of range, naming the first one.
    pub fn validate(&self) -> Result<()> {
        if let Count::Exactly(count) = self.count {
            within("themes.count", count, 1..=1000)?;
        }
        within("themes.at_most", self.at_most, 1..=200)?;
        within("themes.sample", self.sample, 1000..=10_000_000)?;
        within("themes.minimum_strength", self.minimum_strength, 0.0..=1.0)
    }
}

/// A number of themes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Count {
    /// As many as the data tell apart clearly.
    #[default]
    Auto,
    /// This many, where the data can.
    Exactly(usize),
}

/// A count as settings files write it.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "count is neither \"auto\" nor a whole number")]
enum Written {
    Number(usize),
    Word(String),
}

impl TryFrom<Written> for Count {
    type Error = String;

    fn try_from(written: Written) -> std::result::Result<Count, String> {
        match written {
            Written::Number(count) => Ok(Count::Exactly(count)),
            Written::Word(word) if word == "auto" => Ok(Count::Auto),
            Written::Word(word) => Err(format!(
                "count is {word:?}; write \"auto\" or a whole number"
            )),
        }
    }
}

impl From<Count> for Written {
    fn from(count: Count) -> Written {
        match count {
            Count::Auto => Written::Word("auto".to_owned()),
            Count::Exactly(count) => Written::Number(count),
        }
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    place: &str,
    value: T,
    range: RangeInclusive<T>,
) -> Result<()> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(Error::Settings {
        place: place.to_owned(),
        reason: format!(
            "{value} is out of range; write a value from {} to {}",
            range.start(),
            range.end()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_auto_or_a_number() {
        let check = |text: &str, count: Option<Count>| {
            assert_eq!(
                toml::from_str::<Settings>(text)
                    .ok()
                    .map(|settings| settings.count),
                count,
                "{text}"
            );
        };
        check("", Some(Count::Auto));
        check("count = \"auto\"", Some(Count::Auto));
        check("count = 12", Some(Count::Exactly(12)));
        check("count = \"many\"", None);
        check("count = -1", None);
        check("number = 12", None);
    }

    #[test]
    fn settings_are_written_as_they_are_read() {
        for count in [Count::Auto, Count::Exactly(7)] {
            let settings = Settings {
                count,
                ..Settings::default()
            };
            let text = toml::to_string(&settings).expect("settings are a plain table");
            assert_eq!(
                toml::from_str::<Settings>(&text).expect("just written"),
                settings
            );
        }
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        let check = |text: &str, message: &str| {
            let settings: Settings = toml::from_str(text).expect("a table of settings");
            let answer = settings.validate().err().map(|error| error.to_string());
            assert_eq!(answer.unwrap_or_default(), message);
        };
        check("", "");
        check(
            "count = 0",
            "themes.count: 0 is out of range; write a value from 1 to 1000",
        );
        check(
            "at_most = 0",
            "themes.at_most: 0 is out of range; write a value from 1 to 200",
        );
        check(
            "sample = 5",
            "themes.sample: 5 is out of range; write a value from 1000 to 10000000",
        );
        check(
            "minimum_strength = 1.5",
            "themes.minimum_strength: 1.5 is out of range; write a value from 0 to 1",
        );
        check(
            "minimum_strength = nan",
            "themes.minimum_strength: NaN is out of range; write a value from 0 to 1",
        );
    }
}
