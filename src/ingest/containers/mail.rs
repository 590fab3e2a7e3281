//! Letters: one in a file (eml), or many one after the other (mbox). RFC 5322, and RFC 4155 for mailboxes.
//!
//! Letters come as bytes, not as text of the file's encoding: each part of each letter has an encoding of its own.

use super::{
    super::{
        markup, names,
        vocabulary::{Speaker, Vocabulary},
    },
    lines::Lines,
    messages::{Message, Unread},
};
use encoding_rs::WINDOWS_1252;
use mail_parser::{
    Address, Encoding, HeaderValue, MessageParser, MessagePart, MimeHeaders, PartType,
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    io::{self, BufRead},
};

/// Longest letter read, in bytes with its attachments.
const LONGEST_LETTER: usize = 25 << 20;

/// What a file of letters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum MailKind {
    /// Letters one after the other, each behind a line `From address date`.
    Mbox,
    /// One letter.
    Eml,
}

/// The place of the author's header among those known.
const AUTHOR: usize = 4;

/// Headers that make a file a letter, in lower case.
const KNOWN_HEADERS: [&str; 14] = [
    "cc",
    "content-type",
    "date",
    "delivered-to",
    "from",
    "in-reply-to",
    "message-id",
    "mime-version",
    "received",
    "references",
    "reply-to",
    "return-path",
    "subject",
    "to",
];

/// What the first bytes of a file say of letters in it.
///
/// A mailbox begins with its `From ` line and a header; a letter with a block of headers, its author among them and two
/// more that every letter has.
pub(in crate::ingest) fn is_mail(head: &[u8]) -> Option<MailKind> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut lines = head.split(|&b| b == b'\n');
    let first = lines.clone().next()?;
    if is_from_line(first) {
        lines.next();
        return lines.next().and_then(header_name).map(|_| MailKind::Mbox);
    }
    let mut known = BTreeSet::new();
    for line in lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if known.is_empty() {
                return None;
            }
            continue;
        }
        // A head may end within a line, but not before three headers.
        let Some(name) = header_name(line) else {
            break;
        };
        let name = name.to_ascii_lowercase();
        known.extend(
            KNOWN_HEADERS
                .iter()
                .position(|known| known.as_bytes() == name),
        );
    }
    let has_author = known.contains(&AUTHOR);
    (has_author && known.len() >= 3).then_some(MailKind::Eml)
}

/// A letter, and who got it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Letter {
    /// What it says. Quoted letters in plain text are still there.
    pub message: Message,
    /// Addresses it went to, in lower case.
    pub recipients: Vec<String>,
}

/// Tells the letters of a file in its order; one that cannot be read is told with its reason.
///
/// The conversation of a letter is the first it answers, else itself. `at` is RFC 3339 from its `Date`, empty without.
pub(in crate::ingest) fn read(
    reader: &mut dyn BufRead,
    kind: MailKind,
    vocabulary: &Vocabulary,
    on_letter: &mut dyn FnMut(Result<Letter, Unread>),
) -> io::Result<()> {
    split(reader, kind, Part::Whole, &mut |line, bytes| {
        on_letter(letter_of(line, bytes, vocabulary));
    })
}

/// The company's domain, from a pass over the headers of a file; see [`Recipients`].
pub(in crate::ingest) fn company_of(
    reader: &mut dyn BufRead,
    kind: MailKind,
    vocabulary: &Vocabulary,
) -> io::Result<Option<String>> {
    let mut recipients = Recipients::default();
    split(reader, kind, Part::Headers, &mut |line, bytes| {
        if let Ok(letter) = letter_of(line, bytes, vocabulary) {
            recipients.see(&letter);
        }
    })?;
    Ok(recipients.company(vocabulary))
}

/// Counts who gets letters, to tell the company's own domain.
#[derive(Clone, Debug, Default)]
pub(in crate::ingest) struct Recipients {
    letters: u64,
    /// By domain: letters to it, letters from it.
    domains: BTreeMap<String, (u64, u64)>,
}

impl Recipients {
    /// Counts a letter.
    pub fn see(&mut self, letter: &Letter) {
        self.letters += 1;
        let to: BTreeSet<&str> = letter
            .recipients
            .iter()
            .filter_map(|a| domain_of(a))
            .collect();
        for domain in to {
            self.count(domain).0 += 1;
        }
        if let Some(domain) = domain_of(&letter.message.author) {
            self.count(domain).1 += 1;
        }
    }

    fn count(&mut self, domain: &str) -> &mut (u64, u64) {
        self.domains.entry(domain.to_owned()).or_default()
    }

    /// The domain most letters go to, when it gets half of those it did not write itself and is nobody's free mailbox.
    pub fn company(&self, vocabulary: &Vocabulary) -> Option<String> {
        let free = &vocabulary.messages.free_mail;
        let (domain, (to, from)) = self
            .domains
            .iter()
            .rev()
            .filter(|(domain, _)| !free.contains(domain))
            .max_by_key(|(_, (to, _))| *to)?;
        let others = self.letters - from;
        (*to > 0 && to * 2 >= others).then(|| domain.clone())
    }
}

/// True when an address belongs to a domain or to one below it.
pub(in crate::ingest) fn is_of(address: &str, domain: &str) -> bool {
    domain_of(address).is_some_and(|own| {
        own == domain
            || own
                .strip_suffix(domain)
                .is_some_and(|above| above.ends_with('.'))
    })
}

fn domain_of(address: &str) -> Option<&str> {
    address
        .rsplit_once('@')
        .map(|(_, domain)| domain)
        .filter(|domain| !domain.is_empty())
}

/// What of each letter is kept while it is read.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Whole,
    Headers,
}

/// Cuts a file into letters. `None` stands for one too long to keep.
fn split(
    reader: &mut dyn BufRead,
    kind: MailKind,
    part: Part,
    on_letter: &mut dyn FnMut(u32, Option<&[u8]>),
) -> io::Result<()> {
    let mut lines = Lines::new(reader, LONGEST_LETTER + 1);
    let mut letter: Vec<u8> = Vec::new();
    let (mut start, mut is_long, mut is_in_body, mut is_open) = (1, false, false, false);
    while let Some((number, line)) = lines.next_bytes()? {
        if kind == MailKind::Mbox && is_from_line(line) {
            if is_open {
                on_letter(start, (!is_long).then_some(&letter[..]));
            }
            letter.clear();
            (start, is_long, is_in_body, is_open) = (number, false, false, true);
            continue;
        }
        let line = match number {
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            _ => line,
        };
        if kind == MailKind::Eml {
            is_open = true;
        } else if !is_open {
            continue;
        }
        is_in_body |= matches!(line, b"\n" | b"\r\n");
        if is_long || is_in_body && part == Part::Headers {
            continue;
        }
        let line = match kind {
            MailKind::Mbox => unescaped(line),
            MailKind::Eml => line,
        };
        if letter.len() + line.len() > LONGEST_LETTER {
            is_long = true;
            letter = Vec::new();
        } else {
            letter.extend_from_slice(line);
        }
    }
    if is_open {
        on_letter(start, (!is_long).then_some(&letter[..]));
    }
    Ok(())
}

/// `>From ` and `>>From ` lose one sign: mailboxes put it before lines that begin like a letter.
fn unescaped(line: &[u8]) -> &[u8] {
    let signs = line.iter().take_while(|&&b| b == b'>').count();
    match signs > 0 && line[signs..].starts_with(b"From ") {
        true => &line[1..],
        false => line,
    }
}

/// `From address Mon Jan 15 10:00:00 2024`, perhaps with an offset: an hour and a year behind an address.
fn is_from_line(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    if rest.len() > 500 {
        return false;
    }
    let words = rest
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let (mut hours, mut years, mut all) = (0, 0, 0);
    for word in words.skip(1) {
        let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
        let colons = word.iter().filter(|&&b| b == b':').count();
        hours += usize::from(colons >= 1 && digits + colons == word.len() && digits >= 3);
        years += usize::from(
            word.len() == 4 && digits == 4 && (word.starts_with(b"19") || word.starts_with(b"20")),
        );
        all += 1;
    }
    hours == 1 && years >= 1 && (4..=8).contains(&all)
}

/// The name of a header line.
fn header_name(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().position(|&b| b == b':')?;
    let name = &line[..end];
    let is_name = !name.is_empty()
        && name.len() <= 80
        && name
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    is_name.then_some(name)
}

fn letter_of(line: u32, bytes: Option<&[u8]>, vocabulary: &Vocabulary) -> Result<Letter, Unread> {
    let unread = |reason: &str| Unread {
        line,
        reason: reason.to_owned(),
    };
    let bytes = bytes.ok_or_else(|| unread("a letter longer than 25 MB"))?;
    let parsed = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| unread("a letter without headers"))?;
    let author = address_of(parsed.from()).or_else(|| address_of(parsed.sender()));
    let id = parsed.message_id().unwrap_or_default().to_owned();
    let thread = first_id(parsed.references())
        .or_else(|| first_id(parsed.in_reply_to()))
        .unwrap_or(&id)
        .to_owned();
    let header = |name: &'static str| {
        parsed
            .header_raw(name)
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    };
    let is_automatic = !matches!(header("Auto-Submitted").as_str(), "" | "no")
        || !header("X-Auto-Response-Suppress").is_empty()
        || matches!(
            header("Precedence").as_str(),
            "bulk" | "auto_reply" | "auto-reply" | "list" | "junk"
        );
    let author = author.unwrap_or_default();
    let speaker = match is_automatic || is_machine(&author, vocabulary) {
        true => Speaker::Machine,
        false => Speaker::Unknown,
    };
    let mut recipients: Vec<String> = parsed
        .all_to()
        .chain(parsed.all_cc())
        .flat_map(|addresses| addresses.iter())
        .filter_map(|address| address.address())
        .map(str::to_lowercase)
        .collect();
    let delivered = header("Delivered-To");
    if delivered.contains('@') {
        recipients.push(delivered.trim_matches(['<', '>']).to_owned());
    }
    Ok(Letter {
        message: Message {
            line,
            id,
            // A letter without any id is a conversation of its own.
            conversation: match thread.is_empty() {
                true => format!("line {line}"),
                false => thread,
            },
            at: parsed
                .date()
                .filter(|date| date.is_valid())
                .map(|date| date.to_rfc3339())
                .unwrap_or_default(),
            author,
            speaker,
            title: subject_of(parsed.subject().unwrap_or_default(), vocabulary).to_owned(),
            text: text_of(&parsed, bytes),
            ..Message::default()
        },
        recipients,
    })
}

/// The first address of a header in lower case, else the name.
fn address_of(addresses: Option<&Address>) -> Option<String> {
    let first = addresses?.first()?;
    match first.address() {
        Some(address) if !address.is_empty() => Some(address.trim().to_lowercase()),
        _ => first.name().map(|name| name.trim().to_owned()),
    }
}

fn first_id<'h>(value: &'h HeaderValue) -> Option<&'h str> {
    let id = match value {
        HeaderValue::Text(id) => id,
        HeaderValue::TextList(ids) => ids.first()?,
        _ => return None,
    };
    Some(id.trim()).filter(|id| !id.is_empty())
}

/// `no-reply+12@…`, `MAILER-DAEMON@…`.
fn is_machine(address: &str, vocabulary: &Vocabulary) -> bool {
    let Some((mailbox, _)) = address.rsplit_once('@') else {
        return false;
    };
    let plain = names::words(mailbox).join(" ");
    vocabulary
        .messages
        .machine_mailboxes
        .iter()
        .any(|known| names::holds(&plain, known))
}

/// A subject without the marks of answers: `Re: `, `TR : `, `Ré[2]: `.
fn subject_of<'s>(subject: &'s str, vocabulary: &Vocabulary) -> &'s str {
    let mut subject = subject.trim();
    while let Some((mark, rest)) = subject.split_once(':') {
        let mark = mark.trim_end();
        let mark = match mark.split_once(['[', '(']) {
            Some((mark, count)) if count.trim_end_matches([']', ')']).parse::<u32>().is_ok() => {
                mark
            }
            _ => mark,
        };
        let is_mark = mark.len() <= 12
            && vocabulary
                .messages
                .reply_marks
                .contains(&names::words(mark).join(" "));
        if !is_mark {
            break;
        }
        subject = rest.trim_start();
    }
    subject
}

/// The parts of a letter in plain text; where they say nothing, those in HTML.
fn text_of(letter: &mail_parser::Message, bytes: &[u8]) -> String {
    let join = |texts: Vec<Cow<str>>| {
        let texts: Vec<&str> = texts
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        texts.join("\n").replace("\r\n", "\n")
    };
    let is_shown = |part: &&MessagePart| {
        !part
            .content_disposition()
            .is_some_and(|disposition| disposition.ctype().eq_ignore_ascii_case("attachment"))
    };
    let plain = letter
        .text_bodies()
        .filter(is_shown)
        .filter_map(|part| match &part.body {
            PartType::Text(text) => Some(mended(text, part, bytes)),
            _ => None,
        });
    let plain = join(plain.collect());
    if !plain.is_empty() {
        return plain;
    }
    let html = letter
        .html_bodies()
        .filter(is_shown)
        .filter_map(|part| match &part.body {
            PartType::Html(text) => Some(Cow::Owned(markup::html(&mended(text, part, bytes)))),
            _ => None,
        });
    join(html.collect())
}

/// Old programs write Windows-1252 and do not say so; the parser takes it for broken UTF-8.
fn mended<'t>(text: &'t str, part: &MessagePart, bytes: &[u8]) -> Cow<'t, str> {
    let raw = part.offset_body as usize..part.offset_end as usize;
    let is_raw = part.encoding == Encoding::None && text.contains('\u{fffd}');
    match bytes.get(raw).filter(|_| is_raw) {
        Some(raw) if str::from_utf8(raw).is_err() => {
            Cow::Owned(WINDOWS_1252.decode_without_bom_handling(raw).0.into_owned())
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn letters(bytes: &[u8], kind: MailKind) -> Vec<Result<Letter, Unread>> {
        let mut all = Vec::new();
        read(
            &mut { bytes },
            kind,
            Vocabulary::embedded(),
            &mut |letter| all.push(letter),
        )
        .expect("a slice is read without errors");
        all
    }

    #[track_caller]
    fn eml(headers: &str, body: &str) -> Message {
        let text = format!("From: Zoe <Zoe@Fours.example>\n{headers}\n{body}");
        let mut all = letters(text.as_bytes(), MailKind::Eml);
        assert_eq!(all.len(), 1);
        all.remove(0).expect("a letter with headers").message
    }

    const BOX: &str = "From zoe@fours.example Mon Jan 15 10:00:00 2024\n\
From: Zoe <zoe@fours.example>\nTo: aide@plaques.example\nMessage-ID: <1@x>\nDate: Mon, 15 Jan 2024 10:00:00 +0100\nSubject: Four\n\nIl fume.\n>From ici\nFrom ma cuisine\n\n\
From MAILER-DAEMON Mon Jan 15 11:00:00 +0100 2024\r\n\
From: aide@plaques.example\r\nTo: zoe@fours.example\r\nMessage-ID: <2@x>\r\nReferences: <1@x> <0@x>\r\nSubject: =?utf-8?q?R=C3=A9_:?= Four\r\n\r\nBien re=C3=A7u\r\nmerci\r\n";

    #[test]
    fn a_mailbox_is_cut_into_its_letters() {
        assert_eq!(is_mail(BOX.as_bytes()), Some(MailKind::Mbox));
        let all: Vec<Message> = letters(BOX.as_bytes(), MailKind::Mbox)
            .into_iter()
            .map(|letter| letter.unwrap().message)
            .collect();
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].line, all[1].line), (1, 12));
        assert_eq!(all[0].text, "Il fume.\nFrom ici\nFrom ma cuisine");
        assert_eq!(
            (all[0].id.as_str(), all[0].conversation.as_str()),
            ("1@x", "1@x")
        );
        assert_eq!(
            (all[1].id.as_str(), all[1].conversation.as_str()),
            ("2@x", "1@x")
        );
        assert_eq!(all[0].at, "2024-01-15T10:00:00+01:00");
        assert_eq!(
            (all[0].title.as_str(), all[1].title.as_str()),
            ("Four", "Four")
        );
        assert_eq!(all[1].author, "aide@plaques.example");
    }

    #[test]
    fn a_letter_too_long_is_told_and_the_next_is_read() {
        let mut bytes = b"From a@x Mon Jan 15 10:00:00 2024\nFrom: a@x\n\n".to_vec();
        for _ in 0..26 {
            bytes.extend(vec![b'a'; 1 << 20]);
            bytes.push(b'\n');
        }
        bytes.extend(BOX.as_bytes());
        let all = letters(&bytes, MailKind::Mbox);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].as_ref().unwrap_err().line, 1);
        assert_eq!(
            all[0].as_ref().unwrap_err().reason,
            "a letter longer than 25 MB"
        );
        assert_eq!(all[1].as_ref().unwrap().message.line, 30);
    }

    #[test]
    fn marks_of_answers_are_no_part_of_a_subject() {
        let vocabulary = Vocabulary::embedded();
        let check = |subject, expected| assert_eq!(subject_of(subject, vocabulary), expected);
        check("Re: Four", "Four");
        check("RE : TR: Four : fume", "Four : fume");
        check("Ré[2]: Fwd: Four", "Four");
        check("Four: re", "Four: re");
        check("Re:", "");
        check("Reçu: 12", "Reçu: 12");
    }

    #[test]
    fn plain_text_is_preferred_to_html() {
        let both = "Content-Type: multipart/alternative; boundary=b\n";
        let body = |plain: &str| {
            format!(
                "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{plain}\n--b\nContent-Type: text/html\n\n<p>un</p><p>deux</p>\n--b--\n"
            )
        };
        assert_eq!(eml(both, &body("d=C3=A9j=C3=A0 l=\nu")).text, "déjà lu");
        assert_eq!(eml(both, &body(" ")).text, "un\ndeux");
        let attached = "--b\nContent-Type: text/plain\n\noui\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nnon\n--b--\n";
        assert_eq!(
            eml("Content-Type: multipart/mixed; boundary=b\n", attached).text,
            "oui"
        );
        assert_eq!(
            eml("Content-Type: text/html\n", "l&#39;avis").text,
            "l'avis"
        );
    }

    #[test]
    fn bodies_of_old_programs_are_windows_1252() {
        let bytes = b"From: a@x\nTo: b@x\nSubject: s\n\nd\xe9\xe7u l\x92avis\n";
        let all = letters(bytes, MailKind::Eml);
        assert_eq!(all[0].as_ref().unwrap().message.text, "déçu l’avis");
        let said = b"From: a@x\nContent-Type: text/plain; charset=iso-8859-1\n\nd\xe9\xe7u\n";
        assert_eq!(
            letters(said, MailKind::Eml)[0]
                .as_ref()
                .unwrap()
                .message
                .text,
            "déçu"
        );
    }

    #[test]
    fn automatic_letters_are_a_machines() {
        let speaker = |headers: &str| eml(headers, "oui").speaker;
        assert_eq!(speaker("Subject: s\n"), Speaker::Unknown);
        assert_eq!(speaker("Auto-Submitted: no\n"), Speaker::Unknown);
        assert_eq!(speaker("Auto-Submitted: auto-replied\n"), Speaker::Machine);
        assert_eq!(speaker("auto-submitted: Auto-Replied\n"), Speaker::Machine);
        assert_eq!(speaker("Precedence: bulk\n"), Speaker::Machine);
        assert_eq!(speaker("X-Auto-Response-Suppress: All\n"), Speaker::Machine);
        let vocabulary = Vocabulary::embedded();
        for address in [
            "no-reply@x.example",
            "noreply+12@x.example",
            "mailer-daemon@x.example",
            "ne-pas-repondre@x.example",
        ] {
            assert!(is_machine(address, vocabulary), "{address}");
        }
        for address in ["zoe@noreply.example", "norah@x.example", ""] {
            assert!(!is_machine(address, vocabulary), "{address}");
        }
    }

    #[test]
    fn threads_authors_and_dates_are_read() {
        let letter = eml(
            "In-Reply-To: <7@x>\nDate: Tue, 2 Jan 2024 09:05:00 -0500\n",
            "oui",
        );
        assert_eq!(letter.conversation, "7@x");
        assert_eq!(letter.author, "zoe@fours.example");
        assert_eq!(letter.at, "2024-01-02T09:05:00-05:00");
        assert_eq!(eml("", "oui").conversation, "line 1");
        assert_eq!(eml("Date: demain\n", "oui").at, "");
    }

    #[test]
    fn the_company_is_whom_letters_go_to() {
        let check = |letters: &[(&str, &[&str])], expected: Option<&str>| {
            let mut recipients = Recipients::default();
            for (from, to) in letters {
                recipients.see(&Letter {
                    message: Message {
                        author: (*from).to_owned(),
                        ..Message::default()
                    },
                    recipients: to.iter().map(|to| (*to).to_owned()).collect(),
                });
            }
            assert_eq!(
                recipients.company(Vocabulary::embedded()).as_deref(),
                expected,
                "{letters:?}"
            );
        };
        check(&[], None);
        check(
            &[
                ("a@gmail.com", &["aide@p.example"]),
                ("b@free.fr", &["aide@p.example", "b@q.example"]),
            ],
            Some("p.example"),
        );
        check(
            &[
                ("a@gmail.com", &["aide@p.example"]),
                ("aide@p.example", &["a@gmail.com"]),
                ("aide@p.example", &["c@q.example"]),
            ],
            Some("p.example"),
        );
        check(
            &[
                ("a@x.example", &["zoe@gmail.com"]),
                ("b@y.example", &["zoe@gmail.com"]),
            ],
            None,
        );
        check(
            &[
                ("a@x.example", &["b@p.example"]),
                ("a@y.example", &["b@q.example"]),
                ("a@z.example", &["b@r.example"]),
            ],
            None,
        );
        let company = company_of(&mut BOX.as_bytes(), MailKind::Mbox, Vocabulary::embedded());
        // One letter each way: the alphabet decides, and both wrote as many as they got.
        assert_eq!(company.unwrap().as_deref(), Some("fours.example"));
        assert!(is_of("a@p.example", "p.example") && is_of("a@mail.p.example", "p.example"));
        assert!(!is_of("a@xp.example", "p.example") && !is_of("p.example", "p.example"));
    }

    #[test]
    fn letters_are_told_by_their_headers() {
        let check = |text: &str, expected| assert_eq!(is_mail(text.as_bytes()), expected, "{text}");
        check("From: a@x\nTo: b@x\nSubject: s\n\noui", Some(MailKind::Eml));
        check(
            "Received: by x\n\tfor y\nMessage-ID: <1@x>\r\nFrom: a@x\r\n\r\noui",
            Some(MailKind::Eml),
        );
        check("", None);
        check("From: Zoe\nil fume", None);
        check("From my point of view\nit smokes: yes", None);
        check("From a@x Mon Jan 15 10:00:00 2024\nil fume", None);
        check("Subject: s\nTo: b@x\nDate: d\n\n", None);
        check("date,text\n2024-01-15,From: a To: b Subject: c", None);
        check(" From: a@x\nTo: b@x\nSubject: s\n", None);
    }

    #[test]
    fn every_truncation_is_read() {
        let mixed = "From: =?utf-8?b?w6k=?= <a@x>\nReferences: <1@x>\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/html; charset=utf-16\nContent-Transfer-Encoding: base64\n\nPGI+w6k8L2I+\n--b\nContent-Type: message/rfc822\n\nFrom: c@x\n\noui\n--b--\n";
        for (text, kind) in [(BOX, MailKind::Mbox), (mixed, MailKind::Eml)] {
            for end in 0..text.len() {
                letters(&text.as_bytes()[..end], kind);
                is_mail(&text.as_bytes()[..end]);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn random_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            is_mail(&bytes);
            letters(&bytes, MailKind::Eml);
            letters(&bytes, MailKind::Mbox);
        }

        #[test]
        fn pieces_of_letters_are_read(pieces in prop::collection::vec(prop::sample::select(vec![
            "From ", "a@x Mon Jan 15 10:00:00 2024\n", "From: ", "To: ", "Date: ", "Subject: ", "=?utf-8?q?", "?=", "\n", "\r\n", "\n\n", "<a@x>", ",", ";",
            "Content-Type: ", "multipart/mixed", "boundary=b", "text/html", "message/rfc822", "charset=utf-7", "Content-Transfer-Encoding: ", "base64",
            "quoted-printable", "--b\n", "--b--\n", "=C3", "=\n", "é", "\"", "(", ">From ", "References: ", "15 Jan 2024", "99:99",
        ]), 0..40)) {
            let text = pieces.concat();
            is_mail(text.as_bytes());
            letters(text.as_bytes(), MailKind::Eml);
            letters(text.as_bytes(), MailKind::Mbox);
        }
    }
}
