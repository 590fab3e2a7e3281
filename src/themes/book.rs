//! The theme book, `themes.toml`: what people decided about themes. A text file, parsed, checked and printed here.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Every decision in force, or a draft of them. The default decides nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// One entry a theme, in the order of the file.
    #[serde(default, rename = "theme", skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// Line of each entry, from 1; as many as entries in a book that was parsed, else none.
    #[serde(skip)]
    lines: Vec<usize>,
}

/// What was decided about one theme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Id of the theme: one that is told of, one of the catalogue, or a new one that has phrases.
    pub id: String,
    /// What it is called in every language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is called in French, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fr: Option<String>,
    /// What it is called in English, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// The theme that takes it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// The theme it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Not told of at all.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// Told of even where nothing names it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// Patterns of words that name it, in the notation of `concepts.tsv`, in either language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<String>,
    /// Patterns within which its phrases do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What stands at the head of a book that a command wrote.
const HEAD: &str = "# What you decide about themes. `vocable themes check` says what a change would do, `vocable themes commit` puts it in
# force. Commands rewrite this file; the comment at its head stays.
";

impl Book {
    /// Reads a book. The error names the line.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let mut book: Book =
            toml::from_str(text).map_err(|error| Error::of_toml(&error, text, place))?;
        book.lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| line.trim_start().starts_with("[[theme]]"))
            .map(|(line, _)| line)
            .collect();
        Ok(book)
    }

    /// The book as text, under the comment that stood at the head of the file it is written over.
    pub fn print(&self, over: &str) -> String {
        let head: String = over
            .lines()
            .take_while(|line| line.starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect();
        let head = if head.is_empty() { HEAD } else { &head };
        let body =
            toml::to_string(self).expect("strings, flags and lists of strings always serialise");
        format!("{head}\n{body}")
    }

    /// The line of a theme's entry, from 1; 1 for a theme without, or in a book that was not read.
    pub fn line(&self, id: &str) -> usize {
        let place = self.entries.iter().position(|entry| entry.id == id);
        let line = place.and_then(|place| self.lines.get(place));
        line.copied().unwrap_or(1)
    }

    /// The entry of a theme, made where there is none.
    pub fn entry(&mut self, id: &str) -> &mut Entry {
        let place = self.entries.iter().position(|entry| entry.id == id);
        let place = place.unwrap_or_else(|| {
            self.entries.push(Entry {
                id: id.to_owned(),
                ..Entry::default()
            });
            self.entries.len() - 1
        });
        &mut self.entries[place]
    }

    /// Where a merged theme ends up: itself, or the theme that takes it in, and so on. A cycle, which [`Book::check`]
    /// refuses, ends where it closes.
    pub fn target<'a>(&'a self, id: &'a str) -> &'a str {
        let mut at = id;
        for _ in 0..=self.entries.len() {
            let entry = self.entries.iter().find(|entry| entry.id == at);
            match entry.and_then(|entry| entry.into.as_deref()) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// Everything that is wrong with it, with file and line, in the order of the file. `known` are the ids of the themes
    /// that are told of and of the catalogue, with what each is called.
    pub fn check(&self, known: &BTreeMap<String, Vec<String>>, place: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        let own: BTreeSet<&str> = self
            .entries
            .iter()
            .filter(|entry| !entry.phrases.is_empty())
            .map(|entry| entry.id.as_str())
            .collect();
        let exists = |id: &str| known.contains_key(id) || own.contains(id);
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for (id, called) in known {
            let is_renamed = |entry: &&Entry| entry.id == *id && entry.name.is_some();
            if !self.entries.iter().any(|entry| is_renamed(&entry)) && self.target(id) == id {
                names.extend(called.iter().map(|name| (name.to_lowercase(), id.as_str())));
            }
        }
        for (position, entry) in self.entries.iter().enumerate() {
            let line = self.lines.get(position).copied().unwrap_or(1);
            let mut say = |reason: String| problems.push(format!("{place}:{line}: {reason}"));
            let Entry { id, .. } = entry;
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if id.is_empty() || !id.chars().all(is_plain) {
                say(format!(
                    "\"{id}\" is no id; write lower-case letters, digits and hyphens"
                ));
            } else if !exists(id) {
                say(format!(
                    "no theme is called \"{id}\"; `vocable themes list` shows the ids, and a new one needs phrases"
                ));
            }
            if !seen.insert(id) {
                say(format!("\"{id}\" has an entry already; keep one"));
            }
            if entry.hidden && entry.pinned {
                say(format!("\"{id}\" is both hidden and pinned; keep one"));
            }
            for (what, other) in [("merged into", &entry.into), ("a part of", &entry.parent)] {
                if let Some(other) = other.as_ref().filter(|other| !exists(other)) {
                    say(format!(
                        "\"{id}\" is {what} \"{other}\", which does not exist"
                    ));
                }
            }
            if entry.into.is_some() && self.comes_back(id, |entry| entry.into.as_deref()) {
                say(format!(
                    "\"{id}\" is merged into itself in the end; break the circle"
                ));
            }
            if entry.parent.is_some() && self.comes_back(id, |entry| entry.parent.as_deref()) {
                say(format!(
                    "\"{id}\" is a part of itself in the end; break the circle"
                ));
            }
            for name in [&entry.name, &entry.fr, &entry.en].into_iter().flatten() {
                if name.trim().is_empty() {
                    say(format!("\"{id}\" has an empty name"));
                } else if let Some(other) = names.insert(name.to_lowercase(), id)
                    && other != id
                {
                    say(format!(
                        "\"{id}\" and \"{other}\" are both called \"{name}\"; themes differ in name"
                    ));
                }
            }
            for phrase in entry.phrases.iter().chain(&entry.except) {
                if !phrase.chars().any(char::is_alphanumeric) {
                    say(format!(
                        "\"{phrase}\" would match everything; a phrase needs a word"
                    ));
                }
            }
        }
        problems
    }

    fn comes_back<'a>(&'a self, id: &'a str, next: impl Fn(&'a Entry) -> Option<&'a str>) -> bool {
        let mut at = id;
        for _ in 0..=self.entries.len() {
            let entry = self.entries.iter().find(|entry| entry.id == at);
            match entry.and_then(&next) {
                Some(other) if other == id => return true,
                Some(other) => at = other,
                None => return false,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known() -> BTreeMap<String, Vec<String>> {
        [("refund", "Refund"), ("price", "Price")]
            .map(|(id, name)| (id.to_owned(), vec![name.to_owned()]))
            .into()
    }

    #[test]
    fn a_book_is_printed_as_it_is_read_and_its_head_stays() {
        let text = "# Ours.\n\n[[theme]]\nid = \"refund\"\nname = \"Money back\"\nphrases = [\"money … back\"]\n";
        let book = Book::parse(text, "themes.toml").unwrap();
        assert_eq!(book.print(text), text);
        assert!(Book::default().print("").starts_with("# What you decide"));
        assert!(book.check(&known(), "themes.toml").is_empty());
    }

    #[test]
    fn what_cannot_be_is_said_with_its_line() {
        let check = |rows: &str, says: &str| {
            let book = Book::parse(&format!("# Ours.\n{rows}"), "themes.toml").unwrap();
            let problems = book.check(&known(), "themes.toml");
            assert!(
                problems.iter().any(|problem| problem.starts_with(says)
                    || problem.contains(says) && problem.starts_with("themes.toml:")),
                "{rows}: {problems:?}"
            );
        };
        let entry = |id: &str, rest: &str| format!("[[theme]]\nid = \"{id}\"\n{rest}\n");
        check(&entry("nobody", ""), "themes.toml:2: no theme");
        check(&entry("Re fund", ""), "no id");
        check(
            &format!("{}{}", entry("refund", ""), entry("refund", "")),
            "themes.toml:5: \"refund\" has an entry",
        );
        check(
            &format!(
                "{}{}",
                entry("refund", "into = \"price\""),
                entry("price", "into = \"refund\"")
            ),
            "circle",
        );
        check(&entry("refund", "into = \"nobody\""), "does not exist");
        check(&entry("refund", "name = \"price\""), "both called");
        check(
            &entry("refund", "hidden = true\npinned = true"),
            "hidden and pinned",
        );
        check(&entry("refund", "phrases = [\"…\"]"), "match everything");
        let broken = Book::parse("[[theme]]\nid = 3\n", "themes.toml").unwrap_err();
        assert!(broken.to_string().contains("themes.toml:2"), "{broken}");
    }

    #[test]
    fn merges_are_followed_to_their_end() {
        let mut book = Book::default();
        book.entry("a").into = Some("b".to_owned());
        book.entry("b").into = Some("c".to_owned());
        assert_eq!(book.target("a"), "c");
        assert_eq!(book.target("c"), "c");
        book.entry("c").into = Some("a".to_owned());
        assert_eq!(book.entries.len(), 3);
        let _ = book.target("a");
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let text = || prop::option::of("[a-cé\"'\\\\#=\n\t\u{1}\u{7f}\\[\\] ]{0,8}");
        let texts = || prop::collection::vec("[a-cé|…'\"\\\\\n ]{0,8}", 0..3);
        let entry = (
            "[a-c\"'\n-]{0,5}",
            [(); 6].map(|()| text()),
            any::<[bool; 2]>(),
            texts(),
            texts(),
        );
        let entry = entry.prop_map(
            |(id, [name, fr, en, into, parent, owner], [hidden, pinned], phrases, except)| Entry {
                id,
                name,
                fr,
                en,
                into,
                parent,
                owner,
                hidden,
                pinned,
                phrases,
                except,
            },
        );
        prop::collection::vec(entry, 0..5)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_book_is_read_back_as_printed_and_can_be_checked(entries in entries()) {
            let book = Book { entries, lines: Vec::new() };
            let printed = book.print("# Ours.\n# Really.\n\nid = 3");
            prop_assert!(printed.starts_with("# Ours.\n# Really.\n\n"));
            let read = Book::parse(&printed, "themes.toml");
            let read = read.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(&read.entries, &book.entries);
            prop_assert_eq!(read.lines.len(), read.entries.len());
            for entry in &book.entries {
                let _ = read.target(&entry.id);
            }
            let _ = read.check(&known(), "themes.toml");
        }
    }
}
