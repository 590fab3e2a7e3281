//! How well the words of each group of texts belong together. Sources: Bouma 2009 (normalised pointwise mutual
//! information), Grootendorst 2022, doi 10.48550/arXiv.2203.05794 (class-based TF-IDF), Dieng, Ruiz & Blei 2020 (diversity).

use std::collections::BTreeMap;

/// Words of a group that are looked at.
const TOP: usize = 10;

/// Quality of a division of texts into groups, seen by its words alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coherence {
    /// Mean normalised pointwise mutual information of the pairs among each group's ten most typical words, met in one
    /// text; −1 to 1, 0 by chance.
    pub npmi: f64,
    /// Share of different words among the most typical ones of all groups; 0 to 1.
    pub diversity: f64,
}

/// Looks at texts, each given by the words in it (each once, sorted), and at the group of each. `None` where no group has
/// two words.
pub fn coherence(texts: &[Vec<u32>], group: &[Option<u32>]) -> Option<Coherence> {
    let mut texts_with: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut of_group: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
    for (position, (text, group)) in (0..).zip(texts.iter().zip(group)) {
        for word in text {
            texts_with.entry(*word).or_default().push(position);
            if let Some(group) = group {
                *of_group
                    .entry(*group)
                    .or_default()
                    .entry(*word)
                    .or_default() += 1;
            }
        }
    }
    let words: f64 = of_group
        .values()
        .flat_map(BTreeMap::values)
        .map(|n| f64::from(*n))
        .sum();
    let words_a_group = words / of_group.len().max(1) as f64;
    let mut all: Vec<u32> = Vec::new();
    let (mut sum, mut groups) = (0.0, 0u32);
    for counts in of_group.values() {
        let mut typical: Vec<(f64, u32)> = counts
            .iter()
            .map(|(word, count)| {
                let everywhere = texts_with[word].len() as f64;
                (
                    f64::from(*count) * (1.0 + words_a_group / everywhere).ln(),
                    *word,
                )
            })
            .collect();
        typical.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        typical.truncate(TOP);
        let (mut pairs, mut of_pairs) = (0u32, 0.0);
        for (place, (_, one)) in typical.iter().enumerate() {
            for (_, other) in &typical[place + 1..] {
                let [a, b] = [one, other].map(|word| &texts_with[word]);
                let share = |count: usize| count as f64 / texts.len() as f64;
                of_pairs += npmi(share(shared(a, b)), share(a.len()), share(b.len()));
                pairs += 1;
            }
        }
        if pairs > 0 {
            sum += of_pairs / f64::from(pairs);
            groups += 1;
        }
        all.extend(typical.iter().map(|(_, word)| *word));
    }
    if groups == 0 {
        return None;
    }
    let count = all.len() as f64;
    all.sort_unstable();
    all.dedup();
    Some(Coherence {
        npmi: sum / f64::from(groups),
        diversity: all.len() as f64 / count,
    })
}

/// Normalised pointwise mutual information of two events from their shares and that of both; −1 where they never meet, 1
/// where they always do.
fn npmi(both: f64, one: f64, other: f64) -> f64 {
    if both <= 0.0 {
        -1.0
    } else if both >= 1.0 {
        1.0
    } else {
        (both / (one * other)).ln() / -both.ln()
    }
}

/// How many numbers two rising lists share.
fn shared(a: &[u32], b: &[u32]) -> usize {
    let mut b = b.iter().peekable();
    let mut count = 0;
    for one in a {
        while b.next_if(|other| *other < one).is_some() {}
        count += usize::from(b.peek() == Some(&one));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npmi_matches_the_golden_vector() {
        assert!((npmi(0.02, 0.05, 0.1) - 0.354368).abs() < 1e-6);
        assert_eq!(npmi(0.0, 0.1, 0.1), -1.0);
        assert_eq!(npmi(1.0, 1.0, 1.0), 1.0);
    }

    #[test]
    fn groups_whose_words_always_meet_are_coherent_and_apart() {
        let texts = vec![vec![0, 1], vec![0, 1], vec![2, 3], vec![2, 3]];
        let good = coherence(&texts, &[Some(0), Some(0), Some(1), Some(1)]).unwrap();
        assert!(
            (good.npmi - 1.0).abs() < 1e-12 && good.diversity == 1.0,
            "{good:?}"
        );
        let mixed = coherence(&texts, &[Some(0), Some(1), Some(0), Some(1)]).unwrap();
        assert!(mixed.npmi < 0.0 && mixed.diversity == 0.5, "{mixed:?}");
    }

    #[test]
    fn nothing_grouped_has_no_coherence() {
        assert_eq!(coherence(&[], &[]), None);
        assert_eq!(coherence(&[vec![1, 2]], &[None]), None);
        assert_eq!(coherence(&[vec![1]], &[Some(0)]), None);
    }
}
