//! JSON: an array, lines, or an object that holds records or is one.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: vocable_fuzz::prepare(), |bytes: &[u8]| {
    let path = vocable_fuzz::file("avis.json", bytes);
    vocable_fuzz::read(&path);
});
