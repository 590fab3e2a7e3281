//! Personal data never leaves the door it came in by: not to the index, the reports, the exports, the terminal.

use crate::support::{Bench, files_below};

/// Every kind, as a customer writes it, and the part of it that must be nowhere.
const PLANTED: [(&str, &str); 18] = [
    ("écrivez-moi à marie.durand@example.com", "marie.durand"),
    ("rappelez-moi au 06 39 98 12 34", "06 39 98 12 34"),
    ("mon numéro : 0639987788", "0639987788"),
    ("call me on +44 7700 900123", "7700 900123"),
    (
        "remboursez sur FR76 3000 6000 0112 3456 7890 189",
        "3000 6000 0112",
    ),
    ("carte 4111 1111 1111 1111", "4111 1111 1111"),
    ("sécu 2 55 08 14 168 025 38", "14 168 025"),
    ("SIRET 732 829 320 00074", "732 829 320"),
    ("immatriculée AB-344-CA", "AB-344-CA"),
    ("au 12 bis rue de la République, 69002 Lyon", "12 bis rue"),
    ("at 221B Baker Street, London NW1 6XE", "Baker Street"),
    ("depuis 192.0.2.44", "192.0.2.44"),
    ("depuis 2001:db8:85a3::8a2e:370:7334", "2001:db8:85a3"),
    (
        "le lien https://shop.example/reset?token=f3Kq92LmZx8Wd01P",
        "f3Kq92LmZx8Wd01P",
    ),
    ("commande ZX-55-9001", "ZX-55-9001"),
    ("Bonjour Mme Lefèvre, le colis est perdu", "Lefèvre"),
    ("je m'appelle Karim Benali et j'attends", "Benali"),
    (
        "Le colis est perdu.\nCordialement,\nJosiane Tartempion",
        "Tartempion",
    ),
];

/// Values close to those that are no personal data: customers' words must survive.
const KEPT: [&str; 6] = [
    "payé 1 234,50 € le 12/05/2026 à 14:30",
    "commande 4970 1012 3456 7890",
    "application 4.12.0 sous Android 14",
    "référence TV-123-HD",
    "colis de 12 kg pour 3 personnes",
    "rue de Rivoli, la boutique",
];

fn bench() -> Bench {
    let bench = Bench::new();
    let mut table = "id,date,customer,email,comment\n".to_owned();
    let texts = PLANTED.iter().map(|(text, _)| *text).chain(KEPT);
    for (number, text) in texts.enumerate() {
        table.push_str(&format!(
            "R-{number},2026-11-{:02},CUST-7788{number:02},client{number}@example.org,\"La livraison est en retard. {text}\"\n",
            number % 7 + 16
        ));
    }
    bench.file("avis.csv", table);
    bench.file(
        "ws/vocable.toml",
        "[privacy]\norder_numbers = [\"ZX-[0-9]{2}-[0-9]{4}\"]\n",
    );
    bench
}

#[test]
fn no_planted_value_is_found_anywhere() {
    let bench = bench();
    let mut seen: Vec<(String, Vec<u8>)> = Vec::new();
    for arguments in [
        &["inspect", "avis.csv"][..],
        &["run", "--workspace", "ws", "avis.csv"],
        &["export", "--workspace", "ws"],
        &["export", "--workspace", "ws", "--format", "csv"],
        &["search", "--workspace", "ws", "--limit", "100", "livraison"],
        &[
            "search",
            "--workspace",
            "ws",
            "--limit",
            "100",
            "--format",
            "json",
        ],
    ] {
        let ran = bench.vocable(arguments).ends(0);
        seen.push((arguments.join(" "), ran.out.into_bytes()));
        seen.push((
            format!("{} (messages)", arguments.join(" ")),
            ran.err.into_bytes(),
        ));
    }
    seen.extend(files_below(&bench.path("ws")));
    let holds = |bytes: &[u8], value: &str| {
        bytes
            .windows(value.len())
            .any(|found| found == value.as_bytes())
    };
    for (place, bytes) in &seen {
        for (_, value) in PLANTED {
            assert!(!holds(bytes, value), "{value} is in {place}");
        }
        for value in ["CUST-7788", "client3@", "example.org"] {
            assert!(!holds(bytes, value), "{value} is in {place}");
        }
    }
    let export = String::from_utf8(seen[4].1.clone()).unwrap();
    for kept in KEPT {
        assert!(export.contains(kept), "{kept} is gone from\n{export}");
    }
}

#[test]
fn the_same_customer_stays_the_same() {
    let bench = Bench::new();
    bench.file(
        "a.csv",
        "id,date,comment\n1,2026-11-16,Colis perdu. Mon adresse : Marie.Durand@example.com\n\
         2,2026-11-17,Toujours perdu ! marie.durand@example.com\n3,2026-11-18,Merci. paul@example.com\n",
    );
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "a.csv"])
        .ends(0);
    let customers = |bench: &Bench| -> Vec<String> {
        let out = bench.vocable(&["export", "--workspace", "ws"]).ends(0).out;
        let records = out
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        records
            .map(|record| record["customer"].as_str().unwrap_or("none").to_owned())
            .collect()
    };
    let first = customers(&bench);
    assert!(first[0] == first[1] && first[1] != first[2], "{first:?}");
    assert!(first.iter().all(|name| name.starts_with("c-")));
    // Later feedback does not rename anybody.
    bench.file(
        "b.csv",
        "id,date,comment\n4,2026-11-24,Enfin reçu. marie.durand@example.com\n",
    );
    bench
        .vocable(&["run", "--workspace", "ws", "--quiet", "b.csv"])
        .ends(0);
    let then = customers(&bench);
    assert_eq!(then[..3], first[..]);
    assert_eq!(then[3], first[0]);
}

#[test]
fn a_customer_is_hidden_however_the_file_spells_them() {
    let bench = Bench::new();
    bench.file("m.toml", "[columns]\nref = \"customer\"\n");
    bench.file(
        "a.jsonl",
        "{\"id\":1,\"ref\":\"Zo\\u00e9 Petit\",\"date\":\"2026-11-16\",\"text\":\"The parcel arrived late\",\"by\":[\"Zo\\u00E9 Petit\"]}\n\
         {\"id\":2,\"ref\":115,\"date\":\"2026-11-17\",\"text\":\"Kind staff\",\"note\":\"ref:115, urgent\"}\n",
    );
    let run = ["run", "--workspace", "ws", "--mapping", "m.toml", "a.jsonl"];
    bench.vocable(&run).ends(0);
    let ran = bench.vocable(&["export", "--workspace", "ws"]).ends(0);
    assert!(!ran.out.contains("Petit"), "{}", ran.out);
    assert_eq!(ran.out.matches("[customer]").count(), 3, "{}", ran.out);
    // A number within a text is none of the customer's, and the columns stay whole.
    assert!(ran.out.contains("ref:115, urgent"), "{}", ran.out);
}

#[test]
fn personal_data_is_kept_only_when_asked_for() {
    let bench = bench();
    bench
        .vocable(&[
            "run",
            "--workspace",
            "ws",
            "--quiet",
            "--keep-personal-data",
            "avis.csv",
        ])
        .ends(0);
    let export = bench.vocable(&["export", "--workspace", "ws"]).ends(0).out;
    assert!(export.contains("marie.durand@example.com"));
}
