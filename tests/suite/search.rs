//! `search`: French and English as people write them, exact counts, errors that point.

use crate::support::Bench;

const RECORDS: &str = "id;date;canal;note;client;formule;age;commentaire\n\
    1;2026-11-02;chat;1;K7;Été;18;Remboursement toujours pas reçu, c’est scandaleux\n\
    2;2026-11-03;email;5;K8;Premium;25;J'ai été remboursé en deux jours, merci\n\
    3;2026-11-09;chat;4;K9;Premium;31;L’achat était simple, Rémi m'a bien conseillé au magasin\n\
    4;2026-11-10;email;2;K7;été;9;The late parcel was never refunded and nobody answers\n\
    5;2026-11-11;web;3;;Base;40;Service après-vente injoignable depuis trois semaines\n\
    6;2026-11-12;web;1;;Base;;Mot de passe oublié, impossible de me connecter à l'appli\n";

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
    check(&["remboursem*"], &["1"]);
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
fn words_are_found_as_written_nearly_and_near_each_other() {
    let bench = workspace();
    let check = |query: &str, expected: &[&str]| {
        let mut found = ids(&bench, &[query]);
        found.sort();
        assert_eq!(found, expected, "{query}");
    };
    check("=remboursement", &["1"]);
    check("=Remboursement", &["1"]);
    check("=remi", &[]);
    check("=rémi", &["3"]);
    check("=\"mot de passe\"", &["6"]);
    check("=\"mots de passe\"", &[]);
    check("=\"été remboursé\"", &["2"]);
    check("rembousement~1", &["1"]);
    check("rembousment~", &[]);
    check("rembousment~2", &["1"]);
    check("aplli~", &["6"]);
    check("\"service injoignable\"", &[]);
    check("\"service injoignable\"~2", &["5"]);
    check("\"injoignable service\"~9", &[]);
    check("\"parcel refunded\"~2", &["4"]);
    check("\"parcel refunded\"~1", &[]);
}

#[test]
fn fields_narrow_inside_a_query() {
    let bench = workspace();
    let check = |query: &str, expected: &[&str]| {
        let mut found = ids(&bench, &[query]);
        found.sort();
        assert_eq!(found, expected, "{query}");
    };
    check("channel:chat OR lang:en", &["1", "3", "4"]);
    check("canal:CHAT -remboursement", &["3"]);
    check("rating:<=2", &["1", "4", "6"]);
    check("note:2..4", &["3", "4", "5"]);
    check("date:2026-11-10..", &["4", "5", "6"]);
    check("date:2026-11", &["1", "2", "3", "4", "5", "6"]);
    check("date:>2026-11-10", &["5", "6"]);
    check("week:2026-W45", &["1", "2"]);
    check("formule:ete", &["1", "4"]);
    check("formule:prem*", &["2", "3"]);
    check("age:18..31", &["1", "2", "3"]);
    check("age:<18", &["4"]);
    check("-age:*", &["6"]);
    check("customer:K7", &["1", "4"]);
    check("customer:k7 lang:fr", &["1"]);
    check("customer:*", &["1", "2", "3", "4"]);
    check("id:3", &["3"]);
    check("intent:legal", &[]);
    check("polarity:pos remboursé", &["2"]);
    check("(sentiment:neg OR rating:5) remboursement", &["1", "2"]);
}

#[test]
fn a_customer_is_found_by_the_name_that_exports_give() {
    let bench = workspace();
    let out = bench.vocable(&["export"]).ends(0).out;
    let first: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    let name = first["customer"].as_str().unwrap();
    let mut found = ids(&bench, &["--customer", name]);
    found.sort();
    assert_eq!(found, ["1", "4"]);
}

#[test]
fn pages_follow_each_other_without_a_gap() {
    let bench = workspace();
    for sort in ["relevance", "date", "sentiment"] {
        let whole = ids(&bench, &["--sort", sort]);
        let mut pages: Vec<String> = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut arguments = vec!["search", "--format", "json", "--sort", sort, "--limit", "4"];
            if let Some(key) = &after {
                arguments.extend(["--after", key]);
            }
            let out = bench.vocable(&arguments).ends(0).out;
            let found: serde_json::Value = serde_json::from_str(&out).unwrap();
            assert_eq!(found["total"], 6);
            let hits = found["hits"].as_array().unwrap();
            pages.extend(
                hits.iter()
                    .map(|hit| hit["id"].as_str().unwrap().to_owned()),
            );
            match found["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(pages, whole, "{sort}");
    }
    bench
        .vocable(&["search", "--after", "nobody"])
        .ends(2)
        .complains(&["begin again"]);
}

#[test]
fn records_like_one_share_its_words() {
    let bench = workspace();
    assert_eq!(ids(&bench, &["--similar-to", "1"]), ["2"]);
    bench
        .vocable(&["search", "--similar-to", "77"])
        .ends(2)
        .complains(&["no record has the id \"77\""]);
}

#[test]
fn counts_by_two_fields_are_shares_of_the_first() {
    let bench = workspace();
    let arguments = [
        "search",
        "--count-by",
        "formule,channel",
        "--format",
        "json",
    ];
    let out = bench.vocable(&arguments).ends(0).out;
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let told: Vec<String> = found["counts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| {
            let value = row["value"].as_str().unwrap().to_owned();
            let cells = row["by"].as_array().unwrap().clone();
            (cells.into_iter()).map(move |cell| {
                format!(
                    "{value} {} {} {}",
                    cell["value"], cell["count"], cell["share"]
                )
            })
        })
        .collect();
    assert_eq!(
        told,
        [
            "Base \"web\" 2 1.0",
            "Premium \"chat\" 1 0.5",
            "Premium \"email\" 1 0.5",
            "Été \"chat\" 1 1.0",
            "été \"email\" 1 1.0",
        ]
    );
    bench
        .vocable(&["search", "--count-by", "plan"])
        .ends(2)
        .complains(&["no field is called \"plan\"", "formule"]);
}

#[test]
fn a_trend_has_no_gap_and_tells_the_share_of_each_week() {
    let bench = workspace();
    let arguments = [
        "search",
        "remboursement OR parcel",
        "--over",
        "day",
        "--format",
        "json",
    ];
    let out = bench.vocable(&arguments).ends(0).out;
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let days = found["periods"].as_array().unwrap();
    assert_eq!((days.len(), &days[0]["period"]), (11, &"2026-11-02".into()));
    let counts: Vec<u64> = days
        .iter()
        .map(|day| day["count"].as_u64().unwrap())
        .collect();
    assert_eq!(counts, [1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    let out = bench.vocable(&["search", "--over", "week"]).ends(0).out;
    assert!(out.contains("2026-W45") && out.contains('█'), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let arguments = ["search", "--over", "week", "--count-by", "channel"];
    let out = bench.vocable(&arguments).ends(0).out;
    assert!(out.contains("2026-W45 to 2026-W46"), "{out}");
}

#[test]
fn a_saved_search_is_asked_by_its_name() {
    let bench = workspace();
    bench.file(
        "vocable-data/vocable.toml",
        "[[search]]\nname = \"Argent\"\nquery = \"remboursement OR refund\"\n",
    );
    let mut found = ids(&bench, &["--saved", "Argent", "-lang:en"]);
    found.sort();
    assert_eq!(found, ["1", "2"]);
    bench
        .vocable(&["search", "--saved", "Geld"])
        .ends(2)
        .complains(&["no search is saved as \"Geld\"", "Argent"]);
    bench.file(
        "vocable-data/vocable.toml",
        "\n[[search]]\nname = \"Argent\"\nquery = \"(rembours\"\n",
    );
    bench
        .vocable(&["search", "--saved", "Argent"])
        .ends(2)
        .complains(&["vocable.toml:2", "never closed"]);
}

#[test]
fn a_watched_search_is_a_topic_of_the_report() {
    let bench = workspace();
    bench.file(
        "vocable-data/vocable.toml",
        "[[search]]\nname = \"Argent\"\nquery = \"remboursement OR refund\"\n\
        [[search]]\nname = \"Magasin\"\nquery = \"magasin\"\nwatch = false\n\
        [[search]]\nname = \"Forfait\"\nquery = \"plan:gold\"\n",
    );
    let ran = bench.vocable(&["report", "--all", "--lang", "fr"]).ends(0);
    let ran = ran.complains(&["\"Forfait\" is not in the report", "no field is called"]);
    drop(ran);
    let folder = bench.path("vocable-data/reports/all");
    let report = std::fs::read_to_string(folder.join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let topics = report["topics"].as_array().unwrap();
    assert_eq!((topics.len(), &topics[0]["records"]), (1, &3.into()));
    let page = std::fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(
        page.contains("Sujets surveillés") && page.contains("Argent"),
        "{page}"
    );
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
        .vocable(&["search", "colis chanel:chat"])
        .ends(2)
        .complains(&[
            "no field is called \"chanel\"",
            "channel",
            "formule",
            "\n        ^",
        ]);
    bench
        .vocable(&["search", "rating:good"])
        .ends(2)
        .complains(&["\"good\" is not a number"]);
    bench
        .vocable(&["search", &"(".repeat(5000)])
        .ends(2)
        .complains(&["shorten"]);
}
