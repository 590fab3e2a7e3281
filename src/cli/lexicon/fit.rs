//! `vocable lexicon fit`: weights learnt from customers' own marks.

use crate::cli::{
    Outcome,
    args::LexiconFit,
    config::set_threads,
    exit_code::ExitCode,
    lexicon::{read_rated, tables_of, write_table},
    terminal::{harmless_line, warn},
};
use std::{io::Write, path::Path};
use vocable::{
    analysis::fitting::{
        Fitted, FittedRow, FoldScore, Rated, Settings, cross_validate, fifths, fit as fit_tables,
        folds,
    },
    error::{Error, Result},
    language::{Language, Rule, Tables, embedded_tables},
};

/// Texts a language needs on either side: fewer teach nothing that lasts.
const LEAST_TEXTS: usize = 50;

/// Runs the command.
pub fn fit(fit: &LexiconFit) -> Outcome {
    set_threads(fit.threads);
    let tables = match &fit.lexicons {
        Some(folder) => tables_of(folder)?,
        None => embedded_tables(),
    };
    let rated = read_rated(&fit.files, fit.column.as_deref())?;
    check_sides(&rated)?;
    let settings = Settings::default();
    let all: Vec<&Rated> = rated.iter().collect();
    let mut out = std::io::stdout().lock();
    let mut languages = Vec::new();
    let mut outcomes = Vec::new();
    for language in [Language::French, Language::English] {
        let position = language.embedded().expect("both have tables");
        let fitted = fit_tables(language, &tables, &all, &settings)?;
        let moved = fitted.rows.iter().filter(|row| row.seen > 0).count();
        if fitted.texts == 0 {
            continue;
        }
        if moved == 0 || (fitted.texts as usize) < 2 * LEAST_TEXTS {
            warn(&format!(
                "{} rated texts in {language} are too few; its tables stay as they are",
                fitted.texts
            ));
            continue;
        }
        languages.push(language);
        outcomes.push((position, fitted));
    }
    if outcomes.is_empty() {
        return Err(Error::Settings {
            place: fit.files[0].display().to_string(),
            reason: format!(
                "no language has enough rated texts; {LEAST_TEXTS} good and {LEAST_TEXTS} bad ones are the least"
            ),
        }
        .into());
    }
    for (position, fitted) in &outcomes {
        print_changes(&mut out, &tables[*position], fitted, fit.top)?;
    }
    if !fit.no_validation {
        let names: Vec<String> = fit.files.iter().map(|path| name(path)).collect();
        let folds = if fit.five_folds {
            fifths(&rated)
        } else {
            folds(&rated, &names)
        };
        let scores = cross_validate(&rated, &folds, &languages, &tables, &settings, &|_| {})?;
        let scores: Vec<FoldScore> = scores.into_iter().map(|(score, _)| score).collect();
        print_validation(&mut out, &scores)?;
    }
    for (position, fitted) in &outcomes {
        let folder = fit.into.join(tables[*position].code);
        for (name, text) in [
            ("polarity.tsv", fitted.polarity_table()),
            ("rules.tsv", fitted.rules_table(&tables[*position].rules)),
        ] {
            write_table(&folder, name, &text)?;
        }
        writeln!(out, "written  {}", folder.display())?;
    }
    Ok(ExitCode::Done)
}

fn name(path: &Path) -> String {
    path.file_stem().map_or_else(
        || path.display().to_string(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

/// Refuses what teaches nothing: no marks, or marks on one side alone.
fn check_sides(rated: &[Rated]) -> Result<()> {
    let [good, bad] = [true, false].map(|side| {
        rated
            .iter()
            .filter(|rated| rated.is_positive == Some(side))
            .count()
    });
    let reason = match (good, bad) {
        (0, 0) => {
            "no text has a mark or a label; name the column of pos, neg and neu with --column"
        }
        (_, 0) => "every text is good; a fit needs bad ones too",
        (0, _) => "every text is bad; a fit needs good ones too",
        _ => return Ok(()),
    };
    Err(Error::Settings {
        place: "lexicon fit".to_owned(),
        reason: reason.to_owned(),
    })
}

fn print_changes(
    out: &mut impl Write,
    tables: &Tables,
    fitted: &Fitted,
    top: usize,
) -> std::io::Result<()> {
    let learnt = fitted.rows.iter().filter(|row| row.hand.is_none());
    let moved = fitted
        .rows
        .iter()
        .filter(|row| row.hand.is_some() && row.seen > 0);
    writeln!(
        out,
        "{}       {} rated texts: {} rows by hand moved, {} words and phrases learnt",
        tables.code,
        fitted.texts,
        moved.clone().count(),
        learnt.clone().count()
    )?;
    for (rule, name, ..) in Rule::ALL {
        let (now, before) = (fitted.rules.of(rule), fitted.rules_before.of(rule));
        if now != before {
            writeln!(out, "rule     {name:<14} {before:>6.2} → {now:.2}")?;
        }
    }
    let mut most: Vec<&FittedRow> = moved.collect();
    most.sort_by(|a, b| {
        let by = |row: &FittedRow| (row.weight - row.before).abs();
        by(b)
            .total_cmp(&by(a))
            .then_with(|| a.phrase.cmp(&b.phrase))
    });
    for row in most.iter().take(top) {
        writeln!(
            out,
            "moved    {:+.2} → {:+.2}  {:<30} {:>6} texts",
            row.before,
            row.weight,
            harmless_line(&row.phrase),
            row.seen
        )?;
    }
    let mut most: Vec<&FittedRow> = learnt.collect();
    most.sort_by(|a, b| {
        let by = |row: &FittedRow| row.weight.abs() * (row.seen as f32).sqrt();
        by(b)
            .total_cmp(&by(a))
            .then_with(|| a.phrase.cmp(&b.phrase))
    });
    for row in most.iter().take(top) {
        writeln!(
            out,
            "learnt           {:+.2}  {:<30} {:>6} texts",
            row.weight,
            harmless_line(&row.phrase),
            row.seen
        )?;
    }
    Ok(())
}

fn print_validation(out: &mut impl Write, scores: &[FoldScore]) -> std::io::Result<()> {
    writeln!(
        out,
        "\nheld out                       texts  as given  fitted"
    )?;
    for score in scores {
        writeln!(
            out,
            "{:<30} {:>5}     {:.3}   {:.3}",
            score.name, score.texts, score.before, score.after
        )?;
    }
    let mean =
        |of: fn(&FoldScore) -> f64| scores.iter().map(of).sum::<f64>() / scores.len().max(1) as f64;
    let (before, after) = (mean(|score| score.before), mean(|score| score.after));
    writeln!(
        out,
        "{:<30} {:>5}     {before:.3}   {after:.3}  gain {:+.3}",
        "mean",
        "",
        after - before
    )
}
