//! The management canister's methods that deploying needs.

use candid::utils::{ArgumentEncoder, encode_args};
use candid::{CandidType, Nat, Principal};
use ic_management_canister_types::{
    CanisterIdRecord, CanisterInstallMode, ChunkHash, InstallChunkedCodeArgs, InstallCodeArgs,
    ProvisionalCreateCanisterWithCyclesArgs, UploadChunkArgs,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::wasm::Module;

/// The largest module sent in one message, in bytes: an ingress message ends at 2 MiB, and the rest of it needs room.
pub const SINGLE_MESSAGE_LIMIT: usize = 1_900_000;
/// The largest chunk the management canister stores, in bytes (interface specification, `upload_chunk`).
pub const CHUNK_SIZE: usize = 1024 * 1024;
/// What a canister gets when it is created on a local network, where cycles are free.
const LOCAL_CYCLES: u128 = 100_000_000_000_000;
/// A canister id of the first application subnet of local networks, by which the creation of a canister is routed when
/// the network does not name one itself.
const LOCAL_EFFECTIVE_ID: Principal =
    Principal::from_slice(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xe0, 0, 0, 1, 1]);

/// What the network knows about a canister. Only the fields read here: Candid skips the others, so that a network that
/// reports more or fewer of them is still understood.
#[derive(Debug, Clone, CandidType, Deserialize)]
pub struct Status {
    /// SHA-256 of the installed module, as it was sent.
    pub module_hash: Option<Vec<u8>>,
    /// The balance.
    pub cycles: Nat,
    /// All memory the canister pays for, in bytes.
    pub memory_size: Nat,
    /// What that memory costs in a day, in cycles.
    pub idle_cycles_burned_per_day: Nat,
    /// Settings.
    pub settings: Settings,
}

/// The settings of a canister that are read here.
#[derive(Debug, Clone, CandidType, Deserialize)]
pub struct Settings {
    /// Who may install code.
    pub controllers: Vec<Principal>,
}

/// How a module replaces what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is there.
    Install,
    /// The stable memory stays.
    Upgrade,
    /// Everything is wiped.
    Reinstall,
}

impl Mode {
    const fn on_the_wire(self) -> CanisterInstallMode {
        match self {
            Self::Install => CanisterInstallMode::Install,
            Self::Upgrade => CanisterInstallMode::Upgrade(None),
            Self::Reinstall => CanisterInstallMode::Reinstall,
        }
    }
}

/// Creates a canister with cycles out of nothing, as local networks allow; the caller controls it.
pub async fn create_on_local(connection: &Connection) -> Result<Principal> {
    let status = &connection.network.status;
    let effective = status.effective_canister_id.unwrap_or(LOCAL_EFFECTIVE_ID);
    let arguments = ProvisionalCreateCanisterWithCyclesArgs {
        amount: Some(Nat::from(LOCAL_CYCLES)),
        settings: None,
        specified_id: None,
        sender_canister_version: None,
    };
    let method = "provisional_create_canister_with_cycles";
    let (created,): (CanisterIdRecord,) =
        connection.manage(effective, method, (arguments,)).await?;
    Ok(created.canister_id)
}

/// What the network knows about a canister that the caller controls.
pub async fn status(connection: &Connection, canister: Principal) -> Result<Status> {
    let (status,) = of_canister(connection, canister, "canister_status").await?;
    Ok(status)
}

/// Puts a module into a canister, in one message or, if it is too large for one, by way of the chunk store.
///
/// A canister that runs is stopped meanwhile, so that no call is cut in half, and started again whatever happens.
pub async fn install(
    connection: &Connection,
    canister: Principal,
    mode: Mode,
    module: &Module,
    arguments: impl ArgumentEncoder,
) -> Result<()> {
    let arg = encode_args(arguments).map_err(|source| Error::Candid {
        method: "init".to_owned(),
        source,
    })?;
    if mode == Mode::Install {
        return put(connection, canister, mode, module, arg).await;
    }
    of_canister::<()>(connection, canister, "stop_canister").await?;
    let outcome = put(connection, canister, mode, module, arg).await;
    let started = of_canister::<()>(connection, canister, "start_canister").await;
    outcome.and(started)
}

async fn put(
    connection: &Connection,
    canister: Principal,
    mode: Mode,
    module: &Module,
    arg: Vec<u8>,
) -> Result<()> {
    if module.bytes.len() + arg.len() > SINGLE_MESSAGE_LIMIT {
        return put_in_chunks(connection, canister, mode, module, arg).await;
    }
    let arguments = InstallCodeArgs {
        mode: mode.on_the_wire(),
        canister_id: canister,
        wasm_module: module.bytes.clone(),
        arg,
        sender_canister_version: None,
    };
    connection
        .manage(canister, "install_code", (arguments,))
        .await
}

/// Chunks that an earlier attempt left are cleared first, and what was uploaded is cleared last: it costs storage.
async fn put_in_chunks(
    connection: &Connection,
    canister: Principal,
    mode: Mode,
    module: &Module,
    arg: Vec<u8>,
) -> Result<()> {
    of_canister::<()>(connection, canister, "clear_chunk_store").await?;
    let mut hashes = Vec::new();
    for chunk in module.bytes.chunks(CHUNK_SIZE) {
        hashes.push(upload(connection, canister, chunk).await?);
    }
    let arguments = InstallChunkedCodeArgs {
        mode: mode.on_the_wire(),
        target_canister: canister,
        store_canister: None,
        chunk_hashes_list: hashes,
        wasm_module_hash: module.hash.to_vec(),
        arg,
        sender_canister_version: None,
    };
    let installed: Result<()> = connection
        .manage(canister, "install_chunked_code", (arguments,))
        .await;
    let cleared = of_canister::<()>(connection, canister, "clear_chunk_store").await;
    installed.and(cleared)
}

async fn upload(connection: &Connection, canister: Principal, chunk: &[u8]) -> Result<ChunkHash> {
    let arguments = UploadChunkArgs {
        canister_id: canister,
        chunk: chunk.to_vec(),
    };
    connection
        .manage::<_, ()>(canister, "upload_chunk", (arguments,))
        .await?;
    Ok(ChunkHash {
        hash: Sha256::digest(chunk).to_vec(),
    })
}

async fn of_canister<Reply>(
    connection: &Connection,
    canister: Principal,
    method: &str,
) -> Result<Reply>
where
    Reply: for<'a> candid::utils::ArgumentDecoder<'a>,
{
    let arguments = CanisterIdRecord {
        canister_id: canister,
    };
    connection.manage(canister, method, (arguments,)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fallback_id_is_the_first_of_the_application_subnet() {
        assert_eq!(LOCAL_EFFECTIVE_ID.to_text(), "lxzze-o7777-77777-aaaaa-cai");
    }

    #[test]
    fn a_status_with_fields_this_program_does_not_know_is_understood() {
        #[derive(CandidType)]
        struct Later {
            module_hash: Option<Vec<u8>>,
            cycles: Nat,
            memory_size: Nat,
            idle_cycles_burned_per_day: Nat,
            settings: LaterSettings,
            something_new: u64,
        }
        #[derive(CandidType)]
        struct LaterSettings {
            controllers: Vec<Principal>,
            something_newer: Option<String>,
        }
        let later = Later {
            module_hash: None,
            cycles: Nat::from(7u8),
            memory_size: Nat::from(8u8),
            idle_cycles_burned_per_day: Nat::from(9u8),
            settings: LaterSettings {
                controllers: vec![LOCAL_EFFECTIVE_ID],
                something_newer: None,
            },
            something_new: 1,
        };
        let bytes = candid::encode_one(later).unwrap();
        let read: Status = candid::decode_one(&bytes).unwrap();
        assert_eq!(
            (read.cycles, read.memory_size),
            (Nat::from(7u8), Nat::from(8u8))
        );
        assert_eq!(read.settings.controllers, [LOCAL_EFFECTIVE_ID]);
    }
}
