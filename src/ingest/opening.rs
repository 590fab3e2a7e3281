//! What a file is, found out from its bytes: packed or plain, one table or several, which container, which encoding.

use super::{
    bytes::{Bytes, UNPACKS_WITHOUT_END, most_unpacked},
    containers::{
        Container, LONGEST_ROW, chat_log, columnar, foreign,
        json::{self, RecordsSearch, Shape},
        mail,
        messages::{self, Kind},
        slack, table, whatsapp, workbook,
    },
    dates::Zones,
    encoding::{self, Decoded, Reader, Survey, Unsurveyed},
    mapping::Mapping,
    paths::Input,
    reading,
    roles::{self, Role},
    vocabulary::{Speaker, Vocabulary},
};
use jiff::tz::TimeZone;
use std::{
    fs::File,
    io::{self, BufReader},
    path::PathBuf,
};

/// Archives within archives that are looked into.
const DEEPEST_ARCHIVE: u32 = 2;

/// Bytes letters are told by.
const MAIL_HEAD: usize = 16 << 10;

/// Files of one archive that are looked at.
const MOST_MEMBERS: usize = 10_000;

/// A file that was looked at: its encoding and its container are known.
pub(super) struct Opened {
    pub path: PathBuf,
    pub name: String,
    pub bytes: Bytes,
    pub survey: Survey,
    pub container: Container,
    /// What it was before it became a table or lines, for people: `sheet "Avis" of a workbook`.
    pub origin: Option<String>,
    /// Where each line of `bytes` starts in the file people know; `None` where lines are the file's own.
    pub places: Option<Vec<u32>>,
}

impl Opened {
    /// Bytes of the file, unpacked.
    pub fn length(&self) -> u64 {
        self.survey.length
    }
}

/// Why a file was not opened.
pub(super) enum Unopened {
    Io(io::Error),
    /// What it is and what to do.
    NotFeedback(String),
}

impl From<io::Error> for Unopened {
    fn from(error: io::Error) -> Self {
        Unopened::Io(error)
    }
}

/// What a parser that is not ours finds in a file.
fn apart<T: Send>(parse: fn(File) -> Result<T, String>, bytes: &Bytes) -> Result<T, Unopened> {
    let file = bytes.seekable()?;
    foreign::apart(|| parse(file)).map_err(Unopened::NotFeedback)
}

/// A part of a file that holds no feedback, and why.
pub(super) struct Skipped {
    pub name: String,
    pub reason: String,
}

/// What looking at files takes.
pub(super) struct Opener<'s> {
    pub vocabulary: &'s Vocabulary,
}

/// What was found in one input: usually one file, several in a workbook or an archive.
#[derive(Default)]
pub(super) struct Found {
    pub files: Vec<Opened>,
    pub skipped: Vec<Skipped>,
    /// Bytes that the archive may still unpack to; `None` outside of any.
    room: Option<u64>,
}

impl Opener<'_> {
    /// Looks at an input.
    pub fn open(&self, input: &Input) -> Result<Found, Unopened> {
        let bytes = match &input.path {
            Some(path) => Bytes::of(path),
            None => Bytes::spooled(&mut io::stdin().lock()).and_then(Bytes::unpacked),
        };
        let path = input.path.clone().unwrap_or_else(|| "-".into());
        let part = Part {
            path,
            name: input.name.clone(),
            depth: 0,
        };
        let mut found = Found::default();
        self.open_part(part, bytes?, &mut found)?;
        Ok(found)
    }

    fn open_part(&self, part: Part, bytes: Bytes, found: &mut Found) -> Result<(), Unopened> {
        let head = bytes.head(8)?;
        if head.starts_with(b"PK\x03\x04") {
            self.open_archive(part, &bytes, found)
        } else if head.starts_with(b"\xd0\xcf\x11\xe0") {
            self.open_workbook(part, &bytes, found)
        } else if head.starts_with(b"PAR1") {
            let lines = apart(columnar::rows, &bytes)?;
            let survey = survey(&lines)?;
            found.files.push(Opened {
                container: match survey.length {
                    0 => Container::Empty,
                    _ => Container::Lines,
                },
                origin: Some("Parquet".to_owned()),
                ..part.opened(lines, survey)
            });
            Ok(())
        } else {
            let file = self.open_text(part, bytes)?;
            found.files.push(file);
            Ok(())
        }
    }

    /// Looks into a ZIP: a workbook, a chat export, or a folder of files.
    fn open_archive(&self, part: Part, bytes: &Bytes, found: &mut Found) -> Result<(), Unopened> {
        let broken = |error: zip::result::ZipError| {
            Unopened::NotFeedback(format!(
                "a zip archive that cannot be read: {error}; pack it again"
            ))
        };
        let mut archive =
            zip::ZipArchive::new(BufReader::new(bytes.seekable()?)).map_err(broken)?;
        let mut names = Vec::with_capacity(archive.len());
        for name in archive.file_names() {
            names.push(name.map_err(broken)?.into_owned());
        }
        let has = |name: &str| names.iter().any(|known| known == name);
        let is_workbook = has("xl/workbook.xml") || has("xl/workbook.bin");
        let is_open_document = has("content.xml") && has("mimetype");
        if is_workbook || is_open_document {
            return self.open_workbook(part, bytes, found);
        }
        let listed: Vec<&str> = names.iter().map(String::as_str).collect();
        if slack::is_export(&listed) {
            let rows = messages::rows(Kind::Slack, |told| slack::read(&mut archive, told))?;
            found.files.push(self.messages(part, Kind::Slack, rows)?);
            return Ok(());
        }
        if part.depth == DEEPEST_ARCHIVE || names.len() > MOST_MEMBERS {
            let reason = "an archive of archives, or of too many files; unpack it first";
            return Err(Unopened::NotFeedback(reason.to_owned()));
        }
        if found.room.is_none() {
            found.room = Some(most_unpacked(bytes.length()?));
        }
        names.sort_unstable();
        for name in names {
            let is_way_out = name.split(['/', '\\']).any(|part| part == "..");
            let is_hidden = name
                .split('/')
                .any(|part| part.starts_with('.') || part == "__MACOSX");
            if is_way_out {
                found.skipped.push(Skipped {
                    name: format!("{}/{name}", part.name),
                    reason: "its name leads out of the archive; pack it again".to_owned(),
                });
            }
            if name.ends_with('/') || is_hidden || is_way_out || super::is_document(&name) {
                continue;
            }
            let member = Part {
                path: part.path.clone(),
                name: format!("{}/{}", part.name, name.trim_start_matches('/')),
                depth: part.depth + 1,
            };
            let shown = member.name.clone();
            let size = archive.by_name(&name).map_or(0, |file| file.size());
            if found.room.is_some_and(|room| size > room) {
                return Err(Unopened::NotFeedback(format!(
                    "it {UNPACKS_WITHOUT_END}; unpack it and give the files you mean"
                )));
            }
            let opened = unpacked_member(&mut archive, &name, &mut found.room)
                .map_err(Unopened::Io)
                .and_then(|bytes| self.open_part(member, bytes, found));
            let reason = match opened {
                Ok(()) => continue,
                Err(Unopened::Io(error)) => format!("{error}; unpack the archive first"),
                Err(Unopened::NotFeedback(reason)) => reason,
            };
            found.skipped.push(Skipped {
                name: shown,
                reason,
            });
        }
        if found.files.is_empty() {
            let of_part = |part: &Skipped| format!(" ({}: {})", part.name, part.reason);
            return Err(Unopened::NotFeedback(format!(
                "a zip archive without feedback in it{}; give the files you mean",
                found.skipped.first().map(of_part).unwrap_or_default()
            )));
        }
        Ok(())
    }

    /// Looks at the sheets of a workbook. Several that hold feedback go by the workbook's name and their own.
    fn open_workbook(&self, part: Part, bytes: &Bytes, found: &mut Found) -> Result<(), Unopened> {
        let sheets = apart(workbook::sheets, bytes)?;
        let count = sheets.len();
        let mut reasons = Vec::new();
        let before = found.files.len();
        for sheet in sheets {
            let survey = survey(&sheet.table)?;
            let delimiter = Some(workbook::DELIMITER);
            let dialect =
                table::dialect_of(&survey.head, survey.is_whole, delimiter, self.vocabulary);
            let name = match count {
                1 => part.name.clone(),
                _ => format!("{}#{}", part.name, sheet.name),
            };
            match dialect {
                Ok(dialect) => {
                    let file = Opened {
                        name,
                        container: Container::Table(dialect),
                        origin: Some(format!("workbook, sheet \"{}\"", sheet.name)),
                        ..part.opened(sheet.table, survey)
                    };
                    // Beside a sheet of feedback there are often others: key figures, lists of shops.
                    match count == 1 || has_words(&file, self.vocabulary)? {
                        true => found.files.push(file),
                        false => reasons
                            .push((file.name, "no customers' words or marks in it".to_owned())),
                    }
                }
                Err(reason) => reasons.push((name, reason)),
            }
        }
        if found.files.len() == before {
            let reason =
                "a workbook without a table of feedback; put it on a sheet with a header row";
            return Err(Unopened::NotFeedback(reason.to_owned()));
        }
        let skipped = reasons
            .into_iter()
            .map(|(name, reason)| Skipped { name, reason });
        found.skipped.extend(skipped);
        Ok(())
    }

    fn open_text(&self, part: Part, bytes: Bytes) -> Result<Opened, Unopened> {
        // Letters name their own encodings, part by part.
        if let Some(kind) = mail::is_mail(&bytes.head(MAIL_HEAD)?) {
            let rows = self.letters(&bytes, kind)?;
            return self.messages(part, Kind::Mail, rows);
        }
        let mut survey = survey(&bytes)?;
        let head = String::from_utf8_lossy(&survey.head).into_owned();
        let lines = || Decoded::of(&bytes, &survey).map(BufReader::new);
        if whatsapp::is_chat(&head) {
            let mut lines = lines()?;
            let rows = messages::rows(Kind::WhatsApp, |tell| {
                whatsapp::read(&mut lines, self.vocabulary, &mut |message| {
                    tell(Ok(message))
                })
            })?;
            return self.messages(part, Kind::WhatsApp, rows);
        }
        if let Some(layout) = chat_log::layout_of(&head, self.vocabulary) {
            let mut lines = lines()?;
            let rows = messages::rows(Kind::ChatLog, |tell| {
                let mut tell = |message| tell(Ok(message));
                chat_log::read(&mut lines, &layout, self.vocabulary, &mut tell)
            })?;
            return self.messages(part, Kind::ChatLog, rows);
        }
        let mut container =
            Container::of(&survey, self.vocabulary).map_err(Unopened::NotFeedback)?;
        if let Container::Elements(elements) = &mut container
            && elements.shape == Shape::Sequence
        {
            let mut search = RecordsSearch::default();
            let mut reader = Reader::open(&bytes, &survey)?;
            let mut block = Vec::new();
            while reader.fill(&mut block)? > 0 && search.see(&block) {
                block.clear();
            }
            *elements = search.finish();
        }
        survey.head = Vec::new();
        let mut file = Opened {
            container,
            ..part.opened(bytes, survey)
        };
        self.settle_member(&mut file)?;
        Ok(file)
    }

    /// The letters of a mailbox, those of the company told apart by the domain most letters go to.
    fn letters(&self, bytes: &Bytes, kind: mail::MailKind) -> io::Result<messages::Rows> {
        let open = || bytes.open().map(BufReader::new);
        let company = mail::company_of(&mut open()?, kind, self.vocabulary)?;
        let mut reader = open()?;
        messages::rows(Kind::Mail, |tell| {
            mail::read(&mut reader, kind, self.vocabulary, &mut |letter| {
                tell(letter.map(|letter| {
                    let mut message = letter.message;
                    let is_company = company
                        .as_ref()
                        .is_some_and(|domain| mail::is_of(&message.author, domain));
                    if message.speaker == Speaker::Unknown && is_company {
                        message.speaker = Speaker::Agent;
                    }
                    message
                }));
            })
        })
    }

    /// A file whose only array is what was said in it, or details of it, is one record; so is one whose members outside
    /// of arrays are those of a source's record.
    fn settle_member(&self, file: &mut Opened) -> Result<(), Unopened> {
        let Container::Elements(json::Elements {
            shape: Shape::Member { name, .. },
        }) = &file.container
        else {
            return Ok(());
        };
        let mut is_conversation = false;
        if json::is_turns_name(name, self.vocabulary) {
            reading::each_sampled_row(file, 20, |row| {
                is_conversation |= json::is_turn(row, self.vocabulary);
            })?;
        }
        let has_records = !is_conversation && has_words(file, self.vocabulary)?;
        let whole = Container::Elements(json::Elements {
            shape: Shape::Sequence,
        });
        let parted = std::mem::replace(&mut file.container, whole);
        // What is longer than any record is none.
        if has_records && (file.length() > LONGEST_ROW as u64 || !self.is_known(file)?) {
            file.container = parted;
        }
        Ok(())
    }

    /// True when a source knows the file as it is taken now.
    fn is_known(&self, file: &Opened) -> io::Result<bool> {
        let (_, names) = reading::sample(file, self.vocabulary)?;
        Ok(reading::source_of(file, &names, self.vocabulary).is_some())
    }

    fn messages(&self, part: Part, kind: Kind, rows: messages::Rows) -> Result<Opened, Unopened> {
        let survey = survey(&rows.lines)?;
        Ok(Opened {
            container: match rows.places.is_empty() {
                true => Container::Empty,
                false => Container::Messages(kind),
            },
            places: Some(rows.places),
            ..part.opened(rows.lines, survey)
        })
    }
}

/// A file, or a part of one.
#[derive(Clone)]
struct Part {
    path: PathBuf,
    name: String,
    /// Archives around it.
    depth: u32,
}

impl Part {
    fn opened(&self, bytes: Bytes, survey: Survey) -> Opened {
        Opened {
            path: self.path.clone(),
            name: self.name.clone(),
            bytes,
            survey,
            container: Container::Empty,
            origin: None,
            places: None,
        }
    }
}

/// One file of an archive, which has room for so many bytes.
fn unpacked_member<R: io::Read + io::Seek>(
    archive: &mut zip::ZipArchive<R>,
    name: &str,
    room: &mut Option<u64>,
) -> io::Result<Bytes> {
    let mut file = archive.by_name(name)?;
    let left = room.unwrap_or(u64::MAX);
    // A header may lie, and a disk must not be filled for it.
    let most = file.size().max(1 << 20).min(left);
    let bytes = Bytes::spooled_within(&mut file, most)?;
    *room = Some(left.saturating_sub(bytes.length()?));
    bytes.unpacked()
}

fn survey(bytes: &Bytes) -> Result<Survey, Unopened> {
    encoding::survey(bytes).map_err(|error| match error {
        Unsurveyed::Io(error) => Unopened::Io(error),
        Unsurveyed::Binary(what) => {
            Unopened::NotFeedback(format!("{what}, not text; export it as CSV or JSON"))
        }
    })
}

/// True when the first rows seem to hold words or marks.
fn has_words(file: &Opened, vocabulary: &Vocabulary) -> io::Result<bool> {
    let (sample, names) = reading::sample(file, vocabulary)?;
    let source = reading::source_of(file, &names, vocabulary);
    let zones = Zones::of(&TimeZone::UTC);
    let guesses = roles::guess(&sample, &Mapping::default(), source, vocabulary, &zones);
    Ok(guesses.iter().any(|guess| {
        matches!(
            guess.role,
            Role::Text | Role::Turns | Role::Rating | Role::Nps | Role::Csat
        )
    }))
}
