//! Queries and composite queries.

use crate::rejection::ErrorCode;
use crate::state_machine::stage::{CYCLES, Call, Op, Stage, State, encode, ok, trap};
use candid::Principal;

/// A composite query that calls a query method of a canister and does something with the answer.
fn ask(callee: Principal, script: &[Op]) -> Call {
    Call::method(callee, "read", encode(script))
}

fn compose(callee: Principal, script: &[Op]) -> Call {
    Call::method(callee, "compose", encode(script))
}

const TELL: [Op; 2] = [Op::AppendPayload, Op::ReplyAppended];
const TELL_REJECT: [Op; 2] = [Op::AppendReject, Op::ReplyAppended];

#[test]
fn a_query_changes_nothing() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let script = [
        Op::Heap(0, 1),
        Op::Global(2),
        Op::Stable(0, 3),
        Op::AppendState,
        Op::ReplyAppended,
    ];
    let during = State::of(&stage.query(id, "read", &script).unwrap());
    assert_eq!((during.heap[0], during.global, during.stable[0]), (1, 2, 3));
    assert_eq!(stage.state(id), State::default());
    assert_eq!(stage.kept(id).version, 1);
}

#[test]
fn a_query_counts_in_the_statistics() {
    let mut stage = Stage::new();
    let id = stage.canister();
    stage.query(id, "read", &[Op::Reply(vec![0; 7])]).unwrap();
    let totals = stage.kept(id).queries;
    assert_eq!(
        (totals.calls, totals.request_bytes, totals.response_bytes),
        (1, 12, 7)
    );
    assert!(totals.instructions > 0);
}

#[test]
fn an_update_method_is_no_query_method() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let reject = stage.query(id, "run", &[ok()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterMethodNotFound);
    assert!(
        reject.message.contains("has no query method 'run'"),
        "{}",
        reject.message
    );
}

#[test]
fn a_query_can_reject_and_trap_and_forget_to_reply() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let reject = stage
        .query(id, "read", &[Op::Reject("no".into())])
        .unwrap_err();
    assert_eq!(
        (reject.error, &*reject.message),
        (ErrorCode::CanisterRejectedMessage, "no")
    );
    let reject = stage.query(id, "read", &[trap()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterCalledTrap);
    let reject = stage.query(id, "read", &[]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterDidNotReply);
}

#[test]
fn replies_end_at_three_mebibytes_in_queries_and_two_in_updates() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let script = |mebibytes| [Op::AppendMebibytes(mebibytes), Op::ReplyAppended];
    assert_eq!(stage.query(id, "read", &script(3)).unwrap().len(), 3 << 20);
    assert!(stage.query(id, "read", &script(4)).is_err());
    assert_eq!(stage.run(id, &script(2)).unwrap().len(), 2 << 20);
    let reject = stage.run(id, &script(3)).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterContractViolation);
}

#[test]
fn a_query_gets_a_certificate_of_the_committed_data() {
    let mut stage = Stage::new();
    let id = stage.canister();
    stage.run(id, &[Op::Certify(42), ok()]).unwrap();
    let script = [Op::AppendCertificate, Op::ReplyAppended];
    let certificate = stage.query(id, "read", &script).unwrap();
    let authority = &stage.network.subnets[0].authority;
    let expected = authority.data_certificate(id, &[42], stage.network.time());
    assert_eq!(certificate, expected);
}

#[test]
fn a_composite_query_calls_other_canisters() {
    let mut stage = Stage::new();
    let (id, other, third) = (stage.canister(), stage.canister(), stage.canister());
    stage.run(third, &[Op::Heap(0, 77), ok()]).unwrap();
    let innermost = ask(third, &[Op::AppendState, Op::ReplyAppended]).on_reply(&TELL);
    let middle = compose(other, &[innermost.op()]).on_reply(&TELL);
    let reply = stage.query(id, "compose", &[middle.op()]).unwrap();
    assert_eq!(State::of(&reply).heap[0], 77);
}

#[test]
fn callbacks_of_a_composite_query_see_what_came_before_and_all_is_dropped() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = ask(other, &[Op::Heap(0, 5), ok()]).on_reply(&[
        Op::Increment(0),
        Op::AppendState,
        Op::ReplyAppended,
    ]);
    let reply = stage.query(id, "compose", &[Op::Heap(0, 10), call.op()]);
    assert_eq!(State::of(&reply.unwrap()).heap[0], 11);
    assert_eq!(stage.state(id), State::default());
    assert_eq!(stage.state(other), State::default());
}

#[test]
fn each_call_of_a_composite_query_finds_the_committed_state() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let bump = [Op::Increment(0), Op::AppendState, Op::ReplyAppended];
    let second = ask(other, &bump).on_reply(&TELL);
    let first = ask(other, &bump).on_reply(&[second.op()]);
    let reply = stage.query(id, "compose", &[first.op()]).unwrap();
    assert_eq!(State::of(&reply).heap[0], 1);
}

#[test]
fn a_trapped_callback_of_a_composite_query_runs_its_cleanup() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let bad = ask(other, &[ok()])
        .on_reply(&[Op::Heap(0, 1), trap()])
        .on_cleanup(&[Op::Heap(1, 2)]);
    let good = ask(other, &[ok()]).on_reply(&[Op::AppendState, Op::ReplyAppended]);
    let reply = stage.query(id, "compose", &[bad.clone().op(), good.op()]);
    assert_eq!(State::of(&reply.unwrap()).heap, [0, 2, 0, 0]);
    let reject = stage.query(id, "compose", &[bad.op()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterCalledTrap);
}

#[test]
fn a_composite_query_cannot_call_an_update_method() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = Call::run(other, &[ok()]).on_reject(&TELL_REJECT);
    let reply = stage.query(id, "compose", &[call.op()]).unwrap();
    assert!(String::from_utf8_lossy(&reply).contains("has no query method 'run'"));
}

#[test]
fn a_loop_of_composite_queries_is_refused() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let back = compose(id, &[ok()]).on_reject(&TELL_REJECT);
    let there = compose(other, &[back.op()]).on_reply(&TELL);
    let reply = stage.query(id, "compose", &[there.op()]).unwrap();
    assert_eq!(reply[0], 5);
    assert!(String::from_utf8_lossy(&reply[1..]).starts_with("IC0517"));
}

#[test]
fn composite_queries_are_at_most_six_deep() {
    let mut stage = Stage::new();
    let ids: Vec<_> = (0..7).map(|_| stage.canister()).collect();
    let nested = |ids: &[Principal]| {
        let innermost = vec![ok()];
        ids.iter().rev().fold(innermost, |script, id| {
            vec![
                compose(*id, &script)
                    .on_reply(&TELL)
                    .on_reject(&TELL_REJECT)
                    .op(),
            ]
        })
    };
    let six = stage.query(ids[0], "compose", &nested(&ids[1..6]));
    assert_eq!(six, Ok(vec![1]));
    let seven = stage.query(ids[0], "compose", &nested(&ids[1..])).unwrap();
    assert!(String::from_utf8_lossy(&seven[1..]).starts_with("IC0525"));
}

#[test]
fn the_calls_of_a_composite_query_share_one_instruction_limit() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = ask(other, &[Op::Forever]).on_reject(&TELL_REJECT);
    let reject = stage.query(id, "compose", &[call.op()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterInstructionLimitExceeded);
}

#[test]
fn queries_move_no_cycles() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = ask(other, &[ok()]).on_reply(&[ok()]);
    stage.query(id, "compose", &[call.op()]).unwrap();
    assert_eq!((stage.cycles(id), stage.cycles(other)), (CYCLES, CYCLES));
}
