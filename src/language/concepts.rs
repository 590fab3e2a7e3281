//! The catalogue of themes, `concepts.toml`, and the table of the patterns by which a language names them, `concepts.tsv`.

use crate::{
    error::{Error, Result},
    language::patterns::{Kind, PatternTable, Reading},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A theme of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// Names it in exports, filters and settings: lower-case letters, digits and hyphens.
    pub id: String,
    /// What it is called in French.
    pub fr: String,
    /// What it is called in English.
    pub en: String,
    /// Themes of one group belong together.
    pub group: String,
    /// Whether it is good or bad to be told of it.
    pub leaning: Leaning,
    /// Where it happens on the customer's journey.
    pub stage: Stage,
    /// The pillar of service it touches; none for what is about the product.
    #[serde(default)]
    pub pillar: Option<Pillar>,
    /// What it is about; none for a general verdict.
    #[serde(default)]
    pub factor: Option<Factor>,
}

impl Concept {
    /// True for themes that a theme book adds, of which the catalogue says nothing.
    pub fn is_own(&self) -> bool {
        self.group == OWN
    }

    /// True for verdicts on the whole, which give way to any other theme.
    pub fn is_overall(&self) -> bool {
        self.group == OVERALL
    }
}

/// The group of general verdicts.
const OVERALL: &str = "overall";

/// The group of themes that a theme book adds.
const OWN: &str = "own";

/// Phrases that a theme book adds: to a theme of the catalogue, or to one of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnPhrases {
    /// Id of the theme.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Patterns in the notation of `concepts.tsv`.
    pub phrases: Vec<String>,
    /// Patterns within which these do not count.
    pub except: Vec<String>,
}

/// Whether a theme is good or bad to be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Leaning {
    /// Something hurts.
    Friction,
    /// Something pleases.
    Delight,
    /// Either.
    Topic,
}

/// A stage of the customer's journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Before the purchase.
    Before,
    /// During the purchase or the visit.
    During,
    /// After the purchase.
    After,
}

/// A pillar of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pillar {
    /// Somebody is there when needed.
    Availability,
    /// It works, and fast.
    Efficiency,
    /// The customer is a person.
    Empathy,
    /// It fits this customer.
    Personalisation,
}

/// What a theme is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Factor {
    /// Those who serve.
    People,
    /// What is sold.
    Product,
    /// How it is done.
    Process,
}

/// The themes of the catalogue, in the order of the file. The default has none.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    concepts: Vec<Concept>,
    positions: BTreeMap<String, u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    theme: Vec<Concept>,
}

impl Catalogue {
    /// Reads and verifies `concepts.toml`: ids and names that stand once, ids of lower-case letters, digits and hyphens.
    pub fn read(text: &str, place: &str) -> Result<Self> {
        let wrong = |reason: String| Error::Settings {
            place: place.to_owned(),
            reason,
        };
        let file: File =
            toml::from_str(text).map_err(|error| Error::of_toml(&error, text, place))?;
        let mut positions = BTreeMap::new();
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        for (position, concept) in (0..).zip(&file.theme) {
            let Concept { id, fr, en, .. } = concept;
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if id.is_empty() || !id.chars().all(is_plain) {
                return Err(wrong(format!(
                    "\"{id}\" is no id; write lower-case letters, digits and hyphens"
                )));
            }
            if positions.insert(id.clone(), position).is_some() {
                return Err(wrong(format!("\"{id}\" stands twice; keep one")));
            }
            for name in [fr, en] {
                if name.trim().is_empty() {
                    return Err(wrong(format!("\"{id}\" lacks a name in one language")));
                }
            }
            for name in [("fr", fr), ("en", en)] {
                if let Some(other) = names.insert(name.1, id)
                    && other != id
                {
                    return Err(wrong(format!(
                        "\"{other}\" and \"{id}\" are both called \"{}\" ({}); themes differ in name",
                        name.1, name.0
                    )));
                }
            }
        }
        Ok(Self {
            concepts: file.theme,
            positions,
        })
    }

    /// Adds themes that the catalogue does not have.
    pub fn add(&mut self, own: &[OwnPhrases]) {
        for added in own {
            if self.positions.contains_key(&added.id) {
                continue;
            }
            let position = self.concepts.len() as u16;
            self.positions.insert(added.id.clone(), position);
            self.concepts.push(Concept {
                id: added.id.clone(),
                fr: added.name.clone(),
                en: added.name.clone(),
                group: OWN.to_owned(),
                leaning: Leaning::Topic,
                stage: Stage::After,
                pillar: None,
                factor: None,
            });
        }
    }

    /// The themes, in the order of the file.
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// The position of a theme.
    pub fn position(&self, id: &str) -> Option<u16> {
        self.positions.get(id).copied()
    }
}

/// A table of patterns with those of a theme book added; what the table has already is left as it is.
pub fn with_own(table: &str, own: &[OwnPhrases]) -> String {
    let known: BTreeSet<(&str, &str)> = table
        .lines()
        .filter_map(|row| {
            let mut cells = row.split('\t');
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let mut text = table.trim_end_matches('\n').to_owned();
    let mut added = BTreeSet::new();
    for own in own {
        let phrases = own.phrases.iter().map(|phrase| (own.id.clone(), phrase));
        let except = own.except.iter();
        for (kind, phrase) in
            phrases.chain(except.map(|phrase| (format!("not {}", own.id), phrase)))
        {
            let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_known = known.contains(&(kind.as_str(), phrase.as_str()));
            if !is_known && added.insert((kind.clone(), phrase.clone())) {
                text.push_str(&format!("\n{kind}\t{phrase}\tbook"));
            }
        }
    }
    text.push('\n');
    text
}

/// The columns of `concepts.tsv`.
pub const CONCEPT_COLUMNS: [&str; 3] = ["theme", "pattern", "note"];

/// Reads and verifies a language's table; the kind of a pattern is the position of its theme. The error names file and
/// line.
pub fn read_concepts(
    table: &str,
    reading: &Reading<'_>,
    catalogue: &Catalogue,
) -> Result<PatternTable> {
    PatternTable::read(table, &CONCEPT_COLUMNS, reading, |id| {
        let number = catalogue.position(id).ok_or_else(|| {
            format!("\"{id}\" is no theme of concepts.toml; themes are named there")
        })?;
        let concept = &catalogue.concepts[usize::from(number)];
        Ok(Kind {
            number,
            can_be_denied: concept.leaning != Leaning::Topic,
            can_be_asked: true,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "[[theme]]\nid = \"refund\"\nfr = \"Remboursement\"\nen = \"Refund\"\ngroup = \"refund\"\nleaning = \"topic\"\nstage = \"after\"\n";

    #[test]
    fn a_catalogue_knows_its_themes_by_id() {
        let catalogue = Catalogue::read(ONE, "concepts.toml").unwrap();
        assert_eq!(catalogue.position("refund"), Some(0));
        assert_eq!(catalogue.position("price"), None);
        assert_eq!(catalogue.concepts()[0].leaning, Leaning::Topic);
    }

    #[test]
    fn what_is_wrong_with_a_catalogue_is_said() {
        let check = |text: String, says: &str| {
            let error = Catalogue::read(&text, "concepts.toml").err();
            let error = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(
                error.contains("concepts.toml") && error.contains(says),
                "{error}"
            );
        };
        check(format!("{ONE}{ONE}"), "twice");
        check(
            format!("{ONE}{}", ONE.replace("\"refund\"", "\"money\"")),
            "both called",
        );
        check(ONE.replace("id = \"refund\"", "id = \"Re fund\""), "no id");
        check(ONE.replace("\"Refund\"", "\" \""), "lacks a name");
        check(ONE.replace("topic", "mood"), "concepts.toml:6");
    }
}
