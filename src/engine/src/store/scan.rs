//! Counts entries one by one, where not all of a segment's count, and those of the tail.

use super::Entries;
use super::accumulator::Accumulator;
use super::cube::{self, BadCode, Cube, RowSet};
use super::marks::{Bits, Markable};
use super::question::{Question, domains, needed};
use super::row::RowError;
use super::segment::{OpenSegment, Run};
use super::window::{Window, Zones};
use crate::budget::{Budget, QueryRefusal};
use crate::columns::{COLLECTED_AT, Dictionaries, Domain, TextSource};
use crate::kinds::KindName;
use ic_stable_structures::Memory;
use std::ops::Range;

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
    /// Counts the entries of the tail that a question is about.
    pub(super) fn add_tail(
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
    pub(super) fn select_tail(&self, question: &Question) -> Vec<u32> {
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
}

/// Whether marks are heeded by a scan, or all entries counted as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    Heeded,
    Ignored,
}

/// Counts the entries of a run that lie in the range, one by one. Zones at the edges of the range are looked
/// through by instant; those between them count as a whole.
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
    let heeded = |what| match marks {
        Marks::Heeded => segment.marks(what),
        Marks::Ignored => None,
    };
    let scan = Scan {
        segment,
        question,
        dead: heeded(Markable::Rows(kind)),
        shared: heeded(Markable::Sessions).filter(|_| total.wanted.sessions),
        dictionaries: segment.dictionaries(domains(kind, &total.wanted))?,
    };
    for (within, is_whole) in zones.parts(question.from, question.last) {
        budget.check()?;
        scan.part(total, &zones, within, is_whole, budget)?;
    }
    Ok(())
}

/// A scan of one run of a segment.
struct Scan<'a, M: Memory> {
    segment: &'a OpenSegment<'a, M>,
    question: &'a Question,
    dead: Option<Bits>,
    shared: Option<Bits>,
    dictionaries: Dictionaries,
}

impl<M: Memory> Scan<'_, M> {
    /// Counts the entries of neighbouring zones, of which all lie in the range if `is_whole` says so.
    fn part(
        &self,
        total: &mut Accumulator,
        zones: &Zones,
        within: Range<usize>,
        is_whole: bool,
        budget: &mut Budget<'_>,
    ) -> Result<(), QueryRefusal> {
        let kind = self.question.kind;
        let columns = needed(kind, &total.wanted, !is_whole);
        let window = self.segment.window(kind, zones, within, columns)?;
        budget.charge_entries(window.span.rows().len() as u64)?;
        if is_whole && self.dead.is_none() && self.shared.is_none() {
            let rows = cube::Rows {
                columns: &window.columns,
                rows: RowSet::Range(0, window.span.rows().len() as u32),
                group_ends: window.span.starts().get(1..).unwrap_or_default(),
            };
            let cube = Cube::of(kind, &total.wanted, &rows)?;
            total.add(&cube, &self.dictionaries)?;
            return Ok(());
        }
        let groups = window.span.groups();
        let sessions = match self.shared {
            Some(_) => self.segment.group_sessions(kind, groups)?,
            None => Vec::new(),
        };
        let is_shared = |group: usize| {
            let session = sessions.get(group).copied().unwrap_or(u64::MAX) as usize;
            self.shared
                .as_ref()
                .is_some_and(|shared| shared.get(session))
        };
        let question = (!is_whole).then_some(self.question);
        let selected = select(&window, question, self.dead.as_ref(), is_shared);
        let cube = count(total, &window.columns, &selected)?;
        total.add(&cube, &self.dictionaries)?;
        if total.wanted.sessions {
            self.join(total, &window, &selected, &sessions)?;
        }
        Ok(())
    }

    /// Puts the selected rows of shared sessions to what is known of them elsewhere. Few texts are read one by
    /// one, many at once.
    fn join(
        &self,
        total: &mut Accumulator,
        window: &Window,
        selected: &Selected,
        sessions: &[u64],
    ) -> Result<(), QueryRefusal> {
        let kind = self.question.kind;
        let segment = self.segment;
        let session = |group: usize| sessions.get(group).copied().unwrap_or_default() as u32;
        if selected.shared.len() <= FEW_SESSIONS {
            let page_of = |row| page_text(segment, kind, window, row);
            return join_shared(total, selected, page_of, |group| {
                Ok(segment.session_id(session(group))?)
            });
        }
        let pages = segment.dictionaries([Domain::Href])?;
        let first = session(0);
        let last = session(sessions.len().saturating_sub(1));
        let ids = segment.session_ids(first..last.saturating_add(1))?;
        let page_of = |row| {
            let Some(code) = page_code(kind, window, row)? else {
                return Ok(None);
            };
            let text = pages.text_of(Domain::Href, code);
            Ok(text.map(<[u8]>::to_vec))
        };
        join_shared(total, selected, page_of, |group| {
            let place = session(group).saturating_sub(first);
            Ok(ids.get(place as usize).to_vec())
        })
    }
}

/// Up to so many shared sessions are read one by one.
const FEW_SESSIONS: usize = 16;

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
        rows: RowSet::List(&selected.rows),
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

/// The code of a row's page, where the kind has any.
fn page_code(kind: KindName, window: &Window, row: u32) -> Result<Option<u64>, QueryRefusal> {
    let Some(page) = kind.page_column() else {
        return Ok(None);
    };
    let values = &window.columns[usize::from(page.0)];
    let code = values.get(row as usize).copied().unwrap_or_default();
    let code = code
        .checked_sub(1)
        .ok_or(QueryRefusal::damaged(RowError::Missing))?;
    Ok(Some(code))
}

pub(super) fn page_text<M: Memory>(
    segment: &OpenSegment<'_, M>,
    kind: KindName,
    window: &Window,
    row: u32,
) -> Result<Option<Vec<u8>>, QueryRefusal> {
    match page_code(kind, window, row)? {
        Some(code) => Ok(Some(segment.text(Domain::Href, code)?)),
        None => Ok(None),
    }
}
