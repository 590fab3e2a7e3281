//! The role of each column, guessed from its name and its cells.

use super::{
    Guess, Role, Sample,
    facts::{Facts, cell, facts, row_hash},
};
use crate::ingest::{
    dates::Zones, mapping::Mapping, names, numbers, sources::Source, vocabulary::Vocabulary,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why a title is read as the text.
pub(in crate::ingest) const ONLY_TITLE: &str = "no other column holds words";

/// How well a name fits a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Nothing in the name speaks for it; the content alone may.
    Content,
    /// The name holds a word of the role.
    Word,
    /// The last part of a nested name is one of the role's names.
    LastPart,
    /// The name is one of the role's names.
    Exact,
}

/// Gives every column its role, in the order of the sample.
///
/// A role goes to one column at most. An empty sample is judged by names alone.
pub(in crate::ingest) fn guess(
    sample: &Sample,
    mapping: &Mapping,
    source: Option<&Source>,
    vocabulary: &Vocabulary,
    zones: &Zones,
) -> Vec<Guess> {
    let facts: Vec<Facts> = sample
        .columns
        .iter()
        .map(|column| facts(column, sample.rows, vocabulary, zones))
        .collect();
    let mut guesses = Guesses {
        facts: &facts,
        sample,
        vocabulary,
        given: vec![None; facts.len()],
    };
    guesses.take_mapping(mapping);
    if let Some(source) = source {
        guesses.take_source(source);
    }
    if source.is_none_or(|source| source.guesses_others) {
        guesses.take_turns();
        guesses.take_speaker();
        guesses.take_id();
        guesses.take_conversation();
        guesses.take_dates();
        guesses.take_delays();
        guesses.take_marks();
        if source.is_some_and(|source| source.joins_answers) && !guesses.is_taken(Role::Text) {
            guesses.take_answers();
        }
        guesses.take_words();
        guesses.take_labels();
    }
    guesses.take_title_for_words();
    let doubts: Vec<Option<String>> = (0..facts.len()).map(|at| guesses.doubt(at)).collect();
    let keep = |doubt: Option<String>| Guess {
        role: Role::Keep,
        is_doubtful: doubt.is_some(),
        why: doubt.unwrap_or_else(|| "kept with the record".to_owned()),
    };
    guesses
        .given
        .into_iter()
        .zip(doubts)
        .map(|(given, doubt)| given.unwrap_or_else(|| keep(doubt)))
        .collect()
}

struct Guesses<'a> {
    facts: &'a [Facts],
    sample: &'a Sample,
    vocabulary: &'a Vocabulary,
    given: Vec<Option<Guess>>,
}

impl Guesses<'_> {
    fn take_mapping(&mut self, mapping: &Mapping) {
        for column in &mapping.columns {
            let plain = self.vocabulary.plain(&column.name);
            let Some(at) = self.facts.iter().position(|facts| facts.plain == plain) else {
                continue;
            };
            let why = "the mapping says so".to_owned();
            match column.role {
                // Columns of answers are one text, in the order of the file.
                Role::Text => {
                    self.given[at] = Some(Guess {
                        role: Role::Text,
                        why,
                        is_doubtful: false,
                    });
                }
                role => self.give(at, role, why),
            }
        }
    }

    /// Columns as their source has them. Of several for one role the first that is filled takes it.
    fn take_source(&mut self, source: &Source) {
        let why = || format!("{} calls it so", source.name);
        let mut places: Vec<(usize, Role)> = source
            .columns
            .iter()
            .filter_map(|(name, role)| {
                let plain = self.vocabulary.plain(name);
                let at = self.facts.iter().position(|facts| facts.plain == plain)?;
                Some((at, *role))
            })
            .collect();
        places.sort_by_key(|(at, _)| self.facts[*at].filled == 0);
        for (at, role) in &places {
            self.give(*at, *role, why());
        }
        // What lost its role to another column is not guessed into a third one.
        for (at, _) in places {
            self.give(at, Role::Keep, why());
        }
    }

    /// Rows of one conversation: named like one, and with a name that rows share.
    fn take_conversation(&mut self) {
        let best = self.best(Role::Conversation, Fit::LastPart, |facts| facts.filled > 0);
        self.give_best(best, Role::Conversation, |facts| {
            format!("{} names for {} rows", facts.distinct, facts.filled)
        });
        let best = self.best(Role::ReplyTo, Fit::LastPart, |facts| facts.filled > 0);
        self.give_best(best, Role::ReplyTo, |facts| {
            format!("{} rows answer another", facts.filled)
        });
    }

    /// When something was done about it, or how long that took.
    fn take_delays(&mut self) {
        for role in [Role::FirstReply, Role::Resolved, Role::Closed] {
            let best = (0..self.facts.len())
                .filter(|&at| self.given[at].is_none() && self.facts[at].filled > 0)
                .filter_map(|at| self.fit(at, role).map(|fit| (fit, at)))
                .filter(|&(fit, at)| fit >= Fit::Word && self.is_delay(at))
                .min_by_key(|&(fit, at)| (std::cmp::Reverse(fit), at));
            self.give_best(best, role, |facts| {
                format!("{} rows say when or how long", facts.filled)
            });
        }
    }

    /// True for dates, for durations, and for numbers under a name that holds their unit.
    fn is_delay(&self, at: usize) -> bool {
        let facts = &self.facts[at];
        let unit = self.vocabulary.unit_in(&facts.plain);
        let read = self.sample.columns[at]
            .cells
            .iter()
            .map(|cell| self.vocabulary.filled(cell))
            .filter(|cell| !cell.is_empty())
            .filter(|cell| numbers::duration(cell, unit, self.vocabulary).is_some())
            .count();
        facts.are_mostly(facts.dates) && facts.bare_numbers < 0.5
            || facts.are_mostly(read as f64 / facts.filled.max(1) as f64)
    }

    fn take_turns(&mut self) {
        let most = (0..self.sample.columns.len())
            .filter(|&at| self.sample.columns[at].turns > 0)
            .max_by_key(|&at| (self.sample.columns[at].turns, std::cmp::Reverse(at)));
        if let Some(at) = most {
            self.give(at, Role::Turns, "an array of turns".to_owned());
        }
    }

    fn take_speaker(&mut self) {
        let best = self.best(Role::Speaker, Fit::LastPart, |facts| {
            facts.filled > 0 && facts.known_speakers >= 0.8
        });
        self.give_best(best, Role::Speaker, |facts| {
            format!(
                "{:.0} % of cells name a kind of speaker",
                100.0 * facts.known_speakers
            )
        });
    }

    fn take_id(&mut self) {
        if self.is_taken(Role::Id) {
            return;
        }
        let names = &self.vocabulary.id;
        let never = self
            .vocabulary
            .role(Role::Id.name())
            .map_or(&[][..], |names| &names.never);
        let mut candidates: Vec<(usize, usize)> = Vec::new();
        for (at, facts) in self.facts.iter().enumerate() {
            if self.given[at].is_some()
                || never
                    .iter()
                    .any(|phrase| names::holds(&facts.plain, phrase))
            {
                continue;
            }
            let holds =
                |words: &[String]| words.iter().any(|word| names::holds(&facts.plain, word));
            let of_customers = self.fit(at, Role::Customer) == Some(Fit::Exact);
            match self.exact_rank(&facts.plain, Role::Id) {
                Some(rank) => candidates.push((rank, at)),
                None if !of_customers && holds(&names.id_words) && holds(&names.record_words) => {
                    candidates.push((usize::MAX, at));
                }
                None => {}
            }
        }
        candidates.sort_unstable();
        if let Some(&(_, at)) = candidates.iter().find(|&&(_, at)| self.is_unique(at)) {
            self.give(
                at,
                Role::Id,
                "named like an id, filled, and no two rows share one".to_owned(),
            );
        }
    }

    /// True when almost every row has a value and no two different rows share one. Rows exported twice may.
    fn is_unique(&self, at: usize) -> bool {
        let facts = &self.facts[at];
        if self.sample.rows > 0 && (facts.filled as f64) < 0.95 * self.sample.rows as f64 {
            return false;
        }
        let mut rows_by_id: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for row in 0..self.sample.rows {
            let cell = cell(&self.sample.columns[at], row);
            if !cell.is_empty() {
                rows_by_id
                    .entry(cell)
                    .or_default()
                    .insert(row_hash(self.sample, row));
            }
        }
        rows_by_id.values().all(|rows| rows.len() == 1)
    }

    fn take_dates(&mut self) {
        let is_date = |facts: &Facts, fit: Fit| {
            let enough = facts.filled == 0 && fit == Fit::Exact || facts.are_mostly(facts.dates);
            enough && (fit > Fit::Content || facts.bare_numbers < 0.5)
        };
        let best = self.best_with_fit(Role::Date, Fit::Content, is_date);
        self.give_best(best, Role::Date, |facts| {
            format!("{:.0} % of cells are dates", 100.0 * facts.dates)
        });
        let has_hours = self
            .holder(Role::Date)
            .is_none_or(|at| self.facts[at].hours_in_dates >= 0.5);
        if !has_hours {
            let best = self.best(Role::Time, Fit::Exact, |facts| {
                facts.filled > 0 && facts.times >= 0.8
            });
            self.give_best(best, Role::Time, |facts| {
                format!(
                    "{:.0} % of cells are hours, and the date has none",
                    100.0 * facts.times
                )
            });
        }
    }

    fn take_marks(&mut self) {
        let is_mark = |facts: &Facts, fit: Fit| {
            facts.filled == 0 && fit == Fit::Exact
                || facts.are_mostly(facts.marks) && facts.lowest >= 0.0 && facts.highest <= 100.0
        };
        let best = self.best_with_fit(Role::Nps, Fit::Word, |facts, fit| {
            let named = names::holds(&facts.plain, "nps");
            // Yes/no answers to "would you recommend" are not answers from 0 to 10.
            let in_range = facts.are_mostly(facts.marks)
                && facts.are_mostly(facts.integers)
                && facts.lowest >= 0.0
                && (named && facts.highest <= 100.0
                    || facts.highest <= 10.0 && facts.highest > 5.0);
            in_range || facts.filled == 0 && fit == Fit::Exact
        });
        self.give_best(best, Role::Nps, |_| {
            "whole numbers from 0 to 10 under such a name".to_owned()
        });
        let best = self.best_with_fit(Role::Csat, Fit::Word, is_mark);
        self.give_best(best, Role::Csat, marks_reason);
        let best = self.best(Role::RatingMax, Fit::Exact, |facts| {
            facts.filled > 0 && facts.marks >= 0.8
        });
        self.give_best(best, Role::RatingMax, |_| {
            "the best mark, row by row".to_owned()
        });
        let exact = self.best_with_fit(Role::Rating, Fit::LastPart, |facts, fit| {
            is_mark(facts, fit) && is_varied(facts)
        });
        let best = exact.or_else(|| {
            // Among several sub-ratings none speaks for the whole.
            let is_word = |at: &usize| {
                self.fit(*at, Role::Rating) == Some(Fit::Word)
                    && is_mark(&self.facts[*at], Fit::Word)
            };
            let mut words = (0..self.facts.len())
                .filter(|at| self.given[*at].is_none())
                .filter(is_word);
            match (words.next(), words.next()) {
                (Some(only), None) => Some((Fit::Word, only)),
                _ => None,
            }
        });
        self.give_best(best, Role::Rating, marks_reason);
    }

    /// Every column of open answers of a survey is text. Questions are whole sentences, in which the words that keep a
    /// column's name from being the text mean nothing: "What could our staff do better?"
    fn take_answers(&mut self) {
        let is_open = |at: usize| {
            let facts = &self.facts[at];
            let fit = self.fit(at, Role::Text);
            let is_question = facts.plain.split(' ').count() >= 4;
            // Answers to choose from come again and again.
            let is_own = facts.filled > 0 && facts.distinct * 2 > facts.filled;
            // Of a few answers two words may as well be choices; where the name speaks against text, a person's name.
            let words = match fit {
                Some(Fit::Word | Fit::LastPart | Fit::Exact) => 1.5,
                Some(Fit::Content) if facts.filled >= 20 => 2.0,
                _ => 4.0,
            };
            let is_worded = facts.lettered >= 0.5 && facts.words >= words;
            let is_other = facts.dates >= 0.5 || facts.links >= 0.5 || facts.marks >= 0.5;
            (is_question || fit.is_some()) && is_own && is_worded && !is_other
        };
        let open: Vec<usize> = (0..self.facts.len())
            .filter(|&at| self.given[at].is_none() && is_open(at))
            .collect();
        for at in open {
            let facts = &self.facts[at];
            self.given[at] = Some(Guess {
                role: Role::Text,
                why: format!("open answers; {:.0} words a cell", facts.words),
                is_doubtful: false,
            });
        }
    }

    fn take_words(&mut self) {
        let is_wordy = |facts: &Facts| {
            facts.lettered >= 0.5 && facts.dates < 0.5 && facts.links < 0.5 && facts.marks < 0.5
        };
        let fits = |facts: &Facts, fit: Fit| match fit {
            Fit::Exact | Fit::LastPart => facts.filled == 0 || is_wordy(facts),
            Fit::Word => facts.filled > 0 && is_wordy(facts) && facts.words >= 1.5,
            Fit::Content => {
                facts.filled > 0
                    && is_wordy(facts)
                    && facts.words >= 4.0
                    && facts.distinct * 2 >= facts.filled
                    && facts.filled >= 2
            }
        };
        if !self.is_taken(Role::Text) {
            // Beside a conversation only a column that is named for it holds the customer's words.
            let least = if self.is_taken(Role::Turns) {
                Fit::LastPart
            } else {
                Fit::Content
            };
            // Names first, then length: a column called "comment" goes before a longer one called otherwise.
            let best = (0..self.facts.len())
                .filter(|&at| self.given[at].is_none())
                .filter_map(|at| self.fit(at, Role::Text).map(|fit| (fit, at)))
                .filter(|&(fit, at)| fit >= least && fits(&self.facts[at], fit))
                .max_by(|&(fit_a, a), &(fit_b, b)| {
                    let weight = |at: usize| self.facts[at].letters * self.facts[at].words.min(8.0);
                    let group = |fit: Fit| fit.min(Fit::LastPart);
                    (group(fit_a).cmp(&group(fit_b)))
                        .then(weight(a).total_cmp(&weight(b)))
                        .then(fit_a.cmp(&fit_b))
                        .then(b.cmp(&a))
                });
            self.give_best(best, Role::Text, |facts| {
                format!(
                    "{:.0} words a cell, {:.0} letters a row",
                    facts.words, facts.letters
                )
            });
        }
        let is_title = |facts: &Facts| {
            // The same few titles everywhere are a form's categories, or the site's own words.
            let is_own = facts.filled < 20
                || facts.common_end < 0.8
                    && (facts.filled < 200 || facts.distinct * 20 >= facts.filled);
            facts.filled == 0 || is_wordy(facts) && is_own
        };
        let best = self.best(Role::Title, Fit::LastPart, is_title);
        self.give_best(best, Role::Title, |facts| {
            format!("{:.0} words a cell", facts.words)
        });
        self.take_title_by_content(is_wordy);
    }

    /// Where nothing else holds words, a title is all that was said.
    fn take_title_for_words(&mut self) {
        let has_words = self.is_taken(Role::Text) || self.is_taken(Role::Turns);
        if let (false, Some(title)) = (has_words, self.holder(Role::Title)) {
            self.given[title] = Some(Guess {
                role: Role::Text,
                why: ONLY_TITLE.to_owned(),
                is_doubtful: false,
            });
        }
    }

    /// A column that the text often begins with is its title, whatever its name.
    fn take_title_by_content(&mut self, is_wordy: impl Fn(&Facts) -> bool) {
        let (false, Some(text)) = (self.is_taken(Role::Title), self.holder(Role::Text)) else {
            return;
        };
        let column = &self.sample.columns;
        let found = (0..self.facts.len()).find(|&at| {
            let facts = &self.facts[at];
            let is_candidate = self.given[at].is_none()
                && is_wordy(facts)
                && facts.filled >= 5
                && facts.common_end < 0.8
                && facts.letters < self.facts[text].letters
                && facts.distinct * 2 >= facts.filled;
            let opens = || {
                let filled = (0..self.sample.rows).filter(|&row| cell(&column[at], row).len() >= 3);
                let begins = filled.filter(|&row| {
                    crate::ingest::record::opens_with(
                        cell(&column[text], row),
                        cell(&column[at], row),
                    )
                });
                begins.count() * 10 >= facts.filled
            };
            is_candidate && opens()
        });
        if let Some(at) = found {
            self.give(at, Role::Title, "the text often begins with it".to_owned());
        }
    }

    fn take_labels(&mut self) {
        let short = |facts: &Facts, most: f64| facts.mean_bytes <= most && facts.dates < 0.5;
        let name_only = |_: &Facts| "by its name".to_owned();
        let best = self.best(Role::Customer, Fit::LastPart, |facts| short(facts, 80.0));
        self.give_best(best, Role::Customer, name_only);
        let best = self.best(Role::Channel, Fit::Word, |facts| {
            short(facts, 60.0)
                && facts.links < 0.5
                && (facts.distinct <= 50 || facts.distinct * 10 <= facts.filled)
        });
        self.give_best(best, Role::Channel, name_only);
        let best = self.best(Role::Product, Fit::LastPart, |facts| {
            short(facts, 120.0) && facts.links < 0.5
        });
        self.give_best(best, Role::Product, name_only);
        let best = self.best(Role::Language, Fit::LastPart, |facts| short(facts, 12.0));
        self.give_best(best, Role::Language, name_only);
        for role in [Role::Status, Role::Segment] {
            let best = self.best(role, Fit::LastPart, |facts| {
                short(facts, 60.0) && facts.distinct <= 50
            });
            self.give_best(best, role, name_only);
        }
        let best = self.best(Role::Revenue, Fit::LastPart, |facts| {
            facts.are_mostly(facts.amounts)
        });
        self.give_best(best, Role::Revenue, name_only);
    }

    /// What keeps a column from the role of its name, where the role is free and part of the cells would fit.
    fn doubt(&self, at: usize) -> Option<String> {
        let facts = &self.facts[at];
        let is_effort = !self.is_taken(Role::Ces)
            && self.fit(at, Role::Ces) >= Some(Fit::Word)
            && facts.are_mostly(facts.marks);
        if is_effort {
            return Some(
                "named like an effort score, and only you know which end is good (role ces with high_is)"
                    .to_owned(),
            );
        }
        [Role::Date, Role::Rating, Role::Nps, Role::Csat]
            .into_iter()
            .find_map(|role| {
                let share = if role == Role::Date {
                    facts.dates
                } else {
                    facts.marks
                };
                let is_doubtful = !self.is_taken(role)
                    && self.fit(at, role) == Some(Fit::Exact)
                    && (0.2..0.8).contains(&share);
                is_doubtful.then(|| {
                    format!(
                        "named like {}, but only {:.0} % of its cells are",
                        role.name(),
                        100.0 * share
                    )
                })
            })
    }

    fn give(&mut self, at: usize, role: Role, why: String) {
        let is_free = self.given[at].is_none() && !(role.is_single() && self.is_taken(role));
        if is_free {
            self.given[at] = Some(Guess {
                role,
                why,
                is_doubtful: false,
            });
        }
    }

    fn give_best(
        &mut self,
        best: Option<(Fit, usize)>,
        role: Role,
        content: impl Fn(&Facts) -> String,
    ) {
        if let Some((fit, at)) = best {
            let facts = &self.facts[at];
            let name = match fit {
                Fit::Exact | Fit::LastPart => "its name says so",
                Fit::Word => "a word of its name says so",
                Fit::Content => "its content says so",
            };
            let why = match facts.filled {
                0 => format!("{name}; no cell is filled in the first rows"),
                _ => match content(facts) {
                    same if same == "by its name" => name.to_owned(),
                    content => format!("{name}; {content}"),
                },
            };
            self.give(at, role, why);
        }
    }

    fn is_taken(&self, role: Role) -> bool {
        self.holder(role).is_some()
    }

    fn holder(&self, role: Role) -> Option<usize> {
        self.given
            .iter()
            .position(|given| given.as_ref().is_some_and(|guess| guess.role == role))
    }

    /// The free column whose name fits best, among those with at least `worst` and the right content.
    fn best(
        &self,
        role: Role,
        worst: Fit,
        content: impl Fn(&Facts) -> bool,
    ) -> Option<(Fit, usize)> {
        self.best_with_fit(role, worst, |facts, _| content(facts))
    }

    fn best_with_fit(
        &self,
        role: Role,
        worst: Fit,
        content: impl Fn(&Facts, Fit) -> bool,
    ) -> Option<(Fit, usize)> {
        if self.is_taken(role) {
            return None;
        }
        (0..self.facts.len())
            .filter(|&at| self.given[at].is_none())
            .filter_map(|at| self.fit(at, role).map(|fit| (fit, at)))
            .filter(|&(fit, at)| fit >= worst && content(&self.facts[at], fit))
            .min_by_key(|&(fit, at)| {
                let facts = &self.facts[at];
                let part = facts.last_part.as_deref().unwrap_or(&facts.plain);
                let rank = self
                    .exact_rank(&facts.plain, role)
                    .or_else(|| self.exact_rank(part, role));
                // An empty column gives way to a filled one with a lesser name.
                let is_empty = facts.filled == 0 && self.sample.rows > 0;
                (
                    is_empty,
                    std::cmp::Reverse(fit),
                    rank.unwrap_or(usize::MAX),
                    at,
                )
            })
    }

    /// How the name of a column fits a role; `None` when it forbids it.
    fn fit(&self, at: usize, role: Role) -> Option<Fit> {
        let facts = &self.facts[at];
        let Some(names) = self.vocabulary.role(role.name()) else {
            return Some(Fit::Content);
        };
        if names.exact.contains(&facts.plain) {
            return Some(Fit::Exact);
        }
        if names
            .never
            .iter()
            .any(|phrase| names::holds(&facts.plain, phrase))
        {
            return None;
        }
        if facts
            .last_part
            .as_ref()
            .is_some_and(|part| names.exact.contains(part))
        {
            return Some(Fit::LastPart);
        }
        if names
            .words
            .iter()
            .any(|phrase| names::holds(&facts.plain, phrase))
        {
            return Some(Fit::Word);
        }
        Some(Fit::Content)
    }

    fn exact_rank(&self, name: &str, role: Role) -> Option<usize> {
        let names = self.vocabulary.role(role.name())?;
        names.exact.iter().position(|known| known == name)
    }
}

/// One mark on every row measures nothing: "score" is then something else.
fn is_varied(facts: &Facts) -> bool {
    facts.filled < 20 || facts.distinct > 1
}

fn marks_reason(facts: &Facts) -> String {
    format!(
        "{:.0} % of cells are marks, from {} to {}",
        100.0 * facts.marks,
        facts.lowest,
        facts.highest
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::roles::SampledColumn;

    fn roles(names: &[&str], rows: &[&[&str]]) -> Vec<String> {
        let columns = names.iter().enumerate().map(|(i, name)| SampledColumn {
            name: (*name).to_owned(),
            cells: rows.iter().map(|row| Box::from(row[i])).collect(),
            ..SampledColumn::default()
        });
        let sample = Sample {
            columns: columns.collect(),
            rows: rows.len(),
        };
        guess(
            &sample,
            &Mapping::default(),
            None,
            Vocabulary::embedded(),
            &Zones::of(&jiff::tz::TimeZone::UTC),
        )
        .into_iter()
        .map(|guess| guess.role.name().to_owned())
        .collect()
    }

    #[track_caller]
    fn check(names: &[&str], rows: &[&[&str]], expected: &str) {
        assert_eq!(roles(names, rows).join(" "), expected);
    }

    #[test]
    fn french_and_english_columns_are_recognised() {
        check(
            &[
                "N° avis",
                "Date",
                "Magasin",
                "Note",
                "Titre",
                "Commentaire",
                "Client",
            ],
            &[
                &[
                    "BR-1",
                    "17/08/2026",
                    "Lyon",
                    "4,0",
                    "Parfait",
                    "Accueil parfait et rapide",
                    "C-1",
                ],
                &[
                    "BR-2",
                    "18/08/2026",
                    "Lille",
                    "1",
                    "Déçu",
                    "Trop d'attente en caisse",
                    "C-2",
                ],
            ],
            "id date product rating title text customer",
        );
        check(
            &[
                "Review ID",
                "Company",
                "Rating",
                "Language",
                "Review Time",
                "Title",
                "Text",
                "Reply",
            ],
            &[
                &[
                    "x1",
                    "Acme",
                    "1.0",
                    "en",
                    "2026-09-17T22:12:24.000Z",
                    "Bad",
                    "Very slow answer again",
                    "We are so very sorry to hear that, dear customer",
                ],
                &[
                    "x2",
                    "Acme",
                    "5.0",
                    "en",
                    "2026-09-18T22:12:24.000Z",
                    "Good",
                    "Quick and kind staff",
                    "",
                ],
            ],
            "id product rating language date title text keep",
        );
        check(
            &["response_id", "submitted_at", "nps", "comment", "country"],
            &[
                &["1", "2026-11-17 09:14", "9", "Lovely shop", "UK"],
                &["2", "2026-11-17 10:14", "0", "", "FR"],
            ],
            "id date nps text keep",
        );
    }

    #[test]
    fn words_of_agents_and_links_are_never_the_text() {
        check(
            &["reponse_entreprise", "review_url", "contenu"],
            &[
                &[
                    "Bonjour, merci mille fois pour votre message si gentil",
                    "https://example.com/a b c d e",
                    "Très bien",
                ],
                &[
                    "Bonjour, nous sommes désolés de cette attente en magasin",
                    "https://example.com/a b c d f",
                    "Trop lent",
                ],
            ],
            "keep keep text",
        );
    }

    #[test]
    fn the_longest_words_win_among_good_names() {
        check(
            &["texte", "titre", "text_full"],
            &[
                &[
                    "Écran noir au démarrage",
                    "Écran noir",
                    "Écran noir Écran noir au démarrage",
                ],
                &[
                    "Souris en panne ici",
                    "Souris",
                    "Souris Souris en panne ici",
                ],
            ],
            "text title keep",
        );
        check(
            &["Q1", "Q2"],
            &[
                &["oui", "Le livreur est arrivé très en retard"],
                &["non", "Rien à signaler, tout était parfait"],
            ],
            "keep text",
        );
    }

    #[test]
    fn a_title_is_known_by_what_the_text_begins_with() {
        let rows: Vec<[String; 2]> = (0..10)
            .map(|i| {
                [
                    format!("Commande {i} très…"),
                    format!("Commande {i} très lente à venir, dommage"),
                ]
            })
            .collect();
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.iter().map(String::as_str).collect())
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        check(&["opinion", "commentaire"], &rows, "title text");
    }

    #[test]
    fn a_title_the_site_wrote_is_none() {
        let rows: Vec<[String; 2]> = (0..30)
            .map(|i| {
                [
                    format!("Hôtel {i} avis client"),
                    format!("Chambre {i} propre et calme, personnel gentil"),
                ]
            })
            .collect();
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.iter().map(String::as_str).collect())
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        check(&["titre", "commentaire"], &rows, "keep text");
    }

    #[test]
    fn marks_must_be_marks_to_have_the_role() {
        check(&["note"], &[&["8"], &["10"], &["0"]], "rating");
        check(
            &["note", "recommandation"],
            &[&["8", "1"], &["10", "0"]],
            "rating keep",
        );
        check(&["recommandation"], &[&["8"], &["10"]], "nps");
        check(
            &["How likely are you to recommend us to a friend?"],
            &[&["8"], &["10"]],
            "nps",
        );
        check(&["score"], &[&["-2.5"], &["3"]], "keep");
        check(
            &["seat_rating", "food_rating"],
            &[&["3", "4"], &["1", "2"]],
            "keep keep",
        );
        check(
            &["csat", "score"],
            &[&["3", "4"], &["", "2"]],
            "csat rating",
        );
        check(&["satisfaction"], &[&["Good"], &["Bad"]], "keep");
    }

    #[test]
    fn an_id_is_named_like_one_and_unique() {
        check(
            &["id", "text"],
            &[&["1", "Très bon"], &["1", "Très lent"]],
            "keep text",
        );
        check(
            &["id", "text"],
            &[&["1", "Très bon"], &["1", "Très bon"]],
            "id text",
        );
        check(
            &["tweet_id", "in_reply_to_tweet_id"],
            &[&["1", "4"], &["2", "5"]],
            "id keep",
        );
        check(
            &["customer_id", "cle_retour_client"],
            &[&["1", "4"], &["2", "5"]],
            "customer id",
        );
        check(&["reference"], &[&["A1"], &["A2"]], "id");
        check(&["ville"], &[&["Lyon"], &["Lille"]], "keep");
    }

    #[test]
    fn a_date_without_hours_takes_them_from_another_column() {
        check(
            &["Date", "Time"],
            &[&["22-04-15", "3:53:50 PM"], &["04-08-15", "10:22:56 AM"]],
            "date time",
        );
        check(
            &["Date", "Time"],
            &[
                &["22/04/2015 10:00", "3:53:50 PM"],
                &["04/08/2015 11:00", "10:22:56 AM"],
            ],
            "date keep",
        );
        check(
            &["scraped_at", "le"],
            &[&["2026-01-02", "2026-01-01"], &["2026-01-02", "2026-01-01"]],
            "keep date",
        );
        check(&["ref_colis"], &[&["1503435956"], &["1503435957"]], "keep");
    }

    #[test]
    fn a_speaker_is_known_by_its_values() {
        check(
            &["inbound", "text"],
            &[&["True", "Où est mon colis"], &["False", "Bonjour à vous"]],
            "speaker text",
        );
        check(
            &["role", "text"],
            &[
                &["acheteur principal", "Où est mon colis"],
                &["mécène", "Bonjour à vous"],
            ],
            "keep text",
        );
    }
}
