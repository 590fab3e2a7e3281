//! Repeat contacts and first contact resolution (gross, after Medallia: a contact again within N days is none; 7 days after Call Centre Helper); Wilson's interval.

use super::{
    Measured, Settings,
    contacts::{Contact, Contacts, name_customers},
    has_text,
    measured::{self, Evidence, Proportion},
    windows::Windows,
};
use crate::{
    analysis::AnalyzedFeedback,
    calendar::Moment,
    language::CueKind,
    statistics::{Difference, Interval},
};
use jiff::civil::Date;
use rustc_hash::FxHashMap;

/// What the share of repeat contacts is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatSource {
    /// Contacts of known customers, counted.
    Customers,
    /// Comments that say it is not the first contact: an estimate from the words, for files without customers.
    Words,
}

/// Share of contacts that follow an earlier one of the same customer within [`Settings::repeat_days`].
#[derive(Clone, Debug, PartialEq)]
pub struct Repeats {
    /// What it is made of.
    pub source: RepeatSource,
    /// The share, 0–1. Its base is the contacts of known customers, or the comments.
    pub share: Measured,
}

/// Share of resolved contacts after which the customer did not come back within [`Settings::repeat_days`].
#[derive(Clone, Debug, PartialEq)]
pub struct FirstContact {
    /// The share, 0–1. Its base is the resolved contacts whose days are over.
    pub share: Measured,
    /// Resolved contacts of the period whose days are not over: nobody knows yet.
    pub too_recent: u64,
}

/// A share of which the feedback may not hold all it takes to count: then it is not tested.
#[derive(Default)]
struct Repeated {
    share: Proportion,
    is_cut: bool,
}

impl Evidence for Repeated {
    fn base(&self) -> u64 {
        self.share.base()
    }

    fn value(&self) -> Option<f64> {
        self.share.value()
    }

    fn interval(&self) -> Option<Interval> {
        self.share.interval()
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        (!self.is_cut && !before.is_cut)
            .then(|| self.share.difference(&before.share))
            .flatten()
    }
}

/// What follows and precedes each contact, by position.
pub(super) struct Sequence {
    /// True when an earlier contact of the same customer lies within the days, and was resolved where that is known.
    is_repeat: Vec<bool>,
    /// True when a later contact of the same customer lies within the days.
    is_repeated: Vec<bool>,
    /// First and last day with feedback.
    span: Option<(Date, Date)>,
    days: i32,
}

impl Sequence {
    /// Looks at each customer's contacts in the order of time, in the period and outside it.
    pub fn of(contacts: &Contacts, windows: &Windows, settings: &Settings) -> Self {
        let days = settings.repeat_days as i32;
        let mut customers: FxHashMap<&str, usize> = FxHashMap::default();
        let mut histories: Vec<Vec<(Moment, usize)>> = Vec::new();
        for (position, contact) in contacts.all().iter().enumerate() {
            let (Some(customer), Some(moment)) = (contact.customer, contact.opening.moment())
            else {
                continue;
            };
            let history = *customers.entry(customer).or_insert(histories.len());
            match histories.get_mut(history) {
                Some(history) => history.push((moment, position)),
                None => histories.push(vec![(moment, position)]),
            }
        }
        let mut sequence = Sequence {
            is_repeat: vec![false; contacts.all().len()],
            is_repeated: vec![false; contacts.all().len()],
            span: windows.history.span,
            days,
        };
        for mut history in histories {
            history.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
            // The last contact that a repeat may follow.
            let mut followed: Option<Moment> = None;
            for (place, &(moment, position)) in history.iter().enumerate() {
                sequence.is_repeat[position] =
                    followed.is_some_and(|earlier| days_between(earlier, moment) <= days);
                sequence.is_repeated[position] = history
                    .get(place + 1)
                    .is_some_and(|(later, _)| days_between(moment, *later) <= days);
                if contacts.all()[position].is_resolved != Some(false) {
                    followed = Some(moment);
                }
            }
        }
        sequence
    }

    /// True when the feedback does not reach back far enough to see all that came before.
    fn is_cut(&self, contact: &Contact) -> bool {
        match (self.span, contact.day()) {
            (Some((first, _)), Some(day)) => (day - first).get_days() < self.days,
            _ => true,
        }
    }

    /// True when the days after the contact lie within the feedback.
    fn is_over(&self, contact: &Contact) -> bool {
        match (self.span, contact.day()) {
            (Some((_, last)), Some(day)) => (last - day).get_days() >= self.days,
            _ => false,
        }
    }
}

fn days_between(earlier: Moment, later: Moment) -> i32 {
    (later.local.date() - earlier.local.date()).get_days()
}

/// True when the contact can be told from those before and after it.
fn is_known(contact: &Contact) -> bool {
    contact.customer.is_some() && contact.day().is_some()
}

/// Repeat contacts of the period, counted where contacts name their customers, else estimated from words; `None` when
/// there is neither.
pub(super) fn measure(
    windows: &Windows,
    contacts: &Contacts,
    sequence: &Sequence,
    settings: &Settings,
) -> Option<Repeats> {
    if name_customers(contacts.all().iter().map(is_known)) {
        let share = measured::over_windows(windows, settings, |evidence: &mut Repeated, record| {
            let Some(position) = contacts.position(record) else {
                return;
            };
            let contact = &contacts.all()[position];
            if is_known(contact) {
                evidence.share.add(sequence.is_repeat[position]);
                evidence.is_cut |= sequence.is_cut(contact);
            }
        });
        return Some(Repeats {
            source: RepeatSource::Customers,
            share,
        });
    }
    windows
        .analysis
        .records
        .iter()
        .any(has_text)
        .then(|| Repeats {
            source: RepeatSource::Words,
            share: measured::over_windows(windows, settings, |share: &mut Proportion, record| {
                if has_text(record) {
                    share.add(says_repeat(record));
                }
            }),
        })
}

fn says_repeat(record: &AnalyzedFeedback) -> bool {
    record.cues.iter().any(|cue| cue.kind == CueKind::Repeat)
}

/// First contact resolution of the period; `None` when no contact of a known customer says whether it is resolved.
pub(super) fn first_contact(
    windows: &Windows,
    contacts: &Contacts,
    sequence: &Sequence,
    settings: &Settings,
) -> Option<FirstContact> {
    let told = contacts
        .all()
        .iter()
        .filter(|contact| contact.is_resolved.is_some());
    if !name_customers(told.map(is_known)) {
        return None;
    }
    let is_counted = |contact: &Contact| is_known(contact) && contact.is_resolved == Some(true);
    Some(FirstContact {
        share: measured::over_windows(windows, settings, |share: &mut Proportion, record| {
            let Some(position) = contacts.position(record) else {
                return;
            };
            let contact = &contacts.all()[position];
            if is_counted(contact) && sequence.is_over(contact) {
                share.add(!sequence.is_repeated[position]);
            }
        }),
        too_recent: contacts
            .current(windows)
            .filter(|contact| is_counted(contact) && !sequence.is_over(contact))
            .count() as u64,
    })
}
