//! Working time between two moments; French public holidays (Code du travail L3133-1), Easter after Butcher's rule (Meeus, Astronomical Algorithms, ch. 8).

use crate::calendar::days_after;
use jiff::civil::{Date, DateTime, Weekday, date};
use serde::{Deserialize, Serialize};

/// When somebody is there to answer. Every field has a default; unknown fields are refused.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BusinessHours {
    /// Hour the day begins, on the clock of the workspace's time zone; 9.5 is half past nine. 0 to 24; default 9.
    pub opens: f64,
    /// Hour it ends. After `opens`, up to 24; default 18.
    pub closes: f64,
    /// Days worked, by their English names. At least one; default Monday to Friday.
    pub weekdays: Weekdays,
    /// Days on which nobody works although they are weekdays. `"fr"` or `"none"`; default `"none"`.
    pub holidays: Holidays,
}

/// Public holidays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holidays {
    /// No holidays.
    #[default]
    None,
    /// The eleven of all of France; those of Alsace-Moselle and overseas are not among them.
    Fr,
}

/// Days of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Weekdays([bool; 7]);

/// What settings call the days, Monday first.
const NAMES: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl TryFrom<Vec<String>> for Weekdays {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, String> {
        let mut days = [false; 7];
        for name in names {
            let position = NAMES
                .iter()
                .position(|known| *known == name)
                .ok_or_else(|| {
                    format!("\"{name}\" is no day; write some of {}", NAMES.join(", "))
                })?;
            days[position] = true;
        }
        Ok(Self(days))
    }
}

impl From<Weekdays> for Vec<String> {
    fn from(days: Weekdays) -> Self {
        NAMES
            .iter()
            .zip(days.0)
            .filter(|(_, is_worked)| *is_worked)
            .map(|(name, _)| (*name).to_owned())
            .collect()
    }
}

impl Default for BusinessHours {
    fn default() -> Self {
        Self {
            opens: 9.0,
            closes: 18.0,
            weekdays: Weekdays([true, true, true, true, true, false, false]),
            holidays: Holidays::None,
        }
    }
}

impl BusinessHours {
    /// Says what is out of range and what the range is; nothing when all is in range.
    pub fn check(&self) -> Result<(), String> {
        if !(0.0..=24.0).contains(&self.opens) {
            return Err(
                "business_hours.opens is out of range; write an hour from 0 to 24".to_owned(),
            );
        }
        let is_later = self.closes > self.opens && self.closes <= 24.0;
        if !is_later || self.closing() <= self.opening() {
            return Err(
                "business_hours.closes is out of range; write an hour after opens, up to 24"
                    .to_owned(),
            );
        }
        if !self.weekdays.0.contains(&true) {
            return Err("business_hours.weekdays is empty; write at least one day".to_owned());
        }
        Ok(())
    }

    /// Seconds of working time from one moment to a later one, both on the clock of one zone; 0 when `to` is not later.
    ///
    /// The clock is taken to run evenly: over the night it is put forward or back, nobody works.
    pub fn seconds_between(&self, from: DateTime, to: DateTime) -> u64 {
        if to <= from {
            return 0;
        }
        let days = self.days_worked(from.date(), to.date());
        let seconds = days * self.day_length() + self.worked_by(to) - self.worked_by(from);
        seconds.max(0).unsigned_abs()
    }

    /// Seconds worked on the day of a moment, up to that moment.
    fn worked_by(&self, moment: DateTime) -> i64 {
        if !self.is_worked(moment.date()) {
            return 0;
        }
        let time = moment.time();
        let seconds = i64::from(time.hour()) * 3600
            + i64::from(time.minute()) * 60
            + i64::from(time.second());
        (seconds - self.opening()).clamp(0, self.day_length())
    }

    fn opening(&self) -> i64 {
        (self.opens * 3600.0).round() as i64
    }

    fn closing(&self) -> i64 {
        (self.closes * 3600.0).round() as i64
    }

    fn day_length(&self) -> i64 {
        self.closing() - self.opening()
    }

    fn is_worked(&self, day: Date) -> bool {
        let is_holiday =
            self.holidays == Holidays::Fr && french_holidays(day.year()).contains(&day);
        self.weekdays.is_on(day) && !is_holiday
    }

    /// Days worked from the first day up to the last, the last one left out.
    fn days_worked(&self, first: Date, last: Date) -> i64 {
        let days = i64::from((last - first).get_days());
        let (weeks, rest) = (days / 7, days % 7);
        let whole = weeks * self.weekdays.count();
        let begun = (0..rest as i32)
            .filter(|offset| self.weekdays.is_on(days_after(first, *offset)))
            .count() as i64;
        let holidays = match self.holidays {
            Holidays::None => 0,
            Holidays::Fr => (first.year()..=last.year())
                .flat_map(french_holidays)
                .filter(|day| (first..last).contains(day) && self.weekdays.is_on(*day))
                .count() as i64,
        };
        whole + begun - holidays
    }
}

impl Weekdays {
    fn is_on(self, day: Date) -> bool {
        let position = match day.weekday() {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        };
        self.0[position]
    }

    fn count(self) -> i64 {
        self.0.iter().filter(|is_worked| **is_worked).count() as i64
    }
}

/// The public holidays of all of France in a year, no day twice.
///
/// Ascension falls on 1 May or 8 May in some years; it is then one day off, as the other is.
fn french_holidays(year: i16) -> Vec<Date> {
    let easter = easter(year);
    let mut days = vec![
        date(year, 1, 1),
        days_after(easter, 1),
        date(year, 5, 1),
        date(year, 5, 8),
        days_after(easter, 39),
        days_after(easter, 50),
        date(year, 7, 14),
        date(year, 8, 15),
        date(year, 11, 1),
        date(year, 11, 11),
        date(year, 12, 25),
    ];
    days.sort_unstable();
    days.dedup();
    days
}

/// Easter Sunday in the Gregorian calendar.
fn easter(year: i16) -> Date {
    let year_number = i32::from(year);
    let golden = year_number.rem_euclid(19);
    let (century, of_century) = (year_number.div_euclid(100), year_number.rem_euclid(100));
    let (leaps, century_rest) = (century / 4, century % 4);
    let correction = (century + 8) / 25;
    let moon = (19 * golden + century - leaps - (century - correction + 1) / 3 + 15).rem_euclid(30);
    let sunday =
        (32 + 2 * century_rest + 2 * (of_century / 4) - moon - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let position = moon + sunday - 7 * late + 114;
    date(year, (position / 31) as i8, (position % 31 + 1) as i8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn easter_falls_where_the_almanac_says() {
        for (year, day) in [
            (1818, "1818-03-22"),
            (2000, "2000-04-23"),
            (2019, "2019-04-21"),
            (2024, "2024-03-31"),
            (2025, "2025-04-20"),
            (2026, "2026-04-05"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter(year).to_string(), day);
        }
    }

    #[test]
    fn france_has_eleven_holidays_and_ten_when_two_fall_together() {
        let days: Vec<String> = french_holidays(2026).iter().map(Date::to_string).collect();
        assert_eq!(
            days,
            [
                "2026-01-01",
                "2026-04-06",
                "2026-05-01",
                "2026-05-08",
                "2026-05-14",
                "2026-05-25",
                "2026-07-14",
                "2026-08-15",
                "2026-11-01",
                "2026-11-11",
                "2026-12-25"
            ]
        );
        assert_eq!(french_holidays(2008).len(), 10);
    }

    #[track_caller]
    fn check(hours: &BusinessHours, from: &str, to: &str, expected_hours: f64) {
        let seconds = hours.seconds_between(from.parse().unwrap(), to.parse().unwrap());
        assert_eq!(
            seconds as f64,
            expected_hours * 3600.0,
            "{from} to {to}: {} h",
            seconds as f64 / 3600.0
        );
    }

    #[test]
    fn nights_and_weekends_do_not_count() {
        let hours = BusinessHours::default();
        check(&hours, "2026-11-16T10:00:00", "2026-11-16T12:30:00", 2.5);
        check(&hours, "2026-11-16T07:00:00", "2026-11-16T10:00:00", 1.0);
        check(&hours, "2026-11-16T17:00:00", "2026-11-17T10:00:00", 2.0);
        check(&hours, "2026-11-20T17:00:00", "2026-11-23T10:00:00", 2.0);
        check(&hours, "2026-11-21T10:00:00", "2026-11-22T10:00:00", 0.0);
        check(&hours, "2026-11-16T20:00:00", "2026-11-16T22:00:00", 0.0);
        check(&hours, "2026-11-16T09:00:00", "2026-11-30T09:00:00", 90.0);
        check(&hours, "2026-11-17T10:00:00", "2026-11-16T10:00:00", 0.0);
    }

    #[test]
    fn holidays_do_not_count_where_they_are_kept() {
        let french = BusinessHours {
            holidays: Holidays::Fr,
            ..BusinessHours::default()
        };
        // Armistice on a Wednesday; a long weekend of Ascension; Christmas and New Year on Fridays.
        check(&french, "2026-11-10T17:00:00", "2026-11-12T10:00:00", 2.0);
        check(&french, "2026-11-11T09:00:00", "2026-11-11T18:00:00", 0.0);
        check(&french, "2026-05-13T17:00:00", "2026-05-15T10:00:00", 2.0);
        check(&french, "2026-12-24T09:00:00", "2027-01-04T09:00:00", 45.0);
        let none = BusinessHours::default();
        check(&none, "2026-11-10T17:00:00", "2026-11-12T10:00:00", 11.0);
    }

    #[test]
    fn round_the_clock_is_elapsed_time() {
        let always = BusinessHours {
            opens: 0.0,
            closes: 24.0,
            weekdays: Weekdays([true; 7]),
            holidays: Holidays::None,
        };
        check(&always, "2020-02-28T12:00:00", "2020-03-01T12:00:00", 48.0);
        check(
            &always,
            "2016-11-20T09:30:00",
            "2026-11-20T09:30:00",
            3652.0 * 24.0,
        );
    }

    #[test]
    fn long_spans_agree_with_counting_day_by_day() {
        let french = BusinessHours {
            holidays: Holidays::Fr,
            ..BusinessHours::default()
        };
        let first = date(2023, 12, 28);
        for length in 0..800 {
            let last = days_after(first, length);
            let counted = (0..length)
                .filter(|offset| french.is_worked(days_after(first, *offset)))
                .count() as i64;
            assert_eq!(french.days_worked(first, last), counted, "{last}");
        }
    }

    #[test]
    fn hours_that_cannot_be_are_refused() {
        let check = |change: fn(&mut BusinessHours), says: &str| {
            let mut hours = BusinessHours::default();
            change(&mut hours);
            assert!(hours.check().unwrap_err().contains(says));
        };
        assert_eq!(BusinessHours::default().check(), Ok(()));
        check(|hours| hours.opens = -1.0, "opens");
        check(|hours| hours.opens = f64::NAN, "opens");
        check(|hours| hours.closes = 9.0, "closes");
        check(|hours| hours.closes = 25.0, "closes");
        check(|hours| hours.weekdays = Weekdays([false; 7]), "weekdays");
        assert!(Weekdays::try_from(vec!["lundi".to_owned()]).is_err());
    }

    fn moments() -> impl Strategy<Value = DateTime> {
        (0..20_000_i32, 0..86_400_i32).prop_map(|(day, second)| {
            let time = jiff::civil::time(
                (second / 3600) as i8,
                (second / 60 % 60) as i8,
                (second % 60) as i8,
                0,
            );
            days_after(date(2000, 1, 1), day).to_datetime(time)
        })
    }

    fn hours() -> impl Strategy<Value = BusinessHours> {
        (0..48_u8, 1..49_u8, any::<[bool; 7]>(), any::<bool>()).prop_map(
            |(opens, length, weekdays, is_french)| BusinessHours {
                opens: f64::from(opens) / 2.0,
                closes: f64::from((opens + length).min(48)) / 2.0,
                weekdays: Weekdays(weekdays),
                holidays: if is_french {
                    Holidays::Fr
                } else {
                    Holidays::None
                },
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn working_time_adds_up_and_is_part_of_what_passed(hours in hours(), moments in prop::array::uniform3(moments())) {
            let mut moments = moments;
            moments.sort_unstable();
            let [first, middle, last] = moments;
            let whole = hours.seconds_between(first, last);
            prop_assert_eq!(hours.seconds_between(first, middle) + hours.seconds_between(middle, last), whole);
            prop_assert_eq!(hours.seconds_between(last, first), 0);
            let passed = (last - first).total((jiff::Unit::Second, jiff::SpanRelativeTo::days_are_24_hours())).unwrap();
            prop_assert!(whole as f64 <= passed);
        }

        #[test]
        fn hours_are_read_back_as_written(hours in hours()) {
            let read: Result<BusinessHours, _> = toml::from_str(&toml::to_string(&hours).unwrap());
            prop_assert_eq!(read.ok(), Some(hours));
        }

        #[test]
        fn easter_is_a_sunday_of_spring_in_every_gregorian_year(year in 1583..10_000_i16) {
            let easter = easter(year);
            prop_assert_eq!(easter.weekday(), Weekday::Sunday);
            prop_assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&easter));
        }
    }
}
