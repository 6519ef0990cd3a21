//! A sparse set of page numbers that is cheap to fill in ranges and to read out as runs.

use std::collections::BTreeMap;
use std::ops::Range;

/// Pages per leaf: eight words of 64 bits, or 2 MiB of memory.
const LEAF_PAGES: u64 = 512;

/// A set of page numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageSet {
    leaves: BTreeMap<u64, [u64; 8]>,
    count: u64,
}

impl PageSet {
    /// How many pages it holds.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether it holds `page`.
    pub fn contains(&self, page: u64) -> bool {
        let (leaf, word, bit) = locate(page);
        self.leaves
            .get(&leaf)
            .is_some_and(|words| words[word] & bit != 0)
    }

    /// Adds one page; says whether it is new.
    pub fn insert(&mut self, page: u64) -> bool {
        let (leaf, word, bit) = locate(page);
        let word = &mut self.leaves.entry(leaf).or_default()[word];
        let new = *word & bit == 0;
        *word |= bit;
        self.count += u64::from(new);
        new
    }

    /// Adds every page of a range; says how many are new.
    pub fn insert_range(&mut self, pages: Range<u64>) -> u64 {
        let before = self.count;
        let mut page = pages.start;
        while page < pages.end {
            let (leaf, word, _) = locate(page);
            let word_start = page & !63;
            let end = pages.end.min(word_start + 64);
            let mask = mask(page - word_start..end - word_start);
            let word = &mut self.leaves.entry(leaf).or_default()[word];
            self.count += u64::from((mask & !*word).count_ones());
            *word |= mask;
            page = end;
        }
        self.count - before
    }

    /// The pages as ascending runs that do not touch.
    pub fn runs(&self) -> Vec<Range<u64>> {
        let mut runs = Vec::new();
        for (leaf, words) in &self.leaves {
            for (index, word) in (0u64..).zip(words) {
                push_word(&mut runs, leaf * LEAF_PAGES + index * 64, *word);
            }
        }
        runs
    }

    /// Adds all pages of `other`.
    pub fn union(&mut self, other: &PageSet) {
        for (leaf, words) in &other.leaves {
            let own = self.leaves.entry(*leaf).or_default();
            for (own, new) in own.iter_mut().zip(words) {
                self.count += u64::from((new & !*own).count_ones());
                *own |= new;
            }
        }
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.leaves.clear();
        self.count = 0;
    }
}

fn locate(page: u64) -> (u64, usize, u64) {
    let word = (page % LEAF_PAGES / 64) as usize;
    (page / LEAF_PAGES, word, 1 << (page % 64))
}

/// The bits of a non-empty range within a word.
fn mask(bits: Range<u64>) -> u64 {
    (u64::MAX >> (64 - (bits.end - bits.start))) << bits.start
}

fn push_word(runs: &mut Vec<Range<u64>>, first: u64, mut word: u64) {
    while word != 0 {
        let start = u64::from(word.trailing_zeros());
        let length = u64::from((word >> start).trailing_ones());
        push_run(runs, first + start..first + start + length);
        word &= !mask(start..start + length);
    }
}

/// Appends a run, joining it to the last one when they touch.
pub(super) fn push_run(runs: &mut Vec<Range<u64>>, run: Range<u64>) {
    match runs.last_mut() {
        Some(last) if last.end == run.start => last.end = run.end,
        _ => runs.push(run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn behaves_like_a_set_of_numbers(
            ranges in prop::collection::vec((0u64..3000, 0u64..700), 0..20),
            singles in prop::collection::vec(0u64..4000, 0..40),
        ) {
            let (mut set, mut model) = (PageSet::default(), BTreeSet::new());
            for (start, length) in ranges {
                let new = (start..start + length).filter(|page| model.insert(*page)).count() as u64;
                prop_assert_eq!(set.insert_range(start..start + length), new);
            }
            for page in singles {
                prop_assert_eq!(set.insert(page), model.insert(page));
            }
            prop_assert_eq!(set.len(), model.len() as u64);
            let runs = set.runs();
            prop_assert!(runs.windows(2).all(|pair| pair[0].end < pair[1].start));
            prop_assert_eq!(runs.into_iter().flatten().collect::<BTreeSet<_>>(), model.clone());
            for page in 0..4000 {
                prop_assert_eq!(set.contains(page), model.contains(&page));
            }
        }

        #[test]
        fn union_counts_each_page_once(a in prop::collection::btree_set(0u64..2000, 0..100), b in prop::collection::btree_set(0u64..2000, 0..100)) {
            let collect = |pages: &BTreeSet<u64>| {
                let mut set = PageSet::default();
                pages.iter().for_each(|page| { set.insert(*page); });
                set
            };
            let mut joined = collect(&a);
            joined.union(&collect(&b));
            prop_assert_eq!(joined, collect(&a.union(&b).copied().collect()));
        }
    }
}
