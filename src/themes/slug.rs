//! Names for programs, made from labels: lower-case letters, digits and hyphens.

use std::collections::BTreeSet;

/// What a label without a single Latin letter or digit is called.
const NAMELESS: &str = "theme";

/// One id a label, in the order given. Labels that fold to the same letters, or to an id that is taken, get `-2`, `-3`…
/// in that order.
pub(super) fn ids<'a>(
    labels: impl Iterator<Item = &'a str>,
    taken: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let mut taken: BTreeSet<String> = taken.map(str::to_owned).collect();
    labels
        .map(|label| {
            let base = slug(label);
            let mut id = base.clone();
            let mut number = 2;
            while !taken.insert(id.clone()) {
                id = format!("{base}-{number}");
                number += 1;
            }
            id
        })
        .collect()
}

/// A label in lower-case letters, digits and hyphens.
pub(super) fn slug(label: &str) -> String {
    let mut slug = String::new();
    for character in label.chars().flat_map(char::to_lowercase) {
        match letters(character) {
            Some(letters) => slug.push_str(letters),
            None if character.is_ascii_alphanumeric() => slug.push(character),
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        NAMELESS.to_owned()
    } else {
        slug.to_owned()
    }
}

/// Letters of western European languages without their marks; a combining mark is nothing.
fn letters(character: char) -> Option<&'static str> {
    Some(match character {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_plain_letters_digits_and_hyphens() {
        let check = |label: &str, id: &str| assert_eq!(slug(label), id);
        check("délai de livraison", "delai-de-livraison");
        check("état de l'appli", "etat-de-l-appli");
        check("Cœur & âme", "coeur-ame");
        check("e\u{301}tat", "etat");
        check("4g", "4g");
        check("配送", "theme");
        check("", "theme");
    }

    #[test]
    fn no_two_ids_are_equal() {
        let labels = ["pâté", "pate", "pâte", "pate 2"];
        assert_eq!(
            ids(labels.into_iter(), std::iter::empty()),
            ["pate", "pate-2", "pate-3", "pate-2-2"]
        );
    }
}
