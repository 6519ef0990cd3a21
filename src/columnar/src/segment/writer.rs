//! Writing segments.

use super::format::{
    DirectoryWriter, HEADER_BYTES, Header, MAX_DICTIONARY_BYTES, MAX_ROWS, checksum,
};
use super::table::MAX_FOLLOWERS;
use crate::codec::{self, DeltaPlan, Input, Keys, Plan as _};
use crate::{Error, Region, dictionary};
use std::borrow::Cow;
use std::cell::OnceCell;

/// What the writer of a column knows about its numbers: which codecs are worth trying. A hint that doesn't
/// hold costs bytes, never exactness.
#[derive(Clone, Copy, Debug)]
pub enum Hint<'a> {
    /// Nothing.
    None,
    /// Values never fall within a group, and the first values of groups hardly do: the instants of visits.
    Ascending,
    /// Mostly the same within a group.
    PerGroup,
    /// Mostly determined by another column of the same table.
    Follows {
        /// That column: one of numbers, written to this table before.
        column: u16,
        /// Its numbers, once more. Others than its own would make this column read wrong.
        values: &'a [u64],
    },
    /// Numbers are the bits of `f64`, many of them decimal fractions of a few digits.
    Decimal,
}

/// Makes a segment.
#[derive(Debug, Default)]
pub struct SegmentWriter {
    directory: Vec<u8>,
    regions: Vec<u8>,
    /// What was written, to refuse it the second time.
    written: Vec<Region>,
}

impl SegmentWriter {
    /// Of an empty segment.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dictionary of strictly ascending texts; a text's code is its place.
    ///
    /// [`Error::Unsorted`], [`Error::Duplicate`], or [`Error::OutOfRange`] where there are more than 2^24 texts
    /// or 2^28 bytes of them. Nothing is added then.
    pub fn dictionary<'a>(
        &mut self,
        id: u16,
        texts: impl ExactSizeIterator<Item = &'a [u8]> + Clone,
    ) -> Result<(), Error> {
        let count = rows(texts.len())?;
        let region = Region::Dictionary { dictionary: id };
        self.refuse_duplicate(region)?;
        let start = self.regions.len();
        match dictionary::write(texts, &mut self.regions) {
            Ok(bytes) if bytes <= MAX_DICTIONARY_BYTES => {
                self.written.push(region);
                let (mut directory, region) = self.entry(start);
                directory.dictionary(id, count, bytes, region);
                Ok(())
            }
            result => {
                self.regions.truncate(start);
                let limit = MAX_DICTIONARY_BYTES;
                result.and_then(|value| Err(Error::OutOfRange { value, limit }))
            }
        }
    }

    /// Adds a table without groups. [`Error::Duplicate`], or [`Error::OutOfRange`] for more than 2^24 rows.
    pub fn table(&mut self, id: u16, rows: u32) -> Result<TableWriter<'_>, Error> {
        check_rows(u64::from(rows))?;
        let region = Region::Groups { table: id };
        self.refuse_duplicate(region)?;
        self.written.push(region);
        let (mut directory, _) = self.entry(self.regions.len());
        directory.table(id, rows);
        Ok(TableWriter {
            segment: self,
            table: id,
            rows,
            starts: Vec::new(),
            followable: Vec::new(),
        })
    }

    /// Adds a table whose rows form groups of these sizes, in this order.
    ///
    /// [`Error::Duplicate`], [`Error::EmptyGroup`], or [`Error::OutOfRange`] for more than 2^24 rows.
    pub fn grouped_table(
        &mut self,
        id: u16,
        group_sizes: &[u32],
    ) -> Result<TableWriter<'_>, Error> {
        let starts = starts(group_sizes)?;
        let region = Region::Groups { table: id };
        self.refuse_duplicate(region)?;
        self.written.push(region);
        let start = self.regions.len();
        let (rows, firsts) = starts
            .split_last()
            .map_or((0, [].as_slice()), |(rows, firsts)| (*rows, firsts));
        let firsts: Vec<u64> = firsts.iter().copied().map(u64::from).collect();
        let groups = firsts.len() as u32;
        DeltaPlan::of(Cow::Owned(firsts)).write(&mut self.regions);
        let (mut directory, region) = self.entry(start);
        directory.grouped_table(id, rows, groups, region);
        Ok(TableWriter {
            segment: self,
            table: id,
            rows,
            starts,
            followable: Vec::new(),
        })
    }

    /// The segment's bytes.
    pub fn finish(self) -> Vec<u8> {
        let bytes = HEADER_BYTES + self.directory.len() + self.regions.len();
        let mut out = Vec::with_capacity(bytes);
        let header = Header {
            bytes: bytes as u64,
            // Some 65,536 tables and dictionaries of as many columns would be more than memory holds.
            directory_bytes: self.directory.len() as u32,
            checksum: checksum(&self.directory),
        };
        header.write(&mut out);
        out.extend_from_slice(&self.directory);
        out.extend_from_slice(&self.regions);
        out
    }

    /// Where to enter the region that starts at `start`, and its bytes.
    fn entry(&mut self, start: usize) -> (DirectoryWriter<'_>, &[u8]) {
        let directory = DirectoryWriter {
            out: &mut self.directory,
        };
        (directory, self.regions.get(start..).unwrap_or_default())
    }

    fn refuse_duplicate(&self, region: Region) -> Result<(), Error> {
        match self.written.contains(&region) {
            true => Err(Error::Duplicate { region }),
            false => Ok(()),
        }
    }
}

/// Adds columns to a table.
#[derive(Debug)]
pub struct TableWriter<'a> {
    segment: &'a mut SegmentWriter,
    table: u16,
    rows: u32,
    /// The first row of each group, and the end; empty for ungrouped tables.
    starts: Vec<u32>,
    /// The columns of numbers so far.
    followable: Vec<Followable>,
}

/// A column of numbers that others may follow.
#[derive(Debug)]
struct Followable {
    column: u16,
    /// How many others it follows, one after the other.
    follows: u32,
    /// Its numbers, once a column follows it.
    keys: OnceCell<Keys>,
}

impl TableWriter<'_> {
    /// Adds a column of numbers, one for each row, in the smallest encoding that the hint suggests.
    ///
    /// [`Error::WrongLength`] or [`Error::Duplicate`]. A [`Hint::Follows`] that names no column of numbers
    /// written before, or one at the end of a chain of four, is as [`Hint::PerGroup`].
    pub fn numbers(&mut self, column: u16, values: &[u64], hint: Hint<'_>) -> Result<(), Error> {
        let region = self.check(column, values.len())?;
        let start = self.segment.regions.len();
        let followed = followed(&self.followable, self.rows, &hint);
        let input = Input {
            values,
            starts: &self.starts,
            hint: match (hint, followed) {
                (Hint::Follows { .. }, None) => Hint::PerGroup,
                _ => hint,
            },
            keys: followed.map(|followed| &followed.keys),
        };
        let written = codec::write_numbers(&input, &mut self.segment.regions);
        let follows = match (written.codec, followed) {
            (codec::MAPPED, Some(followed)) => followed.follows + 1,
            _ => 0,
        };
        self.followable.push(Followable {
            column,
            follows,
            keys: OnceCell::new(),
        });
        self.segment.written.push(region);
        let (mut directory, region) = self.segment.entry(start);
        directory.numbers(
            written.codec,
            column,
            written.least,
            written.greatest,
            region,
        );
        Ok(())
    }

    /// Adds a column of texts, one for each row. [`Error::WrongLength`] or [`Error::Duplicate`].
    pub fn texts(&mut self, column: u16, values: &[&[u8]]) -> Result<(), Error> {
        let region = self.check(column, values.len())?;
        let start = self.segment.regions.len();
        let codec = codec::write_texts(values, &mut self.segment.regions);
        self.segment.written.push(region);
        let (mut directory, region) = self.segment.entry(start);
        directory.texts(codec, column, region);
        Ok(())
    }

    fn check(&self, column: u16, given: usize) -> Result<Region, Error> {
        let (given, rows) = (given as u64, u64::from(self.rows));
        if given != rows {
            return Err(Error::WrongLength { given, rows });
        }
        let table = self.table;
        let region = Region::Column { table, column };
        self.segment.refuse_duplicate(region)?;
        Ok(region)
    }
}

/// The column that a hint names, if it can be followed by one of so many rows.
fn followed<'a>(known: &'a [Followable], rows: u32, hint: &Hint<'_>) -> Option<&'a Followable> {
    let Hint::Follows { column, values } = hint else {
        return None;
    };
    let found = known.iter().find(|known| known.column == *column)?;
    let fits = found.follows < MAX_FOLLOWERS && values.len() == rows as usize;
    fits.then_some(found)
}

/// The first row of each group, and the end.
fn starts(sizes: &[u32]) -> Result<Vec<u32>, Error> {
    let mut starts = Vec::with_capacity(sizes.len() + 1);
    starts.push(0);
    let mut end = 0u64;
    for size in sizes {
        if *size == 0 {
            return Err(Error::EmptyGroup {
                group: starts.len() as u32 - 1,
            });
        }
        end += u64::from(*size);
        starts.push(check_rows(end)?);
    }
    Ok(starts)
}

fn rows(count: usize) -> Result<u32, Error> {
    check_rows(count as u64)
}

fn check_rows(value: u64) -> Result<u32, Error> {
    let limit = u64::from(MAX_ROWS);
    match u32::try_from(value) {
        Ok(rows) if value <= limit => Ok(rows),
        _ => Err(Error::OutOfRange { value, limit }),
    }
}
