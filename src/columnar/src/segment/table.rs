//! Reading tables.

use super::format::{ColumnEntry, Stored, TableEntry};
use super::reader::Segment;
use crate::codec::{self, Column, decode_delta};
use crate::source::{Part, Source};
use crate::span::Span;
use crate::texts::Texts;
use crate::{Error, Sort};
use std::ops::Range;

/// A region up to this many bytes is read at once, whatever is wanted of it: a read costs some 300
/// instructions and one for each byte.
const SMALL_REGION: u64 = 1_024;

/// How many columns may follow each other.
pub(crate) const MAX_FOLLOWERS: u32 = 4;

/// A table of a segment.
pub struct Table<'a, S> {
    segment: &'a Segment<S>,
    entry: &'a TableEntry,
}

impl<'a, S: Source> Table<'a, S> {
    pub(super) fn new(segment: &'a Segment<S>, entry: &'a TableEntry) -> Self {
        Self { segment, entry }
    }

    /// How many rows it has.
    pub fn rows(&self) -> u32 {
        self.entry.rows
    }

    /// How many groups its rows form; 0 for an ungrouped table.
    pub fn groups(&self) -> u32 {
        self.entry.groups
    }

    /// Whether it has this column.
    pub fn has_column(&self, column: u16) -> bool {
        self.place(column).is_ok()
    }

    /// The least and the greatest number of a column, from the directory; none for a column of texts or one that
    /// isn't there. 0 and 0 if there are no rows.
    pub fn bounds(&self, column: u16) -> Option<(u64, u64)> {
        let place = self.place(column).ok()?;
        self.entry.columns.get(place)?.bounds
    }

    /// Everything.
    pub fn all(&self) -> Result<Span, Error> {
        self.span(0..self.rows(), 0..self.groups())
    }

    /// The rows `rows`; for a grouped table `groups` must be exactly the groups that they are.
    ///
    /// [`Error::OutOfRange`] beyond the table, [`Error::NotAligned`] where rows and groups differ. Reads no more
    /// of the groups than those.
    pub fn span(&self, rows: Range<u32>, groups: Range<u32>) -> Result<Span, Error> {
        check_range(&rows, self.rows())?;
        check_range(&groups, self.groups())?;
        let Some(starts) = &self.entry.starts else {
            return Ok(Span::ungrouped(rows));
        };
        if groups.is_empty() && !rows.is_empty() {
            return Err(Error::NotAligned {
                row: rows.end,
                group: rows.start,
            });
        }
        let starts = self.starts(starts, &groups)?;
        // One group more than asked for has been read, so there are a first and a last.
        for (row, group) in [(rows.start, starts.first()), (rows.end, starts.last())] {
            // Not above the table's rows.
            let group = group.map_or(row, |group| *group as u32);
            if row != group {
                return Err(Error::NotAligned { row, group });
            }
        }
        let relative = starts.iter().map(|start| *start as u32 - rows.start);
        Ok(Span {
            starts: relative.collect(),
            rows,
            groups,
        })
    }

    /// The first row of each of the groups, and the end of the last: ascending, none above the table's rows.
    fn starts(&self, stored: &Stored, groups: &Range<u32>) -> Result<Vec<u64>, Error> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        // One group more, because it starts where the last wanted one ends.
        let read = groups.start..self.groups().min(groups.end + 1);
        let mut starts = vec![0; groups.len() + 1];
        let part = self.segment.part(stored);
        let (known, end) = starts.split_at_mut(read.len());
        decode_delta(part, self.groups(), read, known)?;
        end.fill(u64::from(self.rows()));
        let pairs = starts.iter().zip(starts.iter().skip(1));
        let ascend = pairs.fold(true, |ascend, (start, end)| ascend & (start < end));
        if !ascend || starts.last() > Some(&u64::from(self.rows())) {
            return Err(Error::corrupt("the groups don't ascend"));
        }
        Ok(starts)
    }

    /// The numbers of a column: `out` is emptied first and then holds one for each row of the span. A vector
    /// that is used again for as many rows is not cleared in between, which saves the time that takes.
    pub fn numbers(&self, column: u16, span: &Span, out: &mut Vec<u64>) -> Result<(), Error> {
        check_range(&span.rows, self.rows())?;
        check_range(&span.groups, self.groups())?;
        let place = self.place(column)?;
        out.resize(span.rows.len(), 0);
        self.decode(place, span, out, MAX_FOLLOWERS)
    }

    /// Decodes the column at `place`, which may follow `followed` others.
    fn decode(
        &self,
        place: usize,
        span: &Span,
        out: &mut [u64],
        followed: u32,
    ) -> Result<(), Error> {
        let (before, column) = self.entry.columns.split_at(place);
        let [column, ..] = column else {
            return Ok(());
        };
        self.check_sort(column, Sort::Numbers)?;
        let loaded;
        let mut part = self.segment.part(&column.stored);
        if part.len() <= SMALL_REGION || span.rows.len() * 2 > self.rows() as usize {
            loaded = part.all()?;
            part = Part::Memory(&loaded);
        }
        // Only columns before it, so that none can follow itself.
        let other = |id: u16, out: &mut [u64]| {
            let place = before.iter().position(|column| column.id == id);
            match (place, followed.checked_sub(1)) {
                (Some(place), Some(followed)) => self.decode(place, span, out, followed),
                _ => Err(Error::corrupt("a column follows none before it")),
            }
        };
        let column_part = Column {
            part,
            rows: self.rows(),
            groups: self.groups(),
            other: &other,
        };
        codec::numbers_codec(column.codec)?.decode(&column_part, span, out)
    }

    /// The texts of a column's rows.
    pub fn texts(&self, column: u16, rows: Range<u32>) -> Result<Texts, Error> {
        check_range(&rows, self.rows())?;
        let place = self.place(column)?;
        let Some(column) = self.entry.columns.get(place) else {
            return Ok(Texts::default());
        };
        self.check_sort(column, Sort::Texts)?;
        let part = self.segment.part(&column.stored);
        let codec = codec::texts_codec(column.codec)?;
        if part.len() <= SMALL_REGION || rows.len() * 2 > self.rows() as usize {
            return codec.decode(Part::Memory(&part.all()?), self.rows(), rows);
        }
        codec.decode(part, self.rows(), rows)
    }

    fn place(&self, column: u16) -> Result<usize, Error> {
        let table = self.entry.id;
        let place = self
            .entry
            .columns
            .iter()
            .position(|entry| entry.id == column);
        place.ok_or(Error::NoColumn { table, column })
    }

    fn check_sort(&self, column: &ColumnEntry, wanted: Sort) -> Result<(), Error> {
        match column.sort() {
            found if found == wanted => Ok(()),
            found => Err(Error::WrongSort {
                table: self.entry.id,
                column: column.id,
                found,
            }),
        }
    }
}

fn check_range(range: &Range<u32>, limit: u32) -> Result<(), Error> {
    let value = u64::from(range.start.max(range.end));
    let limit = u64::from(limit);
    match range.start <= range.end && value <= limit {
        true => Ok(()),
        false => Err(Error::OutOfRange { value, limit }),
    }
}
