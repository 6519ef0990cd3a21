//! The encodings of columns, a file each, and what they have in common.
//!
//! | number | name | holds well |
//! |---|---|---|
//! | 1 | `sparse` | numbers that are nearly all the same |
//! | 2 | `packed` | numbers near each other |
//! | 3 | `delta` | numbers near the one before |
//! | 4 | `clustered` | numbers that ascend within groups |
//! | 5 | `grouped` | numbers that are the same within a group |
//! | 6 | `mapped` | numbers that another column determines |
//! | 7 | `decimal` | the bits of `f64` that are decimal fractions |
//! | 64 | `plain` | any texts |
//! | 65 | `ids` | texts of one length in the characters of URL-safe Base64 |
//! | 66 | `uuid` | UUIDs |
//! | 67 | `numbered` | texts that differ in decimal numbers only |
//!
//! Numbers below 64 are of numbers, from 64 on of texts, from 128 on other entries of the directory. A number
//! is given once and never used again for something else. Every codec of numbers gives back any `u64` exactly,
//! every codec of texts any bytes: the ones made for a purpose only get larger where it isn't met.

mod clustered;
mod decimal;
mod delta;
mod exceptions;
mod frames;
mod grouped;
mod ids;
mod mapped;
mod numbered;
mod packed;
mod pattern;
mod plain;
mod rendering;
mod shape;
mod simple;
mod sparse;
#[cfg(test)]
mod tests;
mod text_exceptions;
mod uuid;

use crate::source::Part;
use crate::span::Span;
use crate::texts::Texts;
use crate::varint::{self, Reader};
use crate::{Error, Hint};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

pub(crate) use delta::{Plan as DeltaPlan, decode as decode_delta};
pub(crate) use mapped::Keys;

/// The number of `mapped`, the one codec that reads another column.
pub(crate) const MAPPED: u8 = 6;

/// The first number of a codec of texts.
pub(crate) const TEXTS: u8 = 64;

/// The first number that is no codec of a column.
pub(crate) const NO_COLUMN: u8 = 128;

/// A column of numbers to be written.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    /// One for each row.
    pub values: &'a [u64],
    /// The first row of each group, and the end; empty for ungrouped tables.
    pub starts: &'a [u32],
    /// What the writer knows about them.
    pub hint: Hint<'a>,
    /// The numbers of the column that [`Hint::Follows`] names, gathered by the first that follows it.
    pub keys: Option<&'a OnceCell<Keys>>,
}

/// How a column is going to be written: its size is known before its bytes are made.
pub(crate) trait Plan {
    /// The bytes that [`Plan::write`] appends.
    fn size(&self) -> usize;

    /// Appends the bytes.
    fn write(&self, out: &mut Vec<u8>);

    /// Whether the column is so much as this encoding wants it that no other need be tried.
    fn settles(&self) -> bool {
        false
    }

    /// The least and the greatest number of the column, where planning has found them.
    fn bounds(&self) -> Option<(u64, u64)> {
        None
    }
}

/// Decodes the same rows of the column with an id, which was written before, into as many places.
pub(crate) type Other<'a> = dyn Fn(u16, &mut [u64]) -> Result<(), Error> + 'a;

/// A stored column of numbers.
pub(crate) struct Column<'a> {
    /// Its bytes.
    pub part: Part<'a>,
    /// The rows of its table.
    pub rows: u32,
    /// The groups of its table.
    pub groups: u32,
    /// How to read another column.
    pub other: &'a Other<'a>,
}

/// An encoding of numbers.
pub(crate) trait NumbersCodec: Sync {
    /// Its number in the directory, and its name for people.
    fn tag(&self) -> (u8, &'static str);

    /// How it would write a column; none where it isn't made for it.
    fn plan<'a>(&self, input: &Input<'a>) -> Option<Box<dyn Plan + 'a>>;

    /// Decodes the numbers of `span` into `out`, which has as many places.
    fn decode(&self, column: &Column<'_>, span: &Span, out: &mut [u64]) -> Result<(), Error>;
}

/// An encoding of texts.
pub(crate) trait TextsCodec: Sync {
    /// Its number in the directory, and its name for people.
    fn tag(&self) -> (u8, &'static str);

    /// How it would write a column; none where it isn't made for it.
    fn plan<'a>(&self, values: &'a [&'a [u8]]) -> Option<Box<dyn Plan + 'a>>;

    /// Decodes the texts `wanted` of a column of `rows`.
    fn decode(&self, part: Part<'_>, rows: u32, wanted: Range<u32>) -> Result<Texts, Error>;
}

/// Every encoding of numbers.
pub(crate) static NUMBERS_CODECS: &[&dyn NumbersCodec] = &[
    &sparse::Sparse,
    &packed::Packed,
    &delta::Delta,
    &clustered::Clustered,
    &grouped::Grouped,
    &mapped::Mapped,
    &decimal::Decimal,
];

/// Every encoding of texts.
pub(crate) static TEXTS_CODECS: &[&dyn TextsCodec] =
    &[&plain::Plain, &ids::Ids, &uuid::Uuid, &numbered::Numbered];

/// The codec of numbers that has this number.
pub(crate) fn numbers_codec(tag: u8) -> Result<&'static dyn NumbersCodec, Error> {
    let codec = NUMBERS_CODECS.iter().find(|codec| codec.tag().0 == tag);
    codec.copied().ok_or(Error::UnknownCodec { codec: tag })
}

/// The codec of texts that has this number.
pub(crate) fn texts_codec(tag: u8) -> Result<&'static dyn TextsCodec, Error> {
    let codec = TEXTS_CODECS.iter().find(|codec| codec.tag().0 == tag);
    codec.copied().ok_or(Error::UnknownCodec { codec: tag })
}

/// The name of a codec, `?` if it is unknown.
pub(crate) fn name(tag: u8) -> &'static str {
    let numbers = numbers_codec(tag).map(|codec| codec.tag().1);
    numbers
        .or_else(|_| texts_codec(tag).map(|codec| codec.tag().1))
        .unwrap_or("?")
}

/// What was written of a column of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// Its codec's number.
    pub codec: u8,
    /// The least number; 0 if there is none.
    pub least: u64,
    /// The greatest number; 0 if there is none.
    pub greatest: u64,
}

/// The encodings that some hint suggests; those of `simple` are for all hints.
static SUGGESTED: [&dyn NumbersCodec; 4] = [
    &mapped::Mapped,
    &grouped::Grouped,
    &clustered::Clustered,
    &decimal::Decimal,
];

/// Appends the smallest encoding of numbers that the hint suggests. Once one settles the matter, no other is
/// tried: planning costs more than writing.
pub(crate) fn write_numbers(input: &Input<'_>, out: &mut Vec<u8>) -> Written {
    if let Some(value) = constant(input.values) {
        sparse::Plan::constant(value).write(out);
        return Written {
            codec: sparse::Sparse.tag().0,
            least: value,
            greatest: value,
        };
    }
    let mut plans = Vec::new();
    for codec in SUGGESTED {
        if let Some(plan) = codec.plan(input) {
            plans.push((codec.tag().0, plan));
            if plans.last().is_some_and(|(_, plan)| plan.settles()) {
                break;
            }
        }
    }
    if !plans.last().is_some_and(|(_, plan)| plan.settles()) {
        let values = Cow::Borrowed(input.values);
        plans.push(match delta::suggested(input) {
            true => simple::smallest(values),
            false => simple::smallest_without_trend(values),
        });
    }
    // There is one always.
    let Some((codec, plan)) = plans.iter().min_by_key(|(tag, plan)| (plan.size(), *tag)) else {
        return Written {
            codec: 0,
            least: 0,
            greatest: 0,
        };
    };
    plan.write(out);
    let (least, greatest) = plan.bounds().unwrap_or_else(|| bounds(input.values));
    Written {
        codec: *codec,
        least,
        greatest,
    }
}

/// The value of all rows, if there is but one; 0 if there are no rows.
fn constant(values: &[u64]) -> Option<u64> {
    let first = values.first().copied().unwrap_or(0);
    // Sixteen at a time, because a jump for each value would cost more than the comparison.
    let (sixteens, rest) = values.as_chunks::<16>();
    let differ = |values: &[u64]| values.iter().fold(0, |all, value| all | (value ^ first));
    let constant = sixteens.iter().all(|sixteen| differ(sixteen) == 0) && differ(rest) == 0;
    constant.then_some(first)
}

/// The least and the greatest of the values; 0 and 0 if there are none.
fn bounds(values: &[u64]) -> (u64, u64) {
    let first = values.first().copied().unwrap_or(0);
    // Eight at a time, so that the loop is counted once for all of them.
    let (eights, rest) = values.as_chunks::<8>();
    let widen = |bounds: (u64, u64), value: &u64| (bounds.0.min(*value), bounds.1.max(*value));
    let of_eights = eights.iter().fold((first, first), |bounds, eight| {
        eight.iter().fold(bounds, widen)
    });
    rest.iter().fold(of_eights, widen)
}

/// The bounds of a rule's values and of the exceptions to it; 0 and 0 if there are none at all.
fn bounds_of(values: &[u64], exceptions: &[u64]) -> (u64, u64) {
    let of_values = bounds(values);
    match exceptions {
        [] => of_values,
        exceptions => {
            let (least, greatest) = bounds(exceptions);
            (least.min(of_values.0), greatest.max(of_values.1))
        }
    }
}

/// One exception in so many rows is few: what they take is next to nothing.
const FEW_EXCEPTIONS: usize = 64;

/// Of more texts than twice this many, so many tell which encodings are worth trying.
const SAMPLE: usize = 128;

/// Appends the smallest encoding of texts; its codec's number.
///
/// Every encoding is tried with a sample, and only those with all texts that come near the best there.
pub(crate) fn write_texts(values: &[&[u8]], out: &mut Vec<u8>) -> u8 {
    let mut codecs = TEXTS_CODECS.to_vec();
    if values.len() > 2 * SAMPLE {
        let sample: Vec<&[u8]> = values
            .iter()
            .step_by(values.len() / SAMPLE)
            .copied()
            .collect();
        let size =
            |codec: &&dyn TextsCodec| codec.plan(&sample).map_or(usize::MAX, |plan| plan.size());
        let sizes: Vec<usize> = codecs.iter().map(size).collect();
        let least = sizes.iter().copied().min().unwrap_or(0);
        let near = least + least / 4;
        let mut sizes = sizes.into_iter();
        codecs.retain(|_| sizes.next().is_none_or(|size| size <= near));
    }
    // What a sample hides may be too much for the codecs that it suggests; `plain` takes anything.
    write_smallest(values, &codecs, out)
        .or_else(|| write_smallest(values, TEXTS_CODECS, out))
        .unwrap_or(0)
}

fn write_smallest(values: &[&[u8]], codecs: &[&dyn TextsCodec], out: &mut Vec<u8>) -> Option<u8> {
    let plans = codecs
        .iter()
        .filter_map(|codec| Some((codec.tag().0, codec.plan(values)?)));
    let (tag, plan) = plans.min_by_key(|(_, plan)| plan.size())?;
    plan.write(out);
    Some(tag)
}

/// Two parts of one, the first of which has its length (a varint) before it.
pub(crate) fn sections(part: Part<'_>) -> Result<(Part<'_>, Part<'_>), Error> {
    let head = part.head(varint::MAX_BYTES)?;
    let mut reader = Reader::new(&head);
    let length = reader.varint()?;
    let rest = part.after(reader.at() as u64)?;
    Ok((rest.part(0, length)?, rest.after(length)?))
}

/// What an encoding by group reads of a span without groups: no rows.
fn no_groups(span: &Span) -> Result<(), Error> {
    match span.rows.is_empty() {
        true => Ok(()),
        false => Err(Error::corrupt(
            "a table without groups has a column by group",
        )),
    }
}
