//! The records of the period, of the periods before it, and of the charted weeks: who is counted where.

use super::{Period, Settings, period};
use crate::{
    analysis::{Analysis, AnalyzedFeedback},
    calendar::{Week, days_after},
};
use jiff::civil::Date;

/// How many periods before this one make the mean.
pub(super) const MEAN_SPANS: usize = 4;

/// How many periods before this one tell how much volumes move by themselves.
const BASELINE_SPANS: usize = 12;

/// Fewer than this and a mean of earlier periods would be one of them.
const FEWEST_MEAN_SPANS: usize = 2;

/// Why a period has nothing to be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoComparison {
    /// The report covers everything.
    WholeSpan,
    /// No record carries a date.
    NoDates,
    /// No feedback lies before the period.
    NoHistory,
}

/// Records sorted into windows; within each, in the order of the analysis.
pub(super) struct Windows<'a> {
    pub analysis: &'a Analysis,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub is_complete: bool,
    pub span: Option<(Date, Date)>,
    pub no_comparison: Option<NoComparison>,
    pub undated: u64,
    pub current: Vec<&'a AnalyzedFeedback>,
    /// The period before, when it has feedback.
    pub previous: Option<Vec<&'a AnalyzedFeedback>>,
    pub previous_days: Option<(Date, Date)>,
    /// True when the feedback covers the whole period before: only then may counts be compared.
    pub previous_is_complete: bool,
    /// The complete periods before this one, nearest first, up to twelve.
    pub baseline: Vec<Vec<&'a AnalyzedFeedback>>,
    /// The charted weeks, oldest first.
    pub weeks: Vec<(Week, Vec<&'a AnalyzedFeedback>)>,
}

impl<'a> Windows<'a> {
    pub(super) fn cut(analysis: &'a Analysis, period: Period, settings: &Settings) -> Self {
        let span = period::span(analysis);
        let days = period.days();
        let (from, to) = days.or(span).unzip();
        let mut windows = Windows {
            analysis,
            from,
            to,
            is_complete: match (days, span) {
                (Some((from, to)), Some((first, last))) => first <= from && to <= last,
                (Some(_), None) => false,
                (None, _) => true,
            },
            span,
            no_comparison: None,
            undated: analysis
                .records
                .iter()
                .filter(|record| record.moment().is_none())
                .count() as u64,
            current: Vec::new(),
            previous: None,
            previous_days: None,
            previous_is_complete: false,
            baseline: Vec::new(),
            weeks: charted_weeks(span, to, settings),
        };
        windows.sort_into_weeks();
        match (days, span) {
            (None, _) => {
                windows.current = analysis.records.iter().collect();
                windows.no_comparison = Some(if span.is_some() {
                    NoComparison::WholeSpan
                } else {
                    NoComparison::NoDates
                });
            }
            (Some(_), None) => windows.no_comparison = Some(NoComparison::NoDates),
            (Some((from, to)), Some((first, last))) => {
                windows.sort_into_periods(from, to, first, last)
            }
        }
        windows
    }

    fn sort_into_periods(&mut self, from: Date, to: Date, first: Date, last: Date) {
        let length = days_between(from, to) + 1;
        let mut earlier: Vec<Vec<&AnalyzedFeedback>> = vec![Vec::new(); BASELINE_SPANS];
        for record in &self.analysis.records {
            let Some(moment) = record.moment() else {
                continue;
            };
            let day = moment.local.date();
            if day > to {
                continue;
            }
            if day >= from {
                self.current.push(record);
                continue;
            }
            let periods_back =
                usize::try_from((days_between(day, from) - 1) / length).unwrap_or(usize::MAX);
            if let Some(window) = earlier.get_mut(periods_back) {
                window.push(record);
            }
        }
        if first >= from {
            self.no_comparison = Some(NoComparison::NoHistory);
            return;
        }
        let start = |periods_back: usize| days_after(from, -(length * (periods_back as i32 + 1)));
        let is_covered = |periods_back: usize| {
            first <= start(periods_back) && days_after(start(periods_back), length - 1) <= last
        };
        self.previous_is_complete = is_covered(0);
        self.previous_days = Some((start(0), days_after(from, -1)));
        self.previous = Some(earlier[0].clone());
        self.baseline = earlier
            .into_iter()
            .enumerate()
            .take_while(|(periods_back, _)| is_covered(*periods_back))
            .map(|(_, records)| records)
            .collect();
    }

    fn sort_into_weeks(&mut self) {
        for record in &self.analysis.records {
            let Some(moment) = record.moment() else {
                continue;
            };
            let week = moment.week();
            if let Ok(position) = self.weeks.binary_search_by_key(&week, |(week, _)| *week) {
                self.weeks[position].1.push(record);
            }
        }
    }

    /// How many periods the mean is made of; 0 when there is none.
    pub(super) fn mean_spans(&self) -> u32 {
        match self.baseline.len().min(MEAN_SPANS) {
            enough if enough >= FEWEST_MEAN_SPANS => enough as u32,
            _ => 0,
        }
    }

    /// The records of the (up to) four complete periods before, in no other order than period by period.
    pub(super) fn mean_records(&self) -> Option<Vec<&'a AnalyzedFeedback>> {
        let spans = self.mean_spans() as usize;
        (spans > 0).then(|| self.baseline[..spans].concat())
    }
}

/// Consecutive weeks up to the one that holds the period's last day, none before the first feedback.
fn charted_weeks<'a>(
    span: Option<(Date, Date)>,
    to: Option<Date>,
    settings: &Settings,
) -> Vec<(Week, Vec<&'a AnalyzedFeedback>)> {
    let (Some((first, _)), Some(to)) = (span, to) else {
        return Vec::new();
    };
    let last = Week::of(to);
    let mut weeks: Vec<_> = (0..settings.chart_weeks as i32)
        .map(|weeks_back| last.plus(-weeks_back))
        .take_while(|week| *week >= Week::of(first))
        .map(|week| (week, Vec::new()))
        .collect();
    weeks.reverse();
    weeks
}

fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}
