//! Whether the parts of a workspace agree: checksums, counts, state, theme book and index, each against the others.

use super::{Workspace, books, state::State};
use crate::{
    analysis::{Analysis, AnalyzedFeedback},
    error::{Error, Result},
    index::Query,
    language::Stems,
    metrics::History,
};
use std::{collections::BTreeMap, fs};

impl Workspace {
    /// What does not agree, one sentence each with what to do about it; none for a sound workspace.
    ///
    /// Reads every file of the index and every record. A record that cannot be read is an error.
    pub fn check(&self, stems: &Stems) -> Result<Vec<String>> {
        let mut findings = Vec::new();
        for file in self.store.damaged_files()? {
            findings.push(format!(
                "index/{file} is damaged: its bytes do not have the checksum they were written with; put a copy back, or run again on your files in another workspace"
            ));
        }
        self.check_state(&mut findings)?;
        let analysis = self.analysis()?;
        self.check_counts(&analysis, &mut findings);
        let in_force = (analysis.stamp.lexicons.iter())
            .find(|(name, _)| name == books::DRAFT)
            .map(|(_, hash)| hash);
        if in_force != self.book.hash().as_ref() {
            findings.push(
                "the theme book in force is not the one the last run went by; `vocable run` goes by it".to_owned(),
            );
        }
        self.check_index(&analysis.records, stems, &mut findings)?;
        Ok(findings)
    }

    fn check_state(&self, findings: &mut Vec<String>) -> Result<()> {
        let Some(checkpoint) = self.store.checkpoint()? else {
            return Ok(());
        };
        let path = self.folder.join("state").join(&checkpoint.state);
        let bytes = fs::read(&path).map_err(|source| Error::Io {
            path: path.clone(),
            source,
            remedy: "check that the file can be read",
        })?;
        if State::name_of(&bytes) != checkpoint.state {
            findings.push(format!(
                "state/{} was changed since it was written: its name is that of other bytes; `vocable rebuild` writes it anew",
                checkpoint.state
            ));
        }
        Ok(())
    }

    fn check_counts(&self, analysis: &Analysis, findings: &mut Vec<String>) {
        let (records, files) = (&analysis.records, &analysis.files);
        let mut differ = |what: &str, one: u64, other: u64| {
            if one != other {
                findings.push(format!(
                    "{what}: {one} and {other}; `vocable rebuild` makes them agree"
                ));
            }
        };
        let accepted: u64 = files.iter().map(|file| file.accepted).sum();
        differ(
            "records of the index and rows accepted from files differ",
            records.len() as u64,
            accepted,
        );
        for file in files {
            let told = file.accepted + file.refused + file.duplicates + file.empty;
            differ(
                &format!("rows of {} do not add up", file.file),
                file.read,
                told,
            );
        }
        let twice = records
            .windows(2)
            .filter(|pair| pair[0].feedback.key == pair[1].feedback.key)
            .count();
        differ(
            "records with the key of another, which should be none",
            twice as u64,
            0,
        );
        let history = &self.state.history;
        differ(
            "records of the index and of the state differ",
            records.len() as u64,
            history.records,
        );
        if History::of(analysis) != *history {
            findings.push(
                "the state tells other days, weeks or languages than the index holds; `vocable rebuild` counts anew".to_owned(),
            );
        }
    }

    /// Counts by the index's own columns against those of the records that it stores.
    fn check_index(
        &self,
        records: &[AnalyzedFeedback],
        stems: &Stems,
        findings: &mut Vec<String>,
    ) -> Result<()> {
        let mut search = self.search(stems)?;
        let themes = &self.state.themes;
        let values_of = |record: &AnalyzedFeedback, field: &str| -> Vec<String> {
            let cues = || record.cue_kinds().into_iter();
            let of_themes = || record.themes().into_iter();
            match field {
                "lang" => vec![record.language.code().to_owned()],
                "sentiment" => vec![record.label().name().to_owned()],
                "intent" => cues().map(|kind| kind.name().to_owned()).collect(),
                _ => of_themes()
                    .map(|theme| themes[theme as usize].id.clone())
                    .collect(),
            }
        };
        for field in ["lang", "sentiment", "intent", "theme"] {
            let mut stored: BTreeMap<String, u64> = BTreeMap::new();
            for value in records.iter().flat_map(|record| values_of(record, field)) {
                *stored.entry(value).or_default() += 1;
            }
            let counts = search.count_by(&Query::default(), &[field.to_owned()])?;
            let indexed: BTreeMap<String, u64> = (counts.rows.into_iter())
                .filter_map(|row| Some((row.value?, row.count)))
                .collect();
            if indexed != stored {
                findings.push(format!(
                    "the index counts other records by {field} than it stores; `vocable rebuild` writes it anew"
                ));
            }
        }
        Ok(())
    }
}
