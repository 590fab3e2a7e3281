//! Files made to fill disks and memories: each gets a message or its rows, no panic, and no more memory than any file.

use crate::support::{Bench, Ran, files_below};
use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
    time::Duration,
};
use zip::{ZipWriter, write::SimpleFileOptions};

const GOOD: &str =
    "id,date,comment\n1,2026-11-16,The parcel arrived late\n2,2026-11-17,Great staff in the shop\n";

/// Most memory a run may take, in KiB.
const MOST: u64 = 600 << 10;

/// Inspects a file and measures the memory that takes, where the system tells it.
fn measured(bench: &Bench, name: &str) -> (Ran, Option<u64>) {
    let arguments = ["inspect", name];
    let mut child = bench.start(&arguments);
    let status = format!("/proc/{}/status", child.id());
    let mut most = None;
    while child.try_wait().expect("the program ends").is_none() {
        let told = fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(size);
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().expect("the program ended");
    (Ran::of(output, &arguments), most)
}

/// Asserts how a file is told of, and that memory stays bounded.
#[track_caller]
fn check(name: &str, content: impl AsRef<[u8]>, status: i32, says: &[&str]) {
    let bench = Bench::new();
    bench.file(name, content);
    let (ran, most) = measured(&bench, name);
    println!("{name}: {} MB", most.unwrap_or_default() >> 10);
    let ran = ran.ends(status);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let told = format!("{}{}", ran.out, ran.err).replace("\n  ", " ");
    for part in says {
        assert!(told.contains(part), "no \"{part}\" in:\n{told}");
    }
    assert!(most.is_none_or(|most| most < MOST), "{name}: {most:?} KiB");
}

/// An archive of these files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn names_that_lead_out_of_an_archive_write_nothing_and_are_told() {
    let bench = Bench::new();
    let content = archive(&[
        ("../../x.csv", GOOD.as_bytes()),
        ("..\\y.csv", GOOD.as_bytes()),
        ("/etc/z.csv", GOOD.as_bytes()),
        ("a/../../w.csv", GOOD.as_bytes()),
    ]);
    bench.file("deep/er/out.zip", content);
    let before = files_below(&bench.path(""));
    let run = ["run", "--workspace", "deep/er/ws", "deep/er/out.zip"];
    let ran = bench.vocable(&run).ends(0);
    assert!(ran.out.contains("out.zip/etc/z.csv: 2 rows"), "{}", ran.out);
    assert_eq!(ran.err.matches("leads out of the archive").count(), 3);
    fs::remove_dir_all(bench.path("deep/er/ws")).unwrap();
    assert!(files_below(&bench.path("")) == before);
    assert!(!Path::new("/etc/z.csv").exists());
}

#[test]
fn what_unpacks_without_end_is_told_to() {
    // Packings may stand one after another: a small one many times makes a large file without any work.
    let mut block = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    block.write_all(&vec![b' '; 16 << 20]).unwrap();
    let block = block.finish().unwrap();
    let mut start = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    start.write_all(GOOD.as_bytes()).unwrap();
    let bomb = [start.finish().unwrap(), block.repeat(70)].concat();
    let says = ["bomb.csv.gz", "unpacks to more than 200 times its size"];
    check("bomb.csv.gz", bomb, 1, &says);
    // An archive says itself how much there is in it; the reader does not wait to see.
    let mut bomb = archive(&[("a.csv", GOOD.as_bytes()), ("b.csv", GOOD.as_bytes())]);
    let entry = bomb
        .windows(4)
        .position(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    bomb[entry + 24..entry + 28].copy_from_slice(&0xf000_0000_u32.to_le_bytes());
    let says = ["bomb.zip", "unpacks to more than 200 times its size"];
    check("bomb.zip", bomb, 1, &says);
    let mut nested = GOOD.as_bytes().to_vec();
    for _ in 0..6 {
        nested = archive(&[("a.zip", &nested)]);
    }
    check("nested.zip", nested, 1, &["an archive of archives"]);
}

/// A workbook of one sheet with these rows, after a header and a row of feedback, and this table of texts.
fn workbook(rows: &str, texts: &[u8]) -> Vec<u8> {
    const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const SHEETS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let cell = |place: &str, text: &str| {
        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let first = format!(
        "<row r=\"1\">{}{}{}</row><row r=\"2\">{}{}{}</row>",
        cell("A1", "id"),
        cell("B1", "date"),
        cell("C1", "comment"),
        cell("A2", "1"),
        cell("B2", "2026-11-16"),
        cell("C2", "The parcel arrived late")
    );
    archive(&[
        (
            "_rels/.rels",
            format!("<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"{DOCUMENT}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").as_bytes(),
        ),
        (
            "xl/workbook.xml",
            format!("<workbook xmlns=\"{SHEETS}\" xmlns:r=\"{DOCUMENT}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>").as_bytes(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"{DOCUMENT}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{DOCUMENT}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>").as_bytes(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{SHEETS}\"><dimension ref=\"A1:XFD1048576\"/><sheetData>{first}{rows}</sheetData></worksheet>").as_bytes(),
        ),
        ("xl/sharedStrings.xml", texts),
    ])
}

#[test]
fn workbooks_with_absurd_dimensions_take_no_memory() {
    let texts = format!(
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{}</sst>",
        "<si/>".repeat(3)
    );
    let texts = texts.as_bytes();
    check("dimensions.xlsx", workbook("", texts), 0, &["1 row"]);
    let far = |row: &str| format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>");
    check("far.xlsx", workbook(&far("1048576"), texts), 0, &["2 rows"]);
    check(
        "further.xlsx",
        workbook(&far("4294967290"), texts),
        1,
        &["further.xlsx", "save it again, or export it as CSV"],
    );
    let wide: String = (3..3000).map(|row| far(&row.to_string())).collect();
    check("wide.xlsx", workbook(&wide, texts), 0, &["2,998 rows"]);
    let long = format!(
        "<row r=\"3\"><c r=\"C3\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
        "a".repeat(20 << 20)
    );
    check(
        "long.xlsx",
        workbook(&long, texts),
        1,
        &["a text longer than any cell may be"],
    );
    let many = format!("<sst>{}</sst>", "<si/>".repeat(17 << 20));
    check(
        "many.xlsx",
        workbook("", many.as_bytes()),
        1,
        &["too large to be kept in memory"],
    );
}

#[test]
fn texts_that_a_workbook_only_says_it_has_take_no_memory() {
    let says = "<sst uniqueCount=\"100000000000\" count=\"3\"><si/></sst>";
    check(
        "said.xlsx",
        workbook("", says.as_bytes()),
        1,
        &["says that it has more texts than fit in it"],
    );
}

/// An OpenDocument workbook of one sheet with these rows, after a header and a row of feedback.
fn open_document(rows: &str) -> Vec<u8> {
    const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: [&str; 3]| {
        format!(
            "<table:table-row>{}</table:table-row>",
            cells.map(cell).concat()
        )
    };
    let first =
        row(["id", "date", "comment"]) + &row(["1", "2026-11-16", "The parcel arrived late"]);
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
         <office:body><office:spreadsheet><table:table table:name=\"A\">{first}{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    archive(&[
        ("mimetype", KIND),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn cells_that_stand_for_many_take_no_memory() {
    let row = |rows: u32, columns: u32, value: &str| {
        format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell table:number-columns-repeated=\"{columns}\"{value}</table:table-row>"
        )
    };
    let text = " office:value-type=\"string\"><text:p>x</text:p></table:table-cell>";
    let rest = row(1_048_574, 16_384, "/>");
    check("empty.ods", open_document(&rest), 0, &["1 row"]);
    let says = ["its cells are too many to be kept in memory"];
    let full = row(1_048_574, 16_384, text);
    check("full.ods", open_document(&full), 1, &says);
    let wide = row(1, 16_384, text).repeat(2000);
    check("wide.ods", open_document(&wide), 1, &says);
    let far = row(1_048_000, 16_384, "/>") + &row(1, 16_384, text);
    check("far.ods", open_document(&far), 1, &says);
    let spaces = text.replace(">x<", "><text:s text:c=\"4000000000\"/><");
    check("spaces.ods", open_document(&row(1, 1, &spaces)), 1, &says);
    let open = "<table:table-row><table:table-cell/>";
    let says = ["content.xml is cut short, or no XML"];
    check("open.ods", open_document(open), 1, &says);
}

/// An old workbook whose one sheet has these records; `after` says what follows each sector from the third on.
fn old_workbook(records: &[u8], after: Option<u32>) -> Vec<u8> {
    let sectors = (records.len() + 64).div_ceil(512).max(8) as u32;
    let number = |number: u32| number.to_le_bytes();
    let begin = |kind: u8| [&[9, 8, 4, 0, 0, 6][..], &[kind, 0]].concat();
    let end = [10, 0, 0, 0];
    let globals = begin(5).len() + 4 + 9 + end.len();
    let told = [
        &[0x85, 0, 9, 0][..],
        &number(globals as u32),
        &[0, 0, 1, 0, b'A'],
    ]
    .concat();
    let mut stream = [
        begin(5),
        told,
        end.to_vec(),
        begin(16),
        records.to_vec(),
        end.to_vec(),
    ]
    .concat();
    stream.resize(sectors as usize * 512, 0);
    let mut head = vec![0xff; 512];
    head[..76].fill(0);
    head[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    head[24..34].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    let end_of_chain = 0xffff_fffe_u32;
    for (at, value) in [
        (44, 1),
        (48, 1),
        (56, 4096),
        (60, end_of_chain),
        (68, end_of_chain),
        (76, 0),
    ] {
        head[at..at + 4].copy_from_slice(&number(value));
    }
    let mut table: Vec<u32> = vec![0xffff_fffd, end_of_chain];
    table.extend((0..sectors - 1).map(|sector| after.unwrap_or(sector + 3)));
    table.push(end_of_chain);
    table.resize(128, u32::MAX);
    let entry = |name: &str, kind: u8, child: u32, start: u32, length: u32| {
        let mut entry = vec![0; 128];
        for (at, letter) in name.bytes().enumerate() {
            entry[2 * at] = letter;
        }
        entry[64] = 2 * (name.len() as u8 + 1);
        entry[66..68].copy_from_slice(&[kind, 1]);
        for (at, value) in [
            (68, u32::MAX),
            (72, u32::MAX),
            (76, child),
            (116, start),
            (120, length),
        ] {
            entry[at..at + 4].copy_from_slice(&number(value));
        }
        entry
    };
    let length = if after.is_some() {
        u32::MAX
    } else {
        sectors * 512
    };
    let mut folder = [
        entry("Root Entry", 5, 1, end_of_chain, 0),
        entry("Workbook", 2, u32::MAX, 2, length),
    ]
    .concat();
    folder.resize(512, 0);
    let table: Vec<u8> = table
        .iter()
        .flat_map(|sector| sector.to_le_bytes())
        .collect();
    [head, table, folder, stream].concat()
}

#[test]
fn old_workbooks_with_absurd_dimensions_take_no_memory() {
    let cell = |row: u16, column: u16, text: &str| {
        let mut record = vec![4, 2];
        for number in [text.len() as u16 + 9, row, column, 0, text.len() as u16] {
            record.extend(number.to_le_bytes());
        }
        record.push(0);
        record.extend(text.as_bytes());
        record
    };
    let first: Vec<u8> = [
        "id",
        "date",
        "comment",
        "1",
        "2026-11-16",
        "The parcel arrived late",
    ]
    .iter()
    .zip(0..)
    .flat_map(|(text, at)| cell(at / 3, at % 3, text))
    .collect();
    check("good.xls", old_workbook(&first, None), 0, &["1 row"]);
    let far = [first.clone(), cell(65_535, 65_535, "x")].concat();
    let says = ["its cells are too many to be kept in memory"];
    check("far.xls", old_workbook(&far, None), 1, &says);
    let mut said = vec![0, 2, 14, 0];
    said.extend([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0]);
    let says = ["more cells than a sheet may have"];
    check(
        "said.xls",
        old_workbook(&[said, first.clone()].concat(), None),
        1,
        &says,
    );
    let says = ["its parts follow one another in a circle"];
    check("circle.xls", old_workbook(&first, Some(2)), 1, &says);
}

#[test]
fn depth_without_end_costs_its_row() {
    let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let row = |id: u32, more: &str| {
        format!(
            "{{\"id\":{id},\"date\":\"2026-11-16\",\"text\":\"Late parcel {id}\",\"x\":{more}}}\n"
        )
    };
    check(
        "deep.ndjson",
        row(1, "1") + &row(2, &deep) + &row(3, "3"),
        0,
        &["3 rows = 2 accepted + 1 refused"],
    );
    let array = format!(
        "[{}]",
        (row(1, "1") + "," + &row(2, &deep)).replace('\n', "")
    );
    check("deep.json", array, 0, &["2 rows = 1 accepted + 1 refused"]);
    let arrays = "[".repeat(10_000) + &"]".repeat(10_000);
    check("arrays.json", arrays, 1, &["an array without records"]);
}

#[test]
fn a_line_without_end_is_one_refused_row() {
    let long = "word ".repeat(20 << 20);
    let table = format!("{GOOD}3,2026-11-18,{long}");
    check("line.csv", table, 0, &["3 rows = 2 accepted + 1 refused"]);
    let line = format!(
        "{{\"id\":1,\"date\":\"2026-11-16\",\"text\":\"Kind staff\"}}\n{{\"id\":2,\"text\":\"{long}\"}}\n"
    );
    check("line.ndjson", line, 0, &["2 rows = 1 accepted + 1 refused"]);
    check("words.csv", long, 1, &["words.csv"]);
}

#[test]
fn letters_with_parts_and_heads_without_end_take_no_memory() {
    let letter = |id: u32, rest: &str| {
        format!(
            "From jo@home.example Mon Nov 16 10:00:00 2026\nFrom: Jo <jo@home.example>\nTo: help@shop.example\nDate: Mon, 16 Nov 2026 10:00:00 +0000\nMessage-ID: <{id}@home.example>\nSubject: Parcel {id}\nMIME-Version: 1.0\n{rest}\n\n"
        )
    };
    let last = letter(2, "\nThe staff was kind");
    let nested: String = (0..100_000)
        .map(|part| format!("Content-Type: multipart/mixed; boundary=\"b{part}\"\n\n--b{part}\n"))
        .collect();
    let nested = format!("{nested}Content-Type: text/plain\n\nThe parcel arrived late");
    check("nested.mbox", letter(1, &nested) + &last, 0, &["2 rows"]);
    let letters = "Content-Type: message/rfc822\n\n".repeat(100_000);
    check("letters.mbox", letter(1, &letters) + &last, 0, &["2 rows"]);
    let parts = "--b\nContent-Type: text/plain\n\nx\n".repeat(100_000);
    let parts = format!("Content-Type: multipart/mixed; boundary=\"b\"\n\n{parts}--b--");
    check("parts.mbox", letter(1, &parts) + &last, 0, &["2 rows"]);
    let head = format!(
        "X-Long: {}\n\nThe parcel arrived late",
        "a".repeat(50 << 20)
    );
    check("head.mbox", letter(1, &head) + &last, 0, &["2 rows"]);
}
