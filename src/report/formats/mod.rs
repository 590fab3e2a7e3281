//! From blocks to bytes: one file a format. Each escapes foreign text its own way.

mod alerts;
mod cells;
pub use cells::disarm;
mod html;
mod json;
mod markdown;
mod rejects;
mod svg;
mod verbatims;
mod xlsx;

use super::{Story, block::Document};

/// A file of the report.
pub(super) struct Format {
    pub name: &'static str,
    pub write: fn(&Story, &Document) -> Vec<u8>,
}

/// The file that is written only where alerts were set.
pub const ALERTS: &str = "alerts.json";

/// Every file of the report, in the order they are listed.
pub(super) const ALL: [Format; 7] = [
    Format {
        name: "report.html",
        write: html::write,
    },
    Format {
        name: "report.md",
        write: markdown::write,
    },
    Format {
        name: "report.json",
        write: json::write,
    },
    Format {
        name: "report.xlsx",
        write: xlsx::write,
    },
    Format {
        name: "verbatims.csv",
        write: verbatims::write,
    },
    Format {
        name: ALERTS,
        write: alerts::write,
    },
    Format {
        name: "rejects.csv",
        write: rejects::write,
    },
];
