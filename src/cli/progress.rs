//! Watches a run and shows it: bars on a terminal, plain lines otherwise, nothing when told to be quiet.

use crate::cli::terminal;
use indicatif::{ProgressBar, ProgressStyle};
use std::{io::IsTerminal, sync::Mutex};
use vocable::observe::{Event, Stage, Watcher};

/// What is shown.
enum Display {
    Nothing,
    Lines,
    Bars(Mutex<Option<ProgressBar>>),
}

/// The watcher of the command line.
pub struct Progress {
    display: Display,
}

impl Progress {
    /// Bars where standard error is a terminal, plain lines elsewhere, nothing when `quiet`.
    pub fn new(quiet: bool) -> Self {
        let display = if quiet {
            Display::Nothing
        } else if std::io::stderr().is_terminal() {
            Display::Bars(Mutex::new(None))
        } else {
            Display::Lines
        };
        Self { display }
    }
}

fn title(stage: Stage) -> &'static str {
    match stage {
        Stage::Reading => "reading files",
        Stage::Analysing => "reading words",
        Stage::FindingThemes => "finding themes",
        Stage::Indexing => "indexing",
        Stage::Reporting => "writing the report",
    }
}

impl Watcher for Progress {
    fn see(&self, event: Event<'_>) {
        match (&self.display, event) {
            (Display::Nothing, _) => {}
            (Display::Lines, Event::Started { stage, .. }) => eprintln!("{}…", title(stage)),
            (Display::Bars(bar), Event::Started { stage, total }) => {
                let style = if stage == Stage::Reading {
                    "{msg:20} {wide_bar:.blue} {bytes:>10}"
                } else {
                    "{msg:20} {wide_bar:.blue} {human_pos:>10}"
                };
                let fresh = ProgressBar::new(total).with_message(title(stage));
                fresh.set_style(
                    ProgressStyle::with_template(style).expect("the templates above are valid"),
                );
                if let Ok(mut bar) = bar.lock() {
                    *bar = Some(fresh);
                }
            }
            (Display::Bars(bar), Event::Advanced { steps, .. }) => {
                if let Ok(bar) = bar.lock()
                    && let Some(bar) = &*bar
                {
                    bar.inc(steps);
                }
            }
            (Display::Bars(bar), Event::Finished { .. }) => {
                if let Ok(mut bar) = bar.lock()
                    && let Some(bar) = bar.take()
                {
                    bar.finish_and_clear();
                }
            }
            // Refused rows are counted in the summary and listed in rejects.csv; a line each would drown the rest.
            (_, Event::Rejected(_)) => {}
            (Display::Bars(bar), Event::Warned(sentence)) => match bar.lock() {
                Ok(bar) if bar.is_some() => {
                    if let Some(bar) = &*bar {
                        bar.suspend(|| terminal::warn(&sentence));
                    }
                }
                _ => terminal::warn(&sentence),
            },
            (Display::Lines, Event::Warned(sentence)) => terminal::warn(&sentence),
            (Display::Lines, Event::Advanced { .. } | Event::Finished { .. }) => {}
        }
    }
}
