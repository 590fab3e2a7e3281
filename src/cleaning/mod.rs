//! The customer's own words, each said once.
//!
//! Letters and chat turns lose what others wrote in them ([`customer_words`]), letters that nobody wrote are known
//! ([`is_auto_reply`]), records read twice count once ([`fold_duplicates`]), and texts pasted many times are told from texts
//! that many people wrote ([`copies`]). No text is changed inside a line.

mod auto_replies;
mod copies;
mod duplicates;
mod letters;
mod phrases;
mod plain;

pub use auto_replies::is_auto_reply;
pub use copies::copies;
pub use duplicates::{fold_duplicates, has_same_content, is_newer};
pub use letters::customer_words;
