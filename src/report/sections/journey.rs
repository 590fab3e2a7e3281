//! Journey and pillars: where customers are pleased or hurt, by stage, by pillar of service, by people, product and process.

use super::{
    super::{
        Story,
        block::{self, Block, Cell, Row, Section, Table, Tone},
    },
    telling::{self, Place, Sense, Unit},
};
use crate::{
    language::concepts::{Factor, Pillar, Stage},
    metrics::{Facet, FacetNumbers},
};

/// Journey and pillars; `None` where nobody names a theme that the catalogue places.
pub(super) fn section(story: &Story) -> Option<Section> {
    let words = story.words;
    let journey = story.numbers.journey.as_ref()?;
    let full = (journey.facets.iter())
        .filter_map(|one| Some(one.share.current.interval?.high))
        .fold(0.0, f64::max);
    let mut columns = vec![
        block::words(words.text("journey.column_facet")),
        block::words(words.text("frictions.column_share")),
        block::numbers(words.text("ranking.column_net")),
    ];
    let before = telling::comparisons(story).first().copied();
    columns.extend(
        before.map(|against| block::numbers(telling::against(story, against, Place::Difference))),
    );
    let rows = (journey.facets.iter()).map(|one| {
        let mut cells = vec![
            Cell::Name {
                name: words.text(name(one.facet)),
                detail: words.text(kind(one.facet)),
                tag: telling::indicative(words, &one.net.current).unwrap_or_default(),
            },
            telling::share_cell(story, &one.share.current, full, Tone::Plain),
            net(story, one),
        ];
        cells.extend(before.map(|against| {
            Cell::Change(telling::change(
                words,
                Unit::Net,
                Sense::MoreIsGood,
                against.of(&one.net),
                String::new(),
            ))
        }));
        Row {
            cells,
            ..Row::default()
        }
    });
    let mut blocks = vec![
        Block::Note(words.say(
            "journey.lead",
            &[("unplaced", &words.percent(journey.unplaced))],
        )),
        Block::Table(Table {
            caption: words.text("journey.caption"),
            columns,
            rows: rows.collect(),
            anchor: "",
        }),
    ];
    if let Some(gap) = journey.experience {
        let (low, high) = telling::difference_ends(words, Unit::Net, gap.interval);
        let key = match gap.interval {
            interval if interval.high < 0.0 => "journey.worse",
            interval if interval.low > 0.0 => "journey.better",
            _ => "journey.alike",
        };
        let difference = telling::size(words, Unit::Net, gap.value);
        blocks.push(Block::Paragraph(words.say(
            key,
            &[("difference", &difference), ("low", &low), ("high", &high)],
        )));
    }
    Some(Section {
        id: "journey",
        title: words.text("journey.title"),
        blocks,
    })
}

fn net(story: &Story, one: &FacetNumbers) -> Cell {
    Cell::Estimate {
        text: telling::value_or_reason(story, Unit::Net, &one.net.current),
        interval: telling::range(story.words, Unit::Net, one.net.current.interval),
    }
}

fn kind(facet: Facet) -> &'static str {
    match facet {
        Facet::Stage(_) => "journey.stage",
        Facet::Pillar(_) => "journey.pillar",
        Facet::Factor(_) => "journey.factor",
    }
}

/// The wording of a facet.
pub(super) fn name(facet: Facet) -> &'static str {
    match facet {
        Facet::Stage(Stage::Before) => "journey.before",
        Facet::Stage(Stage::During) => "journey.during",
        Facet::Stage(Stage::After) => "journey.after",
        Facet::Pillar(Pillar::Availability) => "journey.availability",
        Facet::Pillar(Pillar::Efficiency) => "journey.efficiency",
        Facet::Pillar(Pillar::Empathy) => "journey.empathy",
        Facet::Pillar(Pillar::Personalisation) => "journey.personalisation",
        Facet::Factor(Factor::People) => "journey.people",
        Facet::Factor(Factor::Product) => "journey.product",
        Facet::Factor(Factor::Process) => "journey.process",
    }
}
