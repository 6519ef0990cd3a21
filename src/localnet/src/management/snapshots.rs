//! `take_canister_snapshot`, `load_canister_snapshot`, `list_canister_snapshots`, `delete_canister_snapshot`.

use super::payload::{canister_id, decode, done, reply};
use super::{Answer, Call};
use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::{Canister, MAX_SNAPSHOTS, Network, Snapshot as Kept};
use candid::Reserved;
use ic_management_canister_types::{
    ChangeDetails, DeleteCanisterSnapshotArgs, LoadCanisterSnapshotArgs, LoadSnapshotRecord,
    Snapshot, SnapshotSource, TakeCanisterSnapshotArgs,
};

/// Keeps a copy of code and state; may take the place of an older one, and may empty the canister afterwards.
pub(super) fn take(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: TakeCanisterSnapshotArgs = decode(&call.request.payload)?;
    let (id, time) = (arguments.canister_id, network.time());
    let canister = network.canister_mut(id)?;
    canister.require_module()?;
    match &arguments.replace_snapshot {
        Some(old) => {
            require(canister, old)?;
        }
        None if canister.snapshots.len() >= MAX_SNAPSHOTS => {
            let message = format!(
                "Canister {id} has {MAX_SNAPSHOTS} snapshots, the most it may have: replace or delete one"
            );
            return Err(Reject::new(ErrorCode::CanisterRejectedMessage, message));
        }
        None => (),
    }
    let Some(snapshot) = copy(canister, time) else {
        return Err(Reject::new(
            ErrorCode::CanisterWasmModuleNotFound,
            format!("Canister {id} contains no Wasm module"),
        ));
    };
    if let Some(old) = arguments.replace_snapshot {
        canister.snapshots.remove(&old);
    }
    let key = next_key(canister);
    let shown = show(&key, &snapshot);
    canister.snapshots.insert(key, snapshot);
    if arguments.uninstall_code == Some(true) {
        let author = call.author(arguments.sender_canister_version);
        network.uninstall_code(id, author)?;
    }
    reply(shown)
}

/// Goes back to a copy: code, memories, certified data and chunks; the global timer is off.
pub(super) fn load(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: LoadCanisterSnapshotArgs = decode(&call.request.payload)?;
    let id = arguments.canister_id;
    let canister = network.canister_mut(id)?;
    let snapshot = require(canister, &arguments.snapshot_id)?.clone();
    let record = LoadSnapshotRecord {
        from_canister_id: None,
        snapshot_id: arguments.snapshot_id.clone(),
        canister_version: snapshot.version,
        taken_at_timestamp: snapshot.taken_at,
        source: SnapshotSource::TakenFromCanister(Reserved),
    };
    canister.sandbox.load_image(&snapshot.image);
    canister.sandbox.commit();
    canister.code = Some(snapshot.code);
    canister.chunks = snapshot.chunks;
    canister.registers.certified_data = snapshot.certified_data;
    canister.registers.global_timer = 0;
    canister.watch_memory();
    let author = call.author(arguments.sender_canister_version);
    network.record_change(id, author, ChangeDetails::LoadSnapshot(record));
    done()
}

/// All copies, oldest first.
pub(super) fn list(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let canister = network.canister_ref(canister_id(&call.request.payload)?)?;
    let all = canister.snapshots.iter();
    reply(all.map(|(key, kept)| show(key, kept)).collect::<Vec<_>>())
}

/// Forgets a copy.
pub(super) fn delete(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: DeleteCanisterSnapshotArgs = decode(&call.request.payload)?;
    let canister = network.canister_mut(arguments.canister_id)?;
    require(canister, &arguments.snapshot_id)?;
    canister.snapshots.remove(&arguments.snapshot_id);
    done()
}

/// A canister's snapshot, which must exist.
fn require<'a>(canister: &'a Canister, key: &[u8]) -> Result<&'a Kept, Reject> {
    canister.snapshots.get(key).ok_or_else(|| {
        Reject::new(
            ErrorCode::CanisterSnapshotNotFound,
            format!(
                "Could not find the snapshot ID {} for canister {}.",
                hex::encode(key),
                canister.id
            ),
        )
    })
}

/// The state as it is now; none for an empty canister.
fn copy(canister: &Canister, time: u64) -> Option<Kept> {
    let code = canister.code.clone()?;
    let memories = canister.sandbox.heap_size() + canister.sandbox.stable_size();
    Some(Kept {
        size: memories + code.size + canister.chunks.size(),
        image: canister.sandbox.image(),
        code,
        certified_data: canister.registers.certified_data.clone(),
        chunks: canister.chunks.clone(),
        version: canister.version,
        taken_at: time,
    })
}

/// Names the next snapshot: its number (8 bytes, big-endian) and the canister's id.
fn next_key(canister: &mut Canister) -> Vec<u8> {
    let number = canister.snapshots_taken;
    canister.snapshots_taken += 1;
    [&number.to_be_bytes()[..], canister.id.as_slice()].concat()
}

fn show(key: &[u8], kept: &Kept) -> Snapshot {
    Snapshot {
        id: key.to_vec(),
        taken_at_timestamp: kept.taken_at,
        total_size: kept.size,
    }
}
