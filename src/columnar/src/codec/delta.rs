//! Numbers that differ little from the one before: each block's first, then the differences.
//!
//! Drawn in `frames.rs`, with two own numbers for a block: its first number, and the least
//! difference as `i64`. The differences are packed relative to that; the first place is 0. Arithmetic wraps
//! around, so any `u64` comes back exactly.

use super::frames::{self, Frames, base_and_largest};
use super::shape::Shape;
use super::{Column, Input, NumbersCodec};
use crate::bits::BLOCK;
use crate::source::Part;
use crate::span::Span;
use crate::{Error, Hint};
use std::borrow::Cow;
use std::ops::Range;

/// The encoding `delta`.
pub(crate) struct Delta;

impl NumbersCodec for Delta {
    fn tag(&self) -> (u8, &'static str) {
        (3, "delta")
    }

    fn plan<'a>(&self, input: &Input<'a>) -> Option<Box<dyn super::Plan + 'a>> {
        suggested(input).then(|| Box::new(Plan::of(Cow::Borrowed(input.values))) as Box<_>)
    }

    fn decode(&self, column: &Column<'_>, span: &Span, out: &mut [u64]) -> Result<(), Error> {
        decode(column.part, column.rows, span.rows(), out)
    }
}

/// Whether neighbours may be nearer to each other than all of a block.
pub(crate) fn suggested(input: &Input<'_>) -> bool {
    match input.hint {
        Hint::None => true,
        Hint::Ascending | Hint::PerGroup | Hint::Follows { .. } => input.starts.is_empty(),
        Hint::Decimal => false,
    }
}

/// How numbers are going to be written.
pub(crate) struct Plan<'a> {
    values: Cow<'a, [u64]>,
    blocks: frames::Plan<2>,
}

/// The differences between neighbours.
fn differences(block: &[u64]) -> impl Iterator<Item = u64> + Clone {
    let next = block.iter().skip(1);
    next.zip(block)
        .map(|(value, before)| value.wrapping_sub(*before))
}

impl<'a> Plan<'a> {
    pub fn of(values: Cow<'a, [u64]>) -> Self {
        Self {
            blocks: blocks(&values),
            values,
        }
    }
}

/// How the blocks of these values are going to be written.
pub(crate) fn blocks(values: &[u64]) -> frames::Plan<2> {
    let blocks = values.chunks(BLOCK).map(|block| {
        let first = block.first().copied().unwrap_or(0);
        let (least, largest) = base_and_largest(differences(block));
        let numbers = differences(block).map(|number| number.wrapping_sub(least));
        ([first, least], Shape::of(largest, numbers))
    });
    frames::Plan::new(values.len(), blocks.collect())
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        self.blocks.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.blocks.write(out, |block, [_, least], numbers| {
            let values = self.values.chunks(BLOCK).nth(block).unwrap_or_default();
            numbers[0] = 0;
            for (number, difference) in numbers.iter_mut().skip(1).zip(differences(values)) {
                *number = difference.wrapping_sub(*least);
            }
        });
    }
}

/// Decodes the numbers `wanted` of `rows` into `out`, which has as many places.
pub(crate) fn decode(
    part: Part<'_>,
    rows: u32,
    wanted: Range<u32>,
    out: &mut [u64],
) -> Result<(), Error> {
    if wanted.is_empty() {
        return Ok(());
    }
    Frames::open(part, rows)?.decode(wanted, out, decode_block)
}

/// Decodes whole blocks of ascending numbers, enough to hold all within `range`: the place of the first one
/// decoded, and the numbers.
pub(crate) fn decode_range(
    part: Part<'_>,
    rows: u32,
    range: Range<u64>,
) -> Result<(u32, Vec<u64>), Error> {
    let frames = Frames::open(part, rows)?;
    let wanted = frames.blocks_of(range)?;
    let start = wanted.start;
    let mut values = vec![0; wanted.len()];
    frames.decode(wanted, &mut values, decode_block)?;
    Ok((start, values))
}

fn decode_block(
    [first, least]: &[u64; 2],
    shape: Shape,
    packed: &[u8],
    out: &mut [u64; BLOCK],
) -> Result<(), Error> {
    frames::unpack(packed, shape, *least, out)?;
    // The first place is the least difference plus 0, and comes off the first number again.
    let mut value = first.wrapping_sub(*least);
    let (sixteens, _) = out.as_chunks_mut();
    for sixteen in sixteens {
        value = add_up(value, sixteen);
    }
    Ok(())
}

/// Replaces each difference by the number after it; the last number. Not inlined for the sake of addresses,
/// see `bits.rs`.
#[inline(never)]
fn add_up(before: u64, differences: &mut [u64; 16]) -> u64 {
    let mut value = before;
    for difference in differences {
        value = value.wrapping_add(*difference);
        *difference = value;
    }
    value
}
