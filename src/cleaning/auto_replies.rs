//! Letters that nobody wrote: automatic answers, absences, failed deliveries.

use crate::cleaning::{
    phrases::{Kind, PHRASES},
    plain::{PlainWord, beginning, plain_words},
};

/// True for an automatic answer, by its subject or by the first sentence of its text. Empty input is none.
///
/// A subject must be nothing but the phrase, or set it off by a colon or the like: "Réponse automatique : votre demande" is
/// one, "Réponse automatique à chaque fois" is a complaint.
pub fn is_auto_reply(title: &str, text: &str) -> bool {
    is_auto_subject(title) || is_auto_text(text)
}

/// Words looked at after the phrase for one that takes it back.
const WORDS_THAT_TAKE_BACK: usize = 40;

fn is_auto_subject(title: &str) -> bool {
    let words = first_words(title);
    PHRASES.opening(&words).any(|phrase| {
        let start_of = |at: usize| {
            words
                .get(at)
                .map_or(title.len(), |word| word.start as usize)
        };
        // From the last word of the phrase to the next: the word, and the marks behind it.
        let gap = &title[start_of(phrase.len() - 1)..start_of(phrase.len())];
        let is_set_off = gap.contains([':', '(', '[', '|', '–', '—']) || gap.contains(" -");
        phrase.kind == Kind::AutoReplySubject
            && match phrase.needs_colon {
                true => gap.contains(':'),
                false => is_set_off || words.len() == phrase.len(),
            }
    })
}

fn is_auto_text(text: &str) -> bool {
    let words = first_words(text);
    // A greeting and thanks may come first.
    let mut starts = 1_u64;
    for at in 0..words.len().min(32) {
        if starts >> at & 1 == 0 {
            continue;
        }
        for phrase in PHRASES.opening(&words[at..]) {
            match phrase.kind {
                Kind::AutoReplyText => return !is_taken_back(&words[at + phrase.len()..]),
                Kind::Greeting | Kind::MacroPart | Kind::Salutation | Kind::Thanks => {
                    starts |= 1 << (at + phrase.len()).min(63);
                }
                _ => {}
            }
        }
    }
    false
}

fn is_taken_back(words: &[PlainWord]) -> bool {
    let near = &words[..words.len().min(WORDS_THAT_TAKE_BACK)];
    (0..near.len()).any(|at| {
        PHRASES
            .opening_of(&near[at..], Kind::AutoReplyException)
            .is_some()
    })
}

/// The words of the first few lines.
fn first_words(text: &str) -> Vec<PlainWord> {
    let mut words = Vec::new();
    plain_words(beginning(text, 480), |word| words.push(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, text: &str, expected: bool) {
        assert_eq!(is_auto_reply(title, text), expected, "{title} / {text}");
    }

    #[test]
    fn subjects_of_automatic_answers_are_known() {
        check("Réponse automatique : Votre demande n° 4512", "", true);
        check("REPONSE AUTOMATIQUE", "Bonjour", true);
        check("[EXTERNE] Réponse automatique: suivi", "", true);
        check("Absent du bureau", "", true);
        check("Absente du bureau - retour le 12/05", "", true);
        check("Automatic reply: Your order", "", true);
        check("Out of Office", "", true);
        check("Out of office (back on Monday)", "", true);
        check("Undeliverable: Your invoice", "", true);
        check(
            "Mail delivery failed: returning message to sender",
            "",
            true,
        );
        check("Delivery Status Notification (Failure)", "", true);
        check("Non remis : votre facture", "", true);
    }

    #[test]
    fn subjects_that_complain_of_them_are_not() {
        check("", "", false);
        check("Réponse automatique à chaque fois", "", false);
        check("Réponses automatiques et aucun humain", "", false);
        check("RE: Réponse automatique : ma commande", "", false);
        check("Delivery failed", "Third time this month.", false);
        check("Non remis", "Colis jamais reçu", false);
        check("Out of office hours nobody answers", "", false);
    }

    #[test]
    fn texts_that_open_like_an_automatic_answer_are_known() {
        check("", "Je suis actuellement absente jusqu'au 12 mai.", true);
        check(
            "",
            "Bonjour,\n\nJe suis actuellement absent(e), de retour le 3.",
            true,
        );
        check(
            "",
            "Bonjour, merci de votre message. Je suis absent du bureau du 3 au 5.",
            true,
        );
        check("", "Ceci est une réponse automatique. Votre demande…", true);
        check(
            "Re: order",
            "Hi,\nI’m currently out of the office until Monday.",
            true,
        );
        check("", "This is an automatically generated message", false);
        check(
            "",
            "This is an automated response. Please do not reply.",
            true,
        );
        check(
            "",
            "Delivery to the following recipients failed permanently",
            true,
        );
        check(
            "",
            "Votre message n’a pas pu être remis à x@exemple.fr",
            true,
        );
    }

    #[test]
    fn customers_who_tell_of_one_or_were_away_are_not() {
        check(
            "",
            "J'ai reçu une réponse automatique et puis plus rien.",
            false,
        );
        check(
            "",
            "Toujours la même chose : ceci est une réponse automatique.",
            false,
        );
        check(
            "",
            "Je suis actuellement absent de mon domicile, le paquet est resté dehors.",
            false,
        );
        check(
            "",
            "Je serai absent jusqu'au 15, merci de reporter la livraison.",
            false,
        );
        check(
            "",
            "I am out of the office and your driver left my order there.",
            false,
        );
        check("", "Bonjour, je suis très déçue.", false);
    }
}
