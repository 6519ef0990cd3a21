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

pub(crate) use clients::Clients;
pub(crate) use events::EventCounts;
pub(crate) use metrics::Metrics;
pub(crate) use top::Top;
pub(crate) use web_vitals::Vitals;

use crate::budget::{Budget, QueryRefusal};
use crate::kinds::Kind;
use crate::store::{Row, RowError};

/// A question to a range of entries.
pub(crate) trait Aggregate {
    /// The kind of entry it is about.
    type Kind: Kind;
    /// What it answers.
    type Answer;

    /// Takes the next entry in the order of keys.
    ///
    /// # Errors
    /// [`RowError`] if the row is damaged.
    fn add(&mut self, collected_at: u64, row: &Row<'_, Self::Kind>) -> Result<(), RowError>;

    /// Answers.
    ///
    /// # Errors
    /// [`QueryRefusal`] if that costs more than the budget has left, or the answer doesn't fit a reply.
    fn finish(self, budget: &mut Budget<'_>) -> Result<Self::Answer, QueryRefusal>;
}
