//! What cues show, and the table of the patterns that find them, `cues.tsv`.

use crate::{
    error::Result,
    language::patterns::{Kind, PatternTable, Reading},
};
use serde::{Deserialize, Serialize};

/// What a cue shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CueKind {
    /// Getting there took the customer work, time or many attempts.
    Effort,
    /// The customer is content and says so.
    Praise,
    /// Something went wrong or does not work.
    Problem,
    /// The customer proposes an improvement.
    Suggestion,
    /// The customer wants an answer.
    Question,
    /// The customer leaves, or says they will.
    Churn,
    /// A lawyer, a court, a regulator, a formal notice.
    Legal,
    /// It is not the first contact about this.
    Repeat,
    /// Somebody was hurt, or could be.
    Safety,
    /// It cannot wait.
    Urgency,
}

impl CueKind {
    /// All kinds, in the order that tables and outputs have them.
    pub const ALL: [(CueKind, &'static str); 10] = [
        (CueKind::Effort, "effort"),
        (CueKind::Praise, "praise"),
        (CueKind::Problem, "problem"),
        (CueKind::Suggestion, "suggestion"),
        (CueKind::Question, "question"),
        (CueKind::Churn, "churn"),
        (CueKind::Legal, "legal"),
        (CueKind::Repeat, "repeat"),
        (CueKind::Safety, "safety"),
        (CueKind::Urgency, "urgency"),
    ];

    /// The name in tables, outputs and filters.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(kind, _)| *kind)
    }

    /// False for kinds that a negation does not take back: "why don't you answer?" is a question.
    pub fn can_be_denied(self) -> bool {
        !matches!(self, CueKind::Question | CueKind::Suggestion)
    }

    /// False for kinds that a question does not show: who asks whether the hotel is quiet does not praise it.
    pub fn can_be_asked(self) -> bool {
        self != CueKind::Praise
    }

    /// The kind that this one always shows as well: where somebody was hurt, something went wrong.
    pub fn implied(self) -> Option<CueKind> {
        (self == CueKind::Safety).then_some(CueKind::Problem)
    }
}

/// The columns of `cues.tsv`.
pub const CUE_COLUMNS: [&str; 3] = ["kind", "pattern", "note"];

/// Reads and verifies the table of cues; the kind of a pattern is its [`CueKind`] as a number. The error names file and
/// line.
pub fn read_cues(table: &str, reading: &Reading<'_>) -> Result<PatternTable> {
    PatternTable::read(table, &CUE_COLUMNS, reading, |name| {
        let kind = CueKind::named(name).ok_or_else(|| {
            let known = CueKind::ALL.map(|(_, name)| name).join(", ");
            format!("\"{name}\" is no kind of cue; kinds are {known}")
        })?;
        Ok(Kind {
            number: kind as u16,
            can_be_denied: kind.can_be_denied(),
            can_be_asked: kind.can_be_asked(),
        })
    })
}
