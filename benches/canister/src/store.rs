//! What is measured: the engine, or the peer.

use crate::counter;
use crate::report::Size;
use candid::Principal;
use engine::{Budget, CompactionError, Features, Memories, Orbiter, SetSatelliteConfig};
use ic_stable_structures::memory_manager::{MemoryId, MemoryManager, VirtualMemory};
use ic_stable_structures::{DefaultMemoryImpl, Memory};
use workloads::peer::Peer;
use workloads::{AnyEntry, START, Sent};

type Stable = VirtualMemory<DefaultMemoryImpl>;

/// Pages of 64 KiB in a bucket of the orbiter that ships.
const BUCKET_PAGES: u16 = 256;
/// How many memories the peer takes.
const PEER_MEMORIES: u8 = 6;

/// What is measured.
pub(crate) enum Store {
    Orbiter(Box<Orbiter<Stable>>),
    /// With the memories that it grows.
    Peer(Box<Peer<Stable>>, Vec<Stable>),
}

impl Store {
    /// Opens the store on stable memory and lets `satellites` send everything.
    pub(crate) fn open(peer: bool, satellites: &[Principal]) -> Self {
        let stable = DefaultMemoryImpl::default();
        if peer {
            let manager = MemoryManager::init(stable);
            let memories: Vec<_> = (0..PEER_MEMORIES)
                .map(|id| manager.get(MemoryId::new(id)))
                .collect();
            let peer = Peer::open(|id| memories[usize::from(id)].clone());
            return Self::Peer(Box::new(peer), memories);
        }
        let manager = MemoryManager::init_with_bucket_size(stable, BUCKET_PAGES);
        match Orbiter::open(Memories::from_ids(|id| manager.get(MemoryId::new(id)))) {
            Ok(mut orbiter) => {
                allow(&mut orbiter, satellites);
                Self::Orbiter(Box::new(orbiter))
            }
            Err(error) => ic_cdk::trap(error.to_string()),
        }
    }

    /// Stores an entry and says whether it was taken. Looks, as whoever holds an orbiter does after every entry,
    /// whether compaction is due.
    pub(crate) fn set(&mut self, sent: Sent) -> (bool, bool) {
        match self {
            Self::Orbiter(orbiter) => {
                let Sent { now, key, entry } = sent;
                let taken = match entry {
                    AnyEntry::PageView(entry) => orbiter.set(&key, entry, now).is_ok(),
                    AnyEntry::TrackEvent(entry) => orbiter.set(&key, entry, now).is_ok(),
                    AnyEntry::PerformanceMetric(entry) => orbiter.set(&key, entry, now).is_ok(),
                };
                (taken, orbiter.compaction_is_due(now))
            }
            Self::Peer(peer, _) => (peer.set(sent).is_ok(), false),
        }
    }

    /// Whether there is something to compact.
    pub(crate) fn compaction_is_due(&self, now: u64) -> bool {
        match self {
            Self::Orbiter(orbiter) => orbiter.compaction_is_due(now),
            Self::Peer(..) => false,
        }
    }

    /// Does one slice of compaction and says whether it did anything.
    pub(crate) fn compact(&mut self, now: u64) -> Result<bool, CompactionError> {
        match self {
            Self::Orbiter(orbiter) => orbiter.compact(now),
            Self::Peer(..) => Ok(false),
        }
    }

    /// What is stored.
    pub(crate) fn size(&self, now: u64) -> Size {
        let mut size = Size {
            entries: 0,
            fresh_entries: 0,
            segments: 0,
            live_bytes: None,
            grown_bytes: None,
            stable_bytes: ic_cdk::stable::stable_size() * 65_536,
            heap_bytes: heap_bytes(),
            instructions: 0,
        };
        match self {
            Self::Peer(peer, memories) => {
                let pages: u64 = memories.iter().map(Memory::size).sum();
                size.entries = peer.entries();
                size.live_bytes = Some(pages * 65_536);
            }
            Self::Orbiter(orbiter) => {
                let mut budget = Budget::entries(u64::MAX);
                let (instructions, overview) =
                    counter::weigh(|| orbiter.overview(now, &mut budget));
                size.instructions = instructions;
                if let Ok(overview) = overview {
                    size.entries = overview.entries;
                    size.fresh_entries = overview.fresh_entries;
                    size.segments = overview.segments;
                    size.live_bytes = Some(overview.live_bytes);
                    size.grown_bytes = Some(overview.grown_bytes);
                }
            }
        }
        size
    }
}

fn allow(orbiter: &mut Orbiter<Stable>, satellites: &[Principal]) {
    let everything = SetSatelliteConfig {
        features: Some(Features {
            page_views: true,
            track_events: true,
            performance_metrics: true,
        }),
        ..SetSatelliteConfig::default()
    };
    let configs = satellites
        .iter()
        .map(|satellite| (*satellite, everything.clone()));
    if let Err(refusal) = orbiter.set_satellite_configs(configs.collect(), START) {
        ic_cdk::trap(refusal.to_string());
    }
}

#[cfg(target_family = "wasm")]
fn heap_bytes() -> u64 {
    core::arch::wasm32::memory_size(0) as u64 * 65_536
}

#[cfg(not(target_family = "wasm"))]
fn heap_bytes() -> u64 {
    0
}
