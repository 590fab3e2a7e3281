//! Where to act first: themes by how often they are named and by what the score would read without them.

use super::{
    super::{
        Story,
        block::{Block, Field, Matrix, Point, Section},
        tame::tame,
    },
    score::{lead, lead_within},
    telling::{self, Unit},
};
use crate::metrics::{Impact, ThemeNumbers};

/// Themes drawn: more would hide each other.
const DRAWN: usize = 16;

/// Fewer themes than this make no picture.
const FEWEST: usize = 4;

/// The priority matrix; `None` where too few themes have an effect that can be told.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let mut themes: Vec<(&ThemeNumbers, Impact)> = (story.numbers.themes.iter())
        .filter_map(|theme| Some((theme, theme.impact?)))
        .collect();
    themes.sort_by(|a, b| {
        b.0.records
            .cmp(&a.0.records)
            .then(a.0.theme.cmp(&b.0.theme))
    });
    themes.truncate(DRAWN);
    if themes.len() < FEWEST {
        return None;
    }
    let (subject, unit) = (lead_within(story), lead(story).1);
    let mut shares: Vec<f64> = themes
        .iter()
        .filter_map(|(theme, _)| theme.share.current.value)
        .collect();
    shares.sort_by(f64::total_cmp);
    let often_from = shares.get(shares.len() / 2).copied().unwrap_or(0.0);
    let mut fields = [
        "priorities.improve",
        "priorities.promote",
        "priorities.watch",
        "priorities.keep",
    ]
    .map(|key| Field {
        name: words.text(key),
        points: Vec::new(),
    });
    for (theme, impact) in &themes {
        let Some(share) = theme.share.current.value else {
            continue;
        };
        let is_often = share >= often_from;
        let field = usize::from(!is_often) * 2 + usize::from(impact.value >= 0.0);
        fields[field].points.push(Point {
            number: 0,
            name: tame(&story.name_of(&story.analysis.themes[theme.theme])),
            across: share,
            upwards: impact.value,
            text: words.say(
                "priorities.point",
                &[
                    ("share", &telling::value(words, Unit::Share, share)),
                    ("impact", &telling::difference(words, unit, impact.value)),
                ],
            ),
        });
    }
    let points = fields.iter_mut().flat_map(|field| &mut field.points);
    for (number, point) in (1..).zip(points) {
        point.number = number;
    }
    let told: Vec<String> = (fields.iter())
        .flat_map(|field| &field.points)
        .map(|point| format!("{} {}: {}", point.number, point.name, point.text))
        .collect();
    Some(Section {
        id: "priorities",
        title: words.text("priorities.title"),
        blocks: vec![
            Block::Note(words.say("priorities.lead", &[("subject", &subject)])),
            Block::Matrix(Matrix {
                title: words.text("priorities.chart"),
                description: told.join("; "),
                across: words.text("priorities.across"),
                upwards: words.say("priorities.upwards", &[("subject", &subject)]),
                fields,
                often_from,
            }),
        ],
    })
}
