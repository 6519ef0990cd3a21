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

/// Not a character of the alphabet.
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
        let wanted = wanted.start as usize * length..wanted.end as usize * length;
        Ok(texts_of(read(characters, wanted)?, length, &exceptions))
    }
}

fn fits(text: &[u8], length: usize) -> bool {
    text.len() == length && text.iter().all(|byte| PLACES[usize::from(*byte)] != NONE)
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
    let mut characters = Vec::with_capacity((end - first) * 4);
    let (sixes, rest) = packed.as_chunks::<6>();
    for [a, b, c, d, e, f] in sixes {
        let bits = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, 0, 0]);
        let [p, q] = PAIRS[(bits & 0xFFF) as usize];
        let [r, s] = PAIRS[(bits >> 12 & 0xFFF) as usize];
        let [t, u] = PAIRS[(bits >> 24 & 0xFFF) as usize];
        let [v, w] = PAIRS[(bits >> 36) as usize];
        characters.extend_from_slice(&[p, q, r, s, t, u, v, w]);
    }
    for three in rest.chunks(3) {
        let mut bytes = [0; 4];
        bytes[..three.len()].copy_from_slice(three);
        let bits = u32::from_le_bytes(bytes);
        characters.extend_from_slice(&PAIRS[(bits & 0xFFF) as usize]);
        characters.extend_from_slice(&PAIRS[(bits >> 12) as usize]);
    }
    characters.drain(..wanted.start - first * 4);
    characters.truncate(wanted.len());
    Ok(characters)
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
        let (mut bits, mut filled) = (0u32, 0);
        for text in self.values {
            let fits = fits(text, self.length);
            for place in 0..self.length {
                let byte = text.get(place).filter(|_| fits).unwrap_or(&b'A');
                bits |= u32::from(PLACES[usize::from(*byte)]) << filled;
                filled += 6;
                while filled >= 8 {
                    out.push(bits as u8);
                    bits >>= 8;
                    filled -= 8;
                }
            }
        }
        if filled > 0 {
            out.push(bits as u8);
        }
        self.exceptions.write(out);
    }
}
