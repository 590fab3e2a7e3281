//! The words exports use, read from the table `vocabulary.toml`.

use super::names;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// The embedded table.
const TABLE: &str = include_str!("vocabulary.toml");

/// What names of columns, cells, speakers and months mean. All names in plain form, see [`names::plain`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vocabulary {
    /// Words that carry nothing in a name.
    pub dropped: Vec<String>,
    /// Cells that mean nothing, in lower case.
    empty: Vec<String>,
    /// Names of columns by role.
    role: BTreeMap<String, RoleNames>,
    /// How names of ids are made.
    pub id: IdNames,
    /// Who is a customer, who is not.
    pub speaker: SpeakerNames,
    /// Conversations inside one JSON record.
    pub turns: TurnNames,
    /// Units of time.
    duration: DurationNames,
    /// Marks written with words.
    pub number: NumberNames,
    /// Words of files of messages.
    pub messages: MessageWords,
    /// Months, `"1"` to `"12"`.
    month: BTreeMap<String, Vec<String>>,
}

/// Names of the columns of one role.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleNames {
    /// Whole names, best first.
    pub exact: Vec<String>,
    /// Words within a name.
    pub words: Vec<String>,
    /// Words that forbid the role.
    pub never: Vec<String>,
}

/// How names of ids are made: one of each.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdNames {
    /// Words for "id".
    pub id_words: Vec<String>,
    /// Words for one piece of feedback.
    pub record_words: Vec<String>,
}

/// Names of speakers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpeakerNames {
    /// Values that mean the customer speaks.
    customer: Vec<String>,
    /// Values that mean a program speaks.
    machine: Vec<String>,
    /// Values that mean somebody of the company speaks.
    agent: Vec<String>,
    /// Yes/no columns where yes means the customer.
    pub true_is_customer: Vec<String>,
    /// Yes/no columns where yes means an agent.
    pub true_is_agent: Vec<String>,
}

/// Names around conversations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TurnNames {
    /// Names of arrays of turns.
    pub arrays: Vec<String>,
    /// Names of what was said.
    pub text: Vec<String>,
    /// Names of what kind of person said it.
    pub speaker: Vec<String>,
    /// Names of who said it.
    pub author: Vec<String>,
    /// Names of when it was said.
    pub at: Vec<String>,
}

/// Names of units of time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DurationNames {
    millisecond: Vec<String>,
    second: Vec<String>,
    minute: Vec<String>,
    hour: Vec<String>,
    day: Vec<String>,
}

/// Words of chats and letters, see the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageWords {
    /// Whole lines that stand for something that is no text.
    pub placeholders: Vec<String>,
    /// Ends of such lines.
    pub placeholder_ends: Vec<String>,
    /// Starts of such lines.
    pub placeholder_starts: Vec<String>,
    /// Marks after a text that was changed.
    pub edited: Vec<String>,
    /// Lines that open a conversation.
    pub headers: Vec<String>,
    /// What programs write in place of a speaker.
    pub log_levels: Vec<String>,
    /// Marks before the subject of an answer.
    pub reply_marks: Vec<String>,
    /// Mailboxes of programs.
    pub machine_mailboxes: Vec<String>,
    /// Domains that say nothing of who writes, as written.
    pub free_mail: Vec<String>,
}

/// Words around marks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberNames {
    /// Numbers written out.
    pub words: BTreeMap<String, u8>,
    /// Words that part a mark from its scale.
    pub out_of: Vec<String>,
    /// Words that say nothing.
    pub units: Vec<String>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Speaker {
    /// A customer.
    Customer,
    /// A human of the company.
    Agent,
    /// A program: a bot, an automatic answer, the system.
    Machine,
    /// The source does not say.
    #[default]
    Unknown,
}

impl Speaker {
    /// True for words that are not a customer's.
    pub fn is_company(self) -> bool {
        matches!(self, Speaker::Agent | Speaker::Machine)
    }
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
}

impl Unit {
    /// How long one is.
    pub fn seconds(self) -> f64 {
        match self {
            Unit::Millisecond => 0.001,
            Unit::Second => 1.0,
            Unit::Minute => 60.0,
            Unit::Hour => 3600.0,
            Unit::Day => 86_400.0,
        }
    }
}

impl Vocabulary {
    /// The embedded table, read when it is first asked for.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::read);
        &EMBEDDED
    }

    fn read() -> Self {
        let mut vocabulary: Self = toml::from_str(TABLE).expect("the table is read by tests");
        // "out of" parts a mark from its scale word by word.
        let parted = vocabulary.number.out_of.iter();
        vocabulary.number.out_of = parted
            .flat_map(|phrase| phrase.split(' '))
            .map(str::to_owned)
            .collect();
        vocabulary
    }

    /// The plain form of a column's name.
    pub fn plain(&self, name: &str) -> String {
        names::plain(name, &self.dropped)
    }

    /// Names of a role; none for a role without names.
    pub fn role(&self, name: &str) -> Option<&RoleNames> {
        self.role.get(name)
    }

    /// True when some role has exactly this plain name.
    pub fn knows(&self, plain: &str) -> bool {
        self.role
            .values()
            .any(|names| names.exact.iter().any(|known| known == plain))
    }

    /// The cell without white space around it; empty when it only means "nothing".
    pub fn filled<'c>(&self, cell: &'c str) -> &'c str {
        let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
        // Nearly every short cell is a number.
        let starts_with_digit = cell.as_bytes().first().is_some_and(u8::is_ascii_digit);
        if cell.len() <= 8
            && !starts_with_digit
            && self
                .empty
                .iter()
                .any(|empty| empty.eq_ignore_ascii_case(cell))
        {
            ""
        } else {
            cell
        }
    }

    /// Who a cell of a speaker column says is speaking.
    pub fn speaker(&self, cell: &str) -> Speaker {
        if cell.len() > 40 {
            return Speaker::Unknown;
        }
        let name = names::words(cell).join(" ");
        if self.speaker.customer.contains(&name) {
            Speaker::Customer
        } else if self.speaker.agent.contains(&name) {
            Speaker::Agent
        } else if self.speaker.machine.contains(&name) {
            Speaker::Machine
        } else {
            Speaker::Unknown
        }
    }

    /// Who a label before a message names: `Agent`, `Visiteur 12`, `Marie (Support)`, `Conseiller Paul`. Names of people
    /// say nothing.
    pub fn labelled(&self, label: &str) -> Speaker {
        let whole = self.speaker(label);
        if whole != Speaker::Unknown {
            return whole;
        }
        let without_number =
            label.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '#' | '_'));
        if without_number.len() < label.len() {
            let speaker = self.speaker(without_number);
            if speaker != Speaker::Unknown {
                return speaker;
            }
        }
        if let Some((outside, inside)) = label.split_once('(') {
            let inside = inside.trim_end().trim_end_matches(')');
            return [inside, outside]
                .into_iter()
                .map(|part| self.speaker(part))
                .find(|speaker| *speaker != Speaker::Unknown)
                .unwrap_or_default();
        }
        // A kind and a name: "Conseiller Paul", "Service client Brindille".
        label
            .match_indices(' ')
            .filter(|(at, _)| label[at + 1..].starts_with(char::is_uppercase))
            .map(|(at, _)| self.speaker(&label[..at]))
            .find(|speaker| *speaker != Speaker::Unknown)
            .unwrap_or_default()
    }

    /// The unit of time a plain word names.
    pub fn unit(&self, word: &str) -> Option<Unit> {
        let units = [
            (&self.duration.millisecond, Unit::Millisecond),
            (&self.duration.second, Unit::Second),
            (&self.duration.minute, Unit::Minute),
            (&self.duration.hour, Unit::Hour),
            (&self.duration.day, Unit::Day),
        ];
        let named = units
            .iter()
            .find(|(names, _)| names.iter().any(|name| name == word))?;
        Some(named.1)
    }

    /// The unit of time the plain name of a column names; one letter alone is no unit there.
    pub fn unit_in(&self, name: &str) -> Option<Unit> {
        name.split(' ')
            .filter(|word| word.len() > 1)
            .find_map(|word| self.unit(word))
    }

    /// The month a plain word names, 1 to 12.
    pub fn month(&self, word: &str) -> Option<i8> {
        let (number, _) = self
            .month
            .iter()
            .find(|(_, names)| names.iter().any(|name| name == word))?;
        number.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_in_plain_form() {
        let vocabulary = Vocabulary::embedded();
        for (role, names) in &vocabulary.role {
            for name in names.exact.iter().chain(&names.words).chain(&names.never) {
                assert_eq!(&vocabulary.plain(name), name, "in role {role}");
            }
        }
        for (number, names) in &vocabulary.month {
            assert!((1..=12).contains(&number.parse::<i8>().unwrap()));
            assert!(
                names
                    .iter()
                    .all(|name| vocabulary.month(name) == number.parse().ok())
            );
        }
        assert_eq!(vocabulary.month.len(), 12);
        let messages = &vocabulary.messages;
        let lists = [
            &messages.placeholders,
            &messages.placeholder_ends,
            &messages.placeholder_starts,
            &messages.edited,
            &messages.headers,
            &messages.log_levels,
            &messages.reply_marks,
            &messages.machine_mailboxes,
            &vocabulary.speaker.machine,
        ];
        for name in lists.into_iter().flatten() {
            assert_eq!(&names::words(name).join(" "), name);
        }
        for machine in &vocabulary.speaker.machine {
            assert_eq!(vocabulary.speaker(machine), Speaker::Machine);
        }
    }

    #[test]
    fn cells_that_mean_nothing_are_empty() {
        let vocabulary = Vocabulary::embedded();
        for cell in [
            "", "  ", "NA", "n/a", "NULL", "None", "nan", "-", " - ", "\u{feff}",
        ] {
            assert_eq!(vocabulary.filled(cell), "", "{cell:?}");
        }
        assert_eq!(vocabulary.filled(" nul "), "nul");
        assert_eq!(vocabulary.filled("0"), "0");
    }

    #[test]
    fn speakers_are_told_apart() {
        let vocabulary = Vocabulary::embedded();
        assert_eq!(vocabulary.speaker("End-User"), Speaker::Customer);
        assert_eq!(vocabulary.speaker("USER"), Speaker::Customer);
        assert_eq!(vocabulary.speaker("Bot"), Speaker::Machine);
        assert_eq!(vocabulary.speaker("Agent"), Speaker::Agent);
        assert_eq!(vocabulary.speaker("Camille"), Speaker::Unknown);
    }

    #[test]
    fn labels_tell_who_speaks() {
        let vocabulary = Vocabulary::embedded();
        let check = |label, speaker| assert_eq!(vocabulary.labelled(label), speaker, "{label}");
        check("Agent", Speaker::Agent);
        check("Visiteur", Speaker::Customer);
        check("Visiteur 12", Speaker::Customer);
        check("Client #4", Speaker::Customer);
        check("Marie (Support)", Speaker::Agent);
        check("Client (Paul)", Speaker::Customer);
        check("Conseiller Paul", Speaker::Agent);
        check("Service client Brindille", Speaker::Agent);
        check("Chatbot", Speaker::Machine);
        check("Marie Durand", Speaker::Unknown);
        check("client depuis longtemps", Speaker::Unknown);
        check("", Speaker::Unknown);
        check("12", Speaker::Unknown);
    }
}
