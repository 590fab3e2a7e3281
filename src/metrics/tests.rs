//! Facts about the numbers, on records made of the fewest fields that show them.

use super::*;
use crate::{
    analysis::{AnalyzedFeedback, ThemeMention},
    calendar::{Moment, Week, days_after},
    feedback::{Feedback, Rating},
    language::{
        Language,
        concepts::{Leaning, Stage},
    },
    themes::{Theme, Traits},
};

pub(super) fn record(key: usize, day: Option<&str>, score: f32) -> AnalyzedFeedback {
    AnalyzedFeedback {
        feedback: Feedback {
            id_start: 2,
            moment: day.map(|day| Moment::day(day.parse().unwrap())),
            line: key as u32 + 2,
            ..Feedback::of_words(&format!("i:{key:06}"), "Parcel")
        },
        language: Language::English,
        confidence: 0.9,
        score,
        cues: Box::default(),
        copy_group: 0,
        mentions: Box::new([]),
    }
}

pub(super) fn mention(theme: u32, score: f32) -> ThemeMention {
    ThemeMention {
        theme,
        start: 0,
        end: 6,
        evidence: (0, 1),
        score,
        strength: 0.5,
    }
}

pub(super) fn analysis(records: Vec<AnalyzedFeedback>) -> Analysis {
    let theme = |id: &str| Theme {
        id: id.into(),
        label: id.into(),
        ..Theme::default()
    };
    Analysis {
        records,
        themes: vec![theme("delivery"), theme("refund"), theme("staff")],
        ..Analysis::default()
    }
}

/// `weekly[i]` records on each of successive weeks from 2026-W36 on, spread over the seven days; `dress` finishes each one.
pub(super) fn weeks(
    weekly: &[usize],
    dress: impl Fn(usize, usize, &mut AnalyzedFeedback),
) -> Analysis {
    let first: Week = "2026-W36".parse().unwrap();
    let mut records = Vec::new();
    for (week, count) in weekly.iter().enumerate() {
        for index in 0..*count {
            let day = days_after(first.plus(week as i32).monday(), index as i32 % 7).to_string();
            let mut one = record(records.len(), Some(&day), 0.0);
            dress(week, index, &mut one);
            records.push(one);
        }
    }
    analysis(records)
}

pub(super) fn measured(analysis: &Analysis, period: Period) -> Numbers {
    measure(analysis, period, &Settings::default())
}

pub(super) fn week(text: &str) -> Period {
    Period::Week(text.parse().unwrap())
}

#[track_caller]
fn check_folder(period: Period, name: &str) {
    assert_eq!(period.to_string(), name);
}

#[test]
fn a_period_names_its_folder() {
    check_folder(week("2026-W47"), "2026-W47");
    check_folder(
        Period::Days {
            from: "2026-10-01".parse().unwrap(),
            to: "2026-10-31".parse().unwrap(),
        },
        "2026-10-01_2026-10-31",
    );
    check_folder(Period::All, "all");
}

#[track_caller]
fn check_latest(days: &[&str], expected: Option<&str>) {
    let records = days
        .iter()
        .enumerate()
        .map(|(key, day)| record(key, Some(day), 0.0))
        .collect();
    let found = latest_complete_week(&History::of(&analysis(records))).map(|week| week.to_string());
    assert_eq!(found.as_deref(), expected);
}

#[test]
fn the_latest_complete_week_ends_by_the_last_feedback() {
    check_latest(&["2026-11-02", "2026-11-22"], Some("2026-W47"));
    check_latest(&["2026-11-10", "2026-11-21"], Some("2026-W46"));
    // Nothing was said in week 46: its report would be empty.
    check_latest(&["2026-11-02", "2026-11-21"], Some("2026-W45"));
    check_latest(&["2026-11-22"], Some("2026-W47"));
    check_latest(&["2026-11-18", "2026-11-20"], None);
    check_latest(&["2026-12-01", "2027-01-03"], Some("2026-W53"));
    check_latest(&[], None);
}

#[test]
fn weeks_count_records_like_a_plain_group_by() {
    let mut records: Vec<_> = ["2026-12-28", "2027-01-03", "2027-01-04", "2027-01-20"]
        .iter()
        .enumerate()
        .map(|(key, day)| record(key, Some(day), [-0.5, 0.5, 0.0, 0.9][key]))
        .collect();
    records.push(record(4, None, 0.0));
    let numbers = measured(&analysis(records), Period::All);
    let found: Vec<_> = numbers
        .weeks
        .iter()
        .map(|week| (week.week.to_string(), week.records))
        .collect();
    assert_eq!(
        found,
        [
            ("2026-W53".to_owned(), 2),
            ("2027-W01".to_owned(), 1),
            ("2027-W03".to_owned(), 1)
        ]
    );
    assert_eq!(
        numbers.chart_weeks.len(),
        4,
        "the week without feedback is charted"
    );
    assert_eq!(
        (numbers.weeks[0].negative, numbers.weeks[0].positive),
        (1, 1)
    );
    assert_eq!((numbers.records.current.n, numbers.undated), (5, 1));
    assert_eq!(numbers.no_comparison, Some(NoComparison::WholeSpan));
}

#[test]
fn nothing_at_all_is_measured_without_inventing() {
    for period in [Period::All, week("2026-W47")] {
        let numbers = measured(&Analysis::default(), period);
        assert_eq!(numbers.no_comparison, Some(NoComparison::NoDates));
        assert_eq!(numbers.records.current.n, 0);
        assert_eq!(numbers.net_sentiment.current.value, None);
        assert!(numbers.nps.is_none() && numbers.csat.is_none() && numbers.ratings.is_empty());
        assert!(
            numbers.highlights.is_empty()
                && numbers.themes.is_empty()
                && numbers.chart_weeks.is_empty()
        );
    }
}

#[test]
fn small_bases_are_withheld_then_indicative_then_plain() {
    for (count, basis, is_shown) in [
        (9, Basis::Suppressed, false),
        (10, Basis::Indicative, true),
        (29, Basis::Indicative, true),
        (30, Basis::Normal, true),
    ] {
        let numbers = measured(&weeks(&[count], |_, _, one| one.score = 0.5), Period::All);
        let net = numbers.net_sentiment.current;
        assert_eq!(
            (net.n, net.basis, net.value.is_some()),
            (count as u64, basis, is_shown)
        );
        assert_eq!(net.interval.is_some(), is_shown);
    }
}

#[test]
fn nps_counts_answers_and_ignores_what_is_no_answer() {
    let numbers = measured(
        &weeks(&[120], |_, index, one| {
            one.feedback.nps = match index {
                0..40 => Some(9),
                40..80 => Some(7),
                80..100 => Some(6),
                100 => Some(11),
                _ => None,
            }
        }),
        Period::All,
    );
    let nps = numbers.nps.unwrap();
    assert_eq!((nps.promoters, nps.passives, nps.detractors), (40, 40, 20));
    assert_eq!(nps.score.current.value, Some(20.0));
    assert!((nps.wald.unwrap().high - 34.667).abs() < 1e-3);
}

#[test]
fn csat_is_top_two_of_five_and_leaves_other_scales_out() {
    let numbers = measured(
        &weeks(&[102], |_, index, one| {
            let (value, scale) = match index {
                0..80 => (4.0, 5.0),
                80..100 => (3.0, 5.0),
                _ => (9.0, 10.0),
            };
            one.feedback.csat = Some(Rating { value, scale });
        }),
        Period::All,
    );
    let csat = numbers.csat.unwrap();
    assert_eq!((csat.satisfied, csat.on_other_scales), (80, 2));
    assert_eq!(csat.share.current.value, Some(0.8));
    assert!((csat.share.current.interval.unwrap().low - 0.71117).abs() < 1e-4);
}

#[test]
fn ratings_keep_their_scales_apart() {
    let numbers = measured(
        &weeks(&[40], |_, index, one| {
            let (value, scale) = if index % 2 == 0 {
                (4.0, 5.0)
            } else {
                (14.0, 20.0)
            };
            one.feedback.rating = Some(Rating { value, scale });
        }),
        Period::All,
    );
    let found: Vec<_> = numbers
        .ratings
        .iter()
        .map(|mean| (mean.scale, mean.mean.current.value))
        .collect();
    assert_eq!(found, [(5.0, Some(4.0)), (20.0, Some(14.0))]);
}

#[test]
fn a_theme_share_is_of_records_with_text_not_of_mentions() {
    let numbers = measured(
        &weeks(&[50], |_, index, one| {
            if index < 10 {
                one.feedback.text = "".into();
            } else if index < 20 {
                one.mentions = Box::new([mention(1, -0.5), mention(1, -0.4), mention(2, 0.5)]);
            }
        }),
        Period::All,
    );
    let refund = &numbers.themes[0];
    assert_eq!(
        (
            refund.theme,
            refund.records,
            refund.mentions,
            refund.negative_records
        ),
        (1, 10, 20, 10)
    );
    assert_eq!(refund.share.current.value, Some(0.25));
    assert_eq!(refund.net.current.value, Some(-100.0));
    assert_eq!(refund.net.current.n, 10);
    assert!(refund.net.current.interval.unwrap().high > -100.0);
    assert_eq!(numbers.coverage.current.value, Some(0.25));
    assert_eq!(
        (numbers.frictions.as_slice(), numbers.delights.as_slice()),
        (&[0][..], &[1][..])
    );
}

#[test]
fn a_planted_rise_is_found_and_steady_themes_are_not() {
    let analysis = weeks(&[200; 8], |week, index, one| {
        let rises = if week == 7 { 36 } else { 12 };
        one.mentions = match index {
            _ if index < rises => Box::new([mention(0, -0.5)]),
            60..90 => Box::new([mention(1, -0.5)]),
            90..150 => Box::new([mention(2, 0.5)]),
            _ => Box::new([]),
        };
    });
    let numbers = measured(&analysis, week("2026-W43"));
    let signals: Vec<(usize, SignalKind)> = (numbers.signals.found.iter())
        .map(|signal| (signal.theme, signal.kind))
        .collect();
    assert_eq!(signals, [(0, SignalKind::Rising)]);
    assert_eq!(numbers.mean_spans, 4);
    let rise = numbers.themes[0].share.previous.unwrap();
    assert_eq!(rise.verdict, Some(Verdict::Up));
    assert!((rise.difference.unwrap().value - 0.12).abs() < 1e-12);
    assert_eq!(
        numbers.themes[1].share.previous.unwrap().verdict,
        Some(Verdict::Stable)
    );
    assert_eq!(
        numbers.records.previous.unwrap().verdict,
        Some(Verdict::Stable)
    );
    assert_eq!(numbers.highlights, [Highlight::Signal(0)]);
    assert!(!numbers.themes[0].is_new);
}

#[test]
fn a_week_in_which_nobody_wrote_silences_no_signal() {
    let analysis = weeks(
        &[200, 200, 200, 0, 200, 200, 200, 200],
        |week, index, one| {
            if index < if week == 7 { 36 } else { 12 } {
                one.mentions = Box::new([mention(0, -0.5)]);
            }
        },
    );
    let signals = measured(&analysis, week("2026-W43")).signals;
    assert_eq!(signals.periods, 6);
    assert_eq!(
        signals.found.first().map(|signal| signal.kind),
        Some(SignalKind::Rising)
    );
}

#[test]
fn a_theme_first_named_in_the_period_is_new() {
    let analysis = weeks(&[50; 3], |week, index, one| {
        if week == 2 && index < 8 {
            one.mentions = Box::new([mention(2, 0.5)]);
        }
    });
    let numbers = measured(&analysis, week("2026-W38"));
    assert!(numbers.themes[0].is_new);
    assert!(!numbers.signals.has_history && numbers.signals.found.is_empty());
    let everything = measured(&analysis, Period::All);
    assert!(!everything.themes[0].is_new);
}

#[test]
fn an_incomplete_week_is_flagged_and_its_count_not_tested() {
    let mut analysis = weeks(&[70; 8], |_, _, _| {});
    analysis
        .records
        .retain(|record| record.moment().unwrap().local.date() < "2026-10-22".parse().unwrap());
    let numbers = measured(&analysis, week("2026-W43"));
    assert!(!numbers.is_complete);
    let previous = numbers.records.previous.unwrap();
    assert_eq!(
        (previous.before.value, previous.verdict),
        (Some(70.0), None)
    );
    assert!(measured(&analysis, week("2026-W42")).is_complete);
}

#[test]
fn the_first_week_has_nothing_before_it() {
    let analysis = weeks(&[70; 3], |_, _, _| {});
    let numbers = measured(&analysis, week("2026-W36"));
    assert_eq!(numbers.no_comparison, Some(NoComparison::NoHistory));
    assert!(numbers.records.previous.is_none() && numbers.records.mean.is_none());
    let second = measured(&analysis, week("2026-W37"));
    assert!(second.records.previous.is_some() && second.records.mean.is_none());
}

#[test]
fn days_compare_with_as_many_days_before() {
    let numbers = measured(
        &weeks(&[70; 8], |_, _, _| {}),
        Period::Days {
            from: "2026-10-12".parse().unwrap(),
            to: "2026-10-25".parse().unwrap(),
        },
    );
    let (from, to) = numbers.previous.unwrap();
    assert_eq!(
        (from.to_string(), to.to_string()),
        ("2026-09-28".to_owned(), "2026-10-11".to_owned())
    );
    assert_eq!(numbers.records.current.n, 140);
    assert_eq!(numbers.records.previous.unwrap().before.value, Some(140.0));
    assert_eq!(numbers.mean_spans, 3);
}

#[test]
fn a_week_without_feedback_is_counted_as_none() {
    let numbers = measured(
        &weeks(&[70, 70, 70, 70, 70, 0, 70], |_, _, _| {}),
        week("2026-W41"),
    );
    assert_eq!(numbers.records.current.n, 0);
    assert_eq!(numbers.net_sentiment.current.basis, Basis::Suppressed);
    assert_eq!(
        numbers.records.previous.unwrap().verdict,
        Some(Verdict::Down)
    );
}

#[test]
fn a_mention_of_an_unknown_theme_is_left_out() {
    let analysis = weeks(&[12], |_, _, one| {
        one.mentions = Box::new([mention(99, 0.5)])
    });
    assert!(measured(&analysis, Period::All).themes.is_empty());
}

#[test]
fn a_verdict_on_the_whole_is_no_irritant() {
    let mut analysis = weeks(&[6, 6], |_, _, one| {
        one.mentions = Box::new([mention(0, -0.5), mention(1, -0.5)])
    });
    analysis.themes[0].traits = Some(Traits {
        leaning: Leaning::Friction,
        stage: Stage::After,
        pillar: None,
        factor: None,
    });
    let period = latest_complete_week(&History::of(&analysis)).map_or(Period::All, Period::Week);
    let numbers = measure(&analysis, period, &Settings::default());
    let told: Vec<usize> = numbers.themes.iter().map(|theme| theme.theme).collect();
    assert_eq!(told, [1]);
}

#[test]
fn an_action_is_measured_from_the_day_it_took_effect() {
    let analysis = weeks(&[100; 12], |week, index, one| {
        let complain = if week < 9 { 30 } else { 10 };
        if index < complain {
            one.mentions = Box::new([mention(1, -0.5)]);
        }
    });
    let numbers = measured(&analysis, week("2026-W47"));
    let plan = |since: &str| {
        let text = format!("[[action]]\ntheme = \"refund\"\naction = \"x\"\nsince = \"{since}\"\n");
        crate::actions::ActionPlan::parse(&text, "actions.toml").unwrap()
    };
    // 2026-11-02 is the Monday of the tenth week: three weeks since, eight before.
    let found = &follow(&plan("2026-11-02"), &analysis, &numbers)[0];
    let effect = found.effect.unwrap();
    assert_eq!((effect.since.value, effect.since.n), (Some(0.1), 300));
    assert_eq!(
        (effect.against.before.value, effect.against.before.n),
        (Some(0.3), 800)
    );
    assert_eq!(effect.verdict(), Some(Verdict::Down));
    assert_eq!(
        follow(&plan("2026-11-30"), &analysis, &numbers)[0].effect,
        None
    );
}

#[test]
fn an_alert_fires_when_all_its_conditions_hold() {
    let analysis = weeks(&[100; 8], |week, index, one| {
        let complain = if week == 7 { 40 } else { 10 };
        if index < complain {
            one.mentions = Box::new([mention(1, -0.5)]);
        }
    });
    let numbers = measured(&analysis, week("2026-W43"));
    let state = |text: &str| {
        let alert: Alert = toml::from_str(text).unwrap();
        alert.check().unwrap();
        evaluate(&[alert], &analysis, &numbers)[0].state
    };
    let refund = |more: &str| format!("theme = \"refund\"\nmeasure = \"complaints\"\n{more}");
    assert_eq!(state(&refund("above = 0.35")), AlertState::Fired);
    assert_eq!(
        state(&refund("above = 0.35\nsurely = true")),
        AlertState::Quiet
    );
    assert_eq!(
        state(&refund("above = 0.25\nsurely = true\nmoved = \"up\"")),
        AlertState::Fired
    );
    assert_eq!(state(&refund("moved = \"down\"")), AlertState::Quiet);
    assert_eq!(
        state(&refund("moved = \"up\"\nagainst = \"last_year\"")),
        AlertState::Withheld
    );
    let other = |id: &str| format!("theme = \"{id}\"\nmeasure = \"complaints\"\nbelow = 0.1");
    assert_eq!(state(&other("staff")), AlertState::Fired);
    assert_eq!(state(&other("nobody")), AlertState::UnknownTheme);
    assert_eq!(state("measure = \"nps\"\nbelow = 0"), AlertState::Missing);
}
