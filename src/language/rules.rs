//! How strongly words act on each other, as a table: `rules.tsv`, one row a rule.

use crate::{
    error::{Error, Result},
    language::lexicon::{number, rows},
};

/// The strength of each rule. What a row of `modifiers.tsv` says is multiplied by the strength of its role.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    strengths: [f32; Rule::ALL.len()],
}

/// A rule of sentiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Times the factor of a negator.
    Negation,
    /// What a negation adds that denies no polar word: "la commande n'est pas arrivée". Below 0: people deny what they miss.
    Denial,
    /// Times how far a booster's factor is from 1.
    Boosting,
    /// Times how far a dampener's factor is from 1.
    Dampening,
    /// Words that a booster or a dampener reaches over.
    BoosterReach,
    /// Times how far a contrast word's factor is from 1.
    Contrast,
    /// Times how far a wish's factor is from 1.
    Wish,
    /// Times how far the factor of a word of the past is from 1.
    Past,
    /// Factor on a word in capitals within a text that is not.
    Capitals,
    /// Factor on a drawn-out word: "troooop".
    Elongation,
    /// Factor on a clause that ends in an exclamation mark.
    Exclamation,
    /// Factor on a question: asking whether it is good is not saying so.
    Question,
    /// Weight of the title's clauses.
    Title,
    /// Weight of the last clause of several: people end on what stays with them.
    Ending,
    /// How much evidence makes a score strong: a sum equal to its root scores 0.71, a twentieth of its root is neutral.
    Saturation,
    /// How far one or two words that merely lean must add up to speak where nothing else does: below it the text is neutral.
    Hint,
}

impl Rule {
    /// All rules in the order of the table, with name, range and the strength they have where no table is.
    pub const ALL: [(Rule, &'static str, [f32; 2], f32); 16] = [
        (Rule::Negation, "negation", [0.0, 2.0], 1.0),
        (Rule::Denial, "denial", [-0.5, 0.0], 0.0),
        (Rule::Boosting, "boosting", [0.0, 3.0], 1.0),
        (Rule::Dampening, "dampening", [0.0, 2.0], 1.0),
        (Rule::BoosterReach, "booster_reach", [1.0, 6.0], 3.0),
        (Rule::Contrast, "contrast", [0.0, 3.0], 1.0),
        (Rule::Wish, "wish", [0.0, 2.0], 1.0),
        (Rule::Past, "past", [0.0, 2.0], 1.0),
        (Rule::Capitals, "capitals", [0.5, 2.0], 1.25),
        (Rule::Elongation, "elongation", [0.5, 2.0], 1.2),
        (Rule::Exclamation, "exclamation", [0.5, 2.0], 1.1),
        (Rule::Question, "question", [0.0, 1.0], 0.7),
        (Rule::Title, "title", [0.5, 3.0], 1.5),
        (Rule::Ending, "ending", [0.5, 3.0], 1.3),
        (Rule::Saturation, "saturation", [0.01, 10.0], 0.5),
        (Rule::Hint, "hint", [0.0, 2.0], 0.0),
    ];

    /// The name in the table.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Least and greatest strength.
    pub fn range(self) -> [f32; 2] {
        Self::ALL[self as usize].2
    }
}

/// The columns of `rules.tsv`.
pub const RULE_COLUMNS: [&str; 4] = ["rule", "strength", "hand", "note"];

/// Position of a column.
const STRENGTH: usize = 1;
const HAND: usize = 2;

impl Rules {
    /// The strengths where no table is: for texts in languages we do not read.
    pub const WITHOUT_TABLE: Rules = {
        let mut strengths = [0.0; Rule::ALL.len()];
        let mut at = 0;
        while at < strengths.len() {
            strengths[at] = Rule::ALL[at].3;
            at += 1;
        }
        Rules { strengths }
    };

    /// Reads and verifies the table: every rule once, in order. The error names file and line.
    pub fn read(table: &str, place: &str) -> Result<Self> {
        Self::read_column(table, place, STRENGTH)
    }

    /// The strengths that people gave, whatever a fit made of them: where a fit starts. A rule without one has its strength.
    pub fn by_hand(table: &str, place: &str) -> Result<Self> {
        Self::read_column(table, place, HAND)
    }

    fn read_column(table: &str, place: &str, column: usize) -> Result<Self> {
        let mut rules = Self::WITHOUT_TABLE;
        let mut rows = rows(table, &RULE_COLUMNS, place)?.into_iter();
        for (rule, name, [low, high], _) in Rule::ALL {
            let row = rows.next().ok_or_else(|| Error::Settings {
                place: place.to_owned(),
                reason: format!("the row of \"{name}\" is missing"),
            })?;
            if row.cells[0] != name {
                return Err(row.wrong(
                    place,
                    format!("\"{}\" stands where \"{name}\" must", row.cells[0]),
                ));
            }
            let cell = if row.cells[column].is_empty() {
                STRENGTH
            } else {
                column
            };
            rules.set(rule, number(&row, cell, low..=high, place)?);
        }
        match rows.next() {
            Some(row) => Err(row.wrong(place, format!("\"{}\" is no rule", row.cells[0]))),
            None => Ok(rules),
        }
    }

    /// The strength of a rule.
    pub fn of(&self, rule: Rule) -> f32 {
        self.strengths[rule as usize]
    }

    /// Changes the strength of a rule.
    pub fn set(&mut self, rule: Rule, strength: f32) {
        self.strengths[rule as usize] = strength;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_in_the_order_of_their_names() {
        for (position, (rule, ..)) in Rule::ALL.into_iter().enumerate() {
            assert_eq!(rule as usize, position);
        }
    }

    #[test]
    fn strengths_by_hand_are_kept_beside_the_fitted_ones() {
        let row = |(_, name, range, _): (Rule, &str, [f32; 2], f32)| {
            format!("{name}\t{}\t{}\t\n", range[0], range[1])
        };
        let table: String = std::iter::once("rule\tstrength\thand\tnote\n".to_owned())
            .chain(Rule::ALL.map(row))
            .collect();
        let [fitted, hand] = [Rules::read, Rules::by_hand].map(|read| read(&table, "rules.tsv"));
        assert_eq!(fitted.unwrap().of(Rule::Negation), 0.0);
        assert_eq!(hand.unwrap().of(Rule::Negation), 2.0);
    }

    #[test]
    fn a_missing_or_wrong_row_is_named() {
        let place = "rules.tsv";
        let missing = Rules::read("rule\tstrength\thand\tnote\n", place).unwrap_err();
        assert!(missing.to_string().contains("negation"), "{missing}");
        let wrong =
            Rules::read("rule\tstrength\thand\tnote\nnegation\t7\t1\t\n", place).unwrap_err();
        assert!(wrong.to_string().contains("rules.tsv:2"), "{wrong}");
    }
}
