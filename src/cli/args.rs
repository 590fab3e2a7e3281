//! What the user typed, checked but inert: nothing here opens a file.

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;
use vocable::{
    calendar::Week,
    cues::CueKind,
    index::Span,
    language::Language,
    metrics::{Period, Reference, Segment},
};

/// Raw customer feedback in, a weekly Voice-of-the-Customer report out. Offline, French and English.
#[derive(Parser)]
#[command(name = "vocable", version, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Subcommand)]
pub enum Command {
    /// Add feedback files to the workspace, analyse, and write the weekly report
    Run(Run),
    /// Write the report of any period, language or group of customers from the workspace
    Report(Report),
    /// Show how files will be read, without importing anything
    Inspect(Inspect),
    /// Find customers' words in the workspace
    Search(Search),
    /// Show why a text gets its language and sentiment, word by word
    Explain(Explain),
    /// Read {"text": …} lines on standard input, write them analysed to standard output
    Annotate(Annotate),
    /// Write every analysed record of the workspace
    Export(Export),
    /// Erase a customer's records, or single ones, from the workspace and its reports, for good
    Forget(Forget),
    /// Erase all records before a day from the workspace and its reports, for good
    Purge(Purge),
    /// Verify that index, state, theme book and files of the workspace agree
    Check(WorkspaceArgument),
    /// Analyse all stored records anew and write the index anew; brings old workspaces up to date
    Rebuild(Rebuild),
    /// Measure quality on a labelled file
    Eval(Eval),
    /// Verify tables of words, show what an edit changes, learn weights from rated feedback
    #[command(subcommand)]
    Lexicon(Lexicon),
    /// List themes, and decide their names, merges and rules
    #[command(subcommand)]
    Themes(Themes),
}

/// The verbs of `themes`. Those that decide write the draft, `themes.toml`, which can also be edited by hand.
#[derive(Subcommand)]
pub enum Themes {
    /// The themes with their ids and records, most records first
    List(WorkspaceArgument),
    /// A theme's names, phrases and strongest verbatims
    Show {
        /// Id of the theme
        id: String,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
    /// What was born, merged, split and retired, and the books that were committed
    Log(WorkspaceArgument),
    /// Give a theme another name
    Rename {
        /// Id of the theme
        id: String,
        /// What it is called from now on
        name: String,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
    /// Let another theme take one in
    Merge {
        /// Id of the theme that goes
        id: String,
        /// Id of the theme that takes it in
        into: String,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
    /// Make a part of a theme a theme of its own, by phrases
    Split {
        /// Id of the theme
        id: String,
        /// Id of the part: lower-case letters, digits and hyphens
        part: String,
        /// What the part is called
        name: String,
        /// Phrases that name the part, in the notation of concepts.tsv: "code … invalide|refusé"
        #[arg(required = true)]
        phrases: Vec<String>,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
    /// Tell nowhere of a theme
    Hide {
        /// Id of the theme
        id: String,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
    /// Tell of a theme even where nothing names it
    Pin {
        /// Id of the theme
        id: String,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
    /// Say who answers for a theme
    Owner {
        /// Id of the theme
        id: String,
        /// Who answers for it
        name: String,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
    /// Give a theme, or a new one, a phrase that names it
    Rule {
        /// Id of the theme
        id: String,
        /// A phrase in the notation of concepts.tsv: "code … invalide|refusé"
        phrase: String,
        /// Within this phrase the theme's others do not count
        #[arg(long)]
        except: bool,
        /// What a new theme is called
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
    /// Say what is wrong with the draft, and what it would change
    Check(WorkspaceArgument),
    /// Put the draft in force
    Commit(WorkspaceArgument),
    /// Put a committed book in force again; 0 is none
    Revert {
        /// Its number in `vocable themes log`
        number: u32,
        #[command(flatten)]
        workspace: WorkspaceArgument,
    },
}

/// Where the workspace is.
#[derive(Args)]
pub struct WorkspaceArgument {
    /// Folder that keeps everything from run to run
    #[arg(long, value_name = "DIR", default_value = "vocable-data")]
    pub workspace: PathBuf,
}

/// Arguments of `run`.
#[derive(Args)]
pub struct Run {
    /// Files and folders of feedback in any form Vocable reads, - for standard input; without any, the report is made from
    /// the workspace
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub workspace: WorkspaceArgument,
    #[command(flatten)]
    pub period: PeriodArguments,
    /// Language of the report; by default the one most feedback is in
    #[arg(long, value_enum)]
    pub lang: Option<ReportLanguageArgument>,
    /// A mapping file that says which column is what (see `vocable inspect`)
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Follow links that lead out of a folder that is read, too
    #[arg(long)]
    pub follow_links: bool,
    /// Exit with status 3 when more rows than this are refused: a number, or a share such as 2%
    #[arg(long, value_name = "N|P%", value_parser = parse_tolerance)]
    pub max_reject: Option<Tolerance>,
    /// Folder of tables in the place of the program's own ; by default the workspace's lexicons, where it has any
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// Find all themes anew instead of keeping those of earlier runs; a theme that continues one of before keeps its name
    #[arg(long)]
    pub relearn_themes: bool,
    /// Store names, addresses and numbers as they came instead of masking them
    #[arg(long)]
    pub keep_personal_data: bool,
    /// Threads to use; by default one a core. The outcome is the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Say nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

/// What days a report is about.
#[derive(Args)]
pub struct PeriodArguments {
    /// Report this ISO week instead of the latest complete one
    #[arg(long, value_name = "2026-W47", group = "days")]
    pub week: Option<Week>,
    /// Report this calendar month
    #[arg(long, value_name = "2026-10", group = "days", value_parser = parse_month)]
    pub month: Option<Period>,
    /// Report this calendar quarter
    #[arg(long, value_name = "2026-Q4", group = "days", value_parser = parse_quarter)]
    pub quarter: Option<Period>,
    /// Report from this day on, up to that of --to
    #[arg(long, value_name = "DATE", value_parser = parse_day, requires = "to", conflicts_with = "days")]
    pub from: Option<Date>,
    /// Report up to this day, from that of --from on
    #[arg(long, value_name = "DATE", value_parser = parse_day, requires = "from", conflicts_with = "days")]
    pub to: Option<Date>,
    /// Report everything as one period, files without dates too
    #[arg(long, group = "days")]
    pub all: bool,
}

fn parse_day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| format!("\"{text}\" is not a day; write it as 2026-11-16"))
}

fn parse_month(text: &str) -> Result<Period, String> {
    match text.parse() {
        Ok(month @ Period::Month { .. }) => Ok(month),
        _ => Err(format!("\"{text}\" is not a month; write it as 2026-10")),
    }
}

fn parse_quarter(text: &str) -> Result<Period, String> {
    match text.parse() {
        Ok(quarter @ Period::Quarter { .. }) => Ok(quarter),
        _ => Err(format!("\"{text}\" is not a quarter; write it as 2026-Q4")),
    }
}

/// Arguments of `report`.
#[derive(Args)]
pub struct Report {
    #[command(flatten)]
    pub workspace: WorkspaceArgument,
    #[command(flatten)]
    pub period: PeriodArguments,
    /// Only the feedback of a group: channel=chat, product=…, or any input column
    #[arg(long, value_name = "COLUMN=VALUE")]
    pub only: Option<Segment>,
    /// Compare with another period (2026-W40, 2026-09, 2026-Q3, 2026-09-01_2026-09-15) or another group (channel=e-mail)
    #[arg(long, value_name = "PERIOD|COLUMN=VALUE", value_parser = parse_reference)]
    pub against: Option<Reference>,
    /// Language of the report; by default the one most feedback is in
    #[arg(long, value_enum)]
    pub lang: Option<ReportLanguageArgument>,
    /// Only these forms: html,md,json,xlsx,csv; by default all
    #[arg(long, value_name = "FORMS", value_delimiter = ',', value_enum)]
    pub format: Vec<ReportForm>,
    /// Folder to write to; by default the workspace's reports
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Threads to use; by default one a core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Say nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

/// A form of reports, by what its file's name ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportForm {
    Html,
    Md,
    Json,
    Xlsx,
    Csv,
}

fn parse_reference(text: &str) -> Result<Reference, String> {
    if text.contains('=') {
        let segment = text.parse::<Segment>().map_err(|error| error.to_string());
        return segment.map(Reference::Segment);
    }
    let period = text.parse::<Period>().map_err(|error| error.to_string());
    period.map(Reference::Period)
}

/// Language of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportLanguageArgument {
    /// French
    Fr,
    /// English
    En,
}

/// How many refused rows are too many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// More than so many.
    Rows(u64),
    /// More than this share of the rows read, 0 to 1.
    Share(f64),
}

fn parse_tolerance(text: &str) -> Result<Tolerance, String> {
    let wrong = || format!("\"{text}\" is neither a number of rows nor a share such as 2%");
    match text.strip_suffix('%') {
        Some(percent) => percent
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|percent| (0.0..=100.0).contains(percent))
            .map(|percent| Tolerance::Share(percent / 100.0))
            .ok_or_else(wrong),
        None => text.parse().map(Tolerance::Rows).map_err(|_| wrong()),
    }
}

/// Arguments of `inspect`.
#[derive(Args)]
pub struct Inspect {
    /// Files and folders to look at, - for standard input
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// A mapping file to try
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Follow links that lead out of a folder that is read, too
    #[arg(long)]
    pub follow_links: bool,
    /// Write what was understood as a mapping file, to be corrected
    #[arg(long, value_name = "FILE")]
    pub write_mapping: Option<PathBuf>,
}

/// Arguments of `search`.
#[derive(Args)]
pub struct Search {
    /// Words, "phrases", "near phrases"~3, AND, OR, NOT, parentheses, prefix*, typo~1, =exact, field:value; nothing asks for everything
    #[arg(default_value = "", allow_hyphen_values = true)]
    pub query: String,
    #[command(flatten)]
    pub workspace: WorkspaceArgument,
    /// Only this language (fr, en, …, und); may be repeated
    #[arg(long, value_name = "CODE")]
    pub lang: Vec<String>,
    /// Only this channel; may be repeated
    #[arg(long)]
    pub channel: Vec<String>,
    /// Only this product; may be repeated
    #[arg(long)]
    pub product: Vec<String>,
    /// Only this customer, as your files or an export name them; may be repeated
    #[arg(long)]
    pub customer: Vec<String>,
    /// Only this theme, by id or name; may be repeated
    #[arg(long)]
    pub theme: Vec<String>,
    /// Only this sentiment: neg, neu, pos, or one of the five classes; may be repeated
    #[arg(long)]
    pub sentiment: Vec<String>,
    /// Only records with this cue: effort, praise, problem, suggestion, question, churn, legal, repeat, safety or urgency; may be repeated
    #[arg(long, alias = "intent", value_name = "KIND", value_parser = parse_cue)]
    pub cue: Vec<CueKind>,
    /// Only marks in this range: 1..2, or one mark: 5
    #[arg(long, value_name = "A..B", value_parser = parse_range)]
    pub rating: Option<(f64, f64)>,
    /// From this day on
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub from: Option<Date>,
    /// Up to this day
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub to: Option<Date>,
    /// Besides, what the search of this name in vocable.toml asks for
    #[arg(long, value_name = "NAME")]
    pub saved: Option<String>,
    /// Records whose words are most like those of the record with this id
    #[arg(long, value_name = "ID", conflicts_with_all = ["count_by", "over"])]
    pub similar_to: Option<String>,
    /// Count all matches by one field or two, instead of listing them: channel, or channel,sentiment
    #[arg(long, value_name = "FIELD[,FIELD]", value_delimiter = ',')]
    pub count_by: Vec<String>,
    /// Count all matches over time: by day, week, month, quarter or year
    #[arg(long, value_name = "SPAN", value_parser = parse_span)]
    pub over: Option<Span>,
    /// Order of the hits
    #[arg(long, value_enum, default_value = "relevance")]
    pub sort: SortArgument,
    /// How many hits to show
    #[arg(long, value_name = "N", default_value = "10")]
    pub limit: usize,
    /// Go on after this hit: what the page before ended with
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    pub after: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value = "text")]
    pub format: SearchFormat,
}

fn parse_span(text: &str) -> Result<Span, String> {
    let known = Span::ALL.iter().find(|(_, name)| *name == text);
    known.map(|(span, _)| *span).ok_or_else(|| {
        let names = Span::ALL.map(|(_, name)| name).join(", ");
        format!("\"{text}\" is no stretch of time; write one of {names}")
    })
}

fn parse_cue(text: &str) -> Result<CueKind, String> {
    CueKind::named(text).ok_or_else(|| {
        let known = CueKind::ALL.map(|(_, name)| name).join(", ");
        format!("\"{text}\" is no kind of cue; kinds are {known}")
    })
}

fn parse_range(text: &str) -> Result<(f64, f64), String> {
    let wrong = || format!("\"{text}\" is not a range of marks; write 1..2 or 5");
    let number = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
    };
    let (low, high) = match text.split_once("..") {
        Some((low, high)) => (number(low), number(high)),
        None => (number(text), number(text)),
    };
    match (low, high) {
        (Some(low), Some(high)) if low <= high => Ok((low, high)),
        _ => Err(wrong()),
    }
}

/// Order of hits.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortArgument {
    /// Best match first
    Relevance,
    /// Newest first
    Date,
    /// Most negative first
    Sentiment,
}

/// Form of search results.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SearchFormat {
    Text,
    Json,
    Csv,
}

/// Arguments of `forget`.
#[derive(Args)]
pub struct Forget {
    /// Customer whose records are erased, as your files or an export name them; may be repeated
    #[arg(long, value_name = "NAME", required_unless_present = "id")]
    pub customer: Vec<String>,
    /// Id of a record that is erased; may be repeated
    #[arg(long, value_name = "ID")]
    pub id: Vec<String>,
    #[command(flatten)]
    pub erasure: Erasure,
}

/// Arguments of `purge`.
#[derive(Args)]
pub struct Purge {
    /// The first day that is kept; records without a date stay
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub before: Date,
    #[command(flatten)]
    pub erasure: Erasure,
}

/// What the commands that erase have in common.
#[derive(Args)]
pub struct Erasure {
    #[command(flatten)]
    pub workspace: WorkspaceArgument,
    /// Only tell how many records would be erased
    #[arg(long)]
    pub dry_run: bool,
    /// Write what was done to this file, as JSON without a word of what is gone
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// Folder of tables in the place of the program's own (see `vocable lexicon`)
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// No progress, no summary
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `rebuild`.
#[derive(Args)]
pub struct Rebuild {
    #[command(flatten)]
    pub workspace: WorkspaceArgument,
    /// Folder of tables in the place of the program's own (see `vocable lexicon`)
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// No progress, no summary
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `explain`.
#[derive(Args)]
pub struct Explain {
    /// The text
    #[arg(required = true, allow_hyphen_values = true)]
    pub text: String,
    /// Whether words are coloured: on a terminal, always or never
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: ColorArgument,
    /// Folder of tables in the place of the program's own (see `vocable lexicon`)
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
}

/// When output is coloured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArgument {
    Auto,
    Always,
    Never,
}

/// Arguments of `annotate`.
#[derive(Args)]
pub struct Annotate {
    /// Languages that may be answered: fr,en; by default all
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub among: Vec<Language>,
    /// Folder of tables in the place of the program's own (see `vocable lexicon`)
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// Threads to use; by default one a core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// Arguments of `export`.
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    pub workspace: WorkspaceArgument,
    /// Form of the output
    #[arg(long, value_enum, default_value = "jsonl")]
    pub format: ExportFormat,
    /// File to write; standard output without it
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Form of exports.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Jsonl,
    Csv,
}

/// Arguments of `eval`.
#[derive(Args)]
pub struct Eval {
    /// What to measure
    #[command(subcommand)]
    pub task: EvalTask,
}

/// What to measure.
#[derive(Subcommand)]
pub enum EvalTask {
    /// Language against a column of codes
    Language(EvalLanguage),
    /// Sentiment against a column of pos, neg, neu; and against ratings where there are any
    Sentiment(Labelled),
    /// Sentiment of what is said about each aspect, against a column of [{"target": …, "polarity": …}]
    Aspects(Labelled),
    /// Cues against a column of kinds: effort,problem; - for none
    Cues(Labelled),
    /// Everything that a folder of labelled files can tell, with what a lexicon fitted without each file reaches on it
    Suite(EvalSuite),
    /// Themes against a column of topics
    Themes {
        #[command(flatten)]
        labelled: Labelled,
        /// Number of themes: topics (as many as the file has), auto, or a number
        #[arg(long, default_value = "topics", value_name = "topics|auto|N")]
        count: String,
        /// Folder of a static embedding model, as `themes.embedding` names one
        #[arg(long, value_name = "DIR")]
        embedding: Option<PathBuf>,
    },
}

/// Arguments of `eval language`.
#[derive(Args)]
pub struct EvalLanguage {
    #[command(flatten)]
    pub labelled: Labelled,
    /// More labelled files, measured together with the first
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Languages that may be answered, rows in others left out: fr,en; by default all
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub among: Vec<Language>,
}

/// What to do with tables of words.
#[derive(Subcommand)]
pub enum Lexicon {
    /// Verify the tables of a folder: order, ranges, repeats, contradictions, examples
    Check(LexiconCheck),
    /// List the verdicts that a folder's tables change
    Preview(LexiconPreview),
    /// Learn weights of words and strengths of rules from rated or labelled feedback
    Fit(LexiconFit),
    /// Learn which runs of letters tell languages apart, from French and English feedback
    Ngrams(LexiconLearn),
    /// Learn where words lie from French and English feedback: words used alike lie close together
    Vectors(LexiconLearn),
}

/// Arguments of `lexicon check`.
#[derive(Args)]
pub struct LexiconCheck {
    /// Folder of tables: fr/polarity.tsv and the like; without it the program's own
    pub folder: Option<PathBuf>,
    /// Sort the folder's tables and spell their phrases as they are looked up, then check
    #[arg(long, requires = "folder")]
    pub repair: bool,
}

/// Arguments of `lexicon preview`.
#[derive(Args)]
pub struct LexiconPreview {
    /// Folder of edited tables
    pub folder: PathBuf,
    /// Files of feedback whose verdicts are compared
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Tables to compare with; without it the program's own
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
    /// How many changed verdicts to list
    #[arg(long, value_name = "N", default_value = "50")]
    pub limit: usize,
    /// Threads to use; by default one a core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// Arguments of `lexicon fit`.
#[derive(Args)]
pub struct LexiconFit {
    /// Files of feedback with marks, or with a column of pos, neg and neu
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Folder to write the fitted tables to
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    /// Tables to start from; without it the program's own
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// Column of labels: pos, neg, neu; by default label, else the marks
    #[arg(long)]
    pub column: Option<String>,
    /// How many of the largest changes to show
    #[arg(long, value_name = "N", default_value = "15")]
    pub top: usize,
    /// Hold out every fifth text in turn, instead of one file after the other
    #[arg(long)]
    pub five_folds: bool,
    /// Do not measure the gain on texts held out: faster
    #[arg(long)]
    pub no_validation: bool,
    /// Threads to use; by default one a core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// Arguments of `lexicon ngrams` and `lexicon vectors`.
#[derive(Args)]
pub struct LexiconLearn {
    /// Files of feedback, in both languages
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Folder to write the tables to
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    /// Threads to use; by default one a core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// Arguments of `eval suite`.
#[derive(Args)]
pub struct EvalSuite {
    /// Folder of labelled files
    pub folder: PathBuf,
    /// Write the measures as a table
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Threads to use; by default one a core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// A labelled file.
#[derive(Args)]
pub struct Labelled {
    /// The file: any format `run` reads, with a column of labels
    pub file: PathBuf,
    /// Column of the labels; by default lang, label or topic
    #[arg(long)]
    pub column: Option<String>,
    /// Leave out rows with this label; may be repeated
    #[arg(long, value_name = "LABEL")]
    pub drop: Vec<String>,
    /// Keep only rows where a column has this value, or at least this number: label=neg, topic_conf>=0.6; may be repeated
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub conditions: Vec<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value = "text")]
    pub format: EvalFormat,
    /// Folder of tables in the place of the program's own (see `vocable lexicon`)
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// Threads to use; by default one a core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

impl Labelled {
    /// A file measured as a whole, with the columns its task expects.
    pub fn of(file: PathBuf, format: EvalFormat) -> Self {
        Self {
            file,
            column: None,
            drop: Vec::new(),
            conditions: Vec::new(),
            format,
            lexicons: None,
            threads: None,
        }
    }
}

/// Form of measures.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvalFormat {
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerance_is_a_count_or_a_share() {
        assert_eq!(parse_tolerance("12"), Ok(Tolerance::Rows(12)));
        assert_eq!(parse_tolerance("2.5%"), Ok(Tolerance::Share(0.025)));
        assert!(parse_tolerance("120%").is_err() && parse_tolerance("few").is_err());
    }

    #[test]
    fn a_range_of_marks_reads_both_ways() {
        assert_eq!(parse_range("1..2"), Ok((1.0, 2.0)));
        assert_eq!(parse_range("5"), Ok((5.0, 5.0)));
        assert!(parse_range("3..1").is_err() && parse_range("good").is_err());
    }

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
