//! The marks of Slack → the text people see.
//!
//! Text without marks comes back as it was. What is not whole is text.

use std::borrow::Cow;

/// Small usual set of Slack's names of emoji, in order.
const EMOJI: [(&str, &str); 68] = [
    ("+1", "👍"),
    ("-1", "👎"),
    ("100", "💯"),
    ("angry", "😠"),
    ("astonished", "😲"),
    ("blush", "😊"),
    ("broken_heart", "💔"),
    ("bug", "🐛"),
    ("clap", "👏"),
    ("cold_sweat", "😰"),
    ("confused", "😕"),
    ("cry", "😢"),
    ("disappointed", "😞"),
    ("disappointed_relieved", "😥"),
    ("exploding_head", "🤯"),
    ("expressionless", "😑"),
    ("face_with_rolling_eyes", "🙄"),
    ("face_with_symbols_on_mouth", "🤬"),
    ("fearful", "😨"),
    ("fire", "🔥"),
    ("frowning", "😦"),
    ("grin", "😁"),
    ("grinning", "😀"),
    ("heart", "❤️"),
    ("heart_eyes", "😍"),
    ("heavy_check_mark", "✔️"),
    ("hugging_face", "🤗"),
    ("innocent", "😇"),
    ("joy", "😂"),
    ("kissing_heart", "😘"),
    ("laughing", "😆"),
    ("neutral_face", "😐"),
    ("ok_hand", "👌"),
    ("open_mouth", "😮"),
    ("partying_face", "🥳"),
    ("pensive", "😔"),
    ("persevere", "😣"),
    ("pray", "🙏"),
    ("rage", "😡"),
    ("raised_hands", "🙌"),
    ("relaxed", "☺️"),
    ("relieved", "😌"),
    ("rocket", "🚀"),
    ("rofl", "🤣"),
    ("scream", "😱"),
    ("simple_smile", "🙂"),
    ("slightly_frowning_face", "🙁"),
    ("slightly_smiling_face", "🙂"),
    ("smile", "😄"),
    ("smiley", "😃"),
    ("smirk", "😏"),
    ("sob", "😭"),
    ("star", "⭐"),
    ("star-struck", "🤩"),
    ("sunglasses", "😎"),
    ("sweat", "😓"),
    ("sweat_smile", "😅"),
    ("tada", "🎉"),
    ("thinking_face", "🤔"),
    ("thumbsdown", "👎"),
    ("thumbsup", "👍"),
    ("tired_face", "😫"),
    ("triumph", "😤"),
    ("unamused", "😒"),
    ("warning", "⚠️"),
    ("wave", "👋"),
    ("weary", "😩"),
    ("white_check_mark", "✅"),
];

/// Signs that may mean something to Slack.
const SIGNS: [char; 7] = ['<', '&', '*', '_', '~', '`', ':'];

/// The text of a message as Slack shows it. `names` gives the name of a user; mentions of unknown ones are dropped.
///
/// Links show their label, channels their name; marks for bold, italic and struck text and code fences go; emoji people
/// use become signs.
pub(super) fn shown<'t>(text: &'t str, names: &dyn Fn(&str) -> Option<String>) -> Cow<'t, str> {
    if !text.contains(SIGNS) {
        return Cow::Borrowed(text);
    }
    let dropped = marks_of(text);
    let mut shown = String::with_capacity(text.len());
    let mut dropped = dropped.into_iter().peekable();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let mut length = letter.len_utf8();
        let letters = rest.find(SIGNS).unwrap_or(rest.len());
        if letters > 0 {
            shown.push_str(&rest[..letters]);
            length = letters;
        } else if dropped.next_if_eq(&at).is_some() {
        } else if let Some(inside) = control_at(rest) {
            shown.push_str(&shown_control(inside, names));
            length = inside.len() + 2;
        } else if let Some((sign, taken)) = escape_at(rest).or_else(|| emoji_at(rest)) {
            shown.push_str(sign);
            length = taken;
        } else {
            shown.push(letter);
        }
        at += length;
    }
    match shown == text {
        true => Cow::Borrowed(text),
        false => Cow::Owned(shown),
    }
}

/// What stands in `<…>` at the front, if Slack put it there; people's own `<` comes escaped.
fn control_at(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('<')?;
    let end = rest
        .bytes()
        .position(|b| matches!(b, b'>' | b'<' | b'\n'))?;
    let inside = &rest[..end];
    let is_control = rest[end..].starts_with('>')
        && (inside.starts_with(['@', '#', '!'])
            || inside.contains("://")
            || inside.starts_with("mailto:")
            || inside.starts_with("tel:"));
    is_control.then_some(inside)
}

fn shown_control(inside: &str, names: &dyn Fn(&str) -> Option<String>) -> String {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    let sign = target.chars().next().unwrap_or_default();
    let shown = match sign {
        '@' => names(&target[1..])
            .or(label.map(str::to_owned))
            .map(|name| format!("@{name}")),
        '#' => label.map(|name| format!("#{name}")),
        // `<!here>`, `<!subteam^S1|@desk>`, `<!date^1392734382^{date}|18 February>`.
        '!' => target
            .contains('^')
            .then(|| label.unwrap_or_default().to_owned()),
        _ => Some(label.unwrap_or(target).to_owned()),
    };
    unescaped(shown.unwrap_or_default())
}

fn unescaped(text: String) -> String {
    match text.contains('&') {
        true => text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
        false => text,
    }
}

/// `&amp;`, `&lt;`, `&gt;` at the front.
fn escape_at(text: &str) -> Option<(&'static str, usize)> {
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]
        .into_iter()
        .find(|(escape, _)| text.starts_with(escape))
        .map(|(escape, sign)| (sign, escape.len()))
}

/// `:smile:` at the front; a shade of skin vanishes.
fn emoji_at(text: &str) -> Option<(&'static str, usize)> {
    let rest = text.strip_prefix(':')?;
    let end = rest.bytes().take(40).position(|b| b == b':')?;
    let name = rest.get(..end)?;
    let length = end + 2;
    if let Some(shade) = name.strip_prefix("skin-tone-") {
        return shade.parse::<u8>().is_ok().then_some(("", length));
    }
    let at = EMOJI.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some((EMOJI[at].1, length))
}

/// Where marks stand that Slack does not show, in order: `*bold*`, `_italic_`, `~struck~`, and fences of code.
fn marks_of(text: &str) -> Vec<usize> {
    const MARKS: [char; 3] = ['*', '_', '~'];
    let mut dropped = Vec::new();
    let mut open: [Option<usize>; 3] = [None; 3];
    let mut before: Option<char> = None;
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let letters = rest
            .find(|c| c == '\n' || SIGNS.contains(&c))
            .unwrap_or(rest.len());
        if letters > 0 {
            before = rest[..letters].chars().next_back();
            at += letters;
            continue;
        }
        if let Some(inside) = control_at(rest) {
            before = Some('>');
            at += inside.len() + 2;
            continue;
        }
        if let Some((_, length)) = emoji_at(rest) {
            before = Some(':');
            at += length;
            continue;
        }
        if rest.starts_with("```") {
            dropped.extend(at..at + 3);
            before = Some('`');
            at += 3;
            continue;
        }
        if letter == '\n' {
            open = [None; 3];
        }
        if let Some(kind) = MARKS.iter().position(|mark| *mark == letter) {
            let after = rest.chars().nth(1);
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
            let is_doubled = before == Some(letter) || after == Some(letter);
            if is_doubled {
            } else if let Some(opened) = open[kind]
                && !is_blank(before)
                && !is_word(after)
            {
                dropped.extend([opened, at]);
                open[kind] = None;
            } else if !is_word(before) && !is_blank(after) {
                open[kind] = Some(at);
            }
        }
        before = Some(letter);
        at += letter.len_utf8();
    }
    dropped.sort_unstable();
    dropped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn emoji_are_in_order() {
        assert!(EMOJI.is_sorted());
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let names = |id: &str| (id == "U1").then(|| "Zoé".to_owned());
        assert_eq!(shown(text, &names), expected, "{text}");
    }

    #[test]
    fn slack_shows_names_and_labels() {
        check("<@U1> voir <#C1|fours>", "@Zoé voir #fours");
        check("<@U2>oui<@U3|Karim><#C9>", "oui@Karim");
        check(
            "<https://x.example/_a_b_|la page> <https://x.example/_a_>",
            "la page https://x.example/_a_",
        );
        check("<mailto:a@x.example|a@x.example>", "a@x.example");
        check(
            "<!here> bonjour <!subteam^S1|@fours> <!date^1^{date}|lundi>",
            " bonjour @fours lundi",
        );
        check(
            "a &lt; b &amp;&amp; c &gt; d &amp;lt;",
            "a < b && c > d &lt;",
        );
        check("je vous <3 et <toto>", "je vous <3 et <toto>");
    }

    #[test]
    fn slack_hides_its_marks() {
        check("*oui* et _non_, ~peut-être~.", "oui et non, peut-être.");
        check("*_deux_*", "deux");
        check("```four = 2```", "four = 2");
        check(
            "2 * 3 * 4, a_b_c, 5*6*7, ~10 % et ~20 %",
            "2 * 3 * 4, a_b_c, 5*6*7, ~10 % et ~20 %",
        );
        check("*seul\nautre*", "*seul\nautre*");
        check("** rien **", "** rien **");
    }

    #[test]
    fn slack_emoji_become_signs() {
        check("bravo :tada: :+1::skin-tone-3:", "bravo 🎉 👍");
        check(":toto: à 12:30:45 :", ":toto: à 12:30:45 :");
        check("_super :heart_eyes:_", "super 😍");
    }

    const EXAMPLE: &str = "*é* <@U1|é> :tada: ```é``` _é_ ~é~ &amp; <https://x.example|é>";

    #[test]
    fn every_truncation_is_read() {
        for end in (0..EXAMPLE.len()).filter(|end| EXAMPLE.is_char_boundary(*end)) {
            shown(&EXAMPLE[..end], &|_| None);
        }
    }

    #[test]
    fn hostile_marks_take_time_in_proportion() {
        for piece in ["*a ", "<@", "&#", "<", ":a", "```", "<!--", "<p \""] {
            shown(&piece.repeat(50_000), &|_| None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read(text in ".{0,60}") {
            shown(&text, &|_| Some("é".to_owned()));
        }

        #[test]
        fn pieces_of_marks_are_read(pieces in prop::collection::vec(prop::sample::select(vec![
            ">", "<", "/", "&", ";", "&amp;", "é", " ", "\n", "*", "_", "~", "`", "```", ":", "tada", "|", "<@", "<#", "<!", "http://",
        ]), 0..30)) {
            shown(&pieces.concat(), &|_| Some("é".to_owned()));
        }

        #[test]
        fn text_without_marks_is_borrowed(text in "[^<&*_~`:]{0,60}") {
            prop_assert!(matches!(shown(&text, &|_| None), Cow::Borrowed(same) if same == text));
        }
    }
}
