//! Languages told, named and taken apart, as people see it.

use crate::support::Bench;
use serde_json::{Value, json};

fn answers(texts: &[&str], arguments: &[&str]) -> Vec<Value> {
    let input: String = texts
        .iter()
        .map(|text| format!("{}\n", json!({ "text": text })))
        .collect();
    let mut all = vec!["annotate"];
    all.extend(arguments);
    let ran = Bench::new().vocable_with(&all, &input, &[]).ends(0);
    ran.out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["language"].clone())
        .collect()
}

#[test]
fn texts_of_many_languages_and_of_none_get_their_code() {
    let texts = [
        ("service nul", "fr"),
        ("livraison", "fr"),
        ("great", "en"),
        ("never received", "en"),
        ("Le colis est arrivé cassé", "fr"),
        ("My order arrived broken", "en"),
        ("ok", "und"),
        ("👍", "und"),
        ("N/A", "und"),
        ("1234 56,78", "und"),
        ("", "und"),
        ("El pedido llegó tarde y nadie contesta al teléfono", "es"),
        ("Die Lieferung kam zu spät und niemand antwortet", "de"),
        ("Il pacco è arrivato rotto e nessuno mi ha risposto", "it"),
        ("A encomenda chegou atrasada e ninguém responde", "pt"),
        ("De bestelling kwam te laat en niemand antwoordt", "nl"),
        ("La comanda va arribar tard i ningú no respon", "ca"),
        ("Coletul a ajuns târziu și nimeni nu răspunde", "ro"),
        ("Coletul a ajuns tarziu si nimeni nu raspunde", "ro"),
        ("الطلب وصل متأخرا ولم يرد أحد", "ar"),
        ("订单来晚了，没有人回复", "zh"),
        ("注文が遅れて誰も返事をしない", "ja"),
        ("Заказ пришёл поздно, никто не отвечает", "ru"),
        ("Замовлення прийшло пізно, ніхто не відповідає", "uk"),
        ("Η παραγγελία ήρθε αργά", "el"),
    ];
    let only: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
    let wrong: Vec<String> = texts
        .iter()
        .zip(answers(&only, &[]))
        .filter(|((_, code), answer)| answer["code"] != *code)
        .map(|((text, code), answer)| format!("{text}: {answer} where {code} is expected"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_languages_that_are_allowed_are_answered() {
    let texts = ["muy bien", "questions police", "Заказ пришёл", "livraison"];
    let codes: Vec<Value> = answers(&texts, &["--among", "fr,en"])
        .into_iter()
        .map(|answer| answer["code"].clone())
        .collect();
    assert!(codes.iter().all(|code| *code != "es" && *code != "ru"));
    assert_eq!(codes[3], "fr");
    // A part of a message is told from the same languages.
    let mixed = "Le colis est arrivé cassé et personne ne répond. \
                 هذا المنتج سيئ للغاية ولا أنصح به لأي شخص. Je suis très déçu.";
    assert!(answers(&[mixed], &[])[0]["segments"].is_array());
    let answer = &answers(&[mixed], &["--among", "fr,en"])[0];
    assert!(
        answer["code"] == "fr" && answer["segments"].is_null(),
        "{answer}"
    );
    let refused = Bench::new().vocable_with(&["annotate", "--among", "french"], "", &[]);
    refused.ends(2).complains(&["not a language code"]);
}

#[test]
fn a_message_in_two_languages_is_read_part_by_part() {
    let mixed = "La livraison était parfaite et le vendeur adorable. \
                 The customer service was terrible and nobody answered my emails.";
    let answer = &answers(&[mixed], &[])[0];
    let segments = answer["segments"].as_array().unwrap();
    assert_eq!(segments.len(), 2, "{answer}");
    assert_eq!(
        (&segments[0]["code"], &segments[0]["start"]),
        (&json!("fr"), &json!(0))
    );
    let start = segments[1]["start"].as_u64().unwrap() as usize;
    assert!(mixed[start..].starts_with("The customer") && segments[1]["code"] == "en");
    let ran = Bench::new().vocable(&["explain", mixed]).ends(0);
    assert!(ran.out.contains("fr: La livraison"), "{}", ran.out);
    assert!(ran.out.contains("en: The customer"), "{}", ran.out);
    // The English half is judged with English words.
    assert!(ran.out.contains("terrible"), "{}", ran.out);
    // A greeting, a title and a brand are no language of their own.
    let plain = [
        "Hello, bonjour je voudrais savoir où est ma commande, je n'ai rien reçu.",
        "J'ai adoré le film Le Seigneur des Anneaux (The Lord of the Rings) et toute la saga.",
        "Commande chez Best Buy Online, livraison rapide et produit conforme à la description.",
    ];
    for (text, answer) in plain.iter().zip(answers(&plain, &[])) {
        assert!(answer.get("segments").is_none(), "{text}: {answer}");
        assert_eq!(answer["code"], "fr", "{text}");
    }
}

#[test]
fn a_short_text_takes_the_language_of_its_file() {
    let bench = Bench::new();
    let mut csv = "commentaire\n".to_owned();
    for n in 0..30 {
        csv.push_str(&format!(
            "La livraison numéro {n} est arrivée avec du retard\n"
        ));
    }
    csv.push_str("ok top\n");
    bench.file("avis.csv", csv);
    bench.vocable(&["run", "avis.csv"]).ends(0);
    let exported = bench.vocable(&["export"]).ends(0);
    let line = exported
        .out
        .lines()
        .find(|line| line.contains("ok top"))
        .unwrap();
    assert!(line.contains("\"fr\""), "{line}");
}

#[test]
fn accuracy_is_told_by_language_and_length_and_says_how_often_whatlang_was_asked() {
    let bench = Bench::new();
    let rows = [
        ("Le colis est arrivé cassé et personne ne répond", "fr"),
        ("livraison", "fr"),
        ("Nobody answers and my order is late", "en"),
        ("El pedido llegó tarde y nadie contesta", "es"),
    ];
    let file: String = rows
        .iter()
        .map(|(text, code)| format!("{}\n", json!({ "text": text, "lang": code })))
        .collect();
    bench.file("labelled.jsonl", file);
    let ran = bench
        .vocable(&["eval", "language", "labelled.jsonl", "--format", "json"])
        .ends(0);
    let measures: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(measures["records"], 4);
    assert_eq!(measures["accuracy"], 1.0);
    assert_eq!(measures["named es"], 1.0);
    assert_eq!(measures["accuracy 0-9 bytes"], 1.0);
    assert_eq!(measures["asked whatlang"], 0.0);
    let ran = bench
        .vocable(&["eval", "language", "labelled.jsonl", "labelled.jsonl"])
        .ends(0)
        .out;
    assert!(ran.contains("records                  8"), "{ran}");
    let ran = bench
        .vocable(&["eval", "language", "labelled.jsonl", "--among", "fr,en"])
        .ends(0)
        .out;
    assert!(ran.contains("records                  3"), "{ran}");
}

#[test]
fn letters_are_learnt_from_files_and_need_both_languages() {
    let bench = Bench::new();
    let mut french = "commentaire\n".to_owned();
    let mut english = "comment\n".to_owned();
    for n in 0..250 {
        french.push_str(&format!(
            "Je suis très content de la livraison numéro {n}, elle est arrivée dans les temps\n"
        ));
        english.push_str(&format!(
            "I am very happy with the delivery number {n} because it was here on time\n"
        ));
    }
    bench.file("avis.csv", french);
    bench.file("reviews.csv", english);
    let learn = ["lexicon", "ngrams", "avis.csv", "--into", "learnt"];
    bench
        .vocable(&learn)
        .ends(2)
        .complains(&["200 clear texts"]);
    let learn = [
        "lexicon",
        "ngrams",
        "avis.csv",
        "reviews.csv",
        "--into",
        "learnt",
    ];
    bench.vocable(&learn).ends(0);
    let table = std::fs::read_to_string(bench.path("learnt/ngrams.tsv")).unwrap();
    assert!(table.starts_with("code\tweight\tgrams\n") && table.contains("\nfr\t"));
    bench.vocable(&learn).ends(0);
    assert_eq!(
        table,
        std::fs::read_to_string(bench.path("learnt/ngrams.tsv")).unwrap()
    );
}
