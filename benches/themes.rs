//! What finding themes costs: discovery in 100,000 records, and clauses of a million given to 100 themes that are remembered;
//! processor time and memory. `cargo bench --bench themes`
//!
//! Clauses are made of words drawn as words are (Zipf), each of one of 120 topics, eight words a clause and two to three
//! clauses a record.

use rustix::time::{ClockId, clock_gettime};
use vocable::themes::{Count, Found, Known, Memory, Settings, Units, Vocabulary, find};

const WORDS: u32 = 40_000;
const TOPICS: u32 = 120;
const CLAUSE: u32 = 8;

fn main() {
    let discovery = Feedback::of(100_000);
    let (found, seconds) = timed(|| discovery.find(&Memory::default(), Count::Auto));
    let themes = found.themes.len();
    println!("discovery, 100,000 records    {seconds:6.2} CPU s, {themes} themes");
    let hundred = discovery.find(&Memory::default(), Count::Exactly(100));
    let million = Feedback::of(1_000_000);
    let before = resident();
    let (found, seconds) = timed(|| million.find(&hundred.memory, Count::Exactly(100)));
    let given = found
        .assigned
        .iter()
        .filter(|(theme, _)| *theme != vocable::themes::NONE)
        .count();
    println!(
        "assignment, 1,000,000 records {seconds:6.2} CPU s, {given} of {} clauses to {} themes",
        million.record.len(),
        found.themes.len()
    );
    drop(found);
    let (_, seconds) = timed(|| million.find(&Memory::default(), Count::Auto));
    let most = peak();
    println!(
        "discovery, 1,000,000 records  {seconds:6.2} CPU s, {:.0} MB at most beside what is read ({before:.0} MB)",
        most - before
    );
}

/// Invented clauses as the finder reads them.
struct Feedback {
    tokens: Vec<u32>,
    bounds: Vec<u32>,
    record: Vec<u32>,
    written: Vec<Box<str>>,
    term: Vec<u32>,
    weak: Vec<bool>,
}

impl Feedback {
    fn of(records: u32) -> Self {
        let written = (0..WORDS).map(|word| format!("w{word}").into()).collect();
        let mut feedback = Self {
            tokens: Vec::new(),
            bounds: vec![0],
            record: Vec::new(),
            written,
            term: (0..WORDS).collect(),
            weak: (0..WORDS).map(|word| word % 7 == 0).collect(),
        };
        let mut state = 7_u64;
        let mut fraction = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        for record in 0..records {
            let clauses = 2 + u32::from(fraction() < 0.5);
            for _ in 0..clauses {
                let topic = (fraction() * f64::from(TOPICS)) as u32;
                for place in 0..CLAUSE {
                    // Ranks by Zipf's law: the logarithm of a rank is spread evenly.
                    let rank = f64::from(WORDS / TOPICS).powf(fraction()) as u32 - 1;
                    let general = f64::from(WORDS).powf(fraction()) as u32 - 1;
                    let word = if place % 2 == 0 {
                        rank * TOPICS + topic
                    } else {
                        general
                    };
                    feedback.tokens.push(word.min(WORDS - 1));
                }
                feedback.bounds.push(feedback.tokens.len() as u32);
                feedback.record.push(record);
            }
        }
        feedback
    }

    fn find(&self, memory: &Memory, count: Count) -> Found {
        let units = Units {
            tokens: &self.tokens,
            bounds: &self.bounds,
            record: &self.record,
            language: &[],
            is_copy: &[],
            is_explained: &[],
            is_learnt: &[],
        };
        let vocabulary = Vocabulary {
            written: &self.written,
            term: &self.term,
            terms: WORDS,
            stems: &self.written,
            places: None,
            weak: &self.weak,
        };
        let settings = Settings {
            count,
            ..Settings::default()
        };
        find(&units, &vocabulary, &Known::default(), memory, &settings)
    }
}

/// What a piece of work gives, and the processor seconds it took on all threads.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let start = now();
    let answer = work();
    (answer, now() - start)
}

/// Megabytes of memory in use, and the most there ever were; 0 where the system does not tell.
fn resident() -> f64 {
    status("VmRSS:")
}

fn peak() -> f64 {
    status("VmHWM:")
}

fn status(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1000.0
}
