//! Any texts: their lengths, then their bytes.
//!
//! ```text
//! length  │ bytes of `offsets`, varint
//! length  │ bytes of `lengths`, varint
//! offsets │ where each block of 128 texts starts in `bytes`, as `delta`
//! lengths │ of each text, as `packed`
//! bytes   │ of all texts
//! ```

use super::{TextsCodec, delta, packed};
use crate::Error;
use crate::bits::BLOCK_ROWS;
use crate::source::Part;
use crate::texts::Texts;
use crate::varint::{self, Reader};
use std::borrow::Cow;
use std::ops::Range;

/// The encoding `plain`.
pub(crate) struct Plain;

impl TextsCodec for Plain {
    fn tag(&self) -> (u8, &'static str) {
        (64, "plain")
    }

    fn plan<'a>(&self, values: &'a [&'a [u8]]) -> Option<Box<dyn super::Plan + 'a>> {
        Some(Box::new(Plan::of(values.iter().copied())))
    }

    fn decode(&self, part: Part<'_>, rows: u32, wanted: Range<u32>) -> Result<Texts, Error> {
        decode(part, rows, wanted)
    }
}

/// How texts are going to be written.
pub(crate) struct Plan<T> {
    offsets: delta::Plan<'static>,
    lengths: packed::Plan<'static>,
    bytes: usize,
    values: T,
}

impl<'a, T: Iterator<Item = &'a [u8]> + Clone> Plan<T> {
    pub fn of(values: T) -> Self {
        let lengths: Vec<u64> = values.clone().map(|text| text.len() as u64).collect();
        let mut bytes = 0;
        let blocks = lengths.chunks(BLOCK_ROWS as usize);
        let offsets = blocks.map(|block| {
            let offset = bytes;
            bytes += block.iter().sum::<u64>();
            offset
        });
        Self {
            offsets: delta::Plan::of(Cow::Owned(offsets.collect())),
            lengths: packed::Plan::of(Cow::Owned(lengths)),
            bytes: bytes as usize,
            values,
        }
    }
}

impl<'a, T: Iterator<Item = &'a [u8]> + Clone> super::Plan for Plan<T> {
    fn size(&self) -> usize {
        let (offsets, lengths) = (self.offsets.size(), self.lengths.size());
        let head = varint::size(offsets as u64) + varint::size(lengths as u64);
        head + offsets + lengths + self.bytes
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put(out, self.offsets.size() as u64);
        varint::put(out, self.lengths.size() as u64);
        self.offsets.write(out);
        self.lengths.write(out);
        for text in self.values.clone() {
            out.extend_from_slice(text);
        }
    }
}

/// Decodes the texts `wanted` of `rows`.
pub(crate) fn decode(part: Part<'_>, rows: u32, wanted: Range<u32>) -> Result<Texts, Error> {
    if wanted.is_empty() {
        return Ok(Texts::default());
    }
    let head = part.head(2 * varint::MAX_BYTES)?;
    let mut reader = Reader::new(&head);
    let (offsets_length, lengths_length) = (reader.varint()?, reader.varint()?);
    let offsets = part.after(reader.at() as u64)?.part(0, offsets_length)?;
    let rest = part.after(reader.at() as u64 + offsets_length)?;
    let lengths = rest.part(0, lengths_length)?;
    let bytes = rest.after(lengths_length)?;

    // Lengths are read from the start of the block, because that is where an offset is known.
    let block = wanted.start / BLOCK_ROWS;
    let mut offset = [0];
    delta::decode(
        offsets,
        rows.div_ceil(BLOCK_ROWS),
        block..block + 1,
        &mut offset,
    )?;
    let first = block * BLOCK_ROWS;
    let mut sizes = vec![0; (wanted.end - first) as usize];
    packed::decode(lengths, rows, first..wanted.end, &mut sizes)?;
    let (before, sizes) = sizes.split_at((wanted.start - first) as usize);
    let start = sum(offset.iter().chain(before))?;
    let bytes = bytes.bytes(start, sum(sizes)?)?.into_owned();
    // No end is beyond the last, which is the length of `bytes`.
    let ends = sizes.iter().scan(0, |end, size| {
        *end += *size as usize;
        Some(*end)
    });
    Ok(Texts::with_ends(bytes, ends.collect()))
}

fn sum<'a>(numbers: impl IntoIterator<Item = &'a u64>) -> Result<u64, Error> {
    let mut numbers = numbers.into_iter();
    let sum = numbers.try_fold(0u64, |sum, number| sum.checked_add(*number));
    sum.ok_or(Error::Truncated)
}
