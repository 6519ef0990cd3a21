//! Hands the sandbox's heap to the Wasm engine as memory 0.
//!
//! The engine asks a global creator for memory while it instantiates a module, and does not say for whom. The sandbox
//! therefore lays its heap down on the thread just before, and the creator picks it up.

use crate::memory::{MAX_HEAP_BYTES, Mapping};
use std::cell::RefCell;
use std::sync::Arc;
use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

thread_local! {
    static NEXT: RefCell<Option<Arc<Mapping>>> = const { RefCell::new(None) };
}

/// Runs `instantiate`; the memory that it creates is `heap`.
pub(super) fn with_heap<R>(heap: Arc<Mapping>, instantiate: impl FnOnce() -> R) -> R {
    NEXT.set(Some(heap));
    let result = instantiate();
    NEXT.take();
    result
}

/// Gives out the memory that was laid down.
pub(super) struct SandboxMemory;

// SAFETY: the mapping reserves at least what the engine is configured to expect, with the guard behind, and its base
// never moves.
unsafe impl MemoryCreator for SandboxMemory {
    fn new_memory(
        &self,
        _ty: MemoryType,
        minimum: usize,
        _maximum: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        let mapping = NEXT
            .take()
            .ok_or("memory was asked for outside a sandbox")?;
        if reserved.unwrap_or(0) as u64 > MAX_HEAP_BYTES
            || guard as u64 > crate::memory::GUARD_BYTES
        {
            return Err(format!(
                "cannot reserve {reserved:?} bytes and {guard} of guard"
            ));
        }
        if (minimum as u64) > mapping.len() {
            return Err(format!(
                "the heap has {} of the {minimum} bytes that the module needs",
                mapping.len()
            ));
        }
        Ok(Box::new(HeapView(mapping)))
    }
}

/// The engine's view of a heap.
struct HeapView(Arc<Mapping>);

// SAFETY: base and capacity are constant, `len` bytes are accessible, and the mapping lives as long as the view.
unsafe impl LinearMemory for HeapView {
    fn byte_size(&self) -> usize {
        self.0.len() as usize
    }

    fn byte_capacity(&self) -> usize {
        self.0.capacity() as usize
    }

    fn grow_to(&mut self, new_size: usize) -> wasmtime::Result<()> {
        self.0.resize(new_size as u64)?;
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.0.base()
    }
}
