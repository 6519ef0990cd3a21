//! Where stored bytes come from, and parts of them.

use crate::Error;
use std::borrow::Cow;

/// Bytes that can be read in part: memory, a file, stable memory.
pub trait Source {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `bytes` with those from `offset` on; [`Error::Truncated`] where there aren't as many.
    fn read(&self, offset: u64, bytes: &mut [u8]) -> Result<(), Error>;

    /// All of them, if they are in memory: nothing is copied then.
    fn in_memory(&self) -> Option<&[u8]> {
        None
    }
}

impl Source for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read(&self, offset: u64, bytes: &mut [u8]) -> Result<(), Error> {
        bytes.copy_from_slice(slice(self, offset, bytes.len() as u64)?);
        Ok(())
    }

    fn in_memory(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        Source::len(self.as_slice())
    }

    fn read(&self, offset: u64, bytes: &mut [u8]) -> Result<(), Error> {
        self.as_slice().read(offset, bytes)
    }

    fn in_memory(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl<T: Source + ?Sized> Source for &T {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read(&self, offset: u64, bytes: &mut [u8]) -> Result<(), Error> {
        (**self).read(offset, bytes)
    }

    fn in_memory(&self) -> Option<&[u8]> {
        (**self).in_memory()
    }
}

/// A run of bytes of a source, or of memory: what a codec decodes.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// Bytes that are in memory already: reading them costs nothing.
    Memory(&'a [u8]),
    /// Bytes of a source: each read is a call that copies.
    Stored {
        source: &'a dyn Source,
        offset: u64,
        length: u64,
    },
}

impl<'a> Part<'a> {
    pub fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => Source::len(*bytes),
            Self::Stored { length, .. } => *length,
        }
    }

    /// `length` bytes from `at` on.
    pub fn bytes(&self, at: u64, length: u64) -> Result<Cow<'a, [u8]>, Error> {
        match self.part(at, length)? {
            Self::Memory(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::Stored { source, offset, .. } => {
                let length = usize::try_from(length).map_err(|_| Error::Truncated)?;
                let mut bytes = vec![0; length];
                source.read(offset, &mut bytes)?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Everything.
    pub fn all(&self) -> Result<Cow<'a, [u8]>, Error> {
        self.bytes(0, self.len())
    }

    /// The first bytes, `most` or as many as there are.
    pub fn head(&self, most: u64) -> Result<Cow<'a, [u8]>, Error> {
        self.bytes(0, most.min(self.len()))
    }

    /// The `length` bytes from `at` on, unread.
    pub fn part(&self, at: u64, length: u64) -> Result<Self, Error> {
        let end = at.checked_add(length).ok_or(Error::Truncated)?;
        if end > self.len() {
            return Err(Error::Truncated);
        }
        Ok(match *self {
            Self::Memory(bytes) => Self::Memory(slice(bytes, at, length)?),
            Self::Stored { source, offset, .. } => Self::Stored {
                source,
                offset: offset.checked_add(at).ok_or(Error::Truncated)?,
                length,
            },
        })
    }

    /// What follows the first `at` bytes, unread.
    pub fn after(&self, at: u64) -> Result<Self, Error> {
        let length = self.len().checked_sub(at).ok_or(Error::Truncated)?;
        self.part(at, length)
    }
}

/// `length` bytes from `at` on.
pub(crate) fn slice(bytes: &[u8], at: u64, length: u64) -> Result<&[u8], Error> {
    let at = usize::try_from(at).map_err(|_| Error::Truncated)?;
    let length = usize::try_from(length).map_err(|_| Error::Truncated)?;
    let end = at.checked_add(length).ok_or(Error::Truncated)?;
    bytes.get(at..end).ok_or(Error::Truncated)
}
