//! Snapshots.

use super::*;
use ic_management_canister_types::{
    DeleteCanisterSnapshotArgs, ListCanisterSnapshotsResult, LoadCanisterSnapshotArgs, Snapshot,
    TakeCanisterSnapshotArgs,
};

fn take(stage: &mut Stage, id: Principal, replace: Option<Vec<u8>>) -> Result<Snapshot, Reject> {
    let arguments = TakeCanisterSnapshotArgs {
        canister_id: id,
        replace_snapshot: replace,
        uninstall_code: None,
        sender_canister_version: None,
    };
    let reply = stage.manage("take_canister_snapshot", (arguments,))?;
    Ok(candid::decode_one(&reply).unwrap())
}

fn load(stage: &mut Stage, canister_id: Principal, snapshot_id: &[u8]) -> Result<(), Reject> {
    let arguments = LoadCanisterSnapshotArgs {
        canister_id,
        snapshot_id: snapshot_id.to_vec(),
        sender_canister_version: None,
    };
    stage
        .manage("load_canister_snapshot", (arguments,))
        .map(|_| ())
}

fn list(stage: &mut Stage, id: Principal) -> Vec<Vec<u8>> {
    let all: ListCanisterSnapshotsResult = read(stage.manage("list_canister_snapshots", about(id)));
    all.into_iter().map(|snapshot| snapshot.id).collect()
}

#[test]
fn a_snapshot_brings_code_memories_and_certified_data_back() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let fill = |n| {
        [
            Op::Heap(0, n),
            Op::Global(n),
            Op::Stable(0, n),
            Op::Certify(n),
            ok(),
        ]
    };
    stage.run(id, &fill(1)).unwrap();
    let hash = stage.network.canister(id).unwrap().module_hash;
    let snapshot = take(&mut stage, id, None).unwrap();
    assert!(snapshot.total_size > 17 * 65536);
    stage.run(id, &fill(2)).unwrap();
    stage.run(id, &[Op::Timer(u64::MAX), ok()]).unwrap();
    load(&mut stage, id, &snapshot.id).unwrap();
    let expected = State {
        heap: [1, 0, 0, 0],
        global: 1,
        stable: [1, 0, 0, 0],
    };
    assert_eq!(stage.state(id), expected);
    let view = stage.network.canister(id).unwrap();
    assert_eq!(view.certified_data, [1]);
    assert_eq!(view.module_hash, hash);
    assert_eq!(stage.network.next_deadline(), None);
    stage.run(id, &fill(3)).unwrap();
    load(&mut stage, id, &snapshot.id).unwrap();
    assert_eq!(stage.state(id), expected);
}

#[test]
fn a_snapshot_is_replaced_deleted_and_listed() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let first = take(&mut stage, id, None).unwrap();
    let second = take(&mut stage, id, None).unwrap();
    assert_eq!(list(&mut stage, id), [first.id.clone(), second.id.clone()]);
    let third = take(&mut stage, id, Some(first.id.clone())).unwrap();
    assert_eq!(list(&mut stage, id), [second.id.clone(), third.id.clone()]);
    let reject = load(&mut stage, id, &first.id).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterSnapshotNotFound);
    let arguments = DeleteCanisterSnapshotArgs {
        canister_id: id,
        snapshot_id: second.id,
    };
    stage
        .manage("delete_canister_snapshot", (arguments,))
        .unwrap();
    assert_eq!(list(&mut stage, id), [third.id]);
}

#[test]
fn a_canister_has_at_most_ten_snapshots_and_an_empty_one_none() {
    let mut stage = Stage::new();
    let id = stage.canister();
    for _ in 0..10 {
        take(&mut stage, id, None).unwrap();
    }
    let reject = take(&mut stage, id, None).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterRejectedMessage);
    let empty = stage.create();
    let reject = take(&mut stage, empty, None).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterWasmModuleNotFound);
}
