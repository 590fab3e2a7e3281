//! Full-text search and the record store. The only room that knows tantivy.
//!
//! Useful for: finding records by words and filters, keeping them from run to run. Not useful for: numbers of a
//! report, which are computed from an [`Analysis`](crate::analysis::Analysis) in one exact pass.

mod analyzer;
mod cells;
mod collect;
mod count;
mod exact;
mod fields;
mod forms;
mod highlight;
mod near;
mod old_records;
mod pick;
mod query;
mod readable;
mod record;
mod relevance;
mod saved;
mod schema;
mod search;
mod similar;
mod store;
mod stored;
mod translate;

pub use collect::Sort;
pub use count::{Counts, Row, Span};
pub use pick::Pick;
pub use query::{Asked, Bound, Condition, Query, QueryError, Wanted};
pub use saved::SavedSearch;
pub use search::{Found, Hit, Page, Search};
pub use store::{Checkpoint, Standing, Store};
pub use translate::Names;
