//! How the Wasm engine is set up, and which of Wasm's features canisters may use.

use super::linear_memory::SandboxMemory;
use super::weights;
use crate::memory::MAX_HEAP_BYTES;
use crate::system_api::table::PointerWidth;
use std::sync::Arc;
use wasmparser::WasmFeatures;
use wasmtime::Config;

/// Bytes of stack for Wasm. The host's thread must have as much to spare: 2 MiB, the usual size of a thread, is
/// enough.
const WASM_STACK_BYTES: usize = 1 << 20;

/// What canisters may use: Wasm 2.0, tail calls, 64-bit memory, extended constant expressions. Not: threads, relaxed
/// SIMD and exceptions (not deterministic, or not part of what canisters were promised), several memories, garbage
/// collection and references to host objects (`externref`, which no system call gives out), components.
pub(super) fn features() -> WasmFeatures {
    WasmFeatures::WASM2
        .union(WasmFeatures::TAIL_CALL)
        .union(WasmFeatures::MEMORY64)
        .union(WasmFeatures::EXTENDED_CONST)
        .difference(WasmFeatures::GC_TYPES)
}

/// The configuration for modules of one pointer width; they differ in the weights of loads and stores.
pub(super) fn configuration(width: PointerWidth) -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .operator_cost(match width {
            PointerWidth::Narrow => weights::narrow(),
            PointerWidth::Wide => weights::wide(),
        })
        .cranelift_nan_canonicalization(true)
        .wasm_backtrace_max_frames(None)
        .parallel_compilation(true)
        .max_wasm_stack(WASM_STACK_BYTES);
    config
        .with_host_memory(Arc::new(SandboxMemory))
        .memory_reservation(MAX_HEAP_BYTES)
        .memory_guard_size(crate::memory::GUARD_BYTES)
        .memory_may_move(false)
        .memory_init_cow(false);
    config
        .wasm_bulk_memory(true)
        .wasm_multi_value(true)
        .wasm_simd(true)
        .wasm_tail_call(true)
        .wasm_memory64(true)
        .wasm_extended_const(true)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(false);
    config
}
