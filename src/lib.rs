//! Raw customer feedback in, a weekly Voice-of-the-Customer report out: offline, French and English, the same bytes
//! every time.
//!
//! The whole engine in one program:
//!
//! ```no_run
//! use vocable::{
//!     analysis::{AnalyzedFeedback, Context, Settings, Stamp, analyze, protect},
//!     cleaning::fold_duplicates,
//!     ingest,
//!     language::Lexicons,
//!     metrics::{self, Period},
//!     observe::Nobody,
//!     privacy,
//!     report::{self, ReportLanguage},
//! };
//!
//! # fn main() -> vocable::error::Result<()> {
//! // 1. Files become feedback; rows that cannot are listed, not lost.
//! let mut imported = ingest::read(&["avis.csv".into()], &ingest::Settings::default(), &Nobody)?;
//! // 2. Personal data is masked; what was read twice counts once.
//! let key = privacy::Key::new([7; 32]); // of a workspace: random, and kept in it
//! protect(&mut imported.feedback, &privacy::Settings::default(), &key);
//! let feedback = fold_duplicates(imported.feedback, &mut imported.files);
//! // 3. Language, sentiment and themes of every record.
//! let lexicons = Lexicons::embedded()?;
//! let analysis = analyze(
//!     feedback.into_iter().map(AnalyzedFeedback::unread).collect(),
//!     imported.files,
//!     imported.rejected,
//!     &Context::new(&lexicons, &Settings::default()),
//!     Stamp::default(),
//!     &Nobody,
//! );
//! // 4. Numbers, and the report that tells them.
//! let period = metrics::latest_complete_week(&metrics::History::of(&analysis)).map_or(Period::All, Period::Week);
//! let numbers = metrics::measure(&analysis, period, &metrics::Settings::default());
//! let files = report::render(&analysis, &numbers, report::Extras::default(), ReportLanguage::English, &report::Settings::default());
//! # let _ = files; Ok(()) }
//! ```
//!
//! Rooms import from lower floors only; `ARCHITECTURE.md` is the map, `tests/house.rs` the guard.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod actions;
mod algebra;
pub mod analysis;
pub mod business_hours;
pub mod calendar;
pub mod cleaning;
pub mod cues;
pub mod error;
pub mod feedback;
pub mod index;
pub mod ingest;
pub mod language;
pub mod metrics;
pub mod observe;
pub mod privacy;
pub mod report;
pub mod sentiment;
pub mod statistics;
pub mod text;
pub mod themes;
pub mod workspace;
