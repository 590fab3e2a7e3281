//! `rejects.csv`: every refused row of every source, and why.

use super::{
    super::{Story, block::Document},
    cells::{Cells, disarm},
};

pub(super) fn write(story: &Story, _: &Document) -> Vec<u8> {
    let mut cells = Cells::with_header(&["source", "reason"]);
    for row in &story.analysis.rejected {
        cells.row([disarm(&row.at.to_string()), disarm(&row.reason)]);
    }
    cells.finish()
}
