//! Files that people write: settings, mapping, plan, theme book, tables of words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use vocable::{
    actions::ActionPlan,
    calendar::{Moment, Week},
    error::Result,
    ingest::{Mapping, Role},
    language::concepts::Catalogue,
    language::{
        Lexicon, Rules, ServiceStates, embedded_tables, polarity_rows, repaired, repaired_patterns,
        verify,
    },
    themes::Book,
};
use vocable_fuzz::{check_sentence, folder, lexicons, prepare};

/// As the program reads them.
#[allow(dead_code, reason = "the program uses the rest")]
#[path = "../../src/cli/config.rs"]
mod config;

fn kept<T>(read: Result<T>) -> Option<T> {
    read.inspect_err(|error| check_sentence(&error.to_string()))
        .ok()
}

fn check_settings(text: &str) {
    std::fs::write(folder().join("vocable.toml"), text).expect("there is room for a small file");
    if let Some(settings) = kept(config::Settings::read(folder(), None)) {
        assert!(settings.metrics.check().is_ok() && settings.report.check().is_ok());
        assert!(
            settings
                .searches
                .iter()
                .all(|search| search.query().is_ok())
        );
        let _ = settings.analysis();
    }
    kept(ActionPlan::parse(text, "actions.toml"));
    if let Some(mapping) = kept(Mapping::parse(text, "mapping.toml")) {
        let has = |role: Role| {
            mapping
                .columns
                .iter()
                .filter(|column| column.role == role)
                .count()
        };
        assert!(
            Role::ALL
                .iter()
                .all(|role| !role.is_single() || has(*role) <= 1)
        );
        assert!(
            mapping
                .rating_scale
                .is_none_or(|scale| scale > 0.0 && scale.is_finite())
        );
    }
}

fn check_book(text: &str) {
    let Some(book) = kept(Book::parse(text, "themes.toml")) else {
        return;
    };
    let printed = book.print(text);
    let again = Book::parse(&printed, "themes.toml").expect("what is printed can be read");
    assert!(
        again.entries == book.entries,
        "printed, the book says something else: {printed}"
    );
    assert_eq!(again.print(&printed), printed);
    for entry in &book.entries {
        let _ = (book.target(&entry.id), book.line(&entry.id));
    }
    let known = lexicons().catalogue.concepts().iter();
    let known: BTreeMap<String, Vec<String>> = known
        .map(|concept| (concept.id.clone(), vec![concept.en.clone()]))
        .collect();
    let problems = book.check(&known, "themes.toml");
    problems.iter().for_each(|problem| check_sentence(problem));
    // Phrases go into the tables of concepts only when nothing else is wrong.
    if problems.is_empty() {
        for phrase in book
            .entries
            .iter()
            .flat_map(|entry| entry.phrases.iter().chain(&entry.except))
        {
            check_tables(&format!("theme\tpattern\tnote\nrefund\t{phrase}\tbook\n"));
        }
    }
}

/// The text as every table of a language in turn, the others as small as they may be.
fn check_tables(text: &str) {
    let [mut tables, _] = embedded_tables();
    for table in [
        &mut tables.polarity,
        &mut tables.modifiers,
        &mut tables.cues,
        &mut tables.concepts,
    ] {
        *table = format!("{}\n", table.lines().next().unwrap_or_default()).into();
    }
    tables.vectors = "".into();
    let read = |change: &dyn Fn(&mut vocable::language::Tables)| {
        let mut tables = tables.clone();
        change(&mut tables);
        verify(&tables)
            .iter()
            .for_each(|finding| check_sentence(&finding.reason));
        kept(Lexicon::read(
            &tables,
            &lexicons().scanner,
            &lexicons().catalogue,
        ));
    };
    let own = || text.to_owned().into();
    match text.split(['\t', '\n']).next().unwrap_or_default() {
        "phrase" if text.starts_with("phrase\tweight") => read(&|tables| tables.polarity = own()),
        "phrase" => read(&|tables| tables.modifiers = own()),
        "kind" | "cue" => read(&|tables| tables.cues = own()),
        "theme" => read(&|tables| tables.concepts = own()),
        "rule" => read(&|tables| tables.rules = own()),
        "word" | "vectors" => read(&|tables| tables.vectors = own()),
        "name" => read(&|tables| tables.language = own()),
        _ => {}
    }
    if let Some(rows) = kept(polarity_rows(text, "polarity.tsv")) {
        let header = text.lines().next().unwrap_or_default();
        let lines: Vec<String> = rows.iter().map(|row| row.line()).collect();
        let printed = format!("{header}\n{}\n", lines.join("\n"));
        let again = polarity_rows(&printed, "polarity.tsv");
        // Two digits are kept of a weight, and what becomes 0 by it is refused.
        assert!(again.is_ok() || printed.contains("0.00"), "{printed}");
    }
    for repair in [repaired, repaired_patterns] {
        let once = repair(text);
        assert_eq!(repair(&once), once);
    }
    kept(Rules::read(text, "rules.tsv"));
    kept(ServiceStates::read(text, "service_states.tsv"));
    kept(Catalogue::read(text, "concepts.toml"));
}

fn check_days(text: &str) {
    for line in text.lines().take(4) {
        if let Ok(week) = line.parse::<Week>() {
            assert_eq!(Week::of(week.monday()), week);
            assert_eq!(week.to_string().parse::<Week>().ok(), Some(week));
            let _ = (week.sunday(), week.plus(1), week.plus(-1));
        }
        if let Ok(moment) = line.parse::<Moment>() {
            assert_eq!(moment.to_string().parse::<Moment>().ok(), Some(moment));
            let _ = moment.week();
        }
    }
}

fuzz_target!(init: { prepare(); lexicons(); }, |bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    check_settings(&text);
    check_book(&text);
    check_tables(&text);
    check_days(&text);
});
