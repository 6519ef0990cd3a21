//! A segment, open for reading.

use super::bytes;
use super::cube::CubeIndex;
use super::draft::Zone;
use super::extents::{Extent, Extents};
use super::manifest::{KindInfo, SegmentInfo};
use super::marks::{self, Bits, MarkCounts, Markable};
use super::rows::{self, RowFields};
use super::segment_format as format;
use super::window::{Window, Zones};
use crate::columns::{COLLECTED_AT, CREATED_AFTER, ColumnId, Dictionaries, Domain, Sort, VERSION};
use crate::entry::{AnalyticKey, Entry};
use crate::kinds::{Kind, KindName};
use crate::store::RowError;
use columnar::{Error, Segment, Source, Texts};
use ic_principal::Principal;
use ic_stable_structures::Memory;
use std::ops::Range;

/// The file in an extent.
pub(crate) struct ExtentSource<'a, M: Memory> {
    pub extents: &'a Extents<M>,
    pub extent: Extent,
    pub bytes: u64,
}

impl<M: Memory> Source for ExtentSource<'_, M> {
    fn len(&self) -> u64 {
        self.bytes
    }

    fn read(&self, offset: u64, bytes: &mut [u8]) -> Result<(), Error> {
        let end = offset.checked_add(bytes.len() as u64);
        if end.is_none_or(|end| end > self.bytes) {
            return Err(Error::Truncated);
        }
        self.extents.read(self.extent, offset, bytes);
        Ok(())
    }
}

/// A segment with its marks.
pub(crate) struct OpenSegment<'a, M: Memory> {
    pub info: &'a SegmentInfo,
    pub counts: MarkCounts,
    pub file: Segment<ExtentSource<'a, M>>,
    extents: &'a Extents<M>,
}

/// One satellite's part of a segment; of all satellites where `place` is their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub place: u64,
    pub sessions: Range<u32>,
    /// By kind.
    pub zones: [Range<u32>; KindName::ALL.len()],
}

/// Where an entry is within a segment, and what an overwrite has to agree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub row: u32,
    pub session: u32,
    pub satellite: Vec<u8>,
    pub session_id: Vec<u8>,
    pub created_after: u64,
    pub version: u64,
}

impl<'a, M: Memory> OpenSegment<'a, M> {
    pub(crate) fn open(
        extents: &'a Extents<M>,
        info: &'a SegmentInfo,
        counts: MarkCounts,
    ) -> Result<Self, Error> {
        let file = Segment::open(ExtentSource {
            extents,
            extent: info.extent,
            bytes: info.file_bytes,
        })?;
        Ok(Self {
            info,
            counts,
            file,
            extents,
        })
    }

    pub(crate) fn cubes(&self) -> Result<CubeIndex, Error> {
        CubeIndex::read(&self.file)
    }

    /// Marks of one sort; none is read if none is set.
    pub(crate) fn marks(&self, what: Markable) -> Option<Bits> {
        (self.counts.of(what) > 0).then(|| marks::read(self.extents, self.info, what))
    }

    fn satellites_len(&self) -> Result<u32, Error> {
        Ok(self.file.table(format::SATELLITES)?.rows())
    }

    /// The satellite at a place.
    fn satellite_bytes(&self, place: u32) -> Result<Vec<u8>, Error> {
        let table = self.file.table(format::SATELLITES)?;
        let texts = table.texts(format::TEXT, place..place + 1)?;
        Ok(texts.get(0).to_vec())
    }

    /// All satellites, with their runs.
    pub(crate) fn runs(&self) -> Result<Vec<(Vec<u8>, Run)>, Error> {
        let satellites = self.satellites_len()?;
        let table = self.file.table(format::SATELLITES)?;
        let texts = table.texts(format::TEXT, 0..satellites)?;
        (0..satellites)
            .map(|place| Ok((texts.get(place as usize).to_vec(), self.run_at(place)?)))
            .collect()
    }

    /// The run of a satellite, or the whole segment.
    pub(crate) fn run(&self, satellite_id: Option<&Principal>) -> Result<Option<Run>, Error> {
        let satellites = self.satellites_len()?;
        let Some(satellite_id) = satellite_id else {
            let mut zones = [const { 0..0 }; KindName::ALL.len()];
            for kind in KindName::ALL {
                if self.file.has_table(format::zones(kind)) {
                    zones[kind.index()] = 0..self.file.table(format::zones(kind))?.rows();
                }
            }
            if satellites == 1 {
                return self.run_at(0).map(Some);
            }
            return Ok(Some(Run {
                place: satellites.into(),
                sessions: 0..self.info.sessions,
                zones,
            }));
        };
        let (mut low, mut high) = (0, satellites);
        while low < high {
            let middle = low.midpoint(high);
            match bytes::compare(&self.satellite_bytes(middle)?, satellite_id.as_slice()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.run_at(middle).map(Some),
            }
        }
        Ok(None)
    }

    fn run_at(&self, place: u32) -> Result<Run, Error> {
        let table = self.file.table(format::SATELLITES)?;
        let before = place.saturating_sub(1);
        let span = table.span(before..place + 1, 0..0)?;
        let mut ends = Vec::new();
        let mut range = |column| -> Result<Range<u32>, Error> {
            table.numbers(column, &span, &mut ends)?;
            let end = ends.last().copied().unwrap_or_default() as u32;
            let start = if place == 0 { 0 } else { ends[0] as u32 };
            Ok(start..end)
        };
        let sessions = range(format::SESSIONS_END)?;
        let mut zones = [const { 0..0 }; KindName::ALL.len()];
        for kind in KindName::ALL {
            zones[kind.index()] = range(format::zones_end(kind))?;
        }
        Ok(Run {
            place: place.into(),
            sessions,
            zones,
        })
    }

    /// The entries of each kind in a run: how many, the earliest and the latest instant.
    pub(crate) fn run_rows(&self, run: &Run) -> Result<[KindInfo; KindName::ALL.len()], Error> {
        let mut infos = [KindInfo::default(); KindName::ALL.len()];
        for kind in KindName::ALL {
            let zones = self.zones(kind, run.zones[kind.index()].clone())?;
            infos[kind.index()] = zones.info();
        }
        Ok(infos)
    }

    /// The rows of a kind that belong to a run.
    pub(crate) fn run_row_range(&self, kind: KindName, run: &Run) -> Result<Range<u32>, Error> {
        let zones = self.zones(kind, run.zones[kind.index()].clone())?;
        Ok(match zones.len() {
            0 => 0..0,
            all => zones.extent(0..all).0,
        })
    }

    /// Zones of a kind, each with where the one before it ends: the first of them is before the first of
    /// `range`, or zeros.
    pub(crate) fn zones(&self, kind: KindName, range: Range<u32>) -> Result<Zones, Error> {
        if range.is_empty() {
            return Ok(Zones::default());
        }
        let table = self.file.table(format::zones(kind))?;
        let before = range.start.saturating_sub(1);
        let span = table.span(before..range.end, 0..0)?;
        let mut columns = [const { Vec::new() }; 4];
        for (column, values) in columns.iter_mut().enumerate() {
            table.numbers(column as u16, &span, values)?;
        }
        let [rows_end, groups_end, earliest, latest] = columns;
        let ends = rows_end.into_iter().zip(groups_end);
        let instants = earliest.into_iter().zip(latest);
        let mut zones: Vec<Zone> = ends
            .zip(instants)
            .map(|((rows_end, groups_end), (earliest, latest))| Zone {
                rows_end: rows_end as u32,
                groups_end: groups_end as u32,
                earliest,
                latest,
            })
            .collect();
        if range.start == 0 {
            zones.insert(
                0,
                Zone {
                    rows_end: 0,
                    groups_end: 0,
                    earliest: 0,
                    latest: 0,
                },
            );
        }
        Ok(Zones(zones))
    }

    /// All zones of a kind that the segment has entries of.
    pub(crate) fn all_zones(&self, kind: KindName) -> Result<Zones, Error> {
        let all = self.file.table(format::zones(kind))?.rows();
        self.zones(kind, 0..all)
    }

    /// Decodes columns of the zones `zones`, counted within `of`.
    pub(crate) fn window(
        &self,
        kind: KindName,
        of: &Zones,
        zones: Range<usize>,
        columns: impl IntoIterator<Item = ColumnId>,
    ) -> Result<Window, Error> {
        let (rows, groups) = of.extent(zones);
        let table = self.file.table(format::rows(kind))?;
        let span = table.span(rows, groups)?;
        let mut window = Window {
            span,
            columns: vec![Vec::new(); kind.columns().len()],
        };
        for column in columns {
            if let Some(values) = window.columns.get_mut(usize::from(column.0)) {
                table.numbers(column.0, &window.span, values)?;
            }
        }
        Ok(window)
    }

    /// The sessions of neighbouring groups.
    pub(crate) fn group_sessions(
        &self,
        kind: KindName,
        groups: Range<u32>,
    ) -> Result<Vec<u64>, Error> {
        let table = self.file.table(format::groups(kind))?;
        let mut sessions = Vec::new();
        table.numbers(format::SESSION, &table.span(groups, 0..0)?, &mut sessions)?;
        Ok(sessions)
    }

    /// The group of a session among those of a kind.
    pub(crate) fn group_of(&self, kind: KindName, session: u32) -> Result<Option<u32>, Error> {
        if !self.file.has_table(format::groups(kind)) {
            return Ok(None);
        }
        let groups = self.file.table(format::groups(kind))?.rows();
        // Every session has entries of the kind: its group is at its own place.
        if groups == self.info.sessions {
            return Ok(Some(session));
        }
        let (mut low, mut high) = (0, groups);
        while low < high {
            let middle = low.midpoint(high);
            let found = self.group_sessions(kind, middle..middle + 1)?;
            let found = found.first().copied().unwrap_or_default();
            match found.cmp(&session.into()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(middle)),
            }
        }
        Ok(None)
    }

    /// The id of a session.
    pub(crate) fn session_id(&self, session: u32) -> Result<Vec<u8>, Error> {
        let table = self.file.table(format::SESSIONS)?;
        let texts = table.texts(format::TEXT, session..session + 1)?;
        Ok(texts.get(0).to_vec())
    }

    /// The ids of neighbouring sessions.
    pub(crate) fn session_ids(&self, sessions: Range<u32>) -> Result<Texts, Error> {
        let table = self.file.table(format::SESSIONS)?;
        let end = sessions.end.min(table.rows());
        table.texts(format::TEXT, sessions.start.min(end)..end)
    }

    /// One text of a dictionary.
    pub(crate) fn text(&self, domain: Domain, code: u64) -> Result<Vec<u8>, Error> {
        let code = u32::try_from(code).unwrap_or(u32::MAX);
        self.file.dictionary(domain as u16)?.get(code)
    }

    /// The dictionaries of these domains; the others are empty.
    pub(crate) fn dictionaries(
        &self,
        domains: impl IntoIterator<Item = Domain>,
    ) -> Result<Dictionaries, Error> {
        dictionaries(&self.file, domains)
    }

    /// Finds the entry of a kind and key among the zones that may have it.
    pub(crate) fn find(&self, kind: KindName, key: &AnalyticKey) -> Result<Option<Place>, Error> {
        let info = &self.info.kinds[kind.index()];
        if info.rows == 0 || key.collected_at < info.earliest || key.collected_at > info.latest {
            return Ok(None);
        }
        let zones = self.all_zones(kind)?;
        let may_have = |zone: &usize| zones.overlaps(*zone, key.collected_at, key.collected_at);
        let may_have: Vec<usize> = (0..zones.len()).filter(may_have).collect();
        for neighbours in may_have.chunk_by(|a, b| a + 1 == *b) {
            if let [first, .., last] | [first @ last] = neighbours
                && let Some(place) = self.find_within(kind, key, &zones, *first..last + 1)?
            {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// The entry of a kind at a row, if it has this key.
    pub(crate) fn find_at(
        &self,
        kind: KindName,
        key: &AnalyticKey,
        row: u32,
    ) -> Result<Option<Place>, Error> {
        if row >= self.info.kinds[kind.index()].rows {
            return Ok(None);
        }
        let table = self.file.table(format::rows(kind))?;
        if table.texts(format::KEY, row..row + 1)?.get(0) != key.key.as_bytes() {
            return Ok(None);
        }
        let zones = self.all_zones(kind)?;
        match zones.of_row(row) {
            Some(zone) => self.find_within(kind, key, &zones, zone..zone + 1),
            None => Ok(None),
        }
    }

    /// Finds the entry of a kind and key among those of a session.
    pub(crate) fn find_in_session(
        &self,
        kind: KindName,
        key: &AnalyticKey,
        session: u32,
    ) -> Result<Option<Place>, Error> {
        let Some(group) = self.group_of(kind, session)? else {
            return Ok(None);
        };
        let zones = self.all_zones(kind)?;
        match zones.of_group(group) {
            Some(zone) => self.find_within(kind, key, &zones, zone..zone + 1),
            None => Ok(None),
        }
    }

    fn find_within(
        &self,
        kind: KindName,
        key: &AnalyticKey,
        zones: &Zones,
        within: Range<usize>,
    ) -> Result<Option<Place>, Error> {
        let columns = [COLLECTED_AT, CREATED_AFTER, VERSION];
        let window = self.window(kind, zones, within, columns)?;
        let dead = self.marks(Markable::Rows(kind));
        let first = window.span.rows().start;
        let table = self.file.table(format::rows(kind))?;
        let instants = &window.columns[usize::from(COLLECTED_AT.0)];
        for (at, _) in (0_u32..)
            .zip(instants)
            .filter(|(_, at)| **at == key.collected_at)
        {
            let row = first + at;
            if !bytes::equal(
                table.texts(format::KEY, row..row + 1)?.get(0),
                key.key.as_bytes(),
            ) || dead.as_ref().is_some_and(|dead| dead.get(row as usize))
            {
                continue;
            }
            let group = window.span.groups().start + window.group_of(at) as u32;
            let session = self.group_sessions(kind, group..group + 1)?;
            let session = session.first().copied().unwrap_or_default() as u32;
            let value = |column: ColumnId| {
                let values = &window.columns[usize::from(column.0)];
                values.get(at as usize).copied().unwrap_or_default()
            };
            return Ok(Some(Place {
                row,
                session,
                satellite: self.satellite_of(session)?,
                session_id: self.session_id(session)?,
                created_after: value(CREATED_AFTER),
                version: value(VERSION),
            }));
        }
        Ok(None)
    }

    /// The values of one row.
    pub(crate) fn row_values(
        &self,
        kind: KindName,
        row: u32,
        columns: impl IntoIterator<Item = ColumnId>,
    ) -> Result<(Window, usize), Error> {
        let zones = self.all_zones(kind)?;
        let number = zones.of_row(row).ok_or(Error::Truncated)?;
        let window = self.window(kind, &zones, number..number + 1, columns)?;
        let at = row - window.span.rows().start;
        Ok((window, at as usize))
    }

    /// The satellite of a session.
    pub(crate) fn satellite_of(&self, session: u32) -> Result<Vec<u8>, Error> {
        let table = self.file.table(format::SATELLITES)?;
        let mut ends = Vec::new();
        table.numbers(format::SESSIONS_END, &table.all()?, &mut ends)?;
        let place = ends.partition_point(|end| *end <= session.into());
        self.satellite_bytes(place as u32)
    }

    /// Copies entries of a window out: those at the places `rows` of it.
    pub(crate) fn entries<K: Kind>(
        &self,
        window: &Window,
        rows: &[u32],
        mut visit: impl FnMut(AnalyticKey, Entry<K>) -> Result<(), EntryError>,
    ) -> Result<(), EntryError> {
        let domains = K::COLUMNS.iter().filter_map(|column| match column.sort {
            Sort::Text(domain) => Some(domain),
            Sort::Number | Sort::Float => None,
        });
        let dictionaries = self.dictionaries(domains)?;
        let table = self.file.table(format::rows(K::NAME))?;
        let sessions = self.group_sessions(K::NAME, window.span.groups())?;
        let first = window.span.rows().start;
        let mut satellite = (u32::MAX, Vec::new());
        for at in rows {
            let row = first + at;
            let session = sessions
                .get(window.group_of(*at))
                .copied()
                .unwrap_or_default() as u32;
            if satellite.0 != session {
                satellite = (session, self.satellite_of(session)?);
            }
            let unique = match table.has_column(format::UNIQUE) {
                true => table.texts(format::UNIQUE, row..row + 1)?,
                false => Default::default(),
            };
            let fields = RowFields {
                columns: &window.columns,
                row: *at as usize,
                unique: unique.get(0),
                texts: &dictionaries,
            };
            let satellite_id =
                Principal::try_from_slice(&satellite.1).map_err(|_| RowError::BadKey)?;
            let key = table.texts(format::KEY, row..row + 1)?;
            let id = self.session_id(session)?;
            let (key, entry) = rows::take(&fields, satellite_id, &id, key.get(0))?;
            visit(key, entry)?;
        }
        Ok(())
    }
}

/// Why entries can't be copied out.
pub(crate) enum EntryError {
    Segment(Error),
    Row(RowError),
    Refused(crate::budget::QueryRefusal),
}

impl From<Error> for EntryError {
    fn from(error: Error) -> Self {
        Self::Segment(error)
    }
}

impl From<RowError> for EntryError {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

/// The dictionaries of these domains of a file; the others are empty.
pub(crate) fn dictionaries<S: Source>(
    file: &Segment<S>,
    domains: impl IntoIterator<Item = Domain>,
) -> Result<Dictionaries, Error> {
    let mut dictionaries = Dictionaries::default();
    for domain in domains {
        let texts = &mut dictionaries[domain as usize];
        if texts.is_empty() && file.has_dictionary(domain as u16) {
            *texts = file.dictionary(domain as u16)?.load()?;
        }
    }
    Ok(dictionaries)
}
