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
    /// Unit, position among `concepts`, and the phrase; units rising.
    pub mentions: Vec<(u32, u32, KnownMention)>,
    /// For each unit whether something of the catalogue is named in it.
    pub is_explained: Vec<bool>,
}

impl Named {
    pub fn of(clauses: &FlatClauses, known: &[Box<[KnownMention]>], lexicons: &Lexicons) -> Self {
        let mut named = Self {
            mentions: Vec::with_capacity(known.iter().map(|mentions| mentions.len()).sum()),
            is_explained: vec![false; clauses.record.len()],
            ..Self::default()
        };
        let mut place = vec![NONE; lexicons.catalogue.concepts().len()];
        for mention in known.iter().flatten() {
            place[usize::from(mention.concept)] = 0;
        }
        for (concept, place) in (0..).zip(&mut place) {
            if *place != NONE {
                *place = named.concepts.len() as u32;
                named.concepts.push(concept);
            }
        }
        let mut first_unit = 0;
        for (record, mentions) in known.iter().enumerate() {
            for mention in mentions {
                let unit = first_unit + mention.clause as usize;
                named.is_explained[unit] = true;
                let theme = place[usize::from(mention.concept)];
                named.mentions.push((unit as u32, theme, *mention));
            }
            while clauses
                .record
                .get(first_unit)
                .is_some_and(|of| *of as usize == record)
            {
                first_unit += 1;
            }
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
                .map(|(unit, theme, _)| (*unit, *theme))
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
