//! From records to everything learned about them: read in waves, searched for themes, put together.

use crate::{
    analysis::{
        Analysis, AnalyzedFeedback, Settings, Stamp, ThemeMention,
        book::apply,
        named::Named,
        pasted::{Pasted, name_copies, pasted},
        stems::{Places, forms_of_stems, product_words, surface_languages, term_ids},
        waves::{Read, read_all},
    },
    feedback::{FileBalance, RejectedRow},
    language::{Language, Lexicons, NONE},
    observe::{Event, Stage, Watcher},
    themes::{self, Book, Memory, Theme, Units, Vocabulary, WordPlaces},
};
use std::sync::LazyLock;

/// What an analysis is made with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// All word knowledge.
    pub lexicons: &'a Lexicons,
    /// Everything that can be turned.
    pub settings: &'a Settings,
    /// The found themes of earlier analyses.
    pub memory: &'a Memory,
    /// Learn all themes anew; those that continue remembered ones keep their ids and names.
    pub relearn: bool,
    /// What people decided about themes; its phrases are the lexicons' affair.
    pub book: &'a Book,
}

impl<'a> Context<'a> {
    /// A context in which no theme was found before.
    pub fn new(lexicons: &'a Lexicons, settings: &'a Settings) -> Self {
        static NOTHING: LazyLock<Memory> = LazyLock::new(Memory::default);
        static UNDECIDED: LazyLock<Book> = LazyLock::new(Book::default);
        Context {
            lexicons,
            settings,
            memory: &NOTHING,
            relearn: false,
            book: &UNDECIDED,
        }
    }
}

/// Learns everything about the records, which must be sorted by key without repeats; what was learned of them before is
/// replaced. No records give an empty analysis.
pub fn analyze(
    records: Vec<AnalyzedFeedback>,
    files: Vec<FileBalance>,
    rejected: Vec<RejectedRow>,
    context: &Context<'_>,
    stamp: Stamp,
    watcher: &dyn Watcher,
) -> Analysis {
    Analysis {
        files,
        rejected,
        stamp,
        ..learn(records, context, None, watcher)
    }
}

/// What is known of records that are not among those read.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    /// Most are in English rather than French: themes are called so.
    pub is_mostly_english: bool,
}

/// As [`analyze`], without what the records came from. Where others are kept beside the records read, these alone do not
/// tell which known themes are large, and none is divided that was not before.
pub(super) fn learn(
    mut records: Vec<AnalyzedFeedback>,
    context: &Context<'_>,
    kept: Option<Kept>,
    watcher: &dyn Watcher,
) -> Analysis {
    let Context {
        lexicons,
        settings,
        memory,
        relearn,
        book,
    } = *context;
    let learns_anew = relearn || !memory.suits(&settings.themes);
    let is_learnt: Vec<bool> = if learns_anew || memory.is_empty() {
        Vec::new()
    } else {
        let unread = records.iter().map(AnalyzedFeedback::is_unread);
        unread.map(|is_unread| !is_unread).collect()
    };
    // Finding copies is mostly one thread's work.
    let (copies, read) = rayon::join(
        || pasted(&records),
        || read_all(&records, lexicons, settings, watcher),
    );
    let Pasted {
        original,
        is_flood: is_copy,
    } = copies;
    let Read {
        surfaces,
        judged,
        cues,
        known,
        clauses,
    } = read;
    let stage = Stage::FindingThemes;
    watcher.see(Event::Started {
        stage,
        total: records.len() as u64,
    });
    let choice = surface_languages(&clauses, &judged, surfaces.len());
    let term = term_ids(&surfaces, &choice);
    let names = product_words(&records, lexicons);
    let weak: Vec<bool> = (0..surfaces.len())
        .map(|id| {
            let facts = surfaces.facts(id as u32);
            facts.words[usize::from(choice[id])].is_weak
                || facts.is_symbol
                || facts.letters < 2
                || names.contains(&surfaces.written()[id])
        })
        .collect();
    let terms = surfaces.stems();
    let (written, stems) = surfaces.into_written();
    let named = if settings.themes.catalogue {
        Named::of(&clauses, &known, lexicons)
    } else {
        Named::default()
    };
    // Nothing lives longer than it is needed: here is the peak of memory.
    drop(known);
    let language: Vec<u8> = judged
        .iter()
        .map(|judged| judged.verdict.language.embedded())
        .map(|position| position.map_or(u8::MAX, |position| position as u8))
        .collect();
    let is_english = match kept {
        Some(kept) => kept.is_mostly_english,
        None => english_lead(judged.iter().map(|judged| judged.verdict.language)) > 0,
    };
    let main_language = usize::from(is_english);
    let units = Units {
        tokens: &clauses.tokens,
        bounds: &clauses.bounds,
        record: &clauses.record,
        language: &language,
        is_copy: &is_copy,
        is_explained: &named.is_explained,
        is_learnt: &is_learnt,
    };
    let places = Places {
        forms: forms_of_stems(&clauses, &term, terms),
        choice: &choice,
        written: &written,
        stems: &stems,
        lexicons,
    };
    let vocabulary = Vocabulary {
        written: &written,
        term: &term,
        terms,
        stems: &stems,
        places: (places.dimensions() > 0).then_some(&places),
        weak: &weak,
    };
    let find = if learns_anew {
        themes::find_anew
    } else {
        themes::find
    };
    let mut known_themes = named.for_finding(lexicons);
    if kept.is_some() {
        known_themes.is_divisible.fill(false);
    }
    let mut found = find(&units, &vocabulary, &known_themes, memory, &settings.themes);
    watcher.see(Event::Advanced {
        stage,
        steps: records.len() as u64,
    });
    watcher.see(Event::Finished { stage });
    // From here on words are not looked at any more: room for what is learned of each record.
    drop((known_themes, clauses.tokens, clauses.bounds));
    name_copies(&mut records, &original);
    let mut themes = named.themes(
        std::mem::take(&mut found.known_keyphrases),
        main_language,
        lexicons,
    );
    let first_found = themes.len() as u32;
    themes.append(&mut found.themes);
    let first_part = themes.len() as u32;
    themes.append(&mut found.parts);
    for part in &mut themes[first_part as usize..] {
        part.label.clone_from(&part.names[main_language]);
    }
    let whole_of: Vec<u32> = themes[first_part as usize..]
        .iter()
        .map(|part| {
            let is_whole = |theme: &Theme| Some(&theme.id) == part.parent.as_ref();
            themes
                .iter()
                .position(is_whole)
                .map_or(NONE, |at| at as u32)
        })
        .collect();
    let mut in_parts = found.in_parts.iter().peekable();
    let mut named_units = named.mentions.iter().peekable();
    let mut unit = 0;
    let mut cues = cues.into_iter().peekable();
    for (position, (record, judged)) in records.iter_mut().zip(judged).enumerate() {
        let mut mentions = Vec::new();
        while (clauses.record.get(unit)).is_some_and(|of| *of as usize == position) {
            let (start, end, score) = clauses.spans[unit];
            while let Some(named) = named_units.next_if(|named| named.unit as usize == unit) {
                mentions.push(ThemeMention {
                    theme: named.theme,
                    start,
                    end,
                    evidence: named.phrase,
                    score,
                    strength: named.strength,
                });
            }
            while let Some((_, part, strength)) = in_parts.next_if(|(of, ..)| *of as usize == unit)
            {
                // Never above the whole it is a part of.
                let of_whole = mentions
                    .iter()
                    .filter(|mention: &&ThemeMention| mention.theme == whole_of[*part as usize])
                    .map(|mention| mention.strength);
                let strength = strength * of_whole.fold(0.0, f32::max);
                mentions.push(ThemeMention {
                    theme: first_part + part,
                    start,
                    end,
                    evidence: (start, end),
                    score,
                    strength,
                });
            }
            let (theme, strength) = found.assigned[unit];
            if theme != themes::NONE {
                mentions.push(ThemeMention {
                    theme: first_found + theme,
                    start,
                    end,
                    evidence: (start, end),
                    score,
                    strength,
                });
            }
            unit += 1;
        }
        record.language = judged.verdict.language;
        record.confidence = judged.verdict.confidence;
        record.score = judged.score;
        let own_cues = std::iter::from_fn(|| cues.next_if(|(of, _)| *of as usize == position));
        record.cues = own_cues.map(|(_, cue)| cue).collect();
        record.mentions = mentions.into_boxed_slice();
    }
    let themes = joined(themes, &mut records);
    let mentions_of = records.iter_mut().map(|record| &mut record.mentions);
    let themes = apply(book, themes, mentions_of);
    let sizes = sizes_of(themes.len(), &records);
    let (themes, _) = in_order_of_size(themes, &sizes, &mut records);
    Analysis {
        records,
        themes,
        memory: found.memory,
        events: found.events,
        ..Analysis::default()
    }
}

/// Makes one of themes with one id: a found one that the book gave phrases.
fn joined(themes: Vec<Theme>, records: &mut [AnalyzedFeedback]) -> Vec<Theme> {
    let mut kept: Vec<Theme> = Vec::with_capacity(themes.len());
    let mut new = Vec::with_capacity(themes.len());
    for theme in themes {
        let twin = kept.iter().position(|other| other.id == theme.id);
        new.push(twin.unwrap_or(kept.len()) as u32);
        match twin {
            // The found one knows what people call it.
            Some(twin) => kept[twin] = theme,
            None => kept.push(theme),
        }
    }
    if kept.len() < new.len() {
        for mention in records.iter_mut().flat_map(|record| &mut record.mentions) {
            mention.theme = new[mention.theme as usize];
        }
    }
    kept
}

/// How many of the records name each of so many themes.
pub(super) fn sizes_of(themes: usize, records: &[AnalyzedFeedback]) -> Vec<u64> {
    let mut sizes = vec![0; themes];
    for record in records.iter() {
        for (at, mention) in record.mentions.iter().enumerate() {
            let is_same = |before: &ThemeMention| before.theme == mention.theme;
            if !record.mentions[..at].iter().any(is_same) {
                sizes[mention.theme as usize] += 1;
            }
        }
    }
    sizes
}

/// Puts the largest theme first; ties by label. Returns the sizes in the new order.
pub(super) fn in_order_of_size(
    themes: Vec<Theme>,
    sizes: &[u64],
    records: &mut [AnalyzedFeedback],
) -> (Vec<Theme>, Vec<u64>) {
    let mut order: Vec<(std::cmp::Reverse<u64>, Theme, usize)> = (themes.into_iter().enumerate())
        .map(|(position, theme)| (std::cmp::Reverse(sizes[position]), theme, position))
        .collect();
    order.sort_by(|a, b| (a.0, &a.1.label, &a.1.id).cmp(&(b.0, &b.1.label, &b.1.id)));
    let mut new = vec![0u32; order.len()];
    for (position, (.., old)) in (0..).zip(&order) {
        new[*old] = position;
    }
    for mention in records.iter_mut().flat_map(|record| &mut record.mentions) {
        mention.theme = new[mention.theme as usize];
    }
    let parted = order.into_iter().map(|(size, theme, _)| (theme, size.0));
    parted.unzip()
}

/// How many more records are in English than in French.
pub(super) fn english_lead(languages: impl Iterator<Item = Language>) -> i64 {
    let mut lead = 0;
    for language in languages {
        match language {
            Language::English => lead += 1,
            Language::French => lead -= 1,
            Language::Other(_) | Language::Undetermined => {}
        }
    }
    lead
}
