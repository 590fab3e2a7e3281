//! What themes did since actions were taken: share of comments that complain in the weeks since against that in the up to eight whole
//! weeks before; Newcombe's interval of the difference. Other things may have changed too.

use super::{
    Comparison, Estimate, Numbers, Verdict,
    measured::{Evidence, Proportion},
    themes::Count,
};
use crate::{
    actions::{Action, ActionPlan},
    analysis::{Analysis, AnalyzedFeedback},
    calendar::{Week, days_after},
};
use jiff::civil::Date;

/// Whole weeks before an action that it is measured against.
const WEEKS_BEFORE: i32 = 8;

/// An action and what its theme did.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// As planned.
    pub action: Action,
    /// Position of its theme in [`Analysis::themes`]; `None` where no theme has this id.
    pub theme: Option<usize>,
    /// Share of comments that complain since it took effect, and against the weeks before; `None` without a day or comments.
    pub effect: Option<Effect>,
}

/// Complaints before and since.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Share of comments that complain since then, 0–1.
    pub since: Estimate,
    /// Against the weeks before.
    pub against: Comparison,
}

impl Effect {
    /// What the test said; `None` where too few comments tell.
    pub fn verdict(&self) -> Option<Verdict> {
        self.against.verdict
    }
}

/// The days an action is measured over, up to the last day of a report: before, and since.
fn windows(since: Date, to: Date) -> [(Date, Date); 2] {
    let monday = Week::of(since).monday();
    [
        (
            days_after(monday, -7 * WEEKS_BEFORE),
            days_after(monday, -1),
        ),
        (since, to),
    ]
}

/// The days whose records [`follow`] needs, each range first to last day.
pub fn days_of_actions(plan: &ActionPlan, to: Date) -> Vec<(Date, Date)> {
    let since = plan.actions.iter().filter_map(|action| action.since);
    let started = since.filter(|since| *since <= to);
    started.flat_map(|since| windows(since, to)).collect()
}

/// Follows the actions up to the last day of a report, among the feedback it is about; without dates nothing is measured.
pub fn follow(plan: &ActionPlan, analysis: &Analysis, numbers: &Numbers) -> Vec<Followed> {
    let (to, settings) = (numbers.to, &numbers.settings);
    let followed = plan.actions.iter().map(|action| {
        let theme = (analysis.themes.iter()).position(|theme| theme.id == action.theme);
        let since = action.since.zip(to).filter(|(since, to)| since <= to);
        let effect = since.zip(theme).map(|((since, to), theme)| {
            let [before, since] =
                windows(since, to).map(|days| share(analysis, numbers, theme, days));
            Effect {
                since: since.estimate(settings),
                against: since.compare(&before, settings),
            }
        });
        Followed {
            action: action.clone(),
            theme,
            effect,
        }
    });
    followed.collect()
}

fn share(
    analysis: &Analysis,
    numbers: &Numbers,
    theme: usize,
    (from, to): (Date, Date),
) -> Proportion {
    let is_in = |record: &&AnalyzedFeedback| {
        let moment = record.moment();
        moment.is_some_and(|moment| (from..=to).contains(&moment.local.date()))
            && (numbers.segment.as_ref()).is_none_or(|segment| segment.holds(record))
    };
    let records: Vec<&AnalyzedFeedback> = analysis.records.iter().filter(is_in).collect();
    Count::of(&records, analysis.themes.len()).complaints(theme)
}
