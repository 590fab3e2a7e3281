//! Mailboxes and single letters.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: vocable_fuzz::prepare(), |bytes: &[u8]| {
    let path = vocable_fuzz::file("boite.mbox", bytes);
    vocable_fuzz::read(&path);
});
