//! Fresh entries: the log, and on the heap the same entries as columns, made again from the log when it is
//! opened.

use super::bytes;
use super::draft::Selection;
use super::log::{Log, LogError, OutOfMemory};
use super::manifest::Class;
use super::rows::{CodeMaps, KindRows, Rows};
use crate::entry::{AnalyticKey, Entry};
use crate::kinds::{Kind, KindName, PageView, PerformanceMetric, TrackEvent};
use crate::store::RowError;
use crate::tuning::Tuning;
use hashbrown::HashTable;
use ic_stable_structures::Memory;
use xxhash_rust::xxh3::xxh3_64_with_seed;

const MINUTE: u64 = 60 * 1_000_000_000;
const DAY: u64 = 24 * 60 * MINUTE;

/// An entry that was collected at most so long before it arrived …
const LATEST_ARRIVAL: u64 = 60 * MINUTE;
/// … and at most so long after it (a clock that goes before) is on the clock.
const EARLIEST_ARRIVAL: u64 = 10 * MINUTE;

/// The most entries of a segment.
pub(crate) const MAX_SEGMENT_ROWS: u32 = 65_536;

/// From this many bytes on the log is compacted whatever it holds.
const LOG_BYTES: u64 = 32 << 20;

/// The most bytes of records that go into one segment, which bounds the work of a slice.
const SEGMENT_LOG_BYTES: u64 = 32 << 20;

/// Fresh entries.
pub(crate) struct Tail<M: Memory> {
    log: Log<M>,
    pub rows: Rows,
    /// By kind, by row.
    places: [Vec<Place>; KindName::ALL.len()],
    /// By kind: rows by their keys.
    keys: [HashTable<u32>; KindName::ALL.len()],
    /// By session: when the last of it arrived.
    last_arrivals: Vec<u64>,
    live: Live,
}

/// Where a row's record is.
#[derive(Clone, Copy)]
struct Place {
    offset: u64,
    bytes: u32,
}

/// What counts of the log.
#[derive(Clone, Copy, Debug, Default)]
struct Live {
    on_clock: u32,
    off_clock: u32,
    bytes: u64,
    first_arrival: Option<u64>,
    last_arrival: u64,
}

/// What compaction takes next.
pub(crate) enum Taken {
    /// Rows that become a segment.
    Segment(Class, Selection),
    /// None: the log holds mostly records that no longer count.
    Garbage,
}

fn class_of(rows: &KindRows, row: usize) -> Class {
    use crate::columns::CREATED_AFTER;
    let created_after = rows.value(CREATED_AFTER, row);
    let on_clock =
        created_after <= LATEST_ARRIVAL || created_after.wrapping_neg() <= EARLIEST_ARRIVAL;
    if on_clock {
        Class::OnClock
    } else {
        Class::OffClock
    }
}

fn hash(collected_at: u64, key: &[u8]) -> u64 {
    xxh3_64_with_seed(key, collected_at)
}

impl<M: Memory> Tail<M> {
    /// Opens the log and reads all of it.
    pub(crate) fn open(memory: M) -> Result<Self, LogError> {
        let log = Log::open(memory)?;
        let mut tail = Self::empty(log);
        let mut records = Vec::new();
        tail.log.replay(|record| {
            let damaged = |error| LogError::Damaged {
                offset: record.offset,
                error,
            };
            records.push(
                match record.kind {
                    KindName::PageView => {
                        AnyEntry::PageView(Box::new(record.entry().map_err(damaged)?))
                    }
                    KindName::TrackEvent => AnyEntry::TrackEvent(record.entry().map_err(damaged)?),
                    KindName::PerformanceMetric => {
                        AnyEntry::PerformanceMetric(record.entry().map_err(damaged)?)
                    }
                }
                .with(
                    record.key.clone(),
                    record.offset,
                    record.bytes,
                    record.shared,
                ),
            );
            Ok::<(), LogError>(())
        })?;
        for Replayed {
            entry,
            key,
            place,
            shared,
        } in records
        {
            match entry {
                AnyEntry::PageView(entry) => tail.push(&key, &entry, shared, place),
                AnyEntry::TrackEvent(entry) => tail.push(&key, &entry, shared, place),
                AnyEntry::PerformanceMetric(entry) => tail.push(&key, &entry, shared, place),
            }
        }
        Ok(tail)
    }

    fn empty(log: Log<M>) -> Self {
        Self {
            log,
            rows: Rows::default(),
            places: [const { Vec::new() }; KindName::ALL.len()],
            keys: Default::default(),
            last_arrivals: Vec::new(),
            live: Live::default(),
        }
    }

    pub(crate) fn log_bytes(&self) -> u64 {
        self.log.bytes()
    }

    pub(crate) fn grown_bytes(&self) -> u64 {
        self.log.grown_bytes()
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> u32 {
        self.live.on_clock + self.live.off_clock
    }

    /// The row of a kind and key.
    pub(crate) fn find(&self, kind: KindName, key: &AnalyticKey) -> Option<usize> {
        let rows = self.rows.kind(kind);
        let is_it = |row: &u32| is_row(rows, *row as usize, key);
        let row =
            self.keys[kind.index()].find(hash(key.collected_at, key.key.as_bytes()), is_it)?;
        Some(*row as usize)
    }

    /// Appends an entry, in the place of the one with the same key if there is one. `shared` says whether its
    /// session may have entries in segments.
    pub(crate) fn append<K: Kind>(
        &mut self,
        key: &AnalyticKey,
        entry: &Entry<K>,
        shared: bool,
    ) -> Result<(), OutOfMemory> {
        let before = self.log.bytes();
        let offset = self.log.append(key, entry, shared)?;
        let bytes = (self.log.bytes() - before) as u32;
        self.push(key, entry, shared, Place { offset, bytes });
        Ok(())
    }

    fn push<K: Kind>(&mut self, key: &AnalyticKey, entry: &Entry<K>, shared: bool, place: Place) {
        let (session, _) = self.rows.session(entry.session_id.as_bytes());
        self.rows.shared[session as usize] |= shared;
        if let Some(old) = self.find(K::NAME, key) {
            self.bury(K::NAME, old);
        }
        let row = self.rows.push(key, entry, session);
        self.register(K::NAME, row, place);
    }

    /// Marks a row as replaced.
    fn bury(&mut self, kind: KindName, row: usize) {
        let rows = &mut self.rows.kinds[kind.index()];
        rows.dead[row] = true;
        match class_of(rows, row) {
            Class::OnClock => self.live.on_clock -= 1,
            Class::OffClock => self.live.off_clock -= 1,
        }
        self.live.bytes -= u64::from(self.places[kind.index()][row].bytes);
        let hash = hash(rows.collected_at(row), rows.keys.get(row));
        let found = self.keys[kind.index()].find_entry(hash, |other| *other as usize == row);
        if let Ok(found) = found {
            found.remove();
        }
    }

    /// Counts a row that was just pushed.
    fn register(&mut self, kind: KindName, row: usize, place: Place) {
        let rows = &self.rows.kinds[kind.index()];
        match class_of(rows, row) {
            Class::OnClock => self.live.on_clock += 1,
            Class::OffClock => self.live.off_clock += 1,
        }
        self.live.bytes += u64::from(place.bytes);
        self.places[kind.index()].push(place);
        let arrival = rows.updated_at(row);
        let first = self.live.first_arrival.get_or_insert(arrival);
        *first = arrival.min(*first);
        self.live.last_arrival = self.live.last_arrival.max(arrival);
        let session = rows.sessions[row] as usize;
        if session >= self.last_arrivals.len() {
            self.last_arrivals.resize(session + 1, 0);
        }
        self.last_arrivals[session] = self.last_arrivals[session].max(arrival);
        let hash_of = |row: &u32| {
            let row = *row as usize;
            hash(rows.collected_at(row), rows.keys.get(row))
        };
        let row = row as u32;
        self.keys[kind.index()].insert_unique(hash_of(&row), row, hash_of);
    }

    /// The session with this id, and whether it may have entries in segments; none if it has none here.
    pub(crate) fn session(&self, id: &[u8]) -> Option<bool> {
        let session = self.rows.sessions.find(id)?;
        self.rows.shared.get(session as usize).copied()
    }

    /// Whether so much is here that it must be compacted before more is taken in.
    pub(crate) fn is_full(&self, tuning: &Tuning) -> bool {
        self.len() >= tuning.tail_rows.saturating_mul(8) || self.log.bytes() >= 3 * LOG_BYTES
    }

    fn is_under_pressure(&self, tuning: &Tuning) -> bool {
        self.len() >= tuning.tail_rows.saturating_mul(4) || self.log.bytes() >= LOG_BYTES
    }

    /// Whether [`Tail::take`] may find something: a look at totals alone.
    pub(crate) fn may_take(&self, tuning: &Tuning, now: u64) -> bool {
        self.live.on_clock >= self.enough(tuning, now)
            || self.live.off_clock >= tuning.tail_rows
            || self.is_under_pressure(tuning)
    }

    /// How many closed rows on the clock are enough for a segment: fewer if the first has waited for a day,
    /// fewer still if all is quiet, so that every session is closed.
    fn enough(&self, tuning: &Tuning, now: u64) -> u32 {
        let quiet = self.live.last_arrival.saturating_add(tuning.session_gap) <= now;
        let first = self.live.first_arrival;
        let waited = first.is_some_and(|first| first.saturating_add(DAY) <= now);
        match (quiet, waited) {
            (true, _) => tuning.tail_rows.div_ceil(8),
            (false, true) => tuning.tail_rows.div_ceil(4),
            (false, false) => tuning.tail_rows,
        }
    }

    /// Chooses what becomes a segment: rows on the clock of sessions that are closed, once there are enough of
    /// them; rows off the clock likewise; under pressure anything.
    pub(crate) fn take(&self, tuning: &Tuning, now: u64) -> Option<Taken> {
        if !self.may_take(tuning, now) {
            return None;
        }
        if self.log.bytes() >= LOG_BYTES && self.live.bytes * 2 < self.log.bytes() {
            return Some(Taken::Garbage);
        }
        let pressure = self.is_under_pressure(tuning);
        let on_clock = self.candidates(Class::OnClock, |session| {
            let last = self
                .last_arrivals
                .get(session as usize)
                .copied()
                .unwrap_or(0);
            pressure || last.saturating_add(tuning.session_gap) <= now
        });
        let count: usize = on_clock.iter().map(Vec::len).sum();
        if count > 0 && (pressure || count >= self.enough(tuning, now) as usize) {
            return Some(Taken::Segment(Class::OnClock, self.limited(on_clock)));
        }
        if self.live.off_clock >= tuning.tail_rows || (pressure && self.live.off_clock > 0) {
            let off_clock = self.candidates(Class::OffClock, |_| true);
            return Some(Taken::Segment(Class::OffClock, self.limited(off_clock)));
        }
        None
    }

    fn candidates(&self, class: Class, takes: impl Fn(u32) -> bool) -> Selection {
        KindName::ALL.map(|kind| {
            let rows = self.rows.kind(kind);
            (0..rows.len())
                .filter(|row| !rows.dead[*row] && class_of(rows, *row) == class)
                .filter(|row| takes(rows.sessions[*row]))
                .map(|row| row as u32)
                .collect()
        })
    }

    /// As much of a selection as one segment may hold: sessions that began first, whole where they fit.
    fn limited(&self, selection: Selection) -> Selection {
        let bytes =
            |kind: KindName, row: u32| u64::from(self.places[kind.index()][row as usize].bytes);
        let count: usize = selection.iter().map(Vec::len).sum();
        let all = KindName::ALL.map(|kind| {
            let rows = selection[kind.index()].iter();
            rows.map(|row| bytes(kind, *row)).sum::<u64>()
        });
        if count <= MAX_SEGMENT_ROWS as usize && all.iter().sum::<u64>() <= SEGMENT_LOG_BYTES {
            return selection;
        }
        let mut rows: Vec<(u64, u32, u64, KindName, u32)> = Vec::with_capacity(count);
        let mut starts = vec![u64::MAX; self.last_arrivals.len()];
        for kind in KindName::ALL {
            let of_kind = self.rows.kind(kind);
            for row in &selection[kind.index()] {
                let at = of_kind.collected_at(*row as usize);
                let session = of_kind.sessions[*row as usize];
                let start = &mut starts[session as usize];
                *start = at.min(*start);
                rows.push((0, session, at, kind, *row));
            }
        }
        for (start, session, ..) in &mut rows {
            *start = starts[*session as usize];
        }
        rows.sort_unstable();
        let mut limited = Selection::default();
        let (mut taken, mut taken_bytes) = (0, 0);
        for sessions in rows.chunk_by(|a, b| a.1 == b.1) {
            let bytes_of_session: u64 = sessions
                .iter()
                .map(|(.., kind, row)| bytes(*kind, *row))
                .sum();
            let fits = taken + sessions.len() <= MAX_SEGMENT_ROWS as usize
                && taken_bytes + bytes_of_session <= SEGMENT_LOG_BYTES;
            if !fits && taken > 0 {
                break;
            }
            // A session that is too large for any segment is cut; its parts are put together by queries.
            for (.., kind, row) in sessions {
                taken_bytes += bytes(*kind, *row);
                if taken == MAX_SEGMENT_ROWS as usize
                    || (taken > 0 && taken_bytes > SEGMENT_LOG_BYTES)
                {
                    break;
                }
                taken += 1;
                limited[kind.index()].push(*row);
            }
            if !fits {
                break;
            }
        }
        limited
    }

    /// Marks the sessions of which a selection takes only a part as shared.
    pub(crate) fn mark_cut_sessions(&mut self, selection: &Selection) {
        let mut taken = vec![false; self.rows.sessions.len()];
        for (kind, selected) in self.rows.kinds.iter().zip(selection) {
            for row in selected {
                taken[kind.sessions[*row as usize] as usize] = true;
            }
        }
        let rest = self.rest(selection);
        for (_, kind, row) in rest {
            let session = self.rows.kind(kind).sessions[row as usize] as usize;
            self.rows.shared[session] |= taken[session];
        }
    }

    /// The live rows that a selection leaves, by where their records are.
    fn rest(&self, selection: &Selection) -> Vec<(u64, KindName, u32)> {
        let mut rest = Vec::new();
        for kind in KindName::ALL {
            let rows = self.rows.kind(kind);
            let mut leaves: Vec<bool> = rows.dead.iter().map(|dead| !dead).collect();
            for row in &selection[kind.index()] {
                leaves[*row as usize] = false;
            }
            let places = &self.places[kind.index()];
            let leaves = leaves.iter().enumerate().filter(|(_, leaves)| **leaves);
            rest.extend(leaves.map(|(row, _)| (places[row].offset, kind, row as u32)));
        }
        rest.sort_unstable_by_key(|(offset, ..)| *offset);
        rest
    }

    /// Drops a selection, which a segment holds now, and whatever no longer counts.
    pub(crate) fn drop_selected(&mut self, selection: &Selection) -> Result<(), LogError> {
        let rest = self.rest(selection);
        let old = std::mem::take(&mut self.rows);
        let records = rest.iter().map(|(offset, kind, row)| {
            let session = old.kind(*kind).sessions[*row as usize];
            (*offset, old.shared[session as usize])
        });
        let offsets = match self.log.keep(records) {
            Ok(offsets) => offsets,
            Err(error) => {
                self.rows = old;
                return Err(error);
            }
        };
        let old_places = std::mem::take(&mut self.places);
        let old_arrivals = std::mem::take(&mut self.last_arrivals);
        self.keys = Default::default();
        self.live = Live::default();
        let mut maps = CodeMaps::new();
        for ((_, kind, row), offset) in rest.into_iter().zip(offsets) {
            let bytes = old_places[kind.index()][row as usize].bytes;
            let row = self.rows.copy(&old, kind, row as usize, &mut maps);
            self.register(kind, row, Place { offset, bytes });
            // An entry that became a segment's, or that another replaced, may have been the last to arrive.
            let session = self.rows.kind(kind).sessions[row] as usize;
            let id = self.rows.sessions.texts().get(session);
            let last = old
                .sessions
                .find(id)
                .and_then(|old| old_arrivals.get(old as usize));
            self.last_arrivals[session] =
                self.last_arrivals[session].max(last.copied().unwrap_or(0));
        }
        Ok(())
    }

    /// Copies the entry of a row out.
    pub(crate) fn entry<K: Kind>(&self, row: usize) -> Result<(AnalyticKey, Entry<K>), RowError> {
        self.rows.entry(row)
    }
}

fn is_row(rows: &KindRows, row: usize, key: &AnalyticKey) -> bool {
    rows.collected_at(row) == key.collected_at
        && bytes::equal(rows.keys.get(row), key.key.as_bytes())
}

/// An entry of any kind, read from the log.
enum AnyEntry {
    PageView(Box<Entry<PageView>>),
    TrackEvent(Entry<TrackEvent>),
    PerformanceMetric(Entry<PerformanceMetric>),
}

/// A record of the log, read.
struct Replayed {
    entry: AnyEntry,
    key: AnalyticKey,
    place: Place,
    shared: bool,
}

impl AnyEntry {
    fn with(self, key: AnalyticKey, offset: u64, bytes: u32, shared: bool) -> Replayed {
        Replayed {
            entry: self,
            key,
            place: Place { offset, bytes },
            shared,
        }
    }
}
