//! `canister_status`, `canister_info`.

use super::payload::{canister_id, decode, reply};
use super::{Answer, Call};
use crate::rejection::Reject;
use crate::state_machine::{Canister, Network, Status};
use ic_management_canister_types::{
    CanisterInfoArgs, CanisterInfoResult, CanisterStatusResult, CanisterStatusType, MemoryMetrics,
    QueryStats,
};

/// All that its controllers may know about a canister.
pub(super) fn status(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let canister = network.canister_ref(canister_id(&call.request.payload)?)?;
    reply(CanisterStatusResult {
        status: match canister.status {
            Status::Running => CanisterStatusType::Running,
            Status::Stopping(_) => CanisterStatusType::Stopping,
            Status::Stopped => CanisterStatusType::Stopped,
        },
        // Canisters do not move between subnets here.
        ready_for_migration: false,
        version: canister.version,
        settings: canister.settings.definite(),
        module_hash: canister.code.as_ref().map(|code| code.hash.to_vec()),
        memory_size: canister.memory_size().into(),
        memory_metrics: memory_metrics(canister),
        cycles: canister.registers.balance.into(),
        // Storage is free: nothing is reserved for it and nothing burns.
        reserved_cycles: 0u8.into(),
        idle_cycles_burned_per_day: 0u8.into(),
        query_stats: query_stats(canister),
    })
}

fn memory_metrics(canister: &Canister) -> MemoryMetrics {
    let module = canister.sandbox.module();
    let sections = module.map_or(0, |module| {
        let bytes = |(name, section): (&String, &crate::engine::Metadata)| {
            (name.len() + section.content.len()) as u64
        };
        module.metadata.iter().map(bytes).sum()
    });
    MemoryMetrics {
        wasm_memory_size: canister.sandbox.heap_size().into(),
        stable_memory_size: canister.sandbox.stable_size().into(),
        // Globals and history live in the network's own memory and are not accounted to the canister.
        global_memory_size: 0u8.into(),
        canister_history_size: 0u8.into(),
        wasm_binary_size: canister.code.as_ref().map_or(0, |code| code.size).into(),
        custom_sections_size: sections.into(),
        wasm_chunk_store_size: canister.chunks.size().into(),
        snapshots_size: canister.snapshots_size().into(),
        log_memory_store_size: canister.logs.size().into(),
    }
}

fn query_stats(canister: &Canister) -> QueryStats {
    let totals = canister.queries;
    QueryStats {
        num_calls_total: totals.calls.into(),
        num_instructions_total: totals.instructions.into(),
        request_payload_bytes_total: totals.request_bytes.into(),
        response_payload_bytes_total: totals.response_bytes.into(),
    }
}

/// What every canister may know about a canister: code, controllers, latest changes.
pub(super) fn info(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: CanisterInfoArgs = decode(&call.request.payload)?;
    let canister = network.canister_ref(arguments.canister_id)?;
    let wanted = arguments.num_requested_changes.unwrap_or(0);
    reply(CanisterInfoResult {
        total_num_changes: canister.history.total(),
        recent_changes: canister.history.latest(wanted),
        module_hash: canister.code.as_ref().map(|code| code.hash.to_vec()),
        controllers: canister.settings.controllers.clone(),
    })
}
