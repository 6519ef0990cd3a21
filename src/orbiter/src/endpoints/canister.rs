//! The canister itself: memory and cycles.

use crate::guards::{may_admin, may_write};
use crate::reply::reply_nothing;
use ic_cdk::{query, update};
use junobuild_shared::mgmt::ic::deposit_cycles as deposit;
use wire::{DepositCyclesArgs, MemorySize};

/// Bytes in a page of stable memory and of the Wasm heap alike.
const PAGE_BYTES: u64 = 64 * 1024;

#[query(guard = "may_write")]
fn memory_size() -> MemorySize {
    MemorySize {
        stable: ic_cdk::api::stable_size() * PAGE_BYTES,
        heap: heap_pages() * PAGE_BYTES,
    }
}

#[update(guard = "may_admin", manual_reply = true)]
async fn deposit_cycles(args: DepositCyclesArgs) {
    let args = junobuild_shared::types::interface::DepositCyclesArgs {
        destination_id: args.destination_id,
        cycles: args.cycles,
    };
    reply_nothing(deposit(args).await);
}

#[cfg(target_arch = "wasm32")]
fn heap_pages() -> u64 {
    core::arch::wasm32::memory_size(0) as u64
}

/// Only a Wasm has a heap of its own.
#[cfg(not(target_arch = "wasm32"))]
fn heap_pages() -> u64 {
    0
}
