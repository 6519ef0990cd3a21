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
use std::ops::Range;

pub(crate) use delta::{Plan as DeltaPlan, decode as decode_delta};

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
}

/// How a column is going to be written: its size is known before its bytes are made.
pub(crate) trait Plan {
    /// The bytes that [`Plan::write`] appends.
    fn size(&self) -> usize;

    /// Appends the bytes.
    fn write(&self, out: &mut Vec<u8>);
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

/// Appends the smallest encoding of numbers; its codec's number.
pub(crate) fn write_numbers(input: &Input<'_>, out: &mut Vec<u8>) -> u8 {
    let plans = NUMBERS_CODECS
        .iter()
        .filter_map(|codec| Some((codec.tag().0, codec.plan(input)?)));
    write_smallest(plans, out)
}

/// Appends the smallest encoding of texts; its codec's number.
pub(crate) fn write_texts(values: &[&[u8]], out: &mut Vec<u8>) -> u8 {
    let plans = TEXTS_CODECS
        .iter()
        .filter_map(|codec| Some((codec.tag().0, codec.plan(values)?)));
    write_smallest(plans, out)
}

fn write_smallest<'a>(
    plans: impl Iterator<Item = (u8, Box<dyn Plan + 'a>)>,
    out: &mut Vec<u8>,
) -> u8 {
    // There is one always: `packed` and `plain` take anything.
    let Some((tag, plan)) = plans.min_by_key(|(_, plan)| plan.size()) else {
        return 0;
    };
    plan.write(out);
    tag
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
