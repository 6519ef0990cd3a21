//! What is stored, in figures.

use ic_principal::Principal;

/// What the orbiter stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// Entries of all kinds.
    pub entries: u64,
    /// Those of them that are not yet in a segment.
    pub fresh_entries: u64,
    /// Segments of compacted entries.
    pub segments: u64,
    /// Bytes that entries take: segments with all that belongs to them, and the log of fresh entries.
    pub live_bytes: u64,
    /// Bytes of stable memory that were grown for entries, and are paid for.
    pub grown_bytes: u64,
    /// The most that segments and what belongs to them may take; the log of fresh entries comes on top.
    pub capacity_bytes: u64,
    /// The instant of the earliest entry, nanoseconds since 1970, UTC; none without entries.
    pub oldest: Option<u64>,
    /// The instant of the latest entry.
    pub newest: Option<u64>,
    /// In how many days the capacity is reached, if as many bytes a day come in as in the last 30 days (or
    /// since the first entry, where that is less); none where nothing came in.
    pub days_until_full: Option<u64>,
    /// By satellite, in the order of their bytes.
    pub satellites: Vec<SatelliteOverview>,
}

/// What the orbiter stores of one satellite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SatelliteOverview {
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
    /// The instant of the earliest entry, nanoseconds since 1970, UTC.
    pub oldest: u64,
    /// The instant of the latest entry.
    pub newest: u64,
}

/// A segment of compacted entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentSummary {
    /// Its id.
    pub id: u64,
    /// Bytes of its file.
    pub bytes: u64,
    /// Entries, those that others have taken the place of included.
    pub entries: u64,
    /// The instant of the earliest entry, nanoseconds since 1970, UTC.
    pub oldest: u64,
    /// The instant of the latest entry.
    pub newest: u64,
    /// When it was written, nanoseconds since 1970, UTC.
    pub created_at: u64,
}
