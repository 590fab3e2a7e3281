//! What deserves a line at a glance: only differences that passed their test, scores first, then volume, then themes.

use super::{
    Estimate, LeadScore, Measured, Numbers, Settings,
    measured::{Comparison, Verdict},
    themes::passes,
};

/// Scores that may get a line of their own, most telling first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scored {
    /// Net promoter score, in points.
    Nps,
    /// Customer satisfaction, a share.
    Csat,
    /// Net sentiment, in points.
    NetSentiment,
    /// Mean rating on the scale at this position of [`Numbers::ratings`].
    Rating(usize),
}

/// What a difference is measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// The period before.
    Previous,
    /// The periods before, together.
    Mean,
    /// The same period a year earlier.
    LastYear,
}

/// A difference that passed its test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Highlight {
    /// A score moved.
    Score(Scored, Against),
    /// The number of records moved.
    Volume(Against),
    /// A theme is named more than was to be expected; position in the signals found.
    Signal(usize),
    /// Complaints about a theme moved; position in [`Numbers::themes`].
    Friction(usize, Against),
    /// Praise of a theme moved; position in [`Numbers::themes`].
    Delight(usize, Against),
}

/// Scores beyond this leave the lines to volume and themes.
const MOST_SCORES: usize = 2;

/// Signals beyond this leave the lines to complaints and praise.
const MOST_SIGNALS: usize = 2;

/// All that passed, most telling first. A theme gets one line.
pub(super) fn find(numbers: &Numbers, settings: &Settings) -> Vec<Highlight> {
    let moved = |measured: &Measured| against(measured, settings).map(|(against, _)| against);
    let mut highlights: Vec<Highlight> = numbers
        .scores()
        .into_iter()
        .filter_map(|(scored, measured)| Some(Highlight::Score(scored, moved(measured)?)))
        .take(MOST_SCORES)
        .collect();
    highlights.extend(moved(&numbers.records).map(Highlight::Volume));
    let found = numbers.signals.found.iter().enumerate();
    let surprising = found.filter(|(_, signal)| {
        use super::SignalKind::{New, RareRising, Rising};
        matches!(signal.kind, New | RareRising | Rising)
    });
    let signals: Vec<usize> = surprising
        .map(|(place, _)| place)
        .take(MOST_SIGNALS)
        .collect();
    let is_told = |index: usize| {
        let theme = numbers.themes[index].theme;
        signals
            .iter()
            .any(|place| numbers.signals.found[*place].theme == theme)
    };
    highlights.extend(signals.iter().map(|place| Highlight::Signal(*place)));
    let themes = |measured: fn(&super::ThemeNumbers) -> &Measured| {
        let mut found: Vec<(usize, Against, f64)> = numbers
            .themes
            .iter()
            .enumerate()
            .filter_map(|(index, theme)| {
                let (against, size) = against(measured(theme), settings)?;
                // A line at a glance wants more than a handful of voices, now or before.
                let voices =
                    |estimate: &Estimate| estimate.value.unwrap_or(0.0) * estimate.n as f64;
                let now = voices(&measured(theme).current);
                let before = against
                    .of(measured(theme))
                    .map_or(0.0, |one| voices(&one.before));
                let is_heard = now.max(before).round() >= settings.minimum_base as f64;
                (is_heard && !is_told(index)).then_some((index, against, size))
            })
            .collect();
        found.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        found
    };
    let frictions = themes(|theme| &theme.negative_share);
    let delights = themes(|theme| &theme.positive_share);
    highlights.extend(
        frictions
            .into_iter()
            .map(|(index, against, _)| Highlight::Friction(index, against)),
    );
    highlights.extend(
        delights
            .into_iter()
            .map(|(index, against, _)| Highlight::Delight(index, against)),
    );
    highlights
}

/// The comparison to tell of, and how large its difference is: the period before if that passed, else the mean.
fn against(measured: &Measured, settings: &Settings) -> Option<(Against, f64)> {
    let size = |comparison: &Option<Comparison>| {
        comparison
            .as_ref()
            .filter(|one| {
                passes(one, Verdict::Up, settings) || passes(one, Verdict::Down, settings)
            })
            .and_then(|one| one.difference)
            .map(|difference| difference.value.abs())
    };
    size(&measured.previous)
        .map(|size| (Against::Previous, size))
        .or_else(|| size(&measured.mean).map(|size| (Against::Mean, size)))
}

impl Against {
    /// The comparison of `measured` this names; `None` when it has none.
    pub fn of(self, measured: &Measured) -> Option<&Comparison> {
        match self {
            Against::Previous => measured.previous.as_ref(),
            Against::Mean => measured.mean.as_ref(),
            Against::LastYear => measured.last_year.as_ref(),
        }
    }
}

impl Numbers {
    /// The lead score with all it is compared with.
    pub fn lead_measured(&self) -> Option<&Measured> {
        match self.lead {
            LeadScore::Nps => self.nps.as_ref().map(|nps| &nps.score),
            LeadScore::Csat => self.csat.as_ref().map(|csat| &csat.share),
            LeadScore::NetSentiment => Some(&self.net_sentiment),
            LeadScore::Rating(scale) => (self.ratings.iter())
                .find(|rating| rating.scale == scale)
                .map(|rating| &rating.mean),
        }
    }

    /// The scores that exist, most telling first.
    pub fn scores(&self) -> Vec<(Scored, &Measured)> {
        let mut scores = Vec::new();
        if let Some(nps) = &self.nps {
            scores.push((Scored::Nps, &nps.score));
        }
        if let Some(csat) = &self.csat {
            scores.push((Scored::Csat, &csat.share));
        }
        scores.push((Scored::NetSentiment, &self.net_sentiment));
        for (position, rating) in self.ratings.iter().enumerate() {
            scores.push((Scored::Rating(position), &rating.mean));
        }
        scores
    }
}
