//! What `memory.grow` and `table.grow` may do, and what they still owe.

use crate::execution::{Context, Input, Trap};
use crate::rejection::ErrorCode;
use crate::system_api::Aborted;
use wasmtime::ResourceLimiter;

/// Instructions of `memory.grow` and `table.grow` beyond what the operator costs of the engine can carry: they cost
/// 300, of which a weight of one byte holds 255.
pub const UNCARRIED_GROW_COST: u64 = 300 - 255;

/// Most elements of a table. Tables live in the host's memory, and growing one costs little.
const MAX_TABLE_ELEMENTS: usize = 10_000_000;

/// Watches growth during one message.
#[derive(Default)]
pub struct Growth {
    /// Instructions owed, settled at the next system call or at the end.
    pub owed: u64,
    /// The `wasm_memory_limit`, where it holds.
    heap_limit: Option<u64>,
    /// Whether a message runs; else an instance is being made.
    running: bool,
}

impl Growth {
    /// Growth within a message.
    pub fn for_message(input: &Input) -> Self {
        Self {
            owed: 0,
            heap_limit: enforced_heap_limit(input),
            running: true,
        }
    }
}

/// The `wasm_memory_limit`, where the Internet Computer holds messages to it: not in queries, nor where refusing would
/// leave a canister stuck (pre_upgrade) or a call half done (callbacks).
pub fn enforced_heap_limit(input: &Input) -> Option<u64> {
    let enforced = matches!(
        input.context,
        Context::Start
            | Context::Init
            | Context::Update
            | Context::ReplicatedQuery
            | Context::SystemTask
    );
    input.limits.heap_bytes.filter(|_| enforced)
}

/// The heap is, or would become, larger than the limit.
pub fn heap_limit_exceeded(limit: u64, bytes: u64) -> Trap {
    Trap {
        error: ErrorCode::CanisterOutOfMemory,
        message: format!(
            "Canister exceeded its current Wasm memory limit of {limit} bytes. \
             The peak Wasm memory usage was {bytes} bytes. If the canister reaches 4GiB, then it may stop \
             functioning and may become unrecoverable. Please reach out to the canister owner to investigate the \
             reason for the increased memory usage."
        ),
    }
}

impl ResourceLimiter for Growth {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if !self.running {
            return Ok(true);
        }
        self.owed += UNCARRIED_GROW_COST;
        match self.heap_limit {
            Some(limit) if desired as u64 > limit => Err(wasmtime::Error::new(Aborted(
                heap_limit_exceeded(limit, desired as u64),
            ))),
            _ => Ok(true),
        }
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if self.running {
            self.owed += UNCARRIED_GROW_COST;
        }
        Ok(desired <= MAX_TABLE_ELEMENTS)
    }
}
