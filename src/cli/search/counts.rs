//! Counts of a search, by fields and over time, as text, JSON and CSV.

use crate::cli::{
    args::SearchFormat,
    terminal::{counted, grouped, harmless_line, sparkline},
};
use serde::Serialize;
use std::io::Write;
use vocable::{
    error::Result,
    index::{Counts, Query, Row, Search, Span},
    report::disarm,
};

/// Rows of a table shown to a person; the other formats have all.
const MOST_ROWS: usize = 40;

/// Characters of a value shown to a person.
const MOST_WIDTH: usize = 40;

/// How a value that is not there is called.
const NONE: &str = "(none)";

fn share(count: u64, total: u64) -> f64 {
    if total == 0 {
        0.0
    } else {
        count as f64 / total as f64
    }
}

fn told(value: Option<&str>) -> String {
    let line = value.map_or(NONE.to_owned(), harmless_line);
    if line.chars().count() <= MOST_WIDTH {
        return line;
    }
    let shown: String = line.chars().take(MOST_WIDTH - 1).collect();
    format!("{shown}…")
}

fn width<'v>(values: impl Iterator<Item = Option<&'v str>>) -> usize {
    values
        .map(|value| told(value).chars().count())
        .max()
        .unwrap_or(0)
        .max(12)
}

#[derive(Serialize)]
struct CountsJson<'a> {
    total: u64,
    counts: Vec<CountJson<'a>>,
    without: u64,
}

#[derive(Serialize)]
struct CountJson<'a> {
    value: &'a str,
    count: u64,
    /// Of all matches.
    share: f64,
    /// By the second field, where there is one; shares are of this value's matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Vec<CountJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    without: Option<u64>,
}

/// Writes counts by one field or two.
pub fn write(
    out: &mut impl Write,
    format: SearchFormat,
    counts: &Counts,
    fields: &[String],
) -> std::io::Result<()> {
    let has_cells = fields.len() > 1;
    match format {
        SearchFormat::Text if has_cells => write_cells(out, counts),
        SearchFormat::Text => write_rows(out, counts),
        SearchFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &to_json(counts, has_cells))?;
            writeln!(out)
        }
        SearchFormat::Csv => write_csv(out, counts, has_cells),
    }
}

fn write_rows(out: &mut impl Write, counts: &Counts) -> std::io::Result<()> {
    let shown = &counts.rows[..counts.rows.len().min(MOST_ROWS)];
    let width = width(shown.iter().map(|row| row.value.as_deref()));
    for row in shown {
        let share = share(row.count, counts.total);
        write_row(out, &told(row.value.as_deref()), width, row.count, share)?;
    }
    write_total(out, counts)
}

fn write_row(
    out: &mut impl Write,
    value: &str,
    width: usize,
    count: u64,
    share: f64,
) -> std::io::Result<()> {
    let percent = 100.0 * share;
    writeln!(
        out,
        "{value:width$} {:>10} {percent:>6.1} %",
        grouped(count)
    )
}

fn write_cells(out: &mut impl Write, counts: &Counts) -> std::io::Result<()> {
    let shown = &counts.rows[..counts.rows.len().min(MOST_ROWS)];
    let cells = shown.iter().flat_map(|row| &row.cells);
    let width = width(
        (shown.iter().map(|row| row.value.as_deref()))
            .chain(cells.map(|(value, _)| value.as_deref())),
    ) + 2;
    for row in shown {
        let of_all = share(row.count, counts.total);
        write_row(out, &told(row.value.as_deref()), width, row.count, of_all)?;
        for (value, count) in row.cells.iter().take(MOST_ROWS) {
            let value = format!("  {}", told(value.as_deref()));
            write_row(out, &value, width, *count, share(*count, row.count))?;
        }
        if row.cells.len() > MOST_ROWS {
            let hidden = (row.cells.len() - MOST_ROWS) as u64;
            writeln!(out, "  … {} more", grouped(hidden))?;
        }
    }
    write_total(out, counts)
}

fn write_total(out: &mut impl Write, counts: &Counts) -> std::io::Result<()> {
    if counts.rows.len() > MOST_ROWS {
        let hidden = (counts.rows.len() - MOST_ROWS) as u64;
        writeln!(out, "… {} more; --format csv shows all", grouped(hidden))?;
    }
    writeln!(out, "{}", counted(counts.total, "record"))
}

fn to_json(counts: &Counts, has_cells: bool) -> CountsJson<'_> {
    CountsJson {
        total: counts.total,
        counts: (counts.rows.iter())
            .filter_map(|row| row_json(row, counts.total, has_cells))
            .collect(),
        without: (counts.rows.iter())
            .filter(|row| row.value.is_none())
            .map(|row| row.count)
            .sum(),
    }
}

fn row_json(row: &Row, total: u64, has_cells: bool) -> Option<CountJson<'_>> {
    let cells = row.cells.iter().filter_map(|(value, count)| {
        Some(CountJson {
            value: value.as_deref()?,
            count: *count,
            share: share(*count, row.count),
            by: None,
            without: None,
        })
    });
    let nones = row.cells.iter().filter(|(value, _)| value.is_none());
    Some(CountJson {
        value: row.value.as_deref()?,
        count: row.count,
        share: share(row.count, total),
        by: has_cells.then(|| cells.collect()),
        without: has_cells.then(|| nones.map(|(_, count)| count).sum()),
    })
}

fn write_csv(out: &mut impl Write, counts: &Counts, has_cells: bool) -> std::io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let cell = |value: &Option<String>| disarm(value.as_deref().unwrap_or(""));
    if has_cells {
        table.write_record(["value", "by", "count", "share"])?;
        for row in &counts.rows {
            for (value, count) in &row.cells {
                let share = share(*count, row.count).to_string();
                table.write_record([
                    &cell(&row.value),
                    &cell(value),
                    &count.to_string(),
                    &share,
                ])?;
            }
        }
    } else {
        table.write_record(["value", "count", "share"])?;
        for row in &counts.rows {
            let share = share(row.count, counts.total).to_string();
            table.write_record([&cell(&row.value), &row.count.to_string(), &share])?;
        }
    }
    table.flush()
}

/// Matches over time, beside all records of the same time.
#[derive(Serialize)]
pub struct Trend {
    total: u64,
    /// Matches without a date, which are in no stretch of time.
    without: u64,
    periods: Vec<Period>,
    /// By the values of a field, where one was named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<Series>,
}

#[derive(Serialize)]
struct Period {
    period: String,
    count: u64,
    /// All records of that time, whether they match or not.
    of: u64,
    share: f64,
}

#[derive(Serialize)]
struct Series {
    value: Option<String>,
    count: u64,
    /// One a period.
    counts: Vec<u64>,
}

/// Characters of a sparkline: the last of the periods, where there are more.
const MOST_BARS: usize = 40;

impl Trend {
    /// Counts the matches over time, and by a field where one is named.
    pub fn of(
        records: &mut Search<'_>,
        query: &Query,
        span: Span,
        count_by: &[String],
    ) -> Result<Self> {
        let over = name_of(span).to_owned();
        let counts = records.count_by(query, std::slice::from_ref(&over))?;
        let all = records.count_by(&Query::default(), std::slice::from_ref(&over))?;
        // Time goes on where nobody said anything of it: from the first record to the last, matching or not.
        let told = |counts: &Counts| -> Vec<String> {
            counts
                .rows
                .iter()
                .filter_map(|row| row.value.clone())
                .collect()
        };
        let times = told(&all);
        let names = match (times.first(), times.last()) {
            (Some(first), Some(last)) => span.between(first, last),
            _ => Vec::new(),
        };
        let of = |rows: &[Row], name: &str| {
            let place = rows.iter().find(|row| row.value.as_deref() == Some(name));
            place.map_or(0, |row| row.count)
        };
        let periods = names
            .iter()
            .map(|name| {
                let (count, of) = (of(&counts.rows, name), of(&all.rows, name));
                Period {
                    period: name.clone(),
                    count,
                    of,
                    share: share(count, of),
                }
            })
            .collect();
        let mut values = Vec::new();
        if let [field, ..] = count_by {
            let by = records.count_by(query, &[field.clone(), over])?;
            values.extend(by.rows.into_iter().map(|row| {
                let count_of = |name: &String| {
                    let cell = row
                        .cells
                        .iter()
                        .find(|(value, _)| value.as_ref() == Some(name));
                    cell.map_or(0, |(_, count)| *count)
                };
                Series {
                    counts: names.iter().map(count_of).collect(),
                    value: row.value,
                    count: row.count,
                }
            }));
        }
        Ok(Self {
            total: counts.total,
            without: (counts.rows.iter())
                .filter(|row| row.value.is_none())
                .map(|row| row.count)
                .sum(),
            periods,
            values,
        })
    }

    /// Writes it.
    pub fn write(&self, out: &mut impl Write, format: SearchFormat) -> std::io::Result<()> {
        match format {
            SearchFormat::Text if self.values.is_empty() => self.write_periods(out),
            SearchFormat::Text => self.write_series(out),
            SearchFormat::Json => {
                serde_json::to_writer_pretty(&mut *out, self)?;
                writeln!(out)
            }
            SearchFormat::Csv => self.write_csv(out),
        }
    }

    fn write_periods(&self, out: &mut impl Write) -> std::io::Result<()> {
        let counts: Vec<u64> = self.periods.iter().map(|period| period.count).collect();
        let skipped = counts.len().saturating_sub(MOST_ROWS);
        if skipped > 0 {
            writeln!(
                out,
                "… {} before; --format csv shows all",
                counted(skipped as u64, "period")
            )?;
        }
        let most = counts[skipped..].iter().copied().max().unwrap_or(0);
        for period in &self.periods[skipped..] {
            let bar = match most {
                0 => 0,
                most => (period.count * 30).div_ceil(most),
            };
            writeln!(
                out,
                "{:10} {:>10} {:>6.1} % of {:>9} {}",
                period.period,
                grouped(period.count),
                100.0 * period.share,
                grouped(period.of),
                "█".repeat(bar as usize)
            )?;
        }
        writeln!(
            out,
            "{}",
            sparkline(&counts[counts.len().saturating_sub(MOST_BARS)..])
        )?;
        self.write_total(out)
    }

    fn write_series(&self, out: &mut impl Write) -> std::io::Result<()> {
        let skipped = self.periods.len().saturating_sub(MOST_BARS);
        let shown = &self.values[..self.values.len().min(MOST_ROWS)];
        let width = width(shown.iter().map(|series| series.value.as_deref())).min(26);
        for series in shown {
            let value: String = told(series.value.as_deref()).chars().take(width).collect();
            writeln!(
                out,
                "{value:width$} {:>10} {}",
                grouped(series.count),
                sparkline(&series.counts[skipped..])
            )?;
        }
        if self.values.len() > MOST_ROWS {
            let hidden = (self.values.len() - MOST_ROWS) as u64;
            writeln!(out, "… {} more; --format csv shows all", grouped(hidden))?;
        }
        if let (Some(first), Some(last)) = (self.periods.get(skipped), self.periods.last()) {
            writeln!(out, "{} to {}", first.period, last.period)?;
        }
        self.write_total(out)
    }

    fn write_total(&self, out: &mut impl Write) -> std::io::Result<()> {
        let without = match self.without {
            0 => String::new(),
            without => format!(", {} of them without a date", grouped(without)),
        };
        writeln!(out, "{}{without}", counted(self.total, "record"))
    }

    fn write_csv(&self, out: &mut impl Write) -> std::io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        if self.values.is_empty() {
            table.write_record(["period", "count", "of", "share"])?;
            for Period {
                period,
                count,
                of,
                share,
            } in &self.periods
            {
                table.write_record([
                    period,
                    &count.to_string(),
                    &of.to_string(),
                    &share.to_string(),
                ])?;
            }
        } else {
            table.write_record(["value", "period", "count"])?;
            for series in &self.values {
                let value = disarm(series.value.as_deref().unwrap_or(""));
                for (period, count) in self.periods.iter().zip(&series.counts) {
                    table.write_record([&value, &period.period, &count.to_string()])?;
                }
            }
        }
        table.flush()
    }
}

fn name_of(span: Span) -> &'static str {
    let named = Span::ALL.iter().find(|(known, _)| *known == span);
    named.map_or("week", |(_, name)| name)
}
