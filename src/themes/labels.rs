//! Names for themes: for each the most typical phrase people wrote, never the same for two.

use super::{
    NONE, Theme, Units, Vocabulary,
    phrases::{self, OfTheme, Phrase},
    slug::slug,
    terms::Kind,
};
use std::collections::BTreeSet;

/// Keyphrases a theme shows beside its label.
const KEYPHRASES: usize = 5;
/// Share of a theme's records from which a phrase stands for the theme; below, its claim shrinks.
const ENOUGH: f64 = 0.15;
/// A longer phrase takes the place of its part when it is in at least this share of the part's records.
///
/// 0.4: "délai de livraison" rather than "délai" when two records in five that say one say the other.
const LONGER: f64 = 0.4;

/// Themes of which this share of records says the same phrase, each its most typical, are one theme.
const SAID_BY_MANY: f64 = 0.3;

/// Label and keyphrases of each theme, from units given with their theme, units rising.
pub(super) fn name(
    units: &Units,
    vocabulary: &Vocabulary,
    kinds: &[Kind],
    assigned: &[(u32, u32)],
    themes: usize,
) -> Vec<Theme> {
    let mut found = phrases::read(units, vocabulary, kinds, assigned, themes, 2);
    phrases::write_out(units, vocabulary, kinds, assigned, &mut found);
    let unnamed: Vec<bool> = labels(&found).iter().map(Option::is_none).collect();
    if unnamed.contains(&true) {
        // A theme nobody phrased twice may use what was written once.
        let mut once = phrases::read(units, vocabulary, kinds, assigned, themes, 1);
        phrases::write_out(units, vocabulary, kinds, assigned, &mut once);
        for (theme, of) in once
            .into_iter()
            .enumerate()
            .filter(|&(theme, _)| unnamed[theme])
        {
            found[theme] = of;
        }
    }
    let labels = labels(&found);
    let mut taken: BTreeSet<String> = labels
        .iter()
        .flatten()
        .map(|label| label.written.clone())
        .collect();
    (0..themes)
        .map(|theme| {
            let (label, keyphrases) = match labels[theme] {
                Some(label) => (
                    label.written.clone(),
                    keyphrases(label, &found[theme], &labels),
                ),
                None => (numbered(&found[theme], &mut taken), Vec::new()),
            };
            Theme {
                id: String::new(),
                label,
                keyphrases,
            }
        })
        .collect()
}

/// The stems of each theme's most typical phrase, where many of its records say it; `None` for themes without a phrase.
pub(super) fn heads(found: &[OfTheme]) -> Vec<Option<Head>> {
    found
        .iter()
        .map(|of| {
            let head = *longest_first(&of.phrases).first()?;
            Some(Head {
                stems: head.stems(),
                is_said_by_many: f64::from(head.records) >= SAID_BY_MANY * f64::from(of.records),
            })
        })
        .collect()
}

/// The most typical phrase of a theme.
pub(super) struct Head {
    stems: Vec<u32>,
    is_said_by_many: bool,
}

impl Head {
    /// True when two themes have one head between them.
    pub fn is_shared(&self, other: &Head) -> bool {
        self.is_said_by_many && other.is_said_by_many && self.stems == other.stems
    }
}

/// A phrase for each theme, no two alike; the theme a phrase is most typical of takes it.
fn labels(found: &[OfTheme]) -> Vec<Option<&Phrase>> {
    let mut claims: Vec<(f64, usize, &Phrase)> = Vec::new();
    for (theme, of) in found.iter().enumerate() {
        for (rank, phrase) in longest_first(&of.phrases).into_iter().enumerate() {
            let share = f64::from(phrase.records) / f64::from(of.records);
            let claim = phrase.typical * (share / ENOUGH).min(1.0) / (1 + rank) as f64;
            claims.push((claim, theme, phrase));
        }
    }
    claims.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut labels: Vec<Option<&Phrase>> = vec![None; found.len()];
    for (_, theme, phrase) in claims {
        if labels[theme].is_none() && !names_any(&labels, phrase) {
            labels[theme] = Some(phrase);
        }
    }
    labels
}

fn names_any(labels: &[Option<&Phrase>], phrase: &Phrase) -> bool {
    labels
        .iter()
        .flatten()
        .any(|label| are_alike(label, phrase))
}

/// The next most typical phrases that add something to the label and to each other, and name no other theme.
fn keyphrases(label: &Phrase, of: &OfTheme, labels: &[Option<&Phrase>]) -> Vec<String> {
    let mut shown = vec![label];
    for phrase in longest_first(&of.phrases) {
        let repeats = shown.iter().any(|other| overlap(other, phrase));
        if shown.len() <= KEYPHRASES && !repeats && !names_any(labels, phrase) {
            shown.push(phrase);
        }
    }
    shown[1..]
        .iter()
        .map(|phrase| phrase.written.clone())
        .collect()
}

/// For themes all of whose phrases name others: the best of them, with a number.
fn numbered(of: &OfTheme, taken: &mut BTreeSet<String>) -> String {
    let best = of.phrases.first().map_or("", |phrase| &phrase.written);
    let mut number = 2;
    loop {
        let label = format!("{best} {number}").trim_start().to_owned();
        if taken.insert(label.clone()) {
            return label;
        }
        number += 1;
    }
}

/// The phrases, most typical first, each replaced by a longer one that is nearly as frequent.
pub(super) fn longest_first(phrases: &[Phrase]) -> Vec<&Phrase> {
    let mut ranked: Vec<&Phrase> = Vec::new();
    for phrase in phrases {
        let mut chosen = phrase;
        while let Some(longer) = phrases.iter().find(|longer| {
            is_part(chosen, longer)
                && f64::from(longer.records) >= LONGER * f64::from(phrase.records)
        }) {
            chosen = longer;
        }
        if !ranked.iter().any(|other| other.key == chosen.key) {
            ranked.push(chosen);
        }
    }
    ranked
}

/// True when the stems of one follow each other in a longer other.
fn is_part(part: &Phrase, whole: &Phrase) -> bool {
    let part: Vec<u32> = part.key.into_iter().filter(|&stem| stem != NONE).collect();
    let whole: Vec<u32> = whole.key.into_iter().filter(|&stem| stem != NONE).collect();
    part.len() < whole.len() && whole.windows(part.len()).any(|stems| stems == part)
}

/// True for phrases a reader would take for one another: the same stems in any order, or the same writing but for
/// accents.
fn are_alike(a: &Phrase, b: &Phrase) -> bool {
    a.stems() == b.stems() || slug(&a.written) == slug(&b.written)
}

/// True when one says nothing beyond the other.
fn overlap(a: &Phrase, b: &Phrase) -> bool {
    let (a, b) = (a.stems(), b.stems());
    let (short, long) = if a.len() <= b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    short.iter().all(|stem| long.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(written: &str, key: [u32; 3], records: u32, typical: f64) -> Phrase {
        Phrase {
            key,
            written: written.to_owned(),
            records,
            typical,
        }
    }

    fn theme(phrases: &[Phrase]) -> OfTheme {
        OfTheme {
            records: 20,
            phrases: phrases.to_vec(),
        }
    }

    const DELAY: u32 = 1;
    const DELIVERY: u32 = 2;
    const PARCEL: u32 = 3;

    #[test]
    fn a_longer_phrase_takes_the_place_of_its_part_when_nearly_as_frequent() {
        let check = |longer: u32, label: &str| {
            let found = [theme(&[
                phrase("délai", [DELAY, NONE, NONE], 10, 9.0),
                phrase("délai de livraison", [DELAY, DELIVERY, NONE], longer, 3.0),
            ])];
            assert_eq!(
                labels(&found)[0].map(|phrase| phrase.written.as_str()),
                Some(label),
                "{longer}"
            );
        };
        check(9, "délai de livraison");
        check(4, "délai de livraison");
        check(3, "délai");
    }

    #[test]
    fn two_themes_never_share_a_label() {
        let both = |typical| phrase("livraison", [DELIVERY, NONE, NONE], 10, typical);
        let parcel = phrase("colis", [PARCEL, NONE, NONE], 8, 1.0);
        let found = [
            theme(&[both(4.0), parcel.clone()]),
            theme(&[both(5.0)]),
            theme(&[both(2.0)]),
        ];
        let labels: Vec<_> = labels(&found)
            .into_iter()
            .map(|label| label.map(|label| label.written.as_str()))
            .collect();
        assert_eq!(labels, [Some("colis"), Some("livraison"), None]);
        let mut taken = BTreeSet::from(["livraison 2".to_owned()]);
        assert_eq!(numbered(&found[2], &mut taken), "livraison 3");
    }

    #[test]
    fn a_missing_accent_makes_no_other_label() {
        let accented = phrase("délai", [DELAY, NONE, NONE], 10, 5.0);
        let plain = phrase("delai", [PARCEL, NONE, NONE], 10, 4.0);
        let found = [theme(&[accented]), theme(&[plain])];
        assert!(labels(&found)[1].is_none());
    }

    #[test]
    fn keyphrases_repeat_neither_the_label_nor_each_other() {
        let found = [theme(&[
            phrase("colis", [PARCEL, NONE, NONE], 10, 9.0),
            phrase("livraison du colis", [DELIVERY, PARCEL, NONE], 3, 8.0),
            phrase("délais", [DELAY, NONE, NONE], 9, 7.0),
            phrase("livraison", [DELIVERY, NONE, NONE], 9, 6.0),
            phrase("livraisons en délai", [DELIVERY, DELAY, NONE], 2, 5.0),
        ])];
        let labels = labels(&found);
        assert_eq!(
            keyphrases(labels[0].expect("has phrases"), &found[0], &labels),
            ["délais", "livraison"]
        );
    }

    #[test]
    fn a_phrase_hardly_anybody_says_does_not_stand_for_the_theme() {
        let found = [theme(&[
            phrase("colis", [PARCEL, NONE, NONE], 1, 6.0),
            phrase("livraison", [DELIVERY, NONE, NONE], 12, 5.0),
        ])];
        assert_eq!(
            labels(&found)[0].map(|phrase| phrase.written.as_str()),
            Some("livraison")
        );
    }
}
