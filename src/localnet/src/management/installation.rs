//! `install_code`, `install_chunked_code`, `uninstall_code`.

use super::payload::{decode, done, invalid};
use super::{Answer, Call};
use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::{CodeSource, Mode, Network};
use candid::Principal;
use ic_management_canister_types::{
    CanisterInstallMode, InstallChunkedCodeArgs, InstallCodeArgs, UninstallCodeArgs,
    WasmMemoryPersistence,
};
use sha2::{Digest, Sha256};

/// Installs a module that comes in the message.
pub(super) fn install_code(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: InstallCodeArgs = decode(&call.request.payload)?;
    let source = CodeSource {
        wasm: arguments.wasm_module,
        argument: arguments.arg,
        caller: call.caller(),
    };
    let version = arguments.sender_canister_version;
    install(
        network,
        call,
        arguments.canister_id,
        arguments.mode,
        source,
        version,
    )
}

/// Installs a module whose parts were uploaded before.
pub(super) fn install_chunked_code(
    network: &mut Network,
    call: &mut Call,
) -> Result<Answer, Reject> {
    let arguments: InstallChunkedCodeArgs = decode(&call.request.payload)?;
    let source = CodeSource {
        wasm: assemble(network, call.caller(), &arguments)?,
        argument: arguments.arg,
        caller: call.caller(),
    };
    let version = arguments.sender_canister_version;
    install(
        network,
        call,
        arguments.target_canister,
        arguments.mode,
        source,
        version,
    )
}

fn install(
    network: &mut Network,
    call: &mut Call,
    id: Principal,
    mode: CanisterInstallMode,
    source: CodeSource,
    version: Option<u64>,
) -> Result<Answer, Reject> {
    let author = call.author(version);
    let (result, instructions) = network.install_code(id, mode_of(mode), &source, author);
    call.instructions += instructions;
    result?;
    done()
}

fn mode_of(mode: CanisterInstallMode) -> Mode {
    match mode {
        CanisterInstallMode::Install => Mode::Install,
        CanisterInstallMode::Reinstall => Mode::Reinstall,
        CanisterInstallMode::Upgrade(flags) => Mode::Upgrade {
            skip_pre_upgrade: flags.and_then(|f| f.skip_pre_upgrade).unwrap_or(false),
            keep_heap: flags
                .and_then(|f| f.wasm_memory_persistence)
                .map(|wanted| wanted == WasmMemoryPersistence::Keep),
        },
    }
}

/// Puts the chunks together, from the store canister or else the target's own store.
fn assemble(
    network: &Network,
    caller: Principal,
    arguments: &InstallChunkedCodeArgs,
) -> Result<Vec<u8>, Reject> {
    let target = arguments.target_canister;
    let store_id = arguments.store_canister.unwrap_or(target);
    let store = network.canister_ref(store_id)?;
    if store_id != target && store_id != caller && !store.is_controlled_by(caller) {
        return Err(Reject::new(
            ErrorCode::CanisterInvalidController,
            format!("Only controllers of canister {store_id} can install from its chunk store"),
        ));
    }
    if store.subnet != network.canister_ref(target)?.subnet {
        return Err(invalid(format!(
            "the store canister {store_id} and the target {target} are on different subnets"
        )));
    }
    let mut wasm = Vec::new();
    for wanted in &arguments.chunk_hashes_list {
        let chunk = store.chunks.get(&wanted.hash).ok_or_else(|| {
            let hash = hex::encode(&wanted.hash);
            invalid(format!(
                "canister {store_id} stores no chunk with hash {hash}"
            ))
        })?;
        wasm.extend_from_slice(chunk);
    }
    let hash = Sha256::digest(&wasm);
    if hash[..] != arguments.wasm_module_hash[..] {
        return Err(invalid(format!(
            "the chunks make a module with hash {}, not {}",
            hex::encode(hash),
            hex::encode(&arguments.wasm_module_hash)
        )));
    }
    Ok(wasm)
}

/// Empties a canister.
pub(super) fn uninstall_code(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: UninstallCodeArgs = decode(&call.request.payload)?;
    let author = call.author(arguments.sender_canister_version);
    network.uninstall_code(arguments.canister_id, author)?;
    done()
}
