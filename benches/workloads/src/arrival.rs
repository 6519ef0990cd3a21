//! Puts entries in the order in which they arrive.

use crate::hostile::Hostile;
use crate::sent::Sent;
use crate::traffic::Traffic;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Where a workload's entries come from.
pub(crate) enum Source {
    Traffic(Box<Traffic>),
    Hostile(Box<Hostile>),
}

impl Source {
    /// Makes the next few entries, and says before which instant nothing of the others arrives.
    fn make(&mut self, made: &mut Vec<Sent>) -> u64 {
        match self {
            Self::Traffic(traffic) => traffic.make(made),
            Self::Hostile(hostile) => hostile.make(made),
        }
    }
}

/// A workload's entries in the order of their arrival.
pub struct Entries {
    source: Source,
    left: u64,
    made: Vec<Sent>,
    waiting: BinaryHeap<Waiting>,
    order: u64,
    /// Before this instant nothing arrives but what waits.
    settled: u64,
}

impl Entries {
    /// The first `count` entries of `source`.
    pub(crate) fn new(source: Source, count: u64) -> Self {
        Self {
            source,
            left: count,
            made: Vec::new(),
            waiting: BinaryHeap::new(),
            order: 0,
            settled: 0,
        }
    }
}

impl Iterator for Entries {
    type Item = Sent;

    fn next(&mut self) -> Option<Sent> {
        self.left = self.left.checked_sub(1)?;
        while (self.waiting.peek()).is_none_or(|first| first.sent.now >= self.settled) {
            self.settled = self.source.make(&mut self.made);
            for sent in self.made.drain(..) {
                self.order += 1;
                let order = self.order;
                self.waiting.push(Waiting { sent, order });
            }
        }
        self.waiting.pop().map(|waiting| waiting.sent)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

/// An entry that may have to let others go first.
struct Waiting {
    sent: Sent,
    order: u64,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    /// The earliest is the greatest: that is what a heap gives first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.sent.now, other.order).cmp(&(self.sent.now, self.order))
    }
}
