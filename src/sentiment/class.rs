//! The classes a score falls in: five for reading, three for counting.

/// One of five classes of a text or a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// Score of −0.8 or less.
    VeryNegative,
    /// Between −0.8 and −0.05.
    Negative,
    /// Around 0: nothing said, or as much good as bad.
    Neutral,
    /// Between 0.05 and 0.8.
    Positive,
    /// 0.8 or more.
    VeryPositive,
}

/// One of three classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// Complains.
    Negative,
    /// Says neither.
    Neutral,
    /// Praises.
    Positive,
}

/// From this distance to 0 on, a score leaves neutral.
pub const NEUTRAL_BAND: f32 = 0.05;

/// From this distance to 0 on, a score is very negative or very positive.
pub const VERY: f32 = 0.8;

impl Label {
    /// All five, worst first.
    pub const ALL: [Label; 5] = [
        Label::VeryNegative,
        Label::Negative,
        Label::Neutral,
        Label::Positive,
        Label::VeryPositive,
    ];

    /// The class of a score between −1 and 1.
    pub fn of(score: f32) -> Self {
        match score {
            s if s <= -VERY => Label::VeryNegative,
            s if s <= -NEUTRAL_BAND => Label::Negative,
            s if s < NEUTRAL_BAND => Label::Neutral,
            s if s < VERY => Label::Positive,
            _ => Label::VeryPositive,
        }
    }

    /// The name in exports and queries.
    pub fn name(self) -> &'static str {
        match self {
            Label::VeryNegative => "very_negative",
            Label::Negative => "negative",
            Label::Neutral => "neutral",
            Label::Positive => "positive",
            Label::VeryPositive => "very_positive",
        }
    }

    /// The coarser class.
    pub fn polarity(self) -> Polarity {
        match self {
            Label::VeryNegative | Label::Negative => Polarity::Negative,
            Label::Neutral => Polarity::Neutral,
            Label::Positive | Label::VeryPositive => Polarity::Positive,
        }
    }
}

impl Polarity {
    /// The name in exports and queries.
    pub fn name(self) -> &'static str {
        match self {
            Polarity::Negative => "neg",
            Polarity::Neutral => "neu",
            Polarity::Positive => "pos",
        }
    }

    /// The class of a score between −1 and 1.
    pub fn of(score: f32) -> Self {
        Label::of(score).polarity()
    }
}
