//! The records of the period, of the periods before it, and of the charted weeks: who is counted where.

use super::{History, Period, Reference, Scope, Settings};
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
    pub history: &'a History,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub is_complete: bool,
    pub no_comparison: Option<NoComparison>,
    /// Records of any window, those that could have what a number is made of.
    pub all: Vec<&'a AnalyzedFeedback>,
    pub current: Vec<&'a AnalyzedFeedback>,
    /// The period before, or what was chosen instead, when it has feedback.
    pub previous: Option<Vec<&'a AnalyzedFeedback>>,
    pub previous_days: Option<(Date, Date)>,
    /// True when the feedback covers the whole period before: only then may counts be compared.
    pub previous_is_complete: bool,
    /// The same period a year earlier, when the feedback covers it.
    pub last_year: Option<Vec<&'a AnalyzedFeedback>>,
    /// The complete periods before this one, nearest first, up to twelve.
    pub baseline: Vec<Vec<&'a AnalyzedFeedback>>,
    /// The charted weeks, oldest first.
    pub weeks: Vec<(Week, Vec<&'a AnalyzedFeedback>)>,
    /// True when `previous` is not the period before but what somebody chose.
    pub is_compared_by_choice: bool,
}

type Days = (Date, Date);

fn holds((from, to): Days, day: Date) -> bool {
    from <= day && day <= to
}

impl<'a> Windows<'a> {
    pub(super) fn cut(
        analysis: &'a Analysis,
        history: &'a History,
        scope: &Scope,
        settings: &Settings,
    ) -> Self {
        let days = scope.period.days();
        let (from, to) = days.or(history.span).unzip();
        let mut windows = Windows {
            analysis,
            history,
            from,
            to,
            is_complete: match (days, history.span) {
                (Some((from, to)), Some((first, last))) => first <= from && to <= last,
                (Some(_), None) => false,
                (None, _) => true,
            },
            no_comparison: None,
            all: Vec::new(),
            current: Vec::new(),
            previous: None,
            previous_days: None,
            previous_is_complete: false,
            last_year: None,
            baseline: Vec::new(),
            weeks: charted_weeks(history.span, to, settings),
            is_compared_by_choice: scope.against.is_some(),
        };
        let is_ours = |record: &AnalyzedFeedback| {
            let segment = scope.segment.as_ref();
            segment.is_none_or(|segment| segment.holds(record))
        };
        let ours: Vec<&AnalyzedFeedback> =
            analysis.records.iter().filter(|one| is_ours(one)).collect();
        windows.sort(&ours, scope.period);
        windows.compare_by_choice(&ours, scope);
        windows.no_comparison = match (&windows.previous, days, history.span) {
            (Some(_), ..) => None,
            (None, _, None) => Some(NoComparison::NoDates),
            (None, None, Some(_)) => Some(NoComparison::WholeSpan),
            (None, Some(_), Some(_)) => Some(NoComparison::NoHistory),
        };
        windows
    }

    fn sort(&mut self, ours: &[&'a AnalyzedFeedback], period: Period) {
        let days = period.days();
        let covered = |days: Days| {
            let span = self.history.span;
            span.is_some_and(|(first, last)| first <= days.0 && days.1 <= last)
        };
        let has_history = days
            .zip(self.history.span)
            .is_some_and(|(days, span)| span.0 < days.0);
        let earlier: Vec<Days> = (1..=BASELINE_SPANS as i32)
            .map_while(|back| period.days_before(back))
            .collect();
        let last_year = period.days_last_year().filter(|days| covered(*days));
        let mut of_earlier: Vec<Vec<&AnalyzedFeedback>> = vec![Vec::new(); earlier.len()];
        let mut of_last_year = Vec::new();
        for record in ours {
            let Some(moment) = record.moment() else {
                if days.is_none() {
                    self.current.push(record);
                    self.all.push(record);
                }
                continue;
            };
            let day = moment.local.date();
            let mut is_in = false;
            if days.is_none_or(|days| holds(days, day)) {
                self.current.push(record);
                is_in = true;
            } else if let Some(back) = earlier.iter().position(|days| holds(*days, day)) {
                of_earlier[back].push(record);
                is_in = true;
            }
            if last_year.is_some_and(|days| holds(days, day)) {
                of_last_year.push(*record);
                is_in = true;
            }
            let week = moment.week();
            if let Ok(position) = self.weeks.binary_search_by_key(&week, |(week, _)| *week) {
                self.weeks[position].1.push(record);
                is_in = true;
            }
            if is_in {
                self.all.push(record);
            }
        }
        if !has_history {
            return;
        }
        self.previous_is_complete = earlier.first().is_some_and(|days| covered(*days));
        self.previous_days = earlier.first().copied();
        self.last_year = last_year.map(|_| of_last_year);
        self.previous = of_earlier.first().cloned();
        self.baseline = earlier
            .into_iter()
            .zip(of_earlier)
            .take_while(|(days, _)| covered(*days))
            .map(|(_, records)| records)
            .collect();
    }

    /// Puts what was chosen in the place of the period before, and leaves the mean and the year before out.
    fn compare_by_choice(&mut self, ours: &[&'a AnalyzedFeedback], scope: &Scope) {
        match &scope.against {
            None => {}
            Some(Reference::Period(period)) => {
                let days = period.days();
                let is_in = |record: &AnalyzedFeedback| match (days, record.moment()) {
                    (Some(days), Some(moment)) => holds(days, moment.local.date()),
                    (days, _) => days.is_none(),
                };
                let chosen: Vec<_> = ours.iter().copied().filter(|one| is_in(one)).collect();
                self.previous_is_complete = days
                    .zip(self.history.span)
                    .is_none_or(|(days, (first, last))| first <= days.0 && days.1 <= last);
                self.previous_days = days.or(self.history.span);
                self.all.extend(&chosen);
                self.previous = Some(chosen);
                self.last_year = None;
            }
            Some(Reference::Segment(segment)) => {
                let days = scope.period.days();
                let is_in = |record: &AnalyzedFeedback| {
                    let moment = record.moment();
                    days.is_none_or(|days| {
                        moment.is_some_and(|moment| holds(days, moment.local.date()))
                    }) && segment.holds(record)
                };
                let records = &self.analysis.records;
                let chosen: Vec<_> = records.iter().filter(|one| is_in(one)).collect();
                self.previous_is_complete = self.is_complete;
                self.previous_days = days.or(self.history.span);
                self.all.extend(&chosen);
                self.previous = Some(chosen);
                self.last_year = None;
            }
        }
    }

    /// How many periods the mean is made of; 0 when there is none.
    pub(super) fn mean_spans(&self) -> u32 {
        match self.baseline.len().min(MEAN_SPANS) {
            _ if self.is_compared_by_choice => 0,
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
    let (Some((first, latest)), Some(to)) = (span, to) else {
        return Vec::new();
    };
    // Weeks to come are no weeks without feedback.
    let last = Week::of(to.min(latest));
    let mut weeks: Vec<_> = (0..settings.chart_weeks as i32)
        .map(|weeks_back| last.plus(-weeks_back))
        .take_while(|week| *week >= Week::of(first))
        .map(|week| (week, Vec::new()))
        .collect();
    weeks.reverse();
    weeks
}

/// The days of all windows, and around each those in which a contact repeats another; `None` where a window is
/// everything.
pub(super) fn days_needed(
    scope: &Scope,
    history: &History,
    settings: &Settings,
) -> Option<Vec<(Date, Date)>> {
    let (from, to) = scope.period.days()?;
    let first_week = charted_weeks(history.span, Some(to), settings)
        .first()
        .map(|(week, _)| week.monday());
    let (first_baseline, _) = scope.period.days_before(BASELINE_SPANS as i32)?;
    let start = first_week
        .map_or(from, |week| week.min(from))
        .min(first_baseline);
    // The last charted week goes on after a period that ends within it.
    let mut needed = vec![(start, to.max(Week::of(to).sunday()))];
    needed.extend(scope.period.days_last_year());
    if let Some(Reference::Period(period)) = scope.against {
        needed.push(period.days()?);
    }
    let around = settings.repeat_days as i32;
    for (from, to) in &mut needed {
        *from = days_after(*from, -around);
        *to = days_after(*to, around);
    }
    Some(needed)
}
