//! Names in one plain form, so that "Date de l'avis", "date_avis" and "dateAvis" are the same name.

/// Accented letters of French, English and their neighbours, with the plain letters they stand for.
const ACCENTED: [(&str, &str); 13] = [
    ("àáâãäåāăą", "a"),
    ("çćčĉċ", "c"),
    ("ďđð", "d"),
    ("èéêëēėęě", "e"),
    ("ìíîïīįı", "i"),
    ("łľĺ", "l"),
    ("ñńňņ", "n"),
    ("òóôõöøōő", "o"),
    ("śšşș", "s"),
    ("ùúûüūůű", "u"),
    ("ýÿ", "y"),
    ("œ", "oe"),
    ("æ", "ae"),
];

/// The text in lower case without accents, letter by letter; combining marks vanish.
pub(super) fn plain_letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .flat_map(char::to_lowercase)
        .flat_map(|letter| plain_letter(letter).into_iter().flatten())
}

fn plain_letter(letter: char) -> [Option<char>; 2] {
    match letter {
        '\u{0}'..='\u{7f}' => [Some(letter), None],
        '\u{300}'..='\u{36f}' => [None, None],
        '’' | 'ʼ' | '‘' => [Some('\''), None],
        _ => match ACCENTED
            .iter()
            .find(|(accented, _)| accented.contains(letter))
        {
            Some((_, plain)) => {
                let mut letters = plain.chars();
                [letters.next(), letters.next()]
            }
            None => [Some(letter), None],
        },
    }
}

/// The words of a name: lower case, no accents, camelCase parted, `#` kept, every other sign a border.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut parted = String::with_capacity(name.len() + 8);
    let letters: Vec<char> = name.chars().collect();
    for (i, &letter) in letters.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| letters[i]);
        let after = letters.get(i + 1).copied();
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_uppercase() && after.is_some_and(char::is_lowercase)
            });
        if starts_word {
            parted.push(' ');
        }
        if letter.is_alphanumeric() || letter == '#' || matches!(letter, '\u{300}'..='\u{36f}') {
            parted.push(letter);
        } else {
            parted.push(' ');
        }
    }
    let plain: String = plain_letters(&parted).collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

/// A name in plain form: its words without those in `dropped`, one space between.
///
/// A name made of dropped words alone keeps them; an empty name stays empty.
pub(super) fn plain(name: &str, dropped: &[String]) -> String {
    let words = words(name);
    let kept: Vec<&str> = words
        .iter()
        .filter(|word| !dropped.contains(word))
        .map(String::as_str)
        .collect();
    if kept.is_empty() {
        words.join(" ")
    } else {
        kept.join(" ")
    }
}

/// True when `name` holds `phrase` as whole words; both in plain form.
pub(super) fn holds(name: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(found) = name[from..].find(phrase) {
        let start = from + found;
        let end = start + phrase.len();
        let opens = start == 0 || name.as_bytes()[start - 1] == b' ';
        let closes = end == name.len() || name.as_bytes()[end] == b' ';
        if opens && closes && !phrase.is_empty() {
            return true;
        }
        from = start + name[start..].chars().next().map_or(1, char::len_utf8);
        if from > name.len() {
            break;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        let dropped = ["de", "l", "of"].map(str::to_owned);
        assert_eq!(plain(name, &dropped), expected);
    }

    #[test]
    fn one_name_has_one_form() {
        check("Date de l'avis", "date avis");
        check("date_avis", "date avis");
        check("dateAvis", "date avis");
        check("N° avis", "n avis");
        check("Ticket #", "ticket #");
        check("NPSScore", "nps score");
        check("userID", "user id");
        check("Réponse-Entreprise", "reponse entreprise");
        check("source.body", "source body");
        check("de", "de");
        check("", "");
        check("cœur", "coeur");
        check("e\u{301}toiles", "etoiles");
    }

    #[test]
    fn a_name_holds_whole_words_only() {
        assert!(holds("review text", "text"));
        assert!(holds("how likely are you", "how likely"));
        assert!(!holds("context", "text"));
        assert!(!holds("textual text2", "text"));
        assert!(!holds("", "text"));
        assert!(holds("textes text", "text"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_plain_name_stays_as_it_is_and_holds_its_words(name in "[\\p{Latin}\\p{Nd}#_ .'-]{0,24}") {
            let dropped = ["de", "l", "of"].map(str::to_owned);
            let once = plain(&name, &dropped);
            prop_assert_eq!(plain(&once, &dropped), once.clone());
            for word in once.split(' ').filter(|word| !word.is_empty()) {
                prop_assert!(holds(&once, word));
            }
            prop_assert!(!holds(&once, ""));
        }
    }
}
