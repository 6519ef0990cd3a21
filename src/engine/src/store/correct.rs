//! Corrects figures that were added as written for what happened since.

use super::accumulator::Accumulator;
use super::cube::{self, Cube, RowSet, Wanted};
use super::marks::{Bits, Markable};
use super::question::{domains, needed};
use super::scan::page_text;
use super::segment::{OpenSegment, Run};
use super::segment_format as format;
use super::window::Window;
use crate::budget::{Budget, QueryRefusal};
use crate::columns::Dictionaries;
use ic_stable_structures::Memory;
use std::ops::Range;

/// Corrects the figures of a run that were added as written, for its marked sessions: takes each of them out
/// as it was written and joins what still counts of it.
pub(super) fn correct<M: Memory>(
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
    if marked.is_empty() || !segment.file.has_table(format::zones(kind)) {
        return Ok(());
    }
    let zones = segment.zones(kind, run.zones[kind.index()].clone())?;
    let dictionaries = match dead {
        Some(_) => segment.dictionaries(domains(kind, &total.wanted))?,
        None => Dictionaries::default(),
    };
    for session in marked {
        budget.check()?;
        let Some(group) = segment.group_of(kind, session)? else {
            continue;
        };
        let Some(zone) = zones.of_group(group) else {
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
        budget.charge_entries(u64::from(end - start))?;
        let rows = MarkedRows::new(&window, *start..*end, dead.as_ref());
        if total.wanted.sessions {
            rows.join(total, segment, session, &dictionaries)?;
        }
        rows.take_out_dead(total, &dictionaries)?;
    }
    Ok(())
}

/// The rows of a marked session.
struct MarkedRows<'a> {
    window: &'a Window,
    all: Vec<u32>,
    live: Vec<u32>,
    dead: Vec<u32>,
}

impl<'a> MarkedRows<'a> {
    fn new(window: &'a Window, rows: Range<u32>, dead: Option<&Bits>) -> Self {
        let first = window.span.rows().start;
        let is_dead = |row: &u32| dead.is_some_and(|dead| dead.get((first + row) as usize));
        let (dead, live) = rows.clone().partition(is_dead);
        Self {
            window,
            all: rows.collect(),
            live,
            dead,
        }
    }

    fn of<'b>(&'b self, rows: &'b [u32], group_ends: &'b [u32]) -> cube::Rows<'b> {
        cube::Rows {
            columns: &self.window.columns,
            rows: RowSet::List(rows),
            group_ends,
        }
    }

    /// Takes the session out as it was written, and puts its live rows to what is known of it elsewhere.
    fn join<M: Memory>(
        &self,
        total: &mut Accumulator,
        segment: &OpenSegment<'_, M>,
        session: u32,
        dictionaries: &Dictionaries,
    ) -> Result<(), QueryRefusal> {
        let kind = total.kind();
        let wanted = Wanted {
            sessions: true,
            ..Wanted::NOTHING
        };
        let ends = [self.all.len() as u32];
        let mut written = Cube::of(kind, &wanted, &self.of(&self.all, &ends))?;
        // The entries themselves stay counted.
        written.rows = 0;
        total.subtract(&written, dictionaries)?;
        if self.live.is_empty() {
            return Ok(());
        }
        let mut pages = Vec::new();
        for row in &self.live {
            pages.extend(page_text(segment, kind, self.window, *row)?);
        }
        let id = segment.session_id(session)?;
        let pages = pages.iter().map(Vec::as_slice);
        total.join(&id, self.live.len() as u64, pages);
        Ok(())
    }

    /// Takes the rows out that others have taken the place of.
    fn take_out_dead(
        &self,
        total: &mut Accumulator,
        dictionaries: &Dictionaries,
    ) -> Result<(), QueryRefusal> {
        if self.dead.is_empty() {
            return Ok(());
        }
        // Sums aren't corrected: a segment with dead rows is scanned for them.
        let wanted = Wanted {
            sessions: false,
            sums: false,
            ..total.wanted
        };
        let cube = Cube::of(total.kind(), &wanted, &self.of(&self.dead, &[]))?;
        total.subtract(&cube, dictionaries)?;
        Ok(())
    }
}
