//! `vocable themes …`: what themes there are, and what people decide about them. Decisions are made in the draft
//! `themes.toml`, checked, and committed.

use crate::cli::{
    Outcome,
    args::{Themes, WorkspaceArgument},
    config::{Settings, read_embedding},
    exit_code::ExitCode,
    lexicon::{open, tables_of},
    progress::Progress,
    terminal::{WIDTH, folded, grouped, harmless_line},
};
use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};
use vocable::{
    analysis::Analysis,
    error::{Error, Result},
    language::{Lexicons, concepts::OwnPhrases, embedded_tables},
    report::representative,
    themes::{Book, Theme, ThemeChange},
    workspace::{Incoming, Workspace, books},
};

/// Runs the command.
pub fn themes(themes: &Themes) -> Outcome {
    match themes {
        Themes::List(workspace) => list(workspace),
        Themes::Show { id, workspace } => show(id, workspace),
        Themes::Log(workspace) => log(workspace),
        Themes::Check(workspace) => check(workspace),
        Themes::Commit(workspace) => commit(workspace),
        Themes::Revert { number, workspace } => revert(*number, workspace),
        Themes::Rename {
            id,
            name,
            workspace,
        } => decide(workspace, id, |book| {
            book.entry(id).name = Some(name.clone());
        }),
        Themes::Merge {
            id,
            into,
            workspace,
        } => decide(workspace, id, |book| {
            book.entry(id).into = Some(into.clone());
        }),
        Themes::Split {
            id,
            part,
            name,
            phrases,
            workspace,
        } => decide(workspace, id, |book| {
            let entry = book.entry(part);
            entry.name = Some(name.clone());
            entry.parent = Some(id.clone());
            entry.phrases.extend_from_slice(phrases);
        }),
        Themes::Hide { id, workspace } => decide(workspace, id, |book| {
            book.entry(id).hidden = true;
        }),
        Themes::Pin { id, workspace } => decide(workspace, id, |book| {
            book.entry(id).pinned = true;
        }),
        Themes::Owner {
            id,
            name,
            workspace,
        } => decide(workspace, id, |book| {
            book.entry(id).owner = Some(name.clone());
        }),
        Themes::Rule {
            id,
            phrase,
            except,
            name,
            workspace,
        } => decide(workspace, id, |book| {
            let entry = book.entry(id);
            let rules = match except {
                true => &mut entry.except,
                false => &mut entry.phrases,
            };
            rules.push(phrase.clone());
            if name.is_some() {
                entry.name.clone_from(name);
            }
        }),
    }
}

/// The word knowledge a workspace is analysed with: its lexicons, the phrases of a theme book, the embedding that its
/// settings name.
pub fn open_with(
    folder: Option<&Path>,
    workspace: &Path,
    book: &Book,
    settings: &Settings,
) -> Result<Lexicons> {
    let mut lexicons = with_phrases(folder, workspace, &own_phrases(book))?;
    if let Some(folder) = &settings.themes.embedding {
        lexicons.embed(read_embedding(&workspace.join(folder))?);
    }
    Ok(lexicons)
}

fn with_phrases(folder: Option<&Path>, workspace: &Path, own: &[OwnPhrases]) -> Result<Lexicons> {
    if own.is_empty() {
        return open(folder, Some(workspace));
    }
    let tables = match folder
        .map(PathBuf::from)
        .or_else(|| Some(workspace.join("lexicons")).filter(|folder| folder.is_dir()))
    {
        Some(folder) => tables_of(&folder)?,
        None => embedded_tables(),
    };
    Lexicons::read_with_own(&tables, own)
}

fn own_phrases(book: &Book) -> Vec<OwnPhrases> {
    let entries = book.entries.iter();
    entries
        .filter(|entry| !entry.phrases.is_empty() || !entry.except.is_empty())
        .map(|entry| OwnPhrases {
            id: entry.id.clone(),
            name: entry.name.clone().unwrap_or_else(|| entry.id.clone()),
            phrases: entry.phrases.clone(),
            except: entry.except.clone(),
        })
        .collect()
}

fn opened(workspace: &WorkspaceArgument) -> Result<(Workspace, Lexicons)> {
    let folder = &workspace.workspace;
    let lexicons = open(None, Some(folder))?;
    Ok((Workspace::open(folder, &lexicons)?, lexicons))
}

/// Records that name each theme, by position.
fn sizes(analysis: &Analysis) -> Vec<u64> {
    let mut sizes = vec![0; analysis.themes.len()];
    for record in &analysis.records {
        for theme in record.themes() {
            sizes[theme as usize] += 1;
        }
    }
    sizes
}

fn list(workspace: &WorkspaceArgument) -> Outcome {
    let (workspace, _) = opened(workspace)?;
    let analysis = workspace.analysis()?;
    let mut out = std::io::stdout().lock();
    for (theme, records) in analysis.themes.iter().zip(sizes(&analysis)) {
        let label = harmless_line(&theme.label);
        let head = format!("{:>9}  {:<32}", grouped(records), theme.id);
        if head.chars().count() + 2 + label.chars().count() <= WIDTH {
            writeln!(out, "{head}  {label}")?;
        } else {
            // A long id or name: the name goes below, in its column.
            writeln!(
                out,
                "{}\n{}",
                head.trim_end(),
                folded(&label, &" ".repeat(45))
            )?;
        }
    }
    Ok(ExitCode::Done)
}

/// The theme of an id, or a message that says where ids are.
fn theme_of<'a>(analysis: &'a Analysis, id: &str) -> Result<(usize, &'a Theme)> {
    let mut themes = analysis.themes.iter().enumerate();
    themes
        .find(|(_, theme)| theme.id == id)
        .ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Error {
    Error::Settings {
        place: "themes".to_owned(),
        reason: format!("no theme is called \"{id}\"; `vocable themes list` shows the ids"),
    }
}

/// Verbatims that are shown of a theme.
const SHOWN: usize = 3;

fn show(id: &str, workspace: &WorkspaceArgument) -> Outcome {
    let (workspace, _) = opened(workspace)?;
    let analysis = workspace.analysis()?;
    let (position, theme) = theme_of(&analysis, id)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}  {}", theme.id, harmless_line(&theme.label))?;
    let [fr, en] = [theme.name(0), theme.name(1)].map(harmless_line);
    writeln!(out, "  French     {fr}\n  English    {en}")?;
    writeln!(out, "  records    {}", grouped(sizes(&analysis)[position]))?;
    if !theme.keyphrases.is_empty() {
        let phrases = harmless_line(&theme.keyphrases.join(", "));
        writeln!(
            out,
            "  phrases    {}",
            folded(&phrases, "             ").trim_start()
        )?;
    }
    for (what, value) in [("part of", &theme.parent), ("owner", &theme.owner)] {
        if let Some(value) = value {
            writeln!(out, "  {what:<9}  {}", harmless_line(value))?;
        }
    }
    let parts = analysis.themes.iter().zip(sizes(&analysis));
    for (part, records) in parts.filter(|(part, _)| part.parent.as_deref() == Some(id)) {
        let label = harmless_line(&part.label);
        writeln!(out, "  part       {label} ({})", grouped(records))?;
    }
    for verbatim in representative(&analysis, position, SHOWN) {
        let words = folded(&harmless_line(&verbatim.text), "    ");
        writeln!(out, "\n{words}\n    {}", harmless_line(&verbatim.place))?;
    }
    Ok(ExitCode::Done)
}

fn log(workspace: &WorkspaceArgument) -> Outcome {
    let (opened, _) = opened(workspace)?;
    let mut out = std::io::stdout().lock();
    for logged in opened.theme_log() {
        let event = &logged.event;
        let change = match event.change {
            ThemeChange::Born => "born",
            ThemeChange::Merged => "merged into",
            ThemeChange::Split => "split from",
            ThemeChange::Retired => "retired",
        };
        let on = logged.on.as_deref().unwrap_or("-");
        let why = harmless_line(&event.why);
        writeln!(
            out,
            "{on:<10}  {change:<11}  {}  ({}: {why})",
            harmless_line(&event.label),
            event.id
        )?;
    }
    for number in books::numbers(&workspace.workspace) {
        let committed = books::read(&workspace.workspace, number)?;
        let entries = committed.book.entries.len();
        writeln!(out, "book {number:>4}   committed    {entries} entries")?;
    }
    Ok(ExitCode::Done)
}

/// Ids and names of the themes that are told of and of the catalogue.
fn known(analysis: &Analysis, lexicons: &Lexicons) -> BTreeMap<String, Vec<String>> {
    let mut known = BTreeMap::new();
    for concept in lexicons.catalogue.concepts() {
        known.insert(
            concept.id.clone(),
            vec![concept.fr.clone(), concept.en.clone()],
        );
    }
    for theme in &analysis.themes {
        known
            .entry(theme.id.clone())
            .or_insert_with(|| vec![theme.label.clone()]);
    }
    for theme in analysis.memory.themes() {
        known
            .entry(theme.id.clone())
            .or_insert_with(|| vec![theme.label.clone()]);
    }
    known
}

/// Writes a decision into the draft, when the draft is still right with it.
fn decide(workspace: &WorkspaceArgument, id: &str, change: impl Fn(&mut Book)) -> Outcome {
    let (opened, lexicons) = opened(workspace)?;
    let folder = &workspace.workspace;
    let _lock = Workspace::lock(folder)?;
    let analysis = opened.analysis()?;
    let (mut book, over) = books::draft(folder)?;
    change(&mut book);
    let text = book.print(&over);
    let book = Book::parse(&text, books::DRAFT)?;
    let problems = book.check(&known(&analysis, &lexicons), books::DRAFT);
    if !problems.is_empty() {
        return Err(Error::Settings {
            place: "themes".to_owned(),
            reason: format!("the draft is left as it was:\n{}", problems.join("\n")),
        }
        .into());
    }
    books::write_draft(folder, &text)?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: {id}. `vocable themes check` shows what changes, `vocable themes commit` puts it in force.",
        books::DRAFT
    )?;
    Ok(ExitCode::Done)
}

/// The phrases that cannot be read, each by itself: the tables they are added to would name a line of their own.
fn phrase_problems(book: &Book) -> Vec<String> {
    let mut problems = Vec::new();
    for own in own_phrases(book) {
        for phrase in own.phrases.iter().chain(&own.except) {
            let alone = OwnPhrases {
                phrases: vec![phrase.clone()],
                except: Vec::new(),
                ..own.clone()
            };
            if let Err(Error::Settings { reason, .. }) =
                Lexicons::read_with_own(&embedded_tables(), &[alone])
            {
                let line = book.line(&own.id);
                problems.push(format!("{}:{line}: \"{phrase}\": {reason}", books::DRAFT));
            }
        }
    }
    problems
}

/// Phrases that match so many records in ten match everything, but for a workspace with few.
const EVERYTHING: u64 = 9;
const FEW: u64 = 20;

/// A draft that was checked against the workspace.
struct Checked {
    problems: Vec<String>,
    /// Label, records before, records after; those that differ.
    moved: Vec<(String, u64, u64)>,
    text: String,
}

fn checked(workspace: &WorkspaceArgument) -> Result<Checked> {
    let folder = &workspace.workspace;
    let (opened, base) = opened(workspace)?;
    let analysis = opened.analysis()?;
    let (book, text) = books::draft(folder)?;
    let mut problems = book.check(&known(&analysis, &base), books::DRAFT);
    if !problems.is_empty() {
        return Ok(Checked {
            problems,
            moved: Vec::new(),
            text,
        });
    }
    let settings = Settings::read(folder, None)?;
    let lexicons = match open_with(None, folder, &book, &settings) {
        Ok(lexicons) => lexicons,
        Err(error) => {
            problems = phrase_problems(&book);
            if problems.is_empty() {
                return Err(error);
            }
            return Ok(Checked {
                problems,
                moved: Vec::new(),
                text,
            });
        }
    };
    let preview = |book: &Book, lexicons: &Lexicons| {
        opened.preview(book, lexicons, &settings.analysis(), &Progress::new(true))
    };
    let after = preview(&book, &lexicons)?;
    // What reading all anew changes by itself is not the draft's doing.
    let analysis = match opened.is_read_whole() {
        true => analysis,
        false => {
            let in_force = &opened.book().book;
            preview(in_force, &open_with(None, folder, in_force, &settings)?)?
        }
    };
    let count = |analysis: &Analysis| -> BTreeMap<String, (String, u64)> {
        let themes = analysis.themes.iter().zip(sizes(analysis));
        themes
            .map(|(theme, records)| (theme.id.clone(), (theme.label.clone(), records)))
            .collect()
    };
    let (before, now) = (count(&analysis), count(&after));
    let mut moved = Vec::new();
    for (id, (label, records)) in &now {
        let (old_label, old) = before.get(id).cloned().unwrap_or_default();
        if old != *records || old_label != *label {
            moved.push((label.clone(), old, *records));
        }
        let is_own = book
            .entries
            .iter()
            .any(|entry| entry.id == *id && !entry.phrases.is_empty());
        let all = after.records.len() as u64;
        if is_own && all >= FEW && 10 * *records >= EVERYTHING * all {
            problems.push(format!(
                "{}:{}: the phrases of \"{id}\" match {} of {} records; make them say more",
                books::DRAFT,
                book.line(id),
                grouped(*records),
                grouped(all)
            ));
        }
    }
    for (id, (label, records)) in &before {
        if !now.contains_key(id) {
            moved.push((label.clone(), *records, 0));
        }
    }
    Ok(Checked {
        problems,
        moved,
        text,
    })
}

fn tell(checked: &Checked) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for problem in &checked.problems {
        writeln!(out, "error  {}", harmless_line(problem))?;
    }
    if !checked.moved.is_empty() {
        writeln!(out, "   before     after  theme")?;
    }
    for (label, before, after) in &checked.moved {
        let note = if *after == 0 { "  (empty)" } else { "" };
        writeln!(
            out,
            "{:>9} {:>9}  {}{note}",
            grouped(*before),
            grouped(*after),
            harmless_line(label)
        )?;
    }
    writeln!(
        out,
        "{} errors, {} themes change",
        checked.problems.len(),
        checked.moved.len()
    )
}

fn check(workspace: &WorkspaceArgument) -> Outcome {
    let checked = checked(workspace)?;
    tell(&checked)?;
    Ok(match checked.problems.is_empty() {
        true => ExitCode::Done,
        false => ExitCode::Failed,
    })
}

fn commit(workspace: &WorkspaceArgument) -> Outcome {
    let checked = checked(workspace)?;
    tell(&checked)?;
    if !checked.problems.is_empty() {
        return Ok(ExitCode::Failed);
    }
    put_in_force(workspace, &checked.text)
}

fn revert(number: u32, workspace: &WorkspaceArgument) -> Outcome {
    let text = match number {
        0 => String::new(),
        number => books::read(&workspace.workspace, number)?.text,
    };
    put_in_force(workspace, &text)
}

/// Commits a book, and analyses the workspace anew with it.
fn put_in_force(workspace: &WorkspaceArgument, text: &str) -> Outcome {
    let folder = &workspace.workspace;
    let (first, _) = opened(workspace)?;
    drop(first);
    let _lock = Workspace::lock(folder)?;
    if books::latest(folder)?.text == text {
        writeln!(
            std::io::stdout(),
            "The book in force says the same: nothing was committed."
        )?;
        return Ok(ExitCode::Done);
    }
    let number = books::commit(folder, text)?;
    books::write_draft(folder, text)?;
    let (mut opened, _) = opened(workspace)?;
    let settings = Settings::read(folder, None)?;
    let lexicons = open_with(None, folder, &opened.book().book, &settings)?;
    let nothing = Incoming {
        feedback: Vec::new(),
        files: Vec::new(),
        rejected: Vec::new(),
    };
    let stamp = settings.stamp(&lexicons, opened.book());
    let analysis = settings.analysis();
    opened.update(
        nothing,
        false,
        &lexicons,
        &analysis,
        stamp,
        &Progress::new(true),
    )?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "Book {number} is in force; `vocable run` writes the report with it, `vocable themes revert {}` takes it back.",
        number - 1
    )?;
    Ok(ExitCode::Done)
}
