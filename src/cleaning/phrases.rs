//! The set phrases of letters, chats and mail programs, from `lexicons/<code>/letters.tsv`.
//!
//! All languages together: who writes in one language often has a mail program that speaks another.

use crate::cleaning::plain::{PlainWord, plain_words};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The tables, each with its language's code.
const TABLES: [(&str, &str); 2] = [
    ("fr", include_str!("../../lexicons/fr/letters.tsv")),
    ("en", include_str!("../../lexicons/en/letters.tsv")),
];

/// All phrases, ready to be looked up.
pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::read(
        TABLES
            .iter()
            .flat_map(|(_, table)| table.lines().skip(1))
            .map(|row| row.split('\t')),
    )
});

/// What a phrase is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Takes a text back that looks like an automatic answer.
    AutoReplyException,
    /// Opens the subject of an automatic answer.
    AutoReplySubject,
    /// Opens the text of an automatic answer.
    AutoReplyText,
    /// Ends a letter.
    Closing,
    /// Stands beside a closing on its line.
    ClosingPart,
    /// Opens a paragraph that a company puts under every letter.
    Disclaimer,
    /// Stands above a forwarded letter.
    Forwarded,
    /// Opens a chat turn.
    Greeting,
    /// The name of a mail header: who gets a copy.
    HeaderCopy,
    /// Who wrote.
    HeaderFrom,
    /// When.
    HeaderSent,
    /// About what.
    HeaderSubject,
    /// To whom.
    HeaderTo,
    /// What a chat tool or a contact form says by itself.
    Macro,
    /// Stands beside a macro on its line.
    MacroPart,
    /// What a telephone adds.
    MobileSignature,
    /// Stands above the letter that is answered.
    OriginalMessage,
    /// Opens what is added below a signature.
    Postscript,
    /// Asks for the answer above it.
    ReplyAbove,
    /// Introduces a quoted letter; `…` stands for the date and the name.
    ReplyIntroduction,
    /// Ends what looks like such an introduction and is told by the customer.
    ReplyIntroductionException,
    /// Addresses the reader inside a closing.
    Salutation,
    /// A closing when a comma and a name follow, the customer's opinion otherwise.
    Thanks,
}

impl Kind {
    fn is_of_auto_replies(self) -> bool {
        matches!(
            self,
            Kind::AutoReplyException | Kind::AutoReplySubject | Kind::AutoReplyText
        )
    }

    fn named(name: &str) -> Option<Kind> {
        Some(match name {
            "auto_reply_exception" => Kind::AutoReplyException,
            "auto_reply_subject" => Kind::AutoReplySubject,
            "auto_reply_text" => Kind::AutoReplyText,
            "closing" => Kind::Closing,
            "closing_part" => Kind::ClosingPart,
            "disclaimer" => Kind::Disclaimer,
            "forwarded" => Kind::Forwarded,
            "greeting" => Kind::Greeting,
            "header_copy" => Kind::HeaderCopy,
            "header_from" => Kind::HeaderFrom,
            "header_sent" => Kind::HeaderSent,
            "header_subject" => Kind::HeaderSubject,
            "header_to" => Kind::HeaderTo,
            "macro" => Kind::Macro,
            "macro_part" => Kind::MacroPart,
            "mobile_signature" => Kind::MobileSignature,
            "original_message" => Kind::OriginalMessage,
            "postscript" => Kind::Postscript,
            "reply_above" => Kind::ReplyAbove,
            "reply_introduction" => Kind::ReplyIntroduction,
            "reply_introduction_exception" => Kind::ReplyIntroductionException,
            "salutation" => Kind::Salutation,
            "thanks" => Kind::Thanks,
            _ => return None,
        })
    }
}

/// A phrase of the tables.
pub(super) struct Phrase {
    /// What it is for.
    pub kind: Kind,
    /// Whether a colon must follow.
    pub needs_colon: bool,
    /// Hashes of its words, [`ANY`] for `*`.
    words: Box<[u64]>,
}

impl Phrase {
    /// Number of words.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    fn opens(&self, words: &[PlainWord]) -> bool {
        self.words.len() <= words.len()
            && self
                .words
                .iter()
                .zip(words)
                .all(|(&own, word)| own == ANY || own == word.hash)
    }
}

/// The hash that stands for any one word.
const ANY: u64 = 0;

/// The phrases, by how they are looked up.
pub(super) struct Phrases {
    by_first: FxHashMap<u64, Vec<Phrase>>,
    /// First and last words of the introductions of quoted letters.
    introductions: Vec<(Phrase, Phrase)>,
    exceptions: Vec<Phrase>,
}

impl Phrases {
    fn read<'t>(rows: impl Iterator<Item = impl Iterator<Item = &'t str>>) -> Phrases {
        let mut phrases = Phrases {
            by_first: FxHashMap::default(),
            introductions: Vec::new(),
            exceptions: Vec::new(),
        };
        for mut cells in rows {
            let written = cells.next().unwrap_or_default();
            let kind = cells.next().and_then(Kind::named);
            let kind = kind.expect("the kinds of the tables are verified by a test");
            match (kind, written.split_once('…')) {
                (Kind::ReplyIntroduction, Some((first, last))) => phrases
                    .introductions
                    .push((phrase(first, kind), phrase(last, kind))),
                (Kind::ReplyIntroductionException, _) => {
                    phrases.exceptions.push(phrase(written, kind));
                }
                _ => {
                    let phrase = phrase(written, kind);
                    let bucket = phrases.by_first.entry(phrase.words[0]).or_default();
                    bucket.push(phrase);
                }
            }
        }
        phrases
    }

    /// True when a phrase begins with this word, those of automatic answers and of introductions left out.
    pub fn has_first(&self, word: PlainWord) -> bool {
        self.by_first.get(&word.hash).is_some_and(|phrases| {
            phrases
                .iter()
                .any(|phrase| !phrase.kind.is_of_auto_replies())
        })
    }

    /// The phrases `words` begin with.
    pub fn opening(&self, words: &[PlainWord]) -> impl Iterator<Item = &Phrase> {
        words
            .first()
            .and_then(|first| self.by_first.get(&first.hash))
            .into_iter()
            .flatten()
            .filter(move |phrase| phrase.opens(words))
    }

    /// The number of words of the longest phrase of this kind that `words` begin with.
    pub fn opening_of(&self, words: &[PlainWord], kind: Kind) -> Option<usize> {
        self.opening(words)
            .filter(|phrase| phrase.kind == kind)
            .map(Phrase::len)
            .max()
    }

    /// True when `words` are exactly a phrase of this kind.
    pub fn is_whole(&self, words: &[PlainWord], kind: Kind) -> bool {
        self.opening_of(words, kind) == Some(words.len())
    }

    /// Where phrases that follow each other without a gap can end, one of them at least of the kind `whole` and the
    /// others of `parts`. Nowhere in more than 60 words.
    pub fn ends_of(&self, words: &[PlainWord], whole: Kind, parts: &[Kind]) -> Ends {
        let (mut without, mut with) = (1_u64, 0_u64);
        if words.len() > 60 {
            return Ends(0);
        }
        for at in 0..words.len() {
            if (without | with) >> at & 1 == 0 {
                continue;
            }
            for phrase in self.opening(&words[at..]) {
                if phrase.kind == whole {
                    with |= 1 << (at + phrase.len());
                } else if parts.contains(&phrase.kind) {
                    without |= (without >> at & 1) << (at + phrase.len());
                    with |= (with >> at & 1) << (at + phrase.len());
                }
            }
        }
        Ends(with)
    }

    /// How `words` introduce a quoted letter.
    pub fn introduction(&self, words: &[PlainWord]) -> Option<Introduction> {
        let ends = |phrase: &Phrase| {
            words.len() > phrase.len() && phrase.opens(&words[words.len() - phrase.len()..])
        };
        if self.exceptions.iter().any(ends) {
            return None;
        }
        self.introductions
            .iter()
            .filter(|(first, last)| first.opens(words) && ends(last))
            .map(|(first, _)| match first.len() {
                0 => Introduction::ByName,
                _ => Introduction::ByDate,
            })
            .min()
    }
}

/// Numbers of words after which something can end: bit `n` for `n` words.
#[derive(Clone, Copy)]
pub(super) struct Ends(u64);

impl Ends {
    /// True when it can end after so many words.
    pub fn hold(self, words: usize) -> bool {
        words < 64 && self.0 >> words & 1 == 1
    }
}

/// What the introduction of a quoted letter begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Introduction {
    /// "Le 12 mai 2024, X a écrit :"
    ByDate,
    /// "X <x@exemple.fr> a écrit :"
    ByName,
}

fn phrase(written: &str, kind: Kind) -> Phrase {
    let mut words = Vec::new();
    for piece in written.split(' ') {
        if piece == "*" {
            words.push(ANY);
        } else {
            plain_words(piece, |word| words.push(word.hash));
        }
    }
    Phrase {
        kind,
        needs_colon: written.ends_with(':'),
        words: words.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_without_repeats_and_their_kinds_are_known() {
        for (code, table) in TABLES {
            let mut lines = table.lines();
            assert_eq!(lines.next(), Some("phrase\tkind\tnote"), "{code}");
            let mut before = ("", "");
            for row in lines {
                let cells: Vec<&str> = row.split('\t').collect();
                let [phrase, kind, note] = cells[..] else {
                    panic!("{code}: {row}: not three cells");
                };
                assert!(before < (phrase, kind), "{code}: {row}: out of order");
                assert!(Kind::named(kind).is_some(), "{code}: {row}: kind");
                assert!(!note.is_empty(), "{code}: {row}: note");
                before = (phrase, kind);
            }
        }
    }

    #[test]
    fn phrases_are_in_lower_case_and_begin_with_a_word() {
        for (code, table) in TABLES {
            for row in table.lines().skip(1) {
                let written = row.split('\t').next().unwrap();
                assert_eq!(written, written.to_lowercase(), "{code}");
                assert!(!written.contains(['’', '"', '\u{a0}']), "{code}: {row}");
                assert!(!written.starts_with('*'), "{code}: {row}");
                let is_introduction = row.contains("\treply_introduction\t");
                assert_eq!(written.contains('…'), is_introduction, "{code}: {row}");
                assert!(
                    is_introduction || !phrase(written, Kind::Closing).words.is_empty(),
                    "{code}: {row}"
                );
            }
        }
    }

    #[test]
    fn phrases_that_follow_each_other_end_where_the_last_does() {
        let ends = |text: &str| {
            let mut words = Vec::new();
            plain_words(text, |word| words.push(word));
            PHRASES.ends_of(
                &words,
                Kind::Closing,
                &[Kind::ClosingPart, Kind::Salutation],
            )
        };
        assert_eq!(ends("Cordialement").0, 0b10);
        assert_eq!(ends("Cordialement, Marie").0, 0b10);
        assert_eq!(ends("Veuillez agréer, Madame,").0, 0);
        assert_eq!(ends("Veuillez agréer, Madame, mes salutations").0, 0b100000);
    }
}
