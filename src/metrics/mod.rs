//! Numbers from an [`Analysis`]: what a period was, against the period before and the mean of the four before.
//!
//! Invariants: the report's day comes from the records, never from a clock; a number on fewer than
//! [`Settings::minimum_base`] observations is not there at all; no number is NaN; the order of work is the order of the records.

mod actions;
mod alerts;
mod ces;
mod coherence;
mod contacts;
mod coverage;
mod csat;
mod drivers;
mod emerging;
mod highlights;
mod history;
mod impact;
mod journey;
mod languages;
mod lead;
mod measured;
mod nps;
mod period;
mod rating;
mod repeats;
mod resolution;
mod retention;
mod scope;
mod score_change;
mod segments;
mod sentiment;
mod service;
mod service_times;
mod settings;
mod themes;
mod topics;
mod value;
mod volume;
mod windows;

pub use actions::{Effect, Followed, days_of_actions, follow};
pub use alerts::{
    Alert, AlertOutcome, AlertState, MEASURES, Moved, MovedAgainst, THEME_MEASURES, evaluate,
};
pub use ces::Ces;
pub use coherence::{ChannelCell, Coherence};
pub use csat::Csat;
pub use drivers::{Driver, Drivers, Role};
pub use emerging::{Signal, SignalKind, Signals};
pub use highlights::{Against, Highlight, Scored};
pub use history::History;
pub use impact::Impact;
pub use journey::{Facet, FacetNumbers, Journey};
pub use languages::LanguageShare;
pub use lead::LeadScore;
pub use measured::{Basis, Comparison, Estimate, Measured, Verdict};
pub use nps::Nps;
pub use period::{NotAPeriod, Period, latest_complete_week};
pub use rating::RatingMean;
pub use repeats::{FirstContact, RepeatSource, Repeats};
pub use resolution::Resolution;
pub use retention::Retention;
pub use scope::{NotASegment, Reference, Scope, Segment};
pub use score_change::{Contribution, Part, ScoreChange};
pub use segments::{Group, Grouping, KeyTheme, SegmentColumn};
pub use sentiment::ClassShare;
pub use service::ServiceNumbers;
pub use service_times::ServiceTime;
pub use settings::Settings;
pub use themes::ThemeNumbers;
pub use topics::{Topic, WatchedTopic, watch};
pub use value::{Exposed, Value};
pub use volume::WeekVolume;
pub use windows::NoComparison;

use crate::analysis::Analysis;
use jiff::civil::Date;

/// Everything the report prints, as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// What they were measured with.
    pub settings: Settings,
    /// The days the numbers are about.
    pub period: Period,
    /// Whose feedback they are about; everybody's without one.
    pub segment: Option<Segment>,
    /// What somebody chose to compare with in the place of the period before.
    pub against: Option<Reference>,
    /// First day of the period; for [`Period::All`] the first day with feedback, `None` without dates.
    pub from: Option<Date>,
    /// Last day of the period, that day included.
    pub to: Option<Date>,
    /// False when the feedback stops before the period ends or begins after it starts: counts are not those of a whole period.
    pub is_complete: bool,
    /// First and last day with feedback in everything analysed; `None` without dates.
    pub span: Option<(Date, Date)>,
    /// Why there is nothing to compare with; `None` when there is.
    pub no_comparison: Option<NoComparison>,
    /// First and last day of the period before, where there is one to compare with.
    pub previous: Option<(Date, Date)>,
    /// How many of the four periods before the mean is made of: 2 to 4, or 0 when there is no mean.
    pub mean_spans: u32,
    /// True when the feedback covers the same period a year earlier.
    pub has_last_year: bool,
    /// Records in everything analysed.
    pub analysed: u64,
    /// Records of everything analysed that carry no date: part of [`Period::All`] only.
    pub undated: u64,
    /// Records of the period.
    pub records: Measured,
    /// Records of the period that have words.
    pub with_text: Measured,
    /// Every ISO week with feedback, first to last; everybody's.
    pub weeks: Vec<WeekVolume>,
    /// The consecutive ISO weeks charts show, weeks without feedback included; the last is the one the period ends in.
    pub chart_weeks: Vec<WeekVolume>,
    /// Languages of records with text, most frequent first.
    pub languages: Vec<LanguageShare>,
    /// The five classes of records with text, worst first.
    pub sentiment: [ClassShare; 5],
    /// 100·(positive − negative)/records with text, −100 to 100.
    pub net_sentiment: Measured,
    /// Mean rating, one entry a scale, smallest scale first; empty when no record has a rating.
    pub ratings: Vec<RatingMean>,
    /// Net promoter score; `None` when no record of the analysis has one.
    pub nps: Option<Nps>,
    /// Customer satisfaction; `None` when no record of the analysis has one.
    pub csat: Option<Csat>,
    /// What the service did, where the files have its columns.
    pub service: ServiceNumbers,
    /// The score the period is judged by.
    pub lead: LeadScore,
    /// Why it moved; `None` where there is nothing to compare with.
    pub score_change: Option<ScoreChange>,
    /// What goes with it; `None` where customers gave no score, or too few did.
    pub drivers: Option<Drivers>,
    /// Share of records with text that name at least one theme.
    pub coverage: Measured,
    /// The rest of them.
    pub without_theme: Measured,
    /// The themes named in the period, in the order of [`Analysis::themes`].
    pub themes: Vec<ThemeNumbers>,
    /// Positions in `themes`: those complained about, most records with a complaint first.
    pub frictions: Vec<usize>,
    /// Positions in `themes`: those praised, most records with praise first.
    pub delights: Vec<usize>,
    /// Themes by channel; `None` with fewer than two channels that enough comments came through.
    pub coherence: Option<Coherence>,
    /// By stage, pillar and factor; `None` where nobody names a theme that the catalogue places.
    pub journey: Option<Journey>,
    /// Who says what, by grouping column; empty where nothing groups.
    pub segments: Vec<SegmentColumn>,
    /// Themes named more, or less, than was to be expected.
    pub signals: Signals,
    /// Differences that passed their test, most telling first.
    pub highlights: Vec<Highlight>,
}

/// Measures a period of an analysis that holds everything. Without records, dates or marks there are smaller numbers, never
/// false ones.
pub fn measure(analysis: &Analysis, scope: impl Into<Scope>, settings: &Settings) -> Numbers {
    measure_part(analysis, &History::of(analysis), &scope.into(), settings)
}

/// Measures a scope from an analysis that holds at least the records of [`Scope::days`]: the numbers are those of the whole.
pub fn measure_part(
    analysis: &Analysis,
    history: &History,
    scope: &Scope,
    settings: &Settings,
) -> Numbers {
    let windows = windows::Windows::cut(analysis, history, scope, settings);
    let mut themes = themes::measure(&windows, settings);
    let lead = LeadScore::of(&windows, settings);
    let is_told = themes::are_told(&analysis.themes);
    impact::give(&windows, lead, &mut themes.all, settings);
    let mut numbers = Numbers {
        settings: *settings,
        period: scope.period,
        segment: scope.segment.clone(),
        against: scope.against.clone(),
        from: windows.from,
        to: windows.to,
        is_complete: windows.is_complete,
        span: history.span,
        no_comparison: windows.no_comparison,
        previous: windows.previous_days,
        mean_spans: windows.mean_spans(),
        has_last_year: windows.last_year.is_some(),
        analysed: history.records,
        undated: history.undated,
        records: volume::records(&windows, settings),
        with_text: volume::with_text(&windows, settings),
        chart_weeks: volume::for_charts(&windows),
        weeks: history.weeks.clone(),
        languages: languages::measure(&windows, settings),
        sentiment: sentiment::classes(&windows, settings),
        net_sentiment: sentiment::net(&windows, settings),
        ratings: rating::measure(&windows, settings),
        nps: nps::measure(&windows, settings),
        csat: csat::measure(&windows, settings),
        service: service::measure(&windows, scope, &themes.all, settings),
        lead,
        score_change: score_change::measure(&windows, lead, &is_told, settings),
        drivers: drivers::measure(&windows, lead, &is_told, settings),
        coverage: coverage::with_theme(&windows, settings),
        without_theme: coverage::without_theme(&windows, settings),
        frictions: themes.frictions,
        delights: themes.delights,
        coherence: coherence::measure(&windows, &themes.all, settings),
        journey: journey::measure(&windows, &is_told, settings),
        segments: segments::measure(&windows, lead, &is_told, settings),
        signals: emerging::measure(&windows, &is_told, settings),
        themes: themes.all,
        highlights: Vec::new(),
    };
    numbers.highlights = highlights::find(&numbers, settings);
    numbers
}

/// True when the record has words at all.
fn has_text(record: &crate::analysis::AnalyzedFeedback) -> bool {
    // No text is blanks alone, and the text itself is not looked at: this is asked of every record many times.
    !record.feedback.text.is_empty()
}

#[cfg(test)]
mod tests;
