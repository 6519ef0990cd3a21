//! Entries as they were stored.

use super::Entries;
use super::marks::{Bits, Markable};
use super::question::Question;
use super::segment::EntryError;
use super::window::Window;
use crate::budget::{Budget, QueryRefusal};
use crate::columns::COLLECTED_AT;
use crate::entry::{AnalyticKey, Entry, EntryRange};
use crate::kinds::Kind;
use ic_stable_structures::Memory;

/// How many bytes an entry may take in a Candid reply beyond those of its key, satellite and row: presence
/// bytes of up to 13 optional fields, 8-byte numbers (created_at is one here too, updated_at and version
/// are not) and lengths of key and satellite.
const REPLY_OVERHEAD: usize = 48;

impl<M: Memory> Entries<M> {
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
            let dead = segment.marks(Markable::Rows(K::NAME));
            for zone in 0..zones.len() {
                if !zones.overlaps(zone, question.from, question.last) {
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
