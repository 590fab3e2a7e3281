//! Rows → feedback, batch by batch, and what only all rows of a file together tell.

use super::{
    containers::{
        Container, Fault, Row,
        json::{self, Members},
        table::{self, TableColumn},
    },
    conversation::{self, Mark},
    dates::{DateOrder, Numeric},
    encoding,
    opening::Opened,
    record::{self, Cells, DELAYS, Keys, Outcome, Plan, Room, Shared},
    sources::Reason,
};
use crate::{
    feedback::{Feedback, LeftOut, Place, Rating, RejectedRow, Service},
    observe::{Event, Watcher},
};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Where the cells of a row are, and which role each has.
pub(super) struct Layout<'f> {
    pub file: &'f Opened,
    pub columns: Vec<TableColumn>,
    pub members: Members,
    pub keys: Keys,
}

impl Layout<'_> {
    fn cells<'r>(
        &self,
        row: &'r str,
        plan: &Plan<'_>,
        room: Room,
    ) -> std::result::Result<Cells<'r>, String> {
        let mut cells = match &self.file.container {
            Container::Table(dialect) => table::cells(row, dialect, &self.columns, self.keys, room),
            Container::Lines | Container::Elements(_) | Container::Messages(_) => json::cells(
                row,
                &self.members,
                self.keys,
                plan.source,
                plan.vocabulary,
                room,
            )?,
            Container::Empty => Cells::new(room),
        };
        if let Some(adjust) = plan.source.and_then(|source| source.adjust) {
            adjust(&mut cells, plan.vocabulary);
        }
        match cells.fault.take() {
            Some(fault) => Err(fault),
            None => Ok(cells),
        }
    }

    /// The place people know of a row that starts on this line.
    fn place(&self, line: u32) -> u32 {
        match &self.file.places {
            Some(places) => places.get(line as usize - 1).copied().unwrap_or(line),
            None => line,
        }
    }
}

/// What became of some rows, in their order.
#[derive(Default)]
pub(super) struct Batch {
    pub feedback: Vec<Feedback>,
    /// Hash of content of each record; `None` for those with an id.
    hashes: Vec<Option<u128>>,
    /// Dates that wait for the order of their column: which record, which of the dates a record may have, and the date.
    waiting: Vec<(usize, usize, Numeric)>,
    marks: Vec<Mark>,
    pub rejected: Vec<RejectedRow>,
    pub accepted: u64,
    pub refused: u64,
    pub empty: u64,
    pub left_out: LeftOut,
    pub mojibake: u64,
    ratings: MarkCounts,
    csats: MarkCounts,
    /// Of the dates of records that were counted but not kept.
    proof: Proof,
    /// Records and refused rows that are kept; the others are counted.
    most: usize,
    /// Times each content was met, for records without an id.
    repeats: FxHashMap<u128, u32>,
}

/// What numeric dates say about their order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Proof {
    day_first: u64,
    month_first: u64,
    seen: u64,
}

impl Proof {
    /// Sees one date.
    pub fn see(&mut self, date: Numeric) {
        self.seen += 1;
        match date.order() {
            Some(DateOrder::DayFirst) => self.day_first += 1,
            Some(DateOrder::MonthFirst) => self.month_first += 1,
            None => {}
        }
    }

    /// The order most dates prove; the day first when as many prove the one as the other; `None` without proof.
    pub fn order(self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (0, 0) => None,
            (day, month) if month > day => Some(DateOrder::MonthFirst),
            _ => Some(DateOrder::DayFirst),
        }
    }

    /// Dates that exist under the other order only.
    fn against(self, order: DateOrder) -> u64 {
        match order {
            DateOrder::DayFirst => self.month_first,
            DateOrder::MonthFirst => self.day_first,
        }
    }
}

/// How many marks lie within each scale there may be.
#[derive(Default)]
struct MarkCounts([u64; SCALES.len()]);

/// Scales people use, smallest first.
const SCALES: [f32; 4] = [5.0, 10.0, 20.0, 100.0];

impl MarkCounts {
    fn see(&mut self, mark: Option<Rating>) {
        if let Some(mark) = mark.filter(|mark| mark.scale == 0.0) {
            let at = SCALES
                .iter()
                .position(|scale| mark.value <= *scale)
                .unwrap_or(SCALES.len() - 1);
            self.0[at] += 1;
        }
    }

    fn add(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count += more;
        }
    }

    /// The smallest scale that holds all marks; a warning when a much smaller one holds nearly all.
    fn scale(&self, name: &str, warnings: &mut Vec<String>) -> f32 {
        let Some(at) = self.0.iter().rposition(|count| *count > 0) else {
            return SCALES[0];
        };
        let below: u64 = self.0[..at].iter().sum();
        let above = self.0[at];
        if below >= 100 && above * 100 < below {
            let usual = self.0[..at]
                .iter()
                .rposition(|count| *count > 0)
                .unwrap_or(0);
            warnings.push(format!(
                "{above} of {} values of {name} are above {}: read on a scale of {}; set {name}_scale in a mapping file if they are mistakes",
                above + below,
                SCALES[usual],
                SCALES[at]
            ));
        }
        SCALES[at]
    }
}

/// Makes feedback of some rows.
pub(super) fn convert(bytes: &[u8], rows: &[Row], plan: &Plan<'_>, layout: &Layout<'_>) -> Batch {
    let mut batch = Batch::default();
    batch.feedback.reserve(rows.len());
    let mut shared = Shared::default();
    let is_utf16 = matches!(
        layout.file.survey.encoding,
        encoding::Encoding::Utf16BigEndian | encoding::Encoding::Utf16LittleEndian
    );
    for row in rows {
        let line = layout.place(row.line);
        let outcome = match &row.fault {
            Some(Fault::Blank) => Outcome::Empty,
            Some(Fault::Broken(reason)) => Outcome::Refused(reason.clone()),
            None => match encoding::utf8(&bytes[row.start..row.end]) {
                Err(error) => Outcome::Refused(format!(
                    "invalid UTF-8, byte {}; save the file again as UTF-8",
                    error.valid_up_to() + 1
                )),
                Ok(text) if is_utf16 && text.contains(char::REPLACEMENT_CHARACTER) => {
                    Outcome::Refused("invalid UTF-16; save the file again as UTF-8".to_owned())
                }
                Ok(text) => {
                    let text = encoding::repaired(text);
                    batch.mojibake += u64::from(matches!(text, Cow::Owned(_)));
                    match layout.cells(&text, plan, std::mem::take(&mut shared.room)) {
                        Ok(cells) => record::convert(cells, &text, line, plan, &mut shared),
                        Err(reason) => Outcome::Refused(reason),
                    }
                }
            },
        };
        batch.see(outcome, line, plan);
    }
    batch
}

fn rejected(plan: &Plan<'_>, line: u32, reason: String) -> RejectedRow {
    RejectedRow {
        at: Place {
            file: plan.origin.file.clone(),
            line,
        },
        reason: reason.into(),
    }
}

impl Batch {
    /// A batch that keeps so many records and refused rows of those it takes.
    pub fn keeping(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    fn see(&mut self, outcome: Outcome, line: u32, plan: &Plan<'_>) {
        let at = self.feedback.len();
        match outcome {
            Outcome::Empty => self.empty += 1,
            Outcome::LeftOut(reason, mark) => {
                *match reason {
                    Reason::Agent => &mut self.left_out.agents,
                    Reason::Machine => &mut self.left_out.machines,
                    Reason::Spam => &mut self.left_out.spam,
                } += 1;
                self.marks.extend(mark);
            }
            Outcome::Refused(reason) => {
                self.refused += 1;
                self.rejected.push(rejected(plan, line, reason));
            }
            Outcome::Accepted(draft) => {
                self.accepted += 1;
                for (which, date) in draft.waiting.into_iter().enumerate() {
                    self.waiting.extend(date.map(|date| (at, which, date)));
                }
                self.ratings.see(draft.feedback.rating);
                self.csats.see(draft.feedback.csat);
                self.hashes.push(draft.content_hash);
                self.marks.extend(draft.mark.map(|mark| mark.of_record(at)));
                self.feedback.push(draft.feedback);
            }
        }
    }

    /// Adds the next batch of the same file.
    pub fn take(&mut self, batch: Batch) {
        let before = self.feedback.len();
        let room = self.most - before.min(self.most);
        for (at, which, date) in batch.waiting {
            match at < room {
                true => self.waiting.push((at + before, which, date)),
                false if which == 0 => self.proof.see(date),
                false => {}
            }
        }
        // Times are told of conversations that are kept whole.
        if self.most == usize::MAX {
            let marks = batch.marks.into_iter();
            self.marks.extend(marks.map(|mark| match mark.record {
                Some(at) => mark.of_record(at + before),
                None => mark,
            }));
        }
        for (mut feedback, hash) in batch.feedback.into_iter().zip(batch.hashes).take(room) {
            if let Some(hash) = hash {
                let seen = self.repeats.entry(hash).or_default();
                *seen += 1;
                if *seen > 1 {
                    feedback.key = format!("{}-{seen}", feedback.key).into();
                }
            }
            self.feedback.push(feedback);
        }
        let room = self.most - self.rejected.len().min(self.most);
        self.rejected.extend(batch.rejected.into_iter().take(room));
        self.accepted += batch.accepted;
        self.refused += batch.refused;
        self.empty += batch.empty;
        self.left_out.agents += batch.left_out.agents;
        self.left_out.machines += batch.left_out.machines;
        self.left_out.spam += batch.left_out.spam;
        self.mojibake += batch.mojibake;
        self.ratings.add(&batch.ratings);
        self.csats.add(&batch.csats);
    }

    /// Gives waiting dates the order that all of them prove, and gives back the order of the file.
    pub fn settle_dates(
        &mut self,
        plan: &Plan<'_>,
        warnings: &mut Vec<String>,
        watcher: &dyn Watcher,
    ) -> Option<DateOrder> {
        let mut proof = self.proof;
        for (_, _, date) in self.waiting.iter().filter(|(_, which, _)| *which == 0) {
            proof.see(*date);
        }
        if proof.seen == 0 && self.waiting.is_empty() {
            return plan.order;
        }
        let order = proof.order().unwrap_or_else(|| {
            warnings.push(
                "dates such as 03/04/2026 can be read two ways: read with the day first; set date_order in a mapping file if the month comes first"
                    .to_owned(),
            );
            DateOrder::DayFirst
        });
        let counted_only = self.proof.against(order);
        self.accepted -= counted_only;
        self.refused += counted_only;
        let mut wrong = Vec::new();
        let mut given = None;
        for (at, which, date) in std::mem::take(&mut self.waiting) {
            let instant = date.moment(order, plan.zones);
            if which == 0 {
                given = instant.map(|instant| (at, instant));
                match instant {
                    Some(instant) => self.feedback[at].moment = Some(instant.moment),
                    None => wrong.push((at, date)),
                }
                continue;
            }
            let asked = given
                .filter(|(of, _)| *of == at)
                .map(|(_, instant)| instant)
                .or_else(|| self.feedback[at].moment.map(|moment| moment.into()));
            let seconds = instant.and_then(|done| record::delay(asked, done, plan.zones));
            if let Some(seconds) = seconds {
                let service: &mut Service = self.feedback[at].service.get_or_insert_default();
                *record::delay_of(service, DELAYS[which - 1]) =
                    Some(record::whole_seconds(seconds));
            }
        }
        self.refuse(&wrong, order, plan, watcher);
        for feedback in &mut self.feedback {
            if feedback.service.as_deref() == Some(&Service::default()) {
                feedback.service = None;
            }
        }
        Some(order)
    }

    /// Takes back records whose dates exist under the other order only.
    fn refuse(
        &mut self,
        wrong: &[(usize, Numeric)],
        order: DateOrder,
        plan: &Plan<'_>,
        watcher: &dyn Watcher,
    ) {
        if wrong.is_empty() {
            return;
        }
        for (at, date) in wrong {
            let row = rejected(
                plan,
                self.feedback[*at].line,
                record::wrong_order(*date, order),
            );
            watcher.see(Event::Rejected(&row));
            self.rejected.push(row);
        }
        self.accepted -= wrong.len() as u64;
        self.refused += wrong.len() as u64;
        // Where each record goes, now that some are gone.
        let mut places: Vec<Option<usize>> = Vec::with_capacity(self.feedback.len());
        let mut gone = wrong.iter().map(|(at, _)| *at).peekable();
        let mut kept = 0;
        for at in 0..self.feedback.len() {
            let is_gone = gone.next_if_eq(&at).is_some();
            places.push((!is_gone).then_some(kept));
            kept += usize::from(!is_gone);
        }
        let mut at = 0;
        self.feedback.retain(|_| {
            at += 1;
            places[at - 1].is_some()
        });
        self.marks.retain_mut(|mark| match mark.record {
            None => true,
            Some(at) => {
                mark.record = places[at];
                mark.record.is_some()
            }
        });
        self.rejected.sort();
    }

    /// Gives marks without a scale the one all marks of the file fit, and gives back the two scales.
    pub fn settle_scales(&mut self, warnings: &mut Vec<String>) -> (Option<f32>, Option<f32>) {
        let rating_scale = self.ratings.scale("rating", warnings);
        let csat_scale = self.csats.scale("csat", warnings);
        for feedback in &mut self.feedback {
            for (mark, scale) in [
                (&mut feedback.rating, rating_scale),
                (&mut feedback.csat, csat_scale),
            ] {
                if let Some(mark) = mark.as_mut().filter(|mark| mark.scale == 0.0) {
                    mark.scale = scale;
                }
            }
        }
        let first = |mark: fn(&Feedback) -> Option<Rating>| {
            self.feedback.iter().find_map(mark).map(|mark| mark.scale)
        };
        (
            first(|feedback| feedback.rating),
            first(|feedback| feedback.csat),
        )
    }

    /// Tells how fast the company answered, in conversations of several rows.
    pub fn settle_conversations(&mut self) {
        conversation::settle(std::mem::take(&mut self.marks), &mut self.feedback);
    }
}
