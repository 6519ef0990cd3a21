//! The management canister as users and canisters find it.

mod creation;
mod information;
mod installation;
mod snapshots;
mod table;

use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::stage::{CYCLES, Call, Op, Stage, State, ok, trap};
use candid::Principal;
use candid::utils::{ArgumentEncoder, encode_args};
use ic_management_canister_types::CanisterIdRecord;
use serde::de::DeserializeOwned;

/// Decodes a reply.
fn read<T: candid::CandidType + DeserializeOwned>(reply: Result<Vec<u8>, Reject>) -> T {
    candid::decode_one(&reply.unwrap()).unwrap()
}

/// The argument that names a canister.
fn about(canister_id: Principal) -> (CanisterIdRecord,) {
    (CanisterIdRecord { canister_id },)
}

fn somebody_else() -> Principal {
    Principal::self_authenticating([2; 44])
}

/// Calls a method as somebody.
fn manage_as(
    stage: &mut Stage,
    sender: Principal,
    method: &str,
    arguments: impl ArgumentEncoder,
) -> Result<Vec<u8>, Reject> {
    let payload = encode_args(arguments).unwrap();
    let mut message = Stage::ingress(Principal::management_canister(), method, payload);
    message.sender = sender;
    stage.send(message)
}

/// Has a script canister call a method; gives the reply, or the message of the rejection.
fn manage_from(
    stage: &mut Stage,
    canister: Principal,
    method: &str,
    arguments: impl ArgumentEncoder,
    cycles: u64,
) -> Result<Vec<u8>, String> {
    let payload = encode_args(arguments).unwrap();
    let call = Call::method(Principal::management_canister(), method, payload)
        .cycles(cycles)
        .on_reply(&[Op::AppendPayload, Op::ReplyAppended])
        .on_reject(&[Op::AppendReject, Op::ReplyAppended, Op::Global(9)]);
    let reply = stage.run(canister, &[Op::Global(0), call.op()]).unwrap();
    match stage.state(canister).global {
        9 => Err(String::from_utf8(reply[1..].to_vec()).unwrap()),
        _ => Ok(reply),
    }
}
