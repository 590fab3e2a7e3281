//! Places of words, learnt from the clauses of many customers in two languages.
//!
//! As in the search for themes: positive pointwise mutual information with the words of the same clause, reduced by a
//! randomised singular value decomposition (`src/algebra`). Clauses in which a theme of the catalogue is named count
//! the theme as a word that both languages share: what is said of a late parcel in French comes to lie where it is said
//! in English.

use crate::{
    algebra::{Dense, Sparse, company, main_directions, normalise_rows},
    language::vectors::{VECTOR_COLUMNS, written},
};
use std::collections::BTreeMap;

/// A clause to learn from.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Position of its language among the embedded ones.
    pub language: u8,
    /// What it was read from: words of one source alone are not learnt where there are several.
    pub source: u32,
    /// Ids of its stems, without those that name nothing.
    pub stems: Vec<u32>,
    /// Themes of the catalogue named in it.
    pub concepts: Vec<u16>,
}

/// Values a place.
const DIMENSIONS: usize = 96;
/// Clauses a word is in, at least.
const FEWEST: u32 = 5;
/// Words of each language that count as company, and themes.
const COMPANIONS: usize = 8000;
/// What a theme weighs as company beside a word.
///
/// 6: with 3 fewer sentences of one meaning in two languages lie nearest to each other; with 12 no more do.
const THEME_WEIGHT: f32 = 6.0;

/// The tables of both languages, rows in the order of the stems' spelling. Words that are in few clauses, or in those of
/// one source where there are more, are left out.
pub fn learn(stems: &[Box<str>], lessons: &[Lesson]) -> [String; 2] {
    learn_in(DIMENSIONS, stems, lessons)
}

fn learn_in(dimensions: usize, stems: &[Box<str>], lessons: &[Lesson]) -> [String; 2] {
    let columns = Columns::of(stems, lessons);
    let mut rows = Sparse::empty(columns.width);
    let mut entries = Vec::new();
    for lesson in lessons {
        entries.extend(columns.of_lesson(lesson));
        entries.sort_unstable();
        entries.dedup();
        rows.push(entries.drain(..).map(|column| (column, 1.0)));
    }
    let mut company = company(&rows, COMPANIONS);
    let themes = columns.first_theme as u32..;
    for (column, value) in company.columns.iter().zip(&mut company.values) {
        if themes.contains(column) {
            *value *= THEME_WEIGHT;
        }
    }
    let mut places = company.times(&main_directions(&company, dimensions, 1));
    whiten(&mut places);
    normalise_rows(&mut places);
    [0, 1].map(|language| {
        let mut table = VECTOR_COLUMNS.join("\t");
        table.push('\n');
        for (stem, column) in &columns.words[language] {
            let place = written(places.row(*column as usize));
            table.push_str(&format!("{stem}\t{place}\n"));
        }
        table
    })
}

/// Gives every dimension the same weight: the first ones say little but how common a word is.
fn whiten(places: &mut Dense) {
    let mut squares = vec![0.0_f64; places.width];
    for row in places.values.chunks_exact(places.width) {
        for (square, value) in squares.iter_mut().zip(row) {
            *square += f64::from(*value).powi(2);
        }
    }
    let factors: Vec<f32> = squares
        .iter()
        .map(|square| {
            if *square > 0.0 {
                (1.0 / square.sqrt()) as f32
            } else {
                0.0
            }
        })
        .collect();
    for row in places.values.chunks_exact_mut(factors.len()) {
        for (value, factor) in row.iter_mut().zip(&factors) {
            *value *= factor;
        }
    }
}

/// What stands in which column: the words of each language, then the themes.
struct Columns<'a> {
    /// By spelling.
    words: [BTreeMap<&'a str, u32>; 2],
    /// By language and stem.
    of: [Vec<Option<u32>>; 2],
    first_theme: usize,
    width: usize,
}

impl<'a> Columns<'a> {
    fn of(stems: &'a [Box<str>], lessons: &[Lesson]) -> Self {
        let mut seen = [0, 1].map(|_| vec![Seen::default(); stems.len()]);
        let several = lessons
            .iter()
            .any(|lesson| lesson.source != lessons[0].source);
        let mut themes = 0;
        for lesson in lessons {
            for stem in &lesson.stems {
                seen[usize::from(lesson.language)][*stem as usize].add(lesson.source);
            }
            themes = themes.max(
                lesson
                    .concepts
                    .iter()
                    .max()
                    .map_or(0, |most| usize::from(*most) + 1),
            );
        }
        let mut words = [BTreeMap::new(), BTreeMap::new()];
        for (words, seen) in words.iter_mut().zip(&seen) {
            for (stem, seen) in stems.iter().zip(seen) {
                if seen.clauses >= FEWEST && (seen.is_in_several || !several) {
                    words.insert(&**stem, 0);
                }
            }
        }
        let mut next = 0;
        for column in words.iter_mut().flat_map(BTreeMap::values_mut) {
            *column = next;
            next += 1;
        }
        let of = words.each_ref().map(|words| {
            let column = |stem: &str| words.get(stem).copied();
            stems.iter().map(|stem| column(stem)).collect()
        });
        Self {
            words,
            of,
            first_theme: next as usize,
            width: next as usize + themes,
        }
    }

    fn of_lesson(&self, lesson: &Lesson) -> impl Iterator<Item = u32> {
        let words = &self.of[usize::from(lesson.language)];
        let themes = lesson
            .concepts
            .iter()
            .map(|theme| self.first_theme as u32 + u32::from(*theme));
        lesson
            .stems
            .iter()
            .filter_map(|stem| words[*stem as usize])
            .chain(themes)
    }
}

/// Where a word was met.
#[derive(Clone, Default)]
struct Seen {
    clauses: u32,
    first_source: u32,
    is_in_several: bool,
}

impl Seen {
    fn add(&mut self, source: u32) {
        if self.clauses == 0 {
            self.first_source = source;
        }
        self.clauses += 1;
        self.is_in_several |= source != self.first_source;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::vectors::WordVectors;

    const STEMS: [&str; 8] = [
        "colis", "paquet", "retard", "prix", "parcel", "late", "price", "adele",
    ];

    /// Clauses of two sources: parcels are late, prices high, in French and in English.
    fn lessons() -> Vec<Lesson> {
        let mut lessons = Vec::new();
        for turn in 0..12 {
            let source = turn % 2;
            let mut teach = |language: u8, stems: &[u32], concepts: &[u16]| {
                let (stems, concepts) = (stems.to_vec(), concepts.to_vec());
                lessons.push(Lesson {
                    language,
                    source,
                    stems,
                    concepts,
                });
            };
            teach(0, &[0, 2], &[0]);
            teach(0, &[1, 2], &[]);
            teach(0, &[3], &[1]);
            teach(1, &[4, 5], &[0]);
            teach(1, &[6], &[1]);
            if source == 0 {
                teach(1, &[6, 7], &[]);
            }
        }
        lessons
    }

    #[test]
    fn words_of_one_theme_lie_together_in_both_languages() {
        // As many dimensions as there are words would tell all apart.
        let tables = learn_in(3, &STEMS.map(Box::from), &lessons());
        let [fr, en] = tables.map(|table| WordVectors::read(&table, "vectors.tsv").unwrap());
        let cosine = |a: &str, b: (&WordVectors, &str)| -> f32 {
            let (a, b) = (fr.of(a).unwrap(), b.0.of(b.1).unwrap());
            a.iter().zip(&b).map(|(a, b)| a * b).sum()
        };
        assert!(cosine("colis", (&fr, "paquet")) > cosine("colis", (&fr, "prix")) + 0.2);
        assert!(cosine("colis", (&en, "parcel")) > cosine("colis", (&en, "price")) + 0.2);
        assert!(cosine("prix", (&en, "price")) > cosine("prix", (&en, "late")) + 0.2);
    }

    #[test]
    fn words_of_one_source_or_of_few_clauses_are_not_kept() {
        let [fr, en] = learn(&STEMS.map(Box::from), &lessons());
        assert!(!en.contains("adele") && en.contains("price"));
        assert!(!fr.contains("parcel"));
        let few = &lessons()[..8];
        assert_eq!(learn(&STEMS.map(Box::from), few)[0], "stem\tplace\n");
        assert_eq!(learn(&[], &[])[1], "stem\tplace\n");
    }
}
