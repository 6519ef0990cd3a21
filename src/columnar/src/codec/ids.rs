//! Texts of one length in the alphabet of URL-safe Base64, such as random ids: 6 bits a character.
//!
//! ```text
//! length     │ characters of each text, 1 byte: 1 to 64
//! length     │ bytes of `characters`, varint
//! characters │ of all texts, one after the other, 6 bits each: the place in A–Z a–z 0–9 - _, the first in the
//!            │ lowest bits; A for those of an exception
//! exceptions │ drawn in `text_exceptions.rs`
//! ```

use super::text_exceptions::{self, TextExceptions, texts_of};
use super::{TextsCodec, sections, sparse};
use crate::Error;
use crate::source::Part;
use crate::texts::Texts;
use crate::varint;
use std::ops::Range;

/// The longest texts.
const MAX_LENGTH: usize = 64;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Not a character of the alphabet: a bit beyond those of four.
const NONE: u32 = 1 << 31;

/// The place of each character in the alphabet, shifted to where the first, second, third and fourth of four
/// characters stand: a character takes a look-up and no more, and the bit of [`NONE`] survives when four are
/// joined.
static SHIFTED: [[u32; 256]; 4] = shifted();

/// The two characters of each 12 bits: a look-up for two characters costs what one for each does.
static PAIRS: [[u8; 2]; 4096] = pairs();

const fn shifted() -> [[u32; 256]; 4] {
    let mut shifted = [[NONE; 256]; 4];
    let mut place = 0;
    while place < 4 * ALPHABET.len() {
        let (fourth, place_in_alphabet) = (place / ALPHABET.len(), place % ALPHABET.len());
        let character = ALPHABET[place_in_alphabet] as usize;
        shifted[fourth][character] = (place_in_alphabet as u32) << (6 * fourth);
        place += 1;
    }
    shifted
}

const fn pairs() -> [[u8; 2]; 4096] {
    let mut pairs = [[0; 2]; 4096];
    let mut pair = 0;
    while pair < pairs.len() {
        pairs[pair] = [ALPHABET[pair % 64], ALPHABET[pair / 64]];
        pair += 1;
    }
    pairs
}

/// The encoding `ids`.
pub(crate) struct Ids;

impl TextsCodec for Ids {
    fn tag(&self) -> (u8, &'static str) {
        (65, "ids")
    }

    fn plan<'a>(&self, values: &'a [&'a [u8]]) -> Option<Box<dyn super::Plan + 'a>> {
        let lengths = values.iter().map(|text| text.len() as u64);
        let length = sparse::majority(lengths) as usize;
        if !(1..=MAX_LENGTH).contains(&length) {
            return None;
        }
        let bytes = (values.len() * length * 6).div_ceil(8);
        let mut characters = Packer::with_capacity(bytes);
        let exceptions = text_exceptions::split(values, |text| {
            let fits = text.len() == length && characters.put(text);
            if !fits {
                characters.put(&[b'A'; MAX_LENGTH][..length]);
            }
            fits
        })?;
        Some(Box::new(Plan {
            length,
            characters: characters.finish(bytes),
            exceptions,
        }))
    }

    fn decode(&self, part: Part<'_>, rows: u32, wanted: Range<u32>) -> Result<Texts, Error> {
        if wanted.is_empty() {
            return Ok(Texts::default());
        }
        let length = usize::from(part.head(1)?.first().copied().unwrap_or(0));
        if !(1..=MAX_LENGTH).contains(&length) {
            return Err(Error::corrupt("ids have no possible length"));
        }
        let (characters, exceptions) = sections(part.after(1)?)?;
        let exceptions = TextExceptions::read(exceptions, rows, &wanted)?;
        // 2^24 rows of 64 characters are 2^30.
        let places = wanted.start as usize * length..wanted.end as usize * length;
        Ok(texts_of(
            read(characters, places)?,
            length,
            wanted.len(),
            &exceptions,
        ))
    }
}

/// The characters at these places.
fn read(part: Part<'_>, wanted: Range<usize>) -> Result<Vec<u8>, Error> {
    // Four characters are three bytes.
    let (first, end) = (wanted.start / 4, wanted.end.div_ceil(4));
    let stored = part.len().min(end as u64 * 3);
    let start = first as u64 * 3;
    let length = stored.checked_sub(start).ok_or(Error::Truncated)?;
    if wanted.end > (stored * 8 / 6) as usize {
        return Err(Error::Truncated);
    }
    let packed = part.bytes(start, length)?;
    let mut characters = vec![0; (end - first) * 4];
    let mut packed = &packed[..];
    let mut sixteens = characters.chunks_mut(16);
    // Sixteen bytes where there are, because that is two loads; twelve are meant.
    while let Some(bytes) = packed.first_chunk() {
        match sixteens.next().and_then(<[u8]>::as_mut_array) {
            Some(sixteen) => unpack_sixteen(bytes, sixteen),
            None => break,
        }
        packed = &packed[12..];
    }
    for sixteen in sixteens {
        let (mut bytes, mut last) = ([0; 16], [0; 16]);
        for (place, byte) in bytes.iter_mut().zip(packed) {
            *place = *byte;
        }
        unpack_sixteen(&bytes, &mut last);
        sixteen.copy_from_slice(&last[..sixteen.len()]);
        packed = packed.get(12..).unwrap_or_default();
    }
    if wanted.start > first * 4 {
        characters.drain(..wanted.start - first * 4);
    }
    characters.truncate(wanted.len());
    Ok(characters)
}

/// Not inlined for the sake of addresses, see `bits.rs`.
#[inline(never)]
fn unpack_sixteen(bytes: &[u8; 16], characters: &mut [u8; 16]) {
    let [a, b, c, d, e, f, g, h, i, j, k, l, ..] = *bytes;
    let low = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let high = u32::from_le_bytes([i, j, k, l]);
    // Five pairs are in the low word alone.
    let across = low >> 60 | u64::from(high) << 4;
    let (pairs, _) = characters.as_chunks_mut();
    for (place, pair) in pairs.iter_mut().enumerate() {
        let bits = match place {
            0..5 => low >> (12 * place),
            _ => across >> (12 * (place - 5)),
        };
        *pair = PAIRS[(bits & 0xFFF) as usize];
    }
}

/// How texts are going to be written.
struct Plan<'a> {
    length: usize,
    characters: Vec<u8>,
    exceptions: text_exceptions::Plan<'a>,
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        let characters = self.characters.len();
        1 + varint::size(characters as u64) + characters + self.exceptions.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        // At most 64.
        out.push(self.length as u8);
        varint::put(out, self.characters.len() as u64);
        out.extend_from_slice(&self.characters);
        self.exceptions.write(out);
    }
}

/// The bits of eight places.
const ALL_EIGHT: u64 = (1 << 48) - 1;

/// The places of eight characters, 6 bits each, and the highest bit if one has none. Not inlined for the sake of
/// addresses, see `bits.rs`.
#[inline(never)]
fn join_eight(characters: &[u8; 8]) -> u64 {
    let [a, b, c, d, e, f, g, h] = *characters;
    let low = join_four([a, b, c, d]);
    let high = join_four([e, f, g, h]);
    let none = u64::from((low | high) >> 31) << 63;
    u64::from(low) | u64::from(high) << 24 | none
}

#[inline(always)]
fn join_four([a, b, c, d]: [u8; 4]) -> u32 {
    let [first, second, third, fourth] = &SHIFTED;
    first[usize::from(a)] | second[usize::from(b)] | third[usize::from(c)] | fourth[usize::from(d)]
}

/// Packs characters as they come.
struct Packer {
    bytes: Vec<u8>,
    /// Those that don't fill a word yet.
    word: u64,
    filled: u32,
}

impl Packer {
    fn with_capacity(bytes: usize) -> Self {
        Self {
            // The last word may be more than is wanted.
            bytes: Vec::with_capacity(bytes + 8),
            word: 0,
            filled: 0,
        }
    }

    /// Appends a text's characters; nothing, and false, if one is none of the alphabet.
    fn put(&mut self, text: &[u8]) -> bool {
        let length = self.bytes.len();
        let before = (self.word, self.filled);
        let (eights, rest) = text.as_chunks();
        let mut all = 0;
        for eight in eights {
            let places = join_eight(eight);
            all |= places;
            self.add(places & ALL_EIGHT, 48);
        }
        if !rest.is_empty() {
            // The rest is at the end of the last eight characters; a shorter text is filled up in front.
            let mut padded = [b'A'; 8];
            let last = text.last_chunk().unwrap_or_else(|| {
                padded[8 - rest.len()..].copy_from_slice(rest);
                &padded
            });
            let places = join_eight(last);
            all |= places;
            let width = 6 * rest.len() as u32;
            self.add((places & ALL_EIGHT) >> (48 - width), width);
        }
        let fits = all >> 63 == 0;
        if !fits {
            self.bytes.truncate(length);
            (self.word, self.filled) = before;
        }
        fits
    }

    /// Appends `width` bits.
    #[inline(always)]
    fn add(&mut self, places: u64, width: u32) {
        self.word |= places << self.filled;
        self.filled += width;
        if self.filled >= 64 {
            self.bytes.extend_from_slice(&self.word.to_le_bytes());
            self.filled -= 64;
            // What did not fit.
            self.word = places >> (width - self.filled);
        }
    }

    /// So many bytes of characters.
    fn finish(mut self, bytes: usize) -> Vec<u8> {
        self.bytes.extend_from_slice(&self.word.to_le_bytes());
        self.bytes.truncate(bytes);
        self.bytes
    }
}
