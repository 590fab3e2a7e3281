//! Google Play: the monthly CSV of the Play Console and the JSON of its API.
//!
//! An edited review comes again in a later month under the same id: its date is that of the last edit, so that the newer
//! one takes the place of the older. `Reviewer Language` is what the device is set to, and not the text's language.
//! Ratings without a text have no link [not verified], and so no id: they go by their whole row.

use super::{Columns, Source, Talk, elements_at, text_at};
use crate::ingest::{
    record::Cells,
    roles::Role::{
        Customer, Date, FirstReply, Id, Ignore, Keep, Product, Rating, Text, Title, Turns,
    },
    vocabulary::Vocabulary,
};
use serde_json::Value;
use std::borrow::Cow;

pub(super) static GOOGLE_PLAY: Source = Source {
    name: "Google Play",
    is_source,
    columns: &[
        ("Review Link", Id),
        ("Package Name", Product),
        ("Review Last Update Date and Time", Date),
        ("Review Submit Date and Time", Date),
        ("Star Rating", Rating),
        ("Review Title", Title),
        ("Review Text", Text),
        ("Developer Reply Date and Time", FirstReply),
        ("Developer Reply Text", Ignore),
        ("Reviewer Language", Keep),
        // Of the API. What is in the array of comments, `talk` tells.
        ("reviewId", Id),
        ("authorName", Customer),
        ("comments", Turns),
    ],
    channel: Some("Google Play"),
    time_zone: Some("UTC"),
    rating_scale: Some(5.0),
    adjust: Some(adjust),
    talk: Some(talk),
    ..Source::BLANK
};

fn is_source(columns: &Columns) -> bool {
    let is_csv = columns.are_of_a_table()
        && columns.have_all(&["Package Name", "Star Rating"])
        && columns.have_any(&[
            "Review Text",
            "Review Link",
            "Review Submit Millis Since Epoch",
        ]);
    let is_api = columns.are_of_json() && columns.have_all(&["reviewId", "authorName", "comments"]);
    is_csv || is_api
}

fn adjust(cells: &mut Cells<'_>, vocabulary: &Vocabulary) {
    let link = cells.filled(Id, vocabulary);
    if link.contains("://") {
        let id = review_id(link).unwrap_or_default();
        cells.hold(Id, Cow::Owned(id));
    }
    if cells.filled(Date, vocabulary).is_empty() {
        let submitted = cells.kept("Review Submit Date and Time");
        cells.hold(Date, Cow::Owned(submitted));
    }
}

/// The id within a link: `…?reviewId=gp%3AAOq…&corpus=…`, in older months `…#ReviewDetailsPlace:p=…&reviewid=gp:AOq…`.
fn review_id(link: &str) -> Option<String> {
    const NAME: &str = "reviewid=";
    let start = link.to_ascii_lowercase().find(NAME)? + NAME.len();
    let id = link[start..].split(['&', '#']).next()?;
    Some(without_percents(id)).filter(|id| !id.is_empty())
}

/// The text with `%3A` read as `:`; what stands for no text stays as it is.
fn without_percents(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = &after[if code.is_some() { 2 } else { 0 }..];
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// What the API says in an array: the review, and the company's reply to it.
fn talk(record: &Value, _: &Vocabulary) -> Talk {
    let comments = elements_at(record, &["comments"]);
    let member = |name: &str| comments.iter().find_map(|comment| comment.get(name));
    let mut held = Vec::new();
    if let Some(review) = member("userComment") {
        // Title and text are one string with a tab between; without a title the tab comes first.
        let words = text_at(review, &["text"]);
        let (title, text) = words.split_once('\t').unwrap_or(("", &words));
        held.push((Title, title.to_owned()));
        held.push((Text, text.to_owned()));
        held.push((Rating, text_at(review, &["starRating"])));
        held.push((Date, text_at(review, &["lastModified", "seconds"])));
    }
    if let Some(reply) = member("developerComment") {
        held.push((FirstReply, text_at(reply, &["lastModified", "seconds"])));
    }
    Talk {
        held,
        ..Talk::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_found_in_old_links_and_new_ones() {
        for (link, id) in [
            (
                "http://play.google.com/console/developers/1/app/2/user-feedback/review-details?reviewId=gp%3AAOq-1_x&corpus=PUBLIC_REVIEWS",
                Some("gp:AOq-1_x"),
            ),
            (
                "https://play.google.com/apps/publish?account=1#ReviewDetailsPlace:p=com.example&reviewid=gp:AOq2",
                Some("gp:AOq2"),
            ),
            ("https://play.google.com/?reviewId=50%&x", Some("50%")),
            ("https://play.google.com/?reviewId=", None),
            ("https://play.google.com/", None),
        ] {
            assert_eq!(review_id(link).as_deref(), id, "{link}");
        }
    }
}
