//! Numbers near each other: each block relative to its least one, in as few bits as the farthest needs.
//!
//! Drawn in `frames.rs`, with one own number for a block: the least as `i64`. Arithmetic wraps
//! around, so any `u64` comes back exactly.

use super::frames::{self, Frames, base_and_largest};
use super::shape::Shape;
use super::{Column, Input, NumbersCodec};
use crate::Error;
use crate::bits::BLOCK;
use crate::source::Part;
use crate::span::Span;
use std::borrow::Cow;
use std::ops::Range;

/// The encoding `packed`.
pub(crate) struct Packed;

impl NumbersCodec for Packed {
    fn tag(&self) -> (u8, &'static str) {
        (2, "packed")
    }

    fn plan<'a>(&self, input: &Input<'a>) -> Option<Box<dyn super::Plan + 'a>> {
        Some(Box::new(Plan::of(Cow::Borrowed(input.values))))
    }

    fn decode(&self, column: &Column<'_>, span: &Span, out: &mut [u64]) -> Result<(), Error> {
        decode(column.part, column.rows, span.rows(), out)
    }
}

/// How numbers are going to be packed.
pub(crate) struct Plan<'a> {
    values: Cow<'a, [u64]>,
    blocks: frames::Plan<1>,
}

impl<'a> Plan<'a> {
    pub fn of(values: Cow<'a, [u64]>) -> Self {
        Self {
            blocks: blocks(&values),
            values,
        }
    }
}

/// How the blocks of these values are going to be packed.
pub(crate) fn blocks(values: &[u64]) -> frames::Plan<1> {
    let blocks = values.chunks(BLOCK).map(|block| {
        let (base, largest) = base_and_largest(block.iter().copied());
        let numbers = block.iter().map(|value| value.wrapping_sub(base));
        ([base], Shape::of(largest, numbers))
    });
    frames::Plan::new(values.len(), blocks.collect())
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        self.blocks.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.blocks.write(out, |block, [base], numbers| {
            let values = self.values.iter().skip(block * BLOCK);
            for (number, value) in numbers.iter_mut().zip(values) {
                *number = value.wrapping_sub(*base);
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
    Frames::open(part, rows)?.decode(wanted, out, |[base], shape, packed, out| {
        frames::unpack(packed, shape, *base, out)
    })
}
