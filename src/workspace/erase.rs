//! Erasing records for good: from the index, from what was learnt of it, and from the reports that quote them.

use super::{Anew, Workspace, erased};
use crate::{
    analysis::{AnalyzedFeedback, analyze},
    error::{Error, Result},
};
use jiff::civil::Date;
use memchr::memmem;
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What an erasure did: proof for whoever asked for it, without a word of what is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Records erased.
    pub records: u64,
    /// Records left.
    pub left: u64,
    /// Pseudonyms of the keys of the erased records under the workspace's key, sorted; only whoever has the key can
    /// tell whether a record is among them.
    pub pseudonyms: Vec<String>,
    /// Folders of reports that quoted them, removed; sorted.
    pub reports: Vec<String>,
    /// The state of the workspace before.
    pub before: Option<String>,
    /// And after.
    pub after: String,
}

/// More records than this are not looked for in reports one by one: all reports go.
pub const MOST_LOOKED_FOR: usize = 2000;

impl Workspace {
    /// Erases the records with these keys, which are sorted, and all before a day where one is given.
    ///
    /// The reports that name one of them are removed; then the whole, analysed anew without them, is written to a new
    /// index, which takes the old one's place in one step, and the old one is removed with every state before. Files read
    /// again do not bring the records back. Without any record to erase nothing is done, and that is an error.
    pub fn erase(
        &mut self,
        keys: &[String],
        before: Option<Date>,
        anew: Anew<'_>,
    ) -> Result<Receipt> {
        let mut analysis = self.analysis()?;
        let is_erased = |record: &AnalyzedFeedback| {
            let day = record.moment().map(|moment| moment.local.date());
            (keys.binary_search_by(|key| key.as_str().cmp(&record.feedback.key))).is_ok()
                || before.is_some_and(|before| day.is_some_and(|day| day < before))
        };
        let (gone, left): (Vec<_>, Vec<_>) = analysis.records.into_iter().partition(is_erased);
        if gone.is_empty() {
            return Err(Error::Query(
                "no record matches, so nothing was erased".to_owned(),
            ));
        }
        for record in &gone {
            erased::count(&mut analysis.files, &record.feedback);
        }
        let analysis = analyze(
            left,
            analysis.files,
            analysis.rejected,
            &anew.context(self),
            anew.stamp.clone(),
            anew.watcher,
        );
        let secret = self.key()?;
        self.state.erased.add(keys, &secret);
        if let Some(day) = before {
            self.state.erased.add_before(day);
        }
        // Reports first: they can be written again, and whoever is stopped from here on finds the records still to be erased.
        let reports = remove_reports(&self.folder, &gone)?;
        let state_before = self.store.checkpoint()?.map(|checkpoint| checkpoint.state);
        let after = self.write_anew(&analysis, anew.stems, anew.watcher)?;
        let mut pseudonyms: Vec<String> = (gone.iter())
            .map(|record| secret.pseudonym(&record.feedback.key))
            .collect();
        pseudonyms.sort_unstable();
        Ok(Receipt {
            records: gone.len() as u64,
            left: analysis.records.len() as u64,
            pseudonyms,
            reports,
            before: state_before,
            after,
        })
    }
}

/// Removes the folders of reports that name one of these records, or of which that cannot be told.
fn remove_reports(workspace: &Path, gone: &[AnalyzedFeedback]) -> Result<Vec<String>> {
    let mut removed = Vec::new();
    for entry in fs::read_dir(workspace.join("reports"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let folder = entry.path();
        if gone.len() <= MOST_LOOKED_FOR && !may_name(&folder, gone) {
            continue;
        }
        let remove = match folder.is_dir() {
            true => fs::remove_dir_all(&folder),
            false => fs::remove_file(&folder),
        };
        remove.map_err(|source| Error::Io {
            path: folder.clone(),
            source,
            remedy: "no record is erased yet; remove this report by hand, it may quote them, and try again",
        })?;
        removed.push(entry.file_name().to_string_lossy().into_owned());
    }
    removed.sort_unstable();
    Ok(removed)
}

/// True where a report's plain files hold the place or the id of one of the records, or where there are none to look at.
fn may_name(folder: &Path, gone: &[AnalyzedFeedback]) -> bool {
    let plain: Vec<PathBuf> = ["verbatims.csv", "report.json"]
        .iter()
        .map(|name| folder.join(name))
        .filter(|path| path.is_file())
        .collect();
    let texts: Vec<Vec<u8>> = plain
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .collect();
    if texts.len() < 2 {
        return true;
    }
    gone.iter().any(|record| {
        let place = record.feedback.place().to_string();
        texts.iter().any(|text| {
            holds_whole(text, place.as_bytes())
                || holds_whole(text, record.feedback.id().as_bytes())
        })
    })
}

/// True where a text holds a name that no letter or digit goes on with: `avis.csv:2` is not in `avis.csv:20`.
fn holds_whole(text: &[u8], name: &[u8]) -> bool {
    let goes_on = |at: Option<usize>| {
        at.and_then(|at| text.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    memmem::find_iter(text, name)
        .any(|at| !goes_on(at.checked_sub(1)) && !goes_on(Some(at + name.len())))
}

#[cfg(test)]
mod tests {
    use super::holds_whole;

    #[test]
    fn a_name_is_found_where_it_ends_and_not_within_another() {
        let holds = |text: &str, name: &str| holds_whole(text.as_bytes(), name.as_bytes());
        assert!(holds("1000,2026-11-02,n.csv:2\n1009,x", "n.csv:2"));
        assert!(holds("n.csv:21 n.csv:2", "n.csv:2"));
        assert!(holds("\"1000\"", "1000"));
        assert!(!holds("1009,2026-11-06,n.csv:20", "n.csv:2"));
        assert!(!holds("51000 and 10001", "1000"));
        assert!(!holds("", "1000"));
    }
}
