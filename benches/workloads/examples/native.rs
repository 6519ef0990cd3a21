//! How long the engine takes natively, on one thread: nanoseconds per page view, to stand beside DuckDB's.
//!
//! `native [VIEWS]` loads workload W1 (a million views by default), compacts what is due and asks each dashboard some
//! times; the fastest counts. Build it with `--release`.

use engine::{Budget, EntryRange, Features, Memories, Orbiter, SetSatelliteConfig};
use ic_stable_structures::VectorMemory;
use std::hint::black_box;
use std::time::{Duration, Instant};
use workloads::{AnyEntry, START, Sent, Spread, Workload};

/// How often each question is asked.
const TIMES: usize = 7;
/// After so long without an entry every session is closed: 31 minutes.
const SILENCE: u64 = 31 * 60 * 1_000_000_000;

/// A question; its answer is thrown away.
type Question = fn(&Orbiter<VectorMemory>, &EntryRange);

fn main() {
    let views = std::env::args().nth(1).and_then(|word| word.parse().ok());
    let views: u64 = views.unwrap_or(1_000_000);
    let orbiter = loaded(views);
    let everything = EntryRange {
        satellite_id: Some(Workload::W1.satellites()[0]),
        from: None,
        to: None,
    };
    // Views come one a second: the bounds lie in the middle of hours and of segments.
    let uneven = EntryRange {
        from: Some(START + views / 10 * 1_000_000_000 + 123_456_789),
        to: Some(START + views / 10 * 9_000_000_000 - 987_654_321),
        ..everything
    };
    println!("{:<42} {:>10} {:>10}", "", "everything", "uneven");
    for (name, question) in QUESTIONS {
        let [all, part] = [everything, uneven].map(|range| fastest(&orbiter, &range, question));
        let per_view = |took: Duration, rows: u64| took.as_nanos() as f64 / rows as f64;
        println!(
            "{name:<42} {:>10.3} {:>10.3}",
            per_view(all, views),
            per_view(part, views / 10 * 8)
        );
    }
}

const QUESTIONS: [(&str, Question); 3] = [
    (
        "metrics: days, sessions, pages, bounces",
        |orbiter, range| {
            black_box(orbiter.page_view_metrics(range, &mut enough()))
                .map(drop)
                .unwrap_or_default();
        },
    ),
    (
        "top 10: referrers, pages, zones, campaigns",
        |orbiter, range| {
            black_box(orbiter.page_view_top_ten(range, &mut enough()))
                .map(drop)
                .unwrap_or_default();
        },
    ),
    ("clients: devices, browsers, systems", |orbiter, range| {
        black_box(orbiter.page_view_clients(range, &mut enough()))
            .map(drop)
            .unwrap_or_default();
    }),
];

fn enough() -> Budget<'static> {
    Budget::entries(u64::MAX)
}

fn fastest(orbiter: &Orbiter<VectorMemory>, range: &EntryRange, question: Question) -> Duration {
    let times = (0..TIMES).map(|_| {
        let start = Instant::now();
        question(orbiter, range);
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn loaded(views: u64) -> Orbiter<VectorMemory> {
    let memories = Memories::from_ids(|_| VectorMemory::default());
    let mut orbiter = Orbiter::open(memories).expect("empty memories");
    let features = Features {
        page_views: true,
        ..Features::default()
    };
    let config = SetSatelliteConfig {
        features: Some(features),
        ..SetSatelliteConfig::default()
    };
    let configs = Workload::W1
        .satellites()
        .into_iter()
        .map(|id| (id, config.clone()))
        .collect();
    orbiter
        .set_satellite_configs(configs, START)
        .expect("new configs");
    let mut last = START;
    for Sent { now, key, entry } in Workload::W1.entries(views, Spread::OwnRate) {
        last = now;
        if let AnyEntry::PageView(entry) = entry {
            orbiter.set(&key, entry, now).expect("a new view");
        }
        compact(&mut orbiter, now);
    }
    compact(&mut orbiter, last + SILENCE);
    orbiter
}

fn compact(orbiter: &mut Orbiter<VectorMemory>, now: u64) {
    while orbiter.compaction_is_due(now) && orbiter.compact(now).expect("enough memory") {}
}
