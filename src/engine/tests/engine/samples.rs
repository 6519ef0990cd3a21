//! Entries, satellites and orbiters for tests.

use engine::kinds::{Device, MetricName, WebVital};
use engine::{
    AnalyticKey, Budget, EntryRange, Features, Memories, Orbiter, PageView, PerformanceMetric,
    SetEntry, SetSatelliteConfig, TrackEvent,
};
use ic_principal::Principal;
use ic_stable_structures::VectorMemory;

pub const NOW: u64 = 1_700_000_000_000_000_000;

pub const ALL: EntryRange = EntryRange {
    satellite_id: None,
    from: None,
    to: None,
};

/// An orbiter and the memories it stands on.
pub struct Bench {
    memories: [VectorMemory; 3],
    pub orbiter: Orbiter<VectorMemory>,
}

impl Bench {
    /// Without any satellite.
    pub fn empty() -> Self {
        Self::on([0; 3].map(|_| VectorMemory::default()))
    }

    /// With the satellites 1 to `satellites`, which may send everything.
    pub fn with_satellites(satellites: u8) -> Self {
        let mut bench = Self::empty();
        let configs = (1..=satellites)
            .map(|number| (satellite(number), everything()))
            .collect();
        bench.orbiter.set_satellite_configs(configs, NOW).unwrap();
        bench
    }

    /// The same memories, opened anew: what an upgrade does.
    pub fn reopened(self) -> Self {
        Self::on(self.memories)
    }

    /// The memory with this id.
    pub fn memory(&self, id: u8) -> VectorMemory {
        self.memories[usize::from(id)].clone()
    }

    pub fn on(memories: [VectorMemory; 3]) -> Self {
        let opened = Memories::from_ids(|id| memories[usize::from(id)].clone());
        Self {
            orbiter: Orbiter::open(opened).unwrap(),
            memories,
        }
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
