//! One file, from its first row to its balance.

use super::{
    Settings,
    batch::{Batch, Layout, Proof, convert},
    containers::{
        Container, Row,
        json::{self, ElementSplitter, Members},
        table::{self, TableColumn},
    },
    conversation::Agents,
    dates::{self, DateOrder, Zones},
    encoding::Reader,
    mapping::Mapping,
    opening::Opened,
    record::{DELAYS, Keys, Plan},
    roles::{self, Guess, Role, Sample},
    sources::{self, Columns, Source},
    vocabulary::{Unit, Vocabulary},
};
use crate::{
    error::{Error, Result},
    feedback::{Feedback, FileBalance, Origin, RejectedRow},
    observe::{Event, Stage, Watcher},
};
use jiff::tz::TimeZone;
use rayon::prelude::*;
use std::{io, sync::Arc};
use xxhash_rust::xxh3::xxh3_64;

/// Rows looked at to tell what columns are.
const SAMPLE_ROWS: usize = 2000;

/// Decoded bytes after which a sample ends, however few its rows.
const SAMPLE_BYTES: u64 = 16 << 20;

/// Rows converted at a time by one thread.
const BATCH: usize = 256;

/// A file that was read.
pub(super) struct Read {
    pub feedback: Vec<Feedback>,
    pub balance: FileBalance,
    pub rejected: Vec<RejectedRow>,
    pub columns: Vec<(String, Guess)>,
    pub date_order: Option<DateOrder>,
    pub rating_scale: Option<f32>,
    pub csat_scale: Option<f32>,
    pub source: Option<&'static Source>,
}

/// How all files of a run are read.
pub(super) struct Rules<'s> {
    pub settings: &'s Settings,
    pub vocabulary: &'s Vocabulary,
    pub agents: &'s Agents,
    /// Zone of the report.
    pub zone: &'s TimeZone,
    /// Accepted and refused rows kept of each file; the others are counted only, so that memory does not grow.
    pub most: usize,
}

/// Reads a file that was looked at.
pub(super) fn read(file: &Opened, rules: &Rules<'_>, watcher: &dyn Watcher) -> Result<Read> {
    let Rules {
        settings,
        vocabulary,
        ..
    } = *rules;
    let fail = |source: io::Error| Error::Io {
        path: file.path.clone(),
        source,
        remedy: "check the disk, and that nobody writes to the file",
    };
    let (sample, usual_names) = sample(file, vocabulary).map_err(fail)?;
    let names: Vec<&str> = sample
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let source = source_of(file, &names, vocabulary);
    let mapping = &settings.mapping;
    let zones = zones_of(file, source, mapping, rules.zone);
    let guesses = roles::guess(&sample, mapping, source, vocabulary, &zones);
    let column_of = |role: Role| {
        guesses
            .iter()
            .position(|guess| guess.role == role)
            .map(|at| names[at])
    };
    let words = column_of(Role::Text).or(column_of(Role::Turns));
    let has_marks = [Role::Rating, Role::Nps, Role::Csat, Role::Ces]
        .iter()
        .any(|role| column_of(*role).is_some());
    let origin = Arc::new(Origin {
        file: file.name.as_str().into(),
        text_column: words.unwrap_or_default().into(),
        title_column: column_of(Role::Title).unwrap_or_default().into(),
    });
    let mapped = |role: Role| mapping.columns.iter().find(|column| column.role == role);
    let plan = Plan {
        origin: origin.clone(),
        vocabulary,
        zones: &zones,
        source,
        order: mapping
            .date_order
            .or(source.and_then(|source| source.date_order))
            .or_else(|| order_of(&sample, &guesses, vocabulary, &zones)),
        rating_scale: mapping
            .rating_scale
            .or(source.and_then(|source| source.rating_scale)),
        csat_scale: mapping
            .csat_scale
            .or(source.and_then(|source| source.csat_scale)),
        effort: mapped(Role::Ces)
            .and_then(|column| Some((column.scale, column.high_is_easy?)))
            .or(source.and_then(|source| source.effort)),
        units: DELAYS.map(|role| {
            unit_of(
                column_of(role),
                mapped(role).and_then(|column| column.unit),
                vocabulary,
            )
        }),
        agents: rules.agents,
        has_conversations: column_of(Role::Turns).is_none()
            && (column_of(Role::Conversation).is_some() || column_of(Role::ReplyTo).is_some()),
        id_prefix: id_prefix(mapping.kind.as_deref(), source, usual_names),
        yes_is_customer: column_of(Role::Speaker).and_then(|name| {
            let name = vocabulary.plain(name);
            let says = |names: &[String]| names.contains(&name);
            match says(&vocabulary.speaker.true_is_customer) {
                true => Some(true),
                false => says(&vocabulary.speaker.true_is_agent).then_some(false),
            }
        }),
        channel: mapping
            .channel
            .as_deref()
            .or(source.and_then(|source| source.channel))
            .map(Arc::from),
        product: mapping.product.as_deref().map(Arc::from),
        max_text_bytes: settings.max_text_bytes,
        has_words_or_marks: words.is_some() || has_marks,
    };
    let roles = names
        .iter()
        .zip(&guesses)
        .map(|(name, guess)| (*name, guess.role));
    let layout = Layout {
        file,
        columns: roles
            .clone()
            .map(|(name, role)| TableColumn::new(name, role))
            .collect(),
        members: Members::new(roles.clone()),
        keys: match column_of(Role::Id).is_some()
            || source.is_some_and(|source| source.talk.is_some())
        {
            true => Keys::FromId,
            false => Keys::FromContent,
        },
    };
    let mut total = Batch::keeping(rules.most);
    let cut = each_block(file, |bytes, rows, taken| {
        let batches: Vec<Batch> = rows
            .par_chunks(BATCH)
            .map(|rows| convert(bytes, rows, &plan, &layout))
            .collect();
        for batch in batches {
            for row in &batch.rejected {
                watcher.see(Event::Rejected(row));
            }
            total.take(batch);
        }
        watcher.see(Event::Advanced {
            stage: Stage::Reading,
            steps: taken,
        });
        Ok(true)
    })
    .map_err(fail)?;
    let mut warnings = file_warnings(file, cut);
    warnings.extend(column_warnings(file, &names, &guesses, &plan, mapping));
    let date_order = total.settle_dates(&plan, &mut warnings, watcher);
    let (rating_scale, csat_scale) = total.settle_scales(&mut warnings);
    total.settle_conversations();
    if total.mojibake > 0 {
        let rows = if total.mojibake == 1 { "row" } else { "rows" };
        warnings.push(format!(
            "text decoded wrong before it came here (\"Ã©\" for \"é\") was repaired in {} {rows}",
            total.mojibake
        ));
    }
    let balance = FileBalance {
        file: origin.file.clone(),
        format: format_of(file, source),
        roles: roles
            .filter(|(_, role)| *role != Role::Keep)
            .map(|(name, role)| (role.name().to_owned(), name.to_owned()))
            .collect(),
        read: total.accepted + total.refused + total.empty + total.left_out.of_others(),
        accepted: total.accepted,
        refused: total.refused,
        duplicates: 0,
        empty: total.empty + total.left_out.of_others(),
        left_out: total.left_out,
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
        rating_scale,
        csat_scale,
        source,
    })
}

/// The source of a file whose columns have these names.
pub(super) fn source_of<N: AsRef<str>>(
    file: &Opened,
    names: &[N],
    vocabulary: &Vocabulary,
) -> Option<&'static Source> {
    let names = names.iter().map(AsRef::as_ref);
    sources::source_of(&Columns::new(&file.container, names, vocabulary))
}

/// The zones of a file: what the mapping says, else the file itself, else its source, else the zone of the report.
fn zones_of(file: &Opened, source: Option<&Source>, mapping: &Mapping, report: &TimeZone) -> Zones {
    let in_header = match &file.container {
        Container::Table(dialect) => dialect.time_zone.as_deref(),
        _ => None,
    };
    let named = mapping
        .time_zone
        .as_deref()
        .or(in_header)
        .or(source.and_then(|source| source.time_zone));
    Zones {
        report: report.clone(),
        given: named
            .and_then(|name| TimeZone::get(name).ok())
            .unwrap_or_else(|| report.clone()),
    }
}

/// What a bare number in a column of durations counts.
fn unit_of(column: Option<&str>, mapped: Option<Unit>, vocabulary: &Vocabulary) -> Option<Unit> {
    mapped.or_else(|| vocabulary.unit_in(&vocabulary.plain(column?)))
}

/// What a file was read as, for people.
fn format_of(file: &Opened, source: Option<&Source>) -> String {
    let container = match (&file.container, &file.origin) {
        (Container::Empty, _) => return "empty".to_owned(),
        (_, Some(origin)) => origin.clone(),
        (Container::Messages(_), None) => file.container.name(),
        (container, None) => format!("{}, {}", container.name(), file.survey.encoding.name()),
    };
    let packed = file
        .bytes
        .packing()
        .map_or(String::new(), |packing| format!(", {}", packing.name()));
    match source {
        Some(source) if source.name != container => format!("{}: {container}{packed}", source.name),
        _ => format!("{container}{packed}"),
    }
}

fn column_warnings(
    file: &Opened,
    names: &[&str],
    guesses: &[Guess],
    plan: &Plan<'_>,
    mapping: &Mapping,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if file.container == Container::Empty {
        return warnings;
    }
    for column in &mapping.columns {
        let plain = plan.vocabulary.plain(&column.name);
        if !names
            .iter()
            .any(|name| plan.vocabulary.plain(name) == plain)
        {
            warnings.push(format!(
                "the mapping names the column \"{}\", which is not in this file",
                column.name
            ));
        }
    }
    if guesses
        .iter()
        .any(|guess| guess.role == Role::Text && guess.why == roles::ONLY_TITLE)
    {
        warnings.push(format!(
            "only the column \"{}\" holds words: subjects without messages say little",
            plan.origin.text_column
        ));
    }
    for (name, guess) in names
        .iter()
        .zip(guesses)
        .filter(|(_, guess)| guess.is_doubtful)
    {
        warnings.push(format!(
            "the column \"{name}\" was kept as it is: {}; map it to read it so",
            guess.why
        ));
    }
    if !plan.has_words_or_marks {
        warnings.push("no column holds customers' words or a mark: every row was refused; name one in a mapping file".to_owned());
    }
    warnings
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
    let mut reader = Reader::open(&file.bytes, &file.survey)?;
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
pub(super) fn each_sampled_row(
    file: &Opened,
    most: usize,
    mut on_row: impl FnMut(&str),
) -> io::Result<()> {
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
pub(super) fn sample(file: &Opened, vocabulary: &Vocabulary) -> io::Result<(Sample, Vec<String>)> {
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
        Container::Lines | Container::Elements(_) | Container::Messages(_) => {
            let mut sampler = json::Sampler::default();
            each_sampled_row(file, SAMPLE_ROWS, |row| sampler.add(row, vocabulary))?;
            let (columns, rows, usual_names) = sampler.finish();
            Ok((Sample { columns, rows }, usual_names))
        }
    }
}

/// Eight hexadecimal digits that tell files of this kind from others: by the name a person gives the kind, by their source,
/// which may add columns over the years, else by their columns.
fn id_prefix(kind: Option<&str>, source: Option<&Source>, mut names: Vec<String>) -> String {
    names.sort_unstable();
    let kind = match (kind, source) {
        (Some(kind), _) => format!("kind\u{1f}{kind}"),
        (None, Some(source)) => source.name.to_owned(),
        (None, None) => names.join("\u{1f}"),
    };
    format!("{:08x}", xxh3_64(kind.as_bytes()) >> 32)
}

/// The order the sampled dates prove.
fn order_of(
    sample: &Sample,
    guesses: &[Guess],
    vocabulary: &Vocabulary,
    zones: &Zones,
) -> Option<DateOrder> {
    let mut proof = Proof::default();
    for (column, guess) in sample.columns.iter().zip(guesses) {
        if guess.role != Role::Date && !DELAYS.contains(&guess.role) {
            continue;
        }
        for cell in &column.cells {
            if let dates::Reading::Numeric(numeric) =
                dates::read(vocabulary.filled(cell), vocabulary, zones)
            {
                proof.see(numeric);
            }
        }
    }
    proof.order()
}
