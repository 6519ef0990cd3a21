//! What is stored, in figures.

use super::manifest::KindInfo;
use super::marks::Markable;
use super::{Entries, RowError};
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::KindName;
use crate::overview::{Overview, SatelliteOverview, SegmentSummary};
use ic_principal::Principal;
use ic_stable_structures::Memory;
use std::collections::BTreeMap;

const DAY: u64 = 24 * 60 * 60 * 1_000_000_000;

/// Over how many days the rate is taken.
const RATE_DAYS: u64 = 30;

/// What a satellite may take in a reply: its id, seven numbers and their lengths.
const REPLY_BYTES: usize = 96;

/// What is known of one satellite.
#[derive(Clone, Copy)]
struct Found {
    kinds: [u64; KindName::ALL.len()],
    segments: u64,
    oldest: u64,
    newest: u64,
}

impl Found {
    const NOTHING: Self = Self {
        kinds: [0; KindName::ALL.len()],
        segments: 0,
        oldest: u64::MAX,
        newest: 0,
    };

    fn add(&mut self, kind: KindName, info: KindInfo) {
        if info.rows > 0 {
            self.kinds[kind.index()] += u64::from(info.rows);
            self.oldest = self.oldest.min(info.earliest);
            self.newest = self.newest.max(info.latest);
        }
    }
}

impl<M: Memory> Entries<M> {
    /// What is stored at the instant `now`, in figures.
    pub(crate) fn overview(
        &self,
        now: u64,
        budget: &mut Budget<'_>,
    ) -> Result<Overview, QueryRefusal> {
        let mut satellites = BTreeMap::new();
        self.count_tail(&mut satellites);
        for id in self.manifest.segments.keys() {
            budget.check()?;
            self.count_segment(*id, &mut satellites)?;
        }
        let satellites = satellites
            .into_iter()
            .filter(|(_, found)| found.kinds.iter().any(|rows| *rows > 0))
            .map(|(bytes, found)| {
                budget.charge_reply(REPLY_BYTES)?;
                let [page_views, track_events, performance_metrics] = found.kinds;
                Ok(SatelliteOverview {
                    satellite_id: Principal::try_from_slice(&bytes)
                        .map_err(|_| QueryRefusal::damaged(RowError::BadKey))?,
                    page_views,
                    track_events,
                    performance_metrics,
                    segments: found.segments,
                    oldest: found.oldest,
                    newest: found.newest,
                })
            })
            .collect::<Result<Vec<_>, QueryRefusal>>()?;
        let entries = satellites.iter().map(|satellite| {
            satellite.page_views + satellite.track_events + satellite.performance_metrics
        });
        let live_bytes = self.extents.live_bytes() + self.tail.log_bytes();
        Ok(Overview {
            entries: entries.sum(),
            fresh_entries: self.tail.len().into(),
            segments: self.manifest.segments.len() as u64,
            live_bytes,
            grown_bytes: self.extents.grown_bytes() + self.tail.grown_bytes(),
            capacity_bytes: self.extents.capacity(),
            oldest: satellites.iter().map(|satellite| satellite.oldest).min(),
            newest: satellites.iter().map(|satellite| satellite.newest).max(),
            days_until_full: self.days_until_full(live_bytes, now),
            satellites,
        })
    }

    fn count_tail(&self, satellites: &mut BTreeMap<Vec<u8>, Found>) {
        let rows = &self.tail.rows;
        for kind in KindName::ALL {
            let of_kind = rows.kind(kind);
            for row in (0..of_kind.len()).filter(|row| !of_kind.dead[*row]) {
                let bytes = rows
                    .satellites
                    .texts()
                    .get(of_kind.satellites[row] as usize);
                let at = of_kind.collected_at(row);
                let info = KindInfo {
                    rows: 1,
                    earliest: at,
                    latest: at,
                };
                match satellites.get_mut(bytes) {
                    Some(found) => found.add(kind, info),
                    None => {
                        let mut found = Found::NOTHING;
                        found.add(kind, info);
                        satellites.insert(bytes.to_vec(), found);
                    }
                }
            }
        }
    }

    fn count_segment(
        &self,
        id: u32,
        satellites: &mut BTreeMap<Vec<u8>, Found>,
    ) -> Result<(), QueryRefusal> {
        let Some(segment) = self.open_segment(id)? else {
            return Ok(());
        };
        for (bytes, run) in segment.runs()? {
            let found = satellites.entry(bytes).or_insert(Found::NOTHING);
            found.segments += 1;
            for (kind, info) in KindName::ALL.into_iter().zip(segment.run_rows(&run)?) {
                found.add(kind, info);
                let Some(dead) = segment.marks(Markable::Rows(kind)) else {
                    continue;
                };
                let rows = segment.run_row_range(kind, &run)?;
                let dead = dead.ones().filter(|row| rows.contains(&(*row as u32)));
                found.kinds[kind.index()] -= (dead.count() as u64).min(found.kinds[kind.index()]);
            }
        }
        Ok(())
    }

    /// In how many days the capacity is reached at the rate of the last 30 days. The log counts with what it
    /// holds now.
    fn days_until_full(&self, live_bytes: u64, now: u64) -> Option<u64> {
        let since = now.saturating_sub(RATE_DAYS * DAY);
        let segments = self.manifest.segments.values();
        let recent = segments.clone().filter(|info| info.created_at >= since);
        let recent_bytes =
            recent.map(|info| info.extent.bytes).sum::<u64>() + self.tail.log_bytes();
        let first = segments.map(|info| info.created_at).min().unwrap_or(now);
        let nanos = now.saturating_sub(first.max(since)).max(DAY);
        let bytes_per_day = recent_bytes as f64 / (nanos as f64 / DAY as f64);
        let free = self.extents.capacity().saturating_sub(live_bytes);
        (bytes_per_day > 0.0).then(|| (free as f64 / bytes_per_day) as u64)
    }

    /// The segments, oldest first.
    pub(crate) fn segments(&self) -> Vec<SegmentSummary> {
        let summary = |(id, info): (&u32, &super::manifest::SegmentInfo)| {
            let kinds = info.kinds.iter().filter(|kind| kind.rows > 0);
            SegmentSummary {
                id: (*id).into(),
                bytes: info.file_bytes,
                entries: info.rows(),
                oldest: kinds
                    .clone()
                    .map(|kind| kind.earliest)
                    .min()
                    .unwrap_or_default(),
                newest: kinds.map(|kind| kind.latest).max().unwrap_or_default(),
                created_at: info.created_at,
            }
        };
        self.manifest.segments.iter().map(summary).collect()
    }

    /// Bytes of a segment's file from `offset` on, at most `length` of them, and how many it has in all; none
    /// if there is no such segment.
    pub(crate) fn segment_bytes(
        &self,
        id: u64,
        offset: u64,
        length: usize,
    ) -> Option<(Vec<u8>, u64)> {
        let info = self.manifest.segments.get(&u32::try_from(id).ok()?)?;
        let rest = info.file_bytes.saturating_sub(offset);
        let mut bytes = vec![0; rest.min(length as u64) as usize];
        self.extents.read(info.extent, offset, &mut bytes);
        Some((bytes, info.file_bytes))
    }
}
