//! Are the tables of a language in order, and do they agree with themselves? What `vocable lexicon check` and the tests ask.

use crate::{
    error::{Error, Result},
    language::{
        concepts::CONCEPT_COLUMNS,
        cues::CUE_COLUMNS,
        lexicon::{PolarityRow, Tables, polarity_rows, rows},
        rules::Rules,
    },
    text::fold,
};
use std::{borrow::Cow, collections::BTreeMap};

/// Something about a table that a person should mend or know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// File and line.
    pub place: String,
    /// What is wrong and what would mend it.
    pub reason: String,
    /// False for what may be meant so.
    pub is_error: bool,
}

/// Everything that is wrong or doubtful in the tables of polarity, modifiers and rules, in the order of the lines.
/// A table that cannot be read gives one finding, where reading stopped.
pub fn verify(tables: &Tables) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = |file: &str| format!("{}/{file}", tables.folder);
    for (file, table) in [
        ("polarity.tsv", &tables.polarity),
        ("modifiers.tsv", &tables.modifiers),
    ] {
        let place = place(file);
        check_phrases(table, &place, &mut findings);
    }
    let rules = place("rules.tsv");
    keep_error(Rules::read(&tables.rules, &rules).map(drop), &mut findings);
    let polarity = place("polarity.tsv");
    match polarity_rows(&tables.polarity, &polarity) {
        Ok(rows) => check_agreement(&rows, &polarity, &mut findings),
        Err(error) => keep_error(Err(error), &mut findings),
    }
    let modifiers = place("modifiers.tsv");
    keep_error(
        rows(
            &tables.modifiers,
            &["phrase", "role", "factor", "note"],
            &modifiers,
        )
        .map(drop),
        &mut findings,
    );
    let (cues, concepts) = (place("cues.tsv"), place("concepts.tsv"));
    check_patterns(&tables.cues, &CUE_COLUMNS, &cues, &mut findings);
    check_patterns(&tables.concepts, &CONCEPT_COLUMNS, &concepts, &mut findings);
    findings
}

/// Order of the patterns. What they mean is verified when they are read.
fn check_patterns(table: &str, columns: &[&str], place: &str, findings: &mut Vec<Finding>) {
    let rows = match rows(table, columns, place) {
        Ok(rows) => rows,
        Err(error) => return keep_error(Err(error), findings),
    };
    for pair in rows.windows(2) {
        if pair[1].cells[..2] < pair[0].cells[..2] {
            findings.push(Finding {
                place: format!("{place}:{}", pair[1].line),
                reason: format!(
                    "\"{}\" stands after \"{}\"; rows are sorted by their first column, then by pattern (--repair sorts them)",
                    pair[1].cells[1], pair[0].cells[1]
                ),
                is_error: true,
            });
        }
    }
}

fn keep_error(outcome: Result<()>, findings: &mut Vec<Finding>) {
    match outcome {
        Ok(()) => {}
        Err(Error::Settings { place, reason }) => findings.push(Finding {
            place,
            reason,
            is_error: true,
        }),
        Err(other) => findings.push(Finding {
            place: String::new(),
            reason: other.to_string(),
            is_error: true,
        }),
    }
}

/// Spelling and order of the phrases.
fn check_phrases(table: &str, place: &str, findings: &mut Vec<Finding>) {
    let mut before = "";
    for (index, line) in table.lines().enumerate().skip(1) {
        let phrase = line.split('\t').next().unwrap_or("");
        let mut find = |reason: String| {
            findings.push(Finding {
                place: format!("{place}:{}", index + 1),
                reason,
                is_error: true,
            });
        };
        if phrase != canonical(phrase) {
            find(format!(
                "\"{phrase}\" is looked up as \"{}\"; write it so",
                canonical(phrase)
            ));
        } else if phrase.is_empty() {
            find("the phrase is missing".to_owned());
        } else if phrase < before {
            find(format!(
                "\"{phrase}\" stands after \"{before}\"; rows are sorted by phrase (--repair sorts them)"
            ));
        }
        before = phrase;
    }
}

/// A phrase as the program looks it up: lower case, straight apostrophes, no hyphens, single spaces.
fn canonical(phrase: &str) -> String {
    phrase
        .to_lowercase()
        .replace('’', "'")
        .replace(['-', '"'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Rows that contradict each other.
fn check_agreement(rows: &[PolarityRow<'_>], place: &str, findings: &mut Vec<Finding>) {
    let mut spelt: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let line = index + 2;
        let mut find = |reason: String, is_error: bool| {
            findings.push(Finding {
                place: format!("{place}:{line}"),
                reason,
                is_error,
            });
        };
        if let Some(hand) = row.hand
            && hand * row.weight < 0.0
        {
            find(
                format!(
                    "\"{}\" weighs {:+.2} and was {hand:+.2} by hand; a fit never changes a sign, so one of them is a slip",
                    row.phrase, row.weight
                ),
                true,
            );
        }
        match spelt.get(&fold(row.phrase)) {
            Some(other) if rows[*other].weight * row.weight < 0.0 => find(
                format!(
                    "\"{}\" {:+.2} and \"{}\" {:+.2} differ in accents alone; without accents neither is found",
                    rows[*other].phrase, rows[*other].weight, row.phrase, row.weight
                ),
                false,
            ),
            Some(_) => {}
            None => {
                spelt.insert(fold(row.phrase), index);
            }
        }
        // "pas mal" may turn "mal" round; "très bon" may not turn "bon" round.
        if row.phrase.contains(' ') && row.weight.abs() > STRONG {
            let mut words = row.phrase.split(' ');
            let (first, last) = (words.next(), words.next());
            if words.next().is_none()
                && let (Some(first), Some(last)) = (first, last)
                && let [Some(first), Some(last)] = [first, last].map(|word| by_phrase(rows, word))
                // Two that blame may well praise: "zéro défaut".
                && first.weight.min(last.weight) > STRONG
                && row.weight < 0.0
            {
                find(
                    format!(
                        "\"{}\" {:+.2} goes against both its words, {:+.2} and {:+.2}",
                        row.phrase, row.weight, first.weight, last.weight
                    ),
                    false,
                );
            }
        }
    }
}

/// From this weight on two rows that pull apart are worth a look.
const STRONG: f32 = 0.2;

fn by_phrase<'r, 't>(rows: &'r [PolarityRow<'t>], phrase: &str) -> Option<&'r PolarityRow<'t>> {
    rows.binary_search_by(|row| row.phrase.cmp(phrase))
        .ok()
        .map(|at| &rows[at])
}

/// A table with its rows sorted and spelt as they are looked up; of rows with one phrase the first stays.
pub fn repaired(table: &str) -> String {
    let mut lines = table.lines();
    let header = lines.next().unwrap_or("").trim_end_matches('\r');
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    // Lines may end as they do on Windows, once or more often.
    let lines = lines.map(|line| line.trim_end_matches('\r'));
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let (phrase, rest) = line.split_once('\t').unwrap_or((line, ""));
        let phrase = canonical(phrase);
        let row = format!("{phrase}\t{rest}");
        // What is looked up as nothing, and says nothing, is no row.
        if !row.trim().is_empty() {
            rows.entry(phrase).or_insert(row);
        }
    }
    let mut text = format!("{header}\n");
    for row in rows.values() {
        text.push_str(row);
        text.push('\n');
    }
    text
}

/// A table of cues with its rows sorted by kind and pattern, spare spaces and repeats gone.
pub fn repaired_patterns(table: &str) -> String {
    let mut lines = table.lines();
    let header = lines.next().unwrap_or("").trim_end_matches('\r');
    let mut rows: BTreeMap<(String, String), String> = BTreeMap::new();
    let lines = lines.map(|line| line.trim_end_matches('\r'));
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let mut cells = line.splitn(3, '\t');
        let mut next = || cells.next().unwrap_or("");
        let plain = |cell: &str| cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let (kind, pattern) = (plain(next()), plain(next()));
        let row = format!("{kind}\t{pattern}\t{}\n", next());
        rows.entry((kind, pattern)).or_insert(row);
    }
    let rows: String = rows.into_values().collect();
    format!("{header}\n{rows}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::embedded_tables;

    fn findings_of(polarity: &str) -> Vec<Finding> {
        let [french, _] = embedded_tables();
        verify(&Tables {
            polarity: format!("phrase\tweight\tby\tseen\thand\tnote\n{polarity}").into(),
            ..french
        })
    }

    #[test]
    fn tables_of_the_program_have_no_errors() {
        for tables in embedded_tables() {
            let errors: Vec<Finding> = verify(&tables)
                .into_iter()
                .filter(|finding| finding.is_error)
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }

    #[test]
    fn a_repeat_a_wrong_weight_and_wrong_order_are_named_by_line() {
        let reason = |polarity: &str| {
            let findings = findings_of(polarity);
            format!("{} {}", findings[0].place, findings[0].reason)
        };
        let twice = reason("bon\t0.50\thand\t\t\t\nbon\t0.40\thand\t\t\t\n");
        assert!(
            twice.contains("polarity.tsv:3") && twice.contains("line 2"),
            "{twice}"
        );
        let seven = reason("bon\t7\thand\t\t\t\n");
        assert!(
            seven.contains("polarity.tsv:2") && seven.contains("between -1 and 1"),
            "{seven}"
        );
        let order = reason("nul\t-0.50\thand\t\t\t\nbon\t0.40\thand\t\t\t\n");
        assert!(order.contains("sorted"), "{order}");
        let spelt = reason("Après-vente\t0.50\thand\t\t\t\n");
        assert!(spelt.contains("après vente"), "{spelt}");
    }

    #[test]
    fn a_weight_against_its_own_hand_is_an_error_and_accents_that_pull_apart_are_a_note() {
        let against = findings_of("bon\t-0.50\tfitted\t12\t0.40\t\n");
        assert!(against[0].is_error && against[0].reason.contains("slip"));
        let apart = findings_of("sale\t-0.50\thand\t\t\t\nsalé\t0.10\thand\t\t\t\n");
        assert!(!apart[0].is_error && apart[0].reason.contains("accents"));
    }

    #[test]
    fn patterns_out_of_order_are_named_and_repaired() {
        let [french, _] = embedded_tables();
        let table = "kind\tpattern\tnote\nlegal\tprocès\t\nchurn\t je  pars\tx\nlegal\tprocès\t\n";
        let findings = verify(&Tables {
            cues: table.into(),
            ..french
        });
        assert!(findings.iter().any(|finding| finding.is_error
            && finding.place.ends_with("cues.tsv:3")
            && finding.reason.contains("sorted")));
        assert_eq!(
            repaired_patterns(table),
            "kind\tpattern\tnote\nchurn\tje pars\tx\nlegal\tprocès\t\n"
        );
    }

    #[test]
    fn a_repaired_table_is_sorted_and_spelt_right() {
        let table = "phrase\tweight\nSUPER\t1\nbon-plan\t1\nsuper\t0\n";
        assert_eq!(repaired(table), "phrase\tweight\nbon plan\t1\nsuper\t1\n");
        assert_eq!(repaired("phrase\n-"), "phrase\n");
        assert_eq!(repaired("phrase\r\r\na\tx\r\r\n"), "phrase\na\tx\n");
        assert_eq!(
            repaired_patterns("kind\r\r\na\tb\tx\r\r\n"),
            "kind\na\tb\tx\n"
        );
    }
}
