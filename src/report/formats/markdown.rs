//! `report.md`: the same content for wikis, mails and version control. Foreign text is escaped: no HTML, no link, no broken table.

use super::super::{
    Story,
    block::{
        Block, Card, Cell, Change, Direction, Document, HeatMap, Matrix, QuoteBlock, Table, Trend,
        VolumeChart, Waterfall,
    },
    tame::tame,
    wording::Words,
};

pub(super) fn write(story: &Story, document: &Document) -> Vec<u8> {
    let words = story.words;
    let mut page = Page::default();
    page.paragraph(&format!(
        "# {} – {}",
        escape(&document.band.kind),
        escape(&document.band.title)
    ));
    page.paragraph(&escape_line(&document.band.sentence));
    let facts: Vec<String> = document
        .band
        .facts
        .iter()
        .map(|fact| format!("**{}** {}", escape(&fact.value), escape(&fact.label)))
        .collect();
    page.paragraph(&facts.join(" · "));
    for notice in &document.band.notices {
        page.paragraph(&format!("> {}", escape_line(notice)));
    }
    for section in &document.sections {
        page.paragraph(&format!("## {}", escape(&section.title)));
        for block in &section.blocks {
            self::block(&mut page, words, block);
        }
    }
    page.paragraph(&format!("---\n\n{}", escape_line(&document.foot)));
    page.text.into_bytes()
}

/// Paragraphs with one empty line between them.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn paragraph(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
        self.text.push('\n');
    }
}

fn block(page: &mut Page, words: &Words, block: &Block) {
    match block {
        Block::Paragraph(text) | Block::Note(text) => page.paragraph(&escape_line(text)),
        Block::Lines(lines) => {
            let lines: Vec<String> = lines
                .iter()
                .map(|line| format!("- {}", escape_line(&line.text)))
                .collect();
            page.paragraph(&lines.join("\n"));
        }
        Block::Cards(cards) => {
            let cards: Vec<String> = cards.iter().map(|card| self::card(words, card)).collect();
            page.paragraph(&cards.join("\n"));
        }
        Block::Volume(chart) => volume(page, words, chart),
        Block::Waterfall(chart) => waterfall(page, chart),
        Block::Matrix(chart) => matrix(page, chart),
        Block::HeatMap(chart) => heat_map(page, chart),
        Block::Quotes(quotes) => {
            for one in quotes {
                page.paragraph(&quote(words, one));
            }
        }
        Block::Table(table) => self::table(page, words, table),
        Block::Definitions(definitions) => {
            let lines: Vec<String> = definitions
                .iter()
                .map(|(term, meaning)| {
                    format!(
                        "- **{}**{}{}",
                        escape(term),
                        words.text("page.colon"),
                        escape(meaning)
                    )
                })
                .collect();
            page.paragraph(&lines.join("\n"));
        }
    }
}

fn card(words: &Words, card: &Card) -> String {
    let mut parts = Vec::new();
    parts.extend(card.value.as_deref().map(escape));
    parts.extend(card.is_indicative.as_deref().map(escape));
    parts.extend(card.detail.iter().map(|detail| escape(detail)));
    parts.extend(card.changes.iter().map(change));
    format!(
        "- **{}**{}{}",
        escape(&card.name),
        words.text("page.colon"),
        parts.join(" · ")
    )
}

fn change(change: &Change) -> String {
    let mut text = match change.direction {
        Direction::Up => format!("▲ {}", escape(&change.text)),
        Direction::Down => format!("▼ {}", escape(&change.text)),
        Direction::Stable => format!("{} ({})", escape(&change.verdict), escape(&change.text)),
        Direction::Unknown => escape(&change.verdict),
    };
    if !change.interval.is_empty() {
        text.push_str(&format!(" \\[{}\\]", escape(&change.interval)));
    }
    if !change.against.is_empty() {
        text.push_str(&format!(" {}", escape(&change.against)));
    }
    if !change.before.is_empty() {
        text.push_str(&format!(" ({})", escape(&change.before)));
    }
    text
}

fn volume(page: &mut Page, words: &Words, chart: &VolumeChart) {
    page.paragraph(&format!("### {}", escape(&chart.title)));
    let mut lines = vec![
        format!(
            "| | n | {} |",
            chart.legend.each_ref().map(|name| escape(name)).join(" | ")
        ),
        "|---|---:|---:|---:|---:|---:|".to_owned(),
    ];
    for week in &chart.weeks {
        let counts = [
            week.negative,
            week.neutral,
            week.positive,
            week.without_text,
        ];
        lines.push(format!(
            "| {} | {} | {} |",
            escape(&week.name),
            escape(&week.total),
            counts.map(|count| words.integer(count)).join(" | "),
        ));
    }
    page.paragraph(&lines.join("\n"));
}

fn waterfall(page: &mut Page, chart: &Waterfall) {
    page.paragraph(&format!("### {}", escape(&chart.title)));
    let mut lines = vec!["| | |".to_owned(), "|---|---:|".to_owned()];
    let steps = std::iter::once(&chart.before)
        .chain(&chart.steps)
        .chain([&chart.now]);
    lines.extend(steps.map(|step| format!("| {} | {} |", escape(&step.name), escape(&step.text))));
    page.paragraph(&lines.join("\n"));
}

fn matrix(page: &mut Page, chart: &Matrix) {
    page.paragraph(&format!("### {}", escape(&chart.title)));
    for field in chart.fields.iter().filter(|field| !field.points.is_empty()) {
        let points: Vec<String> = (field.points.iter())
            .map(|point| format!("- {} ({})", escape(&point.name), escape(&point.text)))
            .collect();
        page.paragraph(&format!(
            "**{}**\n\n{}",
            escape(&field.name),
            points.join("\n")
        ));
    }
}

fn heat_map(page: &mut Page, chart: &HeatMap) {
    page.paragraph(&format!("### {}", escape(&chart.caption)));
    let columns: Vec<String> = chart.columns.iter().map(|name| escape(name)).collect();
    let mut lines = vec![
        format!("| {} | {} |", escape(&chart.corner), columns.join(" | ")),
        format!("|---|{}|", vec!["---:"; columns.len()].join("|")),
    ];
    for row in &chart.rows {
        let cells = row.cells.iter().map(|cell| match &cell.mark {
            Some((Direction::Up, _)) => format!("**{} ▲**", escape(&cell.text)),
            Some(_) => format!("**{} ▼**", escape(&cell.text)),
            None => escape(&cell.text),
        });
        let cells: Vec<String> = cells.collect();
        lines.push(format!("| {} | {} |", escape(&row.name), cells.join(" | ")));
    }
    page.paragraph(&lines.join("\n"));
}

fn table(page: &mut Page, words: &Words, table: &Table) {
    page.paragraph(&format!("### {}", escape(&table.caption)));
    let header: Vec<String> = table
        .columns
        .iter()
        .map(|column| escape(&column.title))
        .collect();
    let rule: Vec<&str> = table
        .columns
        .iter()
        .map(|column| if column.is_number { "---:" } else { "---" })
        .collect();
    let mut lines = vec![
        format!("| {} |", header.join(" | ")),
        format!("|{}|", rule.join("|")),
    ];
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    page.paragraph(&lines.join("\n"));
    for row in table.rows.iter().filter(|row| !row.quotes.is_empty()) {
        let theme = row.cells.iter().find_map(|cell| match cell {
            Cell::Name { name, .. } => Some(name.as_str()),
            _ => None,
        });
        page.paragraph(&format!(
            "#### {}",
            escape(&words.say("ranking.quotes", &[("theme", theme.unwrap_or_default())]))
        ));
        for one in &row.quotes {
            page.paragraph(&quote(words, one));
        }
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Number(text) => escape(text),
        Cell::Name { name, detail, tag } => {
            let mut text = format!("**{}**", escape(name));
            if !tag.is_empty() {
                text.push_str(&format!(" ({})", escape(tag)));
            }
            if !detail.is_empty() {
                text.push_str(&format!(" – {}", escape(detail)));
            }
            text
        }
        Cell::Share { text, interval, .. } | Cell::Estimate { text, interval }
            if interval.is_empty() =>
        {
            escape(text)
        }
        Cell::Share { text, interval, .. } | Cell::Estimate { text, interval } => {
            format!("{} ({})", escape(text), escape(interval))
        }
        Cell::Change(found) => found.as_ref().map_or_else(|| "—".to_owned(), change),
        Cell::Trend(trend) => trend.as_ref().map_or_else(|| "—".to_owned(), sparkline),
    }
}

/// The series as eight heights of a block character; a space where a week is withheld.
fn sparkline(trend: &Trend) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = || trend.values.iter().flatten().copied();
    let (low, high) = (
        shown().fold(f64::INFINITY, f64::min),
        shown().fold(f64::NEG_INFINITY, f64::max),
    );
    trend
        .values
        .iter()
        .map(|value| match value {
            Some(value) if high > low => {
                HEIGHTS[((value - low) / (high - low) * 7.0).round().clamp(0.0, 7.0) as usize]
            }
            Some(_) => HEIGHTS[3],
            None => ' ',
        })
        .collect()
}

fn quote(words: &Words, quote: &QuoteBlock) -> String {
    let mut source = escape(&quote.context);
    if !source.is_empty() {
        source.push_str(" · ");
    }
    // As code, a place can be copied and looked for as it is.
    source.push_str(&format!("`{}`", tame(&quote.place).replace('`', "'")));
    // Emphasis marks must touch words: spaces at the edges of the evidence go outside.
    let evidence = quote.evidence.trim();
    format!(
        "> {}{}**{}**{}{}\n>\n> — {}",
        words.text("page.quote_mark_open"),
        escape_inside(&quote.before),
        escape(evidence),
        escape_inside(&quote.after),
        words.text("page.quote_mark_close"),
        source,
    )
}

/// Foreign text at the start of a line, where dashes, numbers and the like would begin a list, a heading or a rule.
fn escape_line(text: &str) -> String {
    let text = tame(text);
    let mut escaped = escape_inside(&text);
    if text.starts_with(['-', '+', '=']) {
        escaped.insert(0, '\\');
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && text[digits..].starts_with(['.', ')']) {
        escaped.insert(digits, '\\');
    }
    escaped
}

/// Foreign text that Markdown shows as it is written, within a line or a cell.
fn escape(text: &str) -> String {
    escape_inside(&tame(text))
}

/// The same for text that is tamed already, spaces at both ends kept.
fn escape_inside(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for (index, character) in text.char_indices() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' | '@' => {
                escaped.extend(['\\', character])
            }
            // Addresses would turn into links.
            ':' if text[index + 1..].starts_with("//") => escaped.push_str("\\:"),
            '.' if text[..index].to_ascii_lowercase().ends_with("www") => escaped.push_str("\\."),
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escape_line(text), expected);
    }

    #[test]
    fn nothing_a_customer_writes_is_markup() {
        check(
            "<script>alert(1)</script>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        );
        check("a | b", "a \\| b");
        check("[pay](https://x.y)", "\\[pay\\](https\\://x.y)");
        check("www.x.y", "www\\.x.y");
        check("# title\n- item", "\\# title - item");
        check("- item", "\\- item");
        check("1. item", "1\\. item");
        check(
            "**bold** _it_ `code`",
            "\\*\\*bold\\*\\* \\_it\\_ \\`code\\`",
        );
        check("&lt;", "&amp;lt;");
        check("C'est « bien »", "C'est « bien »");
    }
}
