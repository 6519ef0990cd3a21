//! The overview of what is stored.

use super::START;
use candid::{Principal, encode_one};
use engine::{CompactionError, Overview, SatelliteOverview};
use orbiter::compaction::Compaction;
use orbiter::convert::storage_overview;

fn overview(satellites: u32) -> Overview {
    let satellite = |number: u32| {
        let mut id = [0xff; 29];
        id[..4].copy_from_slice(&number.to_be_bytes());
        SatelliteOverview {
            satellite_id: Principal::from_slice(&id),
            page_views: 1,
            track_events: 2,
            performance_metrics: 3,
            segments: 4,
            oldest: START,
            newest: START + 5,
        }
    };
    Overview {
        entries: 6,
        fresh_entries: 7,
        segments: 8,
        live_bytes: 9,
        grown_bytes: 10,
        capacity_bytes: 11,
        oldest: Some(START),
        newest: None,
        days_until_full: Some(12),
        satellites: (0..satellites).map(satellite).collect(),
    }
}

#[test]
fn every_figure_of_the_overview_comes_through() {
    let mut compaction = Compaction::default();
    let error = CompactionError::Full {
        needed: 13,
        capacity: 11,
    };
    compaction.ended(START + 14, Err(error));
    let wire = storage_overview(overview(1), compaction.failure());
    let expected = wire::StorageOverview {
        entries: 6,
        fresh_entries: 7,
        segments: 8,
        live_bytes: 9,
        grown_bytes: 10,
        capacity_bytes: 11,
        oldest: Some(START),
        newest: None,
        days_until_full: Some(12),
        compaction_failure: Some(wire::CompactionFailure {
            at: START + 14,
            reason: error.to_string(),
        }),
        satellites: vec![wire::SatelliteStorage {
            satellite_id: overview(1).satellites[0].satellite_id,
            page_views: 1,
            track_events: 2,
            performance_metrics: 3,
            segments: 4,
            oldest: START,
            newest: START + 5,
        }],
    };
    assert_eq!(wire, expected);
}

#[test]
fn the_overview_of_ten_thousand_satellites_fits_a_replicated_reply() {
    let wire = storage_overview(overview(10_000), None);
    let bytes = encode_one(wire).expect("Candid").len();
    // A principal of 29 bytes with its tag and length, and six numbers of 8 bytes.
    let rows = 10_000 * (1 + 1 + 29 + 6 * 8);
    assert!((rows..rows + 1_000).contains(&bytes), "{bytes} bytes");
    assert!(bytes < 2 << 20);
}
