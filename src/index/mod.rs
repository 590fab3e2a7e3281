//! Full-text search and the record store. The only room that knows tantivy.
//!
//! Useful for: finding records by words and filters, keeping them from run to run. Not useful for: numbers of a
//! report, which are computed from an [`Analysis`](crate::analysis::Analysis) in one exact pass.

mod analyzer;
mod query;
mod readable;
mod record;
mod relevance;
mod schema;
mod search;
mod store;

pub use query::{Query, QueryError};
pub use search::{CountBy, Counts, Filters, Found, Hit, Sort};
pub use store::{Checkpoint, Store, Update};
