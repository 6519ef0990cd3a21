//! The list of segments, of the runs of the index and of the groups of segments.
//!
//! One stable B-tree map; the heap holds a copy, read when the memory is opened.
//!
//! ```text
//! key   : table (u8) | id (u32, big-endian)
//! value : format (u8, 1) | fields, little-endian
//!
//! table 0, id 0 : the next id                                            u32
//! table 1, segments
//!   class                0 on the clock, 1 off the clock                 u8
//!   extent               start and bytes                                 u64, u64
//!   bytes of the file    the marks follow it                             u64
//!   created at           nanoseconds since 1970                          u64
//!   sessions                                                             u32
//!   per kind             entries, earliest and latest instant            u32, u64, u64
//! table 2, runs of the index
//!   content              0 sessions, 1 keys                              u8
//!   level                                                                u8
//!   extent               start and bytes                                 u64, u64
//!   segments             their ids, in the run's numbering               u32 each
//! table 3, groups of segments
//!   level                1: of segments, otherwise of groups             u8
//!   extent               start and bytes                                 u64, u64
//!   bytes of the file                                                    u64
//!   members              their ids                                       u32 each
//! ```

use super::extents::Extent;
use crate::kinds::KindName;
use ic_stable_structures::{Memory, StableBTreeMap};
use std::collections::BTreeMap;
use std::fmt;

const FORMAT: u8 = 1;

/// A table of the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Table {
    /// The next id.
    Next = 0,
    /// Segments.
    Segments = 1,
    /// Runs of the index.
    Runs = 2,
    /// Groups of segments.
    Groups = 3,
}

/// A record of the manifest can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The record's table; none if the key itself is unknown.
    pub table: Option<Table>,
    /// Its id.
    pub id: u32,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The list of segments has a record {} of {:?} that this release doesn't know: install the \
             release that wrote it, or a later one.",
            self.id, self.table
        )
    }
}

/// Whether the entries were collected about when they arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    OnClock = 0,
    OffClock = 1,
}

/// Entries of one kind in a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KindInfo {
    pub rows: u32,
    pub earliest: u64,
    pub latest: u64,
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SegmentInfo {
    pub class: Class,
    pub extent: Extent,
    pub file_bytes: u64,
    pub created_at: u64,
    pub sessions: u32,
    pub kinds: [KindInfo; KindName::ALL.len()],
}

impl SegmentInfo {
    /// Entries of all kinds.
    pub(crate) fn rows(&self) -> u64 {
        self.kinds.iter().map(|kind| u64::from(kind.rows)).sum()
    }
}

/// What a run of the index finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Content {
    Sessions = 0,
    Keys = 1,
}

/// A run of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunInfo {
    pub content: Content,
    pub level: u8,
    pub extent: Extent,
    pub segments: Vec<u32>,
}

/// A group of segments, or of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupInfo {
    pub level: u8,
    pub extent: Extent,
    pub file_bytes: u64,
    pub members: Vec<u32>,
}

/// What the manifest lists.
pub(crate) struct Manifest<M: Memory> {
    map: StableBTreeMap<Vec<u8>, Vec<u8>, M>,
    next: u32,
    pub segments: BTreeMap<u32, SegmentInfo>,
    pub runs: BTreeMap<u32, RunInfo>,
    pub groups: BTreeMap<u32, GroupInfo>,
}

impl<M: Memory> Manifest<M> {
    /// Reads all of it.
    pub(crate) fn open(memory: M) -> Result<Self, ManifestError> {
        let mut manifest = Self {
            map: StableBTreeMap::init(memory),
            next: 1,
            segments: BTreeMap::new(),
            runs: BTreeMap::new(),
            groups: BTreeMap::new(),
        };
        for entry in manifest.map.iter() {
            let (table, id) = parse_key(entry.key()).ok_or(ManifestError { table: None, id: 0 })?;
            let error = ManifestError {
                table: Some(table),
                id,
            };
            let value = entry.value();
            let (&FORMAT, fields) = value.split_first().ok_or(error)? else {
                return Err(error);
            };
            let mut fields = Reader(fields);
            match table {
                Table::Next => manifest.next = fields.u32().ok_or(error)?,
                Table::Segments => {
                    let segment = fields.segment().ok_or(error)?;
                    manifest.segments.insert(id, segment);
                }
                Table::Runs => {
                    manifest.runs.insert(id, fields.run().ok_or(error)?);
                }
                Table::Groups => {
                    manifest.groups.insert(id, fields.group().ok_or(error)?);
                }
            }
        }
        Ok(manifest)
    }

    /// Every extent that is taken.
    pub(crate) fn extents(&self) -> Vec<Extent> {
        let segments = self.segments.values().map(|segment| segment.extent);
        let runs = self.runs.values().map(|run| run.extent);
        let groups = self.groups.values().map(|group| group.extent);
        segments.chain(runs).chain(groups).collect()
    }

    fn next_id(&mut self) -> u32 {
        let id = self.next;
        self.next = id.wrapping_add(1);
        let mut value = vec![FORMAT];
        value.extend(self.next.to_le_bytes());
        self.map.insert(key(Table::Next, 0), value);
        id
    }

    /// Lists a segment and gives its id.
    pub(crate) fn add_segment(&mut self, segment: SegmentInfo) -> u32 {
        let id = self.next_id();
        let mut value = vec![FORMAT, segment.class as u8];
        put_extent(&mut value, segment.extent);
        value.extend(segment.file_bytes.to_le_bytes());
        value.extend(segment.created_at.to_le_bytes());
        value.extend(segment.sessions.to_le_bytes());
        for kind in &segment.kinds {
            value.extend(kind.rows.to_le_bytes());
            value.extend(kind.earliest.to_le_bytes());
            value.extend(kind.latest.to_le_bytes());
        }
        self.map.insert(key(Table::Segments, id), value);
        self.segments.insert(id, segment);
        id
    }

    /// Lists a run and gives its id.
    pub(crate) fn add_run(&mut self, run: RunInfo) -> u32 {
        let id = self.next_id();
        let mut value = vec![FORMAT, run.content as u8, run.level];
        put_extent(&mut value, run.extent);
        put_ids(&mut value, &run.segments);
        self.map.insert(key(Table::Runs, id), value);
        self.runs.insert(id, run);
        id
    }

    /// Lists a group and gives its id.
    pub(crate) fn add_group(&mut self, group: GroupInfo) -> u32 {
        let id = self.next_id();
        let mut value = vec![FORMAT, group.level];
        put_extent(&mut value, group.extent);
        value.extend(group.file_bytes.to_le_bytes());
        put_ids(&mut value, &group.members);
        self.map.insert(key(Table::Groups, id), value);
        self.groups.insert(id, group);
        id
    }

    /// Strikes a segment out and gives the place it had.
    pub(crate) fn remove_segment(&mut self, id: u32) -> Option<Extent> {
        self.map.remove(&key(Table::Segments, id));
        self.segments.remove(&id).map(|segment| segment.extent)
    }

    /// Strikes a run out and gives the place it had.
    pub(crate) fn remove_run(&mut self, id: u32) -> Option<Extent> {
        self.map.remove(&key(Table::Runs, id));
        self.runs.remove(&id).map(|run| run.extent)
    }
}

fn key(table: Table, id: u32) -> Vec<u8> {
    let mut key = vec![table as u8];
    key.extend(id.to_be_bytes());
    key
}

fn parse_key(key: &[u8]) -> Option<(Table, u32)> {
    let &[table, a, b, c, d] = key else {
        return None;
    };
    let tables = [Table::Next, Table::Segments, Table::Runs, Table::Groups];
    let table = tables.into_iter().find(|known| *known as u8 == table)?;
    Some((table, u32::from_be_bytes([a, b, c, d])))
}

fn put_extent(value: &mut Vec<u8>, extent: Extent) {
    value.extend(extent.start.to_le_bytes());
    value.extend(extent.bytes.to_le_bytes());
}

fn put_ids(value: &mut Vec<u8>, ids: &[u32]) {
    value.extend(ids.iter().flat_map(|id| id.to_le_bytes()));
}

/// Reads fields one after the other; none where they end too early.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (&array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(array)
    }

    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn extent(&mut self) -> Option<Extent> {
        Some(Extent {
            start: self.u64()?,
            bytes: self.u64()?,
        })
    }

    fn ids(&mut self) -> Option<Vec<u32>> {
        let mut ids = Vec::new();
        while !self.0.is_empty() {
            ids.push(self.u32()?);
        }
        Some(ids)
    }

    fn segment(&mut self) -> Option<SegmentInfo> {
        let class = match self.u8()? {
            0 => Class::OnClock,
            1 => Class::OffClock,
            _ => return None,
        };
        let mut segment = SegmentInfo {
            class,
            extent: self.extent()?,
            file_bytes: self.u64()?,
            created_at: self.u64()?,
            sessions: self.u32()?,
            kinds: [KindInfo::default(); KindName::ALL.len()],
        };
        for kind in &mut segment.kinds {
            *kind = KindInfo {
                rows: self.u32()?,
                earliest: self.u64()?,
                latest: self.u64()?,
            };
        }
        Some(segment)
    }

    fn run(&mut self) -> Option<RunInfo> {
        Some(RunInfo {
            content: match self.u8()? {
                0 => Content::Sessions,
                1 => Content::Keys,
                _ => return None,
            },
            level: self.u8()?,
            extent: self.extent()?,
            segments: self.ids()?,
        })
    }

    fn group(&mut self) -> Option<GroupInfo> {
        Some(GroupInfo {
            level: self.u8()?,
            extent: self.extent()?,
            file_bytes: self.u64()?,
            members: self.ids()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ic_stable_structures::VectorMemory;

    #[test]
    fn what_is_listed_is_read_again_and_ids_are_given_once() {
        let memory = VectorMemory::default();
        let extent = Extent {
            start: 4_096,
            bytes: 8_192,
        };
        let segment = SegmentInfo {
            class: Class::OffClock,
            extent,
            file_bytes: 5_000,
            created_at: 7,
            sessions: 3,
            kinds: [1, 2, 3].map(|rows| KindInfo {
                rows,
                earliest: 10,
                latest: u64::MAX,
            }),
        };
        let run = RunInfo {
            content: Content::Keys,
            level: 2,
            extent,
            segments: vec![1, 5],
        };
        let group = GroupInfo {
            level: 1,
            extent,
            file_bytes: 9,
            members: vec![4],
        };
        let mut manifest = Manifest::open(memory.clone()).unwrap();
        assert_eq!(manifest.add_segment(segment.clone()), 1);
        assert_eq!(manifest.add_segment(segment.clone()), 2);
        assert_eq!(manifest.add_run(run.clone()), 3);
        assert_eq!(manifest.add_group(group.clone()), 4);
        assert_eq!(manifest.remove_segment(2), Some(extent));
        let mut manifest = Manifest::open(memory).unwrap();
        assert_eq!(manifest.segments, BTreeMap::from([(1, segment.clone())]));
        assert_eq!(manifest.runs, BTreeMap::from([(3, run)]));
        assert_eq!(manifest.groups, BTreeMap::from([(4, group)]));
        assert_eq!(manifest.add_segment(segment), 5);
    }

    #[test]
    fn an_unknown_format_is_refused() {
        let memory = VectorMemory::default();
        let mut map = StableBTreeMap::init(memory.clone());
        map.insert(key(Table::Runs, 9), vec![2, 0]);
        let expected = ManifestError {
            table: Some(Table::Runs),
            id: 9,
        };
        assert_eq!(Manifest::open(memory).err(), Some(expected));
    }
}
