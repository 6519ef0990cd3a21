//! Tells whose memory this is and which layout it has, before anything else is read.
//!
//! ```text
//! -------------------------------------------------- <- Address 0
//! Magic "ORBITER\0"                     ↕ 8 bytes
//! -------------------------------------------------- <- Address 8 (VERSION_OFFSET)
//! Layout version, u32, little-endian    ↕ 4 bytes
//! --------------------------------------------------
//! ```

use ic_stable_structures::Memory;
use std::fmt;

const MAGIC: [u8; 8] = *b"ORBITER\0";
const VERSION_OFFSET: u64 = 8;

/// The layout that this code reads and writes.
pub const LAYOUT_VERSION: u32 = 2;

/// The oldest layout that this code still reads.
pub const OLDEST_LAYOUT_VERSION: u32 = 1;

/// What the memory at id 0 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superblock {
    /// The layout of all memories.
    pub layout_version: u32,
}

/// Why a memory can't be opened. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuperblockError {
    /// The memory holds something that isn't an orbiter's.
    Foreign {
        /// Its first 8 bytes.
        magic: [u8; 8],
    },
    /// The memory has a layout that this code doesn't know: it is of a later release.
    UnknownLayout {
        /// The layout it has.
        found: u32,
        /// The layout that this code knows.
        known: u32,
    },
    /// The memory can't grow by the page that the superblock needs.
    OutOfMemory,
}

impl fmt::Display for SuperblockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign { magic } => write!(
                f,
                "The stable memory isn't an orbiter's: it begins with {magic:?}. Install this orbiter in a \
                 canister of its own, or reinstall to discard what is there."
            ),
            Self::UnknownLayout { found, known } => write!(
                f,
                "The stable memory has layout {found}, this release knows {known}: install the release \
                 that wrote it, or a later one."
            ),
            Self::OutOfMemory => write!(f, "The stable memory can't grow by a page of 64 KiB."),
        }
    }
}

impl std::error::Error for SuperblockError {}

impl Superblock {
    /// Reads the superblock of `memory`; an empty memory gets one of the current layout.
    ///
    /// # Errors
    /// [`SuperblockError`] for a memory that is another's or of a later release.
    pub fn open<M: Memory>(memory: &M) -> Result<Self, SuperblockError> {
        if memory.size() == 0 {
            return Self::create(memory);
        }
        let mut magic = [0; MAGIC.len()];
        memory.read(0, &mut magic);
        if magic != MAGIC {
            return Err(SuperblockError::Foreign { magic });
        }
        let mut version = [0; 4];
        memory.read(VERSION_OFFSET, &mut version);
        match u32::from_le_bytes(version) {
            layout_version @ OLDEST_LAYOUT_VERSION..=LAYOUT_VERSION => Ok(Self { layout_version }),
            found => Err(SuperblockError::UnknownLayout {
                found,
                known: LAYOUT_VERSION,
            }),
        }
    }

    /// Notes that the memories have the current layout now.
    pub(crate) fn migrated<M: Memory>(memory: &M) {
        memory.write(VERSION_OFFSET, &LAYOUT_VERSION.to_le_bytes());
    }

    fn create<M: Memory>(memory: &M) -> Result<Self, SuperblockError> {
        if memory.grow(1) < 0 {
            return Err(SuperblockError::OutOfMemory);
        }
        memory.write(0, &MAGIC);
        memory.write(VERSION_OFFSET, &LAYOUT_VERSION.to_le_bytes());
        Ok(Self {
            layout_version: LAYOUT_VERSION,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ic_stable_structures::VectorMemory;

    #[test]
    fn a_new_memory_gets_the_current_layout_and_opens_again() {
        let memory = VectorMemory::default();
        assert_eq!(
            Superblock::open(&memory),
            Ok(Superblock { layout_version: 2 })
        );
        assert_eq!(
            Superblock::open(&memory),
            Ok(Superblock { layout_version: 2 })
        );
        assert_eq!(memory.borrow()[..12], *b"ORBITER\0\x02\0\0\0");
    }

    #[test]
    fn a_foreign_memory_is_refused_and_left_as_it_is() {
        let memory = VectorMemory::default();
        memory.grow(1);
        memory.write(0, b"BTR\x02somebody else's");
        let before = memory.borrow().clone();
        let error = Superblock::open(&memory).unwrap_err();
        assert_eq!(
            error,
            SuperblockError::Foreign {
                magic: *b"BTR\x02some"
            }
        );
        assert_eq!(*memory.borrow(), before);
    }

    #[test]
    fn a_later_layout_is_refused_by_its_number() {
        for found in [0, 3, u32::MAX] {
            let memory = VectorMemory::default();
            memory.grow(1);
            memory.write(0, b"ORBITER\0");
            memory.write(8, &found.to_le_bytes());
            let error = Superblock::open(&memory).unwrap_err();
            assert_eq!(error, SuperblockError::UnknownLayout { found, known: 2 });
        }
    }
}
