//! The few rows whose texts differ from a pattern.
//!
//! ```text
//! count  │ varint; nothing follows a 0
//! length │ bytes of `rows`, varint
//! rows   │ ascending, as `delta`
//! texts  │ as `plain`
//! ```

use super::exceptions::Exceptions;
use super::{delta, plain};
use crate::Error;
use crate::source::Part;
use crate::texts::Texts;
use crate::varint::{self, Reader};
use std::borrow::Cow;
use std::ops::Range;

/// Exceptions to be written.
pub(crate) struct Plan<'a> {
    rows: delta::Plan<'static>,
    texts: plain::Plan<std::vec::IntoIter<&'a [u8]>>,
    count: usize,
}

impl<'a> Plan<'a> {
    /// `rows` ascend, and `texts` are theirs.
    pub fn of(rows: Vec<u64>, texts: Vec<&'a [u8]>) -> Self {
        Self {
            count: rows.len(),
            rows: delta::Plan::of(Cow::Owned(rows)),
            texts: plain::Plan::of(texts.into_iter()),
        }
    }
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        let count = varint::size(self.count as u64);
        if self.count == 0 {
            return count;
        }
        let rows = self.rows.size();
        count + varint::size(rows as u64) + rows + self.texts.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put(out, self.count as u64);
        if self.count > 0 {
            varint::put(out, self.rows.size() as u64);
            self.rows.write(out);
            self.texts.write(out);
        }
    }
}

/// The exceptions among the rows `wanted`, of a column of `all` rows.
pub(crate) struct TextExceptions {
    rows: Vec<u64>,
    texts: Texts,
    start: u32,
}

impl TextExceptions {
    pub fn read(part: Part<'_>, all: u32, wanted: &Range<u32>) -> Result<Self, Error> {
        let none = Self {
            rows: Vec::new(),
            texts: Texts::default(),
            start: wanted.start,
        };
        let head = part.head(2 * varint::MAX_BYTES)?;
        let mut reader = Reader::new(&head);
        let count = reader.count(all)?;
        if count == 0 || wanted.is_empty() {
            return Ok(none);
        }
        let length = reader.varint()?;
        let rows = part.after(reader.at() as u64)?;
        let texts = rows.after(length)?;
        let found = Exceptions::find(rows.part(0, length)?, count, wanted)?;
        Ok(Self {
            texts: plain::decode(texts, count, found.first..found.end)?,
            rows: found.rows,
            ..none
        })
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Each exception's place among the rows wanted, ascending, and its text.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let start = u64::from(self.start);
        let places = self.rows.iter().map(move |row| (row - start) as usize);
        places.zip(self.texts.iter())
    }
}

/// `rows` texts of equal length, one after the other, but for the exceptions, which have a place there too.
pub(crate) fn texts_of(
    bytes: Vec<u8>,
    length: usize,
    rows: usize,
    exceptions: &TextExceptions,
) -> Texts {
    if exceptions.is_empty() {
        return Texts::of_length(bytes, length, rows);
    }
    let mut exceptions = exceptions.iter().peekable();
    let all = bytes.chunks_exact(length.max(1));
    let mut texts = Texts::with_capacity(all.len(), bytes.len());
    for (place, text) in all.enumerate() {
        match exceptions.next_if(|(exception, _)| *exception == place) {
            Some((_, exception)) => texts.push(exception),
            None => texts.push(text),
        }
    }
    texts
}

/// The exceptions: the texts that don't fit. None where those are more than half.
pub(crate) fn split<'a>(
    values: &[&'a [u8]],
    mut fits: impl FnMut(&'a [u8]) -> bool,
) -> Option<Plan<'a>> {
    let (mut rows, mut texts) = (Vec::new(), Vec::new());
    for (row, text) in (0..).zip(values) {
        if !fits(text) {
            rows.push(row);
            texts.push(*text);
            if rows.len() > values.len() / 2 {
                return None;
            }
        }
    }
    Some(Plan::of(rows, texts))
}
