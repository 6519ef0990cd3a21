//! Code of canisters: install, upgrade, reinstall, uninstall; and their being stopped and deleted.

use crate::probe::{counter, network, query, trapping_on_upgrade, update, version, wasm};
use candid::Principal;
use flate2::Compression;
use flate2::write::GzEncoder;
use ic_management_canister_types::CanisterStatusType;
use pocket_ic::ErrorCode;
use sha2::{Digest, Sha256};
use std::io::Write;

/// A page of stable memory holds this at its beginning.
const WORDS: &[u8; 16] = b"kept for ever...";

#[test]
fn an_upgrade_keeps_stable_memory_and_starts_a_fresh_heap() {
    let (network, canister) = network();
    update(&network, canister, "increment", []).expect("answers");
    update(&network, canister, "store", WORDS).expect("answers");
    network
        .upgrade_canister(canister, wasm(2), vec![], None)
        .expect("upgrades");
    assert_eq!(version(&network, canister), 2);
    assert_eq!(counter(&network, canister), 0);
    assert_eq!(query(&network, canister, "load"), Ok(WORDS.to_vec()));
}

#[test]
fn a_failing_upgrade_leaves_everything_as_it_was() {
    let (network, canister) = network();
    update(&network, canister, "increment", []).expect("answers");
    update(&network, canister, "store", WORDS).expect("answers");
    let refused = network
        .upgrade_canister(canister, trapping_on_upgrade(), vec![], None)
        .expect_err("traps");
    assert_eq!(refused.error_code, ErrorCode::CanisterCalledTrap);
    assert!(refused.reject_message.contains("no such luck"), "{refused}");
    assert_eq!(version(&network, canister), 1);
    assert_eq!(counter(&network, canister), 1);
    assert_eq!(query(&network, canister, "load"), Ok(WORDS.to_vec()));
}

#[test]
fn a_reinstall_starts_from_nothing() {
    let (network, canister) = network();
    update(&network, canister, "store", WORDS).expect("answers");
    network
        .reinstall_canister(canister, wasm(3), 7_u32.to_le_bytes().into(), None)
        .expect("reinstalls");
    assert_eq!(version(&network, canister), 3);
    assert_eq!(counter(&network, canister), 7);
    let empty = query(&network, canister, "load").expect_err("out of bounds");
    assert_eq!(empty.reject_code, pocket_ic::RejectCode::CanisterError);
    assert!(network.get_stable_memory(canister).is_empty());
}

#[test]
fn a_module_too_large_for_one_message_is_installed_in_chunks_and_zipped_ones_unzip() {
    let (network, canister) = network();
    let sender = None;
    // A custom section that does not compress: the client sends more than 2 MB in chunks.
    let mut large = wasm(4);
    let mut noise = Vec::with_capacity(2_200_000);
    while noise.len() < 2_200_000 {
        noise.extend_from_slice(&Sha256::digest(noise.len().to_le_bytes()));
    }
    custom_section(&mut large, "noise", &noise);
    network
        .upgrade_canister(canister, large.clone(), vec![], sender)
        .expect("upgrades");
    assert_eq!(version(&network, canister), 4);
    let status = network
        .canister_status(canister, None)
        .expect("the controller may ask");
    assert_eq!(status.module_hash, Some(Sha256::digest(&large).to_vec()));

    let mut zip = GzEncoder::new(Vec::new(), Compression::fast());
    zip.write_all(&wasm(5)).expect("writes to memory");
    let zipped = zip.finish().expect("writes to memory");
    network
        .upgrade_canister(canister, zipped.clone(), vec![], sender)
        .expect("upgrades");
    assert_eq!(version(&network, canister), 5);
    let status = network.canister_status(canister, None).expect("answers");
    assert_eq!(status.module_hash, Some(Sha256::digest(&zipped).to_vec()));
}

/// Appends a custom section to a module: id 0, then size, then the name with its size, then the content.
fn custom_section(module: &mut Vec<u8>, name: &str, content: &[u8]) {
    let mut section = vec![name.len() as u8];
    section.extend_from_slice(name.as_bytes());
    section.extend_from_slice(content);
    module.push(0);
    let mut size = section.len();
    while size >= 0x80 {
        module.push(size as u8 | 0x80);
        size >>= 7;
    }
    module.push(size as u8);
    module.extend_from_slice(&section);
}

#[test]
fn what_is_no_module_is_refused_and_a_second_install_too() {
    let (network, canister) = network();
    let fresh = network.create_canister();
    let refused = network
        .upgrade_canister(canister, b"no module".to_vec(), vec![], None)
        .expect_err("is refused");
    assert_eq!(refused.error_code, ErrorCode::CanisterInvalidWasm);
    let empty = network
        .upgrade_canister(fresh, wasm(1), vec![], None)
        .expect_err("has no code");
    assert_eq!(empty.error_code, ErrorCode::CanisterWasmModuleNotFound);
}

#[test]
fn a_stopped_canister_takes_no_calls_until_it_is_started() {
    let (network, canister) = network();
    let state = || {
        let status = network.canister_status(canister, None);
        status.expect("the controller may ask").status
    };
    assert_eq!(state(), CanisterStatusType::Running);
    network.stop_canister(canister, None).expect("stops");
    assert_eq!(state(), CanisterStatusType::Stopped);
    let refused = update(&network, canister, "increment", []).expect_err("is stopped");
    assert_eq!(refused.error_code, ErrorCode::CanisterStopped);
    network.start_canister(canister, None).expect("starts");
    assert_eq!(state(), CanisterStatusType::Running);
    update(&network, canister, "increment", []).expect("answers");
    assert_eq!(counter(&network, canister), 1);
}

#[test]
fn an_uninstalled_canister_has_no_code_and_a_deleted_one_is_gone() {
    let (network, canister) = network();
    let running = network
        .delete_canister(canister, None)
        .expect_err("still runs");
    assert_eq!(running.error_code, ErrorCode::CanisterNotStopped);
    network.uninstall_canister(canister, None).expect("empties");
    let empty = update(&network, canister, "increment", []).expect_err("has no code");
    assert_eq!(empty.error_code, ErrorCode::CanisterWasmModuleNotFound);
    network.stop_canister(canister, None).expect("stops");
    network.delete_canister(canister, None).expect("deletes");
    assert!(!network.canister_exists(canister));
    let gone = update(&network, canister, "increment", []).expect_err("is gone");
    assert_eq!(gone.error_code, ErrorCode::CanisterNotFound);
}

#[test]
fn only_controllers_may_change_a_canister() {
    let (network, canister) = network();
    let stranger = Principal::self_authenticating(b"stranger");
    let refused = network
        .upgrade_canister(canister, wasm(2), vec![], Some(stranger))
        .expect_err("is no controller");
    assert_eq!(refused.error_code, ErrorCode::CanisterInvalidController);
    assert_eq!(version(&network, canister), 1);
    network
        .set_controllers(canister, None, vec![stranger])
        .expect("changes hands");
    assert_eq!(network.get_controllers(canister), [stranger]);
    network
        .upgrade_canister(canister, wasm(2), vec![], Some(stranger))
        .expect("is the controller now");
    assert_eq!(version(&network, canister), 2);
}

#[test]
fn a_snapshot_brings_code_and_memories_back() {
    let (network, canister) = network();
    update(&network, canister, "increment", []).expect("answers");
    update(&network, canister, "store", WORDS).expect("answers");
    network.stop_canister(canister, None).expect("stops");
    let taken = network
        .take_canister_snapshot(canister, None, None)
        .expect("is taken");
    network
        .reinstall_canister(canister, wasm(6), 9_u32.to_le_bytes().into(), None)
        .expect("reinstalls");
    let list = network.list_canister_snapshots(canister, None);
    let ids: Vec<_> = list.expect("lists").into_iter().map(|it| it.id).collect();
    assert_eq!(ids, std::slice::from_ref(&taken.id));
    network
        .load_canister_snapshot(canister, None, taken.id.clone())
        .expect("is loaded");
    network.start_canister(canister, None).expect("starts");
    assert_eq!(version(&network, canister), 1);
    assert_eq!(counter(&network, canister), 1);
    assert_eq!(query(&network, canister, "load"), Ok(WORDS.to_vec()));
    network
        .delete_canister_snapshot(canister, None, taken.id.clone())
        .expect("is deleted");
    let gone = network
        .load_canister_snapshot(canister, None, taken.id)
        .expect_err("is gone");
    assert_eq!(gone.error_code, ErrorCode::CanisterSnapshotNotFound);
}
