//! The bytes that are stored of a record, read without making a document of them.
//!
//! tantivy reads a stored value byte by byte into a document of its own, which takes as long as everything else about reading
//! a workspace. Of our records one value is stored and nothing else, so its bytes are the end of what the store holds; where
//! that looks otherwise, tantivy reads it.

use std::ops::Deref;
use tantivy::{
    DocAddress, DocId, Searcher, TantivyDocument, TantivyError,
    directory::OwnedBytes,
    schema::{Field, Value},
    store::StoreReader,
};

/// The bytes that are stored of one record.
pub enum StoredBytes {
    /// The end of a block of the store.
    Slice(OwnedBytes, usize),
    /// A copy.
    Own(Vec<u8>),
}

impl Deref for StoredBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            StoredBytes::Slice(bytes, start) => &bytes[*start..],
            StoredBytes::Own(bytes) => bytes,
        }
    }
}

/// Reads what is stored of a record; an error where nothing is.
pub fn stored_bytes(
    store: &StoreReader,
    document: DocId,
    field: Field,
) -> tantivy::Result<StoredBytes> {
    let bytes = store.get_document_bytes(document)?;
    if let Some(start) = start_of_only_value(&bytes, field) {
        return Ok(StoredBytes::Slice(bytes, start));
    }
    value_of(&store.get(document)?, field).map(StoredBytes::Own)
}

/// The same for one record of many segments.
pub fn bytes_at(
    searcher: &Searcher,
    address: DocAddress,
    field: Field,
) -> tantivy::Result<Vec<u8>> {
    value_of(&searcher.doc(address)?, field)
}

fn value_of(document: &TantivyDocument, field: Field) -> tantivy::Result<Vec<u8>> {
    let value = document.get_first(field);
    let bytes = value.as_ref().and_then(|value| value.as_bytes());
    bytes.map(<[u8]>::to_vec).ok_or_else(|| {
        TantivyError::InvalidArgument(
            "a stored record is missing; remove the workspace's index folder and run again"
                .to_owned(),
        )
    })
}

/// What tantivy writes before a value of bytes.
const CODE_OF_BYTES: u8 = 4;

/// The highest bit of a number's last byte.
const STOP: u8 = 0x80;

/// Where the value begins, if the document is this field with a value of bytes and nothing else.
///
/// A document is the number of its values, and for each its field (four bytes), a code for what it is, the number of its
/// bytes and these; numbers come seven bits a byte, lowest first.
fn start_of_only_value(document: &[u8], field: Field) -> Option<usize> {
    let rest = document.strip_prefix(&[STOP | 1])?;
    let rest = rest.strip_prefix(&field.field_id().to_le_bytes())?;
    let rest = rest.strip_prefix(&[CODE_OF_BYTES])?;
    let mut length = 0_usize;
    for (at, byte) in rest.iter().take(5).enumerate() {
        length |= usize::from(byte & !STOP) << (7 * at);
        if byte & STOP != 0 {
            let value = &rest[at + 1..];
            return (value.len() == length).then_some(document.len() - length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::{
        Index,
        schema::{STORED, Schema, TEXT},
    };

    #[test]
    fn a_value_is_found_without_reading_the_document() {
        let mut schema = Schema::builder();
        schema.add_text_field("words", TEXT);
        let field = schema.add_bytes_field("record", STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index
            .writer_with_num_threads::<TantivyDocument>(1, 15_000_000)
            .unwrap();
        let values = [0, 1, 127, 128, 20_000].map(|length| vec![b'x'; length]);
        for value in &values {
            let mut document = TantivyDocument::new();
            document.add_bytes(field, value);
            writer.add_document(document).unwrap();
        }
        writer.add_document(TantivyDocument::new()).unwrap();
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let store = searcher.segment_reader(0).get_store_reader(1).unwrap();
        for (document, value) in (0..).zip(&values) {
            let bytes = store.get_document_bytes(document).unwrap();
            let start = start_of_only_value(&bytes, field).unwrap();
            assert_eq!(&bytes[start..], value);
            assert_eq!(*stored_bytes(&store, document, field).unwrap(), **value);
        }
        assert!(stored_bytes(&store, values.len() as DocId, field).is_err());
    }

    #[test]
    fn what_looks_otherwise_is_left_to_tantivy() {
        let field = Field::from_field_id(7);
        let whole = [&[0x81, 7, 0, 0, 0, 4, 0x83], b"abc".as_slice()].concat();
        assert_eq!(start_of_only_value(&whole, field), Some(7));
        assert_eq!(start_of_only_value(&whole[..9], field), None);
        assert_eq!(start_of_only_value(&[], field), None);
        assert_eq!(start_of_only_value(&whole, Field::from_field_id(8)), None);
        let two = [&[0x82, 7, 0, 0, 0, 4, 0x83], b"abc".as_slice()].concat();
        assert_eq!(start_of_only_value(&two, field), None);
    }
}
