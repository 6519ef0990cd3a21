//! The few rows that differ from a rule, with their numbers.
//!
//! ```text
//! count  │ varint; nothing follows a 0
//! length │ bytes of `rows`, varint
//! rows   │ ascending, as `delta`
//! values │ as `packed`
//! ```

use super::{delta, packed};
use crate::Error;
use crate::source::Part;
use crate::varint::{self, Reader};
use std::borrow::Cow;
use std::ops::Range;

/// Exceptions to be written.
pub(crate) struct Plan {
    count: usize,
    rows: delta::Plan<'static>,
    values: packed::Plan<'static>,
}

impl Plan {
    /// `rows` ascend, and `values` are theirs.
    pub fn of(rows: Vec<u64>, values: Vec<u64>) -> Self {
        Self {
            count: rows.len(),
            rows: delta::Plan::of(Cow::Owned(rows)),
            values: packed::Plan::of(Cow::Owned(values)),
        }
    }
}

impl super::Plan for Plan {
    fn size(&self) -> usize {
        let count = varint::size(self.count as u64);
        if self.count == 0 {
            return count;
        }
        let rows = self.rows.size();
        count + varint::size(rows as u64) + rows + self.values.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put(out, self.count as u64);
        if self.count > 0 {
            varint::put(out, self.rows.size() as u64);
            self.rows.write(out);
            self.values.write(out);
        }
    }
}

/// The exceptions within a range of rows.
#[derive(Default)]
pub(crate) struct Exceptions {
    /// Their rows, ascending, all within the range.
    pub rows: Vec<u64>,
    /// The place of the first among all exceptions.
    pub first: u32,
    /// The place after the last.
    pub end: u32,
}

impl Exceptions {
    /// Those of `rows` in the `count` ones that `part` lists.
    pub fn find(part: Part<'_>, count: u32, rows: &Range<u32>) -> Result<Self, Error> {
        let range = u64::from(rows.start)..u64::from(rows.end);
        let (start, mut found) = delta::decode_range(part, count, range.clone())?;
        if found.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(Error::corrupt("the rows of exceptions don't ascend"));
        }
        found.truncate(found.partition_point(|row| *row < range.end));
        let before = found.partition_point(|row| *row < range.start);
        found.drain(..before);
        // As many as `count` at most.
        let first = start + before as u32;
        Ok(Self {
            end: first + found.len() as u32,
            rows: found,
            first,
        })
    }
}

/// Puts the exceptions of `rows` (of a column of `all` rows) into their places in `out`, which starts with the
/// first of `rows`.
pub(crate) fn patch(
    part: Part<'_>,
    all: u32,
    rows: &Range<u32>,
    out: &mut [u64],
) -> Result<(), Error> {
    let head = part.head(2 * varint::MAX_BYTES)?;
    let mut reader = Reader::new(&head);
    let count = reader.count(all)?;
    if count == 0 || rows.is_empty() {
        return Ok(());
    }
    let length = reader.varint()?;
    let at = reader.at() as u64;
    let found = Exceptions::find(part.part(at, length)?, count, rows)?;
    let mut values = vec![0; found.rows.len()];
    let values_part = part.after(at + length)?;
    packed::decode(values_part, count, found.first..found.end, &mut values)?;
    for (row, value) in found.rows.iter().zip(values) {
        // Within `rows`, so the difference is a place.
        if let Some(place) = out.get_mut((row - u64::from(rows.start)) as usize) {
            *place = value;
        }
    }
    Ok(())
}
