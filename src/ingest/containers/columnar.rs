//! Parquet files: rows of typed columns, given as one JSON object a line; the place of a row is its number.

use crate::ingest::bytes::Bytes;
use parquet::file::{reader::FileReader, serialized_reader::SerializedFileReader};
use std::{fs::File, io};

/// The rows of a Parquet file as lines of JSON, row group by row group; the reason when it cannot be read.
pub(in crate::ingest) fn rows(file: File) -> Result<Bytes, String> {
    let unreadable = |error: &dyn std::fmt::Display| {
        format!("a Parquet file that cannot be read: {error}; write it again")
    };
    let size = file.metadata().map_or(0, |file| file.len());
    let reader = SerializedFileReader::new(file).map_err(|error| unreadable(&error))?;
    let rows = reader
        .get_row_iter(None)
        .map_err(|error| unreadable(&error))?;
    // A run of one value takes a few bytes, however many rows it stands for.
    Bytes::spool_unpacked(size, |lines| {
        for row in rows {
            let row = row.map_err(io::Error::other)?;
            serde_json::to_writer(&mut *lines, &row.to_json_value())?;
            lines.write_all(b"\n")?;
        }
        Ok(())
    })
    .map_err(|error| unreadable(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::{
        basic::{Compression, ZstdLevel},
        data_type::{ByteArray, ByteArrayType, Int64Type},
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };
    use std::{io::Read, sync::Arc};

    /// Two rows, the second without a text.
    fn parquet(compression: Compression) -> Vec<u8> {
        let schema = "message reviews { OPTIONAL BYTE_ARRAY text (UTF8); REQUIRED INT64 note; \
            REQUIRED INT64 at (TIMESTAMP(MILLIS,true)); }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .build();
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let texts = [ByteArray::from("Très bien")];
        column
            .typed::<ByteArrayType>()
            .write_batch(&texts, Some(&[1, 0]), None)
            .unwrap();
        column.close().unwrap();
        for values in [[4, 2], [1_772_704_800_000, 1_772_791_200_000]] {
            let mut column = group.next_column().unwrap().unwrap();
            column
                .typed::<Int64Type>()
                .write_batch(&values, None, None)
                .unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
        writer.close().unwrap();
        bytes
    }

    #[test]
    fn rows_become_lines_however_they_are_compressed() {
        for compression in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::ZSTD(ZstdLevel::default()),
            Compression::LZ4_RAW,
        ] {
            let file = Bytes::spooled(&mut &*parquet(compression)).unwrap();
            let mut lines = String::new();
            let rows = rows(file.seekable().unwrap()).unwrap();
            rows.open().unwrap().read_to_string(&mut lines).unwrap();
            let values: Vec<serde_json::Value> = lines
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            assert_eq!(values.len(), 2);
            assert_eq!(values[0]["text"], "Très bien");
            assert_eq!(values[1]["text"], serde_json::Value::Null);
            assert_eq!(
                (&values[0]["note"], &values[1]["note"]),
                (&4.into(), &2.into())
            );
            assert!(
                values[0]["at"].to_string().contains("2026-03-05 10:00:00"),
                "{}",
                values[0]
            );
        }
    }

    #[test]
    fn broken_files_say_so() {
        let whole = parquet(Compression::SNAPPY);
        for cut in 0..whole.len() {
            let file = Bytes::spooled(&mut &whole[..cut]).unwrap();
            assert!(rows(file.seekable().unwrap()).is_err());
        }
    }
}
