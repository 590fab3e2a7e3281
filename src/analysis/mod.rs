//! The pipeline: feedback in, [`Analysis`] out. The rooms that judge do not know each other; they meet here.

mod annotate;
mod book;
pub mod fitting;
mod intake;
mod named;
mod outcome;
mod pasted;
mod pipeline;
mod reading;
mod stems;
mod vectors;
mod waves;

pub use annotate::{Annotation, Annotator, LanguageSpan};
pub use intake::protect;
pub use outcome::{Analysis, AnalyzedFeedback, Stamp, ThemeMention, customer_name};
pub use pipeline::{Context, analyze};
use reading::Reader;
pub use vectors::learn_vectors;

use crate::{language::detect, themes};

/// The settings of every stage.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Language detection.
    pub language: detect::Settings,
    /// Themes.
    pub themes: themes::Settings,
}
