//! Sorted texts, named by their place: each written as what differs from the one before.
//!
//! ```text
//! length  │ bytes of `offsets`, varint
//! offsets │ where each bucket starts in `buckets`, as `delta`
//! buckets │ each: 16 texts (the last bucket: the rest)
//!
//! first text of a bucket: │ length (varint) · bytes
//! every other:            │ bytes shared with the one before (varint) · length of the rest (varint) · the rest
//! ```

use crate::Error;
use crate::codec::{DeltaPlan, Plan as _, decode_delta, sections};
use crate::segment::{DictionaryEntry, Segment};
use crate::source::{Part, Source};
use crate::texts::Texts;
use crate::varint::{self, Reader};
use std::borrow::Cow;
use std::cmp::Ordering;

/// The texts of a bucket.
const BUCKET: u32 = 16;

/// Appends the texts; the sum of their lengths. [`Error::Unsorted`] if they don't strictly ascend.
pub(crate) fn write<'a>(
    texts: impl Iterator<Item = &'a [u8]>,
    out: &mut Vec<u8>,
) -> Result<u64, Error> {
    let (mut offsets, mut buckets) = (Vec::new(), Vec::new());
    let mut before: &[u8] = &[];
    let mut total = 0;
    for (position, text) in (0..).zip(texts) {
        let shared = shared_prefix(before, text);
        if position > 0 && text.get(shared) <= before.get(shared) {
            return Err(Error::Unsorted { position });
        }
        let shared = match position % BUCKET {
            0 => {
                offsets.push(buckets.len() as u64);
                0
            }
            _ => {
                varint::put(&mut buckets, shared as u64);
                shared
            }
        };
        let rest = text.get(shared..).unwrap_or_default();
        varint::put(&mut buckets, rest.len() as u64);
        buckets.extend_from_slice(rest);
        before = text;
        total += text.len() as u64;
    }
    let offsets = DeltaPlan::of(Cow::Owned(offsets));
    varint::put(out, offsets.size() as u64);
    offsets.write(out);
    out.extend_from_slice(&buckets);
    Ok(total)
}

/// How many bytes two texts have in common at their start; eight are compared at a time.
fn shared_prefix(a: &[u8], b: &[u8]) -> usize {
    let (eights_a, eights_b) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    let mut shared = 0;
    for (a, b) in eights_a.iter().zip(eights_b) {
        let differing = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differing != 0 {
            return shared + differing.trailing_zeros() as usize / 8;
        }
        shared += 8;
    }
    let rest = a.iter().zip(b).skip(shared);
    shared + rest.take_while(|(a, b)| a == b).count()
}

/// A dictionary of a segment.
pub struct Dictionary<'a, S> {
    segment: &'a Segment<S>,
    entry: &'a DictionaryEntry,
}

impl<'a, S: Source> Dictionary<'a, S> {
    pub(crate) fn new(segment: &'a Segment<S>, entry: &'a DictionaryEntry) -> Self {
        Self { segment, entry }
    }

    /// How many texts it has.
    pub fn len(&self) -> u32 {
        self.entry.texts
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entry.texts == 0
    }

    /// All texts, in the order of their codes. One read.
    pub fn load(&self) -> Result<Texts, Error> {
        let bytes = self.part().all()?;
        let (_, buckets) = sections(Part::Memory(&bytes))?;
        let buckets = buckets.all()?;
        let (texts, read) = decode(&buckets, self.len(), self.entry.bytes)?;
        if texts.total() as u64 != self.entry.bytes || read != buckets.len() {
            return Err(Error::corrupt("a dictionary has texts of another length"));
        }
        Ok(texts)
    }

    /// The text of a code. Reads its bucket; [`Error::OutOfRange`] if no text has the code.
    pub fn get(&self, code: u32) -> Result<Vec<u8>, Error> {
        let limit = u64::from(self.len()).saturating_sub(1);
        if code >= self.len() {
            let value = u64::from(code);
            return Err(Error::OutOfRange { value, limit });
        }
        let texts = self.bucket(code / BUCKET)?;
        Ok(texts.get((code % BUCKET) as usize).to_vec())
    }

    /// The code of a text, if it has one. Reads the buckets that halving passes through.
    pub fn find(&self, text: &[u8]) -> Result<Option<u32>, Error> {
        let (mut low, mut high) = (0, self.len().div_ceil(BUCKET));
        while low < high {
            let middle = low.midpoint(high);
            let texts = self.bucket(middle)?;
            let last = texts.get(texts.len().saturating_sub(1));
            if text < texts.get(0) {
                high = middle;
            } else if text > last {
                low = middle + 1;
            } else {
                let place = texts
                    .iter()
                    .position(|found| found.cmp(text) == Ordering::Equal);
                return Ok(place.map(|place| middle * BUCKET + place as u32));
            }
        }
        Ok(None)
    }

    fn part(&self) -> Part<'_> {
        self.segment.part(&self.entry.stored)
    }

    /// The texts of a bucket that exists.
    fn bucket(&self, bucket: u32) -> Result<Texts, Error> {
        let (offsets, buckets) = sections(self.part())?;
        let count = self.len().div_ceil(BUCKET);
        let mut bounds = [0, buckets.len()];
        let known = if bucket + 1 < count { 2 } else { 1 };
        let wanted = bucket..bucket + known as u32;
        decode_delta(offsets, count, wanted, &mut bounds[..known])?;
        let [start, end] = bounds;
        let length = end.checked_sub(start).ok_or(Error::Truncated)?;
        let bytes = buckets.bytes(start, length)?;
        let texts = self.len().min((bucket + 1) * BUCKET) - bucket * BUCKET;
        Ok(decode(&bytes, texts, self.entry.bytes)?.0)
    }
}

/// How many bytes are copied at once: some of them in vain, which costs less than to count.
const CHUNK: usize = 32;

/// From so many bytes on it costs less to copy memory, which takes some 100 instructions and one a byte.
const LONG: usize = 256;

/// Decodes `count` texts of at most `most` bytes together, and says how many bytes they take up in `buckets`.
fn decode(buckets: &[u8], count: u32, most: u64) -> Result<(Texts, usize), Error> {
    // A text is no longer than what its bucket holds, so damaged lengths don't make this a large buffer.
    let most = most.min(u64::from(BUCKET) * buckets.len() as u64) as usize;
    let mut out = vec![0; most + CHUNK];
    let mut ends = Vec::with_capacity((count as usize).min(buckets.len()));
    let mut reader = Reader::new(buckets);
    let (mut before, mut at) = (0, 0);
    for code in 0..count {
        let first = code % BUCKET == 0;
        let (shared, rest) = match reader.peek() {
            // Nearly all lengths are of one byte.
            Some([shared @ ..0x80, rest @ ..0x80]) if !first => {
                reader.skip(2);
                (usize::from(*shared), usize::from(*rest))
            }
            _ => lengths(&mut reader, first, most)?,
        };
        let text = reader.rest();
        let start = at + shared;
        if shared > at - before || start + rest > most || rest > text.len() {
            return Err(Error::corrupt("a text of a dictionary is too long"));
        }
        copy_within(&mut out, before, at, shared);
        copy(&mut out, start, text, rest);
        reader.skip(rest);
        (before, at) = (at, start + rest);
        ends.push(at);
    }
    out.truncate(at);
    Ok((Texts::with_ends(out, ends), reader.at()))
}

/// How much a text has of the one before, and how much of its own, neither more than `most`.
#[inline(never)]
fn lengths(reader: &mut Reader<'_>, first: bool, most: usize) -> Result<(usize, usize), Error> {
    let most = most as u64;
    let shared = if first { 0 } else { reader.at_most(most)? };
    Ok((shared as usize, reader.at_most(most)? as usize))
}

/// Copies `length` bytes that stand before `to`; up to a chunk more is overwritten, which is there.
fn copy_within(bytes: &mut [u8], from: usize, to: usize, length: usize) {
    if length >= LONG {
        return bytes.copy_within(from..from + length, to);
    }
    let mut done = 0;
    while done < length {
        // Both are there: the buffer is a chunk longer than the texts.
        let Some(chunk) = bytes.get(from + done..).and_then(<[u8]>::first_chunk) else {
            return;
        };
        let chunk: [u8; CHUNK] = *chunk;
        let Some(place) = bytes.get_mut(to + done..).and_then(<[u8]>::first_chunk_mut) else {
            return;
        };
        *place = chunk;
        done += CHUNK;
    }
}

/// Copies the first `length` bytes of `text`; up to a chunk more is overwritten, which is there.
fn copy(bytes: &mut [u8], to: usize, text: &[u8], length: usize) {
    let mut done = 0;
    while done < length {
        let chunk: Option<&[u8; CHUNK]> = text.get(done..).and_then(<[u8]>::first_chunk);
        let place = bytes.get_mut(to + done..).and_then(<[u8]>::first_chunk_mut);
        match (chunk, place) {
            (Some(chunk), Some(place)) if length < LONG => *place = *chunk,
            _ => break,
        }
        done += CHUNK;
    }
    // What is long, or so near the end of `text` that no chunk is left.
    if done < length {
        let places = bytes.get_mut(to + done..to + length);
        if let (Some(places), Some(text)) = (places, text.get(done..length)) {
            places.copy_from_slice(text);
        }
    }
}
