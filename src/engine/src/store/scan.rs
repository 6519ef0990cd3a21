//! Counts entries one by one, where not all of a segment's count, and those of the tail.

use super::Entries;
use super::accumulator::Accumulator;
use super::cube::{self, BadCode, Cube};
use super::marks::{Bits, Markable};
use super::question::{Question, domains, needed};
use super::row::RowError;
use super::segment::{OpenSegment, Run};
use super::window::Window;
use crate::budget::{Budget, QueryRefusal};
use crate::columns::{COLLECTED_AT, Domain};
use crate::kinds::KindName;
use ic_stable_structures::Memory;

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

pub(super) fn page_text<M: Memory>(
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
