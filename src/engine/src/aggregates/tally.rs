//! The most frequent texts.

use crate::budget::{Budget, QueryRefusal};
use crate::columns::ColumnId;
use crate::store::{Accumulator, RowError};
use std::cmp::Reverse;

/// A text of the answer.
pub(super) fn text(bytes: &[u8]) -> Result<String, QueryRefusal> {
    crate::store::owned(bytes).map_err(|error: RowError| QueryRefusal::damaged(error))
}

/// The `length` most frequent texts of a column, most frequent first, then by name.
pub(super) fn most_frequent(
    total: &Accumulator,
    column: ColumnId,
    length: usize,
    budget: &Budget<'_>,
) -> Result<Vec<(String, u32)>, QueryRefusal> {
    let rank = |a: &(&[u8], u64), b: &(&[u8], u64)| (Reverse(a.1), a.0).cmp(&(Reverse(b.1), b.0));
    let mut counts: Vec<(&[u8], u64)> = total.texts(column).collect();
    budget.check()?;
    if counts.len() > length {
        // Finds the first ones without sorting the rest.
        counts.select_nth_unstable_by(length, rank);
        counts.truncate(length);
    }
    counts.sort_unstable_by(rank);
    counts
        .into_iter()
        .map(|(bytes, entries)| Ok((text(bytes)?, super::number(entries))))
        .collect()
}
