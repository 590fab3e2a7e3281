//! The bytes of an input, however they are packed: a file, a compressed file, a file made of another.
//!
//! Inputs are read several times from the start – to tell their encoding, their columns, their rows – so what comes
//! once only, such as standard input, is kept in a temporary file first. Memory does not grow with the input.

use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::NamedTempFile;

/// Unpacked bytes a packed file may have for each of its own; a file with more was made to fill disks. Feedback that says
/// the same again and again packs to a fortieth.
const MOST_UNPACKED: u64 = 200;

/// Unpacked bytes below which nobody counts.
const ALWAYS_UNPACKED: u64 = 1 << 30;

/// Unpacked bytes that a file of so many may hold.
pub(super) fn most_unpacked(packed: u64) -> u64 {
    packed.saturating_mul(MOST_UNPACKED).max(ALWAYS_UNPACKED)
}

/// What is said of a file that holds more.
pub(super) const UNPACKS_WITHOUT_END: &str =
    "unpacks to more than 200 times its size, as files do that are made to fill disks";

fn without_end() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, UNPACKS_WITHOUT_END)
}

/// First bytes of compressed files.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Where bytes come from.
#[derive(Clone, Debug)]
pub(super) enum Bytes {
    /// A file as it lies there.
    File(PathBuf),
    /// A temporary file, gone with the last who holds it.
    Spool(Arc<Spool>),
    /// Compressed bytes.
    Packed(Packing, Box<Bytes>),
}

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// The name people know.
    pub fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
        }
    }
}

impl Bytes {
    /// The bytes of a file, unpacked when they are compressed.
    pub fn of(path: &Path) -> io::Result<Self> {
        Bytes::File(path.to_owned()).unpacked()
    }

    /// What a packing holds, as often as one holds another.
    pub fn unpacked(self) -> io::Result<Self> {
        let mut bytes = self;
        // Twice packed happens by mistake; more is a joke.
        for _ in 0..3 {
            let mut first = [0; 4];
            let filled = read_full(&mut *bytes.open()?, &mut first)?;
            let packing = match &first[..filled] {
                first if first.starts_with(&GZIP) => Packing::Gzip,
                first if first.starts_with(&ZSTD) => Packing::Zstd,
                _ => return Ok(bytes),
            };
            bytes = Bytes::Packed(packing, Box::new(bytes));
        }
        Ok(bytes)
    }

    /// Everything a reader gives, in a temporary file.
    pub fn spooled(reader: &mut dyn Read) -> io::Result<Self> {
        Self::spool(|file| io::copy(reader, file).map(|_| ()))
    }

    /// The same, but an error where the reader gives more than `most` bytes: nothing is cut off in silence.
    pub fn spooled_within(reader: &mut dyn Read, most: u64) -> io::Result<Self> {
        Self::spool(
            |file| match io::copy(&mut reader.take(most.saturating_add(1)), file)? {
                copied if copied > most => Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "unpacks to more than its archive says",
                )),
                _ => Ok(()),
            },
        )
    }

    /// What `write` writes, in a temporary file.
    pub fn spool(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Self> {
        let spool = Spool::new()?;
        let mut buffered = io::BufWriter::with_capacity(1 << 16, spool.file());
        write(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        Ok(Bytes::Spool(Arc::new(spool)))
    }

    /// The same, but an error where more is written than something of so many bytes may hold.
    pub fn spool_unpacked(
        packed: u64,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        Self::spool(|file| {
            write(&mut Limited {
                inner: file,
                passed: 0,
                most: most_unpacked(packed),
            })
        })
    }

    /// The name of the packing, outermost first; `None` for plain bytes.
    pub fn packing(&self) -> Option<Packing> {
        match self {
            Bytes::Packed(packing, _) => Some(*packing),
            Bytes::File(_) | Bytes::Spool(_) => None,
        }
    }

    /// A reader at the first byte.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(match self {
            Bytes::File(path) => Box::new(open(path)?),
            Bytes::Spool(file) => Box::new(file.reopen()?),
            Bytes::Packed(packing, inner) => {
                let packed = BufReader::with_capacity(1 << 16, inner.open()?);
                let plain: Box<dyn Read> = match packing {
                    Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
                    Packing::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
                };
                Box::new(Limited {
                    inner: plain,
                    passed: 0,
                    most: most_unpacked(inner.length()?),
                })
            }
        })
    }

    /// A file that can be read from any place; compressed bytes are unpacked into a temporary one.
    pub fn seekable(&self) -> io::Result<File> {
        match self {
            Bytes::File(path) => open(path),
            Bytes::Spool(file) => file.reopen(),
            Bytes::Packed(..) => {
                let mut file = tempfile::tempfile()?;
                io::copy(&mut *self.open()?, &mut file)?;
                file.seek(SeekFrom::Start(0))?;
                Ok(file)
            }
        }
    }

    /// The first bytes, `most` of them or all there are.
    pub fn head(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut head = vec![0; most];
        let filled = read_full(&mut *self.open()?, &mut head)?;
        head.truncate(filled);
        Ok(head)
    }

    /// Bytes on disk: packed ones as they are packed.
    pub fn length(&self) -> io::Result<u64> {
        match self {
            Bytes::File(path) => Ok(std::fs::metadata(path)?.len()),
            Bytes::Spool(spool) => Ok(spool.file().metadata()?.len()),
            Bytes::Packed(_, inner) => inner.length(),
        }
    }
}

/// Stops where more comes out than an honest file could hold.
struct Limited<T> {
    inner: T,
    passed: u64,
    most: u64,
}

impl<T> Limited<T> {
    fn pass(&mut self, bytes: usize) -> io::Result<usize> {
        self.passed += bytes as u64;
        match self.passed > self.most {
            true => Err(without_end()),
            false => Ok(bytes),
        }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.pass(read)
    }
}

impl<W: Write> Write for Limited<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.pass(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A temporary file that can be opened again. It holds what customers wrote as they wrote it, so it has no name where the
/// system can open a file without: whatever ends the program, nothing is left of it.
#[derive(Debug)]
pub(super) enum Spool {
    #[cfg(target_os = "linux")]
    Nameless(File),
    Named(NamedTempFile),
}

impl Spool {
    fn new() -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        {
            let spool = Spool::Nameless(tempfile::tempfile()?);
            // In a cage without /proc there is no second opening.
            if spool.reopen().is_ok() {
                return Ok(spool);
            }
        }
        NamedTempFile::new().map(Spool::Named)
    }

    fn file(&self) -> &File {
        match self {
            #[cfg(target_os = "linux")]
            Spool::Nameless(file) => file,
            Spool::Named(file) => file.as_file(),
        }
    }

    /// The file at its first byte, with a place of its own.
    fn reopen(&self) -> io::Result<File> {
        match self {
            #[cfg(target_os = "linux")]
            Spool::Nameless(file) => {
                use std::os::fd::AsRawFd;
                open(Path::new(&format!("/proc/self/fd/{}", file.as_raw_fd())))
            }
            Spool::Named(file) => file.reopen(),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "this room opens files")]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Fills `block` unless the reader ends before.
pub(super) fn read_full(reader: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match reader.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    fn all(bytes: &Bytes) -> Vec<u8> {
        let mut all = Vec::new();
        bytes.open().unwrap().read_to_end(&mut all).unwrap();
        all
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[track_caller]
    fn check(packed: &[u8], expected: &[u8]) {
        let bytes = Bytes::spooled(&mut &*packed).unwrap().unpacked().unwrap();
        assert_eq!(all(&bytes), expected);
        // Inputs are read again and again.
        assert_eq!(all(&bytes), expected);
        let mut seekable = Vec::new();
        bytes
            .seekable()
            .unwrap()
            .read_to_end(&mut seekable)
            .unwrap();
        assert_eq!(seekable, expected);
    }

    #[test]
    fn packed_bytes_are_unpacked() {
        let plain = "note;commentaire\n4;Très bien\n".as_bytes();
        check(plain, plain);
        check(b"", b"");
        check(&gzip(plain), plain);
        check(
            &[gzip(plain), gzip(plain)].concat(),
            &[plain, plain].concat(),
        );
        check(&zstd::encode_all(plain, 3).unwrap(), plain);
        check(&gzip(&zstd::encode_all(plain, 3).unwrap()), plain);
    }

    #[test]
    fn what_unpacks_without_end_is_refused() {
        let mut limited = Limited {
            inner: io::repeat(0),
            passed: 0,
            most: 1000,
        };
        let error = io::copy(&mut limited, &mut io::sink()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn what_writes_without_end_is_refused() {
        let mut limited = Limited {
            inner: io::sink(),
            passed: 0,
            most: 1000,
        };
        let error = io::copy(&mut io::repeat(0), &mut limited).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert_eq!(most_unpacked(3), 1 << 30);
        assert_eq!(most_unpacked(1 << 30), 200 << 30);
    }

    #[test]
    fn more_than_was_promised_is_refused_and_not_cut() {
        assert_eq!(
            all(&Bytes::spooled_within(&mut &b"abc"[..], 3).unwrap()),
            b"abc"
        );
        assert!(Bytes::spooled_within(&mut &b"abcd"[..], 3).is_err());
    }

    #[test]
    fn a_cut_or_broken_packing_is_an_error() {
        let packed = gzip(&[7; 1000]);
        for cut in [3, 10, packed.len() - 1] {
            let read = Bytes::spooled(&mut &packed[..cut])
                .and_then(Bytes::unpacked)
                .and_then(|bytes| io::copy(&mut *bytes.open()?, &mut io::sink()));
            assert!(read.is_err());
        }
    }
}
