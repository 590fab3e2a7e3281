//! Times of service: median and 90th percentile, each with the interval of its order statistics (Woodruff 1952) and the difference of two (Price & Bonett 2002).

use super::{
    Measured, Settings,
    contacts::{Contact, Contacts, Stretch},
    measured::{self, Evidence},
    windows::Windows,
};
use crate::statistics::{Difference, Interval, quantile, quantile_difference, quantile_interval};
use jiff::Span;

/// How long something took, in seconds. Its base is the contacts opened in the period of which the files tell it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceTime {
    /// Half took no longer.
    pub median: Measured,
    /// Nine in ten took no longer.
    pub slowest_tenth: Measured,
    /// Contacts of the period left out because only the day of their beginning is known, which working hours cannot be
    /// counted from; 0 without [`Settings::business_hours`].
    pub left_out: u64,
    /// True where the files say when contacts were closed and not when they were resolved.
    pub is_until_closing: bool,
}

/// Time from the customer's first words to the first answer of a human; `None` when no file tells it.
pub(super) fn first_reply(
    windows: &Windows,
    contacts: &Contacts,
    settings: &Settings,
) -> Option<ServiceTime> {
    measure(windows, contacts, settings, false, |contact| {
        contact.first_reply
    })
}

/// Time until contacts were resolved; until they were closed where no file says when they were resolved. `None` when no
/// file tells either.
pub(super) fn resolution(
    windows: &Windows,
    contacts: &Contacts,
    settings: &Settings,
) -> Option<ServiceTime> {
    measure(windows, contacts, settings, false, |contact| {
        contact.resolution
    })
    .or_else(|| measure(windows, contacts, settings, true, |contact| contact.closing))
}

fn measure(
    windows: &Windows,
    contacts: &Contacts,
    settings: &Settings,
    is_until_closing: bool,
    stretch: fn(&Contact) -> Option<Stretch>,
) -> Option<ServiceTime> {
    contacts.all().iter().find_map(stretch)?;
    let seconds = |record| seconds(stretch(contacts.opened_by(record)?)?, settings);
    let left_out = contacts
        .current(windows)
        .filter_map(stretch)
        .filter(|stretch| self::seconds(*stretch, settings).is_none())
        .count() as u64;
    Some(ServiceTime {
        median: measured::over_windows(windows, settings, |times: &mut AtPercent<50>, record| {
            times.values.extend(seconds(record));
        }),
        slowest_tenth: measured::over_windows(
            windows,
            settings,
            |times: &mut AtPercent<90>, record| times.values.extend(seconds(record)),
        ),
        left_out,
        is_until_closing,
    })
}

/// Elapsed seconds, or those of working time where the settings say when people work; then `None` for what began at an
/// unknown time of the day.
fn seconds(stretch: Stretch, settings: &Settings) -> Option<f64> {
    let Some(hours) = &settings.business_hours else {
        return Some(f64::from(stretch.seconds));
    };
    let from = stretch.from.filter(|from| from.has_time)?.local;
    let to = from.saturating_add(Span::new().seconds(i64::from(stretch.seconds)));
    Some(hours.seconds_between(from, to) as f64)
}

/// Values of which one quantile is asked.
#[derive(Default)]
struct AtPercent<const PERCENT: u8> {
    values: Vec<f64>,
}

impl<const PERCENT: u8> AtPercent<PERCENT> {
    const SHARE: f64 = PERCENT as f64 / 100.0;

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    }
}

impl<const PERCENT: u8> Evidence for AtPercent<PERCENT> {
    fn base(&self) -> u64 {
        self.values.len() as u64
    }

    fn value(&self) -> Option<f64> {
        quantile(&self.sorted(), Self::SHARE)
    }

    fn interval(&self) -> Option<Interval> {
        quantile_interval(&self.sorted(), Self::SHARE)
    }

    fn difference(&self, before: &Self) -> Option<Difference> {
        quantile_difference(&self.sorted(), &before.sorted(), Self::SHARE)
    }
}
