//! `lexicon check|preview|fit`, and tables of one's own in the place of the program's.

use crate::support::{Bench, demo};
use std::fs;

const HEADER: &str = "phrase\tweight\tby\tseen\thand\tnote\n";

/// Invented ratings: "zorglub" is in every bad text and "plumo" in every good one, and no table knows either.
fn ratings(bad: usize, good: usize) -> String {
    let mut csv = "note;commentaire\n".to_owned();
    for n in 0..bad {
        csv.push_str(&format!(
            "1;la livraison de la commande {n} était zorglub pour nous\n"
        ));
    }
    for n in 0..good {
        csv.push_str(&format!(
            "{};la livraison de la commande {n} était plumo pour nous\n",
            4 + n % 2
        ));
    }
    csv
}

#[test]
fn the_programs_own_tables_have_no_errors() {
    let ran = Bench::new().vocable(&["lexicon", "check"]).ends(0);
    assert!(ran.out.contains("0 errors"), "{}", ran.out);
}

#[test]
fn a_repeat_and_a_weight_out_of_range_are_named_with_file_and_line() {
    let bench = Bench::new();
    bench.file(
        "mine/fr/polarity.tsv",
        format!("{HEADER}bon\t0.50\thand\t\t\t\nbon\t0.40\thand\t\t\t\n"),
    );
    let ran = bench.vocable(&["lexicon", "check", "mine"]).ends(1);
    assert!(
        ran.out
            .contains("mine/fr/polarity.tsv:3: \"bon\" stands on line 2"),
        "{}",
        ran.out
    );
    let explained = bench.vocable(&["explain", "bon", "--lexicons", "mine"]);
    explained.ends(2).complains(&["polarity.tsv:3"]);
    bench.file(
        "mine/fr/polarity.tsv",
        format!("{HEADER}bon\t7\thand\t\t\t\n"),
    );
    let ran = bench.vocable(&["lexicon", "check", "mine"]).ends(1);
    assert!(
        ran.out
            .contains("polarity.tsv:2: \"7\" is not a number between -1 and 1"),
        "{}",
        ran.out
    );
    bench
        .vocable(&["lexicon", "check", "nowhere"])
        .ends(2)
        .complains(&["no table of words is here"]);
}

#[test]
fn repair_sorts_a_table_that_a_spreadsheet_mixed_up() {
    let bench = Bench::new();
    let path = bench.file(
        "mine/fr/polarity.tsv",
        "\u{feff}phrase\tweight\tby\tseen\thand\tnote\r\nzut\t-0.40\thand\t\t\t\r\nAprès-vente\t0.10\thand\t\t\t\r\n",
    );
    let _ = bench.vocable(&["lexicon", "check", "mine"]).ends(1);
    let _ = bench
        .vocable(&["lexicon", "check", "mine", "--repair"])
        .ends(0);
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        format!("{HEADER}après vente\t0.10\thand\t\t\t\nzut\t-0.40\thand\t\t\t\n")
    );
}

#[test]
fn an_edited_table_changes_verdicts_and_preview_lists_them() {
    let bench = Bench::new();
    bench.file(
        "mine/fr/polarity.tsv",
        format!("{HEADER}violet\t-0.80\thand\t\t\t\n"),
    );
    bench.file(
        "avis.csv",
        "id;commentaire\n1;un canapé violet dans le salon\n2;un canapé dans le salon\n",
    );
    let ran = bench
        .vocable(&["explain", "un canapé violet", "--lexicons", "mine"])
        .ends(0);
    assert!(ran.out.contains("polarity.tsv:2 (-0.80)"), "{}", ran.out);
    let ran = bench
        .vocable(&["lexicon", "preview", "mine", "avis.csv"])
        .ends(0);
    assert!(
        ran.out.contains("1 of 2 verdicts change")
            && ran.out.contains("avis.csv:2")
            && ran.out.contains("\"violet\" +0.00 → -0.80"),
        "{}",
        ran.out
    );
}

#[test]
fn a_fit_learns_what_ratings_say_and_a_run_uses_it() {
    let bench = Bench::new();
    bench.file("avis.csv", ratings(120, 120));
    let ran = bench
        .vocable(&[
            "lexicon",
            "fit",
            "avis.csv",
            "--into",
            "vocable-data/lexicons",
        ])
        .ends(0);
    assert!(
        ran.out.contains("zorglub") && ran.out.contains("plumo") && ran.out.contains("gain +"),
        "{}",
        ran.out
    );
    let table = fs::read_to_string(bench.path("vocable-data/lexicons/fr/polarity.tsv")).unwrap();
    let row = |word: &str| {
        let row = table
            .lines()
            .find(|line| line.starts_with(&format!("{word}\t")));
        row.unwrap_or_else(|| panic!("no row of {word}")).to_owned()
    };
    assert!(row("zorglub").contains("\tfitted\t120\t\t") && row("zorglub").contains("\t-0."));
    assert!(row("plumo").contains("\tfitted\t120\t\t"));
    // What was never seen is as it was by hand.
    assert!(row("catastrophique").contains("\thand\t\t\t"));
    let _ = bench
        .vocable(&["lexicon", "check", "vocable-data/lexicons"])
        .ends(0);
    let _ = bench
        .vocable(&["run", "avis.csv", "--all", "--quiet"])
        .ends(0);
    let found = bench
        .vocable(&[
            "search",
            "zorglub",
            "--sentiment",
            "neg",
            "--count-by",
            "lang",
        ])
        .ends(0);
    assert!(found.out.contains("120"), "{}", found.out);
    // The same ratings give the same tables.
    let _ = bench
        .vocable(&[
            "lexicon",
            "fit",
            "avis.csv",
            "--into",
            "again",
            "--no-validation",
            "--threads",
            "1",
        ])
        .ends(0);
    assert_eq!(
        fs::read_to_string(bench.path("again/fr/polarity.tsv")).unwrap(),
        table
    );
}

#[test]
fn a_fit_on_nothing_or_on_one_side_says_so_and_leaves_the_tables() {
    let bench = Bench::new();
    let table = format!("{HEADER}bon\t0.50\thand\t\t\t\n");
    let path = bench.file("mine/fr/polarity.tsv", &table);
    bench.file(
        "unrated.csv",
        "id;commentaire\n1;la livraison est en retard\n2;tout va bien\n",
    );
    bench.file("good.csv", ratings(0, 80));
    bench.file("few.csv", ratings(5, 5));
    for (file, message) in [
        ("unrated.csv", "no text has a mark or a label"),
        ("good.csv", "every text is good"),
        ("few.csv", "enough rated texts"),
    ] {
        bench
            .vocable(&[
                "lexicon",
                "fit",
                file,
                "--lexicons",
                "mine",
                "--into",
                "mine",
            ])
            .ends(2)
            .complains(&[message]);
        assert_eq!(fs::read_to_string(&path).unwrap(), table);
    }
}

#[test]
fn names_and_numbers_of_customers_never_become_rows() {
    let bench = Bench::new();
    let mut csv = "note;commentaire\n".to_owned();
    for n in 0..150 {
        csv.push_str(&format!(
            "{};la commande a été suivie par Mme Grobinet au 06 39 98 12 {:02}, {}\n",
            if n % 2 == 0 { 1 } else { 5 },
            n % 100,
            if n % 2 == 0 {
                "avec Zoltan, ce fut zorglub"
            } else {
                "ce fut plumo"
            }
        ));
    }
    bench.file("avis.csv", csv);
    let _ = bench
        .vocable(&[
            "lexicon",
            "fit",
            "avis.csv",
            "--into",
            "mine",
            "--no-validation",
        ])
        .ends(0);
    let table = fs::read_to_string(bench.path("mine/fr/polarity.tsv")).unwrap();
    assert!(table.contains("zorglub") && !table.contains("zoltan") && !table.contains("grobinet"));
}

#[test]
fn places_of_words_are_learnt_alike_each_time_and_used() {
    let bench = Bench::new();
    for folder in ["one", "two"] {
        let arguments = ["lexicon", "vectors", &demo(), "--into", folder];
        let ran = bench.vocable(&arguments).ends(0);
        assert!(
            ran.out.contains("vectors.tsv (") && ran.out.contains("words"),
            "{}",
            ran.out
        );
    }
    for code in ["fr", "en"] {
        let table = |folder: &str| {
            fs::read_to_string(bench.path(&format!("{folder}/{code}/vectors.tsv"))).unwrap()
        };
        assert!(table("one") == table("two") && table("one").lines().count() > 100);
    }
    let run = [
        "run",
        "--workspace",
        "ws",
        "--quiet",
        "--lexicons",
        "one",
        &demo(),
    ];
    bench.vocable(&run).ends(0);

    // Tables of two learnings cannot be compared.
    bench.file("one/en/vectors.tsv", "stem\tplace\nparcel\tAQE\n");
    bench
        .vocable(&run)
        .complains(&["one/en/vectors.tsv", "learn both tables together"]);

    bench.file("few.csv", "id,text\n1,Le colis est en retard\n");
    let few = ["lexicon", "vectors", "few.csv", "--into", "three"];
    bench
        .vocable(&few)
        .complains(&["few.csv", "needs 1000 clauses"]);
}
