//! The index on disk: opening, reading back, and the one commit that makes a run's outcome the workspace's.

use crate::{
    analysis::{Analysis, AnalyzedFeedback},
    error::{Error, Result},
    index::{
        cells::{cells, own_columns},
        readable::Readable,
        record::{RecordReader, stored_key, to_bytes},
        schema::{FORMAT, Fields, OLDEST, register_analyzers, schema, text_fields_of},
    },
    language::Stems,
    observe::{Event, Stage, Watcher},
    themes::Theme,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use tantivy::indexer::UserOperation;
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term,
    directory::MmapDirectory,
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

/// What a commit changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// Records that were not there.
    pub added: u64,
    /// Records written anew, for their own sake or because their themes changed.
    pub rewritten: u64,
    /// Records left as they were.
    pub untouched: u64,
}

/// An open index.
pub struct Store {
    index: Index,
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
        let store = Self {
            index,
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
            _ => Ok(store),
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

    /// All records, sorted by key, as the last commit left them.
    pub fn load(&self, themes: &[Theme]) -> Result<Vec<AnalyzedFeedback>> {
        let mut records = Vec::new();
        let mut reader = RecordReader::new(themes);
        self.for_each_stored(|bytes| {
            records.push(self.read(&mut reader, bytes)?);
            Ok(())
        })?;
        records.sort_unstable_by(|a: &AnalyzedFeedback, b| a.feedback.key.cmp(&b.feedback.key));
        Ok(records)
    }

    /// The records of some days, each range first to last day, sorted by key; records without a date are in no day.
    pub fn load_days(
        &self,
        days: &[(jiff::civil::Date, jiff::civil::Date)],
        themes: &[Theme],
    ) -> Result<Vec<AnalyzedFeedback>> {
        let searcher = self.searcher();
        let is_wanted = |day: u64| {
            let holds = |(from, to): &(_, _)| day_number(*from) <= day && day <= day_number(*to);
            days.iter().any(holds)
        };
        let parts: Vec<Result<Vec<AnalyzedFeedback>>> = searcher
            .segment_readers()
            .par_iter()
            .map(|segment| {
                let day = segment.fast_fields().u64("day").map_err(index_error)?;
                let stored = segment
                    .get_store_reader(STORE_CACHE_BLOCKS)
                    .map_err(|error| Error::Index(error.to_string()))?;
                let mut reader = RecordReader::new(themes);
                let mut records = Vec::new();
                let is_alive = |document| {
                    let alive = segment.alive_bitset();
                    alive.is_none_or(|alive| alive.is_alive(document))
                };
                for document in (0..segment.max_doc()).filter(|document| is_alive(*document)) {
                    if !day.first(document).is_some_and(is_wanted) {
                        continue;
                    }
                    let document: TantivyDocument = stored.get(document).map_err(index_error)?;
                    let bytes = stored_bytes(&document, self.fields)?;
                    records.push(self.read(&mut reader, bytes)?);
                }
                Ok(records)
            })
            .collect();
        let mut records = Vec::new();
        for part in parts {
            records.extend(part?);
        }
        records.sort_unstable_by(|a: &AnalyzedFeedback, b| a.feedback.key.cmp(&b.feedback.key));
        Ok(records)
    }

    fn read(&self, reader: &mut RecordReader, bytes: &[u8]) -> Result<AnalyzedFeedback> {
        reader.read(bytes).map_err(|reason| {
            unusable(
                &self.folder,
                &format!("a stored record cannot be read: {reason}"),
            )
        })
    }

    fn for_each_stored(&self, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let searcher = self.searcher();
        for segment in searcher.segment_readers() {
            let store = segment
                .get_store_reader(STORE_CACHE_BLOCKS)
                .map_err(|error| Error::Index(error.to_string()))?;
            for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
                let document = document.map_err(index_error)?;
                take(stored_bytes(&document, self.fields)?)?;
            }
        }
        Ok(())
    }

    /// Makes the index hold exactly these records, and commits them with the checkpoint: all or nothing.
    ///
    /// Records that are stored already with the same bytes are not written again.
    pub fn replace(
        &self,
        analysis: &Analysis,
        checkpoint: &Checkpoint,
        watcher: &dyn Watcher,
    ) -> Result<Update> {
        let failed = |error| unwritten(&self.folder, &error);
        let stage = Stage::Indexing;
        watcher.see(Event::Started {
            stage,
            total: analysis.records.len() as u64,
        });
        let mut stored = self.stored_hashes()?;
        let threads = rayon::current_num_threads().clamp(1, 8);
        let mut writer: IndexWriter = self
            .index
            .writer_with_num_threads(threads, WRITER_MEMORY * threads)
            .map_err(failed)?;
        let own_columns: BTreeMap<Arc<str>, Vec<&str>> = (analysis.files.iter())
            .map(|file| (file.file.clone(), own_columns(file)))
            .collect();
        let mut update = Update::default();
        for chunk in analysis.records.chunks(CHUNK) {
            let documents: Vec<(u64, Vec<u8>)> = chunk
                .par_iter()
                .map(|record| {
                    let bytes = to_bytes(record, &analysis.themes);
                    (xxh3_64(&bytes), bytes)
                })
                .collect();
            let mut operations: Vec<UserOperation> = Vec::with_capacity(BATCH);
            for (record, (hash, bytes)) in chunk.iter().zip(documents) {
                match stored.remove(&record.feedback.key) {
                    Some(before) if before == hash => {
                        update.untouched += 1;
                        continue;
                    }
                    Some(_) => {
                        let key = Term::from_field_text(self.fields.key, &record.feedback.key);
                        operations.push(UserOperation::Delete(key));
                        update.rewritten += 1;
                    }
                    None => update.added += 1,
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
        let mut gone: Vec<Box<str>> = stored.into_keys().collect();
        gone.sort_unstable();
        for key in gone {
            writer.delete_term(Term::from_field_text(self.fields.key, &key));
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
        Ok(update)
    }

    /// Key → hash of the stored bytes.
    fn stored_hashes(&self) -> Result<FxHashMap<Box<str>, u64>> {
        let mut hashes = FxHashMap::default();
        self.for_each_stored(|bytes| {
            let key = stored_key(bytes).map_err(|reason| unusable(&self.folder, &reason))?;
            hashes.insert(key, xxh3_64(bytes));
            Ok(())
        })?;
        Ok(hashes)
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

/// Operations handed to the index at once: each hand-over wakes a thread. Up to ten thousand batches may wait.
const BATCH: usize = 8;

/// Blocks of stored records kept uncompressed while reading them in order.
const STORE_CACHE_BLOCKS: usize = 1;

/// A day as a number that sorts like the calendar: 20261123.
pub(crate) fn day_number(day: jiff::civil::Date) -> u64 {
    day.year().unsigned_abs() as u64 * 10_000 + day.month() as u64 * 100 + day.day() as u64
}

pub(crate) fn stored_bytes(document: &TantivyDocument, fields: Fields) -> Result<&[u8]> {
    use tantivy::schema::Value;
    document
        .get_first(fields.record)
        .and_then(|value| value.as_bytes())
        .ok_or_else(|| {
            Error::Index(
                "a stored record is missing; remove the workspace's index folder and run again"
                    .to_owned(),
            )
        })
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
