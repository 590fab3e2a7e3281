//! Resolution rate, cohort variant: contacts opened in the period and resolved by the end of the feedback ÷ contacts opened in the period, never over 1; Wilson's interval (Wilson 1927).

use super::{
    Measured, Settings,
    contacts::Contacts,
    measured::{self, Proportion},
    windows::Windows,
};
use crate::calendar::days_after;

/// Resolution rate. Its base is the contacts opened in the period of which the file says whether they are resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    /// Share resolved, 0–1.
    pub rate: Measured,
    /// Resolved contacts among those opened in the period.
    pub resolved: u64,
    /// States that are in no table, with how many contacts of the period they leave unresolved; most frequent first.
    pub unknown_states: Vec<(String, u64)>,
}

/// Resolution rate of the period; `None` when no file says what became of contacts.
pub(super) fn measure(
    windows: &Windows,
    contacts: &Contacts,
    settings: &Settings,
) -> Option<Resolution> {
    let is_known = contacts
        .all()
        .iter()
        .any(|contact| contact.is_resolved.is_some());
    let mut rate = measured::over_windows(windows, settings, |rate: &mut Proportion, record| {
        if let Some(is_resolved) = contacts
            .opened_by(record)
            .and_then(|contact| contact.is_resolved)
        {
            rate.add(is_resolved);
        }
    });
    if is_recent(windows, settings) {
        // Contacts of yesterday had less time to be resolved than those of last month: no test would be fair.
        let earlier = [&mut rate.previous, &mut rate.mean, &mut rate.last_year];
        for comparison in earlier.into_iter().flatten() {
            (comparison.difference, comparison.verdict) = (None, None);
        }
    }
    is_known.then(|| Resolution {
        rate,
        resolved: contacts
            .current(windows)
            .filter(|contact| contact.is_resolved == Some(true))
            .count() as u64,
        unknown_states: contacts.unknown_states(windows),
    })
}

/// True where the period ends within [`Settings::repeat_days`] of the last feedback.
fn is_recent(windows: &Windows, settings: &Settings) -> bool {
    let days = i32::try_from(settings.repeat_days).unwrap_or(i32::MAX);
    let ends = windows.to.zip(windows.history.span);
    ends.is_some_and(|(to, (_, last))| days_after(to, days) > last)
}
