//! Lower-case UUIDs in their 36 characters: 16 bytes each.
//!
//! ```text
//! length     │ bytes of `uuids`, varint
//! uuids      │ 16 bytes a row, in the order of the digits; 0 for an exception
//! exceptions │ drawn in `text_exceptions.rs`
//! ```

use super::text_exceptions::{self, TextExceptions, texts_of};
use super::{TextsCodec, sections};
use crate::Error;
use crate::source::Part;
use crate::texts::Texts;
use crate::varint;
use std::ops::Range;

/// The characters of a UUID.
const LENGTH: usize = 36;

/// Where the hyphens are.
const HYPHENS_AT: [usize; 4] = [8, 13, 18, 23];

/// Where the digits of each byte are.
const DIGITS_AT: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/// The digits of each byte.
static DIGITS: [[u8; 2]; 256] = digits();

const fn digits() -> [[u8; 2]; 256] {
    let hex = b"0123456789abcdef";
    let mut digits = [[0; 2]; 256];
    let mut byte = 0;
    while byte < digits.len() {
        digits[byte] = [hex[byte / 16], hex[byte % 16]];
        byte += 1;
    }
    digits
}

/// The value of each digit; of what is none, one with a higher bit.
static VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut values = [0x80; 256];
    let mut byte = 0;
    while byte < DIGITS.len() {
        values[DIGITS[byte][1] as usize] = byte as u8 % 16;
        byte += 1;
    }
    values
}

/// The encoding `uuid`.
pub(crate) struct Uuid;

impl TextsCodec for Uuid {
    fn tag(&self) -> (u8, &'static str) {
        (66, "uuid")
    }

    fn plan<'a>(&self, values: &'a [&'a [u8]]) -> Option<Box<dyn super::Plan + 'a>> {
        let mut uuids = Vec::with_capacity(values.len() * 16);
        let exceptions = text_exceptions::split(values, |text| {
            let mut uuid = [0; 16];
            let fits = text.try_into().is_ok_and(|text| parse(text, &mut uuid));
            if !fits {
                uuid = [0; 16];
            }
            uuids.extend_from_slice(&uuid);
            fits
        })?;
        Some(Box::new(Plan { uuids, exceptions }))
    }

    fn decode(&self, part: Part<'_>, rows: u32, wanted: Range<u32>) -> Result<Texts, Error> {
        let (uuids, exceptions) = sections(part)?;
        let exceptions = TextExceptions::read(exceptions, rows, &wanted)?;
        let bytes = uuids.bytes(u64::from(wanted.start) * 16, wanted.len() as u64 * 16)?;
        let mut characters = vec![0; wanted.len() * LENGTH];
        let (texts, _) = characters.as_chunks_mut();
        let (uuids, _) = bytes.as_chunks();
        for (uuid, text) in uuids.iter().zip(texts) {
            format(uuid, text);
        }
        Ok(texts_of(characters, LENGTH, wanted.len(), &exceptions))
    }
}

/// Puts the bytes of a text into their places, if it is a UUID. Not inlined for the sake of addresses, see
/// `bits.rs`.
#[inline(never)]
fn parse(text: &[u8; LENGTH], uuid: &mut [u8; 16]) -> bool {
    let mut digits = 0;
    // Written out, because a loop would not be unrolled, and only so are all places known when this is compiled.
    macro_rules! bytes {
        ($($byte:literal)*) => {
            $(
                let at = DIGITS_AT[$byte];
                let high = VALUES[usize::from(text[at])];
                let low = VALUES[usize::from(text[at + 1])];
                digits |= high | low;
                uuid[$byte] = high << 4 | low;
            )*
        };
    }
    bytes!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    let differing = HYPHENS_AT
        .iter()
        .fold(0, |all, at| all | (text[*at] ^ b'-'));
    // All values together: only what is no digit has a higher bit.
    digits < 16 && differing == 0
}

/// Not inlined for the sake of addresses, see `bits.rs`.
#[inline(never)]
fn format(uuid: &[u8; 16], text: &mut [u8; LENGTH]) {
    for (byte, at) in uuid.iter().zip(DIGITS_AT) {
        [text[at], text[at + 1]] = DIGITS[usize::from(*byte)];
    }
    for at in HYPHENS_AT {
        text[at] = b'-';
    }
}

/// How texts are going to be written.
struct Plan<'a> {
    uuids: Vec<u8>,
    exceptions: text_exceptions::Plan<'a>,
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        varint::size(self.uuids.len() as u64) + self.uuids.len() + self.exceptions.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put(out, self.uuids.len() as u64);
        out.extend_from_slice(&self.uuids);
        self.exceptions.write(out);
    }
}
