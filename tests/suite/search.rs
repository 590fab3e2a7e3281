//! `search`: French and English as people write them, exact counts, errors that point.

use crate::support::Bench;

const RECORDS: &str = "id;date;canal;note;commentaire\n\
    1;2026-11-02;chat;1;Remboursement toujours pas reçu, c’est scandaleux\n\
    2;2026-11-03;email;5;J'ai été remboursé en deux jours, merci\n\
    3;2026-11-09;chat;4;L’achat était simple, Rémi m'a bien conseillé au magasin\n\
    4;2026-11-10;email;2;The late parcel was never refunded and nobody answers\n\
    5;2026-11-11;web;3;Service après-vente injoignable depuis trois semaines\n\
    6;2026-11-12;web;1;Mot de passe oublié, impossible de me connecter à l'appli\n";

fn workspace() -> Bench {
    let bench = Bench::new();
    let file = bench.file("avis.csv", RECORDS).display().to_string();
    bench
        .vocable(&["run", "--workspace", "vocable-data", "--quiet", &file])
        .ends(0);
    bench
}

/// The ids found, in order.
fn ids(bench: &Bench, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["search", "--format", "json"];
    all.extend(arguments);
    let out = bench.vocable(&all).ends(0).out;
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let hits = found["hits"].as_array().unwrap();
    assert_eq!(found["total"].as_u64().unwrap(), hits.len() as u64);
    hits.iter()
        .map(|hit| hit["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn inflections_accents_and_elisions_are_found() {
    let bench = workspace();
    let check = |arguments: &[&str], expected: &[&str]| {
        let mut found = ids(&bench, arguments);
        found.sort();
        assert_eq!(found, expected, "{arguments:?}");
    };
    check(&["remboursement"], &["1", "2"]);
    check(&["remi"], &["3"]);
    check(&["achat"], &["3"]);
    check(&["l'achat"], &["3"]);
    check(&["parcels refund"], &["4"]);
    check(&["\"mot de passe\""], &["6"]);
    check(&["après-vente"], &["5"]);
    check(&["\"apres vente\""], &["5"]);
    check(&["rembours*"], &["1", "2"]);
    check(&["remboursem*"], &["1", "2"]);
    check(&["l'ach*"], &["3"]);
    check(&["remboursement ?"], &["1", "2"]);
    check(&["remboursement NOT scandaleux"], &["2"]);
    check(&["(parcel OR appli) -late"], &["6"]);
    check(&["-remboursement"], &["3", "4", "5", "6"]);
    check(&["--channel", "chat"], &["1", "3"]);
    check(&["--cue", "problem"], &["1", "4", "5", "6"]);
    check(&["--cue", "praise", "--cue", "legal"], &["2", "3"]);
    check(&["--rating", "1..2"], &["1", "4", "6"]);
    check(&["--from", "2026-11-09", "--to", "2026-11-10"], &["3", "4"]);
    check(&["--lang", "en"], &["4"]);
    check(&["--sentiment", "pos", "remboursement"], &["2"]);
    check(&["inexistant"], &[]);
}

#[test]
fn order_is_newest_first_when_asked() {
    let bench = workspace();
    assert_eq!(
        ids(&bench, &["--sort", "date"]),
        ["6", "5", "4", "3", "2", "1"]
    );
}

#[test]
fn what_is_cut_off_is_said() {
    let bench = workspace();
    let out = bench.vocable(&["search", "--limit", "2"]).ends(0).out;
    assert!(out.contains("2 of 6 records"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
}

#[test]
fn highlights_slice_the_text() {
    let bench = workspace();
    let out = bench
        .vocable(&["search", "--format", "json", "remboursement"])
        .ends(0)
        .out;
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let mut words: Vec<String> = found["hits"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|hit| {
            let text = hit["text"].as_str().unwrap().to_owned();
            let spans = hit["highlights"].as_array().unwrap().clone();
            spans
                .into_iter()
                .map(move |span| {
                    let at = |index: usize| span[index].as_u64().unwrap() as usize;
                    text[at(0)..at(1)].to_owned()
                })
                .collect::<Vec<_>>()
        })
        .collect();
    words.sort();
    assert_eq!(words, ["Remboursement", "remboursé"]);
}

#[test]
fn counts_are_of_all_matches() {
    let bench = workspace();
    let out = bench
        .vocable(&["search", "--count-by", "channel"])
        .ends(0)
        .out;
    let words: Vec<Vec<&str>> = out
        .lines()
        .map(|line| line.split_whitespace().take(2).collect())
        .collect();
    assert_eq!(words[..3], [["chat", "2"], ["email", "2"], ["web", "2"]]);
}

#[test]
fn mistakes_are_pointed_at() {
    let bench = workspace();
    bench
        .vocable(&["search", "colis \"perdu"])
        .ends(2)
        .complains(&["never closed", "\n        ^"]);
    bench
        .vocable(&["search", "--theme", "nothing-like-this"])
        .ends(2)
        .complains(&["no theme is called"]);
    bench
        .vocable(&["search", "--sentiment", "angry"])
        .ends(2)
        .complains(&["very_negative"]);
    bench
        .vocable(&["search", &"(".repeat(5000)])
        .ends(2)
        .complains(&["shorten"]);
}
