//! Calls between canisters: callbacks, cleanup, cycles, deadlines, answers that never come.

use crate::rejection::ErrorCode;
use crate::state_machine::stage::{CYCLES, Call, Number, Op, Stage, State, encode, ok, trap};
use candid::Principal;
use ic_management_canister_types::CanisterIdRecord;

fn two() -> (Stage, Principal, Principal) {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    (stage, id, other)
}

/// What a reject callback saw: code and message.
fn seen(reply: Vec<u8>) -> (u8, String) {
    (reply[0], String::from_utf8(reply[1..].to_vec()).unwrap())
}

const TELL_REJECT: [Op; 2] = [Op::AppendReject, Op::ReplyAppended];

#[test]
fn a_reply_reaches_the_callback() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[Op::Reply(b"hello".to_vec())])
        .on_reply(&[Op::AppendPayload, Op::ReplyAppended]);
    assert_eq!(stage.run(id, &[call.op()]), Ok(b"hello".to_vec()));
}

#[test]
fn a_rejection_reaches_users_and_canisters_verbatim() {
    let (mut stage, id, other) = two();
    let script = [Op::Reject("no, thanks".into())];
    let reject = stage.run(other, &script).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterRejectedMessage);
    assert_eq!(reject.message, "no, thanks");
    let call = Call::run(other, &script).on_reject(&TELL_REJECT);
    let reply = stage.run(id, &[call.op()]).unwrap();
    assert_eq!(seen(reply), (4, "no, thanks".into()));
}

#[test]
fn a_canister_that_calls_a_trap_sees_its_number_and_words() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[trap()]).on_reject(&TELL_REJECT);
    let (code, message) = seen(stage.run(id, &[call.op()]).unwrap());
    assert_eq!(code, 5);
    assert_eq!(
        message,
        format!(
            "IC0503: Error from Canister {other}: Canister called `ic0.trap` with message: 'on purpose'"
        )
    );
}

#[test]
fn a_rejection_keeps_what_the_canister_did() {
    let (mut stage, id, _) = two();
    let script = [Op::Heap(0, 3), Op::Reject("but counted".into())];
    assert!(stage.run(id, &script).is_err());
    assert_eq!(stage.state(id).heap[0], 3);
}

#[test]
fn a_method_without_an_answer_is_rejected() {
    let (mut stage, id, other) = two();
    let reject = stage.run(id, &[Op::Heap(0, 1)]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterDidNotReply);
    assert_eq!(
        reject.message,
        format!("Canister {id} did not reply to the call")
    );
    assert_eq!(stage.state(id).heap[0], 1);
    let call = Call::run(other, &[ok()]).on_reply(&[]);
    let reject = stage.run(id, &[call.op()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterDidNotReply);
}

#[test]
fn an_answer_does_not_wait_for_open_calls() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[ok()]).on_reply(&[Op::Heap(0, 9)]);
    assert_eq!(stage.run(id, &[call.op(), ok()]), Ok(vec![1]));
    assert_eq!(stage.state(id).heap[0], 9);
}

#[test]
fn a_second_answer_traps() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[ok()]).on_reply(&[Op::Heap(0, 9), ok()]);
    assert_eq!(stage.run(id, &[call.op(), ok()]), Ok(vec![1]));
    assert_eq!(stage.state(id).heap[0], 0);
}

#[test]
fn calls_run_in_the_order_in_which_they_were_made() {
    let (mut stage, id, other) = two();
    let set = |value| Call::run(other, &[Op::Heap(0, value), ok()]);
    let script = [set(1).op(), set(2).op(), set(3).op(), ok()];
    assert!(stage.run(id, &script).is_ok());
    assert_eq!(stage.state(other).heap[0], 3);
}

#[test]
fn a_canister_can_call_itself() {
    let (mut stage, id, _) = two();
    let inner = [Op::Increment(0), ok()];
    let call =
        Call::run(id, &inner).on_reply(&[Op::Increment(0), Op::AppendState, Op::ReplyAppended]);
    let reply = stage.run(id, &[Op::Increment(0), call.op()]).unwrap();
    assert_eq!(State::of(&reply).heap[0], 3);
}

#[test]
fn a_canister_that_does_not_exist_rejects() {
    let (mut stage, id, _) = two();
    let nobody = Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 99, 1, 1]);
    let call = Call::run(nobody, &[]).cycles(7).on_reject(&TELL_REJECT);
    let (code, message) = seen(stage.run(id, &[call.op()]).unwrap());
    assert_eq!(
        (code, message),
        (3, format!("IC0301: Canister {nobody} not found"))
    );
    assert_eq!(stage.cycles(id), CYCLES);
}

#[test]
fn a_method_that_does_not_exist_rejects() {
    let (mut stage, id, other) = two();
    let call = Call::method(other, "nothing", vec![]).on_reject(&TELL_REJECT);
    let (code, message) = seen(stage.run(id, &[call.op()]).unwrap());
    assert_eq!(code, 5);
    assert!(
        message.contains("IC0536") && message.contains("has no update method 'nothing'"),
        "{message}"
    );
}

#[test]
fn cleanup_runs_after_a_trapped_callback_and_lasts() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[ok()])
        .on_reply(&[Op::Heap(0, 1), trap()])
        .on_cleanup(&[Op::Heap(1, 2), Op::Stable(1, 3)]);
    let reject = stage.run(id, &[call.op()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterCalledTrap);
    let expected = State {
        heap: [0, 2, 0, 0],
        stable: [0, 3, 0, 0],
        ..State::default()
    };
    assert_eq!(stage.state(id), expected);
}

#[test]
fn cleanup_does_not_run_after_a_callback_that_ended_well() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[ok()])
        .on_reply(&[ok()])
        .on_cleanup(&[Op::Heap(1, 2)]);
    assert!(stage.run(id, &[call.op()]).is_ok());
    assert_eq!(stage.state(id).heap, [0; 4]);
}

#[test]
fn a_trapped_cleanup_rolls_back_and_both_traps_are_told() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[trap()])
        .on_reject(&[Op::Trap("first".into())])
        .on_cleanup(&[Op::Heap(1, 2), Op::Trap("second".into())]);
    let message = stage.run(id, &[call.op()]).unwrap_err().message;
    assert!(
        message.contains("'first'") && message.contains("'second'"),
        "{message}"
    );
    assert_eq!(stage.state(id).heap, [0; 4]);
}

#[test]
fn another_callback_may_answer_after_one_trapped() {
    let (mut stage, id, other) = two();
    let bad = Call::run(other, &[ok()]).on_reply(&[trap()]);
    let good = Call::run(other, &[ok()]).on_reply(&[Op::Reply(vec![7])]);
    assert_eq!(stage.run(id, &[bad.op(), good.op()]), Ok(vec![7]));
}

#[test]
fn cycles_that_were_not_accepted_come_back() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[Op::Accept(30), ok()])
        .cycles(100)
        .on_reply(&[Op::AppendNumber(Number::Refunded), Op::ReplyAppended]);
    let refunded = stage.run(id, &[call.op()]).unwrap();
    assert_eq!(refunded, 70u64.to_le_bytes());
    assert_eq!(stage.cycles(id), CYCLES - 30);
    assert_eq!(stage.cycles(other), CYCLES + 30);
}

#[test]
fn a_refund_stays_when_its_callback_traps() {
    let (mut stage, id, other) = two();
    let call = Call::run(other, &[ok()]).cycles(100).on_reply(&[trap()]);
    assert!(stage.run(id, &[call.op()]).is_err());
    assert_eq!(stage.cycles(id), CYCLES);
}

#[test]
fn callbacks_may_accept_what_is_left_of_the_cycles() {
    let (mut stage, id, other) = two();
    let inner = Call::run(id, &[ok()]).on_reply(&[Op::Accept(50), ok()]);
    let call = Call::run(other, &[Op::Accept(30), inner.op()])
        .cycles(100)
        .on_reply(&[ok()]);
    assert!(stage.run(id, &[call.op()]).is_ok());
    assert_eq!(stage.cycles(id), CYCLES - 80);
    assert_eq!(stage.cycles(other), CYCLES + 80);
}

#[test]
fn instructions_add_up_over_the_callbacks_of_a_call() {
    let (mut stage, id, other) = two();
    let tell = [Op::AppendNumber(Number::Instructions), Op::ReplyAppended];
    let number = |reply: Vec<u8>| u64::from_le_bytes(reply.try_into().unwrap());
    let alone = number(stage.run(id, &tell).unwrap());
    let call = Call::run(other, &[ok()]).on_reply(&tell);
    let both = number(stage.run(id, &[call.op()]).unwrap());
    assert!(alone > 0 && both > alone + 5000, "{alone} {both}");
}

#[test]
fn a_best_effort_call_is_given_up_at_its_deadline() {
    let (mut stage, id, other) = two();
    // The callee waits for itself to be stopped, which does not happen as long as it waits.
    let stop = candid::encode_one(CanisterIdRecord { canister_id: other }).unwrap();
    let stop = Call::method(Principal::management_canister(), "stop_canister", stop);
    stage.set(
        other,
        ic_management_canister_types::CanisterSettings {
            controllers: Some(vec![other, Stage::user()]),
            ..Default::default()
        },
    );
    let waiting = [Op::Accept(40), stop.on_reject(&[ok()]).op()];
    let call = Call::run(other, &waiting)
        .timeout(10)
        .cycles(100)
        .on_reject(&TELL_REJECT);
    let message = Stage::ingress(id, "run", encode(&[call.op()]));
    let message = stage.network.submit(message).unwrap();
    stage.network.round();
    let begun = stage.network.time();
    assert_eq!(stage.answer(message), None);
    assert_eq!(stage.network.next_deadline(), Some(begun + 10_000_000_000));
    stage.network.set_time(begun + 10_000_000_000).unwrap();
    assert!(stage.network.has_work());
    stage.network.round();
    let (code, text) = seen(stage.answer(message).unwrap().unwrap());
    assert_eq!(code, 6);
    assert!(text.starts_with("IC0601"), "{text}");
    assert_eq!(stage.cycles(id), CYCLES - 100);
    // After five minutes the stop request fails, the callee answers, and the late refund finds its owner.
    stage.network.set_time(begun + 300_000_000_001).unwrap();
    stage.network.round();
    assert_eq!(stage.cycles(id), CYCLES - 40);
    assert_eq!(stage.cycles(other), CYCLES + 40);
}

#[test]
fn a_best_effort_call_tells_its_deadline() {
    let (mut stage, id, other) = two();
    let call = Call::run(
        other,
        &[Op::AppendNumber(Number::Deadline), Op::ReplyAppended],
    )
    .on_reply(&[Op::AppendPayload, Op::ReplyAppended]);
    let mut deadline = |call: Call| {
        let reply = stage.run(id, &[call.op()]).unwrap();
        let deadline = u64::from_le_bytes(reply.try_into().unwrap());
        (deadline, stage.network.time())
    };
    assert_eq!(deadline(call.clone()).0, 0);
    let (at, now) = deadline(call.timeout(60));
    assert_eq!(at, now + 60_000_000_000);
}

#[test]
fn a_canister_that_calls_itself_for_ever_does_not_hang_a_round() {
    let mut stage = Stage::new();
    let text = r#"(module
        (import "ic0" "call_new" (func $new (param i32 i32 i32 i32 i32 i32 i32 i32)))
        (import "ic0" "call_perform" (func $perform (result i32)))
        (import "ic0" "canister_self_copy" (func $self (param i32 i32 i32)))
        (import "ic0" "msg_reply" (func $reply))
        (memory 1) (data (i32.const 16) "again") (table funcref (elem $nothing))
        (func $nothing (param i32))
        (func (export "canister_update again")
          (i32.store (i32.const 32) (i32.add (i32.load (i32.const 32)) (i32.const 1)))
          (call $self (i32.const 0) (i32.const 0) (i32.const 10))
          (call $new (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 5)
            (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
          (drop (call $perform))
          (call $reply)))"#;
    let id = stage.canister_with(wat::parse_str(text).unwrap());
    assert!(stage.call(id, "again", vec![]).is_ok());
    assert!(stage.network.has_work());
    stage.network.round();
    assert!(stage.network.has_work());
}
