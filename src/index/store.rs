//! The index on disk: opening, reading back, and the one commit that makes a run's outcome the workspace's.

use crate::{
    analysis::{Analysis, AnalyzedFeedback},
    error::{Error, Result},
    index::{
        cells::{cells, own_columns},
        readable::Readable,
        record::{RecordReader, to_bytes},
        schema::{
            FORMAT, FORMAT_OF_OLD_RECORDS, Fields, OLDEST, register_analyzers, schema,
            text_fields_of,
        },
        stored::stored_bytes,
    },
    language::Stems,
    observe::{Event, Stage, Watcher},
    themes::Theme,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use tantivy::indexer::UserOperation;
use tantivy::{
    DocId, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, SegmentReader, TantivyDocument,
    Term, directory::MmapDirectory,
};
use xxhash_rust::xxh3::xxh3_64;

/// What a commit carries besides the records: enough to know that the workspace around it belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// [`FORMAT`] of the program that wrote it.
    pub format: u32,
    /// Name of the state file this commit goes with.
    pub state: String,
}

impl Checkpoint {
    /// A checkpoint of this program.
    pub fn new(state: String) -> Self {
        Self {
            format: FORMAT,
            state,
        }
    }
}

/// How a record stands to what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not stored yet.
    New,
    /// It may have changed; the hash of its stored bytes.
    Known(u64),
    /// It is as it is stored, to the letter.
    Kept,
}

/// An open index.
pub struct Store {
    index: Index,
    /// [`FORMAT`] of the program that wrote it; ours for an empty one.
    format: u32,
    /// What is read is what the index held when it was opened, or at the last [`Store::refresh`], whoever writes meanwhile.
    reader: IndexReader,
    fields: Fields,
    folder: PathBuf,
}

/// Memory one indexing thread collects before it writes a segment, in bytes.
const WRITER_MEMORY: usize = 64 << 20;

impl Store {
    /// Opens the index in a folder, or makes one where there is none.
    pub fn open(folder: &Path, stems: &Stems) -> Result<Self> {
        let (schema, fields) = schema();
        let directory =
            MmapDirectory::open(folder).map_err(|error| Error::Index(error.to_string()))?;
        let directory = Readable(directory);
        let exists = Index::exists(&directory).map_err(|error| Error::Index(error.to_string()))?;
        let index = if exists {
            Index::open(directory).map_err(|error| unusable(folder, &error.to_string()))?
        } else {
            Index::create(directory, schema.clone(), tantivy::IndexSettings::default())
                .map_err(|error| unwritten(folder, &error))?
        };
        let reader = reader_of(&index, folder)?;
        let store = Self {
            index,
            format: FORMAT,
            reader,
            fields,
            folder: folder.to_owned(),
        };
        match store.checkpoint()? {
            Some(Checkpoint { format, .. }) if (OLDEST..FORMAT).contains(&format) => {
                return Err(Error::Workspace {
                    path: folder.to_owned(),
                    reason: format!(
                        "an older version of this program wrote this index (format {format}, now {FORMAT}); `vocable rebuild` brings it up to date, with nothing lost"
                    ),
                });
            }
            Some(Checkpoint { format, .. }) if format != FORMAT => {
                let reason = format!("it has format {format}, this program reads format {FORMAT}");
                return Err(unusable(folder, &reason));
            }
            _ => {}
        }
        if store.index.schema() != schema {
            return Err(unusable(
                folder,
                "it was written by another program or version",
            ));
        }
        register_analyzers(&store.index, stems);
        Ok(store)
    }

    /// Opens an index of this or an older format to read its records, and for nothing else.
    pub fn open_any(folder: &Path, _: &Stems) -> Result<Self> {
        let index =
            Index::open_in_dir(folder).map_err(|error| unusable(folder, &error.to_string()))?;
        let (_, mut fields) = schema();
        let of_index = index.schema();
        let find = |name: &str| {
            (of_index.get_field(name))
                .map_err(|_| unusable(folder, "it was written by another program"))
        };
        (fields.record, fields.day) = (find("record")?, find("day")?);
        let reader = reader_of(&index, folder)?;
        let mut store = Self {
            index,
            format: FORMAT,
            reader,
            fields,
            folder: folder.to_owned(),
        };
        match store.checkpoint()? {
            Some(Checkpoint { format, .. }) if !(OLDEST..=FORMAT).contains(&format) => {
                let reason = format!(
                    "it has format {format}, this program reads formats {OLDEST} to {FORMAT}"
                );
                Err(unusable(folder, &reason))
            }
            Some(Checkpoint { format, .. }) => {
                store.format = format;
                Ok(store)
            }
            None => Ok(store),
        }
    }

    /// What the last commit carried; `None` before the first.
    pub fn checkpoint(&self) -> Result<Option<Checkpoint>> {
        let metas = self.index.load_metas().map_err(index_error)?;
        let Some(payload) = metas.payload else {
            return Ok(None);
        };
        let checkpoint: Checkpoint = serde_json::from_str(&payload)
            .map_err(|_| unusable(&self.folder, "its last commit is not ours"))?;
        Ok(Some(checkpoint))
    }

    /// Names of the index's files whose bytes do not have the checksum they were written with, sorted.
    pub fn damaged_files(&self) -> Result<Vec<String>> {
        let damaged = self.index.validate_checksum().map_err(index_error)?;
        let mut names: Vec<String> = (damaged.iter())
            .map(|path| path.display().to_string())
            .collect();
        names.sort_unstable();
        Ok(names)
    }

    /// All records, sorted by key, as the last commit left them, and the hash of each one's stored bytes.
    pub fn load(&self, themes: &[Theme]) -> Result<(Vec<AnalyzedFeedback>, Vec<u64>)> {
        self.load_where(themes, |_, _| Ok(|_| true))
    }

    /// The records of some days, each range first to last day, sorted by key; records without a date are in no day.
    pub fn load_days(
        &self,
        days: &[(jiff::civil::Date, jiff::civil::Date)],
        themes: &[Theme],
    ) -> Result<Vec<AnalyzedFeedback>> {
        let is_wanted = |day: u64| {
            let holds = |(from, to): &(_, _)| day_number(*from) <= day && day <= day_number(*to);
            days.iter().any(holds)
        };
        let (records, _) = self.load_where(themes, |_, segment| {
            let day = segment.fast_fields().u64("day").map_err(index_error)?;
            Ok(move |document| day.first(document).is_some_and(is_wanted))
        })?;
        Ok(records)
    }

    /// The records that are wanted of each segment, sorted by key, and the hash of each one's stored bytes.
    pub(super) fn load_where<W: Fn(DocId) -> bool>(
        &self,
        themes: &[Theme],
        wanted: impl Fn(usize, &SegmentReader) -> Result<W> + Sync,
    ) -> Result<(Vec<AnalyzedFeedback>, Vec<u64>)> {
        let searcher = self.searcher();
        let parts: Vec<Result<(Vec<AnalyzedFeedback>, Vec<u64>)>> = searcher
            .segment_readers()
            .par_iter()
            .enumerate()
            .map(|(at, segment)| self.load_segment(segment, themes, wanted(at, segment)?))
            .collect();
        let (mut records, mut hashes) = (Vec::new(), Vec::new());
        for part in parts {
            let (more, more_hashes) = part?;
            records.reserve_exact(more.len());
            records.extend(more);
            hashes.extend(more_hashes);
        }
        let mut order: Vec<u32> = (0..records.len() as u32).collect();
        let key = |place: &u32| &*records[*place as usize].feedback.key;
        // Records lie nearly in order: this sort sees that.
        order.sort_by(|a, b| key(a).cmp(key(b)));
        let hashes = order.iter().map(|place| hashes[*place as usize]).collect();
        put_in_order(&mut records, order);
        Ok((records, hashes))
    }

    fn load_segment(
        &self,
        segment: &SegmentReader,
        themes: &[Theme],
        is_wanted: impl Fn(DocId) -> bool,
    ) -> Result<(Vec<AnalyzedFeedback>, Vec<u64>)> {
        let stored = segment
            .get_store_reader(STORE_CACHE_BLOCKS)
            .map_err(|error| Error::Index(error.to_string()))?;
        let mut reader = match self.format {
            ..=FORMAT_OF_OLD_RECORDS => RecordReader::of_old(themes),
            _ => RecordReader::new(themes),
        };
        let (mut records, mut hashes) = (Vec::new(), Vec::new());
        for document in segment
            .doc_ids_alive()
            .filter(|document| is_wanted(*document))
        {
            let bytes = stored_bytes(&stored, document, self.fields.record).map_err(index_error)?;
            let record = reader.read(&bytes).map_err(|reason| {
                unusable(
                    &self.folder,
                    &format!("a stored record cannot be read: {reason}"),
                )
            })?;
            records.push(record);
            hashes.push(xxh3_64(&bytes));
        }
        Ok((records, hashes))
    }

    /// Stores these records and commits them with the checkpoint: all or nothing.
    ///
    /// How each record stands to what is stored comes beside it. Records that are stored already with the same bytes are not
    /// written again, and stored ones that are not among them stay as they are.
    pub fn replace(
        &self,
        analysis: &Analysis,
        standings: &[Standing],
        checkpoint: &Checkpoint,
        watcher: &dyn Watcher,
    ) -> Result<()> {
        let failed = |error| unwritten(&self.folder, &error);
        let stage = Stage::Indexing;
        watcher.see(Event::Started {
            stage,
            total: analysis.records.len() as u64,
        });
        let threads = rayon::current_num_threads().clamp(1, 8);
        let mut writer: IndexWriter = self
            .index
            .writer_with_num_threads(threads, WRITER_MEMORY * threads)
            .map_err(failed)?;
        let own_columns: BTreeMap<Arc<str>, Vec<&str>> = (analysis.files.iter())
            .map(|file| (file.file.clone(), own_columns(file)))
            .collect();
        for (chunk, standings) in (analysis.records.chunks(CHUNK)).zip(standings.chunks(CHUNK)) {
            // Bytes of what is written: of new records, and of others where they differ.
            let documents: Vec<Option<Vec<u8>>> = (chunk.par_iter().zip(standings))
                .map(|(record, standing)| match standing {
                    Standing::Kept => None,
                    Standing::New => Some(to_bytes(record, &analysis.themes)),
                    Standing::Known(before) => Some(to_bytes(record, &analysis.themes))
                        .filter(|now| xxh3_64(now) != *before),
                })
                .collect();
            let mut operations: Vec<UserOperation> = Vec::with_capacity(BATCH);
            for ((record, standing), bytes) in chunk.iter().zip(standings).zip(documents) {
                let Some(bytes) = bytes else {
                    continue;
                };
                if *standing != Standing::New {
                    let key = Term::from_field_text(self.fields.key, &record.feedback.key);
                    operations.push(UserOperation::Delete(key));
                }
                let own = own_columns.get(&record.feedback.origin.file);
                operations.push(UserOperation::Add(self.document(
                    record,
                    bytes,
                    &analysis.themes,
                    own.map_or(&[], Vec::as_slice),
                )));
                if operations.len() >= BATCH {
                    writer.run(operations.drain(..)).map_err(failed)?;
                }
            }
            writer.run(operations.drain(..)).map_err(failed)?;
            watcher.see(Event::Advanced {
                stage,
                steps: chunk.len() as u64,
            });
        }
        let payload =
            serde_json::to_string(checkpoint).expect("a checkpoint is a number and a string");
        let mut commit = writer.prepare_commit().map_err(failed)?;
        commit.set_payload(&payload);
        commit.commit().map_err(failed)?;
        // All is committed; segments that could not be merged, for want of room, are merged another time.
        let _ = writer.wait_merging_threads();
        self.refresh()?;
        watcher.see(Event::Finished { stage });
        Ok(())
    }

    fn document(
        &self,
        record: &AnalyzedFeedback,
        bytes: Vec<u8>,
        themes: &[Theme],
        own_columns: &[&str],
    ) -> TantivyDocument {
        let fields = &self.fields;
        let feedback = &record.feedback;
        let mut document = TantivyDocument::with_capacity(bytes.len() + feedback.text.len() + 256);
        document.add_text(fields.key, &feedback.key);
        for field in text_fields_of(record.language) {
            document.add_text(fields.text[*field], &feedback.text);
        }
        document.add_text(fields.forms, &feedback.text);
        document.add_text(fields.language, record.language.code());
        for (field, name) in [
            (fields.channel, &feedback.channel),
            (fields.product, &feedback.product),
            (fields.customer, &feedback.customer),
        ] {
            if let Some(name) = name.as_deref().filter(|name| name.len() <= LONGEST_NAME) {
                document.add_text(field, name);
            }
        }
        for cell in cells(feedback, own_columns) {
            document.add_text(fields.column, cell);
        }
        for theme in record.themes() {
            document.add_text(fields.theme, &themes[theme as usize].id);
        }
        for kind in record.cue_kinds() {
            document.add_text(fields.cue, kind.name());
        }
        document.add_text(fields.sentiment, record.label().name());
        if let Some(moment) = feedback.moment {
            let day = moment.local.date();
            document.add_u64(fields.day, day_number(day));
            let week = moment.week();
            document.add_u64(
                fields.week,
                week.year.unsigned_abs() as u64 * 100 + week.number as u64,
            );
        }
        if let Some(rating) = feedback.rating {
            document.add_f64(fields.rating, f64::from(rating.value));
        }
        if let Some(nps) = feedback.nps {
            document.add_u64(fields.nps, u64::from(nps));
        }
        document.add_f64(fields.score, f64::from(record.score));
        if record.copy_group != 0 {
            document.add_u64(fields.copies, record.copy_group);
        }
        document.add_bytes(fields.record, &bytes);
        document
    }

    /// The records as they were when last looked at.
    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Reads from now on what the index holds now.
    pub fn refresh(&self) -> Result<()> {
        self.reader.reload().map_err(index_error)
    }

    pub(crate) fn fields(&self) -> Fields {
        self.fields
    }
}

fn reader_of(index: &Index, folder: &Path) -> Result<IndexReader> {
    index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
        .map_err(|error: tantivy::TantivyError| unusable(folder, &error.to_string()))
}

/// Records written between two looks at the watcher.
const CHUNK: usize = 4096;

/// Bytes of a channel's or product's name above which it is no filter; tantivy would drop the term without a word.
const LONGEST_NAME: usize = 4096;

/// Operations handed to the index at once: each hand-over wakes a thread, and up to ten thousand of them may wait, in memory.
const BATCH: usize = 2;

/// Blocks of stored records kept uncompressed while reading them in order.
const STORE_CACHE_BLOCKS: usize = 1;

/// A day as a number that sorts like the calendar: 20261123.
pub(crate) fn day_number(day: jiff::civil::Date) -> u64 {
    day.year().unsigned_abs() as u64 * 10_000 + day.month() as u64 * 100 + day.day() as u64
}

/// Puts what stands at `order[n]` to place `n`, in place.
fn put_in_order<T>(items: &mut [T], mut order: Vec<u32>) {
    for start in 0..items.len() {
        let mut at = start;
        while order[at] as usize != start {
            let from = order[at] as usize;
            items.swap(at, from);
            order[at] = at as u32;
            at = from;
        }
        order[at] = at as u32;
    }
}

pub(crate) fn index_error(error: tantivy::TantivyError) -> Error {
    Error::Index(error.to_string())
}

/// What to say where the index could not be written.
fn unwritten(folder: &Path, error: &tantivy::TantivyError) -> Error {
    Error::Workspace {
        path: folder.to_owned(),
        reason: format!(
            "the index could not be written: {error}; make room on the disk, check who may write there, and run again: what was stored before is still there"
        ),
    }
}

fn unusable(folder: &Path, reason: &str) -> Error {
    Error::Workspace {
        path: folder.to_owned(),
        reason: format!(
            "this index cannot be used: {reason}; choose another folder with --workspace, or remove this one and run again on your files"
        ),
    }
}
