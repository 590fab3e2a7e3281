//! The verbatims behind the numbers: the period's comments with the words that name each theme marked, to be filtered.

use super::super::{
    Story,
    block::{Block, Section, Verbatim, Verbatims},
    quotes::is_in_period,
    tame::tame,
};
use crate::analysis::AnalyzedFeedback;
use std::collections::BTreeSet;

/// Characters of a verbatim shown.
const LONGEST: usize = 700;

/// The verbatims; `None` where no record of the period has words.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let has_text = |record: &&AnalyzedFeedback| !record.feedback.text.is_empty();
    let records = story.analysis.records.iter();
    let all: Vec<&AnalyzedFeedback> = records
        .filter(|record| is_in_period(record, story.numbers))
        .filter(has_text)
        .collect();
    let most = story.settings.verbatims_shown;
    if all.is_empty() || most == 0 {
        return None;
    }
    let count = all.len() as u64;
    let themes = shown_themes(story);
    let mut shown = chosen(&all, &themes, most);
    shown.sort_by(|a, b| {
        let day = |record: &AnalyzedFeedback| record.moment().map(|moment| moment.local);
        (day(b), &a.feedback.key).cmp(&(day(a), &b.feedback.key))
    });
    let lead = words.count(
        "verbatims.lead",
        count,
        &[("shown", &words.integer(shown.len() as u64))],
    );
    Some(Section {
        id: "verbatims",
        title: words.text("verbatims.title"),
        blocks: vec![
            Block::Note(lead),
            Block::Verbatims(Verbatims {
                words_label: words.text("verbatims.words"),
                theme_label: words.text("verbatims.theme"),
                any_theme: words.text("verbatims.any_theme"),
                // The script fills these as the reader filters.
                told: words.say("verbatims.told", &[("n", "%n"), ("all", "%all")]),
                themes: themes
                    .iter()
                    .map(|theme| {
                        let theme = &story.analysis.themes[*theme];
                        (theme.id.clone(), tame(&story.name_of(theme)))
                    })
                    .collect(),
                verbatims: shown.iter().map(|record| verbatim(story, record)).collect(),
            }),
        ],
    })
}

/// Themes of the tables of the page, in their order.
fn shown_themes(story: &Story) -> Vec<usize> {
    let numbers = story.numbers;
    let most = story.settings.themes_shown;
    let ranked = [&numbers.frictions, &numbers.delights].into_iter();
    let ranked = ranked.flat_map(|order| order.iter().take(most));
    let signals = numbers.signals.found.iter().map(|signal| signal.theme);
    let mut themes = Vec::new();
    for theme in ranked
        .map(|index| numbers.themes[*index].theme)
        .chain(signals)
    {
        if !themes.contains(&theme) {
            themes.push(theme);
        }
    }
    themes
}

/// All of them, or as many of each theme as there is room for, those that say it most strongly first.
fn chosen<'a>(
    all: &[&'a AnalyzedFeedback],
    themes: &[usize],
    most: usize,
) -> Vec<&'a AnalyzedFeedback> {
    if all.len() <= most {
        return all.to_vec();
    }
    let each = (most / themes.len().max(1)).max(1);
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for theme in themes {
        let mut of_theme: Vec<(f32, usize)> = (all.iter().enumerate())
            .filter_map(|(place, record)| {
                let mentions = record.mentions.iter();
                let mentions = mentions.filter(|mention| mention.theme as usize == *theme);
                let weight = mentions.map(|mention| mention.strength * (0.2 + mention.score.abs()));
                weight.reduce(f32::max).map(|weight| (weight, place))
            })
            .collect();
        of_theme.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        taken.extend(of_theme.iter().take(each).map(|(_, place)| *place));
        if taken.len() >= most {
            break;
        }
    }
    taken
        .into_iter()
        .take(most)
        .map(|place| all[place])
        .collect()
}

fn verbatim(story: &Story, record: &AnalyzedFeedback) -> Verbatim {
    let feedback = &record.feedback;
    let text = &*feedback.text;
    let mut spans: Vec<(usize, usize)> = (record.mentions.iter())
        .map(|mention| (mention.evidence.0 as usize, mention.evidence.1 as usize))
        .filter(|(start, end)| start < end && text.get(*start..*end).is_some())
        .collect();
    spans.sort_unstable();
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let (mut at, mut left) = (0, LONGEST);
    let mut push = |piece: &str, is_evidence: bool| {
        let kept: String = piece.chars().take(left).collect();
        left -= kept.chars().count();
        if !kept.is_empty() {
            let is_cut = kept.len() < piece.len();
            // Space at the edges of a piece parts words of two pieces.
            let space = |is: bool| if is { " " } else { "" };
            let tamed = tame(&kept);
            let piece = format!(
                "{}{tamed}{}{}",
                space(kept.starts_with(char::is_whitespace)),
                space(kept.ends_with(char::is_whitespace)),
                if is_cut { "…" } else { "" },
            );
            pieces.push((piece, is_evidence));
        }
    };
    for (start, end) in spans {
        if start < at {
            continue;
        }
        push(&text[at..start], false);
        push(&text[start..end], true);
        at = end;
    }
    push(&text[at..], false);
    let themes: Vec<usize> = record
        .themes()
        .into_iter()
        .map(|theme| theme as usize)
        .collect();
    let known = || {
        themes
            .iter()
            .filter_map(|theme| story.analysis.themes.get(*theme))
    };
    let day = feedback
        .moment
        .map(|moment| story.words.day(moment.local.date()));
    let channel = feedback.channel.as_deref().map(tame);
    let label = story.words.text(match record.label() {
        crate::sentiment::Label::VeryNegative => "indicators.very_negative",
        crate::sentiment::Label::Negative => "indicators.negative",
        crate::sentiment::Label::Neutral => "indicators.neutral",
        crate::sentiment::Label::Positive => "indicators.positive",
        crate::sentiment::Label::VeryPositive => "indicators.very_positive",
    });
    let names: Vec<String> = known().map(|theme| tame(&story.name_of(theme))).collect();
    let context: Vec<String> = std::iter::once(label)
        .chain(day)
        .chain(channel.filter(|channel| !channel.is_empty()))
        .collect();
    Verbatim {
        pieces,
        language: record.language.code().to_owned(),
        themes: known().map(|theme| theme.id.clone()).collect(),
        names: names.join(", "),
        place: tame(&feedback.place().to_string()),
        context: context.join(" · "),
    }
}
