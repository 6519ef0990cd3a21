//! Places for segments and what belongs to them: extents of one memory, in units of 4 KiB.
//!
//! What is free is known on the heap alone. When the memory is opened it is whatever no listed extent takes,
//! so that there is no free list that could disagree with the list of segments.

use super::log::OutOfMemory;
use ic_stable_structures::Memory;
use std::collections::BTreeMap;
use std::fmt;

/// Bytes in a unit: those of a page of stable memory as the network counts them.
pub(crate) const UNIT: u64 = 4_096;
const PAGE: u64 = 65_536;
/// How many pages the memory grows at a time: 4 MiB.
const GROWTH: u64 = 64;

/// A place, in bytes; both are multiples of 4 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Extent {
    pub start: u64,
    pub bytes: u64,
}

impl Extent {
    fn end(&self) -> u64 {
        self.start + self.bytes
    }
}

/// There is no place for so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full {
    pub needed: u64,
}

/// Two listed extents overlap, or one lies beyond the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Where the second one begins.
    pub start: u64,
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The list of segments is damaged: one begins at byte {}, which is taken or doesn't exist.",
            self.start
        )
    }
}

/// The memory of all extents.
pub(crate) struct Extents<M: Memory> {
    memory: M,
    capacity: u64,
    /// Free places by where they begin; none touches the next.
    free: BTreeMap<u64, u64>,
    /// Where the last taken extent ends.
    end: u64,
}

impl<M: Memory> Extents<M> {
    /// Opens the memory with these extents taken.
    pub(crate) fn open(memory: M, capacity: u64, mut taken: Vec<Extent>) -> Result<Self, Overlap> {
        taken.sort_unstable();
        let mut extents = Self {
            memory,
            capacity,
            free: BTreeMap::new(),
            end: 0,
        };
        for extent in taken {
            let beyond = extent.end() > extents.memory.size().saturating_mul(PAGE);
            if extent.start < extents.end || beyond {
                return Err(Overlap {
                    start: extent.start,
                });
            }
            if extent.start > extents.end {
                extents.free.insert(extents.end, extent.start - extents.end);
            }
            extents.end = extent.end();
        }
        Ok(extents)
    }

    pub(crate) fn capacity(&self) -> u64 {
        self.capacity
    }

    /// Bytes that are taken.
    pub(crate) fn live_bytes(&self) -> u64 {
        self.end - self.free.values().sum::<u64>()
    }

    /// Bytes of the memory.
    pub(crate) fn grown_bytes(&self) -> u64 {
        self.memory.size() * PAGE
    }

    /// Takes the first place that has room for `bytes` bytes.
    pub(crate) fn allocate(&mut self, bytes: u64) -> Result<Extent, Full> {
        let bytes = bytes.max(1).next_multiple_of(UNIT);
        let fitting = self.free.iter().find(|(_, free)| **free >= bytes);
        if let Some((&start, &free)) = fitting {
            self.free.remove(&start);
            if free > bytes {
                self.free.insert(start + bytes, free - bytes);
            }
            return Ok(Extent { start, bytes });
        }
        let extent = Extent {
            start: self.end,
            bytes,
        };
        self.grow(extent.end())
            .map_err(|OutOfMemory| Full { needed: bytes })?;
        self.end = extent.end();
        Ok(extent)
    }

    fn grow(&mut self, bytes: u64) -> Result<(), OutOfMemory> {
        if bytes > self.capacity {
            return Err(OutOfMemory);
        }
        let needed = bytes.div_ceil(PAGE);
        let pages = self.memory.size();
        if needed <= pages {
            return Ok(());
        }
        let generous = (needed - pages).max(GROWTH);
        if self.memory.grow(generous) < 0 && self.memory.grow(needed - pages) < 0 {
            return Err(OutOfMemory);
        }
        Ok(())
    }

    /// Gives an extent back.
    pub(crate) fn release(&mut self, extent: Extent) {
        let Extent { mut start, .. } = extent;
        let mut end = extent.end();
        if let Some((&before, &bytes)) = self.free.range(..start).next_back()
            && before + bytes == start
        {
            self.free.remove(&before);
            start = before;
        }
        if let Some(bytes) = self.free.remove(&end) {
            end += bytes;
        }
        if end == self.end {
            self.end = start;
        } else {
            self.free.insert(start, end - start);
        }
    }

    /// Reads from an extent; `offset` counts from its start. Zeros beyond the memory.
    pub(crate) fn read(&self, extent: Extent, offset: u64, bytes: &mut [u8]) {
        let start = extent.start.saturating_add(offset);
        let fits = start
            .checked_add(bytes.len() as u64)
            .is_some_and(|end| end <= self.memory.size() * PAGE);
        if fits {
            self.memory.read(start, bytes);
        } else {
            bytes.fill(0);
        }
    }

    /// Writes into an extent that was allocated; `offset` counts from its start.
    pub(crate) fn write(&self, extent: Extent, offset: u64, bytes: &[u8]) {
        self.memory.write(extent.start + offset, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ic_stable_structures::VectorMemory;

    fn open(capacity: u64, taken: Vec<Extent>) -> Extents<VectorMemory> {
        let memory = VectorMemory::default();
        memory.grow(16);
        Extents::open(memory, capacity, taken).unwrap()
    }

    fn extent(start: u64, bytes: u64) -> Extent {
        Extent {
            start: start * UNIT,
            bytes: bytes * UNIT,
        }
    }

    #[test]
    fn a_place_is_given_once_and_again_when_it_was_given_back() {
        let mut extents = open(1 << 30, vec![]);
        let first = extents.allocate(1).unwrap();
        let second = extents.allocate(UNIT + 1).unwrap();
        let third = extents.allocate(UNIT).unwrap();
        assert_eq!(
            (first, second, third),
            (extent(0, 1), extent(1, 2), extent(3, 1))
        );
        extents.release(first);
        extents.release(second);
        assert_eq!(extents.live_bytes(), UNIT);
        assert_eq!(extents.allocate(3 * UNIT).unwrap(), extent(0, 3));
        assert_eq!(extents.live_bytes(), 4 * UNIT);
    }

    #[test]
    fn what_nobody_lists_is_free() {
        let mut extents = open(1 << 30, vec![extent(5, 2), extent(1, 1)]);
        assert_eq!(extents.allocate(3 * UNIT).unwrap(), extent(2, 3));
        assert_eq!(extents.allocate(1).unwrap(), extent(0, 1));
        assert_eq!(extents.allocate(1).unwrap(), extent(7, 1));
    }

    #[test]
    fn beyond_the_capacity_nothing_is_given() {
        let mut extents = open(3 * UNIT, vec![]);
        let first = extents.allocate(2 * UNIT).unwrap();
        assert_eq!(extents.allocate(2 * UNIT), Err(Full { needed: 2 * UNIT }));
        extents.release(first);
        assert_eq!(extents.allocate(3 * UNIT), Ok(extent(0, 3)));
    }

    #[test]
    fn overlapping_extents_are_damage() {
        let memory = VectorMemory::default();
        memory.grow(16);
        let overlap = Extents::open(memory, 1 << 30, vec![extent(0, 2), extent(1, 1)]);
        assert_eq!(overlap.err(), Some(Overlap { start: UNIT }));
    }
}
