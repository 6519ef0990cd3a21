//! What a canister holds: all of the orbiter's state, and every question to it.

use crate::access_keys::{AccessKey, AccessKeyRefusal, AccessKeys, SetAccessKey};
use crate::aggregates::{
    Aggregate, PageViewClients, PageViewMetrics, TopTen, TrackEventCounts, WebVitals,
};
use crate::budget::{Budget, QueryRefusal};
use crate::entry::{AnalyticKey, Entry, EntryRange, SetEntry};
use crate::kinds::{Kind, KindName};
use crate::limits;
use crate::memories::{self, Memories};
use crate::overview::{Overview, SegmentSummary};
use crate::records::{RecordError, Records};
use crate::refusal::Refusal;
use crate::satellites::{ConfigRefusal, SatelliteConfig, Satellites, SetSatelliteConfig};
use crate::store::{CompactionError, Entries, Head, StoreError, migrate};
use crate::superblock::{OLDEST_LAYOUT_VERSION, Superblock, SuperblockError};
use crate::tuning::Tuning;
use crate::version::{check_version, next_version};
use ic_principal::Principal;
use ic_stable_structures::Memory;
use std::fmt;

/// The most entries that one batch may have: bounds the work of one message.
pub const MAX_BATCH_ENTRIES: usize = 1_000;

/// The orbiter's state: entries and records in stable memory, and a copy of the records on the heap.
pub struct Orbiter<M: Memory> {
    entries: Entries<M>,
    records: Records<M>,
    satellites: Satellites,
    access_keys: AccessKeys,
}

/// Why the orbiter's memories can't be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// They aren't an orbiter's, or of a later release.
    Superblock(SuperblockError),
    /// A config or access key can't be read.
    Record(RecordError),
    /// Entries can't be read.
    Store(StoreError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Superblock(error) => error.fmt(f),
            Self::Record(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}

/// A batch has more entries than one message may bring. None of it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchTooLarge {
    /// How many it has.
    pub entries: usize,
}

impl fmt::Display for BatchTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "A batch must not contain more than {MAX_BATCH_ENTRIES} entries, this one has {}: \
             send it in parts.",
            self.entries
        )
    }
}

impl std::error::Error for BatchTooLarge {}

impl<M: Memory> Orbiter<M> {
    /// Opens the orbiter on its memories; empty ones become a new orbiter's.
    ///
    /// Reads all configs and access keys, and nothing of the entries.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was written then.
    pub fn open(memories: Memories<M>) -> Result<Self, OpenError> {
        Self::open_with(memories, Tuning::default())
    }

    /// [`Orbiter::open`] with other sizes of the pipeline.
    ///
    /// # Errors
    /// As [`Orbiter::open`].
    pub fn open_with(memories: Memories<M>, tuning: Tuning) -> Result<Self, OpenError> {
        let superblock = Superblock::open(&memories.superblock).map_err(OpenError::Superblock)?;
        let memories::Split {
            superblock: memory,
            records,
            entries: of_layout_1,
            store,
        } = memories.split();
        let records = Records::open(records);
        let mut entries = Entries::open(store, tuning).map_err(OpenError::Store)?;
        if superblock.layout_version == OLDEST_LAYOUT_VERSION {
            migrate(of_layout_1, &mut entries).map_err(OpenError::Store)?;
            Superblock::migrated(&memory);
        }
        Ok(Self {
            entries,
            satellites: Satellites::load(&records).map_err(OpenError::Record)?,
            access_keys: AccessKeys::load(&records).map_err(OpenError::Record)?,
            records,
        })
    }

    // Entries: writing.

    /// Checks what can be known of an entry without reading the stored one: whether its satellite may send
    /// this kind, then every limit. What passes here can still be refused by [`Orbiter::set`].
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check<K: Kind>(&self, key: &AnalyticKey, entry: &SetEntry<K>) -> Result<(), Refusal> {
        self.check_feature(&entry.satellite_id, K::NAME)?;
        if key.key.len() > limits::KEY {
            return Err(Refusal::KeyTooLong {
                bytes: key.key.len(),
            });
        }
        if entry.session_id.len() > limits::SESSION_ID {
            return Err(Refusal::SessionIdTooLong {
                bytes: entry.session_id.len(),
            });
        }
        entry.body.check_limits()
    }

    /// Checks whether a satellite may send entries of this kind.
    ///
    /// # Errors
    /// [`Refusal::FeatureDisabled`] also if the satellite has no config.
    pub fn check_feature(&self, satellite_id: &Principal, kind: KindName) -> Result<(), Refusal> {
        if self.satellites.allow(satellite_id, kind) {
            Ok(())
        } else {
            Err(Refusal::FeatureDisabled(kind))
        }
    }

    /// Stores an entry, new or in the place of the one under the same key, and gives what is stored now.
    /// `now` in nanoseconds since 1970, UTC.
    ///
    /// Checks, in this order: the satellite's feature; the limits of key, session id and the kind's fields;
    /// for an overwrite its version, its session, its satellite.
    ///
    /// # Errors
    /// The first rule that is broken; nothing is stored then.
    pub fn set<K: Kind>(
        &mut self,
        key: &AnalyticKey,
        entry: SetEntry<K>,
        now: u64,
    ) -> Result<Entry<K>, Refusal> {
        self.check(key, &entry)?;
        self.entries.make_room(now)?;
        let current = self.entries.head::<K>(key, &entry.session_id)?;
        if let Some(current) = &current {
            check_overwrite(current, &entry)?;
        }
        let entry = Entry {
            satellite_id: entry.satellite_id,
            session_id: entry.session_id,
            created_at: current.as_ref().map_or(now, |current| current.created_at),
            updated_at: now,
            version: next_version(current.as_ref().map(|current| current.version)),
            body: entry.body,
        };
        self.entries.put(key, &entry, current.as_ref())?;
        Ok(entry)
    }

    /// Stores every good entry of a batch, in its order, and gives the bad ones with the reason.
    ///
    /// # Errors
    /// [`BatchTooLarge`] beyond [`MAX_BATCH_ENTRIES`]; nothing is stored then.
    pub fn set_many<K: Kind>(
        &mut self,
        entries: Vec<(AnalyticKey, SetEntry<K>)>,
        now: u64,
    ) -> Result<Vec<(AnalyticKey, Refusal)>, BatchTooLarge> {
        if entries.len() > MAX_BATCH_ENTRIES {
            return Err(BatchTooLarge {
                entries: entries.len(),
            });
        }
        Ok(entries
            .into_iter()
            .filter_map(|(key, entry)| match self.set(&key, entry, now) {
                Ok(_) => None,
                Err(refusal) => Some((key, refusal)),
            })
            .collect())
    }

    // Entries: compaction.

    /// Whether [`Orbiter::compact`] may find something to do at the instant `now`: a look at totals alone.
    /// After a look in vain the log is left alone for ten minutes.
    pub fn compaction_is_due(&self, now: u64) -> bool {
        self.entries.compaction_is_due(now)
    }

    /// Does one bounded slice of compaction and says whether it did anything; call it again until it didn't.
    ///
    /// # Errors
    /// [`CompactionError`]; nothing is changed then.
    pub fn compact(&mut self, now: u64) -> Result<bool, CompactionError> {
        self.entries.compact(now)
    }

    /// What is stored at the instant `now`, in figures.
    ///
    /// # Errors
    /// [`QueryRefusal`] if reading that costs more than `budget`.
    pub fn overview(&self, now: u64, budget: &mut Budget<'_>) -> Result<Overview, QueryRefusal> {
        self.entries.overview(now, budget)
    }

    /// The segments, oldest first.
    pub fn segments(&self) -> Vec<SegmentSummary> {
        self.entries.segments()
    }

    /// Bytes of a segment's file from `offset` on, at most `length` of them, and how many bytes it has in all;
    /// none if there is no such segment.
    pub fn segment_bytes(&self, id: u64, offset: u64, length: usize) -> Option<(Vec<u8>, u64)> {
        self.entries.segment_bytes(id, offset, length)
    }

    // Entries: reading.

    /// The entry under a key, of whichever satellite.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`] if the memory is damaged.
    pub fn entry<K: Kind>(&self, key: &AnalyticKey) -> Result<Option<Entry<K>>, Refusal> {
        Ok(self.entries.get(key)?)
    }

    /// The entries of `range`, ordered by key.
    ///
    /// # Errors
    /// [`QueryRefusal`] if reading them costs more than `budget`, or they don't fit a reply.
    pub fn entries<K: Kind>(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<Vec<(AnalyticKey, Entry<K>)>, QueryRefusal> {
        self.entries.read(range, budget)
    }

    /// Totals of the page views of `range`.
    ///
    /// # Errors
    /// [`QueryRefusal`] if reading them costs more than `budget`.
    pub fn page_view_metrics(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<PageViewMetrics, QueryRefusal> {
        self.aggregate(range, budget)
    }

    /// What the page views of `range` have most often.
    ///
    /// # Errors
    /// [`QueryRefusal`] if reading them costs more than `budget`.
    pub fn page_view_top_ten(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<TopTen, QueryRefusal> {
        self.aggregate(range, budget)
    }

    /// What the page views of `range` were seen with.
    ///
    /// # Errors
    /// [`QueryRefusal`] if reading them costs more than `budget`.
    pub fn page_view_clients(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<PageViewClients, QueryRefusal> {
        self.aggregate(range, budget)
    }

    /// How often each track event of `range` happened.
    ///
    /// # Errors
    /// [`QueryRefusal`] if reading them costs more than `budget`, or the names don't fit a reply.
    pub fn track_event_counts(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<TrackEventCounts, QueryRefusal> {
        self.aggregate(range, budget)
    }

    /// The web vitals among the performance metrics of `range`.
    ///
    /// # Errors
    /// [`QueryRefusal`] if reading them costs more than `budget`, or the pages don't fit a reply.
    pub fn web_vitals(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<WebVitals, QueryRefusal> {
        self.aggregate(range, budget)
    }

    fn aggregate<A: Aggregate>(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<A, QueryRefusal> {
        let total = self.entries.accumulate(A::KIND, A::WANTED, range, budget)?;
        A::answer(&total, budget)
    }

    // Satellites.

    /// All configs, by satellite.
    pub fn satellite_configs(&self) -> impl Iterator<Item = (&Principal, &SatelliteConfig)> {
        self.satellites.iter()
    }

    /// The config of one satellite.
    pub fn satellite_config(&self, satellite_id: &Principal) -> Option<&SatelliteConfig> {
        self.satellites.get(satellite_id)
    }

    /// Stores configs and gives them as stored, in the order given.
    ///
    /// # Errors
    /// [`ConfigRefusal`] for the first that breaks the version rule; none is stored then.
    pub fn set_satellite_configs(
        &mut self,
        configs: Vec<(Principal, SetSatelliteConfig)>,
        now: u64,
    ) -> Result<Vec<(Principal, SatelliteConfig)>, ConfigRefusal> {
        self.satellites.set(&mut self.records, configs, now)
    }

    /// Deletes a config; the satellite's entries stay. One that doesn't exist is deleted already.
    ///
    /// # Errors
    /// [`ConfigRefusal`] unless `version` is the current one.
    pub fn delete_satellite_config(
        &mut self,
        satellite_id: Principal,
        version: Option<u64>,
    ) -> Result<(), ConfigRefusal> {
        self.satellites
            .delete(&mut self.records, satellite_id, version)
    }

    // Access keys.

    /// All access keys, by principal.
    pub fn access_keys(&self) -> impl Iterator<Item = (&Principal, &AccessKey)> {
        self.access_keys.iter()
    }

    /// Gives all of `principals` the same key; one that has a key already keeps its created_at.
    ///
    /// # Errors
    /// [`AccessKeyRefusal`] for the first rule that is broken; none is stored then.
    pub fn set_access_keys(
        &mut self,
        principals: &[Principal],
        key: &SetAccessKey,
        now: u64,
    ) -> Result<(), AccessKeyRefusal> {
        self.access_keys
            .set(&mut self.records, principals, key, now)
    }

    /// Deletes access keys; those that don't exist are deleted already.
    pub fn delete_access_keys(&mut self, principals: &[Principal]) {
        self.access_keys.delete(&mut self.records, principals);
    }

    /// Whether `caller` may write and read entries at the instant `now`: it has a key of scope Write or
    /// Admin that hasn't expired. The canister itself isn't in the list; the caller of this knows its id.
    pub fn may_write(&self, caller: &Principal, now: u64) -> bool {
        self.access_keys.may_write(caller, now)
    }

    /// Whether `caller` may administer: it has a key of scope Admin and is a controller of the canister,
    /// as the network says.
    pub fn may_admin(&self, caller: &Principal, is_controller: bool) -> bool {
        self.access_keys.may_admin(caller, is_controller)
    }
}

fn check_overwrite<K: Kind>(current: &Head, given: &SetEntry<K>) -> Result<(), Refusal> {
    check_version(Some(current.version), given.version)?;
    if current.session_id != given.session_id {
        return Err(Refusal::OtherSession {
            current: current.session_id.clone(),
            given: given.session_id.clone(),
        });
    }
    if current.satellite_id != given.satellite_id {
        return Err(Refusal::OtherSatellite {
            current: current.satellite_id,
            given: given.satellite_id,
        });
    }
    Ok(())
}
