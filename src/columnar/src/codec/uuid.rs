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

/// The bytes after which it has a hyphen.
const HYPHENS: [usize; 4] = [3, 5, 7, 9];

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

/// The encoding `uuid`.
pub(crate) struct Uuid;

impl TextsCodec for Uuid {
    fn tag(&self) -> (u8, &'static str) {
        (66, "uuid")
    }

    fn plan<'a>(&self, values: &'a [&'a [u8]]) -> Option<Box<dyn super::Plan + 'a>> {
        let mut uuids = Vec::new();
        let exceptions = text_exceptions::split(values, |text| {
            let uuid = parse(text);
            uuids.extend_from_slice(&uuid.unwrap_or_default());
            uuid.is_some()
        })?;
        Some(Box::new(Plan { uuids, exceptions }))
    }

    fn decode(&self, part: Part<'_>, rows: u32, wanted: Range<u32>) -> Result<Texts, Error> {
        let (uuids, exceptions) = sections(part)?;
        let exceptions = TextExceptions::read(exceptions, rows, &wanted)?;
        let bytes = uuids.bytes(u64::from(wanted.start) * 16, wanted.len() as u64 * 16)?;
        let mut characters = Vec::with_capacity(wanted.len() * LENGTH);
        let (uuids, _) = bytes.as_chunks::<16>();
        for uuid in uuids {
            characters.extend_from_slice(&format(uuid));
        }
        Ok(texts_of(characters, LENGTH, &exceptions))
    }
}

fn parse(text: &[u8]) -> Option<[u8; 16]> {
    let text: &[u8; LENGTH] = text.try_into().ok()?;
    let mut uuid = [0; 16];
    let mut at = 0;
    for (place, byte) in uuid.iter_mut().enumerate() {
        *byte = digit(text[at])? << 4 | digit(text[at + 1])?;
        at += 2;
        if HYPHENS.contains(&place) {
            if text[at] != b'-' {
                return None;
            }
            at += 1;
        }
    }
    Some(uuid)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

fn format(uuid: &[u8; 16]) -> [u8; LENGTH] {
    let mut text = [b'-'; LENGTH];
    let mut at = 0;
    for (place, byte) in uuid.iter().enumerate() {
        text[at..at + 2].copy_from_slice(&DIGITS[usize::from(*byte)]);
        at += 2 + usize::from(HYPHENS.contains(&place));
    }
    text
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
