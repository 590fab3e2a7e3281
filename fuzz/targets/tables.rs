//! Tables: rows parted by commas, semicolons, tabs or bars, in any encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: vocable_fuzz::prepare(), |bytes: &[u8]| {
    let path = vocable_fuzz::file("avis.csv", bytes);
    vocable_fuzz::read(&path);
});
