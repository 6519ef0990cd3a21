//! Stopping, starting, deleting, uninstalling.

use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::stage::{CYCLES, Call, Op, Stage, encode, ok};
use candid::Principal;
use ic_management_canister_types::{
    CanisterIdRecord, CanisterStatusResult, CanisterStatusType, UninstallCodeArgs,
};

fn manage(stage: &mut Stage, method: &str, canister_id: Principal) -> Result<Vec<u8>, Reject> {
    stage.manage(method, (CanisterIdRecord { canister_id },))
}

fn status(stage: &mut Stage, id: Principal) -> CanisterStatusType {
    let reply = manage(stage, "canister_status", id).unwrap();
    let status: CanisterStatusResult = candid::decode_one(&reply).unwrap();
    status.status
}

/// A canister that waits for another one, which answers only when it is told.
struct Waiting {
    stage: Stage,
    id: Principal,
    /// Waits for `id`, so that `id` is the callee of an open call as well.
    outer: Principal,
    message: crate::state_machine::MessageId,
    last: Principal,
}

/// `outer` calls `id`, `id` asks the management canister to stop `last`, and `last` waits for itself to stop: none of
/// the three calls is answered for five minutes.
fn waiting() -> Waiting {
    let mut stage = Stage::new();
    let (outer, id, last) = (stage.canister(), stage.canister(), stage.canister());
    stage.set(
        last,
        ic_management_canister_types::CanisterSettings {
            controllers: Some(vec![last, id, Stage::user()]),
            ..Default::default()
        },
    );
    let stop = |target| {
        let payload = candid::encode_one(CanisterIdRecord {
            canister_id: target,
        })
        .unwrap();
        Call::method(Principal::management_canister(), "stop_canister", payload)
    };
    let own = stop(last).on_reject(&[ok()]).op();
    let busy = Stage::ingress(last, "run", encode(&[own]));
    stage.network.submit(busy).unwrap();
    stage.network.round();
    let middle = stop(last).on_reject(&[Op::Heap(0, 1), ok()]).op();
    let call = Call::run(id, &[Op::Accept(10), middle])
        .cycles(100)
        .on_reply(&[ok()])
        .on_reject(&[Op::AppendReject, Op::ReplyAppended]);
    let message = Stage::ingress(outer, "run", encode(&[call.op()]));
    let message = stage.network.submit(message).unwrap();
    stage.network.round();
    assert_eq!(stage.answer(message), None);
    Waiting {
        stage,
        id,
        outer,
        message,
        last,
    }
}

/// Six minutes later.
fn later(stage: &mut Stage) {
    let time = stage.network.time() + 360_000_000_000;
    stage.network.set_time(time).unwrap();
    stage.network.round();
}

#[test]
fn a_canister_without_open_calls_stops_at_once() {
    let mut stage = Stage::new();
    let id = stage.canister();
    manage(&mut stage, "stop_canister", id).unwrap();
    assert_eq!(status(&mut stage, id), CanisterStatusType::Stopped);
    let reject = stage.run(id, &[ok()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterStopped);
    assert_eq!(reject.message, format!("Canister {id} is stopped"));
    let reject = stage.query(id, "read", &[ok()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterStopped);
    manage(&mut stage, "stop_canister", id).unwrap();
    manage(&mut stage, "start_canister", id).unwrap();
    assert_eq!(stage.run(id, &[ok()]), Ok(vec![1]));
}

#[test]
fn stopping_waits_until_open_calls_are_answered() {
    let Waiting {
        mut stage,
        id,
        outer,
        message,
        ..
    } = waiting();
    let payload = candid::encode_one(CanisterIdRecord { canister_id: id }).unwrap();
    let stop = Stage::ingress(Principal::management_canister(), "stop_canister", payload);
    let stop = stage.network.submit(stop).unwrap();
    stage.network.round();
    assert_eq!(stage.answer(stop), None);
    assert_eq!(status(&mut stage, id), CanisterStatusType::Stopping);
    let reject = stage.run(id, &[ok()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterStopping);
    // The calls below are rejected after five minutes; the request of the user, made a little later, is not.
    let time = stage.network.next_deadline().unwrap() + 1;
    stage.network.set_time(time).unwrap();
    stage.network.round();
    assert_eq!(stage.answer(message), Some(Ok(vec![1])));
    assert_eq!(
        stage.answer(stop),
        Some(Ok(crate::management::empty_reply()))
    );
    assert_eq!(status(&mut stage, id), CanisterStatusType::Stopped);
    assert_eq!(stage.cycles(outer), CYCLES - 10);
}

#[test]
fn starting_again_ends_the_wait_of_those_who_wanted_it_stopped() {
    let Waiting {
        mut stage,
        id,
        last,
        message,
        ..
    } = waiting();
    assert_eq!(status(&mut stage, last), CanisterStatusType::Stopping);
    manage(&mut stage, "start_canister", last).unwrap();
    stage.network.round();
    assert_eq!(stage.answer(message), Some(Ok(vec![1])));
    assert_eq!(stage.state(id).heap[0], 1);
    assert_eq!(status(&mut stage, last), CanisterStatusType::Running);
}

#[test]
fn uninstalling_answers_open_calls_and_drops_what_comes_later() {
    let Waiting {
        mut stage,
        id,
        outer,
        message,
        ..
    } = waiting();
    let arguments = UninstallCodeArgs {
        canister_id: id,
        sender_canister_version: None,
    };
    stage.manage("uninstall_code", (arguments,)).unwrap();
    stage.network.round();
    let reply = stage.answer(message).unwrap().unwrap();
    assert_eq!(reply[0], 4);
    assert_eq!(&reply[1..], b"Canister has been uninstalled.");
    assert_eq!(stage.cycles(outer), CYCLES - 10);
    assert!(!stage.network.contexts.drained(id));
    later(&mut stage);
    assert!(stage.network.contexts.drained(id));
    let reject = stage.run(id, &[ok()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterWasmModuleNotFound);
    assert_eq!(stage.kept(id).sandbox.stable_size(), 0);
}

#[test]
fn only_a_stopped_canister_is_deleted_and_its_id_is_not_given_again() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let reject = manage(&mut stage, "delete_canister", id).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterNotStopped);
    manage(&mut stage, "stop_canister", id).unwrap();
    manage(&mut stage, "delete_canister", id).unwrap();
    assert!(stage.network.canister(id).is_none());
    assert!(stage.network.subnet_for(id).is_some());
    let reject = stage.run(id, &[ok()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterNotFound);
    assert_ne!(stage.create(), id);
}

#[test]
fn a_stop_request_gives_up_after_five_minutes() {
    let Waiting {
        mut stage, last, ..
    } = waiting();
    let payload = candid::encode_one(CanisterIdRecord { canister_id: last }).unwrap();
    let stop = Stage::ingress(Principal::management_canister(), "stop_canister", payload);
    let stop = stage.network.submit(stop).unwrap();
    stage.network.round();
    // What `last` itself waits for is told first that it waited too long; so it can stop, and the last waiter is told.
    let first = stage.network.next_deadline().unwrap();
    stage.network.set_time(first).unwrap();
    stage.network.round();
    assert_eq!(
        stage.answer(stop),
        Some(Ok(crate::management::empty_reply()))
    );
    assert_eq!(status(&mut stage, last), CanisterStatusType::Stopped);
}
