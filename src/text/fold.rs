//! One written form → the forms it is looked up by. Called once per distinct form, never per token.

use std::{borrow::Cow, sync::LazyLock};
use tokenizers::{
    NormalizedString, Normalizer, NormalizerWrapper,
    normalizers::{Lowercase, NFC, NFKD, Sequence, StripAccents},
};

/// Composed characters in lower case.
static LOWER: LazyLock<Sequence> = LazyLock::new(|| {
    Sequence::new(vec![
        NormalizerWrapper::NFC(NFC),
        NormalizerWrapper::Lowercase(Lowercase),
    ])
});

/// No accents, no compatibility forms.
static PLAIN: LazyLock<Sequence> = LazyLock::new(|| {
    Sequence::new(vec![
        NormalizerWrapper::NFKD(NFKD),
        NormalizerWrapper::StripAccents(StripAccents),
        NormalizerWrapper::Lowercase(Lowercase),
    ])
});

/// The form in lower case with its accents composed, straight apostrophes and no invisible characters: `É’` → `é'`.
pub fn lower(written: &str) -> Box<str> {
    if written.is_ascii() {
        return written.to_ascii_lowercase().replace('`', "'").into();
    }
    let visible: String = written
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'))
        .map(|c| match c {
            '’' | 'ʼ' | '`' | '´' | '‘' => '\'',
            other => other,
        })
        .collect();
    normalized(&visible, &LOWER).into()
}

/// A form in lower case without accents and ligatures: `déçue` → `decue`, `cœur` → `coeur`.
pub fn fold(lower: &str) -> Cow<'_, str> {
    if lower.is_ascii() {
        return Cow::Borrowed(lower);
    }
    let plain = normalized(lower, &PLAIN);
    Cow::Owned(
        plain
            .replace('œ', "oe")
            .replace('æ', "ae")
            .replace('ß', "ss"),
    )
}

/// True when a form begins with a capital and goes on in small letters: `Julie`, not `SAV`.
pub fn is_capitalised(form: &str) -> bool {
    let mut letters = form.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
}

/// True when a letter is written three times or more in a row: `troooop`.
pub fn has_elongation(lower: &str) -> bool {
    let mut run = 0;
    let mut last = None;
    lower.chars().any(|c| {
        run = if last == Some(c) { run + 1 } else { 1 };
        last = Some(c);
        run >= 3 && c.is_alphabetic()
    })
}

/// Runs of three letters or more cut down to `keep`: `troooop` → `trop` for 1, `troop` for 2.
pub fn shorten_elongation(lower: &str, keep: usize) -> String {
    let chars: Vec<char> = lower.chars().collect();
    chars
        .chunk_by(|a, b| a == b)
        .flat_map(|run| {
            let length = if run.len() >= 3 && run[0].is_alphabetic() {
                keep
            } else {
                run.len()
            };
            &run[..length]
        })
        .collect()
}

fn normalized(text: &str, normalizer: &Sequence) -> String {
    let mut normalized = NormalizedString::from(text);
    match normalizer.normalize(&mut normalized) {
        Ok(()) => normalized.get().to_owned(),
        // None of the normalizers above has a way to fail; keeping the text is right should one get it.
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_keeps_accents_and_straightens_apostrophes() {
        assert_eq!(&*lower("ÉTÉ"), "été");
        assert_eq!(&*lower("L’"), "l'");
        assert_eq!(&*lower("e\u{301}"), "é");
        assert_eq!(&*lower("👍🏽"), "👍");
    }

    #[test]
    fn fold_drops_accents_and_ligatures() {
        assert_eq!(fold("déçue"), "decue");
        assert_eq!(fold("cœur"), "coeur");
        assert_eq!(fold("ﬁn"), "fin");
        assert_eq!(fold("plain"), "plain");
    }

    #[test]
    fn elongation_is_seen_and_shortened() {
        assert!(has_elongation("troooop"));
        assert!(!has_elongation("arrivée") && !has_elongation("1000"));
        assert_eq!(shorten_elongation("troooop", 1), "trop");
        assert_eq!(shorten_elongation("coooool", 2), "cool");
    }
}
