//! What is stored, for a client.

use crate::compaction::Failure;
use engine::{Overview, SatelliteOverview, SegmentSummary};

/// What is stored, and why the last slice of compaction came to nothing, if it did.
pub fn storage_overview(overview: Overview, failure: Option<&Failure>) -> wire::StorageOverview {
    wire::StorageOverview {
        entries: overview.entries,
        fresh_entries: overview.fresh_entries,
        segments: overview.segments,
        live_bytes: overview.live_bytes,
        grown_bytes: overview.grown_bytes,
        capacity_bytes: overview.capacity_bytes,
        oldest: overview.oldest,
        newest: overview.newest,
        days_until_full: overview.days_until_full,
        compaction_failure: failure.map(compaction_failure),
        satellites: overview
            .satellites
            .into_iter()
            .map(satellite_storage)
            .collect(),
    }
}

fn satellite_storage(satellite: SatelliteOverview) -> wire::SatelliteStorage {
    wire::SatelliteStorage {
        satellite_id: satellite.satellite_id,
        page_views: satellite.page_views,
        track_events: satellite.track_events,
        performance_metrics: satellite.performance_metrics,
        segments: satellite.segments,
        oldest: satellite.oldest,
        newest: satellite.newest,
    }
}

fn compaction_failure(failure: &Failure) -> wire::CompactionFailure {
    wire::CompactionFailure {
        at: failure.at,
        reason: failure.reason.to_string(),
    }
}

/// A segment, for a client.
pub fn segment_summary(segment: SegmentSummary) -> wire::SegmentSummary {
    wire::SegmentSummary {
        id: segment.id,
        bytes: segment.bytes,
        entries: segment.entries,
        oldest: segment.oldest,
        newest: segment.newest,
        created_at: segment.created_at,
    }
}
