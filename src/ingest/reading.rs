//! One file, from its first byte to its balance.

use super::{
    Settings,
    containers::{
        Container, Fault, Row,
        json::{self, ElementSplitter, Members, RecordsSearch, Shape},
        table::{self, TableColumn},
    },
    dates::{DateOrder, Numeric},
    encoding::{self, Reader, Survey, Unsurveyed},
    mapping::Mapping,
    paths::Input,
    record::{self, Cells, Keys, Outcome, Plan, Room, Shared},
    roles::{self, Guess, Role, Sample},
    vocabulary::Vocabulary,
};
use crate::{
    error::{Error, Result},
    feedback::{Feedback, FileBalance, Origin, Place, Rating, RejectedRow},
    observe::{Event, Stage, Watcher},
};
use jiff::tz::TimeZone;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::{io, path::PathBuf, sync::Arc};
use xxhash_rust::xxh3::xxh3_64;

/// Rows looked at to tell what columns are.
const SAMPLE_ROWS: usize = 2000;

/// Decoded bytes after which a sample ends, however few its rows.
const SAMPLE_BYTES: u64 = 16 << 20;

/// Rows converted at a time by one thread.
const BATCH: usize = 256;

/// A file that was looked at: its encoding and its container are known.
pub(super) struct Opened {
    pub path: PathBuf,
    pub name: String,
    pub survey: Survey,
    pub container: Container,
}

impl Opened {
    /// Bytes of the file.
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

/// Looks at a file.
pub(super) fn open(
    input: &Input,
    vocabulary: &Vocabulary,
) -> std::result::Result<Opened, Unopened> {
    let survey = encoding::survey(&input.path).map_err(|error| match error {
        Unsurveyed::Io(error) => Unopened::Io(error),
        Unsurveyed::Binary(what) => {
            Unopened::NotFeedback(format!("{what}, not text; export it as CSV or JSON"))
        }
    })?;
    let mut container = Container::of(&survey, vocabulary).map_err(Unopened::NotFeedback)?;
    if let Container::Elements(elements) = &mut container
        && elements.shape == Shape::Sequence
    {
        let mut search = RecordsSearch::default();
        let mut reader = Reader::open(&input.path, &survey)?;
        let mut block = Vec::new();
        while reader.fill(&mut block)? > 0 && search.see(&block) {
            block.clear();
        }
        *elements = search.finish();
    }
    let mut opened = Opened {
        path: input.path.clone(),
        name: input.name.clone(),
        survey,
        container,
    };
    opened.survey.head = Vec::new();
    let is_conversation = match &opened.container {
        Container::Elements(elements) => match &elements.shape {
            Shape::Member { name, .. } if json::is_turns_name(name, vocabulary) => {
                let mut turns = Vec::new();
                each_sampled_row(&opened, 20, |row| {
                    turns.push(json::is_turn(row, vocabulary))
                })?;
                turns.iter().any(|is_turn| *is_turn)
            }
            _ => false,
        },
        _ => false,
    };
    let is_member = matches!(
        &opened.container,
        Container::Elements(json::Elements {
            shape: Shape::Member { .. }
        })
    );
    if is_member && (is_conversation || !has_words(&opened, vocabulary)?) {
        // The file is one record; its array is what was said in it, or details of it.
        opened.container = Container::Elements(json::Elements {
            shape: Shape::Sequence,
        });
    }
    Ok(opened)
}

/// True when the first rows seem to hold words or marks.
fn has_words(file: &Opened, vocabulary: &Vocabulary) -> io::Result<bool> {
    let (sample, _) = sample(file, vocabulary)?;
    let guesses = roles::guess(&sample, &Mapping::default(), vocabulary, &TimeZone::UTC);
    Ok(guesses.iter().any(|guess| {
        matches!(
            guess.role,
            Role::Text | Role::Turns | Role::Rating | Role::Nps | Role::Csat
        )
    }))
}

/// A file that was read.
pub(super) struct Read {
    pub feedback: Vec<Feedback>,
    pub balance: FileBalance,
    pub rejected: Vec<RejectedRow>,
    pub columns: Vec<(String, Guess)>,
    pub date_order: Option<DateOrder>,
}

/// Reads a file that was looked at.
pub(super) fn read(
    file: &Opened,
    settings: &Settings,
    vocabulary: &Vocabulary,
    zone: &TimeZone,
    watcher: &dyn Watcher,
) -> Result<Read> {
    let fail = |source: io::Error| Error::Io {
        path: file.path.clone(),
        source,
        remedy: "check the disk, and that nobody writes to the file",
    };
    let (sample, usual_names) = sample(file, vocabulary).map_err(fail)?;
    let guesses = roles::guess(&sample, &settings.mapping, vocabulary, zone);
    let names: Vec<&str> = sample
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let column_of = |role: Role| {
        guesses
            .iter()
            .position(|guess| guess.role == role)
            .map(|at| names[at])
    };
    let words = column_of(Role::Text).or(column_of(Role::Turns));
    let has_marks = [Role::Rating, Role::Nps, Role::Csat]
        .iter()
        .any(|role| column_of(*role).is_some());
    let origin = Arc::new(Origin {
        file: file.name.as_str().into(),
        text_column: words.unwrap_or_default().into(),
        title_column: column_of(Role::Title).unwrap_or_default().into(),
    });
    let mapping = &settings.mapping;
    let plan = Plan {
        origin: origin.clone(),
        vocabulary,
        zone,
        order: mapping
            .date_order
            .or_else(|| order_of(&sample, &guesses, vocabulary, zone)),
        rating_scale: mapping.rating_scale,
        csat_scale: mapping.csat_scale,
        id_prefix: id_prefix(usual_names),
        yes_is_customer: column_of(Role::Speaker).and_then(|name| {
            let name = vocabulary.plain(name);
            let says = |names: &[String]| names.contains(&name);
            match says(&vocabulary.speaker.true_is_customer) {
                true => Some(true),
                false => says(&vocabulary.speaker.true_is_agent).then_some(false),
            }
        }),
        channel: mapping.channel.as_deref().map(Arc::from),
        product: mapping.product.as_deref().map(Arc::from),
        max_text_bytes: settings.max_text_bytes,
        has_words_or_marks: words.is_some() || has_marks,
    };
    let roles = names
        .iter()
        .zip(&guesses)
        .map(|(name, guess)| (*name, guess.role));
    let layout = Layout {
        container: &file.container,
        columns: roles
            .clone()
            .map(|(name, role)| TableColumn::new(name, role))
            .collect(),
        members: Members::new(roles.clone()),
        keys: match column_of(Role::Id) {
            Some(_) => Keys::FromId,
            None => Keys::FromContent,
        },
    };
    let mut total = Batch::default();
    let mut repeats: FxHashMap<u128, u32> = FxHashMap::default();
    let cut = each_block(file, |bytes, rows, taken| {
        let batches: Vec<Batch> = rows
            .par_chunks(BATCH)
            .map(|rows| convert(bytes, rows, file, &plan, &layout))
            .collect();
        for batch in batches {
            for row in &batch.rejected {
                watcher.see(Event::Rejected(row));
            }
            total.take(batch, &mut repeats);
        }
        watcher.see(Event::Advanced {
            stage: Stage::Reading,
            steps: taken,
        });
        Ok(true)
    })
    .map_err(fail)?;
    let mut warnings = file_warnings(file, cut);
    for (column, _) in &mapping.columns {
        let plain = vocabulary.plain(column);
        if !names.iter().any(|name| vocabulary.plain(name) == plain)
            && file.container != Container::Empty
        {
            warnings.push(format!(
                "the mapping names the column \"{column}\", which is not in this file"
            ));
        }
    }
    if guesses
        .iter()
        .any(|guess| guess.role == Role::Text && guess.why == roles::ONLY_TITLE)
    {
        warnings.push(format!(
            "only the column \"{}\" holds words: subjects without messages say little",
            origin.text_column
        ));
    }
    for (name, guess) in names
        .iter()
        .zip(&guesses)
        .filter(|(_, guess)| guess.is_doubtful)
    {
        warnings.push(format!("the column \"{name}\" was kept as it is: {}; map it to read it so, rows that do not fit refused", guess.why));
    }
    if !plan.has_words_or_marks && file.container != Container::Empty {
        warnings.push("no column holds customers' words or a mark: every row was refused; name one in a mapping file".to_owned());
    }
    let date_order = total.settle_dates(&plan, &mut warnings, watcher);
    total.settle_scales(&mut warnings);
    if total.agents > 0 {
        warnings.push(format!(
            "agents' turns were left out and counted as empty: {}",
            total.agents
        ));
    }
    if total.mojibake > 0 {
        warnings.push(format!("{} texts hold signs such as \"Ã©\": the file was converted wrongly before; export it again", total.mojibake));
    }
    let accepted = total.feedback.len() as u64;
    let refused = total.rejected.len() as u64;
    let balance = FileBalance {
        file: origin.file.clone(),
        format: match file.container {
            Container::Empty => "empty".to_owned(),
            _ => format!("{}, {}", file.container.name(), file.survey.encoding.name()),
        },
        roles: roles
            .filter(|(_, role)| *role != Role::Keep)
            .map(|(name, role)| (role.name().to_owned(), name.to_owned()))
            .collect(),
        read: accepted + refused + total.empty + total.agents,
        accepted,
        refused,
        duplicates: 0,
        empty: total.empty + total.agents,
        warnings,
    };
    let columns = names
        .iter()
        .map(|name| (*name).to_owned())
        .zip(guesses.iter().cloned())
        .collect();
    Ok(Read {
        feedback: total.feedback,
        balance,
        rejected: total.rejected,
        columns,
        date_order,
    })
}

fn file_warnings(file: &Opened, cut: Option<String>) -> Vec<String> {
    let mut warnings = Vec::new();
    match &file.container {
        Container::Empty => warnings.push("the file is empty".to_owned()),
        Container::Table(dialect) if !dialect.has_header => {
            warnings.push(
                "the first line is no header: columns go by their number; add a header line"
                    .to_owned(),
            );
        }
        _ => {}
    }
    if file.survey.bad_places > 0 {
        warnings.push(format!(
            "{} places are not UTF-8: their rows were refused; save the file again as UTF-8",
            file.survey.bad_places
        ));
    }
    warnings.extend(cut);
    warnings
}

/// Reads a file block by block; `on_block` gets the bytes, the rows in them and the bytes of the file taken, and says
/// whether to go on. Gives what the container has to say about the whole.
fn each_block(
    file: &Opened,
    mut on_block: impl FnMut(&[u8], &[Row], u64) -> io::Result<bool>,
) -> io::Result<Option<String>> {
    let mut reader = Reader::open(&file.path, &file.survey)?;
    let mut splitter = file.container.splitter();
    let mut before = match &file.container {
        Container::Elements(elements) => ElementSplitter::offset(elements),
        _ => 0,
    };
    let (mut bytes, mut rows) = (Vec::new(), Vec::new());
    loop {
        let taken = reader.fill(&mut bytes)? as u64;
        if before > 0 {
            let skipped = before.min(bytes.len() as u64);
            bytes.drain(..usize::try_from(skipped).expect("no more than the bytes there are"));
            before -= skipped;
        }
        rows.clear();
        let used = splitter.split(&bytes, taken == 0, &mut rows);
        if !on_block(&bytes, &rows, taken)? {
            return Ok(None);
        }
        if taken == 0 {
            return Ok(splitter.warning());
        }
        bytes.drain(..used);
    }
}

/// Tells `on_row` the first whole rows of a file.
fn each_sampled_row(file: &Opened, most: usize, mut on_row: impl FnMut(&str)) -> io::Result<()> {
    let (mut seen, mut bytes_seen) = (0, 0);
    each_block(file, |bytes, rows, taken| {
        for row in rows
            .iter()
            .filter(|row| row.fault.is_none())
            .take(most - seen)
        {
            if let Ok(text) = str::from_utf8(&bytes[row.start..row.end]) {
                on_row(text);
                seen += 1;
            }
        }
        bytes_seen += taken;
        Ok(seen < most && bytes_seen < SAMPLE_BYTES)
    })?;
    Ok(())
}

/// The first rows by column, and the names that tell this kind of file from others.
fn sample(file: &Opened, vocabulary: &Vocabulary) -> io::Result<(Sample, Vec<String>)> {
    match &file.container {
        Container::Empty => Ok((Sample::default(), Vec::new())),
        Container::Table(dialect) => {
            let mut rows: Vec<Box<str>> = Vec::new();
            each_sampled_row(file, SAMPLE_ROWS, |row| rows.push(row.into()))?;
            let columns = table::sampled_columns(rows.iter().map(|row| row.as_ref()), dialect);
            Ok((
                Sample {
                    columns,
                    rows: rows.len(),
                },
                dialect.header.clone(),
            ))
        }
        Container::Lines | Container::Elements(_) => {
            let mut sampler = json::Sampler::default();
            each_sampled_row(file, SAMPLE_ROWS, |row| sampler.add(row, vocabulary))?;
            let (columns, rows, usual_names) = sampler.finish();
            Ok((Sample { columns, rows }, usual_names))
        }
    }
}

/// Eight hexadecimal digits that tell files with these columns from others.
fn id_prefix(mut names: Vec<String>) -> String {
    names.sort_unstable();
    format!("{:08x}", xxh3_64(names.join("\u{1f}").as_bytes()) >> 32)
}

/// The order the sampled dates prove.
fn order_of(
    sample: &Sample,
    guesses: &[Guess],
    vocabulary: &Vocabulary,
    zone: &TimeZone,
) -> Option<DateOrder> {
    let at = guesses.iter().position(|guess| guess.role == Role::Date)?;
    let dates = sample.columns[at].cells.iter().filter_map(|cell| {
        match super::dates::read(vocabulary.filled(cell), vocabulary, zone) {
            super::dates::Reading::Numeric(numeric) => Some(numeric),
            _ => None,
        }
    });
    proven_order(dates)
}

/// The order most numeric dates prove; the day first when as many prove the one as the other; `None` without proof.
fn proven_order(dates: impl Iterator<Item = Numeric>) -> Option<DateOrder> {
    let (mut day_first, mut month_first) = (0u64, 0u64);
    for date in dates {
        match date.order() {
            Some(DateOrder::DayFirst) => day_first += 1,
            Some(DateOrder::MonthFirst) => month_first += 1,
            None => {}
        }
    }
    match (day_first, month_first) {
        (0, 0) => None,
        _ if month_first > day_first => Some(DateOrder::MonthFirst),
        _ => Some(DateOrder::DayFirst),
    }
}

/// Where the cells of a row are, and which role each has.
struct Layout<'f> {
    container: &'f Container,
    columns: Vec<TableColumn>,
    members: Members,
    keys: Keys,
}

impl Layout<'_> {
    fn cells<'r>(
        &self,
        row: &'r str,
        vocabulary: &Vocabulary,
        room: Room,
    ) -> std::result::Result<Cells<'r>, String> {
        match self.container {
            Container::Table(dialect) => {
                Ok(table::cells(row, dialect, &self.columns, self.keys, room))
            }
            Container::Lines | Container::Elements(_) => {
                json::cells(row, &self.members, self.keys, vocabulary, room)
            }
            Container::Empty => Ok(Cells::new(room)),
        }
    }
}

/// What became of some rows, in their order.
#[derive(Default)]
struct Batch {
    feedback: Vec<Feedback>,
    /// Hash of content of each record; `None` for those with an id.
    hashes: Vec<Option<u128>>,
    /// Records whose date waits for the column's order.
    waiting: Vec<(usize, Numeric)>,
    rejected: Vec<RejectedRow>,
    empty: u64,
    agents: u64,
    mojibake: u64,
    ratings: MarkCounts,
    csats: MarkCounts,
}

/// How many marks lie within each scale there may be.
#[derive(Default)]
struct MarkCounts([u64; SCALES.len()]);

/// Scales people use, smallest first.
const SCALES: [f32; 4] = [5.0, 10.0, 20.0, 100.0];

impl MarkCounts {
    fn see(&mut self, mark: Option<Rating>) {
        if let Some(mark) = mark.filter(|mark| mark.scale == 0.0) {
            let at = SCALES
                .iter()
                .position(|scale| mark.value <= *scale)
                .unwrap_or(SCALES.len() - 1);
            self.0[at] += 1;
        }
    }

    fn add(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count += more;
        }
    }

    /// The smallest scale that holds all marks; a warning when a much smaller one holds nearly all.
    fn scale(&self, name: &str, warnings: &mut Vec<String>) -> f32 {
        let Some(at) = self.0.iter().rposition(|count| *count > 0) else {
            return SCALES[0];
        };
        let below: u64 = self.0[..at].iter().sum();
        let above = self.0[at];
        if below >= 100 && above * 100 < below {
            let usual = self.0[..at]
                .iter()
                .rposition(|count| *count > 0)
                .unwrap_or(0);
            warnings.push(format!(
                "{above} of {} values of {name} are above {}: read on a scale of {}; set {name}_scale in a mapping file if they are mistakes",
                above + below,
                SCALES[usual],
                SCALES[at]
            ));
        }
        SCALES[at]
    }
}

fn convert(
    bytes: &[u8],
    rows: &[Row],
    file: &Opened,
    plan: &Plan<'_>,
    layout: &Layout<'_>,
) -> Batch {
    let mut batch = Batch::default();
    batch.feedback.reserve(rows.len());
    let mut shared = Shared::default();
    let is_utf16 = matches!(
        file.survey.encoding,
        encoding::Encoding::Utf16BigEndian | encoding::Encoding::Utf16LittleEndian
    );
    for row in rows {
        let outcome = match &row.fault {
            Some(Fault::Blank) => Outcome::Empty,
            Some(Fault::Broken(reason)) => Outcome::Refused(reason.clone()),
            None => match str::from_utf8(&bytes[row.start..row.end]) {
                Err(error) => Outcome::Refused(format!(
                    "invalid UTF-8, byte {}; save the file again as UTF-8",
                    error.valid_up_to() + 1
                )),
                Ok(text) if is_utf16 && text.contains(char::REPLACEMENT_CHARACTER) => {
                    Outcome::Refused("invalid UTF-16; save the file again as UTF-8".to_owned())
                }
                Ok(text) => {
                    match layout.cells(text, plan.vocabulary, std::mem::take(&mut shared.room)) {
                        Ok(cells) => record::convert(cells, text, row.line, plan, &mut shared),
                        Err(reason) => Outcome::Refused(reason),
                    }
                }
            },
        };
        match outcome {
            Outcome::Empty => batch.empty += 1,
            Outcome::Agent => batch.agents += 1,
            Outcome::Refused(reason) => batch.rejected.push(rejected(plan, row.line, reason)),
            Outcome::Accepted(draft) => {
                if let Some(date) = draft.date {
                    batch.waiting.push((batch.feedback.len(), date));
                }
                batch.ratings.see(draft.feedback.rating);
                batch.csats.see(draft.feedback.csat);
                batch.mojibake += u64::from(is_mojibake(&draft.feedback.text));
                batch.hashes.push(draft.content_hash);
                batch.feedback.push(draft.feedback);
            }
        }
    }
    batch
}

fn rejected(plan: &Plan<'_>, line: u32, reason: String) -> RejectedRow {
    RejectedRow {
        at: Place {
            file: plan.origin.file.clone(),
            line,
        },
        reason: reason.into(),
    }
}

/// True for UTF-8 that was once taken for Windows-1252.
fn is_mojibake(text: &str) -> bool {
    // "Ã" and "â" both begin with this byte; what follows them is what the second byte of é or of ’ became.
    memchr::memchr_iter(0xc3, text.as_bytes()).any(|at| {
        let mut letters = text[at..].chars();
        match (letters.next(), letters.next()) {
            (Some('Ã'), Some(next)) => {
                matches!(next, '\u{80}'..='\u{bf}' | 'ƒ' | '‚' | '„' | '€' | '™')
            }
            (Some('â'), Some(next)) => next == '€',
            _ => false,
        }
    })
}

impl Batch {
    /// Adds the next batch of the same file.
    fn take(&mut self, batch: Batch, repeats: &mut FxHashMap<u128, u32>) {
        let before = self.feedback.len();
        self.waiting.extend(
            batch
                .waiting
                .into_iter()
                .map(|(at, date)| (at + before, date)),
        );
        for (mut feedback, hash) in batch.feedback.into_iter().zip(batch.hashes) {
            if let Some(hash) = hash {
                let seen = repeats.entry(hash).or_default();
                *seen += 1;
                if *seen > 1 {
                    feedback.key = format!("{}-{seen}", feedback.key).into();
                }
            }
            self.feedback.push(feedback);
        }
        self.rejected.extend(batch.rejected);
        self.empty += batch.empty;
        self.agents += batch.agents;
        self.mojibake += batch.mojibake;
        self.ratings.add(&batch.ratings);
        self.csats.add(&batch.csats);
    }

    /// Gives waiting dates the order that all of them prove, and gives back the order of the file.
    fn settle_dates(
        &mut self,
        plan: &Plan<'_>,
        warnings: &mut Vec<String>,
        watcher: &dyn Watcher,
    ) -> Option<DateOrder> {
        if self.waiting.is_empty() {
            return plan.order;
        }
        let order = proven_order(self.waiting.iter().map(|(_, date)| *date)).unwrap_or_else(|| {
            warnings.push(
                "dates such as 03/04/2026 can be read two ways: read with the day first; set date_order in a mapping file if the month comes first"
                    .to_owned(),
            );
            DateOrder::DayFirst
        });
        let mut wrong = Vec::new();
        for (at, date) in std::mem::take(&mut self.waiting) {
            match date.moment(order, plan.zone) {
                Some(moment) => self.feedback[at].moment = Some(moment),
                None => wrong.push((at, date)),
            }
        }
        if !wrong.is_empty() {
            for (at, date) in &wrong {
                let row = rejected(
                    plan,
                    self.feedback[*at].line,
                    record::wrong_order(*date, order),
                );
                watcher.see(Event::Rejected(&row));
                self.rejected.push(row);
            }
            let mut wrong = wrong.into_iter().map(|(at, _)| at).peekable();
            let mut at = 0;
            self.feedback.retain(|_| {
                let is_wrong = wrong.next_if_eq(&at).is_some();
                at += 1;
                !is_wrong
            });
            self.rejected.sort();
        }
        Some(order)
    }

    /// Gives marks without a scale the one all marks of the file fit.
    fn settle_scales(&mut self, warnings: &mut Vec<String>) {
        let rating_scale = self.ratings.scale("rating", warnings);
        let csat_scale = self.csats.scale("csat", warnings);
        for feedback in &mut self.feedback {
            for (mark, scale) in [
                (&mut feedback.rating, rating_scale),
                (&mut feedback.csat, csat_scale),
            ] {
                if let Some(mark) = mark.as_mut().filter(|mark| mark.scale == 0.0) {
                    mark.scale = scale;
                }
            }
        }
    }
}
