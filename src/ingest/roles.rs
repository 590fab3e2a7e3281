//! Which column is what: guessed from names and content, overridden by a mapping.

use super::{
    dates::{self, Reading},
    mapping::Mapping,
    names, numbers,
    vocabulary::{Speaker, Vocabulary},
};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::xxh3_64;

/// Why a title is read as the text.
pub(super) const ONLY_TITLE: &str = "no other column holds words";

/// What a column is to a piece of feedback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The customer's words.
    Text,
    /// A title over the words.
    Title,
    /// When it was given.
    Date,
    /// The hour, where the date has none.
    Time,
    /// Stars or marks.
    Rating,
    /// The best rating there is, row by row.
    RatingMax,
    /// "Would you recommend us", 0 to 10.
    Nps,
    /// "How satisfied are you".
    Csat,
    /// Names the record for good.
    Id,
    /// Who gave it.
    Customer,
    /// How it reached the company.
    Channel,
    /// What it is about.
    Product,
    /// The language the source says it is in; kept as a column.
    Language,
    /// Who speaks in this row: rows of agents are left out.
    Speaker,
    /// A conversation: an array of turns in a JSON record.
    Turns,
    /// Dropped: not kept with the record either.
    Ignore,
    /// Kept with the record, without a role.
    Keep,
}

impl Role {
    /// Every role, in the order of their declaration.
    pub const ALL: [Role; 17] = [
        Role::Text,
        Role::Title,
        Role::Date,
        Role::Time,
        Role::Rating,
        Role::RatingMax,
        Role::Nps,
        Role::Csat,
        Role::Id,
        Role::Customer,
        Role::Channel,
        Role::Product,
        Role::Language,
        Role::Speaker,
        Role::Turns,
        Role::Ignore,
        Role::Keep,
    ];

    /// The name people write in a mapping file and read in an inspection.
    pub fn name(self) -> &'static str {
        match self {
            Role::Text => "text",
            Role::Title => "title",
            Role::Date => "date",
            Role::Time => "time",
            Role::Rating => "rating",
            Role::RatingMax => "rating_max",
            Role::Nps => "nps",
            Role::Csat => "csat",
            Role::Id => "id",
            Role::Customer => "customer",
            Role::Channel => "channel",
            Role::Product => "product",
            Role::Language => "language",
            Role::Speaker => "speaker",
            Role::Turns => "turns",
            Role::Ignore => "ignore",
            Role::Keep => "keep",
        }
    }

    /// The role of a name.
    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// True for roles only one column of a file can have.
    pub fn is_single(self) -> bool {
        !matches!(self, Role::Ignore | Role::Keep)
    }

    /// Names of all roles, for messages.
    pub(super) fn all_names() -> String {
        Role::ALL.map(Role::name).join(", ")
    }
}

/// The first rows of a file, column by column.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// In the order of the file.
    pub columns: Vec<SampledColumn>,
    /// Rows sampled.
    pub rows: usize,
}

/// One column of a sample.
#[derive(Debug, Default)]
pub(super) struct SampledColumn {
    /// As the file names it.
    pub name: String,
    /// One a row; empty where the row says nothing. May end early: the rest is empty.
    pub cells: Vec<Box<str>>,
    /// Rows in which the column holds an array of turns with words in them.
    pub turns: usize,
}

/// The role of a column and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    pub role: Role,
    pub why: String,
    /// True when the name says one thing and the content another, so that a person should look.
    pub is_doubtful: bool,
}

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

/// What the cells of a column look like. Shares are of the filled cells, 0 to 1.
#[derive(Debug, Default)]
struct Facts {
    plain: String,
    last_part: Option<String>,
    filled: usize,
    distinct: usize,
    /// Letters of a cell, averaged over all rows.
    letters: f64,
    /// Words of a filled cell, on average.
    words: f64,
    mean_bytes: f64,
    lettered: f64,
    links: f64,
    dates: f64,
    bare_numbers: f64,
    hours_in_dates: f64,
    times: f64,
    marks: f64,
    integers: f64,
    lowest: f64,
    highest: f64,
    known_speakers: f64,
    /// Cells that end in the same two words as most others do.
    common_end: f64,
}

/// Gives every column its role, in the order of the sample.
///
/// A role goes to one column at most. An empty sample is judged by names alone.
pub(super) fn guess(
    sample: &Sample,
    mapping: &Mapping,
    vocabulary: &Vocabulary,
    zone: &TimeZone,
) -> Vec<Guess> {
    let facts: Vec<Facts> = sample
        .columns
        .iter()
        .map(|column| facts(column, sample.rows, vocabulary, zone))
        .collect();
    let mut guesses = Guesses {
        facts: &facts,
        sample,
        vocabulary,
        given: vec![None; facts.len()],
    };
    guesses.take_mapping(mapping);
    guesses.take_turns();
    guesses.take_speaker();
    guesses.take_id();
    guesses.take_dates();
    guesses.take_marks();
    guesses.take_words();
    guesses.take_labels();
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

impl Facts {
    /// True when such a share of the filled cells is enough for a role: four in five, or all but one of a few.
    fn are_mostly(&self, share: f64) -> bool {
        let others = (1.0 - share) * self.filled as f64;
        self.filled > 0 && (share >= 0.8 || self.filled >= 3 && others < 1.5)
    }
}

impl Guesses<'_> {
    fn take_mapping(&mut self, mapping: &Mapping) {
        for (column, role) in &mapping.columns {
            let plain = self.vocabulary.plain(column);
            if let Some(at) = self.facts.iter().position(|facts| facts.plain == plain) {
                self.give(at, *role, "the mapping says so".to_owned());
            }
        }
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
                    super::record::opens_with(cell(&column[text], row), cell(&column[at], row))
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
    }

    /// What keeps a column from the role of its name, where the role is free and part of the cells would fit.
    fn doubt(&self, at: usize) -> Option<String> {
        let facts = &self.facts[at];
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

fn facts(column: &SampledColumn, rows: usize, vocabulary: &Vocabulary, zone: &TimeZone) -> Facts {
    let plain = vocabulary.plain(&column.name);
    let last_part = column
        .name
        .rsplit_once('.')
        .map(|(_, last)| vocabulary.plain(last));
    let mut counts = Facts {
        lowest: f64::INFINITY,
        highest: f64::NEG_INFINITY,
        ..Facts::default()
    };
    let mut seen = BTreeSet::new();
    let mut letters = 0;
    let mut ends: BTreeMap<[&str; 2], usize> = BTreeMap::new();
    for cell in column
        .cells
        .iter()
        .map(|cell| vocabulary.filled(cell))
        .filter(|cell| !cell.is_empty())
    {
        counts.filled += 1;
        seen.insert(cell);
        // Long texts are judged by their beginning.
        let cell_letters = cell
            .chars()
            .take(4000)
            .filter(|c| c.is_alphabetic())
            .count();
        letters += cell_letters;
        counts.mean_bytes += cell.len() as f64;
        counts.words += cell
            .split_whitespace()
            .take(400)
            .filter(|word| word.contains(char::is_alphabetic))
            .count() as f64;
        counts.lettered += f64::from(u8::from(cell_letters > 0));
        counts.links += f64::from(u8::from(
            cell.starts_with("http://") || cell.starts_with("https://") || cell.starts_with("www."),
        ));
        let mut from_end = cell.rsplitn(3, ' ');
        if let (Some(last), Some(before), Some(_)) =
            (from_end.next(), from_end.next(), from_end.next())
        {
            *ends.entry([before, last]).or_default() += 1;
        }
        match dates::read(cell, vocabulary, zone) {
            Reading::Unreadable => {}
            reading => {
                counts.dates += 1.0;
                counts.bare_numbers += f64::from(u8::from(dates::is_bare_number(cell)));
                let has_hours = match reading {
                    Reading::Moment(moment) => moment.has_time,
                    Reading::Numeric(numeric) => numeric.has_hours(),
                    _ => false,
                };
                counts.hours_in_dates += f64::from(u8::from(has_hours));
            }
        }
        counts.times += f64::from(u8::from(dates::read_time(cell).is_some()));
        if let Some(mark) = numbers::mark(cell, vocabulary) {
            counts.marks += 1.0;
            counts.integers += f64::from(u8::from(mark.value.fract() == 0.0));
            counts.lowest = counts.lowest.min(mark.value);
            counts.highest = counts.highest.max(mark.value);
        }
        let is_yes_or_no = ["true", "false", "yes", "no", "oui", "non", "0", "1"]
            .iter()
            .any(|word| cell.eq_ignore_ascii_case(word));
        let speaks = &vocabulary.speaker;
        let is_flag =
            speaks.true_is_customer.contains(&plain) || speaks.true_is_agent.contains(&plain);
        let is_known = if is_flag {
            is_yes_or_no
        } else {
            vocabulary.speaker(cell) != Speaker::Unknown
        };
        counts.known_speakers += f64::from(u8::from(is_known));
    }
    let filled = counts.filled.max(1) as f64;
    for share in [
        &mut counts.mean_bytes,
        &mut counts.words,
        &mut counts.lettered,
        &mut counts.links,
        &mut counts.dates,
        &mut counts.bare_numbers,
        &mut counts.hours_in_dates,
        &mut counts.times,
        &mut counts.marks,
        &mut counts.integers,
        &mut counts.known_speakers,
    ] {
        *share /= filled;
    }
    Facts {
        plain,
        last_part,
        distinct: seen.len(),
        letters: letters as f64 / rows.max(1) as f64,
        common_end: ends
            .values()
            .max()
            .map_or(0.0, |most| *most as f64 / filled),
        ..counts
    }
}

fn cell(column: &SampledColumn, row: usize) -> &str {
    column.cells.get(row).map_or("", |cell| cell)
}

fn row_hash(sample: &Sample, row: usize) -> u64 {
    let mut joined = String::new();
    for column in &sample.columns {
        joined.push_str(cell(column, row));
        joined.push('\u{1f}');
    }
    xxh3_64(joined.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let zone = TimeZone::get("Europe/Paris").expect("the time zone database is embedded");
        guess(&sample, &Mapping::default(), &Vocabulary::embedded(), &zone)
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
