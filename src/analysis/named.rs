//! What the catalogue names in a body of feedback: which themes, in which clauses, by which words.

use crate::{
    analysis::waves::FlatClauses,
    language::{Lexicons, NONE},
    themes::{Known, KnownMention, Theme, ThemeKind, Traits},
};

/// What the catalogue's phrases name in a body of feedback.
#[derive(Default)]
pub(super) struct Named {
    /// Position in the catalogue of each theme that is named, lowest first.
    concepts: Vec<u16>,
    /// Units rising.
    pub mentions: Vec<NamedUnit>,
    /// For each unit whether something of the catalogue is named in it.
    pub is_explained: Vec<bool>,
}

/// A unit in which something of the catalogue is named.
pub(super) struct NamedUnit {
    pub unit: u32,
    /// Position among the concepts that are named.
    pub theme: u32,
    /// First byte of the phrase in the record's text, and one past its last.
    pub phrase: (u32, u32),
    pub strength: f32,
}

impl Named {
    /// `known` with the position of the record each is in; records rising.
    pub fn of(clauses: &FlatClauses, known: &[(u32, KnownMention)], lexicons: &Lexicons) -> Self {
        let mut named = Self {
            mentions: Vec::with_capacity(known.len()),
            is_explained: vec![false; clauses.record.len()],
            ..Self::default()
        };
        let mut place = vec![NONE; lexicons.catalogue.concepts().len()];
        for (_, mention) in known {
            place[usize::from(mention.concept)] = 0;
        }
        for (concept, place) in (0..).zip(&mut place) {
            if *place != NONE {
                *place = named.concepts.len() as u32;
                named.concepts.push(concept);
            }
        }
        let mut first_unit = 0;
        for (record, mention) in known {
            while clauses.record[first_unit] < *record {
                first_unit += 1;
            }
            let unit = first_unit + mention.clause as usize;
            named.is_explained[unit] = true;
            named.mentions.push(NamedUnit {
                unit: unit as u32,
                theme: place[usize::from(mention.concept)],
                phrase: (mention.start, mention.end),
                strength: mention.strength,
            });
        }
        named
    }

    pub fn for_finding<'a>(&self, lexicons: &'a Lexicons) -> Known<'a> {
        let concepts = || {
            let all = lexicons.catalogue.concepts();
            self.concepts
                .iter()
                .map(|concept| &all[usize::from(*concept)])
        };
        Known {
            ids: concepts().map(|concept| concept.id.as_str()).collect(),
            names: concepts()
                .map(|concept| [concept.fr.as_str(), concept.en.as_str()])
                .collect(),
            // Verdicts on the whole are about everything: what they fall into, all themes say.
            is_divisible: concepts()
                .map(|concept| !concept.is_own() && concept.factor.is_some())
                .collect(),
            mentions: self
                .mentions
                .iter()
                .map(|named| (named.unit, named.theme))
                .collect(),
        }
    }

    /// The themes that are named, in the order of `concepts`.
    pub fn themes(
        &self,
        keyphrases: Vec<Vec<String>>,
        language: usize,
        lexicons: &Lexicons,
    ) -> Vec<Theme> {
        let all = lexicons.catalogue.concepts();
        let named = self
            .concepts
            .iter()
            .map(|concept| &all[usize::from(*concept)]);
        named
            .zip(keyphrases)
            .map(|(concept, keyphrases)| {
                let names = [concept.fr.clone(), concept.en.clone()];
                Theme {
                    id: concept.id.clone(),
                    label: names[language].clone(),
                    keyphrases,
                    names,
                    kind: ThemeKind::Known,
                    traits: (!concept.is_own()).then_some(Traits {
                        leaning: concept.leaning,
                        stage: concept.stage,
                        pillar: concept.pillar,
                        factor: concept.factor,
                    }),
                    ..Theme::default()
                }
            })
            .collect()
    }
}
