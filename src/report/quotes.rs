//! Which customers speak: for each theme, a typical clause and a strong one, from different people, set in their sentence.

use super::{Settings, tame::tame};
use crate::{
    analysis::{Analysis, AnalyzedFeedback, ThemeMention},
    metrics::{Numbers, Period},
    sentiment::Polarity,
};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// How many records of the period say the same, by [`AnalyzedFeedback::copy_group`]; 1 for those not in it.
pub(super) type Copies = FxHashMap<u64, u32>;

/// A clause worth showing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quote<'a> {
    pub record: &'a AnalyzedFeedback,
    /// The clause in the record's text, in bytes.
    pub start: usize,
    pub end: usize,
    /// What surrounds the clause, as shown: tamed, cut at words, with "…" where cut.
    pub before: String,
    pub evidence: String,
    pub after: String,
}

/// The quotes of each theme of [`Numbers::themes`], by position there.
pub(super) struct Quotes<'a> {
    pub frictions: Vec<Vec<Quote<'a>>>,
    pub delights: Vec<Vec<Quote<'a>>>,
    /// Of themes named more than expected, by their position in the analysis; whatever the tone.
    pub signals: BTreeMap<usize, Vec<Quote<'a>>>,
}

/// Looking further than this for a readable clause would cost more than it finds.
const LOOKED_AT: usize = 400;

/// From this share of common words on, two quotes say the same.
const NEARLY_THE_SAME: f64 = 0.6;

/// One mention that could be quoted.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    position: u32,
    record: &'a AnalyzedFeedback,
    mention: &'a ThemeMention,
    /// Records of the period that say the same; 1 when nobody else does.
    copies: u32,
}

/// Chooses quotes for the themes the report shows. The same analysis gives the same quotes.
pub(super) fn choose<'a>(
    analysis: &'a Analysis,
    numbers: &Numbers,
    copies: &Copies,
    settings: &Settings,
) -> Quotes<'a> {
    let mut quoted = BTreeSet::new();
    let frictions = for_ranking(
        analysis,
        numbers,
        copies,
        &numbers.frictions,
        Polarity::Negative,
        settings,
        &mut quoted,
    );
    let delights = for_ranking(
        analysis,
        numbers,
        copies,
        &numbers.delights,
        Polarity::Positive,
        settings,
        &mut quoted,
    );
    let signals = for_signals(analysis, numbers, copies, settings, &mut quoted);
    Quotes {
        frictions,
        delights,
        signals,
    }
}

/// A clause that stands for a theme, in its sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Verbatim {
    /// As shown: tamed, cut at words, with "…" where cut.
    pub text: String,
    /// File and line of its record.
    pub place: String,
}

/// At most `count` verbatims of a theme over all periods, by its position: typical and strong ones in turns, of different
/// people who say different things. None for a theme nobody names.
pub fn representative(analysis: &Analysis, theme: usize, count: usize) -> Vec<Verbatim> {
    let settings = Settings {
        quotes_per_theme: count,
        ..Settings::default()
    };
    let mut candidates = Vec::new();
    let mut pasted: BTreeSet<u64> = BTreeSet::new();
    for (position, record) in (0..).zip(&analysis.records) {
        if record.copy_group != 0 && !pasted.insert(record.copy_group) {
            continue;
        }
        let text = &record.feedback.text;
        let of_theme = record.mentions.iter().filter(|mention| {
            let span = mention.start as usize..mention.end as usize;
            mention.theme as usize == theme && text.get(span).is_some()
        });
        candidates.extend(of_theme.map(|mention| Candidate {
            position,
            record,
            mention,
            copies: 1,
        }));
    }
    for_theme(&candidates, &settings, &mut BTreeSet::new())
        .into_iter()
        .map(|quote| Verbatim {
            text: quote.shown(),
            place: quote.record.feedback.place().to_string(),
        })
        .collect()
}

/// True when the record belongs to the period of the numbers.
pub(super) fn is_in_period(record: &AnalyzedFeedback, numbers: &Numbers) -> bool {
    let segment = numbers.segment.as_ref();
    if segment.is_some_and(|segment| !segment.holds(record)) {
        return false;
    }
    match (numbers.period, numbers.from, numbers.to) {
        (Period::All, ..) => true,
        (_, Some(from), Some(to)) => record
            .moment()
            .is_some_and(|moment| (from..=to).contains(&moment.local.date())),
        _ => false,
    }
}

fn for_ranking<'a>(
    analysis: &'a Analysis,
    numbers: &Numbers,
    copies: &Copies,
    ranking: &[usize],
    polarity: Polarity,
    settings: &Settings,
    quoted: &mut BTreeSet<u32>,
) -> Vec<Vec<Quote<'a>>> {
    let shown = || ranking.iter().take(settings.themes_shown);
    let shown_themes: BTreeSet<usize> = shown().map(|&index| numbers.themes[index].theme).collect();
    let fits = |mention: &ThemeMention| Polarity::of(mention.score) == polarity;
    let candidates = candidates(analysis, numbers, copies, &shown_themes, fits);
    let mut quotes = vec![Vec::new(); numbers.themes.len()];
    for &index in shown() {
        quotes[index] = for_theme(&candidates[numbers.themes[index].theme], settings, quoted);
    }
    quotes
}

fn for_signals<'a>(
    analysis: &'a Analysis,
    numbers: &Numbers,
    copies: &Copies,
    settings: &Settings,
    quoted: &mut BTreeSet<u32>,
) -> BTreeMap<usize, Vec<Quote<'a>>> {
    let up = numbers
        .signals
        .found
        .iter()
        .filter(|signal| signal.kind.is_up());
    let shown: Vec<usize> = up
        .map(|signal| signal.theme)
        .take(settings.themes_shown)
        .collect();
    let themes: BTreeSet<usize> = shown.iter().copied().collect();
    let candidates = candidates(analysis, numbers, copies, &themes, |_| true);
    let mut quotes = BTreeMap::new();
    for theme in shown {
        quotes.insert(theme, for_theme(&candidates[theme], settings, quoted));
    }
    quotes
}

/// The clauses of the period that name one of the themes and fit, by theme; of one text pasted again and again, the first.
fn candidates<'a>(
    analysis: &'a Analysis,
    numbers: &Numbers,
    copies: &Copies,
    themes: &BTreeSet<usize>,
    fits: impl Fn(&ThemeMention) -> bool,
) -> Vec<Vec<Candidate<'a>>> {
    let mut candidates: Vec<Vec<Candidate<'a>>> = vec![Vec::new(); analysis.themes.len()];
    let mut pasted: BTreeSet<u64> = BTreeSet::new();
    for (position, record) in (0..).zip(&analysis.records) {
        if !is_in_period(record, numbers) {
            continue;
        }
        if record.copy_group != 0 && !pasted.insert(record.copy_group) {
            continue;
        }
        for mention in &record.mentions {
            let span = mention.start as usize..mention.end as usize;
            let is_in_text = record.feedback.text.get(span).is_some();
            if themes.contains(&(mention.theme as usize)) && is_in_text && fits(mention) {
                candidates[mention.theme as usize].push(Candidate {
                    position,
                    record,
                    mention,
                    copies: copies.get(&record.copy_group).copied().unwrap_or(1),
                });
            }
        }
    }
    candidates
}

fn for_theme<'a>(
    candidates: &[Candidate<'a>],
    settings: &Settings,
    quoted: &mut BTreeSet<u32>,
) -> Vec<Quote<'a>> {
    let mut chosen: Vec<Quote<'a>> = Vec::new();
    for turn in 0..settings.quotes_per_theme {
        // Typical and strong take turns; each leans a little on the other, so that a typical quote has an edge and a strong one a subject.
        let weight = |candidate: &Candidate| {
            let mention = candidate.mention;
            let (typical, strong) = (mention.strength, mention.score.abs());
            if turn % 2 == 0 {
                // What a hundred people paste is typical, however it is worded.
                typical + 0.25 * strong + 0.5 * (candidate.copies as f32).log10().min(2.0) / 2.0
            } else {
                strong + 0.25 * typical
            }
        };
        let mut order: Vec<&Candidate<'a>> = candidates.iter().collect();
        let by_weight = |a: &&Candidate, b: &&Candidate| {
            weight(b)
                .total_cmp(&weight(a))
                .then(a.position.cmp(&b.position))
                .then(a.mention.start.cmp(&b.mention.start))
        };
        if order.len() > LOOKED_AT {
            order.select_nth_unstable_by(LOOKED_AT, by_weight);
            order.truncate(LOOKED_AT);
        }
        order.sort_by(by_weight);
        let found = best(&order, &chosen, settings, Some(quoted))
            .or_else(|| best(&order, &chosen, settings, None));
        let Some((position, quote)) = found else {
            break;
        };
        quoted.insert(position);
        chosen.push(quote);
    }
    chosen
}

/// The first readable candidate that repeats nobody; failing that, the first short one.
fn best<'a>(
    order: &[&Candidate<'a>],
    chosen: &[Quote<'a>],
    settings: &Settings,
    quoted: Option<&BTreeSet<u32>>,
) -> Option<(u32, Quote<'a>)> {
    let mut short = None;
    for candidate in order {
        if quoted.is_some_and(|quoted| quoted.contains(&candidate.position)) {
            continue;
        }
        if chosen
            .iter()
            .any(|one| is_same_voice(one.record, candidate.record))
        {
            continue;
        }
        let quote = cut_out(candidate.record, candidate.mention, settings);
        if quote.evidence.is_empty() || chosen.iter().any(|one| says_the_same(one, &quote)) {
            continue;
        }
        if quote.shown().chars().count() >= settings.quote_shortest {
            return Some((candidate.position, quote));
        }
        short.get_or_insert((candidate.position, quote));
    }
    short
}

impl Quote<'_> {
    fn shown(&self) -> String {
        format!("{}{}{}", self.before, self.evidence, self.after)
    }
}

fn is_same_voice(a: &AnalyzedFeedback, b: &AnalyzedFeedback) -> bool {
    a.feedback.key == b.feedback.key
        || (a.feedback.customer.is_some() && a.feedback.customer == b.feedback.customer)
}

/// The clause alone counts too: the same complaint in two letters is one complaint to the reader.
fn says_the_same(a: &Quote, b: &Quote) -> bool {
    is_nearly_the_same(&a.evidence, &b.evidence) || is_nearly_the_same(&a.shown(), &b.shown())
}

fn is_nearly_the_same(a: &str, b: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    let common = a.intersection(&b).count() as f64;
    let all = a.union(&b).count() as f64;
    all == 0.0 || common / all >= NEARLY_THE_SAME
}

/// The clause in its sentence, or in as much of it as fits.
fn cut_out<'a>(
    record: &'a AnalyzedFeedback,
    mention: &ThemeMention,
    settings: &Settings,
) -> Quote<'a> {
    let (start, end) = (mention.start as usize, mention.end as usize);
    let [before, evidence, after] = around(&record.feedback.text, start, end, settings);
    Quote {
        record,
        start,
        end,
        before,
        evidence,
        after,
    }
}

/// A part of a text in its sentence, or in as much of it as fits: what comes before it, the part, what comes after; tamed. Empty where
/// the part is not in the text.
pub(super) fn around(text: &str, start: usize, end: usize, settings: &Settings) -> [String; 3] {
    if text.get(start..end).is_none() {
        return Default::default();
    }
    let (from, to) = sentence_around(text, start, end);
    let mut evidence = tame(&text[start..end]);
    let mut before = tame(&text[from..start]);
    let mut after = tame(&text[end..to]);
    let is_spaced = |left: &str, right: &str| {
        left.ends_with(char::is_whitespace) || right.starts_with(char::is_whitespace)
    };
    let space_before = is_spaced(&text[from..start], &text[start..end]);
    let space_after = is_spaced(&text[start..end], &text[end..to]);

    let length = |text: &str| text.chars().count();
    let room = settings.quote_longest;
    if length(&evidence) > room {
        evidence = keep_start(&evidence, room);
        before.clear();
        after.clear();
    } else {
        // What precedes explains better than what follows; it may take two thirds of the room that is left.
        let left = room - length(&evidence);
        let share = left.saturating_sub(length(&after)).max(left * 2 / 3);
        if length(&before) > share {
            before = keep_end(&before, share);
        }
        let left = left.saturating_sub(length(&before));
        if length(&after) > left {
            after = keep_start(&after, left);
        }
    }
    if !before.is_empty() && space_before {
        before.push(' ');
    }
    if !after.is_empty() && space_after {
        after.insert(0, ' ');
    }
    [before, evidence, after]
}

/// Bytes of the sentence the clause stands in: from after the last line break or end mark to the next one, that mark included.
fn sentence_around(text: &str, start: usize, end: usize) -> (usize, usize) {
    let mut from = 0;
    let mut characters = text[..start].char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let next = index + character.len_utf8();
        let is_followed_by_space = characters
            .peek()
            .map_or(text[start..].chars().next(), |(_, next)| Some(*next));
        if character == '\n'
            || (is_end_mark(character) && is_followed_by_space.is_none_or(char::is_whitespace))
        {
            from = next;
        }
    }
    // The clause may carry its own end mark.
    if text[..end].ends_with(is_end_mark) {
        return (from, end);
    }
    let mut to = text.len();
    let mut characters = text[end..].char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        if character == '\n' {
            to = end + index;
            break;
        }
        let is_run_over = characters
            .peek()
            .is_none_or(|(_, next)| next.is_whitespace());
        if is_end_mark(character) && is_run_over {
            to = end + index + character.len_utf8();
            break;
        }
    }
    (from, to)
}

fn is_end_mark(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…')
}

/// The first words within `room` characters, "…" included; a word longer than that is cut.
fn keep_start(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    if room < 2 {
        return String::new();
    }
    let limit = byte_of(text, room - 1);
    let kept = if text[limit..].starts_with(char::is_whitespace) {
        &text[..limit]
    } else {
        text[..limit]
            .rfind(char::is_whitespace)
            .map_or(&text[..limit], |space| &text[..space])
    };
    format!("{}…", kept.trim_end())
}

/// The last words within `room` characters, "…" included; a word longer than that is cut.
fn keep_end(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    if room < 2 {
        return String::new();
    }
    let limit = byte_of(text, length - (room - 1));
    let kept = if text[..limit].ends_with(char::is_whitespace) {
        &text[limit..]
    } else {
        text[limit..]
            .find(char::is_whitespace)
            .map_or(&text[limit..], |space| &text[limit + space..])
    };
    format!("…{}", kept.trim_start())
}

fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_sentence(text: &str, clause: &str, expected: &str) {
        let start = text.find(clause).unwrap();
        let (from, to) = sentence_around(text, start, start + clause.len());
        assert_eq!(text[from..to].trim(), expected);
    }

    #[test]
    fn a_clause_brings_its_sentence() {
        check_sentence(
            "Hello. The parcel came late, sadly. Bye.",
            "came late",
            "The parcel came late, sadly.",
        );
        check_sentence("The parcel came late", "late", "The parcel came late");
        check_sentence(
            "Title\nThe app v2.1 crashes! Again.",
            "crashes",
            "The app v2.1 crashes!",
        );
        check_sentence("Late!!! Never again.", "Never again.", "Never again.");
        check_sentence("Reçu cassé… déçu", "déçu", "déçu");
        check_sentence("one\ntwo three\nfour", "two", "two three");
    }

    #[test]
    fn cuts_fall_between_words() {
        assert_eq!(keep_start("the parcel came late", 12), "the parcel…");
        assert_eq!(keep_start("the parcel", 20), "the parcel");
        assert_eq!(keep_start("unbreakable", 5), "unbr…");
        assert_eq!(keep_end("the parcel came late", 12), "…came late");
        assert_eq!(keep_end("the parcel", 1), "");
        for room in 0..30 {
            for text in ["the parcel came late", "é à ç ù", "x"] {
                assert!(keep_start(text, room).chars().count() <= room);
                assert!(keep_end(text, room).chars().count() <= room);
            }
        }
    }

    #[test]
    fn the_same_words_are_nearly_the_same() {
        assert!(is_nearly_the_same(
            "The parcel was late!",
            "the PARCEL was late"
        ));
        assert!(!is_nearly_the_same(
            "The parcel was late",
            "Nobody answers the phone"
        ));
        assert!(is_nearly_the_same("", "!"));
    }
}
