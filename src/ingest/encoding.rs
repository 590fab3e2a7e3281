//! Bytes → text. The whole file is looked at before its encoding is decided; then it is read again in blocks.

use super::bytes::{Bytes, read_full};
use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::{
    borrow::Cow,
    io::{self, Read},
};

/// Bytes read from a file at a time.
const BLOCK: usize = 1 << 20;

/// Decoded bytes kept from the start of a file, to tell its container.
const HEAD: usize = 256 << 10;

/// How the bytes of a file make text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, perhaps with a few places that are not: rows that have one are refused.
    Utf8,
    /// UTF-16, low byte first.
    Utf16LittleEndian,
    /// UTF-16, high byte first.
    Utf16BigEndian,
    /// What spreadsheets on Windows write in western Europe; Latin-1 and ASCII read the same.
    Windows1252,
}

impl Encoding {
    /// The name people know.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16LittleEndian => "UTF-16LE",
            Encoding::Utf16BigEndian => "UTF-16BE",
            Encoding::Windows1252 => "Windows-1252",
        }
    }
}

/// What was learned from looking at all bytes of a file once.
#[derive(Debug)]
pub(super) struct Survey {
    pub encoding: Encoding,
    /// Bytes of the file.
    pub length: u64,
    /// Places that are not UTF-8, in a file that is otherwise.
    pub bad_places: u64,
    /// The first decoded bytes.
    pub head: Vec<u8>,
    /// True when `head` is the whole file.
    pub is_whole: bool,
    bom: u64,
    /// Lines end in a lone CR, as on old Macs.
    ends_lines_with_cr: bool,
}

/// What a file without text in it is.
#[derive(Debug)]
pub(super) enum Unsurveyed {
    /// The operating system would not read it.
    Io(io::Error),
    /// No text: what it seems to be.
    Binary(&'static str),
}

impl From<io::Error> for Unsurveyed {
    fn from(error: io::Error) -> Self {
        Unsurveyed::Io(error)
    }
}

/// First bytes of formats people send instead of text, with what to call them.
const SIGNATURES: [(&[u8], &str); 9] = [
    (b"PK\x05\x06", "an empty zip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a sound"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a Rich Text document"),
];

/// Looks at all bytes of a file.
pub(super) fn survey(bytes: &Bytes) -> Result<Survey, Unsurveyed> {
    let mut file = bytes.open()?;
    let mut block = vec![0; BLOCK];
    let mut filled = read_full(&mut *file, &mut block)?;
    let mut length = filled as u64;
    let first = &block[..filled];
    if let Some((_, what)) = SIGNATURES
        .iter()
        .find(|(signature, _)| first.starts_with(signature))
    {
        return Err(Unsurveyed::Binary(what));
    }
    let (declared, bom) = byte_order_mark(first);
    let utf16 = declared
        .filter(|encoding| *encoding != Encoding::Utf8)
        .or_else(|| utf16_without_mark(first));
    let sample = &first[..first.len().min(HEAD)];
    if utf16.is_none() && control_bytes(sample) * 50 > sample.len() {
        return Err(Unsurveyed::Binary("not text"));
    }
    let mut bad_places = 0;
    let encoding = match utf16 {
        Some(encoding) => {
            length += io::copy(&mut file, &mut io::sink())?;
            encoding
        }
        None => {
            let mut check = Utf8Check::default();
            while filled > 0 {
                check.see(&block[..filled]);
                filled = read_full(&mut *file, &mut block)?;
                length += filled as u64;
            }
            check.finish();
            // A French text in Windows-1252 is wrong at nearly every accent; a UTF-8 file cut somewhere is right at nearly all.
            if check.bad == 0 || declared.is_some() || check.bad * 10 <= check.good {
                bad_places = check.bad;
                Encoding::Utf8
            } else {
                Encoding::Windows1252
            }
        }
    };
    let mut survey = Survey {
        encoding,
        length,
        bad_places,
        head: Vec::new(),
        is_whole: false,
        bom,
        ends_lines_with_cr: false,
    };
    let mut reader = Reader::open(bytes, &survey)?;
    let mut at_end = false;
    while survey.head.len() < HEAD && !at_end {
        at_end = reader.fill(&mut survey.head)? == 0;
    }
    if survey.head.len() > HEAD {
        survey.head.truncate(HEAD);
    } else {
        survey.is_whole = at_end;
    }
    survey.ends_lines_with_cr = !survey.head.contains(&b'\n') && survey.head.contains(&b'\r');
    if survey.ends_lines_with_cr {
        cr_to_lf(&mut survey.head);
    }
    Ok(survey)
}

/// Reads a file as UTF-8 in blocks.
pub(super) struct Reader {
    file: Box<dyn Read>,
    decoder: Option<Decoder>,
    /// Bytes to be decoded; none where there is no decoder.
    raw: Vec<u8>,
    is_finished: bool,
    ends_lines_with_cr: bool,
}

impl Reader {
    /// Opens a file at its first letter.
    pub fn open(bytes: &Bytes, survey: &Survey) -> io::Result<Self> {
        let mut file = bytes.open()?;
        io::copy(&mut (&mut file).take(survey.bom), &mut io::sink())?;
        let decoder = match survey.encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16LittleEndian => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16BigEndian => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        };
        Ok(Self {
            file,
            decoder,
            raw: match survey.encoding {
                Encoding::Utf8 => Vec::new(),
                _ => vec![0; BLOCK],
            },
            is_finished: false,
            ends_lines_with_cr: survey.ends_lines_with_cr,
        })
    }

    /// Adds the next block to `text` and gives the bytes of the file it took; 0 at the end, when nothing more will come.
    pub fn fill(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        if self.is_finished {
            return Ok(0);
        }
        let from = text.len();
        let read = match &mut self.decoder {
            // Read where it is wanted: there is nothing to decode.
            None => {
                text.resize(from + BLOCK, 0);
                let read = read_full(&mut *self.file, &mut text[from..])?;
                text.truncate(from + read);
                read
            }
            Some(decoder) => {
                let read = read_full(&mut *self.file, &mut self.raw)?;
                let most = decoder
                    .max_utf8_buffer_length(read)
                    .unwrap_or(4 * read + 16);
                text.resize(from + most, 0);
                let (result, _, written, _) =
                    decoder.decode_to_utf8(&self.raw[..read], &mut text[from..], read == 0);
                debug_assert_eq!(
                    result,
                    CoderResult::InputEmpty,
                    "the buffer was as long as asked for"
                );
                text.truncate(from + written);
                read
            }
        };
        self.is_finished = read == 0;
        if self.ends_lines_with_cr {
            cr_to_lf(&mut text[from..]);
        }
        // A half character at the end of a UTF-16 file is decoded by the empty last block.
        Ok(if text.len() > from { read.max(1) } else { read })
    }
}

/// A file as a stream of UTF-8.
pub(super) struct Decoded {
    reader: Reader,
    block: Vec<u8>,
    /// Bytes of `block` given already.
    given: usize,
}

impl Decoded {
    /// From the first letter of a file.
    pub fn of(bytes: &Bytes, survey: &Survey) -> io::Result<Self> {
        Ok(Self {
            reader: Reader::open(bytes, survey)?,
            block: Vec::new(),
            given: 0,
        })
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.block.len() {
            self.block.clear();
            self.given = 0;
            if self.reader.fill(&mut self.block)? == 0 {
                return Ok(0);
            }
        }
        let length = buffer.len().min(self.block.len() - self.given);
        buffer[..length].copy_from_slice(&self.block[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

fn cr_to_lf(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte == b'\r') {
        *byte = b'\n';
    }
}

fn byte_order_mark(bytes: &[u8]) -> (Option<Encoding>, u64) {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => (Some(Encoding::Utf8), 3),
        [0xff, 0xfe, ..] => (Some(Encoding::Utf16LittleEndian), 2),
        [0xfe, 0xff, ..] => (Some(Encoding::Utf16BigEndian), 2),
        _ => (None, 0),
    }
}

/// Western text in UTF-16 has a zero in nearly every second byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |offset: usize| {
        sample
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
    if half < 4 {
        None
    } else if odd * 10 >= half * 7 && even * 20 < half {
        Some(Encoding::Utf16LittleEndian)
    } else if even * 10 >= half * 7 && odd * 20 < half {
        Some(Encoding::Utf16BigEndian)
    } else {
        None
    }
}

fn control_bytes(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|&&b| b < 32 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b))
        .count()
}

/// A text in which what was once UTF-8 and then taken for Windows-1252 is made itself again: `Ã©` becomes `é`.
///
/// Place by place, since people paste whole and broken texts together; a text without such a place comes back borrowed.
pub(super) fn repaired(text: &str) -> Cow<'_, str> {
    let mut repaired = String::new();
    let mut copied = 0;
    // The letters that the first byte of a character became – Â, Ã, Å, â, ð – all begin with this byte.
    for at in memchr::memchr_iter(0xc3, text.as_bytes()) {
        if at < copied {
            continue;
        }
        let Some((character, length)) = once_utf8(&text[at..]) else {
            continue;
        };
        repaired.push_str(&text[copied..at]);
        repaired.push(character);
        copied = at + length;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    repaired.push_str(&text[copied..]);
    Cow::Owned(repaired)
}

/// The character whose UTF-8 bytes the first letters of `text` are, taken for Windows-1252, and the bytes they now take.
fn once_utf8(text: &str) -> Option<(char, usize)> {
    let mut letters = text.chars();
    let first = letters.next()?;
    // Other first bytes became letters that real words have before a sign, such as the É of "CAFÉ»".
    let (lead, more) = match first {
        'Â' => (0xc2, 1),
        'Ã' => (0xc3, 1),
        'Å' => (0xc5, 1),
        'â' => (0xe2, 2),
        'ð' => (0xf0, 3),
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut length = first.len_utf8();
    for byte in &mut bytes[1..=more] {
        let letter = letters.next()?;
        length += letter.len_utf8();
        *byte = match letter {
            '\u{80}'..='\u{bf}' => letter as u8,
            _ => {
                let mut room = [0; 4];
                let (encoded, _, is_lossy) = WINDOWS_1252.encode(letter.encode_utf8(&mut room));
                match *encoded {
                    [byte] if !is_lossy && (0x80..=0xbf).contains(&byte) => byte,
                    _ => return None,
                }
            }
        };
    }
    let character = str::from_utf8(&bytes[..=more]).ok()?.chars().next()?;
    Some((character, length))
}

/// The bytes as text, or where they are none.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, std::str::Utf8Error> {
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => Ok(text),
        // The fast check only says that something is wrong.
        Err(_) => str::from_utf8(bytes),
    }
}

/// Counted in bytes first, so that the compiler can add a whole chunk at once; a chunk cannot overflow a byte.
fn characters_of_several_bytes(text: &[u8]) -> u64 {
    text.chunks(128)
        .map(|chunk| u64::from(chunk.iter().map(|byte| u8::from(*byte >= 0xc0)).sum::<u8>()))
        .sum()
}

/// Counts characters of several bytes, and places that are not UTF-8.
#[derive(Default)]
struct Utf8Check {
    good: u64,
    bad: u64,
    /// An unfinished character at the end of the last block.
    carried: Vec<u8>,
}

impl Utf8Check {
    fn see(&mut self, block: &[u8]) {
        let mut rest = block;
        while !self.carried.is_empty() && !rest.is_empty() {
            self.carried.push(rest[0]);
            rest = &rest[1..];
            match str::from_utf8(&self.carried) {
                Ok(_) => {
                    self.good += 1;
                    self.carried.clear();
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => {
                    self.bad += 1;
                    // The byte just taken may start a character of its own.
                    rest = &block[block.len() - rest.len() - 1..];
                    self.carried.clear();
                }
            }
        }
        while !rest.is_empty() {
            let (valid, after) = match utf8(rest) {
                Ok(_) => (rest, None),
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    (valid, Some((after, error.error_len())))
                }
            };
            if !valid.is_ascii() {
                self.good += characters_of_several_bytes(valid);
            }
            match after {
                None => return,
                Some((after, Some(length))) => {
                    self.bad += 1;
                    rest = &after[length..];
                }
                Some((after, None)) => {
                    self.carried = after.to_vec();
                    return;
                }
            }
        }
    }

    fn finish(&mut self) {
        self.bad += u64::from(!self.carried.is_empty());
        self.carried.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn survey_of(bytes: &[u8]) -> (Result<Survey, Unsurveyed>, String) {
        let bytes = Bytes::spooled(&mut &*bytes).unwrap();
        let survey = survey(&bytes);
        let mut text = Vec::new();
        if let Ok(survey) = &survey {
            let mut reader = Reader::open(&bytes, survey).unwrap();
            while reader.fill(&mut text).unwrap() > 0 {}
        }
        (survey, String::from_utf8_lossy(&text).into_owned())
    }

    #[track_caller]
    fn check(bytes: &[u8], encoding: Encoding, text: &str) {
        let (survey, read) = survey_of(bytes);
        assert_eq!(survey.unwrap().encoding, encoding);
        assert_eq!(read, text);
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn encodings_are_told_by_content() {
        check("déçu 🙂".as_bytes(), Encoding::Utf8, "déçu 🙂");
        check("\u{feff}déçu".as_bytes(), Encoding::Utf8, "déçu");
        check(
            b"d\xe9\xe7u \x80 l\x92avis",
            Encoding::Windows1252,
            "déçu € l’avis",
        );
        check(b"plain", Encoding::Utf8, "plain");
        check(b"", Encoding::Utf8, "");
        check(
            &utf16("\u{feff}déçu 🙂", u16::to_le_bytes),
            Encoding::Utf16LittleEndian,
            "déçu 🙂",
        );
        check(
            &utf16("\u{feff}déçu 🙂", u16::to_be_bytes),
            Encoding::Utf16BigEndian,
            "déçu 🙂",
        );
        check(
            &utf16("sans marque, déçu", u16::to_le_bytes),
            Encoding::Utf16LittleEndian,
            "sans marque, déçu",
        );
        check(
            &utf16("sans marque, déçu", u16::to_be_bytes),
            Encoding::Utf16BigEndian,
            "sans marque, déçu",
        );
        check(b"a\rb\rc", Encoding::Utf8, "a\nb\nc");
    }

    #[test]
    fn a_few_bad_places_do_not_change_the_encoding() {
        let mut bytes = "é".repeat(100).into_bytes();
        bytes.insert(40, 0xff);
        let (survey, _) = survey_of(&bytes);
        let survey = survey.unwrap();
        assert_eq!((survey.encoding, survey.bad_places), (Encoding::Utf8, 1));
    }

    #[test]
    fn characters_on_a_block_border_are_whole() {
        for shift in 0..4 {
            let text = "a".repeat(BLOCK - 2 - shift) + &"🙂é".repeat(100);
            check(text.as_bytes(), Encoding::Utf8, &text);
            let utf16 = utf16(&format!("\u{feff}{text}"), u16::to_le_bytes);
            check(&utf16, Encoding::Utf16LittleEndian, &text);
        }
    }

    #[test]
    fn binary_files_are_named() {
        assert!(matches!(
            survey_of(b"%PDF-1.7 ....").0,
            Err(Unsurveyed::Binary("a PDF"))
        ));
        assert!(matches!(
            survey_of(&[1, 2, 3, 0, 0, 0, 9, 5]).0,
            Err(Unsurveyed::Binary("not text"))
        ));
    }

    #[track_caller]
    fn check_repair(text: &str, expected: &str) {
        assert_eq!(repaired(text), expected);
    }

    #[test]
    fn text_that_was_decoded_wrong_is_repaired_place_by_place() {
        check_repair("dÃ©Ã§u, c\u{e2}€™est cassÃ©", "déçu, c’est cassé");
        check_repair("SÅ“ur Ã  bientÃ´t", "Sœur Ã  bientôt");
        check_repair("Ã\u{a0} bientôt déjà", "à bientôt déjà");
        check_repair("merci ðŸ™‚ !", "merci 🙂 !");
        check_repair("Â«Â\u{a0}topÂ\u{a0}Â»", "«\u{a0}top\u{a0}»");
        for kept in [
            "",
            "déçu",
            "Âge, âme, Ãlvaro",
            "«\u{a0}CAFÉ»",
            "À bientôt",
            "pâté",
        ] {
            assert!(
                matches!(repaired(kept), Cow::Borrowed(text) if text == kept),
                "{kept}"
            );
        }
    }

    /// What people in western Europe write, and can write in Windows-1252.
    const WESTERN: &str = "[a-zA-Z0-9 ,;éèàçùêîôûëïüœæÉÀÇ€«»’“”–…\n]{0,60}";

    proptest! {
        #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_text_is_read_back_from_every_encoding(text in WESTERN) {
            let marked = format!("\u{feff}{text}");
            let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for (bytes, encoding) in [
                (text.clone().into_bytes(), Some(Encoding::Utf8)),
                (marked.clone().into_bytes(), Some(Encoding::Utf8)),
                (little, Some(Encoding::Utf16LittleEndian)),
                (big, Some(Encoding::Utf16BigEndian)),
                (WINDOWS_1252.encode(&text).0.into_owned(), None),
            ] {
                // "Ç«" in Windows-1252 is "ǫ" in UTF-8, which nobody can tell.
                if encoding.is_none() && !text.is_ascii() && std::str::from_utf8(&bytes).is_ok() {
                    continue;
                }
                let bytes = Bytes::spooled(&mut &*bytes).unwrap();
                let survey = survey(&bytes).unwrap();
                prop_assert!(encoding.is_none_or(|encoding| survey.encoding == encoding), "{:?}", survey);
                let mut read = String::new();
                Decoded::of(&bytes, &survey).unwrap().read_to_string(&mut read).unwrap();
                prop_assert_eq!(&read, &text);
            }
        }

        #[test]
        fn a_text_decoded_wrong_is_made_itself_again(text in "[a-zéèàçùêîôûëïüœæÉ€’“”–…😀 ]{0,40}") {
            let (once_wrong, ..) = WINDOWS_1252.decode(text.as_bytes());
            prop_assert_eq!(repaired(&once_wrong), text.as_str());
            prop_assert_eq!(repaired(&text), text.as_str());
        }
    }
}
