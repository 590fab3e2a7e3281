//! Where the words of a query stand in a text.

use crate::{
    analysis::AnalyzedFeedback,
    index::{forms::Pattern, query::Asked, schema::text_fields_of, translate::Analyzers},
    text::{fold, lower},
};

/// Bytes of the record's text that the query's words match, in order, not overlapping. Words under NOT are left out.
pub fn highlights(
    record: &AnalyzedFeedback,
    asked: &Asked,
    analyzers: &mut Analyzers,
) -> Vec<(u32, u32)> {
    let mut wanted = Words::default();
    wanted.gather(asked, analyzers);
    let text = &*record.feedback.text;
    let mut spans: Vec<(u32, u32)> = Vec::new();
    if !wanted.inflected.is_empty() {
        for field in text_fields_of(record.language) {
            let analyzer = &mut analyzers.stems[*field];
            let mut terms: Vec<String> = Vec::new();
            for words in &wanted.inflected {
                analyzer.terms(words, |_, term| terms.push(term.to_owned()));
            }
            analyzer.terms(text, |token, term| {
                if terms.iter().any(|wanted| wanted == term) {
                    spans.push((token.start, token.end));
                }
            });
        }
    }
    if !wanted.exact.is_empty() || !wanted.patterns.is_empty() {
        analyzers.forms.terms(text, |token, _| {
            let word = lower(token.of(text));
            let plain = fold(&word);
            if wanted.exact.contains(&word)
                || wanted.patterns.iter().any(|pattern| pattern.finds(&plain))
            {
                spans.push((token.start, token.end));
            }
        });
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// The words that a match holds, by how they are compared.
#[derive(Default)]
struct Words {
    inflected: Vec<String>,
    exact: Vec<Box<str>>,
    patterns: Vec<Pattern>,
}

impl Words {
    fn gather(&mut self, asked: &Asked, analyzers: &mut Analyzers) {
        match asked {
            Asked::All | Asked::Not(_) | Asked::Field(_) => {}
            Asked::Word(text) | Asked::Phrase(text, _) => self.inflected.push(text.clone()),
            Asked::Exact(text) => self.exact.extend(analyzers.words(text)),
            Asked::Prefix(text) => {
                self.gather_pattern(text, analyzers, Pattern::beginning);
            }
            Asked::Near(text, distance) => {
                self.gather_pattern(text, analyzers, |plain| Pattern::near(plain, *distance));
            }
            Asked::And(parts) | Asked::Or(parts) => {
                for part in parts {
                    self.gather(part, analyzers);
                }
            }
        }
    }

    fn gather_pattern(
        &mut self,
        text: &str,
        analyzers: &mut Analyzers,
        pattern: impl Fn(&str) -> Pattern,
    ) {
        let mut words = analyzers.words(text);
        if let Some(last) = words.pop() {
            self.patterns.push(pattern(&fold(&last)));
        }
        self.inflected.extend(words.into_iter().map(String::from));
    }
}
