//! Strengths of rules: each in turn is tried at several values, and the one that tells good from bad best stays.

use crate::{
    analysis::fitting::corpus::Corpus,
    language::{Lexicons, Rule, Rules},
    sentiment::NEUTRAL_BAND,
    statistics::classification,
};
use std::collections::BTreeMap;

/// The rules that are searched, with the values tried: around what tables are written with. Wishes and the past are never
/// made weaker: mild ones are many, and would take the sense of "aurait été bien" and "used to be good" away. Contrast
/// is not made weaker either: what comes after "mais" is what people mean.
const TRIED: [(Rule, &[f32]); 12] = [
    (Rule::Denial, &[-0.3, -0.25, -0.2, -0.15, -0.1, -0.05, 0.0]),
    (Rule::Negation, &[0.4, 0.6, 0.8, 1.0, 1.25, 1.5]),
    (Rule::Contrast, &[1.0, 1.5, 2.0]),
    (Rule::Ending, &[1.15, 1.3, 1.5, 1.75]),
    (Rule::Title, &[1.0, 1.25, 1.5, 2.0]),
    (Rule::Question, &[0.3, 0.5, 0.7, 0.85, 1.0]),
    (Rule::Boosting, &[0.0, 0.5, 1.0, 1.5, 2.0]),
    (Rule::Dampening, &[0.5, 0.75, 1.0, 1.25, 1.5]),
    (Rule::Wish, &[1.0, 1.15, 1.3]),
    (Rule::Past, &[1.0, 1.25]),
    (Rule::Exclamation, &[0.9, 1.0, 1.1, 1.25, 1.5]),
    (Rule::Capitals, &[1.0, 1.1, 1.25, 1.5]),
];

/// Texts that strengths are searched on.
const SAMPLE: usize = 8_000;

/// A strength moves only when it lowers the loss by this share: below it is chance.
const WORTH_MOVING: f64 = 0.0005;

/// The strengths under which the texts are told apart best, by one pass over the rules.
pub fn search(corpus: &Corpus<'_>, lexicons: &Lexicons, sharpness: f64) -> Rules {
    let surfaces = corpus.surfaces(lexicons);
    let step = corpus.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<usize> = (0..corpus.len()).step_by(step).collect();
    let mut trial = lexicons.languages[corpus.position].rules.clone();
    let loss = |rules: &Rules| -> f64 {
        corpus
            .judge(
                lexicons,
                rules,
                &surfaces,
                Some(&sample),
                |text, verdict| surprise(corpus, text, sharpness * f64::from(verdict.sum)),
            )
            .iter()
            .sum()
    };
    let mut best = loss(&trial);
    for (rule, values) in TRIED {
        let kept = trial.of(rule);
        let mut chosen = kept;
        for &value in values.iter().filter(|value| **value != kept) {
            trial.set(rule, value);
            let found = loss(&trial);
            if found < best * (1.0 - WORTH_MOVING) {
                (best, chosen) = (found, value);
            }
        }
        trial.set(rule, chosen);
    }
    trial
}

/// How surprising a text's side is to who expects good with probability σ(sum), times how much the text counts.
fn surprise(corpus: &Corpus<'_>, text: usize, sum: f64) -> f64 {
    let sign = if corpus.is_positive(text) { 1.0 } else { -1.0 };
    let margin = sign * sum;
    corpus.weight(text) * ((-margin.abs()).exp().ln_1p() + (-margin).max(0.0))
}

/// How sharply a sum of evidence tells good from bad under given tables: a sum of 1 makes good e to this power times as
/// likely as bad. 0.5 to 12.
pub fn sharpness(corpus: &Corpus<'_>, lexicons: &Lexicons) -> f64 {
    let sums: Vec<f64> = corpus
        .trace(lexicons)
        .iter()
        .map(|traced| f64::from(traced.sum))
        .collect();
    (1..=24)
        .map(|half| f64::from(half) * 0.5)
        .map(|sharpness| {
            let loss: f64 = sums
                .iter()
                .enumerate()
                .map(|(text, sum)| surprise(corpus, text, sharpness * sum))
                .sum();
            (loss, sharpness)
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(1.0, |(_, sharpness)| sharpness)
}

/// Sums of evidence below which a text may be left neutral.
const BANDS: [f32; 9] = [0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15];

/// How much three classes count beside two, when the width of neutral is chosen.
const THREE_CLASSES: f64 = 0.1;

/// Share of neutral texts from which on a file is one of three classes.
const NEUTRAL_SHARE: f64 = 0.03;

/// The saturation whose neutral band tells the files' texts apart best: the mean over files of macro-F1 on good against bad,
/// a text left neutral counting as wrong, and with less weight of macro-F1 on all three.
pub fn saturation(corpus: &Corpus<'_>, lexicons: &Lexicons, position: usize) -> f32 {
    let surfaces = corpus.surfaces(lexicons);
    let rules = &lexicons.languages[position].rules;
    let sums = corpus.judge(lexicons, rules, &surfaces, None, |_, verdict| verdict.sum);
    let mut files: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for text in 0..corpus.len() {
        files.entry(corpus.file(text)).or_default().push(text);
    }
    let truth = |text: usize| match (corpus.is_neutral(text), corpus.is_positive(text)) {
        (true, _) => "neu",
        (_, true) => "pos",
        _ => "neg",
    };
    let quality = |band: f32| -> f64 {
        let given = |text: usize| match sums[text] {
            sum if sum >= band => "pos",
            sum if sum <= -band => "neg",
            _ => "neu",
        };
        let score = |texts: &[usize]| {
            let given: Vec<&str> = texts.iter().map(|text| given(*text)).collect();
            let truth: Vec<&str> = texts.iter().map(|text| truth(*text)).collect();
            classification(&given, &truth).macro_f1
        };
        files
            .values()
            .map(|texts| {
                let polar: Vec<usize> = texts
                    .iter()
                    .copied()
                    .filter(|text| !corpus.is_neutral(*text))
                    .collect();
                let neutral = (texts.len() - polar.len()) as f64 / texts.len() as f64;
                let three = if neutral >= NEUTRAL_SHARE {
                    THREE_CLASSES * score(texts)
                } else {
                    0.0
                };
                score(&polar) + three
            })
            .sum()
    };
    let best = BANDS
        .into_iter()
        .map(|band| (quality(band), band))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)))
        .map_or(BANDS[0], |(_, band)| band);
    best * best * (1.0 / (NEUTRAL_BAND * NEUTRAL_BAND) - 1.0)
}
