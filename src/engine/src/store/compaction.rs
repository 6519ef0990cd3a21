//! Slices of compaction. Each is bounded by what a segment, a run or a group may hold, and changes everything
//! or nothing: what is new is written to a free place first and listed last.

use super::draft::{Draft, Selection};
use super::extents::{Extent, Full};
use super::index::{self, FAN_IN, LAST_LEVEL, Run};
use super::log::LogError;
use super::manifest::{Class, Content, RunInfo, SegmentInfo};
use super::marks::{self, Markable};
use super::rows::{CodeMaps, Rows, Source};
use super::segment_format as format;
use super::segment_writer::{self, WriteError, Written};
use super::tail::{MAX_SEGMENT_ROWS, Taken};
use super::{Entries, PutError};
use crate::columns::Domain;
use crate::kinds::KindName;
use ic_stable_structures::Memory;
use std::collections::BTreeMap;
use std::fmt;

/// How long after a look in vain the tail is looked at again: ten minutes, a third of the time after which a
/// session is closed.
const PAUSE: u64 = 10 * 60 * 1_000_000_000;

/// Why a slice of compaction changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompactionError {
    /// The capacity is reached.
    Full {
        /// Bytes that the new segment needs.
        needed: u64,
        /// Bytes that may be used in all.
        capacity: u64,
    },
    /// The segment can't be written.
    Write(WriteError),
    /// A segment can't be read.
    Segment(columnar::Error),
    /// The log can't be read.
    Log(LogError),
}

impl fmt::Display for CompactionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { needed, capacity } => write!(
                f,
                "The storage of {capacity} bytes is full: {needed} more bytes don't fit."
            ),
            Self::Write(error) => error.fmt(f),
            Self::Segment(error) => write!(f, "A segment can't be read: {error}"),
            Self::Log(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CompactionError {}

impl From<WriteError> for CompactionError {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<columnar::Error> for CompactionError {
    fn from(error: columnar::Error) -> Self {
        Self::Segment(error)
    }
}

impl From<LogError> for CompactionError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl From<CompactionError> for PutError {
    fn from(_: CompactionError) -> Self {
        Self::Full
    }
}

impl<M: Memory> Entries<M> {
    /// Whether [`Entries::compact`] may find something to do: a look at totals alone.
    pub(crate) fn compaction_is_due(&self, now: u64) -> bool {
        self.upkeep_is_due || (now >= self.next_look && self.tail.may_take(&self.tuning, now))
    }

    /// Does one slice and says whether there was one to do.
    pub(crate) fn compact(&mut self, now: u64) -> Result<bool, CompactionError> {
        let done = self.compact_tail(now)?
            || self.merge_segments(now)?
            || self.merge_runs()?
            || self.group()?;
        if done {
            self.note_upkeep();
        } else {
            self.next_look = now.saturating_add(PAUSE);
        }
        Ok(done)
    }

    /// Looks whether segments, runs or groups wait to be put together.
    pub(super) fn note_upkeep(&mut self) {
        self.upkeep_is_due = self.small_segments().is_some()
            || self.runs_to_merge().is_some()
            || self.next_group().is_some();
    }

    /// Makes a segment of fresh entries, if there are enough.
    pub(crate) fn compact_tail(&mut self, now: u64) -> Result<bool, CompactionError> {
        match self.tail.take(&self.tuning, now) {
            None => Ok(false),
            Some(Taken::Garbage) => {
                self.tail.drop_selected(&Selection::default())?;
                Ok(true)
            }
            Some(Taken::Segment(class, selection)) => {
                self.tail.mark_cut_sessions(&selection);
                let draft = Draft::new(&self.tail.rows, &selection);
                let written = segment_writer::write(&draft, self.tuning.cube_rows)?;
                let runs = runs_of(&draft, class);
                let places = self.place(&written, &runs)?;
                if let Err(error) = self.tail.drop_selected(&selection) {
                    for extent in places {
                        self.extents.release(extent);
                    }
                    return Err(error.into());
                }
                self.list(class, &written, &runs, places, now);
                Ok(true)
            }
        }
    }

    /// Takes the places of a new segment and of its runs of the index, or none.
    fn place(
        &mut self,
        written: &Written,
        runs: &[(Content, Run)],
    ) -> Result<Vec<Extent>, CompactionError> {
        let nowhere = Extent { start: 0, bytes: 0 };
        let bytes = marks::extent_bytes(&written.info(Class::OnClock, nowhere, 0));
        let runs = runs.iter().map(|(_, run)| run.bytes_len());
        let mut places = Vec::new();
        for bytes in std::iter::once(bytes).chain(runs) {
            match self.allocate(bytes) {
                Ok(extent) => places.push(extent),
                Err(error) => {
                    for extent in places {
                        self.extents.release(extent);
                    }
                    return Err(error);
                }
            }
        }
        Ok(places)
    }

    pub(super) fn allocate(&mut self, bytes: u64) -> Result<Extent, CompactionError> {
        let capacity = self.extents.capacity();
        self.extents
            .allocate(bytes)
            .map_err(|Full { needed }| CompactionError::Full { needed, capacity })
    }

    /// Writes a segment and its runs to their places and lists them.
    fn list(
        &mut self,
        class: Class,
        written: &Written,
        runs: &[(Content, Run)],
        places: Vec<Extent>,
        now: u64,
    ) {
        let mut places = places.into_iter();
        let Some(extent) = places.next() else {
            return;
        };
        let info = written.info(class, extent, now);
        self.extents.write(extent, 0, &written.file);
        let counts = marks::create(&self.extents, &info, &written.shared);
        let id = self.manifest.add_segment(info);
        self.marks.insert(id, counts);
        for ((content, run), extent) in runs.iter().zip(places) {
            self.extents.write(extent, 0, &run.bytes());
            self.manifest.add_run(RunInfo {
                content: *content,
                level: 0,
                extent,
                segments: vec![id],
            });
        }
        self.note_latest();
    }

    /// Whether a segment stays as it is.
    pub(super) fn is_settled(&self, info: &SegmentInfo) -> bool {
        info.rows() >= u64::from(self.tuning.full_rows / 4 * 3)
    }

    /// Four small segments of about the same size that may become one, the oldest; fewer where four are too
    /// many for one segment.
    fn small_segments(&self) -> Option<(Class, Vec<u32>)> {
        let mut tiers: BTreeMap<(u8, u32), Vec<u32>> = BTreeMap::new();
        for (id, info) in &self.manifest.segments {
            if self.is_settled(info) {
                continue;
            }
            let tier = info.rows().max(1).ilog2() / 2;
            let segments = tiers.entry((info.class as u8, tier)).or_default();
            segments.push(*id);
            let rows = segments.iter().map(|id| self.manifest.segments[id].rows());
            if rows.sum::<u64>() > MAX_SEGMENT_ROWS.into() {
                segments.pop();
                // There is no room for four: those that there are become one.
                if segments.len() > 1 {
                    return Some((info.class, std::mem::take(segments)));
                }
                *segments = vec![*id];
            } else if segments.len() == MERGED_SEGMENTS {
                return Some((info.class, std::mem::take(segments)));
            }
        }
        None
    }

    /// Makes one segment of four small ones, if there are as many.
    fn merge_segments(&mut self, now: u64) -> Result<bool, CompactionError> {
        let Some((class, ids)) = self.small_segments() else {
            return Ok(false);
        };
        let mut rows = Rows::default();
        for id in &ids {
            self.load(*id, &mut rows)?;
        }
        let everything = KindName::ALL.map(|kind| (0..rows.kind(kind).len() as u32).collect());
        let draft = Draft::new(&rows, &everything);
        if draft.rows() > 0 {
            let written = segment_writer::write(&draft, self.tuning.cube_rows)?;
            let runs = runs_of(&draft, class);
            let places = self.place(&written, &runs)?;
            self.list(class, &written, &runs, places, now);
        }
        let runs: Vec<u32> = self
            .manifest
            .runs
            .iter()
            .filter(|(_, run)| run.segments.iter().all(|id| ids.contains(id)))
            .map(|(id, _)| *id)
            .collect();
        for run in runs {
            if let Some(extent) = self.manifest.remove_run(run) {
                self.extents.release(extent);
            }
        }
        for id in ids {
            self.marks.remove(&id);
            if let Some(extent) = self.manifest.remove_segment(id) {
                self.extents.release(extent);
            }
        }
        self.note_latest();
        Ok(true)
    }

    /// Appends the entries of a segment that still count.
    fn load(&self, id: u32, rows: &mut Rows) -> Result<(), CompactionError> {
        let Some(segment) = self.open_segment(id)? else {
            return Ok(());
        };
        let dictionaries = segment.dictionaries(Domain::ALL)?;
        let mut maps = CodeMaps::new();
        let table = segment.file.table(format::SESSIONS)?;
        let ids = table.texts(format::TEXT, 0..table.rows())?;
        let shared = segment.marks(Markable::Sessions);
        let is_shared = |session: u64| {
            shared
                .as_ref()
                .is_some_and(|shared| shared.get(session as usize))
        };
        let satellites = segment.runs()?;
        for kind in KindName::ALL {
            if !segment.file.has_table(format::zones(kind)) {
                continue;
            }
            let zones = segment.all_zones(kind)?;
            let columns = kind.columns().iter().map(|column| column.id);
            let window = segment.window(kind, &zones, 0..zones.len(), columns)?;
            let table = segment.file.table(format::rows(kind))?;
            let keys = table.texts(format::KEY, 0..table.rows())?;
            let uniques = match table.has_column(format::UNIQUE) {
                true => table.texts(format::UNIQUE, 0..table.rows())?,
                false => Default::default(),
            };
            let dead = segment.marks(Markable::Rows(kind));
            let sessions = segment.group_sessions(kind, window.span.groups())?;
            let starts = window.span.starts().windows(2).map(|pair| pair[0]..pair[1]);
            let mut satellite = 0;
            for (session, rows_of_group) in sessions.iter().zip(starts) {
                while satellites
                    .get(satellite)
                    .is_some_and(|(_, run)| u64::from(run.sessions.end) <= *session)
                {
                    satellite += 1;
                }
                let bytes = satellites
                    .get(satellite)
                    .map_or(&[][..], |(bytes, _)| bytes);
                let satellite = rows.satellites.code(bytes);
                let (number, _) = rows.session(ids.get(*session as usize));
                rows.shared[number as usize] |= is_shared(*session);
                for row in rows_of_group {
                    let row = row as usize;
                    if dead.as_ref().is_some_and(|dead| dead.get(row)) {
                        continue;
                    }
                    let source = Source {
                        columns: &window.columns,
                        row,
                        texts: &dictionaries,
                    };
                    let texts = (keys.get(row), uniques.get(row));
                    rows.push_values(kind, &source, (satellite, number), texts, &mut maps);
                }
            }
        }
        Ok(())
    }

    /// Four runs of one content and level of the index whose segments are settled.
    fn runs_to_merge(&self) -> Option<(Content, u8, Vec<u32>)> {
        let mut levels: BTreeMap<(Content, u8), Vec<u32>> = BTreeMap::new();
        for (id, run) in &self.manifest.runs {
            let is_settled = |id: &u32| {
                let info = self.manifest.segments.get(id);
                info.is_some_and(|info| self.is_settled(info))
            };
            if run.level < LAST_LEVEL && run.segments.iter().all(is_settled) {
                levels
                    .entry((run.content, run.level))
                    .or_default()
                    .push(*id);
            }
        }
        let ((content, level), mut ids) =
            levels.into_iter().find(|(_, runs)| runs.len() >= FAN_IN)?;
        ids.truncate(FAN_IN);
        Some((content, level, ids))
    }

    /// Makes one run of the index of four, if there are as many.
    fn merge_runs(&mut self) -> Result<bool, CompactionError> {
        let Some((content, level, ids)) = self.runs_to_merge() else {
            return Ok(false);
        };
        let runs = ids.iter().filter_map(|id| self.manifest.runs.get(id));
        let (mut extents, mut segments) = (Vec::new(), Vec::new());
        for run in runs {
            extents.push(run.extent);
            // Places within a run are fixed by its level, full or not.
            segments.resize(extents.len().saturating_sub(1) << (2 * level), u32::MAX);
            segments.extend(&run.segments);
        }
        let merged = Run::merge(&self.extents, level, &extents);
        let extent = self.allocate(merged.bytes_len())?;
        self.extents.write(extent, 0, &merged.bytes());
        self.manifest.add_run(RunInfo {
            content,
            level: level + 1,
            extent,
            segments,
        });
        for id in ids {
            if let Some(extent) = self.manifest.remove_run(id) {
                self.extents.release(extent);
            }
        }
        Ok(true)
    }
}

/// The runs of the index for a new segment.
fn runs_of(draft: &Draft<'_>, class: Class) -> Vec<(Content, Run)> {
    let sessions = draft.sessions.iter();
    let sessions = sessions.map(|session| index::session_hash(session.id));
    let mut runs = vec![(Content::Sessions, Run::of_segment(sessions))];
    if class == Class::OffClock {
        let keys = KindName::ALL.into_iter().flat_map(|kind| {
            let rows = &draft.kinds[kind.index()];
            let instants = rows.columns.first().into_iter().flatten();
            let keys = rows.keys.iter().zip(instants);
            keys.map(move |(key, instant)| index::key_hash(kind, *instant, key))
        });
        runs.push((Content::Keys, Run::of_segment(keys)));
    }
    runs
}

/// How many small segments become one.
const MERGED_SEGMENTS: usize = 4;

impl Written {
    fn info(&self, class: Class, extent: Extent, created_at: u64) -> SegmentInfo {
        SegmentInfo {
            class,
            extent,
            file_bytes: self.file.len() as u64,
            created_at,
            sessions: self.sessions,
            kinds: self.kinds,
        }
    }
}
