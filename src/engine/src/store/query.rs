//! Answers to questions over a range: cubes where all entries count, scans where only some do.

use super::Entries;
use super::accumulator::Accumulator;
use super::correct::correct;
use super::cube::{CubeIndex, Wanted};
use super::group::OpenGroup;
use super::manifest::KindInfo;
use super::marks::Markable;
use super::question::{Question, domains};
use super::scan::{Marks, scan};
use super::segment::{OpenSegment, Run, dictionaries};
use crate::budget::{Budget, QueryRefusal};
use crate::entry::EntryRange;
use crate::kinds::KindName;
use columnar::Error;
use ic_stable_structures::Memory;
use std::collections::BTreeSet;

/// Where more than one in so many sessions is marked, a scan is cheaper than a cube and its corrections.
const MARKED_PER_SCAN: u32 = 16;

impl<M: Memory> Entries<M> {
    /// Adds up what is wanted of the entries of `range`.
    pub(crate) fn accumulate(
        &self,
        kind: KindName,
        wanted: Wanted,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<Accumulator, QueryRefusal> {
        let mut total = Accumulator::new(kind, wanted);
        let Some(question) = Question::new(kind, range) else {
            return Ok(total);
        };
        // Whatever is no group's member: its members are gone through by it.
        let groups = self.manifest.groups.values();
        let members: BTreeSet<u32> = groups.flat_map(|group| &group.members).copied().collect();
        let is_top = |id: &&u32| !members.contains(id);
        for id in self.manifest.groups.keys().filter(is_top) {
            self.add_group(&mut total, &question, *id, budget)?;
        }
        for id in self.manifest.segments.keys().filter(is_top) {
            self.add_segment(&mut total, &question, *id, budget)?;
        }
        self.add_tail(&mut total, &question, budget)?;
        Ok(total)
    }

    /// Adds a group's entries, by its cube where it counts as a whole, otherwise by its members.
    fn add_group(
        &self,
        total: &mut Accumulator,
        question: &Question,
        id: u32,
        budget: &mut Budget<'_>,
    ) -> Result<(), QueryRefusal> {
        let leaves = self.leaves(id);
        let members = self
            .manifest
            .groups
            .get(&id)
            .map_or(&[][..], |group| &group.members);
        let kinds = || {
            leaves
                .iter()
                .filter_map(|leaf| self.kind_info(*leaf, question.kind))
        };
        if !kinds().any(|info| question.overlaps(&info)) {
            return Ok(());
        }
        let is_whole = kinds().all(|info| info.rows == 0 || question.covers(&info));
        let by_cube = is_whole && leaves.iter().all(|leaf| self.is_correctable(total, *leaf));
        if by_cube && self.add_group_cube(total, question, id, &leaves, budget)? {
            return Ok(());
        }
        for member in members {
            if self.manifest.groups.contains_key(member) {
                self.add_group(total, question, *member, budget)?;
            } else {
                self.add_segment(total, question, *member, budget)?;
            }
        }
        Ok(())
    }

    fn add_group_cube(
        &self,
        total: &mut Accumulator,
        question: &Question,
        id: u32,
        leaves: &[u32],
        budget: &mut Budget<'_>,
    ) -> Result<bool, QueryRefusal> {
        budget.check()?;
        let Some(info) = self.manifest.groups.get(&id) else {
            return Ok(false);
        };
        let group = OpenGroup::open(&self.extents, info)?;
        let Some(place) = group.place(question.kind, question.satellite_id.as_ref())? else {
            return Ok(false);
        };
        add_cube(total, &group.file, &group.cubes, place)?;
        for leaf in leaves {
            let needs = self.marks.get(leaf).is_some_and(|counts| counts.any());
            if needs
                && let Some(segment) = self.open_segment(*leaf)?
                && let Some(run) = segment.run(question.satellite_id.as_ref())?
            {
                correct(total, &segment, &run, budget)?;
            }
        }
        Ok(true)
    }

    /// The segments of a group.
    pub(super) fn leaves(&self, id: u32) -> Vec<u32> {
        match self.manifest.groups.get(&id) {
            Some(group) => group
                .members
                .iter()
                .flat_map(|member| self.leaves(*member))
                .collect(),
            None => vec![id],
        }
    }

    pub(super) fn kind_info(&self, segment: u32, kind: KindName) -> Option<KindInfo> {
        let info = self.manifest.segments.get(&segment)?;
        Some(info.kinds[kind.index()])
    }

    /// Whether the marks of a segment are few enough to correct a cube for them. Sums can't be corrected.
    fn is_correctable(&self, total: &Accumulator, id: u32) -> bool {
        let counts = self.marks.get(&id).copied().unwrap_or_default();
        let sessions = self
            .manifest
            .segments
            .get(&id)
            .map_or(0, |info| info.sessions);
        counts.of(Markable::Sessions) <= sessions / MARKED_PER_SCAN
            && !(total.wanted.sums && counts.of(Markable::Rows(total.kind())) > 0)
    }

    fn add_segment(
        &self,
        total: &mut Accumulator,
        question: &Question,
        id: u32,
        budget: &mut Budget<'_>,
    ) -> Result<(), QueryRefusal> {
        let is_about = self
            .kind_info(id, question.kind)
            .is_some_and(|info| question.overlaps(&info));
        if !is_about {
            return Ok(());
        }
        budget.check()?;
        let Some(segment) = self.open_segment(id)? else {
            return Ok(());
        };
        let Some(run) = segment.run(question.satellite_id.as_ref())? else {
            return Ok(());
        };
        if self.is_correctable(total, id) && is_whole(&segment, question, &run)? {
            let cubes = segment.cubes()?;
            if let Some(place) = cubes.find(question.kind, run.place) {
                add_cube(total, &segment.file, &cubes, place)?;
                return correct(total, &segment, &run, budget);
            }
        }
        scan(total, &segment, question, &run, Marks::Heeded, budget)
    }
}

/// Whether a run's entries all lie in the range.
fn is_whole<M: Memory>(
    segment: &OpenSegment<'_, M>,
    question: &Question,
    run: &Run,
) -> Result<bool, Error> {
    let kind = question.kind.index();
    if question.covers(&segment.info.kinds[kind]) {
        return Ok(true);
    }
    let range = run.zones[kind].clone();
    // Most satellites of a segment are like it: zones are read where they may tell more.
    if run.sessions == (0..segment.info.sessions) || range.is_empty() {
        return Ok(false);
    }
    let zones = segment.zones(question.kind, range)?;
    Ok(zones.inside(0..zones.len(), question.from, question.last))
}

pub(super) fn add_cube<S: columnar::Source>(
    total: &mut Accumulator,
    file: &columnar::Segment<S>,
    cubes: &CubeIndex,
    place: usize,
) -> Result<(), QueryRefusal> {
    let mut cube = cubes.cube(file, place, &total.wanted)?;
    if !total.wanted.sessions {
        (cube.sessions, cube.bounces, cube.pages) = (0, 0, 0);
    }
    let dictionaries = dictionaries(file, domains(total.kind(), &total.wanted))?;
    total.add(&cube, &dictionaries)?;
    Ok(())
}
