//! What a run brings joins what is stored. Where the workspace is large, only what the run touches is read: a week costs what the
//! week brought, in time and in memory.

use super::{Changes, Incoming, Workspace, merge, merge::Merged, remove_others};
use crate::{
    analysis::{
        self, Analysis, AnalyzedFeedback, Context, Elsewhere, Stamp, add, analyze, is_read_along,
        may_keep,
    },
    error::Result,
    feedback::{Feedback, key_hash, key_within_kind},
    index::{Checkpoint, Pick, Standing},
    language::Lexicons,
    metrics::History,
    observe::{Event, Watcher},
};
use rustc_hash::{FxHashMap, FxHashSet};

impl Workspace {
    /// Adds what came in, analyses it, and commits: all or nothing.
    ///
    /// Found themes of before keep their clauses and names, and new ones join them; with `relearn` all are learnt anew.
    /// Everything else depends on the records the workspace then holds, not on how many runs brought them; but in a large
    /// workspace records keep what was learned of them until it is read whole again (see [`add`]).
    ///
    /// Everything known comes back where all records were read, and `None` where that was not needed: a report then reads what
    /// it tells of ([`Workspace::analysis_of_days`]).
    pub fn update(
        &mut self,
        incoming: Incoming,
        relearn: bool,
        lexicons: &Lexicons,
        settings: &analysis::Settings,
        stamp: Stamp,
        watcher: &dyn Watcher,
    ) -> Result<(Option<Analysis>, Changes)> {
        let mut incoming = incoming;
        let Incoming {
            feedback, files, ..
        } = &mut incoming;
        self.state.erased.leave_out(feedback, files, &self.key()?);
        // The context outlives what the commit replaces.
        let (memory, book) = (self.state.memory.clone(), self.book.book.clone());
        let context = Context {
            lexicons,
            settings,
            memory: &memory,
            relearn,
            book: &book,
        };
        let suits = !relearn && stamp == self.state.stamp && self.store.checkpoint()?.is_some();
        let keeps = suits && may_keep(self.history().records, 0, self.state.read_whole, &context);
        let read_along = keeps.then_some(settings.read_along);
        let merged = self.meet(incoming, read_along)?;
        if suits
            && merged.changes.is_nothing()
            && merged.files == self.state.files
            && merged.rejected == self.state.rejected
        {
            return Ok((None, merged.changes));
        }
        let changes = merged.changes;
        self.warn_of_twins(&merged, watcher)?;
        let part = Part {
            is_new: merged.is_new,
            standings: merged.standings,
            analysis: Analysis {
                files: merged.files,
                rejected: merged.rejected,
                stamp,
                ..self.with_records(merged.records)
            },
        };
        let part = match keeps && changes.edited == 0 {
            true => match self.add(part, &context, watcher)? {
                None => return Ok((None, changes)),
                Some(part) => part,
            },
            false => part,
        };
        let keeps = keeps && changes.edited > 0;
        let analysis = self.analyze_whole(part, keeps, &context, watcher)?;
        Ok((Some(analysis), changes))
    }

    /// Merges what came in with the stored records of the same keys; and with those that have to be at hand where others are
    /// kept, so many of them to be read along.
    fn meet(&self, incoming: Incoming, read_along: Option<usize>) -> Result<Merged> {
        let met: FxHashSet<u64> = (incoming.feedback.iter())
            .map(|feedback| key_hash(feedback.key.as_bytes()))
            .collect();
        let old = self.history().records;
        let read_along_of = read_along.unwrap_or(0);
        let pick = Pick {
            wanted: &|_, hash| met.contains(&hash) || is_read_along(hash, old, read_along_of),
            one_of_each_group: read_along.is_some(),
        };
        let (records, hashes) = self.store.load_picked(&pick, &self.state.themes)?;
        Ok(merge::merge(self.with_records(records), &hashes, incoming))
    }

    /// Warns of new records that are there already under the same id and with the same words, from files of another kind: a
    /// column more, and all of an export comes a second time.
    fn warn_of_twins(&self, merged: &Merged, watcher: &dyn Watcher) -> Result<()> {
        if merged.changes.new == 0 || self.history().records == 0 {
            return Ok(());
        }
        let new: FxHashMap<&[u8], &Feedback> = (merged.records.iter().zip(&merged.standings))
            .filter(|(_, standing)| **standing == Standing::New)
            .map(|(record, _)| &record.feedback)
            .filter_map(|new| Some((key_within_kind(new.key.as_bytes())?, new)))
            .collect();
        let twin_of = |key: &[u8]| key_within_kind(key).and_then(|within| new.get(within));
        let pick = Pick {
            wanted: &|key, _| twin_of(key).is_some_and(|new| new.key.as_bytes() != key),
            one_of_each_group: false,
        };
        let (stored, _) = self.store.load_picked(&pick, &self.state.themes)?;
        let says_the_same = |stored: &&AnalyzedFeedback| {
            let stored = &stored.feedback;
            let twin = twin_of(stored.key.as_bytes());
            !stored.text.is_empty() && twin.is_some_and(|new| new.text == stored.text)
        };
        let twins = stored.iter().filter(says_the_same).count();
        if twins > 0 {
            watcher.see(Event::Warned(format!(
                "{twins} of the {} new records are there already, with the same id and words, from a file with other columns, and count twice; to have them known again, give both files one `kind` in a mapping and run on all files with another --workspace",
                merged.changes.new
            )));
        }
        Ok(())
    }

    /// Learns what is new of a part that holds all that has to be at hand for it, and commits. Gives the part back where the
    /// whole must be read.
    fn add(
        &mut self,
        part: Part,
        context: &Context<'_>,
        watcher: &dyn Watcher,
    ) -> Result<Option<Part>> {
        let mut part = part;
        let old = (part.analysis.records.iter().zip(&part.is_new)).filter(|(_, is_new)| !**is_new);
        let history = self.history();
        let elsewhere = Elsewhere {
            records: history.records,
            english_lead: history.english as i64 - history.french as i64,
            naming: self.store.records_naming(&self.state.themes)?,
        }
        .without(old.map(|(record, _)| record));
        let read_whole = self.state.read_whole;
        let Part {
            analysis, is_new, ..
        } = &mut part;
        if !add(analysis, is_new, read_whole, &elsewhere, context, watcher) {
            return Ok(Some(part));
        }
        let mut is_new = is_new.iter();
        (analysis.records).retain(|_| is_new.next() == Some(&true));
        let places: Vec<Option<usize>> = (analysis.themes.iter())
            .map(|theme| {
                let mut before = self.state.themes.iter();
                before.position(|before| before.id == theme.id)
            })
            .collect();
        let history = history.with(&History::of(analysis), &places);
        let standings = vec![Standing::New; analysis.records.len()];
        self.commit(analysis, history, read_whole, &standings, watcher)?;
        Ok(None)
    }

    /// Reads all other records too, analyses the whole and commits. Where others may be kept, only what is new is analysed.
    fn analyze_whole(
        &mut self,
        part: Part,
        keeps: bool,
        context: &Context<'_>,
        watcher: &dyn Watcher,
    ) -> Result<Analysis> {
        let (others, hashes) = self.store.load(&self.state.themes)?;
        let Part {
            mut analysis,
            mut standings,
            is_new,
        } = part.with_others(others, &hashes);
        let mut read_whole = self.state.read_whole;
        let nothing = Elsewhere::default();
        if keeps
            && add(
                &mut analysis,
                &is_new,
                read_whole,
                &nothing,
                context,
                watcher,
            )
        {
            let kept = (standings.iter_mut().zip(is_new)).filter(|(_, is_new)| !is_new);
            kept.for_each(|(standing, _)| *standing = Standing::Kept);
        } else {
            analysis = analyze(
                analysis.records,
                analysis.files,
                analysis.rejected,
                context,
                analysis.stamp,
                watcher,
            );
            read_whole = analysis.records.len() as u64;
        }
        let history = History::of(&analysis);
        self.commit(&analysis, history, read_whole, &standings, watcher)?;
        Ok(analysis)
    }

    fn commit(
        &mut self,
        analysis: &Analysis,
        history: History,
        read_whole: u64,
        standings: &[Standing],
        watcher: &dyn Watcher,
    ) -> Result<()> {
        let (state, name) = self.write_state(analysis, history, read_whole)?;
        let before = self.store.checkpoint()?.map(|checkpoint| checkpoint.state);
        let checkpoint = Checkpoint::new(name.clone());
        (self.store).replace(analysis, standings, &checkpoint, watcher)?;
        self.store.refresh()?;
        self.state = state;
        // Whoever opened the workspace a moment ago may still be about to read the state before this one.
        remove_others(&self.folder.join("state"), &[Some(name), before]);
        Ok(())
    }
}

/// Some records of the workspace, new ones among them, beside what is known of the whole.
struct Part {
    analysis: Analysis,
    /// For each record how it stands to what is stored.
    standings: Vec<Standing>,
    /// For each record whether it carries no analysis yet.
    is_new: Vec<bool>,
}

impl Part {
    /// The same with all stored records that are not among these, given with the hash of each one's stored bytes; both sorted
    /// by key.
    fn with_others(self, stored: Vec<AnalyzedFeedback>, hashes: &[u64]) -> Self {
        if stored.is_empty() {
            return self;
        }
        let mut analysis = self.analysis;
        let count = analysis.records.len() + stored.len();
        let (mut standings, mut is_new) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let own = std::mem::replace(&mut analysis.records, Vec::with_capacity(count));
        let records = &mut analysis.records;
        let mut stored = stored.into_iter().zip(hashes).peekable();
        for ((record, standing), new) in own.into_iter().zip(self.standings).zip(self.is_new) {
            let key = &record.feedback.key;
            while let Some((other, hash)) = stored.next_if(|(other, _)| other.feedback.key < *key) {
                records.push(other);
                standings.push(Standing::Known(*hash));
                is_new.push(false);
            }
            stored.next_if(|(other, _)| other.feedback.key == *key);
            records.push(record);
            standings.push(standing);
            is_new.push(new);
        }
        for (other, hash) in stored {
            records.push(other);
            standings.push(Standing::Known(*hash));
            is_new.push(false);
        }
        Self {
            analysis,
            standings,
            is_new,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cleaning::fold_duplicates, ingest, observe::Nobody};
    use std::path::Path;

    const SAID_AGAIN: &str =
        "we want our money back and we want it back before the end of this week";

    fn incoming(feedback: Vec<Feedback>) -> Incoming {
        Incoming {
            feedback: fold_duplicates(feedback, &mut []),
            files: Vec::new(),
            rejected: Vec::new(),
        }
    }

    /// Feedback of before, and of a week in which one text of before and a new one are pasted again and again.
    fn feedback() -> [Vec<Feedback>; 2] {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/demo");
        let demo = ingest::read(&[demo], &ingest::Settings::default(), &Nobody).unwrap();
        let mut parts = [Vec::new(), Vec::new()];
        for (at, feedback) in demo.feedback.into_iter().enumerate() {
            parts[usize::from(at % 12 == 7)].push(feedback);
        }
        let copy = |key: &str| Feedback::of_words(key, SAID_AGAIN);
        parts[0].extend(["p1", "p2", "p3", "p4"].map(copy));
        parts[1].extend(["o5", "p5"].map(copy));
        let new = "the driver left my parcel with a neighbour whom I have never met in my life";
        parts[1].extend(["q1", "q2", "q3"].map(|key| Feedback::of_words(key, new)));
        parts
    }

    #[test]
    fn what_a_week_brings_is_learned_alike_from_a_part_and_from_the_whole() {
        let lexicons = Lexicons::embedded().unwrap();
        let settings = analysis::Settings {
            keep_from: 100,
            read_along: 40,
            ..analysis::Settings::default()
        };
        let update = |workspace: &mut Workspace, feedback: Vec<Feedback>| {
            let stamp = Stamp::default();
            workspace
                .update(
                    incoming(feedback),
                    false,
                    &lexicons,
                    &settings,
                    stamp,
                    &Nobody,
                )
                .unwrap()
        };
        let [before, week] = feedback();
        let with_first = || {
            let folder = tempfile::tempdir().unwrap();
            let mut workspace = Workspace::open_or_create(folder.path(), &lexicons).unwrap();
            assert!(update(&mut workspace, before.clone()).0.is_some());
            (folder, workspace)
        };
        let (_first, mut from_part) = with_first();
        let at_hand = from_part.meet(incoming(week.clone()), Some(settings.read_along));
        let at_hand = at_hand.unwrap().records.len() - week.len();
        assert!(10 * at_hand < before.len(), "{at_hand} of {}", before.len());
        let (whole, changes) = update(&mut from_part, week.clone());
        assert!(whole.is_none());
        assert_eq!(changes.new, week.len() as u64);

        let (_second, mut from_whole) = with_first();
        let (memory, book) = (
            from_whole.state.memory.clone(),
            from_whole.book.book.clone(),
        );
        let context = Context {
            memory: &memory,
            book: &book,
            ..Context::new(&lexicons, &settings)
        };
        let (records, hashes) = from_whole.store.load(&from_whole.state.themes).unwrap();
        let before = from_whole.with_records(records);
        let merged = merge::merge(before, &hashes, incoming(week));
        let part = Part {
            is_new: merged.is_new,
            standings: merged.standings,
            analysis: from_whole.with_records(merged.records),
        };
        assert!(from_whole.add(part, &context, &Nobody).unwrap().is_none());

        let (one, other) = (
            from_part.analysis().unwrap(),
            from_whole.analysis().unwrap(),
        );
        assert!(one == other);
        assert_eq!(from_part.history(), from_whole.history());
        assert_eq!(*from_part.history(), History::of(&one));
        let group = |key: &str| {
            let mut records = one.records.iter();
            records
                .find(|record| &*record.feedback.key == key)
                .unwrap()
                .copy_group
        };
        assert!(group("p1") != 0 && group("q1") != 0 && group("p1") != group("q1"));
        assert_eq!([group("o5"), group("p5")], [group("p4"); 2]);
        assert_eq!([group("q2"), group("q3")], [group("q1"); 2]);
    }

    #[test]
    fn a_part_and_the_others_are_the_whole() {
        let record = |key: &str, line: u32| {
            AnalyzedFeedback::unread(Feedback {
                line,
                ..Feedback::of_words(key, "")
            })
        };
        let part = Part {
            analysis: Analysis {
                records: vec![record("b", 1), record("d", 1)],
                ..Analysis::default()
            },
            standings: vec![Standing::New, Standing::Known(4)],
            is_new: vec![true, true],
        };
        let stored = ["a", "c", "d", "e"].map(|key| record(key, 2)).into();
        let whole = part.with_others(stored, &[1, 3, 4, 5]);
        let told: Vec<(&str, u32)> = (whole.analysis.records.iter())
            .map(|record| (&*record.feedback.key, record.feedback.line))
            .collect();
        assert_eq!(told, [("a", 2), ("b", 1), ("c", 2), ("d", 1), ("e", 2)]);
        assert_eq!(whole.is_new, [false, true, false, true, false]);
        assert_eq!(
            whole.standings,
            [
                Standing::Known(1),
                Standing::New,
                Standing::Known(3),
                Standing::Known(4),
                Standing::Known(5)
            ]
        );
    }
}
