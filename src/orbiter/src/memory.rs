//! The one memory map: what is stored where, and what is not stored at all.
//!
//! Stable, preserved by upgrades: the canister's stable memory, divided by a `MemoryManager` into numbered
//! memories. Their ids are listed in [`engine::MEMORY_USES`]; from [`FIRST_FREE_ID`] on none is in use.
//!
//! ```text
//! -------------------------------------------------- <- Address 0
//! Magic "MGR"                           ↕ 3 bytes
//! --------------------------------------------------
//! Version of the manager's layout, 1    ↕ 1 byte
//! --------------------------------------------------
//! Number of allocated buckets           ↕ 2 bytes
//! -------------------------------------------------- <- Address 6 (BUCKET_SIZE_OFFSET)
//! Pages in a bucket, u16, little-endian ↕ 2 bytes
//! --------------------------------------------------
//! … the manager's tables; the buckets from the second page on
//! ```
//!
//! Heap, lost with every upgrade and made again by `lifecycle`: the `HEAP_*` below.

mod part;

use crate::compaction::Compaction;
use crate::http::Certified;
use engine::{Memories, OpenError, Orbiter};
use ic_stable_structures::memory_manager::{MemoryId, MemoryManager};
use ic_stable_structures::{DefaultMemoryImpl, Memory};
use std::cell::RefCell;
use std::fmt;

pub use part::Part;

/// The memory that an orbiter's parts live in.
pub type OrbiterMemory<M> = Part<M>;

/// Pages of 64 KiB in a bucket: 16 MiB. Written into the memory and not changeable later; the manager's
/// 32,768 buckets make 512 GiB of it, its default of 128 pages would end at 256 GiB.
pub const BUCKET_SIZE_IN_PAGES: u16 = 256;

/// The first memory id that nothing uses.
pub const FIRST_FREE_ID: u8 = Memories::FIRST_FREE;

const MANAGER_MAGIC: [u8; 4] = *b"MGR\x01";
const BUCKET_SIZE_OFFSET: u64 = 6;

thread_local! {
    /// The orbiter, open on stable memory; it holds a copy of the configs and access keys.
    static HEAP_ORBITER: RefCell<Option<Orbiter<OrbiterMemory<DefaultMemoryImpl>>>> =
        const { RefCell::new(None) };

    /// The answers that a query gives by itself, and their proofs.
    static HEAP_CERTIFIED: RefCell<Option<Certified>> = const { RefCell::new(None) };

    /// How the slices of compaction fare; begins anew with every upgrade.
    static HEAP_COMPACTION: RefCell<Compaction> = RefCell::default();
}

/// What stable memory must hold when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: a new orbiter begins.
    Nothing,
    /// An orbiter.
    AnOrbiter,
}

/// Why stable memory can't be opened. Nothing was written to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// An orbiter was expected and the memory is empty.
    Empty,
    /// An empty memory was expected.
    NotEmpty {
        /// Its size in pages of 64 KiB.
        pages: u64,
    },
    /// The memory isn't divided the way an orbiter divides it.
    Foreign {
        /// Its first eight bytes.
        first_bytes: [u8; 8],
    },
    /// Divided like an orbiter's, in buckets of another size.
    BucketSize {
        /// The pages in one of its buckets.
        pages: u16,
    },
    /// Divided like an orbiter's, with other content or that of a later release.
    Open(OpenError),
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "There is no orbiter in this canister to upgrade: its stable memory is empty. Install \
                 the orbiter instead.",
            ),
            Self::NotEmpty { pages } => write!(
                f,
                "The stable memory holds {pages} pages already: upgrade, or reinstall to discard them."
            ),
            Self::Foreign { first_bytes } => write!(
                f,
                "The stable memory isn't an orbiter's: it begins with {first_bytes:?}. Install the orbiter \
                 in a canister of its own, or reinstall to discard what is there."
            ),
            Self::BucketSize { pages } => write!(
                f,
                "The stable memory isn't this orbiter's: its buckets have {pages} pages, not \
                 {BUCKET_SIZE_IN_PAGES}. Install the orbiter in a canister of its own, or reinstall to \
                 discard what is there."
            ),
            Self::Open(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LayoutError {}

/// Opens the orbiter in `stable`, after a look at what is there.
///
/// # Errors
/// [`LayoutError`]; nothing was written then.
pub fn open<M: Memory + Clone>(
    stable: M,
    expected: Expected,
) -> Result<Orbiter<OrbiterMemory<M>>, LayoutError> {
    match (expected, stable.size()) {
        (Expected::Nothing, 0) => {}
        (Expected::Nothing, pages) => return Err(LayoutError::NotEmpty { pages }),
        (Expected::AnOrbiter, 0) => return Err(LayoutError::Empty),
        (Expected::AnOrbiter, _) => check_manager(&stable)?,
    }
    let manager = MemoryManager::init_with_bucket_size(stable.clone(), BUCKET_SIZE_IN_PAGES);
    let memories =
        Memories::from_ids(|id| Part::new(stable.clone(), manager.get(MemoryId::new(id))));
    if expected == Expected::AnOrbiter && memories.superblock.size() == 0 {
        return Err(LayoutError::Empty);
    }
    Orbiter::open(memories).map_err(LayoutError::Open)
}

/// Checks the manager's header before the manager itself touches the memory: it would take anything it
/// doesn't know for free space.
fn check_manager<M: Memory>(stable: &M) -> Result<(), LayoutError> {
    let mut first_bytes = [0; 8];
    stable.read(0, &mut first_bytes);
    if first_bytes[..MANAGER_MAGIC.len()] != MANAGER_MAGIC {
        return Err(LayoutError::Foreign { first_bytes });
    }
    let mut pages = [0; 2];
    stable.read(BUCKET_SIZE_OFFSET, &mut pages);
    match u16::from_le_bytes(pages) {
        BUCKET_SIZE_IN_PAGES => Ok(()),
        pages => Err(LayoutError::BucketSize { pages }),
    }
}

/// Opens this canister's stable memory.
///
/// # Errors
/// As [`open`].
pub fn open_canister(expected: Expected) -> Result<(), LayoutError> {
    let orbiter = open(DefaultMemoryImpl::default(), expected)?;
    HEAP_ORBITER.set(Some(orbiter));
    Ok(())
}

/// Keeps the certified answers.
pub fn set_certified(certified: Certified) {
    HEAP_CERTIFIED.set(Some(certified));
}

/// Looks at the orbiter.
pub fn read<T>(f: impl FnOnce(&Orbiter<OrbiterMemory<DefaultMemoryImpl>>) -> T) -> T {
    HEAP_ORBITER.with_borrow(|orbiter| match orbiter {
        Some(orbiter) => f(orbiter),
        None => not_open(),
    })
}

/// Changes the orbiter.
pub fn write<T>(f: impl FnOnce(&mut Orbiter<OrbiterMemory<DefaultMemoryImpl>>) -> T) -> T {
    HEAP_ORBITER.with_borrow_mut(|orbiter| match orbiter {
        Some(orbiter) => f(orbiter),
        None => not_open(),
    })
}

/// Looks at the certified answers.
pub fn certified<T>(f: impl FnOnce(&Certified) -> T) -> T {
    HEAP_CERTIFIED.with_borrow(|certified| match certified {
        Some(certified) => f(certified),
        None => not_open(),
    })
}

/// Looks at, or notes, how the slices of compaction fare.
pub fn compaction<T>(f: impl FnOnce(&mut Compaction) -> T) -> T {
    HEAP_COMPACTION.with_borrow_mut(f)
}

/// Every message follows an installation or upgrade, and these open the memory or roll back.
fn not_open() -> ! {
    ic_cdk::api::trap("The orbiter's memory is not open. Install it again, or upgrade it.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ic_stable_structures::VectorMemory;

    fn refusal(memory: &VectorMemory, expected: Expected) -> LayoutError {
        let before = memory.borrow().clone();
        let Err(error) = open(memory.clone(), expected) else {
            panic!("the memory was opened");
        };
        assert_eq!(*memory.borrow(), before, "the memory was written to");
        error
    }

    #[test]
    fn a_new_memory_becomes_an_orbiters_and_opens_again() {
        let memory = VectorMemory::default();
        assert!(open(memory.clone(), Expected::Nothing).is_ok());
        assert_eq!(memory.borrow()[..4], MANAGER_MAGIC);
        assert_eq!(memory.borrow()[6..8], 256_u16.to_le_bytes());
        assert!(open(memory, Expected::AnOrbiter).is_ok());
    }

    #[test]
    fn an_upgrade_of_an_empty_memory_is_refused() {
        let memory = VectorMemory::default();
        assert_eq!(refusal(&memory, Expected::AnOrbiter), LayoutError::Empty);
    }

    #[test]
    fn an_installation_over_something_is_refused() {
        let memory = VectorMemory::default();
        memory.grow(3);
        let error = refusal(&memory, Expected::Nothing);
        assert_eq!(error, LayoutError::NotEmpty { pages: 3 });
    }

    #[test]
    fn a_foreign_memory_is_refused_and_left_as_it_is() {
        let memory = VectorMemory::default();
        memory.grow(1);
        memory.write(0, b"SOMEBODY'S");
        let first_bytes = *b"SOMEBODY";
        let error = refusal(&memory, Expected::AnOrbiter);
        assert_eq!(error, LayoutError::Foreign { first_bytes });
    }

    #[test]
    fn a_memory_with_buckets_of_another_size_is_refused() {
        let memory = VectorMemory::default();
        MemoryManager::init(memory.clone())
            .get(MemoryId::new(0))
            .grow(1);
        let error = refusal(&memory, Expected::AnOrbiter);
        assert_eq!(error, LayoutError::BucketSize { pages: 128 });
    }

    #[test]
    fn a_managed_memory_of_somebody_else_is_refused() {
        let memory = VectorMemory::default();
        let manager = MemoryManager::init_with_bucket_size(memory.clone(), 256);
        let foreign = manager.get(MemoryId::new(0));
        foreign.grow(1);
        foreign.write(0, b"BTR\x02else");
        let LayoutError::Open(OpenError::Superblock(error)) = refusal(&memory, Expected::AnOrbiter)
        else {
            panic!("another refusal");
        };
        assert!(error.to_string().contains("isn't an orbiter's"), "{error}");
    }
}
