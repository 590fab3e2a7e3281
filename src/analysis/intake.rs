//! The step between reading and judging: personal data masked, customers named by a hash. Nothing after it has seen the rest.

use crate::{feedback::Feedback, privacy};
use rayon::prelude::*;
use std::{borrow::Cow, sync::Arc};
use xxhash_rust::xxh3::xxh3_64;

/// Masks personal data in texts and columns, and replaces each customer's name by a hash of it: the same customer
/// stays the same. Changes nothing when masking is switched off.
pub fn protect(feedback: &mut [Feedback], settings: &privacy::Settings) {
    if !settings.enabled {
        return;
    }
    feedback.par_chunks_mut(1024).for_each(|chunk| {
        for record in chunk {
            protect_record(record, settings);
        }
    });
}

fn protect_record(record: &mut Feedback, settings: &privacy::Settings) {
    let (title, body) = record.text.split_at(record.body_start as usize);
    let title = privacy::mask(title, settings).text;
    let body = privacy::mask(body, settings).text;
    if matches!((&title, &body), (Cow::Owned(_), _) | (_, Cow::Owned(_))) {
        let (start, text) = (title.len(), format!("{title}{body}"));
        record.body_start = start as u32;
        record.text = text.into();
    }
    if let Cow::Owned(columns) = privacy::mask_json(&record.columns, settings) {
        record.columns = columns.into();
    }
    if let Some(customer) = &mut record.customer {
        *customer = Arc::from(format!("c-{:016x}", xxh3_64(customer.as_bytes())));
    }
}
