//! Installing, upgrading, reinstalling: what lasts, and that a failure leaves the canister as it was.

use crate::rejection::ErrorCode;
use crate::state_machine::stage::{
    self as script, CYCLES, Hook, Number, Op, Stage, State, ok, trap,
};
use candid::Principal;
use ic_management_canister_types::{CanisterInstallMode, UpgradeFlags};
use sha2::{Digest, Sha256};
use std::io::Write;

const UPGRADE: CanisterInstallMode = CanisterInstallMode::Upgrade(None);

/// A canister with something everywhere.
fn filled() -> (Stage, Principal) {
    let mut stage = Stage::new();
    let id = stage.canister();
    let script = [
        Op::Heap(0, 1),
        Op::Global(2),
        Op::Stable(0, 3),
        Op::Certify(4),
        Op::Timer(u64::MAX),
        Op::Burn(5),
        ok(),
    ];
    stage.run(id, &script).unwrap();
    (stage, id)
}

/// It still has all of it.
fn assert_untouched(stage: &mut Stage, id: Principal, hash: [u8; 32]) {
    let expected = State {
        heap: [1, 0, 0, 0],
        global: 2,
        stable: [3, 0, 0, 0],
    };
    assert_eq!(stage.state(id), expected);
    let kept = stage.kept(id);
    assert_eq!(kept.registers.certified_data, [4]);
    assert_eq!(kept.registers.global_timer, u64::MAX);
    assert_eq!(kept.registers.balance, CYCLES - 5);
    assert_eq!(kept.code.as_ref().unwrap().hash, hash);
}

/// What a failing step did before it failed.
fn changes() -> Vec<Op> {
    vec![
        Op::Heap(0, 11),
        Op::Global(12),
        Op::Stable(0, 13),
        Op::Certify(14),
        Op::Timer(15),
        Op::Burn(16),
    ]
}

fn failing() -> Vec<Op> {
    [changes(), vec![trap()]].concat()
}

fn hash(module: &[u8]) -> [u8; 32] {
    Sha256::digest(module).into()
}

#[test]
fn an_upgrade_keeps_stable_memory_and_certified_data_only() {
    let (mut stage, id) = filled();
    stage.install(id, UPGRADE, script::module(), &[]).unwrap();
    let expected = State {
        stable: [3, 0, 0, 0],
        ..State::default()
    };
    assert_eq!(stage.state(id), expected);
    assert_eq!(stage.kept(id).registers.certified_data, [4]);
    assert_eq!(stage.kept(id).registers.global_timer, 0);
}

#[test]
fn a_reinstall_keeps_nothing() {
    let (mut stage, id) = filled();
    let mode = CanisterInstallMode::Reinstall;
    stage.install(id, mode, script::module(), &[]).unwrap();
    assert_eq!(stage.state(id), State::default());
    assert_eq!(stage.kept(id).sandbox.stable_size(), 0);
    assert!(stage.kept(id).registers.certified_data.is_empty());
    assert_eq!(stage.kept(id).registers.global_timer, 0);
}

#[test]
fn pre_upgrade_writes_what_post_upgrade_finds() {
    let (mut stage, id) = filled();
    let hook = Op::On(Hook::BeforeUpgrade, vec![Op::Stable(1, 9), Op::Certify(8)]);
    stage.run(id, &[hook, ok()]).unwrap();
    stage
        .install(id, UPGRADE, script::module(), &[Op::Stable(2, 7)])
        .unwrap();
    assert_eq!(stage.state(id).stable, [3, 9, 7, 0]);
    assert_eq!(stage.kept(id).registers.certified_data, [8]);
}

#[test]
fn a_trap_in_pre_upgrade_leaves_the_canister_as_it_was() {
    let (mut stage, id) = filled();
    let hook = Op::On(Hook::BeforeUpgrade, failing());
    stage.run(id, &[hook, ok()]).unwrap();
    let new = script::with_hooks(&["canister_heartbeat"]);
    let reject = stage.install(id, UPGRADE, new.clone(), &[]).unwrap_err();
    assert!(reject.message.contains("on purpose"), "{}", reject.message);
    assert_untouched(&mut stage, id, hash(&script::module()));
    let skip = CanisterInstallMode::Upgrade(Some(UpgradeFlags {
        skip_pre_upgrade: Some(true),
        wasm_memory_persistence: None,
    }));
    stage.install(id, skip, new.clone(), &[]).unwrap();
    assert_eq!(stage.kept(id).code.as_ref().unwrap().hash, hash(&new));
}

#[test]
fn a_trap_in_post_upgrade_undoes_what_pre_upgrade_did() {
    let (mut stage, id) = filled();
    let hook = Op::On(Hook::BeforeUpgrade, changes());
    stage.run(id, &[hook, ok()]).unwrap();
    let new = script::with_hooks(&["canister_heartbeat"]);
    assert!(stage.install(id, UPGRADE, new, &failing()).is_err());
    assert_untouched(&mut stage, id, hash(&script::module()));
}

#[test]
fn a_module_that_is_not_valid_changes_nothing() {
    let (mut stage, id) = filled();
    let reject = stage
        .install(id, UPGRADE, b"\0asm?".to_vec(), &[])
        .unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterInvalidWasm);
    let intro = format!("Error from Canister {id}: Canister's Wasm module is not valid: ");
    assert!(reject.message.starts_with(&intro), "{}", reject.message);
    assert_untouched(&mut stage, id, hash(&script::module()));
}

#[test]
fn a_trap_in_the_start_function_changes_nothing() {
    let (mut stage, id) = filled();
    let module = wat::parse_str("(module (func $start unreachable) (start $start))").unwrap();
    for mode in [UPGRADE, CanisterInstallMode::Reinstall] {
        let reject = stage.install(id, mode, module.clone(), &[]).unwrap_err();
        assert_eq!(reject.error, ErrorCode::CanisterTrapped);
        assert_untouched(&mut stage, id, hash(&script::module()));
    }
}

#[test]
fn a_failed_reinstall_leaves_the_canister_as_it_was() {
    let (mut stage, id) = filled();
    let mode = CanisterInstallMode::Reinstall;
    assert!(
        stage
            .install(id, mode, script::module(), &failing())
            .is_err()
    );
    assert_untouched(&mut stage, id, hash(&script::module()));
}

#[test]
fn a_failed_install_leaves_the_canister_empty() {
    let mut stage = Stage::new();
    let id = stage.create();
    let mode = CanisterInstallMode::Install;
    assert!(
        stage
            .install(id, mode, script::module(), &failing())
            .is_err()
    );
    assert!(stage.network.canister(id).unwrap().module_hash.is_none());
    assert_eq!(stage.cycles(id), CYCLES);
    let reject = stage.run(id, &[ok()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterWasmModuleNotFound);
    stage.install(id, mode, script::module(), &[]).unwrap();
}

#[test]
fn a_full_canister_is_not_installed_and_an_empty_one_not_upgraded() {
    let (mut stage, id) = filled();
    let mode = CanisterInstallMode::Install;
    let reject = stage.install(id, mode, script::module(), &[]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterNonEmpty);
    let empty = stage.create();
    let reject = stage
        .install(empty, UPGRADE, script::module(), &[])
        .unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterWasmModuleNotFound);
}

#[test]
fn a_zipped_module_runs_and_its_hash_is_that_of_the_zip() {
    let mut stage = Stage::new();
    let mut zip = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
    zip.write_all(&script::module()).unwrap();
    let zipped = zip.finish().unwrap();
    let id = stage.canister_with(zipped.clone());
    assert_eq!(stage.run(id, &[ok()]), Ok(vec![1]));
    let view = stage.network.canister(id).unwrap();
    assert_eq!(view.module_hash, Some(hash(&zipped)));
    let reject = stage
        .install(id, UPGRADE, zipped[..40].to_vec(), &[])
        .unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterInvalidWasm);
}

#[test]
fn the_version_counts_code_changes_and_messages() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let tell = [Op::AppendNumber(Number::Version), Op::ReplyAppended];
    let version = |reply: Vec<u8>| u64::from_le_bytes(reply.try_into().unwrap());
    assert_eq!(version(stage.run(id, &tell).unwrap()), 1);
    assert_eq!(version(stage.run(id, &tell).unwrap()), 2);
    stage.install(id, UPGRADE, script::module(), &[]).unwrap();
    assert_eq!(version(stage.query(id, "read", &tell).unwrap()), 4);
}
