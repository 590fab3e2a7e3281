//! Lines of a stream, given on as they arrive: a thread of its own reads, so that whoever works on lines has as many as came
//! while the last were worked on – all of a file, some of a pipe, one of a conversation.

use std::{
    io::{self, Read},
    ops::Range,
    sync::mpsc::{Receiver, TryRecvError, sync_channel},
    thread,
};

/// Bytes asked of the stream at once.
const BLOCK: usize = 1 << 17;

/// Blocks that wait at most: the reader is slower than the stream or the work on its lines, never both.
const WAITING: usize = 64;

/// Longest line in bytes; the rest of a longer one is not kept.
const LONGEST: usize = 1 << 24;

/// Lines that wait to be worked on.
pub struct Lines {
    blocks: Receiver<io::Result<Block>>,
    /// Why the stream ended early, told once all that came before is handed out.
    failure: Option<io::Error>,
    /// Lines handed out, blank ones with them.
    count: u64,
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'b> {
    /// From 1.
    pub number: u64,
    /// Without its end; `None` for a line that is too long to be held.
    pub bytes: Option<&'b [u8]>,
}

/// Whole lines that arrived together.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    /// One range a line, its end left out; `None` for lines that are too long.
    lines: Vec<Option<Range<usize>>>,
}

/// Blocks that are worked on together.
pub struct Batch {
    blocks: Vec<Block>,
    first: u64,
}

impl Batch {
    /// Its lines that are not blank, in order.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let bytes = self.blocks.iter().flat_map(|block| {
            let line =
                |range: &Option<Range<usize>>| range.clone().map(|range| &block.bytes[range]);
            block.lines.iter().map(line)
        });
        (self.first..)
            .zip(bytes)
            .map(|(number, bytes)| Line { number, bytes })
            .filter(|line| {
                !line
                    .bytes
                    .is_some_and(|bytes| bytes.trim_ascii().is_empty())
            })
    }
}

impl Lines {
    /// Begins to read. The thread ends with the stream, or at its next block after the lines were dropped.
    pub fn of(stream: impl Read + Send + 'static) -> Self {
        let (give, blocks) = sync_channel(WAITING);
        thread::spawn(move || {
            let mut cutter = Cutter::default();
            let mut stream = stream;
            loop {
                let block = cutter.next(&mut stream);
                let is_last = !matches!(block, Ok(Some(_)));
                let given = block.transpose().map(|block| give.send(block));
                if is_last || given.is_some_and(|given| given.is_err()) {
                    break;
                }
            }
        });
        Self {
            blocks,
            failure: None,
            count: 0,
        }
    }

    /// The lines that have arrived, up to so many lines or bytes or a block more; waits where there are none. `None` at the
    /// end of the stream.
    pub fn arrived(&mut self, most_lines: usize, most_bytes: usize) -> io::Result<Option<Batch>> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let Ok(block) = self.blocks.recv() else {
            return Ok(None);
        };
        let mut batch = Batch {
            blocks: vec![block?],
            first: self.count + 1,
        };
        let (mut lines, mut bytes) = batch.blocks[0].size();
        while lines < most_lines && bytes < most_bytes {
            match self.blocks.try_recv() {
                Ok(Err(failure)) => {
                    self.failure = Some(failure);
                    break;
                }
                Ok(Ok(block)) => {
                    lines += block.size().0;
                    bytes += block.size().1;
                    batch.blocks.push(block);
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        self.count += lines as u64;
        Ok(Some(batch))
    }

    /// Lines handed out so far, blank ones with them.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl Block {
    fn size(&self) -> (usize, usize) {
        (self.lines.len(), self.bytes.len())
    }
}

/// Cuts a stream into blocks of whole lines.
#[derive(Default)]
struct Cutter {
    /// The beginning of a line whose end has not arrived.
    open: Vec<u8>,
    /// The open line is too long, and nothing of it is kept.
    is_too_long: bool,
    is_at_end: bool,
}

impl Cutter {
    /// The next lines; `None` at the end.
    fn next(&mut self, stream: &mut impl Read) -> io::Result<Option<Block>> {
        let mut bytes = std::mem::take(&mut self.open);
        while !self.is_at_end {
            let start = bytes.len();
            bytes.resize(start + BLOCK, 0);
            let read = loop {
                match stream.read(&mut bytes[start..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read?,
                }
            };
            bytes.truncate(start + read);
            self.is_at_end = read == 0;
            let end = match bytes[start..].iter().rposition(|byte| *byte == b'\n') {
                Some(at) => start + at + 1,
                None if self.is_at_end => bytes.len(),
                None => {
                    if bytes.len() > LONGEST || self.is_too_long {
                        self.is_too_long = true;
                        bytes.clear();
                    }
                    continue;
                }
            };
            self.open.extend_from_slice(&bytes[end..]);
            bytes.truncate(end);
            let block = self.cut(bytes);
            return Ok((!block.lines.is_empty()).then_some(block));
        }
        Ok(None)
    }

    /// A block of bytes that end with a line.
    fn cut(&mut self, bytes: Vec<u8>) -> Block {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let end = start + line.len();
            let is_kept = !std::mem::take(&mut self.is_too_long) && line.len() <= LONGEST;
            let without_end = end - usize::from(line.ends_with(b"\n"));
            lines.push(is_kept.then_some(start..without_end));
            start = end;
        }
        // The last line of a stream may be too long and have nothing after what was left out.
        if bytes.is_empty() && std::mem::take(&mut self.is_too_long) {
            lines.push(None);
        }
        Block { bytes, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes in pieces, however many are asked for.
    struct Pieces(Vec<Vec<u8>>);

    impl Read for Pieces {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let piece = &mut self.0[0];
            let count = piece.len().min(into.len());
            into[..count].copy_from_slice(&piece[..count]);
            piece.drain(..count);
            if piece.is_empty() {
                self.0.remove(0);
            }
            Ok(count)
        }
    }

    fn all(pieces: &[&[u8]], most_lines: usize) -> (Vec<(u64, Option<String>)>, u64) {
        let pieces = Pieces(pieces.iter().map(|piece| piece.to_vec()).collect());
        let mut lines = Lines::of(pieces);
        let mut all = Vec::new();
        while let Some(batch) = lines.arrived(most_lines, 1 << 20).unwrap() {
            all.extend(batch.lines().map(|line| {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                (line.number, line.bytes.map(text))
            }));
        }
        (all, lines.count())
    }

    #[test]
    fn lines_are_whole_however_they_arrive() {
        let expected: Vec<(u64, Option<String>)> = [(1, "one"), (2, "two"), (4, "four")]
            .map(|(number, text)| (number, Some(text.to_owned())))
            .into();
        let text = b"one\ntwo\n \nfour";
        for most_lines in [1, 100] {
            assert_eq!(all(&[text], most_lines), (expected.clone(), 4));
            for at in 1..text.len() {
                let (before, after) = text.split_at(at);
                assert_eq!(all(&[before, after], most_lines).0, expected, "cut at {at}");
            }
            let bytes: Vec<&[u8]> = text.chunks(1).collect();
            assert_eq!(all(&bytes, most_lines).0, expected);
        }
        assert_eq!(all(&[], 1), (vec![], 0));
        assert_eq!(all(&[b"\n\n"], 1), (vec![], 2));
    }

    #[test]
    fn a_line_too_long_to_be_held_is_told_and_costs_no_other() {
        let long = vec![b'x'; LONGEST + BLOCK];
        let text = |text: &str| Some(text.to_owned());
        let (lines, count) = all(&[b"a\n", &long, b"yz\nb\n", &long], 100);
        assert_eq!(
            lines,
            [(1, text("a")), (2, None), (3, text("b")), (4, None)]
        );
        assert_eq!(count, 4);
    }

    #[test]
    fn a_stream_that_fails_gives_what_came_before_and_says_so() {
        struct Failing(bool);
        impl Read for Failing {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("the line went dead"));
                }
                into[..2].copy_from_slice(b"a\n");
                Ok(2)
            }
        }
        let mut lines = Lines::of(Failing(false));
        let batch = lines.arrived(100, 1 << 20).unwrap().unwrap();
        assert_eq!(batch.lines().count(), 1);
        assert!(lines.arrived(1, 1).is_err());
    }
}
