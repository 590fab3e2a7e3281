//! Days and ISO 8601 weeks, the calendar every count and every report speaks.

use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// When a piece of feedback was given, as the clock on the wall showed it in the workspace's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Local date and time; midnight when the source gives only a day.
    pub local: DateTime,
    /// False when the source gives only a day, so that nobody reads midnight as a fact.
    pub has_time: bool,
}

impl Moment {
    /// A day without a time.
    pub fn day(date: Date) -> Self {
        Self {
            local: date.to_datetime(jiff::civil::Time::midnight()),
            has_time: false,
        }
    }

    /// A day and a time.
    pub fn at(local: DateTime) -> Self {
        Self {
            local,
            has_time: true,
        }
    }

    /// The ISO week the day falls in.
    pub fn week(self) -> Week {
        Week::of(self.local.date())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_time {
            write!(f, "{}", self.local)
        } else {
            write!(f, "{}", self.local.date())
        }
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    /// Reads back what `Display` wrote: `2026-11-23` or `2026-11-23T09:30:00`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('T') {
            Ok(Self::at(text.parse()?))
        } else {
            Ok(Self::day(text.parse()?))
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An ISO 8601 week: Monday to Sunday; week 1 holds 4 January. Written `2026-W47`, ordered in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    /// ISO year, which differs from the calendar year around New Year.
    pub year: i16,
    /// 1 to 53.
    pub number: i8,
}

impl Week {
    /// The week a day falls in.
    pub fn of(date: Date) -> Self {
        let week = date.iso_week_date();
        Self {
            year: week.year(),
            number: week.week(),
        }
    }

    /// The week's Monday.
    pub fn monday(self) -> Date {
        ISOWeekDate::new(self.year, self.number, Weekday::Monday)
            .expect("a Week is only made from a date or from a checked text")
            .date()
    }

    /// The week's Sunday.
    pub fn sunday(self) -> Date {
        days_after(self.monday(), 6)
    }

    /// The week `weeks` later, or earlier when negative.
    pub fn plus(self, weeks: i32) -> Self {
        Self::of(days_after(self.monday(), weeks * 7))
    }
}

/// The day `days` later, or earlier when negative; stays at the calendar's ends (years −9999 and 9999).
pub fn days_after(date: Date, days: i32) -> Date {
    date.saturating_add(jiff::Span::new().days(days))
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.number)
    }
}

/// Why a text is not an ISO week.
#[derive(Debug, thiserror::Error)]
#[error("\"{0}\" is not an ISO week; write it as 2026-W47")]
pub struct NotAWeek(String);

impl FromStr for Week {
    type Err = NotAWeek;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAWeek(text.to_owned());
        let (year, number) = text.split_once("-W").ok_or_else(wrong)?;
        let year = year.parse().map_err(|_| wrong())?;
        let number = number.parse().map_err(|_| wrong())?;
        ISOWeekDate::new(year, number, Weekday::Monday).map_err(|_| wrong())?;
        Ok(Self { year, number })
    }
}

impl Serialize for Week {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[track_caller]
    fn check(day: &str, week: &str) {
        assert_eq!(Week::of(day.parse().unwrap()).to_string(), week);
    }

    #[test]
    fn days_around_new_year_fall_in_the_iso_week() {
        check("2024-12-30", "2025-W01");
        check("2025-12-29", "2026-W01");
        check("2026-12-31", "2026-W53");
        check("2027-01-03", "2026-W53");
        check("2021-01-03", "2020-W53");
    }

    #[test]
    fn a_week_reads_back_and_steps_over_the_year() {
        let week: Week = "2026-W53".parse().unwrap();
        assert_eq!(week.monday().to_string(), "2026-12-28");
        assert_eq!(week.sunday().to_string(), "2027-01-03");
        assert_eq!(week.plus(1).to_string(), "2027-W01");
        assert_eq!(week.plus(-53).to_string(), "2025-W52");
        assert!("2025-W53".parse::<Week>().is_err());
        assert!("2025-48".parse::<Week>().is_err());
    }

    #[test]
    fn a_moment_reads_back_as_written() {
        for text in ["2026-11-23", "2026-11-23T09:30:00"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_day_lies_in_its_week_and_every_week_is_read_back(day in 0..7_304_483_i32) {
            let day = days_after(date(-9999, 1, 1), day);
            let week = Week::of(day);
            prop_assert!((week.monday()..=week.sunday()).contains(&day));
            prop_assert_eq!(week.to_string().parse::<Week>().ok(), Some(week));
            if (1000..9000).contains(&day.year()) {
                prop_assert_eq!(week.monday().weekday(), Weekday::Monday);
                prop_assert_eq!(week.plus(60).plus(-60), week);
                prop_assert_eq!(days_after(week.sunday(), 1), week.plus(1).monday());
            }
        }

        #[test]
        fn moments_are_read_back_and_ordered_as_their_texts(a in 0..3_652_000_i32, b in 0..3_652_000_i32, second in 0..86_400_i32) {
            let [a, b] = [a, b].map(|day| days_after(date(0, 1, 1), day));
            let time = jiff::civil::time((second / 3600) as i8, (second / 60 % 60) as i8, (second % 60) as i8, 0);
            for moment in [Moment::day(a), Moment::at(a.to_datetime(time))] {
                prop_assert_eq!(moment.to_string().parse::<Moment>().ok(), Some(moment));
            }
            let texts = [a, b].map(|day| Moment::day(day).to_string());
            prop_assert_eq!(Moment::day(a).cmp(&Moment::day(b)), texts[0].cmp(&texts[1]));
        }
    }
}
