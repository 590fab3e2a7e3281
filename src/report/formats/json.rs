//! `report.json`: the numbers for programs, as wire structs of their own. Change a field's meaning and [`FORMAT`] goes up.

mod actions;
mod groups;
mod score;
mod service;
mod signals;
mod topics;

use super::super::{Story, block::Document, quotes::Quote, sections, tame::is_hidden};
use crate::{
    feedback::{FileBalance, LeftOut},
    metrics::{
        Basis, Comparison, Estimate, Measured, NoComparison, Reference, ThemeNumbers, Verdict,
        WeekVolume,
    },
    statistics::Interval,
};
use serde::Serialize;

/// Version of the shape below.
const FORMAT: u32 = 2;

pub(super) fn write(story: &Story, _: &Document) -> Vec<u8> {
    to_bytes(&report(story))
}

/// A wire struct as a file. Texts keep every character; those that could command a terminal or disguise words are written as
/// escapes.
pub(super) fn to_bytes(wire: &impl Serialize) -> Vec<u8> {
    let text =
        serde_json::to_string_pretty(wire).expect("wire structs have text keys and finite numbers");
    let mut bytes = Vec::with_capacity(text.len() + 1);
    for character in text.chars() {
        if character != '\n' && (character.is_control() || is_hidden(character)) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                bytes.extend(format!("\\u{unit:04x}").bytes());
            }
        } else {
            bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
        }
    }
    bytes.push(b'\n');
    bytes
}

/// Six decimals: more than anybody reads, fewer than machines may differ in.
pub(super) fn round(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    // Minus zero would read as a difference.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// A chance: three digits, however small it is.
pub(super) fn round_chance(p: f64) -> f64 {
    format!("{p:.2e}").parse().unwrap_or(p)
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Report<'a> {
    format: u32,
    report_language: &'static str,
    period: Period,
    stamp: Stamp<'a>,
    records: Measure,
    records_with_text: Measure,
    records_analysed: u64,
    records_without_date: u64,
    at_a_glance: Vec<String>,
    net_sentiment: Measure,
    lead: score::Lead,
    score_change: Option<score::Change<'a>>,
    drivers: Option<score::DriversOfScore<'a>>,
    nps: Option<Nps>,
    csat: Option<Csat>,
    ratings: Vec<Rating>,
    service: service::Service<'a>,
    coverage: Measure,
    without_theme: Measure,
    sentiment: Vec<Class>,
    languages: Vec<Language>,
    weeks: Vec<Week>,
    themes: Vec<Theme<'a>>,
    frictions: Vec<Ranked<'a>>,
    delights: Vec<Ranked<'a>>,
    signals: signals::Signals<'a>,
    coherence: Option<groups::Coherence<'a>>,
    journey: Option<groups::Journey>,
    segments: Vec<groups::Segment<'a>>,
    cases: Vec<groups::Case<'a>>,
    actions: Vec<actions::Action<'a>>,
    /// Saved searches that are watched.
    topics: Vec<topics::Topic<'a>>,
    sources: Vec<Source<'a>>,
    rejected: Vec<Rejected<'a>>,
    thresholds: Thresholds,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Period {
    key: String,
    /// `column=value`, where the report is about a group.
    segment: Option<String>,
    /// What was chosen to compare with: a period or a group.
    against: Option<String>,
    from: Option<String>,
    to: Option<String>,
    is_complete: bool,
    previous_from: Option<String>,
    previous_to: Option<String>,
    mean_of_periods: u32,
    no_comparison: Option<&'static str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Stamp<'a> {
    version: &'a str,
    settings: &'a str,
    lexicons: Vec<Lexicon<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Lexicon<'a> {
    language: &'a str,
    hash: &'a str,
}

/// A number: its value, interval and base, what it was, and the charted weeks.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Measure {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: u64,
    basis: &'static str,
    previous: Option<Compared>,
    mean: Option<Compared>,
    last_year: Option<Compared>,
    weeks: Vec<Option<f64>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Compared {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: u64,
    difference: Option<f64>,
    difference_low: Option<f64>,
    difference_high: Option<f64>,
    p: Option<f64>,
    q: Option<f64>,
    verdict: Option<&'static str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Nps {
    #[serde(flatten)]
    score: Measure,
    wald_low: Option<f64>,
    wald_high: Option<f64>,
    /// Groups are withheld with the score: they would give it away.
    promoters: Option<u64>,
    passives: Option<u64>,
    detractors: Option<u64>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Csat {
    #[serde(flatten)]
    share: Measure,
    satisfied: Option<u64>,
    on_other_scales: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Rating {
    scale: f64,
    #[serde(flatten)]
    mean: Measure,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Class {
    label: &'static str,
    records: u64,
    #[serde(flatten)]
    share: Measure,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Language {
    code: String,
    records: u64,
    #[serde(flatten)]
    share: Measure,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Week {
    week: String,
    records: u64,
    with_text: u64,
    negative: u64,
    neutral: u64,
    positive: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Theme<'a> {
    id: &'a str,
    label: &'a str,
    keyphrases: &'a [String],
    records: u64,
    negative_records: u64,
    positive_records: u64,
    mentions: u64,
    first_seen: Option<String>,
    is_new: bool,
    impact: Option<score::ThemeImpact>,
    share: Measure,
    negative_share: Measure,
    positive_share: Measure,
    net_sentiment: Measure,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Ranked<'a> {
    id: &'a str,
    quotes: Vec<Quoted<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Quoted<'a> {
    id: &'a str,
    source: String,
    date: Option<String>,
    channel: Option<&'a str>,
    language: &'a str,
    /// As printed, the clause between `before` and `after`.
    before: &'a str,
    evidence: &'a str,
    after: &'a str,
    /// The clause in the record's stored text, in bytes.
    start: usize,
    end: usize,
    /// Records of the period that say the same; 1 when nobody else does.
    copies: u32,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Source<'a> {
    file: &'a str,
    format: &'a str,
    roles: Vec<Role<'a>>,
    read: u64,
    accepted: u64,
    refused: u64,
    duplicates: u64,
    empty: u64,
    /// The part of `empty` that is not the customers'.
    left_out: LeftOut,
    warnings: &'a [String],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Role<'a> {
    role: &'a str,
    column: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Rejected<'a> {
    source: String,
    reason: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Thresholds {
    minimum_base: u64,
    indicative_base: u64,
    minimum_rising_records: u64,
    false_discovery_rate: f64,
}

fn report<'a>(story: &'a Story) -> Report<'a> {
    let (analysis, numbers) = (story.analysis, story.numbers);
    let id = |index: &usize| analysis.themes[numbers.themes[*index].theme].id.as_str();
    let ranked = |order: &'a [usize], quotes: &'a [Vec<Quote<'a>>]| {
        order
            .iter()
            .map(|index| Ranked {
                id: id(index),
                quotes: quotes[*index]
                    .iter()
                    .map(|quote| quoted(story, quote))
                    .collect(),
            })
            .collect()
    };
    Report {
        format: FORMAT,
        report_language: story.words.language.code(),
        period: period(story),
        stamp: Stamp {
            version: &analysis.stamp.version,
            settings: &analysis.stamp.settings,
            lexicons: analysis
                .stamp
                .lexicons
                .iter()
                .map(|(language, hash)| Lexicon { language, hash })
                .collect(),
        },
        records: measure(&numbers.records),
        records_with_text: measure(&numbers.with_text),
        records_analysed: numbers.analysed,
        records_without_date: numbers.undated,
        at_a_glance: sections::glance(story),
        net_sentiment: measure(&numbers.net_sentiment),
        lead: score::lead(numbers.lead),
        score_change: (numbers.score_change.as_ref()).map(|one| score::change(story, one)),
        drivers: (numbers.drivers.as_ref()).map(|one| score::drivers(story, one)),
        nps: numbers.nps.as_ref().map(|nps| {
            let shown = |count| nps.score.current.value.map(|_| count);
            Nps {
                score: measure(&nps.score),
                wald_low: nps.wald.map(|interval| round(interval.low)),
                wald_high: nps.wald.map(|interval| round(interval.high)),
                promoters: shown(nps.promoters),
                passives: shown(nps.passives),
                detractors: shown(nps.detractors),
            }
        }),
        csat: numbers.csat.as_ref().map(|csat| Csat {
            share: measure(&csat.share),
            satisfied: csat.share.current.value.map(|_| csat.satisfied),
            on_other_scales: csat.on_other_scales,
        }),
        ratings: numbers
            .ratings
            .iter()
            .map(|rating| Rating {
                scale: f64::from(rating.scale),
                mean: measure(&rating.mean),
            })
            .collect(),
        service: service::service(story),
        coverage: measure(&numbers.coverage),
        without_theme: measure(&numbers.without_theme),
        sentiment: numbers
            .sentiment
            .iter()
            .map(|class| Class {
                label: class.label.name(),
                records: class.records,
                share: measure(&class.share),
            })
            .collect(),
        languages: numbers
            .languages
            .iter()
            .map(|one| Language {
                code: one.language.code().to_owned(),
                records: one.records,
                share: measure(&one.share),
            })
            .collect(),
        weeks: numbers.weeks.iter().map(week).collect(),
        themes: numbers
            .themes
            .iter()
            .map(|numbers| theme(story, numbers))
            .collect(),
        frictions: ranked(&numbers.frictions, &story.quotes.frictions),
        delights: ranked(&numbers.delights, &story.quotes.delights),
        signals: signals::signals(story),
        coherence: groups::coherence(story),
        journey: groups::journey(story),
        segments: groups::segments(story),
        cases: groups::cases(story),
        actions: actions::actions(story),
        topics: topics::topics(story),
        sources: analysis.files.iter().map(source).collect(),
        rejected: analysis
            .rejected
            .iter()
            .map(|row| Rejected {
                source: row.at.to_string(),
                reason: &row.reason,
            })
            .collect(),
        thresholds: Thresholds {
            minimum_base: numbers.settings.minimum_base,
            indicative_base: numbers.settings.indicative_base,
            minimum_rising_records: numbers.settings.minimum_rising_records,
            false_discovery_rate: numbers.settings.false_discovery_rate,
        },
    }
}

fn period(story: &Story) -> Period {
    let numbers = story.numbers;
    let day = |day: jiff::civil::Date| day.to_string();
    Period {
        key: numbers.period.to_string(),
        segment: numbers.segment.as_ref().map(ToString::to_string),
        against: numbers.against.as_ref().map(|reference| match reference {
            Reference::Period(period) => period.to_string(),
            Reference::Segment(segment) => segment.to_string(),
        }),
        from: numbers.from.map(day),
        to: numbers.to.map(day),
        is_complete: numbers.is_complete,
        previous_from: numbers.previous.map(|(from, _)| day(from)),
        previous_to: numbers.previous.map(|(_, to)| day(to)),
        mean_of_periods: numbers.mean_spans,
        no_comparison: numbers.no_comparison.map(|reason| match reason {
            NoComparison::WholeSpan => "whole_span",
            NoComparison::NoDates => "no_dates",
            NoComparison::NoHistory => "no_history",
        }),
    }
}

fn measure(measured: &Measured) -> Measure {
    let Estimate {
        n,
        value,
        interval,
        basis,
    } = measured.current;
    Measure {
        value: value.map(round),
        low: interval.map(|interval: Interval| round(interval.low)),
        high: interval.map(|interval| round(interval.high)),
        n,
        basis: match basis {
            Basis::Suppressed => "suppressed",
            Basis::Indicative => "indicative",
            Basis::Normal => "normal",
        },
        previous: measured.previous.as_ref().map(compared),
        mean: measured.mean.as_ref().map(compared),
        last_year: measured.last_year.as_ref().map(compared),
        weeks: measured.weeks.iter().map(|week| week.map(round)).collect(),
    }
}

fn compared(comparison: &Comparison) -> Compared {
    let before = &comparison.before;
    let difference = comparison.difference;
    Compared {
        value: before.value.map(round),
        low: before.interval.map(|interval| round(interval.low)),
        high: before.interval.map(|interval| round(interval.high)),
        n: before.n,
        difference: difference.map(|found| round(found.value)),
        difference_low: difference.map(|found| round(found.interval.low)),
        difference_high: difference.map(|found| round(found.interval.high)),
        p: difference.map(|found| round_chance(found.p)),
        q: comparison.q.map(round_chance),
        verdict: comparison.verdict.map(|verdict| match verdict {
            Verdict::Up => "up",
            Verdict::Down => "down",
            Verdict::Stable => "stable",
        }),
    }
}

fn week(week: &WeekVolume) -> Week {
    Week {
        week: week.week.to_string(),
        records: week.records,
        with_text: week.with_text,
        negative: week.negative,
        neutral: week.neutral,
        positive: week.positive,
    }
}

fn theme<'a>(story: &'a Story, numbers: &ThemeNumbers) -> Theme<'a> {
    let known = &story.analysis.themes[numbers.theme];
    Theme {
        id: &known.id,
        label: story.plain_name_of(known),
        keyphrases: &known.keyphrases,
        records: numbers.records,
        negative_records: numbers.negative_records,
        positive_records: numbers.positive_records,
        mentions: numbers.mentions,
        first_seen: numbers.first_seen.map(|day| day.to_string()),
        is_new: numbers.is_new,
        impact: numbers.impact.as_ref().map(score::impact),
        share: measure(&numbers.share),
        negative_share: measure(&numbers.negative_share),
        positive_share: measure(&numbers.positive_share),
        net_sentiment: measure(&numbers.net),
    }
}

fn quoted<'a>(story: &Story, quote: &'a Quote) -> Quoted<'a> {
    let feedback = &quote.record.feedback;
    Quoted {
        id: feedback.id(),
        source: feedback.place().to_string(),
        date: feedback
            .moment
            .map(|moment| moment.local.date().to_string()),
        channel: feedback.channel.as_deref(),
        language: quote.record.language.code(),
        before: &quote.before,
        evidence: &quote.evidence,
        after: &quote.after,
        start: quote.start,
        end: quote.end,
        copies: story.copies_of(quote.record),
    }
}

fn source(file: &FileBalance) -> Source<'_> {
    Source {
        file: &file.file,
        format: &file.format,
        roles: file
            .roles
            .iter()
            .map(|(role, column)| Role { role, column })
            .collect(),
        read: file.read,
        accepted: file.accepted,
        refused: file.refused,
        duplicates: file.duplicates,
        empty: file.empty,
        left_out: file.left_out,
        warnings: &file.warnings,
    }
}

#[cfg(test)]
mod tests {
    use super::{Report, to_bytes};

    /// The shape programs rely on is written down, and no change of a type changes it unseen.
    #[test]
    fn the_schema_that_is_committed_is_that_of_the_types() {
        let schema = schemars::schema_for!(Report);
        let written = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let committed = include_str!("json/report.schema.json");
        assert!(
            written == committed,
            "write this into src/report/formats/json/report.schema.json, and raise FORMAT where a field's meaning changed:\n{written}"
        );
    }

    #[test]
    fn controls_and_disguises_are_escapes_that_read_back() {
        let texts = [
            "a\u{9b}1m",
            "b\u{202e}\u{e0041}",
            "c\n\u{1b}",
            "été 👩\u{200d}👧",
        ];
        let bytes = to_bytes(&texts);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "[\n  \"a\\u009b1m\",\n  \"b\\u202e\\udb40\\udc41\",\n  \"c\\n\\u001b\",\n  \"été 👩\u{200d}👧\"\n]\n"
        );
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), texts);
    }
}
