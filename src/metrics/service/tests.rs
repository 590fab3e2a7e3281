//! Facts about the numbers of the service, on records made of the fewest fields that show them.

use super::super::{
    History, Numbers, Period, RepeatSource, Verdict, measure as measure_all, measure_part,
    tests::{analysis, measured, mention, record, week, weeks},
};
use super::*;
use crate::{
    analysis::{Analysis, AnalyzedFeedback},
    business_hours::BusinessHours,
    calendar::Moment,
    cues::Cue,
    feedback::{Effort, Origin, Rating, Service},
    language::CueKind,
};

/// A record with a service block.
fn served(key: usize, day: Option<&str>, service: Service) -> AnalyzedFeedback {
    let mut one = record(key, day, 0.0);
    one.feedback.service = Some(Box::new(service));
    one
}

fn status(state: &str) -> Service {
    Service {
        status: Some(state.into()),
        ..Service::default()
    }
}

fn with_settings(analysis: &Analysis, period: Period, settings: &Settings) -> Numbers {
    measure_all(analysis, period, settings)
}

#[test]
fn feedback_without_these_columns_has_none_of_these_numbers() {
    let wordless = |mut one: AnalyzedFeedback| {
        one.feedback.text = "".into();
        one
    };
    for input in [
        Analysis::default(),
        analysis(vec![wordless(record(0, None, 0.0))]),
    ] {
        let service = measured(&input, Period::All).service;
        assert_eq!(
            service,
            ServiceNumbers {
                contacts: 0,
                has_customers: false,
                ces: Vec::new(),
                first_reply: None,
                resolution_time: None,
                resolution: None,
                repeats: None,
                first_contact: None,
                retention: None,
                value: None,
            }
        );
    }
}

#[test]
fn effort_keeps_scales_and_directions_apart() {
    let input = weeks(&[120], |_, index, one| {
        let (value, scale, high_is_easy) = match index {
            0..30 => (5.0, 7.0, true),
            30..40 => (4.0, 7.0, true),
            40..60 => (2.0, 5.0, false),
            60..80 => (4.0, 5.0, true),
            80..100 => (9.0, 10.0, true),
            // Not on the scale.
            100..110 => (0.0, 7.0, true),
            _ => (8.0, 7.0, true),
        };
        one.feedback.service = Some(Box::new(Service {
            ces: Some(Effort {
                mark: Rating { value, scale },
                high_is_easy,
            }),
            ..Service::default()
        }));
    });
    let found: Vec<_> = measured(&input, Period::All)
        .service
        .ces
        .iter()
        .map(|ces| {
            let current = ces.score.current;
            (
                ces.scale,
                ces.high_is_easy,
                ces.easy_from,
                current.n,
                current.value,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (5.0, true, Some(4.0), 20, Some(1.0)),
            (5.0, false, None, 20, Some(2.0)),
            (7.0, true, Some(5.0), 40, Some(0.75)),
            (10.0, true, None, 20, Some(9.0)),
        ]
    );
}

#[test]
fn a_share_of_contacts_is_resolved_and_never_more_than_all() {
    let input = weeks(&[500], |_, index, one| {
        let state = match index {
            0..400 => "Solved",
            400..420 => "Clôturé",
            420..490 => "Pending",
            _ => "phase 3",
        };
        one.feedback.service = Some(Box::new(status(state)));
    });
    let resolution = measured(&input, Period::All).service.resolution.unwrap();
    assert_eq!(resolution.rate.current.value, Some(0.84));
    assert_eq!((resolution.rate.current.n, resolution.resolved), (500, 420));
    assert_eq!(resolution.unknown_states, [("phase 3".to_owned(), 10)]);
}

#[test]
fn few_contacts_give_no_rate() {
    let input = weeks(&[9], |_, _, one| {
        one.feedback.service = Some(Box::new(status("open")));
    });
    let resolution = measured(&input, Period::All).service.resolution.unwrap();
    assert_eq!(resolution.rate.current.value, None);
}

#[test]
fn records_of_one_conversation_are_one_contact_in_its_latest_state() {
    let said = |key: usize, day: &str, state: Option<&str>| {
        served(
            key,
            Some(day),
            Service {
                conversation: Some("a".into()),
                status: state.map(Into::into),
                first_reply_seconds: (key == 2).then_some(60),
                ..Service::default()
            },
        )
    };
    let input = analysis(vec![
        said(0, "2026-11-18", Some("reopened")),
        said(1, "2026-11-17", Some("closed")),
        said(2, "2026-11-16", None),
    ]);
    let contacts = Contacts::of(&input.records, None);
    assert_eq!(contacts.all().len(), 1);
    let contact = &contacts.all()[0];
    assert_eq!(&*contact.opening.feedback.key, "i:000002");
    assert_eq!(contact.is_resolved, Some(false));
    assert_eq!(contact.first_reply.unwrap().seconds, 60);
}

#[test]
fn one_name_in_two_sources_is_two_conversations() {
    let named = |key: usize, source: &str| {
        let mut one = served(
            key,
            None,
            Service {
                conversation: Some("1".into()),
                ..Service::default()
            },
        );
        one.feedback.key = format!("{source}//{key}").into();
        one
    };
    let input = analysis(vec![named(0, "chat"), named(1, "chat"), named(2, "mail")]);
    let contacts = Contacts::of(&input.records, None);
    assert_eq!(contacts.all().len(), 2);
    assert!(contacts.all().iter().all(|one| one.is_resolved.is_none()));
}

#[test]
fn a_row_without_an_end_is_unresolved_where_a_file_gives_ends_only() {
    let mut records: Vec<AnalyzedFeedback> = (0..40)
        .map(|key| {
            let mut one = record(key, Some("2026-11-18"), 0.0);
            if key < 30 {
                one.feedback.service = Some(Box::new(Service {
                    closing_seconds: Some(60),
                    ..Service::default()
                }));
            }
            one
        })
        .collect();
    let rate = |records: &[AnalyzedFeedback]| {
        let numbers = measured(&analysis(records.to_vec()), Period::All);
        numbers.service.resolution.unwrap().rate.current
    };
    assert_eq!(rate(&records).value, Some(0.75));
    // Where a file gives states, rows without one are no contacts.
    for one in records.iter_mut().take(30) {
        one.feedback.service.as_mut().unwrap().status = Some("done".into());
    }
    assert_eq!((rate(&records).n, rate(&records).value), (30, Some(1.0)));
    // Rows of another file are not contacts either.
    for one in records.iter_mut().skip(30) {
        one.feedback.origin = std::sync::Arc::new(Origin {
            file: "reviews.csv".into(),
            text_column: "text".into(),
            title_column: "".into(),
        });
    }
    for one in records.iter_mut().take(30) {
        one.feedback.service.as_mut().unwrap().status = None;
    }
    assert_eq!(rate(&records).n, 30);
}

fn timed(weekly: &[usize], seconds: impl Fn(usize, usize) -> u32) -> Analysis {
    weeks(weekly, |week, index, one| {
        let day = one.moment().unwrap().local.date();
        one.feedback.moment = Some(Moment::at(day.at(17, 0, 0, 0)));
        one.feedback.service = Some(Box::new(Service {
            first_reply_seconds: Some(seconds(week, index)),
            ..Service::default()
        }));
    })
}

#[test]
fn times_are_told_by_their_middle_and_their_slowest_tenth() {
    let input = timed(&[101, 101], |week, index| {
        60 * (index as u32 + 1) * (1 + 2 * week as u32)
    });
    let times = measured(&input, week("2026-W37"))
        .service
        .first_reply
        .unwrap();
    assert_eq!(times.median.current.value, Some(3.0 * 51.0 * 60.0));
    assert_eq!(times.slowest_tenth.current.value, Some(3.0 * 91.0 * 60.0));
    let interval = times.median.current.interval.unwrap();
    assert!(interval.low < 9180.0 && interval.high > 9180.0);
    let previous = times.median.previous.unwrap();
    assert_eq!(previous.before.value, Some(51.0 * 60.0));
    assert_eq!(previous.verdict, Some(Verdict::Up));
    assert_eq!(times.left_out, 0);
}

#[test]
fn working_hours_count_where_they_are_set_and_days_alone_are_left_out() {
    // Asked at five in the evening, answered seventeen hours later, an hour after work has begun.
    let mut input = timed(&[14], |_, _| 17 * 3600);
    for (index, one) in input.records.iter_mut().enumerate() {
        let at: Moment = "2026-11-16T17:00:00".parse().unwrap();
        let day = Moment::day(at.local.date());
        one.feedback.moment = Some(if index < 3 { day } else { at });
    }
    let settings = Settings {
        business_hours: Some(BusinessHours::default()),
        ..Settings::default()
    };
    let times = with_settings(&input, Period::All, &settings)
        .service
        .first_reply
        .unwrap();
    assert_eq!((times.median.current.n, times.left_out), (11, 3));
    assert_eq!(times.median.current.value, Some(2.0 * 3600.0));
    let elapsed = measured(&input, Period::All).service.first_reply.unwrap();
    assert_eq!(elapsed.median.current.value, Some(17.0 * 3600.0));
    assert_eq!(elapsed.median.current.n, 14);
}

#[test]
fn closing_stands_in_only_where_nobody_says_resolved() {
    let input = |resolution_seconds| {
        weeks(&[12], |_, _, one| {
            one.feedback.service = Some(Box::new(Service {
                resolution_seconds,
                closing_seconds: Some(100),
                ..Service::default()
            }));
        })
    };
    let time = |resolution| {
        let numbers = measured(&input(resolution), Period::All);
        let time = numbers.service.resolution_time.unwrap();
        (time.median.current.value, time.is_until_closing)
    };
    assert_eq!(time(Some(10)), (Some(10.0), false));
    assert_eq!(time(None), (Some(100.0), true));
}

/// Contacts by customer, day and state.
fn contacts(rows: &[(&str, &str, &str)]) -> Analysis {
    let records = rows
        .iter()
        .enumerate()
        .map(|(key, (customer, day, state))| {
            let mut one = served(key, Some(day), status(state));
            one.feedback.customer = Some((*customer).into());
            one
        })
        .collect();
    analysis(records)
}

#[test]
fn a_contact_within_days_of_a_resolved_one_is_a_repeat() {
    let settings = Settings {
        minimum_base: 1,
        ..Settings::default()
    };
    let check = |rows: &[(&str, &str, &str)], repeats: f64, n: u64| {
        let numbers = with_settings(&contacts(rows), Period::All, &settings);
        let found = numbers.service.repeats.unwrap();
        assert_eq!(found.source, RepeatSource::Customers);
        assert_eq!(
            (found.share.current.n, found.share.current.value),
            (n, Some(repeats)),
            "{rows:?}"
        );
    };
    check(
        &[("a", "2026-11-02", "solved"), ("a", "2026-11-09", "open")],
        0.5,
        2,
    );
    check(
        &[("a", "2026-11-02", "solved"), ("a", "2026-11-10", "open")],
        0.0,
        2,
    );
    check(
        &[("a", "2026-11-02", "open"), ("a", "2026-11-09", "open")],
        0.0,
        2,
    );
    check(
        &[("a", "2026-11-02", "solved"), ("b", "2026-11-03", "open")],
        0.0,
        2,
    );
    // The resolved one need not be the last before.
    check(
        &[
            ("a", "2026-11-02", "solved"),
            ("a", "2026-11-03", "open"),
            ("a", "2026-11-04", "open"),
        ],
        2.0 / 3.0,
        3,
    );
}

#[test]
fn repeats_look_back_beyond_the_period_and_are_not_tested_where_they_cannot() {
    let mut rows: Vec<(String, &str, &str)> = Vec::new();
    for customer in 0..40 {
        for day in ["2026-11-08", "2026-11-09", "2026-11-16", "2026-11-23"] {
            rows.push((format!("c{customer}"), day, "solved"));
        }
    }
    let rows: Vec<(&str, &str, &str)> = rows.iter().map(|row| (&*row.0, row.1, row.2)).collect();
    let input = contacts(&rows);
    let repeats = |period| measured(&input, period).service.repeats.unwrap().share;
    assert_eq!(repeats(week("2026-W46")).current.value, Some(1.0));
    assert!(
        repeats(week("2026-W46"))
            .previous
            .unwrap()
            .difference
            .is_none()
    );
    assert!(
        repeats(week("2026-W47"))
            .previous
            .unwrap()
            .difference
            .is_none()
    );
    assert!(
        repeats(week("2026-W48"))
            .previous
            .unwrap()
            .difference
            .is_some()
    );
}

#[test]
fn first_contact_resolution_waits_until_the_days_are_over() {
    let mut rows = vec![("z".to_owned(), "2026-11-15", "open")];
    for customer in 0..20 {
        rows.push((format!("c{customer}"), "2026-11-04", "solved"));
        if customer < 5 {
            rows.push((format!("c{customer}"), "2026-11-10", "solved"));
        }
    }
    let rows: Vec<(&str, &str, &str)> = rows.iter().map(|row| (&*row.0, row.1, row.2)).collect();
    let first = measured(&contacts(&rows), Period::All)
        .service
        .first_contact
        .unwrap();
    assert_eq!(first.share.current.n, 20);
    assert_eq!(first.share.current.value, Some(0.75));
    assert_eq!(first.too_recent, 5);
}

#[test]
fn a_few_customers_known_by_chance_do_not_stand_for_all() {
    let input = weeks(&[40, 40], |_, index, one| {
        one.feedback.service = Some(Box::new(status("solved")));
        if index < 7 {
            one.feedback.customer = Some(format!("c{index}").as_str().into());
        }
    });
    let service = measured(&input, week("2026-W37")).service;
    assert!(!service.has_customers);
    assert_eq!(service.repeats.unwrap().source, RepeatSource::Words);
    assert_eq!((service.first_contact, service.retention), (None, None));
}

#[test]
fn without_customers_the_words_tell_who_came_back() {
    let input = weeks(&[40], |_, index, one| {
        if index < 4 {
            one.cues = Box::new([Cue {
                kind: CueKind::Repeat,
                start: 0,
                end: 6,
            }]);
        }
    });
    let repeats = measured(&input, Period::All).service.repeats.unwrap();
    assert_eq!(repeats.source, RepeatSource::Words);
    assert_eq!(repeats.share.current.value, Some(0.1));
}

/// `customers` a week, the first `staying` of which were there the week before.
fn loyal(weekly: &[(usize, usize)], revenue: impl Fn(usize) -> Option<f64>) -> Analysis {
    let sizes: Vec<usize> = weekly.iter().map(|(customers, _)| *customers).collect();
    weeks(&sizes, |week, index, one| {
        let is_known = index < weekly[week].1;
        let name = match is_known {
            true => format!("w{}-{index}", week as i32 - 1),
            false => format!("w{week}-{}", index - weekly[week].1),
        };
        one.feedback.customer = Some(name.as_str().into());
        one.feedback.service = revenue(index).map(|revenue| {
            Box::new(Service {
                revenue: Some(revenue),
                ..Service::default()
            })
        });
    })
}

#[test]
fn the_days_a_report_needs_give_the_numbers_of_the_whole() {
    let mut input = timed(&[20; 16], |week, index| (60 * week + index) as u32);
    for (index, one) in input.records.iter_mut().enumerate() {
        one.feedback.customer = Some(format!("c{}", index % 31).as_str().into());
        let service = one.feedback.service.as_mut().unwrap();
        service.status = (index % 3 > 0).then(|| "closed".into());
        service.conversation = (index % 5 == 0).then(|| format!("t{}", index / 10).as_str().into());
        service.revenue = Some(index as f64);
    }
    let history = History::of(&input);
    let settings = Settings {
        margin: Some(0.5),
        chart_weeks: 3,
        ..Settings::default()
    };
    for period in ["2026-W50", "2026-W38", "2026-11", "2026-11-03_2026-11-05"] {
        let scope: Scope = period.parse::<Period>().unwrap().into();
        let needed = scope.days(&history, &settings).unwrap();
        let mut part = input.clone();
        part.records.retain(|one| {
            let day = one.moment().unwrap().local.date();
            needed.iter().any(|(from, to)| (*from..=*to).contains(&day))
        });
        let of_part = measure_part(&part, &history, &scope, &settings).service;
        assert_eq!(
            of_part,
            with_settings(&input, scope.period, &settings).service
        );
    }
}

#[test]
fn retention_and_churn_are_of_one_cohort() {
    let input = loyal(&[(70, 0), (70, 0), (70, 42)], |_| None);
    let found = measured(&input, week("2026-W38"))
        .service
        .retention
        .unwrap();
    assert_eq!(found.retained.current.n, 70);
    assert_eq!(found.retained.current.value, Some(0.6));
    assert_eq!(found.churned.current.value, Some(0.4));
    let previous = found.retained.previous.unwrap();
    assert_eq!(previous.before.value, Some(0.0));
    assert_eq!(previous.verdict, Some(Verdict::Up));
    assert_eq!(found.retained.weeks, [None, Some(0.0), Some(0.6)]);
    for (input, period) in [
        (&input, Period::All),
        (&input, week("2026-W36")),
        (&loyal(&[(9, 0), (70, 5)], |_| None), week("2026-W37")),
        (&weeks(&[70, 70], |_, _, _| {}), week("2026-W37")),
    ] {
        assert_eq!(measured(input, period).service.retention, None);
    }
}

#[test]
fn a_customer_counts_once_with_their_largest_value() {
    let mut input = loyal(&[(20, 0)], |index| Some(100.0 + index as f64 % 2.0 * 50.0));
    let mut again = input.records[0].clone();
    again.feedback.key = "i:000100".into();
    again.feedback.service.as_mut().unwrap().revenue = Some(400.0);
    input.records.push(again);
    for one in input.records.iter_mut().take(12) {
        one.mentions = Box::new([mention(1, -0.5)]);
    }
    input.records[20].mentions = Box::new([mention(1, -0.5), mention(2, -0.5)]);
    let value = measured(&input, Period::All).service.value.unwrap();
    assert!(value.has_customers);
    assert_eq!(value.per_customer.current.n, 20);
    assert_eq!(value.total, Some(400.0 + 9.0 * 100.0 + 10.0 * 150.0));
    assert_eq!(value.per_customer.current.value, Some(140.0));
    let exposed = value.exposed_to(0).unwrap();
    assert_eq!(
        (exposed.customers, exposed.revenue),
        (12, Some(400.0 + 5.0 * 100.0 + 6.0 * 150.0))
    );
    assert!((exposed.share.unwrap() - 1800.0 / 2800.0).abs() < 1e-12);
    let small = value.exposed_to(1).unwrap();
    assert_eq!((small.customers, small.revenue), (1, None), "withheld");
    assert_eq!(value.exposed_to(2), None);
    assert_eq!(value.lifetime, None, "no margin is set");
}

#[test]
fn lifetime_value_is_margin_times_what_retention_makes_of_it() {
    let input = loyal(&[(70, 0), (70, 42)], |index| {
        Some(if index % 2 == 0 { 90.0 } else { 110.0 })
    });
    let settings = Settings {
        margin: Some(0.3),
        discount_rate: 0.1,
        ..Settings::default()
    };
    let lifetime = with_settings(&input, week("2026-W37"), &settings)
        .service
        .value
        .unwrap()
        .lifetime
        .unwrap()
        .current;
    // 30 × 0.6 ÷ (1 + 0.1 − 0.6).
    assert!((lifetime.value.unwrap() - 36.0).abs() < 1e-9);
    let interval = lifetime.interval.unwrap();
    assert!(interval.low < 36.0 && interval.high > 36.0);
    // Who always comes back is worth more than any number.
    let forever = loyal(&[(70, 0), (70, 70)], |_| Some(100.0));
    let endless = Settings {
        margin: Some(0.3),
        ..Settings::default()
    };
    let value = with_settings(&forever, week("2026-W37"), &endless)
        .service
        .value
        .unwrap();
    assert_eq!(value.lifetime.unwrap().current.value, None);
}

#[test]
fn settings_out_of_range_are_refused() {
    let check = |change: fn(&mut Settings), says: &str| {
        let mut settings = Settings::default();
        change(&mut settings);
        assert!(settings.check().unwrap_err().contains(says));
    };
    assert_eq!(Settings::default().check(), Ok(()));
    check(|settings| settings.repeat_days = 0, "repeat_days");
    check(|settings| settings.margin = Some(1.5), "margin");
    check(
        |settings| settings.discount_rate = f64::NAN,
        "discount_rate",
    );
    check(
        |settings| {
            settings.business_hours = Some(BusinessHours {
                closes: 3.0,
                ..BusinessHours::default()
            });
        },
        "business_hours.closes",
    );
}
