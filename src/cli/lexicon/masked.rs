//! Feedback that words are learnt from, or shown of: personal data never reaches a table or a screen.

use std::path::PathBuf;
use vocable::{
    cleaning::fold_duplicates, error::Result, feedback::Feedback, ingest, observe::Nobody, privacy,
};

/// The records of files, each once, their texts masked.
pub fn read_masked(files: &[PathBuf]) -> Result<Vec<Feedback>> {
    let imported = ingest::read(files, &ingest::Settings::default(), &Nobody)?;
    let mut balances = imported.files;
    let mut feedback = fold_duplicates(imported.feedback, &mut balances);
    let masking = privacy::Settings::default();
    for feedback in &mut feedback {
        feedback.text = privacy::mask(&feedback.text, &masking).text.into();
    }
    Ok(feedback)
}
