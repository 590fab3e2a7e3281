//! Files of rated or labelled feedback → texts with a side.

use std::path::{Path, PathBuf};
use vocable::{
    analysis::fitting::Rated,
    cleaning::fold_duplicates,
    error::Result,
    feedback::{Feedback, Rating},
    ingest,
    observe::Nobody,
    privacy,
};

/// Reads rated texts, file by file in the order given, each in the order of its ids. A column of labels (`pos`, `neg`,
/// `neu`) goes before marks; a record with neither is left out.
pub fn read_rated(files: &[PathBuf], column: Option<&str>) -> Result<Vec<Rated>> {
    let mut rated = Vec::new();
    for (file, path) in (0..).zip(files) {
        rated.extend(read_file(path, file, column)?);
    }
    Ok(rated)
}

fn read_file(path: &Path, file: u16, column: Option<&str>) -> Result<Vec<Rated>> {
    let imported = ingest::read(
        std::slice::from_ref(&path.to_owned()),
        &ingest::Settings::default(),
        &Nobody,
    )?;
    let mut balances = imported.files;
    let masking = privacy::Settings::default();
    Ok(fold_duplicates(imported.feedback, &mut balances)
        .into_iter()
        .filter_map(|feedback| {
            let is_positive = side(&feedback, column)?;
            let (title, body) = feedback.text.split_at(feedback.body_start as usize);
            // Nothing personal may become a row of a table.
            let title = privacy::mask(title, &masking).text;
            let body = privacy::mask(body, &masking).text;
            Some(Rated {
                text: format!("{title}{body}").into(),
                body_start: title.len() as u32,
                is_positive,
                file,
            })
        })
        .filter(|rated| !rated.text.trim().is_empty())
        .collect())
}

/// What a record's label or mark says: `Some(None)` for neither good nor bad, `None` where nothing is said.
fn side(feedback: &Feedback, column: Option<&str>) -> Option<Option<bool>> {
    let columns: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&feedback.columns).unwrap_or_default();
    let label = columns
        .get(column.unwrap_or("label"))
        .and_then(serde_json::Value::as_str);
    match label {
        Some("pos") => return Some(Some(true)),
        Some("neg") => return Some(Some(false)),
        Some("neu") => return Some(None),
        Some(_) => return None,
        None if column.is_some() => return None,
        None => {}
    }
    let of_stars = |rating: Rating| match rating.value / rating.scale {
        share if share <= 0.4 => Some(false),
        share if share >= 0.8 => Some(true),
        _ => None,
    };
    feedback.rating.or(feedback.csat).map(of_stars).or_else(|| {
        feedback.nps.map(|nps| match nps {
            0..=6 => Some(false),
            9..=10 => Some(true),
            _ => None,
        })
    })
}
