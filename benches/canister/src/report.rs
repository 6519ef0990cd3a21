//! What goes into the canister and comes out of it.

use candid::{CandidType, Principal};
use serde::{Deserialize, Serialize};

/// What to load.
#[derive(CandidType, Deserialize, Serialize, Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The workload's name.
    pub workload: String,
    /// How many entries.
    pub entries: u64,
    /// Spread evenly over so many days; none: at the workload's own rate.
    pub days: Option<u32>,
    /// Into the peer instead of the engine.
    pub peer: bool,
}

/// Instructions of many steps of one sort.
#[derive(CandidType, Deserialize, Serialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// How many steps.
    pub steps: u64,
    /// Instructions of all of them.
    pub total: u64,
    /// Instructions of the heaviest.
    pub heaviest: u64,
}

impl Weight {
    /// Counts a step.
    pub fn add(&mut self, instructions: u64) {
        self.steps += 1;
        self.total += instructions;
        self.heaviest = self.heaviest.max(instructions);
    }

    /// Instructions of a step on average, rounded down; 0 without steps.
    pub fn mean(&self) -> u64 {
        self.total.checked_div(self.steps).unwrap_or_default()
    }
}

/// How far loading is.
#[derive(CandidType, Deserialize, Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Nothing is left to do.
    pub done: bool,
    /// Entries that were stored, and what that took. Pages of stable memory that a message touches first cost
    /// extra; here many entries share a message, and so these.
    pub set: Weight,
    /// Entries that were refused, and what that took.
    pub refused: Weight,
    /// Slices of compaction.
    pub compaction: Weight,
    /// Why compaction stopped, where it did.
    pub compaction_error: Option<String>,
    /// When the last entry arrived, nanoseconds since 1970, UTC.
    pub now: u64,
}

/// A dashboard.
#[derive(CandidType, Deserialize, Serialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dashboard {
    /// Totals of page views.
    Metrics,
    /// What page views have most often.
    TopTen,
    /// What page views were seen with.
    Clients,
    /// How often each event happened. The peer has none.
    Events,
    /// Web vitals. The peer has none.
    WebVitals,
}

/// A question.
#[derive(CandidType, Deserialize, Serialize, Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which dashboard.
    pub dashboard: Dashboard,
    /// Of this satellite; the peer needs one.
    pub satellite_id: Option<Principal>,
    /// From this instant on (nanoseconds since 1970, UTC).
    pub from: u64,
    /// Up to before this instant.
    pub to: u64,
}

/// What is stored.
#[derive(CandidType, Deserialize, Serialize, Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// Entries.
    pub entries: u64,
    /// Entries that are not yet in a segment.
    pub fresh_entries: u64,
    /// Segments.
    pub segments: u64,
    /// Bytes that entries take, of the peer those of its memories; none where the store doesn't say.
    pub live_bytes: Option<u64>,
    /// Bytes that were grown for entries; none where the store doesn't say.
    pub grown_bytes: Option<u64>,
    /// Bytes of the whole stable memory.
    pub stable_bytes: u64,
    /// Bytes of the heap.
    pub heap_bytes: u64,
    /// Instructions that the store took to say so.
    pub instructions: u64,
}
