//! How often each track event happened.

use super::tally::text;
use super::{Aggregate, number};
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::KindName;
use crate::kinds::track_event::column;
use crate::store::{Accumulator, Wanted};

/// What a name may take in a reply beyond its own bytes: its length and the count.
const REPLY_OVERHEAD: usize = 8;

/// How often each track event of a range happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackEventCounts {
    /// Every name, in the order of its bytes, and how many events have it.
    pub total: Vec<(String, u32)>,
}

impl Aggregate for TrackEventCounts {
    const KIND: KindName = KindName::TrackEvent;
    const WANTED: Wanted = Wanted {
        counts: &[column::NAME],
        ..Wanted::NOTHING
    };

    fn answer(total: &Accumulator, budget: &mut Budget<'_>) -> Result<Self, QueryRefusal> {
        let mut counts: Vec<(&[u8], u64)> = total.texts(column::NAME).collect();
        for (name, _) in &counts {
            budget.charge_reply(name.len() + REPLY_OVERHEAD)?;
        }
        counts.sort_unstable();
        let total = counts.into_iter();
        Ok(Self {
            total: total
                .map(|(name, events)| Ok((text(name)?, number(events))))
                .collect::<Result<_, QueryRefusal>>()?,
        })
    }
}
