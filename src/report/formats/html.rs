//! `report.html`: one page that asks the network for nothing and runs one script of its own, to filter verbatims. `maud` escapes every text.

use super::{
    super::{
        Story,
        block::{
            Band, Block, Card, Cell, Change, Direction, Document, HeatCell, HeatMap, Line, Matrix,
            QuoteBlock, Row, Section, Table, Verbatims, VolumeChart,
        },
        wording::Words,
    },
    svg,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("../assets/report.css");

const SCRIPT: &str = include_str!("../assets/report.js");

/// Forbids every request and every script but ours, whatever a text may smuggle in. The hash is the script's SHA-256; a test
/// holds them together.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-ZLjn1XkEwkJbO5W/+NLb2zKE2pqRVDuM6bLE0oXpFOg='; base-uri 'none'; form-action 'none'";

/// Widths charts are drawn for: a desk and a phone. The style sheet shows one.
const WIDE: u32 = 1000;
const NARROW: u32 = 340;

pub(super) fn write(story: &Story, document: &Document) -> Vec<u8> {
    let words = story.words;
    let page = html! {
        (DOCTYPE)
        html lang=(document.language.code()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (document.band.kind) " – " (document.band.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (band(&document.band))
                nav aria-label=(words.text("page.contents")) {
                    ul {
                        @for section in &document.sections {
                            li { a href={ "#" (section.id) } { (section.title) } }
                        }
                    }
                }
                main {
                    @if !document.band.notices.is_empty() {
                        div class="notices" role="note" {
                            @for notice in &document.band.notices {
                                p { (notice) }
                            }
                        }
                    }
                    @for section in &document.sections {
                        (self::section(words, section))
                    }
                }
                footer { p { (document.foot) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string().into_bytes()
}

fn band(band: &Band) -> Markup {
    html! {
        header {
            div class="inside" {
                p class="kind" { (band.kind) }
                h1 { (band.title) }
                p class="sentence" { (band.sentence) }
                ul class="facts" {
                    @for fact in &band.facts {
                        li { strong { (fact.value) } " " span { (fact.label) } }
                    }
                }
            }
        }
    }
}

fn section(words: &Words, section: &Section) -> Markup {
    html! {
        section id=(section.id) aria-labelledby={ (section.id) "-title" } {
            h2 id={ (section.id) "-title" } { (section.title) }
            @for block in &section.blocks {
                (self::block(words, block))
            }
        }
    }
}

fn block(words: &Words, block: &Block) -> Markup {
    match block {
        Block::Paragraph(text) => html! { p { (text) } },
        Block::Note(text) => html! { p class="note" { (text) } },
        Block::Lines(lines) => html! {
            ul class="lines" {
                @for line in lines {
                    (self::line(words, line))
                }
            }
        },
        Block::Cards(cards) => html! {
            div class="cards" {
                @for card in cards {
                    (self::card(card))
                }
            }
        },
        Block::Volume(chart) => volume(chart),
        Block::Waterfall(chart) => html! {
            figure class="chart" {
                figcaption { span class="caption" { (chart.title) } }
                (svg::waterfall(chart, WIDE, "wide"))
                (svg::waterfall(chart, NARROW, "narrow"))
            }
        },
        Block::Matrix(chart) => matrix(chart),
        Block::HeatMap(chart) => heat_map(chart),
        Block::Verbatims(verbatims) => self::verbatims(verbatims),
        Block::Quotes(quotes) => html! {
            div class="standing" {
                @for one in quotes {
                    (quote(one))
                }
            }
        },
        Block::Table(table) => self::table(table),
        Block::Definitions(definitions) => html! {
            dl {
                @for (term, meaning) in definitions {
                    div { dt { (term) } dd { (meaning) } }
                }
            }
        },
    }
}

fn line(words: &Words, line: &Line) -> Markup {
    html! {
        li class=(svg::tone(line.tone)) {
            (line.text)
            @if let Some(target) = &line.target {
                " " a href={ "#" (target) } { (words.text("page.evidence_link")) }
            }
        }
    }
}

fn card(card: &Card) -> Markup {
    html! {
        article class=(if card.value.is_some() { "card" } else { "card absent" }) {
            h3 { (card.name) }
            @if let Some(value) = &card.value {
                p class="value" {
                    (value)
                    @if let Some(tag) = &card.is_indicative {
                        " " span class="tag" { (tag) }
                    }
                }
            }
            @for detail in &card.detail {
                p class="detail" { (detail) }
            }
            @if let Some(trend) = &card.trend {
                (svg::trend(trend))
            }
            @if !card.changes.is_empty() {
                ul class="changes" {
                    @for one in &card.changes {
                        li { (change(one)) }
                    }
                }
            }
        }
    }
}

/// An arrow only when the test passed; the verdict is always in words, for eyes or for readers.
fn change(change: &Change) -> Markup {
    let (arrow, direction) = match change.direction {
        Direction::Up => ("▲", "up"),
        Direction::Down => ("▼", "down"),
        Direction::Stable => ("", "stable"),
        Direction::Unknown => ("", "untested"),
    };
    html! {
        span class={ "change " (direction) " " (svg::tone(change.tone)) } {
            @match change.direction {
                Direction::Up | Direction::Down => {
                    span class="difference" { span aria-hidden="true" { (arrow) " " } (change.text) }
                    " " span class="unseen" { (change.verdict) }
                }
                Direction::Stable => { span class="whole" { (change.verdict) " (" (change.text) ")" } }
                Direction::Unknown => { span { (change.verdict) } }
            }
            @if !change.against.is_empty() {
                " " span class="against" { (change.against) }
            }
            @if !change.interval.is_empty() {
                " " span class="interval" { (change.interval) }
            }
            @if !change.before.is_empty() {
                " " span class="before" { (change.before) }
            }
        }
    }
}

fn volume(chart: &VolumeChart) -> Markup {
    let kinds = ["negative", "neutral", "positive", "without"];
    html! {
        figure class="chart" {
            figcaption {
                span class="caption" { (chart.title) }
                ul class="legend" {
                    @for (kind, name) in kinds.iter().zip(&chart.legend) {
                        li { span class={ "swatch " (kind) } aria-hidden="true" {} (name) }
                    }
                }
            }
            (svg::volume(chart, WIDE, "wide"))
            (svg::volume(chart, NARROW, "narrow"))
        }
    }
}

fn matrix(chart: &Matrix) -> Markup {
    html! {
        figure class="chart" {
            figcaption { span class="caption" { (chart.title) } }
            (svg::matrix(chart, WIDE, "wide"))
            (svg::matrix(chart, NARROW, "narrow"))
            div class="fields" {
                @for field in chart.fields.iter().filter(|field| !field.points.is_empty()) {
                    div {
                        p class="field" { (field.name) }
                        ol {
                            @for point in &field.points {
                                li value=(point.number) { (point.name) " " span class="interval" { (point.text) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn heat_map(chart: &HeatMap) -> Markup {
    html! {
        div class="wide-table" tabindex="0" role="region" aria-label=(chart.caption) {
            table class="heat" {
                caption { (chart.caption) }
                thead {
                    tr {
                        th scope="col" { (chart.corner) }
                        @for column in &chart.columns {
                            th scope="col" class="number" { (column) }
                        }
                    }
                }
                tbody {
                    @for row in &chart.rows {
                        tr {
                            th scope="row" { (row.name) }
                            @for cell in &row.cells {
                                td class=(heat_class(cell)) {
                                    (cell.text)
                                    @if let Some((direction, said)) = &cell.mark {
                                        span aria-hidden="true" { (if *direction == Direction::Up { " ▲" } else { " ▼" }) }
                                        span class="unseen" { " " (said) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn heat_class(cell: &HeatCell) -> String {
    let step = cell
        .step
        .map_or("none".to_owned(), |step| format!("step{step}"));
    format!("{step}{}", if cell.mark.is_some() { " marked" } else { "" })
}

/// The filter is hidden until the script that serves it runs.
fn verbatims(all: &Verbatims) -> Markup {
    html! {
        form class="filter" role="search" hidden {
            label { (all.words_label) " " input type="search" autocomplete="off"; }
            label {
                (all.theme_label) " "
                select {
                    option value="" { (all.any_theme) }
                    @for (id, name) in &all.themes {
                        option value=(id) { (name) }
                    }
                }
            }
            output aria-live="polite" data-told=(all.told) {}
        }
        @for one in &all.verbatims {
            figure class="verbatim quote" data-themes=(one.themes.join(" ")) {
                blockquote lang=(one.language) dir="auto" {
                    p {
                        @for (piece, is_evidence) in &one.pieces {
                            @if *is_evidence { mark { (piece) } } @else { (piece) }
                        }
                    }
                }
                figcaption {
                    @if !one.names.is_empty() { span class="names" { (one.names) } " · " }
                    span { bdi { (one.context) } " · " }
                    cite { bdi { (one.place) } }
                }
            }
        }
    }
}

/// Roles are spelt out because narrow pages lay rows out as blocks, which would take their meaning away.
fn table(table: &Table) -> Markup {
    html! {
        table role="table" class=(if table.anchor.is_empty() { "plain" } else { "ranking" }) {
            caption { (table.caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for column in &table.columns {
                        th role="columnheader" scope="col" class=(if column.is_number { "number" } else { "words" }) { (column.title) }
                    }
                }
            }
            @for (index, row) in table.rows.iter().enumerate() {
                (self::row(table, row, index))
            }
        }
    }
}

fn row(table: &Table, row: &Row, index: usize) -> Markup {
    let named = row
        .cells
        .iter()
        .position(|cell| matches!(cell, Cell::Name { .. }))
        .unwrap_or(0);
    let anchor = (!table.anchor.is_empty()).then(|| format!("{}{}", table.anchor, index + 1));
    html! {
        tbody role="rowgroup" id=[anchor] {
            tr role="row" class=[row.is_total.then_some("total")] {
                @for (position, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
                    @let class = if column.is_number { "number" } else { "words" };
                    @if position == named {
                        th role="rowheader" scope="row" class={ "name " (class) } data-label=(column.title) { (self::cell(cell)) }
                    } @else {
                        td role="cell" class=(class) data-label=(column.title) { (self::cell(cell)) }
                    }
                }
            }
            @if !row.quotes.is_empty() {
                tr role="row" class="quotes" {
                    td role="cell" colspan=(table.columns.len()) {
                        @for quote in &row.quotes {
                            (self::quote(quote))
                        }
                    }
                }
            }
        }
    }
}

fn cell(cell: &Cell) -> Markup {
    match cell {
        Cell::Text(text) | Cell::Number(text) => html! { span { (text) } },
        Cell::Verbatims { text, theme } => html! {
            span { a href="#verbatims" data-theme=(theme) { (text) } }
        },
        Cell::Estimate { text, interval } => html! {
            span {
                (text)
                @if !interval.is_empty() {
                    " " span class="interval" { (interval) }
                }
            }
        },
        Cell::Name { name, detail, tag } => html! {
            span {
                span class="subject" { (name) }
                @if !tag.is_empty() {
                    " " span class="tag" { (tag) }
                }
                @if !detail.is_empty() {
                    span class="aside" { (detail) }
                }
            }
        },
        Cell::Share {
            text,
            interval,
            drawn,
        } => html! {
            span class="drawn" {
                @if let Some(drawn) = drawn {
                    (svg::share(*drawn))
                }
                span { strong { (text) } " " span class="interval" { (interval) } }
            }
        },
        Cell::Change(change) => match change {
            Some(change) => self::change(change),
            None => html! { span { "—" } },
        },
        Cell::Trend(trend) => match trend {
            Some(trend) => svg::trend(trend),
            None => html! { span { "—" } },
        },
    }
}

fn quote(quote: &QuoteBlock) -> Markup {
    html! {
        figure class="quote" {
            blockquote lang=(quote.language) dir="auto" {
                p { (quote.before) mark { (quote.evidence) } (quote.after) }
            }
            figcaption {
                @if !quote.context.is_empty() {
                    span { bdi { (quote.context) } " · " }
                }
                cite { bdi { (quote.place) } }
            }
        }
    }
}
