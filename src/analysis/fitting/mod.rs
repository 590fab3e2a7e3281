//! Rated feedback in, lexicons out: weights of words and phrases and strengths of rules, moved from what people wrote by
//! what customers' own marks say.
//!
//! The model is the program's own way of scoring: a text's sum is linear in the weights of its entries, so the sum of
//! what each entry was multiplied by (negation, boosters, clause weights) is one cell of a logistic regression. Its prior
//! is the weight by hand: what is seldom seen keeps it, what is often seen moves.

mod candidates;
mod corpus;
mod folds;
mod strengths;

pub use folds::{Fold, FoldScore, cross_validate, fifths, folds, quality};

use crate::{
    error::Result,
    language::{
        Language, Lexicons, POLARITY_COLUMNS, PolarityRow, RULE_COLUMNS, Rule, Rules, Tables,
        polarity_rows,
    },
    statistics::{Outcome, SparseRows, logistic_moves},
};
use corpus::{Corpus, Traced};
use std::collections::BTreeMap;

/// A text and the mark its writer gave.
#[derive(Clone, Debug)]
pub struct Rated {
    /// The customer's words, personal data masked.
    pub text: Box<str>,
    /// Bytes of `text` taken by the title.
    pub body_start: u32,
    /// What the mark or the label says; `None` for neither good nor bad.
    pub is_positive: Option<bool>,
    /// Position of its file among the files given.
    pub file: u16,
}

/// How much evidence moves what people wrote.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Cost of moving a weight by hand, above 0; default 100. Higher keeps tables as they are.
    pub hand_penalty: f64,
    /// Cost of moving the weight of a learnt word from 0, or of a learnt phrase from what its words say; default 100.
    pub learnt_penalty: f64,
    /// Texts a word must be in to be learnt, 1 or more; default 10. Phrases need twice as many.
    pub least_seen: u32,
    /// Learnt words lighter than this are left out, 0 to 1; default 0.04.
    pub least_weight: f32,
    /// How surely a phrase must differ from its words, in standard errors; default 4.
    pub phrase_surprise: f64,
    /// Phrases learnt at most; default 1,500.
    pub most_phrases: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hand_penalty: 100.0,
            learnt_penalty: 100.0,
            least_seen: 10,
            least_weight: 0.04,
            phrase_surprise: 4.0,
            most_phrases: 1500,
        }
    }
}

/// A weight by hand never changes sign: at most it shrinks to this.
const LEAST_HAND: f32 = 0.03;

/// The least weight a table can say.
const LEAST_LEARNT: f32 = 0.01;

/// A row of a fitted table.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedRow {
    /// The word or phrase.
    pub phrase: String,
    /// Its weight now.
    pub weight: f32,
    /// Its weight by hand; `None` when it was learnt.
    pub hand: Option<f32>,
    /// Its weight in the table that was given; 0 when it was not there.
    pub before: f32,
    /// Rated texts it was found in.
    pub seen: u32,
    /// As in the table that was given.
    pub note: String,
}

impl FittedRow {
    fn of(row: &PolarityRow<'_>) -> Self {
        Self {
            phrase: row.phrase.to_owned(),
            weight: row.weight,
            hand: row.hand,
            before: row.weight,
            seen: row.seen,
            note: row.note.to_owned(),
        }
    }

    fn row(&self) -> PolarityRow<'_> {
        PolarityRow {
            phrase: &self.phrase,
            weight: self.weight,
            hand: self.hand,
            seen: self.seen,
            note: &self.note,
        }
    }
}

/// The tables of one language after a fit.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Rows in the order of the table: by phrase.
    pub rows: Vec<FittedRow>,
    /// The strengths of its rules.
    pub rules: Rules,
    /// The strengths before.
    pub rules_before: Rules,
    /// Rated texts in this language.
    pub texts: u32,
}

impl Fitted {
    /// `polarity.tsv` as text.
    pub fn polarity_table(&self) -> String {
        let mut table = POLARITY_COLUMNS.join("\t");
        table.push('\n');
        for row in &self.rows {
            table.push_str(&row.row().line());
            table.push('\n');
        }
        table
    }

    /// `rules.tsv` as text; strengths by hand and notes are those of the table before.
    pub fn rules_table(&self, before: &str) -> String {
        let mut table = RULE_COLUMNS.join("\t");
        table.push('\n');
        for (line, (rule, name, ..)) in before.lines().skip(1).zip(Rule::ALL) {
            let mut cells = line.split('\t').skip(2);
            let (hand, note) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            table.push_str(&format!(
                "{name}\t{:.2}\t{hand}\t{note}\n",
                self.rules.of(rule)
            ));
        }
        table
    }

    /// The tables with what was fitted put in.
    pub fn tables(&self, before: &Tables) -> Tables {
        Tables {
            polarity: self.polarity_table().into(),
            rules: self.rules_table(&before.rules).into(),
            ..before.clone()
        }
    }
}

/// Fits the tables of one language on those of the rated texts that are in it. Neither texts without a verdict nor texts
/// in other languages are used; without a good and a bad text the tables come back as they are.
pub fn fit(
    language: Language,
    tables: &[Tables; 2],
    rated: &[&Rated],
    settings: &Settings,
) -> Result<Fitted> {
    let position = language
        .embedded()
        .expect("only languages with tables are fitted");
    let place = format!("{}/polarity.tsv", tables[position].folder);
    // What an earlier fit did starts again from what people wrote.
    let mut rows: Vec<FittedRow> = polarity_rows(&tables[position].polarity, &place)?
        .iter()
        .map(FittedRow::of)
        .collect();
    let mut before: BTreeMap<String, f32> = BTreeMap::new();
    for row in &mut rows {
        before.insert(row.phrase.clone(), row.weight);
        if let Some(hand) = row.hand {
            row.weight = hand;
            row.seen = 0;
        }
    }
    rows.retain(|row| row.hand.is_some());
    let lexicons = Lexicons::read(tables)?;
    let rules_before = lexicons.languages[position].rules.clone();
    let mut fitted = Fitted {
        rows,
        rules: Rules::by_hand(
            &tables[position].rules,
            &format!("{}/rules.tsv", tables[position].folder),
        )?,
        rules_before,
        texts: 0,
    };
    let corpus = Corpus::of(language, rated, &lexicons);
    fitted.texts = corpus.len() as u32;
    if !corpus.has_both_classes() {
        fitted.rows.iter_mut().for_each(|row| row.seen = 0);
        return Ok(fitted);
    }
    let read = |fitted: &Fitted| -> Result<Lexicons> {
        let mut tables = tables.clone();
        tables[position] = fitted.tables(&tables[position]);
        Lexicons::read(&tables)
    };
    let sharpness = strengths::sharpness(&corpus, &read(&fitted)?);
    // Words first, then the phrases that say more than their words, then the strengths of rules, then all together.
    let lexicons = read(&fitted)?;
    candidates::add_words(&mut fitted.rows, &corpus, &lexicons, settings);
    settle(
        &mut fitted.rows,
        &corpus,
        &read,
        &fitted.rules,
        sharpness,
        settings,
    )?;
    drop_light(&mut fitted.rows, settings);
    let lexicons = read(&fitted)?;
    let traced = corpus.trace(&lexicons);
    candidates::add_phrases(
        &mut fitted.rows,
        &corpus,
        &lexicons,
        &traced,
        sharpness,
        settings,
    );
    settle(
        &mut fitted.rows,
        &corpus,
        &read,
        &fitted.rules,
        sharpness,
        settings,
    )?;
    fitted.rules = strengths::search(&corpus, &read(&fitted)?, sharpness);
    drop_light(&mut fitted.rows, settings);
    settle(
        &mut fitted.rows,
        &corpus,
        &read,
        &fitted.rules,
        sharpness,
        settings,
    )?;
    drop_light(&mut fitted.rows, settings);
    let saturation = strengths::saturation(&corpus, &read(&fitted)?, position);
    fitted.rules.set(Rule::Saturation, saturation);
    for row in &mut fitted.rows {
        row.before = before.get(&row.phrase).copied().unwrap_or(0.0);
        row.weight = (row.weight * 100.0).round() / 100.0;
        if row.hand.is_some_and(|hand| hand == row.weight) {
            row.seen = 0;
        }
    }
    Ok(fitted)
}

/// Moves all weights to where evidence and prior balance.
fn settle(
    rows: &mut Vec<FittedRow>,
    corpus: &Corpus<'_>,
    read: &dyn Fn(&Fitted) -> Result<Lexicons>,
    rules: &Rules,
    sharpness: f64,
    settings: &Settings,
) -> Result<()> {
    rows.sort_by(|a, b| a.phrase.cmp(&b.phrase));
    rows.dedup_by(|a, b| a.phrase == b.phrase);
    let fitted = Fitted {
        rows: std::mem::take(rows),
        rules: rules.clone(),
        rules_before: rules.clone(),
        texts: 0,
    };
    let lexicons = read(&fitted)?;
    *rows = fitted.rows;
    let traced = corpus.trace(&lexicons);
    let mut design = SparseRows::default();
    let mut outcomes = Vec::with_capacity(corpus.len());
    let mut seen = vec![0u32; rows.len()];
    // The prior: the weight by hand, or what candidates start from.
    let prior: Vec<f32> = rows
        .iter()
        .map(|row| row.hand.unwrap_or(row.before))
        .collect();
    for (text, Traced { sum, cells }) in traced.iter().enumerate() {
        // What the sum would be with every weight at its prior.
        let mut offset = f64::from(*sum);
        let mut met: Vec<u32> = Vec::with_capacity(cells.len());
        for (row, factor) in cells {
            let now = table_weight(rows[*row as usize].weight);
            offset += f64::from(factor * (prior[*row as usize] - now));
            met.push(*row);
        }
        met.sort_unstable();
        met.dedup();
        met.iter().for_each(|row| seen[*row as usize] += 1);
        design.push(
            cells
                .iter()
                .map(|(row, factor)| (*row, *factor * sharpness as f32)),
        );
        outcomes.push(Outcome {
            offset: sharpness * offset,
            is_true: corpus.is_positive(text),
            weight: corpus.weight(text),
        });
    }
    let penalties: Vec<f64> = rows
        .iter()
        .map(|row| match row.hand {
            Some(_) => settings.hand_penalty,
            None => settings.learnt_penalty,
        })
        .collect();
    let moves = logistic_moves(&design, &outcomes, &penalties);
    for (((row, moved), prior), seen) in rows.iter_mut().zip(moves).zip(prior).zip(seen) {
        if seen == 0 {
            continue;
        }
        let mut weight = (prior + moved as f32).clamp(-1.0, 1.0);
        // A weight of 0 is no row; a light phrase is a guard, and hides what its words would say.
        if weight.abs() < LEAST_LEARNT {
            weight = LEAST_LEARNT.copysign(weight);
        }
        if let Some(hand) = row.hand {
            if hand.abs() <= LEAST_HAND {
                continue;
            }
            weight = if hand > 0.0 {
                weight.max(LEAST_HAND)
            } else {
                weight.min(-LEAST_HAND)
            };
        }
        row.weight = weight;
        row.seen = seen;
    }
    Ok(())
}

/// The weight as a table of two decimals keeps it.
fn table_weight(weight: f32) -> f32 {
    format!("{weight:.2}").parse().unwrap_or(weight)
}

/// Leaves out what was learnt and says next to nothing, or nothing that its words do not say.
fn drop_light(rows: &mut Vec<FittedRow>, settings: &Settings) {
    rows.retain(|row| {
        let says = if row.phrase.contains([' ', '\'']) {
            row.weight - row.before
        } else {
            row.weight
        };
        row.hand.is_some() || says.abs() >= settings.least_weight
    });
}
