//! One part of stable memory, which says so when it can't grow.

use super::BUCKET_SIZE_IN_PAGES;
use ic_stable_structures::Memory;
use ic_stable_structures::memory_manager::VirtualMemory;

/// A numbered memory of the manager.
///
/// Where stable memory itself can't grow (its limit, or the subnet's, is reached) the manager panics instead of
/// answering −1 as [`Memory::grow`] promises; the orbiter would trap where it has to refuse. So stable memory is grown
/// here, before the manager is asked: it then finds the room that it needs.
pub struct Part<M: Memory> {
    stable: M,
    part: VirtualMemory<M>,
}

impl<M: Memory> Part<M> {
    /// A part of `stable`, as the manager gives it.
    pub fn new(stable: M, part: VirtualMemory<M>) -> Self {
        Self { stable, part }
    }
}

/// How many buckets so many pages take.
fn buckets(pages: u64) -> u64 {
    pages.div_ceil(BUCKET_SIZE_IN_PAGES.into())
}

impl<M: Memory> Memory for Part<M> {
    fn size(&self) -> u64 {
        self.part.size()
    }

    fn grow(&self, pages: u64) -> i64 {
        let before = self.part.size();
        let Some(after) = before.checked_add(pages) else {
            return -1;
        };
        let new_buckets = buckets(after) - buckets(before);
        let new_pages = new_buckets.saturating_mul(BUCKET_SIZE_IN_PAGES.into());
        if new_pages > 0 && self.stable.grow(new_pages) < 0 {
            return -1;
        }
        self.part.grow(pages)
    }

    fn read(&self, offset: u64, dst: &mut [u8]) {
        self.part.read(offset, dst);
    }

    unsafe fn read_unsafe(&self, offset: u64, dst: *mut u8, count: usize) {
        // SAFETY: what the caller promises is what the part asks for.
        unsafe { self.part.read_unsafe(offset, dst, count) }
    }

    fn write(&self, offset: u64, src: &[u8]) {
        self.part.write(offset, src);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ic_stable_structures::VectorMemory;
    use ic_stable_structures::memory_manager::{MemoryId, MemoryManager};

    /// The manager's header takes a page, two buckets follow, and there is no room for a third.
    const MOST_PAGES: u64 = 1 + 2 * BUCKET_SIZE_IN_PAGES as u64;

    /// Stable memory with an end.
    #[derive(Clone, Default)]
    struct Limited(VectorMemory);

    impl Memory for Limited {
        fn size(&self) -> u64 {
            self.0.size()
        }

        fn grow(&self, pages: u64) -> i64 {
            if pages > MOST_PAGES - self.size() {
                return -1;
            }
            self.0.grow(pages)
        }

        fn read(&self, offset: u64, dst: &mut [u8]) {
            self.0.read(offset, dst);
        }

        fn write(&self, offset: u64, src: &[u8]) {
            self.0.write(offset, src);
        }
    }

    #[test]
    fn a_part_grows_by_buckets_until_stable_memory_ends_and_then_says_so() {
        let stable = Limited::default();
        let manager = MemoryManager::init_with_bucket_size(stable.clone(), BUCKET_SIZE_IN_PAGES);
        let part = |id| Part::new(stable.clone(), manager.get(MemoryId::new(id)));
        let (one, other) = (part(0), part(1));
        assert_eq!(one.grow(1), 0);
        assert_eq!(one.grow(u64::from(BUCKET_SIZE_IN_PAGES) - 1), 1);
        assert_eq!(stable.size(), 1 + u64::from(BUCKET_SIZE_IN_PAGES));
        assert_eq!(other.grow(2), 0);
        assert_eq!(stable.size(), MOST_PAGES);

        let whole = manager.get(MemoryId::new(0)).size();
        assert_eq!(one.grow(1), -1);
        assert_eq!(one.grow(u64::MAX), -1);
        assert_eq!(other.grow(u64::from(BUCKET_SIZE_IN_PAGES) - 1), -1);
        assert_eq!((one.size(), other.size()), (whole, 2));
        assert_eq!(stable.size(), MOST_PAGES);
        assert_eq!(other.grow(u64::from(BUCKET_SIZE_IN_PAGES) - 2), 2);
        other.write(0, b"still there");
        let mut read = [0; 11];
        other.read(0, &mut read);
        assert_eq!(&read, b"still there");
    }
}
