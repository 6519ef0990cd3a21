//! Stable memory: the 64-bit calls and their 32-bit ancestors.

use super::invocation::{Arguments, Invocation};
use crate::execution::Trap;
use crate::memory::{StableError, WASM_PAGE_BYTES};
use crate::rejection::ErrorCode;

type Outcome = Result<u64, Trap>;

/// Instructions for each page of 4 KiB that a message writes for the first time.
pub const INSTRUCTIONS_PER_DIRTY_PAGE: u64 = 1000;

/// Above this size, in Wasm pages (4 GiB), the 32-bit calls trap.
const MAX_PAGES_32: u64 = 1 << 16;

pub(super) fn size64(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(call.stable().size() / WASM_PAGE_BYTES)
}

/// The former size in pages, or -1.
pub(super) fn grow64(call: &mut Invocation, &[pages, ..]: &Arguments) -> Outcome {
    Ok(call.stable().grow(pages).unwrap_or(u64::MAX))
}

pub(super) fn read64(call: &mut Invocation, &[to, offset, size, ..]: &Arguments) -> Outcome {
    let target = call.heap_range(to, size)?;
    call.charge(size)?;
    let heap = &mut call.heap[target];
    let mut stable = (call.stable.lock()).unwrap_or_else(|poisoned| poisoned.into_inner());
    stable.read(offset, heap).map_err(refused)?;
    Ok(0)
}

pub(super) fn write64(call: &mut Invocation, &[offset, from, size, ..]: &Arguments) -> Outcome {
    let source = call.heap_range(from, size)?;
    call.charge(size)?;
    let new_pages = call
        .stable()
        .write(offset, &call.heap[source])
        .map_err(refused)?;
    call.charge(new_pages * INSTRUCTIONS_PER_DIRTY_PAGE)?;
    Ok(0)
}

pub(super) fn size32(call: &mut Invocation, arguments: &Arguments) -> Outcome {
    refuse_large(call)?;
    size64(call, arguments)
}

pub(super) fn grow32(call: &mut Invocation, arguments: &Arguments) -> Outcome {
    refuse_large(call)?;
    let pages = size64(call, arguments)?;
    if pages + arguments[0] > MAX_PAGES_32 {
        return Ok(u64::MAX);
    }
    grow64(call, arguments)
}

pub(super) fn read32(call: &mut Invocation, arguments: &Arguments) -> Outcome {
    refuse_large(call)?;
    read64(call, arguments)
}

pub(super) fn write32(call: &mut Invocation, arguments: &Arguments) -> Outcome {
    refuse_large(call)?;
    write64(call, arguments)
}

fn refuse_large(call: &Invocation) -> Result<(), Trap> {
    if call.stable().size() / WASM_PAGE_BYTES > MAX_PAGES_32 {
        return Err(trapped(
            "32 bit stable memory api used on a memory larger than 4GB",
        ));
    }
    Ok(())
}

fn refused(error: StableError) -> Trap {
    match error {
        StableError::OutOfBounds { .. } => trapped(&error.to_string()),
        StableError::TooMuchAccessed { .. } | StableError::TooMuchWritten { .. } => Trap {
            error: ErrorCode::CanisterMemoryAccessLimitExceeded,
            message: error.to_string(),
        },
    }
}

fn trapped(reason: &str) -> Trap {
    Trap {
        error: ErrorCode::CanisterTrapped,
        message: format!("Canister trapped: {reason}"),
    }
}
