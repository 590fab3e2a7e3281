//! What came in meets what is there: new records are added, edited ones replaced, repeats counted.

use crate::{
    analysis::{Analysis, AnalyzedFeedback},
    cleaning::{has_same_content, is_newer},
    feedback::{FileBalance, RejectedRow},
    index::Standing,
    workspace::Incoming,
};
use std::sync::Arc;

/// How the workspace's records changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Records that were not there.
    pub new: u64,
    /// Records that replace an older version of themselves.
    pub edited: u64,
    /// Records that were there already, as they are.
    pub known: u64,
}

impl Changes {
    /// True when no record was added or replaced.
    pub fn is_nothing(self) -> bool {
        self.new == 0 && self.edited == 0
    }
}

/// Old and new together.
pub struct Merged {
    /// Sorted by key. Records that are new or edited carry no analysis yet.
    pub records: Vec<AnalyzedFeedback>,
    /// For each record how it stands to what is stored.
    pub standings: Vec<Standing>,
    /// For each record whether it carries no analysis yet.
    pub is_new: Vec<bool>,
    /// Sorted by name; a file read again shows its latest balance.
    pub files: Vec<FileBalance>,
    /// Sorted by place.
    pub rejected: Vec<RejectedRow>,
    pub changes: Changes,
}

/// Merges two series sorted by key; the hash of each stored record comes beside it.
///
/// A record that came in counts as a duplicate where the workspace keeps an equal or newer version from another file.
pub fn merge(before: Analysis, hashes: &[u64], incoming: Incoming) -> Merged {
    let mut files = incoming.files;
    let mut changes = Changes::default();
    let mut records: Vec<AnalyzedFeedback> =
        Vec::with_capacity(before.records.len() + incoming.feedback.len());
    let mut standings: Vec<Standing> = Vec::with_capacity(records.capacity());
    let mut is_new: Vec<bool> = Vec::with_capacity(records.capacity());
    let mut stored = (before.records.into_iter().zip(hashes)).peekable();
    let mut old_files = before.files;
    for feedback in incoming.feedback {
        while let Some((record, hash)) =
            stored.next_if(|(record, _)| record.feedback.key < feedback.key)
        {
            records.push(record);
            standings.push(Standing::Known(*hash));
            is_new.push(false);
        }
        let same = stored.next_if(|(record, _)| record.feedback.key == feedback.key);
        let Some((record, hash)) = same else {
            changes.new += 1;
            records.push(AnalyzedFeedback::unread(feedback));
            standings.push(Standing::New);
            is_new.push(true);
            continue;
        };
        standings.push(Standing::Known(*hash));
        let same_file = record.feedback.origin.file == feedback.origin.file;
        let same_content = has_same_content(&record.feedback, &feedback);
        // Where the other file is read again too, its rows were counted as duplicates already: this one keeps the record.
        let is_read_again = files
            .iter()
            .any(|file| file.file == record.feedback.origin.file);
        let is_as_stored = same_content && (record.feedback.line == feedback.line || !same_file);
        if is_as_stored && (same_file || !is_read_again) {
            changes.known += 1;
            if !same_file {
                count_duplicate(&mut files, &feedback.origin.file);
            }
            records.push(record);
            is_new.push(false);
        } else if same_file || same_content || is_newer(&feedback, &record.feedback) {
            changes.edited += 1;
            if !same_file && !is_read_again {
                count_duplicate(&mut old_files, &record.feedback.origin.file);
            }
            records.push(AnalyzedFeedback::unread(feedback));
            is_new.push(true);
        } else {
            changes.known += 1;
            count_duplicate(&mut files, &feedback.origin.file);
            records.push(record);
            is_new.push(false);
        }
    }
    for (record, hash) in stored {
        records.push(record);
        standings.push(Standing::Known(*hash));
        is_new.push(false);
    }
    files.sort_by(|a, b| a.file.cmp(&b.file));
    let names: Vec<Arc<str>> = files.iter().map(|file| file.file.clone()).collect();
    let read_again = |file: &Arc<str>| names.binary_search(file).is_ok();
    let mut rejected = incoming.rejected;
    rejected.extend(
        before
            .rejected
            .into_iter()
            .filter(|row| !read_again(&row.at.file)),
    );
    rejected.sort();
    old_files.retain(|file| !read_again(&file.file));
    files.extend(old_files);
    files.sort_by(|a, b| a.file.cmp(&b.file));
    Merged {
        records,
        standings,
        is_new,
        files,
        rejected,
        changes,
    }
}

fn count_duplicate(files: &mut [FileBalance], name: &str) {
    if let Some(file) = files.iter_mut().find(|file| *file.file == *name)
        && file.accepted > 0
    {
        file.accepted -= 1;
        file.duplicates += 1;
    }
}
