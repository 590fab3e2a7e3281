//! What the service did for customers, measured together: the numbers exist where the files have the columns.

use super::{
    Scope, Settings, ThemeNumbers,
    ces::{self, Ces},
    contacts::{Contacts, name_customers},
    repeats::{self, FirstContact, Repeats, Sequence},
    resolution::{self, Resolution},
    retention::{self, Retention},
    service_times::{self, ServiceTime},
    value::{self, Value},
    windows::Windows,
};

/// The numbers of the service. Each is `None` or empty where no record of any window has its column.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceNumbers {
    /// Contacts opened in the period: conversations, and records with what a help desk says of them.
    pub contacts: u64,
    /// True when enough records of the windows name their customer for all of this.
    pub has_customers: bool,
    /// Customer effort, one entry a scale and direction.
    pub ces: Vec<Ces>,
    /// Time to the first answer of a human.
    pub first_reply: Option<ServiceTime>,
    /// Time until contacts were resolved.
    pub resolution_time: Option<ServiceTime>,
    /// Share of contacts that are resolved.
    pub resolution: Option<Resolution>,
    /// Share of contacts that follow an earlier one.
    pub repeats: Option<Repeats>,
    /// Share of resolved contacts that no other followed.
    pub first_contact: Option<FirstContact>,
    /// Customers heard again.
    pub retention: Option<Retention>,
    /// What customers are worth.
    pub value: Option<Value>,
}

pub(super) fn measure(
    windows: &Windows,
    scope: &Scope,
    themes: &[ThemeNumbers],
    settings: &Settings,
) -> ServiceNumbers {
    let days = scope.days(windows.history, settings);
    let contacts = Contacts::of(&windows.analysis.records, days.as_deref());
    let sequence = Sequence::of(&contacts, windows, settings);
    let has_customers = name_customers(
        windows
            .all
            .iter()
            .map(|record| record.feedback.customer.is_some()),
    );
    ServiceNumbers {
        contacts: contacts.current(windows).count() as u64,
        has_customers,
        ces: ces::measure(windows, settings),
        first_reply: service_times::first_reply(windows, &contacts, settings),
        resolution_time: service_times::resolution(windows, &contacts, settings),
        resolution: resolution::measure(windows, &contacts, settings),
        repeats: repeats::measure(windows, &contacts, &sequence, settings),
        first_contact: repeats::first_contact(windows, &contacts, &sequence, settings),
        retention: has_customers
            .then(|| retention::measure(windows, scope.period, settings))
            .flatten(),
        value: value::measure(windows, scope.period, themes, settings),
    }
}

#[cfg(test)]
mod tests;
