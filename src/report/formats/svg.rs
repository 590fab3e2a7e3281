//! Charts as inline SVG: colours come from the page's style sheet, words from the blocks; each has a title and a description.

use super::super::block::{DrawnShare, Tone, Trend, VolumeChart};
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
