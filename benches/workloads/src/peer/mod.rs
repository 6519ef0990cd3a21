//! The peer: how entries are kept where nobody thinks about cost. Per kind a `StableBTreeMap` from the key to the
//! entry in CBOR with field names, and a second map from (satellite, key) to the key. A write is a look-up and two
//! inserts; a question reads the index of a satellite's range, gets each row, decodes it and counts.
//!
//! ```text
//! key of an entry  : collected_at, u64, big-endian · length of the text, u8 · text, padded with zeros to 36 bytes
//! key of the index : length of the satellite's id, u8 · id, padded with zeros to 29 bytes · key of an entry
//! value            : CBOR of the entry, a map by field names; in the index the key of the entry once more
//! ```

mod dashboards;
mod keys;
mod rows;

pub use dashboards::{Metrics, Shares, TopTen};

use crate::sent::{AnyEntry, Sent};
use engine::AnalyticKey;
use ic_principal::Principal;
use ic_stable_structures::{Memory, StableBTreeMap};
use keys::{EntryKey, IndexKey};
use rows::{Cbor, Row, Stored};

/// Why the peer did not store an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerRefusal {
    /// An overwrite without the current version.
    Version {
        /// The current one.
        current: u64,
    },
    /// An overwrite from another session or satellite.
    OtherVisit,
}

/// What the peer stores.
pub struct Peer<M: Memory> {
    page_views: Book<M>,
    track_events: Book<M>,
    performance_metrics: Book<M>,
}

/// The entries of one kind, and their index.
struct Book<M: Memory> {
    entries: StableBTreeMap<EntryKey, Cbor, M>,
    index: StableBTreeMap<IndexKey, EntryKey, M>,
}

impl<M: Memory> Peer<M> {
    /// Opens the peer on six memories, numbered from 0.
    pub fn open(mut memory: impl FnMut(u8) -> M) -> Self {
        let mut book = |first| Book {
            entries: StableBTreeMap::init(memory(first)),
            index: StableBTreeMap::init(memory(first + 1)),
        };
        Self {
            page_views: book(0),
            track_events: book(2),
            performance_metrics: book(4),
        }
    }

    /// How many entries it has.
    pub fn entries(&self) -> u64 {
        let books = [
            &self.page_views,
            &self.track_events,
            &self.performance_metrics,
        ];
        books.iter().map(|book| book.entries.len()).sum()
    }

    /// Stores an entry.
    ///
    /// # Errors
    /// [`PeerRefusal`] for an overwrite that breaks a rule; nothing is stored then.
    pub fn set(&mut self, sent: Sent) -> Result<(), PeerRefusal> {
        let Sent { now, key, entry } = sent;
        match entry {
            AnyEntry::PageView(entry) => self.page_views.set(&key, rows::page_view(entry), now),
            AnyEntry::TrackEvent(entry) => {
                self.track_events.set(&key, rows::track_event(entry), now)
            }
            AnyEntry::PerformanceMetric(entry) => {
                let metric = rows::performance_metric(entry);
                self.performance_metrics.set(&key, metric, now)
            }
        }
    }

    /// Calls `each` with collected_at and the page view, for all that a satellite collected in `[from, to)`.
    fn views(
        &self,
        satellite: &Principal,
        from: u64,
        to: u64,
        mut each: impl FnMut(u64, Stored<rows::PageView>),
    ) {
        let range = IndexKey::first(satellite, from)..IndexKey::first(satellite, to);
        for index in self.page_views.index.range(range) {
            let key = index.value();
            if let Some(value) = self.page_views.entries.get(&key)
                && let Some(row) = value.decode::<Stored<rows::PageView>>()
            {
                each(key.collected_at(), row);
            }
        }
    }
}

impl<M: Memory> Book<M> {
    fn set<B: Row>(
        &mut self,
        key: &AnalyticKey,
        mut row: Stored<B>,
        now: u64,
    ) -> Result<(), PeerRefusal> {
        let key = EntryKey::new(key);
        let current = (self.entries.get(&key)).and_then(|value| value.decode::<Stored<B>>());
        (row.created_at, row.updated_at) = (now, now);
        let given = row.version.replace(1);
        if let Some(current) = current {
            let version = current.version.unwrap_or_default();
            if given != Some(version) {
                return Err(PeerRefusal::Version { current: version });
            }
            if current.session_id != row.session_id || current.satellite_id != row.satellite_id {
                return Err(PeerRefusal::OtherVisit);
            }
            row.created_at = current.created_at;
            row.version = Some(version + 1);
        }
        self.index
            .insert(IndexKey::new(&row.satellite_id, &key), key.clone());
        self.entries.insert(key, Cbor::encode(&row));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::{START, Spread, Workload};
    use engine::{Budget, EntryRange, Features, Memories, Orbiter, SetSatelliteConfig};
    use ic_stable_structures::VectorMemory;

    /// The same entries in the peer and in an orbiter.
    fn both(workload: Workload, count: u64) -> (Peer<VectorMemory>, Orbiter<VectorMemory>) {
        let mut peer = Peer::open(|_| VectorMemory::default());
        let mut orbiter = Orbiter::open(Memories::from_ids(|_| VectorMemory::default())).unwrap();
        let features = Some(Features {
            page_views: true,
            track_events: true,
            performance_metrics: true,
        });
        let config = SetSatelliteConfig {
            features,
            ..SetSatelliteConfig::default()
        };
        let satellites = workload.satellites().into_iter();
        let configs = satellites
            .map(|satellite| (satellite, config.clone()))
            .collect();
        orbiter.set_satellite_configs(configs, START).unwrap();
        for sent in workload.entries(count, Spread::OwnRate) {
            let Sent { now, key, entry } = sent.clone();
            let stored = match entry {
                AnyEntry::PageView(entry) => orbiter.set(&key, entry, now).is_ok(),
                AnyEntry::TrackEvent(entry) => orbiter.set(&key, entry, now).is_ok(),
                AnyEntry::PerformanceMetric(entry) => orbiter.set(&key, entry, now).is_ok(),
            };
            assert_eq!(peer.set(sent).is_ok(), stored);
        }
        (peer, orbiter)
    }

    #[test]
    fn the_peer_answers_what_the_orbiter_does() {
        for workload in [Workload::W1, Workload::W2, Workload::W6] {
            let (peer, orbiter) = both(workload, 3_000);
            let satellite_id = workload.satellites()[0];
            let (from, to) = (START + 500_000_000_001, START + 2_000_000_000_000);
            let range = EntryRange {
                satellite_id: Some(satellite_id),
                from: Some(from),
                to: Some(to),
            };
            let metrics = orbiter
                .page_view_metrics(&range, &mut Budget::entries(u64::MAX))
                .unwrap();
            let peers = peer.metrics(&satellite_id, from, to);
            assert_eq!(peers.sessions, metrics.unique_sessions);
            assert_eq!(peers.unique_views, metrics.unique_page_views);
            assert_eq!(peers.views, u64::from(metrics.total_page_views));
            assert_eq!(peers.bounce_rate, metrics.bounce_rate);
            let top = orbiter
                .page_view_top_ten(&range, &mut Budget::entries(u64::MAX))
                .unwrap();
            assert_eq!(peer.top_ten(&satellite_id, from, to).pages, top.pages);
            assert_eq!(
                peer.top_ten(&satellite_id, from, to).referrers,
                top.referrers
            );
            let clients = orbiter
                .page_view_clients(&range, &mut Budget::entries(u64::MAX))
                .unwrap();
            let shares = peer.clients(&satellite_id, from, to);
            assert_eq!(shares.mobile, clients.devices.mobile);
            assert_eq!(shares.chrome, clients.browsers.chrome);
        }
    }

    #[test]
    fn a_view_takes_as_many_bytes_as_such_a_store_takes_elsewhere() {
        let sent = Workload::W1.entries(2_000, Spread::OwnRate);
        let bytes: usize = sent
            .filter_map(|sent| match sent.entry {
                AnyEntry::PageView(entry) => Some(Cbor::encode(&rows::page_view(entry)).len()),
                _ => None,
            })
            .sum();
        assert_eq!(bytes / 2_000, 478);
    }
}
