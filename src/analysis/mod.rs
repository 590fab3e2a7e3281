//! The pipeline: feedback in, [`Analysis`] out. The rooms that judge do not know each other; they meet here.

mod additions;
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

pub use additions::{Elsewhere, add, is_read_along, may_keep};
pub use annotate::{Annotation, Annotator, LanguageSpan};
pub use intake::protect;
pub use outcome::{Analysis, AnalyzedFeedback, Stamp, ThemeMention, customer_name};
pub use pipeline::{Context, analyze};
use reading::Reader;
pub use vectors::learn_vectors;

use crate::{language::detect, themes};

/// The settings of every stage.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Language detection.
    pub language: detect::Settings,
    /// Themes.
    pub themes: themes::Settings,
    /// Records from which on those of before keep what was learned of them when others come in; fewer are all read again.
    /// Default 32,768: reading them takes two seconds.
    pub keep_from: usize,
    /// How many of them are read along then, about, for what only many can tell: the language that a form is mostly met in, and
    /// the one that a file is mostly written in. Default 8,192.
    pub read_along: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: detect::Settings::default(),
            themes: themes::Settings::default(),
            keep_from: 32_768,
            read_along: 8192,
        }
    }
}
