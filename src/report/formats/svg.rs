//! Charts as inline SVG: colours come from the page's style sheet, words from the blocks; each has a title and a description.

use super::super::block::{DrawnShare, Matrix, Step, Tone, Trend, VolumeChart, Waterfall};
use maud::{Markup, html};

/// Coordinates are written to a tenth: enough for the eye, and the same on every machine.
fn at(value: f64) -> String {
    format!("{:.1}", if value.is_finite() { value } else { 0.0 })
}

/// A line over the weeks, gaps where weeks are withheld, a dot on the last value.
pub(super) fn trend(trend: &Trend) -> Markup {
    const WIDTH: f64 = 132.0;
    const HEIGHT: f64 = 32.0;
    const MARGIN: f64 = 4.0;
    let shown = || trend.values.iter().flatten().copied();
    let (low, high) = (
        shown().fold(f64::INFINITY, f64::min),
        shown().fold(f64::NEG_INFINITY, f64::max),
    );
    let step = (WIDTH - 2.0 * MARGIN) / (trend.values.len().max(2) - 1) as f64;
    let x = |index: usize| MARGIN + step * index as f64;
    let y = |value: f64| {
        // A flat series runs through the middle.
        let part = if high > low {
            (value - low) / (high - low)
        } else {
            0.5
        };
        HEIGHT - MARGIN - part * (HEIGHT - 2.0 * MARGIN)
    };
    let mut path = String::new();
    let mut is_drawing = false;
    for (index, value) in trend.values.iter().enumerate() {
        match value {
            Some(value) => {
                let command = if is_drawing { 'L' } else { 'M' };
                path.push_str(&format!("{command}{} {}", at(x(index)), at(y(*value))));
                is_drawing = true;
            }
            None => is_drawing = false,
        }
    }
    let last = trend
        .values
        .iter()
        .enumerate()
        .rev()
        .find_map(|(index, value)| Some((index, (*value)?)));
    html! {
        svg class="trend" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) width=(WIDTH) height=(HEIGHT) role="img" {
            title { (trend.description) }
            path class="line" d=(path) {}
            @if let Some((index, value)) = last {
                circle class="dot" cx=(at(x(index))) cy=(at(y(value))) r="3" {}
            }
        }
    }
}

/// A bar up to the share, a thin line over its interval. The numbers stand beside it, so it is hidden from readers.
pub(super) fn share(share: DrawnShare) -> Markup {
    const WIDTH: f64 = 132.0;
    let x = |value: f64| {
        if share.full > 0.0 {
            (value / share.full).clamp(0.0, 1.0) * (WIDTH - 2.0) + 1.0
        } else {
            1.0
        }
    };
    let (value, low, high) = (x(share.value), x(share.low), x(share.high));
    html! {
        svg class=(format!("share {}", tone(share.tone))) viewBox=(format!("0 0 {WIDTH} 16")) width=(WIDTH) height="16" aria-hidden="true" {
            rect class="track" x="1" y="4" width=(at(WIDTH - 2.0)) height="8" rx="2" {}
            rect class="bar" x="1" y="4" width=(at((value - 1.0).max(0.8))) height="8" rx="2" {}
            path class="whisker" d=(format!("M{} 8H{}M{} 5V11M{} 5V11", at(low), at(high), at(low), at(high))) {}
        }
    }
}

/// The class a tone has in the style sheet.
pub(super) fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Plain => "plain",
    }
}

/// Weekly records, stacked; drawn for a page `width` pixels wide so that words keep their size.
pub(super) fn volume(chart: &VolumeChart, width: u32, class: &str) -> Markup {
    const HEIGHT: f64 = 230.0;
    const TOP: f64 = 22.0;
    const BOTTOM: f64 = 24.0;
    let width = f64::from(width);
    let floor = HEIGHT - BOTTOM;
    let most = chart
        .weeks
        .iter()
        .map(|week| week.negative + week.neutral + week.positive + week.without_text)
        .max()
        .unwrap_or(0)
        .max(1) as f64;
    let slot = width / chart.weeks.len().max(1) as f64;
    let bar = (slot * 0.66).min(56.0);
    let height = |count: u64| count as f64 / most * (floor - TOP);
    // Words must not touch: every week, every other one, or fewer.
    let name_every = (40.0 / slot).ceil().max(1.0) as usize;
    let last = chart.weeks.len().saturating_sub(1);
    html! {
        svg class=(format!("volume {class}")) viewBox=(format!("0 0 {} {}", at(width), at(HEIGHT))) role="img" {
            title { (chart.title) }
            desc { (chart.description) }
            path class="axis" d=(format!("M0 {}H{}", at(floor), at(width))) {}
            @for (index, week) in chart.weeks.iter().enumerate() {
                @let centre = slot * (index as f64 + 0.5);
                @let left = centre - bar / 2.0;
                @let parts = [("negative", week.negative), ("neutral", week.neutral), ("positive", week.positive), ("without", week.without_text)];
                @let total: u64 = parts.iter().map(|(_, count)| count).sum();
                g class=(if week.is_current { "week current" } else { "week" }) {
                    @for (part, (name, count)) in parts.iter().enumerate() {
                        @if *count > 0 {
                            @let below: u64 = parts[..part].iter().map(|(_, count)| count).sum();
                            rect class=(*name) x=(at(left)) width=(at(bar)) y=(at(floor - height(below + count))) height=(at(height(*count))) {}
                        }
                    }
                    @if (last - index).is_multiple_of(name_every) {
                        text class="total" x=(at(centre)) y=(at(floor - height(total) - 6.0)) { (week.total) }
                        text class="name" x=(at(centre)) y=(at(HEIGHT - 7.0)) { (week.name) }
                    }
                }
            }
        }
    }
}

/// Steps from top to bottom: a name, a bar from where the step before ended, what it adds.
pub(super) fn waterfall(chart: &Waterfall, width: u32, class: &str) -> Markup {
    const ROW: f64 = 30.0;
    const NUMBER: f64 = 76.0;
    let width = f64::from(width);
    // On a phone the name stands over its bar.
    let is_narrow = width < 500.0;
    let (name_width, row) = if is_narrow {
        (0.0, ROW + 18.0)
    } else {
        (width * 0.34, ROW)
    };
    let ends = [chart.before.value, chart.now.value];
    let mut level = chart.before.value;
    let mut levels = vec![level];
    for step in &chart.steps {
        level += step.value;
        levels.push(level);
    }
    let all = || levels.iter().chain(&ends).copied();
    let (low, high) = (
        all().fold(f64::INFINITY, f64::min),
        all().fold(f64::NEG_INFINITY, f64::max),
    );
    let margin = ((high - low) * 0.12).max(1e-9);
    let (left, right) = (name_width, width - NUMBER);
    let x =
        |value: f64| left + (value - low + margin) / (high - low + 2.0 * margin) * (right - left);
    let rows: Vec<(&Step, f64, f64, &str)> =
        std::iter::once((&chart.before, low - margin, chart.before.value, "level"))
            .chain(
                chart
                    .steps
                    .iter()
                    .zip(levels.windows(2))
                    .map(|(step, ends)| (step, ends[0], ends[1], tone(step.tone))),
            )
            .chain(std::iter::once((
                &chart.now,
                low - margin,
                chart.now.value,
                "level",
            )))
            .collect();
    let height = rows.len() as f64 * row + 6.0;
    html! {
        svg class=(format!("waterfall {class}")) viewBox=(format!("0 0 {} {}", at(width), at(height))) role="img" {
            title { (chart.title) }
            desc { (chart.description) }
            @for (index, (step, from, to, kind)) in rows.iter().enumerate() {
                @let top = row * index as f64 + if is_narrow { 20.0 } else { 3.0 };
                @let (start, end) = (x(from.min(*to)), x(from.max(*to)));
                @let text_y = if is_narrow { top - 5.0 } else { top + 16.5 };
                g class=(*kind) {
                    text class="name" x="0" y=(at(text_y)) { (shortened(&step.name, if is_narrow { 40 } else { 46 })) }
                    rect x=(at(start)) y=(at(top + 2.0)) width=(at((end - start).max(1.5))) height="20" rx="2" {}
                    @if index + 1 < rows.len() {
                        path class="link" d=(format!("M{} {}V{}", at(x(*to)), at(top + 22.0), at(top + row + 2.0))) {}
                    }
                    text class="value" x=(at(width)) y=(at(top + 16.5)) { (step.text) }
                }
            }
        }
    }
}

/// A name that fits beside a drawing; the full one stands in the table.
fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// Numbered points in four fields; names stand beside the drawing.
pub(super) fn matrix(chart: &Matrix, width: u32, class: &str) -> Markup {
    const EDGE: f64 = 30.0;
    let width = f64::from(width);
    let height = if width < 500.0 { 300.0 } else { 400.0 };
    let points = || chart.fields.iter().flat_map(|field| &field.points);
    let furthest = points()
        .map(|point| point.across)
        .fold(chart.often_from, f64::max)
        .max(1e-9);
    let tallest = points()
        .map(|point| point.upwards.abs())
        .fold(1e-9, f64::max);
    let nearest = points().map(|point| point.across).fold(furthest, f64::min);
    // The square root spreads the many rare themes, and keeps the order.
    let (first, last) = (nearest.max(0.0).sqrt() * 0.9, furthest.sqrt());
    let across = move |value: f64| (value.max(0.0).sqrt() - first) / (last - first).max(1e-9);
    let x = |value: f64| EDGE + 14.0 + across(value).clamp(0.0, 1.0) * (width - 2.0 * EDGE - 28.0);
    let middle = (height - EDGE) / 2.0;
    let y = |upwards: f64| {
        let part = (upwards.abs() / tallest).sqrt() * upwards.signum();
        middle - part * (middle - 26.0)
    };
    let split = x(chart.often_from);
    let corners = [
        (split + 6.0, height - EDGE - 8.0, "start"),
        (split + 6.0, 16.0, "start"),
        (EDGE + 6.0, height - EDGE - 8.0, "start"),
        (EDGE + 6.0, 16.0, "start"),
    ];
    html! {
        svg class=(format!("matrix {class}")) viewBox=(format!("0 0 {} {}", at(width), at(height))) role="img" {
            title { (chart.title) }
            desc { (chart.description) }
            rect class="worst" x=(at(split)) y=(at(middle)) width=(at(width - split)) height=(at(height - EDGE - middle)) {}
            path class="axis" d=(format!("M{EDGE} 0V{}H{}M{EDGE} {}H{}M{} 0V{}", at(height - EDGE), at(width), at(middle), at(width), at(split), at(height - EDGE))) {}
            @for ((x, y, anchor), field) in corners.iter().zip(&chart.fields) {
                text class="field" x=(at(*x)) y=(at(*y)) text-anchor=(*anchor) { (field.name) }
            }
            text class="scale" x=(at(width - 6.0)) y=(at(height - 9.0)) text-anchor="end" { (chart.across) " →" }
            text class="scale" transform=(format!("translate(16 {}) rotate(-90)", at(height - EDGE))) { (chart.upwards) " →" }
            @for point in points() {
                g class=(if point.upwards < 0.0 { "bad" } else { "good" }) {
                    circle cx=(at(x(point.across))) cy=(at(y(point.upwards))) r="11" {}
                    text class="number" x=(at(x(point.across))) y=(at(y(point.upwards) + 4.2)) text-anchor="middle" { (point.number) }
                }
            }
        }
    }
}
