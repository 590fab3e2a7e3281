//! Google Business Profile: reviews of places, as its API and its takeout give them.
//!
//! Google may put its own translation into the comment; the customer's words are what is kept [the marks around them are
//! seen in public code, not documented]. The date is that of the last edit: it is the edited review that is shown. The
//! product is the number of the place, taken from the name of the review; map `name` to ignore to call it otherwise.

use super::{Columns, Source, Talk, text_at};
use crate::ingest::{
    record::Cells,
    roles::Role::{Customer, Date, FirstReply, Id, Ignore, Product, Rating, Text},
    vocabulary::Vocabulary,
};
use serde_json::Value;
use std::borrow::Cow;

pub(super) static GOOGLE_BUSINESS: Source = Source {
    name: "Google Business Profile",
    is_source,
    columns: &[
        ("reviewId", Id),
        ("name", Product),
        ("starRating", Rating),
        ("comment", Text),
        ("updateTime", Date),
        ("createTime", Date),
        ("reviewer.displayName", Customer),
        ("reviewer.profilePhotoUrl", Ignore),
        ("reviewReply.updateTime", FirstReply),
        ("reviewReply.comment", Ignore),
        // Of several places at a time, where each review lies beside its place.
        ("review.reviewId", Id),
        ("review.name", Product),
        ("review.starRating", Rating),
        ("review.comment", Text),
        ("review.updateTime", Date),
        ("review.createTime", Date),
        ("review.reviewer.displayName", Customer),
        ("review.reviewer.profilePhotoUrl", Ignore),
        ("review.reviewReply.updateTime", FirstReply),
        ("review.reviewReply.comment", Ignore),
    ],
    channel: Some("Google"),
    time_zone: Some("UTC"),
    rating_scale: Some(5.0),
    adjust: Some(adjust),
    talk: Some(talk),
    ..Source::BLANK
};

fn is_source(columns: &Columns) -> bool {
    let is_one_place = columns.have_all(&["starRating", "createTime"])
        && columns.have_any(&["reviewId", "reviewer.displayName", "reviewer.isAnonymous"]);
    let are_several = columns.have_all(&["review.starRating", "review.createTime"]);
    columns.are_of_json() && (is_one_place || are_several)
}

fn talk(record: &Value, _: &Vocabulary) -> Talk {
    let review = record.get("review").unwrap_or(record);
    let is_anonymous = text_at(review, &["reviewer", "isAnonymous"]) == "true";
    Talk {
        // All the anonymous have one name.
        held: is_anonymous
            .then(|| (Customer, String::new()))
            .into_iter()
            .collect(),
        ..Talk::default()
    }
}

fn adjust(cells: &mut Cells<'_>, _: &Vocabulary) {
    if let Some(words) = own_words(cells.cell(Text)) {
        let words = words.to_owned();
        cells.hold(Text, Cow::Owned(words));
    }
    if cells.cell(Rating) == "STAR_RATING_UNSPECIFIED" {
        cells.hold(Rating, Cow::Borrowed(""));
    }
    if let Some(place) = place(cells.cell(Product)) {
        let place = place.to_owned();
        cells.hold(Product, Cow::Owned(place));
    }
}

/// What the customer wrote, where Google put a translation beside it.
fn own_words(comment: &str) -> Option<&str> {
    const TRANSLATED: [&str; 2] = ["(Translated by Google)", "(Traduit par Google)"];
    const ORIGINAL: [&str; 2] = ["(Original)", "(Avis d'origine)"];
    let mark = |marks: [&'static str; 2]| {
        marks
            .into_iter()
            .find_map(|mark| Some((comment.find(mark)?, mark)))
    };
    let (translated, _) = mark(TRANSLATED)?;
    match mark(ORIGINAL) {
        Some((original, mark)) if original > translated => {
            Some(comment[original + mark.len()..].trim())
        }
        Some((original, mark)) => Some(comment[original + mark.len()..translated].trim()),
        None if translated > 0 => Some(comment[..translated].trim()),
        // Only the translation is left: better than nothing.
        None => None,
    }
}

/// The number of the place in `accounts/1/locations/2/reviews/3`.
fn place(name: &str) -> Option<&str> {
    let (_, after) = name.split_once("locations/")?;
    after.split('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customers_own_words_are_kept() {
        for (comment, words) in [
            ("Super !", None),
            (
                "(Translated by Google) Great!\n\n(Original)\nSuper !",
                Some("Super !"),
            ),
            ("Super !\n\n(Translated by Google)\nGreat!", Some("Super !")),
            (
                "(Original) Super !\n(Translated by Google) Great!",
                Some("Super !"),
            ),
            ("(Translated by Google) Great!", None),
            ("", None),
        ] {
            assert_eq!(own_words(comment), words, "{comment}");
        }
    }
}
