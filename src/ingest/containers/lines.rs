//! Lines of a file, one at a time: memory is bounded by the longest line kept.

use std::{
    borrow::Cow,
    io::{self, BufRead},
};

/// Reads lines and counts them from 1.
pub(super) struct Lines<'r> {
    reader: &'r mut dyn BufRead,
    /// Longest line kept; what is beyond is read and dropped.
    longest: usize,
    number: u32,
    bytes: Vec<u8>,
}

impl<'r> Lines<'r> {
    pub fn new(reader: &'r mut dyn BufRead, longest: usize) -> Self {
        Self {
            reader,
            longest,
            number: 0,
            bytes: Vec::new(),
        }
    }

    /// The next line with its number and its end; `None` at the end of the file.
    pub fn next_bytes(&mut self) -> io::Result<Option<(u32, &[u8])>> {
        self.bytes.clear();
        let mut is_any = false;
        loop {
            let block = match self.reader.fill_buf() {
                Ok(block) => block,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if block.is_empty() {
                break;
            }
            is_any = true;
            let end = memchr::memchr(b'\n', block).map(|at| at + 1);
            let taken = end.unwrap_or(block.len());
            let room = self.longest.saturating_sub(self.bytes.len());
            self.bytes.extend_from_slice(&block[..taken.min(room)]);
            self.reader.consume(taken);
            if end.is_some() {
                break;
            }
        }
        if !is_any {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        Ok(Some((self.number, &self.bytes)))
    }

    /// The next line with its number, as text without its end and without a byte order mark.
    pub fn next_text(&mut self) -> io::Result<Option<(u32, Cow<'_, str>)>> {
        let Some((number, bytes)) = self.next_bytes()? else {
            return Ok(None);
        };
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let bytes = match number {
            1 => bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes),
            _ => bytes,
        };
        Ok(Some((number, String::from_utf8_lossy(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(bytes: &[u8], longest: usize) -> Vec<(u32, String)> {
        // A reader of three bytes at a time, so that lines lie over its borders.
        let mut reader = io::BufReader::with_capacity(3, bytes);
        let mut lines = Lines::new(&mut reader, longest);
        let mut all = Vec::new();
        while let Some((number, line)) = lines.next_text().unwrap() {
            all.push((number, line.into_owned()));
        }
        all
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: &[&str]) {
        let numbered = (1..).zip(expected.iter().map(|line| (*line).to_owned()));
        assert_eq!(lines_of(bytes, 100), Vec::from_iter(numbered));
    }

    #[test]
    fn lines_are_counted_and_lose_their_ends() {
        check(b"", &[]);
        check(b"one", &["one"]);
        check(b"one\r\ntwo\n", &["one", "two"]);
        check(b"\n\nthree lines", &["", "", "three lines"]);
        check("\u{feff}déjà".as_bytes(), &["déjà"]);
        check(b"bad \xff byte", &["bad \u{fffd} byte"]);
    }

    #[test]
    fn a_line_too_long_is_cut_and_the_next_is_whole() {
        assert_eq!(
            lines_of(b"123456789\nnext", 4),
            [(1, "1234".to_owned()), (2, "next".to_owned())]
        );
    }
}
