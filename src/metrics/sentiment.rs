//! Sentiment mix (shares of records with text, Wilson's interval) and net sentiment, 100·(positive − negative)/records with text.

use super::{
    Measured, Settings, has_text,
    measured::{self, Proportion},
    windows::Windows,
};
use crate::{
    sentiment::{Label, Polarity},
    statistics::Split,
};

/// One class of sentiment.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassShare {
    /// The class.
    pub label: Label,
    /// Records of the period in it.
    pub records: u64,
    /// Their share of records with text, 0–1.
    pub share: Measured,
}

/// The five classes, worst first.
pub(super) fn classes(windows: &Windows, settings: &Settings) -> [ClassShare; 5] {
    Label::ALL.map(|label| ClassShare {
        label,
        records: windows
            .current
            .iter()
            .filter(|record| has_text(record) && record.label() == label)
            .count() as u64,
        share: measured::over_windows(windows, settings, |class: &mut Proportion, record| {
            if has_text(record) {
                class.add(record.label() == label);
            }
        }),
    })
}

/// Net sentiment of records with text, −100 to 100.
pub(super) fn net(windows: &Windows, settings: &Settings) -> Measured {
    measured::over_windows(windows, settings, |split: &mut Split, record| {
        if has_text(record) {
            match record.polarity() {
                Polarity::Positive => split.good += 1,
                Polarity::Neutral => split.middle += 1,
                Polarity::Negative => split.bad += 1,
            }
        }
    })
}
