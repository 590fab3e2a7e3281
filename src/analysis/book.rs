//! What people decided about themes, done to what was found: names, merges, what is hidden.

use crate::{
    analysis::ThemeMention,
    themes::{Book, Theme, ThemeKind},
};
use rustc_hash::FxHashMap;

/// Carries out the book: themes are renamed, merged, hidden; pinned ones are told of even where nothing names them.
/// Mentions that merge within a clause become one, the strongest.
pub fn apply<'r>(
    book: &Book,
    themes: Vec<Theme>,
    mentions_of: impl Iterator<Item = &'r mut Box<[ThemeMention]>>,
) -> Vec<Theme> {
    let mut place: FxHashMap<String, u32> = FxHashMap::default();
    let mut kept: Vec<Theme> = Vec::new();
    let entry = |id: &str| book.entries.iter().find(|entry| entry.id == id);
    let is_hidden = |id: &str| entry(id).is_some_and(|entry| entry.hidden);
    // A part goes with its whole.
    let is_hidden_part = |theme: &Theme| {
        let parent = theme
            .parent
            .as_deref()
            .filter(|_| theme.kind == ThemeKind::Part);
        parent.is_some_and(|parent| is_hidden(parent) || is_hidden(book.target(parent)))
    };
    // Themes by their own id first, then those that a merge needs and nothing names, and pinned ones.
    let mut all: Vec<Theme> = themes.clone();
    for entry in &book.entries {
        let is_needed = entry.pinned && entry.into.is_none() || {
            let is_target = |other: &Theme| book.target(&other.id) == entry.id;
            themes.iter().any(is_target)
        };
        if is_needed && !all.iter().any(|theme| theme.id == entry.id) {
            all.push(Theme {
                id: entry.id.clone(),
                label: entry.name.clone().unwrap_or_else(|| entry.id.clone()),
                kind: ThemeKind::Known,
                ..Theme::default()
            });
        }
    }
    for mut theme in all {
        if theme.kind == ThemeKind::Part {
            theme.parent = theme.parent.map(|parent| book.target(&parent).to_owned());
        }
        if is_hidden_part(&theme) || is_hidden(&theme.id) || book.target(&theme.id) != theme.id {
            continue;
        }
        if place.contains_key(&theme.id) {
            continue;
        }
        if let Some(entry) = entry(&theme.id) {
            if let Some(name) = &entry.name {
                theme.label.clone_from(name);
                theme.names = [name.clone(), name.clone()];
            }
            for (name, own) in theme.names.iter_mut().zip([&entry.fr, &entry.en]) {
                if let Some(own) = own {
                    name.clone_from(own);
                }
            }
            if entry.parent.is_some() || theme.kind != ThemeKind::Part {
                theme.parent.clone_from(&entry.parent);
            }
            theme.owner.clone_from(&entry.owner);
        }
        place.insert(theme.id.clone(), kept.len() as u32);
        kept.push(theme);
    }
    let new: Vec<Option<u32>> = themes
        .iter()
        .map(|theme| {
            let target = book.target(&theme.id);
            let hidden = is_hidden(&theme.id) || is_hidden(target) || is_hidden_part(theme);
            place.get(target).copied().filter(|_| !hidden)
        })
        .collect();
    for of_record in mentions_of {
        let mut mentions: Vec<ThemeMention> = Vec::with_capacity(of_record.len());
        for mention in of_record.iter() {
            let Some(theme) = new[mention.theme as usize] else {
                continue;
            };
            let same = mentions
                .iter_mut()
                .find(|other| other.theme == theme && other.start == mention.start);
            match same {
                Some(other) if other.strength >= mention.strength => {}
                Some(other) => *other = ThemeMention { theme, ..*mention },
                None => mentions.push(ThemeMention { theme, ..*mention }),
            }
        }
        *of_record = mentions.into_boxed_slice();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(id: &str) -> Theme {
        Theme {
            id: id.to_owned(),
            label: id.to_owned(),
            ..Theme::default()
        }
    }

    fn mention(theme: u32, start: u32, strength: f32) -> ThemeMention {
        ThemeMention {
            theme,
            start,
            end: start + 1,
            evidence: (start, start + 1),
            score: 0.0,
            strength,
        }
    }

    fn told(rows: &str, mentions: &[ThemeMention]) -> (Vec<String>, Vec<(String, u32)>) {
        let book = Book::parse(rows, "themes.toml").unwrap();
        let mut records: [Box<[ThemeMention]>; 1] = [mentions.into()];
        let themes = vec![theme("a"), theme("b"), theme("c")];
        let themes = apply(&book, themes, records.iter_mut());
        let mentions = records[0].iter();
        let mentions =
            mentions.map(|mention| (themes[mention.theme as usize].id.clone(), mention.start));
        (
            themes.iter().map(|theme| theme.label.clone()).collect(),
            mentions.collect(),
        )
    }

    #[test]
    fn an_empty_book_changes_nothing() {
        let (labels, mentions) = told("", &[mention(1, 0, 0.5)]);
        assert_eq!(labels, ["a", "b", "c"]);
        assert_eq!(mentions, [("b".to_owned(), 0)]);
    }

    #[test]
    fn merged_hidden_and_renamed_themes_are_told_so() {
        let rows = "[[theme]]\nid = \"a\"\ninto = \"b\"\n[[theme]]\nid = \"b\"\nname = \"Both\"\n[[theme]]\nid = \"c\"\nhidden = true\n";
        let (labels, mentions) = told(
            rows,
            &[
                mention(0, 0, 0.5),
                mention(1, 0, 0.7),
                mention(2, 4, 0.5),
                mention(0, 9, 0.2),
            ],
        );
        assert_eq!(labels, ["Both"]);
        assert_eq!(mentions, [("b".to_owned(), 0), ("b".to_owned(), 9)]);
    }

    #[test]
    fn a_part_is_hidden_with_its_whole_and_follows_a_merge() {
        let part = Theme {
            kind: ThemeKind::Part,
            parent: Some("a".to_owned()),
            ..theme("a-part")
        };
        let apply_to = |rows: &str| {
            let book = Book::parse(rows, "themes.toml").unwrap();
            let mut records: [Box<[ThemeMention]>; 1] =
                [[mention(0, 0, 0.5), mention(2, 0, 0.3)].into()];
            let themes = vec![theme("a"), theme("b"), part.clone()];
            let themes = apply(&book, themes, records.iter_mut());
            let parents: Vec<Option<String>> =
                themes.into_iter().map(|theme| theme.parent).collect();
            (parents, records[0].len())
        };
        assert_eq!(
            apply_to("[[theme]]\nid = \"a\"\nhidden = true\n"),
            (vec![None], 0)
        );
        let merged = "[[theme]]\nid = \"a\"\ninto = \"b\"\n";
        assert_eq!(apply_to(merged), (vec![None, Some("b".to_owned())], 2));
    }

    #[test]
    fn a_pinned_theme_is_told_of_without_a_mention() {
        let rows =
            "[[theme]]\nid = \"d\"\nname = \"Quiet\"\npinned = true\nphrases = [\"quiet\"]\n";
        assert_eq!(told(rows, &[]).0, ["a", "b", "c", "Quiet"]);
    }
}
