//! Answers to questions over a range: cubes where all entries count, scans where only some do.

use super::accumulator::Accumulator;
use super::cube::{self, BadCode, Cube, CubeIndex, Wanted};
use super::draft::Zone;
use super::group::OpenGroup;
use super::manifest::KindInfo;
use super::marks::{Bits, Markable};
use super::segment::{self, EntryError, OpenSegment, Run, Window, dictionaries};
use super::{Entries, RowError};
use crate::budget::{Budget, QueryRefusal};
use crate::columns::{COLLECTED_AT, ColumnId, Domain, Sort};
use crate::entry::{AnalyticKey, Entry, EntryRange};
use crate::kinds::{Kind, KindName};
use columnar::Error;
use ic_principal::Principal;
use ic_stable_structures::Memory;
use std::collections::BTreeSet;

/// Where more than one in so many sessions is marked, a scan is cheaper than a cube and its corrections.
const MARKED_PER_SCAN: u32 = 16;

/// Which entries a question is about: instants `from..=last`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub kind: KindName,
    pub satellite_id: Option<Principal>,
    pub from: u64,
    pub last: u64,
}

impl Question {
    fn new(kind: KindName, range: &EntryRange) -> Option<Self> {
        if range.is_empty() {
            return None;
        }
        Some(Self {
            kind,
            satellite_id: range.satellite_id,
            from: range.from.unwrap_or(0),
            last: range.to.map_or(u64::MAX, |to| to - 1),
        })
    }

    fn contains(&self, instant: u64) -> bool {
        self.from <= instant && instant <= self.last
    }

    fn overlaps(&self, info: &KindInfo) -> bool {
        info.rows > 0 && info.latest >= self.from && info.earliest <= self.last
    }

    fn covers(&self, info: &KindInfo) -> bool {
        self.contains(info.earliest) && self.contains(info.latest)
    }
}

impl From<Error> for QueryRefusal {
    fn from(error: Error) -> Self {
        Self::Damaged { error }
    }
}

impl From<BadCode> for QueryRefusal {
    fn from(_: BadCode) -> Self {
        Self::damaged(RowError::NumberTooLarge)
    }
}

impl From<super::accumulator::NoSuchText> for QueryRefusal {
    fn from(missing: super::accumulator::NoSuchText) -> Self {
        Self::damaged(RowError::NoSuchText { code: missing.code })
    }
}

impl From<EntryError> for QueryRefusal {
    fn from(error: EntryError) -> Self {
        match error {
            EntryError::Segment(error) => error.into(),
            EntryError::Row(error) => Self::damaged(error),
            EntryError::Refused(refusal) => refusal,
        }
    }
}

/// Rows of a window that a question is about: those of sessions that lie here alone first.
#[derive(Default)]
struct Selected {
    rows: Vec<u32>,
    /// Where each session that lies here alone ends in `rows`.
    group_ends: Vec<u32>,
    /// Shared sessions: their place in the window's groups, and where they end in `rows`.
    shared: Vec<(usize, u32)>,
}

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
        let mut done = BTreeSet::new();
        let tops = self.manifest.groups.keys().rev();
        for id in tops {
            // A group of groups has a higher id than its members, so that it comes first.
            if done.insert(*id) {
                self.add_group(&mut total, &question, *id, &mut done, budget)?;
            }
        }
        for id in self.manifest.segments.keys() {
            if !done.contains(id) {
                self.add_segment(&mut total, &question, *id, budget)?;
            }
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
        done: &mut BTreeSet<u32>,
        budget: &mut Budget<'_>,
    ) -> Result<(), QueryRefusal> {
        let leaves = self.leaves(id);
        let members = self
            .manifest
            .groups
            .get(&id)
            .map_or(&[][..], |group| &group.members);
        done.extend(members);
        done.extend(&leaves);
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
                self.add_group(total, question, *member, done, budget)?;
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

    fn kind_info(&self, segment: u32, kind: KindName) -> Option<KindInfo> {
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

    fn add_tail(
        &self,
        total: &mut Accumulator,
        question: &Question,
        budget: &mut Budget<'_>,
    ) -> Result<(), QueryRefusal> {
        let rows = &self.tail.rows;
        let of_kind = rows.kind(question.kind);
        let selected = self.select_tail(question);
        budget.charge_entries(selected.len() as u64)?;
        // By session, as a segment has them: a counting sort.
        let mut ends = vec![0_u32; rows.sessions.len() + 1];
        for row in &selected {
            ends[of_kind.sessions[*row as usize] as usize + 1] += 1;
        }
        for session in 1..ends.len() {
            ends[session] += ends[session - 1];
        }
        let mut starts = ends.clone();
        let mut sorted = vec![0; selected.len()];
        for row in selected {
            let start = &mut starts[of_kind.sessions[row as usize] as usize];
            sorted[*start as usize] = row;
            *start += 1;
        }
        let mut counted = Selected::default();
        for shared in [false, true] {
            for session in 0..rows.sessions.len() {
                let group = ends[session] as usize..ends[session + 1] as usize;
                if group.is_empty() || rows.shared[session] != shared {
                    continue;
                }
                counted.rows.extend(&sorted[group]);
                let end = counted.rows.len() as u32;
                match shared {
                    false => counted.group_ends.push(end),
                    true => counted.shared.push((session, end)),
                }
            }
        }
        let cube = count(total, &of_kind.columns, &counted)?;
        total.add(&cube, &rows.dictionaries)?;
        if total.wanted.sessions {
            let page_of = |row: u32| -> Result<Option<Vec<u8>>, QueryRefusal> {
                let Some(page) = question.kind.page_column() else {
                    return Ok(None);
                };
                let code = of_kind.value(page, row as usize);
                let text = rows.dictionaries[Domain::Href as usize].get(code.wrapping_sub(1));
                Ok(text.map(<[u8]>::to_vec))
            };
            join_shared(total, &counted, page_of, |session| {
                Ok(rows.sessions.texts().get(session).to_vec())
            })?;
        }
        Ok(())
    }

    /// The live rows of the tail that a question is about.
    fn select_tail(&self, question: &Question) -> Vec<u32> {
        let rows = self.tail.rows.kind(question.kind);
        let satellite = match question.satellite_id {
            Some(id) => match self.tail.rows.satellites.find(id.as_slice()) {
                Some(satellite) => Some(satellite),
                None => return Vec::new(),
            },
            None => None,
        };
        let instants = rows.columns.first().map_or(&[][..], Vec::as_slice);
        instants
            .iter()
            .enumerate()
            .filter(|(row, instant)| {
                question.contains(**instant)
                    && !rows.dead[*row]
                    && satellite.is_none_or(|satellite| rows.satellites[*row] == satellite)
            })
            .map(|(row, _)| row as u32)
            .collect()
    }

    /// The entries of `range`, ordered by key.
    pub(crate) fn read<K: Kind>(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
    ) -> Result<Vec<(AnalyticKey, Entry<K>)>, QueryRefusal> {
        let mut entries = Vec::new();
        let Some(question) = Question::new(K::NAME, range) else {
            return Ok(entries);
        };
        for row in self.select_tail(&question) {
            budget.charge_entries(1)?;
            let (key, entry) = self
                .tail
                .entry(row as usize)
                .map_err(QueryRefusal::damaged)?;
            keep(&mut entries, key, entry, budget)?;
        }
        for id in self.manifest.segments.keys() {
            let is_about = self
                .kind_info(*id, question.kind)
                .is_some_and(|info| question.overlaps(&info));
            if !is_about {
                continue;
            }
            budget.check()?;
            let Some(segment) = self.open_segment(*id)? else {
                continue;
            };
            let Some(run) = segment.run(question.satellite_id.as_ref())? else {
                continue;
            };
            let zones = segment.zones(K::NAME, run.zones[K::NAME.index()].clone())?;
            let Some(within) = zones.overlapping(question.from, question.last) else {
                continue;
            };
            let dead = segment.marks(Markable::Rows(K::NAME));
            for zone in within {
                if !zones.inside_or_overlapping(zone, question.from, question.last) {
                    continue;
                }
                let window = segment.window(K::NAME, &zones, zone..zone + 1, [COLLECTED_AT])?;
                let rows = live_rows(&window, &question, dead.as_ref());
                if rows.is_empty() {
                    continue;
                }
                let columns = K::COLUMNS.iter().map(|column| column.id);
                let window = segment.window(K::NAME, &zones, zone..zone + 1, columns)?;
                segment.entries::<K>(&window, &rows, |key, entry| {
                    budget.charge_entries(1).map_err(EntryError::Refused)?;
                    keep(&mut entries, key, entry, budget).map_err(EntryError::Refused)
                })?;
            }
        }
        entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Ok(entries)
    }
}

/// How many bytes an entry may take in a Candid reply beyond those of its key, satellite and row: presence
/// bytes of up to 13 optional fields, 8-byte numbers (created_at is one here too, updated_at and version
/// are not) and lengths of key and satellite.
const REPLY_OVERHEAD: usize = 48;

fn keep<K: Kind>(
    entries: &mut Vec<(AnalyticKey, Entry<K>)>,
    key: AnalyticKey,
    entry: Entry<K>,
    budget: &mut Budget<'_>,
) -> Result<(), QueryRefusal> {
    let key_bytes = 8 + key.key.len() + entry.satellite_id.as_slice().len();
    budget.charge_reply(super::encoded_bytes(&entry) + key_bytes + REPLY_OVERHEAD)?;
    entries.push((key, entry));
    Ok(())
}

fn live_rows(window: &Window, question: &Question, dead: Option<&Bits>) -> Vec<u32> {
    let first = window.span.rows().start;
    let instants = &window.columns[usize::from(COLLECTED_AT.0)];
    let rows = instants.iter().zip(0_u32..);
    rows.filter(|(instant, _)| question.contains(**instant))
        .map(|(_, row)| row)
        .filter(|row| dead.is_none_or(|dead| !dead.get((first + row) as usize)))
        .collect()
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

/// The domains whose texts the wanted figures need.
fn domains(kind: KindName, wanted: &Wanted) -> impl Iterator<Item = Domain> {
    let columns = wanted.counts.iter().filter_map(move |column| {
        match kind.columns().get(usize::from(column.0))?.sort {
            Sort::Text(domain) => Some(domain),
            Sort::Number | Sort::Float => None,
        }
    });
    columns.chain(wanted.sums.then_some(Domain::Path))
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

/// Whether marks are heeded by a scan, or all entries counted as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    Heeded,
    Ignored,
}

/// Counts the entries of a run that lie in the range, one by one.
pub(super) fn scan<M: Memory>(
    total: &mut Accumulator,
    segment: &OpenSegment<'_, M>,
    question: &Question,
    run: &Run,
    marks: Marks,
    budget: &mut Budget<'_>,
) -> Result<(), QueryRefusal> {
    let kind = question.kind;
    let zones = segment.zones(kind, run.zones[kind.index()].clone())?;
    let Some(within) = zones.overlapping(question.from, question.last) else {
        return Ok(());
    };
    let is_whole = zones.inside(within.clone(), question.from, question.last);
    budget.check()?;
    let window = segment.window(kind, &zones, within, needed(kind, &total.wanted, !is_whole))?;
    budget.charge_entries(window.span.rows().len() as u64)?;
    let heeded = |what| match marks {
        Marks::Heeded => segment.marks(what),
        Marks::Ignored => None,
    };
    let dead = heeded(Markable::Rows(kind));
    let shared = heeded(Markable::Sessions);
    let sessions = match shared {
        Some(_) if total.wanted.sessions => segment.group_sessions(kind, window.span.groups())?,
        _ => Vec::new(),
    };
    let is_shared = |group: usize| {
        let session = sessions.get(group).copied().unwrap_or(u64::MAX) as usize;
        shared.as_ref().is_some_and(|shared| shared.get(session))
    };
    let question = (!is_whole).then_some(question);
    let selected = select(&window, question, dead.as_ref(), is_shared);
    let cube = count(total, &window.columns, &selected)?;
    let dictionaries = segment.dictionaries(domains(kind, &total.wanted))?;
    total.add(&cube, &dictionaries)?;
    if total.wanted.sessions {
        let page_of = |row| page_text(segment, kind, &window, row);
        join_shared(total, &selected, page_of, |group| {
            let session = sessions.get(group).copied().unwrap_or_default();
            Ok(segment.session_id(session as u32)?)
        })?;
    }
    Ok(())
}

/// The columns that the wanted figures need.
fn needed(kind: KindName, wanted: &Wanted, instants: bool) -> Vec<ColumnId> {
    let mut columns = wanted.counts.to_vec();
    if instants || wanted.slots {
        columns.push(COLLECTED_AT);
    }
    if wanted.sessions {
        columns.extend(kind.page_column());
    }
    if wanted.sums {
        columns.extend(kind.summed_columns().into_iter().flatten());
    }
    columns
}

/// Chooses the rows of a window, all of them without a question, those of shared sessions last.
fn select(
    window: &Window,
    question: Option<&Question>,
    dead: Option<&Bits>,
    is_shared: impl Fn(usize) -> bool,
) -> Selected {
    let mut selected = Selected::default();
    let starts = window.span.starts();
    let rows = window.span.rows();
    if question.is_none() && dead.is_none() {
        selected.rows.reserve(rows.len());
    }
    let instants = &window.columns[usize::from(COLLECTED_AT.0)];
    let takes = |row: u32| {
        question.is_none_or(|question| {
            instants
                .get(row as usize)
                .is_some_and(|instant| question.contains(*instant))
        }) && dead.is_none_or(|dead| !dead.get((rows.start + row) as usize))
    };
    let mut shared = Vec::new();
    for (group, pair) in starts.windows(2).enumerate() {
        if is_shared(group) {
            shared.push((group, pair[0]..pair[1]));
            continue;
        }
        let before = selected.rows.len();
        selected
            .rows
            .extend((pair[0]..pair[1]).filter(|row| takes(*row)));
        if selected.rows.len() > before {
            selected.group_ends.push(selected.rows.len() as u32);
        }
    }
    for (group, rows) in shared {
        let before = selected.rows.len();
        selected.rows.extend(rows.filter(|row| takes(*row)));
        if selected.rows.len() > before {
            selected.shared.push((group, selected.rows.len() as u32));
        }
    }
    selected
}

/// Counts selected rows.
fn count(total: &Accumulator, columns: &[Vec<u64>], selected: &Selected) -> Result<Cube, BadCode> {
    let rows = cube::Rows {
        columns,
        rows: &selected.rows,
        group_ends: &selected.group_ends,
    };
    Cube::of(total.kind(), &total.wanted, &rows)
}

/// Puts the selected rows of shared sessions to what is known of them elsewhere.
fn join_shared(
    total: &mut Accumulator,
    selected: &Selected,
    page_of: impl Fn(u32) -> Result<Option<Vec<u8>>, QueryRefusal>,
    id_of: impl Fn(usize) -> Result<Vec<u8>, QueryRefusal>,
) -> Result<(), QueryRefusal> {
    let mut start = selected.group_ends.last().copied().unwrap_or(0) as usize;
    for (group, end) in &selected.shared {
        let rows = selected.rows.get(start..*end as usize).unwrap_or_default();
        start = *end as usize;
        let mut pages = Vec::new();
        for row in rows {
            pages.extend(page_of(*row)?);
        }
        let id = id_of(*group)?;
        total.join(&id, rows.len() as u64, pages.iter().map(Vec::as_slice));
    }
    Ok(())
}

fn page_text<M: Memory>(
    segment: &OpenSegment<'_, M>,
    kind: KindName,
    window: &Window,
    row: u32,
) -> Result<Option<Vec<u8>>, QueryRefusal> {
    let Some(page) = kind.page_column() else {
        return Ok(None);
    };
    let values = &window.columns[usize::from(page.0)];
    let code = values.get(row as usize).copied().unwrap_or_default();
    let code = code
        .checked_sub(1)
        .ok_or(QueryRefusal::damaged(RowError::Missing))?;
    Ok(Some(segment.text(Domain::Href, code)?))
}

/// Corrects the figures of a run that were added as written, for its marked sessions: takes each of them out
/// as it was written and joins what still counts of it.
fn correct<M: Memory>(
    total: &mut Accumulator,
    segment: &OpenSegment<'_, M>,
    run: &Run,
    budget: &mut Budget<'_>,
) -> Result<(), QueryRefusal> {
    let kind = total.kind();
    let dead = segment.marks(Markable::Rows(kind));
    if dead.is_none() && !total.wanted.sessions {
        return Ok(());
    }
    let Some(marked) = segment.marks(Markable::Sessions) else {
        return Ok(());
    };
    let marked: Vec<u32> = marked
        .ones()
        .map(|session| session as u32)
        .filter(|session| run.sessions.contains(session))
        .collect();
    if marked.is_empty() || !segment.file.has_table(super::segment_format::zones(kind)) {
        return Ok(());
    }
    let zones = segment.zones(kind, run.zones[kind.index()].clone())?;
    let dictionaries = match dead {
        Some(_) => segment.dictionaries(domains(kind, &total.wanted))?,
        None => Default::default(),
    };
    for session in marked {
        budget.check()?;
        let Some(group) = segment.group_of(kind, session)? else {
            continue;
        };
        let Some(zone) = (0..zones.len()).find(|zone| group < zones.zone(*zone).groups_end) else {
            continue;
        };
        let columns = match dead {
            Some(_) => needed(kind, &total.wanted, false),
            None => kind.page_column().into_iter().collect(),
        };
        let window = segment.window(kind, &zones, zone..zone + 1, columns)?;
        let at = (group - window.span.groups().start) as usize;
        let starts = window.span.starts();
        let (Some(start), Some(end)) = (starts.get(at), starts.get(at + 1)) else {
            continue;
        };
        let first = window.span.rows().start;
        let is_dead = |row: &u32| {
            dead.as_ref()
                .is_some_and(|dead| dead.get((first + row) as usize))
        };
        let rows: Vec<u32> = (*start..*end).collect();
        let (dead_rows, live_rows): (Vec<u32>, Vec<u32>) =
            rows.iter().partition(|row| is_dead(row));
        budget.charge_entries(rows.len() as u64)?;
        if total.wanted.sessions {
            let wanted = Wanted {
                sessions: true,
                ..Wanted::default()
            };
            let written = cube::Rows {
                columns: &window.columns,
                rows: &rows,
                group_ends: &[rows.len() as u32],
            };
            let mut cube = Cube::of(kind, &wanted, &written)?;
            cube.rows = 0;
            total.subtract(&cube, &dictionaries)?;
            if !live_rows.is_empty() {
                let mut pages = Vec::new();
                for row in &live_rows {
                    pages.extend(page_text(segment, kind, &window, *row)?);
                }
                let id = segment.session_id(session)?;
                total.join(&id, live_rows.len() as u64, pages.iter().map(Vec::as_slice));
            }
        }
        if !dead_rows.is_empty() {
            let wanted = Wanted {
                sessions: false,
                sums: false,
                ..total.wanted
            };
            let replaced = cube::Rows {
                columns: &window.columns,
                rows: &dead_rows,
                group_ends: &[],
            };
            let cube = Cube::of(kind, &wanted, &replaced)?;
            total.subtract(&cube, &dictionaries)?;
        }
    }
    Ok(())
}

impl segment::Zones {
    fn inside_or_overlapping(&self, place: usize, from: u64, last: u64) -> bool {
        let Zone {
            earliest, latest, ..
        } = self.zone(place);
        latest >= from && earliest <= last
    }
}
