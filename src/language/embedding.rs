//! Where words lie, said by a static embedding model of the user's own: a tokenizer, and a matrix with a row for each of
//! its pieces, as Model2Vec writes them.

use crate::{
    error::{Error, Result},
    text::Subwords,
};
use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// A model, read and verified.
#[derive(Clone, Debug)]
pub struct Embedding {
    subwords: Subwords,
    /// One row a piece.
    rows: Vec<f32>,
    dimensions: usize,
    /// Row of each piece; empty where the piece's number is that of its row.
    mapping: Vec<u32>,
    /// What each piece weighs in a word; empty where all weigh alike.
    weights: Vec<f32>,
    /// Hash of both files, in hexadecimal, for the audit stamp.
    pub hash: String,
}

/// Files larger than this are not read: a matrix of 100 million values is far beyond any static model.
pub const LARGEST: u64 = 2 << 30;

impl Embedding {
    /// Reads the bytes of a `tokenizer.json` and of a `model.safetensors` with a matrix `embeddings` and, where the model
    /// has them, `weights` and `mapping`. Errors name `place`, the folder of both.
    pub fn read(tokenizer: &[u8], matrix: &[u8], place: &str) -> Result<Self> {
        let subwords = Subwords::read(tokenizer, &format!("{place}/tokenizer.json"))?;
        let wrong = |reason: String| Error::Settings {
            place: format!("{place}/model.safetensors"),
            reason,
        };
        let tensors = SafeTensors::deserialize(matrix)
            .map_err(|error| wrong(format!("it is no file of tensors: {error}")))?;
        let embeddings = tensors.tensor("embeddings").map_err(|_| {
            let names = tensors.names().join(", ");
            wrong(format!("it has no matrix \"embeddings\", only: {names}"))
        })?;
        let &[count, dimensions] = embeddings.shape() else {
            return Err(wrong("\"embeddings\" is no matrix".to_owned()));
        };
        if count == 0 || dimensions == 0 {
            return Err(wrong("\"embeddings\" is empty".to_owned()));
        }
        let rows = numbers(&embeddings).map_err(&wrong)?;
        if !rows.iter().all(|value| value.is_finite()) {
            return Err(wrong(
                "\"embeddings\" has a value that is no number".to_owned(),
            ));
        }
        let optional = |name: &str| match tensors.tensor(name) {
            Ok(tensor) => numbers(&tensor).map_err(&wrong),
            Err(_) => Ok(Vec::new()),
        };
        let mapping: Vec<u32> = optional("mapping")?
            .into_iter()
            .map(|row| row as u32)
            .collect();
        if let Some(row) = mapping.iter().find(|row| **row as usize >= count) {
            return Err(wrong(format!("\"mapping\" names row {row} of {count}")));
        }
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(tokenizer);
        hasher.update(&[0]);
        hasher.update(matrix);
        Ok(Self {
            subwords,
            rows,
            dimensions,
            mapping,
            weights: optional("weights")?,
            hash: format!("{:016x}", hasher.digest()),
        })
    }

    /// Values a place; 1 or more.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The place of a word as it is written, of length 1; `None` where no piece of it has one.
    pub fn of(&self, written: &str) -> Option<Vec<f32>> {
        let mut sum = vec![0.0_f32; self.dimensions];
        for piece in self.subwords.of(written) {
            let piece = piece as usize;
            let row = match self.mapping.get(piece) {
                Some(row) => *row as usize,
                None => piece,
            };
            let weight = self.weights.get(piece).copied().unwrap_or(1.0);
            if let Some(values) = self
                .rows
                .get(row * self.dimensions..(row + 1) * self.dimensions)
            {
                for (sum, value) in sum.iter_mut().zip(values) {
                    *sum += weight * value;
                }
            }
        }
        let square: f32 = sum.iter().map(|value| value * value).sum();
        let length = square.sqrt();
        (length > 0.0 && length.is_finite())
            .then(|| sum.iter().map(|value| value / length).collect())
    }
}

/// The values of a tensor, whatever they are kept as.
fn numbers(tensor: &TensorView) -> std::result::Result<Vec<f32>, String> {
    fn each<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> f32) -> Vec<f32> {
        let (whole, _) = bytes.as_chunks::<N>();
        whole.iter().map(|bytes| value(*bytes)).collect()
    }
    let bytes = tensor.data();
    Ok(match tensor.dtype() {
        Dtype::F32 => each(bytes, f32::from_le_bytes),
        Dtype::F64 => each(bytes, |bytes| f64::from_le_bytes(bytes) as f32),
        Dtype::F16 => each(bytes, |bytes| f16::from_le_bytes(bytes).to_f32()),
        Dtype::BF16 => each(bytes, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        Dtype::I8 => each(bytes, |bytes| f32::from(i8::from_le_bytes(bytes))),
        Dtype::I32 => each(bytes, |bytes| i32::from_le_bytes(bytes) as f32),
        Dtype::I64 => each(bytes, |bytes| i64::from_le_bytes(bytes) as f32),
        other => return Err(format!("values of kind {other:?} are not read")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::serialize;
    use std::collections::BTreeMap;

    /// Three words and a mark for all others.
    const TOKENIZER: &str = r###"{
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": null, "decoder": null,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {"[UNK]": 0, "parcel": 1, "colis": 2, "price": 3, "##s": 4}
        }
    }"###;

    fn matrix(tensors: &[(&str, Dtype, Vec<usize>, Vec<u8>)]) -> Vec<u8> {
        let views: BTreeMap<&str, TensorView> = tensors
            .iter()
            .map(|(name, kind, shape, bytes)| {
                (*name, TensorView::new(*kind, shape.clone(), bytes).unwrap())
            })
            .collect();
        serialize(views, None).unwrap()
    }

    fn bytes(values: &[f32]) -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect()
    }

    #[test]
    fn words_lie_where_the_model_says() {
        let rows = [0.0, 0.0, 3.0, 4.0, 6.0, 8.0, 0.0, 1.0, 0.0, 0.0];
        let plain = matrix(&[("embeddings", Dtype::F32, vec![5, 2], bytes(&rows))]);
        let embedding = Embedding::read(TOKENIZER.as_bytes(), &plain, "model").unwrap();
        assert_eq!(embedding.dimensions(), 2);
        assert_eq!(embedding.of("parcels"), Some(vec![0.6, 0.8]));
        assert_eq!(embedding.of("parcel"), embedding.of("colis"));
        assert_eq!(embedding.of("zebra"), None);
        let halves: Vec<u8> = rows
            .iter()
            .flat_map(|value| f16::from_f32(*value).to_le_bytes())
            .collect();
        let halves = matrix(&[("embeddings", Dtype::F16, vec![5, 2], halves)]);
        let of_halves = Embedding::read(TOKENIZER.as_bytes(), &halves, "model").unwrap();
        assert_eq!(of_halves.of("parcel"), embedding.of("parcel"));
        assert_ne!(of_halves.hash, embedding.hash);
    }

    #[test]
    fn pieces_may_share_rows_and_weigh_differently() {
        let mapping: Vec<u8> = [0_i64, 1, 1, 2, 2]
            .iter()
            .flat_map(|row| row.to_le_bytes())
            .collect();
        let model = matrix(&[
            (
                "embeddings",
                Dtype::F32,
                vec![3, 2],
                bytes(&[0.0, 0.0, 1.0, 0.0, 0.0, 1.0]),
            ),
            ("mapping", Dtype::I64, vec![5], mapping),
            (
                "weights",
                Dtype::F32,
                vec![5],
                bytes(&[0.0, 3.0, 1.0, 1.0, 4.0]),
            ),
        ]);
        let embedding = Embedding::read(TOKENIZER.as_bytes(), &model, "model").unwrap();
        assert_eq!(embedding.of("colis"), Some(vec![1.0, 0.0]));
        assert_eq!(embedding.of("parcels"), Some(vec![0.6, 0.8]));
    }

    #[test]
    fn what_is_no_model_is_refused_by_name() {
        let check = |tokenizer: &str, matrix: &[u8], message: &str| {
            let error = Embedding::read(tokenizer.as_bytes(), matrix, "m")
                .unwrap_err()
                .to_string();
            assert!(error.contains(message), "{error}");
        };
        let good = matrix(&[("embeddings", Dtype::F32, vec![1, 1], bytes(&[1.0]))]);
        check(
            "{}",
            &good,
            "m/tokenizer.json: no tokenizer can be made of it",
        );
        check(
            TOKENIZER,
            b"short",
            "m/model.safetensors: it is no file of tensors",
        );
        let check = |tensors: &[(&str, Dtype, Vec<usize>, Vec<u8>)], message: &str| {
            check(TOKENIZER, &matrix(tensors), message);
        };
        check(
            &[("weights", Dtype::F32, vec![1], bytes(&[1.0]))],
            "it has no matrix \"embeddings\", only: weights",
        );
        check(
            &[("embeddings", Dtype::F32, vec![1], bytes(&[1.0]))],
            "\"embeddings\" is no matrix",
        );
        check(
            &[("embeddings", Dtype::F32, vec![0, 3], vec![])],
            "\"embeddings\" is empty",
        );
        check(
            &[("embeddings", Dtype::F32, vec![1, 1], bytes(&[f32::NAN]))],
            "a value that is no number",
        );
        check(
            &[("embeddings", Dtype::BOOL, vec![1, 1], vec![1])],
            "values of kind BOOL are not read",
        );
        check(
            &[
                ("embeddings", Dtype::F32, vec![1, 1], bytes(&[1.0])),
                ("mapping", Dtype::I32, vec![1], 5_i32.to_le_bytes().to_vec()),
            ],
            "\"mapping\" names row 5 of 1",
        );
    }
}
