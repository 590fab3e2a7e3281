//! Cells → feedback: the words put together, marks and dates read, the key made, or a reason why not.

use super::{
    conversation::{self, Agents, Mark},
    dates::{self, DateOrder, Instant, Numeric, Reading, Zones},
    markup, names, numbers,
    roles::Role,
    sources::{self, Reason, Source, Turn},
    vocabulary::{Speaker, Unit, Vocabulary},
};
use crate::{
    cleaning::{customer_words, is_auto_reply},
    feedback::{Effort, Feedback, Origin, Rating, Service},
};
use rustc_hash::FxHashMap;
use std::{borrow::Cow, sync::Arc};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// All that converting one row takes and that all rows of a file share.
pub(super) struct Plan<'s> {
    pub origin: Arc<Origin>,
    pub vocabulary: &'s Vocabulary,
    pub zones: &'s Zones,
    pub source: Option<&'static Source>,
    /// Order of numeric dates; `None` while the rows seen do not tell.
    pub order: Option<DateOrder>,
    /// Best rating; `None` to take it from the highest of the file.
    pub rating_scale: Option<f32>,
    pub csat_scale: Option<f32>,
    /// Best effort score and whether it means little effort; `None` where nobody said which end is good.
    pub effort: Option<(Option<f32>, bool)>,
    /// What bare numbers of durations count, in the order of [`DELAYS`].
    pub units: [Option<Unit>; DELAYS.len()],
    /// People of the company, by name or address.
    pub agents: &'s Agents,
    /// Whether rows are turns of conversations that other rows go on with.
    pub has_conversations: bool,
    /// Tells files with other columns apart, in keys.
    pub id_prefix: String,
    /// True when yes in the speaker column means the customer; `None` when its values are words.
    pub yes_is_customer: Option<bool>,
    pub channel: Option<Arc<str>>,
    pub product: Option<Arc<str>>,
    pub max_text_bytes: usize,
    /// False when no column holds words or marks.
    pub has_words_or_marks: bool,
}

/// Roles that say when, or how long after the record, something was done.
pub(super) const DELAYS: [Role; 3] = [Role::FirstReply, Role::Resolved, Role::Closed];

/// Roles with a place in [`Cells`]: those declared before [`Role::Turns`], and it.
const HELD: usize = Role::Turns as usize + 1;

/// The cells of one row by role, and everything else.
pub(super) struct Cells<'r> {
    held: [Option<Cow<'r, str>>; HELD],
    /// Words of further columns, where several are the text.
    more_words: Vec<Cow<'r, str>>,
    /// All columns but the words, as a JSON object.
    pub columns: String,
    /// Every cell with a border after each: what the key is made from. Empty where [`Keys::FromId`] makes it.
    pub content: Vec<u8>,
    /// The conversation, where the record holds one.
    pub turns: Vec<Turn>,
    /// Why the row is not a customer's, where its source says so.
    pub left_out: Option<Reason>,
    /// What is wrong with the row, where its source says so.
    pub fault: Option<String>,
}

impl<'r> Cells<'r> {
    /// No cell yet; room is taken over from a row before.
    pub fn new(room: Room) -> Self {
        let Room {
            mut columns,
            mut content,
        } = room;
        columns.clear();
        content.clear();
        Self {
            held: [const { None }; HELD],
            more_words: Vec::new(),
            columns,
            content,
            turns: Vec::new(),
            left_out: None,
            fault: None,
        }
    }

    pub fn hold(&mut self, role: Role, cell: Cow<'r, str>) {
        if let Some(place) = self.held.get_mut(role as usize) {
            *place = Some(cell);
        }
    }

    /// Holds a cell where several columns may be the text: its words then go on with those before.
    pub fn add(&mut self, role: Role, cell: Cow<'r, str>) {
        match role == Role::Text && self.held[role as usize].is_some() {
            true => self.more_words.push(cell),
            false => self.hold(role, cell),
        }
    }

    /// The cell of a column or a member that is kept with the record, by its name in the file; empty when missing, and for
    /// arrays and objects. Slow: it reads all that is kept.
    pub fn kept(&self, name: &str) -> String {
        let kept: serde_json::Value = serde_json::from_str(&self.columns).unwrap_or_default();
        sources::text_at(&kept, &[name])
    }

    /// The cell of a role as it stands; empty when missing.
    pub fn cell(&self, role: Role) -> &str {
        self.held[role as usize].as_deref().unwrap_or_default()
    }

    /// The cell of a role, white space around it gone; empty when missing or when it only means "nothing".
    pub fn filled(&self, role: Role, vocabulary: &Vocabulary) -> &str {
        self.held[role as usize]
            .as_deref()
            .map_or("", |cell| vocabulary.filled(cell))
    }

    /// What the customer said, as the text of the record.
    #[cfg(test)]
    pub fn text_for_tests(&self, vocabulary: &Vocabulary) -> String {
        text_of(self, vocabulary, &Agents::default()).0
    }
}

/// What a customer said in a text or a turn: without markup, quoted mail, signature and what else tools put around it.
pub(super) fn words_of(cell: &str) -> Cow<'_, str> {
    let plain = plain(cell);
    match customer_words(&plain) {
        Cow::Borrowed(all) if all.len() == plain.len() => plain,
        words => Cow::Owned(clean(&words).into_owned()),
    }
}

/// A cell without markup.
fn plain(cell: &str) -> Cow<'_, str> {
    match markup::plain(cell) {
        Cow::Borrowed(plain) => clean(plain),
        Cow::Owned(plain) => Cow::Owned(clean(&plain).into_owned()),
    }
}

/// What keys are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// The file has a column of ids; a row without one is hashed as written.
    FromId,
    /// The cells of a row are hashed, however they were written.
    FromContent,
}

/// Memory that one row leaves to the next.
#[derive(Default)]
pub(super) struct Room {
    columns: String,
    content: Vec<u8>,
}

/// What became of a row.
pub(super) enum Outcome {
    Accepted(Box<Draft>),
    /// With the reason.
    Refused(String),
    /// Neither words nor a mark.
    Empty,
    /// Not a customer's, and when it was said where that tells how fast the company answered.
    LeftOut(Reason, Option<Mark>),
}

/// Feedback that may wait for what only the whole file tells.
pub(super) struct Draft {
    /// A rating or satisfaction mark with scale 0 waits for the file's scale.
    pub feedback: Feedback,
    /// Dates that wait for the order of their columns: that of the record, then those of [`DELAYS`].
    pub waiting: [Option<Numeric>; 1 + DELAYS.len()],
    /// Where it stands in the conversation that other rows go on with.
    pub mark: Option<Mark>,
    /// What the key is made from where there is no id; repeats want a counter.
    pub content_hash: Option<u128>,
}

/// What the rows of one batch share.
#[derive(Default)]
pub(super) struct Shared {
    strings: FxHashMap<Box<str>, Arc<str>>,
    /// For the next row's cells.
    pub room: Room,
}

impl Shared {
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.strings.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.strings.insert(text.into(), new.clone());
        new
    }
}

/// Makes feedback of a row, given as cells and as written.
pub(super) fn convert(
    cells: Cells<'_>,
    row: &str,
    line: u32,
    plan: &Plan<'_>,
    shared: &mut Shared,
) -> Outcome {
    let outcome = try_convert(&cells, row, line, plan, shared);
    shared.room = Room {
        columns: cells.columns,
        content: cells.content,
    };
    outcome.unwrap_or_else(Outcome::Refused)
}

fn try_convert(
    cells: &Cells<'_>,
    row: &str,
    line: u32,
    plan: &Plan<'_>,
    shared: &mut Shared,
) -> Result<Outcome, String> {
    let vocabulary = plan.vocabulary;
    if let Some(reason) = cells.left_out {
        return Ok(Outcome::LeftOut(reason, None));
    }
    let speaker = speaker_of(cells, plan);
    if speaker.is_company() {
        let reason = match speaker {
            Speaker::Machine => Reason::Machine,
            _ => Reason::Agent,
        };
        let mark = (plan.has_conversations && reason == Reason::Agent)
            .then(|| Mark::of(cells, line, plan, None));
        return Ok(Outcome::LeftOut(reason, mark));
    }
    if is_automatic(cells, plan) {
        return Ok(Outcome::LeftOut(Reason::Machine, None));
    }
    let (text, body_start) = text_of(cells, vocabulary, plan.agents);
    let marks =
        [Role::Rating, Role::Nps, Role::Csat, Role::Ces].map(|role| cells.filled(role, vocabulary));
    let has_mark = marks[..3].iter().any(|mark| !mark.is_empty())
        || plan.effort.is_some() && !marks[3].is_empty();
    if text.is_empty() && !has_mark {
        return match plan.has_words_or_marks {
            true if conversation::is_company_only(&cells.turns, plan.agents) => {
                Ok(Outcome::LeftOut(Reason::Agent, None))
            }
            true => Ok(Outcome::Empty),
            false => Err(
                "no column holds customers' words or a mark; name one in a mapping file".to_owned(),
            ),
        };
    }
    if text.len() > plan.max_text_bytes {
        return Err(format!(
            "a text of {} bytes is longer than {}; split it, or raise ingest.max_text_bytes",
            text.len(),
            plan.max_text_bytes
        ));
    }
    let date = moment_of(cells, plan)?;
    let rating = mark_of(cells, Role::Rating, plan.rating_scale, vocabulary)?;
    let csat = mark_of(cells, Role::Csat, plan.csat_scale, vocabulary)?;
    let nps = nps_of(marks[1], vocabulary)?;
    let constant = |role: Role, given: &Option<Arc<str>>, shared: &mut Shared| match cells
        .filled(role, vocabulary)
    {
        "" => given.clone(),
        cell => Some(shared.share(&clean(cell))),
    };
    let product = constant(Role::Product, &plan.product, shared);
    let channel = constant(Role::Channel, &plan.channel, shared);
    let customer = match cells.filled(Role::Customer, vocabulary) {
        "" => None,
        cell => Some(Arc::from(clean(cell).as_ref())),
    };
    let (service, waiting) = service_of(cells, date.instant(), plan, shared)?;
    let id = cells.filled(Role::Id, vocabulary);
    let content_hash = id.is_empty().then(|| match cells.content.is_empty() {
        true => xxh3_128(row.as_bytes()),
        false => xxh3_128(&cells.content),
    });
    let (key, id_start) = match content_hash {
        Some(hash) => (format!("{hash:032x}"), 0),
        None => keyed(&plan.id_prefix, product.as_deref().unwrap_or(""), id),
    };
    let mark = plan
        .has_conversations
        .then(|| Mark::of(cells, line, plan, date.instant()));
    let feedback = Feedback {
        key: key.into(),
        id_start,
        text: text.into(),
        body_start,
        moment: date.instant().map(|instant| instant.moment),
        rating,
        nps,
        csat,
        channel,
        product,
        customer,
        service,
        columns: cells.columns.as_str().into(),
        origin: plan.origin.clone(),
        line,
    };
    Ok(Outcome::Accepted(Box::new(Draft {
        feedback,
        waiting: [date.waiting(), waiting[0], waiting[1], waiting[2]],
        mark,
        content_hash,
    })))
}

/// True for letters that a program wrote: out-of-office notes, failed deliveries. Looked for where letters may be.
fn is_automatic(cells: &Cells<'_>, plan: &Plan<'_>) -> bool {
    let title = cells.filled(Role::Title, plan.vocabulary);
    let may_be_mail = match plan.source {
        Some(source) => source.is_mail,
        // Reviews have titles too, and marks.
        None => !title.is_empty() && cells.filled(Role::Rating, plan.vocabulary).is_empty(),
    };
    may_be_mail && is_auto_reply(title, cells.filled(Role::Text, plan.vocabulary))
}

/// Who speaks in this row.
fn speaker_of(cells: &Cells<'_>, plan: &Plan<'_>) -> Speaker {
    let vocabulary = plan.vocabulary;
    let author = cells.filled(Role::Customer, vocabulary);
    if !author.is_empty() && plan.agents.include(author) {
        return Speaker::Agent;
    }
    let cell = cells.filled(Role::Speaker, vocabulary);
    match plan.yes_is_customer {
        _ if cell.is_empty() => Speaker::Unknown,
        Some(yes_is_customer) => match is_yes(cell) == yes_is_customer {
            true => Speaker::Customer,
            false => Speaker::Agent,
        },
        None => vocabulary.speaker(cell),
    }
}

fn is_yes(cell: &str) -> bool {
    ["true", "yes", "oui", "1", "vrai"]
        .iter()
        .any(|yes| cell.eq_ignore_ascii_case(yes))
}

/// A cell that may be a date.
#[derive(Clone, Copy)]
enum Dated {
    None,
    Known(Instant),
    Waiting(Numeric),
}

impl Dated {
    fn instant(self) -> Option<Instant> {
        match self {
            Dated::Known(instant) => Some(instant),
            Dated::None | Dated::Waiting(_) => None,
        }
    }

    fn waiting(self) -> Option<Numeric> {
        match self {
            Dated::Waiting(numeric) => Some(numeric),
            Dated::None | Dated::Known(_) => None,
        }
    }
}

/// What a ticket or a survey says beside the words, and the dates of it that wait for their order.
#[expect(clippy::type_complexity, reason = "three dates in the order of DELAYS")]
fn service_of(
    cells: &Cells<'_>,
    given: Option<Instant>,
    plan: &Plan<'_>,
    shared: &mut Shared,
) -> Result<(Option<Box<Service>>, [Option<Numeric>; DELAYS.len()]), String> {
    let vocabulary = plan.vocabulary;
    let mut service = Service::default();
    let mut waiting = [None; DELAYS.len()];
    for (at, role) in DELAYS.into_iter().enumerate() {
        let cell = cells.filled(role, vocabulary);
        if cell.is_empty() {
            continue;
        }
        let seconds = match numbers::duration(cell, plan.units[at], vocabulary) {
            Some(seconds) => Some(seconds),
            None => match dates::read(cell, vocabulary, plan.zones) {
                Reading::Moment(instant) => delay(given, instant, plan.zones),
                Reading::Numeric(numeric) => match (plan.order, given) {
                    (Some(order), Some(_)) => numeric
                        .moment(order, plan.zones)
                        .and_then(|instant| delay(given, instant, plan.zones)),
                    _ => {
                        waiting[at] = Some(numeric);
                        None
                    }
                },
                _ => None,
            },
        };
        *delay_of(&mut service, role) = seconds.map(whole_seconds);
    }
    if service.first_reply_seconds.is_none() && !cells.turns.is_empty() {
        service.first_reply_seconds = conversation::first_reply(&cells.turns, plan);
    }
    if let Some((scale, high_is_easy)) = plan.effort {
        service.ces = mark_of(cells, Role::Ces, scale, vocabulary)?.map(|mark| Effort {
            // Effort is asked on five points or on seven.
            mark: match mark.scale {
                0.0 if mark.value <= 5.0 && scale.is_none() => Rating { scale: 5.0, ..mark },
                0.0 => Rating { scale: 7.0, ..mark },
                _ => mark,
            },
            high_is_easy,
        });
    }
    service.revenue = numbers::amount(cells.filled(Role::Revenue, vocabulary));
    service.weight = numbers::amount(cells.filled(Role::Weight, vocabulary))
        .filter(|weight| *weight >= 0.0)
        .map(|weight| weight as f32);
    for (role, place) in [
        (Role::Status, &mut service.status),
        (Role::Segment, &mut service.segment),
        (Role::Conversation, &mut service.conversation),
    ] {
        let cell = cells.filled(role, vocabulary);
        *place = (!cell.is_empty()).then(|| shared.share(&clean(cell)));
    }
    let is_nothing = service == Service::default() && waiting.iter().all(Option::is_none);
    Ok(((!is_nothing).then(|| Box::new(service)), waiting))
}

/// The place of a delay in what is known of the service.
pub(super) fn delay_of(service: &mut Service, role: Role) -> &mut Option<u32> {
    match role {
        Role::FirstReply => &mut service.first_reply_seconds,
        Role::Resolved => &mut service.resolution_seconds,
        _ => &mut service.closing_seconds,
    }
}

/// Seconds from a record to what was done about it; `None` when that was before, or when only days are known.
pub(super) fn delay(given: Option<Instant>, done: Instant, zones: &Zones) -> Option<f64> {
    let given = given.filter(|given| given.moment.has_time && done.moment.has_time)?;
    let seconds = done.seconds(zones) - given.seconds(zones);
    (seconds >= 0).then_some(seconds as f64)
}

/// A delay as it is kept: whole seconds, up to the 136 years that fit.
pub(super) fn whole_seconds(seconds: f64) -> u32 {
    seconds.round() as u32
}

/// `<prefix>/<product>/<id>` and where the id starts.
fn keyed(prefix: &str, product: &str, id: &str) -> (String, u16) {
    // A product holds no border of its own, and a long one is told apart by its hash.
    let product = match product {
        long if long.len() > 200 => Cow::Owned(format!("{:016x}", xxh3_64(long.as_bytes()))),
        bordered if bordered.contains('/') => {
            Cow::Owned(bordered.replace('%', "%25").replace('/', "%2F"))
        }
        plain => Cow::Borrowed(plain),
    };
    // The index knows records by their key, and cuts no term short: a longer one would not be found again.
    let id = match id {
        long if long.len() > 512 => Cow::Owned(format!("{:032x}", xxh3_128(long.as_bytes()))),
        plain => Cow::Borrowed(plain),
    };
    let mut key = String::with_capacity(prefix.len() + product.len() + id.len() + 2);
    key.push_str(prefix);
    key.push('/');
    key.push_str(&product);
    key.push('/');
    key.push_str(&id);
    let id_start = key.len() - id.len();
    (
        key,
        u16::try_from(id_start).expect("a prefix of 8 and a product of at most 600 bytes"),
    )
}

/// The title, a line break and the body, with the bytes the first two take.
fn text_of(cells: &Cells<'_>, vocabulary: &Vocabulary, agents: &Agents) -> (String, u32) {
    let title = plain(cells.filled(Role::Title, vocabulary));
    let mut body = words_of(cells.filled(Role::Text, vocabulary));
    for more in &cells.more_words {
        let more = words_of(vocabulary.filled(more));
        body = match (body.is_empty(), more.is_empty()) {
            (true, _) => more,
            (false, true) => body,
            (false, false) => Cow::Owned(format!("{body}\n{more}")),
        };
    }
    if !cells.turns.is_empty() {
        let turns = conversation::customer_words(&cells.turns, agents, vocabulary);
        // A ticket's description is often its first turn; it is not said twice.
        body = match body.is_empty() || turns.contains(body.as_ref()) {
            true => Cow::Owned(turns),
            false if turns.is_empty() => body,
            false => Cow::Owned(format!("{body}\n{turns}")),
        };
    }
    if title.is_empty() || opens_with(&body, &title) {
        return (body.into_owned(), 0);
    }
    let mut text = String::with_capacity(title.len() + 1 + body.len());
    text.push_str(&title);
    if !body.is_empty() {
        text.push('\n');
    }
    let body_start = u32::try_from(text.len()).unwrap_or(u32::MAX);
    text.push_str(&body);
    (text, body_start)
}

/// True when `body` begins with `title`, case, accents and white space aside, or with what a cut title shows of it.
pub(super) fn opens_with(body: &str, title: &str) -> bool {
    let title = title.trim();
    let shown = title.trim_end_matches(['…', '.']).trim_end();
    let is_cut = shown.len() < title.len() && (title.ends_with('…') || title.ends_with("..."));
    let shown = if is_cut { shown } else { title };
    if shown.is_empty() {
        return false;
    }
    let mut body = spaced_letters(body);
    let begins = spaced_letters(shown).all(|letter| body.next() == Some(letter));
    begins && (is_cut || body.next().is_none_or(|next| !next.is_alphanumeric()))
}

/// The plain letters of a text, runs of white space as one space.
fn spaced_letters(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut was_space = false;
    names::plain_letters(text.trim()).filter_map(move |letter| {
        let is_space = letter.is_whitespace();
        let is_more = is_space && was_space;
        was_space = is_space;
        match (is_more, is_space) {
            (true, _) => None,
            (false, true) => Some(' '),
            (false, false) => Some(letter),
        }
    })
}

fn moment_of(cells: &Cells<'_>, plan: &Plan<'_>) -> Result<Dated, String> {
    let day = cells.filled(Role::Date, plan.vocabulary);
    if day.is_empty() {
        return Ok(Dated::None);
    }
    let hour = cells.filled(Role::Time, plan.vocabulary);
    let both = match dates::read_time(hour) {
        Some(_) => Cow::Owned(format!("{day} {hour}")),
        None if hour.is_empty() => Cow::Borrowed(day),
        None => {
            return Err(format!(
                "the hour is not one but {}; write 14:30, or map its column with ignore",
                shape(hour)
            ));
        }
    };
    match dates::read(&both, plan.vocabulary, plan.zones) {
        Reading::Moment(instant) => Ok(Dated::Known(instant)),
        Reading::Numeric(numeric) => match plan.order {
            None => Ok(Dated::Waiting(numeric)),
            Some(order) => match numeric.moment(order, plan.zones) {
                Some(instant) => Ok(Dated::Known(instant)),
                None => Err(wrong_order(numeric, order)),
            },
        },
        Reading::FarYear(year) => Err(format!(
            "year {year} is out of range 1970–2100; check the column or map it with ignore"
        )),
        Reading::Impossible => Err(format!(
            "date \"{day}\" does not exist; correct it, or empty the cell"
        )),
        Reading::Unreadable => Err(format!(
            "the date is not one but {}; write 2026-04-17, or map its column with ignore",
            shape(day)
        )),
    }
}

/// Why a numeric date has no place in a column of the other order.
pub(super) fn wrong_order(numeric: Numeric, order: DateOrder) -> String {
    let remedy = match order {
        DateOrder::DayFirst => "the column has the day first",
        DateOrder::MonthFirst => "the column has the month first",
    };
    match numeric.order() {
        Some(other) if other != order => format!(
            "date \"{numeric}\" does not exist: {remedy}; correct it, or set date_order in a mapping file"
        ),
        _ => format!("date \"{numeric}\" does not exist; correct it, or empty the cell"),
    }
}

fn mark_of(
    cells: &Cells<'_>,
    role: Role,
    scale: Option<f32>,
    vocabulary: &Vocabulary,
) -> Result<Option<Rating>, String> {
    let cell = cells.filled(role, vocabulary);
    if cell.is_empty() {
        return Ok(None);
    }
    let name = role.name();
    let Some(mark) = numbers::mark(cell, vocabulary) else {
        return Err(format!(
            "the {name} is not a number but {}; write a number, or map its column with ignore",
            shape(cell)
        ));
    };
    let row_scale = || match role {
        Role::Rating => numbers::mark(cells.filled(Role::RatingMax, vocabulary), vocabulary)
            .map(|mark| mark.value),
        _ => None,
    };
    let scale = mark
        .scale
        .or_else(row_scale)
        .map(|scale| scale as f32)
        .filter(|scale| *scale > 0.0)
        .or(scale);
    let value = mark.value as f32;
    let highest = scale.unwrap_or(100.0);
    if !(0.0..=highest).contains(&value) {
        return Err(format!(
            "{name} {value} is out of range 0–{highest}; correct it, or set {name}_scale in a mapping file"
        ));
    }
    Ok(Some(Rating {
        value,
        scale: scale.unwrap_or(0.0),
    }))
}

fn nps_of(cell: &str, vocabulary: &Vocabulary) -> Result<Option<u8>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    match numbers::mark(cell, vocabulary) {
        Some(mark) if mark.value.fract() == 0.0 && (0.0..=10.0).contains(&mark.value) => {
            Ok(Some(mark.value as u8))
        }
        Some(mark) if mark.value.fract() == 0.0 => Err(format!(
            "nps {} is out of range 0–10; correct it, or empty the cell",
            mark.value
        )),
        Some(mark) => Err(format!(
            "nps {} is not a whole number; write 0 to 10",
            mark.value
        )),
        None => Err(format!(
            "the nps is not a number but {}; write 0 to 10, or map its column with ignore",
            shape(cell)
        )),
    }
}

/// What a cell looks like, without its words: they may be anybody's.
pub(super) fn shape(cell: &str) -> String {
    let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
    let words = cell.split_whitespace().count();
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    match (words, letters) {
        (_, 0) if digits <= 8 && cell.len() <= 20 => format!("\"{cell}\""),
        (1, 0) => format!("{digits} digits"),
        (1, _) if letters == cell.chars().count() => format!("a word of {letters} letters"),
        (1, _) => format!(
            "a word of {letters} letters and {} other signs",
            cell.chars().count() - letters
        ),
        _ => format!("{words} words"),
    }
}

/// The words as the customer wrote them: ends trimmed, line breaks made `\n`, invisible rubbish gone, entities decoded.
pub(super) fn clean(cell: &str) -> Cow<'_, str> {
    let bytes = cell.as_bytes();
    let has_rubbish = memchr::memchr3(b'\r', 0, b'&', bytes).is_some()
        // The first byte of a byte order mark, and of little else.
        || memchr::memchr(0xef, bytes).is_some() && cell.contains('\u{feff}');
    if !has_rubbish {
        return Cow::Borrowed(cell.trim());
    }
    let mut cleaned = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(letter) = rest.chars().next() {
        let mut length = letter.len_utf8();
        match letter {
            '\r' => {
                cleaned.push('\n');
                length += usize::from(rest.as_bytes().get(1) == Some(&b'\n'));
            }
            '\0' | '\u{feff}' => {}
            '&' => match entity(rest) {
                Some((decoded, taken)) => {
                    cleaned.push(decoded);
                    length = taken;
                }
                None => cleaned.push('&'),
            },
            _ => {
                let run = rest
                    .find(['\r', '\0', '\u{feff}', '&'])
                    .unwrap_or(rest.len());
                cleaned.push_str(&rest[..run]);
                length = run;
            }
        }
        rest = &rest[length..];
    }
    match cleaned.trim() {
        trimmed if trimmed.len() == cleaned.len() => Cow::Owned(cleaned),
        trimmed => Cow::Owned(trimmed.to_owned()),
    }
}

/// The character an entity at the start of `text` stands for, and the bytes it takes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = &text[1..end];
    let decoded = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            match code {
                // As browsers have it: these numbers were always meant as Windows-1252.
                0x80..=0x9f => {
                    let byte = [u8::try_from(code).ok()?];
                    encoding_rs::WINDOWS_1252
                        .decode_without_bom_handling(&byte)
                        .0
                        .chars()
                        .next()?
                }
                9 | 10 => char::from_u32(code)?,
                13 => '\n',
                0..=31 | 127 => return None,
                _ => char::from_u32(code)?,
            }
        }
    };
    Some((decoded, end + 1))
}

/// Adds a string to a JSON object under construction.
pub(super) fn push_json_string(json: &mut String, text: &str) {
    let is_plain = text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\');
    if is_plain {
        json.push('"');
        json.push_str(text);
        json.push('"');
    } else {
        json.push_str(&serde_json::to_string(text).expect("a string is always JSON"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_clean(cell: &str, expected: &str) {
        assert_eq!(clean(cell), expected);
    }

    #[test]
    fn cleaning_leaves_the_customers_words() {
        check_clean("  Très bien\r\nmerci \n", "Très bien\nmerci");
        check_clean("a\rb", "a\nb");
        check_clean("\u{feff}Top\0", "Top");
        check_clean(
            "S&amp;P &lt;3 l&#39;avis &quot;top&quot;",
            "S&P <3 l'avis \"top\"",
        );
        check_clean("l&#x2019;avis&nbsp;: &#146;ok", "l’avis\u{a0}: ’ok");
        check_clean(
            "R&D & co; &eacute; &#0; &#xFFFFFFFF;",
            "R&D & co; &eacute; &#0; &#xFFFFFFFF;",
        );
        check_clean("&amp;lt;", "&lt;");
        check_clean("&", "&");
        check_clean("", "");
    }

    #[track_caller]
    fn check_opens(body: &str, title: &str, expected: bool) {
        assert_eq!(opens_with(body, title), expected, "{title} / {body}");
    }

    #[test]
    fn a_title_said_again_by_the_body_is_seen() {
        check_opens("Très déçu par la lampe", "tres decu", true);
        check_opens("Très déçu par la lampe", "Très déçu par la l…", true);
        check_opens("Très déçu par la lampe", "Très  déçu par...", true);
        check_opens("Topissime cette lampe", "Top", false);
        check_opens("Top ! Cette lampe", "Top !", true);
        check_opens("Très déçu", "Très déçu", true);
        check_opens("Bof", "Très déçu", false);
        check_opens("Bof", "…", false);
        check_opens("", "Bof", false);
    }

    fn text(title: &str, body: &str) -> (String, u32) {
        let mut cells = Cells::new(Room::default());
        cells.hold(Role::Title, title.into());
        cells.hold(Role::Text, body.into());
        text_of(&cells, Vocabulary::embedded(), &Agents::default())
    }

    #[test]
    fn the_title_goes_before_the_body() {
        assert_eq!(
            text("Déçu", "Lampe cassée"),
            ("Déçu\nLampe cassée".to_owned(), 7)
        );
        assert_eq!(text("", "Lampe cassée"), ("Lampe cassée".to_owned(), 0));
        assert_eq!(
            text("Lampe", "Lampe cassée"),
            ("Lampe cassée".to_owned(), 0)
        );
        assert_eq!(text("Déçu", "N/A"), ("Déçu".to_owned(), 6));
        assert_eq!(text("", ""), (String::new(), 0));
    }

    #[test]
    fn shapes_show_no_words() {
        assert_eq!(shape("six"), "a word of 3 letters");
        assert_eq!(shape("Madame Durand"), "2 words");
        assert_eq!(shape("12/2026"), "\"12/2026\"");
        assert_eq!(shape("0639981234"), "10 digits");
    }

    #[test]
    fn keys_tell_products_apart() {
        assert_eq!(
            keyed("0123abcd", "Lyon", "17"),
            ("0123abcd/Lyon/17".to_owned(), 14)
        );
        assert_eq!(keyed("0123abcd", "a/b", "c").0, "0123abcd/a%2Fb/c");
        assert_eq!(
            keyed("0123abcd", &"x".repeat(70_000), "c").0.len(),
            8 + 1 + 16 + 1 + 1
        );
    }
}
