//! `vocable inspect`: how files will be read, before anything is imported.

use crate::cli::{
    Outcome,
    args::Inspect,
    config::read_mapping,
    exit_code::ExitCode,
    terminal::{counted, folded, grouped, harmless_line},
};
use std::io::Write;
use vocable::ingest::{self, DateOrder, Inspection};

/// Refused rows shown; `run` lists all of them.
const REFUSED_SHOWN: usize = 5;

/// Runs the command.
pub fn inspect(inspect: &Inspect) -> Outcome {
    let mut settings = ingest::Settings::default();
    if let Some(path) = &inspect.mapping {
        settings.mapping = read_mapping(path)?;
    }
    let mut out = std::io::stdout().lock();
    for path in ingest::files(&inspect.paths)? {
        let inspection = ingest::inspect(&path, &settings)?;
        show(&mut out, &inspection)?;
    }
    Ok(ExitCode::Done)
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
        let why = folded(&harmless_line(&column.why), &" ".repeat(45));
        let role = column.role.name();
        writeln!(out, "    {name:30} {role:9} {}", why.trim_start())?;
    }
    for warning in &balance.warnings {
        writeln!(
            out,
            "{}",
            folded(&format!("note: {}", harmless_line(warning)), "  ")
        )?;
    }
    for row in inspection.rejected.iter().take(REFUSED_SHOWN) {
        writeln!(
            out,
            "{}",
            folded(&format!("refused: {}: {}", row.at, row.reason), "  ")
        )?;
    }
    if inspection.rejected.len() > REFUSED_SHOWN {
        writeln!(
            out,
            "  … and {} more refused",
            grouped((inspection.rejected.len() - REFUSED_SHOWN) as u64)
        )?;
    }
    if !inspection.first.is_empty() {
        writeln!(out, "  first records:")?;
    }
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
        let beginning: String = record.text.chars().take(200).collect();
        if !beginning.is_empty() {
            writeln!(out, "{}", folded(&harmless_line(&beginning), "      "))?;
        }
    }
    writeln!(out)
}
