//! Groups of segments, and of groups: cubes over all their entries, so that a question over a long range takes
//! one cube instead of many.
//!
//! ```text
//! one file, as `columnar` writes it
//! ├─ dictionary d       the texts of Domain d that the cubes name
//! ├─ table SATELLITES   one row per satellite that has cubes: its bytes (TEXT), ascending
//! └─ cubes              drawn in `cube.rs`; a satellite's place is its row, their number stands for all
//! ```
//!
//! The cubes count entries as they were written: marks are heeded by whoever adds them up (`query.rs`).

use super::Entries;
use super::accumulator::Accumulator;
use super::bytes;
use super::compaction::CompactionError;
use super::cube::{Cube, CubeIndex, Cubes};
use super::extents::Extents;
use super::interner::Interners;
use super::manifest::{Class, GroupInfo};
use super::query::add_cube;
use super::question::Question;
use super::scan::{Marks, scan};
use super::segment::ExtentSource;
use super::segment_format as format;
use super::segment_writer::{WriteError, everything};
use crate::budget::{Budget, QueryRefusal};
use crate::columns::{Domain, Sort};
use crate::kinds::KindName;
use columnar::{Error, Segment, SegmentWriter};
use ic_principal::Principal;
use ic_stable_structures::Memory;
use std::collections::{BTreeMap, BTreeSet};

/// Groups of this level aren't put together any more: 256 segments, with four to a group.
const LAST_LEVEL: u8 = 4;

/// A group's file, open.
pub(super) struct OpenGroup<'a, M: Memory> {
    pub file: Segment<ExtentSource<'a, M>>,
    pub cubes: CubeIndex,
}

impl<'a, M: Memory> OpenGroup<'a, M> {
    pub(super) fn open(extents: &'a Extents<M>, info: &GroupInfo) -> Result<Self, Error> {
        let file = Segment::open(ExtentSource {
            extents,
            extent: info.extent,
            bytes: info.file_bytes,
        })?;
        let cubes = CubeIndex::read(&file)?;
        Ok(Self { file, cubes })
    }

    /// The place of the cube of a kind and satellite; of all satellites without one.
    pub(super) fn place(
        &self,
        kind: KindName,
        satellite_id: Option<&Principal>,
    ) -> Result<Option<usize>, Error> {
        let table = self.file.table(format::SATELLITES)?;
        let texts = table.texts(format::TEXT, 0..table.rows())?;
        let satellite = match satellite_id {
            None => table.rows().into(),
            Some(id) => match texts.iter().position(|text| text == id.as_slice()) {
                Some(place) => place as u64,
                None => return Ok(None),
            },
        };
        Ok(self.cubes.find(kind, satellite))
    }
}

impl<M: Memory> Entries<M> {
    /// Makes a group of the oldest segments or groups that have none, if there are enough.
    pub(super) fn group(&mut self) -> Result<bool, CompactionError> {
        let Some((level, members)) = self.next_group() else {
            return Ok(false);
        };
        let leaves: Vec<u32> = members.iter().flat_map(|id| self.leaves(*id)).collect();
        let file = self.group_file(&members, &leaves)?;
        let extent = self.allocate(file.len() as u64)?;
        self.extents.write(extent, 0, &file);
        self.manifest.add_group(GroupInfo {
            level,
            extent,
            file_bytes: file.len() as u64,
            members,
        });
        Ok(true)
    }

    pub(super) fn next_group(&self) -> Option<(u8, Vec<u32>)> {
        let groups = &self.manifest.groups;
        let taken: BTreeSet<u32> = groups
            .values()
            .flat_map(|group| &group.members)
            .copied()
            .collect();
        let segments = self
            .manifest
            .segments
            .iter()
            .filter(|(_, info)| info.class == Class::OnClock && self.is_settled(info));
        let mut free: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
        for (id, _) in segments {
            free.entry(1).or_default().push(*id);
        }
        for (id, group) in groups {
            free.entry(group.level + 1).or_default().push(*id);
        }
        let number = self.tuning.group_segments.max(2) as usize;
        free.into_iter().find_map(|(level, mut ids)| {
            ids.retain(|id| !taken.contains(id));
            let enough = ids.len() >= number && level <= LAST_LEVEL;
            ids.truncate(number);
            enough.then_some((level, ids))
        })
    }

    fn group_file(&self, members: &[u32], leaves: &[u32]) -> Result<Vec<u8>, CompactionError> {
        let mut satellites: BTreeMap<Vec<u8>, [u64; KindName::ALL.len()]> = BTreeMap::new();
        for leaf in leaves {
            self.count_satellites(*leaf, &mut satellites)?;
        }
        let least = u64::from(self.tuning.cube_rows.max(1));
        satellites.retain(|_, rows| rows.iter().any(|rows| *rows >= least));
        let mut dictionaries = Interners::default();
        let mut cubes = Cubes::default();
        for kind in KindName::ALL {
            for (place, (satellite, rows)) in satellites.iter().enumerate() {
                if rows[kind.index()] >= least {
                    let satellite_id = Principal::try_from_slice(satellite).ok();
                    let cube = self.raw_cube(kind, satellite_id, members, &mut dictionaries)?;
                    cubes.cubes.push((kind, place as u64, cube));
                }
            }
            let cube = self.raw_cube(kind, None, members, &mut dictionaries)?;
            if cube.rows > 0 {
                cubes.cubes.push((kind, satellites.len() as u64, cube));
            }
        }
        write(
            &satellites.into_keys().collect::<Vec<_>>(),
            &dictionaries,
            cubes,
        )
        .map_err(|error| CompactionError::Write(WriteError::Format(error)))
    }

    /// Adds how many entries of each kind each satellite has in a segment.
    fn count_satellites(
        &self,
        id: u32,
        satellites: &mut BTreeMap<Vec<u8>, [u64; KindName::ALL.len()]>,
    ) -> Result<(), Error> {
        let Some(segment) = self.open_segment(id)? else {
            return Ok(());
        };
        for (bytes, run) in segment.runs()? {
            let rows = satellites.entry(bytes).or_default();
            for (rows, of_run) in rows.iter_mut().zip(segment.run_rows(&run)?) {
                *rows += u64::from(of_run.rows);
            }
        }
        Ok(())
    }

    /// A cube over all entries of segments and groups, as they were written.
    fn raw_cube(
        &self,
        kind: KindName,
        satellite_id: Option<Principal>,
        members: &[u32],
        dictionaries: &mut Interners,
    ) -> Result<Cube, CompactionError> {
        let mut total = Accumulator::new(kind, everything(kind));
        let question = Question {
            kind,
            satellite_id,
            from: 0,
            last: u64::MAX,
        };
        for member in members {
            self.add_raw(&mut total, &question, *member)
                .map_err(|refusal| match refusal {
                    QueryRefusal::Damaged { error } => CompactionError::Segment(error),
                    _ => CompactionError::Segment(Error::Truncated),
                })?;
        }
        Ok(total.to_cube(dictionaries))
    }

    fn add_raw(
        &self,
        total: &mut Accumulator,
        question: &Question,
        id: u32,
    ) -> Result<(), QueryRefusal> {
        if let Some(info) = self.manifest.groups.get(&id) {
            let group = OpenGroup::open(&self.extents, info)?;
            if let Some(place) = group.place(question.kind, question.satellite_id.as_ref())? {
                return add_cube(total, &group.file, &group.cubes, place);
            }
            for member in &info.members {
                self.add_raw(total, question, *member)?;
            }
            return Ok(());
        }
        let Some(segment) = self.open_segment(id)? else {
            return Ok(());
        };
        let Some(run) = segment.run(question.satellite_id.as_ref())? else {
            return Ok(());
        };
        let cubes = segment.cubes()?;
        if let Some(place) = cubes.find(question.kind, run.place) {
            return add_cube(total, &segment.file, &cubes, place);
        }
        let mut budget = Budget::entries(u64::MAX);
        scan(total, &segment, question, &run, Marks::Ignored, &mut budget)
    }
}

/// Writes a group's file. The dictionaries have codes in the order in which their texts came: they are sorted
/// here, and the cubes' codes with them.
fn write(
    satellites: &[Vec<u8>],
    dictionaries: &Interners,
    mut cubes: Cubes,
) -> Result<Vec<u8>, Error> {
    let mut writer = SegmentWriter::new();
    let mut new_codes: [Vec<u64>; Domain::ALL.len()] = Default::default();
    for domain in Domain::ALL {
        let texts = dictionaries[domain as usize].texts();
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_unstable_by(|a, b| bytes::compare(texts.get(*a), texts.get(*b)));
        let codes = &mut new_codes[domain as usize];
        codes.resize(texts.len() + 1, 0);
        for (new, old) in order.iter().enumerate() {
            codes[old + 1] = new as u64 + 1;
        }
        if !order.is_empty() {
            writer.dictionary(domain as u16, order.iter().map(|code| texts.get(*code)))?;
        }
    }
    let texts: Vec<&[u8]> = satellites.iter().map(Vec::as_slice).collect();
    writer
        .table(format::SATELLITES, texts.len() as u32)?
        .texts(format::TEXT, &texts)?;
    for (kind, _, cube) in &mut cubes.cubes {
        for (column, counts) in &mut cube.counts {
            let sort = kind
                .columns()
                .get(usize::from(column.0))
                .map(|column| column.sort);
            if let Some(Sort::Text(domain)) = sort {
                for (code, _) in counts.iter_mut() {
                    *code = new_codes[domain as usize][*code as usize];
                }
                counts.sort_unstable();
            }
        }
        for ((path, _), ..) in &mut cube.sums {
            *path = new_codes[Domain::Path as usize][*path as usize];
        }
        cube.sums.sort_unstable_by_key(|(key, ..)| *key);
    }
    cubes.write(&mut writer)?;
    Ok(writer.finish())
}
