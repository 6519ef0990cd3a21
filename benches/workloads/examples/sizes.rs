//! Where the bytes go: stores a workload natively and describes its largest segment.
//!
//! `cargo run --workspace --example sizes -- W1 100000`

use engine::{Budget, Features, Memories, Orbiter, SetSatelliteConfig};
use ic_stable_structures::VectorMemory;
use workloads::{AnyEntry, Spread, Workload};

fn main() {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "W1".to_owned());
    let count = words.next().and_then(|count| count.parse().ok());
    let Some(workload) = Workload::from_name(&name) else {
        eprintln!("There is no workload {name}.");
        return;
    };
    let memories = [0; 16].map(|_| VectorMemory::default());
    let memories = Memories::from_ids(|id| memories[usize::from(id)].clone());
    let mut orbiter = Orbiter::open(memories).expect("new memories");
    let config = SetSatelliteConfig {
        features: Some(Features {
            page_views: true,
            track_events: true,
            performance_metrics: true,
        }),
        restricted_origin: None,
        version: None,
    };
    let configs = workload.satellites().into_iter();
    let configs = configs.map(|satellite| (satellite, config.clone()));
    let stored = orbiter.set_satellite_configs(configs.collect(), 0);
    stored.expect("new satellites");
    let mut now = 0;
    for sent in workload.entries(count.unwrap_or(100_000), Spread::OwnRate) {
        now = sent.now;
        let key = &sent.key;
        // Hostile entries are refused.
        let _ = match sent.entry {
            AnyEntry::PageView(entry) => orbiter.set(key, entry, now).map(|_| ()),
            AnyEntry::TrackEvent(entry) => orbiter.set(key, entry, now).map(|_| ()),
            AnyEntry::PerformanceMetric(entry) => orbiter.set(key, entry, now).map(|_| ()),
        };
        while orbiter.compaction_is_due(now) && orbiter.compact(now) == Ok(true) {}
    }
    now += 31 * 60 * 1_000_000_000;
    while orbiter.compact(now).expect("room") {}
    let mut budget = Budget::entries(u64::MAX);
    let overview = orbiter.overview(now, &mut budget).expect("sound memories");
    println!(
        "{} entries, {} of them fresh, {} segments, {} bytes: {:.2} per entry",
        overview.entries,
        overview.fresh_entries,
        overview.segments,
        overview.live_bytes,
        overview.live_bytes as f64 / overview.entries as f64
    );
    let segments = orbiter.segments();
    let Some(largest) = segments.iter().max_by_key(|segment| segment.entries) else {
        return;
    };
    if let Some((bytes, _)) = orbiter.segment_bytes(largest.id, 0, usize::MAX) {
        let entries = largest.entries as f64;
        println!(
            "{} entries, {:.2} bytes each",
            largest.entries,
            bytes.len() as f64 / entries
        );
        match columnar::Segment::open(bytes) {
            Ok(segment) => println!("{}", columnar::describe(&segment)),
            Err(error) => eprintln!("{error}"),
        }
    }
}
