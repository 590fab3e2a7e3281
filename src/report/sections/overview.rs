//! The head of the page and the lines at a glance, generated only from differences that passed their test.

use super::{
    super::{
        Story,
        block::{Band, Block, Direction, Fact, Line, Section, Tone},
        tame::tame,
    },
    telling::{self, Place, Sense, Unit},
};
use crate::metrics::{Against, AlertState, Highlight, Measured, Period, Scored, Verdict};

/// Kind, period, counts, and the period in one sentence.
pub(super) fn band(story: &Story) -> Band {
    let words = story.words;
    Band {
        kind: words.text("page.kind"),
        title: period_title(story),
        sentence: sentence(story),
        facts: facts(story),
        notices: notices(story),
    }
}

fn period_title(story: &Story) -> String {
    let (words, numbers) = (story.words, story.numbers);
    let days = numbers
        .from
        .zip(numbers.to)
        .map(|(from, to)| words.days(from, to));
    let title = match (numbers.period, days) {
        (Period::Week(week), Some(days)) => words.say(
            "page.week_title",
            &[("number", &week.number.to_string()), ("days", &days)],
        ),
        (Period::Month { year, month }, _) => words.say(
            "page.month_title",
            &[("month", &words.month_of_year(year, month))],
        ),
        (Period::Quarter { .. }, Some(days)) => words.say(
            "page.quarter_title",
            &[
                ("quarter", &telling::period_name(words, numbers.period)),
                ("days", &days),
            ],
        ),
        (Period::All, Some(days)) => words.say("page.all_title_days", &[("days", &days)]),
        (_, Some(days)) => days,
        (_, None) => words.text("page.all_title"),
    };
    let title = match &numbers.segment {
        Some(segment) => format!("{title} · {}", telling::segment_name(words, segment)),
        None => title,
    };
    match &numbers.against {
        Some(reference) => words.say(
            "page.against_title",
            &[
                ("title", &title),
                ("name", &telling::reference_name(words, reference)),
            ],
        ),
        None => title,
    }
}

fn sentence(story: &Story) -> String {
    let (words, numbers) = (story.words, story.numbers);
    if numbers.records.current.n == 0 {
        return words.text("band.nothing");
    }
    let mut sentences = vec![words.count(
        "band.volume",
        numbers.records.current.n,
        &[("comments", &words.integer(numbers.with_text.current.n))],
    )];
    let [very_negative, negative, _, positive, very_positive] = &numbers.sentiment;
    let sum = |a: &Measured, b: &Measured| Some(a.current.value? + b.current.value?);
    let shares =
        sum(&very_positive.share, &positive.share).zip(sum(&very_negative.share, &negative.share));
    if let Some(((positive, negative), net)) = shares.zip(numbers.net_sentiment.current.value) {
        sentences.push(words.say(
            "band.mix",
            &[
                ("positive", &words.percent(positive)),
                ("negative", &words.percent(negative)),
                ("net", &telling::value(words, Unit::Net, net)),
            ],
        ));
    }
    if let Some(&worst) = numbers.frictions.first() {
        let theme = &numbers.themes[worst];
        sentences.push(words.count(
            "band.friction",
            theme.negative_records,
            &[(
                "theme",
                &tame(&story.name_of(&story.analysis.themes[theme.theme])),
            )],
        ));
    }
    sentences.join(" ")
}

fn facts(story: &Story) -> Vec<Fact> {
    let (words, numbers) = (story.words, story.numbers);
    let counted = |key: &str, n: u64| Fact {
        value: words.integer(n),
        label: words.count(key, n, &[]),
    };
    let mut facts = vec![
        counted("band.records", numbers.records.current.n),
        counted("band.comments", numbers.with_text.current.n),
    ];
    if let Some(coverage) = numbers.coverage.current.value {
        facts.push(Fact {
            value: words.percent(coverage),
            label: words.text("band.coverage"),
        });
    }
    facts.push(counted("band.sources", story.analysis.files.len() as u64));
    facts.push(counted(
        "band.refused",
        story.analysis.rejected.len() as u64,
    ));
    facts
}

fn notices(story: &Story) -> Vec<String> {
    let (words, numbers) = (story.words, story.numbers);
    let fired = (story.extras.alerts.iter()).filter(|one| one.state == AlertState::Fired);
    let mut notices: Vec<String> = fired
        .map(|one| words.say("band.alert", &[("name", &tame(&one.alert.called()))]))
        .collect();
    if let (false, Some((first, last))) = (numbers.is_complete, numbers.span) {
        notices.push(words.say(
            "band.incomplete",
            &[("from", &words.day(first)), ("to", &words.day(last))],
        ));
    }
    if numbers.undated > 0 && numbers.period != Period::All {
        notices.push(words.count("band.undated", numbers.undated, &[]));
    }
    let comments = numbers.with_text.current.n;
    if comments > 0 && comments < numbers.settings.indicative_base {
        notices.push(words.count(
            "band.few",
            comments,
            &[("minimum", &words.integer(numbers.settings.minimum_base))],
        ));
    }
    notices
}

/// At a glance.
pub(super) fn section(story: &Story) -> Section {
    let lines = lines(story);
    let blocks = match (lines.is_empty(), telling::no_comparison(story)) {
        (false, _) => vec![Block::Lines(lines)],
        (true, Some(reason)) => vec![Block::Paragraph(reason)],
        (true, None) => vec![Block::Paragraph(story.words.text("overview.nothing_moved"))],
    };
    Section {
        id: "glance",
        title: story.words.text("overview.title"),
        blocks,
    }
}

/// One line a highlight, up to the number the settings allow.
pub(super) fn lines(story: &Story) -> Vec<Line> {
    story
        .numbers
        .highlights
        .iter()
        .filter_map(|highlight| line(story, *highlight))
        .take(story.settings.glance_lines)
        .collect()
}

fn line(story: &Story, highlight: Highlight) -> Option<Line> {
    let numbers = story.numbers;
    let target = |target: &str| Some(target.to_owned());
    match highlight {
        Highlight::Score(scored, against) => {
            let (measured, unit, subject) = score(story, scored)?;
            let keys = ("overview.score_up", "overview.score_down");
            tell(
                story,
                keys,
                Sense::MoreIsGood,
                measured,
                against,
                unit,
                target("indicators"),
                &[("subject", &subject)],
            )
        }
        Highlight::Volume(against) => {
            let keys = ("overview.volume_up", "overview.volume_down");
            tell(
                story,
                keys,
                Sense::Neither,
                &numbers.records,
                against,
                Unit::Count,
                target("indicators"),
                &[],
            )
        }
        Highlight::Signal(place) => {
            let signal = numbers.signals.found.get(place)?;
            let words = story.words;
            let name = tame(&story.name_of(&story.analysis.themes[signal.theme]));
            Some(Line {
                text: words.say(
                    "overview.signal",
                    &[
                        ("theme", &name),
                        ("observed", &words.integer(signal.observed)),
                        ("expected", &words.decimal(signal.expected, 1)),
                        ("ratio", &words.decimal(signal.ratio(), 1)),
                    ],
                ),
                tone: Tone::Plain,
                target: target(&format!("signal-{}", place + 1)),
            })
        }
        Highlight::Friction(index, against) => {
            let theme = &numbers.themes[index];
            let keys = ("overview.friction_up", "overview.friction_down");
            let label = tame(&story.name_of(&story.analysis.themes[theme.theme]));
            let records = story
                .words
                .count("overview.records", theme.negative_records, &[]);
            let target = row_target(story, &numbers.frictions, index, "friction-", "frictions");
            let values = [("theme", label.as_str()), ("records", &records)];
            tell(
                story,
                keys,
                Sense::MoreIsBad,
                &theme.negative_share,
                against,
                Unit::Share,
                Some(target),
                &values,
            )
        }
        Highlight::Delight(index, against) => {
            let theme = &numbers.themes[index];
            let keys = ("overview.delight_up", "overview.delight_down");
            let label = tame(&story.name_of(&story.analysis.themes[theme.theme]));
            let records = story
                .words
                .count("overview.records", theme.positive_records, &[]);
            let target = row_target(story, &numbers.delights, index, "delight-", "delights");
            let values = [("theme", label.as_str()), ("records", &records)];
            tell(
                story,
                keys,
                Sense::MoreIsGood,
                &theme.positive_share,
                against,
                Unit::Share,
                Some(target),
                &values,
            )
        }
    }
}

/// The row of the theme, or the section where the table does not reach that far.
fn row_target(story: &Story, ranking: &[usize], index: usize, row: &str, section: &str) -> String {
    match ranking
        .iter()
        .take(story.settings.themes_shown)
        .position(|&shown| shown == index)
    {
        Some(position) => format!("{row}{}", position + 1),
        None => section.to_owned(),
    }
}

fn score<'a>(story: &'a Story, scored: Scored) -> Option<(&'a Measured, Unit, String)> {
    let (words, numbers) = (story.words, story.numbers);
    Some(match scored {
        Scored::Nps => (
            &numbers.nps.as_ref()?.score,
            Unit::Net,
            words.text("score.nps_subject"),
        ),
        Scored::Csat => (
            &numbers.csat.as_ref()?.share,
            Unit::Share,
            words.text("score.csat_subject"),
        ),
        Scored::NetSentiment => (
            &numbers.net_sentiment,
            Unit::Net,
            words.text("score.net_subject"),
        ),
        Scored::Rating(position) => {
            let rating = numbers.ratings.get(position)?;
            let scale = words.decimal(f64::from(rating.scale), 0);
            (
                &rating.mean,
                Unit::Mark,
                words.say("score.rating_subject", &[("scale", &scale)]),
            )
        }
    })
}

#[allow(
    clippy::too_many_arguments,
    reason = "one sentence, its two forms and all that goes in it"
)]
fn tell(
    story: &Story,
    (up, down): (&str, &str),
    sense: Sense,
    measured: &Measured,
    against: Against,
    unit: Unit,
    target: Option<String>,
    more: &[(&str, &str)],
) -> Option<Line> {
    let words = story.words;
    let comparison = against.of(measured)?;
    let difference = comparison.difference?;
    let (key, direction) = match comparison.verdict? {
        Verdict::Up => (up, Direction::Up),
        Verdict::Down => (down, Direction::Down),
        Verdict::Stable => return None,
    };
    let (low, high) = telling::difference_ends(words, unit, difference.interval);
    let value = telling::value(words, unit, measured.current.value?);
    let written = telling::size(words, unit, difference.value);
    let against = telling::against(story, against, Place::Sentence);
    let n = words.integer(measured.current.n);
    let mut values = vec![
        ("value", value.as_str()),
        ("difference", &written),
        ("against", &against),
        ("low", &low),
        ("high", &high),
        ("n", &n),
    ];
    values.extend_from_slice(more);
    let tone = telling::tone(direction, sense);
    Some(Line {
        text: words.say(key, &values),
        tone: if sense == Sense::Neither {
            Tone::Plain
        } else {
            tone
        },
        target,
    })
}
