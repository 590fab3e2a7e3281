//! Exports of Slack: an archive with lists of users and channels, and for each channel a folder with a file a day.

use super::{
    super::slack_marks,
    messages::{Message, Unread},
};
use crate::ingest::vocabulary::Speaker;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt,
    io::{self, BufReader, Read, Seek},
};
use zip::{ZipArchive, result::ZipError};

/// Bytes read of one file of the archive; small archives can hold files without end.
const LONGEST_FILE: u64 = 256 << 20;

/// Kinds of messages people and bots write; all other kinds tell who came, went or renamed a channel.
const SPOKEN: [&str; 6] = [
    "bot_message",
    "file_comment",
    "file_share",
    "me_message",
    "reply_broadcast",
    "thread_broadcast",
];

/// True when the names of an archive's files are those of an export: a list of channels or users, and a day of a channel.
pub(in crate::ingest) fn is_export(names: &[&str]) -> bool {
    root_of(names).is_some_and(|root| names.iter().any(|name| day_of(name, root).is_some()))
}

/// Tells the messages of an export, channel by channel and day by day.
///
/// A conversation is a thread, or a message nobody answered. A file that cannot be read to its end is told with its name
/// after the messages before the fault.
pub(in crate::ingest) fn read<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    on_message: &mut dyn FnMut(Result<Message, Unread>),
) -> io::Result<()> {
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some(root) = root_of(&names) else {
        return Ok(());
    };
    let mut users = BTreeMap::new();
    let list = format!("{root}users.json");
    if names.contains(&list.as_str()) {
        each(archive, &list, on_message, &mut |user, _| {
            users.extend(user_of(&user));
        })?;
    }
    let mut days: Vec<(&str, &str, &str)> = names
        .iter()
        .filter_map(|name| {
            let (channel, day) = day_of(name, root)?;
            Some((channel, day, *name))
        })
        .collect();
    days.sort_unstable();
    days.dedup();
    for (channel, _, name) in days {
        each(archive, name, on_message, &mut |value, on_message| {
            if let Some(message) = message_of(&value, channel, &users) {
                on_message(Ok(message));
            }
        })?;
    }
    Ok(())
}

/// A user by id.
struct User {
    name: String,
    is_bot: bool,
}

fn user_of(value: &Value) -> Option<(String, User)> {
    let text = |value: &Value, member: &str| {
        let text = value.get(member)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let profile = value.get("profile").unwrap_or(&Value::Null);
    let name = text(profile, "display_name")
        .or_else(|| text(profile, "real_name"))
        .or_else(|| text(value, "real_name"))
        .or_else(|| text(value, "name"));
    Some((
        text(value, "id")?,
        User {
            name: name.unwrap_or_default(),
            is_bot: value.get("is_bot").and_then(Value::as_bool) == Some(true),
        },
    ))
}

/// A message, unless it tells what happened to the channel.
fn message_of(value: &Value, channel: &str, users: &BTreeMap<String, User>) -> Option<Message> {
    let text = |member: &str| {
        value
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let subtype = text("subtype");
    if !matches!(text("type"), "" | "message") || !subtype.is_empty() && !SPOKEN.contains(&subtype)
    {
        return None;
    }
    let ts = text("ts");
    let thread = match text("thread_ts") {
        "" => ts,
        thread => thread,
    };
    let author = match text("user") {
        "" => text("bot_id"),
        user => user,
    };
    let is_bot = !text("bot_id").is_empty()
        || subtype == "bot_message"
        || users.get(author).is_some_and(|user| user.is_bot);
    let names = |id: &str| {
        let user = users.get(id)?;
        (!user.name.is_empty()).then(|| user.name.clone())
    };
    let mut said = slack_marks::shown(text("text"), &names).trim().to_owned();
    if said.is_empty() {
        // Programs write into attachments.
        let attachments = value.get("attachments").and_then(Value::as_array);
        let parts: Vec<&str> = attachments
            .into_iter()
            .flatten()
            .filter_map(|part| {
                let texts = ["text", "fallback"].map(|member| part.get(member)?.as_str());
                texts.into_iter().flatten().find(|text| !text.is_empty())
            })
            .collect();
        said = slack_marks::shown(&parts.join("\n"), &names)
            .trim()
            .to_owned();
    }
    let seconds = ts.split('.').next().unwrap_or_default();
    let is_number = !seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit());
    Some(Message {
        line: 0,
        id: match ts {
            "" => String::new(),
            ts => format!("{channel}/{ts}"),
        },
        conversation: format!("{channel}/{thread}"),
        at: if is_number {
            seconds.to_owned()
        } else {
            String::new()
        },
        author: author.to_owned(),
        speaker: if is_bot {
            Speaker::Machine
        } else {
            Speaker::Unknown
        },
        channel: channel.to_owned(),
        title: String::new(),
        text: said,
    })
}

/// The folder the export is in: empty, or ending in `/`.
fn root_of<'n>(names: &[&'n str]) -> Option<&'n str> {
    names
        .iter()
        .filter_map(|name| {
            name.strip_suffix("channels.json")
                .or(name.strip_suffix("users.json"))
        })
        .filter(|root| root.is_empty() || root.ends_with('/'))
        .min_by_key(|root| (root.len(), *root))
}

/// Channel and day of `root/channel/2024-03-15.json`.
fn day_of<'n>(name: &'n str, root: &str) -> Option<(&'n str, &'n str)> {
    let (channel, file) = name.strip_prefix(root)?.split_once('/')?;
    let day = file.strip_suffix(".json")?;
    let is_day = day.len() == 10
        && day.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    (is_day && !channel.is_empty()).then_some((channel, day))
}

type OnMessage<'c> = &'c mut dyn FnMut(Result<Message, Unread>);

/// Gives every element of an array in the archive, one at a time; a fault in the file is told.
fn each<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    on_message: OnMessage,
    on_element: &mut dyn FnMut(Value, OnMessage),
) -> io::Result<()> {
    let fault = |reason: &dyn fmt::Display| Unread {
        line: 0,
        reason: format!("{name}: {reason}"),
    };
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
            return Err(error);
        }
        Err(error) => {
            on_message(Err(fault(&error)));
            return Ok(());
        }
    };
    let reader = BufReader::new(file.take(LONGEST_FILE));
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let elements = Elements {
        on_element: &mut |value| on_element(value, on_message),
    };
    let read = elements.deserialize(&mut deserializer);
    if let Err(error) = read {
        on_message(Err(fault(&error)));
    }
    Ok(())
}

/// Reads a JSON array without keeping it.
struct Elements<'f> {
    on_element: &'f mut dyn FnMut(Value),
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while let Some(element) = array.next_element()? {
            (self.on_element)(element);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::{Cursor, Write};
    use zip::{ZipWriter, write::SimpleFileOptions};

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn messages(bytes: &[u8]) -> Vec<Result<Message, Unread>> {
        let mut all = Vec::new();
        if let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) {
            // A damaged archive may be an error of its own.
            let _ = read(&mut archive, &mut |message| all.push(message));
        }
        all
    }

    const USERS: &str = r#"[{"id": "U1", "name": "zoe", "profile": {"display_name": "Zoé"}}, {"id": "U2", "is_bot": true, "real_name": "Alerte"}, 7]"#;
    const DAY: &str = r#"[
        {"type": "message", "user": "U1", "text": "Le *four* fume <@U2>", "ts": "1710489600.000200", "thread_ts": "1710489600.000200"},
        {"type": "message", "subtype": "channel_join", "user": "U1", "text": "<@U1> a rejoint", "ts": "1710489601.0"},
        {"type": "message", "user": "U1", "text": "encore", "ts": "1710489660.0", "thread_ts": "1710489600.000200"},
        {"type": "message", "user": "U2", "text": "Panne", "ts": "1710489661.0"},
        {"type": "message", "subtype": "bot_message", "bot_id": "B1", "text": "", "attachments": [{"fallback": "Vu"}], "ts": "1710489662.0"},
        {"text": 5}
    ]"#;

    #[test]
    fn messages_of_all_channels_are_told_in_order() {
        let bytes = archive(&[
            ("users.json", USERS),
            ("channels.json", "[]"),
            (
                "fours/2024-03-16.json",
                r#"[{"user": "U1", "text": "non", "ts": "1710576000.0"}]"#,
            ),
            ("fours/2024-03-15.json", DAY),
            (
                "accueil/2024-03-17.json",
                r#"[{"user": "U3", "text": "oui", "ts": "1710662400.0"}]"#,
            ),
            ("fours/canvas.json", "{}"),
        ]);
        let told: Vec<String> = messages(&bytes)
            .into_iter()
            .map(|message| {
                let m = message.unwrap();
                format!(
                    "{} {} {} {} {} {:?}: {}",
                    m.channel, m.id, m.conversation, m.at, m.author, m.speaker, m.text
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "accueil accueil/1710662400.0 accueil/1710662400.0 1710662400 U3 Unknown: oui",
                "fours fours/1710489600.000200 fours/1710489600.000200 1710489600 U1 Unknown: Le four fume @Alerte",
                "fours fours/1710489660.0 fours/1710489600.000200 1710489660 U1 Unknown: encore",
                "fours fours/1710489661.0 fours/1710489661.0 1710489661 U2 Machine: Panne",
                "fours fours/1710489662.0 fours/1710489662.0 1710489662 B1 Machine: Vu",
                "fours  fours/   Unknown: ",
                "fours fours/1710576000.0 fours/1710576000.0 1710576000 U1 Unknown: non",
            ]
        );
    }

    #[test]
    fn a_broken_day_is_told_and_the_next_is_read() {
        let bytes = archive(&[
            ("x/users.json", "{"),
            (
                "x/fours/2024-03-15.json",
                r#"[{"text": "un", "ts": "1.0"}, {"text": "#,
            ),
            (
                "x/fours/2024-03-16.json",
                r#"[{"text": "deux", "ts": "2.0"}]"#,
            ),
        ]);
        let all = messages(&bytes);
        let reasons: Vec<bool> = all.iter().map(Result::is_ok).collect();
        assert_eq!(reasons, [false, true, false, true]);
        let reason = &all[2].as_ref().unwrap_err().reason;
        assert!(
            reason.starts_with("x/fours/2024-03-15.json: EOF"),
            "{reason}"
        );
    }

    #[test]
    fn exports_are_told_by_their_names() {
        assert!(is_export(&["channels.json", "fours/2024-03-15.json"]));
        assert!(is_export(&["x/users.json", "x/fours/2024-03-15.json"]));
        assert!(!is_export(&["channels.json"]));
        assert!(!is_export(&["fours/2024-03-15.json"]));
        assert!(!is_export(&["myusers.json", "fours/2024-03-15.json"]));
        assert!(!is_export(&["xl/workbook.xml", "[Content_Types].xml"]));
        assert!(!is_export(&[]));
    }

    #[test]
    fn every_truncation_is_read() {
        let bytes = archive(&[("users.json", USERS), ("fours/2024-03-15.json", DAY)]);
        for end in 0..bytes.len() {
            messages(&bytes[..end]);
        }
        for end in (0..DAY.len()).step_by(7) {
            messages(&archive(&[
                ("users.json", &USERS[..end.min(20)]),
                ("fours/2024-03-15.json", &DAY[..end]),
            ]));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn damaged_archives_are_read(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6)) {
            let mut bytes = archive(&[("users.json", USERS), ("fours/2024-03-15.json", DAY)]);
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            messages(&bytes);
        }

        #[test]
        fn random_names_are_read(names in prop::collection::vec("(x/)?(users|channels|é|[0-9-]{10})?(/[0-9-]{9,10})?(.json)?", 0..5)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            is_export(&names);
        }
    }
}
