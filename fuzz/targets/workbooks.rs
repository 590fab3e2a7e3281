//! Workbooks of Excel and OpenDocument, from their parts or as they are, and Parquet: others' parsers behind our door.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vocable_fuzz::{archive, file, parts, prepare, read};

const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const SHEETS: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Parts that every workbook has, where the input leaves them out.
fn completed<'p>(mut parts: Vec<(String, &'p [u8])>) -> Vec<(String, &'p [u8])> {
    let has = |parts: &[(String, &[u8])], name: &str| parts.iter().any(|(part, _)| part == name);
    let needed: &[(&str, &[u8])] = match has(&parts, "content.xml") {
        true => &[
            ("META-INF/manifest.xml", b"<manifest:manifest/>"),
            ("mimetype", OPEN_DOCUMENT),
        ],
        false => &[
            ("xl/workbook.xml", SHEETS),
            ("xl/_rels/workbook.xml.rels", RELATIONS),
        ],
    };
    for (name, content) in needed {
        if !has(&parts, name) {
            parts.insert(0, ((*name).to_owned(), content));
        }
    }
    parts
}

fuzz_target!(init: prepare(), |bytes: &[u8]| {
    let workbook = match parts(bytes) {
        Some(parts) => archive(&completed(parts)),
        None => bytes.to_vec(),
    };
    read(&file("avis.xlsx", &workbook));
});
