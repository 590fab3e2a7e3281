//! Chats exported by WhatsApp, in the layouts of its applications and languages.
//!
//! A message starts at a line with a day and an hour; lines without one belong to the message before. A conversation is
//! a sitting: after twelve silent hours another one begins.

use super::{
    super::{
        dates::DateOrder,
        names,
        vocabulary::{Speaker, Vocabulary},
    },
    LONGEST_ROW,
    lines::Lines,
    messages::Message,
    stamps::{self, Day, Hour},
};
use std::io::{self, BufRead};

/// Silence after which messages are another conversation.
const SITTING_GAP_HOURS: i64 = 12;

/// Longest name of an author, in bytes; what is longer is a sentence with a colon in it.
const LONGEST_AUTHOR: usize = 100;

/// True when the first lines of a file are those of a chat: the first says when, so does another, and together they
/// are a fifth of the lines at least.
pub(in crate::ingest) fn is_chat(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else {
        return false;
    };
    if start_of(first).is_none() {
        return false;
    }
    let (mut starts, mut all) = (1, 1);
    for line in lines {
        all += 1;
        starts += usize::from(start_of(line).is_some());
    }
    starts >= 2 && starts * 5 >= all
}

/// Tells the messages of a chat in the order of the file.
///
/// `at` is `DD/MM/YYYY HH:MM:SS` with day and month in the order of the file, `AM` or `PM` behind it where the file has
/// them. Lines without an author are the application's own. A picture, a call or a message taken back has an empty text.
pub(in crate::ingest) fn read(
    lines: &mut dyn BufRead,
    vocabulary: &Vocabulary,
    on_message: &mut dyn FnMut(Message),
) -> io::Result<()> {
    let mut lines = Lines::new(lines, LONGEST_ROW);
    let mut sittings = Sittings::default();
    let mut current: Option<Message> = None;
    while let Some((number, line)) = lines.next_text()? {
        match start_of(&line) {
            Some(start) => {
                if let Some(message) = current.take() {
                    on_message(message);
                }
                let conversation = sittings.of(start.day, start.hour);
                let message = Message {
                    line: number,
                    conversation: conversation.to_string(),
                    at: format!("{} {}", start.day, start.hour.with_seconds()),
                    ..said(start.rest, start.is_bracketed, vocabulary)
                };
                current = Some(message);
            }
            None => {
                let text = text_of(&line, vocabulary);
                match &mut current {
                    Some(message) if !text.is_empty() => message.append(&text),
                    Some(_) => {}
                    // Text before the first message is nobody's.
                    None if text.is_empty() => {}
                    None => {
                        current = Some(Message {
                            line: number,
                            conversation: sittings.count.max(1).to_string(),
                            text,
                            ..Message::default()
                        });
                    }
                }
            }
        }
    }
    if let Some(message) = current {
        on_message(message);
    }
    Ok(())
}

/// The start of a message.
struct Start<'l> {
    day: Day,
    hour: Hour,
    is_bracketed: bool,
    /// Author and text, or text alone.
    rest: &'l str,
}

/// `[15/03/2024 10:00:00] …`, `12/03/2025, 09:14 - …`, `9/22/26, 10:20:00 AM - …`.
fn start_of(line: &str) -> Option<Start<'_>> {
    let line = line.trim_start_matches(|c: char| stamps::is_mark(c) || c == ' ');
    let mut rest = line.strip_prefix('[').unwrap_or(line);
    let is_bracketed = rest.len() < line.len();
    let day = stamps::take_day(&mut rest)?;
    stamps::take_gap(&mut rest)?;
    let hour = stamps::take_hour(&mut rest)?;
    let rest = match is_bracketed {
        true => rest.trim_start().strip_prefix(']')?,
        false => {
            let behind = rest.trim_start();
            let after = behind.strip_prefix(['-', '–'])?;
            let is_parted = behind.len() < rest.len()
                && (after.is_empty() || after.starts_with(char::is_whitespace));
            is_parted.then_some(after)?
        }
    };
    Some(Start {
        day,
        hour,
        is_bracketed,
        rest: rest.trim_start(),
    })
}

/// Author, speaker and text of what stands behind day and hour.
fn said(rest: &str, is_bracketed: bool, vocabulary: &Vocabulary) -> Message {
    let Some((author, text)) = author_of(rest) else {
        return Message {
            speaker: Speaker::Machine,
            text: text_of(rest, vocabulary),
            ..Message::default()
        };
    };
    let told = text_of(text, vocabulary);
    // On iOS the application speaks in the name of the chat; a mark no keyboard has stands before its words.
    if is_bracketed && text.trim_start().starts_with('\u{200e}') && !told.is_empty() {
        return Message {
            speaker: Speaker::Machine,
            text: told,
            ..Message::default()
        };
    }
    let author: String = author.chars().filter(|c| !stamps::is_mark(*c)).collect();
    let author = author
        .trim_start_matches(|c: char| c == '~' || c.is_whitespace())
        .trim_end();
    Message {
        author: author.to_owned(),
        speaker: vocabulary.labelled(author),
        text: told,
        ..Message::default()
    }
}

/// Parts `Name: text`. `None` for a sentence, which may have a colon in quotes.
fn author_of(rest: &str) -> Option<(&str, &str)> {
    let (author, text) = rest.split_once(':')?;
    let is_name = (1..=LONGEST_AUTHOR).contains(&author.trim().len())
        && !author.contains(['"', '«', '“', '”'])
        && (text.is_empty() || text.starts_with(|c: char| c.is_whitespace() || stamps::is_mark(c)));
    is_name.then_some((author, text))
}

/// A line as it was written: without marks, placeholders and the note that it was changed.
fn text_of(line: &str, vocabulary: &Vocabulary) -> String {
    let words = &vocabulary.messages;
    let mut line = line.trim();
    // `<This message was edited>`, `<attached: 0001.jpg>`.
    while let Some(start) = line.ends_with('>').then(|| line.rfind('<')).flatten() {
        let inside = plain(&line[start..]);
        let is_note = words.edited.contains(&inside)
            || words.placeholders.contains(&inside)
            || words
                .placeholder_starts
                .iter()
                .any(|known| inside.strip_prefix(known.as_str()).is_some_and(starts_word));
        if !is_note {
            break;
        }
        line = line[..start].trim_end_matches(|c: char| stamps::is_mark(c) || c.is_whitespace());
    }
    // `invoice.pdf • 2 pages document omitted`, with marks between.
    if let Some((before, last)) = line.rsplit_once('\u{200e}')
        && words.placeholders.contains(&plain(last))
    {
        line = match before.contains('•') {
            true => "",
            false => before,
        };
    }
    // A line as short as these may be one of them: 120 bytes is twice the longest.
    if line.len() <= 120 {
        let whole = plain(line);
        let names_file = line.ends_with(')')
            && line
                .rfind('(')
                .is_some_and(|start| words.placeholder_ends.contains(&plain(&line[start..])));
        if names_file || words.placeholders.contains(&whole) {
            return String::new();
        }
    }
    let text: String = line.chars().filter(|c| !stamps::is_mark(*c)).collect();
    text.trim().to_owned()
}

fn plain(text: &str) -> String {
    names::words(text).join(" ")
}

fn starts_word(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

/// Counts sittings. Day and month may be the one or the other until a date proves it; until then the nearer reading is
/// taken, which can only be wrong around midnight.
#[derive(Default)]
struct Sittings {
    count: u64,
    last: Option<(Day, Hour)>,
    order: Option<DateOrder>,
}

impl Sittings {
    /// The sitting of the next message, from 1.
    fn of(&mut self, day: Day, hour: Hour) -> u64 {
        self.order = day.order().or(self.order);
        let is_near = self
            .last
            .is_some_and(|last| self.is_near(last, (day, hour)));
        if !is_near {
            self.count += 1;
        }
        self.last = Some((day, hour));
        self.count
    }

    fn is_near(&self, last: (Day, Hour), next: (Day, Hour)) -> bool {
        let orders = match self.order {
            Some(DateOrder::DayFirst) => &[DateOrder::DayFirst][..],
            Some(DateOrder::MonthFirst) => &[DateOrder::MonthFirst],
            None => &[DateOrder::DayFirst, DateOrder::MonthFirst],
        };
        orders.iter().any(|&order| {
            let moment = |(day, hour): (Day, Hour)| Some(hour.on(day.date(order)?));
            match (moment(last), moment(next)) {
                (Some(last), Some(next)) => {
                    let seconds = next.duration_since(last).as_secs().abs();
                    seconds < SITTING_GAP_HOURS * 3600
                }
                _ => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn messages(chat: &[u8]) -> Vec<Message> {
        let mut all = Vec::new();
        read(&mut { chat }, Vocabulary::embedded(), &mut |message| {
            all.push(message)
        })
        .expect("a slice is read without errors");
        all
    }

    /// Line by line: when, who, what.
    #[track_caller]
    fn check(chat: &str, expected: &[(&str, &str, &str)]) {
        let all = messages(chat.as_bytes());
        let told: Vec<(&str, &str, &str)> = all
            .iter()
            .map(|m| (m.at.as_str(), m.author.as_str(), m.text.as_str()))
            .collect();
        assert_eq!(told, expected, "{chat}");
    }

    #[test]
    fn every_layout_is_read() {
        let check_one = |line: &str, at: &str| {
            check(line, &[(at, "Nadia", "La poignée est cassée")]);
            let twice = format!("{line}\n{line}");
            assert!(is_chat(&twice), "{line}");
        };
        for (line, at) in [
            (
                "[15/03/2024 10:00:00] Nadia: La poignée est cassée",
                "15/03/2024 10:00:00",
            ),
            (
                "[15/03/2024, 10:00:00] Nadia: La poignée est cassée",
                "15/03/2024 10:00:00",
            ),
            (
                "[15/03/2024 à 10:00:00] Nadia: La poignée est cassée",
                "15/03/2024 10:00:00",
            ),
            (
                "[3/15/24, 10:00:00 AM] Nadia: La poignée est cassée",
                "03/15/2024 10:00:00 AM",
            ),
            (
                "[3/15/24, 1:00:00\u{202f}PM] Nadia: La poignée est cassée",
                "03/15/2024 01:00:00 PM",
            ),
            (
                "\u{200e}[15.03.24, 10:00:00] Nadia: La poignée est cassée",
                "15/03/2024 10:00:00",
            ),
            (
                "12/03/2025 09:14 - Nadia: La poignée est cassée",
                "12/03/2025 09:14:00",
            ),
            (
                "12/03/2025, 09:14 - Nadia: La poignée est cassée",
                "12/03/2025 09:14:00",
            ),
            (
                "12/03/2025 à 09:14 - Nadia: La poignée est cassée",
                "12/03/2025 09:14:00",
            ),
            (
                "12.03.25, 09:14 - Nadia: La poignée est cassée",
                "12/03/2025 09:14:00",
            ),
            (
                "2025-03-12 09:14 - Nadia: La poignée est cassée",
                "2025-03-12 09:14:00",
            ),
            (
                "9/22/26, 10:20:00 AM - Nadia: La poignée est cassée",
                "09/22/2026 10:20:00 AM",
            ),
            (
                "9/22/26, 10:20\u{202f}p.\u{a0}m. - Nadia: La poignée est cassée",
                "09/22/2026 10:20:00 PM",
            ),
            (
                "\u{feff}12/03/2025 09:14 - Nadia: La poignée est cassée",
                "12/03/2025 09:14:00",
            ),
            (
                "12/03/2025 09:14 - ~\u{202f}Nadia: La poignée est cassée\r",
                "12/03/2025 09:14:00",
            ),
        ] {
            check_one(line, at);
        }
    }

    #[test]
    fn lines_without_a_day_go_on_with_the_message() {
        check(
            "12/03/2025 09:14 - Nadia: Bonjour,\n\nla porte grince\nà 10:00 surtout\n12/03/2025 09:15 - Karim: Je note",
            &[
                (
                    "12/03/2025 09:14:00",
                    "Nadia",
                    "Bonjour,\nla porte grince\nà 10:00 surtout",
                ),
                ("12/03/2025 09:15:00", "Karim", "Je note"),
            ],
        );
        let all = messages(b"12/03/2025 09:14 - Nadia: un\ndeux\n12/03/2025 09:15 - Karim: trois");
        assert_eq!((all[0].line, all[1].line), (1, 3));
        check(
            "perdu\n12/03/2025 09:14 - Nadia: un",
            &[("", "", "perdu"), ("12/03/2025 09:14:00", "Nadia", "un")],
        );
    }

    #[test]
    fn the_application_is_a_machine() {
        for line in [
            "12/03/2025 09:14 - Les messages et les appels sont chiffrés de bout en bout.",
            "12/03/2025 09:14 - Nadia a créé le groupe",
            "12/03/2025 09:14 - Nadia a changé le nom en « Porte : suivi »",
            "12/03/2025 09:14 - Nadia changed the subject to \"Door: news\"",
            "[12/03/2025 09:14:00] Groupe Porte: \u{200e}Les messages et les appels sont chiffrés de bout en bout.",
            "3/12/25, 9:14 AM - Nadia joined using this group's invite link",
        ] {
            let all = messages(line.as_bytes());
            assert_eq!(
                (all[0].speaker, all[0].author.as_str()),
                (Speaker::Machine, ""),
                "{line}"
            );
            assert!(!all[0].text.is_empty(), "{line}");
        }
        let all = messages("12/03/2025 09:14 - Nadia: Bonjour".as_bytes());
        assert_eq!(all[0].speaker, Speaker::Unknown);
        let all = messages("12/03/2025 09:14 - Support: Bonjour".as_bytes());
        assert_eq!(all[0].speaker, Speaker::Agent);
    }

    #[test]
    fn placeholders_say_nothing() {
        let check_text = |text: &str, expected: &str| {
            let line = format!("[12/03/2025 09:14:00] Nadia: {text}");
            check(&line, &[("12/03/2025 09:14:00", "Nadia", expected)]);
        };
        for text in [
            "<Médias omis>",
            "<Media omitted>",
            "\u{200e}image absente",
            "\u{200e}image omitted",
            "\u{200e}audio omis",
            "Ce message a été supprimé",
            "\u{200e}Ce message a été supprimé.",
            "This message was deleted",
            "\u{200e}<attached: 00000012-PHOTO.jpg>",
            "<pièce jointe : 00000012-PHOTO.jpg>",
            "IMG-0012.jpg (fichier joint)",
            "\u{200e}IMG-0012.jpg (file attached)",
            "facture.pdf \u{200e}• 2 pages \u{200e}document omis",
            "",
        ] {
            check_text(text, "");
        }
        check_text("Voici \u{200e}<attached: 00000012-PHOTO.jpg>", "Voici");
        check_text("Trop tard \u{200e}<Ce message a été modifié>", "Trop tard");
        check_text("Too late <This message was edited>", "Too late");
        check_text("<attention> c'est <3", "<attention> c'est <3");
        check_text("pas d'image absente ici", "pas d'image absente ici");
        check(
            "12/03/2025 09:14 - Nadia: IMG-0012.jpg (fichier joint)\nVoici la fissure",
            &[("12/03/2025 09:14:00", "Nadia", "Voici la fissure")],
        );
    }

    #[test]
    fn twelve_silent_hours_begin_a_conversation() {
        let check = |dates: &[&str], expected: &str| {
            let chat: String = dates
                .iter()
                .map(|date| format!("{date} - Nadia: oui\n"))
                .collect();
            let numbers: Vec<String> = messages(chat.as_bytes())
                .into_iter()
                .map(|m| m.conversation)
                .collect();
            assert_eq!(numbers.join(" "), expected, "{dates:?}");
        };
        check(
            &["12/03/2025 09:00", "12/03/2025 20:59", "13/03/2025 08:59"],
            "1 1 2",
        );
        check(&["12/03/2025 09:00", "12/03/2025 21:00"], "1 2");
        check(
            &["01/02/2025 23:50", "02/02/2025 00:10", "03/02/2025 00:10"],
            "1 1 2",
        );
        check(
            &["2/1/25, 11:50 PM", "2/2/25, 12:10 AM", "2/2/25, 12:10 PM"],
            "1 1 2",
        );
        check(&["28/02/2025 23:50", "01/03/2025 00:10"], "1 1");
        check(&["2025-02-28 23:50", "2025-03-01 00:10"], "1 1");
        // Clocks put back an hour.
        check(&["26/10/2025 02:50", "26/10/2025 02:10"], "1 1");
    }

    #[test]
    fn other_texts_are_no_chats() {
        for text in [
            "",
            "12/03/2025 09:14 - Nadia: seule",
            "id,date,text\n1,12/03/2025 09:14,Nadia: bonjour\n2,12/03/2025 09:15,Karim: bonjour",
            "12/03/2025 09:14;Nadia: bonjour\n12/03/2025 09:15;Karim: bonjour",
            "Notes du 12/03/2025 09:14 - Nadia: un\n12/03/2025 09:14 - Nadia: deux\n12/03/2025 09:14 - Nadia: trois",
            "[14:59] Nadia: un\n[15:00] Karim: deux\n[15:01] Nadia: trois",
            "{\"a\": 1}",
        ] {
            assert!(!is_chat(text), "{text}");
        }
    }

    const EXAMPLE: &str = "\u{200e}[15/03/2024 à 10:00:00] ~\u{202f}Nadia: Déçue 🙁 \u{200e}<Ce message a été modifié>\nvraiment\n[3/15/24, 1:00:00\u{202f}PM] Karim: \u{200e}image absente\n12/03/2025 09:14 - Nadia a créé le groupe";

    #[test]
    fn every_truncation_is_read() {
        for end in 0..EXAMPLE.len() {
            messages(&EXAMPLE.as_bytes()[..end]);
            is_chat(&String::from_utf8_lossy(&EXAMPLE.as_bytes()[..end]));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn random_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            messages(&bytes);
        }

        #[test]
        fn near_misses_are_read(text in "[\\[\u{200e}]?[0-9/.]{0,9},? ?[0-9:]{0,6}\u{202f}?(AM|PM|à)?\\]? ?-? ?[~A-Zé:<>(\n ]{0,12}") {
            messages(text.as_bytes());
            is_chat(&text);
        }
    }
}
