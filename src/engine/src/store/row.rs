//! The bytes of a stored entry.
//!
//! ```text
//! magic and format | 0xA1: a row (0xA0) of format 1              | 1 byte
//! created_at       | nanoseconds since 1970, little-endian       | 8 bytes
//! updated_at       | its distance from created_at, modulo 2^64   | number
//! version          |                                             | number
//! session_id       |                                             | text
//! body             | drawn in the file of its kind (`kinds/`)    | to the end
//! ```
//!
//! A *number* is an unsigned LEB128: 7 bits a byte, the low ones first, the high bit set on all bytes but
//! the last; 1 to 10 bytes. A *text* is its length in bytes (number) and its UTF-8. *Flags* are two bytes,
//! little-endian, that say which optional fields of a kind follow; a new optional field takes a free bit, so
//! rows written before it stay readable. The satellite and the key stand in the map's key (`store/key.rs`).

use crate::entry::Entry;
use crate::kinds::Kind;
use ic_principal::Principal;
use std::fmt;

const FORMAT_1: u8 = 0xA1;

/// What is wrong with stored bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    /// They end where more should follow.
    Truncated,
    /// They go on where they should end.
    TrailingBytes {
        /// By how many bytes.
        bytes: usize,
    },
    /// A row of a format that this code doesn't know.
    UnknownFormat {
        /// Its first byte.
        found: u8,
    },
    /// Flags that this code doesn't know.
    UnknownFlags {
        /// The unknown ones.
        flags: u16,
    },
    /// A number that its field can't hold.
    NumberTooLarge,
    /// A text that isn't UTF-8.
    NotUtf8,
    /// A key that isn't one of an entry.
    BadKey,
    /// There is no row, though its key says whose it is; or a row lacks a text that it must have.
    Missing,
    /// The bytes don't have the checksum that was written with them.
    Checksum,
    /// A code that no text of the dictionary has.
    NoSuchText {
        /// The code.
        code: u64,
    },
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => write!(f, "its row ends too early."),
            Self::TrailingBytes { bytes } => write!(f, "its row is {bytes} bytes too long."),
            Self::UnknownFormat { found } => {
                write!(
                    f,
                    "its row has the format {found:#04x}, which this release doesn't know."
                )
            }
            Self::UnknownFlags { flags } => {
                write!(
                    f,
                    "its row has the flags {flags:#06x}, which this release doesn't know."
                )
            }
            Self::NumberTooLarge => write!(f, "its row has a number that is too large."),
            Self::NotUtf8 => write!(f, "its row has a text that isn't UTF-8."),
            Self::BadKey => write!(f, "its key is malformed."),
            Self::Missing => write!(f, "its row is missing."),
            Self::Checksum => write!(f, "its checksum is wrong."),
            Self::NoSuchText { code } => {
                write!(f, "its row names the text {code}, which doesn't exist.")
            }
        }
    }
}

impl std::error::Error for RowError {}

/// A stored entry, borrowed from its bytes; texts are not yet checked to be UTF-8.
pub struct Row<'a, K: Kind> {
    /// The visit it belongs to.
    pub session_id: &'a [u8],
    /// When it was first stored, in nanoseconds since 1970, UTC.
    pub created_at: u64,
    /// When it was last stored, in nanoseconds since 1970, UTC.
    pub updated_at: u64,
    /// 1 at first, one more with each overwrite.
    pub version: u64,
    /// The fields of its kind.
    pub body: K::Row<'a>,
}

impl<'a, K: Kind> Row<'a, K> {
    /// Reads what [`encode`] wrote.
    pub(crate) fn decode(bytes: &'a [u8]) -> Result<Self, RowError> {
        let mut reader = RowReader { bytes };
        match reader.byte()? {
            FORMAT_1 => Self::decode_format_1(reader),
            found => Err(RowError::UnknownFormat { found }),
        }
    }

    fn decode_format_1(mut reader: RowReader<'a>) -> Result<Self, RowError> {
        let created_at = u64::from_le_bytes(reader.array()?);
        let row = Self {
            created_at,
            updated_at: created_at.wrapping_add(reader.number()?),
            version: reader.number()?,
            session_id: reader.text()?,
            body: K::read(&mut reader)?,
        };
        match reader.bytes.len() {
            0 => Ok(row),
            bytes => Err(RowError::TrailingBytes { bytes }),
        }
    }

    /// Copies the row out, as an entry of `satellite_id`.
    pub(crate) fn to_entry(&self, satellite_id: Principal) -> Result<Entry<K>, RowError> {
        Ok(Entry {
            satellite_id,
            session_id: owned(self.session_id)?,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
            body: K::to_owned(&self.body)?,
        })
    }
}

/// How many bytes [`encode_into`] gives for an entry.
pub(crate) fn encoded_bytes<K: Kind>(entry: &Entry<K>) -> usize {
    let mut bytes = Vec::with_capacity(256);
    encode_into(&mut bytes, entry);
    bytes.len()
}

/// Appends the bytes of an entry.
pub(crate) fn encode_into<K: Kind>(bytes: &mut Vec<u8>, entry: &Entry<K>) {
    let mut writer = RowWriter {
        bytes: std::mem::take(bytes),
    };
    writer.bytes.push(FORMAT_1);
    writer.bytes.extend(entry.created_at.to_le_bytes());
    writer.number(entry.updated_at.wrapping_sub(entry.created_at));
    writer.number(entry.version);
    writer.text(&entry.session_id);
    entry.body.write(&mut writer);
    *bytes = writer.bytes;
}

/// A text of a row, checked.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, RowError> {
    std::str::from_utf8(bytes).map_err(|_| RowError::NotUtf8)
}

/// A text of a row, checked and copied out.
pub(crate) fn owned(bytes: &[u8]) -> Result<String, RowError> {
    utf8(bytes).map(str::to_owned)
}

/// Writes the fields of a row, one after the other.
pub struct RowWriter {
    bytes: Vec<u8>,
}

impl RowWriter {
    /// Appends flags.
    pub fn flags(&mut self, flags: u16) {
        self.bytes.extend(flags.to_le_bytes());
    }

    /// Appends a number.
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Appends a number that is there; nothing otherwise.
    pub fn optional_number(&mut self, number: Option<u64>) {
        if let Some(number) = number {
            self.number(number);
        }
    }

    /// Appends a float.
    pub fn float(&mut self, float: f64) {
        self.bytes.extend(float.to_le_bytes());
    }

    /// Appends a text.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    /// Appends a text that is there; nothing otherwise.
    pub fn optional_text(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.text(text);
        }
    }
}

/// Reads the fields of a row, one after the other, without copying.
pub struct RowReader<'a> {
    bytes: &'a [u8],
}

impl<'a> RowReader<'a> {
    /// Reads flags.
    ///
    /// # Errors
    /// [`RowError::UnknownFlags`] for a flag that isn't in `known`; [`RowError::Truncated`].
    pub fn flags(&mut self, known: u16) -> Result<u16, RowError> {
        let flags = u16::from_le_bytes(self.array()?);
        match flags & !known {
            0 => Ok(flags),
            flags => Err(RowError::UnknownFlags { flags }),
        }
    }

    /// Reads a number.
    ///
    /// # Errors
    /// [`RowError::NumberTooLarge`] beyond 64 bits; [`RowError::Truncated`].
    #[inline]
    pub fn number(&mut self) -> Result<u64, RowError> {
        match self.byte()? {
            byte if byte < 0x80 => Ok(byte.into()),
            byte => self.longer_number(byte),
        }
    }

    fn longer_number(&mut self, first: u8) -> Result<u64, RowError> {
        let mut number = u64::from(first & 0x7F);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                return Err(RowError::NumberTooLarge);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(RowError::NumberTooLarge)
    }

    /// Reads a number of at most 16 bits.
    ///
    /// # Errors
    /// [`RowError::NumberTooLarge`] beyond them; [`RowError::Truncated`].
    pub fn number_u16(&mut self) -> Result<u16, RowError> {
        u16::try_from(self.number()?).map_err(|_| RowError::NumberTooLarge)
    }

    /// Reads a number that is an index into `all`.
    ///
    /// # Errors
    /// [`RowError::NumberTooLarge`] beyond its end; [`RowError::Truncated`].
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> Result<T, RowError> {
        usize::try_from(self.number()?)
            .ok()
            .and_then(|index| all.get(index).copied())
            .ok_or(RowError::NumberTooLarge)
    }

    /// Reads a float.
    ///
    /// # Errors
    /// [`RowError::Truncated`].
    pub fn float(&mut self) -> Result<f64, RowError> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    /// Reads a text's bytes.
    ///
    /// # Errors
    /// [`RowError::Truncated`]; [`RowError::NumberTooLarge`].
    #[inline]
    pub fn text(&mut self) -> Result<&'a [u8], RowError> {
        let length = usize::try_from(self.number()?).map_err(|_| RowError::NumberTooLarge)?;
        let (text, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or(RowError::Truncated)?;
        self.bytes = rest;
        Ok(text)
    }

    /// Reads a field that is there if `is_there` says so.
    ///
    /// # Errors
    /// Those of `read`.
    #[inline]
    pub fn when<T>(
        &mut self,
        is_there: bool,
        read: impl FnOnce(&mut Self) -> Result<T, RowError>,
    ) -> Result<Option<T>, RowError> {
        if is_there {
            read(self).map(Some)
        } else {
            Ok(None)
        }
    }

    #[inline]
    fn byte(&mut self) -> Result<u8, RowError> {
        let (&byte, rest) = self.bytes.split_first().ok_or(RowError::Truncated)?;
        self.bytes = rest;
        Ok(byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], RowError> {
        let (&array, rest) = self.bytes.split_first_chunk().ok_or(RowError::Truncated)?;
        self.bytes = rest;
        Ok(array)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number_bytes(number: u64) -> Vec<u8> {
        let mut writer = RowWriter { bytes: vec![] };
        writer.number(number);
        writer.bytes
    }

    #[test]
    fn a_number_takes_seven_bits_a_byte_and_reads_back() {
        for (number, length) in [
            (0, 1),
            (127, 1),
            (128, 2),
            (16_383, 2),
            (16_384, 3),
            (u64::MAX >> 1, 9),
            (u64::MAX, 10),
        ] {
            let bytes = number_bytes(number);
            assert_eq!(bytes.len(), length, "{number}");
            assert_eq!(RowReader { bytes: &bytes }.number(), Ok(number));
        }
    }

    #[test]
    fn a_number_beyond_64_bits_is_refused() {
        let too_large = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02];
        assert_eq!(
            RowReader { bytes: &too_large }.number(),
            Err(RowError::NumberTooLarge)
        );
        let too_long = [0x80; 11];
        assert_eq!(
            RowReader { bytes: &too_long }.number(),
            Err(RowError::NumberTooLarge)
        );
    }

    #[test]
    fn a_text_longer_than_the_row_is_refused() {
        assert_eq!(
            RowReader { bytes: b"\x04abc" }.text(),
            Err(RowError::Truncated)
        );
        assert_eq!(
            RowReader { bytes: b"\x03abc" }.text(),
            Ok(b"abc".as_slice())
        );
    }
}
