//! How often each track event happened.

use super::Aggregate;
use super::tally::Tally;
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::TrackEvent;
use crate::store::{Row, RowError};

/// What a name may take in a reply beyond its own bytes: its length and the count.
const REPLY_OVERHEAD: usize = 8;

/// How often each track event of a range happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackEventCounts {
    /// Every name, in the order of its bytes, and how many events have it.
    pub total: Vec<(String, u32)>,
}

/// What is kept of the events read so far.
#[derive(Default)]
pub(crate) struct EventCounts {
    names: Tally,
}

impl Aggregate for EventCounts {
    type Kind = TrackEvent;
    type Answer = TrackEventCounts;

    fn add(&mut self, _: u64, row: &Row<'_, TrackEvent>) -> Result<(), RowError> {
        self.names.add(row.body.name);
        Ok(())
    }

    fn finish(self, budget: &mut Budget<'_>) -> Result<TrackEventCounts, QueryRefusal> {
        let counts = self.names.by_name(budget, str::to_owned)?;
        for name in counts.keys() {
            budget.charge_reply(name.len() + REPLY_OVERHEAD)?;
        }
        let mut total: Vec<_> = counts.into_iter().collect();
        total.sort_unstable();
        Ok(TrackEventCounts { total })
    }
}
