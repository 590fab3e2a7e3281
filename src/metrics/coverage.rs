//! Coverage: records with text that name at least one theme ÷ records with text; Wilson's interval. The rest is "without theme".

use super::{
    Measured, Settings, has_text,
    measured::{self, Proportion},
    windows::Windows,
};

/// Share of records with text that name a theme, 0–1.
pub(super) fn with_theme(windows: &Windows, settings: &Settings) -> Measured {
    share(windows, settings, true)
}

/// Share of records with text that name none, 0–1.
pub(super) fn without_theme(windows: &Windows, settings: &Settings) -> Measured {
    share(windows, settings, false)
}

fn share(windows: &Windows, settings: &Settings, has_theme: bool) -> Measured {
    measured::over_windows(windows, settings, |share: &mut Proportion, record| {
        if has_text(record) {
            share.add(record.mentions.is_empty() != has_theme);
        }
    })
}
