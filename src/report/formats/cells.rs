//! CSV files a spreadsheet opens safely: UTF-8 with a byte-order mark, formulas disarmed.

use super::super::tame::tame_keeping_lines;

/// Tells spreadsheets the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A table in the making.
pub(super) struct Cells {
    writer: csv::Writer<Vec<u8>>,
}

impl Cells {
    pub(super) fn with_header(names: &[&str]) -> Self {
        let mut cells = Self {
            writer: csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec()),
        };
        cells.row(names.iter().map(|name| (*name).to_owned()));
        cells
    }

    /// Adds a row; cells that hold foreign text must have gone through [`disarm`].
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.writer
            .write_record(cells)
            .expect("memory does not refuse bytes, and every row has the header's length");
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.writer
            .into_inner()
            .expect("memory does not refuse bytes")
    }
}

/// Foreign text that no spreadsheet takes for a formula: an apostrophe stands before `=`, `+`, `-`, `@`, tab and return,
/// and before their full-width forms.
pub fn disarm(text: &str) -> String {
    let is_return = text.starts_with('\r');
    let tamed = tame_keeping_lines(text);
    if is_return || tamed.starts_with(['=', '+', '-', '@', '\t', '\n', '＝', '＋', '－', '＠'])
    {
        format!("'{tamed}")
    } else {
        tamed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(disarm(text), expected);
    }

    #[test]
    fn formulas_are_disarmed_and_words_left_alone() {
        check("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")");
        check("+33", "'+33");
        check("-1", "'-1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("\r=1", "'\n=1");
        check("\u{200b}=1", "'=1");
        check("＝1", "'＝1");
        check("a=1", "a=1");
        check("", "");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_cell_begins_as_a_formula_and_every_cell_is_read_back(rows in prop::collection::vec(prop::array::uniform2("[=+@\\-＝'\t\r\n\u{200b}\",; a-cé]{0,10}"), 1..6)) {
            let mut cells = Cells::with_header(&["a", "b"]);
            let disarmed: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| disarm(cell)).collect()).collect();
            for row in &disarmed {
                cells.row(row.clone());
            }
            let bytes = cells.finish();
            let mut reader = csv::Reader::from_reader(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap());
            let read: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(&read, &disarmed);
            for cell in read.iter().flatten() {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{:?}", cell);
            }
        }
    }
}
