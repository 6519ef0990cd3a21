//! What the orbiter stores, as `orbiter status` shows it.

use std::fmt;

use candid::Principal;
use serde::Serialize;
use wire::{CompactionFailure, SatelliteStorage, StorageOverview};

use super::overview::counted;
use crate::report::{bytes, date};

/// The most satellites that a person is shown; JSON has all.
const SHOWN_SATELLITES: usize = 20;

/// What the orbiter stores. Instants are ns since 1970, UTC.
#[derive(Debug, Serialize)]
pub struct StorageView {
    entries: u64,
    fresh_entries: u64,
    segments: u64,
    live_bytes: u64,
    grown_bytes: u64,
    capacity_bytes: u64,
    oldest: Option<u64>,
    newest: Option<u64>,
    days_until_full: Option<u64>,
    compaction_failure: Option<FailureView>,
    satellites: Vec<StoredView>,
}

/// Why the last attempt at compaction came to nothing.
#[derive(Debug, Serialize)]
struct FailureView {
    at: u64,
    reason: String,
}

/// What is stored of one satellite.
#[derive(Debug, Serialize)]
struct StoredView {
    id: Principal,
    page_views: u64,
    track_events: u64,
    performance_metrics: u64,
    segments: u64,
    oldest: u64,
    newest: u64,
}

impl From<StorageOverview> for StorageView {
    fn from(told: StorageOverview) -> Self {
        Self {
            entries: told.entries,
            fresh_entries: told.fresh_entries,
            segments: told.segments,
            live_bytes: told.live_bytes,
            grown_bytes: told.grown_bytes,
            capacity_bytes: told.capacity_bytes,
            oldest: told.oldest,
            newest: told.newest,
            days_until_full: told.days_until_full,
            compaction_failure: told.compaction_failure.map(FailureView::from),
            satellites: told.satellites.into_iter().map(StoredView::from).collect(),
        }
    }
}

impl From<CompactionFailure> for FailureView {
    fn from(CompactionFailure { at, reason }: CompactionFailure) -> Self {
        Self { at, reason }
    }
}

impl From<SatelliteStorage> for StoredView {
    fn from(told: SatelliteStorage) -> Self {
        Self {
            id: told.satellite_id,
            page_views: told.page_views,
            track_events: told.track_events,
            performance_metrics: told.performance_metrics,
            segments: told.segments,
            oldest: told.oldest,
            newest: told.newest,
        }
    }
}

impl StorageView {
    /// The lines of what is stored by satellite; nothing where nothing is stored.
    pub fn write_satellites(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.satellites.is_empty() {
            return Ok(());
        }
        write!(f, "\n\nStored by satellite: {}", self.satellites.len())?;
        for satellite in self.satellites.iter().take(SHOWN_SATELLITES) {
            write!(f, "\n  {satellite}")?;
        }
        match self.satellites.len().saturating_sub(SHOWN_SATELLITES) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more: --json lists all"),
        }
    }
}

/// Lines like those of the orbiter's canister.
impl fmt::Display for StorageView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = match self.entries {
            1 => "1 entry".to_owned(),
            more => format!("{more} entries"),
        };
        let segments = counted(self.segments, "segment");
        write!(
            f,
            "  stored      {entries}, {} fresh, {segments}",
            self.fresh_entries
        )?;
        if let (Some(oldest), Some(newest)) = (self.oldest, self.newest) {
            write!(f, "; {} to {}", date(oldest), date(newest))?;
        }
        let (live, grown) = (bytes(self.live_bytes), bytes(self.grown_bytes));
        let capacity = bytes(self.capacity_bytes);
        write!(
            f,
            "\n  storage     {live} of {capacity} used, {grown} grown"
        )?;
        if let Some(days) = self.days_until_full {
            write!(f, "; full in {} at this rate", counted(days, "day"))?;
        }
        match &self.compaction_failure {
            Some(FailureView { at, reason }) => {
                write!(f, "\n  compaction  failed on {}: {reason}", date(*at))
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for StoredView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let views = counted(self.page_views, "page view");
        let events = counted(self.track_events, "event");
        let metrics = counted(self.performance_metrics, "performance metric");
        let (oldest, newest) = (date(self.oldest), date(self.newest));
        write!(
            f,
            "{}  {views}, {events}, {metrics}; {oldest} to {newest}",
            self.id
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400_000_000_000;

    fn stored(id: u8) -> SatelliteStorage {
        SatelliteStorage {
            satellite_id: Principal::from_slice(&[id]),
            page_views: 1,
            track_events: 2,
            performance_metrics: 3,
            segments: 4,
            oldest: 0,
            newest: DAY,
        }
    }

    fn overview(satellites: u8) -> StorageOverview {
        StorageOverview {
            entries: 6_000,
            fresh_entries: 7,
            segments: 1,
            live_bytes: 3 << 20,
            grown_bytes: 32 << 20,
            capacity_bytes: 400 << 30,
            oldest: Some(0),
            newest: Some(20_000 * DAY),
            days_until_full: Some(1),
            compaction_failure: None,
            satellites: (0..satellites).map(stored).collect(),
        }
    }

    /// The satellites alone.
    struct Satellites(StorageView);

    impl fmt::Display for Satellites {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.write_satellites(f)
        }
    }

    #[test]
    fn what_is_stored_is_two_lines() {
        let text = StorageView::from(overview(0)).to_string();
        let expected = "  stored      6000 entries, 7 fresh, 1 segment; 1970-01-01 to 2024-10-04\n  \
                        storage     3.00 MiB of 400.00 GiB used, 32.00 MiB grown; full in 1 day at this rate";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_is_unknown_is_left_out_and_a_failure_is_shown() {
        let mut told = overview(0);
        told.oldest = None;
        told.newest = None;
        told.days_until_full = None;
        told.entries = 1;
        let reason = "The storage is full.".to_owned();
        told.compaction_failure = Some(CompactionFailure { at: DAY, reason });
        let text = StorageView::from(told).to_string();
        let expected = "  stored      1 entry, 7 fresh, 1 segment\n  \
                        storage     3.00 MiB of 400.00 GiB used, 32.00 MiB grown\n  \
                        compaction  failed on 1970-01-02: The storage is full.";
        assert_eq!(text, expected);
    }

    #[test]
    fn twenty_satellites_are_shown_and_more_are_counted() {
        assert_eq!(Satellites(overview(0).into()).to_string(), "");
        let text = Satellites(overview(23).into()).to_string();
        let lines: Vec<_> = text.trim_start().lines().collect();
        assert_eq!(lines.len(), 1 + 20 + 1);
        assert_eq!(lines[0], "Stored by satellite: 23");
        let first = "  1 page view, 2 events, 3 performance metrics; 1970-01-01 to 1970-01-02";
        assert!(lines[1].ends_with(first), "{}", lines[1]);
        assert_eq!(lines[21], "  and 3 more: --json lists all");
    }
}
