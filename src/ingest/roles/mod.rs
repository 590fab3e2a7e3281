//! Which column is what: guessed from names and content, overridden by a mapping.

mod facts;
mod guess;

pub(super) use guess::{ONLY_TITLE, guess};

/// What a column is to a piece of feedback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The customer's words.
    Text,
    /// A title over the words.
    Title,
    /// When it was given.
    Date,
    /// The hour, where the date has none.
    Time,
    /// Stars or marks.
    Rating,
    /// The best rating there is, row by row.
    RatingMax,
    /// "Would you recommend us", 0 to 10.
    Nps,
    /// "How satisfied are you".
    Csat,
    /// Names the record for good.
    Id,
    /// Who gave it.
    Customer,
    /// How it reached the company.
    Channel,
    /// What it is about.
    Product,
    /// The language the source says it is in; kept as a column.
    Language,
    /// "How easy was it"; which end is good is for a mapping or a source to say.
    Ces,
    /// When the company first answered, or how long that took.
    FirstReply,
    /// When it was resolved, or how long that took.
    Resolved,
    /// When it was closed, or how long that took.
    Closed,
    /// What the customer or the order is worth.
    Revenue,
    /// The state of the ticket.
    Status,
    /// How much the record counts.
    Weight,
    /// The group of customers.
    Segment,
    /// Names the conversation a row is part of.
    Conversation,
    /// The id of the row this one answers.
    ReplyTo,
    /// Who speaks in this row: rows of agents are left out, and tell when the company answered.
    Speaker,
    /// A conversation: an array of turns in a JSON record.
    Turns,
    /// Dropped: not kept with the record either.
    Ignore,
    /// Kept with the record, without a role.
    Keep,
}

impl Role {
    /// Every role, in the order of their declaration.
    pub const ALL: [Role; 27] = [
        Role::Text,
        Role::Title,
        Role::Date,
        Role::Time,
        Role::Rating,
        Role::RatingMax,
        Role::Nps,
        Role::Csat,
        Role::Id,
        Role::Customer,
        Role::Channel,
        Role::Product,
        Role::Language,
        Role::Ces,
        Role::FirstReply,
        Role::Resolved,
        Role::Closed,
        Role::Revenue,
        Role::Status,
        Role::Weight,
        Role::Segment,
        Role::Conversation,
        Role::ReplyTo,
        Role::Speaker,
        Role::Turns,
        Role::Ignore,
        Role::Keep,
    ];

    /// The name people write in a mapping file and read in an inspection.
    pub fn name(self) -> &'static str {
        match self {
            Role::Text => "text",
            Role::Title => "title",
            Role::Date => "date",
            Role::Time => "time",
            Role::Rating => "rating",
            Role::RatingMax => "rating_max",
            Role::Nps => "nps",
            Role::Csat => "csat",
            Role::Id => "id",
            Role::Customer => "customer",
            Role::Channel => "channel",
            Role::Product => "product",
            Role::Language => "language",
            Role::Ces => "ces",
            Role::FirstReply => "first_reply",
            Role::Resolved => "resolved",
            Role::Closed => "closed",
            Role::Revenue => "revenue",
            Role::Status => "status",
            Role::Weight => "weight",
            Role::Segment => "segment",
            Role::Conversation => "conversation",
            Role::ReplyTo => "reply_to",
            Role::Speaker => "speaker",
            Role::Turns => "turns",
            Role::Ignore => "ignore",
            Role::Keep => "keep",
        }
    }

    /// The role of a name.
    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// True for roles only one column of a file can have.
    pub fn is_single(self) -> bool {
        !matches!(self, Role::Ignore | Role::Keep)
    }

    /// Names of all roles, for messages.
    pub(super) fn all_names() -> String {
        Role::ALL.map(Role::name).join(", ")
    }
}

/// The first rows of a file, column by column.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// In the order of the file.
    pub columns: Vec<SampledColumn>,
    /// Rows sampled.
    pub rows: usize,
}

/// One column of a sample.
#[derive(Debug, Default)]
pub(super) struct SampledColumn {
    /// As the file names it.
    pub name: String,
    /// One a row; empty where the row says nothing. May end early: the rest is empty.
    pub cells: Vec<Box<str>>,
    /// Rows in which the column holds an array of turns with words in them.
    pub turns: usize,
}

/// The role of a column and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    pub role: Role,
    pub why: String,
    /// True when the name says one thing and the content another, so that a person should look.
    pub is_doubtful: bool,
}
