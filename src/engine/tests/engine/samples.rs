//! Entries, satellites and orbiters for tests.

use engine::kinds::{Device, MetricName, WebVital};
use engine::{
    AnalyticKey, Budget, EntryRange, Features, Memories, Orbiter, PageView, PerformanceMetric,
    SetEntry, SetSatelliteConfig, TrackEvent, Tuning,
};
use ic_principal::Principal;
use ic_stable_structures::VectorMemory;
use std::cell::RefCell;
use std::rc::Rc;

pub const NOW: u64 = 1_700_000_000_000_000_000;

pub const ALL: EntryRange = EntryRange {
    satellite_id: None,
    from: None,
    to: None,
};

/// An orbiter and the memories it stands on.
pub struct Bench {
    memories: Vec<VectorMemory>,
    tuning: Tuning,
    pub orbiter: Orbiter<VectorMemory>,
}

/// What was in every memory at some time, by id.
pub struct Snapshot(Vec<Vec<u8>>);

/// An empty memory for every id that is the orbiter's.
pub fn memories() -> Vec<VectorMemory> {
    (0..Memories::FIRST_FREE)
        .map(|_| VectorMemory::default())
        .collect()
}

impl Bench {
    /// Without any satellite.
    pub fn empty() -> Self {
        Self::on(memories())
    }

    /// With the satellites 1 to `satellites`, which may send everything.
    pub fn with_satellites(satellites: u8) -> Self {
        Self::tuned(satellites, Tuning::default())
    }

    /// The same with other sizes of the pipeline.
    pub fn tuned(satellites: u8, tuning: Tuning) -> Self {
        let mut bench = Self::tuned_on(memories(), tuning);
        let configs = (1..=satellites)
            .map(|number| (satellite(number), everything()))
            .collect();
        bench.orbiter.set_satellite_configs(configs, NOW).unwrap();
        bench
    }

    pub fn on(memories: Vec<VectorMemory>) -> Self {
        Self::tuned_on(memories, Tuning::default())
    }

    fn tuned_on(memories: Vec<VectorMemory>, tuning: Tuning) -> Self {
        let opened = Memories::from_ids(|id| memories[usize::from(id)].clone());
        Self {
            orbiter: Orbiter::open_with(opened, tuning).unwrap(),
            memories,
            tuning,
        }
    }

    /// The same memories, opened anew: what an upgrade does.
    pub fn reopened(self) -> Self {
        Self::tuned_on(self.memories, self.tuning)
    }

    /// The memory with this id.
    pub fn memory(&self, id: u8) -> VectorMemory {
        self.memories[usize::from(id)].clone()
    }

    /// What is in every memory now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(
            self.memories
                .iter()
                .map(|memory| memory.borrow().clone())
                .collect(),
        )
    }

    /// What a trap leaves, seen after an upgrade: the memories are as they were, and the heap is new.
    pub fn rolled_back(self, to: Snapshot) -> Self {
        let memories = to.0.into_iter().map(RefCell::new).map(Rc::new).collect();
        Self::tuned_on(memories, self.tuning)
    }
}

/// A config that switches every feature on.
pub fn everything() -> SetSatelliteConfig {
    SetSatelliteConfig {
        features: Some(Features {
            page_views: true,
            track_events: true,
            performance_metrics: true,
        }),
        restricted_origin: None,
        version: None,
    }
}

/// A canister id, 10 bytes long like all of them.
pub fn satellite(number: u8) -> Principal {
    Principal::from_slice(&[0, 0, 0, 0, 1, 0x30, 0, number, 1, 1])
}

pub fn key(collected_at: u64, key: &str) -> AnalyticKey {
    AnalyticKey {
        collected_at,
        key: key.to_owned(),
    }
}

pub fn enough() -> Budget<'static> {
    Budget::entries(u64::MAX)
}

/// A number that looks random, the same for the same `seed`: SplitMix64.
pub fn scattered(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A new entry of satellite 1.
pub fn entry<B>(body: B) -> SetEntry<B> {
    SetEntry {
        satellite_id: satellite(1),
        session_id: "session".to_owned(),
        version: None,
        body,
    }
}

pub fn page_view() -> PageView {
    PageView {
        title: "Start".to_owned(),
        href: "https://example.com/".to_owned(),
        referrer: None,
        device: Device {
            inner_width: 1280,
            inner_height: 720,
            screen_width: None,
            screen_height: None,
        },
        time_zone: "Europe/Zurich".to_owned(),
        user_agent: None,
        client: None,
        campaign: None,
    }
}

pub fn track_event() -> TrackEvent {
    TrackEvent {
        name: "click".to_owned(),
        metadata: None,
    }
}

pub fn performance_metric() -> PerformanceMetric {
    PerformanceMetric {
        href: "https://example.com/".to_owned(),
        metric_name: MetricName::Lcp,
        data: WebVital {
            value: 1234.5,
            delta: 1234.5,
            id: "v5-1700000000000-1234567890123".to_owned(),
            navigation_type: None,
        },
    }
}
