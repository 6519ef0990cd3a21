//! The questions to the entries of a range. One file each: what is kept per entry read, and the answer.
//!
//! Every answer is exact and equals a pass over all entries in the order of their keys. Means are the sum in
//! that order divided by the count, shares a count divided by the count of all entries; both are 0 (or
//! absent, where the answer says so) without entries. A text that several entries have counts byte by byte.

mod clients;
mod events;
mod metrics;
mod tally;
mod top;
mod web_vitals;

pub use clients::{BrowserShares, DeviceShares, OperatingSystemShares, PageViewClients};
pub use events::TrackEventCounts;
pub use metrics::PageViewMetrics;
pub use top::TopTen;
pub use web_vitals::{PageVitals, WebVitals};

use crate::budget::{Budget, QueryRefusal};
use crate::kinds::KindName;
use crate::store::{Accumulator, Wanted};

/// An answer to a question about a range of entries.
pub(crate) trait Aggregate: Sized {
    /// The kind of entry that the question is about.
    const KIND: KindName;
    /// The figures that the answer needs.
    const WANTED: Wanted;

    /// Answers out of the figures of all entries of the range.
    ///
    /// # Errors
    /// [`QueryRefusal`] if that costs more than the budget has left, or the answer doesn't fit a reply.
    fn answer(total: &Accumulator, budget: &mut Budget<'_>) -> Result<Self, QueryRefusal>;
}

/// A number of entries as the interface counts them: 32 bits.
fn number(entries: u64) -> u32 {
    u32::try_from(entries).unwrap_or(u32::MAX)
}
