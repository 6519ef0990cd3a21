//! Figures of many entries, counted once: what a query takes instead of the entries where all of them count.
//!
//! A segment keeps one cube for each kind and satellite that has enough entries in it, and one over all
//! satellites where there are several; groups of segments keep them likewise (`group.rs`). Codes are those of
//! the dictionaries beside the cube.
//!
//! ```text
//! table CUBES         one row per cube: its kind, its satellite (the place in SATELLITES; their number for
//!                     all), entries, sessions, bounces, pages; where its slots, groups of counts and sums end
//! table SLOTS         a quarter of an hour (its number since 1970), its entries
//! table COUNT_GROUPS  one row per group of COUNTS: the column that it counts by, and where it ends
//! table COUNTS        a value of the column, as the column stores it; its entries
//! table SUMS          path, metric, entries, and the sum of their values as two floats (`sum.rs`)
//! ```

use super::sum::Sum;
use crate::columns::{COLLECTED_AT, ColumnId};
use crate::kinds::KindName;
use columnar::{Error, Hint, Segment, SegmentWriter, Source};
use std::ops::Range;

/// Nanoseconds in a slot: a quarter of an hour, the finest step between time zones.
pub(crate) const SLOT: u64 = 15 * 60 * 1_000_000_000;

/// Damaged columns must not make a query count up to any number.
const MAX_CODE: u64 = 1 << 24;

const CUBES: u16 = 3;
const SLOTS: u16 = 4;
const COUNT_GROUPS: u16 = 5;
const COUNTS: u16 = 6;
const SUMS: u16 = 7;

/// Which figures are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Sessions, bounces and pages.
    pub sessions: bool,
    /// Entries by slot.
    pub slots: bool,
    /// Entries by the values of these columns.
    pub counts: &'static [ColumnId],
    /// Sums by path and metric.
    pub sums: bool,
}

impl Wanted {
    /// None but the number of entries.
    pub(crate) const NOTHING: Self = Self {
        sessions: false,
        slots: false,
        counts: &[],
        sums: false,
    };
}

/// A column, and how many entries have each of its values, ascending.
pub(crate) type CountsBy = (ColumnId, Vec<(u64, u64)>);

/// Figures of entries of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cube {
    pub rows: u64,
    pub sessions: u64,
    /// Sessions with one entry.
    pub bounces: u64,
    /// Different pairs of a session and a page.
    pub pages: u64,
    /// Ascending.
    pub slots: Vec<(u64, u64)>,
    /// By column, then by value, ascending.
    pub counts: Vec<CountsBy>,
    /// By path and metric, ascending.
    pub sums: Vec<((u64, u64), u64, Sum)>,
}

/// Entries to be counted: rows of these columns, in groups of one session each.
pub(crate) struct Rows<'a> {
    pub columns: &'a [Vec<u64>],
    pub rows: RowSet<'a>,
    /// Where each group ends among the rows.
    pub group_ends: &'a [u32],
}

/// Which rows are counted.
#[derive(Clone, Copy)]
pub(crate) enum RowSet<'a> {
    /// Neighbouring ones, in their order.
    Range(u32, u32),
    /// These, in this order.
    List(&'a [u32]),
}

impl RowSet<'_> {
    fn len(&self) -> u64 {
        match self {
            Self::Range(start, end) => end.saturating_sub(*start).into(),
            Self::List(rows) => rows.len() as u64,
        }
    }
}

impl<'a> Rows<'a> {
    fn column(&self, column: ColumnId) -> &'a [u64] {
        self.columns
            .get(usize::from(column.0))
            .map_or(&[], Vec::as_slice)
    }

    /// Shows the values of a column to `visit`; the loop over a range is the one that costs.
    fn each(
        &self,
        column: ColumnId,
        mut visit: impl FnMut(u64) -> Result<(), BadCode>,
    ) -> Result<(), BadCode> {
        let values = self.column(column);
        match self.rows {
            RowSet::Range(start, end) => {
                let values = values.get(start as usize..end as usize).unwrap_or_default();
                values.iter().try_for_each(|value| visit(*value))
            }
            RowSet::List(rows) => rows
                .iter()
                .try_for_each(|row| visit(values.get(*row as usize).copied().unwrap_or_default())),
        }
    }

    /// The values of a column, copied out.
    fn values(&self, column: ColumnId) -> Vec<u64> {
        let mut values = Vec::with_capacity(self.rows.len() as usize);
        // Copying can't fail.
        let _ = self.each(column, |value| {
            values.push(value);
            Ok(())
        });
        values
    }
}

/// A number that no column of a sound segment holds where it is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadCode {
    pub code: u64,
}

impl Cube {
    /// Counts `rows` of `kind`.
    pub(crate) fn of(kind: KindName, wanted: &Wanted, rows: &Rows<'_>) -> Result<Self, BadCode> {
        let mut cube = Self {
            rows: rows.rows.len(),
            ..Self::default()
        };
        if wanted.sessions {
            cube.count_sessions(kind, rows)?;
        }
        if wanted.slots {
            cube.slots = count_slots(rows);
        }
        for column in wanted.counts {
            let counts = histogram(rows, *column)?;
            if !counts.is_empty() {
                cube.counts.push((*column, counts));
            }
        }
        if wanted.sums {
            cube.add_sums(kind, rows)?;
        }
        Ok(cube)
    }

    fn count_sessions(&mut self, kind: KindName, rows: &Rows<'_>) -> Result<(), BadCode> {
        self.sessions = rows.group_ends.len() as u64;
        let Some(page) = kind.page_column() else {
            return Ok(());
        };
        let pages = rows.values(page);
        // By page: the last session that saw it, plus one.
        let mut last_seen: Vec<u32> = Vec::new();
        let mut start = 0;
        for (session, end) in (1_u32..).zip(rows.group_ends) {
            let group = pages.get(start as usize..*end as usize).unwrap_or_default();
            self.bounces += u64::from(group.len() == 1);
            for page in group {
                let page = checked(*page)?;
                if page >= last_seen.len() {
                    last_seen.resize(page + 1, 0);
                }
                if last_seen[page] != session {
                    last_seen[page] = session;
                    self.pages += 1;
                }
            }
            start = *end;
        }
        Ok(())
    }

    fn add_sums(&mut self, kind: KindName, rows: &Rows<'_>) -> Result<(), BadCode> {
        let Some([path, metric, value]) = kind.summed_columns() else {
            return Ok(());
        };
        let mut sums: Vec<Vec<(u64, Sum)>> = Vec::new();
        let keys = rows.values(path).into_iter().zip(rows.values(metric));
        for ((path, metric), value) in keys.zip(rows.values(value)) {
            let (path, metric) = (checked(path)?, checked(metric)?);
            if path >= sums.len() {
                sums.resize_with(path + 1, Vec::new);
            }
            let sums = &mut sums[path];
            if metric >= sums.len() {
                sums.resize(metric + 1, (0, Sum::default()));
            }
            sums[metric].0 += 1;
            sums[metric].1.add(f64::from_bits(value));
        }
        for (path, sums) in sums.into_iter().enumerate() {
            for (metric, (rows, sum)) in sums.into_iter().enumerate() {
                if rows > 0 {
                    self.sums.push(((path as u64, metric as u64), rows, sum));
                }
            }
        }
        Ok(())
    }
}

fn checked(code: u64) -> Result<usize, BadCode> {
    if code < MAX_CODE {
        Ok(code as usize)
    } else {
        Err(BadCode { code })
    }
}

/// How often each value of a column is there; those that are, ascending.
fn histogram(rows: &Rows<'_>, column: ColumnId) -> Result<Vec<(u64, u64)>, BadCode> {
    let mut counts: Vec<u32> = Vec::new();
    rows.each(column, |code| {
        let code = checked(code)?;
        if code >= counts.len() {
            counts.resize(code + 1, 0);
        }
        counts[code] += 1;
        Ok(())
    })?;
    Ok(counts
        .into_iter()
        .enumerate()
        .filter(|(_, rows)| *rows > 0)
        .map(|(code, rows)| (code as u64, rows.into()))
        .collect())
}

/// How many of the rows lie in each slot.
fn count_slots(rows: &Rows<'_>) -> Vec<(u64, u64)> {
    let mut slots: Vec<(u64, u64)> = Vec::new();
    // Neighbours mostly share a slot: looked up only where they don't.
    let (mut start, mut in_slot) = (0, 0);
    // Counting instants can't fail.
    let _ = rows.each(COLLECTED_AT, |instant| {
        if in_slot == 0 || instant < start || instant - start >= SLOT {
            if in_slot > 0 {
                slots.push((start / SLOT, in_slot));
            }
            start = instant - instant % SLOT;
            in_slot = 0;
        }
        in_slot += 1;
        Ok(())
    });
    if in_slot > 0 {
        slots.push((start / SLOT, in_slot));
    }
    slots.sort_unstable_by_key(|(slot, _)| *slot);
    slots.dedup_by(|next, slot| {
        let same = next.0 == slot.0;
        if same {
            slot.1 += next.1;
        }
        same
    });
    slots
}

/// Cubes and whose they are.
#[derive(Default)]
pub(crate) struct Cubes {
    /// Kind, satellite (its place; the number of satellites for all of them) and figures.
    pub cubes: Vec<(KindName, u64, Cube)>,
}

impl Cubes {
    /// Writes the tables.
    pub(crate) fn write(&self, writer: &mut SegmentWriter) -> Result<(), Error> {
        if self.cubes.is_empty() {
            return Ok(());
        }
        let cubes = || self.cubes.iter().map(|(.., cube)| cube);
        let ends = |length: fn(&Cube) -> usize| {
            let mut end = 0;
            let ends = cubes().map(move |cube| {
                end += length(cube) as u64;
                end
            });
            ends.collect::<Vec<_>>()
        };
        let heads: [Vec<u64>; HEAD] = [
            self.cubes.iter().map(|(kind, ..)| *kind as u64).collect(),
            self.cubes
                .iter()
                .map(|(_, satellite, _)| *satellite)
                .collect(),
            cubes().map(|cube| cube.rows).collect(),
            cubes().map(|cube| cube.sessions).collect(),
            cubes().map(|cube| cube.bounces).collect(),
            cubes().map(|cube| cube.pages).collect(),
            ends(|cube| cube.slots.len()),
            ends(|cube| cube.counts.len()),
            ends(|cube| cube.sums.len()),
        ];
        write_table(writer, CUBES, &heads)?;
        let slots = || cubes().flat_map(|cube| &cube.slots);
        write_table(
            writer,
            SLOTS,
            &[
                slots().map(|(slot, _)| *slot).collect(),
                slots().map(|(_, rows)| *rows).collect(),
            ],
        )?;
        self.write_counts(writer)?;
        let sums = || cubes().flat_map(|cube| &cube.sums);
        write_table(
            writer,
            SUMS,
            &[
                sums().map(|((path, _), ..)| *path).collect(),
                sums().map(|((_, metric), ..)| *metric).collect(),
                sums().map(|(_, rows, _)| *rows).collect(),
                sums().map(|(.., sum)| sum.to_bits()[0]).collect(),
                sums().map(|(.., sum)| sum.to_bits()[1]).collect(),
            ],
        )
    }

    fn write_counts(&self, writer: &mut SegmentWriter) -> Result<(), Error> {
        let groups = || self.cubes.iter().flat_map(|(.., cube)| &cube.counts);
        let columns = groups().map(|(column, _)| column.0.into()).collect();
        let mut end = 0;
        let mut ends = Vec::new();
        for (_, counts) in groups() {
            end += counts.len() as u64;
            ends.push(end);
        }
        write_table(writer, COUNT_GROUPS, &[columns, ends])?;
        let counts = || groups().flat_map(|(_, counts)| counts);
        write_table(
            writer,
            COUNTS,
            &[
                counts().map(|(code, _)| *code).collect(),
                counts().map(|(_, rows)| *rows).collect(),
            ],
        )
    }
}

/// Columns of CUBES.
const HEAD: usize = 9;

fn write_table(writer: &mut SegmentWriter, id: u16, columns: &[Vec<u64>]) -> Result<(), Error> {
    let rows = columns.first().map_or(0, Vec::len) as u32;
    let mut table = writer.table(id, rows)?;
    for (column, values) in columns.iter().enumerate() {
        table.numbers(column as u16, values, Hint::None)?;
    }
    Ok(())
}

/// Which cubes a file has.
#[derive(Clone, Debug, Default)]
pub(crate) struct CubeIndex {
    heads: [Vec<u64>; HEAD],
}

impl CubeIndex {
    /// Reads the list of cubes, which is empty where the file has none.
    pub(crate) fn read<S: Source>(file: &Segment<S>) -> Result<Self, Error> {
        let mut index = Self::default();
        if !file.has_table(CUBES) {
            return Ok(index);
        }
        let table = file.table(CUBES)?;
        let all = table.all()?;
        for (column, head) in index.heads.iter_mut().enumerate() {
            table.numbers(column as u16, &all, head)?;
        }
        Ok(index)
    }

    /// The place of the cube of a kind and satellite.
    pub(crate) fn find(&self, kind: KindName, satellite: u64) -> Option<usize> {
        let [kinds, satellites, ..] = &self.heads;
        let mut keys = kinds.iter().zip(satellites);
        keys.position(|key| key == (&(kind as u64), &satellite))
    }

    /// Reads the figures that are asked for of the cube at `place`.
    pub(crate) fn cube<S: Source>(
        &self,
        file: &Segment<S>,
        place: usize,
        wanted: &Wanted,
    ) -> Result<Cube, Error> {
        let [_, _, rows, sessions, bounces, pages, slots, counts, sums] = &self.heads;
        let at = |column: &Vec<u64>| column.get(place).copied().unwrap_or_default();
        let range = |ends: &Vec<u64>| {
            let before = place.checked_sub(1).and_then(|before| ends.get(before));
            before.copied().unwrap_or_default() as u32..at(ends) as u32
        };
        let mut cube = Cube {
            rows: at(rows),
            sessions: at(sessions),
            bounces: at(bounces),
            pages: at(pages),
            ..Cube::default()
        };
        if wanted.slots {
            let [slot, rows] = read_columns(file, SLOTS, range(slots))?;
            cube.slots = slot.into_iter().zip(rows).collect();
        }
        if !wanted.counts.is_empty() {
            cube.counts = read_counts(file, range(counts), wanted.counts)?;
        }
        if wanted.sums {
            let [path, metric, rows, high, low] = read_columns(file, SUMS, range(sums))?;
            let sums = high
                .into_iter()
                .zip(low)
                .map(|(high, low)| Sum::from_bits([high, low]));
            let keys = path.into_iter().zip(metric);
            let sums = keys.zip(rows).zip(sums);
            cube.sums = sums.map(|((key, rows), sum)| (key, rows, sum)).collect();
        }
        Ok(cube)
    }
}

fn read_columns<const N: usize, S: Source>(
    file: &Segment<S>,
    id: u16,
    rows: Range<u32>,
) -> Result<[Vec<u64>; N], Error> {
    let mut columns = [const { Vec::new() }; N];
    if rows.is_empty() {
        return Ok(columns);
    }
    let table = file.table(id)?;
    let span = table.span(rows, 0..0)?;
    for (column, values) in columns.iter_mut().enumerate() {
        table.numbers(column as u16, &span, values)?;
    }
    Ok(columns)
}

fn read_counts<S: Source>(
    file: &Segment<S>,
    groups: Range<u32>,
    wanted: &[ColumnId],
) -> Result<Vec<CountsBy>, Error> {
    // Where the first group begins is where the one before it ends.
    let before = groups.start.saturating_sub(1);
    let [columns, ends] = read_columns(file, COUNT_GROUPS, before..groups.end)?;
    let mut counts = Vec::with_capacity(wanted.len());
    let mut start = 0;
    for (group, (column, end)) in (before..).zip(columns.into_iter().zip(ends)) {
        let column = ColumnId(column as u16);
        if group >= groups.start && wanted.contains(&column) {
            let [codes, rows] = read_columns(file, COUNTS, start..end as u32)?;
            counts.push((column, codes.into_iter().zip(rows).collect()));
        }
        start = end as u32;
    }
    Ok(counts)
}
