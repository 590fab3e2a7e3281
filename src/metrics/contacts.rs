//! Contacts: a record with what a help desk says of it; the records of one conversation are one contact, opened by the earliest.

use super::windows::Windows;
use crate::{
    analysis::AnalyzedFeedback,
    calendar::Moment,
    feedback::Service,
    language::{ServiceState, ServiceStates},
};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A stretch of time the help desk tells, and the moment it began.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    pub from: Option<Moment>,
    pub seconds: u32,
}

/// One customer's matter.
#[derive(Clone, Debug)]
pub(super) struct Contact<'a> {
    /// The earliest record; undated ones come last, ties go by key.
    pub opening: &'a AnalyzedFeedback,
    pub customer: Option<&'a str>,
    /// Whether it is resolved; `None` where the file does not say.
    pub is_resolved: Option<bool>,
    /// A state that is in no table; there only where it decides.
    pub unknown_state: Option<&'a str>,
    pub first_reply: Option<Stretch>,
    pub resolution: Option<Stretch>,
    pub closing: Option<Stretch>,
}

/// All contacts of some days.
#[derive(Default)]
pub(super) struct Contacts<'a> {
    all: Vec<Contact<'a>>,
    /// Key of the opening record → position in `all`.
    opened: FxHashMap<&'a str, usize>,
}

impl<'a> Contacts<'a> {
    /// The contacts among the records of some days, or among all: none where no record says anything of a help desk.
    ///
    /// The days bound what is looked at, so that a part of the records that holds these days gives the same contacts.
    pub fn of(records: &'a [AnalyzedFeedback], days: Option<&[(Date, Date)]>) -> Self {
        let records: Vec<&AnalyzedFeedback> = records
            .iter()
            .filter(|record| days.is_none_or(|days| is_within(record, days)))
            .collect();
        let timed_files = files_that_time_only(&records);
        let is_timed =
            |record: &AnalyzedFeedback| timed_files.contains(&*record.feedback.origin.file);
        let mut groups: Vec<Vec<&AnalyzedFeedback>> = Vec::new();
        let mut conversations: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        for record in records.iter().copied() {
            let service = record.feedback.service.as_deref();
            if !service.is_some_and(is_contact) && !is_timed(record) {
                continue;
            }
            let conversation = service.and_then(|service| service.conversation.as_deref());
            let position = match conversation {
                Some(name) => *conversations
                    .entry((source(record), name))
                    .or_insert(groups.len()),
                None => groups.len(),
            };
            match groups.get_mut(position) {
                Some(group) => group.push(record),
                None => groups.push(vec![record]),
            }
        }
        let states = ServiceStates::embedded();
        let mut contacts = Contacts::default();
        for mut group in groups {
            group.sort_by(|a, b| order(a).cmp(&order(b)));
            let is_timed = group.iter().any(|record| is_timed(record));
            let contact = Contact::of(&group, is_timed, &states);
            let key = &*contact.opening.feedback.key;
            contacts.opened.insert(key, contacts.all.len());
            contacts.all.push(contact);
        }
        contacts
    }

    /// The contact that a record opens; `None` for the later records of a conversation and for what is no contact.
    pub fn opened_by(&self, record: &AnalyzedFeedback) -> Option<&Contact<'a>> {
        self.position(record).map(|position| &self.all[position])
    }

    /// The same, as a position in [`Self::all`].
    pub fn position(&self, record: &AnalyzedFeedback) -> Option<usize> {
        self.opened.get(&*record.feedback.key).copied()
    }

    /// All of them, in the order of their first record by key.
    pub fn all(&self) -> &[Contact<'a>] {
        &self.all
    }

    /// Those opened in the period.
    pub fn current(&self, windows: &Windows) -> impl Iterator<Item = &Contact<'a>> {
        windows
            .current
            .iter()
            .filter_map(|record| self.opened_by(record))
    }

    /// States of the period's contacts that are in no table, with how many have them: most frequent first, ties by name.
    pub fn unknown_states(&self, windows: &Windows) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for state in self
            .current(windows)
            .filter_map(|contact| contact.unknown_state)
        {
            *counts.entry(state).or_default() += 1;
        }
        let mut states: Vec<(String, u64)> = counts
            .into_iter()
            .map(|(state, count)| (state.to_owned(), count))
            .collect();
        states.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        states
    }
}

impl<'a> Contact<'a> {
    /// From the records of one conversation in their order; at least one.
    fn of(group: &[&'a AnalyzedFeedback], is_timed: bool, states: &ServiceStates) -> Self {
        let services = || {
            group
                .iter()
                .filter_map(|record| Some((*record, record.feedback.service.as_deref()?)))
        };
        let stretch = |of: fn(&Service) -> Option<u32>| {
            services().find_map(|(record, service)| {
                Some(Stretch {
                    from: record.moment(),
                    seconds: of(service)?,
                })
            })
        };
        let resolution = stretch(|service| service.resolution_seconds);
        let closing = stretch(|service| service.closing_seconds);
        let took_time = resolution.is_some() || closing.is_some();
        // The latest state we know: a ticket may be opened again after it was resolved.
        let state = services()
            .rev()
            .find_map(|(_, service)| states.meaning(service.status.as_deref()?));
        let given = services()
            .rev()
            .find_map(|(_, service)| service.status.as_deref());
        let is_resolved = match state {
            Some(state) => Some(state == ServiceState::Resolved),
            None if took_time => Some(true),
            None => (given.is_some() || is_timed).then_some(false),
        };
        Contact {
            opening: group[0],
            customer: group
                .iter()
                .find_map(|record| record.feedback.customer.as_deref()),
            is_resolved,
            unknown_state: given.filter(|_| state.is_none() && !took_time),
            first_reply: stretch(|service| service.first_reply_seconds),
            resolution,
            closing,
        }
    }

    /// Day the contact was opened; `None` without a date.
    pub fn day(&self) -> Option<Date> {
        self.opening.moment().map(|moment| moment.local.date())
    }
}

/// True when enough of these name their customer for the files to be said to. Some customers are known although no column
/// names them, from an address in their words, and those few do not stand for the others.
pub(super) fn name_customers(has_customer: impl Iterator<Item = bool>) -> bool {
    let (mut named, mut all) = (0_u64, 0_u64);
    for has_customer in has_customer {
        named += u64::from(has_customer);
        all += 1;
    }
    named > 0 && named * FEWEST_NAMED >= all
}

/// One in so many.
const FEWEST_NAMED: u64 = 5;

/// True for what only a help desk says.
fn is_contact(service: &Service) -> bool {
    service.conversation.is_some()
        || service.first_reply_seconds.is_some()
        || says_its_state(service)
}

fn says_its_state(service: &Service) -> bool {
    service.status.is_some() || has_end(service)
}

fn has_end(service: &Service) -> bool {
    service.resolution_seconds.is_some() || service.closing_seconds.is_some()
}

/// Files that give no state and say when contacts ended: a row without an end is then a contact that goes on. To leave
/// such rows out would make every contact a resolved one.
fn files_that_time_only<'a>(records: &[&'a AnalyzedFeedback]) -> BTreeSet<&'a str> {
    let files = |says: fn(&Service) -> bool| -> BTreeSet<&'a str> {
        records
            .iter()
            .filter(|record| record.feedback.service.as_deref().is_some_and(says))
            .map(|record| &*record.feedback.origin.file)
            .collect()
    };
    let with_state = files(|service| service.status.is_some());
    let mut timed = files(has_end);
    timed.retain(|file| !with_state.contains(file));
    timed
}

/// True for records of one of these days.
fn is_within(record: &AnalyzedFeedback, days: &[(Date, Date)]) -> bool {
    record.moment().is_some_and(|moment| {
        let day = moment.local.date();
        days.iter().any(|(from, to)| (*from..=*to).contains(&day))
    })
}

/// The kind of source, which names of conversations are told apart by.
fn source(record: &AnalyzedFeedback) -> &str {
    record
        .feedback
        .key
        .split_once('/')
        .map_or("", |(source, _)| source)
}

/// Time, then key; undated records last.
fn order(record: &AnalyzedFeedback) -> (bool, Option<Moment>, &str) {
    let moment = record.moment();
    (moment.is_none(), moment, &record.feedback.key)
}
