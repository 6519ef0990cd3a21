//! Numbers in as few bytes as they need, and a reader that takes bytes from the front.
//!
//! A *varint* is an unsigned LEB128: 7 bits a byte, the low ones first, the high bit set on all bytes but
//! the last; 1 to 10 bytes. A *signed varint* is a `u64` that wraps around (a small negative is huge), with
//! the sign moved to the lowest bit first ("zigzag": 0, -1, 1, -2, … become 0, 1, 2, 3, …).

use crate::Error;

/// The most bytes of a varint.
pub(crate) const MAX_BYTES: u64 = 10;

/// Takes fields from the front of bytes.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were taken.
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next bytes, which are not taken.
    pub fn peek<const N: usize>(&self) -> Option<&'a [u8; N]> {
        self.bytes.get(self.at..)?.first_chunk()
    }

    /// All bytes that are not taken yet.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Takes bytes that were peeked at.
    pub fn skip(&mut self, length: usize) {
        self.at += length;
    }

    pub fn byte(&mut self) -> Result<u8, Error> {
        let byte = *self.bytes.get(self.at).ok_or(Error::Truncated)?;
        self.at += 1;
        Ok(byte)
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(length).ok_or(Error::Truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(Error::Truncated)?;
        self.at = end;
        Ok(taken)
    }

    /// Eight bytes, little-endian.
    pub fn word(&mut self) -> Result<u64, Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let word = rest.first_chunk().ok_or(Error::Truncated)?;
        self.at += word.len();
        Ok(u64::from_le_bytes(*word))
    }

    #[inline(always)]
    pub fn varint(&mut self) -> Result<u64, Error> {
        match self.bytes.get(self.at) {
            // Most are of one byte.
            Some(byte @ ..0x80) => {
                self.at += 1;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    #[inline(never)]
    fn long_varint(&mut self) -> Result<u64, Error> {
        let mut value = 0;
        let mut shift = 0;
        for byte in self.bytes.get(self.at..).unwrap_or_default() {
            let bits = u64::from(byte & 0x7F);
            if shift > 63 || (shift == 63 && bits > 1) {
                return Err(Error::corrupt("a number has more than 64 bits"));
            }
            value |= bits << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                self.at += shift / 7;
                return Ok(value);
            }
        }
        Err(Error::Truncated)
    }

    pub fn signed(&mut self) -> Result<u64, Error> {
        let zigzag = self.varint()?;
        Ok((zigzag >> 1) ^ (zigzag & 1).wrapping_neg())
    }

    /// A varint of at most `limit`.
    pub fn at_most(&mut self, limit: u64) -> Result<u64, Error> {
        match self.varint()? {
            value if value > limit => Err(Error::OutOfRange { value, limit }),
            value => Ok(value),
        }
    }

    /// A varint that is a count of at most `limit`.
    pub fn count(&mut self, limit: u32) -> Result<u32, Error> {
        // No more than `limit`, so nothing is lost.
        Ok(self.at_most(u64::from(limit))? as u32)
    }

    pub fn id(&mut self) -> Result<u16, Error> {
        Ok(self.at_most(u64::from(u16::MAX))? as u16)
    }
}

/// Appends a varint.
pub(crate) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed varint.
pub(crate) fn put_signed(out: &mut Vec<u8>, value: u64) {
    put(out, zigzag(value));
}

/// The bytes of a varint.
pub(crate) fn size(value: u64) -> usize {
    let bits = 64 - (value | 1).leading_zeros() as usize;
    bits.div_ceil(7)
}

/// The bytes of a signed varint.
pub(crate) fn size_signed(value: u64) -> usize {
    size(zigzag(value))
}

fn zigzag(value: u64) -> u64 {
    (value << 1) ^ (value >> 63).wrapping_neg()
}
