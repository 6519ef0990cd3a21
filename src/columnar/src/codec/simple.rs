//! Numbers within another encoding: the smallest of `sparse`, `packed` and `delta`.
//!
//! ```text
//! codec │ its number, 1 byte
//! …     │ as that codec has it
//! ```

use super::{NumbersCodec, delta, packed, sparse};
use crate::Error;
use crate::bits::BLOCK;
use crate::source::Part;
use std::borrow::Cow;
use std::ops::Range;

/// How numbers are going to be written.
pub(crate) struct Plan<'a> {
    tag: u8,
    plan: Box<dyn super::Plan + 'a>,
}

impl Plan<'static> {
    /// The smallest of all three.
    pub fn of(values: Vec<u64>) -> Self {
        let (tag, plan) = smallest(Cow::Owned(values));
        Self { tag, plan }
    }

    /// The smaller of `sparse` and `packed`, for numbers without a trend.
    pub fn near_each_other(values: Vec<u64>) -> Self {
        let (tag, plan) = smallest_without_trend(Cow::Owned(values));
        Self { tag, plan }
    }
}

/// A codec's number, and how it would write a column.
type Tagged<'a> = (u8, Box<dyn super::Plan + 'a>);

/// The smallest of all three.
pub(crate) fn smallest(values: Cow<'_, [u64]>) -> Tagged<'_> {
    if !has_trend(&values) {
        return smallest_without_trend(values);
    }
    let sparse = sparse::Plan::of(&values);
    smaller(sparse, &delta::Delta, delta::Plan::of(values))
}

/// The smaller of `sparse` and `packed`.
pub(crate) fn smallest_without_trend(values: Cow<'_, [u64]>) -> Tagged<'_> {
    let sparse = sparse::Plan::of(&values);
    smaller(sparse, &packed::Packed, packed::Plan::of(values))
}

fn smaller<'a>(
    sparse: Option<sparse::Plan>,
    codec: &dyn NumbersCodec,
    plan: impl super::Plan + 'a,
) -> Tagged<'a> {
    use super::Plan as _;
    match sparse {
        Some(sparse) if sparse.size() < plan.size() => (sparse::Sparse.tag().0, Box::new(sparse)),
        _ => (codec.tag().0, Box::new(plan)),
    }
}

/// Of more blocks than twice this many, so many tell which of `packed` and `delta` is smaller.
const SAMPLE: usize = 8;

/// Whether numbers are nearer to those before them than to all of their block, so that `delta` is smaller than
/// `packed`. Of many numbers some blocks from all over tell: where those are about even, either will do.
fn has_trend(values: &[u64]) -> bool {
    let blocks = values.len() / BLOCK;
    let sample: Vec<u64>;
    let mut seen = values;
    if blocks > 2 * SAMPLE {
        let chosen = values.chunks_exact(BLOCK).step_by(blocks / SAMPLE);
        sample = chosen.flatten().copied().collect();
        seen = &sample;
    }
    delta::blocks(seen).size() < packed::blocks(seen).size()
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
