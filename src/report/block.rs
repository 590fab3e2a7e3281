//! What sections speak and formats write: headings, paragraphs, tables, charts, quotes. All texts are plain; formats escape.

use super::wording::ReportLanguage;

/// A whole report.
pub(super) struct Document {
    pub language: ReportLanguage,
    pub band: Band,
    pub sections: Vec<Section>,
    /// What the foot of the page says.
    pub foot: String,
}

/// The head of the page.
pub(super) struct Band {
    /// What kind of document this is.
    pub kind: String,
    /// The period.
    pub title: String,
    /// The period in one sentence.
    pub sentence: String,
    pub facts: Vec<Fact>,
    /// What the reader must know before trusting the numbers.
    pub notices: Vec<String>,
}

/// A number and what it counts.
pub(super) struct Fact {
    pub value: String,
    pub label: String,
}

/// A titled part of the report; `id` is its anchor.
pub(super) struct Section {
    pub id: &'static str,
    pub title: String,
    pub blocks: Vec<Block>,
}

pub(super) enum Block {
    Paragraph(String),
    /// A quieter paragraph.
    Note(String),
    Lines(Vec<Line>),
    Cards(Vec<Card>),
    Volume(VolumeChart),
    Waterfall(Waterfall),
    Matrix(Matrix),
    HeatMap(HeatMap),
    /// Quotes that stand for themselves.
    Quotes(Vec<QuoteBlock>),
    Verbatims(Verbatims),
    Table(Table),
    /// Terms and what they mean.
    Definitions(Vec<(String, String)>),
}

/// One generated sentence and the anchor of its evidence.
pub(super) struct Line {
    pub text: String,
    pub tone: Tone,
    pub target: Option<String>,
}

/// Whether a thing is good news. Never told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Bad,
    Plain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
    Stable,
    /// Not tested.
    Unknown,
}

/// A difference with its verdict.
#[derive(Clone)]
pub(super) struct Change {
    pub direction: Direction,
    pub tone: Tone,
    /// `+3.1 points`.
    pub text: String,
    /// The verdict in a word: `up`, `stable`.
    pub verdict: String,
    /// What it is against; empty where a column says so.
    pub against: String,
    /// The interval of the difference; empty when there is none.
    pub interval: String,
    /// The earlier number, "was 12.4%"; empty where it is withheld.
    pub before: String,
}

/// A headline number.
pub(super) struct Card {
    pub name: String,
    /// `None` when there is nothing to show: then `detail` says why.
    pub value: Option<String>,
    /// Interval and base, or the reason for absence.
    pub detail: Vec<String>,
    pub is_indicative: Option<String>,
    pub changes: Vec<Change>,
    pub trend: Option<Trend>,
}

/// A small line over the weeks.
#[derive(Clone)]
pub(super) struct Trend {
    pub values: Vec<Option<f64>>,
    /// The series in words.
    pub description: String,
}

/// Weekly records, stacked by sentiment.
pub(super) struct VolumeChart {
    pub title: String,
    pub description: String,
    pub legend: [String; 4],
    pub weeks: Vec<VolumeBar>,
}

pub(super) struct VolumeBar {
    /// Short name under the bar.
    pub name: String,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    pub without_text: u64,
    /// The total, written out.
    pub total: String,
    /// True for the weeks of the report's period.
    pub is_current: bool,
}

/// Steps that lead from one number to another, drawn as bars that hang on each other.
pub(super) struct Waterfall {
    pub title: String,
    pub description: String,
    /// Where it starts.
    pub before: Step,
    pub steps: Vec<Step>,
    /// Where it ends: the start and all steps together.
    pub now: Step,
}

pub(super) struct Step {
    pub name: String,
    /// A level for both ends, a difference for steps.
    pub value: f64,
    /// The value, written out.
    pub text: String,
    pub tone: Tone,
}

/// A grid of shares, darker where larger.
pub(super) struct HeatMap {
    pub caption: String,
    /// What rows are.
    pub corner: String,
    pub columns: Vec<String>,
    pub rows: Vec<HeatRow>,
}

pub(super) struct HeatRow {
    pub name: String,
    pub cells: Vec<HeatCell>,
}

pub(super) struct HeatCell {
    /// The share, or why there is none.
    pub text: String,
    /// 0 to 5; `None` where withheld.
    pub step: Option<u8>,
    /// Set apart beyond chance: which way, and in words.
    pub mark: Option<(Direction, String)>,
}

/// Themes by how often they are named and what they do to the score, in four fields.
pub(super) struct Matrix {
    pub title: String,
    pub description: String,
    /// What grows to the right.
    pub across: String,
    /// What grows upwards.
    pub upwards: String,
    /// Often and bad, often and good, seldom and bad, seldom and good.
    pub fields: [Field; 4],
    /// Where seldom ends and often begins.
    pub often_from: f64,
}

/// One field of a matrix.
pub(super) struct Field {
    pub name: String,
    pub points: Vec<Point>,
}

pub(super) struct Point {
    /// What the point is called in the drawing.
    pub number: usize,
    pub name: String,
    /// How often, from 0.
    pub across: f64,
    /// Effect on the score.
    pub upwards: f64,
    /// Both, written out.
    pub text: String,
}

pub(super) struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Anchor of each row: this and the row's number; empty when rows have none.
    pub anchor: &'static str,
}

pub(super) struct Column {
    pub title: String,
    pub is_number: bool,
}

#[derive(Default)]
pub(super) struct Row {
    pub cells: Vec<Cell>,
    pub quotes: Vec<QuoteBlock>,
    pub is_total: bool,
}

pub(super) enum Cell {
    Text(String),
    Number(String),
    /// A number with its interval; empty when there is none.
    Estimate {
        text: String,
        interval: String,
    },
    /// What the row is about, with a quieter line and a tag.
    Name {
        name: String,
        detail: String,
        tag: String,
    },
    /// A count of verbatims that leads to them.
    Verbatims {
        text: String,
        /// Id of their theme.
        theme: String,
    },
    /// A share of a whole with its interval, drawn against `full`; `None` when withheld, and `text` says so.
    Share {
        text: String,
        interval: String,
        drawn: Option<DrawnShare>,
    },
    Change(Option<Change>),
    Trend(Option<Trend>),
}

#[derive(Clone, Copy)]
pub(super) struct DrawnShare {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// The share that fills the whole width.
    pub full: f64,
    pub tone: Tone,
}

/// A customer's words, tamed, the clause that counts told apart.
pub(super) struct QuoteBlock {
    pub before: String,
    pub evidence: String,
    pub after: String,
    /// Language code of the words.
    pub language: String,
    pub place: String,
    /// Day and channel, written out; may be empty.
    pub context: String,
}

/// Comments with what a reader filters them by.
pub(super) struct Verbatims {
    pub words_label: String,
    pub theme_label: String,
    pub any_theme: String,
    /// "%n of %all", filled as the reader filters.
    pub told: String,
    /// Id and name of the themes to filter by.
    pub themes: Vec<(String, String)>,
    pub verbatims: Vec<Verbatim>,
}

/// A customer's words, tamed.
pub(super) struct Verbatim {
    /// Pieces of the text in order, and whether each names a theme.
    pub pieces: Vec<(String, bool)>,
    /// Language code of the words.
    pub language: String,
    /// Ids of its themes.
    pub themes: Vec<String>,
    /// Their names.
    pub names: String,
    pub place: String,
    /// Sentiment, day and channel, written out.
    pub context: String,
}

/// A column of words.
pub(super) fn words(title: String) -> Column {
    Column {
        title,
        is_number: false,
    }
}

/// A column of numbers.
pub(super) fn numbers(title: String) -> Column {
    Column {
        title,
        is_number: true,
    }
}
