//! Facts about whole files, from bytes on disk to records and balances.

use super::*;
use crate::observe::Nobody;
use proptest::prelude::*;
use std::sync::Mutex;

/// A folder with files in it.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        #[allow(clippy::disallowed_methods, reason = "a test makes its files")]
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

fn read_with(bytes: &[u8], settings: &Settings) -> Imported {
    let folder = folder(&[("f", bytes)]);
    let imported = read(&[folder.path().join("f")], settings, &Nobody).unwrap();
    let balance = &imported.files[0];
    assert_eq!(
        balance.read,
        balance.accepted + balance.refused + balance.duplicates + balance.empty
    );
    assert_eq!(balance.accepted, imported.feedback.len() as u64);
    assert_eq!(balance.refused, imported.rejected.len() as u64);
    imported
}

fn read_bytes(bytes: &[u8]) -> Imported {
    read_with(bytes, &Settings::default())
}

/// One line a record: line, id, moment, marks, text.
fn told(imported: &Imported) -> Vec<String> {
    let show = |feedback: &Feedback| {
        let mut parts = vec![feedback.line.to_string(), feedback.id().to_owned()];
        parts.extend(feedback.moment.map(|moment| moment.to_string()));
        parts.extend(
            feedback
                .rating
                .map(|rating| format!("{}/{}", rating.value, rating.scale)),
        );
        parts.extend(feedback.nps.map(|nps| format!("nps {nps}")));
        parts.extend(
            feedback
                .csat
                .map(|csat| format!("csat {}/{}", csat.value, csat.scale)),
        );
        parts.push(format!("{:?}", feedback.text));
        parts.join(" ")
    };
    imported.feedback.iter().map(show).collect()
}

fn refused(imported: &Imported) -> Vec<String> {
    imported
        .rejected
        .iter()
        .map(|row| format!("{}: {}", row.at.line, row.reason))
        .collect()
}

#[track_caller]
fn check(bytes: &[u8], records: &[&str], reasons: &[&str]) -> Imported {
    let imported = read_bytes(bytes);
    assert_eq!(told(&imported), records);
    let found = refused(&imported);
    assert_eq!(found.len(), reasons.len(), "{found:?}");
    for (found, expected) in found.iter().zip(reasons) {
        assert!(found.starts_with(expected), "{found} is not {expected}");
    }
    imported
}

#[test]
fn a_french_spreadsheet_is_read() {
    let text = "N° avis;Date;Magasin;Note;Titre;Commentaire;Client\r\n\
        BR-1;17/08/2026;Lyon;4,0;Déçu;\"Lampe cassée;\r\ncolis abîmé\";C-1\r\n\
        BR-2;18/08/2026;Lille;5;;Très bien;C-2\r\n\
        BR-3;31/02/2026;Lille;5;;Bien;C-3\r\n\
        BR-4;01/09/2026;Lille;six;;Bien;C-4\r\n\
        BR-5;02/09/2026;Lille;;;;C-5\r\n";
    let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
    let imported = check(
        &bytes,
        &[
            "2 BR-1 2026-08-17 4/5 \"Déçu\\nLampe cassée;\\ncolis abîmé\"",
            "4 BR-2 2026-08-18 5/5 \"Très bien\"",
        ],
        &[
            "5: date \"31/02/2026\" does not exist",
            "6: the rating is not a number but a word of 3 letters",
        ],
    );
    let first = &imported.feedback[0];
    assert_eq!(
        (
            first.title(),
            first.product.as_deref(),
            first.customer.as_deref()
        ),
        ("Déçu", Some("Lyon"), Some("C-1"))
    );
    assert_eq!(
        first.columns.as_ref(),
        r#"{"N° avis":"BR-1","Date":"17/08/2026","Magasin":"Lyon","Note":"4,0","Client":"C-1"}"#
    );
    assert!(first.key.ends_with("/Lyon/BR-1"));
    let balance = &imported.files[0];
    assert_eq!(balance.format, "CSV, semicolons, Windows-1252");
    assert_eq!((balance.read, balance.empty), (5, 1));
    assert_eq!(balance.roles[0], ("id".to_owned(), "N° avis".to_owned()));
}

#[test]
fn an_app_store_export_in_utf16_is_read() {
    let text = "\u{feff}Package Name,Reviewer Language,Review Submit Date and Time,Review Submit Millis Since Epoch,Star Rating,Review Title,Review Text,Developer Reply Text,Review Link\n\
        com.example.app,fr,2026-03-05T10:00:00Z,1772704800000,5,,Génial 🙂,Un grand merci pour ce gentil message,https://example.com/?reviewId=1\n\
        com.example.app,en,2026-03-06T10:00:00Z,1772791200000,1,Slow,,,https://example.com/?reviewId=2\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let imported = read_bytes(&bytes);
    let told: Vec<String> = told(&imported)
        .iter()
        .map(|line| line.split(' ').skip(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        told,
        [
            "2026-03-05T11:00:00 5/5 \"Génial 🙂\"",
            "2026-03-06T11:00:00 1/5 \"Slow\""
        ]
    );
    assert_eq!(imported.feedback[1].body(), "");
    assert_eq!(
        imported.feedback[0].product.as_deref(),
        Some("com.example.app")
    );
}

#[test]
fn lines_of_json_are_read() {
    let imported = check(
        b"{\"id\":1,\"text\":\"Tr\xc3\xa8s bien\",\"rating\":\"FIVE\"}\n\n{\"id\":2,\"text\":\"a\n{\"id\":3,\"text\":null,\"rating\":null}\n{\"id\":4,\"text\":\"Bof\"}",
        &["1 1 5/5 \"Très bien\"", "5 4 \"Bof\""],
        &["3: not valid JSON at character"],
    );
    assert_eq!(
        (imported.files[0].format.as_str(), imported.files[0].empty),
        ("NDJSON, UTF-8", 1)
    );
}

#[test]
fn records_may_be_inside_an_object() {
    let imported = check(
        br#"{"page": 1, "reviews": [{"reviewId": "a", "starRating": "ONE", "comment": "Bad"}, {"reviewId": "b", "starRating": "FIVE"}]}"#,
        &["1 a 1/5 \"Bad\"", "1 b 5/5 \"\""],
        &[],
    );
    assert_eq!(
        imported.files[0].format,
        "JSON object, array \"reviews\", UTF-8"
    );
    check(
        b"{\"id\": \"x\",\n\"messages\": [{\"from\": \"user\", \"text\": \"Hello\"}, {\"from\": \"bot\", \"text\": \"Hi\"}]}",
        &["1 x \"Hello\""],
        &[],
    );
    let imported = read_bytes(br#"{"text": "Bof mais gentil", "aspects": [{"category": "accueil"}, {"category": "prix"}]}"#);
    assert_eq!(imported.feedback.len(), 1);
    assert_eq!(imported.feedback[0].text.as_ref(), "Bof mais gentil");
}

#[test]
fn agents_turns_are_left_out() {
    let imported = check(
        b"id,inbound,text\n1,True,Where is my parcel\n2,False,Let me check\n3,True,Thanks\n",
        &["2 1 \"Where is my parcel\"", "4 3 \"Thanks\""],
        &[],
    );
    let balance = &imported.files[0];
    assert_eq!((balance.empty, balance.left_out.agents), (1, 1));
}

#[test]
fn the_order_of_dates_is_decided_over_the_whole_column() {
    let late = |proof: &str| {
        let rows: String = (0..3000)
            .map(|i| format!("{:02}/{:02}/2026,ok merci {i}\n", i % 12 + 1, i % 11 + 1))
            .collect();
        let imported = read_bytes(format!("date,text\n{rows}{proof},fin de la liste\n").as_bytes());
        let first = imported.feedback[1].moment.unwrap().to_string();
        (first, imported.files[0].warnings.len(), refused(&imported))
    };
    assert_eq!(late("13/01/2026"), ("2026-02-02".to_owned(), 0, vec![]));
    let row_100 = |proof: &str| {
        let imported =
            read_bytes(format!("date,text\n03/04/2026,ok merci\n{proof},fin\n").as_bytes());
        (
            imported.feedback[0].moment.unwrap().to_string(),
            imported.files[0].warnings.len(),
            refused(&imported).len(),
        )
    };
    assert_eq!(row_100("13/01/2026"), ("2026-04-03".to_owned(), 0, 0));
    assert_eq!(row_100("01/13/2026"), ("2026-03-04".to_owned(), 0, 0));
    assert_eq!(row_100("01/02/2026"), ("2026-04-03".to_owned(), 1, 0));
    // Both orders in one column: the day first, and the other row refused.
    let imported = read_bytes(b"date,text\n13/01/2026,ok\n01/14/2026,bien\n14/01/2026,bof\n");
    assert_eq!(refused(&imported).len(), 1);
    assert!(
        refused(&imported)[0]
            .starts_with("3: date \"01/14/2026\" does not exist: the column has the day first")
    );
}

#[test]
fn an_order_found_late_refuses_what_cannot_be() {
    let mut text = "date,text\n".to_owned();
    for i in 0..2100 {
        text.push_str(&format!(
            "{:02}/{:02}/2026,ok merci {i}\n",
            i % 12 + 1,
            i % 12 + 1
        ));
    }
    text.push_str("13/01/2026,a\n01/13/2026,b\n14/01/2026,c\n");
    let imported = read_bytes(text.as_bytes());
    assert_eq!(imported.feedback.len(), 2102);
    assert_eq!(refused(&imported).len(), 1);
    assert_eq!(imported.rejected[0].at.line, 2103);
    assert_eq!(imported.feedback.last().unwrap().text.as_ref(), "c");
}

#[test]
fn the_scale_is_the_highest_mark_of_the_file() {
    let scale = |marks: &[&str]| {
        let rows: String = marks.iter().map(|mark| format!("bien,{mark}\n")).collect();
        let imported = read_bytes(format!("text,rating\n{rows}").as_bytes());
        imported
            .feedback
            .iter()
            .map(|feedback| feedback.rating.unwrap().scale)
            .collect::<Vec<_>>()
    };
    assert_eq!(scale(&["1", "5"]), [5.0, 5.0]);
    assert_eq!(scale(&["1", "\"7,5\""]), [10.0, 10.0]);
    assert_eq!(scale(&["12", "18"]), [20.0, 20.0]);
    assert_eq!(scale(&["55", "18"]), [100.0, 100.0]);
    assert_eq!(scale(&["4/5", "8/10", "3"]), [5.0, 10.0, 5.0]);
}

#[test]
fn marks_out_of_range_are_refused() {
    check(
        b"id,nps,comment\n1,9,Lovely shop\n2,11,Too many\n3,4.5,Half of it\n4,,\n5,0,\n",
        &["2 1 nps 9 \"Lovely shop\"", "6 5 nps 0 \"\""],
        &[
            "3: nps 11 is out of range 0\u{2013}10",
            "4: nps 4.5 is not a whole number",
        ],
    );
    check(
        b"id,rating,rating_max,text\n1,3,5,good one\n2,7,5,bad one\n3,8,10,fine one\n",
        &["2 1 3/5 \"good one\"", "4 3 8/10 \"fine one\""],
        &["3: rating 7 is out of range 0\u{2013}5"],
    );
}

#[test]
fn dates_out_of_range_are_refused() {
    let rows: String = (0..10).map(|i| format!("2026-01-02,bien {i}\n")).collect();
    let text = format!("date,text\n2999-01-01,bien\nun jour,bien\n,bien\n{rows}");
    let imported = read_bytes(text.as_bytes());
    let reasons = refused(&imported);
    assert_eq!(
        reasons[0],
        "2: year 2999 is out of range 1970–2100; check the column or map it with ignore"
    );
    assert!(reasons[1].starts_with("3: the date is not one but 2 words"));
    assert_eq!(imported.feedback[0].moment, None);
}

#[test]
fn records_without_an_id_are_named_by_their_content() {
    let once = read_bytes(b"text,note\nBien,4\nBof,2\nBien,4\nBien,4\n");
    let keys: Vec<&str> = once
        .feedback
        .iter()
        .map(|feedback| feedback.key.as_ref())
        .collect();
    assert_eq!(keys[0].len(), 32);
    assert_eq!(
        (keys[2], keys[3]),
        (
            format!("{}-2", keys[0]).as_str(),
            format!("{}-3", keys[0]).as_str()
        )
    );
    assert_eq!(once.feedback[2].id(), keys[2]);
    let other_writing = read_bytes("\u{feff}text;note\r\n\"Bien\";4\r\n".as_bytes());
    assert_eq!(other_writing.feedback[0].key.as_ref(), keys[0]);
}

#[test]
fn a_file_without_words_or_marks_is_refused_row_by_row() {
    let imported = check(
        b"ref_magasin;ville\n1;Lyon\n2;Lille\n;\n",
        &[],
        &[
            "2: no column holds customers' words or a mark",
            "3: no column holds",
        ],
    );
    assert_eq!(
        (
            imported.files[0].read,
            imported.files[0].empty,
            imported.files[0].warnings.len()
        ),
        (3, 1, 1)
    );
}

#[test]
fn only_the_rows_with_bad_bytes_are_refused() {
    let mut bytes = b"id,text\n".to_vec();
    for i in 0..40 {
        bytes.extend_from_slice(format!("{i},très bien\n").as_bytes());
    }
    bytes.extend_from_slice(b"40,tr\xe8s bien\n");
    let imported = read_bytes(&bytes);
    assert_eq!(imported.feedback.len(), 40);
    assert_eq!(
        refused(&imported),
        ["42: invalid UTF-8, byte 6; save the file again as UTF-8"]
    );
}

#[test]
fn a_mapping_goes_before_guesses() {
    let mapping = Mapping::parse(
        "[columns]\nquoi = \"text\"\ncomment = \"ignore\"\nabsent = \"keep\"\n[reading]\nrating_scale = 10\n[constants]\nchannel = \"kiosque\"\n",
        "m",
    );
    let settings = Settings {
        mapping: mapping.unwrap(),
        ..Settings::default()
    };
    let imported = read_with(
        b"quoi,comment,rating\nBof,interne,4\nBien,interne,12\n",
        &settings,
    );
    assert_eq!(told(&imported).len(), 1);
    let first = &imported.feedback[0];
    assert_eq!(
        (
            first.text.as_ref(),
            first.rating.unwrap().scale,
            first.channel.as_deref()
        ),
        ("Bof", 10.0, Some("kiosque"))
    );
    assert_eq!(first.columns.as_ref(), r#"{"rating":"4"}"#);
    assert_eq!(refused(&imported).len(), 1);
    assert_eq!(
        imported.files[0].warnings,
        ["the mapping names the column \"absent\", which is not in this file"]
    );
}

#[test]
fn a_text_too_long_is_refused() {
    let settings = Settings {
        max_text_bytes: 10,
        ..Settings::default()
    };
    let imported = read_with(b"id,text\n1,court\n2,beaucoup trop long\n", &settings);
    assert_eq!(
        refused(&imported),
        ["3: a text of 18 bytes is longer than 10; split it, or raise ingest.max_text_bytes"]
    );
}

#[test]
fn settings_are_checked() {
    let settings = Settings {
        time_zone: "Europe/Pari".to_owned(),
        ..Settings::default()
    };
    let error = read(&[], &settings, &Nobody).unwrap_err().to_string();
    assert_eq!(
        error,
        "ingest.time_zone: \"Europe/Pari\" is not a time zone; write one such as Europe/Paris"
    );
    assert!(toml::from_str::<Settings>("time_zome = \"UTC\"").is_err());
    let settings = Settings {
        time_zone: "America/New_York".to_owned(),
        ..Settings::default()
    };
    let imported = read_with(b"date,text\n2026-07-01T12:00:00Z,ok\n", &settings);
    assert_eq!(
        imported.feedback[0].moment.unwrap().to_string(),
        "2026-07-01T08:00:00"
    );
}

/// Keeps the warnings.
#[derive(Default)]
struct Listener(Mutex<Vec<String>>);

impl Watcher for Listener {
    fn see(&self, event: Event<'_>) {
        if let Event::Warned(warning) = event {
            self.0.lock().unwrap().push(warning);
        }
    }
}

#[test]
fn what_is_no_feedback_is_skipped_in_folders_and_an_error_when_named() {
    let folder = folder(&[
        ("in/b.csv", b"text,note\nBien,4\n"),
        ("in/a.jsonl", b"{\"text\":\"Bof\"}\n{\"text\":\"Bien\"}\n"),
        ("in/README.md", b"text,note\nBien,4\n"),
        ("in/photo.png", b"\x89PNG\r\n"),
        ("in/classeur.xlsx", b"PK\x03\x04 "),
        ("in/lettre.txt", b"Bonjour.\nVoici les avis.\n"),
        ("in/vide.csv", b""),
        ("in/.cache", b"text\nBien\n"),
    ]);
    let listener = Listener::default();
    let imported = read(&[folder.path().join("in")], &Settings::default(), &listener).unwrap();
    let files: Vec<&str> = imported
        .files
        .iter()
        .map(|balance| balance.file.as_ref())
        .collect();
    assert_eq!(files, ["in/a.jsonl", "in/b.csv", "in/vide.csv"]);
    assert_eq!(imported.files[2].warnings, ["the file is empty"]);
    let warnings = listener.0.into_inner().unwrap();
    assert_eq!(warnings.len(), 4, "{warnings:?}");
    assert_eq!(warnings[0], "in/README.md: skipped: a document, not data");
    for (name, reason) in [
        ("photo.png", "an image, not text"),
        ("classeur.xlsx", "a zip archive that cannot be read"),
        ("lettre.txt", "no columns and no JSON"),
    ] {
        let paths = [
            folder.path().join("in/b.csv"),
            folder.path().join("in").join(name),
        ];
        let error = read(&paths, &Settings::default(), &Nobody)
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{error}");
    }
    let error = read(&["/no/such/file".into()], &Settings::default(), &Nobody)
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("check the path"), "{error}");
}

#[test]
fn an_inspection_shows_how_a_file_is_read() {
    let folder = folder(&[(
        "avis.csv",
        "sep=;\nLe;Avis;Note\n03/04/2026;Très bien;4\n".as_bytes(),
    )]);
    let inspection = &inspect(&folder.path().join("avis.csv"), &Settings::default()).unwrap()[0];
    assert_eq!(
        (
            inspection.encoding.name(),
            inspection.container.as_str(),
            inspection.delimiter
        ),
        ("UTF-8", "CSV, semicolons", Some(';'))
    );
    let roles: Vec<Role> = inspection
        .columns
        .iter()
        .map(|column| column.role)
        .collect();
    assert_eq!(roles, [Role::Date, Role::Text, Role::Rating]);
    assert_eq!(
        (inspection.date_order, inspection.rating_scale),
        (Some(DateOrder::DayFirst), Some(5.0))
    );
    assert_eq!((inspection.first.len(), inspection.first[0].line), (1, 3));
    assert!(inspect(&folder.path().join("absent"), &Settings::default()).is_err());
}

#[test]
fn threads_change_nothing() {
    let rows: String = (0..5000)
        .map(|i| match i % 97 {
            0 => format!("{i};2026-13-01;bof\n"),
            1 => "x\n".to_owned(),
            _ => format!(
                "{};2026-01-{:02};avis numéro {}\n",
                i % 3,
                i % 28 + 1,
                i % 50
            ),
        })
        .collect();
    let folder = folder(&[("f.csv", format!("note;date;texte\n{rows}").as_bytes())]);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let imported = pool
            .install(|| {
                read(
                    &[folder.path().join("f.csv")],
                    &Settings::default(),
                    &Nobody,
                )
            })
            .unwrap();
        (imported.feedback, imported.files, imported.rejected)
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(8));
}

/// Beginnings of files of every container, with the traps of each.
fn seeds() -> Vec<Vec<u8>> {
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    vec![
        b"id;date;note;texte\n1;01/02/2026;4;\"Bien \"\"fait\"\"\nvraiment\"\n2;13/02/2026;5;Bof\n".to_vec(),
        b"sep=,\nid,text\n1,\"a\n2,b\n".to_vec(),
        b"text\tnote\n\"\t4\nb\t\"\n".to_vec(),
        b"{\"id\":1,\"text\":\"a\\ud83d\\ude42\",\"turns\":[{\"from\":\"user\",\"text\":\"b\"}]}\n{\"id\":2,\"text\":\"c\"}\n".to_vec(),
        b"[\n {\"id\":1,\"text\":\"a\"},\n {\"id\":2,\"text\":{\"b\":[1,2,{}]}}\n]\n".to_vec(),
        b"{\"data\":{\"reviews\":[{\"id\":1,\"text\":\"a\"},{\"id\":2,\"text\":\"b\"}]},\"n\":[1]}".to_vec(),
        utf16("\u{feff}id\ttext\n1\tdéçu 🙂\n2\tbien\n"),
        b"texte;note\nd\xe9\xe7u;4\n".to_vec(),
        include_bytes!("../../tests/fixtures/sources/generic/avis.xlsx").to_vec(),
        include_bytes!("../../tests/fixtures/sources/generic/reviews.ods").to_vec(),
        include_bytes!("../../tests/fixtures/sources/generic/reviews.parquet").to_vec(),
        include_bytes!("../../tests/fixtures/sources/generic/avis.csv.gz").to_vec(),
        include_bytes!("../../tests/fixtures/sources/email/boite.mbox").to_vec(),
        include_bytes!("../../tests/fixtures/sources/email/lettre.eml").to_vec(),
        include_bytes!("../../tests/fixtures/sources/slack/export.zip").to_vec(),
        include_bytes!("../../tests/fixtures/sources/whatsapp/group.txt").to_vec(),
        include_bytes!("../../tests/fixtures/sources/chat_log/transcripts.txt").to_vec(),
        include_bytes!("../../tests/fixtures/sources/generic/avis_magasin.csv.zst").to_vec(),
    ]
}

/// How many there are.
const SEEDS: usize = 18;

fn reads_without_panic(bytes: &[u8]) {
    let folder = folder(&[("f", bytes)]);
    // What is not feedback is an error, which is an answer too.
    if let Ok(imported) = read(&[folder.path().join("f")], &Settings::default(), &Nobody) {
        let (mut accepted, mut refused) = (0, 0);
        for balance in &imported.files {
            assert_eq!(
                balance.read,
                balance.accepted + balance.refused + balance.duplicates + balance.empty
            );
            accepted += balance.accepted;
            refused += balance.refused;
        }
        assert_eq!(
            (accepted, refused),
            (
                imported.feedback.len() as u64,
                imported.rejected.len() as u64
            )
        );
        for feedback in &imported.feedback {
            assert!(feedback.text.is_empty() || !feedback.text.trim().is_empty());
            assert!(feedback.text.is_char_boundary(feedback.body_start as usize));
            assert!(
                feedback
                    .key
                    .is_char_boundary(usize::from(feedback.id_start))
            );
            assert!(
                serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(
                    &feedback.columns
                )
                .is_ok(),
                "{}",
                feedback.columns
            );
        }
    }
}

#[test]
fn files_cut_anywhere_are_read_without_panic() {
    for seed in seeds() {
        // Packed files have thousands of bytes that are all alike.
        for end in (0..=seed.len()).step_by(1 + seed.len() / 300) {
            reads_without_panic(&seed[..end]);
        }
    }
}

#[test]
fn several_columns_of_answers_are_one_text() {
    let mapping = "[columns]\nA = \"text\"\nB = \"text\"\n";
    let settings = Settings {
        mapping: Mapping::parse(mapping, "mapping.toml").unwrap(),
        ..Settings::default()
    };
    let table = b"A,B,C\nThe parcel arrived late,Kind staff,1\n,Great,2\n";
    let lines =
        b"{\"A\":\"The parcel arrived late\",\"B\":\"Kind staff\"}\n{\"A\":null,\"B\":\"Great\"}\n";
    for file in [table.as_slice(), lines] {
        let read = read_with(file, &settings).feedback;
        let texts: Vec<&str> = read.iter().map(|record| &*record.text).collect();
        assert_eq!(texts, ["The parcel arrived late\nKind staff", "Great"]);
    }
}

#[test]
fn lines_drawn_with_dots_in_a_name_are_not_looked_into() {
    let dots = ".".repeat(200);
    let table = format!("id,commentaire{dots}\n1,Bien\n2,Lent\n");
    assert_eq!(read_bytes(table.as_bytes()).feedback.len(), 2);
    let lines = "{\"id\":1,\"review\":{\"text.of\":{\"a.b\":{\"comment\":\"Late\"}}}}\n".repeat(2);
    let settings = Settings {
        mapping: Mapping::parse("[columns]\n\"review.text.of.a.b.comment\" = \"text\"", "m")
            .unwrap(),
        ..Settings::default()
    };
    assert_eq!(
        &*read_with(lines.as_bytes(), &settings).feedback[0].text,
        "Late"
    );
}

#[test]
fn numbers_beyond_the_reach_of_a_double_are_kept_as_their_digits() {
    let digits = "9".repeat(400);
    let line = format!(
        "{{\"text\":\"Late\",\"a\":1e999,\"b\":[ -1E400 , 2e3 ],\"c\":{{\"d\":{digits},\"e\":\"\\u00e9\"}},\"f\":true}}\n"
    );
    let imported = read_bytes(format!("{line}{line}").as_bytes());
    assert_eq!(
        &*imported.feedback[0].columns,
        format!(
            "{{\"a\":\"1e999\",\"b\":[\"-1E400\",2e3],\"c\":{{\"d\":\"{digits}\",\"e\":\"\\u00e9\"}},\"f\":true}}"
        )
    );
}

#[test]
fn a_starter_mapping_names_columns_however_they_are_quoted() {
    let table = "id,avis,\\',\"a \"\"b\"\"\",\"two\nlines\",del\u{7f},DEL\n1,Bien,x,x,x,x,x\n2,Lent,y,y,y,y,y\n";
    let folder = folder(&[("f", table.as_bytes())]);
    let inspected = inspect(&folder.path().join("f"), &Settings::default()).unwrap();
    let mapping = Mapping::parse(&inspected[0].starter_mapping(), "mapping.toml").unwrap();
    let names: Vec<&str> = mapping.columns.iter().map(|column| &*column.name).collect();
    // "DEL" is the same name as the one before.
    assert_eq!(
        names,
        ["\\'", "a \"b\"", "avis", "del\u{7f}", "id", "two\nlines"]
    );
}

proptest! {
    // A case that fails becomes a line of a table above, not a file of its own.
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        reads_without_panic(&bytes);
    }

    #[test]
    fn damaged_files_are_read_without_panic(seed in 0..SEEDS, damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6)) {
        let mut seeds = seeds();
        prop_assert_eq!(seeds.len(), SEEDS);
        let mut bytes = seeds.swap_remove(seed);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        reads_without_panic(&bytes);
    }

    #[test]
    fn signs_of_every_container_are_read_without_panic(text in "[\\[\\]{}\",:;\\\\\n\t a1é\u{feff}-]{0,120}") {
        reads_without_panic(text.as_bytes());
        reads_without_panic(format!("id;text\n{text}").as_bytes());
        reads_without_panic(format!("[{{\"id\":1}},{text}").as_bytes());
        reads_without_panic(format!("{{\"id\":1}}\n{text}").as_bytes());
    }

    #[test]
    fn lines_of_json_keep_their_numbers(texts in prop::collection::vec(prop::option::of(".{1,30}"), 1..40)) {
        let mut file = String::from("{\"text\":\"premier avis\",\"n\":0}\n");
        let mut expected = vec![1];
        for (i, text) in texts.iter().enumerate() {
            if let Some(text) = text {
                file.push_str(&serde_json::json!({ "text": format!("avis {text}"), "n": i + 1 }).to_string());
                expected.push(u32::try_from(i).unwrap() + 2);
            }
            file.push('\n');
        }
        let lines: Vec<u32> = read_bytes(file.as_bytes()).feedback.iter().map(|feedback| feedback.line).collect();
        prop_assert_eq!(lines, expected);
    }

    #[test]
    fn tables_give_back_their_cells(rows in prop::collection::vec(("[a-zé\",;\n ]{0,20}", 1u8..6), 1..20)) {
        let quote = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
        let mut file = "avis,note,rang\n".to_owned();
        for (i, (text, note)) in rows.iter().enumerate() {
            file.push_str(&format!("{},{note},{i}\n", quote(&format!("avis {text}"))));
        }
        let mapping = Mapping::parse("[columns]\navis = \"text\"\nnote = \"rating\"\n", "m").unwrap();
        let imported = read_with(file.as_bytes(), &Settings { mapping, ..Settings::default() });
        prop_assert_eq!(imported.feedback.len(), rows.len());
        for (feedback, (text, note)) in imported.feedback.iter().zip(&rows) {
            // A line such as "kr" is a closing, and no word of the customer's.
            let written = format!("avis {text}");
            let said = crate::cleaning::customer_words(written.trim());
            prop_assert_eq!(feedback.text.as_ref(), said.trim());
            prop_assert_eq!(feedback.rating.unwrap().value, f32::from(*note));
        }
    }
}
