//! One system call while it runs: the heap, the message, stable memory and what is left of the instructions.

use super::message::Message;
use crate::execution::{Context, Environment, Trap};
use crate::memory::StableMemory;
use crate::rejection::ErrorCode;
use candid::Principal;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard};

/// Arguments of a system call, zero-extended to 64 bits; those it does not have are 0.
pub type Arguments = [u64; 8];

/// A running system call.
pub struct Invocation<'a> {
    /// The function's name without `ic0.`.
    pub name: &'static str,
    /// The heap of the canister; empty when the module has none.
    pub heap: &'a mut [u8],
    /// The message that called.
    pub message: &'a mut Message,
    /// Stable memory of the canister.
    pub stable: &'a Mutex<StableMemory>,
    /// Instructions left.
    pub instructions_left: u64,
}

impl Invocation<'_> {
    /// Charges instructions; traps when the message has not that many left.
    pub fn charge(&mut self, instructions: u64) -> Result<(), Trap> {
        match self.instructions_left.checked_sub(instructions) {
            Some(left) => {
                self.instructions_left = left;
                Ok(())
            }
            None => {
                self.instructions_left = 0;
                Err(out_of_instructions(self.message.input.limits.instructions))
            }
        }
    }

    /// Instructions the message used so far.
    pub fn instructions_used(&self) -> u64 {
        (self.message.input.limits.instructions).saturating_sub(self.instructions_left)
    }

    /// The role of the message.
    pub fn context(&self) -> Context {
        self.message.input.context
    }

    /// What the canister can ask about.
    pub fn environment(&self) -> &Environment {
        &self.message.input.environment
    }

    /// Bytes of the heap, charged one instruction each.
    pub fn read(&mut self, start: u64, length: u64) -> Result<&[u8], Trap> {
        let range = self.heap_range(start, length)?;
        self.charge(length)?;
        Ok(&self.heap[range])
    }

    /// Bytes of the heap without charge, for calls whose fixed cost covers them.
    pub fn read_free(&self, start: u64, length: u64) -> Result<&[u8], Trap> {
        Ok(&self.heap[self.heap_range(start, length)?])
    }

    /// Writes bytes to the heap without charge.
    pub fn write_free(&mut self, start: u64, bytes: &[u8]) -> Result<(), Trap> {
        let range = self.heap_range(start, bytes.len() as u64)?;
        self.heap[range].copy_from_slice(bytes);
        Ok(())
    }

    /// Writes cycles as 16 bytes, low byte first.
    pub fn write_cycles(&mut self, target: u64, cycles: u128) -> Result<(), Trap> {
        self.write_free(target, &cycles.to_le_bytes())
    }

    /// The body of every `…_copy` call: `length` bytes from `offset` of what `source` picks out of the message go to
    /// the heap, for one instruction each.
    pub fn copy_to_heap(
        &mut self,
        [target, offset, length]: [u64; 3],
        source: impl FnOnce(&Message) -> &[u8],
    ) -> Result<u64, Trap> {
        let heap = self.heap_range(target, length)?;
        self.charge(length)?;
        let source = sub_slice(self.name, source(self.message), offset, length)?;
        self.heap[heap].copy_from_slice(source);
        Ok(0)
    }

    /// The same for bytes that are not the message's.
    pub fn copy_bytes_to_heap(
        &mut self,
        [target, offset, length]: [u64; 3],
        source: &[u8],
    ) -> Result<u64, Trap> {
        let heap = self.heap_range(target, length)?;
        self.charge(length)?;
        let source = sub_slice(self.name, source, offset, length)?;
        self.heap[heap].copy_from_slice(source);
        Ok(0)
    }

    /// A range of the heap as indices.
    pub fn heap_range(&self, start: u64, length: u64) -> Result<Range<usize>, Trap> {
        sub_range(start, length, self.heap.len()).ok_or_else(|| {
            contract_violation(format!(
                "ic0.{} heap: {length} bytes at address {start} exceed the heap of {} bytes",
                self.name,
                self.heap.len()
            ))
        })
    }

    /// A principal from the heap.
    pub fn read_principal(&self, start: u64, length: u64) -> Result<Principal, Trap> {
        let bytes = self.read_free(start, length)?;
        Principal::try_from(bytes).map_err(|error| self.violation(format!("no principal: {error}")))
    }

    /// Stable memory, locked for this call.
    pub fn stable(&self) -> MutexGuard<'_, StableMemory> {
        // A panic while it was locked left at most a tentative change behind, which is never committed then.
        self.stable
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// A contract violation that names this call.
    pub fn violation(&self, what: impl std::fmt::Display) -> Trap {
        contract_violation(format!("ic0.{}: {what}", self.name))
    }

    /// A 64-bit value out of a 128-bit one; the 64-bit calls trap when it does not fit.
    pub fn narrow(&self, cycles: u128) -> Result<u64, Trap> {
        u64::try_from(cycles)
            .map_err(|_| self.violation(format!("{cycles} cycles do not fit into 64 bits")))
    }
}

fn sub_slice<'a>(name: &str, source: &'a [u8], offset: u64, length: u64) -> Result<&'a [u8], Trap> {
    let part = sub_range(offset, length, source.len()).ok_or_else(|| {
        contract_violation(format!(
            "ic0.{name}: {length} bytes at offset {offset} exceed the {} bytes there are",
            source.len()
        ))
    })?;
    Ok(&source[part])
}

fn sub_range(start: u64, length: u64, size: usize) -> Option<Range<usize>> {
    let end = start.checked_add(length)?;
    (end <= size as u64).then_some(start as usize..end as usize)
}

/// Two halves of a 128-bit amount.
pub fn cycles(high: u64, low: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// The canister used a system call against its rules.
pub fn contract_violation(what: impl std::fmt::Display) -> Trap {
    Trap {
        error: ErrorCode::CanisterContractViolation,
        message: format!("Canister violated contract: {what}"),
    }
}

/// The message used up its instructions.
pub fn out_of_instructions(limit: u64) -> Trap {
    Trap {
        error: ErrorCode::CanisterInstructionLimitExceeded,
        message: format!(
            "Canister exceeded the limit of {limit} instructions for single message execution."
        ),
    }
}
