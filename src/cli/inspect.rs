//! `vocable inspect`: how files will be read, before anything is imported.

use crate::cli::{
    Outcome,
    args::Inspect,
    config::read_mapping,
    exit_code::ExitCode,
    terminal::{counted, folded, grouped, harmless_line},
};
use std::{fs::File, io::Write, path::Path};
use vocable::{
    error::{Error, Result},
    ingest::{self, DateOrder, Inspection},
    privacy,
};

/// Runs the command.
pub fn inspect(inspect: &Inspect) -> Outcome {
    let mut settings = ingest::Settings::default();
    if let Some(path) = &inspect.mapping {
        settings.mapping = read_mapping(path)?;
    }
    let mut out = std::io::stdout().lock();
    let mut inspections = Vec::new();
    for path in ingest::files(&inspect.paths, inspect.follow_links)? {
        for inspection in ingest::inspect(&path, &settings)? {
            show(&mut out, &inspection)?;
            inspections.push(inspection);
        }
    }
    if let Some(path) = &inspect.write_mapping {
        write_mapping(path, &inspections)?;
        let shown = harmless_line(&path.display().to_string());
        writeln!(
            out,
            "Mapping written: {shown}. Correct it, then: vocable run FILE --mapping {shown}"
        )?;
    }
    Ok(ExitCode::Done)
}

/// Writes what was understood of one table; never over a file that somebody may have corrected.
fn write_mapping(path: &Path, inspections: &[Inspection]) -> Result<()> {
    let [inspection] = inspections else {
        return Err(Error::Settings {
            place: "--write-mapping".to_owned(),
            reason: format!(
                "a mapping is of one table, and {} were looked at; name one file",
                inspections.len()
            ),
        });
    };
    let failed = |source| Error::Io {
        path: path.to_owned(),
        source,
        remedy: "name a file that does not exist yet",
    };
    let mut file = File::create_new(path).map_err(failed)?;
    file.write_all(inspection.starter_mapping().as_bytes())
        .map_err(failed)
}

fn show(out: &mut impl Write, inspection: &Inspection) -> std::io::Result<()> {
    let balance = &inspection.balance;
    writeln!(out, "{}", harmless_line(&balance.file))?;
    writeln!(out, "  {}", harmless_line(&balance.format))?;
    writeln!(
        out,
        "  {} = {} accepted + {} refused + {} empty",
        counted(balance.read, "row"),
        grouped(balance.accepted),
        grouped(balance.refused),
        grouped(balance.empty)
    )?;
    if let Some(order) = inspection.date_order {
        let order = match order {
            DateOrder::DayFirst => "day first",
            DateOrder::MonthFirst => "month first",
        };
        writeln!(out, "  dates: {order}")?;
    }
    if let Some(scale) = inspection.rating_scale {
        writeln!(out, "  ratings: on {scale}")?;
    }
    writeln!(out, "  columns:")?;
    for column in &inspection.columns {
        let name: String = harmless_line(&column.name).chars().take(30).collect();
        let why = folded(&harmless_line(&column.why), &" ".repeat(48));
        let role = column.role.name();
        writeln!(out, "    {name:30} {role:12} {}", why.trim_start())?;
    }
    for warning in &balance.warnings {
        writeln!(
            out,
            "{}",
            folded(&format!("note: {}", harmless_line(warning)), "  ")
        )?;
    }
    for row in &inspection.rejected {
        writeln!(
            out,
            "{}",
            folded(&format!("refused: {}: {}", row.at, row.reason), "  ")
        )?;
    }
    let more = balance.refused - inspection.rejected.len() as u64;
    if more > 0 {
        writeln!(out, "  … and {} more refused", grouped(more))?;
    }
    if !inspection.first.is_empty() {
        writeln!(out, "  first records:")?;
    }
    let privacy = privacy::Settings::default();
    for record in &inspection.first {
        let mut facts = vec![format!("line {}", record.line)];
        facts.extend(record.moment.map(|moment| moment.to_string()));
        facts.extend(
            record
                .rating
                .map(|rating| format!("{}/{}", rating.value, rating.scale)),
        );
        facts.extend(record.nps.map(|nps| format!("NPS {nps}")));
        facts.extend(record.channel.as_deref().map(harmless_line));
        facts.extend(record.product.as_deref().map(harmless_line));
        writeln!(out, "    {}", facts.join(" · "))?;
        // As it will be stored: a terminal is copied into tickets and logs.
        let masked = privacy::mask(&record.text, &privacy);
        let beginning: String = masked.text.chars().take(200).collect();
        if !beginning.is_empty() {
            writeln!(out, "{}", folded(&harmless_line(&beginning), "      "))?;
        }
    }
    writeln!(out)
}
