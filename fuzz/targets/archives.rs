//! Files packed into one: an archive of files, Slack's among them, and compressed tables.
#![no_main]

use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;
use std::io::Write;
use vocable_fuzz::{archive, file, parts, prepare, read};

fuzz_target!(init: prepare(), |bytes: &[u8]| {
    let packed = match (parts(bytes), bytes.strip_prefix(b"gz ")) {
        (Some(parts), _) => archive(&parts),
        (None, Some(plain)) => {
            let mut packed = GzEncoder::new(Vec::new(), Compression::none());
            packed.write_all(plain).expect("memory takes what is written");
            packed.finish().expect("memory takes what is written")
        }
        // Archives and compressed files as they are, broken ones most of all.
        (None, None) => bytes.to_vec(),
    };
    read(&file("export.zip", &packed));
});
