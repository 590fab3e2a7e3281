//! Themes, and what people decide about them: draft, check, commit, and back again.

use crate::support::{Bench, demo};
use safetensors::{
    Dtype,
    tensor::{TensorView, serialize},
};

fn bench() -> Bench {
    let bench = Bench::new();
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", &demo()])
        .ends(0);
    bench
}

impl Bench {
    /// What `vocable themes …` prints, when it ends so.
    fn themes(&self, arguments: &[&str], status: i32) -> String {
        let mut all = vec!["themes"];
        all.extend(arguments);
        all.extend(["--workspace", "ws"]);
        self.vocable(&all).ends(status).out
    }
}

/// Records of each theme in a list, by id.
fn records(list: &str, id: &str) -> Option<u64> {
    let row = list
        .lines()
        .find(|row| row.split_whitespace().nth(1) == Some(id))?;
    row.split_whitespace().next()?.replace(',', "").parse().ok()
}

#[test]
fn a_draft_is_checked_committed_and_taken_back() {
    let bench = bench();
    let before = bench.themes(&["list"], 0);
    bench.themes(&["rename", "late-delivery", "Colis en retard"], 0);
    bench.themes(&["merge", "returns", "refund"], 0);
    bench.themes(&["hide", "packaging"], 0);
    let rule = [
        "rule",
        "locker",
        "consigne|casier|locker",
        "--name",
        "Consignes",
    ];
    bench.themes(&rule, 0);
    assert_eq!(
        bench.themes(&["list"], 0),
        before,
        "a draft changes nothing"
    );
    let check = bench.themes(&["check"], 0);
    assert!(
        check.contains("0 errors") && check.contains("Consignes"),
        "{check}"
    );
    bench.themes(&["commit"], 0);
    let after = bench.themes(&["list"], 0);
    assert!(after.contains("Colis en retard"), "{after}");
    for gone in ["returns", "packaging"] {
        assert!(records(&before, gone).is_some() && records(&after, gone).is_none());
    }
    let refund = records(&after, "refund").unwrap();
    assert!(refund > records(&before, "refund").unwrap());
    assert!(records(&after, "locker").unwrap() > 10, "{after}");
    let log = bench.themes(&["log"], 0);
    assert!(log.contains("born") && log.contains("book    1"), "{log}");
    // A later run keeps what was decided.
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "--relearn-themes"])
        .ends(0);
    let list = bench.themes(&["list"], 0);
    assert!(list.contains("Colis en retard") && records(&list, "packaging").is_none());
    bench.themes(&["revert", "0"], 0);
    let reverted = bench.themes(&["list"], 0);
    for back in ["returns", "packaging"] {
        assert_eq!(records(&reverted, back), records(&before, back));
    }
}

#[test]
fn what_cannot_be_is_refused_and_the_book_untouched() {
    let bench = bench();
    bench.themes(&["merge", "returns", "refund"], 0);
    let draft = std::fs::read(bench.path("ws/themes.toml")).unwrap();
    let refused = |arguments: &[&str], says: &str| {
        let mut all = vec!["themes"];
        all.extend(arguments);
        all.extend(["--workspace", "ws"]);
        bench.vocable(&all).ends(2).complains(&[says]);
        assert_eq!(std::fs::read(bench.path("ws/themes.toml")).unwrap(), draft);
    };
    refused(&["merge", "refund", "returns"], "circle");
    refused(&["rename", "nobody", "Somebody"], "nobody");
    refused(&["rename", "refund", "Livraison en retard"], "both called");
    refused(&["rule", "refund", "…"], "match everything");
    for (rows, says) in [
        (
            "[[theme]]\nid = \"own\"\nphrases = [\"a|b\", \"{nobody} x\"]\n",
            "themes.toml:1",
        ),
        (
            "[[theme]]\nid = \"refund\"\n[[theme]]\nid = \"refund\"\n",
            "themes.toml:3",
        ),
    ] {
        bench.file("ws/themes.toml", rows);
        let out = bench.themes(&["commit"], 1);
        assert!(out.contains(says), "{out}");
    }
    bench.file(
        "ws/themes.toml",
        "[[theme]]\nid = \"all\"\nphrases = [\"l*\", \"d*\", \"t*\", \"p*\", \"c*\", \"i*\", \"a*\", \"m*\", \"n*\", \"s*\", \"e*\"]\n",
    );
    let out = bench.themes(&["commit"], 1);
    assert!(
        out.contains("themes.toml:1") && out.contains("say more"),
        "{out}"
    );
    bench.file("ws/themes.toml", "[[theme]]\nname = 4\n");
    bench
        .vocable(&["themes", "check", "--workspace", "ws"])
        .ends(2)
        .complains(&["themes.toml:2"]);
    assert!(!bench.path("ws/books").exists(), "nothing was committed");
}

#[test]
fn a_theme_shows_its_names_phrases_and_verbatims() {
    let bench = bench();
    let shown = bench.themes(&["show", "late-delivery"], 0);
    for part in ["Livraison en retard", "Late delivery", "records", "demo/"] {
        assert!(shown.contains(part), "{shown}");
    }
    bench
        .vocable(&["themes", "show", "nobody", "--workspace", "ws"])
        .ends(2)
        .complains(&["nobody"]);
}

/// Writes a static embedding model of single words, each with a place of two values.
fn write_model(bench: &Bench, words: &[(&str, [f32; 2])]) {
    let vocabulary: Vec<String> = (1..)
        .zip(words)
        .map(|(number, (word, _))| format!("\"{word}\": {number}"))
        .collect();
    let tokenizer = format!(
        r#"{{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
        "pre_tokenizer": {{"type": "Whitespace"}}, "post_processor": null, "decoder": null,
        "model": {{"type": "WordLevel", "unk_token": "[UNK]", "vocab": {{"[UNK]": 0, {}}}}}}}"#,
        vocabulary.join(", ")
    );
    bench.file("ws/model/tokenizer.json", tokenizer);
    let places = [[0.0; 2]]
        .into_iter()
        .chain(words.iter().map(|(_, place)| *place));
    let bytes: Vec<u8> = places.flatten().flat_map(f32::to_le_bytes).collect();
    let shape = vec![words.len() + 1, 2];
    let view = TensorView::new(Dtype::F32, shape, &bytes).unwrap();
    let matrix = serialize([("embeddings", view)], None).unwrap();
    bench.file("ws/model/model.safetensors", matrix);
}

#[test]
fn a_model_of_the_users_own_says_which_words_are_alike() {
    let bench = Bench::new();
    let mut table = "id,text\n".to_owned();
    // "Zorp" and "blick" never meet a word in common; no lexicon knows them.
    let kinds = [
        "zorp wobbles badly",
        "blick crackles daily",
        "quux smells odd",
        "flim tastes stale",
    ];
    for row in 0..80 {
        table.push_str(&format!("{row},{}\n", kinds[row % 4]));
    }
    bench.file("a.csv", table);
    let theme_of = |bench: &Bench, id: &str| {
        let exported = bench
            .vocable(&["export", "--workspace", "ws", "--format", "jsonl"])
            .ends(0)
            .out;
        let row = exported
            .lines()
            .find(|row| row.contains(&format!("\"id\":\"{id}\"")));
        let row: serde_json::Value = serde_json::from_str(row.unwrap()).unwrap();
        row["themes"].to_string()
    };
    let settings = |embedding: &str| format!("[themes]\ncatalogue = false\ncount = 2\n{embedding}");
    write_model(
        &bench,
        &[
            ("zorp", [1.0, 0.0]),
            ("wobbles", [1.0, 0.0]),
            ("badly", [1.0, 0.0]),
            ("blick", [1.0, 0.1]),
            ("crackles", [1.0, 0.1]),
            ("daily", [1.0, 0.1]),
            ("quux", [-0.5, 1.0]),
            ("smells", [-0.5, 1.0]),
            ("odd", [-0.5, 1.0]),
            ("flim", [-0.6, 1.0]),
            ("tastes", [-0.6, 1.0]),
            ("stale", [-0.6, 1.0]),
        ],
    );
    bench.file("ws/vocable.toml", settings("embedding = \"model\"\n"));
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "--all", "a.csv"])
        .ends(0);
    assert_eq!(theme_of(&bench, "0"), theme_of(&bench, "1"));
    assert_eq!(theme_of(&bench, "2"), theme_of(&bench, "3"));
    assert_ne!(theme_of(&bench, "0"), theme_of(&bench, "2"));
    let report = std::fs::read_to_string(bench.path("ws/reports/all/report.json")).unwrap();
    assert!(report.contains("embedding"), "the stamp names the model");

    bench.file("ws/vocable.toml", settings("embedding = \"elsewhere\"\n"));
    let ran = bench.vocable(&["run", "--workspace", "ws", "--quiet", "--all", "a.csv"]);
    ran.complains(&[
        "elsewhere/tokenizer.json",
        "name the folder of a static embedding model",
    ]);
}

#[test]
fn a_theme_is_shown_in_the_words_of_three_people() {
    let bench = bench();
    let shown = bench.themes(&["show", "late-delivery"], 0);
    let places = shown
        .lines()
        .filter(|line| line.trim().starts_with("demo/"));
    let places: std::collections::BTreeSet<&str> = places.collect();
    assert_eq!(places.len(), 3, "{shown}");
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
}
