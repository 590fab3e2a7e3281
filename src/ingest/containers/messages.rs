//! Files of messages: chats, mailboxes, archives. Their parsers tell messages; this file makes rows of them.
//!
//! A chat becomes one record a conversation, whose turns are its messages; a letter or a post stays a record of its own,
//! with the name of its conversation. Rows are lines of JSON in a temporary file: memory is that of one conversation.

use super::LONGEST_ROW;
use crate::ingest::{bytes::Bytes, dates, vocabulary::Speaker};
use serde_json::{Value, json};
use std::io::{self, Write};

/// One message, as a file of messages gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Message {
    /// Line of the file where it starts, from 1; 0 where lines say nothing.
    pub line: u32,
    /// The source's own id; empty where it has none.
    pub id: String,
    /// Names the conversation it belongs to, within the file; messages of one conversation share it.
    pub conversation: String,
    /// When it was sent, as the file writes it: `15/03/2024 10:00:00`, `12:32`, RFC 3339, seconds since 1970. Empty when unknown.
    pub at: String,
    /// Who sent it, as the file names them; empty when unknown.
    pub author: String,
    /// What kind of person that is.
    pub speaker: Speaker,
    /// Where it was sent; empty where there is one place only.
    pub channel: String,
    /// A subject; usually empty.
    pub title: String,
    /// What was said, markup of the format gone.
    pub text: String,
}

impl Message {
    /// Adds a line to the text. Beyond [`LONGEST_ROW`] nothing more is added: such a text is refused anyway.
    pub fn append(&mut self, line: &str) {
        if self.text.len() + line.len() < LONGEST_ROW {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(line);
        }
    }
}

/// A message that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Unread {
    /// Line of the file where it starts, from 1; 0 where lines say nothing.
    pub line: u32,
    /// What is wrong with it.
    pub reason: String,
}

/// What kind of messages a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Kind {
    /// A WhatsApp chat: a record for each customer of each sitting.
    WhatsApp,
    /// A log of chats: a record a conversation.
    ChatLog,
    /// Letters: a record each.
    Mail,
    /// A Slack export: a record a message.
    Slack,
}

impl Kind {
    /// The name people know.
    pub fn name(self) -> &'static str {
        match self {
            Kind::WhatsApp => "WhatsApp chat",
            Kind::ChatLog => "chat log",
            Kind::Mail => "e-mail",
            Kind::Slack => "Slack export",
        }
    }
}

/// Rows made of messages.
pub(in crate::ingest) struct Rows {
    /// One JSON object a line.
    pub lines: Bytes,
    /// Where the row on each line of it starts in the file, from 1.
    pub places: Vec<u32>,
}

/// A message, or why what stands there is none.
pub(in crate::ingest) type Told = Result<Message, Unread>;

/// Makes rows of the messages that `tell` tells, in their order.
pub(in crate::ingest) fn rows(
    kind: Kind,
    tell: impl FnOnce(&mut dyn FnMut(Told)) -> io::Result<()>,
) -> io::Result<Rows> {
    let mut places = Vec::new();
    let lines = Bytes::spool(|file| {
        let mut writer = RowWriter {
            file,
            places: &mut places,
            kind,
            conversation: Vec::new(),
            failure: None,
        };
        tell(&mut |told| writer.take(told))?;
        writer.end_conversation();
        writer.failure.map_or(Ok(()), Err)
    })?;
    Ok(Rows { lines, places })
}

/// People of a group who are told apart; a sitting with more is one record.
const MOST_AUTHORS: usize = 200;

struct RowWriter<'w> {
    file: &'w mut dyn Write,
    places: &'w mut Vec<u32>,
    kind: Kind,
    /// Messages of the conversation being told.
    conversation: Vec<Message>,
    failure: Option<io::Error>,
}

impl RowWriter<'_> {
    fn take(&mut self, told: Told) {
        let message = match told {
            Ok(message) => message,
            Err(unread) => {
                self.end_conversation();
                return self.write(unread.line, &json!({ "fault": unread.reason }));
            }
        };
        match self.kind {
            Kind::Mail | Kind::Slack => self.write(message.line, &single(&message)),
            Kind::WhatsApp | Kind::ChatLog => {
                let is_next = self
                    .conversation
                    .first()
                    .is_some_and(|first| first.conversation != message.conversation);
                if is_next {
                    self.end_conversation();
                }
                self.conversation.push(message);
            }
        }
    }

    fn end_conversation(&mut self) {
        let messages = std::mem::take(&mut self.conversation);
        let Some(first) = messages.first() else {
            return;
        };
        // A group has several customers, and each says something of their own.
        let mut authors: Vec<&str> = Vec::new();
        if self.kind == Kind::WhatsApp {
            for message in messages
                .iter()
                .filter(|message| !message.speaker.is_company())
            {
                if authors.len() <= MOST_AUTHORS && !authors.contains(&message.author.as_str()) {
                    authors.push(&message.author);
                }
            }
        }
        if !(2..=MOST_AUTHORS).contains(&authors.len()) {
            let row = whole(&messages, &first.conversation);
            return self.write(opening(&messages).line, &row);
        }
        for (at, author) in authors.iter().enumerate() {
            let theirs: Vec<Message> = messages
                .iter()
                .filter(|message| message.speaker.is_company() || message.author == *author)
                .cloned()
                .collect();
            let row = whole(&theirs, &format!("{}-{}", first.conversation, at + 1));
            self.write(opening(&theirs).line, &row);
        }
    }

    fn write(&mut self, line: u32, row: &Value) {
        if self.failure.is_none() {
            // Messages of an archive are on no line: their number serves.
            let number = u32::try_from(self.places.len() + 1).unwrap_or(u32::MAX);
            self.places.push(if line == 0 { number } else { line });
            self.failure = writeln!(self.file, "{row}").err();
        }
    }
}

/// The row of one message.
fn single(message: &Message) -> Value {
    json!({
        "id": message.id,
        "date": message.at,
        "customer": message.author,
        "speaker": spoken(message.speaker),
        "channel": message.channel,
        "subject": message.title,
        "text": message.text,
        "conversation": message.conversation,
    })
}

/// Where a conversation begins to be the customer's: their first message, else the first of all.
fn opening(messages: &[Message]) -> &Message {
    messages
        .iter()
        .find(|message| !message.speaker.is_company())
        .unwrap_or(&messages[0])
}

/// The row of a conversation. There is at least one message.
fn whole(messages: &[Message], id: &str) -> Value {
    let opening = opening(messages);
    let is_dated =
        |message: &&Message| !message.at.is_empty() && dates::read_time(&message.at).is_none();
    let dated = Some(opening)
        .filter(is_dated)
        .or_else(|| messages.iter().find(is_dated));
    let turns: Vec<Value> = messages
        .iter()
        .map(|message| {
            json!({
                "speaker": spoken(message.speaker),
                "author": message.author,
                "at": message.at,
                "text": message.text,
            })
        })
        .collect();
    json!({
        "id": id,
        "date": dated.map_or("", |message| &message.at),
        "customer": opening.author,
        "turns": turns,
    })
}

/// The word the vocabulary has for a speaker.
fn spoken(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Customer => "customer",
        Speaker::Agent => "agent",
        Speaker::Machine => "machine",
        Speaker::Unknown => "",
    }
}
