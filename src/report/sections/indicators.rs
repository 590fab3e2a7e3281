//! Scores and volumes: cards, the weekly chart, and every number with its base and interval.

use super::{
    super::{
        Story,
        block::{
            self, Block, Card, Cell, Column, Row, Section, Table, Tone, VolumeBar, VolumeChart,
        },
    },
    service,
    telling::{self, Place, Sense, Unit},
};
use crate::{
    language::Language,
    metrics::{Against, Measured},
    sentiment::Label,
    statistics::Interval,
};

/// One indicator as cards and the table show it.
pub(in super::super) struct Indicator<'a> {
    pub name: String,
    /// A shorter name where the value says the rest.
    pub card_name: Option<String>,
    pub measured: &'a Measured,
    pub unit: Unit,
    pub(super) sense: Sense,
    /// The best mark, for means.
    pub scale: Option<f32>,
    pub note: Option<String>,
    pub has_card: bool,
}

/// More cards than this are a table.
const MOST_CARDS: usize = 8;

/// Indicators.
pub(super) fn section(story: &Story) -> Section {
    let words = story.words;
    let indicators = indicators(story);
    let mut blocks = vec![Block::Cards(
        indicators
            .iter()
            .filter(|one| one.has_card)
            .take(MOST_CARDS)
            .map(|one| card(story, one))
            .collect(),
    )];
    blocks.extend(service::missing(story).map(Block::Note));
    blocks.extend(volume_chart(story).map(Block::Volume));
    if story.numbers.records.current.n > 0 {
        blocks.push(Block::Table(table(story, &indicators)));
    }
    blocks.extend(notes(story).into_iter().map(Block::Note));
    if story.numbers.with_text.current.n > 0 {
        blocks.push(Block::Table(mix_table(story)));
        // One language is no mix.
        if story.numbers.languages.len() > 1 {
            blocks.push(Block::Table(language_table(story)));
        }
    }
    Section {
        id: "indicators",
        title: words.text("indicators.title"),
        blocks,
    }
}

/// Every indicator, in the order they are shown.
pub(in super::super) fn indicators<'a>(story: &Story<'a>) -> Vec<Indicator<'a>> {
    let (words, numbers) = (story.words, story.numbers);
    let plain = |key: &str, measured: &'a Measured, unit, sense, has_card| Indicator {
        name: words.text(key),
        card_name: None,
        measured,
        unit,
        sense,
        scale: None,
        note: None,
        has_card,
    };
    let mut all = Vec::new();
    if let Some(nps) = &numbers.nps {
        let note = (nps.score.current.n > 0).then(|| nps_note(story, nps));
        all.push(Indicator {
            note,
            ..plain(
                "indicators.nps",
                &nps.score,
                Unit::Net,
                Sense::MoreIsGood,
                true,
            )
        });
    }
    if let Some(csat) = &numbers.csat {
        let is_shown = csat.share.current.value.is_some();
        all.push(Indicator {
            note: is_shown.then(|| words.count("indicators.csat_split", csat.satisfied, &[])),
            ..plain(
                "indicators.csat",
                &csat.share,
                Unit::Share,
                Sense::MoreIsGood,
                true,
            )
        });
    }
    all.push(plain(
        "indicators.net",
        &numbers.net_sentiment,
        Unit::Net,
        Sense::MoreIsGood,
        true,
    ));
    for rating in &numbers.ratings {
        let scale = words.decimal(f64::from(rating.scale), 0);
        all.push(Indicator {
            name: words.say("indicators.rating", &[("scale", &scale)]),
            card_name: Some(words.text("indicators.rating_plain")),
            measured: &rating.mean,
            unit: Unit::Mark,
            sense: Sense::MoreIsGood,
            scale: Some(rating.scale),
            note: None,
            has_card: true,
        });
    }
    all.extend(service::indicators(story));
    all.extend([
        plain(
            "indicators.volume",
            &numbers.records,
            Unit::Count,
            Sense::Neither,
            true,
        ),
        plain(
            "indicators.comments",
            &numbers.with_text,
            Unit::Count,
            Sense::Neither,
            false,
        ),
        plain(
            "indicators.coverage",
            &numbers.coverage,
            Unit::Share,
            Sense::Neither,
            false,
        ),
        plain(
            "indicators.without_theme",
            &numbers.without_theme,
            Unit::Share,
            Sense::Neither,
            false,
        ),
    ]);
    all
}

/// Who answered what, with the textbook interval for those who check by hand; nothing that would give a withheld score away.
fn nps_note(story: &Story, nps: &crate::metrics::Nps) -> String {
    let words = story.words;
    let Some(wald) = nps.wald else {
        return telling::too_few(story, &nps.score.current);
    };
    let (low, high) = telling::ends(words, Unit::Net, wald);
    words.say(
        "indicators.nps_wald",
        &[
            ("promoters", &words.integer(nps.promoters)),
            ("passives", &words.integer(nps.passives)),
            ("detractors", &words.integer(nps.detractors)),
            ("low", &low),
            ("high", &high),
        ],
    )
}

fn card(story: &Story, indicator: &Indicator) -> Card {
    let words = story.words;
    let mut card = Card {
        name: indicator
            .card_name
            .as_ref()
            .unwrap_or(&indicator.name)
            .clone(),
        value: None,
        detail: Vec::new(),
        is_indicative: None,
        changes: Vec::new(),
        trend: None,
    };
    let measured = indicator.measured;
    let current = &measured.current;
    card.value = current.value.map(|value| written(story, indicator, value));
    card.is_indicative = telling::indicative(words, current);
    if current.n == 0 && indicator.unit != Unit::Count {
        card.detail.push(words.text("indicators.no_answer"));
    } else if current.value.is_none() {
        card.detail.push(telling::too_few(story, current));
    }
    if let Some(interval) = current.interval {
        let (low, high) = telling::ends(words, indicator.unit, within(interval, indicator.scale));
        card.detail
            .push(words.say("number.interval", &[("low", &low), ("high", &high)]));
    }
    if indicator.unit != Unit::Count && current.n > 0 {
        card.detail
            .push(words.say("number.base", &[("n", &words.integer(current.n))]));
    }
    if current.value.is_some() {
        card.changes = telling::comparisons(story)
            .into_iter()
            .filter_map(|against| {
                let name = telling::against(story, against, Place::Card);
                telling::change(
                    words,
                    indicator.unit,
                    indicator.sense,
                    against.of(measured),
                    name,
                )
            })
            .collect();
    }
    card.trend = telling::trend(story, indicator.unit, &indicator.name, measured);
    card
}

/// The number, "out of" its scale where it is a mark.
fn written(story: &Story, indicator: &Indicator, value: f64) -> String {
    let text = telling::value(story.words, indicator.unit, value);
    match indicator.scale {
        Some(scale) => {
            let scale = story.words.decimal(f64::from(scale), 0);
            story
                .words
                .say("number.out_of", &[("value", &text), ("scale", &scale)])
        }
        None => text,
    }
}

/// The part of an interval that lies on the scale.
fn within(interval: Interval, scale: Option<f32>) -> Interval {
    match scale {
        Some(scale) => interval.clipped(0.0, f64::from(scale)),
        None => interval,
    }
}

fn volume_chart(story: &Story) -> Option<VolumeChart> {
    let (words, numbers) = (story.words, story.numbers);
    let weeks = &numbers.chart_weeks;
    if weeks.len() < 2 || weeks.iter().all(|week| week.records == 0) {
        return None;
    }
    let sentences: Vec<String> = weeks
        .iter()
        .map(|week| {
            words.say(
                "indicators.chart_week",
                &[
                    ("week", &words.week(week.week)),
                    ("records", &words.integer(week.records)),
                    ("negative", &words.integer(week.negative)),
                    ("neutral", &words.integer(week.neutral)),
                    ("positive", &words.integer(week.positive)),
                ],
            )
        })
        .collect();
    let is_current = |monday, sunday| {
        numbers.no_comparison != Some(crate::metrics::NoComparison::WholeSpan)
            && numbers
                .from
                .zip(numbers.to)
                .is_some_and(|(from, to)| from <= sunday && monday <= to)
    };
    Some(VolumeChart {
        title: words.text("indicators.chart_title"),
        description: sentences.join(". "),
        legend: [
            words.text("indicators.legend_negative"),
            words.text("indicators.legend_neutral"),
            words.text("indicators.legend_positive"),
            words.text("indicators.legend_without_text"),
        ],
        weeks: weeks
            .iter()
            .map(|week| VolumeBar {
                name: telling::week_short(words, week.week),
                negative: week.negative,
                neutral: week.neutral,
                positive: week.positive,
                without_text: week.records - week.with_text,
                total: words.integer(week.records),
                is_current: is_current(week.week.monday(), week.week.sunday()),
            })
            .collect(),
    })
}

/// One column a comparison: what the number was, and its change.
fn earlier_columns(story: &Story) -> Vec<Column> {
    telling::comparisons(story)
        .into_iter()
        .map(|against| block::numbers(telling::against(story, against, Place::Difference)))
        .collect()
}

fn earlier_cells(story: &Story, unit: Unit, sense: Sense, measured: &Measured) -> Vec<Cell> {
    telling::comparisons(story)
        .into_iter()
        .map(|against: Against| {
            Cell::Change(telling::change(
                story.words,
                unit,
                sense,
                against.of(measured),
                String::new(),
            ))
        })
        .collect()
}

fn table(story: &Story, indicators: &[Indicator]) -> Table {
    let words = story.words;
    let mut columns = vec![
        block::words(words.text("indicators.column_name")),
        block::numbers(words.text("indicators.column_value")),
        block::numbers(words.text("indicators.column_interval")),
        block::numbers(words.text("indicators.column_base")),
    ];
    columns.extend(earlier_columns(story));
    let rows = indicators
        .iter()
        .map(|indicator| {
            let mut row = Row::default();
            let measured = indicator.measured;
            let current = &measured.current;
            let interval = current
                .interval
                .map(|interval| within(interval, indicator.scale));
            row.cells = vec![
                Cell::Name {
                    name: indicator.name.clone(),
                    detail: indicator.note.clone().unwrap_or_default(),
                    tag: telling::indicative(words, current).unwrap_or_default(),
                },
                Cell::Number(match current.value {
                    Some(value) => written(story, indicator, value),
                    None => telling::value_or_reason(story, indicator.unit, current),
                }),
                Cell::Number(or_absent(
                    story,
                    telling::range(words, indicator.unit, interval),
                )),
                Cell::Number(match indicator.unit {
                    Unit::Count => words.text("number.absent"),
                    _ => words.integer(current.n),
                }),
            ];
            row.cells.extend(earlier_cells(
                story,
                indicator.unit,
                indicator.sense,
                measured,
            ));
            row
        })
        .collect();
    Table {
        caption: words.text("indicators.table"),
        columns,
        rows,
        anchor: "",
    }
}

fn or_absent(story: &Story, text: String) -> String {
    if text.is_empty() {
        story.words.text("number.absent")
    } else {
        text
    }
}

fn notes(story: &Story) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(csat) = story
        .numbers
        .csat
        .as_ref()
        .filter(|csat| csat.on_other_scales > 0)
    {
        notes.push(
            story
                .words
                .count("indicators.csat_other_scales", csat.on_other_scales, &[]),
        );
    }
    notes.extend(service::notes(story));
    notes
}

fn mix_table(story: &Story) -> Table {
    let numbers = story.numbers;
    let lines: Vec<(String, u64, &Measured, Sense, Tone)> = numbers
        .sentiment
        .iter()
        .map(|class| {
            let (key, sense, tone) = match class.label {
                Label::VeryNegative => ("indicators.very_negative", Sense::MoreIsBad, Tone::Bad),
                Label::Negative => ("indicators.negative", Sense::MoreIsBad, Tone::Bad),
                Label::Neutral => ("indicators.neutral", Sense::Neither, Tone::Plain),
                Label::Positive => ("indicators.positive", Sense::MoreIsGood, Tone::Good),
                Label::VeryPositive => ("indicators.very_positive", Sense::MoreIsGood, Tone::Good),
            };
            (
                story.words.text(key),
                class.records,
                &class.share,
                sense,
                tone,
            )
        })
        .collect();
    share_table(
        story,
        "indicators.mix_table",
        "indicators.column_class",
        &lines,
    )
}

fn language_table(story: &Story) -> Table {
    let lines: Vec<(String, u64, &Measured, Sense, Tone)> = story
        .numbers
        .languages
        .iter()
        .map(|one| {
            let name = language_name(story, one.language);
            (name, one.records, &one.share, Sense::Neither, Tone::Plain)
        })
        .collect();
    share_table(
        story,
        "indicators.language_table",
        "indicators.column_language",
        &lines,
    )
}

/// A language's name for the reader.
pub(super) fn language_name(story: &Story, language: Language) -> String {
    match language {
        Language::French => story.words.text("indicators.french"),
        Language::English => story.words.text("indicators.english"),
        Language::Undetermined => story.words.text("indicators.undetermined"),
        Language::Other(_) => story
            .words
            .say("indicators.other_language", &[("code", language.code())]),
    }
}

fn share_table(
    story: &Story,
    caption: &str,
    subject: &str,
    lines: &[(String, u64, &Measured, Sense, Tone)],
) -> Table {
    let words = story.words;
    let mut columns = vec![
        block::words(words.text(subject)),
        block::numbers(words.text("indicators.column_comments")),
        block::words(words.text("indicators.column_share")),
    ];
    // Shares of a whole move together: one comparison tells enough.
    let before = telling::comparisons(story).first().copied();
    columns.extend(
        before.map(|against| block::numbers(telling::against(story, against, Place::Difference))),
    );
    Table {
        caption: words.text(caption),
        columns,
        rows: lines
            .iter()
            .map(|(name, records, share, sense, tone)| {
                let mut cells = vec![
                    Cell::Text(name.clone()),
                    Cell::Number(words.integer(*records)),
                    telling::share_cell(story, &share.current, 1.0, *tone),
                ];
                cells.extend(before.map(|against| {
                    let comparison = against.of(share);
                    Cell::Change(telling::change(
                        words,
                        Unit::Share,
                        *sense,
                        comparison,
                        String::new(),
                    ))
                }));
                Row {
                    cells,
                    ..Row::default()
                }
            })
            .collect(),
        anchor: "",
    }
}
