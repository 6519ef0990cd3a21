//! Several ordered runs of rows as one.

use super::key::RowKey;
use super::unreadable;
use crate::budget::{Budget, QueryRefusal};
use ic_stable_structures::Memory;
use ic_stable_structures::btreemap::Iter;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

type Run<'a, M> = Iter<'a, Vec<u8>, Vec<u8>, M>;
type Found<'a, M> = <Run<'a, M> as Iterator>::Item;

/// Shows the entries of all `runs` to `visit`, ordered by instant and key. Charges each to the budget.
pub(super) fn by_key<M: Memory>(
    mut runs: Vec<Run<'_, M>>,
    budget: &mut Budget<'_>,
    mut visit: impl FnMut(Found<'_, M>, &mut Budget<'_>) -> Result<(), QueryRefusal>,
) -> Result<(), QueryRefusal> {
    if let [run] = runs.as_mut_slice() {
        return run.try_for_each(|entry| {
            budget.charge_entry()?;
            visit(entry, budget)
        });
    }
    let mut heads = BinaryHeap::with_capacity(runs.len());
    for (run, entries) in runs.iter_mut().enumerate() {
        budget.check()?;
        heads.extend(Head::next_of(run, entries)?);
    }
    while let Some(Reverse(head)) = heads.pop() {
        budget.charge_entry()?;
        let run = head.run;
        visit(head.entry, budget)?;
        heads.extend(Head::next_of(run, &mut runs[run])?);
    }
    Ok(())
}

/// The next entry of one run.
struct Head<'a, M: Memory> {
    order: Vec<u8>,
    run: usize,
    entry: Found<'a, M>,
}

impl<'a, M: Memory> Head<'a, M> {
    fn next_of(
        run: usize,
        entries: &mut Run<'a, M>,
    ) -> Result<Option<Reverse<Self>>, QueryRefusal> {
        let Some(entry) = entries.next() else {
            return Ok(None);
        };
        let key = RowKey::parse(entry.key()).map_err(|error| unreadable(entry.key(), error))?;
        Ok(Some(Reverse(Self {
            order: key.order.to_vec(),
            run,
            entry,
        })))
    }
}

impl<M: Memory> Ord for Head<'_, M> {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.order, self.run).cmp(&(&other.order, other.run))
    }
}

impl<M: Memory> PartialOrd for Head<'_, M> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<M: Memory> PartialEq for Head<'_, M> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<M: Memory> Eq for Head<'_, M> {}
