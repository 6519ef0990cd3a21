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

/// Not a character of the alphabet: with a bit that no place has.
const NONE: u8 = 255;

/// The place of each character in the alphabet.
static PLACES: [u8; 256] = places();

/// The two characters of each 12 bits: a look-up for two characters costs what one for each does.
static PAIRS: [[u8; 2]; 4096] = pairs();

const fn places() -> [u8; 256] {
    let mut places = [NONE; 256];
    let mut place = 0;
    while place < ALPHABET.len() {
        places[ALPHABET[place] as usize] = place as u8;
        place += 1;
    }
    places
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
        let exceptions = text_exceptions::split(values, |text| fits(text, length))?;
        Some(Box::new(Plan {
            values,
            length,
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

fn fits(text: &[u8], length: usize) -> bool {
    // All places together: only what is no place has a higher bit.
    let places = text.iter().map(|byte| PLACES[usize::from(*byte)]);
    text.len() == length && places.fold(0, |all, place| all | place) < ALPHABET.len() as u8
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
    values: &'a [&'a [u8]],
    length: usize,
    exceptions: text_exceptions::Plan<'a>,
}

impl Plan<'_> {
    fn character_bytes(&self) -> usize {
        (self.values.len() * self.length * 6).div_ceil(8)
    }
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        let characters = self.character_bytes();
        1 + varint::size(characters as u64) + characters + self.exceptions.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        // At most 64.
        out.push(self.length as u8);
        varint::put(out, self.character_bytes() as u64);
        let start = out.len();
        let mut word = Word::default();
        for text in self.values {
            match fits(text, self.length) {
                true => put(text, &mut word, out),
                false => put(&[b'A'; MAX_LENGTH][..self.length], &mut word, out),
            }
        }
        out.extend_from_slice(&word.bits.to_le_bytes());
        out.truncate(start + self.character_bytes());
        self.exceptions.write(out);
    }
}

/// Characters that don't fill a word yet.
#[derive(Default)]
struct Word {
    bits: u64,
    filled: u32,
}

/// Appends a text's characters.
fn put(text: &[u8], word: &mut Word, out: &mut Vec<u8>) {
    let Word {
        mut bits,
        mut filled,
    } = *word;
    let mut add = |places: u64, width: u32| {
        bits |= places << filled;
        filled += width;
        if filled >= 64 {
            out.extend_from_slice(&bits.to_le_bytes());
            filled -= 64;
            // What did not fit.
            bits = places >> (width - filled);
        }
    };
    let place = |byte: u8| u64::from(PLACES[usize::from(byte)]);
    let (fours, rest) = text.as_chunks();
    for [a, b, c, d] in fours {
        let low = place(*a) | place(*b) << 6;
        add(low | place(*c) << 12 | place(*d) << 18, 24);
    }
    for byte in rest {
        add(place(*byte), 6);
    }
    *word = Word { bits, filled };
}
