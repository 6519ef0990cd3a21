//! A sandbox frozen at a moment.

use super::Module;
use super::instance::Number;
use std::fs::File;
use std::sync::Arc;

/// Frozen memories and code of a sandbox, for snapshots.
///
/// The memories are copies in files without a name: they take what is not a hole (nothing, where the file system
/// shares blocks) and vanish with the last clone of the image.
#[derive(Clone)]
pub struct SandboxImage {
    pub(super) frozen: Arc<Frozen>,
}

pub(super) struct Frozen {
    pub module: Option<Arc<Module>>,
    pub globals: Option<Vec<Number>>,
    pub heap: FrozenMemory,
    pub stable: FrozenMemory,
}

/// The content of a memory.
pub(super) struct FrozenMemory {
    pub file: File,
    pub len: u64,
}

impl SandboxImage {
    /// The code, if there was any.
    pub fn module(&self) -> Option<&Arc<Module>> {
        self.frozen.module.as_ref()
    }

    /// Bytes of heap.
    pub fn heap_size(&self) -> u64 {
        self.frozen.heap.len
    }

    /// Bytes of stable memory.
    pub fn stable_size(&self) -> u64 {
        self.frozen.stable.len
    }
}
