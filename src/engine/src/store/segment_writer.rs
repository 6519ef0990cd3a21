//! Writes a draft as a segment, and reads it back before anybody relies on it.

use super::bytes;
use super::cube::{self, Cube, Cubes, RowSet, Wanted};
use super::draft::{Draft, DraftKind};
use super::manifest::KindInfo;
use super::marks::Bits;
use super::segment_format as format;
use crate::columns::{ColumnId, Domain, Shape};
use crate::kinds::KindName;
use columnar::{Error, Hint, Segment, SegmentWriter, Texts};
use std::fmt;

/// Why a segment can't be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// The format can't hold it.
    Format(Error),
    /// What was written doesn't read back as it was: nothing of it is kept.
    NotTheSame {
        /// The table of the segment that differs.
        table: u16,
        /// Its column.
        column: u16,
    },
    /// A number by which is counted is too large.
    BadCode {
        /// The number.
        code: u64,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(error) => write!(f, "A segment can't be written: {error}"),
            Self::NotTheSame { table, column } => write!(
                f,
                "A segment doesn't read back as it was written (table {table}, column {column}); \
                 its entries stay in the log."
            ),
            Self::BadCode { code } => write!(f, "The number {code} can't be counted by."),
        }
    }
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        Self::Format(error)
    }
}

/// A segment's file and what the manifest says of it.
pub(crate) struct Written {
    pub file: Vec<u8>,
    pub sessions: u32,
    pub kinds: [KindInfo; KindName::ALL.len()],
    /// The sessions that may have entries elsewhere.
    pub shared: Bits,
}

/// Writes `draft`; kinds of which a satellite has at least `cube_rows` entries get cubes.
pub(crate) fn write(draft: &Draft<'_>, cube_rows: u32) -> Result<Written, WriteError> {
    let mut writer = SegmentWriter::new();
    for domain in Domain::ALL {
        let texts = &draft.dictionaries[domain as usize];
        if !texts.is_empty() {
            writer.dictionary(domain as u16, texts.iter().copied())?;
        }
    }
    write_satellites(draft, &mut writer)?;
    let ids: Vec<&[u8]> = draft.sessions.iter().map(|session| session.id).collect();
    let mut sessions = writer.table(format::SESSIONS, ids.len() as u32)?;
    sessions.texts(format::TEXT, &ids)?;
    for kind in KindName::ALL {
        let rows = &draft.kinds[kind.index()];
        if !rows.keys.is_empty() {
            write_rows(kind, rows, &mut writer)?;
            write_zones(kind, rows, &mut writer)?;
        }
    }
    count(draft, cube_rows)?.write(&mut writer)?;
    let file = writer.finish();
    verify(draft, &file)?;
    let mut shared = Bits::zeros(draft.sessions.len());
    for (number, session) in draft.sessions.iter().enumerate() {
        if session.shared {
            shared.set(number);
        }
    }
    Ok(Written {
        file,
        sessions: draft.sessions.len() as u32,
        kinds: KindName::ALL.map(|kind| info(&draft.kinds[kind.index()])),
        shared,
    })
}

fn info(rows: &DraftKind<'_>) -> KindInfo {
    let earliest = rows.zones.iter().map(|zone| zone.earliest).min();
    let latest = rows.zones.iter().map(|zone| zone.latest).max();
    KindInfo {
        rows: rows.keys.len() as u32,
        earliest: earliest.unwrap_or_default(),
        latest: latest.unwrap_or_default(),
    }
}

fn write_satellites(draft: &Draft<'_>, writer: &mut SegmentWriter) -> Result<(), Error> {
    let satellites = &draft.satellites;
    let mut table = writer.table(format::SATELLITES, satellites.len() as u32)?;
    let texts: Vec<&[u8]> = satellites.iter().map(|satellite| satellite.bytes).collect();
    table.texts(format::TEXT, &texts)?;
    let sessions_end = satellites
        .iter()
        .map(|satellite| satellite.sessions_end.into());
    let sessions_end: Vec<u64> = sessions_end.collect();
    table.numbers(format::SESSIONS_END, &sessions_end, Hint::Ascending)?;
    for kind in KindName::ALL {
        let ends = satellites
            .iter()
            .map(|satellite| satellite.zones_end[kind.index()].into());
        let ends: Vec<u64> = ends.collect();
        table.numbers(format::zones_end(kind), &ends, Hint::Ascending)?;
    }
    Ok(())
}

fn write_rows(
    kind: KindName,
    rows: &DraftKind<'_>,
    writer: &mut SegmentWriter,
) -> Result<(), Error> {
    let mut groups = writer.table(format::groups(kind), rows.group_sizes.len() as u32)?;
    groups.numbers(format::SESSION, &rows.group_sessions, Hint::Ascending)?;
    let mut table = writer.grouped_table(format::rows(kind), &rows.group_sizes)?;
    for (column, values) in kind.columns().iter().zip(&rows.columns) {
        let hint = match (column.shape, column.sort) {
            (Shape::Any, crate::columns::Sort::Float) => Hint::Decimal,
            (Shape::Any, _) => Hint::None,
            (Shape::Ascending, _) => Hint::Ascending,
            (Shape::PerSession, _) => Hint::PerGroup,
            (Shape::Follows(ColumnId(column)), _) => Hint::Follows {
                column,
                values: &rows.columns[usize::from(column)],
            },
        };
        table.numbers(column.id.0, values, hint)?;
    }
    table.texts(format::KEY, &rows.keys)?;
    if rows.uniques.iter().any(|unique| !unique.is_empty()) {
        table.texts(format::UNIQUE, &rows.uniques)?;
    }
    Ok(())
}

fn write_zones(
    kind: KindName,
    rows: &DraftKind<'_>,
    writer: &mut SegmentWriter,
) -> Result<(), Error> {
    let zones = &rows.zones;
    let mut table = writer.table(format::zones(kind), zones.len() as u32)?;
    let mut write = |column, values: Vec<u64>, hint| table.numbers(column, &values, hint);
    let ends = |end: fn(&super::draft::Zone) -> u32| zones.iter().map(move |zone| end(zone).into());
    write(
        format::ROWS_END,
        ends(|zone| zone.rows_end).collect(),
        Hint::Ascending,
    )?;
    write(
        format::GROUPS_END,
        ends(|zone| zone.groups_end).collect(),
        Hint::Ascending,
    )?;
    let earliest = zones.iter().map(|zone| zone.earliest).collect();
    write(format::EARLIEST, earliest, Hint::Ascending)?;
    let latest = zones.iter().map(|zone| zone.latest).collect();
    write(format::LATEST, latest, Hint::Ascending)
}

/// Everything that cubes count of a kind.
pub(crate) fn everything(kind: KindName) -> Wanted {
    Wanted {
        sessions: true,
        slots: true,
        counts: kind.counted_columns(),
        sums: kind.summed_columns().is_some(),
    }
}

/// The cubes of every kind and satellite that has enough entries, and of all satellites together.
fn count(draft: &Draft<'_>, cube_rows: u32) -> Result<Cubes, WriteError> {
    let mut cubes = Cubes::default();
    let satellites = draft.satellites.len() as u64;
    for kind in KindName::ALL {
        let rows = &draft.kinds[kind.index()];
        let zone_end = |zones: u32| {
            let last = (zones as usize)
                .checked_sub(1)
                .and_then(|last| rows.zones.get(last));
            last.map_or((0, 0), |zone| (zone.rows_end, zone.groups_end))
        };
        let mut runs = Vec::new();
        let mut start = (0, 0);
        for (place, satellite) in draft.satellites.iter().enumerate() {
            let end = zone_end(satellite.zones_end[kind.index()]);
            let end = (end.0.max(start.0), end.1.max(start.1));
            runs.push((place as u64, start, end));
            start = end;
        }
        if satellites > 1 {
            runs.push((satellites, (0, 0), start));
        }
        for (place, start, end) in runs {
            if end.0 - start.0 < cube_rows.max(1) {
                continue;
            }
            let sizes = &rows.group_sizes[start.1 as usize..end.1 as usize];
            let group_ends: Vec<u32> = sizes
                .iter()
                .scan(0, |end, size| {
                    *end += size;
                    Some(*end)
                })
                .collect();
            let counted = cube::Rows {
                columns: &rows.columns,
                rows: RowSet::Range(start.0, end.0),
                group_ends: &group_ends,
            };
            let cube = Cube::of(kind, &everything(kind), &counted)
                .map_err(|bad| WriteError::BadCode { code: bad.code })?;
            cubes.cubes.push((kind, place, cube));
        }
    }
    Ok(cubes)
}

/// Reads `file` back and compares every checksum, text and number with the draft.
fn verify(draft: &Draft<'_>, file: &[u8]) -> Result<(), WriteError> {
    let segment = Segment::open(file)?;
    segment.verify()?;
    for domain in Domain::ALL {
        let texts = &draft.dictionaries[domain as usize];
        if !texts.is_empty() {
            let read = segment.dictionary(domain as u16)?.load()?;
            let same = same_texts(&read, texts.iter().copied());
            same_or(same, format::SATELLITES, domain as u16)?;
        }
    }
    let sessions = segment.table(format::SESSIONS)?;
    let ids = sessions.texts(format::TEXT, 0..sessions.rows())?;
    let same = same_texts(&ids, draft.sessions.iter().map(|session| session.id));
    same_or(same, format::SESSIONS, format::TEXT)?;
    let mut read = Vec::new();
    for kind in KindName::ALL {
        let rows = &draft.kinds[kind.index()];
        if rows.keys.is_empty() {
            continue;
        }
        let id = format::rows(kind);
        let table = segment.table(id)?;
        let all = table.all()?;
        for (column, values) in kind.columns().iter().zip(&rows.columns) {
            table.numbers(column.id.0, &all, &mut read)?;
            same_or(bytes::equal_numbers(&read, values), id, column.id.0)?;
        }
        let keys = table.texts(format::KEY, 0..table.rows())?;
        let same = same_texts(&keys, rows.keys.iter().copied());
        same_or(same, id, format::KEY)?;
        if table.has_column(format::UNIQUE) {
            let uniques = table.texts(format::UNIQUE, 0..table.rows())?;
            let same = same_texts(&uniques, rows.uniques.iter().copied());
            same_or(same, id, format::UNIQUE)?;
        }
        let groups = segment.table(format::groups(kind))?;
        groups.numbers(format::SESSION, &groups.all()?, &mut read)?;
        let same = bytes::equal_numbers(&read, &rows.group_sessions);
        same_or(same, format::groups(kind), format::SESSION)?;
        let starts = all.starts().windows(2).map(|pair| pair[1] - pair[0]);
        same_or(starts.eq(rows.group_sizes.iter().copied()), id, u16::MAX)?;
    }
    Ok(())
}

fn same_texts<'a>(read: &Texts, texts: impl ExactSizeIterator<Item = &'a [u8]>) -> bool {
    read.len() == texts.len() && read.iter().zip(texts).all(|(a, b)| bytes::equal(a, b))
}

fn same_or(same: bool, table: u16, column: u16) -> Result<(), WriteError> {
    if same {
        Ok(())
    } else {
        Err(WriteError::NotTheSame { table, column })
    }
}
