//! Blocks of 128 numbers, each packed relative to a number of its own: what `packed` and `delta` share.
//!
//! ```text
//! references │ one or two, see below: what the blocks' own numbers are relative to
//! shapes     │ a byte a block: width and unit of its packed numbers, drawn in `shape.rs`
//! blocks     │ each: its own numbers (one for each reference), then 128 packed numbers (the last block: the rest)
//!
//! reference: │ unit (0 to 3) · 16 + bytes (0 to 8) │ 1 byte
//!            │ base                                │ signed varint
//! ```
//!
//! A block's own number is `base + unit · n`, with `n` in as many bytes as the reference says. Where a block
//! stands follows from the shapes before it, so any range of rows takes two reads: references and shapes, then
//! the blocks, which lie together.

use super::shape::{Shape, UNITS, WIDTHS, unit_of};
use crate::Error;
use crate::bits::{self, BLOCK, BLOCK_ROWS};
use crate::source::Part;
use crate::varint::{self, Reader};
use std::borrow::Cow;
use std::ops::Range;

/// The most bytes of a reference.
const REFERENCE_BYTES: u64 = 1 + varint::MAX_BYTES;

/// What one number of each block is relative to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    base: u64,
    unit: usize,
    bytes: usize,
}

impl Reference {
    /// The one for these numbers, which wrap around: the least as `i64` is the base.
    fn of(numbers: impl Iterator<Item = u64> + Clone) -> Self {
        let (base, largest) = base_and_largest(numbers.clone());
        let unit = unit_of(largest, numbers.map(|number| number.wrapping_sub(base)));
        Self {
            base,
            unit,
            bytes: bits::width(largest / UNITS[unit]).div_ceil(8) as usize,
        }
    }

    fn size(&self) -> usize {
        1 + varint::size_signed(self.base)
    }

    fn write(&self, out: &mut Vec<u8>) {
        // At most 3 and 8.
        out.push((self.unit * 16 + self.bytes) as u8);
        varint::put_signed(out, self.base);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let byte = reader.byte()?;
        let (unit, bytes) = (usize::from(byte / 16), usize::from(byte % 16));
        if unit >= UNITS.len() || bytes > 8 {
            return Err(Error::corrupt("a reference has no known unit or size"));
        }
        Ok(Self {
            base: reader.signed()?,
            unit,
            bytes,
        })
    }

    fn put(&self, number: u64, out: &mut Vec<u8>) {
        let number = number.wrapping_sub(self.base) / UNITS[self.unit];
        out.extend_from_slice(&number.to_le_bytes()[..self.bytes]);
    }

    fn get(&self, reader: &mut Reader<'_>) -> Result<u64, Error> {
        let bytes = reader.take(self.bytes)?.iter().rev();
        // A loop, because to copy a few bytes is a call that costs more.
        let number = bytes.fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        Ok(self
            .base
            .wrapping_add(number.wrapping_mul(UNITS[self.unit])))
    }
}

/// The least of the numbers as `i64`, and how far the greatest is above it.
pub(crate) fn base_and_largest(numbers: impl Iterator<Item = u64>) -> (u64, u64) {
    let (mut least, mut greatest) = (i64::MAX, i64::MIN);
    for number in numbers {
        least = least.min(number as i64);
        greatest = greatest.max(number as i64);
    }
    if least > greatest {
        return (0, 0);
    }
    (least as u64, greatest.wrapping_sub(least) as u64)
}

/// How blocks are going to be written; `N` is how many own numbers each has.
pub(crate) struct Plan<const N: usize> {
    references: [Reference; N],
    /// Each block's own numbers and shape.
    blocks: Vec<([u64; N], u8)>,
    rows: usize,
}

impl<const N: usize> Plan<N> {
    /// Of the blocks' own numbers and shapes; `rows` is how many numbers there are in all.
    pub fn new(rows: usize, blocks: Vec<([u64; N], u8)>) -> Self {
        let own = |place: usize| blocks.iter().map(move |(numbers, _)| numbers[place]);
        Self {
            references: std::array::from_fn(|place| Reference::of(own(place))),
            blocks,
            rows,
        }
    }

    /// The bytes that [`Plan::write`] appends.
    pub fn size(&self) -> usize {
        let references: usize = self.references.iter().map(Reference::size).sum();
        let own: usize = self
            .references
            .iter()
            .map(|reference| reference.bytes)
            .sum();
        let packed = self.blocks.iter().enumerate().map(|(block, (_, shape))| {
            let rows = BLOCK.min(self.rows - block * BLOCK);
            bits::bytes(rows, Shape::from_known(*shape).width)
        });
        references + (1 + own) * self.blocks.len() + packed.sum::<usize>()
    }

    /// Appends the bytes. `numbers` puts what a block's packed numbers are, before they are divided by the
    /// unit, in the place of the block's values: given are the block, its own numbers, and where to put them.
    pub fn write(
        &self,
        out: &mut Vec<u8>,
        mut numbers: impl FnMut(usize, &[u64; N], &mut [u64; BLOCK]),
    ) {
        for reference in &self.references {
            reference.write(out);
        }
        out.extend(self.blocks.iter().map(|(_, shape)| *shape));
        let mut block_numbers = [0; BLOCK];
        for (block, (own, shape)) in self.blocks.iter().enumerate() {
            for (reference, number) in self.references.iter().zip(own) {
                reference.put(*number, out);
            }
            let shape = Shape::from_known(*shape);
            if shape.width == 0 {
                continue;
            }
            numbers(block, own, &mut block_numbers);
            let rows = BLOCK.min(self.rows - block * BLOCK);
            let block_numbers = &mut block_numbers[..rows];
            if shape.unit > 1 {
                for number in block_numbers.iter_mut() {
                    *number /= shape.unit;
                }
            }
            bits::pack(block_numbers, shape.width, out);
        }
    }
}

/// Blocks to read.
pub(crate) struct Frames<'a, const N: usize> {
    part: Part<'a>,
    references: [Reference; N],
    shapes: Cow<'a, [u8]>,
    /// Where the shapes start in `shapes`.
    shapes_at: usize,
    rows: u32,
}

impl<'a, const N: usize> Frames<'a, N> {
    /// Reads references and shapes of `rows` numbers.
    pub fn open(part: Part<'a>, rows: u32) -> Result<Self, Error> {
        let blocks = u64::from(rows.div_ceil(BLOCK_ROWS));
        let head = part.head(REFERENCE_BYTES * N as u64 + blocks)?;
        let mut reader = Reader::new(&head);
        let mut references = [Reference {
            base: 0,
            unit: 0,
            bytes: 0,
        }; N];
        for reference in &mut references {
            *reference = Reference::read(&mut reader)?;
        }
        let shapes_at = reader.at();
        // A part shorter than this says is damaged.
        reader.take(blocks as usize)?;
        Ok(Self {
            part,
            references,
            shapes: head,
            shapes_at,
            rows,
        })
    }

    fn shapes(&self, blocks: Range<usize>) -> &[u8] {
        let (start, end) = (self.shapes_at + blocks.start, self.shapes_at + blocks.end);
        self.shapes.get(start..end).unwrap_or_default()
    }

    fn blocks(&self) -> usize {
        self.rows.div_ceil(BLOCK_ROWS) as usize
    }

    /// The bytes of a block's own numbers.
    fn own_bytes(&self) -> usize {
        self.references
            .iter()
            .map(|reference| reference.bytes)
            .sum()
    }

    /// The bytes of a block of this shape.
    fn block_bytes(&self, block: usize, shape: u8) -> usize {
        let rows = BLOCK.min(self.rows as usize - block * BLOCK);
        self.own_bytes() + bits::bytes(rows, u32::from(WIDTHS[usize::from(shape)]))
    }

    /// Where block `block` starts in the part.
    fn offset(&self, block: usize) -> u64 {
        let start = self.shapes_at + self.blocks();
        (start + self.full_bytes(0..block)) as u64
    }

    /// The bytes of these blocks, all of 128 numbers.
    fn full_bytes(&self, blocks: Range<usize>) -> usize {
        let own = blocks.len() * self.own_bytes();
        let shapes = self.shapes(blocks).iter();
        let widths = shapes.map(|shape| usize::from(WIDTHS[usize::from(*shape)]));
        own + widths.sum::<usize>() * (BLOCK / 8)
    }

    /// The bytes of these blocks, of which there is at least one.
    fn bytes(&self, first: usize, last: usize) -> Result<Cow<'a, [u8]>, Error> {
        let shape = self.shapes(last..last + 1).first().copied().unwrap_or(0);
        let length = self.full_bytes(first..last) + self.block_bytes(last, shape);
        self.part.bytes(self.offset(first), length as u64)
    }

    /// Decodes the numbers `rows` into `out`, which has as many places. `block` does it for one block: given
    /// are its own numbers, its shape, its packed numbers, and where to put them.
    pub fn decode(
        &self,
        rows: Range<u32>,
        out: &mut [u64],
        block: impl Fn(&[u64; N], Shape, &[u8], &mut [u64; BLOCK]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(last_row) = rows.end.checked_sub(1).filter(|last| *last >= rows.start) else {
            return Ok(());
        };
        let first = (rows.start / BLOCK_ROWS) as usize;
        let last = (last_row / BLOCK_ROWS) as usize;
        let bytes = self.bytes(first, last)?;
        let mut reader = Reader::new(&bytes);
        let mut rest = out;
        let mut skip = (rows.start % BLOCK_ROWS) as usize;
        for (index, shape) in (first..).zip(self.shapes(first..last + 1)) {
            let mut own = [0; N];
            for (number, reference) in own.iter_mut().zip(&self.references) {
                *number = reference.get(&mut reader)?;
            }
            let packed = reader.take(self.block_bytes(index, *shape) - self.own_bytes())?;
            let shape = Shape::from_byte(*shape)?;
            let wanted = rest.len().min(BLOCK - skip);
            let (values, after) = std::mem::take(&mut rest).split_at_mut(wanted);
            match values.as_mut_array() {
                Some(whole) => block(&own, shape, packed, whole)?,
                None => {
                    let mut whole = [0; BLOCK];
                    block(&own, shape, packed, &mut whole)?;
                    values.copy_from_slice(&whole[skip..skip + wanted]);
                }
            }
            rest = after;
            skip = 0;
        }
        Ok(())
    }

    /// The first own number of a block.
    fn own(&self, block: usize) -> Result<u64, Error> {
        let reference = self.references.first().ok_or(Error::Truncated)?;
        let bytes = self
            .part
            .bytes(self.offset(block), reference.bytes as u64)?;
        reference.get(&mut Reader::new(&bytes))
    }

    /// Of numbers that ascend, where each block's first own number is the block's first: whole blocks that
    /// hold all numbers in `range`.
    pub fn blocks_of(&self, range: Range<u64>) -> Result<Range<u32>, Error> {
        // The last block that starts at or below the range's start, and the first at or above its end.
        let first = self
            .first_block(|start| start > range.start)?
            .saturating_sub(1);
        let end = self.first_block(|start| start >= range.end)?;
        let row = |block: usize| (block as u32 * BLOCK_ROWS).min(self.rows);
        Ok(row(first)..row(end.max(first)))
    }

    /// The first block whose own number `is` so, as all later ones are; by halving.
    fn first_block(&self, is: impl Fn(u64) -> bool) -> Result<usize, Error> {
        let (mut low, mut high) = (0, self.blocks());
        while low < high {
            let middle = low.midpoint(high);
            if is(self.own(middle)?) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }
}

/// Unpacks a block: `base + unit · n`.
pub(crate) fn unpack(
    packed: &[u8],
    shape: Shape,
    base: u64,
    out: &mut [u64; BLOCK],
) -> Result<(), Error> {
    if shape.unit == 1 {
        return bits::unpack(packed, shape.width, base, out);
    }
    bits::unpack(packed, shape.width, 0, out)?;
    let (sixteens, _) = out.as_chunks_mut();
    for sixteen in sixteens {
        scale(sixteen, shape.unit, base);
    }
    Ok(())
}

/// Multiplies what was packed, and adds to it. Not inlined for the sake of addresses, see `bits.rs`.
#[inline(never)]
fn scale(numbers: &mut [u64; 16], unit: u64, base: u64) {
    for number in numbers {
        *number = number.wrapping_mul(unit).wrapping_add(base);
    }
}
