//! What one written form says for and against each language we tell apart, before any text is seen.
//!
//! Four tables speak: function and everyday words, alphabets, scripts, runs of letters. What they say is a natural
//! logarithm: how much likelier the form is in a language than in the embedded ones on the whole.

use crate::{
    error::{Error, Result},
    language::{
        lexicon::rows,
        ngrams::{Ngrams, VOTERS},
    },
};
use rustc_hash::FxHashMap;

/// The tables that every language shares. Embedded by the catalog.
#[derive(Clone, Copy, Debug)]
pub struct VoterTables {
    /// `function_words.tsv`.
    pub function_words: &'static str,
    /// `alphabets.tsv`.
    pub alphabets: &'static str,
    /// `scripts.tsv`.
    pub scripts: &'static str,
    /// `ngrams.tsv`.
    pub ngrams: &'static str,
}

/// The languages told apart by their words, and what tells them.
pub struct Voters {
    /// Their codes; bit `n` of a vote is language `n`.
    pub codes: Vec<[u8; 2]>,
    /// Positions of the embedded languages among them.
    pub embedded: [usize; 2],
    /// Word in lower case → the languages it belongs to, as bits.
    votes: FxHashMap<Box<str>, u16>,
    /// Letter beyond ASCII → the languages that write it, as bits.
    letters: FxHashMap<char, u16>,
    scripts: Vec<Script>,
    ngrams: Ngrams,
}

/// Letters that only some languages use, which we know by their script alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    first: char,
    last: char,
    /// The language answered.
    pub code: [u8; 2],
    /// True for single letters that tell one language from others of its script.
    pub is_letter: bool,
}

/// What a form says for each language, in hundredths of a natural logarithm.
pub type Evidence = [i16; VOTERS];

/// A word of a list against languages in whose list it is not.
const UNLISTED: f32 = -3.0;

/// What a word may say at most for one embedded language against the other.
const MOST_BETWEEN: f32 = 8.0;

/// What standing in the list of one embedded language alone adds: lists are never complete.
const LISTED: f32 = 1.5;

/// Factor on what a word's letters say that stands in both lists, or in another language's.
const SHARED: f32 = 0.5;

/// What runs of letters may say against and for another language.
const FOREIGN_RANGE: [f32; 2] = [-3.0, 2.5];

/// A letter that a language does not write, once a word.
const STRANGE_LETTER: f32 = -2.0;

/// A word that an embedded language's lexicon knows, for other languages.
const KNOWN: f32 = -1.5;

/// A word that one embedded language's lexicon knows and the other's does not.
const LEXICAL: f32 = 1.0;

impl Voters {
    /// Reads the tables for the embedded languages given. The error names file and line.
    pub fn read(tables: &VoterTables, embedded_codes: [&str; 2]) -> Result<Self> {
        let place = "lexicons/function_words.tsv";
        let mut codes = Vec::new();
        let mut votes: FxHashMap<Box<str>, u16> = FxHashMap::default();
        for (bit, row) in rows(tables.function_words, &["code", "words"], place)?
            .iter()
            .enumerate()
        {
            if bit + 1 >= VOTERS {
                return Err(wrong(
                    place,
                    row.line,
                    format!("more than {} languages", VOTERS - 1),
                ));
            }
            codes.push(code_of(row.cells[0], place, row.line)?);
            for word in row.cells[1].split(' ') {
                *votes.entry(word.into()).or_default() |= 1 << bit;
            }
        }
        let mut embedded = [0; 2];
        for (position, code) in embedded.iter_mut().zip(embedded_codes) {
            *position = codes
                .iter()
                .position(|voter| voter == code.as_bytes())
                .ok_or_else(|| {
                    wrong(
                        place,
                        1,
                        format!("a row of function words is missing for {code}"),
                    )
                })?;
        }
        let place = "lexicons/alphabets.tsv";
        let mut letters: FxHashMap<char, u16> = FxHashMap::default();
        for row in rows(tables.alphabets, &["code", "letters"], place)? {
            let code = code_of(row.cells[0], place, row.line)?;
            let bit = codes.iter().position(|voter| *voter == code);
            let bit = bit.ok_or_else(|| {
                wrong(
                    place,
                    row.line,
                    format!("\"{}\" has no row in function_words.tsv", row.cells[0]),
                )
            })?;
            for letter in row.cells[1].chars() {
                *letters.entry(letter).or_default() |= 1 << bit;
            }
        }
        Ok(Self {
            scripts: read_scripts(tables.scripts)?,
            ngrams: Ngrams::read(tables.ngrams, &codes, "lexicons/ngrams.tsv")?,
            codes,
            embedded,
            votes,
            letters,
        })
    }

    /// The languages in whose list a form in lower case stands, as bits; 0 for other words.
    pub fn votes(&self, lower: &str) -> u16 {
        self.votes.get(lower).copied().unwrap_or(0)
    }

    /// All words of the lists with their languages as bits, sorted.
    pub fn words(&self) -> Vec<(&str, u16)> {
        let mut words: Vec<(&str, u16)> = self
            .votes
            .iter()
            .map(|(word, bits)| (&**word, *bits))
            .collect();
        words.sort_unstable();
        words
    }

    /// The script of a form whose language its letters alone tell, as a position for [`Voters::script`].
    pub fn script_of(&self, lower: &str) -> Option<u8> {
        if lower.is_ascii() {
            return None;
        }
        let holds = |script: &Script, c: char| (script.first..=script.last).contains(&c);
        let (mut strange, mut letters) = (0u32, 0u32);
        let mut best: Option<usize> = None;
        for c in lower.chars().filter(|c| c.is_alphabetic()) {
            letters += 1;
            // Letters of one language go before the script they belong to.
            let of_language = self
                .scripts
                .iter()
                .position(|script| script.is_letter && holds(script, c));
            let found =
                of_language.or_else(|| self.scripts.iter().position(|script| holds(script, c)));
            if let Some(found) = found {
                strange += 1;
                if best.is_none_or(|best| {
                    self.scripts[found].is_letter && !self.scripts[best].is_letter
                }) {
                    best = Some(found);
                }
            }
        }
        best.filter(|_| 2 * strange > letters)
            .and_then(|at| u8::try_from(at).ok())
    }

    /// Position of what speaks for any other language than the embedded ones.
    pub fn any_other(&self) -> usize {
        self.codes.len()
    }

    /// A script by its position.
    pub fn script(&self, position: u8) -> Script {
        self.scripts[usize::from(position)]
    }

    /// Which of the first embedded language, the second and any other a form speaks for, and how far it leads the next.
    pub fn side(&self, evidence: &Evidence) -> (u8, i16) {
        let [first, second] = self.embedded;
        let others = evidence[..=self.any_other()]
            .iter()
            .enumerate()
            .filter(|(voter, _)| ![first, second].contains(voter))
            .map(|(_, says)| *says);
        let says = [
            evidence[first],
            evidence[second],
            others.fold(i16::MIN, i16::max),
        ];
        let mut order = [0, 1, 2];
        order.sort_by_key(|side| std::cmp::Reverse(says[*side]));
        (order[0] as u8, says[order[0]] - says[order[1]])
    }

    /// What a form in lower case says for each language. `knows` tells which embedded lexicons have an entry for it.
    pub fn evidence(&self, lower: &str, knows: [bool; 2]) -> Evidence {
        let bits = self.votes(lower);
        let [first, second] = self.embedded;
        let mut weights = self.ngrams.weigh(lower);
        let between = weights[first];
        let between = if bits == 0 {
            let lexical = match knows {
                [true, false] => LEXICAL,
                [false, true] => -LEXICAL,
                _ => 0.0,
            };
            self.unlisted(lower, knows, &mut weights);
            (between + lexical).clamp(-MOST_BETWEEN, MOST_BETWEEN)
        } else {
            let is_other = bits & !(1 << first | 1 << second) != 0;
            for (voter, weight) in weights.iter_mut().enumerate() {
                let is_listed = if voter == self.any_other() {
                    is_other
                } else {
                    bits & (1 << voter) != 0
                };
                *weight = if is_listed { 0.0 } else { UNLISTED };
            }
            match [first, second].map(|voter| bits & (1 << voter) != 0) {
                [true, false] => between + LISTED,
                [false, true] => between - LISTED,
                _ => between * SHARED,
            }
            .clamp(-MOST_BETWEEN, MOST_BETWEEN)
        };
        let is_foreign = bits != 0 && bits & (1 << first | 1 << second) == 0;
        for (voter, sign) in [(first, 1.0), (second, -1.0)] {
            // ln 2σ(x): 0 where nothing tells the two apart, ln 2 at most, for each takes half of what both are.
            weights[voter] = std::f32::consts::LN_2 - (-sign * between).exp().ln_1p()
                + if is_foreign { UNLISTED } else { 0.0 };
        }
        for weight in weights.iter_mut().skip(self.codes.len() + 1) {
            *weight = 0.0;
        }
        // Within ±20 on any path above, far from where a conversion would saturate.
        weights.map(|weight| (weight * 100.0).round() as i16)
    }

    /// What a word in no list says for the languages that are not embedded.
    fn unlisted(&self, lower: &str, knows: [bool; 2], weights: &mut [f32; VOTERS]) {
        let [least, most] = FOREIGN_RANGE;
        for weight in weights.iter_mut() {
            *weight = weight.clamp(least, most);
        }
        let writers = lower
            .chars()
            .filter_map(|letter| self.letters.get(&letter))
            .fold(u16::MAX, |all, bits| all & bits);
        for (voter, weight) in weights.iter_mut().enumerate() {
            if writers & (1 << voter) == 0 && voter != self.any_other() {
                *weight += STRANGE_LETTER;
            }
            if knows.contains(&true) {
                *weight += KNOWN;
            }
        }
    }
}

fn read_scripts(table: &str) -> Result<Vec<Script>> {
    let place = "lexicons/scripts.tsv";
    rows(table, &["first", "last", "code", "kind", "note"], place)?
        .iter()
        .map(|row| {
            let letter = |cell: usize| {
                u32::from_str_radix(row.cells[cell], 16)
                    .ok()
                    .and_then(char::from_u32)
                    .ok_or_else(|| {
                        wrong(
                            place,
                            row.line,
                            format!("\"{}\" is not a letter in hexadecimal", row.cells[cell]),
                        )
                    })
            };
            Ok(Script {
                first: letter(0)?,
                last: letter(1)?,
                code: code_of(row.cells[2], place, row.line)?,
                is_letter: match row.cells[3] {
                    "script" => false,
                    "letter" => true,
                    kind => {
                        return Err(wrong(
                            place,
                            row.line,
                            format!("\"{kind}\" is neither script nor letter"),
                        ));
                    }
                },
            })
        })
        .collect()
}

fn code_of(cell: &str, place: &str, line: usize) -> Result<[u8; 2]> {
    cell.as_bytes()
        .try_into()
        .ok()
        .filter(|code: &[u8; 2]| code.iter().all(u8::is_ascii_lowercase))
        .ok_or_else(|| wrong(place, line, format!("\"{cell}\" is not a two-letter code")))
}

fn wrong(place: &str, line: usize, reason: String) -> Error {
    Error::Settings {
        place: format!("{place}:{line}"),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::Lexicons;

    #[test]
    fn a_word_speaks_for_the_languages_it_may_belong_to() {
        let lexicons = Lexicons::embedded().unwrap();
        let voters = &lexicons.voters;
        let side = |word: &str| voters.side(&voters.evidence(word, [false; 2]));
        for (word, expected) in [
            ("toujours", 0),
            ("livraison", 0),
            ("shipping", 1),
            ("never", 1),
            ("siempre", 2),
            ("größte", 2),
        ] {
            let (given, lead) = side(word);
            assert!(given == expected && lead > 100, "{word}: {given} by {lead}");
        }
        // Shared by many: no language leads by much.
        assert!(side("non").1 < 200);
    }

    #[test]
    fn scripts_tell_their_language_and_single_letters_within_them() {
        let lexicons = Lexicons::embedded().unwrap();
        let code = |word: &str| {
            let voters = &lexicons.voters;
            voters
                .script_of(word)
                .map(|script| String::from_utf8(voters.script(script).code.to_vec()).unwrap())
        };
        assert_eq!(code("été"), None);
        assert_eq!(code("привет").as_deref(), Some("ru"));
        assert_eq!(code("привіт").as_deref(), Some("uk"));
        assert_eq!(code("ありがとう").as_deref(), Some("ja"));
        assert_eq!(code("谢谢").as_deref(), Some("zh"));
        // One look-alike letter makes no Russian word.
        assert_eq!(code("servicе"), None);
    }
}
