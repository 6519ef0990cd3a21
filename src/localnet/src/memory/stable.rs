//! Stable memory: written by system calls only, so every change is known exactly.

use super::mapping::Mapping;
use super::{MAX_STABLE_BYTES, PAGE_BYTES, PageSet, WASM_PAGE_BYTES, host_failure, sparse_copy};
use std::fs::File;
use std::ops::Range;
use std::path::Path;

/// Private copies of committed pages that are kept for the next message, in pages (64 MiB). They spare a fault per
/// page; past this bound they are given back.
const KEPT_COPIES: u64 = 16 * 1024;

/// Address space that an empty stable memory reserves, in bytes. It widens as needed: 500 GiB for each would be too
/// much for a network of hundreds of canisters in 128 TiB of addresses.
const FIRST_CAPACITY: u64 = 1 << 30;

/// By how much it widens at a time.
const WIDENING: u64 = 8;

/// A stable memory whose changes are tentative until committed.
pub struct StableMemory {
    mapping: Mapping,
    committed_len: u64,
    /// Pages changed since the last commit, by messages that have ended.
    tentative: PageSet,
    message: Journal,
    kept_copies: u64,
}

/// What the current message did.
#[derive(Default)]
struct Journal {
    len_before: u64,
    accessed: PageSet,
    written: PageSet,
    /// Pages that an earlier uncommitted message had changed, as they were before this one.
    saved: Vec<(u64, Box<[u8]>)>,
    limits: AccessLimits,
}

/// How much of stable memory one message may touch, in bytes of whole 4 KiB pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessLimits {
    /// Read or written.
    pub accessed: u64,
    /// Written.
    pub written: u64,
}

impl Default for AccessLimits {
    fn default() -> Self {
        Self {
            accessed: u64::MAX,
            written: u64::MAX,
        }
    }
}

/// Why an access was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StableError {
    /// The range does not lie within stable memory.
    #[error("stable memory out of bounds: {length} bytes at {offset} of {size}")]
    OutOfBounds {
        /// First byte.
        offset: u64,
        /// Bytes.
        length: u64,
        /// Bytes there are.
        size: u64,
    },
    /// The message read or wrote too many pages.
    #[error(
        "Canister exceeded the limit of {limit} bytes of stable memory that one message may access."
    )]
    TooMuchAccessed {
        /// The limit in bytes.
        limit: u64,
    },
    /// The message wrote too many pages.
    #[error(
        "Canister exceeded the limit of {limit} bytes of stable memory that one message may write."
    )]
    TooMuchWritten {
        /// The limit in bytes.
        limit: u64,
    },
}

impl StableMemory {
    /// An empty memory in a new file.
    pub fn create(path: &Path) -> std::io::Result<StableMemory> {
        Ok(StableMemory {
            mapping: Mapping::create(path, FIRST_CAPACITY, 0)?,
            committed_len: 0,
            tentative: PageSet::default(),
            message: Journal::default(),
            kept_copies: 0,
        })
    }

    /// A memory with the content of a frozen file, in a new file.
    pub fn load(path: &Path, from: &File, len: u64) -> std::io::Result<StableMemory> {
        let mut memory = StableMemory::create(path)?;
        memory.resize(len)?;
        sparse_copy::copy(from, memory.mapping.file(), len)?;
        memory.committed_len = len;
        Ok(memory)
    }

    /// Copies the committed content into an empty file; gives its length in bytes.
    pub fn freeze(&self, to: &File) -> std::io::Result<u64> {
        sparse_copy::copy(self.mapping.file(), to, self.committed_len)?;
        Ok(self.committed_len)
    }

    /// Bytes, tentative growth included.
    pub fn size(&self) -> u64 {
        self.mapping.len()
    }

    /// Everything in it.
    pub fn bytes(&self) -> &[u8] {
        self.mapping.bytes()
    }

    /// Grows by Wasm pages of 64 KiB; gives the former size in such pages, or none when it would exceed the maximum.
    pub fn grow(&mut self, pages: u64) -> Option<u64> {
        let old = self.size();
        let new = pages
            .checked_mul(WASM_PAGE_BYTES)?
            .checked_add(old)
            .filter(|new| *new <= MAX_STABLE_BYTES)?;
        if new > old
            && let Err(error) = self.resize(new)
        {
            self.mapping.fail("grow", error);
        }
        Some(old / WASM_PAGE_BYTES)
    }

    /// Changes the length, widening the mapping first where that is needed.
    fn resize(&mut self, len: u64) -> std::io::Result<()> {
        let mut capacity = self.mapping.capacity();
        while capacity < len.min(MAX_STABLE_BYTES) {
            capacity = (capacity * WIDENING).min(MAX_STABLE_BYTES);
        }
        if capacity > self.mapping.capacity() {
            let wide = self.mapping.widened(capacity)?;
            // SAFETY: nobody else has the new mapping yet.
            let target = unsafe { wide.bytes_mut() };
            for changed in [&self.tentative, &self.message.written] {
                for run in changed.runs() {
                    let bytes = (run.start * PAGE_BYTES) as usize..(run.end * PAGE_BYTES) as usize;
                    target[bytes.clone()].copy_from_slice(&self.bytes()[bytes]);
                }
            }
            self.mapping = wide;
        }
        self.mapping.resize(len)
    }

    /// Reads a range into `target`.
    pub fn read(&mut self, offset: u64, target: &mut [u8]) -> Result<(), StableError> {
        let bytes = self.check(offset, target.len() as u64)?;
        self.access(&pages(&bytes))?;
        target.copy_from_slice(&self.bytes()[bytes.start as usize..bytes.end as usize]);
        Ok(())
    }

    /// Writes a range; gives how many pages of 4 KiB this message wrote for the first time.
    pub fn write(&mut self, offset: u64, source: &[u8]) -> Result<u64, StableError> {
        let bytes = self.check(offset, source.len() as u64)?;
        let pages = pages(&bytes);
        self.access(&pages)?;
        let new = self.mark_written(pages)?;
        // SAFETY: `&mut self`; nobody else has this mapping.
        let memory = unsafe { self.mapping.bytes_mut() };
        memory[bytes.start as usize..bytes.end as usize].copy_from_slice(source);
        Ok(new)
    }

    fn check(&self, offset: u64, length: u64) -> Result<Range<u64>, StableError> {
        let size = self.size();
        match offset.checked_add(length) {
            Some(end) if end <= size => Ok(offset..end),
            _ => Err(StableError::OutOfBounds {
                offset,
                length,
                size,
            }),
        }
    }

    fn access(&mut self, pages: &Range<u64>) -> Result<(), StableError> {
        self.message.accessed.insert_range(pages.clone());
        let limit = self.message.limits.accessed;
        if self.message.accessed.len().saturating_mul(PAGE_BYTES) > limit {
            return Err(StableError::TooMuchAccessed { limit });
        }
        Ok(())
    }

    fn mark_written(&mut self, pages: Range<u64>) -> Result<u64, StableError> {
        if !self.tentative.is_empty() {
            for page in pages.clone() {
                if self.tentative.contains(page) && !self.message.written.contains(page) {
                    self.save(page);
                }
            }
        }
        let new = self.message.written.insert_range(pages);
        let limit = self.message.limits.written;
        if self.message.written.len().saturating_mul(PAGE_BYTES) > limit {
            return Err(StableError::TooMuchWritten { limit });
        }
        Ok(new)
    }

    fn save(&mut self, page: u64) {
        let start = (page * PAGE_BYTES) as usize;
        let content = &self.bytes()[start..start + PAGE_BYTES as usize];
        let content = content.into();
        self.message.saved.push((page, content));
    }

    /// Begins a message: its journal is empty.
    pub fn begin_message(&mut self, limits: AccessLimits) {
        self.message = Journal {
            len_before: self.size(),
            limits,
            ..Journal::default()
        };
    }

    /// Ends a message that went well: its changes join the tentative ones.
    pub fn keep_message(&mut self) {
        let message = std::mem::take(&mut self.message);
        self.tentative.union(&message.written);
    }

    /// Undoes everything since `begin_message`.
    pub fn undo_message(&mut self) {
        let message = std::mem::take(&mut self.message);
        self.drop_changes(&message.written, message.len_before);
        // SAFETY: `&mut self`; nobody else has this mapping.
        let memory = unsafe { self.mapping.bytes_mut() };
        for (page, content) in message.saved {
            let start = (page * PAGE_BYTES) as usize;
            memory[start..start + content.len()].copy_from_slice(&content);
        }
    }

    /// Makes the tentative state the committed one.
    pub fn commit(&mut self) {
        let written = std::mem::take(&mut self.tentative);
        self.mapping.write_back(&written.runs());
        self.committed_len = self.size();
        self.kept_copies += written.len();
        if self.kept_copies > KEPT_COPIES {
            self.mapping.discard_all();
            self.kept_copies = 0;
        }
    }

    /// Goes back to the committed state.
    pub fn roll_back(&mut self) {
        let written = std::mem::take(&mut self.tentative);
        self.drop_changes(&written, self.committed_len);
    }

    fn drop_changes(&self, written: &PageSet, len: u64) {
        if len < self.size()
            && let Err(error) = self.mapping.resize(len)
        {
            self.mapping.fail("shrink", error);
        }
        let pages = len / PAGE_BYTES;
        let runs: Vec<_> = written
            .runs()
            .into_iter()
            .map(|run| run.start..run.end.min(pages))
            .filter(|run| run.start < run.end)
            .collect();
        self.mapping.discard(&runs);
    }

    /// Gives the file its lasting name.
    pub fn rename(&self, to: &Path) {
        if let Err(error) = self.mapping.rename(to) {
            host_failure("rename", to, error);
        }
    }

    /// Takes the file's name away: the memory is not wanted any more.
    pub fn unlink(&self) {
        self.mapping.unlink();
    }
}

/// The 4 KiB pages that a range of bytes touches.
fn pages(bytes: &Range<u64>) -> Range<u64> {
    if bytes.is_empty() {
        return 0..0;
    }
    bytes.start / PAGE_BYTES..bytes.end.div_ceil(PAGE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> (tempfile::TempDir, StableMemory) {
        let directory = tempfile::tempdir().unwrap();
        let memory = StableMemory::create(&directory.path().join("stable")).unwrap();
        (directory, memory)
    }

    fn read(memory: &mut StableMemory, offset: u64) -> u8 {
        let mut byte = [0];
        memory.read(offset, &mut byte).unwrap();
        byte[0]
    }

    #[test]
    fn growth_beyond_the_reservation_keeps_committed_tentative_and_new_content() {
        let (_directory, mut memory) = memory();
        let begin = |memory: &mut StableMemory| memory.begin_message(AccessLimits::default());
        begin(&mut memory);
        memory.grow(1).unwrap();
        memory.write(0, &[1]).unwrap();
        memory.keep_message();
        memory.commit();
        begin(&mut memory);
        memory.write(4096, &[2]).unwrap();
        memory.keep_message();
        begin(&mut memory);
        memory.write(4097, &[3]).unwrap();
        memory.write(8192, &[4]).unwrap();
        assert_eq!(memory.grow(100 << 14), Some(1));
        memory.write(99 << 30, &[5]).unwrap();
        let all = [0, 4096, 4097, 8192, 99 << 30];
        assert_eq!(all.map(|offset| read(&mut memory, offset)), [1, 2, 3, 4, 5]);
        memory.undo_message();
        assert_eq!(memory.size(), 1 << 16);
        begin(&mut memory);
        assert_eq!(
            [0, 4096, 4097, 8192].map(|offset| read(&mut memory, offset)),
            [1, 2, 0, 0]
        );
        memory.keep_message();
        memory.roll_back();
        assert_eq!(
            [0, 4096, 4097, 8192].map(|offset| read(&mut memory, offset)),
            [1, 0, 0, 0]
        );
    }

    #[test]
    fn hundreds_of_memories_fit_into_one_process() {
        let memories: Vec<_> = (0..600).map(|_| memory()).collect();
        assert!(memories.iter().all(|(_, memory)| memory.size() == 0));
    }
}
