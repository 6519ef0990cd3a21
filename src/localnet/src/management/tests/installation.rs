//! Installing code that comes in parts, and who may install.

use super::*;
use crate::state_machine::stage::module;
use ic_management_canister_types::{
    CanisterInstallMode, ChunkHash, InstallChunkedCodeArgs, StoredChunksResult, UploadChunkArgs,
};
use sha2::{Digest, Sha256};

fn upload(stage: &mut Stage, canister_id: Principal, chunk: &[u8]) -> ChunkHash {
    let arguments = UploadChunkArgs {
        canister_id,
        chunk: chunk.to_vec(),
    };
    read(stage.manage("upload_chunk", (arguments,)))
}

/// The script module in two parts.
fn parts() -> [Vec<u8>; 2] {
    let module = module();
    let (first, second) = module.split_at(module.len() / 2);
    [first.to_vec(), second.to_vec()]
}

fn chunked(target: Principal, store: Option<Principal>) -> InstallChunkedCodeArgs {
    let hash = |bytes: &[u8]| ChunkHash {
        hash: Sha256::digest(bytes).to_vec(),
    };
    InstallChunkedCodeArgs {
        mode: CanisterInstallMode::Install,
        target_canister: target,
        store_canister: store,
        chunk_hashes_list: parts().iter().map(|part| hash(part)).collect(),
        wasm_module_hash: Sha256::digest(module()).to_vec(),
        arg: vec![],
        sender_canister_version: None,
    }
}

#[test]
fn a_module_in_parts_is_put_together() {
    let mut stage = Stage::new();
    let (id, store) = (stage.create(), stage.create());
    for part in parts() {
        upload(&mut stage, store, &part);
    }
    let stored: StoredChunksResult = read(stage.manage("stored_chunks", about(store)));
    assert_eq!(stored.len(), 2);
    let arguments = chunked(id, Some(store));
    stage.manage("install_chunked_code", (arguments,)).unwrap();
    assert_eq!(stage.run(id, &[ok()]), Ok(vec![1]));
    let hash: [u8; 32] = Sha256::digest(module()).into();
    assert_eq!(stage.network.canister(id).unwrap().module_hash, Some(hash));
    stage.manage("clear_chunk_store", about(store)).unwrap();
    let stored: StoredChunksResult = read(stage.manage("stored_chunks", about(store)));
    assert_eq!(stored, []);
}

#[test]
fn a_missing_part_or_a_wrong_hash_installs_nothing() {
    let mut stage = Stage::new();
    let id = stage.create();
    let [first, second] = parts();
    upload(&mut stage, id, &first);
    let missing = stage
        .manage("install_chunked_code", (chunked(id, None),))
        .unwrap_err();
    assert!(missing.message.contains("no chunk with hash"), "{missing}");
    upload(&mut stage, id, &second);
    let mut wrong = chunked(id, None);
    wrong.wasm_module_hash[0] ^= 1;
    let wrong = stage.manage("install_chunked_code", (wrong,)).unwrap_err();
    assert!(
        wrong.message.contains("the chunks make a module with hash"),
        "{wrong}"
    );
    assert_eq!(stage.network.canister(id).unwrap().module_hash, None);
    stage
        .manage("install_chunked_code", (chunked(id, None),))
        .unwrap();
}

#[test]
fn a_store_belongs_to_its_controllers() {
    let mut stage = Stage::new();
    let id = stage.create();
    let other = stage.create();
    for part in parts() {
        upload(&mut stage, other, &part);
    }
    stage.set(
        other,
        ic_management_canister_types::CanisterSettings {
            controllers: Some(vec![somebody_else()]),
            ..Default::default()
        },
    );
    let arguments = (chunked(id, Some(other)),);
    let reject = stage.manage("install_chunked_code", arguments).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterInvalidController);
    let arguments = (chunked(other, None),);
    let reject = stage.manage("install_chunked_code", arguments).unwrap_err();
    let words =
        format!("Only controllers of canister {other} can call ic00 method install_chunked_code");
    assert_eq!(reject.message, words);
}

#[test]
fn a_trap_in_init_reaches_the_installer() {
    let mut stage = Stage::new();
    let id = stage.create();
    let mode = CanisterInstallMode::Install;
    let reject = stage.install(id, mode, module(), &[trap()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterCalledTrap);
    assert!(
        reject
            .message
            .starts_with(&format!("Error from Canister {id}: ")),
        "{reject}"
    );
}

#[test]
fn a_canister_installs_code_in_the_canister_it_made() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let reply = manage_from(
        &mut stage,
        id,
        "create_canister",
        (ic_management_canister_types::CreateCanisterArgs::default(),),
        0,
    );
    let made: CanisterIdRecord = candid::decode_one(&reply.unwrap()).unwrap();
    let arguments = ic_management_canister_types::InstallCodeArgs {
        mode: CanisterInstallMode::Install,
        canister_id: made.canister_id,
        wasm_module: module(),
        arg: vec![],
        sender_canister_version: None,
    };
    manage_from(&mut stage, id, "install_code", (arguments,), 0).unwrap();
    assert_eq!(stage.run(made.canister_id, &[ok()]), Ok(vec![1]));
}
