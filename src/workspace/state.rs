//! What the workspace keeps beside the records: themes, file balances, refused rows, the stamp. One JSON file a commit.

use crate::{
    analysis::Stamp,
    error::{Error, Result},
    feedback::{FileBalance, LeftOut, Place, RejectedRow},
    metrics::{History, WeekVolume},
    themes::{Memory, Theme, ThemeEvent},
    workspace::erased::Erased,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, path::Path};
use xxhash_rust::xxh3::xxh3_64;

/// Format of the file; raised when an older program could no longer read it.
const FORMAT: u32 = 7;

/// The oldest format that is still read: what it lacks is none.
const OLDEST: u32 = 5;

/// A change to a theme, and when it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedEvent {
    /// Day of the latest feedback that the workspace held then; `None` without dates.
    pub on: Option<String>,
    /// What happened.
    pub event: ThemeEvent,
}

/// The state that goes with a commit.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub themes: Vec<Theme>,
    pub memory: Memory,
    pub log: Vec<LoggedEvent>,
    pub files: Vec<FileBalance>,
    pub rejected: Vec<RejectedRow>,
    pub stamp: Stamp,
    pub history: History,
    /// How many records there were when all were last read anew.
    pub read_whole: u64,
    pub erased: Erased,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateFile<'a> {
    format: u32,
    #[serde(borrow)]
    version: Cow<'a, str>,
    settings: Cow<'a, str>,
    lexicons: Vec<(String, String)>,
    themes: Cow<'a, [Theme]>,
    memory: Cow<'a, Memory>,
    log: Cow<'a, [LoggedEvent]>,
    files: Vec<FileEntry>,
    rejected: Vec<(String, u32, String)>,
    history: StoredHistory,
    #[serde(default)]
    read_whole: u64,
    #[serde(default)]
    erased: Cow<'a, Erased>,
}

/// [`History`] with days and weeks as texts.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredHistory {
    records: u64,
    undated: u64,
    span: Option<(String, String)>,
    /// Week; records, with text, negative, neutral, positive.
    weeks: Vec<(String, [u64; 5])>,
    french: u64,
    english: u64,
    first_seen: Vec<Option<String>>,
}

impl StoredHistory {
    fn of(history: &History) -> Self {
        Self {
            records: history.records,
            undated: history.undated,
            span: (history.span).map(|(first, last)| (first.to_string(), last.to_string())),
            weeks: (history.weeks.iter())
                .map(|week| {
                    let counts = [
                        week.records,
                        week.with_text,
                        week.negative,
                        week.neutral,
                        week.positive,
                    ];
                    (week.week.to_string(), counts)
                })
                .collect(),
            french: history.french,
            english: history.english,
            first_seen: (history.first_seen.iter())
                .map(|day| day.map(|day| day.to_string()))
                .collect(),
        }
    }

    fn read(self) -> std::result::Result<History, String> {
        let day = |text: &str| text.parse().map_err(|_| format!("\"{text}\" is no day"));
        let span = self
            .span
            .map(|(first, last)| Ok::<_, String>((day(&first)?, day(&last)?)));
        let weeks = self.weeks.into_iter().map(|(week, counts)| {
            let [records, with_text, negative, neutral, positive] = counts;
            Ok(WeekVolume {
                week: week.parse().map_err(|_| format!("\"{week}\" is no week"))?,
                records,
                with_text,
                negative,
                neutral,
                positive,
            })
        });
        let first_seen =
            (self.first_seen.into_iter()).map(|text| text.map(|text| day(&text)).transpose());
        Ok(History {
            records: self.records,
            undated: self.undated,
            span: span.transpose()?,
            weeks: weeks.collect::<std::result::Result<_, String>>()?,
            french: self.french,
            english: self.english,
            first_seen: first_seen.collect::<std::result::Result<_, String>>()?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    file: String,
    format: String,
    roles: Vec<(String, String)>,
    read: u64,
    accepted: u64,
    refused: u64,
    duplicates: u64,
    empty: u64,
    left_out: LeftOut,
    warnings: Vec<String>,
}

impl State {
    /// The file's name, made of its content, and its bytes.
    pub fn to_file(&self) -> (String, Vec<u8>) {
        let file = StateFile {
            format: FORMAT,
            version: Cow::Borrowed(&self.stamp.version),
            settings: Cow::Borrowed(&self.stamp.settings),
            lexicons: self.stamp.lexicons.clone(),
            themes: Cow::Borrowed(&self.themes),
            memory: Cow::Borrowed(&self.memory),
            log: Cow::Borrowed(&self.log),
            files: self
                .files
                .iter()
                .map(|file| FileEntry {
                    file: file.file.to_string(),
                    format: file.format.clone(),
                    roles: file.roles.clone(),
                    read: file.read,
                    accepted: file.accepted,
                    refused: file.refused,
                    duplicates: file.duplicates,
                    empty: file.empty,
                    left_out: file.left_out,
                    warnings: file.warnings.clone(),
                })
                .collect(),
            rejected: self
                .rejected
                .iter()
                .map(|row| (row.at.file.to_string(), row.at.line, row.reason.to_string()))
                .collect(),
            history: StoredHistory::of(&self.history),
            read_whole: self.read_whole,
            erased: Cow::Borrowed(&self.erased),
        };
        let bytes = serde_json::to_vec(&file).expect("strings and numbers always serialise");
        (Self::name_of(&bytes), bytes)
    }

    /// The name of a file with these bytes.
    pub fn name_of(bytes: &[u8]) -> String {
        format!("{:016x}.json", xxh3_64(bytes))
    }

    /// Reads a state file back.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self> {
        let unusable = |reason: String| Error::Workspace {
            path: path.to_owned(),
            reason: format!(
                "{reason}; put the file back from a copy, or run again on all your files with another --workspace"
            ),
        };
        let file: StateFile<'_> =
            serde_json::from_slice(bytes).map_err(|error| unusable(error.to_string()))?;
        if !(OLDEST..=FORMAT).contains(&file.format) {
            return Err(unusable(format!(
                "it has format {}, this program reads formats {OLDEST} to {FORMAT}",
                file.format
            )));
        }
        Ok(Self {
            history: file.history.read().map_err(unusable)?,
            read_whole: file.read_whole,
            erased: file.erased.into_owned(),
            themes: file.themes.into_owned(),
            memory: file.memory.into_owned(),
            log: file.log.into_owned(),
            files: file
                .files
                .into_iter()
                .map(|entry| FileBalance {
                    file: entry.file.into(),
                    format: entry.format,
                    roles: entry.roles,
                    read: entry.read,
                    accepted: entry.accepted,
                    refused: entry.refused,
                    duplicates: entry.duplicates,
                    empty: entry.empty,
                    left_out: entry.left_out,
                    warnings: entry.warnings,
                })
                .collect(),
            rejected: file
                .rejected
                .into_iter()
                .map(|(file, line, reason)| RejectedRow {
                    at: Place {
                        file: file.into(),
                        line,
                    },
                    reason: reason.into(),
                })
                .collect(),
            stamp: Stamp {
                version: file.version.into_owned(),
                settings: file.settings.into_owned(),
                lexicons: file.lexicons,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calendar::Week, themes::ThemeChange};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn parsed(bytes: &[u8]) -> Result<State> {
        State::parse(bytes, Path::new("state/a.json"))
    }

    /// A state that holds something of everything, in these words.
    fn state(words: &[String], numbers: [u64; 5], day: i32) -> State {
        let word = |at: usize| words[at % words.len()].clone();
        let day = crate::calendar::days_after(date(2000, 1, 1), day);
        let [records, with_text, negative, neutral, positive] = numbers;
        let theme = Theme {
            id: word(0),
            label: word(1),
            keyphrases: words.to_vec(),
            owner: Some(word(2)),
            ..Theme::default()
        };
        let layers = serde_json::json!({
            "made_with": null,
            "layers": [{ "of": word(3), "columns": [[word(4), 1.5]], "themes": [{ "theme": theme, "centre": [[0, 0.25]] }] }],
        });
        let mut erased = Erased::default();
        erased.add(words, &crate::privacy::Key::new([7; 32]));
        erased.add_before(day);
        State {
            read_whole: records,
            memory: serde_json::from_value(layers).expect("a layer is read"),
            log: vec![LoggedEvent {
                on: Some(day.to_string()),
                event: ThemeEvent {
                    id: word(5),
                    label: word(6),
                    change: ThemeChange::Merged,
                    why: word(7),
                },
            }],
            files: vec![FileBalance {
                file: word(1).into(),
                format: word(2),
                roles: vec![(word(3), word(4))],
                read: records,
                accepted: with_text,
                warnings: words.to_vec(),
                ..FileBalance::default()
            }],
            rejected: vec![RejectedRow {
                at: Place {
                    file: word(0).into(),
                    line: 17,
                },
                reason: word(1).into(),
            }],
            stamp: Stamp {
                version: word(0),
                settings: word(1),
                lexicons: vec![(word(2), word(3))],
            },
            history: History {
                records,
                undated: negative,
                span: Some((day, day)),
                weeks: vec![WeekVolume {
                    week: Week::of(day),
                    records,
                    with_text,
                    negative,
                    neutral,
                    positive,
                }],
                french: neutral,
                english: positive,
                first_seen: vec![None, Some(day)],
            },
            erased,
            themes: vec![theme],
        }
    }

    fn states() -> impl Strategy<Value = State> {
        let words = prop::collection::vec("[a-cé\"\\\\\n\u{1}\u{202e}😀]{0,6}", 1..8);
        (words, any::<[u64; 5]>(), 0..20_000_i32)
            .prop_map(|(words, numbers, day)| state(&words, numbers, day))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_state_is_read_back_as_written(state in states()) {
            let (name, bytes) = state.to_file();
            let read = parsed(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(read.to_file(), (name, bytes));
        }

        #[test]
        fn a_state_that_is_cut_anywhere_is_refused(state in states()) {
            let (_, bytes) = state.to_file();
            for cut in 0..bytes.len() {
                prop_assert!(parsed(&bytes[..cut]).is_err(), "cut at {}", cut);
            }
        }

        #[test]
        fn a_state_with_a_byte_changed_has_another_name(state in states(), at in any::<prop::sample::Index>(), by in 1..255_u8) {
            let (name, mut bytes) = state.to_file();
            let at = at.index(bytes.len());
            bytes[at] = bytes[at].wrapping_add(by);
            prop_assert_ne!(State::name_of(&bytes), name);
            if let Err(error) = parsed(&bytes) {
                let message = error.to_string();
                prop_assert!(message.contains("put the file back"), "{}", message);
            }
        }
    }
}
