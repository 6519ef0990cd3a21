//! Zones of a segment, and the rows of some of them, decoded.

use super::draft::Zone;
use super::manifest::KindInfo;
use columnar::Span;
use std::ops::Range;

/// The most parts that zones are scanned in.
const MOST_PARTS: usize = 16;

/// Rows of some neighbouring zones, decoded.
pub(crate) struct Window {
    pub span: Span,
    /// By column; empty where it wasn't asked for.
    pub columns: Vec<Vec<u64>>,
}

impl Window {
    /// The group, counted within the window, of the row at a place of the window.
    pub(crate) fn group_of(&self, at: u32) -> usize {
        let starts = self.span.starts();
        starts
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }
}

/// Neighbouring zones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Zones(pub(super) Vec<Zone>);

impl Zones {
    pub(crate) fn len(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// How many entries the zones have, the earliest and the latest instant.
    pub(super) fn info(&self) -> KindInfo {
        let zones = self.0.get(1..).unwrap_or_default();
        let (first, last) = (self.0.first(), self.0.last());
        let rows = |zone: Option<&Zone>| zone.map_or(0, |zone| zone.rows_end);
        KindInfo {
            rows: rows(last).saturating_sub(rows(first)),
            earliest: zones
                .iter()
                .map(|zone| zone.earliest)
                .min()
                .unwrap_or_default(),
            latest: zones
                .iter()
                .map(|zone| zone.latest)
                .max()
                .unwrap_or_default(),
        }
    }

    /// The zone at a place.
    pub(crate) fn zone(&self, place: usize) -> Zone {
        self.0[place + 1]
    }

    /// The zone of a row.
    pub(crate) fn of_row(&self, row: u32) -> Option<usize> {
        (0..self.len()).find(|zone| row < self.zone(*zone).rows_end)
    }

    /// The zone of a group.
    pub(crate) fn of_group(&self, group: u32) -> Option<usize> {
        (0..self.len()).find(|zone| group < self.zone(*zone).groups_end)
    }

    /// Rows and groups of neighbouring zones.
    pub(super) fn extent(&self, zones: Range<usize>) -> (Range<u32>, Range<u32>) {
        let (start, end) = (self.0[zones.start], self.0[zones.end]);
        (
            start.rows_end..end.rows_end,
            start.groups_end..end.groups_end,
        )
    }

    /// The zones that have instants in `from..=last`, in parts of neighbours; and whether all instants of a
    /// part lie in it.
    pub(crate) fn parts(&self, from: u64, last: u64) -> Vec<(Range<usize>, bool)> {
        let mut parts: Vec<(Range<usize>, bool)> = Vec::new();
        for zone in (0..self.len()).filter(|zone| self.overlaps(*zone, from, last)) {
            let is_whole = self.inside(zone..zone + 1, from, last);
            match parts.last_mut() {
                Some((part, whole)) if part.end == zone && *whole == is_whole => part.end += 1,
                _ => parts.push((zone..zone + 1, is_whole)),
            }
        }
        // Zones of many satellites: looking through all of them costs less than so many parts.
        match (parts.first(), parts.last()) {
            (Some((first, _)), Some((last, _))) if parts.len() > MOST_PARTS => {
                vec![(first.start..last.end, false)]
            }
            _ => parts,
        }
    }

    /// Whether a zone may have instants in `from..=last`.
    pub(crate) fn overlaps(&self, place: usize, from: u64, last: u64) -> bool {
        let zone = self.zone(place);
        zone.latest >= from && zone.earliest <= last
    }

    /// Whether all instants of neighbouring zones lie in `from..=last`.
    pub(crate) fn inside(&self, zones: Range<usize>, from: u64, last: u64) -> bool {
        let mut zones = self.0[zones.start + 1..=zones.end].iter();
        zones.all(|zone| zone.earliest >= from && zone.latest <= last)
    }
}
