//! What is stored: in figures, and the segments themselves.

use candid::{CandidType, Principal};
use serde::Deserialize;

/// What the orbiter stores.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct StorageOverview {
    /// Entries of all kinds.
    pub entries: u64,
    /// Those of them that are not yet compacted into a segment.
    pub fresh_entries: u64,
    /// Segments of compacted entries.
    pub segments: u64,
    /// Bytes that entries take.
    pub live_bytes: u64,
    /// Bytes of stable memory that were grown for entries, and are paid for.
    pub grown_bytes: u64,
    /// The most that segments may take; the log of fresh entries comes on top.
    pub capacity_bytes: u64,
    /// When the earliest entry was collected; none without entries.
    pub oldest: Option<u64>,
    /// When the latest entry was collected; none without entries.
    pub newest: Option<u64>,
    /// Whole days until the capacity is reached at the rate of the last 30 days; none where nothing came in.
    pub days_until_full: Option<u64>,
    /// Why the last attempt at compaction came to nothing; none once one succeeded.
    pub compaction_failure: Option<CompactionFailure>,
    /// By satellite.
    pub satellites: Vec<SatelliteStorage>,
}

/// What the orbiter stores of one satellite.
#[derive(CandidType, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct SatelliteStorage {
    /// Which one.
    pub satellite_id: Principal,
    /// Page views.
    pub page_views: u64,
    /// Track events.
    pub track_events: u64,
    /// Performance metrics.
    pub performance_metrics: u64,
    /// Segments that hold some of them.
    pub segments: u64,
    /// When the earliest entry was collected.
    pub oldest: u64,
    /// When the latest entry was collected.
    pub newest: u64,
}

/// A slice of compaction that came to nothing. No entry is lost by it.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct CompactionFailure {
    /// When it was.
    pub at: u64,
    /// Why, as a sentence.
    pub reason: String,
}

/// Which segments to list.
#[derive(CandidType, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSegments {
    /// Those with greater ids than this; none: from the first one on.
    pub after: Option<u64>,
}

/// A segment of compacted entries.
#[derive(CandidType, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentSummary {
    /// Its id, given once.
    pub id: u64,
    /// Its bytes.
    pub bytes: u64,
    /// The entries in it.
    pub entries: u64,
    /// When the earliest of them was collected.
    pub oldest: u64,
    /// When the latest of them was collected.
    pub newest: u64,
    /// When it was written.
    pub created_at: u64,
}

/// Which part of a segment to read.
#[derive(CandidType, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct GetSegment {
    /// The id of the segment.
    pub segment: u64,
    /// The first byte of the part.
    pub offset: u64,
}

/// A part of a segment.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SegmentPart {
    /// As many bytes from the offset on as a reply takes; none at the end.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
    /// The bytes of the whole segment.
    pub total: u64,
}
