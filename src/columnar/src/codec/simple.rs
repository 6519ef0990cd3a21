//! Numbers within another encoding: the smallest of `sparse`, `packed` and `delta`.
//!
//! ```text
//! codec │ its number, 1 byte
//! …     │ as that codec has it
//! ```

use super::{NumbersCodec, delta, packed, sparse};
use crate::Error;
use crate::source::Part;
use std::borrow::Cow;
use std::ops::Range;

/// How numbers are going to be written.
pub(crate) struct Plan<'a> {
    tag: u8,
    plan: Box<dyn super::Plan + 'a>,
}

impl<'a> Plan<'a> {
    /// The smallest of all three.
    pub fn of(values: Vec<u64>) -> Self {
        let plan = Self::near_each_other(values.clone());
        let delta = delta::Plan::of(Cow::Owned(values));
        plan.or(&delta::Delta, delta)
    }

    /// The smaller of `sparse` and `packed`, for numbers without a trend.
    pub fn near_each_other(values: Vec<u64>) -> Self {
        let sparse = sparse::Plan::of(&values);
        let packed = Self {
            tag: packed::Packed.tag().0,
            plan: Box::new(packed::Plan::of(Cow::Owned(values))),
        };
        match sparse {
            Some(sparse) => packed.or(&sparse::Sparse, sparse),
            None => packed,
        }
    }

    fn or(self, codec: &dyn NumbersCodec, plan: impl super::Plan + 'a) -> Self {
        if self.plan.size() <= plan.size() {
            return self;
        }
        Self {
            tag: codec.tag().0,
            plan: Box::new(plan),
        }
    }
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        1 + self.plan.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(self.tag);
        self.plan.write(out);
    }
}

/// Decodes the numbers `wanted` of `rows` into `out`, which has as many places.
pub(crate) fn decode(
    part: Part<'_>,
    rows: u32,
    wanted: Range<u32>,
    out: &mut [u64],
) -> Result<(), Error> {
    let head = part.head(1)?;
    let codec = head.first().copied().ok_or(Error::Truncated)?;
    let part = part.after(1)?;
    match codec {
        1 => sparse::decode(part, rows, wanted, out),
        2 => packed::decode(part, rows, wanted, out),
        3 => delta::decode(part, rows, wanted, out),
        codec => Err(Error::UnknownCodec { codec }),
    }
}
