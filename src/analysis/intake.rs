//! The step between reading and judging: personal data masked, customers named by a pseudonym. Nothing after it has seen the rest.

use crate::{feedback::Feedback, privacy};
use rayon::prelude::*;
use std::borrow::Cow;

/// Masks personal data in texts and columns, and replaces each customer's name by a pseudonym under the workspace's key:
/// the same customer stays the same. Records that name no customer take the one whose address or number their text gives.
/// Changes nothing when masking is switched off.
pub fn protect(feedback: &mut [Feedback], settings: &privacy::Settings, key: &privacy::Key) {
    if !settings.enabled {
        return;
    }
    feedback.par_chunks_mut(1024).for_each(|chunk| {
        for record in chunk {
            protect_record(record, settings, key);
        }
    });
}

fn protect_record(record: &mut Feedback, settings: &privacy::Settings, key: &privacy::Key) {
    let customer = match &record.customer {
        Some(name) => Some(key.customer(name)),
        None => privacy::identity(&record.text).map(|found| key.pseudonym(found.as_str())),
    };
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
    // Some exports use an e-mail address or a phone number as the id.
    if let Cow::Owned(_) = privacy::mask(record.id(), settings).text {
        let pseudonym = key.pseudonym(record.id());
        record.key = format!("{}{pseudonym}", &record.key[..usize::from(record.id_start)]).into();
    }
    for name in [&mut record.channel, &mut record.product]
        .into_iter()
        .flatten()
    {
        if let Cow::Owned(masked) = privacy::mask(name, settings).text {
            *name = masked.into();
        }
    }
    if let Some(name) = record.customer.take()
        // The column the name came from holds it too, as text or as a number.
        && let Some(hidden) = privacy::without_value(&record.columns, &name, CUSTOMER)
    {
        record.columns = hidden;
    }
    record.customer = customer.map(Into::into);
}

/// Written in place of a customer's name among the columns; the pseudonym is told apart from them, where it is told.
const CUSTOMER: &str = "[customer]";
