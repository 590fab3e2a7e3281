//! Which runs of letters tell languages apart, learnt from words: logistic regression, one a language.

use super::{ANY_OTHER, LONGEST, STEPS, each_gram};
use crate::{
    language::voters::Voters,
    statistics::{Outcome, SparseRows, logistic_moves},
};
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, fmt::Write};

/// How often each word in lower case was met in texts of each embedded language.
pub type WordCounts = BTreeMap<Box<str>, [u32; 2]>;

/// A word by hand counts as met so often.
const BY_HAND: u32 = 30;

/// A word met once is a slip or a name as often as not.
const LEAST_MET: u32 = 2;

/// How much a word counts by the times it was met: more than once, far less than so many times.
const DAMPING: f64 = 0.3;

/// Different words that a run must stand in.
const LEAST_WORDS: u32 = 4;

/// Cost of a weight between the embedded languages.
const PENALTY: f64 = 2.0;

/// Cost of a weight of another language: its words are few.
const FOREIGN_PENALTY: f64 = 1.0;

/// Letters of the longest run for languages of which only lists are known.
const FOREIGN_LONGEST: usize = 4;

/// Words of the embedded languages met less often are left out against a list of everyday words.
const EVERYDAY: u32 = 60;

/// Heaviest weight, in steps of the table.
const HEAVIEST: i32 = 120;

/// Weights this light are left out.
const LIGHTEST: f64 = 0.1;

/// Learns the table from the words met and the lists of function words. Words of lists are counted as met too.
pub fn learn(counts: &WordCounts, voters: &Voters) -> String {
    let mut counts = counts.clone();
    let listed = voters.words();
    for (word, bits) in &listed {
        for (language, voter) in voters.embedded.into_iter().enumerate() {
            if bits & (1 << voter) != 0 {
                counts.entry((*word).into()).or_default()[language] += BY_HAND;
            }
        }
    }
    let mut rows: BTreeMap<(String, i32), Vec<String>> = BTreeMap::new();
    let mut keep = |code: [u8; 2], learnt: Vec<(String, f64)>| {
        let code = String::from_utf8_lossy(&code).into_owned();
        for (gram, weight) in learnt {
            if weight.abs() >= LIGHTEST {
                let steps = (weight * f64::from(STEPS)).round() as i32;
                let steps = steps.clamp(-HEAVIEST, HEAVIEST);
                rows.entry((code.clone(), steps)).or_default().push(gram);
            }
        }
    };
    let mut examples = Vec::new();
    for (word, met) in &counts {
        for (language, times) in met.iter().enumerate() {
            if *times >= LEAST_MET {
                examples.push((&**word, language == 0, damped(*times)));
            }
        }
    }
    keep(
        voters.codes[voters.embedded[0]],
        regress(&examples, LONGEST, PENALTY),
    );
    let ours = voters
        .embedded
        .iter()
        .fold(0u16, |bits, voter| bits | 1 << voter);
    let others = (0..voters.codes.len())
        .filter(|voter| !voters.embedded.contains(voter))
        .map(|voter| (voters.codes[voter], 1 << voter))
        .chain([(ANY_OTHER, !ours)]);
    for (code, theirs) in others {
        let mut examples: Vec<(&str, bool, f64)> = listed
            .iter()
            .filter(|(_, bits)| bits & theirs != 0 && bits & ours == 0)
            .map(|(word, _)| (*word, true, 1.0))
            .collect();
        examples.extend(
            counts
                .iter()
                .filter(|(word, met)| {
                    met.iter().sum::<u32>() >= EVERYDAY && voters.votes(word) & theirs == 0
                })
                .map(|(word, met)| (&**word, false, damped(met.iter().sum()))),
        );
        keep(code, regress(&examples, FOREIGN_LONGEST, FOREIGN_PENALTY));
    }
    let mut table = super::NGRAM_COLUMNS.join("\t");
    table.push('\n');
    for ((code, steps), mut grams) in rows {
        grams.sort_unstable();
        let _ = writeln!(
            table,
            "{code}\t{:.2}\t{}",
            f64::from(steps) / f64::from(STEPS),
            grams.join(" ")
        );
    }
    table
}

/// What a word counts that was met so often.
fn damped(times: u32) -> f64 {
    f64::from(times).powf(DAMPING)
}

/// Runs and their weights: for words that are true and against those that are not, both sides weighing the same.
fn regress(examples: &[(&str, bool, f64)], longest: usize, penalty: f64) -> Vec<(String, f64)> {
    let mut met: BTreeMap<String, u32> = BTreeMap::new();
    for (word, _, _) in examples {
        let mut grams = Vec::new();
        each_gram(word, longest, |gram| grams.push(gram.to_owned()));
        grams.sort_unstable();
        grams.dedup();
        for gram in grams {
            *met.entry(gram).or_default() += 1;
        }
    }
    let grams: Vec<String> = met
        .into_iter()
        .filter(|(_, words)| *words >= LEAST_WORDS)
        .map(|(gram, _)| gram)
        .collect();
    let columns: FxHashMap<&str, u32> = (0..)
        .zip(&grams)
        .map(|(column, gram)| (gram.as_str(), column))
        .collect();
    let total = |side: bool| -> f64 {
        examples
            .iter()
            .filter(|(_, is_true, _)| *is_true == side)
            .map(|(_, _, weight)| weight)
            .sum()
    };
    let totals = [total(false), total(true)];
    let half = examples.len() as f64 / 2.0;
    let mut rows = SparseRows::default();
    let mut outcomes = Vec::with_capacity(examples.len());
    for (word, is_true, weight) in examples {
        let mut cells = Vec::new();
        each_gram(word, longest, |gram| {
            if let Some(column) = columns.get(gram) {
                cells.push((*column, 1.0));
            }
        });
        rows.push(cells);
        outcomes.push(Outcome {
            offset: 0.0,
            is_true: *is_true,
            weight: weight * half / totals[usize::from(*is_true)],
        });
    }
    let weights = logistic_moves(&rows, &outcomes, &vec![penalty; grams.len()]);
    grams.into_iter().zip(weights).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Lexicons, ngrams::Ngrams};

    #[test]
    fn what_was_learnt_tells_words_apart_that_were_not_seen() {
        let lexicons = Lexicons::embedded().unwrap();
        let mut counts = WordCounts::new();
        for word in ["livraison", "raison", "maison", "saison", "liaison"] {
            counts.insert(word.into(), [50, 0]);
        }
        for word in ["shipping", "helping", "dropping", "shopping", "keeping"] {
            counts.insert(word.into(), [0, 50]);
        }
        let table = learn(&counts, &lexicons.voters);
        let french = lexicons.voters.embedded[0];
        let weigh = |table: &str, word: &str| {
            let ngrams = Ngrams::read(table, &lexicons.voters.codes, "ngrams.tsv").unwrap();
            ngrams.weigh(word)[french]
        };
        assert!(weigh(&table, "repassées") > 1.0 && weigh(&table, "whopping") < -1.0);
        let lists_alone = learn(&WordCounts::new(), &lexicons.voters);
        assert!(weigh(&table, "cargaison") > weigh(&lists_alone, "cargaison"));
        assert_eq!(table, learn(&counts, &lexicons.voters));
    }
}
