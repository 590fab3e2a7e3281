//! Characters that can hide or disguise words are taken out of foreign text before it reaches any page.

/// Foreign text on one line: control characters and line breaks become spaces, runs of white space one space,
/// direction overrides and invisible characters disappear. Emoji keep their joiners, French its fixed spaces.
pub(super) fn tame(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            continue;
        }
        let is_fixed_space = matches!(character, '\u{a0}' | '\u{202f}');
        if (character.is_whitespace() && !is_fixed_space) || character.is_control() {
            if !tamed.is_empty() && !tamed.ends_with(' ') {
                tamed.push(' ');
            }
        } else {
            tamed.push(character);
        }
    }
    tamed.truncate(tamed.trim_end().len());
    tamed
}

/// Foreign text with its line breaks and tabs: for cells of a data file.
pub(super) fn tame_keeping_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|&character| !is_hidden(character))
        .map(|character| match character {
            '\n' | '\t' => character,
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            other if other.is_control() => ' ',
            other => other,
        })
        .collect()
}

/// Direction marks, overrides and isolates; zero-width characters but the emoji joiner; byte-order marks; tags.
pub(super) fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(tame(text), expected);
    }

    #[test]
    fn disguises_come_off_and_words_stay() {
        check("  late \r\n\t again ", "late again");
        check("a\u{0}b\u{1b}[31mc", "a b [31mc");
        check("safe\u{202e}gpj.exe", "safegpj.exe");
        check("zero\u{200b}width\u{feff}", "zerowidth");
        check("👩\u{200d}👧 été", "👩\u{200d}👧 été");
        check("\u{2028}", "");
        check(
            "5\u{202f}% «\u{a0}oui\u{a0}»",
            "5\u{202f}% «\u{a0}oui\u{a0}»",
        );
        assert_eq!(tame_keeping_lines("a\r\nb\rc\u{7}\td"), "a\nb\nc \td");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_hidden_and_no_control_is_left_and_taming_twice_changes_nothing(text in "([\u{0}-\u{20}\u{80}-\u{ad}\u{200b}-\u{2069}\u{feff}\u{e0041}]|[a-zé=+@]|.){0,40}") {
            let line = tame(&text);
            prop_assert!(!line.chars().any(|c| c.is_control() || is_hidden(c) || matches!(c, '\u{2028}' | '\u{2029}')), "{:?}", line);
            prop_assert_eq!(tame(&line), line.clone());
            prop_assert!(!line.starts_with(' ') && !line.ends_with(' ') && !line.contains("  "));
            let lines = tame_keeping_lines(&text);
            prop_assert!(!lines.chars().any(|c| is_hidden(c) || c.is_control() && !matches!(c, '\n' | '\t')), "{:?}", lines);
            prop_assert_eq!(tame_keeping_lines(&lines), lines.clone());
            let words = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(words(&line), words(&text));
            prop_assert_eq!(words(&lines), words(&text));
        }
    }
}
