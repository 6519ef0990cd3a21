//! Counting by text.

use crate::budget::{Budget, QueryRefusal};
use crate::store::utf8;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

/// A hash map without a random seed: the same entries cost the same instructions on every run. No answer
/// depends on its order.
pub(super) type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// The same for a set.
pub(super) type Set<K> = std::collections::HashSet<K, BuildHasherDefault<DefaultHasher>>;

/// Numbers texts 0, 1, 2, … in the order in which they are first seen.
#[derive(Default)]
pub(super) struct Numbering {
    numbers: Map<Box<[u8]>, u32>,
}

impl Numbering {
    /// The number of `text`.
    pub(super) fn of(&mut self, text: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.numbers.len() as u32;
        self.numbers.insert(text.into(), number);
        number
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}

/// How often each text was seen.
#[derive(Default)]
pub(super) struct Tally {
    counts: Map<Box<[u8]>, u32>,
}

impl Tally {
    /// Counts `text` once more.
    pub(super) fn add(&mut self, text: &[u8]) {
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else {
            self.counts.insert(text.into(), 1);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The counts by what `name` makes of each text; texts of the same name are added up.
    pub(super) fn by_name(
        self,
        budget: &Budget<'_>,
        name: impl Fn(&str) -> String,
    ) -> Result<Map<String, u32>, QueryRefusal> {
        let mut counts = Map::default();
        for (text, count) in self.counts {
            budget.check()?;
            *counts
                .entry(name(utf8(&text).map_err(QueryRefusal::damaged)?))
                .or_insert(0) += count;
        }
        Ok(counts)
    }
}

/// The `number` most frequent, most frequent first, then by name.
pub(super) fn most_frequent(counts: Map<String, u32>, number: usize) -> Vec<(String, u32)> {
    let rank =
        |a: &(String, u32), b: &(String, u32)| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0));
    let mut counts: Vec<_> = counts.into_iter().collect();
    if counts.len() > number {
        // Finds the first ones without sorting the rest.
        counts.select_nth_unstable_by(number, rank);
        counts.truncate(number);
    }
    counts.sort_unstable_by(rank);
    counts
}
