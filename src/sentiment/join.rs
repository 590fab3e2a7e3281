//! Verdicts on the parts of a text, each read in its own language → one verdict on the text.

use crate::sentiment::score::{Mention, Verdict, saturate};

/// Adds what was found in the next part of a text to what was found in those before it.
///
/// Each part ends on its own last clause: who writes in two languages often says all of it twice.
pub fn join(whole: &mut Verdict, part: &Verdict) {
    let shift = whole.evidence.len() as u32;
    let parts = [whole.mentions.len(), part.mentions.len()].map(|clauses| clauses as f32);
    let all = (parts[0] + parts[1]).max(1.0);
    // A clause counts over the root of the number of clauses: so it did in its part, so it does in the whole.
    let [before, added] = parts.map(|clauses| (clauses / all).sqrt());
    for mention in &mut whole.mentions {
        mention.weight *= before;
    }
    whole
        .mentions
        .extend(part.mentions.iter().map(|mention| Mention {
            weight: mention.weight * added,
            first_evidence: mention.first_evidence + shift,
            end_evidence: mention.end_evidence + shift,
            ..*mention
        }));
    whole.evidence.extend_from_slice(&part.evidence);
    whole.sum = whole.sum * before + part.sum * added;
    whole.weight += part.weight;
}

/// Squeezes the sum of a text that was joined of parts between −1 and 1.
pub fn finish(whole: &mut Verdict, saturation: f32) {
    whole.score = saturate(whole.sum, saturation);
}

/// Empties a verdict for the parts of the next text.
pub fn clear(whole: &mut Verdict) {
    whole.mentions.clear();
    whole.evidence.clear();
    (whole.sum, whole.weight, whole.score) = (0.0, 0.0, 0.0);
}
