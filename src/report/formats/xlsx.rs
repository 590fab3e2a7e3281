//! `report.xlsx`: indicators, themes, verbatims and refused rows as numbers and texts a spreadsheet can work on, with its own
//! charts. Texts are written as texts, never as formulas.

use super::{
    super::{
        Story,
        block::Document,
        sections::{Indicator, Unit, indicators},
        tame::tame_keeping_lines,
    },
    json::round,
    verbatims,
};
use crate::metrics::{Comparison, Measured, ThemeNumbers, Verdict};
use rust_xlsxwriter::{
    Chart, ChartType, Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Workbook, Worksheet, XlsxError,
};

/// Characters a cell holds.
const LONGEST_CELL: usize = 32_767;

/// Rows of verbatims and of refused rows; the CSV files have all of them.
const MOST_ROWS: usize = 100_000;

/// Themes a chart has room for.
const CHARTED_THEMES: usize = 10;

pub(super) fn write(story: &Story, _: &Document) -> Vec<u8> {
    workbook(story).expect("sheets have fixed names and sizes within those of the format")
}

fn workbook(story: &Story) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day is the report's: the same report gives the same bytes.
    let day = story.numbers.to.map_or((2000, 1, 1), |day| {
        (
            day.year().unsigned_abs(),
            day.month().unsigned_abs(),
            day.day().unsigned_abs(),
        )
    });
    let made = ExcelDateTime::from_ymd(day.0.max(1900), day.1, day.2)?;
    book.set_properties(
        &DocProperties::new()
            .set_title(story.words.text("page.kind"))
            .set_creation_datetime(&made),
    );
    indicators_sheet(story, book.add_worksheet())?;
    themes_sheet(story, book.add_worksheet())?;
    verbatims_sheet(story, book.add_worksheet())?;
    rejects_sheet(story, book.add_worksheet())?;
    book.save_to_buffer()
}

/// A sheet being written row by row under its header.
struct Rows<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
}

impl<'a> Rows<'a> {
    fn under(sheet: &'a mut Worksheet, header: &[String]) -> Result<Self, XlsxError> {
        let style = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_background_color(Color::RGB(0x00EE_F1F4))
            .set_border_bottom(FormatBorder::Thin);
        for (column, name) in (0..).zip(header) {
            sheet.write_string_with_format(0, column, text(name), &style)?;
        }
        sheet.set_freeze_panes(1, 1)?;
        Ok(Self {
            sheet,
            row: 0,
            column: 0,
        })
    }

    fn next(&mut self) {
        self.row += 1;
        self.column = 0;
    }

    fn text(&mut self, value: &str) -> Result<(), XlsxError> {
        if !value.is_empty() {
            self.sheet
                .write_string(self.row, self.column, text(value))?;
        }
        self.column += 1;
        Ok(())
    }

    fn number(&mut self, value: Option<f64>, unit: Unit) -> Result<(), XlsxError> {
        if let Some(value) = value {
            // A spreadsheet shows no negative time, so that times are hours here.
            let value = match unit {
                Unit::Duration | Unit::WorkingTime => value / 3600.0,
                _ => value,
            };
            let format = Format::new().set_num_format(match unit {
                Unit::Count => "#,##0.##",
                Unit::Share => "0.0%",
                Unit::Net => "+0.0;-0.0;0.0",
                Unit::Mark => "0.00",
                Unit::Duration | Unit::WorkingTime => "#,##0.00\" h\"",
                Unit::Amount => "#,##0.00",
            });
            self.sheet
                .write_number_with_format(self.row, self.column, round(value), &format)?;
        }
        self.column += 1;
        Ok(())
    }

    fn count(&mut self, value: u64) -> Result<(), XlsxError> {
        self.number(Some(value as f64), Unit::Count)
    }
}

/// A text as a cell takes it.
fn text(value: &str) -> String {
    tame_keeping_lines(value)
        .chars()
        .take(LONGEST_CELL)
        .collect()
}

fn verdict(story: &Story, comparison: Option<&Comparison>) -> String {
    let key = match comparison.and_then(|one| one.verdict) {
        Some(Verdict::Up) => "verdict.up",
        Some(Verdict::Down) => "verdict.down",
        Some(Verdict::Stable) => "verdict.stable",
        None => return String::new(),
    };
    story.words.text(key)
}

/// Value, interval and base; then what it was, the difference, its interval and the verdict against each earlier one.
fn measured(
    rows: &mut Rows,
    story: &Story,
    measured: &Measured,
    unit: Unit,
) -> Result<(), XlsxError> {
    let current = &measured.current;
    rows.number(current.value, unit)?;
    rows.number(current.interval.map(|interval| interval.low), unit)?;
    rows.number(current.interval.map(|interval| interval.high), unit)?;
    rows.count(current.n)?;
    for comparison in [&measured.previous, &measured.mean, &measured.last_year] {
        let one = comparison.as_ref();
        let difference = one.and_then(|one| one.difference);
        rows.number(one.and_then(|one| one.before.value), unit)?;
        rows.number(difference.map(|found| found.value), unit)?;
        rows.number(difference.map(|found| found.interval.low), unit)?;
        rows.number(difference.map(|found| found.interval.high), unit)?;
        rows.text(&verdict(story, one))?;
    }
    Ok(())
}

/// Headers of what [`measured`] writes.
fn measured_header(story: &Story) -> Vec<String> {
    let words = story.words;
    let mut header = vec![
        words.text("indicators.column_value"),
        words.text("xlsx.low"),
        words.text("xlsx.high"),
        words.text("indicators.column_base"),
    ];
    for when in ["xlsx.previous", "xlsx.mean", "xlsx.last_year"] {
        let when = words.text(when);
        header.push(when.clone());
        for what in [
            "xlsx.difference",
            "xlsx.difference_low",
            "xlsx.difference_high",
            "xlsx.verdict",
        ] {
            header.push(words.say(what, &[("when", &when)]));
        }
    }
    header
}

fn indicators_sheet(story: &Story, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let words = story.words;
    let name = words.text("xlsx.sheet_indicators");
    sheet.set_name(&name)?;
    let mut header = vec![words.text("indicators.column_name")];
    header.extend(measured_header(story));
    let first_week = header.len() as u16;
    let weeks = &story.numbers.chart_weeks;
    header.extend(weeks.iter().map(|week| week.week.to_string()));
    sheet.set_column_width(0, 34)?;
    let mut rows = Rows::under(sheet, &header)?;
    let known: Vec<Indicator> = indicators(story);
    let mut of_volume = None;
    for indicator in known.iter() {
        let measure = indicator.measured;
        rows.next();
        if std::ptr::eq(measure, &story.numbers.records) {
            of_volume = Some(rows.row);
        }
        rows.text(&indicator.name)?;
        measured(&mut rows, story, measure, indicator.unit)?;
        for week in &measure.weeks {
            rows.number(*week, indicator.unit)?;
        }
    }
    let below = rows.row + 2;
    if let (Some(row), true) = (of_volume, weeks.len() > 1) {
        let last_week = first_week + weeks.len() as u16 - 1;
        let mut chart = Chart::new(ChartType::Column);
        chart
            .add_series()
            .set_name(words.text("indicators.volume").as_str())
            .set_categories((name.as_str(), 0, first_week, 0, last_week))
            .set_values((name.as_str(), row, first_week, row, last_week));
        chart
            .title()
            .set_name(words.text("xlsx.chart_volume").as_str());
        chart.legend().set_hidden();
        chart.set_width(760).set_height(300);
        sheet.insert_chart(below, 0, &chart)?;
    }
    Ok(())
}

fn themes_sheet(story: &Story, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let (words, numbers) = (story.words, story.numbers);
    let name = words.text("xlsx.sheet_themes");
    sheet.set_name(&name)?;
    let mut header: Vec<String> = [
        "ranking.column_theme",
        "xlsx.id",
        "xlsx.records",
        "frictions.column_records",
        "delights.column_records",
        "frictions.column_share",
        "xlsx.complaints_low",
        "xlsx.complaints_high",
        "ranking.column_net",
        "ranking.column_impact",
        "xlsx.impact_low",
        "xlsx.impact_high",
        "signals.column_seen",
    ]
    .iter()
    .map(|key| words.text(key))
    .collect();
    header[5] = words.text("xlsx.complaints");
    sheet.set_column_width(0, 34)?;
    let mut rows = Rows::under(sheet, &header)?;
    let mut order: Vec<&ThemeNumbers> = numbers.themes.iter().collect();
    order.sort_by_key(|theme| (std::cmp::Reverse(theme.negative_records), theme.theme));
    let unit = super::super::sections::lead(story).1;
    for theme in &order {
        let known = &story.analysis.themes[theme.theme];
        let complaints = &theme.negative_share.current;
        rows.next();
        rows.text(&story.name_of(known))?;
        rows.text(&known.id)?;
        for count in [
            theme.records,
            theme.negative_records,
            theme.positive_records,
        ] {
            rows.count(count)?;
        }
        rows.number(complaints.value, Unit::Share)?;
        rows.number(
            complaints.interval.map(|interval| interval.low),
            Unit::Share,
        )?;
        rows.number(
            complaints.interval.map(|interval| interval.high),
            Unit::Share,
        )?;
        rows.number(theme.net.current.value, Unit::Net)?;
        let impact = theme.impact.as_ref();
        rows.number(impact.map(|impact| impact.value), unit)?;
        let interval = impact.and_then(|impact| impact.interval);
        rows.number(interval.map(|interval| interval.low), unit)?;
        rows.number(interval.map(|interval| interval.high), unit)?;
        rows.text(
            &theme
                .first_seen
                .map_or_else(String::new, |day| day.to_string()),
        )?;
    }
    let charted = order.len().min(CHARTED_THEMES) as u32;
    let width = header.len() as u16;
    if charted > 1 {
        let mut chart = Chart::new(ChartType::Bar);
        chart
            .add_series()
            .set_name(words.text("frictions.column_records").as_str())
            .set_categories((name.as_str(), 1, 0, charted, 0))
            .set_values((name.as_str(), 1, 3, charted, 3));
        chart
            .title()
            .set_name(words.text("frictions.title").as_str());
        chart.legend().set_hidden();
        chart.y_axis().set_reverse();
        chart.set_width(620).set_height(380);
        sheet.insert_chart(1, width + 1, &chart)?;
    }
    Ok(())
}

fn verbatims_sheet(story: &Story, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(story.words.text("xlsx.sheet_verbatims"))?;
    let header: Vec<String> = verbatims::COLUMNS.iter().map(ToString::to_string).collect();
    sheet.set_column_width(9, 80)?;
    let mut rows = Rows::under(sheet, &header)?;
    for record in verbatims::records(story).into_iter().take(MOST_ROWS) {
        rows.next();
        for (column, cell) in verbatims::cells(story, record).iter().enumerate() {
            match cell.parse().ok().filter(|_| column == verbatims::SCORE) {
                Some(score) => rows.number(Some(score), Unit::Mark)?,
                None => rows.text(cell)?,
            }
        }
    }
    Ok(())
}

fn rejects_sheet(story: &Story, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let words = story.words;
    sheet.set_name(words.text("xlsx.sheet_rejects"))?;
    sheet.set_column_width(0, 34)?;
    sheet.set_column_width(1, 90)?;
    let header = [
        words.text("sources.column_place"),
        words.text("sources.column_reason"),
    ];
    let mut rows = Rows::under(sheet, &header)?;
    for row in story.analysis.rejected.iter().take(MOST_ROWS) {
        rows.next();
        rows.text(&row.at.to_string())?;
        rows.text(&row.reason)?;
    }
    Ok(())
}
