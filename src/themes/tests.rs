//! Facts about the search for themes as a whole, on small invented feedback.

use super::*;
use std::collections::BTreeMap;

/// Feedback as the finder reads it, from clauses of plain words. A comma parts words, `*` marks a word that names
/// nothing and has no stem, `~` a weak one; a final `s` is no part of a stem.
struct Feedback {
    tokens: Vec<u32>,
    bounds: Vec<u32>,
    record: Vec<u32>,
    written: Vec<Box<str>>,
    term: Vec<u32>,
    terms: u32,
    weak: Vec<bool>,
    /// By record; empty where nobody asks.
    language: Vec<u8>,
}

impl Feedback {
    fn new<'t>(clauses: impl IntoIterator<Item = (u32, &'t str)>) -> Feedback {
        let mut feedback = Feedback {
            tokens: vec![],
            bounds: vec![0],
            record: vec![],
            written: vec![],
            term: vec![],
            terms: 0,
            weak: vec![],
            language: vec![],
        };
        let mut surfaces = BTreeMap::new();
        let mut stems = BTreeMap::new();
        for (record, clause) in clauses {
            for word in clause.replace(',', " , ").split_whitespace() {
                if word == "," {
                    feedback.tokens.push(GAP);
                    continue;
                }
                let surface = *surfaces.entry(word.to_owned()).or_insert_with(|| {
                    let plain = word.trim_start_matches(['*', '~']);
                    let is_stop = word.starts_with('*');
                    feedback.written.push(plain.into());
                    feedback.weak.push(is_stop || word.starts_with('~'));
                    feedback.term.push(if is_stop {
                        NONE
                    } else {
                        *stems
                            .entry(plain.trim_end_matches('s').to_owned())
                            .or_insert_with(|| {
                                feedback.terms += 1;
                                feedback.terms - 1
                            })
                    });
                    feedback.written.len() as u32 - 1
                });
                feedback.tokens.push(surface);
            }
            feedback.bounds.push(feedback.tokens.len() as u32);
            feedback.record.push(record);
        }
        feedback
    }

    /// One record a clause.
    fn separate(clauses: &[&str]) -> Feedback {
        Feedback::new((0..).zip(clauses.iter().copied()))
    }

    fn find(&self, settings: &Settings) -> Found {
        let units = Units {
            tokens: &self.tokens,
            bounds: &self.bounds,
            record: &self.record,
            language: &self.language,
            is_copy: &[],
            is_explained: &[],
            is_learnt: &[],
        };
        let vocabulary = Vocabulary {
            written: &self.written,
            term: &self.term,
            terms: self.terms,
            stems: &[],
            places: None,
            weak: &self.weak,
        };
        let found = find(
            &units,
            &vocabulary,
            &Known::default(),
            &Memory::default(),
            settings,
        );
        self.check_promises(&found);
        found
    }

    /// What holds of every answer.
    fn check_promises(&self, found: &Found) {
        assert_eq!(found.assigned.len(), self.record.len());
        let mut sizes = vec![0; found.themes.len()];
        for &(theme, strength) in &found.assigned {
            if theme == NONE {
                assert_eq!(strength, 0.0);
            } else {
                assert!(strength > 0.0 && strength <= 1.0);
                sizes[theme as usize] += 1;
            }
        }
        assert!(
            sizes.iter().all(|&size| size > 0) && sizes.is_sorted_by(|a, b| a >= b),
            "{sizes:?}"
        );
        let mut labels: Vec<&str> = found
            .themes
            .iter()
            .map(|theme| theme.label.as_str())
            .collect();
        let mut ids: Vec<&str> = found.themes.iter().map(|theme| theme.id.as_str()).collect();
        for list in [&mut labels, &mut ids] {
            list.sort_unstable();
            assert!(
                list.windows(2).all(|pair| pair[0] != pair[1]) && !list.contains(&""),
                "{list:?}"
            );
        }
        let is_edge_weak = |phrase: &str| {
            let weak = |word: Option<&str>| {
                self.written
                    .iter()
                    .zip(&self.weak)
                    .any(|(written, &weak)| weak && word == Some(written))
            };
            weak(phrase.split(' ').next()) || weak(phrase.split(' ').next_back())
        };
        for theme in &found.themes {
            let phrases = theme.keyphrases.iter().chain([&theme.label]);
            assert!(
                phrases.clone().all(|phrase| !is_edge_weak(phrase)),
                "{theme:?}"
            );
            assert!(theme.keyphrases.len() <= 5 && !theme.keyphrases.contains(&theme.label));
        }
    }
}

/// Clauses about three things, said in several ways.
fn shop() -> Vec<String> {
    let delivery = [
        "délai *de livraison",
        "délais *de livraison",
        "livraison retard",
        "délai *de livraison ~long",
        "colis retard livraison",
    ];
    let price = [
        "prix élevé",
        "prix ~trop élevé",
        "tarif élevé",
        "prix promotion",
        "prix tarif",
    ];
    let staff = [
        "vendeuse aimable",
        "accueil *en magasin",
        "accueil vendeuse",
        "vendeuse *du magasin",
        "accueil aimable magasin",
    ];
    (0..90)
        .map(|clause| [delivery, price, staff][clause % 3][clause / 3 % 5].to_owned())
        .collect()
}

fn texts(clauses: &[String]) -> Vec<&str> {
    clauses.iter().map(String::as_str).collect()
}

fn labels(found: &Found) -> Vec<&str> {
    found
        .themes
        .iter()
        .map(|theme| theme.label.as_str())
        .collect()
}

fn exactly(count: usize) -> Settings {
    Settings {
        count: Count::Exactly(count),
        ..Settings::default()
    }
}

#[test]
fn clauses_about_one_thing_get_one_theme() {
    let clauses = shop();
    let found = Feedback::separate(&texts(&clauses)).find(&exactly(3));
    assert_eq!(found.themes.len(), 3);
    for (unit, (theme, _)) in found.assigned.iter().enumerate() {
        assert_eq!(*theme, found.assigned[unit % 3].0, "{}", clauses[unit]);
    }
    assert!(
        labels(&found).contains(&"délai de livraison"),
        "{:?}",
        labels(&found)
    );
}

#[test]
fn auto_finds_a_handful_of_themes_among_three_topics() {
    let clauses = shop();
    let found = Feedback::separate(&texts(&clauses)).find(&Settings::default());
    assert!(
        (2..=6).contains(&found.themes.len()),
        "{:?}",
        labels(&found)
    );
}

#[test]
fn nothing_to_read_gives_no_theme() {
    let check = |clauses: &[&str]| {
        for settings in [Settings::default(), exactly(3)] {
            let found = Feedback::separate(clauses).find(&settings);
            assert_eq!(found.themes, [], "{clauses:?}");
        }
    };
    check(&[]);
    check(&[""]);
    check(&["", "", ""]);
    check(&["*le *la", "*et", ","]);
    check(&["~merci", "~merci ~beaucoup", "~merci"]);
}

#[test]
fn settings_nobody_validated_do_no_harm() {
    let clauses = shop();
    let feedback = Feedback::separate(&texts(&clauses));
    let check = |change: fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        feedback.find(&settings).themes.len()
    };
    assert_eq!(check(|settings| settings.count = Count::Exactly(0)), 1);
    assert_eq!(check(|settings| settings.at_most = 0), 1);
    assert_eq!(check(|settings| settings.sample = 0), 0);
    assert_eq!(check(|settings| settings.minimum_strength = 2.0), 0);
    assert_eq!(check(|settings| settings.minimum_strength = f32::NAN), 0);
}

#[test]
fn clauses_without_a_word_in_common_are_no_theme() {
    let check = |clauses: &[&str]| {
        assert_eq!(
            Feedback::separate(clauses)
                .find(&Settings::default())
                .themes,
            []
        )
    };
    check(&["livraison"]);
    check(&["livraison", "prix", "accueil"]);
}

#[test]
fn what_everybody_says_is_one_theme() {
    for copies in [2, 3, 7, 500] {
        let found =
            Feedback::separate(&vec!["service *après vente"; copies]).find(&Settings::default());
        assert_eq!(labels(&found), ["service après vente"], "{copies}");
        assert!(
            found
                .assigned
                .iter()
                .all(|&(theme, strength)| theme == 0 && strength > 0.99)
        );
    }
}

#[test]
fn a_number_of_themes_is_reached_where_the_data_can() {
    let clauses = shop();
    let different = Feedback::separate(&texts(&clauses));
    for count in [1, 2, 5, 12, 14] {
        assert_eq!(different.find(&exactly(count)).themes.len(), count);
    }
    // Two of the fifteen clauses differ by an ending only.
    assert_eq!(different.find(&exactly(1000)).themes.len(), 14);
    let check = |clauses: &[&str], count: usize, themes: usize| {
        assert_eq!(
            Feedback::separate(clauses)
                .find(&exactly(count))
                .themes
                .len(),
            themes,
            "{clauses:?}"
        );
    };
    check(&["livraison", "prix", "accueil"], 3, 3);
    check(&["livraison", "prix", "accueil"], 9, 3);
    check(&["livraison", "livraison", "livraisons"], 9, 1);
    check(&["livraison"], 1, 1);
}

#[test]
fn a_clause_of_unknown_or_weak_words_has_no_theme() {
    let mut clauses = shop();
    clauses.extend(["hapax", "~merci", "*le", ""].map(str::to_owned));
    let found = Feedback::separate(&texts(&clauses)).find(&Settings::default());
    assert_eq!(found.assigned[90..], [(NONE, 0.0); 4]);
}

#[test]
fn labels_keep_inner_small_words_and_the_commonest_spelling() {
    let check = |clauses: &[&str], label: &str| {
        let many: Vec<&str> = clauses
            .iter()
            .copied()
            .cycle()
            .take(clauses.len() * 4)
            .collect();
        assert_eq!(
            labels(&Feedback::separate(&many).find(&exactly(1))),
            [label],
            "{clauses:?}"
        );
    };
    check(
        &[
            "*le délai *de livraison",
            "délais *de livraison",
            "*un délai *de livraison",
        ],
        "délai de livraison",
    );
    check(
        &[
            "délais *de livraison",
            "délais *de livraison",
            "délai *de livraison",
        ],
        "délais de livraison",
    );
    check(
        &["~gentille carte bleue ~merci", "*ma carte bleue"],
        "carte bleue",
    );
    check(&["état *de *l' appli"], "état de l'appli");
    check(&["*l' appli", "*l' appli"], "appli");
}

#[test]
fn a_phrase_does_not_cross_punctuation() {
    let found = Feedback::separate(&["carte, bleue"; 8]).find(&exactly(1));
    assert!(
        ["carte", "bleue"].contains(&labels(&found)[0]),
        "{:?}",
        labels(&found)
    );
}

#[test]
fn a_record_that_repeats_itself_counts_once() {
    // One customer writes "remboursement" twenty times, ten customers write "livraison rapide" once.
    let rant = (0..20).map(|_| (0, "remboursement livraison"));
    let others = (1..11).map(|record| (record, "livraison rapide"));
    let found = Feedback::new(rant.chain(others)).find(&exactly(1));
    assert_eq!(labels(&found), ["livraison rapide"]);
}

#[test]
fn neighbours_tip_the_balance_but_name_nothing_alone() {
    let mut clauses: Vec<(u32, &str)> = Vec::new();
    for record in 0..30 {
        let about = [
            ["colis perdu", "colis abîmé"],
            ["carte refusée", "carte avalée"],
        ][record as usize % 2];
        clauses.extend(about.map(|clause| (record, clause)));
    }
    clauses.extend([(40, "colis perdu"), (40, "hapax"), (40, "colis abîmé")]);
    let found = Feedback::new(clauses).find(&exactly(2));
    assert_eq!(found.assigned[61], (NONE, 0.0));
    assert!(found.assigned[60].0 != NONE && found.assigned[60].0 == found.assigned[62].0);
}

/// Many clauses drawn from a few topics, with noise: enough for every stage to work in several chunks.
fn crowd(clauses: usize) -> Feedback {
    let mut chance = crate::algebra::Chance::new(5, 5);
    let mut pick = |below: u64| chance.next() % below;
    let texts: Vec<(u32, String)> = (0..clauses)
        .map(|clause| {
            let topic = pick(12);
            let words: Vec<String> = (0..2 + pick(4))
                .map(|_| {
                    if pick(4) == 0 {
                        format!("mot{}", pick(300))
                    } else {
                        format!("sujet{topic}x{}", pick(9))
                    }
                })
                .collect();
            (
                clause as u32 / 2,
                words.join([" ", " *de ", ", "][pick(3) as usize]),
            )
        })
        .collect();
    Feedback::new(texts.iter().map(|(record, text)| (*record, text.as_str())))
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let feedback = crowd(4000);
    let sampled = Settings {
        sample: 2000,
        ..Settings::default()
    };
    for settings in [Settings::default(), exactly(20), sampled] {
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("a pool of a few threads")
                .install(|| feedback.find(&settings))
        };
        let one = on(1);
        assert!(one.themes.len() > 5);
        for threads in [2, 8] {
            let many = on(threads);
            assert_eq!(one.themes, many.themes);
            let bits = |found: &Found| -> Vec<(u32, u32)> {
                found
                    .assigned
                    .iter()
                    .map(|&(theme, strength)| (theme, strength.to_bits()))
                    .collect()
            };
            assert_eq!(bits(&one), bits(&many));
        }
    }
}

#[test]
fn a_sample_is_enough_to_give_every_unit_its_theme() {
    let feedback = crowd(4000);
    let found = feedback.find(&Settings {
        sample: 1500,
        ..exactly(12)
    });
    let without = found
        .assigned
        .iter()
        .filter(|(theme, _)| *theme == NONE)
        .count();
    assert!(found.themes.len() == 12 && without < 400, "{without}");
}

#[test]
fn a_theme_of_two_languages_has_a_name_in_each() {
    let clauses = ["colis retard dhl", "colis retard dhl", "parcel late dhl"];
    let mut feedback = Feedback::new((0..60).map(|row| (row, clauses[row as usize % 3])));
    feedback.language = (0..60).map(|row| u8::from(row % 3 == 2)).collect();
    let found = feedback.find(&exactly(1));
    let names = found.themes[0].names.each_ref().map(String::as_str);
    assert_eq!(names, ["colis retard dhl", "parcel late dhl"]);

    feedback.language = vec![0; 60];
    let found = feedback.find(&exactly(1));
    assert_eq!(
        found.themes[0].names,
        ["", ""],
        "one language needs no second name"
    );
}

#[test]
fn a_large_known_theme_falls_into_parts_that_last() {
    let clauses = [
        "colis *en retard transporteur dhl",
        "retard dhl transporteur colis",
        "colis retard relais commerçant",
        "colis retard noël cadeaux fêtes",
        "retard commerçant relais colis",
        "noël cadeaux fêtes retard colis",
    ];
    let days = ["lundi", "mardi", "jeudi", "hier", "matin", "soir", "midi"];
    let texts: Vec<String> = (0..900)
        .map(|row| format!("{} ~{}", clauses[row % 6], days[row / 6 % 7]))
        .collect();
    let mut feedback = Feedback::separate(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let stems: Vec<Box<str>> = (0..feedback.terms)
        .map(|stem| format!("s{stem}").into())
        .collect();
    let find_with = |feedback: &Feedback, memory: &Memory| {
        let explained = vec![true; feedback.record.len()];
        let units = Units {
            tokens: &feedback.tokens,
            bounds: &feedback.bounds,
            record: &feedback.record,
            language: &[],
            is_copy: &[],
            is_explained: &explained,
            is_learnt: &[],
        };
        let vocabulary = Vocabulary {
            written: &feedback.written,
            term: &feedback.term,
            terms: feedback.terms,
            stems: &stems,
            places: None,
            weak: &feedback.weak,
        };
        let known = Known {
            ids: vec!["late"],
            names: vec![["Colis en retard", "Late parcel"]],
            is_divisible: vec![true],
            mentions: (0..feedback.record.len() as u32)
                .map(|unit| (unit, 0))
                .collect(),
        };
        find(&units, &vocabulary, &known, memory, &Settings::default())
    };
    let found = find_with(&feedback, &Memory::default());
    let names: Vec<&str> = found.parts.iter().map(|part| part.name(0)).collect();
    assert_eq!(found.parts.len(), 3, "{names:?}");
    assert!(
        names
            .iter()
            .all(|name| name.starts_with("Colis en retard › ")),
        "{names:?}"
    );
    assert!(
        found
            .parts
            .iter()
            .all(|part| part.parent.as_deref() == Some("late"))
    );
    let part_of = |found: &Found, unit: u32| {
        let place = found.in_parts.iter().find(|(of, ..)| *of == unit)?.1;
        Some(found.parts[place as usize].id.clone())
    };
    assert_eq!(part_of(&found, 0), part_of(&found, 1));
    assert_ne!(part_of(&found, 0), part_of(&found, 3));
    assert!(
        found.themes.is_empty() && found.events.len() == 3,
        "{:?}",
        found.events
    );

    // A week later, with less of it: the parts are the same, and nothing is born.
    feedback.bounds.truncate(61);
    feedback.record.truncate(60);
    let later = find_with(&feedback, &found.memory);
    assert_eq!(part_of(&later, 0), part_of(&found, 0));
    assert_eq!(part_of(&later, 3), part_of(&found, 3));
    assert!(later.events.is_empty());
}
