//! JSON: one object a line, an array of objects, or an object one of whose arrays holds the records.
//!
//! A small grammar finds where objects begin and end, and notices at once where one is broken, so that a broken
//! record is refused alone. Whether a whole object is JSON to the letter is for the parser to say.

mod elements;
mod grammar;
mod lines;
mod members;
mod sample;
mod search;
mod turns;

pub(in crate::ingest) use elements::ElementSplitter;
pub(in crate::ingest) use lines::LineSplitter;
pub(super) use lines::too_long;
pub(in crate::ingest) use members::{Members, cells};
pub(in crate::ingest) use sample::Sampler;
pub(in crate::ingest) use search::RecordsSearch;
pub(in crate::ingest) use turns::{is_turn, is_turns_name};

use super::Container;
use grammar::{Found, object_end};

/// Objects and arrays within one another; deeper ones are broken or hostile.
const DEEPEST: u32 = 64;

/// Members of one object; more are broken or hostile.
const MOST_MEMBERS: usize = 2000;

/// Where the records of a JSON file are.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ingest) struct Elements {
    pub shape: Shape,
}

/// How they follow one another.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ingest) enum Shape {
    /// The file is an array.
    Array,
    /// One object after the other, over any number of lines.
    Sequence,
    /// An array within an object.
    Member {
        /// The member's name.
        name: String,
        /// Where its bracket is in the decoded file.
        offset: u64,
        /// The line of that bracket.
        line: u32,
    },
}

/// What is known of a file that starts with a brace, from its first bytes.
pub(in crate::ingest) fn container_of_objects(
    head: &[u8],
    start: usize,
    is_whole: bool,
) -> Container {
    let sequence = Container::Elements(Elements {
        shape: Shape::Sequence,
    });
    let mut lines = head[start..].split(|&b| b == b'\n').collect::<Vec<_>>();
    if !is_whole {
        // The last line is cut.
        lines.pop();
    }
    let is_object = |line: &&[u8]| {
        let line = line.trim_ascii();
        matches!(object_end(line), Found::Whole(end) if end == line.len())
    };
    let mut filled = lines.iter().filter(|line| !line.trim_ascii().is_empty());
    let Some(first) = filled.next() else {
        return sequence;
    };
    let next: Vec<&&[u8]> = filled.take(20).collect();
    let whole = next.iter().filter(|line| is_object(line)).count();
    let is_lines = match is_object(first) {
        true => !next.is_empty(),
        // The first line may be the broken one.
        false => whole > 0 && whole * 2 >= next.len(),
    };
    if is_lines { Container::Lines } else { sequence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{
        containers::{Fault, LONGEST_ROW, Splitter},
        record::{Keys, Room},
        roles::Role,
        vocabulary::Vocabulary,
    };
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// Rows of a text given in blocks of `block` bytes: line, then the row or its fault.
    fn split(splitter: &mut dyn Splitter, text: &str, block: usize) -> Vec<(u32, String)> {
        let mut found = Vec::new();
        let mut buffer = Vec::new();
        let mut blocks = text.as_bytes().chunks(block);
        loop {
            let next = blocks.next();
            buffer.extend_from_slice(next.unwrap_or_default());
            let mut rows = Vec::new();
            let used = splitter.split(&buffer, next.is_none(), &mut rows);
            for row in rows {
                let what = match row.fault {
                    Some(Fault::Broken(reason)) => format!("!{reason}"),
                    Some(Fault::Blank) => "blank".to_owned(),
                    None => String::from_utf8(buffer[row.start..row.end].to_vec()).unwrap(),
                };
                found.push((row.line, what));
            }
            buffer.drain(..used);
            if next.is_none() {
                return found;
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u32, &str)]) {
        let start = text.find(['{', '[']).unwrap();
        let elements = match text.as_bytes()[start] {
            b'[' => Elements {
                shape: Shape::Array,
            },
            _ => {
                let mut search = RecordsSearch::default();
                search.see(text.as_bytes());
                search.finish()
            }
        };
        let skipped = usize::try_from(ElementSplitter::offset(&elements)).unwrap();
        for block in [1, 7, 1000] {
            let mut splitter = ElementSplitter::new(elements.clone());
            let found = split(&mut splitter, &text[skipped..], block);
            assert_eq!(found.len(), expected.len(), "{found:?}");
            for ((line, row), (expected_line, expected_row)) in found.iter().zip(expected) {
                assert_eq!(line, expected_line, "{row}");
                assert!(row.starts_with(expected_row), "{row} is not {expected_row}");
            }
        }
    }

    #[test]
    fn arrays_are_cut_into_records_with_their_lines() {
        check("[]", &[]);
        check(
            r#"[{"a":1},{"a":2}]"#,
            &[(1, r#"{"a":1}"#), (1, r#"{"a":2}"#)],
        );
        check(
            "[\n {\"a\":\n1},\n\n {\"a\":2}\n]\n",
            &[(2, "{\"a\":\n1}"), (5, r#"{"a":2}"#)],
        );
        check(
            r#"[{"a":"}],{\"\\"},{"a":[{"b":{}}]}]"#,
            &[(1, r#"{"a":"}],{\"\\"}"#), (1, r#"{"a":[{"b":{}}]}"#)],
        );
        check(
            "{\"a\":1}\n{\n\"a\":2}{\"a\":3}",
            &[(1, r#"{"a":1}"#), (2, "{\n\"a\":2}"), (3, r#"{"a":3}"#)],
        );
    }

    #[test]
    fn a_broken_record_is_refused_alone() {
        check(
            "[\n {\"a\":\"x},\n {\"a\":2}\n]",
            &[(2, "!not valid JSON"), (3, r#"{"a":2}"#)],
        );
        check(
            "[\n {\"a\":1},\n {\"a\":x},\n {\"a\":3}\n]",
            &[(2, "{"), (3, "!not valid JSON"), (4, r#"{"a":3}"#)],
        );
        check(
            "[\n {\"a\":1},\n {\"a\":2,\n {\"a\":3},\n {\"a\":4}\n]",
            &[
                (2, "{"),
                (3, "!not valid"),
                (4, r#"{"a":3}"#),
                (5, r#"{"a":4}"#),
            ],
        );
        check(
            r#"[{"a":1},{"a":"2},{"a":"3"},{"a":4}]"#,
            &[
                (1, r#"{"a":1}"#),
                (1, "!not valid"),
                (1, r#"{"a":"3"}"#),
                (1, r#"{"a":4}"#),
            ],
        );
        check(
            r#"[{"a":1},{"b":{"a":x}},{"a":4}]"#,
            &[(1, r#"{"a":1}"#), (1, "!not valid"), (1, r#"{"a":4}"#)],
        );
        check(
            r#"[{"a":1},17,{"a":4}]"#,
            &[(1, r#"{"a":1}"#), (1, "!not an object")],
        );
        check(
            "[\n{\"a\":1},\n17,\n{\"a\":4}]",
            &[(2, r#"{"a":1}"#), (3, "!not an object"), (4, r#"{"a":4}"#)],
        );
    }

    #[test]
    fn a_cut_array_keeps_its_whole_records() {
        check(
            r#"[{"a":1},{"a":2},{"a":"thr"#,
            &[
                (1, r#"{"a":1}"#),
                (1, r#"{"a":2}"#),
                (1, "!file ends inside a record"),
            ],
        );
        let mut splitter = ElementSplitter::new(Elements {
            shape: Shape::Array,
        });
        assert_eq!(split(&mut splitter, r#"[{"a":1},"#, 100).len(), 1);
        assert!(splitter.warning().is_some());
    }

    #[test]
    fn records_are_found_in_the_largest_array() {
        let text = "{\"page\":{\"tags\":[1,2,3],\"next\":null},\n\"links\":[{\"u\":\"[{\"}],\"at\":\"a\\\"b\",\n\"reviews\":\n[{\"a\":1},{\"a\":[{},{},{},{}]}],\"n\":[]}";
        check(text, &[(4, r#"{"a":1}"#), (4, r#"{"a":[{},{},{},{}]}"#)]);
        for block in [1, 5, 1000] {
            let mut search = RecordsSearch::default();
            for block in text.as_bytes().chunks(block) {
                search.see(block);
            }
            let Shape::Member { name, offset, line } = search.finish().shape else {
                panic!()
            };
            assert_eq!((name.as_str(), line), ("reviews", 4));
            assert_eq!(text.as_bytes()[usize::try_from(offset).unwrap()], b'[');
        }
        check("{\"a\":{\"b\":1}}", &[(1, "{\"a\":{\"b\":1}}")]);
    }

    #[test]
    fn lines_keep_their_numbers() {
        for block in [1, 3, 100] {
            let found = split(
                &mut LineSplitter::default(),
                "{\"a\":1}\n\n\r\n{\"a\":2}\r\n{\"a\":3}",
                block,
            );
            let expected = [(1, "{\"a\":1}"), (4, "{\"a\":2}\r"), (5, "{\"a\":3}")];
            assert_eq!(found, expected.map(|(line, row)| (line, row.to_owned())));
        }
    }

    #[test]
    fn a_line_without_end_is_refused_once() {
        let text = "x".repeat(LONGEST_ROW * 2) + "\n{}";
        let found = split(&mut LineSplitter::default(), &text, 1 << 20);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1], (2, "{}".to_owned()));
        assert!(found[0].1.starts_with("!a record is longer than 5 MB"));
    }

    fn read(row: &str, roles: &[(&str, Role)]) -> Result<(String, String), String> {
        let vocabulary = Vocabulary::embedded();
        let cells = cells(
            row,
            &Members::new(roles.iter().copied()),
            Keys::FromContent,
            None,
            vocabulary,
            Room::default(),
        )?;
        Ok((cells.text_for_tests(vocabulary), cells.columns))
    }

    #[track_caller]
    fn check_cells(row: &str, roles: &[(&str, Role)], text: &str, columns: &str) {
        assert_eq!(read(row, roles), Ok((text.to_owned(), columns.to_owned())));
    }

    #[test]
    fn members_become_cells_and_columns() {
        check_cells(
            r#"{"id": 7, "text": "Très\u00a0bien \ud83d\ude42", "tags": [ "a b", {"c" : null} ], "ok": true}"#,
            &[("text", Role::Text), ("id", Role::Id)],
            "Très\u{a0}bien 🙂",
            r#"{"id":7,"tags":["a b",{"c":null}],"ok":true}"#,
        );
        check_cells(
            r#"{"source":{"body":"Bof","author":{"id":3}},"a":{"b":1}}"#,
            &[
                ("source.body", Role::Text),
                ("source.author.id", Role::Customer),
            ],
            "Bof",
            r#"{"source.author":{"id":3},"a":{"b":1}}"#,
        );
        check_cells(r#"{"a.b":"Bof"}"#, &[("a.b", Role::Text)], "Bof", "{}");
        check_cells(r#"{"a":1,"a":2}"#, &[], "", r#"{"a":2}"#);
        check_cells(
            r#"{"a":1e999999999999999999}"#,
            &[],
            "",
            r#"{"a":"1e999999999999999999"}"#,
        );
    }

    #[test]
    fn half_characters_and_deep_nests_are_refused() {
        assert!(
            read(r#"{"text":"\ud83d"}"#, &[("text", Role::Text)])
                .unwrap_err()
                .starts_with("a text holds half")
        );
        assert!(
            read(r#"{"other":["\ud83d"]}"#, &[])
                .unwrap_err()
                .starts_with("a text holds half")
        );
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(70), "]".repeat(70));
        assert!(read(&deep, &[]).unwrap_err().contains("nested deeper"));
        assert_eq!(
            read("{\"a\":}", &[]).unwrap_err(),
            "not valid JSON at character 6; export it again, or correct the record"
        );
    }

    #[track_caller]
    fn check_turns(turns: &str, expected: &str) {
        let row = format!("{{\"turns\":{turns},\"n\":1}}");
        check_cells(&row, &[("turns", Role::Turns)], expected, "{\"n\":1}");
    }

    #[test]
    fn a_conversation_is_what_the_customer_said() {
        check_turns(
            r#"[{"speaker":"customer","text":"Bonjour"},{"speaker":"agent","text":"Oui ?"},{"speaker":"customer","text":"Colis perdu"}]"#,
            "Bonjour\nColis perdu",
        );
        check_turns(
            r#"[{"author":{"type":"user"},"body":"Hi"},{"author":{"type":"bot"},"body":"Hello"}]"#,
            "Hi",
        );
        check_turns(
            r#"[{"from":"Camille","message":"Bonjour"},{"from":"Dominique","message":"Oui ?"}]"#,
            "Bonjour\nOui ?",
        );
        check_turns(
            r#"[{"from":"Camille","message":"Bonjour"},{"from":"system","message":"joined"}]"#,
            "Bonjour",
        );
        check_turns(r#"[{"role":"agent","text":"Oui ?"}]"#, "");
        check_turns("[]", "");
        check_turns("null", "");
    }

    fn objects() -> impl Strategy<Value = Vec<Value>> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null),
            "[a-bé\"\\\\{}\\[\\],:\n\u{1}😀]{0,8}".prop_map(Value::from),
        ];
        let value = leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[a-c\"{]{1,3}", inner, 0..3)
                    .prop_map(|members| json!(members)),
            ]
        });
        let object = prop::collection::btree_map("[a-c\"\\\\]{1,3}", value, 0..4)
            .prop_map(|members| json!(members));
        prop::collection::vec(object, 1..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_as_an_array_or_as_lines_is_cut_into_its_records(written in objects(), block in 1..30_usize) {
            let lines: String = written.iter().map(|value| format!("{value}\n")).collect();
            let pretty: Vec<String> = written.iter().map(|value| format!("{value:#}")).collect();
            let array = json!(written);
            let elements = |shape| ElementSplitter::new(Elements { shape });
            for (text, splitter) in [
                (lines, &mut LineSplitter::default() as &mut dyn Splitter),
                (array.to_string(), &mut elements(Shape::Array)),
                (format!("{array:#}"), &mut elements(Shape::Array)),
                (pretty.join("\n"), &mut elements(Shape::Sequence)),
                (pretty.concat(), &mut elements(Shape::Sequence)),
            ] {
                let read = split(splitter, &text, block);
                let read: Result<Vec<Value>, _> = read.iter().map(|(_, row)| serde_json::from_str(row)).collect();
                prop_assert_eq!(read.ok(), Some(written.clone()), "{}", text);
            }
        }
    }
}
