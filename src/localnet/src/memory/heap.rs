//! The heap: memory 0 of a module, written by compiled code.

use super::mapping::Mapping;
use super::upkeep::Upkeep;
use super::{Finder, MAX_HEAP_BYTES, PAGE_BYTES, WASM_PAGE_BYTES, host_failure, sparse_copy};
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Bytes past the heap's reservation that are never accessible; compiled code leaves out bounds checks because of
/// them. Wasmtime's default.
pub const GUARD_BYTES: u64 = 32 << 20;

/// Above this length the page tables are dropped from time to time. Below it, there are at most a handful.
const DROP_TABLES_ABOVE: u64 = 8 << 20;

/// A heap whose changes are tentative until committed.
pub struct Heap {
    mapping: Arc<Mapping>,
    finder: Finder,
    committed_len: u64,
    /// Something may have been written since the last commit or roll back.
    tentative: bool,
    /// Where the current message began, unless that is the committed state.
    checkpoint: Option<Checkpoint>,
    traffic: Traffic,
    upkeep: Upkeep,
    /// The page tables are to go with the private copies.
    drop_tables: bool,
}

/// How many pages of 4 KiB were moved since the heap was made: what messages cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Written to the file by commits.
    pub committed: u64,
    /// Dropped by roll backs and undone messages.
    pub dropped: u64,
    /// Copied aside because a message began on uncommitted changes.
    pub saved: u64,
}

struct Checkpoint {
    len: u64,
    runs: Vec<(Range<u64>, Vec<u8>)>,
}

impl Heap {
    /// An empty heap in a new file.
    pub fn create(path: &Path, finder: Finder) -> std::io::Result<Heap> {
        Ok(Heap {
            mapping: Arc::new(Mapping::create(path, MAX_HEAP_BYTES, GUARD_BYTES)?),
            finder,
            committed_len: 0,
            tentative: false,
            checkpoint: None,
            traffic: Traffic::default(),
            upkeep: Upkeep::default(),
            drop_tables: false,
        })
    }

    /// A heap with the content of a frozen file, in a new file.
    pub fn load(path: &Path, finder: Finder, from: &File, len: u64) -> std::io::Result<Heap> {
        let mut heap = Heap::create(path, finder)?;
        heap.mapping.resize(len)?;
        sparse_copy::copy(from, heap.mapping.file(), len)?;
        heap.committed_len = len;
        Ok(heap)
    }

    /// Copies the committed content into an empty file; gives its length in bytes.
    pub fn freeze(&self, to: &File) -> std::io::Result<u64> {
        sparse_copy::copy(self.mapping.file(), to, self.committed_len)?;
        Ok(self.committed_len)
    }

    /// The mapping on which Wasm runs.
    pub fn mapping(&self) -> &Arc<Mapping> {
        &self.mapping
    }

    /// Bytes, tentative growth included.
    pub fn len(&self) -> u64 {
        self.mapping.len()
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Pages moved so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Chooses how changed pages are found.
    pub fn set_finder(&mut self, finder: Finder) {
        self.finder = finder;
    }

    /// Grows to at least `len` bytes, rounded up to whole Wasm pages; tentative.
    pub fn grow_to(&mut self, len: u64) {
        let len = len.next_multiple_of(WASM_PAGE_BYTES);
        if len > self.len() {
            self.tentative = true;
            if let Err(error) = self.mapping.resize(len) {
                self.mapping.fail("grow", error);
            }
        }
    }

    /// Writes bytes that lie within the heap; tentative. No Wasm may be running on it.
    pub fn write(&mut self, offset: u64, bytes: &[u8]) {
        self.tentative = true;
        let start = offset as usize;
        // SAFETY: `&mut self` and the caller's promise: nobody else uses the mapping.
        unsafe { self.mapping.bytes_mut()[start..start + bytes.len()].copy_from_slice(bytes) };
    }

    /// Marks where a message begins, so that it alone can be undone.
    pub fn begin_message(&mut self) {
        self.checkpoint = None;
        if self.tentative {
            let runs = self.find();
            self.traffic.saved += count(&runs);
            self.checkpoint = Some(Checkpoint {
                len: self.len(),
                runs: runs.into_iter().map(|run| self.copy_out(run)).collect(),
            });
        }
        self.tentative = true;
    }

    /// Ends a message that went well: its changes join the tentative ones.
    pub fn keep_message(&mut self) {
        self.checkpoint = None;
    }

    /// Undoes everything since `begin_message`. Says whether the heap became smaller, after which no instance that
    /// saw the larger one may run.
    pub fn undo_message(&mut self) -> bool {
        let Some(checkpoint) = self.checkpoint.take() else {
            return self.roll_back();
        };
        let shrunk = self.drop_changes(checkpoint.len);
        for (run, bytes) in checkpoint.runs {
            self.write(run.start * PAGE_BYTES, &bytes);
        }
        shrunk
    }

    /// Makes the tentative state the committed one.
    pub fn commit(&mut self) {
        if !std::mem::take(&mut self.tentative) {
            return;
        }
        let runs = self.find();
        self.mapping.write_back(&runs);
        self.forget(&runs);
        self.traffic.committed += count(&runs);
        self.committed_len = self.len();
    }

    /// Goes back to the committed state. Says whether the heap became smaller.
    pub fn roll_back(&mut self) -> bool {
        if !std::mem::take(&mut self.tentative) {
            return false;
        }
        self.drop_changes(self.committed_len)
    }

    fn drop_changes(&mut self, len: u64) -> bool {
        let shrunk = len < self.len();
        if let Err(error) = self.mapping.resize(len) {
            self.mapping.fail("shrink", error);
        }
        let runs = self.find();
        self.forget(&runs);
        self.traffic.dropped += count(&runs);
        shrunk
    }

    /// The pages that may have been written since the last commit or roll back.
    fn find(&mut self) -> Vec<Range<u64>> {
        let start = Instant::now();
        let runs = self.finder.find(&self.mapping);
        let large = self.finder == Finder::Scan && self.len() > DROP_TABLES_ABOVE;
        self.drop_tables = large && self.upkeep.walked(start.elapsed());
        runs
    }

    /// Lets go of private copies that were committed or are not wanted.
    fn forget(&mut self, runs: &[Range<u64>]) {
        if std::mem::take(&mut self.drop_tables) {
            self.mapping.discard_all();
        } else {
            self.mapping.discard(runs);
        }
    }

    fn copy_out(&self, run: Range<u64>) -> (Range<u64>, Vec<u8>) {
        let bytes = (run.start * PAGE_BYTES) as usize..(run.end * PAGE_BYTES) as usize;
        let copy = self.mapping.bytes()[bytes].to_vec();
        (run, copy)
    }

    /// Gives the file its lasting name.
    pub fn rename(&self, to: &Path) {
        if let Err(error) = self.mapping.rename(to) {
            host_failure("rename", to, error);
        }
    }

    /// Takes the file's name away: the heap is not wanted any more.
    pub fn unlink(&self) {
        self.mapping.unlink();
    }
}

fn count(runs: &[Range<u64>]) -> u64 {
    runs.iter().map(|run| run.end - run.start).sum()
}
