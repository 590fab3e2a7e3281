//! `vocable export`: every analysed record, with every input column.

use crate::cli::{
    Outcome,
    args::{Export, ExportFormat},
    exit_code::ExitCode,
    lexicon::open,
    terminal::rounded,
};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use std::{
    fs::File,
    io::{BufWriter, Write},
    sync::Arc,
};
use vocable::{
    analysis::{Analysis, AnalyzedFeedback},
    error::Error,
    feedback::Service,
    report::disarm,
    workspace::Workspace,
};

/// What we add to a record, in this order. An input column of the same name is written as `input_<name>`.
const OURS: [&str; 18] = [
    "id",
    "source",
    "date",
    "week",
    "language",
    "sentiment",
    "polarity",
    "score",
    "theme",
    "themes",
    "cues",
    "customer",
    "conversation",
    "first_reply_seconds",
    "resolution_seconds",
    "closing_seconds",
    "copies",
    "text",
];

/// Runs the command.
pub fn export(export: &Export) -> Outcome {
    let lexicons = open(None, Some(&export.workspace.workspace))?;
    let workspace = Workspace::open(&export.workspace.workspace, &lexicons)?;
    let analysis = workspace.analysis()?;
    match &export.output {
        None => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            write(&mut out, export.format, &analysis)?;
            out.flush()?;
        }
        Some(path) => {
            let failed = |source| Error::Io {
                path: path.clone(),
                source,
                remedy: "name a file that can be written with --output",
            };
            let mut out = BufWriter::new(File::create(path).map_err(failed)?);
            write(&mut out, export.format, &analysis).map_err(failed)?;
            out.flush().map_err(failed)?;
        }
    }
    Ok(ExitCode::Done)
}

fn write(out: &mut impl Write, format: ExportFormat, analysis: &Analysis) -> std::io::Result<()> {
    let told = Told {
        analysis,
        customers: analysis.customer_names(),
        copies: analysis.copies(),
    };
    match format {
        ExportFormat::Jsonl => {
            for record in &analysis.records {
                serde_json::to_writer(&mut *out, &object(record, &told))?;
                out.write_all(b"\n")?;
            }
            Ok(())
        }
        ExportFormat::Csv => write_csv(out, &told),
    }
}

/// What an export says beside the records themselves.
struct Told<'a> {
    analysis: &'a Analysis,
    customers: FxHashMap<Arc<str>, String>,
    copies: FxHashMap<u64, u32>,
}

fn object(record: &AnalyzedFeedback, told: &Told<'_>) -> Map<String, Value> {
    let feedback = &record.feedback;
    let analysis = told.analysis;
    let name = |theme: u32| analysis.themes[theme as usize].label.as_str();
    let mut object = Map::new();
    let mut add = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    add("id", json!(feedback.id()));
    add("source", json!(feedback.place().to_string()));
    add(
        "date",
        json!(feedback.moment.map(|moment| moment.to_string())),
    );
    add(
        "week",
        json!(feedback.moment.map(|moment| moment.week().to_string())),
    );
    add("language", json!(record.language.code()));
    add("sentiment", json!(record.label().name()));
    add("polarity", json!(record.polarity().name()));
    add("score", json!(rounded(record.score)));
    add("theme", json!(record.primary_theme().map(name)));
    add(
        "themes",
        json!(record.themes().into_iter().map(name).collect::<Vec<_>>()),
    );
    let cues: Vec<&str> = record.cue_kinds().iter().map(|kind| kind.name()).collect();
    add("cues", json!(cues));
    let customer = feedback.customer.as_ref();
    add(
        "customer",
        json!(customer.and_then(|customer| told.customers.get(customer))),
    );
    let service = feedback.service.as_deref();
    let seconds = |of: fn(&Service) -> Option<u32>| json!(service.and_then(of));
    add(
        "conversation",
        json!(service.and_then(|service| service.conversation.as_deref())),
    );
    add(
        "first_reply_seconds",
        seconds(|service| service.first_reply_seconds),
    );
    add(
        "resolution_seconds",
        seconds(|service| service.resolution_seconds),
    );
    add(
        "closing_seconds",
        seconds(|service| service.closing_seconds),
    );
    add("copies", json!(told.copies.get(&record.copy_group)));
    add("text", json!(feedback.body()));
    let title = &*feedback.origin.title_column;
    if !title.is_empty() && feedback.body_start > 0 {
        add_input(&mut object, title, json!(feedback.title()));
    }
    let text = &*feedback.origin.text_column;
    if !text.is_empty() && text != "text" {
        add_input(&mut object, text, json!(feedback.body()));
    }
    let columns: Map<String, Value> = serde_json::from_str(&feedback.columns).unwrap_or_default();
    for (column, value) in columns {
        add_input(&mut object, &column, value);
    }
    object
}

fn add_input(object: &mut Map<String, Value>, column: &str, value: Value) {
    // The id as given is ours already; saying it twice would help nobody.
    if column == "id" && object.get("id") == Some(&value) {
        return;
    }
    let mut key = column.to_owned();
    while object.contains_key(&key) {
        key.insert_str(0, "input_");
    }
    object.insert(key, value);
}

fn write_csv(out: &mut impl Write, told: &Told<'_>) -> std::io::Result<()> {
    let mut columns: Vec<String> = OURS.iter().map(|name| (*name).to_owned()).collect();
    for record in &told.analysis.records {
        for key in object(record, told).keys() {
            if !columns.contains(key) {
                columns.push(key.clone());
            }
        }
    }
    let mut table = csv::Writer::from_writer(out);
    table.write_record(
        columns
            .iter()
            .map(|name| disarm(name))
            .collect::<Vec<_>>()
            .iter()
            .map(|name| &**name),
    )?;
    for record in &told.analysis.records {
        let object = object(record, told);
        let cells: Vec<String> = columns
            .iter()
            .map(|column| cell(column, object.get(column)))
            .collect();
        table.write_record(&cells)?;
    }
    table.flush()
}

fn cell(column: &str, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => disarm(text),
        Some(Value::Array(values)) if matches!(column, "themes" | "cues") => {
            let names: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            disarm(&names.join(" | "))
        }
        // Numbers may be negative: they are no formulas.
        Some(other) => other.to_string(),
    }
}
