//! Numbers that are nearly all the same: that one, and the exceptions. Without any the column is constant.
//!
//! ```text
//! usual      │ signed varint
//! exceptions │ drawn in `exceptions.rs`
//! ```

use super::exceptions;
use super::{Column, Input, NumbersCodec};
use crate::Error;
use crate::source::Part;
use crate::span::Span;
use crate::varint::{self, Reader};
use std::ops::Range;

/// The encoding `sparse`.
pub(crate) struct Sparse;

impl NumbersCodec for Sparse {
    fn tag(&self) -> (u8, &'static str) {
        (1, "sparse")
    }

    fn plan<'a>(&self, input: &Input<'a>) -> Option<Box<dyn super::Plan + 'a>> {
        Some(Box::new(Plan::of(input.values)?))
    }

    fn decode(&self, column: &Column<'_>, span: &Span, out: &mut [u64]) -> Result<(), Error> {
        decode(column.part, column.rows, span.rows(), out)
    }
}

/// How numbers are going to be written.
pub(crate) struct Plan {
    usual: u64,
    exceptions: exceptions::Plan,
}

impl Plan {
    /// Of values that are all the same.
    pub fn constant(value: u64) -> Self {
        Self {
            usual: value,
            exceptions: exceptions::Plan::of(Vec::new(), Vec::new()),
        }
    }

    /// None where more than half of the values are exceptions: `packed` is smaller then.
    pub fn of(values: &[u64]) -> Option<Self> {
        if !likely(values) {
            return None;
        }
        let usual = majority(values.iter().copied());
        let differs = |(_, value): &(u64, &u64)| **value != usual;
        let exceptions = || (0..).zip(values).filter(differs);
        if exceptions().count() > values.len() / 2 {
            return None;
        }
        let (rows, values) = exceptions().unzip();
        Some(Self {
            usual,
            exceptions: exceptions::Plan::of(rows, values),
        })
    }
}

impl super::Plan for Plan {
    fn size(&self) -> usize {
        varint::size_signed(self.usual) + self.exceptions.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put_signed(out, self.usual);
        self.exceptions.write(out);
    }
}

/// How many values tell whether most are the same.
const SAMPLE: usize = 64;

/// Whether at least a quarter of some values from all over are the same: where more than half of all are, that
/// is as good as certain, and where it isn't so, counting them all is saved.
fn likely(values: &[u64]) -> bool {
    let sample = values.iter().step_by(values.len().div_ceil(SAMPLE).max(1));
    let usual = majority(sample.clone().copied());
    let equal = sample.clone().filter(|value| **value == usual).count();
    equal * 4 >= sample.count()
}

/// The value that more than half are, if there is one, else any: Boyer and Moore's majority vote.
pub(crate) fn majority(values: impl Iterator<Item = u64>) -> u64 {
    let (mut candidate, mut votes) = (0, 0u32);
    for value in values {
        if votes == 0 {
            candidate = value;
        }
        if value == candidate {
            votes += 1;
        } else {
            votes -= 1;
        }
    }
    candidate
}

/// Decodes the numbers `wanted` of `rows` into `out`, which has as many places.
pub(crate) fn decode(
    part: Part<'_>,
    rows: u32,
    wanted: Range<u32>,
    out: &mut [u64],
) -> Result<(), Error> {
    let head = part.head(varint::MAX_BYTES)?;
    let mut reader = Reader::new(&head);
    out.fill(reader.signed()?);
    exceptions::patch(part.after(reader.at() as u64)?, rows, &wanted, out)
}
