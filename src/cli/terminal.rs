//! Three channels: results on standard output, messages on standard error, and nothing else. Foreign text is made harmless.

use std::io::{IsTerminal, Write};

/// An error message on standard error.
pub fn complain(message: &str) {
    let _ = writeln!(std::io::stderr(), "vocable: {}", harmless(message));
}

/// A sentence a person should read, on standard error.
pub fn warn(message: &str) {
    let _ = writeln!(std::io::stderr(), "warning: {}", harmless(message));
}

/// True when results go to a person rather than to a program.
pub fn is_watched() -> bool {
    std::io::stdout().is_terminal()
}

/// Customers' words without what could command a terminal: controls, escape sequences, direction overrides.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => '\n',
            '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// The same on one line.
pub fn harmless_line(text: &str) -> String {
    harmless(text).replace('\n', " ")
}

/// Width that text is folded at, in characters: fits the narrowest terminal in use.
pub const WIDTH: usize = 78;

/// Text folded at [`WIDTH`], each line after `indent`.
pub fn folded(text: &str, indent: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > WIDTH - indent.len() {
            lines.push('\n');
            length = 0;
        }
        if length == 0 {
            lines.push_str(indent);
        } else {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += word_length;
    }
    lines
}

/// A count with its digits in groups of three: `17,937`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count with its noun, plural where it is not one: `1 record`, `17,937 records`.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// Counts as bars one character wide, the highest full; nothing for none.
pub fn sparkline(counts: &[u64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |count: &u64| BARS[(count * 7).div_ceil(most) as usize];
    counts.iter().map(bar).collect()
}

/// A score as it is written out: four decimals tell more than it knows.
pub fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_a_terminal_is_defused() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}c"), "a\u{fffd}[31mb\u{fffd}c");
    }

    #[test]
    fn text_is_folded_between_words() {
        let text = folded(&"mot ".repeat(30), "  ");
        assert!(
            text.lines()
                .all(|line| line.chars().count() <= WIDTH && line.starts_with("  mot"))
        );
    }

    #[test]
    fn a_sparkline_reaches_from_nothing_to_the_most() {
        assert_eq!(sparkline(&[0, 1, 70, 35]), "▁▂█▅");
        assert_eq!(sparkline(&[]), "");
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
    }
}
