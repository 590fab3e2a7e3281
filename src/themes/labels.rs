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

/// … and, being more telling, when it is in this share of the part's records and of the theme's, and is typical itself.
///
/// "Pièces manquantes" rather than "manque" when one record in six says it.
const TELLING_OF_PART: f64 = 0.18;
const TELLING_OF_THEME: f64 = 0.08;
const FEWEST: u32 = 3;
/// A phrase of several words is cut short when the whole is in this share of its records.
const COMPLETED: f64 = 0.75;
/// How much more a phrase of several words is worth than a single one.
const TELLING: f64 = 1.25;
/// A keyphrase is in this many times the square root of the theme's records: 5 of 100, 16 of 1000.
const SUPPORT_OF_ROOT: f64 = 0.5;
/// A theme of which a smaller share says its commonest phrase is none.
const HELD_TOGETHER: f64 = 0.15;
/// From this on a phrase is typical of a theme beyond chance: two deviations.
const TYPICAL: f64 = 2.0;
/// Themes of which this share of records says the same phrase, each its most typical, are one theme.
const SAID_BY_MANY: f64 = 0.3;

/// A theme has a name in a language in which this share of its clauses are, when others are in another.
const SPOKEN: f64 = 0.1;

/// Label, keyphrases and names of each theme, from units given with their theme, units rising. Known themes, which have names,
/// come first; no found one takes such a name.
pub(super) fn name(
    units: &Units,
    vocabulary: &Vocabulary,
    kinds: &[Kind],
    assigned: &[(u32, u32)],
    known: &[[&str; 2]],
    found_themes: usize,
) -> Vec<Theme> {
    let themes = known.len() + found_themes;
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
    let names: BTreeSet<String> = known.iter().flatten().map(|name| slug(name)).collect();
    for of in &mut found[known.len()..] {
        of.phrases
            .retain(|phrase| !names.contains(&slug(&phrase.written)));
    }
    let labels = labels(&found);
    let mut taken: BTreeSet<String> = labels
        .iter()
        .flatten()
        .map(|label| label.written.clone())
        .collect();
    let translated = [0, 1]
        .map(|language| in_language(language, units, vocabulary, kinds, assigned, themes, &names));
    (0..themes)
        .map(|theme| {
            let (label, mut keyphrases) = match labels[theme] {
                Some(label) => (
                    label.written.clone(),
                    keyphrases(label, &found[theme], &labels),
                ),
                None if theme < known.len() => (String::new(), Vec::new()),
                None => (numbered(&found[theme], &mut taken), Vec::new()),
            };
            if theme < known.len() && !label.is_empty() {
                // It has a name: the phrase that would have been one is a keyphrase.
                keyphrases.insert(0, label.clone());
                keyphrases.truncate(KEYPHRASES);
            }
            let is_free = |name: &&String| {
                let others = (0..themes).filter(|other| *other != theme);
                others
                    .flat_map(|other| labels[other])
                    .all(|other| other.written != **name)
            };
            let names = translated.each_ref().map(|names| {
                let name = names[theme].as_ref().filter(is_free);
                name.cloned().unwrap_or_default()
            });
            Theme {
                label,
                keyphrases,
                names: if theme < known.len() {
                    [const { String::new() }; 2]
                } else {
                    names
                },
                ..Theme::default()
            }
        })
        .collect()
}

/// What each theme is called by those who speak one language, where enough do.
fn in_language(
    language: u8,
    units: &Units,
    vocabulary: &Vocabulary,
    kinds: &[Kind],
    assigned: &[(u32, u32)],
    themes: usize,
    taken: &BTreeSet<String>,
) -> Vec<Option<String>> {
    let mut sizes = vec![[0_u32; 2]; themes];
    let mut spoken: Vec<(u32, u32)> = Vec::new();
    for &(unit, theme) in assigned {
        let record = units.record[unit as usize] as usize;
        let Some(of_record) = units.language.get(record) else {
            return vec![None; themes];
        };
        sizes[theme as usize][0] += 1;
        if *of_record == language {
            sizes[theme as usize][1] += 1;
            spoken.push((unit, theme));
        }
    }
    let mut found = phrases::read(units, vocabulary, kinds, &spoken, themes, 2);
    phrases::write_out(units, vocabulary, kinds, &spoken, &mut found);
    for of in &mut found {
        of.phrases
            .retain(|phrase| !taken.contains(&slug(&phrase.written)));
    }
    let labels = labels(&found).into_iter().zip(sizes);
    labels
        .map(|(label, [all, own])| {
            let is_spoken = f64::from(own) >= f64::from(all) * SPOKEN && own < all;
            label
                .filter(|_| is_spoken)
                .map(|label| label.written.clone())
        })
        .collect()
}

/// The stems of each theme's most typical phrase, where many of its records say it; `None` for themes without a phrase.
pub(super) fn heads(found: &[OfTheme]) -> Vec<Option<Head>> {
    found
        .iter()
        .map(|of| {
            let head = ranked(of).first()?.phrase;
            let commonest = of.phrases.iter().map(|phrase| phrase.records).max()?;
            Some(Head {
                share_of_commonest: f64::from(commonest) / f64::from(of.records),
                stems: head.stems(),
                is_said_by_many: f64::from(head.records) >= SAID_BY_MANY * f64::from(of.records),
            })
        })
        .collect()
}

/// The most typical phrase of a theme.
pub(super) struct Head {
    stems: Vec<u32>,
    /// Share of the theme's records that hold the commonest of its phrases.
    share_of_commonest: f64,
    is_said_by_many: bool,
}

impl Head {
    /// False for a theme without a phrase that a fair part of it says: names, leftovers, odds and ends.
    pub fn holds_together(&self) -> bool {
        self.share_of_commonest >= HELD_TOGETHER
    }

    /// True when two themes have one head between them.
    pub fn is_shared(&self, other: &Head) -> bool {
        self.is_said_by_many && other.is_said_by_many && self.stems == other.stems
    }
}

/// A phrase for each theme, no two alike; the theme a phrase is most typical of takes it.
fn labels(found: &[OfTheme]) -> Vec<Option<&Phrase>> {
    let mut claims: Vec<(f64, usize, &Phrase)> = Vec::new();
    for (theme, of) in found.iter().enumerate() {
        for (rank, ranked) in ranked(of).into_iter().enumerate() {
            let claim = ranked.worth * (ranked.share / ENOUGH).min(1.0) / (1 + rank) as f64;
            claims.push((claim, theme, ranked.phrase));
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
    for Ranked { phrase, .. } in ranked(of) {
        let repeats =
            is_within(phrase, label) || shown[1..].iter().any(|other| overlap(other, phrase));
        if shown.len() <= KEYPHRASES
            && !repeats
            && is_supported(phrase, of)
            && !names_any(labels, phrase)
        {
            shown.push(phrase);
        }
    }
    shown[1..]
        .iter()
        .map(|phrase| phrase.written.clone())
        .collect()
}

/// True for phrases that enough of the theme's records hold, and more of them than chance would give.
fn is_supported(phrase: &Phrase, of: &OfTheme) -> bool {
    let fewest = f64::from(of.records).sqrt() * SUPPORT_OF_ROOT;
    f64::from(phrase.records) >= fewest.max(2.0) && phrase.typical >= TYPICAL
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

/// A phrase in its turn to name a theme.
#[derive(Clone, Copy)]
struct Ranked<'p> {
    phrase: &'p Phrase,
    /// How typical the phrase is, or the part of it whose place it took; more for phrases of several words that enough
    /// records hold.
    worth: f64,
    /// Share of the theme's records that hold it, or the part whose place it took.
    share: f64,
}

/// The phrases, those that name the theme best first, each replaced by a longer one that says more and is said by
/// enough.
fn ranked(of: &OfTheme) -> Vec<Ranked<'_>> {
    let all = f64::from(of.records);
    let mut ranked: Vec<Ranked> = Vec::new();
    for phrase in &of.phrases {
        let mut chosen = phrase;
        while let Some(longer) = of.phrases.iter().find(|longer| {
            is_part(chosen, longer)
                && (is_enough(longer, phrase, of) || is_completed(chosen, longer))
        }) {
            chosen = longer;
        }
        if ranked.iter().all(|other| other.phrase.key != chosen.key) {
            let is_telling = chosen.key[1] != NONE
                && chosen.records >= FEWEST
                && f64::from(chosen.records) >= TELLING_OF_THEME * all;
            ranked.push(Ranked {
                phrase: chosen,
                worth: phrase.typical * if is_telling { TELLING } else { 1.0 },
                share: f64::from(phrase.records) / all,
            });
        }
    }
    ranked.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    ranked
}

/// True when a phrase of several words is hardly ever said but within the longer one: "qualité prix".
fn is_completed(part: &Phrase, longer: &Phrase) -> bool {
    part.key[1] != NONE && f64::from(longer.records) >= COMPLETED * f64::from(part.records)
}

/// True when a phrase has enough records to take the place of its part.
fn is_enough(longer: &Phrase, part: &Phrase, of: &OfTheme) -> bool {
    let share_of = |whole: u32| f64::from(longer.records) / f64::from(whole);
    share_of(part.records) >= LONGER
        || (longer.records >= FEWEST
            && longer.typical >= TYPICAL
            && share_of(part.records) >= TELLING_OF_PART
            && share_of(of.records) >= TELLING_OF_THEME)
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

/// True when the first says nothing beyond the second.
fn is_within(a: &Phrase, b: &Phrase) -> bool {
    let whole = b.stems();
    a.stems().iter().all(|stem| whole.contains(stem))
}

/// True when one says nothing beyond the other.
fn overlap(a: &Phrase, b: &Phrase) -> bool {
    is_within(a, b) || is_within(b, a)
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
    const BROKEN: u32 = 4;

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
        check(3, "délai de livraison");
        check(2, "délai");
    }

    #[test]
    fn a_phrase_is_not_cut_short() {
        let found = [theme(&[
            phrase("prix", [PARCEL, NONE, NONE], 20, 9.0),
            phrase("qualité prix", [DELAY, PARCEL, NONE], 4, 5.0),
            phrase("rapport qualité prix", [DELIVERY, DELAY, PARCEL], 3, 4.0),
        ])];
        assert_eq!(
            labels(&found)[0].map(|phrase| phrase.written.as_str()),
            Some("rapport qualité prix")
        );
    }

    #[test]
    fn a_theme_of_odds_and_ends_does_not_hold_together() {
        let check = |records: u32, holds_together: bool| {
            let found = [theme(&[phrase("Kate", [PARCEL, NONE, NONE], records, 3.0)])];
            let heads = heads(&found);
            assert_eq!(
                heads[0].as_ref().map(Head::holds_together),
                Some(holds_together)
            );
        };
        check(2, false);
        check(3, true);
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
    fn keyphrases_are_said_by_enough_and_repeat_neither_the_label_nor_each_other() {
        let found = [theme(&[
            phrase("colis", [PARCEL, NONE, NONE], 19, 9.0),
            phrase("colis abîmé", [PARCEL, BROKEN, NONE], 3, 6.0),
            phrase("livraison du colis", [DELIVERY, PARCEL, NONE], 2, 7.5),
            phrase("délais", [DELAY, NONE, NONE], 9, 7.0),
            phrase("livraison", [DELIVERY, NONE, NONE], 9, 6.0),
            phrase("livraisons en délai", [DELIVERY, DELAY, NONE], 2, 5.0),
        ])];
        let labels = labels(&found);
        assert_eq!(
            keyphrases(labels[0].expect("has phrases"), &found[0], &labels),
            ["colis abîmé", "délais", "livraison"]
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
