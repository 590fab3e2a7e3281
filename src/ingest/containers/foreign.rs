//! Formats that others' parsers read: a damaged file may make one panic, and costs that file, not the run.

use std::thread;

/// The name of threads on which such parsers run; whoever reports panics can tell by it those that become an answer.
pub const FOREIGN_PARSER: &str = "foreign parser";

/// What a parser says of a file, read on a thread of its own; where it panics, the reason that it cannot be read.
///
/// What a panic says is not told: it may quote the file.
pub(in crate::ingest) fn apart<T: Send>(
    parse: impl FnOnce() -> Result<T, String> + Send,
) -> Result<T, String> {
    let damaged = || "a damaged file, which its parser could not bear; write it again".to_owned();
    thread::scope(|scope| {
        let parser = thread::Builder::new()
            .name(FOREIGN_PARSER.to_owned())
            .spawn_scoped(scope, parse)
            .map_err(|error| format!("no thread to read it on: {error}"))?;
        parser.join().unwrap_or_else(|_| Err(damaged()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_that_panics_is_a_reason_and_its_answers_are_its_own() {
        assert_eq!(apart(|| Ok(3)), Ok(3));
        assert_eq!(
            apart(|| Err::<u8, _>("no".to_owned())),
            Err("no".to_owned())
        );
        let row = [1, 2];
        let reason = apart(|| Ok(row[row.len() + usize::from(row[0] == 0)])).unwrap_err();
        assert!(reason.starts_with("a damaged file"), "{reason}");
    }
}
