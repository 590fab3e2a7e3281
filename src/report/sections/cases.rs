//! Cases to treat one by one: safety, legal threats, customers who leave. By id only: who they are stays in the source.

use super::super::{
    Story,
    block::{Block, QuoteBlock, Section},
    quotes::{around, is_in_period},
    tame::tame,
};
use crate::{
    analysis::AnalyzedFeedback,
    cues::{Cue, CueKind},
    sentiment::Polarity,
};

/// Kinds of cases, most urgent first, with what they are called.
const KINDS: [(CueKind, &str); 3] = [
    (CueKind::Safety, "cases.safety"),
    (CueKind::Legal, "cases.legal"),
    (CueKind::Churn, "cases.churn"),
];

/// A record that somebody should answer.
pub(in super::super) struct Case<'a> {
    pub kind: CueKind,
    pub record: &'a AnalyzedFeedback,
    pub cue: Cue,
}

/// All cases of the period: most urgent kind first, within it most negative first, ties by key. A record is one case, of its most
/// urgent kind; somebody who is pleased does not leave.
pub(in super::super) fn cases<'a>(story: &Story<'a>) -> Vec<Case<'a>> {
    let mut found: Vec<(usize, Case)> = Vec::new();
    let records = story.analysis.records.iter();
    for record in records.filter(|record| is_in_period(record, story.numbers)) {
        let case = KINDS.iter().enumerate().find_map(|(rank, (kind, _))| {
            let cue = record.cues.iter().find(|cue| cue.kind == *kind)?;
            let is_case = *kind != CueKind::Churn || record.polarity() != Polarity::Positive;
            let case = Case {
                kind: *kind,
                record,
                cue: *cue,
            };
            is_case.then_some((rank, case))
        });
        found.extend(case);
    }
    found.sort_by(|(a_rank, a), (b_rank, b)| {
        (a_rank.cmp(b_rank))
            .then(a.record.score.total_cmp(&b.record.score))
            .then(a.record.feedback.key.cmp(&b.record.feedback.key))
    });
    found.into_iter().map(|(_, case)| case).collect()
}

/// Cases to treat one by one.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let all = cases(story);
    let mut blocks = Vec::new();
    if all.is_empty() {
        blocks.push(Block::Paragraph(words.text("cases.none")));
    } else {
        blocks.push(Block::Note(words.text("cases.lead")));
    }
    let mut left = story.settings.cases_shown;
    for (kind, title) in KINDS {
        let of_kind: Vec<&Case> = all.iter().filter(|case| case.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let shown = of_kind.len().min(left);
        left -= shown;
        blocks.push(Block::Paragraph(words.count(
            title,
            of_kind.len() as u64,
            &[],
        )));
        let quotes: Vec<QuoteBlock> = of_kind[..shown]
            .iter()
            .map(|case| quote(story, case))
            .collect();
        if !quotes.is_empty() {
            blocks.push(Block::Quotes(quotes));
        }
        let more = (of_kind.len() - shown) as u64;
        if more > 0 {
            blocks.push(Block::Note(words.count("cases.more", more, &[])));
        }
    }
    Some(Section {
        id: "cases",
        title: words.text("cases.title"),
        blocks,
    })
}

fn quote(story: &Story, case: &Case) -> QuoteBlock {
    let feedback = &case.record.feedback;
    let [before, evidence, after] = around(
        &feedback.text,
        case.cue.start as usize,
        case.cue.end as usize,
        story.settings,
    );
    let day = feedback
        .moment
        .map(|moment| story.words.day(moment.local.date()));
    let channel = feedback.channel.as_deref().map(tame);
    let id = story.words.say("cases.id", &[("id", &tame(feedback.id()))]);
    let context: Vec<String> = std::iter::once(id)
        .chain(day)
        .chain(channel.filter(|channel| !channel.is_empty()))
        .collect();
    QuoteBlock {
        before,
        evidence,
        after,
        language: case.record.language.code().to_owned(),
        place: tame(&feedback.place().to_string()),
        context: context.join(" · "),
    }
}
