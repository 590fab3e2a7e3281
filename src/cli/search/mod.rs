//! `vocable search`: the analyst's door to the workspace.

mod counts;
mod hits;

use crate::cli::{
    Outcome,
    args::{Search, SortArgument},
    config::Settings,
    exit_code::ExitCode,
    lexicon::open_stems,
    report::refuse_reversed,
};
use vocable::{
    error::{Error, Result},
    index::{Condition, Page, Query, Sort},
    workspace::Workspace,
};

/// Runs the command.
pub fn search(search: &Search) -> Outcome {
    refuse_reversed(search.from, search.to)?;
    let query = query(search)?;
    let folder = &search.workspace.workspace;
    let stems = open_stems(folder)?;
    let workspace = Workspace::open(folder, stems.clone())?;
    let mut records = workspace.search(&stems)?;
    let mut out = std::io::stdout().lock();
    if let Some(span) = search.over {
        let trend = counts::Trend::of(&mut records, &query, span, &search.count_by)?;
        trend.write(&mut out, search.format)?;
    } else if !search.count_by.is_empty() {
        let counted = records.count_by(&query, &search.count_by)?;
        counts::write(&mut out, search.format, &counted, &search.count_by)?;
    } else {
        let page = page(search);
        let found = match &search.similar_to {
            Some(id) => records.similar(id, &query, &page)?,
            None => records.find(&query, &page)?,
        };
        hits::write(&mut out, search, &found, workspace.themes())?;
    }
    Ok(ExitCode::Done)
}

fn page(search: &Search) -> Page {
    Page {
        sort: match search.sort {
            SortArgument::Relevance => Sort::Relevance,
            SortArgument::Date => Sort::Date,
            SortArgument::Sentiment => Sort::Sentiment,
        },
        limit: search.limit,
        after: search.after.clone(),
    }
}

/// What was typed, with the saved search and what the options narrow it to.
fn query(search: &Search) -> Result<Query> {
    let read = |text: &str| Query::parse(text).map_err(|error| Error::Query(error.to_string()));
    let mut query = read(&search.query)?;
    if let Some(name) = &search.saved {
        query = query.and(saved(search, name)?.asked().clone());
    }
    for (field, values) in [
        ("lang", &search.lang),
        ("channel", &search.channel),
        ("product", &search.product),
        ("customer", &search.customer),
        ("theme", &search.theme),
        ("sentiment", &search.sentiment),
    ] {
        query = query.and_one_of(values.iter().map(|value| Condition::of(field, value)));
    }
    let cues = search.cue.iter();
    query = query.and_one_of(cues.map(|kind| Condition::of("intent", kind.name())));
    let bound = |mark: f64| Some(mark.to_string());
    let rating =
        (search.rating).map(|(low, high)| Condition::within("rating", bound(low), bound(high)));
    query = query.and_one_of(rating);
    let day = |day: jiff::civil::Date| day.to_string();
    if search.from.is_some() || search.to.is_some() {
        let days = Condition::within("date", search.from.map(day), search.to.map(day));
        query = query.and_one_of([days]);
    }
    Ok(query)
}

fn saved(search: &Search, name: &str) -> Result<Query> {
    let settings = Settings::read(&search.workspace.workspace, None)?;
    let found = settings.searches.iter().find(|saved| saved.name == name);
    let Some(found) = found else {
        let names: Vec<&str> = (settings.searches.iter())
            .map(|saved| saved.name.as_str())
            .collect();
        let known = match names.is_empty() {
            true => "there is none; add [[search]] with name and query to vocable.toml".to_owned(),
            false => format!("there are {}", names.join(", ")),
        };
        return Err(Error::Query(format!(
            "no search is saved as \"{name}\"; {known}"
        )));
    };
    found
        .query()
        .map_err(|error| Error::Query(error.to_string()))
}
