//! Conversations: what of them is the customer's, and when the company first answered.
//!
//! A conversation is one record with turns, or several rows that name it or answer one another. The customer's words are
//! the feedback; what the company said gives times and is not judged.

use super::{
    dates::{self, DateOrder, Instant, Reading},
    record::{self, Cells, Plan},
    roles::Role,
    sources::Turn,
    vocabulary::{Speaker, Vocabulary},
};
use crate::feedback::{Feedback, Service};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// People of the company as settings name them: names, addresses, or `@domain` for everybody there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Agents(Vec<String>);

impl Agents {
    /// From the settings; case does not matter.
    pub fn new(names: &[String]) -> Self {
        let names = names.iter().map(|name| name.trim().to_lowercase());
        Self(names.filter(|name| !name.is_empty()).collect())
    }

    /// True when somebody of this name or address is of the company.
    pub fn include(&self, author: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let author = author.trim().to_lowercase();
        self.0.iter().any(|name| match name.starts_with('@') {
            true => author.ends_with(name),
            false => author == *name,
        })
    }
}

/// Who really speaks in a turn.
fn speaker(turn: &Turn, agents: &Agents) -> Speaker {
    match agents.include(&turn.author) {
        true => Speaker::Agent,
        false => turn.speaker,
    }
}

/// True when somebody spoke and nobody who may be the customer.
pub(super) fn is_company_only(turns: &[Turn], agents: &Agents) -> bool {
    !turns.is_empty() && turns.iter().all(|turn| speaker(turn, agents).is_company())
}

/// True for turns whose words are feedback. Where nobody is called a customer, all but the company's are.
fn feedback_turns<'t>(
    turns: &'t [Turn],
    agents: &'t Agents,
) -> impl Iterator<Item = (usize, &'t Turn)> {
    let has_customer = turns
        .iter()
        .any(|turn| speaker(turn, agents) == Speaker::Customer);
    turns.iter().enumerate().filter(move |(_, turn)| {
        let speaker = speaker(turn, agents);
        match has_customer {
            true => speaker == Speaker::Customer,
            false => !speaker.is_company(),
        }
    })
}

/// What the customer said, turn by turn, a line break between.
pub(super) fn customer_words(turns: &[Turn], agents: &Agents, vocabulary: &Vocabulary) -> String {
    let mut words = String::new();
    for (_, turn) in feedback_turns(turns, agents) {
        let said = record::words_of(vocabulary.filled(&turn.text));
        if said.is_empty() {
            continue;
        }
        if !words.is_empty() {
            words.push('\n');
        }
        words.push_str(&said);
    }
    words
}

/// Seconds from the customer's first turn to the first turn of a human of the company after it; `None` when the turns do
/// not tell, or nobody answered.
pub(super) fn first_reply(turns: &[Turn], plan: &Plan<'_>) -> Option<u32> {
    let (first, turn) = feedback_turns(turns, plan.agents).find(|(_, turn)| !turn.at.is_empty())?;
    let asked = point(&turn.at, plan)?;
    let answer = turns[first + 1..]
        .iter()
        .find(|turn| speaker(turn, plan.agents) == Speaker::Agent && !turn.at.is_empty())?;
    let answered = point(&answer.at, plan)?;
    let seconds = match (asked, answered) {
        (Point::Instant(asked), Point::Instant(answered)) => answered - asked,
        // Hours without days: the next hour of that name.
        (Point::Hour(asked), Point::Hour(answered)) => (answered - asked).rem_euclid(86_400),
        _ => return None,
    };
    u32::try_from(seconds).ok()
}

/// When a turn was said: seconds since 1970, or since midnight.
enum Point {
    Instant(i64),
    Hour(i64),
}

fn point(at: &str, plan: &Plan<'_>) -> Option<Point> {
    if let Some(time) = dates::read_time(at) {
        let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60;
        return Some(Point::Hour(seconds + i64::from(time.second())));
    }
    let instant = match dates::read(at, plan.vocabulary, plan.zones) {
        Reading::Moment(instant) => instant,
        // Both turns are read in one order, so that the time between them hardly depends on it.
        Reading::Numeric(numeric) => {
            let order = plan.order.unwrap_or(DateOrder::DayFirst);
            numeric.moment(order, plan.zones)?
        }
        _ => return None,
    };
    Some(Point::Instant(instant.seconds(plan.zones)))
}

/// Where one row stands in a conversation of several rows.
#[derive(Debug)]
pub(super) struct Mark {
    /// Hash of the conversation's name; 0 where rows only say which row they answer.
    conversation: u64,
    /// The row's own id and that of the row it answers, where rows say that.
    id: Box<str>,
    answers: Box<str>,
    /// Seconds since 1970.
    seconds: Option<i64>,
    line: u32,
    /// Position of the record the row became; `None` for the company's rows.
    pub record: Option<usize>,
}

impl Mark {
    /// Where a row stands; `given` is its moment where that was read already.
    pub fn of(cells: &Cells<'_>, line: u32, plan: &Plan<'_>, given: Option<Instant>) -> Self {
        let filled = |role: Role| cells.filled(role, plan.vocabulary);
        let given =
            given.or_else(
                || match dates::read(filled(Role::Date), plan.vocabulary, plan.zones) {
                    Reading::Moment(instant) => Some(instant),
                    Reading::Numeric(numeric) => numeric.moment(plan.order?, plan.zones),
                    _ => None,
                },
            );
        let name = filled(Role::Conversation);
        let (id, answers) = match name.is_empty() {
            true => (whole(filled(Role::Id)), whole(filled(Role::ReplyTo))),
            false => ("", ""),
        };
        Self {
            conversation: match name.is_empty() {
                true => 0,
                false => xxh3_64(name.as_bytes()),
            },
            id: id.into(),
            answers: answers.into(),
            seconds: given
                .filter(|instant| instant.moment.has_time)
                .map(|instant| instant.seconds(plan.zones)),
            line,
            record: None,
        }
    }
}

impl Mark {
    /// The same place, taken by a record.
    pub fn of_record(self, record: usize) -> Self {
        Self {
            record: Some(record),
            ..self
        }
    }
}

/// An id without the `.0` that a spreadsheet gave it when it took it for a number.
fn whole(id: &str) -> &str {
    id.strip_suffix(".0")
        .filter(|whole| !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()))
        .unwrap_or(id)
}

/// Gives the first record of each conversation the time to the company's first answer, and names the conversations
/// of rows that only say which row they answer: by the id of the first row.
pub(super) fn settle(mut marks: Vec<Mark>, feedback: &mut [Feedback]) {
    name_threads(&mut marks, feedback);
    marks.sort_by(|a, b| {
        (a.conversation, a.seconds, a.line).cmp(&(b.conversation, b.seconds, b.line))
    });
    for turns in marks.chunk_by(|a, b| a.conversation == b.conversation && a.conversation != 0) {
        let first = turns
            .iter()
            .find(|mark| mark.record.is_some() && mark.seconds.is_some());
        let Some((record, asked)) = first.and_then(|mark| mark.record.zip(mark.seconds)) else {
            continue;
        };
        let answered = turns
            .iter()
            .filter(|mark| mark.record.is_none())
            .filter_map(|mark| mark.seconds)
            .find(|seconds| *seconds >= asked);
        if let Some(seconds) = answered.and_then(|answered| u32::try_from(answered - asked).ok()) {
            let service = feedback[record].service.get_or_insert_default();
            service.first_reply_seconds.get_or_insert(seconds);
        }
    }
}

/// Follows each row to the first one of its conversation, where rows say which row they answer.
fn name_threads(marks: &mut [Mark], feedback: &mut [Feedback]) {
    let places: FxHashMap<&str, usize> = marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| !mark.id.is_empty())
        .map(|(place, mark)| (&*mark.id, place))
        .collect();
    if places.is_empty() {
        return;
    }
    let before: Vec<Option<usize>> = marks
        .iter()
        .map(|mark| places.get(&*mark.answers).copied())
        .collect();
    // Each row is walked through once: chains may be as long as the file.
    let mut first: Vec<Option<usize>> = vec![None; marks.len()];
    let mut walked = Vec::new();
    for start in 0..marks.len() {
        let mut place = start;
        let found = loop {
            if let Some(known) = first[place] {
                break known;
            }
            // Rows that answer one another in a circle have no first: the one the walk began with serves.
            first[place] = Some(start);
            walked.push(place);
            match before[place] {
                Some(next) => place = next,
                None => break place,
            }
        };
        for place in walked.drain(..) {
            first[place] = Some(found);
        }
    }
    let names: Vec<Option<Arc<str>>> = (0..marks.len())
        .map(|place| {
            let is_first = first[place] == Some(place) && !marks[place].id.is_empty();
            is_first.then(|| Arc::from(&*marks[place].id))
        })
        .collect();
    for (place, mark) in marks.iter_mut().enumerate() {
        let Some(name) = first[place].and_then(|first| names[first].as_ref()) else {
            continue;
        };
        mark.conversation = xxh3_64(name.as_bytes()).max(1);
        if let Some(record) = mark.record {
            let service: &mut Service = feedback[record].service.get_or_insert_default();
            service.conversation.get_or_insert_with(|| name.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_the_company_are_known_by_name_or_domain() {
        let agents = Agents::new(&["Camille B.".to_owned(), "@brindille.example".to_owned()]);
        assert!(agents.include("camille b. "));
        assert!(agents.include("SAV@brindille.example"));
        assert!(!agents.include("Camille"));
        assert!(!Agents::default().include(""));
    }

    fn mark(id: &str, answers: &str, seconds: i64, record: Option<usize>) -> Mark {
        Mark {
            conversation: 0,
            id: id.into(),
            answers: answers.into(),
            seconds: Some(seconds),
            line: 1,
            record,
        }
    }

    #[test]
    fn rows_that_answer_one_another_are_one_conversation() {
        let mut marks = vec![
            mark("3", "2", 30, None),
            mark("2", "1", 20, None),
            mark("1", "", 10, None),
            mark("8", "9", 10, None),
            mark("9", "8", 10, None),
            mark("7", "unknown", 10, None),
        ];
        name_threads(&mut marks, &mut []);
        let names: Vec<u64> = marks.iter().map(|mark| mark.conversation).collect();
        assert!(names[0] == names[1] && names[1] == names[2] && names[2] != 0);
        assert!(names[3] == names[4] && names[3] != names[0]);
        assert!(names[5] != 0 && names[5] != names[0]);
    }

    #[test]
    fn a_long_chain_is_walked_once() {
        let mut marks: Vec<Mark> = (0..200_000)
            .map(|at: i64| mark(&at.to_string(), &(at - 1).to_string(), at, None))
            .collect();
        name_threads(&mut marks, &mut []);
        assert!(
            marks
                .iter()
                .all(|mark| mark.conversation == marks[0].conversation)
        );
    }

    #[test]
    fn ids_that_a_spreadsheet_took_for_numbers_are_whole() {
        assert_eq!(whole("3.0"), "3");
        assert_eq!(whole("3.5"), "3.5");
        assert_eq!(whole("v1.0"), "v1.0");
        assert_eq!(whole(".0"), ".0");
    }
}
