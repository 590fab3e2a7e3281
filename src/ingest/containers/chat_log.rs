//! Plain logs of chats: a turn a line, with hours or with labels that say who speaks, conversations parted by rules or
//! headers. One more shape numbers the customer's turns and writes several turns on a line.

use super::{
    super::{
        names,
        vocabulary::{Speaker, Vocabulary},
    },
    LONGEST_ROW,
    lines::Lines,
    messages::Message,
    stamps::{self, Day, Hour},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, BufRead},
};

/// Longest name of a speaker, in bytes.
const LONGEST_NAME: usize = 60;

/// Turns of one conversation kept before they are told; a longer one is told in parts.
const LONGEST_CONVERSATION: usize = 2000;

/// Longest line that may be a header, in bytes.
const LONGEST_HEADER: usize = 120;

/// How a log is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Layout {
    /// The customer's turns are numbered, `3 (14:59) text`; those of agents are `(14:59) name : text`, and a line may
    /// hold several turns.
    is_numbered: bool,
    /// Names that open turns without hours, beside the labels everybody uses.
    names: BTreeSet<String>,
}

/// The layout of a log, told from the first lines of a file; `None` when it is none.
///
/// At least three lines, and half of those with text, begin like turns, with an hour or a known label; and somebody
/// speaks twice, so that an agenda or a file of settings is no chat.
pub(in crate::ingest) fn layout_of(head: &str, vocabulary: &Vocabulary) -> Option<Layout> {
    let (mut lines, mut numbered, mut timed, mut levels) = (0, 0, 0, 0);
    let mut speakers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut labels: BTreeMap<&str, u32> = BTreeMap::new();
    for line in head.lines() {
        if is_rule(line) || !line.contains(char::is_alphanumeric) {
            continue;
        }
        if header_of(line, vocabulary).is_some() {
            continue;
        }
        lines += 1;
        if numbered_at(line.trim_start(), 0).is_some() {
            numbered += 1;
        } else if let Some(turn) = timed_turn(line).filter(|turn| !turn.name.is_empty()) {
            timed += 1;
            levels += u32::from(is_level(turn.name, vocabulary));
            *speakers.entry(turn.name).or_default() += 1;
        } else if let Some((name, _)) = name_of(line) {
            *labels.entry(name).or_default() += 1;
        }
    }
    if levels * 2 > timed {
        return None;
    }
    let is_known = |name: &str| vocabulary.labelled(name) != Speaker::Unknown;
    let known: u32 = labels
        .iter()
        .filter(|(name, _)| is_known(name))
        .map(|(_, count)| count)
        .sum();
    let known_labels = labels.keys().filter(|name| is_known(name)).count();
    let is_chat_of_labels = known_labels > 0 && known >= 2;
    let mut layout = Layout {
        is_numbered: numbered >= 2,
        names: BTreeSet::new(),
    };
    let mut labelled = known;
    if is_chat_of_labels {
        for (name, count) in &labels {
            if *count >= 2 && is_person(name) && !vocabulary.knows(&vocabulary.plain(name)) {
                layout.names.insert((*name).to_owned());
                labelled += count;
            }
        }
    }
    let numbered = if layout.is_numbered { numbered } else { 0 };
    let mut turns = numbered + timed;
    let mut repeats = layout.is_numbered
        || speakers.values().any(|count| *count >= 2)
        || speakers.keys().filter(|name| is_known(name)).count() >= 2;
    let labels_speak = known_labels + layout.names.len() >= 2
        && labels
            .iter()
            .any(|(name, count)| *count >= 2 && (is_known(name) || layout.names.contains(*name)));
    if labels_speak {
        turns += labelled;
        repeats = true;
    }
    (repeats && turns >= 3 && turns * 2 >= lines).then_some(layout)
}

/// Tells the messages of a log in the order of the file.
///
/// `at` is as written, an hour alone or a day and an hour; an hour alone gets the day of the conversation's header when
/// it has one. What is said before the first turn of a conversation is a program's.
pub(in crate::ingest) fn read(
    lines: &mut dyn BufRead,
    layout: &Layout,
    vocabulary: &Vocabulary,
    on_message: &mut dyn FnMut(Message),
) -> io::Result<()> {
    let mut lines = Lines::new(lines, LONGEST_ROW);
    let mut reading = Reading {
        layout,
        vocabulary,
        on_message,
        conversation: 1,
        held: Vec::new(),
        held_bytes: 0,
        told: false,
        has_turns: false,
        number: 0,
        unnumbered: 0,
        day: None,
        minutes: 0,
    };
    let mut is_after_blank = true;
    while let Some((number, line)) = lines.next_text()? {
        if line.trim().is_empty() {
            is_after_blank = true;
        } else if is_rule(&line) && (is_after_blank || !line.trim().starts_with(['-', '*'])) {
            reading.close();
            is_after_blank = true;
        } else if let Some(day) = is_after_blank
            .then(|| header_of(&line, vocabulary))
            .flatten()
        {
            reading.close();
            reading.day = day.or(reading.day);
        } else {
            reading.see(number, &line, is_after_blank);
            is_after_blank = false;
        }
    }
    reading.close();
    Ok(())
}

/// The conversation that is being read.
struct Reading<'r> {
    layout: &'r Layout,
    vocabulary: &'r Vocabulary,
    on_message: &'r mut dyn FnMut(Message),
    conversation: u64,
    held: Vec<Held>,
    held_bytes: usize,
    /// Some of its messages were told already.
    told: bool,
    has_turns: bool,
    /// Of the last numbered turn.
    number: u32,
    /// Turns since then.
    unnumbered: u32,
    /// From the header.
    day: Option<Day>,
    /// The last turn's minutes of the day.
    minutes: i16,
}

/// A message before its conversation is over.
struct Held {
    message: Message,
    is_numbered: bool,
}

impl Reading<'_> {
    fn see(&mut self, number: u32, line: &str, is_after_blank: bool) {
        if self.layout.is_numbered {
            return self.see_numbered(number, line, is_after_blank);
        }
        if let Some(turn) = timed_turn(line) {
            let at = self.at(turn.day, turn.hour);
            let speaker = match turn.name {
                "" => Speaker::Machine,
                name => self.vocabulary.labelled(name),
            };
            self.hold(number, at, turn.name, speaker, turn.text, false);
        } else if let Some((name, text)) = self.labelled(line) {
            let speaker = self.vocabulary.labelled(name);
            self.hold(number, String::new(), name, speaker, text, false);
        } else {
            self.go_on(number, line);
        }
    }

    /// Text without a turn of its own.
    fn go_on(&mut self, number: u32, line: &str) {
        let text = line.trim();
        if !text.contains(char::is_alphanumeric) && !self.has_turns {
            // A rule of another kind, or quotes around nothing.
            return;
        }
        match self.held.last_mut() {
            Some(held) => held.message.append(text),
            None => {
                self.hold(number, String::new(), "", Speaker::Machine, text, false);
                self.has_turns = false;
            }
        }
    }

    fn see_numbered(&mut self, number: u32, line: &str, is_after_blank: bool) {
        let line = line.trim();
        let starts = self.turns_in(line);
        let before = starts
            .first()
            .map_or(line, |turn| &line[..turn.start])
            .trim();
        if !before.is_empty() {
            if self.has_turns && is_after_blank {
                // Behind the last turn nobody is named.
                self.hold(number, String::new(), "", Speaker::Unknown, before, false);
            } else {
                self.go_on(number, before);
            }
        }
        for (i, turn) in starts.iter().enumerate() {
            let end = starts.get(i + 1).map_or(line.len(), |next| next.start);
            let text = line[turn.text_start..end].trim();
            let at = self.at(None, turn.hour);
            match turn.number {
                Some(_) => self.hold(number, at, "", Speaker::Customer, text, true),
                None => {
                    let (name, text) = name_of(text).unwrap_or(("", text));
                    let speaker = match self.vocabulary.labelled(name) {
                        Speaker::Unknown => Speaker::Agent,
                        known => known,
                    };
                    self.hold(number, at, name, speaker, text, false);
                }
            }
        }
    }

    /// Where turns begin in a line. Numbers count up, which parts them from digits the text before ends with.
    fn turns_in(&mut self, line: &str) -> Vec<NumberedTurn> {
        let mut turns: Vec<NumberedTurn> = Vec::new();
        for (open, _) in line.match_indices('(') {
            let Some((hour, text_start)) = hour_at(line, open) else {
                continue;
            };
            let from = turns.last().map_or(0, |turn| turn.text_start);
            let before = line[from..open].trim_end_matches(' ');
            let digits = before
                .bytes()
                .rev()
                .take_while(u8::is_ascii_digit)
                .count()
                .min(5);
            let first_digit = from + before.len() - digits;
            let end = from + before.len();
            let most = self.number + 1 + self.unnumbered;
            let is_spaced = end < open;
            // A number alone before the hour needs no proof; otherwise the longest end of the digits that counts on.
            let opens_line = first_digit == 0;
            let is_named = name_of(line[text_start..].trim_start()).is_some();
            let mut candidates = (first_digit..end)
                .filter(|_| is_spaced)
                .filter_map(|at| Some((at, line[at..end].parse::<u32>().ok()?)));
            let number = candidates
                .clone()
                .find(|(at, number)| {
                    opens_line && *at == 0
                        || (self.number + 1..=most).contains(number)
                            && !line[*at..].starts_with('0')
                })
                // Some numbers are missing: a name behind the hour is proof enough.
                .or_else(|| candidates.rfind(|(_, number)| is_named && *number > self.number));
            match number {
                Some((start, number)) => {
                    self.number = number;
                    self.unnumbered = 0;
                    turns.push(NumberedTurn {
                        start,
                        number: Some(number),
                        hour,
                        text_start,
                    });
                }
                None => {
                    if open == 0 || is_named {
                        self.unnumbered += 1;
                        turns.push(NumberedTurn {
                            start: open,
                            number: None,
                            hour,
                            text_start,
                        });
                    }
                }
            }
        }
        turns
    }

    fn labelled<'l>(&self, line: &'l str) -> Option<(&'l str, &'l str)> {
        name_of(line).filter(|(name, _)| {
            self.layout.names.contains(*name) || self.vocabulary.labelled(name) != Speaker::Unknown
        })
    }

    fn at(&mut self, day: Option<Day>, hour: Hour) -> String {
        // An hour far before the last one is that of the next day.
        if day.is_none() && self.has_turns && hour.minutes() + 12 * 60 < self.minutes {
            self.day = self.day.and_then(Day::tomorrow);
        }
        self.minutes = hour.minutes();
        match day.or(self.day) {
            Some(day) => format!("{day} {}", hour.with_seconds()),
            None => hour.to_string(),
        }
    }

    fn hold(
        &mut self,
        line: u32,
        at: String,
        author: &str,
        speaker: Speaker,
        text: &str,
        is_numbered: bool,
    ) {
        if self.held.len() >= LONGEST_CONVERSATION || self.held_bytes > LONGEST_ROW {
            self.tell();
        }
        self.held_bytes += text.len();
        self.has_turns = true;
        self.held.push(Held {
            message: Message {
                line,
                conversation: self.conversation.to_string(),
                at,
                author: author.to_owned(),
                speaker,
                text: text.to_owned(),
                ..Message::default()
            },
            is_numbered,
        });
    }

    fn tell(&mut self) {
        if self.layout.is_numbered {
            name_customer(&mut self.held);
        }
        self.held_bytes = 0;
        for held in self.held.drain(..) {
            (self.on_message)(held.message);
            self.told = true;
        }
    }

    /// The end of a conversation.
    fn close(&mut self) {
        self.tell();
        if self.told {
            self.conversation += 1;
            self.day = None;
        }
        self.told = false;
        self.has_turns = false;
        self.number = 0;
        self.unnumbered = 0;
    }
}

/// A turn of a line that holds several.
struct NumberedTurn {
    start: usize,
    number: Option<u32>,
    hour: Hour,
    text_start: usize,
}

/// Takes the customer's name off the numbered turns of a conversation.
///
/// A name stands before half of them at least, or one of two words before each (masked names differ from turn to turn);
/// a sentence with a colon stands alone. Before one turn only, it must look like a name.
fn name_customer(held: &mut [Held]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut all, mut short) = (0, 0);
    for held in held.iter().filter(|held| held.is_numbered) {
        all += 1;
        if let Some((name, _)) = spaced_name_of(&held.message.text) {
            *counts.entry(name).or_default() += 1;
            short += usize::from(is_short(name));
        }
    }
    // The most frequent one; of several, the first of the alphabet.
    let Some((name, count)) = counts.into_iter().rev().max_by_key(|(_, count)| *count) else {
        return;
    };
    let is_name = match all {
        1 => is_short(name) && name.starts_with(|c: char| c.is_uppercase() || c == '_'),
        _ => count >= 2 && count * 2 >= all || short == all,
    };
    if !is_name {
        return;
    }
    let author = name.to_owned();
    for held in held.iter_mut().filter(|held| held.is_numbered) {
        let is_named = |name: &str| name == author || is_short(name);
        if let Some((_, text)) =
            spaced_name_of(&held.message.text).filter(|(name, _)| is_named(name))
        {
            held.message.text = text.to_owned();
        }
        held.message.author.clone_from(&author);
    }
}

fn is_short(name: &str) -> bool {
    name.split(' ').count() <= 2
}

/// A turn with an hour.
struct TimedTurn<'l> {
    day: Option<Day>,
    hour: Hour,
    /// Empty for what a program says.
    name: &'l str,
    text: &'l str,
}

/// `[14:59] Marie: text`, `(14:59) Marie: text`, `2024-05-12 14:59:03 Marie: text`, `14:59 - Marie : text`.
fn timed_turn(line: &str) -> Option<TimedTurn<'_>> {
    let line = line.trim_start_matches(|c: char| stamps::is_mark(c) || c.is_whitespace());
    let (mut rest, close) = match line.as_bytes().first()? {
        b'[' => (&line[1..], Some(']')),
        b'(' => (&line[1..], Some(')')),
        b'0'..=b'9' => (line, None),
        _ => return None,
    };
    let day = stamps::take_day(&mut rest);
    if day.is_some() {
        stamps::take_gap(&mut rest)?;
    }
    let hour = stamps::take_hour(&mut rest)?;
    skip_offset(&mut rest);
    let mut is_parted = close.is_some();
    if let Some(close) = close {
        rest = rest.trim_start().strip_prefix(close)?;
    } else if !rest.starts_with(' ') {
        return None;
    }
    rest = rest.trim_start();
    if let Some(after) = rest.strip_prefix(['-', '–', '|'])
        && after.starts_with(' ')
    {
        is_parted = true;
        rest = after.trim_start();
    }
    match name_of(rest) {
        Some((name, text)) => Some(TimedTurn {
            day,
            hour,
            name,
            text,
        }),
        // "14:59 was too late" is a sentence; "[14:59] Marie left" is the program's.
        None if is_parted && close.is_some() => Some(TimedTurn {
            day,
            hour,
            name: "",
            text: rest.trim_end(),
        }),
        None => None,
    }
}

/// `Z`, `+02:00`, `UTC`.
fn skip_offset(rest: &mut &str) {
    let behind = rest.trim_start();
    if let Some(after) = behind.strip_prefix('Z').or(behind.strip_prefix("UTC")) {
        if !after.starts_with(char::is_alphanumeric) {
            *rest = after;
        }
    } else if let Some(after) = behind.strip_prefix(['+', '-']) {
        let digits = after
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b':')
            .count();
        if matches!(digits, 4 | 5) {
            *rest = &after[digits..];
        }
    }
}

/// A number and an hour in parentheses at `from`: where the parenthesis opens.
fn numbered_at(line: &str, from: usize) -> Option<usize> {
    let digits = line[from..].bytes().take_while(u8::is_ascii_digit).count();
    let behind = line[from + digits..].strip_prefix(' ')?;
    let open = line.len() - behind.len();
    ((1..=4).contains(&digits) && hour_at(line, open).is_some()).then_some(open)
}

/// `(14:59) ` at `open`, and where what follows begins.
fn hour_at(line: &str, open: usize) -> Option<(Hour, usize)> {
    let mut rest = line[open..].strip_prefix('(')?;
    let hour = stamps::take_hour(&mut rest)?;
    let rest = rest.strip_prefix(')')?;
    (rest.is_empty() || rest.starts_with(' ')).then_some((hour, line.len() - rest.len()))
}

/// Parts `Marie Durand: text` and `Marie : text`; the text is trimmed.
fn name_of(text: &str) -> Option<(&str, &str)> {
    // A line may hold thousands of hours; what is too far away is not looked at.
    let near = &text.as_bytes()[..text.len().min(LONGEST_NAME + 2)];
    let colon = memchr::memchr(b':', near)?;
    let (name, said) = (text[..colon].trim_end(), &text[colon + 1..]);
    let is_parted = said.is_empty() || said.starts_with(char::is_whitespace);
    let mut letters = name.chars();
    let opens_word = letters
        .next()
        .is_some_and(|c| c.is_alphanumeric() || c == '_');
    let is_name = is_parted
        && opens_word
        && name.split(' ').count() <= 5
        && name.contains(char::is_alphabetic)
        && !name.contains([
            ',', ';', '|', '\t', '"', '<', '>', '{', '}', '=', '?', '!', '…',
        ]);
    is_name.then_some((name, said.trim()))
}

/// Parts `Marie : text`, with white space on both sides of the colon.
fn spaced_name_of(text: &str) -> Option<(&str, &str)> {
    let (name, said) = name_of(text)?;
    text[name.len()..].starts_with(" :").then_some((name, said))
}

/// One or two words with capitals.
fn is_person(name: &str) -> bool {
    let mut words = name.split(' ');
    (1..=2).contains(&name.split(' ').count())
        && words.all(|word| word.chars().next().is_some_and(char::is_uppercase))
}

fn is_level(name: &str, vocabulary: &Vocabulary) -> bool {
    let words = names::words(name);
    words
        .first()
        .is_some_and(|word| vocabulary.messages.log_levels.contains(word))
}

/// A line of one sign only, three times or more.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let Some(first) = line.chars().next() else {
        return false;
    };
    matches!(first, '=' | '-' | '*' | '_' | '#' | '~' | '─' | '—' | '═')
        && line.chars().all(|c| c == first)
        && line.chars().count() >= 3
}

/// A line that opens a conversation, with the day it names.
fn header_of(line: &str, vocabulary: &Vocabulary) -> Option<Option<Day>> {
    if line.len() > LONGEST_HEADER {
        return None;
    }
    let core = line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '=' | '-' | '*' | '_' | '#' | '~' | '─' | '═' | '[' | ']')
    });
    if !core.starts_with(char::is_alphabetic) || core.ends_with(['.', '!', '?']) {
        return None;
    }
    let words = names::words(core);
    let plain = words.join(" ");
    let phrase = vocabulary
        .messages
        .headers
        .iter()
        .filter(|phrase| names::holds(&plain, phrase) && plain.starts_with(phrase.as_str()))
        .max_by_key(|phrase| phrase.len())?;
    let phrase_words = phrase.split(' ').count();
    let rest = &words[phrase_words..];
    let is_before_colon = core
        .split_once(':')
        .is_some_and(|(before, _)| names::words(before).len() == phrase_words);
    let is_number = rest.len() == 1 && rest[0].contains(|c: char| c.is_ascii_digit());
    let is_header = rest.is_empty() || is_before_colon || is_number || phrase_words > 1;
    is_header.then(|| day_in(core))
}

/// The first day a line names.
fn day_in(line: &str) -> Option<Day> {
    let mut was_digit = false;
    for (at, c) in line.char_indices() {
        if c.is_ascii_digit()
            && !was_digit
            && let Some(day) = stamps::take_day(&mut &line[at..])
        {
            return Some(day);
        }
        was_digit = c.is_ascii_digit();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layout(log: &str) -> Option<Layout> {
        layout_of(log, Vocabulary::embedded())
    }

    fn messages(log: &str, layout: &Layout) -> Vec<Message> {
        let mut all = Vec::new();
        let vocabulary = Vocabulary::embedded();
        read(&mut log.as_bytes(), layout, vocabulary, &mut |message| {
            all.push(message)
        })
        .expect("a slice is read without errors");
        all
    }

    /// A line for each message: `conversation/line at author (speaker): text`.
    #[track_caller]
    fn check(log: &str, expected: &[&str]) {
        let layout = layout(log).unwrap_or_else(|| panic!("no log: {log}"));
        let told: Vec<String> = messages(log, &layout)
            .into_iter()
            .map(|m| {
                let text = m.text.replace('\n', "|");
                format!(
                    "{}/{} {} {} ({:?}): {text}",
                    m.conversation, m.line, m.at, m.author, m.speaker
                )
            })
            .collect();
        assert_eq!(told, expected, "{log}");
    }

    #[test]
    fn hours_stand_before_names_in_many_ways() {
        for (first, at) in [
            ("[14:59] Marie: oui", "14:59"),
            ("(14:59:03) Marie: oui", "14:59:03"),
            ("[2024-05-12 14:59:03] Marie: oui", "2024-05-12 14:59:03"),
            ("[2024-05-12T14:59:03Z] Marie: oui", "2024-05-12 14:59:03"),
            (
                "[2024-05-12 14:59:03 +02:00] Marie: oui",
                "2024-05-12 14:59:03",
            ),
            ("2024-05-12 14:59:03 Marie: oui", "2024-05-12 14:59:03"),
            ("14:59 - Marie : oui", "14:59"),
            ("14:59 Marie: oui", "14:59"),
            ("2:59 PM - Marie: oui", "02:59 PM"),
            ("[12/05/2024 14:59] Marie: oui", "12/05/2024 14:59:00"),
        ] {
            let log = format!("{first}\n{first}\n\n{first}\nencore");
            check(
                &log,
                &[
                    &format!("1/1 {at} Marie (Unknown): oui"),
                    &format!("1/2 {at} Marie (Unknown): oui"),
                    &format!("1/4 {at} Marie (Unknown): oui|encore"),
                ],
            );
        }
    }

    #[test]
    fn labels_say_who_speaks() {
        check(
            "Agent: Bonjour\nClient: Le four chauffe mal\net il fume\nAgent : Je regarde\nVisiteur 12 : Merci",
            &[
                "1/1  Agent (Agent): Bonjour",
                "1/2  Client (Customer): Le four chauffe mal|et il fume",
                "1/4  Agent (Agent): Je regarde",
                "1/5  Visiteur 12 (Customer): Merci",
            ],
        );
        check(
            "[09:00] Bot: Hello\n[09:01] Customer: The oven smokes\n[09:02] Paula joined the chat\n[09:03] Paula (Support): Hi",
            &[
                "1/1 09:00 Bot (Machine): Hello",
                "1/2 09:01 Customer (Customer): The oven smokes",
                "1/3 09:02  (Machine): Paula joined the chat",
                "1/4 09:03 Paula (Support) (Agent): Hi",
            ],
        );
    }

    #[test]
    fn names_beside_labels_open_turns_when_they_come_again() {
        check(
            "Client: Bonjour\nRemarque: le four fume\nPaula: Je regarde\nClient: Merci\nPaula: De rien",
            &[
                "1/1  Client (Customer): Bonjour|Remarque: le four fume",
                "1/3  Paula (Unknown): Je regarde",
                "1/4  Client (Customer): Merci",
                "1/5  Paula (Unknown): De rien",
            ],
        );
    }

    #[test]
    fn rules_and_headers_part_conversations() {
        check(
            "Conversation 1\nAgent: un\nClient: deux\n\n=====\n\nConversation 2\nAgent: trois\nClient: quatre\n\n---\nAgent: cinq\nClient: six\n---\nsuite",
            &[
                "1/2  Agent (Agent): un",
                "1/3  Client (Customer): deux",
                "2/8  Agent (Agent): trois",
                "2/9  Client (Customer): quatre",
                "3/12  Agent (Agent): cinq",
                "3/13  Client (Customer): six|---|suite",
            ],
        );
        check(
            "Chat ID: a7\nChat started: 2024-05-31 23:50\n[23:58] Agent: one\n[00:01] Client: two\n\nTranscript of chat 9\n[10:00] Agent: three",
            &[
                "1/3 2024-05-31 23:58:00 Agent (Agent): one",
                "1/4 2024-06-01 00:01:00 Client (Customer): two",
                "2/7 10:00 Agent (Agent): three",
            ],
        );
    }

    #[test]
    fn numbered_turns_are_the_customers() {
        check(
            "Bienvenue au service des fours(10:00) Paula : Je vous écoute\n\n2 (10:01) Zoé : Il fume3 (10:02) Zoé : modèle : AX4\n\n(10:05) Paula : Merci(10:06) Paula : Fermé (12:00) le lundi\n\n5 (10:07) Zoé : Mon numéro est 887 (10:08) Zoé : voilà\n\nau revoir\n\n===\n\n''\n\nBienvenue\n\n1 (11:00) deux mots : oui2 (11:01) ref 4413 (11:02) merci",
            &[
                "1/1   (Machine): Bienvenue au service des fours",
                "1/1 10:00 Paula (Agent): Je vous écoute",
                "1/3 10:01 Zoé (Customer): Il fume",
                "1/3 10:02 Zoé (Customer): modèle : AX4",
                "1/5 10:05 Paula (Agent): Merci",
                "1/5 10:06 Paula (Agent): Fermé (12:00) le lundi",
                "1/7 10:07 Zoé (Customer): Mon numéro est 88",
                "1/7 10:08 Zoé (Customer): voilà",
                "1/9   (Unknown): au revoir",
                "2/15   (Machine): Bienvenue",
                "2/17 11:00  (Customer): deux mots : oui",
                "2/17 11:01  (Customer): ref 441",
                "2/17 11:02  (Customer): merci",
            ],
        );
    }

    #[test]
    fn the_customers_name_is_no_part_of_the_turn() {
        let check_texts = |turns: &[&str], author: &str, texts: &[&str]| {
            let log: String = (1..)
                .zip(turns)
                .map(|(i, turn)| format!("{i} (10:00) {turn}\n"))
                .collect();
            let layout = Layout {
                is_numbered: true,
                names: BTreeSet::new(),
            };
            let all = messages(&log, &layout);
            let told: Vec<&str> = all.iter().map(|m| m.text.as_str()).collect();
            assert_eq!(told, texts, "{log}");
            assert!(all.iter().all(|m| m.author == author), "{log}");
        };
        check_texts(
            &["Zoé : oui", "Zoé : référence : 4"],
            "Zoé",
            &["oui", "référence : 4"],
        );
        check_texts(
            &["_Nom1_ : oui", "Zoé B. : non", "Zoé B. : fin"],
            "Zoé B.",
            &["oui", "non", "fin"],
        );
        check_texts(
            &["le four que j'ai : AX4", "il fume"],
            "",
            &["le four que j'ai : AX4", "il fume"],
        );
        check_texts(&["référence : AX4"], "", &["référence : AX4"]);
        check_texts(&["Zoé : oui"], "Zoé", &["oui"]);
    }

    #[test]
    fn hostile_lines_take_time_in_proportion() {
        for piece in ["(12.00) a ", "1 (12:00) ", "12 (", "a : "] {
            let log = piece.repeat(100_000);
            layout(&log);
            for is_numbered in [false, true] {
                messages(
                    &log,
                    &Layout {
                        is_numbered,
                        names: BTreeSet::new(),
                    },
                );
            }
        }
    }

    #[test]
    fn other_texts_are_no_logs() {
        for text in [
            "",
            "Bonjour,\nje suis déçue du four : il fume.\nMerci de me rappeler à 14:59.\nZoé",
            "# Titre\n\n- Client: un\n- Agent: deux\n\nTexte **gras** : fin\n",
            "user: admin\nhost: localhost\ncontact: x@example.org\nport: 80\n",
            "support: yes\nsystem: linux\nbot: off\n",
            "id;date;texte\n1;14:59;Marie: bonjour\n2;15:00;Paul: bonjour\n3;15:01;Marie: oui",
            "14:59,Marie: oui\n15:00,Paul: oui\n15:01,Marie: non",
            "09:00 - Accueil : café\n10:00 - Atelier : fours\n12:00 - Repas : soupe",
            "2024-05-12 14:59:03 INFO: started\n2024-05-12 14:59:04 WARN main: slow\n2024-05-12 14:59:05 INFO: stopped",
            "Agent: un\nClient: deux",
            "14:59 trop tard\n15:00 fermé\n15:01 déçu",
            "Le client: roi.\nLe support: absent.\nLe four: froid.\nLe client: perdu.",
        ] {
            assert_eq!(layout(text), None, "{text}");
        }
    }

    const EXAMPLE: &str = "Chat started: 2024-05-31\nBienvenue(10:00) Paula : Oui\n\n2 (10:01) Zoé : Il fume33 (10:02) fin\n\n===\n[14:59] Zoé: é\n2024-05-12T14:59:03+02:00 Zoé: oui\nAgent: non\n2 PM";

    #[test]
    fn every_truncation_is_read() {
        for end in 0..EXAMPLE.len() {
            let cut = String::from_utf8_lossy(&EXAMPLE.as_bytes()[..end]);
            layout(&cut);
            for is_numbered in [false, true] {
                messages(
                    &cut,
                    &Layout {
                        is_numbered,
                        names: BTreeSet::new(),
                    },
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn random_texts_are_read(text in ".{0,80}(\n.{0,40}){0,3}", is_numbered: bool) {
            layout(&text);
            messages(&text, &Layout { is_numbered, names: BTreeSet::new() });
        }

        #[test]
        fn near_misses_are_read(text in "([0-9]{0,3} ?\\(?[0-9]{1,2}:[0-9]{2}\\)? ?[é=:\n (-]{0,3}(Agent|Zoé)? ?:? ?){0,8}", is_numbered: bool) {
            layout(&text);
            messages(&text, &Layout { is_numbered, names: BTreeSet::new() });
        }
    }
}
