//! Which units the themes are learnt from: all when there are few, else some, spread evenly.

use super::{GAP, Units, terms::Kind};
use crate::algebra::Chance;

/// Units that name something: at most `most` of them, one drawn from each of as many equal stretches, lowest first.
pub(super) fn draw(units: &Units, kinds: &[Kind], most: usize, seed: u64) -> Vec<u32> {
    let naming: Vec<u32> = units
        .bounds
        .windows(2)
        .enumerate()
        .filter(|(unit, bounds)| {
            if units.is_copied(*unit) || units.is_explained(*unit) || units.is_learnt(*unit) {
                return false;
            }
            let tokens = &units.tokens[bounds[0] as usize..bounds[1] as usize];
            tokens
                .iter()
                .any(|&token| token != GAP && kinds[token as usize] == Kind::Content)
        })
        .map(|(unit, _)| unit as u32)
        .collect();
    if naming.len() <= most {
        return naming;
    }
    let mut chance = Chance::new(seed, 2);
    (0..most)
        .map(|stretch| {
            let start = stretch * naming.len() / most;
            let end = (stretch + 1) * naming.len() / most;
            naming[start + (chance.next() % (end - start) as u64) as usize]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_and_holds_only_units_that_name_something() {
        let tokens: Vec<u32> = (0..1000).map(|unit| unit % 2).collect();
        let bounds: Vec<u32> = (0..=1000).collect();
        let units = Units {
            tokens: &tokens,
            bounds: &bounds,
            record: &bounds[..1000],
            is_copy: &[],
            is_explained: &[],
            is_learnt: &[],
        };
        let kinds = [Kind::Stop, Kind::Content];
        let all = draw(&units, &kinds, 500, 1);
        assert_eq!(
            all,
            (0..1000).filter(|unit| unit % 2 == 1).collect::<Vec<u32>>()
        );
        let some = draw(&units, &kinds, 50, 1);
        assert_eq!(some.len(), 50);
        for (stretch, &unit) in some.iter().enumerate() {
            assert!(unit % 2 == 1 && unit as usize / 20 == stretch);
        }
    }
}
