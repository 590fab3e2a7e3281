//! Why the score moved: what each theme added or took, by being talked about more and in another tone.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Section, Step, Table, Tone, Waterfall},
        tame::tame,
    },
    telling::{self, Place, Unit},
};
use crate::metrics::{Against, Contribution, LeadScore, Part, ScoreChange, Verdict};

/// Parts drawn one by one; the rest is one step.
const DRAWN: usize = 9;

/// Why the score moved; `None` where there is nothing to compare with.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let measured = story.numbers.lead_measured()?;
    let comparison = Against::Previous.of(measured)?;
    let change = story.numbers.score_change.as_ref()?;
    let verdict = comparison.verdict?;
    let (subject, unit) = lead(story);
    let against = telling::against(story, Against::Previous, Place::Sentence);
    let (before, now) = (
        telling::value(words, unit, change.before),
        telling::value(words, unit, change.now),
    );
    let values = [
        ("subject", subject.as_str()),
        ("before", &before),
        ("now", &now),
        ("against", &against),
    ];
    let blocks = if verdict == Verdict::Stable {
        vec![Block::Paragraph(words.say("score.stable", &values))]
    } else {
        let [volume, tone, mix] = change
            .sums()
            .map(|sum| telling::difference(words, unit, sum));
        let more = [("volume", volume.as_str()), ("tone", &tone), ("mix", &mix)];
        let values: Vec<(&str, &str)> = values.into_iter().chain(more).collect();
        let mut blocks = vec![Block::Paragraph(words.say("score.moved", &values))];
        let told = change.contributions.iter().take(DRAWN);
        let told: f64 = told.map(Contribution::total).sum();
        if told.abs() < (change.now - change.before).abs() / 2.0 {
            blocks.push(Block::Paragraph(words.text("score.spread")));
        }
        blocks.extend([
            Block::Waterfall(waterfall(story, change, unit)),
            Block::Table(table(story, change, unit)),
            Block::Note(words.text("score.note")),
        ]);
        blocks
    };
    Some(Section {
        id: "score",
        title: words.text("score.title"),
        blocks,
    })
}

/// What the score is called, and what it counts in.
pub(in super::super) fn lead(story: &Story) -> (String, Unit) {
    let words = story.words;
    match story.numbers.lead {
        LeadScore::Nps => (words.text("score.nps_subject"), Unit::Net),
        LeadScore::Csat => (words.text("score.csat_subject"), Unit::Share),
        LeadScore::NetSentiment => (words.text("score.net_subject"), Unit::Net),
        LeadScore::Rating(scale) => {
            let scale = words.decimal(f64::from(scale), 0);
            let name = words.say("score.rating_subject", &[("scale", &scale)]);
            (name, Unit::Mark)
        }
    }
}

/// What the score is called within a sentence: "the mean rating out of 5", "NPS".
pub(super) fn lead_within(story: &Story) -> String {
    let (name, _) = lead(story);
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        // Abbreviations keep their capitals.
        (Some(first), Some(second)) if second.is_lowercase() => first
            .to_lowercase()
            .chain([second])
            .chain(letters)
            .collect(),
        _ => name,
    }
}

/// What the score is called over a column: "Mean rating out of 5".
pub(super) fn lead_column(story: &Story) -> String {
    let words = story.words;
    match story.numbers.lead {
        LeadScore::Nps => words.text("indicators.nps"),
        LeadScore::Csat => words.text("indicators.csat"),
        LeadScore::NetSentiment => words.text("indicators.net"),
        LeadScore::Rating(scale) => {
            let scale = words.decimal(f64::from(scale), 0);
            words.say("indicators.rating", &[("scale", &scale)])
        }
    }
}

fn name(story: &Story, part: Part) -> String {
    match part {
        Part::Theme(theme) => tame(&story.name_of(&story.analysis.themes[theme])),
        Part::WithoutTheme => story.words.text("score.without_theme"),
        Part::WithoutComment => story.words.text("score.without_comment"),
    }
}

fn waterfall(story: &Story, change: &ScoreChange, unit: Unit) -> Waterfall {
    let words = story.words;
    let shown = change.contributions.len().min(DRAWN);
    let (drawn, rest) = change.contributions.split_at(shown);
    let step = |name: String, value: f64| Step {
        name,
        value,
        text: telling::difference(words, unit, value),
        tone: if value < 0.0 { Tone::Bad } else { Tone::Good },
    };
    let mut steps: Vec<Step> = drawn
        .iter()
        .map(|one| step(name(story, one.part), one.total()))
        .collect();
    if !rest.is_empty() {
        let sum = rest.iter().map(Contribution::total).sum();
        steps.push(step(words.text("score.rest"), sum));
    }
    let level = |name: String, value: f64| Step {
        name,
        value,
        text: telling::value(words, unit, value),
        tone: Tone::Plain,
    };
    let told: Vec<String> = (steps.iter())
        .map(|step| format!("{} {}", step.name, step.text))
        .collect();
    Waterfall {
        title: words.say("score.chart", &[("subject", &lead(story).0)]),
        description: told.join(", "),
        before: level(
            telling::against(story, Against::Previous, Place::Sentence),
            change.before,
        ),
        steps,
        now: level(words.text("score.now"), change.now),
    }
}

fn table(story: &Story, change: &ScoreChange, unit: Unit) -> Table {
    let words = story.words;
    let cell = |value: f64| Cell::Number(telling::difference(words, unit, value));
    let row = |name: String, values: [f64; 4], is_total| Row {
        cells: std::iter::once(Cell::Text(name))
            .chain(values.map(cell))
            .collect(),
        is_total,
        ..Row::default()
    };
    let shown = change.contributions.len().min(DRAWN);
    let (drawn, rest) = change.contributions.split_at(shown);
    let parts = |one: &Contribution| [one.total(), one.volume, one.tone, one.mix];
    let mut rows: Vec<Row> = drawn
        .iter()
        .map(|one| row(name(story, one.part), parts(one), false))
        .collect();
    if !rest.is_empty() {
        let mut sum = [0.0; 4];
        for one in rest {
            for (sum, part) in sum.iter_mut().zip(parts(one)) {
                *sum += part;
            }
        }
        rows.push(row(words.text("score.rest"), sum, false));
    }
    let [volume, tone, mix] = change.sums();
    rows.push(row(
        words.text("score.all"),
        [change.now - change.before, volume, tone, mix],
        true,
    ));
    Table {
        caption: words.text("score.caption"),
        columns: vec![
            block::words(words.text("ranking.column_theme")),
            block::numbers(words.text("score.column_total")),
            block::numbers(words.text("score.column_volume")),
            block::numbers(words.text("score.column_tone")),
            block::numbers(words.text("score.column_mix")),
        ],
        rows,
        anchor: "",
    }
}
