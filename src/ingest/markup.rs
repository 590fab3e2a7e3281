//! HTML of letters and web forms → the text people see.
//!
//! Text without markup comes back as it was. A tag that is not whole, or that no browser knows, is text.

use encoding_rs::WINDOWS_1252;
use mail_parser::decoders::html::html_to_text;
use std::{borrow::Cow, collections::BTreeMap};

/// Elements of HTML, in order.
const ELEMENTS: [&str; 112] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "meta",
    "nav",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "video",
];

/// Elements that stand on lines of their own, in order.
const BLOCKS: [&str; 44] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Elements nobody reads, or that repeat what another wrote.
const DROPPED: [&str; 6] = ["blockquote", "head", "script", "style", "template", "title"];

/// Classes and ids that programs give to what they quote.
const QUOTES: [&str; 5] = [
    "gmail_quote",
    "gmail_attr",
    "yahoo_quoted",
    "moz-cite-prefix",
    "protonmail_quote",
];

/// Ids after which a letter only repeats the one it answers.
const QUOTE_STARTS: [&str; 3] = [
    "divrplyfwdmsg",
    "appendonsend",
    "mail-editor-reference-message-container",
];

/// The text of a cell that may be HTML: lines of its blocks when it holds tags, else the cell itself.
///
/// Quoted letters, styles, scripts and heads are dropped. Line ends of the source count where no block parts lines.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let tags = tags_of(text);
    match tags.is_empty() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(render(text, &tags)),
    }
}

/// The text of what is known to be HTML, with tags or without.
pub(super) fn html(text: &str) -> String {
    render(text, &tags_of(text))
}

/// A tag, a comment or a declaration.
struct Tag<'t> {
    start: usize,
    end: usize,
    /// In lower case; empty for comments and declarations.
    name: Cow<'t, str>,
    is_closing: bool,
    attributes: &'t str,
}

impl Tag<'_> {
    fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_ref())
    }

    /// True when a class or an id begins with one of `names`, which are in lower case.
    fn is_marked(&self, names: &[&str]) -> bool {
        if self.is_closing || self.attributes.is_empty() {
            return false;
        }
        let attributes = self.attributes.to_ascii_lowercase();
        ["class", "id"].iter().any(|attribute| {
            attributes.match_indices(attribute).any(|(at, _)| {
                let rest = attributes[at + attribute.len()..].trim_start();
                let opens =
                    at == 0 || attributes[..at].ends_with(|c: char| c.is_ascii_whitespace());
                let Some(value) = rest.strip_prefix('=').filter(|_| opens) else {
                    return false;
                };
                let value = value.trim_start();
                let value = match value.chars().next() {
                    Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
                    _ => value.split_ascii_whitespace().next(),
                };
                value
                    .unwrap_or_default()
                    .split_ascii_whitespace()
                    // Outlook puts "x_" before names of letters it passes on.
                    .map(|word| word.trim_start_matches("x_"))
                    .any(|word| names.iter().any(|name| word.starts_with(name)))
            })
        })
    }
}

/// The tags of a text, in order.
fn tags_of(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let Some(mut from) = memchr::memchr(b'<', text.as_bytes()) else {
        return tags;
    };
    let last_comment_end = text.rfind("-->").unwrap_or(0);
    while let Some(found) = memchr::memchr(b'<', &text.as_bytes()[from..]) {
        let start = from + found;
        from = match tag_at(text, start, last_comment_end) {
            Some(tag) => {
                let end = tag.end;
                tags.push(tag);
                end
            }
            None => start + 1,
        };
    }
    // A comment alone does not make a text HTML.
    if tags.iter().all(|tag| tag.name.is_empty()) {
        tags.clear();
    }
    tags
}

/// The tag that opens at `start`. It ends at the first `>` outside quotes; one with a `<` in it is not whole.
///
/// `last_comment_end` spares looking for an end of a comment that is not there.
fn tag_at(text: &str, start: usize, last_comment_end: usize) -> Option<Tag<'_>> {
    let rest = &text[start + 1..];
    if let Some(comment) = rest.strip_prefix("!--") {
        let end = (start < last_comment_end).then(|| comment.find("-->"))??;
        return Some(Tag {
            start,
            end: start + 4 + end + 3,
            name: Cow::Borrowed(""),
            is_closing: false,
            attributes: "",
        });
    }
    let is_closing = rest.starts_with('/');
    let inside = rest.strip_prefix('/').unwrap_or(rest);
    let name_end = inside
        .find(|c: char| !c.is_ascii_alphanumeric() && c != ':' && c != '!')
        .unwrap_or(inside.len());
    let (name, after) = inside.split_at(name_end);
    if !after.starts_with(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace()) {
        return None;
    }
    let name = match name.bytes().any(|b| b.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    };
    let is_declaration = name == "!doctype";
    // Word writes `<o:p>`.
    let is_office = ["o:", "v:", "w:", "m:", "st1:"]
        .iter()
        .any(|space| name.starts_with(space));
    if !is_declaration && !is_office && ELEMENTS.binary_search(&name.as_ref()).is_err() {
        return None;
    }
    let next = memchr::memchr(b'<', after.as_bytes()).unwrap_or(after.len());
    let within = &after[..next];
    let length = closing_of(within).or_else(|| within.find('>'))?;
    let attributes = within[..length].trim_matches(|c: char| c.is_ascii_whitespace() || c == '/');
    // "x <b and c> y" is arithmetic.
    if name.len() == 1 && !attributes.is_empty() && !attributes.contains('=') {
        return None;
    }
    Some(Tag {
        start,
        end: text.len() - after.len() + length + 1,
        name: if is_declaration {
            Cow::Borrowed("")
        } else {
            name
        },
        is_closing,
        attributes,
    })
}

/// The first `>` outside quotes.
fn closing_of(within: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_value = false;
    for (at, byte) in within.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if is_value => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        // A quote opens a value behind an equals sign only.
        if !byte.is_ascii_whitespace() {
            is_value = byte == b'=';
        }
    }
    None
}

/// For every tag, the one that closes it.
fn closings(tags: &[Tag]) -> Vec<Option<usize>> {
    let mut closings = vec![None; tags.len()];
    let mut open: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, tag) in tags.iter().enumerate() {
        let stack = open.entry(tag.name.as_ref()).or_default();
        if !tag.is_closing {
            stack.push(i);
        } else if let Some(opened) = stack.pop() {
            closings[opened] = Some(i);
        }
    }
    closings
}

fn render(text: &str, tags: &[Tag]) -> String {
    let closings = closings(tags);
    let mut page = Page {
        text: String::with_capacity(text.len() / 2),
        // Without blocks the source's own lines are all there are.
        keeps_lines: !tags
            .iter()
            .any(|tag| BLOCKS.binary_search(&tag.name.as_ref()).is_ok()),
        preformatted: 0,
    };
    let (mut from, mut i) = (0, 0);
    while let Some(tag) = tags.get(i) {
        page.write(&text[from..tag.start]);
        from = tag.end;
        if tag.is_marked(&QUOTE_STARTS) {
            // All the rest is the letter this one answers.
            from = text.len();
            break;
        }
        let is_dropped = !tag.is_closing && (tag.is(&DROPPED) || tag.is_marked(&QUOTES));
        if let Some(closing) = closings[i].filter(|_| is_dropped) {
            page.end_line();
            from = tags[closing].end;
            i = closing + 1;
            continue;
        }
        if tag.name == "pre" {
            page.preformatted = match tag.is_closing {
                true => page.preformatted.saturating_sub(1),
                false => page.preformatted + 1,
            };
        }
        if tag.name == "br" {
            page.break_line();
        } else if BLOCKS.binary_search(&tag.name.as_ref()).is_ok() {
            page.end_line();
        } else if tag.is(&["td", "th"]) {
            page.space();
        }
        i += 1;
    }
    page.write(&text[from..]);
    page.text.truncate(page.text.trim_end().len());
    page.text
}

/// Lines as a browser would show them.
struct Page {
    text: String,
    keeps_lines: bool,
    preformatted: u32,
}

impl Page {
    fn write(&mut self, mut source: &str) {
        while let Some(at) = source.find('&') {
            self.write_letters(&source[..at]);
            let rest = &source[at..];
            match entity(rest) {
                Some((letters, length)) => {
                    self.write_letters(&letters);
                    source = &rest[length..];
                }
                None => {
                    self.write_letters("&");
                    source = &rest[1..];
                }
            }
        }
        self.write_letters(source);
    }

    fn write_letters(&mut self, source: &str) {
        for letter in source.chars() {
            match letter {
                '\n' if self.keeps_lines || self.preformatted > 0 => self.break_line(),
                '\u{a0}' => self.space(),
                letter if letter.is_ascii_whitespace() => self.space(),
                letter if letter.is_control() => {}
                letter => self.text.push(letter),
            }
        }
    }

    /// One space between words; none at the start of a line.
    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    /// A new line, and at most one empty one.
    fn break_line(&mut self) {
        self.trim();
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A new line unless this one is empty.
    fn end_line(&mut self) {
        self.trim();
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn trim(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
    }
}

/// The letters of the entity `text` begins with, and its length.
fn entity(text: &str) -> Option<(String, usize)> {
    // The longest name has 31 letters.
    let end = text.bytes().take(34).position(|b| b == b';')?;
    let name = &text[1..end];
    let is_entity =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
    if !is_entity {
        return None;
    }
    let whole = &text[..=end];
    let letters = html_to_text(whole);
    if letters == whole {
        return None;
    }
    // Numbers from 128 to 159 are Windows-1252, whatever the page's encoding.
    let letters = match letters.chars().next() {
        Some(letter @ '\u{80}'..='\u{9f}') => {
            let byte = [u8::try_from(u32::from(letter)).unwrap_or(b' ')];
            WINDOWS_1252
                .decode_without_bom_handling(&byte)
                .0
                .into_owned()
        }
        _ => letters,
    };
    Some((letters, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(plain(html), expected, "{html}");
    }

    #[track_caller]
    fn check_same(text: &str) {
        assert!(matches!(plain(text), Cow::Borrowed(_)), "{text}");
    }

    #[test]
    fn tables_are_in_order() {
        assert!(ELEMENTS.is_sorted());
        assert!(BLOCKS.is_sorted());
        assert!(BLOCKS.iter().all(|name| ELEMENTS.contains(name)));
    }

    #[test]
    fn blocks_and_breaks_part_lines() {
        check("<p>Le four</p><p>chauffe mal</p>", "Le four\nchauffe mal");
        check("Le four<br>chauffe<br/>mal<BR />", "Le four\nchauffe\nmal");
        check("a<br><br><br>b", "a\n\nb");
        check(
            "<div class=\"x\">Le   <b>four</b>\n chauffe</div>",
            "Le four chauffe",
        );
        check(
            "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>fin",
            "un\ndeux\nfin",
        );
        check(
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            "a b\nc",
        );
        check("<pre>un\ndeux</pre>", "un\ndeux");
        check("<b>un</b>\ndeux", "un\ndeux");
        check(
            "Voir <a href=\"https://x.example/?a=1>2\">la page</a>.",
            "Voir la page.",
        );
        check("<o:p>oui</o:p>", "oui");
        check("", "");
    }

    #[test]
    fn what_is_quoted_or_not_seen_is_dropped() {
        check(
            "<html><head><title>t</title><style>p{}</style></head><body>oui</body></html>",
            "oui",
        );
        check(
            "<p>oui</p><script>if (a<b) x()</script><style>p{}</style>",
            "oui",
        );
        check(
            "<p>Merci</p><blockquote>Le lundi<blockquote>avant</blockquote>encore</blockquote>fin",
            "Merci\nfin",
        );
        check(
            "Merci<div class=\"gmail_quote\">Le lundi, Zoé a écrit<div>non</div></div>fin",
            "Merci\nfin",
        );
        check(
            "Merci<div class='x gmail_quote_container'>non</div>",
            "Merci",
        );
        check("Merci<div id=\"yahoo_quoted_12\">non</div>", "Merci");
        check(
            "<p>Merci</p><hr><div id=\"divRplyFwdMsg\"><b>De :</b> Zoé</div><div>non</div>",
            "Merci",
        );
        check(
            "<p>Merci</p><div id=\"x_divRplyFwdMsg\">De : Zoé</div>non",
            "Merci",
        );
        check("<p>a<!-- non -->b</p>", "ab");
        // Nothing is dropped up to an end that never comes.
        check("<p>a</p><blockquote>b", "a\nb");
        check("<p>a</p><style>b", "a\nb");
    }

    #[test]
    fn entities_are_letters() {
        check(
            "<p>l&#39;&eacute;t&eacute; &amp; l&#x27;hiver&nbsp;: 10&nbsp;&euro; &lt;b&gt;</p>",
            "l'été & l'hiver : 10 € <b>",
        );
        check(
            "<p>l&#146;avis &bogus; & rien &; &#xfffffff;</p>",
            "l’avis &bogus; & rien &; \u{fffd}",
        );
        check_same("l&#39;avis");
        assert_eq!(html("l&#39;avis"), "l'avis");
    }

    #[test]
    fn only_known_tags_are_tags() {
        for text in [
            "je vous <3",
            "a < b et c > d",
            "<Médias omis>",
            "si x <b et y> z",
            "<toto>",
            "<",
            "<>",
            "</>",
            "<p",
            "<p class=\"x",
            "<paris>",
            "prix<10€ et>5",
            "<!-- rien -->",
            "<img <",
            "",
        ] {
            check_same(text);
        }
        check("<toto> et <p>oui</p>", "<toto> et\noui");
    }

    #[test]
    fn text_after_a_broken_tag_is_kept() {
        check(
            "<p>un</p><p class=\"x deux <b>trois</b>",
            "un\n<p class=\"x deux trois",
        );
        check(
            "<p title=\"x>un</p> \"deux\" <b>trois</b>",
            "un\n\"deux\" trois",
        );
        check("<p>un <!-- deux</p>trois", "un <!-- deux\ntrois");
    }

    const EXAMPLE: &str = "<!DOCTYPE html><p class='x gmail_quote'>é&eacute;&#146;<br/></p><!-- é --><div id=\"divRplyFwdMsg\">é</div>";

    #[test]
    fn every_truncation_is_read() {
        for end in (0..EXAMPLE.len()).filter(|end| EXAMPLE.is_char_boundary(*end)) {
            plain(&EXAMPLE[..end]);
            html(&EXAMPLE[..end]);
        }
    }

    #[test]
    fn hostile_html_takes_time_in_proportion() {
        for piece in [
            "<p \"",
            "<!--",
            "<blockquote>",
            "<div class=gmail_quote>",
            "&#",
            "<",
            "<a b='",
            "*a ",
            "<@",
        ] {
            let text = piece.repeat(50_000);
            plain(&text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read(text in ".{0,60}") {
            plain(&text);
            html(&text);
        }

        #[test]
        fn pieces_of_markup_are_read(pieces in prop::collection::vec(prop::sample::select(vec![
            "<p>", "</p>", "<p ", "class=\"", "gmail_quote", "\"", "'", ">", "<", "/", "<!--", "-->", "&", ";", "&eacute;", "&#", "150",
            "<blockquote>", "</blockquote>", "<br", "é", " ", "\n", "*", "_", "~", "`", "```", ":", "tada", "|", "<@", "<#", "<!", "http://",
        ]), 0..30)) {
            let text = pieces.concat();
            plain(&text);
            html(&text);
        }

        #[test]
        fn text_without_markup_is_borrowed(text in "[^<]{0,60}") {
            prop_assert!(matches!(plain(&text), Cow::Borrowed(same) if same == text));
        }
    }
}
