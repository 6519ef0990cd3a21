//! Where entries live: first in a log (`log.rs`, `tail.rs`), then in segments of whole sessions (`draft.rs`,
//! `segment_writer.rs`, `segment.rs`), which are merged, indexed and grouped (`compaction.rs`). Queries add up
//! cubes where they can and scan entries where they must (`query.rs`, `scan.rs`). Callers see keys, entries and figures.
//!
//! ```text
//!  set ──> tail: log (stable) + columns (heap)
//!            │ sessions that are closed
//!            ▼ compact, one slice per message
//!          draft ──> segment file ─┬─ verified, then listed in the manifest
//!            ▲                     ├─ marks: sessions with entries elsewhere, entries that were replaced
//!            │ small ones          ├─ session index: which session is where
//!            └─────── merge        └─ groups of 4, 16, 64 and 256 segments: cubes over all of them
//! ```
//!
//! What makes figures exact: a session that has entries in more than one place is *shared*, and marked so in
//! each of them. Queries leave shared sessions out of what they add up and put them together by their ids.

mod accumulator;
mod bytes;
mod compaction;
mod correct;
mod cube;
mod draft;
mod extents;
mod group;
mod index;
mod interner;
mod layout_1;
mod log;
mod manifest;
mod marks;
mod overview;
mod query;
mod question;
mod read;
mod row;
mod rows;
mod scan;
mod segment;
mod segment_format;
mod segment_writer;
mod sum;
mod tail;
mod window;

pub(crate) use accumulator::Accumulator;
pub use compaction::CompactionError;
pub(crate) use cube::{SLOT, Wanted};
pub use extents::Overlap;
pub(crate) use layout_1::migrate;
pub use log::LogError;
pub use manifest::{ManifestError, Table};
pub use row::{Row, RowError, RowReader, RowWriter};
pub(crate) use row::{encode_into, encoded_bytes, owned};
pub use segment_writer::WriteError;
pub(crate) use sum::Sum;

use crate::columns::{CREATED_AFTER, VERSION};
use crate::entry::{AnalyticKey, Entry};
use crate::kinds::{Kind, KindName};
use crate::memories::StoreMemories;
use crate::tuning::Tuning;
use extents::Extents;
use ic_principal::Principal;
use ic_stable_structures::Memory;
use log::OutOfMemory;
use manifest::{Class, Content, Manifest, SegmentInfo};
use marks::{MarkCounts, Markable};
use segment::{OpenSegment, Place};
use std::collections::BTreeMap;
use std::fmt;
use tail::Tail;

/// Why what is stored can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The log of fresh entries.
    Log(LogError),
    /// The list of segments.
    Manifest(ManifestError),
    /// The places of the segments.
    Extents(Overlap),
    /// An entry of layout 1.
    Row(RowError),
    /// An entry of layout 1 has no room in the log.
    Full,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(error) => error.fmt(f),
            Self::Manifest(error) => error.fmt(f),
            Self::Extents(error) => error.fmt(f),
            Self::Row(error) => write!(f, "An entry of layout 1 can't be read: {error}"),
            Self::Full => write!(f, "The entries of layout 1 have no room in layout 2."),
        }
    }
}

impl std::error::Error for StoreError {}

/// Why an entry can't be looked up or stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PutError {
    /// There is no room.
    Full,
    /// A segment is damaged.
    Segment(columnar::Error),
    /// An entry is damaged.
    Row(RowError),
}

impl From<columnar::Error> for PutError {
    fn from(error: columnar::Error) -> Self {
        Self::Segment(error)
    }
}

impl From<RowError> for PutError {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

/// The entries of all kinds.
pub(crate) struct Entries<M: Memory> {
    tail: Tail<M>,
    extents: Extents<M>,
    manifest: Manifest<M>,
    tuning: Tuning,
    /// The marks of each segment, counted.
    marks: BTreeMap<u32, MarkCounts>,
    /// By kind: the latest instant in segments that are on the clock.
    latest_on_clock: [Option<u64>; KindName::ALL.len()],
    /// When the tail is looked at again, after it was looked at in vain.
    next_look: u64,
    /// Whether segments, runs or groups wait to be put together.
    upkeep_is_due: bool,
}

/// Where an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Location {
    Tail { row: usize },
    Segment { id: u32, place: Place },
}

/// What an overwrite has to agree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub satellite_id: Principal,
    pub session_id: String,
    pub created_at: u64,
    pub version: u64,
    location: Location,
}

impl<M: Memory> Entries<M> {
    /// Opens what the memories hold; empty ones begin anew.
    pub(crate) fn open(memories: StoreMemories<M>, tuning: Tuning) -> Result<Self, StoreError> {
        let manifest = Manifest::open(memories.manifest).map_err(StoreError::Manifest)?;
        let taken = manifest.extents();
        let extents = Extents::open(memories.segments, tuning.capacity_bytes, taken)
            .map_err(StoreError::Extents)?;
        let marks = manifest
            .segments
            .iter()
            .map(|(id, info)| (*id, marks::counts(&extents, info)))
            .collect();
        let mut entries = Self {
            tail: Tail::open(memories.log).map_err(StoreError::Log)?,
            extents,
            manifest,
            tuning,
            marks,
            latest_on_clock: Default::default(),
            next_look: 0,
            upkeep_is_due: false,
        };
        entries.note_latest();
        entries.note_upkeep();
        Ok(entries)
    }

    fn note_latest(&mut self) {
        self.latest_on_clock = KindName::ALL.map(|kind| {
            let on_clock = |info: &&SegmentInfo| info.class == Class::OnClock;
            let kinds = self.manifest.segments.values().filter(on_clock);
            let kinds = kinds.map(|info| info.kinds[kind.index()]);
            kinds
                .filter(|kind| kind.rows > 0)
                .map(|kind| kind.latest)
                .max()
        });
    }

    fn open_segment(&self, id: u32) -> Result<Option<OpenSegment<'_, M>>, columnar::Error> {
        let Some(info) = self.manifest.segments.get(&id) else {
            return Ok(None);
        };
        let counts = self.marks.get(&id).copied().unwrap_or_default();
        OpenSegment::open(&self.extents, info, counts).map(Some)
    }

    /// The segments on the clock that may hold an entry of a kind that was collected at an instant.
    fn covering(&self, kind: KindName, collected_at: u64) -> impl Iterator<Item = u32> {
        let may_be =
            self.latest_on_clock[kind.index()].is_some_and(|latest| collected_at <= latest);
        let segments = may_be.then(|| self.manifest.segments.iter());
        let covers = move |info: &SegmentInfo| {
            let of_kind = &info.kinds[kind.index()];
            info.class == Class::OnClock
                && of_kind.rows > 0
                && of_kind.earliest <= collected_at
                && collected_at <= of_kind.latest
        };
        let segments = segments.into_iter().flatten();
        segments
            .filter(move |(_, info)| covers(info))
            .map(|(id, _)| *id)
    }

    /// Finds an entry: in the tail; off the clock by the index; on the clock in its session, which it mostly
    /// has if it is sent again; and in whatever segment covers its instant.
    fn locate(
        &self,
        kind: KindName,
        key: &AnalyticKey,
        session_id: Option<&str>,
    ) -> Result<Option<Location>, PutError> {
        if let Some(row) = self.tail.find(kind, key) {
            return Ok(Some(Location::Tail { row }));
        }
        if let Some(found) = self.locate_off_clock(kind, key)? {
            return Ok(Some(found));
        }
        if self.covering(kind, key.collected_at).next().is_none() {
            return Ok(None);
        }
        if let Some(session_id) = session_id {
            for (id, segment, session) in self.find_session(session_id.as_bytes())? {
                if let Some(place) = segment.find_in_session(kind, key, session)? {
                    return Ok(Some(Location::Segment { id, place }));
                }
            }
        }
        for id in self.covering(kind, key.collected_at) {
            if let Some(segment) = self.open_segment(id)?
                && let Some(place) = segment.find(kind, key)?
            {
                return Ok(Some(Location::Segment { id, place }));
            }
        }
        Ok(None)
    }

    fn locate_off_clock(
        &self,
        kind: KindName,
        key: &AnalyticKey,
    ) -> Result<Option<Location>, PutError> {
        let hash = index::key_hash(kind, key.collected_at, key.key.as_bytes());
        for (id, entry) in self.indexed(Content::Keys, hash) {
            let Some(segment) = self.open_segment(id)? else {
                continue;
            };
            // Entries are counted through all kinds.
            let before = segment.info.kinds.iter().take(kind.index());
            let before: u32 = before.map(|kind| kind.rows).sum();
            if let Some(row) = entry.checked_sub(before)
                && let Some(place) = segment.find_at(kind, key, row)?
            {
                return Ok(Some(Location::Segment { id, place }));
            }
        }
        Ok(None)
    }

    /// Where the index says that items with a hash may be: the segment, and the item's place in it.
    fn indexed(&self, content: Content, hash: u64) -> impl Iterator<Item = (u32, u32)> {
        let runs = self.manifest.runs.values();
        runs.filter(move |run| run.content == content)
            .flat_map(move |run| {
                let found = index::candidates(&self.extents, run.extent, run.level, hash);
                let found = found.into_iter();
                found.filter_map(|(segment, item)| Some((*run.segments.get(segment)?, item)))
            })
    }

    /// The sessions that have this id, each with its segment.
    fn find_session(
        &self,
        session_id: &[u8],
    ) -> Result<Vec<(u32, OpenSegment<'_, M>, u32)>, PutError> {
        let mut found = Vec::new();
        for (id, session) in self.indexed(Content::Sessions, index::session_hash(session_id)) {
            if let Some(segment) = self.open_segment(id)?
                && bytes::equal(&segment.session_id(session)?, session_id)
            {
                found.push((id, segment, session));
            }
        }
        Ok(found)
    }

    /// What is known of the entry under `key`, of whichever satellite; `session_id` is where it is looked for
    /// first.
    pub(crate) fn head<K: Kind>(
        &self,
        key: &AnalyticKey,
        session_id: &str,
    ) -> Result<Option<Head>, PutError> {
        let Some(location) = self.locate(K::NAME, key, Some(session_id))? else {
            return Ok(None);
        };
        let (satellite, id, created_after, version) = match &location {
            Location::Tail { row } => {
                let rows = self.tail.rows.kind(K::NAME);
                let satellites = self.tail.rows.satellites.texts();
                let sessions = self.tail.rows.sessions.texts();
                (
                    satellites.get(rows.satellites[*row] as usize),
                    sessions.get(rows.sessions[*row] as usize),
                    rows.value(CREATED_AFTER, *row),
                    rows.value(VERSION, *row),
                )
            }
            Location::Segment { place, .. } => (
                place.satellite.as_slice(),
                place.session_id.as_slice(),
                place.created_after,
                place.version,
            ),
        };
        Ok(Some(Head {
            satellite_id: Principal::try_from_slice(satellite).map_err(|_| RowError::BadKey)?,
            session_id: owned(id)?,
            created_at: key.collected_at.wrapping_add(created_after),
            version,
            location,
        }))
    }

    /// The entry under `key`, of whichever satellite.
    pub(crate) fn get<K: Kind>(&self, key: &AnalyticKey) -> Result<Option<Entry<K>>, PutError> {
        match self.locate(K::NAME, key, None)? {
            None => Ok(None),
            Some(Location::Tail { row }) => Ok(Some(self.tail.entry(row)?.1)),
            Some(Location::Segment { id, place }) => {
                let segment = self.open_segment(id)?.ok_or(RowError::Missing)?;
                let columns = K::COLUMNS.iter().map(|column| column.id);
                let (window, at) = segment.row_values(K::NAME, place.row, columns)?;
                let mut found = None;
                let copied = segment.entries::<K>(&window, &[at as u32], |_, entry| {
                    found = Some(entry);
                    Ok(())
                });
                match copied {
                    Ok(()) => Ok(found),
                    Err(segment::EntryError::Segment(error)) => Err(error.into()),
                    Err(segment::EntryError::Row(error)) => Err(error.into()),
                    Err(segment::EntryError::Refused(_)) => Ok(None),
                }
            }
        }
    }

    /// Makes sure that one more entry can be taken in, by compacting at once where the log is full: that
    /// bounds the heap even if no timer ever comes.
    pub(crate) fn make_room(&mut self, now: u64) -> Result<(), PutError> {
        while self.tail.is_full(&self.tuning) {
            match self.compact_tail(now) {
                Ok(true) => {}
                Ok(false) | Err(_) => return Err(PutError::Full),
            }
        }
        Ok(())
    }

    /// Stores `entry` under `key`, in the place of the one that `current` tells of, which must be of the same
    /// satellite and session. Nothing is changed if there is no room.
    pub(crate) fn put<K: Kind>(
        &mut self,
        key: &AnalyticKey,
        entry: &Entry<K>,
        current: Option<&Head>,
    ) -> Result<(), PutError> {
        let id = entry.session_id.as_bytes();
        let shared = match self.tail.session(id) {
            Some(shared) => shared,
            None => self.share_session(id)?,
        };
        self.tail
            .append(key, entry, shared)
            .map_err(|OutOfMemory| PutError::Full)?;
        if let Some(Head {
            location: Location::Segment { id, place },
            ..
        }) = current
        {
            self.mark(*id, Markable::Rows(K::NAME), place.row);
            self.mark(*id, Markable::Sessions, place.session);
        }
        Ok(())
    }

    fn mark(&mut self, id: u32, what: Markable, index: u32) {
        let (Some(info), Some(counts)) = (self.manifest.segments.get(&id), self.marks.get_mut(&id))
        else {
            return;
        };
        *counts = marks::set(&self.extents, info, *counts, what, index);
    }

    /// Whether a session has entries in segments. If so it is marked there as shared.
    fn share_session(&mut self, session_id: &[u8]) -> Result<bool, PutError> {
        let found = self.find_session(session_id)?.into_iter();
        let found: Vec<_> = found.map(|(id, _, session)| (id, session)).collect();
        for (id, session) in &found {
            self.mark(*id, Markable::Sessions, *session);
        }
        Ok(!found.is_empty())
    }
}
