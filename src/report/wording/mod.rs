//! Every sentence a reader sees, in each report language, and how that language writes numbers, days and plurals.

use crate::calendar::Week;
use jiff::civil::Date;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A language reports are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportLanguage {
    /// French.
    French,
    /// English.
    #[default]
    English,
}

/// The report languages and their wordings.
const ALL: [(ReportLanguage, &str); 2] = [
    (ReportLanguage::French, include_str!("fr.toml")),
    (ReportLanguage::English, include_str!("en.toml")),
];

impl ReportLanguage {
    /// ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            ReportLanguage::French => "fr",
            ReportLanguage::English => "en",
        }
    }
}

impl fmt::Display for ReportLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that names no report language.
#[derive(Debug, thiserror::Error)]
#[error("\"{0}\" is not a report language; write fr or en")]
pub struct NotAReportLanguage(String);

impl FromStr for ReportLanguage {
    type Err = NotAReportLanguage;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        ALL.iter()
            .map(|(language, _)| *language)
            .find(|language| language.code() == code)
            .ok_or_else(|| NotAReportLanguage(code.to_owned()))
    }
}

/// Between a number and what must not leave it: a narrow space that does not break.
const NARROW: char = '\u{202f}';
/// A full space that does not break.
const FIXED: char = '\u{a0}';
const MINUS: char = '−';

/// One language's sentences, by key.
pub(super) struct Words {
    pub language: ReportLanguage,
    texts: BTreeMap<String, String>,
    months: Vec<String>,
    months_long: Vec<String>,
}

impl Words {
    pub(super) fn of(language: ReportLanguage) -> Self {
        let (_, source) = ALL
            .iter()
            .find(|(one, _)| *one == language)
            .expect("ALL names every report language");
        let table: BTreeMap<String, BTreeMap<String, toml::Value>> =
            toml::from_str(source).expect("wordings are parsed by tests");
        let mut words = Words {
            language,
            texts: BTreeMap::new(),
            months: Vec::new(),
            months_long: Vec::new(),
        };
        for (section, entries) in table {
            for (name, value) in entries {
                match value {
                    toml::Value::String(text) => {
                        words
                            .texts
                            .insert(format!("{section}.{name}"), set_type(&text, language));
                    }
                    toml::Value::Array(months) => {
                        let names = match name.as_str() {
                            "months_long" => &mut words.months_long,
                            _ => &mut words.months,
                        };
                        let month = |month: &toml::Value| Some(month.as_str()?.to_owned());
                        names.extend(months.iter().filter_map(month));
                    }
                    _ => {}
                }
            }
        }
        words
    }

    fn template(&self, key: &str) -> &str {
        self.texts
            .get(key)
            .unwrap_or_else(|| panic!("wording {key} exists in every language, tests see to it"))
    }

    /// The sentence of `key`.
    pub(super) fn text(&self, key: &str) -> String {
        self.template(key).to_owned()
    }

    /// The sentence of `key` with `{name}` replaced. Replacements are never looked into.
    pub(super) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.template(key), values)
    }

    /// The sentence of `key` for `n` things, `{n}` being the number written out: `key_one` or `key_other`.
    pub(super) fn count(&self, key: &str, n: u64, values: &[(&str, &str)]) -> String {
        let is_one = match self.language {
            ReportLanguage::French => n <= 1,
            ReportLanguage::English => n == 1,
        };
        let written = self.integer(n);
        let mut all = vec![("n", written.as_str())];
        all.extend_from_slice(values);
        fill(
            self.template(&format!("{key}_{}", if is_one { "one" } else { "other" })),
            &all,
        )
    }

    /// `1,234` or `1 234`.
    pub(super) fn integer(&self, n: u64) -> String {
        self.grouped(&n.to_string())
    }

    /// A number with so many decimals: `−1,234.5` or `−1 234,5`.
    pub(super) fn decimal(&self, value: f64, decimals: usize) -> String {
        let written = format!("{:.decimals$}", value.abs());
        let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
        let is_zero = written.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let mut text = String::new();
        if value < 0.0 && !is_zero {
            text.push(MINUS);
        }
        text.push_str(&self.grouped(whole));
        if !part.is_empty() {
            text.push(match self.language {
                ReportLanguage::French => ',',
                ReportLanguage::English => '.',
            });
            text.push_str(part);
        }
        text
    }

    /// The same with `+` before numbers above 0, as they read once rounded.
    pub(super) fn signed(&self, value: f64, decimals: usize) -> String {
        let text = self.decimal(value, decimals);
        let is_zero = text
            .chars()
            .all(|character| matches!(character, '0' | '.' | ','));
        if value > 0.0 && !is_zero {
            format!("+{text}")
        } else {
            text
        }
    }

    /// A share 0–1: `12.4%` or `12,4 %`.
    pub(super) fn percent(&self, share: f64) -> String {
        self.with_percent_sign(self.decimal(100.0 * share, 1))
    }

    /// A share 0–1 that is a setting: `10%` or `10 %`.
    pub(super) fn percent_round(&self, share: f64) -> String {
        self.with_percent_sign(self.decimal(100.0 * share, 0))
    }

    fn with_percent_sign(&self, number: String) -> String {
        match self.language {
            ReportLanguage::French => format!("{number}{NARROW}%"),
            ReportLanguage::English => format!("{number}%"),
        }
    }

    fn grouped(&self, digits: &str) -> String {
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(match self.language {
                    ReportLanguage::French => NARROW,
                    ReportLanguage::English => ',',
                });
            }
            text.push(digit);
        }
        text
    }

    fn month(&self, date: Date) -> &str {
        self.months
            .get(usize::from(date.month().unsigned_abs()) - 1)
            .expect("wordings name twelve months, tests see to it")
    }

    /// `22 Nov 2026` or `1er déc. 2026`.
    pub(super) fn day(&self, date: Date) -> String {
        format!(
            "{}{FIXED}{}{FIXED}{}",
            self.day_number(date),
            self.month(date),
            date.year()
        )
    }

    fn day_number(&self, date: Date) -> String {
        match (self.language, date.day()) {
            (ReportLanguage::French, 1) => "1er".to_owned(),
            (_, day) => day.to_string(),
        }
    }

    /// `16–22 Nov 2026`, `30 Nov – 6 Dec 2026`, `28 Dec 2026 – 3 Jan 2027`; one day is that day.
    pub(super) fn days(&self, from: Date, to: Date) -> String {
        if from == to {
            return self.day(from);
        }
        let end = self.day(to);
        if from.year() != to.year() {
            format!("{} – {end}", self.day(from))
        } else if from.month() != to.month() {
            format!(
                "{}{FIXED}{} – {end}",
                self.day_number(from),
                self.month(from)
            )
        } else {
            format!("{}–{end}", self.day_number(from))
        }
    }

    /// A month in running text: `October 2026` or `octobre 2026`.
    pub(super) fn month_of_year(&self, year: i16, month: i8) -> String {
        let name = usize::try_from(month - 1).ok();
        let name = name.and_then(|month| self.months_long.get(month));
        let name = name.expect("wordings name twelve months, tests see to it");
        format!("{name}{FIXED}{year}")
    }

    /// A week in running text, lower case: `week 47 (16–22 Nov 2026)`.
    pub(super) fn week(&self, week: Week) -> String {
        self.say(
            "calendar.week",
            &[
                ("number", &week.number.to_string()),
                ("days", &self.days(week.monday(), week.sunday())),
            ],
        )
    }
}

/// A sentence set as a printer would: curved apostrophes, and in French spaces that do not break before `; : ! ? % »`.
fn set_type(text: &str, language: ReportLanguage) -> String {
    let text = text.replace('\'', "’");
    match language {
        ReportLanguage::English => text,
        ReportLanguage::French => [
            (" :", format!("{FIXED}:")),
            (" ;", format!("{NARROW};")),
            (" !", format!("{NARROW}!")),
            (" ?", format!("{NARROW}?")),
            (" %", format!("{NARROW}%")),
            ("« ", format!("«{FIXED}")),
            (" »", format!("{FIXED}»")),
        ]
        .iter()
        .fold(text, |text, (plain, set)| text.replace(plain, set)),
    }
}

/// Replaces each `{name}` once, left to right; a name without a value is left as it is.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) => {
                match values.iter().find(|(known, _)| *known == name) {
                    Some((_, value)) => text.push_str(value),
                    None => text.extend(["{", name, "}"]),
                }
                rest = tail;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect()
    }

    #[test]
    fn languages_have_the_same_keys_and_placeholders() {
        let (first, second) = (
            Words::of(ReportLanguage::French),
            Words::of(ReportLanguage::English),
        );
        let keys = |words: &Words| words.texts.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&first), keys(&second));
        for (key, text) in &first.texts {
            assert_eq!(
                placeholders(text),
                placeholders(&second.texts[key]),
                "{key}"
            );
            assert!(!text.is_empty(), "{key}");
        }
        assert_eq!((first.months.len(), second.months.len()), (12, 12));
    }

    #[test]
    fn keys_are_those_the_code_asks_for() {
        let sources = [
            include_str!("mod.rs").split("#[cfg(test)]").next().unwrap(),
            include_str!("../sections/mod.rs"),
            include_str!("../sections/overview.rs"),
            include_str!("../sections/indicators.rs"),
            include_str!("../sections/frictions.rs"),
            include_str!("../sections/delights.rs"),
            include_str!("../sections/ranking.rs"),
            include_str!("../sections/actions.rs"),
            include_str!("../sections/topics.rs"),
            include_str!("../sections/cases.rs"),
            include_str!("../sections/coherence.rs"),
            include_str!("../sections/drivers.rs"),
            include_str!("../sections/journey.rs"),
            include_str!("../sections/segments.rs"),
            include_str!("../sections/signals.rs"),
            include_str!("../sections/priorities.rs"),
            include_str!("../sections/score.rs"),
            include_str!("../sections/service.rs"),
            include_str!("../sections/sources.rs"),
            include_str!("../sections/method.rs"),
            include_str!("../sections/telling.rs"),
            include_str!("../sections/verbatims.rs"),
            include_str!("../formats/html.rs"),
            include_str!("../formats/markdown.rs"),
            include_str!("../formats/svg.rs"),
            include_str!("../formats/xlsx.rs"),
        ];
        let literals: BTreeSet<&str> = sources
            .iter()
            .flat_map(|source| source.split('"'))
            .filter(|part| {
                part.contains('.')
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || b"._0123456789".contains(&byte))
            })
            .collect();
        let words = Words::of(ReportLanguage::English);
        let base = |key: &str| {
            key.trim_end_matches("_one")
                .trim_end_matches("_other")
                .to_owned()
        };
        for key in words.texts.keys() {
            assert!(
                literals.contains(key.as_str()) || literals.contains(base(key).as_str()),
                "{key} is never said"
            );
        }
        for literal in literals {
            let section = literal.split_once('.').unwrap().0;
            let is_wording = words
                .texts
                .keys()
                .any(|key| key.split_once('.').unwrap().0 == section);
            let is_known = words.texts.contains_key(literal)
                || words.texts.contains_key(&format!("{literal}_one"));
            assert!(!is_wording || is_known, "{literal} has no wording");
        }
    }

    #[track_caller]
    fn check(french: &str, english: &str, write: impl Fn(&Words) -> String) {
        assert_eq!(write(&Words::of(ReportLanguage::French)), french);
        assert_eq!(write(&Words::of(ReportLanguage::English)), english);
    }

    #[test]
    fn numbers_are_written_as_each_language_does() {
        check("1\u{202f}234\u{202f}567", "1,234,567", |words| {
            words.integer(1_234_567)
        });
        check("−1\u{202f}234,5", "−1,234.5", |words| {
            words.decimal(-1234.5, 1)
        });
        check("0,0", "0.0", |words| words.signed(-0.04, 1));
        check("0,0", "0.0", |words| words.signed(0.04, 1));
        check("+3,2", "+3.2", |words| words.signed(3.16, 1));
        check("12,4\u{202f}%", "12.4%", |words| words.percent(0.1236));
        check("999", "999", |words| words.integer(999));
    }

    #[test]
    fn days_are_written_as_each_language_does() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        check(
            "16–22\u{a0}nov.\u{a0}2026",
            "16–22\u{a0}Nov\u{a0}2026",
            |words| words.days(day("2026-11-16"), day("2026-11-22")),
        );
        check(
            "30\u{a0}nov. – 6\u{a0}déc.\u{a0}2026",
            "30\u{a0}Nov – 6\u{a0}Dec\u{a0}2026",
            |words| words.days(day("2026-11-30"), day("2026-12-06")),
        );
        check(
            "28\u{a0}déc.\u{a0}2026 – 3\u{a0}janv.\u{a0}2027",
            "28\u{a0}Dec\u{a0}2026 – 3\u{a0}Jan\u{a0}2027",
            |words| words.days(day("2026-12-28"), day("2027-01-03")),
        );
        check("1er\u{a0}août\u{a0}2026", "1\u{a0}Aug\u{a0}2026", |words| {
            words.day(day("2026-08-01"))
        });
        check(
            "semaine 47 (16–22\u{a0}nov.\u{a0}2026)",
            "week 47 (16–22\u{a0}Nov\u{a0}2026)",
            |words| words.week("2026-W47".parse().unwrap()),
        );
    }

    #[test]
    fn french_spaces_and_apostrophes_are_set() {
        assert_eq!(
            set_type("L'avis : « oui » ; 5 % !", ReportLanguage::French),
            "L’avis\u{a0}: «\u{a0}oui\u{a0}»\u{202f}; 5\u{202f}%\u{202f}!"
        );
    }

    #[test]
    fn values_are_never_looked_into() {
        assert_eq!(
            fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]),
            "{b} and x"
        );
        assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
    }
}
